//! What a service sees of what it is asked: the need without a name, and who it is once it has
//! accepted.

use super::Trusted;
use crate::{App, Error, Subject};
use ::flow::offer::{NeedState, OfferState, Why};
use ::person::Person;
use access::{Action, Actor};
use kernel::{OfferId, ServiceId};
use store::offer::{self as rows, NeedRow, OfferRow};
use store::{Tx, wish};

/// Most offers on a service's list.
const LISTED: u32 = 60;

/// An offer as the service's list shows it. Nothing in it says who it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderOffer {
    /// The offer.
    pub offer: OfferRow,
    /// The need.
    pub need: NeedRow,
    /// The service asked.
    pub service: String,
}

/// An offer as a page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferPage {
    /// The offer.
    pub offer: OfferRow,
    /// The need.
    pub need: NeedRow,
    /// The service asked, by id and name.
    pub service: (ServiceId, String),
    /// Who asks.
    pub written_for: String,
    /// Why the service cannot meet it as its figures stand; empty if it can.
    pub lacks: Vec<Why>,
    /// Who it is: for the service that has accepted, and nobody else.
    pub person: Option<Person>,
    /// The service has accepted, and where the person lives is told by the hub alone.
    pub protected: bool,
    /// The trusted assessment that goes with it, where an agreement covers it.
    pub trusted: Option<Trusted>,
}

/// An offer as whoever has its link sees it: nobody is named, also afterwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkPage {
    /// The offer.
    pub offer: OfferRow,
    /// The need.
    pub need: NeedRow,
    /// The service asked.
    pub service: String,
    /// Who asks.
    pub written_for: String,
    /// The trusted assessment that goes with it, as far as it cannot name anybody.
    pub trusted: Option<Trusted>,
}

impl App {
    /// What one's own services are asked, what waits for an answer first.
    ///
    /// # Errors
    /// Not allowed, or the store's.
    pub fn offers(&self, actor: &Actor) -> Result<Vec<ProviderOffer>, Error> {
        let allowed = access::decide(actor, Action::AnswerOffer)?;
        self.store().write(|tx| {
            self.all_move_on(tx)?;
            let services = self.own_services(tx, actor)?;
            let ids: Vec<ServiceId> = services.iter().map(|kept| kept.id).collect();
            let mut all = Vec::new();
            for offer in rows::offers_to(tx, &ids, LISTED)? {
                let Some(need) = rows::need(tx, offer.need)? else {
                    continue;
                };
                let service = services.iter().find(|kept| kept.id == offer.service);
                all.push(ProviderOffer {
                    service: service
                        .map(|kept| kept.service.name.clone())
                        .unwrap_or_default(),
                    offer,
                    need,
                });
            }
            let subject = Subject {
                results: all.len(),
                detail: "offers".to_owned(),
                ..Subject::default()
            };
            self.looked(tx, actor, allowed, Action::AnswerOffer, subject)?;
            Ok(all)
        })
    }

    /// An offer to a service that somebody acts for.
    pub(super) fn own_offer(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        id: OfferId,
    ) -> Result<OfferRow, Error> {
        let offer = rows::offer(tx, id)?.filter(|offer| offer.state != OfferState::Next);
        let offer = offer.ok_or(Error::NotFound("offer"))?;
        let own = self.own_services(tx, actor)?;
        match own.iter().any(|kept| kept.id == offer.service) {
            true => Ok(offer),
            false => Err(Error::NotFound("offer")),
        }
    }

    /// One offer. That somebody of the service opened it is noted.
    ///
    /// # Errors
    /// Not allowed, not theirs or not there, or the store's.
    pub fn offer(&self, actor: &Actor, id: OfferId) -> Result<OfferPage, Error> {
        let allowed = access::decide(actor, Action::AnswerOffer)?;
        self.store().write(|tx| {
            let offer = self.own_offer(tx, actor, id)?;
            let need = rows::need(tx, offer.need)?.ok_or(Error::NotFound("need"))?;
            if need.state == NeedState::Open && offer.state == OfferState::Sent {
                let seen = OfferRow {
                    state: OfferState::Seen,
                    seen_at: Some(self.now()),
                    ..offer
                };
                rows::update_offer(tx, &seen)?;
            }
            self.move_on(tx, &need, &super::follow::itself())?;
            let offer = self.own_offer(tx, actor, id)?;
            let service = store::directory::by_id(tx, offer.service)?;
            let accepted = offer.state == OfferState::Accepted;
            let lacks = match offer.state.is_live() {
                true => self
                    .room(tx, &need, offer.service)?
                    .err()
                    .unwrap_or_default(),
                false => Vec::new(),
            };
            let (person, protected) = match accepted {
                true => who_it_is(tx, &need)?,
                false => (None, false),
            };
            let whole = accepted && !protected && person.is_some();
            let trusted = self.trusted_beside(tx, &need, &offer, whole)?;
            let subject = Subject {
                person: Some(need.person),
                thing: format!("offer {id}"),
                results: 1,
                detail: if accepted {
                    "with the name"
                } else {
                    "without a name"
                }
                .to_owned(),
            };
            self.looked(tx, actor, allowed, Action::AnswerOffer, subject)?;
            Ok(OfferPage {
                service: (
                    offer.service,
                    service.map(|kept| kept.service.name).unwrap_or_default(),
                ),
                written_for: self.written_for(tx, &need)?,
                lacks,
                person,
                protected,
                trusted,
                offer,
                need,
            })
        })
    }
}

/// Whether the service has accepted and is told all: nothing of the person is protected.
pub(super) fn knows_all(tx: &mut dyn Tx, offer: &OfferRow, need: &NeedRow) -> Result<bool, Error> {
    let (person, protected) = who_it_is(tx, need)?;
    Ok(offer.state == OfferState::Accepted && !protected && person.is_some())
}

/// Who a need is about, as the service that has accepted must know: where they live is left out
/// where anything about them is restricted, and the hub tells it by word of mouth.
pub(super) fn who_it_is(tx: &mut dyn Tx, need: &NeedRow) -> Result<(Option<Person>, bool), Error> {
    let head = store::person::head_of(tx, need.person)?.ok_or(Error::NotFound("person"))?;
    let person = store::person::by_id(tx, head)?.ok_or(Error::NotFound("person"))?;
    let restrictions = wish::restrictions_of(tx, head)?;
    if restrictions
        .iter()
        .any(|one| one.whole && one.ended.is_none())
    {
        return Ok((None, true));
    }
    if restrictions.iter().any(|one| one.ended.is_none()) {
        let hidden = Person {
            address: String::new(),
            postcode: String::new(),
            telephone: String::new(),
            practice_code: None,
            council: None,
            ..person
        };
        return Ok((Some(hidden), true));
    }
    Ok((Some(person), false))
}
