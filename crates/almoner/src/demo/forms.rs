//! Assessments of the demo place: of the people on the social worker's caseload, some signed and
//! others half way; and an agreement on trusted assessors.

use super::privacy::actor;
use access::Actor;
use app::App;
use app::flow::agreements::{Change, NewAgreement};
use app::flow::forms::{Typed, Which};
use flow::trusted::Purpose;
use kernel::calendar::add_days;
use kernel::{FormId, PersonId};
use synth::Barsetshire;

/// Answers by the short names of their questions.
type Answers = &'static [(&'static str, &'static str)];

const SCREENED: Answers = &[
    (
        "what",
        "Fell in the kitchen on Sunday and lay there until the neighbour came.\nHas not cooked since.",
    ),
    ("since", "Sunday"),
    (
        "important",
        "To stay in the house where the children were born",
    ),
    ("safe", "yes"),
    ("safeguarding", "no"),
    ("eats", "no"),
    ("moves", "yes"),
    ("alone", "yes"),
    ("next", "reablement\nassessment"),
    (
        "next-why",
        "Walked with one helper on the ward. Could not stand long enough to cook.",
    ),
];

const ASSESSED: Answers = &[
    ("present", "Herself, and the neighbour for the first half"),
    ("communication", "Speak on the left side. Short sentences."),
    ("difficulty", "none"),
    (
        "important",
        "To stay in the house where the children were born",
    ),
    (
        "strengths",
        "Keeps her own accounts. The neighbour comes every morning.",
    ),
    (
        "outcome-nutrition-said",
        "I can eat what is put in front of me. I cannot stand at the stove.",
    ),
    ("outcome-nutrition", "unable"),
    ("outcome-nutrition-ways", "help"),
    (
        "outcome-nutrition-why",
        "Could not stand for more than two minutes on three days of four",
    ),
    ("outcome-hygiene", "unable"),
    ("outcome-hygiene-ways", "danger"),
    ("outcome-toilet", "able"),
];

/// Fills a form in.
fn fill(app: &App, who: &Actor, form: FormId, answers: Answers) -> Result<(), app::Error> {
    let typed: Vec<Typed<'_>> = answers
        .iter()
        .map(|(link, value)| Typed {
            link,
            value,
            number: 0,
            page: "demo",
        })
        .collect();
    app.save_answers(Which::Staff(who, form), &typed, None)?;
    Ok(())
}

/// Makes them.
pub(super) fn make(app: &App, place: &Barsetshire) -> Result<(), app::Error> {
    agreements(app, place)?;
    let worker = actor(app, "social.worker")?;
    let people: Vec<PersonId> = app
        .my_people(&worker)?
        .into_iter()
        .map(|one| one.person.id)
        .collect();
    let Some(first) = people.first().copied() else {
        return Ok(());
    };
    let screened = app.start_form(&worker, "initial-screening", Some(first))?;
    fill(app, &worker, screened, SCREENED)?;
    app.sign_form(&worker, screened, &[])?;
    let assessed = app.start_form(&worker, "needs-assessment", Some(first))?;
    fill(app, &worker, assessed, ASSESSED)?;
    for section in ["before", "part-nutrition"] {
        app.save_answers(Which::Staff(&worker, assessed), &[], Some((section, true)))?;
    }
    if let Some(second) = people.get(1).copied() {
        let goals = app.start_form(&worker, "reablement-goals", Some(second))?;
        let now: Answers = &[("now", "Washes at the basin. Needs one person to dress.")];
        fill(app, &worker, goals, now)?;
    }
    Ok(())
}

/// A trusted assessment of somebody who goes back to the home that they live in.
const TRUSTED: Answers = &[
    ("purpose", "return-care-home"),
    ("home", "The home that she lives in"),
    ("seen", "yes"),
    (
        "changed",
        "Walks with a frame now. Needs one person for the stairs.",
    ),
    ("agreed", "yes"),
    ("moving", "Frame; one helper on stairs"),
    ("falls", "2"),
    ("washing", "Washes at the basin; one helper in the shower"),
    ("toilet", "By herself by day; reminded at night"),
    ("eating", "Eats well when somebody sits with her"),
    ("skin", "Whole"),
    (
        "medicines",
        "Furosemide stopped. Seven days go with her. Staff give them.",
    ),
    ("infection", "no"),
    ("memory", "Forgets the day; knows people and places"),
    ("liberty", "no"),
    ("staff", "One helper, morning and evening"),
    ("contact", "Hospital social work team, 01632 960 150"),
];

/// Agreements with a care home, and a signed assessment that it accepted.
fn agreements(app: &App, place: &Barsetshire) -> Result<(), app::Error> {
    let (lead, worker) = (actor(app, "hub.lead")?, actor(app, "social.worker")?);
    let today = app.today();
    let places = &place.organisations;
    let homes = places
        .care_homes
        .first()
        .into_iter()
        .chain(&places.nursing_homes);
    let mut made = Vec::new();
    for (acceptor, purpose) in homes.zip([Purpose::Return, Purpose::Entry]) {
        let new = NewAgreement {
            assessor: Some(places.hospital_team),
            acceptor: Some(*acceptor),
            purpose: Some(purpose),
            competencies: "Two shadowed assessments in the home, and its training on moving people",
            indemnity: "The council, for its own staff; the home for what it was told and did not do",
            starts_on: Some(add_days(today, -200)),
            ends_on: Some(add_days(today, 165)),
            review_on: Some(add_days(today, 30)),
        };
        made.push(app.make_agreement(&lead, &new)?);
    }
    let Some(agreement) = made.first().copied() else {
        return Ok(());
    };
    let failed = Change::Failed(
        Some(add_days(today, -40)),
        "The bed could not be lowered, and there was a fall on the first night",
        "Ask which bed before the day of leaving",
    );
    app.change_agreement(&lead, (agreement, 1), &failed)?;
    let people = app.my_people(&worker)?;
    if let Some(person) = people.get(1).map(|one| one.person.id) {
        let form = app.start_form(&worker, "trusted-assessment", Some(person))?;
        fill(app, &worker, form, TRUSTED)?;
        app.sign_form(&worker, form, &[])?;
        app.accept_assessment(&worker, (form, agreement), "the manager on duty")?;
    }
    Ok(())
}
