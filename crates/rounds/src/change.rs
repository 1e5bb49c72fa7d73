//! What happens if: changes to a file of home care, and what two plans differ by.

use crate::case::Case;
use crate::case::file::File;
use crate::check::Checked;
use crate::problem::Pay;
use crate::report::Report;
use crate::settings::Settings;
use crate::{Error, Finding};
use serde::Serialize;

/// A change to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Two zones become one.
    ZonesMerged(String, String),
    /// Two providers exchange their packages.
    ProvidersSwapped(String, String),
    /// A provider goes with all its carers; anybody may take its packages.
    ProviderGone(String),
}

impl Change {
    /// Makes the change.
    ///
    /// # Errors
    /// If the file has no such zone or provider.
    pub fn apply(&self, file: &File) -> Result<File, Error> {
        let mut file = file.clone();
        match self {
            Self::ZonesMerged(one, two) => {
                zone_known(&file, one)?;
                zone_known(&file, two)?;
                let of_people = file
                    .people
                    .iter_mut()
                    .filter_map(|person| person.zone.as_mut());
                let of_carers = file.carers.iter_mut().flat_map(|carer| &mut carer.zones);
                for zone in of_people.chain(of_carers) {
                    if zone == two {
                        zone.clone_from(one);
                    }
                }
            }
            Self::ProvidersSwapped(one, two) => {
                provider_known(&file, one)?;
                provider_known(&file, two)?;
                for provider in file
                    .people
                    .iter_mut()
                    .filter_map(|person| person.provider.as_mut())
                {
                    if provider == one {
                        provider.clone_from(two);
                    } else if provider == two {
                        provider.clone_from(one);
                    }
                }
            }
            Self::ProviderGone(gone) => {
                provider_known(&file, gone)?;
                let left: Vec<String> = file
                    .carers
                    .iter()
                    .filter(|carer| carer.provider.as_ref() == Some(gone))
                    .map(|carer| carer.id.clone())
                    .collect();
                file.carers.retain(|carer| !left.contains(&carer.id));
                for person in &mut file.people {
                    if person.provider.as_ref() == Some(gone) {
                        person.provider = None;
                    }
                    person.preferred.retain(|carer| !left.contains(carer));
                    person.excluded.retain(|carer| !left.contains(carer));
                }
                for visit in &mut file.visits {
                    visit.locked.retain(|carer| !left.contains(carer));
                    visit.had.retain(|carer| !left.contains(carer));
                }
            }
        }
        Ok(file)
    }
}

fn zone_known(file: &File, zone: &String) -> Result<(), Error> {
    let known = file.carers.iter().any(|carer| carer.zones.contains(zone))
        || file
            .people
            .iter()
            .any(|person| person.zone.as_ref() == Some(zone));
    if known {
        return Ok(());
    }
    Err(Error::Case(vec![Finding::new(
        "change",
        format!("there is no zone `{zone}`"),
    )]))
}

fn provider_known(file: &File, provider: &String) -> Result<(), Error> {
    let known = file
        .carers
        .iter()
        .any(|carer| carer.provider.as_ref() == Some(provider));
    if known {
        return Ok(());
    }
    Err(Error::Case(vec![Finding::new(
        "change",
        format!("no carer is with a provider `{provider}`"),
    )]))
}

/// Somebody is not there: on one day, or on all.
///
/// # Errors
/// If the file has no such carer.
pub fn absent(file: &mut File, carer: &str, day: Option<&str>) -> Result<(), Error> {
    let Some(who) = file.carers.iter_mut().find(|who| who.id == carer) else {
        return Err(Error::Case(vec![Finding::new(
            "absent",
            format!("there is no carer `{carer}`"),
        )]));
    };
    who.shifts
        .retain(|shift| day.is_some_and(|day| shift.day != day));
    // A visit that is locked to nobody else is anybody's now.
    for visit in &mut file.visits {
        if day.is_none_or(|day| visit.day == day) {
            visit.locked.retain(|locked| locked != carer);
        }
    }
    Ok(())
}

/// Notes who had each visit in an earlier plan, so that moving them costs.
pub fn remember(file: &mut File, before: &Report) {
    for visit in &mut file.visits {
        visit.had.clear();
    }
    for route in &before.routes {
        for stop in &route.stops {
            if let Some(visit) = file.visits.iter_mut().find(|visit| visit.id == stop.visit) {
                visit.had.push(route.carer.clone());
            }
        }
    }
}

/// The figures that a commissioner compares.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Figures {
    /// Visits that are left out.
    pub unserved: i64,
    /// Miles of all carers, from and to home too.
    pub miles: f64,
    /// Hours that are paid: with people, on the way, waiting.
    pub paid_hours: f64,
    /// Hours with people.
    pub contact_hours: f64,
    /// Carers of a person, in the mean.
    pub carers_per_person: f64,
    /// Pay and mileage for each hour with people, whole pence; carers without pay in the file
    /// count at the minimum wage.
    pub pence_per_contact_hour: i64,
}

/// Metres in a mile.
const MILE: f64 = 1_609.344;

/// The figures of a plan.
pub fn figures(case: &Case, checked: &Checked, settings: &Settings) -> Figures {
    let (problem, costing) = (&case.problem, &checked.costing);
    let hours = |ticks: i64| problem.units(ticks) / 60.0;
    Figures {
        unserved: costing.unserved.iter().sum(),
        miles: costing.metres as f64 / MILE,
        paid_hours: hours(costing.contact + costing.travel + costing.waiting),
        contact_hours: hours(costing.contact),
        carers_per_person: costing.faces as f64 / costing.people.max(1) as f64,
        pence_per_contact_hour: pence_per_contact_hour(case, checked, settings),
    }
}

/// Whole pence, rounded to the nearest, without floating point.
fn pence_per_contact_hour(case: &Case, checked: &Checked, settings: &Settings) -> i64 {
    let problem = &case.problem;
    let hour = i128::from(60 * problem.ticks);
    let wage = settings.minimum_wage;
    let mut pence_ticks: i128 = 0;
    for (carer, time) in &checked.costing.carers {
        let least = Pay {
            contact: wage,
            travel: wage,
            waiting: wage,
            least: wage,
        };
        let pay = problem.carers[*carer].pay.unwrap_or(least);
        pence_ticks += i128::from(time.contact) * i128::from(pay.contact)
            + i128::from(time.travel) * i128::from(pay.travel)
            + i128::from(time.waiting) * i128::from(pay.waiting);
    }
    // 1,609,344 millimetres are a mile.
    let mileage = i128::from(checked.costing.metres) * 1_000 * i128::from(settings.mileage) * hour
        / 1_609_344;
    let contact = i128::from(checked.costing.contact);
    if contact == 0 {
        return 0;
    }
    let rounded = ((pence_ticks + mileage) * 2 + contact) / (contact * 2);
    i64::try_from(rounded).unwrap_or(i64::MAX)
}
