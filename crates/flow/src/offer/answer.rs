//! What becomes of a service's answer to an offer.
//!
//! Source: PEERS a3 41 and b 14 (offer and accept are separate events); the rule is ours.
//!
//! In words: the first acceptable answer wins. Acceptable is a yes in time, with a first day that
//! is not later than the need allows, from a service that has the room now. A yes with a later
//! day is kept and waits for the hub. Whoever says yes to more than they have is told, and may
//! mend their figure and answer again. An answer after somebody else's yes, after the time, after
//! withdrawal, or a second one, changes nothing; each has a name and words that say what to do.

use crate::text_enum;
use jiff::Timestamp;
use jiff::civil::Date;

text_enum! {
    /// Where a need stands.
    NeedState {
        /// Nobody has accepted.
        Open = "open",
        /// A service has accepted.
        Accepted = "accepted",
        /// Care has begun.
        Started = "started",
        /// It is no longer needed, or was wrong.
        Withdrawn = "withdrawn",
    }
}

text_enum! {
    /// Where an offer stands.
    OfferState {
        /// Its turn has not come.
        Next = "not asked yet",
        /// Asked.
        Sent = "sent",
        /// Opened by somebody of the service who is signed in.
        Seen = "seen",
        /// They said yes and it is theirs.
        Accepted = "accepted",
        /// They said no.
        Declined = "declined",
        /// They said yes from a later day than the need allows.
        Later = "later start offered",
        /// Their time ran out.
        Lapsed = "no answer in time",
        /// Somebody else was first.
        Lost = "somebody else was first",
        /// The need was withdrawn.
        Withdrawn = "withdrawn",
    }
}

impl OfferState {
    /// Whether it waits for an answer.
    pub const fn is_live(self) -> bool {
        matches!(self, Self::Sent | Self::Seen)
    }
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Yes, from a day.
    Accept {
        /// First day.
        starts_on: Date,
    },
    /// No.
    Decline {
        /// Code of the reason.
        reason: String,
        /// More about it.
        words: String,
    },
}

text_enum! {
    /// What became of an answer.
    Outcome {
        /// It is theirs.
        Won = "won",
        /// Their no is noted.
        Declined = "declined",
        /// Their later day is noted.
        Later = "later start offered",
        /// Somebody else was first.
        Lost = "somebody else was first",
        /// They have not the room that they would need.
        NoRoom = "more than they have",
        /// They have answered before.
        Again = "answered before",
        /// The need was withdrawn.
        Withdrawn = "withdrawn",
        /// Their time had run out.
        Lapsed = "too late",
        /// They have not been asked yet.
        NotAsked = "not asked yet",
    }
}

impl Outcome {
    /// What is said to whoever answered: what happened, and what to do.
    pub const fn in_words(self) -> (&'static str, &'static str) {
        match self {
            Self::Won => (
                "It is yours. Thank you",
                "The hub has been told. Sign in to see who it is and where they live.",
            ),
            Self::Declined => (
                "Thank you for answering",
                "You need do nothing more. The hub asks somebody else.",
            ),
            Self::Later => (
                "Your later day has been passed on",
                "It is not yours yet. The hub decides whether that day will do, and you will see it here.",
            ),
            Self::Lost => (
                "Thank you. Another service answered first",
                "You need do nothing. What you have free is as it was.",
            ),
            Self::NoRoom => (
                "You have told us of less than this needs",
                "Nothing was accepted. If you can do it, bring your figures up to date and answer again.",
            ),
            Self::Again => (
                "You have answered this before",
                "Your first answer stands. If it was wrong, ring the hub.",
            ),
            Self::Withdrawn => (
                "This is no longer needed",
                "You need do nothing. What you have free is as it was.",
            ),
            Self::Lapsed => (
                "The time to answer is over",
                "Nothing was accepted. Ring the hub if you can still help.",
            ),
            Self::NotAsked => (
                "It is not your turn yet",
                "You will see it here when it is.",
            ),
        }
    }
}

/// How things stand when an answer comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Of the need.
    pub need: NeedState,
    /// Of the offer.
    pub offer: OfferState,
    /// Until when there is time.
    pub due_at: Option<Timestamp>,
    /// Last first day that is acceptable.
    pub latest_start: Date,
    /// Whether the service has the room now.
    pub room: bool,
}

/// What becomes of an answer.
pub fn outcome(standing: &Standing, answer: &Answer, now: Timestamp) -> Outcome {
    match (standing.need, standing.offer) {
        (NeedState::Withdrawn, _) | (_, OfferState::Withdrawn) => return Outcome::Withdrawn,
        (_, OfferState::Accepted | OfferState::Declined | OfferState::Later) => {
            return Outcome::Again;
        }
        (NeedState::Accepted | NeedState::Started, _) | (_, OfferState::Lost) => {
            return Outcome::Lost;
        }
        (_, OfferState::Next) => return Outcome::NotAsked,
        (_, OfferState::Lapsed) => return Outcome::Lapsed,
        (NeedState::Open, OfferState::Sent | OfferState::Seen) => {}
    }
    if standing.due_at.is_some_and(|due| due <= now) {
        return Outcome::Lapsed;
    }
    match answer {
        Answer::Decline { .. } => Outcome::Declined,
        Answer::Accept { starts_on } if *starts_on > standing.latest_start => Outcome::Later,
        Answer::Accept { .. } if standing.room => Outcome::Won,
        Answer::Accept { .. } => Outcome::NoRoom,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const DAY: Date = date(2026, 5, 1);

    fn yes(day: i8) -> Answer {
        Answer::Accept {
            starts_on: date(2026, 5, day),
        }
    }

    fn at(minute: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + jiff::SignedDuration::from_mins(minute)
    }

    #[test]
    fn the_first_acceptable_answer_wins_and_every_other_has_a_name() {
        use NeedState as N;
        use OfferState as O;
        let no = Answer::Decline {
            reason: "no-staff".to_owned(),
            words: String::new(),
        };
        for (need, offer, answer, room, minute, expected) in [
            (N::Open, O::Sent, yes(1), true, 0, Outcome::Won),
            (N::Open, O::Seen, yes(1), true, 29, Outcome::Won),
            (N::Open, O::Sent, yes(1), false, 0, Outcome::NoRoom),
            (N::Open, O::Sent, yes(2), true, 0, Outcome::Later),
            // A later day needs no room yet.
            (N::Open, O::Sent, yes(2), false, 0, Outcome::Later),
            (N::Open, O::Seen, no.clone(), false, 0, Outcome::Declined),
            // At the stroke of the hour it is over, for a yes and for a no.
            (N::Open, O::Sent, yes(1), true, 30, Outcome::Lapsed),
            (N::Open, O::Sent, no.clone(), true, 30, Outcome::Lapsed),
            (N::Open, O::Lapsed, yes(1), true, 0, Outcome::Lapsed),
            (N::Open, O::Next, yes(1), true, 0, Outcome::NotAsked),
            (N::Open, O::Declined, yes(1), true, 0, Outcome::Again),
            (N::Open, O::Later, yes(1), true, 0, Outcome::Again),
            (N::Accepted, O::Accepted, yes(1), true, 0, Outcome::Again),
            (N::Accepted, O::Declined, yes(1), true, 0, Outcome::Again),
            (N::Accepted, O::Lost, yes(1), true, 0, Outcome::Lost),
            (N::Accepted, O::Sent, yes(1), true, 99, Outcome::Lost),
            (N::Started, O::Lost, no.clone(), true, 0, Outcome::Lost),
            (N::Withdrawn, O::Sent, yes(1), true, 0, Outcome::Withdrawn),
            (N::Withdrawn, O::Accepted, no, true, 0, Outcome::Withdrawn),
            (N::Open, O::Withdrawn, yes(1), true, 0, Outcome::Withdrawn),
        ] {
            let standing = Standing {
                need,
                offer,
                due_at: Some(at(30)),
                latest_start: DAY,
                room,
            };
            let got = outcome(&standing, &answer, at(minute));
            assert_eq!(got, expected, "{need} {offer} {answer:?} {room} {minute}");
        }
    }

    #[test]
    fn every_outcome_says_what_to_do() {
        for outcome in Outcome::ALL {
            let (what, then) = outcome.in_words();
            assert!(!what.is_empty() && then.ends_with('.'), "{outcome}");
        }
    }
}
