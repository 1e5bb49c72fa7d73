//! The person quarter.
