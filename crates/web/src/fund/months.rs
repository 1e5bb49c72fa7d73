//! The end of a month: what is missing, closing it, and the months that are closed with their hashes.

use super::{address, names, pool};
use crate::components::{Choice, Tag};
use crate::door::Visit;
use crate::form::Reading;
use crate::routes::Outcome;
use crate::sheet::{self, Cell, Link, Sheet, SheetForm, SheetPart, Table, Task};
use crate::shell::{self, Section, Shell};
use crate::trouble::Trouble;
use crate::{Web, words};
use ::fund::ledger::close::{Share, by_contribution};
use access::{Action, Actor};
use app::fund::{Closing, Missing, MonthEnd};
use kernel::Month;
use store::fund::SharedRow;

pub(super) fn page(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    drawn(web, visit, actor, Reading::default())
}

pub(super) fn close(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    access::decide(actor, Action::CloseLedger).map_err(app::Error::from)?;
    let sent = &visit.form;
    let mut reading = Reading::default();
    let closed = match (sent.parsed::<Month>("period"), sent.get("share")) {
        (Some(period), "no") => Some(web.app.close_month(actor, period, false)),
        (Some(period), "agreement") => Some(web.app.close_month(actor, period, true)),
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
            true => Tag::new("Stops the month", "orange"),
            false => Tag::new("May be left", "blue"),
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
                    "Over the financial year so far. By the agreement an underspend is shared with the \
                     year's last month; until then it stays in the fund.",
                ),
                vec![
                    Choice::new("agreement", "Partners bear it by the agreement's rules", chosen),
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

/// Where the working of a month's shares is.
fn working(shared: &[SharedRow], month: Month) -> Cell {
    let mut mine = shared.iter().filter(|one| one.period == month);
    match (mine.next(), mine.next()) {
        (None, _) => Cell::text("–"),
        (Some(one), None) => Cell {
            hidden: format!("in {}", month.in_words()),
            ..Cell::link(shared_at(one), "How it was shared")
        },
        (Some(one), Some(_)) => Cell {
            hidden: format!("in {}", month.in_words()),
            ..Cell::link(shared_at(one), "How it was shared, by fund")
        },
    }
}

fn shared_at(one: &SharedRow) -> String {
    address(&one.fund, &format!("/shared/{}", one.period))
}

/// The working of the shares that were posted with a month, as it was kept.
pub(super) fn shared(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let fund = pool::code(visit, actor)?;
    let month: Month = visit
        .param("period")
        .parse()
        .map_err(|_| Trouble::NotFound)?;
    let all = web.app.fund_shared(actor)?;
    let of_month: Vec<&SharedRow> = all.iter().filter(|one| one.period == month).collect();
    let found = of_month.iter().find(|one| one.fund == fund);
    let one = found.ok_or(Trouble::NotFound)?;
    let title = format!("How {} was shared", month.in_words());
    let mut sheet = Sheet::new(Shell::new(web, visit, title, Section::Fund));
    sheet.back = "/fund/months".to_owned();
    sheet.back_words = "Back to month end";
    sheet.caption = format!("Fund {}", names::code(&fund));
    sheet.intro.push(format!(
        "Worked out by version {} of the agreement when the month was closed, by {} on {}.",
        one.agreement,
        one.kept.1,
        words::date_time(one.kept.0)
    ));
    sheet.parts = paragraphs(&one.explained);
    let others = of_month.iter().filter(|other| other.fund != fund);
    sheet.links = others
        .map(|other| {
            Link::new(
                shared_at(other),
                format!("Fund {}", names::code(&other.fund)),
            )
        })
        .collect();
    shell::ok(&sheet)
}

/// The working as it was kept: a part for each paragraph, its first line on top.
fn paragraphs(text: &str) -> Vec<SheetPart> {
    let each = text.split("\n\n").filter(|one| !one.trim().is_empty());
    each.map(|one| {
        let mut lines = one.lines().map(|line| line.trim().to_owned());
        SheetPart {
            title: lines.next().unwrap_or_default(),
            points: lines.collect(),
            ..SheetPart::default()
        }
    })
    .collect()
}

fn closed_part(closed: &[Closing], shared: &[SharedRow]) -> SheetPart {
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
                working(shared, one.frozen.period),
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
            heads: vec!["Month", "Transfers", "Closed by", "Shares", "Hash (SHA-256)"],
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
    let shared = web.app.fund_shared(actor)?;
    sheet.parts.push(closed_part(&closings, &shared));
    sheet.faults = reading.faults;
    shell::ok(&sheet)
}
