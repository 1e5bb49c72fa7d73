//! What happens when whoever reads the output stops.

use std::io::Read;
use std::process::{Command, Stdio};

#[test]
fn a_reader_that_stops_ends_the_command_without_a_word() {
    let model = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../simulate/examples/discharge.toml"
    );
    let mut child = Command::new(env!("CARGO_BIN_EXE_almoner"))
        .args(["simulate", model, "--reps", "2", "--format", "csv"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The output is longer than a pipe holds.
    let mut first = [0; 16];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let ended = child.wait_with_output().unwrap();
    assert!(first.starts_with(b"scenario,day"), "{first:?}");
    assert_eq!(ended.status.code(), Some(141));
    let said = String::from_utf8(ended.stderr).unwrap();
    assert!(!said.contains("panicked"), "{said}");
}
