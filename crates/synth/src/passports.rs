//! Passports of two people who are in hospital, made by somebody on whose caseload they are.

use crate::Barsetshire;
use access::{Actor, Role};
use app::{App, Error};
use jiff::civil::Date;
use kernel::PersonId;
use kernel::calendar::add_days;
use person::passport::answers::Answers;
use person::relationship::Relationship;
use store::account;
use store::relationship::{self, Kept};

/// Makes them, as the member of staff with a username. A place with too few people in hospital
/// has fewer.
///
/// # Errors
/// The application's.
pub fn make(app: &App, place: &Barsetshire, username: &str) -> Result<(), Error> {
    let found = app
        .store()
        .read(|tx| Ok::<_, Error>(account::by_username(tx, username)?))?;
    let Some(maker) = found else {
        return Err(Error::NotFound("account"));
    };
    let actor = Actor {
        account: Some(maker.id),
        role: Role::parse(&maker.role).ok_or(Error::NotFound("role"))?,
        username: maker.username,
        display_name: maker.display_name,
        organisation: Some(maker.organisation),
        organisation_name: maker.organisation_name,
    };
    let holder = maker.id.to_string();
    for (person, (purpose, answers)) in people(place).into_iter().zip(passports(place.today)) {
        app.store().write(|tx| {
            let kept = Kept {
                id: app.ids().relationship(),
                person,
                kind: Relationship::Caseload,
                holder: holder.clone(),
                capacity: "social worker".to_owned(),
                starts_at: place.now,
                ends_at: None,
                follows: String::new(),
                made_at: place.now,
                made_by: actor.display_name.clone(),
            };
            Ok::<_, Error>(relationship::put(tx, &kept)?)
        })?;
        app.make_passport(&actor, person, purpose, 0, &answers)?;
    }
    Ok(())
}

/// Those who have been in hospital longest.
fn people(place: &Barsetshire) -> Vec<PersonId> {
    let mut open: Vec<_> = place
        .stays
        .iter()
        .filter(|one| one.stay.discharged_on.is_none())
        .map(|one| (one.stay.admitted_on, one.stay.person))
        .collect();
    open.sort();
    open.into_iter().map(|(_, person)| person).collect()
}

fn passports(today: Date) -> [(&'static str, Answers); 2] {
    let put_in = add_days(today, -9).to_string();
    let change_by = add_days(today, 60).to_string();
    [
        (
            "catheter",
            answers(&[
                ("kind", "Through the urethra"),
                ("why", "Cannot empty the bladder since the stroke"),
                ("size", "14 Ch, silicone, 10 ml"),
                ("put-in", &put_in),
                ("change-by", &change_by),
                (
                    "bags",
                    "Leg bag by day, 2 litre bag by night, both held with straps",
                ),
                (
                    "problems",
                    "Blocks when too little is drunk. A change of bag and two glasses of water \
                     have helped. Fever or blood: call the nurses the same day",
                ),
                ("allergies", "Latex"),
                (
                    "call",
                    "District nurses of Barchester, day and night, 01632 960 114",
                ),
            ]),
        ),
        (
            "dementia",
            answers(&[
                ("call-me", "By my first name, please"),
                (
                    "life",
                    "Kept the post office at Hogglestock for thirty years. Two sons. Sang in the \
                     choir and still knows every hymn",
                ),
                (
                    "matters",
                    "Tea at six. The brown bag within reach. Window open a little",
                ),
                (
                    "worries",
                    "Strangers who talk across the bed. Sit down, say your name, wait. Humming helps",
                ),
                (
                    "see-hear",
                    "Glasses for reading. Hearing aid left, in the blue box at night",
                ),
                (
                    "walking",
                    "Walks with a frame. Looks for the door when the light goes",
                ),
                (
                    "food",
                    "Eats well in company. Cut meat small. Sweet things last",
                ),
                ("call", "My son John, any time, 01632 960 127"),
            ]),
        ),
    ]
}

fn answers(given: &[(&str, &str)]) -> Answers {
    given
        .iter()
        .map(|(key, answer)| ((*key).to_owned(), (*answer).to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use jiff::civil::date;
    use person::passport::{Templates, answers::check};

    #[test]
    fn the_answers_fit_their_templates() {
        let today = date(2026, 11, 25);
        for (purpose, answers) in passports(today) {
            let templates = Templates::builtin();
            let template = templates.get(purpose).unwrap();
            let checked = check(template, &answers, today).unwrap();
            assert_eq!(
                checked.shown.len(),
                answers.len(),
                "no answer without a heading"
            );
        }
    }
}
