//! Letters about choice of a stay: written from what is known, looked at before they are given,
//! and recorded when they are.

use super::board::policy;
use super::edit::{short, stale};
use crate::person::Sight;
use crate::{App, Error, FieldError, Subject};
use ::flow::DestinationState;
use ::flow::letter::{
    Facts, Filled, LetterKind, Reader, blocks_of, day_fits, in_turn, reader_fits,
};
use ::flow::offer::{NeedState, OfferState};
use ::person::Person;
use ::person::acting::Acting;
use access::{Action, Actor};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::civil::Date;
use kernel::{DocumentId, PersonId, StayId};
use serde_json::json;
use sha2::{Digest, Sha256};
use store::document::{self, NewDocument};
use store::flow::{self as rows, Change, Check, GivenLetter, StayRow};
use store::inbox::{InboxKind, InboxState};
use store::shelf::{self, Shelved};
use store::timeline::{self, Filter, NewLine};
use store::{Tx, directory, journal, offer, organisation};

/// What on the list for leaving a letter ticks, where the place's list has it.
const ITEM: &str = "choice";
/// Most things in a list of a letter, so that it stays one page.
const MOST: usize = 4;
/// Longest thing in such a list, and longest name, in characters.
const LONGEST: usize = 80;
/// People around somebody who are named beside the form.
const AROUND: usize = 6;
/// The flag of a person about whom a decision about capacity is on record.
const CAPACITY: &str = "capacity decision";

/// A letter as it is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLetter {
    /// Which letter.
    pub kind: LetterKind,
    /// To whom it goes.
    pub reader: Reader,
    /// Places and services that can help now.
    pub offered: Vec<String>,
    /// Those that said no.
    pub declined: Vec<String>,
    /// Whom to talk to.
    pub contact: String,
    /// How to reach them.
    pub telephone: String,
    /// The day to choose by.
    pub choose_by: Option<Date>,
    /// The place that is arranged.
    pub interim: String,
    /// The first day there.
    pub starts_on: Option<Date>,
}

/// The letters of a stay, and what the next can start from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LettersPage {
    /// Whose stay it is.
    pub person: Person,
    /// The stay; its `version` goes with a letter that is given.
    pub row: StayRow,
    /// Letters given, oldest first.
    pub given: Vec<GivenLetter>,
    /// What the record says, to fill a letter with; `reader` is who acts for the person, if a
    /// letter went to somebody before.
    pub known: Facts,
    /// Whether a decision about capacity is on record.
    pub capacity: bool,
    /// People around the person whom the record names, as it names them.
    pub around: Vec<String>,
    /// Who acts for the person today, those first who may decide.
    pub acting: Vec<Acting>,
}

/// A letter that was given, as it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterPage {
    /// Whose stay it is.
    pub person: Person,
    /// Which, when, by whom, to whom.
    pub given: GivenLetter,
    /// Its words.
    pub filled: Filled,
}

/// What a letter is made from, in one transaction.
struct Draft {
    row: StayRow,
    person: Person,
    sight: Sight,
    given: Vec<GivenLetter>,
    hospital: String,
}

impl App {
    /// The letters of a stay, and what the record says to fill the next one with.
    ///
    /// # Errors
    /// Not allowed, not there, or the store's.
    pub fn choice_letters(&self, actor: &Actor, id: StayId) -> Result<LettersPage, Error> {
        let allowed = access::decide(actor, Action::ChangeStay)?;
        self.store().write(|tx| {
            let draft = self.letter_of_stay(tx, actor, id)?;
            let known = self.known_for_letter(tx, actor, &draft)?;
            let lines = Filter {
                kind: Some("RelatedPerson".to_owned()),
                limit: AROUND,
                ..Filter::default()
            };
            let around = timeline::of_person(tx, draft.sight.person, &lines, &draft.sight.items)?;
            let acting = self.acting_now(tx, &draft.sight)?;
            let subject = about(&draft, id, draft.given.len());
            self.looked(tx, actor, allowed, Action::ChangeStay, subject)?;
            Ok(LettersPage {
                acting,
                capacity: has_capacity_decision(&draft.person),
                person: draft.person,
                row: draft.row,
                given: draft.given,
                known,
                around: around.into_iter().map(|line| line.title).collect(),
            })
        })
    }

    /// A letter filled in, as it would be given. Nothing is written.
    ///
    /// # Errors
    /// Not allowed, not there, what is missing or does not fit, or the store's.
    pub fn choice_letter_preview(
        &self,
        actor: &Actor,
        id: StayId,
        new: &NewLetter,
    ) -> Result<Filled, Error> {
        access::decide(actor, Action::ChangeStay)?;
        self.store().read(|tx| {
            let draft = self.letter_draft(tx, actor, id)?;
            self.filled_letter(&draft, new)
        })
    }

    /// Records that a letter was given: its words as a document on the record, a line on the
    /// timeline, the history of the stay, and the tick on the list for leaving.
    ///
    /// # Errors
    /// As [`App::choice_letter_preview`]; `Stale` if somebody changed the stay since `version`.
    pub fn give_choice_letter(
        &self,
        actor: &Actor,
        id: StayId,
        version: i64,
        new: &NewLetter,
    ) -> Result<i64, Error> {
        let allowed = access::decide(actor, Action::ChangeStay)?;
        self.store().write(|tx| {
            let draft = self.letter_draft(tx, actor, id)?;
            let filled = self.filled_letter(&draft, new)?;
            if draft.row.version != version {
                return Err(stale(tx, &draft.row, version)?);
            }
            let letter = self.given_letter(&draft, new, actor);
            self.put_letter(tx, actor, &draft, &letter, &filled)?;
            let number = rows::add_letter(tx, id, &letter)?;
            self.tick_choice(tx, id, &letter)?;
            self.letter_in_history(tx, &draft, &letter)?;
            let kind = journal::Kind::Command;
            let subject = about(&draft, id, 1);
            self.record(
                tx,
                actor,
                allowed,
                kind,
                "stay: give choice letter",
                subject,
            )?;
            Ok(number)
        })
    }

    /// A letter that was given, as it was given.
    ///
    /// # Errors
    /// Not allowed, not there or withheld, or the store's.
    pub fn choice_letter(
        &self,
        actor: &Actor,
        id: StayId,
        number: i64,
    ) -> Result<LetterPage, Error> {
        let allowed = access::decide(actor, Action::SeeStay)?;
        self.store().write(|tx| {
            let gone = || Error::NotFound("letter");
            let draft = self.letter_of_stay(tx, actor, id)?;
            let mut all = draft.given.iter();
            let given = all.find(|one| one.number == number).ok_or_else(gone)?;
            let (head, items) = (draft.sight.person, &draft.sight.items);
            if !document::in_scope(tx, head, given.document, items)? {
                return Err(gone());
            }
            let kept = document::by_id(tx, given.document)?.ok_or_else(gone)?;
            let text = String::from_utf8_lossy(&kept.bytes);
            let subject = Subject {
                thing: format!("document {}", given.document),
                ..about(&draft, id, 1)
            };
            self.looked(tx, actor, allowed, Action::SeeStay, subject)?;
            Ok(LetterPage {
                person: draft.person.clone(),
                given: given.clone(),
                filled: Filled {
                    title: kept.title,
                    blocks: blocks_of(&text),
                },
            })
        })
    }

    fn letter_of_stay(&self, tx: &mut dyn Tx, actor: &Actor, id: StayId) -> Result<Draft, Error> {
        let row = rows::stay(tx, id)?.ok_or(Error::NotFound("stay"))?;
        let sight = self.sight(tx, actor, row.stay.person)?;
        let records = store::person::records_of(tx, sight.person)?;
        let person = ::person::together(records.iter()).ok_or(Error::NotFound("person"))?;
        let hospital = organisation::by_id(tx, row.stay.hospital)?;
        Ok(Draft {
            given: rows::letters(tx, id)?,
            person: sight.shown(person),
            hospital: hospital.map(|one| one.name).unwrap_or_default(),
            row,
            sight,
        })
    }

    /// As [`App::letter_of_stay`], of somebody who is still in hospital and alive.
    fn letter_draft(&self, tx: &mut dyn Tx, actor: &Actor, id: StayId) -> Result<Draft, Error> {
        let draft = self.letter_of_stay(tx, actor, id)?;
        let over = match (draft.row.stay.discharged_on, draft.person.died_on) {
            (_, Some(_)) => "This person has died. No letter is written to them",
            (Some(_), None) => "The person has left hospital. No letter can be given",
            (None, None) => return Ok(draft),
        };
        Err(Error::invalid("letter", over))
    }

    /// What the record says, to fill a letter with.
    fn known_for_letter(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        draft: &Draft,
    ) -> Result<Facts, Error> {
        let row = &draft.row;
        let head = draft.sight.person;
        let mut known = Facts {
            reader: rows::last_acting(tx, head)?.unwrap_or_default(),
            contact: actor.display_name.clone(),
            ..self.facts_of(draft)
        };
        for need in offer::needs_of_person(tx, head)? {
            if need.stay != Some(row.stay.id) || need.state == NeedState::Withdrawn {
                continue;
            }
            for one in offer::offers_of(tx, need.id)? {
                let list = match one.state {
                    OfferState::Accepted => &mut known.offered,
                    OfferState::Declined => &mut known.declined,
                    _ => continue,
                };
                let Some(kept) = directory::by_id(tx, one.service)? else {
                    continue;
                };
                if one.state == OfferState::Accepted {
                    known.interim.clone_from(&kept.service.name);
                    known.starts_on = one.starts_on;
                }
                if !list.contains(&kept.service.name) && list.len() < MOST {
                    list.push(kept.service.name);
                }
            }
        }
        let settled = matches!(
            row.destination_state,
            DestinationState::Accepted | DestinationState::Started
        );
        if settled && !row.destination.is_empty() && known.offered.is_empty() {
            known.offered.push(row.destination.clone());
            known.interim.clone_from(&row.destination);
            known.starts_on = row.starts_on;
        }
        Ok(known)
    }

    fn facts_of(&self, draft: &Draft) -> Facts {
        Facts {
            name: draft.person.full_name(),
            hospital: draft.hospital.clone(),
            ward: draft.row.stay.ward.clone(),
            day: Some(self.today()),
            ..Facts::default()
        }
    }

    /// The letter as typed, filled in, if all that it needs is there and fits.
    fn filled_letter(&self, draft: &Draft, new: &NewLetter) -> Result<Filled, Error> {
        let today = self.today();
        let mut wrong: Vec<FieldError> = Vec::new();
        let given: Vec<LetterKind> = draft.given.iter().map(|one| one.kind).collect();
        let capacity = has_capacity_decision(&draft.person);
        let barred = [
            in_turn(new.kind, &given),
            reader_fits(&new.reader, capacity),
            day_fits(new.choose_by, today),
            new.starts_on
                .filter(|day| *day < today)
                .map(|_| ("starts_on-day", "The first day must be today or later")),
        ];
        wrong.extend(barred.into_iter().flatten().map(field_error));
        wrong.extend(too_long(new));
        let mut facts = Facts {
            offered: new.offered.clone(),
            declined: new.declined.clone(),
            contact: short("contact", &new.contact)?,
            telephone: short("telephone", &new.telephone)?,
            choose_by: new.choose_by,
            interim: short("interim", &new.interim)?,
            starts_on: new.starts_on,
            ..self.facts_of(draft)
        };
        facts.acts_for = matches!(new.reader, Reader::ActsFor { .. });
        facts.reader = match &new.reader {
            Reader::ActsFor { name } => name.trim().to_owned(),
            Reader::Person { .. } => facts.name.clone(),
        };
        let words = self.policy().letters.get(new.kind);
        let words = words.ok_or_else(|| policy("letters: this letter has no words"))?;
        match words.fill(&facts) {
            Ok(filled) if wrong.is_empty() => Ok(filled),
            Ok(_) => Err(Error::Invalid(wrong)),
            Err(missing) => {
                let lacks = missing.into_iter().filter(|one| one.field != "reader");
                wrong.extend(lacks.map(|one| {
                    let field = match one.field {
                        "choose_by" => "choose_by-day",
                        "starts_on" => "starts_on-day",
                        "name" | "hospital" => "letter",
                        other => other,
                    };
                    field_error((field, one.text))
                }));
                Err(Error::Invalid(wrong))
            }
        }
    }

    fn given_letter(&self, draft: &Draft, new: &NewLetter, actor: &Actor) -> GivenLetter {
        let (to, acts_for, why) = match &new.reader {
            Reader::ActsFor { name } => (name.trim().to_owned(), true, String::new()),
            Reader::Person { why } => (
                self.facts_of(draft).name,
                false,
                // Asked for only where a decision about capacity is on record.
                match has_capacity_decision(&draft.person) {
                    true => why.trim().to_owned(),
                    false => String::new(),
                },
            ),
        };
        GivenLetter {
            number: 0,
            kind: new.kind,
            at: self.now(),
            by: actor.display_name.clone(),
            organisation: actor.organisation_name.clone(),
            to,
            acts_for,
            why,
            choose_by: new.choose_by,
            document: self.ids().document(),
        }
    }

    /// The words of a letter on the record: a document, its resource on the shelf, and its line.
    fn put_letter(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        draft: &Draft,
        letter: &GivenLetter,
        filled: &Filled,
    ) -> Result<(), Error> {
        let (person, now) = (draft.sight.person, self.now());
        let text = filled.as_text();
        let resource = as_resource(letter, person, &filled.title, &text, &now.to_string());
        let bytes = resource.as_bytes();
        let inbox = self.keep_made(
            tx,
            (InboxKind::Fhir, "choice-letter.json"),
            bytes,
            InboxState::Accepted,
        )?;
        let sha256 = Sha256::digest(bytes);
        let shelved = Shelved {
            id: self.ids().shelf(),
            inbox,
            record: 1,
            format: "json",
            resource_type: "DocumentReference",
            key: &format!("DocumentReference/{}", letter.document),
            sha256: &sha256,
            bytes,
        };
        shelf::put(tx, &shelved, now)?;
        let kept = NewDocument {
            id: letter.document,
            person,
            title: &filled.title,
            media_type: MEDIA,
            sha256: Sha256::digest(text.as_bytes()).into(),
            bytes: text.as_bytes(),
            inbox,
        };
        document::add(tx, &kept)?;
        let asker = self.asker(tx, actor)?;
        let happened = self.today().to_string();
        let line = NewLine {
            person: Some(person),
            person_key: None,
            happened_at: Some(&happened),
            kind: "DocumentReference",
            title: &filled.title,
            sector: asker.sector,
            source: &actor.organisation_name,
            category: "",
            codes: None,
            received_at: now,
            shelf: Some(shelved.id),
            stay: Some(draft.row.stay.id),
            document: Some(letter.document),
        };
        Ok(timeline::add(tx, self.ids().timeline(), &line)?)
    }

    /// Ticks the letter on the list for leaving, where the place's list has it.
    fn tick_choice(&self, tx: &mut dyn Tx, id: StayId, letter: &GivenLetter) -> Result<(), Error> {
        let list = &self.policy().leaving_checklist;
        if list.get(ITEM, self.today()).is_err() {
            return Ok(());
        }
        let check = Check {
            item: ITEM.to_owned(),
            state: "done".to_owned(),
            note: letter.kind.in_words().to_owned(),
            at: letter.at,
            actor: letter.by.clone(),
            organisation: letter.organisation.clone(),
        };
        Ok(rows::add_check(tx, id, &check)?)
    }

    fn letter_in_history(
        &self,
        tx: &mut dyn Tx,
        draft: &Draft,
        letter: &GivenLetter,
    ) -> Result<(), Error> {
        let before = draft.given.last();
        let change = Change {
            field: "choice letter".to_owned(),
            before: before.map_or_else(String::new, |one| one.kind.in_words().to_owned()),
            after: format!("{}, given to {}", letter.kind.in_words(), letter.to),
            why: letter.why.clone(),
            at: letter.at,
            actor: letter.by.clone(),
            organisation: letter.organisation.clone(),
        };
        let mut after = draft.row.clone();
        after.version += 1;
        after.updated_at = letter.at;
        after.updated_by.clone_from(&letter.by);
        match self.keep_stay(tx, &after, &[change])? {
            true => Ok(()),
            false => Err(stale(tx, &draft.row, draft.row.version)?),
        }
    }
}

/// How the words of a letter are kept.
const MEDIA: &str = "text/plain; charset=utf-8";

/// The letter as FHIR has documents.
fn as_resource(
    letter: &GivenLetter,
    person: PersonId,
    title: &str,
    text: &str,
    date: &str,
) -> String {
    let id: DocumentId = letter.document;
    json!({
        "resourceType": "DocumentReference",
        "id": id.to_string(),
        "status": "current",
        "type": { "text": title },
        "subject": { "reference": format!("Patient/{person}") },
        "date": date,
        "author": [{ "display": letter.by }],
        "content": [{ "attachment": {
            "contentType": MEDIA, "title": title, "data": STANDARD.encode(text),
        }}],
    })
    .to_string()
}

fn has_capacity_decision(person: &Person) -> bool {
    person.flags.iter().any(|flag| flag == CAPACITY)
}

fn about(draft: &Draft, id: StayId, results: usize) -> Subject {
    Subject {
        person: Some(draft.sight.person),
        thing: format!("stay {id}"),
        results,
        ..Subject::default()
    }
}

fn field_error((field, text): (&'static str, &str)) -> FieldError {
    FieldError {
        field,
        text: text.to_owned(),
    }
}

/// What would make the letter longer than its page.
fn too_long(new: &NewLetter) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    for (field, list) in [("offered", &new.offered), ("declined", &new.declined)] {
        if list.len() > MOST {
            let text = format!("Write at most {MOST}, so that the letter stays one page");
            wrong.push(FieldError { field, text });
        } else if list.iter().any(|one| one.chars().count() > LONGEST) {
            let text = format!("Use {LONGEST} characters or fewer on each line");
            wrong.push(FieldError { field, text });
        }
    }
    let reader = match &new.reader {
        Reader::ActsFor { name } => ("acts_for", name),
        Reader::Person { why } => ("why", why),
    };
    for (field, text) in [
        reader,
        ("contact", &new.contact),
        ("telephone", &new.telephone),
        ("interim", &new.interim),
    ] {
        if text.trim().chars().count() > LONGEST {
            let text = format!("Use {LONGEST} characters or fewer");
            wrong.push(FieldError { field, text });
        }
    }
    wrong
}
