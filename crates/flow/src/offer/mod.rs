//! Free capacity, a need, and the offer of one need to the services that can meet it.
//!
//! Source: RULES B.3, B.5, F.6; PEERS a3 40, 41, 45 and b 14, as facts; the rules are ours.

pub mod answer;
pub mod capacity;
pub mod matches;
pub mod need;
pub mod turn;

pub use answer::{Answer, NeedState, OfferState, Outcome};
pub use capacity::{Kind, Slot, TimeOfDay, Unit};
pub use matches::{Candidate, Reach, Take, Why, matches};
pub use need::{Need, Visits, Way};
