//! Reads a plan from a TOML file. What can be read goes through; the rest is told, and marked.

use super::{
    Answer, Area, Commissioner, District, Income, KeptBack, Line, Minimums, Plan, PlanPartner,
    PlanPartnerKind, PlannedMetric, Source,
};
use crate::double_count::Saving;
use crate::payment_for_performance;
use crate::reading::{self, Fault, Table};
use crate::sign_off::{Role, Signature};
use crate::year;
use kernel::Pence;
use kernel::limits;

/// Most lines of one kind in a plan.
const MOST: usize = limits::SHEET_ROWS as usize;

/// Reads a plan. `value` is the usual value of an admission avoided, for plans of 2015/16.
///
/// The plan is `None` if nothing of it can be used: it is no TOML, or its year is not there.
/// Otherwise what was wrong is left out of it, told as faults and marked in [`Plan::unread`].
pub fn read(text: &str, value: Pence) -> (Option<Plan>, Vec<Fault>) {
    let (read, faults) = reading::read_in_part(text, |top| {
        let head = top.table("plan");
        if head.is_none() {
            top.wrong("", "there is no [plan]; write its board and years");
        }
        let mut plan = Plan::default();
        if let Some(table) = head {
            plan.board = table.needed_text("board", "the health and wellbeing board");
            plan.years = table.needed_texts("years", "its financial years, such as [\"2025/26\"]");
            if plan.years.iter().any(|one| year::begins(one).is_none()) || plan.years.len() > 2 {
                table.wrong(
                    "years",
                    "must be one or two financial years, such as \"2025/26\"",
                );
                plan.years.clear();
            }
            plan.two_tiers = table.flag("two_tiers");
            plan.sent_on = table.date("sent_on");
            plan.capacity_and_demand = table.flag("capacity_and_demand");
            table.nothing_else();
        }
        let years = plan.years.len();
        let mut unread = Vec::new();
        plan.partners = each(top, "partner", &mut unread, partner);
        plan.income = each(top, "income", &mut unread, |table| income(table, years));
        plan.lines = each(top, "line", &mut unread, |table| line(table, years));
        plan.districts = each(top, "district", &mut unread, |table| district(table, years));
        plan.kept_back = one(top, "kept_back", &mut unread, |table| {
            kept_back(table, years)
        });
        plan.minimums =
            one(top, "minimum", &mut unread, |table| minimums(table, years)).unwrap_or_default();
        plan.answers = each(top, "answer", &mut unread, answer);
        plan.signatures = each(top, "signature", &mut unread, signature);
        plan.metrics = each(top, "metric", &mut unread, metric);
        plan.savings = each(top, "saving", &mut unread, saving);
        plan.wholes = each(top, "package", &mut unread, whole)
            .into_iter()
            .collect();
        plan.performance = one(top, "performance", &mut unread, |table| {
            payment_for_performance::promised(table, value)
        });
        plan.unread = unread;
        plan
    });
    (read.filter(|plan| !plan.years.is_empty()), faults)
}

/// Reads the tables of a name; one with a fault is left out and its place kept.
fn each<T>(
    top: &Table<'_>,
    name: &str,
    unread: &mut Vec<String>,
    read: impl Fn(&Table<'_>) -> T,
) -> Vec<T> {
    let tables = top.tables(name);
    if tables.len() > MOST {
        top.wrong(name, format!("there are more than {MOST}; part the plan"));
    }
    tables
        .iter()
        .take(MOST)
        .filter_map(|table| whole_one(table, name, unread, &read))
        .collect()
}

/// Reads the one table of a name.
fn one<T>(
    top: &Table<'_>,
    name: &str,
    unread: &mut Vec<String>,
    read: impl Fn(&Table<'_>) -> T,
) -> Option<T> {
    whole_one(&top.table(name)?, name, unread, &read)
}

fn whole_one<T>(
    table: &Table<'_>,
    name: &str,
    unread: &mut Vec<String>,
    read: &impl Fn(&Table<'_>) -> T,
) -> Option<T> {
    let before = table.faults();
    let made = read(table);
    table.nothing_else();
    if table.faults() == before {
        return Some(made);
    }
    unread.push(format!("line {} ({name})", table.line()));
    None
}

fn at(table: &Table<'_>) -> String {
    format!("line {}", table.line())
}

/// `amount` for a plan of one year, else `amounts` with one for each.
fn amounts(table: &Table<'_>, years: usize) -> Vec<Pence> {
    if years == 1 && table.has("amount") {
        return vec![table.needed_money("amount")];
    }
    if !table.has("amounts") {
        let say = if years == 1 {
            "is missing; write an amount in pounds"
        } else {
            "is missing; write amounts with one for each year"
        };
        table.wrong("amount", say);
        return Vec::new();
    }
    money_list(table, "amounts", years)
}

fn money_list(table: &Table<'_>, field: &str, years: usize) -> Vec<Pence> {
    let mut all = Vec::new();
    for digits in table.numbers(field) {
        match crate::amount::pounds(&digits) {
            Ok(amount) if amount.0 >= 0 => all.push(amount),
            Ok(_) => table.wrong(field, "has an amount below nought"),
            Err(error) => {
                let short: String = digits.chars().take(40).collect();
                table.wrong(field, format!("{short:?}: {error}"));
            }
        }
    }
    if all.len() != years {
        table.wrong(
            field,
            format!("must have {years} amounts, one for each year"),
        );
    }
    all
}

fn partner(table: &Table<'_>) -> PlanPartner {
    PlanPartner {
        name: table.needed_text("name", "its name"),
        kind: table
            .needed_word("kind", PlanPartnerKind::ALL, PlanPartnerKind::as_str)
            .unwrap_or(PlanPartnerKind::Council),
    }
}

fn source(table: &Table<'_>) -> Source {
    let text = table.needed_text("source", "where the money comes from");
    Source::read(&text).unwrap_or_else(|| {
        let known: Vec<&str> = Source::ALL.iter().map(|one| one.as_str()).collect();
        let text = format!("{text:?} is not known; use one of: {}", known.join(", "));
        table.wrong("source", text);
        Source::NhsMinimum
    })
}

fn income(table: &Table<'_>, years: usize) -> Income {
    Income {
        source: source(table),
        from: table.needed_text("from", "who pays it"),
        amounts: amounts(table, years),
        grant: table.text("grant").unwrap_or_default(),
        at: at(table),
    }
}

fn line(table: &Table<'_>, years: usize) -> Line {
    Line {
        scheme: table.needed_text("scheme", "the scheme's number, in quotation marks"),
        name: table.needed_text("name", "what it is"),
        kind: table.needed_text("type", "the scheme's type"),
        sub_type: table.text("sub_type").unwrap_or_default(),
        other: table.text("other").unwrap_or_default(),
        outputs: table.numbers("outputs"),
        unit: table.text("unit").unwrap_or_default(),
        area: table
            .needed_word("area", Area::ALL, Area::as_str)
            .unwrap_or(Area::Other),
        commissioner: table
            .needed_word("commissioner", Commissioner::ALL, Commissioner::as_str)
            .unwrap_or(Commissioner::Joint),
        nhs_percent: table.percent("nhs_percent"),
        la_percent: table.percent("la_percent"),
        provider: table.text("provider").unwrap_or_default(),
        source: source(table),
        amounts: amounts(table, years),
        packages: table.texts("packages"),
        at: at(table),
    }
}

fn district(table: &Table<'_>, years: usize) -> District {
    District {
        name: table.needed_text("name", "the district council"),
        amounts: amounts(table, years),
        at: at(table),
    }
}

fn kept_back(table: &Table<'_>, years: usize) -> KeptBack {
    KeptBack {
        amounts: amounts(table, years),
        consent: table.needed_text("consent", "which districts agreed in writing, and when"),
        at: at(table),
    }
}

fn minimums(table: &Table<'_>, years: usize) -> Minimums {
    let list = |field: &str| {
        if !table.has(field) {
            return None;
        }
        // One year may write the amount alone.
        if years == 1 && !table.is_list(field) {
            return table.money(field).map(|amount| vec![amount]);
        }
        Some(money_list(table, field, years))
    };
    Minimums {
        nhs: list("nhs"),
        social_care: list("social_care"),
        social_care_before: table.money("social_care_before"),
        out_of_hospital: list("out_of_hospital"),
    }
}

fn answer(table: &Table<'_>) -> Answer {
    if !table.has("yes") {
        table.wrong("yes", "is missing; write true or false");
    }
    Answer {
        condition: table.needed_text("condition", "the condition's number"),
        yes: table.flag("yes").unwrap_or(false),
        at: at(table),
    }
}

fn signature(table: &Table<'_>) -> Signature {
    Signature {
        role: table
            .needed_word("role", Role::ALL, Role::as_str)
            .unwrap_or(Role::Board),
        organisation: table.needed_text("organisation", "for which organisation"),
        on: table.date("on"),
        delegated: table.flag("delegated").unwrap_or(false),
        at: at(table),
    }
}

fn metric(table: &Table<'_>) -> PlannedMetric {
    PlannedMetric {
        key: table.needed_text("key", "the metric's short name"),
        values: table.numbers("planned"),
        at: at(table),
    }
}

fn saving(table: &Table<'_>) -> Saving {
    Saving {
        reference: table.needed_text(
            "reference",
            "a name for what is saved, the same wherever it is claimed",
        ),
        scheme: table.needed_text("scheme", "the scheme that claims it"),
        amount: table.needed_money("amount"),
        closes: table.text("closes").unwrap_or_default(),
        closes_on: table.date("closes_on"),
        at: at(table),
    }
}

fn whole(table: &Table<'_>) -> (String, Pence) {
    (
        table.needed_text("name", "the package's name"),
        table.needed_money("whole"),
    )
}
