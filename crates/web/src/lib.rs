//! Server-rendered screens: routes, forms, templates, NHS.UK components.
//!
//! Every route is a line of a table ([`routes::all`]) and is reached through one
//! function (`door::through`) that finds out who is asking, checks that a form
//! was sent from our own page, and hands the request to a handler. The handlers
//! ask crate `app`, which decides what that actor may do and see.

mod amount;
pub mod assets;
pub mod chart;
pub mod components;
pub mod directory;
pub mod door;
pub mod flow;
pub mod form;
pub mod fund;
mod guard;
pub mod home;
pub mod inbox;
mod multipart;
pub mod person;
pub mod place;
pub mod privacy;
pub mod routes;
mod sheet;
pub mod shell;
pub mod sign_in;
pub mod trouble;
pub mod words;

use std::sync::Arc;
use std::sync::atomic::AtomicU32;

/// How the screens are served.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// A plain banner on every page says that this is a demonstration.
    pub demo: bool,
    /// Sign-ins shown on the sign-in page of a demonstration.
    pub demo_accounts: Vec<DemoAccount>,
    /// Whether browsers come over https: cookies are then marked Secure.
    pub https: bool,
}

/// A made-up sign-in of a demonstration.
#[derive(Clone, Debug)]
pub struct DemoAccount {
    /// Its user name.
    pub username: String,
    /// What the role is called.
    pub role: String,
    /// Its password, which is no secret.
    pub password: String,
}

/// What every request can reach.
pub struct Web {
    /// Commands and queries.
    pub app: Arc<app::App>,
    /// How the screens are served.
    pub config: Config,
    pub(crate) attempts: sign_in::Attempts,
    pub(crate) references: AtomicU32,
}

impl Web {
    /// The version shown and reported.
    pub fn version(&self) -> &'static str {
        env!("CARGO_PKG_VERSION")
    }
}

/// The whole web application.
pub fn router(app: Arc<app::App>, config: Config) -> axum::Router {
    let web = Arc::new(Web {
        app,
        config,
        attempts: sign_in::Attempts::default(),
        references: AtomicU32::new(0),
    });
    guard::wrap(routes::router(&web), web.config.https)
}
