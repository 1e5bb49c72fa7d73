//! Quantiles of Student's t, for intervals around a mean of replications.
//!
//! Source: the distribution function by the regularised incomplete beta function (continued
//! fraction, Lentz's method), turned round by bisection.

use std::sync::OnceLock;

/// The quantile at 95 %, which every figure of a table asks for: each is worked out once.
pub fn quantile_95(replications: usize) -> f64 {
    const KEPT: usize = 4_096;
    static KNOWN: [OnceLock<f64>; KEPT] = [const { OnceLock::new() }; KEPT];
    let work = || quantile(0.95, replications);
    KNOWN
        .get(replications)
        .map_or_else(work, |known| *known.get_or_init(work))
}

/// The two-sided quantile: a mean lies within so many standard errors with this confidence.
/// Infinite for fewer than two replications.
pub fn quantile(confidence: f64, replications: usize) -> f64 {
    if replications < 2 {
        return f64::INFINITY;
    }
    let freedom = (replications - 1) as f64;
    let outside = 1.0 - confidence;
    let (mut low, mut high) = (0.0, 1.0);
    while two_tails(high, freedom) > outside && high < 1e12 {
        high *= 2.0;
    }
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        if two_tails(middle, freedom) > outside {
            low = middle;
        } else {
            high = middle;
        }
    }
    (low + high) / 2.0
}

/// The chance that t lies outside plus or minus a bound.
fn two_tails(bound: f64, freedom: f64) -> f64 {
    incomplete_beta(freedom / (freedom + bound * bound), freedom / 2.0, 0.5)
}

fn incomplete_beta(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    let front =
        (ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b) + a * x.ln() + b * (1.0 - x).ln()).exp();
    if x < (a + 1.0) / (a + b + 2.0) {
        front * fraction(x, a, b) / a
    } else {
        1.0 - front * fraction(1.0 - x, b, a) / b
    }
}

fn fraction(x: f64, a: f64, b: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let keep = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / keep(1.0 - (a + b) * x / (a + 1.0));
    let mut value = d;
    for step in 1..400 {
        let m = f64::from(step);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / keep(1.0 + even * d);
        c = keep(1.0 + even / c);
        value *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / keep(1.0 + odd * d);
        c = keep(1.0 + odd / c);
        value *= d * c;
        if (d * c - 1.0).abs() < 1e-15 {
            break;
        }
    }
    value
}

/// Logarithm of the gamma function, by the series of Lanczos (g = 5, six terms).
fn ln_gamma(x: f64) -> f64 {
    const TERMS: [f64; 6] = [
        76.180_091_729_471_46,
        -86.505_320_329_416_77,
        24.014_098_240_830_91,
        -1.231_739_572_450_155,
        1.208_650_973_866_179e-3,
        -5.395_239_384_953e-6,
    ];
    let near = x + 5.5 - (x + 0.5) * (x + 5.5).ln();
    let sum = (1..)
        .zip(TERMS)
        .fold(1.000_000_000_190_015, |sum, (step, term)| {
            sum + term / (x + f64::from(step))
        });
    -near + (2.506_628_274_631_000_5 * sum / x).ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_of_student() {
        for (confidence, replications, expected) in [
            (0.95, 2, 12.706),
            (0.95, 6, 2.571),
            (0.99, 11, 3.169),
            (0.95, 31, 2.042),
            (0.99, 101, 2.626),
            (0.95, 10_001, 1.960),
        ] {
            let found = quantile(confidence, replications);
            assert!((found - expected).abs() < 0.001, "{replications}: {found}");
        }
        assert!(quantile(0.95, 1).is_infinite());
        assert!((quantile_95(6) - quantile(0.95, 6)).abs() < 1e-12);
        assert!((quantile_95(5_000) - 1.960).abs() < 0.001);
    }
}
