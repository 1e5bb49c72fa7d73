//! Every route of the product is asked for by nobody and by someone whose role
//! does not permit it. A route without its line here fails the test.

use crate::house::{House, request};
use access::Role;
use axum::body::Body;
use axum::http::{Method, StatusCode};
use web::routes::{Handler, all};

/// Who is turned away with 403.
enum Refused {
    /// This role.
    Role(Role),
    /// No role: the reason why every role may.
    Nobody(&'static str),
}
use Refused::{Nobody, Role as NotFor};

const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

/// Method, path, who is refused.
const CASES: &[(&str, &str, Refused)] = &[
    (
        "GET",
        "/",
        Nobody("leads each role to the first page it may see"),
    ),
    ("GET", "/flow/board", NotFor(Role::Analyst)),
    ("GET", "/flow/waiting", NotFor(Role::Finance)),
    ("GET", "/flow/work", NotFor(Role::Finance)),
    ("GET", "/coming", NotFor(Role::Analyst)),
    ("GET", "/flow/cost", NotFor(Role::Provider)),
    ("GET", "/flow/steps", NotFor(Role::Analyst)),
    ("POST", "/flow/steps", NotFor(Role::Practitioner)),
    ("GET", "/flow/steps/{what}/{id}", NotFor(Role::Finance)),
    ("GET", "/flow/step/{id}", NotFor(Role::Administrator)),
    ("POST", "/flow/step/{id}", NotFor(Role::Analyst)),
    ("GET", "/flow/handover/{id}", NotFor(Role::Finance)),
    ("POST", "/flow/handover/{id}", NotFor(Role::Person)),
    ("GET", "/flow/huddle", NotFor(Role::Finance)),
    ("POST", "/flow/huddle", NotFor(Role::Analyst)),
    ("GET", "/flow/huddle/{id}", NotFor(Role::BoardMember)),
    ("POST", "/flow/huddle/{id}", NotFor(Role::Provider)),
    ("GET", "/flow/huddle/{id}/minutes", NotFor(Role::Analyst)),
    ("GET", "/flow/huddle/{id}/end", NotFor(Role::Finance)),
    ("POST", "/flow/huddle/{id}/end", NotFor(Role::Person)),
    ("GET", "/flow/stay/{id}/leaving", NotFor(Role::Provider)),
    ("POST", "/flow/stay/{id}/leaving", NotFor(Role::Analyst)),
    ("GET", "/flow/stay/{id}/reside", NotFor(Role::Finance)),
    ("POST", "/flow/stay/{id}/reside", NotFor(Role::Person)),
    (
        "GET",
        "/flow/stay/{id}/long-stay",
        NotFor(Role::Administrator),
    ),
    (
        "POST",
        "/flow/stay/{id}/long-stay",
        NotFor(Role::BoardMember),
    ),
    ("GET", "/flow/stay/{id}/notices", NotFor(Role::Provider)),
    ("POST", "/flow/stay/{id}/notices", NotFor(Role::Analyst)),
    (
        "GET",
        "/flow/stay/{id}/notice/{notice}",
        NotFor(Role::Finance),
    ),
    (
        "GET",
        "/flow/stay/{id}/choice-letter",
        NotFor(Role::Provider),
    ),
    (
        "POST",
        "/flow/stay/{id}/choice-letter",
        NotFor(Role::Analyst),
    ),
    (
        "GET",
        "/flow/stay/{id}/choice-letter/{number}",
        NotFor(Role::Finance),
    ),
    ("GET", "/flow/stay/{id}", NotFor(Role::Finance)),
    ("GET", "/flow/stay/{id}/edit/{what}", NotFor(Role::Provider)),
    ("POST", "/flow/stay/{id}/edit/{what}", NotFor(Role::Analyst)),
    (
        "GET",
        "/flow/stay/{id}/delay/{segment}",
        NotFor(Role::BoardMember),
    ),
    (
        "POST",
        "/flow/stay/{id}/delay/{segment}",
        NotFor(Role::Administrator),
    ),
    ("POST", "/flow/refer", NotFor(Role::Finance)),
    ("GET", "/person/{id}/refer", NotFor(Role::Analyst)),
    ("POST", "/person/{id}/refer", NotFor(Role::Person)),
    ("GET", "/flow/agreements", NotFor(Role::Finance)),
    ("GET", "/flow/agreements/new", NotFor(Role::Practitioner)),
    ("POST", "/flow/agreements/new", NotFor(Role::Practitioner)),
    ("GET", "/flow/agreements/{id}", NotFor(Role::Analyst)),
    ("POST", "/flow/agreements/{id}", NotFor(Role::Provider)),
    ("POST", "/flow/form/{id}/accept", NotFor(Role::Provider)),
    ("POST", "/flow/form/{id}/give-up", NotFor(Role::Analyst)),
    ("GET", "/flow/triage", NotFor(Role::Provider)),
    ("GET", "/flow/triage/{id}", NotFor(Role::BoardMember)),
    ("POST", "/flow/triage/{id}", NotFor(Role::Provider)),
    ("GET", "/me/referrals", NotFor(Role::HubLead)),
    ("GET", "/person/{id}/forms", NotFor(Role::Finance)),
    ("POST", "/person/{id}/forms", NotFor(Role::Provider)),
    ("GET", "/flow/form/{id}", NotFor(Role::Analyst)),
    (
        "GET",
        "/flow/form/{id}/section/{what}",
        NotFor(Role::Finance),
    ),
    (
        "POST",
        "/flow/form/{id}/section/{what}",
        NotFor(Role::BoardMember),
    ),
    ("POST", "/flow/form/{id}/answer", NotFor(Role::Analyst)),
    ("GET", "/flow/form/{id}/check", NotFor(Role::Person)),
    ("POST", "/flow/form/{id}/check", NotFor(Role::Finance)),
    ("GET", "/flow/form/{id}/print", NotFor(Role::Administrator)),
    ("GET", "/flow/needs", NotFor(Role::Provider)),
    ("GET", "/person/{id}/plan", NotFor(Role::Provider)),
    ("POST", "/person/{id}/plan", NotFor(Role::Finance)),
    ("GET", "/person/{id}/plan/print", NotFor(Role::Analyst)),
    ("GET", "/person/{id}/plan/edit", NotFor(Role::Person)),
    ("POST", "/person/{id}/plan/edit", NotFor(Role::Provider)),
    ("GET", "/me/plan", NotFor(Role::HubLead)),
    ("GET", "/meetings", NotFor(Role::Provider)),
    ("POST", "/meetings", NotFor(Role::Finance)),
    ("GET", "/meeting/{id}", NotFor(Role::Person)),
    ("POST", "/meeting/{id}", NotFor(Role::Analyst)),
    ("GET", "/meeting/{id}/print", NotFor(Role::Provider)),
    ("GET", "/flow/stay/{id}/need", NotFor(Role::Provider)),
    ("POST", "/flow/stay/{id}/need", NotFor(Role::Finance)),
    ("GET", "/person/{id}/need", NotFor(Role::Provider)),
    ("POST", "/person/{id}/need", NotFor(Role::Analyst)),
    ("GET", "/flow/need/{id}", NotFor(Role::Provider)),
    ("POST", "/flow/need/{id}", NotFor(Role::BoardMember)),
    ("GET", "/capacity", NotFor(Role::Provider)),
    ("GET", "/capacity/own", NotFor(Role::Practitioner)),
    ("GET", "/capacity/own/{id}", NotFor(Role::Analyst)),
    ("POST", "/capacity/own/{id}", NotFor(Role::Practitioner)),
    ("GET", "/capacity/own/{id}/add", NotFor(Role::Person)),
    ("POST", "/capacity/own/{id}/add", NotFor(Role::Finance)),
    ("GET", "/offers", NotFor(Role::HubLead)),
    ("GET", "/offers/{id}", NotFor(Role::Practitioner)),
    ("POST", "/offers/{id}", NotFor(Role::HubLead)),
    ("GET", "/person/find", NotFor(Role::Analyst)),
    ("POST", "/person/find", NotFor(Role::Analyst)),
    ("GET", "/person/{id}", NotFor(Role::Administrator)),
    ("GET", "/person/{id}/timeline", NotFor(Role::Finance)),
    ("GET", "/person/line/{id}", NotFor(Role::Provider)),
    ("GET", "/person/emergency", NotFor(Role::PrivacyOfficer)),
    ("POST", "/person/emergency", NotFor(Role::Provider)),
    ("GET", "/person/{id}/open", NotFor(Role::Analyst)),
    ("POST", "/person/{id}/open", NotFor(Role::Person)),
    ("GET", "/person/{id}/around", NotFor(Role::Finance)),
    ("POST", "/person/{id}/around", NotFor(Role::Administrator)),
    ("GET", "/person/{id}/acting", NotFor(Role::Provider)),
    ("POST", "/person/{id}/acting", NotFor(Role::PrivacyOfficer)),
    ("GET", "/person/{id}/wishes", NotFor(Role::Provider)),
    ("POST", "/person/{id}/wishes", NotFor(Role::Person)),
    ("GET", "/flow/returns", NotFor(Role::Practitioner)),
    ("GET", "/flow/returns/{what}", NotFor(Role::Provider)),
    ("POST", "/flow/returns/{what}", NotFor(Role::PrivacyOfficer)),
    ("GET", "/flow/returns/{what}/people", NotFor(Role::Provider)),
    (
        "GET",
        "/flow/returns/{what}/sent",
        NotFor(Role::Administrator),
    ),
    ("GET", "/flow/clocks", NotFor(Role::Finance)),
    ("GET", "/flow/case/{id}", NotFor(Role::Provider)),
    ("POST", "/flow/case/{id}", NotFor(Role::Analyst)),
    ("GET", "/person/{id}/cases", NotFor(Role::BoardMember)),
    (
        "GET",
        "/person/{id}/cases/new",
        NotFor(Role::PrivacyOfficer),
    ),
    ("POST", "/person/{id}/cases/new", NotFor(Role::Person)),
    ("GET", "/person/{id}/services", NotFor(Role::Provider)),
    ("GET", "/person/{id}/services/new", NotFor(Role::Finance)),
    ("POST", "/person/{id}/services/new", NotFor(Role::Person)),
    ("GET", "/person/service/{id}", NotFor(Role::Analyst)),
    ("GET", "/person/service/{id}/edit", NotFor(Role::Provider)),
    (
        "POST",
        "/person/service/{id}/edit",
        NotFor(Role::PrivacyOfficer),
    ),
    (
        "POST",
        "/person/service/{id}/goal",
        NotFor(Role::Administrator),
    ),
    ("GET", "/fund", NotFor(Role::HubLead)),
    ("GET", "/fund/pool/{fund}", NotFor(Role::BoardMember)),
    ("GET", "/fund/pool/{fund}/share", NotFor(Role::Analyst)),
    ("GET", "/fund/pool/{fund}/books", NotFor(Role::Practitioner)),
    ("GET", "/fund/pool/{fund}/pack", NotFor(Role::Provider)),
    (
        "GET",
        "/fund/pool/{fund}/scheme/{scheme}",
        NotFor(Role::HubLead),
    ),
    ("GET", "/fund/pool/{fund}/effect", NotFor(Role::Provider)),
    ("POST", "/fund/pool/{fund}/effect", NotFor(Role::Analyst)),
    (
        "GET",
        "/fund/pool/{fund}/shared/{period}",
        NotFor(Role::HubLead),
    ),
    ("GET", "/fund/pool/{fund}/returns", NotFor(Role::Analyst)),
    ("POST", "/fund/pool/{fund}/returns", NotFor(Role::HubLead)),
    (
        "GET",
        "/fund/pool/{fund}/returns/behind",
        NotFor(Role::BoardMember),
    ),
    (
        "GET",
        "/fund/pool/{fund}/returns/sent",
        NotFor(Role::Provider),
    ),
    (
        "GET",
        "/fund/pool/{fund}/returns/file",
        NotFor(Role::Analyst),
    ),
    ("GET", "/fund/pool/{fund}/agreement", NotFor(Role::Analyst)),
    ("GET", "/fund/agreement", NotFor(Role::HubLead)),
    ("POST", "/fund/agreement", NotFor(Role::Analyst)),
    ("GET", "/fund/pool/{fund}/plan", NotFor(Role::Practitioner)),
    ("POST", "/fund/pool/{fund}/plan", NotFor(Role::Provider)),
    ("GET", "/fund/pool/{fund}/disputes", NotFor(Role::HubLead)),
    ("POST", "/fund/pool/{fund}/disputes", NotFor(Role::Person)),
    ("GET", "/fund/dispute/{id}", NotFor(Role::Analyst)),
    ("POST", "/fund/dispute/{id}", NotFor(Role::HubLead)),
    (
        "GET",
        "/fund/dispute/{id}/evidence/{file}",
        NotFor(Role::PrivacyOfficer),
    ),
    ("GET", "/fund/months", NotFor(Role::Provider)),
    ("POST", "/fund/months", NotFor(Role::Analyst)),
    ("GET", "/fund/account/{name}", NotFor(Role::HubLead)),
    ("GET", "/fund/transfer/{id}", NotFor(Role::Practitioner)),
    ("POST", "/fund/transfer/{id}", NotFor(Role::Person)),
    ("GET", "/identity", NotFor(Role::Practitioner)),
    ("GET", "/identity/{id}", NotFor(Role::Analyst)),
    ("POST", "/identity/{id}", NotFor(Role::Practitioner)),
    (
        "GET",
        "/identity/link/{id}/undo",
        NotFor(Role::Administrator),
    ),
    (
        "POST",
        "/identity/link/{id}/undo",
        NotFor(Role::Practitioner),
    ),
    ("GET", "/person/document/{id}", NotFor(Role::Provider)),
    ("GET", "/person/document/{id}/file", NotFor(Role::Provider)),
    ("GET", "/person/{id}/passports", NotFor(Role::Finance)),
    (
        "GET",
        "/person/{id}/passport/{purpose}",
        NotFor(Role::Provider),
    ),
    (
        "POST",
        "/person/{id}/passport/{purpose}",
        NotFor(Role::Person),
    ),
    ("GET", "/passport/check", NotFor(Role::Person)),
    ("POST", "/passport/check", NotFor(Role::Analyst)),
    ("GET", "/passport/{id}", NotFor(Role::Provider)),
    ("GET", "/passport/{id}/print", NotFor(Role::Administrator)),
    ("GET", "/passport/{id}/end", NotFor(Role::Person)),
    ("POST", "/passport/{id}/end", NotFor(Role::Person)),
    (
        "GET",
        "/place/statistics",
        Nobody("published figures are for everyone"),
    ),
    (
        "GET",
        "/place/statistics.csv",
        Nobody("published figures are for everyone"),
    ),
    ("GET", "/directory/new", NotFor(Role::Practitioner)),
    ("POST", "/directory/new", NotFor(Role::Analyst)),
    ("GET", "/directory/{id}/edit", NotFor(Role::Provider)),
    ("POST", "/directory/{id}/edit", NotFor(Role::Practitioner)),
    ("POST", "/directory/{id}/checked", NotFor(Role::Finance)),
    ("GET", "/inbox", NotFor(Role::Practitioner)),
    ("GET", "/inbox/{id}", NotFor(Role::BoardMember)),
    ("POST", "/inbox/{id}/retry", NotFor(Role::HubLead)),
    ("GET", "/privacy", NotFor(Role::HubLead)),
    ("POST", "/privacy/looked", NotFor(Role::HubLead)),
    ("GET", "/privacy/looked/{id}", NotFor(Role::Practitioner)),
    ("POST", "/privacy/journal", NotFor(Role::Administrator)),
    ("GET", "/privacy/journal/head", NotFor(Role::Administrator)),
    ("GET", "/privacy/openings", NotFor(Role::HubLead)),
    ("GET", "/privacy/opening/{id}", NotFor(Role::Practitioner)),
    ("POST", "/privacy/opening/{id}", NotFor(Role::HubLead)),
    (
        "POST",
        "/privacy/opening/{id}/approve",
        NotFor(Role::HubLead),
    ),
    ("GET", "/privacy/looks", NotFor(Role::Provider)),
    ("GET", "/privacy/look/{number}", NotFor(Role::HubLead)),
    ("POST", "/privacy/look/{number}", NotFor(Role::Analyst)),
    ("GET", "/privacy/restrictions", NotFor(Role::HubLead)),
    ("POST", "/privacy/restrictions", NotFor(Role::Practitioner)),
    (
        "GET",
        "/privacy/restrictions/{id}",
        NotFor(Role::Administrator),
    ),
    ("POST", "/privacy/restrictions/{id}", NotFor(Role::HubLead)),
    ("GET", "/corrections", NotFor(Role::Analyst)),
    ("GET", "/corrections/{id}", NotFor(Role::Person)),
    ("POST", "/corrections/{id}", NotFor(Role::Administrator)),
    ("GET", "/me", NotFor(Role::HubLead)),
    ("GET", "/me/record", NotFor(Role::HubLead)),
    ("GET", "/me/looked", NotFor(Role::PrivacyOfficer)),
    ("GET", "/me/letters", NotFor(Role::Practitioner)),
    ("GET", "/me/letter/{id}", NotFor(Role::Practitioner)),
    ("GET", "/me/letter/{id}/file", NotFor(Role::HubLead)),
    ("GET", "/me/sharing", NotFor(Role::HubLead)),
    ("GET", "/me/sharing/{what}", NotFor(Role::PrivacyOfficer)),
    ("POST", "/me/sharing/{what}", NotFor(Role::Practitioner)),
    ("GET", "/me/correct", NotFor(Role::HubLead)),
    ("POST", "/me/correct", NotFor(Role::Practitioner)),
    ("GET", "/me/about", NotFor(Role::HubLead)),
    ("GET", "/me/about/{what}", NotFor(Role::Practitioner)),
    ("POST", "/me/about/{what}", NotFor(Role::HubLead)),
    ("GET", "/me/carers", NotFor(Role::HubLead)),
    ("GET", "/me/carers/invite", NotFor(Role::Administrator)),
    ("POST", "/me/carers/invite", NotFor(Role::Practitioner)),
    ("GET", "/me/carers/{id}/end", NotFor(Role::HubLead)),
    ("POST", "/me/carers/{id}/end", NotFor(Role::PrivacyOfficer)),
    ("GET", "/me/take-up", NotFor(Role::Practitioner)),
    ("POST", "/me/take-up", NotFor(Role::HubLead)),
    ("POST", "/sign-out", Nobody("everyone may leave")),
];

fn concrete(path: &str) -> String {
    path.replace("{id}", ID)
        .replace("{segment}", ID)
        .replace("{notice}", ID)
        .replace("{number}", "1")
        .replace("{fund}", "bcf")
        .replace("{period}", "2026-04")
        .replace("{scheme}", "1")
        .replace("{file}", ID)
        .replace("{name}", "assets:cash:bcf")
        .replace("{token}", "none")
        .replace("{what}", "reason")
        .replace("{purpose}", "catheter")
}

#[test]
fn every_route_turns_away_those_it_should() {
    let house = House::new();
    for route in all() {
        let (method, path) = (route.method.as_str(), route.path);
        if matches!(route.handler, Handler::Open(_)) {
            continue;
        }
        let case = CASES.iter().find(|(m, p, _)| *m == method && *p == path);
        let Some((_, _, refused)) = case else {
            panic!("{method} {path} has no line in CASES: say who it turns away");
        };
        let address = concrete(path);
        let reply = if route.method == Method::POST {
            house.post(&address, None, "")
        } else {
            house.get(&address, None)
        };
        let to_sign_in = reply.status == StatusCode::SEE_OTHER
            && reply.header("location").starts_with("/sign-in");
        assert!(
            to_sign_in,
            "{method} {path} without a session: {}",
            reply.status
        );

        match refused {
            NotFor(role) => {
                let token = house.enter(*role);
                let reply = if route.method == Method::POST {
                    house.submit(&address, &token, "search=jones")
                } else {
                    house.get(&address, Some(&token))
                };
                assert_eq!(
                    reply.status,
                    StatusCode::FORBIDDEN,
                    "{method} {path} as {role}"
                );
                assert!(
                    reply.text().contains("You may not "),
                    "{method} {path} says why"
                );
            }
            Nobody(reason) => assert!(!reason.is_empty()),
        }
    }
}

#[test]
fn no_line_is_left_of_a_route_that_went() {
    let routes = all();
    for (method, path, _) in CASES {
        let there = routes
            .iter()
            .any(|r| r.method.as_str() == *method && r.path == *path);
        assert!(there, "{method} {path} is in CASES and no route");
    }
}

#[test]
fn open_routes_are_few_and_hold_nothing_personal() {
    let open: Vec<String> = all()
        .iter()
        .filter(|route| matches!(route.handler, Handler::Open(_)))
        .map(|route| format!("{} {}", route.method, route.path))
        .collect();
    assert_eq!(
        open,
        [
            "GET /health",
            "GET /accessibility",
            "GET /favicon.ico",
            "GET /assets/{name}",
            "POST /print-size",
            "GET /sign-in",
            "POST /sign-in",
            "GET /offer/{token}",
            "POST /offer/{token}",
            "GET /refer",
            "POST /refer",
            "GET /refer/form",
            "GET /refer/form/section/{what}",
            "POST /refer/form/section/{what}",
            "POST /refer/form/answer",
            "GET /refer/form/check",
            "POST /refer/form/check",
            "GET /refer/form/sent",
            "POST /refer/form/leave",
            "GET /refer/reference",
            "POST /refer/reference",
            "GET /directory",
            "GET /directory/{id}",
        ]
    );
}

#[test]
fn a_form_without_its_word_or_from_elsewhere_changes_nothing() {
    let house = House::new();
    let token = house.enter(Role::HubLead);
    let reply = house.post("/person/find", Some(&token), "search=jones");
    assert_eq!(reply.status, StatusCode::FORBIDDEN);
    assert!(reply.text().contains("Nothing was saved"));

    let csrf = house.get("/accessibility", Some(&token)).csrf();
    for (name, value) in [
        ("origin", "https://evil.example"),
        ("sec-fetch-site", "cross-site"),
    ] {
        let sent = request("POST", "/person/find", Some(&token))
            .header(name, value)
            .body(Body::from(format!("csrf={csrf}&search=jones")))
            .unwrap();
        assert_eq!(house.send(sent).status, StatusCode::FORBIDDEN, "{name}");
    }
    let other = house.enter(Role::Practitioner);
    let reply = house.post(
        "/person/find",
        Some(&other),
        &format!("csrf={csrf}&search=jones"),
    );
    assert_eq!(
        reply.status,
        StatusCode::FORBIDDEN,
        "another session's word"
    );
}

#[test]
fn pages_carry_their_headers() {
    let house = House::new();
    let token = house.enter(Role::HubLead);
    for path in ["/sign-in", "/person/find", "/no-such-page", "/health"] {
        let reply = house.get(path, Some(&token));
        assert_eq!(
            reply.header("content-security-policy"),
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
             font-src 'self'; connect-src 'self'; form-action 'self'; \
             frame-ancestors 'none'; base-uri 'none'",
            "{path}"
        );
        assert_eq!(reply.header("cache-control"), "no-store", "{path}");
        assert_eq!(reply.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(reply.header("x-frame-options"), "DENY", "{path}");
        assert_eq!(reply.header("referrer-policy"), "same-origin", "{path}");
    }
}

#[test]
fn files_are_kept_by_browsers_and_pages_are_not_inline() {
    let house = House::new();
    let page = house.get("/sign-in", None).text();
    let style = page
        .split("href=\"/assets/nhsuk.")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    let reply = house.get(&format!("/assets/nhsuk.{style}"), None);
    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(reply.header("content-type"), "text/css; charset=utf-8");
    assert!(reply.header("cache-control").contains("immutable"));
    assert!(!reply.text().contains("Frutiger"));
    assert_eq!(
        house.get("/assets/none.css", None).status,
        StatusCode::NOT_FOUND
    );
    assert!(!page.contains("style=\""), "no inline styles");
    assert!(!page.contains("onclick"), "no inline scripts");
}

#[test]
fn a_page_that_is_not_there_says_so() {
    let house = House::new();
    let token = house.enter(Role::HubLead);
    for path in [
        "/no-such-page",
        "/sign-out",
        "/person/not-an-id",
        &format!("/person/{ID}"),
        &format!("/inbox/{ID}"),
    ] {
        let reply = house.get(path, Some(&token));
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{path}");
        assert!(reply.text().contains("Page not found"), "{path}");
    }
}

#[test]
fn health_tells_the_version() {
    let reply = House::new().get("/health", None);
    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(
        reply.text(),
        format!("almoner {}\n", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn what_is_too_large_is_refused() {
    let house = House::new();
    let token = house.enter(Role::HubLead);
    let reply = house.post("/person/find", Some(&token), &"a".repeat(300 << 10));
    assert_eq!(reply.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(reply.text().contains("That is too much to send"));
}
