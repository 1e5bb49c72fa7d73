//! The return of a pooled fund: a quarter's, or the year's end, as cells with what is behind each.
//!
//! Source: reports of the Better Care Fund (RULES C.7: conditions, income and expenditure against
//! the plan, metrics; the forms of each year are from memory) and of the host to its partners
//! (SI 2000/617 regulation 7, RULES D.1). No form of a year is copied: the sheets are this product's own.
//!
//! In words: every amount is worked out from the ledger's months, and has behind it the accounts
//! and months that make it, to the penny. What partners agreed or planned has its version behind it.
//! A cell for which nothing is on file is left empty and is on the list of what is missing; it is
//! never nought. The same books, agreement, plan and figures make the same return, letter for letter.

mod build;
mod gaps;
mod span;
#[cfg(test)]
mod tests;
mod text;

use crate::effect::CountedFrom;
use crate::ledger::{AccountKind, Balance, Code, Name};
use crate::words::words;
use kernel::{Month, Pence};
use std::collections::{BTreeMap, BTreeSet};

pub use build::{Condition, Given, Planned, build};
pub use gaps::{Gap, GapKind};
pub use span::{Span, SpanError};
pub use text::{LINEAGE, Line, differences, lineage, lineage_text, text};

words!(
    /// A sheet of a return.
    Sheet {
        /// Which fund, period, agreement and plan.
        Cover = "Cover",
        /// National conditions.
        Conditions = "Conditions",
        /// What came in.
        Income = "Income",
        /// What was spent, by scheme.
        Expenditure = "Expenditure",
        /// Metrics.
        Metrics = "Metrics",
    }
);

words!(
    /// A column of a return.
    Column {
        /// What is said of the row.
        Answer = "Answer",
        /// Why.
        Why = "Why",
        /// For the year, by the agreement.
        ForTheYear = "For the year",
        /// What of it is due by the end of the period.
        Due = "Due by the end of the period",
        /// Recorded as coming in in the period.
        ReceivedInPeriod = "Recorded in the period",
        /// Recorded as coming in in the year up to the end of the period.
        Received = "Recorded in the year",
        /// Asked for and not paid when the year began.
        OwedBefore = "Asked for and not paid when the year began",
        /// Asked for and not paid, in the year or earlier.
        Owed = "Asked for and not paid",
        /// The budget's part up to the end of the period.
        BudgetToDate = "Budget to the end of the period",
        /// Spent in the period.
        SpentInPeriod = "Spent in the period",
        /// Spent in the year up to the end of the period.
        Spent = "Spent in the year",
        /// Spent less the budget's part.
        Variance = "Spent less budget to the end of the period",
        /// What is planned for the period.
        Planned = "Planned",
        /// The figure of the first month of the period, and so on.
        Month1 = "First month",
        /// The second.
        Month2 = "Second month",
        /// The third.
        Month3 = "Third month",
        /// The latest figure of the year.
        Latest = "Latest month of the year",
    }
);

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// An amount.
    Money(Pence),
    /// A figure with its decimals, as kept.
    Figure(kernel::parameters::Decimal),
    /// Words.
    Text(String),
    /// Nothing is on file.
    Missing,
}

/// From which source of the agreement the money of a selection is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Whence {
    /// Any, said or not.
    #[default]
    Any,
    /// One contribution of the agreement.
    Said(Code),
    /// Accounts that do not say it.
    NotSaid,
}

impl Whence {
    fn holds(&self, source: Option<&Code>) -> bool {
        match self {
            Self::Any => true,
            Self::Said(code) => source == Some(code),
            Self::NotSaid => source.is_none(),
        }
    }
}

/// Accounts and months of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection {
    /// The kind of account.
    pub kind: AccountKind,
    /// The scheme or partner; `None` takes every one.
    pub of: Option<Code>,
    /// The source of contributions.
    pub from: Whence,
    /// First and last month.
    pub months: (Month, Month),
}

/// What stands where money came in and nobody said from which source.
pub const NOT_SAID: &str = "source not said";

/// What is behind a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Behind {
    /// Postings.
    Ledger(Selection),
    /// The agreement: number of the version, and what of it.
    Agreement(i64, String),
    /// The plan: number of the version, and lines of it.
    Plan(i64, String),
    /// A figure that was kept: its month, number and source, and the return that it was counted from.
    Figure(Month, i64, String, Option<CountedFrom>),
    /// Other cells, by their keys.
    Cells(Vec<String>),
    /// The period itself.
    Nothing,
}

/// One cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The sheet.
    pub sheet: Sheet,
    /// Short name of the row, unique on its sheet.
    pub row: String,
    /// The row in words.
    pub title: String,
    /// The column.
    pub column: Column,
    /// What stands in it.
    pub value: Value,
    /// What is behind it.
    pub behind: Behind,
}

impl Cell {
    /// The key it is known by: `expenditure/3/spent-in-the-year`.
    pub fn key(&self) -> String {
        let plain = |text: &str| text.to_lowercase().replace(' ', "-");
        let (sheet, column) = (plain(self.sheet.as_str()), plain(self.column.as_str()));
        format!("{sheet}/{}/{column}", self.row)
    }
}

/// One account and month behind a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source<'a> {
    /// The account.
    pub account: &'a Name,
    /// The month.
    pub month: Month,
    /// What of the cell it makes.
    pub amount: Pence,
}

/// What moved on one account in one month.
pub type Moved = (Name, Month, Balance);

/// The months of a fund's accounts, found by kind and by scheme or partner without looking
/// through all of them for each cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Books {
    moved: Vec<Moved>,
    by_kind: BTreeMap<(AccountKind, Option<Code>), Vec<usize>>,
}

impl Books {
    /// Takes what moved, in the order of accounts and months.
    pub fn new(moved: Vec<Moved>) -> Self {
        let mut by_kind: BTreeMap<(AccountKind, Option<Code>), Vec<usize>> = BTreeMap::new();
        for (at, (name, _, _)) in moved.iter().enumerate() {
            let of = of_account(name);
            by_kind.entry((name.kind, None)).or_default().push(at);
            if of.is_some() {
                by_kind.entry((name.kind, of)).or_default().push(at);
            }
        }
        Self { moved, by_kind }
    }

    /// The accounts and months of a selection on which anything was posted, in order.
    pub fn sources(&self, wanted: &Selection) -> impl Iterator<Item = Source<'_>> {
        let at = self.by_kind.get(&(wanted.kind, wanted.of.clone()));
        let (first, last) = wanted.months;
        let all = at
            .into_iter()
            .flatten()
            .filter_map(|at| self.moved.get(*at));
        let from = wanted.from.clone();
        all.filter(move |(_, month, _)| *month >= first && *month <= last)
            .filter(move |(name, _, _)| from.holds(name.of.source.as_ref()))
            .filter_map(|(name, month, balance)| {
                let amount = balance.posted(name.kind.normal_side())?;
                let moved = balance.debits_posted.0 != 0 || balance.credits_posted.0 != 0;
                moved.then_some(Source {
                    account: name,
                    month: *month,
                    amount,
                })
            })
    }

    /// What a selection makes.
    pub fn sum(&self, wanted: &Selection) -> Pence {
        self.sources(wanted).map(|one| one.amount).sum()
    }

    /// What moved on a selection in all, each side by itself.
    pub fn balance(&self, wanted: &Selection) -> Balance {
        let at = self.by_kind.get(&(wanted.kind, wanted.of.clone()));
        let (first, last) = wanted.months;
        let all = at.into_iter().flatten();
        all.filter_map(|at| self.moved.get(*at))
            .filter(|(_, month, _)| *month >= first && *month <= last)
            .filter(|(name, _, _)| wanted.from.holds(name.of.source.as_ref()))
            // What is too large for a balance was refused when it was posted.
            .fold(Balance::default(), |sum, (_, _, one)| {
                sum.plus(one).unwrap_or(sum)
            })
    }

    /// The first month in which anything moved on a kind of account of a scheme or partner.
    pub fn first(&self, kind: AccountKind, of: &Code) -> Option<Month> {
        let at = self.by_kind.get(&(kind, Some(of.clone())))?;
        let months = at.iter().filter_map(|at| self.moved.get(*at));
        months.map(|(_, month, _)| *month).min()
    }

    /// Sources that the contributions of a partner name.
    pub fn said_sources(&self, partner: &Code) -> BTreeSet<Code> {
        let of = (AccountKind::Contribution, Some(partner.clone()));
        let at = self.by_kind.get(&of).into_iter().flatten();
        at.filter_map(|at| self.moved.get(*at)?.0.of.source.clone())
            .collect()
    }

    /// Codes of schemes or partners that a kind of account is of.
    pub fn codes(&self, kind: AccountKind) -> impl Iterator<Item = &Code> {
        self.by_kind
            .keys()
            .filter(move |(of_kind, _)| *of_kind == kind)
            .filter_map(|(_, of)| of.as_ref())
    }
}

/// The scheme of an account that spends, the partner of one that takes in.
fn of_account(name: &Name) -> Option<Code> {
    match name.kind {
        AccountKind::Contribution
        | AccountKind::RiskShare
        | AccountKind::Recharge
        | AccountKind::DueFromPartner => name.of.partner.clone(),
        _ => name.of.scheme.clone(),
    }
}

/// A return.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Return {
    /// The fund.
    pub fund: Code,
    /// Its period.
    pub span: Span,
    /// Cells, sheet by sheet and row by row.
    pub cells: Vec<Cell>,
    /// What is missing.
    pub gaps: Vec<Gap>,
    /// The months behind it.
    pub books: Books,
    /// Where the cell of a key stands.
    keys: BTreeMap<String, usize>,
}

impl Return {
    /// The cell with a key.
    pub fn cell(&self, key: &str) -> Option<&Cell> {
        self.cells.get(*self.keys.get(key)?)
    }

    /// The accounts and months behind a cell, those of the cells that it rests on included.
    pub fn sources(&self, cell: &Cell) -> Vec<Source<'_>> {
        match &cell.behind {
            Behind::Ledger(wanted) => self.books.sources(wanted).collect(),
            // A cell rests on cells that were made before it, so that this comes to an end.
            Behind::Cells(keys) => keys
                .iter()
                .filter_map(|key| self.cell(key))
                .flat_map(|cell| self.sources(cell))
                .collect(),
            _ => Vec::new(),
        }
    }
}
