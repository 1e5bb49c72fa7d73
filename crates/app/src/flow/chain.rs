//! The chain of steps of a case: it follows the record, people end its steps, and a step goes to
//! another organisation only when that accepts it.

mod case;
mod facts;
mod page;
mod switch;
mod waiting;
mod work;

pub(crate) use page::counted;
pub use page::{ChainView, HandoverView, StepPage, StepView};
pub use switch::{SetInUse, SetsPage};
pub(crate) use waiting::Counted;
pub use waiting::{Waiting, WaitingRow, WaitsBecause};
pub use work::{Work, WorkRow, WorkWhich};

use super::edit::short;
use crate::{App, Error, Subject};
use ::flow::chain::{
    Answer, Answered, CaseKind, Chain, Problem, Step, StepState, advance, handover, workflow,
};
use access::{Action, Actor, Role};
use jiff::Timestamp;
use kernel::{HandoverId, OrganisationId, StayId, StepId};
use store::flow::{self as rows, ChainEvent, ChainRow, StayRow};
use store::{Tx, journal, organisation};

/// What somebody does to a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepChange {
    /// It is done, done elsewhere, or not needed; the last two with a reason.
    End(StepState),
    /// It ended by mistake. Why is needed.
    OpenAgain,
    /// It waits for a reason of a code list; `None` if it goes on.
    Wait(Option<(String, String)>),
    /// The person or team of the owner who does it.
    Name(String),
    /// Another organisation is asked to take it.
    Offer {
        /// To which.
        to: OrganisationId,
        /// To whom there; may be empty.
        name: String,
    },
    /// The offer that has no answer is taken back.
    TakeBack,
}

impl StepChange {
    /// The change in a few words, for the journal.
    const fn in_words(&self) -> &'static str {
        match self {
            Self::End(StepState::Done) => "step: done",
            Self::End(StepState::DoneElsewhere) => "step: done elsewhere",
            Self::End(_) => "step: not needed",
            Self::OpenAgain => "step: open again",
            Self::Wait(Some(_)) => "step: waits",
            Self::Wait(None) => "step: goes on",
            Self::Name(_) => "step: name who does it",
            Self::Offer { .. } => "step: offer to another",
            Self::TakeBack => "step: take offer back",
        }
    }
}

impl App {
    /// Brings the chain of a stay up to date with the stay. A stay that is over when it first
    /// arrives has none.
    ///
    /// # Errors
    /// A set of steps is missing, or the store's.
    pub fn follow_chain(&self, tx: &mut dyn Tx, row: &StayRow) -> Result<(), Error> {
        let case_id = row.stay.id.to_string();
        let found = rows::chain_of(tx, CaseKind::Stay, &case_id)?;
        let hubs = organisation::hubs_of(tx, row.stay.hospital)?;
        let parts = facts::parts(&row.stay, &hubs);
        let facts = self.stay_facts(tx, row)?;
        let Some(before) = found else {
            if row.stay.discharged_on.is_some() {
                return Ok(());
            }
            let began_at = facts::noon_or_now(row.stay.admitted_on, row.updated_at);
            let mut chain = self.new_chain(tx, CaseKind::Stay, began_at, &parts)?;
            advance::advance(&mut chain.steps, &facts, &parts, began_at);
            let new = ChainRow {
                id: self.ids().chain(),
                case_id,
                person: row.stay.person,
                began_at,
                over_at: None,
                updated_at: row.updated_at,
                updated_by: row.updated_by.clone(),
                version: 1,
                chain,
            };
            rows::insert_chain(tx, &new)?;
            return self.follow_owners(tx, &new);
        };
        let mut after = before.clone();
        facts::follow_council(&mut after.chain.steps, &before.chain, row.stay.council);
        advance::advance(&mut after.chain.steps, &facts, &parts, before.began_at);
        after.over_at = row
            .stay
            .discharged_on
            .map(|day| facts::noon_or_now(day, row.updated_at));
        if after.chain == before.chain && after.over_at == before.over_at {
            return Ok(());
        }
        after.updated_at = row.updated_at;
        after.updated_by.clone_from(&row.updated_by);
        self.keep_chain(tx, &before, &mut after)
    }

    /// A chain of the set in use, with no step begun.
    fn new_chain(
        &self,
        tx: &mut dyn Tx,
        case: CaseKind,
        at: Timestamp,
        parts: &advance::Parts,
    ) -> Result<Chain, Error> {
        let set = rows::set_in_use(tx, case, at.max(self.now()))?;
        let sets = &self.policy().workflows;
        // A set that a later version no longer has: the normal one.
        let found = set
            .and_then(|set| sets.find(case, &set))
            .or_else(|| sets.find(case, workflow::NORMAL));
        let workflow = found.ok_or_else(|| {
            Error::Policy(format!(
                "policy/flow has no set of steps \"normal\" for a {}",
                case.in_words()
            ))
        })?;
        let hours = |key: &str| self.hours(key);
        let mut ids = || self.ids().step();
        Ok(Chain {
            case,
            set: workflow.set.clone(),
            steps: advance::plan(workflow, parts, &hours, &mut ids),
            handovers: Vec::new(),
        })
    }

    /// The hours of a parameter today; `None` if it has no value.
    fn hours(&self, key: &str) -> Option<i64> {
        self.policy().on(key, self.today()).ok()?.integer().ok()
    }

    /// Writes a changed chain: offers of steps that ended meanwhile lapse, and whoever owns or is
    /// offered a step may see the person.
    fn keep_chain(
        &self,
        tx: &mut dyn Tx,
        before: &ChainRow,
        after: &mut ChainRow,
    ) -> Result<(), Error> {
        after.version = before.version + 1;
        if !rows::update_chain(tx, before, after)? {
            return Err(stale(before));
        }
        let (at, by) = (after.updated_at, after.updated_by.clone());
        for offer in &mut after.chain.handovers {
            let ended = after
                .chain
                .steps
                .iter()
                .any(|step| step.id == offer.step && step.state.is_ended());
            if offer.answer.is_none() && ended {
                let lapsed = Answered {
                    answer: Answer::Lapsed,
                    at,
                    by: by.clone(),
                    why: "The step ended before anybody answered".to_owned(),
                };
                rows::answer_handover(tx, offer.id, &lapsed)?;
                offer.answer = Some(lapsed);
            }
        }
        self.follow_owners(tx, after)?;
        for (was, is) in before.chain.steps.iter().zip(&after.chain.steps) {
            if after.chain.case == CaseKind::Referral && was.ended_at != is.ended_at {
                self.follow_begun(tx, &is.id.to_string(), after.person)?;
            }
        }
        Ok(())
    }

    /// The step that somebody wants to work on, with its chain; whoever may see the person may.
    fn step_of(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        step: StepId,
    ) -> Result<(ChainRow, usize), Error> {
        let row = rows::chain_of_step(tx, step)?.ok_or(Error::NotFound("step"))?;
        self.sight(tx, actor, row.person)?;
        let index = row.chain.steps.iter().position(|one| one.id == step);
        Ok((row, index.ok_or(Error::NotFound("step"))?))
    }

    /// Does something to a step. Only its owner and those who lead the hub may.
    ///
    /// # Errors
    /// Not allowed; not there; `Stale` if the chain changed since `version`; `Invalid` with what
    /// to do; the store's.
    pub fn change_step(
        &self,
        actor: &Actor,
        step: StepId,
        version: i64,
        change: &StepChange,
        why: &str,
    ) -> Result<(), Error> {
        let allowed = access::decide(actor, Action::WorkSteps)?;
        let why = short("why", why)?;
        self.store().write(|tx| {
            let (before, index) = self.step_of(tx, actor, step)?;
            if before.version != version {
                return Err(stale(&before));
            }
            let mut after = before.clone();
            let Some(one) = after.chain.steps.get_mut(index) else {
                return Err(Error::NotFound("step"));
            };
            self.may_work(tx, actor, one)?;
            let now = self.now();
            let what = self.apply_step(tx, actor, one, &before.chain, change, &why)?;
            if let Some(offer) = what.offer {
                rows::insert_handover(tx, before.id, &offer)?;
                after.chain.handovers.push(offer);
            }
            if let Some((id, answered)) = what.taken_back {
                if !rows::answer_handover(tx, id, &answered)? {
                    return Err(problem("step", Problem::AnsweredAlready));
                }
                if let Some(offer) = after.chain.handovers.iter_mut().find(|one| one.id == id) {
                    offer.answer = Some(answered);
                }
            }
            self.begin_next(tx, &before, &mut after)?;
            after.updated_at = now;
            after.updated_by.clone_from(&actor.display_name);
            self.keep_chain(tx, &before, &mut after)?;
            let title = before.chain.steps.get(index).map(|step| step.title.clone());
            let event = self.event(actor, title.unwrap_or_default(), what.words, &why);
            rows::add_chain_event(tx, before.id, &event)?;
            let subject = Subject {
                person: Some(before.person),
                thing: format!("step {step}"),
                results: 1,
                detail: String::new(),
            };
            let kind = journal::Kind::Command;
            self.record(tx, actor, allowed, kind, change.in_words(), subject)
        })
    }

    /// Makes the change on the step itself.
    fn apply_step(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        step: &mut Step,
        chain: &Chain,
        change: &StepChange,
        why: &str,
    ) -> Result<Done, Error> {
        let now = self.now();
        let say = |words: String| Done {
            words,
            offer: None,
            taken_back: None,
        };
        match change {
            StepChange::End(state) => {
                advance::end_by_hand(step, *state, now, why).map_err(|p| problem("why", p))?;
                Ok(say(format!("Ended: {state}")))
            }
            StepChange::OpenAgain => {
                advance::open_again(step, why).map_err(|p| problem("why", p))?;
                Ok(say("Opened again".to_owned()))
            }
            StepChange::Wait(reason) => {
                let words = match reason {
                    Some((set, code)) => {
                        let known = self.policy().reasons.find(set, code);
                        let known = known.ok_or_else(|| {
                            Error::invalid("reason", "Choose what this step waits for")
                        })?;
                        format!("Waits for: {}", known.plain)
                    }
                    None => "Goes on".to_owned(),
                };
                advance::wait(step, reason.clone(), now).map_err(|p| problem("reason", p))?;
                Ok(say(words))
            }
            StepChange::Name(name) => {
                let name = short("name", name)?;
                if step.state.is_ended() {
                    return Err(problem("name", Problem::Ended));
                }
                let words = match name.is_empty() {
                    true => "Nobody is named any more".to_owned(),
                    false => format!("Named: {name}"),
                };
                step.owner_name = name;
                Ok(say(words))
            }
            StepChange::Offer { to, name } => {
                let name = short("name", name)?;
                let to_name = organisation::by_id(tx, *to)?
                    .ok_or_else(|| Error::invalid("to", "Choose an organisation"))?
                    .name;
                let hours = self.hours("clock.handover_answer_hours");
                let id = self.ids().handover();
                let whom = (*to, name.as_str(), why);
                let offer = handover::offer(chain, step, id, whom, &actor.display_name, now, hours)
                    .map_err(|p| problem("to", p))?;
                let words = format!("Offered to {to_name}");
                Ok(Done {
                    words,
                    offer: Some(offer),
                    taken_back: None,
                })
            }
            StepChange::TakeBack => {
                let offer = chain
                    .open_offer(step.id)
                    .ok_or_else(|| problem("step", Problem::AnsweredAlready))?;
                let answered = Answered {
                    answer: Answer::Withdrawn,
                    at: now,
                    by: actor.display_name.clone(),
                    why: why.to_owned(),
                };
                Ok(Done {
                    words: "Offer taken back".to_owned(),
                    offer: None,
                    taken_back: Some((offer.id, answered)),
                })
            }
        }
    }

    /// Answers an offer of a step: the step moves only if it is accepted. Those it is offered to
    /// may; for an organisation that does not use this system, whoever leads the hub, with the
    /// name of who said it.
    ///
    /// # Errors
    /// Not allowed; not there; it has an answer already; `Invalid` with what to do; the store's.
    pub fn answer_handover(
        &self,
        actor: &Actor,
        id: HandoverId,
        accept: bool,
        name: &str,
        why: &str,
    ) -> Result<(), Error> {
        let allowed = access::decide(actor, Action::WorkSteps)?;
        let (name, why) = (short("name", name)?, short("why", why)?);
        self.store().write(|tx| {
            let before = rows::chain_of_handover(tx, id)?.ok_or(Error::NotFound("offer"))?;
            self.sight(tx, actor, before.person)?;
            let mut after = before.clone();
            let chain = &mut after.chain;
            let offer = chain.handovers.iter_mut().find(|offer| offer.id == id);
            let offer = offer.ok_or(Error::NotFound("offer"))?;
            let step = chain.steps.iter_mut().find(|step| step.id == offer.step);
            let step = step.ok_or(Error::NotFound("step"))?;
            let by = self.answers_for(tx, actor, offer.to, &name)?;
            if accept && !name.is_empty() && offer.to_name.is_empty() {
                offer.to_name.clone_from(&name);
            }
            let answered = Answered {
                answer: if accept {
                    Answer::Accepted
                } else {
                    Answer::Declined
                },
                at: self.now(),
                by,
                why: why.clone(),
            };
            handover::answer(offer, step, answered.clone()).map_err(|p| problem("why", p))?;
            let title = step.title.clone();
            if !rows::answer_handover(tx, id, &answered)? {
                return Err(problem("why", Problem::AnsweredAlready));
            }
            after.updated_at = self.now();
            after.updated_by.clone_from(&actor.display_name);
            self.keep_chain(tx, &before, &mut after)?;
            let words = format!("Offer {} by {}", answered.answer, answered.by);
            let event = self.event(actor, title, words, &why);
            rows::add_chain_event(tx, before.id, &event)?;
            let subject = Subject {
                person: Some(before.person),
                thing: format!("offer {id}"),
                results: 1,
                detail: answered.answer.as_str().to_owned(),
            };
            let kind = journal::Kind::Command;
            self.record(tx, actor, allowed, kind, "step: answer offer", subject)
        })
    }

    /// Who answers for an organisation, in words.
    fn answers_for(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        to: OrganisationId,
        name: &str,
    ) -> Result<String, Error> {
        if self.acts_for(tx, actor)?.contains(&to) {
            return Ok(actor.display_name.clone());
        }
        let uses_this = store::account::any_of(tx, to)?;
        if actor.role != Role::HubLead || uses_this {
            let text = "Only those it is offered to can answer. Ring them, or take the offer back";
            return Err(Error::invalid("why", text));
        }
        if name.is_empty() {
            let text = "They do not use this system. Give the name of who told you";
            return Err(Error::invalid("name", text));
        }
        Ok(format!("{name}, told to {}", actor.display_name))
    }

    /// Steps whose steps before them have just ended begin.
    fn begin_next(
        &self,
        tx: &mut dyn Tx,
        before: &ChainRow,
        after: &mut ChainRow,
    ) -> Result<(), Error> {
        let (parts, facts) = self.standing(tx, after)?;
        advance::advance(&mut after.chain.steps, &facts, &parts, before.began_at);
        if after.chain.case != CaseKind::Stay {
            after.over_at = case::over_at(after, self.now());
        }
        Ok(())
    }

    /// Who plays which part in a case, and what is known of it now.
    fn standing(
        &self,
        tx: &mut dyn Tx,
        row: &ChainRow,
    ) -> Result<(Vec<advance::Part>, advance::Facts), Error> {
        if row.chain.case != CaseKind::Stay {
            return Ok((Vec::new(), advance::Facts::as_they_stand(&row.chain.steps)));
        }
        let stay: StayId = row.case_id.parse().map_err(|_| Error::NotFound("stay"))?;
        let stay = rows::stay(tx, stay)?.ok_or(Error::NotFound("stay"))?;
        let hubs = organisation::hubs_of(tx, stay.stay.hospital)?;
        let facts = self.stay_facts(tx, &stay)?;
        Ok((facts::parts(&stay.stay, &hubs).to_vec(), facts))
    }

    /// Refuses whoever is neither of the step's owner nor leads the hub.
    fn may_work(&self, tx: &mut dyn Tx, actor: &Actor, step: &Step) -> Result<(), Error> {
        let own = match step.owner {
            Some(owner) => self.acts_for(tx, actor)?.contains(&owner),
            None => true,
        };
        if own || actor.role == Role::HubLead {
            return Ok(());
        }
        let text = "This step is another organisation's. Ask them, or ask the hub";
        Err(Error::invalid("step", text))
    }

    fn event(&self, actor: &Actor, step: String, what: String, why: &str) -> ChainEvent {
        ChainEvent {
            step,
            what,
            why: why.to_owned(),
            at: self.now(),
            actor: actor.display_name.clone(),
            organisation: actor.organisation_name.clone(),
        }
    }
}

/// What a change of a step came to.
struct Done {
    words: String,
    offer: Option<::flow::chain::Handover>,
    taken_back: Option<(HandoverId, Answered)>,
}

fn problem(field: &'static str, problem: Problem) -> Error {
    Error::invalid(field, problem.to_string())
}

fn stale(row: &ChainRow) -> Error {
    Error::Stale {
        who: row.updated_by.clone(),
        what: "the steps of this case".to_owned(),
    }
}
