//! The person quarter: records in, records seen.

mod arrive;
pub mod identity;
mod load_fhir;
mod record;
mod sight;
mod ties;

pub use record::{PersonPage, StayLine, TimelineFilter};
pub use sight::Sight;
pub use ties::StayTies;
