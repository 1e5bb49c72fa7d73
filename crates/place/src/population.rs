//! Population by area and single year of age.
//!
//! Source: Office for National Statistics, mid-year population estimates. The last
//! age of a file stands for that age and over. England as a whole is the sum of
//! its upper-tier areas, worked out only when all of them are there.

use crate::rate::ADULT_AGE;
use kernel::OnsCode;

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

/// Number of upper-tier areas of England at the middle of a year, with the Isles
/// of Scilly; `None` for a year that is not on record here.
///
/// Source: the councils in the ONS lookups of April 2019 to April 2023: 151 after
/// the councils of Dorset merged in April 2019, 152 after Northamptonshire became
/// two in April 2021, 153 after Cumbria became two in April 2023.
pub const fn upper_tier_areas(year: i16) -> Option<usize> {
    match year {
        2019 | 2020 => Some(151),
        2021 | 2022 => Some(152),
        2023 | 2024 => Some(153),
        _ => None,
    }
}

/// England as the sum of its upper-tier areas, or why it cannot be worked out.
///
/// # Errors
/// The number of areas found and wanted (0 if the year is not on record).
pub fn england(areas: &[AreaAges], year: i16) -> Result<AreaAges, (usize, usize)> {
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
    let wanted = upper_tier_areas(year).unwrap_or(0);
    match OnsCode::new(crate::ENGLAND) {
        Some(code) if found == wanted && wanted > 0 => Ok(AreaAges {
            code,
            name: "England".to_owned(),
            year,
            people,
        }),
        _ => Err((found, wanted)),
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
        assert_eq!(england(&areas, 2019), Err((150, 151)));
        assert_eq!(england(&areas, 1999), Err((0, 0)));
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
