//! The person quarter: records in, records seen.

mod arrive;
pub mod caseload;
pub mod identity;
mod load_fhir;
mod looked;
pub mod opening;
pub mod passport;
mod record;
mod sight;
pub(crate) mod ties;
pub mod wishes;

pub(crate) use looked::tell;
pub use looked::{LookedPage, Told, Voice};
pub use record::{Hit, PersonPage, StayLine, TimelineFilter};
pub(crate) use sight::Asker;
pub use sight::Sight;
pub use ties::StayTies;
