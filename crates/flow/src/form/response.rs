//! Answers as a FHIR R4 QuestionnaireResponse.
//!
//! Only questions that are asked by the answers so far are in it: what was answered before an
//! earlier answer changed is kept in the draft and is no part of what is signed.

use super::{Answers, Form, Item, Kind};
use serde_json::{Map, Value, json};

/// Whom and what a response is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    /// Its id.
    pub id: String,
    /// Reference of the person, such as `Patient/0190…`; empty where they are not known yet.
    pub person: String,
    /// Who filled it in, by name.
    pub author: String,
    /// The instant it was signed or sent, as FHIR writes it.
    pub authored: String,
    /// Whether it is finished.
    pub completed: bool,
}

/// The response as JSON text.
pub fn response(form: &Form, answers: &Answers, subject: &Subject) -> String {
    let mut sections = Vec::new();
    for section in form.sections.iter().filter(|one| answers.shows(one)) {
        let items: Vec<Value> = section
            .items
            .iter()
            .filter(|item| item.kind != Kind::Display && answers.asks(section, item))
            .filter_map(|item| answered(item, answers.get(&item.link)))
            .collect();
        if !items.is_empty() {
            sections.push(json!({
                "linkId": section.link, "text": section.title, "item": items,
            }));
        }
    }
    let mut tree = Map::new();
    let mut put = |name: &str, value: Value| {
        tree.insert(name.to_owned(), value);
    };
    put("resourceType", "QuestionnaireResponse".into());
    put("id", subject.id.as_str().into());
    put("questionnaire", form.canonical().into());
    let status = if subject.completed {
        "completed"
    } else {
        "in-progress"
    };
    put("status", status.into());
    if !subject.person.is_empty() {
        put("subject", json!({ "reference": subject.person }));
    }
    if !subject.authored.is_empty() {
        put("authored", subject.authored.as_str().into());
    }
    if !subject.author.is_empty() {
        put("author", json!({ "display": subject.author }));
    }
    if !sections.is_empty() {
        put("item", Value::Array(sections));
    }
    Value::Object(tree).to_string()
}

/// One answered question; none for an empty answer, which FHIR cannot say.
fn answered(item: &Item, value: &str) -> Option<Value> {
    if value.is_empty() {
        return None;
    }
    let coding =
        |code: &str, display: &str| json!({"valueCoding": {"code": code, "display": display}});
    let answers = match &item.kind {
        Kind::Choice(choices) | Kind::Choices(choices) => value
            .lines()
            .map(|code| {
                let known = choices.iter().find(|one| one.code == code);
                coding(code, known.map_or(code, |one| one.text.as_str()))
            })
            .collect(),
        Kind::YesNo => vec![json!({"valueBoolean": value == "yes"})],
        Kind::Day => vec![json!({"valueDate": value})],
        Kind::Number => match value.parse::<u32>() {
            Ok(number) => vec![json!({"valueInteger": number})],
            Err(_) => vec![json!({"valueString": value})],
        },
        Kind::Line(_) | Kind::Words(_) | Kind::Display => vec![json!({"valueString": value})],
    };
    Some(json!({"linkId": item.link, "text": item.text, "answer": answers}))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::super::read;
    use super::*;

    const TEXT: &str = r#"{"resourceType":"Questionnaire","name":"x","url":"https://x.example/x","version":"2","title":"X",
        "status":"active","item":[{"linkId":"s","text":"S","type":"group","item":[
        {"linkId":"a","text":"A?","type":"boolean"},{"linkId":"b","text":"B?","type":"text",
          "enableWhen":[{"question":"a","operator":"=","answerBoolean":true}]},
        {"linkId":"c","text":"C?","type":"choice","repeats":true,"answerOption":[{"valueCoding":{"code":"one","display":"One"}},{"valueCoding":{"code":"two","display":"Two"}}]},
        {"linkId":"d","text":"D?","type":"date"},{"linkId":"e","text":"E?","type":"integer"},{"linkId":"f","text":"F?","type":"string"}]}]}"#;

    #[test]
    fn answers_become_a_response() {
        let form = read("x", TEXT).unwrap();
        let mut answers = Answers::default();
        for (link, value) in [
            ("a", "yes"),
            ("b", "two\nlines"),
            ("c", "one\ntwo"),
            ("d", "2026-08-06"),
            ("e", "3"),
            ("f", ""),
        ] {
            answers.put(link, value);
        }
        let subject = Subject {
            id: "7".to_owned(),
            person: "Patient/p".to_owned(),
            author: "Priya Nair".to_owned(),
            authored: "2026-08-06T09:00:00Z".to_owned(),
            completed: true,
        };
        assert_eq!(
            response(&form, &answers, &subject),
            r#"{"resourceType":"QuestionnaireResponse","id":"7","questionnaire":"https://x.example/x|2","status":"completed","subject":{"reference":"Patient/p"},"authored":"2026-08-06T09:00:00Z","author":{"display":"Priya Nair"},"item":[{"linkId":"s","text":"S","item":[{"linkId":"a","text":"A?","answer":[{"valueBoolean":true}]},{"linkId":"b","text":"B?","answer":[{"valueString":"two\nlines"}]},{"linkId":"c","text":"C?","answer":[{"valueCoding":{"code":"one","display":"One"}},{"valueCoding":{"code":"two","display":"Two"}}]},{"linkId":"d","text":"D?","answer":[{"valueDate":"2026-08-06"}]},{"linkId":"e","text":"E?","answer":[{"valueInteger":3}]}]}]}"#
        );
        // What is no longer asked is no part of it, and neither is an empty section.
        answers.put("a", "no");
        assert!(!response(&form, &answers, &subject).contains("two\\nlines"));
        let nothing = response(&form, &Answers::default(), &Subject::default());
        assert!(nothing.ends_with(r#""status":"in-progress"}"#), "{nothing}");
    }
}
