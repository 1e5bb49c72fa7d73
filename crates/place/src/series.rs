//! A monthly series of official delayed days.

use crate::{AreaCode, DelayKey, Dimension, Rate};
use jiff::civil::Date;
use kernel::Month;

/// Which edition of a month a figure is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Edition {
    /// First publication, if the publication says.
    pub published: Option<Date>,
    /// Last revision, if the publication says.
    pub revised: Option<Date>,
}

impl Edition {
    /// The day this edition came out, if known: the later of its two dates.
    pub fn day(self) -> Option<Date> {
        self.published.max(self.revised)
    }

    /// Whether this edition, arriving after `other`, replaces it. The later day
    /// wins; a day wins over none; on the same day the one that arrived last wins.
    pub fn replaces(self, other: Self) -> bool {
        self.day() >= other.day()
    }
}

/// One month of one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// The month.
    pub month: Month,
    /// What is counted.
    pub key: DelayKey,
    /// Delayed days.
    pub days: i64,
    /// Per 100,000 adults; `None` where no population is known.
    pub rate: Option<Rate>,
    /// Year of the population used, if any.
    pub population_year: Option<i16>,
    /// The edition the figure is from.
    pub edition: Edition,
}

/// The series of an area by one breakdown, by month and then in the order of the keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// The area's code.
    pub area: AreaCode,
    /// The area's name as shown.
    pub name: String,
    /// The breakdown.
    pub by: Dimension,
    /// The figures.
    pub points: Vec<Point>,
}

impl Series {
    /// The points of one key, by month.
    pub fn of(&self, key: DelayKey) -> impl Iterator<Item = &Point> {
        self.points.iter().filter(move |point| point.key == key)
    }

    /// The keys that have figures, in order.
    pub fn keys(&self) -> Vec<DelayKey> {
        self.by
            .keys()
            .filter(|key| self.of(*key).next().is_some())
            .collect()
    }

    /// Months between the first and the last that have no figure.
    pub fn missing(&self) -> Vec<Month> {
        let mut missing = Vec::new();
        let mut last: Option<Month> = None;
        for point in &self.points {
            if let Some(last) = last {
                let mut month = last.next();
                while month < point.month && missing.len() < 1_200 {
                    missing.push(month);
                    month = month.next();
                }
            }
            last = Some(point.month);
        }
        missing
    }

    /// The series as a table of text: `month,area,by,key,days,rate_per_100k`, with
    /// rates to two decimals. A missing rate is an empty cell.
    pub fn csv(&self) -> String {
        let mut text = String::from("month,area,by,key,days,rate_per_100k\n");
        let area = if self.name.contains([',', '"', '\n']) {
            format!("\"{}\"", self.name.replace('"', "\"\""))
        } else {
            self.name.clone()
        };
        for point in &self.points {
            let rate = point.rate.map_or_else(String::new, |rate| rate.text(2));
            text.push_str(&format!(
                "{},{area},{},{},{},{rate}\n",
                point.month, self.by, point.key, point.days
            ));
        }
        text
    }

    /// Years of population used, in order.
    pub fn population_years(&self) -> Vec<i16> {
        let mut years: Vec<i16> = self
            .points
            .iter()
            .filter_map(|point| point.population_year)
            .collect();
        years.sort_unstable();
        years.dedup();
        years
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_later_edition_replaces() {
        let day = |d: i8| Some(date(2018, 5, d));
        let edition = |published, revised| Edition { published, revised };
        for (new, old, replaces) in [
            (edition(day(10), day(20)), edition(day(10), None), true),
            (edition(day(10), None), edition(day(10), day(20)), false),
            (edition(day(10), None), edition(day(10), None), true),
            (edition(None, None), edition(day(1), None), false),
            (edition(None, day(2)), edition(None, None), true),
            (edition(None, None), edition(None, None), true),
        ] {
            assert_eq!(new.replaces(old), replaces, "{new:?} over {old:?}");
        }
    }

    #[test]
    fn gaps_are_named_and_a_missing_rate_is_empty() {
        let point = |month: &str| Point {
            month: month.parse().unwrap(),
            key: DelayKey::Total,
            days: 1,
            rate: None,
            population_year: None,
            edition: Edition {
                published: None,
                revised: None,
            },
        };
        let series = Series {
            area: AreaCode::england(),
            name: "England".into(),
            by: Dimension::Total,
            points: vec![point("2018-11"), point("2019-02"), point("2019-02")],
        };
        assert_eq!(
            series.csv().lines().take(2).collect::<Vec<_>>(),
            [
                "month,area,by,key,days,rate_per_100k",
                "2018-11,England,total,total,1,"
            ]
        );
        let missing: Vec<String> = series.missing().iter().map(Month::to_string).collect();
        assert_eq!(missing, ["2018-12", "2019-01"]);
    }
}
