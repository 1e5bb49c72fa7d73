//! What a resource is, in one line that people can read.

use super::{kind_of, words};
use crate::tree::{Node, Object};

/// Longest title, in characters.
const LENGTH: usize = 200;

/// The title of a resource: the words the sender gave, with the result where there is one.
pub fn title(resource_type: &str, tree: &Object<'_>) -> String {
    let title = match resource_type {
        "Patient" | "Person" | "RelatedPerson" | "Practitioner" => {
            Some(person(resource_type, tree))
        }
        "Observation" => observation(tree),
        "Encounter" => first(tree, &["type", "reasonCode", "serviceType"])
            .map(|what| with(class(tree), what))
            .or_else(|| class(tree).map(str::to_owned)),
        "EpisodeOfCare" => first(tree, &["type"]),
        "Condition" => first(tree, &["code"]),
        "AllergyIntolerance" => first(tree, &["code", "reaction.substance"]),
        "MedicationRequest"
        | "MedicationStatement"
        | "MedicationAdministration"
        | "MedicationDispense" => medicine(tree),
        "Procedure" | "DiagnosticReport" | "ServiceRequest" | "Flag" => {
            first(tree, &["code", "category", "type"])
        }
        "Immunization" => immunization(tree),
        "CarePlan" | "CareTeam" => first(tree, &["title", "name", "category", "description"]),
        "Goal" => first(tree, &["description"]),
        "Consent" => first(tree, &["category", "scope"]).map(|what| permit(tree, what)),
        "Task" => first(tree, &["code", "description", "reasonCode"]),
        "Appointment" => first(
            tree,
            &[
                "description",
                "serviceType",
                "appointmentType",
                "reasonCode",
                "specialty",
            ],
        ),
        "DocumentReference" => first(
            tree,
            &[
                "type",
                "description",
                "content.attachment.title",
                "category",
            ],
        ),
        "Composition" => first(tree, &["title", "type"]),
        "Communication" => first(
            tree,
            &["topic", "reasonCode", "category", "payload.contentString"],
        ),
        "QuestionnaireResponse" => form(tree),
        "Claim" | "ExplanationOfBenefit" => {
            first(tree, &["type"]).map(|what| format!("{}: {what}", kind_of(resource_type)))
        }
        "Coverage" | "Specimen" => first(tree, &["type"]),
        "FamilyMemberHistory" => family(tree),
        "ImagingStudy" => first(tree, &["description", "procedureCode", "modality"]),
        _ => None,
    };
    let title = title
        .or_else(|| first(tree, &GENERIC))
        .unwrap_or_else(|| kind_of(resource_type));
    let title = unless(
        tree,
        "verificationStatus",
        &["refuted", "entered-in-error"],
        title,
    );
    let title = unless(tree, "status", &["entered-in-error"], title);
    shorten(&title)
}

const GENERIC: [&str; 11] = [
    "title",
    "code",
    "description",
    "name",
    "vaccineCode",
    "type",
    "topic",
    "category",
    "serviceType",
    "deviceName.name",
    "scope",
];

/// The words of the first element that has any.
fn first(tree: &Object<'_>, paths: &[&str]) -> Option<String> {
    paths.iter().find_map(|path| {
        let (parents, last) = path
            .rsplit_once('.')
            .map_or((None, *path), |(parents, last)| (Some(parents), last));
        let parents = parents.map_or_else(|| vec![tree], |parents| super::at(tree, parents));
        parents
            .into_iter()
            .find_map(|parent| parent.get(last).and_then(words))
    })
}

fn with(before: Option<&str>, what: String) -> String {
    match before {
        Some(before) if !what.to_lowercase().contains(&before.to_lowercase()) => {
            format!("{before}: {what}")
        }
        _ => what,
    }
}

/// Names in words what makes a line mean its contrary.
fn unless(tree: &Object<'_>, element: &str, states: &[&str], title: String) -> String {
    let state = tree.get(element).and_then(|node| match node {
        Node::Text(text) => Some(&**text),
        Node::Object(object) => object
            .objects("coding")
            .find_map(|coding| coding.text("code")),
        _ => None,
    });
    match state.filter(|state| states.contains(state)) {
        Some("entered-in-error") if title.ends_with("(entered in error)") => title,
        Some("entered-in-error") => format!("{title} (entered in error)"),
        Some("refuted") => format!("{title} (ruled out)"),
        _ => title,
    }
}

fn permit(tree: &Object<'_>, what: String) -> String {
    match tree
        .object("provision")
        .and_then(|provision| provision.text("type"))
    {
        Some("deny") => format!("{what}: refused"),
        Some("permit") => format!("{what}: given"),
        _ => what,
    }
}

/// The first name that somebody has.
pub(crate) fn person_name(tree: &Object<'_>) -> Option<String> {
    tree.objects("name").find_map(|name| {
        name.text("text").map(str::to_owned).or_else(|| {
            let given = name.each("given").filter_map(Node::as_text);
            let parts: Vec<&str> = given.chain(name.text("family")).collect();
            (!parts.is_empty()).then(|| parts.join(" "))
        })
    })
}

fn person(resource_type: &str, tree: &Object<'_>) -> String {
    let who = person_name(tree);
    match (resource_type, who) {
        ("Patient" | "Person", _) => "Personal details received".to_owned(),
        ("RelatedPerson", who) => {
            let relation =
                first(tree, &["relationship"]).unwrap_or_else(|| "Family or carer".to_owned());
            who.map_or(relation.clone(), |who| format!("{relation}: {who}"))
        }
        (_, who) => who.unwrap_or_else(|| kind_of(resource_type)),
    }
}

/// Where an encounter took place, by its class (HL7 v3 ActEncounterCode).
fn class(tree: &Object<'_>) -> Option<&'static str> {
    match tree.object("class")?.text("code")? {
        "AMB" => Some("Outpatient visit"),
        "EMER" => Some("Emergency visit"),
        "IMP" | "ACUTE" | "NONAC" => Some("Hospital stay"),
        "HH" => Some("Home visit"),
        "VR" => Some("Remote contact"),
        "OBSENC" => Some("Observation in hospital"),
        "SS" => Some("Short stay"),
        _ => None,
    }
}

fn observation(tree: &Object<'_>) -> Option<String> {
    let what = first(tree, &["code", "category"])?;
    let own = result(tree);
    let parts = || {
        let values: Vec<String> = tree
            .objects("component")
            .filter_map(|part| Some(format!("{} {}", first(part, &["code"])?, result(part)?)))
            .take(4)
            .collect();
        (!values.is_empty()).then(|| values.join(", "))
    };
    let absent = || first(tree, &["dataAbsentReason"]).map(|why| format!("no result ({why})"));
    Some(match own.or_else(parts).or_else(absent) {
        Some(result) => format!("{what}: {result}"),
        None => what,
    })
}

/// The value of an observation or of one of its components.
fn result(object: &Object<'_>) -> Option<String> {
    let (ty, node) = object.choice("value")?;
    match (ty, node) {
        ("Quantity", Node::Object(quantity)) => Some(amount(quantity)?),
        ("Boolean", Node::Bool(yes)) => Some(if *yes { "yes" } else { "no" }.to_owned()),
        ("Range", Node::Object(range)) => {
            let end = |name| range.object(name).and_then(amount);
            Some(format!("{} to {}", end("low")?, end("high")?))
        }
        ("CodeableConcept" | "String", node) => words(node),
        (_, node) => node.as_value().map(str::to_owned),
    }
}

fn amount(quantity: &Object<'_>) -> Option<String> {
    let value = quantity.get("value")?.as_value()?;
    let sign = quantity.text("comparator").unwrap_or_default();
    let unit = quantity
        .text("unit")
        .or_else(|| quantity.text("code"))
        .unwrap_or_default();
    Some(
        format!("{sign}{} {unit}", two_places(value))
            .trim_end()
            .to_owned(),
    )
}

/// A decimal cut to two places for reading; the shelf keeps every digit.
fn two_places(digits: &str) -> &str {
    match digits.find('.') {
        Some(point) if !digits.contains(['e', 'E']) => digits.get(..point + 3).unwrap_or(digits),
        _ => digits,
    }
}

fn medicine(tree: &Object<'_>) -> Option<String> {
    let what = tree
        .choice("medication")
        .and_then(|(_, node)| words(node))
        .or_else(|| contained_medicine(tree))?;
    let dose = tree
        .objects("dosageInstruction")
        .chain(tree.objects("dosage"))
        .find_map(|dose| dose.text("text"));
    Some(dose.map_or(what.clone(), |dose| format!("{what}: {dose}")))
}

/// The words of a medicine that is inside the resource.
pub(crate) fn contained_medicine(tree: &Object<'_>) -> Option<String> {
    let (_, node) = tree.choice("medication")?;
    let id = node.as_object()?.text("reference")?.strip_prefix('#')?;
    let inside = tree
        .objects("contained")
        .find(|inside| inside.text("id") == Some(id))?;
    first(inside, &["code"])
}

fn immunization(tree: &Object<'_>) -> Option<String> {
    let what = first(tree, &["vaccineCode"])?;
    let what = match tree.text("status") {
        Some("not-done") => format!("{what} (not given)"),
        _ => what,
    };
    Some(what)
}

fn family(tree: &Object<'_>) -> Option<String> {
    let who = first(tree, &["relationship"]);
    let what = first(tree, &["condition.code"]);
    match (who, what) {
        (Some(who), Some(what)) => Some(format!("{who}: {what}")),
        (who, what) => who.or(what),
    }
}

/// A form's name: from its extension, or the last part of its address.
fn form(tree: &Object<'_>) -> Option<String> {
    let beside = tree.object("_questionnaire");
    let named = beside.and_then(|beside| {
        beside
            .objects("extension")
            .find_map(|extension| extension.text("valueString"))
    });
    let named = named.map(str::to_owned);
    named.or_else(|| {
        let address = tree.text("questionnaire")?.split(['|', '?']).next()?;
        let last = address
            .rsplit('/')
            .next()
            .filter(|last| last.chars().any(char::is_alphabetic))?;
        Some(format!("Form: {last}"))
    })
}

fn shorten(title: &str) -> String {
    super::kept(
        &title.split_whitespace().collect::<Vec<_>>().join(" "),
        LENGTH,
    )
}
