//! The inbox page over real arrivals.

use crate::house::House;
use access::{Actor, Role};
use axum::http::StatusCode;
use store::inbox::InboxKind;

#[test]
fn what_arrived_is_listed_told_and_read_again() {
    let house = House::new();
    let report = house
        .place
        .app
        .take_in(
            &Actor::operator(),
            InboxKind::Adw,
            "notice<1>.xml",
            b"this is no message",
        )
        .unwrap();
    let id = report.arrival.id;
    let administrator = house.enter(Role::Administrator);

    let list = house.get("/inbox", Some(&administrator)).text();
    assert!(list.contains("notice&#60;1&#62;.xml"), "names are escaped");
    assert!(list.contains(&format!("/inbox/{id}")));
    assert!(list.contains("Care Act notice"));
    let none = house
        .get("/inbox?state=accepted", Some(&administrator))
        .text();
    assert!(!none.contains("notice&#60;1"), "filtered by state");

    let page = house
        .get(&format!("/inbox/{id}"), Some(&administrator))
        .text();
    assert!(page.contains("Read it again"));
    let retried = house.submit(&format!("/inbox/{id}/retry"), &administrator, "");
    assert_eq!(retried.status, StatusCode::SEE_OTHER);
    let page = house
        .get(retried.header("location"), Some(&administrator))
        .text();
    assert!(page.contains("It has been read again"));

    let lead = house.enter(Role::HubLead);
    let page = house.get(&format!("/inbox/{id}"), Some(&lead)).text();
    assert!(
        !page.contains("Read it again"),
        "not offered to those who may not"
    );
}
