//! The person quarter.
mod load_fhir;
