//! When a service is open, when it opens again, and how that is said.
//!
//! Source: FHIR R4 `HealthcareService.availableTime` (days of the week, all day, a start and an
//! end) and `notAvailable` (days on which it is not so); schema.org `OpeningHoursSpecification`
//! (hours that close before they open run into the next day; hours of single days stand in the
//! place of the week's); clock changes by [`kernel::calendar`].
//!
//! In words: a week has hours for each day; a day that is not named is closed. Hours belong to
//! the day on which they begin, so those of Saturday night that run until two are Saturday's.
//! A single day's own hours stand in the place of its weekday's. So do those of bank holidays;
//! where nothing is said of bank holidays, nobody knows whether the service is open on one, and
//! that is what is said. Times are those of the clock on the wall in the United Kingdom: of an
//! hour that comes twice in autumn the first is meant.

mod read;
#[cfg(test)]
mod tests;
pub mod words;

pub use read::{Fault, read};

use jiff::Timestamp;
use jiff::civil::Date;
use kernel::calendar::{Calendar, add_days, instant, local};
use std::collections::BTreeMap;

/// Minutes in a day of the clock on the wall.
pub const DAY: u16 = 24 * 60;

/// Days ahead in which the next opening is looked for.
const AHEAD: i64 = 92;
/// Days ahead in which the end of an opening is looked for: longer is "day and night".
const LONG: i64 = 8;

/// From one time of day to another, in minutes after midnight; after [`DAY`] it is the next
/// day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    from: u16,
    to: u16,
}

impl Span {
    /// From one minute of the day to another; an end that is not later is one on the next day.
    /// `None` where the two are the same, or are no times of day.
    pub fn new(from: u16, to: u16) -> Option<Self> {
        if from >= DAY || to > DAY || from == to {
            return None;
        }
        let to = if to < from { to + DAY } else { to };
        Some(Self { from, to })
    }

    /// Minute of the day at which it begins, below [`DAY`].
    pub const fn from(self) -> u16 {
        self.from
    }

    /// Minute at which it ends, counted from the midnight before it began: at most twice
    /// [`DAY`].
    pub const fn to(self) -> u16 {
        self.to
    }

    /// Its ends as instants, if it begins on a day; `None` for one that the clocks leave out.
    fn on(self, day: Date) -> Option<(Timestamp, Timestamp)> {
        let at = |minute: u16| {
            let day = add_days(day, i64::from(minute / DAY));
            let minute = minute % DAY;
            let hour = i8::try_from(minute / 60).ok()?;
            instant(day.at(hour, i8::try_from(minute % 60).ok()?, 0, 0))
        };
        let (from, to) = (at(self.from)?, at(self.to)?);
        (from < to).then_some((from, to))
    }
}

/// What is known of bank holidays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Holidays {
    /// Nothing.
    #[default]
    NotSaid,
    /// As on any such day of the week.
    AsUsual,
    /// These hours; closed if there are none.
    Hours(Vec<Span>),
}

/// Opening hours of a service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opening {
    week: [Vec<Span>; 7],
    holidays: Holidays,
    days: BTreeMap<Date, Vec<Span>>,
}

/// How a service stands at an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Open, until then; `None` if no end is near.
    Open {
        /// When it closes.
        until: Option<Timestamp>,
    },
    /// Closed, until then; `None` if no next opening is known.
    Closed {
        /// When it opens again.
        opens: Option<Timestamp>,
    },
    /// Not known.
    NotSaid {
        /// The bank holiday of which nothing is said; `None` where no hours are known at all.
        holiday: Option<String>,
    },
}

impl State {
    /// Whether it is known to be open.
    pub const fn is_open(&self) -> bool {
        matches!(self, Self::Open { .. })
    }

    /// Whether it is known to be closed.
    pub const fn is_closed(&self) -> bool {
        matches!(self, Self::Closed { .. })
    }
}

impl Opening {
    /// Whether any hours are known.
    pub fn is_known(&self) -> bool {
        self.week.iter().any(|day| !day.is_empty()) || self.days.values().any(|d| !d.is_empty())
    }

    /// Hours of a day of the week, Monday being 0; none for a number that is no day.
    pub fn weekday(&self, day: usize) -> &[Span] {
        self.week.get(day).map_or(&[], Vec::as_slice)
    }

    /// What is known of bank holidays.
    pub const fn holidays(&self) -> &Holidays {
        &self.holidays
    }

    /// Single days with hours of their own, in order; closed where there are none.
    pub fn days(&self) -> impl Iterator<Item = (Date, &[Span])> {
        self.days
            .iter()
            .map(|(day, hours)| (*day, hours.as_slice()))
    }

    /// Hours that begin on a day.
    ///
    /// # Errors
    /// Name of the bank holiday of which nothing is said.
    pub fn on<'a>(&'a self, day: Date, calendar: &'a Calendar) -> Result<&'a [Span], &'a str> {
        if let Some(hours) = self.days.get(&day) {
            return Ok(hours);
        }
        let offset = day.weekday().to_monday_zero_offset();
        let usual = self.weekday(usize::try_from(offset).unwrap_or(7));
        // A year that is not on file has no bank holidays that anybody could name.
        match (calendar.bank_holiday(day).unwrap_or(None), &self.holidays) {
            (None, _) | (Some(_), Holidays::AsUsual) => Ok(usual),
            (Some(_), Holidays::Hours(hours)) => Ok(hours),
            (Some(name), Holidays::NotSaid) => Err(name),
        }
    }

    /// How the service stands at an instant.
    pub fn at(&self, now: Timestamp, calendar: &Calendar) -> State {
        let today = local(now).date();
        if !self.is_known() {
            return State::NotSaid { holiday: None };
        }
        let near = self.stretches(add_days(today, -1), add_days(today, LONG), calendar);
        let open = near.iter().find(|(from, to)| *from <= now && now < *to);
        if let Some((_, to)) = open {
            let long = instant(add_days(today, LONG).at(0, 0, 0, 0)).unwrap_or(now);
            return State::Open {
                until: Some(*to).filter(|to| *to < long),
            };
        }
        if let Err(holiday) = self.on(today, calendar) {
            return State::NotSaid {
                holiday: Some(holiday.to_owned()),
            };
        }
        let next = |stretches: &[(Timestamp, Timestamp)]| {
            let mut starts = stretches.iter().map(|(from, _)| *from);
            starts.find(|from| *from > now)
        };
        let far = || self.stretches(add_days(today, LONG), add_days(today, AHEAD), calendar);
        State::Closed {
            opens: next(&near).or_else(|| next(&far())),
        }
    }

    /// Stretches of being open that begin on the days from one to another, in order; those
    /// that touch or overlap are one.
    fn stretches(
        &self,
        first: Date,
        last: Date,
        calendar: &Calendar,
    ) -> Vec<(Timestamp, Timestamp)> {
        let mut all: Vec<(Timestamp, Timestamp)> = Vec::new();
        let mut day = first;
        while day <= last {
            for span in self.on(day, calendar).unwrap_or_default() {
                all.extend(span.on(day));
            }
            day = add_days(day, 1);
        }
        all.sort_unstable();
        let mut joined: Vec<(Timestamp, Timestamp)> = Vec::new();
        for (from, to) in all {
            match joined.last_mut() {
                Some((_, end)) if from <= *end => *end = to.max(*end),
                _ => joined.push((from, to)),
            }
        }
        joined
    }
}
