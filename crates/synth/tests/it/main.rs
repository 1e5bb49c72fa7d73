//! The fictional place is plausible, well formed and repeatable.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod access;
mod dictionary;
mod fill;
mod pool;

use flow::count_dtoc::{DtocRule, Period};
use flow::{CareType, NoticeKind, NoticeStatus, Policy, Responsible, verify_segments};
use jiff::ToSpan;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use synth::{Barsetshire, Config};

pub(crate) fn config(people: u32, seed: u64) -> Config {
    Config {
        people,
        seed,
        now: "2026-11-23T08:00:00Z".parse().unwrap(),
        open_stays: None,
    }
}

fn county() -> Barsetshire {
    Barsetshire::make(&config(10_000, 1)).unwrap()
}

/// A place as text, hashed (FNV-1a), so that two can be compared byte for byte.
fn fingerprint(place: &Barsetshire) -> u64 {
    struct Hasher(u64);
    impl Write for Hasher {
        fn write_str(&mut self, text: &str) -> std::fmt::Result {
            for byte in text.bytes() {
                self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
            }
            Ok(())
        }
    }
    let mut hasher = Hasher(0xcbf2_9ce4_8422_2325);
    write!(hasher, "{place:?}").unwrap();
    for person in &place.people {
        // Debug never prints the digits.
        write!(hasher, "{}", person.nhs_number.unwrap()).unwrap();
    }
    hasher.0
}

#[test]
fn the_same_seed_makes_the_same_place() {
    let [one, two, other] = [7, 7, 8].map(|seed| Barsetshire::make(&config(600, seed)).unwrap());
    assert_eq!(fingerprint(&one), fingerprint(&two));
    assert!(one == two);
    assert_ne!(fingerprint(&one), fingerprint(&other));
}

/// Days since the last stay ended, of those in hospital now who had one.
fn days_away(place: &Barsetshire) -> Vec<i64> {
    let days = |one: &synth::StayRecord| {
        let mine = place
            .stays
            .iter()
            .filter(|other| other.person_index == one.person_index && other.stay.id != one.stay.id);
        let left = mine.filter_map(|other| other.stay.discharged_on).max()?;
        Some(kernel::calendar::days_between(left, one.stay.admitted_on))
    };
    let open = place
        .stays
        .iter()
        .filter(|one| one.stay.discharged_on.is_none());
    open.filter_map(days).collect()
}

#[test]
fn somebody_is_back_soon_after_leaving_in_a_place_of_any_size() {
    for (people, seed) in [(200, 1), (600, 3), (600, 7), (2_000, 1)] {
        let place = Barsetshire::make(&config(people, seed)).unwrap();
        let days = days_away(&place);
        assert!(days.iter().all(|days| *days > 0), "stays follow each other");
        let failed = days.iter().filter(|days| **days <= 2).count();
        assert!(failed > 0, "{people} people, seed {seed}: {days:?}");
    }
    let days = days_away(&county());
    for soon in [1, 9, 21] {
        assert!(days.contains(&soon), "{soon} days: {days:?}");
    }
}

#[test]
fn sizes_that_cannot_be_made_are_refused() {
    for people in [0, 49, 1_000_001] {
        assert_eq!(
            Barsetshire::make(&config(people, 1)),
            Err(synth::Error::People(people))
        );
    }
    for people in [50, 51, 300] {
        assert_eq!(
            Barsetshire::make(&config(people, 1)).unwrap().people.len(),
            people as usize
        );
    }
}

#[test]
fn numbers_are_synthetic_and_nobody_shares_one() {
    let place = county();
    assert_eq!(place.people.len(), 10_000);
    let numbers: BTreeSet<_> = place.people.iter().map(|p| p.nhs_number.unwrap()).collect();
    assert_eq!(numbers.len(), place.people.len());
    assert!(numbers.iter().all(kernel::NhsNumber::is_synthetic));
    for person in &place.people {
        assert!(person.postcode.starts_with("ZZ") && !person.postcode.starts_with("ZZ99"));
        let phone = &person.telephone;
        let drama = phone.starts_with("01632 960") || phone.starts_with("07700 900");
        assert!(
            phone.is_empty() || drama,
            "not one of Ofcom's numbers for drama"
        );
    }
    for organisation in &place.organisations.all {
        assert!(organisation.code.starts_with("BARSET") && organisation.code.len() == 10);
    }
}

/// England mid-2019: 10,353,716 of 56,286,961 are 65 or over, 1,397,051 are 85 or over.
#[test]
fn ages_are_englands() {
    let place = county();
    let parts = |least: i16| {
        let older = place
            .people
            .iter()
            .filter(|p| p.age_on(place.today).unwrap() >= least);
        older.count() * 10_000 / place.people.len()
    };
    for (least, expected) in [(18, 7_862), (65, 1_839), (85, 248)] {
        assert!(
            parts(least).abs_diff(expected) <= 5,
            "{least}+: {} in 10,000",
            parts(least)
        );
    }
}

#[test]
fn households_are_plausible() {
    let place = county();
    let mut homes: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (person, home) in place.households.iter().enumerate() {
        homes.entry(*home).or_default().push(person);
    }
    let adult = |person: &usize| place.people[*person].age_on(place.today).unwrap() >= 18;
    assert!(
        homes.values().all(|members| members.iter().any(adult)),
        "a home has an adult"
    );
    for members in homes.values() {
        let addresses: BTreeSet<_> = members.iter().map(|p| &place.people[*p].address).collect();
        assert_eq!(addresses.len(), 1);
    }
    let people_a_home = place.people.len() * 100 / homes.len();
    assert!(
        (190..=290).contains(&people_a_home),
        "{people_a_home} people in 100 homes"
    );
}

#[test]
fn every_stay_is_well_formed() {
    let (place, policy) = (county(), Policy::builtin());
    let mut last: Option<&synth::StayRecord> = None;
    let mut keys = BTreeSet::new();
    for record in &place.stays {
        let stay = &record.stay;
        assert_eq!(verify_segments(stay, &policy), vec![]);
        assert_eq!(stay.person, place.people[record.person_index].id);
        assert!(stay.admitted_on <= place.today);
        assert!(
            stay.ready_on
                .is_none_or(|day| day >= stay.admitted_on && day <= place.today)
        );
        assert!(stay.discharged_on.is_none_or(|day| day <= place.today));
        assert_eq!(
            flow::ready::ready_on(flow::ready::ReadyTests::of(stay), None),
            stay.ready_on
        );
        assert!(keys.insert(&record.source_key), "two stays with one number");
        if let Some(earlier) = last.filter(|one| one.person_index == record.person_index) {
            let left = earlier
                .stay
                .discharged_on
                .expect("only the last stay is open");
            assert!(
                left < stay.admitted_on,
                "stays of one person do not overlap"
            );
            assert_ne!(
                earlier.stay.discharge_method.as_deref(),
                Some("4"),
                "no stay after death"
            );
        }
        last = Some(record);
        if let (Some(ready), Some(left)) = (stay.ready_on, stay.discharged_on) {
            let whole = stay.segments.first().is_none_or(|s| s.starts_on == ready)
                && stay.segments.last().is_none_or(|s| s.ends_on == Some(left))
                && stay
                    .segments
                    .windows(2)
                    .all(|two| two[0].ends_on == Some(two[1].starts_on));
            assert!(whole, "the stretches of a delay cover it from end to end");
            assert_eq!(stay.segments.is_empty(), ready == left);
        }
    }
}

/// The hub's board at eight in the morning.
#[test]
fn the_board_looks_like_a_hubs() {
    let place = county();
    let open: Vec<_> = place
        .stays
        .iter()
        .filter(|r| r.stay.discharged_on.is_none())
        .collect();
    assert!((60..=120).contains(&open.len()), "{} open", open.len());
    let past = |r: &&&synth::StayRecord| r.stay.ready_on.is_some_and(|day| day < place.today);
    let waiting: Vec<_> = open.iter().filter(past).collect();
    assert!(
        (35..=60).contains(&waiting.len()),
        "{} past the ready date",
        waiting.len()
    );
    for record in &waiting {
        assert!(!record.next_action.is_empty() && !record.next_action.contains('{'));
        assert!(record.next_owner.is_some() && !record.next_owner_name.is_empty());
        assert!(record.stay.pathway.is_some());
        assert!(!record.stay.ward.is_empty() && !record.stay.bed.is_empty());
        assert!(record.updated_at <= place.now && !record.updated_by.is_empty());
    }
    let late = open
        .iter()
        .filter(|r| r.next_due_at.is_some_and(|due| due < place.now))
        .count();
    assert!((5..=30).contains(&late), "{late} late");
    let days: Vec<i64> = open
        .iter()
        .map(|r| kernel::calendar::days_between(r.stay.admitted_on, place.today))
        .collect();
    for mark in [7, 14, 21] {
        assert!(
            days.iter().filter(|days| **days >= mark).count() >= 5,
            "{mark} days and more"
        );
    }
    let sides: BTreeSet<_> = waiting
        .iter()
        .filter_map(|r| r.stay.segments.last().map(|s| s.responsible))
        .collect();
    assert_eq!(sides.len(), 3, "NHS, social care and both");
    let pathways: BTreeSet<_> = open.iter().filter_map(|r| r.stay.pathway).collect();
    assert_eq!(pathways.len(), 4);
    let councils: BTreeSet<_> = open.iter().filter_map(|r| r.stay.council).collect();
    assert!(councils.len() >= 2, "a filter by council means something");
}

/// Delayed days by reason and by side are within two in 100 of England's 2018/19.
#[test]
fn the_mix_of_reasons_is_englands() {
    let (place, policy) = (county(), Policy::builtin());
    let rule = DtocRule::on(&policy, place.today).unwrap();
    let first = place.today.saturating_sub(400.days());
    let period = Period {
        first,
        last: place.today,
    }
    .over_by(place.today);
    let (mut days, mut all) = (BTreeMap::<String, i64>::new(), 0);
    for record in &place.stays {
        for counted in rule.count(&record.stay, period, &policy) {
            let side = counted
                .responsible
                .expect("every delay has a side")
                .as_str()
                .to_owned();
            for key in [
                counted.reason.unwrap(),
                side,
                record.stay.care_type.as_str().to_owned(),
            ] {
                *days.entry(key).or_default() += counted.days;
            }
            all += counted.days;
        }
    }
    assert!((2_000..=9_000).contains(&all), "{all} delayed days");
    let file = include_str!("../../../../data/dtoc/england-reason-mix-2018-19.csv");
    let mut compared = 0;
    for line in file.lines().filter(|line| line.starts_with(['r', 'c'])) {
        let parts: Vec<&str> = line.split(',').collect();
        let expected = parts[2].parse::<i64>().unwrap() * 1_000 / 1_665_649;
        let found = days.get(parts[1]).copied().unwrap_or(0) * 1_000 / all;
        let tolerance = if parts[0] == "care-type" { 90 } else { 20 };
        assert!(
            (found - expected).abs() <= tolerance,
            "{line}: {found} for {expected} in 1,000"
        );
        compared += 1;
    }
    assert_eq!(compared, 2 + 3 + 11);
}

#[test]
fn notices_belong_together() {
    let place = county();
    let mut kinds = BTreeSet::new();
    let mut ids = BTreeMap::new();
    for record in &place.notices {
        let notice = &record.notice;
        kinds.insert(notice.kind);
        assert!(ids.insert(&notice.message_id, notice).is_none());
        assert!(notice.sent_at <= notice.received_at && notice.received_at <= place.now);
        let stay = &place.stays[record.stay_index];
        assert_eq!(stay.person_index, record.person_index);
        assert_eq!(stay.stay.care_type, CareType::Acute);
        if let Some(answered) = notice.responds_to.as_ref().and_then(|id| ids.get(id)) {
            assert!(
                answered.sent_at <= notice.sent_at,
                "an answer comes after its notice"
            );
        } else {
            assert!(notice.responds_to.is_none(), "what is answered was sent");
        }
    }
    assert_eq!(
        kinds.len(),
        9,
        "every kind but a rejected withdrawal: {kinds:?}"
    );
    for kind in [NoticeKind::Assessment, NoticeKind::Discharge] {
        for status in [
            NoticeStatus::Sent,
            NoticeStatus::Accepted,
            NoticeStatus::Rejected,
        ] {
            let found = place
                .notices
                .iter()
                .any(|r| (r.notice.kind, r.notice.status) == (kind, status));
            assert!(found, "{kind} {status}");
        }
    }
}

/// An acute delay is the council's only after the relevant day (RULES A.5): with
/// the law of 2018 the same notices would permit it.
#[test]
fn social_care_delays_rest_on_notices() {
    let place = county();
    let mut checked = 0;
    for (index, record) in place.stays.iter().enumerate() {
        let social = record
            .stay
            .segments
            .iter()
            .find(|s| s.responsible != Responsible::Nhs);
        let Some(segment) = social.filter(|_| record.stay.care_type == CareType::Acute) else {
            continue;
        };
        let about = || {
            place
                .notices
                .iter()
                .filter(|n| n.stay_index == index)
                .map(|n| &n.notice)
        };
        for kind in [NoticeKind::Assessment, NoticeKind::Discharge] {
            let before = about().any(|n| {
                n.kind == kind && kernel::calendar::local(n.sent_at).date() < segment.starts_on
            });
            assert!(
                before,
                "{kind} sent before the delay of {}",
                record.source_key
            );
        }
        checked += 1;
    }
    assert!(checked > 30, "{checked}");
}

#[test]
fn timelines_hold_what_both_sides_know() {
    let place = county();
    let mut last = (0, 0);
    for item in &place.timeline {
        assert!(item.person_index >= last.0, "ordered by person");
        last.0 = item.person_index;
        let person = &place.people[item.person_index];
        assert!(item.day <= place.today && item.received_at <= place.now);
        assert!(item.day >= person.birth_date.unwrap());
        assert!(
            person.died_on.is_none_or(|died| item.day <= died),
            "nothing after death"
        );
        assert!(!item.title.is_empty());
    }
    for sector in ["nhs", "council"] {
        assert!(
            place
                .timeline
                .iter()
                .filter(|item| item.sector == sector)
                .count()
                > 500
        );
    }
    assert!(place.timeline.len() / place.people.len() >= 3);
    assert!(
        place.documents.len() >= 20,
        "{} documents",
        place.documents.len()
    );
    for document in &place.documents {
        assert!(document.bytes.starts_with(b"%PDF-1.4"));
        let notice = &place.notices[document.notice_index];
        assert_eq!(notice.person_index, document.person_index);
    }
    for change in &place.changes {
        assert!(place.stays[change.stay_index].stay.discharged_on.is_none());
        assert!(change.at <= place.now && !change.actor.is_empty());
        assert_ne!(change.before, change.after);
    }
}

/// A place can be made at any hour of any day: month ends, leap days, the nights
/// when the clocks change, and long after midnight.
#[test]
fn any_moment_will_do() {
    let policy = Policy::builtin();
    for now in [
        "2024-02-29T23:59:59Z",
        "2026-01-01T00:00:00Z",
        "2026-03-29T01:30:00Z",
        "2026-03-31T07:15:00Z",
        "2026-10-25T00:30:00Z",
        "2026-12-25T18:00:00Z",
    ] {
        for seed in 1..4 {
            let mut config = config(300, seed);
            config.now = now.parse().unwrap();
            let place = Barsetshire::make(&config).unwrap();
            for record in &place.stays {
                assert_eq!(verify_segments(&record.stay, &policy), vec![], "{now}");
                assert_eq!(
                    flow::dates::check_dates(&record.stay, place.today),
                    vec![],
                    "{now}"
                );
                assert!(record.updated_at <= place.now, "{now}");
            }
            for record in &place.notices {
                assert!(record.notice.received_at <= place.now, "{now}");
            }
        }
    }
}
