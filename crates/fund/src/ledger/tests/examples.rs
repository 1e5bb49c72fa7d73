//! What is accepted and what is refused, by example.

use super::*;

const APRIL: Date = date(2026, 4, 10);
const TODAY: Date = date(2026, 5, 10);

fn one(id: u8, effective: Date, what: What) -> Asked {
    Asked {
        id: transfer_id(id),
        effective,
        what,
        note: "for the example".to_owned(),
    }
}

fn post(id: u8, debit: u8, credit: u8, amount: i64) -> Asked {
    let what = What::Post {
        debit: account_id(debit),
        credit: account_id(credit),
        amount: Pence(amount),
    };
    one(id, APRIL, what)
}

fn reserve(id: u8, amount: i64, lapses_on: Option<Date>) -> Asked {
    let what = What::Reserve {
        debit: account_id(2),
        credit: account_id(3),
        amount: Pence(amount),
        lapses_on,
    };
    one(id, APRIL, what)
}

fn draw(id: u8, reservation: u8, amount: Option<i64>, keep_rest: bool) -> Asked {
    let what = What::PostReserved {
        reservation: transfer_id(reservation),
        amount: amount.map(Pence),
        keep_rest,
    };
    one(id, APRIL, what)
}

fn reverse(id: u8, of: u8) -> Asked {
    let of = transfer_id(of);
    one(id, APRIL, What::Reverse { of })
}

/// A book in which the budget (account 2) has £10 and cash (account 0) £5.
fn begun() -> Memory {
    let mut memory = Memory::with_accounts();
    for command in [post(200, 3, 2, 1_000), post(201, 0, 1, 500)] {
        assert!(matches!(
            memory.post(&[command], TODAY),
            Ok(Outcome::Made(_))
        ));
    }
    memory
}

fn codes(commands: &[Vec<Asked>]) -> Vec<String> {
    let mut memory = begun();
    let outcomes = commands
        .iter()
        .map(|command| match memory.post(command, TODAY) {
            Ok(Outcome::Made(made)) => format!("made {}", made.len()),
            Ok(Outcome::Repeated) => "repeated".to_owned(),
            Err(refusal) => refusal.code().to_owned(),
        });
    outcomes.collect()
}

#[test]
fn commands_and_what_comes_of_them() {
    let early = Asked {
        effective: date(2026, 4, 9),
        ..reverse(1, 200)
    };
    let silent = Asked {
        note: " ".to_owned(),
        ..reverse(1, 200)
    };
    let long = Asked {
        note: "x".repeat(201),
        ..post(1, 0, 1, 5)
    };
    let lapsed = Some(date(2026, 5, 9));
    let last = Some(TODAY);
    for (commands, expected) in [
        (vec![vec![post(1, 4, 0, 500)]], vec!["made 1"]),
        (vec![vec![post(1, 4, 0, 501)]], vec!["over-limit"]),
        (vec![vec![]], vec!["nothing-asked"]),
        (vec![vec![post(1, 4, 4, 5)]], vec!["one-account"]),
        (vec![vec![post(1, 4, 9, 5)]], vec!["no-account"]),
        (vec![vec![post(1, 4, 0, 0)]], vec!["amount"]),
        (vec![vec![post(1, 4, 0, -5)]], vec!["amount"]),
        (vec![vec![long]], vec!["note"]),
        (
            vec![vec![post(1, 0, 1, 5)], vec![post(1, 0, 1, 5)]],
            vec!["made 1", "repeated"],
        ),
        (
            vec![vec![post(1, 0, 1, 5)], vec![post(1, 0, 1, 6)]],
            vec!["made 1", "id-taken"],
        ),
        (
            vec![vec![post(1, 0, 1, 5), post(1, 0, 1, 5)]],
            vec!["id-twice"],
        ),
        // All or none: the second breaks a limit, the first is not there after it.
        (
            vec![
                vec![post(1, 0, 1, 5), post(2, 4, 0, 999)],
                vec![reverse(3, 1)],
            ],
            vec!["over-limit", "no-transfer"],
        ),
        // What one takes, another of the set gives.
        (
            vec![vec![post(1, 4, 0, 900), post(2, 0, 1, 400)]],
            vec!["made 2"],
        ),
        (
            vec![
                vec![post(1, 0, 1, 5), post(2, 0, 1, 6)],
                vec![post(1, 0, 1, 5)],
            ],
            vec!["made 2", "set-differs"],
        ),
        (
            vec![
                vec![post(1, 0, 1, 5)],
                vec![post(1, 0, 1, 5), post(2, 0, 1, 6)],
            ],
            vec!["made 1", "set-differs"],
        ),
        (vec![vec![reserve(1, 1_000, None)]], vec!["made 1"]),
        (vec![vec![reserve(1, 1_001, None)]], vec!["over-limit"]),
        (vec![vec![reserve(1, 10, lapsed)]], vec!["lapses-at-once"]),
        // A reservation counts against the limit until it is given back.
        (
            vec![
                vec![reserve(1, 600, last)],
                vec![reserve(2, 401, None)],
                vec![draw(3, 1, Some(100), false)],
                vec![reserve(4, 900, None)],
            ],
            vec!["made 1", "over-limit", "made 1", "made 1"],
        ),
        (
            vec![
                vec![reserve(1, 600, None)],
                vec![draw(2, 1, Some(100), true)],
                vec![draw(3, 1, Some(501), true)],
                vec![draw(4, 1, None, false)],
                vec![draw(5, 1, None, false)],
            ],
            vec![
                "made 1",
                "made 1",
                "more-than-remains",
                "made 1",
                "reservation-over",
            ],
        ),
        (
            vec![vec![draw(1, 200, None, false)]],
            vec!["not-a-reservation"],
        ),
        (vec![vec![draw(1, 99, None, false)]], vec!["no-transfer"]),
        (
            vec![vec![reserve(1, 5, None)], vec![reverse(2, 1)]],
            vec!["made 1", "not-reversible"],
        ),
        (
            vec![
                vec![reverse(1, 201)],
                vec![reverse(2, 201)],
                vec![reverse(3, 1)],
            ],
            vec!["made 1", "reversed-already", "not-reversible"],
        ),
        (vec![vec![silent]], vec!["no-reason"]),
        (vec![vec![early]], vec!["too-early"]),
        // A reversal, too, keeps to limits.
        (
            vec![vec![post(1, 4, 0, 500)], vec![reverse(2, 201)]],
            vec!["made 1", "over-limit"],
        ),
        (
            vec![
                vec![post(1, 0, 1, 5), post(2, 0, 1, 6)],
                vec![reverse(3, 2)],
                vec![reverse(3, 2), reverse(4, 1)],
            ],
            vec!["made 2", "half-of-set", "made 2"],
        ),
    ] {
        assert_eq!(codes(&commands), expected, "{commands:?}");
    }
}

#[test]
fn a_day_in_a_closed_month_is_refused_with_the_month_to_use() {
    let mut memory = begun();
    memory.closed_to = Month::new(2026, 4);
    let refused = memory.post(&[post(1, 0, 1, 5)], TODAY).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "2026-04-10 lies in April 2026, which is closed: use a day in May 2026 or later"
    );
    // What was posted before is still a repeat.
    assert_eq!(
        memory.post(&[post(201, 0, 1, 500)], TODAY),
        Ok(Outcome::Repeated)
    );
}

#[test]
fn a_taken_id_says_what_differs() {
    let mut memory = begun();
    let refused = memory.post(&[post(201, 0, 3, 600)], TODAY).unwrap_err();
    let text = refused.to_string();
    for part in [
        "the amount is £5 there and £6 here",
        "the account credited is",
    ] {
        assert!(text.contains(part), "{text}");
    }
}

#[test]
fn a_reservation_can_be_posted_on_its_last_day_and_not_after() {
    for (today, made) in [(TODAY, true), (date(2026, 5, 11), false)] {
        let mut memory = begun();
        memory.post(&[reserve(1, 5, Some(TODAY))], TODAY).unwrap();
        let drawn = memory.post(&[draw(2, 1, None, false)], today);
        assert_eq!(drawn.is_ok(), made, "{drawn:?}");
        // What has lapsed can still be given back.
        let reservation = transfer_id(1);
        let release = one(3, APRIL, What::Release { reservation });
        assert_eq!(memory.post(&[release], today).is_ok(), !made);
    }
}

#[test]
fn what_is_reserved_moves_in_the_month_in_which_it_is_drawn() {
    let mut memory = begun();
    memory.post(&[reserve(1, 100, None)], TODAY).unwrap();
    let may = Asked {
        effective: date(2026, 5, 2),
        ..draw(2, 1, Some(60), false)
    };
    memory.post(&[may], TODAY).unwrap();
    let of = |month| memory.periods[&(account_id(2), Month::new(2026, month).unwrap())];
    assert_eq!(
        (of(4).debits_pending, of(5).debits_pending),
        (Pence(100), Pence(-100))
    );
    assert_eq!(of(5).debits_posted, Pence(60));
}
