//! Forms on their pages: with and without scripts, an answer at a time, two at once, signing.

use crate::flow::words;
use crate::house::{House, Reply, request};
use access::Role;
use axum::body::Body;
use axum::http::StatusCode;
use jiff::civil::date;
use kernel::{NhsNumber, PersonId};
use person::{Gender, Person};

pub fn mary(house: &House) -> PersonId {
    let app = &house.place.app;
    let person = Person {
        nhs_number: NhsNumber::synthetic(1),
        family_name: "Bold".to_owned(),
        given_name: "Mary".to_owned(),
        birth_date: Some(date(1938, 4, 3)),
        gender: Gender::Female,
        postcode: "ZZ1 4AB".to_owned(),
        ..Person::unknown(app.ids().person())
    };
    let now = app.now();
    let insert = |tx: &mut dyn store::Tx| store::person::insert(tx, &person, now);
    app.store().write(insert).unwrap();
    house.place.tie(person.id);
    person.id
}

/// Begins a form and gives the address of its list.
fn begin(house: &House, token: &str, person: PersonId, form: &str) -> String {
    let reply = house.submit(
        &format!("/person/{person}/forms"),
        token,
        &format!("form={form}"),
    );
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
    reply.header("location").to_owned()
}

/// The word of a page.
fn page_word(text: &str) -> String {
    let (_, rest) = text.split_once("name=\"page\" value=\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

fn json(reply: &Reply) -> serde_json::Value {
    serde_json::from_slice(&reply.bytes).unwrap()
}

#[test]
fn a_form_is_filled_in_without_scripts() {
    let house = House::new();
    let token = house.enter(Role::Practitioner);
    let person = mary(&house);
    let list = begin(&house, &token, person, "initial-screening");
    let text = house.get(&list, Some(&token)).text();
    assert_eq!(text.matches("Not yet started").count(), 3);
    let first = house
        .get(&format!("{list}/section/first"), Some(&token))
        .text();
    assert!(
        first.contains("BOLD, Mary: Initial screening"),
        "{}",
        words(&first)
    );
    assert!(first.contains("data-most=\"2000\""));
    // Once looked at it is incomplete, and the others are not yet started.
    let text = house.get(&list, Some(&token)).text();
    assert_eq!(text.matches("Not yet started").count(), 2);
    assert!(text.contains(">Incomplete<"));
    let page = page_word(&first);
    let form =
        format!("page={page}&q-what=Fell.%0D%0A%0D%0ATwice&q-since=&q-important=Cat&complete=yes");
    let reply = house.submit(&format!("{list}/section/first"), &token, &form);
    assert_eq!(reply.header("location"), format!("{list}/section/now"));
    let text = house.get(&list, Some(&token)).text();
    assert!(text.contains("nhsuk-task-list__status--completed\" id=\"task-1-status\">Completed"));
    let check = house.get(&format!("{list}/check"), Some(&token)).text();
    assert!(check.contains("Fell.\n\nTwice"), "new lines are kept");
    assert!(check.contains("Not answered"), "looked at and left");
    assert!(
        check.contains("Not looked at yet"),
        "and not looked at at all"
    );
    // Signing too early names what is missing.
    let early = house.submit(&format!("{list}/check"), &token, "").text();
    assert!(early.contains("Error: Check the answers"));
    assert!(early.contains("Answer “Are they safe until somebody comes?”"));
    let page = page_word(
        &house
            .get(&format!("{list}/section/now"), Some(&token))
            .text(),
    );
    let form = format!(
        "page={page}&q-safe=no&q-unsafe-done=Neighbour+stays&q-safeguarding=no&q-eats=yes&q-moves=yes&complete=yes"
    );
    house.submit(&format!("{list}/section/now"), &token, &form);
    let page = page_word(
        &house
            .get(&format!("{list}/section/afterwards"), Some(&token))
            .text(),
    );
    let form = format!("page={page}&q-next=equipment&q-next=assessment&complete=yes");
    let reply = house.submit(&format!("{list}/section/afterwards"), &token, &form);
    assert_eq!(reply.header("location"), format!("{list}/check"));
    let reply = house.submit(&format!("{list}/check"), &token, "");
    assert_eq!(
        reply.header("location"),
        format!("{list}/check?done=signed")
    );
    let read = house
        .get(&format!("{list}/check?done=signed"), Some(&token))
        .text();
    insta::assert_snapshot!(words(&read));
    let print = house.get(&format!("{list}/print"), Some(&token)).text();
    assert!(print.contains("NHS number 999 "));
    // On her record it can be read.
    let record = house
        .get(&format!("/person/{person}/timeline"), Some(&token))
        .text();
    assert!(record.contains("Initial screening"));
}

#[test]
fn each_answer_is_saved_by_a_small_post() {
    let house = House::new();
    let (worker, lead) = (house.enter(Role::Practitioner), house.enter(Role::HubLead));
    let person = mary(&house);
    let list = begin(&house, &worker, person, "reablement-goals");
    let answer = format!("{list}/answer");
    let saved = |token: &str, form: &str| house.submit(&answer, token, form);
    let reply = saved(
        &worker,
        "link=before&q-before=Walked+to+the+shop&number=0&page=a",
    );
    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(json(&reply)["state"], "saved");
    assert_eq!(json(&reply)["number"], 1);
    // A day in its three boxes, and one that cannot be read.
    let day = "link=first-visit&q-first-visit-day=16&q-first-visit-month=10&q-first-visit-year=2018&number=0&page=a";
    assert_eq!(json(&saved(&worker, day))["state"], "saved");
    let wrong = json(&saved(&worker, &day.replace("=10", "=13")));
    assert_eq!(wrong["state"], "wrong");
    assert_eq!(
        wrong["text"],
        "The day must be a real day, such as 6 8 2026"
    );
    // Two at once: the second is told, with what the first wrote.
    let reply = saved(&lead, "link=before&q-before=Nothing&number=0&page=b");
    assert_eq!(reply.status, StatusCode::CONFLICT);
    let told = json(&reply);
    assert_eq!(told["state"], "changed");
    assert_eq!(told["theirs"], "Walked to the shop");
    assert_eq!(told["who"], "Practitioner Harding");
    // The same without scripts: beside the field, and the next press saves it.
    let section = format!("{list}/section/start");
    let typed = "page=c&q-before=Nothing&number-before=0&q-now=Sits";
    let page = house.submit(&section, &lead, typed).text();
    assert!(
        page.contains("Practitioner Harding changed this answer at 10:30am"),
        "{}",
        words(&page)
    );
    assert!(page.contains("Nothing"), "what was typed is still there");
    assert!(page.contains("name=\"number-before\" value=\"1\""));
    let reply = house.submit(&section, &lead, &typed.replace("before=0", "before=1"));
    assert_eq!(reply.status, StatusCode::SEE_OTHER);
    let check = house.get(&format!("{list}/check"), Some(&worker)).text();
    assert!(
        check.contains("Answers that somebody wrote over") && check.contains("Walked to the shop")
    );
}

#[test]
fn somebody_signed_out_comes_back_to_the_same_field() {
    let house = House::new();
    let worker = house.enter(Role::Practitioner);
    let person = mary(&house);
    let list = begin(&house, &worker, person, "initial-screening");
    let sent = request("POST", &format!("{list}/answer"), None)
        .header("hx-request", "true")
        .body(Body::from("link=what&q-what=x"))
        .unwrap();
    assert_eq!(
        house.send(sent).status,
        StatusCode::UNAUTHORIZED,
        "the script is told"
    );
    let next = format!("{list}/section/first%23q-what").replace('/', "%2F");
    let page = house.get(&format!("/sign-in?next={next}"), None).text();
    assert!(page.contains(&format!("value=\"{list}/section/first#q-what\"")));
    let form = format!("username=practitioner&password=barchester+towers&next={next}");
    let reply = house.post("/sign-in", None, &form);
    assert_eq!(
        reply.header("location"),
        format!("{list}/section/first#q-what")
    );
}

#[test]
fn what_depends_on_an_answer_says_so_and_another_section_waits() {
    let house = House::new();
    let worker = house.enter(Role::Practitioner);
    let person = mary(&house);
    let list = begin(&house, &worker, person, "trusted-assessment");
    let page = house
        .get(&format!("{list}/section/what-for"), Some(&worker))
        .text();
    assert!(page.contains("data-when=\"purpose!=entry-care-home\""));
    assert!(page.contains(
        "Only if “What is this assessment for?” is answered with not “Going into a care home”:"
    ));
    assert_eq!(
        house
            .get(&format!("{list}/section/none"), Some(&worker))
            .status,
        StatusCode::NOT_FOUND
    );
}

#[test]
fn the_page_of_all_answers_tells_eligibility_and_assumes_nothing() {
    let house = House::new();
    let worker = house.enter(Role::Practitioner);
    let person = mary(&house);
    let list = begin(&house, &worker, person, "needs-assessment");
    let check = house.get(&format!("{list}/check"), Some(&worker)).text();
    assert!(check.contains("Undetermined: not enough is recorded to say. Nothing is assumed."));
    assert!(check.contains("SI 2015/313"));
}

/// Answers every question of a needs assessment.
fn answer_all(house: &House, worker: &str, list: &str) {
    let mut answers = vec![
        ("present".to_owned(), "Septimus"),
        ("difficulty".to_owned(), "none"),
        ("important".to_owned(), "The cello"),
        ("impairment".to_owned(), "no"),
        ("impact".to_owned(), "no"),
        ("safeguarding".to_owned(), "no"),
    ];
    for outcome in flow::eligibility::adult::Outcome::ALL {
        let link = format!("outcome-{}", outcome.as_str().replace('_', "-"));
        answers.push((link, "able"));
    }
    for (link, value) in answers {
        let body = format!("link={link}&q-{link}={value}&page=p&number=0");
        let reply = house.submit(&format!("{list}/answer"), worker, &body);
        assert_eq!(json(&reply)["state"], "saved", "{link}: {}", reply.text());
    }
}

#[test]
fn whoever_signs_is_asked_whether_an_open_case_ends() {
    let house = House::new();
    let worker = house.enter(Role::Practitioner);
    let person = mary(&house);
    let actor = house.place.actor(Role::Practitioner);
    let new = app::flow::clocks::NewCase {
        kind: flow::clocks::CaseKind::NeedsAssessment,
        owner: house.place.council,
        professional: "",
        opened_at: house.place.app.now(),
        urgent_until: None,
    };
    let case = house.place.app.start_case(&actor, person, &new).unwrap();
    let list = begin(&house, &worker, person, "needs-assessment");
    let check = format!("{list}/check");
    let page = house.get(&check, Some(&worker)).text();
    let asked = "Does this assessment end the case: needs assessment of Barsetshire County Council, \
                 opened on 16 October 2018?";
    assert!(page.contains(asked), "{}", words(&page));
    answer_all(&house, &worker, &list);
    let faults = house.submit(&check, &worker, "").text();
    assert!(
        faults.contains(&format!("href=\"#ends-{case}\"")),
        "{faults}"
    );
    assert!(faults.contains("Say whether this assessment ends the case"));
    let reply = house.submit(&check, &worker, &format!("ends-{case}=yes"));
    assert_eq!(reply.header("location"), format!("{check}?done=signed"));
    let closed = house.get(&format!("/flow/case/{case}"), Some(&worker));
    let closed = words(&closed.text());
    assert!(closed.to_lowercase().contains("assessed"), "{closed}");
}

#[test]
fn an_agreement_is_made_on_its_page() {
    let house = House::new();
    let lead = house.enter(Role::HubLead);
    let faults = house.submit("/flow/agreements/new", &lead, "").text();
    assert!(faults.contains("Error: A new agreement"));
    let form = format!(
        "assessor={}&acceptor={}&purpose=entry-care-home&competencies=Shadowing&indemnity=The+trust\
         &starts_on-day=1&starts_on-month=10&starts_on-year=2018\
         &review_on-day=1&review_on-month=10&review_on-year=2019",
        house.place.trust, house.place.provider
    );
    let reply = house.submit("/flow/agreements/new", &lead, &form);
    assert_eq!(
        reply.status,
        StatusCode::SEE_OTHER,
        "{}",
        words(&reply.text())
    );
    let page = reply.header("location").to_owned();
    let address = page.split('?').next().unwrap().to_owned();
    let failed = "do=failed&version=1&failed_on-day=15&failed_on-month=10&failed_on-year=2018\
                  &what=No+hoist&learnt=Ask+first";
    assert_eq!(
        house.submit(&address, &lead, failed).status,
        StatusCode::SEE_OTHER
    );
    insta::assert_snapshot!("agreement", words(&house.get(&address, Some(&lead)).text()));
    let provider = house.enter(Role::Provider);
    let all = house.get("/flow/agreements", Some(&provider)).text();
    assert!(all.contains("Ullathorne House accepts assessments by Barsetshire Hospitals Trust"));
    assert!(!all.contains("Add an agreement"));
}

#[test]
fn a_form_that_is_not_needed_is_given_up_with_a_reason() {
    let house = House::new();
    let worker = house.enter(Role::Practitioner);
    let person = mary(&house);
    let list = begin(&house, &worker, person, "reablement-goals");
    let faults = house
        .submit(&format!("{list}/give-up"), &worker, "why=+")
        .text();
    assert!(
        faults.contains("Say why, in a few words"),
        "{}",
        words(&faults)
    );
    let reply = house.submit(
        &format!("{list}/give-up"),
        &worker,
        "why=She+went+to+her+sister",
    );
    assert_eq!(reply.header("location"), format!("{list}/check"));
    let read = house.get(&format!("{list}/check"), Some(&worker)).text();
    assert!(read.contains(
        "Given up on 16 October 2018 at 10:30am by Practitioner Harding: She went to her sister."
    ));
    let late = house.submit(
        &format!("{list}/answer"),
        &worker,
        "link=now&q-now=x&page=p&number=0",
    );
    assert_eq!(json(&late)["state"], "closed");
}
