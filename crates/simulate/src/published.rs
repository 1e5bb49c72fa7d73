//! Beds of a pathway, counted as the published program for these workbooks counts them.
//!
//! Source: the daily means that come with the workbook (RULES L.1 describes the model). They
//! can only be had with what the program does, which differs from a plain queue in four things,
//! found by comparing each day of every scenario:
//!
//! 1. The first queue is a number without people. When a place becomes free and the number is not
//!    nought, the place goes to whoever comes first of all who have no place yet. If nobody who has
//!    come is left, that is somebody who has not come yet.
//! 2. When that person does come, they are counted again: they take a second place or wait. The end
//!    of their first stay takes both their stays away but frees one place; the other is never
//!    free again.
//! 3. Who comes takes a free place at once, whoever waits.
//! 4. The figure of a day is made at its first event (what was before and after, by their share of
//!    the day); later events move it by their gap over the time since the start. A day
//!    without an event has the figure of the day before, but the second day has nought.
//!
//! So it holds more people than come where capacity is large. Use it to compare with published
//! figures; `Counting::Plain` is the same pathway as a plain queue.

use crate::engine::Replication;
use crate::outcome::{COLUMNS, Column};
use crate::random::{Stream, Tables, key, numbered};
use crate::stay::{Residual, Stay};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// One pathway of one place.
pub(crate) struct Beds<'a> {
    pub name: &'a str,
    pub capacity: u32,
    pub occupied: u32,
    pub waiting: u32,
    pub stay: &'a Stay,
    /// Mean arrivals of each day.
    pub arrivals: &'a [f64],
    /// Pence a day for somebody there, and for somebody who waits.
    pub occupied_pence: i64,
    pub waiting_pence: i64,
}

/// Times are kept as bits of a number of days that is never negative, which sort as it does.
type Planned = Reverse<(u64, bool, usize)>;

struct Count<'a> {
    beds: &'a Beds<'a>,
    key: u64,
    events: BinaryHeap<Planned>,
    /// When each person comes; nobody of those who are there at the start.
    comes: Vec<f64>,
    has_end: Vec<bool>,
    gone: Vec<bool>,
    /// The first person who may still have no end.
    first: usize,
    occupied: f64,
    queue: f64,
    rows: Vec<[f64; COLUMNS]>,
    admitted: u64,
}

/// One replication.
pub(crate) fn replicate(beds: &Beds<'_>, seed: u64, number: u64) -> Replication {
    let days = beds.arrivals.len();
    let mut count = Count::begin(beds, numbered(key(seed, beds.name), number));
    let (mut before, mut events) = (0.0, 0);
    let mut made = vec![false; days + 1];
    count.rows[0][Column::Occupancy as usize] = count.occupied;
    count.rows[0][Column::Queue as usize] = count.queue;
    made[0] = true;
    while let Some(Reverse((bits, ends, who))) = count.events.pop() {
        let time = f64::from_bits(bits);
        if time > days as f64 {
            break;
        }
        if count.gone[who] {
            continue;
        }
        events += 1;
        let day = (time.ceil() as usize).saturating_sub(1);
        let old = (count.occupied, count.queue);
        if ends {
            count.ends(who, time, day);
        } else {
            count.comes(who, time, day);
        }
        let part = time - time.floor();
        let moves = (time - before) / time;
        for (column, old, new) in [
            (Column::Occupancy, old.0, count.occupied),
            (Column::Queue, old.1, count.queue),
        ] {
            let figure = &mut count.rows[day][column as usize];
            *figure = if made[day] {
                moves * new + (1.0 - moves) * *figure
            } else {
                part * old + (1.0 - part) * new
            };
        }
        made[day] = true;
        before = time;
    }
    count.finish(&made, events)
}

impl<'a> Count<'a> {
    fn begin(beds: &'a Beds<'a>, own: u64) -> Self {
        let tables = Tables::get();
        let mut count = Self {
            beds,
            key: own,
            events: BinaryHeap::new(),
            comes: Vec::new(),
            has_end: Vec::new(),
            gone: Vec::new(),
            first: beds.occupied as usize,
            occupied: f64::from(beds.occupied),
            queue: f64::from(beds.waiting),
            rows: vec![[0.0; COLUMNS]; beds.arrivals.len() + 1],
            admitted: 0,
        };
        let there = key(own, "there at the start");
        for number in 0..beds.occupied {
            let mut stream = Stream::new(numbered(there, u64::from(number)));
            let rest = beds.stay.draw_rest(Residual::Uniform, &mut stream, tables);
            count.person(0.0, true);
            count.plan(rest, true, number as usize);
        }
        let mut stream = Stream::new(key(own, "arrivals"));
        for (day, mean) in beds.arrivals.iter().enumerate() {
            let many = stream.poisson(*mean, tables);
            let mut hours: Vec<f64> = (0..many).map(|_| day as f64 + stream.unit()).collect();
            hours.sort_unstable_by(f64::total_cmp);
            for hour in hours {
                count.person(hour, false);
                count.plan(hour, false, count.comes.len() - 1);
            }
        }
        count
    }

    fn person(&mut self, comes: f64, has_end: bool) {
        self.comes.push(comes);
        self.has_end.push(has_end);
        self.gone.push(false);
    }

    fn plan(&mut self, time: f64, ends: bool, who: usize) {
        self.events.push(Reverse((time.to_bits(), ends, who)));
    }

    fn admit(&mut self, who: usize, time: f64, day: usize) {
        self.admitted += 1;
        let mut stream = Stream::new(numbered(self.key, self.admitted));
        let days = self.beds.stay.draw(&mut stream, Tables::get());
        self.has_end[who] = true;
        self.plan(time + days, true, who);
        self.rows[day][Column::Started as usize] += 1.0;
        self.rows[day][Column::Waited as usize] += (time - self.comes[who]).max(0.0);
    }

    fn comes(&mut self, who: usize, time: f64, day: usize) {
        self.rows[day][Column::Arrivals as usize] += 1.0;
        if self.occupied < f64::from(self.beds.capacity) {
            self.occupied += 1.0;
            self.admit(who, time, day);
        } else {
            self.queue += 1.0;
        }
    }

    fn ends(&mut self, who: usize, time: f64, day: usize) {
        self.gone[who] = true;
        self.rows[day][Column::Departures as usize] += 1.0;
        if self.queue <= 0.0 || self.occupied > f64::from(self.beds.capacity) {
            self.occupied -= 1.0;
            return;
        }
        let taken = |who: &usize| self.has_end[*who] || self.gone[*who];
        self.first = (self.first..self.comes.len())
            .find(|who| !taken(who))
            .unwrap_or(self.comes.len());
        if self.first < self.comes.len() {
            self.queue -= 1.0;
            self.admit(self.first, time, day);
        }
    }

    fn finish(mut self, made: &[bool], events: u64) -> Replication {
        let days = self.beds.arrivals.len();
        let empty = made.iter().enumerate().take(days).skip(2);
        for (day, _) in empty.filter(|(_, made)| !**made) {
            for column in [Column::Occupancy, Column::Queue] {
                self.rows[day][column as usize] = self.rows[day - 1][column as usize];
            }
        }
        let mut values = Vec::with_capacity(days * COLUMNS);
        let (mut there, mut waits) = (0, 0);
        for row in self.rows.iter_mut().take(days) {
            let pence =
                |column: Column, pence: i64| (row[column as usize] * pence as f64).round() as i64;
            let own = pence(Column::Occupancy, self.beds.occupied_pence);
            let delay = pence(Column::Queue, self.beds.waiting_pence);
            there += own;
            waits += delay;
            row[Column::Pence as usize] = (own + delay) as f64;
            values.extend_from_slice(row);
        }
        Replication {
            values,
            paid: vec![there, waits],
            days: days as u32,
            events,
            most_people: self.comes.len() as u32,
            stopped: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The second place of who was admitted before they came is never free again.
    #[test]
    fn a_first_queue_takes_places_for_good_where_there_is_room() {
        let stay = Stay::fixed(5.0).unwrap();
        let arrivals = [3.0; 60];
        let last = |waiting| {
            let beds = Beds {
                name: "P3",
                capacity: 1_000,
                occupied: 20,
                waiting,
                stay: &stay,
                arrivals: &arrivals,
                occupied_pence: 10_000,
                waiting_pence: 30_000,
            };
            let mean = |day: usize| {
                (0..200)
                    .map(|number| replicate(&beds, 1, number).values[day * COLUMNS])
                    .sum::<f64>()
                    / 200.0
            };
            mean(59)
        };
        // Without a first queue: three a day for five days each. With ten: nearly ten places more.
        let (without, with) = (last(0), last(10));
        assert!((without - 15.0).abs() < 1.0, "{without}");
        assert!((21.0..=26.0).contains(&with), "{with}");
    }
}
