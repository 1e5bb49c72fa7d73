//! The person quarter: records in, records seen.

pub mod acting;
mod arrive;
mod assessed;
pub mod caseload;
mod family;
pub mod identity;
mod load_fhir;
mod looked;
mod meeting;
pub mod opening;
pub mod own;
pub mod passport;
mod plan;
mod record;
mod referred;
mod sight;
mod summary;
pub(crate) mod ties;
mod timeline;
pub mod wishes;

pub use assessed::LatestAssessment;
pub(crate) use family::KeptFamilies;
pub use fhir::{readable, summary as says};
pub(crate) use looked::tell;
pub use looked::{LookedPage, Told, Voice};
pub use meeting::{AgendaLine, MeetingItem, MeetingPage, Meetings, NewAction};
pub use plan::{Decided, PlanPage};
pub use record::{Hit, PersonPage, StayLine};
pub(crate) use sight::Asker;
pub use sight::Sight;
pub use summary::{Summary, SummaryEntry};
pub use ties::StayTies;
pub use timeline::{LinePage, Lines, Seen, TimelineFilter, TimelinePage};
