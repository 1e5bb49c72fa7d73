//! Eligibility worked out from an assessment's answers, and agreements on trusted assessors.

use access::{Actor, Role};
use app::Error;
use app::flow::agreements::{Change, NewAgreement};
use app::flow::forms::{Typed, Which};
use flow::eligibility::Verdict;
use flow::trusted::{Purpose, Standing};
use jiff::civil::date;
use kernel::{AgreementId, FormId, NhsNumber, PersonId};
use person::Person;
use testkit::Place;

fn mary() -> (Place, PersonId) {
    let place = testkit::place();
    let person = Person {
        nhs_number: NhsNumber::synthetic(1),
        family_name: "Bold".to_owned(),
        birth_date: Some(date(1938, 4, 3)),
        ..Person::unknown(place.app.ids().person())
    };
    let now = place.app.now();
    let insert = |tx: &mut dyn store::Tx| store::person::insert(tx, &person, now);
    place.app.store().write(insert).unwrap();
    place.tie(person.id);
    (place, person.id)
}

fn answer(place: &Place, who: &Actor, form: FormId, answers: &[(&str, &str)]) {
    for (link, value) in answers {
        let typed = Typed {
            link,
            value,
            number: 0,
            page: "p",
        };
        let saved = place
            .app
            .save_answer(Which::Staff(who, form), &typed)
            .unwrap();
        assert!(
            matches!(saved, app::flow::forms::Saved::Kept(_)),
            "{link}: {saved:?}"
        );
    }
}

#[test]
fn eligibility_is_worked_out_and_never_assumed() {
    let (place, person) = mary();
    let worker = place.actor(Role::Practitioner);
    let form = place
        .app
        .start_form(&worker, "needs-assessment", Some(person))
        .unwrap();
    let found = || {
        let page = place
            .app
            .form_page(Which::Staff(&worker, form), None)
            .unwrap();
        place.app.eligibility(&page).unwrap().unwrap()
    };
    assert_eq!(found().verdict, Verdict::Undetermined);
    assert_eq!(found().missing.len(), 12);
    // V16: two outcomes unable and the impact not recorded is never eligible.
    let judged = [
        ("impairment", "yes"),
        ("impairment-why", "A stroke in May"),
        ("outcome-nutrition", "unable"),
        ("outcome-nutrition-ways", "help"),
        ("outcome-home-safety", "unable"),
        ("outcome-home-safety-why", "Cannot manage the step"),
    ];
    answer(&place, &worker, form, &judged);
    assert_eq!(found().verdict, Verdict::Undetermined);
    assert_eq!(found().outcomes, ["nutrition", "home_safety"]);
    assert_eq!(found().missing, ["significant_impact"]);
    // A judgement without its reason is none.
    answer(&place, &worker, form, &[("impact", "yes")]);
    assert_eq!(found().missing, ["significant_impact.rationale"]);
    answer(
        &place,
        &worker,
        form,
        &[("impact-why", "She does not eat enough")],
    );
    assert_eq!(found().verdict, Verdict::Eligible);
    // V17: a carer needs one outcome.
    let carers = place
        .app
        .start_form(&worker, "carers-assessment", Some(person))
        .unwrap();
    let judged = [
        ("necessary-care", "yes"),
        ("necessary-care-why", "He could not be left"),
        ("outcome-recreation", "unable"),
        ("outcome-recreation-ways", "help"),
        ("impact", "yes"),
        ("impact-why", "She sees nobody"),
    ];
    answer(&place, &worker, carers, &judged);
    let page = place
        .app
        .form_page(Which::Staff(&worker, carers), None)
        .unwrap();
    assert_eq!(
        place.app.eligibility(&page).unwrap().unwrap().verdict,
        Verdict::Eligible
    );
    // A form that does not judge has no verdict.
    let goals = place
        .app
        .start_form(&worker, "reablement-goals", Some(person))
        .unwrap();
    let page = place
        .app
        .form_page(Which::Staff(&worker, goals), None)
        .unwrap();
    assert_eq!(place.app.eligibility(&page).unwrap(), None);
}

fn terms(place: &Place) -> NewAgreement<'static> {
    NewAgreement {
        assessor: Some(place.trust),
        acceptor: Some(place.provider),
        purpose: Some(Purpose::Return),
        competencies: "Two days of shadowing in the home",
        indemnity: "The trust, for its own staff",
        starts_on: Some(date(2018, 10, 1)),
        ends_on: None,
        review_on: Some(date(2019, 4, 1)),
    }
}

#[test]
fn an_agreement_says_all_that_it_must() {
    let place = testkit::place();
    let lead = place.actor(Role::HubLead);
    let good = terms(&place);
    for (wrong, said) in [
        (
            NewAgreement {
                competencies: " ",
                ..good.clone()
            },
            "Say what assessors must be able to do",
        ),
        (
            NewAgreement {
                indemnity: "",
                ..good.clone()
            },
            "Say who answers",
        ),
        (
            NewAgreement {
                acceptor: None,
                ..good.clone()
            },
            "Choose who accepts it",
        ),
        (
            NewAgreement {
                review_on: None,
                ..good.clone()
            },
            "Enter the day of the review",
        ),
        (
            NewAgreement {
                ends_on: Some(date(2018, 9, 30)),
                ..good.clone()
            },
            "The last day must not be before the first",
        ),
    ] {
        let error = place
            .app
            .make_agreement(&lead, &wrong)
            .unwrap_err()
            .to_string();
        assert!(error.contains(said), "{error}");
    }
    for role in [Role::Practitioner, Role::Provider, Role::Finance] {
        let refused = place.app.make_agreement(&place.actor(role), &good);
        assert!(matches!(refused, Err(Error::Denied(_))));
    }
    let id = place.app.make_agreement(&lead, &good).unwrap();
    // The provider reads it.
    let read = place
        .app
        .agreement(&place.actor(Role::Provider), id)
        .unwrap();
    assert_eq!(read.standing, Standing::InForce);
    assert_eq!(read.agreement.acceptor.1, "Ullathorne House");
    assert_eq!(place.app.store().read(store::verify).unwrap(), []);
}

pub(crate) const TRUSTED: [(&str, &str); 19] = [
    ("purpose", "return-care-home"),
    ("home", "Ullathorne House"),
    ("seen", "yes"),
    ("changed", "Now walks with a frame"),
    ("agreed", "yes"),
    ("moving", "Frame, one helper"),
    ("washing", "One helper"),
    ("toilet", "Pads at night"),
    ("eating", "Cut up small"),
    ("skin", "Whole"),
    ("medicines", "Seven days go with her"),
    ("infection", "no"),
    ("memory", "Knows where she is"),
    ("liberty", "not-judged"),
    ("staff", "One, four times a day"),
    ("contact", "Ward 7"),
    ("falls", "2"),
    ("nights", "Sleeps"),
    ("distress", "Noise"),
];

fn signed(place: &Place, who: &Actor, person: PersonId) -> FormId {
    let form = place
        .app
        .start_form(who, "trusted-assessment", Some(person))
        .unwrap();
    answer(place, who, form, &TRUSTED);
    place.app.sign_form(who, form, &[]).unwrap();
    form
}

#[test]
fn an_assessment_is_accepted_once_under_an_agreement_that_covers_it() {
    let (place, person) = mary();
    let (lead, worker) = (place.actor(Role::HubLead), place.actor(Role::Practitioner));
    let id = place.app.make_agreement(&lead, &terms(&place)).unwrap();
    let form = signed(&place, &lead, person);
    let known = |form| {
        let page = place
            .app
            .form_page(Which::Staff(&worker, form), None)
            .unwrap();
        place.app.acceptances(&page).unwrap()
    };
    assert_eq!(known(form).open.len(), 1);
    let nobody = place.app.accept_assessment(&lead, (form, id), " ");
    assert!(matches!(nobody, Err(Error::Invalid(_))));
    place
        .app
        .accept_assessment(&lead, (form, id), "Sister Plomacy")
        .unwrap();
    place
        .app
        .accept_assessment(&lead, (form, id), "Somebody else")
        .unwrap();
    // Everybody who may see it sees who has accepted it: there is no second one to make.
    let accepted = known(form).accepted;
    assert_eq!(accepted.len(), 1);
    assert_eq!(accepted[0].said_by, "Sister Plomacy");
    assert_eq!(known(form).open, []);
    // The council's own assessors are no party to it.
    let theirs = signed(&place, &worker, person);
    assert_eq!(known(theirs).open, []);
    let refused = place
        .app
        .accept_assessment(&worker, (theirs, id), "Sister Plomacy");
    assert!(matches!(
        refused,
        Err(Error::NotFound("agreement that covers it"))
    ));
    assert_eq!(place.app.agreement(&lead, id).unwrap().uses, 1);
    assert_eq!(place.app.store().read(store::verify).unwrap(), []);
}

fn change(place: &Place, id: AgreementId, version: i64, change: &Change<'_>) -> Result<(), Error> {
    let lead = place.actor(Role::HubLead);
    place.app.change_agreement(&lead, (id, version), change)
}

#[test]
fn placements_that_failed_are_noted_and_an_agreement_ends() {
    let (place, person) = mary();
    let lead = place.actor(Role::HubLead);
    let id = place.app.make_agreement(&lead, &terms(&place)).unwrap();
    let failed = |day| Change::Failed(Some(day), "The bed was too low", "Ask for the bed's height");
    let future = change(&place, id, 1, &failed(date(2018, 10, 17)));
    assert!(matches!(future, Err(Error::Invalid(_))));
    change(&place, id, 1, &failed(date(2018, 10, 15))).unwrap();
    let stale = change(&place, id, 1, &failed(date(2018, 10, 15)));
    assert!(matches!(stale, Err(Error::Stale { .. })));
    let why = "Shadowing had lapsed; begun again";
    change(&place, id, 2, &Change::Review(Some(date(2019, 10, 1)), why)).unwrap();
    let end = Change::End(Some(date(2018, 10, 15)), "The home closes");
    change(&place, id, 3, &end).unwrap();
    let now = place.app.agreement(&lead, id).unwrap();
    assert_eq!((now.standing, now.failed.len()), (Standing::Ended, 1));
    assert_eq!(now.agreement.review_on, date(2019, 10, 1));
    // What is signed after its last day is not covered by it.
    let form = signed(&place, &lead, person);
    let page = place
        .app
        .form_page(Which::Staff(&lead, form), None)
        .unwrap();
    assert_eq!(place.app.acceptances(&page).unwrap().open, []);
}
