//! A need that services are asked to meet: written once, without a name.
//!
//! Source: RULES F.6 and the minimum that a provider must know to decide (Caldicott principle 3,
//! RULES H.4); PEERS a3 40 and 44.
//!
//! In words: a need says what kind of care, where, when in the day, with how many hands, which
//! skills, from which day and who pays. Of the person it says an age band and what is written of
//! their needs; who they are is told to the service that has accepted, and to nobody before.

use super::capacity::{Kind, TimeOfDay, Unit};
use crate::text_enum;
use jiff::civil::Date;

text_enum! {
    /// In which way services are asked.
    Way {
        /// All at once; the first acceptable answer wins.
        Parallel = "all at once",
        /// One after the other.
        InOrder = "one after the other",
    }
}

/// Visits at one time of day, every day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visits {
    /// When.
    pub time: TimeOfDay,
    /// How many a day.
    pub count: u32,
    /// How long each is, in minutes.
    pub minutes: u32,
}

/// A need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// Kind of care.
    pub kind: Kind,
    /// A postcode district or the name of a town; empty where it does not matter.
    pub zone: String,
    /// Visits at home; none for a bed.
    pub visits: Vec<Visits>,
    /// Two workers at each visit.
    pub double_handed: bool,
    /// Codes of the skills that it takes.
    pub skills: Vec<String>,
    /// First day wanted.
    pub starts_on: Date,
    /// Last first day that is acceptable without asking again.
    pub latest_start: Date,
}

/// Longest visit, in minutes: a night.
const LONGEST: u32 = 720;
/// Most visits at one time of day.
const MOST_VISITS: u32 = 6;

impl Need {
    /// How many workers come.
    pub const fn hands(&self) -> u32 {
        if self.double_handed { 2 } else { 1 }
    }

    /// How much of a unit some visits take. Hours are whole, rounded up.
    pub const fn takes(&self, visits: Visits, unit: Unit) -> u32 {
        match unit {
            Unit::Beds => 1,
            Unit::Visits => visits.count * self.hands(),
            Unit::Hours => (visits.count * visits.minutes * self.hands() * 7).div_ceil(60),
        }
    }

    /// What is wrong with it: the field, and what to do.
    pub fn faults(&self, today: Date) -> Vec<(&'static str, String)> {
        let mut faults = Vec::new();
        if self.kind.is_bed() && !self.visits.is_empty() {
            let text = "A bed has no visits: leave the visits empty, or choose care at home";
            faults.push(("visits", text.to_owned()));
        }
        if !self.kind.is_bed() && self.visits.is_empty() {
            let text = "Say how many visits a day, at one time of day at least";
            faults.push(("visits", text.to_owned()));
        }
        let fits = |one: &Visits| {
            (1..=MOST_VISITS).contains(&one.count) && (5..=LONGEST).contains(&one.minutes)
        };
        if !self.visits.iter().all(fits) {
            let text = format!(
                "Use 1 to {MOST_VISITS} visits at a time of day, of 5 to {LONGEST} minutes each"
            );
            faults.push(("visits", text));
        }
        if !self.kind.is_bed() && self.zone.trim().is_empty() {
            let text = "Say where, as a postcode district or a town: care at home depends on it";
            faults.push(("zone", text.to_owned()));
        }
        if self.starts_on < today {
            faults.push((
                "starts_on",
                "The first day must be today or later".to_owned(),
            ));
        }
        if self.latest_start < self.starts_on {
            let text = "The latest day must not be before the first day";
            faults.push(("latest_start", text.to_owned()));
        }
        faults
    }

    /// Hours a week of all visits, in minutes: what a package comes to.
    pub fn minutes_a_week(&self) -> u32 {
        let a_day: u32 = self.visits.iter().map(|one| one.count * one.minutes).sum();
        a_day * 7 * self.hands()
    }
}

/// Visits as they are kept: a line each, `morning 1 30`.
pub fn visits_kept(visits: &[Visits]) -> String {
    let lines: Vec<String> = visits
        .iter()
        .map(|one| format!("{}|{}|{}", one.time, one.count, one.minutes))
        .collect();
    lines.join("\n")
}

/// Reads visits back; `None` if a line is none.
pub fn read_visits(text: &str) -> Option<Vec<Visits>> {
    text.lines()
        .map(|line| {
            let mut parts = line.split('|');
            let visits = Visits {
                time: TimeOfDay::parse(parts.next()?)?,
                count: parts.next()?.parse().ok()?,
                minutes: parts.next()?.parse().ok()?,
            };
            parts.next().is_none().then_some(visits)
        })
        .collect()
}

/// Visits in words: `1 of 30 minutes in the morning`.
pub fn visits_in_words(visits: &[Visits], double_handed: bool) -> String {
    let with = if double_handed { ", two workers" } else { "" };
    let each: Vec<String> = visits
        .iter()
        .map(|one| {
            format!(
                "{}: {} of {} minutes{with}",
                one.time, one.count, one.minutes
            )
        })
        .collect();
    each.join("; ")
}

/// The band that an age is told in before anybody has accepted.
pub fn age_band(age: Option<i16>) -> &'static str {
    match age {
        None => "Age not known",
        Some(..18) => "Under 18",
        Some(18..45) => "18 to 44",
        Some(45..65) => "45 to 64",
        Some(65..75) => "65 to 74",
        Some(75..85) => "75 to 84",
        Some(85..95) => "85 to 94",
        Some(95..) => "95 or over",
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use jiff::civil::date;

    fn visits(time: TimeOfDay, count: u32, minutes: u32) -> Visits {
        Visits {
            time,
            count,
            minutes,
        }
    }

    fn need(kind: Kind, visits: Vec<Visits>) -> Need {
        Need {
            kind,
            zone: "ZZ1".to_owned(),
            visits,
            double_handed: false,
            skills: Vec::new(),
            starts_on: date(2026, 5, 1),
            latest_start: date(2026, 5, 2),
        }
    }

    #[test]
    fn what_is_wrong_names_its_field() {
        let morning = vec![visits(TimeOfDay::Morning, 1, 30)];
        let today = date(2026, 5, 1);
        let of =
            |need: Need| -> Vec<&str> { need.faults(today).into_iter().map(|one| one.0).collect() };
        assert_eq!(of(need(Kind::HomeCare, morning.clone())), [""; 0]);
        assert_eq!(of(need(Kind::HomeCare, Vec::new())), ["visits"]);
        assert_eq!(of(need(Kind::Nursing, Vec::new())), [""; 0]);
        assert_eq!(of(need(Kind::Nursing, morning.clone())), ["visits"]);
        let much = vec![visits(TimeOfDay::Tea, 7, 30)];
        assert_eq!(of(need(Kind::HomeCare, much)), ["visits"]);
        let mut nowhere = need(Kind::HomeCare, morning.clone());
        nowhere.zone = " ".to_owned();
        assert_eq!(of(nowhere), ["zone"]);
        let mut past = need(Kind::HomeCare, morning);
        past.starts_on = date(2026, 4, 30);
        past.latest_start = date(2026, 4, 29);
        assert_eq!(of(past), ["starts_on", "latest_start"]);
    }

    #[test]
    fn visits_take_so_much() {
        let mut one = need(Kind::HomeCare, Vec::new());
        let morning = visits(TimeOfDay::Morning, 1, 30);
        for (double_handed, unit, amount) in [
            (false, Unit::Beds, 1),
            (false, Unit::Visits, 1),
            (true, Unit::Visits, 2),
            // 3.5 hours a week.
            (false, Unit::Hours, 4),
            (true, Unit::Hours, 7),
        ] {
            one.double_handed = double_handed;
            assert_eq!(one.takes(morning, unit), amount, "{double_handed} {unit}");
        }
    }

    #[test]
    fn visits_read_back_as_they_were_kept() {
        let all = [
            visits(TimeOfDay::Morning, 1, 45),
            visits(TimeOfDay::Tea, 2, 30),
        ];
        assert_eq!(read_visits(&visits_kept(&all)).unwrap(), all);
        assert_eq!(read_visits("").unwrap(), []);
        assert_eq!(read_visits("morning|x|3"), None);
        assert_eq!(read_visits("morning|1|3|4"), None);
        assert_eq!(
            visits_in_words(&all, true),
            "morning: 1 of 45 minutes, two workers; tea time: 2 of 30 minutes, two workers"
        );
    }

    #[test]
    fn an_age_is_told_as_a_band() {
        for (age, band) in [
            (None, "Age not known"),
            (Some(17), "Under 18"),
            (Some(18), "18 to 44"),
            (Some(64), "45 to 64"),
            (Some(65), "65 to 74"),
            (Some(94), "85 to 94"),
            (Some(103), "95 or over"),
        ] {
            assert_eq!(age_band(age), band);
        }
    }
}
