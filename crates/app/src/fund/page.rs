//! A fund and its schemes on the day of asking.

use super::agreements::{funds, standing};
use crate::{App, Error, Subject};
use ::fund::agreement::{Agreement, SchemeKey};
use ::fund::ledger::{AccountKind, Balance, Code, Name, Side};
use ::fund::plan::PlannedMetric;
use ::fund::position::{Books, Commitment, Position, SchemeAt, months_of, position};
use access::{Action, Actor};
use jiff::civil::Date;
use kernel::{LedgerAccountId, Month, Pence, TransferId};
use std::collections::BTreeMap;
use store::Tx;
use store::fund::{self as rows, AgreementRow};
use store::ledger::{self, At, Posted};

/// A fund on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FundPage {
    /// Its code in the ledger.
    pub fund: Code,
    /// The agreement in force: number, title, days.
    pub row: AgreementRow,
    /// What the agreement says.
    pub agreement: Agreement,
    /// Contributions, schemes, forecasts, shares.
    pub position: Position,
    /// Disputes that are open.
    pub disputes: usize,
    /// Number of the latest version of the plan of the year, if there is one.
    pub plan: Option<i64>,
}

/// What a provider was paid or is owed under a scheme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderAt {
    /// Its code in the ledger; `None` for spending that names no provider.
    pub provider: Option<Code>,
    /// What was spent with it in the year.
    pub spent: Pence,
    /// Invoiced and not paid.
    pub owed: Pence,
}

/// A commitment of a scheme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageHeld {
    /// The reservation's transfer.
    pub id: TransferId,
    /// What remains.
    pub remaining: Pence,
    /// From which day.
    pub effective: Date,
    /// Its last day, if there is one.
    pub lapses_on: Option<Date>,
    /// What it is for.
    pub note: String,
}

/// A scheme on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemePage {
    /// Its code of the fund in the ledger.
    pub fund: Code,
    /// Name of who leads it.
    pub lead: String,
    /// Budget, spending, forecasts.
    pub scheme: SchemeAt,
    /// Its accounts with the year's movement on their normal side. A person's are added up under the
    /// name without the person.
    pub accounts: Vec<(Name, Pence)>,
    /// A page of its postings that are no person's, by month and as they were made.
    pub lines: Vec<SchemeLine>,
    /// Where the next page begins, if there is one.
    pub next: Option<At>,
    /// Commitments, the first to end first.
    pub commitments: Vec<PackageHeld>,
    /// Providers, who had most first.
    pub providers: Vec<ProviderAt>,
    /// Metrics of the year's plan.
    pub metrics: Vec<PlannedMetric>,
}

/// A posting of a scheme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemeLine {
    /// The expenditure account.
    pub account: Name,
    /// The transfer, with where it stands and when it was made.
    pub posted: Posted,
    /// What it adds to spending; below nought where it takes back.
    pub amount: Pence,
}

impl App {
    /// Funds that have an agreement, by code.
    ///
    /// # Errors
    /// Not allowed, or the store's.
    pub fn funds(&self, actor: &Actor) -> Result<Vec<Code>, Error> {
        access::decide(actor, Action::SeeLedger)?;
        self.store().read(funds)
    }

    /// A fund on a day: today if none is given.
    ///
    /// # Errors
    /// Not allowed, no agreement in force, or the store's.
    pub fn fund_page(
        &self,
        actor: &Actor,
        fund: &Code,
        on: Option<Date>,
    ) -> Result<FundPage, Error> {
        let allowed = access::decide(actor, Action::SeeLedger)?;
        let on = on.unwrap_or_else(|| self.today());
        self.store().write(|tx| {
            let page = self.page_of(tx, fund, on)?;
            let subject = Subject {
                thing: format!("fund {fund}"),
                results: page.position.schemes.len(),
                ..Subject::default()
            };
            self.looked(tx, actor, allowed, Action::SeeLedger, subject)?;
            Ok(page)
        })
    }

    /// A fund on a day, in an open transaction.
    pub(super) fn page_of(
        &self,
        tx: &mut dyn Tx,
        fund: &Code,
        on: Date,
    ) -> Result<FundPage, Error> {
        let kept = standing(tx, fund, on)?.ok_or(Error::NotFound("agreement in force"))?;
        let year = first_month(&kept.agreement)?;
        let books = books(tx, fund, year)?;
        let position = position(&kept.agreement, &books, on).map_err(Error::Policy)?;
        let mut open = 0;
        for row in rows::disputes(tx)?.iter().filter(|row| row.fund == *fund) {
            let ended = |step: &rows::Step| step.kind == rows::StepKind::End;
            open += usize::from(!rows::steps(tx, row.id)?.iter().any(ended));
        }
        let plan = self.plan_of_year(tx, fund, &kept.agreement.year)?;
        Ok(FundPage {
            fund: fund.clone(),
            row: kept.row,
            agreement: kept.agreement,
            position,
            disputes: open,
            plan: plan.map(|plan| plan.row.number),
        })
    }

    /// A scheme of a fund today, with a page of its postings.
    ///
    /// # Errors
    /// Not allowed, not there, no agreement in force, or the store's.
    pub fn scheme_page(
        &self,
        actor: &Actor,
        fund: &Code,
        scheme: &SchemeKey,
        after: Option<At>,
    ) -> Result<SchemePage, Error> {
        let allowed = access::decide(actor, Action::SeeLedger)?;
        self.store().write(|tx| {
            let page = self.page_of(tx, fund, self.today())?;
            let found = page.position.schemes.into_iter();
            let scheme = found
                .into_iter()
                .find(|one| one.key == *scheme)
                .ok_or(Error::NotFound("scheme"))?;
            let first = first_month(&page.agreement)?;
            let year = (first, months_of(first).last().copied().unwrap_or(first));
            let moved: Vec<rows::Moved> = rows::moved(tx, fund, year)?
                .into_iter()
                .filter(|one| one.name.of.scheme.as_ref() == Some(&scheme.code))
                .collect();
            let (lines, next) = lines(tx, &moved, year, after)?;
            let plan = self.plan_of_year(tx, fund, &page.agreement.year)?;
            let subject = Subject {
                thing: format!("fund {fund}, scheme {}", scheme.code),
                results: lines.len(),
                ..Subject::default()
            };
            self.looked(tx, actor, allowed, Action::SeeLedger, subject)?;
            Ok(SchemePage {
                fund: fund.clone(),
                lead: page.agreement.name_of(&scheme.lead).to_owned(),
                accounts: accounts(&moved),
                lines,
                next,
                commitments: commitments(tx, fund, &scheme.code)?,
                providers: providers(&moved, &owed(tx, fund, &scheme.code)?),
                metrics: plan.map(|plan| plan.plan.metrics).unwrap_or_default(),
                scheme,
            })
        })
    }
}

/// The first month of an agreement's year.
pub(super) fn first_month(agreement: &Agreement) -> Result<Month, Error> {
    let begins = ::fund::year::begins(&agreement.year);
    begins
        .map(Month::of)
        .ok_or_else(|| Error::Policy(format!("{:?} is no financial year", agreement.year)))
}

/// What the ledger says of a fund in the year that begins with a month, and the year before.
pub(super) fn books(tx: &mut dyn Tx, fund: &Code, first: Month) -> Result<Books, Error> {
    let last = months_of(first).last().copied().unwrap_or(first);
    let before = Month::new(first.year() - 1, first.number()).unwrap_or(first);
    let moved = rows::moved(tx, fund, (before, last))?;
    let budgets: BTreeMap<LedgerAccountId, Code> = moved
        .iter()
        .filter(|one| one.name.kind == AccountKind::Budget)
        .filter_map(|one| Some((one.id, one.name.of.scheme.clone()?)))
        .collect();
    let ids: Vec<LedgerAccountId> = budgets.keys().copied().collect();
    let drawn = match ids.is_empty() {
        true => BTreeMap::new(),
        false => ledger::drawn(tx, &ids, (first, last))?,
    };
    let drawn = drawn
        .into_iter()
        .filter_map(|((id, month), amount)| Some(((budgets.get(&id)?.clone(), month), amount)))
        .collect();
    let committed = rows::held(tx, fund)?.into_iter().filter_map(|(name, one)| {
        Some(Commitment {
            scheme: name.of.scheme?,
            remaining: one.remaining,
            effective: one.effective,
            lapses_on: one.lapses_on,
        })
    });
    let mut owed_before: BTreeMap<Code, Balance> = BTreeMap::new();
    for one in rows::moved_before(tx, fund, AccountKind::DueFromPartner, first)? {
        let Some(partner) = one.name.of.partner else {
            continue;
        };
        let sum = owed_before.entry(partner).or_default();
        // What is too large for a balance was refused when it was posted.
        *sum = sum.plus(&one.balance).unwrap_or(*sum);
    }
    Ok(Books {
        owed_before,
        committed: committed.collect(),
        drawn,
        closed_to: ledger::closed_to(tx)?,
        moved: moved
            .into_iter()
            .map(|one| ((one.name, one.month), one.balance))
            .collect(),
    })
}

/// The year's movement by account, without persons.
fn accounts(moved: &[rows::Moved]) -> Vec<(Name, Pence)> {
    let mut sums: BTreeMap<Name, Pence> = BTreeMap::new();
    for one in moved {
        let mut name = one.name.clone();
        // An account that needs a person has no name without one.
        if name
            .kind
            .needs()
            .contains(&::fund::ledger::Dimension::Person)
        {
            continue;
        }
        name.of.person = None;
        let amount = one.balance.posted(name.kind.normal_side());
        let sum = sums.entry(name).or_default();
        *sum = *sum + amount.unwrap_or_default();
    }
    sums.into_iter().collect()
}

/// What is invoiced and not paid under a scheme, whenever it was invoiced.
fn owed(tx: &mut dyn Tx, fund: &Code, scheme: &Code) -> Result<Vec<(Option<Code>, Pence)>, Error> {
    let all = ledger::every_account(tx)?.into_iter();
    let mine = all.filter(|(account, _)| {
        let of = &account.name.of;
        let kind = account.name.kind == AccountKind::Payable;
        kind && of.fund == *fund && of.scheme.as_ref() == Some(scheme)
    });
    let owed = mine.map(|(account, balance)| {
        let owed = balance.posted(Side::Credit).unwrap_or_default();
        (account.name.of.provider, owed)
    });
    Ok(owed.collect())
}

fn providers(moved: &[rows::Moved], owed: &[(Option<Code>, Pence)]) -> Vec<ProviderAt> {
    let mut all: BTreeMap<Option<Code>, (Pence, Pence)> = BTreeMap::new();
    for one in moved
        .iter()
        .filter(|one| one.name.kind == AccountKind::Expenditure)
    {
        let sums = all.entry(one.name.of.provider.clone()).or_default();
        sums.0 = sums.0 + one.balance.posted(Side::Debit).unwrap_or_default();
    }
    for (provider, amount) in owed.iter().filter(|(_, amount)| amount.0 != 0) {
        let sums = all.entry(provider.clone()).or_default();
        sums.1 = sums.1 + *amount;
    }
    let mut all: Vec<ProviderAt> = all
        .into_iter()
        .map(|(provider, (spent, owed))| ProviderAt {
            provider,
            spent,
            owed,
        })
        .collect();
    all.sort_by_key(|one| std::cmp::Reverse(one.spent));
    all
}

/// A page of postings on a scheme's expenditure accounts that are no person's.
fn lines(
    tx: &mut dyn Tx,
    moved: &[rows::Moved],
    year: (Month, Month),
    after: Option<At>,
) -> Result<(Vec<SchemeLine>, Option<At>), Error> {
    let most = kernel::limits::ROWS_A_PAGE;
    let names: BTreeMap<LedgerAccountId, &Name> = moved
        .iter()
        .filter(|one| one.name.kind == AccountKind::Expenditure && one.name.of.person.is_none())
        .map(|one| (one.id, &one.name))
        .collect();
    let mut all = Vec::new();
    for (id, name) in names {
        for one in ledger::postings(tx, id, year, after, most + 1)? {
            // What is only reserved is a commitment and no spending.
            if one.posted.transfer.is_posted() {
                let amount = one.posted.transfer.amount;
                all.push(SchemeLine {
                    account: name.clone(),
                    amount: match one.side {
                        Side::Debit => amount,
                        Side::Credit => -amount,
                    },
                    posted: one.posted,
                });
            }
        }
    }
    all.sort_by_key(|one| one.posted.at);
    let more = all.len() > most;
    all.truncate(most);
    let next = all.last().map(|one| one.posted.at).filter(|_| more);
    Ok((all, next))
}

fn commitments(tx: &mut dyn Tx, fund: &Code, scheme: &Code) -> Result<Vec<PackageHeld>, Error> {
    let held: Vec<_> = rows::held(tx, fund)?
        .into_iter()
        .filter(|(name, _)| name.of.scheme.as_ref() == Some(scheme))
        .map(|(_, one)| one)
        .collect();
    let ids: Vec<TransferId> = held.iter().map(|one| one.id).collect();
    let notes: BTreeMap<TransferId, String> = ledger::transfers(tx, &ids)?
        .into_iter()
        .map(|one| (one.id, one.note))
        .collect();
    let one = |one: ::fund::ledger::Reservation| PackageHeld {
        note: notes.get(&one.id).cloned().unwrap_or_default(),
        id: one.id,
        remaining: one.remaining,
        effective: one.effective,
        lapses_on: one.lapses_on,
    };
    Ok(held.into_iter().map(one).collect())
}
