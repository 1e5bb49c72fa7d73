//! The agreement of a fund in words, its versions, and keeping a new one.

use super::{address, names, pool, upload};
use crate::components::Tag;
use crate::door::Visit;
use crate::form::Reading;
use crate::routes::Outcome;
use crate::sheet::{self, Cell, Link, Sheet, SheetPart, Table};
use crate::shell::{self, Section, Shell};
use crate::trouble::Trouble;
use crate::{Web, words};
use ::fund::agreement::{Agreement, in_words};
use ::fund::ledger::Code;
use access::{Action, Actor};
use app::fund::{AgreementVersion, KeptAgreement};

pub(super) fn page(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let fund = pool::code(visit, actor)?;
    let all = web.app.fund_agreements(actor)?;
    let versions: Vec<&AgreementVersion> = all.iter().filter(|one| one.row.fund == fund).collect();
    let wanted: Option<i64> = visit.query.parsed("version");
    let in_force = versions.iter().find(|one| one.in_force);
    let number = wanted
        .or(in_force.map(|one| one.row.number))
        .or(versions.last().map(|one| one.row.number));
    let Some(number) = number else {
        return Ok(shell::see_other(&format!("/fund/agreement?fund={fund}")));
    };
    let kept = web.app.fund_agreement_version(actor, &fund, number)?;
    shell::ok(&drawn(web, visit, &fund, &versions, &kept))
}

fn drawn(
    web: &Web,
    visit: &Visit,
    fund: &Code,
    versions: &[&AgreementVersion],
    kept: &KeptAgreement,
) -> Sheet {
    let title = kept.agreement.title.clone();
    let mut sheet = Sheet::new(Shell::new(web, visit, title, Section::Fund));
    sheet.back = address(fund, "");
    sheet.back_words = super::BACK;
    sheet.caption = format!("Agreement, version {}", kept.row.number);
    if visit.query.get("saved") == "1" {
        sheet.saved = "The agreement is kept";
    }
    let in_force = versions
        .iter()
        .any(|one| one.in_force && one.row.number == kept.row.number);
    sheet.tags.push(match in_force {
        true => Tag::new("In force today", "blue"),
        false => Tag::new("Not in force today", "grey"),
    });
    sheet.parts = in_parts(&kept.agreement);
    sheet.parts.push(ring_fences(&kept.agreement));
    sheet.parts.push(versions_part(fund, versions));
    sheet
}

/// Its sentences, under the fund, each partner, each scheme, and disputes.
fn in_parts(agreement: &Agreement) -> Vec<SheetPart> {
    let part = |title: String, points: Vec<String>| SheetPart {
        title,
        points: points.iter().map(|one| words::days_in_words(one)).collect(),
        ..SheetPart::default()
    };
    // The first sentence of each is its name.
    let rest = |lines: Vec<String>| lines.into_iter().skip(1).collect::<Vec<_>>();
    let mut parts = vec![part(
        "The rules in words".to_owned(),
        rest(in_words::fund(agreement)),
    )];
    parts.extend(agreement.partners.iter().map(|one| {
        let lines = rest(in_words::partner(agreement, &one.key));
        part(one.name.clone(), lines)
    }));
    parts.extend(agreement.schemes.iter().map(|one| {
        let lines = rest(in_words::scheme(agreement, one));
        part(format!("Scheme {}: {}", one.key, one.name), lines)
    }));
    parts.push(part(
        "Disputes".to_owned(),
        rest(in_words::disputes(&agreement.stages)),
    ));
    parts
}

/// Money that may not go to whom.
fn ring_fences(agreement: &Agreement) -> SheetPart {
    let rows: Vec<Vec<Cell>> = agreement
        .contributions
        .iter()
        .filter(|one| !one.never_to.is_empty() || !one.passed_on.is_empty())
        .map(|one| {
            let never: Vec<&str> = one
                .never_to
                .iter()
                .map(|key| agreement.name_of(key))
                .collect();
            let passed: Vec<String> = one
                .passed_on
                .iter()
                .map(|on| format!("{} to {}", on.amount, agreement.name_of(&on.partner)))
                .collect();
            let none = |text: String, none: &str| match text.is_empty() {
                true => none.to_owned(),
                false => text,
            };
            vec![
                Cell::text(one.source.clone()).with_under(one.ring_fence.clone()),
                Cell::amount(one.amount),
                Cell::text(none(never.join(", "), "Nobody is named")),
                Cell::text(none(passed.join(", "), "Not passed on")),
            ]
        })
        .collect();
    SheetPart {
        title: "Ring-fenced money".to_owned(),
        lines: match rows.is_empty() {
            true => vec!["None.".to_owned()],
            false => Vec::new(),
        },
        table: (!rows.is_empty()).then(|| Table {
            caption: "What may not go to whom, and what is passed on".to_owned(),
            heads: vec!["Money", "Amount", "Never to", "Passed on in full"],
            rows,
        }),
        ..SheetPart::default()
    }
}

fn versions_part(fund: &Code, versions: &[&AgreementVersion]) -> SheetPart {
    let rows = versions
        .iter()
        .rev()
        .map(|one| {
            let row = &one.row;
            let href = address(fund, &format!("/agreement?version={}", row.number));
            vec![
                Cell::link(href, format!("Version {}", row.number)).with_under(
                    match one.in_force {
                        true => "in force today",
                        false => "",
                    },
                ),
                Cell::text(format!(
                    "{} to {}",
                    words::date(row.begins),
                    words::date(row.ends)
                )),
                Cell::text(row.kept.1.clone()).with_under(words::date_time(row.kept.0)),
            ]
        })
        .collect();
    SheetPart {
        title: "Versions".to_owned(),
        table: Some(Table {
            caption: "Versions, latest first".to_owned(),
            heads: vec!["Version", "Holds", "Kept by"],
            rows,
        }),
        links: vec![Link::new(
            format!("/fund/agreement?fund={fund}"),
            "Keep a new version",
        )],
        ..SheetPart::default()
    }
}

pub(super) fn new(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    access::decide(actor, Action::PostLedger).map_err(app::Error::from)?;
    shell::ok(&form(
        web,
        visit,
        visit.query.get("fund"),
        Reading::default(),
    ))
}

pub(super) fn keep(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    access::decide(actor, Action::PostLedger).map_err(app::Error::from)?;
    let fund = visit.form.get("fund");
    let mut reading = Reading::default();
    if fund.is_empty() {
        reading.fault("fund", "Enter a short name for the fund");
    }
    let file = visit.file("file");
    if file.is_none() {
        reading.fault("file", "Choose the file of the agreement");
    }
    if let (Some(file), true) = (file, reading.faults.is_empty()) {
        match web
            .app
            .keep_fund_agreement(actor, fund, (&file.name, &file.bytes))
        {
            Ok(row) => {
                let to = format!("/agreement?version={}&saved=1", row.number);
                return Ok(shell::see_other(&address(&row.fund, &to)));
            }
            Err(app::Error::Invalid(errors)) => upload::faults(&mut reading, errors),
            Err(other) => return Err(Trouble::from(other)),
        }
    }
    shell::ok(&form(web, visit, fund, reading))
}

fn form(web: &Web, visit: &Visit, fund: &str, reading: Reading) -> Sheet {
    let title = match fund.parse::<Code>() {
        Ok(code) => format!("Keep an agreement of {}", names::code(&code)),
        Err(_) => "Keep an agreement".to_owned(),
    };
    let shell = Shell::new(web, visit, title, Section::Fund);
    let mut sheet = Sheet::new(shell.with_faults(!reading.faults.is_empty()));
    sheet.back = "/fund".to_owned();
    sheet.back_words = super::BACK;
    sheet.intro = vec![
        "A version that is kept is never changed. The one that was kept last holds for its days.".to_owned(),
        "A file with a fault changes nothing: every fault is told with its line, and the file stays here."
            .to_owned(),
    ];
    sheet.parts.extend(upload::told(&reading));
    let fields = vec![sheet::line(
        &reading,
        "fund",
        (
            "Short name of the fund",
            "Lower-case letters, digits and dashes, such as bcf. Its accounts are named by it.",
        ),
        fund,
    )];
    sheet.parts.push(upload::part(
        "/fund/agreement".to_owned(),
        fields,
        (
            "The agreement",
            "A text file that ends in .toml, up to 8 MB",
            ".toml",
        ),
        "Check and keep the agreement",
        &reading,
    ));
    sheet.faults = upload::summary(reading);
    sheet
}
