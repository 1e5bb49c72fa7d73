//! One scheme on a day.

use super::Books;
use crate::agreement::{Arrangement, PartnerKey, Scheme, SchemeKey};
use crate::forecast::{
    Forecast, ForecastError, Method, commitments_and_trend, straight_line, year_before,
};
use crate::ledger::{AccountKind, Code};
use crate::variance::{Variance, spread};
use kernel::money::split;
use kernel::{Month, Pence};

/// A month of a scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MonthAt {
    /// The month.
    pub month: Month,
    /// Its part of the budget.
    pub budget: Pence,
    /// What was spent in it.
    pub spent: Pence,
    /// It is closed.
    pub over: bool,
}

/// A scheme on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemeAt {
    /// Its key in the agreement.
    pub key: SchemeKey,
    /// Its code in the ledger.
    pub code: Code,
    /// Its name.
    pub name: String,
    /// Who leads it.
    pub lead: PartnerKey,
    /// How it is arranged.
    pub arrangement: Arrangement,
    /// Its budget by the agreement.
    pub budget: Pence,
    /// What the ledger gave it to spend in the year.
    pub budget_in_ledger: Pence,
    /// What was spent in the year, in months that are closed and in those that are not.
    pub spent: Pence,
    /// What is committed and not spent.
    pub committed: Pence,
    /// Budget and spending of the months that are closed.
    pub variance: Variance,
    /// The twelve months of the year.
    pub months: Vec<MonthAt>,
    /// What was spent in each month of the year before; empty if nothing was.
    pub before: Vec<(Month, Pence)>,
    /// What will have been spent, by each method that can be used.
    pub forecasts: Vec<Forecast>,
    /// Methods that cannot be used, and why.
    pub no_forecast: Vec<(Method, ForecastError)>,
}

impl SchemeAt {
    /// What the shares rest on: the straight line where there is one; else the budget, or what was
    /// spent if that is more.
    pub fn expected(&self) -> Pence {
        self.forecasts
            .iter()
            .find(|one| one.method == Method::StraightLine)
            .map_or(self.spent.max(self.budget), |one| one.outturn)
    }
}

/// A scheme by the books, with the months of the year and how many of them are closed.
pub(super) fn at(
    scheme: &Scheme,
    code: Code,
    books: &Books,
    (months, over): (&[Month], usize),
) -> SchemeAt {
    let budgets = spread(scheme.budget, [0; 12]);
    let by_month: Vec<MonthAt> = months
        .iter()
        .zip(budgets)
        .enumerate()
        .map(|(at, (month, budget))| MonthAt {
            month: *month,
            budget,
            spent: books.spent(&code, *month),
            over: at < over,
        })
        .collect();
    let closed = by_month.iter().filter(|one| one.over);
    let variance = closed.fold(Variance::default(), |sum, one| Variance {
        budget: sum.budget + one.budget,
        actual: sum.actual + one.spent,
    });
    let before: Vec<(Month, Pence)> = months
        .iter()
        .map(|month| a_year_before(*month))
        .map(|month| (month, books.spent(&code, month)))
        .collect();
    let (forecasts, no_forecast) = forecasts(&code, books, &by_month, &before);
    let of_scheme = |name: &crate::ledger::Name| name.of.scheme.as_ref() == Some(&code);
    let given = months
        .iter()
        .map(|month| credited(books, *month, of_scheme))
        .sum();
    let committed = books.committed.iter().filter(|one| one.scheme == code);
    SchemeAt {
        key: scheme.key.clone(),
        name: scheme.name.clone(),
        lead: scheme.lead.clone(),
        arrangement: scheme.arrangement,
        budget: scheme.budget,
        budget_in_ledger: given,
        spent: by_month.iter().map(|one| one.spent).sum(),
        committed: committed.map(|one| one.remaining).sum(),
        variance,
        months: by_month,
        before: match before.iter().any(|(_, spent)| spent.0 != 0) {
            true => before,
            false => Vec::new(),
        },
        forecasts,
        no_forecast,
        code,
    }
}

/// What was put on budget accounts in a month; what was drawn from them is spending.
fn credited(books: &Books, month: Month, of: impl Fn(&crate::ledger::Name) -> bool) -> Pence {
    books
        .moved
        .iter()
        .filter(|((name, at), _)| name.kind == AccountKind::Budget && *at == month && of(name))
        .map(|(_, balance)| balance.credits_posted)
        .sum()
}

type Forecasts = (Vec<Forecast>, Vec<(Method, ForecastError)>);

fn forecasts(
    code: &Code,
    books: &Books,
    months: &[MonthAt],
    before: &[(Month, Pence)],
) -> Forecasts {
    let actual: Vec<Pence> = months
        .iter()
        .filter(|one| one.over)
        .map(|one| one.spent)
        .collect();
    let before: Vec<Pence> = before.iter().map(|(_, spent)| *spent).collect();
    let all = [
        (Method::StraightLine, straight_line(&actual)),
        (Method::YearBefore, year_before(&actual, &before)),
        (
            Method::CommitmentsAndTrend,
            commitments_and_trend(&actual, &committed(code, books, months)),
        ),
    ];
    let mut found = Forecasts::default();
    for (method, made) in all {
        match made {
            Ok(forecast) => found.0.push(forecast),
            Err(why) => found.1.push((method, why)),
        }
    }
    found
}

fn a_year_before(month: Month) -> Month {
    Month::new(month.year() - 1, month.number()).unwrap_or(month)
}

/// What was drawn from commitments in months that are over, and in those to come what remains of
/// each, spread evenly over its months up to its last day or the year's end.
fn committed(code: &Code, books: &Books, months: &[MonthAt]) -> Vec<Pence> {
    let mut all: Vec<Pence> = months
        .iter()
        .map(|one| match one.over {
            true => books
                .drawn
                .get(&(code.clone(), one.month))
                .copied()
                .unwrap_or_default(),
            false => Pence(0),
        })
        .collect();
    for commitment in books.committed.iter().filter(|one| one.scheme == *code) {
        let first = Month::of(commitment.effective);
        let last = commitment.lapses_on.map(Month::of);
        let weights: Vec<u64> = months
            .iter()
            .map(|one| {
                let within = one.month >= first && last.is_none_or(|last| one.month <= last);
                u64::from(!one.over && within)
            })
            .collect();
        // One that has no month left in the year is no cost of the year.
        let Ok(parts) = split(commitment.remaining, &weights) else {
            continue;
        };
        for (sum, part) in all.iter_mut().zip(parts) {
            *sum = *sum + part;
        }
    }
    all
}
