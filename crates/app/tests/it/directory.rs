//! The directory of services and the register of organisations: loading, finding, changing.

use access::{Actor, Role};
use app::inbox::Report;
use app::{App, Error};
use jiff::civil::date;
use kernel::NhsNumber;
use person::{Gender, Person};
use place::opening::State;
use place::search::Query;
use place::service::{Serves, Typed};
use store::inbox::{InboxKind, InboxState};
use store::{organisation, register, relationship};
use testkit::{Place, place};

const HEADINGS: &str =
    "source,key,name,what,needs,areas,referral,checked_on,telephone,hours,organisation_code";

fn line(key: &str, name: &str, needs: &str, areas: &str, checked: &str, hours: &str) -> String {
    format!("list,{key},{name},Helps.,{needs},{areas},self,{checked},01632 960 001,{hours},\n")
}

/// Three services, as a file.
fn services() -> String {
    [
        format!("{HEADINGS}\n"),
        line(
            "1",
            "Falls Clinic",
            "falls",
            "ZZ1",
            "2018-10-01",
            "Mon-Fri 9am-5pm",
        ),
        line(
            "2",
            "Night Line",
            "alarms; falls",
            "",
            "2018-10-01",
            "every day 24 hours",
        ),
        line("3", "Day Club", "company", "ZZ11", "2017-10-01", ""),
    ]
    .concat()
}

fn load(app: &App, kind: InboxKind, name: &str, text: &str) -> Report {
    app.take_in(&Actor::operator(), kind, name, text.as_bytes())
        .unwrap()
}

fn load_services(app: &App, text: &str) -> Report {
    load(app, InboxKind::Directory, "services.csv", text)
}

fn counts(report: &Report) -> (u64, u64, u64, u64) {
    let counts = report.arrival.counts;
    (
        counts.records,
        counts.accepted,
        counts.rejected,
        counts.repeated,
    )
}

fn names(app: &App, query: &Query) -> Vec<String> {
    let found = app.find_services(None, query, 1).unwrap();
    found
        .services
        .iter()
        .map(|one| one.kept.service.name.clone())
        .collect()
}

fn clean(app: &App) {
    assert_eq!(app.store().read(store::verify).unwrap(), []);
}

#[test]
fn good_lines_go_through_and_bad_ones_are_named() {
    let place = place();
    let text = services() + &line("4", "Bad Hours", "falls", "", "2018-10-01", "Mon 9-5");
    let report = load_services(&place.app, &text);
    assert_eq!(report.arrival.state, InboxState::Partly);
    assert_eq!(counts(&report), (4, 3, 1, 0));
    assert_eq!(report.issues[0].path, "line 5, column hours");
    assert_eq!(names(&place.app, &Query::default()).len(), 3);

    let again = load_services(&place.app, &text);
    assert_eq!(counts(&again), (4, 0, 1, 3));
    let whole = load_services(&place.app, &services());
    assert_eq!(whole.arrival.state, InboxState::Repeated);
    let nothing = load_services(&place.app, "name\nClub\n");
    assert_eq!(nothing.arrival.state, InboxState::Rejected);
    assert_eq!(nothing.issues[0].code, "heading-missing");
    // Read again, from the bytes that were kept, it ends the same.
    let retried = place
        .app
        .retry(&Actor::operator(), report.arrival.id)
        .unwrap();
    assert_eq!(counts(&retried), (4, 0, 1, 3));
    clean(&place.app);
}

#[test]
fn a_later_check_replaces_and_an_earlier_one_changes_nothing() {
    let place = place();
    let app = &place.app;
    load_services(app, &services());
    let head = format!("{HEADINGS}\n");
    let later = line(
        "1",
        "Falls Clinic and Gym",
        "falls",
        "ZZ1",
        "2018-10-10",
        "",
    );
    let report = load_services(app, &(head.clone() + &later));
    assert_eq!(counts(&report), (1, 1, 0, 0));
    let kept = app
        .store()
        .read(|tx| store::directory::by_source(tx, "list", "1"))
        .unwrap()
        .unwrap();
    assert_eq!(kept.version, 2);
    assert_eq!(kept.changed_what, "name, opening hours, day of checking");
    assert_eq!(kept.service.name, "Falls Clinic and Gym");

    let earlier = line("1", "Falls Clinic", "falls", "ZZ1", "2018-10-02", "");
    let report = load_services(app, &(head + &earlier));
    assert_eq!(counts(&report), (1, 0, 0, 1));
    assert_eq!(report.issues[0].code, "checked-since");
    assert_eq!(report.arrival.state, InboxState::Repeated);
    assert_eq!(
        app.store()
            .read(|tx| store::directory::by_id(tx, kept.id))
            .unwrap(),
        Some(kept)
    );
}

#[test]
fn services_are_found_by_need_words_where_and_when() {
    let place = place();
    let app = &place.app;
    load_services(app, &services());
    let query = |words: &str, area: &str| Query {
        words: words.to_owned(),
        area: area.to_owned(),
        ..Query::default()
    };
    assert_eq!(
        names(app, &query("she fell over", "")),
        ["Falls Clinic", "Night Line"]
    );
    assert_eq!(
        names(app, &query("", "ZZ11 1AA")),
        ["Day Club", "Night Line"]
    );
    // It is Tuesday 16 October 2018, 10:30 by the clock on the wall; then that evening.
    let open = |at: jiff::Timestamp| Query {
        need: "falls".to_owned(),
        open_at: Some(at),
        ..Query::default()
    };
    assert_eq!(names(app, &open(app.now())), ["Falls Clinic", "Night Line"]);
    let evening = app.now() + jiff::SignedDuration::from_hours(8);
    assert_eq!(names(app, &open(evening)), ["Night Line"]);

    let found = app.find_services(None, &query("", "ZZ11"), 1).unwrap();
    assert_eq!(found.total, 2);
    assert_eq!(found.services[0].serves, Serves::Yes);
    assert_eq!(found.services[0].state, State::NotSaid { holiday: None });
    assert!(found.services[0].old, "checked a year ago");
    assert!(!found.services[1].old);
    let past = app.find_services(None, &query("", ""), 99).unwrap();
    assert_eq!((past.total, past.services.len()), (3, 0));
    // Everyone may look, in every role.
    for role in Role::ALL {
        let actor = place.actor(*role);
        assert!(
            app.find_services(Some(&actor), &query("", ""), 1).is_ok(),
            "{role}"
        );
    }
}

fn typed() -> Typed {
    Typed {
        name: "Lunch Club".to_owned(),
        what: "Lunch in company.".to_owned(),
        needs: "meals".to_owned(),
        referral: "self".to_owned(),
        hours: "Tue 11:30am-2pm".to_owned(),
        telephone: "01632 960 009".to_owned(),
        ..Typed::default()
    }
}

#[test]
fn a_service_is_added_changed_and_checked_by_those_who_may() {
    let place = place();
    let app = &place.app;
    let lead = place.actor(Role::HubLead);
    let nurse = place.actor(Role::Practitioner);
    assert!(matches!(
        app.add_service(&nurse, &typed()),
        Err(Error::Denied(_))
    ));
    let id = app.add_service(&lead, &typed()).unwrap();
    let page = app.service(None, id).unwrap();
    assert!(!page.may_change && app.service(Some(&lead), id).unwrap().may_change);
    assert_eq!(page.kept.service.checked_on, app.today());
    assert_eq!(page.kept.service.checked_by, lead.display_name);

    let changed = Typed {
        hours: "Tue 11am-2pm".to_owned(),
        ..typed()
    };
    app.change_service(&lead, id, 1, &changed).unwrap();
    // Somebody who saw the version before is told who changed what, and nothing is lost.
    let admin = place.actor(Role::Administrator);
    match app.change_service(&admin, id, 1, &typed()) {
        Err(Error::Stale { who, what }) => {
            assert_eq!(
                (who, what.as_str()),
                (lead.display_name.clone(), "opening hours")
            );
        }
        other => panic!("{other:?}"),
    }
    assert!(matches!(
        app.check_service(&admin, id, 1),
        Err(Error::Stale { .. })
    ));
    place
        .clock
        .advance(jiff::SignedDuration::from_hours(24 * 200));
    assert!(app.service(None, id).unwrap().old);
    app.check_service(&admin, id, 2).unwrap();
    let page = app.service(None, id).unwrap();
    assert!(!page.old);
    assert_eq!(page.checked_days, 0);
    assert_eq!(page.kept.service.checked_by, admin.display_name);
    assert_eq!(page.kept.service.hours.to_string(), "Tue 11:00-14:00");

    let wrong = Typed {
        name: String::new(),
        hours: "Tue".to_owned(),
        ..typed()
    };
    match app.change_service(&admin, id, 3, &wrong) {
        Err(Error::Invalid(errors)) => {
            let fields: Vec<&str> = errors.iter().map(|error| error.field).collect();
            assert_eq!(fields, ["name", "hours"]);
        }
        other => panic!("{other:?}"),
    }
    let gone = app.ids().service();
    assert!(matches!(
        app.service(None, gone),
        Err(Error::NotFound("service"))
    ));
    // Each change has its row, with who and what.
    let actions: Vec<(String, String)> = app
        .store()
        .read(|tx| {
            let rows = tx.query(
                "SELECT action, detail FROM journal WHERE place = ?1 \
                 AND action LIKE '% a service' ORDER BY sequence",
                &["barsetshire".into()],
            )?;
            rows.iter()
                .map(|row| Ok((row.text(0)?.to_owned(), row.text(1)?.to_owned())))
                .collect::<Result<Vec<_>, store::Error>>()
        })
        .unwrap();
    let expected = [
        ("add a service", ""),
        ("change a service", "opening hours"),
        ("check a service", "day of checking"),
    ];
    assert_eq!(
        actions,
        expected.map(|(action, what)| (action.to_owned(), what.to_owned()))
    );
    clean(app);
}

/// A line of a list as the NHS publishes it.
fn listed(code: &str, name: &str, closed: &str) -> String {
    let mut cells = vec![""; 27];
    for (column, value) in [
        (1, code),
        (2, name),
        (5, "1 HIGH STREET"),
        (10, "ZZ1 1AA"),
        (11, "19740401"),
        (12, closed),
        (26, "4"),
    ] {
        cells[column - 1] = value;
    }
    let quoted: Vec<String> = cells.iter().map(|cell| format!("\"{cell}\"")).collect();
    quoted.join(",") + "\r\n"
}

fn person(place: &Place, number: u32, practice: &str) -> Person {
    let person = Person {
        id: place.app.ids().person(),
        nhs_number: NhsNumber::synthetic(number),
        family_name: "Harding".to_owned(),
        given_name: "Septimus".to_owned(),
        birth_date: Some(date(1941, 5, 2)),
        gender: Gender::Male,
        address: String::new(),
        postcode: "ZZ1 1AA".to_owned(),
        telephone: String::new(),
        council: None,
        practice_code: Some(practice.to_owned()),
        died_on: None,
        flags: Vec::new(),
    };
    let now = place.app.now();
    place
        .app
        .store()
        .write(|tx| store::person::insert(tx, &person, now))
        .unwrap();
    person
}

#[test]
fn organisations_are_listed_by_code_and_never_deleted() {
    let place = place();
    let app = &place.app;
    let first = listed("BARSETGP01", "CATHEDRAL CLOSE SURGERY", "")
        + &listed("BARSETGP02", "OLD MINSTER SURGERY", "")
        + &listed("B-1", "NO CODE", "");
    let before = app.store().read(organisation::all).unwrap().len();
    let report = load(app, InboxKind::Organisations, "epraccur.csv", &first);
    assert_eq!(counts(&report), (3, 2, 1, 0));
    assert_eq!(report.issues[0].path, "line 3, column 1");
    // A second list has one closed and leaves one out.
    let second = listed("BARSETGP02", "OLD MINSTER SURGERY", "20180331");
    let report = load(app, InboxKind::Organisations, "epraccur.csv", &second);
    assert_eq!(counts(&report), (1, 1, 0, 0));
    let of = |code: &str| {
        app.store()
            .read(|tx| register::by_code(tx, code))
            .unwrap()
            .unwrap()
    };
    assert!(!of("BARSETGP01").has_closed(app.today()));
    assert!(of("BARSETGP02").has_closed(app.today()));
    let again = load(app, InboxKind::Organisations, "epraccur.csv", &second);
    assert_eq!(again.arrival.state, InboxState::Repeated);
    let after = app.store().read(organisation::all).unwrap().len();
    assert_eq!(before, after, "nobody here has to do with them");

    // A service of a closed organisation says so; doctors are found near a postcode.
    let text = format!(
        "{HEADINGS}\nlist,1,Minster Clinic,Helps.,doctor,,self,2018-10-01,01632 960 001,,BARSETGP02\n"
    );
    load_services(app, &text);
    let query = Query {
        need: "doctor".to_owned(),
        area: "ZZ1 4AB".to_owned(),
        ..Query::default()
    };
    let found = app.find_services(None, &query, 1).unwrap();
    let near: Vec<&str> = found.listed.iter().map(|one| one.code.as_str()).collect();
    assert_eq!(near, ["BARSETGP01"], "what has closed is not offered");
    let page = app.service(None, found.services[0].kept.id).unwrap();
    assert_eq!(page.organisation_closed, Some(date(2018, 3, 31)));
    clean(app);
}

#[test]
fn a_practice_that_records_name_has_its_relationship_whichever_comes_first() {
    let place = place();
    let app = &place.app;
    let early = person(&place, 1, "BARSETGP01");
    let list = listed("BARSETGP01", "CATHEDRAL CLOSE SURGERY", "")
        + &listed("BARSETGP02", "OLD MINSTER SURGERY", "");
    load(app, InboxKind::Organisations, "epraccur.csv", &list);
    let late = person(&place, 2, "BARSETGP02");
    app.store()
        .write(|tx| app.follow_practice(tx, &late))
        .unwrap();
    for (person, code, name) in [
        (&early, "BARSETGP01", "Cathedral Close Surgery"),
        (&late, "BARSETGP02", "Old Minster Surgery"),
    ] {
        let (practice, ties) = app
            .store()
            .read(|tx| {
                let practice = organisation::by_code(tx, "practice", code)?.unwrap();
                let cause = format!("practice of {}", person.id);
                Ok::<_, store::Error>((practice, relationship::following(tx, &cause)?))
            })
            .unwrap();
        assert_eq!(practice.name, name);
        assert_eq!(ties.len(), 1);
        assert_eq!(ties[0].holder, practice.id.to_string());
    }
    clean(app);
}
