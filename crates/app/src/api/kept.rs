//! What is kept from one transaction of calls to the next: who the clients are, and what they may
//! see of whom.
//!
//! It holds while the store has the same content, the journal apart ([`store::Content`]), on
//! the same day. A revoked token, a wish, a tie or an organisation that changes is a change of
//! the content, so the next call is decided anew, whichever process wrote it. What changes by the
//! clock alone, a token that ends and a tie that ends or begins, is compared with the clock at
//! each call. Refusals are not kept.

use super::client::Recognised;
use crate::person::Sight;
use crate::{App, Error, lock};
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::PersonId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};
use store::{Content, Of, Tx};

/// Most clients that are kept.
const CLIENTS: usize = 200;
/// Most people of whom it is kept what a client may see.
const PEOPLE: usize = 5_000;

/// Clients by the hash of their token, and what the store had when they were read. `of` is `None`
/// where that cannot be told: then nothing outlives its transaction.
#[derive(Default)]
pub(crate) struct Kept {
    of: Option<(Content, Date)>,
    clients: HashMap<String, Arc<Recognised>>,
}

impl Kept {
    pub(super) fn client(&self, token_hash: &str) -> Option<&Arc<Recognised>> {
        self.clients.get(token_hash)
    }

    pub(super) fn keep(&mut self, token_hash: String, client: &Arc<Recognised>) {
        if self.clients.len() >= CLIENTS {
            self.clients.clear();
        }
        self.clients.insert(token_hash, Arc::clone(client));
    }
}

/// What a client may see, by the head of the person's records.
#[derive(Default)]
pub(super) struct Sights(Mutex<HashMap<PersonId, KeptSight>>);

/// What was decided, at which instant, and until when it is so by the clock.
struct KeptSight {
    sight: Arc<Sight>,
    from: Timestamp,
    until: Option<Timestamp>,
}

impl Sights {
    fn all(&self) -> MutexGuard<'_, HashMap<PersonId, KeptSight>> {
        lock(&self.0)
    }

    /// What was decided of a person, if it still holds.
    pub(super) fn of(&self, person: PersonId, now: Timestamp) -> Option<Arc<Sight>> {
        let all = self.all();
        let kept = all.get(&person)?;
        let holds = kept.from <= now && kept.until.is_none_or(|until| now < until);
        holds.then(|| Arc::clone(&kept.sight))
    }

    pub(super) fn keep(&self, sight: &Arc<Sight>, (from, until): (Timestamp, Option<Timestamp>)) {
        let mut all = self.all();
        if all.len() >= PEOPLE {
            all.clear();
        }
        let kept = KeptSight {
            sight: Arc::clone(sight),
            from,
            until,
        };
        all.insert(sight.person, kept);
    }
}

impl App {
    /// Takes what was kept, if the store still has what it was read from.
    pub(super) fn take_kept(&self, tx: &mut dyn Tx) -> Result<Kept, Error> {
        let Some(content) = tx.content(Of::Everything)? else {
            return Ok(Kept::default());
        };
        let of = Some((content, self.today()));
        let kept = std::mem::take(&mut *self.kept_by_api());
        Ok(match kept.of == of {
            true => kept,
            false => Kept {
                of,
                clients: HashMap::new(),
            },
        })
    }

    /// Keeps it for the next transaction.
    pub(super) fn put_kept(&self, kept: Kept) {
        if kept.of.is_some() {
            *self.kept_by_api() = kept;
        }
    }

    fn kept_by_api(&self) -> MutexGuard<'_, Kept> {
        lock(&self.api_kept)
    }
}
