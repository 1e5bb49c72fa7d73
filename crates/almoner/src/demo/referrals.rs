//! Requests for help of the demo place: from neighbours, carers, a practice, an ambulance crew
//! and a ward; one taken, some decided.

use super::privacy::actor;
use access::Actor;
use app::App;
use app::flow::begun::CarerIs;
use app::flow::forms::{Typed, Which};
use app::flow::triage::{Decision, Step};
use flow::triage::Outcome;
use store::referral::Wanted;
use synth::Barsetshire;

type Answers = &'static [(&'static str, &'static str)];

/// Requests by people who do not sign in.
const PUBLIC: [Answers; 6] = [
    &[
        ("from", "public"),
        ("from-name", "Lily Dale"),
        ("from-phone", "01632 960 181"),
        ("knows", "no"),
        ("knows-why", "Her nephew answers the door and sends me away"),
        ("given-name", "Hester"),
        ("family-name", "Grantly"),
        ("address", "4 Hogglestock Lane"),
        ("danger", "no"),
        ("harm", "yes"),
        (
            "harm-what",
            "Shouting at night for two weeks. She used to wave from the window.",
        ),
        ("alone", "no"),
        (
            "what",
            "I have not seen her since the nephew moved in.\nThe curtains are closed all day.",
        ),
    ],
    &[
        ("from", "carer"),
        ("from-name", "Samuel Grantly"),
        ("from-tie", "her brother"),
        ("from-phone", "01632 960 122"),
        ("knows", "yes"),
        ("given-name", "Hester"),
        ("family-name", "Grantly"),
        ("born", "1941-02-11"),
        ("address", "4 Hogglestock Lane"),
        ("danger", "no"),
        ("harm", "no"),
        ("alone", "no"),
        (
            "what",
            "She cannot get into the bath any more and will not let me help.",
        ),
        ("needs", "washing\nequipment"),
    ],
    &[
        ("from", "self"),
        ("given-name", "Abel"),
        ("family-name", "Handy"),
        ("born", "1939-07-30"),
        ("phone", "01632 960 144"),
        ("danger", "no"),
        ("harm", "no"),
        ("alone", "no"),
        (
            "what",
            "I used to cook for my wife and me. Since my stroke I burn things.\nI want to cook again.",
        ),
        ("needs", "meals"),
        ("wanted", "Somebody to show me how with one hand"),
    ],
    &[
        ("from", "ambulance"),
        ("from-name", "Crew 14"),
        ("from-where", "Barsetshire Ambulance Service, paramedic"),
        ("from-phone", "01632 960 190"),
        ("knows", "yes"),
        ("given-name", "Jonathan"),
        ("family-name", "Oldbuck"),
        ("born", "1934-01-09"),
        ("danger", "no"),
        ("harm", "no"),
        ("alone", "yes"),
        (
            "what",
            "Third fall this week. Wife, who cares for him, was taken to hospital tonight.",
        ),
        (
            "found",
            "Not hurt. In bed with water and the telephone beside him. The door is on the latch.",
        ),
        ("consent", "yes"),
        ("needs", "moving\ncarer"),
    ],
    &[
        ("from", "gp"),
        ("from-name", "Dr Thorne"),
        ("from-where", "Greshamsbury Surgery, GP"),
        ("from-phone", "01632 960 170"),
        ("knows", "yes"),
        ("given-name", "Martha"),
        ("family-name", "Dunstable"),
        ("born", "1950-12-01"),
        ("danger", "no"),
        ("harm", "no"),
        ("alone", "no"),
        (
            "what",
            "Cares for her husband day and night and is worn out. Would accept a break.",
        ),
        ("needs", "carer"),
        ("consent", "yes"),
    ],
    &[
        ("from", "carer"),
        ("from-name", "Mark Robarts"),
        ("from-tie", "her son"),
        ("from-phone", "01632 960 133"),
        ("knows", "yes"),
        ("given-name", "Fanny"),
        ("family-name", "Robarts"),
        ("born", "1946-05-20"),
        ("danger", "no"),
        ("harm", "no"),
        ("alone", "no"),
        ("what", "She is lonely since she stopped driving."),
        ("needs", "lonely"),
    ],
];

/// What a ward asks for somebody who is in it.
const WARD: Answers = &[
    ("from-phone", "bleep 214"),
    ("knows", "yes"),
    ("danger", "no"),
    ("harm", "no"),
    ("alone", "no"),
    (
        "what",
        "Goes home on Friday. Needs somebody in the morning and at night for the first weeks.",
    ),
    ("needs", "leaving-hospital\nwashing"),
    ("consent", "yes"),
];

fn fill(app: &App, which: Which<'_>, answers: Answers) -> Result<(), app::Error> {
    let typed: Vec<Typed<'_>> = answers
        .iter()
        .map(|(link, value)| Typed {
            link,
            value,
            number: 0,
            page: "demo",
        })
        .collect();
    app.save_answers(which, &typed, None)?;
    app.send_referral(which)?;
    Ok(())
}

/// What becomes of the request of somebody with this family name.
fn decide(
    app: &App,
    worker: &Actor,
    family: &str,
    outcome: Outcome,
    answer: &str,
) -> Result<(), app::Error> {
    let queue = app.triage(worker, Wanted::default(), 1)?;
    let Some(line) = queue.lines.iter().find(|line| line.family_name == family) else {
        return Ok(());
    };
    let step = Step::Decide(Decision {
        outcomes: vec![outcome],
        answer,
        // The carer of these requests is the person whom they are about.
        carer: CarerIs::Oneself,
        on_this_record: true,
        ..Decision::default()
    });
    app.triage_step(worker, (line.referral.id, line.referral.version), &step)
}

/// Makes them.
pub(super) fn make(app: &App, place: &Barsetshire) -> Result<(), app::Error> {
    for answers in PUBLIC {
        let key = app.start_public_form()?;
        fill(app, Which::Key(&key), answers)?;
    }
    let (sister, worker) = (actor(app, "ward.sister")?, actor(app, "social.worker")?);
    let open = place
        .stays
        .iter()
        .filter(|one| one.stay.discharged_on.is_none());
    for one in open {
        // Somebody whom the ward may see, and who is not kept secret.
        let Ok(form) = app.start_form(&sister, "referral", Some(one.stay.person)) else {
            continue;
        };
        fill(app, Which::Staff(&sister, form), WARD)?;
        break;
    }
    decide(
        app,
        &worker,
        "Robarts",
        Outcome::Advice,
        "There is a lunch club on Thursdays with a minibus. They will ring you this week.",
    )?;
    decide(
        app,
        &worker,
        "Dunstable",
        Outcome::Carer,
        "Somebody rings you to talk about what would give you a break.",
    )?;
    let queue = app.triage(&worker, Wanted::default(), 1)?;
    if let Some(line) = queue.lines.first() {
        let which = (line.referral.id, line.referral.version);
        app.triage_step(&worker, which, &Step::Take)?;
    }
    Ok(())
}
