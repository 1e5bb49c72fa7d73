//! Answers: whether one fits its question, how it is kept, and which questions are asked.

use super::{Compare, Form, Item, Kind, Section, When};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// What is wrong with an answer, in words that say what to do.
pub type Wrong = String;

/// Answers by the short names of their questions. What was looked at and left is there, empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers(BTreeMap<String, String>);

impl Answers {
    /// Puts an answer.
    pub fn put(&mut self, link: impl Into<String>, value: impl Into<String>) {
        self.0.insert(link.into(), value.into());
    }

    /// The answer; empty if there is none.
    pub fn get(&self, link: &str) -> &str {
        self.0.get(link).map_or("", String::as_str)
    }

    /// Whether the question was looked at.
    pub fn looked_at(&self, link: &str) -> bool {
        self.0.contains_key(link)
    }

    /// Whether something was chosen, alone or among others.
    pub fn has(&self, link: &str, code: &str) -> bool {
        self.get(link).lines().any(|one| one == code)
    }

    /// The answers that were chosen or counted. What was written in words, and days, are left
    /// out: they could name somebody.
    #[must_use]
    pub fn chosen_or_counted(&self, form: &Form) -> Self {
        let kept = self.0.iter().filter(|(link, _)| {
            let item = form.question(link).map(|(_, item)| &item.kind);
            matches!(
                item,
                Some(Kind::Choice(_) | Kind::Choices(_) | Kind::YesNo | Kind::Number)
            )
        });
        Self(
            kept.map(|(link, value)| (link.clone(), value.clone()))
                .collect(),
        )
    }

    /// Whether one condition holds, by the answers so far.
    pub fn holds(&self, when: &When) -> bool {
        let answer = self.get(&when.question);
        match &when.how {
            Compare::Exists(there) => answer.is_empty() != *there,
            Compare::Is(code) => self.has(&when.question, code),
            Compare::IsNot(code) => !answer.is_empty() && !self.has(&when.question, code),
        }
    }

    fn hold(&self, conditions: &[When], all: bool) -> bool {
        conditions.is_empty()
            || match all {
                true => conditions.iter().all(|one| self.holds(one)),
                false => conditions.iter().any(|one| self.holds(one)),
            }
    }

    /// Whether a section is shown, by the answers so far.
    pub fn shows(&self, section: &Section) -> bool {
        self.hold(&section.when, section.all)
    }

    /// Whether a question is asked, by the answers so far.
    pub fn asks(&self, section: &Section, item: &Item) -> bool {
        self.shows(section) && self.hold(&item.when, item.all)
    }

    /// The questions that are asked, in order.
    pub fn asked<'f>(&self, form: &'f Form) -> Vec<(&'f Section, &'f Item)> {
        form.questions()
            .filter(|(section, item)| self.asks(section, item))
            .collect()
    }
}

/// The answer as it is kept, or what is wrong with it. An empty one fits every question: whether
/// there must be one is asked at the end, so that nothing typed is ever refused for what is not
/// there yet.
///
/// # Errors
/// What is wrong and what to do.
pub fn check(item: &Item, typed: &str) -> Result<String, Wrong> {
    let typed = typed.replace("\r\n", "\n");
    let plain = typed.trim();
    if plain.is_empty() {
        return Ok(String::new());
    }
    match &item.kind {
        Kind::Display => Err("This is not a question".to_owned()),
        Kind::Line(most) => short(&plain.replace('\n', " "), *most),
        // Lines and the spaces in them stay as they were typed.
        Kind::Words(most) => short(typed.trim_end(), *most),
        Kind::Choice(choices) => match choices.iter().any(|one| one.code == plain) {
            true => Ok(plain.to_owned()),
            false => Err("Choose one of the answers in the list".to_owned()),
        },
        Kind::Choices(choices) => {
            let given: Vec<&str> = plain.lines().map(str::trim).collect();
            match given
                .iter()
                .all(|code| choices.iter().any(|one| one.code == *code))
            {
                // In the order of the form, each once.
                true => Ok(choices
                    .iter()
                    .map(|one| one.code.as_str())
                    .filter(|code| given.contains(code))
                    .collect::<Vec<_>>()
                    .join("\n")),
                false => Err("Choose from the answers in the list".to_owned()),
            }
        }
        Kind::YesNo => match plain {
            "yes" | "no" => Ok(plain.to_owned()),
            _ => Err("Choose yes or no".to_owned()),
        },
        Kind::Day => match plain.parse::<Date>() {
            Ok(day) if (1900..=2200).contains(&day.year()) => Ok(day.to_string()),
            _ => Err("Enter a real day, such as 6 8 2026".to_owned()),
        },
        Kind::Number => match plain.parse::<u32>() {
            Ok(number) if number <= 1_000_000 => Ok(number.to_string()),
            _ => Err("Enter a whole number, such as 3".to_owned()),
        },
    }
}

/// Characters are counted as people count them on a screen: a new line is one.
fn short(text: &str, most: usize) -> Result<String, Wrong> {
    let length = text.chars().count();
    match length > most {
        true => Err(format!(
            "Use {most} characters or fewer. You have used {length}"
        )),
        false => Ok(text.to_owned()),
    }
}

/// An answer as it is read: what a code means, a day in words. Empty for none.
pub fn shown(item: &Item, value: &str) -> String {
    match &item.kind {
        Kind::Choice(choices) | Kind::Choices(choices) => value
            .lines()
            .map(|code| {
                let known = choices.iter().find(|one| one.code == code);
                known.map_or(code, |one| one.text.as_str())
            })
            .collect::<Vec<_>>()
            .join("\n"),
        Kind::YesNo => match value {
            "yes" => "Yes".to_owned(),
            "no" => "No".to_owned(),
            other => other.to_owned(),
        },
        Kind::Day => value.parse::<Date>().map_or_else(
            |_| value.to_owned(),
            |day| day.strftime("%-d %B %Y").to_string(),
        ),
        _ => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::super::Choice;
    use super::*;

    fn item(kind: Kind) -> Item {
        Item {
            link: "q".to_owned(),
            text: "Q?".to_owned(),
            hint: String::new(),
            kind,
            required: false,
            when: Vec::new(),
            all: false,
        }
    }

    fn choices() -> Vec<Choice> {
        [("a", "Apples"), ("b", "Bread")]
            .map(|(code, text)| Choice {
                code: code.to_owned(),
                text: text.to_owned(),
            })
            .into()
    }

    #[test]
    fn answers_fit_their_questions_or_say_what_to_do() {
        let use_five = "Use 5 characters or fewer. You have used 6";
        for (kind, typed, kept) in [
            (Kind::Line(5), " abc ", Ok("abc")),
            (Kind::Line(5), "abcdef", Err(use_five)),
            (Kind::Line(5), "", Ok("")),
            // New lines are kept, and each counts as one however it was sent.
            (Kind::Words(5), "a\r\nb\r\nc", Ok("a\nb\nc")),
            (Kind::Words(5), "a\nb\ncd", Err(use_five)),
            (Kind::Words(5), "ééééé", Ok("ééééé")),
            (Kind::Words(5), "  a", Ok("  a")),
            (Kind::Choice(choices()), "a", Ok("a")),
            (
                Kind::Choice(choices()),
                "c",
                Err("Choose one of the answers in the list"),
            ),
            (Kind::Choices(choices()), "b\na\nb", Ok("a\nb")),
            (
                Kind::Choices(choices()),
                "a\nc",
                Err("Choose from the answers in the list"),
            ),
            (Kind::YesNo, "yes", Ok("yes")),
            (Kind::YesNo, "maybe", Err("Choose yes or no")),
            (Kind::Day, "2026-08-06", Ok("2026-08-06")),
            (
                Kind::Day,
                "2026-02-30",
                Err("Enter a real day, such as 6 8 2026"),
            ),
            (Kind::Number, "007", Ok("7")),
            (Kind::Number, "-1", Err("Enter a whole number, such as 3")),
            (Kind::Display, "x", Err("This is not a question")),
        ] {
            let expected = kept.map(str::to_owned).map_err(str::to_owned);
            assert_eq!(
                check(&item(kind.clone()), typed),
                expected,
                "{kind:?} {typed:?}"
            );
        }
    }

    #[test]
    fn answers_are_read_in_words() {
        for (kind, value, words) in [
            (Kind::Choices(choices()), "a\nb", "Apples\nBread"),
            (Kind::Choice(choices()), "gone", "gone"),
            (Kind::YesNo, "no", "No"),
            (Kind::Day, "2026-08-06", "6 August 2026"),
            (Kind::Words(9), "a\nb", "a\nb"),
            (Kind::YesNo, "", ""),
        ] {
            assert_eq!(shown(&item(kind), value), words);
        }
    }

    #[test]
    fn a_question_is_asked_when_its_conditions_hold() {
        let mut answers = Answers::default();
        let when = |how| When {
            question: "a".to_owned(),
            how,
        };
        let is = when(Compare::Is("x".to_owned()));
        let is_not = when(Compare::IsNot("x".to_owned()));
        let there = when(Compare::Exists(true));
        let none = when(Compare::Exists(false));
        let hold = |answers: &Answers| [&is, &is_not, &there, &none].map(|one| answers.holds(one));
        assert_eq!(hold(&answers), [false, false, false, true]);
        answers.put("a", "");
        assert_eq!(hold(&answers), [false, false, false, true]);
        answers.put("a", "y\nx");
        assert_eq!(hold(&answers), [true, false, true, false]);
        answers.put("a", "y");
        assert_eq!(hold(&answers), [false, true, true, false]);
        assert!(answers.hold(&[is.clone(), is_not.clone()], false));
        assert!(!answers.hold(&[is, is_not], true));
        assert!(answers.looked_at("a") && !answers.looked_at("b"));
    }
}
