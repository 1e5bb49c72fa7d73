//! What was answered, checked against the template and put in the form it is shown in.
//!
//! In words: an answer is one paragraph; lines become parts of it, with a semicolon between. A
//! day is kept as `2026-08-06` and shown as 6 August 2026. A passport is valid for the days of
//! its template from the day it is made, and not after a day of its own that ends it, such as
//! the day on which a catheter must be changed.

use super::template::{Heading, Kind, Template};
use jiff::civil::Date;
use kernel::calendar::add_days;
use std::collections::BTreeMap;

/// Answers by the keys of their headings.
pub type Answers = BTreeMap<String, String>;

/// What is wrong with an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerFault {
    /// Key of the heading.
    pub key: String,
    /// What is wrong and what to do.
    pub text: String,
}

/// Answers that fit their template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// The answers that were given, tidied.
    pub answers: Answers,
    /// Label and answer in the order of the template, as they are shown.
    pub shown: Vec<(String, String)>,
    /// Last day on which the passport is valid.
    pub valid_until: Date,
}

/// Checks answers on a day.
///
/// # Errors
/// What is wrong, a fault for each heading at most, in the order of the template.
pub fn check(
    template: &Template,
    typed: &Answers,
    today: Date,
) -> Result<Checked, Vec<AnswerFault>> {
    let mut checked = Checked {
        answers: Answers::new(),
        shown: Vec::new(),
        valid_until: add_days(today, template.valid_days),
    };
    let mut faults = Vec::new();
    for heading in &template.headings {
        let answer = tidy(typed.get(&heading.key).map_or("", String::as_str));
        match read(heading, &answer, today) {
            Ok(None) => {}
            Ok(Some((shown, last_day))) => {
                checked.answers.insert(heading.key.clone(), answer);
                checked.shown.push((heading.label.clone(), shown));
                if let Some(day) = last_day {
                    checked.valid_until = checked.valid_until.min(day);
                }
            }
            Err(text) => faults.push(AnswerFault {
                key: heading.key.clone(),
                text,
            }),
        }
    }
    match faults.is_empty() {
        true => Ok(checked),
        false => Err(faults),
    }
}

/// The answer as it is shown, and the last day that it sets.
fn read(
    heading: &Heading,
    answer: &str,
    today: Date,
) -> Result<Option<(String, Option<Date>)>, String> {
    let label = &heading.label;
    if answer.is_empty() {
        return match heading.required {
            true => Err(format!("{label}: this must be filled in")),
            false => Ok(None),
        };
    }
    match &heading.kind {
        Kind::Text(longest) => {
            let length = answer.chars().count();
            if length > *longest {
                return Err(format!(
                    "{label}: use {longest} characters or fewer. You have used {length}"
                ));
            }
            Ok(Some((answer.to_owned(), None)))
        }
        Kind::Choice(choices) => match choices.iter().any(|choice| choice == answer) {
            true => Ok(Some((answer.to_owned(), None))),
            false => Err(format!("{label}: choose one of the answers")),
        },
        Kind::Day(last) => {
            let day: Date = answer
                .parse()
                .map_err(|_| format!("{label}: enter a real day, such as 6 8 2026"))?;
            if *last && day < today {
                return Err(format!("{label}: this day is over"));
            }
            Ok(Some((in_words(day), last.then_some(day))))
        }
    }
}

/// 6 August 2026.
fn in_words(day: Date) -> String {
    day.strftime("%-d %B %Y").to_string()
}

/// One paragraph, without signs that no page shows.
fn tidy(answer: &str) -> String {
    let mut text = String::with_capacity(answer.len());
    for line in answer.lines() {
        let words: Vec<&str> = line
            .split(|c: char| c.is_whitespace() || c.is_control())
            .filter(|word| !word.is_empty())
            .collect();
        if words.is_empty() {
            continue;
        }
        if text.ends_with(['.', ',', ';', ':', '!', '?']) {
            text.push(' ');
        } else if !text.is_empty() {
            text.push_str("; ");
        }
        text.push_str(&words.join(" "));
    }
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::super::template::Templates;
    use super::*;
    use jiff::civil::date;

    fn catheter(changes: &[(&str, &str)]) -> Result<Checked, Vec<AnswerFault>> {
        let mut answers: Answers = [
            ("kind", "Through the urethra"),
            ("why", "Cannot empty the bladder"),
            ("size", "14 Ch, silicone, 10 ml"),
            ("put-in", "2026-05-01"),
            ("change-by", "2026-07-24"),
            ("allergies", "None known"),
            ("call", "District nurses"),
        ]
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .into();
        for (key, value) in changes {
            answers.insert((*key).to_owned(), (*value).to_owned());
        }
        let templates = Templates::builtin();
        check(
            templates.get("catheter").unwrap(),
            &answers,
            date(2026, 5, 3),
        )
    }

    #[test]
    fn answers_are_shown_in_order_and_end_with_their_last_day() {
        let checked = catheter(&[("surplus", "not asked")]).unwrap();
        assert_eq!(checked.valid_until, date(2026, 7, 24));
        assert_eq!(checked.shown.len(), 7);
        assert_eq!(
            checked.shown[3],
            ("Put in on".to_owned(), "1 May 2026".to_owned())
        );
        assert_eq!(checked.answers.get("surplus"), None);
        // Without a nearer day, the days of the template.
        let checked = catheter(&[("change-by", "2027-01-01")]).unwrap();
        assert_eq!(checked.valid_until, date(2026, 8, 1));
    }

    #[test]
    fn what_is_wrong_is_said_of_each_heading() {
        let faults = catheter(&[
            ("kind", "Of gold"),
            ("why", " \n "),
            ("size", &"x".repeat(81)),
            ("put-in", "2026-02-30"),
            ("change-by", "2026-05-02"),
        ])
        .unwrap_err();
        let texts: Vec<_> = faults.iter().map(|fault| fault.text.as_str()).collect();
        assert_eq!(
            texts,
            [
                "Kind of catheter: choose one of the answers",
                "Why it is needed: this must be filled in",
                "Size, material, balloon: use 80 characters or fewer. You have used 81",
                "Put in on: enter a real day, such as 6 8 2026",
                "Change by: this day is over",
            ]
        );
        assert_eq!(faults[4].key, "change-by");
    }

    #[test]
    fn an_answer_is_one_paragraph() {
        for (typed, tidied) in [
            ("  fish\n\n jam \t tea ", "fish; jam tea"),
            (
                "Dislikes:\nnoise,\nlight.\nLikes dogs",
                "Dislikes: noise, light. Likes dogs",
            ),
            ("a\u{1f}b\u{0}c", "a b c"),
            ("\n", ""),
        ] {
            assert_eq!(tidy(typed), tidied);
        }
    }
}
