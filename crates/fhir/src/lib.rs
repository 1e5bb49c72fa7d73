//! FHIR resources and Care Act notice messages in and out of domain types, with path-accurate issues.
//!
//! It takes bytes and gives values: no SQL, no HTTP, no files.

pub mod adw;
pub mod check;
pub mod convert;
pub mod definitions;
pub mod json;
pub mod primitive;
pub mod read;
pub mod readable;
pub mod record;
pub mod resolve;
pub mod summary;
pub mod tree;
pub mod xml;

pub use read::{Format, Item, Record, organisation_name, read, unpack};
pub use record::{About, ArrivingName, ArrivingPerson, Link};
