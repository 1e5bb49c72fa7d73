//! A record in everyday words, the same for the person and for their carer.

use crate::person::timeline;
use crate::words;
use jiff::{SignedDuration, Timestamp};
use store::timeline::Line;

/// A line as people read it at home.
pub(super) struct Told {
    pub(super) title: String,
    pub(super) facts: String,
    /// Where its document can be read; empty for none.
    pub(super) read: String,
    /// Where it can be asked about; empty for a carer.
    pub(super) correct: String,
}

/// One line, for the person themselves or for a carer.
pub(super) fn told(line: &Line, oneself: bool) -> Told {
    let when = words::when(line.happened_at.as_deref());
    let source = match line.source.trim() {
        "" => "Who wrote it down is not known".to_owned(),
        source => format!("From {source}"),
    };
    Told {
        title: words::known(&line.title).to_owned(),
        facts: format!("{when}. {}. {source}.", kind(&line.kind)),
        read: line
            .document
            .map_or_else(String::new, |id| format!("/me/letter/{id}")),
        correct: match oneself {
            true => super::correct_line(line.id),
            false => String::new(),
        },
    }
}

/// What kind of thing a line is, as people say it; others as staff read them.
pub(super) fn kind(kind: &str) -> String {
    let words = match kind {
        "Admission" | "Admission notice" => "Going into hospital",
        "AllergyIntolerance" => "An allergy",
        "Answer to a notice" => "The council answered the hospital",
        "Assessment" => "A talk about needs",
        "Assessment notice" => "The hospital asked the council for help",
        "CarePlan" => "A plan for care",
        "CareTeam" => "People who help",
        "Care package" => "Help at home or in a home",
        "Communication" => "A message",
        "Composition" | "Document" | "DocumentReference" => "A letter or document",
        "Condition" => "A health problem",
        "Contact" => "A visit or a talk",
        "DiagnosticReport" => "Results of a test",
        "Discharge" | "Discharge notice" => "Leaving hospital",
        "Encounter" => "A visit or a stay",
        "Flag" => "Something staff must know",
        "Goal" => "Something to reach",
        "GP contact" => "At the GP practice",
        "Hospital stay" => "A stay in hospital",
        "Immunization" => "A vaccination",
        "MedicationAdministration" => "A medicine that was given",
        "MedicationDispense" => "A medicine from the pharmacy",
        "MedicationRequest" => "A medicine on prescription",
        "MedicationStatement" => "A medicine that is taken",
        "Observation" => "A test or measurement",
        "Procedure" => "A treatment or operation",
        "QuestionnaireResponse" => "A form that was filled in",
        "RelatedPerson" => "Family or carer",
        "Review" => "A check on how things are going",
        "ServiceRequest" => "A request for help or a test",
        "Withdrawal notice" => "The hospital took a request back",
        other => return timeline::kind_in_words(other),
    };
    words.to_owned()
}

/// The last day of something that ends at an instant, exclusive.
pub(super) fn last_day(end: Timestamp) -> String {
    let before = end
        .saturating_sub(SignedDuration::from_secs(1))
        .unwrap_or(end);
    words::date(words::day_of(before))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn every_kind_that_a_carer_may_see_has_everyday_words() {
        for part in ::person::delegation::PARTS {
            for one in part.kinds {
                let words = kind(one);
                let plain = words.chars().filter(char::is_ascii_uppercase).count();
                assert!(plain <= 3, "{one}: {words}");
            }
        }
        assert_eq!(kind("MedicationRequest"), "A medicine on prescription");
        // What is not known here is at least apart in words.
        assert_eq!(kind("ImagingStudy"), "Imaging study");
    }

    #[test]
    fn the_last_day_is_the_day_before_an_end_at_midnight() {
        // The end of 3 May in British summer time.
        let end = "2026-05-03T23:00:00Z".parse().unwrap();
        assert_eq!(last_day(end), "3 May 2026");
        let end = "2026-05-03T12:00:00Z".parse().unwrap();
        assert_eq!(last_day(end), "3 May 2026");
    }
}
