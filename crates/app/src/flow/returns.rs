//! The month's delay return, from the stays in the store.

use super::board::{age_on, policy};
use super::stay::name_of;
use crate::{App, Error, Subject};
use ::flow::beds::Ratio;
use ::flow::count_drd::{Band, Discharge, DrdRule, DrdSummary, Excluded};
use ::flow::count_dtoc::{DtocRule, Period};
use ::flow::scope::Scope;
use ::flow::{CareType, Responsible};
use access::{Action, Actor, Allowed, Bases, Role};
use jiff::civil::{Date, date};
use kernel::{Month, OrganisationId, StayId};
use std::collections::BTreeMap;
use store::flow::{Counted, MonthStay, Read, month_stays};
use store::{Tx, journal, organisation};

/// Stays read at a time.
const STRETCH: i64 = 2_000;
/// What is written where something is not known: never nought.
pub(super) const NOT_KNOWN: &str = "not known";

/// By which rules the return is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Regime {
    /// Delayed transfers of care, 2010 to 2020: days by reason and side.
    Dtoc,
    /// Discharge ready date, since 2023: people in bands of days, and means.
    Drd,
}

impl Regime {
    /// `dtoc` or `drd`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Dtoc => "dtoc",
            Self::Drd => "drd",
        }
    }
}

/// One row of the return.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReturnRow {
    /// The council, or `not known`.
    pub council: String,
    /// `acute` or `non-acute`.
    pub care_type: CareType,
    /// Regime dtoc: `nhs`, `social care`, `both` or `not known`. Regime drd:
    /// `band`, `measure` or `left out`.
    pub responsible: String,
    /// Regime dtoc: code of the reason or `not known`. Regime drd: the band, the
    /// measure or why discharges were left out.
    pub reason: String,
    /// Regime dtoc: days of delay. Regime drd: people, days, per cent or a mean;
    /// `not known` where there is nothing to take a mean of.
    pub days: String,
    /// The stays it was counted from.
    pub ids: Vec<StayId>,
}

/// The return of a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Return {
    /// The month.
    pub month: Month,
    /// The regime.
    pub regime: Regime,
    /// What it is for, as `policy/access/legal-basis.csv` names it: people with the national
    /// data opt-out are not in it where the opt-out applies to that.
    pub purpose: &'static str,
    /// The rows by council (not known last), care type, side and reason.
    pub rows: Vec<ReturnRow>,
    /// Stays (dtoc) or discharges (drd) looked at.
    pub looked_at: usize,
    /// Values from memory that the return rests on.
    pub rests_on: Vec<String>,
    /// False while the month is not over.
    pub complete: bool,
    /// Whether the national collection by these rules ran in the month; if not,
    /// the figures are for local use only.
    pub collected: bool,
}

/// Whether somebody who makes returns sees people too. A count that is one more than the people
/// whom they see would tell them of somebody whose being here is kept secret: so they count
/// without those, and what is sent is counted by somebody who sees figures only.
pub(super) fn sees_people(actor: &Actor) -> bool {
    actor.role != Role::Operator && access::decide(actor, Action::SeeStay).is_ok()
}

/// What a return for a purpose rests on, and whose stays it counts.
pub(super) fn for_purpose(actor: &Actor, purpose: &str) -> Result<(Allowed, Counted), Error> {
    let basis = Bases::builtin()
        .get(purpose)
        .filter(|one| one.beyond_care)
        .ok_or_else(|| {
            let known: Vec<&str> = Bases::builtin()
                .all()
                .filter(|one| one.beyond_care)
                .map(|one| one.purpose.as_str())
                .collect();
            Error::invalid("purpose", format!("is one of {}", known.join(", ")))
        })?;
    let opted_out = access::record::counts(actor.role, true, basis.opt_out_applies);
    let counted = match (opted_out, sees_people(actor)) {
        (true, false) => Counted::Everybody,
        (false, false) => Counted::NotOptedOut,
        (true, true) => Counted::NotKeptApart,
        (false, true) => Counted::NeitherOptedOutNorKeptApart,
    };
    Ok((access::allowed_for(&basis.purpose), counted))
}

type Key = (Option<OrganisationId>, CareType);
type DtocKey = (Key, Option<Responsible>, Option<String>);
/// Days of delay and the stays that have them.
type DtocDays = BTreeMap<DtocKey, (i64, Vec<StayId>)>;
/// Discharges by whose they are, each with its days or why it is left out.
pub(super) type DrdSummaries = BTreeMap<Key, (DrdSummary, Lineage)>;

impl App {
    /// The month's return by one regime. Only numbers leave it; it is journalled.
    ///
    /// # Errors
    /// Not allowed, a parameter missing for the month, or the store's.
    pub fn return_delays(
        &self,
        actor: &Actor,
        month: Month,
        regime: Regime,
        purpose: &str,
    ) -> Result<Return, Error> {
        access::decide(actor, Action::MakeReturn)?;
        let (allowed, counted) = for_purpose(actor, purpose)?;
        let made = self.store().read(|tx| match regime {
            Regime::Dtoc => self.return_dtoc(tx, month, counted),
            Regime::Drd => self.return_drd(tx, month, counted),
        })?;
        let made = Return {
            purpose: allowed.purpose,
            ..made
        };
        // The figures are about nobody; a row of their own keeps writers free
        // while a hundred thousand stays are read.
        self.store().write(|tx| {
            let subject = Subject {
                thing: format!("return {} {month}", regime.as_str()),
                results: made.rows.len(),
                ..Subject::default()
            };
            self.record(
                tx,
                actor,
                allowed,
                journal::Kind::Command,
                "make the delay return",
                subject,
            )
        })?;
        Ok(made)
    }

    pub(super) fn return_dtoc(
        &self,
        tx: &mut dyn Tx,
        month: Month,
        counted: Counted,
    ) -> Result<Return, Error> {
        let rule = DtocRule::on(self.policy(), month.first()).map_err(policy)?;
        let scope = Scope::on(self.policy(), month.first()).map_err(policy)?;
        let (days, looked_at) = self.dtoc_days(tx, (&rule, &scope), month, counted)?;
        let names = Names::read(tx)?;
        let rows = days
            .into_iter()
            .map(
                |(((council, care_type), responsible, reason), (days, ids))| ReturnRow {
                    ids,
                    council: names.council(council),
                    care_type,
                    responsible: responsible
                        .map_or(NOT_KNOWN, Responsible::as_str)
                        .to_owned(),
                    reason: reason.unwrap_or_else(|| NOT_KNOWN.to_owned()),
                    days: days.to_string(),
                },
            )
            .collect();
        let mut rests_on = rule.rests_on.clone();
        rests_on.also(&scope.rests_on);
        let rests_on = rests_on.keys().map(str::to_owned).collect();
        Ok(self.finished(month, Regime::Dtoc, rows, looked_at, rests_on))
    }

    /// Days of delay of a month, and how many stays were looked at.
    fn dtoc_days(
        &self,
        tx: &mut dyn Tx,
        (rule, scope): (&DtocRule, &Scope),
        month: Month,
        counted: Counted,
    ) -> Result<(DtocDays, usize), Error> {
        let period = Period::month(month).over_by(self.today());
        let mut days = DtocDays::new();
        let looked_at = each_stay(
            tx,
            Read::WithDelays,
            (month.first(), month.last()),
            counted,
            |found| {
                let stay = &found.stay;
                let ready = stay.ready_on.unwrap_or(stay.admitted_on);
                let age = found.birth_date.and_then(|born| age_on(born, ready));
                if !scope.holds(age, stay.admission_method.as_deref(), self.policy()) {
                    return;
                }
                let key = (stay.council, stay.care_type);
                for counted in rule.count(stay, period, self.policy()) {
                    let cell = days
                        .entry((key, counted.responsible, counted.reason))
                        .or_default();
                    cell.0 += counted.days;
                    if cell.1.last() != Some(&stay.id) {
                        cell.1.push(stay.id);
                    }
                }
            },
        )?;
        Ok((days, looked_at))
    }

    /// Days of delay of a month by council, whoever they are attributed to.
    pub(super) fn delayed_days(
        &self,
        tx: &mut dyn Tx,
        month: Month,
        counted: Counted,
    ) -> Result<BTreeMap<Option<OrganisationId>, i64>, Error> {
        let rule = DtocRule::on(self.policy(), month.first()).map_err(policy)?;
        let scope = Scope::on(self.policy(), month.first()).map_err(policy)?;
        let (days, _) = self.dtoc_days(tx, (&rule, &scope), month, counted)?;
        let mut of_council = BTreeMap::new();
        for (((council, _), _, _), (number, _)) in days {
            *of_council.entry(council).or_default() += number;
        }
        Ok(of_council)
    }

    pub(super) fn return_drd(
        &self,
        tx: &mut dyn Tx,
        month: Month,
        counted: Counted,
    ) -> Result<Return, Error> {
        let rule = DrdRule::on(self.policy(), month.first()).map_err(policy)?;
        let (summaries, looked_at) = self.drd_summaries(tx, &rule, month, counted)?;
        let names = Names::read(tx)?;
        let bands = rule.bands.as_slice();
        let rows = summaries
            .iter()
            .flat_map(|((council, care_type), (summary, lineage))| {
                let council = names.council(*council);
                drd_rows(&rule, summary)
                    .into_iter()
                    .map(move |(responsible, reason, days)| ReturnRow {
                        ids: behind(lineage, bands, responsible, &reason),
                        council: council.clone(),
                        care_type: *care_type,
                        responsible: responsible.to_owned(),
                        reason,
                        days,
                    })
            })
            .collect();
        let rests_on = rule.rests_on.keys().map(str::to_owned).collect();
        Ok(self.finished(month, Regime::Drd, rows, looked_at, rests_on))
    }

    /// The discharges of a month, and how many were looked at.
    pub(super) fn drd_summaries(
        &self,
        tx: &mut dyn Tx,
        rule: &DrdRule<'_>,
        month: Month,
        counted: Counted,
    ) -> Result<(DrdSummaries, usize), Error> {
        let mut summaries = DrdSummaries::new();
        let mut looked_at = 0;
        each_discharge(tx, month, counted, |found, left| {
            let stay = &found.stay;
            looked_at += 1;
            let discharge = Discharge {
                age: found.birth_date.and_then(|born| age_on(born, left)),
                admitted_on: stay.admitted_on,
                admission_method: stay.admission_method.clone(),
                ready_on: stay.ready_on,
                discharged_on: left,
                discharge_method: stay.discharge_method.clone(),
            };
            let of = summaries.entry((stay.council, stay.care_type)).or_default();
            rule.add(&mut of.0, &discharge);
            of.1.push((rule.delay(&discharge), stay.id));
        })?;
        Ok((summaries, looked_at))
    }

    fn finished(
        &self,
        month: Month,
        regime: Regime,
        mut rows: Vec<ReturnRow>,
        looked_at: usize,
        rests_on: Vec<String>,
    ) -> Return {
        // A stable sort: bands and measures keep the order of the rule.
        match regime {
            Regime::Dtoc => {
                rows.sort_by(|a, b| (a.council == NOT_KNOWN, a).cmp(&(b.council == NOT_KNOWN, b)))
            }
            Regime::Drd => rows.sort_by(|a, b| {
                (a.council == NOT_KNOWN, &a.council, a.care_type).cmp(&(
                    b.council == NOT_KNOWN,
                    &b.council,
                    b.care_type,
                ))
            }),
        }
        let complete = month.last() < self.today();
        let ran = || {
            self.policy()
                .on("dtoc.national_collection", month.first())?
                .flag()
        };
        Return {
            collected: regime == Regime::Drd || ran().unwrap_or(false),
            month,
            regime,
            // Whoever asked for the figures says what they are for.
            purpose: "",
            rows,
            looked_at,
            rests_on,
            complete,
        }
    }
}

impl App {
    /// What is wrong with the delay segments of any stay, for the doctor.
    pub(crate) fn segment_findings(&self, tx: &mut dyn Tx) -> Result<Vec<String>, Error> {
        let mut findings = Vec::new();
        let (first, last) = (date(1, 1, 1), date(9999, 12, 31));
        each_stay(
            tx,
            Read::WithDelays,
            (first, last),
            Counted::Everybody,
            |found| {
                for problem in ::flow::verify_segments(&found.stay, self.policy()) {
                    findings.push(format!("stay {}: {problem}", found.stay.id));
                }
            },
        )?;
        Ok(findings)
    }
}

/// Hands every stay that ended in a month to `take`, without its delays, with the day on which it did.
pub(super) fn each_discharge(
    tx: &mut dyn Tx,
    month: Month,
    counted: Counted,
    mut take: impl FnMut(&MonthStay, Date),
) -> Result<(), Error> {
    let days = (month.first(), month.last());
    each_stay(tx, Read::Alone, days, counted, |found| {
        let left = found.stay.discharged_on;
        if let Some(left) = left.filter(|left| Month::of(*left) == month) {
            take(found, left);
        }
    })?;
    Ok(())
}

/// Hands every stay of a stretch of days to `take`, with what of it is read, and counts them.
pub(super) fn each_stay(
    tx: &mut dyn Tx,
    read: Read,
    days: (Date, Date),
    counted: Counted,
    mut take: impl FnMut(&MonthStay),
) -> Result<usize, Error> {
    let mut after = None;
    let mut number = 0;
    loop {
        let stays = month_stays(tx, read, days, counted, (after, STRETCH))?;
        let Some(end) = stays.last() else {
            return Ok(number);
        };
        after = Some(end.stay.id);
        number += stays.len();
        stays.iter().for_each(&mut take);
    }
}

/// Each discharge with its days, or why it is left out.
type Lineage = Vec<(Result<i64, Excluded>, StayId)>;

/// The discharges behind a row of the new regime, by its kind and name.
fn behind(lineage: &Lineage, bands: &[Band], kind: &str, name: &str) -> Vec<StayId> {
    let band = bands.iter().find(|band| band.in_words() == name);
    let fits = |found: &Result<i64, Excluded>| match (kind, found) {
        ("left out", Err(why)) => why.as_str() == name,
        ("band", Ok(days)) => band.is_some_and(|band| band.holds(*days)),
        ("measure", Ok(days)) => *days > 0 || name != DELAYED_MEAN,
        _ => false,
    };
    lineage
        .iter()
        .filter(|(found, _)| fits(found))
        .map(|(_, id)| *id)
        .collect()
}

/// The measure that counts only those who waited.
const DELAYED_MEAN: &str = "mean days, those delayed";

/// Rows of one council and care type: kind, name, value.
fn drd_rows(rule: &DrdRule<'_>, summary: &DrdSummary) -> Vec<(&'static str, String, String)> {
    let decimal =
        |ratio: Option<Ratio>| ratio.map_or_else(|| NOT_KNOWN.to_owned(), |r| r.rounded(1));
    let measure = |name: &str, value: String| ("measure", name.to_owned(), value);
    // Where no discharge has a valid ready date, nobody knows how many waited.
    let number = |n: i64| {
        if summary.valid == 0 {
            NOT_KNOWN.to_owned()
        } else {
            n.to_string()
        }
    };
    let mut rows: Vec<_> = rule
        .bands
        .iter()
        .zip(&summary.bands)
        .map(|(band, people)| ("band", band.in_words(), number(*people)))
        .collect();
    rows.extend([
        measure(
            "discharges with a valid ready date",
            summary.valid.to_string(),
        ),
        measure(
            "per cent discharged on the ready date",
            decimal(summary.percent_on_ready_date()),
        ),
        measure(
            "days from ready date to discharge",
            number(summary.bed_days),
        ),
        measure("mean days, all", decimal(summary.average_all())),
        measure(DELAYED_MEAN, decimal(summary.average_delayed())),
    ]);
    let left_out = |why: &Excluded| summary.excluded.get(why).copied().unwrap_or(0);
    rows.extend(
        Excluded::ALL
            .iter()
            .filter(|why| left_out(why) > 0)
            .map(|why| ("left out", why.to_string(), left_out(why).to_string())),
    );
    rows
}

/// Names of organisations.
pub(super) struct Names(Vec<organisation::Organisation>);

impl Names {
    pub(super) fn read(tx: &mut dyn Tx) -> Result<Self, Error> {
        Ok(Self(organisation::all(tx)?))
    }

    /// Code of a council, if it has one.
    pub(super) fn code(&self, id: Option<OrganisationId>) -> Option<String> {
        let found = self.0.iter().find(|one| Some(one.id) == id)?;
        found.code.clone()
    }

    /// The council of a name, however its letters are written.
    pub(super) fn council_named(&self, name: &str) -> Option<OrganisationId> {
        let name = name.trim().to_lowercase();
        let mut councils = self.0.iter().filter(|one| one.kind == "council");
        let found = councils.find(|one| one.name.trim().to_lowercase() == name)?;
        Some(found.id)
    }

    pub(super) fn council(&self, id: Option<OrganisationId>) -> String {
        name_of(&self.0, id).unwrap_or_else(|| NOT_KNOWN.to_owned())
    }
}
