//! The person quarter: records in, records seen.

mod arrive;
pub mod identity;
mod load_fhir;
mod looked;
pub mod own;
mod record;
mod sight;
mod ties;

pub use looked::{LookedPage, Told, Voice};
pub use record::{Hit, PersonPage, StayLine, TimelineFilter};
pub(crate) use sight::Asker;
pub use sight::Sight;
pub use ties::StayTies;
