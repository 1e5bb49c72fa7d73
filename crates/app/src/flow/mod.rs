//! The flow quarter: the hub board, the page of a stay and changes to it, the
//! delay return, and notices in.

mod board;
mod capacity;
mod edit;
mod load_adw;
mod notices;
mod offer;
mod returns;
mod stay;

pub use board::{Board, BoardRow};
pub(crate) use board::{Numbers as BoardNumbers, policy};
pub use capacity::{CapacityFilter, NewFigure, ServiceCapacity, TellFigure, ToldFigure};
pub use edit::{DelayReason, StayChange};
pub use offer::{
    About, Asking, CanMeet, Cannot, Draft, LinkPage, NeedLine, NeedPage, NewNeed, OfferLine,
    OfferPage, ProviderOffer,
};
pub use returns::{Regime, Return, ReturnRow};
pub use stay::{DelayLine, StayPage};
pub use store::flow::{BoardCounts, BoardFilter, BoardLine, BoardOrder, Choice};
