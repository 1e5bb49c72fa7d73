//! The page of a need: who can meet it and who cannot, asking them, and ending the search.

use crate::{App, Error, Subject};
use ::flow::offer::capacity::{is_stale, told};
use ::flow::offer::{NeedState, OfferState, Take, Way, Why, matches};
use ::person::Person;
use access::{Action, Actor};
use jiff::Timestamp;
use kernel::{NeedId, OfferId, ServiceId, limits};
use store::Tx;
use store::capacity::{self, Figure};
use store::directory::{self, Kept};
use store::offer::{self as rows, Answered, NeedRow, OfferRow};

/// A service that can meet a need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CanMeet {
    /// The service.
    pub kept: Kept,
    /// What it would give, with the figure that it comes out of.
    pub gives: Vec<(Figure, u32)>,
    /// Age of the oldest of these figures, in words.
    pub age: String,
    /// Whether that is too old to rely on.
    pub stale: bool,
}

/// A service that has told what it has and cannot meet a need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cannot {
    /// The service.
    pub kept: Kept,
    /// Why not.
    pub why: Vec<Why>,
}

/// An offer with the name of its service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferLine {
    /// The offer.
    pub offer: OfferRow,
    /// The service.
    pub service: String,
    /// Its telephone.
    pub telephone: String,
}

/// Everything the page of a need shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NeedPage {
    /// The need; its version goes with every change.
    pub row: NeedRow,
    /// Whom it is about.
    pub person: Person,
    /// Name of the organisation that wrote it.
    pub written_for: String,
    /// Services that can meet it and were not asked yet, or may be asked again.
    pub can: Vec<CanMeet>,
    /// Services that cannot, with every reason.
    pub cannot: Vec<Cannot>,
    /// Services of the directory that have told nothing.
    pub silent: usize,
    /// Who was asked, in order.
    pub offers: Vec<OfferLine>,
    /// Every answer as it came.
    pub answers: Vec<Answered>,
}

/// How services are to be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asking {
    /// All at once or one after the other.
    pub way: Way,
    /// Whom, in order.
    pub services: Vec<ServiceId>,
}

/// An offer whose turn has not come.
pub(super) fn unasked(id: OfferId, need: NeedId, service: ServiceId, position: i64) -> OfferRow {
    OfferRow {
        id,
        need,
        service,
        position,
        state: OfferState::Next,
        asked_at: None,
        due_at: None,
        seen_at: None,
        answered_at: None,
        answered_by: String::new(),
        starts_on: None,
        reason: String::new(),
        words: String::new(),
    }
}

impl App {
    /// The page of a need. Whoever is next is asked, if it is time.
    ///
    /// # Errors
    /// Not allowed, not there, or the store's.
    pub fn need(&self, actor: &Actor, id: NeedId) -> Result<NeedPage, Error> {
        access::decide(actor, Action::SeekService)?;
        self.store().write(|tx| {
            let row = rows::need(tx, id)?.ok_or(Error::NotFound("need"))?;
            let sight = self.sight(tx, actor, row.person)?;
            self.move_on(tx, &row, &super::follow::itself())?;
            let person = store::person::by_id(tx, sight.person)?;
            let person = sight.shown(person.ok_or(Error::NotFound("person"))?);
            let page = self.need_page(tx, row, person)?;
            let subject = Subject {
                person: Some(sight.person),
                thing: format!("need {id}"),
                results: 1,
                ..Subject::default()
            };
            self.looked(tx, actor, sight.allowed, Action::SeekService, subject)?;
            Ok(page)
        })
    }

    fn need_page(&self, tx: &mut dyn Tx, row: NeedRow, person: Person) -> Result<NeedPage, Error> {
        let services = directory::all(tx)?;
        let figures = capacity::standing(tx, None)?;
        let (now, hours) = (self.now(), self.days("capacity.stale_hours")?);
        let mut page = NeedPage {
            written_for: self.written_for(tx, &row)?,
            answers: rows::answers_of_need(tx, row.id)?,
            offers: Vec::new(),
            can: Vec::new(),
            cannot: Vec::new(),
            silent: 0,
            row,
            person,
        };
        for offer in rows::offers_of(tx, page.row.id)? {
            let kept = services.iter().find(|kept| kept.id == offer.service);
            page.offers.push(OfferLine {
                service: kept
                    .map(|kept| kept.service.name.clone())
                    .unwrap_or_default(),
                telephone: kept
                    .map(|kept| kept.service.telephone.clone())
                    .unwrap_or_default(),
                offer,
            });
        }
        for kept in services {
            if kept.service.has_ended(self.today()) {
                continue;
            }
            if !figures.iter().any(|figure| figure.service == kept.id) {
                page.silent += 1;
                continue;
            }
            let candidate = super::candidate(&page.row, &kept, &figures, self.today());
            match matches(&page.row.need, &candidate) {
                Err(why) => page.cannot.push(Cannot { kept, why }),
                Ok(takes) => {
                    let one = can_meet(kept, &takes, &figures, (now, hours));
                    let asked = page
                        .offers
                        .iter()
                        .find(|line| line.offer.service == one.kept.id);
                    if asked.is_none_or(|line| may_ask_again(line.offer.state)) {
                        page.can.push(one);
                    }
                }
            }
        }
        page.can.sort_by_key(|one| one.stale);
        Ok(page)
    }

    /// Asks services: all at once, or one after the other. Each is checked against what is free
    /// now.
    ///
    /// # Errors
    /// Not allowed, not there, changed in the meantime, settled already, nobody chosen, a service
    /// that cannot meet it, or the store's.
    pub fn offer_need(
        &self,
        actor: &Actor,
        (id, version): (NeedId, i64),
        asking: &Asking,
    ) -> Result<(), Error> {
        access::decide(actor, Action::SeekService)?;
        if asking.services.is_empty() {
            return Err(Error::invalid("services", "Choose one service or more"));
        }
        let minutes = match asking.way {
            Way::Parallel => self.days("offer.answer_minutes_at_once")?,
            Way::InOrder => self.days("offer.answer_minutes_in_order")?,
        };
        self.store().write(|tx| {
            let (mut row, sight) = self.need_to_change(tx, actor, (id, version))?;
            if row.state != NeedState::Open {
                return Err(Error::invalid("services", settled(row.state)));
            }
            let person = store::person::by_id(tx, sight.person)?;
            super::need::alive(&person.ok_or(Error::NotFound("person"))?, "services")?;
            let offers = rows::offers_of(tx, id)?;
            let mut position = offers.iter().map(|one| one.position).max().unwrap_or(0);
            for service in &asking.services {
                if self.room(tx, &row, *service)?.is_err() {
                    let text = "A service that you chose cannot meet it any more: look again";
                    return Err(Error::invalid("services", text));
                }
                position += 1;
                match offers.iter().find(|one| one.service == *service) {
                    None => {
                        let offer = unasked(self.ids().offer(), id, *service, position);
                        rows::insert_offer(tx, &offer)?;
                    }
                    Some(one) if may_ask_again(one.state) => {
                        let again = unasked(one.id, id, *service, position);
                        rows::update_offer(tx, &again)?;
                    }
                    Some(_) => {}
                }
            }
            row.way = asking.way;
            row.answer_minutes = minutes;
            row.version += 1;
            rows::update_need(tx, &row)?;
            self.move_on(tx, &row, actor)?;
            let detail = format!("{} services, {}", asking.services.len(), asking.way);
            self.need_changed(tx, (actor, sight.allowed), &row, "need: offer", &detail)
        })
    }

    /// Ends the search, also after a yes. What was taken is given back.
    ///
    /// # Errors
    /// Not allowed, not there, changed in the meantime, no reason, over already, or the store's.
    pub fn withdraw_need(
        &self,
        actor: &Actor,
        (id, version): (NeedId, i64),
        why: &str,
    ) -> Result<(), Error> {
        access::decide(actor, Action::SeekService)?;
        let why = why.trim();
        if why.is_empty() {
            return Err(Error::invalid("why", "Say why it is withdrawn"));
        }
        if why.chars().count() > limits::TEXT_CHARACTERS {
            let text = format!("Use {} characters or fewer", limits::TEXT_CHARACTERS);
            return Err(Error::invalid("why", text));
        }
        self.store().write(|tx| {
            let (mut row, sight) = self.need_to_change(tx, actor, (id, version))?;
            if matches!(row.state, NeedState::Withdrawn | NeedState::Started) {
                return Err(Error::invalid("why", settled(row.state)));
            }
            let now = self.now();
            capacity::give_back(tx, id, (now, &actor.display_name))?;
            row.state = NeedState::Withdrawn;
            row.ended = Some((now, actor.display_name.clone(), why.to_owned()));
            row.version += 1;
            rows::update_need(tx, &row)?;
            for mut offer in rows::offers_of(tx, id)? {
                let stands = offer.state.is_live()
                    || matches!(
                        offer.state,
                        OfferState::Next | OfferState::Later | OfferState::Accepted
                    );
                if stands {
                    offer.state = OfferState::Withdrawn;
                    rows::update_offer(tx, &offer)?;
                }
            }
            self.stay_follows(tx, &row, actor)?;
            self.need_changed(tx, (actor, sight.allowed), &row, "need: withdraw", "")
        })
    }

    /// Care has begun.
    ///
    /// # Errors
    /// Not allowed, not there, changed in the meantime, nobody has accepted, or the store's.
    pub fn start_care(&self, actor: &Actor, (id, version): (NeedId, i64)) -> Result<(), Error> {
        access::decide(actor, Action::SeekService)?;
        self.store().write(|tx| {
            let (mut row, sight) = self.need_to_change(tx, actor, (id, version))?;
            if row.state != NeedState::Accepted {
                return Err(Error::invalid("services", settled(row.state)));
            }
            row.state = NeedState::Started;
            row.version += 1;
            rows::update_need(tx, &row)?;
            self.stay_follows(tx, &row, actor)?;
            self.need_changed(tx, (actor, sight.allowed), &row, "need: start", "")
        })
    }

    /// The need as somebody may change it: in the version that was shown.
    pub(super) fn need_to_change(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        (id, version): (NeedId, i64),
    ) -> Result<(NeedRow, crate::person::Sight), Error> {
        let row = rows::need(tx, id)?.ok_or(Error::NotFound("need"))?;
        let sight = self.sight(tx, actor, row.person)?;
        if row.version == version {
            return Ok((row, sight));
        }
        let answers = rows::answers_of_need(tx, id)?;
        let who = answers.last().map(|one| one.by.clone());
        let what = match row.state {
            NeedState::Open => "services were asked",
            other => settled(other),
        };
        Err(Error::Stale {
            who: who.unwrap_or_else(|| row.written_by.clone()),
            what: what.to_owned(),
        })
    }
}

/// Whether a service may be asked once more.
fn may_ask_again(state: OfferState) -> bool {
    matches!(state, OfferState::Declined | OfferState::Lapsed)
}

fn settled(state: NeedState) -> &'static str {
    match state {
        NeedState::Open => "nobody has accepted yet",
        NeedState::Accepted => "a service has accepted: it looks for nobody any more",
        NeedState::Started => "care has begun",
        NeedState::Withdrawn => "it was withdrawn",
    }
}

fn can_meet(
    kept: Kept,
    takes: &[Take],
    figures: &[Figure],
    (now, hours): (Timestamp, i64),
) -> CanMeet {
    let gives: Vec<(Figure, u32)> = takes
        .iter()
        .filter_map(|take| {
            let found = figures.iter().find(|figure| figure.slot.id == take.slot);
            found.map(|figure| (figure.clone(), take.amount))
        })
        .collect();
    let oldest = gives.iter().map(|(figure, _)| figure.told_at).min();
    CanMeet {
        age: oldest.map(|at| told(at, now)).unwrap_or_default(),
        stale: oldest.is_some_and(|at| is_stale(at, now, hours)),
        kept,
        gives,
    }
}
