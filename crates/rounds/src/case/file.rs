//! The JSON file, field by field.

use serde::{Deserialize, Serialize};

/// A week, or a part of one, that is to be planned.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// What it is called.
    #[serde(default)]
    pub name: String,
    /// The first day, `YYYY-MM-DD`.
    pub start: String,
    /// How many days, 1 to 7.
    pub days: i64,
    /// Skills that exist beside those that carers have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skills: Vec<String>,
    /// Where carers and people live.
    pub places: Vec<Place>,
    /// Travel times by mode; modes without one are worked out from coordinates.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub matrices: Vec<Matrix>,
    /// Who visits.
    pub carers: Vec<Carer>,
    /// Who is visited.
    pub people: Vec<Person>,
    /// What is to be done.
    pub visits: Vec<Visit>,
    /// Visits whose times hang together.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<Gap>,
    /// Rules in place of those of the policy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rules: Option<Rules>,
    /// Weights in place of the usual ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weights: Option<Weights>,
}

/// A place.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// What others name it by.
    pub id: String,
    /// Degrees north.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latitude: Option<f64>,
    /// Degrees east.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub longitude: Option<f64>,
    /// Whether it is in the country.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub rural: bool,
}

/// Travel by one mode between all places, in their order; `null` where there is no way.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Matrix {
    /// `car`, `foot`, `bus` or another name.
    pub mode: String,
    /// Whole minutes, a row for each place.
    pub minutes: Vec<Vec<Option<i64>>>,
    /// Kilometres, a row for each place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kilometres: Option<Vec<Vec<f64>>>,
}

/// Somebody who visits.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Carer {
    /// What others name them by.
    pub id: String,
    /// Their home, from where the first way begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub home: Option<String>,
    /// `car` if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub travels_by: Option<String>,
    /// Skills and training.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skills: Vec<String>,
    /// Zones they work in; everywhere if empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub zones: Vec<String>,
    /// Who employs them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// Hours of the contract in these days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contracted_hours: Option<i64>,
    /// Most hours in these days, in place of the policy's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most_hours: Option<i64>,
    /// What they are paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pay: Option<Pay>,
    /// When they work.
    pub shifts: Vec<Shift>,
}

/// Pence an hour.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Pay {
    /// For time with people.
    pub contact_pence: i64,
    /// For travel between visits; nil if not given.
    #[serde(default)]
    pub travel_pence: i64,
    /// For waiting between visits; nil if not given.
    #[serde(default)]
    pub waiting_pence: i64,
}

/// One stretch of work.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Shift {
    /// The day, `YYYY-MM-DD`.
    pub day: String,
    /// From when, `HH:MM`.
    pub from: String,
    /// Until when, `HH:MM`; `24:00` is midnight.
    pub to: String,
}

/// Somebody who is visited.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// What others name them by: no name and no NHS number.
    pub id: String,
    /// Where they live.
    pub place: String,
    /// The zone they live in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// The provider who has their package.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// Carers who know them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub preferred: Vec<String>,
    /// Carers who may not come.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excluded: Vec<String>,
}

/// One visit.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Visit {
    /// What others name it by.
    pub id: String,
    /// Whom it is to.
    pub person: String,
    /// The day, `YYYY-MM-DD`.
    pub day: String,
    /// Begin no earlier, `HH:MM`.
    pub earliest: String,
    /// Begin no later, `HH:MM`.
    pub latest: String,
    /// A later beginning is late; `latest` if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<String>,
    /// How long, whole minutes.
    pub minutes: i64,
    /// Carers who come together, 1 or 2.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub carers: u8,
    /// Skills that each of them needs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skills: Vec<String>,
    /// 1 life-critical, 2 needed on the day (if not given), 3 can be deferred.
    #[serde(default = "two")]
    pub priority: u8,
    /// Carers it is locked to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub locked: Vec<String>,
    /// Carers who had it in the plan that is being changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub had: Vec<String>,
}

fn one() -> u8 {
    1
}

fn two() -> u8 {
    2
}

fn is_one(carers: &u8) -> bool {
    *carers == 1
}

/// Time between the starts of two visits.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Gap {
    /// The first visit.
    pub first: String,
    /// The second.
    pub second: String,
    /// Least minutes from start to start.
    pub least_minutes: i64,
    /// Most minutes from start to start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most_minutes: Option<i64>,
}

/// Rules in place of the policy's; whole minutes.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Rules {
    /// A gap this long is the carer's own time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub own_time_from_minutes: Option<i64>,
    /// Carers a person may have at no cost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub carers_for_a_person: Option<i64>,
    /// Whether zones bind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zones_bind: Option<bool>,
}

/// Weights: minutes of paid time that each is worth.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Weights {
    /// A minute late.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub late_minute: Option<i64>,
    /// A minute of paid travel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub travel_minute: Option<i64>,
    /// A minute of paid waiting.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waiting_minute: Option<i64>,
    /// A carer of a person beyond the target.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_carer: Option<i64>,
    /// A minute beyond contract.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overtime_minute: Option<i64>,
    /// A kilometre.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kilometre: Option<i64>,
    /// A visit that somebody else had before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moved_visit: Option<i64>,
}
