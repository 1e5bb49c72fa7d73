//! Where a fund stands: contributions, schemes, forecasts, and who would bear what.
//!
//! Source: the reports that the host owes (SI 2000/617 regulation 7, RULES D.1, from memory), D.3
//! (under- or overspend) and D.4 (shares).
//!
//! In words: a partner's contribution is *due* as far as its days have come, and *received* as far as it was
//! recorded and is not owed any more; what is owed of earlier years is told apart ([`crate::owed`]). A
//! scheme has its budget by the agreement; what was spent and what is still committed is by the ledger. Months that are closed are over: they alone are
//! compared with their part of the budget, and forecasts rest on them. A forecast is made by every
//! method that can be used. Who would bear what is worked out by the agreement from the straight
//! line; before a month is closed from the budget, or what was spent if that is more. It is no
//! decision. Spending on a scheme that the agreement does not have is told apart and belongs to
//! nobody's share.

mod scheme;
#[cfg(test)]
mod tests;

use crate::agreement::{Agreement, ContributionKey, Due, PartnerKey};
use crate::ledger::{AccountKind, Balance, Code, Name, Side};
use crate::owed::owed;
use crate::share::{Outturn, Shares, Spent, shares};
use crate::tie::code_of;
use crate::year;
use jiff::civil::Date;
use kernel::{Month, Pence};
use std::collections::{BTreeMap, BTreeSet};

pub use scheme::{MonthAt, SchemeAt};

/// What is still committed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commitment {
    /// Code of the scheme.
    pub scheme: Code,
    /// What remains of it.
    pub remaining: Pence,
    /// From which day it counts.
    pub effective: Date,
    /// Its last day, if there is one.
    pub lapses_on: Option<Date>,
}

/// What the ledger says of one fund.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Books {
    /// What moved, by account and month, of the year and the year before.
    pub moved: BTreeMap<(Name, Month), Balance>,
    /// What stood on accounts of what partners owe when the year began, by partner.
    pub owed_before: BTreeMap<Code, Balance>,
    /// What was drawn from commitments, by scheme and month.
    pub drawn: BTreeMap<(Code, Month), Pence>,
    /// What is still committed.
    pub committed: Vec<Commitment>,
    /// The last month that is closed.
    pub closed_to: Option<Month>,
}

impl Books {
    /// The sum of one kind of account in a month, on its normal side, of what `of` takes.
    fn sum(&self, kind: AccountKind, month: Month, of: impl Fn(&Name) -> bool) -> Pence {
        self.moved
            .iter()
            .filter(|((name, at), _)| name.kind == kind && *at == month && of(name))
            .filter_map(|(_, balance)| balance.posted(kind.normal_side()))
            .sum()
    }

    /// What was spent on a scheme in a month.
    pub fn spent(&self, scheme: &Code, month: Month) -> Pence {
        self.sum(AccountKind::Expenditure, month, |name| {
            name.of.scheme.as_ref() == Some(scheme)
        })
    }

    /// What moved over months on the account of what a partner owes.
    fn moved_on_owed(&self, partner: &Code, months: &[Month]) -> Balance {
        self.moved
            .iter()
            .filter(|((name, at), _)| {
                let mine = name.of.partner.as_ref() == Some(partner);
                mine && name.kind == AccountKind::DueFromPartner && months.contains(at)
            })
            // What is too large for a balance was refused when it was posted.
            .fold(Balance::default(), |sum, (_, one)| {
                sum.plus(one).unwrap_or(sum)
            })
    }

    /// What a partner's contributions from a source, or from none that is said, came to over months; `None` if no
    /// account of it moved.
    fn of_source(&self, partner: &Code, source: Option<&Code>, months: &[Month]) -> Option<Pence> {
        let side = AccountKind::Contribution.normal_side();
        let each = self.moved.iter().filter(|((name, at), _)| {
            let of = &name.of;
            let mine = of.partner.as_ref() == Some(partner) && of.source.as_ref() == source;
            mine && name.kind == AccountKind::Contribution && months.contains(at)
        });
        each.filter_map(|(_, one)| one.posted(side))
            .fold(None, |sum, one| Some(sum.unwrap_or_default() + one))
    }

    /// The sum of a partner's accounts of a kind over months.
    pub fn of_partner(&self, kind: AccountKind, partner: &Code, months: &[Month]) -> Pence {
        let each = months.iter().map(|month| {
            self.sum(kind, *month, |name| {
                name.of.partner.as_ref() == Some(partner)
            })
        });
        each.sum()
    }
}

/// A contribution on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContributionAt {
    /// Its key in the agreement.
    pub key: ContributionKey,
    /// Who pays it.
    pub partner: PartnerKey,
    /// Where the money comes from.
    pub source: String,
    /// How much in the year.
    pub amount: Pence,
    /// It is given in kind and never passes through the ledger.
    pub in_kind: bool,
    /// What of it is due by the day.
    pub due: Pence,
    /// What was recorded in the year on accounts that say this source; `None` if none says it.
    pub received: Option<Pence>,
    /// The next payment, if there is one.
    pub next: Option<Due>,
}

/// A partner's money on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartnerAt {
    /// Its key in the agreement.
    pub key: PartnerKey,
    /// Its code in the ledger.
    pub code: Code,
    /// Its name.
    pub name: String,
    /// What it pays in money in the year.
    pub agreed: Pence,
    /// What of that is due by the day.
    pub due: Pence,
    /// What it has paid of its contribution.
    pub received: Pence,
    /// What was recorded of it on accounts that say no source.
    pub source_not_said: Pence,
    /// What it owes by the ledger: asked for and not paid, in this year or an earlier one.
    pub owed: Pence,
    /// What of it was asked for in earlier years.
    pub owed_earlier: Pence,
    /// What it was asked for by sharing what was spent over.
    pub shared: Pence,
}

impl PartnerAt {
    /// What is due and not received; nought if it has paid ahead.
    pub fn late(&self) -> Pence {
        Pence((self.due.0 - self.received.0).max(0))
    }
}

/// A fund on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// The financial year, such as `2025/26`.
    pub year: String,
    /// The day.
    pub on: Date,
    /// Months of the year that are closed.
    pub over: Vec<Month>,
    /// Contributions, in the order of the agreement.
    pub contributions: Vec<ContributionAt>,
    /// Partners, in the order of the agreement.
    pub partners: Vec<PartnerAt>,
    /// Schemes, in the order of the agreement.
    pub schemes: Vec<SchemeAt>,
    /// Spending of the year on schemes that the agreement does not have.
    pub outside: BTreeMap<Code, Pence>,
    /// Who would bear what; or why that cannot be worked out.
    pub shares: Result<Shares, String>,
}

impl Position {
    /// Budget of all schemes.
    pub fn budget(&self) -> Pence {
        self.schemes.iter().map(|one| one.budget).sum()
    }

    /// What was spent in the year, on the agreement's schemes and others.
    pub fn spent(&self) -> Pence {
        let outside: Pence = self.outside.values().copied().sum();
        self.schemes.iter().map(|one| one.spent).sum::<Pence>() + outside
    }

    /// What is committed and not spent.
    pub fn committed(&self) -> Pence {
        self.schemes.iter().map(|one| one.committed).sum()
    }

    /// What the shares rest on, of all schemes: see [`SchemeAt::expected`].
    pub fn expected(&self) -> Pence {
        self.schemes.iter().map(SchemeAt::expected).sum()
    }
}

/// The twelve months of a financial year.
pub fn months_of(first: Month) -> Vec<Month> {
    std::iter::successors(Some(first), |month| Some(month.next()))
        .take(12)
        .collect()
}

/// Works out where a fund stands on a day.
///
/// # Errors
/// If the agreement's year is none, or a key makes no code; an agreement that was kept has neither.
pub fn position(agreement: &Agreement, books: &Books, on: Date) -> Result<Position, String> {
    let begins = year::begins(&agreement.year)
        .ok_or_else(|| format!("{:?} is no financial year", agreement.year))?;
    let months = months_of(Month::of(begins));
    let closed = books.closed_to;
    let over: Vec<Month> = months
        .iter()
        .copied()
        .filter(|month| closed.is_some_and(|closed| *month <= closed))
        .collect();
    let mut schemes = Vec::new();
    for one in &agreement.schemes {
        let code = code_of(one.key.as_str()).ok_or_else(|| no_code(one.key.as_str()))?;
        schemes.push(scheme::at(one, code, books, (&months, over.len())));
    }
    let mut partners = Vec::new();
    for one in &agreement.partners {
        let code = code_of(one.key.as_str()).ok_or_else(|| no_code(one.key.as_str()))?;
        partners.push(partner(
            agreement,
            (&one.key, &one.name, code),
            books,
            &months,
            on,
        ));
    }
    let outside = outside(books, &months, &schemes);
    let shares = shares(agreement, &outturn(agreement, &schemes)).map_err(|why| why.to_string());
    Ok(Position {
        year: agreement.year.clone(),
        on,
        over,
        contributions: contributions(agreement, books, &months, on),
        partners,
        schemes,
        outside,
        shares,
    })
}

fn no_code(key: &str) -> String {
    format!("the key {key:?} makes no code for accounts")
}

fn due_by(due: &[Due], on: Date) -> Pence {
    let come = due.iter().filter(|one| one.on <= on);
    come.map(|one| one.amount).sum()
}

fn contributions(
    agreement: &Agreement,
    books: &Books,
    months: &[Month],
    on: Date,
) -> Vec<ContributionAt> {
    let received = |one: &crate::agreement::Contribution| {
        let (partner, source) = (code_of(one.partner.as_str())?, code_of(one.key.as_str())?);
        books.of_source(&partner, Some(&source), months)
    };
    let one = |one: &crate::agreement::Contribution| ContributionAt {
        key: one.key.clone(),
        partner: one.partner.clone(),
        source: one.source.clone(),
        amount: one.amount,
        in_kind: one.in_kind,
        due: due_by(&one.due, on),
        received: received(one),
        next: one
            .due
            .iter()
            .filter(|due| due.on > on)
            .min_by_key(|due| due.on)
            .cloned(),
    };
    agreement.contributions.iter().map(one).collect()
}

fn partner(
    agreement: &Agreement,
    (key, name, code): (&PartnerKey, &str, Code),
    books: &Books,
    months: &[Month],
    on: Date,
) -> PartnerAt {
    let mine = || {
        agreement
            .contributions
            .iter()
            .filter(|one| one.partner == *key && !one.in_kind)
    };
    let recorded = books.of_partner(AccountKind::Contribution, &code, months);
    let shared = books.of_partner(AccountKind::RiskShare, &code, months);
    let recharged = books.of_partner(AccountKind::Recharge, &code, months);
    let before = books.owed_before.get(&code).copied().unwrap_or_default();
    let moved = books.moved_on_owed(&code, months);
    let owed = owed(&before, &moved, recorded + shared + recharged);
    // What is owed of a share, or of an earlier year, is no contribution that is missing.
    let owed_of_contribution = Pence((owed.of_year.0 - shared.0.max(0)).max(0));
    PartnerAt {
        key: key.clone(),
        name: name.to_owned(),
        agreed: mine().map(|one| one.amount).sum(),
        due: mine().map(|one| due_by(&one.due, on)).sum(),
        received: recorded - owed_of_contribution,
        source_not_said: books.of_source(&code, None, months).unwrap_or_default(),
        owed: owed.all,
        owed_earlier: owed.earlier,
        shared,
        code,
    }
}

fn outside(books: &Books, months: &[Month], schemes: &[SchemeAt]) -> BTreeMap<Code, Pence> {
    let known: BTreeSet<&Code> = schemes.iter().map(|one| &one.code).collect();
    let mut found: BTreeMap<Code, Pence> = BTreeMap::new();
    for ((name, month), balance) in &books.moved {
        let spent = name.kind == AccountKind::Expenditure && months.contains(month);
        let Some(code) = name.of.scheme.as_ref().filter(|_| spent) else {
            continue;
        };
        if !known.contains(code) {
            let amount = balance.posted(Side::Debit).unwrap_or_default();
            let sum = found.entry(code.clone()).or_default();
            *sum = *sum + amount;
        }
    }
    found
}

/// The outturn that shares are worked out from. Nothing is known from the ledger of whose people
/// money was spent on, nor what of a contribution was paid for performance: a contribution of that
/// kind counts as received in whole.
fn outturn(agreement: &Agreement, schemes: &[SchemeAt]) -> Outturn {
    let spent = schemes.iter().map(|one| {
        let spent = Spent {
            amount: one.expected(),
            ..Spent::default()
        };
        (one.key.clone(), spent)
    });
    let performance = agreement.performance.iter().filter_map(|one| {
        let whole = agreement.contribution(&one.contribution)?.amount;
        Some((one.contribution.clone(), whole))
    });
    Outturn {
        spent: spent.collect(),
        received: performance.collect(),
    }
}
