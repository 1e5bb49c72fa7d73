//! Two stations one after the other with blocking, from theory.
//!
//! The first has places and a limited queue; the second has places and no queue of its own. Who is
//! ready keeps the place in the first until the second has room. With exponential stays this is
//! a Markov chain of three numbers: in the first at work, in the first and ready, in the second.
//! Its steady state is found by taking one state after the other out (W. K. Grassmann, M. I. Taksar and
//! D. P. Heyman, Operations Research 33, 1985): nothing is ever subtracted, so every chance is right to its
//! last digits, however small.

/// What the two stations are.
#[derive(Clone, Copy, Debug)]
pub struct Tandem {
    /// Arrivals a day.
    pub arrivals: f64,
    /// Mean stay in each, in days.
    pub stays: (f64, f64),
    /// Places of each.
    pub places: (u32, u32),
    /// Most that wait for the first.
    pub queue: u32,
}

/// Means in the steady state.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Steady {
    /// People with a place in the first, ready ones among them.
    pub first: f64,
    /// Of those, ready.
    pub blocked: f64,
    /// People in the second.
    pub second: f64,
    /// People who wait for the first.
    pub waiting: f64,
    /// Share turned away.
    pub turned_away: f64,
}

/// Solves it. A state is (people in the first or waiting for it, ready ones, in the second); the
/// second is full whenever somebody is ready.
pub fn tandem(model: &Tandem) -> Steady {
    let (c1, c2, limit) = (
        model.places.0 as usize,
        model.places.1 as usize,
        (model.places.0 + model.queue) as usize,
    );
    let mut states = Vec::new();
    for people in 0..=limit {
        for second in 0..=c2 {
            states.push((people, 0, second));
        }
        for ready in 1..=people.min(c1) {
            states.push((people, ready, c2));
        }
    }
    let number = |state: (usize, usize, usize)| states.iter().position(|known| *known == state);
    let mut rates = vec![vec![0.0; states.len()]; states.len()];
    for (from, (people, ready, second)) in states.iter().copied().enumerate() {
        let mut go = |to: (usize, usize, usize), rate: f64| {
            if let (Some(to), true) = (number(to), rate > 0.0) {
                rates[from][to] += rate;
            }
        };
        if people < limit {
            go((people + 1, ready, second), model.arrivals);
        }
        let working = people.min(c1) - ready;
        let finishing = working as f64 / model.stays.0;
        if second < c2 {
            go((people - working.min(1), ready, second + 1), finishing);
        } else {
            go((people, ready + 1, second), finishing);
        }
        let leaving = second as f64 / model.stays.1;
        if ready > 0 {
            go((people - 1, ready - 1, second), leaving);
        } else {
            go((people, 0, second.saturating_sub(1)), leaving);
        }
    }
    let chance = steady_state(rates);
    let mut steady = Steady {
        first: 0.0,
        blocked: 0.0,
        second: 0.0,
        waiting: 0.0,
        turned_away: 0.0,
    };
    for ((people, ready, second), chance) in states.iter().zip(&chance) {
        steady.first += chance * *people.min(&c1) as f64;
        steady.waiting += chance * people.saturating_sub(c1) as f64;
        steady.blocked += chance * *ready as f64;
        steady.second += chance * *second as f64;
        if *people == limit {
            steady.turned_away += chance;
        }
    }
    steady
}

/// Chances of the states of a chain, from its rates by row; every state leads to the first.
fn steady_state(mut rates: Vec<Vec<f64>>) -> Vec<f64> {
    for last in (1..rates.len()).rev() {
        let (before, row) = rates.split_at_mut(last);
        let row = &row[0];
        let out: f64 = row[..last].iter().sum();
        for (from, own) in before.iter_mut().enumerate() {
            own[last] /= out;
            let through = own[last];
            if through > 0.0 {
                for (to, rate) in row[..last].iter().enumerate().filter(|(to, _)| *to != from) {
                    own[to] += through * rate;
                }
            }
        }
    }
    let mut chance = vec![1.0];
    for state in 1..rates.len() {
        let into = chance.iter().zip(&rates);
        chance.push(into.map(|(chance, row)| chance * row[state]).sum());
    }
    let sum: f64 = chance.iter().sum();
    chance.iter().map(|chance| chance / sum).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::erlang;

    #[test]
    fn with_room_enough_nobody_is_blocked() {
        let steady = tandem(&Tandem {
            arrivals: 2.0,
            stays: (1.0, 0.5),
            places: (3, 30),
            queue: 4,
        });
        let (busy, waiting, away) = erlang::limited(2.0, 1.0, 3, 4);
        assert!((steady.first - busy).abs() < 1e-9 && steady.blocked < 1e-9);
        assert!(
            (steady.waiting - waiting).abs() < 1e-9 && (steady.turned_away - away).abs() < 1e-9
        );
        // Little: who is not turned away spends half a day in the second.
        assert!((steady.second - 2.0 * (1.0 - away) * 0.5).abs() < 1e-9);
    }

    #[test]
    fn two_single_places_without_a_queue() {
        // Five states, solved by hand: arrivals, stays 1: (0,0) (1,0) (0,1) (1,1) (ready,1).
        let steady = tandem(&Tandem {
            arrivals: 1.0,
            stays: (1.0, 1.0),
            places: (1, 1),
            queue: 0,
        });
        assert!((steady.first - 5.0 / 9.0).abs() < 1e-9, "{steady:?}");
        assert!((steady.blocked - 1.0 / 9.0).abs() < 1e-9, "{steady:?}");
        assert!((steady.second - 4.0 / 9.0).abs() < 1e-9, "{steady:?}");
    }
}
