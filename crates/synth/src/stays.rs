//! A year of hospital stays: who goes in, for how long, and what they wait for.

use crate::board;
use crate::dice::Dice;
use crate::mix::{Cell, Mix, non_acute_per_mille};
use crate::organisations::Organisations;
use crate::people::Resident;
use crate::staff::Staff;
use flow::{CareType, DestinationState, Pathway, Policy, Responsible, Segment, Stay};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use kernel::{OrganisationId, SegmentId, StayId};
use std::collections::BTreeSet;

/// A stay with what the hub's board shows of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StayRecord {
    /// The stay and its delays.
    pub stay: Stay,
    /// The hospital's own number of the stay.
    pub source_key: String,
    /// Where the person goes next; empty if not known.
    pub destination: String,
    /// How far that has come.
    pub destination_state: DestinationState,
    /// Day the next service or placement starts.
    pub starts_on: Option<Date>,
    /// What is to be done next; empty if nothing is.
    pub next_action: String,
    /// Which organisation does it.
    pub next_owner: Option<OrganisationId>,
    /// Who there, with their job.
    pub next_owner_name: String,
    /// By when.
    pub next_due_at: Option<Timestamp>,
    /// Day on which the council said it had assessed.
    pub assessed_on: Option<Date>,
    /// When the row was last changed.
    pub updated_at: Timestamp,
    /// By whom: a name.
    pub updated_by: String,
    /// Whether the council has a part in it.
    pub needs_care: bool,
    /// Number of the person in the place's list.
    pub person_index: usize,
}

/// What the making of stays draws on.
pub(crate) struct Scene<'a> {
    pub(crate) policy: &'a Policy,
    pub(crate) dice: &'a mut Dice,
    pub(crate) organisations: &'a Organisations,
    pub(crate) staff: &'a Staff,
    pub(crate) today: Date,
    pub(crate) now: Timestamp,
    /// Wards and beds that are taken.
    pub(crate) taken: BTreeSet<String>,
    /// Stays made so far: the hospitals' numbers of stays go up by one.
    pub(crate) serial: u32,
}

/// Overnight admissions a year for 1,000 people of an age, and parts in 1,000 of
/// those whose discharge is delayed. The shape follows England's hospital
/// statistics in broad strokes, from memory; the level is twice England's, so that
/// a place of 10,000 people has enough to show.
const BY_AGE: &[(i64, u64, u64)] = &[
    (1, 300, 0),
    (18, 70, 0),
    (40, 140, 80),
    (60, 170, 130),
    (70, 270, 190),
    (80, 450, 280),
    (90, 760, 380),
    (200, 960, 420),
];

/// Days in bed before being ready to leave, by age: parts of 1,000 and days.
const DAYS_YOUNG: &[(i64, i64)] = &[(0, 1), (600, 1), (850, 3), (970, 8), (1_000, 20)];
const DAYS_MIDDLE: &[(i64, i64)] = &[(0, 1), (450, 2), (800, 5), (950, 12), (1_000, 30)];
const DAYS_OLD: &[(i64, i64)] = &[
    (0, 1),
    (300, 3),
    (600, 6),
    (850, 12),
    (960, 22),
    (1_000, 45),
];
const DAYS_REHABILITATION: &[(i64, i64)] = &[(0, 6), (300, 12), (700, 21), (950, 38), (1_000, 60)];
/// Days from being ready to leaving, for those who are delayed.
const DAYS_DELAYED: &[(i64, i64)] = &[
    (0, 1),
    (250, 2),
    (500, 5),
    (750, 10),
    (900, 19),
    (970, 35),
    (1_000, 70),
];
/// Days past the ready date of those on the board who are ready.
const DAYS_WAITED: &[(i64, i64)] = &[
    (0, 0),
    (200, 1),
    (450, 3),
    (700, 7),
    (880, 15),
    (970, 30),
    (1_000, 52),
];
/// Days since admission of those on the board who are not ready.
const DAYS_IN: &[(i64, i64)] = &[(0, 0), (400, 3), (750, 8), (930, 17), (1_000, 32)];

/// Parts in 1,000 of the open stays where the person is ready to leave.
const READY: u64 = 530;

fn by_age(age: i64) -> (u64, u64) {
    let row = BY_AGE.iter().find(|(below, ..)| age < *below);
    row.map_or((0, 0), |(_, admissions, delayed)| (*admissions, *delayed))
}

/// How many stays are open today when nothing else is asked: one for each 110
/// people, but never fewer than eight.
pub(crate) fn usual_open_stays(people: u32) -> u32 {
    (people / 110).max(8)
}

/// Makes the stays that are open now and those of the year before, ordered by person.
pub(crate) fn make(scene: &mut Scene, people: &mut [Resident], open_stays: u32) -> Vec<StayRecord> {
    let mut mix = Mix::england(scene.policy);
    let mut open: Vec<Option<StayRecord>> = people.iter().map(|_| None).collect();
    for person in choose_open(scene.dice, people, open_stays) {
        open[person] = Some(open_stay(scene, &mut mix, &people[person], person));
    }
    let mut stays = Vec::new();
    for (person, open) in open.into_iter().enumerate() {
        let free_until = match &open {
            Some(record) => record.stay.admitted_on.saturating_sub(10.days()),
            None => scene.today.saturating_sub(1.days()),
        };
        let mut died = None;
        for record in earlier_stays(scene, &mut mix, &people[person], person, free_until) {
            let end = record.stay.discharged_on;
            let may_die = open.is_none() && people[person].age >= 45;
            stays.push(record);
            if may_die && scene.dice.per_mille(30) {
                died = end;
                break;
            }
        }
        if let (Some(day), Some(record)) = (died, stays.last_mut()) {
            record.stay.discharge_method = Some("4".to_owned());
            record.stay.discharge_destination = Some("79".to_owned());
            record.destination = String::new();
            record.destination_state = DestinationState::NotSought;
            record.starts_on = None;
            people[person].person.died_on = Some(day);
        }
        stays.extend(open);
    }
    crate::back::add(scene, people, &mut stays);
    stays
}

/// Who is in hospital now: adults, older people more often.
fn choose_open(dice: &mut Dice, people: &[Resident], wanted: u32) -> Vec<usize> {
    let mut chosen = BTreeSet::new();
    let adults = people.iter().filter(|one| one.age >= 18).count();
    let wanted = (wanted as usize).min(adults / 4);
    while chosen.len() < wanted {
        let at = dice.index(people.len());
        let age = people[at].age;
        // Chance of being in a bed: admissions, times the longer stays of the old.
        // In halves, so that the young count half.
        let halves = match age {
            ..50 => 1,
            50..65 => 2,
            65..80 => 6,
            _ => 10,
        };
        if age >= 18 && dice.below(10_000) < by_age(age).0 * halves {
            chosen.insert(at);
        }
    }
    chosen.into_iter().collect()
}

fn days_before_ready(dice: &mut Dice, age: i64, care_type: CareType) -> i64 {
    dice.quantile(match (care_type, age) {
        (CareType::NonAcute, _) => DAYS_REHABILITATION,
        (_, 0..18) => DAYS_YOUNG,
        (_, 18..65) => DAYS_MIDDLE,
        _ => DAYS_OLD,
    })
}

/// The kind of bed: only older people go to the community hospital, and a
/// delayed stay is there as often as England's delayed days were non-acute.
fn care_type(dice: &mut Dice, age: i64, delayed: bool) -> CareType {
    let parts = if age < 60 {
        0
    } else if delayed {
        non_acute_per_mille() + 90
    } else {
        80
    };
    if dice.per_mille(parts) {
        CareType::NonAcute
    } else {
        CareType::Acute
    }
}

fn earlier_stays(
    scene: &mut Scene,
    mix: &mut Mix,
    resident: &Resident,
    person: usize,
    free_until: Date,
) -> Vec<StayRecord> {
    let (admissions, delayed_parts) = by_age(resident.age);
    let year_ago = scene.today.saturating_sub(365.days());
    let mut free_from = year_ago.max(resident.person.birth_date.unwrap_or(year_ago));
    let mut stays = Vec::new();
    // Eight chances in the year, one after the other.
    for turn in 0..8 {
        if !scene.dice.per_million(admissions * 1_000 / 8) {
            continue;
        }
        let delayed = scene.dice.per_mille(delayed_parts);
        let kind = care_type(scene.dice, resident.age, delayed);
        let day = scene.dice.between(turn * 45, turn * 45 + 44);
        let admitted = year_ago.saturating_add(day.days());
        let delay = if delayed {
            scene.dice.quantile(DAYS_DELAYED)
        } else {
            0
        };
        let cells = reasons(scene.dice, mix, resident.age, delay);
        let pathway = pathway(scene.dice, resident.age, cells.last());
        let needs_care = needs_care(scene.dice, &cells, pathway);
        let least = if needs_care { 6 } else { 1 };
        let before = days_before_ready(scene.dice, resident.age, kind).max(least);
        let ready = admitted.saturating_add(before.days());
        let discharged = ready.saturating_add(delay.days());
        if admitted < free_from || discharged > free_until {
            // Given back, so that the mix is made of what is kept.
            cells
                .iter()
                .for_each(|(cell, days)| mix.give_back(cell, *days));
            continue;
        }
        free_from = discharged.saturating_add(5.days());
        let mut record = blank(
            scene,
            resident,
            person,
            kind,
            admitted,
            Some(ready),
            Some(discharged),
        );
        record.needs_care = needs_care;
        record.stay.pathway = pathway;
        record.stay.expected_on = Some(
            ready
                .saturating_add(scene.dice.between(-2, 1).days())
                .max(admitted),
        );
        add_segments(scene, &mut record, resident, &cells);
        board::close(scene, &mut record, resident);
        stays.push(record);
    }
    stays
}

fn open_stay(scene: &mut Scene, mix: &mut Mix, resident: &Resident, person: usize) -> StayRecord {
    let today = scene.today;
    if !scene.dice.per_mille(READY) {
        let kind = care_type(scene.dice, resident.age, false);
        let admitted = today.saturating_sub(scene.dice.quantile(DAYS_IN).days());
        let mut record = blank(scene, resident, person, kind, admitted, None, None);
        record.stay.pathway =
            pathway(scene.dice, resident.age, None).filter(|_| scene.dice.per_mille(600));
        record.needs_care = record.stay.pathway.is_some_and(|p| p.number() > 0);
        board::not_ready(scene, &mut record, resident);
        return record;
    }
    let waited = scene.dice.quantile(DAYS_WAITED);
    let kind = care_type(scene.dice, resident.age, waited > 0);
    let cells = reasons(scene.dice, mix, resident.age, waited.max(1));
    let pathway = pathway(scene.dice, resident.age, cells.last());
    let needs_care = needs_care(scene.dice, &cells, pathway);
    let least = if needs_care { 6 } else { 1 };
    let before = days_before_ready(scene.dice, resident.age, kind).max(least);
    let ready = today.saturating_sub(waited.days());
    let admitted = ready.saturating_sub(before.days());
    let mut record = blank(scene, resident, person, kind, admitted, Some(ready), None);
    record.needs_care = needs_care;
    record.stay.pathway = pathway;
    record.stay.expected_on = Some(
        ready
            .saturating_sub(scene.dice.between(0, 2).days())
            .max(admitted),
    );
    add_segments(scene, &mut record, resident, &cells);
    board::waiting(scene, &mut record, resident);
    record
}

/// The stretches of a delay of so many days: what is waited for, and how many
/// days count. The first day does not count (RULES A.7, `count_ready_day` no).
fn reasons(dice: &mut Dice, mix: &mut Mix, age: i64, delay: i64) -> Vec<(Cell, u64)> {
    let stretches = match delay {
        ..=0 => return Vec::new(),
        1..=3 => 1,
        4..=9 => 1 + u64::from(dice.per_mille(320)),
        _ => 1 + u64::from(dice.per_mille(600)) + u64::from(dice.per_mille(250)),
    };
    let mut cells: Vec<(Cell, u64)> = Vec::new();
    let mut left = u64::try_from(delay - 1).unwrap_or(0);
    for stretch in 0..stretches {
        let days = if stretch + 1 == stretches {
            left
        } else {
            1 + dice.below(left / 2)
        };
        let taken = |reason| cells.iter().any(|(cell, _)| cell.reason == reason);
        let suits = |cell: &Cell| !taken(cell.reason) && suits_age(cell.reason, age);
        if let Some(cell) = mix.take(dice, days, suits) {
            cells.push((cell, days));
            left -= days;
        }
    }
    // Assessment and funding come before the search for a place.
    cells.sort_by_key(|(cell, _)| stage(cell.reason));
    cells
}

fn stage(reason: &str) -> u8 {
    match reason {
        "A" => 0,
        "B" => 1,
        "G" | "H" => 2,
        _ => 3,
    }
}

fn suits_age(reason: &str, age: i64) -> bool {
    match reason {
        "D(i)" | "D(ii)" => age >= 60,
        "I" => age < 75,
        _ => true,
    }
}

/// The pathway that goes with what is waited for; without a delay, by age.
fn pathway(dice: &mut Dice, age: i64, last: Option<&(Cell, u64)>) -> Option<Pathway> {
    let weights: [u64; 4] = match (last.map(|(cell, _)| cell.reason), age) {
        (Some("D(i)" | "D(ii)"), _) => [0, 0, 0, 1],
        (Some("E"), _) => [0, 1, 0, 0],
        (Some("F"), _) => [1, 4, 0, 0],
        (Some("C"), _) => [0, 2, 8, 0],
        (Some("I"), _) => [1, 0, 0, 0],
        (Some("G"), 60..) => [1, 4, 2, 5],
        (Some("A" | "B" | "H"), 60..) => [0, 5, 2, 3],
        (Some(_), _) => [3, 6, 1, 0],
        (None, ..65) => [94, 5, 1, 0],
        (None, _) => [72, 21, 5, 2],
    };
    Pathway::new(u8::try_from(dice.weighted(&weights)).unwrap_or(0))
}

/// Whether the council has a part: always when a delay is attributed to it,
/// mostly when the person needs a care home or help at home.
fn needs_care(dice: &mut Dice, cells: &[(Cell, u64)], pathway: Option<Pathway>) -> bool {
    let social = cells
        .iter()
        .any(|(cell, _)| cell.responsible != Responsible::Nhs);
    let likely = match pathway.map(Pathway::number) {
        Some(1 | 3) => 700,
        Some(2) => 250,
        _ => 0,
    };
    let chance = dice.per_mille(likely);
    social || chance
}

/// How somebody came in (RULES B.7): mostly through the emergency department.
fn method(dice: &mut Dice, care_type: CareType) -> &'static str {
    match care_type {
        CareType::NonAcute => "81",
        CareType::Acute => ["21", "22", "24", "11"][dice.weighted(&[640, 90, 40, 230])],
    }
}

/// A bed of a ward that nobody is in: bays A to D, beds 1 to 6, and further
/// numbers in a place so large that those are all taken.
fn free_bed(scene: &mut Scene, ward: &str) -> String {
    for tries in 0.. {
        let bed = format!(
            "{}{}",
            scene.dice.word(&["A", "B", "C", "D"]),
            scene.dice.between(1, 6 + tries / 20)
        );
        if scene.taken.insert(format!("{ward} {bed}")) {
            return bed;
        }
    }
    String::new()
}

/// A stay without its course: where, when, how it began.
pub(crate) fn blank(
    scene: &mut Scene,
    resident: &Resident,
    person: usize,
    care_type: CareType,
    admitted_on: Date,
    ready_on: Option<Date>,
    discharged_on: Option<Date>,
) -> StayRecord {
    let places = scene.organisations;
    let (hospital, wards) = match care_type {
        CareType::Acute => (places.infirmary, &places.acute_wards),
        CareType::NonAcute => (places.community_hospital, &places.community_wards),
    };
    let ward = scene
        .dice
        .pick(wards)
        .map(|(name, _)| name.clone())
        .unwrap_or_default();
    let bed = if discharged_on.is_some() {
        String::new()
    } else {
        free_bed(scene, &ward)
    };
    let method = method(scene.dice, care_type);
    // The three tests of readiness (RULES A.2): the ready date is the latest.
    let mut test = |chance: u64| {
        let earlier = if scene.dice.per_mille(chance) { 1 } else { 0 };
        ready_on.map(|day| day.saturating_sub(earlier.days()).max(admitted_on))
    };
    let (clinical_ready_on, mdt_ready_on) = (test(350), test(200));
    let stay = Stay {
        id: StayId::new(scene.dice.id()),
        person: resident.person.id,
        hospital,
        ward,
        bed,
        council: resident.person.council,
        care_type,
        admitted_on,
        admission_method: Some(method.to_owned()),
        expected_on: None,
        clinical_ready_on,
        mdt_ready_on,
        safe_on: ready_on,
        ready_on,
        discharged_on,
        discharge_method: None,
        discharge_destination: None,
        pathway: None,
        segments: Vec::new(),
    };
    scene.serial += 1;
    let source_key = format!("{}-{:07}", places.code(hospital), scene.serial);
    StayRecord {
        stay,
        source_key,
        destination: String::new(),
        destination_state: DestinationState::NotSought,
        starts_on: None,
        next_action: String::new(),
        next_owner: None,
        next_owner_name: String::new(),
        next_due_at: None,
        assessed_on: None,
        updated_at: scene.now,
        updated_by: String::new(),
        needs_care: false,
        person_index: person,
    }
}

/// Lays the stretches of delay end to end from the ready date.
fn add_segments(
    scene: &mut Scene,
    record: &mut StayRecord,
    resident: &Resident,
    cells: &[(Cell, u64)],
) {
    let Some(ready) = record.stay.ready_on else {
        return;
    };
    if record.stay.discharged_on == Some(ready) {
        return;
    }
    let mut starts_on = ready;
    for (at, (cell, days)) in cells.iter().enumerate() {
        let last = at + 1 == cells.len();
        // The first stretch is a day longer than its count: its first day is not counted.
        let length = i64::try_from(*days).unwrap_or(0) + i64::from(at == 0);
        let ends_on = starts_on.saturating_add(length.days());
        let organisation = board::responsible(scene, resident, cell.reason, cell.responsible);
        record.stay.segments.push(Segment {
            id: SegmentId::new(scene.dice.id()),
            starts_on,
            ends_on: if last {
                record.stay.discharged_on
            } else {
                Some(ends_on)
            },
            code_set: "dtoc".to_owned(),
            reason: cell.reason.to_owned(),
            responsible: cell.responsible,
            organisation: Some(organisation),
        });
        starts_on = ends_on;
    }
    crate::codes::to_todays_list(scene, record);
}
