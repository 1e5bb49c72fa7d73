//! A page of parts: words, facts, tasks, a table, a form. What the pages of services, clocks,
//! returns and the pooled fund are drawn with.

use crate::amount::{has_pence, signed};
use crate::components::{Choice, Fault, Field, Input, Pagination, Radios, Select, Tag, TextArea};
use crate::form::Reading;
use crate::shell::Shell;
use askama::Template;
use kernel::Pence;

/// A link with its words.
pub(crate) struct Link {
    pub(crate) href: String,
    pub(crate) text: String,
}

impl Link {
    pub(crate) fn new(href: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            href: href.into(),
            text: text.into(),
        }
    }
}

/// One cell of a table.
#[derive(Default)]
pub(crate) struct Cell {
    pub(crate) text: String,
    /// Where its words lead; empty for nowhere.
    pub(crate) href: String,
    /// More words of the link for those who do not see the row.
    pub(crate) hidden: String,
    pub(crate) tag: Option<Tag>,
    /// A smaller line under it.
    pub(crate) under: String,
    /// Whether it stands on the right, as amounts do.
    pub(crate) number: bool,
    /// The amount of money, where it is one: it is written with pence if any of its column has some.
    pub(crate) money: Option<Pence>,
    /// Whether an amount above nought has a plus.
    pub(crate) plus: bool,
}

impl Cell {
    /// An amount: on the right, with its meaning under it where the sign alone would not say.
    pub(crate) fn number(text: impl Into<String>) -> Self {
        Self {
            number: true,
            ..Self::text(text)
        }
    }

    /// An amount of money to the penny.
    pub(crate) fn amount(amount: Pence) -> Self {
        Self {
            money: Some(amount),
            ..Self::number(signed(amount, false))
        }
    }

    /// With a plus before an amount above nought.
    pub(crate) fn with_plus(mut self) -> Self {
        self.plus = true;
        self
    }

    /// It as a link; `hidden` says of what, for those who do not see the row.
    pub(crate) fn leading(mut self, href: impl Into<String>, hidden: impl Into<String>) -> Self {
        (self.href, self.hidden) = (href.into(), hidden.into());
        self
    }

    /// Its words, in a column whose amounts have pence or have none.
    pub(crate) fn shown(&self, columns: &[bool], column: &usize) -> String {
        let Some(amount) = self.money else {
            return self.text.clone();
        };
        let pence = columns.get(*column).copied().unwrap_or_default();
        let plus = if self.plus && amount.0 > 0 { "+" } else { "" };
        format!("{plus}{}", signed(amount, pence))
    }

    /// An amount that leads to what is behind it; `hidden` says of what, for those who do not
    /// see the row.
    pub(crate) fn number_link(
        href: impl Into<String>,
        text: impl Into<String>,
        hidden: impl Into<String>,
    ) -> Self {
        Self {
            href: href.into(),
            hidden: hidden.into(),
            ..Self::number(text)
        }
    }

    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    pub(crate) fn link(href: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            href: href.into(),
            ..Self::text(text)
        }
    }

    pub(crate) fn with_under(mut self, under: impl Into<String>) -> Self {
        self.under = under.into();
        self
    }

    pub(crate) fn tag(tag: Tag) -> Self {
        Self {
            tag: Some(tag),
            ..Self::default()
        }
    }
}

/// A table; every row has as many cells as there are heads.
pub(crate) struct Table {
    pub(crate) caption: String,
    pub(crate) heads: Vec<&'static str>,
    pub(crate) rows: Vec<Vec<Cell>>,
}

impl Table {
    /// Of each column, whether any of its amounts has pence.
    pub(crate) fn with_pence(&self) -> Vec<bool> {
        let has = |column: usize| {
            let mut cells = self.rows.iter().filter_map(|row| row.get(column));
            cells.any(|cell| cell.money.is_some_and(has_pence))
        };
        (0..self.heads.len()).map(has).collect()
    }

    /// Whether a column is of amounts: its first cell says so.
    // The template hands the number of a column on by reference.
    pub(crate) fn of_numbers(&self, column: &usize) -> bool {
        let first = self.rows.first().and_then(|row| row.get(*column));
        first.is_some_and(|cell| cell.number)
    }
}

/// One thing to do or to know of a list, and how it stands.
pub(crate) struct Task {
    pub(crate) title: String,
    /// Where it is done; empty where there is nowhere to go.
    pub(crate) href: String,
    pub(crate) hints: Vec<String>,
    pub(crate) state: Tag,
    /// Whether nothing is left to do: then its state is plain words.
    pub(crate) done: bool,
}

/// A form.
pub(crate) struct SheetForm {
    pub(crate) action: String,
    pub(crate) hidden: Vec<(&'static str, String)>,
    pub(crate) fields: Vec<Field>,
    pub(crate) button: &'static str,
    /// A box for a file: its name, label and hint. The form is then sent in parts.
    pub(crate) file: Option<FileBox>,
}

/// A box for a file of the sender's.
pub(crate) struct FileBox {
    pub(crate) name: &'static str,
    pub(crate) label: &'static str,
    pub(crate) hint: &'static str,
    /// Endings of the names of files that are taken.
    pub(crate) accept: &'static str,
    pub(crate) error: Option<String>,
}

/// What the list is narrowed by.
pub(crate) struct Filters {
    pub(crate) action: String,
    pub(crate) fields: Vec<Field>,
}

/// A chart with the kinds of point it has. Its figures are in a table on the same page.
pub(crate) struct ChartPart {
    /// What it is of.
    pub(crate) name: String,
    /// It, as written by [`crate::chart`].
    pub(crate) svg: String,
    pub(crate) keys: Vec<(String, &'static str)>,
}

/// A table that opens when it is asked for.
pub(crate) struct Fold {
    /// What is in it.
    pub(crate) words: String,
    pub(crate) table: Table,
}

/// One part of the page.
#[derive(Default)]
pub(crate) struct SheetPart {
    pub(crate) title: String,
    /// Where it is linked to from elsewhere on the page; empty for nowhere.
    pub(crate) id: String,
    pub(crate) lines: Vec<String>,
    /// A chart, under the lines.
    pub(crate) chart: Option<ChartPart>,
    /// A list of points.
    pub(crate) points: Vec<String>,
    pub(crate) tasks: Vec<Task>,
    pub(crate) facts: Vec<(&'static str, String)>,
    pub(crate) table: Option<Table>,
    /// Tables that are not needed at first sight, under it.
    pub(crate) folded: Vec<Fold>,
    pub(crate) links: Vec<Link>,
    pub(crate) form: Option<SheetForm>,
}

#[derive(Template)]
#[template(path = "sheet.html")]
pub(crate) struct Sheet {
    pub(crate) shell: Shell,
    pub(crate) faults: Vec<Fault>,
    /// What was just done; empty for nothing.
    pub(crate) saved: &'static str,
    pub(crate) back: String,
    pub(crate) back_words: &'static str,
    /// Whom it is about; empty for nobody.
    pub(crate) caption: String,
    pub(crate) tags: Vec<Tag>,
    pub(crate) intro: Vec<String>,
    pub(crate) links: Vec<Link>,
    pub(crate) filters: Option<Filters>,
    pub(crate) parts: Vec<SheetPart>,
    pub(crate) pages: Pagination,
    /// Whether the page is made to be printed.
    pub(crate) printed: bool,
}

impl Sheet {
    pub(crate) fn new(shell: Shell) -> Self {
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
            printed: false,
        }
    }
}

/// A list to choose one from.
pub(crate) fn select(
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
pub(crate) fn line(
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
pub(crate) fn number(
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
pub(crate) fn area(
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
pub(crate) fn radios(
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
pub(crate) fn history(changes: &[store::flow::Change]) -> SheetPart {
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
