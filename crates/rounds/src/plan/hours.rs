//! Working time of carers: what the week allows, rest, pay, overtime, faces.

use super::model::{Model, NONE};
use super::state::{Hours, State, Sum};

/// Whether hours and pay of a carer are legal.
pub fn allowed(model: &Model, carer: usize, hours: &Hours) -> bool {
    let who = &model.problem.carers[carer];
    if who.most_a_week.is_some_and(|most| hours.working() > most) {
        return false;
    }
    who.pay.is_none_or(|pay| {
        let paid = i128::from(hours.contact) * i128::from(pay.contact)
            + i128::from(hours.travel) * i128::from(pay.travel)
            + i128::from(hours.waiting) * i128::from(pay.waiting);
        paid >= i128::from(hours.working()) * i128::from(pay.least)
    })
}

/// What hours beyond the contract cost.
pub fn overtime_cost(model: &Model, carer: usize, hours: &Hours) -> i64 {
    match model.problem.carers[carer].contracted {
        Some(contracted) => (hours.working() - contracted).max(0) * model.weights.overtime,
        None => 0,
    }
}

/// Whether a carer rests enough between days and once in the week, with the sums of some
/// rounds as they would become.
pub fn rested(model: &Model, state: &State, carer: usize, changed: &[(usize, Sum)]) -> bool {
    if !model.rest_matters[carer] {
        return true;
    }
    let problem = model.problem;
    let day = 24 * 60 * problem.ticks;
    let mut days: Vec<(i64, i64, i64)> = Vec::new();
    for round in &model.shifts_of[carer] {
        let new = changed.iter().find(|(which, _)| which == round);
        let sum = new.map_or(&state.sums[*round], |(_, sum)| sum);
        if sum.tasks == 0 {
            continue;
        }
        let date = model.rounds[*round].open.div_euclid(day);
        match days.last_mut() {
            Some((last, _, end)) if *last == date => *end = (*end).max(sum.last),
            _ => days.push((date, sum.first, sum.last)),
        }
    }
    let short = problem
        .rules
        .daily_rest
        .is_some_and(|least| days.windows(2).any(|two| two[1].1 - two[0].2 < least));
    let edges = std::iter::once(0)
        .chain(days.iter().map(|day| day.2))
        .zip(days.iter().map(|day| day.1).chain([7 * day]));
    let longest = edges.map(|(from, to)| to - from).max().unwrap_or(7 * day);
    !short
        && problem
            .rules
            .weekly_rest
            .is_none_or(|least| longest >= least)
}

impl Model<'_> {
    /// What so many new faces more would cost a person.
    pub fn faces_cost(&self, state: &State, person: usize, more: usize) -> i64 {
        if self.weights.new_face == 0 || more == 0 {
            return 0;
        }
        let new = self.new_faces(state, person);
        let beyond = |count: usize| count.saturating_sub(self.weights.faces);
        let added = beyond(new + more) - beyond(new);
        i64::try_from(added).unwrap_or(0) * self.weights.new_face
    }

    /// Carers of a person who are not on the list of those who know them.
    fn new_faces(&self, state: &State, person: usize) -> usize {
        let faces = state.faces[person].iter();
        faces
            .filter(|(carer, _)| !self.knows(person, *carer))
            .count()
    }

    /// What the faces of a person cost as the plan is.
    pub fn all_faces_cost(&self, state: &State, person: usize) -> i64 {
        let beyond = self
            .new_faces(state, person)
            .saturating_sub(self.weights.faces);
        i64::try_from(beyond).unwrap_or(0) * self.weights.new_face
    }

    /// Whether a carer would be a new face to a person.
    pub fn is_new(&self, state: &State, person: usize, carer: usize) -> bool {
        self.weights.new_face != 0
            && !self.knows(person, carer)
            && !state.faces[person].iter().any(|(who, _)| *who == carer)
    }

    /// Whether somebody is on the person's list of carers who know them.
    pub fn knows(&self, person: usize, carer: usize) -> bool {
        self.known[person].binary_search(&carer).is_ok()
    }

    /// What it costs that somebody else had the visit before.
    pub fn moved(&self, task: usize, carer: usize) -> i64 {
        let had = &self.problem.visits[self.tasks[task].visit].had;
        if had.is_empty() || had.binary_search(&carer).is_ok() {
            0
        } else {
            self.weights.moved
        }
    }

    /// Whether a pair's other task is already with this carer.
    pub fn same_carer(&self, state: &State, task: usize, carer: usize) -> bool {
        let unit = &self.units[self.tasks[task].unit];
        unit.tasks.iter().any(|other| {
            *other != task
                && state.round[*other] != NONE
                && self.rounds[state.round[*other]].carer == carer
        })
    }
}
