//! Whose each delayed day is, and what it costs.
//!
//! Source: PEERS c D2 (a delay clock for each step, for each responsible organisation, priced);
//! unit cost of a bed day: parameter `cost.hospital_bed_day`; which days count: RULES A.7.
//!
//! In words: each counted day belongs to exactly one step: the first, in the order of the chain,
//! that was open as the day ended. Its organisation is whoever owned the step then. A day on
//! which no step was open belongs to nobody, and says so. The days of all steps together are
//! the days counted, so the money adds up.

use super::{Answer, Chain, Step};
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{OrganisationId, Pence, StepId};

/// Days of one step under one owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepDays {
    /// The step; `None` for days on which no step was open.
    pub step: Option<StepId>,
    /// Who owned it; `None` if nobody.
    pub owner: Option<OrganisationId>,
    /// Whole days.
    pub days: i64,
    /// What they cost; `None` if a day has no unit cost on file.
    pub cost: Option<Pence>,
}

/// Shares out days of delay. `days` are those that count, each with the moment at which it
/// ended; `price` is the unit cost of a day.
pub fn share_out(
    chain: &Chain,
    days: impl IntoIterator<Item = (Date, Timestamp)>,
    price: &dyn Fn(Date) -> Option<Pence>,
) -> Vec<StepDays> {
    let mut shares: Vec<StepDays> = Vec::new();
    for (day, end) in days {
        let step = chain.steps.iter().find(|step| was_open(step, end));
        let owner = step.and_then(|step| owner_at(chain, step, end));
        let cost = price(day);
        let key = (step.map(|step| step.id), owner);
        match shares
            .iter_mut()
            .find(|share| (share.step, share.owner) == key)
        {
            Some(share) => {
                share.days += 1;
                share.cost = match (share.cost, cost) {
                    (Some(sum), Some(day)) => sum.plus(day),
                    _ => None,
                };
            }
            None => shares.push(StepDays {
                step: key.0,
                owner,
                days: 1,
                cost,
            }),
        }
    }
    shares
}

fn was_open(step: &Step, at: Timestamp) -> bool {
    step.started_at.is_some_and(|start| start <= at) && step.ended_at.is_none_or(|end| end > at)
}

/// Who owned a step at a moment: whoever it was last accepted by, before that whoever offered it.
pub fn owner_at(chain: &Chain, step: &Step, at: Timestamp) -> Option<OrganisationId> {
    let accepted = chain.handovers.iter().filter(|offer| {
        let said = offer.answer.as_ref();
        offer.step == step.id && said.is_some_and(|said| said.answer == Answer::Accepted)
    });
    let mut owner = step.owner;
    // Backwards: before the first acceptance after `at`, it belonged to whoever offered it.
    for offer in accepted.rev() {
        match &offer.answer {
            Some(said) if said.at > at => owner = offer.from,
            _ => return Some(offer.to),
        }
    }
    owner
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::super::advance::tests::{at, id, organisation, steps};
    use super::super::{Answered, CaseKind, Handover, StepState};
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn chain(accepted_at: i64) -> Chain {
        let mut steps = steps();
        for (index, (from, to)) in [(0, 48), (24, 96)].into_iter().enumerate() {
            steps[index].started_at = Some(at(from));
            steps[index].ended_at = Some(at(to));
            steps[index].state = StepState::Done;
        }
        steps[0].owner = Some(organisation(9));
        let handover = Handover {
            id: id(5),
            step: steps[0].id,
            from: Some(organisation(1)),
            to: organisation(9),
            to_name: String::new(),
            note: String::new(),
            offered_at: at(1),
            offered_by: String::new(),
            answer_due_at: None,
            answer: Some(Answered {
                answer: Answer::Accepted,
                at: at(accepted_at),
                by: String::new(),
                why: String::new(),
            }),
        };
        Chain {
            case: CaseKind::Stay,
            set: "normal".to_owned(),
            steps,
            handovers: vec![handover],
        }
    }

    #[test]
    fn a_day_is_one_steps_and_its_owners_of_then() {
        let chain = chain(30);
        let days = (0..6).map(|day| (date(2026, 1, 1), at(24 * day)));
        let price = |_| Some(Pence(56_200));
        let shares = share_out(&chain, days, &price);
        let found: Vec<_> = shares
            .iter()
            .map(|share| (share.step, share.owner, share.days))
            .collect();
        let (first, second) = (chain.steps[0].id, chain.steps[1].id);
        // Ends of days at 0 and 24: the first step, still its first owner's; 48: the first step
        // has just ended; from 96 on nothing is open.
        let wanted = [
            (Some(first), Some(organisation(1)), 2),
            (Some(second), Some(organisation(2)), 2),
            (None, None, 2),
        ];
        assert_eq!(found, wanted);
        assert_eq!(shares[0].cost, Some(Pence(112_400)));
    }

    proptest! {
        #[test]
        fn every_day_is_counted_once(accepted in 0i64..120, n in 0i64..40) {
            let days = (0..n).map(|day| (date(2026, 1, 1), at(7 * day)));
            let shares = share_out(&chain(accepted), days, &|_| Some(Pence(100)));
            prop_assert_eq!(shares.iter().map(|s| s.days).sum::<i64>(), n);
            let cost: i64 = shares.iter().map(|s| s.cost.unwrap().0).sum();
            prop_assert_eq!(cost, 100 * n);
        }
    }
}
