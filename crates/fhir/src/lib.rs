//! FHIR resources and Care Act notice messages in and out of domain types, with path-accurate issues.
