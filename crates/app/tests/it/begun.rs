//! What a decision on a request for help begins: with it, once, and whose it is.

use crate::referrals::{NEIGHBOUR, add, ask, decision, fresh, mary_at_home, step, waiting};
use ::flow::chain::CaseKind as ChainKind;
use ::flow::clocks::CaseKind;
use ::flow::offer::{NeedState, TimeOfDay, Visits};
use ::flow::triage::Outcome;
use access::{Actor, Role};
use app::Error;
use app::flow::NewNeed;
use app::flow::begun::{BegunLine, BegunThing, CarerIs, NewCarer, ToldBegun};
use app::flow::clocks::CaseChange;
use app::flow::triage::{Decision, Step};
use jiff::SignedDuration;
use jiff::civil::date;
use kernel::PersonId;
use store::form::FormState;
use store::referral::Referral;
use testkit::Place;

/// A request by the person themselves, two days old.
pub(crate) fn request(place: &Place) -> Referral {
    let mut own = NEIGHBOUR.to_vec();
    own.retain(|(link, _)| !link.starts_with("from") && *link != "knows");
    own.push(("from", "self"));
    ask(place, &own);
    place.clock.advance(SignedDuration::from_hours(48));
    let worker = place.actor(Role::Practitioner);
    waiting(place, &worker)[0].referral.clone()
}

pub(crate) fn decide(place: &Place, one: &Referral, decision: Decision<'_>) -> Result<(), Error> {
    let worker = place.actor(Role::Practitioner);
    step(place, &worker, one, &Step::Decide(decision))
}

pub(crate) fn begun(place: &Place, one: &Referral) -> Vec<BegunLine> {
    let worker = place.actor(Role::Practitioner);
    place.app.triage_case(&worker, one.id).unwrap().begun
}

fn need() -> NewNeed {
    NewNeed {
        zone: "ZZ1".to_owned(),
        visits: vec![Visits {
            time: TimeOfDay::Morning,
            count: 1,
            minutes: 45,
        }],
        starts_on: Some(date(2018, 11, 1)),
        funding: "not-decided".to_owned(),
        words: "Gets back on her feet".to_owned(),
        ..NewNeed::default()
    }
}

fn everything() -> Decision<'static> {
    Decision {
        outcomes: vec![
            Outcome::Assessment,
            Outcome::Safeguarding,
            Outcome::Reablement,
            Outcome::Equipment,
            Outcome::Carer,
            Outcome::Advice,
        ],
        answer: "We come and see you.",
        carer: CarerIs::New(NewCarer {
            given_name: "Abel",
            family_name: "Handy",
            ..NewCarer::default()
        }),
        need: Some(Box::new(need())),
        ..Decision::default()
    }
}

fn wrong_fields(error: Error) -> Vec<&'static str> {
    match error {
        Error::Invalid(errors) => errors.iter().map(|one| one.field).collect(),
        other => panic!("{other}"),
    }
}

#[test]
fn a_decision_begins_what_it_says_once() {
    let place = testkit::place();
    let one = request(&place);
    decide(&place, &one, everything()).unwrap();
    // Sent again by a page that was still open.
    let again = decide(&place, &one, everything());
    assert!(matches!(again, Err(Error::Stale { .. })));
    let lines = begun(&place, &one);
    let mut cases = Vec::new();
    let (mut forms, mut needs, mut steps) = (0, 0, 0);
    for line in &lines {
        assert!(!line.joined);
        match &line.thing {
            BegunThing::Case(clock) => {
                let case = &clock.line.case;
                assert_eq!(case.owner, place.council);
                cases.push((case.kind, case.opened_at == one.sent_at));
            }
            BegunThing::Form(kept, _) => {
                assert_eq!(kept.state, FormState::Open);
                forms += 1;
            }
            BegunThing::Need(row) => {
                assert_eq!((row.state, row.stay), (NeedState::Open, None));
                needs += 1;
            }
            BegunThing::Step(step) => {
                assert_eq!(
                    (step.key.as_str(), step.owner),
                    ("equipment", Some(place.council))
                );
                assert!(step.due_at.is_some());
                steps += 1;
            }
        }
    }
    cases.sort_by_key(|(kind, _)| kind.as_str());
    assert_eq!(
        cases,
        [
            (CaseKind::CarersAssessment, true),
            (CaseKind::NeedsAssessment, true),
            // The clock of an enquiry runs from the decision.
            (CaseKind::Safeguarding, false),
        ]
    );
    assert_eq!((forms, needs, steps), (2, 1, 1));
    let steps = crate::flow::steps_of(&place, ChainKind::Referral, &one.id.to_string());
    let keys: Vec<&str> = steps.iter().map(|(key, _)| key.as_str()).collect();
    assert_eq!(keys, ["triage", "tell", "equipment"]);
    assert_eq!(place.app.store().read(store::verify).unwrap(), []);
    // A request without equipment has no such step.
    let plain = request(&place);
    decide(&place, &plain, decision(Outcome::Advice, "Ring them.")).unwrap();
    let steps = crate::flow::steps_of(&place, ChainKind::Referral, &plain.id.to_string());
    assert_eq!(steps.len(), 2);
    assert_eq!(begun(&place, &plain), []);
}

#[test]
fn what_goes_on_already_is_used_and_not_begun_a_second_time() {
    let place = testkit::place();
    let here = add(&place, 7);
    place.tie(here);
    let council = place.actor(Role::Practitioner);
    let send = || {
        let form = place
            .app
            .start_form(&council, "referral", Some(here))
            .unwrap();
        let which = app::flow::forms::Which::Staff(&council, form);
        let answers = [
            ("from-phone", "ext 4"),
            ("knows", "yes"),
            ("danger", "no"),
            ("harm", "no"),
            ("alone", "no"),
            ("what", "Falls"),
            ("consent", "yes"),
        ];
        crate::referrals::answer(&place, which, &answers);
        place.app.send_referral(which).unwrap();
        waiting(&place, &council)[0].referral.clone()
    };
    let first = send();
    decide(&place, &first, everything()).unwrap();
    let second = send();
    decide(&place, &second, everything()).unwrap();
    for line in begun(&place, &second) {
        let own = matches!(line.thing, BegunThing::Step(_));
        // Another record was made for the carer of the second request; whose it is is asked.
        let carer = line.outcome == Outcome::Carer;
        assert_eq!(line.joined, !own && !carer, "{line:?}");
    }
    let cases = place.app.cases_of(&council, here).unwrap();
    assert_eq!(cases.clocks.len(), 2, "one assessment and one enquiry");
    assert_eq!(place.app.store().read(store::verify).unwrap(), []);
}

#[test]
fn a_decision_that_lacks_something_begins_nothing_at_all() {
    let place = testkit::place();
    let one = request(&place);
    let table = [
        (
            Decision {
                carer: CarerIs::NotSaid,
                ..everything()
            },
            "carer",
        ),
        (
            Decision {
                carer: CarerIs::New(NewCarer::default()),
                ..everything()
            },
            "carer_given",
        ),
        (
            Decision {
                carer: CarerIs::New(NewCarer {
                    given_name: "Abel",
                    family_name: "Handy",
                    nhs_number: "123",
                    ..NewCarer::default()
                }),
                ..everything()
            },
            "carer_number",
        ),
        (
            Decision {
                need: None,
                ..everything()
            },
            "starts_on",
        ),
    ];
    for (decision, field) in table {
        let fields = wrong_fields(decide(&place, &one, decision).unwrap_err());
        assert!(fields.contains(&field), "{field} {fields:?}");
    }
    assert_eq!(begun(&place, &one), []);
    let worker = place.actor(Role::Practitioner);
    assert!(fresh(&place, &worker, one.id).state.is_live());
    let cases = place.app.cases_of(&worker, one.person).unwrap();
    assert_eq!(cases.clocks, []);
}

#[test]
fn nothing_begins_while_it_is_open_whose_the_record_is() {
    let place = testkit::place();
    let here = add(&place, 7);
    place.tie(here);
    ask(&place, NEIGHBOUR);
    let worker = place.actor(Role::Practitioner);
    let one = waiting(&place, &worker)[0].referral.clone();
    let assess = |on_this_record| Decision {
        on_this_record,
        ..decision(Outcome::Assessment, "We come and see you.")
    };
    let fields = wrong_fields(decide(&place, &one, assess(false)).unwrap_err());
    assert_eq!(fields, ["on_this_record"]);
    // Safety waits for nothing.
    let safe = decision(Outcome::Safeguarding, "We come and see you.");
    decide(&place, &one, safe).unwrap();
    ask(&place, NEIGHBOUR);
    let other = waiting(&place, &worker)[0].referral.clone();
    decide(&place, &other, assess(true)).unwrap();
    assert_eq!(begun(&place, &other).len(), 2, "the case and the draft");
}

#[test]
fn a_carer_is_assessed_on_a_record_of_their_own() {
    let place = testkit::place();
    let carer = add(&place, 8);
    place.tie(carer);
    let one = request(&place);
    let decision = |carer: CarerIs<'static>| Decision {
        carer,
        on_this_record: true,
        ..decision(Outcome::Carer, "We look at what Mary needs herself.")
    };
    // Nobody's record that one may not see.
    let stranger = place.app.ids().person();
    let refused = decide(&place, &one, decision(CarerIs::Here(stranger)));
    assert!(matches!(refused, Err(Error::NotFound("person"))));
    decide(&place, &one, decision(CarerIs::Here(carer))).unwrap();
    let worker = place.actor(Role::Practitioner);
    let of = place.app.cases_of(&worker, carer).unwrap().clocks;
    assert_eq!(of.len(), 1);
    assert_eq!(of[0].line.case.kind, CaseKind::CarersAssessment);
    assert_eq!(place.app.cases_of(&worker, one.person).unwrap().clocks, []);
    // From the carer's case back to the request.
    let back = place
        .app
        .begun_out_of(&worker, &of[0].line.case.id.to_string());
    assert_eq!(back.unwrap().unwrap().0, one.id);
    let lead = place.actor(Role::HubLead);
    let back = place
        .app
        .begun_out_of(&lead, &of[0].line.case.id.to_string());
    assert_eq!(
        back.unwrap(),
        None,
        "nothing of it to those who do not decide"
    );
    assert_eq!(place.app.store().read(store::verify).unwrap(), []);
}

/// Whether the council may see a record some weeks later.
fn sees(place: &Place, worker: &Actor, person: PersonId) -> bool {
    place.app.cases_of(worker, person).is_ok()
}

#[test]
fn whoever_decided_sees_the_person_while_what_was_begun_goes_on() {
    let place = testkit::place();
    let one = request(&place);
    let both = Decision {
        outcomes: vec![Outcome::Assessment, Outcome::Carer],
        ..everything()
    };
    decide(
        &place,
        &one,
        Decision {
            on_this_record: true,
            ..both
        },
    )
    .unwrap();
    let told_only = request(&place);
    decide(&place, &told_only, decision(Outcome::Advice, "Ring them.")).unwrap();
    let worker = place.actor(Role::Practitioner);
    let cases: Vec<_> = begun(&place, &one)
        .into_iter()
        .filter_map(|line| match line.thing {
            BegunThing::Case(clock) => Some(clock.line),
            _ => None,
        })
        .collect();
    assert_eq!(cases.len(), 2);
    place.clock.advance(SignedDuration::from_hours(24 * 200));
    for line in &cases {
        assert!(sees(&place, &worker, line.head));
    }
    assert!(!sees(&place, &worker, told_only.person));
    for line in &cases {
        let change = CaseChange::Close {
            outcome: "assessed",
            why: "Done",
        };
        let version = line.case.version;
        place
            .app
            .change_case(&worker, line.case.id, version, &change)
            .unwrap();
    }
    for line in &cases {
        assert!(sees(&place, &worker, line.head), "for some days");
    }
    place.clock.advance(SignedDuration::from_hours(24 * 200));
    let carer = cases
        .iter()
        .find(|line| line.case.kind == CaseKind::CarersAssessment);
    assert!(!sees(&place, &worker, carer.unwrap().head));
}

#[test]
fn the_person_reads_how_what_was_begun_stands() {
    let place = testkit::place();
    let one = request(&place);
    let mary = mary_at_home(&place, one.person);
    decide(&place, &one, everything()).unwrap();
    let told = place.app.own_referrals(&mary).unwrap();
    let begun = &told[0].begun;
    // Two assessments, the service and the equipment; the enquiry is told in person.
    assert_eq!(begun.len(), 4, "{begun:?}");
    let own = begun.iter().find_map(|one| match one {
        ToldBegun::Assessment {
            carer: false,
            due_on,
            ended_on,
        } => Some((*due_on, *ended_on)),
        _ => None,
    });
    assert!(matches!(own, Some((Some(_), None))), "{begun:?}");
    assert!(begun.iter().any(|one| matches!(
        one,
        ToldBegun::Service {
            state: NeedState::Open,
            service: None,
            ..
        }
    )));
}
