//! Changing a stay: reason and side, readiness, dates, next action, discharge.
//!
//! Every change names the version it was made on, is checked against the rules,
//! goes into the stay's history field by field, and leaves one row in the
//! journal, all in one transaction. A correction supersedes; nothing is erased.

mod checks;
mod delays;
mod differences;

use crate::{App, Error, Subject};
use ::flow::ready::{ReadyTest, ReadyTests, ready_on};
use ::flow::{DestinationState, Pathway, Responsible};
use access::{Action, Actor, Allowed};
use delays::Plan;
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{OrganisationId, SegmentId, StayId, limits};
use store::flow::{self as rows, Change, StayRow, Superseded};
use store::{Tx, journal, organisation};

pub(crate) use differences::EXPECTED_DATE;

/// A reason for delay with the side it is attributed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DelayReason {
    /// `dtoc` or `drd`.
    pub code_set: String,
    /// Code of the reason in that list.
    pub reason: String,
    /// Side it is attributed to.
    pub responsible: Responsible,
    /// Organisation that has the move, if known.
    pub organisation: Option<OrganisationId>,
}

/// One change to a stay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StayChange {
    /// From a day on, the person waits for this.
    Delay {
        /// What for, and whose it is.
        reason: DelayReason,
        /// First day.
        from: Date,
    },
    /// A segment was wrong. Why is needed.
    CorrectDelay {
        /// The segment that is wrong.
        segment: SegmentId,
        /// What is right.
        reason: DelayReason,
        /// Its first day.
        starts_on: Date,
        /// Its end; `None` while it lasts.
        ends_on: Option<Date>,
    },
    /// A test of readiness is met on a day, or no longer met.
    ReadyTest {
        /// The test.
        test: ReadyTest,
        /// The day; `None` if it is not met.
        on: Option<Date>,
    },
    /// The ready date where the three tests are not used.
    ReadyOn(Option<Date>),
    /// The expected date of discharge.
    ExpectedOn(Option<Date>),
    /// The day on which the council had assessed.
    AssessedOn(Option<Date>),
    /// What is to be done next.
    NextAction {
        /// What.
        what: String,
        /// By which organisation.
        owner: Option<OrganisationId>,
        /// By whom there.
        owner_name: String,
        /// By when.
        due_at: Option<Timestamp>,
    },
    /// The pathway.
    Pathway(Option<Pathway>),
    /// Where the person lies.
    Bed {
        /// Ward.
        ward: String,
        /// Bed.
        bed: String,
    },
    /// The council of ordinary residence.
    Council(Option<OrganisationId>),
    /// The next place or service.
    Destination {
        /// What, in words.
        what: String,
        /// How far it has come.
        state: DestinationState,
        /// First day of it.
        starts_on: Option<Date>,
    },
    /// The person has left, or the record of it is corrected. Why is needed for
    /// a correction.
    Discharge {
        /// Day of discharge or death.
        on: Date,
        /// Discharge method code.
        method: String,
        /// Discharge destination code.
        destination: String,
    },
    /// The person has not left after all. Why is needed.
    UndoDischarge,
}

impl StayChange {
    /// The change in a few words, for the journal.
    const fn in_words(&self) -> &'static str {
        match self {
            Self::Delay { .. } => "stay: set reason for delay",
            Self::CorrectDelay { .. } => "stay: correct reason for delay",
            Self::ReadyTest { .. } => "stay: set test of readiness",
            Self::ReadyOn(_) => "stay: set ready date",
            Self::ExpectedOn(_) => "stay: set expected date",
            Self::AssessedOn(_) => "stay: set day assessed",
            Self::NextAction { .. } => "stay: set next action",
            Self::Pathway(_) => "stay: set pathway",
            Self::Bed { .. } => "stay: set ward and bed",
            Self::Council(_) => "stay: set council",
            Self::Destination { .. } => "stay: set destination",
            Self::Discharge { .. } => "stay: discharge",
            Self::UndoDischarge => "stay: undo discharge",
        }
    }

    /// The field whose error a problem with the segments is shown at.
    const fn field(&self) -> &'static str {
        match self {
            Self::Delay { .. } => "from",
            Self::CorrectDelay { .. } => "starts_on",
            Self::ReadyTest {
                test: ReadyTest::Clinical,
                ..
            } => "clinical_ready_on",
            Self::ReadyTest {
                test: ReadyTest::Team,
                ..
            } => "mdt_ready_on",
            Self::ReadyTest {
                test: ReadyTest::Safe,
                ..
            } => "safe_on",
            Self::ReadyOn(_) => "ready_on",
            _ => "discharged_on",
        }
    }
}

impl App {
    /// Makes one change to a stay and gives its new version. A change that
    /// changes nothing leaves everything as it is.
    ///
    /// # Errors
    /// Not allowed; not there; `Stale` if somebody else changed the stay since
    /// `version`; `Invalid` naming the field that breaks a rule and what to do;
    /// the store's.
    pub fn change_stay(
        &self,
        actor: &Actor,
        id: StayId,
        version: i64,
        change: &StayChange,
        why: &str,
    ) -> Result<i64, Error> {
        let allowed = access::decide(actor, Action::ChangeStay)?;
        let why = short("why", why)?;
        self.store()
            .write(|tx| self.change_stay_in(tx, (actor, allowed), id, version, change, &why))
    }

    /// As [`App::change_stay`], within a transaction that does more, for somebody who may.
    pub(super) fn change_stay_in(
        &self,
        tx: &mut dyn Tx,
        (actor, allowed): (&Actor, Allowed),
        id: StayId,
        version: i64,
        change: &StayChange,
        why: &str,
    ) -> Result<i64, Error> {
        let before = rows::stay(tx, id)?.ok_or(Error::NotFound("stay"))?;
        self.sight(tx, actor, before.stay.person)?;
        if before.version != version {
            return Err(stale(tx, &before, version)?);
        }
        let mut after = before.clone();
        let mut plan = Plan::of(&before.stay);
        self.apply(&mut after, &mut plan, change, why)?;
        after.stay.segments = plan.segments();
        self.check(tx, &before, &after, change)?;
        let organisations = organisation::all(tx)?;
        let differences = differences::between(&before, &after, &organisations, self.policy());
        if differences.is_empty() {
            return Ok(version);
        }
        let now = self.now();
        after.version = version + 1;
        after.updated_at = now;
        after.updated_by.clone_from(&actor.display_name);
        let fields: Vec<&str> = differences.iter().map(|d| d.field).collect();
        let subject = Subject {
            person: Some(after.stay.person),
            thing: format!("stay {id}"),
            results: differences.len(),
            detail: fields.join(", "),
        };
        let history: Vec<Change> = differences
            .into_iter()
            .map(|difference| Change {
                field: difference.field.to_owned(),
                before: difference.before,
                after: difference.after,
                why: why.to_owned(),
                at: now,
                actor: actor.display_name.clone(),
                organisation: actor.organisation_name.clone(),
            })
            .collect();
        if !self.keep_stay(tx, &after, &history)? {
            return Err(stale(tx, &before, version)?);
        }
        self.write_segments(tx, id, &plan, actor, why)?;
        let kind = journal::Kind::Command;
        self.record(tx, actor, allowed, kind, change.in_words(), subject)?;
        Ok(after.version)
    }

    /// Makes the change on a copy of the stay and on the plan of its segments.
    fn apply(
        &self,
        row: &mut StayRow,
        plan: &mut Plan,
        change: &StayChange,
        why: &str,
    ) -> Result<(), Error> {
        match change {
            StayChange::Delay { reason, from } => {
                let id = self.ids().segment();
                plan.wait_from(&row.stay, id, reason, *from, why)?;
            }
            StayChange::CorrectDelay {
                segment,
                reason,
                starts_on,
                ends_on,
            } => {
                needed("why", why, "Say why this is corrected")?;
                let mut id = || self.ids().segment();
                plan.correct(*segment, reason, (*starts_on, *ends_on), why, &mut id)?;
            }
            StayChange::ReadyTest { test, on } => {
                let before = ReadyTests::of(&row.stay);
                let tests = before.with(*test, *on);
                row.stay.clinical_ready_on = tests.clinical;
                row.stay.mdt_ready_on = tests.team;
                row.stay.safe_on = tests.safe;
                // A ready date that was sent without tests stands until all three
                // tests are met; one that came from them falls with any of them.
                let as_sent = row.stay.ready_on.filter(|_| !before.missing().is_empty());
                self.move_ready(row, plan, ready_on(tests, None).or(as_sent), why);
            }
            StayChange::ReadyOn(day) => {
                if ReadyTests::of(&row.stay).missing().len() < 3 {
                    return Err(Error::invalid(
                        "ready_on",
                        "The three tests of readiness are in use for this stay; change those",
                    ));
                }
                self.move_ready(row, plan, *day, why);
            }
            StayChange::Discharge {
                on,
                method,
                destination,
            } => {
                self.discharge(row, plan, *on, (method, destination), why)?;
            }
            StayChange::UndoDischarge => {
                needed("why", why, "Say why the discharge is undone")?;
                let Some(left) = row.stay.discharged_on else {
                    return Err(Error::invalid("discharged_on", "The person has not left"));
                };
                row.stay.discharged_on = None;
                row.stay.discharge_method = None;
                row.stay.discharge_destination = None;
                if row.stay.ready_on.is_some() {
                    plan.move_end(left, None, why, &mut || self.ids().segment());
                }
            }
            other => self.set_field(row, other)?,
        }
        Ok(())
    }

    /// Sets what has no effect on the delay segments.
    fn set_field(&self, row: &mut StayRow, change: &StayChange) -> Result<(), Error> {
        match change {
            StayChange::ExpectedOn(day) => row.stay.expected_on = *day,
            StayChange::AssessedOn(day) => {
                if day.is_some_and(|day| day > self.today()) {
                    return Err(Error::invalid(
                        "assessed_on",
                        "The date must not be in the future",
                    ));
                }
                row.assessed_on = *day;
            }
            StayChange::NextAction {
                what,
                owner,
                owner_name,
                due_at,
            } => {
                row.next_action = short("next_action", what)?;
                row.next_owner = *owner;
                row.next_owner_name = short("next_owner_name", owner_name)?;
                row.next_due_at = *due_at;
            }
            StayChange::Pathway(pathway) => row.stay.pathway = *pathway,
            StayChange::Bed { ward, bed } => {
                row.stay.ward = short("ward", ward)?;
                row.stay.bed = short("bed", bed)?;
            }
            StayChange::Council(council) => row.stay.council = *council,
            StayChange::Destination {
                what,
                state,
                starts_on,
            } => {
                row.destination = short("destination", what)?;
                row.destination_state = *state;
                row.starts_on = *starts_on;
            }
            StayChange::Delay { .. }
            | StayChange::CorrectDelay { .. }
            | StayChange::ReadyTest { .. }
            | StayChange::ReadyOn(_)
            | StayChange::Discharge { .. }
            | StayChange::UndoDischarge => {}
        }
        Ok(())
    }

    /// Sets the ready date and lets the segments follow it.
    fn move_ready(&self, row: &mut StayRow, plan: &mut Plan, to: Option<Date>, why: &str) {
        let from = row.stay.ready_on;
        row.stay.ready_on = to;
        match (from, to) {
            (Some(_), None) => {
                plan.end_open(row.stay.discharged_on.unwrap_or_else(|| self.today()))
            }
            (Some(from), Some(to)) if from != to => {
                let why = if why.is_empty() {
                    "Ready date changed"
                } else {
                    why
                };
                plan.move_start(from, to, why, &mut || self.ids().segment());
            }
            _ => {}
        }
    }

    fn discharge(
        &self,
        row: &mut StayRow,
        plan: &mut Plan,
        on: Date,
        (method, destination): (&str, &str),
        why: &str,
    ) -> Result<(), Error> {
        self.check_discharge_codes(on, method, destination)?;
        let before = row.stay.discharged_on;
        if before.is_some() {
            needed("why", why, "Say why the discharge is corrected")?;
        }
        row.stay.discharged_on = Some(on);
        row.stay.discharge_method = Some(method.to_owned());
        row.stay.discharge_destination = Some(destination.to_owned());
        match before {
            Some(left) => plan.move_end(left, Some(on), why, &mut || self.ids().segment()),
            None => plan.end_open(on),
        }
        Ok(())
    }

    fn write_segments(
        &self,
        tx: &mut dyn Tx,
        stay: StayId,
        plan: &Plan,
        actor: &Actor,
        why: &str,
    ) -> Result<(), Error> {
        let now = self.now();
        for (id, day) in plan.ended() {
            rows::end_segment(tx, *id, *day)?;
        }
        for segment in plan.added() {
            rows::insert_segment(tx, stay, segment, now, &actor.display_name)?;
        }
        for (id, by, reason) in plan.superseded() {
            let reason = if reason.is_empty() { why } else { reason };
            let superseded = Superseded {
                at: now,
                by: *by,
                why: reason.to_owned(),
            };
            rows::supersede_segment(tx, *id, &superseded)?;
        }
        Ok(())
    }
}

impl App {
    /// Writes a changed stay with its history, and what follows from it: who may see the person,
    /// and the chain of steps. Whoever changes a stay comes through here. False if somebody else
    /// saved it first; then nothing is written.
    pub(crate) fn keep_stay(
        &self,
        tx: &mut dyn Tx,
        after: &StayRow,
        history: &[Change],
    ) -> Result<bool, Error> {
        if !rows::update_stay(tx, after)? {
            return Ok(false);
        }
        rows::add_changes(tx, after.stay.id, history)?;
        self.follow_stay(tx, after.into())?;
        self.follow_chain(tx, after)?;
        Ok(true)
    }
}

/// Who changed a stay since a version, and what.
pub(super) fn stale(tx: &mut dyn Tx, row: &StayRow, version: i64) -> Result<Error, Error> {
    let changes = rows::changes(tx, row.stay.id)?;
    let mut stale = super::history::stale(&row.updated_by, &changes, row.version - version);
    if let Error::Stale { what, .. } = &mut stale
        && what.is_empty()
    {
        "a message changed it".clone_into(what);
    }
    Ok(stale)
}

fn needed(field: &'static str, text: &str, say: &str) -> Result<(), Error> {
    if text.is_empty() {
        Err(Error::invalid(field, say))
    } else {
        Ok(())
    }
}

/// A text without space around it, if it is not too long.
pub(super) fn short(field: &'static str, text: &str) -> Result<String, Error> {
    let text = text.trim();
    if text.chars().count() > limits::TEXT_CHARACTERS {
        let most = limits::TEXT_CHARACTERS;
        return Err(Error::invalid(
            field,
            format!("Write at most {most} characters"),
        ));
    }
    Ok(text.to_owned())
}
