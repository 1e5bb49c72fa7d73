//! A place's own policy files: read from their folders, refused whole with a fault.

use std::process::Command;

#[test]
fn sets_of_steps_and_letters_are_read_from_their_folders() {
    let folder = tempfile::tempdir().unwrap();
    let policy = folder.path().join("policy");
    for (part, name, text) in [
        (
            "flow",
            "stay-normal.toml",
            "case = \"holiday\"\nset = \"normal\"\ntitle = \"x\"\nstep = []\n",
        ),
        (
            "letters",
            "choice-first.toml",
            "letter = \"first\"\ntitel = \"x\"\n",
        ),
    ] {
        std::fs::create_dir_all(policy.join(part)).unwrap();
        std::fs::write(policy.join(part).join(name), text).unwrap();
    }
    let output = Command::new(env!("CARGO_BIN_EXE_almoner"))
        .args(["inbox", "list", "--data"])
        .arg(folder.path().join("store"))
        .arg("--policy")
        .arg(&policy)
        .env_remove("ALMONER_DATABASE_URL")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(3));
    let said = String::from_utf8_lossy(&output.stderr);
    for words in [
        "flow/stay-normal.toml, step head: case is \"holiday\"",
        "letters/choice-first.toml, unknown field `titel`",
    ] {
        assert!(said.contains(words), "{said}");
    }
}
