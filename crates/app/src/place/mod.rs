//! The place quarter.
