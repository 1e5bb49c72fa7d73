//! A clock that tests set, and a random source that repeats.

use app::{Clock, Randomness};
use jiff::{SignedDuration, Timestamp};
use std::sync::{Arc, Mutex, PoisonError};

/// A clock that stands still until it is set or moved on. Clones are the same clock.
#[derive(Clone, Debug)]
pub struct FakeClock(Arc<Mutex<Timestamp>>);

impl FakeClock {
    /// A clock that shows this instant.
    pub fn at(instant: Timestamp) -> Self {
        Self(Arc::new(Mutex::new(instant)))
    }

    /// Shows another instant.
    pub fn set(&self, instant: Timestamp) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = instant;
    }

    /// Moves on, or back with a negative duration.
    pub fn advance(&self, by: SignedDuration) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) += by;
    }
}

impl Clock for FakeClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Bytes that look random and are the same for the same seed (SplitMix64).
#[derive(Clone, Copy, Debug)]
pub struct Seeded(pub u64);

impl Seeded {
    /// The next number.
    pub fn next_number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
}

impl Randomness for Seeded {
    fn fill(&mut self, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(8) {
            let bytes = self.next_number().to_le_bytes();
            chunk.copy_from_slice(&bytes[..chunk.len()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fake_clock_moves_when_told() {
        let clock = FakeClock::at(Timestamp::UNIX_EPOCH);
        let same = clock.clone();
        clock.advance(SignedDuration::from_hours(2));
        assert_eq!(same.now().as_second(), 7_200);
    }

    #[test]
    fn seeded_bytes_repeat() {
        let mut one = [0; 20];
        let mut two = [0; 20];
        Seeded(7).fill(&mut one);
        Seeded(7).fill(&mut two);
        assert_eq!(one, two);
        Seeded(8).fill(&mut two);
        assert_ne!(one, two);
    }
}
