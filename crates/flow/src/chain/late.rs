//! Days on which a case that is no stay waited, whose each was, and what it costs.
//!
//! Source: PEERS c D2 (a delay clock for each step, for each responsible organisation, priced).
//! In hospital a day of delay is defined by the official count ([`super::cost`]); for a referral,
//! an episode of reablement or a placement there is no official definition, and this is ours.
//!
//! In words: a day is one of waiting if, as it ended, a step was open and either said that it
//! waits or was past its time. Each such day belongs to exactly one step: the first, in the order
//! of the chain, of which that is true. Its organisation is whoever owned the step then. A wait
//! that was taken back is no longer known and does not count; being past its time always does.

use super::cost::owner_at;
use super::{Chain, Step};
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{OrganisationId, Pence, StepId};

/// Why a step holds a case up.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// It says that it waits: code set and code of the reason.
    Waits(String, String),
    /// Its time is past.
    PastItsTime,
}

/// Days on which one step held a case up, under one owner and for one reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LateDays {
    /// The step.
    pub step: StepId,
    /// Who owned it; `None` if nobody.
    pub owner: Option<OrganisationId>,
    /// Why.
    pub why: Why,
    /// Whole days that are over.
    pub days: i64,
    /// What they cost; `None` if a day has no price on file. Nothing for no days.
    pub cost: Option<Pence>,
    /// Whether it holds the case up now.
    pub now: bool,
}

/// Shares out the days on which a case waited. `days` are those that are over, each with the
/// moment at which it ended; `price` is what a day of a step costs.
pub fn late_days(
    chain: &Chain,
    days: impl IntoIterator<Item = (Date, Timestamp)>,
    price: &dyn Fn(&Step, Date) -> Option<Pence>,
    now: Timestamp,
) -> Vec<LateDays> {
    let mut shares: Vec<LateDays> = Vec::new();
    for (day, end) in days {
        let Some((step, share)) = held_up(&mut shares, chain, end) else {
            continue;
        };
        share.days += 1;
        share.cost = match (share.cost, price(step, day)) {
            (Some(sum), Some(day)) => sum.plus(day),
            _ => None,
        };
    }
    if let Some((_, share)) = held_up(&mut shares, chain, now) {
        share.now = true;
    }
    shares
}

/// The step that holds the case up at a moment, and the share that it belongs to.
fn held_up<'a, 'b>(
    shares: &'b mut Vec<LateDays>,
    chain: &'a Chain,
    at: Timestamp,
) -> Option<(&'a Step, &'b mut LateDays)> {
    let mut waiting = chain
        .steps
        .iter()
        .filter_map(|step| Some((step, why(step, at)?)));
    let (step, why) = waiting.next()?;
    let owner = owner_at(chain, step, at);
    let same = |one: &LateDays| one.step == step.id && one.owner == owner && one.why == why;
    let index = match shares.iter().position(same) {
        Some(index) => index,
        None => {
            shares.push(LateDays {
                step: step.id,
                owner,
                why,
                days: 0,
                cost: Some(Pence(0)),
                now: false,
            });
            shares.len() - 1
        }
    };
    Some((step, shares.get_mut(index)?))
}

/// Why a step holds its case up at a moment; `None` if it does not.
fn why(step: &Step, at: Timestamp) -> Option<Why> {
    let begun = step.started_at.is_some_and(|start| start <= at);
    let open = begun && step.ended_at.is_none_or(|end| end > at);
    if !open {
        return None;
    }
    let waits = step.waits_for.as_ref();
    match waits.filter(|_| step.waits_since.is_some_and(|since| since <= at)) {
        Some((set, code)) => Some(Why::Waits(set.clone(), code.clone())),
        None => step
            .due_at
            .filter(|due| *due <= at)
            .map(|_| Why::PastItsTime),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::advance::tests::{at, organisation, steps};
    use super::super::{CaseKind, StepState};
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    /// Two steps: one open from hour 0 and due at 24, the other from 0 without a time.
    fn chain() -> Chain {
        let mut steps = steps();
        steps.truncate(2);
        for (step, due) in steps.iter_mut().zip([Some(at(24)), None]) {
            step.started_at = Some(at(0));
            step.due_at = due;
            step.ended_at = None;
            step.state = StepState::GoingOn;
        }
        Chain {
            case: CaseKind::Referral,
            set: "normal".to_owned(),
            steps,
            handovers: Vec::new(),
        }
    }

    /// Days that end every 24 hours from 0.
    fn days(number: i64) -> Vec<(Date, Timestamp)> {
        let end = |day| (date(2026, 1, 1), at(24 * day));
        (0..number).map(end).collect()
    }

    fn found(chain: &Chain, now: i64) -> Vec<(usize, Why, i64, bool)> {
        let price = |_: &Step, _| Some(Pence(1_000));
        let number = |id| chain.steps.iter().position(|step| step.id == id).unwrap();
        late_days(chain, days(5), &price, at(now))
            .into_iter()
            .map(|share| {
                assert_eq!(share.cost, Some(Pence(1_000 * share.days)));
                assert_eq!(
                    share.owner,
                    Some(organisation(1 + number(share.step) as u32))
                );
                (number(share.step), share.why, share.days, share.now)
            })
            .collect()
    }

    #[test]
    fn examples() {
        let waits = || Why::Waits("dtoc".to_owned(), "E".to_owned());
        let wait = |step: &mut Step, since| {
            step.state = StepState::Waiting;
            step.waits_for = Some(("dtoc".to_owned(), "E".to_owned()));
            step.waits_since = Some(at(since));
        };
        // Days end at 0, 24, 48, 72 and 96. Due at 24: from then on it is late.
        let mut case = chain();
        assert_eq!(found(&case, 100), [(0, Why::PastItsTime, 4, true)]);
        // Ended at 48: that day is no longer its own, and the other has no time.
        case.steps[0].ended_at = Some(at(48));
        assert_eq!(found(&case, 100), [(0, Why::PastItsTime, 1, false)]);
        // The other says that it waits: after the first has ended the days are its own.
        wait(&mut case.steps[1], 10);
        assert_eq!(
            found(&case, 100),
            [(0, Why::PastItsTime, 1, false), (1, waits(), 3, true)]
        );
        // It says what for: that goes before being late, in the same step.
        let mut case = chain();
        wait(&mut case.steps[0], 50);
        assert_eq!(
            found(&case, 100),
            [(0, Why::PastItsTime, 2, false), (0, waits(), 2, true)]
        );
        // Late since this morning: nobody's day is over, and somebody waits.
        let mut case = chain();
        case.steps[0].due_at = Some(at(99));
        assert_eq!(found(&case, 100), [(0, Why::PastItsTime, 0, true)]);
        case.steps[0].due_at = None;
        assert_eq!(found(&case, 100), []);
    }

    #[test]
    fn a_day_without_a_price_has_no_cost() {
        let price = |_: &Step, _| None;
        let shares = late_days(&chain(), days(5), &price, at(100));
        assert_eq!(shares[0].cost, None);
    }

    proptest! {
        /// The days of all steps together are the days on which any step held the case up.
        #[test]
        fn each_day_is_counted_once(due in 0i64..120, since in 0i64..120, end in 0i64..200) {
            let mut case = chain();
            case.steps[0].due_at = Some(at(due));
            case.steps[0].ended_at = Some(at(end));
            case.steps[1].waits_for = Some(("dtoc".to_owned(), "E".to_owned()));
            case.steps[1].waits_since = Some(at(since));
            let shares = late_days(&case, days(5), &|_, _| Some(Pence(7)), at(0));
            let wanted = (0..5).filter(|day| {
                let hour = 24 * day;
                (due <= hour && hour < end) || since <= hour
            });
            let counted = shares.iter().map(|share| share.days).sum::<i64>();
            prop_assert_eq!(counted, wanted.count() as i64);
            let cost: i64 = shares.iter().map(|share| share.cost.unwrap().0).sum();
            prop_assert_eq!(cost, 7 * counted);
        }
    }
}
