use access::{Actor, Role};
use app::Error;
use app::person::TimelineFilter;
use jiff::civil::date;
use kernel::{NhsNumber, PersonId};
use person::{Gender, Person};
use store::journal;
use testkit::Place;

fn add(place: &Place, serial: u32, family: &str, given: &str, postcode: &str) -> PersonId {
    let person = Person {
        id: place.app.ids().person(),
        nhs_number: NhsNumber::synthetic(serial),
        family_name: family.to_owned(),
        given_name: given.to_owned(),
        birth_date: Some(date(1938, 4, 3)),
        gender: Gender::Unknown,
        address: "1 Hiram Street, Barchester".to_owned(),
        postcode: postcode.to_owned(),
        telephone: String::new(),
        council: Some(place.council),
        practice_code: None,
        died_on: None,
        flags: vec!["carer".to_owned()],
    };
    place
        .app
        .store()
        .write(|tx| store::person::insert(tx, &person, place.app.now()))
        .unwrap();
    place.tie(person.id);
    person.id
}

fn hub(place: &Place) -> Actor {
    place.actor(Role::HubLead)
}

#[test]
fn people_are_found_by_what_staff_type() {
    let place = testkit::place();
    let arthur = add(&place, 1, "Jones-Quiverful", "Arthur John", "ZZ1 4AB");
    let mary = add(&place, 2, "O'Brien", "Mary", "ZZ14 4AB");
    let ann = add(&place, 3, "Jonas", "Ann 100%", "ZZ2 4AB");
    let number = NhsNumber::synthetic(2).unwrap().spaced();
    for (typed, expected) in [
        ("jon", vec![ann, arthur]),
        ("JONES, arthur", vec![arthur]),
        ("quiver john", vec![arthur]),
        ("obrien", vec![mary]),
        ("o'brien m", vec![mary]),
        ("zz1 4ab", vec![arthur]),
        ("zz1", vec![arthur, mary]),
        ("3 April 1938", vec![ann, arthur, mary]),
        ("ann 3/4/1938", vec![ann]),
        (number.as_str(), vec![mary]),
        ("100%", vec![ann]),
        ("nobody", vec![]),
        ("3/4/1939", vec![]),
    ] {
        let found = place.app.find_person(&hub(&place), typed).unwrap();
        let found: Vec<_> = found.iter().map(|hit| hit.found.id).collect();
        assert_eq!(found, expected, "{typed}");
    }
}

#[test]
fn a_changed_name_is_found_and_the_old_is_not() {
    let place = testkit::place();
    let id = add(&place, 1, "Jones", "Arthur", "ZZ1 4AB");
    place
        .app
        .store()
        .write(|tx| {
            let mut person = store::person::by_id(tx, id)?.unwrap();
            person.family_name = "Grantly".to_owned();
            store::person::update(tx, &person)
        })
        .unwrap();
    assert_eq!(
        place
            .app
            .find_person(&hub(&place), "grantly")
            .unwrap()
            .len(),
        1
    );
    assert_eq!(place.app.find_person(&hub(&place), "jones").unwrap(), []);
}

#[test]
fn each_look_is_journalled_with_who_and_whose_but_not_with_what_was_typed() {
    let place = testkit::place();
    let id = add(&place, 1, "Jones", "Arthur", "ZZ1 4AB");
    place.app.find_person(&hub(&place), "jones").unwrap();
    let page = place
        .app
        .person(&hub(&place), id, &TimelineFilter::default())
        .unwrap();
    assert_eq!(page.council.as_deref(), Some("Barsetshire County Council"));
    assert_eq!(page.looks, [], "this look is not yet among those shown");
    let page = place
        .app
        .person(&hub(&place), id, &TimelineFilter::default())
        .unwrap();
    assert_eq!(page.looks.len(), 1);
    assert_eq!(
        page.looks[0].words,
        "On 16 October at 10:30am Hub lead Harding, hub lead at Barsetshire Hospitals Trust, read this record to \
         care for them. They saw none of its lines."
    );
    let store = place.app.store();
    let journal = store
        .read(|tx| tx.query("SELECT detail, subject FROM journal", &[]))
        .unwrap();
    assert!(!format!("{journal:?}").to_lowercase().contains("jones"));
    assert_eq!(
        store.read(|tx| journal::broken_links(tx)).unwrap(),
        Vec::<String>::new()
    );
}

#[test]
fn a_role_that_may_not_sees_nothing_and_leaves_no_look() {
    let place = testkit::place();
    let id = add(&place, 1, "Jones", "Arthur", "ZZ1 4AB");
    let finance = Actor {
        role: Role::Finance,
        ..hub(&place)
    };
    let before = place
        .app
        .store()
        .read(|tx| tx.query("SELECT sequence FROM journal", &[]))
        .unwrap();
    let refused = place.app.person(&finance, id, &TimelineFilter::default());
    assert!(matches!(refused, Err(Error::Denied(_))));
    assert!(matches!(
        place.app.find_person(&finance, "jones"),
        Err(Error::Denied(_))
    ));
    let after = place
        .app
        .store()
        .read(|tx| tx.query("SELECT sequence FROM journal", &[]))
        .unwrap();
    assert_eq!(before.len(), after.len());
}

#[test]
fn nobody_is_not_found() {
    let place = testkit::place();
    let refused = place
        .app
        .person_with_number(&hub(&place), NhsNumber::synthetic(9).unwrap());
    assert!(matches!(refused, Err(Error::NotFound(_))));
}
