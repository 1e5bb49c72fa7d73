//! Chance from a seed: xoshiro256** of Blackman and Vigna (2018, <https://prng.di.unimi.it>),
//! its state filled by SplitMix64. The same on every machine.

/// A sequence of random numbers.
#[derive(Clone, Debug)]
pub struct Chance([u64; 4]);

fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl Chance {
    /// The sequence of a seed.
    pub fn new(seed: u64) -> Self {
        let mut state = seed;
        Self(std::array::from_fn(|_| split_mix(&mut state)))
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        let s = &mut self.0;
        let result = s[1].wrapping_mul(5).rotate_left(7).wrapping_mul(9);
        let t = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= t;
        s[3] = s[3].rotate_left(45);
        result
    }

    /// A whole number below `bound`, which is not nil; the bias is below 2^-32 for every
    /// bound in use here.
    pub fn below(&mut self, bound: usize) -> usize {
        debug_assert!(bound > 0);
        let wide = u128::from(self.bits()) * bound as u128;
        usize::try_from(wide >> 64).unwrap_or(0)
    }

    /// A number from 0 to below 1.
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Whether something of chance `p` happens.
    pub fn happens(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// Puts a list into random order.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for at in (1..list.len()).rev() {
            list.swap(at, self.below(at + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first numbers of both generators as their authors' programs print them.
    #[test]
    fn the_reference_vectors() {
        let mut state = 1_234_567;
        let filled: Vec<u64> = (0..5).map(|_| split_mix(&mut state)).collect();
        assert_eq!(
            filled,
            [
                6_457_827_717_110_365_317,
                3_203_168_211_198_807_973,
                9_817_491_932_198_370_423,
                4_593_380_528_125_082_431,
                16_408_922_859_458_223_821
            ]
        );
        let mut chance = Chance([1, 2, 3, 4]);
        let drawn: Vec<u64> = (0..4).map(|_| chance.bits()).collect();
        assert_eq!(drawn, [11_520, 0, 1_509_978_240, 1_215_971_899_390_074_240]);
    }

    #[test]
    fn numbers_stay_in_bounds_and_reach_all() {
        let mut chance = Chance::new(1);
        let mut seen = [false; 7];
        for _ in 0..200 {
            seen[chance.below(7)] = true;
            assert!((0.0..1.0).contains(&chance.unit()));
        }
        assert_eq!(seen, [true; 7]);
    }
}
