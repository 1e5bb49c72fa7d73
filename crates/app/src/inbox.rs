//! The one door for everything that arrives: kept byte for byte first, read
//! second, settled third. Each step is its own transaction, so a crash between
//! them leaves an arrival that is `received` and can be read again.

use crate::{App, Error, Subject};
use access::{Action, Actor};
use kernel::{InboxId, Issue, Severity, hex, limits};
use sha2::{Digest, Sha256};
use store::inbox::{Arrival, Counts, InboxKind, InboxState, KeptIssue};
use store::{inbox, journal};

/// What a reader made of an arrival.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// How many records went which way.
    pub counts: Counts,
    /// What was wrong.
    pub issues: Vec<Issue>,
    /// True when a person must decide something.
    pub to_review: bool,
}

impl Outcome {
    /// Nothing of the arrival could be used.
    pub fn rejected(issues: Vec<Issue>) -> Self {
        let counts = Counts {
            records: 1,
            rejected: 1,
            ..Counts::default()
        };
        Self {
            counts,
            issues,
            to_review: false,
        }
    }

    /// The state the arrival comes to.
    pub fn state(&self) -> InboxState {
        let counts = &self.counts;
        if self.to_review {
            InboxState::Review
        } else if counts.accepted + counts.partly + counts.repeated == 0 {
            InboxState::Rejected
        } else if counts.repeated == counts.records {
            InboxState::Repeated
        } else if counts.partly + counts.rejected > 0
            || self
                .issues
                .iter()
                .any(|issue| issue.severity > Severity::Note)
        {
            InboxState::Partly
        } else {
            InboxState::Accepted
        }
    }
}

/// An arrival with what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The arrival as it now stands.
    pub arrival: Arrival,
    /// What was wrong at the last try.
    pub issues: Vec<KeptIssue>,
}

/// A page of the inbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Arrivals, newest first.
    pub arrivals: Vec<Arrival>,
    /// How many are in each state.
    pub by_state: Vec<(InboxState, u64)>,
    /// Number of the page, from 1.
    pub page: u64,
    /// True when there are more.
    pub more: bool,
}

impl App {
    /// Takes something in: keeps its bytes, reads it, and records what became of it.
    ///
    /// # Errors
    /// Not allowed, too large, or the store's. What is wrong with the content is
    /// no error: it is in the report.
    pub fn take_in(
        &self,
        actor: &Actor,
        kind: InboxKind,
        name: &str,
        bytes: &[u8],
    ) -> Result<Report, Error> {
        self.take_in_turn(actor, kind, name, bytes, &|| ())
    }

    /// As [`App::take_in`], for one of several things at once: `turn` is called once,
    /// after the bytes are kept and before anything of them is written, and may wait
    /// until what comes before has been written. So the outcome is as if one had
    /// come after the other, while one is read in the time of another's writing.
    ///
    /// # Errors
    /// As [`App::take_in`]; `turn` may then not have been called.
    pub fn take_in_turn(
        &self,
        actor: &Actor,
        kind: InboxKind,
        name: &str,
        bytes: &[u8],
        turn: &dyn Fn(),
    ) -> Result<Report, Error> {
        let allowed = access::decide(actor, Action::LoadInbox)?;
        if bytes.len() > limits::ARRIVAL_BYTES {
            return Err(Error::invalid(
                "file",
                format!(
                    "is larger than {} MiB; split it",
                    limits::ARRIVAL_BYTES >> 20
                ),
            ));
        }
        let now = self.now();
        let arrival = Arrival {
            id: self.ids().inbox(),
            kind,
            name: name.chars().take(200).collect(),
            sha256: hex(&Sha256::digest(bytes)),
            size: bytes.len() as u64,
            received_at: now,
            state: InboxState::Received,
            counts: Counts::default(),
            tries: 0,
            last_try_at: now,
        };
        self.store().write(|tx| {
            inbox::receive(tx, &arrival, bytes)?;
            let subject = Subject {
                thing: format!("inbox {}", arrival.id),
                results: 1,
                ..Subject::default()
            };
            self.record(tx, actor, allowed, journal::Kind::Load, "receive", subject)
        })?;
        self.read_arrival(actor, &arrival, bytes, turn)
    }

    /// Reads an arrival again, from the bytes that were kept.
    ///
    /// # Errors
    /// Not allowed, not there, or the store's.
    pub fn retry(&self, actor: &Actor, id: InboxId) -> Result<Report, Error> {
        access::decide(actor, Action::LoadInbox)?;
        let (arrival, bytes) = self.store().read(|tx| {
            let arrival = inbox::by_id(tx, id)?.ok_or(Error::NotFound("arrival"))?;
            Ok::<_, Error>((arrival, inbox::content(tx, id)?))
        })?;
        self.read_arrival(actor, &arrival, &bytes, &|| ())
    }

    fn read_arrival(
        &self,
        actor: &Actor,
        arrival: &Arrival,
        bytes: &[u8],
        turn: &dyn Fn(),
    ) -> Result<Report, Error> {
        let allowed = access::decide(actor, Action::LoadInbox)?;
        if arrival.kind != InboxKind::Fhir {
            turn();
        }
        let outcome = match arrival.kind {
            InboxKind::Adw => self.load_adw(actor, arrival, bytes)?,
            InboxKind::Fhir => self.load_fhir(actor, arrival, bytes, turn)?,
            InboxKind::Dtoc => self.load_dtoc(actor, arrival, bytes)?,
            InboxKind::Population => self.load_population(actor, arrival, bytes)?,
            InboxKind::Organisations => self.load_organisations(actor, arrival, bytes)?,
            InboxKind::Directory => self.load_directory(actor, arrival, bytes)?,
        };
        self.store().write(|tx| {
            let state = outcome.state();
            inbox::settle(
                tx,
                arrival.id,
                state,
                outcome.counts,
                &outcome.issues,
                self.now(),
            )?;
            let subject = Subject {
                thing: format!("inbox {}", arrival.id),
                results: usize::try_from(outcome.counts.records).unwrap_or(usize::MAX),
                detail: state.as_str().to_owned(),
                ..Subject::default()
            };
            self.record(tx, actor, allowed, journal::Kind::Load, "settle", subject)?;
            let arrival = inbox::by_id(tx, arrival.id)?.ok_or(Error::NotFound("arrival"))?;
            Ok(Report {
                issues: inbox::issues(tx, arrival.id)?,
                arrival,
            })
        })
    }

    /// A page of the inbox, newest first, of one state or of all. Pages count from 1.
    ///
    /// # Errors
    /// Not allowed, or the store's.
    pub fn inbox_page(
        &self,
        actor: &Actor,
        state: Option<InboxState>,
        page: u64,
    ) -> Result<Page, Error> {
        let allowed = access::decide(actor, Action::SeeInbox)?;
        let page = page.max(1);
        let size = limits::ROWS_A_PAGE as u64;
        self.store().write(|tx| {
            let mut arrivals = inbox::list(tx, state, (page - 1).saturating_mul(size), size + 1)?;
            let more = arrivals.len() as u64 > size;
            arrivals.truncate(limits::ROWS_A_PAGE);
            let by_state = inbox::by_state(tx)?;
            let subject = Subject {
                results: arrivals.len(),
                ..Subject::default()
            };
            self.looked(tx, actor, allowed, Action::SeeInbox, subject)?;
            Ok(Page {
                arrivals,
                by_state,
                page,
                more,
            })
        })
    }

    /// One arrival and what was wrong with it.
    ///
    /// # Errors
    /// Not allowed, not there, or the store's.
    pub fn inbox_report(&self, actor: &Actor, id: InboxId) -> Result<Report, Error> {
        let allowed = access::decide(actor, Action::SeeInbox)?;
        self.store().write(|tx| {
            let arrival = inbox::by_id(tx, id)?.ok_or(Error::NotFound("arrival"))?;
            let issues = inbox::issues(tx, id)?;
            let subject = Subject {
                thing: format!("inbox {id}"),
                results: 1,
                ..Subject::default()
            };
            self.looked(tx, actor, allowed, Action::SeeInbox, subject)?;
            Ok(Report { arrival, issues })
        })
    }
}
