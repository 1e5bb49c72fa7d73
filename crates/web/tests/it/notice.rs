//! A notice written, looked at, sent, answered and printed.

use crate::flow::in_hospital;
use crate::house::House;
use access::Role;
use axum::http::StatusCode;

const FORM: &str = "kind=assessment&version=1&day-day=19&day-month=10&day-year=2018&consulted=yes&\
carer=not-known&consent=yes&continuing=yes&continuing_result=Not+eligible&liaison=Jane+Grantly&\
telephone=01632+960001";

#[test]
fn a_notice_is_written_sent_and_answered() {
    let house = House::new();
    let stay = in_hospital(&house, 1, "Jones");
    let lead = house.enter(Role::HubLead);
    let base = format!("/flow/stay/{stay}/notices");
    let page = house.get(&base, Some(&lead)).text();
    for words in [
        "Schedule 3 to the Care Act 2014 applies today",
        "Write an assessment notice",
        "Give an assessment notice first: none is in force.",
    ] {
        assert!(page.contains(words), "{words}");
    }
    let form = house
        .get(&format!("{base}?write=assessment"), Some(&lead))
        .text();
    assert!(form.contains("Was NHS continuing healthcare considered?"));
    let faults = house
        .submit(&base, &lead, "kind=assessment&version=1&do=preview")
        .text();
    assert!(faults.contains("Error: ") && faults.contains("Say whether the person consents"));
    let preview = house
        .submit(&base, &lead, &format!("{FORM}&do=preview"))
        .text();
    for words in [
        "Nothing is sent yet",
        "Barsetshire County Council (E10000099)",
        "It counts as given on Tuesday 16 October 2018.",
        "Check: it is not confirmed until what hour a notice counts as given that day",
        "name=\"continuing_result\" value=\"Not eligible\"",
    ] {
        assert!(preview.contains(words), "{words}: {preview}");
    }
    let sent = house.submit(&base, &lead, &format!("{FORM}&do=send"));
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
    let stay_page = house.get(&format!("/flow/stay/{stay}"), Some(&lead)).text();
    let at = stay_page.find("/notice/").expect("a notice in full");
    let start = stay_page[..at].rfind('"').unwrap() + 1;
    let address = stay_page[start..].split('"').next().unwrap();
    let one = house.get(address, Some(&lead)).text();
    for words in [
        "It waits to be handed over.",
        "Written here by",
        "Jane Grantly, 01632 960001",
    ] {
        assert!(one.contains(words), "{words}");
    }
    // The council answers on the same page.
    let council = house.enter(Role::Practitioner);
    let page = house.get(&base, Some(&council)).text();
    assert!(page.contains("Accept the assessment notice"));
    assert!(!page.contains("Write a discharge notice"));
    let accept = "kind=assessment+accept&version=1&do=preview";
    let shown = house.submit(&base, &council, accept).text();
    assert!(shown.contains("Nothing is sent yet"), "{shown}");
}

#[test]
fn the_page_says_that_the_law_has_no_notices_today() {
    let house = House::new();
    let stay = in_hospital(&house, 1, "Jones");
    house
        .place
        .clock
        .advance(jiff::SignedDuration::from_hours(24 * 1826));
    let lead = house.enter(Role::HubLead);
    let page = house
        .get(
            &format!("/flow/stay/{stay}/notices?write=assessment"),
            Some(&lead),
        )
        .text();
    for words in [
        "The law has no such notices today",
        "So no notice is written here.",
        "No notices have been sent or received.",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(!page.contains("See what would be sent"));
}
