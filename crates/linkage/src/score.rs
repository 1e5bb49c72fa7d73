//! Weighs pairs by a model: every weight is worked out once and looked up.

use crate::MOST_FIELDS;
use crate::compare::{Comparer, Levels, agrees};
use crate::levels::{MISSING, MOST, SAME};
use crate::model::Model;
use crate::table::Table;

/// Weights of a field in a case.
#[derive(Clone, Copy)]
struct Weights {
    /// Log2 of `m / u` by level.
    levels: [f64; MOST],
    /// Log2 of `m` of "the same": with the rarity of the value it is the weight.
    same: f64,
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
            rarer: rarer.max(0.0),
            most: if rarer < 0.0 {
                -chances.u[same].log2()
            } else {
                f64::INFINITY
            },
        }
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
}

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
        Self { fields, weights }
    }
}

/// Compares pairs by a model.
pub(crate) struct Scorer<'a> {
    table: &'a Table,
    model: &'a Model,
    comparer: Comparer<'a>,
    order: &'a Order,
    weights: [f64; MOST_FIELDS],
    levels: Levels,
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

    fn weigh(&mut self, field: usize, a: u32, b: u32) -> f64 {
        let level = self.levels[field];
        if level == MISSING {
            return 0.0;
        }
        let case = self.model.case(self.table, field, &self.levels, (a, b));
        let weights = &self.order.weights[field * MOST + case];
        let rarity = if level == SAME {
            self.rarity(field, a, b)
        } else {
            None
        };
        let mut weight = match rarity {
            Some(rarity) => weights.same(rarity),
            None => weights.levels[usize::from(level)],
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

    /// What two names that are both the same weigh less because they go together, in bits.
    fn go_together(&self, field: usize, partner: usize, a: u32, b: u32) -> f64 {
        let together = self.model.full_names.get(a as usize).copied();
        let together = f64::from(together.unwrap_or(0.0));
        if together <= 0.0 || self.levels[field] != SAME || self.levels[partner] != SAME {
            return 0.0;
        }
        let apart =
            self.rarity(field, a, b).unwrap_or(0.0) + self.rarity(partner, a, b).unwrap_or(0.0);
        (apart - together).max(0.0)
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
        weight -= self.model.household_takes(&self.levels, &self.weights);
        (weight >= least).then_some(weight)
    }

    /// Levels and weights of the pair that was scored last.
    pub(crate) fn parts(&self) -> (&Levels, &[f64; MOST_FIELDS]) {
        (&self.levels, &self.weights)
    }
}
