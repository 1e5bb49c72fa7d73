//! A dispute between partners: raised, with evidence that cannot change, through the stages of the
//! agreement, to an outcome in amounts.
//!
//! Source: stages and days are the agreement's own (`[disputes]`); PEERS a4 no. 57 and c D4 (an
//! accepted process of arbitration with frozen evidence).
//!
//! In words: a partner raises a dispute over an amount with another. Both add evidence, kept by
//! its hash, while it is open. The clock of a stage runs from the day it begins; its last day
//! counts. A stage may end in agreement, or go up to the next: by either side, or because its time
//! is over. After the last stage nothing goes up any more. The outcome says what each partner pays
//! more or has back, which adds up to nothing: money moves between partners and none is made. What
//! has been said stays; a closed dispute changes no more.

use crate::agreement::{PartnerKey, Stage};
use jiff::civil::Date;
use kernel::Pence;
use kernel::calendar::{Calendar, CalendarError, add_days};
use std::collections::BTreeMap;

/// Something that shows who is right, by its hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Which partner gave it.
    pub by: PartnerKey,
    /// On which day.
    pub on: Date,
    /// What it is, in words.
    pub what: String,
    /// SHA-256 of it, in 64 lower-case hexadecimal digits.
    pub sha256: String,
}

/// How a dispute ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// On which day.
    pub on: Date,
    /// At which stage, from 0.
    pub stage: usize,
    /// What each partner pays more (above nought) or has back; adds up to nothing.
    pub amounts: BTreeMap<PartnerKey, Pence>,
    /// Why.
    pub why: String,
}

/// A stage that has begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begun {
    /// On which day.
    pub on: Date,
    /// Its last day.
    pub last: Date,
}

/// A dispute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dispute {
    /// Who raised it.
    pub by: PartnerKey,
    /// With whom.
    pub with: PartnerKey,
    /// Over how much.
    pub amount: Pence,
    /// About what.
    pub about: String,
    /// The stages that have begun, in order.
    pub begun: Vec<Begun>,
    /// What was shown.
    pub evidence: Vec<Evidence>,
    /// How it ended; `None` while it is open.
    pub outcome: Option<Outcome>,
    stages: Vec<Stage>,
}

/// Why something cannot be done with a dispute.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DisputeError {
    /// The agreement has no stages.
    #[error("the agreement has no stages for settling a dispute; agree some first")]
    NoStages,
    /// A partner cannot dispute with itself.
    #[error("a dispute is between two partners; name another")]
    WithItself,
    /// The amount is not above nought.
    #[error("the amount in dispute must be above nought")]
    NoAmount,
    /// It has ended.
    #[error("the dispute ended on {0} and changes no more; raise a new one")]
    Ended(Date),
    /// Somebody else's dispute.
    #[error("{0} is no side of this dispute")]
    NoSide(PartnerKey),
    /// The hash is not one.
    #[error("the hash must have 64 lower-case hexadecimal digits; work it out with sha256sum")]
    NotAHash,
    /// A day before what has already happened.
    #[error("{0} is before {1}, when the stage began")]
    TooEarly(Date, Date),
    /// The last stage goes no higher.
    #[error("{0} is the last stage; it can only end with an outcome")]
    LastStage(String),
    /// Amounts do not balance.
    #[error("the amounts make {0}; what one pays another has, so they must make nothing")]
    NotBalanced(Pence),
    /// Bank holidays of a year are not on file.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
}

impl Dispute {
    /// A partner raises a dispute; the first stage begins.
    ///
    /// # Errors
    /// If it is with itself, over nothing, or there are no stages.
    pub fn raise(
        (by, with): (PartnerKey, PartnerKey),
        amount: Pence,
        about: String,
        on: Date,
        stages: &[Stage],
        calendar: &Calendar,
    ) -> Result<Self, DisputeError> {
        if by == with {
            return Err(DisputeError::WithItself);
        }
        if amount.0 <= 0 {
            return Err(DisputeError::NoAmount);
        }
        let first = stages.first().ok_or(DisputeError::NoStages)?;
        Ok(Self {
            by,
            with,
            amount,
            about,
            begun: vec![begin(first, on, calendar)?],
            evidence: Vec::new(),
            outcome: None,
            stages: stages.to_vec(),
        })
    }

    /// The stage it is at, from 0.
    pub fn stage(&self) -> usize {
        self.begun.len().saturating_sub(1)
    }

    /// The last day of the stage it is at; `None` when it has ended.
    pub fn due(&self) -> Option<Date> {
        match self.outcome {
            Some(_) => None,
            None => self.begun.last().map(|begun| begun.last),
        }
    }

    /// True if the stage's time was over before a day.
    pub fn is_late(&self, on: Date) -> bool {
        self.due().is_some_and(|last| on > last)
    }

    fn open(&self, on: Date) -> Result<(), DisputeError> {
        if let Some(outcome) = &self.outcome {
            return Err(DisputeError::Ended(outcome.on));
        }
        match self.begun.last() {
            Some(begun) if on < begun.on => Err(DisputeError::TooEarly(on, begun.on)),
            _ => Ok(()),
        }
    }

    /// A side shows something.
    ///
    /// # Errors
    /// If it has ended, they are no side, or the hash is none.
    pub fn show(&mut self, evidence: Evidence) -> Result<(), DisputeError> {
        self.open(evidence.on)?;
        if evidence.by != self.by && evidence.by != self.with {
            return Err(DisputeError::NoSide(evidence.by));
        }
        let is_hash = evidence.sha256.len() == 64
            && evidence
                .sha256
                .bytes()
                .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        if !is_hash {
            return Err(DisputeError::NotAHash);
        }
        self.evidence.push(evidence);
        Ok(())
    }

    /// It goes up to the next stage.
    ///
    /// # Errors
    /// If it has ended or is at the last stage.
    pub fn go_up(&mut self, on: Date, calendar: &Calendar) -> Result<(), DisputeError> {
        self.open(on)?;
        let at = self.stage();
        let Some(next) = self.stages.get(at + 1) else {
            let name = self
                .stages
                .get(at)
                .map_or(String::new(), |s| s.name.clone());
            return Err(DisputeError::LastStage(name));
        };
        self.begun.push(begin(next, on, calendar)?);
        Ok(())
    }

    /// It ends.
    ///
    /// # Errors
    /// If it has ended, or the amounts do not make nothing.
    pub fn end(
        &mut self,
        on: Date,
        amounts: BTreeMap<PartnerKey, Pence>,
        why: String,
    ) -> Result<(), DisputeError> {
        self.open(on)?;
        let sum: Pence = amounts.values().copied().sum();
        if sum != Pence(0) {
            return Err(DisputeError::NotBalanced(sum));
        }
        self.outcome = Some(Outcome {
            on,
            stage: self.stage(),
            amounts,
            why,
        });
        Ok(())
    }
}

/// A stage that begins on a day: its days count from the day after.
fn begin(stage: &Stage, on: Date, calendar: &Calendar) -> Result<Begun, CalendarError> {
    let last = if stage.working {
        calendar.add_working_days(on, u16::try_from(stage.days).unwrap_or(u16::MAX))?
    } else {
        add_days(on, stage.days)
    };
    Ok(Begun { on, last })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use jiff::civil::date;

    fn calendar() -> Calendar {
        let (calendar, wrong) = Calendar::parse(include_str!("../../../policy/bank-holidays.csv"));
        assert!(wrong.is_empty());
        calendar
    }

    fn key(text: &str) -> PartnerKey {
        PartnerKey::new(text)
    }

    fn stages() -> Vec<Stage> {
        let stage = |name: &str, days, working| Stage {
            name: name.to_owned(),
            who: "somebody".to_owned(),
            days,
            working,
        };
        vec![stage("Officers", 5, true), stage("Mediation", 28, false)]
    }

    fn raised() -> Dispute {
        let sides = (key("council"), key("icb"));
        // Thursday before Easter 2018.
        let on = date(2018, 3, 29);
        let about = "two packages of scheme 1".to_owned();
        Dispute::raise(sides, Pence(50_000), about, on, &stages(), &calendar()).unwrap()
    }

    fn evidence(by: &str, sha256: &str) -> Evidence {
        Evidence {
            by: key(by),
            on: date(2018, 4, 3),
            what: "the signed order".to_owned(),
            sha256: sha256.to_owned(),
        }
    }

    #[test]
    fn the_clock_of_a_stage_is_that_of_the_agreement() {
        let mut dispute = raised();
        // Good Friday, the weekend and Easter Monday do not count.
        assert_eq!(dispute.due(), Some(date(2018, 4, 9)));
        assert!(!dispute.is_late(date(2018, 4, 9)));
        assert!(dispute.is_late(date(2018, 4, 10)));
        dispute.go_up(date(2018, 4, 10), &calendar()).unwrap();
        assert_eq!(dispute.due(), Some(date(2018, 5, 8)));
        assert_eq!(
            dispute.go_up(date(2018, 5, 9), &calendar()),
            Err(DisputeError::LastStage("Mediation".to_owned()))
        );
    }

    #[test]
    fn from_raised_to_its_outcome() {
        let mut dispute = raised();
        let hash = "0123456789abcdef".repeat(4);
        dispute.show(evidence("icb", &hash)).unwrap();
        assert_eq!(
            dispute.show(evidence("district", &hash)),
            Err(DisputeError::NoSide(key("district")))
        );
        for wrong in ["", "0123", &hash.to_uppercase()] {
            assert_eq!(
                dispute.show(evidence("icb", wrong)),
                Err(DisputeError::NotAHash)
            );
        }
        let amounts = |council, icb| [(key("council"), Pence(council)), (key("icb"), Pence(icb))];
        let on = date(2018, 4, 5);
        let why = "the order names the board".to_owned();
        assert_eq!(
            dispute.end(on, amounts(-30_000, 20_000).into(), why.clone()),
            Err(DisputeError::NotBalanced(Pence(-10_000)))
        );
        dispute
            .end(on, amounts(-30_000, 30_000).into(), why.clone())
            .unwrap();
        assert_eq!(dispute.outcome.as_ref().unwrap().stage, 0);
        assert_eq!(dispute.due(), None);
        let ended = DisputeError::Ended(on);
        assert_eq!(dispute.show(evidence("icb", &hash)), Err(ended.clone()));
        assert_eq!(dispute.go_up(on, &calendar()), Err(ended.clone()));
        assert_eq!(dispute.end(on, BTreeMap::new(), why), Err(ended));
        assert_eq!(dispute.evidence.len(), 1);
    }

    #[test]
    fn what_cannot_be_a_dispute_is_refused() {
        let on = date(2018, 3, 29);
        let raise = |by: &str, with: &str, amount, stages: &[Stage]| {
            let sides = (key(by), key(with));
            Dispute::raise(sides, Pence(amount), String::new(), on, stages, &calendar())
        };
        let all = stages();
        assert_eq!(raise("a", "a", 1, &all), Err(DisputeError::WithItself));
        assert_eq!(raise("a", "b", 0, &all), Err(DisputeError::NoAmount));
        assert_eq!(raise("a", "b", 1, &[]), Err(DisputeError::NoStages));
        let early = raised().go_up(date(2018, 3, 1), &calendar());
        assert!(matches!(early, Err(DisputeError::TooEarly(..))));
    }
}
