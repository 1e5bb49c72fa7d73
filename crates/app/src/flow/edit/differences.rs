//! What a change changed, field by field, in words for the history.

use crate::flow::stay::name_of;
use ::flow::steps::Moment;
use ::flow::{Policy, Segment};
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::calendar::local;
use store::flow::StayRow;
use store::organisation::Organisation;

/// Name of the field of the expected date.
pub(crate) const EXPECTED_DATE: &str = "expected date";

/// One field that changed.
pub(super) struct Difference {
    /// The field, in words.
    pub(super) field: &'static str,
    /// What it was; empty if not known.
    pub(super) before: String,
    /// What it is; empty if not known.
    pub(super) after: String,
}

/// The fields in which two states of a stay differ.
pub(super) fn between(
    before: &StayRow,
    after: &StayRow,
    organisations: &[Organisation],
    policy: &Policy,
) -> Vec<Difference> {
    let was = words(before, organisations, policy);
    let is = words(after, organisations, policy);
    let lines = |row: &StayRow, other: &StayRow| {
        let changed = row
            .stay
            .segments
            .iter()
            .filter(|one| !other.stay.segments.contains(one));
        let lines: Vec<String> = changed
            .map(|segment| segment_words(segment, organisations, policy))
            .collect();
        lines.join("; ")
    };
    let delays = Difference {
        field: "reason for delay",
        before: lines(before, after),
        after: lines(after, before),
    };
    let delays = (delays.before != delays.after).then_some(delays);
    was.into_iter()
        .zip(is)
        .filter(|((_, before), (_, after))| before != after)
        .map(|((field, before), (_, after))| Difference {
            field,
            before,
            after,
        })
        .chain(delays)
        .collect()
}

fn day(day: Option<Date>) -> String {
    day.map(|day| Moment::Day(day).in_words())
        .unwrap_or_default()
}

fn time(at: Option<Timestamp>) -> String {
    at.map(|at| Moment::Time(local(at)).in_words())
        .unwrap_or_default()
}

/// Every field with its value in words, always in the same order.
fn words(
    row: &StayRow,
    organisations: &[Organisation],
    policy: &Policy,
) -> Vec<(&'static str, String)> {
    let stay = &row.stay;
    let name = |id| name_of(organisations, id).unwrap_or_default();
    let coded = |code: &Option<String>, list: &::flow::codes::CodeList| {
        code.as_deref()
            .map(|code| list.label(code).to_owned())
            .unwrap_or_default()
    };
    let pathway = stay
        .pathway
        .map(|pathway| format!("{} {}", pathway.number(), pathway.in_words()))
        .unwrap_or_default();
    vec![
        ("ward", stay.ward.clone()),
        ("bed", stay.bed.clone()),
        ("council", name(stay.council)),
        (EXPECTED_DATE, day(stay.expected_on)),
        ("clinical decision", day(stay.clinical_ready_on)),
        ("team decision", day(stay.mdt_ready_on)),
        ("safe to go", day(stay.safe_on)),
        ("ready date", day(stay.ready_on)),
        ("assessed", day(row.assessed_on)),
        ("pathway", pathway),
        ("destination", row.destination.clone()),
        ("destination state", row.destination_state.to_string()),
        ("service starts", day(row.starts_on)),
        ("next action", row.next_action.clone()),
        ("next action for", name(row.next_owner)),
        ("next action by", row.next_owner_name.clone()),
        ("next action due", time(row.next_due_at)),
        ("discharged", day(stay.discharged_on)),
        (
            "discharge method",
            coded(&stay.discharge_method, &policy.discharge_methods),
        ),
        (
            "discharge destination",
            coded(&stay.discharge_destination, &policy.discharge_destinations),
        ),
    ]
}

fn segment_words(segment: &Segment, organisations: &[Organisation], policy: &Policy) -> String {
    let reason = policy.reasons.find(&segment.code_set, &segment.reason);
    let reason = reason.map_or(segment.reason.as_str(), |reason| reason.plain.as_str());
    let from = day(Some(segment.starts_on));
    let to = segment
        .ends_on
        .map(|end| format!(" to {}", day(Some(end))))
        .unwrap_or_default();
    let organisation = name_of(organisations, segment.organisation)
        .map(|name| format!(", {name}"))
        .unwrap_or_default();
    format!(
        "{reason} ({}{organisation}) from {from}{to}",
        segment.responsible.in_words()
    )
}
