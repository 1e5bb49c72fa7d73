//! How the chances are learnt from the records themselves.

use crate::blocking::{Blocks, Pass};
use crate::compare::{Comparer, Levels};
use crate::config::{Config, Kind};
use crate::frequency;
use crate::levels::{self, MOST};
use crate::model::{Model, guess, least_prior, possible, spread};
use crate::table::Table;
use std::collections::BTreeMap;

/// Pairs drawn at random for `u`.
const DRAWN: u32 = 400_000;
/// Pairs of each pass that `m` is learnt from.
const LEARNT_FROM: usize = 60_000;
/// Rounds of expectation maximisation, at most.
const ROUNDS: usize = 40;
/// Pairs that the usual chances among strangers are worth beside those that were drawn.
const WORTH: f64 = 2_000.0;
/// Pairs that the chances among all strangers are worth beside those of one case.
const CASE_WORTH: f64 = 300.0;
/// Pairs of one person that a pass must have seen of a field to teach something of it.
const FEW: f64 = 30.0;
/// Chances among strangers as they usually are: what few records cannot teach.
pub(crate) const fn usual(kind: Kind) -> &'static [f64] {
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

/// Pairs of people of one household for each record, before any are counted.
const HOUSEMATES: f64 = 0.5;
/// The fewest that are believed: none at all would let families through.
const LEAST_HOUSEMATES: f64 = 0.005;

/// Pairs that a pass expects among all that it proposes.
struct Expected {
    /// Pairs of one person.
    one_person: f64,
    /// Pairs of two people of one household.
    household: f64,
}

/// The levels of a pair, and the case of each field.
type Pattern = (Levels, Levels);

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
        .filter(|(_, total)| *total >= FEW)
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

/// What was seen of a field in all its cases.
fn over_cases(sums: &[[f64; MOST]], field: usize) -> [f64; MOST] {
    let mut all = [0.0; MOST];
    for case in &sums[field * MOST..(field + 1) * MOST] {
        for (slot, seen) in all.iter_mut().zip(case) {
            *slot += seen;
        }
    }
    all
}

impl Model {
    /// Learns a model from the records themselves.
    pub fn learn(table: &Table, blocks: &Blocks, config: &Config) -> Self {
        let mut model = Self::guessed(config);
        model.rarity = frequency::rarities(table, &model.kinds);
        model.generations = frequency::generations(table, &model.fashion, &model.rarity);
        model.full_names =
            frequency::full_names(table, &model.kinds, &model.partners, &model.rarity);
        model.draw(table, config);
        model.settle_household(table, config, HOUSEMATES * table.len() as f64);
        let mut learnt: Vec<Vec<[f64; MOST]>> = vec![Vec::new(); config.fields.len() * MOST];
        let (mut expected, mut housemates) = (0.0_f64, None);
        for pass in 0..blocks.passes.len() {
            let Some(seen) = model.session(table, blocks, pass, &mut learnt) else {
                continue;
            };
            expected = expected.max(seen.one_person);
            if model.proposes_households(&blocks.passes[pass]) {
                housemates = Some(seen.household.max(housemates.unwrap_or(0.0)));
            }
        }
        for (at, field) in config.fields.iter().enumerate() {
            if field.m.is_some() {
                continue;
            }
            // Twenty imagined pairs keep a level that was never seen possible.
            let guessed = spread(guess(field.kind));
            let all = shared_out(&middle(&learnt[at * MOST]), &guessed, 20.0);
            model.chances[at].m = all;
            for (case, chances) in model.cases[at].iter_mut().enumerate() {
                chances.m = match case {
                    0 => all,
                    _ => shared_out(&middle(&learnt[at * MOST + case]), &all, 20.0),
                };
            }
        }
        // What nobody could count is as it was guessed.
        let records = table.len() as f64;
        let counted = housemates.map_or(HOUSEMATES * records, |seen: f64| {
            seen.max(LEAST_HOUSEMATES * records)
        });
        model.settle_household(table, config, counted);
        model.prior = (expected / possible(table)).clamp(least_prior(table), 0.5);
        model
    }

    /// Counts `u` in pairs drawn at random.
    fn draw(&mut self, table: &Table, config: &Config) {
        let records = u32::try_from(table.len()).unwrap_or(u32::MAX);
        let mut cases = vec![[0_u32; MOST]; self.kinds.len() * MOST];
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
                let levels = comparer.all(a, b);
                for (field, level) in levels.iter().enumerate().take(self.kinds.len()) {
                    let case = self.case(table, field, &levels, (a, b));
                    cases[field * MOST + case][usize::from(*level)] += 1;
                }
            }
        }
        for field in 0..self.kinds.len() {
            let of_field = &cases[field * MOST..(field + 1) * MOST];
            let mut counts = [0_u32; MOST];
            for case in of_field {
                for (all, one) in counts.iter_mut().zip(case) {
                    *all += one;
                }
            }
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
            let all = self.chances[field].u;
            for (case, chances) in self.cases[field].iter_mut().enumerate() {
                chances.u = all;
                if case > 0 && self.within[field].is_some() {
                    let seen = of_field[case].map(f64::from);
                    chances.u = shared_out(&seen, &all, CASE_WORTH);
                }
            }
        }
    }

    /// Chances within a household: what it shares as one person would, the rest as strangers.
    fn settle_household(&mut self, table: &Table, config: &Config, pairs: f64) {
        let mut fields = config.fields.iter().enumerate();
        let shares = fields.any(|(at, field)| field.household && table.has(at));
        self.household = if shares {
            (pairs / possible(table)).min(0.01)
        } else {
            0.0
        };
        self.share_household(config);
    }

    /// Learns from the pairs of one pass; adds what was seen of the fields that the pass does
    /// not use, and gives the number of pairs of one person that it expects among all.
    fn session(
        &self,
        table: &Table,
        blocks: &Blocks,
        pass: usize,
        learnt: &mut [Vec<[f64; MOST]>],
    ) -> Option<Expected> {
        let (patterns, pairs, all_pairs) = self.patterns(table, blocks, pass);
        if pairs < 100.0 {
            return None;
        }
        let free: Vec<usize> = (0..self.kinds.len())
            .filter(|field| !blocks.passes[pass].uses(*field))
            .collect();
        let slots = self.kinds.len() * MOST;
        let of = |slot: usize| self.chances_of(slot / MOST, slot % MOST);
        let mut m: Vec<[f64; MOST]> = (0..slots).map(|slot| of(slot).m).collect();
        // What chance alone would propose are strangers: so many, whatever they look like.
        let strangers = (blocks.by_chance(pass, possible(table)) / all_pairs).max(0.001);
        if strangers > 0.7 {
            return None;
        }
        let (mut one, mut house) = if self.household > 0.0 {
            ((1.0 - strangers) * 0.75, (1.0 - strangers) * 0.25)
        } else {
            (1.0 - strangers, 0.0)
        };
        let guesses: Vec<[f64; MOST]> =
            self.kinds.iter().map(|kind| spread(guess(*kind))).collect();
        let mut sums = vec![[0.0_f64; MOST]; slots];
        for _ in 0..ROUNDS {
            sums = vec![[0.0; MOST]; slots];
            let (mut found, mut lodging) = (0.0, 0.0);
            for ((levels, cases), count) in &patterns {
                let (mut as_one, mut as_house, mut as_strangers) = (one, house, strangers);
                for field in &free {
                    let level = usize::from(levels[*field]);
                    if level != 0 {
                        let slot = field * MOST + usize::from(cases[*field]);
                        as_one *= m[slot][level];
                        as_house *= of(slot).h[level];
                        as_strangers *= of(slot).u[level];
                    }
                }
                let share = as_one / (as_one + as_house + as_strangers).max(1e-300);
                found += share * count;
                lodging += as_house / (as_one + as_house + as_strangers).max(1e-300) * count;
                for field in &free {
                    let slot = field * MOST + usize::from(cases[*field]);
                    sums[slot][usize::from(levels[*field])] += share * count;
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
                let all = shared_out(&over_cases(&sums, *field), &guesses[*field], 5.0);
                m[field * MOST] = all;
                if !self.cases[*field].is_empty() {
                    for slot in field * MOST + 1..(field + 1) * MOST {
                        m[slot] = shared_out(&sums[slot], &all, 20.0);
                    }
                }
            }
            if (one - before).abs() < 1e-6 {
                break;
            }
        }
        // A pass with hardly any true pair teaches nothing.
        if one * pairs < 50.0 {
            return None;
        }
        for field in &free {
            // A field that follows from another has no case where that one is missing: there it
            // is learnt by itself.
            learnt[field * MOST].push(if self.within[*field].is_some() {
                sums[field * MOST]
            } else {
                over_cases(&sums, *field)
            });
            for slot in field * MOST + 1..(field + 1) * MOST {
                learnt[slot].push(sums[slot]);
            }
        }
        Some(Expected {
            one_person: one * all_pairs,
            household: house * all_pairs,
        })
    }

    /// Whether a pass proposes whoever lives together: it asks for nothing but what they share.
    fn proposes_households(&self, pass: &Pass) -> bool {
        (0..self.kinds.len()).all(|field| self.shared[field] || !pass.uses(field))
    }

    /// Patterns of levels of a sample of a pass's pairs with their counts, the number of
    /// pairs drawn, and how many there are in all.
    fn patterns(
        &self,
        table: &Table,
        blocks: &Blocks,
        pass: usize,
    ) -> (Vec<(Pattern, f64)>, f64, f64) {
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
        let mut counts: BTreeMap<Pattern, u32> = BTreeMap::new();
        let mut comparer = Comparer::new(table, self);
        let (mut until, mut drawn) = (step, 0_u32);
        for block in list {
            for (at, a) in block.iter().enumerate() {
                for b in &block[at + 1..] {
                    if table.in_one_file(*a, *b) {
                        continue;
                    }
                    until -= 1;
                    if until == 0 {
                        until = step;
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pass_full_of_namesakes_is_not_heeded() {
        let seen = |same: f64, different: f64| {
            let mut all = [0.0; MOST];
            (all[1], all[2]) = (same, different);
            all
        };
        let found = middle(&[
            seen(990.0, 10.0),
            seen(600.0, 400.0),
            seen(985.0, 15.0),
            seen(1.0, 9.0),
        ]);
        assert!((found[2] / (found[1] + found[2]) - 0.015).abs() < 1e-9);
        assert!((found[1] + found[2] - 3_000.0).abs() < 1e-6);
        assert!(middle(&[]).iter().all(|share| share.abs() < 1e-9));
    }

    /// Families of two who share all but given name and birth date, in so many of a hundred
    /// homes; and each person twice.
    fn housemates(of_a_hundred: u32) -> f64 {
        use std::fmt::Write;
        let config = Config::people().expect("the ready one");
        let mut text = "id,given_name,family_name,birth_date,postcode\n".to_owned();
        let mut dice = Dice(7);
        for home in 0..3_000_u32 {
            let people = 1 + u32::from(home % 100 < of_a_hundred);
            let (family, near) = (dice.below(4_000), dice.below(9));
            for person in 0..people {
                let (given, year) = (dice.below(200), 1930 + dice.below(70));
                let (month, day) = (1 + dice.below(12), 1 + dice.below(28));
                for copy in 0..2 {
                    let _ = writeln!(
                        text,
                        "r{home}-{person}-{copy},G{given}x,F{family}y,{year}-{month:02}-{day:02},\
                         Z{near}{} {}AB",
                        home / 9,
                        home % 9
                    );
                }
            }
        }
        let (table, _) = crate::table::read(&[text.as_bytes()], &config).expect("a table");
        let blocks = Blocks::make(&table, &config).expect("blocks");
        let model = Model::learn(&table, &blocks, &config);
        model.household * possible(&table) / table.len() as f64
    }

    #[test]
    fn how_many_live_together_is_counted() {
        // Of a hundred homes forty have two people, with four pairs of records between them.
        let (few, many) = (housemates(2), housemates(40));
        let expected = 40.0 * 4.0 / (140.0 * 2.0);
        assert!(
            (many / expected - 1.0).abs() < 0.3,
            "{many} and not {expected}"
        );
        assert!(few < many / 5.0, "{few} {many}");
    }
}
