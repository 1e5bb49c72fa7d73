//! Weighs pairs by a model: every weight is worked out once and looked up.

use crate::MOST_FIELDS;
use crate::compare::{Comparer, Levels, agrees};
use crate::config::Kind;
use crate::levels::{MISSING, MOST, NEARLY, SAME};
use crate::model::Model;
use crate::table::Table;

/// Slips that make another name of a name, in bits: some hundred of them.
const SLIPS: f64 = 7.0;

/// Weights of a field in a case.
#[derive(Clone, Copy)]
struct Weights {
    /// Log2 of `m / u` by level.
    levels: [f64; MOST],
    /// Log2 of `m` of "the same": with the rarity of the value it is the weight.
    same: f64,
    /// Log2 of `m` of "nearly the same", for names.
    near: f64,
    /// Bits by which every value is rarer in this case than among all.
    rarer: f64,
    /// Most bits that a value is rare in this case.
    most: f64,
}

impl Weights {
    fn of(model: &Model, field: usize, case: usize) -> Self {
        let (all, chances) = (&model.chances[field], model.chances_of(field, case));
        let mut levels = [0.0; MOST];
        for (level, weight) in levels.iter_mut().enumerate().skip(1) {
            *weight = (chances.m[level].max(1e-9) / chances.u[level].max(1e-9)).log2();
        }
        let same = usize::from(SAME);
        let rarer = (all.u[same].max(1e-9) / chances.u[same].max(1e-9)).log2();
        Self {
            levels,
            same: chances.m[same].max(1e-9).log2(),
            near: chances.m[usize::from(NEARLY)].max(1e-9).log2(),
            rarer: rarer.max(0.0),
            most: if rarer < 0.0 {
                -chances.u[same].log2()
            } else {
                f64::INFINITY
            },
        }
    }

    /// Two names that are nearly the same. One that many bear is no slip but a name of its own,
    /// and speaks for one person only as far as a slip would make just it.
    fn nearly(&self, rarer: f64) -> f64 {
        let usual = self.levels[usize::from(NEARLY)];
        usual.min((self.near - SLIPS + rarer).max(1.0))
    }

    fn same(&self, rarity: f64) -> f64 {
        self.same + (rarity + self.rarer).min(self.most)
    }
}

/// Fields in the order in which they are compared, each with the most that those after it
/// can add; and the weights.
pub(crate) struct Order {
    fields: Vec<(usize, f64)>,
    weights: Vec<Weights>,
    household: Household,
    /// For each field from which rarity on, in bits, nothing is known of how rare a value is:
    /// a handful of records have it, which may be one person's.
    handful: Vec<f64>,
}

/// Bits from a value that one record has to one that a handful have.
const A_HANDFUL: f64 = 2.0;

impl Order {
    pub(crate) fn of(table: &Table, model: &Model) -> Self {
        let weights: Vec<Weights> = (0..model.kinds.len() * MOST)
            .map(|slot| Weights::of(model, slot / MOST, slot % MOST))
            .collect();
        let most = |field: usize| {
            let rarest = model.rarity[field].iter().copied().fold(0.0, f32::max);
            let rarest = f64::from(rarest.max(model.generations.most(field)));
            let levels = usize::from(crate::levels::exchanged(model.kinds[field]));
            let cases = if model.cases[field].is_empty() {
                1
            } else {
                MOST
            };
            weights[field * MOST..field * MOST + cases]
                .iter()
                .flat_map(|one| {
                    let same = if model.rarity[field].is_empty() {
                        one.levels[usize::from(SAME)]
                    } else {
                        one.same(rarest)
                    };
                    one.levels[2..=levels].iter().copied().chain([same])
                })
                .fold(0.0, f64::max)
        };
        let mut fields: Vec<(usize, f64)> = (0..model.kinds.len())
            .filter(|field| !model.is_covered(*field))
            .filter(|field| {
                table.has(*field) || model.partners[*field].is_some_and(|other| table.has(other))
            })
            .map(|field| (field, most(field) + model.partners[field].map_or(0.0, most)))
            .collect();
        // A field that follows from another comes after it.
        fields.sort_by(|a, b| {
            let inner = |field: usize| model.within[field].is_some();
            inner(a.0)
                .cmp(&inner(b.0))
                .then(b.1.total_cmp(&a.1))
                .then(a.0.cmp(&b.0))
        });
        let mut after = 0.0;
        for (_, most) in fields.iter_mut().rev() {
            let own = *most;
            *most = after;
            after += own;
        }
        let handful = model
            .rarity
            .iter()
            .map(|all| f64::from(all.iter().copied().fold(0.0, f32::max)) - A_HANDFUL)
            .collect();
        Self {
            fields,
            weights,
            household: Household::of(model),
            handful,
        }
    }
}

/// What people of one household share.
struct Household {
    /// The chance of two who are not one person to live together.
    chance: f64,
    /// The fields that they share, with log2 of `h / m` by level; nought for the rest.
    shared: Vec<(usize, [f64; MOST])>,
}

impl Household {
    fn of(model: &Model) -> Self {
        let likelier = |field: usize| {
            let chances = &model.chances[field];
            let mut all = [f64::NAN; MOST];
            for (level, slot) in all.iter_mut().enumerate().skip(1) {
                // What a household does not share is as likely in it as among strangers.
                let born_together = model.kinds[field] == Kind::Date && level == usize::from(SAME);
                if model.shared[field] || born_together {
                    *slot = (chances.h[level].max(1e-9) / chances.m[level].max(1e-9)).log2();
                }
            }
            (field, all)
        };
        let shared = (0..model.kinds.len())
            .filter(|field| model.shared[*field] || model.kinds[*field] == Kind::Date)
            .map(likelier)
            .collect();
        Self {
            chance: model.household,
            shared,
        }
    }

    /// What the household case takes off a pair's weight, in bits; nought or more.
    fn takes(&self, levels: &Levels, weights: &[f64]) -> f64 {
        // `weights` is m/u with the value's frequency in it, and h/u = (m/u) (h/m).
        let together: f64 = self
            .shared
            .iter()
            .map(|(field, likelier)| (weights[*field], likelier[usize::from(levels[*field])]))
            .filter(|(_, likelier)| !likelier.is_nan())
            .map(|(weight, likelier)| weight + likelier)
            .sum();
        if self.chance <= 0.0 || together <= 0.0 {
            return 0.0;
        }
        let likelier = together.min(60.0).exp2();
        (1.0 - self.chance + self.chance * likelier).log2().max(0.0)
    }
}

const fn is_name(kind: Kind) -> bool {
    matches!(kind, Kind::GivenName | Kind::FamilyName)
}

/// Whether two names are one: the same, nearly, or a form of the same given name.
const fn agrees_as_name(kind: Kind, level: u8) -> bool {
    level == SAME || level == NEARLY || (level == 2 && matches!(kind, Kind::GivenName))
}

/// Compares pairs by a model.
pub(crate) struct Scorer<'a> {
    table: &'a Table,
    model: &'a Model,
    comparer: Comparer<'a>,
    order: &'a Order,
    weights: [f64; MOST_FIELDS],
    levels: Levels,
    takes: f64,
}

impl<'a> Scorer<'a> {
    pub(crate) fn new(table: &'a Table, model: &'a Model, order: &'a Order) -> Self {
        Self {
            table,
            model,
            comparer: Comparer::new(table, model),
            order,
            weights: [0.0; MOST_FIELDS],
            levels: [0; MOST_FIELDS],
            takes: 0.0,
        }
    }

    /// How rare the value is that two records share, in bits.
    fn rarity(&self, field: usize, a: u32, b: u32) -> Option<f64> {
        let all = &self.model.rarity[field];
        if all.is_empty() {
            return None;
        }
        let value = self.table.number(field, a as usize);
        let in_generation = self.model.generations.rarity(field, value, a, b);
        Some(f64::from(in_generation.unwrap_or(all[value as usize])))
    }

    /// How rare the commoner and the rarer of two values are, in bits; more than any where
    /// that is not known.
    fn rarities(&self, field: usize, a: u32, b: u32) -> (f64, f64) {
        let all = &self.model.rarity[field];
        let of = |record: u32| {
            let bits = all.get(self.table.number(field, record as usize) as usize);
            bits.map_or(f64::INFINITY, |bits| f64::from(*bits))
        };
        let (one, other) = (of(a), of(b));
        (one.min(other), one.max(other))
    }

    fn weigh(&mut self, field: usize, a: u32, b: u32) -> f64 {
        let level = self.levels[field];
        if level == MISSING {
            return 0.0;
        }
        let case = self.model.case(self.table, field, &self.levels, (a, b));
        let weights = &self.order.weights[field * MOST + case];
        let usual = weights.levels[usize::from(level)];
        let mut weight = match level {
            SAME => self
                .rarity(field, a, b)
                .map_or(usual, |rarity| weights.same(rarity)),
            NEARLY if is_name(self.model.kinds[field]) => {
                let (commoner, rarer) = self.rarities(field, a, b);
                let usual = match rarer < self.order.handful[field] {
                    true => weights.nearly(rarer),
                    false => usual,
                };
                // Whose slip it was: of somebody with the commoner name, and that may be many.
                usual.min(commoner.max(1.0))
            }
            _ => usual,
        };
        if let Some((outer, adds)) = self.model.within[field]
            && weight > adds
            && agrees(self.model.kinds[outer], self.levels[outer])
        {
            weight = adds;
        }
        self.weights[field] = weight;
        weight
    }

    /// What two names that agree weigh less because they go together, in bits. Where they are
    /// only nearly the same, the names that more people bear tell it.
    fn go_together(&self, field: usize, partner: usize, a: u32, b: u32) -> f64 {
        let agrees = |field: usize| agrees_as_name(self.model.kinds[field], self.levels[field]);
        if !agrees(field) || !agrees(partner) {
            return 0.0;
        }
        let of = |record: u32| self.model.full_names.get(record as usize).copied();
        f64::from(of(a).unwrap_or(0.0).max(of(b).unwrap_or(0.0)))
    }

    /// The weight of a pair without the prior; `None` as soon as it cannot reach `least`.
    pub(crate) fn score(&mut self, a: u32, b: u32, least: f64) -> Option<f64> {
        self.levels = [0; MOST_FIELDS];
        self.weights = [0.0; MOST_FIELDS];
        let order = self.order;
        let mut weight = 0.0;
        for (field, after) in &order.fields {
            let field = *field;
            self.comparer.field(field, a, b, &mut self.levels);
            weight += self.weigh(field, a, b);
            if let Some(partner) = self.model.partners[field] {
                let less = self.go_together(field, partner, a, b);
                self.weigh(partner, a, b);
                self.weights[partner] -= less;
                weight += self.weights[partner];
            }
            if weight + after < least {
                return None;
            }
        }
        self.takes = order.household.takes(&self.levels, &self.weights);
        weight -= self.takes;
        (weight >= least).then_some(weight)
    }

    /// Levels and weights of the pair that was scored last, and what the household case took.
    pub(crate) fn parts(&self) -> (&Levels, &[f64; MOST_FIELDS], f64) {
        (&self.levels, &self.weights, self.takes)
    }
}
