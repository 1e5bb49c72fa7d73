//! A team's meeting: drawn from live cases, and back to them.

use super::offers::{somebody, wanted};
use access::Role;
use app::Error;
use app::flow::About;
use app::person::NewAction;
use jiff::civil::date;
use person::plan::{Considered, Goal, Named, Plan};

fn plan() -> Plan {
    let considered = || Considered {
        used: Some(false),
        words: "Not wanted".to_owned(),
    };
    Plan {
        goals: vec![Goal {
            words: "I want to stay at home".to_owned(),
            measure: "No fall".to_owned(),
            now: String::new(),
        }],
        contingency: "Ring my daughter".to_owned(),
        telecare: considered(),
        equipment: considered(),
        coordinator: Named {
            name: "Jane Grantly".to_owned(),
            ..Named::default()
        },
        review_on: Some(date(2018, 10, 26)),
        without_why: "He needs it now".to_owned(),
        ..Plan::default()
    }
}

fn action(due: Option<jiff::civil::Date>) -> NewAction {
    NewAction {
        what: "Ring Framley Home Care".to_owned(),
        owner: "Priya Nair".to_owned(),
        due_on: due,
    }
}

#[test]
fn what_a_meeting_decides_goes_back_to_the_case() {
    let place = testkit::place();
    let (app, lead) = (&place.app, place.actor(Role::HubLead));
    let nobody = app.open_meeting(&lead, "Tuesday", "");
    assert!(matches!(nobody, Err(Error::Invalid(_))), "nothing is due");

    // A plan due soon, a need that nobody is asked to meet, and a long stay; one person twice.
    let (one, two) = (somebody(&place, 1), somebody(&place, 2));
    let worker = place.actor(Role::Practitioner);
    app.save_care_plan(&worker, one, 0, &plan()).unwrap();
    app.write_need(&lead, About::Person(one), &wanted(1))
        .unwrap();
    app.write_need(&lead, About::Person(two), &wanted(1))
        .unwrap();
    let mut new = super::flow::new(3, date(2018, 9, 1));
    new.ready = Some(date(2018, 10, 1));
    let stay = super::flow::add_stay(&place, &new);
    let agenda = app.meetings(&lead).unwrap().agenda;
    let whys: Vec<usize> = agenda.iter().map(|line| line.why.len()).collect();
    assert_eq!(whys, [2, 1, 1], "{agenda:?}");
    assert_eq!(agenda[0].why[0], "Review in 10 days.");
    assert_eq!(agenda[1].stay, Some(stay));
    assert_eq!(
        agenda[1].why,
        ["In hospital for 45 days, past the mark of 21, and ready to leave."]
    );

    let id = app.open_meeting(&lead, "Tuesday", "Hub and ward").unwrap();
    let late = Some(date(2018, 10, 15));
    for (decision, due) in [
        ("", Some(date(2018, 10, 17))),
        ("Go home", late),
        ("Go home", None),
    ] {
        let refused = app.decide_in_meeting(&lead, (id, 2), decision, &[action(due)]);
        assert!(
            matches!(refused, Err(Error::Invalid(_))),
            "{decision} {due:?}"
        );
    }
    let due = action(Some(date(2018, 10, 17)));
    app.decide_in_meeting(
        &lead,
        (id, 2),
        "Home tomorrow with care",
        std::slice::from_ref(&due),
    )
    .unwrap();
    let again = app.decide_in_meeting(&lead, (id, 2), "Stay", &[]);
    assert!(matches!(again, Err(Error::Stale { .. })), "once");
    let shown = app.stay(&lead, stay).unwrap();
    assert_eq!(shown.row.next_action, "Ring Framley Home Care");
    assert_eq!(shown.row.next_owner_name, "Priya Nair");
    assert_eq!(shown.changes.last().unwrap().why, "Decided in Tuesday");
    let everything = app::person::TimelineFilter::default();
    let record = app.person(&lead, shown.person.id, &everything).unwrap();
    assert!(
        record
            .timeline
            .iter()
            .any(|line| line.title == "Tuesday: Home tomorrow with care")
    );

    app.meeting_action_done(&lead, (id, 2, 1)).unwrap();
    let twice = app.meeting_action_done(&lead, (id, 2, 1));
    assert!(matches!(twice, Err(Error::NotFound(_))));
    app.close_meeting(&lead, id).unwrap();
    let closed = app.decide_in_meeting(&lead, (id, 1), "Too late", &[]);
    assert!(matches!(closed, Err(Error::Invalid(_))));
    let page = app.meeting(&lead, id).unwrap();
    assert!(page.items[1].actions[0].done.is_some());
    // Another organisation's meeting is not there.
    assert!(matches!(app.meeting(&worker, id), Err(Error::NotFound(_))));
    let problems = app.store().read(store::verify).unwrap();
    assert_eq!(problems, []);
}
