//! Discrete-event simulation of patient flow: what happens if.
//!
//! A know-layer crate: no input or output, no clock; chance comes from a seed that is given.
