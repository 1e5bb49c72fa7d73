//! A chain as a page shows it: each step with its owner, clock, offer and price.

use crate::flow::stay::name_of;
use crate::{App, Error, Subject};
use ::flow::chain::cost::{StepDays, share_out};
use ::flow::chain::handover::{Escalation, escalation};
use ::flow::chain::{CaseKind, Handover, Step};
use ::flow::steps::{Moment, overdue_by};
use access::{Action, Actor, Role};
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::calendar::{add_days, local};
use kernel::{HandoverId, OrganisationId, Pence, PersonId, StepId};
use store::Tx;
use store::flow::{self as rows, ChainEvent};
use store::organisation::{self, Organisation};

/// One step as a page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepView {
    /// The step.
    pub step: Step,
    /// Name of its owner.
    pub owner: Option<String>,
    /// `overdue by 3 hours`; `None` while it is in time.
    pub overdue: Option<String>,
    /// What it waits for, in words.
    pub waits_for: Option<String>,
    /// The offer that has no answer.
    pub offer: Option<HandoverView>,
    /// Days of delay or of waiting that this step answers for, and what they cost.
    pub days: Vec<(Option<String>, StepDays)>,
    /// Whether whoever looks may work on it.
    pub mine: bool,
}

/// One offer as a page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandoverView {
    /// The offer.
    pub offer: Handover,
    /// Title of the step.
    pub step: String,
    /// Name of whoever offered it.
    pub from: Option<String>,
    /// Name of whom it is offered to.
    pub to: String,
    /// Whom the silence is told to.
    pub escalation: Escalation,
    /// Whether whoever looks may answer it.
    pub mine: bool,
}

/// A chain as a page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainView {
    /// Goes with every change.
    pub version: i64,
    /// The set of steps.
    pub set: String,
    /// Each step, in order.
    pub steps: Vec<StepView>,
    /// Offers that have their answer, newest first.
    pub answered: Vec<HandoverView>,
    /// What people did, newest first.
    pub events: Vec<ChainEvent>,
    /// Days of delay on which no step was open.
    pub nobodys: i64,
}

/// One step, for working on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepPage {
    /// `JONES, Arthur`.
    pub person: String,
    /// Whose case it is.
    pub whose: PersonId,
    /// The kind of case.
    pub case: CaseKind,
    /// Its id.
    pub case_id: String,
    /// The step.
    pub view: StepView,
    /// The chain it is of.
    pub chain: ChainView,
    /// Every organisation, for choosing one.
    pub organisations: Vec<Organisation>,
}

/// Days of delay that count, with the moment each ends.
pub(crate) fn counted(days: Vec<Date>) -> Vec<(Date, Timestamp)> {
    days.into_iter()
        .map(|day| (day, crate::person::ties::midnight(add_days(day, 1))))
        .collect()
}

impl App {
    /// One step, for working on it. The look is journalled.
    ///
    /// # Errors
    /// Not allowed, not there, or the store's.
    pub fn step(&self, actor: &Actor, id: StepId) -> Result<StepPage, Error> {
        let allowed = access::decide(actor, Action::WorkSteps)?;
        self.store().write(|tx| {
            let (row, _) = self.step_of(tx, actor, id)?;
            let page = self.step_page(tx, actor, allowed, &row)?;
            let view = page.chain.steps.iter().find(|view| view.step.id == id);
            let view = view.cloned().ok_or(Error::NotFound("step"))?;
            Ok(StepPage { view, ..page })
        })
    }

    /// The chain of a case of any kind. The look is journalled.
    ///
    /// # Errors
    /// Not allowed, not there, or the store's.
    pub fn case_steps(&self, actor: &Actor, kind: CaseKind, id: &str) -> Result<StepPage, Error> {
        let allowed = access::decide(actor, Action::WorkSteps)?;
        self.store().write(|tx| {
            let row = rows::chain_of(tx, kind, id)?.ok_or(Error::NotFound("case"))?;
            self.sight(tx, actor, row.person)?;
            self.step_page(tx, actor, allowed, &row)
        })
    }

    /// The step that is offered, for answering. The look is journalled.
    ///
    /// # Errors
    /// Not allowed, not there, or the store's.
    pub fn offered_step(
        &self,
        actor: &Actor,
        id: HandoverId,
    ) -> Result<(StepPage, HandoverView), Error> {
        let allowed = access::decide(actor, Action::WorkSteps)?;
        self.store().write(|tx| {
            let row = rows::chain_of_handover(tx, id)?.ok_or(Error::NotFound("offer"))?;
            self.sight(tx, actor, row.person)?;
            let page = self.step_page(tx, actor, allowed, &row)?;
            let open = page
                .chain
                .steps
                .iter()
                .filter_map(|step| step.offer.as_ref());
            let mut offers = open.chain(&page.chain.answered);
            let offer = offers.find(|view| view.offer.id == id).cloned();
            let offer = offer.ok_or(Error::NotFound("offer"))?;
            let view = page
                .chain
                .steps
                .iter()
                .find(|view| view.step.id == offer.offer.step);
            let view = view.cloned().ok_or(Error::NotFound("step"))?;
            Ok((StepPage { view, ..page }, offer))
        })
    }

    fn step_page(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        allowed: access::Allowed,
        row: &rows::ChainRow,
    ) -> Result<StepPage, Error> {
        let organisations = organisation::all(tx)?;
        let person = store::person::by_id(tx, row.person)?.ok_or(Error::NotFound("person"))?;
        let chain = self.drawn_chain(tx, actor, row.clone(), Vec::new(), &organisations)?;
        let subject = Subject {
            person: Some(row.person),
            thing: format!("steps {}", row.id),
            results: 1,
            ..Subject::default()
        };
        self.looked(tx, actor, allowed, Action::WorkSteps, subject)?;
        let view = chain
            .steps
            .first()
            .cloned()
            .ok_or(Error::NotFound("step"))?;
        Ok(StepPage {
            person: person.list_name(),
            whose: row.person,
            case: row.chain.case,
            case_id: row.case_id.clone(),
            view,
            chain,
            organisations,
        })
    }

    /// The chain of a stay as its page shows it; `None` if it has none. `delayed` are the days
    /// of delay that count.
    pub(crate) fn chain_view(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        case_id: &str,
        delayed: Vec<Date>,
        organisations: &[Organisation],
    ) -> Result<Option<ChainView>, Error> {
        let Some(row) = rows::chain_of(tx, CaseKind::Stay, case_id)? else {
            return Ok(None);
        };
        self.drawn_chain(tx, actor, row, delayed, organisations)
            .map(Some)
    }

    fn drawn_chain(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        row: rows::ChainRow,
        delayed: Vec<Date>,
        organisations: &[Organisation],
    ) -> Result<ChainView, Error> {
        let family = self.acts_for(tx, actor)?;
        let lead = actor.role == Role::HubLead;
        let shares = match row.chain.case {
            CaseKind::Stay => {
                let price = |day: Date| self.bed_day(day);
                share_out(&row.chain, counted(delayed), &price)
            }
            _ => self.waited(&row),
        };
        let handover =
            |offer: &Handover| self.handover_view(&row.chain, offer, &family, organisations, lead);
        let steps = row
            .chain
            .steps
            .iter()
            .map(|step| StepView {
                owner: name_of(organisations, step.owner),
                overdue: step
                    .due_at
                    .filter(|_| step.is_overdue(self.now()))
                    .map(|due| overdue_by(Moment::Time(local(due)), local(self.now()))),
                waits_for: step
                    .waits_for
                    .as_ref()
                    .map(|(set, code)| self.reason_words(set, code)),
                offer: row.chain.open_offer(step.id).map(&handover),
                days: shares
                    .iter()
                    .filter(|share| share.step == Some(step.id))
                    .map(|share| (name_of(organisations, share.owner), share.clone()))
                    .collect(),
                mine: lead || step.owner.is_none_or(|owner| family.contains(&owner)),
                step: step.clone(),
            })
            .collect();
        let answered = row.chain.handovers.iter().rev();
        let mut events = rows::chain_events(tx, row.id)?;
        events.reverse();
        Ok(ChainView {
            version: row.version,
            set: row.chain.set.clone(),
            steps,
            answered: answered
                .filter(|offer| offer.answer.is_some())
                .map(&handover)
                .collect(),
            events,
            nobodys: shares
                .iter()
                .filter(|share| share.step.is_none())
                .map(|share| share.days)
                .sum(),
        })
    }

    /// Days on which a case that is no stay waited, by step and by owner.
    fn waited(&self, row: &rows::ChainRow) -> Vec<StepDays> {
        let mut shares: Vec<StepDays> = Vec::new();
        for late in self.late_in(&row.chain, row.began_at) {
            let same = |one: &StepDays| one.step == Some(late.step) && one.owner == late.owner;
            match shares
                .iter()
                .position(same)
                .and_then(|at| shares.get_mut(at))
            {
                Some(share) => {
                    share.days += late.days;
                    share.cost = share.cost.zip(late.cost).and_then(|(a, b)| a.plus(b));
                }
                None => shares.push(StepDays {
                    step: Some(late.step),
                    owner: late.owner,
                    days: late.days,
                    cost: late.cost,
                }),
            }
        }
        shares.retain(|share| share.days > 0);
        shares
    }

    fn handover_view(
        &self,
        chain: &::flow::chain::Chain,
        offer: &Handover,
        family: &[OrganisationId],
        organisations: &[Organisation],
        lead: bool,
    ) -> HandoverView {
        let hours = self.hours("clock.handover_escalate_hours");
        HandoverView {
            step: chain
                .step(offer.step)
                .map(|step| step.title.clone())
                .unwrap_or_default(),
            from: name_of(organisations, offer.from),
            to: name_of(organisations, Some(offer.to)).unwrap_or_default(),
            escalation: escalation(offer, self.now(), hours),
            mine: lead || family.contains(&offer.to),
            offer: offer.clone(),
        }
    }

    /// What a day in a hospital bed costs, where a unit cost is on file.
    pub(crate) fn bed_day(&self, day: Date) -> Option<Pence> {
        let parameter = self.policy().on("cost.hospital_bed_day", day).ok()?;
        parameter.pence().ok()
    }

    /// Brings the chain of a stay up to date when something beside the stay's own row changed.
    pub(crate) fn follow_chain_of(
        &self,
        tx: &mut dyn Tx,
        stay: &store::flow::StayRow,
    ) -> Result<(), Error> {
        let row = store::flow::StayRow {
            updated_at: self.now(),
            ..stay.clone()
        };
        self.follow_chain(tx, &row)
    }
}
