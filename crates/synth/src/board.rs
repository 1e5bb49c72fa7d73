//! What the hub's board shows of a stay: what is waited for, whose move it is,
//! what is next and by when, and where the person goes.

use crate::people::Resident;
use crate::stays::{Scene, StayRecord};
use crate::steps::{Step, steps};
use flow::{CareType, DestinationState, Responsible, Segment};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use kernel::OrganisationId;
use kernel::calendar::{instant, local};

/// The organisation that has the next move in a step that is delayed.
pub(crate) fn responsible(
    scene: &Scene,
    resident: &Resident,
    reason: &str,
    side: Responsible,
) -> OrganisationId {
    let places = scene.organisations;
    let council = resident.person.council.unwrap_or(places.county);
    let ours = council == places.county;
    match (side, reason) {
        (Responsible::Both, "F") => places.equipment,
        (Responsible::Both, _) => places.hub,
        (Responsible::SocialCare, _) if !ours => council,
        (Responsible::SocialCare, "E") => places.reablement,
        (Responsible::SocialCare, "F") => places.equipment,
        (Responsible::SocialCare, _) => places.hospital_team,
        (Responsible::Nhs, "B" | "D(i)" | "D(ii)") => places.continuing_care,
        (Responsible::Nhs, "C" | "E" | "F") => places.therapy,
        (Responsible::Nhs, "I") => places.housing[resident.district],
        (Responsible::Nhs, "A") => places.hub,
        (Responsible::Nhs, _) => places.infirmary,
    }
}

/// A stay that is over: nothing more is to be done, and the service has begun.
pub(crate) fn close(scene: &mut Scene, record: &mut StayRecord, resident: &Resident) {
    let pathway = record.stay.pathway.map_or(0, flow::Pathway::number);
    destination(scene, record, resident);
    assessed(record);
    record.destination_state = DestinationState::Started;
    record.starts_on = record.stay.discharged_on;
    record.stay.discharge_method = Some("1".to_owned());
    record.stay.discharge_destination = Some(
        match pathway {
            3 => "85",
            2 => "29",
            _ => "19",
        }
        .to_owned(),
    );
    if let Some(day) = record.stay.discharged_on {
        record.updated_at = at(day, scene.dice.between(11, 17), 0).min(scene.now);
    }
    record.updated_by = author(scene, scene.organisations.infirmary);
}

/// The council has said what it found, the day before the person was ready.
fn assessed(record: &mut StayRecord) {
    let acute = record.stay.care_type == CareType::Acute;
    if let (true, true, Some(ready)) = (record.needs_care, acute, record.stay.ready_on) {
        record.assessed_on = Some(ready.saturating_sub(1.days()).max(record.stay.admitted_on));
    }
}

/// A stay where the person still needs the hospital.
pub(crate) fn not_ready(scene: &mut Scene, record: &mut StayRecord, _resident: &Resident) {
    let hospital = record.stay.hospital;
    let admitted = record.stay.admitted_on;
    if admitted < scene.today || scene.dice.per_mille(300) {
        let days = scene
            .dice
            .quantile(&[(0, -1), (150, 0), (400, 1), (800, 4), (1_000, 9)]);
        let expected = scene.today.saturating_add(days.days());
        record.stay.expected_on = Some(expected.max(admitted.saturating_add(1.days())));
    }
    let steps: &[(&str, &[&str])] = &[
        (
            "Review on the morning board round",
            &["ward sister", "consultant"],
        ),
        (
            "Therapist to see them on the stairs",
            &["physiotherapist", "occupational therapist"],
        ),
        (
            "Ask the family how they managed at home",
            &["discharge co-ordinator"],
        ),
        ("Medicines to be reviewed before they go", &["pharmacist"]),
        (
            "Set the expected date of discharge",
            &["consultant", "registrar"],
        ),
        ("Blood results to be checked", &["registrar"]),
    ];
    let steps = if record.stay.expected_on.is_some() {
        steps
    } else {
        &steps[4..5]
    };
    let Some((action, jobs)) = scene.dice.pick(steps) else {
        return;
    };
    let owner = if jobs[0].contains("physio") {
        scene.organisations.therapy
    } else {
        hospital
    };
    next(scene, record, action, owner, jobs);
    touch(scene, record, hospital);
}

/// A stay where the person is ready and waits.
pub(crate) fn waiting(scene: &mut Scene, record: &mut StayRecord, resident: &Resident) {
    destination(scene, record, resident);
    let Some(segment) = record.stay.segments.last().cloned() else {
        return;
    };
    let owner = segment.organisation.unwrap_or(scene.organisations.hub);
    let letter = letter(scene, &segment);
    if letter != "A" {
        assessed(record);
    }
    let pathway = record.stay.pathway.map_or(0, flow::Pathway::number);
    let all = steps(&letter, &segment.reason, segment.responsible, pathway);
    // The council's own service does not decline.
    let own = record.destination == REABLEMENT;
    let declined = DestinationState::Declined;
    let steps: Vec<&Step> = all
        .iter()
        .filter(|one| !own || one.state != declined)
        .collect();
    let Some(step) = scene.dice.pick(&steps) else {
        return;
    };
    record.destination_state = step.state;
    if step.state == DestinationState::NotSought {
        record.destination = String::new();
    }
    if step.state == DestinationState::Accepted {
        let days = scene.dice.between(1, 5);
        record.starts_on = Some(scene.today.saturating_add(days.days()));
    }
    let action = step.action.replace("{place}", &record.destination);
    next(scene, record, &action, owner, &[]);
    touch(scene, record, owner);
}

const REABLEMENT: &str = "Barsetshire Reablement Service";

/// The letter A to O that a reason of either list stands for.
fn letter(scene: &Scene, segment: &Segment) -> String {
    let reason = scene
        .policy
        .reasons
        .find(&segment.code_set, &segment.reason);
    reason.map_or_else(
        || segment.reason.clone(),
        |reason| reason.nearest_dtoc.clone(),
    )
}

/// Where the person goes: their own home, a provider, a bed or a care home.
fn destination(scene: &mut Scene, record: &mut StayRecord, resident: &Resident) {
    let places = scene.organisations;
    let letter = record
        .stay
        .segments
        .last()
        .map(|segment| letter(scene, segment));
    let pathway = record.stay.pathway.map_or(0, flow::Pathway::number);
    let of = |scene: &mut Scene, ids: &[OrganisationId]| {
        scene
            .dice
            .pick(ids)
            .map(|id| places.name(*id).to_owned())
            .unwrap_or_default()
    };
    let ours = resident.person.council == Some(places.county);
    record.destination = match (pathway, letter.as_deref()) {
        (0, Some("I")) => "Temporary flat".to_owned(),
        (0, _) => "Own home".to_owned(),
        (1, Some("F")) => "Own home with equipment".to_owned(),
        (1, _) if ours && scene.dice.per_mille(300) => REABLEMENT.to_owned(),
        (1, _) => of(scene, &places.home_care),
        (2, _) if record.stay.hospital == places.infirmary && scene.dice.per_mille(600) => {
            "Plumstead Community Hospital".to_owned()
        }
        (2, _) => of(scene, &places.care_homes),
        (_, Some("D(i)")) => of(scene, &places.care_homes),
        (_, Some("D(ii)")) => of(scene, &places.nursing_homes),
        _ if resident.age >= 85 => of(scene, &places.nursing_homes),
        _ => of(scene, &places.care_homes),
    };
}

/// Parts in 1,000 of the next actions that are late.
const LATE: u64 = 170;
/// Minutes since they were due, and minutes until the others are.
const MINUTES_LATE: &[(i64, i64)] = &[(0, 30), (500, 180), (900, 1_500), (1_000, 2_800)];
const MINUTES_AHEAD: &[(i64, i64)] = &[(0, 30), (500, 300), (850, 1_500), (1_000, 3_000)];

/// An instant on a whole or half hour between 8 in the morning and 6 in the
/// evening: this one or the nearest after (or before) it.
pub(crate) fn by_day(instant: Timestamp, after: bool) -> Timestamp {
    let clock = local(instant);
    let (day, half) = (clock.date(), i64::from(clock.minute() >= 30));
    let hour = i64::from(clock.hour());
    match (hour, after) {
        (8..18, true) if half == 1 => at(day, hour + 1, 0),
        (8..18, true) => at(day, hour, 30),
        (8..18, false) => at(day, hour, 30 * half),
        (18.., true) => at(day.saturating_add(1.days()), 9, 30),
        (_, true) => at(day, 9, 0),
        (18.., false) => at(day, 17, 0),
        (_, false) => at(day.saturating_sub(1.days()), 16, 30),
    }
}

/// Sets the next action with its owner and a due time: most are due today or
/// tomorrow, one in six is late.
fn next(
    scene: &mut Scene,
    record: &mut StayRecord,
    action: &str,
    owner: OrganisationId,
    jobs: &[&str],
) {
    record.next_action = action.to_owned();
    record.next_owner = Some(owner);
    let staff = scene.staff;
    let wanted: Vec<_> = staff
        .all
        .iter()
        .filter(|one| one.organisation == owner && jobs.contains(&one.job))
        .collect();
    let worker = match scene.dice.pick(&wanted) {
        Some(worker) => Some(*worker),
        None => staff.one_of(scene.dice, owner),
    };
    record.next_owner_name = worker
        .map(|one| format!("{}, {}", one.name, one.job))
        .unwrap_or_default();
    // What was admitted today cannot be late yet.
    let late = record.stay.admitted_on < scene.today && scene.dice.per_mille(LATE);
    record.next_due_at = Some(if late {
        let ago = scene.dice.quantile(MINUTES_LATE);
        by_day(
            scene.now.saturating_sub(ago.minutes()).unwrap_or(scene.now),
            false,
        )
    } else {
        let ahead = scene.dice.quantile(MINUTES_AHEAD);
        by_day(
            scene
                .now
                .saturating_add(ahead.minutes())
                .unwrap_or(scene.now),
            true,
        )
    });
}

/// Sets when the row was last changed and by whom: within the last day or so,
/// but not before admission.
fn touch(scene: &mut Scene, record: &mut StayRecord, organisation: OrganisationId) {
    let ago = scene
        .dice
        .quantile(&[(0, 5), (300, 60), (700, 500), (1_000, 2_000)]);
    let changed = scene.now.saturating_sub(ago.minutes()).unwrap_or(scene.now);
    let first = at(record.stay.admitted_on, 0, 30).min(scene.now);
    record.updated_at = changed.max(first);
    record.updated_by = author(scene, organisation);
}

/// Name of somebody of an organisation, or of the hub if nobody is named there.
pub(crate) fn author(scene: &mut Scene, organisation: OrganisationId) -> String {
    let staff = scene.staff;
    let worker = match staff.one_of(scene.dice, organisation) {
        Some(worker) => Some(worker),
        None => staff.one_of(scene.dice, scene.organisations.hub),
    };
    worker.map(|one| one.name.to_owned()).unwrap_or_default()
}

/// An instant on a day, by the clock in the county.
pub(crate) fn at(day: Date, hour: i64, minute: i64) -> Timestamp {
    let (hour, minute) = (
        i8::try_from(hour).unwrap_or(12),
        i8::try_from(minute).unwrap_or(0),
    );
    instant(day.at(hour, minute, 0, 0)).unwrap_or(Timestamp::UNIX_EPOCH)
}
