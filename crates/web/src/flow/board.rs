//! The hub board: everyone in hospital, longest past their ready date first. The
//! filters are a plain form; the rows renew themselves where scripts are on.

use super::returned;
use super::view::{BoardPage, Row, Rows};
use crate::components::{Choice, Pagination, Select, Tag};
use crate::door::Visit;
use crate::form::{self, Fields};
use crate::person::who;
use crate::routes::Outcome;
use crate::shell::{self, Section, Shell};
use crate::{Web, words};
use ::flow::readmission::Which;
use ::flow::reside::Due;
use ::flow::{DestinationState, Pathway, Responsible};
use access::Actor;
use app::flow::{Board, BoardCounts, BoardFilter, BoardOrder, BoardRow};
use jiff::Timestamp;

/// What stands in an address for "not known".
const NOT_KNOWN: &str = "none";
/// Names of the filters in addresses and forms, in their order.
const NAMES: [&str; 9] = [
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
    let filters = filters(&board.counts, &visit.query);
    shell::ok(&BoardPage {
        shell: Shell::new(web, visit, "Hub board", Section::Board),
        tabs: super::tabs::tabs(actor, "/flow/board"),
        chosen: chosen(&filters),
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
        order: match query.get("order") {
            "ward" => BoardOrder::Ward,
            "expected" => BoardOrder::Expected,
            _ => BoardOrder::LongestReady,
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
        caption: match query.get("order") {
            "ward" => "People in hospital, by ward",
            "expected" => "People in hospital, by expected date",
            _ => "People in hospital, longest past their ready date first",
        },
        rows: board
            .rows
            .iter()
            .map(|row| view(row, board.as_of))
            .collect(),
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

fn view(row: &BoardRow, now: Timestamp) -> Row {
    let line = &row.line;
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

fn filters(counts: &BoardCounts, query: &Fields) -> Vec<Select> {
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
        filter(
            query,
            ("order", "Order", "Longest ready first"),
            fixed([("ward", "By ward"), ("expected", "By expected date")]),
        ),
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
        let query = Fields::parse(b"hospital=abc&ward=Ward+7&ready=yes&page=3&other=x");
        assert_eq!(
            address(&query, 2),
            "/flow/board?hospital=abc&ward=Ward%207&ready=yes&page=2"
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
