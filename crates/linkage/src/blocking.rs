//! Which pairs are compared at all: records that agree on every key of a pass.
//!
//! A pair that several passes propose is compared once, in the first of them. A block over
//! the cap is divided by further fields, and by order as a last resort; what that cuts is
//! counted, never silent.

use crate::Error;
use crate::config::{Config, Field, Kind};
use crate::dictionary::{Dictionary, hash, mix};
use crate::table::Table;
use rayon::prelude::*;
use std::collections::HashMap;

/// Which part of a value a key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Part {
    Whole,
    Sound,
    First(usize),
    Year,
    YearMonth,
    DayMonth,
    Exchanged,
    Outward,
}

/// One key of a pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// The field; for both names together the one that names the other.
    pub(crate) field: usize,
    /// The other name where both count, in either order.
    pub(crate) other: Option<usize>,
    part: Part,
}

impl Key {
    /// Reads a key: the name of a field, and `: part` if not the whole value counts.
    ///
    /// # Errors
    /// No such field or part.
    pub fn parse(text: &str, fields: &[Field]) -> Result<Self, Error> {
        let (name, part) = text
            .split_once(':')
            .map_or((text.trim(), ""), |(name, part)| (name.trim(), part.trim()));
        let place = |name: &str| fields.iter().position(|field| field.name == name);
        let part = match part {
            "" => Part::Whole,
            "sound" | "sounds" => Part::Sound,
            "year" => Part::Year,
            "year and month" => Part::YearMonth,
            "day and month" => Part::DayMonth,
            "swapped" => Part::Exchanged,
            "outward" => Part::Outward,
            other => match other
                .strip_prefix("first ")
                .and_then(|number| number.parse().ok())
            {
                Some(number) => Part::First(number),
                None => {
                    return Err(Error::Config(format!(
                        "key `{text}` has no part `{other}`: use sound, first N, year, year and month, day and month, swapped or outward"
                    )));
                }
            },
        };
        if name == "names" {
            let exchanged = fields.iter().position(|field| {
                field.swapped_with.is_some()
                    && matches!(field.kind, Kind::GivenName | Kind::FamilyName)
            });
            let field = exchanged.ok_or_else(|| {
                Error::Config(format!(
                    "key `{text}` needs two names that are `swapped_with` each other"
                ))
            })?;
            let other = fields[field].swapped_with.as_deref().and_then(place);
            return Ok(Self {
                field,
                other,
                part: Part::Sound,
            });
        }
        let field = place(name).ok_or_else(|| {
            Error::Config(format!("key `{text}` names no field: there is no `{name}`"))
        })?;
        Ok(Self {
            field,
            other: None,
            part,
        })
    }

    /// The key of a record; 0 if it has none.
    pub(crate) fn of(&self, table: &Table, record: usize) -> u32 {
        let one = self.part_of(table, self.field, record);
        match self.other {
            None => one,
            Some(other) => {
                let other = self.part_of(table, other, record);
                if one == 0 || other == 0 {
                    return 0;
                }
                mix(u64::from(one.min(other)) << 32 | u64::from(one.max(other)))
            }
        }
    }

    /// The chance that two records have one key; records without it count.
    fn chance(&self, table: &Table) -> f64 {
        let mut all: Vec<u32> = (0..table.len())
            .map(|record| self.of(table, record))
            .filter(|key| *key != 0)
            .collect();
        all.par_sort_unstable();
        let records = (table.len() as f64).max(1.0);
        all.chunk_by(|a, b| a == b)
            .map(|same| (same.len() as f64 / records).powi(2))
            .sum()
    }

    fn part_of(&self, table: &Table, field: usize, record: usize) -> u32 {
        let number = table.number(field, record);
        if number == 0 {
            return 0;
        }
        part_of(
            self.part,
            &table.dictionaries[table.dictionary_of[field]],
            number,
        )
    }
}

fn part_of(part: Part, values: &Dictionary, number: u32) -> u32 {
    let value = values.get(number);
    let [year, month, day, _] = value.extra;
    let of = |a: u16, b: u16, c: u16| mix(u64::from(a) << 32 | u64::from(b) << 16 | u64::from(c));
    match part {
        Part::Whole => hash(values.text(number)),
        Part::Sound => values.sound(number),
        Part::First(letters) => {
            let text = values.text(number);
            hash(text.get(..letters).unwrap_or(text))
        }
        Part::Year | Part::YearMonth | Part::DayMonth | Part::Exchanged if year == 0 => 0,
        Part::Year => of(year, 0, 0),
        Part::YearMonth => of(year, month, 0),
        Part::DayMonth => of(0, month, day),
        Part::Exchanged if month == day => 0,
        Part::Exchanged => of(year, month.min(day), month.max(day)),
        Part::Outward => {
            let text = values.text(number);
            hash(text.get(..usize::from(value.extra[0])).unwrap_or(text))
        }
    }
}

/// One pass, ready.
#[derive(Clone, Debug)]
pub struct Pass {
    /// Its keys as written.
    pub name: String,
    pub(crate) keys: Vec<Key>,
}

impl Pass {
    /// Whether the pass asks two records to agree on a field.
    pub(crate) fn uses(&self, field: usize) -> bool {
        self.keys
            .iter()
            .any(|key| key.field == field || key.other == Some(field))
    }

    pub(crate) fn of(&self, table: &Table, record: usize) -> u32 {
        let mut all = 0_u64;
        for key in &self.keys {
            match key.of(table, record) {
                0 => return 0,
                one => {
                    all = (all.rotate_left(23) ^ u64::from(one)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
                }
            }
        }
        mix(all)
    }
}

/// What a pass did.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct PassReport {
    /// Its keys as written.
    pub pass: String,
    /// False if a field that it needs has no column.
    pub used: bool,
    /// Blocks of two records or more.
    pub blocks: u64,
    /// Pairs that no earlier pass proposed.
    pub pairs: u64,
    /// Blocks over the cap, which were divided.
    pub divided: u64,
    /// Pairs of divided blocks that this pass does not compare.
    pub cut: u64,
}

/// The keys of every record and the blocks of every pass.
pub struct Blocks {
    /// The passes in use.
    pub passes: Vec<Pass>,
    /// Keys, record by record: one of each pass.
    keys: Vec<u32>,
    /// For each pass the records in order of key, those alone in their block left out.
    orders: Vec<Vec<u32>>,
    /// For each pass where its blocks end in that order.
    ends: Vec<Vec<u32>>,
    /// For each pass the chance that two records agree on each of its keys.
    chances: Vec<Vec<f64>>,
    /// What became of each pass.
    pub reports: Vec<PassReport>,
}

impl Blocks {
    /// Works out all blocks.
    ///
    /// # Errors
    /// A key that cannot be read.
    pub fn make(table: &Table, config: &Config) -> Result<Self, Error> {
        let there: Vec<bool> = (0..config.fields.len())
            .map(|field| table.has(field))
            .collect();
        let (mut passes, mut reports) = (Vec::new(), Vec::new());
        for keys in &config.passes {
            let name = keys.join(", ");
            let keys: Vec<Key> = keys
                .iter()
                .map(|key| Key::parse(key, &config.fields))
                .collect::<Result<_, _>>()?;
            let used = keys
                .iter()
                .all(|key| there[key.field] && key.other.is_none_or(|other| there[other]));
            reports.push(PassReport {
                pass: name.clone(),
                used,
                ..PassReport::default()
            });
            if used {
                passes.push(Pass { name, keys });
            }
        }
        let many = passes.len();
        let mut keys = vec![0_u32; table.len() * many];
        if many > 0 {
            keys.par_chunks_mut(many)
                .enumerate()
                .for_each(|(record, row)| {
                    for (slot, pass) in row.iter_mut().zip(&passes) {
                        *slot = pass.of(table, record);
                    }
                });
        }
        // Several passes use one key: its chance is counted once.
        let mut known: HashMap<Key, f64> = HashMap::new();
        let mut chance = |key: &Key| *known.entry(*key).or_insert_with(|| key.chance(table));
        let chances = passes
            .iter()
            .map(|pass| pass.keys.iter().map(&mut chance).collect())
            .collect();
        let mut blocks = Self {
            passes,
            keys,
            orders: Vec::new(),
            ends: Vec::new(),
            chances,
            reports,
        };
        for pass in 0..many {
            let mut order = blocks.order(pass);
            if blocks.divide(pass, &order, table, config) {
                order = blocks.order(pass);
            }
            let (mut records, mut ends) = (Vec::new(), Vec::new());
            for block in order
                .chunk_by(|a, b| a.0 == b.0)
                .filter(|block| block.len() > 1)
            {
                records.extend(block.iter().map(|(_, record)| *record));
                ends.push(u32::try_from(records.len()).unwrap_or(u32::MAX));
            }
            blocks.orders.push(records);
            blocks.ends.push(ends);
        }
        Ok(blocks)
    }

    pub(crate) fn key(&self, record: u32, pass: usize) -> u32 {
        self.keys[record as usize * self.passes.len() + pass]
    }

    /// Keys of a pass with their records, in order.
    fn order(&self, pass: usize) -> Vec<(u32, u32)> {
        let many = self.passes.len();
        let mut order: Vec<(u32, u32)> = (0_u32..)
            .zip(self.keys.iter().skip(pass).step_by(many))
            .filter(|(_, key)| **key != 0)
            .map(|(record, key)| (*key, record))
            .collect();
        order.par_sort_unstable();
        order
    }

    /// The blocks of a pass: records with one key, two or more.
    pub(crate) fn of(&self, pass: usize) -> Vec<&[u32]> {
        let (order, mut start) = (&self.orders[pass], 0);
        let block = |end: &u32| {
            let block = &order[start..*end as usize];
            start = *end as usize;
            block
        };
        self.ends[pass].iter().map(block).collect()
    }

    /// Whether an earlier pass than this one proposes a pair.
    pub(crate) fn earlier(&self, pass: usize, a: u32, b: u32) -> bool {
        let many = self.passes.len();
        let row = |record: u32| &self.keys[record as usize * many..record as usize * many + pass];
        // Without a way out in the middle, several are compared at once.
        row(a)
            .iter()
            .zip(row(b))
            .fold(false, |found, (one, other)| {
                found | ((one == other) & (*one != 0))
            })
    }

    /// Something of a record's keys of the passes before one: reading it brings them near.
    pub(crate) fn touch(&self, record: u32, pass: usize) -> u32 {
        let at = record as usize * self.passes.len();
        self.keys[at] ^ self.keys[at + pass]
    }

    /// How many pairs a pass would propose if its keys agreed by chance alone.
    pub(crate) fn by_chance(&self, pass: usize, possible: f64) -> f64 {
        self.chances[pass].iter().product::<f64>() * possible
    }

    /// The passes that propose a pair.
    pub fn proposing(&self, a: u32, b: u32) -> Vec<&str> {
        let agree =
            |pass: &usize| self.key(a, *pass) == self.key(b, *pass) && self.key(a, *pass) != 0;
        (0..self.passes.len())
            .filter(agree)
            .map(|pass| self.passes[pass].name.as_str())
            .collect()
    }

    /// The reports of the passes in use, in their order.
    pub(crate) fn used_reports(&mut self) -> impl Iterator<Item = &mut PassReport> {
        self.reports.iter_mut().filter(|report| report.used)
    }

    /// Divides blocks over the cap by giving their records longer keys; true if there were any.
    fn divide(
        &mut self,
        pass: usize,
        order: &[(u32, u32)],
        table: &Table,
        config: &Config,
    ) -> bool {
        let many = self.passes.len();
        let finer = finer_keys(&self.passes[pass], config);
        let mut longer: Vec<(u32, u32)> = Vec::new();
        let (mut divided, mut cut) = (0, 0);
        for block in order.chunk_by(|a, b| a.0 == b.0) {
            if block.len() <= config.block_cap {
                continue;
            }
            let key = block[0].0;
            let block: Vec<u32> = block.iter().map(|(_, record)| *record).collect();
            divided += 1;
            let start = longer.len();
            split(
                &block,
                &finer,
                table,
                config.block_cap,
                u64::from(key),
                &mut longer,
            );
            let mut sizes = HashMap::<u32, u64>::new();
            for (_, key) in &longer[start..] {
                *sizes.entry(*key).or_default() += 1;
            }
            cut += pairs(block.len() as u64) - sizes.values().map(|size| pairs(*size)).sum::<u64>();
        }
        for (record, key) in longer {
            self.keys[record as usize * many + pass] = key;
        }
        if let Some(report) = self.used_reports().nth(pass) {
            report.divided = divided;
            report.cut = cut;
        }
        divided > 0
    }
}

const fn pairs(records: u64) -> u64 {
    records * records.saturating_sub(1) / 2
}

/// Coarse parts of the fields that a pass does not use, to divide its blocks by.
fn finer_keys(pass: &Pass, config: &Config) -> Vec<Key> {
    let parts = config
        .fields
        .iter()
        .enumerate()
        .filter(|(at, _)| !pass.uses(*at));
    let mut keys: Vec<Key> = parts
        .map(|(field, one)| {
            let part = match one.kind {
                Kind::GivenName | Kind::FamilyName => Part::First(1),
                Kind::Date => Part::Year,
                Kind::Postcode => Part::Outward,
                Kind::Text => Part::First(3),
                _ => Part::Whole,
            };
            Key {
                field,
                other: None,
                part,
            }
        })
        .collect();
    // Names and dates divide best; what few records have comes last.
    keys.sort_by_key(|key| match config.fields[key.field].kind {
        Kind::GivenName | Kind::FamilyName => 0,
        Kind::Date => 1,
        Kind::Postcode => 2,
        Kind::Code => 3,
        _ => 4,
    });
    keys
}

fn split(
    block: &[u32],
    finer: &[Key],
    table: &Table,
    cap: usize,
    key: u64,
    out: &mut Vec<(u32, u32)>,
) {
    if block.len() <= cap {
        out.extend(block.iter().map(|record| (*record, mix(key))));
        return;
    }
    let Some((first, rest)) = finer.split_first() else {
        for (number, chunk) in (1_u64..).zip(block.chunks(cap)) {
            let key = key.wrapping_mul(31).wrapping_add(number);
            out.extend(chunk.iter().map(|record| (*record, mix(key))));
        }
        return;
    };
    let mut parts: Vec<(u32, u32)> = block
        .iter()
        .map(|record| (first.of(table, *record as usize), *record))
        .collect();
    parts.sort_unstable();
    for part in parts.chunk_by(|a, b| a.0 == b.0) {
        let records: Vec<u32> = part.iter().map(|(_, record)| *record).collect();
        let key = (key.rotate_left(17) ^ u64::from(part[0].0)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        split(&records, rest, table, cap, key, out);
    }
}
