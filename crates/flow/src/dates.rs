//! In which order the dates of a stay must stand.
//!
//! Source: NHS Data Dictionary, admitted patient care (admission before
//! discharge); New Discharge Ready Date (NHS England, PRN00603, 2023): the ready
//! date lies between the two; RULES A.2 and B.6.
//!
//! In words: nobody is ready before admission, leaves before admission or leaves
//! before being ready; the expected date is not before admission; what has
//! happened does not lie in the future.

use crate::Stay;
use crate::steps::Moment;
use jiff::civil::Date;

/// One date that is out of order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateProblem {
    /// The field.
    pub field: &'static str,
    /// What is wrong and what to do.
    pub text: String,
}

/// Every date of a stay that is out of order; empty if all is well.
pub fn check_dates(stay: &Stay, today: Date) -> Vec<DateProblem> {
    let mut problems = Vec::new();
    let mut wrong = |field, text: String| problems.push(DateProblem { field, text });
    let words = |day: Date| Moment::Day(day).in_words();
    let admitted = words(stay.admitted_on);
    let tests = [
        ("clinical_ready_on", stay.clinical_ready_on),
        ("mdt_ready_on", stay.mdt_ready_on),
        ("safe_on", stay.safe_on),
    ];
    let any_test = tests.iter().any(|(_, day)| day.is_some());
    let ready = if any_test { None } else { stay.ready_on };
    for (field, day) in tests.into_iter().chain([("ready_on", ready)]) {
        let Some(day) = day else { continue };
        if day < stay.admitted_on {
            wrong(
                field,
                format!("The date must be on or after admission on {admitted}"),
            );
        } else if day > today {
            wrong(field, "The date must not be in the future".to_owned());
        }
    }
    if stay.expected_on.is_some_and(|day| day < stay.admitted_on) {
        wrong(
            "expected_on",
            format!("The date must be on or after admission on {admitted}"),
        );
    }
    if let Some(left) = stay.discharged_on {
        if left < stay.admitted_on {
            wrong(
                "discharged_on",
                format!("The date must be on or after admission on {admitted}"),
            );
        } else if left > today {
            wrong(
                "discharged_on",
                "The date must not be in the future".to_owned(),
            );
        } else if let Some(ready_on) = stay.ready_on.filter(|ready_on| *ready_on > left) {
            let text = format!(
                "The date must be on or after the ready date, {}; correct the ready date first if that is wrong",
                words(ready_on)
            );
            wrong("discharged_on", text);
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use crate::segments::tests::stay;
    use jiff::civil::date;

    #[test]
    fn examples() {
        let d = |day| Some(date(2018, 4, day));
        let today = date(2018, 4, 20);
        for (ready, left, expected) in [
            (d(5), d(8), None),
            (d(5), None, None),
            (None, d(1), None),
            (d(9), d(8), Some(("discharged_on", "9 April 2018"))),
            (
                Some(date(2018, 3, 30)),
                None,
                Some(("ready_on", "1 April 2018")),
            ),
            (
                None,
                Some(date(2018, 3, 30)),
                Some(("discharged_on", "admission")),
            ),
            (d(21), None, Some(("ready_on", "future"))),
            (None, d(21), Some(("discharged_on", "future"))),
        ] {
            let found = check_dates(&stay(ready, left, &[]), today);
            match expected {
                None => assert_eq!(found, []),
                Some((field, words)) => {
                    assert_eq!(found.len(), 1, "{found:?}");
                    assert_eq!(found[0].field, field);
                    assert!(found[0].text.contains(words), "{}", found[0].text);
                }
            }
        }
    }

    #[test]
    fn a_test_of_readiness_is_named() {
        let mut stay = stay(None, None, &[]);
        stay.safe_on = Some(date(2018, 3, 1));
        assert_eq!(check_dates(&stay, date(2018, 4, 20))[0].field, "safe_on");
    }
}
