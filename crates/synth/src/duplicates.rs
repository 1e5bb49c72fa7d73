//! People who are in a file more than once, each time a little differently: to measure how
//! well records of one person are found.
//!
//! [`Duplicates::make`] makes people in households (partners and children share family name
//! and address; some are twins), lets them move, marry and be called by short names, and
//! writes each of them down from one to five times with the slips of [`Rates`]. Records of
//! one person make about 0.8 pairs a record. No name, postcode or number is taken from
//! anybody: names are in everyday use, postcodes are of areas that do not exist.

mod names;
mod spoil;

use crate::dice::Dice;
use names::{Bearers, Land};
use std::fmt::Write;

/// How often what goes wrong, in parts in 1,000 of records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rates {
    /// All others are taken this many hundredths.
    pub percent: u64,
    /// A slip of the finger in a name.
    pub typed: u64,
    /// A name written as heard.
    pub heard: u64,
    /// A name read wrongly by a scanner.
    pub read: u64,
    /// A short name for the full one, or the other way round.
    pub short: u64,
    /// Only the initial of the given name.
    pub initial: u64,
    /// The middle name in the place of the first.
    pub middle: u64,
    /// Given and family name exchanged.
    pub swapped: u64,
    /// The family name from before a marriage, of those who changed it.
    pub married: u64,
    /// The address from before a move.
    pub moved: u64,
    /// A date with one thing wrong.
    pub date: u64,
    /// Day and month exchanged.
    pub day_and_month: u64,
    /// The first of January of some year, for a date that nobody knew.
    pub default_date: u64,
    /// A slip in the postcode.
    pub postcode: u64,
    /// Another sex.
    pub sex: u64,
    /// Nothing in the given name.
    pub no_given: u64,
    /// Nothing in the birth date.
    pub no_date: u64,
    /// Nothing in the postcode; the same again for the town and the sex.
    pub no_place: u64,
    /// Households of several people, of all households.
    pub together: u64,
    /// Records that bear an NHS number; without any, there is no column of them.
    pub nhs_number: u64,
}

impl Rates {
    /// As the benchmark has them.
    pub const fn usual() -> Self {
        Self {
            percent: 100,
            typed: 33,
            heard: 14,
            read: 6,
            short: 35,
            initial: 15,
            middle: 8,
            swapped: 6,
            married: 120,
            moved: 170,
            date: 25,
            day_and_month: 6,
            default_date: 3,
            postcode: 25,
            sex: 4,
            no_given: 8,
            no_date: 11,
            no_place: 26,
            together: 20,
            nhs_number: 0,
        }
    }

    /// Other rates, for a check on files that nothing was tuned on.
    pub const fn other() -> Self {
        Self {
            percent: 100,
            typed: 36,
            heard: 8,
            read: 12,
            short: 20,
            initial: 20,
            middle: 4,
            swapped: 10,
            married: 90,
            moved: 120,
            date: 15,
            day_and_month: 10,
            default_date: 2,
            postcode: 30,
            sex: 8,
            no_given: 4,
            no_date: 15,
            no_place: 40,
            together: 40,
            nhs_number: 0,
        }
    }
}

/// One line of the file.
struct Record {
    person: u32,
    given: String,
    family: String,
    birth: String,
    sex: &'static str,
    town: String,
    postcode: String,
    nhs_number: String,
}

/// The file of records, and who is who in it.
pub struct Duplicates {
    records: Vec<Record>,
    numbered: bool,
}

/// A person as they are.
#[derive(Clone)]
struct Someone {
    female: bool,
    birth: [i64; 3],
    given: [String; 2],
    family: String,
    earlier: Option<String>,
    /// Town and postcode now, and before.
    homes: [(usize, String); 2],
}

impl Duplicates {
    /// Makes a file of so many records.
    pub fn make(seed: u64, records: u32, rates: &Rates) -> Self {
        let mut maker = Maker {
            dice: Dice::new(seed, 0),
            bearers: Bearers::read(),
            land: Land::of(&mut Dice::new(seed ^ 1, 0), u64::from(records) / 2),
            rates: *rates,
        };
        let wanted = usize::try_from(records).unwrap_or(usize::MAX);
        let mut all = Vec::with_capacity(wanted);
        let mut person = 0_u32;
        while all.len() < wanted {
            for one in maker.household() {
                let times = 1 + maker.dice.weighted(&[540, 220, 120, 75, 45]);
                for _ in 0..times {
                    let record = maker.write_down(person, &one);
                    all.push(record);
                }
                person += 1;
            }
        }
        all.truncate(wanted);
        // Shuffled, so that neither order nor id says anything.
        for at in (1..all.len()).rev() {
            let other = maker.dice.index(at + 1);
            all.swap(at, other);
        }
        Self {
            records: all,
            numbered: rates.nhs_number > 0,
        }
    }

    /// The file: `id,given_name,family_name,birth_date,sex,town,postcode`, and `nhs_number`
    /// where there are any.
    pub fn records_csv(&self) -> String {
        let mut text = "id,given_name,family_name,birth_date,sex,town,postcode".to_owned();
        text.push_str(if self.numbered { ",nhs_number\n" } else { "\n" });
        for (number, one) in (1..).zip(&self.records) {
            let Record {
                given,
                family,
                birth,
                sex,
                town,
                postcode,
                nhs_number,
                ..
            } = one;
            let _ = write!(
                text,
                "r{number},{given},{family},{birth},{sex},{town},{postcode}"
            );
            if self.numbered {
                let _ = write!(text, ",{nhs_number}");
            }
            text.push('\n');
        }
        text
    }

    /// Who is who: `id,person`.
    pub fn truth_csv(&self) -> String {
        let mut text = "id,person\n".to_owned();
        for (number, one) in (1..).zip(&self.records) {
            let _ = writeln!(text, "r{number},{}", one.person);
        }
        text
    }
}

struct Maker {
    dice: Dice,
    bearers: Bearers,
    land: Land,
    rates: Rates,
}

impl Maker {
    /// People who live together.
    fn household(&mut self) -> Vec<Someone> {
        let group = self.bearers.group(&mut self.dice);
        let family = self.bearers.family(&mut self.dice, group);
        let town = self.land.town(&mut self.dice);
        let postcode = self.land.postcode(&mut self.dice, town);
        let before = if self.dice.per_mille(600) {
            town
        } else {
            self.land.town(&mut self.dice)
        };
        let homes = [
            (town, postcode),
            (before, self.land.postcode(&mut self.dice, before)),
        ];
        let shape = if self.dice.per_mille(self.rates.together) {
            1 + self.dice.weighted(&[45, 35, 13, 7])
        } else {
            0
        };
        let (adults, children) = match shape {
            0 => (1, 0),
            1 => (2, 0),
            2 => (2, 1 + self.dice.below(3)),
            3 => (1, 1 + self.dice.below(3)),
            _ => (3, 0),
        };
        let eldest = self
            .dice
            .between(1928, if children > 0 { 1995 } else { 2001 });
        let mut all: Vec<Someone> = Vec::new();
        for adult in 0..adults {
            let born = eldest + self.dice.between(0, 7);
            let female = if adult == 0 {
                self.dice.per_mille(500)
            } else {
                !all[0].female || (shape == 4 && self.dice.per_mille(500))
            };
            let own = self.bearers.family(&mut self.dice, group);
            let maiden = self.bearers.family(&mut self.dice, group);
            let shares = adult == 0 || (shape != 4 && self.dice.per_mille(800));
            let mut one = self.someone(
                group,
                female,
                born,
                if shares { &family } else { &own },
                &homes,
            );
            one.earlier = (female && self.dice.per_mille(350)).then_some(maiden);
            all.push(one);
        }
        let oldest_child = eldest + self.dice.between(20, 32);
        for child in 0..children {
            let born = (oldest_child + i64::try_from(child).unwrap_or(0) * self.dice.between(1, 4))
                .min(2023);
            let female = self.dice.per_mille(490);
            let mut one = self.someone(group, female, born, &family, &homes);
            if let Some(twin) = all.last().filter(|_| child > 0 && self.dice.per_mille(30)) {
                one.birth = twin.birth;
            }
            if child == 0 && self.dice.per_mille(20) && all[0].female == female {
                one.given[0].clone_from(&all[0].given[0]);
            }
            all.push(one);
        }
        all
    }

    fn someone(
        &mut self,
        group: &'static str,
        female: bool,
        born: i64,
        family: &str,
        homes: &[(usize, String); 2],
    ) -> Someone {
        let month = self.dice.between(1, 12);
        let days = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
            [usize::try_from(month - 1).unwrap_or(0)];
        let birth = [born, month, self.dice.between(1, days)];
        let given = [
            self.bearers.given(&mut self.dice, group, female, born),
            self.bearers.given(&mut self.dice, group, female, born),
        ];
        Someone {
            female,
            birth,
            given,
            family: family.to_owned(),
            earlier: None,
            homes: homes.clone(),
        }
    }

    /// One record of a person, with what went wrong.
    fn write_down(&mut self, person: u32, one: &Someone) -> Record {
        // A tenth of the records come from places where much goes wrong.
        let factor = self.rates.percent * if self.dice.per_mille(100) { 3 } else { 1 };
        let mut given = self.given(one, factor);
        let mut family = self.family(one, factor);
        if self.happens(self.rates.swapped, factor) && !given.is_empty() {
            std::mem::swap(&mut given, &mut family);
        }
        let moved = self.dice.per_mille(self.rates.moved);
        let (town, postcode) = &one.homes[usize::from(moved)];
        let female = one.female != self.happens(self.rates.sex, factor);
        let sex = if self.happens(self.rates.no_place, factor) {
            ""
        } else if female {
            "F"
        } else {
            "M"
        };
        let town = if self.happens(self.rates.no_place, factor) {
            String::new()
        } else {
            self.name(self.land.name(*town).to_owned(), factor / 2)
        };
        let postcode = if self.happens(self.rates.no_place, factor) {
            String::new()
        } else if self.happens(self.rates.postcode, factor) {
            spoil::mistype(&mut self.dice, postcode).to_uppercase()
        } else {
            postcode.clone()
        };
        let numbered = self.dice.per_mille(self.rates.nhs_number);
        let nhs_number = if numbered {
            nth_number(person)
        } else {
            String::new()
        };
        Record {
            person,
            given,
            family,
            birth: self.birth(one, factor),
            sex,
            town,
            postcode,
            nhs_number,
        }
    }

    fn happens(&mut self, parts: u64, percent: u64) -> bool {
        self.dice.below(100_000) < parts * percent
    }

    /// A name with slips.
    fn name(&mut self, mut name: String, factor: u64) -> String {
        let Rates {
            typed, heard, read, ..
        } = self.rates;
        if self.happens(typed, factor) {
            name = spoil::mistype(&mut self.dice, &name);
        }
        if self.happens(heard, factor) {
            name = spoil::misheard(&mut self.dice, &name);
        }
        if self.happens(read, factor) {
            name = spoil::misread(&mut self.dice, &name);
        }
        name
    }

    fn given(&mut self, one: &Someone, factor: u64) -> String {
        if self.happens(self.rates.no_given, factor) {
            return String::new();
        }
        let mut name = one.given[0].clone();
        if self.happens(self.rates.middle, factor) {
            name.clone_from(&one.given[1]);
        } else if self.happens(self.rates.short, factor) {
            let short = self
                .bearers
                .short_form(&mut self.dice, &name)
                .or_else(|| self.bearers.full_form(&name));
            name = short.map_or(name, str::to_owned);
        }
        if self.happens(self.rates.initial, factor) {
            return name.chars().take(1).collect();
        }
        self.name(name, factor)
    }

    fn family(&mut self, one: &Someone, factor: u64) -> String {
        let mut name = one.family.clone();
        if let Some(earlier) = &one.earlier
            && self.dice.per_mille(self.rates.married)
        {
            name = if self.dice.per_mille(150) {
                format!("{earlier}-{name}")
            } else {
                earlier.clone()
            };
        }
        if self.happens(self.rates.no_given / 2, factor) {
            return String::new();
        }
        self.name(name, factor)
    }

    fn birth(&mut self, one: &Someone, factor: u64) -> String {
        if self.happens(self.rates.no_date, factor) {
            return String::new();
        }
        let mut birth = one.birth;
        if self.happens(self.rates.default_date, factor) {
            birth = [[1900, 1, 1], [1970, 1, 1], [birth[0], 1, 1]][self.dice.index(3)];
        } else if self.happens(self.rates.day_and_month, factor) {
            birth = spoil::swapped_date(&mut self.dice, birth);
        } else if self.happens(self.rates.date, factor) {
            birth = spoil::wrong_date(&mut self.dice, birth);
        }
        format!("{:04}-{:02}-{:02}", birth[0], birth[1], birth[2])
    }
}

/// The number of a person: valid, and from the range that is nobody's. One in eleven has none.
fn nth_number(person: u32) -> String {
    kernel::NhsNumber::synthetic(person).map_or_else(String::new, |number| number.to_string())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use std::collections::HashMap;

    #[test]
    fn a_file_has_its_share_of_pairs_and_is_the_same_for_a_seed() {
        let made = Duplicates::make(5, 20_000, &Rates::usual());
        let mut times: HashMap<u32, u64> = HashMap::new();
        for one in &made.records {
            *times.entry(one.person).or_default() += 1;
        }
        let pairs: u64 = times.values().map(|times| times * (times - 1) / 2).sum();
        assert!((15_000..17_000).contains(&pairs), "{pairs}");
        assert!(times.values().all(|times| *times <= 5));
        let text = made.records_csv();
        assert_eq!(
            text,
            Duplicates::make(5, 20_000, &Rates::usual()).records_csv()
        );
        assert_ne!(
            text,
            Duplicates::make(6, 20_000, &Rates::usual()).records_csv()
        );
        assert_eq!(
            (text.lines().count(), made.truth_csv().lines().count()),
            (20_001, 20_001)
        );
        assert!(text.lines().all(|line| line.split(',').count() == 7));
    }

    #[test]
    fn names_are_as_frequent_as_in_england() {
        let made = Duplicates::make(
            9,
            20_000,
            &Rates {
                percent: 0,
                married: 0,
                ..Rates::usual()
            },
        );
        let smiths = made
            .records
            .iter()
            .filter(|one| one.family == "Smith")
            .count();
        assert!((100..400).contains(&smiths), "{smiths}");
        let distinct: std::collections::HashSet<&str> =
            made.records.iter().map(|one| one.family.as_str()).collect();
        assert!(distinct.len() > 1_500, "{}", distinct.len());
    }

    #[test]
    fn numbers_are_of_the_range_that_is_nobodys() {
        let made = Duplicates::make(
            2,
            500,
            &Rates {
                nhs_number: 600,
                ..Rates::usual()
            },
        );
        let numbers: Vec<&Record> = made
            .records
            .iter()
            .filter(|one| !one.nhs_number.is_empty())
            .collect();
        assert!((200..400).contains(&numbers.len()));
        assert!(numbers.iter().all(|one| one.nhs_number.starts_with("999")));
        assert!(
            made.records_csv()
                .starts_with("id,given_name,family_name,birth_date,sex,town,postcode,nhs_number\n")
        );
    }
}
