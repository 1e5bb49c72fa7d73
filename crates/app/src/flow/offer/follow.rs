//! What follows from a change to a need: the offers whose turn it is, and what the stay says of
//! its destination.

use crate::{App, Error};
use ::flow::DestinationState;
use ::flow::offer::turn::{Move, Turn, moves};
use ::flow::offer::{NeedState, OfferState};
use access::{Action, Actor};
use jiff::SignedDuration;
use jiff::civil::Date;
use kernel::NeedId;
use store::Tx;
use store::directory::{self, Kept};
use store::flow::{self as stays, Change};
use store::offer::{self as rows, NeedRow, OfferRow};

/// Whoever is said to have made a move that follows from the clock, or from somebody else's no:
/// nobody who happened to look then.
pub(super) fn itself() -> Actor {
    Actor {
        display_name: "Almoner".to_owned(),
        ..Actor::operator()
    }
}

/// The offer that was accepted, with its service.
pub(in crate::flow) fn winner(
    tx: &mut dyn Tx,
    need: NeedId,
) -> Result<Option<(OfferRow, Kept)>, Error> {
    let offers = rows::offers_of(tx, need)?;
    let won = offers
        .into_iter()
        .find(|one| one.state == OfferState::Accepted);
    let Some(won) = won else { return Ok(None) };
    Ok(directory::by_id(tx, won.service)?.map(|kept| (won, kept)))
}

impl App {
    /// Name of the service that accepted a need.
    pub(in crate::flow) fn winner_of(
        &self,
        tx: &mut dyn Tx,
        need: NeedId,
    ) -> Result<Option<String>, Error> {
        Ok(winner(tx, need)?.map(|(_, kept)| kept.service.name))
    }
}

/// What a stay says of its destination, as its need stands.
fn destination(
    row: &NeedRow,
    offers: &[OfferRow],
    winner: Option<&(OfferRow, Kept)>,
) -> Option<(String, DestinationState, Option<Date>)> {
    let any = |state: OfferState| offers.iter().any(|one| one.state == state);
    if let Some((offer, kept)) = winner {
        let state = match row.state {
            NeedState::Started => DestinationState::Started,
            _ => DestinationState::Accepted,
        };
        return Some((kept.service.name.clone(), state, offer.starts_on));
    }
    if row.state == NeedState::Withdrawn {
        return Some((String::new(), DestinationState::NotSought, None));
    }
    let asked = offers.iter().filter(|one| one.asked_at.is_some()).count();
    let state = match () {
        () if asked == 0 => return None,
        () if any(OfferState::Seen) => DestinationState::Seen,
        () if any(OfferState::Sent) || any(OfferState::Later) => DestinationState::Sent,
        () => DestinationState::Declined,
    };
    let services = if asked == 1 { "service" } else { "services" };
    let what = format!("{}: {asked} {services} asked", row.need.kind.label());
    Some((what, state, None))
}

impl App {
    /// Lapses offers whose time has run out and asks whoever is next. How many moves that was.
    pub(super) fn move_on(
        &self,
        tx: &mut dyn Tx,
        row: &NeedRow,
        actor: &Actor,
    ) -> Result<usize, Error> {
        let mut made = 0;
        if row.state == NeedState::Open {
            let now = self.now();
            let mut offers = rows::offers_of(tx, row.id)?;
            let turns: Vec<Turn> = offers
                .iter()
                .map(|one| Turn {
                    state: one.state,
                    due_at: one.due_at,
                })
                .collect();
            for one in moves(row.way, &turns, now) {
                let (Move::Ask(at) | Move::Lapse(at)) = one;
                let Some(offer) = offers.get_mut(at) else {
                    continue;
                };
                match one {
                    Move::Lapse(_) => offer.state = OfferState::Lapsed,
                    Move::Ask(_) => {
                        offer.state = OfferState::Sent;
                        offer.asked_at = Some(now);
                        let time = SignedDuration::from_mins(row.answer_minutes.max(1));
                        offer.due_at = Some(now + time);
                    }
                }
                rows::update_offer(tx, offer)?;
                made += 1;
            }
        }
        if made > 0 {
            let who = (actor, access::allowed_for("direct care"));
            let detail = format!("{made} offers asked or lapsed");
            self.need_changed(tx, who, row, "need: next in turn", &detail)?;
        }
        self.stay_follows(tx, row, actor)?;
        Ok(made)
    }

    /// Moves on every need whose services had their time; how many offers were moved. Called
    /// again, it moves nothing twice.
    ///
    /// # Errors
    /// Not allowed, or the store's.
    pub fn move_offers(&self, actor: &Actor) -> Result<usize, Error> {
        access::decide(actor, Action::Administer)?;
        self.store().write(|tx| self.all_move_on(tx))
    }

    /// Moves on every need that has to. Nothing waits for this: whoever looks or acts does it.
    pub(super) fn all_move_on(&self, tx: &mut dyn Tx) -> Result<usize, Error> {
        let mut made = 0;
        for id in rows::to_move_on(tx, self.now())? {
            let Some(row) = rows::need(tx, id)? else {
                continue;
            };
            made += self.move_on(tx, &row, &itself())?;
        }
        Ok(made)
    }

    /// Writes into the stay what its need says of the destination, with the history of it.
    pub(super) fn stay_follows(
        &self,
        tx: &mut dyn Tx,
        row: &NeedRow,
        actor: &Actor,
    ) -> Result<(), Error> {
        let Some(id) = row.stay else {
            return self.follow_need_chain(tx, row);
        };
        let Some(before) = stays::stay(tx, id)? else {
            return Ok(());
        };
        let offers = rows::offers_of(tx, row.id)?;
        let winner = winner(tx, row.id)?;
        let Some((what, state, starts_on)) = destination(row, &offers, winner.as_ref()) else {
            return Ok(());
        };
        let mut after = before.clone();
        after.destination = what;
        after.destination_state = state;
        after.starts_on = starts_on;
        let day = |day: Option<Date>| day.map_or_else(String::new, in_words);
        let fields = [
            (
                "destination",
                before.destination.clone(),
                after.destination.clone(),
            ),
            (
                "destination state",
                before.destination_state.to_string(),
                after.destination_state.to_string(),
            ),
            (
                "service starts",
                day(before.starts_on),
                day(after.starts_on),
            ),
        ];
        let history: Vec<Change> = fields
            .into_iter()
            .filter(|(_, was, is)| was != is)
            .map(|(field, was, is)| Change {
                field: field.to_owned(),
                before: was,
                after: is,
                why: "Follows from the offers to services".to_owned(),
                at: self.now(),
                actor: actor.display_name.clone(),
                organisation: actor.organisation_name.clone(),
            })
            .collect();
        if history.is_empty() {
            return Ok(());
        }
        after.version += 1;
        after.updated_at = self.now();
        after.updated_by.clone_from(&actor.display_name);
        if !self.keep_stay(tx, &after, &history)? {
            return Err(Error::Store(store::Error::NotSaved));
        }
        Ok(())
    }
}

fn in_words(day: Date) -> String {
    ::flow::steps::Moment::Day(day).in_words()
}
