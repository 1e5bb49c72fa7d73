//! Stylesheets, scripts and pictures, embedded in the binary and served under
//! names that carry their content's hash, so that browsers may keep them for good.

use axum::body::Body;
use axum::http::{Response, StatusCode, header};
use rust_embed::{EmbeddedFile, RustEmbed};
use std::collections::HashMap;
use std::sync::LazyLock;

/// What `cargo xtask assets` took from the front-end packages.
#[derive(RustEmbed)]
#[folder = "../../assets/built"]
struct Built;

/// Our own few.
#[derive(RustEmbed)]
#[folder = "assets"]
struct Own;

struct Table {
    /// `nhsuk.css` to `nhsuk.0123456789.css`.
    hashed: HashMap<String, String>,
    /// Served name to file. Pictures are known by their plain name too, because
    /// the stylesheet names them so.
    files: HashMap<String, EmbeddedFile>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table {
        hashed: HashMap::new(),
        files: HashMap::new(),
    };
    for (name, file) in Built::iter()
        .filter(|name| name != "manifest.json")
        .filter_map(|name| Built::get(&name).map(|file| (name, file)))
        .chain(Own::iter().filter_map(|name| Own::get(&name).map(|file| (name, file))))
    {
        let hash = kernel::hex(&file.metadata.sha256_hash()[..6]);
        let served = match name.rsplit_once('.') {
            Some((stem, extension)) => format!("{stem}.{hash}.{extension}"),
            None => format!("{name}.{hash}"),
        };
        table.files.insert(name.to_string(), file.clone());
        table.files.insert(served.clone(), file);
        table.hashed.insert(name.into_owned(), served);
    }
    table
});

/// The address of an embedded file: `/assets/nhsuk.0123456789.css` for
/// `nhsuk.css`. A name that is not embedded comes back plain.
pub fn url(name: &str) -> String {
    let served = TABLE.hashed.get(name).map_or(name, String::as_str);
    format!("/assets/{served}")
}

/// The file served under a name, or 404.
pub fn serve(served: &str) -> Response<Body> {
    let Some(file) = TABLE.files.get(served) else {
        return respond(
            StatusCode::NOT_FOUND,
            "text/plain; charset=utf-8",
            "no-store",
            Vec::new(),
        );
    };
    let hashed = served.split('.').count() > 2;
    let keep = if hashed {
        "public, max-age=31536000, immutable"
    } else {
        "public, max-age=3600"
    };
    respond(StatusCode::OK, media_type(served), keep, file.data.to_vec())
}

fn respond(
    status: StatusCode,
    media: &'static str,
    keep: &'static str,
    body: Vec<u8>,
) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        header::HeaderValue::from_static(media),
    );
    headers.insert(
        header::CACHE_CONTROL,
        header::HeaderValue::from_static(keep),
    );
    response
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}
