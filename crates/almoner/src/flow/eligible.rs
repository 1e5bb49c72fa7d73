//! `almoner flow eligible`: judgements from a file, the verdict of the rule.

use crate::failure::Failure;
use crate::open::At;
use app::{Clock, SystemClock};
use flow::eligibility::{
    Eligibility, Judged, Judgement, OutcomeJudgement, Way,
    adult::{self, Adult},
    carer::{self, Carer},
};
use jiff::civil::Date;
use kernel::calendar::local;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::path::Path;

/// Largest file that is read, in bytes.
const LARGEST: u64 = 1_000_000;

pub(super) fn run(file: &Path, at: &At) -> Result<(), Failure> {
    let shown = file.display();
    let cannot = |error: std::io::Error| Failure::Refused(format!("{shown}: {error}"));
    if std::fs::metadata(file).map_err(cannot)?.len() > LARGEST {
        return Err(Failure::Refused(format!(
            "{shown}: larger than {LARGEST} bytes"
        )));
    }
    let text = std::fs::read_to_string(file).map_err(cannot)?;
    let today = local(SystemClock.now()).date();
    let asked = read(&text, today).map_err(|errors| {
        let lines: Vec<String> = errors.iter().map(|one| format!("{shown}: {one}")).collect();
        Failure::Refused(lines.join("\nalmoner: "))
    })?;
    let policy = at.read_policy()?;
    let found = match &asked.who {
        Who::Adult(adult) => adult::eligibility(adult, &policy, asked.on),
        Who::Carer(carer) => carer::eligibility(carer, &policy, asked.on),
    }
    .map_err(|error| Failure::Refused(format!("{shown}: on: {error}")))?;
    println!("{}", printed(&found));
    if !found.rests_on.is_settled() {
        let keys: Vec<&str> = found.rests_on.keys().collect();
        eprintln!(
            "almoner: check: rests on values from memory ({})",
            keys.join(", ")
        );
    }
    Ok(())
}

fn printed(found: &Eligibility) -> Value {
    json!({
        "verdict": found.verdict.as_str(),
        "outcomes": found.outcomes,
        "missing": found.missing,
        "rule": found.rule,
    })
}

/// Whose needs are judged.
#[derive(Debug, PartialEq)]
enum Who {
    Adult(Adult),
    Carer(Carer),
}

/// What a file asks.
#[derive(Debug, PartialEq)]
struct Asked {
    on: Date,
    who: Who,
}

/// Reads a file of judgements. Every fault is told, with where it is; none of them repeats what
/// somebody wrote as a reason.
fn read(text: &str, today: Date) -> Result<Asked, Vec<String>> {
    let value: Value = serde_json::from_str(text).map_err(|error| {
        vec![format!(
            "line {}, column {}: this is not JSON",
            error.line(),
            error.column()
        )]
    })?;
    let mut reader = Reader::default();
    let Value::Object(file) = &value else {
        return Err(vec!["the file must be one JSON object".to_owned()]);
    };
    let on = reader.on(file.get("on"), today);
    let who = match file.get("kind").and_then(Value::as_str) {
        Some("adult") => {
            reader.known(
                file,
                "",
                &["kind", "on", "impairment", "outcomes", "significant_impact"],
            );
            Some(Who::Adult(Adult {
                impairment: reader.judgement(file, "impairment"),
                outcomes: reader.outcomes(file, adult::Outcome::ALL, adult::Outcome::as_str, true),
                significant_impact: reader.judgement(file, "significant_impact"),
            }))
        }
        Some("carer") => {
            let known = [
                "kind",
                "on",
                "necessary_care",
                "health",
                "outcomes",
                "significant_impact",
            ];
            reader.known(file, "", &known);
            Some(Who::Carer(Carer {
                necessary_care: reader.judgement(file, "necessary_care"),
                health: reader.judgement(file, "health"),
                outcomes: reader.outcomes(file, carer::Outcome::ALL, carer::Outcome::as_str, false),
                significant_impact: reader.judgement(file, "significant_impact"),
            }))
        }
        _ => {
            reader.wrong("kind", "must be \"adult\" or \"carer\"");
            None
        }
    };
    match (who, reader.errors.is_empty()) {
        (Some(who), true) => Ok(Asked { on, who }),
        _ => Err(reader.errors),
    }
}

/// Faults found so far.
#[derive(Default)]
struct Reader {
    errors: Vec<String>,
}

impl Reader {
    fn wrong(&mut self, path: &str, say: impl std::fmt::Display) {
        self.errors.push(format!("{path}: {say}"));
    }

    /// Names every field that is not known: a misspelt one is not silently "not recorded".
    fn known(&mut self, object: &Map<String, Value>, path: &str, known: &[&str]) {
        for name in object.keys().filter(|name| !known.contains(&name.as_str())) {
            let place = if path.is_empty() { "the file" } else { path };
            let short: String = name.chars().take(40).collect();
            self.errors.push(format!(
                "{place}: there is no field {short:?}; it has {}",
                known.join(", ")
            ));
        }
    }

    fn on(&mut self, value: Option<&Value>, today: Date) -> Date {
        let Some(value) = value else { return today };
        match value.as_str().and_then(|text| text.parse().ok()) {
            Some(day) => day,
            None => {
                self.wrong("on", "must be a date such as \"2026-05-01\"");
                today
            }
        }
    }

    fn judged(&mut self, value: Option<&Value>, path: &str) -> Judged {
        match value {
            None | Some(Value::Null) => Judged::NotRecorded,
            Some(value) => match value.as_str().and_then(Judged::parse) {
                Some(judged) => judged,
                None => {
                    self.wrong(path, "must be \"yes\", \"no\" or \"not recorded\"");
                    Judged::NotRecorded
                }
            },
        }
    }

    fn rationale(&mut self, object: &Map<String, Value>, path: &str) -> String {
        match object.get("rationale") {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => text.clone(),
            Some(_) => {
                self.wrong(&format!("{path}.rationale"), "must be a text");
                String::new()
            }
        }
    }

    /// An object at a name; none when it is not there.
    fn object<'a>(
        &mut self,
        object: &'a Map<String, Value>,
        name: &str,
        path: &str,
    ) -> Option<&'a Map<String, Value>> {
        match object.get(name) {
            None | Some(Value::Null) => None,
            Some(Value::Object(found)) => Some(found),
            Some(_) => {
                self.wrong(path, "must be an object");
                None
            }
        }
    }

    fn judgement(&mut self, file: &Map<String, Value>, name: &str) -> Judgement {
        let Some(found) = self.object(file, name, name) else {
            return Judgement::default();
        };
        self.known(found, name, &["judgement", "rationale"]);
        let judged = self.judged(found.get("judgement"), &format!("{name}.judgement"));
        Judgement::new(judged, self.rationale(found, name))
    }

    fn outcomes<T: Copy + Ord>(
        &mut self,
        file: &Map<String, Value>,
        all: &[T],
        name_of: fn(T) -> &'static str,
        may_take_longer: bool,
    ) -> BTreeMap<T, OutcomeJudgement> {
        let Some(found) = self.object(file, "outcomes", "outcomes") else {
            return BTreeMap::new();
        };
        let names: Vec<&str> = all.iter().map(|one| name_of(*one)).collect();
        self.known(found, "outcomes", &names);
        let mut outcomes = BTreeMap::new();
        for one in all {
            let name = name_of(*one);
            let path = format!("outcomes.{name}");
            if let Some(judged) = self.object(found, name, &path) {
                outcomes.insert(*one, self.outcome(judged, &path, may_take_longer));
            }
        }
        outcomes
    }

    fn outcome(
        &mut self,
        found: &Map<String, Value>,
        path: &str,
        may_take_longer: bool,
    ) -> OutcomeJudgement {
        self.known(found, path, &["unable", "ways", "rationale"]);
        let judged = self.judged(found.get("unable"), &format!("{path}.unable"));
        let ways = self.ways(found.get("ways"), &format!("{path}.ways"), may_take_longer);
        OutcomeJudgement {
            unable: Judgement::new(judged, self.rationale(found, path)),
            ways,
        }
    }

    fn ways(&mut self, value: Option<&Value>, path: &str, may_take_longer: bool) -> Vec<Way> {
        let known: Vec<Way> = Way::ALL
            .iter()
            .copied()
            .filter(|way| may_take_longer || *way != Way::TakesLonger)
            .collect();
        let words: Vec<String> = known.iter().map(|way| format!("\"{way}\"")).collect();
        let say = format!("must be a list of {}", words.join(", "));
        let list = match value {
            None | Some(Value::Null) => return Vec::new(),
            Some(Value::Array(list)) => list,
            Some(_) => {
                self.wrong(path, say);
                return Vec::new();
            }
        };
        let mut ways = Vec::new();
        for (at, one) in list.iter().enumerate() {
            match one
                .as_str()
                .and_then(Way::parse)
                .filter(|way| known.contains(way))
            {
                Some(way) => ways.push(way),
                None => self.wrong(&format!("{path}[{at}]"), &say),
            }
        }
        ways
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use jiff::civil::date;

    fn verdict(text: &str) -> Value {
        let asked = read(text, date(2026, 5, 1)).unwrap();
        let policy = flow::Policy::builtin();
        printed(&match &asked.who {
            Who::Adult(adult) => adult::eligibility(adult, &policy, asked.on).unwrap(),
            Who::Carer(carer) => carer::eligibility(carer, &policy, asked.on).unwrap(),
        })
    }

    /// RULES P, vectors V16 and V17, as others script against them.
    #[test]
    fn the_shape_that_others_script_against() {
        let adult = r#"{"kind": "adult",
            "impairment": {"judgement": "yes", "rationale": "Stroke in March"},
            "outcomes": {
                "nutrition": {"unable": "yes", "ways": ["cannot without assistance"]},
                "hygiene": {"unable": "yes", "rationale": "Fell twice in the bath"},
                "toilet": {"unable": "no"}},
            "significant_impact": {"judgement": "not recorded"}}"#;
        assert_eq!(
            verdict(adult),
            json!({
                "verdict": "undetermined",
                "outcomes": ["nutrition", "hygiene"],
                "missing": ["significant_impact"],
                "rule": adult::RULE,
            })
        );
        let carer = r#"{"kind": "carer", "on": "2026-04-06",
            "necessary_care": {"judgement": "yes", "rationale": "Lifts him each morning"},
            "outcomes": {"work": {"unable": "yes", "rationale": "Gave up her job"}},
            "significant_impact": {"judgement": "yes", "rationale": "No income, no company"}}"#;
        assert_eq!(verdict(carer)["verdict"], "eligible");
        assert_eq!(verdict(carer)["outcomes"], json!(["work"]));
    }

    #[test]
    fn every_fault_says_where_it_is() {
        for (text, expected) in [
            ("{", "line 1, column 1: this is not JSON"),
            ("[]", "the file must be one JSON object"),
            ("{}", "kind: must be \"adult\" or \"carer\""),
            (
                r#"{"kind":"adult","on":"1 May"}"#,
                "on: must be a date such as \"2026-05-01\"",
            ),
            (
                r#"{"kind":"adult","impact":{}}"#,
                "the file: there is no field \"impact\"; it has kind, on, impairment, outcomes, \
                 significant_impact",
            ),
            (
                r#"{"kind":"adult","significant_impact":{"judgement":true}}"#,
                "significant_impact.judgement: must be \"yes\", \"no\" or \"not recorded\"",
            ),
            (
                r#"{"kind":"adult","significant_impact":"yes"}"#,
                "significant_impact: must be an object",
            ),
            (
                r#"{"kind":"adult","outcomes":{"toilet":{"unable":"maybe"}}}"#,
                "outcomes.toilet.unable: must be \"yes\", \"no\" or \"not recorded\"",
            ),
            (
                r#"{"kind":"carer","outcomes":{"work":{"unable":"yes","ways":["takes significantly longer"]}}}"#,
                "outcomes.work.ways[0]: must be a list of \"cannot without assistance\", \
                 \"significant pain, distress or anxiety\", \"endangers health or safety\"",
            ),
            (
                r#"{"kind":"adult","impairment":{"judgement":"yes","rationale":5}}"#,
                "impairment.rationale: must be a text",
            ),
        ] {
            assert_eq!(
                read(text, date(2026, 5, 1)),
                Err(vec![expected.to_owned()]),
                "{text}"
            );
        }
        let two = r#"{"kind":"carer","health":3,"outcomes":{"toilet":{}}}"#;
        assert_eq!(read(two, date(2026, 5, 1)).unwrap_err().len(), 2);
    }
}
