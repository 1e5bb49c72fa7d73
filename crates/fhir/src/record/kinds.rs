//! Types of resource in plain words.

/// The kind of a resource in words that people know.
pub fn kind_of(resource_type: &str) -> String {
    let words = match resource_type {
        "Account" => "Account",
        "AllergyIntolerance" => "Allergy",
        "AppointmentResponse" => "Answer about an appointment",
        "AuditEvent" => "Look at the record",
        "BodyStructure" => "Part of the body",
        "Claim" => "Claim for payment",
        "Communication" => "Message",
        "CommunicationRequest" => "Request for a message",
        "Composition" | "DocumentReference" | "DocumentManifest" => "Document",
        "Condition" | "ClinicalImpression" => "Problem or diagnosis",
        "Coverage" => "Insurance cover",
        "Device" | "DeviceUseStatement" => "Equipment",
        "DeviceRequest" => "Request for equipment",
        "DiagnosticReport" => "Test report",
        "Encounter" => "Visit or stay",
        "ExplanationOfBenefit" => "Payment statement",
        "FamilyMemberHistory" => "Illness in the family",
        "Flag" => "Alert",
        "HealthcareService" => "Service",
        "ImagingStudy" | "Media" => "Scan or picture",
        "Immunization" => "Vaccination",
        "ImmunizationRecommendation" => "Vaccination advised",
        "List" => "List",
        "Location" => "Place of care",
        "MedicationAdministration" => "Medicine given",
        "MedicationDispense" => "Medicine supplied",
        "MedicationRequest" => "Prescription",
        "MedicationStatement" => "Medicine taken",
        "NutritionOrder" => "Diet",
        "Observation" => "Test or measurement",
        "Organization" => "Organisation",
        "Patient" | "Person" => "Personal details",
        "Practitioner" => "Professional",
        "PractitionerRole" => "Role of a professional",
        "Provenance" => "Where a record came from",
        "Questionnaire" => "Blank form",
        "QuestionnaireResponse" => "Form",
        "RelatedPerson" => "Family or carer",
        "RequestGroup" => "Set of requests",
        "ServiceRequest" => "Referral or request",
        "Specimen" => "Sample",
        "SupplyDelivery" => "Delivery",
        "SupplyRequest" => "Request for supplies",
        "VisionPrescription" => "Glasses or lenses",
        other => return apart(other),
    };
    words.to_owned()
}

/// `CareTeam` as `Care team`.
fn apart(name: &str) -> String {
    let mut words = String::with_capacity(name.len() + 4);
    for (number, letter) in name.chars().enumerate() {
        if number > 0 && letter.is_uppercase() {
            words.push(' ');
            words.extend(letter.to_lowercase());
        } else {
            words.push(letter);
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_read_as_words() {
        let cases = [
            ("Observation", "Test or measurement"),
            ("CareTeam", "Care team"),
            ("EpisodeOfCare", "Episode of care"),
            ("Goal", "Goal"),
        ];
        for (resource_type, words) in cases {
            assert_eq!(kind_of(resource_type), words);
        }
    }
}
