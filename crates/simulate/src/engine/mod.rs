//! The inner loop: one replication.
//!
//! An arrival, a move or a departure is an event. People stand in a slab and are named by their
//! place in it; who leaves gives the place to the next who comes. A queue is a list through the
//! slab. Nothing is allocated for an event once the slab and the heap have reached their size.
//! Occupancy, queue and blocked people are integrals over whole ticks, so they are exact.

mod heap;
mod people;
mod source;
mod station;
mod visits;

use crate::outcome::COLUMNS;
use crate::plan::{DAY, OUT, Plan, Share, StationPlan, choose, ticks};
use crate::random::{Stream, Tables, key, numbered};
use crate::stay::Stay;
use heap::Heap;
use people::{People, Person};
use source::Coming;
use station::Live;

/// An event whose `what` is at least this is a change of capacity of a station.
const CHANGE: u32 = 1 << 31;
/// Events at one moment before the model is taken to go round without time.
const MOST_AT_ONCE: u32 = 5_000_000;
/// Numbers of the draws of a person that are no stays.
const CLASS: u64 = 1 << 32;
const ROUTE: u64 = 1 << 33;
const BALK: u64 = 1 << 34;

/// Why a replication ended early.
pub const TIME: &str = "the time limit";
const PEOPLE: &str = "the limit of people in the model";

/// What one replication was.
#[derive(Clone, Debug, Default)]
pub struct Replication {
    /// For each day, station and column.
    pub values: Vec<f64>,
    /// What each payer paid after the warm-up, in pence, by station and then payer.
    pub paid: Vec<i64>,
    /// Whole days that were simulated.
    pub days: u32,
    /// Arrivals, moves and departures.
    pub events: u64,
    /// Most people in the model at once.
    pub most_people: u32,
    /// Why it ended before its last day.
    pub stopped: Option<&'static str>,
}

/// What makes a replication end early.
pub struct Stop<'a> {
    /// Most people in the model at once.
    pub people: u32,
    /// Asked once each simulated day.
    pub go_on: &'a (dyn Fn() -> bool + Sync),
}

/// Simulates a plan once.
///
/// # Errors
/// A model that goes round without time passing, or somebody whose visits never fit; in words.
pub fn replicate(
    plan: &Plan,
    seed: u64,
    number: u64,
    stop: &Stop<'_>,
) -> Result<Replication, String> {
    let mut world = World::new(plan, numbered(key(seed, "replication"), number));
    world.begin()?;
    world.go(stop)?;
    Ok(world.end())
}

/// Whose visits are booked: who comes now, who waits since before the start, or who is there with so
/// many days left.
#[derive(Clone, Copy)]
enum Booking {
    Comes,
    Waits,
    IsThere(f64),
}

struct World<'a> {
    plan: &'a Plan,
    tables: &'static Tables,
    now: u64,
    day: u32,
    heap: Heap,
    people: People,
    stations: Vec<Live>,
    sources: Vec<Coming<'a>>,
    /// When the next person comes, and from which source.
    next_arrival: u64,
    next_source: usize,
    /// Stations where a place has become free.
    freed: Vec<u16>,
    need: Vec<u32>,
    seed: u64,
    /// Pence times ticks, by station and then payer.
    owed: Vec<i128>,
    done: Replication,
}

impl<'a> World<'a> {
    fn new(plan: &'a Plan, seed: u64) -> Self {
        let stations = plan.stations.len();
        let sources: Vec<Coming<'a>> = plan
            .sources
            .iter()
            .map(|source| Coming::new(source, seed))
            .collect();
        let mut world = Self {
            plan,
            tables: Tables::get(),
            now: 0,
            day: 0,
            heap: Heap::default(),
            people: People::default(),
            stations: plan.stations.iter().map(Live::new).collect(),
            sources,
            next_arrival: u64::MAX,
            next_source: 0,
            freed: Vec::new(),
            need: Vec::new(),
            seed,
            owed: vec![0; stations * plan.payers.len()],
            done: Replication {
                values: Vec::with_capacity(plan.days as usize * stations * COLUMNS),
                ..Replication::default()
            },
        };
        world.find_next_source();
        world
    }

    fn find_next_source(&mut self) {
        self.next_arrival = u64::MAX;
        for (at, source) in self.sources.iter().enumerate() {
            if source.time < self.next_arrival {
                (self.next_arrival, self.next_source) = (source.time, at);
            }
        }
    }

    /// Capacity at the start, the people who are there, and those who wait.
    fn begin(&mut self) -> Result<(), String> {
        let plan = self.plan;
        let stations = || (0_u16..).zip(&plan.stations);
        for (at, _) in stations() {
            self.change_capacity(at);
        }
        for (at, station) in stations() {
            let keys = key(key(self.seed, "there at the start"), &station.name);
            for number in 0..station.initial_people {
                self.is_there(at, station, number, numbered(keys, u64::from(number)))?;
            }
        }
        for (at, station) in stations() {
            let keys = key(key(self.seed, "waiting at the start"), &station.name);
            for number in 0..station.initial_queue {
                let who = self.somebody(numbered(keys, u64::from(number)), &plan.mix);
                if station.initial_queue_in != OUT {
                    self.people.get(who).at = station.initial_queue_in;
                    self.stations[usize::from(station.initial_queue_in)].occupied += 1;
                }
                if self.stations[usize::from(at)].diary.is_some() {
                    self.book(who, at, Booking::Waits)?;
                } else if self.stations[usize::from(at)].has_room() {
                    self.start(who, at);
                } else {
                    self.wait(who, at);
                }
            }
        }
        Ok(())
    }

    /// Somebody who has been at a station since before the start.
    fn is_there(
        &mut self,
        at: u16,
        station: &StationPlan,
        number: u32,
        key: u64,
    ) -> Result<(), String> {
        let mix = &self.plan.mix;
        let who = self.somebody(key, mix);
        let class = self.people.get(who).class;
        let stay = stay_of(station, class);
        let mut stream = Stream::new(numbered(key, 0));
        let rest = match station.initial_so_far.get(number as usize) {
            Some(so_far) => stay.draw_rest_after(*so_far, &mut stream, self.tables),
            None => stay.draw_rest(station.initial_stay, &mut stream, self.tables),
        };
        if self.stations[usize::from(at)].diary.is_some() {
            return self.book(who, at, Booking::IsThere(rest));
        }
        self.stations[usize::from(at)].occupied += 1;
        self.people.get(who).at = at;
        self.heap.push(ticks(rest), who);
        Ok(())
    }

    #[inline]
    fn somebody(&mut self, key: u64, classes: &[Share]) -> u32 {
        let class = match classes {
            [one] => one.to,
            many => choose(many, numbered(key, CLASS)),
        };
        self.people.add(Person::new(key, class))
    }

    /// Goes from event to event until the last day is over.
    fn go(&mut self, stop: &Stop<'_>) -> Result<(), String> {
        let mut day_end = DAY;
        let mut at_once = 0;
        loop {
            let next_event = self.heap.next();
            let time = next_event.min(self.next_arrival);
            if time >= day_end {
                self.end_day(day_end);
                if self.day == self.plan.days {
                    return Ok(());
                }
                day_end += DAY;
                if !(stop.go_on)() {
                    self.done.stopped = Some(TIME);
                    return Ok(());
                }
                continue;
            }
            at_once = if time == self.now { at_once + 1 } else { 0 };
            if at_once > MOST_AT_ONCE {
                return Err(self.goes_round());
            }
            self.now = time;
            if next_event <= self.next_arrival {
                self.happen()?;
            } else {
                self.arrive()?;
                if self.people.present() > stop.people {
                    self.done.stopped = Some(PEOPLE);
                    return Ok(());
                }
            }
            while let Some(station) = self.freed.pop() {
                self.serve(station);
            }
        }
    }

    fn goes_round(&self) -> String {
        format!(
            "{MOST_AT_ONCE} things happen at one moment of day {}: people go round stations where they stay no time",
            self.day + 1
        )
    }

    #[inline]
    fn happen(&mut self) -> Result<(), String> {
        let Some(event) = self.heap.pop() else {
            return Ok(());
        };
        if event.what >= CHANGE {
            // The number of a station, which was put in as one.
            self.change_capacity((event.what - CHANGE) as u16);
            return Ok(());
        }
        let to = self.people.get(event.what).to;
        if to == OUT {
            self.done.events += 1;
            return self.finish(event.what);
        }
        // Booked visits begin.
        self.stations[usize::from(to)].touch(self.now);
        self.stations[usize::from(to)].queued -= 1;
        self.begin_visits(event.what, to);
        Ok(())
    }

    #[inline]
    fn arrive(&mut self) -> Result<(), String> {
        self.done.events += 1;
        let source = &mut self.sources[self.next_source];
        let plan = source.plan;
        let key = source.person();
        source.next(self.tables);
        if let [only] = self.sources.as_slice() {
            self.next_arrival = only.time;
        } else {
            self.find_next_source();
        }
        let who = self.somebody(key, &plan.classes);
        let class = usize::from(self.people.get(who).class);
        let to = match plan.routes[class].as_slice() {
            [one] => one.to,
            many => choose(many, numbered(key, ROUTE - 1)),
        };
        if to == OUT {
            self.people.remove(who);
            return Ok(());
        }
        self.enter(who, to)
    }

    /// Somebody's stay is over: they leave, move on, or wait for the next step.
    #[inline]
    fn finish(&mut self, who: u32) -> Result<(), String> {
        let person = self.people.get(who);
        let at = person.at;
        let (visit, key) = (person.visit, person.key);
        person.visit = visit.wrapping_add(1);
        let to = match self.plan.stations[usize::from(at)].routes[usize::from(person.class)]
            .as_slice()
        {
            [] => OUT,
            [one] => one.to,
            many => choose(many, numbered(key, ROUTE + u64::from(visit))),
        };
        if to == OUT {
            self.release(at);
            self.people.remove(who);
            return Ok(());
        }
        self.enter(who, to)
    }

    /// Somebody comes to a station, from outside or from the place they have elsewhere.
    #[inline]
    fn enter(&mut self, who: u32, to: u16) -> Result<(), String> {
        let live = &mut self.stations[usize::from(to)];
        live.arrivals += 1;
        if live.diary.is_some() {
            return self.book(who, to, Booking::Comes);
        }
        // A place of their own is as good as a free one.
        if (live.has_room() && live.queued == 0) || self.people.get(who).at == to {
            self.people.get(who).since = self.now;
            self.start(who, to);
            return Ok(());
        }
        if self.goes_away(who, to) {
            self.turn_away(who, to);
        } else {
            self.wait(who, to);
        }
        Ok(())
    }

    /// Whether somebody who has to wait does not.
    #[inline]
    fn goes_away(&mut self, who: u32, to: u16) -> bool {
        let plan = &self.plan.stations[usize::from(to)];
        let queued = self.stations[usize::from(to)].queued;
        queued >= plan.queue_limit
            || (queued >= plan.balking_from && {
                let person = self.people.get(who);
                numbered(person.key, BALK + u64::from(person.visit)) < plan.balking_below
            })
    }

    fn turn_away(&mut self, who: u32, to: u16) {
        self.stations[usize::from(to)].turned_away += 1;
        let at = self.people.get(who).at;
        if at != OUT {
            self.release(at);
        }
        self.people.remove(who);
    }

    /// A place is free again.
    #[inline]
    fn release(&mut self, at: u16) {
        let live = &mut self.stations[usize::from(at)];
        live.touch(self.now);
        live.occupied -= 1;
        live.departures += 1;
        if live.queued > 0 {
            self.freed.push(at);
        }
    }

    /// Somebody waits: with the place they have, where it is kept, or without.
    #[inline]
    fn wait(&mut self, who: u32, to: u16) {
        let now = self.now;
        self.hold_or_release(who);
        let person = self.people.get(who);
        person.since = now;
        person.to = to;
        let level = self.plan.stations[usize::from(to)].priority_of[usize::from(person.class)];
        let live = &mut self.stations[usize::from(to)];
        live.touch(now);
        live.queued += 1;
        live.lines[usize::from(level)].join(who, &mut self.people);
    }

    #[inline]
    fn hold_or_release(&mut self, who: u32) {
        let at = self.people.get(who).at;
        if at == OUT {
            return;
        }
        if self.plan.stations[usize::from(at)].keeps {
            let live = &mut self.stations[usize::from(at)];
            live.touch(self.now);
            live.blocked += 1;
        } else {
            self.release(at);
            self.people.get(who).at = OUT;
        }
    }

    /// Calls those who wait while there is room.
    #[inline]
    fn serve(&mut self, at: u16) {
        loop {
            let live = &mut self.stations[usize::from(at)];
            if live.queued == 0 || !live.has_room() || live.diary.is_some() {
                return;
            }
            let people = &mut self.people;
            let Some(who) = live.lines.iter_mut().find_map(|line| line.call(people)) else {
                return;
            };
            live.touch(self.now);
            live.queued -= 1;
            self.start(who, at);
        }
    }

    /// Somebody takes a place, and gives back the one they had.
    #[inline]
    fn start(&mut self, who: u32, at: u16) {
        self.take(who, at);
        let person = self.people.get(who);
        let stay = stay_of(&self.plan.stations[usize::from(at)], person.class);
        let mut stream = Stream::new(numbered(person.key, u64::from(person.visit)));
        let days = stay.draw(&mut stream, self.tables);
        self.heap.push(self.now.saturating_add(ticks(days)), who);
    }

    #[inline]
    fn take(&mut self, who: u32, at: u16) {
        let now = self.now;
        let person = self.people.get(who);
        let from = std::mem::replace(&mut person.at, at);
        let waited = std::mem::replace(&mut person.to, OUT) != OUT;
        let since = person.since;
        if from != OUT {
            if waited {
                let live = &mut self.stations[usize::from(from)];
                live.touch(now);
                live.blocked -= 1;
            }
            self.release(from);
        }
        let live = &mut self.stations[usize::from(at)];
        live.touch(now);
        live.occupied += 1;
        live.started += 1;
        if waited {
            live.waited += now - since;
        }
    }

    /// Books somebody's visits.
    fn book(&mut self, who: u32, to: u16, how: Booking) -> Result<(), String> {
        let station = &self.plan.stations[usize::from(to)];
        let person = *self.people.get(who);
        let mut stream = Stream::new(numbered(person.key, u64::from(person.visit)));
        let whole = |days: f64| days.round().clamp(1.0, 36_525.0) as u64;
        let days = whole(stay_of(station, person.class).draw(&mut stream, self.tables));
        let left = match how {
            Booking::IsThere(rest) => whole(rest),
            _ => days,
        };
        let Some(need) = &station.need else {
            return Err(format!("station.{}: it has no visits", station.name));
        };
        let days = days.max(left);
        visits::profile(need, days, left, &mut stream, self.tables, &mut self.need);
        let today = self.now / DAY;
        let diary = self.stations[usize::from(to)].diary.as_mut();
        let start = diary.and_then(|diary| diary.first(today, &self.need, &station.levels));
        let Some(start) = start else {
            return Err(format!(
                "station.{}: somebody's visits fit on no day of a hundred years",
                station.name
            ));
        };
        if start > today && matches!(how, Booking::Comes) && self.goes_away(who, to) {
            self.turn_away(who, to);
            return Ok(());
        }
        if let Some(diary) = &mut self.stations[usize::from(to)].diary {
            diary.take(start, &self.need);
        }
        self.hold_or_release(who);
        let person = self.people.get(who);
        person.since = self.now;
        person.to = to;
        person.book(left as u32);
        if start == today {
            self.begin_visits(who, to);
            return Ok(());
        }
        let live = &mut self.stations[usize::from(to)];
        live.touch(self.now);
        live.queued += 1;
        self.heap.push(start * DAY, who);
        Ok(())
    }

    /// Booked visits begin today and go on for whole days.
    fn begin_visits(&mut self, who: u32, to: u16) {
        self.take(who, to);
        let days = self.people.get(who).booked();
        self.heap
            .push((self.now / DAY + u64::from(days)) * DAY, who);
    }

    /// The next level of capacity holds, and the one after it is planned.
    fn change_capacity(&mut self, at: u16) {
        let levels = &self.plan.stations[usize::from(at)].levels;
        let live = &mut self.stations[usize::from(at)];
        live.touch(self.now);
        while let Some(level) = levels.get(live.next_level) {
            if level.from > self.now {
                self.heap.push(level.from, CHANGE + u32::from(at));
                break;
            }
            live.capacity = level.capacity;
            live.places = if level.capacity == u32::MAX {
                0
            } else {
                level.capacity
            };
            live.next_level += 1;
        }
        self.freed.push(at);
    }

    fn end_day(&mut self, day_end: u64) {
        let payers = self.plan.payers.len();
        let counts = self.day >= self.plan.warm_up_days;
        for (at, (live, plan)) in self
            .stations
            .iter_mut()
            .zip(&self.plan.stations)
            .enumerate()
        {
            let owed = self.owed.get_mut(at * payers..(at + 1) * payers);
            live.end_day(
                day_end,
                plan,
                &mut self.done.values,
                owed.filter(|_| counts),
            );
        }
        self.day += 1;
    }

    fn end(mut self) -> Replication {
        self.done.days = self.day;
        self.done.most_people = self.people.most();
        let day = i128::from(DAY);
        let whole = |owed: &i128| i64::try_from((owed + day / 2) / day).unwrap_or(i64::MAX);
        self.done.paid = self.owed.iter().map(whole).collect();
        self.done
    }
}

#[inline]
fn stay_of(station: &StationPlan, class: u16) -> &Stay {
    &station.stays[usize::from(station.stay_of[usize::from(class)])]
}
