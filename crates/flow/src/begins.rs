//! What a decision on a request for help begins.
//!
//! Source: Care Act 2014 section 9 (whoever appears to have needs is assessed) and section 10 (a
//! carer likewise), section 42 (enquiries), section 4 (information and advice); SI 2014/2672
//! (equipment, and reablement of up to six weeks); RULES G.1, G.6 (from memory).
//!
//! In words: a decision is not only written down, it begins what it says. An assessment begins
//! the case with its clock and a draft of its form; the clock runs from the request, when the
//! council learnt of the possible need. A carer is assessed as a person in their own right. An
//! enquiry's clock runs from the decision that one is needed. Reablement begins a need that
//! services can be asked to meet, equipment a step that somebody owns. Advice is told, with the
//! services that were named, and begins nothing.

use crate::clocks::CaseKind;
use crate::triage::Outcome;

/// From when the clock of a case runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockFrom {
    /// When the request was sent.
    Request,
    /// When it was decided.
    Decision,
}

/// What an outcome begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begins {
    /// A case with a clock, and a draft of the form that it takes.
    Case {
        /// What kind.
        kind: CaseKind,
        /// From when its clock runs.
        from: ClockFrom,
        /// Short name of the form; `None` where there is none.
        form: Option<&'static str>,
        /// Whether it is about the carer and not about the person.
        carer: bool,
    },
    /// A need that services are asked to meet.
    Need,
    /// The steps that the set of steps has for this outcome.
    Steps,
    /// Nothing: it is told.
    Told,
}

/// What an outcome begins.
pub const fn begins(outcome: Outcome) -> Begins {
    match outcome {
        Outcome::Assessment => Begins::Case {
            kind: CaseKind::NeedsAssessment,
            from: ClockFrom::Request,
            form: Some("needs-assessment"),
            carer: false,
        },
        Outcome::Carer => Begins::Case {
            kind: CaseKind::CarersAssessment,
            from: ClockFrom::Request,
            form: Some("carers-assessment"),
            carer: true,
        },
        Outcome::Safeguarding => Begins::Case {
            kind: CaseKind::Safeguarding,
            from: ClockFrom::Decision,
            form: None,
            carer: false,
        },
        Outcome::Reablement => Begins::Need,
        Outcome::Equipment => Begins::Steps,
        Outcome::Advice | Outcome::Nothing => Begins::Told,
    }
}

impl Begins {
    /// Whether it may begin while somebody still has to decide whose the record is. A concern
    /// about safety never waits for that.
    pub const fn may_go_before_whose(self) -> bool {
        matches!(
            self,
            Self::Told
                | Self::Case {
                    kind: CaseKind::Safeguarding,
                    ..
                }
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_outcome_begins_what_it_says() {
        let case = |kind, from, form, carer| Begins::Case {
            kind,
            from,
            form,
            carer,
        };
        for (outcome, expected, before_whose) in [
            (
                Outcome::Assessment,
                case(
                    CaseKind::NeedsAssessment,
                    ClockFrom::Request,
                    Some("needs-assessment"),
                    false,
                ),
                false,
            ),
            (
                Outcome::Carer,
                case(
                    CaseKind::CarersAssessment,
                    ClockFrom::Request,
                    Some("carers-assessment"),
                    true,
                ),
                false,
            ),
            (
                Outcome::Safeguarding,
                case(CaseKind::Safeguarding, ClockFrom::Decision, None, false),
                true,
            ),
            (Outcome::Reablement, Begins::Need, false),
            (Outcome::Equipment, Begins::Steps, false),
            (Outcome::Advice, Begins::Told, true),
            (Outcome::Nothing, Begins::Told, true),
        ] {
            assert_eq!(begins(outcome), expected, "{outcome}");
            assert_eq!(begins(outcome).may_go_before_whose(), before_whose);
        }
    }
}
