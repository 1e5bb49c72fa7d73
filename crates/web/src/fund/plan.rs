//! A Better Care Fund plan: each condition with its answer and why, sums, double counts, versions.

use super::{address, money, pool, upload};
use crate::components::Tag;
use crate::door::Visit;
use crate::form::Reading;
use crate::routes::Outcome;
use crate::sheet::{Cell, Sheet, SheetPart, Table, Task};
use crate::shell::{self, Section, Shell};
use crate::trouble::Trouble;
use crate::{Web, words};
use ::fund::ledger::Code;
use ::fund::plan::check::{Answered, Report, Verdict};
use access::{Action, Actor};
use app::fund::{PlanChecked, PlanVersion};
use kernel::Pence;

fn versions(web: &Web, actor: &Actor, fund: &Code) -> Result<Vec<PlanVersion>, Trouble> {
    let mut all = web.app.fund_plans(actor)?;
    all.retain(|one| one.fund == *fund);
    Ok(all)
}

pub(super) fn page(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let fund = pool::code(visit, actor)?;
    drawn(web, visit, actor, &fund, Reading::default())
}

pub(super) fn keep(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    access::decide(actor, Action::PostLedger).map_err(app::Error::from)?;
    let fund = pool::code(visit, actor)?;
    let mut reading = Reading::default();
    match visit.file("file") {
        None => reading.fault("file", "Choose the file of the plan"),
        Some(file) => {
            let given = (file.name.as_str(), file.bytes.as_slice());
            match web.app.keep_fund_plan(actor, fund.as_str(), given) {
                Ok(kept) => {
                    let to = format!("/plan?version={}&saved=1", kept.row.number);
                    return Ok(shell::see_other(&address(&fund, &to)));
                }
                Err(app::Error::Invalid(errors)) => upload::faults(&mut reading, errors),
                Err(other) => return Err(other.into()),
            }
        }
    }
    drawn(web, visit, actor, &fund, reading)
}

fn drawn(web: &Web, visit: &Visit, actor: &Actor, fund: &Code, reading: Reading) -> Outcome {
    let versions = versions(web, actor, fund)?;
    let wanted: Option<i64> = visit.query.parsed("version");
    let number = wanted.or(versions.last().map(|one| one.number));
    let shell = Shell::new(web, visit, "Better Care Fund plan", Section::Fund);
    let mut sheet = Sheet::new(shell.with_faults(!reading.faults.is_empty()));
    sheet.back = address(fund, "");
    sheet.back_words = super::BACK;
    if visit.query.get("saved") == "1" {
        sheet.saved = "The plan is kept";
    }
    match number {
        None => sheet
            .intro
            .push("No plan of this fund is kept yet.".to_owned()),
        Some(number) => match web.app.fund_plan_checked(actor, fund, number) {
            Ok(checked) => checked_parts(&mut sheet, &checked),
            // What its year asks is not on file.
            Err(app::Error::Invalid(errors)) => sheet
                .intro
                .extend(errors.into_iter().map(|error| words::sentence(&error.text))),
            Err(other) => return Err(other.into()),
        },
    }
    if !versions.is_empty() {
        sheet.parts.push(versions_part(fund, &versions));
    }
    sheet.parts.extend(upload::told(&reading));
    if access::decide(actor, Action::PostLedger).is_ok() {
        let mut form = upload::part(
            address(fund, "/plan"),
            Vec::new(),
            (
                "The plan",
                "The planning workbook (.xlsx) or a text file (.toml), up to 8 MB",
                ".xlsx,.toml",
            ),
            "Check and keep the plan",
            &reading,
        );
        form.title = "Keep a new version".to_owned();
        sheet.parts.push(form);
    }
    sheet.faults = upload::summary(reading);
    shell::ok(&sheet)
}

fn checked_parts(sheet: &mut Sheet, checked: &PlanChecked) {
    let (row, report) = (&checked.kept.row, &checked.report);
    sheet.caption = format!("{}, {}, version {}", row.board, row.years, row.number);
    sheet.intro.push(counts(report));
    sheet.parts.push(SheetPart {
        title: "Conditions".to_owned(),
        tasks: report.conditions.iter().map(task).collect(),
        ..SheetPart::default()
    });
    sheet.parts.push(sums(report));
    sheet.parts.push(double_counts(report));
    sheet.parts.push(savings(report));
    sheet.parts.extend(listed(
        "What could not be read",
        checked
            .kept
            .issues
            .iter()
            .map(ToString::to_string)
            .collect(),
    ));
    sheet.parts.extend(listed(
        "Not established for the year",
        report.unknown_parameters.clone(),
    ));
    sheet.parts.extend(listed(
        "Rests on values from memory: check them",
        report.rests_on.clone(),
    ));
}

/// How many conditions are met, not met and cannot be told.
fn counts(report: &Report) -> String {
    let of = |verdict| {
        let all = report.conditions.iter();
        all.filter(|one| one.finding.verdict == verdict).count()
    };
    format!(
        "Conditions and checks: {}. Met: {}. Not met: {}. Cannot be told: {}.",
        report.conditions.len(),
        of(Verdict::Met),
        of(Verdict::NotMet),
        of(Verdict::CannotTell)
    )
}

fn task(one: &Answered) -> Task {
    let finding = &one.finding;
    let mut hints = vec![words::sentence(&finding.why)];
    if !finding.lines.is_empty() {
        hints.push(format!("See {}.", finding.lines.join(", ")));
    }
    if !finding.rests_on.is_empty() {
        hints.push(format!(
            "Check: this rests on values from memory ({}).",
            finding.rests_on.join(", ")
        ));
    }
    Task {
        title: match one.id.starts_with(|first: char| first.is_ascii_digit()) {
            true => format!("Condition {}: {}", one.id, one.title),
            false => one.title.clone(),
        },
        href: String::new(),
        hints,
        state: match finding.verdict {
            Verdict::Met => Tag::new("Met", ""),
            Verdict::NotMet => Tag::new("Not met", "orange"),
            Verdict::CannotTell => Tag::new("Cannot tell", "white"),
        },
        done: finding.verdict == Verdict::Met,
    }
}

const DIFFERENCE: money::Sides = money::Sides {
    more: "not spent",
    less: "spent over income",
    nought: "equal",
};

fn sums(report: &Report) -> SheetPart {
    let rows: Vec<Vec<Cell>> = report
        .sums
        .iter()
        .map(|sum| {
            vec![
                Cell::text(sum.source.as_str()).with_under(sum.year.clone()),
                Cell::amount(sum.income),
                Cell::amount(sum.expenditure),
                DIFFERENCE.cell(sum.income - sum.expenditure),
            ]
        })
        .collect();
    SheetPart {
        title: "Money by source".to_owned(),
        lines: match rows.is_empty() {
            true => vec!["The plan has no money in it.".to_owned()],
            false => Vec::new(),
        },
        table: (!rows.is_empty()).then(|| Table {
            caption: "Income and expenditure by source".to_owned(),
            heads: vec!["Source", "Income", "Expenditure", "Income less expenditure"],
            rows,
        }),
        ..SheetPart::default()
    }
}

fn double_counts(report: &Report) -> SheetPart {
    let rows: Vec<Vec<Cell>> = report
        .double_counts
        .iter()
        .map(|one| {
            let claims: Vec<String> = one
                .claims
                .iter()
                .map(|claim| format!("{} {} ({})", claim.scheme, claim.amount, claim.at))
                .collect();
            vec![
                Cell::text(one.reference.clone()).with_under(one.what.as_str()),
                Cell::amount(one.claimed),
                Cell::amount(one.whole),
                Cell::amount(one.twice()),
                Cell::text(claims.join(", ")),
            ]
        })
        .collect();
    SheetPart {
        title: "Counted more than once".to_owned(),
        lines: match rows.is_empty() {
            true => vec!["Nothing was found.".to_owned()],
            false => Vec::new(),
        },
        table: (!rows.is_empty()).then(|| Table {
            caption: "What is claimed more than once".to_owned(),
            heads: vec!["What", "Claimed", "There is", "Too much", "Who claims it"],
            rows,
        }),
        ..SheetPart::default()
    }
}

fn savings(report: &Report) -> SheetPart {
    let (cashable, not) = (report.savings.cashable, report.savings.not_cashable);
    let none = cashable == Pence(0) && not == Pence(0);
    SheetPart {
        title: "Savings that are claimed".to_owned(),
        lines: match none {
            true => vec!["None.".to_owned()],
            false => vec![
                "Money can be spent elsewhere only where something that closes is named."
                    .to_owned(),
            ],
        },
        facts: match none {
            true => Vec::new(),
            false => vec![
                ("Can be spent elsewhere", money::headline(cashable)),
                ("Time and beds, no money", money::headline(not)),
            ],
        },
        ..SheetPart::default()
    }
}

fn listed(title: &str, points: Vec<String>) -> Option<SheetPart> {
    (!points.is_empty()).then(|| SheetPart {
        title: title.to_owned(),
        points,
        ..SheetPart::default()
    })
}

fn versions_part(fund: &Code, versions: &[PlanVersion]) -> SheetPart {
    let rows = versions
        .iter()
        .rev()
        .map(|one| {
            let href = address(fund, &format!("/plan?version={}", one.number));
            let changed = match (one.number, one.changes.is_empty()) {
                (1, _) => "This is the first.".to_owned(),
                (_, true) => "Nothing.".to_owned(),
                (_, false) => one.changes.lines().collect::<Vec<_>>().join("; "),
            };
            vec![
                Cell::link(href, format!("Version {}", one.number)).with_under(one.years.clone()),
                Cell::text(one.kept.1.clone()).with_under(words::date_time(one.kept.0)),
                Cell::text(changed),
            ]
        })
        .collect();
    SheetPart {
        title: "Versions".to_owned(),
        table: Some(Table {
            caption: "Versions, latest first".to_owned(),
            heads: vec!["Version", "Kept by", "What changed"],
            rows,
        }),
        ..SheetPart::default()
    }
}

/// What the board reads of the plan.
pub(super) fn pack_part(checked: &PlanChecked) -> SheetPart {
    let report = &checked.report;
    let open = |one: &&Answered| one.finding.verdict != Verdict::Met;
    SheetPart {
        title: "Better Care Fund plan".to_owned(),
        lines: vec![
            format!("Version {}.", checked.kept.row.number),
            counts(report),
        ],
        tasks: report.conditions.iter().filter(open).map(task).collect(),
        ..SheetPart::default()
    }
}
