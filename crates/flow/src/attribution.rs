//! Which council a delay is shown under, and which side it is attributed to.
//!
//! Source: Care Act 2014, Schedule 3, paragraph 1; Monthly Delayed Transfers of
//! Care definitions (NHS England, v1.09, 2015); the published time series of
//! 2010 to 2020 for what may be attributed to whom; RULES A.4 and A.5.
//!
//! In words: a delay is shown under the council of ordinary residence; for a
//! person without settled residence under the council where the hospital
//! stands; people who live outside England and people whose council is not
//! known are shown apart, never dropped. Each reason may be attributed only to
//! the sides its list permits. While the notices were law, a delay of acute care
//! could be the council's only with an assessment notice and a discharge notice
//! in force and the relevant day gone by.

use crate::codes::CodeError;
use crate::policy::{Policy, RestsOn};
use crate::relevant_day::{Given, RelevantDay, RelevantDayError, relevant_day};
use crate::{CareType, Notice, NoticeKind, NoticeStatus, Responsible};
use jiff::civil::Date;
use kernel::OrganisationId;
use kernel::calendar::local;
use kernel::parameters::ParameterError;

/// Where a person lives, for the question of the council.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Residence {
    /// Ordinarily resident in a council's area.
    In(OrganisationId),
    /// No settled residence.
    Unsettled,
    /// Outside England.
    OutsideEngland,
    /// Not known.
    NotKnown,
}

/// What a delay is shown under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShownUnder {
    /// A council.
    Council(OrganisationId),
    /// "outside England".
    OutsideEngland,
    /// "not known".
    NotKnown,
}

/// The council a delay is shown under.
pub fn shown_under(residence: Residence, hospital_council: Option<OrganisationId>) -> ShownUnder {
    match (residence, hospital_council) {
        (Residence::In(council), _) | (Residence::Unsettled, Some(council)) => {
            ShownUnder::Council(council)
        }
        (Residence::OutsideEngland, _) => ShownUnder::OutsideEngland,
        (Residence::Unsettled | Residence::NotKnown, _) => ShownUnder::NotKnown,
    }
}

/// Why a delay may not be attributed so.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AttributionError {
    /// The reason is not in its list on that day.
    #[error(transparent)]
    Reason(#[from] CodeError),
    /// The list does not permit this side for this reason.
    #[error("{reason} may not be attributed to {}: choose {permitted}", wanted.in_words())]
    NotPermitted {
        /// The reason in words.
        reason: String,
        /// The side asked for.
        wanted: Responsible,
        /// The sides permitted, in words.
        permitted: String,
    },
    /// The notices that make an acute delay the council's are not in force.
    #[error(
        "an acute delay on {day} may be attributed to social care only with {missing}: attribute it to the NHS, or send what is missing"
    )]
    Notices {
        /// The first day of the delay.
        day: Date,
        /// What is missing.
        missing: &'static str,
    },
    /// A parameter is missing.
    #[error(transparent)]
    Parameter(#[from] ParameterError),
}

/// Checks that a reason of a list may be attributed to a side on a day.
///
/// # Errors
/// If the reason is not in the list, or the side is not permitted: the error
/// says which are.
pub fn check_permitted(
    policy: &Policy,
    code_set: &str,
    code: &str,
    responsible: Responsible,
    day: Date,
) -> Result<(), AttributionError> {
    let reason = policy.reasons.get(code_set, code, day)?;
    if reason.permitted.contains(&responsible) {
        return Ok(());
    }
    let permitted: Vec<&str> = reason
        .permitted
        .iter()
        .map(|side| side.in_words())
        .collect();
    Err(AttributionError::NotPermitted {
        reason: reason.plain.clone(),
        wanted: responsible,
        permitted: permitted.join(" or "),
    })
}

/// The notices of a stay that are in force: the latest assessment notice and the
/// latest discharge notice that are neither rejected nor withdrawn.
pub fn in_force(notices: &[Notice]) -> (Option<&Notice>, Option<&Notice>) {
    let latest = |kind: NoticeKind| {
        notices
            .iter()
            .filter(|notice| notice.kind == kind)
            .filter(|notice| matches!(notice.status, NoticeStatus::Sent | NoticeStatus::Accepted))
            .max_by_key(|notice| notice.sent_at)
    };
    (
        latest(NoticeKind::Assessment),
        latest(NoticeKind::Discharge),
    )
}

/// The relevant day of a stay; `None` while a notice is missing, the discharge
/// notice has no day, or the law of the notices does not apply.
pub fn relevant_day_of(notices: &[Notice], policy: &Policy) -> Option<RelevantDay> {
    let (Some(assessment), Some(discharge)) = in_force(notices) else {
        return None;
    };
    let given = Given {
        assessment: local(assessment.sent_at),
        discharge: local(discharge.sent_at),
        proposed_on: discharge.proposed_on?,
    };
    let found: Result<RelevantDay, RelevantDayError> = relevant_day(given, policy);
    found.ok()
}

/// Checks that a delay of acute care may be the council's from a day on.
///
/// # Errors
/// If the notices were law on that day and one is missing, or the relevant day
/// had not gone by. The parameter that says so may be missing, too.
pub fn check_notices(
    policy: &Policy,
    notices: &[Notice],
    care_type: CareType,
    responsible: Responsible,
    day: Date,
) -> Result<RestsOn, AttributionError> {
    let mut rests_on = RestsOn::default();
    if care_type == CareType::NonAcute || responsible == Responsible::Nhs {
        return Ok(rests_on);
    }
    if !rests_on
        .note(policy.on("dtoc.notices_needed", day)?)
        .flag()?
    {
        return Ok(rests_on);
    }
    let missing = |missing| Err(AttributionError::Notices { day, missing });
    match in_force(notices) {
        (None, _) => return missing("an assessment notice in force"),
        (_, None) => return missing("a discharge notice in force"),
        _ => {}
    }
    match relevant_day_of(notices, policy) {
        Some(relevant) if day > relevant.day => {
            rests_on.also(&relevant.rests_on);
            Ok(rests_on)
        }
        _ => missing("the relevant day gone by"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use jiff::civil::date;
    use kernel::NoticeId;

    fn organisation(number: u128) -> OrganisationId {
        format!("00000000-0000-7000-8000-{number:012}")
            .parse()
            .unwrap()
    }

    #[test]
    fn shown_under_the_council_of_residence() {
        let (own, hospital) = (organisation(1), organisation(2));
        for (residence, council_there, expected) in [
            (Residence::In(own), Some(hospital), ShownUnder::Council(own)),
            (
                Residence::Unsettled,
                Some(hospital),
                ShownUnder::Council(hospital),
            ),
            (Residence::Unsettled, None, ShownUnder::NotKnown),
            (
                Residence::OutsideEngland,
                Some(hospital),
                ShownUnder::OutsideEngland,
            ),
            (Residence::NotKnown, Some(hospital), ShownUnder::NotKnown),
        ] {
            assert_eq!(shown_under(residence, council_there), expected);
        }
    }

    #[test]
    fn a_side_that_is_not_permitted_is_refused_with_those_that_are() {
        let policy = Policy::builtin();
        let check = |code, side| {
            check_permitted(&policy, "dtoc", code, side, date(2018, 6, 1))
                .map_err(|e| e.to_string())
        };
        assert_eq!(check("A", Responsible::Both), Ok(()));
        assert_eq!(
            check("C", Responsible::SocialCare),
            Err("Further NHS care may not be attributed to social care: choose NHS".to_owned())
        );
        assert_eq!(
            check("G", Responsible::Both),
            Err("Choice of the person or family may not be attributed to NHS and social care: choose NHS or social care".to_owned())
        );
        assert!(check("Z", Responsible::Nhs).is_err());
    }

    fn notice(
        kind: NoticeKind,
        sent: &str,
        proposed: Option<Date>,
        status: NoticeStatus,
    ) -> Notice {
        Notice {
            id: "00000000-0000-7000-8000-000000000009"
                .parse::<NoticeId>()
                .unwrap(),
            message_id: String::new(),
            kind,
            sent_at: sent.parse().unwrap(),
            received_at: sent.parse().unwrap(),
            sender: String::new(),
            receiver: String::new(),
            proposed_on: proposed,
            responds_to: None,
            status,
            reason: None,
            free_text: String::new(),
        }
    }

    /// Notices on Monday 8 January 2018, so the relevant day is the Wednesday (V12).
    #[test]
    fn an_acute_delay_is_the_councils_only_after_the_relevant_day() {
        use NoticeStatus::{Accepted, Rejected, Sent, Withdrawn};
        let policy = Policy::builtin();
        let assessment =
            |status| notice(NoticeKind::Assessment, "2018-01-08T10:00:00Z", None, status);
        let discharge = |status| {
            notice(
                NoticeKind::Discharge,
                "2018-01-08T10:00:00Z",
                Some(date(2018, 1, 9)),
                status,
            )
        };
        let day = |d| date(2018, 1, d);
        use CareType::{Acute, NonAcute};
        use Responsible::{Both, Nhs, SocialCare};
        for (notices, care, side, on, expected) in [
            (
                vec![assessment(Accepted), discharge(Sent)],
                Acute,
                SocialCare,
                day(11),
                None,
            ),
            (
                vec![assessment(Accepted), discharge(Sent)],
                Acute,
                Both,
                day(11),
                None,
            ),
            (
                vec![assessment(Accepted), discharge(Sent)],
                Acute,
                SocialCare,
                day(10),
                Some("relevant day"),
            ),
            (
                vec![assessment(Accepted)],
                Acute,
                SocialCare,
                day(11),
                Some("discharge notice"),
            ),
            (
                vec![],
                Acute,
                SocialCare,
                day(11),
                Some("assessment notice"),
            ),
            (vec![], Acute, Nhs, day(11), None),
            (vec![], NonAcute, SocialCare, day(11), None),
            (
                vec![assessment(Rejected), discharge(Sent)],
                Acute,
                SocialCare,
                day(11),
                Some("assessment notice"),
            ),
            (
                vec![assessment(Sent), discharge(Withdrawn)],
                Acute,
                SocialCare,
                day(11),
                Some("discharge notice"),
            ),
            (vec![], Acute, SocialCare, date(2026, 5, 1), None),
        ] {
            let found = check_notices(&policy, &notices, care, side, on);
            match expected {
                None => assert!(found.is_ok(), "{found:?}"),
                Some(words) => assert!(found.unwrap_err().to_string().contains(words), "{words}"),
            }
        }
    }
}
