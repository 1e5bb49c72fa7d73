//! A transfer: what it moved, what belongs to it, and taking it back with a reason.

use super::{BACK, names};
use crate::components::Field;
use crate::door::Visit;
use crate::form::{Reading, as_boxes, boxes, date_input};
use crate::routes::Outcome;
use crate::sheet::{self, Cell, Link, Sheet, SheetForm, SheetPart, Table};
use crate::shell::{self, Section, Shell};
use crate::trouble::Trouble;
use crate::{Web, words};
use ::fund::ledger::Kind;
use access::{Action, Actor};
use app::fund::TransferLook;
use kernel::TransferId;

/// Longest reason, in characters.
const REASON: usize = 500;

pub(super) fn page(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    access::decide(actor, Action::SeeLedger).map_err(app::Error::from)?;
    let look = web.app.ledger_transfer(actor, visit.id("id")?)?;
    shell::ok(&drawn(web, visit, actor, &look, Reading::default()))
}

pub(super) fn reverse(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    access::decide(actor, Action::PostLedger).map_err(app::Error::from)?;
    let of: TransferId = visit.id("id")?;
    let sent = &visit.form;
    // The page made the new transfer's id, so a form that is sent twice reverses once.
    let id: TransferId = sent.parsed("new").ok_or(Trouble::NotFound)?;
    let mut reading = Reading::default();
    let missing = "Say why it is taken back";
    let reason = reading.text(sent, "reason", missing, REASON);
    let day = reading.needed_date(sent, "day", "The day that it counts from");
    if let (Some(day), true) = (day, reading.faults.is_empty()) {
        match web.app.reverse_transfer(actor, (id, of), day, &reason) {
            Ok(_) => {
                let to = format!("{}?saved=1", names::transfer(of));
                return Ok(shell::see_other(&to));
            }
            Err(app::Error::Refused(refusal)) => {
                reading.fault("day-day", words::sentence(&refusal.to_string()));
            }
            Err(other) => return Err(other.into()),
        }
    }
    let look = web.app.ledger_transfer(actor, of)?;
    shell::ok(&drawn(web, visit, actor, &look, reading))
}

fn facts(look: &TransferLook) -> Vec<(&'static str, String)> {
    let transfer = &look.posted.transfer;
    let mut facts = vec![
        ("What it did", names::did(transfer.kind).to_owned()),
        ("What it is for", words::known(&transfer.note).to_owned()),
        ("Counts from", words::date(transfer.effective)),
        ("Made", words::date_time(look.posted.posted_at)),
        ("Row of the journal", words::count(look.posted.at.entry)),
        ("Id", transfer.id.to_string()),
    ];
    if let Some(held) = &look.held {
        facts.push(("Still set apart", held.remaining.to_string()));
        let last = match held.lapses_on {
            Some(day) => words::date(day),
            None => "Until it is posted or given back".to_owned(),
        };
        facts.push(("Until", last));
    }
    if transfer.released.0 > 0 {
        facts.push(("Gave back", transfer.released.to_string()));
    }
    facts
}

fn sides(look: &TransferLook) -> SheetPart {
    let transfer = &look.posted.transfer;
    let amount = match transfer.kind {
        Kind::Release { .. } => transfer.released,
        _ => transfer.amount,
    };
    let row = |side: &str, name| {
        vec![
            Cell::text(side),
            Cell::link(names::account(name), names::of(name)).with_under(name.to_string()),
            Cell::amount(amount),
        ]
    };
    SheetPart {
        title: "From one account to another".to_owned(),
        table: Some(Table {
            caption: "The accounts".to_owned(),
            heads: vec!["Side", "Account", "Amount"],
            rows: vec![
                row("Debit", &look.debit.name),
                row("Credit", &look.credit.name),
            ],
        }),
        ..SheetPart::default()
    }
}

fn belongs(look: &TransferLook) -> Option<SheetPart> {
    let mut links: Vec<Link> = Vec::new();
    match look.posted.transfer.kind {
        Kind::Reverse { of } => {
            links.push(Link::new(
                names::transfer(of),
                "The transfer that it took back",
            ));
        }
        Kind::PostReserved { reservation, .. } | Kind::Release { reservation } => {
            links.push(Link::new(
                names::transfer(reservation),
                "Where it was set apart",
            ));
        }
        Kind::Post | Kind::Reserve { .. } => {}
    }
    if let Some(by) = look.reversed_by {
        links.push(Link::new(
            names::transfer(by),
            "The transfer that took it back",
        ));
    }
    let count = look.others.len();
    links.extend(look.others.iter().enumerate().map(|(at, other)| {
        let words = format!("Posted with it, all or none: {} of {count}", at + 1);
        Link::new(names::transfer(*other), words)
    }));
    (!links.is_empty()).then(|| SheetPart {
        title: "What belongs to it".to_owned(),
        links,
        ..SheetPart::default()
    })
}

/// Whether it can be taken back: it moved money, and nobody has taken it back.
fn can_be_reversed(look: &TransferLook) -> bool {
    let kind = look.posted.transfer.kind;
    matches!(kind, Kind::Post | Kind::PostReserved { .. }) && look.reversed_by.is_none()
}

fn reverse_part(web: &Web, visit: &Visit, look: &TransferLook, reading: &Reading) -> SheetPart {
    let transfer = &look.posted.transfer;
    let sent = &visit.form;
    // In its own month while that is open, else as early as anything can count.
    let open = look.open_from.unwrap_or(transfer.effective);
    let usual = as_boxes(Some(transfer.effective.max(open)));
    let typed = match visit.is_form() {
        true => boxes(sent, "day"),
        false => usual,
    };
    let new = sent
        .parsed("new")
        .unwrap_or_else(|| web.app.ids().transfer());
    let with = match look.others.len() {
        0 => String::new(),
        count => format!(
            " With it goes what was posted all or none with it: {}.",
            words::counted(i64::try_from(count).unwrap_or(i64::MAX), "transfer")
        ),
    };
    SheetPart {
        title: "Take it back".to_owned(),
        lines: vec![format!(
            "A transfer is never changed. Taking it back adds one the other way, with your reason; both \
             stay in the books.{with}"
        )],
        form: Some(SheetForm {
            action: names::transfer(transfer.id),
            hidden: vec![("new", new.to_string())],
            fields: vec![
                sheet::area(
                    reading,
                    "reason",
                    (
                        "Why?",
                        "Everybody who sees the books reads it. Name no person.",
                    ),
                    sent.get("reason"),
                ),
                Field::Day(date_input(
                    "day",
                    "The day that it counts from",
                    "A day of an open month",
                    typed,
                    reading.of("day"),
                )),
            ],
            button: "Take the transfer back",
            file: None,
        }),
        ..SheetPart::default()
    }
}

fn drawn(web: &Web, visit: &Visit, actor: &Actor, look: &TransferLook, reading: Reading) -> Sheet {
    let transfer = &look.posted.transfer;
    let amount = match transfer.kind {
        Kind::Release { .. } => transfer.released,
        _ => transfer.amount,
    };
    let title = format!("Transfer of {amount}");
    let shell = Shell::new(web, visit, title, Section::Fund);
    let mut sheet = Sheet::new(shell.with_faults(!reading.faults.is_empty()));
    sheet.back = format!("/fund/pool/{}", look.debit.name.of.fund);
    sheet.back_words = BACK;
    if look.reversed_by.is_some() {
        sheet.intro.push("It was taken back.".to_owned());
    }
    if visit.query.get("saved") == "1" {
        sheet.saved = "The transfer is taken back";
    }
    sheet.parts.push(SheetPart {
        facts: facts(look),
        ..SheetPart::default()
    });
    sheet.parts.push(sides(look));
    sheet.parts.extend(belongs(look));
    if access::decide(actor, Action::PostLedger).is_ok() && can_be_reversed(look) {
        sheet.parts.push(reverse_part(web, visit, look, &reading));
    }
    sheet.faults = reading.faults;
    sheet
}
