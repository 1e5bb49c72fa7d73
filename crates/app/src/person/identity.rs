//! Whose record is it, when no rule says: reviews that somebody decides, links made and
//! undone. A link changes whose set a record is in and nothing else, so undoing it gives
//! everything back.

use super::arrive::PATIENT;
use crate::{App, Error, Subject};
use ::person::Person;
use ::person::candidates::{Candidate, candidates};
use access::{Action, Actor};
use kernel::{InboxId, LinkId, PersonId, ReviewId, limits};
use linkage::explain::{Comparison, FieldWeight};
use linkage::link::probability;
use store::identity::{self as rows, KeptCandidate, Link, Review, ReviewState};
use store::scope::PeopleScope;
use store::{Tx, journal, timeline};

/// Most candidates that are kept of one record.
const KEPT: usize = 5;
/// Shortest reason that is one, in characters.
const A_REASON: usize = 3;

/// What somebody decides of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is this person's.
    Link(PersonId),
    /// It is none of the candidates'.
    Apart,
    /// The source is asked; it stays to be decided.
    Ask,
}

/// One candidate as the review page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownCandidate {
    /// The person.
    pub person: Person,
    /// How the record was weighed against them when it arrived.
    pub kept: KeptCandidate,
}

/// A review with everything its page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewPage {
    /// The review; its version goes with the decision.
    pub review: Review,
    /// Who it may be, the likeliest first.
    pub candidates: Vec<ShownCandidate>,
}

/// A record that is one of a person's, and the link that made it so, if one did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkedRecord {
    /// What the record says.
    pub record: Person,
    /// The latest link that brought it here.
    pub link: Option<Link>,
}

/// A candidate as it is kept: a line a field.
fn kept(candidate: &Candidate) -> KeptCandidate {
    let millibits = |weight: f64| (weight.clamp(-1e6, 1e6) * 1_000.0).round() as i64;
    let line =
        |field: &str, level: &str, weight: f64| format!("{}\t{field}\t{level}", millibits(weight));
    let comparison = &candidate.comparison;
    let mut lines = vec![line("before comparing", "", comparison.prior)];
    lines.extend(
        comparison
            .fields
            .iter()
            .map(|one| line(&one.field, &one.level, one.weight)),
    );
    KeptCandidate {
        person: candidate.person,
        millibits: millibits(comparison.weight),
        fields: lines.join("\n"),
    }
}

impl ShownCandidate {
    /// How the record was weighed when it arrived, read back from what was kept then.
    pub fn comparison(&self) -> Comparison {
        let bits = |text: &str| {
            text.parse::<i32>()
                .map_or(0.0, |millibits| f64::from(millibits) / 1_000.0)
        };
        let mut lines = self.kept.fields.lines().map(|line| {
            let mut parts = line.splitn(3, '\t');
            FieldWeight {
                weight: bits(parts.next().unwrap_or_default()),
                field: parts.next().unwrap_or_default().to_owned(),
                level: parts.next().unwrap_or_default().to_owned(),
            }
        });
        let prior = lines.next().map_or(0.0, |first| first.weight);
        let weight = bits(&self.kept.millibits.to_string());
        Comparison {
            prior,
            fields: lines.collect(),
            weight,
            probability: probability(weight),
        }
    }
}

/// What a record that must be reviewed came with.
pub(super) struct Doubtful<'a> {
    /// Why no rule decides.
    pub(super) why: &'a str,
    /// Key of the `Patient` resource.
    pub(super) key: &'a str,
    /// The arrival.
    pub(super) inbox: InboxId,
    /// The record's own row, where one was made.
    pub(super) person: Option<PersonId>,
    /// What the record says.
    pub(super) said: &'a Person,
}

impl App {
    /// Who a record that has just come may be, by its keys.
    pub fn likely(&self, tx: &mut dyn Tx, said: &Person) -> Result<Vec<KeptCandidate>, Error> {
        let keys = ::person::candidates::keys_of(said);
        let others = store::person::under_keys(tx, &keys)?;
        let found = candidates(said, &others, PEOPLE);
        Ok(found.iter().take(KEPT).map(kept).collect())
    }

    /// Asks somebody to decide whose a record is. People with its NHS number are candidates
    /// whatever else they say.
    pub(super) fn ask_whose(
        &self,
        tx: &mut dyn Tx,
        doubtful: &Doubtful<'_>,
        same_number: &[Person],
    ) -> Result<(), Error> {
        let found = self.likely(tx, doubtful.said)?;
        self.ask_whose_of(tx, doubtful, &found, same_number)
    }

    /// The same with candidates that were found already.
    pub(super) fn ask_whose_of(
        &self,
        tx: &mut dyn Tx,
        doubtful: &Doubtful<'_>,
        likely: &[KeptCandidate],
        same_number: &[Person],
    ) -> Result<(), Error> {
        let mut found = likely.to_vec();
        let others: Vec<_> = same_number
            .iter()
            .filter(|one| found.iter().all(|kept| kept.person != one.id))
            .map(|one| (one.clone(), one.id))
            .collect();
        found.extend(
            ::person::candidates::compared(doubtful.said, &others, PEOPLE)
                .iter()
                .map(kept),
        );
        self.keep_review(tx, doubtful, &found)
    }

    /// Keeps a review with candidates that were found already.
    pub(super) fn keep_review(
        &self,
        tx: &mut dyn Tx,
        doubtful: &Doubtful<'_>,
        found: &[KeptCandidate],
    ) -> Result<(), Error> {
        let review = Review {
            id: self.ids().review(),
            state: ReviewState::Open,
            why: doubtful.why.to_owned(),
            patient_key: doubtful.key.to_owned(),
            person: doubtful.person,
            said: doubtful.said.clone(),
            inbox: doubtful.inbox,
            made_at: self.now(),
            version: 1,
            decided: None,
        };
        Ok(rows::ask(tx, &review, found)?)
    }

    /// Reviews that wait, oldest first, and whether there are more.
    ///
    /// # Errors
    /// Not allowed, or the store's.
    pub fn reviews(&self, actor: &Actor, page: usize) -> Result<(Vec<Review>, bool), Error> {
        let allowed = access::decide(actor, Action::ReviewIdentity)?;
        self.store().write(|tx| {
            let offset = (page.max(1) - 1).saturating_mul(limits::ROWS_A_PAGE);
            let scope = self.review_scope(tx, actor)?;
            let mut found = rows::waiting(tx, offset, limits::ROWS_A_PAGE + 1, scope.as_ref())?;
            let more = found.len() > limits::ROWS_A_PAGE;
            found.truncate(limits::ROWS_A_PAGE);
            let subject = Subject {
                results: found.len(),
                ..Subject::default()
            };
            self.looked(tx, actor, allowed, Action::ReviewIdentity, subject)?;
            Ok((found, more))
        })
    }

    /// One review, side by side with its candidates.
    ///
    /// # Errors
    /// Not allowed, not there, or the store's.
    pub fn review(&self, actor: &Actor, id: ReviewId) -> Result<ReviewPage, Error> {
        let allowed = access::decide(actor, Action::ReviewIdentity)?;
        self.store().write(|tx| {
            let review = self.review_for(tx, actor, id)?;
            let mut shown = Vec::new();
            for kept in rows::candidates(tx, id)? {
                let Some(person) = store::person::by_id(tx, kept.person)? else {
                    continue;
                };
                // Every person whose details are on the page has been looked at.
                let subject = Subject {
                    person: Some(person.id),
                    thing: format!("review {id}"),
                    results: 1,
                    ..Subject::default()
                };
                self.looked(tx, actor, allowed, Action::ReviewIdentity, subject)?;
                shown.push(ShownCandidate { person, kept });
            }
            let subject = Subject {
                person: review.person,
                thing: format!("review {id}"),
                results: shown.len(),
                ..Subject::default()
            };
            self.looked(tx, actor, allowed, Action::ReviewIdentity, subject)?;
            Ok(ReviewPage {
                review,
                candidates: shown,
            })
        })
    }

    /// Whose reviews somebody may see: `None` is everybody's, for the privacy officer, who
    /// decides what nobody else may know of.
    fn review_scope(&self, tx: &mut dyn Tx, actor: &Actor) -> Result<Option<PeopleScope>, Error> {
        if access::decide(actor, Action::Restrict).is_ok() {
            return Ok(None);
        }
        let asker = self.asker(tx, actor)?;
        Ok(Some(self.people_scope(&asker)))
    }

    /// A review that is for somebody. To others it is not there.
    fn review_for(&self, tx: &mut dyn Tx, actor: &Actor, id: ReviewId) -> Result<Review, Error> {
        let gone = || Error::NotFound("review");
        let review = rows::review(tx, id)?.ok_or_else(gone)?;
        match self.review_scope(tx, actor)? {
            Some(scope) if !rows::is_for(tx, id, &scope)? => Err(gone()),
            _ => Ok(review),
        }
    }

    /// Decides a review that was shown at a version.
    ///
    /// # Errors
    /// Not allowed, not there, no reason given, decided by somebody else meanwhile, a
    /// person who was not a candidate, or the store's.
    pub fn decide_review(
        &self,
        actor: &Actor,
        id: ReviewId,
        version: i64,
        verdict: Verdict,
        why: &str,
    ) -> Result<(), Error> {
        let allowed = access::decide(actor, Action::ReviewIdentity)?;
        let why = reason(why)?;
        self.store().write(|tx| {
            let review = self.review_for(tx, actor, id)?;
            if review.version != version || !review.state.waits() {
                return Err(stale(&review));
            }
            let (state, action) = match verdict {
                Verdict::Link(person) => {
                    let known = rows::candidates(tx, id)?;
                    if known.iter().all(|one| one.person != person) {
                        return Err(Error::invalid("person", "Choose one of the people shown"));
                    }
                    let own = self.own_row(tx, &review)?;
                    self.join(tx, &actor.display_name, person, own, why)?;
                    (ReviewState::Linked, "identity: link")
                }
                Verdict::Apart => {
                    self.stand_alone(tx, actor, &review)?;
                    (ReviewState::Apart, "identity: keep apart")
                }
                Verdict::Ask => (ReviewState::Asked, "identity: ask the source"),
            };
            let now = self.now();
            if !rows::decide(tx, &review, state, (&actor.display_name, why), now)? {
                return Err(stale(&review));
            }
            let person = match verdict {
                Verdict::Link(person) => Some(person),
                _ => review.person,
            };
            let subject = Subject {
                person,
                thing: format!("review {id}"),
                results: 1,
                ..Subject::default()
            };
            self.record(tx, actor, allowed, journal::Kind::Command, action, subject)
        })
    }

    /// The record is nobody's who is here: it stays, or becomes, a person of its own.
    fn stand_alone(&self, tx: &mut dyn Tx, actor: &Actor, review: &Review) -> Result<(), Error> {
        let own = self.own_row(tx, review)?;
        for one in rows::candidates(tx, review.id)? {
            if one.person != own {
                rows::keep_apart(tx, own, one.person, &actor.display_name, self.now())?;
            }
        }
        Ok(())
    }

    /// The row of a record; if it has none it is made, and given the lines that wait.
    fn own_row(&self, tx: &mut dyn Tx, review: &Review) -> Result<PersonId, Error> {
        if let Some(own) = review.person {
            return Ok(own);
        }
        let id = self.ids().person();
        let person = Person {
            id,
            ..review.said.clone()
        };
        store::person::insert(tx, &person, self.now())?;
        self.follow_practice(tx, &person)?;
        match store::person::by_identifier(tx, PATIENT, &review.patient_key)? {
            Some(_) => store::person::give_identifier(tx, PATIENT, &review.patient_key, id)?,
            None => store::person::add_identifier(tx, PATIENT, &review.patient_key, id)?,
        }
        timeline::attach_waiting(tx, &review.patient_key, id)?;
        rows::set_person(tx, review.id, id)?;
        Ok(id)
    }

    /// Makes one person of two. The head that stays is the one with an NHS number, then the
    /// first given.
    pub(super) fn join(
        &self,
        tx: &mut dyn Tx,
        who: &str,
        one: PersonId,
        other: PersonId,
        why: &str,
    ) -> Result<(), Error> {
        let head =
            |tx: &mut dyn Tx, id| store::person::head_of(tx, id)?.ok_or(Error::NotFound("person"));
        let (one, other) = (head(tx, one)?, head(tx, other)?);
        if one == other {
            return Ok(());
        }
        let numbered = |tx: &mut dyn Tx, id| -> Result<bool, Error> {
            Ok(store::person::by_id(tx, id)?.is_some_and(|person| person.nhs_number.is_some()))
        };
        let (kept, given_up) = match (numbered(tx, one)?, numbered(tx, other)?) {
            (false, true) => (other, one),
            _ => (one, other),
        };
        let moved = store::person::records_of(tx, given_up)?
            .iter()
            .map(|record| record.id)
            .collect();
        Ok(rows::link(
            tx,
            &Link {
                id: self.ids().link(),
                kept,
                given_up,
                moved,
                why: why.to_owned(),
                made_at: self.now(),
                made_by: who.to_owned(),
                undone: None,
            },
        )?)
    }

    /// Undoes a link: every record that it moved is its own side's again, with all that hangs
    /// on it; and that the two are apart is written down.
    ///
    /// # Errors
    /// Not allowed, not there, undone before, no reason given, or the store's.
    pub fn undo_link(&self, actor: &Actor, id: LinkId, why: &str) -> Result<PersonId, Error> {
        let allowed = access::decide(actor, Action::ReviewIdentity)?;
        let why = reason(why)?;
        self.store().write(|tx| {
            let link = rows::link_by_id(tx, id)?.ok_or(Error::NotFound("link"))?;
            if let Some((_, who, _)) = &link.undone {
                return Err(Error::Stale {
                    who: who.clone(),
                    what: "the link is undone".to_owned(),
                });
            }
            let now = self.now();
            rows::undo(tx, &link, (&actor.display_name, why), now)?;
            rows::keep_apart(tx, link.kept, link.given_up, &actor.display_name, now)?;
            for person in [link.kept, link.given_up] {
                let subject = Subject {
                    person: Some(person),
                    thing: format!("link {id}"),
                    results: link.moved.len(),
                    ..Subject::default()
                };
                self.record(
                    tx,
                    actor,
                    allowed,
                    journal::Kind::Command,
                    "identity: undo link",
                    subject,
                )?;
            }
            Ok(link.given_up)
        })
    }

    /// The records that are one person, the head first, each with the link that brought it.
    pub(super) fn linked_records(
        &self,
        tx: &mut dyn Tx,
        head: PersonId,
    ) -> Result<Vec<LinkedRecord>, Error> {
        let links = rows::links_of(tx, head)?;
        let records = store::person::records_of(tx, head)?;
        Ok(records
            .into_iter()
            .map(|record| LinkedRecord {
                link: links
                    .iter()
                    .rev()
                    .find(|link| link.moved.contains(&record.id))
                    .cloned(),
                record,
            })
            .collect())
    }
}

/// How many people a place has, for the chance that a record is somebody's before anything
/// is compared. The order of size is enough: a place ten times as large takes three bits off.
const PEOPLE: u64 = 300_000;

fn reason(why: &str) -> Result<&str, Error> {
    let why = why.trim();
    match why.chars().count() {
        0..A_REASON => Err(Error::invalid("why", "Say why, in a few words")),
        501.. => Err(Error::invalid(
            "why",
            "Say it in fewer words: 500 letters at most",
        )),
        _ => Ok(why),
    }
}

fn stale(review: &Review) -> Error {
    let (who, what) = match &review.decided {
        Some((who, _, _)) => (who.clone(), "the review is decided"),
        None => ("Somebody".to_owned(), "the record came in again"),
    };
    Error::Stale {
        who,
        what: what.to_owned(),
    }
}
