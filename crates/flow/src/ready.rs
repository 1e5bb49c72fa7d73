//! When a person is ready to leave.
//!
//! Source: Monthly Delayed Transfers of Care definitions (NHS England, v1.09,
//! 2015); RULES A.2.
//!
//! In words: a person is ready from the day on which the last of three tests is
//! met: a clinical decision, a decision of the multi-disciplinary team, and that
//! it is safe to go. One or two of them are not enough. Where a sender gives one
//! date of readiness and none of the tests, that date stands.

use crate::Stay;
use crate::text_enum;
use jiff::civil::Date;

text_enum! {
    /// The three tests.
    ReadyTest {
        /// A clinical decision that the person is ready.
        Clinical = "clinical decision",
        /// A decision of the multi-disciplinary team.
        Team = "team decision",
        /// It is safe to discharge or transfer.
        Safe = "safe to go",
    }
}

/// Days on which the tests were met.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReadyTests {
    /// Day of the clinical decision.
    pub clinical: Option<Date>,
    /// Day of the team's decision.
    pub team: Option<Date>,
    /// Day from which it is safe.
    pub safe: Option<Date>,
}

impl ReadyTests {
    /// The tests of a stay.
    pub fn of(stay: &Stay) -> Self {
        Self {
            clinical: stay.clinical_ready_on,
            team: stay.mdt_ready_on,
            safe: stay.safe_on,
        }
    }

    /// The day of one test.
    pub fn get(&self, test: ReadyTest) -> Option<Date> {
        match test {
            ReadyTest::Clinical => self.clinical,
            ReadyTest::Team => self.team,
            ReadyTest::Safe => self.safe,
        }
    }

    /// The same with one test set or undone.
    pub fn with(mut self, test: ReadyTest, day: Option<Date>) -> Self {
        match test {
            ReadyTest::Clinical => self.clinical = day,
            ReadyTest::Team => self.team = day,
            ReadyTest::Safe => self.safe = day,
        }
        self
    }

    /// The tests that are not met.
    pub fn missing(&self) -> Vec<ReadyTest> {
        ReadyTest::ALL
            .iter()
            .copied()
            .filter(|test| self.get(*test).is_none())
            .collect()
    }
}

/// The day from which a person is ready; `None` while they are not.
pub fn ready_on(tests: ReadyTests, as_sent: Option<Date>) -> Option<Date> {
    match (tests.clinical, tests.team, tests.safe) {
        (Some(clinical), Some(team), Some(safe)) => Some(clinical.max(team).max(safe)),
        (None, None, None) => as_sent,
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn examples() {
        let day = |d| Some(date(2018, 8, d));
        for (clinical, team, safe, as_sent, expected) in [
            (day(1), day(3), day(2), None, day(3)),
            (day(3), day(3), day(3), None, day(3)),
            (day(1), day(3), None, None, None),
            (None, None, day(2), day(1), None),
            (None, None, None, day(6), day(6)),
            (day(1), day(2), day(3), day(6), day(3)),
            (None, None, None, None, None),
        ] {
            assert_eq!(
                ready_on(
                    ReadyTests {
                        clinical,
                        team,
                        safe
                    },
                    as_sent
                ),
                expected
            );
        }
    }

    #[test]
    fn says_which_tests_are_missing() {
        let tests = ReadyTests::default().with(ReadyTest::Team, Some(date(2018, 8, 1)));
        assert_eq!(tests.missing(), [ReadyTest::Clinical, ReadyTest::Safe]);
        assert_eq!(tests.with(ReadyTest::Team, None).missing().len(), 3);
    }
}
