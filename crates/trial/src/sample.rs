//! Measured times and how they spread.

use std::time::Duration;

/// Times in order.
#[derive(Clone, Debug, Default)]
pub struct Sample(Vec<Duration>);

impl Sample {
    /// Sorts the times.
    pub fn new(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        Self(times)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The time that a share of the sample, in hundredths, is no longer than.
    pub fn percentile(&self, hundredths: usize) -> Duration {
        let rank = (self.0.len() * hundredths).div_ceil(100);
        self.0
            .get(rank.saturating_sub(1))
            .copied()
            .unwrap_or_default()
    }
}

/// A figure over repeats: its middle, lowest and highest value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// Median.
    pub middle: f64,
    /// Lowest.
    pub low: f64,
    /// Highest.
    pub high: f64,
}

impl Spread {
    /// Over at least one figure; nought over none.
    pub fn of(mut figures: Vec<f64>) -> Self {
        figures.sort_by(f64::total_cmp);
        let at = |index: usize| figures.get(index).copied().unwrap_or(0.0);
        Self {
            middle: at(figures.len() / 2),
            low: at(0),
            high: at(figures.len().saturating_sub(1)),
        }
    }

    /// `1,234 (1,200 to 1,300)` with a number of decimals.
    pub fn shown(&self, decimals: usize) -> String {
        let show = |figure: f64| shown(figure, decimals);
        format!(
            "{} ({} to {})",
            show(self.middle),
            show(self.low),
            show(self.high)
        )
    }
}

/// A figure with commas between thousands.
pub fn shown(figure: f64, decimals: usize) -> String {
    let text = format!("{figure:.decimals$}");
    let (whole, rest) = text
        .split_once('.')
        .map_or((text.as_str(), None), |(whole, rest)| (whole, Some(rest)));
    let whole = whole
        .parse()
        .map_or_else(|_| whole.to_owned(), kernel::money::thousands);
    rest.map_or_else(|| whole.clone(), |rest| format!("{whole}.{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_and_spread() {
        let sample = Sample::new((1..=200).rev().map(Duration::from_millis).collect());
        assert_eq!(sample.percentile(50), Duration::from_millis(100));
        assert_eq!(sample.percentile(99), Duration::from_millis(198));
        assert_eq!(Sample::default().percentile(99), Duration::ZERO);
        assert_eq!(
            Spread::of(vec![3.0, 1.0, 2_000.5]).shown(1),
            "3.0 (1.0 to 2,000.5)"
        );
    }
}
