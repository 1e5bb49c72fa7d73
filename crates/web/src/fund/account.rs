//! An account: its balance, what moved in each month, and the transfers behind it.

use super::{BACK, money, names};
use crate::door::Visit;
use crate::routes::Outcome;
use crate::sheet::{Cell, Fold, Link, Sheet, SheetPart, Table};
use crate::shell::{self, Section, Shell};
use crate::trouble::Trouble;
use crate::{Web, words};
use ::fund::ledger::{Balance, Kind, Name, Side};
use access::{Action, Actor};
use app::fund::{AccountLook, PostingLook};
use kernel::{Month, Pence};
use store::ledger::At;

/// Where a page of postings begins, as its address says it: month, row of the journal, line.
pub(super) fn after(visit: &Visit) -> Option<At> {
    let mut parts = visit.query.given("after")?.split('.');
    let at = At {
        period: parts.next()?.parse().ok()?,
        entry: parts.next()?.parse().ok()?,
        line: parts.next()?.parse().ok()?,
    };
    parts.next().is_none().then_some(at)
}

/// Rows of an account's transfers, each leading to its transfer.
pub(super) fn lines(all: &[PostingLook]) -> Vec<Vec<Cell>> {
    all.iter().map(line).collect()
}

/// The heads that go with [`lines`].
pub(super) const HEADS: [&str; 5] = ["Day", "Transfer", "Other account", "Debit", "Credit"];

fn line(one: &PostingLook) -> Vec<Cell> {
    let transfer = &one.posting.posted.transfer;
    let note = match transfer.note.is_empty() {
        true => names::did(transfer.kind).to_owned(),
        false => transfer.note.clone(),
    };
    let (amount, how) = match transfer.kind {
        Kind::Reserve { .. } => (transfer.amount, "set apart"),
        Kind::Release { .. } => (transfer.released, "given back"),
        _ => (transfer.amount, ""),
    };
    let here = Cell::amount(amount).with_under(how);
    let none = || Cell::number("–");
    let (debit, credit) = match one.posting.side {
        Side::Debit => (here, none()),
        Side::Credit => (none(), here),
    };
    vec![
        Cell::text(words::date(transfer.effective)),
        Cell {
            hidden: format!("of {}", words::date(transfer.effective)),
            ..Cell::link(names::transfer(transfer.id), note)
        }
        .with_under(names::did(transfer.kind)),
        Cell::link(names::account(&one.other), names::of(&one.other)),
        debit,
        credit,
    ]
}

/// The address of what comes after a page.
pub(super) fn next(here: &str, next: Option<At>) -> Option<String> {
    let At {
        period,
        entry,
        line,
    } = next?;
    let joint = if here.contains('?') { '&' } else { '?' };
    Some(format!(
        "{here}{joint}after={period}.{entry}.{line}#postings"
    ))
}

/// What is on an account's normal side, as far as it fits.
fn balance(name: &Name, balance: &Balance) -> (Pence, Pence) {
    let side = name.kind.normal_side();
    (
        balance.posted(side).unwrap_or_default(),
        balance.pending(side).unwrap_or_default(),
    )
}

/// Months that are shown at first sight.
const AT_FIRST: usize = 12;

fn months_part(look: &AccountLook) -> SheetPart {
    let name = &look.account.name;
    let mut after = Pence::default();
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for (month, moved) in &look.months {
        let (posted, pending) = balance(name, moved);
        after = after.plus(posted).unwrap_or(after);
        let href = format!("{}?month={month}#postings", names::account(name));
        rows.push(vec![
            Cell {
                hidden: "transfers".to_owned(),
                ..Cell::link(href, month.in_words())
            },
            Cell::amount(moved.debits_posted),
            Cell::amount(moved.credits_posted),
            money::cell(pending),
            money::cell(after),
        ]);
    }
    rows.reverse();
    let earlier = rows.split_off(rows.len().min(AT_FIRST));
    let table = |caption: &str, rows: Vec<Vec<Cell>>| {
        (!rows.is_empty()).then(|| Table {
            caption: caption.to_owned(),
            heads: vec!["Month", "Debits", "Credits", "Set apart", "Balance after"],
            rows,
        })
    };
    let earlier = table("What moved in earlier months, latest first", earlier);
    SheetPart {
        title: "By month".to_owned(),
        lines: match rows.is_empty() {
            true => vec!["Nothing has been posted.".to_owned()],
            false => Vec::new(),
        },
        table: table("What moved in each month, latest first", rows),
        folded: earlier
            .map(|table| Fold {
                words: "Earlier months".to_owned(),
                table,
            })
            .into_iter()
            .collect(),
        ..SheetPart::default()
    }
}

fn postings_part(look: &AccountLook, month: Option<Month>) -> SheetPart {
    let name = &look.account.name;
    let here = match month {
        Some(month) => format!("{}?month={month}", names::account(name)),
        None => names::account(name),
    };
    let mut links: Vec<Link> = next(&here, look.next)
        .map(|href| Link::new(href, "More transfers"))
        .into_iter()
        .collect();
    if month.is_some() {
        let all = format!("{}#postings", names::account(name));
        links.push(Link::new(all, "Transfers of every month"));
    }
    let rows = lines(&look.lines);
    SheetPart {
        title: match month {
            Some(month) => format!("Transfers of {}", month.in_words()),
            None => "Transfers".to_owned(),
        },
        id: "postings".to_owned(),
        lines: match rows.is_empty() {
            true => vec!["There are none.".to_owned()],
            false => Vec::new(),
        },
        table: (!rows.is_empty()).then(|| Table {
            caption: "Transfers, in the order of their months".to_owned(),
            heads: HEADS.to_vec(),
            rows,
        }),
        links,
        ..SheetPart::default()
    }
}

pub(super) fn page(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    access::decide(actor, Action::SeeLedger).map_err(app::Error::from)?;
    let name: Name = visit.param("name").parse().map_err(|_| Trouble::NotFound)?;
    let month: Option<Month> = visit.query.parsed("month");
    let months = month.map(|month| (month, month));
    let look = web.app.ledger_account(actor, &name, months, after(visit))?;
    let (posted, pending) = balance(&name, &look.balance);
    let mut sheet = Sheet::new(Shell::new(web, visit, names::of(&name), Section::Fund));
    sheet.back = format!("/fund/pool/{}", name.of.fund);
    sheet.back_words = BACK;
    sheet.caption = "Account".to_owned();
    let grows = names::side(name.kind.normal_side());
    sheet.parts.push(SheetPart {
        facts: vec![
            (
                "Balance",
                format!("{posted}, on the side of its {}", words::lower_first(grows)),
            ),
            ("Set apart", pending.to_string()),
            ("Limit", names::limit(look.account.limit).to_owned()),
            ("Its name in the books", name.to_string()),
        ],
        ..SheetPart::default()
    });
    sheet.parts.push(months_part(&look));
    sheet.parts.push(postings_part(&look, month));
    shell::ok(&sheet)
}
