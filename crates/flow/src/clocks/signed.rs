//! Which case ends when an assessment is signed.
//!
//! Source: Care Act 2014 sections 9 and 10; RULES G.1 (from memory). The law says that an
//! assessment is made, and neither on which form nor when that counts as made: what is said here
//! is our own, derived from what a decision begins (`flow::begins`).
//!
//! In words: a decision on a request for help begins a case with its clock and a draft of the
//! form that it takes. When that form is signed the assessment has been made, and the case that
//! was begun with it ends as *assessed*. Any other open case of the same kind may be the one that
//! was meant, or another: nobody has said, so whoever signs is asked. A form that is no assessment
//! under those sections ends nothing.

use super::CaseKind;

/// The kind of case that a form ends once it is signed, and how; `None` for most forms.
pub fn ended_by(form: &str) -> Option<(CaseKind, &'static str)> {
    match form {
        "needs-assessment" => Some((CaseKind::NeedsAssessment, "assessed")),
        "carers-assessment" => Some((CaseKind::CarersAssessment, "assessed")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::begins::{Begins, begins};
    use crate::triage::Outcome;

    #[test]
    fn forms_and_the_cases_that_they_end() {
        for (form, ends) in [
            ("needs-assessment", Some(CaseKind::NeedsAssessment)),
            ("carers-assessment", Some(CaseKind::CarersAssessment)),
            ("initial-screening", None),
            ("trusted-assessment", None),
            ("reablement-goals", None),
            ("referral", None),
        ] {
            assert_eq!(ended_by(form).map(|(kind, _)| kind), ends, "{form}");
        }
    }

    /// What a decision begins with a form, that form ends; and a case may end so.
    #[test]
    fn a_case_ends_with_the_form_that_was_begun_with_it() {
        for outcome in Outcome::ALL {
            if let Begins::Case {
                kind,
                form: Some(form),
                ..
            } = begins(*outcome)
            {
                let (ends, how) = ended_by(form).unwrap_or((CaseKind::Chc, ""));
                assert_eq!(ends, kind);
                assert!(kind.may_end(how), "{how}");
            }
        }
    }
}
