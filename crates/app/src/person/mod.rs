//! The person quarter: records in, records seen.

mod arrive;
mod load_fhir;
mod record;

pub use record::{PersonPage, StayLine, TimelineFilter};
