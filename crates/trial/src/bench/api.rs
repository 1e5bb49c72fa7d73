//! The API under programs: reads, searches and everything of a person, over HTTP, each look
//! journalled; on a small store and on a large one, so that it shows whether they stay flat.

use super::clients::Load;
use super::report::Line;
use super::{Bed, answers, shared, synthea};
use crate::http::Client;
use crate::sample::{Sample, shown};
use crate::served::{Almoner, Served};
use anyhow::{Context, Result, ensure};
use kernel::PersonId;
use person::relationship::Relationship;
use std::ffi::OsString;
use std::path::Path;
use std::time::{Duration, Instant};
use store::relationship::{self, Kept};
use store::{Location, Store, organisation};

/// Resources of the small store.
const SMALL: usize = 30_000;
/// Patients loaded by one command.
const AT_ONCE: usize = 100;
/// Longest measure.
const LONGEST: Duration = Duration::from_secs(10);
/// Clients at the same time.
const CLIENTS: usize = 8;
/// The organisation whose program asks; it has a duty to everybody who was loaded.
const COUNCIL: &str = "BARSETCC01";

/// What is asked for.
struct Asked {
    resources: Vec<String>,
    patients: Vec<String>,
    /// The patient with nearest to 600 entries, and how many those are.
    large: (String, usize),
}

/// Figures of one size of store.
struct Figures {
    read: Sample,
    reads_a_second: f64,
    bare: Bare,
    search: Sample,
    searches: Sample,
    everything: Sample,
    entries: usize,
    memory: u64,
}

/// The same of a program without a store ([`answers`]), taken in turn.
struct Bare {
    one: Sample,
    a_second: f64,
}

/// Takes the measure.
pub fn api(bed: &Bed) -> Result<(String, Vec<Line>)> {
    let folder = bed.path("api")?;
    let almoner = Almoner::on_folder(&folder)?;
    let made = almoner.run(["demo", "--no-serve", "--people", "100"])?;
    ensure!(made.status.success(), "the place was not made");
    let originals = synthea::Originals::read(&shared("fhir/synthea")?)?;
    let mut loaded = Loaded {
        patients: 0,
        resources: 0,
    };
    let token = client(&almoner)?;
    loaded.up_to(
        &almoner,
        &originals,
        &bed.path("api-bundles")?,
        SMALL.min(bed.resources),
    )?;
    let small = measure(&almoner, &folder, &token)?;
    let started = Instant::now();
    loaded.up_to(
        &almoner,
        &originals,
        &bed.path("api-bundles")?,
        bed.resources,
    )?;
    let again = originals.again(originals.longest())?;
    loaded.take_in(&almoner, &bed.path("api-bundles")?, [again])?;
    eprintln!(
        "{} resources were loaded in {} s",
        loaded.resources,
        started.elapsed().as_secs()
    );
    let large = measure(&almoner, &folder, &token)?;
    let disk = std::fs::metadata(folder.join("almoner.sqlite"))?.len();
    let method = format!(
        "`almoner serve` on SQLite with {} resources ({} copies of the four Synthea patients, ids of their own), asked over \
         HTTP by clients on the same machine, each connection kept alive. Each answer has its journal row on disk before \
         it is given. Reads: another Observation each time. Searches: all Observations of one code of another patient each \
         time. The program's organisation has a duty to everybody who was loaded. \
         The small store has {SMALL} resources. Everything is asked of a patient with two bundles. Beside the reads, in turn, the same clients ask a program without a \
         store, which gives {} bytes once {} bytes are on disk, one flush for all who wait.",
        kernel::money::thousands(loaded.resources as u64),
        loaded.patients,
        answers::ANSWER,
        kernel::money::thousands(answers::WRITTEN as u64),
    );
    Ok((method, lines(&small, &large, disk)))
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

fn lines(small: &Figures, large: &Figures, disk: u64) -> Vec<Line> {
    let time = |what: &str, time: Duration, target: f64| {
        let ms = milliseconds(time);
        Line::against(what, shown(ms, 2), shown(target, 0), ms <= target)
    };
    let flat =
        milliseconds(large.search.percentile(50)) / milliseconds(small.search.percentile(50));
    let megabytes = |bytes: u64| bytes as f64 / 1_000_000.0;
    vec![
        time("read, one client: p99, ms", large.read.percentile(99), 1.0),
        Line::fact(
            "read, one client: p50, ms",
            shown(milliseconds(large.read.percentile(50)), 2),
        ),
        Line::against(
            "reads a second, eight clients",
            shown(large.reads_a_second, 0),
            "15,000",
            large.reads_a_second >= 15_000.0,
        ),
        Line::fact(
            "a program without a store, one client: p99, ms",
            shown(milliseconds(large.bare.one.percentile(99)), 2),
        ),
        Line::fact(
            "a program without a store, one client: p50, ms",
            shown(milliseconds(large.bare.one.percentile(50)), 2),
        ),
        Line::fact(
            "answers a second of a program without a store, eight clients",
            shown(large.bare.a_second, 0),
        ),
        Line::fact(
            "reads a second as a share of those",
            shown(large.reads_a_second / large.bare.a_second, 2),
        ),
        time(
            "search, one client: p50, ms",
            large.search.percentile(50),
            2.0,
        ),
        time(
            "search, eight clients: p99, ms",
            large.searches.percentile(99),
            10.0,
        ),
        Line::fact(
            "search, small store, one client: p50, ms",
            shown(milliseconds(small.search.percentile(50)), 2),
        ),
        Line::against(
            "search: large store as a multiple of small",
            shown(flat, 2),
            "1.20",
            flat <= 1.2,
        ),
        time("everything: p50, ms", large.everything.percentile(50), 15.0),
        Line::fact("everything: entries", shown(large.entries as f64, 0)),
        Line::against(
            "memory, MB",
            shown(megabytes(large.memory), 0),
            "300",
            large.memory <= 300_000_000,
        ),
        Line::against(
            "disk, MB",
            shown(megabytes(disk), 0),
            "3,000",
            disk <= 3_000_000_000,
        ),
    ]
}

/// A client with the scopes to read.
fn client(almoner: &Almoner) -> Result<String> {
    let output = almoner.run([
        "client",
        "add",
        "bench",
        "--organisation",
        COUNCIL,
        "--scope",
        "patient.read",
        "--scope",
        "resource.read",
        "--format",
        "json",
    ])?;
    let made: serde_json::Value = serde_json::from_slice(&output.stdout)
        .with_context(|| String::from_utf8_lossy(&output.stderr).into_owned())?;
    Ok(made["token"].as_str().context("a token")?.to_owned())
}

struct Loaded {
    patients: usize,
    resources: usize,
}

impl Loaded {
    /// Loads further patients until there are as many resources.
    fn up_to(
        &mut self,
        almoner: &Almoner,
        originals: &synthea::Originals,
        folder: &Path,
        resources: usize,
    ) -> Result<()> {
        while self.resources < resources {
            let patients = self.patients..self.patients + AT_ONCE;
            self.patients += AT_ONCE;
            self.take_in(almoner, folder, patients.map(|one| originals.bundle(one)))?;
        }
        Ok(())
    }

    /// Loads bundles by one command.
    fn take_in(
        &mut self,
        almoner: &Almoner,
        folder: &Path,
        bundles: impl IntoIterator<Item = String>,
    ) -> Result<()> {
        let mut arguments = ["load", "fhir", "--format", "json"]
            .map(OsString::from)
            .to_vec();
        for (number, bundle) in bundles.into_iter().enumerate() {
            let path = folder.join(format!("{number}.json"));
            std::fs::write(&path, bundle)?;
            arguments.push(path.into_os_string());
        }
        let report = super::load_report(&almoner.run(arguments)?)?;
        let taken =
            report["accepted"].as_u64().unwrap_or(0) + report["partly"].as_u64().unwrap_or(0);
        ensure!(taken > 0, "nothing was taken in: {report}");
        self.resources += usize::try_from(taken)?;
        std::fs::remove_dir_all(folder)?;
        std::fs::create_dir_all(folder)?;
        Ok(())
    }
}

fn asked(folder: &Path) -> Result<Asked> {
    let place = kernel::PlaceId::new("barsetshire").context("a fitting name")?;
    let store = Store::open(&Location::Folder(folder.to_owned()), place)?;
    store.read(|tx| {
        let place = store::Value::from(tx.place());
        let mut texts = |sql: &str| -> Result<Vec<String>, store::Error> {
            let rows = tx.query(sql, std::slice::from_ref(&place))?;
            rows.iter().map(|row| row.text(0).map(str::to_owned)).collect()
        };
        let resources = texts(
            "SELECT resource_key FROM shelf WHERE place = ?1 AND resource_type = 'Observation' \
             AND record % 10 = 3 ORDER BY id",
        )?;
        let patients = texts(
            "SELECT person_key FROM timeline WHERE place = ?1 AND kind = 'Claim' \
             GROUP BY person_key ORDER BY person_key",
        )?;
        let counts = tx.query(
            "SELECT person_key, COUNT(*) FROM timeline WHERE place = ?1 AND kind <> '' AND shelf_id IS NOT NULL \
             AND person_key IS NOT NULL GROUP BY person_key",
            std::slice::from_ref(&place),
        )?;
        let mut large = (String::new(), 0_i64);
        for row in &counts {
            let count = row.int(1)?;
            if (count - 600).abs() < (large.1 - 600).abs() {
                large = (row.text(0)?.to_owned(), count);
            }
        }
        let entries = usize::try_from(large.1).unwrap_or(0);
        Ok(Asked { resources, patients, large: (large.0, entries) })
    })
}

/// Clients that ask for paths by number until enough were asked or time is up.
fn ask(
    served: &Served,
    token: &str,
    clients: usize,
    requests: usize,
    path: &(dyn Fn(usize) -> String + Sync),
) -> Result<(Sample, Duration)> {
    let client = || {
        let mut client = Client::new(served.address);
        token.clone_into(&mut client.bearer);
        client
    };
    load(clients, requests).ask(&client, path)
}

const fn load(clients: usize, requests: usize) -> Load {
    Load {
        clients,
        requests,
        longest: LONGEST,
    }
}

/// Gives the council a duty to everybody: a program sees only those its organisation has to do
/// with.
fn tie_all(folder: &Path) -> Result<()> {
    let app = super::open_app(&Location::Folder(folder.to_owned()))?;
    app.store().write(|tx| {
        let council =
            organisation::by_code(tx, "council", COUNCIL)?.map(|found| found.id.to_string());
        let place = store::Value::from(tx.place());
        let rows = tx.query(
            "SELECT DISTINCT head_id FROM person WHERE place = ?1",
            &[place],
        )?;
        for row in &rows {
            let kept = Kept {
                id: app.ids().relationship(),
                person: row.id::<PersonId>(0)?,
                kind: Relationship::Duty,
                holder: council.clone().unwrap_or_default(),
                capacity: String::new(),
                starts_at: app.now(),
                ends_at: None,
                follows: String::new(),
                made_at: app.now(),
                made_by: "bench".to_owned(),
            };
            relationship::put(tx, &kept)?;
        }
        Ok::<_, store::Error>(())
    })?;
    Ok(())
}

fn measure(almoner: &Almoner, folder: &Path, token: &str) -> Result<Figures> {
    tie_all(folder)?;
    let asked = asked(folder)?;
    ensure!(
        !asked.resources.is_empty() && !asked.patients.is_empty(),
        "there is something to ask for"
    );
    let served = almoner.serve(["serve"])?;
    // Strides that are prime to the numbers spread the looks over all of them.
    let read = |number: usize| {
        format!(
            "/fhir/{}",
            asked.resources[number * 7_919 % asked.resources.len()]
        )
    };
    let search = |number: usize| {
        let patient = &asked.patients[number * 7_919 % asked.patients.len()];
        format!("/fhir/Observation?patient={patient}&code=8302-2")
    };
    let everything = |_: usize| format!("/fhir/{}/$everything", asked.large.0);
    ask(&served, token, CLIENTS, 2_000, &read)?;
    let (bare_one, _) = answers::ask(folder, &load(1, 5_000))?;
    let (one, _) = ask(&served, token, 1, 5_000, &read)?;
    let (bare_many, bare_took) = answers::ask(folder, &load(CLIENTS, 200_000))?;
    let (many, took) = ask(&served, token, CLIENTS, 200_000, &read)?;
    ask(&served, token, 1, 200, &search)?;
    let (single, _) = ask(&served, token, 1, 2_000, &search)?;
    let (searches, _) = ask(&served, token, CLIENTS, 20_000, &search)?;
    let (whole, _) = ask(&served, token, 1, 200, &everything)?;
    Ok(Figures {
        read: one,
        reads_a_second: many.len() as f64 / took.as_secs_f64(),
        bare: Bare {
            one: bare_one,
            a_second: bare_many.len() as f64 / bare_took.as_secs_f64(),
        },
        search: single,
        searches,
        everything: whole,
        entries: asked.large.1,
        memory: served.memory()?.1,
    })
}
