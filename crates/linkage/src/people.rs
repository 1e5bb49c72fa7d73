//! One arriving record against those that a store proposes.
