//! Somebody of the demo place who signs in from home, and the carer whom they invited.

use super::PASSWORD;
use crate::failure::Failure;
use access::{Actor, Role};
use app::App;
use app::person::own::{About, Choice, NewCarer, TakeUp};
use app::session::NewAccount;
use kernel::calendar::add_days;
use person::Person;
use synth::Barsetshire;

/// Their user names.
pub(super) const PERSON: &str = "person";
pub(super) const CARER: &str = "carer";
/// The carer's name. A neighbour, so that they need be nobody's relative.
const NEIGHBOUR: &str = "Lily Dale";
/// For how many days the carer may look.
const CARES_FOR: i64 = 60;

/// The person who signs in: alive and grown up, in hospital if anybody is, with a letter if
/// anybody has one.
fn chosen(place: &Barsetshire) -> Option<&Person> {
    let fits = |at: usize| {
        place.people.get(at).filter(|one| {
            one.died_on.is_none() && one.age_on(place.today).is_some_and(|age| age >= 65)
        })
    };
    let open = |at: usize| {
        let mut stays = place.stays.iter().filter(|one| one.person_index == at);
        stays.any(|one| one.stay.discharged_on.is_none())
    };
    let letters = || place.documents.iter().map(|one| one.person_index);
    letters()
        .filter(|at| open(*at))
        .find_map(fits)
        .or_else(|| letters().find_map(fits))
        .or_else(|| (0..place.people.len()).find_map(fits))
        .or_else(|| place.people.first())
}

/// Whose record the person who signs in has.
pub(super) fn whose(place: &Barsetshire) -> Vec<kernel::PersonId> {
    chosen(place).map(|person| person.id).into_iter().collect()
}

/// Makes both accounts and what the two have done with them.
pub(super) fn make(app: &App, place: &Barsetshire) -> Result<(), Failure> {
    let Some(person) = chosen(place) else {
        return Ok(());
    };
    let operator = Actor::operator();
    let name = person.full_name();
    let account = |username, display_name| NewAccount {
        username,
        password: PASSWORD,
        display_name,
        role: Role::Person,
        organisation: place.organisations.county,
    };
    app.make_own_account(&operator, &account(PERSON, &name), person.id)?;
    app.make_account(&operator, &account(CARER, NEIGHBOUR))?;
    let own = signed_in(app, PERSON)?;
    for (heading, words) in [
        (
            "important",
            "My garden and my cat. I like to be asked before anybody changes my plans.",
        ),
        (
            "communicate",
            "I hear better on my left side. Please speak slowly and write down times for me.",
        ),
    ] {
        app.write_own_about(&own, heading, words, NEIGHBOUR)?;
    }
    let mental_health = Choice::Object("mental-health".to_owned());
    app.choose_sharing(&own, &mental_health, true)?;
    let asked = "My telephone number is an old one. The new one is on the form I gave the ward.";
    app.ask_correction(&own, About::Details, asked)?;
    let invitation = app.invite_carer(
        &own,
        &NewCarer {
            name: NEIGHBOUR,
            tie: "neighbour",
            parts: &["appointments", "plan", "letters"],
            until: add_days(app.today(), CARES_FOR),
        },
    )?;
    match app.take_up(&signed_in(app, CARER)?, &invitation.code)? {
        TakeUp::Done(_) => Ok(()),
        TakeUp::Refused => Err(Failure::Failed(
            "the demo carer's code was refused".to_owned(),
        )),
    }
}

fn signed_in(app: &App, username: &str) -> Result<Actor, Failure> {
    let session = app
        .sign_in(username, PASSWORD)?
        .ok_or_else(|| Failure::Failed(format!("the demo account {username} could not sign in")))?;
    app.sign_out(&session.actor, &session.token)?;
    Ok(session.actor)
}
