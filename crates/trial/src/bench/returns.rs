//! The month's return over very many stays.

use super::Bed;
use super::report::Line;
use crate::sample::Spread;
use crate::served::Almoner;
use anyhow::{Result, ensure};
use flow::service::{Outcome, Service, ServiceType};
use flow::{CareType, DestinationState, Responsible, Segment, Stay};
use jiff::civil::{Date, date};
use kernel::calendar::add_days;
use person::{Gender, Person};
use std::time::Instant;
use store::Location;
use store::flow::StayRow;
use store::service_period::Period;

/// Stays in the month.
const STAYS: u32 = 100_000;
/// Stays put in by one transaction.
const AT_ONCE: u32 = 5_000;

/// Takes the measure.
pub fn returns(bed: &Bed) -> Result<(String, Vec<Line>)> {
    let folder = bed.path("returns")?;
    let almoner = Almoner::on_folder(&folder)?;
    let made = almoner.run(["demo", "--no-serve", "--people", "100"])?;
    ensure!(made.status.success(), "the place was not made");
    fill(&folder)?;
    let mut lines = Vec::new();
    for (name, arguments) in [
        (
            "dtoc",
            &["delays", "--month", "2026-05", "--regime", "dtoc"][..],
        ),
        ("drd", &["delays", "--month", "2026-05", "--regime", "drd"]),
        ("sitrep", &["sitrep", "--period", "2026-05-12"]),
        ("ascof", &["ascof", "--period", "2026-27"]),
    ] {
        let mut seconds = Vec::new();
        for _ in 0..bed.repeats {
            let started = Instant::now();
            let whole = ["return"].iter().chain(arguments);
            let made = almoner.run(whole.chain(&["--format", "csv"]))?;
            seconds.push(started.elapsed().as_secs_f64());
            ensure!(
                made.status.success() && made.stdout.len() > 100,
                "the return was not made: {}",
                String::from_utf8_lossy(&made.stderr)
            );
        }
        let spread = Spread::of(seconds);
        lines.push(Line::against(
            format!("seconds for the {name} return"),
            spread.shown(2),
            "2",
            spread.middle <= 2.0,
        ));
    }
    let method = format!(
        "`almoner return delays --month 2026-05` by each regime, `return sitrep --period 2026-05-12` and `return ascof --period \
         2026-27`, from the start of the process to its end, in a store with {} stays of that month, each with a ready date and two \
         stretches of delay, and {} services: reablement after every second stay, and a home to live in after some; SQLite. {} \
         repeats.",
        kernel::money::thousands(u64::from(STAYS)),
        kernel::money::thousands(u64::from(STAYS / 2 + STAYS / 10)),
        bed.repeats
    );
    Ok((method, lines))
}

fn fill(folder: &std::path::Path) -> Result<()> {
    let app = super::open_app(&Location::Folder(folder.to_owned()))?;
    let (hospital, council) = app.store().read(|tx| {
        let all = store::organisation::all(tx)?;
        let of = |kind: &str| all.iter().find(|one| one.kind == kind).map(|one| one.id);
        Ok::<_, store::Error>((of("hospital"), of("council")))
    })?;
    let Some(hospital) = hospital else {
        anyhow::bail!("the place has no hospital");
    };
    let first = date(2026, 5, 1);
    for from in (0..STAYS).step_by(AT_ONCE as usize) {
        app.store().write(|tx| {
            for number in from..(from + AT_ONCE).min(STAYS) {
                let person = nobody(&app, number);
                store::person::insert(tx, &person, app.now())?;
                let row = stay(&app, person.id, hospital, council, (number, first));
                store::flow::insert_stay(tx, &row)?;
                for segment in &row.stay.segments {
                    store::flow::insert_segment(tx, row.stay.id, segment, app.now(), "Trial")?;
                }
                for service in services(&app, &row, number) {
                    store::service_period::insert(tx, &service)?;
                }
            }
            Ok::<_, store::Error>(())
        })?;
    }
    Ok(())
}

fn nobody(app: &app::App, number: u32) -> Person {
    Person {
        id: app.ids().person(),
        nhs_number: None,
        family_name: format!("Trial{number}"),
        given_name: "Nobody".to_owned(),
        birth_date: Some(date(1930 + i16::try_from(number % 60).unwrap_or(0), 4, 3)),
        gender: Gender::Unknown,
        address: String::new(),
        postcode: String::new(),
        telephone: String::new(),
        council: None,
        practice_code: None,
        died_on: None,
        flags: Vec::new(),
    }
}

/// Reablement of four weeks from the day after leaving for every second person, and a home to
/// live in after it for every tenth.
fn services(app: &app::App, row: &StayRow, number: u32) -> Vec<Period> {
    let Some(left) = row.stay.discharged_on else {
        return Vec::new();
    };
    let period = |kind, starts_on, ends_on: Option<Date>| Period {
        service: Service {
            id: app.ids().service_period(),
            kind,
            component: None,
            starts_on,
            ends_on,
            outcome: ends_on.map(|_| Outcome::EndedAsPlanned),
            stay: Some(row.stay.id),
        },
        person: row.stay.person,
        council: row.stay.council,
        organisation: None,
        visits_a_week: None,
        minutes_a_visit: None,
        mistake_why: None,
        source: "Trial".to_owned(),
        sector: "social care".to_owned(),
        made_at: app.now(),
        updated_at: app.now(),
        updated_by: "Trial".to_owned(),
        version: 1,
    };
    let ended = add_days(left, 29);
    let mut all = Vec::new();
    if number.is_multiple_of(2) {
        all.push(period(ServiceType::StMax, add_days(left, 1), Some(ended)));
    }
    if number.is_multiple_of(10) {
        all.push(period(ServiceType::ResidentialCare, ended, None));
    }
    all
}

fn stay(
    app: &app::App,
    person: kernel::PersonId,
    hospital: kernel::OrganisationId,
    council: Option<kernel::OrganisationId>,
    (number, first): (u32, Date),
) -> StayRow {
    let admitted = add_days(first, -i64::from(number % 20));
    let ready = add_days(first, i64::from(number % 9));
    let changed = add_days(ready, 2);
    let left = add_days(ready, 3 + i64::from(number % 15));
    let reasons = ["A", "C", "E", "DI", "G"];
    let segment = |starts_on, ends_on, at: u32| Segment {
        id: app.ids().segment(),
        starts_on,
        ends_on: Some(ends_on),
        code_set: "dtoc".to_owned(),
        reason: reasons[at as usize % reasons.len()].to_owned(),
        responsible: Responsible::Nhs,
        organisation: None,
    };
    StayRow {
        stay: Stay {
            id: app.ids().stay(),
            person,
            hospital,
            ward: "Trial ward".to_owned(),
            bed: "1".to_owned(),
            council,
            care_type: CareType::Acute,
            admitted_on: admitted,
            admission_method: Some("21".to_owned()),
            expected_on: None,
            clinical_ready_on: None,
            mdt_ready_on: None,
            safe_on: None,
            ready_on: Some(ready),
            discharged_on: Some(left),
            discharge_method: Some("1".to_owned()),
            discharge_destination: Some("19".to_owned()),
            pathway: None,
            segments: vec![
                segment(ready, changed, number),
                segment(changed, left, number + 1),
            ],
        },
        source: "trial".to_owned(),
        source_key: Some(number.to_string()),
        assessed_on: None,
        destination: String::new(),
        destination_state: DestinationState::NotSought,
        starts_on: None,
        next_action: String::new(),
        next_owner: None,
        next_owner_name: String::new(),
        next_due_at: None,
        updated_at: app.now(),
        updated_by: "Trial".to_owned(),
        version: 1,
    }
}
