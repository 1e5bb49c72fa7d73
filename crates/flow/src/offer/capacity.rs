//! What a service says that it has free: beds, visits or hours.
//!
//! Source: RULES F.6 (capacity of services); the shape of a figure is ours.
//!
//! In words: a figure is of one kind of care, for where the service works or a part of it, for
//! one time of day or any, in one unit, with the skills that come with it. Beds have no time of
//! day; care at home is told in visits a day or hours a week. A figure is worth what its age
//! makes it worth: after some hours, a parameter, it is old and says so.

use crate::text_enum;
use jiff::Timestamp;
use kernel::CapacityId;

text_enum! {
    /// Kind of care.
    Kind {
        /// Visits at home.
        HomeCare = "home care",
        /// Visits at home to get back on one's feet.
        Reablement = "reablement",
        /// Hospital care at home.
        AcuteAtHome = "acute care at home",
        /// A bed for some weeks, to recover.
        IntermediateCare = "intermediate care bed",
        /// A bed in a ward of a community hospital.
        Ward = "ward bed",
        /// A care home without nursing.
        Residential = "residential bed",
        /// A care home with nursing.
        Nursing = "nursing bed",
    }
}

impl Kind {
    /// Whether it is a bed.
    pub const fn is_bed(self) -> bool {
        matches!(
            self,
            Self::IntermediateCare | Self::Ward | Self::Residential | Self::Nursing
        )
    }

    /// The pathway it belongs to (RULES B.3).
    pub const fn pathway(self) -> u8 {
        match self {
            Self::HomeCare | Self::Reablement | Self::AcuteAtHome => 1,
            Self::IntermediateCare | Self::Ward => 2,
            Self::Residential | Self::Nursing => 3,
        }
    }

    /// What it is called, with a capital.
    pub const fn label(self) -> &'static str {
        match self {
            Self::HomeCare => "Home care",
            Self::Reablement => "Reablement",
            Self::AcuteAtHome => "Acute care at home",
            Self::IntermediateCare => "Intermediate care bed",
            Self::Ward => "Community hospital bed",
            Self::Residential => "Care home bed",
            Self::Nursing => "Nursing home bed",
        }
    }
}

text_enum! {
    /// What is counted.
    Unit {
        /// Beds.
        Beds = "beds",
        /// Visits a day.
        Visits = "visits a day",
        /// Hours a week.
        Hours = "hours a week",
    }
}

impl Unit {
    /// A number of them: `1 bed`, `3 visits a day`.
    pub fn counted(self, number: u32) -> String {
        let words = match (self, number) {
            (Self::Beds, 1) => "bed",
            (Self::Beds, _) => "beds",
            (Self::Visits, 1) => "visit a day",
            (Self::Visits, _) => "visits a day",
            (Self::Hours, 1) => "hour a week",
            (Self::Hours, _) => "hours a week",
        };
        format!("{number} {words}")
    }
}

text_enum! {
    /// A time of day.
    TimeOfDay {
        /// Whenever.
        Any = "any time",
        /// Getting up.
        Morning = "morning",
        /// Lunch.
        Midday = "midday",
        /// Late afternoon.
        Tea = "tea time",
        /// Going to bed.
        Evening = "evening",
        /// Through the night.
        Night = "night",
    }
}

impl TimeOfDay {
    /// The times that a visit can be at, in the order of the day.
    pub const VISITS: [Self; 5] = [
        Self::Morning,
        Self::Midday,
        Self::Tea,
        Self::Evening,
        Self::Night,
    ];
}

/// Most that one figure may say: more is a slip of the finger.
pub const MOST: u32 = 2_000;

/// One figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Its id.
    pub id: CapacityId,
    /// Kind of care.
    pub kind: Kind,
    /// Postcodes and names of towns; empty is wherever the service works.
    pub zone: String,
    /// Time of day.
    pub time: TimeOfDay,
    /// What is counted.
    pub unit: Unit,
    /// How many are free.
    pub free: u32,
    /// Codes of skills.
    pub skills: Vec<String>,
}

/// What is wrong with a figure: the field, and what to do.
pub fn faults(kind: Kind, time: TimeOfDay, unit: Unit, free: u32) -> Vec<(&'static str, String)> {
    let mut faults = Vec::new();
    if kind.is_bed() != (unit == Unit::Beds) {
        let text = match kind.is_bed() {
            true => "Beds are counted in beds",
            false => "Care at home is counted in visits a day or hours a week",
        };
        faults.push(("unit", text.to_owned()));
    }
    if kind.is_bed() && time != TimeOfDay::Any {
        faults.push(("time", "A bed is there at any time of day".to_owned()));
    }
    if free > MOST {
        let text = format!("Enter a number from 0 to {MOST}");
        faults.push(("free", text));
    }
    faults
}

/// How old a figure is, in words: `told 3 hours ago`.
pub fn told(at: Timestamp, now: Timestamp) -> String {
    let minutes = (now.as_second() - at.as_second()).max(0) / 60;
    let (count, unit) = match minutes {
        0 => return "told just now".to_owned(),
        1..60 => (minutes, "minute"),
        60..2_880 => (minutes / 60, "hour"),
        _ => (minutes / 1_440, "day"),
    };
    let s = if count == 1 { "" } else { "s" };
    format!("told {count} {unit}{s} ago")
}

/// Whether a figure is too old to rely on: told longer ago than so many hours.
pub fn is_stale(at: Timestamp, now: Timestamp, hours: i64) -> bool {
    now.as_second() - at.as_second() > hours.max(0).saturating_mul(3_600)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + jiff::SignedDuration::from_mins(minutes)
    }

    #[test]
    fn a_figure_tells_its_age() {
        for (minutes, words, stale) in [
            (0, "told just now", false),
            // A clock that is a little ahead.
            (-5, "told just now", false),
            (1, "told 1 minute ago", false),
            (59, "told 59 minutes ago", false),
            (60, "told 1 hour ago", false),
            (1_440, "told 24 hours ago", false),
            (1_441, "told 24 hours ago", true),
            (2_879, "told 47 hours ago", true),
            (2_880, "told 2 days ago", true),
            (30_000, "told 20 days ago", true),
        ] {
            assert_eq!(told(at(0), at(minutes)), words);
            assert_eq!(is_stale(at(0), at(minutes), 24), stale, "{minutes}");
        }
    }

    #[test]
    fn a_figure_is_counted_as_its_kind_is() {
        for (kind, time, unit, free, fields) in [
            (Kind::HomeCare, TimeOfDay::Morning, Unit::Visits, 3, vec![]),
            (Kind::HomeCare, TimeOfDay::Any, Unit::Hours, 0, vec![]),
            (Kind::HomeCare, TimeOfDay::Any, Unit::Beds, 1, vec!["unit"]),
            (Kind::Nursing, TimeOfDay::Any, Unit::Beds, 2, vec![]),
            (Kind::Nursing, TimeOfDay::Any, Unit::Visits, 2, vec!["unit"]),
            (Kind::Nursing, TimeOfDay::Tea, Unit::Beds, 2, vec!["time"]),
            (Kind::Ward, TimeOfDay::Any, Unit::Beds, 2_001, vec!["free"]),
        ] {
            let found: Vec<&str> = faults(kind, time, unit, free)
                .into_iter()
                .map(|fault| fault.0)
                .collect();
            assert_eq!(found, fields, "{kind} {time} {unit} {free}");
        }
    }

    #[test]
    fn numbers_are_read_with_their_unit() {
        assert_eq!(Unit::Beds.counted(1), "1 bed");
        assert_eq!(Unit::Visits.counted(0), "0 visits a day");
        assert_eq!(Unit::Hours.counted(12), "12 hours a week");
    }
}
