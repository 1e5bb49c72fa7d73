//! The table of every route. A route that is not here does not exist, and each
//! one is reached through [`crate::door`], so none can forget to ask who it is.

use crate::door::{self, Visit};
use crate::trouble::Trouble;
use crate::{Web, directory, flow, fund, home, inbox, person, place, privacy, sign_in};
use access::Actor;
use axum::Router;
use axum::body::Body;
use axum::extract::{RawPathParams, Request};
use axum::http::{Method, Response};
use axum::routing::{MethodFilter, on};
use kernel::limits;
use std::sync::Arc;

/// What a handler gives back: a page, or what stood in its way.
pub type Outcome = Result<Response<Body>, Trouble>;

/// Who may knock.
#[derive(Clone, Copy)]
pub enum Handler {
    /// Anyone; there may be nobody signed in.
    Open(fn(&Web, &Visit) -> Outcome),
    /// Only someone signed in; what they may do there `app` decides.
    Staff(fn(&Web, &Visit, &Actor) -> Outcome),
}

/// One route.
#[derive(Clone)]
pub struct Route {
    /// GET or POST.
    pub method: Method,
    /// Its path, as in `/flow/stay/{id}`.
    pub path: &'static str,
    /// What answers it.
    pub handler: Handler,
    /// Largest form that it takes, in bytes.
    pub most: usize,
}

/// A page that anyone may ask for.
pub const fn open(path: &'static str, handler: fn(&Web, &Visit) -> Outcome) -> Route {
    Route {
        method: Method::GET,
        path,
        handler: Handler::Open(handler),
        most: limits::FORM_BYTES,
    }
}

/// A form that anyone may send.
pub const fn open_post(path: &'static str, handler: fn(&Web, &Visit) -> Outcome) -> Route {
    Route {
        method: Method::POST,
        path,
        handler: Handler::Open(handler),
        most: limits::FORM_BYTES,
    }
}

/// A page for those signed in.
pub const fn staff(path: &'static str, handler: fn(&Web, &Visit, &Actor) -> Outcome) -> Route {
    Route {
        method: Method::GET,
        path,
        handler: Handler::Staff(handler),
        most: limits::FORM_BYTES,
    }
}

/// A form that those signed in may send.
pub const fn staff_post(path: &'static str, handler: fn(&Web, &Visit, &Actor) -> Outcome) -> Route {
    Route {
        method: Method::POST,
        path,
        handler: Handler::Staff(handler),
        most: limits::FORM_BYTES,
    }
}

/// A form with a file that those signed in may send.
pub const fn staff_file(path: &'static str, handler: fn(&Web, &Visit, &Actor) -> Outcome) -> Route {
    Route {
        method: Method::POST,
        path,
        handler: Handler::Staff(handler),
        most: limits::FORM_FILE_BYTES,
    }
}

/// Every route of the product.
pub fn all() -> Vec<Route> {
    let mut routes = home::routes();
    routes.extend(sign_in::routes());
    routes.extend(flow::routes());
    routes.extend(fund::routes());
    routes.extend(person::routes());
    routes.extend(place::routes());
    routes.extend(directory::routes());
    routes.extend(inbox::routes());
    routes.extend(privacy::routes());
    routes
}

pub(crate) fn router(web: &Arc<Web>) -> Router {
    let mut router = Router::new();
    for route in all() {
        let filter = if route.method == Method::POST {
            MethodFilter::POST
        } else {
            MethodFilter::GET
        };
        let web = Arc::clone(web);
        let path = route.path;
        let answer = move |params: RawPathParams, request: Request| {
            let (web, route) = (Arc::clone(&web), route.clone());
            async move { door::through(web, route, params, request).await }
        };
        router = router.route(path, on(filter, answer));
    }
    let lost = Arc::clone(web);
    let answer = move |request: Request| {
        let web = Arc::clone(&lost);
        async move { door::lost(web, request).await }
    };
    router
        .method_not_allowed_fallback(answer.clone())
        .fallback(answer)
}
