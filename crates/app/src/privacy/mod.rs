//! The privacy officer's side: records opened without a link, unusual looks, who looked at one
//! person, restrictions, and the state of the journal.

mod openings;
mod restrictions;
mod unusual;

pub use openings::{OpeningLine, OpeningPage};
pub use restrictions::{Named, RestrictedPerson, RestrictionLine};
pub use unusual::{LOOKS_MOST_DAYS, LookFinding, LookPage, LooksAsked};

use crate::person::{LookedPage, Voice};
use crate::{App, Error, Subject};
use access::{Action, Actor};
use jiff::civil::Date;
use kernel::calendar::add_days;
use kernel::{NhsNumber, PersonId, limits};
use store::journal::{self, proof};
use store::{Tx, glass, wish};

/// Days of unusual looks that the overview counts.
const OVERVIEW_DAYS: i64 = 14;
/// Most characters of a reason.
const REASON: usize = 1_000;

/// What waits for the privacy officer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overview {
    /// Records opened without a link whose review waits.
    pub openings: i64,
    /// How many of them are late.
    pub late: i64,
    /// Unusual looks of the last days that nobody has looked into.
    pub unusual: usize,
    /// From which day on they are counted.
    pub since: Date,
    /// Restrictions that stand.
    pub restrictions: usize,
    /// The journal's head.
    pub head: proof::Head,
}

/// A reason that was typed.
fn reason<'t>(field: &'static str, typed: &'t str, missing: &str) -> Result<&'t str, Error> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err(Error::invalid(field, missing));
    }
    if typed.chars().count() > REASON {
        let text = format!("Use {REASON} characters or fewer");
        return Err(Error::invalid(field, text));
    }
    Ok(typed)
}

impl App {
    /// What waits for the privacy officer.
    ///
    /// # Errors
    /// Not allowed, a parameter missing, or the store's.
    pub fn privacy_overview(&self, actor: &Actor) -> Result<Overview, Error> {
        access::decide(actor, Action::ReviewLooks)?;
        let today = self.today();
        let since = add_days(today, 1 - OVERVIEW_DAYS);
        self.store().read(|tx| {
            let (openings, late) = glass::counts(tx, today)?;
            let found = self.findings(tx, since, today)?;
            Ok(Overview {
                openings,
                late,
                unusual: found.iter().filter(|one| one.reviews.is_empty()).count(),
                since,
                restrictions: wish::restrictions(tx)?.len(),
                head: self.journal_head(tx)?,
            })
        })
    }

    fn journal_head(&self, tx: &mut dyn Tx) -> Result<proof::Head, Error> {
        let (rows, hash) = journal::head(tx)?;
        Ok(proof::Head {
            place: self.store().place().to_string(),
            made: self.now().to_string(),
            rows,
            hash,
        })
    }

    /// Walks the journal's chain: what is wrong with it, empty when it holds, and its head.
    ///
    /// # Errors
    /// Not allowed, or the store's.
    pub fn check_journal(&self, actor: &Actor) -> Result<(Vec<String>, proof::Head), Error> {
        let allowed = access::decide(actor, Action::ReviewLooks)?;
        let checked = self.store().read(|tx| {
            let wrong = journal::broken_links(tx)?;
            Ok::<_, Error>((wrong, self.journal_head(tx)?))
        })?;
        self.store().write(|tx| {
            let subject = Subject {
                thing: "journal".to_owned(),
                results: usize::try_from(checked.1.rows).unwrap_or(usize::MAX),
                ..Subject::default()
            };
            let kind = journal::Kind::Look;
            self.record(tx, actor, allowed, kind, "check the journal", subject)
        })?;
        Ok(checked)
    }

    /// The head of the journal's chain as text for somebody to keep: with it, a proof that is
    /// made later can be held against what was so today.
    ///
    /// # Errors
    /// Not allowed, or the store's.
    pub fn journal_head_text(&self, actor: &Actor) -> Result<String, Error> {
        access::decide(actor, Action::ReviewLooks)?;
        let head = self.store().read(|tx| self.journal_head(tx))?;
        let mut text = Vec::new();
        proof::begin(&mut text, &head)
            .map_err(|error| Error::Policy(format!("the head cannot be written: {error}")))?;
        Ok(String::from_utf8_lossy(&text).into_owned())
    }

    /// Whose record has an NHS number, for asking who looked at it; also a restricted one.
    ///
    /// # Errors
    /// Not allowed, not there, or the store's.
    pub fn whose_looks(&self, actor: &Actor, number: NhsNumber) -> Result<PersonId, Error> {
        access::decide(actor, Action::ReviewLooks)?;
        self.store().read(|tx| {
            let found = store::person::by_nhs_number(tx, number)?;
            let first = found.first().ok_or(Error::NotFound("person"))?;
            store::person::head_of(tx, first.id)?.ok_or(Error::NotFound("person"))
        })
    }

    /// Who looked at one person's record, for review, with the name on the record.
    ///
    /// # Errors
    /// Not allowed, not there, or the store's.
    pub fn review_who_looked(
        &self,
        actor: &Actor,
        person: PersonId,
        page: usize,
    ) -> Result<(::person::Person, LookedPage), Error> {
        let allowed = access::decide(actor, Action::ReviewLooks)?;
        self.store().write(|tx| {
            let whose = self.reviewed_person(tx, person)?;
            let (page, size) = (page.max(1), limits::ROWS_A_PAGE);
            let offset = (page - 1).saturating_mul(size);
            let mut rows = self.told(tx, whose.id, Voice::Other, offset, size + 1)?;
            let more = rows.len() > size;
            rows.truncate(size);
            let subject = Subject {
                person: Some(whose.id),
                thing: format!("journal of person {}", whose.id),
                results: rows.len(),
                ..Subject::default()
            };
            self.looked(tx, actor, allowed, Action::ReviewLooks, subject)?;
            let looked = LookedPage {
                person: whose.id,
                rows,
                page,
                more,
            };
            Ok((whose, looked))
        })
    }

    /// The head of a person's records, of which a reviewer is shown name, date of birth and NHS
    /// number and no more.
    fn reviewed_person(&self, tx: &mut dyn Tx, id: PersonId) -> Result<::person::Person, Error> {
        let gone = || Error::NotFound("person");
        let head = store::person::head_of(tx, id)?.ok_or_else(gone)?;
        let full = store::person::by_id(tx, head)?.ok_or_else(gone)?;
        Ok(::person::Person {
            nhs_number: full.nhs_number,
            family_name: full.family_name,
            given_name: full.given_name,
            birth_date: full.birth_date,
            gender: full.gender,
            ..::person::Person::unknown(head)
        })
    }

    /// What the doctor finds of reviews that are late, and of names that outlive a restriction.
    pub(crate) fn oversight_findings(&self, tx: &mut dyn Tx) -> Result<Vec<String>, Error> {
        let mut found = Vec::new();
        let (waiting, late) = glass::counts(tx, self.today())?;
        if late > 0 {
            found.push(format!(
                "{late} of {waiting} records opened without a link are past the last day of review"
            ));
        }
        for left in wish::named_after_lifting(tx)? {
            found.push(format!(
                "relationship {left} outlives the restriction that it was made for"
            ));
        }
        Ok(found)
    }
}
