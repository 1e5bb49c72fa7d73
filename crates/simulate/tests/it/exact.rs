//! Exact answers for queues with several places and stays that are not exponential, to hold the
//! simulation against. They share no code with the crate.
//!
//! Source: fixed stays by C. D. Crommelin's equations (Post Office Electrical Engineers' Journal
//! 1932): whoever is there at a moment has left, or is at work no longer, one stay later, so the
//! number of people a stay apart is a Markov chain. Stays of two phases are a Markov chain of (people,
//! people in their first phase), as for every Coxian stay. Both chains are cut off where hardly
//! anybody ever is, and solved by going through them until nothing changes.

use simulate::theory::erlang::{wait_mgc, wait_mmc};

/// Most people in the chains.
const MOST: usize = 400;

/// Mean wait of M/D/c.
pub fn wait_fixed(arrivals: f64, stay: f64, places: usize) -> f64 {
    let load = arrivals * stay;
    let mut came = vec![(-load).exp(); MOST + 1];
    for many in 1..=MOST {
        came[many] = came[many - 1] * load / many as f64;
    }
    let mut chance = vec![0.0; MOST + 1];
    chance[places] = 1.0;
    for _ in 0..20_000 {
        let none_waits: f64 = chance[..=places].iter().sum();
        let mut next: Vec<f64> = came.iter().map(|came| none_waits * came).collect();
        for (people, chance) in chance.iter().enumerate().skip(places + 1) {
            if *chance < 1e-18 {
                continue;
            }
            let left = people - places;
            for (many, came) in came.iter().take(MOST + 1 - left).enumerate() {
                next[left + many] += chance * came;
            }
        }
        let change: f64 = next
            .iter()
            .zip(&chance)
            .map(|(new, old)| (new - old).abs())
            .sum();
        chance = next;
        if change < 1e-13 {
            break;
        }
    }
    queue(chance.iter().copied().enumerate(), places) / arrivals
}

/// Two phases: their means, and the chance that the second follows the first.
#[derive(Clone, Copy, Debug)]
pub struct Phases {
    pub first: f64,
    pub goes_on: f64,
    pub second: f64,
}

impl Phases {
    pub fn mean(self) -> f64 {
        self.first + self.goes_on * self.second
    }

    pub fn sd(self) -> f64 {
        let square = 2.0 * self.first * self.first
            + self.goes_on * (2.0 * self.first * self.second + 2.0 * self.second * self.second);
        (square - self.mean() * self.mean()).sqrt()
    }
}

/// Mean wait with stays of two phases.
pub fn wait_phases(arrivals: f64, stay: Phases, places: usize) -> f64 {
    // States (people, in their first phase), each at `people * (places + 1) + first`.
    let wide = places + 1;
    let mut inward: Vec<Vec<(usize, f64)>> = vec![Vec::new(); (MOST + 1) * wide];
    let mut outward = vec![0.0; (MOST + 1) * wide];
    for people in 0..=MOST {
        let busy = people.min(places);
        for first in 0..=busy {
            let from = people * wide + first;
            let mut go = |people: usize, first: usize, rate: f64| {
                if rate > 0.0 {
                    inward[people * wide + first].push((from, rate));
                    outward[from] += rate;
                }
            };
            if people < MOST {
                go(people + 1, first + usize::from(people < places), arrivals);
            }
            // Somebody who waits begins where somebody leaves.
            let begins = usize::from(people > places);
            let ends = first as f64 / stay.first;
            if first > 0 {
                go(people, first - 1, ends * stay.goes_on);
                go(people - 1, first - 1 + begins, ends * (1.0 - stay.goes_on));
            }
            if busy > first {
                go(
                    people - 1,
                    first + begins,
                    (busy - first) as f64 / stay.second,
                );
            }
        }
    }
    // A state that cannot be has no rates; all others begin alike.
    let mut chance: Vec<f64> = outward
        .iter()
        .map(|rate| f64::from(u8::from(*rate > 0.0)))
        .collect();
    for _ in 0..100_000 {
        let mut change: f64 = 0.0;
        for at in (0..chance.len()).filter(|at| outward[*at] > 0.0) {
            let flow: f64 = inward[at]
                .iter()
                .map(|(from, rate)| chance[*from] * rate)
                .sum();
            let new = flow / outward[at];
            change = change.max((new - chance[at]).abs());
            chance[at] = new;
        }
        let sum: f64 = chance.iter().sum();
        chance.iter_mut().for_each(|chance| *chance /= sum);
        if change < 1e-14 {
            break;
        }
    }
    queue(
        chance
            .iter()
            .enumerate()
            .map(|(at, chance)| (at / wide, *chance)),
        places,
    ) / arrivals
}

fn queue(chances: impl Iterator<Item = (usize, f64)>, places: usize) -> f64 {
    chances
        .map(|(people, chance)| chance * people.saturating_sub(places) as f64)
        .sum()
}

/// One place is Pollaczek and Khinchine, and phases of which the second never comes are
/// exponential: there the crate's formulas are exact.
#[test]
fn both_chains_agree_with_formulas_where_there_are_any() {
    let near = |found: f64, expected: f64| {
        assert!((found / expected - 1.0).abs() < 1e-6, "{found} {expected}");
    };
    near(wait_fixed(7.0, 0.1, 1), wait_mgc(7.0, 0.1, 0.0, 1));
    near(
        wait_phases(7.0, MIXED, 1),
        wait_mgc(7.0, MIXED.mean(), MIXED.sd(), 1),
    );
    let exponential = Phases {
        first: 0.5,
        goes_on: 0.0,
        second: 1.0,
    };
    near(wait_phases(10.0, exponential, 6), wait_mmc(10.0, 0.5, 6));
}

const MIXED: Phases = Phases {
    first: 0.05,
    goes_on: 0.5,
    second: 0.1,
};

/// What the reference says of the formula for M/G/c that is not exact.
#[test]
fn the_formula_for_other_stays_is_near() {
    let even = Phases {
        first: 0.25,
        goes_on: 1.0,
        second: 0.25,
    };
    let uneven = Phases {
        first: 0.1,
        goes_on: 0.25,
        second: 0.4,
    };
    for (exact, about) in [
        (
            wait_phases(10.0, even, 6),
            wait_mgc(10.0, even.mean(), even.sd(), 6),
        ),
        (
            wait_phases(16.0, uneven, 4),
            wait_mgc(16.0, uneven.mean(), uneven.sd(), 4),
        ),
        (wait_fixed(10.0, 0.5, 6), wait_mgc(10.0, 0.5, 0.0, 6)),
    ] {
        assert!((about / exact - 1.0).abs() < 0.05, "{about} {exact}");
    }
}
