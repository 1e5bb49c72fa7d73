//! The front door: requests for help by anybody, the queue, what is decided, who is told.

use ::flow::chain::CaseKind;
use access::{Actor, Role};
use app::Error;
use app::flow::forms::{Typed, Which};
use app::flow::triage::{Decision, Step};
use flow::triage::{Outcome, Priority};
use jiff::SignedDuration;
use jiff::civil::date;
use kernel::{NhsNumber, PersonId, ReferralId};
use person::relationship::Relationship;
use person::{Gender, Person};
use store::referral::{ReferralState, Wanted};
use testkit::Place;

pub(crate) const NEIGHBOUR: &[(&str, &str)] = &[
    ("from", "public"),
    ("from-name", "Lily Dale"),
    ("from-phone", "01632 960 001"),
    ("knows", "no"),
    ("given-name", "Mary"),
    ("family-name", "Bold"),
    ("born", "1938-04-03"),
    ("postcode", "zz1 4ab"),
    ("danger", "no"),
    ("harm", "yes"),
    ("alone", "no"),
    (
        "what",
        "I hear shouting.\nShe does not open the door any more.",
    ),
];

pub(crate) fn add(place: &Place, serial: u32) -> PersonId {
    let person = Person {
        nhs_number: NhsNumber::synthetic(serial),
        family_name: "Bold".to_owned(),
        given_name: "Mary".to_owned(),
        birth_date: Some(date(1938, 4, 3)),
        gender: Gender::Female,
        postcode: "ZZ1 4AB".to_owned(),
        ..Person::unknown(place.app.ids().person())
    };
    let now = place.app.now();
    let insert = |tx: &mut dyn store::Tx| store::person::insert(tx, &person, now);
    place.app.store().write(insert).unwrap();
    person.id
}

pub(crate) fn answer(place: &Place, which: Which<'_>, answers: &[(&str, &str)]) {
    for (link, value) in answers {
        let typed = Typed {
            link,
            value,
            number: 0,
            page: "p",
        };
        let kept = place.app.save_answer(which, &typed).unwrap();
        assert!(
            matches!(kept, app::flow::forms::Saved::Kept(_)),
            "{link} {kept:?}"
        );
    }
}

/// A request by somebody who does not sign in: what the browser holds, and its number.
pub(crate) fn ask(place: &Place, answers: &[(&str, &str)]) -> (String, String) {
    let key = place.app.start_public_form().unwrap();
    answer(place, Which::Key(&key), answers);
    let reference = place.app.send_referral(Which::Key(&key)).unwrap();
    (key, reference)
}

pub(crate) fn waiting(place: &Place, actor: &Actor) -> Vec<store::referral::Line> {
    place.app.triage(actor, Wanted::default(), 1).unwrap().lines
}

pub(crate) fn decision<'a>(outcome: Outcome, answer: &'a str) -> Decision<'a> {
    Decision {
        outcomes: vec![outcome],
        answer,
        ..Decision::default()
    }
}

fn open_reviews(place: &Place) -> usize {
    let officer = place.actor(Role::PrivacyOfficer);
    place.app.reviews(&officer, 1).unwrap().0.len()
}

#[test]
fn anybody_asks_and_a_double_send_is_one_request() {
    let place = testkit::place();
    let key = place.app.start_public_form().unwrap();
    let which = Which::Key(&key);
    let early = place.app.send_referral(which).unwrap_err().to_string();
    assert!(early.contains("questions still need an answer"), "{early}");
    answer(&place, which, NEIGHBOUR);
    let first = place.app.send_referral(which).unwrap();
    assert_eq!(place.app.send_referral(which).unwrap(), first);
    let worker = place.actor(Role::Practitioner);
    let lines = waiting(&place, &worker);
    assert_eq!(lines.len(), 1);
    let one = &lines[0].referral;
    assert_eq!(
        (one.asker.as_str(), one.priority),
        ("Lily Dale", Priority::Soon)
    );
    assert_eq!(
        one.due_at,
        "2018-10-18T09:30:00Z".parse().unwrap(),
        "two working days"
    );
    // Nobody else's business: the trust does not decide on it.
    assert!(waiting(&place, &place.actor(Role::HubLead)).is_empty());
    let refused = place.app.triage_case(&place.actor(Role::HubLead), one.id);
    assert!(matches!(refused, Err(Error::NotFound("request"))));
    // The number tells how it stands and nothing else; a wrong one nothing.
    let standing = place
        .app
        .referral_standing(&first.to_lowercase())
        .unwrap()
        .unwrap();
    assert_eq!(standing.state, ReferralState::Waiting);
    for typed in ["", "AAAA-AAAA-AAAA", "é", "AAAA-AAAA-AAAA-A"] {
        assert_eq!(place.app.referral_standing(typed).unwrap(), None);
    }
    assert_eq!(place.app.store().read(store::verify).unwrap(), []);
}

#[test]
fn a_request_is_never_linked_with_somebody_who_is_here() {
    let place = testkit::place();
    let here = add(&place, 7);
    place.tie(here);
    let number = NhsNumber::synthetic(7).unwrap().to_string();
    let mut with_number = NEIGHBOUR.to_vec();
    with_number.push(("nhs-number", &number));
    ask(&place, &with_number);
    let worker = place.actor(Role::Practitioner);
    let line = &waiting(&place, &worker)[0];
    assert_ne!(line.head, here, "a record of its own");
    assert_eq!(open_reviews(&place), 1, "and somebody is asked");
    let case = place.app.triage_case(&worker, line.referral.id).unwrap();
    assert!(case.whose);
    assert_eq!(place.app.store().read(store::verify).unwrap(), []);
    // Nothing is shown of her to whoever asked: only what they typed.
    assert_eq!(case.page.answers.get("given-name"), "Mary");
}

#[test]
fn requests_for_one_person_are_caught_and_put_together() {
    let place = testkit::place();
    let here = add(&place, 7);
    place.tie(here);
    let lead = place.actor(Role::HubLead);
    let form = place.app.start_form(&lead, "referral", Some(here)).unwrap();
    let page = place
        .app
        .form_page(Which::Staff(&lead, form), None)
        .unwrap();
    // What is known already is not asked again.
    assert_eq!(page.answers.get("family-name"), "Bold");
    assert_eq!(page.answers.get("from"), "ward");
    answer(
        &place,
        Which::Staff(&lead, form),
        &[
            ("from-phone", "ext 4"),
            ("knows", "yes"),
            ("danger", "no"),
            ("harm", "no"),
            ("alone", "no"),
            ("what", "Going home"),
            ("consent", "yes"),
        ],
    );
    place.app.send_referral(Which::Staff(&lead, form)).unwrap();
    // Whoever begins another sees it before typing.
    let before = place.app.person_referrals(&lead, here).unwrap();
    assert_eq!(before.live.len(), 1);
    ask(&place, NEIGHBOUR);
    let worker = place.actor(Role::Practitioner);
    let lines = waiting(&place, &worker);
    let theirs = lines
        .iter()
        .find(|one| one.referral.asked_by == "public")
        .unwrap();
    let case = place.app.triage_case(&worker, theirs.referral.id).unwrap();
    assert_eq!(
        case.alike.len(),
        1,
        "the other one may be of the same person"
    );
    let into = case.alike[0].referral.id;
    let wrong = Step::Merge(theirs.referral.id);
    assert!(matches!(
        step(&place, &worker, &theirs.referral, &wrong),
        Err(Error::Invalid(_))
    ));
    step(&place, &worker, &theirs.referral, &Step::Merge(into)).unwrap();
    let lines = waiting(&place, &worker);
    assert_eq!(lines.len(), 1);
    // The one that goes on has the clock of the more urgent one.
    assert_eq!(lines[0].referral.priority, Priority::Soon);
    assert_eq!(place.app.store().read(store::verify).unwrap(), []);
}

#[test]
fn two_requests_of_one_name_are_shown_on_each_other() {
    let place = testkit::place();
    let mut no_day = NEIGHBOUR.to_vec();
    no_day.retain(|(link, _)| *link != "born" && *link != "postcode");
    ask(&place, &no_day);
    ask(&place, &no_day);
    let worker = place.actor(Role::Practitioner);
    for line in waiting(&place, &worker) {
        let case = place.app.triage_case(&worker, line.referral.id).unwrap();
        assert_eq!(case.alike.len(), 1);
    }
}

pub(crate) fn step(
    place: &Place,
    actor: &Actor,
    one: &store::referral::Referral,
    step: &Step<'_>,
) -> Result<(), Error> {
    place.app.triage_step(actor, (one.id, one.version), step)
}

pub(crate) fn fresh(place: &Place, actor: &Actor, id: ReferralId) -> store::referral::Referral {
    place.app.triage_case(actor, id).unwrap().line.referral
}

#[test]
fn a_request_is_decided_once_with_words_for_the_person() {
    let place = testkit::place();
    ask(&place, NEIGHBOUR);
    let worker = place.actor(Role::Practitioner);
    let one = waiting(&place, &worker)[0].referral.clone();
    for (decision, said) in [
        (Decision::default(), "Choose what is done"),
        (
            decision(Outcome::Nothing, " "),
            "Say to the person why nothing further is done",
        ),
        (
            decision(Outcome::Equipment, ""),
            "Say to the person what happens next",
        ),
        (
            Decision {
                outcomes: vec![Outcome::Nothing, Outcome::Advice],
                answer: "x",
                ..Decision::default()
            },
            "cannot be chosen together",
        ),
        (
            Decision {
                hidden: true,
                ..decision(Outcome::Advice, "x")
            },
            "Say why it is kept from their own pages",
        ),
    ] {
        let error = step(&place, &worker, &one, &Step::Decide(decision)).unwrap_err();
        assert!(error.to_string().contains(said), "{error}");
    }
    let why = step(
        &place,
        &worker,
        &one,
        &Step::Priority(Priority::Urgent, " "),
    );
    assert!(matches!(why, Err(Error::Invalid(_))));
    step(
        &place,
        &worker,
        &one,
        &Step::Priority(Priority::Urgent, "Rang: she sounds afraid"),
    )
    .unwrap();
    let now = fresh(&place, &worker, one.id);
    assert_eq!(now.due_at, one.sent_at + SignedDuration::from_hours(4));
    // Two who decide: the second is told.
    assert!(matches!(
        step(&place, &worker, &one, &Step::Take),
        Err(Error::Stale { .. })
    ));
    step(&place, &worker, &now, &Step::Take).unwrap();
    let now = fresh(&place, &worker, one.id);
    let safeguarding = decision(Outcome::Safeguarding, "We will come and see you.");
    step(&place, &worker, &now, &Step::Decide(safeguarding.clone())).unwrap();
    let again = step(&place, &worker, &now, &Step::Decide(safeguarding));
    assert!(matches!(again, Err(Error::Stale { .. })));
    let steps = crate::flow::steps_of(&place, CaseKind::Referral, &one.id.to_string());
    let wanted = [("triage", "done"), ("tell", "going on")];
    assert_eq!(steps, wanted.map(|(key, state)| (key.to_owned(), state)));
    let queue = place
        .app
        .triage(
            &worker,
            Wanted {
                closed: true,
                ..Wanted::default()
            },
            1,
        )
        .unwrap();
    assert_eq!((queue.lines.len(), queue.live), (1, 0));
    assert_eq!(place.app.store().read(store::verify).unwrap(), []);
}

/// Mary signs in at home; the record that she signs in with is that of the request.
pub(crate) fn mary_at_home(place: &Place, record: PersonId) -> Actor {
    let actor = place.actor(Role::Person);
    let account = actor.account.unwrap();
    let give = |tx: &mut dyn store::Tx| store::own::give(tx, account, record);
    place.app.store().write(give).unwrap();
    place.relate(Relationship::Oneself, &account.to_string(), record);
    actor
}

#[test]
fn the_person_is_told_and_not_before_it_is_safe() {
    let place = testkit::place();
    ask(&place, NEIGHBOUR);
    let worker = place.actor(Role::Practitioner);
    let one = waiting(&place, &worker)[0].referral.clone();
    let mary = mary_at_home(&place, one.person);
    let told = || place.app.own_referrals(&mary).unwrap();
    // She does not know that somebody asked: neither her pages nor who looked say so.
    assert_eq!(told(), []);
    let looked = place.app.who_looked(&mary, one.person, 1).unwrap();
    let asked =
        |words: &str| words.contains("request for help") || words.contains("asked for help");
    assert!(
        looked
            .rows
            .iter()
            .all(|row| !asked(&row.words.replace("what became of requests", "")))
    );
    let kept_back = Decision {
        hidden: true,
        note: "Her son reads her pages",
        ..decision(Outcome::Safeguarding, "We will come and see you.")
    };
    step(&place, &worker, &one, &Step::Decide(kept_back)).unwrap();
    assert_eq!(told(), []);
    // Another one, which is answered openly.
    let mut self_asked = NEIGHBOUR.to_vec();
    self_asked.retain(|(link, _)| !link.starts_with("from") && *link != "knows");
    self_asked.push(("from", "self"));
    ask(&place, &self_asked);
    let lines = waiting(&place, &worker);
    let second = lines[0].referral.clone();
    assert!(second.told);
    let decided = Decision {
        outcomes: vec![Outcome::Equipment, Outcome::Safeguarding],
        answer: "Somebody brings a rail on Friday.",
        on_this_record: true,
        ..Decision::default()
    };
    let store = place.app.store();
    store
        .write(|tx| {
            let account = mary.account.unwrap().to_string();
            for kept in store::relationship::of_person(tx, one.person)? {
                if kept.holder == account {
                    store::relationship::end(tx, kept.id, place.app.now())?;
                }
            }
            Ok::<_, store::Error>(())
        })
        .unwrap();
    place.relate(
        Relationship::Oneself,
        &mary.account.unwrap().to_string(),
        second.person,
    );
    assert_eq!(told().len(), 1, "she asked herself");
    step(&place, &worker, &second, &Step::Decide(decided)).unwrap();
    let told = told();
    assert_eq!(told[0].answer, "Somebody brings a rail on Friday.");
    assert_eq!(
        told[0].outcomes,
        [Outcome::Equipment],
        "safeguarding is told in person"
    );
}

#[test]
fn the_public_has_limits_and_leaves_nothing_unsent_behind() {
    let place = testkit::place();
    let old = place.app.start_public_form().unwrap();
    answer(&place, Which::Key(&old), &NEIGHBOUR[..5]);
    let forms = || {
        let count = |tx: &mut dyn store::Tx| store::form::public_since(tx, jiff::Timestamp::MIN);
        place.app.store().read(count).unwrap()
    };
    assert_eq!(forms(), 1);
    place.clock.advance(SignedDuration::from_hours(25));
    place.app.start_public_form().unwrap();
    assert_eq!(forms(), 1, "the old one is taken away with its answers");
    assert!(matches!(
        place.app.form_page(Which::Key(&old), None),
        Err(Error::NotFound("form"))
    ));
    // Somebody else's browser opens nothing.
    assert!(place.app.form_page(Which::Key(""), None).is_err());
    for _ in 1..600 {
        place.app.start_public_form().unwrap();
    }
    assert!(matches!(place.app.start_public_form(), Err(Error::Wait(_))));
    place.clock.advance(SignedDuration::from_hours(2));
    assert!(place.app.start_public_form().is_ok());
}
