//! Whether a resource is what a search asks for.
//!
//! Source: HL7 FHIR R4 4.0.1 (2019), Search. In words: a code without a system fits any
//! system, `|code` fits none, `system|` any code of it; a date fits as the stretches of time
//! compare; of several values one is enough, of several parameters each must fit.

use super::dates::Stretch;
use super::query::{Criterion, Query};
use super::table::{How, Whose};
use fhir::tree::{Node, Object};
use jiff::Timestamp;
use std::collections::BTreeSet;
use store::api::Held;

/// The resource as JSON: as it came, or made from XML. `None` when it cannot be.
pub fn json(held: &Held) -> Option<std::borrow::Cow<'_, str>> {
    crate::resource::json(&held.bytes, held.xml, &held.resource_type)
}

/// Whether a resource fits everything but the person.
pub fn fits(query: &Query, held: &Held) -> bool {
    let id = super::id_of(&held.key);
    if !query.ids.is_empty() && !query.ids.iter().any(|one| one == id) {
        return false;
    }
    if !query
        .updated
        .iter()
        .all(|test| test.fits(at(held.received_at)))
    {
        return false;
    }
    if query.criteria.is_empty() {
        return true;
    }
    if !held.xml && !query.criteria.iter().all(|one| may_hold(one, &held.bytes)) {
        return false;
    }
    let Some(text) = json(held) else { return false };
    let Ok(Node::Object(tree)) = fhir::json::parse(&text) else {
        return false;
    };
    query.criteria.iter().all(|one| holds(one, &tree))
}

/// One instant, as a stretch.
fn at(instant: Timestamp) -> Stretch {
    let to = instant + jiff::SignedDuration::from_micros(1);
    Stretch { from: instant, to }
}

/// The code of a value that may have a system before it.
fn code_of(value: &str) -> &str {
    value.rsplit_once('|').map_or(value, |(_, code)| code)
}

/// False when a code that is asked for is nowhere in the bytes, so that they need not be
/// read. A code may be written with escapes: then there is a backslash in them.
fn may_hold(criterion: &Criterion, bytes: &[u8]) -> bool {
    if criterion.parameter.how != How::Token {
        return true;
    }
    criterion.values.iter().any(|value| {
        let code = code_of(value);
        let word = format!("\"{code}\"");
        code.is_empty()
            || matches!(code, "true" | "false")
            || contains(bytes, word.as_bytes())
            || bytes.contains(&b'\\')
    })
}

fn contains(bytes: &[u8], word: &[u8]) -> bool {
    let Some(last) = bytes.len().checked_sub(word.len()) else {
        return false;
    };
    // The second byte tells most places apart: the first is always a quotation mark.
    let second = word[1];
    let mut from = 0;
    while from <= last {
        let Some(found) = bytes[from + 1..].iter().position(|byte| *byte == second) else {
            return false;
        };
        from += found;
        if bytes[from..].starts_with(word) {
            return true;
        }
        from += 1;
    }
    false
}

/// Whether a parameter fits.
pub fn holds(criterion: &Criterion, tree: &Object<'_>) -> bool {
    criterion
        .parameter
        .paths
        .iter()
        .flat_map(|path| values(tree, path))
        .any(|node| match criterion.parameter.how {
            How::Token => criterion.values.iter().any(|value| coded(node, value)),
            How::Date => {
                stretch(node).is_some_and(|one| criterion.dates.iter().any(|test| test.fits(one)))
            }
            How::Uri => criterion.values.iter().any(|value| uri(node, value)),
            How::Words | How::Reference => false,
        })
}

/// The codes that a resource can be searched by, each with a line feed before and after it, so
/// that one is found whole. Whatever [`holds`] finds by a code has that code among them.
pub(crate) fn search_codes(resource_type: &str, tree: &Object<'_>) -> String {
    // Others are not searched by codes on a timeline; the number of a person is kept once.
    let searched = super::find(resource_type).filter(|kind| matches!(kind.whose, Whose::Person(_)));
    let parameters = searched.map_or(&[] as &[_], |kind| kind.parameters);
    let mut codes = BTreeSet::new();
    let paths = parameters
        .iter()
        .filter(|parameter| parameter.how == How::Token)
        .flat_map(|parameter| parameter.paths);
    for node in paths.flat_map(|path| values(tree, path)) {
        match node {
            Node::Text(_) | Node::Bool(_) => codes.extend(node.as_value()),
            Node::Object(object) => {
                codes.extend(object.objects("coding").filter_map(|one| one.text("code")));
                codes.extend(object.text("code"));
                codes.extend(object.text("value"));
            }
            _ => {}
        }
    }
    // PostgreSQL keeps no null character; nobody can ask for a code with one.
    codes.retain(|code| !code.contains('\0'));
    codes.iter().fold("\n".to_owned(), |mut text, code| {
        text.push_str(code);
        text.push('\n');
        text
    })
}

/// Of each parameter that asks for codes, the codes of which a resource must have one.
pub(super) fn codes_asked(query: &Query) -> Vec<Vec<&str>> {
    fn codes(criterion: &Criterion) -> Vec<&str> {
        criterion
            .values
            .iter()
            .map(|value| code_of(value))
            .collect()
    }
    query
        .criteria
        .iter()
        .filter(|one| one.parameter.how == How::Token)
        .map(codes)
        // PostgreSQL takes no text with a null character; no code has one.
        .filter(|codes| {
            codes
                .iter()
                .all(|code| !code.is_empty() && !code.contains('\0'))
        })
        .collect()
}

/// The values at a path.
fn values<'o, 'a>(tree: &'o Object<'a>, path: &str) -> Vec<&'o Node<'a>> {
    let (parents, last) = path
        .rsplit_once('.')
        .map_or((None, path), |(p, last)| (Some(p), last));
    let mut objects = vec![tree];
    for name in parents.into_iter().flat_map(|parents| parents.split('.')) {
        objects = objects
            .into_iter()
            .flat_map(|one| one.objects(name))
            .collect();
    }
    objects
        .into_iter()
        .flat_map(|object| match last.strip_suffix("[x]") {
            Some(name) => object
                .choice(name)
                .map(|(_, node)| node)
                .into_iter()
                .collect::<Vec<_>>(),
            None => object.each(last).collect(),
        })
        .collect()
}

/// Whether a code, coding, concept or identifier is what a token asks for.
fn coded(node: &Node<'_>, value: &str) -> bool {
    let (system, code) = match value.split_once('|') {
        Some((system, code)) => (Some(system), code),
        None => (None, value),
    };
    let same = |of: Option<&str>, word: Option<&str>| {
        system.is_none_or(|system| system == of.unwrap_or(""))
            && (code.is_empty() || word == Some(code))
    };
    match node {
        // The system of a plain code is in the definition, not in the resource.
        Node::Text(_) | Node::Bool(_) => node.as_value() == Some(code),
        Node::Object(object) if object.get("coding").is_some() => object
            .objects("coding")
            .any(|coding| same(coding.text("system"), coding.text("code"))),
        Node::Object(object) if object.get("code").is_some() => {
            same(object.text("system"), object.text("code"))
        }
        Node::Object(object) => {
            object.get("value").is_some() && same(object.text("system"), object.text("value"))
        }
        _ => false,
    }
}

/// The stretch of time of a date, a period or a timing.
fn stretch(node: &Node<'_>) -> Option<Stretch> {
    match node {
        Node::Text(text) => Stretch::of(text),
        Node::Object(object) => {
            let named = |name: &str| object.text(name).map(Stretch::of);
            if let Some(event) = object.each("event").find_map(stretch) {
                return Some(event);
            }
            let (start, end) = (named("start"), named("end"));
            if start.is_none() && end.is_none() {
                return None;
            }
            // A period without an end goes on.
            Some(Stretch {
                from: start.map_or(Some(Timestamp::MIN), |one| one.map(|one| one.from))?,
                to: end.map_or(Some(Timestamp::MAX), |one| one.map(|one| one.to))?,
            })
        }
        _ => None,
    }
}

fn uri(node: &Node<'_>, value: &str) -> bool {
    node.as_text().is_some_and(|text| {
        text == value
            || text
                .split_once('|')
                .is_some_and(|(plain, _)| plain == value)
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::super::table::find;
    use super::*;

    const HEART_RATE: &str = r#"{"resourceType":"Observation","status":"final",
        "category":[{"coding":[{"system":"http://s/c","code":"vital-signs"}]}],
        "code":{"coding":[{"system":"http://loinc.org","code":"8867-4"},{"code":"hr"}]},
        "effectivePeriod":{"start":"2018-03-01","end":"2018-03-02"}}"#;

    #[test]
    fn searches_find_what_they_ask_for() {
        for (name, value, fits) in [
            ("code", "8867-4", true),
            ("code", "http://loinc.org|8867-4", true),
            ("code", "http://snomed.info/sct|8867-4", false),
            ("code", "http://loinc.org|", true),
            ("code", "|hr", true),
            ("code", "|8867-4", false),
            ("code", "1,2,hr", true),
            ("code", "vital-signs", false),
            ("category", "vital-signs", true),
            ("status", "final", true),
            ("status", "amended", false),
            ("date", "2018-03", true),
            ("date", "2018-03-01", false),
            ("date", "ge2018-03-02", true),
            ("date", "gt2018-03-02", false),
            ("date", "lt2018-03-01", false),
        ] {
            let pairs = [(name.to_owned(), value.to_owned())];
            let query = Query::of(find("Observation").unwrap(), &pairs).unwrap();
            let Ok(Node::Object(tree)) = fhir::json::parse(HEART_RATE) else {
                panic!("it is JSON");
            };
            assert_eq!(holds(&query.criteria[0], &tree), fits, "{name}={value}");
            if fits {
                assert!(
                    may_hold(&query.criteria[0], HEART_RATE.as_bytes()),
                    "{name}={value}"
                );
                let kept = search_codes("Observation", &tree);
                let among = |code: &&str| kept.contains(&format!("\n{code}\n"));
                assert!(
                    codes_asked(&query).iter().all(|any| any.iter().any(among)),
                    "{name}={value} in {kept:?}"
                );
            }
        }
    }

    #[test]
    fn codes_are_kept_whole_and_asked_for_without_their_systems() {
        let Ok(Node::Object(tree)) = fhir::json::parse(HEART_RATE) else {
            panic!("it is JSON");
        };
        assert_eq!(
            search_codes("Observation", &tree),
            "\n8867-4\nfinal\nhr\nvital-signs\n"
        );
        let pairs = [
            ("code", "http://loinc.org|8867-4,hr"),
            ("category", "http://s/c|"),
            ("date", "2018"),
            ("status", "fin\0al"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
        let query = Query::of(find("Observation").unwrap(), &pairs).unwrap();
        // What no list of codes can tell is not asked of it.
        assert_eq!(codes_asked(&query), [["8867-4", "hr"]]);
    }

    #[test]
    fn words_are_found_in_bytes() {
        for (word, found) in [
            ("\"final\"", true),
            ("\"fina\"", false),
            ("\"hr\"", true),
            ("\"\"", false),
        ] {
            assert_eq!(
                contains(HEART_RATE.as_bytes(), word.as_bytes()),
                found,
                "{word}"
            );
        }
        assert!(!contains(b"x", b"\"long\""));
    }
}
