//! The CapabilityStatement: made of the tables that routes and searches are read from, so
//! that it says what is so.

use crate::routes::{Interaction, ROUTES, serves};
use app::api::{COMMON, KINDS, Kind, Whose};
use serde_json::{Value, json};

/// When what the API can do last changed.
const CHANGED: &str = "2026-11-24";
const UK_CORE: &str = "https://fhir.hl7.org.uk/StructureDefinition/";
const EVERYTHING: &str = "http://hl7.org/fhir/OperationDefinition/Patient-everything";

fn there(interaction: Interaction) -> bool {
    ROUTES.iter().any(|route| route.interaction == interaction)
}

/// The CapabilityStatement of the API at an address.
pub fn statement(base: &str) -> Value {
    let resources: Vec<Value> = KINDS.iter().map(resource).collect();
    let mut whole = Vec::new();
    if there(Interaction::Bundle) {
        whole = vec![json!({ "code": "transaction" }), json!({ "code": "batch" })];
    }
    json!({
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": CHANGED,
        "kind": "instance",
        "software": { "name": "Almoner", "version": env!("CARGO_PKG_VERSION") },
        "implementation": { "description": "Health and social care of one place", "url": base },
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json", "json"],
        "rest": [{
            "mode": "server",
            "documentation": "Resources are given as they came. A search is within one person. Every answer is in the journal of that person.",
            "security": {
                "description": "Each client has a token with scopes: Authorization: Bearer TOKEN. Tokens end, and can be revoked at once."
            },
            "resource": resources,
            "interaction": whole,
        }],
    })
}

fn resource(kind: &Kind) -> Value {
    let mut interactions = Vec::new();
    for (interaction, code) in [
        (Interaction::Read, "read"),
        (Interaction::Search, "search-type"),
    ] {
        if there(interaction) && serves(interaction, Some(kind)) {
            interactions.push(json!({ "code": code }));
        }
    }
    let parameters: Vec<Value> = parameters(kind)
        .into_iter()
        .map(|(name, how)| json!({ "name": name, "type": how }))
        .collect();
    let mut resource = json!({
        "type": kind.name,
        "interaction": interactions,
        "versioning": "versioned",
        "readHistory": false,
        "searchParam": parameters,
    });
    if let Some(profile) = kind.profile {
        resource["supportedProfile"] = json!([format!("{UK_CORE}{profile}")]);
    }
    if !kind.includes.is_empty() {
        resource["searchInclude"] = kind
            .includes
            .iter()
            .map(|(name, _)| Value::from(format!("{}:{name}", kind.name)))
            .collect();
    }
    if kind.whose == Whose::Patient && there(Interaction::Everything) {
        resource["operation"] = json!([{ "name": "everything", "definition": EVERYTHING }]);
    }
    resource
}

/// What a type is searched by, with the type of each parameter.
pub fn parameters(kind: &Kind) -> Vec<(&'static str, &'static str)> {
    let mut all = Vec::new();
    match kind.whose {
        Whose::Person(names) => all.extend(names.iter().map(|name| (*name, "reference"))),
        Whose::Journal => all.push(("patient", "reference")),
        Whose::Patient | Whose::Nobody => {}
    }
    all.extend(
        kind.parameters
            .iter()
            .map(|one| (one.name, one.how.as_str())),
    );
    let takes = |name: &str| match kind.whose {
        Whose::Journal => false,
        Whose::Nobody => name == "_id",
        Whose::Person(_) | Whose::Patient => true,
    };
    all.extend(
        COMMON
            .iter()
            .filter(|(name, _)| takes(name))
            .map(|(name, how)| (*name, how.as_str())),
    );
    all
}
