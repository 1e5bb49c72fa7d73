//! Forms: versioned FHIR R4 Questionnaires held as data, their answers, and what stands of them.
//!
//! Source: HL7 FHIR R4 4.0.1 (2019), Questionnaire and QuestionnaireResponse; the task list
//! pattern of the NHS digital service manual. A Questionnaire's groups are the sections of the
//! form, each a page; what is in a group is its questions. A `display` item inside a question is
//! the question's help text.
//!
//! In words: an answer is kept as a text (a code, `yes` or `no`, a day as `2026-08-06`, a whole
//! number, words). A question that was not looked at has no answer; one that was looked at and
//! left has an empty one. The two are told apart everywhere.

mod answers;
mod library;
mod progress;
mod read;
mod response;

pub use answers::{Answers, Wrong, check, shown};
pub use library::{BUILTIN, Forms};
pub use progress::{Mark, Progress, SectionState, missing, progress};
pub use read::{FormError, read};
pub use response::{Subject, response};

/// Longest answer of one line, in characters, where the form does not say.
pub const LINE: usize = 200;
/// Longest answer of several lines, in characters, where the form does not say.
pub const WORDS: usize = 4_000;

/// One of the things a question can be answered with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What is kept.
    pub code: String,
    /// What is read.
    pub text: String,
}

/// What kind of answer a question wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Nothing: words to read.
    Display,
    /// One line, at most so many characters.
    Line(usize),
    /// Several lines, at most so many characters.
    Words(usize),
    /// One of these.
    Choice(Vec<Choice>),
    /// Any of these.
    Choices(Vec<Choice>),
    /// Yes or no.
    YesNo,
    /// A day.
    Day,
    /// A whole number that is not below nought.
    Number,
}

/// One condition under which a question is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct When {
    /// The question it looks at.
    pub question: String,
    /// How it looks.
    pub how: Compare,
}

/// How a condition looks at an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Compare {
    /// There is an answer (`true`) or none.
    Exists(bool),
    /// It is this, or this is among what was chosen.
    Is(String),
    /// It is answered, and not with this.
    IsNot(String),
}

/// A question, or words to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Short name that answers are kept by; never changes.
    pub link: String,
    /// The question.
    pub text: String,
    /// Help under it; empty for none.
    pub hint: String,
    /// What kind of answer.
    pub kind: Kind,
    /// Whether the form cannot be finished without an answer.
    pub required: bool,
    /// When it is asked; empty is always.
    pub when: Vec<When>,
    /// Whether all conditions must hold, or any.
    pub all: bool,
}

/// A section: one page of the form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Its short name, which stands in the page's address.
    pub link: String,
    /// Its heading.
    pub title: String,
    /// When it is shown; empty is always.
    pub when: Vec<When>,
    /// Whether all conditions must hold, or any.
    pub all: bool,
    /// Its questions in order.
    pub items: Vec<Item>,
}

/// A version of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// Short name, such as `needs-assessment`.
    pub name: String,
    /// Version, such as `2`.
    pub version: String,
    /// Its canonical address.
    pub url: String,
    /// What it is called.
    pub title: String,
    /// What it is for, a sentence or two; empty for none.
    pub about: String,
    /// No new one is begun with it; what was begun goes on.
    pub retired: bool,
    /// Its sections in order.
    pub sections: Vec<Section>,
}

impl Form {
    /// The section with a short name.
    pub fn section(&self, link: &str) -> Option<&Section> {
        self.sections.iter().find(|one| one.link == link)
    }

    /// Every question with its section, in order.
    pub fn questions(&self) -> impl Iterator<Item = (&Section, &Item)> {
        self.sections.iter().flat_map(|section| {
            section
                .items
                .iter()
                .filter(|item| item.kind != Kind::Display)
                .map(move |item| (section, item))
        })
    }

    /// The question with a short name, and its section.
    pub fn question(&self, link: &str) -> Option<(&Section, &Item)> {
        self.questions().find(|(_, item)| item.link == link)
    }

    /// Its address with the version, as answers name it.
    pub fn canonical(&self) -> String {
        format!("{}|{}", self.url, self.version)
    }
}
