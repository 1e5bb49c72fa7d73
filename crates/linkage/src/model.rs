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

use crate::blocking::Blocks;
use crate::compare::{Comparer, Levels};
use crate::config::{Config, Kind};
use crate::levels::{self, MISSING, MOST, SAME, exchanged};
use crate::table::Table;

/// Pairs drawn at random for `u`.
const DRAWN: u32 = 400_000;
/// Pairs of each pass that `m` is learnt from.
const LEARNT_FROM: usize = 60_000;
/// Rounds of expectation maximisation, at most.
const ROUNDS: usize = 40;
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
    /// For each field how often each value occurs, as a share; empty to use `u` alone.
    pub(crate) frequencies: Vec<Vec<f32>>,
    /// Chance that two records drawn at random are of one person.
    pub prior: f64,
    /// Chance that two records of different people are of one household.
    pub household: f64,
}

/// A guess at the chances among records of one person, from the best level to the worst.
fn guess(kind: Kind) -> &'static [f64] {
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

/// Chances among strangers as they usually are: what few records cannot teach.
const fn usual(kind: Kind) -> &'static [f64] {
    match kind {
        Kind::GivenName => &[0.011, 0.001, 0.0012, 0.0012, 0.0007, 0.01, 0.9749, 0.00001],
        Kind::FamilyName => &[0.002, 0.0001, 0.0007, 0.0034, 0.02, 0.9738, 0.00001],
        Kind::Date => &[0.00004, 0.000_006, 0.0011, 0.0031, 0.01, 0.98575],
        Kind::Postcode => &[0.0001, 0.0005, 0.002, 0.02, 0.2, 0.7774],
        Kind::Identifier | Kind::Telephone => &[0.000_002, 0.00005, 0.999_948],
        Kind::Number => &[0.01, 0.03, 0.96],
        Kind::Code => &[0.4, 0.6],
        Kind::Text => &[0.002, 0.0003, 0.002, 0.02, 0.9757, 0.00001],
        Kind::Email => &[0.000_002, 0.0001, 0.001, 0.998_897],
    }
}

/// Pairs that the usual chances among strangers are worth beside those that were drawn.
const WORTH: f64 = 2_000.0;
/// Records that the usual share of a value is worth beside those that there are.
const RECORDS_WORTH: f64 = 300.0;
/// Least partners a record has, on average: few records must not talk the prior away.
const LEAST_PARTNERS: f64 = 0.02;

fn spread(shares: &[f64]) -> [f64; MOST] {
    let mut all = [0.0; MOST];
    let total: f64 = shares.iter().sum();
    for (slot, share) in all.iter_mut().skip(1).zip(shares) {
        *slot = share / total;
    }
    all
}

/// Shares of each level among what was seen, with some imagined pairs added.
fn shared_out(seen: &[f64; MOST], imagined: &[f64; MOST], pairs: f64) -> [f64; MOST] {
    let total: f64 = seen.iter().skip(1).sum();
    let mut shares = [0.0; MOST];
    for (level, slot) in shares.iter_mut().enumerate().skip(1) {
        *slot = (seen[level] + pairs * imagined[level]) / (total + pairs);
    }
    shares
}

/// What passes saw of a field, as one: at each level the middle of their shares, for as many
/// pairs as all of them saw. A pass whose keys go together oftener than chance (names of one
/// country, names of one generation) takes strangers for one person; the middle does not heed it.
fn middle(sessions: &[[f64; MOST]]) -> [f64; MOST] {
    let total = |seen: &[f64; MOST]| seen.iter().skip(1).sum::<f64>();
    let seen: Vec<(&[f64; MOST], f64)> = sessions
        .iter()
        .map(|one| (one, total(one)))
        .filter(|(_, total)| *total > 0.0)
        .collect();
    let mut shares = [0.0; MOST];
    for (level, slot) in shares.iter_mut().enumerate().skip(1) {
        let mut all: Vec<f64> = seen.iter().map(|(one, total)| one[level] / total).collect();
        all.sort_unstable_by(f64::total_cmp);
        let half = all.len() / 2;
        *slot = match all.len() {
            0 => 0.0,
            even if even % 2 == 0 => f64::midpoint(all[half - 1], all[half]),
            _ => all[half],
        };
    }
    let pairs: f64 = seen.iter().map(|(_, total)| total).sum();
    let whole = total(&shares).max(1e-9);
    for slot in &mut shares {
        *slot *= pairs / whole;
    }
    shares
}

/// A small generator of numbers that are the same for the same seed (SplitMix64).
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn below(&mut self, limit: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        u32::try_from((u128::from(z) * u128::from(limit)) >> 64).unwrap_or(0)
    }
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
        let chances = config
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
            chances,
            frequencies: vec![Vec::new(); config.fields.len()],
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

    /// Learns a model from the records themselves.
    pub fn learn(table: &Table, blocks: &Blocks, config: &Config) -> Self {
        let mut model = Self::guessed(config);
        model.count_frequencies(table);
        model.draw(table, config);
        model.settle_household(table, config);
        let mut learnt: Vec<Vec<[f64; MOST]>> = vec![Vec::new(); config.fields.len()];
        let mut expected = 0.0_f64;
        for pass in 0..blocks.passes.len() {
            expected = expected.max(model.session(table, blocks, pass, &mut learnt));
        }
        for ((field, chances), sums) in config.fields.iter().zip(&mut model.chances).zip(&learnt) {
            if field.m.is_none() {
                // Twenty imagined pairs keep a level that was never seen possible.
                chances.m = shared_out(&middle(sums), &spread(guess(field.kind)), 20.0);
            }
        }
        model.settle_household(table, config);
        model.prior = (expected / possible(table)).clamp(least_prior(table), 0.5);
        model
    }

    fn count_frequencies(&mut self, table: &Table) {
        for field in 0..self.kinds.len() {
            let counts = table.counts(field);
            let there =
                f64::from(u32::try_from(table.len()).unwrap_or(u32::MAX)) - f64::from(counts[0]);
            let usual = usual(self.kinds[field]).first().copied().unwrap_or(0.0) * RECORDS_WORTH;
            let share =
                |count: &u32| ((f64::from(*count) + usual) / (there + RECORDS_WORTH)) as f32;
            self.frequencies[field] = counts.iter().map(share).collect();
        }
    }

    /// Counts `u` in pairs drawn at random.
    fn draw(&mut self, table: &Table, config: &Config) {
        let records = u32::try_from(table.len()).unwrap_or(u32::MAX);
        let mut counts = vec![[0_u32; MOST]; self.kinds.len()];
        if records >= 2 {
            let mut dice = Dice(config.seed);
            let mut comparer = Comparer::new(table, self);
            for _ in 0..DRAWN {
                let (a, b) = match table.left {
                    Some(left) if left > 0 && left < records => {
                        (dice.below(left), left + dice.below(records - left))
                    }
                    _ => (dice.below(records), dice.below(records)),
                };
                if a == b {
                    continue;
                }
                for (count, level) in counts.iter_mut().zip(comparer.all(a, b)) {
                    count[usize::from(level)] += 1;
                }
            }
        }
        for (field, counts) in counts.iter().enumerate() {
            let levels = levels::names(self.kinds[field]).len()
                + usize::from(self.partners[field].is_some());
            let there: f64 = counts.iter().skip(1).map(|count| f64::from(*count)).sum();
            if let Some(given) = &config.fields[field].u {
                self.chances[field].u = [0.0; MOST];
                let slots = self.chances[field].u.iter_mut().skip(1);
                for (slot, chance) in slots.zip(given) {
                    *slot = *chance;
                }
                continue;
            }
            let usual = usual(self.kinds[field]);
            let values = table.counts(field);
            let held: f64 = values.iter().skip(1).map(|count| f64::from(*count)).sum();
            let alike: f64 = values
                .iter()
                .skip(1)
                .map(|count| f64::from(*count) * (f64::from(*count) - 1.0))
                .sum();
            let same = alike / (held * (held - 1.0)).max(1.0);
            let pairs = (held * (held - 1.0) / 2.0).clamp(0.0, f64::from(DRAWN));
            let drawn = there.min(pairs);
            let worth = WORTH.min(drawn.max(20.0));
            for (level, slot) in self.chances[field].u.iter_mut().enumerate() {
                *slot = match level {
                    0 => 0.0,
                    1 => ((same * pairs + usual[0] * WORTH) / (pairs + WORTH)).max(1e-9),
                    level if level <= levels => {
                        let usual = usual.get(level - 1).copied().unwrap_or(1e-6);
                        let share = if there > 0.0 {
                            f64::from(counts[level]) / there
                        } else {
                            0.0
                        };
                        (share * drawn + usual * worth + 1e-7) / (drawn + worth)
                    }
                    _ => 0.0,
                };
            }
        }
    }

    /// Chances within a household: what it shares as one person would, the rest as strangers.
    fn settle_household(&mut self, table: &Table, config: &Config) {
        let records = f64::from(u32::try_from(table.len()).unwrap_or(u32::MAX)).max(2.0);
        let shares = config
            .fields
            .iter()
            .zip(&table.columns)
            .any(|(field, column)| field.household && column.iter().any(|number| *number != 0));
        // Half a housemate a record; too many costs little, none lets families through.
        self.household = if shares {
            (0.5 * records / possible(table)).min(0.01)
        } else {
            0.0
        };
        self.share_household(config);
    }

    fn share_household(&mut self, config: &Config) {
        for (field, chances) in config.fields.iter().zip(&mut self.chances) {
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

    /// Learns from the pairs of one pass; adds what was seen of the fields that the pass does
    /// not use, and gives the number of pairs of one person that it expects among all.
    fn session(
        &self,
        table: &Table,
        blocks: &Blocks,
        pass: usize,
        learnt: &mut [Vec<[f64; MOST]>],
    ) -> f64 {
        let (patterns, pairs, all_pairs) = self.patterns(table, blocks, pass);
        if pairs < 100.0 {
            return 0.0;
        }
        let free: Vec<usize> = (0..self.kinds.len())
            .filter(|field| !blocks.passes[pass].uses(*field))
            .collect();
        let mut m: Vec<[f64; MOST]> = self.chances.iter().map(|chances| chances.m).collect();
        // What chance alone would propose are strangers: so many, whatever they look like.
        let strangers = (blocks.by_chance(pass, possible(table)) / all_pairs).max(0.001);
        if strangers > 0.7 {
            return 0.0;
        }
        let (mut one, mut house) = if self.household > 0.0 {
            ((1.0 - strangers) * 0.75, (1.0 - strangers) * 0.25)
        } else {
            (1.0 - strangers, 0.0)
        };
        let guesses: Vec<[f64; MOST]> =
            self.kinds.iter().map(|kind| spread(guess(*kind))).collect();
        let mut sums = vec![[0.0_f64; MOST]; m.len()];
        for _ in 0..ROUNDS {
            sums = vec![[0.0; MOST]; m.len()];
            let (mut found, mut lodging) = (0.0, 0.0);
            for (levels, count) in &patterns {
                let (mut as_one, mut as_house, mut as_strangers) = (one, house, strangers);
                for field in &free {
                    let level = usize::from(levels[*field]);
                    if level != 0 {
                        as_one *= m[*field][level];
                        as_house *= self.chances[*field].h[level];
                        as_strangers *= self.chances[*field].u[level];
                    }
                }
                let share = as_one / (as_one + as_house + as_strangers).max(1e-300);
                found += share * count;
                lodging += as_house / (as_one + as_house + as_strangers).max(1e-300) * count;
                for field in &free {
                    sums[*field][usize::from(levels[*field])] += share * count;
                }
            }
            let before = one;
            let known = ((found + lodging) / (1.0 - strangers)).max(1e-9);
            one = (found / known).clamp(1e-6, 0.999);
            house = if self.household > 0.0 {
                (lodging / known).clamp(1e-6, 0.9)
            } else {
                0.0
            };
            for field in &free {
                m[*field] = shared_out(&sums[*field], &guesses[*field], 5.0);
            }
            if (one - before).abs() < 1e-6 {
                break;
            }
        }
        // A pass with hardly any true pair teaches nothing.
        if one * pairs < 50.0 {
            return 0.0;
        }
        for field in &free {
            learnt[*field].push(sums[*field]);
        }
        one * all_pairs
    }

    /// Patterns of levels of a sample of a pass's pairs with their counts, the number of
    /// pairs drawn, and how many there are in all.
    fn patterns(
        &self,
        table: &Table,
        blocks: &Blocks,
        pass: usize,
    ) -> (Vec<(Levels, f64)>, f64, f64) {
        let list = blocks.of(pass);
        let across = |block: &[u32]| -> u64 {
            let left = table.left.map_or(0, |left| {
                block.iter().filter(|record| **record < left).count() as u64
            });
            let size = block.len() as u64;
            if table.left.is_some() {
                left * (size - left)
            } else {
                size * (size - 1) / 2
            }
        };
        let all: u64 = list.iter().map(|block| across(block)).sum();
        let step = (all / LEARNT_FROM as u64).max(1);
        let mut counts: std::collections::BTreeMap<Levels, u32> = std::collections::BTreeMap::new();
        let mut comparer = Comparer::new(table, self);
        let (mut number, mut drawn) = (0_u64, 0_u32);
        for block in list {
            for (at, a) in block.iter().enumerate() {
                for b in &block[at + 1..] {
                    if table.in_one_file(*a, *b) {
                        continue;
                    }
                    number += 1;
                    if number % step == 0 {
                        *counts.entry(comparer.learnable(*a, *b)).or_default() += 1;
                        drawn += 1;
                    }
                }
            }
        }
        let patterns = counts
            .into_iter()
            .map(|(levels, count)| (levels, f64::from(count)))
            .collect();
        (patterns, f64::from(drawn), all as f64)
    }

    /// Log2 of `m / u` of a field at a level, the frequency of the value considered.
    pub(crate) fn field_weight(&self, field: usize, level: u8, frequency: f64) -> f64 {
        let chances = &self.chances[field];
        let level_at = usize::from(level);
        if level == MISSING {
            return 0.0;
        }
        let u = if level == SAME && frequency > 0.0 {
            frequency
        } else {
            chances.u[level_at]
        };
        (chances.m[level_at].max(1e-9) / u.max(1e-9)).log2()
    }

    /// The frequency that counts for a pair of values: of the more frequent.
    pub(crate) fn frequency(&self, table: &Table, field: usize, a: u32, b: u32) -> f64 {
        let list = &self.frequencies[field];
        let of = |record: u32| {
            list.get(table.columns[field][record as usize] as usize)
                .copied()
                .unwrap_or(0.0)
        };
        f64::from(of(a).max(of(b)))
    }

    /// Log2 of how much likelier the levels are for people of one household than for strangers.
    pub(crate) fn household_weight(&self, levels: &Levels, weights: &[f64]) -> f64 {
        let mut all = 0.0;
        for (field, chances) in self.chances.iter().enumerate() {
            let level = usize::from(levels[field]);
            let born_together = self.kinds[field] == Kind::Date && levels[field] == SAME;
            // What a household does not share is as likely in it as among strangers. For the
            // rest `weights` is m/u with the value's frequency in it, and h/u = (m/u) (h/m).
            if level != 0 && (self.shared[field] || born_together) {
                all += weights[field]
                    + (chances.h[level].max(1e-9) / chances.m[level].max(1e-9)).log2();
            }
        }
        all
    }

    /// What the household case takes off a pair's weight, in bits; nought or more.
    pub(crate) fn household_takes(&self, levels: &Levels, weights: &[f64]) -> f64 {
        if self.household <= 0.0 {
            return 0.0;
        }
        let likelier = self.household_weight(levels, weights).clamp(-60.0, 60.0);
        (1.0 - self.household + self.household * likelier.exp2())
            .log2()
            .max(0.0)
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
