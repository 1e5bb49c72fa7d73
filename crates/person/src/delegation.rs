//! What a person lets their carer see.
//!
//! Source: RULES H.6 and PEERS a1, row 15 (a carer's access has a scope and an end). The parts
//! are choices of this product.
//!
//! In words: the person chooses parts of their record by name and a last day. A carer sees the
//! lines of the kinds that belong to those parts, and of them nothing that is withheld by
//! default or that the person objected to sharing.

/// A part of the record that can be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CarerPart {
    /// The word it is kept as.
    pub code: &'static str,
    /// As the person reads it.
    pub words: &'static str,
    /// As the carer reads it.
    pub told: &'static str,
    /// Kinds of lines that belong to it; none for all kinds.
    pub kinds: &'static [&'static str],
}

/// Every part, in the order they are offered.
pub const PARTS: [CarerPart; 5] = [
    CarerPart {
        code: "everything",
        words: "All of my record",
        told: "All of the record",
        kinds: &[],
    },
    CarerPart {
        code: "appointments",
        words: "Appointments and hospital stays",
        told: "Appointments and hospital stays",
        kinds: &[
            "Appointment",
            "Encounter",
            "Admission",
            "Discharge",
            "Hospital stay",
            "Admission notice",
            "Assessment notice",
            "Discharge notice",
            "Withdrawal notice",
        ],
    },
    CarerPart {
        code: "medicines",
        words: "Medicines and allergies",
        told: "Medicines and allergies",
        kinds: &[
            "AllergyIntolerance",
            "MedicationAdministration",
            "MedicationDispense",
            "MedicationRequest",
            "MedicationStatement",
        ],
    },
    CarerPart {
        code: "plan",
        words: "My care plan, goals, passports and the people who help me",
        told: "The care plan, goals, passports and the people who help",
        kinds: &[
            "CarePlan",
            "Care package",
            "CareTeam",
            "Goal",
            "Passport",
            "RelatedPerson",
            "Review",
            "ServiceRequest",
            "Task",
        ],
    },
    CarerPart {
        code: "letters",
        words: "Letters and documents",
        told: "Letters and documents",
        kinds: &[
            "Communication",
            "Composition",
            "DiagnosticReport",
            "Document",
            "DocumentReference",
        ],
    },
];

/// Whether a part is among those chosen, by itself or because everything is; the chosen parts
/// are their codes with spaces between.
pub fn is_chosen(parts: &str, code: &str) -> bool {
    parts
        .split(' ')
        .any(|one| one == code || one == PARTS[0].code)
}

/// Chosen parts, in the order they are offered.
pub fn chosen(parts: &str) -> impl Iterator<Item = &'static CarerPart> {
    PARTS
        .iter()
        .filter(move |one| parts.split(' ').any(|code| code == one.code))
}

/// The part with a code.
pub fn part(code: &str) -> Option<&'static CarerPart> {
    PARTS.iter().find(|one| one.code == code)
}

/// The kinds of lines that chosen parts open, the parts being their codes with spaces between:
/// `None` for all kinds.
pub fn kinds_of(parts: &str) -> Option<Vec<String>> {
    let chosen: Vec<&CarerPart> = parts.split(' ').filter_map(part).collect();
    if chosen.iter().any(|one| one.kinds.is_empty()) {
        return None;
    }
    let kinds = chosen.iter().flat_map(|one| one.kinds.iter());
    Some(kinds.map(|kind| (*kind).to_owned()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chosen_parts_open_their_kinds_and_no_others() {
        assert_eq!(kinds_of("everything"), None);
        assert_eq!(kinds_of("plan everything"), None);
        // Nothing chosen, or nothing known, opens nothing.
        assert_eq!(kinds_of(""), Some(Vec::new()));
        assert_eq!(kinds_of("secrets"), Some(Vec::new()));
        let both = kinds_of("medicines letters").unwrap_or_default();
        assert!(both.iter().any(|kind| kind == "MedicationRequest"));
        assert!(both.iter().any(|kind| kind == "DocumentReference"));
        assert!(!both.iter().any(|kind| kind == "Appointment"));
    }

    #[test]
    fn what_was_chosen_is_told_in_the_order_it_was_offered() {
        let words: Vec<&str> = chosen("letters plan").map(|one| one.words).collect();
        assert_eq!(
            words,
            [
                "My care plan, goals, passports and the people who help me",
                "Letters and documents"
            ]
        );
        assert!(is_chosen("letters plan", "plan"));
        assert!(is_chosen("everything", "plan"));
        assert!(!is_chosen("letters", "plan"));
        assert!(!is_chosen("", "plan"));
    }
}
