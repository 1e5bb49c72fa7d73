//! Areas, population, official statistics, SPC and the directory of services, as pure rules.
//!
//! A know-layer crate: no input or output, no clock, no randomness.

pub mod area;
pub mod delay;
pub mod opening;
pub mod population;
pub mod rate;
pub mod register;
pub mod search;
pub mod series;
pub mod service;
pub mod spc;

pub use area::{AreaCode, ENGLAND};
pub use delay::{DelayDays, DelayKey, Dimension};
pub use rate::Rate;
