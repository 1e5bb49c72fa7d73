//! What must be true of the delay segments of a stay.
//!
//! Source: Monthly Delayed Transfers of Care definitions (NHS England, v1.09,
//! 2015): one reason and one attribution for each day of delay; RULES A.5.
//!
//! In words: segments lie within the stay, do not overlap, end no earlier than
//! they start; at most one is open, and none once the person has left; the
//! first after the ready date starts on it; each has a reason of its list and a
//! side that the list permits.

use crate::attribution::check_permitted;
use crate::policy::Policy;
use crate::{Segment, Stay};
use kernel::SegmentId;
use std::fmt;

/// One thing wrong with the segments of a stay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The segment it is about.
    pub segment: SegmentId,
    /// What is wrong.
    pub kind: ProblemKind,
}

/// What can be wrong with a segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// It ends before it starts.
    EndsBeforeStart,
    /// It starts before admission.
    BeforeAdmission,
    /// It starts or ends after discharge.
    AfterDischarge,
    /// It is open although the person has left.
    OpenAfterDischarge,
    /// It overlaps the one before.
    Overlaps,
    /// A second one is open.
    SecondOpen,
    /// The stay has no ready date, yet this is open.
    NotReady,
    /// It is the first since the ready date and starts on another day.
    NotFromReadyDate,
    /// Its reason or side is not permitted; the words say why.
    Attribution(String),
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "segment {}: ", self.segment)?;
        match &self.kind {
            ProblemKind::EndsBeforeStart => f.write_str("ends before it starts"),
            ProblemKind::BeforeAdmission => f.write_str("starts before admission"),
            ProblemKind::AfterDischarge => f.write_str("lies after discharge"),
            ProblemKind::OpenAfterDischarge => f.write_str("is open although the person has left"),
            ProblemKind::Overlaps => f.write_str("overlaps the segment before it"),
            ProblemKind::SecondOpen => f.write_str("is open although another is"),
            ProblemKind::NotReady => f.write_str("is open although the stay has no ready date"),
            ProblemKind::NotFromReadyDate => {
                f.write_str("is the first and does not start on the ready date")
            }
            ProblemKind::Attribution(why) => f.write_str(why),
        }
    }
}

/// Everything wrong with the segments of a stay; empty if all is well.
pub fn verify_segments(stay: &Stay, policy: &Policy) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut segments: Vec<&Segment> = stay.segments.iter().collect();
    segments.sort_by_key(|segment| {
        (
            segment.starts_on,
            segment.ends_on.is_none(),
            segment.ends_on,
        )
    });
    let mut open = false;
    for (index, segment) in segments.iter().enumerate() {
        let mut wrong = |kind| {
            problems.push(Problem {
                segment: segment.id,
                kind,
            })
        };
        if segment.ends_on.is_some_and(|end| end < segment.starts_on) {
            wrong(ProblemKind::EndsBeforeStart);
        }
        if segment.starts_on < stay.admitted_on {
            wrong(ProblemKind::BeforeAdmission);
        }
        if let Some(left) = stay.discharged_on {
            if segment.starts_on > left || segment.ends_on.is_some_and(|end| end > left) {
                wrong(ProblemKind::AfterDischarge);
            } else if segment.ends_on.is_none() {
                wrong(ProblemKind::OpenAfterDischarge);
            }
        }
        let before = index.checked_sub(1).and_then(|index| segments.get(index));
        if before.is_some_and(|b| b.ends_on.is_none_or(|end| segment.starts_on < end)) {
            wrong(ProblemKind::Overlaps);
        }
        if segment.ends_on.is_none() {
            if open {
                wrong(ProblemKind::SecondOpen);
            }
            open = true;
            if stay.ready_on.is_none() {
                wrong(ProblemKind::NotReady);
            }
        }
        let checked = check_permitted(
            policy,
            &segment.code_set,
            &segment.reason,
            segment.responsible,
            segment.starts_on,
        );
        if let Err(error) = checked {
            wrong(ProblemKind::Attribution(error.to_string()));
        }
    }
    problems.extend(first_since_ready(stay, &segments));
    problems
}

/// The first segment that reaches past the ready date must start on it.
fn first_since_ready(stay: &Stay, segments: &[&Segment]) -> Option<Problem> {
    let ready_on = stay.ready_on?;
    let first = segments
        .iter()
        .find(|s| s.ends_on.is_none_or(|end| end > ready_on))?;
    (first.starts_on != ready_on).then_some(Problem {
        segment: first.id,
        kind: ProblemKind::NotFromReadyDate,
    })
}

#[cfg(test)]
pub(crate) mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use crate::{CareType, Responsible};
    use jiff::civil::{Date, date};
    use kernel::{OrganisationId, PersonId, StayId};

    fn uuid(number: usize) -> String {
        format!("00000000-0000-7000-8000-{number:012}")
    }

    /// An acute stay from 1 April 2018 with segments given as start, end and reason.
    pub(crate) fn stay(
        ready: Option<Date>,
        left: Option<Date>,
        segments: &[(Date, Option<Date>, &str, Responsible)],
    ) -> Stay {
        Stay {
            id: uuid(1).parse::<StayId>().unwrap(),
            person: uuid(2).parse::<PersonId>().unwrap(),
            hospital: uuid(3).parse::<OrganisationId>().unwrap(),
            ward: "Ward 4".to_owned(),
            bed: String::new(),
            council: None,
            care_type: CareType::Acute,
            admitted_on: date(2018, 4, 1),
            admission_method: Some("21".to_owned()),
            expected_on: None,
            clinical_ready_on: None,
            mdt_ready_on: None,
            safe_on: None,
            ready_on: ready,
            discharged_on: left,
            discharge_method: None,
            discharge_destination: None,
            pathway: None,
            segments: segments
                .iter()
                .enumerate()
                .map(
                    |(index, (starts_on, ends_on, reason, responsible))| Segment {
                        id: uuid(100 + index).parse().unwrap(),
                        starts_on: *starts_on,
                        ends_on: *ends_on,
                        code_set: "dtoc".to_owned(),
                        reason: (*reason).to_owned(),
                        responsible: *responsible,
                        organisation: None,
                    },
                )
                .collect(),
        }
    }

    #[test]
    fn examples() {
        use Responsible::{Nhs, SocialCare};
        let policy = Policy::builtin();
        let d = |day| date(2018, 4, day);
        let e = |day| Some(date(2018, 4, day));
        for (name, stay, expected) in [
            ("no segments", stay(e(5), None, &[]), vec![]),
            (
                "one open",
                stay(e(5), None, &[(d(5), None, "A", Nhs)]),
                vec![],
            ),
            (
                "two that follow on",
                stay(
                    e(5),
                    e(20),
                    &[(d(5), e(9), "A", Nhs), (d(9), e(20), "E", SocialCare)],
                ),
                vec![],
            ),
            (
                "ready twice",
                stay(
                    e(12),
                    None,
                    &[(d(5), e(9), "A", Nhs), (d(12), None, "E", Nhs)],
                ),
                vec![],
            ),
            (
                "overlap",
                stay(
                    e(5),
                    None,
                    &[(d(5), e(9), "A", Nhs), (d(8), None, "E", Nhs)],
                ),
                vec!["overlaps"],
            ),
            (
                "two open",
                stay(
                    e(5),
                    None,
                    &[(d(5), None, "A", Nhs), (d(8), None, "E", Nhs)],
                ),
                vec!["overlaps", "another is"],
            ),
            (
                "backwards",
                stay(e(5), None, &[(d(5), e(4), "A", Nhs)]),
                vec!["ends before"],
            ),
            (
                "before admission",
                stay(
                    Some(date(2018, 3, 30)),
                    None,
                    &[(date(2018, 3, 30), None, "A", Nhs)],
                ),
                vec!["before admission"],
            ),
            (
                "after discharge",
                stay(e(5), e(8), &[(d(5), e(9), "A", Nhs)]),
                vec!["after discharge"],
            ),
            (
                "left open",
                stay(e(5), e(8), &[(d(5), None, "A", Nhs)]),
                vec!["has left"],
            ),
            (
                "not ready",
                stay(None, None, &[(d(5), None, "A", Nhs)]),
                vec!["no ready date"],
            ),
            (
                "starts late",
                stay(e(5), None, &[(d(6), None, "A", Nhs)]),
                vec!["ready date"],
            ),
            (
                "not permitted",
                stay(e(5), None, &[(d(5), None, "C", SocialCare)]),
                vec!["choose NHS"],
            ),
            (
                "no such reason",
                stay(e(5), None, &[(d(5), None, "Q", Nhs)]),
                vec!["not a code"],
            ),
        ] {
            let found: Vec<String> = verify_segments(&stay, &policy)
                .iter()
                .map(ToString::to_string)
                .collect();
            assert_eq!(found.len(), expected.len(), "{name}: {found:?}");
            for (text, words) in found.iter().zip(expected) {
                assert!(text.contains(words), "{name}: {text}");
            }
        }
    }
}
