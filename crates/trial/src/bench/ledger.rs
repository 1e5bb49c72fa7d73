//! The ledger: durable posting beside bare rows, balances among millions of postings, and the
//! close of a large month.

use super::report::Line;
use super::{Bed, bare};
use crate::sample::{Sample, Spread, shown};
use access::Actor;
use anyhow::{Context, Result, anyhow, ensure};
use app::App;
use fund::ledger::close::by_contribution;
use fund::ledger::{Asked, Limit, Name, Outcome, What};
use jiff::civil::{Date, date};
use kernel::money::thousands;
use kernel::{LedgerAccountId, Month, Pence};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use store::Location;
use testkit::Seeded;

/// Transfers posted in each repeat, and bare rows beside them.
const TRANSFERS: usize = 20_000;
/// Bytes of a bare row, about those of a transfer.
const ROW_BYTES: usize = 400;
/// Accounts of providers in a busy ledger, and of schemes.
const PROVIDERS: usize = 200;
const SCHEMES: usize = 20;
/// Transfers of one set where the ledger is filled.
const SET: usize = 1_000;
/// Balances asked.
const ASKED: usize = 5_000;
/// Packages of the month that closes, and partners that share it.
const PACKAGES: usize = 50_000;
const PARTNERS: usize = 12;

/// The accounts of a pool.
struct Pool {
    app: App,
    spent: Vec<(Name, LedgerAccountId)>,
    payable: Vec<(Name, LedgerAccountId)>,
}

/// Takes the measures.
pub fn ledger(bed: &Bed, postings: usize) -> Result<(String, Vec<Line>)> {
    let mut lines = posting(bed)?;
    lines.extend(balances(bed, postings)?);
    lines.extend(closing(bed)?);
    let method = format!(
        "*Posting*: {} transfers of {WRITERS} clients, each a command of its own through `App::post_transfers` that waits until it is on \
         disk, between {SCHEMES} schemes and {PROVIDERS} providers on a fresh SQLite store; in turn as many bare rows of \
         {ROW_BYTES} bytes: one table, {WRITERS} writers that each wait for their row. {} repeats. *Balances*: `App::ledger_balance`, \
         on a day and of everything, of any account among {} postings (two to a transfer) of a year. *Closing*: \
         `App::close_ledger_period` of a month with {} packages, shared among {PARTNERS} partners by what they paid in.",
        thousands(TRANSFERS as u64),
        bed.repeats,
        thousands(postings as u64),
        thousands(PACKAGES as u64),
        WRITERS = bare::WRITERS,
    );
    Ok((method, lines))
}

fn posting(bed: &Bed) -> Result<Vec<Line>> {
    let rows = vec![vec![7; ROW_BYTES]; TRANSFERS];
    let (mut posted, mut bare_rates, mut shares) = (Vec::new(), Vec::new(), Vec::new());
    for repeat in 0..bed.repeats {
        let folder = bed.path(&format!("ledger-bare-{repeat}"))?;
        let bare = bare::rows_a_second(&folder, &rows)?;
        let rate = post_all(&Pool::open(&bed.path(&format!("ledger-post-{repeat}"))?)?)?;
        posted.push(rate);
        bare_rates.push(bare);
        shares.push(rate / bare);
    }
    let share = Spread::of(shares);
    Ok(vec![
        Line::fact(
            "posting: transfers a second, durable, 16 clients",
            Spread::of(posted).shown(0),
        ),
        Line::fact(
            "posting: bare rows a second",
            Spread::of(bare_rates).shown(0),
        ),
        Line::against(
            "posting: share of the bare rows' rate",
            share.shown(2),
            "0.5",
            share.middle >= 0.5,
        ),
    ])
}

/// Transfers a second, each acknowledged on its own.
fn post_all(pool: &Pool) -> Result<f64> {
    let asked: Vec<Asked> = (0..TRANSFERS).map(|number| pool.asked(number)).collect();
    let next = AtomicUsize::new(0);
    let started = Instant::now();
    std::thread::scope(|scope| {
        let work = || {
            let operator = Actor::operator();
            while let Some(one) = asked.get(next.fetch_add(1, Ordering::Relaxed)) {
                let made = pool
                    .app
                    .post_transfers(&operator, std::slice::from_ref(one))?;
                ensure!(matches!(made, Outcome::Made(_)), "a new transfer was there");
            }
            Ok(())
        };
        let clients: Vec<_> = (0..bare::WRITERS).map(|_| scope.spawn(work)).collect();
        clients
            .into_iter()
            .try_for_each(|client| client.join().map_err(|_| anyhow!("a client panicked"))?)
    })?;
    let rate = TRANSFERS as f64 / started.elapsed().as_secs_f64();
    sound(&pool.app)?;
    Ok(rate)
}

fn balances(bed: &Bed, postings: usize) -> Result<Vec<Line>> {
    let folder = bed.path("ledger-balances")?;
    let pool = Pool::open(&folder)?;
    let started = Instant::now();
    pool.fill(postings / 2)?;
    eprintln!("{postings} postings in {} s", started.elapsed().as_secs());
    let accounts: Vec<&Name> = pool
        .spent
        .iter()
        .chain(&pool.payable)
        .map(|one| &one.0)
        .collect();
    let mut dice = Seeded(1);
    let mut ask = |on: &dyn Fn(u64) -> Option<Date>| -> Result<Sample> {
        let mut times = Vec::with_capacity(ASKED);
        for _ in 0..ASKED {
            let number = dice.next_number();
            let name = accounts[usize::try_from(number % accounts.len() as u64)?];
            let asked = Instant::now();
            pool.app
                .ledger_balance(&Actor::operator(), name, on(number >> 16))?;
            times.push(asked.elapsed());
        }
        Ok(Sample::new(times))
    };
    let now = ask(&|_| None)?;
    let ends = ask(&|number| Some(month_of(usize::try_from(number % 12).unwrap_or(0)).last()))?;
    let disk = std::fs::metadata(folder.join("almoner.sqlite"))?.len();
    let shown_at = |sample: &Sample, at| shown(milliseconds(sample.percentile(at)), 3);
    let p99 = milliseconds(now.percentile(99)).max(milliseconds(ends.percentile(99)));
    Ok(vec![
        Line::against(
            "balance of any account, p99, ms",
            format!(
                "{} of everything, {} at a month's end",
                shown_at(&now, 99),
                shown_at(&ends, 99)
            ),
            "5",
            p99 <= 5.0,
        ),
        Line::fact("balance: p50, ms", shown_at(&now, 50)),
        Line::fact("the store, MB", thousands(disk / 1_000_000)),
    ])
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

fn closing(bed: &Bed) -> Result<Vec<Line>> {
    let pool = Pool::open(&bed.path("ledger-close")?)?;
    let operator = Actor::operator();
    let partners = (0..PARTNERS)
        .map(|number| pool.open_account(&format!("income:contribution:bcf:partner-{number}")))
        .collect::<Result<Vec<_>>>()?;
    let cash = pool.open_account("assets:cash:bcf")?.1;
    let paid: Vec<Asked> = partners
        .iter()
        .map(|(_, partner)| pool.transfer(cash, *partner, 100_000, date(2025, 4, 2)))
        .collect();
    pool.app.post_transfers(&operator, &paid)?;
    let packages: Vec<Vec<Asked>> = (0..PACKAGES)
        .map(|number| vec![pool.between(number, date(2025, 4, 3))])
        .collect();
    let outcomes = pool.app.post_many(&operator, packages)?;
    ensure!(
        outcomes.iter().all(Result::is_ok),
        "every package is posted"
    );
    let april = Month::of(date(2025, 4, 1));
    let started = Instant::now();
    let closed = pool
        .app
        .close_ledger_period(&operator, april, Some(&by_contribution))?;
    let seconds = started.elapsed().as_secs_f64();
    ensure!(closed.parts.len() == PARTNERS, "every partner has a part");
    sound(&pool.app)?;
    Ok(vec![Line::against(
        "seconds to close a month of 50,000 packages and 12 partners",
        shown(seconds, 2),
        "5",
        seconds <= 5.0,
    )])
}

fn sound(app: &App) -> Result<()> {
    let faults = app.check_ledger(&Actor::operator())?;
    ensure!(
        faults.is_empty(),
        "the books are wrong: {:?}",
        faults.first()
    );
    Ok(())
}

/// A month of the financial year 2025-26.
fn month_of(number: usize) -> Month {
    (0..number).fold(Month::of(date(2025, 4, 1)), |month, _| month.next())
}

impl Pool {
    fn open(folder: &Path) -> Result<Self> {
        let app = super::open_app(&Location::Folder(folder.to_owned()))?;
        let mut pool = Self {
            app,
            spent: Vec::new(),
            payable: Vec::new(),
        };
        for number in 0..SCHEMES {
            let name = format!("expenses:expenditure:bcf:scheme-{number}");
            pool.spent.push(pool.open_account(&name)?);
        }
        for number in 0..PROVIDERS {
            let name = format!("liabilities:payable:bcf:provider-{number}");
            pool.payable.push(pool.open_account(&name)?);
        }
        Ok(pool)
    }

    fn open_account(&self, name: &str) -> Result<(Name, LedgerAccountId)> {
        let name: Name = name.parse().context("a fitting name")?;
        let opened = self
            .app
            .open_ledger_account(&Actor::operator(), &name, Limit::None)?;
        Ok((name, opened.id()))
    }

    fn transfer(
        &self,
        debit: LedgerAccountId,
        credit: LedgerAccountId,
        pence: i64,
        on: Date,
    ) -> Asked {
        Asked {
            id: self.app.ids().transfer(),
            effective: on,
            what: What::Post {
                debit,
                credit,
                amount: Pence(pence),
            },
            note: String::new(),
        }
    }

    fn between(&self, number: usize, on: Date) -> Asked {
        let spent = self.spent[number % SCHEMES].1;
        let payable = self.payable[number.wrapping_mul(7_919) % PROVIDERS].1;
        let pence = i64::try_from(number % 50_000).unwrap_or(0) + 1_000;
        self.transfer(spent, payable, pence, on)
    }

    fn asked(&self, number: usize) -> Asked {
        self.between(number, date(2026, 4, 3))
    }

    /// Posts very many transfers over the year, in sets.
    fn fill(&self, transfers: usize) -> Result<()> {
        for set in 0..transfers.div_ceil(SET) {
            let first = month_of(set % 12).first();
            let asked: Vec<Asked> = (0..SET)
                .map(|line| {
                    let day = i64::try_from(line % 28).unwrap_or(0);
                    self.between(set * SET + line, kernel::calendar::add_days(first, day))
                })
                .collect();
            let made = self.app.post_transfers(&Actor::operator(), &asked)?;
            ensure!(matches!(made, Outcome::Made(_)), "a new set was there");
        }
        Ok(())
    }
}
