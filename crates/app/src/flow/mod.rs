//! The flow quarter.
