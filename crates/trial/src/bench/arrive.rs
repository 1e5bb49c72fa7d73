//! Whose is it? One arriving record against a store of very many people, inside the write
//! transaction that takes it in.

use super::Bed;
use super::report::Line;
use crate::sample::{Sample, Spread};
use crate::served::Almoner;
use anyhow::{Context, Result, ensure};
use app::App;
use fhir::{ArrivingName, ArrivingPerson};
use kernel::{InboxId, NhsNumber};
use person::{Gender, Person};
use std::time::{Duration, Instant};
use store::{Location, Value};
use synth::duplicates::{Duplicates, Rates};

/// Records that arrive in one repeat, each in a transaction of its own.
const ARRIVING: usize = 5_000;
/// Records that arrive before the first repeat.
const WARM_UP: usize = 500;
/// People put in by one transaction while the store is filled.
const AT_ONCE: usize = 20_000;
/// Records of 1,000 that bear an NHS number.
const NUMBERED: u64 = 600;
/// The seed of the file.
const SEED: u64 = 21;

/// One record of the file.
struct Said {
    key: String,
    given: String,
    family: String,
    birth: Option<jiff::civil::Date>,
    gender: Gender,
    town: String,
    postcode: String,
    number: Option<NhsNumber>,
}

/// What one repeat took.
struct Times {
    /// To know whose it is, and to write that down.
    identity: Sample,
    /// Of that, to find and weigh who it may be.
    weighing: Sample,
    /// The whole transaction, on disk.
    whole: Sample,
    /// SQL statements of all identity parts.
    statements: u64,
    /// Records that somebody is asked about.
    asked: u64,
}

/// Takes the measure.
pub fn arrive(bed: &Bed, records: u32) -> Result<(String, Vec<Line>)> {
    let folder = bed.path("arrive")?;
    let almoner = Almoner::on_folder(&folder)?;
    let made = almoner.run(["demo", "--no-serve", "--people", "100"])?;
    ensure!(made.status.success(), "the place was not made");
    let arriving = ARRIVING * bed.repeats + WARM_UP;
    let file = said(records + u32::try_from(arriving)?)?;
    let (held, coming) = file.split_at(usize::try_from(records)?);
    let app = super::open_app(&Location::Folder(folder.clone()))?;
    let started = Instant::now();
    fill(&app, held)?;
    eprintln!(
        "{records} people were put in in {} s",
        started.elapsed().as_secs()
    );
    let inbox = an_arrival(&app)?;
    let (warm_up, coming) = coming.split_at(WARM_UP);
    take(&app, inbox, warm_up)?;
    let repeats = coming
        .chunks(ARRIVING)
        .map(|chunk| take(&app, inbox, chunk))
        .collect::<Result<Vec<_>>>()?;
    let disk = std::fs::metadata(folder.join("almoner.sqlite"))?.len();
    let method = format!(
        "One `Patient` record after another, each in a write transaction of its own on SQLite, durable, in a store of {} records \
         of people ({} MB). The records, held and arriving, are one file of `synth::duplicates` (seed {SEED}), shuffled: \
         most that arrive are of somebody who is held. {} in 1,000 bear an NHS number. *Identity* is \
         `App::meet_record`, the part of `take_in` that finds whose the record is: look up number and key, find those who share \
         a linkage key, weigh them, write person, keys, words and what is to be reviewed. *Weighing* is to find and weigh \
         alone. {} records in each of {} repeats.",
        kernel::money::thousands(u64::from(records)),
        kernel::money::thousands(disk / 1_000_000),
        NUMBERED,
        kernel::money::thousands(ARRIVING as u64),
        bed.repeats,
    );
    Ok((method, lines(&repeats)))
}

fn lines(repeats: &[Times]) -> Vec<Line> {
    let over = |of: &dyn Fn(&Times) -> f64| Spread::of(repeats.iter().map(of).collect());
    let time = |of: fn(&Times) -> &Sample, hundredths: usize| {
        over(&|one| of(one).percentile(hundredths).as_secs_f64() * 1_000.0)
    };
    let each = |count: fn(&Times) -> u64| over(&|one| count(one) as f64 / one.whole.len() as f64);
    let p99 = time(|one| &one.identity, 99);
    vec![
        Line::against("identity: p99, ms", p99.shown(2), "2", p99.middle <= 2.0),
        Line::fact("identity: p50, ms", time(|one| &one.identity, 50).shown(2)),
        Line::fact("weighing: p99, ms", time(|one| &one.weighing, 99).shown(2)),
        Line::fact("weighing: p50, ms", time(|one| &one.weighing, 50).shown(2)),
        Line::fact(
            "the transaction, on disk: p50, ms",
            time(|one| &one.whole, 50).shown(2),
        ),
        Line::fact(
            "SQL statements of the identity part",
            each(|one| one.statements).shown(1),
        ),
        Line::fact(
            "share of records that somebody is asked about",
            each(|one| one.asked).shown(3),
        ),
    ]
}

/// Made-up records, some of them of one person.
fn said(records: u32) -> Result<Vec<Said>> {
    let rates = Rates {
        nhs_number: NUMBERED,
        ..Rates::usual()
    };
    let text = Duplicates::make(SEED, records, &rates).records_csv();
    let mut lines = text.lines();
    let heading = lines.next().context("the file has a heading")?;
    ensure!(
        heading == "id,given_name,family_name,birth_date,sex,town,postcode,nhs_number",
        "the file has other columns: {heading}"
    );
    lines
        .map(|line| {
            let values: Vec<&str> = line.split(',').collect();
            let at = |number: usize| values.get(number).copied().unwrap_or_default();
            Ok(Said {
                key: format!("arrive/{}", at(0)),
                given: at(1).to_owned(),
                family: at(2).to_owned(),
                birth: at(3).parse().ok(),
                gender: match at(4) {
                    "F" => Gender::Female,
                    "M" => Gender::Male,
                    _ => Gender::Unknown,
                },
                town: at(5).to_owned(),
                postcode: at(6).to_owned(),
                number: at(7).parse().ok(),
            })
        })
        .collect()
}

/// Puts people in as they are, each a person of their own.
fn fill(app: &App, held: &[Said]) -> Result<()> {
    let now = jiff::Timestamp::now();
    for chunk in held.chunks(AT_ONCE) {
        app.store().write(|tx| {
            for one in chunk {
                let person = Person {
                    nhs_number: one.number,
                    given_name: one.given.clone(),
                    family_name: one.family.clone(),
                    birth_date: one.birth,
                    gender: one.gender,
                    address: one.town.clone(),
                    postcode: one.postcode.clone(),
                    ..Person::unknown(app.ids().person())
                };
                store::person::insert(tx, &person, now)?;
            }
            Ok::<_, store::Error>(())
        })?;
    }
    Ok(())
}

/// An arrival that is there: what is to be reviewed names the one it came with.
fn an_arrival(app: &App) -> Result<InboxId> {
    let place = Value::from(app.store().place().as_str());
    let row = app.store().read(|tx| {
        tx.query_opt(
            "SELECT id FROM inbox WHERE place = ?1 ORDER BY id LIMIT 1",
            std::slice::from_ref(&place),
        )
    })?;
    Ok(row.context("the place has an arrival")?.id(0)?)
}

fn reviews(app: &App) -> Result<i64> {
    let place = Value::from(app.store().place().as_str());
    Ok(app.store().read(|tx| {
        tx.query_opt(
            "SELECT COUNT(*) FROM identity_review WHERE place = ?1",
            std::slice::from_ref(&place),
        )?
        .map_or(Ok(0), |row| row.int(0))
    })?)
}

/// Takes records in, one transaction each.
fn take(app: &App, inbox: InboxId, coming: &[Said]) -> Result<Times> {
    let (mut identity, mut weighing, mut whole) = (Vec::new(), Vec::new(), Vec::new());
    let mut statements = 0;
    let before = reviews(app)?;
    for one in coming {
        let arriving = arriving(one);
        let person = Person {
            given_name: one.given.clone(),
            family_name: one.family.clone(),
            nhs_number: one.number,
            birth_date: one.birth,
            gender: one.gender,
            address: one.town.clone(),
            postcode: one.postcode.clone(),
            ..Person::unknown(app.ids().person())
        };
        let started = Instant::now();
        let mut took = Duration::ZERO;
        app.store().write(|tx| {
            let (began, made) = (Instant::now(), app.store().statements());
            app.meet_record(tx, (&one.key, inbox), &arriving)?;
            took = began.elapsed();
            statements += app.store().statements() - made;
            Ok::<_, app::Error>(())
        })?;
        whole.push(started.elapsed());
        identity.push(took);
        // Again, of a person who is there by now, so that what is read is in no worse a place.
        app.store().write(|tx| {
            let began = Instant::now();
            app.likely(tx, &person)?;
            weighing.push(began.elapsed());
            Ok::<_, app::Error>(())
        })?;
    }
    let asked = u64::try_from(reviews(app)? - before)?;
    Ok(Times {
        identity: Sample::new(identity),
        weighing: Sample::new(weighing),
        whole: Sample::new(whole),
        statements,
        asked,
    })
}

fn arriving(one: &Said) -> ArrivingPerson {
    ArrivingPerson {
        identifiers: Vec::new(),
        nhs_number: one.number,
        name: ArrivingName {
            family: one.family.clone(),
            given: one.given.clone(),
        },
        birth_date: one.birth,
        gender: one.gender,
        address: one.town.clone(),
        postcode: one.postcode.clone(),
        telephone: String::new(),
        practice_code: None,
        died_on: None,
    }
}
