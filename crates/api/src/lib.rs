//! FHIR R4 UK Core over HTTP.
