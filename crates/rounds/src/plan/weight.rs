//! How often each operator is used: by what it brought for its effort.

use crate::chance::Chance;

/// Draws between two changes of weight.
const SEGMENT: u32 = 200;
/// How much of a new weight is the last segment's.
const REACTION: f64 = 0.2;

/// Operators with weights.
#[derive(Clone)]
pub struct Wheel {
    weights: Vec<f64>,
    gained: Vec<f64>,
    effort: Vec<f64>,
    draws: u32,
}

impl Wheel {
    /// So many operators of equal weight.
    pub fn of(count: usize) -> Self {
        Self {
            weights: vec![1.0; count],
            gained: vec![0.0; count],
            effort: vec![0.0; count],
            draws: 0,
        }
    }

    /// One of them, by weight.
    pub fn draw(&mut self, chance: &mut Chance) -> usize {
        let mut left = chance.unit() * self.weights.iter().sum::<f64>();
        for (at, weight) in self.weights.iter().enumerate() {
            left -= weight;
            if left < 0.0 {
                return at;
            }
        }
        self.weights.len() - 1
    }

    /// Notes what one brought; every so often the weights follow.
    pub fn reward(&mut self, which: usize, reward: u32, effort: u64) {
        self.gained[which] += f64::from(reward);
        self.effort[which] += 1.0 + effort as f64;
        self.draws += 1;
        if self.draws < SEGMENT {
            return;
        }
        self.draws = 0;
        let gained = self.gained.iter().zip(&self.effort);
        let rates: Vec<f64> = gained
            .map(|(gained, effort)| gained / effort.max(1.0))
            .collect();
        let mean = rates.iter().sum::<f64>() / rates.len() as f64;
        for ((weight, rate), effort) in self.weights.iter_mut().zip(rates).zip(&self.effort) {
            if mean > 0.0 && *effort > 0.0 {
                let new = (rate / mean).clamp(0.1, 4.0);
                *weight += REACTION * (new - *weight);
            }
        }
        // The past fades, so that an operator can come back.
        for past in self.gained.iter_mut().chain(&mut self.effort) {
            *past *= 0.5;
        }
    }
}
