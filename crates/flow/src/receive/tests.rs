#![allow(clippy::unwrap_used, clippy::expect_used)]
//! The table of `docs/reference/care-act-notices.md`, in its order.

use super::*;
use crate::{CareType, NoticeStatus};
use jiff::SignedDuration;
use jiff::civil::date;
use kernel::PersonId;

fn uuid(number: u128) -> uuid_like::Id {
    uuid_like::Id(number)
}

/// Ids for tests without a maker of UUIDs.
mod uuid_like {
    pub struct Id(pub u128);

    impl Id {
        pub fn to<T: std::str::FromStr>(&self) -> T
        where
            T::Err: std::fmt::Debug,
        {
            let hex = format!("{:032x}", self.0);
            let text = [
                &hex[..8],
                &hex[8..12],
                &hex[12..16],
                &hex[16..20],
                &hex[20..],
            ]
            .join("-");
            text.parse().unwrap()
        }
    }
}

fn day(number: i8) -> Date {
    date(2018, 10, number)
}

/// A message sent on a day of October 2018, at noon.
fn told(kind: NoticeKind, sent: i8, id: &str) -> Told {
    let response = answers(kind).is_some();
    let (hospital, council) = ("ZRB01".to_owned(), "Z99".to_owned());
    let (sender, receiver) = if response {
        (council, hospital)
    } else {
        (hospital, council)
    };
    let noon: Timestamp = "2018-10-01T12:00:00Z".parse().unwrap();
    let sent_at = noon + SignedDuration::from_hours(24 * i64::from(sent - 1));
    let number = id
        .bytes()
        .fold(kind as u128, |sum, byte| sum * 256 + u128::from(byte));
    Told {
        notice: Notice {
            id: uuid(number).to(),
            message_id: id.to_owned(),
            kind,
            sent_at,
            received_at: sent_at,
            sender,
            receiver,
            proposed_on: None,
            responds_to: None,
            status: NoticeStatus::Sent,
            reason: None,
            free_text: String::new(),
        },
        withdraws: (kind == NoticeKind::Withdrawal).then_some(Withdraws::All),
        stay_key: Some("ZRB01|1".to_owned()),
        admitted_on: (!response && kind != NoticeKind::Withdrawal).then(|| day(2)),
        ward: String::new(),
    }
}

fn leaving(mut told: Told, on: Date) -> Told {
    told.notice.proposed_on = Some(on);
    told
}

fn answering(mut told: Told, id: &str) -> Told {
    told.notice.responds_to = Some(id.to_owned());
    told
}

fn hospital(number: u128) -> OrganisationId {
    uuid(number).to()
}

fn stay(number: u128, admitted: i8, left: Option<i8>) -> Stay {
    Stay {
        id: uuid(number).to(),
        person: uuid(1).to::<PersonId>(),
        hospital: hospital(7),
        ward: String::new(),
        bed: String::new(),
        council: None,
        care_type: CareType::Acute,
        admitted_on: day(admitted),
        admission_method: None,
        expected_on: None,
        clinical_ready_on: None,
        mdt_ready_on: None,
        safe_on: None,
        ready_on: None,
        discharged_on: left.map(day),
        discharge_method: None,
        discharge_destination: None,
        pathway: None,
        segments: Vec::new(),
    }
}

struct Case {
    what: &'static str,
    told: Told,
    before: Before,
    stays: Vec<(Stay, Option<&'static str>)>,
    answered: Option<u128>,
    key_of_another: bool,
    expected: Course,
}

fn case(what: &'static str, told: Told, expected: Course) -> Case {
    Case {
        what,
        told,
        before: Before::No,
        stays: vec![],
        answered: None,
        key_of_another: false,
        expected,
    }
}

impl Case {
    fn stay(mut self, stay: Stay, key: Option<&'static str>) -> Self {
        self.stays.push((stay, key));
        self
    }

    fn before(mut self, before: Before) -> Self {
        self.before = before;
        self
    }

    fn key_of_another(mut self) -> Self {
        self.key_of_another = true;
        self
    }

    fn answered(mut self, stay: u128) -> Self {
        self.answered = Some(stay);
        self
    }
}

fn joined(number: u128) -> Course {
    Course::Joins(uuid(number).to())
}

fn without_key(mut told: Told) -> Told {
    told.stay_key = None;
    told
}

fn keyed(mut told: Told, key: &str) -> Told {
    told.stay_key = Some(key.to_owned());
    told
}

#[test]
fn course_by_table() {
    use Contradiction as C;
    use NoticeKind as K;
    let notice = || told(K::Assessment, 3, "a");
    let answer = || answering(told(K::AssessmentAccept, 4, "x"), "a");
    let key = Some("ZRB01|1");
    let cases = [
        case("1 the same message again", notice(), Course::Repeated).before(Before::Same),
        case(
            "2 its id and kind with other content",
            notice(),
            Course::Review(C::MessageIdReused),
        )
        .before(Before::Different),
        case(
            "3 discharge before admission",
            leaving(told(K::Discharge, 3, "d"), day(1)),
            Course::Review(C::DischargeBeforeAdmission),
        ),
        case("4 the hospital's key is known", notice(), joined(21)).stay(stay(21, 2, None), key),
        case(
            "5 no key here: same hospital and day",
            without_key(notice()),
            joined(21),
        )
        .stay(stay(21, 2, None), key),
        case(
            "5 no key there: same hospital and day",
            notice(),
            joined(21),
        )
        .stay(stay(21, 2, None), None),
        case(
            "6 an answer without a key, its notice is here",
            without_key(answer()),
            joined(21),
        )
        .stay(stay(21, 2, None), key)
        .answered(21),
        case(
            "7 the first that is heard of the stay",
            notice(),
            Course::Opens(day(2)),
        ),
        case(
            "7 a discharge notice before any other",
            leaving(told(K::Discharge, 3, "d"), day(9)),
            Course::Opens(day(2)),
        ),
        case(
            "7 an earlier stay has ended",
            notice(),
            Course::Opens(day(2)),
        )
        .stay(stay(20, 1, Some(1)), Some("ZRB01|0")),
        case("8 an answer before its notice", answer(), Course::Waits),
        case(
            "8 a withdrawal of an unknown notice",
            told(K::Withdrawal, 4, "w"),
            Course::Waits,
        ),
        case(
            "9 a withdrawal without a key joins the current stay",
            without_key(told(K::Withdrawal, 4, "w")),
            joined(21),
        )
        .stay(stay(21, 2, None), key),
        case(
            "10 a second current stay",
            keyed(notice(), "ZRB02|5"),
            Course::Review(C::TwoCurrentStays),
        )
        .stay(stay(21, 1, None), key),
        case(
            "11 admission after the stay ended",
            notice(),
            Course::Review(C::AdmissionAfterDischarge),
        )
        .stay(stay(21, 1, Some(1)), key),
        case("11 but not on the day it ended", notice(), joined(21))
            .stay(stay(21, 1, Some(2)), key),
        case(
            "12 the answer names a notice of another stay",
            answer(),
            Course::Review(C::AnswersOtherStay),
        )
        .stay(stay(21, 2, None), key)
        .stay(stay(22, 1, Some(1)), Some("ZRB01|0"))
        .answered(22),
        case(
            "12 or of another person",
            without_key(answer()),
            Course::Review(C::AnswersOtherStay),
        )
        .answered(22),
        case(
            "12b the hospital's key is another person's stay",
            notice(),
            Course::Review(C::StayOfAnotherPerson),
        )
        .key_of_another(),
    ];
    for case in cases {
        let stays: Vec<KnownStay> = case
            .stays
            .iter()
            .map(|(stay, key)| KnownStay { stay, key: *key })
            .collect();
        let known = Known {
            before: case.before,
            hospital: Some(hospital(7)),
            stays: &stays,
            answered: case.answered.map(|number| uuid(number).to()),
            key_of_another: case.key_of_another,
        };
        assert_eq!(course(&case.told, &known), case.expected, "{}", case.what);
    }
}

/// A notice's status by its message id.
fn status(all: &[Told], id: &str) -> NoticeStatus {
    let at = all
        .iter()
        .position(|one| one.notice.message_id == id)
        .unwrap();
    standings(all)[at].status
}

#[test]
#[allow(clippy::type_complexity)]
fn standing_by_table() {
    use NoticeKind as K;
    use NoticeStatus as S;
    let a = told(K::Assessment, 3, "a");
    let d = leaving(told(K::Discharge, 5, "d"), day(9));
    let yes = answering(told(K::AssessmentAccept, 4, "yes"), "a");
    let no = answering(told(K::AssessmentReject, 6, "no"), "a");
    let w = |scope, sent| Told {
        withdraws: Some(scope),
        ..told(K::Withdrawal, sent, "w")
    };
    let refused = answering(told(K::WithdrawalReject, 8, "refused"), "w");
    let cases: &[(&str, Vec<Told>, &[(&str, S)])] = &[
        (
            "13 a notice without an answer",
            vec![a.clone()],
            &[("a", S::Sent)],
        ),
        (
            "14 accepted",
            vec![a.clone(), yes.clone()],
            &[("a", S::Accepted), ("yes", S::Answer)],
        ),
        (
            "14 rejected",
            vec![a.clone(), no.clone()],
            &[("a", S::Rejected), ("no", S::Answer)],
        ),
        (
            "15 two different answers: the later sent stands",
            vec![a.clone(), no.clone(), yes.clone()],
            &[("a", S::Rejected), ("yes", S::Answer), ("no", S::Answer)],
        ),
        (
            "16 an answer to an unknown notice",
            vec![d.clone(), yes.clone()],
            &[("d", S::Sent), ("yes", S::Unmatched)],
        ),
        (
            "17 all withdrawn, answered or not",
            vec![a.clone(), d.clone(), yes.clone(), w(Withdraws::All, 7)],
            &[
                ("a", S::Withdrawn),
                ("d", S::Withdrawn),
                ("w", S::Sent),
                ("yes", S::Answer),
            ],
        ),
        (
            "17 the discharge notice only",
            vec![a.clone(), d.clone(), w(Withdraws::Discharge, 7)],
            &[("a", S::Sent), ("d", S::Withdrawn)],
        ),
        (
            "17 the assessment notice only",
            vec![a.clone(), d.clone(), w(Withdraws::Assessment, 7)],
            &[("a", S::Withdrawn), ("d", S::Sent)],
        ),
        (
            "18 a notice sent after the withdrawal stands",
            vec![a.clone(), d.clone(), w(Withdraws::All, 4)],
            &[("a", S::Withdrawn), ("d", S::Sent)],
        ),
        (
            "19 a withdrawal of a notice that is not there",
            vec![a.clone(), w(Withdraws::Discharge, 7)],
            &[("a", S::Sent), ("w", S::Unmatched)],
        ),
        (
            "20 a rejected withdrawal takes effect and shows as rejected",
            vec![a.clone(), w(Withdraws::All, 7), refused.clone()],
            &[
                ("a", S::Withdrawn),
                ("w", S::Rejected),
                ("refused", S::Answer),
            ],
        ),
    ];
    for (what, all, expected) in cases {
        for (id, expected) in *expected {
            assert_eq!(status(all, id), *expected, "{what}: {id}");
        }
    }
    // A withdrawal says which notice it withdrew last.
    let all = [a, d, w(Withdraws::All, 7)];
    assert_eq!(standings(&all)[2].responds_to.as_deref(), Some("d"));
}

#[test]
fn picture_by_table() {
    use NoticeKind as K;
    let admission = leaving(told(K::Admission, 2, "m"), day(12));
    let a = leaving(told(K::Assessment, 3, "a"), day(11));
    let yes = answering(told(K::AssessmentAccept, 4, "yes"), "a");
    let mut d = leaving(told(K::Discharge, 5, "d"), day(9));
    d.ward = "Allington ward".to_owned();
    let agreed = answering(told(K::DischargeAccept, 6, "agreed"), "d");
    let refused = answering(told(K::DischargeReject, 6, "refused"), "d");
    let w = told(K::Withdrawal, 7, "w");
    let cases = [
        (vec![&admission], 12, "Decide if the council must assess"),
        (vec![&admission, &a], 11, "Answer the assessment notice"),
        (vec![&a, &yes], 11, "Assess what care the person needs"),
        (vec![&a, &yes, &d], 9, "Answer the discharge notice"),
        (
            vec![&d, &agreed],
            9,
            "Put care in place for the day of discharge",
        ),
        (
            vec![&d, &refused],
            9,
            "Agree a day of discharge with the council",
        ),
        (
            vec![&admission, &a, &d, &w],
            12,
            "Decide if new notices are needed",
        ),
    ];
    for (all, expected, action) in cases {
        let mut all: Vec<Told> = all.into_iter().cloned().collect();
        for _ in 0..all.len() {
            all.rotate_left(1);
            let found = picture(&all);
            assert_eq!(found.expected_on, Some(day(expected)), "{action}");
            assert_eq!(found.next.unwrap().0, action);
        }
    }
    let all = [d.clone(), told(K::Assessment, 3, "a")];
    assert_eq!(picture(&all).ward, "Allington ward");
    let mut later = told(K::Discharge, 6, "d2");
    later.admitted_on = Some(day(1));
    assert_eq!(picture(&[later, d]).admitted_on, Some(day(1)));
    assert_eq!(picture(&[yes]).next, None);
}

#[test]
fn what_waits_finds_its_stay() {
    use NoticeKind as K;
    let a = told(K::Assessment, 3, "a");
    let yes = answering(told(K::AssessmentAccept, 4, "yes"), "a");
    let other = answering(told(K::AssessmentAccept, 4, "yes"), "b");
    let w = told(K::Withdrawal, 4, "w");
    let stay = [a];
    for (waiting, key, expected) in [
        (yes.clone(), Some("ZRB01|1"), true),
        (yes.clone(), Some("ZRB01|2"), false),
        (yes.clone(), None, true),
        (without_key(yes), Some("ZRB01|1"), true),
        (without_key(other.clone()), Some("ZRB01|1"), false),
        (other, Some("ZRB01|1"), true),
        (w.clone(), Some("ZRB01|1"), true),
        (without_key(w.clone()), Some("ZRB01|1"), true),
        (w, Some("ZRB01|2"), false),
    ] {
        assert_eq!(
            belongs(&waiting, key, &stay),
            expected,
            "{waiting:?} {key:?}"
        );
    }
}

#[test]
fn remarks_by_table() {
    use NoticeKind as K;
    let a = told(K::Assessment, 3, "a");
    let mut moved = told(K::Discharge, 5, "d");
    moved.admitted_on = Some(day(1));
    let yes = answering(told(K::AssessmentAccept, 4, "yes"), "a");
    let no = answering(told(K::AssessmentReject, 6, "no"), "a");
    let all = [a.clone(), moved.clone(), yes, no.clone()];
    assert_eq!(remarks(&a, std::slice::from_ref(&a), None, day(3)), []);
    assert_eq!(
        remarks(&a, std::slice::from_ref(&a), Some(day(3)), day(3)),
        []
    );
    assert_eq!(
        remarks(&a, std::slice::from_ref(&a), Some(day(2)), day(3)),
        [Remark::StayEnded]
    );
    assert_eq!(remarks(&no, &all, None, day(6)), [Remark::AnswersDiffer]);
    assert_eq!(
        remarks(&no, std::slice::from_ref(&no), None, day(6)),
        [Remark::Unmatched]
    );
    assert_eq!(
        remarks(&moved, &all, None, day(5)),
        [Remark::AdmissionDiffers]
    );
}
