//! An answer, by a page or by a link: one transaction decides, takes what is free, tells the
//! others and keeps the answer whatever became of it.

use super::follow::itself;
use crate::{App, Error};
use ::flow::offer::answer::{Standing, outcome};
use ::flow::offer::{Answer, NeedState, OfferState, Outcome};
use access::{Action, Actor, Allowed};
use jiff::civil::Date;
use kernel::{NeedId, OfferId, limits};
use store::Tx;
use store::capacity;
use store::offer::{self as rows, Answered, NeedRow, OfferRow};

impl App {
    /// Answers an offer to one's own service.
    ///
    /// # Errors
    /// Not allowed, not theirs or not there, what was typed, or the store's. That an answer came
    /// too late is no error: the outcome says so.
    pub fn answer_offer(
        &self,
        actor: &Actor,
        id: OfferId,
        answer: &Answer,
    ) -> Result<Outcome, Error> {
        let allowed = access::decide(actor, Action::AnswerOffer)?;
        self.check_answer(answer)?;
        self.store().write(|tx| {
            let offer = self.own_offer(tx, actor, id)?;
            self.answered(tx, (actor, allowed), offer, answer)
        })
    }

    /// What is wrong with an answer as typed.
    pub(super) fn check_answer(&self, answer: &Answer) -> Result<(), Error> {
        match answer {
            Answer::Accept { starts_on } if *starts_on < self.today() => {
                let text = "The first day must be today or later";
                Err(Error::invalid("starts_on", text))
            }
            Answer::Accept { .. } => Ok(()),
            Answer::Decline { reason, words } => {
                let known = self.policy().decline_reasons.get(reason, self.today());
                if known.is_err() {
                    return Err(Error::invalid("reason", "Choose a reason"));
                }
                if words.chars().count() > limits::TEXT_CHARACTERS {
                    let text = format!("Use {} characters or fewer", limits::TEXT_CHARACTERS);
                    return Err(Error::invalid("words", text));
                }
                Ok(())
            }
        }
    }

    /// Settles an answer in the transaction in which it came.
    pub(super) fn answered(
        &self,
        tx: &mut dyn Tx,
        (actor, allowed): (&Actor, Allowed),
        mut offer: OfferRow,
        answer: &Answer,
    ) -> Result<Outcome, Error> {
        let mut row = rows::need(tx, offer.need)?.ok_or(Error::NotFound("need"))?;
        let now = self.now();
        let room = self.room(tx, &row, offer.service)?;
        let standing = Standing {
            need: row.state,
            offer: offer.state,
            due_at: offer.due_at,
            latest_start: row.need.latest_start,
            room: room.is_ok(),
        };
        let became = outcome(&standing, answer, now);
        rows::add_answer(tx, &kept(&offer, answer, became, actor, now))?;
        offer.answered_at = Some(now);
        offer.answered_by.clone_from(&actor.display_name);
        match (became, answer) {
            (Outcome::Won, Answer::Accept { starts_on }) => {
                let takes = room.unwrap_or_default();
                if let Some(before) = row.restarts {
                    capacity::give_back(tx, before, (now, &actor.display_name))?;
                }
                capacity::take(tx, &takes, row.id, (now, &actor.display_name))?;
                won(tx, &mut row, &mut offer, *starts_on)?;
                self.stay_follows(tx, &row, actor)?;
            }
            (Outcome::Later, Answer::Accept { starts_on }) => {
                offer.state = OfferState::Later;
                offer.starts_on = Some(*starts_on);
                rows::update_offer(tx, &offer)?;
                self.move_on(tx, &row, &itself())?;
            }
            (Outcome::Declined, Answer::Decline { reason, words }) => {
                offer.state = OfferState::Declined;
                offer.reason.clone_from(reason);
                offer.words = words.trim().to_owned();
                rows::update_offer(tx, &offer)?;
                self.move_on(tx, &row, &itself())?;
            }
            (Outcome::Lapsed, _) => {
                self.move_on(tx, &row, &itself())?;
            }
            _ => {}
        }
        let action = match became {
            Outcome::Won => "offer: accept",
            Outcome::Declined => "offer: decline",
            Outcome::Later => "offer: offer later start",
            _ => "offer: answer without effect",
        };
        self.need_changed(tx, (actor, allowed), &row, action, became.as_str())?;
        Ok(became)
    }

    /// The hub takes a later first day that a service offered.
    ///
    /// # Errors
    /// Not allowed, not there, changed in the meantime, settled, the service has no room any more,
    /// or the store's.
    pub fn take_later_start(
        &self,
        actor: &Actor,
        (id, version): (NeedId, i64),
        offer: OfferId,
    ) -> Result<(), Error> {
        access::decide(actor, Action::SeekService)?;
        self.store().write(|tx| {
            let (mut row, sight) = self.need_to_change(tx, actor, (id, version))?;
            let found = rows::offer(tx, offer)?.filter(|one| one.need == id);
            let mut offer = found.ok_or(Error::NotFound("offer of this need"))?;
            let (NeedState::Open, OfferState::Later, Some(starts_on)) =
                (row.state, offer.state, offer.starts_on)
            else {
                let text = "This later day does not stand any more: look again";
                return Err(Error::invalid("services", text));
            };
            let Ok(takes) = self.room(tx, &row, offer.service)? else {
                let text = "The service has told of less than this needs since: ring it";
                return Err(Error::invalid("services", text));
            };
            let by = (self.now(), actor.display_name.as_str());
            if let Some(before) = row.restarts {
                capacity::give_back(tx, before, by)?;
            }
            capacity::take(tx, &takes, id, by)?;
            won(tx, &mut row, &mut offer, starts_on)?;
            self.stay_follows(tx, &row, actor)?;
            self.need_changed(
                tx,
                (actor, sight.allowed),
                &row,
                "need: take later start",
                "",
            )
        })
    }
}

/// The need is theirs; everybody else who could still answer was not first.
fn won(
    tx: &mut dyn Tx,
    row: &mut NeedRow,
    offer: &mut OfferRow,
    starts_on: Date,
) -> Result<(), Error> {
    offer.state = OfferState::Accepted;
    offer.starts_on = Some(starts_on);
    rows::update_offer(tx, offer)?;
    row.state = NeedState::Accepted;
    row.version += 1;
    if !rows::update_need(tx, row)? {
        return Err(Error::Store(store::Error::NotSaved));
    }
    for mut other in rows::offers_of(tx, row.id)? {
        let stands =
            other.state.is_live() || matches!(other.state, OfferState::Next | OfferState::Later);
        if other.id != offer.id && stands {
            other.state = OfferState::Lost;
            rows::update_offer(tx, &other)?;
        }
    }
    Ok(())
}

fn kept(
    offer: &OfferRow,
    answer: &Answer,
    outcome: Outcome,
    actor: &Actor,
    at: jiff::Timestamp,
) -> Answered {
    let (yes, starts_on, reason, words) = match answer {
        Answer::Accept { starts_on } => (true, Some(*starts_on), "", ""),
        Answer::Decline { reason, words } => (false, None, reason.as_str(), words.trim()),
    };
    Answered {
        offer: offer.id,
        yes,
        starts_on,
        reason: reason.to_owned(),
        words: words.to_owned(),
        outcome,
        at,
        by: actor.display_name.clone(),
    }
}
