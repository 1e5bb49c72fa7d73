//! Commands and queries: authorise, load, ask the domain, append to the journal,
//! commit. The only crate that opens transactions.
//!
//! Every command and query is a method on [`App`] in the module of its quarter.
//! It asks [`access::decide`], does its rows, and appends one journal row in the
//! same transaction.

pub mod api;
mod clock;
mod doctor;
mod error;
mod ids;
pub mod inbox;
mod prove;
mod resource;
pub mod session;

pub mod flow;
pub mod fund;
pub mod person;
pub mod place;
pub mod privacy;

pub use clock::{Clock, SystemClock};
pub use doctor::Finding;
pub use error::{Error, FieldError};
pub use ids::{Ids, Randomness, SystemRandomness};

use access::{Action, Actor, Allowed};
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::calendar::local;
use kernel::{AccountId, PersonId, PlaceId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use store::{Location, Store, Tx, journal};

/// Holds what is kept; what somebody who panicked left of it is taken as it is.
pub(crate) fn lock<T>(kept: &Mutex<T>) -> MutexGuard<'_, T> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The application over one place's store.
pub struct App {
    store: Store,
    clock: Arc<dyn Clock>,
    ids: Ids,
    policy: Arc<::flow::Policy>,
    passports: ::person::passport::Templates,
    forms: ::flow::form::Forms,
    periods: ::fund::period::Periods,
    /// The numbers around the board, and what they are counted from.
    board_numbers: flow::BoardNumbers,
    /// By scope and filter.
    board_pages: Mutex<HashMap<String, flow::KeptPage>>,
    /// The organisations that those of an organisation act for.
    acting_for: Mutex<person::KeptFamilies>,
    /// Steps that wait, by the account they wait for.
    waiting_counts: Mutex<HashMap<AccountId, flow::Counted>>,
    /// Clients of the API, and what they may see.
    api_kept: Mutex<api::Kept>,
    /// Commands to the ledger that are to share a transaction.
    ledger: fund::Queue,
}

/// What [`App::open`] needs.
pub struct Settings {
    /// Where the data is.
    pub location: Location,
    /// Whose data it is.
    pub place: PlaceId,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The random source of ids and session tokens.
    pub randomness: Box<dyn Randomness>,
    /// Parameters and code lists.
    pub policy: Arc<::flow::Policy>,
}

/// What a look or a command was about, for the journal.
#[derive(Clone, Debug, Default)]
pub struct Subject {
    /// Whose record, where it is one person's.
    pub person: Option<PersonId>,
    /// Kind and id of the thing, such as `stay 0190…`; empty for a list.
    pub thing: String,
    /// How many things were shown or changed.
    pub results: usize,
    /// Further detail without personal data.
    pub detail: String,
}

impl App {
    /// Opens a place's store, making it when it is not there.
    ///
    /// # Errors
    /// The store's.
    pub fn open(settings: Settings) -> Result<Self, Error> {
        let store = Store::open(&settings.location, settings.place)?;
        Ok(Self {
            ledger: fund::Queue::open(store.clone(), Arc::clone(&settings.clock)),
            store,
            ids: Ids::new(settings.clock.clone(), settings.randomness),
            clock: settings.clock,
            policy: settings.policy,
            passports: ::person::passport::Templates::builtin(),
            forms: ::flow::form::Forms::builtin(),
            periods: ::fund::period::Periods::builtin(),
            board_numbers: flow::BoardNumbers::default(),
            board_pages: Mutex::default(),
            acting_for: Mutex::default(),
            waiting_counts: Mutex::default(),
            api_kept: Mutex::default(),
        })
    }

    /// The same with a place's own templates of passports.
    #[must_use]
    pub fn with_passport_templates(mut self, templates: ::person::passport::Templates) -> Self {
        self.passports = templates;
        self
    }

    /// The same with a place's own forms.
    #[must_use]
    pub fn with_forms(mut self, forms: ::flow::form::Forms) -> Self {
        self.forms = forms;
        self
    }

    /// The same with a place's own periods of the Better Care Fund.
    #[must_use]
    pub fn with_fund_periods(mut self, periods: ::fund::period::Periods) -> Self {
        self.periods = periods;
        self
    }

    /// Periods of the Better Care Fund, with what each asks.
    pub fn fund_periods(&self) -> &::fund::period::Periods {
        &self.periods
    }

    /// Forms that can be filled in.
    pub fn forms(&self) -> &::flow::form::Forms {
        &self.forms
    }

    /// Templates of passports.
    pub fn passport_templates(&self) -> &::person::passport::Templates {
        &self.passports
    }

    /// The store, for tests, the demo place and benchmarks.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Short name of the place.
    pub fn place(&self) -> &str {
        self.store.place().as_str()
    }

    /// Maker of ids.
    pub fn ids(&self) -> &Ids {
        &self.ids
    }

    /// Parameters and code lists.
    pub fn policy(&self) -> &::flow::Policy {
        &self.policy
    }

    /// The instant it is now.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The day it is now in the United Kingdom.
    pub fn today(&self) -> Date {
        self.day_of(self.now())
    }

    /// The day an instant lies in, in the United Kingdom.
    pub fn day_of(&self, instant: Timestamp) -> Date {
        local(instant).date()
    }

    /// Appends the journal row of a look.
    pub(crate) fn looked(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        allowed: Allowed,
        action: Action,
        subject: Subject,
    ) -> Result<(), Error> {
        self.record(
            tx,
            actor,
            allowed,
            journal::Kind::Look,
            action.in_words(),
            subject,
        )
    }

    /// Appends a row to the journal.
    pub(crate) fn record(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        allowed: Allowed,
        kind: journal::Kind,
        action: &str,
        subject: Subject,
    ) -> Result<(), Error> {
        journal::append(tx, &self.entry(actor, allowed, kind, action, subject))?;
        Ok(())
    }

    /// What a row of the journal says.
    pub(crate) fn entry(
        &self,
        actor: &Actor,
        allowed: Allowed,
        kind: journal::Kind,
        action: &str,
        subject: Subject,
    ) -> journal::Entry {
        journal::Entry {
            at: self.now(),
            kind,
            action: action.to_owned(),
            actor: actor.username.clone(),
            actor_role: actor.role.as_str().to_owned(),
            organisation: actor.organisation_name.clone(),
            purpose: allowed.purpose.to_owned(),
            legal_basis: allowed.legal_basis.to_owned(),
            person: subject.person,
            subject: subject.thing,
            results: i64::try_from(subject.results).unwrap_or(i64::MAX),
            detail: subject.detail,
        }
    }

    /// Whether the store answers.
    ///
    /// # Errors
    /// The store's, when it does not.
    pub fn health(&self) -> Result<(), Error> {
        Ok(self.store.answers()?)
    }
}
