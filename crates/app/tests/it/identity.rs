//! Whose record is it: the named cases, and links made, kept apart and undone.

use access::{Actor, Role};
use app::Error;
use app::person::TimelineFilter;
use app::person::identity::{ReviewPage, Verdict};
use kernel::{NhsNumber, PersonId};
use store::identity::ReviewState;
use store::inbox::InboxKind;
use testkit::{Place, Seeded};

/// What a source says of somebody.
#[derive(Clone, Copy)]
struct Says<'a> {
    id: &'a str,
    number: Option<u32>,
    family: &'a str,
    given: &'a str,
    born: &'a str,
    postcode: &'a str,
    died: &'a str,
}

const MARY: Says<'_> = Says {
    id: "mary",
    number: None,
    family: "Quiverful",
    given: "Mary",
    born: "1938-04-03",
    postcode: "ZZ1 4AB",
    died: "",
};

fn arrives(place: &Place, says: Says<'_>) -> Vec<String> {
    let number = says.number.map_or(String::new(), |serial| {
        let number = NhsNumber::synthetic(serial).unwrap();
        format!(
            r#""identifier":[{{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"{number}"}}],"#
        )
    });
    let died = if says.died.is_empty() {
        String::new()
    } else {
        format!(r#""deceasedDateTime":"{}","#, says.died)
    };
    let born = if says.born.is_empty() {
        String::new()
    } else {
        format!(r#""birthDate":"{}","#, says.born)
    };
    let text = format!(
        r#"{{"resourceType":"Patient","id":"{}",{number}{died}{born}"name":[{{"family":"{}","given":["{}"]}}],"gender":"female","address":[{{"line":["1 Close"],"postalCode":"{}"}}]}}"#,
        says.id, says.family, says.given, says.postcode
    );
    let report = place
        .app
        .take_in(
            &Actor::operator(),
            InboxKind::Fhir,
            says.id,
            text.as_bytes(),
        )
        .unwrap();
    place.tie_all();
    report
        .issues
        .iter()
        .map(|issue| issue.code.clone())
        .collect()
}

fn row(place: &Place, id: &str) -> Option<PersonId> {
    let key = format!("Patient/{id}");
    place
        .app
        .store()
        .read(|tx| store::person::by_identifier(tx, "fhir:Patient", &key))
        .unwrap()
}

fn head(place: &Place, id: &str) -> Option<PersonId> {
    let row = row(place, id)?;
    place
        .app
        .store()
        .read(|tx| store::person::head_of(tx, row))
        .unwrap()
}

fn waiting(place: &Place) -> Vec<ReviewPage> {
    let lead = place.actor(Role::HubLead);
    let (reviews, _) = place.app.reviews(&lead, 1).unwrap();
    reviews
        .iter()
        .map(|review| place.app.review(&lead, review.id).unwrap())
        .collect()
}

fn well(place: &Place) {
    let wrong = place.app.doctor(&Actor::operator()).unwrap();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[derive(Debug, PartialEq, Eq)]
enum Became {
    Linked,
    Asked,
    New,
}

/// Mary is here; then a second source says something.
fn became(first: Says<'_>, second: Says<'_>) -> Became {
    let place = testkit::place();
    assert!(arrives(&place, first).is_empty());
    arrives(&place, second);
    let linked =
        head(&place, second.id).is_some() && head(&place, first.id) == head(&place, second.id);
    let asked = !waiting(&place).is_empty();
    well(&place);
    match (linked, asked) {
        (true, false) => Became::Linked,
        (false, true) => Became::Asked,
        (false, false) => Became::New,
        (true, true) => panic!("linked and asked"),
    }
}

#[test]
fn the_named_cases() {
    let other = Says {
        id: "other",
        ..MARY
    };
    let numbered = Says {
        number: Some(1),
        ..MARY
    };
    let cases = [
        (
            "number, birth date and name agree",
            numbered,
            Says {
                number: Some(1),
                postcode: "",
                ..other
            },
            Became::Linked,
        ),
        (
            "number, birth date and postcode agree: a changed surname",
            numbered,
            Says {
                number: Some(1),
                family: "Harding",
                given: "M",
                ..other
            },
            Became::Linked,
        ),
        (
            "the number alone",
            numbered,
            Says {
                number: Some(1),
                family: "Proudie",
                given: "Olivia",
                postcode: "AB9 9XY",
                ..other
            },
            Became::Asked,
        ),
        (
            "two people given one number",
            numbered,
            Says {
                number: Some(1),
                born: "1971-09-19",
                family: "Proudie",
                given: "Olivia",
                ..other
            },
            Became::Asked,
        ),
        (
            "a superseded number",
            numbered,
            Says {
                number: Some(2),
                ..other
            },
            Became::Asked,
        ),
        (
            "the number of somebody who has died",
            Says {
                died: "2017-01-02",
                ..numbered
            },
            Says {
                number: Some(1),
                born: "1990-05-05",
                ..other
            },
            Became::Asked,
        ),
        ("no number, all else agrees", MARY, other, Became::Asked),
        (
            "names exchanged",
            MARY,
            Says {
                family: "Mary",
                given: "Quiverful",
                ..other
            },
            Became::Asked,
        ),
        (
            "a changed surname without number",
            MARY,
            Says {
                family: "Harding",
                ..other
            },
            Became::Asked,
        ),
        (
            "day and month exchanged",
            MARY,
            Says {
                born: "1938-03-04",
                ..other
            },
            Became::Asked,
        ),
        (
            "a twin is asked about, never linked",
            MARY,
            Says {
                given: "Bridget",
                ..other
            },
            Became::Asked,
        ),
        (
            "the husband",
            MARY,
            Says {
                given: "Septimus",
                born: "1936-11-21",
                ..other
            },
            Became::New,
        ),
        (
            "a baby without a name",
            Says {
                given: "Baby",
                born: "2018-10-01",
                ..MARY
            },
            Says {
                given: "Bold",
                family: "Harding",
                born: "2018-10-01",
                postcode: "AB9 9XY",
                ..other
            },
            Became::New,
        ),
        (
            "a stranger",
            MARY,
            Says {
                family: "Thorne",
                given: "Anil",
                born: "1971-09-19",
                postcode: "AB9 9XY",
                ..other
            },
            Became::New,
        ),
        (
            "a date of birth that stands for none",
            Says {
                born: "1900-01-01",
                ..MARY
            },
            Says {
                born: "1900-01-01",
                family: "Thorne",
                given: "Anil",
                postcode: "AB9 9XY",
                ..other
            },
            Became::New,
        ),
    ];
    for (what, first, second, expected) in cases {
        assert_eq!(became(first, second), expected, "{what}");
    }
}

#[test]
fn a_link_joins_what_hangs_on_both_and_undoing_it_gives_everything_back() {
    let place = testkit::place();
    let lead = place.actor(Role::HubLead);
    arrives(&place, MARY);
    arrives(
        &place,
        Says {
            id: "other",
            given: "Molly",
            ..MARY
        },
    );
    let (mary, other) = (row(&place, "mary").unwrap(), row(&place, "other").unwrap());
    let page = |id| {
        place
            .app
            .person(&lead, id, &TimelineFilter::default())
            .unwrap()
    };
    assert_eq!(
        (page(mary).timeline.len(), page(other).timeline.len()),
        (1, 1)
    );
    let review = waiting(&place).remove(0);
    assert_eq!(review.candidates[0].person.id, mary);
    assert!(
        review.candidates[0]
            .kept
            .fields
            .contains("given name\ta form of the same name")
    );

    let decide = |version, verdict, why: &str| {
        place
            .app
            .decide_review(&lead, review.review.id, version, verdict, why)
    };
    assert!(matches!(
        decide(1, Verdict::Link(mary), " "),
        Err(Error::Invalid(_))
    ));
    assert!(matches!(
        decide(1, Verdict::Link(other), "same voice"),
        Err(Error::Invalid(_))
    ));
    decide(1, Verdict::Ask, "rang the ward").unwrap();
    assert!(matches!(
        decide(1, Verdict::Apart, "too late"),
        Err(Error::Stale { .. })
    ));
    assert_eq!(waiting(&place)[0].review.state, ReviewState::Asked);
    decide(2, Verdict::Link(mary), "the ward says so").unwrap();
    assert!(waiting(&place).is_empty());

    let both = page(other);
    assert_eq!(
        (both.person.id, both.timeline.len(), both.records.len()),
        (mary, 2, 2)
    );
    assert_eq!(both.person.given_name, "Mary", "the head's name is shown");
    let found = place.app.find_person(&lead, "molly quiverful").unwrap();
    assert_eq!(
        found.iter().map(|one| one.found.id).collect::<Vec<_>>(),
        [mary],
        "found by the other's name too"
    );

    let link = both.records[1].link.clone().unwrap();
    assert_eq!(
        (link.made_by.as_str(), link.why.as_str()),
        (lead.display_name.as_str(), "the ward says so")
    );
    place.app.undo_link(&lead, link.id, "two sisters").unwrap();
    assert!(matches!(
        place.app.undo_link(&lead, link.id, "again"),
        Err(Error::Stale { .. })
    ));
    let (one, two) = (page(mary), page(other));
    assert_eq!((one.timeline.len(), two.timeline.len()), (1, 1));
    assert_eq!(two.person.given_name, "Molly");
    // The same record again: they were kept apart, so nobody is asked a second time.
    arrives(
        &place,
        Says {
            id: "other",
            given: "Molly",
            postcode: "ZZ1 4AC",
            ..MARY
        },
    );
    assert!(waiting(&place).is_empty());
    well(&place);
}

#[test]
fn kept_apart_a_record_that_waited_becomes_a_person_and_linked_it_joins() {
    for link in [false, true] {
        let place = testkit::place();
        let lead = place.actor(Role::HubLead);
        arrives(
            &place,
            Says {
                number: Some(1),
                ..MARY
            },
        );
        let second = Says {
            id: "other",
            number: Some(1),
            born: "1971-09-19",
            ..MARY
        };
        assert_eq!(arrives(&place, second), ["identity-to-review"]);
        assert_eq!(row(&place, "other"), None, "nothing is made of it yet");
        let review = waiting(&place).remove(0);
        let mary = row(&place, "mary").unwrap();
        let verdict = if link {
            Verdict::Link(mary)
        } else {
            Verdict::Apart
        };
        place
            .app
            .decide_review(&lead, review.review.id, 1, verdict, "asked the practice")
            .unwrap();
        place.tie_all();
        assert_eq!(head(&place, "other") == Some(mary), link);
        let own = row(&place, "other").unwrap();
        let page = place
            .app
            .person(&lead, own, &TimelineFilter::default())
            .unwrap();
        assert_eq!(page.timeline.len(), if link { 2 } else { 1 });
        well(&place);
    }
}

#[test]
fn those_who_may_not_decide_are_refused() {
    let place = testkit::place();
    arrives(&place, MARY);
    arrives(
        &place,
        Says {
            id: "other",
            ..MARY
        },
    );
    let review = waiting(&place).remove(0).review;
    for role in [
        Role::Practitioner,
        Role::Analyst,
        Role::Provider,
        Role::Administrator,
    ] {
        let actor = place.actor(role);
        assert!(matches!(
            place.app.reviews(&actor, 1),
            Err(Error::Denied(_))
        ));
        assert!(matches!(
            place.app.review(&actor, review.id),
            Err(Error::Denied(_))
        ));
        let decided = place
            .app
            .decide_review(&actor, review.id, 1, Verdict::Apart, "because");
        assert!(matches!(decided, Err(Error::Denied(_))));
    }
}

/// Whatever is linked and undone, in whatever order: no record's own rows change, every head
/// is a head, and undoing all brings back the start.
#[test]
fn any_order_of_links_and_undos_comes_back_to_the_start() {
    let place = testkit::place();
    let lead = place.actor(Role::HubLead);
    let ids: Vec<String> = (0..7).map(|number| format!("p{number}")).collect();
    for id in &ids {
        arrives(&place, Says { id, ..MARY });
    }
    let rows: Vec<PersonId> = ids.iter().map(|id| row(&place, id).unwrap()).collect();
    let heads = |place: &Place| ids.iter().map(|id| head(place, id)).collect::<Vec<_>>();
    let start = heads(&place);
    let said = |place: &Place| -> Vec<_> {
        place
            .app
            .store()
            .read(|tx| {
                rows.iter()
                    .map(|id| store::person::by_id(tx, *id))
                    .collect::<Result<Vec<_>, _>>()
            })
            .unwrap()
    };
    let before = said(&place);
    let mut dice = Seeded(11);
    let reviews = waiting(&place);
    for page in &reviews {
        let at = usize::try_from(dice.next_number() % page.candidates.len() as u64).unwrap();
        let person = page.candidates[at].person.id;
        place
            .app
            .decide_review(
                &lead,
                page.review.id,
                1,
                Verdict::Link(person),
                "as it may be",
            )
            .unwrap();
        well(&place);
    }
    assert_ne!(heads(&place), start);
    let mut links: Vec<_> = place
        .app
        .store()
        .read(|tx| {
            let mut all = Vec::new();
            for head in &rows {
                all.extend(store::identity::links_of(tx, *head)?);
            }
            Ok::<_, store::Error>(all)
        })
        .unwrap();
    while !links.is_empty() {
        let at = usize::try_from(dice.next_number() % links.len() as u64).unwrap();
        let link = links.swap_remove(at);
        place.app.undo_link(&lead, link.id, "not so").unwrap();
        well(&place);
    }
    assert_eq!(heads(&place), start);
    assert_eq!(said(&place), before);
}
