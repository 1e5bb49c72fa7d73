//! When what a resource tells of happened.
//!
//! The clinical date: when it was so or was done, before when it was written down. A date
//! that does not exist is passed over (the check has told of it).

use crate::primitive;
use crate::tree::{Node, Object};

/// Elements that give a date, in the order they are asked. `x[x]` is a choice.
const DATES: [&str; 34] = [
    "effective[x]",
    "occurrence[x]",
    "performed[x]",
    "onset[x]",
    "serviced[x]",
    "timing[x]",
    "whenHandedOver",
    "whenPrepared",
    "started",
    "executionPeriod",
    "period",
    "actualPeriod",
    "billablePeriod",
    "start[x]",
    "start",
    "collection.collected[x]",
    "authoredOn",
    "authored",
    "sent",
    "received",
    "dateTime",
    "dateWritten",
    "date",
    "recordedDate",
    "recorded",
    "assertedDate",
    "requestedPeriod",
    "content.attachment.creation",
    "issued",
    "receivedTime",
    "created",
    "lastOccurrence",
    "statusDate",
    "meta.lastUpdated",
];

/// The date of a resource: `YYYY`, `YYYY-MM`, `YYYY-MM-DD` or `YYYY-MM-DDTHH:MM`, in the time it was written in.
pub fn happened(resource_type: &str, tree: &Object<'_>) -> Option<String> {
    let first: &[&str] = match resource_type {
        "Patient" | "Person" | "RelatedPerson" | "Practitioner" | "Organization" => {
            return find(tree, "meta.lastUpdated");
        }
        "Task" => &["executionPeriod", "authoredOn", "lastModified"],
        "Consent" => &["dateTime", "provision.period"],
        "Composition" | "DocumentReference" => &["date", "content.attachment.creation"],
        "Appointment" => &["start", "requestedPeriod", "created"],
        "CarePlan" => &["period", "created"],
        _ => &[],
    };
    first.iter().chain(&DATES).find_map(|path| find(tree, path))
}

fn find(tree: &Object<'_>, path: &str) -> Option<String> {
    let (parents, last) = path
        .rsplit_once('.')
        .map_or((None, path), |(parents, last)| (Some(parents), last));
    let parents = parents.map_or_else(|| vec![tree], |parents| super::at(tree, parents));
    parents
        .into_iter()
        .find_map(|parent| match last.strip_suffix("[x]") {
            Some(name) => parent.choice(name).and_then(|(_, node)| date(node)),
            None => parent.get(last).and_then(date),
        })
}

/// The date of a value, the start of a period (or its end), the first event of a timing.
fn date(node: &Node<'_>) -> Option<String> {
    match node {
        Node::Text(text) => {
            let sound = primitive::check("dateTime", node).is_ok();
            sound.then(|| {
                text.get(..16)
                    .filter(|_| text.contains('T'))
                    .unwrap_or(text)
                    .to_owned()
            })
        }
        Node::List(items) => items.iter().find_map(date),
        Node::Object(object) => ["start", "end", "event"]
            .iter()
            .find_map(|name| object.get(name).and_then(date)),
        _ => None,
    }
}
