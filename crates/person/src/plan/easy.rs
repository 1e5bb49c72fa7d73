//! A plan that is easy to read: short sentences, one idea a line, no words of the trade.
//!
//! Source: the usual rules of easy read (short sentences, one idea each, large print), from
//! memory; the wording is ours.

use super::{Care, Considered, DAYS, Plan, Status};
use jiff::civil::Date;

/// The sentences of a text, one by one. A full stop within a number or a short word does not end
/// one.
pub fn sentences(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    for line in text.lines() {
        let mut rest = line.trim();
        while let Some(end) = end_of(rest) {
            let (one, after) = rest.split_at(end);
            all.push(one.trim().to_owned());
            rest = after.trim_start();
        }
        if !rest.is_empty() {
            all.push(stop(rest));
        }
    }
    all
}

/// Where the first sentence ends.
fn end_of(text: &str) -> Option<usize> {
    let mut at = 0;
    for word in text.split_inclusive(' ') {
        at += word.len();
        let bare = word.trim_end();
        let long = bare.chars().count() > 3;
        if bare.ends_with(['.', '!', '?']) && long {
            return Some(at);
        }
    }
    None
}

fn stop(text: &str) -> String {
    let text = text.trim();
    match text.ends_with(['.', '!', '?']) {
        true => text.to_owned(),
        false => format!("{text}."),
    }
}

fn time(minutes: u16) -> String {
    let (hour, minute) = (minutes / 60, minutes % 60);
    let half = if hour < 12 { "am" } else { "pm" };
    let shown = match hour % 12 {
        0 => 12,
        other => other,
    };
    match minute {
        0 => format!("{shown}{half}"),
        _ => format!("{shown}:{minute:02}{half}"),
    }
}

fn day(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

fn considered(what: &str, one: &Considered, lines: &mut Vec<String>) {
    match one.used {
        Some(true) => lines.push(format!("I have {what}.")),
        Some(false) => lines.push(format!("I do not have {what}.")),
        None => return,
    }
    lines.extend(sentences(&one.words));
}

/// Headings with their lines; a heading with nothing under it is left out.
pub fn easy_read(plan: &Plan) -> Vec<(&'static str, Vec<String>)> {
    let mut things = Vec::new();
    considered("an alarm or other telecare", &plan.telecare, &mut things);
    considered("equipment", &plan.equipment, &mut things);
    let all = vec![
        ("What I want", goals(plan)),
        ("What will happen", actions(plan)),
        ("My week", week(plan)),
        ("If something goes wrong", sentences(&plan.contingency)),
        ("Things that help me", things),
        ("Good to know", sentences(&plan.advice)),
        ("My money", money(plan)),
        ("Who to ask", whom_to_ask(plan)),
    ];
    all.into_iter()
        .filter(|(_, lines)| !lines.is_empty())
        .collect()
}

fn goals(plan: &Plan) -> Vec<String> {
    let mut goals = Vec::new();
    for goal in &plan.goals {
        goals.extend(sentences(&goal.words));
        if !goal.measure.is_empty() {
            goals.push(format!("We will know when: {}", stop(&goal.measure)));
        }
    }
    goals
}

fn actions(plan: &Plan) -> Vec<String> {
    let mut actions = Vec::new();
    let on = plan.actions.iter();
    for one in on.filter(|one| one.status != Status::Dropped) {
        actions.push(format!("{}: {}", one.who, stop(&one.what)));
        match (one.status, one.by) {
            (Status::Done, _) => actions.push("This is done.".to_owned()),
            (_, Some(by)) => actions.push(format!("By {}.", day(by))),
            _ => {}
        }
    }
    actions
}

fn week(plan: &Plan) -> Vec<String> {
    let mut cares: Vec<_> = plan.week.iter().collect();
    cares.sort_by_key(|one| (one.day, one.at));
    let line = |one: &Care| {
        let name = DAYS.get(usize::from(one.day)).copied().unwrap_or("");
        format!("{name} at {}: {}", time(one.at), stop(&one.what))
    };
    cares.into_iter().map(line).collect()
}

fn money(plan: &Plan) -> Vec<String> {
    let budget = plan
        .budget
        .map(|pence| format!("My budget is {} a week.", kernel::Pence(pence)));
    budget
        .into_iter()
        .chain(sentences(&plan.direct_payment))
        .collect()
}

fn whom_to_ask(plan: &Plan) -> Vec<String> {
    let mut ask = Vec::new();
    for (named, what) in [
        (&plan.coordinator, "looks after this plan"),
        (&plan.professional, "is my worker"),
    ] {
        if named.name.is_empty() {
            continue;
        }
        ask.push(format!("{} {what}.", named.name));
        if !named.telephone.is_empty() {
            ask.push(format!("Ring {}.", named.telephone));
        }
    }
    if let Some(on) = plan.review_on {
        ask.push(format!("We look at this plan again on {}.", day(on)));
    }
    ask
}
