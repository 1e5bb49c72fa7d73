//! A test place with its screens, and a browser of the simplest kind.

use access::Role;
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use testkit::{PASSWORD, Place};
use tower::ServiceExt;

pub struct House {
    pub place: Place,
    router: Router,
    runtime: tokio::runtime::Runtime,
}

/// What came back.
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Reply {
    pub fn text(&self) -> String {
        String::from_utf8(self.bytes.clone()).unwrap()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// The word that forms of this session carry.
    pub fn csrf(&self) -> String {
        let text = self.text();
        let at = text
            .find("name=\"csrf\" value=\"")
            .expect("a form with its word")
            + 19;
        text[at..at + 64].to_owned()
    }
}

impl House {
    pub fn new() -> Self {
        Self::with(web::Config::default())
    }

    pub fn with(config: web::Config) -> Self {
        let place = testkit::place();
        let router = web::router(place.app.clone(), config);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        Self {
            place,
            router,
            runtime,
        }
    }

    /// The token of a session in a role.
    pub fn enter(&self, role: Role) -> String {
        self.place
            .app
            .sign_in(role.as_str(), PASSWORD)
            .unwrap()
            .unwrap()
            .token
    }

    pub fn send(&self, request: Request<Body>) -> Reply {
        self.runtime.block_on(async {
            let response = self.router.clone().oneshot(request).await.unwrap();
            let (head, body) = response.into_parts();
            let bytes = axum::body::to_bytes(body, 64 << 20).await.unwrap().to_vec();
            Reply {
                status: head.status,
                headers: head.headers,
                bytes,
            }
        })
    }

    pub fn get(&self, path: &str, token: Option<&str>) -> Reply {
        self.send(request("GET", path, token).body(Body::empty()).unwrap())
    }

    pub fn post(&self, path: &str, token: Option<&str>, form: &str) -> Reply {
        let request = request("POST", path, token)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form.to_owned()))
            .unwrap();
        self.send(request)
    }

    /// Sends a form as its own page would.
    pub fn submit(&self, path: &str, token: &str, form: &str) -> Reply {
        let csrf = self.get("/accessibility", Some(token)).csrf();
        self.post(path, Some(token), &format!("csrf={csrf}&{form}"))
    }
}

pub fn request(method: &str, path: &str, token: Option<&str>) -> axum::http::request::Builder {
    let builder = Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, "hub.example");
    match token {
        Some(token) => builder.header(header::COOKIE, format!("almoner={token}")),
        None => builder,
    }
}
