//! Assessments: those of a person, signing one, taking over an answer of an earlier one.

mod ends;

pub use ends::{Ending, Said};

use super::forms::{FormPage, Which, as_fhir, still_open};
use crate::{App, Error, Subject};
use ::flow::form::{self as forms, Answers, Form, check};
use ::person::Person;
use access::{Action, Actor, Allowed};
use kernel::{FormId, InboxId, PersonId, hex};
use sha2::{Digest, Sha256};
use store::form::{self as rows, Answer, FormState, Kept};
use store::inbox::{self, Arrival, Counts, InboxKind, InboxState};
use store::shelf::{self, Shelved};
use store::timeline::{self, NewLine};
use store::{Tx, journal};

/// The forms of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonForms {
    /// The person.
    pub person: Person,
    /// What was filled in of them or is being filled in, the latest first, with its title.
    pub forms: Vec<(Kept, String)>,
    /// What can be begun: short name, title and what it is for.
    pub can_begin: Vec<(String, String, String)>,
}

/// An answer of an earlier form that answers a question of this one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Earlier {
    /// The question.
    pub link: String,
    /// The form it is from.
    pub form: FormId,
    /// What that is called.
    pub title: String,
    /// The answer, and when and by whom it was given.
    pub answer: Answer,
}

impl App {
    /// The assessments of a person, and what can be begun.
    ///
    /// # Errors
    /// Not allowed, no link with the person, or the store's.
    pub fn person_forms(&self, actor: &Actor, id: PersonId) -> Result<PersonForms, Error> {
        access::decide(actor, Action::Assess)?;
        self.store().write(|tx| {
            let sight = self.sight(tx, actor, id)?;
            let records = store::person::records_of(tx, sight.person)?;
            let person = ::person::together(records.iter()).ok_or(Error::NotFound("person"))?;
            let assessments = rows::of_person(tx, sight.person)?;
            let forms: Vec<_> = assessments
                .into_iter()
                .filter(|one| one.name != super::forms::REFERRAL)
                .map(|one| {
                    let title = self.title_of(&one);
                    (one, title)
                })
                .collect();
            let subject = Subject {
                person: Some(sight.person),
                thing: format!("forms of person {}", sight.person),
                results: forms.len(),
                ..Subject::default()
            };
            self.looked(tx, actor, sight.allowed, Action::Assess, subject)?;
            let current = self.forms().current();
            Ok(PersonForms {
                person: sight.shown(person),
                forms,
                can_begin: current
                    .into_iter()
                    .filter(|one| one.name != super::forms::REFERRAL)
                    .map(|one| (one.name.clone(), one.title.clone(), one.about.clone()))
                    .collect(),
            })
        })
    }

    /// What a form is called.
    pub(crate) fn title_of(&self, kept: &Kept) -> String {
        let found = self.forms().get(&kept.name, &kept.version);
        found.map_or_else(|| kept.name.clone(), |one| one.title.clone())
    }

    /// Signs an assessment: its answers are then fixed, on the person's timeline, and a
    /// QuestionnaireResponse that programs can read. The case with a clock that was begun with it
    /// ends; `said` has a word on every other open case of the kind, see [`App::endings`].
    ///
    /// # Errors
    /// Not allowed, not there, a question that must be answered is not, a case of which nobody
    /// said whether it ends, finished already, or the store's.
    pub fn sign_form(&self, actor: &Actor, id: FormId, said: &[Said]) -> Result<(), Error> {
        access::decide(actor, Action::Assess)?;
        let which = Which::Staff(actor, id);
        self.store().write(|tx| {
            let (kept, person, allowed) = self.reach(tx, which)?;
            still_open(&kept)?;
            let Some(of) = kept.person.filter(|_| kept.name != super::forms::REFERRAL) else {
                return Err(Error::NotFound("assessment"));
            };
            let page = self.filled(tx, kept, person)?;
            complete(&page.form, &page.answers)?;
            let by = (actor.display_name.as_str(), "");
            self.end_with(tx, actor, &page.kept, said)?;
            rows::finish(tx, id, FormState::Signed, self.now(), by)?;
            let text = self.response_of(&page, Some(of), &actor.display_name);
            let sha256 = self.put_on_the_record(tx, actor, &page, of, &text)?;
            let subject = self.of_form(&page.kept, page.rows.len(), &sha256);
            let kind = journal::Kind::Command;
            self.record(tx, actor, allowed, kind, "form: sign", subject)
        })
    }

    /// A form's answers as a QuestionnaireResponse.
    pub(crate) fn response_of(&self, page: &FormPage, of: Option<PersonId>, by: &str) -> String {
        let subject = forms::Subject {
            id: page.kept.id.to_string(),
            person: of.map(|id| format!("Patient/{id}")).unwrap_or_default(),
            author: by.to_owned(),
            authored: as_fhir(self.now()),
            completed: true,
        };
        forms::response(&page.form, &page.answers, &subject)
    }

    /// Keeps what was made here as if it had arrived, byte for byte.
    pub(crate) fn keep_made(
        &self,
        tx: &mut dyn Tx,
        (kind, name): (InboxKind, &str),
        bytes: &[u8],
        state: InboxState,
    ) -> Result<InboxId, Error> {
        let now = self.now();
        let arrival = Arrival {
            id: self.ids().inbox(),
            kind,
            name: name.to_owned(),
            sha256: hex(&Sha256::digest(bytes)),
            size: bytes.len() as u64,
            received_at: now,
            state: InboxState::Received,
            counts: Counts::default(),
            tries: 0,
            last_try_at: now,
        };
        inbox::receive(tx, &arrival, bytes)?;
        let counts = Counts {
            records: 1,
            accepted: 1,
            ..Counts::default()
        };
        inbox::settle(tx, arrival.id, state, counts, &[], now)?;
        Ok(arrival.id)
    }

    /// Settles what was made here and waited for nobody after all.
    pub(crate) fn settle_made(&self, tx: &mut dyn Tx, inbox: InboxId) -> Result<(), Error> {
        let counts = Counts {
            records: 1,
            accepted: 1,
            ..Counts::default()
        };
        Ok(inbox::settle(
            tx,
            inbox,
            InboxState::Accepted,
            counts,
            &[],
            self.now(),
        )?)
    }

    /// Puts what was signed on the shelf and the timeline; its hash.
    fn put_on_the_record(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        page: &FormPage,
        of: PersonId,
        text: &str,
    ) -> Result<String, Error> {
        let (now, bytes) = (self.now(), text.as_bytes());
        let sha256 = Sha256::digest(bytes);
        let inbox = self.keep_made(
            tx,
            (InboxKind::Fhir, "assessment.json"),
            bytes,
            InboxState::Accepted,
        )?;
        let key = format!("QuestionnaireResponse/{}", page.kept.id);
        let shelved = Shelved {
            id: self.ids().shelf(),
            inbox,
            record: 1,
            format: "json",
            resource_type: "QuestionnaireResponse",
            key: &key,
            sha256: &sha256,
            bytes,
        };
        shelf::put(tx, &shelved, now)?;
        let asker = self.asker(tx, actor)?;
        let happened = self.today().to_string();
        let line = NewLine {
            person: Some(of),
            person_key: None,
            happened_at: Some(&happened),
            kind: "QuestionnaireResponse",
            title: &page.form.title,
            sector: asker.sector,
            source: &page.kept.source,
            category: "",
            codes: None,
            received_at: now,
            shelf: Some(shelved.id),
            stay: None,
            document: None,
        };
        timeline::add(tx, self.ids().timeline(), &line)?;
        Ok(hex(&sha256))
    }

    /// Answers of signed assessments of the same person that answer questions of this form which
    /// have no answer yet: the latest of each, with its age. Nothing is taken over by itself.
    pub(crate) fn earlier(&self, tx: &mut dyn Tx, page: &FormPage) -> Result<Vec<Earlier>, Error> {
        let Some(person) = page.kept.person.filter(|_| page.is_open()) else {
            return Ok(Vec::new());
        };
        let head = store::person::head_of(tx, person)?.unwrap_or(person);
        let mut found: Vec<Earlier> = Vec::new();
        for kept in rows::of_person(tx, head)? {
            let fits = kept.state == FormState::Signed && kept.id != page.kept.id;
            if !fits || kept.name == super::forms::REFERRAL {
                continue;
            }
            let Ok(of) = self.questions(&kept) else {
                continue;
            };
            for answer in rows::answers(tx, kept.id)? {
                let known = found.iter().any(|one| one.link == answer.link);
                if !known
                    && page.answers.get(&answer.link).is_empty()
                    && reusable(&of, page, &answer)
                {
                    found.push(Earlier {
                        link: answer.link.clone(),
                        form: kept.id,
                        title: of.title.clone(),
                        answer,
                    });
                }
            }
        }
        Ok(found)
    }

    /// A form with what earlier assessments say, for the page of a section.
    ///
    /// # Errors
    /// As [`App::form_page`].
    pub fn form_with_earlier(
        &self,
        which: Which<'_>,
        section: &str,
    ) -> Result<(FormPage, Vec<Earlier>), Error> {
        let page = self.form_page(which, Some(section))?;
        let earlier = match which {
            Which::Staff(..) => self.store().read(|tx| self.earlier(tx, &page))?,
            Which::Key(_) => Vec::new(),
        };
        Ok((page, earlier))
    }

    /// Takes over an answer of an earlier assessment: somebody has looked at it and chosen to.
    /// Its age stays with it.
    ///
    /// # Errors
    /// Not allowed, not there, nothing to take over, answered meanwhile, or the store's.
    pub fn take_over(
        &self,
        actor: &Actor,
        id: FormId,
        link: &str,
        page: &str,
    ) -> Result<(), Error> {
        access::decide(actor, Action::Assess)?;
        let which = Which::Staff(actor, id);
        self.store().write(|tx| {
            let (kept, person, allowed) = self.reach(tx, which)?;
            still_open(&kept)?;
            let filled = self.filled(tx, kept, person)?;
            let earlier = self.earlier(tx, &filled)?;
            let found = earlier.into_iter().find(|one| one.link == link);
            let Some(found) = found else {
                return match filled.rows.get(link) {
                    Some(stands) => Err(Error::Stale {
                        who: stands.by.clone(),
                        what: "the question has an answer now".to_owned(),
                    }),
                    None => Err(Error::NotFound("earlier answer")),
                };
            };
            let stands = filled.rows.get(link);
            let (from, at) = found.answer.taken.unwrap_or((found.form, found.answer.at));
            let answer = Answer {
                number: stands.map_or(0, |one| one.number) + 1,
                page: page.chars().take(32).collect(),
                at: self.now(),
                by: actor.display_name.clone(),
                taken: Some((from, at)),
                ..found.answer
            };
            rows::put_answer(tx, id, &answer, stands)?;
            self.taken_over(tx, actor, allowed, &filled.kept)
        })
    }

    fn taken_over(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        allowed: Allowed,
        kept: &Kept,
    ) -> Result<(), Error> {
        let subject = self.of_form(kept, 1, &kept.name);
        let kind = journal::Kind::Command;
        self.record(tx, actor, allowed, kind, "form: take over", subject)
    }
}

/// Whether an answer of another form answers the same question of this one: the same short name
/// and words, and an answer that this one permits. What somebody judged is judged anew each time.
fn reusable(of: &Form, page: &FormPage, answer: &Answer) -> bool {
    let (Some((_, theirs)), Some((section, ours))) =
        (of.question(&answer.link), page.form.question(&answer.link))
    else {
        return false;
    };
    !answer.value.is_empty()
        && section.link != "judgement"
        && theirs.text == ours.text
        && theirs.kind == ours.kind
        && check(ours, &answer.value).is_ok_and(|kept| kept == answer.value)
}

/// Every question that must be answered is.
pub(crate) fn complete(form: &Form, answers: &Answers) -> Result<(), Error> {
    match forms::missing(form, answers).len() {
        0 => Ok(()),
        1 => Err(Error::invalid("form", "One question still needs an answer")),
        many => {
            let text = format!("{many} questions still need an answer");
            Err(Error::invalid("form", text))
        }
    }
}
