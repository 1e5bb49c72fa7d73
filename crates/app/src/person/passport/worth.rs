//! What a passport that somebody shows is worth, and the keys that say so.

use crate::{App, Error, Subject};
use ::person::passport::code::{self, PublicKey, bytes_of};
use ::person::passport::{OnFile, Outcome, Reading, SecretKey, Stated, check};
use access::{Action, Actor};
use jiff::civil::Date;
use kernel::calendar::add_days;
use kernel::{PassportId, hex};
use store::Tx;
use store::journal::Kind;
use store::passport::{self as rows, Key};

/// What a code is worth that somebody scanned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Worth {
    /// The outcome.
    pub outcome: Outcome,
    /// What it says: only if it is genuine.
    pub stated: Option<Stated>,
    /// The day on which it expired, or on which it was replaced or ended.
    pub day: Option<Date>,
}

impl App {
    /// What a code is worth that somebody shows. Every check is journalled, with its outcome
    /// and without what the code says.
    ///
    /// # Errors
    /// Not allowed, or the store's.
    pub fn check_passport(&self, actor: &Actor, scanned: &str) -> Result<Worth, Error> {
        let allowed = access::decide(actor, Action::CheckPassport)?;
        self.store().write(|tx| {
            let read = code::read(scanned, &public_keys(tx)?);
            let (worth, subject) = match read {
                Reading::Signed(stated) => self.worth(tx, *stated, scanned.trim())?,
                refused => {
                    let outcome = match refused {
                        Reading::Elsewhere => Outcome::Elsewhere,
                        Reading::Forged => Outcome::Forged,
                        _ => Outcome::Unreadable,
                    };
                    (Worth::refused(outcome, None), Subject::default())
                }
            };
            let subject = Subject {
                results: usize::from(worth.outcome == Outcome::Genuine),
                detail: worth.outcome.as_str().to_owned(),
                ..subject
            };
            let done = match worth.outcome {
                Outcome::Genuine => "check a passport",
                _ => "refuse a passport",
            };
            self.record(tx, actor, allowed, Kind::Look, done, subject)?;
            Ok(worth)
        })
    }

    /// What a code with a good signature is worth by what is on file.
    fn worth(
        &self,
        tx: &mut dyn Tx,
        stated: Stated,
        scanned: &str,
    ) -> Result<(Worth, Subject), Error> {
        let Some(passport) = rows::by_id(tx, stated.id)? else {
            let worth = Worth::refused(Outcome::NotOnFile, None);
            return Ok((worth, Subject::default()));
        };
        let kept = rows::code(tx, stated.id, i64::from(stated.version))?;
        let on_file = match kept {
            None => OnFile::Nothing,
            Some(kept) => OnFile::Passport {
                latest: u32::try_from(passport.latest.number).unwrap_or(u32::MAX),
                ended: passport.ended.is_some(),
                same: kept == scanned,
            },
        };
        let outcome = check::judge(&stated, on_file, self.now());
        let day = match outcome {
            Outcome::Ended => passport.ended.map(|end| self.day_of(end.at)),
            Outcome::Replaced => Some(self.day_of(passport.latest.made_at)),
            Outcome::Expired => Some(last_day(&stated)),
            _ => None,
        };
        let subject = Subject {
            person: store::person::head_of(tx, passport.person)?,
            thing: format!("passport {}", passport.id),
            ..Subject::default()
        };
        let worth = match outcome {
            Outcome::Genuine => Worth {
                outcome,
                stated: Some(stated),
                day,
            },
            _ => Worth::refused(outcome, day),
        };
        Ok((worth, subject))
    }

    /// What is wrong with the signed copies that are kept: each must be what a key of the place
    /// signed, of that passport and that version.
    pub(crate) fn passport_findings(&self, tx: &mut dyn Tx) -> Result<Vec<String>, Error> {
        let keys = public_keys(tx)?;
        let fits = |id: PassportId, number: i64, kept: &str| match code::read(kept, &keys) {
            Reading::Signed(stated) => stated.id == id && i64::from(stated.version) == number,
            _ => false,
        };
        Ok(rows::codes(tx)?
            .into_iter()
            .filter(|(id, number, kept)| !fits(*id, *number, kept))
            .map(|(id, number, _)| format!("passport {id} version {number}"))
            .collect())
    }

    /// The public keys of the place, the one that signs first. Anybody who is signed in may see
    /// them: they are for whoever wants to check passports elsewhere.
    ///
    /// # Errors
    /// The store's.
    pub fn passport_keys(&self) -> Result<Vec<Key>, Error> {
        self.store().read(|tx| Ok(rows::keys(tx)?))
    }

    /// Makes a new key that signs from now on. Passports that the old keys signed still check.
    /// Gives the public part.
    ///
    /// # Errors
    /// Not allowed, or the store's.
    pub fn renew_passport_key(&self, actor: &Actor) -> Result<PublicKey, Error> {
        let allowed = access::decide(actor, Action::Administer)?;
        self.store().write(|tx| {
            let public = self.make_key(tx)?.public();
            let subject = Subject {
                thing: format!("key {}", public.id()),
                results: 1,
                ..Subject::default()
            };
            let done = "make a new key for passports";
            self.record(tx, actor, allowed, Kind::Command, done, subject)?;
            Ok(public)
        })
    }

    /// The key that signs; made when there is none.
    pub(super) fn signing_key(&self, tx: &mut dyn Tx) -> Result<SecretKey, Error> {
        match rows::signing_key(tx)? {
            Some(kept) => bytes_of(&kept)
                .map(|bytes| SecretKey::new(&bytes))
                .ok_or_else(|| Error::Policy("the key that signs passports is damaged".to_owned())),
            None => self.make_key(tx),
        }
    }

    fn make_key(&self, tx: &mut dyn Tx) -> Result<SecretKey, Error> {
        let key = SecretKey::new(&self.ids().random::<32>());
        let public = key.public();
        let secret = hex(&key.to_bytes());
        let id = public.id().to_string();
        rows::put_key(tx, &id, &public.to_string(), &secret, self.now())?;
        Ok(key)
    }
}

impl Worth {
    const fn refused(outcome: Outcome, day: Option<Date>) -> Self {
        Self {
            outcome,
            stated: None,
            day,
        }
    }
}

/// The public keys of the place.
pub(super) fn public_keys(tx: &mut dyn Tx) -> Result<Vec<PublicKey>, Error> {
    let kept = rows::keys(tx)?;
    Ok(kept
        .iter()
        .filter_map(|key| PublicKey::parse(&key.public))
        .collect())
}

/// The last day on which a passport is valid.
pub fn last_day(stated: &Stated) -> Date {
    let expires = kernel::calendar::local(stated.expires).date();
    add_days(expires, -1)
}
