//! Inviting a carer: what they may see, until when, and the code by which they take it up.
//!
//! A code is 60 random bits, shown once; the store has its SHA-256. It can be typed once, within
//! some days. From then on the carer's relationship with the person is what opens the record,
//! and it ends on the day that was set or when either of them ends it.

use super::Mine;
use crate::person::ties::midnight;
use crate::{App, Error, FieldError, Subject};
use ::person::delegation::part;
use ::person::relationship::Relationship;
use access::{Action, Actor, allowed_for};
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::calendar::add_days;
use kernel::{DelegationId, hex};
use sha2::{Digest, Sha256};
use store::own::{self, Delegation};
use store::relationship::{self, Kept};
use store::{Tx, journal};

/// Letters and digits of a code: none that is taken for another.
const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
/// What a carer's doings rest on.
const CARING: &str = "carer's view";
/// Most characters of a name and of what somebody is to the person.
const A_NAME: usize = 100;

/// Whom a person invites.
#[derive(Clone, Copy, Debug)]
pub struct NewCarer<'a> {
    /// Their name.
    pub name: &'a str,
    /// What they are to the person: daughter, neighbour, friend.
    pub tie: &'a str,
    /// Codes of the parts that they may see.
    pub parts: &'a [&'a str],
    /// The last day on which they may look.
    pub until: Date,
}

/// An invitation that was just made.
#[derive(Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Its id.
    pub id: DelegationId,
    /// The code, which is shown this once.
    pub code: String,
    /// Until when it can be typed, exclusive.
    pub code_until: Timestamp,
}

/// One carer as the person's list shows them.
#[derive(Clone, PartialEq, Eq)]
pub struct ShownCarer {
    /// The invitation.
    pub delegation: Delegation,
    /// Until when its code can be typed, exclusive.
    pub code_until: Timestamp,
    /// Whether the code can be typed now.
    pub waits: bool,
    /// Whether the carer may look now.
    pub looks: bool,
}

/// What came of typing a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TakeUp {
    /// The record is open to the carer.
    Done(Mine),
    /// It opens nothing. Why is in the journal and is not told: whoever types a code that is not
    /// theirs learns nothing from it.
    Refused,
}

/// How a code is kept, whatever way it was typed.
fn code_hash(typed: &str) -> String {
    let plain: String = typed
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_uppercase())
        .collect();
    hex(&Sha256::digest(plain.as_bytes()))
}

/// What the relationship of a carer follows from.
fn cause(id: DelegationId) -> String {
    format!("delegation {id}")
}

/// The invitation that a relationship follows from, if it follows from one.
pub(super) fn invitation(follows: &str) -> Option<DelegationId> {
    follows.strip_prefix("delegation ")?.parse().ok()
}

impl App {
    fn code_until(&self, delegation: &Delegation) -> Result<Timestamp, Error> {
        let days = self.days("delegation.code_days")?;
        let hours = jiff::SignedDuration::from_hours(24_i64.saturating_mul(days.max(0)));
        let end = delegation.made_at.saturating_add(hours);
        Ok(end.unwrap_or(delegation.made_at).min(delegation.ends_at))
    }

    /// Whether a code can be typed now.
    pub(super) fn can_be_taken_up(&self, delegation: &Delegation) -> Result<bool, Error> {
        Ok(delegation.account.is_none()
            && delegation.ended.is_none()
            && self.now() < self.code_until(delegation)?)
    }

    /// The latest day until which a carer can be invited today.
    ///
    /// # Errors
    /// A parameter is missing.
    pub fn last_day_for_a_carer(&self) -> Result<Date, Error> {
        Ok(add_days(
            self.today(),
            self.days("delegation.most_days")?.max(1),
        ))
    }

    /// Invites a carer to see chosen parts of one's own record until a day. The code is given
    /// back this once.
    ///
    /// # Errors
    /// Not allowed, no record of their own, something missing or too long, or the store's.
    pub fn invite_carer(&self, actor: &Actor, new: &NewCarer<'_>) -> Result<Invitation, Error> {
        access::decide(actor, Action::SeeOwnRecord)?;
        let parts = self.check_carer(new)?;
        let code: String = self
            .ids()
            .random::<12>()
            .iter()
            .filter_map(|byte| ALPHABET.get(usize::from(byte & 31)))
            .map(|letter| char::from(*letter))
            .collect();
        let id = self.ids().delegation();
        self.store().write(|tx| {
            let own = self.oneself(tx, actor)?;
            let delegation = Delegation {
                id,
                person: own.person,
                carer: new.name.trim().to_owned(),
                tie: new.tie.trim().to_owned(),
                parts: parts.clone(),
                code_hash: code_hash(&code),
                account: None,
                made_at: self.now(),
                made_by: actor.display_name.clone(),
                taken_at: None,
                ends_at: midnight(add_days(new.until, 1)),
                ended: None,
            };
            own::invite(tx, &delegation)?;
            self.did(tx, actor, own.person, "carer: invite", cause(id))?;
            let shown = [&code[..4], &code[4..8], &code[8..]].join("-");
            Ok(Invitation {
                id,
                code: shown,
                code_until: self.code_until(&delegation)?,
            })
        })
    }

    /// The parts of an invitation, if it is as it must be.
    ///
    /// # Errors
    /// What is missing, too long or too late, or a parameter is missing.
    pub fn check_carer(&self, new: &NewCarer<'_>) -> Result<String, Error> {
        let mut wrong = Vec::new();
        let mut fault = |field, text: &str| {
            wrong.push(FieldError {
                field,
                text: text.to_owned(),
            });
        };
        for (field, text, missing) in [
            ("name", new.name, "Write the name of your carer"),
            (
                "tie",
                new.tie,
                "Write who they are to you, such as daughter",
            ),
        ] {
            if text.trim().is_empty() {
                fault(field, missing);
            } else if text.chars().count() > A_NAME {
                fault(field, "Use 100 characters or fewer");
            }
        }
        let known: Vec<&str> = new
            .parts
            .iter()
            .filter_map(|code| part(code))
            .map(|one| one.code)
            .collect();
        if known.is_empty() || known.len() != new.parts.len() {
            fault("parts", "Choose at least one thing they may see");
        }
        let last = self.last_day_for_a_carer()?;
        if new.until < self.today() {
            fault("until", "Choose a day that is still to come");
        } else if new.until > last {
            fault("until", "Choose a day within the next year");
        }
        match wrong.is_empty() {
            true => Ok(known.join(" ")),
            false => Err(Error::Invalid(wrong)),
        }
    }

    /// Everybody whom one has invited, the latest first.
    ///
    /// # Errors
    /// Not allowed, no record of their own, or the store's.
    pub fn own_carers(&self, actor: &Actor) -> Result<Vec<ShownCarer>, Error> {
        access::decide(actor, Action::SeeOwnRecord)?;
        self.store().write(|tx| {
            let own = self.oneself(tx, actor)?;
            let shown = own::invitations(tx, own.person)?
                .into_iter()
                .map(|delegation| {
                    let over = delegation.ended.is_some() || delegation.ends_at <= self.now();
                    Ok(ShownCarer {
                        code_until: self.code_until(&delegation)?,
                        waits: self.can_be_taken_up(&delegation)?,
                        looks: delegation.account.is_some() && !over,
                        delegation,
                    })
                })
                .collect::<Result<Vec<_>, Error>>()?;
            let sight = self.sight(tx, actor, own.person)?;
            let thing = format!("carers of person {}", own.person);
            self.looked_at_home(tx, actor, &sight, (thing, shown.len()))?;
            Ok(shown)
        })
    }

    /// Takes up an invitation by its code. Every try is in the journal; what was typed is not.
    ///
    /// # Errors
    /// Not allowed, or the store's.
    pub fn take_up(&self, actor: &Actor, typed: &str) -> Result<TakeUp, Error> {
        access::decide(actor, Action::SeeOwnRecord)?;
        self.store().write(|tx| {
            let found = own::by_code(tx, &code_hash(typed))?;
            let why = match &found {
                None => Some("no such code"),
                Some(one) => self.why_not(tx, actor, one)?,
            };
            let (Some(one), None, Some(account)) = (&found, why, actor.account) else {
                let subject = Subject {
                    person: found.as_ref().map(|one| one.person),
                    thing: found.map_or_else(String::new, |one| cause(one.id)),
                    detail: why.unwrap_or("no account").to_owned(),
                    ..Subject::default()
                };
                let (kind, allowed) = (journal::Kind::SignIn, allowed_for("signing in"));
                self.record(tx, actor, allowed, kind, "carer: code refused", subject)?;
                return Ok(TakeUp::Refused);
            };
            // A new invitation takes the place of what the same carer had before.
            let head = store::person::head_of(tx, one.person)?.unwrap_or(one.person);
            for other in own::invitations(tx, head)? {
                if other.account == Some(account) && other.ended.is_none() {
                    self.end_invitation(tx, &other, &actor.display_name)?;
                }
            }
            if !own::take_up(tx, one.id, account, self.now())? {
                return Ok(TakeUp::Refused);
            }
            let kept = Kept {
                id: self.ids().relationship(),
                person: one.person,
                kind: Relationship::Carer,
                holder: account.to_string(),
                capacity: one.parts.clone(),
                starts_at: self.now(),
                ends_at: Some(one.ends_at),
                follows: cause(one.id),
                made_at: self.now(),
                made_by: one.made_by.clone(),
            };
            relationship::put(tx, &kept)?;
            let did = ("carer: take up", cause(one.id));
            self.did_as(tx, actor, allowed_for(CARING), one.person, did)?;
            Ok(TakeUp::Done(self.chosen(tx, actor, Some(one.person))?))
        })
    }

    /// Why a code that is there opens nothing; `None` if it opens the record.
    fn why_not(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        one: &Delegation,
    ) -> Result<Option<&'static str>, Error> {
        let own = match actor.account {
            Some(account) => own::person_of(tx, account)?,
            None => None,
        };
        let head = store::person::head_of(tx, one.person)?;
        let restrictions = match head {
            Some(head) => store::wish::restrictions_of(tx, head)?,
            None => Vec::new(),
        };
        let kept_apart = |one: &store::wish::Restriction| one.whole && one.ended.is_none();
        Ok(if one.account.is_some() {
            Some("used")
        } else if one.ended.is_some() {
            Some("ended")
        } else if !self.can_be_taken_up(one)? {
            Some("expired")
        } else if own.is_some() && own == head {
            Some("their own record")
        } else if restrictions.iter().any(kept_apart) {
            Some("restricted record")
        } else {
            None
        })
    }

    /// Ends a carer's leave to see, from this moment on: the person does, or the carer.
    ///
    /// # Errors
    /// Not allowed, no such invitation of theirs, or the store's.
    pub fn end_carer(&self, actor: &Actor, id: DelegationId) -> Result<(), Error> {
        access::decide(actor, Action::SeeOwnRecord)?;
        self.store().write(|tx| {
            let gone = || Error::NotFound("invitation");
            let one = own::by_id(tx, id)?.ok_or_else(gone)?;
            let head = store::person::head_of(tx, one.person)?;
            let mine = self.mine(tx, actor)?;
            let theirs = mine
                .iter()
                .any(|own| own.oneself && Some(own.person) == head);
            if !theirs && (one.account.is_none() || one.account != actor.account) {
                return Err(gone());
            }
            if one.ended.is_none() {
                self.end_invitation(tx, &one, &actor.display_name)?;
                let did = ("carer: end", cause(id));
                match theirs {
                    true => self.did(tx, actor, one.person, did.0, did.1)?,
                    false => {
                        self.did_as(tx, actor, allowed_for(CARING), one.person, did)?;
                    }
                }
            }
            Ok(())
        })
    }

    fn end_invitation(&self, tx: &mut dyn Tx, one: &Delegation, by: &str) -> Result<(), Error> {
        own::end(tx, one.id, self.now(), by)?;
        for kept in relationship::following(tx, &cause(one.id))? {
            relationship::end(tx, kept.id, self.now())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_the_same_however_it_is_typed() {
        let kept = code_hash("ABCD2345EFGH");
        for typed in ["abcd-2345-efgh", " ABCD 2345 EFGH ", "ABCD2345EFGH"] {
            assert_eq!(code_hash(typed), kept, "{typed}");
        }
        assert_ne!(code_hash("ABCD2345EFGJ"), kept);
        assert_ne!(code_hash(""), kept);
    }

    #[test]
    fn no_letter_of_a_code_is_taken_for_another() {
        for one in ['0', 'O', '1', 'I'] {
            assert!(!ALPHABET.contains(&(one as u8)), "{one}");
        }
        let mut letters = ALPHABET.to_vec();
        letters.dedup();
        assert_eq!(letters.len(), 32);
    }
}
