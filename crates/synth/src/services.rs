//! Services after hospital, and cases whose time is limited: rows for the pages of services, of
//! clocks and of returns. What is made follows from the stays alone, so it is the same each time.

use crate::{Barsetshire, StayRecord};
use app::{App, Error};
use flow::clocks::CaseKind;
use flow::service::{Component, Outcome, Service, ServiceType};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use kernel::OrganisationId;
use kernel::calendar::add_days;
use store::Tx;
use store::service_period::{self, Goal, GoalResult, Period};
use store::statutory_case::{self, Case};

/// Writes them into the store.
///
/// # Errors
/// The store's.
pub fn deliver(app: &App, place: &Barsetshire) -> Result<(), Error> {
    app.store().write(|tx| {
        services(app, tx, place)?;
        cases(app, tx, place)
    })
}

/// Stays that ended with the person alive and gone home or into a care home.
fn left(place: &Barsetshire) -> impl Iterator<Item = (usize, &StayRecord, Date)> {
    place
        .stays
        .iter()
        .filter(|one| {
            let person = place.people.get(one.person_index);
            let age = person.and_then(|person| person.age_on(place.today));
            age.is_some_and(|age| age >= 65) && person.is_some_and(|one| one.died_on.is_none())
        })
        .filter_map(|one| Some((one, one.stay.discharged_on?)))
        .enumerate()
        .map(|(number, (one, day))| (number, one, day))
}

/// A service to write.
struct Made {
    kind: ServiceType,
    component: Option<Component>,
    starts_on: Date,
    ends_on: Option<Date>,
    outcome: Option<Outcome>,
    by: Option<OrganisationId>,
}

fn services(app: &App, tx: &mut dyn Tx, place: &Barsetshire) -> Result<(), Error> {
    for (number, record, left_on) in left(place) {
        match record.stay.pathway.map(|pathway| pathway.number()) {
            Some(1) if number % 2 == 0 => reablement(app, tx, place, (number, record, left_on))?,
            Some(1) => {
                let service = Made {
                    kind: ServiceType::Community,
                    component: Some(Component::HomeSupport),
                    starts_on: left_on,
                    ends_on: None,
                    outcome: None,
                    by: pick(&place.organisations.home_care, number),
                };
                put(app, tx, place, record, &service)?;
            }
            Some(2) => {
                let end = add_days(left_on, 20 + whole(number % 9));
                let service = Made {
                    kind: ServiceType::OtherShortTerm,
                    component: Some(Component::ShortTermResidential),
                    starts_on: left_on,
                    ends_on: Some(end).filter(|end| *end <= place.today),
                    outcome: (end <= place.today).then_some(Outcome::EndedAsPlanned),
                    by: pick(&place.organisations.care_homes, number),
                };
                put(app, tx, place, record, &service)?;
            }
            Some(3) => {
                let nursing = number % 3 == 0;
                let (kind, homes) = match nursing {
                    true => (ServiceType::NursingCare, &place.organisations.nursing_homes),
                    false => (
                        ServiceType::ResidentialCare,
                        &place.organisations.care_homes,
                    ),
                };
                let service = Made {
                    kind,
                    component: None,
                    starts_on: left_on,
                    ends_on: None,
                    outcome: None,
                    by: pick(homes, number),
                };
                put(app, tx, place, record, &service)?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// Reablement after a stay, with what followed it.
fn reablement(
    app: &App,
    tx: &mut dyn Tx,
    place: &Barsetshire,
    (number, record, left_on): (usize, &StayRecord, Date),
) -> Result<(), Error> {
    let starts_on = add_days(left_on, whole(number % 4)).min(place.today);
    let end = add_days(starts_on, 18 + whole((number * 7) % 30));
    let ended = end <= place.today;
    let outcome = match number % 10 {
        0 | 2 | 4 => Outcome::EndedAsPlanned,
        6 => Outcome::Advised,
        _ => Outcome::ToSupport,
    };
    // Now and then nobody wrote down how it ended: something to work off.
    let outcome = (number % 14 != 8).then_some(outcome);
    let service = Made {
        kind: ServiceType::StMax,
        component: Some(Component::Reablement),
        starts_on,
        ends_on: ended.then_some(end),
        outcome: outcome.filter(|_| ended),
        by: Some(place.organisations.reablement),
    };
    let id = put(app, tx, place, record, &service)?;
    for (at, goal) in GOALS.iter().enumerate().take(1 + number % GOALS.len()) {
        let result = match (ended, (number + at) % 4) {
            (false, _) => GoalResult::NotYet,
            (true, 0) => GoalResult::Partly,
            (true, 1) => GoalResult::Not,
            (true, _) => GoalResult::Reached,
        };
        let goal = Goal {
            number: whole(at) + 1,
            goal: (*goal).to_owned(),
            result,
        };
        service_period::put_goal(tx, id, &goal)?;
    }
    if ended && outcome == Some(Outcome::ToSupport) {
        let after = Made {
            kind: ServiceType::Community,
            component: Some(Component::HomeSupport),
            starts_on: add_days(end, 1).min(place.today),
            ends_on: None,
            outcome: None,
            by: pick(&place.organisations.home_care, number),
        };
        put(app, tx, place, record, &after)?;
    }
    Ok(())
}

const GOALS: [&str; 3] = [
    "Make my own breakfast again",
    "Get up the stairs to my own bed",
    "Walk to the shop on the corner with my stick",
];

fn put(
    app: &App,
    tx: &mut dyn Tx,
    place: &Barsetshire,
    record: &StayRecord,
    made: &Made,
) -> Result<kernel::ServicePeriodId, Error> {
    let places = &place.organisations;
    let county = places.all.iter().find(|one| one.id == places.county);
    let reablement = made.kind == ServiceType::StMax;
    let id = app.ids().service_period();
    service_period::insert(
        tx,
        &Period {
            service: Service {
                id,
                kind: made.kind,
                component: made.component,
                starts_on: made.starts_on,
                ends_on: made.ends_on,
                outcome: made.outcome,
                stay: (made.starts_on >= record.stay.admitted_on).then_some(record.stay.id),
            },
            person: record.stay.person,
            council: Some(record.stay.council.unwrap_or(places.county)),
            organisation: made.by,
            visits_a_week: reablement.then_some(14),
            minutes_a_visit: reablement.then_some(45),
            mistake_why: None,
            source: county.map(|one| one.name.clone()).unwrap_or_default(),
            sector: "council".to_owned(),
            made_at: place.now,
            updated_at: place.now,
            updated_by: "Neefit Tolley".to_owned(),
            version: 1,
        },
    )?;
    Ok(id)
}

fn pick(organisations: &[OrganisationId], number: usize) -> Option<OrganisationId> {
    organisations
        .get(number % organisations.len().max(1))
        .copied()
}

fn whole(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(0)
}

/// Kind, whose, who has it, and for how many days its clock has run.
const CASES: &[(CaseKind, Whose, &str, &[i64])] = &[
    (
        CaseKind::Chc,
        Whose::ContinuingCare,
        "Ruth Boyce, nurse assessor",
        &[31, 28, 12, 3],
    ),
    (
        CaseKind::ChcFastTrack,
        Whose::ContinuingCare,
        "Ruth Boyce, nurse assessor",
        &[1, 3],
    ),
    (
        CaseKind::Safeguarding,
        Whose::County,
        "Priya Nair, social worker",
        &[9],
    ),
    (
        CaseKind::Deprivation,
        Whose::County,
        "Adolphus Grey, best interests assessor",
        &[5, 22],
    ),
    (
        CaseKind::DeprivationUrgent,
        Whose::County,
        "Adolphus Grey, best interests assessor",
        &[6],
    ),
    (
        CaseKind::NeedsAssessment,
        Whose::HospitalTeam,
        "Priya Nair, social worker",
        &[2, 14, 35],
    ),
    (
        CaseKind::CarersAssessment,
        Whose::HospitalTeam,
        "",
        &[10, 29],
    ),
    (
        CaseKind::AnnualReview,
        Whose::County,
        "Mark Robarts, social worker",
        &[340, 370],
    ),
    (
        CaseKind::Aftercare,
        Whose::County,
        "Mark Robarts, social worker",
        &[120],
    ),
];

#[derive(Clone, Copy)]
enum Whose {
    ContinuingCare,
    County,
    HospitalTeam,
}

/// Cases of people who are in hospital, one for each of the first.
fn cases(app: &App, tx: &mut dyn Tx, place: &Barsetshire) -> Result<(), Error> {
    let places = &place.organisations;
    let mut open = place
        .stays
        .iter()
        .filter(|one| one.stay.discharged_on.is_none())
        .map(|one| one.stay.person);
    for (kind, whose, professional, days) in CASES {
        for days in *days {
            let Some(person) = open.next() else {
                return Ok(());
            };
            let case = Case {
                id: app.ids().statutory_case(),
                person,
                kind: *kind,
                owner: match whose {
                    Whose::ContinuingCare => places.continuing_care,
                    Whose::County => places.county,
                    Whose::HospitalTeam => places.hospital_team,
                },
                professional: (*professional).to_owned(),
                opened_at: before(place.now, *days),
                extended_on: None,
                urgent_until: None,
                closed: None,
                why: String::new(),
                updated_at: place.now,
                updated_by: "Priya Nair".to_owned(),
                version: 1,
            };
            statutory_case::insert(tx, &case)?;
        }
    }
    Ok(())
}

fn before(now: Timestamp, days: i64) -> Timestamp {
    now.checked_sub(SignedDuration::from_hours(24 * days))
        .unwrap_or(now)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use crate::Config;
    use kernel::calendar::days_between;

    #[test]
    fn there_is_enough_of_each_pathway_to_show() {
        let place = Barsetshire::make(&Config {
            people: 10_000,
            seed: 1,
            now: "2026-11-25T10:00:00Z".parse().unwrap(),
            open_stays: None,
        })
        .unwrap();
        let by = |pathway: u8| {
            left(&place)
                .filter(|(_, one, _)| one.stay.pathway.is_some_and(|p| p.number() == pathway))
                .count()
        };
        for pathway in 1..=3 {
            assert!(by(pathway) > 3, "pathway {pathway}: {}", by(pathway));
        }
        let recent = left(&place).filter(|(_, _, day)| days_between(*day, place.today) < 84);
        assert!(recent.count() > 3);
    }
}
