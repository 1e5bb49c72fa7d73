//! Templates of passports, as `policy/passports/*.toml` or a place's own files have them.

use kernel::Confidence;
use serde::Deserialize;
use std::ops::Range;
use toml::Spanned;

/// Most headings of a template: they must fit one page.
pub const MOST_HEADINGS: usize = 12;
/// Most characters that all the answers of a template may have: they must fit one page.
pub const MOST_CHARACTERS: usize = 1_400;
/// Longest a passport may be valid, in days.
pub const MOST_DAYS: i64 = 731;
/// Longest title, in characters.
const TITLE: usize = 60;
/// Longest label, in characters.
const LABEL: usize = 40;
/// Longest choice, in characters.
const CHOICE: usize = 60;

/// What kind of answer a heading wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Words, at most so many characters.
    Text(usize),
    /// One of these.
    Choice(Vec<String>),
    /// A day. If true, the passport is not valid after it.
    Day(bool),
}

/// One heading of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// Short name that answers are kept by; never changes.
    pub key: String,
    /// What stands over the answer on the passport.
    pub label: String,
    /// What is asked in the form.
    pub question: String,
    /// Help under the question; empty for none.
    pub hint: String,
    /// What kind of answer.
    pub kind: Kind,
    /// Whether there must be an answer.
    pub required: bool,
}

/// What a passport for one purpose holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// Short name, the same as the file's.
    pub purpose: String,
    /// Title on the passport.
    pub title: String,
    /// Who it is for, a sentence.
    pub for_whom: String,
    /// How many days it is valid, counted from the day after it is made.
    pub valid_days: i64,
    /// Where headings and days come from.
    pub source: String,
    /// How sure that is.
    pub confidence: Confidence,
    /// The headings in order.
    pub headings: Vec<Heading>,
}

/// What is wrong with a file of templates.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("passports/{file}, line {line}: {what}")]
pub struct TemplateError {
    /// Name of the file.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// What is wrong and what to do.
    pub what: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTemplate {
    purpose: Spanned<String>,
    title: Spanned<String>,
    for_whom: Spanned<String>,
    valid_days: Spanned<i64>,
    source: Spanned<String>,
    confidence: Spanned<String>,
    heading: Vec<Spanned<RawHeading>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawHeading {
    key: Spanned<String>,
    label: Spanned<String>,
    question: Spanned<String>,
    #[serde(default)]
    hint: String,
    kind: Spanned<String>,
    longest: Option<Spanned<usize>>,
    choices: Option<Spanned<Vec<String>>>,
    last_day: Option<Spanned<bool>>,
    #[serde(default)]
    required: bool,
}

/// One thing wrong: where in the text, and what.
type Wrong = (Range<usize>, String);

impl Template {
    /// Reads a template. `file` is the name of the file, such as `catheter.toml`.
    ///
    /// # Errors
    /// The first thing wrong with it, with its line.
    pub fn read(file: &str, text: &str) -> Result<Self, TemplateError> {
        let fail = |(at, what): Wrong| TemplateError {
            file: file.to_owned(),
            line: text.get(..at.start).unwrap_or(text).matches('\n').count() + 1,
            what,
        };
        let raw: RawTemplate = toml::from_str(text).map_err(|error| {
            let what = error.message().trim().to_owned();
            fail((error.span().unwrap_or(0..0), what))
        })?;
        Self::checked(file, raw).map_err(fail)
    }

    fn checked(file: &str, raw: RawTemplate) -> Result<Self, Wrong> {
        let purpose = word(&raw.purpose)?;
        if Some(purpose.as_str()) != file.strip_suffix(".toml") {
            let what = format!("the file must be named {purpose}.toml, after its purpose");
            return Err((raw.purpose.span(), what));
        }
        let valid_days = *raw.valid_days.get_ref();
        if !(1..=MOST_DAYS).contains(&valid_days) {
            let what = format!("valid_days must be from 1 to {MOST_DAYS}");
            return Err((raw.valid_days.span(), what));
        }
        let confidence = Confidence::parse(raw.confidence.get_ref()).ok_or_else(|| {
            let what = "confidence must be found, derived, memory or local".to_owned();
            (raw.confidence.span(), what)
        })?;
        let mut headings: Vec<Heading> = Vec::new();
        for one in &raw.heading {
            let heading = heading(one)?;
            if headings.iter().any(|known| known.key == heading.key) {
                let what = format!("the key {} is there twice: keep one", heading.key);
                return Err((one.get_ref().key.span(), what));
            }
            headings.push(heading);
            if headings.len() > MOST_HEADINGS {
                let what = format!("at most {MOST_HEADINGS} headings fit one page");
                return Err((one.span(), what));
            }
            let most: usize = headings.iter().map(Heading::longest).sum();
            if most > MOST_CHARACTERS {
                let what = format!(
                    "with this heading the answers may have {most} characters, and {MOST_CHARACTERS} fit \
                     one page: make some shorter"
                );
                return Err((one.span(), what));
            }
        }
        if headings.is_empty() {
            return Err((0..0, "a template needs a [[heading]]".to_owned()));
        }
        Ok(Self {
            purpose,
            title: said(&raw.title, TITLE)?,
            for_whom: said(&raw.for_whom, 200)?,
            valid_days,
            source: said(&raw.source, 400)?,
            confidence,
            headings,
        })
    }

    /// The heading with a key.
    pub fn heading(&self, key: &str) -> Option<&Heading> {
        self.headings.iter().find(|one| one.key == key)
    }
}

impl Heading {
    /// Most characters of an answer.
    pub fn longest(&self) -> usize {
        match &self.kind {
            Kind::Text(longest) => *longest,
            Kind::Choice(choices) => choices
                .iter()
                .map(|choice| choice.chars().count())
                .max()
                .unwrap_or(0),
            // 29 September 2026
            Kind::Day(_) => 17,
        }
    }
}

fn heading(raw: &Spanned<RawHeading>) -> Result<Heading, Wrong> {
    let one = raw.get_ref();
    let named = one.kind.get_ref().as_str();
    if !["text", "choice", "date"].contains(&named) {
        let what = "kind must be text, choice or date".to_owned();
        return Err((one.kind.span(), what));
    }
    let misplaced = |span: Range<usize>, what: &str, kind: &str| {
        Err((span, format!("only headings of kind {kind} have {what}")))
    };
    if let Some(longest) = &one.longest
        && named != "text"
    {
        return misplaced(longest.span(), "longest", "text");
    }
    if let Some(choices) = &one.choices
        && named != "choice"
    {
        return misplaced(choices.span(), "choices", "choice");
    }
    if let Some(last_day) = &one.last_day
        && named != "date"
    {
        return misplaced(last_day.span(), "last_day", "date");
    }
    let kind = match named {
        "text" => match &one.longest {
            Some(longest) if (1..=400).contains(longest.get_ref()) => {
                Kind::Text(*longest.get_ref())
            }
            Some(longest) => {
                return Err((longest.span(), "longest must be from 1 to 400".to_owned()));
            }
            None => return Err((one.kind.span(), "a text needs longest".to_owned())),
        },
        "choice" => Kind::Choice(choices(one)?),
        _ => Kind::Day(one.last_day.as_ref().is_some_and(|last| *last.get_ref())),
    };
    if one.hint.chars().any(char::is_control) {
        return Err((raw.span(), "hint must be one line".to_owned()));
    }
    Ok(Heading {
        key: word(&one.key)?,
        label: said(&one.label, LABEL)?,
        question: said(&one.question, 160)?,
        hint: one.hint.trim().to_owned(),
        kind,
        required: one.required,
    })
}

fn choices(one: &RawHeading) -> Result<Vec<String>, Wrong> {
    let Some(choices) = &one.choices else {
        return Err((one.kind.span(), "a choice needs choices".to_owned()));
    };
    let list = choices.get_ref();
    let fits = |choice: &String| {
        (1..=CHOICE).contains(&choice.chars().count())
            && choice.trim() == choice
            && !choice.chars().any(char::is_control)
    };
    let twice = (1..list.len()).any(|at| list[..at].contains(&list[at]));
    if list.len() < 2 || twice || !list.iter().all(fits) {
        let what = format!(
            "choices must be two or more different texts of at most {CHOICE} characters, without spaces around them"
        );
        return Err((choices.span(), what));
    }
    Ok(list.clone())
}

/// A short name: lower-case letters, digits and dashes.
fn word(raw: &Spanned<String>) -> Result<String, Wrong> {
    let text = raw.get_ref();
    let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if text.is_empty() || text.len() > 40 || !text.chars().all(letter) {
        let what =
            format!("`{text}` must be lower-case letters, digits and dashes, at most 40 of them");
        return Err((raw.span(), what));
    }
    Ok(text.clone())
}

/// One line that must be there.
fn said(raw: &Spanned<String>, most: usize) -> Result<String, Wrong> {
    let text = raw.get_ref().trim();
    if text.is_empty() || text.chars().count() > most || text.chars().any(char::is_control) {
        let what = format!("this must be one line of 1 to {most} characters");
        return Err((raw.span(), what));
    }
    Ok(text.to_owned())
}

/// The templates that are built in: name of the file and text.
pub const BUILTIN: [(&str, &str); 4] = [
    (
        "catheter.toml",
        include_str!("../../../../policy/passports/catheter.toml"),
    ),
    (
        "communication.toml",
        include_str!("../../../../policy/passports/communication.toml"),
    ),
    (
        "dementia.toml",
        include_str!("../../../../policy/passports/dementia.toml"),
    ),
    (
        "end-of-life.toml",
        include_str!("../../../../policy/passports/end-of-life.toml"),
    ),
];

/// Every template of a place, in the order of their titles.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Templates(Vec<Template>);

impl Templates {
    /// Those that are built in. A test holds that they have no errors.
    pub fn builtin() -> Self {
        Self::from_texts(&[]).unwrap_or_default()
    }

    /// Those that are built in with some files replaced or added: name and text of each file.
    ///
    /// # Errors
    /// What is wrong with each file. Templates with a fault are never used in part.
    pub fn from_texts(given: &[(&str, &str)]) -> Result<Self, Vec<TemplateError>> {
        let replaced = |name: &str| given.iter().any(|(file, _)| *file == name);
        let kept = BUILTIN.iter().filter(|(file, _)| !replaced(file));
        let (mut templates, mut errors) = (Vec::new(), Vec::new());
        for (file, text) in kept.chain(given) {
            match Template::read(file, text) {
                Ok(template) => templates.push(template),
                Err(error) => errors.push(error),
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        templates.sort_by(|one, other| one.title.cmp(&other.title));
        Ok(Self(templates))
    }

    /// All of them.
    pub fn all(&self) -> &[Template] {
        &self.0
    }

    /// The template for a purpose.
    pub fn get(&self, purpose: &str) -> Option<&Template> {
        self.0.iter().find(|one| one.purpose == purpose)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn the_built_in_templates_have_no_errors() {
        let templates = Templates::from_texts(&[]).unwrap();
        let purposes: Vec<_> = templates.all().iter().map(|t| t.purpose.as_str()).collect();
        assert_eq!(
            purposes,
            ["catheter", "communication", "dementia", "end-of-life"]
        );
        assert_eq!(Templates::builtin(), templates);
        let catheter = templates.get("catheter").unwrap();
        assert_eq!(catheter.heading("change-by").unwrap().kind, Kind::Day(true));
        // Who to call is what everybody needs.
        for template in templates.all() {
            assert!(template.heading("call").is_some_and(|one| one.required));
        }
    }

    const GOOD: &str = "purpose = \"x\"\ntitle = \"X\"\nfor_whom = \"Y.\"\nvalid_days = 30\n\
        source = \"ours\"\nconfidence = \"local\"\n[[heading]]\nkey = \"a\"\nlabel = \"A\"\n\
        question = \"A?\"\nkind = \"text\"\nlongest = 80\n";

    #[test]
    fn what_is_wrong_is_told_with_file_and_line() {
        assert!(Template::read("x.toml", GOOD).is_ok());
        let again = GOOD.split_once("[[heading]]").unwrap().1;
        let twice = format!("{GOOD}[[heading]]{again}");
        let large = |n: usize| {
            (0..n).fold(GOOD.replace("80", "400"), |text, at| {
                let more = again.replace("\"a\"", &format!("\"a{at}\""));
                format!("{text}[[heading]]{}", more.replace("80", "400"))
            })
        };
        for (file, text, said) in [
            (
                "y.toml",
                GOOD.to_owned(),
                "line 1: the file must be named x.toml",
            ),
            (
                "x.toml",
                GOOD.replace("= 30", "= 0"),
                "line 4: valid_days must be from 1 to 731",
            ),
            ("x.toml", GOOD.replace("= 30", "= \"30\""), "line 4: "),
            (
                "x.toml",
                GOOD.replace("local", "sure"),
                "line 6: confidence must be",
            ),
            (
                "x.toml",
                GOOD.replace("\"ours\"", "\" \""),
                "line 5: this must be one line",
            ),
            (
                "x.toml",
                GOOD.replace("\"text\"", "\"words\""),
                "line 11: kind must be",
            ),
            (
                "x.toml",
                GOOD.replace("longest = 80", ""),
                "line 11: a text needs longest",
            ),
            (
                "x.toml",
                GOOD.replace("= 80", "= 4000"),
                "line 12: longest must be",
            ),
            (
                "x.toml",
                GOOD.replace("\"text\"", "\"date\""),
                "line 12: only headings of kind text",
            ),
            (
                "x.toml",
                GOOD.replace("\"a\"", "\"A a\""),
                "line 8: `A a` must be lower-case",
            ),
            (
                "x.toml",
                GOOD.replace("label", "lable"),
                "line 9: unknown field `lable`",
            ),
            ("x.toml", twice, "line 14: the key a is there twice"),
            (
                "x.toml",
                large(3),
                "line 25: with this heading the answers may have 1600",
            ),
            (
                "x.toml",
                format!("{GOOD}choices = [\"b\", \"c\"]\n"),
                "line 13: only headings of kind choice",
            ),
            (
                "x.toml",
                GOOD.replace(
                    "\"text\"\nlongest = 80",
                    "\"choice\"\nchoices = [\"b\", \"b\"]",
                ),
                "line 12: choices must be two or more different",
            ),
            ("x.toml", format!("{GOOD}["), "line 13: "),
        ] {
            let error = Template::read(file, &text).unwrap_err().to_string();
            let said = format!("passports/{file}, {said}");
            assert!(error.starts_with(&said), "{error}\nwanted: {said}");
        }
    }

    #[test]
    fn a_place_replaces_and_adds_and_a_fault_refuses_all() {
        let own = GOOD.replace("\"X\"", "\"Own\"");
        let shorter = BUILTIN[0].1.replace("valid_days = 90", "valid_days = 30");
        let templates =
            Templates::from_texts(&[("x.toml", &own), ("catheter.toml", &shorter)]).unwrap();
        assert_eq!(templates.all().len(), 5);
        assert_eq!(templates.get("catheter").unwrap().valid_days, 30);
        let errors = Templates::from_texts(&[("x.toml", &own), ("z.toml", "")]).unwrap_err();
        assert_eq!(errors.len(), 1);
    }
}
