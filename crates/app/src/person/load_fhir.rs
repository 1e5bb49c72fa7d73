//! The reader of arrivals of kind `fhir`: every resource goes on the shelf; those about
//! a person go on that person's timeline, or wait for the person there.
//!
//! One thread reads and checks while this one writes, a transaction of at most
//! [`limits::RECORDS_A_TRANSACTION`] records at a time.

use super::arrive::{Met, meet};
use crate::api::search_codes;
use crate::inbox::Outcome;
use crate::{App, Error, Subject};
use ::person::category::Categories;
use access::{Action, Actor};
use fhir::{About, ArrivingPerson, Format, Item, Link, Record};
use kernel::{InboxId, Issue, OrganisationId, PersonId, Severity, limits};
use std::collections::{HashMap, HashSet};
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use store::inbox::{Arrival, Counts};
use store::shelf::{self, Shelved};
use store::timeline::{self, NewLine};
use store::{Tx, journal};

/// Records that are worth a transaction of their own when the writer has nothing to do.
const ENOUGH: usize = 64;

/// A record as the writer needs it; the tree stays with the reader.
struct Ready<'a> {
    number: u32,
    format: Format,
    source: &'a str,
    sha256: [u8; 32],
    resource_type: &'static str,
    key: String,
    about: About,
    links: Vec<Link>,
    issues: Vec<Issue>,
    person: Option<Box<ArrivingPerson>>,
    /// What it can be searched by; see [`search_codes`].
    codes: String,
}

/// One of what a batch holds.
enum Part<'a> {
    Ready(Box<Ready<'a>>),
    Rejected(Issue),
    Told(Issue),
}

impl App {
    /// Reads an arrival of kind `fhir` into the store.
    pub(crate) fn load_fhir(
        &self,
        actor: &Actor,
        arrival: &Arrival,
        bytes: &[u8],
        turn: &dyn Fn(),
    ) -> Result<Outcome, Error> {
        let plain = match fhir::unpack(bytes) {
            Ok(plain) => plain,
            Err(issue) => return Ok(Outcome::rejected(vec![issue])),
        };
        let text = match fhir::xml::decode(&plain) {
            Ok(text) => text,
            Err(issue) => return Ok(Outcome::rejected(vec![issue])),
        };
        let mut outcome = Outcome::default();
        let mut untold = 0_usize;
        std::thread::scope(|scope| {
            let (sender, batches) = sync_channel(0);
            let text: &str = &text;
            scope.spawn(move || read_ahead(text, &sender));
            turn();
            for batch in batches {
                let written = self.write_batch(actor, arrival.id, &batch)?;
                add(&mut outcome.counts, written.counts);
                outcome.to_review |= written.to_review;
                let room = (limits::ISSUES_KEPT - 1).saturating_sub(outcome.issues.len());
                untold += written.issues.len().saturating_sub(room);
                outcome.issues.extend(written.issues.into_iter().take(room));
            }
            Ok::<_, Error>(())
        })?;
        if untold > 0 {
            outcome.issues.push(Issue::new(
                Severity::Part,
                0,
                "",
                "more-issues",
                format!("{untold} more things are wrong than are listed."),
            ));
        }
        Ok(settled(outcome))
    }

    /// Writes one batch in one transaction with its one journal row.
    fn write_batch(
        &self,
        actor: &Actor,
        inbox: InboxId,
        batch: &[Part<'_>],
    ) -> Result<Outcome, Error> {
        let allowed = access::decide(actor, Action::LoadInbox)?;
        self.store().write(|tx| {
            let mut writer = Writer {
                app: self,
                tx,
                inbox,
                // A program that sends for an organisation; files are loaded for the place.
                sender: actor.organisation.filter(|_| actor.account.is_none()),
                people: HashMap::new(),
                organisations: HashMap::new(),
                outcome: Outcome::default(),
            };
            for part in batch {
                writer.part(part)?;
            }
            let outcome = writer.outcome;
            let subject = Subject {
                thing: format!("inbox {inbox}"),
                results: batch.len(),
                ..Subject::default()
            };
            self.record(
                tx,
                actor,
                allowed,
                journal::Kind::Load,
                "load resources",
                subject,
            )?;
            Ok(outcome)
        })
    }
}

/// A file in which nothing is a record is itself one that was rejected.
fn settled(mut outcome: Outcome) -> Outcome {
    let counts = &mut outcome.counts;
    if counts.records == 0 {
        counts.records = 1;
        counts.rejected = 1;
    }
    outcome
}

fn add(total: &mut Counts, more: Counts) {
    total.records += more.records;
    total.accepted += more.accepted;
    total.partly += more.partly;
    total.rejected += more.rejected;
    total.repeated += more.repeated;
}

/// Reads the text and sends what is in it, batch by batch: as soon as there is enough and
/// the writer waits for more, and at the latest when a transaction would be full.
fn read_ahead<'a>(text: &'a str, sender: &SyncSender<Vec<Part<'a>>>) {
    let mut batch = Vec::new();
    // When the writer has failed nobody takes the batches: the rest is read for nothing.
    fhir::read(text, &mut |item| {
        batch.push(match item {
            Item::Record(record) => Part::Ready(Box::new(ready(*record))),
            Item::Rejected(issue) => Part::Rejected(issue),
            Item::Told(issue) => Part::Told(issue),
        });
        if batch.len() >= limits::RECORDS_A_TRANSACTION {
            let _ = sender.send(std::mem::take(&mut batch));
        } else if batch.len() >= ENOUGH
            && let Err(TrySendError::Full(kept)) = sender.try_send(std::mem::take(&mut batch))
        {
            batch = kept;
        }
    });
    if !batch.is_empty() {
        let _ = sender.send(batch);
    }
}

fn ready(record: Record<'_>) -> Ready<'_> {
    let person =
        (record.resource_type == "Patient").then(|| Box::new(ArrivingPerson::read(&record.tree)));
    Ready {
        codes: search_codes(record.resource_type, &record.tree),
        number: record.number,
        format: record.format,
        source: record.source,
        sha256: record.sha256,
        resource_type: record.resource_type,
        key: record.key,
        about: record.about,
        links: record.links,
        issues: record.issues,
        person,
    }
}

/// What became of one record.
enum Fate {
    Kept,
    Repeated,
}

/// The writer of one batch. It lives within one run of the transaction.
struct Writer<'w> {
    app: &'w App,
    tx: &'w mut dyn Tx,
    inbox: InboxId,
    /// The organisation that sends, where it is one.
    sender: Option<OrganisationId>,
    /// Who is behind a key, as far as it was asked.
    people: HashMap<String, Option<PersonId>>,
    /// Names of organisations by key, as far as they were asked.
    organisations: HashMap<String, Option<String>>,
    outcome: Outcome,
}

impl Writer<'_> {
    fn part(&mut self, part: &Part<'_>) -> Result<(), Error> {
        let counts = &mut self.outcome.counts;
        match part {
            Part::Told(issue) => self.outcome.issues.push(issue.clone()),
            Part::Rejected(issue) => {
                counts.records += 1;
                counts.rejected += 1;
                self.outcome.issues.push(issue.clone());
            }
            Part::Ready(record) => {
                counts.records += 1;
                let (fate, review) = self.record(record)?;
                let counts = &mut self.outcome.counts;
                let wrong = |issue: &Issue| issue.severity > Severity::Note;
                match fate {
                    Fate::Repeated => counts.repeated += 1,
                    Fate::Kept if review.is_some() || record.issues.iter().any(wrong) => {
                        counts.partly += 1;
                    }
                    Fate::Kept => counts.accepted += 1,
                }
                if matches!(fate, Fate::Kept) {
                    self.outcome.issues.extend(record.issues.iter().cloned());
                }
                self.outcome.to_review |= review.is_some();
                self.outcome.issues.extend(review);
            }
        }
        Ok(())
    }

    fn record(&mut self, record: &Ready<'_>) -> Result<(Fate, Option<Issue>), Error> {
        let under = shelf::under(self.tx, &record.key, &record.sha256)?;
        if under.same {
            return self.again(record);
        }
        let now = self.app.now();
        let id = self.app.ids().shelf();
        let shelved = Shelved {
            id,
            inbox: self.inbox,
            record: record.number,
            format: record.format.as_str(),
            resource_type: record.resource_type,
            key: &record.key,
            sha256: &record.sha256,
            bytes: record.source.as_bytes(),
        };
        shelf::put(self.tx, &shelved, now)?;
        shelf::link(self.tx, id, &distinct(&record.links))?;
        let review = self.person(record)?;
        if record.resource_type == "Organization" {
            self.organisation(record)?;
        }
        let Some(person_key) = record.about.person.as_deref() else {
            return Ok((Fate::Kept, review));
        };
        let source = self.source(&record.about.source)?;
        let labels: Vec<(&str, &str)> = record
            .about
            .labels
            .iter()
            .map(|(system, code)| (system.as_str(), code.as_str()))
            .collect();
        let line = NewLine {
            person: self.behind(person_key)?,
            person_key: Some(person_key),
            happened_at: record.about.happened.as_deref(),
            kind: record.resource_type,
            title: &record.about.title,
            sector: fhir::record::Sector::of(&source).as_str(),
            source: &source,
            category: Categories::builtin().of(&record.about.title, &labels),
            codes: Some(&record.codes),
            received_at: now,
            shelf: Some(id),
            stay: None,
            document: None,
        };
        for earlier in under.ids.iter().rev() {
            if timeline::replace(self.tx, *earlier, &line)? {
                return Ok((Fate::Kept, review));
            }
        }
        timeline::add(self.tx, self.app.ids().timeline(), &line)?;
        Ok((Fate::Kept, review))
    }

    /// The same bytes once more. They change nothing, but a person who had to be reviewed
    /// may be known by now.
    fn again(&mut self, record: &Ready<'_>) -> Result<(Fate, Option<Issue>), Error> {
        if record.person.is_none() || self.behind(&record.key)?.is_some() {
            return Ok((Fate::Repeated, None));
        }
        let review = self.person(record)?;
        Ok((Fate::Kept, review))
    }

    /// Finds or makes the person of a `Patient`, and gives them the lines that wait.
    fn person(&mut self, record: &Ready<'_>) -> Result<Option<Issue>, Error> {
        let Some(arriving) = &record.person else {
            return Ok(None);
        };
        match meet(self.app, self.tx, (&record.key, self.inbox), arriving)? {
            Met::Person(person) => {
                if let Some(sender) = self.sender {
                    self.app.follow_sender(self.tx, person, sender)?;
                }
                self.people.insert(record.key.clone(), Some(person));
                timeline::attach_waiting(self.tx, &record.key, person)?;
                if let Some(number) = arriving.nhs_number {
                    let key = fhir::resolve::nhs_number_key(number);
                    timeline::attach_waiting(self.tx, &key, person)?;
                    self.people.insert(key, Some(person));
                }
                Ok(None)
            }
            Met::Review(why) => Ok(Some(Issue::new(
                Severity::Part,
                record.number,
                "Patient.identifier",
                "identity-to-review",
                why,
            ))),
        }
    }

    /// Who is behind a key.
    fn behind(&mut self, key: &str) -> Result<Option<PersonId>, Error> {
        if let Some(known) = self.people.get(key) {
            return Ok(*known);
        }
        let mut person = store::person::by_identifier(self.tx, super::arrive::PATIENT, key)?;
        let number = key
            .strip_prefix("nhs-number/")
            .map(kernel::NhsNumber::parse);
        if let (None, Some(Ok(number))) = (person, number) {
            let people = store::person::by_nhs_number(self.tx, number)?;
            person = people
                .first()
                .filter(|_| people.len() == 1)
                .map(|one| one.id);
        }
        self.people.insert(key.to_owned(), person);
        Ok(person)
    }

    /// The name of where a record came from; empty when it is not known yet.
    fn source(&mut self, source: &fhir::record::Source) -> Result<String, Error> {
        let Some(key) = &source.key else {
            return Ok(source.name.clone());
        };
        if let Some(known) = self.organisations.get(key) {
            return Ok(known.clone().unwrap_or_default());
        }
        let bytes = shelf::latest(self.tx, key)?;
        let name = bytes
            .as_deref()
            .and_then(|bytes| std::str::from_utf8(bytes).ok())
            .and_then(fhir::organisation_name);
        self.organisations.insert(key.clone(), name.clone());
        Ok(name.unwrap_or_default())
    }

    /// An organisation's name goes on the lines that came from it and did not know it.
    fn organisation(&mut self, record: &Ready<'_>) -> Result<(), Error> {
        let Some(name) = fhir::organisation_name(record.source) else {
            return Ok(());
        };
        let sector = fhir::record::Sector::of(&name).as_str();
        for (resource, path) in shelf::referring(self.tx, &record.key)? {
            if fhir::record::is_source_path(&path) {
                timeline::name_source(self.tx, resource, &name, sector)?;
            }
        }
        self.organisations.insert(record.key.clone(), Some(name));
        Ok(())
    }
}

/// One link for each target, at the path that says where a record came from if there is one.
fn distinct(links: &[Link]) -> Vec<(&str, &str)> {
    let mut seen = HashSet::new();
    let sources = links
        .iter()
        .filter(|link| fhir::record::is_source_path(&link.path));
    let mut paths = HashSet::new();
    sources
        .chain(links)
        // What is inside the resource itself is no link between resources.
        .filter(|link| !link.target.contains('#'))
        .filter(|link| seen.insert(link.target.as_str()) && paths.insert(link.path.as_str()))
        .map(|link| (link.path.as_str(), link.target.as_str()))
        .collect()
}
