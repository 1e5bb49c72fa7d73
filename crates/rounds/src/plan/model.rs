//! The problem laid out for the search.
//!
//! A visit for two carers becomes two *tasks*, and so does a pair of visits that are worth
//! nothing apart. What is placed or left out as one is a *unit*. Nodes are tasks first, then
//! the beginning of each shift, then its end.

use crate::problem::{NEVER, Problem, Ticks, Weights};
use std::sync::Arc;

/// No place, no round, no node.
pub const NONE: usize = usize::MAX;

/// One carer's part of a visit.
#[derive(Clone, Copy)]
pub struct Task {
    pub visit: usize,
    pub unit: usize,
    pub place: usize,
    pub earliest: Ticks,
    pub latest: Ticks,
    pub due: Ticks,
    pub length: Ticks,
}

/// What is placed or left out as one: one task or two.
#[derive(Clone)]
pub struct Unit {
    pub tasks: Vec<usize>,
    /// What leaving it out costs.
    pub left_out: i64,
    pub person: usize,
}

/// `start(other) >= start(this) + least`, while both are placed.
#[derive(Clone, Copy)]
pub struct Bond {
    pub other: usize,
    pub least: Ticks,
}

/// A shift as the search sees it.
#[derive(Clone, Copy)]
pub struct Round {
    pub carer: usize,
    pub mode: usize,
    pub open: Ticks,
    pub close: Ticks,
}

/// The problem laid out.
#[derive(Clone)]
pub struct Model<'a> {
    pub problem: &'a Problem,
    pub tasks: Vec<Task>,
    pub units: Vec<Unit>,
    pub rounds: Vec<Round>,
    /// Shifts of each carer, in order of time.
    pub shifts_of: Vec<Vec<usize>>,
    /// Rounds that may take a task, by task.
    pub allowed: Vec<Vec<usize>>,
    /// Rules on tasks that wait for this one.
    pub bonds: Vec<Vec<Bond>>,
    /// Rules on what this one waits for: `start(this) >= start(other) + least`.
    pub waits: Vec<Vec<Bond>>,
    /// Place of each node.
    place: Vec<usize>,
    /// Whether working time, faces or pay have to be looked at beyond travel and lateness.
    pub care: bool,
    /// Whether the roster lets somebody break daily or weekly rest.
    pub rest_matters: Vec<bool>,
    /// Tasks near each task, the nearest in place and time first.
    pub near: Arc<Vec<Vec<usize>>>,
    /// Carers who know each person, sorted.
    pub known: Vec<Vec<usize>>,
    pub weights: Weights,
}

/// Tasks kept as near.
const NEAR: usize = 60;

impl<'a> Model<'a> {
    pub fn of(problem: &'a Problem) -> Self {
        let (tasks, units) = tasks_and_units(problem);
        let rounds: Vec<Round> = problem
            .shifts
            .iter()
            .map(|shift| Round {
                carer: shift.carer,
                mode: problem.carers[shift.carer].mode,
                open: shift.open,
                close: shift.close,
            })
            .collect();
        let mut shifts_of = vec![Vec::new(); problem.carers.len()];
        for (round, shift) in problem.shifts.iter().enumerate() {
            shifts_of[shift.carer].push(round);
        }
        for list in &mut shifts_of {
            list.sort_by_key(|round| rounds[*round].open);
        }
        let place = tasks
            .iter()
            .map(|task| task.place)
            .chain(
                problem
                    .shifts
                    .iter()
                    .map(|shift| shift.start.unwrap_or(NONE)),
            )
            .chain(problem.shifts.iter().map(|shift| shift.end.unwrap_or(NONE)))
            .collect();
        let mut model = Self {
            rest_matters: rest_matters(problem, &shifts_of),
            care: cares(problem),
            allowed: Vec::new(),
            bonds: vec![Vec::new(); tasks.len()],
            waits: vec![Vec::new(); tasks.len()],
            near: Arc::default(),
            known: known(problem),
            weights: problem.weights.clone(),
            problem,
            tasks,
            units,
            rounds,
            shifts_of,
            place,
        };
        model.bind();
        model.allowed = (0..model.tasks.len())
            .map(|task| model.rounds_for(task))
            .collect();
        let near = (0..model.tasks.len()).map(|task| model.nearest(task));
        model.near = Arc::new(near.collect());
        model
    }

    pub fn begin(&self, round: usize) -> usize {
        self.tasks.len() + round
    }

    pub fn end(&self, round: usize) -> usize {
        self.tasks.len() + self.rounds.len() + round
    }

    /// Whether a node is a visit and no end of a shift.
    pub fn is_task(&self, node: usize) -> bool {
        node < self.tasks.len()
    }

    /// Time on the way that the shift has to hold.
    pub fn way(&self, mode: usize, from: usize, to: usize) -> Ticks {
        let inside = self.problem.rules.home_in_shift || (self.is_task(from) && self.is_task(to));
        let (a, b) = (self.place[from], self.place[to]);
        if !inside || a == NONE || b == NONE {
            return 0;
        }
        self.problem.travel[mode].ticks(a, b)
    }

    /// What a way costs: paid time and distance.
    pub fn way_cost(&self, mode: usize, from: usize, to: usize) -> i64 {
        let (a, b) = (self.place[from], self.place[to]);
        if a == NONE || b == NONE {
            return 0;
        }
        let time = self.way(mode, from, to) * self.weights.travel;
        if self.weights.kilometre == 0 {
            return time;
        }
        time + self.problem.travel[mode].metres(a, b) * self.weights.kilometre / 1_000
    }

    /// Rounds that can take a task as far as people and hours go.
    pub fn rounds_for(&self, task: usize) -> Vec<usize> {
        let what = self.tasks[task];
        let fits = |round: &usize| {
            let shift = self.rounds[*round];
            what.earliest.max(shift.open) <= what.latest
                && what.earliest.max(shift.open) + what.length <= shift.close
                && self.problem.refusal(shift.carer, what.visit).is_none()
        };
        (0..self.rounds.len()).filter(fits).collect()
    }

    fn bind(&mut self) {
        let problem = self.problem;
        let mut of_visit = vec![Vec::new(); problem.visits.len()];
        for (task, what) in self.tasks.iter().enumerate() {
            of_visit[what.visit].push(task);
        }
        let mut bind = |from: usize, to: usize, least: Ticks| {
            self.bonds[from].push(Bond { other: to, least });
            self.waits[to].push(Bond { other: from, least });
        };
        for tasks in &of_visit {
            if let [one, two] = tasks.as_slice() {
                bind(*one, *two, 0);
                bind(*two, *one, 0);
            }
        }
        for link in &problem.links {
            for one in &of_visit[link.first] {
                for two in &of_visit[link.second] {
                    bind(*one, *two, link.least);
                    if let Some(most) = link.most {
                        bind(*two, *one, -most);
                    }
                }
            }
        }
    }

    fn nearest(&self, task: usize) -> Vec<usize> {
        let what = self.tasks[task];
        let travel = &self.problem.travel[self.problem.carers.first().map_or(0, |c| c.mode)];
        let middle = |task: &Task| {
            task.earliest
                + (task.due.min(task.latest).min(task.earliest + NEVER / 4) - task.earliest) / 2
        };
        let apart = |other: &usize| {
            let that = self.tasks[*other];
            travel.ticks(what.place, that.place) * 4 + (middle(&what) - middle(&that)).abs()
        };
        let mut list: Vec<usize> = (0..self.tasks.len())
            .filter(|other| *other != task)
            .collect();
        if list.len() > NEAR {
            list.select_nth_unstable_by_key(NEAR, apart);
            list.truncate(NEAR);
        }
        list.sort_by_cached_key(apart);
        list
    }
}

fn tasks_and_units(problem: &Problem) -> (Vec<Task>, Vec<Unit>) {
    let (mut tasks, mut units): (Vec<Task>, Vec<Unit>) = (Vec::new(), Vec::new());
    let mut unit_of = vec![NONE; problem.visits.len()];
    for (visit, what) in problem.visits.iter().enumerate() {
        let pair = problem
            .links
            .iter()
            .find(|link| link.pair && link.second == visit);
        let unit = match pair.map(|link| unit_of[link.first]) {
            Some(unit) if unit != NONE => unit,
            _ => {
                units.push(Unit {
                    tasks: Vec::new(),
                    left_out: 0,
                    person: what.person,
                });
                units.len() - 1
            }
        };
        unit_of[visit] = unit;
        units[unit].left_out +=
            problem.weights.unserved[usize::from(what.priority.clamp(1, 3)) - 1];
        for _ in 0..what.hands {
            units[unit].tasks.push(tasks.len());
            tasks.push(Task {
                visit,
                unit,
                place: what.place,
                earliest: what.earliest,
                latest: what.latest,
                due: what.due,
                length: what.length,
            });
        }
    }
    (tasks, units)
}

fn cares(problem: &Problem) -> bool {
    let (rules, weights) = (&problem.rules, &problem.weights);
    rules.break_after.is_some()
        || rules.daily_rest.is_some()
        || rules.weekly_rest.is_some()
        || rules.capacity.is_some()
        || weights.waiting != 0
        || weights.overtime != 0
        || problem
            .carers
            .iter()
            .any(|c| c.pay.is_some() || c.most_a_week.is_some())
}

/// Rest has to be looked at only where the roster itself does not give it.
fn rest_matters(problem: &Problem, shifts_of: &[Vec<usize>]) -> Vec<bool> {
    let week = 7 * 24 * 60 * problem.ticks;
    let matters = |list: &Vec<usize>| {
        let span = |at: &usize| (problem.shifts[*at].open, problem.shifts[*at].close);
        let short = |least: Option<Ticks>| {
            least.is_some_and(|least| {
                list.windows(2)
                    .any(|two| span(&two[1]).0 - span(&two[0]).1 < least)
            })
        };
        let edges = std::iter::once(0)
            .chain(list.iter().map(|at| span(at).1))
            .zip(list.iter().map(|at| span(at).0).chain([week]));
        let longest = edges.map(|(from, to)| to - from).max().unwrap_or(week);
        short(problem.rules.daily_rest)
            || problem
                .rules
                .weekly_rest
                .is_some_and(|least| longest < least)
    };
    shifts_of.iter().map(matters).collect()
}

fn known(problem: &Problem) -> Vec<Vec<usize>> {
    let mut known = vec![Vec::new(); problem.people.len()];
    for visit in &problem.visits {
        known[visit.person].extend_from_slice(&visit.preferred);
    }
    for list in &mut known {
        list.sort_unstable();
        list.dedup();
    }
    known
}
