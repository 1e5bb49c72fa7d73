//! Cases whose time is limited: what is due, late, and whose; a person's cases; one case.

use super::clocks_start::owners;
use super::services::{check, name_of};
use super::sheet::{self, Cell, Filters, Link, Sheet, SheetForm, SheetPart, Table};
use crate::components::{Choice, Field, Pagination, Tag};
use crate::door::Visit;
use crate::form::{self, Reading};
use crate::person::who;
use crate::routes::Outcome;
use crate::shell::{self, Section, Shell};
use crate::trouble::Trouble;
use crate::{Web, words};
use access::{Action, Actor};
use app::flow::clocks::{CaseChange, CasePage, Clock};
use flow::clocks::{ALWAYS, CaseKind, Limit, State};
use kernel::{PersonId, StatutoryCaseId};
use store::organisation::Organisation;
use store::statutory_case::CaseFilter;

/// Cases on one page of the list.
const A_PAGE: usize = 50;

fn state_tag(state: State) -> Tag {
    let colour = match state {
        State::InTime => "green",
        State::DueToday => "yellow",
        State::Late => "red",
        State::NoLimit => "grey",
    };
    Tag::new(words::sentence(state.as_str()), colour)
}

/// "By the end of 29 May 2026", "By 10am on 3 May 2026".
fn due_in_words(clock: &Clock) -> String {
    match clock.due.limit {
        None => "No limit set".to_owned(),
        Some(Limit::EndOf(day)) => format!("By the end of {}", words::date(day)),
        Some(Limit::At(instant)) => format!("By {}", words::date_time(instant)),
    }
}

fn working_day(clock: &Clock) -> String {
    clock.due.last_working_day.map_or_else(String::new, |day| {
        format!(
            "Not a working day: the last one before is {}",
            words::date(day)
        )
    })
}

fn professional(clock: &Clock) -> String {
    match clock.line.case.professional.as_str() {
        "" => "Nobody is named".to_owned(),
        name => name.to_owned(),
    }
}

fn row(clock: &Clock, with_person: bool) -> Vec<Cell> {
    let line = &clock.line;
    let name = format!("{}, {}", line.family_name.to_uppercase(), line.given_name);
    let case = Cell {
        hidden: format!("of {name}"),
        ..Cell::link(
            format!("/flow/case/{}", line.case.id),
            line.case.kind.in_words(),
        )
    };
    let stands = match &line.case.closed {
        None => Cell::tag(state_tag(clock.state)),
        Some((at, outcome)) => Cell::tag(Tag::new("Closed", "grey")).with_under(format!(
            "{}, {}",
            words::sentence(outcome),
            words::date(words::day_of(*at))
        )),
    };
    let mut cells = vec![
        case,
        Cell::text(due_in_words(clock)).with_under(working_day(clock)),
        Cell::text(line.owner_name.clone()).with_under(professional(clock)),
        stands,
    ];
    if with_person {
        cells.insert(1, Cell::link(format!("/person/{}/cases", line.head), name));
    }
    cells
}

pub(super) fn list(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let query = &visit.query;
    let kind = query.given("kind").and_then(CaseKind::parse);
    let whose = query.get("whose");
    let filter = CaseFilter {
        kind,
        owner: whose.parse().ok(),
        person: None,
    };
    let found = web.app.clocks(actor, None, &filter)?;
    let state = query.given("state").and_then(State::parse);
    let count = |state: State| found.clocks.iter().filter(|one| one.state == state).count();
    let urgent_first = [State::Late, State::DueToday, State::InTime, State::NoLimit];
    let counts: Vec<String> = urgent_first
        .into_iter()
        .filter(|state| count(*state) > 0)
        .map(|state| format!("{} {state}", count(state)))
        .collect();
    let fits: Vec<&Clock> = found
        .clocks
        .iter()
        .zip(&found.own)
        .filter(|(clock, own)| {
            state.is_none_or(|state| clock.state == state) && (whose != "mine" || **own)
        })
        .map(|(clock, _)| clock)
        .collect();
    let pages = fits.len().div_ceil(A_PAGE).max(1);
    let page = query.page().min(pages);
    let shown = fits.iter().skip((page - 1) * A_PAGE).take(A_PAGE);
    let rows: Vec<Vec<Cell>> = shown.map(|clock| row(clock, true)).collect();
    let mut sheet = Sheet::new(Shell::new(web, visit, "Time limits", Section::Board));
    sheet.intro =
        vec![
        "Cases whose time the law or this place limits, of the people whom you may see. Late ones \
         come first."
            .to_owned(),
        match counts.is_empty() {
            true => "No case is open.".to_owned(),
            false => format!("Open: {}.", counts.join(", ").replace("no limit", "with no limit")),
        },
    ];
    sheet.filters = Some(filters(query, &found.clocks, &found.organisations));
    sheet.parts.push(SheetPart {
        lines: match rows.is_empty() {
            true => vec!["No case fits.".to_owned()],
            false => Vec::new(),
        },
        table: (!rows.is_empty()).then(|| Table {
            caption: "Open cases, late ones first".to_owned(),
            heads: vec!["Case", "Person", "Due", "Whose", "Where it stands"],
            rows,
        }),
        ..SheetPart::default()
    });
    sheet.pages = Pagination::new(page, pages, |number| {
        let part = |name: &str| form::escape(query.get(name));
        format!(
            "/flow/clocks?kind={}&whose={}&state={}&page={number}",
            part("kind"),
            part("whose"),
            part("state")
        )
    });
    shell::ok(&sheet)
}

fn filters(query: &form::Fields, clocks: &[Clock], organisations: &[Organisation]) -> Filters {
    let reading = Reading::default();
    let any = |text: &str, name: &str| vec![Choice::new("", text, query.get(name))];
    let mut kinds = any("Every kind", "kind");
    kinds.extend(
        CaseKind::ALL
            .iter()
            .map(|one| Choice::new(one.as_str(), one.in_words(), query.get("kind"))),
    );
    let mut whose = any("Everybody's", "whose");
    whose.push(Choice::new("mine", "My organisation's", query.get("whose")));
    let owns = |one: &&Organisation| clocks.iter().any(|clock| clock.line.case.owner == one.id);
    whose.extend(
        organisations
            .iter()
            .filter(owns)
            .map(|one| Choice::new(one.id.to_string(), one.name.clone(), query.get("whose"))),
    );
    let mut states = any("Any", "state");
    states.extend(State::ALL.iter().map(|one| {
        Choice::new(
            one.as_str(),
            words::sentence(one.as_str()),
            query.get("state"),
        )
    }));
    Filters {
        action: "/flow/clocks".to_owned(),
        fields: vec![
            sheet::select(&reading, "kind", ("Kind", ""), kinds),
            sheet::select(&reading, "whose", ("Whose", ""), whose),
            sheet::select(&reading, "state", ("Where it stands", ""), states),
        ],
    }
}

pub(super) fn of_person(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let id: PersonId = visit.id("id")?;
    let page = web.app.cases_of(actor, id)?;
    let rows: Vec<Vec<Cell>> = page.clocks.iter().map(|clock| row(clock, false)).collect();
    let mut sheet = Sheet::new(Shell::new(
        web,
        visit,
        "Cases with a time limit",
        Section::Person,
    ));
    sheet.back = who::address_of(id);
    sheet.back_words = "Back to the record";
    sheet.caption = page.person.list_name();
    sheet.saved = match visit.query.get("saved") {
        "started" => {
            "The case is started. If it is another organisation's alone, it is not shown here"
        }
        _ => "",
    };
    if access::decide(actor, Action::ChangeClocks).is_ok() {
        let to = format!("/person/{id}/cases/new");
        sheet.links.push(Link::new(to, "Start a case"));
    }
    sheet.parts.push(SheetPart {
        lines: match rows.is_empty() {
            true => vec!["No case is on file that you may see.".to_owned()],
            false => Vec::new(),
        },
        table: (!rows.is_empty()).then(|| Table {
            caption: "Cases, the oldest first".to_owned(),
            heads: vec!["Case", "Due", "Whose", "Where it stands"],
            rows,
        }),
        ..SheetPart::default()
    });
    shell::ok(&sheet)
}

pub(super) fn form_part(
    title: &str,
    action: String,
    hidden: Vec<(&'static str, String)>,
    fields: Vec<Field>,
    button: &'static str,
) -> SheetPart {
    SheetPart {
        title: title.to_owned(),
        form: Some(SheetForm {
            action,
            hidden,
            fields,
            button,
            file: None,
        }),
        ..SheetPart::default()
    }
}

pub(super) fn page(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let id: StatutoryCaseId = visit.id("id")?;
    let page = web.app.case(actor, id)?;
    let mut sheet = case_sheet(web, visit, actor, &page, Reading::default());
    let request = super::triage_begins::out_of(web, actor, &id.to_string())?;
    sheet
        .links
        .extend(request.map(|(href, words)| Link::new(href, words)));
    shell::ok(&sheet)
}

pub(super) fn change(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    access::decide(actor, Action::ChangeClocks).map_err(app::Error::from)?;
    let id: StatutoryCaseId = visit.id("id")?;
    let sent = &visit.form;
    let version = sent.parsed("version").unwrap_or(0);
    // Three forms on one page: each has a box of its own.
    let why_box = format!("{}_why", sent.get("what"));
    let why = sent.get(&why_box);
    let mut reading = Reading::default();
    let change = match sent.get("what") {
        "extend" => Some(CaseChange::Extend { why }),
        "hand" => match sent.parsed("owner") {
            Some(owner) => Some(CaseChange::Hand {
                owner,
                professional: sent.get("professional"),
                why,
            }),
            None => {
                reading.fault("owner", "Choose whose it is");
                None
            }
        },
        "close" => Some(CaseChange::Close {
            outcome: sent.get("outcome"),
            why,
        }),
        _ => return Err(Trouble::NotFound),
    };
    let back = format!("/flow/case/{id}");
    if let Some(change) = change {
        match web.app.change_case(actor, id, version, &change) {
            Ok(()) => return Ok(after_change(&change, id)),
            Err(app::Error::Invalid(errors)) => {
                for error in errors {
                    let field = if error.field == "why" {
                        &why_box
                    } else {
                        error.field
                    };
                    reading.fault(field, error.text);
                }
            }
            Err(app::Error::Stale { who, what }) => {
                return Err(Trouble::Stale {
                    who,
                    what,
                    back,
                    typed: vec![("Why".to_owned(), why.to_owned())],
                });
            }
            Err(other) => return Err(other.into()),
        }
    }
    let page = web.app.case(actor, id)?;
    shell::ok(&case_sheet(web, visit, actor, &page, reading))
}

/// Whoever hands a secret case on may not see it again: then to the list.
fn after_change(
    change: &CaseChange<'_>,
    id: StatutoryCaseId,
) -> axum::http::Response<axum::body::Body> {
    match change {
        CaseChange::Hand { .. } => shell::see_other("/flow/clocks"),
        _ => shell::see_other(&format!("/flow/case/{id}?saved=1")),
    }
}

fn case_sheet(web: &Web, visit: &Visit, actor: &Actor, page: &CasePage, reading: Reading) -> Sheet {
    let clock = &page.clock;
    let case = &clock.line.case;
    let shell = Shell::new(web, visit, case.kind.in_words(), Section::Person)
        .with_faults(!reading.faults.is_empty());
    let mut sheet = Sheet::new(shell);
    sheet.back = format!("/person/{}/cases", clock.line.head);
    sheet.back_words = "Back to the cases";
    sheet.caption = page.person.list_name();
    sheet.saved = match visit.query.get("saved") {
        "1" => "Saved",
        _ => "",
    };
    sheet.tags.push(match case.closed {
        None => state_tag(clock.state),
        Some(_) => Tag::new("Closed", "grey"),
    });
    let rests_on: Vec<String> = clock.due.rests_on.keys().map(str::to_owned).collect();
    sheet.parts.push(SheetPart {
        lines: check(&rests_on),
        facts: case_facts(page),
        ..SheetPart::default()
    });
    if case.closed.is_none() && access::decide(actor, Action::ChangeClocks).is_ok() {
        sheet.parts.extend(case_forms(page, visit, &reading));
    }
    sheet.parts.push(sheet::history(&page.changes));
    sheet.faults = reading.faults;
    sheet
}

fn case_facts(page: &CasePage) -> Vec<(&'static str, String)> {
    let clock = &page.clock;
    let case = &clock.line.case;
    let mut facts = vec![
        ("Due", due_in_words(clock)),
        ("Clock started", words::date_time(case.opened_at)),
        ("What starts it", case.kind.starts_with().to_owned()),
        ("Whose", name_of(&page.organisations, Some(case.owner))),
        ("Professional", professional(clock)),
        ("Rule", case.kind.rule().to_owned()),
    ];
    if !working_day(clock).is_empty() {
        facts.insert(1, ("Last working day", working_day(clock)));
    }
    if clock.due.limit.is_some() && clock.due.local {
        facts.push(("Length", "Chosen by this place, not by the law".to_owned()));
    }
    if let Some(day) = case.extended_on {
        facts.push(("Extended", words::date(day)));
    }
    if let Some(day) = case.urgent_until {
        facts.push(("Urgent authorisation until", words::date(day)));
    }
    if let Some((at, outcome)) = &case.closed {
        let ended = format!("{}, {}", words::sentence(outcome), words::date_time(*at));
        facts.push(("Ended", ended));
        facts.push(("Why", words::known(&case.why).to_owned()));
    }
    facts
}

fn case_forms(page: &CasePage, visit: &Visit, reading: &Reading) -> Vec<SheetPart> {
    let case = &page.clock.line.case;
    let action = format!("/flow/case/{}", case.id);
    let hidden = |what: &str| {
        vec![
            ("version", case.version.to_string()),
            ("what", what.to_owned()),
        ]
    };
    // Three forms on one page: ids must differ, so only the one that was sent shows its faults.
    let sent = visit.form.get("what");
    let none = Reading::default();
    let of = |what: &str| if sent == what { reading } else { &none };
    let why = |what: &str| {
        let name = format!("{what}_why");
        sheet::area(of(what), &name, ("Why?", ""), visit.form.get(&name))
    };
    let outcomes = case
        .kind
        .outcomes()
        .iter()
        .chain(ALWAYS.iter())
        .map(|one| Choice::new(*one, words::sentence(one), visit.form.get("outcome")))
        .collect();
    let mut parts = vec![form_part(
        "Close the case",
        action.clone(),
        hidden("close"),
        vec![
            sheet::radios(of("close"), "outcome", ("How did it end?", ""), outcomes),
            why("close"),
        ],
        "Close the case",
    )];
    let extends = case.kind == CaseKind::DeprivationUrgent && case.extended_on.is_none();
    if extends {
        parts.push(form_part(
            "Extend it, once",
            action.clone(),
            hidden("extend"),
            vec![why("extend")],
            "Extend it",
        ));
    }
    let mut fields = hand_fields(page, of("hand"));
    fields.push(why("hand"));
    parts.push(form_part(
        "Hand it on",
        action,
        hidden("hand"),
        fields,
        "Hand it on",
    ));
    parts
}

fn hand_fields(page: &CasePage, reading: &Reading) -> Vec<Field> {
    let case = &page.clock.line.case;
    let owner = case.owner.to_string();
    let choices = owners(&page.organisations, &owner);
    let name = ("Name of the professional who has it", "");
    vec![
        sheet::select(reading, "owner", ("Whose is it now?", ""), choices),
        sheet::line(reading, "professional", name, &case.professional),
    ]
}
