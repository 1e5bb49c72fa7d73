//! Whose record is this: demographics and the rule by which an arriving record
//! finds or makes a person.
//!
//! A know-layer crate: no input or output, no clock, no randomness, no SQL.

pub mod about_me;
pub mod acting;
pub mod candidates;
pub mod category;
pub mod correction;
pub mod delegation;
mod demographics;
pub mod identify;
pub mod looks;
pub mod opening;
pub mod passport;
pub mod plan;
pub mod relationship;
pub mod search;
pub mod sitting;
mod together;

pub use demographics::{Gender, Person, list_name};
pub use together::together;
