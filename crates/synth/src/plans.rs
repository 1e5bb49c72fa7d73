//! Care and support plans of some people of Barsetshire: some agreed, some due for review.

use crate::Barsetshire;
use app::{App, Error};
use jiff::SignedDuration;
use kernel::PersonId;
use kernel::calendar::add_days;
use person::plan::{Care, Considered, Doing, Goal, Named, Plan, PlannedNeed, Status, Verdict};
use store::plan::{self, PlanRow, PlanVersion};

/// What people want, how it is known to be reached, and what is done for it by whom.
const WANTS: [(&str, &str, &str, &str); 5] = [
    (
        "I want to cook my own dinner again.",
        "I cook three times a week without help",
        "Practise in the kitchen with me",
        "Reablement worker",
    ),
    (
        "I want to see my friends at the lunch club.",
        "I go every Wednesday for a month",
        "Book community transport",
        "Family",
    ),
    (
        "I want to get up when I like and not when it suits others.",
        "I am up by 8 on most days",
        "Move the morning visit to 7:45",
        "Home care provider",
    ),
    (
        "I want to stay at home and not go back into hospital.",
        "No fall and no ambulance for three months",
        "Check the stairs and the bathroom",
        "Occupational therapist",
    ),
    (
        "I want my wife to have a rest.",
        "She has one free day a week",
        "Arrange a sitting service",
        "Carers' centre",
    ),
];

fn named(name: &str, telephone: &str) -> Named {
    Named {
        name: name.to_owned(),
        telephone: telephone.to_owned(),
        account: String::new(),
    }
}

/// The plan of somebody, one of several kinds.
fn written(place: &Barsetshire, at: usize) -> Plan {
    let pick = |offset: usize| WANTS[(at + offset) % WANTS.len()];
    let goals = [pick(0), pick(1)].map(|(words, measure, _, _)| Goal {
        words: words.to_owned(),
        measure: measure.to_owned(),
        now: String::new(),
    });
    let actions = [pick(0), pick(1)].map(|(_, _, what, who)| Doing {
        what: what.to_owned(),
        who: who.to_owned(),
        by: Some(add_days(place.today, 10)),
        status: if at.is_multiple_of(2) {
            Status::UnderWay
        } else {
            Status::Planned
        },
        confidence: Some(u8::try_from(5 + at % 5).unwrap_or(5)),
    });
    let care = |day, at, minutes, what: &str| Care {
        day,
        at,
        minutes,
        what: what.to_owned(),
    };
    let telecare = at.is_multiple_of(2);
    Plan {
        goals: goals.into(),
        needs: vec![
            PlannedNeed {
                what: "Washing and dressing".to_owned(),
                met_by: "Morning visit, every day".to_owned(),
                ..PlannedNeed::default()
            },
            PlannedNeed {
                what: "Meals".to_owned(),
                met_by: "Tea time visit, and Meals at Your Door".to_owned(),
                ..PlannedNeed::default()
            },
        ],
        verdict: Verdict::Eligible,
        assessment: "Needs assessment of this year".to_owned(),
        actions: actions.into(),
        week: vec![
            care(0, 480, 45, "Help to wash and dress, home care"),
            care(0, 1_020, 30, "Help with tea, home care"),
            care(3, 720, 120, "Lunch club"),
        ],
        contingency: "Ring the care provider first. If nobody answers, ring Careline. In an emergency, ring 999.".to_owned(),
        telecare: Considered {
            used: Some(telecare),
            words: if telecare {
                "A pendant alarm from Careline."
            } else {
                "We talked about an alarm. It is not wanted now."
            }
            .to_owned(),
        },
        equipment: Considered {
            used: Some(true),
            words: "A walking frame and a raised toilet seat.".to_owned(),
        },
        advice: "Ask the falls clinic about the Steady On classes.".to_owned(),
        budget: at.is_multiple_of(3).then_some(21_450),
        direct_payment: String::new(),
        coordinator: named("Priya Nair", "01632 960 111"),
        professional: named("Mei Chan", "01632 960 112"),
        assessed: None,
        without_why: String::new(),
        review_on: Some(add_days(place.today, [20, -6, 45, 3][at % 4])),
    }
}

/// Makes them: of those named, and of some who are in hospital.
///
/// # Errors
/// The store's.
pub fn make(app: &App, place: &Barsetshire, named: &[PersonId]) -> Result<(), Error> {
    let open = place
        .stays
        .iter()
        .filter(|one| one.stay.discharged_on.is_none() && one.stay.ready_on.is_some());
    let mut people: Vec<PersonId> = named.to_vec();
    people.extend(open.map(|one| one.stay.person));
    let mut done: Vec<PersonId> = Vec::new();
    for person in people {
        if done.len() >= 10 {
            break;
        }
        if done.contains(&person) {
            continue;
        }
        one(app, place, person, done.len())?;
        done.push(person);
    }
    Ok(())
}

fn one(app: &App, place: &Barsetshire, person: PersonId, at: usize) -> Result<(), Error> {
    let made_at = place.now - SignedDuration::from_hours(24 * 30);
    let plan = written(place, at);
    let row = PlanRow {
        id: app.ids().plan(),
        person,
        version: 1,
        review_on: plan.review_on,
        coordinator_account: None,
        coordinator: plan.coordinator.name.clone(),
        sector: "council".to_owned(),
        changed_at: made_at,
        changed_by: plan.coordinator.name.clone(),
    };
    let version = PlanVersion {
        number: 1,
        plan,
        made_at,
        made_by: row.changed_by.clone(),
        organisation: place
            .organisations
            .name(place.organisations.hospital_team)
            .to_owned(),
        agreed: None,
    };
    app.store().write(|tx| {
        plan::insert(tx, &row)?;
        plan::add_version(tx, row.id, &version)?;
        if !at.is_multiple_of(3) {
            let by = ("The person", "signed the printed copy");
            plan::agree(tx, (row.id, 1), made_at, by)?;
        }
        Ok(())
    })
}
