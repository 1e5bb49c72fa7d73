//! A scheme: where it stands, its postings, what is committed, its providers and the metrics of its plan.

use super::{account, address, charts, money, names, pool};
use crate::door::Visit;
use crate::routes::Outcome;
use crate::sheet::{Cell, ChartPart, Fold, Link, Sheet, SheetPart, Table};
use crate::shell::{self, Section, Shell};
use crate::{Web, words};
use ::fund::agreement::SchemeKey;
use ::fund::effect::Better;
use ::fund::position::SchemeAt;
use access::Actor;
use app::fund::{PackageHeld, SchemeLine, SchemePage};
use kernel::{Month, Pence};

pub(super) fn page(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let fund = pool::code(visit, actor)?;
    let key = SchemeKey::new(visit.param("scheme"));
    let after = account::after(visit);
    let page = web.app.scheme_page(actor, &fund, &key, after)?;
    let scheme = &page.scheme;
    let mut sheet = Sheet::new(Shell::new(web, visit, scheme.name.clone(), Section::Fund));
    sheet.back = address(&fund, "");
    sheet.back_words = super::BACK;
    sheet.caption = "Scheme".to_owned();
    sheet.parts.push(SheetPart {
        facts: facts(&page),
        ..SheetPart::default()
    });
    sheet.parts.push(forecasts(scheme));
    sheet.parts.push(lines(&page));
    sheet.parts.push(commitments(&page.commitments));
    sheet.parts.push(providers(&page));
    sheet.parts.push(by_month(scheme));
    sheet.parts.push(metrics(&page));
    sheet.parts.push(accounts(&page));
    shell::ok(&sheet)
}

fn facts(page: &SchemePage) -> Vec<(&'static str, String)> {
    let scheme = &page.scheme;
    let variance = scheme.variance.amount();
    let mut facts = vec![
        ("Led by", page.lead.clone()),
        (
            "How it is arranged",
            words::sentence(scheme.arrangement.as_str()),
        ),
        ("Budget for the year", money::headline(scheme.budget)),
        ("Spent", money::headline(scheme.spent)),
        ("Committed and not spent", money::headline(scheme.committed)),
        (
            "In the months that are closed",
            format!(
                "{} spent of {}: {}",
                money::headline(scheme.variance.actual),
                money::headline(scheme.variance.budget),
                money::VARIANCE.said(variance)
            ),
        ),
    ];
    if scheme.budget_in_ledger != scheme.budget {
        facts.push((
            "Given to it in the books",
            format!(
                "{}, and {} by the agreement: put it right before the month closes",
                scheme.budget_in_ledger, scheme.budget
            ),
        ));
    }
    facts
}

fn forecasts(scheme: &SchemeAt) -> SheetPart {
    let rows: Vec<Vec<Cell>> = scheme
        .forecasts
        .iter()
        .map(|one| {
            vec![
                Cell::text(words::sentence(one.method.as_str())),
                Cell::number(money::to_the_pound(one.outturn).to_string()),
                Cell::number(money::to_the_pound(one.low).to_string()),
                Cell::number(money::to_the_pound(one.high).to_string()),
                money::VARIANCE.cell(money::to_the_pound(one.outturn - scheme.budget)),
            ]
        })
        .collect();
    let mut lines = vec![
        "The lowest and the highest are what the months have shown. They are no probability."
            .to_owned(),
    ];
    lines.extend(scheme.no_forecast.iter().map(|(method, why)| {
        format!(
            "{} cannot be used: {why}.",
            words::sentence(method.as_str())
        )
    }));
    SheetPart {
        title: "What the year is expected to cost".to_owned(),
        lines,
        table: (!rows.is_empty()).then(|| Table {
            caption: "Forecasts by method".to_owned(),
            heads: vec!["Method", "Forecast", "Lowest", "Highest", "Less budget"],
            rows,
        }),
        ..SheetPart::default()
    }
}

fn line(one: &SchemeLine) -> Vec<Cell> {
    let transfer = &one.posted.transfer;
    let note = match transfer.note.is_empty() {
        true => names::did(transfer.kind).to_owned(),
        false => words::sentence(&transfer.note),
    };
    vec![
        Cell::text(words::date(transfer.effective)),
        Cell {
            hidden: format!("of {}", words::date(transfer.effective)),
            ..Cell::link(names::transfer(transfer.id), note)
        },
        Cell::link(names::account(&one.account), names::of(&one.account)),
        money::cell(one.amount),
    ]
}

fn lines(page: &SchemePage) -> SheetPart {
    let rows: Vec<Vec<Cell>> = page.lines.iter().map(line).collect();
    let key = super::escape(page.scheme.key.as_str());
    let here = address(&page.fund, &format!("/scheme/{key}"));
    SheetPart {
        title: "Spending, line by line".to_owned(),
        id: "postings".to_owned(),
        lines: match rows.is_empty() {
            true => vec!["Nothing has been spent this year.".to_owned()],
            false => vec!["What is posted on one person's package is not in this list.".to_owned()],
        },
        table: (!rows.is_empty()).then(|| Table {
            caption: "Postings of the year, in the order of their months".to_owned(),
            heads: vec!["Day", "Transfer", "Account", "Amount"],
            rows,
        }),
        links: account::next(&here, page.next)
            .map(|href| Link::new(href, "More postings"))
            .into_iter()
            .collect(),
        ..SheetPart::default()
    }
}

fn commitments(all: &[PackageHeld]) -> SheetPart {
    let rows: Vec<Vec<Cell>> = all
        .iter()
        .map(|one| {
            let note = match one.note.is_empty() {
                true => "Commitment".to_owned(),
                false => one.note.clone(),
            };
            let until = match one.lapses_on {
                Some(day) => words::date(day),
                None => "Until it is posted or given back".to_owned(),
            };
            vec![
                Cell {
                    hidden: format!("of {}", words::date(one.effective)),
                    ..Cell::link(names::transfer(one.id), note)
                },
                Cell::text(words::date(one.effective)),
                Cell::text(until),
                Cell::number(one.remaining.to_string()),
            ]
        })
        .collect();
    SheetPart {
        title: "Commitments".to_owned(),
        lines: match rows.is_empty() {
            true => vec!["Nothing is committed.".to_owned()],
            false => Vec::new(),
        },
        table: (!rows.is_empty()).then(|| Table {
            caption: "What is set apart, the first to end first".to_owned(),
            heads: vec!["What for", "From", "Ends", "Still set apart"],
            rows,
        }),
        ..SheetPart::default()
    }
}

fn providers(page: &SchemePage) -> SheetPart {
    let rows: Vec<Vec<Cell>> = page
        .providers
        .iter()
        .map(|one| {
            let name = match &one.provider {
                Some(code) => words::sentence(&names::code(code)),
                None => "No provider is named".to_owned(),
            };
            vec![
                Cell::text(name),
                money::cell(one.spent),
                money::cell(one.owed),
            ]
        })
        .collect();
    SheetPart {
        title: "Providers".to_owned(),
        lines: match rows.is_empty() {
            true => vec!["None yet.".to_owned()],
            false => Vec::new(),
        },
        table: (!rows.is_empty()).then(|| Table {
            caption: "Providers, who had most first".to_owned(),
            heads: vec![
                "Provider",
                "Spent with it this year",
                "Invoiced and not paid",
            ],
            rows,
        }),
        ..SheetPart::default()
    }
}

/// Tenths of a thousand pounds, so that the marks of a chart stay short.
const fn in_thousands(amount: Pence) -> i64 {
    amount.0 / 10_000
}

/// A control chart of the months that are closed, and what it says.
fn spending(scheme: &SchemeAt) -> Option<(ChartPart, String)> {
    let closed = scheme.months.iter().filter(|one| one.over);
    let closed = closed.map(|one| (one.month, one.spent));
    let before = scheme.before.iter().copied();
    let points: Vec<(Month, i64)> = before
        .chain(closed)
        .map(|(month, spent)| (month, in_thousands(spent)))
        .collect();
    let target = scheme.months.first().map(|one| in_thousands(one.budget));
    charts::drawn(&charts::Series {
        id: "spending",
        title: "Spending by month",
        unit: "Thousands of pounds",
        points: &points,
        places: 1,
        better: Better::NotKnown,
        target,
    })
}

fn by_month(scheme: &SchemeAt) -> SheetPart {
    let rows = scheme
        .months
        .iter()
        .map(|one| {
            let variance = match one.over {
                true => money::VARIANCE.cell(one.spent - one.budget),
                false => Cell::number("–").with_under("month is open"),
            };
            vec![
                Cell::text(one.month.in_words()),
                money::cell(one.budget),
                money::cell(one.spent),
                variance,
            ]
        })
        .collect();
    let (chart, said) =
        spending(scheme).map_or((None, None), |(chart, said)| (Some(chart), Some(said)));
    SheetPart {
        title: "By month".to_owned(),
        lines: said.into_iter().collect(),
        chart,
        table: Some(Table {
            caption: "Budget and spending of each month".to_owned(),
            heads: vec![
                "Month",
                "Its part of the budget",
                "Spent",
                "Spent less budget",
            ],
            rows,
        }),
        folded: year_before(scheme).into_iter().collect(),
        ..SheetPart::default()
    }
}

/// Spending of the year before, which the chart begins with.
fn year_before(scheme: &SchemeAt) -> Option<Fold> {
    let rows: Vec<Vec<Cell>> = scheme
        .before
        .iter()
        .map(|(month, spent)| vec![Cell::text(month.in_words()), money::cell(*spent)])
        .collect();
    (!rows.is_empty()).then(|| Fold {
        words: "Each month of the year before".to_owned(),
        table: Table {
            caption: "Spending of each month of the year before".to_owned(),
            heads: vec!["Month", "Spent"],
            rows,
        },
    })
}

fn metrics(page: &SchemePage) -> SheetPart {
    let points: Vec<String> = page
        .metrics
        .iter()
        .map(|one| {
            format!(
                "{}: planned {}",
                words::sentence(&one.key.replace('_', " ")),
                one.values.join(", ")
            )
        })
        .collect();
    SheetPart {
        title: "What the plan is to change".to_owned(),
        lines: match points.is_empty() {
            true => vec!["No plan of the year names a metric.".to_owned()],
            false => vec![
                "A plan ties its metrics to the fund as a whole, not to one scheme.".to_owned(),
            ],
        },
        points,
        links: match page.metrics.is_empty() {
            true => Vec::new(),
            false => vec![
                Link::new(address(&page.fund, "/plan"), "The plan and its conditions"),
                Link::new(address(&page.fund, "/effect"), "What came of the plan"),
            ],
        },
        ..SheetPart::default()
    }
}

fn accounts(page: &SchemePage) -> SheetPart {
    let rows: Vec<Vec<Cell>> = page
        .accounts
        .iter()
        .map(|(name, moved)| vec![Cell::text(names::of(name)), money::cell(*moved)])
        .collect();
    SheetPart {
        title: "Accounts".to_owned(),
        lines: match rows.is_empty() {
            true => vec!["It has no account in the books yet.".to_owned()],
            false => Vec::new(),
        },
        table: (!rows.is_empty()).then(|| Table {
            caption: "What moved on its accounts this year, people's added up".to_owned(),
            heads: vec!["Account", "Moved this year"],
            rows,
        }),
        ..SheetPart::default()
    }
}
