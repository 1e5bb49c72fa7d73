//! The ledger as a plain-text journal that hledger and ledger read, so that anybody can check it
//! with a program that is not this one.
//!
//! Source: the file formats of hledger 1.25 and ledger 3. A transaction has its effective date, then the
//! day on which it was made as secondary date, then its note, with the transfer's id as a tag.
//! Amounts are pounds with two decimals. What is only reserved is no money yet and is left out.

use super::{Account, Kind, Name, Transfer};
use jiff::civil::Date;
use std::fmt::Write;

/// What a journal begins with: the currency and every account.
pub fn heading<'a>(accounts: impl IntoIterator<Item = &'a Account>) -> String {
    let mut text = "commodity £\n    format £1,000.00\n\n".to_owned();
    for account in accounts {
        text.push_str(&format!("account {}\n", account.name));
    }
    text
}

/// A transfer as a transaction of its own, after an empty line. `None` if it moved no money.
pub fn transaction(
    made: &Transfer,
    (debit, credit): (&Name, &Name),
    posted_on: Date,
) -> Option<String> {
    if !made.is_posted() {
        return None;
    }
    let note = plain(&made.note);
    let note = match note.is_empty() {
        true => made.kind.as_str(),
        false => &note,
    };
    let mut text = format!(
        "\n{}={posted_on} {note}\n    ; id: {}\n",
        made.effective, made.id
    );
    let about = match made.kind {
        Kind::Reverse { of } => Some(("reverses", of)),
        Kind::PostReserved { reservation, .. } => Some(("reservation", reservation)),
        Kind::Post | Kind::Reserve { .. } | Kind::Release { .. } => None,
    };
    let tags = about
        .into_iter()
        .chain(made.set.map(|first| ("set", first)));
    for (tag, id) in tags {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "    ; {tag}: {id}");
    }
    let amount = made.amount.in_decimals();
    text.push_str(&format!(
        "    {debit}  £{amount}\n    {credit}  £-{amount}\n"
    ));
    Some(text)
}

/// A note that cannot be taken for a mark, a code or a remark of the format.
fn plain(note: &str) -> String {
    let text: String = note
        .chars()
        .map(|one| match one {
            ';' | '|' => ',',
            one if one.is_control() => ' ',
            one => one,
        })
        .collect();
    text.trim_start_matches(['*', '!', '(', '=', ' '])
        .trim_end()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::{LedgerAccountId, Pence, TransferId};

    #[test]
    fn a_transfer_is_a_transaction() {
        let id = |text: &str| text.parse::<TransferId>().unwrap();
        let made = Transfer {
            id: id("01890a5d-ac96-774b-bcce-b302099a8057"),
            kind: Kind::Post,
            debit: LedgerAccountId::new(id("01890a5d-ac96-774b-bcce-b302099a8001").uuid()),
            credit: LedgerAccountId::new(id("01890a5d-ac96-774b-bcce-b302099a8002").uuid()),
            amount: Pence(123_450),
            released: Pence(0),
            effective: "2026-04-30".parse().unwrap(),
            set: None,
            note: "* April; first half | late".to_owned(),
        };
        let name = |text: &str| text.parse::<Name>().unwrap();
        let sides = (
            name("expenses:expenditure:bcf:reablement"),
            name("liabilities:payable:bcf:ullathorne-house"),
        );
        let sides = (&sides.0, &sides.1);
        let day = "2026-05-03".parse().unwrap();
        insta::assert_snapshot!(transaction(&made, sides, day).unwrap(), @r"
        2026-04-30=2026-05-03 April, first half , late
            ; id: 01890a5d-ac96-774b-bcce-b302099a8057
            expenses:expenditure:bcf:reablement  £1234.50
            liabilities:payable:bcf:ullathorne-house  £-1234.50
        ");
        let reserved = Transfer {
            kind: Kind::Reserve { lapses_on: None },
            ..made
        };
        assert_eq!(transaction(&reserved, sides, day), None);
    }
}
