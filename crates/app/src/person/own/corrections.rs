//! Asking to have a record put right, and answering. The clock is `person::correction`; every
//! change of state is shown to the person.

use super::Mine;
use crate::flow::policy;
use crate::{App, Error, Subject};
use ::person::Person;
use ::person::correction::{Clock, clock, due_on};
use access::{Action, Actor};
use kernel::{CorrectionId, PersonId, TimelineId, limits};
use store::correction::{self as rows, Correction, CorrectionState};
use store::scope::{ItemScope, PeopleScope};
use store::timeline::{self, Line};
use store::{Tx, journal};

/// Most characters of a request or an answer.
pub const WORDS: usize = 2_000;
/// Shortest of them that says something, in characters.
const SOMETHING: usize = 3;
/// Latest answers that staff are shown.
const ANSWERED: i64 = 20;

/// What is to be put right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// Name, address and the like.
    Details,
    /// The record at large.
    Record,
    /// One line of it.
    Line(TimelineId),
}

impl About {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Details => "details",
            Self::Record => "record",
            Self::Line(_) => "line",
        }
    }
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The record was changed.
    Changed,
    /// It was not.
    Refused,
}

/// A request with what it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedCorrection {
    /// The request; its version goes with the answer.
    pub correction: Correction,
    /// The line it is about, where it is about one that may be seen.
    pub line: Option<Line>,
    /// How long there is left; `None` once it is answered.
    pub clock: Option<Clock>,
}

/// One's own requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CorrectionsPage {
    /// Whose record.
    pub mine: Mine,
    /// The latest first.
    pub asked: Vec<AskedCorrection>,
    /// The line that is to be asked about, where one is named.
    pub line: Option<Line>,
}

/// A request as staff see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CorrectionPage {
    /// The request.
    pub asked: AskedCorrection,
    /// Whose record it is.
    pub person: Person,
    /// Whether the asker may see the record itself.
    pub sees_record: bool,
}

fn read_words(field: &'static str, typed: &str, missing: &str) -> Result<String, Error> {
    let words = typed.trim();
    match words.chars().count() {
        count if count < SOMETHING => Err(Error::invalid(field, missing)),
        count if count > WORDS => Err(Error::invalid(field, "Use 2,000 characters or fewer")),
        _ => Ok(words.to_owned()),
    }
}

impl App {
    fn asked(
        &self,
        tx: &mut dyn Tx,
        head: PersonId,
        correction: Correction,
        items: &ItemScope,
    ) -> Result<AskedCorrection, Error> {
        let line = match correction.line {
            Some(id) => timeline::one(tx, head, id, items)?,
            None => None,
        };
        let open = correction.state == CorrectionState::Open;
        Ok(AskedCorrection {
            line,
            clock: open.then(|| clock(correction.due_on, self.today())),
            correction,
        })
    }

    /// What one has asked to have put right, and the line that is to be asked about now.
    ///
    /// # Errors
    /// Not allowed, no record of their own, no such line, or the store's.
    pub fn own_corrections(
        &self,
        actor: &Actor,
        line: Option<TimelineId>,
    ) -> Result<CorrectionsPage, Error> {
        access::decide(actor, Action::SeeOwnRecord)?;
        self.store().write(|tx| {
            let mine = self.oneself(tx, actor)?;
            let sight = self.sight(tx, actor, mine.person)?;
            let line = match line {
                Some(id) => Some(
                    timeline::one(tx, mine.person, id, &sight.items)?
                        .ok_or(Error::NotFound("line"))?,
                ),
                None => None,
            };
            let mut asked = Vec::new();
            for one in rows::of_person(tx, mine.person)? {
                asked.push(self.asked(tx, mine.person, one, &sight.items)?);
            }
            let thing = format!("corrections of person {}", mine.person);
            self.looked_at_home(tx, actor, &sight, (thing, asked.len()))?;
            Ok(CorrectionsPage { mine, asked, line })
        })
    }

    /// Asks to have something in one's own record put right.
    ///
    /// # Errors
    /// Not allowed, no record of their own, nothing said, no such line, or the store's.
    pub fn ask_correction(
        &self,
        actor: &Actor,
        about: About,
        words: &str,
    ) -> Result<CorrectionId, Error> {
        access::decide(actor, Action::SeeOwnRecord)?;
        let words = read_words(
            "words",
            words,
            "Write what is wrong and what would be right",
        )?;
        let due_on = due_on(self.today(), &self.policy().calendar).map_err(policy)?;
        self.store().write(|tx| {
            let own = self.oneself(tx, actor)?;
            let line = match about {
                About::Line(id) => {
                    let sight = self.sight(tx, actor, own.person)?;
                    timeline::one(tx, own.person, id, &sight.items)?
                        .ok_or(Error::NotFound("line"))?;
                    Some(id)
                }
                _ => None,
            };
            let correction = Correction {
                id: self.ids().correction(),
                person: own.person,
                about: about.as_str().to_owned(),
                line,
                words: words.clone(),
                asked_at: self.now(),
                asked_by: actor.display_name.clone(),
                due_on,
                state: CorrectionState::Open,
                answer: String::new(),
                answered: None,
                version: 1,
            };
            rows::ask(tx, &correction)?;
            let thing = format!("correction {}", correction.id);
            self.did(tx, actor, own.person, "correction: ask", thing)?;
            Ok(correction.id)
        })
    }

    /// Whose requests somebody may answer: `None` is everybody's, for the privacy officer.
    fn correction_scope(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
    ) -> Result<Option<PeopleScope>, Error> {
        if access::decide(actor, Action::Restrict).is_ok() {
            return Ok(None);
        }
        let asker = self.asker(tx, actor)?;
        Ok(Some(self.people_scope(&asker)))
    }

    /// Requests that wait for an answer, the one due first first, and the latest answers: those
    /// about people whose records the asker may see, and of those none about a line that is
    /// withheld from them. The privacy officer sees all of them.
    ///
    /// # Errors
    /// Not allowed, or the store's.
    pub fn corrections(
        &self,
        actor: &Actor,
    ) -> Result<(Vec<CorrectionPage>, Vec<CorrectionPage>), Error> {
        access::decide(actor, Action::AnswerCorrection)?;
        self.store().write(|tx| {
            let scope = self.correction_scope(tx, actor)?;
            let most = i64::try_from(limits::ROWS_A_PAGE).unwrap_or(i64::MAX);
            let mut pages = [Vec::new(), Vec::new()];
            for (number, found) in [
                rows::waiting(tx, scope.as_ref(), most)?,
                rows::answered(tx, scope.as_ref(), ANSWERED)?,
            ]
            .into_iter()
            .enumerate()
            {
                for one in found {
                    match self.for_staff(tx, actor, one) {
                        Ok(page) => pages[number].push(page),
                        Err(Error::NotFound(_) | Error::NoTie(_)) => {}
                        Err(other) => return Err(other),
                    }
                }
            }
            let [waiting, answered] = pages;
            Ok((waiting, answered))
        })
    }

    /// A request as somebody may see it, with its look in the journal.
    fn for_staff(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        one: Correction,
    ) -> Result<CorrectionPage, Error> {
        let mut allowed = access::decide(actor, Action::AnswerCorrection)?;
        let gone = || Error::NotFound("request");
        let head = store::person::head_of(tx, one.person)?.ok_or_else(gone)?;
        let records = store::person::records_of(tx, head)?;
        let mut person = ::person::together(records.iter()).ok_or_else(gone)?;
        let id = one.id;
        let sees_record = self.correction_scope(tx, actor)?.is_some();
        let asked = if sees_record {
            let sight = match self.sight(tx, actor, head) {
                Err(Error::NoTie(_) | Error::NotFound(_)) => return Err(gone()),
                other => other?,
            };
            let about_a_line = one.line.is_some();
            let asked = self.asked(tx, head, one, &sight.items)?;
            if about_a_line && asked.line.is_none() {
                return Err(gone());
            }
            allowed = sight.allowed;
            person = sight.shown(person);
            asked
        } else {
            self.asked(tx, head, one, &ItemScope::default())?
        };
        let subject = Subject {
            person: Some(head),
            thing: format!("correction {id}"),
            results: 1,
            ..Subject::default()
        };
        self.looked(tx, actor, allowed, Action::AnswerCorrection, subject)?;
        Ok(CorrectionPage {
            asked,
            person,
            sees_record,
        })
    }

    /// One request, to answer it.
    ///
    /// # Errors
    /// Not allowed, not there or not for them, or the store's.
    pub fn correction(&self, actor: &Actor, id: CorrectionId) -> Result<CorrectionPage, Error> {
        access::decide(actor, Action::AnswerCorrection)?;
        self.store().write(|tx| {
            let one = rows::by_id(tx, id)?.ok_or(Error::NotFound("request"))?;
            self.for_staff(tx, actor, one)
        })
    }

    /// Answers a request that was shown at a version.
    ///
    /// # Errors
    /// Not allowed, not there or not for them, nothing said, answered by somebody else
    /// meanwhile, or the store's.
    pub fn answer_correction(
        &self,
        actor: &Actor,
        id: CorrectionId,
        version: i64,
        answer: Answer,
        words: &str,
    ) -> Result<(), Error> {
        let allowed = access::decide(actor, Action::AnswerCorrection)?;
        let missing = match answer {
            Answer::Changed => "Write what was changed, for the person to read",
            Answer::Refused => "Write why it was not changed, for the person to read",
        };
        let words = read_words("words", words, missing)?;
        self.store().write(|tx| {
            let one = rows::by_id(tx, id)?.ok_or(Error::NotFound("request"))?;
            let page = self.for_staff(tx, actor, one)?;
            let correction = &page.asked.correction;
            let stale = || Error::Stale {
                who: correction
                    .answered
                    .as_ref()
                    .map_or_else(|| "Somebody else".to_owned(), |(_, who)| who.clone()),
                what: "the answer to this request".to_owned(),
            };
            if correction.version != version || correction.state != CorrectionState::Open {
                return Err(stale());
            }
            let (state, action) = match answer {
                Answer::Changed => (CorrectionState::Changed, "correction: change"),
                Answer::Refused => (CorrectionState::Refused, "correction: leave as it is"),
            };
            let by = format!("{}, {}", actor.display_name, actor.organisation_name);
            if !rows::answer(tx, correction, state, &words, (self.now(), &by))? {
                return Err(stale());
            }
            let subject = Subject {
                person: Some(correction.person),
                thing: format!("correction {id}"),
                results: 1,
                ..Subject::default()
            };
            self.record(tx, actor, allowed, journal::Kind::Command, action, subject)
        })
    }
}
