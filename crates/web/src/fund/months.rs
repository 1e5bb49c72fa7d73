//! The end of a month: what is missing, closing it, and the months that are closed with their hashes.

use super::{address, names};
use crate::components::{Choice, Tag};
use crate::door::Visit;
use crate::form::Reading;
use crate::routes::Outcome;
use crate::sheet::{self, Cell, Sheet, SheetForm, SheetPart, Table, Task};
use crate::shell::{self, Section, Shell};
use crate::{Web, words};
use ::fund::ledger::close::{Share, by_contribution};
use access::{Action, Actor};
use app::fund::{Closing, Missing, MonthEnd};
use kernel::Month;

pub(super) fn page(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    drawn(web, visit, actor, Reading::default())
}

pub(super) fn close(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    access::decide(actor, Action::CloseLedger).map_err(app::Error::from)?;
    let sent = &visit.form;
    let mut reading = Reading::default();
    let closed = match (sent.parsed::<Month>("period"), sent.get("share")) {
        (Some(period), "no") => Some(web.app.close_month(actor, period)),
        (Some(period), "contributions") => {
            let share = Some(&by_contribution as Share<'_>);
            Some(web.app.close_ledger_period(actor, period, share))
        }
        _ => None,
    };
    match closed {
        None => reading.fault("share", "Choose what becomes of the variance"),
        Some(Ok(closed)) => {
            let to = format!("/fund/months?saved={}", closed.frozen.period);
            return Ok(shell::see_other(&to));
        }
        Some(Err(app::Error::Refused(refusal))) => {
            reading.fault("share", words::sentence(&refusal.to_string()));
        }
        Some(Err(app::Error::Invalid(errors))) => {
            for error in errors {
                reading.fault("share", words::sentence(&error.text));
            }
        }
        Some(Err(other)) => return Err(other.into()),
    }
    drawn(web, visit, actor, reading)
}

/// A hash in groups of eight, so that it fits a narrow page.
pub(super) fn in_groups(hash: &str) -> String {
    let letters: Vec<char> = hash.chars().collect();
    let groups = letters
        .chunks(8)
        .map(|group| group.iter().collect::<String>());
    groups.collect::<Vec<_>>().join(" ")
}

/// One thing that is missing, and where it is put right.
fn task(one: &Missing) -> Task {
    let rest = match one.code {
        "agreement" => Some("/agreement"),
        "contribution" | "spending" | "outside" | "lapsed" => Some(""),
        "budget" | "suspense" | "accrual" => Some("/books"),
        _ => None,
    };
    let href = rest.zip(one.fund.as_ref());
    Task {
        title: words::sentence(&one.text),
        href: href.map_or_else(String::new, |(rest, fund)| address(fund, rest)),
        hints: one
            .fund
            .iter()
            .map(|fund| format!("Fund {}", names::code(fund)))
            .collect(),
        state: match one.stops {
            true => Tag::new("Stops the month", "red"),
            false => Tag::new("See to it, or leave it", "blue"),
        },
        done: false,
    }
}

fn missing_part(end: &MonthEnd) -> SheetPart {
    let lines = match end.missing.is_empty() {
        true => "Nothing is missing.",
        false => "What stops the month has to be put right. The rest may be left, if you know why.",
    };
    SheetPart {
        title: format!("Before {} is closed", end.month.in_words()),
        lines: vec![lines.to_owned()],
        tasks: end.missing.iter().map(task).collect(),
        ..SheetPart::default()
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

fn drawn(web: &Web, visit: &Visit, actor: &Actor, reading: Reading) -> Outcome {
    let end = web.app.month_end(actor, None)?;
    let closings = web.app.ledger_closings(actor)?;
    let shell = Shell::new(web, visit, "Month end", Section::Fund);
    let mut sheet = Sheet::new(shell.with_faults(!reading.faults.is_empty()));
    sheet.back = "/fund".to_owned();
    sheet.back_words = super::BACK;
    if visit.query.given("saved").is_some() {
        sheet.saved = "The month is closed and frozen";
    }
    match end {
        None => {
            let text = "Nothing has been posted, so there is no month to close.";
            sheet.intro.push(text.to_owned());
        }
        Some(end) => {
            sheet.parts.push(missing_part(&end));
            if end.can_close() && access::decide(actor, Action::CloseLedger).is_ok() {
                sheet.parts.push(close_part(end.month, visit, &reading));
            }
        }
    }
    sheet.parts.push(closed_part(&closings));
    sheet.faults = reading.faults;
    shell::ok(&sheet)
}
