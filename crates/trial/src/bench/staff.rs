//! Staff at work at the same time: a closed loop of people who read a stay, think, and change its
//! next action. Nobody's change may be lost: of two who change one stay, one is told.

use super::Bed;
use super::pages::{self, BigPlace};
use super::report::Line;
use crate::forms::Form;
use crate::http::Client;
use crate::sample::{Sample, shown};
use anyhow::{Context, Result, anyhow, ensure};
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};
use store::{Error, Value};
use testkit::Seeded;

/// People at work.
const STAFF: usize = 200;
/// Stays that they work on: few enough that two meet now and then.
const STAYS: usize = 400;
/// How long each thinks between two things, on average.
pub(super) const THINKS: Duration = Duration::from_secs(2);

/// A change that was acknowledged.
pub(super) struct Change {
    /// Whose stay.
    pub stay: String,
    /// The text that its next action got; no other change has it.
    pub text: String,
    /// When the answer came.
    pub at: Instant,
}

/// What people at work did.
#[derive(Default)]
pub(super) struct Done {
    /// The time of each answer.
    pub times: Vec<Duration>,
    /// What was acknowledged.
    pub saved: Vec<Change>,
    /// How often somebody else had changed it.
    pub told: usize,
}

impl Done {
    /// How many changes were acknowledged and are not in the history of their stay.
    pub(super) fn lost(&self, histories: &Histories) -> usize {
        let kept = |change: &&Change| histories.place(&change.stay, &change.text).is_some();
        self.saved.len() - self.saved.iter().filter(kept).count()
    }
}

/// Who works, and when they go home.
pub(super) struct Shift<'a> {
    pub people: usize,
    pub stays: &'a [String],
    /// What their texts begin with.
    pub name: &'a str,
    pub until: Instant,
}

impl Shift<'_> {
    /// Works until it is over.
    pub(super) fn work(&self, place: &BigPlace) -> Result<Done> {
        std::thread::scope(|scope| {
            let threads: Vec<_> = (0..self.people)
                .map(|number| scope.spawn(move || self.one(place, number)))
                .collect();
            let mut all = Done::default();
            for thread in threads {
                let one = thread.join().map_err(|_| anyhow!("somebody panicked"))??;
                all.times.extend(one.times);
                all.saved.extend(one.saved);
                all.told += one.told;
            }
            Ok(all)
        })
    }
}

/// Takes the measure.
pub fn staff(bed: &mut Bed, minutes: u64) -> Result<(String, Vec<Line>)> {
    let place = pages::big_place(bed)?;
    let stays = place.stays(STAYS)?;
    let shift = Shift {
        people: STAFF,
        stays: &stays,
        name: "Ring about",
        until: Instant::now() + Duration::from_secs(60 * minutes),
    };
    let done = shift.work(place)?;
    let (count, told) = (done.saved.len(), done.told);
    let lost = done.lost(&Histories::of(place, &done.saved)?);
    place.almoner().doctor()?;
    let sample = Sample::new(done.times);
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

impl Shift<'_> {
    fn one(&self, place: &BigPlace, number: usize) -> Result<Done> {
        let mut client: Client = place.client();
        let mut chance = Seeded(u64::try_from(number)? + 1);
        let mut done = Done::default();
        // They do not all begin at one moment.
        std::thread::sleep(THINKS.mul_f64(below(&mut chance, 1_000) as f64 / 1_000.0));
        for turn in 0.. {
            if Instant::now() >= self.until {
                break;
            }
            let stay = &self.stays[below(&mut chance, self.stays.len() as u64) as usize];
            let text = format!("{} {number} {turn}", self.name);
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
                303 => done.saved.push(Change {
                    stay: stay.clone(),
                    text,
                    at: Instant::now(),
                }),
                409 => done.told += 1,
                other => return Err(anyhow!("a change answered {other}")),
            }
        }
        Ok(done)
    }
}

/// A number below an end.
fn below(chance: &mut Seeded, end: u64) -> u64 {
    chance.next_number() % end
}

/// What the next action of stays was, one text after another, as the store has it.
pub(super) struct Histories(BTreeMap<String, Vec<String>>);

impl Histories {
    /// Of the stays that were changed.
    pub(super) fn of(place: &BigPlace, saved: &[Change]) -> Result<Self> {
        let store = place.store()?;
        let place_id = Value::from(store.place().as_str());
        let sql = "SELECT after FROM stay_change WHERE place = ?1 AND stay_id = ?2 ORDER BY number";
        let stays: BTreeSet<&str> = saved.iter().map(|change| change.stay.as_str()).collect();
        let mut histories = BTreeMap::new();
        for stay in stays {
            let texts = store.read(|tx| {
                let rows = tx.query(sql, &[place_id.clone(), stay.into()])?;
                rows.iter()
                    .map(|row| row.text(0).map(str::to_owned))
                    .collect::<Result<Vec<_>, Error>>()
            })?;
            histories.insert(stay.to_owned(), texts);
        }
        Ok(Self(histories))
    }

    /// Where a text stands in the history of a stay, from 0; `None` if it is not there.
    pub(super) fn place(&self, stay: &str, text: &str) -> Option<usize> {
        self.0.get(stay)?.iter().position(|one| one == text)
    }
}
