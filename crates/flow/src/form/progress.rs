//! How far a form is: which sections were looked at, which are complete, what is missing.
//!
//! Source: the task list pattern of the NHS digital service manual; its discussion 6251 (case
//! work needs "not looked at" told apart from "not complete"). In words: a section that nobody
//! has opened is *Not yet started*. One that was opened is *Incomplete* until somebody says that
//! it is complete and every question that must be answered is. When an answer elsewhere makes a
//! further question necessary, it is *Incomplete* again.

use super::{Answers, Form, Item, Section};
use std::collections::BTreeMap;

/// What was said of a section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Somebody has opened it.
    Opened,
    /// Somebody has said that it is complete.
    Complete,
}

/// How a section stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SectionState {
    /// Nobody has opened it.
    NotYetStarted,
    /// It was opened and is not complete.
    Incomplete,
    /// It is complete.
    Completed,
}

impl SectionState {
    /// The words of the task list.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::NotYetStarted => "Not yet started",
            Self::Incomplete => "Incomplete",
            Self::Completed => "Completed",
        }
    }
}

/// One section that is shown, with how it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress<'f> {
    /// The section.
    pub section: &'f Section,
    /// How it stands.
    pub state: SectionState,
    /// Questions that must be answered and are not.
    pub missing: usize,
}

/// The questions that are asked, must be answered and are not.
pub fn missing<'f>(form: &'f Form, answers: &Answers) -> Vec<(&'f Section, &'f Item)> {
    let mut asked = answers.asked(form);
    asked.retain(|(_, item)| item.required && answers.get(&item.link).is_empty());
    asked
}

/// How each section that is shown stands.
pub fn progress<'f>(
    form: &'f Form,
    answers: &Answers,
    marks: &BTreeMap<String, Mark>,
) -> Vec<Progress<'f>> {
    let lacking = missing(form, answers);
    form.sections
        .iter()
        .filter(|section| answers.shows(section))
        .map(|section| {
            let missing = lacking
                .iter()
                .filter(|(of, _)| of.link == section.link)
                .count();
            let answered = section.items.iter().any(|one| answers.looked_at(&one.link));
            let state = match marks.get(&section.link) {
                None if !answered => SectionState::NotYetStarted,
                Some(Mark::Complete) if missing == 0 => SectionState::Completed,
                _ => SectionState::Incomplete,
            };
            Progress {
                section,
                state,
                missing,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::super::read;
    use super::*;

    const TEXT: &str = r#"{"resourceType":"Questionnaire","name":"x","url":"https://x.example/x","version":"1","title":"X",
        "status":"active","item":[
        {"linkId":"one","text":"One","type":"group","item":[{"linkId":"a","text":"A?","type":"boolean","required":true}]},
        {"linkId":"two","text":"Two","type":"group","item":[{"linkId":"b","text":"B?","type":"text"},
          {"linkId":"c","text":"C?","type":"string","required":true,"enableWhen":[{"question":"a","operator":"=","answerBoolean":true}]}]},
        {"linkId":"three","text":"Three","type":"group","enableWhen":[{"question":"a","operator":"=","answerBoolean":false}],
          "item":[{"linkId":"d","text":"D?","type":"string"}]}]}"#;

    fn states(answers: &[(&str, &str)], marks: &[(&str, Mark)]) -> String {
        let form = read("x", TEXT).unwrap();
        let mut given = Answers::default();
        for (link, value) in answers {
            given.put(*link, *value);
        }
        let marks = marks.iter().map(|(l, m)| ((*l).to_owned(), *m)).collect();
        progress(&form, &given, &marks)
            .iter()
            .map(|one| {
                format!(
                    "{} {} {}",
                    one.section.link,
                    one.state.in_words(),
                    one.missing
                )
            })
            .collect::<Vec<_>>()
            .join("; ")
    }

    #[test]
    fn not_looked_at_is_not_the_same_as_not_complete() {
        for (answers, marks, said) in [
            (
                &[][..],
                &[][..],
                "one Not yet started 1; two Not yet started 0",
            ),
            (
                &[],
                &[("one", Mark::Opened)],
                "one Incomplete 1; two Not yet started 0",
            ),
            (&[("a", "")], &[], "one Incomplete 1; two Not yet started 0"),
            // Said to be complete, and something that must be there is not.
            (
                &[("a", "")],
                &[("one", Mark::Complete)],
                "one Incomplete 1; two Not yet started 0",
            ),
            (
                &[("a", "no"), ("b", "x")],
                &[("one", Mark::Complete), ("two", Mark::Complete)],
                "one Completed 0; two Completed 0; three Not yet started 0",
            ),
            // Another answer asks for more, and the section is incomplete again.
            (
                &[("a", "yes"), ("b", "x")],
                &[("one", Mark::Complete), ("two", Mark::Complete)],
                "one Completed 0; two Incomplete 1",
            ),
        ] {
            assert_eq!(states(answers, marks), said);
        }
    }
}
