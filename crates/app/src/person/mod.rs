//! The person quarter: records in, records seen.

mod arrive;
pub mod identity;
mod load_fhir;
mod record;

pub use record::{PersonPage, StayLine, TimelineFilter};
