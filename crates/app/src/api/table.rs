//! Every type of resource that the API gives, what it can be searched by, and what can come
//! with it. Routes, searches and the CapabilityStatement are all read from this one table.
//!
//! Source: HL7 FHIR R4 4.0.1 (2019), search parameters of each resource; UK Core R4 profiles.

use super::client::Scope;

/// How a search parameter is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// A code, with or without its system.
    Token,
    /// A date or instant, with a prefix such as `ge`.
    Date,
    /// The beginning of a text.
    Words,
    /// A person, or another resource.
    Reference,
    /// An address, whole.
    Uri,
}

impl How {
    /// The type of search parameter, as FHIR names it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Date => "date",
            Self::Words => "string",
            Self::Reference => "reference",
            Self::Uri => "uri",
        }
    }
}

/// A search parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// How it is compared.
    pub how: How,
    /// The elements it is compared with; `x[x]` is a choice.
    pub paths: &'static [&'static str],
}

/// Whose a type of resource is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// A person's: searched within one person, by any of these parameters.
    Person(&'static [&'static str]),
    /// The person themselves.
    Patient,
    /// Nobody's: an organisation, a place, a product.
    Nobody,
    /// The journal's rows about a person.
    Journal,
}

/// A type of resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// Its name.
    pub name: &'static str,
    /// Whose it is.
    pub whose: Whose,
    /// Name of its UK Core profile, if there is one.
    pub profile: Option<&'static str>,
    /// What it can be searched by, beside what holds for every type.
    pub parameters: &'static [Parameter],
    /// What can come with it: name of the parameter and the element.
    pub includes: &'static [(&'static str, &'static str)],
}

impl Kind {
    /// What a client must have been given to read or search it.
    pub(super) const fn scope(&self) -> Scope {
        match self.whose {
            Whose::Patient => Scope::PatientRead,
            Whose::Journal => Scope::AuditRead,
            Whose::Person(_) | Whose::Nobody => Scope::ResourceRead,
        }
    }

    /// The parameter by whose name results are sorted by time, if there is one.
    pub fn date(&self) -> Option<&'static str> {
        self.parameters
            .iter()
            .find(|one| one.how == How::Date)
            .map(|one| one.name)
    }
}

const fn token(name: &'static str, paths: &'static [&'static str]) -> Parameter {
    let how = How::Token;
    Parameter { name, how, paths }
}
const fn date(name: &'static str, paths: &'static [&'static str]) -> Parameter {
    let how = How::Date;
    Parameter { name, how, paths }
}
const fn words(name: &'static str) -> Parameter {
    let (how, paths) = (How::Words, &[] as &[&str]);
    Parameter { name, how, paths }
}
const fn uri(name: &'static str, paths: &'static [&'static str]) -> Parameter {
    let how = How::Uri;
    Parameter { name, how, paths }
}

/// Parameters that name the person, where FHIR has both.
const BOTH: Whose = Whose::Person(&["patient", "subject"]);
/// Where it has only this one.
const PATIENT: Whose = Whose::Person(&["patient"]);

const STATUS: Parameter = token("status", &["status"]);
const CATEGORY: Parameter = token("category", &["category"]);
const CODE: Parameter = token("code", &["code"]);
const CLINICAL: Parameter = token("clinical-status", &["clinicalStatus"]);
const MEDICINE: Parameter = token("code", &["medicationCodeableConcept"]);
const PERIOD: Parameter = date("date", &["period"]);
const EFFECTIVE: Parameter = date("date", &["effective[x]"]);
const IDENTIFIER: Parameter = token("identifier", &["identifier"]);

type Include = (&'static str, &'static str);
const ENCOUNTER: Include = ("encounter", "encounter");
const PERFORMER: Include = ("performer", "performer");
const REQUESTER: Include = ("requester", "requester");
const AUTHOR: Include = ("author", "author");
const MEDICATION: Include = ("medication", "medicationReference");
const OF_PATIENT: Include = ("patient", "patient");
const OF_SUBJECT: Include = ("patient", "subject");

const fn kind(
    name: &'static str,
    whose: Whose,
    profile: &'static str,
    parameters: &'static [Parameter],
    includes: &'static [Include],
) -> Kind {
    Kind {
        name,
        whose,
        profile: if profile.is_empty() {
            None
        } else {
            Some(profile)
        },
        parameters,
        includes,
    }
}

/// The table.
#[rustfmt::skip]
pub const KINDS: &[Kind] = &[
    kind("AllergyIntolerance", PATIENT, "UKCore-AllergyIntolerance",
        &[date("date", &["recordedDate"]), CODE, CLINICAL, CATEGORY], &[OF_PATIENT, ("recorder", "recorder")]),
    kind("Appointment", PATIENT, "UKCore-Appointment", &[date("date", &["start"]), STATUS], &[]),
    kind("AuditEvent", Whose::Journal, "", &[date("date", &["recorded"])], &[]),
    kind("CarePlan", BOTH, "UKCore-CarePlan", &[PERIOD, STATUS, CATEGORY],
        &[OF_SUBJECT, ENCOUNTER, ("care-team", "careTeam"), ("goal", "goal"), ("condition", "addresses")]),
    kind("CareTeam", BOTH, "UKCore-CareTeam", &[PERIOD, STATUS, CATEGORY],
        &[OF_SUBJECT, ENCOUNTER, ("participant", "participant.member")]),
    kind("Claim", PATIENT, "", &[date("created", &["created"]), STATUS], &[OF_PATIENT, ("provider", "provider")]),
    kind("Communication", BOTH, "UKCore-Communication", &[date("sent", &["sent"]), STATUS, CATEGORY], &[OF_SUBJECT]),
    kind("Composition", BOTH, "UKCore-Composition", &[date("date", &["date"]), STATUS, token("type", &["type"]), CATEGORY],
        &[OF_SUBJECT, AUTHOR, ENCOUNTER]),
    kind("Condition", BOTH, "UKCore-Condition",
        &[date("onset-date", &["onset[x]"]), date("recorded-date", &["recordedDate"]), CODE, CLINICAL, CATEGORY],
        &[OF_SUBJECT, ENCOUNTER, ("asserter", "asserter")]),
    kind("Consent", PATIENT, "UKCore-Consent", &[date("date", &["dateTime"]), STATUS, CATEGORY], &[OF_PATIENT]),
    kind("Device", PATIENT, "UKCore-Device", &[STATUS, token("type", &["type"])], &[OF_PATIENT]),
    kind("DeviceRequest", BOTH, "", &[date("authored-on", &["authoredOn"]), STATUS, token("code", &["codeCodeableConcept"])],
        &[OF_SUBJECT, ENCOUNTER, REQUESTER]),
    kind("DiagnosticReport", BOTH, "UKCore-DiagnosticReport", &[EFFECTIVE, CODE, STATUS, CATEGORY],
        &[OF_SUBJECT, ENCOUNTER, PERFORMER, ("result", "result")]),
    kind("DocumentReference", BOTH, "UKCore-DocumentReference",
        &[date("date", &["date"]), STATUS, token("type", &["type"]), CATEGORY],
        &[OF_SUBJECT, AUTHOR, ("custodian", "custodian"), ("encounter", "context.encounter")]),
    kind("Encounter", BOTH, "UKCore-Encounter",
        &[PERIOD, STATUS, token("class", &["class"]), token("type", &["type"])],
        &[OF_SUBJECT, ("participant", "participant.individual"), ("service-provider", "serviceProvider"),
          ("location", "location.location")]),
    kind("EpisodeOfCare", PATIENT, "UKCore-EpisodeOfCare", &[PERIOD, STATUS, token("type", &["type"])],
        &[OF_PATIENT, ("organization", "managingOrganization")]),
    kind("ExplanationOfBenefit", PATIENT, "", &[date("created", &["created"]), STATUS], &[OF_PATIENT, ("provider", "provider")]),
    kind("Flag", BOTH, "UKCore-Flag", &[PERIOD], &[OF_SUBJECT, AUTHOR]),
    kind("Goal", BOTH, "", &[date("start-date", &["startDate"]), token("lifecycle-status", &["lifecycleStatus"]), CATEGORY],
        &[OF_SUBJECT]),
    kind("HealthcareService", Whose::Nobody, "UKCore-HealthcareService", &[], &[]),
    kind("ImagingStudy", BOTH, "UKCore-ImagingStudy", &[date("started", &["started"]), STATUS], &[OF_SUBJECT, ENCOUNTER]),
    kind("Immunization", PATIENT, "UKCore-Immunization",
        &[date("date", &["occurrence[x]"]), STATUS, token("vaccine-code", &["vaccineCode"])],
        &[OF_PATIENT, ("performer", "performer.actor")]),
    kind("List", BOTH, "UKCore-List", &[date("date", &["date"]), STATUS, CODE], &[OF_SUBJECT, ENCOUNTER]),
    kind("Location", Whose::Nobody, "UKCore-Location", &[], &[]),
    kind("Medication", Whose::Nobody, "UKCore-Medication", &[], &[]),
    kind("MedicationAdministration", BOTH, "UKCore-MedicationAdministration",
        &[date("effective-time", &["effective[x]"]), STATUS, MEDICINE], &[OF_SUBJECT, MEDICATION]),
    kind("MedicationDispense", BOTH, "UKCore-MedicationDispense",
        &[date("whenhandedover", &["whenHandedOver"]), STATUS, MEDICINE], &[OF_SUBJECT, MEDICATION]),
    kind("MedicationRequest", BOTH, "UKCore-MedicationRequest",
        &[date("authoredon", &["authoredOn"]), STATUS, token("intent", &["intent"]), MEDICINE, CATEGORY],
        &[OF_SUBJECT, ENCOUNTER, REQUESTER, MEDICATION]),
    kind("MedicationStatement", BOTH, "UKCore-MedicationStatement",
        &[date("effective", &["effective[x]"]), STATUS, MEDICINE, CATEGORY], &[OF_SUBJECT, MEDICATION]),
    kind("Observation", BOTH, "UKCore-Observation", &[EFFECTIVE, CODE, STATUS, CATEGORY],
        &[OF_SUBJECT, ENCOUNTER, PERFORMER, ("has-member", "hasMember")]),
    kind("Organization", Whose::Nobody, "UKCore-Organization", &[], &[]),
    kind("Patient", Whose::Patient, "UKCore-Patient",
        &[IDENTIFIER, words("family"), words("given"), date("birthdate", &["birthDate"]), words("address-postalcode")],
        &[("general-practitioner", "generalPractitioner"), ("organization", "managingOrganization")]),
    kind("Practitioner", Whose::Nobody, "UKCore-Practitioner", &[], &[]),
    kind("PractitionerRole", Whose::Nobody, "UKCore-PractitionerRole", &[], &[]),
    kind("Procedure", BOTH, "UKCore-Procedure", &[date("date", &["performed[x]"]), CODE, STATUS, CATEGORY],
        &[OF_SUBJECT, ENCOUNTER, ("performer", "performer.actor")]),
    kind("Questionnaire", Whose::Nobody, "UKCore-Questionnaire", &[], &[]),
    kind("QuestionnaireResponse", BOTH, "UKCore-QuestionnaireResponse",
        &[date("authored", &["authored"]), STATUS, uri("questionnaire", &["questionnaire"])],
        &[OF_SUBJECT, ENCOUNTER, AUTHOR]),
    kind("RelatedPerson", PATIENT, "UKCore-RelatedPerson", &[token("relationship", &["relationship"])], &[OF_PATIENT]),
    kind("ServiceRequest", BOTH, "UKCore-ServiceRequest",
        &[date("authored", &["authoredOn"]), date("occurrence", &["occurrence[x]"]), CODE, STATUS, CATEGORY],
        &[OF_SUBJECT, ENCOUNTER, REQUESTER, PERFORMER]),
    kind("Specimen", BOTH, "UKCore-Specimen", &[date("collected", &["collection.collected[x]"]), STATUS, token("type", &["type"])],
        &[OF_SUBJECT]),
    kind("SupplyDelivery", PATIENT, "", &[STATUS], &[OF_PATIENT]),
    kind("Task", Whose::Person(&["patient", "subject"]), "UKCore-Task",
        &[date("authored-on", &["authoredOn"]), date("period", &["executionPeriod"]), STATUS, CODE],
        &[("patient", "for"), ("owner", "owner"), REQUESTER]),
];

/// The type with a name, if the API has it.
pub fn find(name: &str) -> Option<&'static Kind> {
    KINDS
        .binary_search_by(|kind| kind.name.cmp(name))
        .ok()
        .and_then(|at| KINDS.get(at))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use fhir::definitions::definitions;

    #[test]
    fn every_type_is_found_and_is_one_of_fhir() {
        for kind in KINDS {
            assert_eq!(find(kind.name), Some(kind), "{} is out of order", kind.name);
            assert!(definitions().resource(kind.name).is_some(), "{}", kind.name);
        }
        assert_eq!(find("Binary"), None);
    }

    #[test]
    fn every_path_is_an_element_of_its_type() {
        for kind in KINDS {
            let searched = kind
                .parameters
                .iter()
                .flat_map(|one| one.paths.iter().copied());
            let included = kind.includes.iter().map(|(_, path)| *path);
            for path in searched.chain(included) {
                let first = path.split('.').next().unwrap().trim_end_matches("[x]");
                let ty = definitions().resource(kind.name).unwrap();
                let known = [
                    "",
                    "DateTime",
                    "Period",
                    "Date",
                    "CodeableConcept",
                    "Reference",
                ]
                .iter()
                .any(|end| definitions().field(ty, &format!("{first}{end}")).is_some());
                assert!(known, "{}.{path}", kind.name);
            }
        }
    }
}
