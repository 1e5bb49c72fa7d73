//! FHIR R4 UK Core over HTTP.
//!
//! One table of routes ([`routes`]), one desk where calls wait for their transaction
//! ([`desk`]), and the shapes of the answers: resources as they came, Bundles, the
//! CapabilityStatement, and an OperationOutcome for everything that is refused.

pub mod bundle;
pub mod capability;
pub mod desk;
mod door;
pub mod media;
pub mod outcome;
pub mod routes;

use app::App;
use axum::Router;
use axum::extract::Request;
use axum::routing::any;
use std::sync::Arc;

/// Where the API is found on a server.
pub const PATH: &str = "/fhir";
/// The media type of every answer.
pub const FHIR_JSON: &str = "application/fhir+json; charset=utf-8";
/// Largest Bundle taken in, in bytes (32 MiB).
pub const BODY_BYTES: usize = 32 << 20;

/// How the API is served.
#[derive(Clone, Copy, Debug, Default)]
pub struct Config {
    /// Whether clients come over https: links in answers then say so.
    pub https: bool,
}

/// What every request can reach.
pub(crate) struct Api {
    pub(crate) app: Arc<App>,
    pub(crate) desk: desk::Desk,
    pub(crate) config: Config,
}

/// The API, at [`PATH`] and below it; what is elsewhere it leaves to others.
pub fn router(app: Arc<App>, config: Config) -> Router {
    let api = Arc::new(Api {
        desk: desk::Desk::open(Arc::clone(&app)),
        app,
        config,
    });
    let answer = any(move |request: Request| {
        let api = Arc::clone(&api);
        async move { door::through(&api, request).await }
    });
    ["", "/", "/{*rest}"]
        .into_iter()
        .fold(Router::new(), |router, path| {
            router.route(&format!("{PATH}{path}"), answer.clone())
        })
}
