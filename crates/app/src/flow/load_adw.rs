//! The reader of arrivals of kind `adw`: one Care Act notice or answer a file, in one
//! transaction. Whom it is about is `person::identify`'s to say, what it does to a
//! stay is `flow::receive`'s; this file keeps the rows.

mod keep;
mod whom;

use crate::inbox::Outcome;
use crate::{App, Error, Subject};
use ::flow::receive::{Before, Contradiction, Course, Known, KnownStay, Remark, Told, course};
use ::flow::{Notice, NoticeStatus};
use access::{Action, Actor};
use fhir::adw::{self, AdwMessage};
use kernel::{Issue, OrganisationId, PersonId, Severity, StayId};
use sha2::{Digest, Sha256};
use store::flow::{self as rows, StayRow};
use store::inbox::{Arrival, Counts};
use store::{Tx, journal, organisation, shelf};
use whom::Whom;

/// A message on its way in.
struct Incoming<'a> {
    app: &'a App,
    arrival: &'a Arrival,
    message: &'a AdwMessage,
    text: &'a [u8],
    sha256: [u8; 32],
}

/// What became of a message.
enum Fate {
    Kept(Kept),
    Repeated,
    Review(Issue),
}

/// A message that was kept.
struct Kept {
    notice: kernel::NoticeId,
    person: PersonId,
    remarks: Vec<Remark>,
}

/// A stay with everything its messages told.
struct Held {
    row: StayRow,
    told: Vec<Told>,
}

impl Held {
    /// The key that the hospital knows it by.
    fn key(&self) -> Option<&str> {
        let own = self.row.source_key.as_deref();
        own.filter(|_| self.row.source == SOURCE)
            .or_else(|| self.told.iter().find_map(|one| one.stay_key.as_deref()))
    }
}

/// The source of stays that a message opened.
const SOURCE: &str = "adw";

impl App {
    /// Reads an arrival of kind `adw` into the store.
    pub(crate) fn load_adw(
        &self,
        actor: &Actor,
        arrival: &Arrival,
        bytes: &[u8],
    ) -> Result<Outcome, Error> {
        let text = match fhir::unpack(bytes) {
            Ok(text) => text,
            Err(issue) => return Ok(Outcome::rejected(vec![issue])),
        };
        let read = match adw::read(&text) {
            Ok(read) => read,
            Err(issues) => return Ok(Outcome::rejected(issues)),
        };
        let incoming = Incoming {
            app: self,
            arrival,
            message: &read.message,
            text: &text,
            sha256: Sha256::digest(&text).into(),
        };
        let allowed = access::decide(actor, Action::LoadInbox)?;
        let fate = self.store().write(|tx| {
            let fate = incoming.take(tx)?;
            if let Fate::Kept(kept) = &fate {
                let subject = Subject {
                    person: Some(kept.person),
                    thing: format!("notice {}", kept.notice),
                    results: 1,
                    detail: read.message.kind.as_str().to_owned(),
                };
                self.record(
                    tx,
                    actor,
                    allowed,
                    journal::Kind::Load,
                    "load notice",
                    subject,
                )?;
            }
            Ok::<_, Error>(fate)
        })?;
        Ok(outcome(fate, read.issues))
    }
}

/// What became of a message that was written here.
pub(super) enum Taken {
    /// It is kept as this notice.
    Kept(kernel::NoticeId),
    /// It contradicts what is known, in words.
    Refused(String),
}

impl App {
    /// Keeps a message that was written here as one that arrived is kept, so that what is sent and
    /// what stands here are one.
    pub(super) fn keep_written(
        &self,
        tx: &mut dyn Tx,
        arrival: &Arrival,
        message: &AdwMessage,
        text: &[u8],
    ) -> Result<Taken, Error> {
        let incoming = Incoming {
            app: self,
            arrival,
            message,
            text,
            sha256: Sha256::digest(text).into(),
        };
        Ok(match incoming.take(tx)? {
            Fate::Kept(kept) => Taken::Kept(kept.notice),
            Fate::Repeated => Taken::Refused("It was sent before".to_owned()),
            Fate::Review(issue) => Taken::Refused(issue.text),
        })
    }
}

fn outcome(fate: Fate, mut issues: Vec<Issue>) -> Outcome {
    let mut counts = Counts {
        records: 1,
        ..Counts::default()
    };
    let mut to_review = false;
    match fate {
        Fate::Repeated => {
            counts.repeated = 1;
            issues.clear();
        }
        Fate::Review(issue) => {
            counts.rejected = 1;
            to_review = true;
            issues.push(issue);
        }
        Fate::Kept(kept) => {
            issues.extend(kept.remarks.iter().map(|remark| {
                Issue::new(Severity::Note, 1, "", remark.as_str(), remark.in_words())
            }));
            if issues.iter().any(|issue| issue.severity > Severity::Note) {
                counts.partly = 1;
            } else {
                counts.accepted = 1;
            }
        }
    }
    Outcome {
        counts,
        issues,
        to_review,
    }
}

/// The key of a message on the shelf.
pub(super) fn shelf_key(kind: ::flow::NoticeKind, message_id: &str) -> String {
    format!("adw/{}/{message_id}", kind.as_str().replace(' ', "-"))
}

/// The organisation of the first of some kinds that has a code.
fn by_code(tx: &mut dyn Tx, kinds: &[&str], code: &str) -> Result<Option<OrganisationId>, Error> {
    for kind in kinds {
        if let Some(found) = organisation::by_code(tx, kind, code)? {
            return Ok(Some(found.id));
        }
    }
    Ok(None)
}

impl Incoming<'_> {
    fn take(&self, tx: &mut dyn Tx) -> Result<Fate, Error> {
        let told = self.told();
        let before = self.before(tx)?;
        if before == Before::Same {
            return Ok(Fate::Repeated);
        }
        let whom = whom::find(tx, &self.message.patient)?;
        let mut held = match &whom {
            Whom::Review(_) | Whom::New => Vec::new(),
            Whom::Known(person) => held(tx, person.id)?,
        };
        let hospital = by_code(tx, &["hospital"], self.message.hospital_code().as_str())?;
        let answered = self.answered(tx)?;
        let key_of_another = key_of_another(tx, &told, &whom)?;
        let course = {
            let stays: Vec<KnownStay<'_>> = held
                .iter()
                .map(|one| KnownStay {
                    stay: &one.row.stay,
                    key: one.key(),
                })
                .collect();
            course(
                &told,
                &Known {
                    before,
                    hospital,
                    stays: &stays,
                    answered,
                    key_of_another,
                },
            )
        };
        // A message that contradicts itself or another is said to do so whoever it is about.
        let doubt = match &whom {
            Whom::Review(doubt) => Some(*doubt),
            _ => None,
        };
        match (course, doubt) {
            (Course::Repeated, _) => Ok(Fate::Repeated),
            (
                Course::Review(
                    why
                    @ (Contradiction::MessageIdReused | Contradiction::DischargeBeforeAdmission),
                ),
                _,
            )
            | (Course::Review(why), None) => Ok(Fate::Review(contradiction(why))),
            (_, Some(doubt)) => Ok(Fate::Review(Issue::new(
                Severity::Reject,
                1,
                "Bundle.entry.resource.Patient",
                "identity-to-review",
                doubt.in_words(),
            ))),
            (Course::Joins(id), None) => {
                let at = held.iter().position(|one| one.row.stay.id == id);
                let stay = at.map(|at| held.swap_remove(at));
                self.keep(tx, whom, told, stay, None)
            }
            (Course::Opens(day), None) => self.keep(tx, whom, told, None, Some(day)),
            (Course::Waits, None) => self.keep(tx, whom, told, None, None),
        }
    }

    /// The message as the rules see it.
    fn told(&self) -> Told {
        let message = self.message;
        Told {
            notice: Notice {
                id: self.app.ids().notice(),
                message_id: message.id.clone(),
                kind: message.kind,
                sent_at: message.sent_at,
                received_at: self.arrival.received_at,
                sender: message.sender.to_string(),
                receiver: message.receiver.to_string(),
                proposed_on: message.encounter.ends_on,
                responds_to: message.responds_to.clone(),
                status: NoticeStatus::Sent,
                reason: message
                    .reason
                    .as_ref()
                    .map(adw::Reason::in_words)
                    .filter(|words| !words.is_empty()),
                free_text: message.free_text(),
            },
            withdraws: message.withdraws,
            stay_key: message.stay_key(),
            admitted_on: message.encounter.admitted_on,
            ward: message.encounter.ward.clone(),
        }
    }

    /// Whether a message with this id and kind came before, and said the same: its
    /// words count, not its bytes.
    fn before(&self, tx: &mut dyn Tx) -> Result<Before, Error> {
        let message = self.message;
        if rows::notice_by_message(tx, &message.id, message.kind)?.is_none() {
            return Ok(Before::No);
        }
        let kept = shelf::latest(tx, &shelf_key(message.kind, &message.id))?.unwrap_or_default();
        let same =
            kept == self.text || adw::read(&kept).is_ok_and(|earlier| earlier.message == *message);
        Ok(if same {
            Before::Same
        } else {
            Before::Different
        })
    }

    /// The stay of the notice it answers.
    fn answered(&self, tx: &mut dyn Tx) -> Result<Option<StayId>, Error> {
        let message = self.message;
        let (Some(kind), Some(id)) = (
            ::flow::receive::answers(message.kind),
            message.responds_to.as_deref(),
        ) else {
            return Ok(None);
        };
        Ok(rows::notice_by_message(tx, id, kind)?.and_then(|(stay, _)| stay))
    }
}

fn contradiction(why: Contradiction) -> Issue {
    let path = match why {
        Contradiction::MessageIdReused => "Bundle.entry[0].resource.MessageHeader.id",
        Contradiction::AnswersOtherStay => {
            "Bundle.entry[0].resource.MessageHeader.response.identifier"
        }
        Contradiction::StayOfAnotherPerson => "Bundle.entry.resource.Encounter.identifier",
        _ => "Bundle.entry.resource.Encounter.period",
    };
    Issue::new(Severity::Reject, 1, path, why.as_str(), why.in_words())
}

/// Whether the message's key of the stay is that of another person's stay.
fn key_of_another(tx: &mut dyn Tx, told: &Told, whom: &Whom) -> Result<bool, Error> {
    let Some(key) = told.stay_key.as_deref() else {
        return Ok(false);
    };
    let owner = rows::stay_by_source(tx, SOURCE, key)?.map(|row| row.stay.person);
    Ok(match (owner, whom) {
        (None, _) => false,
        (Some(owner), Whom::Known(person)) => owner != person.id,
        (Some(_), _) => true,
    })
}

/// A person's stays with what their messages told.
fn held(tx: &mut dyn Tx, person: PersonId) -> Result<Vec<Held>, Error> {
    let mut all = Vec::new();
    for row in rows::stay_rows_of_person(tx, person)? {
        let told = rows::told_of_stay(tx, row.stay.id)?;
        all.push(Held { row, told });
    }
    Ok(all)
}
