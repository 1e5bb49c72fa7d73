//! What a GP practice keeps of one person, as a FHIR R4 bundle.

use crate::Barsetshire;
use jiff::ToSpan;
use jiff::civil::Date;
use person::Person;
use serde_json::{Value, json};
use uuid::Builder;

/// Conditions, allergies and medicines that are chosen from, by the person's own id.
const CONDITIONS: &[(&str, &str)] = &[
    ("38341003", "High blood pressure"),
    ("44054006", "Type 2 diabetes"),
    ("13645005", "Chronic obstructive lung disease"),
    ("396275006", "Osteoarthritis"),
    ("49436004", "Atrial fibrillation"),
];
const ALLERGIES: &[&str] = &["Penicillin", "Latex", "Trimethoprim"];
const MEDICINES: &[&str] = &[
    "Amlodipine 5 mg tablets",
    "Metformin 500 mg tablets",
    "Apixaban 5 mg tablets",
    "Paracetamol 500 mg tablets",
];

/// The bundle: patient, practice, conditions, an allergy, a medicine, a measurement.
pub(crate) fn bundle(place: &Barsetshire, person: &Person) -> Vec<u8> {
    let maker = Maker {
        place,
        person,
        seed: person.id.uuid().as_bytes()[15],
    };
    let resources = maker.resources();
    let entries: Vec<Value> = resources
        .into_iter()
        .map(|resource| {
            let id = resource["id"].as_str().unwrap_or_default();
            json!({"fullUrl": format!("urn:uuid:{id}"), "resource": resource})
        })
        .collect();
    let whole = json!({"resourceType": "Bundle", "type": "collection", "entry": entries});
    whole.to_string().into_bytes()
}

struct Maker<'a> {
    place: &'a Barsetshire,
    person: &'a Person,
    seed: u8,
}

impl Maker<'_> {
    /// The id of one resource, always the same for the same person.
    fn id(&self, number: u8) -> String {
        let mut bytes = *self.person.id.uuid().as_bytes();
        bytes[15] = bytes[15].wrapping_add(number);
        bytes[14] ^= 0x5a;
        Builder::from_random_bytes(bytes).into_uuid().to_string()
    }

    fn choose<'t, T>(&self, list: &'t [T], turn: usize) -> &'t T {
        &list[(usize::from(self.seed) + turn) % list.len()]
    }

    fn day(&self, months_ago: i64) -> Date {
        let days = i64::from(self.seed % 28);
        self.place
            .today
            .saturating_sub(months_ago.months())
            .saturating_sub(days.days())
    }

    fn resources(&self) -> Vec<Value> {
        let patient = json!({"reference": format!("urn:uuid:{}", self.id(0))});
        let practice = json!({"reference": format!("urn:uuid:{}", self.id(1))});
        let mut all = vec![self.patient(&practice), self.practice()];
        for turn in 0..2u8 {
            let (code, words) = self.choose(CONDITIONS, usize::from(turn));
            all.push(json!({
                "resourceType": "Condition",
                "id": self.id(2 + turn),
                "clinicalStatus": {"coding": [{
                    "system": "http://terminology.hl7.org/CodeSystem/condition-clinical",
                    "code": "active"
                }]},
                "code": {"coding": [{
                    "system": "http://snomed.info/sct", "code": code, "display": words
                }], "text": words},
                "subject": patient,
                "recorder": self.recorder(),
                "onsetDateTime": self.day(20 + 30 * i64::from(turn)).to_string()
            }));
        }
        // What has ended, and what is withheld from everybody but the practice.
        for (number, status, words, months) in [
            (7, "resolved", "Broken wrist", 70),
            (8, "active", "HIV infection, well controlled", 160),
        ] {
            if number == 8 && !self.seed.is_multiple_of(2) {
                continue;
            }
            all.push(json!({
                "resourceType": "Condition",
                "id": self.id(number),
                "clinicalStatus": {"coding": [{
                    "system": "http://terminology.hl7.org/CodeSystem/condition-clinical",
                    "code": status
                }]},
                "code": {"text": words},
                "subject": patient,
                "recorder": self.recorder(),
                "onsetDateTime": self.day(months).to_string()
            }));
        }
        all.push(json!({
            "resourceType": "AllergyIntolerance",
            "id": self.id(4),
            "clinicalStatus": {"coding": [{
                "system": "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical",
                "code": "active"
            }]},
            "code": {"text": self.choose(ALLERGIES, 0)},
            "patient": patient,
            "criticality": if self.seed.is_multiple_of(3) { "high" } else { "low" },
            "recorder": self.recorder(),
            "reaction": [{"manifestation": [{"text": "Rash"}], "severity": "moderate"}],
            "recordedDate": self.day(60).to_string()
        }));
        all.push(json!({
            "resourceType": "MedicationRequest",
            "id": self.id(5),
            "status": "active",
            "intent": "order",
            "medicationCodeableConcept": {"text": self.choose(MEDICINES, 0)},
            "subject": patient,
            "requester": practice,
            "authoredOn": self.day(3).to_string(),
            "dosageInstruction": [{"text": "One a day"}]
        }));
        all.push(json!({
            "resourceType": "Observation",
            "id": self.id(6),
            "status": "final",
            "code": {"text": "Blood pressure"},
            "subject": patient,
            "performer": [practice],
            "effectiveDateTime": self.day(2).to_string(),
            "valueString": format!("{}/{} mmHg", 118 + self.seed % 40, 68 + self.seed % 20)
        }));
        all
    }

    fn patient(&self, practice: &Value) -> Value {
        let person = self.person;
        json!({
            "resourceType": "Patient",
            "id": self.id(0),
            "identifier": [identifier(person, &self.id(0))],
            "name": [{
                "use": "official",
                "family": person.family_name,
                "given": [person.given_name]
            }],
            "gender": person.gender.as_str(),
            "birthDate": person.birth_date.map(|day| day.to_string()),
            "address": [{"text": person.address, "postalCode": person.postcode}],
            "managingOrganization": practice
        })
    }

    /// Whoever wrote it down, by the name of the practice.
    fn recorder(&self) -> Value {
        json!({"display": self.practice()["name"]})
    }

    fn practice(&self) -> Value {
        let code = self.person.practice_code.clone().unwrap_or_default();
        let organisations = &self.place.organisations;
        let name = organisations
            .practice(&code)
            .map(|id| organisations.name(id));
        json!({
            "resourceType": "Organization",
            "id": self.id(1),
            "identifier": [{
                "system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": code
            }],
            "name": name.unwrap_or("Practice")
        })
    }
}

/// What a person is known by: the NHS number, or the sender's own for those without one.
pub(crate) fn identifier(person: &Person, own: &str) -> Value {
    match person.nhs_number {
        Some(number) => json!({
            "system": "https://fhir.nhs.uk/Id/nhs-number", "value": number.to_string()
        }),
        None => json!({"system": "https://barsetshire.example/id", "value": own}),
    }
}
