//! The directory of services: a public search, a page for each service, and the forms of those
//! who keep it.

mod edit;
mod find;
mod service;

use crate::routes::{Route, open, staff, staff_post};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        open("/directory", find::page),
        staff("/directory/new", edit::new),
        staff_post("/directory/new", edit::add),
        open("/directory/{id}", service::page),
        staff("/directory/{id}/edit", edit::form),
        staff_post("/directory/{id}/edit", edit::save),
        staff_post("/directory/{id}/checked", edit::checked),
    ]
}

/// The day an entry was checked, in words: "3 weeks ago".
pub(crate) fn ago(days: i64) -> String {
    match days {
        ..=0 => "today".to_owned(),
        1 => "yesterday".to_owned(),
        2..14 => crate::words::counted(days, "day") + " ago",
        14..60 => crate::words::counted(days / 7, "week") + " ago",
        60..730 => crate::words::counted(days / 30, "month") + " ago",
        _ => crate::words::counted(days / 365, "year") + " ago",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_long_ago_is_said_in_words() {
        for (days, words) in [
            (0, "today"),
            (1, "yesterday"),
            (13, "13 days ago"),
            (21, "3 weeks ago"),
            (61, "2 months ago"),
            (800, "2 years ago"),
        ] {
            assert_eq!(ago(days), words);
        }
    }
}
