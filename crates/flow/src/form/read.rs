//! The reader of forms: a FHIR R4 Questionnaire in, a form or what is wrong with it out.

use super::{Choice, Compare, Form, Item, Kind, LINE, Section, WORDS, When};
use serde_json::Value;
use std::collections::BTreeMap;

/// Most questions of a form.
const QUESTIONS: usize = 300;
/// Longest text of a question or a choice, in characters.
const TEXT: usize = 500;
/// Longest short name, in characters.
const LINK: usize = 40;

/// What is wrong with a file of a form.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}, {at}: {what}")]
pub struct FormError {
    /// Path of the file under `policy/`.
    pub file: String,
    /// Which element, such as `item nutrition`.
    pub at: String,
    /// What is wrong and what to do.
    pub what: String,
}

/// Where, and what is wrong there.
type Fault = (String, String);

fn fault<T>(at: impl Into<String>, what: impl Into<String>) -> Result<T, Fault> {
    Err((at.into(), what.into()))
}

/// Reads a form. `file` is its path under `policy/`, for what is said of it.
///
/// # Errors
/// The first thing wrong with it.
pub fn read(file: &str, text: &str) -> Result<Form, FormError> {
    let named = |(at, what): Fault| FormError {
        file: file.to_owned(),
        at,
        what,
    };
    let tree: Value = serde_json::from_str(text)
        .map_err(|error| named(("the file".to_owned(), format!("is no JSON: {error}"))))?;
    form(&tree).map_err(named)
}

/// A text that must be there, on one line and not too long.
fn text(of: &Value, name: &str, at: &str, most: usize) -> Result<String, Fault> {
    let given = of.get(name).and_then(Value::as_str).unwrap_or("").trim();
    match given.chars().count() {
        0 => fault(at, format!("{name} is missing")),
        long if long > most => fault(at, format!("{name} has more than {most} characters")),
        _ => Ok(given.to_owned()),
    }
}

fn optional(of: &Value, name: &str) -> String {
    let given = of.get(name).and_then(Value::as_str).unwrap_or("");
    given.trim().to_owned()
}

/// A short name: it stands in addresses and keys.
fn link(of: &Value, name: &str, at: &str) -> Result<String, Fault> {
    let given = text(of, name, at, LINK)?;
    let fits = given
        .bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    match fits {
        true => Ok(given),
        false => fault(
            at,
            format!("{name} `{given}` must be lower-case letters, digits and dashes"),
        ),
    }
}

fn form(tree: &Value) -> Result<Form, Fault> {
    let top = "the form";
    if tree.get("resourceType").and_then(Value::as_str) != Some("Questionnaire") {
        return fault(top, "resourceType must be Questionnaire");
    }
    let retired = match tree.get("status").and_then(Value::as_str) {
        Some("active") => false,
        Some("retired") => true,
        _ => return fault(top, "status must be active or retired"),
    };
    let mut known = BTreeMap::new();
    let mut sections = Vec::new();
    for one in items(tree) {
        sections.push(section(one, &mut known)?);
    }
    if sections.is_empty() {
        return fault(top, "there must be an item: a group with questions");
    }
    if known.len() > QUESTIONS {
        return fault(top, format!("more than {QUESTIONS} questions"));
    }
    let form = Form {
        name: link(tree, "name", top)?,
        version: text(tree, "version", top, 20)?,
        url: text(tree, "url", top, TEXT)?,
        title: text(tree, "title", top, 100)?,
        about: optional(tree, "description"),
        retired,
        sections,
    };
    conditions_lead_somewhere(&form, &known)?;
    Ok(form)
}

fn items(of: &Value) -> &[Value] {
    of.get("item")
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// Every question so far, with its kind.
type Known = BTreeMap<String, Option<Kind>>;

fn new_link(of: &Value, known: &mut Known) -> Result<String, Fault> {
    let name = link(of, "linkId", "an item")?;
    match known.insert(name.clone(), None) {
        None => Ok(name),
        Some(_) => fault(
            format!("item {name}"),
            "the linkId is there twice: keep one",
        ),
    }
}

fn section(of: &Value, known: &mut Known) -> Result<Section, Fault> {
    let name = new_link(of, known)?;
    let at = format!("item {name}");
    if of.get("type").and_then(Value::as_str) != Some("group") {
        return fault(
            at,
            "an item of the form itself must be of type group: a section",
        );
    }
    let (when, all) = conditions(of, &at)?;
    let mut questions = Vec::new();
    for one in items(of) {
        questions.push(question(one, known)?);
    }
    if questions.is_empty() {
        return fault(at, "a section must have an item");
    }
    Ok(Section {
        title: text(of, "text", &at, 100)?,
        link: name,
        when,
        all,
        items: questions,
    })
}

fn question(of: &Value, known: &mut Known) -> Result<Item, Fault> {
    let name = new_link(of, known)?;
    let at = format!("item {name}");
    let kind = kind(of, &at)?;
    let mut hint = String::new();
    for child in items(of) {
        if child.get("type").and_then(Value::as_str) != Some("display") || !hint.is_empty() {
            return fault(
                at,
                "inside a question there may be one display item: its help",
            );
        }
        new_link(child, known)?;
        hint = text(child, "text", &at, TEXT)?;
    }
    let (when, all) = conditions(of, &at)?;
    known.insert(name.clone(), Some(kind.clone()));
    Ok(Item {
        text: text(of, "text", &at, TEXT)?,
        link: name,
        hint,
        required: of.get("required").and_then(Value::as_bool).unwrap_or(false)
            && kind != Kind::Display,
        kind,
        when,
        all,
    })
}

fn kind(of: &Value, at: &str) -> Result<Kind, Fault> {
    let most = |usual: usize| match of.get("maxLength").map(Value::as_u64) {
        None => Ok(usual),
        Some(Some(most @ 1..=10_000)) => Ok(usize::try_from(most).unwrap_or(usual)),
        Some(_) => fault(at, "maxLength must be from 1 to 10000"),
    };
    let repeats = of.get("repeats").and_then(Value::as_bool).unwrap_or(false);
    let kind = of.get("type").and_then(Value::as_str).unwrap_or("");
    if repeats && kind != "choice" {
        return fault(at, "only a choice may repeat");
    }
    match kind {
        "display" => Ok(Kind::Display),
        "string" => Ok(Kind::Line(most(LINE)?)),
        "text" => Ok(Kind::Words(most(WORDS)?)),
        "boolean" => Ok(Kind::YesNo),
        "date" => Ok(Kind::Day),
        "integer" => Ok(Kind::Number),
        "choice" if repeats => Ok(Kind::Choices(choices(of, at)?)),
        "choice" => Ok(Kind::Choice(choices(of, at)?)),
        other => fault(
            at,
            format!(
                "type `{other}` is none of display, string, text, boolean, date, integer, choice"
            ),
        ),
    }
}

fn choices(of: &Value, at: &str) -> Result<Vec<Choice>, Fault> {
    let mut choices: Vec<Choice> = Vec::new();
    let given = of.get("answerOption").and_then(Value::as_array);
    for one in given.into_iter().flatten() {
        let Some(coding) = one.get("valueCoding") else {
            return fault(at, "an answerOption must be a valueCoding");
        };
        let code = link(coding, "code", at)?;
        if choices.iter().any(|known| known.code == code) {
            return fault(at, format!("the answer {code} is there twice: keep one"));
        }
        choices.push(Choice {
            code,
            text: text(coding, "display", at, TEXT)?,
        });
    }
    match choices.len() {
        0 | 1 => fault(at, "a choice needs two or more of answerOption"),
        _ => Ok(choices),
    }
}

fn conditions(of: &Value, at: &str) -> Result<(Vec<When>, bool), Fault> {
    let mut all = Vec::new();
    let given = of.get("enableWhen").and_then(Value::as_array);
    for one in given.into_iter().flatten() {
        let yes_no = one.get("answerBoolean").and_then(Value::as_bool);
        let code = match (yes_no, one.get("answerCoding")) {
            (Some(yes), _) => Some(if yes { "yes" } else { "no" }.to_owned()),
            (None, Some(coding)) => Some(link(coding, "code", at)?),
            (None, None) => None,
        };
        let operator = one.get("operator").and_then(Value::as_str);
        let how = match (operator, yes_no, code) {
            (Some("exists"), Some(there), _) => Compare::Exists(there),
            (Some("="), _, Some(code)) => Compare::Is(code),
            (Some("!="), _, Some(code)) => Compare::IsNot(code),
            _ => {
                return fault(
                    at,
                    "enableWhen must be exists, = or != with answerBoolean or answerCoding",
                );
            }
        };
        let question = link(one, "question", at)?;
        all.push(When { question, how });
    }
    let behaviour = of.get("enableBehavior").and_then(Value::as_str);
    match behaviour {
        None if all.len() > 1 => fault(at, "enableBehavior must be all or any"),
        None | Some("all") => Ok((all, true)),
        Some("any") => Ok((all, false)),
        Some(_) => fault(at, "enableBehavior must be all or any"),
    }
}

/// Every condition looks at a question that is there, for an answer that it can have.
fn conditions_lead_somewhere(form: &Form, known: &Known) -> Result<(), Fault> {
    let of_sections = form.sections.iter().map(|one| (&one.link, &one.when));
    let of_items = form
        .sections
        .iter()
        .flat_map(|section| section.items.iter().map(|one| (&one.link, &one.when)));
    for (name, conditions) in of_sections.chain(of_items) {
        for when in conditions {
            let at = format!("item {name}");
            let Some(Some(kind)) = known.get(&when.question) else {
                let what = format!(
                    "enableWhen looks at `{}`, which is no question",
                    when.question
                );
                return fault(at, what);
            };
            let (Compare::Is(code) | Compare::IsNot(code)) = &when.how else {
                continue;
            };
            let possible = match kind {
                Kind::YesNo => code == "yes" || code == "no",
                Kind::Choice(choices) | Kind::Choices(choices) => {
                    choices.iter().any(|one| one.code == *code)
                }
                _ => false,
            };
            if !possible {
                let what = format!("`{}` can never be answered with {code}", when.question);
                return fault(at, what);
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    const GOOD: &str = r#"{"resourceType":"Questionnaire","name":"x","url":"https://x.example/x","version":"1",
"title":"X","status":"active","item":[{"linkId":"s","text":"S","type":"group","item":[
{"linkId":"a","text":"A?","type":"choice","answerOption":[{"valueCoding":{"code":"one","display":"One"}},{"valueCoding":{"code":"two","display":"Two"}}]},
{"linkId":"b","text":"B?","type":"text","maxLength":50,"required":true,"enableWhen":[{"question":"a","operator":"=","answerCoding":{"code":"two"}}],"item":[{"linkId":"b-help","text":"Say it plainly","type":"display"}]}]}]}"#;

    #[test]
    fn a_questionnaire_is_a_form() {
        let form = read("forms/x.json", GOOD).unwrap();
        assert_eq!(form.canonical(), "https://x.example/x|1");
        let (section, item) = form.question("b").unwrap();
        assert_eq!(
            (section.link.as_str(), item.hint.as_str()),
            ("s", "Say it plainly")
        );
        assert_eq!(item.kind, Kind::Words(50));
        assert!(item.required && item.all);
        assert_eq!(form.question("b-help"), None);
        assert_eq!(form.questions().count(), 2);
    }

    #[test]
    fn what_is_wrong_is_told_with_file_and_item() {
        for (from, to, said) in [
            ("Questionnaire", "Patient", "the form: resourceType"),
            ("\"active\"", "\"draft\"", "the form: status must be"),
            (
                "\"S\",\"type\":\"group\"",
                "\"S\",\"type\":\"text\"",
                "item s: an item of the form itself",
            ),
            (
                "\"linkId\":\"b\"",
                "\"linkId\":\"a\"",
                "item a: the linkId is there twice",
            ),
            (
                "\"linkId\":\"b\"",
                "\"linkId\":\"B b\"",
                "an item: linkId `B b` must be",
            ),
            (
                "\"type\":\"text\",\"max",
                "\"type\":\"quantity\",\"max",
                "item b: type `quantity` is none",
            ),
            (":50", ":0", "item b: maxLength must be"),
            (
                "\"code\":\"one\"",
                "\"code\":\"two\"",
                "item a: the answer two is there twice",
            ),
            (
                "{\"code\":\"two\"}}]",
                "{\"code\":\"six\"}}]",
                "item b: `a` can never be answered with six",
            ),
            (
                "\"question\":\"a\"",
                "\"question\":\"s\"",
                "item b: enableWhen looks at `s`",
            ),
            (
                "\"operator\":\"=\"",
                "\"operator\":\">\"",
                "item b: enableWhen must be",
            ),
            ("\"A?\"", "\" \"", "item a: text is missing"),
            (
                "\"display\"}]}]}]}",
                "\"text\"}]}]}]}",
                "item b: inside a question",
            ),
            ("]}]}", "", "the file: is no JSON"),
            (
                "\"name\":\"x\"",
                "\"name\":\"X Y\"",
                "the form: name `X Y` must be",
            ),
        ] {
            assert!(GOOD.contains(from), "{from}");
            let error = read("forms/x.json", &GOOD.replacen(from, to, 1))
                .unwrap_err()
                .to_string();
            assert!(
                error.starts_with(&format!("forms/x.json, {said}")),
                "{error}"
            );
        }
    }
}
