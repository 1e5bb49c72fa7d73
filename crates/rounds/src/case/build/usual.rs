//! Rules and weights: the policy's, or those of the file.

use super::super::TICKS;
use super::Builder;
use crate::problem::{Rules, Weights};

impl Builder<'_> {
    pub(super) fn rules(&self) -> Rules {
        let (settings, own) = (self.settings, self.file.rules.as_ref());
        let own_time = own
            .and_then(|rules| rules.own_time_from_minutes)
            .unwrap_or(settings.own_time_from);
        Rules {
            home_in_shift: false,
            break_after: Some(settings.break_after * TICKS),
            break_length: settings.break_length * TICKS,
            daily_rest: Some(settings.daily_rest * TICKS),
            weekly_rest: Some(settings.weekly_rest * TICKS),
            own_time_from: Some(own_time * TICKS),
            together_within: settings.together_within * TICKS,
            capacity: None,
        }
    }

    /// The usual weights keep the order of RULES K.2: each outweighs what comes after it in
    /// any plan that is likely, and all stay far from where sums would not fit.
    pub(super) fn weights(&self) -> Weights {
        let own = self.file.weights.clone().unwrap_or_default();
        let most = |value: Option<i64>, usual: i64| value.unwrap_or(usual).clamp(0, 100_000);
        let faces = self
            .file
            .rules
            .as_ref()
            .and_then(|rules| rules.carers_for_a_person);
        Weights {
            unserved: [1_000_000, 100_000, 20_000].map(|minutes| minutes * 10 * TICKS),
            lateness: most(own.late_minute, 2) * 10,
            worst_lateness: 0,
            travel: most(own.travel_minute, 1) * 10,
            waiting: most(own.waiting_minute, 1) * 10,
            new_face: most(own.new_carer, 8) * 10 * TICKS,
            faces: usize::try_from(faces.unwrap_or(self.settings.faces)).unwrap_or(0),
            overtime: own
                .overtime_minute
                .map_or(5, |minutes| minutes.clamp(0, 100_000) * 10),
            kilometre: own
                .kilometre
                .map_or(TICKS, |kilometre| kilometre.clamp(0, 100_000) * 10 * TICKS),
            moved: most(own.moved_visit, 30) * 10 * TICKS,
            divide_by: 10,
        }
    }
}
