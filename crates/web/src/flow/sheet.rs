//! A page of parts: words, facts, a table, a form. What the pages of services, clocks and
//! returns are drawn with.

use crate::components::{Choice, Fault, Field, Input, Pagination, Radios, Select, Tag, TextArea};
use crate::form::Reading;
use crate::shell::Shell;
use askama::Template;

/// A link with its words.
pub(super) struct Link {
    pub(super) href: String,
    pub(super) text: String,
}

impl Link {
    pub(super) fn new(href: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            href: href.into(),
            text: text.into(),
        }
    }
}

/// One cell of a table.
#[derive(Default)]
pub(super) struct Cell {
    pub(super) text: String,
    /// Where its words lead; empty for nowhere.
    pub(super) href: String,
    /// More words of the link for those who do not see the row.
    pub(super) hidden: String,
    pub(super) tag: Option<Tag>,
    /// A smaller line under it.
    pub(super) under: String,
}

impl Cell {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    pub(super) fn link(href: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            href: href.into(),
            ..Self::text(text)
        }
    }

    pub(super) fn with_under(mut self, under: impl Into<String>) -> Self {
        self.under = under.into();
        self
    }

    pub(super) fn tag(tag: Tag) -> Self {
        Self {
            tag: Some(tag),
            ..Self::default()
        }
    }
}

/// A table; every row has as many cells as there are heads.
pub(super) struct Table {
    pub(super) caption: String,
    pub(super) heads: Vec<&'static str>,
    pub(super) rows: Vec<Vec<Cell>>,
}

/// A form.
pub(super) struct SheetForm {
    pub(super) action: String,
    pub(super) hidden: Vec<(&'static str, String)>,
    pub(super) fields: Vec<Field>,
    pub(super) button: &'static str,
}

/// What the list is narrowed by.
pub(super) struct Filters {
    pub(super) action: &'static str,
    pub(super) fields: Vec<Field>,
}

/// One part of the page.
#[derive(Default)]
pub(super) struct SheetPart {
    pub(super) title: String,
    pub(super) lines: Vec<String>,
    pub(super) facts: Vec<(&'static str, String)>,
    pub(super) table: Option<Table>,
    pub(super) links: Vec<Link>,
    pub(super) form: Option<SheetForm>,
}

#[derive(Template)]
#[template(path = "flow/sheet.html")]
pub(super) struct Sheet {
    pub(super) shell: Shell,
    pub(super) faults: Vec<Fault>,
    /// What was just done; empty for nothing.
    pub(super) saved: &'static str,
    pub(super) back: String,
    pub(super) back_words: &'static str,
    /// Whom it is about; empty for nobody.
    pub(super) caption: String,
    pub(super) tags: Vec<Tag>,
    pub(super) intro: Vec<String>,
    pub(super) links: Vec<Link>,
    pub(super) filters: Option<Filters>,
    pub(super) parts: Vec<SheetPart>,
    pub(super) pages: Pagination,
}

impl Sheet {
    pub(super) fn new(shell: Shell) -> Self {
        Self {
            shell,
            faults: Vec::new(),
            saved: "",
            back: String::new(),
            back_words: "",
            caption: String::new(),
            tags: Vec::new(),
            intro: Vec::new(),
            links: Vec::new(),
            filters: None,
            parts: Vec::new(),
            pages: Pagination::default(),
        }
    }
}

/// A list to choose one from.
pub(super) fn select(
    reading: &Reading,
    name: &str,
    (label, hint): (&str, &str),
    choices: Vec<Choice>,
) -> Field {
    Field::List(Select {
        name: name.to_owned(),
        label: label.to_owned(),
        hint: hint.to_owned(),
        error: reading.of(name),
        choices,
    })
}

/// A box of one line.
pub(super) fn line(
    reading: &Reading,
    name: &str,
    (label, hint): (&str, &str),
    value: &str,
) -> Field {
    Field::Text(Input {
        name: name.to_owned(),
        label: label.to_owned(),
        hint: hint.to_owned(),
        value: value.to_owned(),
        error: reading.of(name),
        autocomplete: "off".to_owned(),
        ..Input::default()
    })
}

/// A short box for a number.
pub(super) fn number(
    reading: &Reading,
    name: &str,
    (label, hint): (&str, &str),
    value: &str,
) -> Field {
    Field::Text(Input {
        name: name.to_owned(),
        label: label.to_owned(),
        hint: hint.to_owned(),
        value: value.to_owned(),
        error: reading.of(name),
        classes: "nhsuk-input--width-4".to_owned(),
        inputmode: "numeric".to_owned(),
        autocomplete: "off".to_owned(),
    })
}

/// A box of several lines.
pub(super) fn area(
    reading: &Reading,
    name: &str,
    (label, hint): (&str, &str),
    value: &str,
) -> Field {
    Field::Area(TextArea {
        name: name.to_owned(),
        label: label.to_owned(),
        hint: hint.to_owned(),
        value: value.to_owned(),
        error: reading.of(name),
        rows: 2,
    })
}

/// An open list of choices.
pub(super) fn radios(
    reading: &Reading,
    name: &str,
    (legend, hint): (&str, &str),
    choices: Vec<Choice>,
) -> Field {
    Field::Choice(Radios {
        name: name.to_owned(),
        legend: legend.to_owned(),
        hint: hint.to_owned(),
        error: reading.of(name),
        choices,
    })
}

/// The history of a row, the latest change first.
pub(super) fn history(changes: &[store::flow::Change]) -> SheetPart {
    let known = |text: &str| match text.parse() {
        Ok(day) => crate::words::date(day),
        Err(_) => crate::words::known(text).to_owned(),
    };
    let rows = changes
        .iter()
        .rev()
        .map(|change| {
            let who = format!(
                "{}, {}, {}",
                change.actor,
                change.organisation,
                crate::words::date_time(change.at)
            );
            vec![
                Cell::text(crate::words::sentence(&change.field)),
                Cell::text(known(&change.before)),
                Cell::text(known(&change.after)).with_under(change.why.clone()),
                Cell::text(who),
            ]
        })
        .collect();
    let none = changes
        .is_empty()
        .then(|| "Nothing has been changed.".to_owned());
    SheetPart {
        title: "History of changes".to_owned(),
        lines: none.into_iter().collect(),
        table: (!changes.is_empty()).then(|| Table {
            caption: "Changes, newest first".to_owned(),
            heads: vec!["What", "Before", "After", "By"],
            rows,
        }),
        ..SheetPart::default()
    }
}
