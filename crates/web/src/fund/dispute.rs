//! Disputes: raised, shown evidence, moved through the stages of the agreement, and ended.

use super::{address, money, months, names, pool};
use crate::components::{Choice, Field, Tag};
use crate::door::Visit;
use crate::form::{Reading, boxes, date_input};
use crate::routes::Outcome;
use crate::sheet::{self, Cell, FileBox, Link, Sheet, SheetForm, SheetPart, Table};
use crate::shell::{self, Section, Shell};
use crate::trouble::Trouble;
use crate::{Web, words};
use ::fund::ledger::Code;
use access::{Action, Actor};
use app::fund::{DisputeMove, DisputePage, NewDispute};
use axum::http::{HeaderValue, header};
use kernel::{DisputeId, InboxId, Pence};
use std::collections::BTreeMap;

fn at(id: DisputeId) -> String {
    format!("/fund/dispute/{id}")
}

/// Where a dispute stands, in words.
fn stands(page: &DisputePage) -> Tag {
    if page.dispute.outcome.is_some() {
        return Tag::new("Ended", "");
    }
    let stage = page.stages.get(page.dispute.stage());
    let name = stage.map_or("open", |stage| stage.name.as_str());
    match page.late {
        true => Tag::new(format!("Past its time: {name}"), "orange"),
        false => Tag::new(words::sentence(name), "blue"),
    }
}

fn rows(all: &[&DisputePage], linked: bool) -> Vec<Vec<Cell>> {
    all.iter()
        .map(|one| {
            let about = match linked {
                true => Cell::link(at(one.row.id), one.row.about.clone()),
                false => Cell::text(one.row.about.clone()),
            };
            let due = match (one.dispute.outcome.is_some(), one.dispute.due()) {
                (false, Some(day)) => words::date(day),
                _ => "No clock runs".to_owned(),
            };
            vec![
                about.with_under(format!("{} with {}", one.sides.0, one.sides.1)),
                Cell::amount(one.row.amount),
                Cell::tag(stands(one)),
                Cell::text(due),
            ]
        })
        .collect()
}

fn table(all: &[&DisputePage], linked: bool) -> Option<Table> {
    let rows = rows(all, linked);
    (!rows.is_empty()).then(|| Table {
        caption: "Disputes".to_owned(),
        heads: vec!["About", "Amount", "Where it stands", "Stage ends"],
        rows,
    })
}

/// What the board reads of disputes.
pub(super) fn pack_part(all: &[&DisputePage]) -> SheetPart {
    let open: Vec<&DisputePage> = all
        .iter()
        .copied()
        .filter(|one| one.dispute.outcome.is_none())
        .collect();
    SheetPart {
        title: "Disputes that are open".to_owned(),
        lines: match open.is_empty() {
            true => vec!["None.".to_owned()],
            false => Vec::new(),
        },
        table: table(&open, false),
        ..SheetPart::default()
    }
}

pub(super) fn list(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let fund = pool::code(visit, actor)?;
    list_drawn(web, visit, actor, &fund, Reading::default())
}

pub(super) fn raise(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    access::decide(actor, Action::PostLedger).map_err(app::Error::from)?;
    let fund = pool::code(visit, actor)?;
    let sent = &visit.form;
    let mut reading = Reading::default();
    let amount = match sent.get("amount").parse::<Pence>() {
        Ok(amount) => amount,
        Err(why) => {
            reading.fault("amount", words::sentence(&why.to_string()));
            Pence(0)
        }
    };
    let on = reading.needed_date(sent, "on", "The day on which it was raised");
    if reading.faults.is_empty() {
        let new = NewDispute {
            fund: fund.as_str(),
            by: sent.get("by"),
            with: sent.get("with"),
            amount,
            about: sent.get("about"),
            on,
        };
        match web.app.raise_dispute(actor, &new) {
            Ok(id) => return Ok(shell::see_other(&format!("{}?saved=raised", at(id)))),
            Err(app::Error::Invalid(errors)) => faults(&mut reading, errors),
            Err(other) => return Err(other.into()),
        }
    }
    list_drawn(web, visit, actor, &fund, reading)
}

/// Faults beside the field that each is about; a day's are at its first box.
fn faults(reading: &mut Reading, errors: Vec<app::FieldError>) {
    for error in errors {
        let field = match error.field {
            "on" => "on-day",
            "dispute" | "fund" => "about",
            other => other,
        };
        reading.fault(field, words::sentence(&error.text));
    }
}

fn list_drawn(web: &Web, visit: &Visit, actor: &Actor, fund: &Code, reading: Reading) -> Outcome {
    let all = web.app.disputes(actor)?;
    let mine: Vec<&DisputePage> = all.iter().filter(|one| one.row.fund == *fund).collect();
    let shell = Shell::new(web, visit, "Disputes", Section::Fund);
    let mut sheet = Sheet::new(shell.with_faults(!reading.faults.is_empty()));
    sheet.back = address(fund, "");
    sheet.back_words = super::BACK;
    if mine.is_empty() {
        sheet.intro.push("No dispute has been raised.".to_owned());
    }
    sheet.parts.push(SheetPart {
        table: table(&mine, true),
        ..SheetPart::default()
    });
    if access::decide(actor, Action::PostLedger).is_ok() {
        match web.app.fund_agreement_on(actor, fund, web.app.today()) {
            Ok(kept) => {
                let partners = kept.agreement.partners.iter();
                let partners: Vec<(String, String)> = partners
                    .map(|one| (one.key.to_string(), one.name.clone()))
                    .collect();
                sheet
                    .parts
                    .push(raise_part(web, visit, fund, &partners, &reading));
            }
            Err(app::Error::NotFound(_)) => {
                let text = "A dispute is raised under an agreement, and none holds today.";
                sheet.intro.push(text.to_owned());
            }
            Err(other) => return Err(other.into()),
        }
    }
    sheet.faults = reading.faults;
    shell::ok(&sheet)
}

fn day_field(web: &Web, visit: &Visit, reading: &Reading, legend: &str) -> Field {
    let typed = match visit.is_form() && visit.form.given("on-year").is_some() {
        true => boxes(&visit.form, "on"),
        false => crate::form::as_boxes(Some(web.app.today())),
    };
    Field::Day(date_input("on", legend, "", typed, reading.of("on")))
}

fn choices(partners: &[(String, String)], chosen: &str) -> Vec<Choice> {
    let mut all = vec![Choice::new("", "Choose a partner", chosen)];
    let named = partners.iter();
    all.extend(named.map(|(key, name)| Choice::new(key.clone(), name.clone(), chosen)));
    all
}

fn raise_part(
    web: &Web,
    visit: &Visit,
    fund: &Code,
    partners: &[(String, String)],
    reading: &Reading,
) -> SheetPart {
    let sent = &visit.form;
    SheetPart {
        title: "Raise a dispute".to_owned(),
        form: Some(SheetForm {
            action: address(fund, "/disputes"),
            hidden: Vec::new(),
            fields: vec![
                sheet::select(
                    reading,
                    "by",
                    ("Who raises it?", ""),
                    choices(partners, sent.get("by")),
                ),
                sheet::select(
                    reading,
                    "with",
                    ("With whom?", ""),
                    choices(partners, sent.get("with")),
                ),
                sheet::line(
                    reading,
                    "amount",
                    ("Over how much?", "In pounds, such as 125,000"),
                    sent.get("amount"),
                ),
                sheet::area(
                    reading,
                    "about",
                    ("What is it about?", "Name no person"),
                    sent.get("about"),
                ),
                day_field(web, visit, reading, "On which day was it raised?"),
            ],
            button: "Raise the dispute",
            file: None,
        }),
        ..SheetPart::default()
    }
}

pub(super) fn page(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    access::decide(actor, Action::SeeLedger).map_err(app::Error::from)?;
    let page = web.app.dispute(actor, visit.id("id")?)?;
    shell::ok(&drawn(web, visit, actor, &page, Reading::default()))
}

/// A file that was shown, as it came.
pub(super) fn evidence(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    access::decide(actor, Action::SeeLedger).map_err(app::Error::from)?;
    let (id, file): (DisputeId, InboxId) = (visit.id("id")?, visit.id("file")?);
    let bytes = web.app.evidence(actor, id, file)?;
    let mut response = shell::raw("application/octet-stream", bytes);
    let name = format!("attachment; filename=\"evidence-{file}\"");
    if let Ok(value) = HeaderValue::from_str(&name) {
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}

pub(super) fn change(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    access::decide(actor, Action::PostLedger).map_err(app::Error::from)?;
    let id: DisputeId = visit.id("id")?;
    let sent = &visit.form;
    let before = web.app.dispute(actor, id)?;
    let mut reading = Reading::default();
    let (name, bytes) = match visit.file("file") {
        Some(file) => (file.name.as_str(), file.bytes.as_slice()),
        None => ("", &[][..]),
    };
    let it = match sent.get("what") {
        "show" => DisputeMove::Show {
            by: sent.get("by"),
            what: sent.get("words"),
            file: (name, bytes),
        },
        "up" => DisputeMove::GoUp,
        "end" => DisputeMove::End {
            amounts: amounts(visit, &before, &mut reading),
            why: sent.get("why"),
        },
        _ => return Err(Trouble::NotFound),
    };
    if reading.faults.is_empty() {
        match web.app.move_dispute(actor, id, None, &it) {
            Ok(()) => return Ok(shell::see_other(&format!("{}?saved=1", at(id)))),
            Err(app::Error::Invalid(errors)) => {
                for error in errors {
                    let field = match error.field {
                        "what" => "words".to_owned(),
                        "amounts" => amount_field(0),
                        "dispute" | "on" => "why".to_owned(),
                        other => other.to_owned(),
                    };
                    reading.fault(&field, words::sentence(&error.text));
                }
            }
            Err(app::Error::Refused(refusal)) => {
                reading.fault("why", words::sentence(&refusal.to_string()));
            }
            Err(other) => return Err(other.into()),
        }
    }
    shell::ok(&drawn(web, visit, actor, &before, reading))
}

fn amount_field(number: usize) -> String {
    format!("amount-{number}")
}

/// What each partner pays more or has back; an empty box is nothing.
fn amounts(visit: &Visit, page: &DisputePage, reading: &mut Reading) -> BTreeMap<String, Pence> {
    let mut all = BTreeMap::new();
    for (number, (key, _)) in page.partners.iter().enumerate() {
        let field = amount_field(number);
        match visit.form.given(&field).map(str::parse::<Pence>) {
            None => {}
            Some(Ok(amount)) => {
                all.insert(key.to_string(), amount);
            }
            Some(Err(why)) => reading.fault(&field, words::sentence(&why.to_string())),
        }
    }
    all
}

fn facts(page: &DisputePage) -> Vec<(&'static str, String)> {
    let mut facts = vec![
        ("Raised by", page.sides.0.clone()),
        ("With", page.sides.1.clone()),
        ("Over", page.row.amount.to_string()),
        ("Raised on", words::date(page.row.on)),
        (
            "Under",
            format!("version {} of the agreement", page.row.agreement),
        ),
    ];
    if let (None, Some(due)) = (&page.dispute.outcome, page.dispute.due()) {
        facts.push(("This stage ends", words::date(due)));
    }
    facts
}

fn stages(page: &DisputePage) -> SheetPart {
    let rows = page
        .stages
        .iter()
        .enumerate()
        .map(|(number, stage)| {
            let begun = page.dispute.begun.get(number);
            let (from, to) = match begun {
                Some(begun) => (words::date(begun.on), words::date(begun.last)),
                None => ("Not begun".to_owned(), "Not begun".to_owned()),
            };
            vec![
                Cell::text(words::sentence(&stage.name)).with_under(stage.who.clone()),
                Cell::text(from),
                Cell::text(to),
            ]
        })
        .collect();
    SheetPart {
        title: "Stages".to_owned(),
        table: Some(Table {
            caption: "The stages of the agreement".to_owned(),
            heads: vec!["Stage", "Began", "Last day"],
            rows,
        }),
        ..SheetPart::default()
    }
}

fn evidence_part(page: &DisputePage) -> SheetPart {
    let name = |key: &::fund::agreement::PartnerKey| {
        let found = page.partners.iter().find(|(one, _)| one == key);
        found.map_or_else(|| key.to_string(), |(_, name)| name.clone())
    };
    let rows: Vec<Vec<Cell>> = page
        .shown
        .iter()
        .map(|one| {
            let href = format!("{}/evidence/{}", at(page.row.id), one.file);
            vec![
                Cell {
                    hidden: "as it came".to_owned(),
                    ..Cell::link(href, one.evidence.what.clone())
                },
                Cell::text(name(&one.evidence.by)).with_under(words::date(one.evidence.on)),
                Cell::text(months::in_groups(&one.evidence.sha256)),
            ]
        })
        .collect();
    SheetPart {
        title: "Evidence".to_owned(),
        lines: match rows.is_empty() {
            true => vec!["Neither side has shown any.".to_owned()],
            false => {
                vec!["A file is kept as it came. Its hash shows that nobody changed it.".to_owned()]
            }
        },
        table: (!rows.is_empty()).then(|| Table {
            caption: "What the sides have shown".to_owned(),
            heads: vec!["What", "By", "Hash (SHA-256)"],
            rows,
        }),
        ..SheetPart::default()
    }
}

fn outcome(page: &DisputePage) -> Option<SheetPart> {
    let outcome = page.dispute.outcome.as_ref()?;
    let rows: Vec<Vec<Cell>> = page
        .partners
        .iter()
        .filter_map(|(key, name)| {
            let amount = outcome.amounts.get(key)?;
            Some(vec![Cell::text(name.clone()), money::SHARE.cell(*amount)])
        })
        .collect();
    let count = page.transfers.len();
    Some(SheetPart {
        title: "Outcome".to_owned(),
        lines: vec![
            format!("Ended on {}.", words::date(outcome.on)),
            outcome.why.clone(),
        ],
        table: (!rows.is_empty()).then(|| Table {
            caption: "What each partner pays or has back".to_owned(),
            heads: vec!["Partner", "Amount"],
            rows,
        }),
        links: page
            .transfers
            .iter()
            .enumerate()
            .map(|(number, id)| {
                Link::new(
                    names::transfer(*id),
                    format!("Its transfer {} of {count}", number + 1),
                )
            })
            .collect(),
        ..SheetPart::default()
    })
}

fn show_part(visit: &Visit, page: &DisputePage, reading: &Reading) -> SheetPart {
    let sent = &visit.form;
    let row = &page.row;
    let sides = [
        (row.by.to_string(), page.sides.0.clone()),
        (row.with.to_string(), page.sides.1.clone()),
    ];
    SheetPart {
        title: "Show evidence".to_owned(),
        form: Some(SheetForm {
            action: at(row.id),
            hidden: vec![("what", "show".to_owned())],
            fields: vec![
                sheet::select(
                    reading,
                    "by",
                    ("Who shows it?", ""),
                    choices(&sides, sent.get("by")),
                ),
                sheet::line(
                    reading,
                    "words",
                    ("What is it?", "Name no person"),
                    sent.get("words"),
                ),
            ],
            button: "Keep the evidence",
            file: Some(FileBox {
                name: "file",
                label: "The file",
                hint: "Any kind, up to 8 MB",
                accept: "*/*",
                error: reading.of("file"),
            }),
        }),
        ..SheetPart::default()
    }
}

fn up_part(page: &DisputePage) -> Option<SheetPart> {
    let next = page.stages.get(page.dispute.stage() + 1)?;
    Some(SheetPart {
        title: "Take it to the next stage".to_owned(),
        lines: vec![format!("Next is {}, by {}.", next.name, next.who)],
        form: Some(SheetForm {
            action: at(page.row.id),
            hidden: vec![("what", "up".to_owned())],
            fields: Vec::new(),
            button: "Take it up",
            file: None,
        }),
        ..SheetPart::default()
    })
}

fn end_part(visit: &Visit, page: &DisputePage, reading: &Reading) -> SheetPart {
    let sent = &visit.form;
    let mut fields: Vec<Field> = Vec::new();
    for (number, (_, name)) in page.partners.iter().enumerate() {
        let field = amount_field(number);
        let label = format!("{name} pays more, in pounds");
        fields.push(sheet::line(
            reading,
            &field,
            (
                &label,
                "With a minus where it has money back; empty for nothing",
            ),
            sent.get(&field),
        ));
    }
    fields.push(sheet::area(
        reading,
        "why",
        ("What was decided, and why?", "Name no person"),
        sent.get("why"),
    ));
    SheetPart {
        title: "End it".to_owned(),
        lines: vec![
            "What the partners pay and have back makes nothing together. It is posted to the books at once, \
             all or none."
                .to_owned(),
        ],
        form: Some(SheetForm {
            action: at(page.row.id),
            hidden: vec![("what", "end".to_owned())],
            fields,
            button: "End the dispute",
            file: None,
        }),
        ..SheetPart::default()
    }
}

fn drawn(web: &Web, visit: &Visit, actor: &Actor, page: &DisputePage, reading: Reading) -> Sheet {
    let shell = Shell::new(web, visit, page.row.about.clone(), Section::Fund);
    let mut sheet = Sheet::new(shell.with_faults(!reading.faults.is_empty()));
    sheet.back = address(&page.row.fund, "/disputes");
    sheet.back_words = "Back to the disputes";
    sheet.caption = "Dispute".to_owned();
    sheet.saved = match visit.query.get("saved") {
        "raised" => "The dispute is raised",
        "1" => "Saved",
        _ => "",
    };
    sheet.tags.push(stands(page));
    sheet.parts.push(SheetPart {
        facts: facts(page),
        ..SheetPart::default()
    });
    sheet.parts.extend(outcome(page));
    sheet.parts.push(stages(page));
    sheet.parts.push(evidence_part(page));
    let open = page.dispute.outcome.is_none();
    if open && access::decide(actor, Action::PostLedger).is_ok() {
        sheet.parts.push(show_part(visit, page, &reading));
        sheet.parts.extend(up_part(page));
        sheet.parts.push(end_part(visit, page, &reading));
    }
    sheet.faults = reading.faults;
    sheet
}
