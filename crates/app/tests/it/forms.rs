//! Forms: an answer at a time, resumed anywhere, two editors of one answer, versions, signing.

use access::{Actor, Role};
use app::flow::forms::{Saved, Typed, Which};
use app::person::TimelineFilter;
use app::{App, Error, Settings};
use flow::form::{Forms, SectionState, progress};
use jiff::civil::date;
use kernel::{FormId, NhsNumber, PersonId};
use person::{Gender, Person};
use std::sync::Arc;
use testkit::Place;

const SCREENING: &str = "initial-screening";

/// A place with Mary, tied to trust and council.
fn mary() -> (Place, PersonId) {
    let place = testkit::place();
    let person = Person {
        nhs_number: NhsNumber::synthetic(1),
        family_name: "Bold".to_owned(),
        given_name: "Mary".to_owned(),
        birth_date: Some(date(1938, 4, 3)),
        gender: Gender::Female,
        ..Person::unknown(place.app.ids().person())
    };
    let now = place.app.now();
    let insert = |tx: &mut dyn store::Tx| store::person::insert(tx, &person, now);
    place.app.store().write(insert).unwrap();
    place.tie(person.id);
    (place, person.id)
}

fn say(
    place: &Place,
    who: &Actor,
    form: FormId,
    (link, value): (&str, &str),
    (number, page): (i64, &str),
) -> Result<Saved, Error> {
    let typed = Typed {
        link,
        value,
        number,
        page,
    };
    place.app.save_answer(Which::Staff(who, form), &typed)
}

const ANSWERS: [(&str, &str); 7] = [
    ("what", "Fell on the stairs.\n\nCannot carry the shopping."),
    ("safe", "yes"),
    ("safeguarding", "no"),
    ("eats", "yes"),
    ("moves", "no"),
    ("next", "equipment\nassessment"),
    ("important", "Her garden"),
];

fn filled(place: &Place, who: &Actor, person: PersonId) -> FormId {
    let form = place.app.start_form(who, SCREENING, Some(person)).unwrap();
    for (number, answer) in (1..).zip(ANSWERS) {
        let saved = say(place, who, form, answer, (0, "p")).unwrap();
        assert_eq!(saved, Saved::Kept(1), "{number}");
    }
    form
}

#[test]
fn an_answer_is_kept_and_found_by_whoever_goes_on() {
    let (place, person) = mary();
    let nurse = place.actor(Role::HubLead);
    let worker = place.actor(Role::Practitioner);
    let form = filled(&place, &nurse, person);
    // Somebody else of those who care for her goes on where the first one stopped.
    let page = place
        .app
        .form_page(Which::Staff(&worker, form), None)
        .unwrap();
    assert_eq!(page.answers.get("what"), ANSWERS[0].1, "new lines are kept");
    assert_eq!(page.rows["what"].by, nurse.display_name);
    assert_eq!(page.person.unwrap().family_name, "Bold");
    // Nobody else's.
    let analyst = place.actor(Role::Analyst);
    let refused = place.app.form_page(Which::Staff(&analyst, form), None);
    assert!(matches!(refused, Err(Error::Denied(_))));
    let provider = place.actor(Role::Provider);
    let refused = place.app.form_page(Which::Staff(&provider, form), None);
    assert!(matches!(refused, Err(Error::Denied(_))));
    assert_eq!(place.app.store().read(store::verify).unwrap(), []);
}

#[test]
fn what_does_not_fit_is_told_and_the_rest_is_saved() {
    let (place, person) = mary();
    let nurse = place.actor(Role::HubLead);
    let form = place
        .app
        .start_form(&nurse, SCREENING, Some(person))
        .unwrap();
    let long = "é".repeat(2_001);
    let typed = |link, value| Typed {
        link,
        value,
        number: 0,
        page: "p",
    };
    let all = [
        typed("what", &long),
        typed("safe", "maybe"),
        typed("eats", "yes"),
    ];
    let which = Which::Staff(&nurse, form);
    let saved = place
        .app
        .save_answers(which, &all, Some(("now", true)))
        .unwrap();
    assert_eq!(
        saved,
        [
            Saved::Wrong("Use 2000 characters or fewer. You have used 2001".to_owned()),
            Saved::Wrong("Choose yes or no".to_owned()),
            Saved::Kept(1)
        ]
    );
    // The section was said to be complete and something of the page did not fit: it is not.
    let page = place.app.form_page(which, None).unwrap();
    let states: Vec<_> = progress(&page.form, &page.answers, &page.marks)
        .iter()
        .map(|one| one.state)
        .collect();
    use SectionState::{Incomplete, NotYetStarted};
    assert_eq!(states, [NotYetStarted, Incomplete, NotYetStarted]);
    let gone = say(&place, &nurse, form, ("gone", "x"), (0, "p"));
    assert!(matches!(gone, Err(Error::NotFound("question"))));
}

#[test]
fn two_editors_of_one_answer_are_told_and_neither_is_lost() {
    let (place, person) = mary();
    let (nurse, worker) = (place.actor(Role::HubLead), place.actor(Role::Practitioner));
    let form = place
        .app
        .start_form(&nurse, SCREENING, Some(person))
        .unwrap();
    let kept = |number| Saved::Kept(number);
    let what = |who, text, at| say(&place, who, form, ("what", text), at).unwrap();
    assert_eq!(what(&nurse, "Fell", (0, "one")), kept(1));
    // The same page goes on typing without having heard of its own first answer.
    assert_eq!(what(&nurse, "Fell on", (0, "one")), kept(2));
    // Another page knew nothing of it.
    let Saved::Changed(theirs) = what(&worker, "Is ill", (0, "two")) else {
        panic!("the second is told");
    };
    assert_eq!((theirs.value.as_str(), theirs.number), ("Fell on", 2));
    assert_eq!(theirs.by, nurse.display_name);
    // So is the same person on another page.
    assert!(matches!(
        what(&nurse, "Is ill", (1, "three")),
        Saved::Changed(_)
    ));
    // Saying the same is no quarrel, and a request that is sent twice changes nothing.
    assert_eq!(what(&worker, "Fell on", (0, "two")), kept(2));
    // Having seen it, the second writes over it; what stood is kept beside.
    assert_eq!(what(&worker, "Is ill", (2, "two")), kept(3));
    let before = place.app.written_over(Which::Staff(&nurse, form)).unwrap();
    assert_eq!(before.len(), 1);
    assert_eq!(before[0].value, "Fell on");
    assert_eq!(place.app.store().read(store::verify).unwrap(), []);
}

#[test]
fn what_is_typed_on_one_page_is_one_row_of_the_journal() {
    let (place, person) = mary();
    let nurse = place.actor(Role::HubLead);
    let form = place
        .app
        .start_form(&nurse, SCREENING, Some(person))
        .unwrap();
    let rows = || {
        let rows = place
            .app
            .store()
            .read(|tx| store::looks::of_person(tx, person, 0, 100));
        let rows = rows.unwrap();
        rows.iter()
            .filter(|one| one.action == "form: answer")
            .count()
    };
    for (number, text) in (0..).zip(["a", "ab", "abc"]) {
        say(&place, &nurse, form, ("what", text), (number, "one")).unwrap();
    }
    assert_eq!(rows(), 1);
    say(&place, &nurse, form, ("eats", "yes"), (0, "two")).unwrap();
    assert_eq!(rows(), 2);
}

#[test]
fn signing_needs_every_answer_and_fixes_them() {
    let (place, person) = mary();
    let nurse = place.actor(Role::HubLead);
    let form = place
        .app
        .start_form(&nurse, SCREENING, Some(person))
        .unwrap();
    let refused = place.app.sign_form(&nurse, form, &[]).unwrap_err();
    assert!(
        refused
            .to_string()
            .contains("6 questions still need an answer"),
        "{refused}"
    );
    let form = filled(&place, &nurse, person);
    place.app.sign_form(&nurse, form, &[]).unwrap();
    for again in [
        place.app.sign_form(&nurse, form, &[]).unwrap_err(),
        say(&place, &nurse, form, ("what", "x"), (1, "p")).unwrap_err(),
        place
            .app
            .withdraw_form(&nurse, form, "A mistake")
            .unwrap_err(),
    ] {
        let Error::Stale { what, .. } = again else {
            panic!("{again}");
        };
        assert_eq!(what, "the form is signed");
    }
    // It is on the timeline, and is a resource that programs read.
    let page = place
        .app
        .person(&nurse, person, &TimelineFilter::default())
        .unwrap();
    let line = page.timeline.first().unwrap();
    assert_eq!(
        (line.title.as_str(), line.kind.as_str()),
        ("Initial screening", "QuestionnaireResponse")
    );
    let key = format!("QuestionnaireResponse/{form}");
    let bytes = place
        .app
        .store()
        .read(|tx| store::shelf::latest(tx, &key))
        .unwrap();
    let text = String::from_utf8(bytes.unwrap()).unwrap();
    assert!(text.contains("\\n\\nCannot carry the shopping."), "{text}");
    assert!(fhir::json::parse(&text).is_ok());
    assert_eq!(place.app.store().read(store::verify).unwrap(), []);
}

#[test]
fn an_earlier_answer_is_shown_with_its_age_and_taken_over_only_by_choice() {
    let (place, person) = mary();
    let (nurse, worker) = (place.actor(Role::HubLead), place.actor(Role::Practitioner));
    let first = filled(&place, &nurse, person);
    place.app.sign_form(&nurse, first, &[]).unwrap();
    let answered = place.app.now();
    place
        .clock
        .advance(jiff::SignedDuration::from_hours(24 * 30));
    let second = place
        .app
        .start_form(&worker, SCREENING, Some(person))
        .unwrap();
    let which = Which::Staff(&worker, second);
    let (page, earlier) = place.app.form_with_earlier(which, "first").unwrap();
    assert_eq!(
        page.answers.get("important"),
        "",
        "nothing is taken over by itself"
    );
    let found = earlier.iter().find(|one| one.link == "important").unwrap();
    assert_eq!(
        (found.answer.value.as_str(), found.answer.at),
        ("Her garden", answered)
    );
    place
        .app
        .take_over(&worker, second, "important", "p")
        .unwrap();
    let page = place.app.form_page(which, None).unwrap();
    let row = &page.rows["important"];
    assert_eq!(
        (row.value.as_str(), row.by.as_str()),
        ("Her garden", worker.display_name.as_str())
    );
    assert_eq!(row.taken, Some((first, answered)), "its age stays with it");
    // There is an answer now.
    let again = place.app.take_over(&worker, second, "important", "p");
    assert!(matches!(again, Err(Error::Stale { .. })));
    assert!(matches!(
        place.app.take_over(&worker, second, "since", "p"),
        Err(Error::NotFound("earlier answer"))
    ));
}

#[test]
fn a_version_that_is_retired_half_way_goes_on() {
    let (place, person) = mary();
    let nurse = place.actor(Role::HubLead);
    let form = place
        .app
        .start_form(&nurse, SCREENING, Some(person))
        .unwrap();
    say(&place, &nurse, form, ("what", "Fell"), (0, "p")).unwrap();
    let text = flow::form::BUILTIN
        .iter()
        .find(|(name, _)| *name == "forms/initial-screening-1.json")
        .unwrap()
        .1;
    let retired = text.replace("\"active\"", "\"retired\"");
    let newer = text.replace("\"version\": \"1\"", "\"version\": \"2\"");
    let open = |forms: Forms| {
        App::open(Settings {
            location: place.location().clone(),
            place: place.app.store().place().clone(),
            clock: Arc::new(place.clock.clone()),
            randomness: Box::new(testkit::Seeded(9)),
            policy: Arc::new(flow::Policy::builtin()),
        })
        .unwrap()
        .with_forms(forms)
    };
    let given = [
        ("forms/initial-screening-1.json", retired.as_str()),
        ("forms/two.json", newer.as_str()),
    ];
    let app = open(Forms::from_texts(&given).unwrap());
    let which = Which::Staff(&nurse, form);
    let page = app.form_page(which, None).unwrap();
    assert_eq!(
        (page.form.version.as_str(), page.newer.as_deref()),
        ("1", Some("2"))
    );
    assert_eq!(page.answers.get("what"), "Fell");
    let typed = Typed {
        link: "eats",
        value: "yes",
        number: 0,
        page: "q",
    };
    assert_eq!(app.save_answer(which, &typed).unwrap(), Saved::Kept(1));
    let begun = app.start_form(&nurse, SCREENING, Some(person)).unwrap();
    assert_eq!(
        app.form_page(Which::Staff(&nurse, begun), None)
            .unwrap()
            .form
            .version,
        "2"
    );
    // A version whose file was taken away is named, and nothing of the draft is lost.
    let app =
        open(Forms::from_texts(&[("forms/initial-screening-1.json", newer.as_str())]).unwrap());
    let missing = app.form_page(which, None).unwrap_err().to_string();
    assert_eq!(
        missing,
        "version 1 of the form initial-screening is not in policy/forms: put its file back"
    );
}
