//! Family, friends and carers: a `RelatedPerson`.
//!
//! Source: HL7 FHIR R4, RelatedPerson: `active` false means that it is no longer in use,
//! `period` is the time during which the relationship holds; the relationship codes C
//! (emergency contact) and N (next of kin) are of HL7 v2 table 0131.

use super::{Detail, Entry, Part, Standing, over, period};
use crate::record::{person_name, words};
use crate::tree::{Node, Object};
use jiff::civil::Date;

pub(super) fn entry(tree: &Object<'_>, today: Date) -> Option<Entry> {
    let standing = match tree.get("active") {
        Some(Node::Bool(false)) => Standing::Past,
        _ if over(tree, "period", today) => Standing::Past,
        // Who has no end and no mark is taken as still there: the element is seldom sent.
        _ => Standing::Now,
    };
    let ties: Vec<String> = tree.each("relationship").filter_map(tie).collect();
    let name = person_name(tree).unwrap_or_else(|| "Name not given".to_owned());
    let words = match ties.split_first() {
        Some((first, _)) => format!("{name}, {}", lower(first)),
        None => name,
    };
    let mut details: Vec<Detail> = ties.into_iter().skip(1).map(Detail::Words).collect();
    let phone = tree
        .objects("telecom")
        .filter(|one| matches!(one.text("system"), Some("phone" | "sms")))
        .filter(|one| one.text("use") != Some("old"))
        .find_map(|one| one.text("value"));
    details.extend(phone.map(|number| Detail::Telephone(super::short(number))));
    details.extend(period(tree, "period", ("Since", "Until")));
    Some(Entry {
        part: Part::Family,
        words,
        details,
        standing,
        first: false,
    })
}

/// "Daughter" as it is said after a name.
fn lower(tie: &str) -> String {
    let mut letters = tie.chars();
    let capitals = tie.chars().nth(1).is_some_and(char::is_uppercase);
    match letters.next() {
        Some(first) if !capitals => first.to_lowercase().chain(letters).collect(),
        _ => tie.to_owned(),
    }
}

fn tie(node: &Node<'_>) -> Option<String> {
    let said = words(node)?;
    Some(match said.as_str() {
        "C" => "Emergency contact".to_owned(),
        "N" => "Next of kin".to_owned(),
        _ => said,
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::table;

    #[test]
    fn family_and_carers() {
        table(
            "RelatedPerson",
            &[
                (
                    r#"{"name":[{"given":["Ann"],"family":"Jones"}],"relationship":[{"text":"Daughter"},{"coding":[{"code":"C"}]}],"telecom":[{"system":"email","value":"x"},{"system":"phone","value":"01632 960001"}]}"#,
                    &["Family Now Ann Jones, daughter | Emergency contact; tel 01632 960001"],
                ),
                (
                    r#"{"active":false,"name":[{"text":"Bob Jones"}],"relationship":[{"text":"Neighbour"}]}"#,
                    &["Family Past Bob Jones, neighbour"],
                ),
                (
                    r#"{"relationship":[{"text":"IMCA"}],"period":{"start":"2018-01-01","end":"2018-06-30"}}"#,
                    &["Family Past Name not given, IMCA | Since: 2018-01-01; Until: 2018-06-30"],
                ),
                (r#"{"active":true}"#, &["Family Now Name not given"]),
            ],
        );
    }
}
