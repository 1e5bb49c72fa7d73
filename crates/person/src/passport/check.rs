//! What a code that somebody scanned is worth.
//!
//! In words: a code whose signature does not fit is forged. One that fits is still no good if
//! the passport was ended, if a newer version replaced it, or if its time is over; the first of
//! these that holds is said. Where the place that made it can be asked, its word about the
//! passport counts; offline, only the signature and the time do.

use super::code::Stated;
use jiff::Timestamp;

/// What the place that made a passport has on file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnFile {
    /// It was not asked: the check is made offline.
    NotAsked,
    /// There is no such passport, or no such version.
    Nothing,
    /// There is.
    Passport {
        /// The version that stands, or the last that did.
        latest: u32,
        /// Whether it was ended.
        ended: bool,
        /// Whether the code that was kept for this version is the one that was scanned.
        same: bool,
    },
}

/// What a code is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Outcome {
    /// It is as it was made, and valid.
    Genuine,
    /// It was genuine; its time is over.
    Expired,
    /// It was genuine; a newer version has taken its place.
    Replaced,
    /// It was genuine; it was ended.
    Ended,
    /// Somebody changed it, or made it up.
    Forged,
    /// The key that signed it is not one that is known here.
    Elsewhere,
    /// A key of this place signed it, and nothing of it is on file here.
    NotOnFile,
    /// It is no code of a passport, or only a part of one.
    Unreadable,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Self; 8] = [
        Self::Genuine,
        Self::Expired,
        Self::Replaced,
        Self::Ended,
        Self::Forged,
        Self::Elsewhere,
        Self::NotOnFile,
        Self::Unreadable,
    ];

    /// A word or two for the journal and for programs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Genuine => "genuine",
            Self::Expired => "expired",
            Self::Replaced => "replaced",
            Self::Ended => "ended",
            Self::Forged => "forged",
            Self::Elsewhere => "made elsewhere",
            Self::NotOnFile => "not on file",
            Self::Unreadable => "unreadable",
        }
    }
}

/// What a code with a good signature is worth at an instant.
pub fn judge(stated: &Stated, on_file: OnFile, now: Timestamp) -> Outcome {
    match on_file {
        OnFile::Nothing => return Outcome::NotOnFile,
        OnFile::Passport { same: false, .. } => return Outcome::Forged,
        OnFile::Passport { ended: true, .. } => return Outcome::Ended,
        OnFile::Passport { latest, .. } if latest != stated.version => return Outcome::Replaced,
        OnFile::Passport { .. } | OnFile::NotAsked => {}
    }
    match now < stated.expires {
        true => Outcome::Genuine,
        false => Outcome::Expired,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::super::code::Content;
    use super::*;
    use kernel::PassportId;

    #[test]
    fn the_first_thing_that_is_against_it_is_said() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let stated = Stated {
            place: "barsetshire".to_owned(),
            id: PassportId::new(uuid::Uuid::nil()),
            version: 2,
            issued: at(1_000),
            expires: at(2_000),
            content: Content {
                purpose: "catheter".to_owned(),
                title: "Catheter passport".to_owned(),
                name: "Mary Jones".to_owned(),
                born: None,
                answers: Vec::new(),
            },
        };
        let here = |latest, ended, same| OnFile::Passport {
            latest,
            ended,
            same,
        };
        for (on_file, now, outcome) in [
            (here(2, false, true), 1_999, Outcome::Genuine),
            (OnFile::NotAsked, 1_999, Outcome::Genuine),
            // The instant itself is too late.
            (here(2, false, true), 2_000, Outcome::Expired),
            (OnFile::NotAsked, 2_000, Outcome::Expired),
            (here(3, false, true), 1_500, Outcome::Replaced),
            (here(3, false, true), 2_500, Outcome::Replaced),
            (here(2, true, true), 1_500, Outcome::Ended),
            (here(3, true, true), 2_500, Outcome::Ended),
            // A stolen key signs what was never made here.
            (here(2, false, false), 1_500, Outcome::Forged),
            (OnFile::Nothing, 1_500, Outcome::NotOnFile),
        ] {
            assert_eq!(
                judge(&stated, on_file, at(now)),
                outcome,
                "{on_file:?} {now}"
            );
        }
    }
}
