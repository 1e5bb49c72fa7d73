//! The crash test: `kill -9` in the middle of loads, edits and posts to the ledger.
//!
//! A log here holds every acknowledgement: a load that ended and printed its
//! report, an edit whose answer arrived, a transfer that was told of. After each kill everything in the log
//! must be in the store, and `almoner doctor` must find nothing wrong. Moments of
//! killing come from a seed, which is printed.

use crate::batch::{File, Kind, Maker, Template};
use crate::filling::{self, Filled};
use crate::forms::Form;
use crate::http::Client;
use crate::money::{self, Money};
use crate::people;
use crate::served::{Almoner, Served};
use access::{Actor, Role};
use anyhow::{Context, Result, bail, ensure};
use app::session::NewAccount;
use app::{App, Settings, SystemClock, SystemRandomness};
use std::collections::{BTreeMap, BTreeSet};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use store::{Error, Location, Store, Value};
use synth::{Barsetshire, Config};
use testkit::Seeded;

/// Threads that edit at the same time.
const EDITORS: usize = 4;
/// People of the place whose stays are edited.
const PEOPLE: u32 = 300;
/// Who edits.
const USERNAME: &str = "hub.lead";
const PASSWORD: &str = "barchester towers";

/// Every NHS number in the store.
const NUMBERS: &str = "SELECT nhs_number FROM person WHERE place = ?1 AND nhs_number IS NOT NULL";

/// Kills the binary in the middle of loads and edits.
#[derive(clap::Args)]
pub struct Crash {
    /// How often to kill: in turn a load of records, edits, a load of notices, edits, posts to the
    /// ledger.
    #[arg(long, default_value_t = 50)]
    rounds: usize,
    /// Seed of the moments of killing.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Everything that was acknowledged so far.
#[derive(Default)]
struct Log {
    /// Numbers of the made-up people whose load was acknowledged.
    people: BTreeSet<usize>,
    /// Ids of the notices whose load was acknowledged.
    messages: BTreeSet<String>,
    /// What was typed into a stay's next action, by the stay.
    edits: BTreeMap<String, Vec<String>>,
    /// The latest answer of each question of each form that was said to be saved.
    answers: Filled,
}

struct Trial {
    almoner: Almoner,
    location: Location,
    maker: Maker,
    seeded: Seeded,
    stays: Vec<String>,
    /// Forms that are being filled in.
    forms: Vec<String>,
    money: Money,
    /// How long a whole load of records and one of notices took, the first time.
    whole_load: [Duration; 2],
    /// How long a whole file of transfers took, the first time.
    whole_post: Duration,
    log: Log,
    /// Kills that met a process that was still at work.
    in_the_middle: usize,
}

/// Runs the rounds on the database that the environment names (testkit).
pub fn run(crash: &Crash) -> Result<()> {
    let place = testkit::location();
    let almoner = match &place.location {
        Location::Folder(folder) => Almoner::on_folder(folder)?,
        Location::Postgres(address) => Almoner::on_postgres(address)?,
    };
    let mut trial = Trial::prepare(almoner, place.location.clone(), crash.seed)?;
    for round in 0..crash.rounds {
        let outcome = match round % 5 {
            0 => trial.load(Kind::Fhir),
            2 => trial.load(Kind::Adw),
            4 => trial.post(),
            _ => trial.edit(round),
        };
        outcome.and_then(|()| trial.verify()).with_context(|| {
            format!(
                "round {round} of seed {} on {}",
                crash.seed,
                testkit::engine()
            )
        })?;
    }
    println!(
        "crash test on {}: killed {} times, {} of them in the middle of work; {} people, {} notices, {} edits, {} answers of forms and {} transfers were acknowledged and all are there; doctor found nothing wrong",
        testkit::engine(),
        crash.rounds,
        trial.in_the_middle,
        trial.log.people.len(),
        trial.log.messages.len(),
        trial.log.edits.values().map(Vec::len).sum::<usize>(),
        trial.log.answers.acknowledged,
        trial.money.acknowledged.len(),
    );
    ensure!(
        crash.rounds < 5 || trial.in_the_middle * 2 > crash.rounds,
        "too few kills met work: the moments are badly chosen"
    );
    ensure!(
        crash.rounds < 5 || !trial.log.edits.is_empty(),
        "no edit was ever acknowledged"
    );
    ensure!(
        crash.rounds < 5 || trial.log.answers.acknowledged > 0,
        "no answer of a form was ever acknowledged"
    );
    ensure!(
        !trial.log.people.is_empty() && !trial.log.messages.is_empty(),
        "no load was ever acknowledged"
    );
    Ok(())
}

impl Trial {
    fn prepare(almoner: Almoner, location: Location, seed: u64) -> Result<Self> {
        make_place(&location)?;
        let stays = "SELECT id FROM stay WHERE place = ?1 AND discharged_on IS NULL ORDER BY id";
        let stays = column(&location, stays)?;
        ensure!(stays.len() >= EDITORS, "the place has open stays to edit");
        let open = "SELECT id FROM form WHERE place = ?1 AND state = 'open' ORDER BY id";
        let forms = column(&location, open)?;
        ensure!(forms.len() >= EDITORS, "the place has forms to fill in");
        let taken = column(&location, NUMBERS)?.into_iter().collect();
        let mut trial = Self {
            money: Money::open(&almoner)?,
            almoner,
            maker: Maker::new(taken, template(&location)?)?,
            location,
            seeded: Seeded(seed),
            stays,
            forms,
            whole_load: [Duration::ZERO; 2],
            whole_post: Duration::ZERO,
            log: Log::default(),
            in_the_middle: 0,
        };
        for kind in [Kind::Fhir, Kind::Adw] {
            let files = trial.maker.make(kind)?;
            let started = Instant::now();
            trial.load_post_whole(kind, &files)?;
            trial.whole_load[kind as usize] = started.elapsed();
        }
        let file = trial.money.make()?;
        let started = Instant::now();
        trial.money.post_whole(&trial.almoner, file)?;
        trial.whole_post = started.elapsed();
        trial.verify()?;
        Ok(trial)
    }

    /// A moment between two, by the seed.
    fn moment(&mut self, from: Duration, to: Duration) -> Duration {
        let span = u64::try_from(to.saturating_sub(from).as_micros())
            .unwrap_or(1)
            .max(1);
        from + Duration::from_micros(self.seeded.next_number() % span)
    }

    fn load_command(&self, kind: Kind, files: &[File]) -> Command {
        let mut command = self
            .almoner
            .command(["load", kind.word(), "--format", "json"]);
        command
            .args(files.iter().map(|file| &file.path))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// A load that is let end: what it reports is acknowledged.
    fn load_post_whole(&mut self, kind: Kind, files: &[File]) -> Result<()> {
        let output = self.load_command(kind, files).output()?;
        let report: serde_json::Value = serde_json::from_slice(&output.stdout)
            .with_context(|| String::from_utf8_lossy(&output.stderr).into_owned())?;
        let of = |key: &str| report[key].as_u64().unwrap_or(0);
        let records: u64 = files.iter().map(|file| file.records).sum();
        ensure!(
            of("accepted") + of("repeated") == records,
            "not all of {records} records were taken in: {report}"
        );
        self.acknowledge(files);
        Ok(())
    }

    fn acknowledge(&mut self, files: &[File]) {
        for file in files {
            self.log.people.extend(&file.people);
            self.log.messages.extend(file.messages.iter().cloned());
        }
    }

    /// Loads a few files to the end, kills the load of the rest, then loads all of them again.
    fn load(&mut self, kind: Kind) -> Result<()> {
        let files = self.maker.make(kind)?;
        let done = usize::try_from(self.seeded.next_number() % 3)?;
        if done > 0 {
            self.load_post_whole(kind, &files[..done])?;
        }
        let mut child = self.load_command(kind, &files[done..]).spawn()?;
        let moment = self.moment(Duration::ZERO, self.whole_load[kind as usize]);
        std::thread::sleep(moment);
        let ended = child.try_wait()?.is_some();
        if !ended {
            child.kill()?;
            self.in_the_middle += 1;
        }
        let output = child.wait_with_output()?;
        if output.status.success() {
            self.acknowledge(&files[done..]);
        }
        self.verify()?;
        // The same files again: what was there already is not there twice.
        self.load_post_whole(kind, &files)
    }

    /// Kills a file of transfers while it is posted, then posts all of it again.
    fn post(&mut self) -> Result<()> {
        let file = self.money.make()?;
        let mut child = self.money.begin(&self.almoner, file)?;
        let moment = self.moment(Duration::ZERO, self.whole_post);
        std::thread::sleep(moment);
        if child.try_wait()?.is_none() {
            child.kill()?;
            self.in_the_middle += 1;
        }
        child.wait()?;
        self.money.note(file)?;
        self.verify()?;
        self.money.post_whole(&self.almoner, file)
    }

    /// Editors type into stays, and others fill in forms, until the server is killed under them.
    fn edit(&mut self, round: usize) -> Result<()> {
        let mut served = self.almoner.serve(["serve"])?;
        let cookie = served.sign_in(USERNAME, PASSWORD)?.cookie;
        let stop = AtomicBool::new(false);
        let acknowledged = Mutex::new(Vec::new());
        let failures = Mutex::new(Vec::new());
        let filled = Mutex::new(Filled::default());
        let moment = self.moment(Duration::from_millis(150), Duration::from_millis(900));
        std::thread::scope(|scope| -> Result<()> {
            for editor in 0..EDITORS {
                let stays: Vec<&String> = self.stays.iter().skip(editor).step_by(EDITORS).collect();
                let (served, cookie, stop) = (&served, &cookie, &stop);
                let (acknowledged, failures) = (&acknowledged, &failures);
                let address = served.address;
                scope.spawn(move || {
                    let mut client = Client::new(address);
                    client.cookie.clone_from(cookie);
                    let mut number = 0;
                    while !stop.load(Ordering::Relaxed) {
                        let stay = stays[number % stays.len()];
                        let text =
                            format!("Ring about round {round} editor {editor} number {number}");
                        match type_into(&mut client, stay, &text) {
                            Ok(true) => push(acknowledged, (stay.clone(), text)),
                            Ok(false) => {}
                            Err(error) if stop.load(Ordering::Relaxed) || is_broken_off(&error) => {
                                break;
                            }
                            Err(error) => push(failures, format!("{error:#}")),
                        }
                        number += 1;
                    }
                });
            }
            for filler in 0..EDITORS {
                let forms: Vec<&String> = self.forms.iter().skip(filler).step_by(EDITORS).collect();
                let (served, cookie, stop) = (&served, &cookie, &stop);
                let (filled, failures) = (&filled, &failures);
                let address = served.address;
                scope.spawn(move || {
                    let mut client = Client::new(address);
                    client.cookie.clone_from(cookie);
                    let words = format!("Round {round} filler {filler}");
                    let went = filling::fill(&mut client, &forms, &words, stop, filled);
                    if let Err(error) = went
                        && !stop.load(Ordering::Relaxed)
                        && !is_broken_off(&error)
                    {
                        push(failures, format!("{error:#}"));
                    }
                });
            }
            std::thread::sleep(moment);
            let killed = kill(&served);
            stop.store(true, Ordering::Relaxed);
            killed
        })?;
        served.kill()?;
        let failures = failures.into_inner().unwrap_or_default();
        ensure!(
            failures.is_empty(),
            "{} edits were refused before the kill, such as: {:?}",
            failures.len(),
            failures.first()
        );
        self.log
            .answers
            .add(filled.into_inner().unwrap_or_default());
        let acknowledged = acknowledged.into_inner().unwrap_or_default();
        if !acknowledged.is_empty() {
            self.in_the_middle += 1;
        }
        for (stay, text) in acknowledged {
            self.log.edits.entry(stay).or_default().push(text);
        }
        Ok(())
    }

    /// Everything acknowledged is there, and the doctor finds nothing wrong.
    fn verify(&self) -> Result<()> {
        self.almoner.doctor()?;
        let there: BTreeSet<String> = column(&self.location, NUMBERS)?.into_iter().collect();
        for person in &self.log.people {
            let number = people::nhs_number(*person)?.to_string();
            ensure!(
                there.contains(&number),
                "the acknowledged made-up person {person} is lost"
            );
        }
        let weights = column(
            &self.location,
            "SELECT timeline.id FROM timeline JOIN person ON person.place = timeline.place \
             AND person.id = timeline.person_id WHERE timeline.place = ?1 AND person.family_name = 'Madeup' \
             AND timeline.kind = 'Observation'",
        )?;
        ensure!(
            weights.len() >= self.log.people.len(),
            "{} people but {} of their observations",
            self.log.people.len(),
            weights.len()
        );
        let messages: BTreeSet<String> = column(
            &self.location,
            "SELECT message_id FROM notice WHERE place = ?1",
        )?
        .into_iter()
        .collect();
        for message in &self.log.messages {
            ensure!(
                messages.contains(message),
                "the acknowledged notice {message} is lost"
            );
        }
        let transfers = column(&self.location, money::TRANSFERS)?;
        let sets = column(&self.location, money::SETS)?;
        self.money.is_there(&transfers, &sets)?;
        let answers = column(&self.location, filling::ANSWERS)?;
        self.log.answers.are_there(&answers)?;
        let typed: BTreeSet<String> = column(
            &self.location,
            "SELECT stay_id || ' ' || after FROM stay_change WHERE place = ?1",
        )?
        .into_iter()
        .collect();
        for (stay, texts) in &self.log.edits {
            for text in texts {
                let there = typed.contains(&format!("{stay} {text}"));
                ensure!(there, "an acknowledged edit of stay {stay} is lost: {text}");
            }
        }
        Ok(())
    }
}

/// One column of the store, read after the binary has stopped.
fn column(location: &Location, sql: &str) -> Result<Vec<String>> {
    let place = place_id()?;
    let store = Store::open(location, place.clone())?;
    let rows = store.read(|tx| {
        let rows = tx.query(sql, &[Value::from(place.as_str())])?;
        rows.iter()
            .map(|row| row.text(0).map(str::to_owned))
            .collect::<Result<Vec<_>, Error>>()
    })?;
    Ok(rows)
}

/// An admission notice that the place was made with.
fn template(location: &Location) -> Result<Template> {
    let place = place_id()?;
    let store = Store::open(location, place.clone())?;
    let sql = "SELECT notice.inbox_id, notice.message_id, person.nhs_number, stay.source_key \
               FROM notice JOIN person ON person.place = notice.place AND person.id = notice.person_id \
               JOIN stay ON stay.place = notice.place AND stay.id = notice.stay_id \
               WHERE notice.place = ?1 AND notice.kind = 'admission' AND stay.source = 'adw' \
               ORDER BY notice.id LIMIT 1";
    let found = store.read(|tx| {
        let Some(row) = tx.query_opt(sql, &[Value::from(place.as_str())])? else {
            return Ok(None);
        };
        let bytes = store::inbox::content(tx, row.id(0)?)?;
        let texts = [row.text(1)?, row.text(2)?, row.text(3)?].map(str::to_owned);
        Ok::<_, Error>(Some((bytes, texts)))
    })?;
    let (bytes, [message_id, nhs_number, key]) =
        found.context("the place has an admission notice")?;
    let stay_key = key.rsplit('|').next().unwrap_or_default().to_owned();
    Ok(Template {
        xml: String::from_utf8(bytes)?,
        message_id,
        nhs_number,
        stay_key,
    })
}

/// Makes a small fictional place with somebody who may edit.
fn make_place(location: &Location) -> Result<()> {
    let app = App::open(Settings {
        location: location.clone(),
        place: place_id()?,
        clock: Arc::new(SystemClock),
        randomness: Box::new(SystemRandomness),
        policy: Arc::new(flow::Policy::builtin()),
    })?;
    let place = Barsetshire::make(&Config {
        people: PEOPLE,
        seed: 1,
        now: app.now(),
        open_stays: Some(24),
    })?;
    synth::fill::fill(&app, &place)?;
    app.make_account(
        &Actor::operator(),
        &NewAccount {
            username: USERNAME,
            password: PASSWORD,
            display_name: "Grace Tolley",
            role: Role::HubLead,
            organisation: place.organisations.hub,
        },
    )?;
    let session = app.sign_in(USERNAME, PASSWORD)?;
    let lead = session.context("whoever edits signs in")?.actor;
    let open = place
        .stays
        .iter()
        .filter(|one| one.stay.discharged_on.is_none());
    for one in open.take(2 * EDITORS) {
        app.start_form(&lead, filling::FORM, Some(one.stay.person))?;
    }
    Ok(())
}

fn place_id() -> Result<kernel::PlaceId> {
    kernel::PlaceId::new("barsetshire").context("a fitting name")
}

/// Types a text into a stay's next action; whether the server says it is kept.
fn type_into(client: &mut Client, stay: &str, text: &str) -> Result<bool> {
    let page = client.get(&format!("/flow/stay/{stay}/edit/next"))?;
    if page.status != 200 {
        bail!("the form answered {}", page.status);
    }
    let mut form =
        Form::with_field(&page.text(), "next_action").context("no form for the next action")?;
    form.set("next_action", text);
    let answer = client.post(&form.action, &form.pairs())?;
    match answer.status {
        303 => Ok(true),
        status => bail!("the edit answered {status}"),
    }
}

/// Whether the connection ended under us, as it does when the server is killed.
fn is_broken_off(error: &anyhow::Error) -> bool {
    error.to_string().contains("closed the connection")
        || error.downcast_ref::<std::io::Error>().is_some()
}

/// `kill -9` of a server that others still talk to.
fn kill(served: &Served) -> Result<()> {
    let status = Command::new("kill")
        .args(["-9", &served.id().to_string()])
        .status()?;
    ensure!(status.success(), "kill -9 failed");
    Ok(())
}

fn push<T>(list: &Mutex<Vec<T>>, item: T) {
    if let Ok(mut list) = list.lock() {
        list.push(item);
    }
}
