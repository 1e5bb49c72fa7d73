//! Handing a step to another organisation: offered, then accepted or declined.
//!
//! Source: PEERS b 14 (a transfer without the other side is dangerous: offer and accept are
//! separate; ownership changes only on acceptance); RULES B.5; times are local parameters
//! (`clock.handover_answer_hours`, `clock.handover_escalate_hours`).
//!
//! In words: the owner offers a step to an organisation, with what it must know. Until that
//! organisation accepts, the step stays with the owner. A refusal needs a reason. If nobody
//! answers in time, those who lead the other side are named; if they do not answer either, the
//! hub that leads the case is. Silence moves nothing.

use super::{Answer, Answered, Chain, Handover, Problem, Step};
use crate::text_enum;
use jiff::{SignedDuration, Timestamp};
use kernel::{HandoverId, OrganisationId};

text_enum! {
    /// Whom the silence of the other side is told to.
    Escalation {
        /// The answer is not due yet.
        None = "not due",
        /// Due: whoever leads the other side.
        TheirLead = "their lead",
        /// Long due: the hub that leads the case, to ring them or to offer it to another.
        Hub = "the hub",
    }
}

/// Offers a step. `hours` are the hours in which an answer is due.
///
/// # Errors
/// The step is not open, is offered already, or is theirs already.
pub fn offer(
    chain: &Chain,
    step: &Step,
    id: HandoverId,
    (to, to_name, note): (OrganisationId, &str, &str),
    by: &str,
    now: Timestamp,
    hours: Option<i64>,
) -> Result<Handover, Problem> {
    if step.state.is_ended() {
        return Err(Problem::Ended);
    }
    if chain.open_offer(step.id).is_some() {
        return Err(Problem::OfferedAlready);
    }
    if step.owner == Some(to) && (to_name.is_empty() || step.owner_name == to_name) {
        return Err(Problem::TheirsAlready);
    }
    Ok(Handover {
        id,
        step: step.id,
        from: step.owner,
        to,
        to_name: to_name.to_owned(),
        note: note.to_owned(),
        offered_at: now,
        offered_by: by.to_owned(),
        answer_due_at: hours
            .and_then(|hours| now.checked_add(SignedDuration::from_hours(hours)).ok()),
        answer: None,
    })
}

/// Answers an offer; the step moves only if it is accepted.
///
/// # Errors
/// It has an answer, the step has ended meanwhile, or a refusal has no reason.
pub fn answer(offer: &mut Handover, step: &mut Step, said: Answered) -> Result<(), Problem> {
    if offer.answer.is_some() {
        return Err(Problem::AnsweredAlready);
    }
    if step.state.is_ended() && said.answer != Answer::Lapsed {
        return Err(Problem::Ended);
    }
    if said.answer == Answer::Declined && said.why.trim().is_empty() {
        return Err(Problem::Why);
    }
    if said.answer == Answer::Accepted {
        step.owner = Some(offer.to);
        step.owner_name.clone_from(&offer.to_name);
    }
    offer.answer = Some(said);
    Ok(())
}

/// Whom the silence on an offer is told to now. `escalate` are the further hours after which
/// the hub is told.
pub fn escalation(offer: &Handover, now: Timestamp, escalate: Option<i64>) -> Escalation {
    let reached = reached(offer, now, escalate);
    reached.last().copied().unwrap_or(Escalation::None)
}

/// Every level that the silence on an offer has reached by now, the first one first: each is
/// told once, also where nobody looked in between.
pub fn reached(offer: &Handover, now: Timestamp, escalate: Option<i64>) -> Vec<Escalation> {
    let (None, Some(due)) = (&offer.answer, offer.answer_due_at) else {
        return Vec::new();
    };
    if now <= due {
        return Vec::new();
    }
    let hub = escalate.and_then(|hours| due.checked_add(SignedDuration::from_hours(hours)).ok());
    match hub {
        Some(hub) if now > hub => vec![Escalation::TheirLead, Escalation::Hub],
        _ => vec![Escalation::TheirLead],
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::super::advance::tests::{at, id, organisation, steps};
    use super::super::{CaseKind, StepState};
    use super::*;

    fn chain() -> Chain {
        Chain {
            case: CaseKind::Stay,
            set: "normal".to_owned(),
            steps: steps(),
            handovers: Vec::new(),
        }
    }

    fn offered(chain: &Chain, to: OrganisationId) -> Result<Handover, Problem> {
        let id = id(1);
        let step = &chain.steps[0];
        offer(chain, step, id, (to, "", ""), "Ann", at(1), Some(4))
    }

    fn said(answer: Answer, why: &str) -> Answered {
        Answered {
            answer,
            at: at(2),
            by: "Bob".to_owned(),
            why: why.to_owned(),
        }
    }

    #[test]
    fn a_step_moves_only_when_accepted() {
        let theirs = organisation(9);
        for (how, why, owner) in [
            (Answer::Accepted, "", theirs),
            (Answer::Declined, "No staff", organisation(1)),
            (Answer::Withdrawn, "", organisation(1)),
        ] {
            let mut chain = chain();
            let mut offer = offered(&chain, theirs).unwrap();
            assert_eq!(chain.steps[0].owner, Some(organisation(1)));
            answer(&mut offer, &mut chain.steps[0], said(how, why)).unwrap();
            assert_eq!(chain.steps[0].owner, Some(owner), "{how}");
            let again = answer(&mut offer, &mut chain.steps[0], said(Answer::Accepted, ""));
            assert_eq!(again, Err(Problem::AnsweredAlready));
        }
    }

    #[test]
    fn what_cannot_be_offered_or_answered() {
        let mut chain = chain();
        assert_eq!(
            offered(&chain, organisation(1)),
            Err(Problem::TheirsAlready)
        );
        let mut offer = offered(&chain, organisation(9)).unwrap();
        let no_why = answer(&mut offer, &mut chain.steps[0], said(Answer::Declined, " "));
        assert_eq!(no_why, Err(Problem::Why));
        chain.handovers.push(offer.clone());
        assert_eq!(
            offered(&chain, organisation(8)),
            Err(Problem::OfferedAlready)
        );
        chain.steps[0].state = StepState::Done;
        let late = answer(&mut offer, &mut chain.steps[0], said(Answer::Accepted, ""));
        assert_eq!(late, Err(Problem::Ended));
        chain.handovers.clear();
        assert_eq!(offered(&chain, organisation(9)), Err(Problem::Ended));
    }

    #[test]
    fn silence_is_told_to_one_after_the_other() {
        let offer = offered(&chain(), organisation(9)).unwrap();
        let table = [
            (at(5), Escalation::None),
            (at(6), Escalation::TheirLead),
            (at(7), Escalation::TheirLead),
            (at(8), Escalation::Hub),
        ];
        for (now, wanted) in table {
            assert_eq!(escalation(&offer, now, Some(2)), wanted, "{now}");
        }
        let both = [Escalation::TheirLead, Escalation::Hub];
        assert_eq!(reached(&offer, at(9), Some(2)), both);
        let mut answered = offer.clone();
        answered.answer = Some(said(Answer::Declined, "No staff"));
        assert_eq!(reached(&answered, at(9), Some(2)), []);
        assert_eq!(escalation(&offer, at(99), None), Escalation::TheirLead);
    }
}
