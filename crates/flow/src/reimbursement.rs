//! What an NHS body could ask a council to pay for days in an acute bed, 2015 to 2020.
//!
//! Source: Care Act 2014, Schedule 3, paragraph 4, and the Care and Support (Discharge of Hospital
//! Patients) Regulations 2014 (SI 2014/2823), regulations 9 and 10; RULES B.2. Not used from 19
//! March 2020 (COVID-19 discharge requirements), omitted from 1 July 2022. The amounts, and
//! whether the day of leaving is charged, are from memory; which councils are in the area with
//! the higher amount is not established. They are parameters, and results say what they rest on.
//!
//! In words: a council could be asked to pay for each day from the day after the relevant day on
//! which the person was still in an acute bed for the council's reason alone. The day of leaving
//! is not charged unless the parameter says so. The NHS body may ask; it need not.

use crate::policy::{Policy, RestsOn};
use crate::relevant_day::RelevantDay;
use crate::{CareType, Responsible, Stay};
use jiff::civil::Date;
use kernel::Pence;
use kernel::calendar::add_days;
use kernel::parameters::ParameterError;

/// What could be asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reimbursement {
    /// Days.
    pub days: i64,
    /// At the amount of most councils.
    pub amount: Pence,
    /// At the amount of councils in the area with the higher one; which those are is not
    /// established.
    pub amount_higher: Pence,
    /// Values from memory that this rests on.
    pub rests_on: RestsOn,
}

/// What could be asked for of a stay, over the days before `until`. `None` where nothing could: no
/// acute bed, or no day that counts.
///
/// # Errors
/// A parameter has no value on the relevant day.
pub fn reimbursement(
    stay: &Stay,
    relevant: &RelevantDay,
    until: Date,
    policy: &Policy,
) -> Result<Option<Reimbursement>, ParameterError> {
    if stay.care_type != CareType::Acute {
        return Ok(None);
    }
    let mut rests_on = relevant.rests_on.clone();
    let on = relevant.day;
    let inclusive = rests_on
        .note(policy.on("dtoc.discharge_day_is_charged", on)?)
        .flag()?;
    let day = rests_on
        .note(policy.on("dtoc.reimbursement_day", on)?)
        .pence()?;
    let higher = rests_on
        .note(policy.on("dtoc.reimbursement_day_higher", on)?)
        .pence()?;
    let last = match stay.discharged_on {
        Some(left) if inclusive => add_days(left, 1),
        Some(left) => left,
        None => until,
    };
    let mut days = 0;
    let mut current = relevant.liable_from;
    while current < last {
        let ran = policy.on("dtoc.notices_needed", current)?.flag()?;
        days += i64::from(ran && councils_alone(stay, current));
        current = add_days(current, 1);
    }
    let times = |amount: Pence| amount.times(days).unwrap_or_default();
    Ok((days > 0).then(|| Reimbursement {
        days,
        amount: times(day),
        amount_higher: times(higher),
        rests_on,
    }))
}

/// Whether the person was in the bed on a day for the council's reason alone. The day on which a
/// reason ends belongs to it where the day of leaving is charged.
fn councils_alone(stay: &Stay, day: Date) -> bool {
    stay.segments.iter().any(|segment| {
        let ends = segment
            .ends_on
            .map(|end| match stay.discharged_on == Some(end) {
                true => add_days(end, 1),
                false => end,
            });
        segment.responsible == Responsible::SocialCare
            && segment.starts_on <= day
            && ends.is_none_or(|end| day < end)
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use crate::relevant_day::{Given, relevant_day};
    use crate::{Segment, chain::advance::tests::id};
    use jiff::civil::date;

    /// Assessment notice Monday 10:00, discharge notice the same day for Tuesday (V12): the
    /// minimum period ends on Wednesday 10 October 2018, and days count from Thursday.
    fn relevant(policy: &Policy) -> RelevantDay {
        let monday = date(2018, 10, 8);
        let given = Given {
            assessment: monday.at(10, 0, 0, 0),
            discharge: monday.at(10, 0, 0, 0),
            proposed_on: date(2018, 10, 9),
        };
        let found = relevant_day(given, policy).unwrap();
        assert_eq!(
            (found.day, found.liable_from),
            (date(2018, 10, 10), date(2018, 10, 11))
        );
        found
    }

    fn stay(parts: &[(i8, Option<i8>, Responsible)], left: Option<i8>) -> Stay {
        Stay {
            id: id(1),
            person: id(2),
            hospital: id(3),
            ward: String::new(),
            bed: String::new(),
            council: None,
            care_type: CareType::Acute,
            admitted_on: date(2018, 10, 1),
            admission_method: None,
            expected_on: None,
            clinical_ready_on: None,
            mdt_ready_on: None,
            safe_on: None,
            ready_on: Some(date(2018, 10, 9)),
            discharged_on: left.map(|day| date(2018, 10, day)),
            discharge_method: None,
            discharge_destination: None,
            pathway: None,
            segments: parts
                .iter()
                .map(|(from, to, responsible)| Segment {
                    id: id(9),
                    starts_on: date(2018, 10, *from),
                    ends_on: to.map(|day| date(2018, 10, day)),
                    code_set: "dtoc".to_owned(),
                    reason: "E".to_owned(),
                    responsible: *responsible,
                    organisation: None,
                })
                .collect(),
        }
    }

    /// First day, end and side of each reason; day of leaving; days that could be charged.
    type Example<'a> = (&'a [(i8, Option<i8>, Responsible)], Option<i8>, i64);

    #[test]
    fn examples() {
        use Responsible::{Both, Nhs, SocialCare};
        let policy = Policy::builtin();
        let relevant = relevant(&policy);
        let table: [Example; 7] = [
            // Still in the bed on Monday 15: Thursday to Sunday.
            (&[(9, None, SocialCare)], None, 4),
            // Left on Saturday 13: Thursday and Friday.
            (&[(9, Some(13), SocialCare)], Some(13), 2),
            // Left on the relevant day, or the day after.
            (&[(9, Some(10), SocialCare)], Some(10), 0),
            (&[(9, Some(11), SocialCare)], Some(11), 0),
            // For another reason, or for both together.
            (&[(9, None, Nhs)], None, 0),
            (&[(9, None, Both)], None, 0),
            // The reason became the council's on Saturday.
            (&[(9, Some(13), Nhs), (13, None, SocialCare)], None, 2),
        ];
        for (parts, left, days) in table {
            let found = reimbursement(&stay(parts, left), &relevant, date(2018, 10, 15), &policy);
            let found = found.unwrap();
            assert_eq!(
                found.as_ref().map_or(0, |one| one.days),
                days,
                "{parts:?} {left:?}"
            );
            if let Some(found) = found {
                assert_eq!(found.amount, Pence(13_000 * days));
                assert_eq!(found.amount_higher, Pence(15_500 * days));
                assert!(!found.rests_on.is_settled());
            }
        }
    }

    #[test]
    fn no_acute_bed_and_no_day_after_march_2020() {
        let policy = Policy::builtin();
        let relevant = relevant(&policy);
        let mut other = stay(&[(9, None, Responsible::SocialCare)], None);
        let to = |stay: &Stay, until| reimbursement(stay, &relevant, until, &policy).unwrap();
        let at_end = to(&other, date(2020, 3, 19)).unwrap().days;
        assert_eq!(to(&other, date(2020, 6, 1)).unwrap().days, at_end);
        other.care_type = CareType::NonAcute;
        assert_eq!(to(&other, date(2018, 10, 15)), None);
    }
}
