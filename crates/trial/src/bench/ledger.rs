//! The ledger: durable posting beside bare rows, balances and a return among millions of postings, and
//! the close of a large month.

use super::report::Line;
use super::{Bed, bare};
use crate::sample::{Sample, Spread, shown};
use crate::served::Almoner;
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
/// Schemes of the demonstration's agreement, and providers of each where the ledger is large.
const AGREED: std::ops::RangeInclusive<usize> = 1..=6;
const EACH: usize = 2_000;
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
    if postings > 0 {
        lines.extend(large(bed, postings)?);
        lines.extend(closing(bed)?);
    }
    let method = format!(
        "*Posting*: {} transfers of {WRITERS} clients, each a command of its own through `App::post_transfers` that waits until it is on \
         disk, between {SCHEMES} schemes and {PROVIDERS} providers on a fresh SQLite store that is made ready to serve; in turn as many bare rows of \
         {ROW_BYTES} bytes: one table, {WRITERS} writers that each wait for their row. {} repeats. In the demonstration's \
         pool, {} postings (two to a transfer) between {} accounts in the months of this year that are open: *balances*, by \
         `App::ledger_balance`, on a day and of everything, of any of these accounts; and the *return*, `almoner fund return \
         --year-end … --lineage`, from the start of the process to its end, with the workbook, the table and the lineage of every \
         cell written. *Closing*: \
         `App::close_ledger_period` of a month with {} packages, shared among {PARTNERS} partners by what they paid in.",
        thousands(TRANSFERS as u64),
        bed.repeats,
        thousands(postings as u64),
        thousands(2 * (AGREED.count() * EACH) as u64),
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
        let pool = Pool::open(&bed.path(&format!("ledger-post-{repeat}"))?)?;
        // As `almoner serve` does.
        pool.app.store().prepare_to_serve()?;
        let rate = post_all(&pool)?;
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

/// Balances and a return of a fund with very many postings.
fn large(bed: &Bed, postings: usize) -> Result<Vec<Line>> {
    let almoner = bed.fresh("ledger-large")?;
    let made = almoner.run(["demo", "--people", "1000", "--no-serve"])?;
    ensure!(made.status.success(), "the place was not made");
    let folder = bed.path("ledger-large")?;
    let pool = Pool::agreed(&folder)?;
    let started = Instant::now();
    let today = kernel::calendar::local(jiff::Timestamp::now()).date();
    let year = Month::of(today).financial_year();
    let closed = pool.app.store().read(store::ledger::closed_to)?;
    let months: Vec<Month> = months_from(year)
        .filter(|month| closed.is_none_or(|closed| *month > closed))
        .collect();
    pool.fill(postings / 2, &months)?;
    eprintln!("{postings} postings in {} s", started.elapsed().as_secs());
    let mut lines = balances(&pool, &months)?;
    drop(pool);
    let disk = std::fs::metadata(folder.join("almoner.sqlite"))?.len();
    lines.push(Line::fact("the store, MB", thousands(disk / 1_000_000)));
    let year = fund::year::written(year).replace('/', "-");
    let (line, behind) = returning(bed, &almoner, &year)?;
    // Each transfer is on two accounts, and each account of a month is a line.
    ensure!(
        behind >= (postings / 2).min(AGREED.count() * EACH),
        "only {behind} lines are behind the cells"
    );
    lines.push(line);
    Ok(lines)
}

/// The year's return with what is behind each of its cells.
fn returning(bed: &Bed, almoner: &Almoner, year: &str) -> Result<(Line, usize)> {
    let to = bed.path("ledger-return")?;
    let folder = to.display().to_string();
    let arguments = [
        "fund",
        "return",
        "--year-end",
        year,
        "--lineage",
        "--to",
        &folder,
    ];
    let (mut seconds, mut behind) = (Vec::new(), 0);
    for _ in 0..bed.repeats {
        let started = Instant::now();
        let made = almoner.run(arguments)?;
        seconds.push(started.elapsed().as_secs_f64());
        ensure!(
            made.status.success(),
            "the return was not made: {}",
            String::from_utf8_lossy(&made.stderr)
        );
        let lineage = std::fs::read(to.join(format!("bcf-{year}-lineage.csv")))?;
        behind = lineage.iter().filter(|byte| **byte == b'\n').count();
    }
    ensure!(
        behind > AGREED.count() * EACH,
        "only {behind} lines are behind the cells"
    );
    let spread = Spread::of(seconds);
    let line = Line::against(
        format!(
            "seconds for the year's return with {} lines of lineage",
            thousands(behind as u64)
        ),
        spread.shown(2),
        "5",
        spread.middle <= 5.0,
    );
    Ok((line, behind))
}

fn balances(pool: &Pool, months: &[Month]) -> Result<Vec<Line>> {
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
    let some = |number: u64| months.get(usize::try_from(number).unwrap_or(0) % months.len());
    let ends = ask(&|number| some(number).map(|month| month.last()))?;
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

/// The months of a financial year, from April.
fn months_from(year: i16) -> impl Iterator<Item = Month> {
    let april = Month::new(year, 4);
    std::iter::successors(april, |month| Some(month.next())).take(12)
}

impl Pool {
    fn open(folder: &Path) -> Result<Self> {
        let spent = (0..SCHEMES).map(|number| format!("expenses:expenditure:bcf:scheme-{number}"));
        let payable =
            (0..PROVIDERS).map(|number| format!("liabilities:payable:bcf:provider-{number}"));
        Self::with(folder, spent, payable)
    }

    /// Accounts of every scheme of the demonstration's agreement, by provider.
    fn agreed(folder: &Path) -> Result<Self> {
        let named = |start: &'static str| {
            AGREED.flat_map(move |scheme| {
                (0..EACH).map(move |provider| format!("{start}:bcf:{scheme}:home-{provider}"))
            })
        };
        Self::with(
            folder,
            named("expenses:expenditure"),
            named("liabilities:payable"),
        )
    }

    fn with(
        folder: &Path,
        spent: impl Iterator<Item = String>,
        payable: impl Iterator<Item = String>,
    ) -> Result<Self> {
        let app = super::open_app(&Location::Folder(folder.to_owned()))?;
        let mut pool = Self {
            app,
            spent: Vec::new(),
            payable: Vec::new(),
        };
        for name in spent {
            pool.spent.push(pool.open_account(&name)?);
        }
        for name in payable {
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
        let spent = self.spent[number % self.spent.len()].1;
        let payable = self.payable[number.wrapping_mul(7_919) % self.payable.len()].1;
        let pence = i64::try_from(number % 50_000).unwrap_or(0) + 1_000;
        self.transfer(spent, payable, pence, on)
    }

    fn asked(&self, number: usize) -> Asked {
        self.between(number, date(2026, 4, 3))
    }

    /// Posts very many transfers over months, in sets.
    fn fill(&self, transfers: usize, months: &[Month]) -> Result<()> {
        for (set, month) in (0..transfers.div_ceil(SET)).zip(months.iter().cycle()) {
            let first = month.first();
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
