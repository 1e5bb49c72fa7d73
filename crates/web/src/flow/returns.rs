//! Returns: which there are, one as it is counted now with what to work off, the people behind a
//! cell, and what was sent.

use super::services::check;
use super::sheet::{self, Cell, Filters, Link, Sheet, SheetForm, SheetPart, Table};
use crate::components::{Choice, Pagination, Tag};
use crate::door::Visit;
use crate::form::{Fields, Reading, escape};
use crate::routes::Outcome;
use crate::shell::{self, Section, Shell};
use crate::trouble::Trouble;
use crate::{Web, words};
use access::{Action, Actor, Bases};
use app::flow::figures::{Figures, Frozen, ReturnKind, ReturnPage};
use store::return_version::{Behind, Version};

/// People on one page.
const A_PAGE: usize = 50;
/// What a return is for unless something else is chosen.
const USUAL: &str = "official return";

fn kind(visit: &Visit, actor: &Actor) -> Result<ReturnKind, Trouble> {
    access::decide(actor, Action::MakeReturn).map_err(app::Error::from)?;
    ReturnKind::parse(visit.param("what")).ok_or(Trouble::NotFound)
}

fn purpose(fields: &Fields) -> &str {
    fields.given("purpose").unwrap_or(USUAL)
}

/// The address of a return with its period and purpose.
fn address(kind: ReturnKind, part: &str, period: &str, purpose: &str) -> String {
    format!(
        "/flow/returns/{kind}{part}?period={}&purpose={}",
        escape(period),
        escape(purpose)
    )
}

pub(super) fn list(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    access::decide(actor, Action::MakeReturn).map_err(app::Error::from)?;
    let today = web.app.today();
    let rows = ReturnKind::ALL
        .iter()
        .map(|kind| {
            let period = kind.usual_period(today);
            vec![
                Cell::link(address(*kind, "", &period, USUAL), kind.in_words()),
                Cell::text(period),
            ]
        })
        .collect();
    let mut sheet = Sheet::new(Shell::new(web, visit, "Returns", Section::Returns));
    let intro = "Counted from the stays and services in this place whenever you open them. Work off what \
                 is missing, then freeze what you send.";
    sheet.intro.push(intro.to_owned());
    sheet.parts.push(SheetPart {
        table: Some(Table {
            caption: "Returns".to_owned(),
            heads: vec!["Return", "Latest period"],
            rows,
        }),
        ..SheetPart::default()
    });
    shell::ok(&sheet)
}

pub(super) fn page(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let kind = kind(visit, actor)?;
    let usual = kind.usual_period(web.app.today());
    let period = visit.query.given("period").unwrap_or(&usual);
    let mut reading = Reading::default();
    match web
        .app
        .return_page(actor, kind, period, purpose(&visit.query))
    {
        Ok(page) => shell::ok(&drawn(web, visit, actor, kind, Some(&page), reading)),
        Err(app::Error::Invalid(errors)) => {
            for error in errors {
                reading.fault(error.field, error.text);
            }
            shell::ok(&drawn(web, visit, actor, kind, None, reading))
        }
        Err(app::Error::Policy(text)) => {
            reading.fault("period", text);
            shell::ok(&drawn(web, visit, actor, kind, None, reading))
        }
        Err(other) => Err(other.into()),
    }
}

pub(super) fn freeze(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let kind = kind(visit, actor)?;
    let sent = &visit.form;
    let (period, purpose) = (sent.get("period"), purpose(sent));
    let back = address(kind, "", period, purpose);
    match web
        .app
        .freeze_return(actor, kind, period, purpose, sent.get("hash"))
    {
        Ok(Frozen::Kept(number)) => {
            let to = address(kind, "/sent", period, purpose);
            Ok(shell::see_other(&format!("{to}&number={number}&saved=1")))
        }
        Ok(Frozen::Same(_)) => Ok(shell::see_other(&format!("{back}&saved=same"))),
        Err(app::Error::Stale { who, what }) => Err(Trouble::Stale {
            who,
            what,
            back,
            typed: Vec::new(),
        }),
        Err(other) => Err(other.into()),
    }
}

fn may_open(actor: &Actor) -> bool {
    access::decide(actor, Action::SeeStay).is_ok()
}

fn drawn(
    web: &Web,
    visit: &Visit,
    actor: &Actor,
    kind: ReturnKind,
    page: Option<&ReturnPage>,
    reading: Reading,
) -> Sheet {
    let shell = Shell::new(web, visit, kind.in_words(), Section::Returns)
        .with_faults(!reading.faults.is_empty());
    let mut sheet = Sheet::new(shell);
    sheet.back = "/flow/returns".to_owned();
    sheet.back_words = "Back to the returns";
    sheet.saved = match visit.query.get("saved") {
        "same" => "Nothing has changed since it was last sent. No new version was made",
        _ => "",
    };
    sheet.filters = Some(filters(web, visit, kind, &reading));
    if let Some(page) = page {
        let figures = &page.figures;
        if figures.to_send {
            sheet.tags.push(state(page));
        }
        sheet.intro = check(&figures.rests_on);
        if !figures.complete {
            sheet.intro.push("This period is not over.".to_owned());
        }
        if !figures.to_send {
            sheet.intro.push(TO_WORK_WITH.to_owned());
        }
        sheet.parts.push(quality_part(figures, actor));
        sheet.parts.push(cells_part(figures, actor));
        if figures.to_send {
            sheet.parts.push(sent_part(page));
            sheet.parts.push(freeze_part(page));
        }
    }
    sheet.faults = reading.faults;
    sheet
}

fn state(page: &ReturnPage) -> Tag {
    match page.sent.first() {
        None => Tag::new("Not sent yet", "white"),
        Some(sent) if sent.hash == page.hash => Tag::new("Sent, nothing has changed", "green"),
        Some(_) => Tag::new("Changed since it was sent", "yellow"),
    }
}

fn filters(web: &Web, visit: &Visit, kind: ReturnKind, reading: &Reading) -> Filters {
    let usual = kind.usual_period(web.app.today());
    let period = visit.query.given("period").unwrap_or(&usual);
    let chosen = purpose(&visit.query);
    let hint = words::sentence(kind.period_words());
    let purposes = Bases::builtin()
        .all()
        .filter(|one| one.beyond_care)
        .map(|one| Choice::new(one.purpose.clone(), words::sentence(&one.purpose), chosen))
        .collect();
    Filters {
        action: format!("/flow/returns/{kind}"),
        fields: vec![
            sheet::line(reading, "period", ("Period", &hint), period),
            sheet::select(reading, "purpose", ("What it is for", ""), purposes),
        ],
    }
}

const TO_WORK_WITH: &str = "These figures are to work with: open what is behind them and put it right. \
     They leave out records that are kept apart. The return is sent by somebody who sees figures \
     only, and counts everybody.";

fn quality_part(figures: &Figures, actor: &Actor) -> SheetPart {
    let rows: Vec<Vec<Cell>> = figures
        .quality
        .iter()
        .map(|one| {
            let said = format!("{} {}", one.ids.len(), one.what);
            let href = format!(
                "{}&missing={}",
                address(figures.kind, "/people", &figures.period, figures.purpose),
                escape(&one.what)
            );
            vec![match may_open(actor) {
                true => Cell::link(href, said),
                false => Cell::text(said),
            }]
        })
        .collect();
    SheetPart {
        title: "To work off before it is sent".to_owned(),
        lines: match rows.is_empty() {
            true => vec!["Nothing is missing.".to_owned()],
            false => Vec::new(),
        },
        table: (!rows.is_empty()).then(|| Table {
            caption: "What is missing".to_owned(),
            heads: vec!["What is missing"],
            rows,
        }),
        ..SheetPart::default()
    }
}

fn cells_part(figures: &Figures, actor: &Actor) -> SheetPart {
    let people = address(figures.kind, "/people", &figures.period, figures.purpose);
    let rows: Vec<Vec<Cell>> = figures
        .cells
        .iter()
        .map(|cell| {
            let href = format!(
                "{people}&whose={}&measure={}",
                escape(&cell.group),
                escape(&cell.measure)
            );
            let value = match may_open(actor) && !cell.ids.is_empty() {
                true => Cell {
                    hidden: format!("{}, {}: people behind it", cell.group, cell.measure),
                    ..Cell::link(href, cell.value.clone())
                },
                false => Cell::text(cell.value.clone()),
            };
            vec![
                Cell::text(words::sentence(&cell.group)),
                Cell::text(cell.measure.clone()),
                value,
            ]
        })
        .collect();
    SheetPart {
        title: format!("As counted now, {}", figures.period),
        lines: match rows.is_empty() {
            true => vec!["No data: nothing counts in this period.".to_owned()],
            false => Vec::new(),
        },
        table: (!rows.is_empty()).then(|| Table {
            caption: "The return".to_owned(),
            heads: vec!["Whose", "Measure", "Value"],
            rows,
        }),
        ..SheetPart::default()
    }
}

fn sent_part(page: &ReturnPage) -> SheetPart {
    let figures = &page.figures;
    let rows: Vec<Vec<Cell>> = page
        .sent
        .iter()
        .map(|one| {
            let to = address(figures.kind, "/sent", &one.period, &one.purpose);
            vec![
                Cell::link(
                    format!("{to}&number={}", one.number),
                    format!("Version {}", one.number),
                ),
                Cell::text(words::date_time(one.made_at)),
                Cell::text(one.made_by.clone()).with_under(one.organisation.clone()),
            ]
        })
        .collect();
    let mut lines = Vec::new();
    if rows.is_empty() {
        lines.push("It has not been sent.".to_owned());
    }
    if !page.changes.is_empty() {
        lines.push("Different from the latest that was sent:".to_owned());
        lines.extend(page.changes.iter().cloned());
    }
    SheetPart {
        title: "Sent".to_owned(),
        lines,
        table: (!rows.is_empty()).then(|| Table {
            caption: "Versions, latest first".to_owned(),
            heads: vec!["Version", "When", "Who"],
            rows,
        }),
        ..SheetPart::default()
    }
}

fn freeze_part(page: &ReturnPage) -> SheetPart {
    let figures = &page.figures;
    SheetPart {
        title: "Freeze what you send".to_owned(),
        lines: vec![
            "The figures above are kept as they are, with their hash. If anything changes later, \
             a new version says what."
                .to_owned(),
        ],
        form: Some(SheetForm {
            action: format!("/flow/returns/{}", figures.kind),
            hidden: vec![
                ("period", figures.period.clone()),
                ("purpose", figures.purpose.to_owned()),
                ("hash", page.hash.clone()),
            ],
            fields: Vec::new(),
            button: "Freeze as sent",
            file: None,
        }),
        ..SheetPart::default()
    }
}

/// A person with what is counted of them.
fn behind_row(one: &Behind) -> Vec<Cell> {
    let name = format!("{}, {}", one.family_name.to_uppercase(), one.given_name);
    let (href, what) = match one.thing.split_once(' ') {
        Some(("stay", id)) => (format!("/flow/stay/{id}"), "Stay in hospital"),
        Some((_, id)) => (format!("/person/service/{id}"), "Service"),
        None => (String::new(), ""),
    };
    let thing = Cell {
        hidden: format!("of {name}"),
        ..Cell::link(href, what)
    };
    vec![Cell::text(name), thing]
}

pub(super) fn people(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let kind = kind(visit, actor)?;
    access::decide(actor, Action::SeeStay).map_err(app::Error::from)?;
    let query = &visit.query;
    let (period, purpose) = (query.get("period"), purpose(query));
    let figures = web.app.figures(actor, kind, period, purpose)?;
    let missing = query.given("missing");
    let cell = match missing {
        Some(what) => Err(what),
        None => Ok((query.get("whose"), query.get("measure"))),
    };
    let (found, all) = web.app.behind_cell(actor, &figures, cell)?;
    let pages = found.len().div_ceil(A_PAGE).max(1);
    let page = query.page().min(pages);
    let shown = found.iter().skip((page - 1) * A_PAGE).take(A_PAGE);
    let rows: Vec<Vec<Cell>> = shown.map(behind_row).collect();
    let title = match missing {
        Some(what) => format!("{all} {what}"),
        None => format!("{}: {}", query.get("whose"), query.get("measure")),
    };
    let mut sheet = Sheet::new(Shell::new(
        web,
        visit,
        words::sentence(&title),
        Section::Returns,
    ));
    sheet.back = address(kind, "", period, purpose);
    sheet.back_words = "Back to the return";
    sheet.caption = format!("{}, {period}", kind.in_words());
    if found.len() < all {
        let said = "Only people whom you may see are shown.";
        sheet.intro.push(said.to_owned());
    }
    sheet.parts.push(SheetPart {
        table: (!rows.is_empty()).then(|| Table {
            caption: "People behind it".to_owned(),
            heads: vec!["Person", "What is counted"],
            rows,
        }),
        ..SheetPart::default()
    });
    let here = address(kind, "/people", period, purpose);
    let of = match missing {
        Some(what) => format!("&missing={}", escape(what)),
        None => format!(
            "&whose={}&measure={}",
            escape(query.get("whose")),
            escape(query.get("measure"))
        ),
    };
    sheet.pages = Pagination::new(page, pages, |number| format!("{here}{of}&page={number}"));
    shell::ok(&sheet)
}

pub(super) fn sent(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let kind = kind(visit, actor)?;
    let query = &visit.query;
    let number = query.parsed("number").unwrap_or(0);
    let (period, purpose) = (query.get("period"), purpose(query));
    let version = web.app.sent_return(actor, kind, period, purpose, number)?;
    shell::ok(&sent_sheet(web, visit, kind, &version))
}

/// A hash in groups of eight, so that it fits a narrow page.
fn in_groups(hash: &str) -> String {
    let letters: Vec<char> = hash.chars().collect();
    let groups = letters
        .chunks(8)
        .map(|group| group.iter().collect::<String>());
    groups.collect::<Vec<_>>().join(" ")
}

fn sent_sheet(web: &Web, visit: &Visit, kind: ReturnKind, version: &Version) -> Sheet {
    let title = format!("Version {} as sent", version.number);
    let mut sheet = Sheet::new(Shell::new(web, visit, title, Section::Returns));
    sheet.back = address(kind, "", &version.period, &version.purpose);
    sheet.back_words = "Back to the return";
    sheet.caption = format!("{}, {}", kind.in_words(), version.period);
    sheet.saved = match visit.query.get("saved") {
        "1" => "Frozen as sent",
        _ => "",
    };
    let changes: Vec<String> = version.changes.lines().map(str::to_owned).collect();
    sheet.parts.push(SheetPart {
        facts: vec![
            ("When", words::date_time(version.made_at)),
            (
                "Who",
                format!("{}, {}", version.made_by, version.organisation),
            ),
            ("What it is for", words::sentence(&version.purpose)),
            ("Hash (SHA-256)", in_groups(&version.hash)),
        ],
        ..SheetPart::default()
    });
    sheet.parts.push(SheetPart {
        title: "What is different from the version before".to_owned(),
        lines: match (version.number, changes.is_empty()) {
            (1, _) => vec!["This is the first version.".to_owned()],
            (_, true) => vec!["Nothing.".to_owned()],
            (_, false) => changes,
        },
        ..SheetPart::default()
    });
    let rows = flow::figures::parse(&version.content)
        .into_iter()
        .map(|cell| {
            vec![
                Cell::text(words::sentence(&cell.group)),
                Cell::text(cell.measure),
                Cell::text(cell.value),
            ]
        })
        .collect();
    sheet.parts.push(SheetPart {
        title: "Figures".to_owned(),
        table: Some(Table {
            caption: "The return as it was sent".to_owned(),
            heads: vec!["Whose", "Measure", "Value"],
            rows,
        }),
        links: vec![Link::new("/flow/returns", "All returns")],
        ..SheetPart::default()
    });
    sheet
}
