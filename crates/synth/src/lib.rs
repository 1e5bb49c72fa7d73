//! A fictional place, seeded and repeatable.
