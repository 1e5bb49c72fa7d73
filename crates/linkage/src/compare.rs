//! The levels of all fields of a pair of records: each field by itself, exchanged names, and
//! fields that follow from another.

use crate::MOST_FIELDS;
use crate::config::Kind;
use crate::levels::{self, MISSING, SAME, close_names, exchanged};
use crate::model::Model;
use crate::table::Table;

/// The levels of all fields of a pair.
pub(crate) type Levels = [u8; MOST_FIELDS];

/// Reads the levels of pairs, with a small memory of names compared before.
pub(crate) struct Comparer<'a> {
    table: &'a Table,
    model: &'a Model,
    /// For each field pairs of values with their level in the lowest byte.
    seen: Vec<Vec<u64>>,
}

/// Slots of the memory of each field.
const SLOTS: usize = 1 << 12;
/// Values from this number on are not remembered: two numbers and a level fit into 64 bits.
const TOO_MANY: u32 = 1 << 28;
/// From this many records on, pairs of values come again often enough to be remembered.
const WORTH_REMEMBERING: usize = 1_000;

impl<'a> Comparer<'a> {
    pub(crate) fn new(table: &'a Table, model: &'a Model) -> Self {
        let remembers =
            |kind: &Kind| matches!(kind, Kind::GivenName | Kind::FamilyName | Kind::Text);
        let slots = |kind: &Kind| {
            if table.len() >= WORTH_REMEMBERING && remembers(kind) {
                vec![0; SLOTS]
            } else {
                Vec::new()
            }
        };
        Self {
            table,
            model,
            seen: model.kinds.iter().map(slots).collect(),
        }
    }

    fn level(&mut self, field: usize, a: u32, b: u32) -> u8 {
        let numbers = (
            self.table.number(field, a as usize),
            self.table.number(field, b as usize),
        );
        let (a, b) = (numbers.0.min(numbers.1), numbers.0.max(numbers.1));
        if a == 0 {
            return MISSING;
        }
        if a == b {
            return SAME;
        }
        let kind = self.model.kinds[field];
        let values = &self.table.dictionaries[self.table.dictionary_of[field]];
        if let Some(level) = levels::quick(kind, values, a, b) {
            return level;
        }
        let seen = &mut self.seen[field];
        if seen.is_empty() || b >= TOO_MANY {
            return levels::slow(kind, values, a, b);
        }
        let pair = u64::from(a) << 28 | u64::from(b);
        let slot = (pair.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 52) as usize % SLOTS;
        if seen[slot] >> 8 == pair {
            return (seen[slot] & 0xff) as u8;
        }
        let level = levels::slow(kind, values, a, b);
        seen[slot] = pair << 8 | u64::from(level);
        level
    }

    /// The level of one field; that of the first of two exchanged fields covers both.
    pub(crate) fn field(&mut self, field: usize, a: u32, b: u32, levels: &mut Levels) {
        levels[field] = self.level(field, a, b);
        let Some(partner) = self.model.partners[field] else {
            return;
        };
        levels[partner] = self.level(partner, a, b);
        if levels[field] <= SAME || levels[partner] == SAME || levels[partner] == MISSING {
            return;
        }
        let number = |field: usize, record: u32| self.table.number(field, record as usize);
        let values = &self.table.dictionaries[self.table.dictionary_of[field]];
        if close_names(values, number(field, a), number(partner, b))
            && close_names(values, number(partner, a), number(field, b))
        {
            levels[field] = exchanged(self.model.kinds[field]);
            levels[partner] = MISSING;
        }
    }

    pub(crate) fn all(&mut self, a: u32, b: u32) -> Levels {
        let mut levels = [MISSING; MOST_FIELDS];
        for field in 0..self.model.kinds.len() {
            if !self.model.is_covered(field) {
                self.field(field, a, b, &mut levels);
            }
        }
        levels
    }

    /// The levels that may be learnt from, without fields that follow from one that agrees,
    /// and the case of each field.
    pub(crate) fn learnable(&mut self, a: u32, b: u32) -> (Levels, Levels) {
        let mut levels = self.all(a, b);
        for (field, outer) in self.model.within.iter().enumerate() {
            if let Some((outer, _)) = outer
                && agrees(self.model.kinds[*outer], levels[*outer])
            {
                levels[field] = MISSING;
            }
        }
        let mut cases = [0; MOST_FIELDS];
        for (field, case) in cases.iter_mut().enumerate().take(self.model.kinds.len()) {
            *case = self.model.case(self.table, field, &levels, (a, b)) as u8;
        }
        (levels, cases)
    }
}

/// Whether a level says that two values are one: the same, or nearly.
pub(crate) const fn agrees(kind: Kind, level: u8) -> bool {
    match kind {
        Kind::Postcode => level >= 1 && level <= 4,
        Kind::GivenName => level >= 1 && level <= 3,
        _ => level >= 1 && level <= 2,
    }
}
