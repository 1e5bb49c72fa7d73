//! Reads the files of periods and of scheme types.

use super::{
    Check, Condition, Item, Metric, Money, Origin, Outcome, PerformanceRule, Period, Reports, Role,
    Round, SchemeType, SchemeTypes, SignOff, Unknown, Uplift,
};
use crate::reading::{self, Fault, Table};
use crate::year;
use kernel::Pence;
use kernel::parameters::{Confidence, Decimal};

/// A million pounds, in pence.
const MILLION: i64 = 100_000_000;
/// The word for what is not established.
const NOT_ESTABLISHED: &str = "not established";

/// Reads a period.
pub(super) fn period(text: &str) -> Result<Period, Vec<Fault>> {
    reading::read(text, |top| {
        let years = top.needed_texts("years", "its financial years, such as [\"2025/26\"]");
        if years.iter().any(|one| year::begins(one).is_none()) {
            top.wrong("years", "must be financial years, such as \"2025/26\"");
        }
        Period {
            key: top.needed_text("period", "its short name, such as \"2023-25\""),
            title: top.needed_text("title", "its name"),
            years,
            tolerance: top.needed_money("tolerance"),
            scheme_types: top.text("scheme_types"),
            money: each(top, "money", money),
            conditions: each(top, "condition", condition),
            metrics: each(top, "metric", metric),
            uplifts: each(top, "uplift", uplift).into_iter().flatten().collect(),
            sign_off: sign_off(top),
            rounds: each(top, "round", round),
            reports: top.table("reporting").map(|table| {
                let reports = reports(&table);
                table.nothing_else();
                reports
            }),
            performance: top.table("performance").map(|table| {
                let rule = performance(&table);
                table.nothing_else();
                rule
            }),
            outcomes: each(top, "outcome", outcome),
            unknown: each(top, "unknown", |table| Unknown {
                what: table.needed_text("what", "what is not established"),
                source: table.needed_text("source", "where to look"),
            }),
        }
    })
}

/// Reads a list of scheme types.
pub(super) fn scheme_types(text: &str) -> Result<SchemeTypes, Vec<Fault>> {
    reading::read(text, |top| {
        top.text("title");
        SchemeTypes {
            list: top.needed_text("list", "its name"),
            origin: origin(top, "confidence", "source"),
            types: each(top, "type", |table| SchemeType {
                name: table.needed_text("name", "the type"),
                sub_types: table.texts("sub_types"),
                unit: table.text("unit").unwrap_or_default(),
            }),
        }
    })
}

/// Reads each table of a name.
fn each<T>(top: &Table<'_>, name: &str, read: impl Fn(&Table<'_>) -> T) -> Vec<T> {
    top.tables(name)
        .iter()
        .map(|table| {
            let made = read(table);
            table.nothing_else();
            made
        })
        .collect()
}

fn origin(table: &Table<'_>, confidence: &str, source: &str) -> Origin {
    let word = table.needed_text(
        confidence,
        "found, derived, memory, local or not established",
    );
    let read = Confidence::parse(&word);
    if read.is_none() && word != NOT_ESTABLISHED && !word.is_empty() {
        table.wrong(
            confidence,
            "must be found, derived, memory, local or not established",
        );
    }
    Origin {
        confidence: read,
        source: table.needed_text(source, "where the value comes from"),
    }
}

/// Whole millions of pounds.
fn millions(table: &Table<'_>, field: &str) -> Option<Pence> {
    table
        .whole(field, 0, 1_000_000)
        .map(|millions| Pence(millions * MILLION))
}

fn money(table: &Table<'_>) -> Money {
    let money = Money {
        year: table.needed_text("year", "the financial year"),
        item: table
            .needed_word("item", Item::ALL, Item::as_str)
            .unwrap_or(Item::Total),
        amount: millions(table, "million"),
        origin: origin(table, "confidence", "source"),
    };
    if money.amount.is_some() != money.origin.confidence.is_some() {
        table.wrong(
            "million",
            "must be there, unless confidence is \"not established\"",
        );
    }
    money
}

fn condition(table: &Table<'_>) -> Condition {
    let words = table.needed_texts("checks", "what the condition is checked by");
    let mut checks = Vec::new();
    for word in words {
        match Check::parse(&word) {
            Some(check) => checks.push(check),
            None => {
                let known: Vec<&str> = Check::ALL.iter().map(|check| check.as_str()).collect();
                table.wrong(
                    "checks",
                    format!("{word:?} is not known; use one of: {}", known.join(", ")),
                );
            }
        }
    }
    Condition {
        id: table.needed_text("id", "its number"),
        title: table.needed_text("title", "it, in words"),
        checks,
        origin: origin(table, "confidence", "source"),
    }
}

fn metric(table: &Table<'_>) -> Metric {
    Metric {
        key: table.needed_text("key", "its short name"),
        role: table
            .needed_word("role", Role::ALL, Role::as_str)
            .unwrap_or(Role::Headline),
        title: table.needed_text("title", "its name"),
        numerator: table.needed_text("numerator", "what is counted"),
        denominator: table.needed_text("denominator", "of what"),
        scaling: table.needed_text("scaling", "as what it is shown"),
        origin: origin(table, "confidence", "source"),
    }
}

fn uplift(table: &Table<'_>) -> Option<Uplift> {
    if !table.has("percent") {
        table.wrong("percent", "is missing; write by how much it grows");
    }
    let year = table.needed_text("year", "the financial year");
    let origin = origin(table, "confidence", "source");
    table.percent("percent").map(|percent| Uplift {
        year,
        percent,
        origin,
    })
}

fn sign_off(top: &Table<'_>) -> SignOff {
    let Some(table) = top.table("sign_off") else {
        top.wrong("sign_off", "is missing; write who signs");
        return SignOff {
            council_chief_executive: None,
            nhs_chief_executive: None,
            section_151: None,
            board: None,
            delegable: None,
            board_may_follow: None,
            assured: true,
            origin: Origin {
                confidence: None,
                source: String::new(),
            },
        };
    };
    let rule = SignOff {
        council_chief_executive: table.flag("council_chief_executive"),
        nhs_chief_executive: table.flag("nhs_chief_executive"),
        section_151: table.flag("section_151"),
        board: table.flag("board"),
        delegable: table.flag("delegable"),
        board_may_follow: table.flag("board_may_follow"),
        assured: table.flag("assured").unwrap_or(true),
        origin: origin(&table, "confidence", "source"),
    };
    table.nothing_else();
    rule
}

fn round(table: &Table<'_>) -> Round {
    Round {
        year: table.needed_text("year", "the financial year"),
        guidance: table.date("guidance"),
        submission: table.date("submission"),
        section_75_by: table.date("section_75_by"),
        origin: origin(table, "confidence", "source"),
    }
}

fn reports(table: &Table<'_>) -> Reports {
    Reports {
        quarterly: table.flag("quarterly").unwrap_or(false),
        year_end: table.flag("year_end").unwrap_or(false),
        fortnightly: table.flag("fortnightly").unwrap_or(false),
        what: table.needed_text("what", "what is reported"),
        origin: origin(table, "confidence", "source"),
    }
}

fn performance(table: &Table<'_>) -> PerformanceRule {
    // The whole rule has a source, and its two values have their own confidence.
    origin(table, "confidence", "source");
    if !table.has("least_reduction_percent") {
        table.wrong(
            "least_reduction_percent",
            "is missing; write the least fall",
        );
    }
    PerformanceRule {
        least_reduction: table.percent("least_reduction_percent").unwrap_or_default(),
        least_origin: origin(table, "least_confidence", "source"),
        value: table.needed_money("value"),
        value_origin: origin(table, "value_confidence", "source"),
    }
}

fn outcome(table: &Table<'_>) -> Outcome {
    let number = |field: &str| {
        table.has(field).then(|| {
            let read = table
                .number(field)
                .and_then(|digits| Decimal::parse(&digits));
            if read.is_none() {
                table.wrong(field, "must be a number such as 81.9");
            }
            read
        })?
    };
    Outcome {
        what: table.needed_text("what", "what was planned to change"),
        planned: number("planned"),
        actual: number("actual"),
        planned_saving: millions(table, "planned_saving_million"),
        cost_over_plan: millions(table, "cost_over_plan_million"),
        areas_met: table.whole("areas_met_percent", 0, 100),
    }
}
