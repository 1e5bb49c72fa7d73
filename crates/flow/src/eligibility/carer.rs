//! Whether a carer's needs are eligible.
//!
//! Source: Care and Support (Eligibility Criteria) Regulations 2015 (SI 2015/313) regulation 3;
//! RULES G.3 (from memory).
//!
//! In words: a carer's needs are eligible if they arise from providing necessary care for an
//! adult, and because of it the carer's physical or mental health is, or is at risk of,
//! deteriorating or the carer is unable to achieve any one of eight outcomes, and in
//! consequence there is, or is likely to be, a significant impact on the carer's wellbeing.

use super::{
    Condition, Eligibility, Judged, Judgement, OutcomeJudgement, Outcomes, all_needed, needed,
};
use crate::policy::Policy;
use crate::text_enum;
use jiff::civil::Date;
use kernel::parameters::ParameterError;
use std::collections::BTreeMap;

/// The rule with its citation.
pub const RULE: &str = "Care and Support (Eligibility Criteria) Regulations 2015 (SI 2015/313) regulation 3; \
     Care Act 2014 section 13";

text_enum! {
    /// The outcomes of regulation 3(2)(b), (i) to (viii).
    Outcome {
        /// (i) Carrying out any caring responsibilities for a child.
        Children = "children",
        /// (ii) Providing care to other persons for whom the carer cares.
        CaringForOthers = "caring_for_others",
        /// (iii) Maintaining a habitable home environment.
        Home = "home",
        /// (iv) Managing and maintaining nutrition.
        Nutrition = "nutrition",
        /// (v) Developing and maintaining family or other personal relationships.
        Relationships = "relationships",
        /// (vi) Engaging in work, training, education or volunteering.
        Work = "work",
        /// (vii) Making use of necessary facilities or services in the local community.
        Community = "community",
        /// (viii) Engaging in recreational activities.
        Recreation = "recreation",
    }
}

impl Outcome {
    /// The outcome in the words of the regulation.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Children => "carrying out any caring responsibilities for a child",
            Self::CaringForOthers => "providing care to other persons",
            Self::Home => "maintaining a habitable home environment",
            Self::Nutrition => "managing and maintaining nutrition",
            Self::Relationships => {
                "developing and maintaining family or other personal relationships"
            }
            Self::Work => "engaging in work, training, education or volunteering",
            Self::Community => {
                "making use of necessary facilities or services in the local community"
            }
            Self::Recreation => "engaging in recreational activities",
        }
    }
}

/// What was judged of a carer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Carer {
    /// The needs arise from providing necessary care for an adult.
    pub necessary_care: Judgement,
    /// The carer's physical or mental health is, or is at risk of, deteriorating.
    pub health: Judgement,
    /// Outcomes of which something was said.
    pub outcomes: BTreeMap<Outcome, OutcomeJudgement>,
    /// In consequence there is, or is likely to be, a significant impact on wellbeing.
    pub significant_impact: Judgement,
}

/// Whether a carer's needs are eligible by the rule of a day.
///
/// # Errors
/// If `eligibility.carer_outcomes` has no value for that day: the rule began in April 2015.
pub fn eligibility(
    carer: &Carer,
    policy: &Policy,
    day: Date,
) -> Result<Eligibility, ParameterError> {
    let (needed, rests_on) = needed(policy, "eligibility.carer_outcomes", day)?;
    let outcomes = Outcomes {
        judged: Outcome::ALL
            .iter()
            .map(|one| (one.as_str(), carer.outcomes.get(one)))
            .collect(),
        needed,
    };
    let condition = |name, judgement| Condition { name, judgement };
    let effect = carer.health.settled().or(outcomes.enough());
    let mut missing = Vec::new();
    missing.extend(condition("necessary_care", &carer.necessary_care).missing());
    if effect == Judged::NotRecorded {
        missing.extend(condition("health", &carer.health).missing());
        if outcomes.enough() == Judged::NotRecorded {
            missing.extend(outcomes.missing());
        }
    }
    missing.extend(condition("significant_impact", &carer.significant_impact).missing());
    Ok(Eligibility {
        verdict: all_needed(&[
            carer.necessary_care.settled(),
            effect,
            carer.significant_impact.settled(),
        ]),
        outcomes: outcomes.unable(),
        missing,
        rule: RULE,
        rests_on,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::super::Verdict;
    use super::*;
    use jiff::civil::date;

    fn because(judged: Judged) -> Judgement {
        Judgement::new(judged, "said so herself")
    }

    fn carer(health: Judged, unable: usize, able: usize, impact: Judged) -> Carer {
        let judged = |judged| OutcomeJudgement {
            unable: because(judged),
            ways: Vec::new(),
        };
        Carer {
            necessary_care: because(Judged::Yes),
            health: because(health),
            outcomes: Outcome::ALL
                .iter()
                .enumerate()
                .filter(|(at, _)| *at < unable + able)
                .map(|(at, one)| {
                    (
                        *one,
                        judged(if at < unable { Judged::Yes } else { Judged::No }),
                    )
                })
                .collect(),
            significant_impact: because(impact),
        }
    }

    /// RULES P, vector V17 and its neighbours.
    #[test]
    fn examples() {
        use Judged::{No, NotRecorded, Yes};
        use Verdict::{Eligible, NotEligible, Undetermined};
        for (health, unable, able, impact, verdict, missing) in [
            // V17: one outcome and a significant impact.
            (NotRecorded, 1, 0, Yes, Eligible, 0),
            (No, 1, 7, Yes, Eligible, 0),
            (Yes, 0, 0, Yes, Eligible, 0),
            (Yes, 0, 8, Yes, Eligible, 0),
            (No, 0, 8, Yes, NotEligible, 0),
            (No, 0, 7, Yes, Undetermined, 1),
            (NotRecorded, 0, 8, Yes, Undetermined, 1),
            (NotRecorded, 0, 0, NotRecorded, Undetermined, 10),
            (NotRecorded, 1, 0, NotRecorded, Undetermined, 1),
            (NotRecorded, 0, 0, No, NotEligible, 9),
        ] {
            let carer = carer(health, unable, able, impact);
            let found = eligibility(&carer, &Policy::builtin(), date(2026, 5, 1)).unwrap();
            assert_eq!(found.verdict, verdict, "{health} {unable} {able} {impact}");
            assert_eq!(found.missing.len(), missing, "{:?}", found.missing);
            assert_eq!(found.outcomes.len(), unable);
        }
    }

    #[test]
    fn care_that_is_not_necessary_is_not_counted() {
        let mut one = carer(Judged::Yes, 8, 0, Judged::Yes);
        one.necessary_care = because(Judged::No);
        let found = eligibility(&one, &Policy::builtin(), date(2026, 5, 1)).unwrap();
        assert_eq!(found.verdict, Verdict::NotEligible);
        assert_eq!(found.outcomes.len(), 8);
    }
}
