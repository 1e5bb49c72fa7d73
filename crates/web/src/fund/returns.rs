//! The return of a fund: what is missing, its cells with what is behind each, and what was sent.

use super::{address, effect, money, months, names, pool};
use crate::components::{Choice, Tag};
use crate::door::Visit;
use crate::form::{Reading, escape};
use crate::routes::Outcome;
use crate::sheet::{self, Cell, Filters, Link, Sheet, SheetForm, SheetPart, Table, Task};
use crate::shell::{self, Section, Shell};
use crate::trouble::Trouble;
use crate::{Web, words};
use ::fund::ledger::{Code, Name};
use ::fund::returns::{
    Behind, Cell as Figure, Column, Gap, GapKind, Sheet as Part, Source, Span, Value,
};
use access::{Action, Actor};
use app::fund::{FundReturn, MEANWHILE, SentReturn};
use axum::http::{HeaderValue, header};
use kernel::{Month, Pence};
use std::collections::BTreeMap;

/// The address of the return of a period.
fn at(fund: &Code, part: &str, span: Span) -> String {
    address(fund, &format!("/returns{part}?period={span}"))
}

/// The period of the address; without one, the quarter that was over last.
fn span(web: &Web, visit: &Visit) -> Result<Span, Trouble> {
    match visit.query.given("period") {
        None => Ok(Span::before(Month::of(web.app.today()))),
        Some(text) => text.parse().map_err(|_| Trouble::NotFound),
    }
}

pub(super) fn page(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let fund = pool::code(visit, actor)?;
    let span = span(web, visit)?;
    let shell = Shell::new(web, visit, "Better Care Fund return", Section::Fund);
    let mut sheet = Sheet::new(shell);
    sheet.back = address(&fund, "");
    sheet.back_words = super::BACK;
    sheet.caption = span.in_words();
    sheet.filters = Some(periods(web, &fund, span));
    sheet.saved = match visit.query.get("saved") {
        "same" => "Nothing has changed since it was last sent. No new version was made",
        "1" => "The return is frozen as sent",
        _ => "",
    };
    match web.app.fund_return(actor, &fund, span) {
        Ok(made) => drawn(&mut sheet, actor, &fund, &made),
        Err(app::Error::NotFound(_)) => sheet.intro.push(
            "No agreement of this fund holds on the last day of this period, so that there is nothing to \
             hold its figures against."
                .to_owned(),
        ),
        Err(app::Error::Invalid(errors)) => sheet
            .intro
            .extend(errors.into_iter().map(|error| words::sentence(&error.text))),
        Err(other) => return Err(other.into()),
    }
    shell::ok(&sheet)
}

/// The quarters and the ends of this year and the one before.
fn periods(web: &Web, fund: &Code, chosen: Span) -> Filters {
    let year = Month::of(web.app.today()).financial_year();
    let mut choices = Vec::new();
    let selected = chosen.to_string();
    for year in [year, year - 1] {
        let quarters = (1..=4).filter_map(|number| Span::quarter(year, number).ok());
        for one in quarters.chain(std::iter::once(Span::of_year(year))) {
            choices.push(Choice::new(one.to_string(), one.short(), &selected));
        }
    }
    let reading = Reading::default();
    let label = ("Period", "A quarter, or the year's end");
    Filters {
        action: address(fund, "/returns"),
        fields: vec![sheet::select(&reading, "period", label, choices)],
    }
}

fn drawn(sheet: &mut Sheet, actor: &Actor, fund: &Code, made: &FundReturn) {
    let figures = &made.figures;
    sheet.tags.push(state(made));
    sheet.intro.push(
        "Worked out from the books whenever you open it. Every amount leads to the accounts and months that \
         make it. See to what is missing, then freeze what you send."
            .to_owned(),
    );
    sheet.links = [
        ("xlsx", "Workbook (.xlsx)"),
        ("csv", "Table (.csv)"),
        ("lineage", "What is behind each cell (.csv)"),
    ]
    .map(|(kind, text)| {
        Link::new(
            format!("{}&kind={kind}", at(fund, "/file", figures.span)),
            text,
        )
    })
    .into();
    sheet.parts.push(missing(fund, &figures.gaps));
    for part in Part::ALL {
        sheet.parts.extend(table(fund, made, *part));
    }
    sheet.parts.push(sent_part(fund, made));
    if access::decide(actor, Action::PostLedger).is_ok() {
        sheet.parts.push(freeze_part(fund, made));
    }
}

fn state(made: &FundReturn) -> Tag {
    match made.sent.first() {
        None => Tag::new("Not sent yet", "white"),
        Some(sent) if sent.hash == made.hash => Tag::new("Sent, nothing has changed", "blue"),
        Some(_) => Tag::new("Changed since it was sent", "purple"),
    }
}

/// One thing that is missing, and where it is put right.
fn task(fund: &Code, gap: &Gap) -> Task {
    let href = match gap.kind {
        GapKind::MonthOpen => "/fund/months".to_owned(),
        GapKind::NoPlan | GapKind::Condition => address(fund, "/plan"),
        GapKind::Contribution | GapKind::SourceNotSaid | GapKind::NothingSpent => address(fund, ""),
        GapKind::Outside => address(fund, "/books"),
        GapKind::Suspense => format!(
            "/fund/account/{}",
            escape(&format!("liabilities:suspense:{fund}"))
        ),
        GapKind::NoFigure => address(fund, "/effect"),
    };
    Task {
        title: words::sentence(&gap.text),
        href,
        hints: match gap.why.is_empty() {
            true => Vec::new(),
            false => vec![words::sentence(&gap.why)],
        },
        state: Tag::new("Open", "blue"),
        done: false,
    }
}

fn missing(fund: &Code, gaps: &[Gap]) -> SheetPart {
    SheetPart {
        title: "To see to before it is sent".to_owned(),
        lines: match gaps.is_empty() {
            true => vec!["Nothing is missing.".to_owned()],
            false => Vec::new(),
        },
        tasks: gaps.iter().map(|gap| task(fund, gap)).collect(),
        ..SheetPart::default()
    }
}

/// The columns of a sheet that any of its rows has.
fn columns(cells: &[&Figure]) -> Vec<Column> {
    let has = |column: &&Column| cells.iter().any(|cell| cell.column == **column);
    Column::ALL.iter().filter(has).copied().collect()
}

fn table(fund: &Code, made: &FundReturn, part: Part) -> Option<SheetPart> {
    let cells: Vec<&Figure> = made
        .figures
        .cells
        .iter()
        .filter(|cell| cell.sheet == part)
        .collect();
    let columns = columns(&cells);
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    let mut last = "";
    for cell in &cells {
        // The cells of a row follow each other.
        if last != cell.row || rows.is_empty() {
            last = &cell.row;
            let mut row = vec![Cell::text(cell.title.clone())];
            let numbers = !matches!(part, Part::Cover | Part::Conditions);
            row.extend(columns.iter().map(|_| {
                if numbers {
                    Cell::number("–")
                } else {
                    Cell::text("–")
                }
            }));
            rows.push(row);
        }
        let at = columns.iter().position(|column| *column == cell.column);
        let place = at.and_then(|at| rows.last_mut()?.get_mut(at + 1));
        if let Some(place) = place {
            *place = shown(fund, made, cell);
        }
    }
    let mut heads = vec!["What"];
    heads.extend(columns.iter().map(|column| column.as_str()));
    (!rows.is_empty()).then(|| SheetPart {
        title: part.as_str().to_owned(),
        table: Some(Table {
            caption: format!("{}, {}", part.as_str(), made.figures.span.in_words()),
            heads,
            rows,
        }),
        ..SheetPart::default()
    })
}

/// A cell as it is shown: an amount leads to what is behind it.
fn shown(fund: &Code, made: &FundReturn, cell: &Figure) -> Cell {
    let href = format!(
        "{}&cell={}",
        at(fund, "/behind", made.figures.span),
        escape(&cell.key())
    );
    let hidden = format!(
        "{}, {}: what is behind it",
        cell.title,
        cell.column.as_str()
    );
    match &cell.value {
        Value::Money(amount) => {
            let sides = (cell.column == Column::Variance).then_some(&money::VARIANCE);
            let link = money::link(href, *amount, hidden);
            match sides {
                Some(sides) => link.with_under(sides.of(*amount)),
                None => link,
            }
        }
        Value::Figure(figure) => Cell::number_link(href, figure.to_string(), hidden),
        Value::Text(text) if cell.sheet == Part::Metrics => Cell::number(text.clone()),
        Value::Text(text) if cell.sheet == Part::Income => Cell::number(words::sentence(text)),
        Value::Text(text) => Cell::text(words::sentence(text)),
        Value::Missing => Cell::number("No figure"),
    }
}

fn sent_part(fund: &Code, made: &FundReturn) -> SheetPart {
    let rows: Vec<Vec<Cell>> = made
        .sent
        .iter()
        .map(|one| {
            let href = format!(
                "{}&number={}",
                at(fund, "/sent", made.figures.span),
                one.number
            );
            vec![
                Cell::link(href, format!("Version {}", one.number)),
                Cell::text(words::date_time(one.sent.0)).with_under(one.sent.1.clone()),
                Cell::number(words::count(one.gaps)),
                Cell::text(months::in_groups(&one.hash)),
            ]
        })
        .collect();
    let mut lines = Vec::new();
    if rows.is_empty() {
        lines.push("It has not been sent.".to_owned());
    }
    if !made.changes.is_empty() {
        lines.push("Different from the latest that was sent:".to_owned());
    }
    SheetPart {
        title: "Sent".to_owned(),
        lines,
        points: made.changes.clone(),
        table: (!rows.is_empty()).then(|| Table {
            caption: "Versions, latest first".to_owned(),
            heads: vec![
                "Version",
                "When and by whom",
                "Missing then",
                "Hash (SHA-256)",
            ],
            rows,
        }),
        ..SheetPart::default()
    }
}

fn freeze_part(fund: &Code, made: &FundReturn) -> SheetPart {
    SheetPart {
        title: "Freeze what you send".to_owned(),
        lines: vec![
            "The cells and what is behind them are kept as they are, with their hash. If anything changes \
             later, a new version says what."
                .to_owned(),
        ],
        form: Some(SheetForm {
            action: address(fund, "/returns"),
            hidden: vec![
                ("period", made.figures.span.to_string()),
                ("hash", made.hash.clone()),
            ],
            fields: Vec::new(),
            button: "Freeze as sent",
            file: None,
        }),
        ..SheetPart::default()
    }
}

pub(super) fn send(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    access::decide(actor, Action::PostLedger).map_err(app::Error::from)?;
    let fund = pool::code(visit, actor)?;
    let sent = &visit.form;
    let span: Span = sent.parsed("period").ok_or(Trouble::NotFound)?;
    let back = at(&fund, "", span);
    let stale = |back: String, who: String, what: String| {
        Err(Trouble::Stale {
            who,
            what,
            back,
            typed: Vec::new(),
        })
    };
    match web
        .app
        .send_fund_return(actor, (&fund, span), sent.get("hash"))
    {
        Ok(SentReturn::Kept(_)) => Ok(shell::see_other(&format!("{back}&saved=1"))),
        Ok(SentReturn::Same(_)) => Ok(shell::see_other(&format!("{back}&saved=same"))),
        Ok(SentReturn::Meanwhile) => stale(back, "Somebody".to_owned(), MEANWHILE.to_owned()),
        Err(app::Error::Stale { who, what }) => stale(back, who, what),
        Err(other) => Err(other.into()),
    }
}

/// What an account in a month makes of a cell, people's added up.
type Sums = BTreeMap<(Name, Month), (Pence, usize)>;

fn sums(sources: &[Source<'_>]) -> Sums {
    let mut sums = Sums::new();
    for one in sources {
        let mut name = one.account.clone();
        let people = usize::from(name.of.person.take().is_some());
        let sum = sums.entry((name, one.month)).or_default();
        *sum = (sum.0 + one.amount, sum.1 + people);
    }
    sums
}

pub(super) fn behind(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let fund = pool::code(visit, actor)?;
    let span = span(web, visit)?;
    let made = web.app.fund_return(actor, &fund, span)?;
    let figures = &made.figures;
    let cell = figures
        .cell(visit.query.get("cell"))
        .ok_or(Trouble::NotFound)?;
    let title = format!(
        "{}: {}",
        cell.title,
        words::lower_first(cell.column.as_str())
    );
    let mut sheet = Sheet::new(Shell::new(web, visit, title, Section::Fund));
    sheet.back = at(&fund, "", span);
    sheet.back_words = "Back to the return";
    sheet.caption = span.in_words();
    sheet.intro.push(match &cell.value {
        Value::Money(amount) => format!("{amount}."),
        Value::Figure(figure) => format!("{figure}."),
        Value::Text(text) => words::sentence(text),
        Value::Missing => "There is no figure.".to_owned(),
    });
    match &cell.behind {
        Behind::Nothing => {}
        Behind::Agreement(number, what) => {
            sheet
                .intro
                .push(format!("By version {number} of the agreement: {what}."));
            let href = address(&fund, "/agreement");
            sheet.links.push(Link::new(href, "The agreement in words"));
        }
        Behind::Plan(number, what) => {
            sheet
                .intro
                .push(format!("By version {number} of the plan: {what}."));
            let href = address(&fund, &format!("/plan?version={number}"));
            sheet
                .links
                .push(Link::new(href, "The plan and its conditions"));
        }
        Behind::Figure(month, number, source, counted) => {
            let how = if counted.is_some() {
                "Counted"
            } else {
                "Typed"
            };
            sheet.intro.push(format!(
                "The figure of {}, number {number}. {how}: {source}.",
                month.in_words()
            ));
            let counted = counted.iter();
            sheet.links.extend(counted.map(|from| {
                Link::new(
                    effect::counted_from(from),
                    "The return that it was counted from",
                )
            }));
        }
        Behind::Cells(keys) => sheet.parts.push(other_cells(&fund, &made, keys)),
        Behind::Ledger(_) => {}
    }
    let sources = figures.sources(cell);
    if !sources.is_empty() {
        sheet.parts.push(accounts(&sums(&sources)));
    }
    shell::ok(&sheet)
}

fn other_cells(fund: &Code, made: &FundReturn, keys: &[String]) -> SheetPart {
    let cells = keys.iter().filter_map(|key| made.figures.cell(key));
    let rows: Vec<Vec<Cell>> = cells
        .map(|cell| {
            vec![
                Cell::text(cell.title.clone()),
                Cell::text(cell.column.as_str()),
                shown(fund, made, cell),
            ]
        })
        .collect();
    SheetPart {
        title: "Worked out from other cells".to_owned(),
        table: (!rows.is_empty()).then(|| Table {
            caption: "The cells it is worked out from".to_owned(),
            heads: vec!["What", "Column", "Value"],
            rows,
        }),
        ..SheetPart::default()
    }
}

/// Accounts and months, each leading to its postings. A person's leads nowhere: whoever may see them
/// opens the person's record.
fn accounts(sums: &Sums) -> SheetPart {
    let rows = sums
        .iter()
        .map(|((name, month), (amount, people))| {
            let account = Cell::text(names::of(name)).with_under(name.to_string());
            let amount = match people {
                0 => {
                    let href = format!("{}?month={month}#postings", names::account(name));
                    let hidden = format!("{} in {}: postings", names::of(name), month.in_words());
                    money::link(href, *amount, hidden)
                }
                people => {
                    let many = i64::try_from(*people).unwrap_or(i64::MAX);
                    let under = format!("{} added up", words::counted(many, "person's account"));
                    money::cell(*amount).with_under(under)
                }
            };
            vec![account, Cell::text(month.in_words()), amount]
        })
        .collect();
    let sum: Pence = sums.values().map(|(amount, _)| *amount).sum();
    SheetPart {
        title: "Accounts and months".to_owned(),
        lines: vec![format!(
            "Together {sum}. Each amount leads to its postings."
        )],
        table: Some(Table {
            caption: "What the ledger has behind it".to_owned(),
            heads: vec!["Account", "Month", "Amount"],
            rows,
        }),
        ..SheetPart::default()
    }
}

pub(super) fn sent(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let fund = pool::code(visit, actor)?;
    let span = span(web, visit)?;
    let number = visit.query.parsed("number").unwrap_or(0);
    let one = web.app.sent_fund_return(actor, (&fund, span), number)?;
    let title = format!("Version {number} as sent");
    let mut sheet = Sheet::new(Shell::new(web, visit, title, Section::Fund));
    sheet.back = at(&fund, "", span);
    sheet.back_words = "Back to the return";
    sheet.caption = span.in_words();
    sheet.parts.push(SheetPart {
        facts: vec![
            ("Sent", words::date_time(one.sent.0)),
            ("By", one.sent.1.clone()),
            ("Missing then", words::count(one.gaps)),
            ("Hash (SHA-256)", months::in_groups(&one.hash)),
        ],
        ..SheetPart::default()
    });
    if !one.changes.is_empty() {
        sheet.parts.push(SheetPart {
            title: "What was different from the version before".to_owned(),
            points: one.changes.lines().map(str::to_owned).collect(),
            ..SheetPart::default()
        });
    }
    let base = format!("{}&number={number}", at(&fund, "/file", span));
    sheet.links = vec![
        Link::new(format!("{base}&kind=csv"), "Table as sent (.csv)"),
        Link::new(
            format!("{base}&kind=lineage"),
            "What was behind each cell (.csv)",
        ),
    ];
    shell::ok(&sheet)
}

pub(super) fn file(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let fund = pool::code(visit, actor)?;
    let span = span(web, visit)?;
    let number: Option<i64> = visit.query.parsed("number");
    let kind = visit.query.get("kind");
    let (content, lineage, book) = match number {
        Some(number) => {
            let one = web.app.sent_fund_return(actor, (&fund, span), number)?;
            (one.content, one.lineage, None)
        }
        None => {
            let made = web.app.fund_return(actor, &fund, span)?;
            let book = (kind == "xlsx").then(|| made.workbook()).transpose()?;
            (made.content, made.lineage, book)
        }
    };
    const CSV: &str = "text/csv; charset=utf-8";
    const BOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let (bytes, mime, end) = match (kind, book) {
        ("xlsx", Some(book)) => (book, BOOK, ".xlsx"),
        ("csv", _) => (content.into_bytes(), CSV, ".csv"),
        ("lineage", _) => (lineage.into_bytes(), CSV, "-lineage.csv"),
        _ => return Err(Trouble::NotFound),
    };
    let version = number.map_or_else(String::new, |number| format!("-version-{number}"));
    let mut response = shell::raw(mime, bytes);
    let name = format!("attachment; filename=\"{fund}-{span}{version}{end}\"");
    if let Ok(value) = HeaderValue::from_str(&name) {
        response
            .headers_mut()
            .insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}
