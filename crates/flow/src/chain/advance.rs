//! How a chain goes on: what begins, what ends, what no longer applies.
//!
//! Source: PEERS b 13 (every step has an honest way out), b 15 (completion closes what no longer
//! applies); RULES B.5.
//!
//! In words: a step begins when all steps before it are ended, and its time runs from then. A
//! fact of the record ends its step, at the moment the fact was known, even if the step had not
//! begun. A step that the pathway does not need is not needed; it opens again if the pathway
//! changes back. When the case is over, whatever is left is not needed. A person may end a step
//! as done, done elsewhere or not needed, and open one again that a person ended.

use super::workflow::Workflow;
use super::{Chain, Fact, OwnerRole, Problem, Step, StepState};
use crate::triage::Outcome;
use jiff::{SignedDuration, Timestamp};
use kernel::calendar::local;
use kernel::{OrganisationId, StepId};

/// Why a step that the pathway does not need is not needed.
pub const NOT_ON_PATHWAY: &str = "Not part of this pathway";
/// Why a step is not needed when the case is over.
pub const CASE_OVER: &str = "The case ended before it was done";

/// Since when a fact holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// On a day that the record gives; the moment lies in it.
    Day(Timestamp),
    /// Learned by this moment; a moment learned before stands.
    Learned(Timestamp),
}

impl Since {
    const fn moment(self) -> Timestamp {
        match self {
            Self::Day(at) | Self::Learned(at) => at,
        }
    }

    /// The moment, where an earlier one that does not contradict it stands.
    fn after(self, earlier: Option<Timestamp>) -> Timestamp {
        match (self, earlier) {
            (Self::Learned(_), Some(earlier)) => earlier,
            (Self::Day(at), Some(earlier)) if local(at).date() == local(earlier).date() => earlier,
            _ => self.moment(),
        }
    }
}

/// What the record says of a case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Facts with the moment from which each holds.
    pub known: Vec<(Fact, Since)>,
    /// The pathway, if decided.
    pub pathway: Option<u8>,
}

impl Facts {
    /// The facts that ended steps already, where nobody says more.
    pub fn as_they_stand(steps: &[Step]) -> Self {
        let known = steps
            .iter()
            .filter(|step| step.state == StepState::Done)
            .filter_map(|step| Some((step.ends_with?, Since::Learned(step.ended_at?))));
        Self {
            known: known.collect(),
            pathway: None,
        }
    }

    fn at(&self, fact: Fact) -> Option<Since> {
        let found = self.known.iter().find(|(known, _)| *known == fact);
        found.map(|(_, at)| *at)
    }
}

/// A part in a case, and who plays it.
pub type Part = (OwnerRole, Option<OrganisationId>);
/// Who plays which part in a case.
pub type Parts = [Part];

/// The steps of a new case, none begun; `hours` gives the hours of a parameter and `ids` new ids.
/// Steps that wait for a decision are not among them.
pub fn plan(
    workflow: &Workflow,
    parts: &Parts,
    hours: &dyn Fn(&str) -> Option<i64>,
    ids: &mut dyn FnMut() -> StepId,
) -> Vec<Step> {
    planned(workflow, None, parts, hours, ids)
}

/// The steps that a decision adds to a case, none begun.
pub fn plan_after(
    workflow: &Workflow,
    outcome: Outcome,
    parts: &Parts,
    hours: &dyn Fn(&str) -> Option<i64>,
    ids: &mut dyn FnMut() -> StepId,
) -> Vec<Step> {
    planned(workflow, Some(outcome), parts, hours, ids)
}

fn planned(
    workflow: &Workflow,
    outcome: Option<Outcome>,
    parts: &Parts,
    hours: &dyn Fn(&str) -> Option<i64>,
    ids: &mut dyn FnMut() -> StepId,
) -> Vec<Step> {
    workflow
        .steps
        .iter()
        .filter(|plan| plan.outcome == outcome)
        .map(|plan| Step {
            id: ids(),
            key: plan.key.clone(),
            title: plan.title.clone(),
            after: plan.after.clone(),
            role: plan.owner,
            owner: part(parts, plan.owner),
            owner_name: String::new(),
            hours: plan.hours.as_deref().and_then(hours),
            ends_with: plan.ends_with,
            pathways: plan.pathways.clone(),
            state: StepState::NotStarted,
            started_at: None,
            due_at: None,
            ended_at: None,
            ended_why: String::new(),
            waits_for: None,
            waits_since: None,
        })
        .collect()
}

fn part(parts: &Parts, role: OwnerRole) -> Option<OrganisationId> {
    parts
        .iter()
        .find(|(part, _)| *part == role)
        .and_then(|(_, organisation)| *organisation)
}

/// Brings the steps up to date with the record. `since` is when the case began.
pub fn advance(steps: &mut [Step], facts: &Facts, parts: &Parts, since: Timestamp) {
    for step in steps.iter_mut() {
        follow_fact(step, facts);
        follow_pathway(step, facts);
        if step.owner.is_none() {
            step.owner = part(parts, step.role);
        }
    }
    if let Some(over) = facts.at(Fact::Over) {
        for step in steps.iter_mut().filter(|step| !step.state.is_ended()) {
            end(step, StepState::NotNeeded, over.moment(), CASE_OVER);
        }
        return;
    }
    for step in steps
        .iter_mut()
        .filter(|step| step.ended_why == CASE_OVER && step.state == StepState::NotNeeded)
    {
        unend(step);
    }
    begin(steps, since);
}

/// A fact that is there ends its step; one that is no longer there opens it again.
fn follow_fact(step: &mut Step, facts: &Facts) {
    let Some(fact) = step.ends_with else {
        return;
    };
    match facts.at(fact) {
        Some(at) if !step.state.is_ended() || step.ended_why == CASE_OVER => {
            end(step, StepState::Done, at.moment(), "");
        }
        Some(at) if step.state == StepState::Done => {
            step.ended_at = Some(at.after(step.ended_at));
        }
        None if step.state == StepState::Done => unend(step),
        _ => {}
    }
}

fn follow_pathway(step: &mut Step, facts: &Facts) {
    let Some(pathway) = facts.pathway else {
        return;
    };
    let needed = step.pathways.is_empty() || step.pathways.contains(&pathway);
    let closed = step.state == StepState::NotNeeded && step.ended_why == NOT_ON_PATHWAY;
    if needed && closed {
        unend(step);
    } else if !needed && !step.state.is_ended() {
        let decided = facts.at(Fact::Pathway).map(Since::moment);
        if let Some(at) = decided.or(step.started_at) {
            end(step, StepState::NotNeeded, at, NOT_ON_PATHWAY);
        }
    }
}

/// Begins each step whose steps before it are ended, at the moment the last of them ended.
fn begin(steps: &mut [Step], since: Timestamp) {
    for index in 0..steps.len() {
        let Some(step) = steps.get(index) else {
            continue;
        };
        if step.state != StepState::NotStarted {
            continue;
        }
        let mut start = since;
        let mut clear = true;
        for before in steps.iter().filter(|other| step.after.contains(&other.key)) {
            clear &= before.state.is_ended();
            start = start.max(before.ended_at.unwrap_or(since));
        }
        if let (true, Some(step)) = (clear, steps.get_mut(index)) {
            step.state = StepState::GoingOn;
            step.started_at = Some(start);
            step.due_at = due(start, step.hours);
        }
    }
}

fn due(start: Timestamp, hours: Option<i64>) -> Option<Timestamp> {
    start.checked_add(SignedDuration::from_hours(hours?)).ok()
}

fn end(step: &mut Step, state: StepState, at: Timestamp, why: &str) {
    step.state = state;
    // A step that ended before it could begin took no time.
    step.started_at = step.started_at.map(|start| start.min(at));
    step.ended_at = Some(at);
    why.clone_into(&mut step.ended_why);
    step.waits_for = None;
    step.waits_since = None;
}

fn unend(step: &mut Step) {
    step.state = if step.started_at.is_some() {
        StepState::GoingOn
    } else {
        StepState::NotStarted
    };
    step.ended_at = None;
    step.ended_why = String::new();
}

/// Ends an open step by somebody's word.
///
/// # Errors
/// It has not begun, has ended, or a reason is missing.
pub fn end_by_hand(
    step: &mut Step,
    state: StepState,
    at: Timestamp,
    why: &str,
) -> Result<(), Problem> {
    if step.state.is_ended() {
        return Err(Problem::Ended);
    }
    if state == StepState::Done {
        if step.state == StepState::NotStarted {
            return Err(Problem::NotBegun);
        }
        if step.ends_with.is_some() {
            return Err(Problem::ByTheRecord);
        }
    } else if why.trim().is_empty() {
        return Err(Problem::Why);
    }
    end(step, state, at, why.trim());
    Ok(())
}

/// Opens a step again that somebody ended.
///
/// # Errors
/// It is open, the record ended it, or a reason is missing.
pub fn open_again(step: &mut Step, why: &str) -> Result<(), Problem> {
    if !step.state.is_ended() {
        return Err(Problem::Open);
    }
    let by_record = step.state == StepState::Done && step.ends_with.is_some();
    if by_record || [NOT_ON_PATHWAY, CASE_OVER].contains(&step.ended_why.as_str()) {
        return Err(Problem::ByTheRecord);
    }
    if why.trim().is_empty() {
        return Err(Problem::Why);
    }
    unend(step);
    Ok(())
}

/// Says what an open step waits for; `None` says that it goes on.
///
/// # Errors
/// It is not open.
pub fn wait(
    step: &mut Step,
    reason: Option<(String, String)>,
    now: Timestamp,
) -> Result<(), Problem> {
    match step.state {
        StepState::NotStarted => return Err(Problem::NotBegun),
        state if state.is_ended() => return Err(Problem::Ended),
        _ => {}
    }
    if reason.is_some() {
        if step.state != StepState::Waiting {
            step.waits_since = Some(now);
        }
        step.state = StepState::Waiting;
    } else {
        step.state = StepState::GoingOn;
        step.waits_since = None;
    }
    step.waits_for = reason;
    Ok(())
}

/// Moves an open case to another set of steps. Steps that both have go on as they are, with
/// their owner and their history; those the new set lacks and that have not begun are not
/// needed; one that has begun stays until it is ended, so that nothing is stranded; those that
/// only the new set has are added.
pub fn move_to(
    chain: &Chain,
    workflow: &Workflow,
    parts: &Parts,
    hours: &dyn Fn(&str) -> Option<i64>,
    now: Timestamp,
    ids: &mut dyn FnMut() -> StepId,
) -> Chain {
    let planned = plan(workflow, parts, hours, ids);
    let mut steps: Vec<Step> = planned
        .into_iter()
        .map(|new| {
            let old = chain.steps.iter().find(|old| old.key == new.key);
            old.map_or(new.clone(), |old| Step {
                title: new.title,
                after: new.after,
                hours: new.hours,
                ends_with: new.ends_with,
                pathways: new.pathways,
                due_at: old
                    .started_at
                    .filter(|_| !old.state.is_ended())
                    .map_or(old.due_at, |start| due(start, new.hours)),
                ..old.clone()
            })
        })
        .collect();
    let left = chain
        .steps
        .iter()
        .filter(|old| !workflow.steps.iter().any(|plan| plan.key == old.key));
    for old in left {
        let mut old = old.clone();
        if old.state == StepState::NotStarted {
            let why = format!("Not part of the set \"{}\"", workflow.set);
            end(&mut old, StepState::NotNeeded, now, &why);
        }
        steps.push(old);
    }
    Chain {
        case: chain.case,
        set: workflow.set.clone(),
        steps,
        handovers: chain.handovers.clone(),
    }
}

#[cfg(test)]
pub(crate) mod tests;
