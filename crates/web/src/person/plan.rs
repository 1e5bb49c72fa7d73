//! The care and support plan of a person: as it stands, printed, easy to read, agreed; and the
//! person's own copy.

use super::who::{self, Who};
use crate::components::{Fault, Field, Input, Tag};
use crate::door::Visit;
use crate::form::Reading;
use crate::routes::{Outcome, Route, staff, staff_post};
use crate::shell::{self, Section, Shell};
use crate::trouble::Trouble;
use crate::{Web, words};
use access::{Action, Actor};
use app::person::PlanPage;
use askama::Template;
use kernel::calendar::days_between;
use kernel::{Pence, PersonId};
use person::plan::{
    Care, Considered, Named, Plan, Verdict, by_day, easy_read, minutes_a_week, review_in_words,
};
use store::plan::PlanVersion;

pub(super) fn routes() -> Vec<Route> {
    vec![
        staff("/person/{id}/plan", page),
        staff_post("/person/{id}/plan", agree),
        staff("/person/{id}/plan/print", print),
        staff("/person/{id}/plan/edit", super::plan_form::page),
        staff_post("/person/{id}/plan/edit", super::plan_form::save),
        staff("/me/plan", own),
    ]
}

/// A heading with what stands under it.
struct Part {
    heading: &'static str,
    lines: Vec<String>,
}

/// A plan as it is drawn, in full or easy to read.
struct Shown {
    parts: Vec<Part>,
    easy: bool,
}

/// A time of day such as `8:30am`.
pub(super) fn time(minutes: u16) -> String {
    let (hour, minute) = (minutes / 60, minutes % 60);
    let half = if hour < 12 { "am" } else { "pm" };
    let shown = if hour % 12 == 0 { 12 } else { hour % 12 };
    match minute {
        0 => format!("{shown}{half}"),
        _ => format!("{shown}:{minute:02}{half}"),
    }
}

fn care(one: &Care) -> String {
    format!("{} {}, {} minutes", time(one.at), one.what, one.minutes)
}

fn considered(what: &str, one: &Considered) -> String {
    match one.used {
        None => format!("{what}: not considered yet"),
        Some(true) => format!("{what}: yes. {}", one.words),
        Some(false) => format!("{what}: no. {}", one.words),
    }
}

fn named(one: &Named) -> String {
    match (one.name.is_empty(), one.telephone.is_empty()) {
        (true, _) => "Nobody named".to_owned(),
        (false, true) => one.name.clone(),
        (false, false) => format!("{}, {}", one.name, one.telephone),
    }
}

fn or_none(lines: Vec<String>, none: &str) -> Vec<String> {
    match lines.is_empty() {
        true => vec![none.to_owned()],
        false => lines,
    }
}

fn text(text: &str, none: &str) -> Vec<String> {
    vec![if text.is_empty() { none } else { text }.to_owned()]
}

fn doings(plan: &Plan) -> Vec<String> {
    let line = |one: &person::plan::Doing| {
        let mut line = format!("{} ({})", one.what, one.who);
        if let Some(by) = one.by {
            line.push_str(&format!(", by {}", words::date(by)));
        }
        line.push_str(&format!(": {}", one.status.as_str()));
        if let Some(number) = one.confidence {
            line.push_str(&format!(". Confidence {number} of 10"));
        }
        line
    };
    plan.actions.iter().map(line).collect()
}

/// The timetable: a line for each day of the week, by time, and what it comes to.
fn week(plan: &Plan) -> Vec<String> {
    let minutes = minutes_a_week(&plan.week);
    if minutes == 0 {
        return Vec::new();
    }
    let mut lines: Vec<String> = by_day(&plan.week)
        .into_iter()
        .map(|(day, cares)| match cares.is_empty() {
            true => format!("{day}: nothing"),
            false => {
                let each: Vec<String> = cares.into_iter().map(care).collect();
                format!("{day}: {}", each.join("; "))
            }
        })
        .collect();
    lines.push(match (minutes / 60, minutes % 60) {
        (hours, 0) => format!("In all {hours} hours a week"),
        (hours, minutes) => format!("In all {hours} hours {minutes} minutes a week"),
    });
    lines
}

/// Every part of a plan in full.
fn in_full(plan: &Plan) -> Vec<Part> {
    let goals = plan.goals.iter().map(|one| {
        let now = match one.now.is_empty() {
            true => String::new(),
            false => format!(" Now: {}.", one.now.trim_end_matches('.')),
        };
        format!(
            "{}. Reached when: {}.{now}",
            one.words.trim_end_matches('.'),
            one.measure.trim_end_matches('.')
        )
    });
    let needs = plan.needs.iter().map(|one| {
        let from = match one.from.is_empty() {
            true => String::new(),
            false => format!(" (from: {})", one.from),
        };
        match one.met_by.is_empty() {
            true => format!("{}: not met{from}", one.what),
            false => format!("{}: {}{from}", one.what, one.met_by),
        }
    });
    let mut eligible = vec![words::sentence(plan.verdict.as_str())];
    if !plan.assessment.is_empty() {
        eligible.push(format!("Assessment: {}", plan.assessment));
    }
    if !plan.without_why.is_empty() {
        eligible.push(format!(
            "Why needs are met all the same: {}",
            plan.without_why
        ));
    }
    let budget = plan.budget.map_or_else(
        || "Not worked out".to_owned(),
        |pence| format!("{} a week", Pence(pence)),
    );
    let part = |heading, lines| Part { heading, lines };
    vec![
        part("Goals", or_none(goals.collect(), "None")),
        part("What is done", or_none(doings(plan), "Nothing written")),
        part("The week", or_none(week(plan), "No care at set times")),
        part("If something fails", text(&plan.contingency, "Not written")),
        part(
            "Telecare and equipment",
            vec![
                considered("Telecare", &plan.telecare),
                considered("Equipment", &plan.equipment),
            ],
        ),
        part(
            "Needs and how they are met",
            or_none(needs.collect(), "None written"),
        ),
        part("Eligibility", eligible),
        part(
            "Advice to reduce, prevent or delay needs",
            text(&plan.advice, "None given"),
        ),
        part("Personal budget", vec![budget]),
        part("Direct payment", text(&plan.direct_payment, "None")),
        part("Co-ordinator", vec![named(&plan.coordinator)]),
        part("Professional", vec![named(&plan.professional)]),
        part(
            "Review",
            vec![
                plan.review_on
                    .map_or_else(|| "Not set".to_owned(), words::date),
            ],
        ),
    ]
}

fn shown(plan: &Plan, easy: bool) -> Shown {
    let parts = match easy {
        false => in_full(plan),
        true => easy_read(plan)
            .into_iter()
            .map(|(heading, lines)| Part { heading, lines })
            .collect(),
    };
    Shown { parts, easy }
}

/// "Version 2, written on … by …. Agreed on … by …: signed on paper."
fn standing(version: &PlanVersion) -> String {
    let mut line = format!(
        "Version {}, written on {} by {}, {}.",
        version.number,
        words::date(words::day_of(version.made_at)),
        version.made_by,
        words::known(&version.organisation)
    );
    match &version.agreed {
        Some((at, by, how)) => line.push_str(&format!(
            " Agreed on {} by {by}: {}.",
            words::date(words::day_of(*at)),
            how.trim_end_matches('.')
        )),
        None => line.push_str(" Not agreed yet."),
    }
    line
}

#[derive(Template)]
#[template(path = "person/plan.html")]
struct Page {
    shell: Shell,
    faults: Vec<Fault>,
    done: &'static str,
    who: Who,
    tab: &'static str,
    withheld: bool,
    plan: Option<Shown>,
    standing: String,
    review: String,
    base: String,
    version: i64,
    agreed: bool,
    may_change: bool,
    agree: Vec<Field>,
    older: Vec<(i64, String)>,
    meetings: Vec<(String, Vec<String>)>,
    assessed: Option<AssessedPart>,
    assessment_withheld: bool,
}

/// What the latest signed assessment says.
pub(super) struct AssessedPart {
    pub(super) tag: Tag,
    pub(super) line: String,
    pub(super) says: Vec<String>,
    pub(super) href: Option<String>,
    /// Whether it is newer than the plan that stands.
    pub(super) since: bool,
    /// Where the plan is written with its outcomes; empty where there is none.
    pub(super) take: String,
}

pub(super) fn assessed(web: &Web, actor: &Actor, found: &PlanPage) -> Option<AssessedPart> {
    let latest = found.assessment.as_ref()?;
    let age = days_between(words::day_of(latest.signed_at), web.app.today());
    let age = match age {
        0 => "today".to_owned(),
        days => format!("{} ago", words::counted(days, "day")),
    };
    let mut says = Vec::new();
    if !latest.outcomes.is_empty() {
        says.push(format!(
            "Unable to achieve: {}.",
            latest.outcomes.join("; ")
        ));
    }
    if !latest.missing.is_empty() {
        says.push(format!("Not recorded: {}.", latest.missing.join("; ")));
    }
    let (text, colour) = match latest.verdict {
        Verdict::Eligible => ("Eligible", "green"),
        Verdict::NotEligible => ("Not eligible", "grey"),
        Verdict::Undetermined | Verdict::NotAssessed => ("Undetermined", "orange"),
    };
    let may = access::decide(actor, Action::MakePlan).is_ok() && !found.withheld;
    Some(AssessedPart {
        tag: Tag::new(text, colour),
        line: format!("{} by {}, {age}.", latest.in_words(), latest.signed_by),
        says,
        href: access::decide(actor, Action::Assess)
            .is_ok()
            .then(|| format!("/flow/form/{}/check", latest.form)),
        since: found.assessed_since(),
        take: match may && !latest.outcomes.is_empty() {
            true => format!("/person/{}/plan/edit?take=yes", found.person.id),
            false => String::new(),
        },
    })
}

/// What meetings decided: a heading, and a line for each action.
fn meetings(web: &Web, found: &PlanPage) -> Vec<(String, Vec<String>)> {
    let today = web.app.today();
    let one = |decided: &app::person::Decided| {
        let when = decided.item.decided.as_ref();
        let day = when.map(|(at, _)| words::date(words::day_of(*at)));
        let title = format!(
            "{}, {}: {}",
            decided.meeting,
            day.unwrap_or_default(),
            decided.item.decision
        );
        let actions = decided.actions.iter().map(|action| {
            let state = match (&action.done, action.due_on < today) {
                (Some(_), _) => "done",
                (None, true) => "late",
                (None, false) => "to be done",
            };
            let due = words::date(action.due_on);
            format!("{}: {}, by {due} ({state})", action.owner, action.what)
        });
        (title, actions.collect())
    };
    found.decided.iter().map(one).collect()
}

fn draw(web: &Web, visit: &Visit, actor: &Actor, found: &PlanPage, reading: Reading) -> Outcome {
    let asked: Option<i64> = visit.query.parsed("version");
    let current = found.current();
    let drawn = match asked {
        Some(number) => found.versions.iter().find(|one| one.number == number),
        None => current,
    };
    let standing_now = drawn.map(|one| one.number) == current.map(|one| one.number);
    let base = format!("{}/plan", who::address_of(found.person.id));
    let input = |name: &str, label: &str, hint: &str, usual: &str| {
        let typed = visit.form.get(name);
        Field::Text(Input {
            name: name.to_owned(),
            label: label.to_owned(),
            hint: hint.to_owned(),
            value: if visit.is_form() { typed } else { usual }.to_owned(),
            error: reading.of(name),
            ..Input::default()
        })
    };
    let agree = vec![
        input(
            "agreed_by",
            "Who agreed?",
            "The person, or who acts for them",
            "",
        ),
        input(
            "agreed_how",
            "How?",
            "For example, signed the printed copy",
            "",
        ),
    ];
    let today = web.app.today();
    shell::ok(&Page {
        shell: Shell::new(web, visit, "Care and support plan", Section::Person)
            .with_faults(!reading.faults.is_empty()),
        faults: reading.faults,
        done: match visit.query.get("done") {
            "saved" => "The plan was saved",
            "agreed" => "It is noted that the plan is agreed",
            _ => "",
        },
        who: {
            let mut who = who::of(&found.person, None, today);
            who.facts.retain(|(key, _)| *key != "Council");
            who
        },
        tab: "plan",
        withheld: found.withheld,
        plan: drawn.map(|one| shown(&one.plan, visit.query.get("easy") == "yes")),
        standing: drawn.map(standing).unwrap_or_default(),
        review: match (standing_now, drawn) {
            (true, Some(one)) => review_in_words(one.plan.review_on, today),
            (false, Some(_)) => "This is an earlier version. It does not stand any more".to_owned(),
            _ => String::new(),
        },
        base,
        version: drawn.map_or(0, |one| one.number),
        agreed: drawn.is_some_and(|one| one.agreed.is_some()) || !standing_now,
        may_change: access::decide(actor, Action::MakePlan).is_ok() && standing_now,
        agree,
        assessed: assessed(web, actor, found),
        assessment_withheld: found.assessment_withheld,
        meetings: meetings(web, found),
        older: found
            .versions
            .iter()
            .filter(|one| drawn.is_none_or(|drawn| drawn.number != one.number))
            .map(|one| (one.number, standing(one)))
            .collect(),
    })
}

fn page(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let id: PersonId = visit.id("id")?;
    let found = web.app.care_plan(actor, id)?;
    draw(web, visit, actor, &found, Reading::default())
}

fn agree(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    access::decide(actor, Action::MakePlan).map_err(Trouble::Denied)?;
    let id: PersonId = visit.id("id")?;
    let form = &visit.form;
    let said = (form.get("agreed_by"), form.get("agreed_how"));
    let version = form.parsed("version").unwrap_or(0);
    match web.app.agree_care_plan(actor, id, version, said) {
        Ok(()) => Ok(shell::see_other(&format!("/person/{id}/plan?done=agreed"))),
        Err(app::Error::Invalid(errors)) => {
            let mut reading = Reading::default();
            for error in errors {
                reading.fault(error.field, error.text);
            }
            let found = web.app.care_plan(actor, id)?;
            draw(web, visit, actor, &found, reading)
        }
        Err(other) => Err(other.into()),
    }
}

#[derive(Template)]
#[template(path = "person/plan-print.html")]
struct PrintPage {
    shell: Shell,
    back: String,
    name: String,
    facts: Vec<(&'static str, String)>,
    plan: Shown,
    standing: String,
    agreed: bool,
}

fn print(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let id: PersonId = visit.id("id")?;
    let found = web.app.care_plan(actor, id)?;
    let version = found.current().ok_or(Trouble::NotFound)?;
    let person = &found.person;
    shell::ok(&PrintPage {
        shell: Shell::new(web, visit, "Care and support plan", Section::Person),
        back: format!("/person/{id}/plan"),
        name: person.list_name(),
        facts: vec![
            ("NHS number", who::nhs_number(person.nhs_number)),
            (
                "Born",
                who::born(person.birth_date, person.age_on(web.app.today())),
            ),
        ],
        plan: shown(&version.plan, visit.query.get("easy") == "yes"),
        standing: standing(version),
        agreed: version.agreed.is_some(),
    })
}

#[derive(Template)]
#[template(path = "me/plan.html")]
struct OwnPage {
    shell: Shell,
    back: &'static str,
    back_words: &'static str,
    heading: String,
    plan: Option<Shown>,
    standing: String,
    other: String,
}

fn own(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let of: Option<PersonId> = visit.query.parsed("of");
    let found = web.app.own_plan(actor, of)?;
    // Easy to read first; the whole plan is one link away.
    let easy = visit.query.get("full") != "yes";
    let query = match (found.mine.oneself, easy) {
        (true, true) => "?full=yes".to_owned(),
        (true, false) => String::new(),
        (false, true) => format!("?of={}&full=yes", found.mine.person),
        (false, false) => format!("?of={}", found.mine.person),
    };
    let heading = match found.mine.oneself {
        true => "My care and support plan".to_owned(),
        false => format!("The care and support plan of {}", found.mine.name),
    };
    shell::ok(&OwnPage {
        shell: Shell::new(web, visit, heading.clone(), Section::Own),
        back: "/me",
        back_words: "Your pages",
        heading,
        plan: found.version.as_ref().map(|one| shown(&one.plan, easy)),
        standing: found.version.as_ref().map(standing).unwrap_or_default(),
        other: format!("/me/plan{query}"),
    })
}
