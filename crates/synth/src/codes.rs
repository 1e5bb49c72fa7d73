//! Reasons in today's list.
//!
//! The infirmary gives its reasons for delay by today's list (`drd`), the
//! community hospital still by the letters of 2010 to 2020 (`dtoc`), so that both
//! regimes have something to count. A reason that today's list has no near
//! likeness of (nursing homes, disputes) keeps its letter in both hospitals.

use crate::stays::{Scene, StayRecord};
use flow::{CareType, Responsible};

/// Today's reasons that stand for a letter.
fn todays(letter: &str, side: Responsible) -> &'static [&'static str] {
    match (letter, side) {
        ("A", Responsible::Nhs) => &["HP-medical-review", "HP-therapy", "HP-referral"],
        ("A", _) => &["TH-needs", "TH-referrals"],
        ("B", _) => &["TH-funding"],
        ("C", _) => &["IN-bed-rehab", "CA-bed-rehab", "CA-bed-rehab"],
        ("D(i)", _) => &["IN-care-home", "CA-care-home"],
        ("E", Responsible::Nhs) => &["IN-home-rehab", "CA-home-rehab", "IN-community-health"],
        ("E", _) => &["IN-home-care", "CA-home-care", "CA-home-care"],
        ("F", _) => &["CA-equipment", "CA-equipment", "CA-adaptations"],
        ("G", _) => &["IN-choice", "WC-concerns", "IN-self-funded"],
        ("I", _) => &["IN-housing", "CA-housing"],
        ("O", Responsible::Nhs) => &["HP-transport", "HP-medicines", "WC-capacity"],
        ("O", _) => &["WC-safeguarding", "WC-destination", "WC-capacity"],
        _ => &[],
    }
}

/// Puts the delays of an acute stay into today's list.
pub(crate) fn to_todays_list(scene: &mut Scene, record: &mut StayRecord) {
    if record.stay.care_type != CareType::Acute {
        return;
    }
    for segment in &mut record.stay.segments {
        let code = scene
            .dice
            .word(todays(&segment.reason, segment.responsible));
        let known = scene
            .policy
            .reasons
            .get("drd", code, segment.starts_on)
            .ok();
        let fits = |reason: &flow::codes::Reason| {
            reason.nearest_dtoc == segment.reason && reason.permitted.contains(&segment.responsible)
        };
        if known.is_some_and(fits) {
            segment.code_set = "drd".to_owned();
            segment.reason = code.to_owned();
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn every_code_is_in_todays_list_and_near_its_letter() {
        let policy = flow::Policy::builtin();
        for letter in ["A", "B", "C", "D(i)", "E", "F", "G", "I", "O"] {
            for side in [Responsible::Nhs, Responsible::SocialCare, Responsible::Both] {
                for code in todays(letter, side) {
                    let reason = policy.reasons.find("drd", code).unwrap();
                    assert_eq!(reason.nearest_dtoc, letter, "{code}");
                    assert!(reason.permitted.contains(&side), "{code} {side}");
                }
            }
        }
    }
}
