#![allow(clippy::unwrap_used, clippy::expect_used)]
use super::*;
use jiff::civil::date;

fn id(number: u32) -> CapacityId {
    format!("01900000-0000-7000-8000-{number:012}")
        .parse()
        .unwrap()
}

fn slot(number: u32, kind: Kind, time: TimeOfDay, unit: Unit, free: u32) -> Slot {
    Slot {
        id: id(number),
        kind,
        zone: String::new(),
        time,
        unit,
        free,
        skills: vec!["hoist".to_owned()],
    }
}

fn visits(time: TimeOfDay, count: u32) -> Visits {
    Visits {
        time,
        count,
        minutes: 30,
    }
}

fn need(kind: Kind, visits: &[Visits]) -> Need {
    Need {
        kind,
        zone: "ZZ1".to_owned(),
        visits: visits.to_vec(),
        double_handed: false,
        skills: Vec::new(),
        starts_on: date(2026, 5, 1),
        latest_start: date(2026, 5, 1),
    }
}

fn of(slots: &[(Slot, Reach)]) -> Candidate {
    Candidate {
        ended: false,
        slots: slots.to_vec(),
    }
}

const MORNING: TimeOfDay = TimeOfDay::Morning;
const TEA: TimeOfDay = TimeOfDay::Tea;
const ANY: TimeOfDay = TimeOfDay::Any;
const HOME: Kind = Kind::HomeCare;

#[test]
fn a_bed_comes_out_of_a_figure_that_has_one() {
    let wanted = need(Kind::Nursing, &[]);
    let bed = |free| (slot(1, Kind::Nursing, ANY, Unit::Beds, free), Reach::Yes);
    let take = Take {
        slot: id(1),
        amount: 1,
    };
    assert_eq!(matches(&wanted, &of(&[bed(1)])), Ok(vec![take]));
    let why = Why::Room {
        time: ANY,
        wanted: 1,
        free: 0,
        unit: Unit::Beds,
    };
    assert_eq!(why.in_words(str::to_owned), "1 bed needed, 0 free");
    assert_eq!(matches(&wanted, &of(&[bed(0)])), Err(vec![why]));
}

#[test]
fn each_reason_why_not_is_said() {
    let morning = [visits(MORNING, 1)];
    let wanted = need(HOME, &morning);
    let there = (slot(1, HOME, MORNING, Unit::Visits, 1), Reach::Yes);
    let mut ended = of(std::slice::from_ref(&there));
    ended.ended = true;
    let mut skilled = wanted.clone();
    skilled.skills = vec!["hoist".to_owned(), "peg".to_owned()];
    let mut double = wanted.clone();
    double.double_handed = true;
    for (need, candidate, words) in [
        (&wanted, ended, "The service has ended"),
        (&wanted, of(&[]), "It has told no home care"),
        (
            &need(Kind::Nursing, &[]),
            of(std::slice::from_ref(&there)),
            "It has told no nursing beds",
        ),
        (
            &wanted,
            of(&[(there.0.clone(), Reach::No)]),
            "It does not work in ZZ1",
        ),
        (
            &wanted,
            of(&[(there.0.clone(), Reach::Perhaps)]),
            "It is not known whether it works in ZZ1",
        ),
        (
            &skilled,
            of(std::slice::from_ref(&there)),
            "It has not told these skills: peg",
        ),
        (
            &need(HOME, &[visits(TEA, 1)]),
            of(std::slice::from_ref(&there)),
            "It has told nothing for the tea time",
        ),
        (
            &double,
            of(&[there]),
            "2 visits a day needed in the morning, 1 free",
        ),
    ] {
        let why = matches(need, &candidate).unwrap_err();
        let told: Vec<String> = why.iter().map(|one| one.in_words(str::to_owned)).collect();
        assert_eq!(told, [words]);
    }
}

#[test]
fn figures_are_shared_out_over_the_day() {
    // The one for any time would do for the morning; it is kept for the tea time.
    let wanted = need(HOME, &[visits(MORNING, 1), visits(TEA, 2)]);
    let candidate = of(&[
        (slot(1, HOME, ANY, Unit::Visits, 2), Reach::Yes),
        (slot(2, HOME, MORNING, Unit::Visits, 1), Reach::Yes),
        (slot(3, HOME, TEA, Unit::Visits, 9), Reach::No),
    ]);
    let takes = matches(&wanted, &candidate).unwrap();
    let given: Vec<(CapacityId, u32)> = takes.iter().map(|t| (t.slot, t.amount)).collect();
    assert_eq!(given, [(id(2), 1), (id(1), 2)]);
    // One figure for two times of day is one line.
    let candidate = of(&[(slot(1, HOME, ANY, Unit::Hours, 11), Reach::Yes)]);
    let takes = matches(&wanted, &candidate).unwrap();
    assert_eq!(takes.len(), 1);
    assert_eq!(takes[0].amount, 4 + 7);
    // Each alone would go, both do not.
    let candidate = of(&[(slot(1, HOME, ANY, Unit::Hours, 10), Reach::Yes)]);
    assert!(matches!(
        matches(&wanted, &candidate).unwrap_err()[..],
        [Why::Room { free: 10, .. }]
    ));
}

#[test]
fn many_figures_do_not_take_for_ever() {
    let all: Vec<(Slot, Reach)> = (0..200)
        .map(|at| (slot(at, HOME, ANY, Unit::Visits, 1), Reach::Yes))
        .collect();
    let five = TimeOfDay::VISITS.map(|time| visits(time, 1));
    assert_eq!(matches(&need(HOME, &five), &of(&all)).unwrap().len(), 5);
    let six = [visits(MORNING, 2)];
    assert!(matches(&need(HOME, &six), &of(&all)).is_err());
}
