//! Whether a need is eligible: what both rules share.
//!
//! Source: Care Act 2014 section 13; Care and Support (Eligibility Criteria) Regulations 2015
//! (SI 2015/313); RULES G.2 and G.3 (from memory).
//!
//! In words: every judgement is made by a person, with its reason: yes, no or not recorded. A
//! yes or no to one of the conditions without a reason is not recorded. Nothing is inferred:
//! what is not recorded leaves the result undetermined, unless a condition that is needed is
//! not met for certain. Need that fluctuates is judged over a time that represents it.

pub mod adult;
pub mod carer;

use crate::policy::{Policy, RestsOn};
use crate::text_enum;
use jiff::civil::Date;
use kernel::parameters::ParameterError;
use std::fmt;

text_enum! {
    /// What somebody judged.
    Judged {
        /// It is so.
        Yes = "yes",
        /// It is not so.
        No = "no",
        /// Nobody has said.
        NotRecorded = "not recorded",
    }
}

impl Judged {
    const fn of(answer: bool) -> Self {
        if answer { Self::Yes } else { Self::No }
    }

    /// Yes if either is, no if both are not.
    const fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Yes, _) | (_, Self::Yes) => Self::Yes,
            (Self::No, Self::No) => Self::No,
            _ => Self::NotRecorded,
        }
    }
}

/// A judgement with its reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// What was judged.
    pub judged: Judged,
    /// Why, in the words of whoever judged; empty if not given.
    pub rationale: String,
}

impl Default for Judgement {
    fn default() -> Self {
        Self {
            judged: Judged::NotRecorded,
            rationale: String::new(),
        }
    }
}

impl Judgement {
    /// A judgement and why.
    pub fn new(judged: Judged, rationale: impl Into<String>) -> Self {
        Self {
            judged,
            rationale: rationale.into(),
        }
    }

    /// What counts: without a reason nothing was judged.
    fn settled(&self) -> Judged {
        match self.rationale.trim().is_empty() {
            true => Judged::NotRecorded,
            false => self.judged,
        }
    }
}

text_enum! {
    /// In which way somebody is unable to achieve an outcome (regulations 2(3) and 3(3)).
    Way {
        /// Not without assistance.
        NeedsHelp = "cannot without assistance",
        /// With significant pain, distress or anxiety.
        Pain = "significant pain, distress or anxiety",
        /// Their health or safety, or that of others, is or may be in danger.
        Danger = "endangers health or safety",
        /// It takes significantly longer than would normally be expected. Of adults only.
        TakesLonger = "takes significantly longer",
    }
}

/// What was judged of one outcome. Only *unable* needs its reason; a way in which they are
/// unable is a reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OutcomeJudgement {
    /// Whether the person is unable to achieve it, and why.
    pub unable: Judgement,
    /// In which ways.
    pub ways: Vec<Way>,
}

impl OutcomeJudgement {
    fn settled(&self) -> Judged {
        let reasoned = !self.ways.is_empty() || !self.unable.rationale.trim().is_empty();
        match self.unable.judged {
            Judged::Yes if !reasoned => Judged::NotRecorded,
            judged => judged,
        }
    }
}

text_enum! {
    /// The result.
    Verdict {
        /// Every condition is met.
        Eligible = "eligible",
        /// A condition that is needed is not met.
        NotEligible = "not eligible",
        /// Not enough is recorded to say.
        Undetermined = "undetermined",
    }
}

/// The result with what it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Eligibility {
    /// The result.
    pub verdict: Verdict,
    /// Names of the outcomes that the person is unable to achieve.
    pub outcomes: Vec<&'static str>,
    /// What is not recorded and could still change or settle a condition. A judgement that is
    /// there without its reason is `….rationale`.
    pub missing: Vec<String>,
    /// The rule with its citation.
    pub rule: &'static str,
    /// Values from memory that the result rests on.
    pub rests_on: RestsOn,
}

impl Eligibility {
    /// What is missing or was judged, in plain words: `outcomes.home_safety` is the outcome in
    /// the words of its regulation, and a judgement that lacks its reason says so.
    pub fn in_words(&self, name: &str) -> String {
        if let Some(judged) = name.strip_suffix(".rationale") {
            return format!("the reason for: {}", self.in_words(judged));
        }
        let short = name.strip_prefix("outcomes.").unwrap_or(name);
        let words = match self.rule == carer::RULE {
            true => carer::Outcome::parse(short).map(carer::Outcome::in_words),
            false => adult::Outcome::parse(short).map(adult::Outcome::in_words),
        };
        words.map_or_else(|| short.replace('_', " "), str::to_owned)
    }
}

/// One condition that is needed.
struct Condition<'a> {
    name: &'a str,
    judgement: &'a Judgement,
}

impl Condition<'_> {
    fn missing(&self) -> Option<String> {
        missing(
            self.name,
            self.judgement.judged,
            self.judgement.settled() == Judged::NotRecorded,
        )
    }
}

/// The name of what is missing: the judgement, or only its reason.
fn missing(name: &str, judged: Judged, unsettled: bool) -> Option<String> {
    match (unsettled, judged) {
        (false, _) => None,
        (true, Judged::NotRecorded) => Some(name.to_owned()),
        (true, _) => Some(format!("{name}.rationale")),
    }
}

/// The verdict of conditions that are all needed.
fn all_needed(conditions: &[Judged]) -> Verdict {
    if conditions.contains(&Judged::No) {
        Verdict::NotEligible
    } else if conditions.contains(&Judged::NotRecorded) {
        Verdict::Undetermined
    } else {
        Verdict::Eligible
    }
}

/// Outcomes with what was judged of each.
struct Outcomes<'a> {
    /// Name and judgement; `None` for an outcome of which nothing was said.
    judged: Vec<(&'static str, Option<&'a OutcomeJudgement>)>,
    /// How many must be unable.
    needed: usize,
}

impl Outcomes<'_> {
    fn with(&self, wanted: Judged) -> impl Iterator<Item = &'static str> {
        self.judged.iter().filter_map(move |(name, found)| {
            let settled = found.map_or(Judged::NotRecorded, OutcomeJudgement::settled);
            (settled == wanted).then_some(*name)
        })
    }

    fn unable(&self) -> Vec<&'static str> {
        self.with(Judged::Yes).collect()
    }

    /// Whether enough are unable; not recorded while those not judged could still make it so.
    fn enough(&self) -> Judged {
        let unable = self.with(Judged::Yes).count();
        let open = self.with(Judged::NotRecorded).count();
        if unable < self.needed && unable + open >= self.needed {
            Judged::NotRecorded
        } else {
            Judged::of(unable >= self.needed)
        }
    }

    fn missing(&self) -> impl Iterator<Item = String> {
        self.judged.iter().filter_map(|(name, found)| {
            let judged = found.map_or(Judged::NotRecorded, |found| found.unable.judged);
            let settled = found.map_or(Judged::NotRecorded, OutcomeJudgement::settled);
            let name = format!("outcomes.{name}");
            missing(&name, judged, settled == Judged::NotRecorded)
        })
    }
}

/// How many outcomes must be unable on a day.
fn needed(policy: &Policy, key: &str, day: Date) -> Result<(usize, RestsOn), ParameterError> {
    let mut rests_on = RestsOn::default();
    let number = rests_on.note(policy.on(key, day)?).integer()?;
    Ok((usize::try_from(number).unwrap_or(usize::MAX), rests_on))
}

impl fmt::Display for Eligibility {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.verdict.fmt(f)
    }
}
