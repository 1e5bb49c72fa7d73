//! Who looked, told to the person and to staff.

use access::{Actor, Role};
use app::Error;
use app::person::TimelineFilter;
use jiff::civil::date;
use kernel::{NhsNumber, PersonId};
use person::relationship::Relationship;
use person::{Gender, Person};
use testkit::Place;

pub fn add(place: &Place, serial: u32, family: &str, given: &str) -> PersonId {
    let person = Person {
        nhs_number: NhsNumber::synthetic(serial),
        family_name: family.to_owned(),
        given_name: given.to_owned(),
        birth_date: Some(date(1938, 4, 3)),
        gender: Gender::Female,
        address: "1 Hiram Street, Barchester".to_owned(),
        postcode: "ZZ1 4AB".to_owned(),
        ..Person::unknown(place.app.ids().person())
    };
    let now = place.app.now();
    let store = place.app.store();
    store
        .write(|tx| store::person::insert(tx, &person, now))
        .unwrap();
    person.id
}

pub fn holder(actor: &Actor) -> String {
    actor.account.map(|id| id.to_string()).unwrap()
}

#[test]
fn a_person_reads_who_looked_and_a_carer_and_a_stranger_do_not() {
    let place = testkit::place();
    let hub = place.actor(Role::HubLead);
    let mary = add(&place, 1, "Bold", "Mary");
    place.tie(mary);
    let everything = TimelineFilter::default();
    place.app.person(&hub, mary, &everything).unwrap();

    let own = place.actor(Role::Person);
    let nobody = place.app.who_looked(&own, mary, 1);
    assert!(nobody.is_err(), "not before it is known that it is they");
    place.relate(Relationship::Oneself, &holder(&own), mary);
    let page = place.app.who_looked(&own, mary, 1).unwrap();
    let words: Vec<&str> = page.rows.iter().map(|row| row.words.as_str()).collect();
    assert_eq!(
        words,
        [
            "On 16 October at 10:30am Hub lead Harding, hub lead at Barsetshire Hospitals Trust, \
             read your record to care for you. They saw none of its lines."
        ]
    );
    // That they read the list is itself on the list, and told as theirs.
    let page = place.app.who_looked(&own, mary, 1).unwrap();
    assert_eq!(
        page.rows[0].words,
        "On 16 October at 10:30am you read the list of who looked at your record. You saw 1 entry."
    );
    let page = place.app.who_looked(&hub, mary, 1).unwrap();
    assert!(
        page.rows[0].words.contains(
            "the person themselves read the list of who looked at their own record. They saw 2"
        ),
        "{}",
        page.rows[0].words
    );

    let anne = add(&place, 2, "Grantly", "Anne");
    place.relate(Relationship::Carer, &holder(&own), anne);
    let carer = place.app.who_looked(&own, anne, 1);
    assert!(matches!(carer, Err(Error::NotFound(_))), "{carer:?}");
    let stranger = place.app.who_looked(&hub, anne, 1);
    assert!(matches!(stranger, Err(Error::NoTie(_))), "{stranger:?}");
}
