//! What the privacy officer of the demo place finds: records opened without a link, one
//! restricted record that waits for a second person, somebody named for it, and a few looks.

use access::{Actor, Role};
use app::App;
use app::person::TimelineFilter;
use app::person::opening::Opening;
use kernel::calendar::add_days;
use kernel::{PersonId, limits};
use store::account;
use synth::Barsetshire;

/// Whoever has a sign-in name.
pub(super) fn actor(app: &App, username: &str) -> Result<Actor, app::Error> {
    let found = app
        .store()
        .read(|tx| account::by_username(tx, username))?
        .ok_or(app::Error::NotFound("account"))?;
    Ok(Actor {
        account: Some(found.id),
        role: Role::parse(&found.role).ok_or(app::Error::NotFound("role"))?,
        username: found.username,
        display_name: found.display_name,
        organisation: Some(found.organisation),
        organisation_name: found.organisation_name,
    })
}

/// Opens the record of the first person with whom somebody has no link, and reads it.
fn opens(
    app: &App,
    username: &str,
    people: &[PersonId],
    opening: Opening<'_>,
) -> Result<(), app::Error> {
    let who = actor(app, username)?;
    let everything = TimelineFilter::default();
    for person in people.iter().take(limits::ROWS_A_PAGE) {
        if let Err(app::Error::NoTie(_)) = app.person(&who, *person, &everything) {
            app.open_without_tie(&who, *person, opening)?;
            app.person(&who, *person, &everything)?;
            break;
        }
    }
    Ok(())
}

/// Makes them.
pub(super) fn make(app: &App, place: &Barsetshire) -> Result<(), app::Error> {
    let mut people: Vec<PersonId> = place.people.iter().map(|person| person.id).collect();
    let danger = Opening {
        reason: "danger",
        words: "Found on the floor at home; the ambulance crew asked what she takes",
    };
    opens(app, "social.worker", &people, danger)?;
    people.reverse();
    let begins = Opening {
        reason: "care begins",
        words: "Came to the ward last night before the message did",
    };
    opens(app, "ward.sister", &people, begins)?;
    // Fiona Kerr opens the record of somebody of her own name, if there is one.
    let kerrs = place.people.iter().filter(|one| one.family_name == "Kerr");
    let kerrs: Vec<PersonId> = kerrs.map(|one| one.id).collect();
    let asked = Opening {
        reason: "asked",
        words: "He asked me to find out when he goes home",
    };
    opens(app, "ward.sister", &kerrs, asked)?;

    let (officer, hub) = (actor(app, "privacy")?, actor(app, "hub.lead")?);
    let restricted = app.restrictions(&officer)?;
    let Some(one) = restricted.iter().find(|one| one.restriction.whole) else {
        return Ok(());
    };
    let worker = actor(app, "social.worker")?;
    if let Some(account) = worker.account {
        let until = add_days(app.today(), 90);
        app.name_for_restricted(&officer, one.whose.id, account, until)?;
    }
    if let (Some(number), Some(born)) = (one.whose.nhs_number, one.whose.birth_date) {
        let asked = Opening {
            reason: "safeguarding",
            words: "A neighbour rang about shouting; I need to know who is at home",
        };
        app.open_by_number(&hub, (number, born), asked)?;
    }
    Ok(())
}
