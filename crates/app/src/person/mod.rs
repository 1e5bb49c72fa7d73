//! The person quarter: records in, records seen.

mod arrive;
pub mod caseload;
pub mod identity;
mod load_fhir;
pub mod opening;
mod record;
mod sight;
mod summary;
mod ties;
mod timeline;
pub mod wishes;

pub use fhir::{readable, summary as says};
pub use record::{Hit, PersonPage, StayLine};
pub(crate) use sight::Asker;
pub use sight::Sight;
pub use summary::{Summary, SummaryEntry};
pub use ties::StayTies;
pub use timeline::{LinePage, Lines, Seen, TimelineFilter, TimelinePage};
