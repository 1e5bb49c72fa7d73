//! Why a visit is not in the plan, and the nearest change that would let it in.
//!
//! Nothing is guessed: the visit is tried at every place of every round, with the times of
//! all rounds that would move. A change is named only if the visit fits after it, found by
//! making the change and trying again; of several the smallest is named.

use super::insert::Inserter;
use super::model::{Model, NONE};
use super::state::State;
use super::timed;
use crate::problem::{Problem, Refusal, Ticks};
use crate::solution::Solution;
use std::collections::BTreeMap;

/// Why one visit is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// Position of the visit.
    pub visit: usize,
    /// Why no round can take it.
    pub reason: String,
    /// What would make it fit; empty if nothing that was tried does.
    pub nearest_change: String,
}

/// Minutes by which windows and shifts are widened, the smallest first.
const STEPS: [i64; 6] = [5, 15, 30, 60, 120, 240];

/// Visits left out, the most urgent first, for which a change is looked for: each takes some
/// dozens of trials.
const MOST_CHANGES: usize = 300;

/// Explains every visit that a plan leaves out.
pub fn explain(problem: &Problem, plan: &Solution) -> Vec<Reason> {
    let made = plan.made(problem.visits.len());
    if made.iter().all(|count| *count > 0) {
        return Vec::new();
    }
    let model = Model::of(problem);
    let mut state = State::empty(&model);
    let mut tries = Inserter::default();
    timed::take_over(&model, &mut state, &mut tries.trial, plan);
    state.settle(&model);
    let mut reasons = Vec::new();
    let mut out = state.out.clone();
    let priority =
        |unit: &usize| problem.visits[model.tasks[model.units[*unit].tasks[0]].visit].priority;
    out.sort_by_key(|unit| (priority(unit), *unit));
    for (number, unit) in out.into_iter().enumerate() {
        let mut visits: Vec<usize> = model.units[unit]
            .tasks
            .iter()
            .map(|task| model.tasks[*task].visit)
            .collect();
        visits.dedup();
        if visits.iter().any(|visit| made[*visit] > 0) {
            continue;
        }
        let mut one = Unplaced {
            model: &model,
            state: &state,
            tries: &mut tries,
            unit,
        };
        let reason = one.reason();
        let nearest_change = if number < MOST_CHANGES {
            one.nearest_change()
        } else {
            format!("not looked for: only for the {MOST_CHANGES} most urgent visits left out")
        };
        for visit in visits {
            reasons.push(Reason {
                visit,
                reason: reason.clone(),
                nearest_change: nearest_change.clone(),
            });
        }
    }
    reasons.sort_by_key(|reason| reason.visit);
    reasons
}

struct Unplaced<'a, 'p> {
    model: &'a Model<'p>,
    state: &'a State,
    tries: &'a mut Inserter,
    unit: usize,
}

impl<'p> Unplaced<'_, 'p> {
    fn task(&self) -> usize {
        self.model.units[self.unit].tasks[0]
    }

    /// Whether it fits under a changed model; the first round that would take it.
    fn fits(&mut self, model: &Model<'p>) -> Option<usize> {
        let mut state = self.state.clone();
        state.settle(model);
        let places = self.tries.best(model, &mut state, self.unit, 1, None);
        let (_, before) = places.first()?.seats()[0];
        Some(state.round[before])
    }

    fn reason(&mut self) -> String {
        let model = self.model;
        let task = model.tasks[self.task()];
        let refused = self.refused();
        let of: usize = model.problem.carers.len();
        let mut parts: Vec<String> = refused
            .iter()
            .map(|(refusal, carers)| {
                let why = model.problem.refusal_words(*refusal, *carers > 1);
                format!("{carers} of {of} carers {why}")
            })
            .collect();
        let rounds = &model.allowed[self.task()];
        if rounds.is_empty() {
            let may = (0..of)
                .filter(|carer| model.problem.refusal(*carer, task.visit).is_none())
                .count();
            parts.push(format!(
                "of {may} who may make it nobody has a shift that holds its window"
            ));
        } else {
            let mut easy = model.clone();
            easy.care = false;
            let why = if self.fits(&easy).is_some() {
                "without breaking a rule on breaks, rest, hours or pay"
            } else if model.units[self.unit].tasks.len() > 1 {
                "with two carers free at the same time"
            } else {
                "without making it or another visit miss its window"
            };
            parts.push(format!(
                "tried at every place of {} round(s), none can take it {why}",
                rounds.len()
            ));
        }
        parts.join("; ")
    }

    /// How many carers are refused by each rule, by the first that applies.
    fn refused(&self) -> BTreeMap<Refusal, usize> {
        let problem = self.model.problem;
        let visit = self.model.tasks[self.task()].visit;
        let mut refused = BTreeMap::new();
        for carer in 0..problem.carers.len() {
            if let Some(refusal) = problem.refusal(carer, visit) {
                *refused.entry(refusal).or_default() += 1;
            }
        }
        refused
    }

    fn nearest_change(&mut self) -> String {
        for minutes in STEPS {
            let by = minutes * self.model.problem.ticks;
            if let Some(words) = self
                .wider_window(by, minutes)
                .or_else(|| self.longer_shift(by, minutes))
            {
                return words;
            }
        }
        self.lifted_rule()
            .or_else(|| self.fewer_rules())
            .unwrap_or_default()
    }

    fn wider_window(&mut self, by: Ticks, minutes: i64) -> Option<String> {
        for (early, late, words) in [(0, by, "later"), (by, 0, "earlier")] {
            let mut model = self.model.clone();
            for task in model.units[self.unit].tasks.clone() {
                model.tasks[task].latest += late;
                model.tasks[task].earliest -= early;
                model.allowed[task] = model.rounds_for(task);
            }
            if let Some(round) = self.fits(&model) {
                let carer = &model.problem.carers[model.rounds[round].carer].id;
                return Some(format!(
                    "let it begin up to {minutes} minutes {words}: carer {carer} can then make it"
                ));
            }
        }
        None
    }

    fn longer_shift(&mut self, by: Ticks, minutes: i64) -> Option<String> {
        for (early, late, words) in [(0, by, "end"), (by, 0, "begin")] {
            let mut model = self.model.clone();
            for round in &mut model.rounds {
                round.close += late;
                round.open -= early;
            }
            for task in model.units[self.unit].tasks.clone() {
                model.allowed[task] = model.rounds_for(task);
            }
            let mut state = self.state.clone();
            for round in 0..model.rounds.len() {
                let (begin, end) = (model.begin(round), model.end(round));
                state.start[begin] = model.rounds[round].open;
                (state.slack[begin], state.slack[end]) =
                    (model.rounds[round].close, model.rounds[round].close);
            }
            state.settle(&model);
            let places = self.tries.best(&model, &mut state, self.unit, 1, None);
            if let Some(place) = places.first() {
                let carers: Vec<&str> = place
                    .seats()
                    .iter()
                    .map(|(_, before)| {
                        model.problem.carers[model.rounds[state.round[*before]].carer]
                            .id
                            .as_str()
                    })
                    .collect();
                let direction = if words == "end" { "later" } else { "earlier" };
                return Some(format!(
                    "let the shift of carer {} {words} {minutes} minutes {direction}",
                    carers.join(" and of carer ")
                ));
            }
        }
        None
    }

    /// One rule less for one carer: a skill learnt, a zone more, an exclusion lifted.
    fn lifted_rule(&mut self) -> Option<String> {
        let problem = self.model.problem;
        let visit = self.model.tasks[self.task()].visit;
        let mut rules: Vec<Refusal> = Vec::new();
        for carer in 0..problem.carers.len() {
            let mut refusals = problem.refusals(carer, visit);
            if let (Some(only), None) = (refusals.next(), refusals.next()) {
                rules.push(only);
            }
        }
        rules.sort_unstable();
        rules.dedup();
        // A skill is taught before an exclusion is lifted.
        rules.sort_by_key(|rule| !matches!(rule, Refusal::Skill(_) | Refusal::Zone(_)));
        for rule in rules {
            let mut model = self.model.clone();
            for task in model.units[self.unit].tasks.clone() {
                let what = model.tasks[task];
                let may = |round: &usize| {
                    let shift = model.rounds[*round];
                    let begin = what.earliest.max(shift.open);
                    begin <= what.latest
                        && begin + what.length <= shift.close
                        && problem
                            .refusals(shift.carer, what.visit)
                            .all(|refusal| refusal == rule)
                };
                model.allowed[task] = (0..model.rounds.len()).filter(may).collect();
            }
            let Some(round) = self.fits(&model) else {
                continue;
            };
            let carer = &problem.carers[model.rounds[round].carer].id;
            return Some(match rule {
                Refusal::Skill(skill) => format!(
                    "give carer {carer} the skill {}",
                    problem.names.skills[skill]
                ),
                Refusal::Zone(zone) => format!(
                    "let carer {carer} work in the zone {}",
                    problem.names.zones[zone]
                ),
                Refusal::Provider(_) => format!("let carer {carer} of another provider make it"),
                Refusal::Excluded => format!(
                    "carer {carer} could, and is excluded: only if the exclusion may be lifted"
                ),
                Refusal::Locked => format!("unlock it: carer {carer} can make it"),
            });
        }
        None
    }

    /// Whether it would fit with more hours, shorter rests or other pay.
    fn fewer_rules(&mut self) -> Option<String> {
        let mut model = self.model.clone();
        model.care = false;
        let round = self.fits(&model).filter(|round| *round != NONE)?;
        let carer = &model.problem.carers[model.rounds[round].carer].id;
        Some(format!(
            "carer {carer} has time, and hours, break, rest or pay stand in the way: give them fewer other visits"
        ))
    }
}
