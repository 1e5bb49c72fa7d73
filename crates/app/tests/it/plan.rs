//! Care and support plans: written in versions, agreed, read by the person.

use access::{Actor, Role};
use app::Error;
use app::flow::forms::{Typed, Which};
use app::session::NewAccount;
use jiff::SignedDuration;
use jiff::civil::date;
use kernel::{FormId, NhsNumber, PersonId};
use person::plan::{Considered, Goal, Named, Plan, Verdict};
use person::{Gender, Person};
use store::wish::WishKind;
use testkit::{PASSWORD, Place};

fn somebody(place: &Place) -> PersonId {
    let person = Person {
        nhs_number: NhsNumber::synthetic(77),
        family_name: "Harding".to_owned(),
        given_name: "Septimus".to_owned(),
        birth_date: Some(date(1938, 4, 3)),
        gender: Gender::Male,
        ..Person::unknown(place.app.ids().person())
    };
    let now = place.app.now();
    let insert = |tx: &mut dyn store::Tx| store::person::insert(tx, &person, now);
    place.app.store().write(insert).unwrap();
    place.tie(person.id);
    person.id
}

fn plan() -> Plan {
    let considered = |used, words: &str| Considered {
        used: Some(used),
        words: words.to_owned(),
    };
    Plan {
        goals: vec![Goal {
            words: "I want to play the cello".to_owned(),
            measure: "Once a week".to_owned(),
            now: String::new(),
        }],
        contingency: "Ring my daughter".to_owned(),
        telecare: considered(false, "Not wanted"),
        equipment: considered(true, "A chair"),
        coordinator: Named {
            name: "Jane Grantly".to_owned(),
            ..Named::default()
        },
        review_on: Some(date(2018, 11, 27)),
        without_why: "He needs it now".to_owned(),
        ..Plan::default()
    }
}

#[test]
fn a_plan_has_versions_and_each_is_agreed_anew() {
    let place = testkit::place();
    let id = somebody(&place);
    let worker = place.actor(Role::Practitioner);
    assert_eq!(place.app.care_plan(&worker, id).unwrap().row, None);
    let empty = place.app.save_care_plan(&worker, id, 0, &Plan::default());
    let Err(Error::Invalid(wrong)) = empty else {
        panic!("{empty:?}");
    };
    assert!(wrong.iter().any(|one| one.field == "telecare"));
    assert_eq!(
        place.app.save_care_plan(&worker, id, 0, &plan()).unwrap(),
        1
    );
    assert_eq!(
        place.app.save_care_plan(&worker, id, 1, &plan()).unwrap(),
        1,
        "what says the same makes no version"
    );
    let said = ("Septimus Harding", "Signed on paper");
    place.app.agree_care_plan(&worker, id, 1, said).unwrap();
    let again = place.app.agree_care_plan(&worker, id, 1, said);
    assert!(matches!(again, Err(Error::Invalid(_))));
    let mut second = plan();
    second.goals[0].measure = "Twice a week".to_owned();
    place.clock.advance(SignedDuration::from_hours(1));
    assert_eq!(
        place.app.save_care_plan(&worker, id, 1, &second).unwrap(),
        2
    );
    let lead = place.actor(Role::HubLead);
    let stale = place.app.save_care_plan(&lead, id, 1, &plan());
    assert!(matches!(stale, Err(Error::Stale { .. })));
    let page = place.app.care_plan(&lead, id).unwrap();
    assert_eq!(page.versions.len(), 2);
    assert_eq!(page.current().unwrap().plan, second);
    assert_eq!(page.current().unwrap().agreed, None);
    assert_eq!(
        page.versions[1].agreed.as_ref().unwrap().1,
        "Septimus Harding"
    );
    assert!(matches!(
        place
            .app
            .save_care_plan(&place.actor(Role::Provider), id, 2, &plan()),
        Err(Error::Denied(_))
    ));
    let problems = place.app.store().read(store::verify).unwrap();
    assert_eq!(problems, []);
}

#[test]
fn a_plan_of_another_organisation_is_withheld_when_the_person_objects() {
    let place = testkit::place();
    let id = somebody(&place);
    let worker = place.actor(Role::Practitioner);
    place.app.save_care_plan(&worker, id, 0, &plan()).unwrap();
    let wish = app::person::wishes::NewWish {
        kind: WishKind::Objection,
        category: "",
        how: "Said so",
    };
    place.app.say_wish(&worker, id, wish).unwrap();
    assert!(
        place.app.care_plan(&worker, id).unwrap().row.is_some(),
        "their own"
    );
    let lead = place.actor(Role::HubLead);
    let page = place.app.care_plan(&lead, id).unwrap();
    assert!(page.withheld && page.row.is_none() && page.versions.is_empty());
    let over = place.app.save_care_plan(&lead, id, 1, &plan());
    assert!(
        matches!(over, Err(Error::Invalid(_))),
        "it is not written over"
    );
}

#[test]
fn the_person_reads_their_own_plan() {
    let place = testkit::place();
    let id = somebody(&place);
    let worker = place.actor(Role::Practitioner);
    let account = NewAccount {
        username: "septimus",
        password: PASSWORD,
        display_name: "Septimus Harding",
        role: Role::Person,
        organisation: place.council,
    };
    let operator = Actor::operator();
    place.app.make_own_account(&operator, &account, id).unwrap();
    let own = place
        .app
        .sign_in("septimus", PASSWORD)
        .unwrap()
        .unwrap()
        .actor;
    assert_eq!(place.app.own_plan(&own, None).unwrap().version, None);
    place.app.save_care_plan(&worker, id, 0, &plan()).unwrap();
    let read = place.app.own_plan(&own, None).unwrap();
    assert_eq!(read.version.unwrap().plan, plan());
    assert!(matches!(
        place.app.own_plan(&worker, None),
        Err(Error::Denied(_))
    ));
}

/// Signs a needs assessment: so many outcomes unable, and the impact with its reason or without.
fn assess(place: &Place, id: PersonId, unable: usize, impact_why: &str) -> FormId {
    let worker = place.actor(Role::Practitioner);
    let form = place
        .app
        .start_form(&worker, "needs-assessment", Some(id))
        .unwrap();
    fill_assessment(place, &worker, form, (unable, impact_why));
    place.app.sign_form(&worker, form, &[]).unwrap();
    form
}

/// Answers every question of a needs assessment.
pub(crate) fn fill_assessment(
    place: &Place,
    worker: &Actor,
    form: FormId,
    (unable, impact_why): (usize, &str),
) {
    let mut answers = vec![
        ("present".to_owned(), "Septimus"),
        ("difficulty".to_owned(), "none"),
        ("important".to_owned(), "The cello"),
        ("impairment".to_owned(), "yes"),
        ("impairment-why".to_owned(), "A stroke in May"),
        ("impact".to_owned(), "yes"),
        ("impact-why".to_owned(), impact_why),
        ("safeguarding".to_owned(), "no"),
    ];
    for (at, outcome) in flow::eligibility::adult::Outcome::ALL.iter().enumerate() {
        let link = format!("outcome-{}", outcome.as_str().replace('_', "-"));
        if at < unable {
            answers.push((format!("{link}-ways"), "help"));
        }
        answers.push((link, if at < unable { "unable" } else { "able" }));
    }
    for (link, value) in &answers {
        let typed = Typed {
            link,
            value,
            number: 0,
            page: "p",
        };
        let which = Which::Staff(worker, form);
        place.app.save_answer(which, &typed).unwrap();
    }
}

#[test]
fn the_verdict_of_a_plan_is_that_of_the_latest_signed_assessment() {
    let place = testkit::place();
    let id = somebody(&place);
    let worker = place.actor(Role::Practitioner);
    let seen = || place.app.care_plan(&worker, id).unwrap();
    assert_eq!(seen().assessment, None);
    // The impact has no reason: undetermined, whatever somebody types.
    let first = assess(&place, id, 2, "");
    let latest = seen().assessment.unwrap();
    assert_eq!(
        (latest.form, latest.verdict),
        (first, Verdict::Undetermined)
    );
    assert_eq!(latest.missing, ["the reason for: significant impact"]);
    let mut typed = Plan {
        verdict: Verdict::Eligible,
        assessment: "Somebody said so".to_owned(),
        without_why: String::new(),
        ..plan()
    };
    let refused = place.app.save_care_plan(&worker, id, 0, &typed);
    let Err(Error::Invalid(wrong)) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(wrong[0].field, "without_why");
    typed.without_why = "He is alone: section 19(3)".to_owned();
    place.app.save_care_plan(&worker, id, 0, &typed).unwrap();
    let page = seen();
    let kept = &page.current().unwrap().plan;
    assert_eq!(kept.verdict, Verdict::Undetermined);
    assert_eq!(
        kept.assessment,
        "Care Act needs assessment, signed on 16 October 2018"
    );
    assert!(!page.assessed_since());
    // Assessed again: the plan says what it said, and that there is a newer one.
    place.clock.advance(SignedDuration::from_hours(24 * 30));
    let second = assess(&place, id, 3, "He does not eat enough");
    let page = seen();
    assert!(page.assessed_since());
    assert_eq!(page.current().unwrap().plan.verdict, Verdict::Undetermined);
    let latest = page.assessment.unwrap();
    assert_eq!((latest.form, latest.verdict), (second, Verdict::Eligible));
    assert_eq!(latest.outcomes.len(), 3);
    typed.review_on = Some(date(2018, 12, 24));
    place.app.save_care_plan(&worker, id, 1, &typed).unwrap();
    let page = seen();
    let kept = &page.current().unwrap().plan;
    assert_eq!(
        (kept.verdict, kept.without_why.as_str()),
        (Verdict::Eligible, "")
    );
    assert!(!page.assessed_since());
}

#[test]
fn an_assessment_that_is_withheld_gives_no_verdict_and_no_older_one_stands_in() {
    let place = testkit::place();
    let id = somebody(&place);
    assess(&place, id, 2, "He does not eat enough");
    let wish = app::person::wishes::NewWish {
        kind: WishKind::Objection,
        category: "",
        how: "Said so",
    };
    let worker = place.actor(Role::Practitioner);
    place.app.say_wish(&worker, id, wish).unwrap();
    let own = place.app.care_plan(&worker, id).unwrap();
    assert!(own.assessment.is_some() && !own.assessment_withheld);
    let page = place
        .app
        .care_plan(&place.actor(Role::HubLead), id)
        .unwrap();
    assert!(page.assessment.is_none() && page.assessment_withheld);
}

#[test]
fn who_co_ordinates_is_an_account_and_not_a_spelling() {
    let place = testkit::place();
    let id = somebody(&place);
    let (worker, lead) = (place.actor(Role::Practitioner), place.actor(Role::HubLead));
    let page = place.app.care_plan(&worker, id).unwrap();
    let own = worker.account.unwrap();
    assert!(page.colleagues.iter().any(|(id, _)| *id == own));
    let named = |account: &str| Plan {
        coordinator: Named {
            name: "Spelled wrong".to_owned(),
            account: account.to_owned(),
            ..Named::default()
        },
        ..plan()
    };
    let person = place.actor(Role::Person).account.unwrap().to_string();
    for wrong in ["nonsense", &person] {
        let refused = place.app.save_care_plan(&worker, id, 0, &named(wrong));
        let Err(Error::Invalid(faults)) = refused else {
            panic!("{refused:?}");
        };
        assert_eq!(faults[0].field, "coordinator_account");
    }
    place
        .app
        .save_care_plan(&lead, id, 0, &named(&own.to_string()))
        .unwrap();
    let page = place.app.care_plan(&lead, id).unwrap();
    let kept = &page.current().unwrap().plan.coordinator;
    assert_eq!(kept.name, worker.display_name);
    // It is the account's, though the person is on nobody's caseload.
    let mine = place.app.my_people(&worker).unwrap();
    assert_eq!(mine.len(), 1);
    assert!(!mine[0].caseload && mine[0].plan.as_ref().unwrap().yours);
    assert_eq!(place.app.my_people(&lead).unwrap(), []);
    // Somebody without an account keeps their name.
    place.app.save_care_plan(&lead, id, 1, &plan()).unwrap();
    assert_eq!(place.app.my_people(&worker).unwrap(), []);
    assert_eq!(place.app.store().read(store::verify).unwrap(), []);
}
