//! The privacy officer's screens: what waits, records opened without a link, unusual looks, who
//! looked at one person, and restrictions.

mod looks;
mod openings;
mod overview;
mod restrictions;

use crate::form::Reading;
use crate::person::who;
use crate::routes::{Route, staff, staff_post};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        staff("/privacy", overview::page),
        staff_post("/privacy/looked", overview::search),
        staff("/privacy/looked/{id}", overview::looked),
        staff_post("/privacy/journal", overview::check),
        staff("/privacy/journal/head", overview::head),
        staff("/privacy/openings", openings::list),
        staff("/privacy/opening/{id}", openings::page),
        staff_post("/privacy/opening/{id}", openings::review),
        staff_post("/privacy/opening/{id}/approve", openings::approve),
        staff("/privacy/looks", looks::list),
        staff("/privacy/look/{number}", looks::page),
        staff_post("/privacy/look/{number}", looks::look_into),
        staff("/privacy/restrictions", restrictions::list),
        staff_post("/privacy/restrictions", restrictions::find),
        staff("/privacy/restrictions/{id}", restrictions::page),
        staff_post("/privacy/restrictions/{id}", restrictions::change),
    ]
}

/// Whom it is about: as much as a reviewer needs to know who is meant.
struct Whose {
    name: String,
    born: String,
    nhs_number: String,
}

impl Whose {
    fn of(person: &person::Person) -> Self {
        Self {
            name: person.list_name(),
            born: who::born(person.birth_date, None),
            nhs_number: who::nhs_number(person.nhs_number),
        }
    }
}

/// What a command found wrong, beside the fields of a form; anything else is trouble.
fn wrong(error: app::Error) -> Result<Reading, app::Error> {
    let app::Error::Invalid(errors) = error else {
        return Err(error);
    };
    let mut reading = Reading::default();
    for one in errors {
        let field = match one.field {
            "until" => "until-day",
            field => field,
        };
        reading.fault(field, one.text);
    }
    Ok(reading)
}
