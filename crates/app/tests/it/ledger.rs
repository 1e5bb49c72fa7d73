//! The ledger of pooled money on the real store.

mod close;
mod files;
mod kept;
mod read;
mod year;

use access::{Actor, Role};
use app::Error;
use fund::ledger::{Asked, Limit, Name, Outcome, Refusal, What};
use jiff::Timestamp;
use jiff::civil::{Date, date};
use kernel::{LedgerAccountId, Month, Pence, TransferId};
use person::Person;
use testkit::Place;

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

/// Commands share a transaction. One that the database itself does not take, and one that the rules refuse, hold up
/// none of those beside them.
#[test]
fn one_that_cannot_be_written_spoils_no_other() {
    let (place, finance) = begun();
    let app = &place.app;
    let once = "CREATE UNIQUE INDEX once ON ledger_transfer (place, note) WHERE note = 'once'";
    let made = app.store().write(|tx| tx.execute(once, &[]));
    made.unwrap();
    let ask = |number: usize| {
        let (between, amount) = match number % 10 {
            // More than there is.
            1 => ((SPENT, CASH), 1_000_000),
            _ => ((CASH, ICB), 10),
        };
        let mut asked = post(&place, &finance, between, amount, date(2026, 4, 5));
        if number.is_multiple_of(10) {
            asked.note = "once".to_owned();
        }
        asked
    };
    let outcomes: Vec<_> = std::thread::scope(|scope| {
        let (ask, finance) = (&ask, &finance);
        let clients: Vec<_> = (0..8)
            .map(|client| {
                scope.spawn(move || {
                    let all = (0..10).map(|number| ask(client + number));
                    all.map(|one| app.post_transfers(finance, &[one]))
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        clients
            .into_iter()
            .flat_map(|client| client.join().unwrap())
            .collect()
    });
    let count = |which: &dyn Fn(&Result<Outcome, Error>) -> bool| {
        outcomes.iter().filter(|one| which(one)).count()
    };
    assert_eq!(count(&|one| matches!(one, Ok(Outcome::Made(_)))), 65);
    assert_eq!(count(&|one| matches!(one, Err(Error::Refused(_)))), 8);
    assert_eq!(count(&|one| matches!(one, Err(Error::Store(_)))), 7);
    assert_eq!(balance(&place, &finance, CASH, None), 650);
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
