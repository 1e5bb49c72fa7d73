//! The person quarter: records in, records seen.

mod arrive;
pub mod identity;
mod load_fhir;
mod looked;
mod record;
mod sight;
pub(crate) mod ties;

pub(crate) use looked::tell;
pub use looked::{LookedPage, Told, Voice};
pub use record::{Hit, PersonPage, StayLine, TimelineFilter};
pub(crate) use sight::Asker;
pub use sight::Sight;
pub use ties::StayTies;
