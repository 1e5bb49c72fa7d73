//! A year of a pool, by the seed: contributions, budgets, packages that are committed and paid,
//! mistakes and their reversals, repeats, things that are refused, and months that close. It is driven
//! through the application and held against an accountant with one list. A failure prints its seed.

use super::*;
use fund::ledger::close::by_contribution;
use fund::ledger::{Kind, Transfer};
use std::collections::{BTreeMap, HashMap};
use testkit::Seeded;

const PARTNERS: [&str; 3] = ["county", "icb", "east-council"];
const SCHEMES: [&str; 4] = ["reablement", "home-care", "carers", "equipment"];
const PROVIDERS: [&str; 3] = ["ullathorne-house", "plumstead-care", "st-ewolds"];

struct Year {
    seed: u64,
    dice: Seeded,
    place: Place,
    finance: Actor,
    ids: HashMap<String, LedgerAccountId>,
    /// What the accountant wrote down, in order.
    list: Vec<Transfer>,
    /// What was asked and made, to be asked again.
    asked: Vec<Vec<Asked>>,
}

impl Year {
    fn new(seed: u64) -> Self {
        let place = testkit::place();
        let finance = place.actor(Role::Finance);
        let mut year = Self {
            seed,
            dice: Seeded(seed),
            place,
            finance,
            ids: HashMap::new(),
            list: Vec::new(),
            asked: Vec::new(),
        };
        year.open(CASH, Limit::CreditsNotOverDebits);
        year.open(CONTROL, Limit::None);
        for partner in PARTNERS {
            year.open(&format!("income:contribution:bcf:{partner}"), Limit::None);
        }
        for scheme in SCHEMES {
            year.open(
                &format!("equity:budget:bcf:{scheme}"),
                Limit::DebitsNotOverCredits,
            );
            year.open(&format!("expenses:expenditure:bcf:{scheme}"), Limit::None);
        }
        for provider in PROVIDERS {
            let payable = format!("liabilities:payable:bcf:{provider}");
            year.open(&payable, Limit::DebitsNotOverCredits);
        }
        year
    }

    fn open(&mut self, account: &str, limit: Limit) {
        let opened = self
            .place
            .app
            .open_ledger_account(&self.finance, &name(account), limit);
        self.ids.insert(account.to_owned(), opened.unwrap().id());
    }

    fn roll(&mut self, below: u64) -> u64 {
        self.dice.next_number() % below
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        let index = self.roll(from.len() as u64);
        from[usize::try_from(index).unwrap()]
    }

    fn amount(&mut self, most: u64) -> Pence {
        Pence(i64::try_from(1 + self.roll(most)).unwrap())
    }

    fn one(&self, effective: Date, what: What, note: &str) -> Asked {
        Asked {
            id: self.place.app.ids().transfer(),
            effective,
            what,
            note: note.to_owned(),
        }
    }

    fn move_money(&self, on: Date, debit: &str, credit: &str, amount: Pence) -> Asked {
        let (debit, credit) = (self.ids[debit], self.ids[credit]);
        self.one(
            on,
            What::Post {
                debit,
                credit,
                amount,
            },
            "",
        )
    }

    /// Something that happens on a day; it may be refused.
    fn something(&mut self, on: Date) -> Vec<Asked> {
        let scheme = self.pick(&SCHEMES);
        let provider = self.pick(&PROVIDERS);
        let budget = format!("equity:budget:bcf:{scheme}");
        let payable = format!("liabilities:payable:bcf:{provider}");
        match self.roll(10) {
            0 => {
                let partner = self.pick(&PARTNERS);
                let amount = self.amount(900_000);
                let from = format!("income:contribution:bcf:{partner}");
                vec![self.move_money(on, CASH, &from, amount)]
            }
            1 => {
                let amount = self.amount(500_000);
                vec![self.move_money(on, CONTROL, &budget, amount)]
            }
            // A package: what is spent, and the budget that it takes.
            2 | 3 => {
                let amount = self.amount(60_000);
                let spent = format!("expenses:expenditure:bcf:{scheme}");
                vec![
                    self.move_money(on, &spent, &payable, amount),
                    self.move_money(on, &budget, CONTROL, amount),
                ]
            }
            4 => {
                let (debit, credit) = (self.ids[&budget], self.ids[CONTROL]);
                let amount = self.amount(80_000);
                let lapses_on =
                    (self.roll(3) == 0).then(|| on.saturating_add(jiff::ToSpan::days(20)));
                vec![self.one(
                    on,
                    What::Reserve {
                        debit,
                        credit,
                        amount,
                        lapses_on,
                    },
                    "",
                )]
            }
            5 => match self.some_transfer() {
                Some(reservation) => {
                    let amount = (self.roll(2) == 0).then(|| self.amount(40_000));
                    let keep_rest = self.roll(2) == 0;
                    let what = What::PostReserved {
                        reservation,
                        amount,
                        keep_rest,
                    };
                    vec![self.one(on, what, "")]
                }
                None => Vec::new(),
            },
            6 => {
                let amount = self.amount(60_000);
                vec![self.move_money(on, &payable, CASH, amount)]
            }
            7 => match self.some_transfer() {
                Some(of) => vec![self.one(on, What::Reverse { of }, "wrong scheme")],
                None => Vec::new(),
            },
            8 => match self.some_transfer() {
                Some(reservation) => vec![self.one(on, What::Release { reservation }, "")],
                None => Vec::new(),
            },
            _ => {
                let again = self.roll(self.asked.len().max(1) as u64);
                let again = self.asked.get(usize::try_from(again).unwrap()).cloned();
                again.unwrap_or_default()
            }
        }
    }

    fn some_transfer(&mut self) -> Option<TransferId> {
        let index = self.roll(self.list.len().max(1) as u64);
        self.list
            .get(usize::try_from(index).unwrap())
            .map(|one| one.id)
    }

    /// Asks the application; what it made is written down.
    fn ask(&mut self, asked: &[Asked]) {
        let known = |id| self.list.iter().any(|one| one.id == id);
        match self.place.app.post_transfers(&self.finance, asked) {
            Ok(Outcome::Made(made)) => {
                assert!(asked.iter().all(|one| !known(one.id)), "seed {}", self.seed);
                self.list.extend(made);
                self.asked.push(asked.to_vec());
            }
            Ok(Outcome::Repeated) => assert!(asked.iter().all(|one| known(one.id))),
            Err(Error::Refused(_)) => {}
            Err(error) => panic!("seed {}: {error}", self.seed),
        }
    }

    /// What the application made by itself since: releases of what lapsed, shares of a month.
    fn write_down_the_rest(&mut self) {
        let known: std::collections::HashSet<_> = self.list.iter().map(|one| one.id).collect();
        let mut new = Vec::new();
        let mut each = |one: &app::fund::Exported<'_>| {
            if !known.contains(&one.posted.transfer.id) {
                new.push(one.posted.transfer.clone());
            }
            Ok(())
        };
        let app = &self.place.app;
        app.export_ledger::<Error>(&self.finance, (None, None), &mut |_| Ok(()), &mut each)
            .unwrap();
        for one in new {
            let own =
                one.note == "its last day is over" || one.note.starts_with("share of the variance");
            assert!(own, "seed {}: nobody asked for {one:?}", self.seed);
            self.list.push(one);
        }
    }

    /// Posted debits less credits of each account up to a day, from the list.
    fn by_the_list(&self, on: Date) -> BTreeMap<LedgerAccountId, i64> {
        let mut sums = BTreeMap::new();
        for one in self.list.iter().filter(|one| one.effective <= on) {
            if matches!(
                one.kind,
                Kind::Post | Kind::PostReserved { .. } | Kind::Reverse { .. }
            ) {
                *sums.entry(one.debit).or_insert(0) += one.amount.0;
                *sums.entry(one.credit).or_insert(0) -= one.amount.0;
            }
        }
        sums
    }

    fn audit(&self, on: Date) {
        let expected = self.by_the_list(on);
        let trial = self
            .place
            .app
            .trial_balance(&self.finance, Some(on))
            .unwrap();
        for line in &trial {
            let sum = line.balance.debits_posted.0 - line.balance.credits_posted.0;
            let by_list = expected.get(&line.account.id).copied().unwrap_or(0);
            assert_eq!(
                sum, by_list,
                "seed {}, {on}: {}",
                self.seed, line.account.name
            );
            let alone = self
                .place
                .app
                .ledger_balance(&self.finance, &line.account.name, Some(on));
            assert_eq!(
                alone.unwrap().balance,
                line.balance,
                "seed {}, {on}",
                self.seed
            );
        }
        let faults = self.place.app.check_ledger(&Actor::operator()).unwrap();
        assert_eq!(faults, vec![], "seed {}", self.seed);
    }
}

fn year(seed: u64) {
    let mut year = Year::new(seed);
    let mut month = month("2026-04");
    let mut hashes = Vec::new();
    for _ in 0..12 {
        for day in 1..=28 {
            let on = Date::new(month.year(), month.number(), day).unwrap();
            let noon = on
                .at(12, 0, 0, 0)
                .to_zoned(jiff::tz::TimeZone::UTC)
                .unwrap();
            year.place.clock.set(noon.timestamp());
            for _ in 0..2 {
                // Some days are told late, some into a month that is closed by now.
                let back = i64::try_from(year.roll(40)).unwrap();
                let late = year.roll(4) == 0;
                let told = kernel::calendar::add_days(on, if late { -back } else { 0 });
                let asked = year.something(told);
                if !asked.is_empty() {
                    year.ask(&asked);
                }
            }
        }
        let next = month
            .next()
            .first()
            .at(6, 0, 0, 0)
            .to_zoned(jiff::tz::TimeZone::UTC);
        year.place.clock.set(next.unwrap().timestamp());
        let closed =
            year.place
                .app
                .close_ledger_period(&year.finance, month, Some(&by_contribution));
        match closed {
            Ok(closed) => hashes.push(closed.frozen),
            // Nobody has paid in yet, so nobody can share: closed without.
            Err(Error::Invalid(_)) => {
                let closed = year
                    .place
                    .app
                    .close_ledger_period(&year.finance, month, None);
                hashes.push(closed.unwrap().frozen);
            }
            // Told late into a month before the first.
            Err(Error::Refused(refusal)) => {
                let Refusal::OutOfOrder { first, .. } = *refusal else {
                    panic!("seed {seed}: {refusal}");
                };
                let mut next = first;
                while next <= month {
                    let closed = year
                        .place
                        .app
                        .close_ledger_period(&year.finance, next, None);
                    hashes.push(closed.unwrap().frozen);
                    next = next.next();
                }
            }
            Err(error) => panic!("seed {seed}: {error}"),
        }
        year.write_down_the_rest();
        year.audit(month.last());
        let middle = Date::new(month.year(), month.number(), 13).unwrap();
        year.audit(middle);
        month = month.next();
    }
    assert!(
        year.list.len() > 200,
        "seed {seed}: {} transfers",
        year.list.len()
    );
    assert!(hashes.len() >= 12);
    assert!(hashes.windows(2).all(|two| two[1].previous == two[0].hash));
}

#[test]
fn a_year_of_a_pool_holds_against_a_slow_accountant() {
    for seed in [1, 2] {
        year(seed);
    }
}
