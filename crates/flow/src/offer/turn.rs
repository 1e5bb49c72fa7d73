//! Whose turn it is: offers whose time has run out, and the next to be asked.
//!
//! Source: PEERS a3 41 (accept or decline within a clock); the rule is ours.
//!
//! In words: an offer that is not answered in its time lapses. Where services are asked one after
//! the other, the next is asked when nobody has time left to answer. The time of the next runs
//! from the moment at which it is asked, not from when the one before it ran out, because it
//! could not be seen sooner. Nothing waits and wakes up: whoever looks or acts next works it out.

use super::answer::OfferState;
use super::need::Way;
use jiff::Timestamp;

/// An offer as far as turns go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    /// Where it stands.
    pub state: OfferState,
    /// Until when there is time.
    pub due_at: Option<Timestamp>,
}

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// The time of this one has run out.
    Lapse(usize),
    /// This one is asked.
    Ask(usize),
}

/// What is to be done now, of an open need. Offers are in the order in which they are asked.
pub fn moves(way: Way, offers: &[Turn], now: Timestamp) -> Vec<Move> {
    let over = |turn: &Turn| turn.state.is_live() && turn.due_at.is_some_and(|due| due <= now);
    let mut moves: Vec<Move> = offers
        .iter()
        .enumerate()
        .filter(|(_, turn)| over(turn))
        .map(|(at, _)| Move::Lapse(at))
        .collect();
    let asked = offers
        .iter()
        .any(|turn| turn.state.is_live() && !over(turn));
    let next: Vec<usize> = offers
        .iter()
        .enumerate()
        .filter(|(_, turn)| turn.state == OfferState::Next)
        .map(|(at, _)| at)
        .collect();
    match way {
        Way::Parallel => moves.extend(next.into_iter().map(Move::Ask)),
        Way::InOrder if !asked => moves.extend(next.first().copied().map(Move::Ask)),
        Way::InOrder => {}
    }
    moves
}

#[cfg(test)]
mod tests {
    use super::*;
    use Move::{Ask, Lapse};
    use OfferState as O;

    fn at(minute: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + jiff::SignedDuration::from_mins(minute)
    }

    #[test]
    fn the_next_is_asked_when_nobody_has_time_left() {
        let (one, all) = (Way::InOrder, Way::Parallel);
        for (way, offers, minute, expected) in [
            (one, vec![(O::Next, 0), (O::Next, 0)], 0, vec![Ask(0)]),
            (
                all,
                vec![(O::Next, 0), (O::Next, 0)],
                0,
                vec![Ask(0), Ask(1)],
            ),
            (one, vec![(O::Sent, 30), (O::Next, 0)], 29, vec![]),
            (
                one,
                vec![(O::Seen, 30), (O::Next, 0)],
                30,
                vec![Lapse(0), Ask(1)],
            ),
            (one, vec![(O::Declined, 30), (O::Next, 0)], 5, vec![Ask(1)]),
            (one, vec![(O::Later, 30), (O::Next, 0)], 5, vec![Ask(1)]),
            (one, vec![(O::Lapsed, 30), (O::Declined, 60)], 90, vec![]),
            // A long silence lapses one and asks one: the second could not answer before.
            (
                one,
                vec![(O::Sent, 30), (O::Next, 0), (O::Next, 0)],
                600,
                vec![Lapse(0), Ask(1)],
            ),
            (
                all,
                vec![(O::Sent, 30), (O::Seen, 60)],
                60,
                vec![Lapse(0), Lapse(1)],
            ),
        ] {
            let turns: Vec<Turn> = offers
                .iter()
                .map(|(state, due)| Turn {
                    state: *state,
                    due_at: (*state != O::Next).then(|| at(*due)),
                })
                .collect();
            assert_eq!(
                moves(way, &turns, at(minute)),
                expected,
                "{offers:?} {minute}"
            );
        }
    }
}
