//! Whose record is this? Probabilistic record linkage.
