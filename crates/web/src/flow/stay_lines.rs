//! Lines of the page of a stay: a step with its clock, a stretch of delay, a notice, a change.

use super::board;
use super::view::{ChangeLine, DelayLine, NoticeCard, StepLine};
use crate::components::Tag;
use crate::words;
use ::flow::steps::{Step, StepState};
use ::flow::{Notice, NoticeKind, NoticeStatus};
use jiff::Timestamp;
use kernel::StayId;

pub(super) fn step_line(step: &Step) -> StepLine {
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

pub(super) fn delay_line(
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

pub(super) fn notice_card(notice: &Notice, page: &app::flow::StayPage) -> NoticeCard {
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
        href: format!("/flow/stay/{}/notice/{}", page.row.stay.id, notice.id),
        title: kind(notice.kind),
        sent: words::date_time(notice.sent_at),
        status: status(notice.status),
        facts,
        text: notice.free_text.clone(),
    }
}

pub(super) fn kind(kind: NoticeKind) -> String {
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

pub(super) fn status(status: NoticeStatus) -> Tag {
    match status {
        NoticeStatus::Sent => Tag::new("No answer yet", "blue"),
        NoticeStatus::Accepted => Tag::new("Accepted", "green"),
        NoticeStatus::Rejected => Tag::new("Rejected", "red"),
        NoticeStatus::Withdrawn => Tag::new("Withdrawn", "grey"),
        NoticeStatus::Answer => Tag::new("Answer", "white"),
        NoticeStatus::Unmatched => Tag::new("The notice it answers has not arrived", "yellow"),
    }
}

pub(super) fn change_line(change: &store::flow::Change) -> ChangeLine {
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
