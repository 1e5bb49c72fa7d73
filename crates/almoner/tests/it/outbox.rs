//! `almoner outbox`: what waits is listed, is written whole and once, and can be read back.

use access::{Actor, Role};
use app::flow::NewNotice;
use flow::notice_contents::{Carer, Consent};
use flow::{CareType, DestinationState, NoticeKind, Stay};
use jiff::civil::date;
use kernel::{NhsNumber, StayId};
use person::Person;
use std::path::Path;
use std::process::{Command, Output};
use store::Location;
use store::flow::StayRow;
use testkit::Place;

fn almoner(location: &Location, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_almoner"));
    command
        .args(arguments)
        .env_remove("ALMONER_DATA")
        .env_remove("ALMONER_DATABASE_URL")
        .env_remove("ALMONER_PLACE");
    match location {
        Location::Folder(folder) => command.env("ALMONER_DATA", folder),
        Location::Postgres(address) => command.env("ALMONER_DATABASE_URL", address),
    };
    command.output().unwrap()
}

fn said(output: &Output) -> String {
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// Somebody in hospital since 10 October 2018, the council's resident.
fn stay(place: &Place) -> StayId {
    let (app, now) = (&place.app, place.app.now());
    let person = Person {
        nhs_number: NhsNumber::synthetic(41),
        family_name: "Quiverful".to_owned(),
        given_name: "Septimus".to_owned(),
        birth_date: Some(date(1938, 4, 3)),
        council: Some(place.council),
        ..Person::unknown(app.ids().person())
    };
    let row = StayRow {
        stay: Stay {
            id: app.ids().stay(),
            person: person.id,
            hospital: place.hospital,
            ward: "Allington ward".to_owned(),
            bed: "4".to_owned(),
            council: Some(place.council),
            care_type: CareType::Acute,
            admitted_on: date(2018, 10, 10),
            admission_method: Some("21".to_owned()),
            expected_on: None,
            clinical_ready_on: None,
            mdt_ready_on: None,
            safe_on: None,
            ready_on: None,
            discharged_on: None,
            discharge_method: None,
            discharge_destination: None,
            pathway: None,
            segments: Vec::new(),
        },
        source: "test".to_owned(),
        source_key: Some("1".to_owned()),
        assessed_on: None,
        destination: String::new(),
        destination_state: DestinationState::NotSought,
        starts_on: None,
        next_action: String::new(),
        next_owner: None,
        next_owner_name: String::new(),
        next_due_at: None,
        updated_at: now,
        updated_by: "test".to_owned(),
        version: 1,
    };
    app.store()
        .write(|tx| {
            store::person::insert(tx, &person, now)?;
            store::flow::insert_stay(tx, &row)?;
            app.follow_stay(tx, (&row).into())
        })
        .unwrap();
    row.stay.id
}

fn send_notice(place: &Place) {
    let notice = NewNotice {
        kind: NoticeKind::Assessment,
        day: Some(date(2018, 10, 19)),
        consulted: Some(true),
        carer: Some(Carer::NotKnown),
        consent: Some(Consent::Yes),
        consent_source: String::new(),
        continuing: Some(true),
        continuing_result: "Not eligible".to_owned(),
        services: "District nurses".to_owned(),
        liaison: "Jane Grantly".to_owned(),
        telephone: "01632 960 001".to_owned(),
        email: String::new(),
        withdraws: None,
        reason_code: String::new(),
        reason: String::new(),
        details: String::new(),
    };
    let (hub, id) = (place.actor(Role::HubLead), stay(place));
    place.app.send_notice(&hub, id, 1, &notice).unwrap();
}

fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn what_waits_is_listed_and_written_once() {
    let place = testkit::place();
    let at = place.location();
    assert_eq!(said(&almoner(at, &["outbox", "list"])), "");
    send_notice(&place);
    let csv = said(&almoner(at, &["outbox", "list", "--format", "csv"]));
    let rows: Vec<&str> = csv.lines().collect();
    assert_eq!(rows[0], "name,receiver,written,by,organisation");
    assert_eq!(rows.len(), 2, "{csv}");
    let json = said(&almoner(at, &["outbox", "list", "--format", "json"]));
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json[0]["receiver"], "E10000099");
    assert_eq!(json[0]["organisation"], "Barsetshire Hospitals Trust");
    let name = json[0]["name"].as_str().unwrap().to_owned();
    assert!(
        rows[1].contains(&name) && !csv.contains("Quiverful"),
        "{csv}"
    );
    assert!(said(&almoner(at, &["outbox", "list"])).contains(&name));

    let kept = tempfile::tempdir().unwrap();
    let folder = kept.path().join("to-council");
    let to = folder.to_str().unwrap();
    assert_eq!(
        said(&almoner(at, &["outbox", "write", to])),
        format!("{name}\n")
    );
    assert_eq!(
        files(&folder),
        std::slice::from_ref(&name),
        "whole, and nothing beside it"
    );
    // It waits no longer, and is not written a second time.
    std::fs::remove_file(folder.join(&name)).unwrap();
    assert_eq!(said(&almoner(at, &["outbox", "write", to])), "");
    assert_eq!(files(&folder), [""; 0]);
    assert_eq!(said(&almoner(at, &["outbox", "list"])), "");
    assert_eq!(place.app.outbox(&Actor::operator()).unwrap(), []);
}

#[test]
fn what_cannot_be_written_waits_on() {
    let place = testkit::place();
    let at = place.location();
    send_notice(&place);
    let kept = tempfile::tempdir().unwrap();
    let file = kept.path().join("no-folder");
    std::fs::write(&file, "a file stands where the folder should be").unwrap();
    let output = almoner(at, &["outbox", "write", file.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    assert!(!output.stderr.is_empty());
    let waiting = said(&almoner(at, &["outbox", "list"]));
    assert_eq!(waiting.lines().count(), 1, "{waiting}");
}

/// The file is what another council's system loads.
#[test]
fn what_was_written_is_loaded_elsewhere() {
    let place = testkit::place();
    send_notice(&place);
    let kept = tempfile::tempdir().unwrap();
    let to = kept.path().to_str().unwrap();
    let name = said(&almoner(place.location(), &["outbox", "write", to]));
    let file = kept.path().join(name.trim());
    let other = testkit::place();
    let loaded = almoner(other.location(), &["load", "adw", file.to_str().unwrap()]);
    assert!(
        loaded.status.success(),
        "{}",
        String::from_utf8_lossy(&loaded.stderr)
    );
}
