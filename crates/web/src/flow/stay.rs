//! The page of one stay: where things stand, each step with its clock, reasons
//! and sides with their history, notices, documents and every change.

use super::stay_lines::{change_line, delay_line, notice_card, step_line};
use super::view::{StayPage, SummaryRow};
use super::{board, chain, letter, returned};
use crate::door::Visit;
use crate::person::who;
use crate::routes::Outcome;
use crate::shell::{self, Section, Shell};
use crate::{Web, words};
use ::flow::DestinationState;
use access::{Action, Actor};
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::StayId;

pub(super) fn page(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let id: StayId = visit.id("id")?;
    let page = web.app.stay(actor, id)?;
    let now = web.app.now();
    let may_change = access::decide(actor, Action::ChangeStay).is_ok();
    let mut summary = summary(web, &page, now);
    if !may_change {
        summary.iter_mut().for_each(|row| row.change.clear());
    }
    shell::ok(&StayPage {
        shell: Shell::new(web, visit, "Hospital stay", Section::Board),
        saved: if visit.query.given("saved").is_some() {
            "Saved".to_owned()
        } else {
            String::new()
        },
        who: who::of(&page.person, page.council.as_deref(), web.app.today()),
        headline: headline(&page),
        need: match access::decide(actor, Action::SeekService) {
            Ok(_) => format!("/flow/stay/{id}/need"),
            Err(_) => String::new(),
        },
        back: page
            .back
            .as_ref()
            .map(|back| returned::part(back, id, page.row.stay.discharged_on.is_none(), actor)),
        summary,
        chain: page.chain.as_ref().map(|chain| chain::part(chain, now)),
        notes: chain::hub(
            &page.notes,
            match may_change && page.row.stay.discharged_on.is_none() {
                true => format!("/flow/stay/{id}"),
                false => String::new(),
            },
            now,
        ),
        steps: page.steps.iter().map(step_line).collect(),
        delays: page
            .delays
            .iter()
            .map(|line| delay_line(line, id, now, may_change))
            .collect(),
        write_notice: match may_change {
            true => format!("/flow/stay/{id}/notices"),
            false => String::new(),
        },
        notices: page
            .notices
            .iter()
            .rev()
            .map(|notice| notice_card(notice, &page))
            .collect(),
        letters: letter::given_lines(id, &page.letters)
            .into_iter()
            .map(|one| (one.title, one.href, one.told))
            .collect(),
        write_letter: match may_change && page.row.stay.discharged_on.is_none() {
            true => format!("/flow/stay/{id}/choice-letter"),
            false => String::new(),
        },
        documents: page
            .documents
            .iter()
            .map(|document| {
                let title = words::known(&document.title).to_owned();
                (format!("/person/document/{}", document.id), title)
            })
            .collect(),
        changes: page.changes.iter().rev().map(change_line).collect(),
        updated: format!(
            "Last changed by {}, {}.",
            words::known(&page.row.updated_by),
            words::near_time(page.row.updated_at, now)
        ),
    })
}

fn headline(page: &app::flow::StayPage) -> String {
    let stay = &page.row.stay;
    if let Some(day) = stay.discharged_on {
        return format!("Left hospital on {}.", words::date(day));
    }
    let Some(ready) = stay.ready_on else {
        return match stay.expected_on {
            Some(day) => format!("Not ready to leave yet. Expected {}.", words::date(day)),
            None => "Not ready to leave yet. No expected date is set.".to_owned(),
        };
    };
    let since = match page.days_past_ready {
        Some(0) | None => "Ready to leave since today.".to_owned(),
        Some(days) => {
            format!(
                "Ready to leave since {}, {} ago.",
                words::date(ready),
                words::counted(days, "day")
            )
        }
    };
    match standing(page) {
        Some(delay) => format!("{since} Waiting for: {}.", lower_first(&delay.reason)),
        None => format!("{since} No reason for waiting is recorded."),
    }
}

/// First letter small, unless the word is a name of capitals such as NHS.
fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    let (Some(first), second) = (letters.next(), text.chars().nth(1)) else {
        return String::new();
    };
    if second.is_some_and(char::is_uppercase) {
        return text.to_owned();
    }
    first.to_lowercase().chain(letters).collect()
}

/// The delay that goes on now.
pub(super) fn standing(page: &app::flow::StayPage) -> Option<&app::flow::DelayLine> {
    page.delays
        .iter()
        .rev()
        .find(|line| line.kept.superseded.is_none() && line.kept.segment.ends_on.is_none())
}

struct Summary {
    base: String,
    rows: Vec<SummaryRow>,
}

impl Summary {
    fn add(&mut self, key: &'static str, lines: Vec<String>, what: &str, hidden: &'static str) {
        let change = if what.is_empty() {
            String::new()
        } else {
            format!("{}/edit/{what}", self.base)
        };
        self.rows.push(SummaryRow {
            key,
            lines,
            strong: String::new(),
            change,
            hidden,
        });
    }

    fn day(
        &mut self,
        key: &'static str,
        day: Option<Date>,
        none: &str,
        what: &str,
        hidden: &'static str,
    ) {
        let line = day.map_or_else(|| none.to_owned(), words::date);
        self.add(key, vec![line], what, hidden);
    }
}

fn summary(web: &Web, page: &app::flow::StayPage, now: Timestamp) -> Vec<SummaryRow> {
    let stay = &page.row.stay;
    let mut all = Summary {
        base: format!("/flow/stay/{}", stay.id),
        rows: Vec::new(),
    };
    waiting(&mut all, page, now);
    all.add(
        "Where",
        vec![
            words::known(&page.hospital).to_owned(),
            board::bed(&stay.ward, &stay.bed),
        ],
        "bed",
        "ward and bed",
    );
    let length = format!(
        "{} in hospital",
        words::counted(page.days_in_hospital, "day")
    );
    all.add(
        "Admitted",
        vec![words::date(stay.admitted_on), length],
        "",
        "",
    );
    let council = page.council.as_deref().map_or("Not known", words::known);
    all.add("Council", vec![council.to_owned()], "council", "council");
    all.day(
        "Expected to leave",
        stay.expected_on,
        "Not set",
        "expected",
        "expected date",
    );
    readiness(&mut all, page);
    all.day(
        "Council assessed",
        page.row.assessed_on,
        "Not known",
        "assessed",
        "day of assessment",
    );
    leaving(&mut all, web, page);
    delay_so_far(&mut all, page);
    all.rows
}

/// What is waited for, the next action, the pathway and the destination.
fn waiting(all: &mut Summary, page: &app::flow::StayPage, now: Timestamp) {
    let (row, stay) = (&page.row, &page.row.stay);
    let mut lines = Vec::new();
    match standing(page) {
        Some(delay) => {
            lines.push(delay.reason.clone());
            let side = Some(delay.kept.segment.responsible);
            lines.push(format!(
                "Responsible: {}",
                board::responsible(side, delay.organisation.as_deref())
            ));
            lines.push(format!(
                "Since {}",
                words::date(delay.kept.segment.starts_on)
            ));
        }
        None if stay.discharged_on.is_some() => lines.push("Not applicable".to_owned()),
        None if stay.ready_on.is_some() => lines.push("No reason recorded".to_owned()),
        None => lines.push("Not ready to leave yet".to_owned()),
    }
    let what = if stay.ready_on.is_some() && stay.discharged_on.is_none() {
        "reason"
    } else {
        ""
    };
    all.add("Waiting for", lines, what, "what the person waits for");

    let mut lines = vec![if row.next_action.is_empty() {
        "No next action".to_owned()
    } else {
        row.next_action.clone()
    }];
    lines.extend(
        Some(board::owner(
            &row.next_owner_name,
            page.next_owner.as_deref(),
        ))
        .filter(|o| !o.is_empty()),
    );
    lines.extend(
        row.next_due_at
            .map(|due| format!("Due {}", words::near_time(due, now))),
    );
    all.add("Next action", lines, "next", "next action");
    if let (Some(overdue), Some(last)) = (&page.overdue, all.rows.last_mut()) {
        last.strong = words::sentence(overdue);
    }
    all.add(
        "Pathway",
        vec![board::pathway(stay.pathway)],
        "pathway",
        "pathway",
    );
    let mut lines = vec![if row.destination.is_empty() {
        "Not decided yet".to_owned()
    } else {
        row.destination.clone()
    }];
    if !row.destination.is_empty() || row.destination_state != DestinationState::NotSought {
        lines.push(board::destination_tag(row.destination_state).text);
    }
    lines.extend(
        row.starts_on
            .map(|day| format!("Starts {}", words::date(day))),
    );
    all.add("Destination", lines, "destination", "destination");
}

/// The three tests of readiness and the ready date.
fn readiness(all: &mut Summary, page: &app::flow::StayPage) {
    let stay = &page.row.stay;
    let tests = [stay.clinical_ready_on, stay.mdt_ready_on, stay.safe_on];
    let none = "Not met yet";
    all.day(
        "Ready: clinical decision",
        tests[0],
        none,
        "clinical",
        "day of the clinical decision",
    );
    all.day(
        "Ready: team decision",
        tests[1],
        none,
        "team",
        "day of the team decision",
    );
    all.day(
        "Ready: safe to go",
        tests[2],
        none,
        "safe",
        "day from which it is safe to go",
    );
    let by_hand = if tests.iter().all(Option::is_none) {
        "ready"
    } else {
        ""
    };
    let mut lines = vec![
        stay.ready_on
            .map_or_else(|| "Not ready yet".to_owned(), words::date),
    ];
    if let Some(days) = page.days_past_ready.filter(|days| *days > 0) {
        let end = if stay.discharged_on.is_some() {
            "before leaving"
        } else {
            "ago"
        };
        lines.push(format!("{} {end}", words::counted(days, "day")));
    }
    if let Some(relevant) = &page.relevant_day {
        lines.push(format!(
            "Relevant day of the notices: {}",
            words::date(relevant.day)
        ));
    }
    all.add("Ready to leave", lines, by_hand, "ready date");
}

fn leaving(all: &mut Summary, web: &Web, page: &app::flow::StayPage) {
    let stay = &page.row.stay;
    let Some(day) = stay.discharged_on else {
        all.add(
            "Left hospital",
            vec!["Not yet".to_owned()],
            "discharge",
            "discharge",
        );
        return;
    };
    let policy = web.app.policy();
    let mut lines = vec![words::date(day)];
    lines.extend(
        stay.discharge_method
            .as_deref()
            .map(|code| policy.discharge_methods.label(code).to_owned()),
    );
    lines.extend(
        stay.discharge_destination
            .as_deref()
            .map(|code| policy.discharge_destinations.label(code).to_owned()),
    );
    all.add("Left hospital", lines, "discharge", "discharge");
    all.add(
        "Has not left after all",
        vec!["Undo the discharge".to_owned()],
        "undo-discharge",
        "discharge: undo it",
    );
}

fn delay_so_far(all: &mut Summary, page: &app::flow::StayPage) {
    if page.delays.is_empty() {
        return;
    }
    let mut lines = vec![words::counted(page.delayed_days, "day")];
    lines.extend(
        page.delay_cost
            .map(|cost| format!("Cost of these bed days: {cost}")),
    );
    if !page.rests_on.is_empty() {
        lines.push(format!(
            "Check: it is not confirmed {}",
            page.rests_on
                .iter()
                .map(|key| words::rule(key))
                .collect::<Vec<_>>()
                .join(", or ")
        ));
    }
    all.add("Delay counted so far", lines, "", "");
    let Some(owed) = &page.reimbursement else {
        return;
    };
    all.add(
        "Days after the relevant day",
        vec![
            format!(
                "{} for the council's reason alone",
                words::counted(owed.days, "day")
            ),
            format!(
                "The hospital could ask the council for {}, or {} in the area with the higher amount",
                owed.amount, owed.amount_higher
            ),
            format!(
                "Check: it is not confirmed {}",
                owed.rests_on
                    .keys()
                    .map(words::rule)
                    .collect::<Vec<_>>()
                    .join(", or ")
            ),
        ],
        "",
        "",
    );
}
