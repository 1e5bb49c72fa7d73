//! The place quarter: official statistics in, and series of them out.

mod load_dtoc;
mod load_population;
mod official;
mod series;

pub use series::{Area, Statistics};
