//! Passports: listed, filled in, read, printed, ended; and the check of one that is shown.

mod check;
mod edit;
mod qr;
mod view;

use crate::components::Tag;
use crate::routes::{Route, staff, staff_post};
use app::person::passport::State;

pub(super) fn routes() -> Vec<Route> {
    vec![
        staff("/person/{id}/passports", view::list),
        staff("/person/{id}/passport/{purpose}", edit::form),
        staff_post("/person/{id}/passport/{purpose}", edit::save),
        staff("/passport/check", check::empty),
        staff_post("/passport/check", check::checked),
        staff("/passport/{id}", view::page),
        staff("/passport/{id}/print", view::print),
        staff("/passport/{id}/end", edit::end_form),
        staff_post("/passport/{id}/end", edit::end),
    ]
}

/// A state as a label.
fn tag(state: State) -> Tag {
    match state {
        State::Valid => Tag::new("Valid", "green"),
        State::Expired => Tag::new("Out of date", "orange"),
        State::Ended => Tag::new("Ended", "grey"),
    }
}
