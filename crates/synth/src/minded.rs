//! Some of the people have said what is to be minded: one whose record is kept secret, some whose
//! address is, some who objected to sharing, some who opted out of uses beyond care.

use crate::Barsetshire;
use app::{App, Error};
use std::collections::HashSet;
use store::Tx;
use store::wish::{self, Restriction, Wish, WishKind};

/// Who says so in the place.
const BY: &str = "Edith Fry";
/// Of those who have never been in hospital here: one in so many opted out.
const OPTED_OUT: usize = 40;

/// Writes down what some people said.
pub(crate) fn fill(app: &App, tx: &mut dyn Tx, place: &Barsetshire) -> Result<(), Error> {
    let stayed: HashSet<usize> = place.stays.iter().map(|one| one.person_index).collect();
    let open = place
        .stays
        .iter()
        .rev()
        .filter(|one| one.stay.discharged_on.is_none())
        .map(|one| one.person_index);
    // From the last one on: the first are those who sign in from home.
    let quiet = (0..place.people.len())
        .rev()
        .filter(|at| !stayed.contains(at));
    for (number, at) in quiet.enumerate() {
        let person = place.people[at].id;
        let restricted = match number {
            0 => Some((true, "A court order of the family division")),
            1..=3 => Some((false, "Lives at a refuge")),
            _ => None,
        };
        if let Some((whole, why)) = restricted {
            let restriction = Restriction {
                id: app.ids().restriction(),
                person,
                whole,
                why: why.to_owned(),
                made_at: place.now,
                made_by: BY.to_owned(),
                ended: None,
            };
            wish::restrict(tx, &restriction)?;
        } else if number % OPTED_OUT == 0 {
            say(app, tx, place, person, WishKind::OptOut, "")?;
        }
    }
    // On the board: one objects to mental health being shared, one to sharing at all.
    for (at, category) in open.zip(["mental-health", ""]) {
        let person = place.people[at].id;
        say(app, tx, place, person, WishKind::Objection, category)?;
    }
    Ok(())
}

fn say(
    app: &App,
    tx: &mut dyn Tx,
    place: &Barsetshire,
    person: kernel::PersonId,
    kind: WishKind,
    category: &str,
) -> Result<(), Error> {
    let wish = Wish {
        id: app.ids().wish(),
        person,
        kind,
        category: category.to_owned(),
        holder: String::new(),
        how: "Said so on the telephone".to_owned(),
        said_at: place.now,
        said_by: BY.to_owned(),
        ended: None,
    };
    Ok(wish::say(tx, &wish)?)
}
