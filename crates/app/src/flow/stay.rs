//! The page of one stay.

use super::board::policy;
use super::chain::ChainView;
use super::hub::HubNotes;
use super::returned::BackPage;
use crate::person::Sight;
use crate::{App, Error, Subject};
use ::flow::Notice;
use ::flow::attribution::relevant_day_of;
use ::flow::count_dtoc::{DtocRule, Period, Stretch, counted_days, is_counted};
use ::flow::reimbursement::{Reimbursement, reimbursement};
use ::flow::relevant_day::RelevantDay;
use ::flow::steps::{Moment, Step, StepsInput, overdue_by, steps};
use access::{Action, Actor};
use jiff::civil::Date;
use kernel::calendar::{add_days, days_between, local};
use kernel::{OrganisationId, Pence, StayId};
use store::Tx;
use store::document::{self, StayDocument};
use store::flow::{self as rows, Change, GivenLetter, KeptSegment, StayRow};
use store::organisation::{self, Organisation};

/// One delay segment as the page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DelayLine {
    /// The segment with its history.
    pub kept: KeptSegment,
    /// The reason in plain words.
    pub reason: String,
    /// The national wording of the reason.
    pub label: String,
    /// Name of the organisation that has the move, if known.
    pub organisation: Option<String>,
    /// Days of delay counted so far; nought if the segment no longer stands.
    pub days: i64,
}

/// Everything the page of a stay shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StayPage {
    /// Whose stay it is.
    pub person: ::person::Person,
    /// Whole years of age today, if known.
    pub age: Option<i16>,
    /// The stay and what stands beside it; its `version` goes with every change.
    pub row: StayRow,
    /// Name of the hospital.
    pub hospital: String,
    /// Name of the council, if known.
    pub council: Option<String>,
    /// Name of the organisation that has the next action, if set.
    pub next_owner: Option<String>,
    /// `overdue by 3 hours`; `None` while the next action is in time.
    pub overdue: Option<String>,
    /// Days since admission, to discharge or today.
    pub days_in_hospital: i64,
    /// Days past the ready date, to discharge or today; `None` before it.
    pub days_past_ready: Option<i64>,
    /// Dates, notices and their clocks.
    pub steps: Vec<Step>,
    /// The chain of steps with their owners; `None` if the stay has none.
    pub chain: Option<ChainView>,
    /// What the hub and the ward wrote down.
    pub notes: HubNotes,
    /// Notices and answers, oldest first.
    pub notices: Vec<Notice>,
    /// The relevant day of the notices, where the law has one.
    pub relevant_day: Option<RelevantDay>,
    /// What the hospital could ask the council to pay, where the law of the time allowed it.
    pub reimbursement: Option<Reimbursement>,
    /// Reasons and sides with their history, by start.
    pub delays: Vec<DelayLine>,
    /// Days of delay counted so far over all reasons.
    pub delayed_days: i64,
    /// What the delayed days cost so far, at the unit cost of a bed day; `None`
    /// where no unit cost is on file for the day.
    pub delay_cost: Option<Pence>,
    /// Values from memory that counts on this page rest on.
    pub rests_on: Vec<String>,
    /// Every change, oldest first.
    pub changes: Vec<Change>,
    /// Documents that came with notices.
    pub documents: Vec<StayDocument>,
    /// Whether the person was back soon after they left, when this stay began.
    pub back: Option<BackPage>,
    /// Letters about choice that were given, oldest first.
    pub letters: Vec<GivenLetter>,
    /// Every organisation, for choosing one.
    pub organisations: Vec<Organisation>,
}

impl App {
    /// The page of a stay. The look is journalled.
    ///
    /// # Errors
    /// Not allowed, not there, or the store's.
    pub fn stay(&self, actor: &Actor, id: StayId) -> Result<StayPage, Error> {
        let allowed = access::decide(actor, Action::SeeStay)?;
        self.store().write(|tx| {
            let row = rows::stay(tx, id)?.ok_or(Error::NotFound("stay"))?;
            let sight = self.sight(tx, actor, row.stay.person)?;
            let page = self.stay_page(tx, actor, row, &sight)?;
            let subject = Subject {
                person: Some(page.person.id),
                thing: format!("stay {id}"),
                results: 1,
                ..Subject::default()
            };
            self.looked(tx, actor, allowed, Action::SeeStay, subject)?;
            Ok(page)
        })
    }

    fn stay_page(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        row: StayRow,
        sight: &Sight,
    ) -> Result<StayPage, Error> {
        let stay = &row.stay;
        let (now, today) = (self.now(), self.today());
        let person = store::person::by_id(tx, stay.person)?.ok_or(Error::NotFound("person"))?;
        let notices = rows::notices_of_stay(tx, stay.id)?;
        let changes = rows::changes(tx, stay.id)?;
        let organisations = organisation::all(tx)?;
        let steps = steps(
            StepsInput {
                stay,
                notices: &notices,
                expected_set_on: self.expected_set_on(&changes),
                assessed_on: row.assessed_on,
                destination_state: row.destination_state,
                starts_on: row.starts_on,
                now: local(now),
            },
            self.policy(),
        )
        .map_err(policy)?;
        let rule = DtocRule::on(self.policy(), today).map_err(policy)?;
        let segments = rows::segments_of_stay(tx, stay.id)?;
        let delays = self.delay_lines(&rule, segments, &organisations);
        let delayed_days = delays.iter().map(|line| line.days).sum();
        let days = self.delayed(&rule, &delays);
        let case_id = stay.id.to_string();
        let chain = self.chain_view(tx, actor, &case_id, days, &organisations)?;
        let notes = self.hub_notes(tx, &row)?;
        let until = stay.discharged_on.unwrap_or(today);
        let overdue = row
            .next_due_at
            .filter(|due| *due < now && stay.discharged_on.is_none());
        Ok(StayPage {
            age: person.age_on(today),
            hospital: name_of(&organisations, Some(stay.hospital)).unwrap_or_default(),
            council: name_of(&organisations, stay.council).filter(|_| sight.address),
            next_owner: name_of(&organisations, row.next_owner),
            overdue: overdue.map(|due| overdue_by(Moment::Time(local(due)), local(now))),
            days_in_hospital: days_between(stay.admitted_on, until).max(0),
            days_past_ready: stay.ready_on.map(|ready| days_between(ready, until).max(0)),
            reimbursement: self.reimbursement_of(stay, &notices, today),
            relevant_day: relevant_day_of(&notices, self.policy()),
            delay_cost: self.cost_of(delayed_days),
            rests_on: rule.rests_on.keys().map(str::to_owned).collect(),
            back: self.back_page(tx, &row, sight, &organisations)?,
            letters: rows::letters(tx, stay.id)?,
            documents: document::of_stay(tx, sight.person, stay.id, &sight.items)?,
            person: sight.shown(person),
            steps,
            chain,
            notes,
            notices,
            delays,
            delayed_days,
            changes,
            organisations,
            row,
        })
    }

    fn delay_lines(
        &self,
        rule: &DtocRule,
        segments: Vec<KeptSegment>,
        organisations: &[Organisation],
    ) -> Vec<DelayLine> {
        let standing: Vec<&KeptSegment> = segments
            .iter()
            .filter(|kept| kept.superseded.is_none())
            .collect();
        let stretches: Vec<Stretch> = standing
            .iter()
            .map(|kept| Stretch::from(&kept.segment))
            .collect();
        let ever = Period {
            first: jiff::civil::date(1900, 1, 1),
            last: Date::MAX,
        };
        let days = counted_days(
            &stretches,
            ever.over_by(self.today()),
            rule.counts_ready_day(),
        );
        let counted: Vec<_> = standing
            .iter()
            .map(|kept| kept.segment.id)
            .zip(days)
            .collect();
        segments
            .into_iter()
            .map(|kept| {
                let segment = &kept.segment;
                let reason = self
                    .policy()
                    .reasons
                    .find(&segment.code_set, &segment.reason);
                DelayLine {
                    reason: self.reason_words(&segment.code_set, &segment.reason),
                    label: reason.map_or_else(|| segment.reason.clone(), |r| r.label.clone()),
                    organisation: name_of(organisations, segment.organisation),
                    days: counted
                        .iter()
                        .find(|(id, _)| *id == segment.id)
                        .map_or(0, |(_, d)| *d),
                    kept,
                }
            })
            .collect()
    }

    /// What could be asked of the council; `None` where there was no relevant day, or the law
    /// has no value for it.
    fn reimbursement_of(
        &self,
        stay: &::flow::Stay,
        notices: &[Notice],
        today: Date,
    ) -> Option<Reimbursement> {
        let relevant = relevant_day_of(notices, self.policy())?;
        reimbursement(stay, &relevant, today, self.policy())
            .ok()
            .flatten()
    }

    /// The days of delay that count, one by one.
    fn delayed(&self, rule: &DtocRule, delays: &[DelayLine]) -> Vec<Date> {
        let stretches: Vec<Stretch> = delays
            .iter()
            .filter(|line| line.kept.superseded.is_none())
            .map(|line| Stretch::from(&line.kept.segment))
            .collect();
        let Some(first) = stretches.iter().map(|one| one.starts_on).min() else {
            return Vec::new();
        };
        let days = days_between(first, self.today());
        (0..days)
            .map(|day| add_days(first, day))
            .filter(|day| is_counted(&stretches, *day, rule.counts_ready_day()))
            .collect()
    }

    fn cost_of(&self, days: i64) -> Option<Pence> {
        let parameter = self
            .policy()
            .on("cost.hospital_bed_day", self.today())
            .ok()?;
        parameter.pence().ok()?.times(days)
    }

    /// The day on which the expected date was last set, from the history.
    fn expected_set_on(&self, changes: &[Change]) -> Option<Date> {
        changes
            .iter()
            .rev()
            .find(|change| change.field == super::edit::EXPECTED_DATE && !change.after.is_empty())
            .map(|change| self.day_of(change.at))
    }
}

/// Name of an organisation of a list.
pub(crate) fn name_of(
    organisations: &[Organisation],
    id: Option<OrganisationId>,
) -> Option<String> {
    let id = id?;
    organisations
        .iter()
        .find(|organisation| organisation.id == id)
        .map(|found| found.name.clone())
}
