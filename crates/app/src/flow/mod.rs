//! The flow quarter: the hub board, the page of a stay and changes to it, the
//! delay return, and notices in.

mod board;
pub mod clocks;
mod edit;
pub mod figures;
pub(crate) mod history;
mod load_adw;
mod notices;
mod returns;
pub mod services;
mod stay;

pub use board::{Board, BoardRow};
pub(crate) use board::{Numbers as BoardNumbers, policy};
pub use edit::{DelayReason, StayChange};
pub use returns::{Regime, Return, ReturnRow};
pub use stay::{DelayLine, StayPage};
pub use store::flow::{BoardCounts, BoardFilter, BoardLine, BoardOrder, Choice};
