//! `almoner serve`.

use crate::failure::Failure;
use crate::open::At;
use app::App;
use clap::Args;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::signal::unix::{SignalKind, signal};

/// Serve an existing store.
///
/// Example: almoner serve --data /srv/almoner --listen 127.0.0.1:8080
#[derive(Args)]
pub(crate) struct Serve {
    /// Address and port to listen on; port 0 picks a free one.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Set when a proxy in front speaks HTTPS: cookies are then sent over HTTPS only.
    #[arg(long)]
    https: bool,
}

impl Serve {
    pub(crate) fn run(&self, at: &At) -> Result<(), Failure> {
        let app = at.open()?;
        let config = web::Config {
            https: self.https,
            ..web::Config::default()
        };
        serve(Arc::new(app), config, self.listen, |address| {
            println!("Almoner is at http://{address}/");
        })
    }
}

/// Serves until the process is told to stop; `ready` is called with the address
/// once connections are taken.
pub(crate) fn serve(
    app: Arc<App>,
    config: web::Config,
    listen: SocketAddr,
    ready: impl FnOnce(SocketAddr),
) -> Result<(), Failure> {
    telemetry();
    app.store().prepare_to_serve().map_err(app::Error::from)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .worker_threads(workers())
        .max_blocking_threads(32)
        .build()?;
    // Let go of last, outside the runtime: a PostgreSQL connection cannot be
    // closed from within one.
    let last_hold = Arc::clone(&app);
    let outcome = runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(listen)
            .await
            .map_err(|error| {
                Failure::Failed(format!(
                    "cannot listen on {listen}: {error}; choose another --listen"
                ))
            })?;
        // Before anybody is told the address, so that who then stops us is heard.
        let stop = stop()?;
        ready(listener.local_addr()?);
        axum::serve(listener, router(app, config))
            .with_graceful_shutdown(stop)
            .await?;
        Ok(())
    });
    drop(runtime);
    drop(last_hold);
    outcome
}

/// Threads that read requests and write answers: half the cores. What takes long runs elsewhere,
/// pages on threads of their own and the API at its desk; more of these would mostly wake each
/// other to find nothing to do.
fn workers() -> usize {
    std::thread::available_parallelism().map_or(1, |cores| cores.get().div_ceil(2))
}

/// The API under its path, the screens everywhere else.
fn router(app: Arc<App>, config: web::Config) -> axum::Router {
    let https = config.https;
    api::router(Arc::clone(&app), api::Config { https }).fallback_service(web::router(app, config))
}

/// Log lines on standard error, without personal data: the code never hands any
/// to the log.
fn telemetry() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("ALMONER_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    // A second call in one process keeps the first subscriber.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .try_init();
}

/// Listens for Ctrl-C and for the service manager from now on; ends when either asks.
fn stop() -> Result<impl Future<Output = ()>, Failure> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}
