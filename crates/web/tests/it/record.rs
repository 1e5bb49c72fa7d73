//! A person's summary, timeline and lines as pages.

use crate::flow::words;
use crate::house::House;
use access::{Actor, Role};
use jiff::SignedDuration;
use kernel::{NhsNumber, PersonId};
use store::about_me::Said;
use store::inbox::InboxKind;
use store::wish::Restriction;

/// Eleanor, with the record of `testkit::RECORD` and some words of her own.
fn eleanor(house: &House) -> PersonId {
    let place = &house.place;
    let operator = Actor::operator();
    let bytes = testkit::RECORD.as_bytes();
    place
        .app
        .take_in(&operator, InboxKind::Fhir, "record.json", bytes)
        .unwrap();
    let number = NhsNumber::parse("9990000018").unwrap();
    let store = place.app.store();
    let found = store.read(|tx| store::person::by_nhs_number(tx, number));
    let id = found.unwrap()[0].id;
    place.tie(id);
    let said = Said {
        person: id,
        heading: "important".to_owned(),
        words: "My piano.\nMy cat <b>Meg</b>.".to_owned(),
        written_at: place.app.now() - SignedDuration::from_hours(24 * 40),
        written_by: "Eleanor Bold".to_owned(),
        helped_by: "my daughter Mary".to_owned(),
    };
    store.write(|tx| store::about_me::add(tx, &said)).unwrap();
    id
}

/// Ids are different at each run of some tests; here they are taken out by their words.
fn read(house: &House, token: &str, path: &str) -> String {
    let reply = house.get(path, Some(token));
    assert_eq!(reply.status, 200, "{path}");
    words(&reply.text())
}

/// Addresses of the links on a page that begin so.
fn links(page: &str, begin: &str) -> Vec<String> {
    page.split("href=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .filter(|href| href.starts_with(begin))
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_record_reads_as_it_should() {
    let house = House::new();
    let id = eleanor(&house);
    let token = house.enter(Role::HubLead);
    let path = format!("/person/{id}");
    insta::assert_snapshot!("record", read(&house, &token, &path));
    insta::assert_snapshot!(
        "timeline",
        read(&house, &token, &format!("{path}/timeline"))
    );
    let page = house.get(&path, Some(&token)).text();
    let lines = links(&page, "/person/line/");
    let allergy = lines.iter().find(|href| {
        let page = house.get(href, Some(&token)).text();
        page.contains("Penicillin")
    });
    insta::assert_snapshot!("line", read(&house, &token, allergy.unwrap()));
}

#[test]
fn every_entry_leads_to_what_its_source_says_and_html_is_never_run() {
    let house = House::new();
    let id = eleanor(&house);
    let token = house.enter(Role::HubLead);
    let page = house.get(&format!("/person/{id}"), Some(&token)).text();
    assert!(
        page.contains("My cat &#60;b&#62;Meg&#60;/b&#62;."),
        "own words are words"
    );
    let lines = links(&page, "/person/line/");
    assert!(lines.len() > 12, "{lines:?}");
    for href in lines {
        let line = house.get(&href, Some(&token));
        assert_eq!(line.status, 200, "{href}");
        let text = line.text();
        assert!(text.contains("What its source says"), "{href}");
        assert!(!text.contains("<b>swollen face</b>"), "{href}");
    }
}

#[test]
fn where_nothing_is_recorded_that_is_said_and_never_that_there_is_nothing() {
    let house = House::new();
    let id = eleanor(&house);
    let token = house.enter(Role::HubLead);
    let path = format!("/person/{id}");
    let with = read(&house, &token, &path);
    assert!(!with.contains("Nothing recorded here."), "{with}");
    let clear = |tx: &mut dyn store::Tx| {
        tx.execute(
            "DELETE FROM timeline WHERE kind = 'AllergyIntolerance'",
            &[],
        )
        .map(|_| ())
    };
    house.place.app.store().write(clear).unwrap();
    let without = read(&house, &token, &path);
    assert!(
        without.contains("Allergies\nNothing recorded here. That does not mean there is none."),
        "{without}"
    );
    let lower = without.to_lowercase();
    for said in ["no allergies", "no known", "none known"] {
        assert!(!lower.contains(said), "{said}");
    }
    // And with the statement that none is known, that statement with its date and source.
    let none = testkit::RECORD
        .replace(
            "\"text\": \"Penicillin\"}",
            "\"text\": \"No known drug allergy\"}",
        )
        .replace("\"id\": \"penicillin\"", "\"id\": \"none-known\"");
    let report = house.place.app.take_in(
        &Actor::operator(),
        InboxKind::Fhir,
        "later.json",
        none.as_bytes(),
    );
    report.unwrap();
    let said = read(&house, &token, &path);
    assert!(
        said.contains("Allergies\nNo known drug allergy\nNHS\n"),
        "{said}"
    );
    assert!(
        said.contains("Dated 11 June 2001, 17 years ago. Source: Dr Arabin"),
        "{said}"
    );
}

#[test]
fn sources_that_do_not_agree_are_both_shown() {
    let house = House::new();
    let id = eleanor(&house);
    let none = testkit::RECORD
        .replace("\"text\": \"Latex\"}", "\"text\": \"No known allergies\"}")
        .replace("\"id\": \"latex\"", "\"id\": \"none-known\"")
        .replace("refuted", "confirmed");
    let operator = Actor::operator();
    house
        .place
        .app
        .take_in(&operator, InboxKind::Fhir, "later.json", none.as_bytes())
        .unwrap();
    let token = house.enter(Role::HubLead);
    let page = read(&house, &token, &format!("/person/{id}"));
    let part = page.split("Allergies\n").nth(1).unwrap();
    let part = part.split("Medicines\n").next().unwrap();
    for words in [
        "The sources do not agree",
        "Penicillin",
        "No known allergies",
    ] {
        assert!(part.contains(words), "{words}: {part}");
    }
}

#[test]
fn what_has_come_is_marked_counted_and_shown_alone() {
    let house = House::new();
    let id = eleanor(&house);
    let token = house.enter(Role::HubLead);
    let path = format!("/person/{id}");
    assert!(read(&house, &token, &path).contains("You have not looked at this record before."));
    house.place.clock.advance(SignedDuration::from_hours(3));
    assert!(
        read(&house, &token, &path)
            .contains("Nothing new since you last looked, today at 10:30am.")
    );
    house.place.clock.advance(SignedDuration::from_mins(1));
    let newer = testkit::RECORD.replace("Tiotropium 18 microgram inhaler", "Umeclidinium inhaler");
    let operator = Actor::operator();
    house
        .place
        .app
        .take_in(&operator, InboxKind::Fhir, "later.json", newer.as_bytes())
        .unwrap();
    house.place.clock.advance(SignedDuration::from_hours(3));
    let page = house.get(&path, Some(&token)).text();
    assert!(page.contains("1 line new since you last looked, today at 1:30pm."));
    let alone = format!("{path}/timeline?new=1");
    assert!(page.contains(&format!("href=\"{alone}\"")));
    let alone = read(&house, &token, &alone);
    assert!(
        alone.contains("Showing: new since you last looked"),
        "{alone}"
    );
    assert!(alone.contains("Umeclidinium inhaler"), "{alone}");
    assert!(
        !alone.contains("Chronic obstructive lung disease"),
        "{alone}"
    );
}

#[test]
fn an_address_that_is_protected_is_on_no_page_of_the_record() {
    let house = House::new();
    let id = eleanor(&house);
    let restriction = Restriction {
        id: house.place.app.ids().restriction(),
        person: id,
        whole: false,
        why: "Lives at a refuge".to_owned(),
        made_at: house.place.app.now(),
        made_by: "test".to_owned(),
        ended: None,
    };
    let restrict = |tx: &mut dyn store::Tx| store::wish::restrict(tx, &restriction);
    house.place.app.store().write(restrict).unwrap();
    let token = house.enter(Role::HubLead);
    let path = format!("/person/{id}");
    let mut pages = vec![path.clone(), format!("{path}/timeline")];
    let timeline = house.get(&pages[1], Some(&token)).text();
    pages.extend(links(&timeline, "/person/line/"));
    assert!(pages.len() > 14);
    for page in pages {
        let text = house.get(&page, Some(&token)).text();
        for kept in ["Hiram", "960001", "ZZ1 4AB"] {
            assert!(!text.contains(kept), "{kept} on {page}");
        }
    }
}
