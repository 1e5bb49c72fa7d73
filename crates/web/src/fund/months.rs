//! The end of a month: what is missing, closing it, and the months that are closed with their hashes.

use crate::components::{Choice, Tag};
use crate::door::Visit;
use crate::form::Reading;
use crate::routes::Outcome;
use crate::sheet::{self, Cell, Sheet, SheetForm, SheetPart, Table, Task};
use crate::shell::{self, Section, Shell};
use crate::{Web, words};
use ::fund::ledger::close::by_contribution;
use access::{Action, Actor};
use app::fund::{Closing, Closings};
use kernel::Month;

pub(super) fn page(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let closings = web.app.ledger_closings(actor)?;
    shell::ok(&drawn(web, visit, actor, &closings, Reading::default()))
}

pub(super) fn close(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    access::decide(actor, Action::CloseLedger).map_err(app::Error::from)?;
    let sent = &visit.form;
    let mut reading = Reading::default();
    let share = match sent.get("share") {
        "no" => Some(None),
        "contributions" => Some(Some(&by_contribution as ::fund::ledger::close::Share<'_>)),
        _ => None,
    };
    match (sent.parsed::<Month>("period"), share) {
        (Some(period), Some(share)) => match web.app.close_ledger_period(actor, period, share) {
            Ok(_) => {
                return Ok(shell::see_other(&format!("/fund/months?saved={period}")));
            }
            Err(app::Error::Refused(refusal)) => {
                reading.fault("share", words::sentence(&refusal.to_string()));
            }
            Err(app::Error::Invalid(errors)) => {
                for error in errors {
                    reading.fault("share", words::sentence(&error.text));
                }
            }
            Err(other) => return Err(other.into()),
        },
        _ => reading.fault("share", "Choose what becomes of the variance"),
    }
    let closings = web.app.ledger_closings(actor)?;
    shell::ok(&drawn(web, visit, actor, &closings, reading))
}

/// A hash in groups of eight, so that it fits a narrow page.
pub(super) fn in_groups(hash: &str) -> String {
    let letters: Vec<char> = hash.chars().collect();
    let groups = letters
        .chunks(8)
        .map(|group| group.iter().collect::<String>());
    groups.collect::<Vec<_>>().join(" ")
}

fn over_task(web: &Web, month: Month) -> Task {
    let over = month.last() < web.app.today();
    Task {
        title: format!("{} is over", month.in_words()),
        href: String::new(),
        hints: match over {
            true => Vec::new(),
            false => vec![format!("Its last day is {}.", words::date(month.last()))],
        },
        state: match over {
            true => Tag::new("Yes", ""),
            false => Tag::new("Cannot start yet", "grey"),
        },
        done: over,
    }
}

fn close_part(month: Month, visit: &Visit, reading: &Reading) -> SheetPart {
    let chosen = visit.form.get("share");
    SheetPart {
        title: format!("Close {}", month.in_words()),
        lines: vec![
            "Nothing can count in a closed month any more. It is frozen with a hash, chained to the month \
             before. It cannot be opened again: what comes to light later is posted in an open month."
                .to_owned(),
        ],
        form: Some(SheetForm {
            action: "/fund/months".to_owned(),
            hidden: vec![("period", month.to_string())],
            fields: vec![sheet::radios(
                reading,
                "share",
                (
                    "What becomes of what was spent over what came in?",
                    "Over the financial year so far. An underspend stays in the fund.",
                ),
                vec![
                    Choice::new("no", "It is not shared now", chosen),
                    Choice::new(
                        "contributions",
                        "Partners bear it by what each has paid in",
                        chosen,
                    ),
                ],
            )],
            button: "Close and freeze the month",
            file: None,
        }),
        ..SheetPart::default()
    }
}

fn closed_part(closed: &[Closing]) -> SheetPart {
    let rows: Vec<Vec<Cell>> = closed
        .iter()
        .rev()
        .map(|one| {
            vec![
                Cell::text(one.frozen.period.in_words()),
                Cell::number(words::count(
                    i64::try_from(one.frozen.transfers).unwrap_or(i64::MAX),
                )),
                Cell::text(one.by.clone()).with_under(words::date_time(one.at)),
                Cell::text(in_groups(&one.frozen.hash)),
            ]
        })
        .collect();
    SheetPart {
        title: "Closed months".to_owned(),
        lines: match rows.is_empty() {
            true => vec!["No month is closed yet.".to_owned()],
            false => vec![
                "Keep a copy of the latest hash away from this system: with it, nobody can change a \
                 closed month unseen."
                    .to_owned(),
            ],
        },
        table: (!rows.is_empty()).then(|| Table {
            caption: "Closed months, latest first".to_owned(),
            heads: vec!["Month", "Transfers", "Closed by", "Hash (SHA-256)"],
            rows,
        }),
        ..SheetPart::default()
    }
}

fn drawn(web: &Web, visit: &Visit, actor: &Actor, closings: &Closings, reading: Reading) -> Sheet {
    let shell = Shell::new(web, visit, "Month end", Section::Fund);
    let mut sheet = Sheet::new(shell.with_faults(!reading.faults.is_empty()));
    sheet.back = "/fund".to_owned();
    sheet.back_words = super::BACK;
    if visit.query.given("saved").is_some() {
        sheet.saved = "The month is closed and frozen";
    }
    match closings.next {
        None => sheet.parts.push(SheetPart {
            lines: vec!["Nothing has been posted, so there is no month to close.".to_owned()],
            ..SheetPart::default()
        }),
        Some(month) => {
            sheet.parts.push(SheetPart {
                title: format!("Before {} is closed", month.in_words()),
                tasks: vec![over_task(web, month)],
                ..SheetPart::default()
            });
            let over = month.last() < web.app.today();
            if over && access::decide(actor, Action::CloseLedger).is_ok() {
                sheet.parts.push(close_part(month, visit, &reading));
            }
        }
    }
    sheet.parts.push(closed_part(&closings.closed));
    sheet.faults = reading.faults;
    sheet
}
