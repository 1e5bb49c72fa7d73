//! FHIR resources and Care Act notice messages in and out of domain types, with path-accurate issues.
//!
//! It takes bytes and gives values: no SQL, no HTTP, no files.

pub mod adw;
pub mod xml;
