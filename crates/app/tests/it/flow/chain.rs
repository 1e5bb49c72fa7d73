//! The chain of a stay: it follows the record, steps end and move, silence moves nothing.

use super::{add_stay, hub, new, october};
use access::{Actor, Role};
use app::Error;
use app::flow::{About, ChainView, StayChange, StepChange, StepView, WaitsBecause, WorkWhich};
use flow::Pathway;
use flow::chain::handover::Escalation;
use flow::chain::{CaseKind, StepState};
use flow::offer::Way;
use flow::reside::{Due, Said};
use jiff::SignedDuration;
use kernel::{HandoverId, StayId, StepId};
use testkit::Place;

/// A stay whose chain has been made.
fn stay(place: &Place) -> StayId {
    let id = add_stay(place, &new(1, october(10)));
    place
        .app
        .store()
        .write(|tx| {
            let row = store::flow::stay(tx, id)?.unwrap();
            place.app.follow_chain(tx, &row)
        })
        .unwrap();
    id
}

fn chain(place: &Place, id: StayId) -> ChainView {
    place.app.stay(&hub(place), id).unwrap().chain.unwrap()
}

fn view(place: &Place, id: StayId, key: &str) -> StepView {
    let chain = chain(place, id);
    let found = chain.steps.into_iter().find(|view| view.step.key == key);
    found.unwrap()
}

fn states(place: &Place, id: StayId) -> Vec<(String, StepState)> {
    let chain = chain(place, id);
    let steps = chain.steps.into_iter();
    steps.map(|view| (view.step.key, view.step.state)).collect()
}

fn change(place: &Place, actor: &Actor, id: StayId, what: &StayChange) {
    let version = place.app.stay(&hub(place), id).unwrap().row.version;
    place.app.change_stay(actor, id, version, what, "").unwrap();
}

fn work(
    place: &Place,
    actor: &Actor,
    id: StayId,
    key: &str,
    what: &StepChange,
    why: &str,
) -> Result<(), Error> {
    let step: StepId = view(place, id, key).step.id;
    let version = chain(place, id).version;
    place.app.change_step(actor, step, version, what, why)
}

fn field(result: Result<(), Error>) -> String {
    match result {
        Err(Error::Invalid(errors)) => errors[0].text.clone(),
        other => format!("{other:?}"),
    }
}

#[test]
fn the_chain_follows_the_stay() {
    use StepState::{Done, GoingOn, NotNeeded, NotStarted};
    let place = testkit::place();
    let id = stay(&place);
    let key = |key: &str, state: StepState| (key.to_owned(), state);
    assert_eq!(
        states(&place, id)[..3],
        [
            key("expected-date", GoingOn),
            key("ready", GoingOn),
            key("pathway", NotStarted)
        ]
    );
    let lead = hub(&place);
    change(
        &place,
        &lead,
        id,
        &StayChange::ExpectedOn(Some(october(18))),
    );
    change(&place, &lead, id, &StayChange::ReadyOn(Some(october(15))));
    change(&place, &lead, id, &StayChange::Pathway(Pathway::new(1)));
    let wanted = [
        key("expected-date", Done),
        key("ready", Done),
        key("pathway", Done),
        key("assess", GoingOn),
        key("service", NotStarted),
        key("prepare", GoingOn),
        key("leave", NotStarted),
    ];
    assert_eq!(states(&place, id), wanted);
    // No support is needed after all: the council's step closes.
    change(&place, &lead, id, &StayChange::Pathway(Pathway::new(0)));
    assert_eq!(states(&place, id)[3], key("assess", NotNeeded));
    change(&place, &lead, id, &StayChange::Pathway(Pathway::new(1)));
    let left = StayChange::Discharge {
        on: october(16),
        method: "1".to_owned(),
        destination: "19".to_owned(),
    };
    change(&place, &lead, id, &left);
    assert!(states(&place, id).iter().all(|(_, state)| state.is_ended()));
    assert_eq!(states(&place, id)[6], key("leave", Done));
    let version = place.app.stay(&lead, id).unwrap().row.version;
    place
        .app
        .change_stay(&lead, id, version, &StayChange::UndoDischarge, "Came back")
        .unwrap();
    assert_eq!(states(&place, id), wanted);
    let problems = place.app.store().read(store::verify).unwrap();
    assert_eq!(problems, []);
}

#[test]
fn the_list_for_leaving_ends_its_step() {
    let place = testkit::place();
    let id = stay(&place);
    let lead = hub(&place);
    change(&place, &lead, id, &StayChange::ReadyOn(Some(october(15))));
    change(&place, &lead, id, &StayChange::Pathway(Pathway::new(0)));
    let items: Vec<String> = place
        .app
        .stay(&lead, id)
        .unwrap()
        .notes
        .checklist
        .into_iter()
        .map(|line| line.item)
        .collect();
    let said = |state: &str, items: &[String]| -> Vec<(String, String, String)> {
        items
            .iter()
            .map(|item| (item.clone(), state.to_owned(), String::new()))
            .collect()
    };
    let say = |said: &[(String, String, String)]| place.app.say_checks(&lead, id, said);
    assert_eq!(say(&said("done", &items[1..])).unwrap(), items.len() - 1);
    assert_eq!(say(&said("done", &items[1..])).unwrap(), 0);
    assert_eq!(view(&place, id, "prepare").step.state, StepState::GoingOn);
    say(&said("not needed", &items[..1])).unwrap();
    assert_eq!(view(&place, id, "prepare").step.state, StepState::Done);
    say(&said("open", &items[..1])).unwrap();
    assert_eq!(view(&place, id, "prepare").step.state, StepState::GoingOn);
    let unknown = say(&[("hat".to_owned(), "done".to_owned(), String::new())]);
    assert_eq!(field(unknown.map(|_| ())), "Choose how each thing stands");
}

#[test]
fn a_review_that_says_no_sets_the_ready_date() {
    let place = testkit::place();
    place.clock.set("2026-03-02T09:30:00Z".parse().unwrap());
    let id = stay(&place);
    let lead = hub(&place);
    let review = |needs: Option<bool>, criteria: &[&str]| {
        let said = Said {
            criteria: criteria.iter().map(|code| (*code).to_owned()).collect(),
            exception: String::new(),
        };
        place.app.review_reside(&lead, id, needs, &said)
    };
    let ready = || place.app.stay(&lead, id).unwrap().row.stay.ready_on;
    let refused = [
        (
            review(None, &[]),
            "Say whether the person needs a hospital bed",
        ),
        (
            review(Some(true), &[]),
            "Choose what the person needs a hospital bed for, or write why",
        ),
        (review(Some(true), &["99"]), "Choose from the list"),
        (
            review(Some(false), &["3"]),
            "A reason to stay is chosen. Take it away, or say that the person needs a hospital bed",
        ),
    ];
    for (result, wanted) in refused {
        assert_eq!(field(result), wanted);
    }
    review(Some(true), &["3", "8"]).unwrap();
    assert_eq!(ready(), None);
    review(Some(false), &[]).unwrap();
    assert_eq!(ready(), Some(place.app.today()));
    review(Some(true), &["3"]).unwrap();
    assert_eq!(ready(), None);
    let notes = place.app.stay(&lead, id).unwrap().notes;
    assert_eq!(notes.resides.len(), 3);
    assert!(matches!(notes.reside_due, Some(Due::Made(Some(_)))));
    // Seven years in hospital: the last mark is passed, and its review is written once.
    assert_eq!(notes.review_due, Some(21));
    let long = |mark: i64, found: &str| {
        place
            .app
            .review_long_stay(&lead, id, mark, found, "Ring the family")
    };
    assert!(field(long(30, "Waits")).ends_with("choose a mark that is passed"));
    assert_eq!(field(long(21, "")), "Write what you found");
    long(21, "Waits for a home").unwrap();
    assert_eq!(place.app.stay(&lead, id).unwrap().notes.review_due, None);
}

/// Offers the first step to the council, and gives the offer.
fn offered(place: &Place, id: StayId) -> HandoverId {
    let what = StepChange::Offer {
        to: place.council,
        name: String::new(),
    };
    work(place, &hub(place), id, "ready", &what, "She lives alone").unwrap();
    view(place, id, "ready").offer.unwrap().offer.id
}

#[test]
fn a_step_moves_only_when_the_other_side_accepts() {
    let place = testkit::place();
    let id = stay(&place);
    let social_worker = place.actor(Role::Practitioner);
    let council = |id: StayId| view(&place, id, "ready").step.owner == Some(place.council);
    let offer = offered(&place, id);
    assert!(!council(id));
    let again = StepChange::Offer {
        to: place.hospital,
        name: String::new(),
    };
    let twice = work(&place, &hub(&place), id, "ready", &again, "");
    assert!(field(twice).starts_with("This step is offered already"));
    // Not by those who offered it: the council signs in here and answers itself.
    let own = place
        .app
        .answer_handover(&hub(&place), offer, true, "Ann", "");
    assert!(field(own).starts_with("Only those it is offered to"));
    let answer = |accept: bool, why: &str| {
        place
            .app
            .answer_handover(&social_worker, offer, accept, "", why)
    };
    assert_eq!(field(answer(false, "")), "Say why");
    answer(false, "No assessor until Monday").unwrap();
    assert!(!council(id));
    assert!(field(answer(true, "")).starts_with("This offer has been answered already"));
    let second = offered(&place, id);
    place
        .app
        .answer_handover(&social_worker, second, true, "", "")
        .unwrap();
    assert!(council(id));
    let chain = chain(&place, id);
    assert_eq!(chain.answered.len(), 2);
    assert_eq!(chain.events.len(), 4);
    let problems = place.app.store().read(store::verify).unwrap();
    assert_eq!(problems, []);
}

#[test]
fn silence_escalates_and_an_end_lets_the_offer_lapse() {
    let place = testkit::place();
    let id = stay(&place);
    let offer = offered(&place, id);
    let silence = || view(&place, id, "ready").offer.unwrap().escalation;
    assert_eq!(silence(), Escalation::None);
    place.clock.advance(SignedDuration::from_hours(5));
    assert_eq!(silence(), Escalation::TheirLead);
    place.clock.advance(SignedDuration::from_hours(4));
    assert_eq!(silence(), Escalation::Hub);
    let lead = hub(&place);
    let all = place.app.work(&lead, WorkWhich::Offered).unwrap();
    assert_eq!(all.rows.len(), 1);
    change(&place, &lead, id, &StayChange::ReadyOn(Some(october(16))));
    assert_eq!(view(&place, id, "ready").step.state, StepState::Done);
    assert!(view(&place, id, "ready").offer.is_none());
    let late = place
        .app
        .answer_handover(&place.actor(Role::Practitioner), offer, true, "", "");
    assert!(field(late).starts_with("This offer has been answered already"));
    assert_eq!(place.app.work(&lead, WorkWhich::Offered).unwrap().rows, []);
}

/// What was done to a chain, in words, the oldest first.
fn events(place: &Place, id: StayId) -> Vec<String> {
    let mut all: Vec<String> = chain(place, id)
        .events
        .into_iter()
        .map(|one| one.what)
        .collect();
    all.reverse();
    all
}

#[test]
fn somebody_is_told_of_silence_once_for_each_level() {
    let place = testkit::place();
    let id = stay(&place);
    offered(&place, id);
    let (lead, worker) = (hub(&place), place.actor(Role::Practitioner));
    let count = |actor: &Actor| place.app.waiting_count(actor).unwrap();
    let because = |actor: &Actor| -> Vec<WaitsBecause> {
        let found = place.app.waiting(actor).unwrap();
        assert_eq!(i64::try_from(found.rows.len()).unwrap(), count(actor));
        found.rows.iter().map(|one| one.because).collect()
    };
    // The offer waits for the council from the start, and for nobody else.
    assert_eq!(because(&worker), [WaitsBecause::Offered]);
    assert_eq!(
        because(&lead),
        [WaitsBecause::Late],
        "its own step, and no offer"
    );
    let operator = Actor::operator();
    assert_eq!(place.app.escalate(&operator).unwrap(), 0, "not due");
    assert!(matches!(place.app.escalate(&lead), Err(Error::Denied(_))));
    place.clock.advance(SignedDuration::from_hours(5));
    let told_at = place.app.now();
    assert_eq!(place.app.escalate(&operator).unwrap(), 1);
    assert_eq!(place.app.escalate(&operator).unwrap(), 0, "once");
    let words = "No answer from Barsetshire County Council. Told everybody who signs in there, \
                 Barsetshire County Council";
    assert_eq!(events(&place, id).last().unwrap(), words);
    place.clock.advance(SignedDuration::from_hours(4));
    // Whoever looks moves it on as the timer does.
    place.app.waiting(&worker).unwrap();
    assert_eq!(place.app.escalate(&operator).unwrap(), 0);
    let told = &place.app.waiting(&worker).unwrap().rows[0].told;
    assert_eq!(
        told.iter().map(|one| one.at).collect::<Vec<_>>(),
        [told_at, place.app.now()]
    );
    assert_eq!(
        events(&place, id)
            .iter()
            .filter(|one| one.starts_with("No answer"))
            .count(),
        2
    );
    // No hub is known for the hospital: the hospital that leads the case is told.
    let all = because(&lead);
    assert!(all.contains(&WaitsBecause::Silence), "{all:?}");
    assert_eq!(place.app.store().read(store::verify).unwrap(), []);
    // An answer ends it for everybody.
    change(&place, &lead, id, &StayChange::ReadyOn(Some(october(16))));
    assert!(!because(&lead).contains(&WaitsBecause::Silence));
    assert_eq!(place.app.escalate(&operator).unwrap(), 0);
}

#[test]
fn both_levels_are_told_where_nobody_looked_in_between() {
    let place = testkit::place();
    let id = stay(&place);
    offered(&place, id);
    place.clock.advance(SignedDuration::from_hours(50));
    assert_eq!(place.app.escalate(&Actor::operator()).unwrap(), 2);
    assert_eq!(place.app.escalate(&Actor::operator()).unwrap(), 0);
}

#[test]
fn a_late_step_waits_for_whoever_bears_it_and_for_those_who_may_see_it() {
    let place = testkit::place();
    let id = stay(&place);
    let lead = hub(&place);
    place.clock.advance(SignedDuration::from_hours(24 * 20));
    let late = |actor: &Actor| place.app.waiting_count(actor).unwrap();
    let before = late(&lead);
    assert!(before > 0);
    let name = |name: &str| StepChange::Name(name.to_owned());
    work(&place, &lead, id, "expected-date", &name("Sister Ann"), "").unwrap();
    assert_eq!(late(&lead), before - 1, "another's by name");
    work(
        &place,
        &lead,
        id,
        "expected-date",
        &name(&lead.display_name),
        "",
    )
    .unwrap();
    assert_eq!(late(&lead), before);
    assert_eq!(late(&place.actor(Role::Practitioner)), 0);
    // Kept apart: it is not counted for those who may not know of it.
    let person = place.app.stay(&lead, id).unwrap().row.stay.person;
    restrict(&place, person);
    assert_eq!(late(&lead), 0);
}

fn restrict(place: &Place, person: kernel::PersonId) {
    let officer = place.actor(Role::PrivacyOfficer);
    let restriction = store::wish::Restriction {
        id: place.app.ids().restriction(),
        person,
        whole: true,
        why: "In danger".to_owned(),
        made_at: place.app.now(),
        made_by: officer.display_name,
        ended: None,
    };
    let put = |tx: &mut dyn store::Tx| store::wish::restrict(tx, &restriction);
    place.app.store().write(put).unwrap();
}

#[test]
fn two_who_change_one_step_are_told() {
    let place = testkit::place();
    let id = stay(&place);
    let seen = chain(&place, id);
    let step = seen.steps[0].step.id;
    let name = |name: &str| {
        let change = StepChange::Name(name.to_owned());
        place
            .app
            .change_step(&hub(&place), step, seen.version, &change, "")
    };
    name("Ann").unwrap();
    assert!(matches!(name("Bob"), Err(Error::Stale { .. })));
    assert_eq!(view(&place, id, "expected-date").step.owner_name, "Ann");
}

#[test]
fn a_surge_strands_no_open_case() {
    let place = testkit::place();
    let id = stay(&place);
    let lead = hub(&place);
    let switch = |set: &str, moved: bool, why: &str| {
        place
            .app
            .switch_set(&lead, CaseKind::Stay, set, None, moved, why)
    };
    assert_eq!(
        field(switch("holiday", false, "x").map(|_| ())),
        "Choose a set of steps"
    );
    assert_eq!(
        field(switch("surge", false, " ").map(|_| ())),
        "Say why the steps are switched"
    );
    assert_eq!(switch("surge", false, "Winter").unwrap(), 0);
    assert_eq!(chain(&place, id).set, "normal");
    // New cases get the set in use.
    let second = add_stay(&place, &new(2, october(12)));
    place
        .app
        .store()
        .write(|tx| {
            let row = store::flow::stay(tx, second)?.unwrap();
            place.app.follow_chain(tx, &row)
        })
        .unwrap();
    assert_eq!(chain(&place, second).set, "surge");
    assert_eq!(switch("surge", true, "Winter").unwrap(), 1);
    let moved = chain(&place, id);
    assert_eq!(moved.set, "surge");
    // What had begun stays, with its owner, until somebody ends it.
    let kept = view(&place, id, "expected-date").step;
    assert_eq!(
        (kept.state, kept.owner),
        (StepState::GoingOn, Some(place.hospital))
    );
    assert_eq!(switch("normal", true, "Over").unwrap(), 2);
    let problems = place.app.store().read(store::verify).unwrap();
    assert_eq!(problems, []);
}

#[test]
fn a_service_that_says_yes_ends_the_step_of_finding_one_in_the_same_moment() {
    let place = testkit::place();
    let id = stay(&place);
    change(
        &place,
        &hub(&place),
        id,
        &StayChange::ReadyOn(Some(october(15))),
    );
    let before = view(&place, id, "service").step.state;
    assert!(!before.is_ended(), "nobody has said yes: {before:?}");
    let (service, provider) = crate::offers::provider(&place, 1);
    let figure = crate::offers::figure(1);
    place.app.add_capacity(&provider, service, &figure).unwrap();
    let wanted = crate::offers::wanted(1);
    let need = place
        .app
        .write_need(&hub(&place), About::Stay(id), &wanted)
        .unwrap();
    crate::offers::ask(&place, need, Way::Parallel, &[service]);
    let (offer, _) = crate::offers::offer_to(&place, need, service);
    let yes = crate::offers::yes(0);
    place.app.answer_offer(&provider, offer, &yes).unwrap();
    let steps = crate::flow::steps_of(&place, CaseKind::Stay, &id.to_string());
    assert!(steps.contains(&("service".to_owned(), "done")), "{steps:?}");
}
