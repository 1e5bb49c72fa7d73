//! Staff at work at the same time: a closed loop of people who read a stay, think, and change its
//! next action. Nobody's change may be lost: of two who change one stay, one is told.

use super::Bed;
use super::pages::{self, BigPlace};
use super::report::Line;
use crate::forms::Form;
use crate::http::Client;
use crate::sample::{Sample, shown};
use anyhow::{Context, Result, anyhow, ensure};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use store::{Error, Value};
use testkit::Seeded;

/// People at work.
const STAFF: usize = 200;
/// Stays that they work on: few enough that two meet now and then.
const STAYS: usize = 400;
/// How long each thinks between two things, on average.
const THINKS: Duration = Duration::from_secs(2);

/// What one of them did.
#[derive(Default)]
struct Done {
    times: Vec<Duration>,
    /// What was acknowledged: the stay and the text.
    saved: Vec<(String, String)>,
    /// How often somebody else had changed it.
    told: usize,
}

/// Takes the measure.
pub fn staff(bed: &mut Bed, minutes: u64) -> Result<(String, Vec<Line>)> {
    let place = pages::big_place(bed)?;
    let stays = place.stays(STAYS)?;
    let until = Instant::now() + Duration::from_secs(60 * minutes);
    let done = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..STAFF)
            .map(|number| {
                let stays = &stays;
                scope.spawn(move || work(place, stays, number, until))
            })
            .collect();
        let mut all = Vec::new();
        for thread in threads {
            all.push(thread.join().map_err(|_| anyhow!("somebody panicked"))??);
        }
        Ok::<_, anyhow::Error>(all)
    })?;
    let told: usize = done.iter().map(|one| one.told).sum();
    let mut saved: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut times = Vec::new();
    for one in done {
        times.extend(one.times);
        for (stay, text) in one.saved {
            saved.entry(stay).or_default().push(text);
        }
    }
    let count: usize = saved.values().map(Vec::len).sum();
    let lost = lost(place, &saved)?;
    place.almoner().doctor()?;
    let sample = Sample::new(times);
    let milliseconds = |part: usize| sample.percentile(part).as_secs_f64() * 1_000.0;
    let p99 = milliseconds(99);
    let method = format!(
        "{STAFF} people at work for {minutes} minutes, each with a connection of their own: open the form of the next action of \
         one of {STAYS} stays, think {} s on average, send it. A store of {} people, SQLite, on the same machine as the \
         clients. An answer that is neither saved nor \"somebody changed this\" ends the measure as failed. Afterwards each \
         acknowledged text must be in its stay's history, and `almoner doctor` must find nothing.",
        THINKS.as_secs(),
        kernel::money::thousands(place.people() as u64),
    );
    Ok((
        method,
        vec![
            Line::against("p99 of all answers, ms", shown(p99, 1), "250", p99 <= 250.0),
            Line::fact("p50, ms", shown(milliseconds(50), 1)),
            Line::fact("changes acknowledged", count.to_string()),
            Line::fact("told that somebody else had changed it", told.to_string()),
            Line::against("changes lost", lost.to_string(), "0", lost == 0),
        ],
    ))
}

fn work(place: &BigPlace, stays: &[String], number: usize, until: Instant) -> Result<Done> {
    let mut client: Client = place.client();
    let mut chance = Seeded(u64::try_from(number)? + 1);
    let mut done = Done::default();
    // They do not all begin at one moment.
    std::thread::sleep(THINKS.mul_f64(below(&mut chance, 1_000) as f64 / 1_000.0));
    for turn in 0.. {
        if Instant::now() >= until {
            break;
        }
        let stay = &stays[below(&mut chance, stays.len() as u64) as usize];
        let text = format!("Ring about {number} {turn}");
        let path = format!("/flow/stay/{stay}/edit/next");
        let asked = Instant::now();
        let page = client.get(&path)?;
        done.times.push(asked.elapsed());
        ensure!(page.status == 200, "the form answered {}", page.status);
        let mut form = Form::with_field(&page.text(), "next_action").context("a form")?;
        form.set("next_action", &text);
        std::thread::sleep(THINKS.mul_f64(2.0 * below(&mut chance, 1_000) as f64 / 1_000.0));
        let sent = Instant::now();
        let answer = client.post(&path, &form.pairs())?;
        done.times.push(sent.elapsed());
        match answer.status {
            303 => done.saved.push((stay.clone(), text)),
            409 => done.told += 1,
            other => return Err(anyhow!("a change answered {other}")),
        }
    }
    Ok(done)
}

/// A number below an end.
fn below(chance: &mut Seeded, end: u64) -> u64 {
    chance.next_number() % end
}

/// Acknowledged texts that are not in the history of their stay.
fn lost(place: &BigPlace, saved: &BTreeMap<String, Vec<String>>) -> Result<usize> {
    let store = place.store()?;
    let place_id = Value::from(store.place().as_str());
    let sql = "SELECT after FROM stay_change WHERE place = ?1 AND stay_id = ?2";
    let mut lost = 0;
    for (stay, texts) in saved {
        let history = store.read(|tx| {
            let rows = tx.query(sql, &[place_id.clone(), stay.as_str().into()])?;
            rows.iter()
                .map(|row| row.text(0).map(str::to_owned))
                .collect::<Result<Vec<_>, Error>>()
        })?;
        lost += texts.iter().filter(|text| !history.contains(text)).count();
    }
    Ok(lost)
}
