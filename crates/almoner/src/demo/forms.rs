//! Assessments of the demo place: of the people on the social worker's caseload, one signed and
//! others half way.

use super::privacy::actor;
use access::Actor;
use app::App;
use app::flow::forms::{Typed, Which};
use kernel::{FormId, PersonId};

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
pub(super) fn make(app: &App) -> Result<(), app::Error> {
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
    app.sign_form(&worker, screened)?;
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
