//! Keeping a message: the rows of its organisations, person, stay, notice, documents
//! and timeline.

use super::whom::{self, Whom};
use super::{Fate, Held, Incoming, Kept, SOURCE, by_code, shelf_key};
use crate::Error;
use ::flow::receive::{Picture, Remark, Side, Told, belongs, picture, remarks, standings};
use ::flow::steps::{Moment, StepKind, StepsInput, steps};
use ::flow::{CareType, DestinationState, Notice, NoticeKind, Stay};
use ::person::category::Categories;
use fhir::adw::Organisation;
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::calendar::{instant, local};
use kernel::{OdsCode, OrganisationId, PersonId, ShelfId, StayId};
use sha2::{Digest, Sha256};
use store::document::{self, NewDocument};
use store::flow::{self as rows, Change, StayRow};
use store::shelf::{self, Shelved};
use store::timeline::{self, NewLine};
use store::{Tx, organisation};

/// Reasons of a withdrawal that say that the person has died, gone to intermediate care
/// or discharged themselves.
const LEFT: [&str; 3] = ["08", "09", "10"];

/// What is to be done next, by whom and by when.
type Advice = Option<(&'static str, Side, Option<Timestamp>)>;

impl Incoming<'_> {
    /// Keeps a message that joins a stay, opens one, or waits for one.
    pub(super) fn keep(
        &self,
        tx: &mut dyn Tx,
        whom: Whom,
        told: Told,
        stay: Option<Held>,
        opens: Option<Date>,
    ) -> Result<Fate, Error> {
        let council = self.organisation(
            tx,
            &["council"],
            &self.message.council_code(),
            &self.message.council,
        )?;
        let known = match whom {
            Whom::Known(person) => Some(*person),
            _ => None,
        };
        let person = whom::keep(self.app, tx, known, self.message, council)?.id;
        let stay = match (stay, opens) {
            (Some(held), _) => Some(held),
            (None, Some(day)) => Some(self.open(tx, person, council, &told, day)?),
            (None, None) => None,
        };
        let stay_id = stay.as_ref().map(|held| held.row.stay.id);
        rows::insert_told(tx, stay_id, person, self.arrival.id, &told)?;
        self.timeline(tx, person, stay_id, &told)?;
        let mut remarks = match stay {
            Some(held) => self.settle(tx, person, held, &told)?,
            None => {
                let mut waiting = told.clone();
                waiting.notice.status = ::flow::NoticeStatus::Unmatched;
                for standing in standings(std::slice::from_ref(&waiting)) {
                    rows::set_standing(tx, &standing)?;
                }
                vec![Remark::Waits]
            }
        };
        let reason = self.message.reason.as_ref();
        let code = reason.and_then(|reason| reason.coded.as_ref());
        if told.notice.kind == NoticeKind::Withdrawal
            && code.is_some_and(|coded| LEFT.contains(&coded.code.as_str()))
        {
            remarks.push(Remark::MayHaveLeft);
        }
        Ok(Fate::Kept(Kept {
            notice: told.notice.id,
            person,
            remarks,
        }))
    }

    /// The organisation with a code, made with its name if it is not on file.
    fn organisation(
        &self,
        tx: &mut dyn Tx,
        kinds: &[&'static str],
        code: &OdsCode,
        named: &Organisation,
    ) -> Result<OrganisationId, Error> {
        if let Some(found) = by_code(tx, kinds, code.as_str())? {
            return Ok(found);
        }
        let name = if named.name.is_empty() {
            code.as_str()
        } else {
            &named.name
        };
        let made = organisation::Organisation {
            id: self.app.ids().organisation(),
            kind: kinds.first().copied().unwrap_or("provider").to_owned(),
            code: Some(code.to_string()),
            name: name.to_owned(),
            parent: None,
        };
        organisation::insert(tx, &made)?;
        Ok(made.id)
    }

    /// Opens a stay.
    fn open(
        &self,
        tx: &mut dyn Tx,
        person: PersonId,
        council: OrganisationId,
        told: &Told,
        admitted_on: Date,
    ) -> Result<Held, Error> {
        let message = self.message;
        let hospital = self.organisation(
            tx,
            &["hospital"],
            &message.hospital_code(),
            &message.encounter.hospital,
        )?;
        let row = StayRow {
            stay: Stay {
                id: self.app.ids().stay(),
                person,
                hospital,
                ward: told.ward.clone(),
                bed: String::new(),
                council: Some(council),
                care_type: CareType::Acute,
                admitted_on,
                admission_method: None,
                expected_on: None,
                clinical_ready_on: None,
                mdt_ready_on: None,
                safe_on: None,
                ready_on: None,
                discharged_on: None,
                discharge_method: None,
                discharge_destination: None,
                pathway: None,
                segments: Vec::new(),
            },
            source: SOURCE.to_owned(),
            source_key: told.stay_key.clone(),
            assessed_on: None,
            destination: String::new(),
            destination_state: DestinationState::NotSought,
            starts_on: None,
            next_action: String::new(),
            next_owner: None,
            next_owner_name: String::new(),
            next_due_at: None,
            updated_at: self.app.now(),
            updated_by: self.sender(),
            version: 1,
        };
        rows::insert_stay(tx, &row)?;
        self.app.follow_stay(tx, (&row).into())?;
        self.app.follow_chain(tx, &row)?;
        Ok(Held {
            row,
            told: Vec::new(),
        })
    }

    /// Name of the sending organisation.
    fn sender(&self) -> String {
        let message = self.message;
        let (named, code) = if message.is_response() {
            (&message.council.name, &message.sender)
        } else {
            (&message.encounter.hospital.name, &message.sender)
        };
        if named.is_empty() {
            code.to_string()
        } else {
            named.clone()
        }
    }

    /// Puts messages that waited to the stay, and works out anew where its notices
    /// stand and what they say of it.
    fn settle(
        &self,
        tx: &mut dyn Tx,
        person: PersonId,
        held: Held,
        told: &Told,
    ) -> Result<Vec<Remark>, Error> {
        let key = held.key().or(told.stay_key.as_deref()).map(str::to_owned);
        let stay = held.row.stay.id;
        let mut all = rows::told_of_stay(tx, stay)?;
        let mut waiting = rows::told_waiting(tx, person)?;
        while let Some(at) = waiting
            .iter()
            .position(|one| belongs(one, key.as_deref(), &all))
        {
            let one = waiting.remove(at);
            let shelf = shelf_key(one.notice.kind, &one.notice.message_id);
            rows::attach_notice(tx, one.notice.id, &shelf, stay)?;
            all.push(one);
        }
        for (standing, one) in standings(&all).iter().zip(&mut all) {
            if standing.status != one.notice.status
                || standing.responds_to != one.notice.responds_to
            {
                rows::set_standing(tx, standing)?;
                one.notice.status = standing.status;
                one.notice.responds_to.clone_from(&standing.responds_to);
            }
        }
        let sent_on = self.app.day_of(told.notice.sent_at);
        let ended = held.row.stay.discharged_on;
        self.redraw(tx, held, &all)?;
        Ok(remarks(told, &all, ended, sent_on))
    }

    /// Changes the stay where its messages say something else than before. What staff
    /// put in stands until a message that was sent last says something new.
    fn redraw(&self, tx: &mut dyn Tx, held: Held, all: &[Told]) -> Result<(), Error> {
        let Held { mut row, told } = held;
        let (old, new) = (picture(&told), picture(all));
        let before = row.clone();
        if let Some(day) = new
            .admitted_on
            .filter(|_| new.admitted_on != old.admitted_on)
        {
            row.stay.admitted_on = day;
        }
        if new.ward != old.ward {
            row.stay.ward.clone_from(&new.ward);
        }
        if new.expected_on != old.expected_on {
            row.stay.expected_on = new.expected_on;
        }
        if row.source == SOURCE && row.source_key.is_none() {
            row.source_key = all.iter().find_map(|one| one.stay_key.clone());
        }
        self.advise(&mut row, (&old, &told), (&new, all));
        if row == before {
            return Ok(());
        }
        let changes = self.changes(&before, &row);
        row.version += 1;
        row.updated_at = self.app.now();
        row.updated_by = self.sender();
        if !self.app.keep_stay(tx, &row, &changes)? {
            return Err(Error::Stale {
                who: before.updated_by,
                what: "the stay".to_owned(),
            });
        }
        Ok(())
    }

    /// Sets the next action where nobody set another.
    fn advise(&self, row: &mut StayRow, old: (&Picture, &[Told]), new: (&Picture, &[Told])) {
        let was = self.advice(row, old.0, old.1);
        let is = self.advice(row, new.0, new.1);
        let ours =
            row.next_action.is_empty() || was.is_some_and(|(action, ..)| action == row.next_action);
        if let (true, Some((action, side, due))) = (ours && was != is, is) {
            row.next_action = action.to_owned();
            row.next_owner = match side {
                Side::Hospital => Some(row.stay.hospital),
                Side::Council => row.stay.council,
            };
            row.next_owner_name = String::new();
            row.next_due_at = due;
        }
    }

    fn advice(&self, row: &StayRow, picture: &Picture, all: &[Told]) -> Advice {
        let (action, side) = picture.next?;
        let step = match action {
            "Answer the assessment notice" => Some(StepKind::AssessmentAnswer),
            "Answer the discharge notice" => Some(StepKind::DischargeAnswer),
            _ => None,
        };
        let due = step.and_then(|kind| self.due(row, kind, all));
        Some((action, side, due))
    }

    /// When a step is due by the clocks of the place, where they are set.
    fn due(&self, row: &StayRow, kind: StepKind, all: &[Told]) -> Option<Timestamp> {
        let notices: Vec<Notice> = all.iter().map(|one| one.notice.clone()).collect();
        let input = StepsInput {
            stay: &row.stay,
            notices: &notices,
            expected_set_on: None,
            assessed_on: row.assessed_on,
            destination_state: row.destination_state,
            starts_on: row.starts_on,
            now: local(self.app.now()),
        };
        let steps = steps(input, self.app.policy()).ok()?;
        let step = steps.into_iter().find(|step| step.kind == kind)?;
        match step.due? {
            Moment::Time(time) => instant(time),
            Moment::Day(day) => instant(day.at(17, 0, 0, 0)),
        }
    }

    fn changes(&self, before: &StayRow, after: &StayRow) -> Vec<Change> {
        let day = |day: Option<Date>| {
            day.map(|day| Moment::Day(day).in_words())
                .unwrap_or_default()
        };
        let (was, is) = (&before.stay, &after.stay);
        [
            (
                "admission date",
                day(Some(was.admitted_on)),
                day(Some(is.admitted_on)),
            ),
            ("ward", was.ward.clone(), is.ward.clone()),
            ("expected date", day(was.expected_on), day(is.expected_on)),
            (
                "next action",
                before.next_action.clone(),
                after.next_action.clone(),
            ),
        ]
        .into_iter()
        .filter(|(_, before, after)| before != after)
        .map(|(field, before, after)| Change {
            field: field.to_owned(),
            before,
            after,
            why: self.message.kind.told().to_owned(),
            at: self.message.sent_at,
            actor: self.sender(),
            organisation: self.sender(),
        })
        .collect()
    }

    /// The message on the shelf; it and its documents on the timeline.
    fn timeline(
        &self,
        tx: &mut dyn Tx,
        person: PersonId,
        stay: Option<StayId>,
        told: &Told,
    ) -> Result<(), Error> {
        let (message, now) = (self.message, self.app.now());
        let shelf = self.shelve(tx, told)?;
        let happened_at = told.notice.sent_at.to_string();
        let source = self.sender();
        let response = message.is_response();
        let mut line = NewLine {
            person: Some(person),
            person_key: None,
            happened_at: Some(&happened_at),
            kind: message.kind.line(),
            title: message.kind.told(),
            sector: if response { "council" } else { "nhs" },
            source: &source,
            category: "",
            codes: None,
            received_at: now,
            shelf: Some(shelf),
            stay,
            document: None,
        };
        timeline::add(tx, self.app.ids().timeline(), &line)?;
        for sent in &message.documents {
            let id = self.app.ids().document();
            let document = NewDocument {
                id,
                person,
                title: &sent.title,
                media_type: &sent.media_type,
                sha256: Sha256::digest(&sent.bytes).into(),
                bytes: &sent.bytes,
                inbox: self.arrival.id,
            };
            document::add(tx, &document)?;
            line.kind = "Document";
            line.title = &sent.title;
            line.category = Categories::builtin().of(&sent.title, &[]);
            line.document = Some(id);
            timeline::add(tx, self.app.ids().timeline(), &line)?;
        }
        Ok(())
    }

    fn shelve(&self, tx: &mut dyn Tx, told: &Told) -> Result<ShelfId, Error> {
        let key = shelf_key(told.notice.kind, &told.notice.message_id);
        let id = self.app.ids().shelf();
        let shelved = Shelved {
            id,
            inbox: self.arrival.id,
            record: 1,
            format: "xml",
            resource_type: "Bundle",
            key: &key,
            sha256: &self.sha256,
            bytes: self.text,
        };
        shelf::put(tx, &shelved, self.app.now())?;
        Ok(id)
    }
}
