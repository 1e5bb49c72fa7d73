//! The person quarter: records in, records seen.

mod arrive;
pub mod caseload;
pub mod identity;
mod load_fhir;
pub mod opening;
pub mod passport;
mod record;
mod sight;
mod ties;
pub mod wishes;

pub use record::{Hit, PersonPage, StayLine, TimelineFilter};
pub(crate) use sight::Asker;
pub use sight::Sight;
pub use ties::StayTies;
