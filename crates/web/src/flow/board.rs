//! The hub board: everyone in hospital, longest past their ready date first. The
//! filters are a plain form; the rows renew themselves where scripts are on.

use super::returned;
use super::view::{BoardPage, Column, Row, Rows};
use crate::components::{Choice, Pagination, Select, Tag};
use crate::door::Visit;
use crate::form::{self, Fields};
use crate::person::who;
use crate::routes::Outcome;
use crate::shell::{self, Section, Shell};
use crate::{Web, words};
use ::flow::board_view::BoardView;
use ::flow::offer::NeedState;
use ::flow::readmission::Which;
use ::flow::reside::Due;
use ::flow::{DestinationState, Pathway, Responsible};
use access::Actor;
use app::flow::{Board, BoardFilter, BoardOrder, BoardRow};

/// What stands in an address for "not known".
const NOT_KNOWN: &str = "none";
/// Names of the filters in addresses and forms, in their order.
const NAMES: [&str; 10] = [
    "view",
    "hospital",
    "ward",
    "council",
    "pathway",
    "side",
    "organisation",
    "ready",
    "back",
    "order",
];

/// The board, or only its rows when htmx renews them.
pub fn page(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let (filter, page) = (read_filter(&visit.query), visit.query.page());
    if let Some(seen) = visit.query.given("seen").filter(|_| visit.part)
        && web.app.board_is_still(actor, &filter, page, seen)?
    {
        return Ok(shell::nothing_new());
    }
    let board = web.app.board(actor, &filter, page)?;
    let mut table = rows(&board, &visit.query);
    if visit.part {
        table.renewed = true;
        return shell::ok(&table);
    }
    let filters = filters(&board, &visit.query);
    let named = visit.query.given("view").is_some();
    shell::ok(&BoardPage {
        shell: Shell::new(web, visit, "Hub board", Section::Board),
        tabs: super::tabs::tabs(actor, "/flow/board"),
        chosen: chosen(&filters),
        clear: match named {
            true => format!("/flow/board?view={}", board.view.as_str()),
            false => "/flow/board".to_owned(),
        },
        views: views(&board, &visit.query),
        view: match named {
            true => board.view.as_str(),
            false => "",
        },
        of: board.of.as_ref().map_or_else(String::new, |name| {
            format!("Only those of {name}. The hub view has everybody whom you may see.")
        }),
        filters,
        table,
    })
}

fn read_filter(query: &Fields) -> BoardFilter {
    BoardFilter {
        hospital: query.parsed("hospital"),
        ward: query.given("ward").map(str::to_owned),
        council: query.parsed("council"),
        council_not_known: query.get("council") == NOT_KNOWN,
        pathway: query.parsed("pathway").and_then(Pathway::new),
        pathway_not_known: query.get("pathway") == NOT_KNOWN,
        side: Responsible::parse(query.get("side")),
        organisation: query.parsed("organisation"),
        ready: match query.get("ready") {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        },
        back: match query.get("back") {
            "yes" => Some(Which::All),
            "failed" => Some(Which::Failed),
            _ => None,
        },
        view: BoardView::parse(query.get("view")),
        usual_view: true,
        order: match query.get("order") {
            "ready" => Some(BoardOrder::LongestReady),
            "ward" => Some(BoardOrder::Ward),
            "expected" => Some(BoardOrder::Expected),
            "bed" => Some(BoardOrder::Bed),
            "due" => Some(BoardOrder::Due),
            "start" => Some(BoardOrder::Start),
            _ => None,
        },
        ..BoardFilter::default()
    }
}

/// The board's address with the filters in use and a page.
fn address(query: &Fields, page: usize) -> String {
    let mut parts: Vec<String> = NAMES
        .iter()
        .filter_map(|name| {
            query
                .given(name)
                .map(|value| format!("{name}={}", form::escape(value)))
        })
        .collect();
    if page > 1 {
        parts.push(format!("page={page}"));
    }
    if parts.is_empty() {
        "/flow/board".to_owned()
    } else {
        format!("/flow/board?{}", parts.join("&"))
    }
}

/// The address that answers with nothing while the board is as it was.
fn with_seen(address: &str, digest: &str) -> String {
    let joint = if address.contains('?') { '&' } else { '?' };
    format!("{address}{joint}seen={digest}")
}

fn rows(board: &Board, query: &Fields) -> Rows {
    Rows {
        caption: caption(board.view, query),
        columns: columns(board.view),
        reviews_apart: columns(board.view).contains(&Column::Reviews),
        rows: board.rows.iter().map(|row| view(row, board)).collect(),
        counts: counts_line(board),
        updated: format!("Updated at {}.", words::time(board.as_of)),
        pages: Pagination::new(board.page, board.pages, |page| address(query, page)),
        poll: with_seen(&address(query, board.page), &board.digest),
        renewed: false,
    }
}

/// "61 of 143 people shown. 98 ready to leave. 12 actions overdue."
fn counts_line(board: &Board) -> String {
    let counts = &board.counts;
    let people = words::counted(counts.open, "person");
    let shown = if board.fitting == counts.open {
        format!("{people} in hospital")
    } else {
        format!(
            "{} of {people} in hospital shown",
            words::count(board.fitting)
        )
    };
    let mut line = format!(
        "{shown}. {} ready to leave. {} overdue.",
        words::count(counts.ready),
        words::counted(counts.overdue, "action")
    );
    if board.back.back > 0 {
        line.push_str(&format!(" {}.", returned::counts(board.back)));
    }
    line
}

/// What the table is, and in which order.
fn caption(view: BoardView, query: &Fields) -> &'static str {
    match query.get("order") {
        "ready" => BoardView::Hub.told(),
        "ward" => "People in hospital, by ward",
        "expected" => "People in hospital, by expected date",
        "bed" => BoardView::Ward.told(),
        "due" => BoardView::Council.told(),
        "start" => "People in hospital, by the first day of what comes after",
        _ => view.told(),
    }
}

/// The columns of a view, in order.
fn columns(view: BoardView) -> &'static [Column] {
    use Column::{
        Action, Assessment, Checklist, Destination, Package, Pathway, Person, Ready, Reviews,
        Waiting, Where,
    };
    match view {
        BoardView::Ward => &[Person, Where, Ready, Checklist, Reviews, Action],
        BoardView::Hub => &[Person, Where, Ready, Pathway, Waiting, Action, Destination],
        BoardView::Council => &[Person, Where, Ready, Assessment, Package, Action, Waiting],
        BoardView::Provider => &[Person, Where, Ready, Pathway, Destination, Action],
    }
}

fn view(row: &BoardRow, board: &Board) -> Row {
    let (line, now) = (&row.line, board.as_of);
    let ready = line.ready_on.is_some();
    Row {
        id: line.stay.to_string(),
        name: row.list_name.clone(),
        nhs_number: line.nhs_number.map_or_else(
            || "NHS number not known".to_owned(),
            |number| number.spaced(),
        ),
        age: row
            .age
            .map_or_else(|| "Age not known".to_owned(), who::years),
        flags: who::flags(&line.flags),
        hospital: words::known(&line.hospital).to_owned(),
        bed: bed(&line.ward, &line.bed),
        length: format!(
            "{} in hospital",
            words::counted(row.days_in_hospital, "day")
        ),
        mark: row.mark.map(mark),
        back: row.back.as_ref().map(returned::line),
        ready: match (line.ready_on, line.expected_on) {
            (Some(day), _) => words::date(day),
            (None, Some(day)) => format!("Not ready yet. Expected {}", words::date(day)),
            (None, None) => "Not ready yet. No expected date".to_owned(),
        },
        past: match row.days_past_ready {
            Some(0) => "Ready today".to_owned(),
            Some(days) => format!("{} past it", words::counted(days, "day")),
            None => String::new(),
        },
        pathway: pathway(line.pathway),
        reason: match (&row.reason, ready) {
            (Some(reason), _) => reason.clone(),
            (None, true) => "No reason recorded".to_owned(),
            (None, false) => "Not ready yet".to_owned(),
        },
        responsible: responsible(line.side, line.organisation.as_deref()),
        action: if line.next_action.is_empty() {
            "No next action".to_owned()
        } else {
            line.next_action.clone()
        },
        owner: owner(&line.next_owner_name, line.next_owner.as_deref()),
        due: line.next_due_at.map_or_else(String::new, |due| {
            format!("Due {}", words::near_time(due, now))
        }),
        overdue: row
            .overdue
            .as_deref()
            .map(words::sentence)
            .unwrap_or_default(),
        step: step(row),
        reviews: reviews(row),
        checklist: format!(
            "{} of {} done",
            words::count(line.checked.min(board.to_check)),
            words::count(board.to_check)
        ),
        assessment: match line.assessed_on {
            Some(day) => format!("Assessed {}", words::date(day)),
            None => "Not assessed yet".to_owned(),
        },
        package: package(line.need, line.destination_state),
        package_of: line.destination.clone(),
        destination: if line.destination.is_empty() {
            "Not decided yet".to_owned()
        } else {
            line.destination.clone()
        },
        destination_state: (!line.destination.is_empty()
            || line.destination_state != DestinationState::NotSought)
            .then(|| destination_tag(line.destination_state)),
        starts: line.starts_on.map_or_else(String::new, |day| {
            let verb = if line.destination_state == DestinationState::Started {
                "Started"
            } else {
                "Starts"
            };
            format!("{verb} {}", words::date(day))
        }),
    }
}

/// Whether a service is looked for or found: by the need, or by what the stay says of it.
const fn package(need: Option<NeedState>, destination: DestinationState) -> &'static str {
    match (need, destination) {
        (Some(NeedState::Started), _) | (None, DestinationState::Started) => {
            "The service has begun"
        }
        (Some(NeedState::Accepted), _) | (None, DestinationState::Accepted) => {
            "A service has accepted"
        }
        (Some(NeedState::Open | NeedState::Withdrawn), _) => "Looking for a service",
        (None, DestinationState::Sent | DestinationState::Seen) => "A service is asked",
        (None, DestinationState::Declined) => "The service said no",
        (None, DestinationState::NotSought) => "No service looked for yet",
    }
}

/// "Step: decide the pathway, Care Transfer Hub", and to whom it is offered.
fn step(row: &BoardRow) -> Vec<String> {
    let Some(step) = &row.line.step else {
        return Vec::new();
    };
    let owner = step.owner.as_deref().unwrap_or("nobody yet");
    let late = row
        .step_overdue
        .as_ref()
        .map_or_else(String::new, |late| format!(", {late}"));
    let mut lines = vec![format!(
        "Step: {}, {owner}{late}",
        words::lower_first(&step.title)
    )];
    lines.extend(
        step.offered_to
            .as_ref()
            .map(|to| format!("Offered to {to}, no answer yet")),
    );
    lines
}

/// Reviews that are due or late.
fn reviews(row: &BoardRow) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(Due::Late(_)) = row.reside_due {
        lines.push("Need for a bed not reviewed".to_owned());
    }
    lines.extend(
        row.review_due
            .map(|mark| format!("Review at {mark} days is due")),
    );
    lines
}

/// "Allington ward, bed 7", or what is known of it.
pub(super) fn bed(ward: &str, bed: &str) -> String {
    match (ward.is_empty(), bed.is_empty()) {
        (true, true) => "Ward not known".to_owned(),
        (true, false) => format!("Bed {bed}"),
        (false, true) => ward.to_owned(),
        (false, false) => format!("{ward}, bed {bed}"),
    }
}

fn mark(days: i64) -> Tag {
    let colour = match days {
        ..14 => "white",
        14..21 => "yellow",
        _ => "orange",
    };
    Tag::new(format!("{days} days or more"), colour)
}

/// "1: Home with support", or "Not decided yet".
pub(super) fn pathway(pathway: Option<Pathway>) -> String {
    pathway.map_or_else(
        || "Not decided yet".to_owned(),
        |pathway| format!("{}: {}", pathway.number(), pathway.in_words()),
    )
}

/// "Social care: Barsetshire County Council"; empty if neither is known.
pub(super) fn responsible(side: Option<Responsible>, organisation: Option<&str>) -> String {
    let side = side.map(|side| match side {
        Responsible::Both => "NHS and social care".to_owned(),
        other => words::sentence(other.as_str()),
    });
    match (side, organisation) {
        (Some(side), Some(organisation)) => format!("{side}: {organisation}"),
        (Some(side), None) => side,
        (None, Some(organisation)) => organisation.to_owned(),
        (None, None) => String::new(),
    }
}

/// "Jane Grantly, Barsetshire County Council"; empty if nobody is named.
pub(super) fn owner(name: &str, organisation: Option<&str>) -> String {
    [Some(name), organisation]
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(", ")
}

/// How far the next place or service has come.
pub(super) fn destination_tag(state: DestinationState) -> Tag {
    let (text, colour) = match state {
        DestinationState::NotSought => ("Not asked yet", "grey"),
        DestinationState::Sent => ("Asked", "blue"),
        DestinationState::Seen => ("Seen by provider", "blue"),
        DestinationState::Accepted => ("Accepted", "green"),
        DestinationState::Declined => ("Declined", "red"),
        DestinationState::Started => ("Started", "green"),
    };
    Tag::new(text, colour)
}

/// One filter: everything, then each choice.
fn filter(
    query: &Fields,
    (name, label, all): (&str, &str, &str),
    choices: Vec<(String, String)>,
) -> Select {
    let current = query.get(name);
    let mut list = vec![Choice::new("", all, current)];
    list.extend(
        choices
            .into_iter()
            .map(|(key, text)| Choice::new(key, text, current)),
    );
    Select {
        name: name.to_owned(),
        label: label.to_owned(),
        choices: list,
        ..Select::default()
    }
}

/// Choices with how many people each has, by what `words` makes of them; an
/// empty key is what is not known.
fn counted(
    choices: &[app::flow::Choice],
    not_known: &str,
    words: impl Fn(&app::flow::Choice) -> String,
) -> Vec<(String, String)> {
    choices
        .iter()
        .map(|choice| match choice.key.as_str() {
            "" => (
                NOT_KNOWN.to_owned(),
                format!("{not_known} ({})", choice.stays),
            ),
            key => (
                key.to_owned(),
                format!("{} ({})", words(choice), choice.stays),
            ),
        })
        .collect()
}

/// The order of a view, as the first choice has it.
const fn order_of(view: BoardView) -> &'static str {
    match view {
        BoardView::Ward => "By ward and bed",
        BoardView::Hub => "Longest ready first",
        BoardView::Council => "By what is due",
        BoardView::Provider => "By start",
    }
}

/// The other orders.
fn orders(view: BoardView) -> Vec<(String, String)> {
    [
        ("ready", order_of(BoardView::Hub), BoardView::Hub),
        ("bed", order_of(BoardView::Ward), BoardView::Ward),
        ("due", order_of(BoardView::Council), BoardView::Council),
        ("start", order_of(BoardView::Provider), BoardView::Provider),
    ]
    .into_iter()
    .filter(|(_, _, of)| *of != view)
    .map(|(key, text, _)| (key.to_owned(), text.to_owned()))
    .chain([
        ("ward".to_owned(), "By ward, longest ready first".to_owned()),
        ("expected".to_owned(), "By expected date".to_owned()),
    ])
    .collect()
}

/// The views to switch to, with the filters kept, and which one stands.
fn views(board: &Board, query: &Fields) -> Vec<(String, &'static str, bool)> {
    BoardView::ALL
        .iter()
        .map(|view| {
            let others = NAMES
                .iter()
                .filter(|name| !["view", "order"].contains(name));
            let kept = others.filter_map(|name| {
                let value = query.given(name)?;
                Some(format!("&{name}={}", form::escape(value)))
            });
            let address = format!(
                "/flow/board?view={}{}",
                view.as_str(),
                kept.collect::<String>()
            );
            (address, view.in_words(), *view == board.view)
        })
        .collect()
}

fn filters(board: &Board, query: &Fields) -> Vec<Select> {
    let (counts, view) = (&board.counts, board.view);
    let name = |choice: &app::flow::Choice| choice.name.clone();
    let named = |choices: &[app::flow::Choice]| counted(choices, "Not known", name);
    let mut wards = named(&counts.wards);
    wards.retain(|(key, _)| key != NOT_KNOWN);
    let pathways = counted(&counts.pathways, "Not decided yet", |choice| {
        pathway(choice.key.parse().ok().and_then(Pathway::new))
    });
    let sides = counted(&counts.sides, "Not known", |choice| {
        responsible(Responsible::parse(&choice.key), None)
    });
    let fixed = |pairs: [(&str, &str); 2]| {
        pairs
            .map(|(key, text)| (key.to_owned(), text.to_owned()))
            .to_vec()
    };
    let organisation = (
        "organisation",
        "Responsible organisation",
        "All organisations",
    );
    vec![
        filter(
            query,
            ("hospital", "Hospital", "All hospitals"),
            named(&counts.hospitals),
        ),
        filter(query, ("ward", "Ward", "All wards"), wards),
        filter(
            query,
            ("council", "Council", "All councils"),
            named(&counts.councils),
        ),
        filter(query, ("pathway", "Pathway", "All pathways"), pathways),
        filter(query, ("side", "Responsible side", "All sides"), sides),
        filter(query, organisation, named(&counts.organisations)),
        filter(
            query,
            ("ready", "Ready to leave", "Ready or not"),
            fixed([("yes", "Ready"), ("no", "Not ready yet")]),
        ),
        filter(
            query,
            ("back", "Back after leaving", "Back or not"),
            fixed([
                ("yes", "Back soon after leaving"),
                ("failed", "The discharge failed"),
            ]),
        ),
        filter(query, ("order", "Order", order_of(view)), orders(view)),
    ]
}

/// What is chosen, in words, without the counts.
fn chosen(filters: &[Select]) -> String {
    filters
        .iter()
        .filter_map(|filter| {
            filter
                .choices
                .iter()
                .find(|c| c.chosen && !c.value.is_empty())
        })
        .map(|choice| match choice.text.rsplit_once(" (") {
            Some((text, count)) if count.ends_with(')') => text,
            _ => choice.text.as_str(),
        })
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_keep_the_filters() {
        let query = Fields::parse(b"hospital=abc&ward=Ward+7&view=ward&ready=yes&page=3&other=x");
        assert_eq!(
            address(&query, 2),
            "/flow/board?view=ward&hospital=abc&ward=Ward%207&ready=yes&page=2"
        );
        assert_eq!(address(&Fields::default(), 1), "/flow/board");
    }

    #[test]
    fn no_cell_is_empty() {
        assert_eq!(bed("", ""), "Ward not known");
        assert_eq!(bed("Allington ward", "7"), "Allington ward, bed 7");
        assert_eq!(pathway(None), "Not decided yet");
        assert_eq!(pathway(Pathway::new(1)), "1: Home with support");
        assert_eq!(
            responsible(Some(Responsible::Nhs), Some("Trust")),
            "NHS: Trust"
        );
        assert_eq!(
            responsible(Some(Responsible::Both), None),
            "NHS and social care"
        );
        assert_eq!(owner("Jane", Some("Council")), "Jane, Council");
        assert_eq!(owner("", Some("Council")), "Council");
    }
}
