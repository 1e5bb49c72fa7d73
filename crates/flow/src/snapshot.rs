//! Who is delayed on the day of the monthly snapshot.
//!
//! Source: NHS England, Delayed Transfers of Care statistics to March 2017; LG
//! Inform metric 4539; RULES A.7, point 3.
//!
//! In words: the snapshot counts the people delayed at midnight on the last
//! Thursday of the month. We take the midnight that ends the Thursday, so that
//! the snapshot and the count of days speak of the same day: a person is in the
//! snapshot exactly if that Thursday is a counted day of theirs. Which midnight
//! is meant is not established.

use crate::count_dtoc::{Stretch, is_counted};
use jiff::civil::{Date, Weekday};
use kernel::Month;
use kernel::calendar::add_days;

/// The last Thursday of a month.
pub fn last_thursday(month: Month) -> Date {
    let last = month.last();
    let since = i64::from(last.weekday().since(Weekday::Thursday));
    add_days(last, -since)
}

/// True if a stay with these stretches of delay is in the month's snapshot.
pub fn in_snapshot(stretches: &[Stretch], month: Month, count_ready_day: bool) -> bool {
    is_counted(stretches, last_thursday(month), count_ready_day)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use jiff::civil::date;

    #[test]
    fn last_thursdays() {
        for day in [
            date(2014, 11, 27),
            date(2015, 12, 31),
            date(2016, 2, 25),
            date(2017, 3, 30),
        ] {
            assert_eq!(last_thursday(Month::of(day)), day);
        }
    }

    #[test]
    fn examples() {
        let month = Month::of(date(2017, 3, 1));
        for (start, end, expected) in [
            (date(2017, 3, 28), None, true),
            (date(2017, 3, 30), None, false),
            (date(2017, 3, 28), Some(date(2017, 3, 30)), false),
            (date(2017, 3, 28), Some(date(2017, 3, 31)), true),
            (date(2017, 3, 1), Some(date(2017, 3, 20)), false),
        ] {
            let stretch = [Stretch {
                starts_on: start,
                ends_on: end,
            }];
            assert_eq!(in_snapshot(&stretch, month, false), expected, "{start}");
        }
    }
}
