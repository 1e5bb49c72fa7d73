//! Writes a place into a store, quickly: large transactions, rows by the thousand.

use crate::{Barsetshire, council_records, messages, minded};
use ::person::category::Categories;
use app::{App, Error};
use flow::Segment;
use sha2::{Digest, Sha256};
use std::ops::Range;
use store::document::{self, NewDocument};
use store::inbox::{self, Arrival, Counts, InboxKind, InboxState};
use store::shelf::{self, Shelved};
use store::timeline::{self, NewLine};
use store::{Tx, flow as stays, journal, organisation, person};

/// People in one transaction, with everything about them.
const PEOPLE: usize = 10_000;

/// Writes the whole place into an empty store. The journal gets one row that
/// says so.
///
/// # Errors
/// The store's: most likely it is not empty.
pub fn fill(app: &App, place: &Barsetshire) -> Result<(), Error> {
    app.store().write(|tx| organisations(tx, place))?;
    let hub = place.organisations.hub;
    app.store().write(|tx| {
        let places = &place.organisations;
        for hospital in [places.infirmary, places.community_hospital] {
            organisation::serve_hospital(tx, hub, hospital)?;
        }
        Ok::<_, Error>(())
    })?;
    let people = place.people.len();
    for first in (0..people).step_by(PEOPLE) {
        let part = Part::of(place, first..(first + PEOPLE).min(people));
        app.store().write(|tx| part.write(app, tx))?;
    }
    app.store().write(|tx| minded::fill(app, tx, place))?;
    app.store()
        .write(|tx| council_records::own_words(app, tx, place))?;
    app.store().write(|tx| {
        journal::append(tx, &made(place))
            .map(|_| ())
            .map_err(Error::from)
    })
}

fn made(place: &Barsetshire) -> journal::Entry {
    journal::Entry {
        at: place.now,
        kind: journal::Kind::Command,
        action: "make the demo place".to_owned(),
        actor: "operator".to_owned(),
        actor_role: "operator".to_owned(),
        organisation: "This machine".to_owned(),
        purpose: "demonstration".to_owned(),
        legal_basis: "no personal data: nobody in it exists".to_owned(),
        person: None,
        subject: "place barsetshire".to_owned(),
        results: i64::try_from(place.people.len()).unwrap_or(i64::MAX),
        detail: format!(
            "{} stays, {} notices",
            place.stays.len(),
            place.notices.len()
        ),
    }
}

fn organisations(tx: &mut dyn Tx, place: &Barsetshire) -> Result<(), Error> {
    for one in &place.organisations.all {
        organisation::insert(
            tx,
            &organisation::Organisation {
                id: one.id,
                kind: one.kind.to_owned(),
                code: Some(one.code.clone()),
                name: one.name.clone(),
                parent: one.parent,
            },
        )?;
    }
    Ok(())
}

/// Some of the people, with the ranges of what is about them: every list of the
/// place is ordered by person.
struct Part<'a> {
    place: &'a Barsetshire,
    people: Range<usize>,
    stays: Range<usize>,
    notices: Range<usize>,
    lines: Range<usize>,
    documents: Range<usize>,
    changes: Range<usize>,
}

impl<'a> Part<'a> {
    fn of(place: &'a Barsetshire, people: Range<usize>) -> Self {
        let stays = range(&place.stays, &people, |one| one.person_index);
        Self {
            notices: range(&place.notices, &people, |one| one.person_index),
            lines: range(&place.timeline, &people, |one| one.person_index),
            documents: range(&place.documents, &people, |one| one.person_index),
            changes: range(&place.changes, &stays, |one| one.stay_index),
            place,
            people,
            stays,
        }
    }

    fn write(&self, app: &App, tx: &mut dyn Tx) -> Result<(), Error> {
        let place = self.place;
        for one in &place.people[self.people.clone()] {
            person::insert(tx, one, place.now)?;
            app.follow_practice(tx, one)?;
        }
        self.stays(app, tx)?;
        self.notices(tx)?;
        for one in &place.documents[self.documents.clone()] {
            let document = NewDocument {
                id: one.id,
                person: place.people[one.person_index].id,
                title: &one.title,
                media_type: "application/pdf",
                sha256: Sha256::digest(&one.bytes).into(),
                bytes: &one.bytes,
                inbox: place.notices[one.notice_index].inbox,
            };
            document::add(tx, &document)?;
        }
        self.timeline(tx)
    }

    fn stays(&self, app: &App, tx: &mut dyn Tx) -> Result<(), Error> {
        let mut changes = &self.place.changes[self.changes.clone()];
        let mut told = self.place.notices[self.notices.clone()]
            .iter()
            .map(|one| one.stay_index)
            .peekable();
        for at in self.stays.clone() {
            let record = &self.place.stays[at];
            let mine = changes
                .iter()
                .take_while(|one| one.stay_index == at)
                .count();
            let (of_stay, rest) = changes.split_at(mine);
            changes = rest;
            let stay = &record.stay;
            // Known by the key that its messages give it, if there are any.
            let by_message = told.peek() == Some(&at);
            while told.next_if_eq(&at).is_some() {}
            let (source, source_key) = match by_message {
                true => ("adw", record.source_key.replace('-', "|")),
                false => ("demo", record.source_key.clone()),
            };
            let row = stays::StayRow {
                stay: stay.clone(),
                source: source.to_owned(),
                source_key: Some(source_key),
                assessed_on: record.assessed_on,
                destination: record.destination.clone(),
                destination_state: record.destination_state,
                starts_on: record.starts_on,
                next_action: record.next_action.clone(),
                next_owner: record.next_owner,
                next_owner_name: record.next_owner_name.clone(),
                next_due_at: record.next_due_at,
                updated_at: record.updated_at,
                updated_by: record.updated_by.clone(),
                version: i64::try_from(mine).unwrap_or(0) + 1,
            };
            stays::insert_stay(tx, &row)?;
            app.follow_stay(tx, (&row).into())?;
            app.follow_chain(tx, &row)?;
            for segment in &stay.segments {
                let at = self.recorded_at(segment);
                stays::insert_segment(tx, stay.id, segment, at, &record.updated_by)?;
            }
            if mine > 0 {
                let kept: Vec<_> = of_stay.iter().map(|one| self.change(one)).collect();
                stays::add_changes(tx, stay.id, &kept)?;
            }
        }
        Ok(())
    }

    /// A reason is written down on the afternoon of the day it starts.
    fn recorded_at(&self, segment: &Segment) -> jiff::Timestamp {
        crate::board::at(segment.starts_on, 14, 5).min(self.place.now)
    }

    fn change(&self, change: &crate::Change) -> stays::Change {
        stays::Change {
            field: change.field.to_owned(),
            before: change.before.clone(),
            after: change.after.clone(),
            why: change.why.to_owned(),
            at: change.at,
            actor: change.actor.clone(),
            organisation: self
                .place
                .organisations
                .name(change.organisation)
                .to_owned(),
        }
    }

    /// Every notice is in the inbox as the message it came in.
    fn notices(&self, tx: &mut dyn Tx) -> Result<(), Error> {
        for at in self.notices.clone() {
            let record = &self.place.notices[at];
            let message = messages::of_notice(self.place, at);
            let bytes = fhir::adw::write(&message).into_bytes();
            let sha256: [u8; 32] = Sha256::digest(&bytes).into();
            let notice = &record.notice;
            let arrival = Arrival {
                id: record.inbox,
                kind: InboxKind::Adw,
                name: messages::file_name(notice),
                sha256: kernel::hex(&sha256),
                size: bytes.len() as u64,
                received_at: notice.received_at,
                state: InboxState::Received,
                counts: Counts::default(),
                tries: 0,
                last_try_at: notice.received_at,
            };
            inbox::receive(tx, &arrival, &bytes)?;
            let counts = Counts {
                records: 1,
                accepted: 1,
                ..Counts::default()
            };
            let now = notice.received_at;
            inbox::settle(tx, record.inbox, InboxState::Accepted, counts, &[], now)?;
            let key = messages::shelf_key(notice);
            let shelved = Shelved {
                id: record.shelf,
                inbox: record.inbox,
                record: 1,
                format: "xml",
                resource_type: "Bundle",
                key: &key,
                sha256: &sha256,
                bytes: &bytes,
            };
            shelf::put(tx, &shelved, now)?;
            let stay = self.place.stays[record.stay_index].stay.id;
            let person = self.place.people[record.person_index].id;
            let told = messages::told(notice, &message);
            stays::insert_told(tx, Some(stay), person, record.inbox, &told)?;
        }
        Ok(())
    }

    fn timeline(&self, tx: &mut dyn Tx) -> Result<(), Error> {
        let place = self.place;
        for item in &place.timeline[self.lines.clone()] {
            let happened_at = match item.instant {
                Some(instant) => instant.to_string(),
                None => item.day.to_string(),
            };
            let line = NewLine {
                person: Some(place.people[item.person_index].id),
                person_key: None,
                happened_at: Some(&happened_at),
                kind: &item.kind,
                title: &item.title,
                sector: item.sector,
                source: place.organisations.name(item.source),
                category: Categories::builtin().of(&item.title, &[]),
                codes: None,
                received_at: item.received_at,
                shelf: item.notice_index.map(|at| place.notices[at].shelf),
                stay: item.stay_index.map(|at| place.stays[at].stay.id),
                document: item.document_index.map(|at| place.documents[at].id),
            };
            timeline::add(tx, item.id, &line)?;
        }
        Ok(())
    }
}

/// The stretch of a list, ordered by a number, whose numbers lie in a range.
fn range<T>(list: &[T], numbers: &Range<usize>, number: impl Fn(&T) -> usize) -> Range<usize> {
    let first = list.partition_point(|one| number(one) < numbers.start);
    first..list.partition_point(|one| number(one) < numbers.end)
}
