//! Contributions on the fund's page: by partner, and by source.

use super::{money, names};
use crate::sheet::{Cell, SheetPart, Table};
use crate::words;
use ::fund::ledger::{AccountKind, Code};
use ::fund::position::{ContributionAt, PartnerAt, Position};
use ::fund::tie::code_of;
use app::fund::FundPage;

/// What each partner pays, what is due of it, and what it owes by the books.
pub(super) fn partners(fund: &Code, position: &Position, linked: bool) -> SheetPart {
    let row = |one: &PartnerAt| {
        let of = |kind, shown: Cell, hidden: String| {
            let name = names::of_partner(kind, fund, &one.code).filter(|_| linked);
            match name.filter(|_| shown.text != "£0") {
                Some(name) => shown.leading(names::account(&name), hidden),
                None => shown,
            }
        };
        let received = match linked && one.received.0 != 0 {
            true => money::overview(one.received)
                .leading("#by-source", format!("from {}: by source", one.name)),
            false => money::overview(one.received),
        };
        let late = match one.late().0 {
            0 => Cell::number("£0").with_under("nothing is late"),
            _ => money::overview(one.late()).with_under("due and not received"),
        };
        let owed = of(
            AccountKind::DueFromPartner,
            owed(one),
            format!("owed by {}: transfers", one.name),
        );
        vec![
            Cell::text(one.name.clone()),
            money::overview(one.agreed),
            money::overview(one.due),
            received,
            late,
            owed,
        ]
    };
    SheetPart {
        title: "Contributions by partner".to_owned(),
        lines: vec![format!(
            "What is due by {}, and what has come in. What was asked for and is not paid has what earlier \
             years and shares of the variance left too. In kind is not in this table.",
            words::date(position.on)
        )],
        table: Some(Table {
            caption: "Contributions, due and received".to_owned(),
            heads: vec![
                "Partner",
                "For the year",
                "Due by now",
                "Received",
                "Missing",
                "Asked for and not paid",
            ],
            rows: position.partners.iter().map(row).collect(),
        }),
        ..SheetPart::default()
    }
}

/// What a partner owes by the books, and what of it is of earlier years.
fn owed(one: &PartnerAt) -> Cell {
    let under = match (one.owed.0, one.owed_earlier.0) {
        (..0, _) => "paid ahead".to_owned(),
        (_, 0) => String::new(),
        (all, earlier) if all == earlier => "of earlier years".to_owned(),
        _ => format!(
            "{} of it of earlier years",
            money::headline(one.owed_earlier)
        ),
    };
    money::overview(one.owed).with_under(under)
}

/// What came in from a source, leading to its account; where no account says the source, that.
fn received(page: &FundPage, one: &ContributionAt, linked: bool) -> Cell {
    let mut partners = page.position.partners.iter();
    let mut unsaid = || partners.any(|it| it.key == one.partner && it.source_not_said.0 != 0);
    let received = match (one.received, one.in_kind) {
        (_, true) => return Cell::number("In kind"),
        (Some(received), false) => received,
        // What came in without a source may be of this one.
        (None, false) if unsaid() => return Cell::number("Not said"),
        (None, false) => return Cell::number("£0"),
    };
    let partner = code_of(one.partner.as_str());
    let account = partner.and_then(|partner| {
        names::from_source(&page.fund, &partner, code_of(one.key.as_str()).as_ref())
    });
    let shown = money::overview(received);
    match account.filter(|_| linked) {
        Some(name) => shown.leading(
            names::account(&name),
            format!("from {}: transfers", one.source),
        ),
        None => shown,
    }
}

/// A row of what a partner paid and nobody said from which source.
fn not_said(page: &FundPage, one: &PartnerAt, linked: bool) -> Vec<Cell> {
    let shown = money::overview(one.source_not_said);
    let account = names::from_source(&page.fund, &one.code, None);
    let shown = match account.filter(|_| linked) {
        Some(name) => {
            let hidden = format!("from {}, source not said: transfers", one.name);
            shown.leading(names::account(&name), hidden)
        }
        None => shown,
    };
    vec![
        Cell::text("Source not said").with_under(one.name.clone()),
        Cell::number("–"),
        Cell::number("–"),
        shown,
        Cell::text("None"),
    ]
}

/// What came in by the sources of the agreement.
pub(super) fn by_source(page: &FundPage, linked: bool) -> SheetPart {
    let (agreement, position) = (&page.agreement, &page.position);
    let mut rows: Vec<Vec<Cell>> = position
        .contributions
        .iter()
        .map(|one| {
            let next = match (&one.next, one.in_kind) {
                (_, true) => "In kind: never in the books".to_owned(),
                (Some(due), false) => {
                    format!("{} on {}", money::headline(due.amount), words::date(due.on))
                }
                (None, false) => "None".to_owned(),
            };
            vec![
                Cell::text(one.source.clone())
                    .with_under(agreement.name_of(&one.partner).to_owned()),
                money::overview(one.amount),
                money::overview(one.due),
                received(page, one, linked),
                Cell::text(next),
            ]
        })
        .collect();
    let unsaid = position.partners.iter();
    let unsaid = unsaid.filter(|one| one.source_not_said.0 != 0);
    rows.extend(unsaid.map(|one| not_said(page, one, linked)));
    SheetPart {
        title: "Contributions by source".to_owned(),
        id: "by-source".to_owned(),
        lines: vec![
            "What was recorded in the year, by the source that its account says.".to_owned(),
        ],
        table: Some(Table {
            caption: "Contributions of the agreement".to_owned(),
            heads: vec![
                "Source",
                "For the year",
                "Due by now",
                "Recorded",
                "Next payment",
            ],
            rows,
        }),
        ..SheetPart::default()
    }
}
