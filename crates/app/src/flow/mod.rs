//! The flow quarter: the hub board, the page of a stay and changes to it, the
//! delay return, and notices in.

pub mod agreements;
pub mod begun;
mod board;
mod capacity;
mod chain;
pub mod clocks;
mod cost;
mod edit;
mod eligible;
pub mod figures;
pub mod forms;
pub(crate) mod history;
mod hub;
mod huddle;
mod letter;
mod load_adw;
mod notice_write;
mod notices;
mod offer;
pub mod referrals;
mod returned;
mod returns;
pub mod services;
pub mod sign;
mod stay;
pub mod triage;

pub use board::{Board, BoardCounts, BoardRow, Choice};
pub(crate) use board::{BoardNumbers, KeptPage, policy};
pub use capacity::{CapacityFilter, NewFigure, ServiceCapacity, TellFigure, ToldFigure};
pub(crate) use chain::Counted;
pub use chain::{
    ChainView, HandoverView, SetInUse, SetsPage, StepChange, StepPage, StepView, Waiting,
    WaitingRow, WaitsBecause, Work, WorkRow, WorkWhich,
};
pub use cost::{CaseCost, CasesCost, Cost, CostLine};
pub use edit::{DelayReason, StayChange};
pub use hub::{CHECK_STATES, CheckLine, HubNotes, ResideLine};
pub use huddle::{CaseSaid, HuddleNext, HuddlePage};
pub use letter::{LetterPage, LettersPage, NewLetter};
pub use notice_write::{CodeWords, NewNotice, NoticePage, NoticeShown, NoticesPage};
pub use offer::{
    About, Asking, CanMeet, Cannot, Coming, ComingLine, Draft, LinkPage, NeedLine, NeedPage,
    NewNeed, OfferLine, OfferPage, ProviderOffer, Said, Trusted,
};
pub use returned::{BackCounts, BackIn, BackPage};
pub use returns::{Regime, Return, ReturnRow};
pub use stay::{DelayLine, StayPage};
pub use store::flow::{BoardFilter, BoardLine, BoardOrder};
