//! Official delayed days: what a figure is about, and the sums that must hold.
//!
//! Rule: NHS England, Monthly Delayed Transfers of Care statistics (2010 to 2020)
//! and Monthly DToC definitions v1.09 (2015). In words: each delayed day of an
//! area has one kind of care, one responsible side and one reason, so the days by
//! kind of care, by responsible side and by reason each add up to the same total.
//! Reason O exists from April 2017 only: before that it is missing, not nil.

use std::fmt;

/// How the days of an area are broken down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Dimension {
    /// Not broken down.
    Total,
    /// Acute or non-acute care.
    CareType,
    /// NHS, social care or both.
    Responsible,
    /// Reason A to I, and O.
    Reason,
}

impl Dimension {
    /// Every breakdown.
    pub const ALL: [Self; 4] = [Self::Total, Self::Responsible, Self::Reason, Self::CareType];

    /// The word it is kept and asked for by.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Total => "total",
            Self::CareType => "care-type",
            Self::Responsible => "responsible",
            Self::Reason => "reason",
        }
    }

    /// What it is called on screen.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Total => "Total",
            Self::CareType => "Type of care",
            Self::Responsible => "Responsible organisation",
            Self::Reason => "Reason",
        }
    }

    /// Reads the word back.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|dimension| dimension.as_str() == text)
    }

    /// The keys of this breakdown, in order.
    pub fn keys(self) -> impl Iterator<Item = DelayKey> {
        DelayKey::ALL
            .into_iter()
            .filter(move |key| key.dimension() == self)
    }
}

impl fmt::Display for Dimension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

macro_rules! delay_keys {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $dimension:ident, $label:literal;)+) => {
        /// One figure of an area in a month.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum DelayKey { $($(#[$doc])* $name),+ }

        impl DelayKey {
            /// Every key, in the order of the published tables.
            pub const ALL: [Self; delay_keys!(@count $($name)+)] = [$(Self::$name),+];

            /// The text it is kept and printed as.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }

            /// The breakdown it belongs to.
            pub const fn dimension(self) -> Dimension {
                match self { $(Self::$name => Dimension::$dimension),+ }
            }

            /// What it is called on screen.
            pub const fn label(self) -> &'static str {
                match self { $(Self::$name => $label),+ }
            }
        }
    };
    (@count $($name:ident)+) => { [$(delay_keys!(@one $name)),+].len() };
    (@one $name:ident) => { () };
}

delay_keys! {
    /// All days.
    Total = "total", Total, "All delays";
    /// Days in acute care.
    Acute = "acute", CareType, "Acute care";
    /// Days in non-acute care.
    NonAcute = "non-acute", CareType, "Non-acute care";
    /// Days the NHS is responsible for.
    Nhs = "nhs", Responsible, "NHS";
    /// Days social care is responsible for.
    SocialCare = "social care", Responsible, "Social care";
    /// Days both are responsible for, counted once.
    Both = "both", Responsible, "Both";
    /// Reason A.
    A = "A", Reason, "Completion of assessment";
    /// Reason B.
    B = "B", Reason, "Public funding";
    /// Reason C.
    C = "C", Reason, "Further NHS non-acute care";
    /// Reason D(i).
    Di = "D(i)", Reason, "Residential home place";
    /// Reason D(ii).
    Dii = "D(ii)", Reason, "Nursing home place";
    /// Reason E.
    E = "E", Reason, "Care package in own home";
    /// Reason F.
    F = "F", Reason, "Community equipment and adaptations";
    /// Reason G.
    G = "G", Reason, "Patient or family choice";
    /// Reason H.
    H = "H", Reason, "Disputes";
    /// Reason I.
    I = "I", Reason, "Housing";
    /// Reason O, from April 2017.
    O = "O", Reason, "Other";
}

impl DelayKey {
    /// Reads a key back by its breakdown and text.
    pub fn parse(dimension: Dimension, text: &str) -> Option<Self> {
        dimension.keys().find(|key| key.as_str() == text)
    }
}

impl fmt::Display for DelayKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Delayed days of one area in one month, by every key the publication gives.
/// A figure that was not published is `None`, never nil.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DelayDays([Option<i64>; DelayKey::ALL.len()]);

/// A sum that does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SumFault {
    /// The breakdown that does not add up to the total.
    pub dimension: Dimension,
    /// What its figures add up to, in days.
    pub sum: i64,
    /// The total given, in days.
    pub total: i64,
}

impl DelayDays {
    /// The days under a key, if published.
    pub fn get(&self, key: DelayKey) -> Option<i64> {
        self.0[key as usize]
    }

    /// Puts the days under a key.
    pub fn set(&mut self, key: DelayKey, days: i64) {
        self.0[key as usize] = Some(days);
    }

    /// All published figures, in order.
    pub fn figures(&self) -> impl Iterator<Item = (DelayKey, i64)> + '_ {
        DelayKey::ALL
            .into_iter()
            .filter_map(|key| Some((key, self.get(key)?)))
    }

    /// Sum of the published figures of a breakdown; `None` if there are none.
    pub fn sum(&self, dimension: Dimension) -> Option<i64> {
        let mut figures = dimension.keys().filter_map(|key| self.get(key)).peekable();
        figures.peek()?;
        Some(figures.fold(0, i64::saturating_add))
    }

    /// Every breakdown that does not add up to the total. Without a total there
    /// is nothing to check against and nothing is found.
    pub fn faults(&self) -> Vec<SumFault> {
        let Some(total) = self.get(DelayKey::Total) else {
            return Vec::new();
        };
        [
            Dimension::CareType,
            Dimension::Responsible,
            Dimension::Reason,
        ]
        .into_iter()
        .filter_map(|dimension| {
            let sum = self.sum(dimension)?;
            (sum != total).then_some(SumFault {
                dimension,
                sum,
                total,
            })
        })
        .collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;

    #[test]
    fn keys_read_back() {
        for key in DelayKey::ALL {
            assert_eq!(DelayKey::parse(key.dimension(), key.as_str()), Some(key));
        }
        assert_eq!(DelayKey::parse(Dimension::Reason, "nhs"), None);
        assert_eq!(Dimension::parse("care-type"), Some(Dimension::CareType));
        assert_eq!(Dimension::Reason.keys().count(), 11);
    }

    #[test]
    fn sums_are_checked_against_the_total() {
        use DelayKey::{A, Acute, Both, C, Nhs, NonAcute, SocialCare, Total};
        let mut days = DelayDays::default();
        for (key, n) in [
            (Total, 10),
            (Acute, 6),
            (NonAcute, 4),
            (Nhs, 7),
            (SocialCare, 2),
            (Both, 1),
            (A, 4),
            (C, 6),
        ] {
            days.set(key, n);
        }
        assert_eq!(days.faults(), []);
        assert_eq!(days.get(DelayKey::O), None, "not published is not nil");
        days.set(Both, 2);
        assert_eq!(
            days.faults(),
            [SumFault {
                dimension: Dimension::Responsible,
                sum: 11,
                total: 10
            }]
        );
        assert_eq!(DelayDays::default().faults(), []);
    }
}
