//! Every route is asked for by nobody, by a forged, an ended and a revoked token, by one
//! without the scope and by one whose role may not. A route without its line here fails.

use crate::house::House;
use access::Actor;
use api::routes::{ROUTES, scopes};
use app::api::{Scope, find};
use jiff::SignedDuration;

/// Method, path in the table, path that is asked for, type, what is sent.
const CASES: &[(&str, &str, &str, &str, &str)] = &[
    (
        "POST",
        "/",
        "/",
        "",
        r#"{"resourceType":"Bundle","type":"batch"}"#,
    ),
    (
        "GET",
        "/{type}",
        "/Observation?patient=arthur",
        "Observation",
        "",
    ),
    ("GET", "/{type}", "/Patient?family=jones", "Patient", ""),
    (
        "GET",
        "/{type}",
        "/AuditEvent?patient=arthur",
        "AuditEvent",
        "",
    ),
    (
        "GET",
        "/{type}",
        "/Organization?_id=trust",
        "Organization",
        "",
    ),
    (
        "POST",
        "/{type}/_search",
        "/Observation/_search?patient=arthur",
        "Observation",
        "",
    ),
    ("GET", "/{type}/{id}", "/Observation/one", "Observation", ""),
    ("GET", "/{type}/{id}", "/Patient/arthur", "Patient", ""),
    (
        "GET",
        "/Patient/{id}/$everything",
        "/Patient/arthur/$everything",
        "Patient",
        "",
    ),
];

fn form(request: axum::http::Request<axum::body::Body>) -> axum::http::Request<axum::body::Body> {
    let (mut head, body) = request.into_parts();
    if head.uri.path().ends_with("_search") {
        let kind = "application/x-www-form-urlencoded".parse().unwrap();
        head.headers.insert("content-type", kind);
    }
    axum::http::Request::from_parts(head, body)
}

#[test]
fn every_route_has_a_case() {
    for route in ROUTES.iter().filter(|route| !route.open) {
        let cased = CASES
            .iter()
            .any(|(method, path, ..)| (*method, *path) == (route.method, route.path));
        assert!(cased, "{} {} has no case", route.method, route.path);
    }
}

#[test]
fn a_token_that_opens_nothing_is_refused_everywhere_and_journalled() {
    let house = House::new();
    let revoked = house.client("revoked", "practitioner", &Scope::ALL);
    let operator = Actor::operator();
    house
        .place
        .app
        .revoke_api_client(&operator, "revoked")
        .unwrap();
    let forged = house.token.replace(|c: char| c.is_ascii_digit(), "0");
    for (method, _, path, _, body) in CASES {
        let longer = format!("{}0", house.token);
        for (token, said, actor) in [
            (None, "no token", "unknown"),
            (Some(forged.as_str()), "unknown token", "unknown"),
            (Some(longer.as_str()), "unknown token", "unknown"),
            (Some(""), "unknown token", "unknown"),
            (Some(revoked.as_str()), "revoked token", "client:revoked"),
        ] {
            let reply = house.send(form(house.request(method, path, token, body)));
            reply.refused(401, "login", "");
            assert_eq!(reply.headers["www-authenticate"], "Bearer");
            let (action, who, detail, ..) = house.journal(1).remove(0);
            assert_eq!(
                (action.as_str(), who.as_str(), detail.as_str()),
                ("API token refused", actor, said),
                "{path}"
            );
        }
    }
    house
        .place
        .clock
        .advance(SignedDuration::from_hours(24 * 30));
    for (method, _, path, _, body) in CASES {
        let request = house.request(method, path, Some(&house.token), body);
        house.send(form(request)).refused(401, "login", "");
        assert_eq!(house.journal(1)[0].2, "expired token");
    }
}

#[test]
fn a_token_opens_what_its_scopes_say_and_nothing_else() {
    let house = House::new();
    for scope in Scope::ALL {
        let token = house.client(
            &format!("only.{}", scope.as_str()),
            "practitioner",
            &[scope],
        );
        for (method, route, path, kind, body) in CASES {
            let table = ROUTES
                .iter()
                .find(|one| one.path == *route && one.method == *method);
            let needed = scopes(table.unwrap().interaction, find(kind));
            let reply = house.send(form(house.request(method, path, Some(&token), body)));
            if needed == [scope] {
                assert_eq!(reply.status.as_u16(), 200, "{path}: {}", reply.text);
            } else {
                reply.refused(403, "forbidden", "");
                let (action, who, detail, ..) = house.journal(1).remove(0);
                assert_eq!(action, "API request refused", "{path}");
                assert_eq!(
                    (who, detail.as_str()),
                    (format!("client:only.{}", scope.as_str()), "not allowed")
                );
            }
        }
    }
}

#[test]
fn a_role_that_may_not_see_people_sees_none() {
    let house = House::new();
    let token = house.client("counting", "analyst", &Scope::ALL);
    for (method, _, path, kind, body) in CASES {
        if matches!(*kind, "" | "Organization") {
            continue;
        }
        let reply = house.send(form(house.request(method, path, Some(&token), body)));
        reply.refused(403, "forbidden", "");
        assert!(!reply.text.contains("Jones"));
    }
}

#[test]
fn a_revoked_token_ends_between_two_requests() {
    let house = House::new();
    assert_eq!(house.get("/Patient/arthur").status, 200);
    let operator = Actor::operator();
    house.place.app.revoke_api_client(&operator, "all").unwrap();
    house.get("/Patient/arthur").refused(401, "login", "");
    assert!(house.place.app.revoke_api_client(&operator, "all").is_err());
}

#[test]
fn clients_are_made_with_care() {
    let house = House::new();
    let app = &house.place.app;
    let scopes = ["patient.read".to_owned()];
    let good = app::api::NewClient {
        name: "new",
        organisation: "ZRB",
        role: "practitioner",
        purpose: app::api::PURPOSE,
        scopes: &scopes,
        days: 1,
    };
    let none: [String; 0] = [];
    let odd = ["everything".to_owned()];
    for wrong in [
        app::api::NewClient {
            name: "",
            ..good.clone()
        },
        app::api::NewClient {
            name: "Big Name",
            ..good.clone()
        },
        app::api::NewClient {
            name: "all",
            ..good.clone()
        },
        app::api::NewClient {
            organisation: "NOWHERE",
            ..good.clone()
        },
        app::api::NewClient {
            role: "operator",
            ..good.clone()
        },
        app::api::NewClient {
            role: "king",
            ..good.clone()
        },
        app::api::NewClient {
            purpose: "research",
            ..good.clone()
        },
        app::api::NewClient {
            scopes: &none,
            ..good.clone()
        },
        app::api::NewClient {
            scopes: &odd,
            ..good.clone()
        },
        app::api::NewClient {
            days: 0,
            ..good.clone()
        },
        app::api::NewClient {
            days: 4_000,
            ..good.clone()
        },
    ] {
        assert!(
            app.add_api_client(&Actor::operator(), &wrong).is_err(),
            "{wrong:?}"
        );
    }
    let made = app.add_api_client(&Actor::operator(), &good).unwrap();
    assert_eq!(made.token.len(), 64, "256 bits");
    let kept = app.api_clients(&Actor::operator()).unwrap();
    assert_eq!(kept.len(), 2);
    let whose = house.place.actor(access::Role::HubLead);
    assert!(app.add_api_client(&whose, &good).is_err());
    assert!(app.api_clients(&whose).is_err());
    assert!(app.revoke_api_client(&whose, "new").is_err());
}
