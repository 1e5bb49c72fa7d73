//! `cargo xtask assets`: takes the front-end packages out of `node_modules`
//! into `assets/built`, which git ignores and crate `web` embeds.
//!
//! Two things are mended on the way. The stylesheet asks a server outside for
//! Frutiger, a font licensed to NHS bodies: its `@font-face` rules go and system
//! fonts take its name's place. Its picture addresses are absolute: they become
//! plain names beside it. Whatever still points outside fails the step.

use anyhow::{Context, bail, ensure};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The fonts that stand where the licensed one was asked for.
const SYSTEM_FONTS: &str =
    "system-ui,-apple-system,\"Segoe UI\",Roboto,\"Liberation Sans\",arial,sans-serif";
const LICENSED_FONT: &str = "Frutiger W01";
const NHSUK: &str = "node_modules/nhsuk-frontend/dist/nhsuk";
const HTMX: &str = "node_modules/htmx.org/dist/htmx.min.js";

/// Builds `assets/built` and its manifest (name to SHA-256).
///
/// # Errors
/// When the packages are not installed, or a file does not look as expected.
pub fn run() -> anyhow::Result<()> {
    let root = root()?;
    let out = root.join("assets/built");
    if out.exists() {
        fs::remove_dir_all(&out).with_context(|| format!("cannot empty {}", out.display()))?;
    }
    fs::create_dir_all(&out)?;

    let mut built: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let (css, pictures) = stylesheet(&read(&root, &format!("{NHSUK}/nhsuk-frontend.min.css"))?)?;
    for picture in pictures {
        let svg = read(&root, &format!("{NHSUK}/assets/images/{picture}"))?;
        built.insert(picture, svg.into_bytes());
    }
    built.insert("nhsuk.css".to_owned(), css.into_bytes());
    built.insert(
        "nhsuk.js".to_owned(),
        script(&read(&root, &format!("{NHSUK}/nhsuk-frontend.min.js"))?)?.into_bytes(),
    );
    built.insert("htmx.js".to_owned(), read(&root, HTMX)?.into_bytes());

    let mut manifest = serde_json::Map::new();
    for (name, bytes) in &built {
        fs::write(out.join(name), bytes)?;
        let hash: String = Sha256::digest(bytes)
            .iter()
            .map(|b| format!("{b:02x}"))
            .collect();
        manifest.insert(name.clone(), hash.into());
    }
    fs::write(
        out.join("manifest.json"),
        serde_json::to_string_pretty(&serde_json::Value::Object(manifest))? + "\n",
    )?;
    println!("assets: {} files in {}", built.len(), out.display());
    Ok(())
}

fn root() -> anyhow::Result<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors()
        .nth(2)
        .map(Path::to_path_buf)
        .context("the workspace root is two levels up")
}

fn read(root: &Path, name: &str) -> anyhow::Result<String> {
    fs::read_to_string(root.join(name))
        .with_context(|| format!("cannot read {name}: run `npm ci` first (or `make assets`)"))
}

/// The stylesheet without the licensed font, with relative picture names, and
/// the names of those pictures.
fn stylesheet(css: &str) -> anyhow::Result<(String, Vec<String>)> {
    let mut css = css.to_owned();
    let mut fonts = 0;
    while let Some(start) = css.find("@font-face{") {
        let length = css[start..]
            .find('}')
            .context("an @font-face rule does not end")?
            + 1;
        ensure!(
            css[start..start + length].contains(LICENSED_FONT),
            "an @font-face rule is not the one expected: look at the new stylesheet"
        );
        css.replace_range(start..start + length, "");
        fonts += 1;
    }
    ensure!(
        fonts > 0,
        "no @font-face rule found: look at the new stylesheet"
    );
    css = css.replace(&format!("{LICENSED_FONT},arial,sans-serif"), SYSTEM_FONTS);
    if let Some(start) = css.find("/*# sourceMappingURL") {
        css.truncate(start);
    }
    css = css.replace("url(/assets/images/", "url(");

    let mut pictures = Vec::new();
    for part in css.split("url(").skip(1) {
        let name = part
            .split(')')
            .next()
            .unwrap_or_default()
            .trim_matches(['"', '\'']);
        if name.starts_with("data:") {
            continue;
        }
        let plain = name.ends_with(".svg")
            && name
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.');
        ensure!(plain, "the stylesheet still points at {name}");
        if !pictures.iter().any(|known| known == name) {
            pictures.push(name.to_owned());
        }
    }
    for outside in ["https:", "http:", "Frutiger", "@import"] {
        if css.contains(outside) && !allowed(&css, outside) {
            bail!("the stylesheet still contains {outside}");
        }
    }
    Ok((css, pictures))
}

/// Names of XML namespaces inside `data:` pictures are not addresses.
fn allowed(css: &str, text: &str) -> bool {
    text.starts_with("http")
        && css.match_indices(text).all(|(at, _)| {
            css[at..].starts_with("http://www.w3.org/")
                || css[at..].starts_with("https://www.w3.org/")
        })
}

/// The components' script, which starts itself once loaded as a module.
fn script(js: &str) -> anyhow::Result<String> {
    let body = js
        .find("//# sourceMappingURL")
        .map_or(js, |end| &js[..end])
        .trim_end();
    ensure!(
        body.contains("initAll"),
        "the script has no initAll: look at the new package"
    );
    Ok(format!("{body}\ninitAll();\n"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn the_font_goes_and_addresses_become_names() {
        let (css, pictures) = stylesheet(
            "@font-face{font-family:Frutiger W01;src:url(https://x.example/f.woff2)}\
             body{font-family:Frutiger W01,arial,sans-serif}a{background:url(/assets/images/a-b.svg)}\
             /*# sourceMappingURL=x */",
        )
        .unwrap();
        assert!(css.starts_with("body{font-family:system-ui,"), "{css}");
        assert!(css.ends_with("a{background:url(a-b.svg)}"), "{css}");
        assert_eq!(pictures, ["a-b.svg"]);
    }

    #[test]
    fn an_address_outside_fails() {
        let css = "@font-face{font-family:Frutiger W01}a{background:url(https://x.example/a.svg)}";
        assert!(stylesheet(css).is_err());
        assert!(
            stylesheet("a{color:red}").is_err(),
            "a stylesheet without the font is not the one known"
        );
    }
}
