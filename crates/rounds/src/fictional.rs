//! A fictional rural county with carers and people, the same for the same seed: to try the
//! engine on, and to measure it. Nobody in it exists, and its villages are random points.

use crate::case::file::{Carer, File, Gap, Pay, Person, Place, Shift, Visit};
use crate::chance::Chance;

/// How large the county is.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Visits, about.
    pub visits: usize,
    /// Carers.
    pub carers: usize,
    /// Days from Monday 30 November 2026.
    pub days: i64,
}

const DAYS: [&str; 7] = [
    "2026-11-30",
    "2026-12-01",
    "2026-12-02",
    "2026-12-03",
    "2026-12-04",
    "2026-12-05",
    "2026-12-06",
];
const ZONES: [&str; 4] = ["north", "east", "south", "west"];
const PROVIDERS: [&str; 2] = ["Barchester Home Care", "Plumstead Care"];

/// Times of the four calls of a day: window begins, window ends, length.
const CALLS: [(i64, i64, i64); 4] = [
    (420, 570, 45),
    (705, 795, 30),
    (960, 1_050, 30),
    (1_140, 1_290, 30),
];

/// Pence an hour with people, on the road and waiting, as carers are paid in turn. With the
/// first every plan is legal; the others are below the minimum wage for whoever is on the
/// road for more than a third, or an eighth, of the time with people.
const PAY: [(i64, i64, i64); 3] = [(1_360, 1_271, 1_271), (1_400, 900, 0), (1_430, 0, 0)];

/// Makes the county.
pub fn county(seed: u64, size: Size) -> File {
    let mut chance = Chance::new(seed);
    let days = usize::try_from(size.days).unwrap_or(1).clamp(1, 7);
    let mut file = File {
        name: format!("Barsetshire, seed {seed}"),
        start: DAYS[0].to_owned(),
        days: size.days,
        skills: ["medication", "hoist", "PEG"].map(str::to_owned).to_vec(),
        ..File::default()
    };
    let towns: Vec<(f64, f64)> = (0..4).map(|at| town(at, &mut chance)).collect();
    carers(&mut file, size.carers, days, &towns, &mut chance);
    while file.visits.len() < size.visits {
        let left = size.visits - file.visits.len();
        person(&mut file, days, left, &towns, &mut chance);
    }
    file
}

/// One market town in each quarter of a county of sixty kilometres by fifty.
fn town(at: usize, chance: &mut Chance) -> (f64, f64) {
    let centre = [(51.38, -2.2), (51.25, -1.95), (51.12, -2.2), (51.25, -2.45)][at];
    (
        centre.0 + (chance.unit() - 0.5) * 0.06,
        centre.1 + (chance.unit() - 0.5) * 0.08,
    )
}

/// A home: three of ten are in a town, the others in the country around it.
fn home(file: &mut File, id: String, zone: usize, towns: &[(f64, f64)], chance: &mut Chance) {
    let rural = chance.happens(0.7);
    let spread = if rural { 0.2 } else { 0.02 };
    let around = |centre: f64, wide: f64, chance: &mut Chance| {
        let value = centre + (chance.unit() - 0.5) * spread * wide;
        (value * 100_000.0).round() / 100_000.0
    };
    let (north, east) = towns[zone];
    file.places.push(Place {
        id,
        latitude: Some(around(north, 1.0, chance)),
        longitude: Some(around(east, 1.6, chance)),
        rural,
    });
}

fn clock(minutes: i64) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

fn carers(file: &mut File, count: usize, days: usize, towns: &[(f64, f64)], chance: &mut Chance) {
    for number in 0..count {
        let zone = number % 4;
        let id = format!("carer-{:03}", number + 1);
        let place = format!("home of {id}");
        home(file, place.clone(), zone, towns, chance);
        let mut skills = Vec::new();
        for (skill, share) in [("medication", 0.8), ("hoist", 0.6), ("PEG", 0.25)] {
            if chance.happens(share) {
                skills.push(skill.to_owned());
            }
        }
        let early = number / 4 % 2 == 0;
        let off = chance.below(7);
        let mut shifts = Vec::new();
        for (day, date) in DAYS.iter().enumerate().take(days) {
            if day == off || day == (off + 3) % 7 {
                continue;
            }
            let (from, to) = if early {
                ("06:45", "14:30")
            } else {
                ("14:30", "22:15")
            };
            shifts.push(Shift {
                day: (*date).to_owned(),
                from: from.to_owned(),
                to: to.to_owned(),
            });
        }
        file.carers.push(Carer {
            id,
            home: Some(place),
            travels_by: Some(if chance.happens(0.9) { "car" } else { "foot" }.to_owned()),
            skills,
            zones: vec![ZONES[zone].to_owned(), ZONES[(zone + 1) % 4].to_owned()],
            provider: Some(PROVIDERS[usize::from(zone > 1)].to_owned()),
            contracted_hours: Some(30),
            pay: Some(pay(number)),
            shifts,
            ..Carer::default()
        });
    }
}

fn pay(number: usize) -> Pay {
    let (contact_pence, travel_pence, waiting_pence) = PAY[number % PAY.len()];
    Pay {
        contact_pence,
        travel_pence,
        waiting_pence,
    }
}

fn person(file: &mut File, days: usize, left: usize, towns: &[(f64, f64)], chance: &mut Chance) {
    let zone = chance.below(4);
    let number = file.people.len() + 1;
    let id = format!("person-{number:04}");
    let place = format!("home of {id}");
    home(file, place.clone(), zone, towns, chance);
    let first = chance.below(file.carers.len().max(1));
    let preferred = file
        .carers
        .get(first)
        .map(|carer| vec![carer.id.clone()])
        .unwrap_or_default();
    file.people.push(Person {
        id: id.clone(),
        place,
        zone: Some(ZONES[zone].to_owned()),
        preferred,
        ..Person::default()
    });
    let calls = 1 + chance.below(4);
    let double = chance.happens(0.12);
    let skill = match chance.below(10) {
        0..6 => None,
        6..8 => Some("medication"),
        8 => Some("hoist"),
        _ => Some("PEG"),
    };
    let mut made = 0;
    for date in DAYS.iter().take(days) {
        let mut earlier: Option<String> = None;
        for (call, (from, to, minutes)) in CALLS.iter().enumerate().take(calls) {
            if made == left {
                return;
            }
            let shift = i64::try_from(chance.below(4)).unwrap_or(0) * 15;
            let visit = format!("{id}-{}-{}", &date[5..], call + 1);
            file.visits.push(Visit {
                id: visit.clone(),
                person: id.clone(),
                day: (*date).to_owned(),
                earliest: clock(from + shift),
                latest: clock(to + shift),
                due: Some(clock(to + shift - 30)),
                minutes: *minutes,
                carers: if double { 2 } else { 1 },
                skills: skill
                    .map(|skill| vec![skill.to_owned()])
                    .unwrap_or_default(),
                priority: if skill == Some("medication") { 1 } else { 2 },
                ..Visit::default()
            });
            if let Some(first) = earlier.replace(visit.clone()) {
                file.gaps.push(Gap {
                    first,
                    second: visit,
                    least_minutes: 120,
                    most_minutes: None,
                });
            }
            made += 1;
        }
    }
}
