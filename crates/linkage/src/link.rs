//! Links the records of a table: blocks, model, scores, clusters, decisions.

use crate::Error;
use crate::again::Again;
use crate::blocking::{Blocks, PassReport};
use crate::cluster;
use crate::config::Config;
use crate::model::{Model, least_prior, possible};
use crate::score::{Order, Scorer};
use crate::table::Table;
use rayon::prelude::*;
use std::sync::Mutex;

/// What is being done, for timings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Keys and blocks.
    Block,
    /// Estimating the chances.
    Learn,
    /// Comparing pairs.
    Score,
    /// Clusters or one-to-one pairs, and decisions.
    Decide,
}

/// What is made of a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// One person.
    Link,
    /// A person must look.
    Review,
    /// Not one person.
    Apart,
}

impl Decision {
    /// `link`, `review` or `apart`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Review => "review",
            Self::Apart => "apart",
        }
    }
}

/// A pair of records with its weight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    /// A record; of the first file where there are two.
    pub left: u32,
    /// The other.
    pub right: u32,
    /// Match weight with the prior in it: log2 of the odds that they are one person.
    pub weight: f32,
    /// What is made of it.
    pub decision: Decision,
}

impl Pair {
    /// The chance that they are one person.
    pub fn probability(&self) -> f64 {
        probability(f64::from(self.weight))
    }
}

/// The chance that log2-odds stand for.
pub fn probability(weight: f64) -> f64 {
    let odds = weight.clamp(-60.0, 60.0).exp2();
    odds / (1.0 + odds)
}

/// Log2 of the odds of a chance.
pub fn log_odds(chance: f64) -> f64 {
    (chance / (1.0 - chance)).clamp(1e-18, 1e18).log2()
}

/// What came of it.
pub struct Outcome {
    /// Pairs from the review threshold on, by their records.
    pub pairs: Vec<Pair>,
    /// Sets of records that are one person, two or more each, by their first record. None
    /// where two files were linked one to one.
    pub clusters: Vec<Vec<u32>>,
    /// The model that was learnt.
    pub model: Model,
    /// What each pass proposed and cut.
    pub passes: Vec<PassReport>,
    /// Pairs compared.
    pub scored: u64,
    /// Links that were not made because they would have joined what speaks against it.
    pub refused: u64,
}

/// Weights below this are not kept, in bits of log-odds.
const FLOOR: f64 = -8.0;

/// Links the records of a table.
///
/// # Errors
/// A configuration that does not fit itself.
pub fn link(
    table: &Table,
    config: &Config,
    on_stage: &mut dyn FnMut(Stage),
) -> Result<Outcome, Error> {
    on_stage(Stage::Block);
    let mut blocks = Blocks::make(table, config)?;
    on_stage(Stage::Learn);
    let mut model = Model::learn(table, &blocks, config);
    on_stage(Stage::Score);
    let order = Order::of(table, &model);
    let (mut pairs, counts) = score_all(table, &model, &order, &blocks);
    let scored = counts.iter().map(|(_, pairs)| pairs).sum();
    for (report, (found, pairs)) in blocks.used_reports().zip(counts) {
        report.blocks = found;
        report.pairs = pairs;
    }
    on_stage(Stage::Decide);
    model.prior = settle_prior(&pairs, possible(table), (model.prior, least_prior(table)));
    let prior = log_odds(model.prior) as f32;
    for pair in &mut pairs {
        pair.weight += prior;
    }
    let thresholds = config.thresholds;
    let (link_from, review_from) = (
        log_odds(thresholds.link) as f32,
        log_odds(thresholds.review) as f32,
    );
    let (clusters, refused) = if table.left.is_some() && config.one_to_one {
        (
            Vec::new(),
            cluster::one_to_one(&mut pairs, table.len(), link_from, review_from),
        )
    } else {
        let mut scorer = Scorer::new(table, &model, &order);
        let mut weigh = |a, b| {
            scorer
                .score(a, b, f64::NEG_INFINITY)
                .map_or(prior, |weight| weight as f32 + prior)
        };
        let again = Again::of(table, &model);
        let against = |ours: &[u32], theirs: &[u32]| again.against(ours, theirs);
        cluster::cluster(&mut pairs, table, link_from, &mut weigh, &against)
    };
    pairs.retain(|pair| pair.weight >= review_from || pair.decision == Decision::Link);
    for pair in &mut pairs {
        if pair.decision == Decision::Apart {
            pair.decision = Decision::Review;
        }
    }
    pairs.sort_unstable_by_key(|pair| (pair.left, pair.right));
    Ok(Outcome {
        pairs,
        clusters,
        model,
        passes: blocks.reports,
        scored,
        refused,
    })
}

/// Scores every proposed pair once; gives those worth keeping, and blocks and pairs by pass.
fn score_all(
    table: &Table,
    model: &Model,
    order: &Order,
    blocks: &Blocks,
) -> (Vec<Pair>, Vec<(u64, u64)>) {
    let least = FLOOR - log_odds(model.prior);
    let mut all = Vec::new();
    let mut counts = Vec::new();
    // Those who score remember names that they compared, so that none is thrown away.
    let idle: Mutex<Vec<Batch>> = Mutex::new(Vec::new());
    for pass in 0..blocks.passes.len() {
        let list = blocks.of(pass);
        let found: Vec<(Vec<Pair>, u64)> = list
            .par_chunks(2_048)
            .map(|chunk| {
                let rested = idle.lock().ok().and_then(|mut all| all.pop());
                let mut batch = rested.unwrap_or_else(|| Batch {
                    table,
                    scorer: Scorer::new(table, model, order),
                    least,
                    waiting: Vec::new(),
                    kept: Vec::new(),
                    scored: 0,
                });
                for near in chunk.chunks(NEAR) {
                    batch.propose(blocks, pass, near);
                }
                let done = (std::mem::take(&mut batch.kept), batch.scored);
                batch.scored = 0;
                if let Ok(mut all) = idle.lock() {
                    all.push(batch);
                }
                done
            })
            .collect();
        counts.push((
            list.len() as u64,
            found.iter().map(|(_, scored)| scored).sum(),
        ));
        for (kept, _) in found {
            all.extend(kept);
        }
    }
    all.par_sort_unstable_by_key(|pair| (pair.left, pair.right));
    (all, counts)
}

/// Blocks whose records are brought near at once.
const NEAR: usize = 32;
/// Pairs that wait to be scored, about.
const WAITING: usize = 256;

/// Scores pairs by the batch. Most of the time goes into waiting for the memory: a little of
/// each record is read first, so that the machine fetches them all at the same time. Most pairs
/// were proposed before; those are known by their keys alone.
struct Batch<'a> {
    table: &'a Table,
    scorer: Scorer<'a>,
    least: f64,
    waiting: Vec<(u32, u32)>,
    kept: Vec<Pair>,
    scored: u64,
}

impl Batch<'_> {
    /// Scores the pairs of some blocks that no earlier pass proposed.
    fn propose(&mut self, blocks: &Blocks, pass: usize, near: &[&[u32]]) {
        let records = near.iter().flat_map(|block| block.iter());
        let read = records.fold(0, |all, record| all ^ blocks.touch(*record, pass));
        std::hint::black_box(read);
        for block in near {
            for (at, first) in block.iter().enumerate() {
                for second in &block[at + 1..] {
                    let (left, right) = (*first.min(second), *first.max(second));
                    if !self.table.in_one_file(left, right) && !blocks.earlier(pass, left, right) {
                        self.waiting.push((left, right));
                    }
                }
                if self.waiting.len() >= WAITING {
                    self.score();
                }
            }
        }
        self.score();
    }

    /// Scores the pairs that wait.
    fn score(&mut self) {
        let read = self.waiting.iter().fold(0, |all, (left, right)| {
            all ^ self.table.touch(*left) ^ self.table.touch(*right)
        });
        std::hint::black_box(read);
        self.scored += self.waiting.len() as u64;
        for (left, right) in self.waiting.drain(..) {
            if let Some(weight) = self.scorer.score(left, right, self.least) {
                self.kept.push(Pair {
                    left,
                    right,
                    weight: weight as f32,
                    decision: Decision::Apart,
                });
            }
        }
    }
}

/// The prior under which as many pairs are expected to be one person as it says itself.
fn settle_prior(pairs: &[Pair], possible: f64, (first, least): (f64, f64)) -> f64 {
    let mut histogram = vec![0_u64; 1_024];
    for pair in pairs {
        let bin = ((f64::from(pair.weight) + 28.0) * 8.0).clamp(0.0, 1_023.0) as usize;
        histogram[bin] += 1;
    }
    let mut prior = first;
    for _ in 0..20 {
        let odds = log_odds(prior);
        let expected: f64 = histogram
            .iter()
            .enumerate()
            .map(|(bin, count)| {
                *count as f64 * probability(bin as f64 / 8.0 - 28.0 + 0.0625 + odds)
            })
            .sum();
        prior = (expected / possible).clamp(least, 0.5);
    }
    prior
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    fn linked(text: &str) -> Vec<(String, String, Decision)> {
        let config = Config::people().unwrap();
        let (table, _) = crate::table::read(&[text.as_bytes()], &config).unwrap();
        let outcome = link(&table, &config, &mut |_| {}).unwrap();
        let pair = |pair: &Pair| {
            let id = |record| table.id(record).to_owned();
            (id(pair.left), id(pair.right), pair.decision)
        };
        outcome.pairs.iter().map(pair).collect()
    }

    #[test]
    fn a_handful_of_records_is_linked_too() {
        let text = "id,given_name,family_name,birth_date,postcode\n\
            a,Ann,Lee,1938-04-03,ZZ1 4AB\nb,Anne,Lee,1938-04-03,ZZ1 4AB\n\
            c,Bridget,Lee,1961-12-30,ZZ1 4AB\nd,Anil,Thorne,1971-09-19,AB9 9XY\n";
        let expected = [("a".to_owned(), "b".to_owned(), Decision::Link)];
        assert_eq!(linked(text), expected);
        assert!(
            linked("id,given_name\na,Ann\nb,Ann\n")
                .iter()
                .all(|pair| pair.2 != Decision::Link)
        );
        assert!(linked("id,given_name\na,Ann\n").is_empty());
        assert!(linked("id,given_name\n").is_empty());
    }
}
