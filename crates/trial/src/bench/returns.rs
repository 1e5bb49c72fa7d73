//! The month's return over very many stays.

use super::Bed;
use super::report::Line;
use crate::sample::Spread;
use crate::served::Almoner;
use anyhow::{Result, ensure};
use flow::{CareType, DestinationState, Responsible, Segment, Stay};
use jiff::civil::{Date, date};
use kernel::calendar::add_days;
use person::{Gender, Person};
use std::time::Instant;
use store::Location;
use store::flow::StayRow;

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
    for regime in ["dtoc", "drd"] {
        let mut seconds = Vec::new();
        for _ in 0..bed.repeats {
            let started = Instant::now();
            let made = almoner.run([
                "return", "delays", "--month", "2026-05", "--regime", regime, "--format", "csv",
            ])?;
            seconds.push(started.elapsed().as_secs_f64());
            ensure!(
                made.status.success() && made.stdout.len() > 100,
                "the return was not made: {}",
                String::from_utf8_lossy(&made.stderr)
            );
        }
        let spread = Spread::of(seconds);
        lines.push(Line::against(
            format!("seconds for the {regime} return"),
            spread.shown(2),
            "2",
            spread.middle <= 2.0,
        ));
    }
    let method = format!(
        "`almoner return delays --month 2026-05` by each regime, from the start of the process to its end, in a store with {} \
         stays of that month, each with a ready date and two stretches of delay; SQLite. {} repeats.",
        kernel::money::thousands(u64::from(STAYS)),
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
