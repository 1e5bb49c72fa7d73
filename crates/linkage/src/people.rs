//! One arriving record against the few people that a store proposes by its keys: with fixed
//! chances, so that the answer does not change while records come in.

use crate::blocking::{Key, Pass};
use crate::config::Config;
use crate::explain::Comparison;
use crate::model::Model;
use crate::score::{Order, Scorer};
use crate::table::Table;
use std::sync::OnceLock;

/// What is known of a person, as written; empty where nothing is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonRecord {
    /// NHS number.
    pub nhs_number: String,
    /// Date of birth.
    pub birth_date: String,
    /// Family name.
    pub family_name: String,
    /// Given names.
    pub given_name: String,
    /// Postcode.
    pub postcode: String,
    /// Address without postcode.
    pub address: String,
    /// Sex or gender.
    pub sex: String,
    /// Telephone number.
    pub telephone: String,
}

impl PersonRecord {
    /// The values in the order of the fields.
    fn values(&self) -> [Option<String>; 8] {
        let some = |text: &String| (!text.is_empty()).then(|| text.clone());
        [
            some(&self.nhs_number),
            some(&self.birth_date),
            some(&self.family_name),
            some(&self.given_name),
            some(&self.postcode),
            some(&self.address),
            some(&self.sex),
            some(&self.telephone),
        ]
    }
}

/// The ready model of people.
pub struct People {
    config: Config,
    passes: Vec<Pass>,
}

/// Housemates of a record, on average: what the household case is weighed with.
const HOUSEMATES: f64 = 1.4;

impl People {
    /// The ready model.
    ///
    /// # Panics
    /// Never in a release: the data is part of the crate, and a test reads it.
    pub fn ready() -> &'static Self {
        static READY: OnceLock<People> = OnceLock::new();
        READY.get_or_init(|| {
            let read = Config::parse(include_str!("../data/people-live.toml")).and_then(|config| {
                let keys = |all: &Vec<String>| -> Result<Pass, crate::Error> {
                    let keys = all
                        .iter()
                        .map(|key| Key::parse(key, &config.fields))
                        .collect::<Result<_, _>>()?;
                    Ok(Pass {
                        name: all.join(", "),
                        keys,
                    })
                };
                let passes = config.passes.iter().map(keys).collect::<Result<_, _>>()?;
                Ok(Self { passes, config })
            });
            match read {
                Ok(people) => people,
                Err(error) => unreachable!("the ready model is right: {error}"),
            }
        })
    }

    /// The keys under which a store finds who a record may be: the pass in the upper half,
    /// a hash in the lower. At most one for each pass; the same on every machine.
    pub fn keys(&self, record: &PersonRecord) -> Vec<i64> {
        let mut table = Table::new(&self.config);
        table.push(&self.config, "", &record.values());
        (1_i64..)
            .zip(&self.passes)
            .filter_map(|(number, pass)| match pass.of(&table, 0) {
                0 => None,
                key => Some(number << 32 | i64::from(key)),
            })
            .collect()
    }

    /// Compares a record with each candidate. `people` is how many there are in the place.
    pub fn compare(
        &self,
        record: &PersonRecord,
        candidates: &[PersonRecord],
        people: u64,
    ) -> Vec<Comparison> {
        let mut table = Table::new(&self.config);
        for one in std::iter::once(record).chain(candidates) {
            table.push(&self.config, "", &one.values());
        }
        let people = people.max(10) as f64;
        let model = Model::given(&self.config, 0.5 / people, HOUSEMATES / people);
        let order = Order::of(&table, &model);
        let mut scorer = Scorer::new(&table, &model, &order);
        let last = u32::try_from(candidates.len()).unwrap_or(u32::MAX);
        (1..=last)
            .map(|candidate| model.compare_by(&mut scorer, &self.config, 0, candidate))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(
        nhs: &str,
        born: &str,
        family: &str,
        given: &str,
        postcode: &str,
        sex: &str,
    ) -> PersonRecord {
        PersonRecord {
            nhs_number: nhs.to_owned(),
            birth_date: born.to_owned(),
            family_name: family.to_owned(),
            given_name: given.to_owned(),
            postcode: postcode.to_owned(),
            sex: sex.to_owned(),
            ..PersonRecord::default()
        }
    }

    #[test]
    fn named_cases() {
        let mary = record("", "1938-04-03", "O'Brien", "Mary", "ZZ1 4AB", "female");
        let numbered = record(
            "9990000018",
            "1938-04-03",
            "O'Brien",
            "Mary",
            "ZZ1 4AB",
            "female",
        );
        // what, the other record, is one person sure (s), likely (l), open (o) or unlikely (u)
        let cases = [
            ("the same again", mary.clone(), 's'),
            (
                "names exchanged",
                record("", "1938-04-03", "Mary", "O'Brien", "ZZ1 4AB", "female"),
                's',
            ),
            (
                "a nickname",
                record("", "1938-04-03", "O'Brien", "Molly", "ZZ1 4AB", "female"),
                's',
            ),
            (
                "surname changed",
                record("", "1938-04-03", "Harding", "Mary", "ZZ1 4AB", "female"),
                'l',
            ),
            (
                "moved",
                record("", "1938-04-03", "OBrien", "Mary", "ZZ9 9XY", "female"),
                'l',
            ),
            (
                "day and month exchanged",
                record("", "1938-03-04", "O'Brien", "Mary", "ZZ1 4AB", "female"),
                's',
            ),
            (
                "a digit of the birth date",
                record("", "1938-04-08", "O'Brien", "Mary", "ZZ1 4AB", "female"),
                's',
            ),
            (
                "a twin",
                record("", "1938-04-03", "O'Brien", "Bridget", "ZZ1 4AB", "female"),
                'o',
            ),
            (
                "the husband",
                record("", "1936-11-21", "O'Brien", "Patrick", "ZZ1 4AB", "male"),
                'u',
            ),
            (
                "a namesake elsewhere",
                record("", "1971-09-19", "O'Brien", "Mary", "AB9 9XY", "female"),
                'u',
            ),
            (
                "a birth date that stands for none",
                record("", "1900-01-01", "O'Brien", "Mary", "ZZ1 4AB", "female"),
                'o',
            ),
            (
                "a stranger with the number",
                record(
                    "9990000018",
                    "1971-09-19",
                    "Patel",
                    "Anil",
                    "AB9 9XY",
                    "male",
                ),
                'u',
            ),
        ];
        for (what, other, expected) in cases {
            let ours = if other.nhs_number.is_empty() {
                &mary
            } else {
                &numbered
            };
            let found = People::ready().compare(ours, std::slice::from_ref(&other), 100_000);
            let chance = found[0].probability;
            let fits = match expected {
                's' => chance >= 0.99,
                'l' => chance >= 0.5,
                'o' => (0.000_1..0.99).contains(&chance),
                _ => chance < 0.05,
            };
            assert!(fits, "{what}: {}", found[0].text());
        }
    }

    #[test]
    fn whoever_may_be_one_person_shares_a_key() {
        let people = People::ready();
        let keys = |born: &str, family: &str, given: &str, postcode: &str| {
            people.keys(&record("", born, family, given, postcode, ""))
        };
        let mary = keys("1938-04-03", "O'Brien", "Mary", "ZZ1 4AB");
        assert!(mary.len() <= 6);
        for (what, other, share) in [
            (
                "names exchanged",
                keys("1938-04-03", "Mary", "OBrien", ""),
                true,
            ),
            (
                "surname changed",
                keys("1938-04-03", "Harding", "Mary", ""),
                true,
            ),
            (
                "day and month exchanged",
                keys("1938-03-04", "O'Brien", "Mary", ""),
                true,
            ),
            (
                "a birth date that stands for none",
                keys("1900-01-01", "O'Brien", "Mary", "ZZ1 4AB"),
                true,
            ),
            (
                "a stranger",
                keys("1971-09-19", "Patel", "Anil", "AB9 9XY"),
                false,
            ),
            ("nothing known", keys("", "", "", ""), false),
        ] {
            assert_eq!(mary.iter().any(|key| other.contains(key)), share, "{what}");
        }
    }
}
