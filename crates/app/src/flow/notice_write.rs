//! Notices and answers written here: what the law says of them today, what is missing, what they
//! will mean, the message, and the queue of what is to be handed over.
//!
//! A message that is sent is kept by the same path as one that arrives: what stands here and what
//! the other side reads are the same bytes.

mod message;
mod times;

use super::edit::{short, stale};
use super::load_adw::Taken;
use super::stay::name_of;
use crate::person::Sight;
use crate::{App, Error, FieldError, Subject};
pub use ::flow::notice_contents::NewNotice;
use ::flow::notice_contents::{Written, missing, out_of_turn, to_answer};
use ::flow::notice_law::Applies;
use ::flow::receive::answers;
use ::flow::{Notice, NoticeKind};
use ::person::Person;
use ::person::acting::Acting;
use access::{Action, Actor, Allowed};
use fhir::adw::{self, AdwMessage};
use kernel::{InboxId, NoticeId, StayId, limits};
use store::flow::{self as rows, StayRow};
use store::inbox::{self, InboxKind, InboxState};
use store::organisation::{self, Organisation};
use store::outgoing::{self, Outgoing};
use store::{Tx, journal, shelf};

/// A code with its words.
pub type CodeWords = (&'static str, &'static str);

/// What can be written about a stay now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticesPage {
    /// Whose stay it is.
    pub person: Person,
    /// The stay; its `version` goes with what is sent.
    pub row: StayRow,
    /// Name of the council, if known.
    pub council: Option<String>,
    /// What applies today.
    pub applies: Applies,
    /// Notices and answers so far, oldest first.
    pub notices: Vec<Notice>,
    /// What whoever asks may write, with what stands in the way of it.
    pub may: Vec<(NoticeKind, Option<&'static str>)>,
    /// Why a notice is withdrawn, to choose from.
    pub withdrawal_reasons: Vec<CodeWords>,
    /// Who agrees for somebody who lacks capacity, to choose from.
    pub consent_sources: Vec<CodeWords>,
    /// Who acts for the person today, those first who may decide.
    pub acting: Vec<Acting>,
}

/// A notice as it would be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeShown {
    /// What it says, a key and a value each.
    pub facts: Vec<(String, String)>,
    /// What follows from it, a line each: when it counts as given, minimum periods, relevant day.
    pub times: Vec<String>,
    /// Keys of the values from memory that the times rest on.
    pub rests_on: Vec<String>,
}

/// A notice that was sent or received, in full.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticePage {
    /// Whose stay it is.
    pub person: Person,
    /// The notice.
    pub notice: Notice,
    /// What it says and what follows from it.
    pub shown: NoticeShown,
    /// Who sent it from here, and whether it was handed over; `None` if it came from elsewhere.
    pub sent: Option<Outgoing>,
}

/// What a message is made from, in one transaction.
struct Draft {
    row: StayRow,
    person: Person,
    sight: Sight,
    notices: Vec<Notice>,
    stay_key: Option<String>,
    organisations: Vec<Organisation>,
    council_side: bool,
}

/// Messages of the hospital, and those of the council, in the order they are offered.
const OF_HOSPITAL: [NoticeKind; 3] = [
    NoticeKind::Assessment,
    NoticeKind::Discharge,
    NoticeKind::Withdrawal,
];
const OF_COUNCIL: [NoticeKind; 6] = [
    NoticeKind::AssessmentAccept,
    NoticeKind::AssessmentReject,
    NoticeKind::DischargeAccept,
    NoticeKind::DischargeReject,
    NoticeKind::WithdrawalAccept,
    NoticeKind::WithdrawalReject,
];

impl App {
    /// What can be written about a stay now.
    ///
    /// # Errors
    /// Not allowed, not there, or the store's.
    pub fn notices_to_write(&self, actor: &Actor, id: StayId) -> Result<NoticesPage, Error> {
        let allowed = access::decide(actor, Action::ChangeStay)?;
        self.store().write(|tx| {
            let draft = self.notice_draft(tx, actor, id)?;
            let kinds: &[NoticeKind] = match draft.council_side {
                true => &OF_COUNCIL,
                false => &OF_HOSPITAL,
            };
            let barred = |kind| out_of_turn(kind, None, &draft.notices).map(|(_, why)| why);
            let may = kinds.iter().map(|kind| (*kind, barred(*kind))).collect();
            let acting = self.acting_now(tx, &draft.sight)?;
            let subject = about(&draft, draft.notices.len());
            self.looked(tx, actor, allowed, Action::ChangeStay, subject)?;
            Ok(NoticesPage {
                acting,
                council: name_of(&draft.organisations, draft.row.stay.council)
                    .filter(|_| draft.sight.address),
                person: draft.person,
                row: draft.row,
                applies: Applies::on(self.policy(), self.today()),
                notices: draft.notices,
                may,
                withdrawal_reasons: adw::codes_of(message::WITHDRAWAL_REASONS),
                consent_sources: adw::codes_of(message::CONSENT_SOURCES)
                    .into_iter()
                    .filter(|(code, _)| *code != message::NOT_APPLICABLE)
                    .collect(),
            })
        })
    }

    /// A notice or answer as it would be sent, with what follows from it. Nothing is written.
    ///
    /// # Errors
    /// Not allowed, not there; what is missing or out of turn, each at its field; the store's.
    pub fn notice_preview(
        &self,
        actor: &Actor,
        id: StayId,
        new: &NewNotice,
    ) -> Result<NoticeShown, Error> {
        access::decide(actor, Action::ChangeStay)?;
        self.store().read(|tx| {
            let draft = self.notice_draft(tx, actor, id)?;
            let message = self.notice_message(&draft, new, actor)?;
            Ok(self.notice_shown(&message, &draft.notices))
        })
    }

    /// Sends a notice or an answer: it is kept as one that arrived would be, with all that follows
    /// for the stay, and waits in the queue to be handed over.
    ///
    /// # Errors
    /// As [`App::notice_preview`]; `Stale` if somebody changed the stay since `version`.
    pub fn send_notice(
        &self,
        actor: &Actor,
        id: StayId,
        version: i64,
        new: &NewNotice,
    ) -> Result<NoticeId, Error> {
        let allowed = access::decide(actor, Action::ChangeStay)?;
        self.store().write(|tx| {
            let draft = self.notice_draft(tx, actor, id)?;
            if draft.row.version != version {
                return Err(stale(tx, &draft.row, version)?);
            }
            let message = self.notice_message(&draft, new, actor)?;
            self.put_out(tx, (actor, allowed), &draft, &message)
        })
    }

    fn put_out(
        &self,
        tx: &mut dyn Tx,
        (actor, allowed): (&Actor, Allowed),
        draft: &Draft,
        message: &AdwMessage,
    ) -> Result<NoticeId, Error> {
        let text = adw::write(message);
        let name = format!(
            "{}-{}.xml",
            message.kind.as_str().replace(' ', "-"),
            message.id
        );
        let bytes = text.as_bytes();
        let made = (InboxKind::Adw, name.as_str());
        let inbox = self.keep_made(tx, made, bytes, InboxState::Accepted)?;
        let arrival = inbox::by_id(tx, inbox)?.ok_or(Error::NotFound("arrival"))?;
        let id = draft.row.stay.id;
        let notice = match self.keep_written(tx, &arrival, message, bytes)? {
            Taken::Kept(notice) => notice,
            Taken::Refused(why) => return Err(Error::invalid("notice", why)),
        };
        let of = rows::notice_by_message(tx, &message.id, message.kind)?;
        if of.and_then(|(stay, _)| stay) != Some(id) {
            let text = "The message does not find this stay. Look at the dates of the stay first";
            return Err(Error::invalid("notice", text));
        }
        let sent = Outgoing {
            notice,
            stay: id,
            inbox,
            name,
            receiver: message.receiver.to_string(),
            written_at: self.now(),
            written_by: actor.display_name.clone(),
            organisation: actor.organisation_name.clone(),
            taken_at: None,
        };
        outgoing::insert(tx, &sent)?;
        let subject = Subject {
            detail: message.kind.as_str().to_owned(),
            ..about(draft, 1)
        };
        let kind = journal::Kind::Command;
        self.record(tx, actor, allowed, kind, "stay: send notice", subject)?;
        Ok(notice)
    }

    /// A notice that was sent or received, in full.
    ///
    /// # Errors
    /// Not allowed, not there, or the store's.
    pub fn notice(&self, actor: &Actor, id: StayId, notice: NoticeId) -> Result<NoticePage, Error> {
        let allowed = access::decide(actor, Action::SeeStay)?;
        self.store().write(|tx| {
            let gone = || Error::NotFound("notice");
            let draft = self.notice_draft(tx, actor, id)?;
            let found = draft.notices.iter().find(|one| one.id == notice);
            let found = found.ok_or_else(gone)?.clone();
            let key = super::load_adw::shelf_key(found.kind, &found.message_id);
            let kept = shelf::latest(tx, &key)?.ok_or_else(gone)?;
            let mut message = adw::read(&kept).map_err(|_| gone())?.message;
            if !draft.sight.address {
                message.patient.address = None;
                message.patient.telephone = String::new();
            }
            let before = draft.notices.iter();
            let before: Vec<Notice> = before
                .filter(|one| one.sent_at <= found.sent_at && one.id != found.id)
                .cloned()
                .collect();
            let sent = outgoing::of_stay(tx, id)?;
            let subject = Subject {
                thing: format!("notice {notice}"),
                ..about(&draft, 1)
            };
            self.looked(tx, actor, allowed, Action::SeeStay, subject)?;
            Ok(NoticePage {
                shown: self.notice_shown(&message, &before),
                sent: sent.into_iter().find(|one| one.notice == notice),
                person: draft.person,
                notice: found,
            })
        })
    }

    fn notice_draft(&self, tx: &mut dyn Tx, actor: &Actor, id: StayId) -> Result<Draft, Error> {
        let row = rows::stay(tx, id)?.ok_or(Error::NotFound("stay"))?;
        let sight = self.sight(tx, actor, row.stay.person)?;
        let records = store::person::records_of(tx, sight.person)?;
        let person = ::person::together(records.iter()).ok_or(Error::NotFound("person"))?;
        let told = rows::told_of_stay(tx, id)?;
        let asker = self.asker(tx, actor)?;
        Ok(Draft {
            notices: rows::notices_of_stay(tx, id)?,
            stay_key: told.into_iter().find_map(|one| one.stay_key),
            organisations: organisation::all(tx)?,
            council_side: asker.sector == "council",
            person: sight.shown(person),
            row,
            sight,
        })
    }

    /// The message, if it can be sent: the law, whose it is, its turn, and all that it must say.
    fn notice_message(
        &self,
        draft: &Draft,
        new: &NewNotice,
        actor: &Actor,
    ) -> Result<AdwMessage, Error> {
        let applies = Applies::on(self.policy(), self.today());
        let gone = draft.row.stay.discharged_on.is_some() || draft.person.died_on.is_some();
        let answer = answers(new.kind).is_some();
        let barred = match () {
            () if !applies.may_write() => Some("No notice is written under the law of today"),
            () if gone && !answer && new.kind != NoticeKind::Withdrawal => {
                Some("The person has left hospital. No notice can be given")
            }
            () if answer && !draft.council_side => {
                Some("The council answers. Only somebody of the council can write this")
            }
            () if !answer && draft.council_side => {
                Some("The hospital gives notices. Somebody of the council cannot write this")
            }
            () => None,
        };
        if let Some(text) = barred {
            return Err(Error::invalid("notice", text));
        }
        let written = self.written(draft, new)?;
        let turn = out_of_turn(new.kind, new.withdraws, &draft.notices);
        let wrong: Vec<FieldError> = turn
            .into_iter()
            .chain(missing(&written, self.today()))
            .map(|(field, text)| FieldError {
                field,
                text: text.to_owned(),
            })
            .collect();
        match wrong.is_empty() {
            true => self.make_message(draft, new, (actor, applies)),
            false => Err(Error::Invalid(wrong)),
        }
    }

    /// What is typed with what the record says, for the rule of what must be there.
    fn written(&self, draft: &Draft, new: &NewNotice) -> Result<Written, Error> {
        let (person, stay) = (&draft.person, &draft.row.stay);
        Ok(Written {
            name: person.full_name(),
            has_nhs_number: person.nhs_number.is_some(),
            hospital: name_of(&draft.organisations, Some(stay.hospital)).unwrap_or_default(),
            has_council: stay.council.is_some(),
            typed: NewNotice {
                continuing_result: short("continuing_result", &new.continuing_result)?,
                services: short("services", &new.services)?,
                liaison: short("liaison", &new.liaison)?,
                telephone: short("telephone", &new.telephone)?,
                email: short("email", &new.email)?,
                reason: short("reason", &new.reason)?,
                ..new.clone()
            },
        })
    }

    /// The notice that an answer goes to.
    fn answered_by<'n>(&self, draft: &'n Draft, kind: NoticeKind) -> Option<&'n Notice> {
        to_answer(answers(kind)?, &draft.notices)
    }

    /// Messages written here that wait to be handed over, oldest first.
    ///
    /// # Errors
    /// Not allowed, or the store's.
    pub fn outbox(&self, actor: &Actor) -> Result<Vec<Outgoing>, Error> {
        let allowed = access::decide(actor, Action::SeeInbox)?;
        self.store().write(|tx| {
            let waiting = outgoing::waiting(tx)?;
            let subject = Subject {
                thing: "outbox".to_owned(),
                results: waiting.len(),
                ..Subject::default()
            };
            self.looked(tx, actor, allowed, Action::SeeInbox, subject)?;
            Ok(waiting)
        })
    }

    /// The bytes of a message that waits to be handed over.
    ///
    /// # Errors
    /// Not allowed, not there, or the store's.
    pub fn outgoing_bytes(&self, actor: &Actor, inbox: InboxId) -> Result<Vec<u8>, Error> {
        access::decide(actor, Action::LoadInbox)?;
        let bytes = self.store().read(|tx| inbox::content(tx, inbox))?;
        match bytes.len() <= limits::ARRIVAL_BYTES {
            true => Ok(bytes),
            false => Err(Error::NotFound("message")),
        }
    }

    /// Notes that a message was handed over. False if that was noted before.
    ///
    /// # Errors
    /// Not allowed, or the store's.
    pub fn handed_over(&self, actor: &Actor, notice: NoticeId) -> Result<bool, Error> {
        let allowed = access::decide(actor, Action::LoadInbox)?;
        self.store().write(|tx| {
            let first = outgoing::taken(tx, notice, self.now())?;
            if first {
                let subject = Subject {
                    thing: format!("notice {notice}"),
                    results: 1,
                    ..Subject::default()
                };
                let kind = journal::Kind::Load;
                self.record(tx, actor, allowed, kind, "hand over", subject)?;
            }
            Ok(first)
        })
    }
}

fn about(draft: &Draft, results: usize) -> Subject {
    Subject {
        person: Some(draft.sight.person),
        thing: format!("stay {}", draft.row.stay.id),
        results,
        ..Subject::default()
    }
}
