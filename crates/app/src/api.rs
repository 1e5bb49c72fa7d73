//! What programs may ask of the API: resources as they lie on the shelf, searches within
//! one person, everything of a person, who looked, and Bundles in.
//!
//! Calls that come at once share one transaction. Each call is known by its token there,
//! decided, answered and journalled before any of them is told.

mod audit;
mod client;
mod dates;
mod everything;
mod filter;
mod kept;
mod patient;
mod query;
mod read;
mod receive;
mod search;
mod table;

pub use client::{Made, NewClient, PURPOSE, Scope};
pub(crate) use filter::search_codes;
pub(crate) use kept::Kept;
pub use query::{COMMON, RESULT};
pub use receive::{Fate, Received};
pub use table::{How, KINDS, Kind, Parameter, Whose, find};

use crate::person::Sight;
use crate::{App, Error, Subject};
use access::{Action, Allowed};
use client::{Known, Recognised};
use jiff::Timestamp;
use kernel::PersonId;
use std::cell::RefCell;
use std::sync::Arc;
use store::api::{Held, Packed};
use store::{Tx, Unsettled, journal};

/// Names and values of a search, as they were sent.
pub type Pairs = Vec<(String, String)>;

/// What a program asks.
#[derive(Clone, Debug)]
pub enum Ask {
    /// One resource.
    Read {
        /// Its type.
        kind: &'static Kind,
        /// Its id.
        id: String,
    },
    /// A search.
    Search {
        /// Of what type.
        kind: &'static Kind,
        /// By what.
        pairs: Pairs,
    },
    /// Everything of a person.
    Everything {
        /// Id of the patient.
        id: String,
        /// Of it, what.
        pairs: Pairs,
    },
}

/// A call: who, and what.
#[derive(Clone, Debug)]
pub struct Call {
    /// The token that was sent, if one was.
    pub token: Option<String>,
    /// What is asked.
    pub ask: Ask,
}

/// A resource that is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// What others refer to it by: an address, or type and id.
    pub key: String,
    /// Its type.
    pub resource_type: String,
    /// Which version it is.
    pub version: String,
    /// When this version arrived; `None` of what was made for the answer.
    pub updated: Option<Timestamp>,
    /// The resource in JSON: byte for byte as it came, if it came so.
    pub json: String,
    /// Whether it came along with what was asked for.
    pub included: bool,
}

impl Shown {
    /// Its id.
    pub fn id(&self) -> &str {
        id_of(&self.key)
    }

    fn of(held: Held, included: bool) -> Option<Self> {
        let json = if held.xml {
            filter::json(&held)?.into_owned()
        } else {
            String::from_utf8(held.bytes).ok()?
        };
        Some(Self {
            key: held.key,
            resource_type: held.resource_type,
            version: held.shelf.to_string(),
            updated: Some(held.received_at),
            json,
            included,
        })
    }
}

/// The id of a key: `1` of `https://host/Patient/1`, `x` of `urn:uuid:x`.
pub(crate) fn id_of(key: &str) -> &str {
    let last = key.rsplit_once('/').map_or(key, |(_, last)| last);
    last.strip_prefix("urn:uuid:").unwrap_or(last)
}

/// One resource that may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Single {
    /// As it is to be written.
    Shown(Shown),
    /// As it lies on the shelf. Whoever tells it opens it.
    Packed(Held<Packed>),
}

impl Single {
    /// As it is to be written.
    ///
    /// # Errors
    /// What is kept is damaged.
    pub fn open(self) -> Outcome<Shown> {
        match self {
            Self::Shown(shown) => Ok(Ok(shown)),
            Self::Packed(held) => Ok(Shown::of(held.open()?, false).ok_or_else(|| {
                let text = "This resource came in a form that cannot be given as JSON. Ask its \
                            sender for it.";
                Refusal::new(Why::Unprocessable, "", text)
            })),
        }
    }
}

/// What is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// One resource.
    One(Box<Single>),
    /// A page of a list.
    Page {
        /// How many there are on all pages, where that was counted.
        total: Option<usize>,
        /// What is on this one.
        entries: Vec<Shown>,
        /// Where the next begins, if there is one.
        next: Option<String>,
    },
}

/// Kinds of refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Nobody with this token may come in.
    Unknown,
    /// The client is known, and may not do this.
    Forbidden,
    /// There is no such thing, or none that this client may know of.
    NotFound,
    /// More than one is meant.
    Several,
    /// What was asked does not read.
    Invalid,
    /// It is more than can be taken at once.
    TooMuch,
    /// It is understood, and not done here.
    Unsupported,
    /// The content breaks a rule.
    Unprocessable,
}

impl Why {
    /// In a word or two, for the journal.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Unknown => "not known",
            Self::Forbidden => "not allowed",
            Self::NotFound => "not found",
            Self::Several => "more than one",
            Self::Invalid => "not readable",
            Self::TooMuch => "too much",
            Self::Unsupported => "not supported",
            Self::Unprocessable => "breaks a rule",
        }
    }
}

/// Why something is not shown or not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What kind of refusal it is.
    pub why: Why,
    /// Where it lies: an element, or `http.` and a parameter; empty if nowhere.
    pub at: String,
    /// What is wrong and what to do.
    pub text: String,
    /// Further things that are wrong, each with its place.
    pub more: Vec<(String, String)>,
}

impl Refusal {
    /// A refusal with one place.
    pub fn new(why: Why, at: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            why,
            at: at.into(),
            text: text.into(),
            more: Vec::new(),
        }
    }

    fn not_found() -> Self {
        Self::new(
            Why::NotFound,
            "",
            "There is no such resource here, or none that this client may see.",
        )
    }
}

impl Sight {
    /// Whether a client may see a resource of that person's. Of somebody whose address is
    /// protected the `Patient` as it was sent is not shown, nor are their relatives: one without
    /// an address is made in its place.
    fn shows<Content>(&self, held: &Held<Content>) -> bool {
        let tells_where = matches!(held.resource_type.as_str(), "Patient" | "RelatedPerson");
        let Some(line) = &held.line else {
            return true;
        };
        (self.address || !tells_where)
            && self.items.shows(
                &line.source,
                &line.category,
                &line.sector,
                &held.resource_type,
            )
    }
}

/// One transaction of calls: who was recognised in it, and the journal's rows, which are
/// appended together at its end.
#[derive(Default)]
struct Window {
    known: RefCell<Kept>,
    rows: RefCell<Vec<journal::Entry>>,
}

impl Window {
    /// One with what was kept of those before.
    fn knowing(kept: Kept) -> Self {
        Self {
            known: RefCell::new(kept),
            rows: RefCell::default(),
        }
    }

    fn row(&self, entry: journal::Entry) {
        self.rows.borrow_mut().push(entry);
    }

    /// Appends the rows, and gives what can be kept.
    fn close(self, tx: &mut dyn Tx) -> Result<Kept, Error> {
        let rows = self.rows.into_inner();
        if !rows.is_empty() {
            journal::append_all(tx, &rows)?;
        }
        Ok(self.known.into_inner())
    }
}

/// What a call came to.
pub type Told = Result<Answer, Refusal>;

/// Calls that are answered, and not told before their looks are on disk.
pub struct Untold {
    answers: Vec<Told>,
    looks: Unsettled,
}

impl Untold {
    /// The answers, in the order of the calls, once their looks are on disk.
    ///
    /// # Errors
    /// The store's: then nobody may be told anything.
    pub fn tell(self) -> Result<Vec<Told>, Error> {
        self.looks.settle()?;
        Ok(self.answers)
    }
}

/// What came of something: a failure of ours stands outside, a refusal within.
pub type Outcome<T> = Result<Result<T, Refusal>, Error>;

impl App {
    /// Answers calls in one transaction, each by itself. When all are answered `more` is asked
    /// for another, which joins them.
    ///
    /// # Errors
    /// The store's: then none of them has been answered.
    pub fn api(
        &self,
        calls: &mut Vec<Call>,
        more: &mut dyn FnMut() -> Option<Call>,
    ) -> Result<Untold, Error> {
        let (answers, looks) = self.store().write_ahead(|tx| {
            let window = Window::knowing(self.take_kept(tx)?);
            let mut answers = Vec::with_capacity(calls.len());
            loop {
                while let Some(call) = calls.get(answers.len()) {
                    answers.push(self.call(tx, &window, call)?);
                }
                match more() {
                    Some(call) => calls.push(call),
                    None => break,
                }
            }
            self.put_kept(window.close(tx)?);
            Ok::<_, Error>(answers)
        })?;
        Ok(Untold { answers, looks })
    }

    fn call(&self, tx: &mut dyn Tx, window: &Window, call: &Call) -> Outcome<Answer> {
        let known = match self.recognise(tx, window, call.token.as_deref())? {
            Ok(known) => known,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let outcome = match &call.ask {
            Ask::Read { kind, id } => self.api_read(tx, &known, kind, id)?,
            Ask::Search { kind, pairs } => self.api_search(tx, &known, kind, pairs)?,
            Ask::Everything { id, pairs } => self.api_everything(tx, &known, id, pairs)?,
        };
        if let Err(refusal) = &outcome {
            self.refused(&known, refusal);
        }
        Ok(outcome)
    }

    /// What a client may see of a person. The one place where the API asks.
    fn api_sight(
        &self,
        tx: &mut dyn Tx,
        client: &Recognised,
        person: PersonId,
    ) -> Result<Result<Arc<Sight>, Refusal>, Error> {
        if let Err(denied) = access::decide(&client.actor, Action::SeePerson) {
            return Ok(Err(Refusal::new(Why::Forbidden, "", format!("{denied}."))));
        }
        let now = self.now();
        if let Some(sight) = client.sights.of(person, now) {
            return Ok(Ok(sight));
        }
        match self.sight_until(tx, &client.asker, person) {
            Ok((sight, until)) => {
                let sight = Arc::new(sight);
                client.sights.keep(&sight, (now, until));
                Ok(Ok(sight))
            }
            Err(Error::NoTie(_)) => {
                let text = "The organisation of this client has no link with this person, so \
                            their record is not shown. A link begins with a stay, a referral, \
                            registration at a practice, or a record that was sent.";
                Ok(Err(Refusal::new(Why::Forbidden, "", text)))
            }
            Err(Error::NotFound(_)) => Ok(Err(Refusal::not_found())),
            Err(other) => Err(other),
        }
    }

    /// What a client may see of a person whom it may know of; `None` of others.
    fn api_knows(
        &self,
        tx: &mut dyn Tx,
        client: &Recognised,
        person: PersonId,
    ) -> Result<Option<Result<Arc<Sight>, Refusal>>, Error> {
        let sight = self.api_sight(tx, client, person)?;
        let unknown = sight
            .as_ref()
            .is_err_and(|refusal| refusal.why == Why::NotFound);
        Ok((!unknown).then_some(sight))
    }

    /// The journal row of a look.
    fn api_looked(&self, known: &Known<'_>, allowed: Allowed, action: Action, subject: Subject) {
        let kind = journal::Kind::Look;
        known.window.row(self.entry(
            &known.client.actor,
            allowed,
            kind,
            action.in_words(),
            subject,
        ));
    }
}
