//! Who looked at a person's record and who changed it, as sentences that the person understands.

mod words;

use crate::{App, Error, Subject};
use access::Actor;
use jiff::Timestamp;
use kernel::{PersonId, limits};
use store::glass::{self, BreakGlass};
use store::looks::{self, Look};
use store::{Tx, journal};

/// To whom it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Voice {
    /// To the person: "read your record".
    Own,
    /// To somebody else: "read this record".
    Other,
}

/// One row of the journal as it is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Its number in the journal.
    pub sequence: i64,
    /// When.
    pub at: Timestamp,
    /// The whole of it, a sentence or more.
    pub words: String,
    /// It was opened without a link to the person.
    pub emergency: bool,
}

/// A page of who looked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookedPage {
    /// Whose record: the head.
    pub person: PersonId,
    /// The latest first.
    pub rows: Vec<Told>,
    /// Page shown, from 1.
    pub page: usize,
    /// True when there are more.
    pub more: bool,
}

impl App {
    /// Who looked at a person's record and who changed it, the latest first: for the person
    /// themselves, and for staff who may see the record. A carer is not told. The look is
    /// journalled, and is the first row of the next page that is asked for.
    ///
    /// # Errors
    /// Not allowed, not there, no link with the person, or the store's.
    pub fn who_looked(
        &self,
        actor: &Actor,
        person: PersonId,
        page: usize,
    ) -> Result<LookedPage, Error> {
        self.store().write(|tx| {
            let sight = self.sight(tx, actor, person)?;
            let voice = match sight.allowed.purpose {
                "own record" => Voice::Own,
                "carer's view" => return Err(Error::NotFound("list of who looked")),
                _ => Voice::Other,
            };
            let (page, size) = (page.max(1), limits::ROWS_A_PAGE);
            let offset = (page - 1).saturating_mul(size);
            let mut rows = self.told(tx, sight.person, voice, offset, size + 1)?;
            let more = rows.len() > size;
            rows.truncate(size);
            let subject = Subject {
                person: Some(sight.person),
                thing: format!("journal of person {}", sight.person),
                results: rows.len(),
                ..Subject::default()
            };
            let kind = journal::Kind::Look;
            self.record(tx, actor, sight.allowed, kind, words::WHO_LOOKED, subject)?;
            Ok(LookedPage {
                person: sight.person,
                rows,
                page,
                more,
            })
        })
    }

    /// Rows about a person as they are told, the latest first.
    pub(crate) fn told(
        &self,
        tx: &mut dyn Tx,
        head: PersonId,
        voice: Voice,
        offset: usize,
        limit: usize,
    ) -> Result<Vec<Told>, Error> {
        let rows = looks::of_person(tx, head, offset, limit)?;
        let openings = glass::of_person(tx, head)?;
        let now = self.now();
        Ok(rows
            .iter()
            .map(|row| tell(row, &openings, voice, now))
            .collect())
    }
}

/// Whether an opening had opened the record when a row was written.
fn opened(opening: &BreakGlass, row: &Look) -> bool {
    let agreed = opening
        .approved
        .as_ref()
        .is_some_and(|(at, _)| *at <= row.at);
    !opening.restricted || agreed
}

/// Whether a row belongs to an opening: asking for it, or a look while it was open.
fn belongs(opening: &BreakGlass, row: &Look) -> bool {
    let asking = row.subject == format!("opening {}", opening.id);
    opening.opened_at <= row.at && row.at < opening.ends_at && (asking || opened(opening, row))
}

/// Tells one row. `openings` are those of the same person's record.
pub(crate) fn tell(row: &Look, openings: &[BreakGlass], voice: Voice, now: Timestamp) -> Told {
    let opening = row.account.and_then(|account| {
        openings
            .iter()
            .filter(|one| one.account == account)
            .find(|one| belongs(one, row))
    });
    Told {
        sequence: row.sequence,
        at: row.at,
        words: words::sentences(row, opening.map(|one| one.reason.as_str()), voice, now),
        emergency: opening.is_some_and(|one| opened(one, row)),
    }
}
