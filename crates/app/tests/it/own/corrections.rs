//! Asking to have a record put right, and answering.

use super::{TRUST, add, denied, gone, journalled, line, mary};
use access::Role;
use app::Error;
use app::person::own::{About, Answer};
use jiff::SignedDuration;
use jiff::civil::date;
use kernel::CorrectionId;
use person::correction::Clock;
use store::correction::CorrectionState;
use testkit::Place;

fn waiting(place: &Place, role: Role) -> Vec<CorrectionId> {
    let (waiting, _) = place.app.corrections(&place.actor(role)).unwrap();
    waiting
        .iter()
        .map(|page| page.asked.correction.id)
        .collect()
}

#[test]
fn a_request_has_a_clock_and_the_person_sees_every_answer() {
    let (place, _, mary) = mary();
    let ask = |words: &str| place.app.ask_correction(&mary, About::Details, words);
    assert!(matches!(ask("  "), Err(Error::Invalid(_))));
    assert!(matches!(ask(&"x".repeat(2_001)), Err(Error::Invalid(_))));
    let first = ask("My telephone number is an old one").unwrap();
    let second = ask("My name is Marie").unwrap();
    let page = place.app.own_corrections(&mary, None).unwrap();
    assert_eq!(page.asked.len(), 2);
    for one in &page.asked {
        assert_eq!(one.correction.due_on, date(2018, 11, 16));
        assert_eq!(one.clock, Some(Clock::Left(31)));
    }
    assert_eq!(place.app.own_home(&mary).unwrap().waiting, 2);
    assert_eq!(waiting(&place, Role::HubLead).len(), 2);

    let lead = place.actor(Role::HubLead);
    let answer = |id, version, answer, words: &str| {
        place
            .app
            .answer_correction(&lead, id, version, answer, words)
    };
    assert!(matches!(
        answer(first, 1, Answer::Changed, " "),
        Err(Error::Invalid(_))
    ));
    answer(first, 1, Answer::Changed, "The new number is in").unwrap();
    place.clock.advance(SignedDuration::from_hours(32 * 24));
    let (late, _) = place.app.corrections(&lead).unwrap();
    assert_eq!(late[0].asked.clock, Some(Clock::Late(1)));
    answer(second, 1, Answer::Refused, "Your passport says Mary").unwrap();
    // Somebody answered meanwhile.
    assert!(matches!(
        answer(second, 1, Answer::Changed, "It is Marie now"),
        Err(Error::Stale { .. })
    ));

    let page = place.app.own_corrections(&mary, None).unwrap();
    let of = |id| {
        let one = page.asked.iter().find(|one| one.correction.id == id);
        &one.unwrap().correction
    };
    assert_eq!(of(first).state, CorrectionState::Changed);
    assert_eq!(of(first).answer, "The new number is in");
    assert_eq!(of(second).state, CorrectionState::Refused);
    let (_, who) = of(second).answered.clone().unwrap();
    assert_eq!(who, "Hub lead Harding, Barsetshire Hospitals Trust");
    let home = place.app.own_home(&mary).unwrap();
    // The first was answered more than 30 days ago.
    assert_eq!((home.waiting, home.answered), (0, 1));
    assert_eq!(waiting(&place, Role::HubLead), []);
    assert_eq!(place.app.corrections(&lead).unwrap().1.len(), 2);
    assert_eq!(journalled(&place, "correction: ask").len(), 2);
    assert_eq!(journalled(&place, "correction: change").len(), 1);
    assert_eq!(journalled(&place, "correction: leave as it is").len(), 1);
}

#[test]
fn only_those_who_may_see_the_record_answer_and_the_privacy_officer() {
    let (place, person, mary) = mary();
    let asked = place
        .app
        .ask_correction(&mary, About::Record, "My stay of May is missing")
        .unwrap();
    let say = |role: Role| {
        place
            .app
            .answer_correction(&place.actor(role), asked, 1, Answer::Changed, "It is in")
    };
    for role in Role::ALL {
        let actor = place.actor(*role);
        match role {
            Role::HubLead | Role::Practitioner | Role::PrivacyOfficer => {
                assert_eq!(waiting(&place, *role), [asked], "{role}");
                assert!(place.app.correction(&actor, asked).is_ok(), "{role}");
            }
            _ => {
                assert!(denied(place.app.corrections(&actor)), "{role}");
                assert!(denied(place.app.correction(&actor, asked)), "{role}");
                assert!(denied(say(*role)), "{role}");
            }
        }
    }
    // Without a relationship it is not there; the privacy officer has it all the same.
    let ties = place
        .app
        .store()
        .read(|tx| store::relationship::of_person(tx, person))
        .unwrap();
    let own = mary.account.unwrap().to_string();
    for tie in ties.iter().filter(|tie| tie.holder != own) {
        place
            .app
            .store()
            .write(|tx| store::relationship::end(tx, tie.id, place.app.now()))
            .unwrap();
    }
    for role in [Role::HubLead, Role::Practitioner] {
        assert_eq!(waiting(&place, role), [], "{role}");
        assert!(
            gone(place.app.correction(&place.actor(role), asked)),
            "{role}"
        );
        assert!(gone(say(role)), "{role}");
    }
    assert_eq!(waiting(&place, Role::PrivacyOfficer), [asked]);
    say(Role::PrivacyOfficer).unwrap();
}

#[test]
fn a_request_about_a_line_goes_to_those_who_may_see_the_line() {
    let (place, person, mary) = mary();
    let secret = line(
        &place,
        person,
        "Condition",
        "HIV test",
        ("nhs", TRUST, "sexual-health"),
    );
    let shown = place.app.own_corrections(&mary, Some(secret)).unwrap();
    assert_eq!(shown.line.unwrap().title, "HIV test");
    let about = About::Line(secret);
    let asked = place.app.ask_correction(&mary, about, "Not me").unwrap();
    // The trust wrote it; the council may not know that it is there.
    assert_eq!(waiting(&place, Role::HubLead), [asked]);
    assert_eq!(waiting(&place, Role::Practitioner), []);
    assert!(gone(
        place
            .app
            .correction(&place.actor(Role::Practitioner), asked)
    ));
    assert_eq!(waiting(&place, Role::PrivacyOfficer), [asked]);

    // A line of somebody else's cannot be asked about.
    let other = add(&place, 2, "Eleanor");
    let theirs = line(&place, other, "Condition", "Gout", ("nhs", TRUST, ""));
    assert!(gone(place.app.own_corrections(&mary, Some(theirs))));
    assert!(gone(place.app.ask_correction(
        &mary,
        About::Line(theirs),
        "Not me"
    )));
}
