//! Real data for tests, kept beside the project and never inside it.

use std::path::{Path, PathBuf};

/// The folder of shared data under `sub`, such as `fhir/adw`; `None` when it is
/// not there.
///
/// It is looked for in the folder that `ALMONER_SHARED` names, or else in
/// `shared` beside the workspace, under `data` or directly.
pub fn shared_data(sub: &str) -> Option<PathBuf> {
    let root = std::env::var_os("ALMONER_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    [root.join("data").join(sub), root.join(sub)]
        .into_iter()
        .find(|path| path.exists())
}

/// Says on standard error that a suite did not run because the shared data is
/// not there, so that nothing is skipped in silence.
pub fn not_run(suite: &str) {
    eprintln!("not run: {suite} (no shared data folder)");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_there_is_none() {
        assert_eq!(shared_data("no/such/folder"), None);
    }
}
