//! Fails in plain words when the front-end files have not been built yet.

use std::path::Path;

const NEEDED: [&str; 4] = ["nhsuk.css", "nhsuk.js", "htmx.js", "manifest.json"];

fn main() {
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/built");
    println!("cargo::rerun-if-changed=assets");
    println!("cargo::rerun-if-changed=templates");
    for name in NEEDED {
        println!("cargo::rerun-if-changed={}", built.join(name).display());
        if !built.join(name).is_file() {
            println!("cargo::error=assets/built/{name} is missing: run `make assets`");
        }
    }
}
