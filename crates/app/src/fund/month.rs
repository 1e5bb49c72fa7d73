//! The end of a month: what is missing before it can close, and closing it.

use super::agreements::{funds, standing};
use super::close::Closed;
use super::page::{books, first_month};
use crate::{App, Error};
use ::fund::ledger::{AccountKind, Code, Frozen, may_close};
use ::fund::position::{Books, Position, position};
use access::{Action, Actor};
use jiff::Timestamp;
use kernel::{Month, Pence};
use store::{Tx, ledger};

/// Something to see to before a month closes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The fund; `None` for the ledger as a whole.
    pub fund: Option<Code>,
    /// What kind of thing, as a short name: `order`, `agreement`, `contribution`, `spending`,
    /// `outside`, `budget`, `suspense`, `accrual` or `lapsed`.
    pub code: &'static str,
    /// What it is and what to do, as a sentence.
    pub text: String,
    /// The month cannot close until it is seen to. What is not so may be left.
    pub stops: bool,
}

/// A month and whether it can close.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonthEnd {
    /// The month.
    pub month: Month,
    /// What is missing; what stops it first.
    pub missing: Vec<Missing>,
    /// How it was frozen, when and by whom, if it is closed.
    pub closed: Option<(Frozen, Timestamp, String)>,
    /// Months that are closed, the latest first, each with its hash.
    pub earlier: Vec<Frozen>,
}

impl MonthEnd {
    /// True if nothing stops the month from being closed.
    pub fn can_close(&self) -> bool {
        self.closed.is_none() && !self.missing.iter().any(|one| one.stops)
    }
}

impl App {
    /// What is missing before a month can close: the next one that is open if none is named. `None` if
    /// nothing has been posted.
    ///
    /// # Errors
    /// Not allowed, or the store's.
    pub fn month_end(
        &self,
        actor: &Actor,
        month: Option<Month>,
    ) -> Result<Option<MonthEnd>, Error> {
        access::decide(actor, Action::SeeLedger)?;
        self.store().read(|tx| {
            let next = match ledger::closed_to(tx)? {
                Some(closed) => Some(closed.next()),
                None => ledger::earliest(tx)?,
            };
            match month.or(next) {
                None => Ok(None),
                Some(month) => self.month_of(tx, month).map(Some),
            }
        })
    }

    /// Closes a month if nothing stops it: with shares by each fund's agreement, or without.
    ///
    /// # Errors
    /// Not allowed, something stops it ([`Error::Invalid`], one entry a thing), or the store's.
    pub fn close_month(
        &self,
        actor: &Actor,
        month: Month,
        by_agreement: bool,
    ) -> Result<Closed, Error> {
        access::decide(actor, Action::CloseLedger)?;
        let end = self.store().read(|tx| self.month_of(tx, month))?;
        let stops: Vec<crate::FieldError> = end
            .missing
            .into_iter()
            .filter(|one| one.stops)
            .map(|one| crate::FieldError {
                field: "month",
                text: one.text,
            })
            .collect();
        match (stops.is_empty(), by_agreement) {
            (true, true) => self.close_ledger_period_by_agreement(actor, month),
            (true, false) => self.close_ledger_period(actor, month, None),
            (false, _) => Err(Error::Invalid(stops)),
        }
    }

    fn month_of(&self, tx: &mut dyn Tx, month: Month) -> Result<MonthEnd, Error> {
        let mut earlier = ledger::frozen(tx)?;
        earlier.reverse();
        let frozen = earlier.iter().find(|one| one.period == month).cloned();
        let closed = match frozen {
            None => None,
            Some(frozen) => {
                let (at, by) = ledger::closing(tx, month)?.ok_or(Error::NotFound("closing"))?;
                Some((frozen, at, by))
            }
        };
        let mut missing = Vec::new();
        if closed.is_none() {
            let (last, first) = (ledger::closed_to(tx)?, ledger::earliest(tx)?);
            if let Err(why) = may_close(month, last, first, self.today()) {
                missing.push(Missing {
                    fund: None,
                    code: "order",
                    text: why.to_string(),
                    stops: true,
                });
            }
            for fund in funds(tx)? {
                self.missing_of(tx, &fund, month, &mut missing)?;
            }
            missing.sort_by_key(|one| !one.stops);
        }
        Ok(MonthEnd {
            month,
            missing,
            closed,
            earlier,
        })
    }

    /// What is missing of one fund.
    fn missing_of(
        &self,
        tx: &mut dyn Tx,
        fund: &Code,
        month: Month,
        missing: &mut Vec<Missing>,
    ) -> Result<(), Error> {
        let mut tell = |code, text: String| {
            missing.push(Missing {
                fund: Some(fund.clone()),
                code,
                text,
                stops: false,
            });
        };
        let Some(kept) = standing(tx, fund, month.last())? else {
            let text = format!("No agreement of {fund} holds on {}: keep one", month.last());
            tell("agreement", text);
            return Ok(());
        };
        let books = books(tx, fund, first_month(&kept.agreement)?)?;
        let position = position(&kept.agreement, &books, month.last()).map_err(Error::Policy)?;
        for (code, text) in of_position(&position, month) {
            tell(code, text);
        }
        for (code, text) in of_books(&books, month) {
            tell(code, text);
        }
        let lapsed = books
            .committed
            .iter()
            .filter(|one| one.lapses_on.is_some_and(|last| last <= month.last()));
        let sum: Pence = lapsed.map(|one| one.remaining).sum();
        if sum.0 > 0 {
            tell(
                "lapsed",
                format!(
                    "{sum} is committed past its last day: invoice it, or it is given back when the month closes"
                ),
            );
        }
        Ok(())
    }
}

/// What contributions and schemes lack.
fn of_position(position: &Position, month: Month) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    for one in position.partners.iter().filter(|one| one.late().0 > 0) {
        let text = format!(
            "{} has paid {} of {} that is due: {} is not received",
            one.name,
            one.received,
            one.due,
            one.late()
        );
        found.push(("contribution", text));
    }
    for one in position
        .schemes
        .iter()
        .filter(|one| one.arrangement.is_pooled())
    {
        let spent = one.months.iter().find(|at| at.month == month);
        if one.budget.0 > 0 && spent.is_some_and(|at| at.spent.0 == 0) {
            let text = format!(
                "Nothing is spent on scheme {}, {}, in {}: post its invoices or accrue what was done",
                one.key,
                one.name,
                month.in_words()
            );
            found.push(("spending", text));
        }
        if one.budget != one.budget_in_ledger {
            let text = format!(
                "Scheme {} has {} to spend in the ledger, and {} by the agreement: put it right",
                one.key, one.budget_in_ledger, one.budget
            );
            found.push(("budget", text));
        }
    }
    for (code, amount) in &position.outside {
        let text = format!("{amount} is spent on {code}, which is no scheme of the agreement");
        found.push(("outside", text));
    }
    found
}

/// What stands on accounts that should be empty.
fn of_books(books: &Books, month: Month) -> Vec<(&'static str, String)> {
    let standing = |kind: AccountKind, accrued: bool| -> Pence {
        books
            .moved
            .iter()
            .filter(|((name, at), _)| {
                // An accrual of this month or a later one is where it should be.
                let counts = !accrued || name.of.period.is_some_and(|period| period < month);
                name.kind == kind && *at <= month && counts
            })
            .filter_map(|(_, balance)| balance.posted(kind.normal_side()))
            .sum()
    };
    let mut found = Vec::new();
    let suspense = standing(AccountKind::Suspense, false);
    if suspense.0 != 0 {
        let text = format!("{suspense} is in suspense: find out what it is for");
        found.push(("suspense", text));
    }
    let accrued = standing(AccountKind::Accrual, true);
    if accrued.0 != 0 {
        let text =
            format!("{accrued} of earlier months is still accrued: reverse it or invoice it");
        found.push(("accrual", text));
    }
    found
}
