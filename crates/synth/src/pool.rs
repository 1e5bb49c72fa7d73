//! The pooled fund of Barsetshire: about 90 million pounds a year, with the year before and this one in the
//! ledger. Home care spends more than it has, a partner is late, and two partners disagree.

use crate::dice::Dice;
use crate::{Barsetshire, Organisations};
use ::fund::agreement::{Agreement, Scheme, read};
use ::fund::ledger::{Asked, Limit, What};
use ::fund::tie::code_of;
use ::fund::year::written;
use access::Actor;
use app::fund::{DisputeMove, NewDispute, NewFigure};
use app::{App, Error};
use jiff::civil::{Date, date};
use kernel::calendar::add_days;
use kernel::money::split;
use kernel::{LedgerAccountId, Month, Pence, TransferId};
use std::collections::BTreeMap;
use uuid::Uuid;

const AGREEMENT: &str = include_str!("pool/section75.toml");
const PLAN: &str = include_str!("pool/plan.toml");
const FUND: &str = "bcf";

/// Parts of a hundred of a budget that are committed in April.
const COMMITTED: i64 = 80;
/// The scheme that overspends this year, and by how many in a hundred.
const OVERSPENT: (&str, i64) = ("3", 20);
/// The partner that has not paid what was due last.
const LATE: &str = "community-trust";

/// Keeps agreements and plans, posts two years, closes months and raises a dispute.
///
/// # Errors
/// The application's.
pub fn make(app: &App, place: &Barsetshire, seed: u64) -> Result<(), Error> {
    let operator = Actor::operator();
    let this = Month::of(place.today).financial_year();
    let mut pool = Pool {
        app,
        actor: &operator,
        dice: Dice::new(seed, 0),
        today: place.today,
        providers: providers(&place.organisations, place),
        accounts: BTreeMap::new(),
        commands: Vec::new(),
    };
    for year in [this - 1, this] {
        let text = of_year(AGREEMENT, year);
        app.keep_fund_agreement(&operator, FUND, ("section75.toml", text.as_bytes()))?;
        // The grant of last year went to the districts in whole; of this year's a part has not.
        let east = if year == this {
            "1_400_000"
        } else {
            "1_900_000"
        };
        let plan = of_year(PLAN, year).replace("{east}", east);
        app.keep_fund_plan(&operator, FUND, ("plan.toml", plan.as_bytes()))?;
        let agreement = read(&text).map_err(|_| Error::NotFound("agreement of the demo"))?;
        pool.year(&agreement, year, year == this)?;
    }
    pool.strange_money()?;
    pool.flush()?;
    pool.close(this - 1)?;
    pool.figures(this - 1)?;
    dispute(app, &operator, place.today, this)
}

/// A file with its years filled in.
fn of_year(text: &str, year: i16) -> String {
    text.replace("{years}", &written(year))
        .replace("{year}", &year.to_string())
        .replace("{next}", &(year + 1).to_string())
}

/// Codes of the providers that schemes pay: home care, and homes with nursing.
fn providers(organisations: &Organisations, place: &Barsetshire) -> Vec<String> {
    let named = |id: &kernel::OrganisationId| {
        let all = place.organisations.all.iter();
        let name = all.into_iter().find(|one| one.id == *id)?.name.as_str();
        code_of(name).map(|code| code.to_string())
    };
    let some = organisations.home_care.iter().take(4);
    let homes = organisations.nursing_homes.iter().take(2);
    some.chain(homes).filter_map(named).collect()
}

struct Pool<'a> {
    app: &'a App,
    actor: &'a Actor,
    dice: Dice,
    today: Date,
    providers: Vec<String>,
    /// Accounts that are open.
    accounts: BTreeMap<String, LedgerAccountId>,
    commands: Vec<Vec<Asked>>,
}

impl Pool<'_> {
    fn account(&mut self, name: &str) -> Result<LedgerAccountId, Error> {
        if let Some(known) = self.accounts.get(name) {
            return Ok(*known);
        }
        let parsed = name
            .parse()
            .map_err(|_| Error::NotFound("account of the demo"))?;
        let opened = self
            .app
            .open_ledger_account(self.actor, &parsed, Limit::None)?;
        self.accounts.insert(name.to_owned(), opened.id());
        Ok(opened.id())
    }

    /// The same seed makes the same ids.
    fn id(&mut self) -> TransferId {
        let half = |dice: &mut Dice| u128::from(dice.below(u64::MAX));
        let bits = (half(&mut self.dice) << 64) | half(&mut self.dice);
        TransferId::new(Uuid::from_u128(bits))
    }

    fn asked(&mut self, effective: Date, what: What, note: &str) -> Asked {
        Asked {
            id: self.id(),
            effective,
            what,
            note: note.to_owned(),
        }
    }

    /// Posts what is collected; nothing of it may be refused.
    fn flush(&mut self) -> Result<(), Error> {
        let commands = std::mem::take(&mut self.commands);
        for outcome in self.app.post_many(self.actor, commands)? {
            outcome?;
        }
        Ok(())
    }

    fn year(&mut self, agreement: &Agreement, year: i16, this: bool) -> Result<(), Error> {
        self.contributions(agreement, this)?;
        for (at, scheme) in agreement.schemes.iter().enumerate() {
            self.scheme(scheme, at, year, this)?;
        }
        Ok(())
    }

    /// Money that came in and nobody has said yet what it is for.
    fn strange_money(&mut self) -> Result<(), Error> {
        let cash = self.account(&format!("assets:cash:{FUND}"))?;
        let suspense = self.account(&format!("liabilities:suspense:{FUND}"))?;
        let what = What::Post {
            debit: cash,
            credit: suspense,
            amount: Pence(1_240_000),
        };
        let on = add_days(self.today, -34);
        let asked = self.asked(on, what, "a payment without a reference");
        self.commands.push(vec![asked]);
        Ok(())
    }

    fn contributions(&mut self, agreement: &Agreement, this: bool) -> Result<(), Error> {
        let cash = self.account(&format!("assets:cash:{FUND}"))?;
        for one in agreement.contributions.iter().filter(|one| !one.in_kind) {
            // In the books of the year before nobody said from which source money came.
            let source = match this {
                true => format!(":from={}", one.key),
                false => String::new(),
            };
            let income = format!("income:contribution:{FUND}:{}{source}", one.partner);
            let income = self.account(&income)?;
            let come: Vec<_> = one.due.iter().filter(|due| due.on <= self.today).collect();
            let late = this && one.partner.as_str() == LATE;
            let paid = come.len() - usize::from(late && !come.is_empty());
            for due in come.into_iter().take(paid) {
                let what = What::Post {
                    debit: cash,
                    credit: income,
                    amount: due.amount,
                };
                let asked = self.asked(due.on, what, &one.source);
                self.commands.push(vec![asked]);
            }
        }
        Ok(())
    }

    /// A scheme's year: its budget, what is committed to two providers, and month by month what
    /// they invoice and are paid.
    fn scheme(&mut self, scheme: &Scheme, at: usize, year: i16, this: bool) -> Result<(), Error> {
        let code = scheme.key.as_str();
        let control = self.account(&format!("equity:budget-control:{FUND}"))?;
        let budget = self.account(&format!("equity:budget:{FUND}:{code}"))?;
        let cash = self.account(&format!("assets:cash:{FUND}"))?;
        let (begins, ends) = (date(year, 4, 1), date(year + 1, 3, 31));
        let given = What::Post {
            debit: control,
            credit: budget,
            amount: scheme.budget,
        };
        let given = self.asked(begins, given, "budget of the year");
        self.commands.push(vec![given]);
        if !this {
            let unused = What::Post {
                debit: budget,
                credit: control,
                amount: Pence(scheme.budget.0 - scheme.budget.0 / 100 * COMMITTED),
            };
            let unused = self.asked(ends, unused, "budget that no contract drew");
            self.commands.push(vec![unused]);
        }
        let over = match this && code == OVERSPENT.0 {
            true => OVERSPENT.1,
            false => -1,
        };
        let spent = Pence(scheme.budget.0 / 100 * (100 + over));
        for (which, of_provider) in split(spent, &[3, 2]).unwrap_or_default().iter().enumerate() {
            let count = self.providers.len().max(1);
            let Some(provider) = self.providers.get((at + which * 2) % count).cloned() else {
                return Ok(());
            };
            let spend = self.account(&format!("expenses:expenditure:{FUND}:{code}:{provider}"))?;
            let owed = self.account(&format!("liabilities:payable:{FUND}:{code}:{provider}"))?;
            let whole =
                Pence(scheme.budget.0 / 100 * COMMITTED / 5 * if which == 0 { 3 } else { 2 });
            let reserve = What::Reserve {
                debit: budget,
                credit: control,
                amount: whole,
                // A contract that is over is drawn in whole.
                lapses_on: (ends >= self.today).then_some(ends),
            };
            let reserve = self.asked(begins, reserve, "contract of the year");
            let reservation = reserve.id;
            self.commands.push(vec![reserve]);
            let draws = split(whole, &[1; 12]).unwrap_or_default();
            let weights = [(); 12].map(|()| u64::try_from(self.dice.between(98, 102)).unwrap_or(1));
            let costs = split(*of_provider, &weights).unwrap_or_default();
            let mut month = Month::of(begins);
            for (draw, cost) in draws.into_iter().zip(costs) {
                let (day, paid_on) = (month.last(), add_days(month.last(), 20));
                month = month.next();
                if day > self.today {
                    break;
                }
                let draw = What::PostReserved {
                    reservation,
                    amount: Some(draw),
                    keep_rest: true,
                };
                let invoice = |(debit, credit)| What::Post {
                    debit,
                    credit,
                    amount: cost,
                };
                let set = vec![
                    self.asked(day, draw, "drawn from the contract"),
                    self.asked(day, invoice((spend, owed)), "invoice of the month"),
                ];
                self.commands.push(set);
                if paid_on <= self.today {
                    let paid = self.asked(paid_on, invoice((owed, cash)), "payment");
                    self.commands.push(vec![paid]);
                }
            }
        }
        Ok(())
    }

    /// What came of the plan's metrics, up to the month before last.
    fn figures(&mut self, first: i16) -> Result<(), Error> {
        let fund = FUND.parse().map_err(|_| Error::NotFound("fund"))?;
        for (metric, usual, differs, moved, of, source) in METRICS {
            let mut month = Month::of(date(first, 4, 1));
            let mut number = 0;
            while add_days(month.last(), 30) <= self.today {
                let figure = usual + moved * number / 12 + self.dice.between(-differs, differs);
                let tenths = if figure < 10_000 { 2 } else { 1 };
                let part = (figure % 1_000) / 10i64.pow(3 - tenths);
                let figure = format!("{}.{part:0width$}", figure / 1_000, width = tenths as usize);
                self.app.keep_fund_figure(
                    self.actor,
                    &NewFigure {
                        fund: &fund,
                        metric,
                        month,
                        figure: &figure,
                        of: &of.to_string(),
                        source,
                    },
                )?;
                month = month.next();
                number += 1;
            }
        }
        Ok(())
    }

    /// Closes every month that ended at least forty days ago.
    fn close(&self, first: i16) -> Result<(), Error> {
        let mut month = Month::of(date(first, 4, 1));
        while add_days(month.last(), 40) <= self.today {
            // The year that is over was settled by the agreement with its last month.
            match month.number() == 3 {
                true => self
                    .app
                    .close_ledger_period_by_agreement(self.actor, month)?,
                false => self.app.close_ledger_period(self.actor, month, None)?,
            };
            month = month.next();
        }
        Ok(())
    }
}

/// Metrics of the plan: short name, the usual figure in thousandths, by how many thousandths a month
/// differs, what it has moved by after a year, of how many it is, and where figures are from.
const METRICS: [(&str, i64, i64, i64, i64, &str); 3] = [
    (
        "emergency-admissions-65",
        622_000,
        14_000,
        -12_000,
        46_000,
        "monthly figures of the infirmary",
    ),
    (
        "average-discharge-delay",
        1_150,
        120,
        260,
        1_900,
        "discharge ready dates of both trusts",
    ),
    (
        "care-home-admissions",
        46_500,
        4_500,
        -3_000,
        46_000,
        "placements of the council",
    ),
];

/// The council and the board disagree over packages of home care; it has gone up one stage.
fn dispute(app: &App, actor: &Actor, today: Date, year: i16) -> Result<(), Error> {
    let raised = add_days(today, -18).max(date(year, 4, 1));
    let id = app.raise_dispute(
        actor,
        &NewDispute {
            fund: FUND,
            by: "council",
            with: "icb",
            amount: Pence(18_400_000),
            about: "Who pays for eleven packages of home care that began in hospital",
            on: Some(raised),
        },
    )?;
    let shown = DisputeMove::Show {
        by: "council",
        what: "List of packages with their dates, without names",
        file: ("packages.csv", b"package,begins\n1,April\n2,May\n"),
    };
    app.move_dispute(actor, id, Some(raised), &shown)?;
    let up = add_days(raised, 11).min(today);
    app.move_dispute(actor, id, Some(up), &DisputeMove::GoUp)
}
