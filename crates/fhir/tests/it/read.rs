//! Synthetic examples.
