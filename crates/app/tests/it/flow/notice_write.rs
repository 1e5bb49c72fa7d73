//! Notices written here: what is missing is named, what is sent stands here and there alike.

use super::{New, add_stay, hub, new, october, texts, well};
use access::{Actor, Role};
use app::Error;
use app::flow::NewNotice;
use flow::notice_contents::{Carer, Consent};
use flow::receive::Withdraws;
use flow::{Notice, NoticeKind, NoticeStatus};
use kernel::StayId;
use store::inbox::{InboxKind, InboxState};
use testkit::Place;

fn typed(kind: NoticeKind) -> NewNotice {
    NewNotice {
        kind,
        day: Some(october(19)),
        consulted: Some(true),
        carer: Some(Carer::NotKnown),
        consent: Some(Consent::Yes),
        consent_source: String::new(),
        continuing: Some(true),
        continuing_result: "Not eligible".to_owned(),
        services: "District nurses".to_owned(),
        liaison: "Jane Grantly".to_owned(),
        telephone: "01632 960 001".to_owned(),
        email: String::new(),
        withdraws: Some(Withdraws::All),
        reason_code: "07".to_owned(),
        reason: String::new(),
        details: "Lives <alone> & up two stairs".to_owned(),
    }
}

fn stay(place: &Place) -> StayId {
    let council = Some(place.council);
    add_stay(
        place,
        &New {
            council,
            ..new(1, october(10))
        },
    )
}

fn version(place: &Place, id: StayId) -> i64 {
    let read = |tx: &mut dyn store::Tx| store::flow::stay(tx, id);
    place.app.store().read(read).unwrap().unwrap().version
}

fn send(place: &Place, actor: &Actor, id: StayId, new: &NewNotice) -> Result<(), Error> {
    let version = version(place, id);
    place.app.send_notice(actor, id, version, new).map(|_| ())
}

fn notices(place: &Place, id: StayId) -> Vec<Notice> {
    let read = |tx: &mut dyn store::Tx| store::flow::notices_of_stay(tx, id);
    place.app.store().read(read).unwrap()
}

fn standing(place: &Place, id: StayId) -> Vec<(NoticeKind, NoticeStatus)> {
    let all = notices(place, id);
    all.iter().map(|one| (one.kind, one.status)).collect()
}

/// What is the same of a notice wherever it is read.
fn said(notice: &Notice) -> (String, NoticeKind, jiff::Timestamp, String, String, String) {
    (
        notice.message_id.clone(),
        notice.kind,
        notice.sent_at,
        notice.sender.clone(),
        notice.receiver.clone(),
        format!(
            "{:?} {:?} {:?} {}",
            notice.proposed_on, notice.responds_to, notice.reason, notice.free_text
        ),
    )
}

#[test]
fn what_is_sent_is_the_same_where_it_is_read() {
    let place = testkit::place();
    let (hospital, council) = (hub(&place), place.actor(Role::Practitioner));
    let id = stay(&place);
    use NoticeKind::{Assessment, AssessmentAccept, Discharge, DischargeReject, Withdrawal};
    send(&place, &hospital, id, &typed(Assessment)).unwrap();
    place.clock.advance(jiff::SignedDuration::from_hours(1));
    send(&place, &council, id, &typed(AssessmentAccept)).unwrap();
    place.clock.advance(jiff::SignedDuration::from_hours(1));
    send(&place, &hospital, id, &typed(Discharge)).unwrap();
    place.clock.advance(jiff::SignedDuration::from_hours(1));
    let reject = NewNotice {
        reason: "No care can start that day".to_owned(),
        ..typed(DischargeReject)
    };
    send(&place, &council, id, &reject).unwrap();
    place.clock.advance(jiff::SignedDuration::from_hours(1));
    send(&place, &hospital, id, &typed(Withdrawal)).unwrap();
    assert_eq!(
        standing(&place, id),
        [
            (Assessment, NoticeStatus::Withdrawn),
            (AssessmentAccept, NoticeStatus::Answer),
            (Discharge, NoticeStatus::Withdrawn),
            (DischargeReject, NoticeStatus::Answer),
            (Withdrawal, NoticeStatus::Sent),
        ]
    );
    well(&place);

    // Another system loads what was handed over and has the same notices.
    let operator = Actor::operator();
    let other = testkit::place();
    let waiting = place.app.outbox(&operator).unwrap();
    assert_eq!(waiting.len(), 5);
    for message in &waiting {
        let bytes = place.app.outgoing_bytes(&operator, message.inbox).unwrap();
        let report = other
            .app
            .take_in(&operator, InboxKind::Adw, &message.name, &bytes)
            .unwrap();
        assert_eq!(
            report.arrival.state,
            InboxState::Accepted,
            "{:?}",
            report.issues
        );
        assert!(place.app.handed_over(&operator, message.notice).unwrap());
        assert!(!place.app.handed_over(&operator, message.notice).unwrap());
        // Loading it here again changes nothing.
        let again = place
            .app
            .take_in(&operator, InboxKind::Adw, &message.name, &bytes)
            .unwrap();
        assert_eq!(again.arrival.state, InboxState::Repeated);
    }
    assert!(place.app.outbox(&operator).unwrap().is_empty());
    let person = waiting.first().map(|_| ()).and_then(|()| {
        let read = |tx: &mut dyn store::Tx| store::flow::told_of_all(tx);
        let all = other.app.store().read(read).unwrap();
        all.first().map(|(stay, _)| *stay)
    });
    let there = notices(&other, person.unwrap());
    let here: Vec<_> = notices(&place, id).iter().map(said).collect();
    assert_eq!(there.iter().map(said).collect::<Vec<_>>(), here);
    let free = &there[0].free_text;
    assert!(
        free.contains("assessment notice, given under Schedule 3 to the Care Act 2014"),
        "{free}"
    );
    assert!(free.contains("Lives <alone> & up two stairs"), "{free}");
}

#[test]
fn what_is_missing_and_whose_turn_it_is_is_said_before_it_is_sent() {
    let place = testkit::place();
    let (hospital, council) = (hub(&place), place.actor(Role::Practitioner));
    let id = stay(&place);
    let fields =
        |error: Error| -> Vec<&str> { texts(&error).into_iter().map(|(field, _)| field).collect() };
    let bare = NewNotice {
        consulted: None,
        continuing_result: String::new(),
        liaison: String::new(),
        ..typed(NoticeKind::Assessment)
    };
    let wrong = place.app.notice_preview(&hospital, id, &bare).unwrap_err();
    assert_eq!(fields(wrong), ["consulted", "continuing_result", "liaison"]);
    let early = send(&place, &hospital, id, &typed(NoticeKind::Discharge)).unwrap_err();
    assert_eq!(fields(early), ["notice"]);
    // Each side writes its own.
    let other = send(&place, &council, id, &typed(NoticeKind::Assessment)).unwrap_err();
    assert!(texts(&other)[0].1.starts_with("The hospital gives notices"));
    send(&place, &hospital, id, &typed(NoticeKind::Assessment)).unwrap();
    let other = send(&place, &hospital, id, &typed(NoticeKind::AssessmentAccept)).unwrap_err();
    assert!(texts(&other)[0].1.starts_with("The council answers"));
    // The form sent twice: one notice.
    let stale = place
        .app
        .send_notice(&hospital, id, 1, &typed(NoticeKind::Assessment));
    assert!(matches!(
        stale,
        Err(Error::Stale { .. } | Error::Invalid(_))
    ));
    assert_eq!(notices(&place, id).len(), 1);
    let unseen = place.actor(Role::Provider);
    let denied = place.app.notices_to_write(&unseen, id);
    assert!(matches!(denied, Err(Error::Denied(_))));
}

#[test]
fn what_follows_is_worked_out_before_it_is_sent() {
    let place = testkit::place();
    let hospital = hub(&place);
    let id = stay(&place);
    // Tuesday 16 October 2018, 10.30 in the morning.
    let shown = place
        .app
        .notice_preview(&hospital, id, &typed(NoticeKind::Assessment))
        .unwrap();
    assert_eq!(
        shown.times,
        [
            "It counts as given on Tuesday 16 October 2018.",
            "The council has at least until the end of Thursday 18 October 2018 to assess and \
             arrange support.",
        ]
    );
    assert!(
        shown
            .rests_on
            .contains(&"dtoc.notice_cutoff_time".to_owned())
    );
    assert!(notices(&place, id).is_empty(), "a look sends nothing");
    send(&place, &hospital, id, &typed(NoticeKind::Assessment)).unwrap();
    // After two in the afternoon a notice counts as given the next day.
    place.clock.advance(jiff::SignedDuration::from_hours(6));
    let soon = NewNotice {
        day: Some(october(17)),
        ..typed(NoticeKind::Discharge)
    };
    let shown = place.app.notice_preview(&hospital, id, &soon).unwrap();
    assert_eq!(
        shown.times,
        [
            "It counts as given on Wednesday 17 October 2018.",
            "That is too late for Wednesday 17 October 2018: the proposed day moves to Thursday \
             18 October 2018.",
            "The minimum period after the assessment notice ends on Thursday 18 October 2018.",
            "The relevant day is Thursday 18 October 2018.",
            "From Friday 19 October 2018 the council may be asked to pay, if the person waits for \
             its reason alone.",
        ]
    );
    send(&place, &hospital, id, &soon).unwrap();
    let sent = notices(&place, id);
    let page = place.app.notice(&hospital, id, sent[1].id).unwrap();
    assert_eq!(page.shown, shown, "it is read as it was shown");
    assert_eq!(page.sent.unwrap().written_by, hospital.display_name);
}

#[test]
fn under_the_law_of_today_no_notice_is_written() {
    let place = testkit::place();
    let hospital = hub(&place);
    let id = stay(&place);
    // 16 October 2023.
    place
        .clock
        .advance(jiff::SignedDuration::from_hours(24 * 1826));
    let page = place.app.notices_to_write(&hospital, id).unwrap();
    assert!(!page.applies.may_write());
    assert!(
        page.applies
            .law
            .in_words()
            .contains("left out on 1 July 2022")
    );
    let new = NewNotice {
        day: Some(jiff::civil::date(2023, 10, 20)),
        ..typed(NoticeKind::Assessment)
    };
    let refused = send(&place, &hospital, id, &new).unwrap_err();
    assert!(texts(&refused)[0].1.starts_with("No notice is written"));
}
