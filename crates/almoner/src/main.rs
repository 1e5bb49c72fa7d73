//! The one binary: commands, configuration, telemetry.
fn main() {}
