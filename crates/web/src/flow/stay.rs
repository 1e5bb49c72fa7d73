//! The page of one stay: where things stand, each step with its clock, reasons
//! and sides with their history, notices, documents and every change.

use super::view::{ChangeLine, DelayLine, NoticeCard, StayPage, StepLine, SummaryRow};
use super::{board, chain, letter};
use crate::components::Tag;
use crate::door::Visit;
use crate::person::who;
use crate::routes::Outcome;
use crate::shell::{self, Section, Shell};
use crate::{Web, words};
use ::flow::steps::{Step, StepState};
use ::flow::{DestinationState, Notice, NoticeKind, NoticeStatus};
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

fn step_line(step: &Step) -> StepLine {
    let colour = match step.state {
        StepState::Done => "green",
        StepState::Waiting => "blue",
        StepState::Overdue => "red",
        StepState::NotStarted => "grey",
        StepState::NotNeeded => "white",
    };
    let mut clock = Vec::new();
    if step.state != StepState::NotNeeded {
        if let Some(started) = step.started.filter(|started| Some(*started) != step.ended) {
            clock.push(format!("From {}", started.in_words()));
        }
        match (step.ended, step.due) {
            (Some(ended), _) => clock.push(format!("Done {}", ended.in_words())),
            (None, Some(due)) => clock.push(format!("Due {}", due.in_words())),
            (None, None) => {}
        }
        clock.extend(step.days.map(|days| words::counted(days, "day")));
    }
    if clock.is_empty() {
        let none = if step.state == StepState::NotNeeded {
            "Not applicable"
        } else {
            "Not started"
        };
        clock.push(none.to_owned());
    }
    StepLine {
        name: step.kind.as_str().to_owned(),
        owner: step.owner.as_str().to_owned(),
        clock,
        words: step.words.clone(),
        note: step.note.clone(),
        state: Tag::new(words::sentence(step.state.as_str()), colour),
    }
}

fn delay_line(
    line: &app::flow::DelayLine,
    stay: StayId,
    now: Timestamp,
    may_change: bool,
) -> DelayLine {
    let segment = &line.kept.segment;
    let until = segment
        .ends_on
        .map_or_else(|| "now".to_owned(), words::date);
    let stands = line.kept.superseded.is_none();
    DelayLine {
        dates: format!("{} to {until}", words::date(segment.starts_on)),
        days: if stands {
            words::counted(line.days, "day")
        } else {
            String::new()
        },
        reason: line.reason.clone(),
        responsible: board::responsible(Some(segment.responsible), line.organisation.as_deref()),
        recorded: format!(
            "{} by {}",
            words::sentence(&words::near_time(line.kept.recorded_at, now)),
            words::known(&line.kept.recorded_by)
        ),
        corrected: line
            .kept
            .superseded
            .as_ref()
            .map_or_else(String::new, |superseded| {
                format!(
                    "{}. Why: {}",
                    words::sentence(&words::near_time(superseded.at, now)),
                    words::known(&superseded.why)
                )
            }),
        correct: if stands && may_change {
            format!("/flow/stay/{stay}/delay/{}", segment.id)
        } else {
            String::new()
        },
    }
}

fn notice_card(notice: &Notice, page: &app::flow::StayPage) -> NoticeCard {
    let name = |code: &str| {
        let found = page
            .organisations
            .iter()
            .find(|o| o.code.as_deref() == Some(code));
        match found {
            Some(organisation) => format!("{} ({code})", organisation.name),
            None => words::known(code).to_owned(),
        }
    };
    let mut facts = vec![
        ("From", name(&notice.sender)),
        ("To", name(&notice.receiver)),
        ("Sent", words::date_time(notice.sent_at)),
        ("Received", words::date_time(notice.received_at)),
    ];
    facts.extend(
        notice
            .proposed_on
            .map(|day| ("Proposed day of leaving", words::date(day))),
    );
    if let Some(answered) = &notice.responds_to {
        let to = page
            .notices
            .iter()
            .find(|other| other.message_id == *answered);
        facts.push((
            "About",
            match to {
                Some(other) => format!(
                    "{} of {}",
                    kind(other.kind),
                    words::date_time(other.sent_at)
                ),
                None => "A notice that has not arrived yet".to_owned(),
            },
        ));
    }
    let answers = page
        .notices
        .iter()
        .filter(|other| other.responds_to.as_deref() == Some(&notice.message_id));
    facts.extend(answers.map(|answer| {
        (
            "Answer",
            format!(
                "{}, {}",
                kind(answer.kind),
                words::date_time(answer.sent_at)
            ),
        )
    }));
    facts.extend(
        notice
            .reason
            .as_deref()
            .filter(|text| !text.is_empty())
            .map(|text| ("Reason", text.to_owned())),
    );
    NoticeCard {
        title: kind(notice.kind),
        sent: words::date_time(notice.sent_at),
        status: status(notice.status),
        facts,
        text: notice.free_text.clone(),
    }
}

fn kind(kind: NoticeKind) -> String {
    let words = match kind {
        NoticeKind::Admission => "Admission notice",
        NoticeKind::Assessment => "Assessment notice",
        NoticeKind::AssessmentAccept => "Assessment notice accepted",
        NoticeKind::AssessmentReject => "Assessment notice rejected",
        NoticeKind::Discharge => "Discharge notice",
        NoticeKind::DischargeAccept => "Discharge notice accepted",
        NoticeKind::DischargeReject => "Discharge notice rejected",
        NoticeKind::Withdrawal => "Withdrawal notice",
        NoticeKind::WithdrawalAccept => "Withdrawal accepted",
        NoticeKind::WithdrawalReject => "Withdrawal rejected",
    };
    words.to_owned()
}

fn status(status: NoticeStatus) -> Tag {
    match status {
        NoticeStatus::Sent => Tag::new("No answer yet", "blue"),
        NoticeStatus::Accepted => Tag::new("Accepted", "green"),
        NoticeStatus::Rejected => Tag::new("Rejected", "red"),
        NoticeStatus::Withdrawn => Tag::new("Withdrawn", "grey"),
        NoticeStatus::Answer => Tag::new("Answer", "white"),
        NoticeStatus::Unmatched => Tag::new("The notice it answers has not arrived", "yellow"),
    }
}

fn change_line(change: &store::flow::Change) -> ChangeLine {
    ChangeLine {
        when: words::date_time(change.at),
        who: format!(
            "{}, {}",
            words::known(&change.actor),
            words::known(&change.organisation)
        ),
        what: words::sentence(&change.field),
        before: words::known(&change.before).to_owned(),
        after: words::known(&change.after).to_owned(),
        why: if change.why.is_empty() {
            "No reason given".to_owned()
        } else {
            change.why.clone()
        },
    }
}
