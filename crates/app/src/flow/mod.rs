//! The flow quarter: the hub board, the page of a stay and changes to it, the
//! delay return, and notices in.

pub mod agreements;
mod board;
mod edit;
mod eligible;
pub mod forms;
mod load_adw;
mod notices;
pub mod referrals;
mod returns;
pub mod sign;
mod stay;
pub mod triage;

pub use board::{Board, BoardRow};
pub(crate) use board::{Numbers as BoardNumbers, policy};
pub use edit::{DelayReason, StayChange};
pub use returns::{Regime, Return, ReturnRow};
pub use stay::{DelayLine, StayPage};
pub use store::flow::{BoardCounts, BoardFilter, BoardLine, BoardOrder, Choice};
