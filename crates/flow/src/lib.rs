//! Stays, notices, clocks and the counting of delays, as pure rules.
//!
//! A know-layer crate: no input or output, no clock, no randomness, no SQL.

pub mod codes;
pub mod notice;
pub mod policy;
pub mod stay;

pub use policy::Policy;
pub use notice::{Notice, NoticeKind, NoticeStatus};
pub use stay::{CareType, DestinationState, Pathway, Responsible, Segment, Stay};
