//! The hub board, a stay, and changing it.

use crate::house::{House, Reply, request};
use ::flow::{CareType, DestinationState, Pathway, Stay};
use access::Role;
use axum::body::Body;
use axum::http::StatusCode;
use jiff::civil::date;
use kernel::{NhsNumber, StayId};
use person::{Gender, Person};
use store::flow::StayRow;

/// A person in hospital, ready since 8 October 2018. It is 16 October.
pub(crate) fn in_hospital(house: &House, serial: u32, family: &str) -> StayId {
    let app = &house.place.app;
    let person = Person {
        id: app.ids().person(),
        nhs_number: NhsNumber::synthetic(serial),
        family_name: family.to_owned(),
        given_name: "Arthur".to_owned(),
        birth_date: Some(date(1938, 4, 3)),
        gender: Gender::Male,
        address: "1 High Street".to_owned(),
        postcode: "BZ1 4AB".to_owned(),
        telephone: String::new(),
        council: Some(house.place.council),
        practice_code: None,
        died_on: None,
        flags: vec!["carer".to_owned()],
    };
    let row = StayRow {
        stay: Stay {
            id: app.ids().stay(),
            person: person.id,
            hospital: house.place.hospital,
            ward: "Allington ward".to_owned(),
            bed: "7".to_owned(),
            council: Some(house.place.council),
            care_type: CareType::NonAcute,
            admitted_on: date(2018, 9, 20),
            admission_method: None,
            expected_on: None,
            clinical_ready_on: None,
            mdt_ready_on: None,
            safe_on: None,
            ready_on: Some(date(2018, 10, 8)),
            discharged_on: None,
            discharge_method: None,
            discharge_destination: None,
            pathway: Pathway::new(1),
            segments: Vec::new(),
        },
        source: "test".to_owned(),
        source_key: Some(serial.to_string()),
        assessed_on: None,
        destination: String::new(),
        destination_state: DestinationState::NotSought,
        starts_on: None,
        next_action: "Ring the <daughter>".to_owned(),
        next_owner: Some(house.place.council),
        next_owner_name: "Jane Grantly".to_owned(),
        next_due_at: Some("2018-10-16T06:30:00Z".parse().unwrap()),
        updated_at: app.now(),
        updated_by: "Test".to_owned(),
        version: 1,
    };
    app.store()
        .write(|tx| {
            store::person::insert(tx, &person, app.now())?;
            store::flow::insert_stay(tx, &row)?;
            app.follow_stay(tx, (&row).into())?;
            app.follow_chain(tx, &row)
        })
        .unwrap();
    row.stay.id
}

fn reason(day: u8, code: &str, extra: &str) -> String {
    format!(
        "version=1&reason=dtoc%3A{code}&responsible=nhs&from-day={day}&from-month=10&from-year=2018{extra}"
    )
}

/// The address behind the first "Correct" link.
fn correct_link(page: &str) -> String {
    let at = page
        .find("/delay/")
        .expect("a reason that can be corrected");
    let start = page[..at].rfind('"').unwrap() + 1;
    page[start..].split('"').next().unwrap().to_owned()
}

fn follow(house: &House, token: &str, reply: &Reply) -> String {
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
    house.get(reply.header("location"), Some(token)).text()
}

#[test]
fn the_board_says_who_waits_for_what_and_whose_move_it_is() {
    let house = House::new();
    let stay = in_hospital(&house, 1, "Jones");
    let token = house.enter(Role::HubLead);
    let page = house.get("/flow/board", Some(&token)).text();
    for words in [
        "JONES, Arthur",
        "999 000 001",
        "80 years",
        "Carer",
        "Barchester Royal Infirmary",
        "Allington ward, bed 7",
        "26 days in hospital",
        "21 days or more",
        "8 October 2018",
        "8 days past it",
        "1: Home with support",
        "No reason recorded",
        "Ring the &#60;daughter&#62;",
        "Jane Grantly, Barsetshire County Council",
        "Due today at 7:30am",
        "Overdue by 3 hours",
        "Not decided yet",
        "1 person in hospital. 1 ready to leave. 1 action overdue.",
        "Updated at 10:30am.",
    ] {
        assert!(page.contains(words), "{words}");
    }
    assert!(page.contains(&format!("href=\"/flow/stay/{stay}\"")));
    assert_eq!(
        house.get("/", Some(&token)).status,
        StatusCode::OK,
        "the first page is the board"
    );
}

#[test]
fn filters_work_as_a_plain_form_and_stay_in_the_address() {
    let house = House::new();
    in_hospital(&house, 1, "Jones");
    let token = house.enter(Role::HubLead);
    let here = format!(
        "/flow/board?hospital={}&pathway=1&ready=yes",
        house.place.hospital
    );
    let page = house.get(&here, Some(&token)).text();
    assert!(page.contains("JONES"));
    assert!(page.contains("Showing: Barchester Royal Infirmary, 1: Home with support, Ready."));
    assert!(
        page.contains("hx-get=\"/flow/board?hospital="),
        "the rows renew with the same filters"
    );
    let none = house.get("/flow/board?pathway=3", Some(&token)).text();
    assert!(!none.contains("JONES") && none.contains("Nobody to show here."));
    assert!(none.contains("0 of 1 person in hospital shown."));
    let odd = house.get(
        "/flow/board?hospital=x&pathway=9&page=-3&order=zz",
        Some(&token),
    );
    assert_eq!(
        odd.status,
        StatusCode::OK,
        "what cannot be read is no filter"
    );
}

#[test]
fn only_the_rows_and_the_status_are_renewed() {
    let house = House::new();
    in_hospital(&house, 1, "Jones");
    let token = house.enter(Role::HubLead);
    let part = request("GET", "/flow/board", Some(&token)).header("hx-request", "true");
    let text = house.send(part.body(Body::empty()).unwrap()).text();
    assert!(text.contains("JONES") && text.contains("Updated at 10:30am."));
    assert!(text.contains("hx-swap-oob"));
    assert!(!text.contains("<html"), "no whole page");
    let ended = request("GET", "/flow/board", None).header("hx-request", "true");
    let reply = house.send(ended.body(Body::empty()).unwrap());
    assert_eq!(reply.status, StatusCode::UNAUTHORIZED);
    assert_eq!(reply.header("hx-redirect"), "/sign-in?next=%2Fflow%2Fboard");
}

#[test]
fn a_corrected_reason_keeps_the_old_one() {
    let house = House::new();
    let stay = in_hospital(&house, 1, "Jones");
    let token = house.enter(Role::HubLead);
    let edit = format!("/flow/stay/{stay}/edit/reason");
    let page = house.get(&edit, Some(&token)).text();
    assert!(page.contains("Which organisation has the next move?"));
    assert!(
        page.contains("name=\"from-day\" type=\"text\" value=\"8\""),
        "from the ready date"
    );
    let saved = follow(
        &house,
        &token,
        &house.submit(&edit, &token, &reason(8, "C", "")),
    );
    assert!(saved.contains("Saved") && saved.contains("Further NHS care"));

    let link = correct_link(&saved);
    let form = "version=2&reason=dtoc%3AA&responsible=nhs&starts_on-day=8&starts_on-month=10&starts_on-year=2018";
    let without = house.submit(&link, &token, form).text();
    assert!(
        without.contains("<title>Error: Correct a reason for waiting"),
        "{without}"
    );
    assert!(without.contains("<a href=\"#why\">Say why it is corrected</a>"));
    assert!(
        without.contains("value=\"dtoc:A\" selected"),
        "what was chosen is kept"
    );
    assert!(without.contains("name=\"version\" value=\"2\""));

    let corrected = house.submit(&link, &token, &format!("{form}&why=It+was+the+wrong+code"));
    let page = follow(&house, &token, &corrected);
    assert!(
        page.contains("Assessment to be completed"),
        "the new reason"
    );
    assert!(page.contains("Further NHS care"), "the old reason stays");
    assert!(page.contains("Corrected") && page.contains("It was the wrong code"));
    assert!(page.contains("Hub lead Harding"), "who did it");
    let gone = house.get(&link, Some(&token));
    assert_eq!(
        gone.status,
        StatusCode::NOT_FOUND,
        "a corrected reason is not corrected again"
    );
}

#[test]
fn someone_elses_change_is_not_lost() {
    let house = House::new();
    let stay = in_hospital(&house, 1, "Jones");
    let lead = house.enter(Role::HubLead);
    let nurse = house.enter(Role::Practitioner);
    let edit = format!("/flow/stay/{stay}/edit/bed");
    follow(
        &house,
        &nurse,
        &house.submit(&edit, &nurse, "version=1&ward=Crosbie+ward&bed=2"),
    );
    let reply = house.submit(&edit, &lead, "version=1&ward=Allington+ward&bed=9");
    assert_eq!(reply.status, StatusCode::CONFLICT);
    let page = reply.text();
    for words in [
        "Someone else changed this first",
        "Practitioner Harding",
        "Crosbie ward",
        "was not saved",
        "What you typed",
        "Allington ward",
    ] {
        assert!(page.contains(words), "{words}");
    }
    assert!(page.contains(&format!("href=\"/flow/stay/{stay}\"")));
    let now = house.get(&format!("/flow/stay/{stay}"), Some(&lead)).text();
    assert!(now.contains("Crosbie ward, bed 2"));
}

#[test]
fn the_next_action_has_an_owner_and_a_time() {
    let house = House::new();
    let stay = in_hospital(&house, 1, "Jones");
    let token = house.enter(Role::HubLead);
    let edit = format!("/flow/stay/{stay}/edit/next");
    let page = house.get(&edit, Some(&token)).text();
    assert!(
        page.contains("Ring the &#60;daughter&#62;</textarea>"),
        "what stands is filled in"
    );
    assert!(page.contains("value=\"7:30am\""));
    let form = "version=1&next_action=Order+the+bed%0D%0Aand+the+hoist&next_owner_name=Ward+team&due=tomorrow&due_time=9am";
    let page = follow(&house, &token, &house.submit(&edit, &token, form));
    assert!(page.contains("Order the bed"));
    assert!(page.contains("Due tomorrow at 9am"));
    assert!(
        page.contains("Next action due"),
        "the change is in the history"
    );
    let wrong = "version=2&next_action=x&due=other&due_time=9";
    let page = house.submit(&edit, &token, wrong).text();
    assert!(page.contains("<a href=\"#due_on-day\">Enter the day it is due</a>"));
    assert!(page.contains("<a href=\"#due_time\">Enter a time, such as 9am or 2:30pm</a>"));
}

#[test]
fn every_form_can_be_opened_and_a_date_that_breaks_a_rule_is_told() {
    let house = House::new();
    let stay = in_hospital(&house, 1, "Jones");
    let token = house.enter(Role::HubLead);
    for what in [
        "reason",
        "clinical",
        "team",
        "safe",
        "ready",
        "expected",
        "assessed",
        "next",
        "pathway",
        "bed",
        "council",
        "destination",
        "discharge",
        "undo-discharge",
    ] {
        let reply = house.get(&format!("/flow/stay/{stay}/edit/{what}"), Some(&token));
        assert_eq!(reply.status, StatusCode::OK, "{what}");
        assert!(
            reply.text().contains("name=\"version\" value=\"1\""),
            "{what}"
        );
    }
    let unknown = house.get(&format!("/flow/stay/{stay}/edit/soul"), Some(&token));
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    let edit = format!("/flow/stay/{stay}/edit/ready");
    let form = "version=1&ready_on-day=1&ready_on-month=9&ready_on-year=2018&why=typing+error";
    let page = house.submit(&edit, &token, form).text();
    assert!(page.contains("<title>Error: "), "before admission");
    assert!(page.contains("<a href=\"#ready_on-day\">"), "{page}");
}

#[test]
fn leaving_takes_the_person_off_the_board_and_can_be_undone() {
    let house = House::new();
    let stay = in_hospital(&house, 1, "Jones");
    let token = house.enter(Role::HubLead);
    let edit = format!("/flow/stay/{stay}/edit/discharge");
    let policy = house.place.app.policy();
    let today = house.place.app.today();
    let method = policy
        .discharge_methods
        .on(today)
        .next()
        .unwrap()
        .code
        .clone();
    let went = policy
        .discharge_destinations
        .on(today)
        .next()
        .unwrap()
        .code
        .clone();
    let form = format!(
        "version=1&discharged_on-day=16&discharged_on-month=10&discharged_on-year=2018&discharge_method={method}&discharge_destination={went}"
    );
    let page = follow(&house, &token, &house.submit(&edit, &token, &form));
    assert!(page.contains("Left hospital on 16 October 2018."));
    assert!(
        !house
            .get("/flow/board", Some(&token))
            .text()
            .contains("JONES")
    );
    let undo = format!("/flow/stay/{stay}/edit/undo-discharge");
    let page = follow(
        &house,
        &token,
        &house.submit(&undo, &token, "version=2&why=Wrong+person"),
    );
    assert!(page.contains("Ready to leave since 8 October 2018, 8 days ago."));
    assert!(page.contains("Wrong person"));
}

/// The words of a page's content, a line each, as somebody reads them.
pub fn words(page: &str) -> String {
    let start = page.find("<main").unwrap();
    let end = page.find("</main>").unwrap();
    let mut text = String::new();
    let mut rest = &page[start..end];
    while let Some(open) = rest.find('<') {
        text.push_str(&rest[..open]);
        text.push('\n');
        rest = &rest[rest[open..].find('>').unwrap() + open + 1..];
    }
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    lines.join("\n")
}

#[test]
fn the_pages_read_as_they_should() {
    let house = House::new();
    let stay = in_hospital(&house, 1, "Jones");
    let token = house.enter(Role::HubLead);
    let edit = format!("/flow/stay/{stay}/edit/reason");
    follow(
        &house,
        &token,
        &house.submit(&edit, &token, &reason(8, "C", "&why=Told+at+the+huddle")),
    );
    let board = house.get("/flow/board", Some(&token)).text();
    insta::assert_snapshot!("board", words(&board));
    let page = house
        .get(&format!("/flow/stay/{stay}"), Some(&token))
        .text();
    insta::assert_snapshot!("stay", words(&page));
}

/// The address of the first link that starts so.
fn link(page: &str, start: &str) -> String {
    let at = page.find(&format!("href=\"{start}")).expect("a link");
    page[at + 6..].split('"').next().unwrap().to_owned()
}

#[test]
fn a_step_is_offered_and_answered_on_screen() {
    let house = House::new();
    let stay = in_hospital(&house, 1, "Jones");
    let lead = house.enter(Role::HubLead);
    let page = house.get(&format!("/flow/stay/{stay}"), Some(&lead)).text();
    let step = link(&page, "/flow/step/");
    let form = house.get(&step, Some(&lead)).text();
    assert!(form.contains("Ask another organisation to take it"));
    let nobody = house
        .submit(&step, &lead, "what=offer&version=1&to=")
        .text();
    assert!(nobody.contains("Choose an organisation"));
    let offer = format!(
        "what=offer&version=1&to={}&note=She+lives+alone",
        house.place.council
    );
    let page = follow(&house, &lead, &house.submit(&step, &lead, &offer));
    assert!(page.contains("Saved") && page.contains("until they accept"));
    let social_worker = house.enter(Role::Practitioner);
    let work = house.get("/flow/work", Some(&social_worker)).text();
    let answer = link(&work, "/flow/handover/");
    let page = house.get(&answer, Some(&social_worker)).text();
    assert!(page.contains("She lives alone"));
    let silent = house.submit(&answer, &social_worker, "answer=decline&why=");
    assert!(silent.text().contains("Say why"));
    let no = "answer=decline&why=No+assessor+until+Monday";
    let page = follow(
        &house,
        &social_worker,
        &house.submit(&answer, &social_worker, no),
    );
    assert!(page.contains("Offer declined by"));
    let again = house.get(&answer, Some(&social_worker)).text();
    assert!(again.contains("It was declined by"));
}

#[test]
fn a_huddle_goes_through_the_board_and_writes_its_minutes() {
    let house = House::new();
    in_hospital(&house, 1, "Jones");
    in_hospital(&house, 2, "Bold");
    let lead = house.enter(Role::HubLead);
    let begun = house.submit("/flow/huddle", &lead, "hospital=&who=all");
    let first = follow(&house, &lead, &begun);
    assert!(first.contains("Case 1 of 2"));
    let huddle = begun.header("location").to_owned();
    let nothing = house.submit(&huddle, &lead, "number=1&version=1&action=");
    assert!(nothing.text().contains("Write what was agreed"));
    let agreed = "number=1&version=1&action=Ring+the+son&due=today&due_time=2pm";
    let second = follow(&house, &lead, &house.submit(&huddle, &lead, agreed));
    assert!(second.contains("Case 2 of 2"));
    let skip = "number=2&version=1&skip=yes";
    let back = house.submit(&huddle, &lead, skip);
    let minutes = format!("{huddle}/minutes");
    assert_eq!(back.status, StatusCode::SEE_OTHER);
    house.submit(&format!("{huddle}/end"), &lead, "present=Ann");
    let page = house.get(&minutes, Some(&lead)).text();
    for wanted in [
        "Agreed: Ring the son",
        "Left for another time",
        "There: Ann.",
    ] {
        assert!(page.contains(wanted), "{wanted}");
    }
    let board = house.get("/flow/board", Some(&lead)).text();
    assert!(board.contains("Ring the son"));
}

#[test]
fn the_set_of_steps_is_switched_with_a_reason() {
    let house = House::new();
    in_hospital(&house, 1, "Jones");
    let lead = house.enter(Role::HubLead);
    let page = house.submit("/flow/steps", &lead, "set=&when=&why=").text();
    for wanted in ["Choose a set of steps", "Choose from when", "Say why"] {
        assert!(page.contains(wanted), "{wanted}");
    }
    let past = "set=stay:surge&when=later&from-day=1&from-month=10&from-year=2018&why=Winter";
    let page = house.submit("/flow/steps", &lead, past).text();
    assert!(page.contains("Give a time that is not past"));
    let switch = "set=stay:surge&when=move&why=Winter";
    let page = follow(&house, &lead, &house.submit("/flow/steps", &lead, switch));
    assert!(page.contains("1 open case moved") && page.contains("Why: Winter"));
    let worker = house.enter(Role::Practitioner);
    let page = house.get("/flow/steps", Some(&worker)).text();
    assert!(!page.contains("Switch the steps"));
}

#[test]
fn an_open_board_is_renewed_only_when_something_is_new() {
    let house = House::new();
    let stay = in_hospital(&house, 1, "Jones");
    let lead = house.enter(Role::HubLead);
    let part = |address: &str| {
        let asked = request("GET", address, Some(&lead)).header("hx-request", "true");
        house.send(asked.body(Body::empty()).unwrap())
    };
    let page = house.get("/flow/board", Some(&lead)).text();
    let poll = |page: &str| {
        let at = page.find("hx-get=\"").unwrap() + 8;
        page[at..]
            .split('"')
            .next()
            .unwrap()
            .replace("&amp;", "&")
            .replace("&#38;", "&")
    };
    let address = poll(&page);
    let looks = |house: &House| {
        let read = |tx: &mut dyn store::Tx| store::journal::head(tx);
        house.place.app.store().read(read).unwrap()
    };
    let before = looks(&house);
    assert_eq!(part(&address).status, StatusCode::NO_CONTENT);
    assert_eq!(looks(&house), before, "nothing new is no look");
    let edit = format!("/flow/stay/{stay}/edit/bed");
    follow(
        &house,
        &lead,
        &house.submit(&edit, &lead, "version=1&ward=Framley+ward&bed=9"),
    );
    let renewed = part(&address);
    assert_eq!(renewed.status, StatusCode::OK);
    assert!(renewed.text().contains("Framley ward, bed 9"));
    assert_ne!(poll(&renewed.text()), address);
}
