//! The queue of requests for help: taking one, changing its priority, deciding, putting two
//! together.

use super::begun::{BegunLine, CarerIs};
use super::forms::{FormPage, as_shown};
use super::offer::NewNeed;
use crate::{App, Error, Subject};
use ::flow::triage::{Outcome, Priority, due};
use access::{Action, Actor, Allowed};
use kernel::{ReferralId, ServiceId, limits};
use store::form as form_rows;
use store::referral::{self as rows, Line, QueueScope, Referral, ReferralState, Wanted};
use store::scope::PeopleScope;
use store::{Tx, directory, journal};

/// Longest text of a decision, in characters.
pub const WORDS: usize = 2_000;

/// A page of the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queue {
    /// What is due first comes first; of what is decided, the latest.
    pub lines: Vec<Line>,
    /// How many are live.
    pub live: i64,
    /// Of them, late.
    pub late: i64,
    /// Of them, taken by nobody.
    pub untaken: i64,
    /// Page shown, from 1.
    pub page: usize,
    /// True when there are more.
    pub more: bool,
}

/// One request with everything its page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TriageCase {
    /// The request and the person's name.
    pub line: Line,
    /// What was asked.
    pub page: FormPage,
    /// Live requests that may be of the same person.
    pub alike: Vec<Line>,
    /// What was decided.
    pub outcomes: Vec<Outcome>,
    /// Services that the person was told of.
    pub services: Vec<(ServiceId, String)>,
    /// Whether somebody has to decide whose the record is.
    pub whose: bool,
    /// What the decision began.
    pub begun: Vec<BegunLine>,
    /// Outward half of the person's postcode, where that is shown.
    pub zone: String,
}

/// What somebody decides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decision<'a> {
    /// What is done; at least one.
    pub outcomes: Vec<Outcome>,
    /// Services that the person is told of.
    pub services: Vec<ServiceId>,
    /// What the person is told.
    pub answer: &'a str,
    /// Why, for colleagues.
    pub note: &'a str,
    /// Whether it is kept from the person's own pages.
    pub hidden: bool,
    /// Whether it is begun on this record though somebody has to decide whose that is.
    pub on_this_record: bool,
    /// Who the carer is, where a carer is supported.
    pub carer: CarerIs<'a>,
    /// What services are asked, where it is reablement. The kind of care need not be said.
    pub need: Option<Box<NewNeed>>,
}

/// What is done with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// Whoever does it looks at it.
    Take,
    /// It is looked at sooner or later than it said, and why.
    Priority(Priority, &'a str),
    /// It is decided.
    Decide(Decision<'a>),
    /// It goes on as part of another one.
    Merge(ReferralId),
}

impl App {
    pub(super) fn queue_scope(&self, tx: &mut dyn Tx, actor: &Actor) -> Result<PeopleScope, Error> {
        let asker = self.asker(tx, actor)?;
        Ok(self.people_scope(&asker))
    }

    /// A page of the queue of those that whoever asks has to decide.
    ///
    /// # Errors
    /// Not allowed, or the store's.
    pub fn triage(&self, actor: &Actor, wanted: Wanted, page: usize) -> Result<Queue, Error> {
        let allowed = access::decide(actor, Action::Triage)?;
        self.store().write(|tx| {
            let people = self.queue_scope(tx, actor)?;
            let scope = QueueScope { people: &people };
            let (page, size, now) = (page.max(1), limits::ROWS_A_PAGE, self.now());
            let offset = (page - 1).saturating_mul(size);
            let mut lines = rows::queue(tx, scope, (wanted, now), (offset, size + 1))?;
            let more = lines.len() > size;
            lines.truncate(size);
            let (live, late, untaken) = rows::counts(tx, scope, now)?;
            let subject = Subject {
                results: lines.len(),
                ..Subject::default()
            };
            self.looked(tx, actor, allowed, Action::Triage, subject)?;
            Ok(Queue {
                lines,
                live,
                late,
                untaken,
                page,
                more,
            })
        })
    }

    /// One request. To those who do not have to decide it, it is not there.
    ///
    /// # Errors
    /// Not allowed, not there, or the store's.
    pub fn triage_case(&self, actor: &Actor, id: ReferralId) -> Result<TriageCase, Error> {
        let allowed = access::decide(actor, Action::Triage)?;
        self.store().write(|tx| {
            let people = self.queue_scope(tx, actor)?;
            let scope = QueueScope { people: &people };
            let line = rows::in_queue(tx, scope, id)?.ok_or(Error::NotFound("request"))?;
            let of = (id, line.referral.person);
            let alike = match line.referral.state.is_live() {
                true => rows::alike(tx, scope, of)?,
                false => Vec::new(),
            };
            let kept = form_rows::by_id(tx, line.referral.form)?;
            let page = self.filled(tx, kept.ok_or(Error::NotFound("form"))?, None)?;
            let (outcomes, services) = rows::decided(tx, id)?;
            let whose = store::identity::waits_for(tx, line.referral.person)?;
            let begun = self.begun_lines(tx, actor, id)?;
            let sight = self.sight(tx, actor, line.head)?;
            let person = store::person::by_id(tx, sight.person)?.map(|one| sight.shown(one));
            let zone =
                person.and_then(|one| Some(one.postcode.split_whitespace().next()?.to_owned()));
            let subject = about(&line.referral, "");
            self.looked(tx, actor, allowed, Action::Triage, subject)?;
            Ok(TriageCase {
                line,
                page,
                alike,
                outcomes,
                services,
                whose,
                begun,
                zone: zone.unwrap_or_default(),
            })
        })
    }

    /// Does something with a request that was shown at a version.
    ///
    /// # Errors
    /// Not allowed, not there, something that was typed, changed by somebody else meanwhile, or
    /// the store's.
    pub fn triage_step(
        &self,
        actor: &Actor,
        (id, version): (ReferralId, i64),
        step: &Step<'_>,
    ) -> Result<(), Error> {
        let allowed = access::decide(actor, Action::Triage)?;
        check(step)?;
        self.store().write(|tx| {
            let people = self.queue_scope(tx, actor)?;
            let scope = QueueScope { people: &people };
            let line = rows::in_queue(tx, scope, id)?.ok_or(Error::NotFound("request"))?;
            let mut one = line.referral;
            if one.version != version || !one.state.is_live() {
                return Err(stale(&one));
            }
            one.version += 1;
            let action = match step {
                Step::Take => self.take_it(actor, &mut one),
                Step::Priority(priority, why) => self.change_priority(&mut one, *priority, why)?,
                Step::Decide(decision) => self.decide_it(tx, actor, &mut one, decision)?,
                Step::Merge(into) => self.merge_it(tx, actor, scope, (&mut one, *into))?,
            };
            if !rows::update(tx, &one)? {
                return Err(stale(&one));
            }
            let decided = match step {
                Step::Decide(decision) => decision.outcomes.as_slice(),
                _ => &[],
            };
            self.follow_referral_chain(tx, &one, decided)?;
            self.keep_decided_steps(tx, &one, decided)?;
            self.follow_referral(tx, &one)?;
            self.noted(tx, actor, allowed, action, &one)
        })
    }

    fn noted(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        allowed: Allowed,
        action: &str,
        one: &Referral,
    ) -> Result<(), Error> {
        let subject = about(one, one.state.as_str());
        self.record(tx, actor, allowed, journal::Kind::Command, action, subject)
    }

    fn take_it(&self, actor: &Actor, one: &mut Referral) -> &'static str {
        one.state = ReferralState::Taken;
        one.taken_by.clone_from(&actor.display_name);
        "referral: take"
    }

    fn change_priority(
        &self,
        one: &mut Referral,
        priority: Priority,
        why: &str,
    ) -> Result<&'static str, Error> {
        let calendar = &self.policy().calendar;
        one.priority = priority;
        why.trim().clone_into(&mut one.priority_why);
        one.due_at = due(one.sent_at, priority, self.triage_times()?, calendar)
            .map_err(|error| Error::Policy(error.to_string()))?;
        Ok("referral: change priority")
    }

    fn decide_it(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        one: &mut Referral,
        decision: &Decision<'_>,
    ) -> Result<&'static str, Error> {
        for service in &decision.services {
            if directory::by_id(tx, *service)?.is_none() {
                return Err(Error::invalid(
                    "services",
                    "Choose services of the directory",
                ));
            }
        }
        rows::decide(tx, one.id, &decision.outcomes, &decision.services)?;
        one.state = ReferralState::Decided;
        decision.answer.trim().clone_into(&mut one.answer);
        decision.note.trim().clone_into(&mut one.note);
        one.hidden = decision.hidden;
        one.decided = Some((self.now(), actor.display_name.clone()));
        self.begin_decided(tx, actor, one, decision)?;
        Ok("referral: decide")
    }

    fn merge_it(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        scope: QueueScope<'_>,
        (one, into): (&mut Referral, ReferralId),
    ) -> Result<&'static str, Error> {
        let alike = rows::alike(tx, scope, (one.id, one.person))?;
        let Some(other) = alike.iter().find(|line| line.referral.id == into) else {
            return Err(Error::invalid("into", "Choose one of the requests shown"));
        };
        one.state = ReferralState::Merged;
        one.merged_into = Some(into);
        one.decided = Some((self.now(), actor.display_name.clone()));
        // Of two the more urgent one sets the clock.
        let other = &other.referral;
        if one.due_at < other.due_at {
            let mut sooner = other.clone();
            sooner.version += 1;
            sooner.priority = one.priority;
            sooner.due_at = one.due_at;
            "Put together with a more urgent request".clone_into(&mut sooner.priority_why);
            if !rows::update(tx, &sooner)? {
                return Err(stale(other));
            }
        }
        Ok("referral: put together")
    }
}

/// What the journal says of a request. Whose it is is said when the person may see it.
fn about(one: &Referral, detail: &str) -> Subject {
    Subject {
        person: Some(one.person).filter(|_| one.is_shown()),
        thing: format!("referral {}", one.id),
        results: 1,
        detail: detail.to_owned(),
    }
}

fn stale(one: &Referral) -> Error {
    let who = match &one.decided {
        Some((_, who)) => who.clone(),
        None if one.taken_by.is_empty() => "Somebody".to_owned(),
        None => one.taken_by.clone(),
    };
    Error::Stale {
        who,
        what: format!("the request is {}", one.state),
    }
}

/// What was typed is enough, and not too long.
fn check(step: &Step<'_>) -> Result<(), Error> {
    let short = |field, text: &str| match text.chars().count() > WORDS {
        true => Err(Error::invalid(field, as_shown(WORDS))),
        false => Ok(()),
    };
    match step {
        Step::Take | Step::Merge(_) => Ok(()),
        Step::Priority(_, why) => match why.trim().is_empty() {
            true => Err(Error::invalid("why", "Say why it is more or less urgent")),
            false => short("why", why),
        },
        Step::Decide(decision) => {
            let nothing = decision.outcomes.contains(&Outcome::Nothing);
            if decision.outcomes.is_empty() {
                return Err(Error::invalid("outcomes", "Choose what is done"));
            }
            if nothing && decision.outcomes.len() > 1 {
                let text = "“No further action” cannot be chosen together with something else";
                return Err(Error::invalid("outcomes", text));
            }
            if decision.answer.trim().is_empty() {
                let text = match nothing {
                    true => "Say to the person why nothing further is done",
                    false => "Say to the person what happens next",
                };
                return Err(Error::invalid("answer", text));
            }
            if decision.hidden && decision.note.trim().is_empty() {
                return Err(Error::invalid(
                    "note",
                    "Say why it is kept from their own pages",
                ));
            }
            short("answer", decision.answer)?;
            short("note", decision.note)
        }
    }
}
