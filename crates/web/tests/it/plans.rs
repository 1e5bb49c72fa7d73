//! A care and support plan and a meeting, on their pages.

use crate::house::{House, Reply};
use access::Role;
use axum::http::StatusCode;
use kernel::{NhsNumber, PersonId};
use person::Person;

fn somebody(house: &House) -> PersonId {
    let app = &house.place.app;
    let person = Person {
        nhs_number: NhsNumber::synthetic(41),
        family_name: "Harding".to_owned(),
        given_name: "Septimus".to_owned(),
        birth_date: Some(jiff::civil::date(1938, 4, 3)),
        ..Person::unknown(app.ids().person())
    };
    let insert = |tx: &mut dyn store::Tx| store::person::insert(tx, &person, app.now());
    app.store().write(insert).unwrap();
    house.place.tie(person.id);
    person.id
}

fn location(reply: &Reply) -> String {
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
    reply.header("location").to_owned()
}

fn has(text: &str, words: &[&str]) {
    for word in words {
        assert!(text.contains(word), "{word}\n{text}");
    }
}

const PLAN: &str = "version=0&goal-0-words=I+want+to+play+the+cello&goal-0-measure=Once+a+week&\
     action-0-what=Tune+it&action-0-who=My+son&action-0-by=6+11+2018&action-0-status=planned&\
     action-0-confidence=8&week-0-day=Monday&week-0-at=8:30am&week-0-minutes=30&\
     week-0-what=Help+to+wash&contingency=Ring+my+daughter&telecare=no&telecare-words=Not+wanted&\
     equipment=yes&equipment-words=A+chair&budget=142.50&coordinator=Jane+Grantly&\
     verdict=undetermined&without_why=He+needs+it+now&review_on-day=27&review_on-month=10&review_on-year=2018";

#[test]
fn a_plan_is_written_agreed_printed_and_easy_to_read() {
    let house = House::new();
    let id = somebody(&house);
    let worker = house.enter(Role::Practitioner);
    let base = format!("/person/{id}/plan");
    has(
        &house.get(&base, Some(&worker)).text(),
        &["There is no plan yet."],
    );
    let wrong = house.submit(
        &format!("{base}/edit"),
        &worker,
        "version=0&action-0-by=soon&budget=x",
    );
    has(
        &wrong.text(),
        &[
            "There is a problem",
            "“soon” is no day",
            "in pounds, such as 142.50",
        ],
    );
    let empty = house.submit(
        &format!("{base}/edit"),
        &worker,
        "version=0&goal-0-words=To+sing",
    );
    has(
        &empty.text(),
        &[
            "Each goal needs a measure",
            "value=\"To sing\"",
            "Say whether it is used",
        ],
    );
    location(&house.submit(&format!("{base}/edit"), &worker, PLAN));
    let page = house.get(&base, Some(&worker)).text();
    has(
        &page,
        &[
            "Review in 11 days.",
            "I want to play the cello. Reached when: Once a week.",
            "Tune it (My son), by 6 November 2018: planned. Confidence 8 of 10",
            "Monday: 8:30am Help to wash, 30 minutes",
            "Tuesday: nothing",
            "Telecare: no. Not wanted",
            "Undetermined",
            "£142.50 a week",
            "Not agreed yet.",
        ],
    );
    let stale = house.submit(&format!("{base}/edit"), &worker, PLAN);
    has(
        &stale.text(),
        &[
            "version 1 of the plan stands now",
            "I want to play the cello",
        ],
    );
    let print = house.get(&format!("{base}/print"), Some(&worker)).text();
    has(&print, &["HARDING, Septimus", "Signed by the person"]);
    location(&house.submit(
        &base,
        &worker,
        "version=1&agreed_by=Septimus&agreed_how=Signed+it",
    ));
    let easy = house.get(&format!("{base}?easy=yes"), Some(&worker)).text();
    has(
        &easy,
        &[
            "We will know when: Once a week.",
            "Agreed on 16 October 2018 by Septimus: Signed it.",
        ],
    );
    assert!(!easy.contains("Is it agreed?"));
}

/// Whoever signs in here is chosen by their account: the plan bears their name, and theirs is what
/// they find first. A name that was typed beside it does not stand.
#[test]
fn a_plan_is_co_ordinated_by_somebody_who_signs_in_here() {
    let house = House::new();
    let id = somebody(&house);
    let worker = house.enter(Role::Practitioner);
    let edit = format!("/person/{id}/plan/edit");
    let colleague = house.place.actor(Role::Practitioner);
    let account = colleague.account.unwrap();
    let form = house.get(&edit, Some(&worker)).text();
    has(
        &form,
        &[
            "Who co-ordinates the plan?",
            &format!("value=\"{account}\""),
        ],
    );
    // Somebody who may make no plans, and somebody who is not here, are not taken.
    let analyst = house.place.actor(Role::Analyst).account.unwrap();
    assert!(!form.contains(&analyst.to_string()));
    for wrong in [analyst.to_string(), id.to_string()] {
        let reply = house.submit(
            &edit,
            &worker,
            &format!("{PLAN}&coordinator_account={wrong}"),
        );
        has(
            &reply.text(),
            &["Choose somebody who signs in here, or write the name below"],
        );
    }
    location(&house.submit(
        &edit,
        &worker,
        &format!("{PLAN}&coordinator_account={account}"),
    ));
    let page = house
        .get(&format!("/person/{id}/plan"), Some(&worker))
        .text();
    has(&page, &["Co-ordinator", &colleague.display_name]);
    assert!(!page.contains("Jane Grantly"), "{page}");
    let again = house.get(&edit, Some(&worker)).text();
    has(&again, &[&format!("value=\"{account}\" selected")]);
    let mine = house.get("/person/find", Some(&worker)).text();
    has(&mine, &["HARDING, Septimus", "Plan co-ordinated by you."]);
    // Named again by hand: the account is gone, and with it the line.
    let by_hand = PLAN.replace("version=0", "version=1");
    location(&house.submit(&edit, &worker, &by_hand));
    let mine = house.get("/person/find", Some(&worker)).text();
    assert!(!mine.contains("co-ordinated by you"), "{mine}");
}

#[test]
fn a_meeting_is_opened_decided_and_printed() {
    let house = House::new();
    let id = somebody(&house);
    let worker = house.enter(Role::Practitioner);
    location(&house.submit(&format!("/person/{id}/plan/edit"), &worker, PLAN));
    let agenda = house.get("/meetings", Some(&worker)).text();
    has(
        &agenda,
        &[
            "The next agenda: 1 person",
            "HARDING, Septimus",
            "Review in 11 days.",
        ],
    );
    let meeting = location(&house.submit("/meetings", &worker, "name=Tuesday&present=All"));
    let wrong = house.submit(
        &meeting,
        &worker,
        "do=decide&item=1&decision=&what-0=Ring&owner-0=&due-0=",
    );
    has(
        &wrong.text(),
        &[
            "Say what was decided",
            "Each action needs what, who",
            "value=\"Ring\"",
        ],
    );
    let decided =
        "do=decide&item=1&decision=Review+at+home&what-0=Visit&owner-0=Jane&due-0=20+10+2018";
    location(&house.submit(&meeting, &worker, decided));
    let page = house.get(&meeting, Some(&worker)).text();
    has(
        &page,
        &[
            "1 of 1 spoken of.",
            "Review at home",
            "Jane: Visit, by 20 October 2018",
            "To be done",
        ],
    );
    location(&house.submit(&meeting, &worker, "do=done&item=1&action=1"));
    let plan = house
        .get(&format!("/person/{id}/plan"), Some(&worker))
        .text();
    has(
        &plan,
        &[
            "From team meetings",
            "Tuesday, 16 October 2018: Review at home",
            "20 October 2018 (done)",
        ],
    );
    location(&house.submit(&meeting, &worker, "do=close"));
    let minutes = house.get(&format!("{meeting}/print"), Some(&worker)).text();
    has(
        &minutes,
        &[
            "Minutes: Tuesday",
            "Present: All.",
            "Visit, by 20 October 2018 (Done)",
        ],
    );
    let other = house.enter(Role::HubLead);
    assert_eq!(
        house.get(&meeting, Some(&other)).status,
        StatusCode::NOT_FOUND
    );
}
