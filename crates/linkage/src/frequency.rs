//! How rare values are: by themselves, in their generation, and two names together.
//!
//! Source: W. E. Winkler (1989) on the frequency of values. Values that go together are
//! counted together: given names have their generations, and given and family name come from
//! one country, so that a full name is often far more frequent than its two parts let think.

use crate::config::Kind;
use crate::learn::usual;
use crate::table::Table;
use rayon::prelude::*;

/// Records that the usual share of a value is worth beside those that there are.
const RECORDS_WORTH: f64 = 300.0;
/// The first decade of births, in years, and how many decades there are.
const DECADES: (u16, u16) = (1880, 16);
/// People of one full name and different days of birth that say nothing: two records of one
/// person may differ in it.
const SAY_NOTHING: f64 = 2.0;

/// Rarity by decade of birth.
#[derive(Clone, Debug, Default)]
pub(crate) struct Generations {
    /// For each record the decade from 1; 0 if not known.
    of: Vec<u8>,
    /// For each field and decade the rarity of each value, in bits.
    rarity: Vec<Vec<Vec<f32>>>,
}

impl Generations {
    /// How rare a value is in the generation of two records, if both are of one.
    pub(crate) fn rarity(&self, field: usize, value: u32, a: u32, b: u32) -> Option<f32> {
        let by_decade = self.rarity.get(field).filter(|all| !all.is_empty())?;
        let (one, other) = (self.of.get(a as usize)?, self.of.get(b as usize)?);
        if one != other || *one == 0 {
            return None;
        }
        by_decade
            .get(usize::from(*one) - 1)?
            .get(value as usize)
            .copied()
    }

    /// The rarest value of a field in any generation, in bits.
    pub(crate) fn most(&self, field: usize) -> f32 {
        let all = self.rarity.get(field).into_iter().flatten().flatten();
        all.copied().fold(0.0, f32::max)
    }
}

fn bits(share: f64) -> f32 {
    -share.log2() as f32
}

/// For each field how rare each value is, in bits: minus log2 of its share of records.
pub(crate) fn rarities(table: &Table, kinds: &[Kind]) -> Vec<Vec<f32>> {
    let of = |(field, kind): (usize, &Kind)| {
        let counts = table.counts(field);
        let there = table.len() as f64 - f64::from(counts[0]);
        let usual = usual(*kind).first().copied().unwrap_or(0.0) * RECORDS_WORTH;
        let rare = |(number, count): (usize, &u32)| match (number, count) {
            (0, _) | (_, 0) => 0.0,
            _ => bits((f64::from(*count) + usual) / (there + RECORDS_WORTH)),
        };
        counts.iter().enumerate().map(rare).collect()
    };
    kinds.iter().enumerate().map(of).collect()
}

/// The same by generation, for the fields that have one.
pub(crate) fn generations(
    table: &Table,
    fashion: &[Option<usize>],
    rarity: &[Vec<f32>],
) -> Generations {
    let Some(date) = fashion
        .iter()
        .flatten()
        .next()
        .copied()
        .filter(|date| table.has(*date))
    else {
        return Generations::default();
    };
    let dates = &table.dictionaries[table.dictionary_of[date]];
    let decade = |number: u32| match dates.get(number).extra[0] {
        0 => 0,
        year => (year.saturating_sub(DECADES.0) / 10).min(DECADES.1 - 1) as u8 + 1,
    };
    let of: Vec<u8> = table.column(date).map(decade).collect();
    let by_decade = |(field, fashion): (usize, &Option<usize>)| {
        if *fashion != Some(date) {
            return Vec::new();
        }
        let mut counts = vec![vec![0_u32; rarity[field].len()]; usize::from(DECADES.1)];
        for (number, decade) in table.column(field).zip(&of) {
            if number != 0 && *decade != 0 {
                counts[usize::from(*decade) - 1][number as usize] += 1;
            }
        }
        let rare = |counts: &Vec<u32>| {
            let there: f64 = counts.iter().map(|count| f64::from(*count)).sum();
            let share = |(count, rarity): (&u32, &f32)| match count {
                0 => 0.0,
                _ => {
                    let usual = f64::from(-rarity).exp2() * RECORDS_WORTH;
                    bits((f64::from(*count) + usual) / (there + RECORDS_WORTH))
                }
            };
            counts.iter().zip(&rarity[field]).map(share).collect()
        };
        counts.iter().map(rare).collect()
    };
    let rarity = fashion.iter().enumerate().map(by_decade).collect();
    Generations { of, rarity }
}

/// For each record how many bits more frequent its two names together are than each by itself
/// lets think, where several people bear them: told apart by their days of birth, so that the
/// records of one person do not count.
pub(crate) fn full_names(
    table: &Table,
    kinds: &[Kind],
    partners: &[Option<usize>],
    rarities: &[Vec<f32>],
) -> Vec<f32> {
    let two = (0..kinds.len()).find_map(|field| {
        let other = partners[field].filter(|_| kinds[field] == Kind::FamilyName)?;
        (kinds[other] == Kind::GivenName).then_some((field, other))
    });
    let date = kinds.iter().position(|kind| *kind == Kind::Date);
    let (Some((one, other)), Some(date)) = (two, date) else {
        return Vec::new();
    };
    let mut all: Vec<(u32, u32, u32, u32)> = (0_u32..)
        .take(table.len())
        .map(|record| {
            let row = table.row(record);
            (row[one], row[other], row[date], record)
        })
        .filter(|(one, other, _, _)| *one != 0 && *other != 0)
        .collect();
    all.par_sort_unstable();
    let people = |same: &[(u32, u32, u32, u32)]| -> f64 {
        let days = same.chunk_by(|a, b| a.2 == b.2);
        days.filter(|day| day[0].2 != 0).count() as f64
    };
    let names = || all.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1));
    let everybody: f64 = names().map(people).sum();
    let rare = |field: usize, value: u32| rarities[field][value as usize];
    let mut together = vec![0.0; table.len()];
    for same in names() {
        let others = people(same) - SAY_NOTHING;
        if others > 0.0 {
            let apart = rare(one, same[0].0) + rare(other, same[0].1);
            for (_, _, _, record) in same {
                together[*record as usize] = (apart - bits(others / everybody)).max(0.0);
            }
        }
    }
    together
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use crate::Config;
    use std::fmt::Write;

    /// The names of the records from `a` to `d`, and what else there is.
    fn table(text: &str) -> (Table, Vec<Kind>, Vec<Option<usize>>) {
        let config = Config::people().unwrap();
        let text = format!("id,given_name,family_name,birth_date\n{text}");
        let (table, _) = crate::table::read(&[text.as_bytes()], &config).unwrap();
        let place = |name: &str| config.fields.iter().position(|field| field.name == name);
        let partners = config
            .fields
            .iter()
            .map(|field| place(field.swapped_with.as_deref()?))
            .collect();
        let kinds = config.fields.iter().map(|field| field.kind).collect();
        (table, kinds, partners)
    }

    #[test]
    fn names_of_many_people_are_counted_and_those_of_one_are_not() {
        let mut text = String::new();
        for day in 11..19 {
            writeln!(text, "many{day},Tunde,Balogun,1974-03-{day}").unwrap();
            writeln!(text, "one{day},Ann,Lee,1938-04-03").unwrap();
        }
        let (table, kinds, partners) = table(&text);
        let rarity = rarities(&table, &kinds);
        let together = full_names(&table, &kinds, &partners, &rarity);
        let of = |id: &str| together[table.find(id).unwrap() as usize];
        let many = table.find("many11").unwrap() as usize;
        let apart: f32 = [Kind::FamilyName, Kind::GivenName]
            .iter()
            .filter_map(|kind| kinds.iter().position(|one| one == kind))
            .map(|field| rarity[field][table.number(field, many) as usize])
            .sum();
        // Eight days of birth, less two, of nine in all.
        let expected = f64::from(apart) - (9.0_f64 / 6.0).log2();
        assert!(expected > 0.1 && (f64::from(of("many11")) - expected).abs() < 1e-5);
        assert!(of("one11").abs() < 1e-6);
    }

    #[test]
    fn a_name_is_rarer_outside_its_generation() {
        let mut text = String::new();
        for number in 0..400 {
            let (young, old) = (number % 2 == 0, number % 20 == 1);
            let name = if young || old { "Mia" } else { "Mavis" };
            let year = if young { 2004 } else { 1934 };
            // Not one day for all: that would stand for "not known".
            let day = number % 28 + 1;
            writeln!(text, "r{number},{name},Lee{number},{year}-05-{day:02}").unwrap();
        }
        let (table, kinds, _) = table(&text);
        let config = Config::people().unwrap();
        let place = |name: &str| config.fields.iter().position(|field| field.name == name);
        let (given, date) = (place("given name").unwrap(), place("birth date"));
        let mut fashion = vec![None; kinds.len()];
        fashion[given] = date;
        let rarity = rarities(&table, &kinds);
        let generations = generations(&table, &fashion, &rarity);
        let record = |id: &str| table.find(id).unwrap();
        let mia = table.number(given, record("r0") as usize);
        let of = |a: &str, b: &str| generations.rarity(given, mia, record(a), record(b));
        assert!(of("r0", "r2").unwrap() < of("r1", "r21").unwrap());
        assert_eq!(of("r0", "r1"), None);
    }
}
