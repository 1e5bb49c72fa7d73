//! The rules, by examples and by any sequence of commands, audited by a slow accountant.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod examples;
mod memory;
mod slow;

use super::*;
use jiff::civil::{Date, date};
use kernel::{LedgerAccountId, Month, Pence, TransferId};
use memory::{Memory, account_id, transfer_id};
use proptest::prelude::*;
use slow::Accountant;

/// One step of a run.
#[derive(Clone, Debug)]
enum Step {
    Command(Vec<Asked>),
    Close(Month),
    Today(Date),
}

fn day() -> impl Strategy<Value = Date> {
    (1_i8..=4, 1_i8..=28).prop_map(|(month, day)| date(2026, month, day))
}

fn some_transfer() -> impl Strategy<Value = TransferId> {
    (0_u8..25).prop_map(transfer_id)
}

fn sides() -> impl Strategy<Value = (LedgerAccountId, LedgerAccountId)> {
    // The last is not there.
    (0_u8..6, 0_u8..6).prop_map(|(debit, credit)| (account_id(debit), account_id(credit)))
}

fn amount() -> impl Strategy<Value = Pence> {
    prop_oneof![
        8 => (1_i64..300).prop_map(Pence),
        1 => Just(Pence(0)),
        1 => Just(Pence(-5)),
        1 => Just(Pence(kernel::limits::TRANSFER_PENCE)),
    ]
}

fn what() -> impl Strategy<Value = What> {
    prop_oneof![
        4 => (sides(), amount()).prop_map(|((debit, credit), amount)| What::Post {
            debit,
            credit,
            amount
        }),
        3 => (sides(), amount(), prop::option::of(day())).prop_map(
            |((debit, credit), amount, lapses_on)| What::Reserve {
                debit,
                credit,
                amount,
                lapses_on
            }
        ),
        3 => (some_transfer(), prop::option::of(amount()), any::<bool>()).prop_map(
            |(reservation, amount, keep_rest)| What::PostReserved {
                reservation,
                amount,
                keep_rest
            }
        ),
        1 => some_transfer().prop_map(|reservation| What::Release { reservation }),
        2 => some_transfer().prop_map(|of| What::Reverse { of }),
    ]
}

fn asked() -> impl Strategy<Value = Asked> {
    (
        some_transfer(),
        day(),
        what(),
        prop_oneof![Just(""), Just("wrong scheme")],
    )
        .prop_map(|(id, effective, what, note)| Asked {
            id,
            effective,
            what,
            note: note.to_owned(),
        })
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        12 => prop::collection::vec(asked(), 1..4).prop_map(Step::Command),
        1 => (1_i8..=4).prop_map(|month| Step::Close(Month::new(2026, month).unwrap())),
        1 => day().prop_map(Step::Today),
    ]
}

/// Takes a command in a sitting of its own, and the same command once more.
fn take(memory: &mut Memory, accountant: &mut Accountant, today: Date, command: &[Asked]) {
    let before = memory.clone();
    match memory.post(command, today) {
        Ok(Outcome::Made(made)) => {
            accountant.write_down(&made);
            let after = memory.clone();
            // The same again changes nothing, whatever the day.
            let again = memory.post(command, date(2030, 1, 1));
            assert_eq!(again, Ok(Outcome::Repeated));
            assert_eq!(*memory, after);
        }
        Ok(Outcome::Repeated) => {
            assert!(command.iter().all(|one| accountant.has(one.id)));
            assert_eq!(*memory, before);
        }
        Err(_) => assert_eq!(*memory, before, "a refusal changes nothing"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_sequence_of_commands_keeps_the_books(
        steps in prop::collection::vec(step(), 1..60),
    ) {
        let mut memory = Memory::with_accounts();
        let mut accountant = Accountant::default();
        let mut today = date(2026, 5, 10);
        for step in steps {
            match step {
                Step::Command(command) => take(&mut memory, &mut accountant, today, &command),
                Step::Close(period) => {
                    let earliest = accountant.earliest();
                    if may_close(period, memory.closed_to, earliest, today).is_ok() {
                        accountant.seal(period);
                        memory.closed_to = Some(period);
                    }
                }
                Step::Today(day) => today = day,
            }
            accountant.audit(&memory);
        }
    }

    #[test]
    fn many_commands_in_one_sitting_are_the_same_as_one_after_the_other(
        commands in prop::collection::vec(prop::collection::vec(asked(), 1..4), 1..30),
    ) {
        let today = date(2026, 2, 10);
        let mut together = Memory::with_accounts();
        let mut apart = Memory::with_accounts();
        let one_by_one: Vec<_> = commands.iter().map(|one| apart.post(one, today)).collect();
        prop_assert_eq!(together.post_all(&commands, today), one_by_one);
        prop_assert_eq!(together, apart);
    }
}
