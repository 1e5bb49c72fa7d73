//! How long somebody stays: distributions of length of stay, in days.
//!
//! Source: RULES L.1. Log-normal by median and mean: `mu = ln(median)`,
//! `sigma = sqrt(2 (ln mean - mu))`. By mean and standard deviation: `phi = sqrt(sd² + mean²)`,
//! `mu = ln(mean² / phi)`, `sigma = sqrt(ln(phi² / mean²))`. By mean and sigma: `mu = ln(mean) -
//! sigma²/2`. Coxian: phases one after the other, each left for the next with a chance.
//! A truncated stay is drawn again until it lies within its limits.

use crate::random::{Stream, Tables};

/// Draws of one truncated stay before its limits are taken to be out of reach.
const TRIES: u32 = 10_000;

/// A distribution of lengths of stay.
#[derive(Clone, Debug, PartialEq)]
pub struct Stay {
    shape: Shape,
    least: f64,
    most: f64,
}

#[derive(Clone, Debug, PartialEq)]
enum Shape {
    Fixed(f64),
    Exponential(f64),
    LogNormal { mu: f64, sigma: f64 },
    Weibull { shape: f64, scale: f64 },
    Empirical { values: Vec<f64>, upto: Vec<f64> },
    Coxian(Vec<(f64, f64)>),
}

/// How the stay of somebody who is there at the start is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Residual {
    /// A whole stay begins at the start.
    Whole,
    /// Evenly between one day and a whole stay (RULES L.1).
    Uniform,
    /// What is left of a stay that somebody looks at on an ordinary day: long stays are met more
    /// often, at an even point of their course.
    Steady,
}

fn positive(value: f64, what: &str) -> Result<f64, String> {
    if value.is_finite() && value > 0.0 {
        Ok(value)
    } else {
        Err(format!("{what} must be more than 0, not {value}"))
    }
}

impl Stay {
    fn of(shape: Shape) -> Self {
        Self {
            shape,
            least: 0.0,
            most: f64::INFINITY,
        }
    }

    /// The same number of days for everybody; nought is allowed.
    ///
    /// # Errors
    /// A negative number.
    pub fn fixed(days: f64) -> Result<Self, String> {
        if days.is_finite() && days >= 0.0 {
            Ok(Self::of(Shape::Fixed(days)))
        } else {
            Err(format!("a stay of {days} days is not possible"))
        }
    }

    /// Exponential, by its mean in days.
    ///
    /// # Errors
    /// A mean that is not positive.
    pub fn exponential(mean: f64) -> Result<Self, String> {
        Ok(Self::of(Shape::Exponential(positive(mean, "the mean")?)))
    }

    /// Log-normal, by median and mean in days.
    ///
    /// # Errors
    /// A mean that is not more than the median, or numbers that are not positive.
    pub fn log_normal_median_mean(median: f64, mean: f64) -> Result<Self, String> {
        let (median, mean) = (positive(median, "the median")?, positive(mean, "the mean")?);
        if mean < median {
            return Err(format!(
                "a log-normal stay has a mean of at least its median: {mean} is less than {median}"
            ));
        }
        let mu = median.ln();
        Ok(Self::of(Shape::LogNormal {
            mu,
            sigma: (2.0 * (mean.ln() - mu)).max(0.0).sqrt(),
        }))
    }

    /// Log-normal, by mean and standard deviation in days.
    ///
    /// # Errors
    /// Numbers that are not positive.
    pub fn log_normal_mean_sd(mean: f64, sd: f64) -> Result<Self, String> {
        let (mean, sd) = (
            positive(mean, "the mean")?,
            positive(sd, "the standard deviation")?,
        );
        let phi = (sd * sd + mean * mean).sqrt();
        Ok(Self::of(Shape::LogNormal {
            mu: (mean * mean / phi).ln(),
            sigma: (phi * phi / (mean * mean)).ln().sqrt(),
        }))
    }

    /// Log-normal, by mean in days and the standard deviation of its logarithm.
    ///
    /// # Errors
    /// Numbers that are not positive.
    pub fn log_normal_mean_sigma(mean: f64, sigma: f64) -> Result<Self, String> {
        let (mean, sigma) = (positive(mean, "the mean")?, positive(sigma, "sigma")?);
        Ok(Self::of(Shape::LogNormal {
            mu: mean.ln() - sigma * sigma / 2.0,
            sigma,
        }))
    }

    /// Weibull, by shape and scale (in days).
    ///
    /// # Errors
    /// Numbers that are not positive.
    pub fn weibull(shape: f64, scale: f64) -> Result<Self, String> {
        Ok(Self::of(Shape::Weibull {
            shape: positive(shape, "the shape")?,
            scale: positive(scale, "the scale")?,
        }))
    }

    /// One of the stays given, each as often as its weight says.
    ///
    /// # Errors
    /// No values, negative ones, or weights that do not fit them.
    pub fn empirical(values: Vec<f64>, weights: Option<&[f64]>) -> Result<Self, String> {
        if values.is_empty() {
            return Err("the list of stays is empty".to_owned());
        }
        if let Some(wrong) = values
            .iter()
            .find(|value| !value.is_finite() || **value < 0.0)
        {
            return Err(format!("a stay of {wrong} days is not possible"));
        }
        let equal = vec![1.0; values.len()];
        let weights = weights.unwrap_or(&equal);
        let total: f64 = weights.iter().sum();
        let wrong = weights
            .iter()
            .any(|weight| !weight.is_finite() || *weight < 0.0);
        if weights.len() != values.len() || wrong || total <= 0.0 {
            return Err(format!(
                "{} stays need as many weights, none of them negative and not all nought",
                values.len()
            ));
        }
        let mut sum = 0.0;
        let upto = weights
            .iter()
            .map(|weight| {
                sum += weight / total;
                sum
            })
            .collect();
        Ok(Self::of(Shape::Empirical { values, upto }))
    }

    /// Coxian: for each phase its mean in days and the chance that the next phase follows.
    ///
    /// # Errors
    /// No phases, a mean that is not positive, a chance outside 0 to 1.
    pub fn coxian(phases: Vec<(f64, f64)>) -> Result<Self, String> {
        if phases.is_empty() {
            return Err("there is no phase".to_owned());
        }
        for (mean, goes_on) in &phases {
            positive(*mean, "the mean of a phase")?;
            if !(0.0..=1.0).contains(goes_on) {
                return Err(format!(
                    "the chance of a next phase lies between 0 and 1, not {goes_on}"
                ));
            }
        }
        Ok(Self::of(Shape::Coxian(phases)))
    }

    /// The same, drawn again until it is within limits, in days.
    ///
    /// # Errors
    /// Limits that leave no room.
    pub fn within(mut self, least: f64, most: f64) -> Result<Self, String> {
        if least.is_nan() || most.is_nan() || least < 0.0 || most < least {
            return Err(format!("no stay lies between {least} and {most} days"));
        }
        self.least = least;
        self.most = most;
        // Limits that keep less than one draw in a thousand would take longer than they are worth.
        let tables = Tables::get();
        let mut stream = Stream::new(0x5eed);
        let kept = (0..TRIES).any(|_| {
            let days = self.once(&mut stream, tables);
            days >= least && days <= most
        });
        if kept {
            Ok(self)
        } else {
            Err(format!(
                "hardly any stay lies between {least} and {most} days"
            ))
        }
    }

    /// Whether a stay may take no time at all.
    pub fn may_be_nought(&self) -> bool {
        self.least <= 0.0
            && match &self.shape {
                Shape::Fixed(days) => *days <= 0.0,
                Shape::Empirical { values, .. } => values.iter().any(|value| *value <= 0.0),
                _ => false,
            }
    }

    /// Whether it is exponential and not truncated, as most of the theory asks.
    pub fn is_exponential(&self) -> bool {
        matches!(self.shape, Shape::Exponential(_)) && self.least <= 0.0 && self.most.is_infinite()
    }

    /// One stay, in days.
    #[inline]
    pub fn draw(&self, stream: &mut Stream, tables: &Tables) -> f64 {
        let days = self.once(stream, tables);
        if days >= self.least && days <= self.most {
            return days;
        }
        self.again(stream, tables)
    }

    #[cold]
    fn again(&self, stream: &mut Stream, tables: &Tables) -> f64 {
        for _ in 0..TRIES {
            let days = self.once(stream, tables);
            if days >= self.least && days <= self.most {
                return days;
            }
        }
        self.least
    }

    #[inline]
    fn once(&self, stream: &mut Stream, tables: &Tables) -> f64 {
        match &self.shape {
            Shape::Fixed(days) => *days,
            Shape::Exponential(mean) => mean * stream.exponential(tables),
            Shape::LogNormal { mu, sigma } => (mu + sigma * stream.normal(tables)).exp(),
            Shape::Weibull { shape, scale } => scale * stream.exponential(tables).powf(1.0 / shape),
            Shape::Empirical { values, upto } => {
                let chance = stream.unit();
                let at = upto.partition_point(|sum| *sum <= chance);
                values[at.min(values.len() - 1)]
            }
            Shape::Coxian(phases) => {
                let mut days = 0.0;
                for (mean, goes_on) in phases {
                    days += mean * stream.exponential(tables);
                    if stream.unit() >= *goes_on {
                        break;
                    }
                }
                days
            }
        }
    }

    /// What is left of the stay of somebody who is there at the start, in days.
    pub fn draw_rest(&self, how: Residual, stream: &mut Stream, tables: &Tables) -> f64 {
        match how {
            Residual::Whole => self.draw(stream, tables),
            Residual::Uniform => {
                let whole = self.draw(stream, tables);
                1.0 + (whole - 1.0).max(0.0) * stream.unit()
            }
            Residual::Steady => {
                // Of many stays, one in proportion to its length: the longest seen bounds the rest.
                let seen: [f64; 32] = std::array::from_fn(|_| self.draw(stream, tables));
                let mut at = stream.unit() * seen.iter().sum::<f64>();
                let met = seen.iter().find(|days| {
                    at -= **days;
                    at < 0.0
                });
                met.unwrap_or(&seen[0]) * stream.unit()
            }
        }
    }

    /// What is left of a stay that has lasted so many days, in days.
    pub fn draw_rest_after(&self, so_far: f64, stream: &mut Stream, tables: &Tables) -> f64 {
        for _ in 0..TRIES {
            let days = self.draw(stream, tables);
            if days > so_far {
                return days - so_far;
            }
        }
        // Longer than any stay drawn: leaves within a tenth of what it was.
        so_far * 0.1 * stream.unit()
    }

    /// Mean and standard deviation in days: by formula, or from 200,000 draws where truncated.
    pub fn moments(&self) -> (f64, f64) {
        if self.least > 0.0 || self.most.is_finite() {
            return self.drawn_moments();
        }
        match &self.shape {
            Shape::Fixed(days) => (*days, 0.0),
            Shape::Exponential(mean) => (*mean, *mean),
            Shape::LogNormal { mu, sigma } => {
                let mean = (mu + sigma * sigma / 2.0).exp();
                (mean, mean * ((sigma * sigma).exp() - 1.0).sqrt())
            }
            Shape::Weibull { shape, scale } => {
                let first = gamma(1.0 + 1.0 / shape);
                let second = gamma(1.0 + 2.0 / shape);
                (
                    scale * first,
                    scale * (second - first * first).max(0.0).sqrt(),
                )
            }
            Shape::Empirical { values, upto } => {
                let mut before = 0.0;
                let (mut mean, mut square) = (0.0, 0.0);
                for (value, sum) in values.iter().zip(upto) {
                    let weight = sum - before;
                    before = *sum;
                    mean += weight * value;
                    square += weight * value * value;
                }
                (mean, (square - mean * mean).max(0.0).sqrt())
            }
            Shape::Coxian(phases) => coxian_moments(phases),
        }
    }

    fn drawn_moments(&self) -> (f64, f64) {
        const MANY: u32 = 200_000;
        let tables = Tables::get();
        let mut stream = Stream::new(0x5eed);
        let (mut sum, mut squares) = (0.0, 0.0);
        for _ in 0..MANY {
            let days = self.draw(&mut stream, tables);
            sum += days;
            squares += days * days;
        }
        let mean = sum / f64::from(MANY);
        (
            mean,
            (squares / f64::from(MANY) - mean * mean).max(0.0).sqrt(),
        )
    }
}

/// From the last phase back: a phase is its own time and, with its chance, what follows.
fn coxian_moments(phases: &[(f64, f64)]) -> (f64, f64) {
    let (mut mean, mut square) = (0.0, 0.0);
    for (own, goes_on) in phases.iter().rev() {
        square = 2.0 * own * own + goes_on * (2.0 * own * mean + square);
        mean = own + goes_on * mean;
    }
    (mean, (square - mean * mean).max(0.0).sqrt())
}

/// The gamma function, by the approximation of Lanczos (g = 7, nine terms).
fn gamma(x: f64) -> f64 {
    const TERMS: [f64; 9] = [
        0.999_999_999_999_809_9,
        676.520_368_121_885_1,
        -1_259.139_216_722_402_8,
        771.323_428_777_653_1,
        -176.615_029_162_140_6,
        12.507_343_278_686_905,
        -0.138_571_095_265_720_12,
        9.984_369_578_019_572e-6,
        1.505_632_735_149_311_6e-7,
    ];
    let x = x - 1.0;
    let t = x + 7.5;
    let sum = (1..9).fold(TERMS[0], |sum, i| sum + TERMS[i] / (x + i as f64));
    (2.0 * std::f64::consts::PI).sqrt() * t.powf(x + 0.5) * (-t).exp() * sum
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(stay: &Stay, how: Option<Residual>) -> f64 {
        let tables = Tables::get();
        let mut stream = Stream::new(99);
        let one = |stream: &mut Stream| match how {
            None => stay.draw(stream, tables),
            Some(how) => stay.draw_rest(how, stream, tables),
        };
        (0..200_000).map(|_| one(&mut stream)).sum::<f64>() / 200_000.0
    }

    #[test]
    fn each_distribution_has_the_moments_it_says() {
        let two = Stay::coxian(vec![(2.0, 1.0), (2.0, 0.0)]).unwrap();
        for (stay, mean, sd) in [
            (Stay::fixed(3.0).unwrap(), 3.0, 0.0),
            (Stay::exponential(4.0).unwrap(), 4.0, 4.0),
            (
                Stay::log_normal_median_mean(34.0, 42.79).unwrap(),
                42.79,
                32.705,
            ),
            (Stay::log_normal_mean_sd(20.0, 6.0).unwrap(), 20.0, 6.0),
            (Stay::log_normal_mean_sigma(5.2, 1.0).unwrap(), 5.2, 6.816),
            (Stay::weibull(2.0, 10.0).unwrap(), 8.862, 4.633),
            (
                Stay::empirical(vec![1.0, 5.0], Some(&[3.0, 1.0])).unwrap(),
                2.0,
                1.732,
            ),
            (two, 4.0, 2.828),
        ] {
            let (found_mean, found_sd) = stay.moments();
            assert!(
                (found_mean - mean).abs() < 0.001 * mean,
                "{stay:?} {found_mean}"
            );
            assert!(
                (found_sd - sd).abs() < 0.001 * sd + 1e-9,
                "{stay:?} {found_sd}"
            );
            let error = 5.0 * sd / 200_000_f64.sqrt() + 1e-9;
            assert!((drawn(&stay, None) - mean).abs() < error, "{stay:?}");
        }
    }

    #[test]
    fn the_formulas_of_the_field() {
        // RULES L.1, pathway 2 of the first locality: median 34, mean 42.79.
        let stay = Stay::log_normal_median_mean(34.0, 42.79).unwrap();
        let Shape::LogNormal { mu, sigma } = stay.shape else {
            panic!("it is log-normal")
        };
        assert!((mu - 3.526).abs() < 0.001 && (sigma - 0.678).abs() < 0.001);
    }

    #[test]
    fn a_truncated_stay_keeps_its_limits() {
        let stay = Stay::exponential(5.0).unwrap().within(1.0, 8.0).unwrap();
        let tables = Tables::get();
        let mut stream = Stream::new(1);
        for _ in 0..10_000 {
            assert!((1.0..=8.0).contains(&stay.draw(&mut stream, tables)));
        }
        assert!(Stay::fixed(3.0).unwrap().within(4.0, 5.0).is_err());
        assert!(Stay::fixed(3.0).unwrap().within(5.0, 4.0).is_err());
    }

    #[test]
    fn what_is_left_of_a_stay() {
        // In a steady state: (sd² + mean²) / (2 mean).
        let stay = Stay::log_normal_mean_sd(10.0, 5.0).unwrap();
        assert!((drawn(&stay, Some(Residual::Steady)) - 6.25).abs() < 0.1);
        assert!((drawn(&stay, Some(Residual::Uniform)) - 5.5).abs() < 0.1);
        assert!((drawn(&stay, Some(Residual::Whole)) - 10.0).abs() < 0.1);
        // An exponential stay does not remember.
        let stay = Stay::exponential(3.0).unwrap();
        let tables = Tables::get();
        let mut stream = Stream::new(5);
        let rest = |stream: &mut Stream| stay.draw_rest_after(6.0, stream, tables);
        let mean = (0..50_000).map(|_| rest(&mut stream)).sum::<f64>() / 50_000.0;
        assert!((mean - 3.0).abs() < 0.07, "{mean}");
    }

    #[test]
    fn what_cannot_be_is_refused() {
        assert!(Stay::exponential(0.0).is_err());
        assert!(Stay::exponential(-2.0).is_err());
        assert!(Stay::log_normal_median_mean(10.0, 9.0).is_err());
        assert!(Stay::empirical(vec![], None).is_err());
        assert!(Stay::empirical(vec![1.0], Some(&[0.0])).is_err());
        assert!(Stay::coxian(vec![(1.0, 1.2)]).is_err());
        assert!(Stay::fixed(f64::NAN).is_err());
    }
}
