//! Whose change stands in the way of one that was made on an older version.

use crate::Error;
use jiff::Timestamp;
use store::flow::Change;

/// Who changed a row since a version, and what, from its history; `since` is by how many
/// versions the row is ahead.
pub(crate) fn stale(who: &str, changes: &[Change], since: i64) -> Error {
    let since = usize::try_from(since).unwrap_or(1);
    let mut moments: Vec<Timestamp> = changes.iter().map(|change| change.at).collect();
    moments.dedup();
    let from = moments
        .len()
        .checked_sub(since)
        .and_then(|index| moments.get(index))
        .copied();
    let mut what: Vec<(String, String)> = Vec::new();
    for change in changes {
        if from.is_none_or(|from| change.at >= from) {
            let after = match change.after.as_str() {
                "" => "not known",
                after => after,
            };
            what.retain(|(field, _)| *field != change.field);
            what.push((change.field.clone(), after.to_owned()));
        }
    }
    let lines: Vec<String> = what
        .iter()
        .map(|(field, after)| format!("{field} is now {after}"))
        .collect();
    Error::Stale {
        who: who.to_owned(),
        what: lines.join("; "),
    }
}
