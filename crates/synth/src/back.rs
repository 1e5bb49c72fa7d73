//! People who came back to hospital soon after they were sent home, so that the place shows what
//! that looks like (`flow::readmission`). Chance alone makes too few of them in a small place.

use crate::board;
use crate::people::Resident;
use crate::stays::{Scene, StayRecord, blank};
use flow::{CareType, Pathway};
use jiff::ToSpan;

/// Days between leaving and coming back, one after the other: a discharge that failed, then later.
const DAYS_AWAY: [i64; 3] = [1, 9, 21];
/// One in so many of those who could be.
const EVERY: usize = 6;
/// Days of the stay before.
const DAYS_IN: i64 = 7;

/// Gives some older people who came in as emergencies an earlier stay that had just ended. The
/// stays remain ordered by person, the open one last.
pub(crate) fn add(scene: &mut Scene<'_>, people: &[Resident], stays: &mut Vec<StayRecord>) {
    let mut found = 0;
    let mut at = 0;
    while at < stays.len() {
        if could_be_back(scene, &stays[at], people) {
            let away = DAYS_AWAY[(found / EVERY) % DAYS_AWAY.len()];
            if found.is_multiple_of(EVERY)
                && let Some(record) = before(scene, people, stays, (at, away))
            {
                stays.insert(at, record);
                at += 1;
            }
            found += 1;
        }
        at += 1;
    }
}

fn could_be_back(scene: &Scene<'_>, record: &StayRecord, people: &[Resident]) -> bool {
    let stay = &record.stay;
    let emergency = stay
        .admission_method
        .as_deref()
        .is_some_and(|code| scene.policy.admission_methods.in_group(code, "emergency"));
    stay.discharged_on.is_none()
        && stay.care_type == CareType::Acute
        && people[record.person_index].age >= 65
        && emergency
}

/// The stay before an open one, if the person was not in hospital then.
fn before(
    scene: &mut Scene<'_>,
    people: &[Resident],
    stays: &[StayRecord],
    (at, away): (usize, i64),
) -> Option<StayRecord> {
    let open = &stays[at];
    let left = open.stay.admitted_on.saturating_sub(away.days());
    let admitted = left.saturating_sub(DAYS_IN.days());
    let in_the_way = stays.iter().any(|one| {
        one.person_index == open.person_index
            && one.stay.discharged_on.is_some_and(|day| day >= admitted)
    });
    if in_the_way {
        return None;
    }
    let (person, resident) = (open.person_index, &people[open.person_index]);
    let kind = CareType::Acute;
    let mut record = blank(
        scene,
        resident,
        person,
        kind,
        admitted,
        Some(left),
        Some(left),
    );
    record.stay.pathway = Pathway::new(1);
    record.stay.expected_on = Some(left);
    board::close(scene, &mut record, resident);
    Some(record)
}
