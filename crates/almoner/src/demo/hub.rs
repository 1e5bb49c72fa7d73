//! A morning of the demo place's hub and wards: reviews, lists for leaving, steps that are
//! offered, taken and refused, steps that wait, and a huddle with its minutes. Everything goes
//! through the commands that people use.

use super::privacy::actor;
use access::Actor;
use app::App;
use app::flow::{BoardFilter, BoardRow, CaseSaid, StepChange};
use flow::reside::Said;
use jiff::SignedDuration;
use kernel::{OrganisationId, StayId};
use synth::Barsetshire;

/// Pages of the board whose people are worked on.
const PAGES: usize = 2;
/// Cases spoken about in the huddle.
const SPOKEN: i64 = 6;

/// Makes them.
pub(super) fn make(app: &App, place: &Barsetshire) -> Result<(), app::Error> {
    let (lead, sister) = (actor(app, "hub.lead")?, actor(app, "ward.sister")?);
    for page in 1..=PAGES {
        let board = app.board(&lead, &BoardFilter::default(), page)?;
        for (index, row) in board.rows.iter().enumerate() {
            if index % 5 != 4 {
                review(app, &sister, row, index)?;
            }
            if row.line.ready_on.is_some() {
                leaving(app, &lead, row.line.stay, index)?;
                steps(app, &lead, row.line.stay, index, place.organisations.county)?;
            }
        }
        if page >= board.pages {
            break;
        }
    }
    huddle(app, &lead, place)
}

/// The ward's review of the morning. Where the three tests of readiness set the date, a review
/// changes none; elsewhere it says what the date says.
fn review(app: &App, sister: &Actor, row: &BoardRow, index: usize) -> Result<(), app::Error> {
    const WHAT_FOR: [&str; 4] = ["3", "8", "6", "2"];
    let needs = row.line.ready_on.is_none();
    let code = WHAT_FOR[index % WHAT_FOR.len()];
    let said = Said {
        criteria: match needs {
            true => vec![code.to_owned()],
            false => Vec::new(),
        },
        exception: String::new(),
    };
    match app.review_reside(sister, row.line.stay, Some(needs), &said) {
        // Another hospital's patient is not hers to review.
        Err(app::Error::NoTie(_) | app::Error::NotFound(_)) => Ok(()),
        other => other,
    }
}

fn leaving(app: &App, lead: &Actor, stay: StayId, index: usize) -> Result<(), app::Error> {
    let items = app.stay(lead, stay)?.notes.checklist;
    let said: Vec<(String, String, String)> = items
        .into_iter()
        .enumerate()
        .map(|(at, line)| {
            let (state, note) = match (index + at) % 4 {
                0 => ("open", ""),
                1 if line.item == "equipment" => ("not needed", "Has all that is needed"),
                2 if line.item == "transport" => ("done", "Booked for 11am"),
                _ => ("done", ""),
            };
            (line.item, state.to_owned(), note.to_owned())
        })
        .collect();
    app.say_checks(lead, stay, &said).map(|_| ())
}

/// Some steps are offered to the council, some wait.
fn steps(
    app: &App,
    lead: &Actor,
    stay: StayId,
    index: usize,
    county: OrganisationId,
) -> Result<(), app::Error> {
    let Some(chain) = app.stay(lead, stay)?.chain else {
        return Ok(());
    };
    let Some(view) = chain.steps.iter().find(|view| view.step.state.is_open()) else {
        return Ok(());
    };
    let change = match index % 6 {
        0 if view.step.owner != Some(county) => StepChange::Offer {
            to: county,
            name: "Hospital team".to_owned(),
        },
        2 => {
            let today = app.today();
            let reason = app.policy().reasons.on("drd", today).nth(index % 7);
            StepChange::Wait(reason.map(|one| ("drd".to_owned(), one.code.clone())))
        }
        _ => return Ok(()),
    };
    let why = match change {
        StepChange::Offer { .. } => "Lives alone; knows your team from last year",
        _ => "",
    };
    app.change_step(lead, view.step.id, chain.version, &change, why)?;
    if index % 12 == 0
        && let Some(offer) = app.stay(lead, stay)?.chain.and_then(|chain| {
            let mut open = chain.steps.into_iter().filter_map(|view| view.offer);
            open.next()
        })
    {
        let worker = actor(app, "social.worker")?;
        app.answer_handover(&worker, offer.offer.id, true, "", "")?;
    }
    Ok(())
}

/// A huddle over the infirmary, some cases spoken about, and over.
fn huddle(app: &App, lead: &Actor, place: &Barsetshire) -> Result<(), app::Error> {
    let infirmary = place.organisations.infirmary;
    let id = match app.begin_huddle(lead, Some(infirmary), true) {
        // A place so small that nobody is ready to leave has no huddle.
        Err(app::Error::Invalid(_)) => return Ok(()),
        other => other?,
    };
    let agreed = [
        "Ring the daughter about the key safe",
        "Ask the home when the room is free",
        "Bring the funding decision to panel",
        "Order the bed rail for tomorrow",
    ];
    while let Some(next) = app.next_case(lead, id)? {
        let number = next.case.number;
        if number > SPOKEN {
            break;
        }
        let index = usize::try_from(number).unwrap_or(0);
        let said = CaseSaid {
            skip: index % 5 == 0,
            said: String::new(),
            action: agreed[index % agreed.len()].to_owned(),
            owner: Some(place.organisations.county),
            owner_name: "Hospital team".to_owned(),
            due_at: app.now().checked_add(SignedDuration::from_hours(6)).ok(),
        };
        app.say_case(lead, id, number, next.stay.row.version, &said)?;
    }
    app.end_huddle(lead, id, "Hub, ward sisters, hospital team of the council")
}
