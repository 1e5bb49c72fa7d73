//! A care and support plan: what may stand in one, and what is missing.
//!
//! Source: Care Act 2014 section 25 (RULES G.4, from memory); Preventing Needs regulations for
//! what is free; PEERS a2 26, 27, 30, as facts. The lay-out is ours.
//!
//! In words: a plan has the person's own goals, each with a measure; what is done by whom and
//! when, with how confident the person is that it will work, 0 to 10; the week of care; what
//! happens if something fails; telecare and equipment, considered in every plan, with a reason
//! where they are not used; which needs there are and how each is met; the verdict on eligibility,
//! which an assessment gives and a plan never works out; why needs are met that no assessment has
//! found eligible (a council may meet them, section 19); the personal budget; who co-ordinates it;
//! and the day of its review, within a year (section 27). What is not known stays empty.

mod easy;

pub use easy::{easy_read, sentences};

use jiff::civil::Date;
use kernel::calendar::{add_days, days_between};
use serde::{Deserialize, Serialize};

/// Where an action stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// Not begun.
    #[default]
    Planned,
    /// Begun.
    UnderWay,
    /// Done.
    Done,
    /// Not to be done after all.
    Dropped,
}

impl Status {
    /// Every status, in order.
    pub const ALL: [Self; 4] = [Self::Planned, Self::UnderWay, Self::Done, Self::Dropped];

    /// The word that forms send.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::UnderWay => "under way",
            Self::Done => "done",
            Self::Dropped => "not to be done",
        }
    }

    /// Reads the word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }
}

/// What an assessment said of eligibility. A plan never works it out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    /// No assessment has said.
    #[default]
    NotAssessed,
    /// A judgement is missing.
    Undetermined,
    /// Eligible.
    Eligible,
    /// Not eligible.
    NotEligible,
}

impl Verdict {
    /// Every verdict, in order.
    pub const ALL: [Self; 4] = [
        Self::NotAssessed,
        Self::Undetermined,
        Self::Eligible,
        Self::NotEligible,
    ];

    /// The word that forms send.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotAssessed => "not assessed",
            Self::Undetermined => "undetermined",
            Self::Eligible => "eligible",
            Self::NotEligible => "not eligible",
        }
    }

    /// Reads the word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }
}

/// A need and how it is met.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedNeed {
    /// The need.
    pub what: String,
    /// How it is met, and by whom.
    pub met_by: String,
    /// The assessment that it was taken from, with its day; empty if somebody wrote it here.
    #[serde(default)]
    pub from: String,
}

/// The signed assessment whose verdict a plan has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessed {
    /// Id of the form.
    pub form: String,
    /// The day on which it was signed.
    pub on: Date,
}

/// A goal in the person's own words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Goal {
    /// What they want.
    pub words: String,
    /// How it will be known that it is reached.
    pub measure: String,
    /// How things are now.
    pub now: String,
}

/// Something that is done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doing {
    /// What.
    pub what: String,
    /// By whom.
    pub who: String,
    /// By when.
    pub by: Option<Date>,
    /// Where it stands.
    pub status: Status,
    /// How confident the person is that it will work, 0 to 10.
    pub confidence: Option<u8>,
}

/// Days of the week, as the timetable names them; 0 is every day.
pub const DAYS: [&str; 8] = [
    "Every day",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

/// Care at one time of the week.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Care {
    /// 0 for every day, 1 for Monday to 7 for Sunday.
    pub day: u8,
    /// Minutes after midnight.
    pub at: u16,
    /// How long, in minutes.
    pub minutes: u16,
    /// What, and by whom.
    pub what: String,
}

/// Something that every plan must have considered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Considered {
    /// Whether it is used; `None` until it was considered.
    pub used: Option<bool>,
    /// What is used, or why nothing is.
    pub words: String,
}

/// Somebody by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// Name.
    pub name: String,
    /// Telephone.
    pub telephone: String,
    /// Id of their account, where they sign in here; empty for those who do not.
    #[serde(default)]
    pub account: String,
}

/// A plan.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Goals.
    pub goals: Vec<Goal>,
    /// Needs and how they are met.
    pub needs: Vec<PlannedNeed>,
    /// What an assessment said of eligibility.
    pub verdict: Verdict,
    /// The assessment that said so, in words; empty if there is none.
    pub assessment: String,
    /// The same, where it was signed here: then the verdict is its own and is not typed.
    #[serde(default)]
    pub assessed: Option<Assessed>,
    /// Why needs are met that no assessment has found eligible.
    #[serde(default)]
    pub without_why: String,
    /// What is done.
    pub actions: Vec<Doing>,
    /// The week of care.
    pub week: Vec<Care>,
    /// What happens if something fails.
    pub contingency: String,
    /// Telecare.
    pub telecare: Considered,
    /// Equipment.
    pub equipment: Considered,
    /// Information and advice to reduce, prevent or delay needs.
    pub advice: String,
    /// Personal budget, in pence a week; `None` if it is not worked out.
    pub budget: Option<i64>,
    /// Needs met by a direct payment, and how often it is paid.
    pub direct_payment: String,
    /// Who co-ordinates the plan.
    pub coordinator: Named,
    /// The professional who is responsible.
    pub professional: Named,
    /// Day of the review.
    pub review_on: Option<Date>,
}

/// Most rows of a kind in one plan.
pub const ROWS: usize = 40;

/// The field of a fault, and what to do.
type Fault = (&'static str, String);

/// What is wrong with a plan: the field, and what to do. `most` is the most days to the review.
pub fn faults(plan: &Plan, today: Date, most: i64) -> Vec<Fault> {
    let mut faults = faults_of_rows(plan);
    let mut say = |wrong: bool, field: &'static str, text: &str| {
        if wrong {
            faults.push((field, text.to_owned()));
        }
    };
    say(
        plan.contingency.is_empty(),
        "contingency",
        "Say what happens if something fails, such as a carer who does not come",
    );
    for (field, one) in [("telecare", &plan.telecare), ("equipment", &plan.equipment)] {
        say(one.used.is_none(), field, "Say whether it is used");
        let text = match one.used {
            Some(true) => "Say what is used",
            _ => "Say why it is not used",
        };
        say(one.used.is_some() && one.words.is_empty(), field, text);
    }
    let (field, text) = without_verdict(plan).unwrap_or_default();
    say(!text.is_empty(), field, text);
    say(
        plan.budget.is_some_and(|pence| pence < 0),
        "budget",
        "The budget must not be less than nought",
    );
    say(
        plan.coordinator.name.is_empty(),
        "coordinator",
        "Name who co-ordinates the plan",
    );
    faults.extend(fault_of_review(plan.review_on, today, most));
    faults
}

/// What is wrong with goals, needs, actions and the week.
fn faults_of_rows(plan: &Plan) -> Vec<Fault> {
    let half = |one: &Doing| one.what.is_empty() || one.who.is_empty();
    let unsure = |one: &Doing| one.confidence.is_some_and(|number| number > 10);
    let odd = |one: &Care| {
        usize::from(one.day) >= DAYS.len()
            || one.at >= 1_440
            || !(5..=1_440).contains(&one.minutes)
            || one.what.is_empty()
    };
    let checks = [
        (
            plan.goals.is_empty(),
            "goals",
            "Write one goal at least, in the person's own words",
        ),
        (
            plan.goals.iter().any(|one| one.words.is_empty()),
            "goals",
            "A goal has a measure and no words: say what the person wants",
        ),
        (
            plan.goals.iter().any(|one| one.measure.is_empty()),
            "goals",
            "Each goal needs a measure: how will you know that it is reached?",
        ),
        (
            plan.needs.iter().any(|one| one.what.is_empty()),
            "needs",
            "Say which need is met so",
        ),
        (
            plan.actions.iter().any(half),
            "actions",
            "Each action needs what is done and who does it",
        ),
        (
            plan.actions.iter().any(unsure),
            "actions",
            "Confidence is a number from 0 to 10",
        ),
        (
            plan.week.iter().any(odd),
            "week",
            "Each line of the week needs a day, a time, 5 minutes or more, and what is done",
        ),
    ];
    let wrong = checks.into_iter().filter(|(wrong, ..)| *wrong);
    wrong
        .map(|(_, field, text)| (field, text.to_owned()))
        .collect()
}

/// What is wrong with the day of the review, at most so many days from today.
fn fault_of_review(review_on: Option<Date>, today: Date, most: i64) -> Option<Fault> {
    let text = match review_on {
        None => "Set the day of the review".to_owned(),
        Some(day) if day < today => "The review must be today or later".to_owned(),
        Some(day) if day > add_days(today, most) => {
            format!("The review must be within {most} days")
        }
        Some(_) => return None,
    };
    Some(("review_on", text))
}

/// What a plan lacks beside its verdict: the assessment that found the needs eligible, or why
/// they are met though none has.
fn without_verdict(plan: &Plan) -> Option<(&'static str, &'static str)> {
    let nameless = plan.assessed.is_none() && plan.assessment.is_empty();
    match plan.verdict {
        Verdict::Eligible if nameless => Some((
            "assessment",
            "Say which assessment found the needs eligible",
        )),
        Verdict::Eligible => None,
        _ if !plan.without_why.is_empty() => None,
        Verdict::NotAssessed => Some((
            "without_why",
            "No assessment has found the needs eligible: say why they are met",
        )),
        Verdict::Undetermined => Some((
            "without_why",
            "The assessment leaves open whether the needs are eligible: say why they are met",
        )),
        Verdict::NotEligible => Some((
            "without_why",
            "The needs were found not eligible: say why they are met all the same",
        )),
    }
}

/// Adds outcomes that were assessed to the needs of a plan, each once, with where it is from.
/// What stands there already stays as it is.
pub fn take_assessed(needs: &mut Vec<PlannedNeed>, outcomes: &[String], from: &str) {
    for outcome in outcomes {
        let there = needs
            .iter()
            .any(|one| one.what.to_lowercase() == outcome.to_lowercase());
        if !there && needs.len() < ROWS {
            needs.push(PlannedNeed {
                what: outcome.clone(),
                met_by: String::new(),
                from: from.to_owned(),
            });
        }
    }
}

/// Minutes of care in a week.
pub fn minutes_a_week(week: &[Care]) -> u32 {
    let of = |one: &Care| u32::from(one.minutes) * if one.day == 0 { 7 } else { 1 };
    week.iter().map(of).sum()
}

/// The week in order: for each day its care by time, that of every day among it.
pub fn by_day(week: &[Care]) -> Vec<(&'static str, Vec<&Care>)> {
    (1u8..)
        .zip(DAYS.iter().skip(1))
        .map(|(number, name)| {
            let on = week.iter().filter(|one| one.day == 0 || one.day == number);
            let mut day: Vec<&Care> = on.collect();
            day.sort_by_key(|one| one.at);
            (*name, day)
        })
        .collect()
}

/// How a review stands on a day, in words.
pub fn review_in_words(review_on: Option<Date>, today: Date) -> String {
    let Some(day) = review_on else {
        return "No review is set".to_owned();
    };
    let days = days_between(today, day);
    let counted = |days: i64| match days {
        1 => "1 day".to_owned(),
        _ => format!("{days} days"),
    };
    match days {
        ..0 => format!("Review overdue by {}", counted(-days)),
        0 => "Review due today".to_owned(),
        _ => format!("Review in {}", counted(days)),
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
