//! The questions of a form as components.

use crate::components::{Choice, Field, Input, Radios, TextArea};
use crate::form::{self, Fields, Reading};
use crate::words;
use app::flow::forms::FormPage;
use app::flow::sign::Earlier;
use flow::form::{Compare, Item, Kind, Section, When, shown};
use jiff::civil::Date;

/// Boxes to tick.
pub(super) struct Ticks {
    pub(super) name: String,
    pub(super) legend: String,
    pub(super) hint: String,
    pub(super) error: Option<String>,
    pub(super) choices: Vec<Choice>,
}

/// A text of several lines with the most that it may hold.
pub(super) struct Long {
    pub(super) area: TextArea,
    pub(super) most: usize,
}

/// A question as it is drawn.
pub(super) enum Shown {
    /// Words to read.
    Text(String),
    /// One of the components of every form.
    Plain(Field),
    /// Several lines, counted.
    Long(Long),
    /// Boxes to tick.
    Ticks(Ticks),
}

/// An answer of an earlier form.
pub(super) struct EarlierAnswer {
    pub(super) age: String,
    pub(super) title: String,
    pub(super) by: String,
    pub(super) answer: String,
}

/// A question of the page.
pub(super) struct Question {
    pub(super) link: String,
    pub(super) title: String,
    pub(super) number: i64,
    pub(super) field: Shown,
    /// Conditions on questions of the same page, for the script.
    pub(super) when: String,
    /// `yes` when all of them must hold.
    pub(super) all: &'static str,
    /// The same in words, for whoever has no scripts.
    pub(super) only_if: String,
    /// What is noted beside the answer.
    pub(super) note: String,
    pub(super) earlier: Option<EarlierAnswer>,
}

impl Question {
    /// Whether it is one, and not words to read.
    pub(super) const fn is_question(&self) -> bool {
        !matches!(self.field, Shown::Text(_))
    }
}

/// Name of a question's field, and its anchor.
pub(super) fn name(link: &str) -> String {
    format!("q-{link}")
}

/// Whether a question is drawn on the page of its section: all that depends on other sections
/// holds. What depends on this one is shown or hidden as answers are given.
fn is_drawn(page: &FormPage, section: &Section, item: &Item) -> bool {
    let (here, there): (Vec<&When>, Vec<&When>) = item
        .when
        .iter()
        .partition(|when| section.items.iter().any(|one| one.link == when.question));
    match item.all {
        true => there.iter().all(|when| page.answers.holds(when)),
        false => {
            !here.is_empty() || there.is_empty() || there.iter().any(|w| page.answers.holds(w))
        }
    }
}

/// The items of a section that are drawn.
pub(super) fn drawn<'f>(page: &'f FormPage, section: &'f Section) -> Vec<&'f Item> {
    let items = section.items.iter();
    items.filter(|item| is_drawn(page, section, item)).collect()
}

/// What was typed for a question, as it is kept; or what is wrong with the day typed.
pub(super) fn typed(fields: &Fields, item: &Item) -> Result<String, String> {
    let name = name(&item.link);
    match &item.kind {
        Kind::Day => {
            let mut reading = Reading::default();
            let day = reading.date(fields, &name, "The day");
            match reading.of(&name) {
                Some(wrong) => Err(wrong),
                None => Ok(day.map(|day| day.to_string()).unwrap_or_default()),
            }
        }
        Kind::Choices(_) => Ok(fields.all(&name).collect::<Vec<_>>().join("\n")),
        _ => Ok(fields.raw(&name).to_owned()),
    }
}

/// What was typed and could not be saved, to be shown again.
pub(super) struct Refused<'f> {
    pub(super) fields: &'f Fields,
    pub(super) reading: Reading,
}

/// Draws the questions of a section.
pub(super) fn questions(
    page: &FormPage,
    section: &Section,
    earlier: &[Earlier],
    refused: Option<&Refused<'_>>,
    today: Date,
) -> Vec<Question> {
    drawn(page, section)
        .into_iter()
        .map(|item| {
            let row = page.rows.get(&item.link);
            let found = earlier.iter().find(|one| one.link == item.link);
            let (when, only_if) = conditions(section, item);
            Question {
                link: item.link.clone(),
                title: item.text.clone(),
                number: row.map_or(0, |one| one.number),
                field: field(page, item, refused),
                when,
                all: if item.all { "yes" } else { "no" },
                only_if,
                note: row.map(|one| note(one, today)).unwrap_or_default(),
                earlier: found.map(|one| EarlierAnswer {
                    age: age(one.answer.taken.map_or(one.answer.at, |(_, at)| at), today),
                    title: one.title.clone(),
                    by: one.answer.by.clone(),
                    answer: shown(item, &one.answer.value),
                }),
            }
        })
        .collect()
}

/// How old an answer is: "3 weeks ago (6 August 2026)".
pub(super) fn age(at: jiff::Timestamp, today: Date) -> String {
    let day = words::day_of(at);
    let ago = crate::directory::ago(words::days_between(day, today));
    words::sentence(&format!("{ago} ({})", words::date(day)))
}

/// What is noted beside an answer: who gave it, and what it was taken over from.
pub(super) fn note(row: &store::form::Answer, today: Date) -> String {
    match row.taken {
        Some((_, at)) => {
            let age = words::lower_first(&age(at, today));
            format!("Taken over by {} from an answer given {age}", row.by)
        }
        None if row.value.is_empty() => String::new(),
        None => format!("Saved on {} by {}", words::date_time(row.at), row.by),
    }
}

fn conditions(section: &Section, item: &Item) -> (String, String) {
    let mut coded = Vec::new();
    let mut said = Vec::new();
    for when in &item.when {
        let Some(of) = section.items.iter().find(|one| one.link == when.question) else {
            continue;
        };
        let (code, words) = match &when.how {
            Compare::Is(code) => (format!("={code}"), format!("“{}”", shown(of, code))),
            Compare::IsNot(code) => (format!("!={code}"), format!("not “{}”", shown(of, code))),
            Compare::Exists(true) => ("?yes".to_owned(), "anything".to_owned()),
            Compare::Exists(false) => ("?no".to_owned(), "nothing".to_owned()),
        };
        coded.push(format!("{}{code}", when.question));
        said.push((of.text.as_str(), words));
    }
    let only_if = match said.first() {
        None => String::new(),
        Some((question, _)) => {
            let join = if item.all { " and " } else { " or " };
            let answers: Vec<&str> = said.iter().map(|(_, words)| words.as_str()).collect();
            format!(
                "Only if “{question}” is answered with {}:",
                answers.join(join)
            )
        }
    };
    (coded.join("|"), only_if)
}

fn field(page: &FormPage, item: &Item, refused: Option<&Refused<'_>>) -> Shown {
    let name = name(&item.link);
    let error = refused.and_then(|one| one.reading.of(&name));
    let again = refused.filter(|_| error.is_some()).map(|one| one.fields);
    let value = match again {
        Some(fields) => fields.raw(&name).to_owned(),
        None => page.answers.get(&item.link).to_owned(),
    };
    let label = match item.required {
        true => item.text.clone(),
        false => format!("{} (optional)", item.text),
    };
    let hint = item.hint.clone();
    let choices = |all: &[flow::form::Choice]| -> Vec<Choice> {
        all.iter()
            .map(|one| Choice::new(one.code.clone(), one.text.clone(), &value))
            .collect()
    };
    match &item.kind {
        Kind::Display => Shown::Text(item.text.clone()),
        Kind::Line(most) => Shown::Plain(Field::Text(Input {
            name,
            label,
            hint,
            value,
            error,
            classes: width(*most).to_owned(),
            ..Input::default()
        })),
        Kind::Number => Shown::Plain(Field::Text(Input {
            name,
            label,
            hint,
            value,
            error,
            classes: "nhsuk-input--width-5".to_owned(),
            inputmode: "numeric".to_owned(),
            ..Input::default()
        })),
        Kind::Words(most) => Shown::Long(Long {
            area: TextArea {
                name,
                label,
                hint,
                value,
                error,
                rows: if *most > 600 { 5 } else { 3 },
            },
            most: *most,
        }),
        Kind::Choice(all) => radios((name, label, hint, error), choices(all)),
        Kind::YesNo => {
            let all = ["yes", "no"].map(|code| Choice::new(code, words::sentence(code), &value));
            radios((name, label, hint, error), all.into())
        }
        Kind::Choices(all) => Shown::Ticks(Ticks {
            choices: all
                .iter()
                .map(|one| Choice {
                    value: one.code.clone(),
                    text: one.text.clone(),
                    hint: String::new(),
                    chosen: match again {
                        Some(fields) => fields.has(&name, &one.code),
                        None => page.answers.has(&item.link, &one.code),
                    },
                })
                .collect(),
            name,
            legend: label,
            hint,
            error,
        }),
        Kind::Day => {
            let boxes = match again {
                Some(fields) => form::boxes(fields, &name),
                None => form::as_boxes(value.parse().ok()),
            };
            Shown::Plain(Field::Day(form::date_input(
                &name, &label, &hint, boxes, error,
            )))
        }
    }
}

fn radios(
    (name, legend, hint, error): (String, String, String, Option<String>),
    choices: Vec<Choice>,
) -> Shown {
    Shown::Plain(Field::Choice(Radios {
        name,
        legend,
        hint,
        error,
        choices,
    }))
}

const fn width(most: usize) -> &'static str {
    match most {
        0..=14 => "nhsuk-input--width-10",
        15..=40 => "nhsuk-input--width-20",
        _ => "",
    }
}
