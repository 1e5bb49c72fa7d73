//! The ledger of pooled money on the real store.

mod year;

use access::{Actor, Role};
use app::fund::LineState;
use app::{App, Error, Settings};
use fund::ledger::close::by_contribution;
use fund::ledger::{Asked, Limit, Name, Outcome, Refusal, What};
use jiff::Timestamp;
use jiff::civil::{Date, date};
use kernel::{LedgerAccountId, Month, Pence, PlaceId, TransferId};
use person::Person;
use std::sync::Arc;
use store::Value;
use testkit::{Place, Seeded};

const CASH: &str = "assets:cash:bcf";
const ICB: &str = "income:contribution:bcf:icb";
const COUNTY: &str = "income:contribution:bcf:county";
const SPENT: &str = "expenses:expenditure:bcf:reablement";
const BUDGET: &str = "equity:budget:bcf:reablement";
const CONTROL: &str = "equity:budget-control:bcf";

fn name(text: &str) -> Name {
    text.parse().unwrap()
}

fn month(text: &str) -> Month {
    text.parse().unwrap()
}

/// A place in May 2026 with somebody of finance.
fn begun() -> (Place, Actor) {
    let place = testkit::place();
    let at: Timestamp = "2026-05-12T09:00:00Z".parse().unwrap();
    place.clock.set(at);
    let finance = place.actor(Role::Finance);
    for (account, limit) in [
        (CASH, Limit::CreditsNotOverDebits),
        (ICB, Limit::None),
        (COUNTY, Limit::None),
        (SPENT, Limit::None),
        (BUDGET, Limit::DebitsNotOverCredits),
        (CONTROL, Limit::None),
    ] {
        place
            .app
            .open_ledger_account(&finance, &name(account), limit)
            .unwrap();
    }
    (place, finance)
}

fn id(place: &Place, finance: &Actor, account: &str) -> LedgerAccountId {
    let found = place.app.ledger_balance(finance, &name(account), None);
    found.unwrap().account.id
}

fn post(
    place: &Place,
    finance: &Actor,
    (debit, credit): (&str, &str),
    pence: i64,
    on: Date,
) -> Asked {
    Asked {
        id: place.app.ids().transfer(),
        effective: on,
        what: What::Post {
            debit: id(place, finance, debit),
            credit: id(place, finance, credit),
            amount: Pence(pence),
        },
        note: "April".to_owned(),
    }
}

fn balance(place: &Place, finance: &Actor, account: &str, on: Option<Date>) -> i64 {
    let name = name(account);
    let found = place.app.ledger_balance(finance, &name, on).unwrap();
    found.balance.posted(name.kind.normal_side()).unwrap().0
}

fn sound(place: &Place) {
    let faults = place.app.check_ledger(&Actor::operator()).unwrap();
    assert_eq!(faults, vec![]);
    assert_eq!(place.app.doctor(&Actor::operator()).unwrap(), vec![]);
}

#[test]
fn a_transfer_is_posted_once_and_its_balance_is_known_on_every_day() {
    let (place, finance) = begun();
    let app = &place.app;
    let first = post(&place, &finance, (CASH, ICB), 6_000, date(2026, 4, 10));
    let second = post(&place, &finance, (CASH, ICB), 500, date(2026, 5, 2));
    for one in [&first, &second] {
        let made = app.post_transfers(&finance, std::slice::from_ref(one));
        assert!(matches!(made, Ok(Outcome::Made(_))), "{made:?}");
    }
    let again = app.post_transfers(&finance, std::slice::from_ref(&first));
    assert_eq!(again.unwrap(), Outcome::Repeated);
    for (on, pence) in [
        (Some(date(2026, 4, 9)), 0),
        (Some(date(2026, 4, 10)), 6_000),
        (Some(date(2026, 4, 30)), 6_000),
        (Some(date(2026, 5, 1)), 6_000),
        (Some(date(2026, 5, 2)), 6_500),
        (None, 6_500),
    ] {
        assert_eq!(balance(&place, &finance, CASH, on), pence, "{on:?}");
        let trial = app.trial_balance(&finance, on).unwrap();
        let cash = trial
            .iter()
            .find(|one| one.account.name == name(CASH))
            .unwrap();
        assert_eq!(cash.balance.debits_posted.0, pence, "{on:?}");
    }
    let months = (month("2026-04"), month("2026-05"));
    let page = app
        .ledger_postings(&finance, &name(CASH), months, None)
        .unwrap();
    let ids: Vec<TransferId> = page
        .postings
        .iter()
        .map(|one| one.posted.transfer.id)
        .collect();
    assert_eq!((ids, page.next), (vec![first.id, second.id], None));
    sound(&place);
}

#[test]
fn postings_come_page_by_page_with_none_twice() {
    let (place, finance) = begun();
    let asked: Vec<Vec<Asked>> = (0..250)
        .map(|number| {
            let sides = if number % 3 == 0 {
                (SPENT, CASH)
            } else {
                (CASH, ICB)
            };
            let on = date(2026, if number % 2 == 0 { 4 } else { 5 }, 3);
            vec![post(&place, &finance, sides, 10 + number, on)]
        })
        .collect();
    let ids: Vec<TransferId> = asked.iter().map(|one| one[0].id).collect();
    let mut sorted = asked;
    sorted.sort_by_key(|one| matches!(one[0].what, What::Post { debit, .. } if debit == id(&place, &finance, SPENT)));
    let outcomes = place.app.post_many(&finance, sorted).unwrap();
    assert!(outcomes.iter().all(Result::is_ok));
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let months = (month("2026-04"), month("2026-05"));
        let page = place
            .app
            .ledger_postings(&finance, &name(CASH), months, after)
            .unwrap();
        seen.extend(page.postings.iter().map(|one| one.posted.transfer.id));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let count = seen.len();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!((seen.len(), count), (ids.len(), ids.len()));
    sound(&place);
}

/// Everything that is read by account: pages of postings, and balances of each day.
fn read_by_account(place: &Place, finance: &Actor, account: &str) -> (Vec<String>, Vec<i64>) {
    let months = (month("2026-03"), month("2026-06"));
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = place
            .app
            .ledger_postings(finance, &name(account), months, after);
        let page = page.unwrap();
        seen.extend(page.postings.iter().map(|one| format!("{one:?}")));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let days = (1..=61).map(|day| kernel::calendar::add_days(date(2026, 4, 1), day - 1));
    let sums = days.map(|day| balance(place, finance, account, Some(day)));
    (seen, sums.collect())
}

/// The first transfer of a process is listed at once, others after many; `almoner` in another process may list meanwhile.
#[test]
fn what_is_read_by_account_is_the_same_before_and_after_it_is_listed() {
    let (place, finance) = begun();
    let list = || {
        let listed = place.app.store().write(store::ledger::list_postings);
        listed.unwrap();
    };
    let listed = || {
        let count = "SELECT COUNT(*) FROM ledger_posting WHERE place = ?1";
        let rows = |tx: &mut dyn store::Tx| tx.query(count, &["barsetshire".into()]);
        place.app.store().read(rows).unwrap()[0].int(0).unwrap()
    };
    for round in 0..4 {
        for number in 0..20 {
            // Months are mixed, so that a page has some that are listed and some that are not.
            let on = date(2026, if number % 2 == 0 { 5 } else { 4 }, 1 + number);
            let sides = if number % 5 == 4 {
                (SPENT, CASH)
            } else {
                (CASH, ICB)
            };
            let pence = 1_000 * (20 - i64::from(number)) + i64::from(round);
            let asked = [post(&place, &finance, sides, pence, on)];
            let made = place.app.post_transfers(&finance, &asked);
            assert!(matches!(made, Ok(Outcome::Made(_))), "{made:?}");
        }
        let waiting = listed();
        let before = [CASH, ICB, SPENT].map(|one| read_by_account(&place, &finance, one));
        list();
        let after = [CASH, ICB, SPENT].map(|one| read_by_account(&place, &finance, one));
        assert!(waiting < listed(), "some waited");
        assert_eq!(listed(), 2 * 20 * i64::from(round + 1));
        assert_eq!(before, after);
        list();
        assert_eq!(listed(), 2 * 20 * i64::from(round + 1));
        sound(&place);
    }
    assert_eq!(read_by_account(&place, &finance, CASH).0.len(), 80);
}

#[test]
fn who_may_see_post_and_close() {
    let (place, finance) = begun();
    let asked = [post(&place, &finance, (CASH, ICB), 1, date(2026, 4, 1))];
    for role in Role::ALL.iter().copied() {
        let actor = place.actor(role);
        let may = matches!(role, Role::Finance | Role::Operator);
        let denied = |error: &Error| matches!(error, Error::Denied(_));
        let seen = place.app.trial_balance(&actor, None);
        assert_eq!(seen.as_ref().err().is_some_and(denied), !may, "{role}");
        let posted = place.app.post_transfers(&actor, &asked);
        assert_eq!(posted.as_ref().err().is_some_and(denied), !may, "{role}");
        let closed = place
            .app
            .close_ledger_period(&actor, month("2026-12"), None);
        assert_eq!(closed.as_ref().err().is_some_and(denied), !may, "{role}");
    }
}

#[test]
fn a_command_is_one_row_of_the_journal_and_a_refusal_none() {
    let (place, finance) = begun();
    let rows = || {
        let place = &place;
        place.app.store().read(|tx| {
            let sql = "SELECT actor, results FROM journal WHERE action = 'ledger: post'";
            Ok::<_, store::Error>(tx.query(sql, &[])?.len())
        })
    };
    let good = post(&place, &finance, (CASH, ICB), 100, date(2026, 4, 1));
    let bad = post(&place, &finance, (SPENT, CASH), 101, date(2026, 4, 1));
    let refused = place.app.post_transfers(&finance, &[good.clone(), bad]);
    assert!(matches!(refused, Err(Error::Refused(_))), "{refused:?}");
    assert_eq!(rows().unwrap(), 0);
    place
        .app
        .post_transfers(&finance, std::slice::from_ref(&good))
        .unwrap();
    place.app.post_transfers(&finance, &[good]).unwrap();
    assert_eq!(rows().unwrap(), 1);
}

#[test]
fn what_is_paid_for_a_person_is_on_their_record_of_looks() {
    let (place, finance) = begun();
    let app = &place.app;
    let person = Person {
        family_name: "Bold".to_owned(),
        ..Person::unknown(app.ids().person())
    };
    let spent = format!("{SPENT}:{}", person.id);
    let open = || app.open_ledger_account(&finance, &name(&spent), Limit::None);
    let refused = open().unwrap_err();
    assert!(refused.to_string().contains("Nobody with that id is here"));
    let now = app.now();
    let insert = |tx: &mut dyn store::Tx| store::person::insert(tx, &person, now);
    app.store().write(insert).unwrap();
    open().unwrap();
    let on = date(2026, 4, 1);
    let paid = post(&place, &finance, (CASH, ICB), 500, on);
    let cost = post(&place, &finance, (&spent, CASH), 400, on);
    app.post_transfers(&finance, &[paid]).unwrap();
    app.post_transfers(&finance, &[cost]).unwrap();
    let told = app.store().read(|tx| {
        let sql = "SELECT action FROM journal WHERE person_id = ?1 ORDER BY sequence";
        let rows = tx.query(sql, &[person.id.into()])?;
        rows.iter()
            .map(|row| row.text(0).map(str::to_owned))
            .collect::<Result<Vec<_>, store::Error>>()
    });
    // `post` asks the account for its id, which is a look.
    let look = "see the ledger of pooled money";
    assert_eq!(
        told.unwrap(),
        ["ledger: open account", look, "ledger: post"]
    );
    sound(&place);
}

#[test]
fn a_set_is_reversed_whole_and_the_same_call_again_is_the_same() {
    let (place, finance) = begun();
    let app = &place.app;
    let on = date(2026, 4, 1);
    let set = [
        post(&place, &finance, (CASH, ICB), 100, on),
        post(&place, &finance, (CASH, COUNTY), 50, on),
    ];
    app.post_transfers(&finance, &set).unwrap();
    let new = app.ids().transfer();
    let reverse =
        |reason| app.reverse_transfer(&finance, (new, set[1].id), date(2026, 5, 1), reason);
    assert!(matches!(reverse(""), Err(Error::Refused(_))));
    let Outcome::Made(made) = reverse("wrong fund").unwrap() else {
        panic!("the reversal is new");
    };
    assert_eq!(made.len(), 2);
    assert_eq!(reverse("wrong fund").unwrap(), Outcome::Repeated);
    assert_eq!(balance(&place, &finance, CASH, None), 0);
    assert_eq!(
        balance(&place, &finance, CASH, Some(date(2026, 4, 30))),
        150
    );
    sound(&place);
}

#[test]
fn what_has_lapsed_does_not_stand_in_the_way() {
    let (place, finance) = begun();
    let app = &place.app;
    let (budget, control) = (id(&place, &finance, BUDGET), id(&place, &finance, CONTROL));
    let on = date(2026, 4, 1);
    let give = post(&place, &finance, (CONTROL, BUDGET), 1_000, on);
    app.post_transfers(&finance, &[give]).unwrap();
    let reserve = |lapses_on| Asked {
        id: app.ids().transfer(),
        effective: on,
        what: What::Reserve {
            debit: budget,
            credit: control,
            amount: Pence(800),
            lapses_on,
        },
        note: String::new(),
    };
    let first = reserve(Some(date(2026, 5, 20)));
    app.post_transfers(&finance, std::slice::from_ref(&first))
        .unwrap();
    let second = reserve(None);
    let refused = app
        .post_transfers(&finance, std::slice::from_ref(&second))
        .unwrap_err();
    assert!(refused.to_string().contains("over its limit"), "{refused}");
    place.clock.set("2026-05-21T09:00:00Z".parse().unwrap());
    app.post_transfers(&finance, &[second]).unwrap();
    let late = Asked {
        id: app.ids().transfer(),
        effective: date(2026, 5, 21),
        what: What::PostReserved {
            reservation: first.id,
            amount: None,
            keep_rest: false,
        },
        note: String::new(),
    };
    let refused = app.post_transfers(&finance, &[late]).unwrap_err();
    assert_eq!(
        refused.to_string(),
        format!("nothing of the reservation {} remains", first.id)
    );
    assert_eq!(app.lapse_reservations(&finance).unwrap(), 0);
    sound(&place);
}

#[test]
fn a_closed_month_stays_as_it_was_and_its_shares_are_posted() {
    let (place, finance) = begun();
    let app = &place.app;
    let on = date(2026, 4, 20);
    for (sides, pence) in [((CASH, ICB), 6_000), ((CASH, COUNTY), 4_000)] {
        let paid = post(&place, &finance, sides, pence, on);
        app.post_transfers(&finance, &[paid]).unwrap();
    }
    let payable = "liabilities:payable:bcf:ullathorne-house";
    app.open_ledger_account(&finance, &name(payable), Limit::None)
        .unwrap();
    let spent = post(&place, &finance, (SPENT, payable), 11_000, on);
    app.post_transfers(&finance, std::slice::from_ref(&spent))
        .unwrap();

    let early = app
        .close_ledger_period(&finance, month("2026-05"), None)
        .unwrap_err();
    assert_eq!(
        early.to_string(),
        "April 2026 comes before May 2026: close it first"
    );
    let closed = app
        .close_ledger_period(&finance, month("2026-04"), Some(&by_contribution))
        .unwrap();
    let parts: Vec<_> = closed
        .parts
        .iter()
        .map(|one| (one.partner.as_str(), one.amount.0))
        .collect();
    assert_eq!(parts, [("county", 400), ("icb", 600)]);
    assert_eq!(closed.frozen.transfers, 5);
    assert_eq!(
        balance(&place, &finance, "assets:due-from-partner:bcf:icb", None),
        600
    );

    let late = post(&place, &finance, (SPENT, payable), 5, on);
    let refused = app.post_transfers(&finance, &[late]).unwrap_err();
    assert!(
        refused
            .to_string()
            .contains("use a day in May 2026 or later"),
        "{refused}"
    );
    let repeat = app.post_transfers(&finance, &[spent]).unwrap();
    assert_eq!(repeat, Outcome::Repeated);
    let twice = app
        .close_ledger_period(&finance, month("2026-04"), None)
        .unwrap_err();
    assert_eq!(twice.to_string(), "April 2026 is closed already");
    let open = app
        .close_ledger_period(&finance, month("2026-05"), None)
        .unwrap_err();
    assert!(open.to_string().contains("is not over"), "{open}");
    sound(&place);
}

/// The same place, as another process has it.
fn elsewhere(place: &Place) -> App {
    App::open(Settings {
        location: place.location().clone(),
        place: PlaceId::new("barsetshire").unwrap(),
        clock: Arc::new(place.clock.clone()),
        randomness: Box::new(Seeded(2)),
        policy: Arc::new(flow::Policy::builtin()),
    })
    .unwrap()
}

#[test]
fn what_another_process_does_to_the_ledger_counts_at_once() {
    let (place, finance) = begun();
    let other = elsewhere(&place);
    let on = date(2026, 4, 20);
    let spend = |pence| post(&place, &finance, (BUDGET, CONTROL), pence, on);
    let give = post(&place, &finance, (CONTROL, BUDGET), 1_000, on);
    let send = |app: &App, asked: &Asked| app.post_transfers(&finance, std::slice::from_ref(asked));
    send(&place.app, &give).unwrap();
    send(&place.app, &spend(500)).unwrap();
    let theirs = spend(400);
    send(&other, &theirs).unwrap();
    let refused = send(&place.app, &spend(200)).unwrap_err();
    assert!(refused.to_string().contains("over its limit"), "{refused}");
    let again = send(&place.app, &theirs).unwrap();
    assert_eq!(again, Outcome::Repeated);
    send(&place.app, &spend(60)).unwrap();
    let refused = send(&other, &spend(50)).unwrap_err();
    assert!(refused.to_string().contains("over its limit"), "{refused}");
    other
        .close_ledger_period(&finance, month("2026-04"), None)
        .unwrap();
    let refused = send(&place.app, &spend(10)).unwrap_err();
    assert!(refused.to_string().contains("closed"), "{refused}");
    sound(&place);
}

#[test]
fn a_refused_command_leaves_accounts_as_they_were() {
    let (place, finance) = begun();
    let app = &place.app;
    let on = date(2026, 4, 20);
    let spend = |pence| post(&place, &finance, (BUDGET, CONTROL), pence, on);
    let give = post(&place, &finance, (CONTROL, BUDGET), 1_000, on);
    app.post_transfers(&finance, &[give]).unwrap();
    for _ in 0..3 {
        // The first of the two would fit alone.
        let refused = app.post_transfers(&finance, &[spend(900), spend(200)]);
        assert!(refused.is_err());
    }
    app.post_transfers(&finance, &[spend(1_000)]).unwrap();
    assert_eq!(balance(&place, &finance, BUDGET, None), 0);
    sound(&place);
}

#[test]
fn many_clients_at_once_post_each_transfer_once() {
    let (place, finance) = begun();
    let app = &place.app;
    let all: Vec<Asked> = (0..60)
        .map(|number| {
            post(
                &place,
                &finance,
                (CASH, ICB),
                100 + number,
                date(2026, 4, 5),
            )
        })
        .collect();
    let made = std::sync::atomic::AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for client in 0..6 {
            let (all, made, finance) = (&all, &made, &finance);
            scope.spawn(move || {
                for index in 0..all.len() {
                    // Each transfer is sent by every client, in another order.
                    let one = &all[(index * 7 + client * 11) % all.len()];
                    match app
                        .post_transfers(finance, std::slice::from_ref(one))
                        .unwrap()
                    {
                        Outcome::Made(_) => made.fetch_add(1, std::sync::atomic::Ordering::Relaxed),
                        Outcome::Repeated => 0,
                    };
                }
            });
        }
    });
    assert_eq!(made.into_inner(), all.len());
    let sum: i64 = (0..60).map(|number| 100 + number).sum();
    assert_eq!(balance(&place, &finance, CASH, None), sum);
    sound(&place);
}

#[test]
fn the_doctor_finds_whatever_is_changed_behind_the_ledgers_back() {
    let changes = [
        (
            "UPDATE ledger_transfer SET amount = amount + 1 WHERE place = ?1 AND amount = 6000",
            "sum",
        ),
        (
            "UPDATE ledger_transfer SET note = 'other' WHERE place = ?1 AND amount = 6000",
            "frozen",
        ),
        (
            "UPDATE ledger_balance SET debits_posted = 0 WHERE place = ?1",
            "balance",
        ),
        (
            "UPDATE ledger_balance SET credits_posted = 0 WHERE place = ?1",
            "month",
        ),
        (
            "UPDATE ledger_period SET hash = 'x' WHERE place = ?1",
            "frozen",
        ),
        (
            "UPDATE ledger_reservation SET remaining = 1 WHERE place = ?1",
            "remains",
        ),
        (
            "DELETE FROM ledger_transfer WHERE place = ?1 AND amount = 6000",
            "all its transfers",
        ),
        (
            "UPDATE ledger_transfer SET entry = entry + 1000 WHERE place = ?1 AND amount = 6000",
            "its row of the journal",
        ),
        (
            "UPDATE ledger_transfer SET effective_on = '2026-06-01' WHERE place = ?1 AND amount = 6000",
            "month of its day",
        ),
        (
            "UPDATE ledger_transfer SET note = '' WHERE place = ?1 AND kind = 'reverse'",
            "reversal",
        ),
        (
            "UPDATE ledger_transfer SET debit_id = credit_id WHERE place = ?1 AND kind = 'post-reserved'",
            "between its accounts",
        ),
        (
            "DELETE FROM ledger_posting WHERE place = ?1 AND side = 'credit'",
            "lists of both its accounts",
        ),
        (
            "UPDATE ledger_posting SET line = line + 1000 WHERE place = ?1 AND side = 'debit'",
            "is a transfer of it",
        ),
    ];
    for (sql, expected) in changes {
        let place = a_closed_month();
        sound(&place);
        let changed = |tx: &mut dyn store::Tx| tx.execute(sql, &[Value::from("barsetshire")]);
        assert!(place.app.store().write(changed).unwrap() > 0, "{sql}");
        let faults = place.app.check_ledger(&Actor::operator()).unwrap();
        let found = faults.iter().any(|fault| fault.check.contains(expected));
        assert!(found, "{sql}: {faults:?}");
    }
}

/// A month with a contribution, a slip that was reversed, and a reservation that is drawn on, closed.
fn a_closed_month() -> Place {
    let (place, finance) = begun();
    let app = &place.app;
    let on = date(2026, 4, 20);
    let paid = post(&place, &finance, (CASH, ICB), 6_000, on);
    app.post_transfers(&finance, std::slice::from_ref(&paid))
        .unwrap();
    let slip = post(&place, &finance, (CASH, ICB), 40, on);
    app.post_transfers(&finance, std::slice::from_ref(&slip))
        .unwrap();
    let new = app.ids().transfer();
    app.reverse_transfer(&finance, (new, slip.id), on, "a slip")
        .unwrap();
    let held = Asked {
        id: app.ids().transfer(),
        effective: on,
        what: What::Reserve {
            debit: id(&place, &finance, SPENT),
            credit: id(&place, &finance, CASH),
            amount: Pence(700),
            lapses_on: None,
        },
        note: String::new(),
    };
    app.post_transfers(&finance, std::slice::from_ref(&held))
        .unwrap();
    let drawn = Asked {
        id: app.ids().transfer(),
        effective: on,
        what: What::PostReserved {
            reservation: held.id,
            amount: Some(Pence(300)),
            keep_rest: true,
        },
        note: String::new(),
    };
    app.post_transfers(&finance, &[drawn]).unwrap();
    app.close_ledger_period(&finance, month("2026-04"), None)
        .unwrap();
    place
}

#[test]
fn a_file_is_kept_and_posted_and_the_same_again_changes_nothing() {
    let (place, finance) = begun();
    let app = &place.app;
    let file = "id,date,debit,credit,amount,note,set\n\
         INV-1,2026-04-03,assets:cash:bcf,income:contribution:bcf:icb,\"£1,234.50\",first quarter,\n\
         INV-2,2026-04-03,assets:cash:bcf,income:contribution:bcf:nobody,10,,\n\
         INV-3,2026-04-04,expenses:expenditure:bcf:reablement,assets:cash:bcf,200,,one\n\
         INV-4,2026-04-04,expenses:expenditure:bcf:reablement,assets:cash:bcf,2000,,one\n\
         INV-5,2026-04-05,assets:cash:bcf,income:contribution:bcf:county,five,,\n";
    let take = || {
        place.clock.advance(jiff::SignedDuration::from_secs(1));
        let mut lines = Vec::new();
        let mut each = |line: &app::fund::Line| lines.push((line.line, line.state));
        let report = app
            .post_file(&finance, ("april.csv", file.as_bytes()), &mut each)
            .unwrap();
        (report, lines)
    };
    let (report, lines) = take();
    assert_eq!(
        (report.rows, report.posted, report.repeated, report.refused),
        (5, 1, 0, 4)
    );
    let refused = LineState::Refused;
    assert_eq!(lines, [(2, LineState::Posted), (4, refused), (5, refused)]);
    let told: Vec<String> = report.issues.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(told.join("\n"));
    let (again, _) = take();
    assert_eq!((again.posted, again.repeated, again.refused), (0, 1, 4));
    assert_eq!(balance(&place, &finance, CASH, None), 123_450);
    let kept = app.store().read(|tx| {
        let sql = "SELECT posted, repeated, refused FROM ledger_file ORDER BY received_at, id";
        let rows = tx.query(sql, &[])?;
        rows.iter()
            .map(|row| Ok([row.int(0)?, row.int(1)?, row.int(2)?]))
            .collect::<Result<Vec<_>, store::Error>>()
    });
    assert_eq!(kept.unwrap(), [[1, 0, 4], [0, 1, 4]]);
    sound(&place);
}

#[test]
fn a_refusal_has_a_code_and_says_what_to_do() {
    let (place, finance) = begun();
    let asked = post(&place, &finance, (SPENT, CASH), 5, date(2026, 4, 1));
    let Err(Error::Refused(refusal)) = place.app.post_transfers(&finance, &[asked]) else {
        panic!("cash cannot be overdrawn");
    };
    assert!(matches!(*refusal, Refusal::Limit { over: Pence(5), .. }));
    assert_eq!(refusal.code(), "over-limit");
}
