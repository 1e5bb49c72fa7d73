mod board;
mod chain;
mod clocks;
mod costs;
mod counted;
mod days;
mod figures;
mod huddle;
mod letter;
mod notice_write;
mod numbers;
mod returned;
mod returns;
mod services;

use access::{Actor, Role};
use app::Error;
use app::flow::{BoardFilter, DelayReason, Regime, StayChange};
use flow::chain::CaseKind;
use flow::ready::ReadyTest;
use flow::{CareType, DestinationState, Pathway, Responsible, Segment, Stay};
use jiff::SignedDuration;
use jiff::civil::{Date, date};
use kernel::{NhsNumber, OrganisationId, PersonId, StayId};
use person::{Gender, Person};
use store::flow::StayRow;
use testkit::Place;

/// The clock of a test place shows 16 October 2018.
fn october(day: i8) -> Date {
    date(2018, 10, day)
}

fn add_person(place: &Place, serial: u32, born: Option<Date>) -> PersonId {
    let person = Person {
        id: place.app.ids().person(),
        nhs_number: NhsNumber::synthetic(serial),
        family_name: format!("Bold{serial}"),
        given_name: "John".to_owned(),
        birth_date: born,
        gender: Gender::Male,
        address: String::new(),
        postcode: String::new(),
        telephone: String::new(),
        council: Some(place.council),
        practice_code: None,
        died_on: None,
        flags: vec!["carer".to_owned()],
    };
    place
        .app
        .store()
        .write(|tx| store::person::insert(tx, &person, place.app.now()))
        .unwrap();
    person.id
}

pub(crate) struct New {
    pub(crate) serial: u32,
    pub(crate) born: Option<Date>,
    pub(crate) council: Option<OrganisationId>,
    pub(crate) admitted: Date,
    /// Admission method code.
    pub(crate) how: &'static str,
    pub(crate) ready: Option<Date>,
    pub(crate) left: Option<Date>,
    pub(crate) segments: Vec<(Date, Option<Date>, &'static str, Responsible)>,
}

pub(crate) fn new(serial: u32, admitted: Date) -> New {
    New {
        serial,
        born: Some(date(1938, 4, 3)),
        council: None,
        admitted,
        how: "21",
        ready: None,
        left: None,
        segments: vec![],
    }
}

pub(crate) fn add_stay(place: &Place, new: &New) -> StayId {
    let person = add_person(place, new.serial, new.born);
    add_stay_of(place, person, new)
}

/// As [`add_stay`], of somebody who is here already.
pub(crate) fn add_stay_of(place: &Place, person: PersonId, new: &New) -> StayId {
    let ids = place.app.ids();
    let segments = new
        .segments
        .iter()
        .map(|(starts_on, ends_on, reason, responsible)| Segment {
            id: ids.segment(),
            starts_on: *starts_on,
            ends_on: *ends_on,
            code_set: "dtoc".to_owned(),
            reason: (*reason).to_owned(),
            responsible: *responsible,
            organisation: Some(place.council),
        });
    let row = StayRow {
        stay: Stay {
            id: ids.stay(),
            person,
            hospital: place.hospital,
            ward: if new.serial.is_multiple_of(2) {
                "Allington ward"
            } else {
                "Framley ward"
            }
            .to_owned(),
            bed: "4".to_owned(),
            council: new.council,
            care_type: CareType::Acute,
            admitted_on: new.admitted,
            admission_method: Some(new.how.to_owned()),
            expected_on: None,
            clinical_ready_on: None,
            mdt_ready_on: None,
            safe_on: None,
            ready_on: new.ready,
            discharged_on: new.left,
            discharge_method: new.left.map(|_| "1".to_owned()),
            discharge_destination: new.left.map(|_| "19".to_owned()),
            pathway: None,
            segments: segments.collect(),
        },
        source: "test".to_owned(),
        source_key: Some(new.serial.to_string()),
        assessed_on: None,
        destination: String::new(),
        destination_state: DestinationState::NotSought,
        starts_on: None,
        next_action: String::new(),
        next_owner: None,
        next_owner_name: String::new(),
        next_due_at: None,
        updated_at: place.app.now(),
        updated_by: "test".to_owned(),
        version: 1,
    };
    place
        .app
        .store()
        .write(|tx| {
            store::flow::insert_stay(tx, &row)?;
            for segment in &row.stay.segments {
                store::flow::insert_segment(tx, row.stay.id, segment, row.updated_at, "test")?;
            }
            place.app.follow_stay(tx, (&row).into())
        })
        .unwrap();
    row.stay.id
}

/// Key and state of each step of a case.
pub(crate) fn steps_of(place: &Place, kind: CaseKind, id: &str) -> Vec<(String, &'static str)> {
    let read = |tx: &mut dyn store::Tx| store::flow::chain_of(tx, kind, id);
    let chain = place.app.store().read(read).unwrap().unwrap().chain;
    let steps = chain.steps.into_iter();
    steps.map(|step| (step.key, step.state.as_str())).collect()
}

fn hub(place: &Place) -> Actor {
    place.actor(Role::HubLead)
}

fn reason(code: &str, responsible: Responsible) -> DelayReason {
    DelayReason {
        code_set: "dtoc".to_owned(),
        reason: code.to_owned(),
        responsible,
        organisation: None,
    }
}

fn segments(place: &Place, id: StayId) -> Vec<String> {
    let row = place
        .app
        .store()
        .read(|tx| store::flow::stay(tx, id))
        .unwrap()
        .unwrap();
    row.stay
        .segments
        .iter()
        .map(|s| {
            let end = s.ends_on.map_or_else(String::new, |end| end.to_string());
            format!("{}..{end} {} {}", s.starts_on, s.reason, s.responsible)
        })
        .collect()
}

fn journal_rows(place: &Place) -> i64 {
    place
        .app
        .store()
        .read(|tx| {
            let rows = tx.query(
                "SELECT COUNT(*) FROM journal WHERE place = 'barsetshire'",
                &[],
            )?;
            rows[0].int(0)
        })
        .unwrap()
}

fn well(place: &Place) {
    let findings = place.app.doctor(&Actor::operator()).unwrap();
    assert_eq!(findings, []);
}

fn texts(error: &Error) -> Vec<(&'static str, String)> {
    match error {
        Error::Invalid(fields) => fields.iter().map(|f| (f.field, f.text.clone())).collect(),
        other => panic!("{other:?}"),
    }
}

/// One person's way home by hand: ready, a reason, another, discharge, and
/// corrections, each of which keeps what was there before.
#[test]
fn a_stay_is_changed_step_by_step_and_nothing_is_erased() {
    let place = testkit::place();
    let hub = hub(&place);
    let id = add_stay(
        &place,
        &New {
            council: Some(place.council),
            ..new(1, october(1))
        },
    );
    let mut version = 1;
    let mut change = |change: StayChange, why: &str| {
        version = place
            .app
            .change_stay(&hub, id, version, &change, why)
            .unwrap();
        version
    };
    for test in ReadyTest::ALL {
        change(
            StayChange::ReadyTest {
                test: *test,
                on: Some(october(3)),
            },
            "",
        );
    }
    let delay = |code, side, day| StayChange::Delay {
        reason: reason(code, side),
        from: october(day),
    };
    change(delay("A", Responsible::Nhs, 3), "");
    change(delay("C", Responsible::Nhs, 10), "");
    assert_eq!(
        segments(&place, id),
        ["2018-10-03..2018-10-10 A nhs", "2018-10-10.. C nhs"]
    );

    change(delay("E", Responsible::Nhs, 10), "It was the care package");
    change(
        StayChange::ReadyTest {
            test: ReadyTest::Safe,
            on: Some(october(4)),
        },
        "",
    );
    assert_eq!(
        segments(&place, id),
        ["2018-10-04..2018-10-10 A nhs", "2018-10-10.. E nhs"]
    );

    let discharge = |day| StayChange::Discharge {
        on: october(day),
        method: "1".to_owned(),
        destination: "19".to_owned(),
    };
    change(discharge(15), "");
    change(discharge(14), "Wrong day");
    assert_eq!(
        segments(&place, id),
        [
            "2018-10-04..2018-10-10 A nhs",
            "2018-10-10..2018-10-14 E nhs"
        ]
    );
    change(StayChange::UndoDischarge, "Wrong person");
    let last = change(StayChange::Pathway(Pathway::new(1)), "");
    assert_eq!(last, 12);
    assert_eq!(
        change(StayChange::Pathway(Pathway::new(1)), ""),
        12,
        "nothing changed"
    );

    let page = place.app.stay(&hub, id).unwrap();
    let history: Vec<String> = page
        .delays
        .iter()
        .map(|line| {
            let s = &line.kept.segment;
            let end = s
                .ends_on
                .map_or_else(|| "now".to_owned(), |end| end.to_string());
            let why = line
                .kept
                .superseded
                .as_ref()
                .map_or("stands", |s| s.why.as_str());
            format!(
                "{} {}..{end}, {} days: {why}",
                s.reason, s.starts_on, line.days
            )
        })
        .collect();
    insta::assert_snapshot!("delays_of_a_changed_stay", history.join("\n"));
    let changes: Vec<String> = page
        .changes
        .iter()
        .map(|c| format!("{}: {:?} -> {:?} ({})", c.field, c.before, c.after, c.why))
        .collect();
    insta::assert_snapshot!("changes_of_a_changed_stay", changes.join("\n"));
    assert_eq!(page.delayed_days, 11);
    assert_eq!(page.steps.len(), 10);
    assert_eq!(page.rests_on, ["dtoc.count_ready_day"]);
    well(&place);
}

#[test]
fn each_command_and_look_leaves_one_row_in_the_journal() {
    let place = testkit::place();
    let hub = hub(&place);
    let id = add_stay(&place, &new(1, october(1)));
    let before = journal_rows(&place);
    place.app.stay(&hub, id).unwrap();
    place.app.board(&hub, &BoardFilter::default(), 1).unwrap();
    place
        .app
        .change_stay(&hub, id, 1, &StayChange::ExpectedOn(Some(october(20))), "")
        .unwrap();
    place
        .app
        .return_delays(
            &hub,
            "2018-10".parse().unwrap(),
            Regime::Dtoc,
            "official return",
        )
        .unwrap();
    assert_eq!(journal_rows(&place) - before, 4);
    let page = place.app.stay(&hub, id).unwrap();
    let expected = page
        .steps
        .iter()
        .find(|s| s.kind.as_str() == "Expected date set")
        .unwrap();
    assert_eq!(expected.words, "Done in 15 days");
}

#[test]
fn a_stale_change_says_who_and_what() {
    let place = testkit::place();
    let hub = hub(&place);
    let id = add_stay(&place, &new(1, october(1)));
    place
        .app
        .change_stay(&hub, id, 1, &StayChange::ExpectedOn(Some(october(20))), "")
        .unwrap();
    place.clock.advance(SignedDuration::from_mins(5));
    let bed = StayChange::Bed {
        ward: "Framley ward".to_owned(),
        bed: "7".to_owned(),
    };
    let other = place.actor(Role::Practitioner);
    place.tie_all();
    let error = place.app.change_stay(&other, id, 1, &bed, "").unwrap_err();
    assert_eq!(
        error.to_string(),
        "Hub lead Harding changed this in the meantime: expected date is now 20 October 2018"
    );
    assert_eq!(place.app.change_stay(&other, id, 2, &bed, "").unwrap(), 3);
}

#[test]
fn what_breaks_a_rule_names_the_field_and_what_to_do() {
    let place = testkit::place();
    let hub = hub(&place);
    let not_ready = add_stay(&place, &new(1, october(1)));
    let ready = add_stay(
        &place,
        &New {
            ready: Some(october(5)),
            segments: vec![(october(5), None, "A", Responsible::Nhs)],
            ..new(2, october(1))
        },
    );
    let delay = |code, side, day| StayChange::Delay {
        reason: reason(code, side),
        from: october(day),
    };
    let discharge = |day, method: &str| StayChange::Discharge {
        on: october(day),
        method: method.to_owned(),
        destination: "19".to_owned(),
    };
    for (stay, change, field, words) in [
        (
            not_ready,
            StayChange::ReadyOn(Some(date(2018, 9, 30))),
            "ready_on",
            "1 October 2018",
        ),
        (
            not_ready,
            StayChange::ReadyOn(Some(october(17))),
            "ready_on",
            "future",
        ),
        (
            not_ready,
            delay("A", Responsible::Nhs, 5),
            "from",
            "set the ready date first",
        ),
        (
            not_ready,
            discharge(15, "9"),
            "discharge_method",
            "Choose how",
        ),
        (
            not_ready,
            StayChange::ExpectedOn(Some(date(2018, 9, 1))),
            "expected_on",
            "admission",
        ),
        (
            not_ready,
            StayChange::AssessedOn(Some(october(30))),
            "assessed_on",
            "future",
        ),
        (not_ready, StayChange::UndoDischarge, "why", "Say why"),
        (ready, discharge(4, "1"), "discharged_on", "5 October 2018"),
        (
            ready,
            delay("C", Responsible::SocialCare, 8),
            "responsible",
            "choose NHS",
        ),
        (
            ready,
            delay("O", Responsible::SocialCare, 8),
            "responsible",
            "assessment notice",
        ),
        (
            ready,
            delay("Z", Responsible::Nhs, 8),
            "reason",
            "Choose a reason",
        ),
        (ready, delay("E", Responsible::Nhs, 5), "why", "Say why"),
        (
            ready,
            delay("E", Responsible::Nhs, 4),
            "from",
            "ready date, 5 October 2018",
        ),
    ] {
        let error = place
            .app
            .change_stay(&hub, stay, 1, &change, "")
            .unwrap_err();
        let found = texts(&error);
        assert_eq!(found[0].0, field, "{found:?}");
        assert!(found[0].1.contains(words), "{found:?}");
    }
    for (change, field) in [
        (StayChange::Council(Some(place.hospital)), "council"),
        (
            StayChange::NextAction {
                what: "Ring".to_owned(),
                owner: Some(place.app.ids().organisation()),
                owner_name: String::new(),
                due_at: None,
            },
            "next_owner",
        ),
    ] {
        let error = place
            .app
            .change_stay(&hub, ready, 1, &change, "")
            .unwrap_err();
        assert_eq!(texts(&error)[0].0, field);
    }
    let long = StayChange::Destination {
        what: "x".repeat(20_000),
        state: DestinationState::Sent,
        starts_on: None,
    };
    assert!(place.app.change_stay(&hub, ready, 1, &long, "").is_err());
    assert_eq!(segments(&place, ready), ["2018-10-05.. A nhs"]);
    well(&place);
}

#[test]
fn whoever_may_not_is_refused() {
    let place = testkit::place();
    let id = add_stay(&place, &new(1, october(1)));
    let change = StayChange::ExpectedOn(None);
    let month = "2018-10".parse().unwrap();
    for role in [Role::Provider, Role::BoardMember, Role::PrivacyOfficer] {
        let actor = place.actor(role);
        assert!(matches!(place.app.stay(&actor, id), Err(Error::Denied(_))));
        let board = place.app.board(&actor, &BoardFilter::default(), 1);
        assert!(matches!(board, Err(Error::Denied(_))));
        let changed = place.app.change_stay(&actor, id, 1, &change, "");
        assert!(matches!(changed, Err(Error::Denied(_))));
        let made = place
            .app
            .return_delays(&actor, month, Regime::Dtoc, "official return");
        assert!(matches!(made, Err(Error::Denied(_))));
    }
    let nobody = place.app.ids().stay();
    assert!(matches!(
        place.app.stay(&hub(&place), nobody),
        Err(Error::NotFound("stay"))
    ));
}

#[test]
fn dates_that_a_message_brought_do_not_stand_in_the_way() {
    let place = testkit::place();
    let hub = hub(&place);
    let id = add_stay(
        &place,
        &New {
            ready: Some(date(2018, 9, 28)),
            ..new(1, october(1))
        },
    );
    let bed = StayChange::Bed {
        ward: "Framley ward".to_owned(),
        bed: "7".to_owned(),
    };
    assert_eq!(place.app.change_stay(&hub, id, 1, &bed, "").unwrap(), 2);
    let worse = StayChange::ReadyOn(Some(date(2018, 9, 27)));
    let same_fault = place.app.change_stay(&hub, id, 2, &worse, "");
    assert!(same_fault.is_ok(), "the fault was there before");
    let right = StayChange::ReadyOn(Some(october(2)));
    assert!(place.app.change_stay(&hub, id, 3, &right, "").is_ok());
}

#[test]
fn death_and_a_second_stay() {
    let place = testkit::place();
    let hub = hub(&place);
    let id = add_stay(&place, &new(1, october(1)));
    let discharge = |method: &str, destination: &str| StayChange::Discharge {
        on: october(10),
        method: method.to_owned(),
        destination: destination.to_owned(),
    };
    for (method, destination) in [("4", "19"), ("1", "79")] {
        let change = discharge(method, destination);
        let error = place.app.change_stay(&hub, id, 1, &change, "").unwrap_err();
        assert_eq!(texts(&error)[0].0, "discharge_destination");
    }
    place
        .app
        .change_stay(&hub, id, 1, &discharge("1", "19"), "")
        .unwrap();
    let mut second = place
        .app
        .store()
        .read(|tx| store::flow::stay(tx, id))
        .unwrap()
        .unwrap();
    second.stay.id = place.app.ids().stay();
    second.stay.admitted_on = october(12);
    second.stay.discharged_on = None;
    second.source_key = Some("second".to_owned());
    place
        .app
        .store()
        .write(|tx| {
            store::flow::insert_stay(tx, &second)?;
            place.app.follow_stay(tx, (&second).into())
        })
        .unwrap();
    let undo = StayChange::UndoDischarge;
    let error = place
        .app
        .change_stay(&hub, id, 2, &undo, "Wrong person")
        .unwrap_err();
    assert!(error.to_string().contains("another stay"), "{error}");
    well(&place);
}

#[test]
fn a_reason_is_put_right_and_its_neighbours_follow() {
    let place = testkit::place();
    let hub = hub(&place);
    let id = add_stay(
        &place,
        &New {
            ready: Some(october(3)),
            left: Some(october(14)),
            ..new(1, october(1))
        },
    );
    let first = StayChange::Delay {
        reason: reason("A", Responsible::Nhs),
        from: october(3),
    };
    place.app.change_stay(&hub, id, 1, &first, "").unwrap();
    assert_eq!(segments(&place, id), ["2018-10-03..2018-10-14 A nhs"]);
    let standing = |place: &Place| {
        let row = place.app.store().read(|tx| store::flow::stay(tx, id));
        row.unwrap().unwrap().stay.segments
    };
    let whole = standing(&place)[0].id;
    let correct = |segment, code, from, to| StayChange::CorrectDelay {
        segment,
        reason: reason(code, Responsible::Nhs),
        starts_on: october(from),
        ends_on: Some(october(to)),
    };
    let late = correct(whole, "A", 5, 14);
    let error = place
        .app
        .change_stay(&hub, id, 2, &late, "Began later")
        .unwrap_err();
    assert!(
        texts(&error)[0].1.contains("ready date, 3 October 2018"),
        "{error}"
    );
    let no_why = place
        .app
        .change_stay(&hub, id, 2, &correct(whole, "B", 3, 14), "");
    assert_eq!(texts(&no_why.unwrap_err())[0].0, "why");

    let other = add_stay(
        &place,
        &New {
            ready: Some(october(3)),
            left: Some(october(14)),
            segments: vec![
                (october(3), Some(october(8)), "A", Responsible::Nhs),
                (october(8), Some(october(14)), "E", Responsible::Nhs),
            ],
            ..new(2, october(1))
        },
    );
    let row = place
        .app
        .store()
        .read(|tx| store::flow::stay(tx, other))
        .unwrap()
        .unwrap();
    let second = correct(row.stay.segments[1].id, "C", 6, 14);
    place
        .app
        .change_stay(&hub, other, 1, &second, "From the ward's notes")
        .unwrap();
    assert_eq!(
        segments(&place, other),
        [
            "2018-10-03..2018-10-06 A nhs",
            "2018-10-06..2018-10-14 C nhs"
        ]
    );
    let page = place.app.stay(&hub, other).unwrap();
    assert_eq!(
        page.delays.len(),
        4,
        "what was corrected stays in the history"
    );
    assert_eq!(page.delayed_days, 10);
    well(&place);
}

#[test]
fn of_two_changes_at_once_one_is_told_of_the_other() {
    let place = testkit::place();
    let id = add_stay(&place, &new(1, october(1)));
    let (hub, other) = (hub(&place), place.actor(Role::Practitioner));
    place.tie_all();
    let bed = StayChange::Bed {
        ward: "Framley ward".to_owned(),
        bed: "7".to_owned(),
    };
    let pathway = StayChange::Pathway(Pathway::new(1));
    let outcomes = std::thread::scope(|scope| {
        let one = scope.spawn(|| place.app.change_stay(&hub, id, 1, &bed, ""));
        let two = scope.spawn(|| place.app.change_stay(&other, id, 1, &pathway, ""));
        [one.join().unwrap(), two.join().unwrap()]
    });
    let done = outcomes
        .iter()
        .filter(|outcome| matches!(outcome, Ok(2)))
        .count();
    let stale = outcomes
        .iter()
        .filter(|outcome| matches!(outcome, Err(Error::Stale { .. })))
        .count();
    assert_eq!((done, stale), (1, 1), "{outcomes:?}");
    well(&place);
}
