//! Stays, notices, clocks and the counting of delays, as pure rules.
//!
//! A know-layer crate: no input or output, no clock, no randomness, no SQL.

pub mod ascof;
pub mod attribution;
pub mod beds;
pub mod begins;
pub mod board_view;
pub mod care_home_return;
pub mod chain;
pub mod clocks;
pub mod codes;
pub mod count_drd;
pub mod count_dtoc;
pub mod dates;
pub mod eligibility;
pub mod figures;
pub mod form;
pub mod letter;
pub mod notice;
pub mod notice_contents;
pub mod notice_law;
pub mod offer;
pub mod pathway_split;
pub mod policy;
pub mod reablement;
pub mod readmission;
pub mod ready;
pub mod receive;
pub mod reimbursement;
pub mod relevant_day;
pub mod reside;
pub mod scope;
pub mod segments;
pub mod service;
pub mod sitrep;
pub mod snapshot;
pub mod stay;
pub mod steps;
pub mod triage;
pub mod trusted;
pub mod usual_residence;

pub use notice::{Notice, NoticeKind, NoticeStatus};
pub use policy::Policy;
pub use segments::{Problem, verify_segments};
pub use stay::{CareType, DestinationState, Pathway, Responsible, Segment, Stay};
