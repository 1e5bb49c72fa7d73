//! What the suites share.

use std::path::{Path, PathBuf};

use fhir::{Item, Record};
use kernel::Issue;

/// What a file gave, gathered.
#[derive(Default)]
pub struct Read<'a> {
    pub records: Vec<Record<'a>>,
    pub rejected: Vec<Issue>,
    pub told: Vec<Issue>,
}

impl Read<'_> {
    /// Every issue, a line each.
    pub fn issues(&self) -> Vec<String> {
        let of_records = self.records.iter().flat_map(|record| &record.issues);
        self.told
            .iter()
            .chain(of_records)
            .chain(&self.rejected)
            .map(ToString::to_string)
            .collect()
    }
}

pub fn read(text: &str) -> Read<'_> {
    let mut read = Read::default();
    fhir::read(text, &mut |item| match item {
        Item::Record(record) => read.records.push(*record),
        Item::Rejected(issue) => read.rejected.push(issue),
        Item::Told(issue) => read.told.push(issue),
    });
    read
}

/// The text of a file's bytes.
pub fn text(bytes: &[u8]) -> Result<String, Issue> {
    let plain = fhir::unpack(bytes)?;
    Ok(fhir::xml::decode(&plain)?.into_owned())
}

#[allow(
    clippy::disallowed_methods,
    reason = "tests are told by the environment where the shared data is"
)]
/// A folder of the shared data, or a line that says the suite did not run.
pub fn shared(sub: &str, suite: &str) -> Option<PathBuf> {
    let root = std::env::var_os("ALMONER_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    let found = [root.join("data").join(sub), root.join(sub)]
        .into_iter()
        .find(|path| path.exists());
    if found.is_none() {
        eprintln!("not run: {suite} (no shared data folder)");
    }
    found
}

/// The files of a folder, in order of name.
pub fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_type().unwrap().is_file())
        .map(|entry| {
            (
                entry.file_name().into_string().unwrap(),
                std::fs::read(entry.path()).unwrap(),
            )
        })
        .collect();
    files.sort();
    files
}
