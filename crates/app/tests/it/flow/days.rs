//! Working days by chance: whatever legal thing people do, every count, every owner and every
//! return is what a slow and obvious model says. A failure names its seed. `ALMONER_DAYS=1000`
//! makes it as many working days for each seed.

mod care;
mod chance;
mod counts;
mod sown;

use super::{New, add_person, add_stay_of, hub, new};
use access::{Actor, Role};
use app::flow::figures::ReturnKind;
use app::flow::services::Draft;
use app::flow::{BoardFilter, DelayReason, StayChange, StepChange};
use chance::{BORN, CAME, LEFT, OUTCOMES, REASONS, SERVICES};
use counts::{Cells, Known, Model, Someone, Stretch, Support};
use flow::chain::StepState;
use flow::{Pathway, Responsible};
use jiff::SignedDuration;
use jiff::civil::Date;
use kernel::Month;
use kernel::calendar::{add_days, days_between};
use std::collections::{BTreeMap, BTreeSet};
use testkit::{Place, Seeded};

/// Working days of one seed.
const DAYS: usize = 40;
/// Things done in a day, on average.
const A_DAY: u64 = 12;

struct Trial {
    place: Place,
    chance: Seeded,
    known: Vec<Known>,
    people: Vec<Someone>,
    serial: u32,
    lead: Actor,
    worker: Actor,
}

impl Trial {
    fn begun(seed: u64) -> Self {
        let place = testkit::place();
        place.clock.set("2026-02-02T08:00:00Z".parse().unwrap());
        Self {
            lead: hub(&place),
            worker: place.actor(Role::Practitioner),
            place,
            chance: Seeded(seed),
            known: Vec::new(),
            people: Vec::new(),
            serial: 0,
        }
    }

    /// What people do in a day.
    fn work(&mut self) {
        for _ in 0..1 + self.below(2 * A_DAY) {
            self.something();
            let minutes = 1 + self.below(45) as i64;
            let minutes = SignedDuration::from_mins(minutes);
            self.place.clock.advance(minutes);
        }
    }

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

    fn one_of<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len() as u64) as usize]
    }

    /// Somebody who is not in hospital and has not died, or somebody new; and the first day on
    /// which they can come.
    fn somebody(&mut self) -> (usize, Option<Date>) {
        let number = self.below(1 + 2 * self.people.len() as u64) as usize;
        let stays = || self.known.iter().filter(|one| one.person == number);
        let away = stays().all(|one| one.left.is_some() && !one.died());
        if number < self.people.len() && away {
            return (number, stays().filter_map(|one| one.left).max());
        }
        self.serial += 1;
        let born = self.one_of(&BORN);
        let id = add_person(&self.place, self.serial, born);
        self.place.tie(id);
        self.people.push(Someone {
            id,
            born,
            services: Vec::new(),
        });
        (self.people.len() - 1, None)
    }

    fn keep(&mut self, person: usize, one: &New) -> usize {
        let id = add_stay_of(&self.place, self.people[person].id, one);
        self.known.push(Known {
            id,
            person,
            admitted: one.admitted,
            how: one.how,
            left: one.left,
            left_how: "1",
            left_to: "19",
            pathway: None,
            stretches: Vec::new(),
            owner: Some(self.place.council),
            offered_to: None,
        });
        self.known.len() - 1
    }

    fn admit(&mut self) {
        let today = self.place.app.today();
        let (person, from) = self.somebody();
        let admitted = add_days(today, -(self.below(4) as i64));
        self.serial += 1;
        let one = New {
            council: Some(self.place.council),
            how: self.one_of(&CAME),
            ..new(
                self.serial,
                from.map_or(admitted, |from| admitted.max(from)),
            )
        };
        let at = self.keep(person, &one);
        let (app, id) = (&self.place.app, self.known[at].id);
        app.store()
            .write(|tx| {
                let row = store::flow::stay(tx, id)?.unwrap();
                app.follow_chain(tx, &row)
            })
            .unwrap();
    }

    /// A stay that was over before the place had this software: somebody else's, and new here.
    fn long_ago(&mut self) {
        let (person, seen) = self.somebody();
        if seen.is_some() {
            return;
        }
        let admitted = add_days(self.place.app.today(), -(20 + self.below(130) as i64));
        let left = add_days(admitted, self.below(12) as i64);
        let ready = (self.below(3) > 0).then(|| add_days(left, -(self.below(6) as i64)));
        let ready = ready.map(|day| day.max(admitted));
        self.serial += 1;
        let one = New {
            council: Some(self.place.council),
            how: self.one_of(&CAME),
            ready,
            left: Some(left),
            ..new(self.serial, admitted)
        };
        let at = self.keep(person, &one);
        self.known[at].stretches.extend(ready.map(|ready| Stretch {
            ready,
            until: None,
            reasons: Vec::new(),
        }));
    }

    fn draft(&self, service: &Support) -> Draft {
        Draft {
            kind: service.kind,
            component: service.component,
            starts_on: service.from,
            ends_on: service.until,
            outcome: service.outcome,
            council: Some(self.place.council),
            organisation: None,
            stay: None,
            visits_a_week: None,
            minutes_a_visit: None,
            mistake_why: String::new(),
        }
    }

    /// A service begins: from now, from some time ago, or about the day that somebody left.
    fn serve(&mut self) {
        if self.people.is_empty() {
            return;
        }
        let today = self.place.app.today();
        let number = self.below(self.people.len() as u64) as usize;
        let stays = self.known.iter().filter(|one| one.person == number);
        let left = stays.clone().filter_map(|one| one.left).max();
        let died = stays.clone().any(Known::died);
        let from = match (left, self.below(4)) {
            (Some(left), 0..=2) => add_days(left, self.below(14) as i64 - 4),
            _ => add_days(today, -(self.below(60) as i64)),
        };
        let (kind, component) = self.one_of(&SERVICES);
        let until = add_days(from, self.below(45) as i64);
        let until = (self.below(3) > 0 && until <= today).then_some(until);
        let outcome = until.and_then(|_| self.one_of(&OUTCOMES));
        let services = &self.people[number].services;
        let twice = |one: &Support| (one.kind, one.component, one.from) == (kind, component, from);
        if died || from > today || services.iter().any(twice) {
            return;
        }
        let mut service = Support {
            id: self.place.app.ids().service_period(),
            kind,
            component,
            from,
            until,
            outcome,
        };
        let (app, draft) = (&self.place.app, self.draft(&service));
        service.id = app
            .add_service_period(&self.worker, self.people[number].id, &draft)
            .unwrap();
        self.people[number].services.push(service);
    }

    /// A service that goes on ends.
    fn end_service(&mut self) {
        let goes_on = |one: &Support| one.until.is_none();
        let all = self.people.iter().enumerate();
        let open: Vec<(usize, usize)> = all
            .flat_map(|(number, one)| {
                let at = (0..one.services.len()).filter(|at| goes_on(&one.services[*at]));
                at.map(move |at| (number, at)).collect::<Vec<_>>()
            })
            .collect();
        if open.is_empty() {
            return;
        }
        let (number, at) = self.one_of(&open);
        let today = self.place.app.today();
        let mut service = self.people[number].services[at].clone();
        service.until = Some(today);
        service.outcome = self.one_of(&OUTCOMES);
        let (app, draft) = (&self.place.app, self.draft(&service));
        let page = app.service_period(&self.worker, service.id).unwrap();
        app.change_service_period(&self.worker, service.id, page.period.version, &draft, "")
            .unwrap();
        self.people[number].services[at] = service;
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
        let (reason, side) = self.one_of(&REASONS);
        self.wait(at, (reason, side), day);
        self.known[at].stretches.push(Stretch {
            ready: day,
            until: None,
            reasons: vec![(day, reason, in_words(side))],
        });
    }

    fn wait(&self, at: usize, (reason, side): (&str, Responsible), from: Date) {
        let reason = DelayReason {
            code_set: "dtoc".to_owned(),
            reason: reason.to_owned(),
            responsible: side,
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
        let (reason, side) = self.one_of(&REASONS);
        let Some(last) = self.known[at].stretches.last() else {
            return;
        };
        let (from, before, whose) = last.reasons[last.reasons.len() - 1];
        if (reason, in_words(side)) == (before, whose) || from > today {
            return;
        }
        let ahead = self.below(1 + days_between(from, today) as u64) as i64;
        let from = add_days(from, ahead);
        self.wait(at, (reason, side), from);
        if let Some(last) = self.known[at].stretches.last_mut() {
            last.reasons.push((from, reason, in_words(side)));
        }
    }

    fn leave(&mut self, at: usize) {
        let today = self.place.app.today();
        let (how, to) = self.one_of(&LEFT);
        let left = StayChange::Discharge {
            on: today,
            method: how.to_owned(),
            destination: to.to_owned(),
        };
        self.change(at, &left, "");
        self.known[at].left = Some(today);
        (self.known[at].left_how, self.known[at].left_to) = (how, to);
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
        match self.below(20) {
            0..=3 => return self.admit(),
            4 => return self.long_ago(),
            5..=7 => return self.serve(),
            8 => return self.end_service(),
            _ => {}
        }
        let Some(at) = self.pick() else {
            return;
        };
        match (self.known[at].ready(), self.below(10)) {
            (None, 0..=4) => self.ready(at),
            (Some(_), 0..=2) => self.other_reason(at),
            (Some(_), 3) => self.not_ready(at),
            (Some(_), 4) => self.leave(at),
            // Some leave of whom nobody had written that they were ready.
            (None, 5) if self.below(4) == 0 => self.leave(at),
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

    fn model(&self) -> Model<'_> {
        self.model_of(&self.known, &self.people)
    }

    fn model_of<'a>(&self, known: &'a [Known], people: &'a [Someone]) -> Model<'a> {
        Model {
            known,
            people,
            today: self.place.app.today(),
        }
    }

    /// A return as the product counts it. All of it is one hospital's and one council's.
    fn made(&self, kind: ReturnKind, period: &str) -> Cells {
        let made = self
            .place
            .app
            .figures(&Actor::operator(), kind, period, "official return")
            .unwrap();
        let whose = match kind {
            ReturnKind::Sitrep => "Barchester Royal Infirmary",
            _ => "Barsetshire County Council",
        };
        let cells = made.cells.into_iter().map(|cell| {
            assert_eq!(cell.group, whose, "{}", cell.measure);
            let mut ids = cell.ids;
            ids.sort();
            (cell.measure, (cell.value, ids))
        });
        cells.collect()
    }

    fn check_sitrep(&mut self) {
        let today = self.place.app.today();
        let earlier = add_days(today, -(self.below(25) as i64));
        for day in [today, add_days(today, -1), earlier] {
            let found = self.made(ReturnKind::Sitrep, &day.to_string());
            same(&found, &self.model().sitrep(day), &format!("sitrep {day}"));
        }
    }

    /// Every other return: of a month, the month before and the years that they are in.
    fn check_returns(&self, month: Month) {
        let model = self.model();
        for month in [month.previous(), month] {
            let found = self.made(ReturnKind::Delays, &month.to_string());
            same(&found, &model.delays(month), &format!("delays {month}"));
            let found = self.made(ReturnKind::Drd, &month.to_string());
            let wanted = model.ready_dates(month);
            same(&found, &wanted, &format!("ready dates {month}"));
        }
        for year in 2025..=month.financial_year() {
            let period = format!("{year}-{:02}", (year + 1) % 100);
            let found = self.made(ReturnKind::Ascof, &period);
            let values: BTreeMap<String, String> = found
                .into_iter()
                .map(|(name, (value, _))| (name, value))
                .collect();
            let wanted = model.social_care(year);
            assert_eq!(values, wanted, "social care {period}");
        }
    }
}

const fn in_words(side: Responsible) -> &'static str {
    match side {
        Responsible::Nhs => "nhs",
        Responsible::SocialCare => "social care",
        Responsible::Both => "both",
    }
}

/// The cells that differ.
fn differences(found: &Cells, wanted: &Cells) -> Vec<String> {
    let names: BTreeSet<&String> = found.keys().chain(wanted.keys()).collect();
    names
        .into_iter()
        .filter(|name| found.get(*name) != wanted.get(*name))
        .map(|name| format!("{name}: {:?} for {:?}", found.get(name), wanted.get(name)))
        .collect()
}

/// Says which cells differ, and not all that are the same.
fn same(found: &Cells, wanted: &Cells, what: &str) {
    assert_eq!(differences(found, wanted), [""; 0], "{what}");
}

fn every_count_owner_and_return_is_right(seed: u64) {
    let days = testkit::setting("ALMONER_DAYS");
    let days = days.and_then(|days| days.parse().ok()).unwrap_or(DAYS);
    println!("seed {seed}");
    let mut trial = Trial::begun(seed);
    let mut month = Month::of(trial.place.app.today());
    for day in 0..days {
        trial.work();
        trial.check();
        trial.check_sitrep();
        trial.place.clock.advance(SignedDuration::from_hours(12));
        let now = Month::of(trial.place.app.today());
        if now != month || day + 1 == days {
            trial.check_returns(month);
            month = now;
        }
    }
    // Nobody does anything for months: outcomes that were not known yet become known.
    for weeks in [5, 6, 7] {
        let weeks = SignedDuration::from_hours(24 * 7 * weeks);
        trial.place.clock.advance(weeks);
        trial.check_sitrep();
        trial.check_returns(Month::of(trial.place.app.today()));
    }
    let problems = trial.place.app.store().read(store::verify).unwrap();
    assert_eq!(problems, [], "seed {seed}");
    assert!(trial.known.len() > 30, "a place with people");
}

#[test]
fn whatever_people_do_all_is_counted_right() {
    every_count_owner_and_return_is_right(1);
}

#[test]
fn whatever_others_do_all_is_counted_right() {
    every_count_owner_and_return_is_right(20_261_125);
}
