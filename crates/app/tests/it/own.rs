//! The person's own pages: accounts, the record, sharing, About me. Carers and requests to put a
//! record right are in the modules below.

mod carers;
mod corrections;

use access::{Actor, Role};
use app::Error;
use app::person::TimelineFilter;
use app::person::own::{Choice, HOW};
use app::session::NewAccount;
use jiff::civil::date;
use kernel::{AccountId, NhsNumber, PersonId, TimelineId};
use person::relationship::Relationship;
use person::{Gender, Person};
use store::account::Account;
use store::timeline::{self, NewLine};
use store::wish::WishKind;
use testkit::Place;

const TRUST: &str = "Barsetshire Hospitals Trust";
const COUNCIL: &str = "Barsetshire County Council";

/// A place with Mary, who signs in as the place's person, tied to trust and council.
fn mary() -> (Place, PersonId, Actor) {
    let place = testkit::place();
    let person = add(&place, 1, "Mary");
    place.tie(person);
    let actor = place.actor(Role::Person);
    let account = actor.account.unwrap();
    place
        .app
        .store()
        .write(|tx| store::own::give(tx, account, person))
        .unwrap();
    place.relate(Relationship::Oneself, &account.to_string(), person);
    (place, person, actor)
}

fn add(place: &Place, serial: u32, given: &str) -> PersonId {
    let person = Person {
        nhs_number: NhsNumber::synthetic(serial),
        family_name: "Bold".to_owned(),
        given_name: given.to_owned(),
        birth_date: Some(date(1938, 4, 3)),
        gender: Gender::Female,
        address: "1 Hiram Street, Barchester".to_owned(),
        ..Person::unknown(place.app.ids().person())
    };
    let now = place.app.now();
    place
        .app
        .store()
        .write(|tx| store::person::insert(tx, &person, now))
        .unwrap();
    person.id
}

/// Another account at home, without a password that fits anything.
fn at_home(place: &Place, username: &str) -> Actor {
    let account = Account {
        id: place.app.ids().account(),
        username: username.to_owned(),
        display_name: username.to_owned(),
        role: Role::Person.as_str().to_owned(),
        organisation: place.council,
        organisation_name: String::new(),
        password_hash: String::new(),
    };
    place
        .app
        .store()
        .write(|tx| store::account::insert(tx, &account))
        .unwrap();
    Actor {
        account: Some(account.id),
        username: username.to_owned(),
        display_name: username.to_owned(),
        ..place.actor(Role::Person)
    }
}

fn line(
    place: &Place,
    person: PersonId,
    kind: &str,
    title: &str,
    (sector, source, category): (&str, &str, &str),
) -> TimelineId {
    let id = place.app.ids().timeline();
    let line = NewLine {
        person: Some(person),
        person_key: None,
        happened_at: Some("2018-08-06"),
        kind,
        title,
        sector,
        source,
        category,
        codes: None,
        received_at: place.app.now(),
        shelf: None,
        stay: None,
        document: None,
    };
    place
        .app
        .store()
        .write(|tx| timeline::add(tx, id, &line))
        .unwrap();
    id
}

/// Titles that somebody of the staff sees.
fn staff_sees(place: &Place, role: Role, person: PersonId) -> Vec<String> {
    let page = place
        .app
        .person(&place.actor(role), person, &TimelineFilter::default())
        .unwrap();
    let mut titles: Vec<String> = page.timeline.into_iter().map(|one| one.title).collect();
    titles.sort();
    titles
}

/// Rows of the journal with an action: actor, subject, detail.
fn journalled(place: &Place, action: &str) -> Vec<(String, String, String)> {
    place
        .app
        .store()
        .read(|tx| {
            tx.query(
                "SELECT actor, subject, detail FROM journal WHERE action = ?1 ORDER BY sequence",
                &[action.into()],
            )?
            .iter()
            .map(|row| {
                Ok((
                    row.text(0)?.to_owned(),
                    row.text(1)?.to_owned(),
                    row.text(2)?.to_owned(),
                ))
            })
            .collect::<Result<Vec<_>, store::Error>>()
        })
        .unwrap()
}

fn gone<T>(result: Result<T, Error>) -> bool {
    matches!(result, Err(Error::NotFound(_)))
}

fn denied<T>(result: Result<T, Error>) -> bool {
    matches!(result, Err(Error::Denied(_)))
}

#[test]
fn an_own_account_is_made_by_the_operator_and_opens_that_record_alone() {
    let place = testkit::place();
    let (person, other) = (add(&place, 1, "Mary"), add(&place, 2, "Eleanor"));
    let new = NewAccount {
        username: "mary",
        password: "hiram's hospital",
        display_name: "Mary Bold",
        role: Role::Person,
        organisation: place.council,
    };
    let operator = Actor::operator();
    assert!(denied(place.app.make_own_account(
        &place.actor(Role::Administrator),
        &new,
        person
    )));
    let staff = NewAccount {
        role: Role::HubLead,
        ..new.clone()
    };
    assert!(matches!(
        place.app.make_own_account(&operator, &staff, person),
        Err(Error::Invalid(_))
    ));
    let nobody = place.app.ids().person();
    assert!(gone(place.app.make_own_account(&operator, &new, nobody)));
    place.app.make_own_account(&operator, &new, person).unwrap();
    assert!(matches!(
        place.app.make_own_account(&operator, &new, person),
        Err(Error::Invalid(_))
    ));
    assert_eq!(journalled(&place, "account: make own").len(), 1);

    let mary = place
        .app
        .sign_in("mary", "hiram's hospital")
        .unwrap()
        .unwrap();
    let found = place.app.own_record(&mary.actor, None, 1).unwrap();
    assert!(found.mine.oneself);
    assert_eq!(found.mine.name, "Mary Bold");
    assert_eq!(found.person.unwrap().id, person);
    assert_eq!(place.app.own_person(&mary.actor).unwrap(), person);
    // Somebody else's is not there, and neither is the staff's way to any.
    assert!(gone(place.app.own_record(&mary.actor, Some(other), 1)));
    let filter = TimelineFilter::default();
    assert!(denied(place.app.person(&mary.actor, person, &filter)));
    assert!(denied(place.app.find_person(&mary.actor, "bold")));
}

#[test]
fn staff_have_no_own_pages_and_a_stranger_at_home_finds_nothing() {
    let (place, person, _) = mary();
    let stranger = at_home(&place, "stranger");
    for role in Role::ALL.iter().filter(|role| **role != Role::Person) {
        let actor = place.actor(*role);
        assert!(denied(place.app.own_home(&actor)), "{role}");
        assert!(
            denied(place.app.own_record(&actor, Some(person), 1)),
            "{role}"
        );
        assert!(
            denied(place.app.own_letters(&actor, Some(person))),
            "{role}"
        );
        assert!(denied(place.app.own_sharing(&actor)), "{role}");
        assert!(denied(place.app.own_corrections(&actor, None)), "{role}");
        assert!(denied(place.app.own_about(&actor, Some(person))), "{role}");
        assert!(denied(place.app.own_carers(&actor)), "{role}");
        assert!(denied(place.app.take_up(&actor, "x")), "{role}");
    }
    assert_eq!(place.app.own_home(&stranger).unwrap().records, []);
    assert!(gone(place.app.own_record(&stranger, Some(person), 1)));
    assert!(gone(place.app.own_record(&stranger, None, 1)));
    assert!(gone(place.app.own_letters(&stranger, Some(person))));
    assert!(gone(place.app.own_sharing(&stranger)));
    assert!(gone(place.app.own_corrections(&stranger, None)));
    assert!(gone(place.app.own_about(&stranger, Some(person))));
    assert!(gone(place.app.own_carers(&stranger)));
    let looked = place.app.who_looked(&stranger, person, 1);
    assert!(matches!(looked, Err(Error::NoTie(_))));
}

#[test]
fn a_person_sees_all_of_their_own_record_a_page_at_a_time() {
    let (place, person, mary) = mary();
    for number in 0..35 {
        line(
            &place,
            person,
            "Observation",
            &format!("Blood pressure {number}"),
            ("nhs", TRUST, ""),
        );
    }
    line(
        &place,
        person,
        "Condition",
        "HIV test",
        ("nhs", TRUST, "sexual-health"),
    );
    let first = place.app.own_record(&mary, None, 1).unwrap();
    assert_eq!((first.lines.len(), first.more), (30, true));
    let second = place.app.own_record(&mary, None, 2).unwrap();
    assert_eq!((second.lines.len(), second.more), (6, false));
    let all = first.lines.iter().chain(&second.lines);
    assert!(all.clone().any(|one| one.title == "HIV test"));
    assert_eq!(first.sight.because, "Shown because it is your own record.");
    assert_eq!(first.sight.allowed.purpose, "own record");
    // Staff see everything but what is withheld by default.
    assert_eq!(staff_sees(&place, Role::Practitioner, person).len(), 35);
}

#[test]
fn an_objection_hides_at_once_from_others_and_not_from_its_source() {
    let (place, person, mary) = mary();
    line(
        &place,
        person,
        "Condition",
        "Depression",
        ("nhs", TRUST, "mental-health"),
    );
    line(&place, person, "Observation", "Weight", ("nhs", TRUST, ""));
    line(
        &place,
        person,
        "Care package",
        "Home care",
        ("council", COUNCIL, ""),
    );
    // The hub lead is of the trust, the practitioner of the council.
    let all = ["Depression", "Home care", "Weight"];
    for role in [Role::HubLead, Role::Practitioner] {
        assert_eq!(staff_sees(&place, role, person), all);
    }
    let object = Choice::Object("mental-health".to_owned());
    place.app.choose_sharing(&mary, &object, true).unwrap();
    assert_eq!(staff_sees(&place, Role::HubLead, person), all);
    assert_eq!(
        staff_sees(&place, Role::Practitioner, person),
        ["Home care", "Weight"]
    );
    let everything = Choice::Object(String::new());
    place.app.choose_sharing(&mary, &everything, true).unwrap();
    assert_eq!(
        staff_sees(&place, Role::HubLead, person),
        ["Depression", "Weight"]
    );
    assert_eq!(
        staff_sees(&place, Role::Practitioner, person),
        ["Home care"]
    );
    // They themselves see it all.
    assert_eq!(place.app.own_record(&mary, None, 1).unwrap().lines.len(), 3);

    // Taken back one by one; saying again what stands changes nothing.
    place.app.choose_sharing(&mary, &everything, true).unwrap();
    place.app.choose_sharing(&mary, &everything, false).unwrap();
    place.app.choose_sharing(&mary, &everything, false).unwrap();
    assert_eq!(
        staff_sees(&place, Role::Practitioner, person),
        ["Home care", "Weight"]
    );
    let sharing = place.app.own_sharing(&mary).unwrap();
    assert!(sharing.stands(&object) && !sharing.stands(&everything));
    assert_eq!(
        sharing.wishes.len(),
        2,
        "nothing is erased, nothing is double"
    );
    assert!(sharing.wishes.iter().all(|wish| wish.how == HOW));
    let over = sharing.wishes.iter().find(|wish| wish.ended.is_some());
    assert_eq!(over.unwrap().category, "");
    assert_eq!(journalled(&place, "wish: object").len(), 2);
    assert_eq!(journalled(&place, "wish: take back objection").len(), 1);
}

#[test]
fn the_opt_out_is_kept_and_takes_effect_on_uses_beyond_care() {
    let (place, person, mary) = mary();
    let counted = || {
        place
            .app
            .store()
            .read(|tx| {
                let place = tx.place().to_owned();
                let sql = format!(
                    "SELECT p.id FROM person p WHERE p.place = ?1 AND {}",
                    store::wish::not_opted_out("p.head_id")
                );
                tx.query(&sql, &[place.into()])?
                    .iter()
                    .map(|row| row.id(0))
                    .collect::<Result<Vec<PersonId>, store::Error>>()
            })
            .unwrap()
    };
    assert_eq!(counted(), [person]);
    place
        .app
        .choose_sharing(&mary, &Choice::OptOut, true)
        .unwrap();
    assert_eq!(counted(), []);
    let wishes = place.app.own_sharing(&mary).unwrap().wishes;
    assert_eq!(wishes[0].kind, WishKind::OptOut);
    place
        .app
        .choose_sharing(&mary, &Choice::OptOut, false)
        .unwrap();
    assert_eq!(counted(), [person]);
}

#[test]
fn one_agrees_only_with_those_who_have_to_do_with_one() {
    let (place, _, mary) = mary();
    let agree = Choice::Agree(place.council);
    assert!(gone(place.app.choose_sharing(
        &mary,
        &Choice::Agree(place.neighbour),
        true
    )));
    place.app.choose_sharing(&mary, &agree, true).unwrap();
    let sharing = place.app.own_sharing(&mary).unwrap();
    assert!(sharing.stands(&agree));
    assert_eq!(sharing.name_of(&place.council.to_string()), Some(COUNCIL));
    place.app.choose_sharing(&mary, &agree, false).unwrap();
    assert!(!place.app.own_sharing(&mary).unwrap().stands(&agree));
}

#[test]
fn about_me_is_written_by_the_person_and_keeps_what_stood_before() {
    let (place, person, mary) = mary();
    let write =
        |words: &str, helped: &str| place.app.write_own_about(&mary, "important", words, helped);
    write("My cat", "").unwrap();
    write("My cat", "").unwrap();
    write("  My cat and my garden ", "Eleanor").unwrap();
    write("", "").unwrap();
    let about = place.app.own_about(&mary, None).unwrap();
    let important = about.headings.iter().find(|one| one.key == "important");
    let said: Vec<_> = important
        .unwrap()
        .said
        .iter()
        .map(|one| (one.words.as_str(), one.helped_by.as_str()))
        .collect();
    assert_eq!(
        said,
        [
            ("", ""),
            ("My cat and my garden", "Eleanor"),
            ("My cat", "")
        ]
    );
    let stands = place
        .app
        .store()
        .read(|tx| store::about_me::latest(tx, person))
        .unwrap();
    assert_eq!(stands, []);
    assert!(gone(place.app.write_own_about(&mary, "secrets", "x", "")));
    for (words, helped) in [
        ("x".repeat(2_001), String::new()),
        ("x".into(), "y".repeat(101)),
    ] {
        assert!(matches!(write(&words, &helped), Err(Error::Invalid(_))));
    }
    // The words themselves are not in the journal.
    for (_, subject, detail) in journalled(&place, "about me: write") {
        assert!(!subject.contains("cat") && !detail.contains("cat"));
    }
}

/// An account by which nobody is tied to anything.
fn account(actor: &Actor) -> AccountId {
    actor.account.unwrap()
}
