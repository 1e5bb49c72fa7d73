//! The hub board while staff work: how soon its page comes, and how soon an open board shows what
//! somebody changed.

use super::Bed;
use super::pages::{self, BigPlace};
use super::report::Line;
use super::staff::{Change, Done, Histories, Shift};
use crate::forms::unescape;
use crate::http::Client;
use crate::sample::{Sample, Spread, shown};
use crate::served::attribute;
use anyhow::{Context, Result, anyhow, ensure};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// Staff at work.
const STAFF: usize = 16;
/// Boards that are open meanwhile, each at a page of its own.
const OPEN_BOARDS: usize = 4;
/// How long they work, once.
const WORKING: Duration = Duration::from_secs(60);
/// How often.
const REPEATS: usize = 3;
/// The longest that a change may take to an open board.
const SHOWN_WITHIN: Duration = Duration::from_secs(2);
/// What the texts of changes begin with.
const MARK: &str = "Ring about";

/// Takes the measure.
pub fn board(bed: &mut Bed) -> Result<(String, Vec<Line>)> {
    let place = pages::big_place(bed)?;
    let (mut method, mut lines) = pages::board_alone(place)?;
    let mut figures = Figures::default();
    for repeat in 0..REPEATS {
        figures.take(place, repeat)?;
    }
    place.almoner().doctor()?;
    method.push_str(&format!(
        " Then, for {} s and {REPEATS} times, {STAFF} staff at work as in `staff`, on the stays of the first {OPEN_BOARDS} pages \
         of the board; one reader who may see what the hub sees asks for the board without a pause; and {OPEN_BOARDS} boards \
         are open, each at one of those pages, that ask whether anything is new as the page does. A change is shown once an open \
         board has its text, or a later one of that stay by the stay's history; the time is from its answer to the \
         board's. Afterwards each acknowledged text must be in its stay's history, and `almoner doctor` must find nothing.",
        WORKING.as_secs(),
    ));
    lines.extend(figures.lines());
    Ok((method, lines))
}

/// What the repeats gave.
#[derive(Default)]
struct Figures {
    page99: Vec<f64>,
    renewed99: Vec<f64>,
    pages_a_second: Vec<f64>,
    changes_a_second: Vec<f64>,
    shown50: Vec<f64>,
    shown99: Vec<f64>,
    /// The longest of all.
    longest: Duration,
    told: usize,
    lost: usize,
    never_shown: usize,
}

impl Figures {
    fn take(&mut self, place: &BigPlace, repeat: usize) -> Result<()> {
        let mut open = (1..=OPEN_BOARDS)
            .map(|page| OpenBoard::open(place, page))
            .collect::<Result<Vec<_>>>()?;
        let stays: Vec<String> = open.iter().flat_map(|board| board.stays.clone()).collect();
        let started = Instant::now();
        let until = started + WORKING;
        let name = format!("{MARK} {repeat}");
        let shift = Shift {
            people: STAFF,
            stays: &stays,
            name: &name,
            until,
        };
        let (done, pages) = std::thread::scope(|scope| {
            let staff = scope.spawn(|| shift.work(place));
            let reader = scope.spawn(|| read_on(place, until));
            let watching: Vec<_> = open
                .iter_mut()
                .map(|board| scope.spawn(move || board.watch(until)))
                .collect();
            for board in watching {
                board
                    .join()
                    .map_err(|_| anyhow!("an open board panicked"))??;
            }
            let pages = reader
                .join()
                .map_err(|_| anyhow!("the reader panicked"))??;
            let done = staff.join().map_err(|_| anyhow!("the staff panicked"))??;
            Ok::<_, anyhow::Error>((done, pages))
        })?;
        let in_time = done.saved.iter().filter(|change| change.at <= until);
        let changes = in_time.count() as f64;
        self.changes_a_second.push(changes / WORKING.as_secs_f64());
        self.add(place, done, pages, open)
    }

    fn add(
        &mut self,
        place: &BigPlace,
        done: Done,
        pages: Vec<Duration>,
        open: Vec<OpenBoard>,
    ) -> Result<()> {
        let milliseconds = |time: Duration| time.as_secs_f64() * 1_000.0;
        ensure!(!done.saved.is_empty(), "nobody changed anything");
        let histories = Histories::of(place, &done.saved)?;
        let (waits, never) = waits(&done.saved, &histories, &open);
        self.told += done.told;
        self.lost += done.lost(&histories);
        self.never_shown += never;
        self.pages_a_second
            .push(pages.len() as f64 / WORKING.as_secs_f64());
        let pages = Sample::new(pages);
        self.page99.push(milliseconds(pages.percentile(99)));
        let renewed = Sample::new(open.into_iter().flat_map(|board| board.renewals).collect());
        self.renewed99.push(milliseconds(renewed.percentile(99)));
        let waits = Sample::new(waits);
        self.shown50.push(waits.percentile(50).as_secs_f64());
        self.shown99.push(waits.percentile(99).as_secs_f64());
        self.longest = self.longest.max(waits.percentile(100));
        Ok(())
    }

    fn lines(self) -> Vec<Line> {
        let page = Spread::of(self.page99);
        let longest = self.longest.as_secs_f64();
        vec![
            Line::against(
                "with staff at work: p99 of the board, ms",
                page.shown(1),
                "100",
                page.middle <= 100.0,
            ),
            Line::fact(
                "with staff at work: boards a second, one reader",
                Spread::of(self.pages_a_second).shown(0),
            ),
            Line::fact(
                "with staff at work: p99 of renewed rows of an open board, ms",
                Spread::of(self.renewed99).shown(1),
            ),
            Line::fact(
                "changes a second",
                Spread::of(self.changes_a_second).shown(1),
            ),
            Line::against(
                "longest from a change to an open board, s",
                shown(longest, 2),
                SHOWN_WITHIN.as_secs().to_string(),
                self.longest <= SHOWN_WITHIN,
            ),
            Line::fact("p99 of that, s", Spread::of(self.shown99).shown(2)),
            Line::fact("p50 of that, s", Spread::of(self.shown50).shown(2)),
            Line::against(
                "changes that no open board showed",
                self.never_shown.to_string(),
                "0",
                self.never_shown == 0,
            ),
            Line::fact(
                "told that somebody else had changed it",
                self.told.to_string(),
            ),
            Line::against("changes lost", self.lost.to_string(), "0", self.lost == 0),
        ]
    }
}

/// The reader asks for the board again and again; the time of each answer.
fn read_on(place: &BigPlace, until: Instant) -> Result<Vec<Duration>> {
    let mut client = place.client();
    let mut times = Vec::new();
    while Instant::now() < until {
        let asked = Instant::now();
        let answer = client.get("/flow/board")?;
        times.push(asked.elapsed());
        ensure!(answer.status == 200, "the board answered {}", answer.status);
    }
    Ok(times)
}

/// A board that somebody has open.
struct OpenBoard {
    client: Client,
    /// Where it asks, as its page says.
    asks: String,
    /// How often, as its page says.
    every: Duration,
    /// Whose rows it has.
    stays: Vec<String>,
    /// When it showed which texts, by stay.
    seen: Vec<(Instant, BTreeMap<String, String>)>,
    /// How long it took to bring something new.
    renewals: Vec<Duration>,
}

impl OpenBoard {
    fn open(place: &BigPlace, page: usize) -> Result<Self> {
        let mut client = place.client();
        let answer = client.get(&format!("/flow/board?page={page}"))?;
        ensure!(answer.status == 200, "the board answered {}", answer.status);
        let text = answer.text();
        let stays = rows(&text)
            .map(|(stay, _)| stay.to_owned())
            .collect::<Vec<_>>();
        ensure!(!stays.is_empty(), "page {page} of the board has nobody");
        Ok(Self {
            client,
            asks: asks(&text)?,
            every: every(&text)?,
            stays,
            seen: Vec::new(),
            renewals: Vec::new(),
        })
    }

    /// Stays open until nobody works any more, and then for as long as a change may take.
    fn watch(&mut self, until: Instant) -> Result<()> {
        // Whoever thinks at the end still sends.
        let until = until + 2 * super::staff::THINKS + SHOWN_WITHIN;
        let mut next = Instant::now() + self.every;
        while next < until {
            std::thread::sleep(next.saturating_duration_since(Instant::now()));
            let asked = Instant::now();
            let answer = self.client.part(&self.asks)?;
            let now = Instant::now();
            match answer.status {
                204 => next += self.every,
                200 => {
                    let text = answer.text();
                    self.asks = asks(&text)?;
                    self.renewals.push(now - asked);
                    self.seen.push((now, changed(&text)));
                    // The new rows bring a new timer.
                    next = now + self.every;
                }
                other => return Err(anyhow!("an open board answered {other}")),
            }
        }
        Ok(())
    }
}

/// How long each change took to an open board, and how many no board showed.
fn waits(saved: &[Change], histories: &Histories, open: &[OpenBoard]) -> (Vec<Duration>, usize) {
    let mut shown_at: BTreeMap<&str, Vec<(Instant, usize)>> = BTreeMap::new();
    for (at, texts) in open.iter().flat_map(|board| &board.seen) {
        for (stay, text) in texts {
            if let Some(place) = histories.place(stay, text) {
                shown_at.entry(stay).or_default().push((*at, place));
            }
        }
    }
    let mut waits = Vec::new();
    let mut never = 0;
    for change in saved {
        let Some(place) = histories.place(&change.stay, &change.text) else {
            continue; // Lost: counted as that.
        };
        let seen = shown_at.get(change.stay.as_str()).into_iter().flatten();
        let first = seen
            .filter(|(_, shown)| *shown >= place)
            .map(|(at, _)| *at)
            .min();
        match first {
            Some(at) => waits.push(at.saturating_duration_since(change.at)),
            None => never += 1,
        }
    }
    (waits, never)
}

/// Rows of a board: the stay and what the row holds.
fn rows(page: &str) -> impl Iterator<Item = (&str, &str)> {
    page.split("id=\"stay-")
        .skip(1)
        .filter_map(|row| row.split_once('"'))
}

/// Texts of changes on a board, by stay.
fn changed(page: &str) -> BTreeMap<String, String> {
    rows(page)
        .filter_map(|(stay, row)| {
            let (_, after) = row.split_once(&format!("<span>{MARK}"))?;
            let (rest, _) = after.split_once("</span>")?;
            Some((stay.to_owned(), unescape(&format!("{MARK}{rest}"))))
        })
        .collect()
}

/// Where an open board asks whether anything is new.
fn asks(page: &str) -> Result<String> {
    let asks = attribute(page, "id=\"board-rows\"", "hx-get");
    Ok(unescape(&asks.context("the board says where it asks")?))
}

/// How often an open board asks.
fn every(page: &str) -> Result<Duration> {
    let trigger = attribute(page, "id=\"board-rows\"", "hx-trigger");
    let seconds = trigger.as_deref().and_then(|trigger| {
        let (seconds, _) = trigger.strip_prefix("every ")?.split_once('s')?;
        seconds.parse().ok()
    });
    Ok(Duration::from_secs(
        seconds.context("the board says how often it asks")?,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_board_is_read() {
        let page = r#"<div id="board-rows" hx-get="/flow/board?page=2&#38;seen=ab" hx-trigger="every 1s, seen">
            <tr><td><a id="stay-1a" href="/flow/stay/1a">JONES, A</a></td><td><span>Ring about 0 3 4</span></td></tr>
            <tr><td><a id="stay-2b" href="/flow/stay/2b">KING, B</a></td><td><span>Visit</span></td></tr></div>"#;
        assert_eq!(asks(page).unwrap(), "/flow/board?page=2&seen=ab");
        assert_eq!(every(page).unwrap(), Duration::from_secs(1));
        assert_eq!(
            rows(page).map(|(stay, _)| stay).collect::<Vec<_>>(),
            ["1a", "2b"]
        );
        let seen = BTreeMap::from([("1a".to_owned(), "Ring about 0 3 4".to_owned())]);
        assert_eq!(changed(page), seen);
        assert!(asks("<p>").is_err() && every("<p>").is_err());
    }
}
