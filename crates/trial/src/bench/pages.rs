//! Pages of a large place under load, over HTTP, each look journalled.

use super::Bed;
use super::bare;
use super::clients::Load;
use super::report::Line;
use crate::http::Client;
use crate::sample::{Sample, Spread, shown};
use crate::served::{Almoner, Served};
use anyhow::{Context, Result, ensure};
use axum::body::Body;
use axum::http::Request;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::{Error, Location, Store, Value};
use tower::ServiceExt;

/// Clients at the same time.
const CLIENTS: usize = 16;
/// Most requests of one repeat.
const REQUESTS: usize = 4_000;
/// Longest repeat; clients ask for no more pages after it.
const LONGEST: Duration = Duration::from_secs(15);
/// People in hospital in the large place.
const OPEN_STAYS: &str = "1500";
/// Requests before the first repeat, to fill caches.
const WARM_UP: usize = 200;

/// A place with many people, served.
pub struct BigPlace {
    almoner: Almoner,
    folder: PathBuf,
    served: Served,
    cookie: String,
    people: usize,
    /// Ids of those in hospital, whom the hub may see.
    in_hospital: Vec<String>,
    open_stays: i64,
}

impl BigPlace {
    fn make(folder: PathBuf, people: usize) -> Result<Self> {
        let almoner = Almoner::on_folder(&folder)?;
        let started = Instant::now();
        let output = almoner.run([
            "demo",
            "--no-serve",
            "--people",
            &people.to_string(),
            "--open-stays",
            OPEN_STAYS,
        ])?;
        ensure!(
            output.status.success(),
            "the place was not made: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        eprintln!(
            "a place of {people} people was made in {} s",
            started.elapsed().as_secs()
        );
        let served = almoner.serve(["serve"])?;
        let cookie = served.sign_in("hub.lead", "barsetshire")?.cookie;
        let store = open(&folder)?;
        let place = Value::from(store.place().as_str());
        let ids = "SELECT DISTINCT person_id FROM stay WHERE place = ?1 AND discharged_on IS NULL \
                   ORDER BY person_id";
        let open = "SELECT COUNT(*) FROM stay WHERE place = ?1 AND discharged_on IS NULL";
        let (in_hospital, open_stays) = store.read(|tx| {
            let rows = tx.query(ids, std::slice::from_ref(&place))?;
            let in_hospital = rows
                .iter()
                .map(|row| row.text(0).map(str::to_owned))
                .collect::<Result<Vec<_>, Error>>()?;
            let open = tx
                .query_opt(open, std::slice::from_ref(&place))?
                .map_or(Ok(0), |row| row.int(0))?;
            Ok::<_, Error>((in_hospital, open))
        })?;
        ensure!(!in_hospital.is_empty(), "somebody is in hospital");
        Ok(Self {
            almoner,
            folder,
            served,
            cookie,
            people,
            in_hospital,
            open_stays,
        })
    }

    /// The same clients asking for paths by number; the time of each answer, and of all.
    fn load(
        &self,
        requests: usize,
        path: &(dyn Fn(usize) -> String + Sync),
    ) -> Result<(Sample, Duration)> {
        let client = || self.client();
        let load = Load {
            clients: CLIENTS,
            requests,
            longest: LONGEST,
        };
        load.ask(&client, path)
    }

    /// A connection of somebody who is signed in.
    pub(super) fn client(&self) -> Client {
        let mut client = Client::new(self.served.address);
        client.cookie.clone_from(&self.cookie);
        client
    }

    /// Ids of open stays, at most so many.
    pub(super) fn stays(&self, most: usize) -> Result<Vec<String>> {
        let store = self.store()?;
        let place = Value::from(store.place().as_str());
        let sql = "SELECT id FROM stay WHERE place = ?1 AND discharged_on IS NULL ORDER BY id \
                   LIMIT ?2";
        let most = Value::Int(i64::try_from(most)?);
        let stays = store.read(|tx| {
            let rows = tx.query(sql, &[place.clone(), most.clone()])?;
            rows.iter()
                .map(|row| row.text(0).map(str::to_owned))
                .collect::<Result<Vec<_>, Error>>()
        })?;
        ensure!(!stays.is_empty(), "somebody is in hospital");
        Ok(stays)
    }

    /// The store that is served.
    pub(super) fn store(&self) -> Result<Store> {
        open(&self.folder)
    }

    /// The binary that serves it.
    pub(super) const fn almoner(&self) -> &Almoner {
        &self.almoner
    }

    /// People in it.
    pub(super) const fn people(&self) -> usize {
        self.people
    }

    fn looks(&self) -> Result<i64> {
        let store = open(&self.folder)?;
        let place = Value::from(store.place().as_str());
        let sql = "SELECT COUNT(*) FROM journal WHERE place = ?1 AND kind = 'look'";
        store
            .read(|tx| {
                tx.query_opt(sql, std::slice::from_ref(&place))?
                    .map_or(Ok(0), |row| row.int(0))
            })
            .map_err(Error::into)
    }

    /// SQL statements of one request, and those of them that write the journal.
    fn statements(&self, path: &str) -> Result<(u64, u64)> {
        let app = Arc::new(super::open_app(&Location::Folder(self.folder.clone()))?);
        let router = web::router(Arc::clone(&app), web::Config::default());
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()?;
        let ask = || -> Result<u64> {
            let request = Request::get(path)
                .header("host", "localhost")
                .header("cookie", &self.cookie)
                .body(Body::empty())?;
            let before = app.store().statements();
            let answer = runtime.block_on(router.clone().oneshot(request))?;
            ensure!(
                answer.status() == 200,
                "{path} answered {}",
                answer.status()
            );
            Ok(app.store().statements() - before)
        };
        ask()?;
        let all = ask()?;
        let before = app.store().statements();
        app.store().write(|tx| {
            store::journal::append(
                tx,
                &store::journal::Entry {
                    at: app.now(),
                    kind: store::journal::Kind::Look,
                    action: "measure".to_owned(),
                    actor: "trial".to_owned(),
                    actor_role: "operator".to_owned(),
                    organisation: "This machine".to_owned(),
                    purpose: "measuring".to_owned(),
                    legal_basis: "no personal data".to_owned(),
                    person: None,
                    subject: String::new(),
                    results: 0,
                    detail: String::new(),
                },
            )
            .map(|_| ())
        })?;
        Ok((all, app.store().statements() - before))
    }
}

pub(super) fn place_id() -> Result<kernel::PlaceId> {
    kernel::PlaceId::new("barsetshire").context("a fitting name")
}

fn open(folder: &std::path::Path) -> Result<Store> {
    Ok(Store::open(
        &Location::Folder(folder.to_owned()),
        place_id()?,
    )?)
}

pub(super) fn big_place(bed: &mut Bed) -> Result<&BigPlace> {
    if bed.place.is_none() {
        bed.place = Some(BigPlace::make(bed.path("big-place")?, bed.people)?);
    }
    bed.place.as_ref().context("it was just made")
}

/// From starting the binary to its first page answered, with the default demonstration.
pub fn first_page(bed: &Bed) -> Result<(String, Vec<Line>)> {
    let (mut seconds, mut bare_seconds) = (Vec::new(), Vec::new());
    for repeat in 0..bed.repeats {
        let almoner = bed.fresh("first-page")?;
        let served = almoner.serve(["demo"])?;
        seconds.push(served.first_page.as_secs_f64());
        drop(served);
        let rows = vec![vec![7; 400]; 20_000];
        let rate = bare::rows_a_second(&bed.path(&format!("first-page-bare-{repeat}"))?, &rows)?;
        bare_seconds.push(rows.len() as f64 / rate);
    }
    let (seconds, bare) = (Spread::of(seconds), Spread::of(bare_seconds));
    let method = format!(
        "`almoner demo` on an empty folder, from the start of the process until GET /sign-in is answered: the default place \
         is made and served. Beside it 20,000 bare rows of 400 bytes committed by {} writers. {} repeats.",
        bare::WRITERS,
        bed.repeats
    );
    Ok((
        method,
        vec![
            Line::against(
                "seconds to the first page",
                seconds.shown(2),
                "10",
                seconds.middle <= 10.0,
            ),
            Line::fact(
                "times as long as the bare rows",
                shown(seconds.middle / bare.middle, 2),
            ),
        ],
    ))
}

/// The hub board, asked for by clients that do nothing else.
pub(super) fn board_alone(place: &BigPlace) -> Result<(String, Vec<Line>)> {
    page(
        place,
        "the hub board",
        &|_| "/flow/board".to_owned(),
        100.0,
        Some(3),
    )
}

/// The person page.
pub fn person(bed: &mut Bed) -> Result<(String, Vec<Line>)> {
    let place = big_place(bed)?;
    // A stride that is prime to the number of people spreads the looks over all of them.
    let path = |number: usize| {
        format!(
            "/person/{}",
            place.in_hospital[number * 7_919 % place.in_hospital.len()]
        )
    };
    page(
        place,
        "the page of a person in hospital, another each time",
        &path,
        50.0,
        None,
    )
}

const PAGE_REPEATS: usize = 3;

fn page(
    place: &BigPlace,
    what: &str,
    path: &(dyn Fn(usize) -> String + Sync),
    target: f64,
    most_statements: Option<u64>,
) -> Result<(String, Vec<Line>)> {
    let milliseconds = |time: Duration| time.as_secs_f64() * 1_000.0;
    place.load(WARM_UP, path)?;
    let (mut p50, mut p99, mut rate, mut bare99) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for repeat in 0..PAGE_REPEATS {
        let (bare, _) = place.load(REQUESTS, &|_| "/health".to_owned())?;
        bare99.push(milliseconds(bare.percentile(99)));
        let before = place.looks()?;
        let offset = (repeat + 1) * REQUESTS;
        let (sample, took) = place.load(REQUESTS, &|number| path(offset + number))?;
        let journalled = place.looks()? - before;
        ensure!(
            usize::try_from(journalled)? >= sample.len(),
            "{} looks, {journalled} rows in the journal",
            sample.len()
        );
        p50.push(milliseconds(sample.percentile(50)));
        p99.push(milliseconds(sample.percentile(99)));
        rate.push(sample.len() as f64 / took.as_secs_f64());
    }
    let (statements, journal) = place.statements(&path(0))?;
    let (p50, p99, rate, bare99) = (
        Spread::of(p50),
        Spread::of(p99),
        Spread::of(rate),
        Spread::of(bare99),
    );
    let beyond = statements - journal;
    let method = format!(
        "GET of {what}, by {CLIENTS} clients over kept-alive connections with no pause between requests, on the same \
         machine; a store of {} people and {} open stays, SQLite; up to {REQUESTS} requests in {} s, {PAGE_REPEATS} repeats. It is \
         checked that the journal has a row for each look. Beside it, in turn, the same clients asking for GET /health. SQL \
         statements are those of one request, less those that write the journal.",
        kernel::money::thousands(place.people as u64),
        kernel::money::thousands(place.open_stays.unsigned_abs()),
        LONGEST.as_secs(),
    );
    let sql = format!("{beyond} ({statements} less {journal} of the journal)");
    let sql = match most_statements {
        Some(most) => Line::against(
            "SQL statements a request beyond the journal",
            sql,
            most.to_string(),
            beyond <= most,
        ),
        None => Line::fact("SQL statements a request beyond the journal", sql),
    };
    Ok((
        method,
        vec![
            Line::against(
                "p99, ms",
                p99.shown(1),
                shown(target, 0),
                p99.middle <= target,
            ),
            Line::fact("p50, ms", p50.shown(1)),
            Line::fact("pages a second", rate.shown(0)),
            Line::fact("p99 of GET /health, ms", bare99.shown(1)),
            Line::fact(
                "p99 as a multiple of GET /health's",
                shown(p99.middle / bare99.middle, 1),
            ),
            sql,
        ],
    ))
}

/// Memory of the server once both pages were asked for a few thousand times.
pub fn memory(bed: &mut Bed) -> Result<(String, Vec<Line>)> {
    let place = big_place(bed)?;
    place.load(REQUESTS, &|_| "/flow/board".to_owned())?;
    place.load(REQUESTS, &|number| {
        format!(
            "/person/{}",
            place.in_hospital[number * 7_919 % place.in_hospital.len()]
        )
    })?;
    let (now, highest) = place.served.memory()?;
    let idle = place.almoner.serve(["serve"])?.memory()?.0;
    let megabytes = |bytes: u64| bytes as f64 / 1_000_000.0;
    let method = format!(
        "Resident memory of `almoner serve` (VmHWM and VmRSS of /proc) with the same store, after {REQUESTS} boards and \
         {REQUESTS} person pages by {CLIENTS} clients."
    );
    Ok((
        method,
        vec![
            Line::against(
                "highest, MB",
                shown(megabytes(highest), 0),
                "150",
                highest <= 150_000_000,
            ),
            Line::fact("at the end, MB", shown(megabytes(now), 0)),
            Line::fact("just started, MB", shown(megabytes(idle), 0)),
            Line::fact(
                "highest as a multiple of just started",
                shown(highest as f64 / idle as f64, 1),
            ),
        ],
    ))
}
