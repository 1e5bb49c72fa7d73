//! Passports: made, replaced and ended by staff with the person; seen and printed by staff and
//! by the person; checked by whoever is shown one.

mod worth;

pub use worth::{Worth, last_day};

use super::ties::midnight;
use crate::flow::policy;
use crate::{App, Error, Subject};
use ::person::Person;
use ::person::passport::answers::{self, AnswerFault, Answers, Checked};
use ::person::passport::code::{self, MOST_CHARACTERS};
use ::person::passport::{Content, NoCode, Reading, Stated, Template};
use ::person::relationship::Relationship;
use access::{Action, Actor};
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::calendar::add_days;
use kernel::{PassportId, PersonId};
use store::journal::Kind;
use store::passport::{self as rows, End, Passport, Version};
use store::{Tx, relationship};
use worth::public_keys;

/// The kind that passports have among the parts of a record.
const PART: &str = "Passport";
/// Longest reason for ending a passport, in characters.
pub const WHY: usize = 200;

/// Whether a passport can be relied on today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It is valid.
    Valid,
    /// Its last day is over.
    Expired,
    /// Somebody ended it.
    Ended,
}

/// A passport in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassportLine {
    /// Its id: it is at `/passport/ID`, for printing at `/passport/ID/print`.
    pub id: PassportId,
    /// Its title.
    pub title: String,
    /// The purpose of its template.
    pub purpose: String,
    /// Version, from 1.
    pub version: i64,
    /// Last day on which it is valid.
    pub valid_until: Date,
    /// When this version was made.
    pub made_at: Timestamp,
    /// Who made it, and for which organisation.
    pub made_by: (String, String),
    /// Whether it can be relied on.
    pub state: State,
}

/// The passports of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassportList {
    /// The person.
    pub person: Person,
    /// Their passports, those that stand first.
    pub lines: Vec<PassportLine>,
    /// Templates that can be filled in; none for whoever may not make passports.
    pub templates: Vec<Template>,
}

/// One passport.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassportPage {
    /// What lists say of it.
    pub line: PassportLine,
    /// Whose it is: the head of their records.
    pub person: PersonId,
    /// What was signed: what is shown and printed.
    pub stated: Stated,
    /// The signed copy, for the QR code.
    pub code: String,
    /// Its end, if it was ended.
    pub ended: Option<End>,
    /// Version, time and maker of each version, the latest first.
    pub versions: Vec<(i64, Timestamp, String)>,
    /// Whether whoever asks may replace and end it.
    pub may_change: bool,
}

/// What a form for a passport starts from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassportForm {
    /// The person.
    pub person: Person,
    /// What is asked.
    pub template: Template,
    /// The version that stands; 0 if there is none.
    pub version: i64,
    /// What it says.
    pub answers: Answers,
    /// Last day of the passport if it is made today, if no answer ends it sooner.
    pub valid_until: Date,
}

/// What became of the answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Making {
    /// The passport is made.
    Made(PassportId),
    /// Nothing is made: this is wrong.
    Wrong(Vec<AnswerFault>),
}

impl App {
    /// The passports of a person.
    ///
    /// # Errors
    /// Not allowed, not there, or the store's.
    pub fn passports(&self, actor: &Actor, person: PersonId) -> Result<PassportList, Error> {
        self.store().write(|tx| {
            let sight = self.sight(tx, actor, person)?;
            let found: Vec<_> = rows::of_person(tx, sight.person)?
                .into_iter()
                .filter(|one| shows(&sight, one))
                .map(|one| self.passport_line(&one))
                .collect();
            let person = self.shown_person(tx, &sight)?;
            let subject = Subject {
                person: Some(sight.person),
                thing: format!("person {}", sight.person),
                results: found.len(),
                ..Subject::default()
            };
            let seen = "see the list of passports";
            self.record(tx, actor, sight.allowed, Kind::Look, seen, subject)?;
            Ok(PassportList {
                person,
                lines: found,
                templates: match access::decide(actor, Action::MakePassport) {
                    Ok(_) => self.passport_templates().all().to_vec(),
                    Err(_) => Vec::new(),
                },
            })
        })
    }

    /// The passports of whoever signed in as themselves, those that stand first.
    ///
    /// # Errors
    /// Not allowed, or the store's.
    pub fn own_passports(&self, actor: &Actor) -> Result<Vec<PassportLine>, Error> {
        let allowed = access::decide(actor, Action::SeeOwnRecord)?;
        let Some(account) = actor.account.map(|id| id.to_string()) else {
            return Ok(Vec::new());
        };
        self.store().write(|tx| {
            let mut lines = Vec::new();
            let mut person = None;
            let oneself = Relationship::Oneself;
            for (_, head) in relationship::held_now(tx, &account, oneself, self.now())? {
                // Several records may be one person.
                if person == Some(head) {
                    continue;
                }
                let sight = self.sight(tx, actor, head)?;
                person = Some(sight.person);
                let found = rows::of_person(tx, sight.person)?;
                let shown = found.iter().filter(|one| shows(&sight, one));
                lines.extend(shown.map(|one| self.passport_line(one)));
            }
            let subject = Subject {
                person,
                results: lines.len(),
                ..Subject::default()
            };
            let seen = "see the list of passports";
            self.record(tx, actor, allowed, Kind::Look, seen, subject)?;
            Ok(lines)
        })
    }

    /// A passport, to be read.
    ///
    /// # Errors
    /// Not allowed, not there, or the store's.
    pub fn passport(&self, actor: &Actor, id: PassportId) -> Result<PassportPage, Error> {
        self.passport_page(actor, id, "see a passport")
    }

    /// A passport, to be printed.
    ///
    /// # Errors
    /// As [`App::passport`].
    pub fn passport_to_print(&self, actor: &Actor, id: PassportId) -> Result<PassportPage, Error> {
        self.passport_page(actor, id, "print a passport")
    }

    fn passport_page(
        &self,
        actor: &Actor,
        id: PassportId,
        seen: &str,
    ) -> Result<PassportPage, Error> {
        self.own_or_staff(actor)?;
        self.store().write(|tx| {
            let (passport, sight) = self.passport_in_sight(tx, actor, id)?;
            let keys = public_keys(tx)?;
            let Reading::Signed(stated) = code::read(&passport.latest.code, &keys) else {
                return Err(Error::Policy(format!(
                    "the signed copy of passport {id} does not check with the keys of this place"
                )));
            };
            let versions = rows::versions(tx, id)?;
            let subject = about(&passport, &sight, String::new());
            self.record(tx, actor, sight.allowed, Kind::Look, seen, subject)?;
            Ok(PassportPage {
                line: self.passport_line(&passport),
                person: sight.person,
                stated: *stated,
                code: passport.latest.code,
                ended: passport.ended,
                versions: versions
                    .into_iter()
                    .map(|one| (one.number, one.made_at, one.made_by))
                    .collect(),
                may_change: access::decide(actor, Action::MakePassport).is_ok(),
            })
        })
    }

    /// What a form for a passport of a purpose starts from: the one that stands, if there is one.
    ///
    /// # Errors
    /// Not allowed, not there, or the store's.
    pub fn passport_form(
        &self,
        actor: &Actor,
        person: PersonId,
        purpose: &str,
    ) -> Result<PassportForm, Error> {
        access::decide(actor, Action::MakePassport)?;
        let template = self.passport_template(purpose)?;
        self.store().write(|tx| {
            let sight = self.sight(tx, actor, person)?;
            let standing = standing(tx, &sight, purpose)?;
            let subject = Subject {
                person: Some(sight.person),
                thing: match &standing {
                    Some(one) => format!("passport {}", one.id),
                    None => format!("person {}", sight.person),
                },
                results: usize::from(standing.is_some()),
                detail: purpose.to_owned(),
            };
            let seen = "see a passport";
            self.record(tx, actor, sight.allowed, Kind::Look, seen, subject)?;
            Ok(PassportForm {
                person: self.shown_person(tx, &sight)?,
                template: template.clone(),
                version: standing.as_ref().map_or(0, |one| one.latest.number),
                answers: standing.map_or_else(Answers::new, |one| read_answers(&one.latest)),
                valid_until: add_days(self.today(), template.valid_days),
            })
        })
    }

    /// Makes a passport, or a new version of the one that stands. `shown` is the version that
    /// the form started from, 0 for none.
    ///
    /// # Errors
    /// Not allowed, not there, somebody else made a version in the meantime, or the store's.
    pub fn make_passport(
        &self,
        actor: &Actor,
        person: PersonId,
        purpose: &str,
        shown: i64,
        typed: &Answers,
    ) -> Result<Making, Error> {
        let allowed = access::decide(actor, Action::MakePassport)?;
        let template = self.passport_template(purpose)?;
        let checked = answers::check(template, typed, self.today());
        self.store().write(|tx| {
            let sight = self.sight(tx, actor, person)?;
            let checked = match &checked {
                Ok(checked) => checked,
                Err(faults) => return Ok(Making::Wrong(faults.clone())),
            };
            let standing = standing(tx, &sight, purpose)?;
            let latest = standing.as_ref().map_or(0, |one| one.latest.number);
            if latest != shown {
                let who = standing.map_or_else(String::new, |one| one.latest.made_by);
                return Err(stale(who, latest));
            }
            let person = self.shown_person(tx, &sight)?;
            if person.died_on.is_some() {
                let text = "The person has died, so no passport can be made";
                return Ok(Making::Wrong(vec![fault(template, checked, text)]));
            }
            let id = standing
                .as_ref()
                .map_or_else(|| self.ids().passport(), |one| one.id);
            let stated = self.stated(tx, id, latest + 1, template, checked, &person)?;
            let code = match code::encode(&stated, &self.signing_key(tx)?) {
                Ok(code) => code,
                Err(NoCode::TooLong(length)) => {
                    return Ok(Making::Wrong(vec![too_long(template, checked, length)]));
                }
                Err(other) => return Err(Error::Policy(other.to_string())),
            };
            let version = self.version(actor, latest + 1, checked, code)?;
            let done = match &standing {
                Some(one) => {
                    rows::replace(tx, one.id, &version)?;
                    "replace a passport"
                }
                None => {
                    let passport = Passport {
                        id,
                        person: sight.person,
                        purpose: purpose.to_owned(),
                        latest: version,
                        ended: None,
                    };
                    rows::insert(tx, &passport)?;
                    "make a passport"
                }
            };
            let subject = Subject {
                person: Some(sight.person),
                thing: format!("passport {id}"),
                results: 1,
                detail: format!("{purpose}, version {}", latest + 1),
            };
            self.record(tx, actor, allowed, Kind::Command, done, subject)?;
            Ok(Making::Made(id))
        })
    }

    /// Ends a passport: from now on its code is refused. `shown` is the version that was seen.
    ///
    /// # Errors
    /// Not allowed, not there, no reason given, somebody else changed it, or the store's.
    pub fn end_passport(
        &self,
        actor: &Actor,
        id: PassportId,
        shown: i64,
        why: &str,
    ) -> Result<(), Error> {
        let allowed = access::decide(actor, Action::MakePassport)?;
        let why = why.trim();
        self.store().write(|tx| {
            let (passport, sight) = self.passport_in_sight(tx, actor, id)?;
            let length = why.chars().count();
            if length == 0 || length > WHY {
                let text = format!("Say why it is ended, in {WHY} characters or fewer");
                return Err(Error::invalid("why", text));
            }
            if let Some(end) = passport.ended {
                return Err(Error::Stale {
                    who: end.by,
                    what: "the passport was ended".to_owned(),
                });
            }
            if passport.latest.number != shown {
                return Err(stale(passport.latest.made_by, passport.latest.number));
            }
            let end = End {
                at: self.now(),
                by: actor.display_name.clone(),
                why: why.to_owned(),
            };
            rows::end(tx, id, &end)?;
            let subject = about(&passport, &sight, passport.purpose.clone());
            let done = "end a passport";
            self.record(tx, actor, allowed, Kind::Command, done, subject)
        })
    }

    fn version(
        &self,
        actor: &Actor,
        number: i64,
        checked: &Checked,
        code: String,
    ) -> Result<Version, Error> {
        Ok(Version {
            number,
            answers: serde_json::to_string(&checked.answers).map_err(policy)?,
            code,
            valid_until: checked.valid_until,
            made_at: self.now(),
            made_by: actor.display_name.clone(),
            organisation: actor.organisation_name.clone(),
        })
    }

    fn stated(
        &self,
        tx: &mut dyn Tx,
        id: PassportId,
        version: i64,
        template: &Template,
        checked: &Checked,
        person: &Person,
    ) -> Result<Stated, Error> {
        let too_many = |_| Error::Policy("a passport has too many versions".to_owned());
        Ok(Stated {
            place: tx.place().to_owned(),
            id,
            version: u32::try_from(version).map_err(too_many)?,
            issued: self.now(),
            expires: midnight(add_days(checked.valid_until, 1)),
            content: Content {
                purpose: template.purpose.clone(),
                title: template.title.clone(),
                name: said_name(person),
                born: person.birth_date,
                answers: checked.shown.clone(),
            },
        })
    }

    fn passport_template(&self, purpose: &str) -> Result<&Template, Error> {
        self.passport_templates()
            .get(purpose)
            .ok_or(Error::NotFound("kind of passport"))
    }

    /// A passport that the asker may see. One that may not be seen is not there.
    fn passport_in_sight(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        id: PassportId,
    ) -> Result<(Passport, super::Sight), Error> {
        let lost = || Error::NotFound("passport");
        let passport = rows::by_id(tx, id)?.ok_or_else(lost)?;
        let sight = self.sight(tx, actor, passport.person)?;
        match shows(&sight, &passport) {
            true => Ok((passport, sight)),
            false => Err(lost()),
        }
    }

    fn own_or_staff(&self, actor: &Actor) -> Result<(), Error> {
        let own = access::decide(actor, Action::SeeOwnRecord);
        if own.is_err() {
            access::decide(actor, Action::SeePerson)?;
        }
        Ok(())
    }

    fn passport_line(&self, passport: &Passport) -> PassportLine {
        let latest = &passport.latest;
        let template = self.passport_templates().get(&passport.purpose);
        PassportLine {
            id: passport.id,
            title: template.map_or_else(
                || format!("Passport: {}", passport.purpose),
                |template| template.title.clone(),
            ),
            purpose: passport.purpose.clone(),
            version: latest.number,
            valid_until: latest.valid_until,
            made_at: latest.made_at,
            made_by: (latest.made_by.clone(), latest.organisation.clone()),
            state: match (&passport.ended, latest.valid_until < self.today()) {
                (Some(_), _) => State::Ended,
                (None, true) => State::Expired,
                (None, false) => State::Valid,
            },
        }
    }
}

/// Whether a passport is among what may be seen of the person.
fn shows(sight: &super::Sight, passport: &Passport) -> bool {
    let made_for = &passport.latest.organisation;
    sight.items.shows(made_for, "", "other", PART)
}

/// The passport of a purpose that was not ended, if there is one in sight.
fn standing(
    tx: &mut dyn Tx,
    sight: &super::Sight,
    purpose: &str,
) -> Result<Option<Passport>, Error> {
    let found = rows::of_person(tx, sight.person)?;
    Ok(found
        .into_iter()
        .find(|one| one.purpose == purpose && one.ended.is_none() && shows(sight, one)))
}

fn about(passport: &Passport, sight: &super::Sight, detail: String) -> Subject {
    Subject {
        person: Some(sight.person),
        thing: format!("passport {}", passport.id),
        results: 1,
        detail,
    }
}

fn stale(who: String, version: i64) -> Error {
    Error::Stale {
        who: match who.is_empty() {
            true => "somebody".to_owned(),
            false => who,
        },
        what: match version {
            0 => "the passport was ended".to_owned(),
            version => format!("version {version} of the passport was made"),
        },
    }
}

/// A fault that is about the whole: it stands at the longest answer.
fn fault(template: &Template, checked: &Checked, text: impl Into<String>) -> AnswerFault {
    let longest = checked
        .answers
        .iter()
        .max_by_key(|(_, answer)| answer.len())
        .map(|(key, _)| key.clone());
    let first = || template.headings.first().map(|one| one.key.clone());
    AnswerFault {
        key: longest.or_else(first).unwrap_or_default(),
        text: text.into(),
    }
}

fn too_long(template: &Template, checked: &Checked, length: usize) -> AnswerFault {
    // A character of a code holds about one of text.
    let over = length.saturating_sub(MOST_CHARACTERS).div_ceil(10) * 10;
    let text = format!(
        "The answers together do not fit in the code on one page: shorten them by about {over} \
         characters. This one is the longest"
    );
    fault(template, checked, text)
}

fn read_answers(version: &Version) -> Answers {
    serde_json::from_str(&version.answers).unwrap_or_default()
}

/// Mary Quiverful: as people say it.
fn said_name(person: &Person) -> String {
    let name = person.full_name();
    match name.is_empty() {
        true => "Name not known".to_owned(),
        false => name,
    }
}
