//! `almoner journal prove` and `almoner journal check`.

use crate::command::said;
use std::path::Path;
use std::process::{Command, Output};

fn almoner(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_almoner"))
        .args(arguments)
        .env_remove("ALMONER_DATA")
        .env_remove("ALMONER_DATABASE_URL")
        .output()
        .unwrap()
}

#[test]
fn a_proof_is_checked_without_the_store() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (store, first, later) = (path("store"), path("first.proof"), path("later.proof"));
    let prove = |out: &str| almoner(&["journal", "prove", "--out", out, "--data", &store]);
    // Each command that reads the inbox or loads a file is a row of the journal.
    let official = format!(
        "{}/../../data/official/population.csv",
        env!("CARGO_MANIFEST_DIR")
    );
    assert!(
        almoner(&["load", "population", &official, "--data", &store])
            .status
            .success()
    );
    assert!(prove(&first).status.success());
    assert!(prove(&later).status.success());
    std::fs::remove_dir_all(&store).unwrap();

    let alone = almoner(&["journal", "check", &later]);
    assert!(
        alone.status.success() && said(&alone).contains("The chain of barsetshire holds"),
        "{}",
        said(&alone)
    );
    let after = almoner(&["journal", "check", &later, "--earlier", &first]);
    assert!(
        after.status.success() && said(&after).contains("all unchanged"),
        "{}",
        said(&after)
    );
    assert_eq!(
        almoner(&["journal", "check", &first, "--earlier", &later])
            .status
            .code(),
        Some(3)
    );

    let text = std::fs::read_to_string(&later).unwrap();
    assert!(
        !text.contains("population") && !text.contains("operator"),
        "digests only"
    );
    let forged = path("forged.proof");
    let last = text.trim_end().chars().last().unwrap();
    let other = if last == '0' { '1' } else { '0' };
    std::fs::write(
        &forged,
        format!("{}{other}\n", &text.trim_end()[..text.trim_end().len() - 1]),
    )
    .unwrap();
    let refused = almoner(&["journal", "check", &forged]);
    assert_eq!(refused.status.code(), Some(3));
    assert!(
        said(&refused).contains("a row was changed"),
        "{}",
        said(&refused)
    );
    assert_eq!(
        almoner(&["journal", "check", &path("none")]).status.code(),
        Some(2)
    );
    assert!(!Path::new(&store).exists(), "checking makes no store");
}
