//! The flow quarter.
mod load_adw;
