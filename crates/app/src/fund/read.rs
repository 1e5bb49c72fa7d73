//! Questions to the ledger. What is about one person is a look at them, and journalled as one.

use crate::{App, Error, Subject};
use ::fund::ledger::{Account, Balance, Name};
use access::{Action, Actor};
use jiff::civil::Date;
use kernel::{LedgerAccountId, Month};
use std::collections::BTreeMap;
use store::ledger::{self, At, Posted, Posting};
use store::{Tx, journal};

/// An account's balance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BalanceOn {
    /// The account.
    pub account: Account,
    /// Its sums.
    pub balance: Balance,
    /// Up to and with which day; `None` is everything, whatever its date.
    pub on: Option<Date>,
}

/// A page of what stands behind a balance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostingsPage {
    /// The account.
    pub account: Account,
    /// Its transfers, in the order of their months and then as they were made.
    pub postings: Vec<Posting>,
    /// Where the next page begins, if there is one.
    pub next: Option<At>,
}

/// A line of a trial balance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrialLine {
    /// The account.
    pub account: Account,
    /// Its sums.
    pub balance: Balance,
}

/// A transfer with the names of its accounts, for export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exported<'a> {
    /// The transfer, with where it stands and when it was made.
    pub posted: &'a Posted,
    /// The account debited.
    pub debit: &'a Name,
    /// The account credited.
    pub credit: &'a Name,
    /// The day on which it was made.
    pub posted_on: Date,
}

/// Who takes the accounts of an export.
pub type Heading<'a, E> = &'a mut dyn FnMut(&[(Account, Balance)]) -> Result<(), E>;
/// Who takes each transfer of an export.
pub type Each<'a, E> = &'a mut dyn FnMut(&Exported<'_>) -> Result<(), E>;

/// Transfers read at a time.
const STRETCH: u32 = 5_000;

impl App {
    /// Balance of the account with a name: of everything, or up to and with a day.
    ///
    /// # Errors
    /// Not allowed, not there, or the store's.
    pub fn ledger_balance(
        &self,
        actor: &Actor,
        name: &Name,
        on: Option<Date>,
    ) -> Result<BalanceOn, Error> {
        self.ledger_look(actor, name, &|tx| {
            let (account, all) = known(tx, name)?;
            let balance = match on {
                None => all,
                Some(day) => up_to(tx, account.id, day)?,
            };
            Ok(BalanceOn {
                account,
                balance,
                on,
            })
        })
    }

    /// A page of the transfers of an account, of the months from one to another.
    ///
    /// # Errors
    /// Not allowed, not there, or the store's.
    pub fn ledger_postings(
        &self,
        actor: &Actor,
        name: &Name,
        months: (Month, Month),
        after: Option<At>,
    ) -> Result<PostingsPage, Error> {
        let most = kernel::limits::ROWS_A_PAGE;
        self.ledger_look(actor, name, &|tx| {
            let (account, _) = known(tx, name)?;
            let mut postings = ledger::postings(tx, account.id, months, after, most + 1)?;
            let more = postings.len() > most;
            postings.truncate(most);
            let last = postings.last().map(|one| one.posted.at);
            Ok(PostingsPage {
                account,
                postings,
                next: last.filter(|_| more),
            })
        })
    }

    /// Runs a question about one account. About a person's it is a look.
    pub(super) fn ledger_look<T>(
        &self,
        actor: &Actor,
        name: &Name,
        question: &dyn Fn(&mut dyn Tx) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let allowed = access::decide(actor, Action::SeeLedger)?;
        let Some(person) = name.of.person else {
            return self.store().read(|tx| question(tx));
        };
        self.store().write(|tx| {
            let answer = question(tx)?;
            let subject = Subject {
                person: Some(person),
                results: 1,
                ..Subject::default()
            };
            self.looked(tx, actor, allowed, Action::SeeLedger, subject)?;
            Ok(answer)
        })
    }

    /// Every account with its balance, by name: of everything, or up to and with a day.
    ///
    /// # Errors
    /// Not allowed, or the store's.
    pub fn trial_balance(&self, actor: &Actor, on: Option<Date>) -> Result<Vec<TrialLine>, Error> {
        let allowed = access::decide(actor, Action::SeeLedger)?;
        self.store().write(|tx| {
            let mut lines: Vec<TrialLine> = ledger::every_account(tx)?
                .into_iter()
                .map(|(account, balance)| TrialLine { account, balance })
                .collect();
            if let Some(day) = on {
                let sums = every_up_to(tx, day)?;
                for line in &mut lines {
                    line.balance = sums.get(&line.account.id).copied().unwrap_or_default();
                }
            }
            let subject = Subject {
                results: lines.len(),
                ..Subject::default()
            };
            self.looked(tx, actor, allowed, Action::SeeLedger, subject)?;
            Ok(lines)
        })
    }

    /// Hands out every account, then every transfer whose day is from one to another, in the
    /// order of months and then as they were made. All of it is as it was at one moment.
    ///
    /// # Errors
    /// Not allowed, the store's, or the receiver's.
    pub fn export_ledger<E: From<Error>>(
        &self,
        actor: &Actor,
        (from, to): (Option<Date>, Option<Date>),
        heading: Heading<'_, E>,
        each: Each<'_, E>,
    ) -> Result<u64, E> {
        let allowed = access::decide(actor, Action::SeeLedger).map_err(Error::from)?;
        // The look is on record before anything is handed out.
        self.store().write(|tx| {
            let subject = Subject {
                thing: "export of the ledger".to_owned(),
                ..Subject::default()
            };
            self.record(
                tx,
                actor,
                allowed,
                journal::Kind::Look,
                Action::SeeLedger.in_words(),
                subject,
            )
        })?;
        let mut gone = 0;
        let outcome = self.store().read(|tx| {
            let accounts = ledger::every_account(tx)?;
            let told = heading(&accounts);
            let names: BTreeMap<_, _> = accounts
                .iter()
                .map(|(one, _)| (one.id, &one.name))
                .collect();
            let mut given = told;
            each_transfer(tx, None, &mut |posted| {
                let day = posted.transfer.effective;
                let within = from.is_none_or(|from| day >= from) && to.is_none_or(|to| day <= to);
                let sides = names
                    .get(&posted.transfer.debit)
                    .zip(names.get(&posted.transfer.credit));
                if let (true, Ok(()), Some((debit, credit))) = (within, &given, sides) {
                    let posted_on = self.day_of(posted.posted_at);
                    given = each(&Exported {
                        posted,
                        debit,
                        credit,
                        posted_on,
                    });
                    gone += 1;
                }
                Ok(())
            })?;
            Ok::<_, Error>(given)
        })?;
        outcome.map(|()| gone)
    }
}

fn known(tx: &mut dyn Tx, name: &Name) -> Result<(Account, Balance), Error> {
    ledger::by_name(tx, &name.to_string())?.ok_or(Error::NotFound("account"))
}

/// What is too large for a balance was refused when it was posted.
fn sum(sums: impl IntoIterator<Item = Balance>) -> Balance {
    sums.into_iter()
        .fold(Balance::default(), |all, one| all.plus(&one).unwrap_or(all))
}

/// An account's balance up to and with a day: whole months from their rows, and the rest from
/// the transfers of the month.
fn up_to(tx: &mut dyn Tx, id: LedgerAccountId, day: Date) -> Result<Balance, Error> {
    let month = Month::of(day);
    let whole = if month.last() == day {
        month
    } else {
        month.previous()
    };
    let months = ledger::balances_upto(tx, id, whole)?;
    let mut balance = sum(months.into_iter().map(|(_, balance)| balance));
    if whole != month {
        for transfer in ledger::moved_in_month(tx, id, day)? {
            let entries = transfer.entries().into_iter().flatten();
            let mine = entries.filter(|(account, _)| *account == id);
            balance = sum([balance].into_iter().chain(mine.map(|(_, moved)| moved)));
        }
    }
    Ok(balance)
}

fn every_up_to(tx: &mut dyn Tx, day: Date) -> Result<BTreeMap<LedgerAccountId, Balance>, Error> {
    let month = Month::of(day);
    let whole = if month.last() == day {
        month
    } else {
        month.previous()
    };
    let mut sums = ledger::accounts_upto(tx, None, whole)?;
    if whole != month {
        let before = At {
            period: month,
            entry: 0,
            line: 0,
        };
        each_between(tx, Some(before), Some(month), &mut |posted| {
            if posted.transfer.effective <= day {
                for (id, moved) in posted.transfer.entries().into_iter().flatten() {
                    let kept = sums.entry(id).or_default();
                    *kept = sum([*kept, moved]);
                }
            }
            Ok(())
        })?;
    }
    Ok(sums)
}

/// Every transfer up to a month, in order.
pub(super) fn each_transfer(
    tx: &mut dyn Tx,
    last: Option<Month>,
    each: &mut dyn FnMut(&Posted) -> Result<(), Error>,
) -> Result<(), Error> {
    each_between(tx, None, last, each)
}

/// Every transfer after one up to a month, in order.
pub(super) fn each_between(
    tx: &mut dyn Tx,
    mut after: Option<At>,
    last: Option<Month>,
    each: &mut dyn FnMut(&Posted) -> Result<(), Error>,
) -> Result<(), Error> {
    loop {
        let some = ledger::transfers_after(tx, after, last, STRETCH)?;
        let Some(end) = some.last() else {
            return Ok(());
        };
        after = Some(end.at);
        for one in &some {
            each(one)?;
        }
    }
}
