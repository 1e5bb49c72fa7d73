//! What the NHS.UK components need to be drawn. Each struct belongs to the macro
//! of the same name under `templates/components/`; `tests/it/fidelity.rs` holds
//! those macros against the originals.

/// A one-line text field.
#[derive(Clone, Debug, Default)]
pub struct Input {
    /// Id and name of the field.
    pub name: String,
    /// What to type, in words.
    pub label: String,
    /// Help under the label; empty for none.
    pub hint: String,
    /// What is typed already.
    pub value: String,
    /// What is wrong with it.
    pub error: Option<String>,
    /// Further classes, such as a width.
    pub classes: String,
    /// `numeric` for a numeric keyboard; empty for none.
    pub inputmode: String,
    /// How the browser may fill it in; empty for none.
    pub autocomplete: String,
}

/// A text field of several lines.
#[derive(Clone, Debug, Default)]
pub struct TextArea {
    /// Id and name of the field.
    pub name: String,
    /// What to type, in words.
    pub label: String,
    /// Help under the label; empty for none.
    pub hint: String,
    /// What is typed already, new lines kept.
    pub value: String,
    /// What is wrong with it.
    pub error: Option<String>,
    /// Lines shown.
    pub rows: u8,
}

/// One choice of a select or of radios.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub text: String,
    /// Help under it; empty for none. Radios only.
    pub hint: String,
    /// Chosen already.
    pub chosen: bool,
}

impl Choice {
    /// A choice, chosen if its value is the current one.
    pub fn new(value: impl Into<String>, text: impl Into<String>, current: &str) -> Self {
        let value = value.into();
        let chosen = value == current;
        Self {
            value,
            text: text.into(),
            hint: String::new(),
            chosen,
        }
    }
}

/// A list to choose one from, folded.
#[derive(Clone, Debug, Default)]
pub struct Select {
    /// Id and name of the field.
    pub name: String,
    /// What to choose, in words.
    pub label: String,
    /// Help under the label; empty for none.
    pub hint: String,
    /// What is wrong with the choice.
    pub error: Option<String>,
    /// The choices in order.
    pub choices: Vec<Choice>,
}

/// A list to choose one from, open.
#[derive(Clone, Debug, Default)]
pub struct Radios {
    /// Name of the field; the first choice has it as id too.
    pub name: String,
    /// The question.
    pub legend: String,
    /// Help under the question; empty for none.
    pub hint: String,
    /// What is wrong with the choice.
    pub error: Option<String>,
    /// The choices in order.
    pub choices: Vec<Choice>,
}

/// Day, month and year in three boxes.
#[derive(Clone, Debug, Default)]
pub struct DateInput {
    /// Id; the boxes are `NAME-day`, `NAME-month`, `NAME-year`.
    pub name: String,
    /// The question.
    pub legend: String,
    /// Help under the question; empty for none.
    pub hint: String,
    /// What is wrong with the date.
    pub error: Option<String>,
    /// What is typed as day.
    pub day: String,
    /// What is typed as month.
    pub month: String,
    /// What is typed as year.
    pub year: String,
}

/// A field of a form.
#[derive(Clone, Debug)]
pub enum Field {
    /// One line.
    Text(Input),
    /// Several lines.
    Area(TextArea),
    /// Folded choices.
    List(Select),
    /// Open choices.
    Choice(Radios),
    /// A day.
    Day(DateInput),
    /// Boxes to tick, none or several.
    Boxes(Radios),
}

/// One line of an error summary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Id of the field to go to.
    pub field: String,
    /// What is wrong and what to do.
    pub text: String,
}

/// A small coloured label. Its words say all that its colour does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// The words.
    pub text: String,
    /// One of the component's colours; empty for the plain one.
    pub colour: &'static str,
}

impl Tag {
    /// A tag of a colour.
    pub fn new(text: impl Into<String>, colour: &'static str) -> Self {
        Self {
            text: text.into(),
            colour,
        }
    }
}

/// One entry of the page numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageNumber {
    /// From 1; 0 stands for pages left out.
    pub number: usize,
    /// Its address; empty for a gap.
    pub href: String,
    /// Whether it is the page shown.
    pub current: bool,
}

/// Page numbers under a long list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pagination {
    /// Address of the page before, if there is one.
    pub previous: Option<String>,
    /// Address of the page after, if there is one.
    pub next: Option<String>,
    /// First, last and those near the page shown.
    pub numbers: Vec<PageNumber>,
}

impl Pagination {
    /// Page numbers for a list of `pages` pages (from 1) shown at `current`.
    /// `address` makes a page's address. Empty when there is one page.
    pub fn new(current: usize, pages: usize, address: impl Fn(usize) -> String) -> Self {
        if pages < 2 {
            return Self::default();
        }
        let mut numbers = Vec::new();
        let mut last = 0;
        for number in 1..=pages {
            if number != 1 && number != pages && number.abs_diff(current) > 1 {
                continue;
            }
            if number > last + 1 {
                numbers.push(PageNumber {
                    number: 0,
                    href: String::new(),
                    current: false,
                });
            }
            numbers.push(PageNumber {
                number,
                href: address(number),
                current: number == current,
            });
            last = number;
        }
        Self {
            previous: (current > 1).then(|| address(current - 1)),
            next: (current < pages).then(|| address(current + 1)),
            numbers,
        }
    }

    /// Whether there is more than one page.
    pub fn needed(&self) -> bool {
        !self.numbers.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(current: usize, pages: usize) -> String {
        Pagination::new(current, pages, |n| format!("?page={n}"))
            .numbers
            .iter()
            .map(|entry| match (entry.number, entry.current) {
                (0, _) => "…".to_owned(),
                (number, true) => format!("[{number}]"),
                (number, false) => number.to_string(),
            })
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn far_pages_are_left_out() {
        for (current, pages, text) in [
            (1, 1, ""),
            (1, 2, "[1] 2"),
            (1, 5, "[1] 2 … 5"),
            (3, 5, "1 2 [3] 4 5"),
            (5, 9, "1 … 4 [5] 6 … 9"),
            (9, 9, "1 … 8 [9]"),
        ] {
            assert_eq!(shown(current, pages), text, "page {current} of {pages}");
        }
    }
}
