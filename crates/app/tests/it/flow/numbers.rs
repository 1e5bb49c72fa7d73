//! The numbers around the board are kept while stays change; they must be those of its rows.

use super::{New, add_stay, add_stay_of, hub, new, october};
use access::{Actor, Role};
use app::flow::{Board, BoardFilter, StayChange};
use flow::Pathway;
use std::collections::BTreeMap;
use testkit::{Place, Seeded};

/// How often something happens.
const TURNS: u32 = 60;

/// Each value of the rows with how many have it, as the choices of a filter say it.
fn tally<K: Ord>(keys: impl Iterator<Item = K>) -> BTreeMap<K, i64> {
    let mut tally = BTreeMap::new();
    for key in keys {
        *tally.entry(key).or_default() += 1;
    }
    tally
}

fn choices(choices: &[app::flow::Choice]) -> BTreeMap<String, i64> {
    let all = choices.iter().map(|one| (one.name.clone(), one.stays));
    all.collect()
}

/// A board without filters, whose rows all fit on its first page.
fn board(place: &Place, actor: &Actor) -> Board {
    let board = place.app.board(actor, &BoardFilter::default(), 1).unwrap();
    assert_eq!(board.pages, 1);
    board
}

fn check(board: &Board) {
    let lines = || board.rows.iter().map(|row| &row.line);
    let counts = &board.counts;
    let count = |holds: &dyn Fn(&app::flow::BoardRow) -> bool| {
        i64::try_from(board.rows.iter().filter(|row| holds(row)).count()).unwrap()
    };
    assert_eq!(counts.open, count(&|_| true));
    assert_eq!(counts.ready, count(&|row| row.line.ready_on.is_some()));
    assert_eq!(counts.overdue, count(&|row| row.overdue.is_some()));
    assert_eq!(board.back.back, count(&|row| row.back.is_some()));
    let wards = lines().map(|line| line.ward.clone());
    assert_eq!(choices(&counts.wards), tally(wards));
    let councils = lines().map(|line| line.council.clone().unwrap_or_default());
    assert_eq!(choices(&counts.councils), tally(councils));
    let pathways = lines().map(|line| line.pathway.map(|one| one.number().to_string()));
    let pathways = pathways.map(Option::unwrap_or_default);
    assert_eq!(choices(&counts.pathways), tally(pathways));
    let hospitals = lines().map(|line| line.hospital.clone());
    assert_eq!(choices(&counts.hospitals), tally(hospitals));
}

fn some_change(chance: &mut Seeded, place: &Place) -> StayChange {
    let day = october(i8::try_from(2 + chance.next_number() % 13).unwrap());
    match chance.next_number() % 6 {
        0 => StayChange::ReadyOn((chance.next_number().is_multiple_of(2)).then_some(day)),
        1 => StayChange::Pathway(Pathway::new((chance.next_number() % 4) as u8)),
        2 => StayChange::Bed {
            ward: ["Allington ward", "Framley ward", ""][(chance.next_number() % 3) as usize]
                .to_owned(),
            bed: "7".to_owned(),
        },
        3 => {
            StayChange::Council((chance.next_number().is_multiple_of(2)).then_some(place.neighbour))
        }
        4 => StayChange::Discharge {
            on: october(16),
            method: "1".to_owned(),
            destination: "19".to_owned(),
        },
        _ => StayChange::NextAction {
            what: "Ring the family".to_owned(),
            owner: Some(place.council),
            owner_name: String::new(),
            due_at: Some(place.app.now() - jiff::SignedDuration::from_hours(2)),
        },
    }
}

#[test]
fn the_numbers_around_the_board_are_those_of_its_rows_whatever_changed() {
    let place = testkit::place();
    let council = Actor {
        organisation: Some(place.council),
        account: None,
        ..place.actor(Role::Practitioner)
    };
    let lead = hub(&place);
    let mut chance = Seeded(11);
    let (mut people, mut refused) = (0_u32, 0);
    let (mut left, mut sizes, mut back) = (Vec::new(), (0, 0), 0);
    for turn in 0..TURNS {
        if people < 4 || chance.next_number().is_multiple_of(4) {
            people += 1;
            let came = New {
                council: people.is_multiple_of(3).then_some(place.council),
                ..new(people, october(i8::try_from(1 + people % 9).unwrap()))
            };
            match left.pop() {
                Some(person) => add_stay_of(
                    &place,
                    person,
                    &New {
                        admitted: october(16),
                        ..came
                    },
                ),
                None => add_stay(&place, &came),
            };
        }
        let rows = board(&place, &lead).rows;
        let at = chance.next_number() as usize % rows.len();
        let stay = rows[at].line.stay;
        let change = some_change(&mut chance, &place);
        let before = place.app.stay(&lead, stay).unwrap().row;
        let done = place
            .app
            .change_stay(&lead, stay, before.version, &change, "To try it");
        refused += u32::from(done.is_err());
        let has_left = matches!(change, StayChange::Discharge { .. }) && done.is_ok();
        left.extend(has_left.then_some(before.stay.person));
        // One who saw every change, and one who looks now and then.
        let shown = board(&place, &lead);
        check(&shown);
        sizes.0 = shown.rows.len().max(sizes.0);
        back = shown.back.back.max(back);
        if turn % 7 == 0 {
            let shown = board(&place, &council);
            check(&shown);
            sizes.1 = shown.rows.len().max(sizes.1);
        }
    }
    assert!(refused * 3 < TURNS, "{refused} were refused");
    assert!(back > 0, "somebody came back");
    assert!(sizes.0 > sizes.1 && sizes.1 > 1, "{sizes:?}: two scopes");
}
