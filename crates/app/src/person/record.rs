//! Finding a person and seeing their record. Each look is journalled in the
//! transaction that reads it, before anything is shown.

use super::identity::LinkedRecord;
use super::{Seen, TimelineFilter};
use crate::{App, Error, Subject};
use ::person::search::{name_words, postcode_word};
use access::{Action, Actor};
use jiff::civil::Date;
use kernel::{DocumentId, NhsNumber, OrganisationId, PersonId, StayId};
use store::document::{self, Document};
use store::find::{self, Found, Reach, Search};
use store::organisation;
use store::timeline::Line;

/// Most search results shown.
const RESULTS: usize = 50;
/// Latest looks shown on a person's page.
const LOOKS: usize = 10;

/// Somebody whom a search found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Who.
    pub found: Found,
    /// Whether their record is shown; if not, it can be asked for.
    pub tie: bool,
}

/// A stay as a person's page lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StayLine {
    /// The stay.
    pub stay: ::flow::Stay,
    /// Name of the hospital.
    pub hospital: String,
    /// Name of the council of residence, if known.
    pub council: Option<String>,
    /// Notices about it, oldest first.
    pub notices: Vec<::flow::Notice>,
}

/// A person's record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonPage {
    /// The person: what the head of their records says.
    pub person: ::person::Person,
    /// The records that are this person, the head first.
    pub records: Vec<LinkedRecord>,
    /// Whole years of age today, if known.
    pub age: Option<i16>,
    /// Name of the council of ordinary residence, if known.
    pub council: Option<String>,
    /// Stays, latest first.
    pub stays: Vec<StayLine>,
    /// Who acts for them today, those first who may decide.
    pub acting: Vec<::person::acting::Acting>,
    /// What they say of themselves, what holds, and who has to do with them.
    pub summary: super::Summary,
    /// The lines asked for, newest first.
    pub timeline: Vec<Line>,
    /// Page shown, from 1.
    pub page: usize,
    /// True when there are more lines.
    pub more: bool,
    /// What there is on the timeline, and what of it is new to the asker.
    pub seen: Seen,
    /// The latest looks and changes, this one not among them.
    pub looks: Vec<super::Told>,
    /// Why it is shown, and what is withheld.
    pub sight: super::Sight,
}

impl App {
    /// A person's record with a page of the timeline.
    ///
    /// # Errors
    /// Not allowed, not there, or the store's.
    pub fn person(
        &self,
        actor: &Actor,
        id: PersonId,
        filter: &TimelineFilter,
    ) -> Result<PersonPage, Error> {
        access::decide(actor, Action::SeePerson)?;
        self.store().write(|tx| {
            let sight = self.sight(tx, actor, id)?;
            let head = sight.person;
            let mut records = self.linked_records(tx, head)?;
            let person = ::person::together(records.iter().map(|one| &one.record))
                .ok_or(Error::NotFound("person"))?;
            let person = sight.shown(person);
            for one in &mut records {
                one.record = sight.shown(one.record.clone());
            }
            let id = head;
            let organisations = organisation::all(tx)?;
            let name = |id| {
                let found = organisations.iter().find(|one| one.id == id);
                found.map(|one| one.name.clone())
            };
            let lines = self.lines(tx, actor, &sight, filter)?;
            let shown = PersonPage {
                age: person.age_on(self.today()),
                council: person.council.and_then(&name),
                stays: self.stay_lines(tx, id, &name)?,
                acting: self.acting_now(tx, &sight)?,
                summary: self.summary(tx, &sight)?,
                timeline: lines.lines,
                page: lines.page,
                more: lines.more,
                seen: lines.seen,
                looks: self.told(tx, id, super::Voice::Other, 0, LOOKS)?,
                records,
                person,
                sight,
            };
            let subject = Subject {
                person: Some(id),
                thing: format!("person {id}"),
                results: shown.timeline.len(),
                ..Subject::default()
            };
            self.looked(tx, actor, shown.sight.allowed, Action::SeePerson, subject)?;
            Ok(shown)
        })
    }

    fn stay_lines(
        &self,
        tx: &mut dyn store::Tx,
        id: PersonId,
        name: &dyn Fn(OrganisationId) -> Option<String>,
    ) -> Result<Vec<StayLine>, Error> {
        let stays = store::flow::stays_of_person(tx, id)?;
        let mut notices = match stays.is_empty() {
            true => Vec::new(),
            false => store::flow::notices_of_person(tx, id)?,
        };
        let mut lines = Vec::new();
        for stay in stays {
            let (own, others) = notices.into_iter().partition(|(of, _)| *of == stay.id);
            notices = others;
            let own: Vec<(StayId, ::flow::Notice)> = own;
            lines.push(StayLine {
                hospital: name(stay.hospital).unwrap_or_default(),
                council: stay.council.and_then(name),
                notices: own.into_iter().map(|(_, notice)| notice).collect(),
                stay,
            });
        }
        lines.sort_by_key(|line| std::cmp::Reverse(line.stay.admitted_on));
        Ok(lines)
    }

    /// The record of whoever has an NHS number.
    ///
    /// # Errors
    /// Not allowed, not there, or the store's.
    pub fn person_with_number(
        &self,
        actor: &Actor,
        number: NhsNumber,
    ) -> Result<PersonPage, Error> {
        access::decide(actor, Action::SeePerson)?;
        let found = self
            .store()
            .read(|tx| store::person::by_nhs_number(tx, number))?;
        let person = found
            .first()
            .ok_or(Error::NotFound("person with that NHS number"))?;
        self.person(actor, person.id, &TimelineFilter::default())
    }

    /// People who fit what was typed: an NHS number, a date of birth, a postcode,
    /// names, or several of these. Those whose records the asker may see; and whoever is
    /// traced, by NHS number or by whole name and date of birth, so that a record can be asked
    /// for, without where they live. The list and the search are journalled; what was typed
    /// is not.
    ///
    /// # Errors
    /// Not allowed, nothing usable typed, or the store's.
    pub fn find_person(&self, actor: &Actor, typed: &str) -> Result<Vec<Hit>, Error> {
        let allowed = access::decide(actor, Action::FindPerson)?;
        let search = read_search(typed)?;
        self.store().write(|tx| {
            let asker = self.asker(tx, actor)?;
            let scope = self.people_scope(&asker);
            let mut hits: Vec<Hit> = find::search(tx, &search, RESULTS, Reach::Scope(&scope))?
                .into_iter()
                .map(|found| Hit { found, tie: true })
                .collect();
            if search.traces() {
                let traced = find::search(tx, &search, RESULTS, Reach::Traced(&scope))?;
                hits.extend(traced.into_iter().map(|found| Hit { found, tie: false }));
            }
            // Records that are one person are one line.
            let mut seen = std::collections::HashSet::new();
            hits.retain(|hit| seen.insert(hit.found.id));
            hits.truncate(RESULTS);
            self.hide_addresses(tx, &mut hits)?;
            let subject = Subject {
                results: hits.len(),
                ..Subject::default()
            };
            self.looked(tx, actor, allowed, Action::FindPerson, subject)?;
            Ok(hits)
        })
    }

    /// Takes away where those live whose address is protected, or whose record is not shown.
    fn hide_addresses(&self, tx: &mut dyn store::Tx, hits: &mut [Hit]) -> Result<(), Error> {
        let protected = find::protected(tx)?;
        for hit in hits {
            if !hit.tie || protected.contains(&hit.found.id) {
                hit.found.address = String::new();
                hit.found.postcode = String::new();
            }
        }
        Ok(())
    }

    /// A document of a person's.
    ///
    /// # Errors
    /// Not allowed, not there, or the store's.
    pub fn document(&self, actor: &Actor, id: DocumentId) -> Result<Document, Error> {
        access::decide(actor, Action::SeePerson)?;
        self.store().write(|tx| {
            let document = document::by_id(tx, id)?.ok_or(Error::NotFound("document"))?;
            let sight = self.sight(tx, actor, document.person)?;
            if !document::in_scope(tx, sight.person, id, &sight.items)? {
                return Err(Error::NotFound("document"));
            }
            let allowed = sight.allowed;
            let subject = Subject {
                person: Some(document.person),
                thing: format!("document {id}"),
                results: 1,
                ..Subject::default()
            };
            self.looked(tx, actor, allowed, Action::SeePerson, subject)?;
            Ok(document)
        })
    }
}

/// Reads the one search box: each word is a date of birth, part of an NHS number
/// or postcode, or the beginning of a name.
fn read_search(typed: &str) -> Result<Search, Error> {
    let refuse = |text: &str| Err(Error::invalid("search", text));
    if typed.chars().count() > 200 {
        return refuse("Type fewer words");
    }
    if let Some(number) = whole_number(typed)? {
        return Ok(Search {
            nhs_number: Some(number),
            ..Search::default()
        });
    }
    let words: Vec<&str> = typed
        .split([' ', ','])
        .filter(|word| !word.is_empty())
        .collect();
    let mut search = Search::default();
    let mut at = 0;
    while at < words.len() {
        let (three, two) = (words.get(at..at + 3), words.get(at..at + 2));
        if let Some(date) = read_date(words[at]) {
            search.birth_date = Some(date);
            at += 1;
        } else if let Some(date) = three.and_then(|three| read_date(&three.join(" "))) {
            search.birth_date = Some(date);
            at += 3;
        } else if let Some(postcode) = two.and_then(|two| read_postcode(&two.concat(), true)) {
            search.postcode = Some(postcode_word(&postcode));
            at += 2;
        } else if let Some(postcode) = read_postcode(words[at], false) {
            search.postcode = Some(postcode_word(&postcode));
            at += 1;
        } else {
            search.names.extend(name_words(words[at]));
            at += 1;
        }
    }
    let letters: usize = search.names.iter().map(|name| name.chars().count()).sum();
    match search {
        Search {
            birth_date: None,
            postcode: None,
            ..
        } if letters < 2 => refuse("Type an NHS number, a name, a date of birth or a postcode"),
        search => Ok(search),
    }
}

/// The NHS number, when the whole of what was typed is ten digits.
fn whole_number(typed: &str) -> Result<Option<NhsNumber>, Error> {
    let digits = typed.chars().filter(char::is_ascii_digit).count();
    let only = typed
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-'));
    if !(only && digits >= 9) {
        return Ok(None);
    }
    NhsNumber::parse(typed).map(Some).map_err(|error| {
        Error::invalid(
            "search",
            format!("This is not an NHS number: it {}", told(&error)),
        )
    })
}

fn told(error: &kernel::NhsNumberError) -> String {
    match error {
        kernel::NhsNumberError::CheckDigit => "does not add up, so a digit is wrong".to_owned(),
        other => other.to_string(),
    }
}

/// A date typed as 3/4/1938, 3-4-1938, 1938-04-03, 3 April 1938 or 3 Apr 1938.
fn read_date(text: &str) -> Option<Date> {
    [
        "%d/%m/%Y", "%d-%m-%Y", "%Y-%m-%d", "%d.%m.%Y", "%d %B %Y", "%d %b %Y",
    ]
    .iter()
    .find_map(|form| Date::strptime(form, text).ok())
}

/// A postcode or the first half of one: letters, then a digit. The whole needs a
/// digit and two letters at its end.
fn read_postcode(text: &str, whole: bool) -> Option<String> {
    let text = text.to_ascii_uppercase();
    let letters = text.bytes().take_while(u8::is_ascii_uppercase).count();
    let rest = text.as_bytes().get(letters..)?;
    let plain = rest.iter().all(u8::is_ascii_alphanumeric);
    let fits = (1..=2).contains(&letters)
        && rest.first().is_some_and(u8::is_ascii_digit)
        && (2..=7).contains(&text.len())
        && plain;
    let ended = rest.len() >= 4
        && rest[rest.len() - 3].is_ascii_digit()
        && rest[rest.len() - 2..].iter().all(u8::is_ascii_uppercase);
    (fits && (!whole || ended)).then_some(text)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use jiff::civil::date;

    #[test]
    fn one_box_reads_what_people_type() {
        let born = Some(date(1938, 4, 3));
        let names = |names: &[&str]| {
            names
                .iter()
                .map(|&name| name.to_owned())
                .collect::<Vec<_>>()
        };
        for (typed, expected) in [
            (
                "jones",
                Search {
                    names: names(&["jones"]),
                    ..Search::default()
                },
            ),
            (
                "JONES, Arthur",
                Search {
                    names: names(&["jones", "arthur"]),
                    ..Search::default()
                },
            ),
            (
                "3/4/1938",
                Search {
                    birth_date: born,
                    ..Search::default()
                },
            ),
            (
                "Jones 3 April 1938",
                Search {
                    names: names(&["jones"]),
                    birth_date: born,
                    ..Search::default()
                },
            ),
            (
                "zz1 4ab",
                Search {
                    postcode: Some("zz14ab".to_owned()),
                    ..Search::default()
                },
            ),
            (
                "zz1",
                Search {
                    postcode: Some("zz1".to_owned()),
                    ..Search::default()
                },
            ),
            (
                "smith zz14",
                Search {
                    names: names(&["smith"]),
                    postcode: Some("zz14".to_owned()),
                    ..Search::default()
                },
            ),
            (
                "999 000 0018",
                Search {
                    nhs_number: NhsNumber::parse("9990000018").ok(),
                    ..Search::default()
                },
            ),
        ] {
            assert_eq!(read_search(typed).ok(), Some(expected), "{typed}");
        }
    }

    #[test]
    fn too_little_or_a_wrong_number_is_refused_in_words() {
        for (typed, said) in [
            ("", "Type an NHS number"),
            ("j", "Type an NHS number"),
            ("999 000 0019", "does not add up"),
            ("999 000 001", "needs 10 digits"),
        ] {
            let error = read_search(typed).unwrap_err().to_string();
            assert!(error.contains(said), "{typed}: {error}");
        }
    }
}
