//! Answering by a link, for whoever cannot sign in.
//!
//! The link is 256 random bits; the store has their SHA-256. It is for one offer, ends when the
//! time to answer ends, and a new one makes the one before it useless. Opening it changes nothing
//! of the offer, because scanners of mail open links too: only the form answers. It never names
//! anybody.

use super::LinkPage;
use crate::{App, Error, Subject};
use ::flow::offer::{Answer, Outcome};
use access::{Action, Actor, Role};
use jiff::{SignedDuration, Timestamp};
use kernel::{OfferId, hex};
use sha2::{Digest, Sha256};
use store::offer::{self as rows, OfferRow};
use store::{Tx, directory};

/// How long after the time to answer a link still says what became of it.
const SAYS_FOR: SignedDuration = SignedDuration::from_hours(72);
/// Longest name of whoever answers, in characters.
const NAME: usize = 80;
/// The name of whoever comes by a link, in the journal.
const BY_LINK: &str = "link";

fn hash(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}

impl App {
    /// Makes a link by which an offer can be answered without signing in. It is shown once.
    ///
    /// # Errors
    /// Not allowed, not there, no time left to answer, or the store's.
    pub fn make_offer_link(
        &self,
        actor: &Actor,
        id: OfferId,
    ) -> Result<(String, Timestamp), Error> {
        access::decide(actor, Action::SeekService)?;
        let token = hex(&self.ids().random::<32>());
        let until = self.store().write(|tx| {
            let offer = rows::offer(tx, id)?.ok_or(Error::NotFound("offer"))?;
            let need = rows::need(tx, offer.need)?.ok_or(Error::NotFound("need"))?;
            let sight = self.sight(tx, actor, need.person)?;
            let until = offer
                .due_at
                .filter(|due| *due > self.now() && offer.state.is_live());
            let Some(until) = until else {
                return Err(Error::invalid(
                    "services",
                    "Nobody waits for this answer any more",
                ));
            };
            rows::set_link(tx, id, &hash(&token))?;
            let who = (actor, sight.allowed);
            self.need_changed(tx, who, &need, "need: make link", &format!("offer {id}"))?;
            Ok(until)
        })?;
        Ok((token, until))
    }

    /// The offer of a link, whoever opens it.
    ///
    /// # Errors
    /// A link that opens nothing, or the store's.
    pub fn offer_by_link(&self, token: &str) -> Result<LinkPage, Error> {
        self.store().write(|tx| {
            let offer = self.linked(tx, token)?;
            let need = rows::need(tx, offer.need)?.ok_or(Error::NotFound("offer"))?;
            let (actor, service) = by_link(tx, &offer, "")?;
            let allowed = access::decide(&actor, Action::AnswerOffer)?;
            self.move_on(tx, &need, &super::follow::itself())?;
            let offer = self.linked(tx, token)?;
            let subject = Subject {
                person: Some(need.person),
                thing: format!("offer {}", offer.id),
                results: 1,
                detail: "by a link, without a name".to_owned(),
            };
            self.looked(tx, &actor, allowed, Action::AnswerOffer, subject)?;
            Ok(LinkPage {
                written_for: self.written_for(tx, &need)?,
                trusted: self.trusted_beside(tx, &need, &offer, false)?,
                service,
                offer,
                need,
            })
        })
    }

    /// Answers the offer of a link.
    ///
    /// # Errors
    /// A link that opens nothing, what was typed, or the store's. That an answer came too late is
    /// no error: the outcome says so.
    pub fn answer_by_link(
        &self,
        token: &str,
        name: &str,
        answer: &Answer,
    ) -> Result<Outcome, Error> {
        let name = name.trim();
        if name.is_empty() || name.chars().count() > NAME {
            let text = format!("Enter your name, in {NAME} characters or fewer");
            return Err(Error::invalid("name", text));
        }
        self.check_answer(answer)?;
        self.store().write(|tx| {
            let offer = self.linked(tx, token)?;
            let (actor, _) = by_link(tx, &offer, name)?;
            let allowed = access::decide(&actor, Action::AnswerOffer)?;
            self.answered(tx, (&actor, allowed), offer, answer)
        })
    }

    fn linked(&self, tx: &mut dyn Tx, token: &str) -> Result<OfferRow, Error> {
        let offer = rows::by_link(tx, &hash(token))?.ok_or(Error::NotFound("offer"))?;
        let over = |due: Timestamp| due + SAYS_FOR <= self.now();
        match offer.due_at.is_none_or(over) {
            true => Err(Error::NotFound("offer")),
            false => Ok(offer),
        }
    }
}

/// Whoever comes by a link, and the name of the service.
fn by_link(tx: &mut dyn Tx, offer: &OfferRow, name: &str) -> Result<(Actor, String), Error> {
    let kept = directory::by_id(tx, offer.service)?.ok_or(Error::NotFound("offer"))?;
    let service = kept.service.name;
    let actor = Actor {
        account: None,
        username: BY_LINK.to_owned(),
        display_name: format!("{name}, by a link")
            .trim_start_matches(", ")
            .to_owned(),
        role: Role::Provider,
        organisation: None,
        organisation_name: service.clone(),
    };
    Ok((actor, service))
}
