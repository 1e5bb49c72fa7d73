//! Cases whose time is limited: who may know of them, and what is done with them.

use super::{add_stay, new};
use access::{Actor, Role};
use app::Error;
use app::flow::clocks::{CaseChange, NewCase};
use flow::clocks::{CaseKind, Limit, State};
use jiff::civil::date;
use kernel::{OrganisationId, PersonId, StatutoryCaseId};
use store::statutory_case::CaseFilter;
use testkit::Place;

fn somebody() -> (Place, PersonId) {
    let place = testkit::place();
    place.clock.set("2026-05-04T09:30:00Z".parse().unwrap());
    let stay = add_stay(&place, &new(1, date(2026, 4, 20)));
    let read = |tx: &mut dyn store::Tx| store::flow::stay(tx, stay);
    let person = place.app.store().read(read).unwrap().unwrap().stay.person;
    place.tie(person);
    (place, person)
}

fn start(
    place: &Place,
    actor: &Actor,
    person: PersonId,
    kind: CaseKind,
    owner: OrganisationId,
) -> StatutoryCaseId {
    let new = NewCase {
        kind,
        owner,
        professional: "Mark Robarts",
        opened_at: "2026-05-01T09:00:00Z".parse().unwrap(),
        urgent_until: None,
    };
    place.app.start_case(actor, person, &new).unwrap()
}

fn listed(place: &Place, actor: &Actor) -> Vec<StatutoryCaseId> {
    let found = place
        .app
        .clocks(actor, None, &CaseFilter::default())
        .unwrap();
    found.clocks.iter().map(|one| one.line.case.id).collect()
}

#[test]
fn a_list_says_what_is_due_late_and_whose() {
    let (place, person) = somebody();
    let app = &place.app;
    let actor = place.actor(Role::Practitioner);
    let chc = start(&place, &actor, person, CaseKind::Chc, place.trust);
    let fast = start(
        &place,
        &actor,
        person,
        CaseKind::ChcFastTrack,
        place.council,
    );
    let aftercare = start(&place, &actor, person, CaseKind::Aftercare, place.council);
    let found = app.clocks(&actor, None, &CaseFilter::default()).unwrap();
    let shown: Vec<_> = found
        .clocks
        .iter()
        .zip(&found.own)
        .map(|(one, own)| (one.line.case.id, one.state, *own))
        .collect();
    assert_eq!(
        shown,
        [
            (fast, State::Late, true),
            (chc, State::InTime, false),
            (aftercare, State::NoLimit, true),
        ]
    );
    assert_eq!(
        found.clocks[1].due.limit,
        Some(Limit::EndOf(date(2026, 5, 29)))
    );
    // On an earlier day, before they were opened, and on the last day.
    let on = |day| {
        app.clocks(&actor, Some(day), &CaseFilter::default())
            .unwrap()
            .clocks
    };
    assert!(on(date(2026, 4, 30)).is_empty());
    let last = on(date(2026, 5, 29));
    assert!(
        last.iter()
            .any(|one| one.line.case.id == chc && one.state == State::DueToday)
    );
    let mine = CaseFilter {
        owner: Some(place.council),
        ..CaseFilter::default()
    };
    assert_eq!(app.clocks(&actor, None, &mine).unwrap().clocks.len(), 2);
}

/// That there is a safeguarding enquiry is for its owner alone: to everybody else nothing is
/// there, in the list, on the person's page, under its own address, and in who looked.
#[test]
fn a_safeguarding_enquiry_is_for_its_owner_alone() {
    let (place, person) = somebody();
    let app = &place.app;
    let (council, hub) = (place.actor(Role::Practitioner), place.actor(Role::HubLead));
    let secret = start(
        &place,
        &council,
        person,
        CaseKind::Safeguarding,
        place.council,
    );
    assert_eq!(listed(&place, &council), [secret]);
    assert_eq!(listed(&place, &hub), []);
    assert!(app.cases_of(&hub, person).unwrap().clocks.is_empty());
    assert_eq!(app.cases_of(&council, person).unwrap().clocks.len(), 1);
    let hidden = app.case(&hub, secret).unwrap_err().to_string();
    let nobody = app.case(
        &hub,
        "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap(),
    );
    assert_eq!(hidden, nobody.unwrap_err().to_string());
    let change = CaseChange::Close {
        outcome: "risk removed",
        why: "x",
    };
    let refused = app
        .change_case(&hub, secret, 1, &change)
        .unwrap_err()
        .to_string();
    assert_eq!(refused, hidden);
    app.case(&council, secret).unwrap();
    let told = app.who_looked(&hub, person, 1).unwrap();
    for row in &told.rows {
        let words = row.words.to_lowercase();
        assert!(
            !words.contains("safeguard") && !words.contains("enquiry"),
            "{words}"
        );
    }
    // Somebody else can raise one for the council, and does not see it afterwards.
    let raised = NewCase {
        kind: CaseKind::Safeguarding,
        owner: place.council,
        professional: "",
        opened_at: app.now(),
        urgent_until: None,
    };
    app.start_case(&hub, person, &raised).unwrap();
    assert_eq!(listed(&place, &hub), []);
    assert_eq!(listed(&place, &council).len(), 2);
}

/// The list says in SQL what the record says by the policy: for each kind, whoever asks, with and
/// without an objection and its being set aside.
#[test]
fn the_list_and_the_record_agree() {
    let (place, person) = somebody();
    let app = &place.app;
    let council = place.actor(Role::Practitioner);
    for kind in CaseKind::ALL {
        start(&place, &council, person, *kind, place.council);
    }
    let say = |kind, category| {
        app.say_wish(
            &council,
            person,
            app::person::wishes::NewWish {
                kind,
                category,
                how: "Said so",
            },
        )
        .unwrap();
    };
    use store::wish::WishKind::{Objection, Override};
    let steps: [(Option<_>, &str, usize); 4] = [
        (None, "", 8),
        (Some(Objection), "mental-health", 7),
        (Some(Override), "mental-health", 8),
        (Some(Objection), "", 0),
    ];
    for (kind, category, expected) in steps {
        if let Some(kind) = kind {
            say(kind, category);
        }
        for (role, expected) in [(Role::HubLead, expected), (Role::Practitioner, 9)] {
            let actor = place.actor(role);
            let list = listed(&place, &actor);
            let page = app.cases_of(&actor, person).unwrap().clocks;
            assert_eq!(list.len(), expected, "{role} after {category}");
            assert_eq!(page.len(), expected, "{role} after {category}");
        }
    }
}

#[test]
fn nobody_without_a_link_knows_of_a_case() {
    let (place, person) = somebody();
    let council = place.actor(Role::Practitioner);
    let case = start(&place, &council, person, CaseKind::Chc, place.neighbour);
    let stranger = Actor {
        organisation: Some(place.neighbour),
        account: None,
        ..council.clone()
    };
    // Even for its owner: who may see nobody sees no case.
    assert_eq!(listed(&place, &stranger), []);
    assert!(matches!(
        place.app.case(&stranger, case),
        Err(Error::NotFound(_))
    ));
    assert!(matches!(
        place.app.cases_of(&stranger, person),
        Err(Error::NoTie(_))
    ));
    assert_eq!(listed(&place, &Actor::operator()), [case]);
    let analyst = place
        .app
        .clocks(&place.actor(Role::Analyst), None, &CaseFilter::default());
    assert!(matches!(analyst, Err(Error::Denied(_))));
}

#[test]
fn an_urgent_authorisation_is_extended_once_and_closed() {
    let (place, person) = somebody();
    let app = &place.app;
    let actor = place.actor(Role::Practitioner);
    let id = start(
        &place,
        &actor,
        person,
        CaseKind::DeprivationUrgent,
        place.council,
    );
    let extend = CaseChange::Extend {
        why: "Assessors are late",
    };
    app.change_case(&actor, id, 1, &extend).unwrap();
    let due = app.case(&actor, id).unwrap().clock.due.limit;
    assert_eq!(due, Some(Limit::EndOf(date(2026, 5, 14))));
    let twice = app
        .change_case(&actor, id, 2, &extend)
        .unwrap_err()
        .to_string();
    assert!(twice.contains("the law allows it once"), "{twice}");
    let stale = app.change_case(&actor, id, 1, &extend);
    assert!(matches!(stale, Err(Error::Stale { .. })), "{stale:?}");
    let close = |outcome, why| CaseChange::Close { outcome, why };
    for (change, field) in [
        (close("risk removed", "x"), "outcome"),
        (close("ended without one", " "), "why"),
    ] {
        let Err(Error::Invalid(errors)) = app.change_case(&actor, id, 2, &change) else {
            panic!("{change:?}");
        };
        assert_eq!(errors[0].field, field);
    }
    app.change_case(&actor, id, 2, &close("ended without one", "Went home"))
        .unwrap();
    assert_eq!(listed(&place, &actor), []);
    let again = app.change_case(&actor, id, 3, &close("ended without one", "x"));
    assert!(matches!(again, Err(Error::Invalid(_))), "{again:?}");
    assert_eq!(app.store().read(store::verify).unwrap(), []);
}

#[test]
fn one_open_case_of_a_kind_is_enough_and_no_clock_starts_tomorrow() {
    let (place, person) = somebody();
    let app = &place.app;
    let actor = place.actor(Role::Practitioner);
    start(&place, &actor, person, CaseKind::Chc, place.council);
    let new = |kind, at: &str, urgent| NewCase {
        kind,
        owner: place.council,
        professional: "",
        opened_at: at.parse().unwrap(),
        urgent_until: urgent,
    };
    let today = "2026-05-04T08:00:00Z";
    for (new, field) in [
        (new(CaseKind::Chc, today, None), "kind"),
        (
            new(CaseKind::AnnualReview, "2026-05-05T08:00:00Z", None),
            "opened_on",
        ),
        (
            new(CaseKind::AnnualReview, "2020-05-05T08:00:00Z", None),
            "opened_on",
        ),
        (
            new(CaseKind::AnnualReview, today, Some(date(2026, 5, 7))),
            "urgent_until",
        ),
    ] {
        let Err(Error::Invalid(errors)) = app.start_case(&actor, person, &new) else {
            panic!("{new:?}");
        };
        assert_eq!(errors[0].field, field);
    }
}
