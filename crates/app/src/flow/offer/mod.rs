//! Needs and offers: a need is written once, without a name; it is offered to the services that
//! can meet it; the first acceptable answer wins, and only the winner is told who it is.
//!
//! Whatever an answer changes is changed in the transaction that keeps the answer: where the need
//! and every offer stand, what the service has free, and what the stay says of its destination.

mod answer;
mod ask;
mod coming;
mod follow;
mod link;
mod need;
mod provider;
mod trusted;

pub(super) use follow::winner;

pub use ask::{Asking, CanMeet, Cannot, NeedPage, OfferLine};
pub use coming::{Coming, ComingLine};
pub(super) use need::alive;
pub use need::{About, Draft, NeedLine, NewNeed};
pub use provider::{LinkPage, OfferPage, ProviderOffer};
pub use trusted::{Said, Trusted};

use crate::{App, Error};
use ::flow::offer::{Candidate, Slot, Take, Why, matches};
use jiff::civil::Date;
use kernel::ServiceId;
use store::capacity::{self, Figure};
use store::directory::Kept;
use store::offer::NeedRow;
use store::{Tx, directory};

/// A service as the rule of matching is told of it.
fn candidate(row: &NeedRow, kept: &Kept, figures: &[Figure], today: Date) -> Candidate {
    let own = figures.iter().filter(|figure| figure.service == kept.id);
    Candidate {
        ended: kept.service.has_ended(today),
        slots: own
            .map(|figure| {
                let reach =
                    super::capacity::reach(&kept.service, &figure.slot.zone, &row.need.zone);
                (figure.slot.clone(), reach)
            })
            .collect(),
    }
}

impl App {
    /// What a service gives for a need as things stand in this transaction, or why it cannot. What
    /// the care that is taken up again holds still counts as free for it.
    fn room(
        &self,
        tx: &mut dyn Tx,
        row: &NeedRow,
        service: ServiceId,
    ) -> Result<Result<Vec<Take>, Vec<Why>>, Error> {
        let Some(kept) = directory::by_id(tx, service)? else {
            return Ok(Err(vec![Why::Ended]));
        };
        let mut figures = capacity::standing(tx, Some(service))?;
        if let Some(before) = row.restarts {
            let held = capacity::held_by(tx, before)?;
            for figure in &mut figures {
                give(&mut figure.slot, &held);
            }
        }
        let candidate = candidate(row, &kept, &figures, self.today());
        Ok(matches(&row.need, &candidate))
    }
}

fn give(slot: &mut Slot, held: &[Take]) {
    let of_slot = held.iter().filter(|take| take.slot == slot.id);
    slot.free += of_slot.map(|take| take.amount).sum::<u32>();
}
