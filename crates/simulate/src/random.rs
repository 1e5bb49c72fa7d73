//! Chance, from a seed: numbers that are the same wherever and in whatever order they are drawn.
//!
//! Source: G. L. Steele, D. Lea and C. H. Flood, "Fast splittable pseudorandom number generators"
//! (OOPSLA 2014): SplitMix64, a mixing function over a counter. Exponential and normal numbers by
//! the ziggurat of G. Marsaglia and W. W. Tsang (Journal of Statistical Software 5(8), 2000), with
//! tables of doubles.
//!
//! Each source has a stream of its own for each replication, keyed by its name. Each person has
//! a key, and each visit of theirs to a station a stream of its own. So a scenario that
//! adds a station, a source or capacity leaves every other number as it was: scenarios share
//! their random numbers, and differences between them are not noise.

use std::sync::LazyLock;

const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;
const LAYERS: usize = 256;

/// The mixing function: every bit of the answer depends on every bit of the word.
pub fn mix(word: u64) -> u64 {
    let word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

/// A key for a name, under another key.
pub fn key(over: u64, name: &str) -> u64 {
    name.bytes().fold(mix(over ^ GOLDEN), |key, byte| {
        mix(key.wrapping_add(u64::from(byte)).wrapping_mul(GOLDEN))
    })
}

/// A key for a number, under another key.
pub fn numbered(over: u64, number: u64) -> u64 {
    mix(over.wrapping_add(number.wrapping_add(1).wrapping_mul(GOLDEN)))
}

/// One stream of random numbers.
#[derive(Clone, Debug)]
pub struct Stream(u64);

impl Stream {
    /// The stream that starts at a key.
    pub fn new(key: u64) -> Self {
        Self(key)
    }

    /// The next 64 bits.
    #[inline]
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN);
        mix(self.0)
    }

    /// Evenly between 0 (included) and 1 (not included).
    #[inline]
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
    }

    /// Exponential with mean 1.
    #[inline]
    pub fn exponential(&mut self, tables: &Tables) -> f64 {
        loop {
            let bits = self.bits();
            let layer = (bits & 0xff) as usize;
            let x = (bits >> 11) as f64 * (1.0 / (1_u64 << 53) as f64) * tables.exp_x[layer];
            if x < tables.exp_x[layer + 1] {
                return x;
            }
            if layer == 0 {
                return EXP_END - (1.0 - self.unit()).ln();
            }
            let (low, high) = (tables.exp_f[layer], tables.exp_f[layer + 1]);
            if low + (high - low) * self.unit() < (-x).exp() {
                return x;
            }
        }
    }

    /// Normal with mean 0 and standard deviation 1.
    #[inline]
    pub fn normal(&mut self, tables: &Tables) -> f64 {
        loop {
            let bits = self.bits();
            let layer = (bits & 0xff) as usize;
            let part = (bits >> 11) as f64 * (2.0 / (1_u64 << 53) as f64) - 1.0;
            let x = part * tables.normal_x[layer];
            if x.abs() < tables.normal_x[layer + 1] {
                return x;
            }
            if layer == 0 {
                return self.normal_tail(part < 0.0);
            }
            let (low, high) = (tables.normal_f[layer], tables.normal_f[layer + 1]);
            if low + (high - low) * self.unit() < (-0.5 * x * x).exp() {
                return x;
            }
        }
    }

    fn normal_tail(&mut self, below: bool) -> f64 {
        loop {
            let x = (1.0 - self.unit()).ln() / NORMAL_END;
            let y = (1.0 - self.unit()).ln();
            if -2.0 * y >= x * x {
                return if below {
                    x - NORMAL_END
                } else {
                    NORMAL_END - x
                };
            }
        }
    }

    /// Poisson with a mean: counts exponential gaps, so the time it takes grows with the mean.
    pub fn poisson(&mut self, mean: f64, tables: &Tables) -> u32 {
        let mut left = mean;
        let mut count = 0;
        loop {
            left -= self.exponential(tables);
            if left < 0.0 {
                return count;
            }
            count += 1;
        }
    }
}

const EXP_END: f64 = 7.697_117_470_131_05;
const EXP_AREA: f64 = 0.003_949_659_822_581_557;
const NORMAL_END: f64 = 3.654_152_885_361_009;
const NORMAL_AREA: f64 = 0.004_928_673_233_974_655;

/// Edges and heights of the layers of both ziggurats.
#[derive(Debug)]
pub struct Tables {
    exp_x: [f64; LAYERS + 1],
    exp_f: [f64; LAYERS + 1],
    normal_x: [f64; LAYERS + 1],
    normal_f: [f64; LAYERS + 1],
}

impl Tables {
    /// The tables, worked out once.
    pub fn get() -> &'static Self {
        static TABLES: LazyLock<Tables> = LazyLock::new(Tables::make);
        &TABLES
    }

    fn make() -> Self {
        let (exp_x, exp_f) = layers(EXP_END, EXP_AREA, |x| (-x).exp(), |y| -y.ln());
        let density = |x: f64| (-0.5 * x * x).exp();
        let (normal_x, normal_f) = layers(NORMAL_END, NORMAL_AREA, density, |y| {
            (-2.0 * y.ln()).max(0.0).sqrt()
        });
        Self {
            exp_x,
            exp_f,
            normal_x,
            normal_f,
        }
    }
}

fn layers(
    end: f64,
    area: f64,
    density: impl Fn(f64) -> f64,
    inverse: impl Fn(f64) -> f64,
) -> ([f64; LAYERS + 1], [f64; LAYERS + 1]) {
    let mut x = [0.0; LAYERS + 1];
    x[0] = area / density(end);
    x[1] = end;
    for layer in 2..LAYERS {
        x[layer] = inverse(area / x[layer - 1] + density(x[layer - 1]));
    }
    let f = std::array::from_fn(|layer| density(x[layer]));
    (x, f)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The published first numbers for the seed 1234567.
    #[test]
    fn the_reference_numbers() {
        let mut stream = Stream::new(1_234_567);
        let drawn: Vec<u64> = (0..5).map(|_| stream.bits()).collect();
        assert_eq!(
            drawn,
            [
                6_457_827_717_110_365_317,
                3_203_168_211_198_807_973,
                9_817_491_932_198_370_423,
                4_593_380_528_125_082_431,
                16_408_922_859_458_223_821,
            ]
        );
    }

    /// Moments and tail of each, each within five of its standard errors.
    #[test]
    fn moments_are_those_of_the_distributions() {
        const MANY: usize = 400_000;
        let tables = Tables::get();
        let mut stream = Stream::new(key(7, "moments"));
        let many = MANY as f64;
        let near = |found: f64, expected: f64, deviation: f64, what: &str| {
            let error = 5.0 * deviation / many.sqrt();
            assert!((found - expected).abs() < error, "{what}: {found}");
        };
        let exponential: Vec<f64> = (0..MANY).map(|_| stream.exponential(tables)).collect();
        near(exponential.iter().sum::<f64>() / many, 1.0, 1.0, "mean");
        let squares = exponential.iter().map(|x| x * x).sum::<f64>() / many;
        near(squares, 2.0, 20.0_f64.sqrt(), "square");
        let tail = exponential.iter().filter(|x| **x > 8.0).count() as f64 / many;
        near(tail, (-8.0_f64).exp(), (-4.0_f64).exp(), "tail");
        let normal: Vec<f64> = (0..MANY).map(|_| stream.normal(tables)).collect();
        near(normal.iter().sum::<f64>() / many, 0.0, 1.0, "mean");
        let squares = normal.iter().map(|x| x * x).sum::<f64>() / many;
        near(squares, 1.0, 2.0_f64.sqrt(), "variance");
        let tail = normal.iter().filter(|x| x.abs() > 3.7).count() as f64 / many;
        near(tail, 0.000_215_6, 0.000_215_6_f64.sqrt(), "tail");
        let counts: f64 = (0..MANY)
            .map(|_| f64::from(stream.poisson(2.5, tables)))
            .sum();
        near(counts / many, 2.5, 2.5_f64.sqrt(), "Poisson");
    }

    #[test]
    fn names_and_numbers_have_keys_of_their_own() {
        assert_ne!(key(1, "a"), key(1, "b"));
        assert_ne!(key(1, "a"), key(2, "a"));
        assert_ne!(key(1, "ab"), key(1, "ba"));
        assert_ne!(numbered(1, 0), numbered(1, 1));
        assert_ne!(numbered(1, 0), numbered(0, 1));
    }
}
