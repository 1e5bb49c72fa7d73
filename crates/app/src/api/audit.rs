//! Who looked at a person's record and who changed it, as `AuditEvent`.
//!
//! Source: RULES H.12; HL7 FHIR R4 4.0.1 (2019), AuditEvent. The rows are those of the
//! journal; the hash of each in the chain goes with it, so that a copy can be checked.

use super::client::Known;
use super::dates::Stretch;
use super::query::{Cursor, Query};
use super::search::detail;
use super::table::Kind;
use super::{Answer, Outcome, Refusal, Shown, Why};
use crate::{App, Subject};
use access::Action;
use kernel::PersonId;
use serde_json::{Value, json};
use store::Tx;
use store::api::{self, Recorded};

const TYPES: &str = "http://terminology.hl7.org/CodeSystem/audit-event-type";
const DICOM: &str = "http://dicom.nema.org/resources/ontology/DCM";
const REASONS: &str = "http://terminology.hl7.org/CodeSystem/v3-ActReason";
const ENTITIES: &str = "http://terminology.hl7.org/CodeSystem/audit-entity-type";
const ROLES: &str = "http://terminology.hl7.org/CodeSystem/object-role";

impl App {
    pub(super) fn api_audit(
        &self,
        tx: &mut dyn Tx,
        known: &Known<'_>,
        kind: &'static Kind,
        query: &Query,
    ) -> Outcome<Answer> {
        let (person, sight) = match self.named(tx, known, kind, query)? {
            Ok(named) => named,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let stretch = match stretch(query) {
            Ok(stretch) => stretch,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let mut rows = api::journal_of(tx, person, &stretch)?;
        let more = rows.len() > query.count;
        rows.truncate(query.count);
        let next = rows.last().filter(|_| more).map(|row| {
            let (at, id) = (None, row.sequence.to_string());
            Cursor { at, id }.write()
        });
        let place = tx.place().to_owned();
        let entries: Vec<Shown> = rows.iter().map(|row| event(&place, person, row)).collect();
        let subject = Subject {
            person: Some(person),
            thing: format!("journal of person {person}"),
            results: entries.len(),
            detail: detail(kind, query),
        };
        self.api_looked(known, sight.allowed, Action::SeePerson, subject);
        Ok(Ok(Answer::Page {
            total: None,
            entries,
            next,
        }))
    }
}

/// The rows that a search asks for.
fn stretch(query: &Query) -> Result<api::Stretch, Refusal> {
    let mut within = Stretch::ALL;
    for test in query.criteria.iter().flat_map(|one| one.dates.iter()) {
        let bounds = test.bounds();
        within.from = within.from.max(bounds.from);
        within.to = within.to.min(bounds.to);
    }
    let before = match &query.cursor {
        None => i64::MAX,
        Some(cursor) => cursor.id.parse().map_err(|_| {
            let text = "This is no place in this list. Begin again without _cursor.";
            Refusal::new(Why::Invalid, "http._cursor", text)
        })?,
    };
    Ok(api::Stretch {
        before,
        from: within.from,
        to: within.to,
        limit: i64::try_from(query.count).unwrap_or(i64::MAX - 1) + 1,
    })
}

/// What was done, in one letter: create, read, update, or execute (searches, signing in).
fn action(row: &Recorded) -> &'static str {
    match row.kind.as_str() {
        "look" if row.action.contains("search") => "E",
        "look" => "R",
        "command" => "U",
        "load" => "C",
        _ => "E",
    }
}

/// Why, as FHIR codes it.
fn reason(purpose: &str) -> Value {
    let (code, display) = match purpose {
        "direct care" => ("TREAT", "treatment"),
        "emergency" | "emergency access" => ("BTG", "break the glass"),
        "safeguarding" => ("ETREAT", "Emergency Treatment"),
        _ => ("HOPERAT", "healthcare operations"),
    };
    json!({ "coding": [{ "system": REASONS, "code": code, "display": display }], "text": purpose })
}

fn event(place: &str, person: PersonId, row: &Recorded) -> Shown {
    let id = format!("{place}-{}", row.sequence);
    let refused = row.action.contains("refused");
    let kind = match row.kind.as_str() {
        "sign-in" => json!({ "system": DICOM, "code": "110114", "display": "User Authentication" }),
        "load" => json!({ "system": DICOM, "code": "110107", "display": "Import" }),
        "look" | "command" => {
            json!({ "system": DICOM, "code": "110110", "display": "Patient Record" })
        }
        _ => json!({ "system": TYPES, "code": "rest", "display": "RESTful Operation" }),
    };
    let detail = |name: &str, value: String| json!({ "type": name, "valueString": value });
    let mut entities = vec![json!({
        "what": { "reference": format!("Patient/{person}") },
        "type": { "system": ENTITIES, "code": "1", "display": "Person" },
        "role": { "system": ROLES, "code": "1", "display": "Patient" },
    })];
    let mut thing = json!({
        "type": { "system": ENTITIES, "code": "2", "display": "System Object" },
        "role": { "system": ROLES, "code": "4", "display": "Domain Resource" },
        "detail": [
            detail("legal-basis", row.legal_basis.clone()),
            detail("results", row.results.to_string()),
            detail("chain-hash", row.hash.clone()),
        ],
    });
    if !row.subject.is_empty() {
        thing["what"] = json!({ "display": row.subject });
    }
    entities.push(thing);
    let event = json!({
        "resourceType": "AuditEvent",
        "id": id,
        "type": kind,
        "subtype": [{ "display": row.action }],
        "action": action(row),
        "recorded": row.at.to_string(),
        "outcome": if refused { "4" } else { "0" },
        "purposeOfEvent": [reason(&row.purpose)],
        "agent": [
            {
                "role": [{ "text": row.role }],
                "who": { "identifier": { "value": row.actor }, "display": row.actor },
                "requestor": true,
            },
            {
                "who": { "type": "Organization", "display": row.organisation },
                "requestor": false,
            },
        ],
        "source": { "site": place, "observer": { "display": "Almoner" } },
        "entity": entities,
    });
    Shown {
        key: format!("AuditEvent/{id}"),
        resource_type: "AuditEvent".to_owned(),
        version: row.sequence.to_string(),
        updated: Some(row.at),
        json: event.to_string(),
        included: false,
    }
}
