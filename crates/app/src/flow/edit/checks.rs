//! Checks of a change against the rules. What was wrong before a change is not
//! held against it: a message may have brought dates that are out of order, and
//! they must not stand in the way of setting something else.

use super::{DelayReason, StayChange, delays};
use crate::flow::board::policy;
use crate::{App, Error, FieldError};
use ::flow::attribution::{AttributionError, check_notices, check_permitted};
use ::flow::dates::check_dates;
use ::flow::verify_segments;
use jiff::civil::Date;
use kernel::OrganisationId;
use store::Tx;
use store::flow::{self as rows, StayRow};
use store::organisation;

impl App {
    /// Checks a stay as it would stand against the rules.
    pub(super) fn check(
        &self,
        tx: &mut dyn Tx,
        before: &StayRow,
        after: &StayRow,
        change: &StayChange,
    ) -> Result<(), Error> {
        let known = check_dates(&before.stay, self.today());
        let wrong: Vec<FieldError> = check_dates(&after.stay, self.today())
            .into_iter()
            .filter(|problem| !known.contains(problem))
            .map(|problem| FieldError {
                field: problem.field,
                text: problem.text,
            })
            .collect();
        if !wrong.is_empty() {
            return Err(Error::Invalid(wrong));
        }
        match change {
            StayChange::Delay { reason, from: day }
            | StayChange::CorrectDelay {
                reason,
                starts_on: day,
                ..
            } => {
                self.check_reason(tx, after, reason, *day)?;
            }
            StayChange::UndoDischarge => check_no_other_stay(tx, after)?,
            StayChange::Council(Some(id)) => {
                let found = organisation::by_id(tx, *id)?;
                if found.is_none_or(|found| found.kind != "council") {
                    return Err(Error::invalid("council", "Choose a council"));
                }
            }
            StayChange::NextAction { owner, .. } => check_organisation(tx, "next_owner", *owner)?,
            _ => {}
        }
        let known = verify_segments(&before.stay, self.policy());
        let wrong = verify_segments(&after.stay, self.policy());
        match wrong.iter().find(|problem| !known.contains(problem)) {
            Some(problem) => Err(Error::invalid(
                change.field(),
                delays::in_words(problem, &after.stay),
            )),
            None => Ok(()),
        }
    }

    fn check_reason(
        &self,
        tx: &mut dyn Tx,
        after: &StayRow,
        reason: &DelayReason,
        day: Date,
    ) -> Result<(), Error> {
        let (code_set, code) = (reason.code_set.as_str(), reason.reason.as_str());
        let permitted = check_permitted(self.policy(), code_set, code, reason.responsible, day);
        check_organisation(tx, "organisation", reason.organisation)?;
        let notices = rows::notices_of_stay(tx, after.stay.id)?;
        let in_force = check_notices(
            self.policy(),
            &notices,
            after.stay.care_type,
            reason.responsible,
            day,
        );
        match (permitted, in_force) {
            (Err(AttributionError::Reason(_)), _) => Err(Error::invalid(
                "reason",
                "Choose a reason that was in use on that day",
            )),
            (Err(error), _) => Err(Error::invalid("responsible", error.to_string())),
            (_, Err(AttributionError::Parameter(error))) => Err(policy(error)),
            (_, Err(error)) => Err(Error::invalid("responsible", error.to_string())),
            (Ok(()), Ok(_)) => Ok(()),
        }
    }

    /// Checks how and where to somebody left.
    pub(super) fn check_discharge_codes(
        &self,
        on: Date,
        method: &str,
        destination: &str,
    ) -> Result<(), Error> {
        let policy = self.policy();
        let Ok(method) = policy.discharge_methods.get(method, on) else {
            return Err(Error::invalid(
                "discharge_method",
                "Choose how the person left",
            ));
        };
        let Ok(destination) = policy.discharge_destinations.get(destination, on) else {
            return Err(Error::invalid(
                "discharge_destination",
                "Choose where the person went",
            ));
        };
        if (method.group == "died") == (destination.group == "died") {
            return Ok(());
        }
        let text = if method.group == "died" {
            "The person died: choose \"Not applicable: died or stillbirth\""
        } else {
            "The person did not die by the way they left: choose where they went"
        };
        Err(Error::invalid("discharge_destination", text))
    }
}

/// An organisation that is named must be there.
fn check_organisation(
    tx: &mut dyn Tx,
    field: &'static str,
    id: Option<OrganisationId>,
) -> Result<(), Error> {
    match id {
        Some(id) if organisation::by_id(tx, id)?.is_none() => {
            Err(Error::invalid(field, "Choose an organisation of the list"))
        }
        _ => Ok(()),
    }
}

/// A person has at most one stay that is open.
fn check_no_other_stay(tx: &mut dyn Tx, after: &StayRow) -> Result<(), Error> {
    let stays = rows::stays_of_person(tx, after.stay.person)?;
    if stays
        .iter()
        .any(|stay| stay.id != after.stay.id && stay.discharged_on.is_none())
    {
        let text = "The person is in hospital again on another stay; this one cannot be open too";
        return Err(Error::invalid("discharged_on", text));
    }
    Ok(())
}
