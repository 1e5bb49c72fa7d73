//! What records say again: a slip happens once, and seldom twice in the same way.
//!
//! One pair of records may differ in the birth date by a slip. Where several records have one
//! birth date and several another, both are more likely right, and of two people. The same
//! holds for given names and for numbers that are one person's alone; not for family names and
//! addresses, which change.

use crate::config::Kind;
use crate::levels::{self, MOST, SAME};
use crate::model::Model;
use crate::table::Table;

/// A field that does not change while people live, with the bits that each repetition takes.
struct Steady {
    field: usize,
    /// By level; nought where the two values may be used side by side.
    takes: [f32; MOST],
}

/// The fields that do not change.
pub(crate) struct Again<'a> {
    table: &'a Table,
    model: &'a Model,
    steady: Vec<Steady>,
}

/// Whether people keep what a field of this kind says, and where its levels of slips begin. Short
/// and slightly different names are used side by side.
const fn slips_from(kind: Kind) -> Option<u8> {
    match kind {
        Kind::Date | Kind::Identifier => Some(SAME + 1),
        Kind::GivenName => Some(5),
        _ => None,
    }
}

impl<'a> Again<'a> {
    pub(crate) fn of(table: &'a Table, model: &'a Model) -> Self {
        let steady = (0..model.kinds.len())
            .filter(|field| !model.shared[*field] && table.has(*field))
            .filter_map(|field| {
                let from = usize::from(slips_from(model.kinds[field])?);
                let mut takes = [0.0; MOST];
                for (level, slot) in takes.iter_mut().enumerate().skip(from) {
                    // How seldom two records of one person differ so: mistakes are copied too,
                    // so that it is no more than that.
                    *slot = -model.chances[field].m[level].clamp(1e-4, 1.0).log2() as f32;
                }
                Some(Steady { field, takes })
            })
            .collect();
        Self {
            table,
            model,
            steady,
        }
    }

    /// What most records of a set say of a field, and how many; nought and nought if none says
    /// anything. Of several as frequent the lowest number counts.
    fn most(&self, records: &[u32], field: usize) -> (u32, usize) {
        let of = |record: &u32| self.table.number(field, *record as usize);
        let count = |value: u32| records.iter().filter(|one| of(one) == value).count();
        records
            .iter()
            .map(of)
            .filter(|value| *value != 0)
            .map(|value| (value, count(value)))
            .max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(&a.0)))
            .unwrap_or_default()
    }

    /// What two sets of records, each of one person, say again and again against being one
    /// person, in bits; nought if nothing is said twice on both sides.
    pub(crate) fn against(&self, ours: &[u32], theirs: &[u32]) -> f32 {
        if ours.len() < 2 || theirs.len() < 2 {
            return 0.0;
        }
        let mut all = 0.0;
        for one in &self.steady {
            let (our, our_times) = self.most(ours, one.field);
            let (their, their_times) = self.most(theirs, one.field);
            let times = our_times.min(their_times);
            let says = |records: &[u32], value: u32| {
                let mut found = records.iter();
                found.any(|record| self.table.number(one.field, *record as usize) == value)
            };
            if times < 2 || says(theirs, our) || says(ours, their) {
                continue;
            }
            let values = &self.table.dictionaries[self.table.dictionary_of[one.field]];
            let level = levels::level(self.model.kinds[one.field], values, our, their);
            all += one.takes[usize::from(level)] * (times - 1) as f32;
        }
        all
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use crate::Config;

    /// What the records of the first postcode say against those of the second.
    fn against(text: &str) -> f32 {
        let config = Config::people().unwrap();
        let text = format!("id,given_name,family_name,birth_date,postcode\n{text}");
        let (table, _) = crate::table::read(&[text.as_bytes()], &config).unwrap();
        let model = Model::guessed(&config);
        let side = |letter: char| -> Vec<u32> {
            (0_u32..)
                .take(table.len())
                .filter(|record| table.id(*record).starts_with(letter))
                .collect()
        };
        Again::of(&table, &model).against(&side('a'), &side('b'))
    }

    #[test]
    fn what_is_said_twice_on_both_sides_is_no_slip() {
        let karl = "a1,Karl,Flynn,1962-08-29,ZZ1 4AB\na2,Karl,Flynn,1962-08-29,ZZ1 4AB\n";
        let twice = against(&format!(
            "{karl}b1,Karl,Flynn,1966-08-29,ZZ9 9XY\nb2,Karl,Flynn,1966-08-29,ZZ9 9XY\n"
        ));
        // Twenty to one against a digit that differs between two records, once.
        assert!((twice - 20.0_f32.log2()).abs() < 0.1, "{twice}");
        for (what, others) in [
            ("once", "b1,Karl,Flynn,1966-08-29,ZZ9 9XY\n"),
            (
                "two slips that are not the same",
                "b1,Karl,Flynn,1966-08-29,\nb2,Karl,Flynn,1963-08-29,\n",
            ),
            (
                "somebody wrote both",
                "b1,Karl,Flynn,1966-08-29,\nb2,Karl,Flynn,1966-08-29,\nb3,Karl,Flynn,1962-08-29,\n",
            ),
            (
                "a name at work and one at home, a marriage and a move",
                "b1,Charlie,Lee,1962-08-29,ZZ9 9XY\nb2,Charlie,Lee,1962-08-29,ZZ9 9XY\n",
            ),
        ] {
            let karl = karl.replace("Karl", "Charles");
            let others = others.replace("Karl", "Charles");
            let found = against(&format!("{karl}{others}"));
            assert!(found.abs() < 1e-6, "{what}: {found}");
        }
        let twins = "b1,Thomas,Flynn,1962-08-29,ZZ1 4AB\nb2,Thomas,Flynn,1962-08-29,ZZ1 4AB\n";
        assert!(against(&format!("{karl}{twins}")) > 3.0);
    }
}
