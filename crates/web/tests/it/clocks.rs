//! Services, cases with a time limit and returns, through their forms.

use crate::house::{House, Reply};
use access::Role;
use axum::http::StatusCode;
use kernel::{NhsNumber, PersonId};
use person::Person;

fn house() -> (House, PersonId) {
    let house = House::new();
    house
        .place
        .clock
        .set("2026-05-20T09:30:00Z".parse().unwrap());
    let app = &house.place.app;
    let person = Person {
        nhs_number: NhsNumber::synthetic(7),
        family_name: "Harding".to_owned(),
        given_name: "Eleanor".to_owned(),
        birth_date: Some("1940-05-05".parse().unwrap()),
        ..Person::unknown(app.ids().person())
    };
    let put = |tx: &mut dyn store::Tx| store::person::insert(tx, &person, app.now());
    app.store().write(put).unwrap();
    house.place.tie(person.id);
    (house, person.id)
}

/// Where a form that was taken leads.
fn on_to(reply: &Reply) -> String {
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
    reply.header("location").to_owned()
}

#[test]
fn a_case_is_started_extended_and_closed_on_its_pages() {
    let (house, person) = house();
    let token = house.enter(Role::Practitioner);
    let new = format!("/person/{person}/cases/new");
    let faulty = house.submit(&new, &token, "kind=&owner=").text();
    for said in [
        "Choose what kind of case it is",
        "Choose whose it is",
        "Enter the day",
    ] {
        assert!(faulty.contains(said), "{said}");
    }
    let form = format!(
        "kind=deprivation+of+liberty%2C+urgent&owner={}&professional=Mark+Robarts\
         &opened_on-day=18&opened_on-month=5&opened_on-year=2026",
        house.place.council
    );
    let list = on_to(&house.submit(&new, &token, &form));
    let text = house.get(&list, Some(&token)).text();
    assert!(text.contains("By the end of 24 May 2026"), "{text}");
    let at = text.find("/flow/case/").unwrap();
    let case = &text[at..at + "/flow/case/".len() + 36];
    let refused = house
        .submit(case, &token, "what=extend&version=1&extend_why=")
        .text();
    assert!(refused.contains("Say why, in a few words"));
    let saved = house.submit(case, &token, "what=extend&version=1&extend_why=Late");
    assert_eq!(on_to(&saved), format!("{case}?saved=1"));
    let text = house.get(case, Some(&token)).text();
    assert!(text.contains("By the end of 31 May 2026"), "{text}");
    let stale = house.submit(case, &token, "what=close&version=1&close_why=Home");
    assert!(
        stale.text().contains("extended is now 2026-05-20"),
        "{}",
        stale.text()
    );
    let form = "what=close&version=2&close_why=Home&outcome=ended+without+one";
    on_to(&house.submit(case, &token, form));
    let text = house.get("/flow/clocks", Some(&token)).text();
    assert!(text.contains("No case is open."), "{text}");
    let stranger = house.get(case, Some(&house.enter(Role::Analyst)));
    assert_eq!(stranger.status, StatusCode::FORBIDDEN);
}

#[test]
fn a_service_is_written_down_and_two_editors_are_told() {
    let (house, person) = house();
    let token = house.enter(Role::Practitioner);
    let new = format!("/person/{person}/services/new");
    let faulty = house.submit(&new, &token, "visits=many").text();
    for said in [
        "Choose what service it is",
        "Enter the first day",
        "from 0 to 200",
    ] {
        assert!(faulty.contains(said), "{said}");
    }
    let form = "kind=Short+Term+Support%3A+ST-Max&starts_on-day=1&starts_on-month=5\
                &starts_on-year=2026&visits=14&minutes=45";
    let to = on_to(&house.submit(&new, &token, form));
    let page = to.split('?').next().unwrap().to_owned();
    let text = house.get(&page, Some(&token)).text();
    for said in [
        "6 free weeks, to 11 June 2026",
        "22 days left",
        "14 visits a week",
    ] {
        assert!(text.contains(said), "{said} in {text}");
    }
    on_to(&house.submit(&format!("{page}/goal"), &token, "version=1&goal=Make+tea"));
    let edit = format!("{page}/edit");
    let stale = house.submit(&edit, &token, &format!("version=1&{form}&why=Why"));
    assert!(
        stale.text().contains("goal is now Make tea"),
        "{}",
        stale.text()
    );
    let ended = "&ends_on-day=19&ends_on-month=5&ends_on-year=2026";
    on_to(&house.submit(&edit, &token, &format!("version=2&{form}{ended}")));
    assert!(
        house
            .get(&page, Some(&token))
            .text()
            .contains("Known from 27 May 2026")
    );
    assert_eq!(house.place.app.store().read(store::verify).unwrap(), []);
}

#[test]
fn a_return_is_shown_frozen_and_its_cells_open_for_those_allowed() {
    let (house, _) = house();
    let (hub, analyst) = (house.enter(Role::HubLead), house.enter(Role::Analyst));
    assert!(
        house
            .get("/flow/returns", Some(&analyst))
            .text()
            .contains("2025-26")
    );
    let wrong = house
        .get("/flow/returns/sitrep?period=May", Some(&hub))
        .text();
    assert!(wrong.contains("Enter a day such as 2026-05-12"), "{wrong}");
    assert_eq!(
        house.get("/flow/returns/none", Some(&hub)).status,
        StatusCode::NOT_FOUND
    );
    let worked = house
        .get("/flow/returns/ascof?period=2025-26", Some(&hub))
        .text();
    assert!(
        worked.contains("These figures are to work with"),
        "{worked}"
    );
    assert!(!worked.contains("Freeze as sent"));
    let page = house
        .get("/flow/returns/ascof?period=2025-26", Some(&analyst))
        .text();
    let at = page.find("name=\"hash\" value=\"").unwrap() + 19;
    let form = format!(
        "period=2025-26&purpose=official+return&hash={}",
        &page[at..at + 64]
    );
    let stale = house.submit("/flow/returns/ascof", &analyst, "period=2025-26&hash=0");
    assert!(
        stale.text().contains("a record that is counted"),
        "{}",
        stale.text()
    );
    let to = on_to(&house.submit("/flow/returns/ascof", &analyst, &form));
    let sent = house.get(&to, Some(&analyst)).text();
    assert!(sent.contains("This is the first version."), "{sent}");
    assert_eq!(house.get(&to, Some(&hub)).status, StatusCode::NOT_FOUND);
    let again = on_to(&house.submit("/flow/returns/ascof", &analyst, &form));
    assert!(again.ends_with("saved=same"), "{again}");
}
