//! The form of a care and support plan: rows for goals, actions, the week and needs, with some
//! empty ones at the end, so that it works without scripts.

use crate::components::{Choice, Fault, Select};
use crate::door::Visit;
use crate::form::{Fields, Reading, as_boxes, boxes, date_input};
use crate::routes::Outcome;
use crate::shell::{self, Section, Shell};
use crate::trouble::Trouble;
use crate::{Web, words};
use access::{Action, Actor};
use app::person::PlanPage;
use askama::Template;
use jiff::civil::Date;
use kernel::calendar::add_days;
use kernel::{Pence, PersonId};
use person::plan::{
    Care, Considered, DAYS, Doing, Goal, Named, Plan, PlannedNeed, Status, Verdict, take_assessed,
};

/// Empty rows at the end of each kind.
const SPARE: usize = 2;
/// Days to the review unless another day is typed: the light review after 6 weeks.
const USUAL_REVIEW: i64 = 42;

/// A cell of a row: part of the field's name, what it is called, its value, and choices if any.
struct Cell {
    name: String,
    label: &'static str,
    value: String,
    choices: Vec<(&'static str, bool)>,
    wide: bool,
}

struct Row {
    legend: String,
    cells: Vec<Cell>,
    /// What goes along unseen, with a line that says so.
    kept: Option<(String, String)>,
}

/// Rows of one kind.
struct Rows {
    name: &'static str,
    heading: &'static str,
    hint: &'static str,
    error: Option<String>,
    rows: Vec<Row>,
}

struct Text {
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    value: String,
    error: Option<String>,
    rows: u8,
}

struct Asked {
    name: &'static str,
    legend: &'static str,
    used: &'static str,
    words: String,
    error: Option<String>,
}

#[derive(Template)]
#[template(path = "person/plan-edit.html")]
struct Page {
    shell: Shell,
    faults: Vec<Fault>,
    person: String,
    back: String,
    action: String,
    version: i64,
    kinds: Vec<Rows>,
    considered: Vec<Asked>,
    verdicts: Vec<(&'static str, bool)>,
    assessed: Option<super::plan::AssessedPart>,
    without: Text,
    assessment: Text,
    texts: Vec<Text>,
    names: Vec<(Select, Vec<Text>)>,
    around: String,
    names_around: Vec<String>,
    review: crate::components::DateInput,
}

fn cell(name: String, label: &'static str, value: impl Into<String>) -> Cell {
    Cell {
        name,
        label,
        value: value.into(),
        choices: Vec::new(),
        wide: false,
    }
}

fn wide(name: String, label: &'static str, value: impl Into<String>) -> Cell {
    Cell {
        wide: true,
        ..cell(name, label, value)
    }
}

fn rows<T>(
    (name, heading, hint): (&'static str, &'static str, &'static str),
    reading: &Reading,
    (items, one): (&[T], &'static str),
    cells: impl Fn(usize, Option<&T>) -> Vec<Cell>,
) -> Rows {
    let count = items.len() + SPARE;
    Rows {
        name,
        heading,
        hint,
        error: reading.of(name),
        rows: (0..count)
            .map(|at| Row {
                legend: format!("{one} {}", at + 1),
                cells: cells(at, items.get(at)),
                kept: None,
            })
            .collect(),
    }
}

fn short_day(day: Option<Date>) -> String {
    day.map_or_else(String::new, |day| {
        format!("{} {} {}", day.day(), day.month(), day.year())
    })
}

fn kinds(plan: &Plan, reading: &Reading) -> Vec<Rows> {
    let goals = rows(
        (
            "goals",
            "Goals",
            "In the person's own words, each with a measure",
        ),
        reading,
        (&plan.goals, "Goal"),
        |at, goal| {
            let of = |value: fn(&Goal) -> &String| goal.map(value).cloned().unwrap_or_default();
            vec![
                wide(
                    format!("goal-{at}-words"),
                    "What they want",
                    of(|one| &one.words),
                ),
                wide(
                    format!("goal-{at}-measure"),
                    "How it is known to be reached",
                    of(|one| &one.measure),
                ),
                wide(
                    format!("goal-{at}-now"),
                    "How things are now",
                    of(|one| &one.now),
                ),
            ]
        },
    );
    let actions = rows(
        (
            "actions",
            "What is done",
            "Who does what, by when; how confident the person is that it will work, 0 to 10",
        ),
        reading,
        (&plan.actions, "Action"),
        |at, doing| {
            let of = |value: fn(&Doing) -> &String| doing.map(value).cloned().unwrap_or_default();
            let status = doing.map(|one| one.status).unwrap_or_default();
            let confidence = doing.and_then(|one| one.confidence);
            vec![
                wide(format!("action-{at}-what"), "What", of(|one| &one.what)),
                cell(format!("action-{at}-who"), "Who", of(|one| &one.who)),
                cell(
                    format!("action-{at}-by"),
                    "By (such as 6 8 2027)",
                    short_day(doing.and_then(|one| one.by)),
                ),
                Cell {
                    choices: Status::ALL.map(|one| (one.as_str(), one == status)).into(),
                    ..cell(format!("action-{at}-status"), "Status", "")
                },
                cell(
                    format!("action-{at}-confidence"),
                    "Confidence, 0 to 10",
                    confidence.map_or_else(String::new, |n| n.to_string()),
                ),
            ]
        },
    );
    let week = rows(
        (
            "week",
            "The week of care",
            "A line for each time of the week",
        ),
        reading,
        (&plan.week, "Line"),
        |at, care| {
            let day = care.map_or(0, |one| usize::from(one.day));
            let number = |value: fn(&Care) -> u16| {
                care.map_or_else(String::new, |one| value(one).to_string())
            };
            vec![
                Cell {
                    choices: DAYS
                        .iter()
                        .enumerate()
                        .map(|(n, name)| (*name, n == day))
                        .collect(),
                    ..cell(format!("week-{at}-day"), "Day", "")
                },
                cell(
                    format!("week-{at}-at"),
                    "Time (such as 8:30am)",
                    care.map_or_else(String::new, |one| super::plan::time(one.at)),
                ),
                cell(
                    format!("week-{at}-minutes"),
                    "Minutes",
                    number(|one| one.minutes),
                ),
                wide(
                    format!("week-{at}-what"),
                    "What, and by whom",
                    care.map(|one| one.what.clone()).unwrap_or_default(),
                ),
            ]
        },
    );
    let mut needs = rows(
        ("needs", "Needs and how they are met", ""),
        reading,
        (&plan.needs, "Need"),
        |at, need| {
            let of =
                |value: fn(&PlannedNeed) -> &String| need.map(value).cloned().unwrap_or_default();
            vec![
                wide(format!("need-{at}-what"), "Need", of(|one| &one.what)),
                wide(
                    format!("need-{at}-met"),
                    "How it is met, and by whom",
                    of(|one| &one.met_by),
                ),
            ]
        },
    );
    for (at, (row, need)) in needs.rows.iter_mut().zip(&plan.needs).enumerate() {
        let from = need.from.clone();
        row.kept = (!from.is_empty()).then(|| (format!("need-{at}-from"), from));
    }
    vec![goals, actions, week, needs]
}

fn draw(
    web: &Web,
    (visit, actor): (&Visit, &Actor),
    found: &PlanPage,
    (plan, version): (&Plan, i64),
    reading: Reading,
) -> Outcome {
    let id = found.person.id;
    let considered = [
        (
            "telecare",
            "Is telecare used, such as an alarm or sensors?",
            &plan.telecare,
        ),
        (
            "equipment",
            "Is equipment used, such as a frame or a hoist?",
            &plan.equipment,
        ),
    ]
    .map(|(name, legend, one)| Asked {
        name,
        legend,
        used: match one.used {
            Some(true) => "yes",
            Some(false) => "no",
            None => "",
        },
        words: one.words.clone(),
        error: reading.of(name),
    });
    let text = |name, label, hint, value: &str, rows| Text {
        name,
        label,
        hint,
        value: value.to_owned(),
        error: reading.of(name),
        rows,
    };
    let budget = match visit.form.given("budget") {
        Some(typed) => typed.to_owned(),
        None => plan.budget.map_or_else(String::new, pounds),
    };
    let day = match visit.is_form() {
        true => boxes(&visit.form, "review_on"),
        false => as_boxes(
            plan.review_on
                .or(Some(add_days(web.app.today(), USUAL_REVIEW))),
        ),
    };
    let review = date_input(
        "review_on",
        "Day of the review",
        "After 6 to 8 weeks at first, then within 12 months",
        day,
        reading.of("review_on"),
    );
    shell::ok(&Page {
        shell: Shell::new(
            web,
            visit,
            "Write the care and support plan",
            Section::Person,
        )
        .with_faults(!reading.faults.is_empty()),
        person: found.person.list_name(),
        back: format!("/person/{id}/plan"),
        action: format!("/person/{id}/plan/edit"),
        version,
        kinds: kinds(plan, &reading),
        considered: considered.into(),
        verdicts: Verdict::ALL
            .map(|one| (one.as_str(), one == plan.verdict))
            .into(),
        texts: vec![
            text(
                "contingency",
                "What happens if something fails?",
                "For example, a carer who does not come, or the person who helps falls ill",
                &plan.contingency,
                4,
            ),
            text(
                "advice",
                "Advice to reduce, prevent or delay needs",
                "",
                &plan.advice,
                3,
            ),
            text(
                "budget",
                "Personal budget in pounds a week",
                "Leave empty if it is not worked out",
                &budget,
                1,
            ),
            text(
                "direct_payment",
                "Needs met by a direct payment, and how often it is paid",
                "",
                &plan.direct_payment,
                2,
            ),
        ],
        assessed: super::plan::assessed(web, actor, found),
        assessment: text(
            "assessment",
            "Which assessment says whether the needs are eligible?",
            "One that was not signed here. A plan does not work it out",
            &plan.assessment,
            1,
        ),
        without: text(
            "without_why",
            "Why are needs met that were not found eligible?",
            "Only where no assessment has found them eligible. The council may meet them (Care Act 2014 section 19)",
            &plan.without_why,
            3,
        ),
        names: names(plan, found, &reading),
        names_around: found.around.clone(),
        around: match found.around.is_empty() {
            true => "Nobody has this person on a caseload.".to_owned(),
            false => format!(
                "On whose caseload the person is: {}.",
                found.around.join(", ")
            ),
        },
        review,
        faults: reading.faults,
    })
}

/// Who looks after the plan: an account to choose, or the name of somebody who has none.
fn names(plan: &Plan, found: &PlanPage, reading: &Reading) -> Vec<(Select, Vec<Text>)> {
    [
        (
            [
                "coordinator_account",
                "coordinator",
                "coordinator_telephone",
            ],
            "Who co-ordinates the plan?",
            &plan.coordinator,
        ),
        (
            [
                "professional_account",
                "professional",
                "professional_telephone",
            ],
            "Which professional is responsible?",
            &plan.professional,
        ),
    ]
    .map(|([account, name, telephone], label, one)| {
        let mut choices = vec![Choice::new(
            "",
            "Somebody who does not sign in here",
            &one.account,
        )];
        choices.extend(
            found
                .colleagues
                .iter()
                .map(|(id, words)| Choice::new(id.to_string(), words.as_str(), &one.account)),
        );
        let text = |name, label, hint, value: &str| Text {
            name,
            label,
            hint,
            value: value.to_owned(),
            error: reading.of(name),
            rows: 1,
        };
        let written = match one.account.is_empty() {
            true => one.name.as_str(),
            false => "",
        };
        let select = Select {
            name: account.to_owned(),
            label: label.to_owned(),
            error: reading.of(account),
            choices,
            ..Select::default()
        };
        let hint = "Only for somebody who does not sign in here";
        let texts = vec![
            text(name, "Their name", hint, written),
            text(telephone, "Their telephone", "", &one.telephone),
        ];
        (select, texts)
    })
    .into()
}

/// An amount as it stands in the box: pence only where there are some.
fn pounds(pence: i64) -> String {
    let text = Pence(pence).in_decimals();
    text.strip_suffix(".00")
        .map_or_else(|| text.clone(), str::to_owned)
}

/// An amount as it was typed; one below nought is no budget.
fn typed_amount(typed: &str) -> Result<i64, String> {
    match typed.parse::<Pence>() {
        Ok(amount) if amount.0 < 0 => Err("A budget is not less than nought".to_owned()),
        Ok(amount) => Ok(amount.0),
        Err(why) => Err(format!("Enter the budget in pounds, such as 142.50: {why}")),
    }
}

pub(super) fn page(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    access::decide(actor, Action::MakePlan).map_err(Trouble::Denied)?;
    let id: PersonId = visit.id("id")?;
    let found = web.app.care_plan(actor, id)?;
    let current = found.current();
    let mut plan = current.map(|one| one.plan.clone()).unwrap_or_default();
    let version = current.map_or(0, |one| one.number);
    if let Some(latest) = &found.assessment
        && visit.query.get("take") == "yes"
    {
        take_assessed(&mut plan.needs, &latest.outcomes, &latest.in_words());
    }
    draw(
        web,
        (visit, actor),
        &found,
        (&plan, version),
        Reading::default(),
    )
}

/// A day typed in one box: day, month and year as numbers.
pub(super) fn day_in_one(typed: &str) -> Option<Date> {
    let parts: Vec<&str> = typed
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .collect();
    let &[day, month, year] = parts.as_slice() else {
        return None;
    };
    let year: i16 = year.parse().ok()?;
    Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()
}

struct Typed<'a> {
    form: &'a Fields,
}

impl Typed<'_> {
    fn get(&self, kind: &str, at: usize, part: &str) -> String {
        self.form.get(&format!("{kind}-{at}-{part}")).to_owned()
    }

    /// Row numbers that were sent; empty rows are passed over.
    fn each(&self, kind: &'static str, parts: &'static [&'static str]) -> Vec<usize> {
        (0..person::plan::ROWS + SPARE)
            .filter(|at| {
                parts
                    .iter()
                    .any(|part| !self.get(kind, *at, part).is_empty())
            })
            .collect()
    }
}

fn read_action(typed: &Typed<'_>, at: usize, reading: &mut Reading) -> Doing {
    let by = typed.get("action", at, "by");
    let confidence = typed.get("action", at, "confidence");
    let day = day_in_one(&by);
    if day.is_none() && !by.is_empty() {
        reading.fault(
            "actions",
            format!("“{by}” is no day: write it such as 6 8 2027"),
        );
    }
    let number: Option<u8> = confidence.parse().ok();
    if number.is_none() && !confidence.is_empty() {
        reading.fault("actions", "Confidence is a number from 0 to 10");
    }
    Doing {
        what: typed.get("action", at, "what"),
        who: typed.get("action", at, "who"),
        by: day,
        status: Status::parse(&typed.get("action", at, "status")).unwrap_or_default(),
        confidence: number,
    }
}

fn read_care(typed: &Typed<'_>, at: usize, reading: &mut Reading) -> Care {
    let name = format!("week-{at}-at");
    let mut own = Reading::default();
    let clock = own.time(typed.form, &name);
    let minutes: Option<u16> = typed.get("week", at, "minutes").parse().ok();
    if clock.is_none() || minutes.is_none() {
        let text = format!(
            "Line {} of the week needs a time, such as 8:30am, and minutes",
            at + 1
        );
        reading.fault("week", text);
    }
    let day = typed.get("week", at, "day");
    let day = DAYS.iter().position(|name| *name == day).unwrap_or(0);
    let (hour, minute) = clock.unwrap_or((0, 0));
    Care {
        day: u8::try_from(day).unwrap_or(0),
        at: u16::from(hour.unsigned_abs()) * 60 + u16::from(minute.unsigned_abs()),
        minutes: minutes.unwrap_or(0),
        what: typed.get("week", at, "what"),
    }
}

fn considered(form: &Fields, name: &str) -> Considered {
    Considered {
        used: match form.get(name) {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        },
        words: form.get(&format!("{name}-words")).to_owned(),
    }
}

fn read(form: &Fields, reading: &mut Reading) -> Plan {
    let typed = Typed { form };
    let budget = match form.given("budget").map(typed_amount).transpose() {
        Ok(budget) => budget,
        Err(why) => {
            reading.fault("budget", why);
            None
        }
    };
    let goal = |at| Goal {
        words: typed.get("goal", at, "words"),
        measure: typed.get("goal", at, "measure"),
        now: typed.get("goal", at, "now"),
    };
    let need = |at| PlannedNeed {
        what: typed.get("need", at, "what"),
        met_by: typed.get("need", at, "met"),
        from: typed.get("need", at, "from"),
    };
    let named = |name: &str| Named {
        name: form.get(name).to_owned(),
        telephone: form.get(&format!("{name}_telephone")).to_owned(),
        account: form.get(&format!("{name}_account")).to_owned(),
    };
    let actions = typed.each("action", &["what", "who", "by", "confidence"]);
    let week = typed.each("week", &["at", "minutes", "what"]);
    Plan {
        goals: typed
            .each("goal", &["words", "measure", "now"])
            .into_iter()
            .map(goal)
            .collect(),
        needs: typed
            .each("need", &["what", "met"])
            .into_iter()
            .map(need)
            .collect(),
        verdict: Verdict::parse(form.get("verdict")).unwrap_or_default(),
        assessment: form.get("assessment").to_owned(),
        assessed: None,
        without_why: form.get("without_why").to_owned(),
        actions: actions
            .into_iter()
            .map(|at| read_action(&typed, at, reading))
            .collect(),
        week: week
            .into_iter()
            .map(|at| read_care(&typed, at, reading))
            .collect(),
        contingency: form.get("contingency").to_owned(),
        telecare: considered(form, "telecare"),
        equipment: considered(form, "equipment"),
        advice: form.get("advice").to_owned(),
        budget,
        direct_payment: form.get("direct_payment").to_owned(),
        coordinator: named("coordinator"),
        professional: named("professional"),
        review_on: reading.date(form, "review_on", "The day of the review"),
    }
}

pub(super) fn save(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    access::decide(actor, Action::MakePlan).map_err(Trouble::Denied)?;
    let id: PersonId = visit.id("id")?;
    let mut reading = Reading::default();
    let plan = read(&visit.form, &mut reading);
    let version = visit.form.parsed("version").unwrap_or(0);
    let saved = match reading.faults.is_empty() {
        true => web.app.save_care_plan(actor, id, version, &plan),
        false => Err(app::Error::Invalid(Vec::new())),
    };
    match saved {
        Ok(_) => Ok(shell::see_other(&format!("/person/{id}/plan?done=saved"))),
        Err(app::Error::Invalid(errors)) => {
            for error in errors {
                reading.fault(error.field, error.text);
            }
            let found = web.app.care_plan(actor, id)?;
            draw(web, (visit, actor), &found, (&plan, version), reading)
        }
        Err(error) => Err(match Trouble::from(error) {
            Trouble::Stale { who, what, .. } => Trouble::Stale {
                who,
                what,
                back: format!("/person/{id}/plan"),
                typed: typed_again(&plan),
            },
            other => other,
        }),
    }
}

/// What was typed, to be taken over by hand after somebody else's change.
fn typed_again(plan: &Plan) -> Vec<(String, String)> {
    let goals = plan.goals.iter().map(|one| {
        (
            "Goal".to_owned(),
            format!("{} ({})", one.words, one.measure),
        )
    });
    let actions = plan
        .actions
        .iter()
        .map(|one| ("Action".to_owned(), format!("{}: {}", one.who, one.what)));
    let week = plan
        .week
        .iter()
        .map(|one| ("Week".to_owned(), one.what.clone()));
    let needs = plan
        .needs
        .iter()
        .map(|one| ("Need".to_owned(), format!("{}: {}", one.what, one.met_by)));
    let rest = [
        ("If something fails", plan.contingency.clone()),
        ("Advice", plan.advice.clone()),
        (
            "Review",
            plan.review_on.map_or_else(String::new, words::date),
        ),
    ];
    let rest = rest.into_iter().map(|(key, value)| (key.to_owned(), value));
    goals
        .chain(actions)
        .chain(week)
        .chain(needs)
        .chain(rest)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_and_an_amount_are_read_from_one_box() {
        for (typed, day) in [
            ("6 8 2027", Some("2027-08-06")),
            ("06/08/2027", Some("2027-08-06")),
            ("31 2 2027", None),
            ("soon", None),
        ] {
            assert_eq!(
                day_in_one(typed).map(|d| d.to_string()).as_deref(),
                day,
                "{typed}"
            );
        }
        for (typed, amount) in [
            ("142.50", Ok(14_250)),
            ("£1,200", Ok(120_000)),
            ("-5.50", Err("A budget is not less than nought")),
            ("(300)", Err("A budget is not less than nought")),
        ] {
            let read = typed_amount(typed);
            assert_eq!(read, amount.map_err(str::to_owned), "{typed}");
        }
        assert!(typed_amount("lots").is_err() && typed_amount("1.234,50").is_err());
        assert_eq!(pounds(-550), "-5.50");
        assert_eq!(pounds(14_250), "142.50");
        assert_eq!(pounds(120_000), "1200");
    }
}
