//! Whether an adult's needs are eligible.
//!
//! Source: Care and Support (Eligibility Criteria) Regulations 2015 (SI 2015/313) regulation 2;
//! RULES G.2 (from memory).
//!
//! In words: an adult's needs are eligible if they arise from or are related to a physical or
//! mental impairment or illness, and because of them the adult is unable to achieve two or more
//! of ten outcomes, and in consequence there is, or is likely to be, a significant impact on
//! their wellbeing. All three are needed, each with its reason. The impact is never inferred
//! from the outcomes.

use super::{Condition, Eligibility, Judgement, OutcomeJudgement, Outcomes, all_needed, needed};
use crate::policy::Policy;
use crate::text_enum;
use jiff::civil::Date;
use kernel::parameters::ParameterError;
use std::collections::BTreeMap;

/// The rule with its citation.
pub const RULE: &str = "Care and Support (Eligibility Criteria) Regulations 2015 (SI 2015/313) regulation 2; \
     Care Act 2014 section 13";

text_enum! {
    /// The outcomes of regulation 2(2), (a) to (j).
    Outcome {
        /// (a) Managing and maintaining nutrition.
        Nutrition = "nutrition",
        /// (b) Maintaining personal hygiene.
        Hygiene = "hygiene",
        /// (c) Managing toilet needs.
        Toilet = "toilet",
        /// (d) Being appropriately clothed.
        Clothing = "clothing",
        /// (e) Being able to make use of the home safely.
        HomeSafety = "home_safety",
        /// (f) Maintaining a habitable home environment.
        Home = "home",
        /// (g) Developing and maintaining family or other personal relationships.
        Relationships = "relationships",
        /// (h) Accessing and engaging in work, training, education or volunteering.
        Work = "work",
        /// (i) Making use of necessary facilities or services in the local community.
        Community = "community",
        /// (j) Carrying out any caring responsibilities for a child.
        Children = "children",
    }
}

impl Outcome {
    /// The outcome in the words of the regulation.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Nutrition => "managing and maintaining nutrition",
            Self::Hygiene => "maintaining personal hygiene",
            Self::Toilet => "managing toilet needs",
            Self::Clothing => "being appropriately clothed",
            Self::HomeSafety => "being able to make use of the home safely",
            Self::Home => "maintaining a habitable home environment",
            Self::Relationships => {
                "developing and maintaining family or other personal relationships"
            }
            Self::Work => "accessing and engaging in work, training, education or volunteering",
            Self::Community => {
                "making use of necessary facilities or services in the local community, including \
                 public transport and recreation"
            }
            Self::Children => "carrying out any caring responsibilities for a child",
        }
    }
}

/// What was judged of an adult.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Adult {
    /// The needs arise from or are related to a physical or mental impairment or illness.
    pub impairment: Judgement,
    /// Outcomes of which something was said.
    pub outcomes: BTreeMap<Outcome, OutcomeJudgement>,
    /// In consequence there is, or is likely to be, a significant impact on wellbeing.
    pub significant_impact: Judgement,
}

/// Whether an adult's needs are eligible by the rule of a day.
///
/// # Errors
/// If `eligibility.adult_outcomes` has no value for that day: the rule began in April 2015.
pub fn eligibility(
    adult: &Adult,
    policy: &Policy,
    day: Date,
) -> Result<Eligibility, ParameterError> {
    let (needed, rests_on) = needed(policy, "eligibility.adult_outcomes", day)?;
    let outcomes = Outcomes {
        judged: Outcome::ALL
            .iter()
            .map(|one| (one.as_str(), adult.outcomes.get(one)))
            .collect(),
        needed,
    };
    let impairment = Condition {
        name: "impairment",
        judgement: &adult.impairment,
    };
    let impact = Condition {
        name: "significant_impact",
        judgement: &adult.significant_impact,
    };
    let enough = outcomes.enough();
    let mut missing: Vec<String> = impairment.missing().into_iter().collect();
    if enough == super::Judged::NotRecorded {
        missing.extend(outcomes.missing());
    }
    missing.extend(impact.missing());
    Ok(Eligibility {
        verdict: all_needed(&[
            adult.impairment.settled(),
            enough,
            adult.significant_impact.settled(),
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
    use super::super::{Judged, Verdict, Way};
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn because(judged: Judged) -> Judgement {
        Judgement::new(judged, "seen at home")
    }

    /// `unable` and `able` outcomes by their first letters in order, the rest not recorded.
    fn adult(impairment: Judged, unable: usize, able: usize, impact: Judged) -> Adult {
        let judged = |judged| OutcomeJudgement {
            unable: because(judged),
            ways: Vec::new(),
        };
        Adult {
            impairment: because(impairment),
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

    fn found(adult: &Adult) -> Eligibility {
        eligibility(adult, &Policy::builtin(), date(2026, 5, 1)).unwrap()
    }

    /// RULES P, vector V16 and its neighbours.
    #[test]
    fn examples() {
        use Judged::{No, NotRecorded, Yes};
        use Verdict::{Eligible, NotEligible, Undetermined};
        for (impairment, unable, able, impact, verdict, missing) in [
            // V16: two outcomes unable, the impact not recorded.
            (Yes, 2, 8, NotRecorded, Undetermined, "significant_impact"),
            (Yes, 2, 0, Yes, Eligible, ""),
            (Yes, 10, 0, Yes, Eligible, ""),
            (Yes, 1, 9, Yes, NotEligible, ""),
            // Nine judged: one unable and one left open could still be two.
            (Yes, 1, 8, Yes, Undetermined, "outcomes.children"),
            (Yes, 0, 9, Yes, NotEligible, ""),
            (Yes, 2, 8, No, NotEligible, ""),
            // A definite no settles it, whatever else is missing.
            (No, 0, 9, NotRecorded, NotEligible, "significant_impact"),
            (
                NotRecorded,
                1,
                9,
                NotRecorded,
                NotEligible,
                "impairment significant_impact",
            ),
            (NotRecorded, 3, 7, Yes, Undetermined, "impairment"),
        ] {
            let found = found(&adult(impairment, unable, able, impact));
            assert_eq!(
                found.verdict, verdict,
                "{impairment} {unable} {able} {impact}"
            );
            assert_eq!(found.missing.join(" "), missing);
            assert_eq!(found.outcomes.len(), unable);
        }
    }

    #[test]
    fn nothing_recorded_is_undetermined_and_says_what_is_missing() {
        let found = found(&Adult::default());
        assert_eq!(found.verdict, Verdict::Undetermined);
        assert_eq!(found.missing.len(), 12);
        assert!(!found.rests_on.is_settled());
    }

    #[test]
    fn a_judgement_without_a_reason_is_not_recorded() {
        let mut one = adult(Judged::Yes, 2, 0, Judged::Yes);
        one.significant_impact.rationale = "  ".to_owned();
        let found_one = found(&one);
        assert_eq!(found_one.verdict, Verdict::Undetermined);
        assert_eq!(found_one.missing, ["significant_impact.rationale"]);
        let mut two = adult(Judged::Yes, 2, 8, Judged::Yes);
        let hygiene = two.outcomes.get_mut(&Outcome::Hygiene).unwrap();
        hygiene.unable.rationale = String::new();
        let found_two = found(&two);
        assert_eq!(found_two.verdict, Verdict::Undetermined);
        assert_eq!(found_two.missing, ["outcomes.hygiene.rationale"]);
        let hygiene = two.outcomes.get_mut(&Outcome::Hygiene).unwrap();
        hygiene.ways = vec![Way::Pain];
        assert_eq!(found(&two).verdict, Verdict::Eligible);
    }

    #[test]
    fn the_rule_began_in_april_2015() {
        let error = eligibility(&Adult::default(), &Policy::builtin(), date(2015, 3, 31));
        let error = error.unwrap_err().to_string();
        assert!(
            error.starts_with("no value of eligibility.adult_outcomes"),
            "{error}"
        );
    }

    proptest! {
        /// Recording more never turns a settled verdict into another.
        #[test]
        fn what_is_settled_stays_settled(unable in 0usize..=10, able in 0usize..=10, at in 0usize..10, yes: bool) {
            let able = able.min(10 - unable);
            let before = adult(Judged::Yes, unable, able, Judged::Yes);
            let verdict = found(&before).verdict;
            let mut after = before;
            let judged = Judged::of(yes);
            after.outcomes.entry(Outcome::ALL[at]).or_insert(OutcomeJudgement {
                unable: because(judged),
                ways: Vec::new(),
            });
            if verdict != Verdict::Undetermined {
                prop_assert_eq!(found(&after).verdict, verdict);
            }
        }
    }
}
