#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use jiff::civil::date;

fn opened(at: &str) -> Opened {
    Opened {
        at: at.parse().unwrap(),
        extended: false,
        urgent_until: None,
    }
}

fn limit(kind: CaseKind, opened: &Opened) -> Option<Limit> {
    due(kind, opened, &Policy::builtin()).unwrap().limit
}

/// Days of the calendar, over clock changes, bank holidays, month ends and leap years.
#[test]
fn days_of_the_calendar() {
    use CaseKind::{AnnualReview, CarersAssessment, Chc, Deprivation, NeedsAssessment};
    for (kind, at, last) in [
        (Chc, "2026-05-01T09:00:00Z", date(2026, 5, 29)),
        // Half past midnight on 2 May in British summer time is still 1 May in UTC.
        (Chc, "2026-05-01T23:30:00Z", date(2026, 5, 30)),
        // Over the spring change, and over the autumn change.
        (Chc, "2026-03-10T12:00:00Z", date(2026, 4, 7)),
        (Chc, "2026-10-10T12:00:00Z", date(2026, 11, 7)),
        // A bank holiday is a day: this ends on Christmas Day.
        (Chc, "2026-11-27T12:00:00Z", date(2026, 12, 25)),
        (Chc, "2028-02-01T12:00:00Z", date(2028, 2, 29)),
        (Deprivation, "2026-05-01T09:00:00Z", date(2026, 5, 22)),
        (NeedsAssessment, "2026-05-01T09:00:00Z", date(2026, 5, 29)),
        (CarersAssessment, "2026-05-01T09:00:00Z", date(2026, 5, 29)),
        (AnnualReview, "2026-05-01T09:00:00Z", date(2027, 5, 1)),
        (AnnualReview, "2028-02-29T09:00:00Z", date(2029, 2, 28)),
    ] {
        assert_eq!(
            limit(kind, &opened(at)),
            Some(Limit::EndOf(last)),
            "{kind} {at}"
        );
    }
}

/// Hours pass as they pass: on the wall, 48 hours over a clock change end an hour off.
#[test]
fn hours_pass_over_clock_changes_and_holidays() {
    for (at, ends, on_the_wall) in [
        (
            "2026-05-01T09:00:00Z",
            "2026-05-03T09:00:00Z",
            "2026-05-03T10:00:00",
        ),
        // Saturday noon to Monday one o'clock: the clocks went forward.
        (
            "2026-03-28T12:00:00Z",
            "2026-03-30T12:00:00Z",
            "2026-03-30T13:00:00",
        ),
        // Saturday noon in summer time to Monday eleven: they went back.
        (
            "2026-10-24T11:00:00Z",
            "2026-10-26T11:00:00Z",
            "2026-10-26T11:00:00",
        ),
        // Christmas Eve to Boxing Day.
        (
            "2026-12-24T17:00:00Z",
            "2026-12-26T17:00:00Z",
            "2026-12-26T17:00:00",
        ),
    ] {
        let found = limit(CaseKind::ChcFastTrack, &opened(at)).unwrap();
        assert_eq!(found, Limit::At(ends.parse().unwrap()), "{at}");
        let Limit::At(end) = found else { panic!() };
        assert_eq!(local(end), on_the_wall.parse().unwrap());
    }
}

#[test]
fn urgent_authorisations_end_and_are_extended_once() {
    let given = "2026-05-01T15:00:00Z";
    let urgent = |extended| Opened {
        extended,
        ..opened(given)
    };
    let found = |extended| limit(CaseKind::DeprivationUrgent, &urgent(extended));
    assert_eq!(found(false), Some(Limit::EndOf(date(2026, 5, 7))));
    assert_eq!(found(true), Some(Limit::EndOf(date(2026, 5, 14))));
    let error = due(
        CaseKind::DeprivationUrgent,
        &opened("2005-01-01T12:00:00Z"),
        &Policy::builtin(),
    );
    assert!(error.is_err(), "never left open for want of a number");
}

#[test]
fn a_standard_request_is_decided_before_an_urgent_one_ends() {
    let with = |urgent_until| Opened {
        urgent_until,
        ..opened("2026-05-01T15:00:00Z")
    };
    for (urgent, last) in [
        (None, date(2026, 5, 22)),
        (Some(date(2026, 5, 7)), date(2026, 5, 7)),
        (Some(date(2026, 6, 7)), date(2026, 5, 22)),
    ] {
        let found = limit(CaseKind::Deprivation, &with(urgent));
        assert_eq!(found, Some(Limit::EndOf(last)));
    }
}

#[test]
fn what_no_law_sets_is_not_due_until_a_place_sets_it() {
    for kind in [CaseKind::Safeguarding, CaseKind::Aftercare] {
        let found = due(kind, &opened("2026-05-01T09:00:00Z"), &Policy::builtin()).unwrap();
        assert_eq!(found.limit, None, "{kind}");
        assert_eq!(found.state(date(2030, 1, 1), None), State::NoLimit);
    }
    let header = kernel::parameters::HEADER;
    let own = format!(
        "{header}\nclock.safeguarding_enquiry_working_days,England,2020-01-01,,5,days,ours,local\n"
    );
    let policy = Policy::from_texts(&[("parameters/own.csv", &own)]).unwrap();
    // Five working days from the Wednesday before Good Friday, over Easter Monday.
    let easter = opened("2026-04-01T09:00:00Z");
    let found = due(CaseKind::Safeguarding, &easter, &policy).unwrap();
    assert_eq!(found.limit, Some(Limit::EndOf(date(2026, 4, 10))));
    assert!(found.local);
    // Beyond the years whose bank holidays are known, nothing is guessed.
    let far = opened("2090-01-02T09:00:00Z");
    assert_eq!(
        due(CaseKind::Safeguarding, &far, &policy).unwrap().limit,
        None
    );
}

#[test]
fn where_a_case_stands() {
    let policy = Policy::builtin();
    let chc = due(CaseKind::Chc, &opened("2026-05-01T09:00:00Z"), &policy).unwrap();
    let (before, last, after) = (date(2026, 5, 28), date(2026, 5, 29), date(2026, 5, 30));
    assert_eq!(chc.state(before, None), State::InTime);
    assert_eq!(chc.state(last, None), State::DueToday);
    assert_eq!(chc.state(after, None), State::Late);
    // It ends at midnight in summer time, which is eleven o'clock in UTC.
    let at = |text: &str| Some(text.parse().unwrap());
    assert_eq!(chc.state(last, at("2026-05-29T22:59:59Z")), State::DueToday);
    assert_eq!(chc.state(after, at("2026-05-29T23:00:00Z")), State::Late);
    let fast = due(
        CaseKind::ChcFastTrack,
        &opened("2026-05-01T09:00:00Z"),
        &policy,
    )
    .unwrap();
    let day = date(2026, 5, 3);
    assert_eq!(fast.state(day, at("2026-05-03T08:59:00Z")), State::DueToday);
    assert_eq!(fast.state(day, at("2026-05-03T09:00:00Z")), State::Late);
    assert!(!chc.rests_on.is_settled(), "28 days is from memory");
}

#[test]
fn a_last_day_that_is_no_working_day_names_the_one_before() {
    let policy = Policy::builtin();
    for (at, before) in [
        ("2026-11-27T12:00:00Z", Some(date(2026, 12, 24))),
        ("2026-11-28T12:00:00Z", Some(date(2026, 12, 24))),
        ("2026-11-30T12:00:00Z", Some(date(2026, 12, 24))),
        ("2026-12-01T12:00:00Z", None),
    ] {
        let found = due(CaseKind::Chc, &opened(at), &policy).unwrap();
        assert_eq!(found.last_working_day, before, "{at}");
    }
}

#[test]
fn every_kind_has_its_words_and_ends() {
    for kind in CaseKind::ALL {
        assert!(!kind.rule().is_empty() && !kind.starts_with().is_empty());
        assert!(kind.outcomes().iter().all(|one| kind.may_end(one)));
        assert!(kind.may_end("started by mistake") && !kind.may_end("because"));
        assert_eq!(CaseKind::parse(kind.as_str()), Some(*kind));
    }
    assert!(CaseKind::Safeguarding.is_sensitive());
}
