//! Whether what is asked for with an id is what is there with it.

use crate::ledger::{Asked, Difference, Kind, Transfer, What};

/// What differs between a transfer that is there and what is asked for with its id.
pub(super) fn differences(there: &Transfer, asked: &Asked) -> Vec<Difference> {
    let known = facts(&asked_for(there));
    facts(asked)
        .into_iter()
        .filter_map(|(field, asked)| {
            let there = known.iter().find(|(name, _)| *name == field);
            let there = there.map_or_else(|| "none".to_owned(), |(_, value)| value.clone());
            (there != asked).then_some(Difference {
                field,
                there,
                asked,
            })
        })
        .collect()
}

/// What was asked for, from what a transfer did.
fn asked_for(there: &Transfer) -> Asked {
    let (debit, credit, amount) = (there.debit, there.credit, there.amount);
    let what = match there.kind {
        Kind::Post => What::Post {
            debit,
            credit,
            amount,
        },
        Kind::Reserve { lapses_on } => What::Reserve {
            debit,
            credit,
            amount,
            lapses_on,
        },
        Kind::PostReserved {
            reservation,
            keep_rest,
        } => What::PostReserved {
            reservation,
            amount: Some(amount),
            keep_rest,
        },
        Kind::Release { reservation } => What::Release { reservation },
        Kind::Reverse { of } => What::Reverse { of },
    };
    Asked {
        id: there.id,
        effective: there.effective,
        what,
        note: there.note.clone(),
    }
}

/// All that is said of a transfer. An amount that is left open says nothing.
fn facts(asked: &Asked) -> Vec<(&'static str, String)> {
    let mut facts = vec![
        ("the day", asked.effective.to_string()),
        ("the note", asked.note.clone()),
    ];
    let kind = match asked.what {
        What::Post { .. } => "post",
        What::Reserve { .. } => "reserve",
        What::PostReserved { .. } => "post-reserved",
        What::Release { .. } => "release",
        What::Reverse { .. } => "reverse",
    };
    facts.push(("the kind", kind.to_owned()));
    match &asked.what {
        What::Post {
            debit,
            credit,
            amount,
        }
        | What::Reserve {
            debit,
            credit,
            amount,
            ..
        } => facts.extend([
            ("the account debited", debit.to_string()),
            ("the account credited", credit.to_string()),
            ("the amount", amount.to_string()),
        ]),
        What::PostReserved {
            reservation,
            amount,
            keep_rest,
        } => {
            facts.push(("the reservation", reservation.to_string()));
            facts.push(("keeping the rest", keep_rest.to_string()));
            facts.extend(amount.map(|amount| ("the amount", amount.to_string())));
        }
        What::Release { reservation } => facts.push(("the reservation", reservation.to_string())),
        What::Reverse { of } => facts.push(("what is reversed", of.to_string())),
    }
    if let What::Reserve { lapses_on, .. } = asked.what {
        let last = lapses_on.map_or_else(|| "none".to_owned(), |day| day.to_string());
        facts.push(("the last day", last));
    }
    facts
}
