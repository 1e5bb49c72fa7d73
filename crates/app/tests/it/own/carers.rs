//! Inviting a carer, the code, what the carer sees, and the end of it.

use super::{COUNCIL, TRUST, account, add, at_home, denied, gone, journalled, line, mary};
use access::{Actor, Role};
use app::Error;
use app::person::own::{Choice, Invitation, NewCarer, TakeUp};
use jiff::SignedDuration;
use jiff::civil::{Date, date};
use kernel::PersonId;
use person::delegation::{PARTS, kinds_of};
use store::wish::Restriction;
use testkit::Place;

const DAY: SignedDuration = SignedDuration::from_hours(24);
/// The place's clock starts on 16 October 2018.
const UNTIL: Date = date(2018, 11, 30);

fn invite(place: &Place, mary: &Actor, parts: &[&str]) -> Invitation {
    let new = NewCarer {
        name: "Eleanor Harding",
        tie: "sister",
        parts,
        until: UNTIL,
    };
    place.app.invite_carer(mary, &new).unwrap()
}

fn takes(place: &Place, carer: &Actor, code: &str) -> bool {
    matches!(place.app.take_up(carer, code).unwrap(), TakeUp::Done(_))
}

/// Titles that a carer sees on all pages.
fn sees(place: &Place, carer: &Actor, person: PersonId) -> Vec<String> {
    let mut titles = Vec::new();
    for page in 1.. {
        let found = place.app.own_record(carer, Some(person), page).unwrap();
        assert!(
            found.person.is_none(),
            "a carer is told no more than the name"
        );
        titles.extend(found.lines.into_iter().map(|one| one.title));
        if !found.more {
            break;
        }
    }
    titles.sort();
    titles
}

/// Every choice of parts and every kind of line: a carer sees a line only if its kind belongs to
/// a chosen part, it is not withheld by default and the person did not object to sharing it.
#[test]
fn a_carer_never_sees_anything_outside_the_parts() {
    let (place, person, mary) = mary();
    let carer = at_home(&place, "eleanor");
    let kinds: Vec<&str> = PARTS
        .iter()
        .flat_map(|part| part.kinds.iter().copied())
        .chain(["Condition", "Observation", "GP contact", "Flag"])
        .collect();
    let objected = Choice::Object("substance-use".to_owned());
    place.app.choose_sharing(&mary, &objected, true).unwrap();
    for kind in &kinds {
        for category in ["", "mental-health", "substance-use", "sexual-health"] {
            let title = format!("{kind} {category}");
            line(&place, person, kind, &title, ("nhs", TRUST, category));
        }
    }
    for chosen in 1..(1_usize << PARTS.len()) {
        let parts: Vec<&str> = PARTS
            .iter()
            .enumerate()
            .filter(|(at, _)| chosen & (1 << at) != 0)
            .map(|(_, part)| part.code)
            .collect();
        let code = invite(&place, &mary, &parts).code;
        assert!(takes(&place, &carer, &code), "{parts:?}");
        let open = kinds_of(&parts.join(" "));
        let mut expected: Vec<String> = kinds
            .iter()
            .filter(|kind| {
                open.as_ref()
                    .is_none_or(|open| open.iter().any(|one| one == *kind))
            })
            .flat_map(|kind| [format!("{kind} "), format!("{kind} mental-health")])
            .collect();
        expected.sort();
        assert_eq!(sees(&place, &carer, person), expected, "{parts:?}");
        let plan = parts
            .iter()
            .any(|part| ["plan", "everything"].contains(part));
        assert_eq!(
            place.app.own_about(&carer, Some(person)).is_ok(),
            plan,
            "{parts:?}"
        );
    }
}

#[test]
fn who_asks_that_nothing_is_shared_is_heard_by_their_carer_too() {
    let (place, person, mary) = mary();
    let carer = at_home(&place, "eleanor");
    line(&place, person, "CarePlan", "Plan", ("council", COUNCIL, ""));
    let code = invite(&place, &mary, &["everything"]).code;
    assert!(takes(&place, &carer, &code));
    assert_eq!(sees(&place, &carer, person), ["Plan"]);
    assert!(place.app.own_about(&carer, Some(person)).is_ok());
    let everything = Choice::Object(String::new());
    place.app.choose_sharing(&mary, &everything, true).unwrap();
    assert_eq!(sees(&place, &carer, person), Vec::<String>::new());
    assert!(gone(place.app.own_about(&carer, Some(person))));
}

#[test]
fn a_carer_does_nothing_in_the_persons_name() {
    let (place, person, mary) = mary();
    let carer = at_home(&place, "eleanor");
    let code = invite(&place, &mary, &["everything"]).code;
    assert!(takes(&place, &carer, &code));
    assert!(gone(place.app.own_sharing(&carer)));
    assert!(gone(place.app.choose_sharing(
        &carer,
        &Choice::OptOut,
        true
    )));
    assert!(gone(place.app.own_corrections(&carer, None)));
    let about = app::person::own::About::Record;
    assert!(gone(place.app.ask_correction(&carer, about, "It is wrong")));
    assert!(gone(place.app.write_own_about(
        &carer,
        "important",
        "x",
        ""
    )));
    assert!(gone(place.app.own_carers(&carer)));
    assert!(gone(place.app.who_looked(&carer, person, 1)));
    let new = NewCarer {
        name: "Another",
        tie: "friend",
        parts: &["everything"],
        until: UNTIL,
    };
    assert!(gone(place.app.invite_carer(&carer, &new)));
    // Their look is told to the person, and that the code was typed, by whom.
    place.app.own_record(&carer, Some(person), 1).unwrap();
    let thief = at_home(&place, "slope");
    assert!(!takes(&place, &thief, &code));
    let told = place.app.who_looked(&mary, person, 1).unwrap().rows;
    assert!(
        told.iter().any(|row| row
            .words
            .contains("eleanor, whom you invited, read your record")),
        "{told:?}"
    );
    for words in [
        "eleanor, whom you invited, took up an invitation to see your record",
        "slope, who signs in from home, asked for your record and was refused",
        "you invited a carer to see your record",
    ] {
        assert!(told.iter().any(|row| row.words.contains(words)), "{words}");
    }
    assert!(told.iter().all(|row| !row.words.contains("you took up")));
}

#[test]
fn a_code_opens_once_and_only_while_it_may() {
    let (place, _, mary) = mary();
    let (carer, thief) = (at_home(&place, "eleanor"), at_home(&place, "slope"));
    let invitation = invite(&place, &mary, &["plan"]);
    assert_eq!(invitation.code.len(), 14);
    // The code is not in the store.
    let plain = invitation.code.replace('-', "");
    let kept = place
        .app
        .store()
        .read(|tx| tx.query("SELECT code_hash FROM delegation", &[]))
        .unwrap();
    assert_eq!(kept[0].text(0).unwrap().len(), 64);
    assert_ne!(kept[0].text(0).unwrap(), plain);

    assert!(!takes(&place, &thief, "ABCD-2345-EFGH"));
    assert!(!takes(&place, &thief, ""));
    // However it is typed.
    assert!(takes(&place, &carer, &plain.to_lowercase()));
    // A second time it opens nothing, neither for another nor for the same.
    assert!(!takes(&place, &thief, &invitation.code));
    assert!(!takes(&place, &carer, &invitation.code));
    assert_eq!(place.app.own_home(&thief).unwrap().records, []);

    // Ended before it was typed.
    let ended = invite(&place, &mary, &["plan"]);
    place.app.end_carer(&mary, ended.id).unwrap();
    assert!(!takes(&place, &thief, &ended.code));
    // One's own record needs no invitation.
    let own = invite(&place, &mary, &["plan"]);
    assert!(!takes(&place, &mary, &own.code));
    // Too old: at the last moment and just after it.
    let late = invite(&place, &mary, &["plan"]);
    let last = invite(&place, &mary, &["plan"]);
    place.clock.advance(DAY * 7 - SignedDuration::from_secs(1));
    assert!(takes(&place, &carer, &last.code));
    place.clock.advance(SignedDuration::from_secs(1));
    assert!(!takes(&place, &thief, &late.code));

    // Every refusal is in the journal, with why and without what was typed.
    let refused = journalled(&place, "carer: code refused");
    let why: Vec<&str> = refused.iter().map(|(_, _, why)| why.as_str()).collect();
    assert_eq!(
        why,
        [
            "no such code",
            "no such code",
            "used",
            "used",
            "ended",
            "their own record",
            "expired"
        ]
    );
    assert!(
        refused
            .iter()
            .all(|(_, subject, _)| !subject.contains(&plain))
    );
}

#[test]
fn the_view_ends_at_once_or_on_its_day() {
    let (place, person, mary) = mary();
    let (carer, other) = (at_home(&place, "eleanor"), at_home(&place, "grantly"));
    let first = invite(&place, &mary, &["everything"]);
    let second = invite(&place, &mary, &["everything"]);
    assert!(takes(&place, &carer, &first.code));
    assert!(takes(&place, &other, &second.code));
    // Nobody ends what is not theirs.
    assert!(gone(place.app.end_carer(&carer, second.id)));
    assert!(gone(
        place.app.end_carer(&at_home(&place, "slope"), first.id)
    ));
    assert!(denied(
        place.app.end_carer(&place.actor(Role::HubLead), first.id)
    ));

    assert_eq!(place.app.own_home(&carer).unwrap().records.len(), 1);
    place.app.end_carer(&mary, first.id).unwrap();
    place.app.end_carer(&mary, first.id).unwrap();
    assert!(gone(place.app.own_record(&carer, Some(person), 1)));
    assert_eq!(place.app.own_home(&carer).unwrap().records, []);
    assert_eq!(journalled(&place, "carer: end").len(), 1);
    // The carer may go of their own accord.
    let third = invite(&place, &mary, &["plan"]);
    assert!(takes(&place, &carer, &third.code));
    place.app.end_carer(&carer, third.id).unwrap();
    assert!(gone(place.app.own_record(&carer, Some(person), 1)));

    // 30 November is the last day: at noon they may, at midnight no more.
    let noon = SignedDuration::from_hours(45 * 24 + 3);
    place.clock.advance(noon);
    assert_eq!(place.app.today(), UNTIL);
    let seen = place.app.own_record(&other, None, 1).unwrap();
    assert!(
        seen.sight.because.ends_with("until 30 November."),
        "{}",
        seen.sight.because
    );
    place.clock.advance(SignedDuration::from_hours(12));
    assert!(gone(place.app.own_record(&other, Some(person), 1)));
    let carers = place.app.own_carers(&mary).unwrap();
    assert_eq!(carers.len(), 3);
    assert!(carers.iter().all(|one| !one.looks && !one.waits));
}

#[test]
fn a_new_invitation_takes_the_place_of_the_one_before() {
    let (place, person, mary) = mary();
    let carer = at_home(&place, "eleanor");
    line(&place, person, "CarePlan", "Plan", ("council", COUNCIL, ""));
    line(&place, person, "Composition", "Letter", ("nhs", TRUST, ""));
    let wide = invite(&place, &mary, &["everything"]).code;
    assert!(takes(&place, &carer, &wide));
    assert_eq!(sees(&place, &carer, person), ["Letter", "Plan"]);
    let narrow = invite(&place, &mary, &["plan"]).code;
    assert!(takes(&place, &carer, &narrow));
    assert_eq!(sees(&place, &carer, person), ["Plan"]);
    let looking = place.app.own_carers(&mary).unwrap();
    assert_eq!(looking.iter().filter(|one| one.looks).count(), 1);
}

#[test]
fn a_record_that_is_kept_apart_is_open_to_nobody_invited() {
    let (place, person, mary) = mary();
    let (carer, later) = (at_home(&place, "eleanor"), at_home(&place, "grantly"));
    let code = invite(&place, &mary, &["everything"]).code;
    assert!(takes(&place, &carer, &code));
    let restriction = Restriction {
        id: place.app.ids().restriction(),
        person,
        whole: true,
        why: "asked by the police".to_owned(),
        made_at: place.app.now(),
        made_by: "privacy".to_owned(),
        ended: None,
    };
    place
        .app
        .store()
        .write(|tx| store::wish::restrict(tx, &restriction))
        .unwrap();
    assert_eq!(place.app.own_home(&carer).unwrap().records, []);
    assert!(gone(place.app.own_record(&carer, Some(person), 1)));
    let code = invite(&place, &mary, &["everything"]).code;
    assert!(!takes(&place, &later, &code));
    assert!(place.app.own_record(&mary, None, 1).is_ok());
}

#[test]
fn somebody_with_a_record_of_their_own_can_care_for_another() {
    let (place, person, mary) = mary();
    let carer = at_home(&place, "eleanor");
    let own = add(&place, 2, "Eleanor");
    place
        .app
        .store()
        .write(|tx| store::own::give(tx, account(&carer), own))
        .unwrap();
    let oneself = person::relationship::Relationship::Oneself;
    place.relate(oneself, &account(&carer).to_string(), own);
    assert!(takes(
        &place,
        &carer,
        &invite(&place, &mary, &["plan"]).code
    ));
    let records = place.app.own_home(&carer).unwrap().records;
    let whose: Vec<_> = records
        .iter()
        .map(|one| (one.person, one.oneself))
        .collect();
    assert_eq!(whose, [(own, true), (person, false)]);
    // Without a wish it is their own.
    let shown = place.app.own_record(&carer, None, 1).unwrap();
    assert_eq!(shown.mine.person, own);
    // Caring gives nothing back.
    assert!(gone(place.app.own_record(&mary, Some(own), 1)));
}

#[test]
fn an_invitation_that_is_not_as_it_must_be_is_refused_in_words() {
    let (place, _, mary) = mary();
    let right = NewCarer {
        name: "Eleanor",
        tie: "sister",
        parts: &["plan"],
        until: UNTIL,
    };
    let long = "x".repeat(101);
    for (new, field) in [
        (NewCarer { name: " ", ..right }, "name"),
        (
            NewCarer {
                name: &long,
                ..right
            },
            "name",
        ),
        (NewCarer { tie: "", ..right }, "tie"),
        (
            NewCarer {
                parts: &[],
                ..right
            },
            "parts",
        ),
        (
            NewCarer {
                parts: &["plan", "secrets"],
                ..right
            },
            "parts",
        ),
        (
            NewCarer {
                until: date(2018, 10, 15),
                ..right
            },
            "until",
        ),
        (
            NewCarer {
                until: date(2019, 10, 18),
                ..right
            },
            "until",
        ),
    ] {
        match place.app.invite_carer(&mary, &new) {
            Err(Error::Invalid(wrong)) => assert_eq!(wrong[0].field, field),
            _ => panic!("{new:?} was taken"),
        }
    }
    for until in [date(2018, 10, 16), date(2019, 10, 17)] {
        assert!(
            place
                .app
                .invite_carer(&mary, &NewCarer { until, ..right })
                .is_ok()
        );
    }
}
