//! What a return lacks: told before it is sent, each with where it is put right.
//!
//! Source: RULES C.7; the forms of earlier years had a list of answers that were missing (PEERS f3).
//! What is on this list is our choice. Nothing on it stops a return: what is known may be due today.

use super::{Cell, Column, Given, Selection, Sheet, Value, Whence};
use crate::ledger::{AccountKind, Balance, Code};
use crate::owed::owed;
use crate::plan::check::Verdict;
use crate::tie::code_of;
use crate::words::words;
use kernel::Pence;

words!(
    /// Of what kind something missing is.
    GapKind {
        /// A month of the period is open.
        MonthOpen = "month open",
        /// No plan of the year is kept.
        NoPlan = "no plan",
        /// A condition is not met, or cannot be told.
        Condition = "condition",
        /// What is due has not come in.
        Contribution = "contribution",
        /// Money came in, and nobody said from which source.
        SourceNotSaid = "source not said",
        /// Nothing was spent on a scheme.
        NothingSpent = "nothing spent",
        /// Money is spent on no scheme of the agreement.
        Outside = "outside the agreement",
        /// Money whose purpose is not known.
        Suspense = "suspense",
        /// A metric has no figure.
        NoFigure = "no figure",
    }
);

/// Something that is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// Of what kind.
    pub kind: GapKind,
    /// Of which scheme, partner, condition, month or metric; empty for the fund.
    pub of: String,
    /// What it is and what to do, as a sentence.
    pub text: String,
    /// Why it is so; empty where the text says it.
    pub why: String,
}

impl Gap {
    fn new(kind: GapKind, of: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            kind,
            of: of.into(),
            text: text.into(),
            why: String::new(),
        }
    }
}

/// Everything that is missing, in the order of the sheets.
pub(super) fn gaps(given: &Given<'_>, cells: &[Cell]) -> Vec<Gap> {
    let mut all = open_months(given);
    all.extend(of_plan(given));
    all.extend(late(given, cells).into_iter().map(|(row, title, late)| {
        let text = format!("{title}: {late} is due and not received");
        Gap::new(GapKind::Contribution, row, text)
    }));
    all.extend(of_spending(cells));
    all.extend(not_said(given));
    let suspense = given.books.sum(&Selection {
        kind: AccountKind::Suspense,
        of: None,
        from: Whence::Any,
        months: (given.span.begins(), given.span.ends().1),
    });
    if suspense.0 != 0 {
        let text = format!("{suspense} is in suspense: find out what it is for");
        all.push(Gap::new(GapKind::Suspense, "", text));
    }
    all.extend(of_metrics(cells));
    all
}

fn open_months(given: &Given<'_>) -> Vec<Gap> {
    let months = given.span.months().into_iter();
    let open = months.filter(|month| given.closed_to.is_none_or(|last| *month > last));
    open.map(|month| {
        let text = format!(
            "{} is not closed: its amounts may still change",
            month.in_words()
        );
        Gap::new(GapKind::MonthOpen, month.to_string(), text)
    })
    .collect()
}

fn of_plan(given: &Given<'_>) -> Vec<Gap> {
    let year = given.span.year();
    let Some(plan) = &given.plan else {
        let text = format!("No plan of {year} is kept: keep it");
        return vec![Gap::new(GapKind::NoPlan, "", text)];
    };
    if plan.conditions.is_empty() {
        let text = format!("The conditions of {year} are not on file");
        return vec![Gap::new(GapKind::Condition, "", text)];
    }
    let open = plan.conditions.iter();
    open.filter(|one| one.verdict != Verdict::Met)
        .map(|one| Gap {
            why: one.why.clone(),
            ..Gap::new(
                GapKind::Condition,
                &one.id,
                format!("{}: {}", one.title, one.verdict),
            )
        })
        .collect()
}

/// Partners whose contributions came in, in the year, on accounts that say no source.
fn not_said(given: &Given<'_>) -> Vec<Gap> {
    let mut all = Vec::new();
    for one in &given.agreement.1.partners {
        let Some(code) = code_of(one.key.as_str()) else {
            continue;
        };
        let sum = given.books.sum(&Selection {
            kind: AccountKind::Contribution,
            of: Some(code.clone()),
            from: Whence::NotSaid,
            months: (given.span.begins(), given.span.ends().1),
        });
        if sum.0 != 0 {
            let (name, fund) = (&one.name, &given.fund);
            let text = format!(
                "{name}: of {sum} nobody said from which source: post it to an account such as \
                 income:contribution:{fund}:{code}:from=SOURCE"
            );
            all.push(Gap::new(
                GapKind::SourceNotSaid,
                format!("partner-{code}"),
                text,
            ));
        }
    }
    all
}

fn of_spending(cells: &[Cell]) -> Vec<Gap> {
    let each = cells.iter().filter(|cell| cell.sheet == Sheet::Expenditure);
    each.filter_map(|cell| match (cell.column, &cell.value) {
        (Column::SpentInPeriod, Value::Money(Pence(0))) if planned(cells, cell) => {
            let text = format!("Nothing is spent on {}: post its invoices", cell.title);
            Some(Gap::new(GapKind::NothingSpent, &cell.row, text))
        }
        (Column::Spent, Value::Money(amount)) if amount.0 != 0 && !planned(cells, cell) => {
            let text = format!("{amount} is spent on {}", cell.title);
            let outside = Gap::new(GapKind::Outside, &cell.row, text);
            (cell.row != "all").then_some(outside)
        }
        _ => None,
    })
    .collect()
}

fn of_metrics(cells: &[Cell]) -> Vec<Gap> {
    let empty = cells
        .iter()
        .filter(|cell| cell.sheet == Sheet::Metrics && cell.value == Value::Missing);
    empty
        .map(|cell| {
            let column = match cell.column {
                Column::Planned => "nothing is planned".to_owned(),
                column => format!("no figure for the {}", column.as_str().to_lowercase()),
            };
            let text = format!("{}: {column}", cell.title);
            Gap::new(GapKind::NoFigure, &cell.row, text)
        })
        .collect()
}

/// Partners of which less came in than is due: row, name and by how much. What was asked for in the year and is
/// not paid did not come in; what is owed of an earlier year, or of a part of the variance, is not missing here.
fn late(given: &Given<'_>, cells: &[Cell]) -> Vec<(String, String, Pence)> {
    let mut found = Vec::new();
    for one in &given.agreement.1.partners {
        let Some(code) = code_of(one.key.as_str()) else {
            continue;
        };
        let row = format!("partner-{code}");
        let income = |column| {
            let found = cells.iter().find(|cell| {
                cell.sheet == Sheet::Income && cell.row == row && cell.column == column
            });
            match found.map(|cell| &cell.value) {
                Some(Value::Money(amount)) => *amount,
                _ => Pence(0),
            }
        };
        let missing = owed_of_contribution(given, &code);
        let late = income(Column::Due) - (income(Column::Received) - missing);
        if late.0 > 0 {
            found.push((row, one.name.clone(), late));
        }
    }
    found
}

/// What a partner was asked for of its contribution in the year and has not paid.
fn owed_of_contribution(given: &Given<'_>, partner: &Code) -> Pence {
    let (begins, last) = (given.span.begins(), given.span.ends().1);
    let of = |kind, months| Selection {
        kind,
        of: Some(partner.clone()),
        from: Whence::Any,
        months,
    };
    let owes = AccountKind::DueFromPartner;
    let first = given.books.first(owes, partner).unwrap_or(begins);
    let before = match first < begins {
        true => given.books.balance(&of(owes, (first, begins.previous()))),
        false => Balance::default(),
    };
    let year = (begins, last);
    let sum = |kind| given.books.sum(&of(kind, year));
    let shared = sum(AccountKind::RiskShare);
    let recorded = sum(AccountKind::Contribution) + shared + sum(AccountKind::Recharge);
    let owed = owed(&before, &given.books.balance(&of(owes, year)), recorded);
    Pence((owed.of_year.0 - shared.0.max(0)).max(0))
}

/// Whether the row of a cell has a budget above nought.
fn planned(cells: &[Cell], of: &Cell) -> bool {
    cells.iter().any(|cell| {
        cell.sheet == of.sheet
            && cell.row == of.row
            && cell.column == Column::ForTheYear
            && matches!(cell.value, Value::Money(amount) if amount.0 > 0)
    })
}
