//! The directory of services on screen: for everybody to read, for some to change.

use crate::house::House;
use access::{Actor, Role};
use axum::http::StatusCode;
use kernel::ServiceId;
use store::inbox::InboxKind;

const SERVICES: &str = "\
source,key,name,organisation,what,needs,areas,how,who_for,referral,hours,hours_note,address,postcode,telephone,web,cost,checked_on,checked_by\n\
County list,1,Falls <Clinic>,St Ewold's Community Trust,\"Checks your balance & your medicines.\",falls; equipment,ZZ1; ZZ2,Call.,People over 65.,self; professional,\"Mon-Fri 9am-12:30pm, 1:30pm-5pm; bank holidays closed; 2018-12-24 9am-midday\",By appointment.,\"1 Close Lane, Barchester\",ZZ1 4AB,01632 960 001,https://falls.example,Free,2018-10-02,Sam Doyle\n\
County list,2,Crisis Line,,Answers at any time.,crisis,,,,self; carer; professional,every day 24 hours; bank holidays as usual,,,,01632 960 002,,,2018-10-15,\n\
County list,3,Day Club,,Company and tea.,company,East Barsetshire,,,self,,,The Hall,,,,,2017-10-01,\n";

fn with_services() -> House {
    let house = House::new();
    house
        .place
        .app
        .take_in(
            &Actor::operator(),
            InboxKind::Directory,
            "services.csv",
            SERVICES.as_bytes(),
        )
        .unwrap();
    house
}

fn id_of(house: &House, key: &str) -> ServiceId {
    house
        .place
        .app
        .store()
        .read(|tx| store::directory::by_source(tx, "County list", key))
        .unwrap()
        .unwrap()
        .id
}

/// The main part of a page, with ids that differ from run to run put away.
fn main_of(page: &str, house: &House) -> String {
    let start = page.find("<main").unwrap();
    let end = page.find("</main>").unwrap();
    let mut main = page[start..end].to_owned();
    for key in ["1", "2", "3"] {
        main = main.replace(&id_of(house, key).to_string(), &format!("[service {key}]"));
    }
    if let Some(at) = main.find("name=\"csrf\" value=\"") {
        main.replace_range(at + 19..at + 83, "[csrf]");
    }
    main
}

#[test]
fn anybody_may_find_a_service_and_nothing_of_it_is_kept() {
    let house = with_services();
    let rows = || {
        house
            .place
            .app
            .store()
            .read(store::journal::head)
            .unwrap()
            .0
    };
    let before = rows();
    let empty = house.get("/directory", None);
    assert_eq!(empty.status, StatusCode::OK);
    assert!(
        !empty.text().contains("id=\"results\""),
        "nothing was asked"
    );
    assert!(!empty.text().contains("Add a service"));
    let page = house
        .get("/directory?all=yes&words=fell+over&area=zz1+4ab", None)
        .text();
    assert!(page.contains("1 service found"));
    insta::assert_snapshot!("found", main_of(&page, &house));
    let shown = house
        .get(&format!("/directory/{}", id_of(&house, "1")), None)
        .text();
    insta::assert_snapshot!("service", main_of(&shown, &house));
    assert_eq!(rows(), before, "no row of what somebody looked for");
}

#[test]
fn what_is_found_says_where_when_and_how_old_it_is() {
    let house = with_services();
    let page = |query: &str| {
        house
            .get(&format!("/directory?all=yes&{query}"), None)
            .text()
    };
    // It is 10:30 on a Tuesday.
    let all = page("");
    assert!(all.contains("3 services found"));
    for words in [
        "Open now</strong> Closes at 12:30pm.",
        "Open now</strong> Day and night.",
        "Hours not known</strong> Call before you go.",
        "This entry has not been checked for a long time.",
        "Falls &#60;Clinic&#62;",
    ] {
        assert!(all.contains(words), "{words}");
    }
    let there = page("area=ZZ11");
    assert!(there.contains("It says it serves East Barsetshire. Ask if that includes you."));
    assert!(!there.contains("Falls &#60;"));
    let evening = page("when=2018-10-16&time=8pm");
    assert!(evening.contains("Open then</strong> Day and night."));
    assert!(!evening.contains("Falls &#60;"));
    let urgent = page("words=suicidal");
    assert!(urgent.contains("call 999") && urgent.contains("111"));
    assert!(!page("words=tea").contains("mental health option"));
    // Nobody here is a doctor, and the NHS lists one.
    let mut cells = [""; 27];
    for (column, value) in [
        (1, "BARSETGP01"),
        (2, "CLOSE SURGERY"),
        (5, "1 HIGH STREET"),
        (10, "ZZ1 1AA"),
        (26, "4"),
    ] {
        cells[column - 1] = value;
    }
    let list = cells.join(",");
    let (name, kind) = ("epraccur.csv", InboxKind::Organisations);
    let operator = Actor::operator();
    let report = house
        .place
        .app
        .take_in(&operator, kind, name, list.as_bytes());
    assert_eq!(report.unwrap().issues, []);
    let doctor = page("need=doctor&area=ZZ1+4AB");
    assert!(doctor.contains("Found nearby in the NHS list"));
    assert!(doctor.contains("Close Surgery") && doctor.contains("1 High Street, ZZ1 1AA"));
    assert!(!doctor.contains("Try other words"));
    let none = page("words=xyzzy");
    assert!(none.contains("No services were found"));
}

#[test]
fn a_search_that_cannot_be_read_says_what_to_do() {
    let house = House::new();
    for (query, words) in [
        ("when=2018-10-16", "Enter a time for the day you chose"),
        (
            "when=2018-10-16&time=9",
            "Enter a time, such as 9am or 2:30pm",
        ),
        ("when=soon", "Choose one of the days in the list"),
        ("need=flying", "Choose one of the needs in the list"),
    ] {
        let page = house.get(&format!("/directory?{query}"), None).text();
        assert!(page.contains("<title>Error: Find a service"), "{query}");
        assert!(page.contains(words), "{query}");
    }
    let long = "a".repeat(300);
    let page = house.get(&format!("/directory?words={long}"), None).text();
    assert!(page.contains("Use 200 characters or fewer"));
    for path in [
        "/directory/none",
        "/directory/01890a5d-ac96-774b-bcce-b302099a8057",
    ] {
        assert_eq!(
            house.get(path, None).status,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
}

const FORM: &str = "version=1&name=Lunch+Club&what=Lunch+%3Cand%3E+talk.&needs=meals&needs=company\
     &referral=self&referral=carer&hours=Tue+11:30am-2pm%0D%0Abank+holidays+closed\
     &telephone=01632+960+009&areas=ZZ11;+Silverbridge";

#[test]
fn a_service_is_added_changed_and_checked() {
    let house = with_services();
    let lead = house.enter(Role::HubLead);
    let new = house.get("/directory/new", Some(&lead)).text();
    assert!(new.contains("Everybody can read what is written here"));
    let wrong = house
        .submit("/directory/new", &lead, "name=&hours=Tue+9-5&web=x")
        .text();
    for words in [
        "<title>Error: Add a service",
        "href=\"#name\"",
        "href=\"#needs-1\"",
        "href=\"#referral-1\"",
        "href=\"#hours\"",
        "&#34;Tue 9-5&#34;: write times such as 9am",
        "Write a web address that starts with https://",
    ] {
        assert!(wrong.contains(words), "{words}");
    }

    let added = house.submit("/directory/new", &lead, FORM);
    assert_eq!(added.status, StatusCode::SEE_OTHER);
    let address = added.header("location").to_owned();
    let page = house.get(&address, Some(&lead)).text();
    for words in [
        "The service was saved",
        "Lunch &#60;and&#62; talk.",
        "Meals; Company and things to do",
        "You or a carer",
        "ZZ11; Silverbridge",
        "11:30am to 2pm",
        "Checked today, on 16 October 2018, by Hub lead Harding. From: Barsetshire Hospitals Trust.",
        "All of it is right today",
    ] {
        assert!(page.contains(words), "{words}");
    }
    let path = address.split('?').next().unwrap().to_owned();
    let form = house.get(&format!("{path}/edit"), Some(&lead)).text();
    assert!(form.contains("value=\"meals\" checked"));
    assert!(form.contains("Tue 11:30-14:00\nbank holidays closed"));

    let changed = FORM.replace("Tue+11", "Wed+11");
    let saved = house.submit(&format!("{path}/edit"), &lead, &changed);
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
    // Somebody else still has the first version open: they are told, and keep what they typed.
    let admin = house.enter(Role::Administrator);
    let stale = house.submit(&format!("{path}/edit"), &admin, FORM);
    assert_eq!(stale.status, StatusCode::CONFLICT);
    let text = stale.text();
    assert!(text.contains("Changed by: Hub lead Harding."));
    assert!(text.contains("What changed: opening hours."));
    assert!(text.contains("01632 960 009"), "what was typed");
    let stale = house.submit(&format!("{path}/checked"), &admin, "version=1");
    assert_eq!(stale.status, StatusCode::CONFLICT);
    let checked = house.submit(&format!("{path}/checked"), &admin, "version=2");
    assert!(checked.header("location").ends_with("done=checked"));

    // A last day in the past takes it out of what is found, and the page says so.
    let ended = format!("{changed}&ended_on-day=1&ended_on-month=10&ended_on-year=2018")
        .replace("version=1", "version=3");
    let saved = house.submit(&format!("{path}/edit"), &lead, &ended);
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text());
    assert!(
        house
            .get(&path, None)
            .text()
            .contains("This service ended on 1 October 2018.")
    );
    let found = |query: &str| {
        house
            .get(&format!("/directory?{query}"), Some(&lead))
            .text()
    };
    assert!(!found("words=lunch").contains("Lunch &#60;"));
    assert!(
        found("ended=yes").contains("Lunch &#60;"),
        "it can be taken up again"
    );
}

#[test]
fn the_form_is_drawn_with_its_groups() {
    let house = with_services();
    let lead = house.enter(Role::HubLead);
    let path = format!("/directory/{}/edit", id_of(&house, "1"));
    let page = house.get(&path, Some(&lead)).text();
    insta::assert_snapshot!("form", main_of(&page, &house));
}
