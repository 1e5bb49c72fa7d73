//! FHIR R4 resources of the kinds that hospitals, surgeries and insurers send, with the code
//! systems of the standard and made-up content: what the dictionary of the store is trained on.

use serde_json::{Value, json};

/// A small generator of numbers, the same for the same seed (splitmix64).
pub(super) struct Chance(pub(super) u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn one<'a, T: ?Sized>(&mut self, list: &[&'a T]) -> &'a T {
        list[usize::try_from(self.below(list.len() as u64)).unwrap()]
    }

    fn id(&mut self) -> String {
        uuid::Builder::from_random_bytes(
            ((u128::from(self.next()) << 64) | u128::from(self.next())).to_be_bytes(),
        )
        .into_uuid()
        .to_string()
    }

    fn day(&mut self) -> String {
        format!(
            "{}-{:02}-{:02}",
            1990 + self.below(37),
            1 + self.below(12),
            1 + self.below(28)
        )
    }

    fn instant(&mut self) -> String {
        let zone = self.one(&["+00:00", "+01:00", "Z"]);
        format!(
            "{}T{:02}:{:02}:{:02}{zone}",
            self.day(),
            self.below(24),
            self.below(60),
            self.below(60)
        )
    }

    /// A reference as it is written inside a bundle, on a server, or elsewhere.
    fn to(&mut self, kind: &str) -> Value {
        let id = self.id();
        match self.below(5) {
            0 => json!({"reference": format!("{kind}/{id}")}),
            1 => json!({"reference": format!("https://fhir.barsetshire.example/R4/{kind}/{id}")}),
            _ => json!({"reference": format!("urn:uuid:{id}")}),
        }
    }

    fn snomed(&mut self, list: &[&str]) -> Value {
        let words = self.one(list);
        let code = (10_000_000 + self.below(900_000_000)).to_string();
        json!({
            "coding": [{"system": "http://snomed.info/sct", "code": code, "display": words}],
            "text": words
        })
    }

    fn money(&mut self) -> Value {
        json!({"value": self.below(100_000), "currency": self.one(&["GBP", "USD", "EUR"])})
    }

    fn quantity(&mut self) -> Value {
        let unit = self.one(&[
            "mm[Hg]", "mg/dL", "mmol/L", "kg", "cm", "kg/m2", "%", "/min", "Cel", "g/L", "10*9/L",
            "{score}",
        ]);
        json!({
            "value": self.below(20_000), "unit": unit,
            "system": "http://unitsofmeasure.org", "code": unit
        })
    }
}

const TERMS: &str = "http://terminology.hl7.org/CodeSystem/";
const FINDINGS: &[&str] = &[
    "Asthma",
    "Hypertension",
    "Diabetes mellitus type 2 (disorder)",
    "Fall in the home",
    "Acute bronchitis (disorder)",
    "Chronic kidney disease",
    "Osteoarthritis of knee",
    "Dementia (disorder)",
    "Heart failure (disorder)",
    "Fracture of hip",
    "Viral sinusitis (disorder)",
    "Stroke",
    "Anemia (disorder)",
    "Normal pregnancy",
];
const ACTS: &[&str] = &[
    "Encounter for check up (procedure)",
    "Encounter for symptom",
    "Encounter for problem",
    "General examination of patient (procedure)",
    "Medication reconciliation (procedure)",
    "Follow-up encounter",
    "Emergency room admission (procedure)",
    "Home visit",
    "Physical therapy",
    "Assessment using assessment scale (procedure)",
    "Plain X-ray of chest (procedure)",
];
const MEASURES: &[&str] = &[
    "Body Height",
    "Body Weight",
    "Body Mass Index",
    "Blood Pressure",
    "Systolic Blood Pressure",
    "Diastolic Blood Pressure",
    "Heart rate",
    "Respiratory rate",
    "Body temperature",
    "Oxygen saturation in Arterial blood",
    "Glucose",
    "Creatinine",
    "Hemoglobin A1c/Hemoglobin.total in Blood",
    "Total Cholesterol",
    "Triglycerides",
    "Potassium",
    "Sodium",
    "Tobacco smoking status",
    "Pain severity - 0-10 verbal numeric rating [Score] - Reported",
];
const VACCINES: &[&str] = &[
    "Influenza, seasonal, injectable, preservative free",
    "Td (adult) preservative free",
    "zoster",
    "COVID-19 vaccine",
    "Pneumococcal conjugate PCV 13",
];
const NAMES: &[&str] = &[
    "Harding", "Grantly", "Proudie", "Thorne", "Arabin", "Bold", "Crawley", "Dale",
];
const GIVEN: &[&str] = &[
    "Septimus", "Eleanor", "Mary", "John", "Susan", "Francis", "Grace", "Lily",
];

fn coded(system: &str, code: &str) -> Value {
    json!({"coding": [{"system": format!("{TERMS}{system}"), "code": code, "display": code}]})
}

/// One resource of each kind that is made here.
pub(super) fn resources(chance: &mut Chance) -> Vec<Value> {
    let mut all = clinical(chance);
    all.extend(about_care(chance));
    all.extend(paid_for(chance));
    all.extend(people(chance));
    for (at, resource) in all.iter_mut().enumerate() {
        if at % 3 == 0 {
            resource["meta"] = json!({
                "versionId": "1", "lastUpdated": chance.instant(),
                "profile": [format!("https://fhir.hl7.org.uk/StructureDefinition/UKCore-{}",
                    resource["resourceType"].as_str().unwrap())],
                "tag": [{"system": format!("{TERMS}v3-ObservationValue"), "code": "SUBSETTED"}]
            });
        }
    }
    all
}

fn observation(chance: &mut Chance) -> Value {
    let kind = chance.one(&["vital-signs", "laboratory", "survey", "social-history"]);
    let words = chance.one(MEASURES);
    let loinc = format!("{}-{}", 1_000 + chance.below(90_000), chance.below(10));
    let at = chance.instant();
    json!({
        "resourceType": "Observation", "id": chance.id(), "status": "final",
        "category": [{"coding": [{
            "system": format!("{TERMS}observation-category"), "code": kind, "display": kind
        }]}],
        "code": {"coding": [{"system": "http://loinc.org", "code": loinc, "display": words}], "text": words},
        "subject": chance.to("Patient"), "encounter": chance.to("Encounter"),
        "effectiveDateTime": at, "issued": at, "valueQuantity": chance.quantity()
    })
}

fn clinical(chance: &mut Chance) -> Vec<Value> {
    let mut all: Vec<Value> = (0..4).map(|_| observation(chance)).collect();
    let mut panel = observation(chance);
    panel["component"] = (0..2)
        .map(|_| {
            let words = chance.one(MEASURES);
            json!({
                "code": {"coding": [{"system": "http://loinc.org", "code": "8480-6", "display": words}], "text": words},
                "valueQuantity": chance.quantity()
            })
        })
        .collect();
    all.push(panel);
    all.push(json!({
        "resourceType": "Condition", "id": chance.id(),
        "clinicalStatus": coded("condition-clinical", chance.one(&["active", "resolved"])),
        "verificationStatus": coded("condition-ver-status", "confirmed"),
        "category": [coded("condition-category", "encounter-diagnosis")],
        "code": chance.snomed(FINDINGS), "subject": chance.to("Patient"),
        "encounter": chance.to("Encounter"), "onsetDateTime": chance.instant(),
        "abatementDateTime": chance.instant(), "recordedDate": chance.instant()
    }));
    all.push(json!({
        "resourceType": "AllergyIntolerance", "id": chance.id(),
        "clinicalStatus": coded("allergyintolerance-clinical", "active"),
        "verificationStatus": coded("allergyintolerance-verification", "confirmed"),
        "type": "allergy", "category": [chance.one(&["food", "environment", "medication"])],
        "criticality": chance.one(&["low", "high"]), "code": chance.snomed(&["Allergy to penicillin", "Allergy to mould", "Shellfish allergy"]),
        "patient": chance.to("Patient"), "recordedDate": chance.instant()
    }));
    all.push(json!({
        "resourceType": "Procedure", "id": chance.id(), "status": "completed", "code": chance.snomed(ACTS),
        "subject": chance.to("Patient"), "encounter": chance.to("Encounter"),
        "performedPeriod": {"start": chance.instant(), "end": chance.instant()},
        "reasonReference": [{"reference": chance.to("Condition")["reference"], "display": chance.one(FINDINGS)}]
    }));
    all.push(json!({
        "resourceType": "Immunization", "id": chance.id(), "status": "completed",
        "vaccineCode": {
            "coding": [{"system": "http://hl7.org/fhir/sid/cvx", "code": chance.below(300).to_string(), "display": chance.one(VACCINES)}],
            "text": chance.one(VACCINES)
        },
        "patient": chance.to("Patient"), "encounter": chance.to("Encounter"),
        "occurrenceDateTime": chance.instant(), "primarySource": true,
        "location": {"display": "The Practice at Plumstead"}
    }));
    all.push(json!({
        "resourceType": "MedicationRequest", "id": chance.id(), "status": chance.one(&["active", "stopped", "completed"]), "intent": "order",
        "medicationCodeableConcept": {
            "coding": [{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": chance.below(900_000).to_string(), "display": "Paracetamol 325 MG Oral Tablet"}],
            "text": "Paracetamol 325 MG Oral Tablet"
        },
        "subject": chance.to("Patient"), "encounter": chance.to("Encounter"), "authoredOn": chance.instant(),
        "requester": chance.to("Practitioner"), "reasonReference": [chance.to("Condition")],
        "dosageInstruction": [{
            "sequence": 1, "text": "Take one tablet daily", "asNeededBoolean": false,
            "timing": {"repeat": {"frequency": 1, "period": 1.0, "periodUnit": "d"}},
            "doseAndRate": [{"type": coded("dose-rate-type", "ordered"), "doseQuantity": {"value": 1.0}}]
        }]
    }));
    let results: Vec<Value> = (0..5)
        .map(|_| json!({"reference": chance.to("Observation")["reference"], "display": chance.one(MEASURES)}))
        .collect();
    all.push(json!({
        "resourceType": "DiagnosticReport", "id": chance.id(), "status": "final",
        "category": [{"coding": [{"system": format!("{TERMS}v2-0074"), "code": "LAB", "display": "Laboratory"}]}],
        "code": {"coding": [{"system": "http://loinc.org", "code": "57698-3", "display": "Lipid Panel"}], "text": "Lipid Panel"},
        "subject": chance.to("Patient"), "encounter": chance.to("Encounter"),
        "effectiveDateTime": chance.instant(), "issued": chance.instant(),
        "performer": [chance.to("Organization")], "result": results
    }));
    all
}

fn about_care(chance: &mut Chance) -> Vec<Value> {
    vec![
        json!({
            "resourceType": "Encounter", "id": chance.id(), "status": "finished",
            "identifier": [{"use": "official", "system": "https://fhir.barsetshire.example/Id/encounter", "value": chance.id()}],
            "class": {"system": format!("{TERMS}v3-ActCode"), "code": chance.one(&["AMB", "IMP", "EMER", "HH"])},
            "type": [chance.snomed(ACTS)],
            "subject": {"reference": chance.to("Patient")["reference"], "display": chance.one(NAMES)},
            "participant": [{
                "type": [{"coding": [{"system": format!("{TERMS}v3-ParticipationType"), "code": "PPRF", "display": "primary performer"}], "text": "primary performer"}],
                "period": {"start": chance.instant(), "end": chance.instant()},
                "individual": {"reference": chance.to("Practitioner")["reference"], "display": "Dr. Thorne"}
            }],
            "period": {"start": chance.instant(), "end": chance.instant()},
            "reasonCode": [{"coding": [{"system": "http://snomed.info/sct", "code": "10509002", "display": chance.one(FINDINGS)}]}],
            "location": [{"location": chance.to("Location")}],
            "hospitalization": {"dischargeDisposition": {"coding": [{"system": format!("{TERMS}discharge-disposition"), "code": "home", "display": "Home"}], "text": "Home"}},
            "serviceProvider": {"reference": chance.to("Organization")["reference"], "display": "Barchester General"}
        }),
        json!({
            "resourceType": "CarePlan", "id": chance.id(), "status": "active", "intent": "order",
            "text": {"status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\">Care Plan for respiratory therapy.<br/>Activities: <ul><li>Breathing exercises</li></ul></div>"},
            "category": [chance.snomed(&["Respiratory therapy", "Diabetes self management plan", "Home care package"])],
            "subject": chance.to("Patient"), "encounter": chance.to("Encounter"), "period": {"start": chance.instant()},
            "careTeam": [chance.to("CareTeam")], "addresses": [chance.to("Condition")], "goal": [chance.to("Goal")],
            "activity": [{"detail": {
                "code": chance.snomed(ACTS), "status": "in-progress", "location": {"display": "Barchester General"}
            }}]
        }),
        json!({
            "resourceType": "CareTeam", "id": chance.id(), "status": "active",
            "subject": chance.to("Patient"), "encounter": chance.to("Encounter"), "period": {"start": chance.instant()},
            "participant": [{
                "role": [chance.snomed(&["Patient", "Healthcare professional (occupation)", "Carer"])],
                "member": {"reference": chance.to("Patient")["reference"], "display": chance.one(NAMES)}
            }],
            "managingOrganization": [chance.to("Organization")]
        }),
        json!({
            "resourceType": "Goal", "id": chance.id(), "lifecycleStatus": "in-progress",
            "achievementStatus": coded("goal-achievement", "in-progress"),
            "description": {"text": "Improve and maintenance of optimal foot health: aim at early detection"},
            "subject": chance.to("Patient"), "addresses": [chance.to("Condition")]
        }),
        json!({
            "resourceType": "ImagingStudy", "id": chance.id(), "status": "available",
            "identifier": [{"use": "official", "system": "urn:ietf:rfc:3986", "value": "urn:oid:1.2.840.99999999.1"}],
            "subject": chance.to("Patient"), "encounter": chance.to("Encounter"), "started": chance.instant(),
            "numberOfSeries": 1, "numberOfInstances": 1,
            "series": [{
                "uid": "1.2.840.99999999.1.1", "number": 1,
                "modality": {"system": "http://dicom.nema.org/resources/ontology/DCM", "code": "DX", "display": "Digital Radiography"},
                "numberOfInstances": 1, "bodySite": {"system": "http://snomed.info/sct", "code": "51185008", "display": "Thoracic structure"},
                "started": chance.instant(),
                "instance": [{"uid": "1.2.840.99999999.1.1.1", "sopClass": {"system": "urn:ietf:rfc:3986", "code": "urn:oid:1.2.840.10008.5.1.4.1.1.1.1"}, "number": 1, "title": "Image of chest"}]
            }]
        }),
        json!({
            "resourceType": "ServiceRequest", "id": chance.id(), "status": "active", "intent": "order", "priority": "routine",
            "code": chance.snomed(ACTS), "subject": chance.to("Patient"), "encounter": chance.to("Encounter"),
            "authoredOn": chance.instant(), "requester": chance.to("Practitioner"), "performer": [chance.to("Organization")]
        }),
        json!({
            "resourceType": "DocumentReference", "id": chance.id(), "status": "current", "docStatus": "final",
            "type": chance.snomed(&["Discharge summary", "Clinic letter"]), "subject": chance.to("Patient"),
            "date": chance.instant(), "author": [chance.to("Practitioner")], "custodian": chance.to("Organization"),
            "content": [{"attachment": {"contentType": "application/pdf", "url": "https://fhir.barsetshire.example/R4/Binary/1", "title": "Letter"}}]
        }),
        json!({
            "resourceType": "QuestionnaireResponse", "id": chance.id(), "status": "completed", "questionnaire": "https://fhir.barsetshire.example/R4/Questionnaire/home",
            "subject": chance.to("Patient"), "authored": chance.instant(), "author": chance.to("Practitioner"),
            "item": [{"linkId": "1", "text": "What matters most?", "answer": [{"valueString": "To be at home"}]}, {"linkId": "2", "text": "Stairs?", "answer": [{"valueBoolean": true}]}]
        }),
    ]
}

fn paid_for(chance: &mut Chance) -> Vec<Value> {
    let claim = |chance: &mut Chance| {
        json!({
            "resourceType": "Claim", "id": chance.id(), "status": "active",
            "type": {"coding": [{"system": format!("{TERMS}claim-type"), "code": chance.one(&["institutional", "professional", "pharmacy"])}]},
            "use": "claim", "patient": {"reference": chance.to("Patient")["reference"], "display": chance.one(NAMES)},
            "billablePeriod": {"start": chance.instant(), "end": chance.instant()}, "created": chance.instant(),
            "provider": {"reference": chance.to("Organization")["reference"], "display": "Barchester General"},
            "priority": {"coding": [{"system": format!("{TERMS}processpriority"), "code": "normal"}]},
            "prescription": chance.to("MedicationRequest"),
            "diagnosis": [{"sequence": 1, "diagnosisReference": chance.to("Condition")}],
            "procedure": [{"sequence": 1, "procedureReference": chance.to("Procedure")}],
            "insurance": [{"sequence": 1, "focal": true, "coverage": {"display": "private"}}],
            "item": [
                {"sequence": 1, "productOrService": chance.snomed(ACTS), "encounter": [chance.to("Encounter")]},
                {"sequence": 2, "diagnosisSequence": [1], "productOrService": chance.snomed(FINDINGS), "net": chance.money()}
            ],
            "total": chance.money()
        })
    };
    let explained = |chance: &mut Chance| {
        let adjudication = |chance: &mut Chance, code: &str| json!({"category": {"coding": [{"system": format!("{TERMS}adjudication"), "code": code, "display": code}]}, "amount": chance.money()});
        let amounts: Vec<Value> = ["submitted", "eligible", "deductible", "copay", "benefit"]
            .into_iter()
            .map(|code| adjudication(chance, code))
            .collect();
        json!({
            "resourceType": "ExplanationOfBenefit", "id": chance.id(),
            "contained": [
                {"resourceType": "ServiceRequest", "id": "referral", "status": "completed", "intent": "order", "subject": chance.to("Patient"), "requester": chance.to("Practitioner"), "performer": [chance.to("Practitioner")]},
                {"resourceType": "Coverage", "id": "coverage", "status": "active", "type": {"text": "private"}, "beneficiary": chance.to("Patient"), "payor": [{"display": "private"}]}
            ],
            "identifier": [{"system": "https://fhir.barsetshire.example/Id/claim", "value": chance.id()}, {"system": "https://fhir.barsetshire.example/Id/claim-group", "value": "99999999999"}],
            "status": "active", "type": {"coding": [{"system": format!("{TERMS}claim-type"), "code": "institutional"}]},
            "use": "claim", "patient": chance.to("Patient"),
            "billablePeriod": {"start": chance.instant(), "end": chance.instant()}, "created": chance.instant(),
            "insurer": {"display": "private"}, "provider": chance.to("Practitioner"),
            "referral": {"reference": "#referral"}, "claim": chance.to("Claim"), "outcome": "complete",
            "careTeam": [{"sequence": 1, "provider": chance.to("Practitioner"), "role": {"coding": [{"system": format!("{TERMS}claimcareteamrole"), "code": "primary", "display": "Primary Care Practitioner"}]}}],
            "diagnosis": [{"sequence": 1, "diagnosisReference": chance.to("Condition"), "type": [{"coding": [{"system": format!("{TERMS}ex-diagnosistype"), "code": "principal"}]}]}],
            "insurance": [{"focal": true, "coverage": {"reference": "#coverage", "display": "private"}}],
            "item": [{
                "sequence": 1, "category": {"coding": [{"system": "https://fhir.barsetshire.example/CodeSystem/service", "code": "1", "display": "Medical care"}]},
                "productOrService": chance.snomed(ACTS), "servicedPeriod": {"start": chance.instant(), "end": chance.instant()},
                "locationCodeableConcept": {"coding": [{"system": format!("{TERMS}ex-serviceplace"), "code": "21", "display": "Inpatient Hospital"}]},
                "encounter": [chance.to("Encounter")], "net": chance.money(), "diagnosisSequence": [1],
                "adjudication": amounts
            }],
            "total": [{"category": {"coding": [{"system": format!("{TERMS}adjudication"), "code": "submitted", "display": "Submitted Amount"}], "text": "Submitted Amount"}, "amount": chance.money()}],
            "payment": {"amount": chance.money()}
        })
    };
    vec![claim(chance), claim(chance), explained(chance)]
}

fn people(chance: &mut Chance) -> Vec<Value> {
    let (family, given) = (chance.one(NAMES), chance.one(GIVEN));
    let number = format!("999{:07}", chance.below(10_000_000));
    let ods = "https://fhir.nhs.uk/Id/ods-organization-code";
    vec![
        json!({
            "resourceType": "Patient", "id": chance.id(),
            "text": {"status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\">Generated</div>"},
            "extension": [{"url": "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-EthnicCategory", "valueCodeableConcept": {"coding": [{"system": "https://fhir.hl7.org.uk/CodeSystem/UKCore-EthnicCategory", "code": "A", "display": "White - British"}]}}],
            "identifier": [
                {"extension": [{"url": "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus", "valueCodeableConcept": {"coding": [{"system": "https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatus", "code": "01", "display": "Number present and verified"}]}}],
                 "use": "official", "system": "https://fhir.nhs.uk/Id/nhs-number", "value": number},
                {"type": {"coding": [{"system": format!("{TERMS}v2-0203"), "code": "MR", "display": "Medical Record Number"}], "text": "Medical Record Number"}, "system": "https://fhir.barsetshire.example/Id/hospital-number", "value": chance.id()}
            ],
            "active": true, "name": [{"use": "official", "family": family, "given": [given], "prefix": ["Mrs."]}],
            "telecom": [{"system": "phone", "value": "01632 960111", "use": "home"}],
            "gender": chance.one(&["female", "male"]), "birthDate": chance.day(),
            "address": [{"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/geolocation", "extension": [{"url": "latitude", "valueDecimal": 51.0}, {"url": "longitude", "valueDecimal": -1.0}]}],
                "use": "home", "line": ["1 High Street"], "city": "Barchester", "district": "Barsetshire", "state": "Barsetshire", "postalCode": "ZZ1 1AA", "country": "GB"}],
            "maritalStatus": {"coding": [{"system": format!("{TERMS}v3-MaritalStatus"), "code": "M", "display": "M"}], "text": "M"},
            "multipleBirthBoolean": false,
            "communication": [{"language": {"coding": [{"system": "urn:ietf:bcp:47", "code": "en", "display": "English"}], "text": "English"}}],
            "generalPractitioner": [{"type": "Organization", "identifier": {"system": ods, "value": "BARSET0001"}}],
            "managingOrganization": chance.to("Organization")
        }),
        json!({
            "resourceType": "Practitioner", "id": chance.id(), "active": true,
            "identifier": [{"system": "https://fhir.hl7.org.uk/Id/gmc-number", "value": chance.below(10_000_000).to_string()}],
            "name": [{"family": family, "given": [given], "prefix": ["Dr."]}],
            "telecom": [{"system": "email", "value": "doctor@barsetshire.example", "use": "work"}],
            "address": [{"line": ["The Close"], "city": "Barchester", "state": "Barsetshire", "postalCode": "ZZ1 1AA", "country": "GB"}],
            "gender": chance.one(&["female", "male"])
        }),
        json!({
            "resourceType": "Organization", "id": chance.id(), "active": true,
            "identifier": [{"system": ods, "value": "BARSET0001"}],
            "type": [{"coding": [{"system": format!("{TERMS}organization-type"), "code": "prov", "display": "Healthcare Provider"}], "text": "Healthcare Provider"}],
            "name": "Barchester General", "telecom": [{"system": "phone", "value": "01632 960222"}],
            "address": [{"line": ["1 Hospital Road"], "city": "Barchester", "state": "Barsetshire", "postalCode": "ZZ1 1AA", "country": "GB"}]
        }),
        json!({
            "resourceType": "RelatedPerson", "id": chance.id(), "active": true, "patient": chance.to("Patient"),
            "relationship": [{"coding": [{"system": format!("{TERMS}v3-RoleCode"), "code": "DAUC", "display": "Daughter"}]}],
            "name": [{"family": family, "given": [given]}], "telecom": [{"system": "phone", "value": "01632 960333", "use": "mobile"}]
        }),
        json!({
            "resourceType": "Appointment", "id": chance.id(), "status": "booked", "description": "Home visit",
            "start": chance.instant(), "end": chance.instant(), "created": chance.instant(),
            "participant": [{"actor": chance.to("Patient"), "status": "accepted"}, {"actor": chance.to("Location"), "status": "accepted"}]
        }),
    ]
}
