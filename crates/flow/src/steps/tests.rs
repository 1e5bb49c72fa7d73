#![allow(clippy::unwrap_used, clippy::expect_used)]
use super::*;
use crate::Pathway;
use crate::segments::tests::stay;
use jiff::civil::date;

fn notice(kind: NoticeKind, id: &str, sent: &str, answers: Option<&str>) -> Notice {
    Notice {
        id: "00000000-0000-7000-8000-000000000009".parse().unwrap(),
        message_id: id.to_owned(),
        kind,
        sent_at: sent.parse().unwrap(),
        received_at: sent.parse().unwrap(),
        sender: "RAJ".to_owned(),
        receiver: "C1".to_owned(),
        proposed_on: (kind == NoticeKind::Discharge).then(|| date(2018, 4, 12)),
        responds_to: answers.map(str::to_owned),
        status: NoticeStatus::Sent,
        reason: None,
        free_text: String::new(),
    }
}

fn page(input: StepsInput<'_>) -> String {
    let steps = steps(input, &Policy::builtin()).unwrap();
    let moment = |m: Option<Moment>| m.map_or("-".to_owned(), Moment::in_words);
    let lines: Vec<String> = steps
        .iter()
        .map(|s| {
            format!(
                "{} | {} | {} | due {} | {} | {} [{}] {}",
                s.kind,
                s.owner,
                moment(s.started),
                moment(s.due),
                moment(s.ended),
                s.words,
                s.state,
                s.note
            )
        })
        .collect();
    lines.join("\n")
}

#[test]
fn a_stay_on_its_way() {
    let mut stay = stay(Some(date(2018, 4, 10)), None, &[]);
    stay.expected_on = Some(date(2018, 4, 11));
    stay.pathway = Pathway::new(1);
    let notices = [
        notice(NoticeKind::Assessment, "m1", "2018-04-03T09:00:00Z", None),
        notice(
            NoticeKind::AssessmentAccept,
            "m2",
            "2018-04-04T10:00:00Z",
            Some("m1"),
        ),
        notice(NoticeKind::Discharge, "m3", "2018-04-10T09:30:00Z", None),
    ];
    insta::assert_snapshot!(page(StepsInput {
        stay: &stay,
        notices: &notices,
        expected_set_on: Some(date(2018, 4, 1)),
        assessed_on: Some(date(2018, 4, 6)),
        destination_state: DestinationState::Sent,
        starts_on: None,
        now: date(2018, 4, 12).at(14, 45, 0, 0),
    }));
}

#[test]
fn a_stay_just_begun_and_one_that_is_over() {
    let begun = stay(None, None, &[]);
    let mut over = stay(Some(date(2018, 4, 5)), Some(date(2018, 4, 5)), &[]);
    over.pathway = Pathway::new(0);
    let input = |stay| StepsInput {
        stay,
        notices: &[],
        expected_set_on: None,
        assessed_on: None,
        destination_state: DestinationState::NotSought,
        starts_on: None,
        now: date(2018, 4, 6).at(9, 0, 0, 0),
    };
    insta::assert_snapshot!(format!("{}\n\n{}", page(input(&begun)), page(input(&over))));
}

#[test]
fn overdue_in_words() {
    let now = date(2018, 4, 12).at(14, 45, 0, 0);
    for (due, words) in [
        (
            Moment::Time(date(2018, 4, 12).at(14, 10, 0, 0)),
            "overdue by less than 1 hour",
        ),
        (
            Moment::Time(date(2018, 4, 12).at(13, 45, 0, 0)),
            "overdue by 1 hour",
        ),
        (
            Moment::Time(date(2018, 4, 12).at(11, 30, 0, 0)),
            "overdue by 3 hours",
        ),
        (
            Moment::Time(date(2018, 4, 10).at(11, 30, 0, 0)),
            "overdue by 2 days",
        ),
        (Moment::Day(date(2018, 4, 11)), "overdue by 1 day"),
    ] {
        assert_eq!(overdue_by(due, now), words);
    }
}
