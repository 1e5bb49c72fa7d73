//! Which cases with a clock end when an assessment is signed.

use crate::begun::{begun, decide, request};
use crate::plan::fill_assessment;
use crate::referrals::{add, decision};
use access::{Actor, Role};
use app::Error;
use app::flow::begun::BegunThing;
use app::flow::clocks::NewCase;
use flow::clocks::CaseKind;
use flow::triage::Outcome;
use kernel::{FormId, PersonId, StatutoryCaseId};
use store::form::FormState;
use testkit::Place;

fn started(place: &Place, worker: &Actor, person: PersonId, kind: CaseKind) -> StatutoryCaseId {
    let new = NewCase {
        kind,
        owner: place.council,
        professional: "",
        opened_at: place.app.now(),
        urgent_until: None,
    };
    place.app.start_case(worker, person, &new).unwrap()
}

/// A needs assessment with every answer.
fn ready_to_sign(place: &Place, worker: &Actor, person: PersonId) -> FormId {
    let form = place
        .app
        .start_form(worker, "needs-assessment", Some(person))
        .unwrap();
    fill_assessment(place, worker, form, (2, "He cannot eat alone"));
    form
}

fn outcome(place: &Place, worker: &Actor, case: StatutoryCaseId) -> Option<String> {
    let page = place.app.case(worker, case).unwrap();
    page.clock.line.case.closed.map(|(_, outcome)| outcome)
}

#[test]
fn the_case_that_was_begun_with_the_form_ends_with_it() {
    let place = testkit::place();
    let worker = place.actor(Role::Practitioner);
    let one = request(&place);
    let assess = decision(Outcome::Assessment, "We come and see you.");
    decide(&place, &one, assess).unwrap();
    let (mut case, mut form) = (None, None);
    for line in begun(&place, &one) {
        match line.thing {
            BegunThing::Case(clock) => case = Some(clock.line.case.id),
            BegunThing::Form(kept, _) => form = Some(kept.id),
            _ => {}
        }
    }
    let (case, form) = (case.unwrap(), form.unwrap());
    let endings = place.app.endings(&worker, form).unwrap();
    assert_eq!(endings.len(), 1);
    assert!(endings[0].by_itself);
    // While an answer is missing nothing is signed and nothing ends.
    let refused = place.app.sign_form(&worker, form, &[]).unwrap_err();
    assert!(matches!(refused, Error::Invalid(_)), "{refused}");
    assert_eq!(outcome(&place, &worker, case), None);
    fill_assessment(&place, &worker, form, (2, "He cannot eat alone"));
    place.app.sign_form(&worker, form, &[]).unwrap();
    assert_eq!(outcome(&place, &worker, case).as_deref(), Some("assessed"));
    let page = place.app.case(&worker, case).unwrap();
    let last = page.changes.last().unwrap();
    assert_eq!(
        last.why,
        "Care Act needs assessment signed on 18 October 2018"
    );
    assert_eq!(place.app.store().read(store::verify).unwrap(), []);
}

#[test]
fn of_another_case_whoever_signs_is_asked() {
    let place = testkit::place();
    let worker = place.actor(Role::Practitioner);
    let person = add(&place, 7);
    place.tie(person);
    let case = started(&place, &worker, person, CaseKind::NeedsAssessment);
    let enquiry = started(&place, &worker, person, CaseKind::Safeguarding);
    let form = ready_to_sign(&place, &worker, person);
    let endings = place.app.endings(&worker, form).unwrap();
    assert_eq!(endings.len(), 1, "an enquiry is nothing that this ends");
    assert!(!endings[0].by_itself);
    let state = |form| {
        let read = |tx: &mut dyn store::Tx| store::form::by_id(tx, form);
        place.app.store().read(read).unwrap().unwrap().state
    };
    let Err(Error::Invalid(errors)) = place.app.sign_form(&worker, form, &[]) else {
        panic!("nobody said whether the case ends");
    };
    assert_eq!(errors[0].field, "ends");
    assert_eq!(state(form), FormState::Open, "nothing is half done");
    // A word on another case is none on this one.
    let wrong = place.app.sign_form(&worker, form, &[(enquiry, true)]);
    assert!(wrong.is_err());
    assert_eq!(outcome(&place, &worker, enquiry), None);
    place
        .app
        .sign_form(&worker, form, &[(case, false)])
        .unwrap();
    assert_eq!(state(form), FormState::Signed);
    assert_eq!(outcome(&place, &worker, case), None);
    let second = ready_to_sign(&place, &worker, person);
    place
        .app
        .sign_form(&worker, second, &[(case, true)])
        .unwrap();
    assert_eq!(outcome(&place, &worker, case).as_deref(), Some("assessed"));
    // With no open case left there is nothing to ask.
    let third = ready_to_sign(&place, &worker, person);
    assert_eq!(place.app.endings(&worker, third).unwrap(), []);
    place.app.sign_form(&worker, third, &[]).unwrap();
    assert_eq!(place.app.store().read(store::verify).unwrap(), []);
}
