//! The table of every route of the API. What is not here does not exist; the
//! CapabilityStatement is made of the same table and of the types of [`app::api::KINDS`].

use app::api::{Kind, Scope, Whose, find};
use axum::http::Method;
use std::sync::LazyLock;

/// What a route does, by its name in FHIR.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interaction {
    /// The CapabilityStatement.
    Capabilities,
    /// One resource.
    Read,
    /// A search.
    Search,
    /// A search sent as a form, so that what is searched by is in no address.
    SearchByForm,
    /// Everything of a patient.
    Everything,
    /// A batch or transaction.
    Bundle,
}

/// One route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    /// GET or POST.
    pub method: &'static str,
    /// Its path under [`crate::PATH`]; `{type}` and `{id}` are filled in.
    pub path: &'static str,
    /// What it does.
    pub interaction: Interaction,
    /// Whether it answers without a token.
    pub open: bool,
}

const fn route(method: &'static str, path: &'static str, interaction: Interaction) -> Route {
    Route {
        method,
        path,
        interaction,
        open: matches!(interaction, Interaction::Capabilities),
    }
}

/// The table.
pub const ROUTES: &[Route] = &[
    route("GET", "/metadata", Interaction::Capabilities),
    route("POST", "/", Interaction::Bundle),
    route("GET", "/{type}", Interaction::Search),
    route("POST", "/{type}/_search", Interaction::SearchByForm),
    route("GET", "/{type}/{id}", Interaction::Read),
    route("GET", "/Patient/{id}/$everything", Interaction::Everything),
];

/// A route that was found, with what its path holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The route.
    pub route: &'static Route,
    /// The type in the path.
    pub kind: Option<&'static Kind>,
    /// The id in the path.
    pub id: String,
}

/// Why no route was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lost {
    /// No such path.
    Path,
    /// The path is there for another method.
    Method,
    /// No such type of resource here.
    Type,
}

/// The table as it is searched. Words stand before what is filled in, so that `metadata` is no
/// type.
static IN_TURN: LazyLock<Vec<&Route>> = LazyLock::new(|| {
    let mut routes: Vec<&Route> = ROUTES.iter().collect();
    routes.sort_by_key(|route| route.path.matches('{').count());
    routes
});

/// The route of a request, by its method and its path under [`crate::PATH`].
///
/// # Errors
/// There is none.
pub fn find_route(method: &Method, path: &str) -> Result<Found, Lost> {
    let asked: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let mut lost = Lost::Path;
    for route in &*IN_TURN {
        let Some((kind, id)) = filled(route.path, &asked) else {
            continue;
        };
        if method.as_str() != route.method {
            lost = Lost::Method;
            continue;
        }
        let kind = match kind.map(find) {
            Some(None) => return Err(Lost::Type),
            Some(found) => found,
            None => None,
        };
        if !serves(route.interaction, kind) {
            lost = Lost::Method;
            continue;
        }
        return Ok(Found { route, kind, id });
    }
    Err(lost)
}

/// Whether an interaction is there for a type. Rows of the journal are only searched.
pub fn serves(interaction: Interaction, kind: Option<&Kind>) -> bool {
    let journal = kind.is_some_and(|kind| kind.whose == Whose::Journal);
    !(journal && interaction == Interaction::Read)
}

/// The type and id of a path that fits a pattern.
fn filled<'a>(pattern: &str, asked: &[&'a str]) -> Option<(Option<&'a str>, String)> {
    let mut parts = pattern.split('/').filter(|part| !part.is_empty());
    let (mut kind, mut id) = (None, "");
    for asked in asked {
        match parts.next()? {
            "{type}" => kind = Some(*asked),
            "{id}" => id = asked,
            word if word == *asked => {}
            _ => return None,
        }
    }
    parts.next().is_none().then(|| (kind, id.to_owned()))
}

/// The scopes that an interaction with a type needs.
pub fn scopes(interaction: Interaction, kind: Option<&Kind>) -> &'static [Scope] {
    match (interaction, kind.map(|kind| kind.whose)) {
        (Interaction::Capabilities, _) => &[],
        (Interaction::Bundle, _) => &[Scope::BundleWrite],
        (Interaction::Everything, _) => &[Scope::PatientRead, Scope::ResourceRead],
        (_, Some(Whose::Patient)) => &[Scope::PatientRead],
        (_, Some(Whose::Journal)) => &[Scope::AuditRead],
        _ => &[Scope::ResourceRead],
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn routes_are_found() {
        use Interaction as I;
        for (method, path, expected) in [
            (Method::GET, "/metadata", Ok((I::Capabilities, "", ""))),
            (Method::POST, "/", Ok((I::Bundle, "", ""))),
            (Method::POST, "", Ok((I::Bundle, "", ""))),
            (
                Method::GET,
                "/Observation",
                Ok((I::Search, "Observation", "")),
            ),
            (
                Method::GET,
                "/Observation/",
                Ok((I::Search, "Observation", "")),
            ),
            (
                Method::POST,
                "/Patient/_search",
                Ok((I::SearchByForm, "Patient", "")),
            ),
            (Method::GET, "/Patient/1", Ok((I::Read, "Patient", "1"))),
            (
                Method::GET,
                "/Patient/1/$everything",
                Ok((I::Everything, "", "1")),
            ),
            (Method::GET, "/", Err(Lost::Method)),
            (Method::DELETE, "/Patient/1", Err(Lost::Method)),
            (Method::PUT, "/Patient/1", Err(Lost::Method)),
            (Method::POST, "/Patient", Err(Lost::Method)),
            (Method::GET, "/AuditEvent/1", Err(Lost::Method)),
            (Method::GET, "/Binary/1", Err(Lost::Type)),
            (Method::GET, "/patient/1", Err(Lost::Type)),
            (Method::GET, "/Patient/1/_history", Err(Lost::Path)),
            (Method::GET, "/Observation/1/$everything", Err(Lost::Path)),
        ] {
            let found = find_route(&method, path).map(|found| {
                let kind = found.kind.map_or("", |kind| kind.name);
                (found.route.interaction, kind, found.id)
            });
            let expected =
                expected.map(|(what, kind, id): (_, &str, &str)| (what, kind, id.to_owned()));
            assert_eq!(found, expected, "{method} {path}");
        }
    }
}
