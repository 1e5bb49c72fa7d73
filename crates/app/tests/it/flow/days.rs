//! Working days by chance: whatever legal thing people do, every count, every owner and every
//! return is what a slow and obvious model says. A failure names its seed. `ALMONER_DAYS=1000`
//! makes it as many working days for each seed.

use super::{add_stay, hub, new};
use access::{Actor, Role};
use app::flow::{BoardFilter, DelayReason, Regime, StayChange, StepChange};
use flow::chain::StepState;
use flow::{Pathway, Responsible};
use jiff::SignedDuration;
use jiff::civil::Date;
use kernel::calendar::{add_days, days_between};
use kernel::{Month, OrganisationId, StayId};
use std::collections::BTreeMap;
use testkit::{Place, Seeded};

/// Working days of one seed.
const DAYS: usize = 40;
/// Things done in a day, on average.
const A_DAY: u64 = 12;
const SEEDS: [u64; 2] = [1, 20_261_125];
const REASONS: [&str; 5] = ["A", "B", "C", "E", "G"];

/// A time of being ready: since when, until when, and what was waited for from which day.
#[derive(Clone, Debug)]
struct Stretch {
    ready: Date,
    until: Option<Date>,
    reasons: Vec<(Date, &'static str)>,
}

/// What the model knows of a stay.
#[derive(Clone, Debug)]
struct Known {
    id: StayId,
    admitted: Date,
    left: Option<Date>,
    pathway: Option<u8>,
    stretches: Vec<Stretch>,
    /// Who owns the council's step, and whether an offer of it has no answer.
    owner: Option<OrganisationId>,
    offered_to: Option<OrganisationId>,
}

impl Known {
    fn ready(&self) -> Option<Date> {
        let last = self.stretches.last()?;
        last.until.is_none().then_some(last.ready)
    }

    /// What was waited for at the midnight that ended a day, if that midnight counts.
    fn waited_for(&self, day: Date) -> Option<&'static str> {
        if self.left.is_some_and(|left| day >= left) {
            return None;
        }
        let mut before: Option<Date> = None;
        for stretch in &self.stretches {
            let continues = before.is_some_and(|end| stretch.ready <= add_days(end, 1));
            let first = match continues {
                true => stretch.ready,
                false => add_days(stretch.ready, 1),
            };
            if day >= first && stretch.until.is_none_or(|until| day < until) {
                let reasons = stretch.reasons.iter().filter(|(from, _)| *from <= day);
                return reasons
                    .max_by_key(|(from, _)| *from)
                    .map(|(_, reason)| *reason);
            }
            before = stretch.until;
        }
        None
    }
}

struct Trial {
    place: Place,
    chance: Seeded,
    known: Vec<Known>,
    serial: u32,
    lead: Actor,
    worker: Actor,
}

impl Trial {
    fn below(&mut self, end: u64) -> u64 {
        self.chance.next_number() % end
    }

    fn pick(&mut self) -> Option<usize> {
        let open: Vec<usize> = (0..self.known.len())
            .filter(|at| self.known[*at].left.is_none())
            .collect();
        let at = self.below(open.len().max(1) as u64) as usize;
        open.get(at).copied()
    }

    fn change(&self, at: usize, change: &StayChange, why: &str) {
        let id = self.known[at].id;
        let version = self.place.app.stay(&self.lead, id).unwrap().row.version;
        self.place
            .app
            .change_stay(&self.lead, id, version, change, why)
            .unwrap_or_else(|error| panic!("{change:?} of {:?}: {error}", self.known[at]));
    }

    fn admit(&mut self) {
        self.serial += 1;
        let today = self.place.app.today();
        let admitted = add_days(today, -(self.below(4) as i64));
        let mut one = new(self.serial, admitted);
        one.council = Some(self.place.council);
        let id = add_stay(&self.place, &one);
        let app = &self.place.app;
        app.store()
            .write(|tx| {
                let row = store::flow::stay(tx, id)?.unwrap();
                app.follow_chain(tx, &row)
            })
            .unwrap();
        self.known.push(Known {
            id,
            admitted,
            left: None,
            pathway: None,
            stretches: Vec::new(),
            owner: Some(self.place.council),
            offered_to: None,
        });
    }

    /// Ready since today or a day before, with a reason from that day.
    fn ready(&mut self, at: usize) {
        let today = self.place.app.today();
        let known = &self.known[at];
        let earliest = known
            .stretches
            .last()
            .and_then(|last| last.until)
            .unwrap_or(known.admitted);
        let back = self.below(3) as i64;
        let day = add_days(today, -back).max(earliest);
        self.change(at, &StayChange::ReadyOn(Some(day)), "Ready again");
        let reason = REASONS[self.below(5) as usize];
        self.wait(at, reason, day);
        self.known[at].stretches.push(Stretch {
            ready: day,
            until: None,
            reasons: vec![(day, reason)],
        });
    }

    fn wait(&self, at: usize, reason: &str, from: Date) {
        let reason = DelayReason {
            code_set: "dtoc".to_owned(),
            reason: reason.to_owned(),
            responsible: Responsible::Nhs,
            organisation: Some(self.place.hospital),
        };
        self.change(
            at,
            &StayChange::Delay { reason, from },
            "Agreed on the round",
        );
    }

    fn other_reason(&mut self, at: usize) {
        let today = self.place.app.today();
        let reason = REASONS[self.below(5) as usize];
        let Some(last) = self.known[at].stretches.last() else {
            return;
        };
        let (from, before) = last.reasons[last.reasons.len() - 1];
        if reason == before || from > today {
            return;
        }
        let ahead = self.below(1 + days_between(from, today) as u64) as i64;
        let from = add_days(from, ahead);
        self.wait(at, reason, from);
        if let Some(last) = self.known[at].stretches.last_mut() {
            last.reasons.push((from, reason));
        }
    }

    fn leave(&mut self, at: usize) {
        let today = self.place.app.today();
        let left = StayChange::Discharge {
            on: today,
            method: "1".to_owned(),
            destination: "19".to_owned(),
        };
        self.change(at, &left, "");
        self.known[at].left = Some(today);
        self.known[at].offered_to = None;
    }

    fn not_ready(&mut self, at: usize) {
        let today = self.place.app.today();
        self.change(at, &StayChange::ReadyOn(None), "Unwell again");
        if let Some(last) = self.known[at].stretches.last_mut() {
            last.until = Some(today);
        }
    }

    fn pathway(&mut self, at: usize) {
        let number = self.below(4) as u8;
        self.change(at, &StayChange::Pathway(Pathway::new(number)), "");
        self.known[at].pathway = Some(number);
        if number == 0 {
            // The council has nothing to assess: an offer of that lapses.
            self.known[at].offered_to = None;
        }
    }

    /// The council's step is offered to the hospital or back, accepted, refused or taken back.
    fn hand_over(&mut self, at: usize) {
        let known = self.known[at].clone();
        let page = self.place.app.stay(&self.lead, known.id).unwrap();
        let chain = page.chain.unwrap();
        let found = chain.steps.iter().find(|view| view.step.key == "assess");
        let view = found.unwrap();
        if view.step.state.is_ended() {
            // What has ended lets its offer lapse.
            self.known[at].offered_to = None;
            return;
        }
        let (council, hospital) = (self.place.council, self.place.hospital);
        let app = &self.place.app;
        match (&view.offer, self.chance.next_number() % 3) {
            (None, _) => {
                let to = match known.owner == Some(council) {
                    true => hospital,
                    false => council,
                };
                let name = String::new();
                let offer = StepChange::Offer { to, name };
                app.change_step(&self.lead, view.step.id, chain.version, &offer, "")
                    .unwrap();
                self.known[at].offered_to = Some(to);
            }
            (Some(_), 0) => {
                let back = StepChange::TakeBack;
                app.change_step(&self.lead, view.step.id, chain.version, &back, "")
                    .unwrap();
                self.known[at].offered_to = None;
            }
            (Some(offer), answer) => {
                // Nobody signs in for the hospital here: the hub writes down who said it.
                let theirs = offer.offer.to == council;
                let actor = if theirs { &self.worker } else { &self.lead };
                let accept = answer == 1;
                app.answer_handover(actor, offer.offer.id, accept, "Sister Ann", "No room")
                    .unwrap();
                if accept {
                    self.known[at].owner = Some(offer.offer.to);
                }
                self.known[at].offered_to = None;
            }
        }
    }

    fn something(&mut self) {
        if self.below(5) == 0 || self.known.is_empty() {
            return self.admit();
        }
        let Some(at) = self.pick() else {
            return;
        };
        match (self.known[at].ready(), self.below(10)) {
            (None, 0..=4) => self.ready(at),
            (Some(_), 0..=2) => self.other_reason(at),
            (Some(_), 3) => self.not_ready(at),
            (Some(_), 4) => self.leave(at),
            (_, 5 | 6) => self.pathway(at),
            _ => self.hand_over(at),
        }
    }

    /// Everything that is shown is what the model says.
    fn check(&self) {
        let app = &self.place.app;
        let counts = app
            .board(&self.lead, &BoardFilter::default(), 1)
            .unwrap()
            .counts;
        let open: Vec<&Known> = self.known.iter().filter(|one| one.left.is_none()).collect();
        let ready = open.iter().filter(|one| one.ready().is_some()).count();
        assert_eq!(counts.open, open.len() as i64, "in hospital");
        assert_eq!(counts.ready, ready as i64, "ready to leave");
        // Some days after somebody left, the hub's link with them ends.
        let today = app.today();
        for one in self
            .known
            .iter()
            .filter(|one| one.left.is_none_or(|left| left == today))
        {
            let page = app.stay(&self.lead, one.id).unwrap();
            let chain = page.chain.unwrap();
            let step = chain.steps.iter().find(|view| view.step.key == "assess");
            let view = step.unwrap();
            assert_eq!(view.step.owner, one.owner, "owner of the step of {one:?}");
            let offered = view.offer.as_ref().map(|offer| offer.offer.to);
            let wanted = one.offered_to.filter(|_| !view.step.state.is_ended());
            assert_eq!(offered, wanted, "offer of the step of {one:?}");
            let over = chain.steps.iter().all(|view| view.step.state.is_ended());
            assert_eq!(over, one.left.is_some(), "chain of {one:?}");
            if one.pathway == Some(0) && one.left.is_none() {
                assert_eq!(view.step.state, StepState::NotNeeded);
            }
            let shared: i64 = chain
                .steps
                .iter()
                .flat_map(|view| &view.days)
                .map(|(_, share)| share.days)
                .sum();
            assert_eq!(
                shared + chain.nobodys,
                page.delayed_days,
                "each day of delay is one step's: {one:?}"
            );
        }
    }

    /// The returns of a month, counted day by day.
    fn check_returns(&self, month: Month) {
        let app = &self.place.app;
        let operator = Actor::operator();
        let mut wanted: BTreeMap<String, i64> = BTreeMap::new();
        let mut day = month.first();
        while day <= month.last() && day < app.today() {
            for reason in self.known.iter().filter_map(|one| one.waited_for(day)) {
                *wanted.entry(reason.to_owned()).or_default() += 1;
            }
            day = add_days(day, 1);
        }
        let made = app
            .return_delays(&operator, month, Regime::Dtoc, "official return")
            .unwrap();
        let mut found: BTreeMap<String, i64> = BTreeMap::new();
        for row in made.rows {
            *found.entry(row.reason).or_default() += row.days.parse::<i64>().unwrap();
        }
        found.retain(|_, days| *days > 0);
        assert_eq!(found, wanted, "delayed days of {month}");

        let left: Vec<i64> = self
            .known
            .iter()
            .filter(|one| one.left.is_some_and(|left| Month::of(left) == month))
            .filter(|one| one.left > Some(one.admitted))
            .filter_map(|one| Some(days_between(one.ready()?, one.left?)))
            .collect();
        let made = app
            .return_delays(&operator, month, Regime::Drd, "official return")
            .unwrap();
        let figure = |name: &str| -> i64 {
            let rows = made.rows.iter().filter(|row| row.reason == name);
            rows.filter_map(|row| row.days.parse::<i64>().ok()).sum()
        };
        assert_eq!(
            figure("discharges with a valid ready date"),
            left.len() as i64
        );
        assert_eq!(
            figure("days from ready date to discharge"),
            left.iter().sum::<i64>()
        );
    }
}

#[test]
fn whatever_people_do_every_count_owner_and_return_is_right() {
    let days = testkit::setting("ALMONER_DAYS");
    let days = days.and_then(|days| days.parse().ok()).unwrap_or(DAYS);
    for seed in SEEDS {
        println!("seed {seed}");
        let place = testkit::place();
        place.clock.set("2026-02-02T08:00:00Z".parse().unwrap());
        let mut trial = Trial {
            lead: hub(&place),
            worker: place.actor(Role::Practitioner),
            place,
            chance: Seeded(seed),
            known: Vec::new(),
            serial: 0,
        };
        let mut month = Month::of(trial.place.app.today());
        for day in 0..days {
            for _ in 0..1 + trial.below(2 * A_DAY) {
                trial.something();
                let minutes = 1 + trial.below(45) as i64;
                trial
                    .place
                    .clock
                    .advance(SignedDuration::from_mins(minutes));
            }
            trial.check();
            trial.place.clock.advance(SignedDuration::from_hours(12));
            let now = Month::of(trial.place.app.today());
            if now != month || day + 1 == days {
                trial.check_returns(month);
                month = now;
            }
        }
        let problems = trial.place.app.store().read(store::verify).unwrap();
        assert_eq!(problems, [], "seed {seed}");
        assert!(trial.known.len() > 30, "a place with people");
    }
}
