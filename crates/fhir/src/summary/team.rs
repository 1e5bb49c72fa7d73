//! Who works with a person: a `CareTeam`, an entry for each of its members.
//!
//! Source: HL7 FHIR R4, CareTeam: `status` is proposed, active, suspended, inactive or
//! entered-in-error; `participant.role` is what a member does, `participant.onBehalfOf` for
//! whom, `participant.period` from when until when. Whoever is named as co-ordinator, key
//! worker, lead professional or case manager stands first (PRSB Core Information Standard,
//! professional contacts; the words are a choice of this product).

use super::{Detail, Entry, Part, Standing, over, period, said, state};
use crate::record::words;
use crate::resolve::type_of;
use crate::tree::Object;
use jiff::civil::Date;

const COORDINATORS: [&str; 6] = [
    "coordinator",
    "co-ordinator",
    "key worker",
    "keyworker",
    "lead professional",
    "case manager",
];

pub(super) fn entries(tree: &Object<'_>, today: Date) -> Vec<Entry> {
    let standing = match state(tree, "status") {
        "entered-in-error" => return Vec::new(),
        "inactive" | "suspended" => Standing::Past,
        _ if over(tree, "period", today) => Standing::Past,
        "active" | "proposed" => Standing::Now,
        _ => Standing::NotSaid,
    };
    let title = said(tree, &["name", "category"]);
    let members: Vec<Entry> = tree
        .objects("participant")
        .filter_map(|one| member(one, title.as_deref(), standing, today))
        .collect();
    if !members.is_empty() {
        return members;
    }
    vec![Entry {
        part: Part::Professional,
        words: title.unwrap_or_else(|| "Care team without a name".to_owned()),
        details: vec![Detail::Words("Its members are not named".to_owned())],
        standing,
        first: false,
    }]
}

fn member(one: &Object<'_>, team: Option<&str>, standing: Standing, today: Date) -> Option<Entry> {
    let reference = one.object("member");
    let kind = reference.and_then(|reference| {
        let target = reference.text("reference").and_then(type_of);
        target.or_else(|| reference.text("type"))
    });
    if kind == Some("Patient") {
        return None;
    }
    let name = reference.and_then(|reference| reference.text("display"));
    let role = one.each("role").find_map(words);
    let words = match (name, &role) {
        (Some(name), Some(role)) => format!("{name}, {role}"),
        (Some(name), None) => name.to_owned(),
        (None, Some(role)) => format!("{role} (name not given)"),
        (None, None) => return None,
    };
    let lower = role.unwrap_or_default().to_lowercase();
    let first = COORDINATORS.iter().any(|word| lower.contains(word));
    let of = one.object("onBehalfOf").and_then(|of| of.text("display"));
    let mut details: Vec<Detail> = of
        .into_iter()
        .chain(team)
        .map(|text| Detail::Words(super::short(text)))
        .collect();
    details.extend(period(one, "period", ("Since", "Until")));
    Some(Entry {
        part: match kind {
            Some("RelatedPerson") => Part::Family,
            _ => Part::Professional,
        },
        words: super::short(&words),
        details,
        standing: match over(one, "period", today) {
            true => Standing::Past,
            false => standing,
        },
        first: first && standing != Standing::Past,
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::table;

    #[test]
    fn members_of_a_team() {
        table(
            "CareTeam",
            &[
                (
                    r#"{"status":"active","name":"Home first team","participant":[
                        {"member":{"reference":"Patient/1"}},
                        {"member":{"reference":"Practitioner/2","display":"Ella Brand"},"role":[{"text":"Care co-ordinator"}],"onBehalfOf":{"display":"Barsetshire County Council"},"period":{"start":"2018-09"}},
                        {"member":{"display":"Ann Jones","type":"RelatedPerson"},"role":[{"text":"carer"}]},
                        {"role":[{"text":"District nurse"}]},
                        {"member":{"display":"Old Hand"},"period":{"end":"2017"}},
                        {"member":{"reference":"Practitioner/9"}}]}"#,
                    &[
                        "Professional Now! Ella Brand, Care co-ordinator | Barsetshire County Council; Home first team; Since: 2018-09",
                        "Family Now Ann Jones, carer | Home first team",
                        "Professional Now District nurse (name not given) | Home first team",
                        "Professional Past Old Hand | Home first team; Until: 2017",
                    ],
                ),
                (
                    r#"{"status":"inactive","participant":[{"member":{"display":"Ella Brand"},"role":[{"text":"Key worker"}]}]}"#,
                    &["Professional Past Ella Brand, Key worker"],
                ),
                (
                    r#"{"status":"active","category":[{"text":"Reablement"}]}"#,
                    &["Professional Now Reablement | Its members are not named"],
                ),
                (r#"{"status":"entered-in-error","name":"x"}"#, &[]),
            ],
        );
    }
}
