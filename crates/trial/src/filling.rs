//! Filling in forms while the server is killed: what was said to be saved must be there.

use crate::http::Client;
use crate::served::hidden;
use anyhow::{Context, Result, bail, ensure};
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

/// The form that is filled in.
pub const FORM: &str = "needs-assessment";
/// Its questions of several lines that are answered in turn.
const QUESTIONS: [&str; 4] = ["important", "strengths", "wanted", "risks"];

/// Every answer that is in the store: form, question, number and answer.
pub const ANSWERS: &str = "SELECT form_id || ' ' || link_id || ' ' || number || ' ' || value \
                           FROM form_answer WHERE place = ?1";

/// The latest answer of each question of each form that was said to be saved.
#[derive(Debug, Default)]
pub struct Filled {
    latest: BTreeMap<(String, String), (i64, String)>,
    /// How many were said to be saved, over all.
    pub acknowledged: usize,
}

impl Filled {
    fn say(&mut self, form: &str, question: &str, number: i64, text: String) {
        self.acknowledged += 1;
        let of = (form.to_owned(), question.to_owned());
        self.latest.insert(of, (number, text));
    }

    /// Takes over what another noted after this.
    pub fn add(&mut self, other: Self) {
        self.acknowledged += other.acknowledged;
        self.latest.extend(other.latest);
    }

    /// Whether everything acknowledged is there: as it was, or written over by what was sent
    /// after it and not heard of.
    pub fn are_there(&self, rows: &[String]) -> Result<()> {
        let mut there = BTreeMap::new();
        for row in rows {
            let mut parts = row.splitn(4, ' ');
            let mut next = || parts.next().map(str::to_owned).context("four parts");
            let (form, question) = (next()?, next()?);
            let number: i64 = next()?.parse()?;
            there.insert((form, question), (number, next()?));
        }
        for ((form, question), (number, text)) in &self.latest {
            let of = (form.clone(), question.clone());
            let found = there.get(&of);
            let Some((kept, value)) = found else {
                bail!("the acknowledged answer {question} of form {form} is lost: {text}");
            };
            ensure!(
                kept > number || (kept == number && value == text),
                "the acknowledged answer {question} of form {form} is lost: {text} is {value}"
            );
        }
        Ok(())
    }
}

/// Answers questions of forms until it is stopped or broken off. Each is noted once the server
/// says that it is saved.
pub fn fill(
    client: &mut Client,
    forms: &[&String],
    words: &str,
    stop: &AtomicBool,
    filled: &Mutex<Filled>,
) -> Result<()> {
    let mut number = 0;
    while !stop.load(Ordering::Relaxed) {
        let form = forms[number % forms.len()];
        let page = client.get(&format!("/flow/form/{form}/section/person"))?;
        ensure!(page.status == 200, "the form answered {}", page.status);
        let page = page.text();
        let csrf = hidden(&page, "csrf").context("a word of the session")?;
        let word = hidden(&page, "page").context("a word of the page")?;
        for question in QUESTIONS {
            // The page of another section knows no number: then the page's word is enough.
            let name = format!("number-{question}");
            let knows = hidden(&page, &name).unwrap_or_default();
            if knows.is_empty() {
                continue;
            }
            for part in 0..3 {
                let text = format!("{words} number {number} part {part}");
                let field = format!("q-{question}");
                let pairs = [
                    ("csrf", csrf.as_str()),
                    ("page", word.as_str()),
                    ("link", question),
                    ("number", knows.as_str()),
                    (field.as_str(), text.as_str()),
                ];
                let answer = client.post(&format!("/flow/form/{form}/answer"), &pairs)?;
                let said = answer.text();
                let Some(kept) = saved(&said) else {
                    bail!("an answer was answered {}: {said}", answer.status);
                };
                if let Ok(mut filled) = filled.lock() {
                    filled.say(form, question, kept, text);
                }
            }
        }
        number += 1;
    }
    Ok(())
}

/// The number under which an answer was saved, if it was.
fn saved(said: &str) -> Option<i64> {
    let said: serde_json::Value = serde_json::from_str(said).ok()?;
    match said["state"].as_str() {
        Some("saved") => said["number"].as_i64(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_answer_is_seen() {
        let mut filled = Filled::default();
        filled.say("f", "q", 1, "a b".to_owned());
        filled.say("f", "q", 2, "c d".to_owned());
        let there = |row: &str| filled.are_there(&[row.to_owned()]).is_ok();
        assert!(there("f q 2 c d"));
        assert!(there("f q 3 written after and not heard of"));
        assert!(!there("f q 1 a b"));
        assert!(!there("f q 2 a b"));
        assert!(!there("f other 2 c d"));
        assert_eq!(saved(r#"{"state":"saved","number":4,"at":"9am"}"#), Some(4));
        assert_eq!(saved(r#"{"state":"changed","number":4}"#), None);
    }
}
