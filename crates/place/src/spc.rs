//! Statistical process control: XmR charts by the "Making Data Count" rules.
//!
//! Rule: NHS England, Making Data Count (2019 on), as worked out in its Excel tool
//! and in the R package NHSRplotthedots 0.2.2 (2025). Our version of the rules is
//! [`RULES`]; each choice where the two differ is a switch in [`Options`].
//!
//! In words, one stretch between rebases at a time:
//! - mean = average of the values; moving range = the step between neighbours;
//!   limits = mean ± 2.66 × average moving range; near limits = mean ± two thirds
//!   of that.
//! - A point is a signal if, in this order, it is *outside* the limits; part of a
//!   *trend* of 7 points that rise (or fall) at every step; one of *two of three*
//!   neighbours, all on one side of the mean, that lie beyond the near limit; or
//!   part of a *shift* of 7 points on one side of the mean. All comparisons are
//!   strict; a point on the mean is on neither side; nothing crosses a rebase.
//! - The variation icon is about the last point only. The assurance icon compares
//!   the target with the latest limits.
//!
//! Values are whole numbers, and every comparison is made on whole numbers too, so
//! a point on a limit is never taken to be beyond it by rounding. Floats come out
//! only to draw and print limits.

mod words;

/// Name and version of the rules, shown beside each chart.
pub const RULES: &str = "Making Data Count XmR rules, version 1";

/// Fewer points than this in the latest stretch: limits are "trial limits" and no
/// icon is given.
pub const FULL_POINTS: usize = 13;

/// Fewest points the limits may be fixed on.
pub const FIX_POINTS: usize = 12;

/// Which way is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Higher is better.
    Up,
    /// Lower is better.
    Down,
    /// Neither way is better.
    Neither,
}

/// How many points make a trend or a shift.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Run {
    /// Six.
    Six,
    /// Seven, as in the R package and the present Excel tool.
    #[default]
    Seven,
}

impl Run {
    /// The number of points.
    pub const fn points(self) -> usize {
        match self {
            Self::Six => 6,
            Self::Seven => 7,
        }
    }
}

/// The choices where published tools differ. The default is Making Data Count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Points in a trend or shift.
    pub run: Run,
    /// Leave out moving ranges of 3.267 times their average or more, once, before
    /// the limits are worked out. The R package does; Making Data Count does not.
    pub screen_ranges: bool,
    /// In two of three, do not count points beyond the outer limit. The R package
    /// does not count them; Making Data Count has counted them since late 2023.
    pub two_of_three_inside_only: bool,
    /// Work the limits of each stretch out from its first so many points only.
    pub fix_after: Option<usize>,
}

/// What cannot be charted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// There are no points.
    #[error("there are no points to chart")]
    NoPoints,
    /// A rebase is not inside the series, or they are not in order.
    #[error("a rebase must start at a point after the first, in order")]
    Rebase,
    /// Limits fixed on too few points.
    #[error("limits can be fixed on 12 points or more")]
    Fix,
}

/// The four tests, in the order in which the first that applies wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Test {
    /// Beyond a limit.
    Outside,
    /// Part of a run of rising or falling points.
    Trend,
    /// Two of three beyond a near limit.
    TwoOfThree,
    /// Part of a run on one side of the mean.
    Shift,
}

/// A test that applies to a point, and whether it speaks for "high" or "rising"
/// (up) or for "low" or "falling".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signal {
    /// The test.
    pub test: Test,
    /// High or rising, rather than low or falling.
    pub up: bool,
}

/// What a point means, given which way is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// No signal.
    Common,
    /// A signal the wanted way.
    Improvement,
    /// A signal the other way.
    Concern,
    /// A signal where neither way is better.
    Neutral,
}

impl Judgement {
    /// Colour of the point, as in Making Data Count.
    pub const fn colour(self) -> &'static str {
        match self {
            Self::Common => "#a6a6a6",
            Self::Improvement => "#00b0f0",
            Self::Concern => "#e46c0a",
            Self::Neutral => "#490092",
        }
    }
}

/// The variation icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variation {
    /// Too few points for an icon.
    TooFew,
    /// Grey: common cause.
    Common,
    /// Blue H: improvement where higher is better.
    ImprovementHigh,
    /// Blue L: improvement where lower is better.
    ImprovementLow,
    /// Orange H: concern where lower is better.
    ConcernHigh,
    /// Orange L: concern where higher is better.
    ConcernLow,
    /// Purple arrow up.
    NeutralHigh,
    /// Purple arrow down.
    NeutralLow,
}

/// The assurance icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assurance {
    /// Empty: no target, neither way is better, or too few points.
    None,
    /// Blue P: will pass the target without a change.
    Pass,
    /// Orange F: will miss the target without a change.
    Fail,
    /// Grey question mark: may hit or miss.
    HitAndMiss,
}

/// One stretch between rebases, with its exact mean and limits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// Index of its first point.
    pub start: usize,
    /// Number of its points.
    pub len: usize,
    /// Points the mean is worked out from.
    n: i128,
    /// Their sum.
    sum: i128,
    /// Moving ranges the limits are worked out from.
    m: i128,
    /// Their sum.
    ranges: i128,
}

impl Stretch {
    fn new(start: usize, values: &[i64], options: Options) -> Self {
        let base = &values[..options
            .fix_after
            .map_or(values.len(), |n| n.min(values.len()))];
        let ranges: Vec<i128> = base
            .windows(2)
            .map(|pair| i128::from(pair[1].abs_diff(pair[0])))
            .collect();
        let all: i128 = ranges.iter().sum();
        let count = ranges.len() as i128;
        let kept: Vec<i128> = ranges
            .into_iter()
            .filter(|range| !options.screen_ranges || all == 0 || range * 1000 * count < 3267 * all)
            .collect();
        Self {
            start,
            len: values.len(),
            n: base.len() as i128,
            sum: base.iter().map(|value| i128::from(*value)).sum(),
            m: kept.len() as i128,
            ranges: kept.iter().sum(),
        }
    }

    /// Whether there are limits: two points at least.
    pub fn has_limits(&self) -> bool {
        self.m > 0
    }

    /// Whether the limits are trial limits: fewer than 13 points.
    pub fn is_trial(&self) -> bool {
        self.len < FULL_POINTS
    }

    /// Average of the values.
    pub fn mean(&self) -> f64 {
        self.sum as f64 / self.n as f64
    }

    /// Average moving range.
    pub fn average_range(&self) -> f64 {
        if self.m == 0 {
            0.0
        } else {
            self.ranges as f64 / self.m as f64
        }
    }

    /// Upper process limit.
    pub fn upper(&self) -> f64 {
        self.mean() + 2.66 * self.average_range()
    }

    /// Lower process limit. It may lie below nought, as in the published rules.
    pub fn lower(&self) -> f64 {
        self.mean() - 2.66 * self.average_range()
    }

    /// Which side of the mean a value lies: 1 above, -1 below, 0 on it.
    fn side(&self, value: i64) -> i128 {
        (i128::from(value) * self.n - self.sum).signum()
    }

    /// Distance from the mean against `by`/100 average moving ranges, times three:
    /// the sign tells whether the value is further out.
    fn beyond(&self, value: i64, thirds_of_hundredths: i128) -> bool {
        if !self.has_limits() {
            return false;
        }
        let distance = (i128::from(value) * self.n - self.sum).abs() * self.m * 300;
        distance > thirds_of_hundredths * self.ranges * self.n
    }

    /// Beyond a limit (2.66 = 798 thirds of hundredths).
    fn is_outside(&self, value: i64) -> bool {
        self.beyond(value, 798)
    }

    /// Beyond a near limit (2 × 2.66 / 3 = 532 thirds of hundredths).
    fn is_near(&self, value: i64) -> bool {
        self.beyond(value, 532)
    }
}

/// A chart: what there is to draw and to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chart {
    values: Vec<i64>,
    stretches: Vec<Stretch>,
    signals: Vec<Vec<Signal>>,
    wanted: Wanted,
    target: Option<i64>,
    options: Options,
}

impl Chart {
    /// Works a chart out. `rebases` are the indexes at which a new stretch starts,
    /// in order; each must have a named reason and date where it is shown.
    ///
    /// # Errors
    /// No points, a rebase outside the series, limits fixed on fewer than 12.
    pub fn new(
        values: &[i64],
        wanted: Wanted,
        target: Option<i64>,
        rebases: &[usize],
        options: Options,
    ) -> Result<Self, Error> {
        if values.is_empty() {
            return Err(Error::NoPoints);
        }
        if options.fix_after.is_some_and(|n| n < FIX_POINTS) {
            return Err(Error::Fix);
        }
        let mut starts = vec![0];
        for rebase in rebases {
            if *rebase >= values.len() || starts.last().is_some_and(|last| last >= rebase) {
                return Err(Error::Rebase);
            }
            starts.push(*rebase);
        }
        let mut stretches = Vec::new();
        let mut signals = Vec::new();
        for (at, start) in starts.iter().enumerate() {
            let end = starts.get(at + 1).copied().unwrap_or(values.len());
            let part = &values[*start..end];
            let stretch = Stretch::new(*start, part, options);
            signals.extend(signals_of(part, &stretch, options));
            stretches.push(stretch);
        }
        Ok(Self {
            values: values.to_vec(),
            stretches,
            signals,
            wanted,
            target,
            options,
        })
    }

    /// The values, in order.
    pub fn values(&self) -> &[i64] {
        &self.values
    }

    /// The stretches between rebases, in order; at least one.
    pub fn stretches(&self) -> &[Stretch] {
        &self.stretches
    }

    /// The target, if there is one.
    pub fn target(&self) -> Option<i64> {
        self.target
    }

    /// Which way is better.
    pub fn wanted(&self) -> Wanted {
        self.wanted
    }

    /// Every test that applies to a point, in the order in which the first wins.
    pub fn signals(&self, point: usize) -> &[Signal] {
        self.signals.get(point).map_or(&[], Vec::as_slice)
    }

    /// What a point means: by the first test that applies.
    pub fn judgement(&self, point: usize) -> Judgement {
        self.signals(point)
            .first()
            .map_or(Judgement::Common, |signal| self.judge(*signal))
    }

    /// What one signal means.
    fn judge(&self, signal: Signal) -> Judgement {
        match (self.wanted, signal.up) {
            (Wanted::Neither, _) => Judgement::Neutral,
            (Wanted::Up, true) | (Wanted::Down, false) => Judgement::Improvement,
            _ => Judgement::Concern,
        }
    }

    /// The latest stretch.
    fn latest(&self) -> &Stretch {
        // `new` makes at least one.
        &self.stretches[self.stretches.len() - 1]
    }

    /// Whether the latest limits are trial limits.
    pub fn is_trial(&self) -> bool {
        self.latest().is_trial()
    }

    /// The variation icon: the last point only. The letter comes from the wanted
    /// direction, not from where the point lies.
    pub fn variation(&self) -> Variation {
        if self.is_trial() {
            return Variation::TooFew;
        }
        let last = self.values.len() - 1;
        let up = self.signals(last).first().is_some_and(|signal| signal.up);
        match (self.judgement(last), self.wanted) {
            (Judgement::Common, _) => Variation::Common,
            (Judgement::Improvement, Wanted::Down) => Variation::ImprovementLow,
            (Judgement::Improvement, _) => Variation::ImprovementHigh,
            (Judgement::Concern, Wanted::Up) => Variation::ConcernLow,
            (Judgement::Concern, _) => Variation::ConcernHigh,
            (Judgement::Neutral, _) if up => Variation::NeutralHigh,
            (Judgement::Neutral, _) => Variation::NeutralLow,
        }
    }

    /// The assurance icon: the target against the latest limits, strictly. A
    /// series that never moves and lies on its target is "hit and miss".
    pub fn assurance(&self) -> Assurance {
        let stretch = self.latest();
        let Some(target) = self.target else {
            return Assurance::None;
        };
        if self.wanted == Wanted::Neither || self.is_trial() || !stretch.has_limits() {
            return Assurance::None;
        }
        match (
            stretch.is_outside(target),
            stretch.side(target) > 0,
            self.wanted,
        ) {
            (false, ..) => Assurance::HitAndMiss,
            (true, true, Wanted::Up) | (true, false, Wanted::Down) => Assurance::Fail,
            _ => Assurance::Pass,
        }
    }
}

/// The signals of each point of a stretch, in test order.
fn signals_of(values: &[i64], stretch: &Stretch, options: Options) -> Vec<Vec<Signal>> {
    let sides: Vec<i128> = values.iter().map(|value| stretch.side(*value)).collect();
    let trend = trends(values, options.run.points());
    let two = two_of_three(values, &sides, stretch, options);
    let shift = shifts(&sides, options.run.points());
    (0..values.len())
        .map(|at| {
            let outside = stretch.is_outside(values[at]).then_some(sides[at] > 0);
            [
                (Test::Outside, outside),
                (Test::Trend, trend[at]),
                (Test::TwoOfThree, two[at]),
                (Test::Shift, shift[at]),
            ]
            .into_iter()
            .filter_map(|(test, up)| Some(Signal { test, up: up? }))
            .collect()
        })
        .collect()
}

/// Points in a run of `run` with a strict step the same way each time; where two
/// runs share a point, the later run's direction stands.
fn trends(values: &[i64], run: usize) -> Vec<Option<bool>> {
    let mut marks = vec![None; values.len()];
    for (start, window) in values.windows(run).enumerate() {
        let rising = window.windows(2).all(|pair| pair[1] > pair[0]);
        let falling = window.windows(2).all(|pair| pair[1] < pair[0]);
        if rising || falling {
            marks[start..start + run].fill(Some(rising));
        }
    }
    marks
}

/// Points beyond a near limit, at least two of three neighbours that all lie on
/// the same side of the mean.
fn two_of_three(
    values: &[i64],
    sides: &[i128],
    stretch: &Stretch,
    options: Options,
) -> Vec<Option<bool>> {
    let counts = |at: usize| {
        stretch.is_near(values[at])
            && !(options.two_of_three_inside_only && stretch.is_outside(values[at]))
    };
    let mut marks = vec![None; values.len()];
    for start in 0..values.len().saturating_sub(2) {
        let side = sides[start];
        let same = side != 0 && sides[start..start + 3].iter().all(|other| *other == side);
        let near: Vec<usize> = (start..start + 3).filter(|at| counts(*at)).collect();
        if same && near.len() >= 2 {
            for at in near {
                marks[at] = Some(side > 0);
            }
        }
    }
    marks
}

/// Points in a run of `run` strictly on one side of the mean.
fn shifts(sides: &[i128], run: usize) -> Vec<Option<bool>> {
    let mut marks = vec![None; sides.len()];
    for (start, window) in sides.windows(run).enumerate() {
        if window[0] != 0 && window.iter().all(|side| *side == window[0]) {
            marks[start..start + run].fill(Some(window[0] > 0));
        }
    }
    marks
}

#[cfg(test)]
mod tests;
