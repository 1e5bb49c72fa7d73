//! What happens when whoever reads the output stops.

use std::process::{Command, Stdio};

#[test]
fn a_reader_that_stops_ends_the_command_without_a_word() {
    let model = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../simulate/examples/discharge.toml"
    );
    for format in ["text", "csv"] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_almoner"))
            .args(["simulate", model, "--reps", "2", "--format", format])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // It simulates before it prints.
        drop(child.stdout.take());
        let ended = child.wait_with_output().unwrap();
        assert_eq!(ended.status.code(), Some(141), "{format}");
        let said = String::from_utf8(ended.stderr).unwrap();
        assert!(!said.contains("panicked"), "{format}: {said}");
        assert!(!said.contains("almoner:"), "{format}: {said}");
    }
}
