//! Random days of offers, answers, withdrawals and changed figures, driven through the
//! application and held against an obvious model. A failure prints its seed.

use super::{figure, no, provider, somebody, wanted, yes};
use access::{Actor, Role};
use app::Error;
use app::flow::{About, Asking, TellFigure};
use flow::offer::{NeedState, OfferState, Outcome, Way};
use jiff::{SignedDuration, Timestamp};
use kernel::{CapacityId, NeedId, OfferId, ServiceId};
use testkit::{Place, Seeded};

/// A service of the model: one figure, visits at any time.
struct Service {
    id: ServiceId,
    actor: Actor,
    figure: CapacityId,
    free: u32,
}

struct Offer {
    id: Option<OfferId>,
    service: usize,
    state: OfferState,
    due: Option<Timestamp>,
}

struct Need {
    id: NeedId,
    visits: u32,
    way: Way,
    state: NeedState,
    offers: Vec<Offer>,
    /// What every answer became, in order.
    answers: Vec<Outcome>,
}

struct Day {
    seed: u64,
    dice: Seeded,
    place: Place,
    hub: Actor,
    services: Vec<Service>,
    needs: Vec<Need>,
    people: u32,
}

impl Need {
    /// What the rules say in words: time runs out, and the next is asked.
    fn move_on(&mut self, now: Timestamp) {
        if self.state != NeedState::Open {
            return;
        }
        for offer in &mut self.offers {
            if offer.state.is_live() && offer.due.is_some_and(|due| due <= now) {
                offer.state = OfferState::Lapsed;
            }
        }
        let minutes = if self.way == Way::Parallel { 120 } else { 30 };
        loop {
            let asked = self.offers.iter().any(|offer| offer.state.is_live());
            if asked && self.way == Way::InOrder {
                return;
            }
            let mut waiting = self.offers.iter_mut();
            let Some(next) = waiting.find(|offer| offer.state == OfferState::Next) else {
                return;
            };
            next.state = OfferState::Sent;
            next.due = Some(now + SignedDuration::from_mins(minutes));
        }
    }
}

impl Day {
    fn new(seed: u64) -> Self {
        let place = testkit::place();
        let hub = place.actor(Role::HubLead);
        let services = (1..=4)
            .map(|number| {
                let (id, actor) = provider(&place, number);
                let figure = place.app.add_capacity(&actor, id, &figure(number)).unwrap();
                Service {
                    id,
                    actor,
                    figure,
                    free: number,
                }
            })
            .collect();
        Self {
            seed,
            dice: Seeded(seed),
            place,
            hub,
            services,
            needs: Vec::new(),
            people: 100,
        }
    }

    fn roll(&mut self, sides: usize) -> usize {
        usize::try_from(self.dice.next_number() % (sides as u64)).unwrap()
    }

    fn version(&self, need: usize) -> (NeedId, i64) {
        let id = self.needs[need].id;
        let read = |tx: &mut dyn store::Tx| store::offer::need(tx, id);
        let row = self.place.app.store().read(read).unwrap().unwrap();
        (id, row.version)
    }

    /// Everybody whose time has run out is moved on, in the application by a look at the list.
    fn look(&mut self) {
        self.place.app.needs(&self.hub, 1).unwrap();
        let now = self.place.app.now();
        self.needs.iter_mut().for_each(|need| need.move_on(now));
    }

    fn step(&mut self) {
        self.look();
        match self.roll(16) {
            0 | 1 => self.write(),
            _ if self.needs.len() < 3 => self.write(),
            2..=5 => self.ask(),
            6..=10 => self.answer(),
            11 | 12 => self.tell(),
            13 => self.end(),
            _ => {
                let minutes = i64::try_from(self.roll(100)).unwrap();
                self.place.clock.advance(SignedDuration::from_mins(minutes));
            }
        }
    }

    fn write(&mut self) {
        self.people += 1;
        let person = somebody(&self.place, self.people);
        let visits = u32::try_from(self.roll(3) + 1).unwrap();
        let id = self
            .place
            .app
            .write_need(&self.hub, About::Person(person), &wanted(visits))
            .unwrap();
        self.needs.push(Need {
            id,
            visits,
            way: Way::Parallel,
            state: NeedState::Open,
            offers: Vec::new(),
            answers: Vec::new(),
        });
    }

    fn any_need(&mut self) -> Option<usize> {
        match self.needs.len() {
            0 => None,
            many => Some(self.roll(many)),
        }
    }

    fn ask(&mut self) {
        let Some(at) = self.any_need() else { return };
        let chosen: Vec<usize> = (0..self.services.len())
            .filter(|_| self.roll(2) == 0)
            .collect();
        let way = if self.roll(2) == 0 {
            Way::Parallel
        } else {
            Way::InOrder
        };
        let asking = Asking {
            way,
            services: chosen.iter().map(|one| self.services[*one].id).collect(),
        };
        let version = self.version(at);
        let asked = self.place.app.offer_need(&self.hub, version, &asking);
        let need = &mut self.needs[at];
        let can = chosen
            .iter()
            .all(|one| self.services[*one].free >= need.visits);
        if chosen.is_empty() || need.state != NeedState::Open || !can {
            assert!(
                matches!(asked, Err(Error::Invalid(_))),
                "seed {}",
                self.seed
            );
            return;
        }
        asked.unwrap();
        need.way = way;
        for service in chosen {
            let again =
                |offer: &Offer| matches!(offer.state, OfferState::Declined | OfferState::Lapsed);
            match need.offers.iter().position(|one| one.service == service) {
                // Asked once more: at the end of the row.
                Some(one) if again(&need.offers[one]) => {
                    let mut offer = need.offers.remove(one);
                    offer.state = OfferState::Next;
                    offer.due = None;
                    need.offers.push(offer);
                }
                Some(_) => {}
                None => need.offers.push(Offer {
                    id: None,
                    service,
                    state: OfferState::Next,
                    due: None,
                }),
            }
        }
        need.move_on(self.place.app.now());
        self.learn(at);
    }

    /// The ids that the application gave to new offers.
    fn learn(&mut self, at: usize) {
        let id = self.needs[at].id;
        let read = |tx: &mut dyn store::Tx| store::offer::offers_of(tx, id);
        for row in self.place.app.store().read(read).unwrap() {
            let service = self.services.iter().position(|one| one.id == row.service);
            let mut offers = self.needs[at].offers.iter_mut();
            let offer = offers.find(|one| Some(one.service) == service).unwrap();
            offer.id = Some(row.id);
        }
    }

    fn answer(&mut self) {
        let Some(at) = self.any_need() else { return };
        if self.needs[at].offers.is_empty() {
            return;
        }
        let which = self.roll(self.needs[at].offers.len());
        let (said, answer) = match self.roll(4) {
            0 => ("no", no()),
            1 => ("later", yes(5)),
            _ => ("yes", yes(0)),
        };
        // Sometimes the clock moves between the look and the answer.
        if self.roll(5) == 0 {
            self.place.clock.advance(SignedDuration::from_mins(45));
        }
        let now = self.place.app.now();
        let offer = &self.needs[at].offers[which];
        let service = offer.service;
        let id = offer.id.unwrap();
        let actor = self.services[service].actor.clone();
        let got = self.place.app.answer_offer(&actor, id, &answer);
        let need = &mut self.needs[at];
        let offer = &mut need.offers[which];
        if offer.state == OfferState::Next {
            assert!(matches!(got, Err(Error::NotFound(_))), "seed {}", self.seed);
            return;
        }
        let over = offer.due.is_some_and(|due| due <= now);
        let expected = match (need.state, offer.state) {
            (NeedState::Withdrawn, _) => Outcome::Withdrawn,
            (_, OfferState::Accepted | OfferState::Declined | OfferState::Later) => Outcome::Again,
            (NeedState::Accepted | NeedState::Started, _) => Outcome::Lost,
            (_, OfferState::Lapsed) => Outcome::Lapsed,
            _ if over => Outcome::Lapsed,
            _ if said == "no" => Outcome::Declined,
            _ if said == "later" => Outcome::Later,
            _ if self.services[service].free >= need.visits => Outcome::Won,
            _ => Outcome::NoRoom,
        };
        assert_eq!(got.unwrap(), expected, "seed {}", self.seed);
        need.answers.push(expected);
        match expected {
            Outcome::Won => {
                self.services[service].free -= need.visits;
                need.state = NeedState::Accepted;
                for other in &mut need.offers {
                    let stands = other.state.is_live()
                        || matches!(other.state, OfferState::Next | OfferState::Later);
                    if stands {
                        other.state = OfferState::Lost;
                    }
                }
                need.offers[which].state = OfferState::Accepted;
            }
            Outcome::Declined => offer.state = OfferState::Declined,
            Outcome::Later => offer.state = OfferState::Later,
            _ => {}
        }
        let moves = [Outcome::Declined, Outcome::Later, Outcome::Lapsed];
        if moves.contains(&expected) {
            need.move_on(now);
        }
    }

    fn tell(&mut self) {
        let which = self.roll(self.services.len());
        let free = u32::try_from(self.roll(4)).unwrap();
        let service = &mut self.services[which];
        let figure = service.figure;
        let read = |tx: &mut dyn store::Tx| store::capacity::by_id(tx, figure);
        let row = self.place.app.store().read(read).unwrap().unwrap();
        let told = TellFigure {
            id: figure,
            version: row.version,
            free: Some(free),
        };
        let app = &self.place.app;
        app.tell_capacity(&service.actor, service.id, &[told])
            .unwrap();
        service.free = free;
    }

    /// Withdrawn, begun, or a later day taken.
    fn end(&mut self) {
        let Some(at) = self.any_need() else { return };
        let version = self.version(at);
        let (app, hub) = (self.place.app.clone(), self.hub.clone());
        match self.roll(3) {
            0 => {
                let done = app.withdraw_need(&hub, version, "Not needed");
                let need = &mut self.needs[at];
                if matches!(need.state, NeedState::Withdrawn | NeedState::Started) {
                    assert!(matches!(done, Err(Error::Invalid(_))), "seed {}", self.seed);
                    return;
                }
                done.unwrap();
                for offer in &mut need.offers {
                    if offer.state == OfferState::Accepted {
                        self.services[offer.service].free += need.visits;
                    }
                    let settled = [OfferState::Declined, OfferState::Lapsed, OfferState::Lost];
                    if !settled.contains(&offer.state) {
                        offer.state = OfferState::Withdrawn;
                    }
                }
                need.state = NeedState::Withdrawn;
            }
            1 => {
                let done = app.start_care(&hub, version);
                let need = &mut self.needs[at];
                match need.state {
                    NeedState::Accepted => {
                        done.unwrap();
                        need.state = NeedState::Started;
                    }
                    _ => assert!(matches!(done, Err(Error::Invalid(_))), "seed {}", self.seed),
                }
            }
            _ => {
                let need = &mut self.needs[at];
                let later = |offer: &Offer| offer.state == OfferState::Later;
                let Some(which) = need.offers.iter().position(later) else {
                    return;
                };
                let done = app.take_later_start(&hub, version, need.offers[which].id.unwrap());
                let service = need.offers[which].service;
                if need.state != NeedState::Open || self.services[service].free < need.visits {
                    assert!(matches!(done, Err(Error::Invalid(_))), "seed {}", self.seed);
                    return;
                }
                done.unwrap();
                self.services[service].free -= need.visits;
                need.state = NeedState::Accepted;
                for offer in &mut need.offers {
                    let stands = offer.state.is_live()
                        || matches!(offer.state, OfferState::Next | OfferState::Later);
                    if stands {
                        offer.state = OfferState::Lost;
                    }
                }
                need.offers[which].state = OfferState::Accepted;
            }
        }
    }

    /// Everything in the store is as the model says.
    fn check(&self) {
        let seed = self.seed;
        let read = |tx: &mut dyn store::Tx| {
            for service in &self.services {
                let figure = store::capacity::by_id(tx, service.figure)?.unwrap();
                assert_eq!(figure.slot.free, service.free, "seed {seed}");
            }
            for need in &self.needs {
                let row = store::offer::need(tx, need.id)?.unwrap();
                assert_eq!(row.state, need.state, "seed {seed}");
                let offers = store::offer::offers_of(tx, need.id)?;
                let got: Vec<_> = offers.iter().map(|one| (Some(one.id), one.state)).collect();
                let model: Vec<_> = need.offers.iter().map(|one| (one.id, one.state)).collect();
                assert_eq!(got, model, "seed {seed}");
                let won = offers
                    .iter()
                    .filter(|one| one.state == OfferState::Accepted);
                assert!(won.count() <= 1, "seed {seed}");
                let answers = store::offer::answers_of_need(tx, need.id)?;
                let mut got: Vec<_> = answers.iter().map(|one| one.outcome).collect();
                let mut model = need.answers.clone();
                // Answers of one moment are in the order of their offers.
                got.sort();
                model.sort();
                assert_eq!(got, model, "seed {seed}: every answer is kept");
            }
            Ok::<_, store::Error>(())
        };
        self.place.app.store().read(read).unwrap();
    }
}

#[test]
fn random_days_of_offers_hold_against_an_obvious_model() {
    let mut seen = Vec::new();
    for seed in 1..=10 {
        let mut day = Day::new(seed);
        for _ in 0..80 {
            day.step();
            day.check();
        }
        day.look();
        day.check();
        let problems = day.place.app.store().read(store::verify).unwrap();
        assert_eq!(problems, [], "seed {seed}");
        seen.extend(day.needs.iter().flat_map(|need| need.answers.clone()));
    }
    for outcome in Outcome::ALL {
        // Whoever has not been asked cannot find the offer.
        let happened = seen.contains(outcome) || *outcome == Outcome::NotAsked;
        assert!(
            happened,
            "no answer in these days was {outcome}: the days are too dull"
        );
    }
}
