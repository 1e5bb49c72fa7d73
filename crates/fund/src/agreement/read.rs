//! Reads an agreement from its file.

use super::read_rules::Rules;
use super::{
    Agreement, Arrangement, Contribution, ContributionKey, Due, Exit, FundRisk, Funding, Nation,
    Partner, PartnerKey, PartnerKind, PassedOn, Performance, Reporting, Scheme, SchemeKey, Stage,
    check,
};
use crate::reading::{self, Fault, Table};
use kernel::Pence;
use std::collections::BTreeMap;

/// Most partners, contributions, schemes or rules of one agreement.
const MOST: usize = 2_000;

/// Reads an agreement and checks that it is whole.
///
/// # Errors
/// Everything wrong with it, in the order of its lines: an agreement with a fault is never
/// followed in part.
pub fn read(text: &str) -> Result<Agreement, Vec<Fault>> {
    reading::read(text, |top| {
        let rules = Rules::take(top);
        rules.check();
        let risk = risk(top, &rules);
        let agreement = Agreement {
            partners: partners(top),
            contributions: contributions(top),
            schemes: schemes(top, &rules),
            performance: performance(top, &rules),
            reporting: reporting(top),
            exit: exit(top),
            stages: stages(top),
            risk,
            ..head(top)
        };
        check::check(&agreement, top);
        agreement
    })
}

/// The tables of a name, of which there must be at least one.
fn some<'t>(top: &Table<'t>, name: &str, what: &str) -> Vec<Table<'t>> {
    let tables = top.tables(name);
    if tables.is_empty() {
        top.wrong("", format!("there is no [[{name}]]; write {what}"));
    }
    if tables.len() > MOST {
        top.wrong(
            name,
            format!("there are more than {MOST}; part the agreement"),
        );
    }
    tables
}

/// A table that must be there.
fn part<'t>(top: &Table<'t>, name: &str, what: &str) -> Option<Table<'t>> {
    let table = top.table(name);
    if !top.has(name) {
        top.wrong("", format!("there is no [{name}]; write {what}"));
    }
    table
}

/// A short name: lower-case letters, digits and dashes.
fn short(table: &Table<'_>, field: &str) -> String {
    let text = table.needed_text(field, "a short name, such as council");
    let well = text
        .bytes()
        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'.');
    if !well {
        table.wrong(
            field,
            "must have only lower-case letters, digits, dots and dashes",
        );
    }
    text
}

fn partner_key(table: &Table<'_>, field: &str) -> PartnerKey {
    PartnerKey::new(table.needed_text(field, "a partner's key"))
}

/// The `[agreement]` table. What the regulations ask for must be there (RULES D.1).
fn head(top: &Table<'_>) -> Agreement {
    let empty = reading_nothing();
    let Some(table) = part(
        top,
        "agreement",
        "what it is called, its host, aims and term",
    ) else {
        return empty;
    };
    let agreement = Agreement {
        title: table.needed_text("title", "what the agreement is called"),
        nation: table
            .needed_word("nation", Nation::ALL, Nation::as_str)
            .unwrap_or(Nation::England),
        year: table.needed_text(
            "year",
            "the financial year of its amounts, such as \"2025/26\"",
        ),
        begins: table.needed_date("begins"),
        ends: table.needed_date("ends"),
        review: table.needed_date("review"),
        host: partner_key(&table, "host"),
        pool_manager: table.needed_text("pool_manager", "the office of whoever manages the fund"),
        aims: table.needed_texts("aims", "its aims and outcomes"),
        people: table.needed_text("people", "whom it serves"),
        nhs_functions: table.needed_texts("nhs_functions", "functions of the NHS it covers"),
        council_functions: table
            .needed_texts("council_functions", "functions of councils it covers"),
        services: table.needed_texts("services", "the kinds of services"),
        provided: table.texts("provided"),
        consultation: table.needed_text(
            "consultation",
            "how those affected were consulted, and when",
        ),
        variation: table.needed_text("variation", "how contributions may be varied"),
        ..empty
    };
    if crate::year::begins(&agreement.year).is_none() && !agreement.year.is_empty() {
        table.wrong("year", "must be a financial year, such as \"2025/26\"");
    }
    if agreement.ends <= agreement.begins && table.has("ends") && table.has("begins") {
        table.wrong("ends", "is not after begins; put one of them right");
    }
    let within = (agreement.begins..=agreement.ends).contains(&agreement.review);
    if !within && table.has("review") {
        table.wrong("review", "must lie between begins and ends");
    }
    table.nothing_else();
    agreement
}

/// An agreement with nothing in it, to be filled.
fn reading_nothing() -> Agreement {
    use super::{NamedRule, Rule, Underspend};
    use jiff::civil::Date;
    Agreement {
        title: String::new(),
        nation: Nation::England,
        year: String::new(),
        begins: Date::ZERO,
        ends: Date::ZERO,
        review: Date::ZERO,
        host: PartnerKey::default(),
        pool_manager: String::new(),
        aims: Vec::new(),
        people: String::new(),
        nhs_functions: Vec::new(),
        council_functions: Vec::new(),
        services: Vec::new(),
        provided: Vec::new(),
        consultation: String::new(),
        variation: String::new(),
        partners: Vec::new(),
        contributions: Vec::new(),
        schemes: Vec::new(),
        risk: FundRisk {
            overspend: NamedRule {
                name: "host bears".to_owned(),
                rule: Rule::HostBears,
            },
            underspend: Underspend::Retain,
            net: true,
            in_kind_counts: false,
        },
        performance: None,
        reporting: Reporting {
            quarterly_days: 0,
            annual_by: Date::ZERO,
        },
        exit: Exit {
            notice_months: 0,
            terms: String::new(),
        },
        stages: Vec::new(),
    }
}

fn partners(top: &Table<'_>) -> Vec<Partner> {
    let mut partners: Vec<Partner> = Vec::new();
    for table in some(top, "partner", "one for each partner") {
        let key = PartnerKey::new(short(&table, "key"));
        if partners.iter().any(|other| other.key == key) {
            table.wrong(
                "key",
                format!("there are two partners {key}; name each once"),
            );
        }
        partners.push(Partner {
            key,
            name: table.needed_text("name", "its whole name"),
            kind: table
                .needed_word("kind", PartnerKind::ALL, PartnerKind::as_str)
                .unwrap_or(PartnerKind::Council),
            line: table.line(),
        });
        table.nothing_else();
    }
    partners
}

fn contributions(top: &Table<'_>) -> Vec<Contribution> {
    let mut all: Vec<Contribution> = Vec::new();
    for table in some(top, "contribution", "one for each source of money") {
        let key = ContributionKey::new(short(&table, "key"));
        if all.iter().any(|other| other.key == key) {
            table.wrong(
                "key",
                format!("there are two contributions {key}; name each once"),
            );
        }
        let kept_back = table.money("kept_back");
        let consent = table.text("consent");
        if kept_back.is_some() != consent.is_some() {
            table.wrong(
                "kept_back",
                "needs consent beside it: who agreed in writing, and when; and consent needs \
                 kept_back",
            );
        }
        all.push(Contribution {
            key,
            partner: partner_key(&table, "partner"),
            source: table.needed_text("source", "where the money comes from"),
            amount: table.needed_money("amount"),
            in_kind: table.flag("in_kind").unwrap_or(false),
            due: dues(&table),
            variation: table.text("variation").unwrap_or_default(),
            never_to: table
                .texts("never_returned_to")
                .into_iter()
                .map(PartnerKey::new)
                .collect(),
            ring_fence: table.text("ring_fence").unwrap_or_default(),
            passed_on: passed_on(&table),
            kept_back: kept_back.zip(consent),
            line: table.line(),
        });
        table.nothing_else();
    }
    all
}

fn dues(table: &Table<'_>) -> Vec<Due> {
    let mut dues = Vec::new();
    for one in table.tables("due") {
        dues.push(Due {
            on: one.needed_date("on"),
            amount: one.needed_money("amount"),
        });
        one.nothing_else();
    }
    dues
}

fn passed_on(table: &Table<'_>) -> Vec<PassedOn> {
    let mut all = Vec::new();
    for one in table.tables("passed_on") {
        all.push(PassedOn {
            partner: partner_key(&one, "partner"),
            amount: one.needed_money("amount"),
        });
        one.nothing_else();
    }
    all
}

fn schemes(top: &Table<'_>, rules: &Rules<'_>) -> Vec<Scheme> {
    let mut all: Vec<Scheme> = Vec::new();
    for table in some(top, "scheme", "one for each scheme") {
        let key = SchemeKey::new(short(&table, "key"));
        if all.iter().any(|other| other.key == key) {
            table.wrong(
                "key",
                format!("there are two schemes {key}; name each once"),
            );
        }
        let overspend = table
            .has("overspend")
            .then(|| rules.named(&table, "overspend"));
        let losses = overspend
            .clone()
            .unwrap_or_else(|| reading_nothing().risk.overspend);
        let underspend = table
            .has("underspend")
            .then(|| rules.underspend(&table, "underspend", &losses));
        all.push(Scheme {
            key,
            name: table.needed_text("name", "what it is"),
            arrangement: table
                .needed_word("kind", Arrangement::ALL, Arrangement::as_str)
                .unwrap_or(Arrangement::Pooled),
            lead: partner_key(&table, "lead"),
            budget: table.needed_money("budget"),
            funded_by: funding(&table),
            budget_by_origin: by_origin(&table),
            overspend,
            underspend,
            line: table.line(),
        });
        table.nothing_else();
    }
    all
}

fn funding(table: &Table<'_>) -> Vec<Funding> {
    let mut all = Vec::new();
    for one in table.tables("funded_by") {
        all.push(Funding {
            from: ContributionKey::new(one.needed_text("from", "a contribution's key")),
            amount: one.needed_money("amount"),
        });
        one.nothing_else();
    }
    all
}

fn by_origin(table: &Table<'_>) -> BTreeMap<PartnerKey, Pence> {
    let mut all = BTreeMap::new();
    for one in table.tables("budget_by_origin") {
        let key = partner_key(&one, "partner");
        if all
            .insert(key.clone(), one.needed_money("amount"))
            .is_some()
        {
            one.wrong("partner", format!("{key} is there twice; write it once"));
        }
        one.nothing_else();
    }
    all
}

fn risk(top: &Table<'_>, rules: &Rules<'_>) -> FundRisk {
    let what = "who bears an overspend and who has an underspend of the fund";
    let Some(table) = part(top, "risk", what) else {
        return reading_nothing().risk;
    };
    let overspend = rules.named(&table, "overspend");
    let risk = FundRisk {
        underspend: rules.underspend(&table, "underspend", &overspend),
        overspend,
        net: table.flag("net").unwrap_or(true),
        in_kind_counts: table.flag("in_kind_counts").unwrap_or(false),
    };
    table.nothing_else();
    risk
}

fn performance(top: &Table<'_>, rules: &Rules<'_>) -> Option<Performance> {
    let table = top.table("performance")?;
    let performance = Performance {
        contribution: ContributionKey::new(table.needed_text(
            "contribution",
            "the contribution that is paid for performance",
        )),
        shortfall: rules.named(&table, "shortfall"),
    };
    table.nothing_else();
    Some(performance)
}

fn reporting(top: &Table<'_>) -> Reporting {
    let what = "when the pool manager reports; the regulations ask for it each quarter and year";
    let Some(table) = part(top, "reporting", what) else {
        return reading_nothing().reporting;
    };
    let reporting = Reporting {
        quarterly_days: table.needed_whole("quarterly_days", 1, 92),
        annual_by: table.needed_date("annual_by"),
    };
    table.nothing_else();
    reporting
}

fn exit(top: &Table<'_>) -> Exit {
    let Some(table) = part(top, "exit", "how a partner leaves") else {
        return reading_nothing().exit;
    };
    let exit = Exit {
        notice_months: table.needed_whole("notice_months", 0, 60),
        terms: table.needed_text("terms", "what becomes of money, staff and property"),
    };
    table.nothing_else();
    exit
}

fn stages(top: &Table<'_>) -> Vec<Stage> {
    let mut stages = Vec::new();
    let Some(table) = part(
        top,
        "disputes",
        "stages, each with who settles it and its days",
    ) else {
        return stages;
    };
    for one in some(
        &table,
        "stage",
        "the stages of settling a dispute, in order",
    ) {
        let working = one.flag("working_days").unwrap_or(false);
        stages.push(Stage {
            name: one.needed_text("name", "what the stage is called"),
            who: one.needed_text("who", "who settles it there"),
            days: one.needed_whole("days", 1, 366),
            working,
        });
        one.nothing_else();
    }
    table.nothing_else();
    stages
}
