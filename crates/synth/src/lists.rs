//! The small lists the place is made from, read from the files in `data/`.

use std::collections::BTreeMap;

/// Names in everyday use, by group, part (`family`, `female`, `male`) and era.
pub(crate) struct Names {
    /// Groups with their parts in 1,000.
    pub(crate) groups: Vec<(&'static str, u64)>,
    lists: BTreeMap<(&'static str, &'static str, &'static str), Vec<&'static str>>,
}

impl Names {
    /// Reads the list.
    pub(crate) fn read() -> Self {
        let (mut groups, mut lists) = (Vec::new(), BTreeMap::new());
        for line in lines(include_str!("../data/names.txt")) {
            if let Some(weight) = line.strip_prefix("weight ") {
                if let Some((group, parts)) = weight.split_once(' ') {
                    groups.push((group, parts.parse().unwrap_or(0)));
                }
            } else if let Some((head, names)) = line.split_once(": ") {
                let mut words = head.split(' ');
                if let (Some(part), Some(group), Some(era)) =
                    (words.next(), words.next(), words.next())
                {
                    lists.insert((part, group, era), names.split(' ').collect());
                }
            }
        }
        Self { groups, lists }
    }

    /// The names of a part, group and era; none when there is no such list.
    pub(crate) fn of(&self, part: &'static str, group: &'static str, era: &'static str) -> &[&str] {
        self.lists
            .get(&(part, group, era))
            .map_or(&[], Vec::as_slice)
    }
}

/// A town or village.
#[derive(Clone, Copy)]
pub(crate) struct Town {
    /// Its name.
    pub(crate) name: &'static str,
    /// `West Barsetshire`, `East Barsetshire`, or the name of another council.
    pub(crate) council: &'static str,
    /// First half of its postcodes.
    pub(crate) postcode: &'static str,
    /// Its parts in 1,000 of the county, or of those who live outside it.
    pub(crate) parts: u64,
    /// True if it lies outside the county.
    pub(crate) outside: bool,
}

/// Towns and streets.
pub(crate) struct Places {
    /// Every town.
    pub(crate) towns: Vec<Town>,
    /// Every street.
    pub(crate) streets: Vec<&'static str>,
}

impl Places {
    /// Reads the list.
    pub(crate) fn read() -> Self {
        let (mut towns, mut streets) = (Vec::new(), Vec::new());
        for line in lines(include_str!("../data/places.txt")) {
            if let Some(street) = line.strip_prefix("street ") {
                streets.push(street);
            } else if let Some(town) = line.strip_prefix("town ").or(line.strip_prefix("outside "))
            {
                let parts: Vec<&str> = town.split(" | ").collect();
                if let [name, council, postcode, share] = parts[..] {
                    let outside = line.starts_with("outside ");
                    let parts = share.parse().unwrap_or(0);
                    towns.push(Town {
                        name,
                        council,
                        postcode,
                        parts,
                        outside,
                    });
                }
            }
        }
        Self { towns, streets }
    }
}

/// People in England by single year of age, mid-2019, 0 to 90 and over (ONS).
pub(crate) fn age_structure() -> Vec<u64> {
    rows(include_str!(
        "../../../data/population/england-age-structure.csv"
    ))
    .filter_map(|row| row.get(1)?.parse().ok())
    .collect()
}

/// Delayed days of England 2018/19 along one dimension: key and days (NHS England).
pub(crate) fn delayed_days(dimension: &str) -> Vec<(&'static str, u64)> {
    rows(include_str!(
        "../../../data/dtoc/england-reason-mix-2018-19.csv"
    ))
    .filter(|row| row.first() == Some(&dimension))
    .filter_map(|row| Some((*row.get(1)?, row.get(2)?.parse().ok()?)))
    .collect()
}

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// Rows of a table without quotes, after its heading.
fn rows(text: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    lines(text).skip(1).map(|line| line.split(',').collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn lists_are_whole() {
        assert_eq!(
            age_structure().iter().sum::<u64>(),
            56_286_961,
            "England mid-2019"
        );
        assert_eq!(age_structure().len(), 91);
        for dimension in ["care-type", "responsible", "reason"] {
            let days: u64 = delayed_days(dimension).iter().map(|(_, days)| days).sum();
            assert_eq!(days, 1_665_649, "{dimension}");
        }
        let policy = flow::Policy::builtin();
        for (reason, _) in delayed_days("reason") {
            assert!(policy.reasons.find("dtoc", reason).is_some(), "{reason}");
        }
        let names = Names::read();
        assert_eq!(
            names.groups.iter().map(|(_, parts)| parts).sum::<u64>(),
            1_000
        );
        for (group, _) in &names.groups {
            assert!(!names.of("family", group, "any").is_empty(), "{group}");
            for part in ["female", "male"] {
                for era in ["old", "mid", "young"] {
                    assert!(names.of(part, group, era).len() > 5, "{group} {part} {era}");
                }
            }
        }
        let places = Places::read();
        for outside in [false, true] {
            let parts: u64 = places
                .towns
                .iter()
                .filter(|t| t.outside == outside)
                .map(|t| t.parts)
                .sum();
            assert_eq!(parts, 1_000);
        }
        assert!(places.streets.len() > 70);
    }

    /// ZZ is no postcode area. ZZ99 is used by the NHS for people without an address.
    #[test]
    fn postcodes_cannot_be_real() {
        for town in Places::read().towns {
            assert!(
                town.postcode.starts_with("ZZ") && town.postcode != "ZZ99",
                "{}",
                town.name
            );
        }
    }
}
