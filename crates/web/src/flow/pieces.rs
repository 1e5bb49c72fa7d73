//! A form of fields and boxes to tick, for capacity, needs and plans.

use crate::components::{Choice, Fault, Field};
use crate::form::Fields;
use crate::shell::Shell;
use ::flow::codes::CodeList;
use askama::Template;
use jiff::civil::Date;

/// Boxes to tick; each that is ticked is sent under the one name.
pub(crate) struct Ticks {
    pub(crate) name: &'static str,
    pub(crate) legend: &'static str,
    pub(crate) hint: &'static str,
    pub(crate) error: Option<String>,
    pub(crate) choices: Vec<Choice>,
}

/// What can be written about a stay: its words, its address, or what stands in the way.
pub(crate) struct Which {
    pub(crate) words: &'static str,
    pub(crate) href: String,
    pub(crate) barred: &'static str,
}

/// One piece of a form.
pub(crate) enum Piece {
    /// A field.
    Plain(Field),
    /// Boxes to tick.
    Boxes(Ticks),
    /// Visits by time of day, with what is wrong.
    Visits(Vec<VisitRow>, Option<String>),
    /// A button that looks something up and comes back to the page: what is sent, and its words.
    Look(&'static str, &'static str),
}

/// Visits at one time of day, as typed.
pub(crate) struct VisitRow {
    /// The time as part of a field's name.
    pub(crate) key: String,
    /// The time in words.
    pub(crate) label: String,
    pub(crate) count: String,
    pub(crate) minutes: String,
}

#[derive(Template)]
#[template(path = "flow/pieces.html")]
pub(crate) struct PiecesPage {
    pub(crate) shell: Shell,
    pub(crate) faults: Vec<Fault>,
    /// Whom or what it is about; empty for nothing.
    pub(crate) caption: String,
    pub(crate) back: String,
    pub(crate) back_words: String,
    pub(crate) intro: Vec<String>,
    pub(crate) action: String,
    pub(crate) hidden: Vec<(&'static str, String)>,
    pub(crate) pieces: Vec<Piece>,
    pub(crate) button: &'static str,
}

/// The codes of a list as boxes, those ticked that were sent.
pub(crate) fn of_list(list: &CodeList, day: Date, chosen: impl Fn(&str) -> bool) -> Vec<Choice> {
    list.on(day)
        .map(|code| Choice {
            value: code.code.clone(),
            text: code.label.clone(),
            hint: String::new(),
            chosen: chosen(&code.code),
        })
        .collect()
}

/// The codes of a list that were ticked, in the order of the list.
pub(crate) fn ticked(list: &CodeList, day: Date, form: &Fields, name: &str) -> Vec<String> {
    list.on(day)
        .filter(|code| form.has(name, &code.code))
        .map(|code| code.code.clone())
        .collect()
}
