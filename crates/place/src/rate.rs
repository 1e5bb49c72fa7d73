//! Delayed days per 100,000 adults.
//!
//! Rule: NHS England, Monthly Delayed Transfers of Care statistics, and the Better
//! Care Fund metric (2015 on): delayed days in the month ÷ people aged 18 and over
//! × 100,000. The population is the ONS mid-year estimate.
//!
//! In words: rounded half up, to two decimals in files and one on screen, always
//! from the whole numbers and never from a rounded rate. Without a population, or
//! with a population of nobody, the rate is missing, never nil.

/// Youngest age counted as an adult, in years.
pub const ADULT_AGE: u8 = 18;

/// A rate, kept as the two whole numbers it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    days: i64,
    adults: i64,
}

impl Rate {
    /// Days among a number of adults; `None` if there are no adults to count.
    pub fn new(days: i64, adults: Option<i64>) -> Option<Self> {
        let adults = adults.filter(|adults| *adults > 0)?;
        (days >= 0).then_some(Self { days, adults })
    }

    /// The rate per 100,000 in units of one in ten to the `places`, rounded half
    /// up: 31352 for 313.52 with two places. At most six places.
    pub fn scaled(self, places: u32) -> i64 {
        let scale = 100_000 * 10_i128.pow(places.min(6));
        let adults = i128::from(self.adults);
        let rounded = (i128::from(self.days) * scale * 2 + adults) / (adults * 2);
        i64::try_from(rounded).unwrap_or(i64::MAX)
    }

    /// The rate per 100,000 as text with that many decimals.
    pub fn text(self, places: u32) -> String {
        let places = places.min(6);
        let scaled = self.scaled(places);
        let unit = 10_i64.pow(places);
        if places == 0 {
            return scaled.to_string();
        }
        format!(
            "{}.{:0width$}",
            scaled / unit,
            scaled % unit,
            width = places as usize
        )
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;

    #[test]
    fn examples() {
        for (days, adults, places, text) in [
            (138_776, Some(44_263_393), 2, Some("313.52")),
            (138_776, Some(44_263_393), 1, Some("313.5")),
            (0, Some(1_000), 2, Some("0.00")),
            (1, Some(200_000), 1, Some("0.5")),
            (1, Some(200_000), 0, Some("1")),
            (1, Some(8_000_000), 2, Some("0.01")),
            (5, None, 2, None),
            (5, Some(0), 2, None),
            (-1, Some(10), 2, None),
        ] {
            assert_eq!(
                Rate::new(days, adults)
                    .map(|rate| rate.text(places))
                    .as_deref(),
                text,
                "{days} of {adults:?}"
            );
        }
    }
}
