//! Requests for help: those of a person that are live, sending one, and what is told of it to
//! whoever asked and to the person.

use super::begun::ToldBegun;
use super::forms::{FormPage, PUBLIC, REFERRAL, Which, public};
use super::policy;
use super::sign::complete;
use crate::{App, Error, Subject};
use ::flow::triage::{Asked, Outcome, Times, due, priority};
use ::person::{Gender, Person};
use access::{Action, Actor};
use jiff::Timestamp;
use kernel::{NhsNumber, OrganisationId, PersonId, ServiceId};
use store::form::{self as form_rows, FormState};
use store::inbox::{InboxKind, InboxState};
use store::referral::{self as rows, Referral, ReferralState};
use store::{Tx, journal, organisation};

/// The requests of a person, before one is begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonReferrals {
    /// The person.
    pub person: Person,
    /// Those that are still to be decided, the latest first.
    pub live: Vec<Referral>,
    /// Those that were decided, with the outcomes.
    pub decided: Vec<(Referral, Vec<Outcome>)>,
    /// Forms that were begun and not sent.
    pub begun: Vec<form_rows::Kept>,
}

/// One request as the person is told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldReferral {
    /// When it was sent.
    pub sent_at: Timestamp,
    /// Whether the person asked themselves.
    pub own: bool,
    /// How it stands.
    pub state: ReferralState,
    /// By when it is looked at.
    pub due_at: Timestamp,
    /// When it was decided.
    pub decided_at: Option<Timestamp>,
    /// What was decided. A safeguarding concern is told in person and not here.
    pub outcomes: Vec<Outcome>,
    /// What the person is told, in words.
    pub answer: String,
    /// Services of the directory.
    pub services: Vec<(ServiceId, String)>,
    /// How what was begun stands.
    pub begun: Vec<ToldBegun>,
}

/// What anybody with a reference number is told: nothing of the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// When it was sent.
    pub sent_at: Timestamp,
    /// How it stands.
    pub state: ReferralState,
}

/// Letters of a reference number: none that are taken for another.
const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

impl App {
    /// A reference number that nobody can guess: `ABCD-EFGH-JKLM`.
    fn reference(&self) -> String {
        let drawn: [u8; 12] = self.ids().random();
        let letters: Vec<char> = drawn
            .iter()
            .map(|byte| char::from(LETTERS[usize::from(byte % 32)]))
            .collect();
        let parts: Vec<String> = letters
            .chunks(4)
            .map(|part| part.iter().collect())
            .collect();
        parts.join("-")
    }

    /// The organisation that decides on requests for help.
    fn front_door(&self, tx: &mut dyn Tx) -> Result<OrganisationId, Error> {
        let parameter = self
            .policy()
            .on("referral.front_door", self.today())
            .map_err(policy)?;
        let wanted = parameter.text().map_err(policy)?;
        let all = organisation::all(tx)?;
        let by_code = all.iter().find(|one| one.code.as_deref() == Some(wanted));
        // Of several of a kind, the one that bears the place's own name; else the first by name.
        let place = tx.place().replace('-', " ");
        let bears = |name: &str| name.to_lowercase().starts_with(&place);
        let of_kind = || {
            let all = all.iter().filter(|one| one.kind == wanted);
            all.min_by_key(|one| (!bears(&one.name), one.name.clone()))
                .map(|one| one.id)
        };
        by_code.map(|one| one.id).or_else(of_kind).ok_or_else(|| {
            Error::Policy(format!(
                "referral.front_door is {wanted}, and no organisation here has that code or is \
                 of that kind"
            ))
        })
    }

    /// How long each priority may take.
    pub(crate) fn triage_times(&self) -> Result<Times, Error> {
        let days = |key| {
            self.days(key)
                .map(|days| u16::try_from(days).unwrap_or(u16::MAX))
        };
        Ok(Times {
            urgent_hours: self.days("triage.urgent_hours")?,
            soon_working_days: days("triage.soon_working_days")?,
            routine_working_days: days("triage.routine_working_days")?,
        })
    }

    /// The requests of a person, to be seen before another is begun.
    ///
    /// # Errors
    /// Not allowed, no link with the person, or the store's.
    pub fn person_referrals(&self, actor: &Actor, id: PersonId) -> Result<PersonReferrals, Error> {
        access::decide(actor, Action::Refer)?;
        self.store().write(|tx| {
            let sight = self.sight(tx, actor, id)?;
            let records = store::person::records_of(tx, sight.person)?;
            let person = ::person::together(records.iter()).ok_or(Error::NotFound("person"))?;
            let (mut live, mut decided) = (Vec::new(), Vec::new());
            let own = self.asker(tx, actor)?.holders;
            for one in rows::of_person(tx, sight.person)? {
                match one.state.is_live() {
                    true => live.push(one),
                    false => {
                        let (mut outcomes, _) = rows::decided(tx, one.id)?;
                        // That there is an enquiry is for its owner alone.
                        if !own.contains(&one.owner.to_string()) {
                            outcomes.retain(|outcome| *outcome != Outcome::Safeguarding);
                        }
                        decided.push((one, outcomes));
                    }
                }
            }
            let begun = form_rows::of_person(tx, sight.person)?
                .into_iter()
                .filter(|one| one.name == REFERRAL && one.state == FormState::Open)
                .collect();
            let subject = Subject {
                person: Some(sight.person),
                thing: format!("referrals of person {}", sight.person),
                results: live.len() + decided.len(),
                ..Subject::default()
            };
            self.looked(tx, actor, sight.allowed, Action::SeePerson, subject)?;
            Ok(PersonReferrals {
                person: sight.shown(person),
                live,
                decided,
                begun,
            })
        })
    }

    /// Sends a request for help, and gives its reference number. A form that was sent before
    /// gives the number that it has.
    ///
    /// # Errors
    /// Not allowed, not there, a question that must be answered is not, a parameter is missing,
    /// or the store's.
    pub fn send_referral(&self, which: Which<'_>) -> Result<String, Error> {
        let actor = match which {
            Which::Staff(actor, _) => {
                access::decide(actor, Action::Refer)?;
                actor.clone()
            }
            Which::Key(_) => public(),
        };
        self.store().write(|tx| {
            let (kept, person, allowed) = self.reach(tx, which)?;
            if kept.name != REFERRAL {
                return Err(Error::NotFound("request for help"));
            }
            if let Some(sent) = rows::of_form(tx, kept.id)? {
                return Ok(sent.reference);
            }
            super::forms::still_open(&kept)?;
            let page = self.filled(tx, kept, person)?;
            complete(&page.form, &page.answers)?;
            let referral = self.keep_referral(tx, &actor, &page)?;
            let subject = Subject {
                person: Some(referral.person).filter(|_| referral.is_shown()),
                thing: format!("referral {}", referral.id),
                results: 1,
                detail: referral.priority.as_str().to_owned(),
            };
            let kind = journal::Kind::Command;
            self.record(tx, &actor, allowed, kind, "referral: send", subject)?;
            Ok(referral.reference)
        })
    }

    /// Keeps what was asked byte for byte, makes the person's record where they were not chosen,
    /// and puts the request in the queue.
    fn keep_referral(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        page: &FormPage,
    ) -> Result<Referral, Error> {
        let (now, answers) = (self.now(), &page.answers);
        let text = self.response_of(page, page.kept.person, &page.kept.started_by);
        let bytes = text.as_bytes();
        let said = self.said(page);
        let (inbox, person) = match page.kept.person {
            Some(person) => {
                let inbox = self.keep_made(
                    tx,
                    (InboxKind::Fhir, "referral.json"),
                    bytes,
                    InboxState::Accepted,
                )?;
                (inbox, person)
            }
            None => {
                let inbox = self.keep_made(
                    tx,
                    (InboxKind::Fhir, "referral.json"),
                    bytes,
                    InboxState::Review,
                )?;
                let (person, doubt) = self.meet_referred(tx, inbox, &said)?;
                if !doubt {
                    self.settle_made(tx, inbox)?;
                }
                form_rows::set_person(tx, page.kept.id, person)?;
                (inbox, person)
            }
        };
        let asked = Asked {
            danger: answers.get("danger") == "yes",
            alone: answers.get("alone") == "yes",
            harm: answers.get("harm") == "yes",
            leaving_hospital: answers.has("needs", "leaving-hospital"),
        };
        let priority = priority(asked);
        let calendar = &self.policy().calendar;
        let due_at = due(now, priority, self.triage_times()?, calendar)
            .map_err(|error| Error::Policy(error.to_string()))?;
        let referral = Referral {
            id: self.ids().referral(),
            reference: self.reference(),
            form: page.kept.id,
            person,
            inbox,
            owner: self.front_door(tx)?,
            asked_by: answers.get("from").to_owned(),
            asker: answers.get("from-name").to_owned(),
            source: match page.kept.starter.as_str() {
                PUBLIC => answers.get("from-where").to_owned(),
                _ => page.kept.source.clone(),
            },
            told: answers.get("knows") == "yes" || answers.get("from") == "self",
            sent_at: now,
            priority,
            priority_why: String::new(),
            due_at,
            state: ReferralState::Waiting,
            taken_by: String::new(),
            answer: String::new(),
            note: String::new(),
            hidden: false,
            merged_into: None,
            decided: None,
            version: 1,
        };
        let by = (actor.display_name.as_str(), "");
        form_rows::finish(tx, page.kept.id, FormState::Sent, now, by)?;
        rows::insert(tx, &referral)?;
        self.follow_referral(tx, &referral)?;
        self.follow_referral_chain(tx, &referral, &[])?;
        Ok(referral)
    }

    /// The person as whoever asks describes them.
    fn said(&self, page: &FormPage) -> Person {
        let get = |link: &str| page.answers.get(link).trim().to_owned();
        Person {
            nhs_number: get("nhs-number").parse::<NhsNumber>().ok(),
            family_name: get("family-name"),
            given_name: get("given-name"),
            birth_date: get("born").parse().ok(),
            gender: Gender::Unknown,
            address: get("address").replace('\n', ", "),
            postcode: get("postcode").to_uppercase(),
            telephone: get("phone"),
            ..Person::unknown(self.ids().person())
        }
    }

    /// How a request stands, for anybody who has its reference number. Nothing is told of the
    /// person, and a number that is none gives nothing.
    ///
    /// # Errors
    /// The store's.
    pub fn referral_standing(&self, typed: &str) -> Result<Option<Standing>, Error> {
        let plain: String = typed
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|one| one.to_ascii_uppercase())
            .collect();
        if plain.len() != 12 {
            return Ok(None);
        }
        let reference = [&plain[..4], &plain[4..8], &plain[8..]].join("-");
        let found = self.store().read(|tx| rows::by_reference(tx, &reference))?;
        Ok(found.map(|one| Standing {
            sent_at: one.sent_at,
            state: one.state,
        }))
    }

    /// The reference number of what somebody sent who does not sign in, by what their browser
    /// holds.
    ///
    /// # Errors
    /// The store's.
    pub fn sent_reference(&self, which: Which<'_>) -> Result<Option<Referral>, Error> {
        self.store().read(|tx| {
            let (kept, ..) = self.reach(tx, which)?;
            Ok(rows::of_form(tx, kept.id)?)
        })
    }

    /// What became of the requests for help for the asker's own record: those that they know of
    /// or that were answered.
    ///
    /// # Errors
    /// Not allowed, no record of their own, or the store's.
    pub fn own_referrals(&self, actor: &Actor) -> Result<Vec<ToldReferral>, Error> {
        access::decide(actor, Action::SeeOwnRecord)?;
        self.store().write(|tx| {
            let own = self.own_head(tx, actor)?;
            let mut told = Vec::new();
            for one in rows::of_person(tx, own)? {
                if !one.is_shown() || one.state == ReferralState::Merged {
                    continue;
                }
                let (mut outcomes, services) = rows::decided(tx, one.id)?;
                outcomes.retain(|outcome| *outcome != Outcome::Safeguarding);
                let begun = self.told_begun(tx, one.id)?;
                told.push(ToldReferral {
                    sent_at: one.sent_at,
                    own: one.asked_by == "self",
                    state: one.state,
                    due_at: one.due_at,
                    decided_at: one.decided.map(|(at, _)| at),
                    outcomes,
                    answer: one.answer,
                    services,
                    begun,
                });
            }
            let allowed = access::decide(actor, Action::SeeOwnRecord)?;
            let subject = Subject {
                person: Some(own),
                thing: format!("referrals of person {own}"),
                results: told.len(),
                ..Subject::default()
            };
            self.looked(tx, actor, allowed, Action::SeeOwnRecord, subject)?;
            Ok(told)
        })
    }
}
