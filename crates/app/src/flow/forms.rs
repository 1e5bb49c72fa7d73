//! Forms that are filled in: begun, answered an answer at a time, resumed anywhere.
//!
//! Every answer is a small change of its own, acknowledged when it is on disk. It goes with the
//! number of the answer that the page knew and with the page's own word, so that two who type
//! into one answer are told, and a page that sends twice is not told of itself. What is typed on
//! one page is one row of the journal; who wrote which answer and when stands with the answer.

use crate::{App, Error, Subject};
use ::flow::form::{Answers, Form, Mark, check};
use ::person::Person;
use access::{Action, Actor, Allowed};
use jiff::{SignedDuration, Timestamp};
use kernel::{FormId, PersonId, hex};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use store::form::{self as rows, Answer, FormState, Kept};
use store::{Tx, journal};

/// Short name of the form by which help is asked for.
pub const REFERRAL: &str = "referral";
/// User name in forms and the journal of whoever does not sign in.
pub const PUBLIC: &str = "public:";
/// Their name.
const THE_PUBLIC: &str = "The public";
/// Most unsent forms of the public that are taken away at a time.
const FORGOTTEN: i64 = 50;

/// Which form, and who asks for it.
#[derive(Clone, Copy, Debug)]
pub enum Which<'a> {
    /// Somebody signed in, by the form's id.
    Staff(&'a Actor, FormId),
    /// Somebody who does not sign in, by the word that their browser holds.
    Key(&'a str),
}

impl Which<'_> {
    /// Who acts, for the journal.
    fn actor(&self) -> Actor {
        match self {
            Self::Staff(actor, _) => (*actor).clone(),
            Self::Key(_) => public(),
        }
    }
}

/// Whoever does not sign in, for the journal.
pub(crate) fn public() -> Actor {
    Actor {
        username: PUBLIC.to_owned(),
        display_name: THE_PUBLIC.to_owned(),
        organisation_name: THE_PUBLIC.to_owned(),
        ..Actor::operator()
    }
}

/// A form as its pages show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormPage {
    /// The form that is filled in.
    pub kept: Kept,
    /// Its questions, in the version it was begun with.
    pub form: Form,
    /// Its answers.
    pub answers: Answers,
    /// The same with when and by whom.
    pub rows: BTreeMap<String, Answer>,
    /// What was said of its sections.
    pub marks: BTreeMap<String, Mark>,
    /// The person, where they are known and may be shown.
    pub person: Option<Person>,
    /// The word of this page.
    pub page: String,
    /// The version that new ones are begun with, where it is another.
    pub newer: Option<String>,
}

impl FormPage {
    /// Whether answers may still change.
    pub fn is_open(&self) -> bool {
        self.kept.state == FormState::Open
    }
}

/// One answer as it is sent.
#[derive(Clone, Copy, Debug)]
pub struct Typed<'a> {
    /// Short name of the question.
    pub link: &'a str,
    /// What was typed.
    pub value: &'a str,
    /// Number of the answer that the page knew; 0 for none.
    pub number: i64,
    /// The page's own word.
    pub page: &'a str,
}

/// What became of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Saved {
    /// It is on disk, as this number.
    Kept(i64),
    /// Somebody else changed the same answer: it is not saved.
    Changed(Box<Answer>),
    /// It does not fit its question: it is not saved. What to do.
    Wrong(String),
}

/// What a form's name asks for.
pub(crate) fn action_of(name: &str) -> Action {
    match name {
        REFERRAL => Action::Refer,
        _ => Action::Assess,
    }
}

/// The hash of a word that a browser holds.
pub(crate) fn hash(word: &str) -> String {
    hex(&Sha256::digest(word.as_bytes()))
}

impl App {
    /// The version of a form that is filled in.
    pub(crate) fn questions(&self, kept: &Kept) -> Result<Form, Error> {
        let found = self.forms().get(&kept.name, &kept.version);
        found.cloned().ok_or_else(|| {
            Error::Policy(format!(
                "version {} of the form {} is not in policy/forms: put its file back",
                kept.version, kept.name
            ))
        })
    }

    /// A form for whoever asks, and what the use rests on. To others it is not there.
    pub(crate) fn reach(
        &self,
        tx: &mut dyn Tx,
        which: Which<'_>,
    ) -> Result<(Kept, Option<Person>, Allowed), Error> {
        let gone = || Error::NotFound("form");
        match which {
            Which::Key(key) => {
                let kept = rows::by_key(tx, &hash(key))?.ok_or_else(gone)?;
                Ok((kept, None, access::allowed_for("direct care")))
            }
            Which::Staff(actor, id) => {
                access::decide(actor, Action::Refer)?;
                let kept = rows::by_id(tx, id)?.ok_or_else(gone)?;
                let allowed = access::decide(actor, action_of(&kept.name))?;
                let Some(person) = kept.person else {
                    return match kept.starter == actor.username {
                        true => Ok((kept, None, allowed)),
                        false => Err(gone()),
                    };
                };
                let sight = match self.sight(tx, actor, person) {
                    // Whoever asked for help reads what they asked, and nothing of the record.
                    Err(Error::NoTie(_) | Error::NotFound(_))
                        if kept.name == REFERRAL && kept.starter == actor.username =>
                    {
                        return Ok((kept, None, allowed));
                    }
                    other => other?,
                };
                let records = store::person::records_of(tx, sight.person)?;
                let person = ::person::together(records.iter()).map(|one| sight.shown(one));
                Ok((kept, person, sight.allowed))
            }
        }
    }

    /// The form with its answers, as they stand.
    pub(crate) fn filled(
        &self,
        tx: &mut dyn Tx,
        kept: Kept,
        person: Option<Person>,
    ) -> Result<FormPage, Error> {
        let form = self.questions(&kept)?;
        let mut answers = Answers::default();
        let mut rows = BTreeMap::new();
        for answer in store::form::answers(tx, kept.id)? {
            answers.put(answer.link.as_str(), answer.value.as_str());
            rows.insert(answer.link.clone(), answer);
        }
        let marks = store::form::sections(tx, kept.id)?
            .into_iter()
            .map(|(link, complete)| match complete {
                true => (link, Mark::Complete),
                false => (link, Mark::Opened),
            })
            .collect();
        let latest = self.forms().latest(&kept.name);
        let newer = latest.filter(|one| one.version != kept.version);
        Ok(FormPage {
            newer: newer.map(|one| one.version.clone()),
            page: hex(&self.ids().random::<8>()),
            form,
            answers,
            rows,
            marks,
            person,
            kept,
        })
    }

    /// What the journal says of a form. Of a request for help it does not say whose it is: the
    /// person may not be told of it yet, and it is told of when it is answered.
    pub(crate) fn of_form(&self, kept: &Kept, results: usize, detail: &str) -> Subject {
        Subject {
            person: kept.person.filter(|_| kept.name != REFERRAL),
            thing: format!("form {}", kept.id),
            results,
            detail: detail.to_owned(),
        }
    }

    /// Begins a form in its latest version. `person` is whose it is, where they are known.
    ///
    /// # Errors
    /// Not allowed, no link with the person, no such form, or the store's.
    pub fn start_form(
        &self,
        actor: &Actor,
        name: &str,
        person: Option<PersonId>,
    ) -> Result<FormId, Error> {
        access::decide(actor, Action::Refer)?;
        let allowed = access::decide(actor, action_of(name))?;
        let version = self.version_of(name)?;
        self.store().write(|tx| {
            let (person, allowed) = match person {
                Some(id) => {
                    let sight = self.sight(tx, actor, id)?;
                    (Some(sight.person), sight.allowed)
                }
                None if name == REFERRAL => (None, allowed),
                None => return Err(Error::NotFound("person")),
            };
            let mut kept = self.new_form(actor, name, &version);
            kept.person = person;
            rows::insert(tx, &kept, None)?;
            if name == REFERRAL {
                self.fill_in_known(tx, actor, &kept)?;
            }
            let subject = self.of_form(&kept, 1, name);
            let kind = journal::Kind::Command;
            self.record(tx, actor, allowed, kind, "form: begin", subject)?;
            Ok(kept.id)
        })
    }

    /// Begins a request for help by somebody who does not sign in, and gives the word that their
    /// browser is to hold. What others began long ago and never sent is taken away.
    ///
    /// # Errors
    /// Too many were begun in the last hour, a parameter is missing, or the store's.
    pub fn start_public_form(&self) -> Result<String, Error> {
        let (version, actor) = (self.version_of(REFERRAL)?, public());
        let most = self.days("referral.public_starts_an_hour")?;
        let hours = self.days("referral.public_draft_hours")?.max(1);
        let key = hex(&self.ids().random::<32>());
        let key_hash = hash(&key);
        self.store().write(|tx| {
            let now = self.now();
            let hour = SignedDuration::from_hours(1);
            rows::forget_unsent(tx, now - SignedDuration::from_hours(hours), FORGOTTEN)?;
            if rows::public_since(tx, now - hour)? >= most {
                return Err(Error::Wait(900));
            }
            let kept = self.new_form(&actor, REFERRAL, &version);
            rows::insert(tx, &kept, Some(&key_hash))?;
            let subject = self.of_form(&kept, 1, REFERRAL);
            let allowed = access::allowed_for("direct care");
            let kind = journal::Kind::Command;
            self.record(tx, &actor, allowed, kind, "form: begin", subject)
        })?;
        Ok(key)
    }

    /// Fills in what is known already of whoever asks, and of the person if they were chosen.
    fn fill_in_known(&self, tx: &mut dyn Tx, actor: &Actor, kept: &Kept) -> Result<(), Error> {
        let form = self.questions(kept)?;
        let family = match actor.organisation {
            Some(id) => self.family(tx, id)?,
            None => Vec::new(),
        };
        let is = |kinds: &[&str]| family.iter().any(|one| kinds.contains(&one.kind.as_str()));
        let from = match (is(&["practice"]), is(&["trust", "hospital", "ward"])) {
            (true, _) => "gp",
            (_, true) => "ward",
            _ => "worker",
        };
        let mut known = vec![
            ("from", from.to_owned()),
            ("from-name", actor.display_name.clone()),
            ("from-where", actor.organisation_name.clone()),
        ];
        if let Some(person) = kept.person {
            let sight = self.sight(tx, actor, person)?;
            let records = store::person::records_of(tx, sight.person)?;
            if let Some(one) = ::person::together(records.iter()).map(|one| sight.shown(one)) {
                let born = one.birth_date.map(|day| day.to_string());
                let number = one.nhs_number.map(|number| number.to_string());
                known.extend([
                    ("given-name", one.given_name),
                    ("family-name", one.family_name),
                    ("born", born.unwrap_or_default()),
                    ("nhs-number", number.unwrap_or_default()),
                    ("address", one.address),
                    ("postcode", one.postcode),
                    ("phone", one.telephone),
                ]);
            }
        }
        for (link, value) in known {
            let fits = form
                .question(link)
                .and_then(|(_, item)| check(item, &value).ok());
            let Some(value) = fits.filter(|value| !value.is_empty()) else {
                continue;
            };
            let answer = Answer {
                link: link.to_owned(),
                value,
                number: 1,
                page: String::new(),
                at: self.now(),
                by: actor.display_name.clone(),
                taken: None,
            };
            rows::put_answer(tx, kept.id, &answer, None)?;
        }
        Ok(())
    }

    pub(super) fn version_of(&self, name: &str) -> Result<String, Error> {
        let form = self.forms().latest(name);
        Ok(form.ok_or(Error::NotFound("form"))?.version.clone())
    }

    pub(super) fn new_form(&self, actor: &Actor, name: &str, version: &str) -> Kept {
        Kept {
            id: self.ids().form(),
            name: name.to_owned(),
            version: version.to_owned(),
            person: None,
            state: FormState::Open,
            organisation: actor.organisation,
            source: actor.organisation_name.clone(),
            started_at: self.now(),
            started_by: actor.display_name.clone(),
            starter: actor.username.clone(),
            touched_at: self.now(),
            finished: None,
        }
    }

    /// A form as it stands. With a section's name that section counts as opened.
    ///
    /// # Errors
    /// Not allowed, not there for whoever asks, or the store's.
    pub fn form_page(&self, which: Which<'_>, section: Option<&str>) -> Result<FormPage, Error> {
        let actor = may(which)?;
        self.store().write(|tx| {
            let (kept, person, allowed) = self.reach(tx, which)?;
            let mut page = self.filled(tx, kept, person)?;
            if let Some(link) = section {
                let known = page
                    .form
                    .section(link)
                    .is_some_and(|one| page.answers.shows(one));
                if !known {
                    return Err(Error::NotFound("section"));
                }
                if page.is_open() {
                    let when = (self.now(), actor.display_name.as_str());
                    rows::mark(tx, page.kept.id, (link, None), when)?;
                    page.marks.entry(link.to_owned()).or_insert(Mark::Opened);
                }
            }
            let subject = self.of_form(&page.kept, page.rows.len(), &page.kept.name);
            let action = action_of(&page.kept.name);
            self.looked(tx, &actor, allowed, action, subject)?;
            Ok(page)
        })
    }

    /// The questions of a form, in the version it was begun with. Nothing that was answered is
    /// shown, so it is no look.
    ///
    /// # Errors
    /// Not allowed, not there for whoever asks, or the store's.
    pub fn form_of(&self, which: Which<'_>) -> Result<Form, Error> {
        may(which)?;
        let (kept, ..) = self.store().read(|tx| self.reach(tx, which))?;
        self.questions(&kept)
    }

    /// Answers of others that were written over, the latest first, beside the page of the form.
    ///
    /// # Errors
    /// As [`App::form_page`].
    pub fn written_over(&self, which: Which<'_>) -> Result<Vec<Answer>, Error> {
        may(which)?;
        self.store().read(|tx| {
            let (kept, ..) = self.reach(tx, which)?;
            Ok(rows::before(tx, kept.id)?)
        })
    }

    /// Saves one answer. When this returns `Saved::Kept` it is on disk.
    ///
    /// # Errors
    /// Not allowed, no such form or question, the form is finished, or the store's.
    pub fn save_answer(&self, which: Which<'_>, typed: &Typed<'_>) -> Result<Saved, Error> {
        let saved = self.save_answers(which, std::slice::from_ref(typed), None)?;
        saved.into_iter().next().ok_or(Error::NotFound("question"))
    }

    /// Saves the answers of a page, in their order, and what is said of its section: whether it
    /// is complete. What does not fit or was changed by somebody else is not saved; the rest is.
    ///
    /// # Errors
    /// Not allowed, no such form or question, the form is finished, or the store's.
    pub fn save_answers(
        &self,
        which: Which<'_>,
        typed: &[Typed<'_>],
        section: Option<(&str, bool)>,
    ) -> Result<Vec<Saved>, Error> {
        let actor = may(which)?;
        self.store().write(|tx| {
            let (kept, _, allowed) = self.reach(tx, which)?;
            still_open(&kept)?;
            let form = self.questions(&kept)?;
            let mut first = match typed.first() {
                Some(one) => !rows::typed_on(tx, kept.id, one.page)?,
                None => true,
            };
            let mut saved = Vec::new();
            let mut written = 0;
            for one in typed {
                let became = self.put(tx, &actor, (&kept, &form), one)?;
                written += usize::from(became.1);
                saved.push(became.0);
            }
            if let Some((link, complete)) = section {
                form.section(link).ok_or(Error::NotFound("section"))?;
                let all = saved.iter().all(|one| matches!(one, Saved::Kept(_)));
                let when = (self.now(), actor.display_name.as_str());
                rows::mark(tx, kept.id, (link, Some(complete && all)), when)?;
                first = true;
            }
            if first && (written > 0 || section.is_some()) {
                let subject = self.of_form(&kept, written, &kept.name);
                let kind = journal::Kind::Command;
                self.record(tx, &actor, allowed, kind, "form: answer", subject)?;
            }
            Ok(saved)
        })
    }

    /// Puts one answer; whether anything was written.
    fn put(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        (kept, form): (&Kept, &Form),
        typed: &Typed<'_>,
    ) -> Result<(Saved, bool), Error> {
        let gone = || Error::NotFound("question");
        let (_, item) = form.question(typed.link).ok_or_else(gone)?;
        let value = match check(item, typed.value) {
            Ok(value) => value,
            Err(wrong) => return Ok((Saved::Wrong(wrong), false)),
        };
        let stands = rows::answer(tx, kept.id, typed.link)?;
        let number = stands.as_ref().map_or(0, |one| one.number);
        if let Some(one) = &stands {
            if one.value == value {
                return Ok((Saved::Kept(number), false));
            }
            if one.number != typed.number && one.page != typed.page {
                return Ok((Saved::Changed(Box::new(one.clone())), false));
            }
        }
        let answer = Answer {
            link: typed.link.to_owned(),
            value,
            number: number + 1,
            page: typed.page.chars().take(32).collect(),
            at: self.now(),
            by: actor.display_name.clone(),
            taken: None,
        };
        rows::put_answer(tx, kept.id, &answer, stands.as_ref())?;
        Ok((Saved::Kept(answer.number), true))
    }

    /// What somebody signed in has begun about nobody known and not sent yet.
    ///
    /// # Errors
    /// Not allowed, or the store's.
    pub fn unsent_referrals(&self, actor: &Actor) -> Result<Vec<Kept>, Error> {
        access::decide(actor, Action::Refer)?;
        self.store()
            .read(|tx| Ok(rows::open_of(tx, &actor.username, 20)?))
    }

    /// Gives a form up, with a reason. Its answers are kept.
    ///
    /// # Errors
    /// Not allowed, not there, no reason, finished already, or the store's.
    pub fn withdraw_form(&self, actor: &Actor, id: FormId, why: &str) -> Result<(), Error> {
        let why = why.trim();
        if why.is_empty() || why.chars().count() > 500 {
            return Err(Error::invalid("why", "Say why, in a few words"));
        }
        let which = Which::Staff(actor, id);
        may(which)?;
        self.store().write(|tx| {
            let (kept, _, allowed) = self.reach(tx, which)?;
            let by = (actor.display_name.as_str(), why);
            if !rows::finish(tx, id, FormState::Withdrawn, self.now(), by)? {
                still_open(&kept)?;
            }
            let subject = self.of_form(&kept, 1, &kept.name);
            let kind = journal::Kind::Command;
            self.record(tx, actor, allowed, kind, "form: give up", subject)
        })
    }
}

/// Who acts, if their role permits it at all.
fn may(which: Which<'_>) -> Result<Actor, Error> {
    if let Which::Staff(actor, _) = which {
        access::decide(actor, Action::Refer)?;
    }
    Ok(which.actor())
}

/// A form that is finished does not change: who finished it, and what that was.
pub(crate) fn still_open(kept: &Kept) -> Result<(), Error> {
    if kept.state == FormState::Open {
        return Ok(());
    }
    let who = kept.finished.as_ref().map(|(_, who, _)| who.clone());
    Err(Error::Stale {
        who: who.unwrap_or_default(),
        what: format!("the form is {}", kept.state),
    })
}

/// The instant, as FHIR writes it.
pub(crate) fn as_fhir(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// What is said of a text that is too long.
pub(crate) fn as_shown(most: usize) -> String {
    format!("Use {most} characters or fewer")
}
