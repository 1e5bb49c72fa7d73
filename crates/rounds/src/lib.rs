//! Home care visits to rounds: who visits whom, when, and by which way.
//!
//! A know-layer crate: no input or output, no clock; chance comes from a seed that is given.
