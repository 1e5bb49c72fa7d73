//! The ledger from the command line: `almoner fund open|post|balances|postings|close|check|export`.

mod print;

use crate::Format;
use crate::failure::Failure;
use crate::open::At;
use access::Actor;
use app::fund::{Line, Opened};
use clap::{Subcommand, ValueEnum};
use fund::ledger::close::{Share, by_contribution};
use fund::ledger::{Limit, Name};
use jiff::civil::Date;
use kernel::Month;
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};

/// What can be done with the ledger.
#[derive(Subcommand)]
pub(super) enum What {
    /// Open accounts. One that is there already, just so, is left alone.
    ///
    /// Example: almoner fund open equity:budget:bcf:reablement --limit debits
    Open {
        /// Names, such as expenses:expenditure:bcf:reablement.
        #[arg(required = true, value_name = "ACCOUNT")]
        accounts: Vec<Name>,
        /// What its balance may not do.
        #[arg(long, value_enum, default_value = "none")]
        limit: LimitWord,
    },
    /// Post transfers from a file; exit 3 if any row was refused. The same file again changes nothing.
    ///
    /// Example: almoner fund post april.csv
    Post {
        /// CSV or JSON; `-` is standard input.
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// How to print the report. CSV prints a line for each row once it is on disk.
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// Balance of every account.
    ///
    /// Example: almoner fund balances --on 2026-04-30 --format csv
    Balances {
        /// Up to and with this day. Default: everything, whatever its date.
        #[arg(long, value_name = "YYYY-MM-DD")]
        on: Option<Date>,
        /// How to print.
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// The transfers behind an account's balance.
    ///
    /// Example: almoner fund postings expenses:expenditure:bcf:reablement --from 2026-04 --to 2026-06
    Postings {
        /// The account's name.
        account: Name,
        /// First month.
        #[arg(long, value_name = "YYYY-MM")]
        from: Month,
        /// Last month.
        #[arg(long, value_name = "YYYY-MM")]
        to: Month,
        /// How to print.
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// Close a month: nothing counts in it any more.
    ///
    /// Example: almoner fund close 2026-04 --share contributions
    Close {
        /// The month.
        #[arg(value_name = "YYYY-MM")]
        period: Month,
        /// Post each partner's part of what was spent over in the year. Default: none.
        #[arg(long, value_enum)]
        share: Option<ShareWord>,
        /// How to print.
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// Give back what is reserved and whose last day is over. For a timer.
    ///
    /// Example: almoner fund lapse
    Lapse,
    /// Check the books: exit 1 if anything is wrong.
    ///
    /// Example: almoner fund check
    Check {
        /// How to print.
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// Write the ledger as a plain-text journal, for hledger and ledger.
    ///
    /// Example: almoner fund export --format hledger > pool.journal
    Export {
        /// The form.
        #[arg(long, value_enum, default_value = "hledger")]
        format: ExportFormat,
        /// First day.
        #[arg(long, value_name = "YYYY-MM-DD")]
        from: Option<Date>,
        /// Last day.
        #[arg(long, value_name = "YYYY-MM-DD")]
        to: Option<Date>,
    },
}

/// What an account's balance may not do.
#[derive(Clone, Copy, ValueEnum)]
pub(super) enum LimitWord {
    /// Anything.
    None,
    /// Debits, with what is reserved, may not exceed credits.
    Debits,
    /// Credits, with what is reserved, may not exceed debits.
    Credits,
}

impl From<LimitWord> for Limit {
    fn from(word: LimitWord) -> Self {
        match word {
            LimitWord::None => Self::None,
            LimitWord::Debits => Self::DebitsNotOverCredits,
            LimitWord::Credits => Self::CreditsNotOverDebits,
        }
    }
}

/// How what was spent over is shared.
#[derive(Clone, Copy, ValueEnum)]
pub(super) enum ShareWord {
    /// By what each partner has paid in.
    Contributions,
    /// By each fund's agreement; the working is kept and printed.
    Agreement,
}

/// Forms of an export.
#[derive(Clone, Copy, ValueEnum)]
pub(super) enum ExportFormat {
    /// A journal of hledger and ledger.
    Hledger,
}

impl What {
    pub(super) fn run(&self, at: &At) -> Result<(), Failure> {
        match self {
            Self::Open { accounts, limit } => open(accounts, (*limit).into(), at),
            Self::Post { file, format } => post(file, *format, at),
            Self::Balances { on, format } => {
                let lines = at.open()?.trial_balance(&Actor::operator(), *on)?;
                print!("{}", print::balances(*on, &lines, *format));
                Ok(())
            }
            Self::Postings {
                account,
                from,
                to,
                format,
            } => postings(account, (*from, *to), *format, at),
            Self::Close {
                period,
                share,
                format,
            } => {
                let (app, operator) = (at.open()?, Actor::operator());
                let closed = match share {
                    Some(ShareWord::Agreement) => {
                        app.close_ledger_period_by_agreement(&operator, *period)?
                    }
                    Some(ShareWord::Contributions) => {
                        let by: Share<'_> = &by_contribution;
                        app.close_ledger_period(&operator, *period, Some(by))?
                    }
                    None => app.close_ledger_period(&operator, *period, None)?,
                };
                print!("{}", print::closed(&closed, *format));
                Ok(())
            }
            Self::Lapse => {
                let count = at.open()?.lapse_reservations(&Actor::operator())?;
                println!("{count} given back");
                Ok(())
            }
            Self::Check { format } => check(*format, at),
            Self::Export {
                format: ExportFormat::Hledger,
                from,
                to,
            } => export((*from, *to), at),
        }
    }
}

fn open(accounts: &[Name], limit: Limit, at: &At) -> Result<(), Failure> {
    let app = at.open()?;
    for name in accounts {
        match app.open_ledger_account(&Actor::operator(), name, limit)? {
            Opened::New(_) => println!("{name} is open"),
            Opened::There(_) => println!("{name} is there already"),
        }
    }
    Ok(())
}

fn post(file: &Path, format: Format, at: &At) -> Result<(), Failure> {
    let (name, bytes) = read(file)?;
    let app = at.open()?;
    let mut out = std::io::stdout().lock();
    let mut failed = None;
    if format == Format::Csv {
        writeln!(out, "line,id,state")?;
    }
    let mut each = |line: &Line| {
        if format == Format::Csv && failed.is_none() {
            let (number, id, state) = (line.line, line.id, line.state.as_str());
            // Each line goes out at once: whoever reads it knows that it is on disk.
            let told = writeln!(out, "{number},{id},{state}").and_then(|()| out.flush());
            failed = told.err();
        }
    };
    let report = app.post_file(&Actor::operator(), (&name, &bytes), &mut each)?;
    if let Some(error) = failed {
        return Err(error.into());
    }
    match format {
        Format::Csv => report.issues.iter().for_each(|issue| eprintln!("{issue}")),
        other => write!(out, "{}", print::report(&report, other))?,
    }
    match report.refused == 0 && report.issues.is_empty() {
        true => Ok(()),
        false => Err(Failure::Rejected),
    }
}

/// Name and bytes of a file, or of what is piped in.
fn read(file: &Path) -> Result<(String, Vec<u8>), Failure> {
    if file == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::stdin().lock().read_to_end(&mut bytes)?;
        return Ok(("standard input".to_owned(), bytes));
    }
    let bytes = std::fs::read(file)
        .map_err(|error| Failure::Usage(format!("{}: {error}", file.display())))?;
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    Ok((name.into_owned(), bytes))
}

fn postings(
    account: &Name,
    months: (Month, Month),
    format: Format,
    at: &At,
) -> Result<(), Failure> {
    let app = at.open()?;
    let mut all = Vec::new();
    let mut after = None;
    loop {
        let page = app.ledger_postings(&Actor::operator(), account, months, after)?;
        all.extend(page.postings);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    print!("{}", print::postings(account, &all, format));
    Ok(())
}

fn check(format: Format, at: &At) -> Result<(), Failure> {
    let faults = at.open()?.check_ledger(&Actor::operator())?;
    print!("{}", print::faults(&faults, format));
    match faults.len() {
        0 => Ok(()),
        1 => Err(Failure::Failed("1 thing is wrong".to_owned())),
        many => Err(Failure::Failed(format!("{many} things are wrong"))),
    }
}

fn export(days: (Option<Date>, Option<Date>), at: &At) -> Result<(), Failure> {
    let app = at.open()?;
    let out = std::cell::RefCell::new(BufWriter::new(std::io::stdout().lock()));
    let write =
        |text: &str| -> Result<(), Failure> { Ok(out.borrow_mut().write_all(text.as_bytes())?) };
    app.export_ledger::<Failure>(
        &Actor::operator(),
        days,
        &mut |accounts| {
            let accounts = accounts.iter().map(|(account, _)| account);
            write(&fund::ledger::journal::heading(accounts))
        },
        &mut |one| {
            let sides = (one.debit, one.credit);
            let text =
                fund::ledger::journal::transaction(&one.posted.transfer, sides, one.posted_on);
            write(&text.unwrap_or_default())
        },
    )?;
    Ok(out.into_inner().flush()?)
}
