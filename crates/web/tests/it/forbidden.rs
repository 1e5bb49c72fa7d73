//! A record that may not be known of changes no byte of any answer: two places that differ by
//! such records alone answer everything alike.

use crate::house::House;
use ::flow::{CareType, DestinationState, Stay};
use access::{Actor, Role};
use jiff::civil::{Date, date};
use kernel::{NhsNumber, PersonId, StayId};
use person::relationship::Relationship;
use person::{Gender, Person};
use store::flow::StayRow;
use store::inbox::InboxKind;
use store::wish::Restriction;

const FAMILIES: [&str; 4] = ["Quiverful", "Quiver", "Jones", "Smith-Jones"];
const GIVEN: [&str; 3] = ["Mary", "Arthur John", "Ann"];
const POSTCODES: [&str; 3] = ["ZZ1 4AB", "ZZ1 4AC", "ZZ2 1AA"];
const DAYS: [Date; 2] = [date(1938, 4, 3), date(1950, 1, 1)];

/// A small generator: the same numbers each time.
struct Chance(u64);

impl Chance {
    fn of<T: Copy>(&mut self, list: &[T]) -> T {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        list[usize::try_from(self.0 % list.len() as u64).unwrap()]
    }
}

/// An id that was not drawn from the place's own source, which then stays the same.
fn id<T: std::str::FromStr>(kind: u32, number: u32) -> T
where
    T::Err: std::fmt::Debug,
{
    let text = format!("0190{kind:04x}-0000-7000-8000-{number:012x}");
    text.parse().unwrap()
}

fn person_of(number: u32, chance: &mut Chance) -> Person {
    Person {
        nhs_number: NhsNumber::synthetic(number + 50),
        family_name: chance.of(&FAMILIES).to_owned(),
        given_name: chance.of(&GIVEN).to_owned(),
        birth_date: Some(chance.of(&DAYS)),
        gender: Gender::Female,
        address: "1 Hiram Street".to_owned(),
        postcode: chance.of(&POSTCODES).to_owned(),
        ..Person::unknown(id(1, number))
    }
}

/// Puts somebody in hospital, with all ties that this brings.
fn admit(house: &House, number: u32, chance: &mut Chance) -> (PersonId, StayId) {
    let app = &house.place.app;
    let person = person_of(number, chance);
    let row = StayRow {
        stay: Stay {
            id: id(2, number),
            person: person.id,
            hospital: house.place.hospital,
            ward: chance.of(&["Allington ward", "Framley ward"]).to_owned(),
            bed: "7".to_owned(),
            council: Some(house.place.council),
            care_type: CareType::Acute,
            admitted_on: date(2018, 9, 20),
            admission_method: None,
            expected_on: None,
            clinical_ready_on: None,
            mdt_ready_on: None,
            safe_on: None,
            ready_on: chance.of(&[None, Some(date(2018, 10, 8))]),
            discharged_on: None,
            discharge_method: None,
            discharge_destination: None,
            pathway: None,
            segments: Vec::new(),
        },
        source: "test".to_owned(),
        source_key: Some(number.to_string()),
        assessed_on: None,
        destination: String::new(),
        destination_state: DestinationState::NotSought,
        starts_on: None,
        next_action: String::new(),
        next_owner: Some(house.place.council),
        next_owner_name: String::new(),
        next_due_at: Some("2018-10-16T06:30:00Z".parse().unwrap()),
        updated_at: app.now(),
        updated_by: "Test".to_owned(),
        version: 1,
    };
    app.store()
        .write(|tx| {
            store::person::insert(tx, &person, app.now())?;
            store::flow::insert_stay(tx, &row)?;
            store::statutory_case::insert(tx, &case_of(house, number, person.id))?;
            app.follow_stay(tx, (&row).into())?;
            app.follow_chain(tx, &row)
        })
        .unwrap();
    (person.id, row.stay.id)
}

/// A case that whoever may see the person may know of.
fn case_of(house: &House, number: u32, person: PersonId) -> store::statutory_case::Case {
    store::statutory_case::Case {
        id: id(4, number),
        person,
        kind: ::flow::clocks::CaseKind::Chc,
        owner: house.place.council,
        professional: String::new(),
        opened_at: house.place.app.now(),
        extended_on: None,
        urgent_until: None,
        closed: None,
        why: String::new(),
        updated_at: house.place.app.now(),
        updated_by: "Test".to_owned(),
        version: 1,
    }
}

fn restrict(house: &House, number: u32, person: PersonId) {
    let restriction = Restriction {
        id: id(3, number),
        person,
        whole: true,
        why: "A court order".to_owned(),
        made_at: house.place.app.now(),
        made_by: "test".to_owned(),
        ended: None,
    };
    let put = |tx: &mut dyn store::Tx| store::wish::restrict(tx, &restriction);
    house.place.app.store().write(put).unwrap();
}

/// Everything that is asked, and how: as a form where there is one.
fn asked(
    visible: (PersonId, StayId),
    hidden: (PersonId, StayId),
    number: &str,
) -> Vec<(String, Option<String>)> {
    let mut all: Vec<(String, Option<String>)> = [
        "/",
        "/flow/board",
        "/flow/board?ward=Allington+ward",
        "/flow/board?ready=yes&order=ward",
        "/flow/board?page=2",
        "/flow/work",
        "/flow/work?which=all",
        "/flow/work?which=late",
        "/flow/cost",
        "/flow/huddle",
        "/flow/clocks",
        "/person/find",
        "/identity",
        "/inbox",
        "/place/statistics",
        "/person/emergency",
        "/flow/needs",
        "/meetings",
        "/capacity",
        "/flow/triage",
        "/flow/triage?show=closed",
        "/flow/agreements",
    ]
    .map(|path| (path.to_owned(), None))
    .into();
    for (person, stay) in [visible, hidden] {
        for path in [
            "",
            "?kind=Condition",
            "/open",
            "/around",
            "/wishes",
            "/plan",
            "/need",
            "/services",
            "/cases",
            "/cases/new",
            "/forms",
            "/refer",
        ] {
            all.push((format!("/person/{person}{path}"), None));
        }
        all.push((format!("/flow/stay/{stay}"), None));
        all.push((format!("/flow/stay/{stay}/edit/reason"), None));
        all.push((format!("/flow/stay/{stay}/leaving"), None));
        all.push((format!("/flow/stay/{stay}/reside"), None));
        all.push((format!("/flow/stay/{stay}/long-stay"), None));
        all.push((format!("/flow/stay/{stay}/need"), None));
        all.push((format!("/flow/stay/{stay}/choice-letter"), None));
        all.push((format!("/flow/stay/{stay}/notices"), None));
        for (path, form) in [
            (
                format!("/person/{person}/around"),
                "button=x&capacity=nurse",
            ),
            (
                format!("/person/{person}/wishes"),
                "what=opt-out&how=said+so",
            ),
        ] {
            if person == hidden.0 {
                all.push((path, Some(form.to_owned())));
            }
        }
        let open = "reason=danger&words=collapsed".to_owned();
        all.push((format!("/person/{}/open", hidden.0), Some(open)));
    }
    for typed in FAMILIES.iter().chain(&POSTCODES).chain(&[
        "3/4/1938",
        "mary quiverful 3/4/1938",
        "quiver mary",
        "zz1",
        number,
    ]) {
        let form = format!("search={}", typed.replace(' ', "+"));
        all.push(("/person/find".to_owned(), Some(form)));
    }
    for (day, year) in [(3, 1938), (1, 1950)] {
        let month = if day == 3 { 4 } else { 1 };
        let form = format!(
            "number={}&born-day={day}&born-month={month}&born-year={year}&reason=danger&words=collapsed",
            number.replace(' ', "")
        );
        all.push(("/person/emergency".to_owned(), Some(form)));
    }
    all
}

#[test]
fn a_forbidden_record_changes_no_byte_of_any_answer() {
    let roles = [
        Role::HubLead,
        Role::Practitioner,
        Role::Finance,
        Role::Administrator,
    ];
    let (one, other) = (House::new(), House::new());
    let mut visible = None;
    for house in [&one, &other] {
        let mut chance = Chance(7);
        for number in 1..=4 {
            visible = Some(admit(house, number, &mut chance));
        }
        // Somebody waits to be decided.
        for (id, given) in [("mary", "Mary"), ("molly", "Molly")] {
            let text = format!(
                r#"{{"resourceType":"Patient","id":"{id}","birthDate":"1938-04-03","name":[{{"family":"Quiverful","given":["{given}"]}}],"address":[{{"postalCode":"ZZ1 4AB"}}]}}"#
            );
            let operator = Actor::operator();
            let app = &house.place.app;
            app.take_in(&operator, InboxKind::Fhir, id, text.as_bytes())
                .unwrap();
        }
        house.place.tie_all();
    }
    let visible = visible.unwrap();
    let tokens = |house: &House| roles.map(|role| house.enter(role));
    let (mine, theirs) = (tokens(&one), tokens(&other));
    assert_eq!(mine, theirs, "the places are the same to the byte");

    let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
    let mut compared = 0;
    for number in 100..106 {
        let hidden = admit(&other, number, &mut chance);
        restrict(&other, number, hidden.0);
        let digits = NhsNumber::synthetic(number + 50).unwrap().spaced();
        for (token, role) in mine.iter().zip(roles) {
            for (path, form) in asked(visible, hidden, &digits) {
                let ask = |house: &House| match &form {
                    Some(form) => house.submit(&path, token, form),
                    None => house.get(&path, Some(token)),
                };
                let (without, with) = (ask(&one), ask(&other));
                assert_eq!(with.status, without.status, "{role} {path} {form:?}");
                assert_eq!(with.headers, without.headers, "{role} {path}");
                assert_eq!(with.text(), without.text(), "{role} {path} {form:?}");
                compared += 1;
            }
        }
    }
    assert!(compared > 900, "{compared} answers");
    // The test would see a difference: once the officer's restriction is lifted, there is one.
    let lift = |tx: &mut dyn store::Tx| {
        let now = other.place.app.now();
        store::wish::unrestrict(tx, id(3, 105), now, ("test", "test"))
    };
    assert!(other.place.app.store().write(lift).unwrap());
    let board = |house: &House| house.get("/flow/board", Some(&mine[0])).text();
    assert_ne!(board(&one), board(&other));
}

/// Whoever sees people counts the returns without those who are kept apart: a count that is one
/// more than the board would tell of them.
#[test]
fn a_forbidden_record_changes_no_return_of_who_sees_people() {
    let (one, other) = (House::new(), House::new());
    for house in [&one, &other] {
        let mut chance = Chance(7);
        for number in 1..=4 {
            admit(house, number, &mut chance);
        }
        let later = "2023-04-05T09:30:00Z".parse().unwrap();
        house.place.clock.set(later);
    }
    let (hub, finance) = (one.enter(Role::HubLead), one.enter(Role::Finance));
    assert_eq!(hub, other.enter(Role::HubLead));
    assert_eq!(finance, other.enter(Role::Finance));
    let hidden = admit(&other, 100, &mut Chance(9));
    restrict(&other, 100, hidden.0);
    for path in ["sitrep?period=2023-04-04", "delays?period=2018-10"] {
        let path = format!("/flow/returns/{path}");
        let ask = |house: &House, token: &str| house.get(&path, Some(token)).text();
        assert_eq!(ask(&one, &hub), ask(&other, &hub), "{path}");
    }
    // The official count has everybody.
    let path = "/flow/returns/sitrep?period=2023-04-04";
    let ask = |house: &House| house.get(path, Some(&finance)).text();
    assert_ne!(ask(&one), ask(&other));
}

#[test]
fn nobody_without_a_link_changes_a_list_a_count_or_a_search() {
    let (one, other) = (House::new(), House::new());
    for house in [&one, &other] {
        admit(house, 1, &mut Chance(7));
    }
    let (mine, theirs) = (one.enter(Role::HubLead), other.enter(Role::HubLead));
    assert_eq!(mine, theirs);
    let hidden = admit(&other, 100, &mut Chance(7));
    // Nobody has anything to do with the second one any more.
    let store = other.place.app.store();
    let ended = store.write(|tx| {
        for kept in store::relationship::of_person(tx, hidden.0)? {
            store::relationship::end(tx, kept.id, other.place.app.now())?;
        }
        Ok::<_, store::Error>(store::relationship::of_person(tx, hidden.0)?.len())
    });
    assert!(ended.unwrap() > 1);
    for path in ["/flow/board", "/flow/board?ready=yes", "/identity"] {
        let ask = |house: &House| house.get(path, Some(&mine)).text();
        assert_eq!(ask(&one), ask(&other), "{path}");
    }
    for typed in ["quiver", "ann", "ZZ1", "3/4/1938", "1/1/1950"] {
        let form = format!("search={typed}");
        let ask = |house: &House| house.submit("/person/find", &mine, &form).text();
        assert_eq!(ask(&one), ask(&other), "{typed}");
    }
    let page = other.get(&format!("/person/{}", hidden.0), Some(&mine));
    assert_eq!(page.status, 403);
    assert!(page.text().contains("You have no link with this person"));
    let account = other.place.actor(Role::HubLead).account.unwrap();
    other
        .place
        .relate(Relationship::Caseload, &account.to_string(), hidden.0);
    let page = other.get(&format!("/person/{}", hidden.0), Some(&mine));
    assert_eq!(page.status, 200);
}
