//! A station that is at work: who is there, who waits, and the sums of the day.

use super::people::Line;
use super::visits::Diary;
use crate::model::Kind;
use crate::outcome::{COLUMNS, Column};
use crate::plan::{DAY, StationPlan};

pub struct Live {
    pub capacity: u32,
    /// The same, or nought where it is unlimited: what a price for each place is paid for.
    pub places: u32,
    pub occupied: u32,
    pub blocked: u32,
    pub queued: u32,
    pub lines: Vec<Line>,
    /// Which level of capacity comes next.
    pub next_level: usize,
    pub diary: Option<Diary>,
    last: u64,
    area_occupied: u64,
    area_queued: u64,
    area_blocked: u64,
    area_capacity: u64,
    pub waited: u64,
    pub started: u32,
    pub arrivals: u32,
    pub departures: u32,
    pub turned_away: u32,
}

impl Live {
    pub fn new(plan: &StationPlan) -> Self {
        Self {
            capacity: 0,
            places: 0,
            occupied: 0,
            blocked: 0,
            queued: 0,
            lines: vec![Line::EMPTY; usize::from(plan.priorities)],
            next_level: 0,
            diary: (plan.kind == Kind::Visits).then(Diary::new),
            last: 0,
            area_occupied: 0,
            area_queued: 0,
            area_blocked: 0,
            area_capacity: 0,
            waited: 0,
            started: 0,
            arrivals: 0,
            departures: 0,
            turned_away: 0,
        }
    }

    /// Adds what was until now to the sums of the day.
    #[inline]
    pub fn touch(&mut self, now: u64) {
        let span = now - self.last;
        self.last = now;
        self.area_occupied += span * u64::from(self.occupied);
        self.area_queued += span * u64::from(self.queued);
        self.area_blocked += span * u64::from(self.blocked);
        self.area_capacity += span * u64::from(self.places);
    }

    #[inline]
    pub fn has_room(&self) -> bool {
        self.occupied < self.capacity
    }

    /// Ends the day: its figures are written, and what each payer owes is added, in pence times
    /// ticks.
    pub fn end_day(
        &mut self,
        now: u64,
        plan: &StationPlan,
        values: &mut Vec<f64>,
        owed: Option<&mut [i128]>,
    ) {
        self.touch(now);
        let mut row = [0.0; COLUMNS];
        let mean = |area: u64| area as f64 / DAY as f64;
        row[Column::Occupancy as usize] = mean(self.area_occupied);
        row[Column::Queue as usize] = mean(self.area_queued);
        row[Column::Blocked as usize] = mean(self.area_blocked);
        row[Column::Waited as usize] = mean(self.waited);
        row[Column::Started as usize] = f64::from(self.started);
        row[Column::Arrivals as usize] = f64::from(self.arrivals);
        row[Column::Departures as usize] = f64::from(self.departures);
        row[Column::TurnedAway as usize] = f64::from(self.turned_away);
        if !plan.costs.is_empty() {
            row[Column::Pence as usize] = self.cost(plan, owed);
        }
        values.extend_from_slice(&row);
        self.area_occupied = 0;
        self.area_queued = 0;
        self.area_blocked = 0;
        self.area_capacity = 0;
        self.waited = 0;
        self.started = 0;
        self.arrivals = 0;
        self.departures = 0;
        self.turned_away = 0;
    }

    /// Pence of the day, each payer's part rounded to whole pence.
    fn cost(&self, plan: &StationPlan, owed: Option<&mut [i128]>) -> f64 {
        let mut own = vec![0; owed.as_deref().map_or(0, <[i128]>::len)];
        let mut all: i128 = 0;
        for cost in &plan.costs {
            let part = i128::from(cost.occupied_day_pence) * i128::from(self.area_occupied)
                + i128::from(cost.waiting_day_pence) * i128::from(self.area_queued)
                + i128::from(cost.place_day_pence) * i128::from(self.area_capacity);
            all += part;
            if let Some(sum) = own.get_mut(cost.payer) {
                *sum += part;
            }
        }
        for (sum, part) in owed.into_iter().flatten().zip(own) {
            *sum += part;
        }
        let day = i128::from(DAY);
        ((all + day / 2) / day) as f64
    }
}
