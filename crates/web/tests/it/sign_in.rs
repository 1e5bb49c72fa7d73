//! Signing in and out.

use crate::house::House;
use access::Role;
use axum::http::StatusCode;
use testkit::PASSWORD;
use web::{Config, DemoAccount};

fn form(username: &str, password: &str, next: &str) -> String {
    format!(
        "username={username}&password={}&next={next}",
        password.replace(' ', "+")
    )
}

#[test]
fn afterwards_you_are_where_you_wanted_to_be() {
    let house = House::new();
    let away = house.get("/inbox?state=rejected", None);
    assert_eq!(away.status, StatusCode::SEE_OTHER);
    assert_eq!(
        away.header("location"),
        "/sign-in?next=%2Finbox%3Fstate%3Drejected"
    );
    let page = house.get(away.header("location"), None);
    assert!(
        page.text()
            .contains("name=\"next\" value=\"/inbox?state=rejected\"")
    );

    let reply = house.post(
        "/sign-in",
        None,
        &form("hub-lead", PASSWORD, "%2Finbox%3Fstate%3Drejected"),
    );
    assert_eq!(reply.status, StatusCode::SEE_OTHER);
    assert_eq!(reply.header("location"), "/inbox?state=rejected");
    let cookie = reply.header("set-cookie");
    for part in ["almoner=", "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age="] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Secure"), "plain http");
    let token = cookie["almoner=".len()..]
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    let inbox = house.get("/inbox?state=rejected", Some(&token));
    assert_eq!(inbox.status, StatusCode::OK);
    assert!(inbox.text().contains("Hub lead Harding"));
    assert!(
        inbox
            .text()
            .contains("Hub lead, Barsetshire Hospitals Trust")
    );
}

#[test]
fn another_site_is_never_gone_to() {
    let house = House::new();
    let reply = house.post(
        "/sign-in",
        None,
        &form("hub-lead", PASSWORD, "%2F%2Fevil.example"),
    );
    assert_eq!(reply.header("location"), "/flow/board");
}

#[test]
fn each_role_starts_with_what_it_may_see() {
    let house = House::new();
    for (role, first) in [
        (Role::HubLead, "/flow/board"),
        (Role::Analyst, "/place/statistics"),
        (Role::Administrator, "/place/statistics"),
    ] {
        let reply = house.post("/sign-in", None, &form(role.as_str(), PASSWORD, ""));
        assert_eq!(reply.header("location"), first, "{role}");
    }
}

#[test]
fn a_wrong_password_says_so_and_keeps_the_name() {
    let house = House::new();
    let reply = house.post("/sign-in", None, &form("hub-lead", "wrong", ""));
    let text = reply.text();
    assert!(
        text.contains("<title>Error: Sign in – Almoner</title>"),
        "{text}"
    );
    assert!(text.contains("<a href=\"#username\">The user name or the password is not right"));
    assert!(text.contains("value=\"hub-lead\""));
    assert!(!text.contains("wrong"), "the password is not sent back");
    assert_eq!(reply.header("set-cookie"), "");
    let same = house
        .post("/sign-in", None, &form("nobody-here", "wrong", ""))
        .text();
    assert_eq!(
        same.replace("nobody-here", "hub-lead"),
        text,
        "names cannot be found out"
    );
}

#[test]
fn many_wrong_tries_have_to_wait() {
    let house = House::new();
    for _ in 0..8 {
        house.post("/sign-in", None, &form("finance", "wrong", ""));
    }
    let reply = house.post("/sign-in", None, &form("finance", PASSWORD, ""));
    assert_eq!(reply.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(reply.text().contains("Wait 5 minutes and try again"));
    house
        .place
        .clock
        .advance(jiff::SignedDuration::from_mins(6));
    let reply = house.post("/sign-in", None, &form("finance", PASSWORD, ""));
    assert_eq!(reply.status, StatusCode::SEE_OTHER);
}

#[test]
fn signing_out_ends_the_session() {
    let house = House::new();
    let token = house.enter(Role::HubLead);
    let reply = house.submit("/sign-out", &token, "");
    assert_eq!(reply.header("location"), "/sign-in");
    assert!(reply.header("set-cookie").contains("Max-Age=0"));
    assert_eq!(
        house.get("/inbox", Some(&token)).status,
        StatusCode::SEE_OTHER
    );
}

#[test]
fn a_demonstration_says_so_and_shows_its_sign_ins() {
    let account = DemoAccount {
        username: "hub-lead".to_owned(),
        role: "Hub lead".to_owned(),
        password: "made up".to_owned(),
    };
    let banner = "This is a demonstration. Every person here is made up.";
    let demo = House::with(Config {
        demo: true,
        demo_accounts: vec![account],
        https: true,
    });
    let page = demo.get("/sign-in", None).text();
    assert!(page.contains(banner));
    assert!(page.contains("<code>hub-lead</code>") && page.contains("<code>made up</code>"));
    let reply = demo.post("/sign-in", None, &form("hub-lead", PASSWORD, ""));
    assert!(
        reply.header("set-cookie").contains("; Secure"),
        "over https"
    );
    assert!(!reply.header("strict-transport-security").is_empty());
    assert!(!House::new().get("/sign-in", None).text().contains(banner));
}

#[test]
fn a_form_sent_after_the_session_ended_leads_back_to_its_page() {
    let house = House::new();
    let form = format!("/flow/stay/{}/edit/next", house.place.app.ids().stay());
    let reply = house.post(&form, None, "next_action=x");
    let back = reply.header("location").replace("%2F", "/");
    assert_eq!(back, format!("/sign-in?next={form}"));
    let reply = house.post("/sign-out", None, "");
    assert_eq!(
        reply.header("location"),
        "/sign-in",
        "signing out has no page to go back to"
    );
}
