//! A person's timeline, page by page, and one line of it with all that it says.

use super::Sight;
use crate::resource::with_tree;
use crate::{App, Error, Subject};
use access::{Action, Actor};
use fhir::readable::Readable;
use jiff::Timestamp;
use kernel::{PersonId, TimelineId, limits};
use store::timeline::{self, Count, Filter, Line};
use store::{Tx, organisation};

/// Which part of a person's timeline to show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TimelineFilter {
    /// Only this kind.
    pub kind: Option<String>,
    /// Only this source.
    pub source: Option<String>,
    /// Only this sector: `nhs`, `council` or `other`.
    pub sector: Option<String>,
    /// Not before this month, `YYYY-MM`.
    pub from: Option<String>,
    /// Not after this month, `YYYY-MM`.
    pub to: Option<String>,
    /// Only what has come since the asker looked last.
    pub new: bool,
    /// Page, from 1; 0 counts as 1.
    pub page: usize,
}

/// What there is on a timeline, and what of it is new to whoever asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// How many lines there are of each kind, source and sector.
    pub counts: Vec<Count>,
    /// When the asker looked last, before this sitting.
    pub last_look: Option<Timestamp>,
}

impl Seen {
    /// How many lines there are in all.
    pub fn all(&self) -> i64 {
        self.counts.iter().map(|count| count.lines).sum()
    }

    /// How many have come since the asker looked last.
    pub fn fresh(&self) -> i64 {
        self.counts.iter().map(|count| count.new).sum()
    }

    /// Whether a line has come since the asker looked last.
    pub fn is_new(&self, line: &Line) -> bool {
        self.last_look.is_some_and(|last| line.received_at > last)
    }
}

/// A page of a timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lines {
    /// The lines asked for, newest first.
    pub lines: Vec<Line>,
    /// Page shown, from 1.
    pub page: usize,
    /// True when there are more lines.
    pub more: bool,
    /// What there is in all, and what is new.
    pub seen: Seen,
}

/// A person's timeline, with whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimelinePage {
    /// The person: what the head of their records says.
    pub person: ::person::Person,
    /// Name of the council of ordinary residence, if known.
    pub council: Option<String>,
    /// The lines.
    pub lines: Lines,
    /// The months that there are lines of, the latest first, with how many.
    pub months: Vec<(String, i64)>,
    /// Why it is shown, and what is withheld.
    pub sight: Sight,
}

/// One line of a timeline with all that it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinePage {
    /// Whose it is.
    pub person: ::person::Person,
    /// The line.
    pub line: Line,
    /// The resource it was read from, if there is one that can be read.
    pub readable: Option<Readable>,
    /// Earlier versions of the resource that are kept.
    pub earlier: i64,
    /// Why it is shown, and what is withheld.
    pub sight: Sight,
}

impl App {
    /// A person's timeline.
    ///
    /// # Errors
    /// Not allowed, not there, or the store's.
    pub fn timeline(
        &self,
        actor: &Actor,
        id: PersonId,
        filter: &TimelineFilter,
    ) -> Result<TimelinePage, Error> {
        access::decide(actor, Action::SeePerson)?;
        self.store().write(|tx| {
            let sight = self.sight(tx, actor, id)?;
            let person = self.shown_person(tx, &sight)?;
            let lines = self.lines(tx, actor, &sight, filter)?;
            let months = timeline::months(tx, sight.person, &sight.items)?;
            let subject = Subject {
                person: Some(sight.person),
                thing: format!("person {}", sight.person),
                results: lines.lines.len(),
                ..Subject::default()
            };
            self.looked(tx, actor, sight.allowed, Action::SeePerson, subject)?;
            let council = match person.council {
                Some(id) => organisation::by_id(tx, id)?.map(|found| found.name),
                None => None,
            };
            Ok(TimelinePage {
                person,
                council,
                lines,
                months,
                sight,
            })
        })
    }

    /// A page of the lines that somebody may see.
    pub(crate) fn lines(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        sight: &Sight,
        filter: &TimelineFilter,
    ) -> Result<Lines, Error> {
        let last_look = self.last_look(tx, actor, sight)?;
        let page = filter.page.max(1);
        let wanted = Filter {
            kind: filter.kind.clone(),
            source: filter.source.clone(),
            sector: filter.sector.clone(),
            from: filter.from.clone(),
            to: filter.to.as_deref().map(whole_year),
            received_after: last_look.filter(|_| filter.new),
            offset: (page - 1).saturating_mul(limits::ROWS_A_PAGE),
            limit: limits::ROWS_A_PAGE + 1,
        };
        let mut lines = timeline::of_person(tx, sight.person, &wanted, &sight.items)?;
        let more = lines.len() > limits::ROWS_A_PAGE;
        lines.truncate(limits::ROWS_A_PAGE);
        let counts = timeline::counts(tx, sight.person, last_look, &sight.items)?;
        Ok(Lines {
            lines,
            page,
            more,
            seen: Seen { counts, last_look },
        })
    }

    /// The person of a record as they may be shown.
    pub(crate) fn shown_person(
        &self,
        tx: &mut dyn Tx,
        sight: &Sight,
    ) -> Result<::person::Person, Error> {
        let records = self.linked_records(tx, sight.person)?;
        let person = ::person::together(records.iter().map(|one| &one.record))
            .ok_or(Error::NotFound("person"))?;
        Ok(sight.shown(person))
    }

    /// One line of a timeline. One that may not be seen is as one that is not there.
    ///
    /// # Errors
    /// Not allowed, not there, or the store's.
    pub fn timeline_line(&self, actor: &Actor, id: TimelineId) -> Result<LinePage, Error> {
        access::decide(actor, Action::SeePerson)?;
        self.store().write(|tx| {
            let whole = timeline::whole(tx, id)?.ok_or(Error::NotFound("line"))?;
            let sight = self.sight(tx, actor, whole.person)?;
            let line = whole.line;
            if !sight
                .items
                .shows(&line.source, &line.category, &line.sector, &line.kind)
            {
                return Err(Error::NotFound("line"));
            }
            let readable = whole
                .resource
                .filter(|resource| resource.resource_type == line.kind)
                .and_then(|resource| with_tree(&resource, fhir::readable::readable))
                .map(|readable| without_whereabouts(&sight, readable));
            let subject = Subject {
                person: Some(sight.person),
                thing: format!("line {id}"),
                results: 1,
                ..Subject::default()
            };
            let person = self.shown_person(tx, &sight)?;
            self.looked(tx, actor, sight.allowed, Action::SeePerson, subject)?;
            Ok(LinePage {
                person,
                line,
                readable,
                earlier: (whole.versions - 1).max(0),
                sight,
            })
        })
    }
}

/// The last month of a year; a month as it is.
fn whole_year(month: &str) -> String {
    match month.len() {
        4 => format!("{month}-12"),
        _ => month.to_owned(),
    }
}

/// Without where somebody lives and how to reach them, where that is protected; and without the
/// narrative, which may tell it in any words.
fn without_whereabouts(sight: &Sight, mut readable: Readable) -> Readable {
    if !sight.address {
        readable.rows.retain(|row| !row.whereabouts);
        readable.narrative = String::new();
    }
    readable
}
