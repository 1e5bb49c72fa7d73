//! The words that stand beside the icons, so that nothing rests on colour alone.

use super::{Assurance, Chart, Judgement, Signal, Test, Variation};

impl Signal {
    /// The signal in words, such as "above the upper limit".
    pub fn words(self, run: usize) -> String {
        match (self.test, self.up) {
            (Test::Outside, true) => "above the upper limit".to_owned(),
            (Test::Outside, false) => "below the lower limit".to_owned(),
            (Test::Trend, true) => format!("part of a run of {run} rising points"),
            (Test::Trend, false) => format!("part of a run of {run} falling points"),
            (Test::TwoOfThree, true) => {
                "one of two points in three close to the upper limit".to_owned()
            }
            (Test::TwoOfThree, false) => {
                "one of two points in three close to the lower limit".to_owned()
            }
            (Test::Shift, true) => format!("part of a run of {run} points above the mean"),
            (Test::Shift, false) => format!("part of a run of {run} points below the mean"),
        }
    }
}

impl Judgement {
    /// The judgement in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Common => "Common cause",
            Self::Improvement => "Special cause, improvement",
            Self::Concern => "Special cause, concern",
            Self::Neutral => "Special cause, neither better nor worse",
        }
    }
}

impl Variation {
    /// The sign drawn in the icon; empty for common cause and for too few points.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::TooFew | Self::Common => "",
            Self::ImprovementHigh | Self::ConcernHigh => "H",
            Self::ImprovementLow | Self::ConcernLow => "L",
            Self::NeutralHigh => "↑",
            Self::NeutralLow => "↓",
        }
    }

    /// Its colour.
    pub const fn colour(self) -> &'static str {
        match self {
            Self::TooFew | Self::Common => Judgement::Common.colour(),
            Self::ImprovementHigh | Self::ImprovementLow => Judgement::Improvement.colour(),
            Self::ConcernHigh | Self::ConcernLow => Judgement::Concern.colour(),
            Self::NeutralHigh | Self::NeutralLow => Judgement::Neutral.colour(),
        }
    }
}

impl Assurance {
    /// The sign drawn in the icon.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Pass => "P",
            Self::Fail => "F",
            Self::HitAndMiss => "?",
        }
    }

    /// Its colour.
    pub const fn colour(self) -> &'static str {
        match self {
            Self::None | Self::HitAndMiss => Judgement::Common.colour(),
            Self::Pass => Judgement::Improvement.colour(),
            Self::Fail => Judgement::Concern.colour(),
        }
    }
}

impl Chart {
    /// What the variation icon says, for a measure in the plural ("delayed days")
    /// and the name of the last point ("March 2019").
    pub fn variation_words(&self, measure: &str, last: &str) -> String {
        let run = self.options.run.points();
        let point = self.values.len() - 1;
        let signals = self.signals(point);
        let Some(first) = signals.first().filter(|_| !self.is_trial()) else {
            return match self.variation() {
                Variation::TooFew => format!(
                    "Too few points: {} of the {} needed. The limits are trial limits.",
                    self.latest().len,
                    super::FULL_POINTS
                ),
                _ => format!("Common cause: {measure} vary as usual in {last}."),
            };
        };
        let judgement = self.judge(*first);
        let state = match (first.test, first.up) {
            (Test::Trend, true) => "rising",
            (Test::Trend, false) => "falling",
            (_, true) => "high",
            (_, false) => "low",
        };
        let mut words = format!(
            "{}: {measure} are {state} ({} in {last}).",
            judgement.words(),
            first.words(run)
        );
        if let Some(other) = signals
            .iter()
            .find(|other| self.judge(**other) != judgement)
        {
            words.push_str(&format!(
                " The same point is also {}, which points to {}; the first test counts.",
                other.words(run),
                if self.judge(*other) == Judgement::Improvement {
                    "improvement"
                } else {
                    "concern"
                },
            ));
        }
        words
    }

    /// What the assurance icon says.
    pub fn assurance_words(&self) -> &'static str {
        match (self.assurance(), self.target) {
            (Assurance::None, None) => "No target is set.",
            (Assurance::None, Some(_)) => "The target cannot be judged here.",
            (Assurance::Pass, _) => "The target will be met without a change.",
            (Assurance::Fail, _) => "The target will be missed without a change.",
            (Assurance::HitAndMiss, _) => "The target may be met or missed from month to month.",
        }
    }
}
