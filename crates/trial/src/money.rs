//! Posting to the ledger while the process is killed: what was said to be posted must be there, and
//! of no set only a part.

use crate::served::Almoner;
use anyhow::{Context, Result, ensure};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs::File;
use std::process::{Child, Stdio};

/// Every transfer in the store.
pub const TRANSFERS: &str = "SELECT id FROM ledger_transfer WHERE place = ?1";
/// The set of each transfer that was posted all or none with others.
pub const SETS: &str = "SELECT set_id FROM ledger_transfer WHERE place = ?1 AND set_id IS NOT NULL";

/// Rows of one file: every third is alone, the others two and two.
const ROWS: usize = 3_000;
const SPENT: &str = "expenses:expenditure:bcf:reablement";
const PAYABLE: &str = "liabilities:payable:bcf:ullathorne-house";
const BUDGET: &str = "equity:budget:bcf:reablement";
const CONTROL: &str = "equity:budget-control:bcf";

/// Files of transfers, and what was acknowledged of them.
pub struct Money {
    folder: tempfile::TempDir,
    files: usize,
    /// Ids of the transfers that were said to be posted.
    pub acknowledged: BTreeSet<String>,
}

impl Money {
    /// Opens the accounts.
    pub fn open(almoner: &Almoner) -> Result<Self> {
        let opened = almoner.run(["fund", "open", SPENT, PAYABLE, BUDGET, CONTROL])?;
        ensure!(
            opened.status.success(),
            "the accounts were not opened: {}",
            String::from_utf8_lossy(&opened.stderr)
        );
        Ok(Self {
            folder: tempfile::tempdir()?,
            files: 0,
            acknowledged: BTreeSet::new(),
        })
    }

    /// Makes a file of transfers that nobody has posted yet.
    pub fn make(&mut self) -> Result<usize> {
        self.files += 1;
        let mut text = "id,date,debit,credit,amount,set\n".to_owned();
        for row in 0..ROWS {
            let (debit, credit) = match row % 3 {
                2 => (BUDGET, CONTROL),
                _ => (SPENT, PAYABLE),
            };
            let set = match row % 3 {
                0 => String::new(),
                _ => (row / 3).to_string(),
            };
            let (file, day, pounds) = (self.files, row % 28 + 1, row % 997 + 1);
            writeln!(
                text,
                "F{file}-{row},2026-04-{day:02},{debit},{credit},{pounds}.50,{set}"
            )?;
        }
        std::fs::write(self.path(self.files), text)?;
        Ok(self.files)
    }

    fn path(&self, file: usize) -> std::path::PathBuf {
        self.folder.path().join(format!("{file}.csv"))
    }

    fn report(&self, file: usize) -> std::path::PathBuf {
        self.folder.path().join(format!("{file}.report"))
    }

    /// Begins to post a file; what it tells goes into a report.
    pub fn begin(&self, almoner: &Almoner, file: usize) -> Result<Child> {
        let path = self.path(file).display().to_string();
        let mut command = almoner.command(["fund", "post", &path, "--format", "csv"]);
        let report = File::create(self.report(file))?;
        Ok(command.stdout(report).stderr(Stdio::null()).spawn()?)
    }

    /// Takes down what was said to be on disk, as far as it was said; how many transfers.
    pub fn note(&mut self, file: usize) -> Result<usize> {
        let text = std::fs::read_to_string(self.report(file))?;
        let mut told = 0;
        // A line that was broken off says nothing.
        let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
        for line in whole.lines().skip(1) {
            let mut cells = line.split(',').skip(1);
            let id = cells.next().context("an id in each line")?;
            if matches!(cells.next(), Some("posted" | "repeated")) {
                self.acknowledged.insert(id.to_owned());
                told += 1;
            }
        }
        Ok(told)
    }

    /// Posts a file to its end; every row must then be there.
    pub fn post_whole(&mut self, almoner: &Almoner, file: usize) -> Result<()> {
        let status = self.begin(almoner, file)?.wait()?;
        ensure!(status.success(), "a file of transfers was refused");
        let told = self.note(file)?;
        ensure!(told == ROWS, "{told} of {ROWS} transfers were told of");
        Ok(())
    }

    /// Whether everything acknowledged is there and every set is whole.
    pub fn is_there(&self, transfers: &[String], sets: &[String]) -> Result<()> {
        let there: BTreeSet<&String> = transfers.iter().collect();
        for id in &self.acknowledged {
            ensure!(there.contains(id), "the acknowledged transfer {id} is lost");
        }
        let mut count: BTreeMap<&String, usize> = BTreeMap::new();
        for set in sets {
            *count.entry(set).or_default() += 1;
        }
        let half = count.iter().find(|(_, members)| **members != 2);
        ensure!(half.is_none(), "half a set is there: {half:?}");
        Ok(())
    }
}
