//! The chances `m` and `u` of every level, and the weight of a pair.
//!
//! Sources: I. P. Fellegi, A. B. Sunter, A Theory for Record Linkage (1969); W. E. Winkler
//! for expectation maximisation (1988) and for the frequency of values (1989).
//!
//! `u` is counted in pairs drawn at random. `m` is estimated pass by pass: among the pairs
//! that a pass proposes, the fields that the pass does not use show how often records of
//! one person agree. Beside "one person" and "strangers" there is a third case, *one
//! household*: people who share name, address and postcode and are still two. A pair's
//! evidence is weighed against both.

use crate::compare::{Levels, agrees};
use crate::config::{Config, Kind};
use crate::frequency::Generations;
use crate::levels::{self, MOST, exchanged};
use crate::table::Table;

/// Of the brothers, sisters and partners of one household, how many were born on one day.
const TWINS: f64 = 0.012;

/// Chances of each level of one field; index 0, "missing", is not used.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chances {
    /// Among records of one person.
    pub m: [f64; MOST],
    /// Among records of people of one household.
    pub h: [f64; MOST],
    /// Among records of strangers.
    pub u: [f64; MOST],
}

/// The chances of one level of a field.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct LevelChances {
    /// The level in words.
    pub level: String,
    /// Its chance among records of one person.
    pub m: f64,
    /// Its chance among strangers.
    pub u: f64,
}

/// The chances of one field.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct FieldChances {
    /// The field.
    pub field: String,
    /// Its levels, the best first.
    pub levels: Vec<LevelChances>,
}

/// A model: chances for every field, the prior, the frequency of values.
#[derive(Clone, Debug)]
pub struct Model {
    pub(crate) kinds: Vec<Kind>,
    /// For each field the field it is exchanged with.
    pub(crate) partners: Vec<Option<usize>>,
    /// For each field the one it follows from, and the most bits it adds where that agrees.
    pub(crate) within: Vec<Option<(usize, f64)>>,
    /// Whether people of one household often share a field.
    pub(crate) shared: Vec<bool>,
    /// Chances, one for each field.
    pub chances: Vec<Chances>,
    /// For each field the code on whose value its chances depend.
    pub(crate) by: Vec<Option<usize>>,
    /// For each field the date with whose decade its values go.
    pub(crate) fashion: Vec<Option<usize>>,
    /// Chances of a field by case, the first for what is no case; empty where it has none.
    pub(crate) cases: Vec<Vec<Chances>>,
    /// For each field how rare each value is, in bits; empty to use `u` alone.
    pub(crate) rarity: Vec<Vec<f32>>,
    /// The same by generation.
    pub(crate) generations: Generations,
    /// For each record how many bits more frequent its two names together are than apart.
    pub(crate) full_names: Vec<f32>,
    /// Chance that two records drawn at random are of one person.
    pub prior: f64,
    /// Chance that two records of different people are of one household.
    pub household: f64,
}

/// A guess at the chances among records of one person, from the best level to the worst.
pub(crate) fn guess(kind: Kind) -> &'static [f64] {
    match kind {
        Kind::GivenName => &[0.80, 0.05, 0.05, 0.02, 0.01, 0.01, 0.05, 0.01],
        Kind::FamilyName => &[0.82, 0.02, 0.06, 0.02, 0.01, 0.06, 0.01],
        Kind::Date => &[0.88, 0.01, 0.05, 0.03, 0.01, 0.02],
        Kind::Postcode => &[0.75, 0.04, 0.02, 0.03, 0.05, 0.11],
        Kind::Identifier => &[0.95, 0.03, 0.02],
        Kind::Number | Kind::Telephone => &[0.80, 0.08, 0.12],
        Kind::Code => &[0.97, 0.03],
        Kind::Text => &[0.72, 0.08, 0.05, 0.03, 0.12, 0.01],
        Kind::Email => &[0.75, 0.05, 0.02, 0.18],
    }
}

/// Least partners a record has, on average: few records must not talk the prior away.
const LEAST_PARTNERS: f64 = 0.02;

pub(crate) fn spread(shares: &[f64]) -> [f64; MOST] {
    let mut all = [0.0; MOST];
    let total: f64 = shares.iter().sum();
    for (slot, share) in all.iter_mut().skip(1).zip(shares) {
        *slot = share / total;
    }
    all
}

impl Model {
    /// A model with guessed chances and no frequencies.
    pub(crate) fn guessed(config: &Config) -> Self {
        let place = |name: &String| config.fields.iter().position(|field| field.name == *name);
        let partners: Vec<Option<usize>> = config
            .fields
            .iter()
            .map(|field| field.swapped_with.as_ref().and_then(place))
            .collect();
        let chances: Vec<Chances> = config
            .fields
            .iter()
            .map(|field| {
                let m = spread(field.m.as_deref().unwrap_or_else(|| guess(field.kind)));
                Chances { m, h: m, u: m }
            })
            .collect();
        Self {
            kinds: config.fields.iter().map(|field| field.kind).collect(),
            partners,
            within: config
                .fields
                .iter()
                .map(|field| Some((place(field.within.as_ref()?)?, field.adds)))
                .collect(),
            shared: config.fields.iter().map(|field| field.household).collect(),
            cases: config
                .fields
                .iter()
                .zip(&chances)
                .map(|(field, chances)| match (&field.within, &field.by) {
                    (None, None) => Vec::new(),
                    _ => vec![*chances; MOST],
                })
                .collect(),
            by: config
                .fields
                .iter()
                .map(|field| place(field.by.as_ref()?))
                .collect(),
            fashion: config
                .fields
                .iter()
                .map(|field| place(field.fashion.as_ref()?))
                .collect(),
            chances,
            rarity: vec![Vec::new(); config.fields.len()],
            generations: Generations::default(),
            full_names: Vec::new(),
            prior: 1e-4,
            household: 0.0,
        }
    }

    /// A model whose chances are all given in the configuration.
    pub(crate) fn given(config: &Config, prior: f64, household: f64) -> Self {
        let mut model = Self::guessed(config);
        model.prior = prior;
        for (field, chances) in config.fields.iter().zip(&mut model.chances) {
            if let Some(u) = &field.u {
                chances.u = spread(u);
            }
        }
        // Chances that are given are the same in every case.
        for cases in &mut model.cases {
            cases.clear();
        }
        model.share_household(config);
        model.household = household;
        model
    }

    /// Whether a field's level is read together with an other field.
    pub(crate) fn is_covered(&self, field: usize) -> bool {
        self.partners.contains(&Some(field))
    }

    /// The chances of every level of every field, for whoever wants to see what was learnt.
    pub fn in_words(&self, config: &Config) -> Vec<FieldChances> {
        let fields = config.fields.iter().zip(&self.chances).zip(&self.partners);
        fields
            .map(|((field, chances), partner)| {
                let mut levels: Vec<&str> = levels::names(field.kind).to_vec();
                if partner.is_some() {
                    levels.push("exchanged");
                }
                let of = |(level, words): (usize, &&str)| LevelChances {
                    level: (*words).to_owned(),
                    m: chances.m[level + 1],
                    u: chances.u[level + 1],
                };
                FieldChances {
                    field: field.name.clone(),
                    levels: levels.iter().enumerate().map(of).collect(),
                }
            })
            .collect()
    }

    /// The case a field of a pair is in: the level of the field that it follows from, where
    /// that does not agree; or the value of the code on which it depends. Nought for none.
    pub(crate) fn case(
        &self,
        table: &Table,
        field: usize,
        levels: &Levels,
        (a, b): (u32, u32),
    ) -> usize {
        if self.cases[field].is_empty() {
            return 0;
        }
        if let Some((outer, _)) = self.within[field] {
            let level = levels[outer];
            return if agrees(self.kinds[outer], level) {
                0
            } else {
                usize::from(level)
            };
        }
        let Some(code) = self.by[field] else {
            return 0;
        };
        let value = table.number(code, a as usize) as usize;
        if value < MOST && value == table.number(code, b as usize) as usize {
            value
        } else {
            0
        }
    }

    /// The chances of a field in a case.
    pub(crate) fn chances_of(&self, field: usize, case: usize) -> &Chances {
        let cases = &self.cases[field];
        cases.get(case).unwrap_or(&self.chances[field])
    }

    /// Chances within a household: what it shares as one person would, the rest as strangers.
    pub(crate) fn share_household(&mut self, config: &Config) {
        let own = config.fields.iter().zip(&mut self.chances);
        let cases = config.fields.iter().zip(&mut self.cases);
        let cases = cases.flat_map(|(field, all)| all.iter_mut().map(move |one| (field, one)));
        for (field, chances) in own.chain(cases) {
            chances.h = chances.u;
            if field.household {
                chances.h = chances.m;
                // Housemates do not exchange their names.
                let exchanged = usize::from(exchanged(field.kind));
                chances.h[exchanged] = chances.u[exchanged];
            } else if field.kind == Kind::Date {
                let same = chances.u[1].max(TWINS);
                let scale = (1.0 - same) / (1.0 - chances.u[1]);
                for slot in chances.h.iter_mut().skip(2) {
                    *slot *= scale;
                }
                chances.h[1] = same;
            }
        }
    }
}

/// How many pairs there are in all.
pub(crate) fn possible(table: &Table) -> f64 {
    let records = table.len() as f64;
    match table.left {
        Some(left) => (f64::from(left) * (records - f64::from(left))).max(1.0),
        None => (records * (records - 1.0) / 2.0).max(1.0),
    }
}

/// The least the prior can be.
pub(crate) fn least_prior(table: &Table) -> f64 {
    (LEAST_PARTNERS / 2.0 * table.len() as f64 / possible(table)).min(0.25)
}
