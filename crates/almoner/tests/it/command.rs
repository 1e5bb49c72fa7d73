//! The program, run as somebody at a prompt runs it, whatever this machine's settings are.

use std::path::Path;
use std::process::{Command, Output};

/// `almoner fund` with arguments.
pub fn fund(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_almoner"))
        .arg("fund")
        .args(arguments)
        .env_remove("ALMONER_DATA")
        .env_remove("ALMONER_DATABASE_URL")
        .output()
        .unwrap()
}

/// The same on a store.
pub fn fund_on(store: &Path, arguments: &[&str]) -> Output {
    fund(&[arguments, &["--data", store.to_str().unwrap()]].concat())
}

/// All that the program said.
pub fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}
