//! Does a person still need a hospital bed: the criteria to reside.
//!
//! Source: Hospital discharge service guidance, annex (DHSC), still in use on wards; RULES B.4,
//! B.6. The codes are data (`codes/criteria-to-reside.csv`); how often is a local parameter
//! (`reside.review_times`).
//!
//! In words: at each review a person needs a hospital bed if any criterion holds, or if a
//! clinical exception is written down. Otherwise they do not, and the day of the first such
//! review is the discharge-ready date. A review is due by each of the times of the day; one that
//! nobody made is late, and says by how much.

use jiff::civil::{DateTime, Time};

/// What a review says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Codes of the criteria that hold.
    pub criteria: Vec<String>,
    /// A clinical exception in words; empty for none.
    pub exception: String,
}

impl Said {
    /// Whether the person needs a hospital bed.
    pub fn meets(&self) -> bool {
        !self.criteria.is_empty() || !self.exception.trim().is_empty()
    }
}

/// Where the reviews of a day stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// Made for now; the next is due at this time today, if there is one.
    Made(Option<Time>),
    /// Not made yet, due at this time.
    Until(Time),
    /// Was due at this time and was not made.
    Late(Time),
}

/// Where the reviews of a day stand. `times` are those by which a review is due, in order;
/// `last` is the last review. Each review serves the time that comes next after it.
pub fn due(times: &[Time], last: Option<DateTime>, now: DateTime) -> Option<Due> {
    let made_by = |by: Time, after: Option<Time>| {
        last.is_some_and(|last| {
            last.date() == now.date()
                && last.time() <= by.max(now.time())
                && after.is_none_or(|after| last.time() > after)
        })
    };
    let mut before: Option<Time> = None;
    let mut late = None;
    for (index, by) in times.iter().copied().enumerate() {
        let made = made_by(by, before);
        if now.time() <= by {
            return Some(match (made, late) {
                (true, _) => Due::Made(times.get(index + 1).copied()),
                (false, Some(late)) => Due::Late(late),
                (false, None) => Due::Until(by),
            });
        }
        late = (!made).then_some(by);
        before = Some(by);
    }
    Some(match (late, before) {
        (Some(late), _) => Due::Late(late),
        (None, Some(_)) => Due::Made(None),
        (None, None) => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date, time};

    #[test]
    fn anything_that_holds_needs_a_bed() {
        let table = [
            (vec![], "", false),
            (vec!["3"], "", true),
            (vec![], " ", false),
            (vec![], "Awaiting result that may change treatment", true),
        ];
        for (criteria, exception, wanted) in table {
            let said = Said {
                criteria: criteria.into_iter().map(str::to_owned).collect(),
                exception: exception.to_owned(),
            };
            assert_eq!(said.meets(), wanted, "{said:?}");
        }
    }

    #[test]
    fn a_review_is_due_twice_a_day() {
        let (noon, six) = (time(12, 0, 0, 0), time(18, 0, 0, 0));
        let day = date(2026, 3, 29);
        let yesterday = Some(date(2026, 3, 28).at(17, 0, 0, 0));
        let at = |hour: i8| Some(day.at(hour, 0, 0, 0));
        let table = [
            (None, 8, Due::Until(noon)),
            (yesterday, 8, Due::Until(noon)),
            (at(8), 9, Due::Made(Some(six))),
            (None, 13, Due::Late(noon)),
            (at(8), 13, Due::Until(six)),
            (at(13), 14, Due::Made(None)),
            (at(8), 19, Due::Late(six)),
            (at(17), 19, Due::Made(None)),
            (yesterday, 19, Due::Late(six)),
        ];
        for (last, hour, wanted) in table {
            let found = due(&[noon, six], last, day.at(hour, 0, 0, 0));
            assert_eq!(found, Some(wanted), "{last:?} at {hour}");
        }
        assert_eq!(due(&[], None, day.at(8, 0, 0, 0)), None);
    }
}
