//! Population by area and single year of age.
//!
//! Source: Office for National Statistics, mid-year population estimates. The last
//! age of a file stands for that age and over. England as a whole is the sum of
//! its upper-tier areas, worked out only when all of them are there.

use crate::rate::ADULT_AGE;
use jiff::civil::Date;
use kernel::OnsCode;
use kernel::parameters::{ParameterError, Parameters};
use std::sync::LazyLock;

/// People of one area in one year, by single year of age.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AreaAges {
    /// The area's ONS code.
    pub code: OnsCode,
    /// Its name as published.
    pub name: String,
    /// Middle of which year.
    pub year: i16,
    /// People by age in years, from 0; the last is that age and over.
    pub people: Vec<i64>,
}

impl AreaAges {
    /// Everyone.
    pub fn everyone(&self) -> i64 {
        self.people.iter().sum()
    }

    /// People aged 18 and over.
    pub fn adults(&self) -> i64 {
        self.people.iter().skip(usize::from(ADULT_AGE)).sum()
    }
}

/// Values by year, from `policy/parameters/place.csv`.
static PARAMETERS: LazyLock<Parameters> = LazyLock::new(|| {
    let mut parameters = Parameters::default();
    // A row with a fault stays out, and then its value is missing and named.
    parameters.add_csv(include_str!("../../../policy/parameters/place.csv"));
    parameters
});

/// Number of upper-tier areas of England in the middle of a year, with the Isles of
/// Scilly.
///
/// # Errors
/// Names key and date when the year is not on record.
pub fn upper_tier_areas(year: i16) -> Result<usize, ParameterError> {
    let middle = Date::new(year, 6, 30).unwrap_or(Date::MIN);
    let value = PARAMETERS
        .get("population.upper_tier_areas", "England", middle)?
        .integer()?;
    Ok(usize::try_from(value).unwrap_or(0))
}

/// Why England cannot be worked out from its areas.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EnglandError {
    /// Not all areas are there.
    #[error("the file has {found} of the {wanted} upper-tier areas of England in {year}")]
    Areas {
        /// Areas found.
        found: usize,
        /// Areas that England had.
        wanted: usize,
        /// The year.
        year: i16,
    },
    /// It is not on record how many there were.
    #[error(transparent)]
    Parameter(#[from] ParameterError),
}

/// England as the sum of its upper-tier areas, or why it cannot be worked out.
///
/// # Errors
/// Not all areas are there, or it is not on record how many there were.
pub fn england(areas: &[AreaAges], year: i16) -> Result<AreaAges, EnglandError> {
    let wanted = upper_tier_areas(year)?;
    let mut people: Vec<i64> = Vec::new();
    let mut found = 0;
    for area in areas
        .iter()
        .filter(|area| area.year == year && is_upper_tier(&area.code))
    {
        found += 1;
        if people.len() < area.people.len() {
            people.resize(area.people.len(), 0);
        }
        for (sum, people) in people.iter_mut().zip(&area.people) {
            *sum += people;
        }
    }
    match OnsCode::new(crate::ENGLAND) {
        Some(code) if found == wanted => Ok(AreaAges {
            code,
            name: "England".to_owned(),
            year,
            people,
        }),
        _ => Err(EnglandError::Areas {
            found,
            wanted,
            year,
        }),
    }
}

/// Unitary authorities, metropolitan districts, London boroughs and counties.
fn is_upper_tier(code: &OnsCode) -> bool {
    ["E06", "E08", "E09", "E10"]
        .iter()
        .any(|kind| code.as_str().starts_with(kind))
}

/// The year of population to use for a month's rate: the latest at or before the
/// year of the month, or else the earliest after it.
pub fn year_for(month_year: i16, years: impl Iterator<Item = i16> + Clone) -> Option<i16> {
    years
        .clone()
        .filter(|year| *year <= month_year)
        .max()
        .or_else(|| years.min())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;

    fn area(code: &str, people: Vec<i64>) -> AreaAges {
        AreaAges {
            code: OnsCode::new(code).unwrap(),
            name: "Barset".into(),
            year: 2019,
            people,
        }
    }

    #[test]
    fn adults_are_18_and_over() {
        let ages = area("E06000001", (0..=90).collect());
        assert_eq!(ages.adults(), (18..=90).sum::<i64>());
        assert_eq!(ages.everyone(), (0..=90).sum::<i64>());
    }

    #[test]
    fn england_needs_every_area() {
        let mut areas: Vec<AreaAges> = (1..=151)
            .map(|n| area(&format!("E06{n:06}"), vec![1, 2]))
            .collect();
        areas.push(area("W06000001", vec![100, 100]));
        assert_eq!(england(&areas, 2019).unwrap().people, [151, 302]);
        areas.remove(0);
        let error = england(&areas, 2019).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the file has 150 of the 151 upper-tier areas of England in 2019"
        );
        let error = england(&areas, 1999).unwrap_err().to_string();
        assert!(
            error.contains("population.upper_tier_areas") && error.contains("1999-06-30"),
            "{error}"
        );
    }

    #[test]
    fn the_year_is_at_or_before_else_the_earliest_after() {
        for (month, years, used) in [
            (2019, vec![2019, 2020], Some(2019)),
            (2021, vec![2019, 2020], Some(2020)),
            (2011, vec![2020, 2019], Some(2019)),
            (2011, vec![], None),
        ] {
            assert_eq!(
                year_for(month, years.iter().copied()),
                used,
                "{month} {years:?}"
            );
        }
    }
}
