//! Published workbooks as they came, layouts nobody has seen yet, and files that
//! are not what they say.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod build;
mod directory;
mod golden;
mod hostile;
mod layouts;
mod pathways;
mod population;

use std::path::{Path, PathBuf};

/// The shared data under a folder, or `None` with a line that says what did not run.
#[expect(
    clippy::disallowed_methods,
    reason = "the kit for tests stands above this crate"
)]
fn shared(sub: &str, suite: &str) -> Option<PathBuf> {
    let root = std::env::var_os("ALMONER_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    let found = [root.join("data").join(sub), root.join(sub)]
        .into_iter()
        .find(|p| p.exists());
    if found.is_none() {
        eprintln!("not run: {suite} (no shared data folder)");
    }
    found
}
