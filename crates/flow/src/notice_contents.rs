//! What a notice must say, and when one can be given.
//!
//! Source: Care Act 2014, Schedule 3, paragraphs 1 and 2; the Care and Support (Discharge of
//! Hospital Patients) Regulations 2014 (SI 2014/2823), regulations 3, 4, 6 and 7; RULES B.2.1. Of
//! the discharge notice and of withdrawals some is from memory, and asked for all the same: what
//! is there and not needed harms nobody.
//!
//! In words: an assessment notice says who, where, when they are likely to leave, that they and
//! any carer were consulted, whether continuing healthcare was considered with what result,
//! whether the person consents, and whom to talk to. A discharge notice says which day is
//! proposed, that person and carer know it, which NHS services go on, and whom to talk to. A
//! withdrawal says which notice and why. A discharge notice comes after an assessment notice that
//! is in force. A notice in force is withdrawn before another of its kind is given; an answer goes
//! to a notice that has none. What is missing is named, and nothing is sent without it.

use crate::attribution::in_force;
use crate::receive::{Withdraws, answers};
use crate::{Notice, NoticeKind, NoticeStatus};
use jiff::civil::Date;

/// Whether a carer was consulted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carer {
    /// Yes.
    Yes,
    /// No.
    No,
    /// No carer is known.
    NotKnown,
}

/// Whether the person consents to the notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consent {
    /// Yes.
    Yes,
    /// No: they object.
    No,
    /// They lack capacity; somebody else says so for them.
    LacksCapacity,
}

/// A notice or an answer as it is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewNotice {
    /// Which message.
    pub kind: NoticeKind,
    /// Likely day of leaving; in a discharge notice the proposed day.
    pub day: Option<Date>,
    /// Whether the person was consulted, or told the day.
    pub consulted: Option<bool>,
    /// Whether a carer was.
    pub carer: Option<Carer>,
    /// Whether the person consents.
    pub consent: Option<Consent>,
    /// Who says so for somebody who lacks capacity: a code of its list; empty if not chosen.
    pub consent_source: String,
    /// Whether continuing healthcare was considered.
    pub continuing: Option<bool>,
    /// With what result.
    pub continuing_result: String,
    /// Which NHS services go on after leaving, or that none do.
    pub services: String,
    /// Full name of whom to talk to.
    pub liaison: String,
    /// Their telephone.
    pub telephone: String,
    /// Their email.
    pub email: String,
    /// What is withdrawn.
    pub withdraws: Option<Withdraws>,
    /// Code of the reason of a withdrawal; empty if not chosen.
    pub reason_code: String,
    /// The reason in words.
    pub reason: String,
    /// Further words.
    pub details: String,
}

/// A notice or answer as it is written, with what the record says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// What is typed, each text without space around it.
    pub typed: NewNotice,
    /// Name of the person; empty if not known.
    pub name: String,
    /// Whether their NHS number is known.
    pub has_nhs_number: bool,
    /// Name of the hospital; empty if not known.
    pub hospital: String,
    /// Whether the council is known.
    pub has_council: bool,
}

/// What is missing or does not fit: the field, and what to do.
pub type Missing = (&'static str, &'static str);

/// The reason of a withdrawal that needs words.
const OTHER: &str = "13";

/// Everything that a notice must say and does not, in the order of the form.
pub fn missing(written: &Written, today: Date) -> Vec<Missing> {
    let typed = &written.typed;
    let mut all: Vec<Missing> = Vec::new();
    let mut need = |there: bool, missing: Missing| {
        if !there {
            all.push(missing);
        }
    };
    need(
        !written.name.is_empty(),
        ("notice", "The person has no name on record"),
    );
    need(
        written.has_nhs_number,
        (
            "notice",
            "The person has no NHS number on record: a notice must have it",
        ),
    );
    need(
        !written.hospital.is_empty(),
        ("notice", "The hospital is not known"),
    );
    need(
        written.has_council,
        (
            "notice",
            "The council is not known: set the council of the stay first",
        ),
    );
    match typed.kind {
        NoticeKind::Assessment => all.extend(of_assessment(typed, today)),
        NoticeKind::Discharge => all.extend(of_discharge(typed, today)),
        NoticeKind::Withdrawal => all.extend(of_withdrawal(typed)),
        kind if kind.as_str().ends_with("reject") && typed.reason.is_empty() => {
            all.push(("reason", "Say why the council does not accept it"));
        }
        _ => {}
    }
    if matches!(typed.kind, NoticeKind::Assessment | NoticeKind::Discharge) {
        all.extend(of_liaison(typed));
    }
    all
}

fn of_liaison(typed: &NewNotice) -> Vec<Missing> {
    let mut all = Vec::new();
    if typed.liaison.split_whitespace().count() < 2 {
        all.push((
            "liaison",
            "Write the full name of whom the council can talk to",
        ));
    }
    if typed.telephone.is_empty() && typed.email.is_empty() {
        all.push((
            "telephone",
            "Write a telephone number or an email address of that person",
        ));
    }
    all
}

fn of_assessment(typed: &NewNotice, today: Date) -> Vec<Missing> {
    let mut all = Vec::new();
    if typed.day.is_some_and(|day| day < today) {
        all.push(("day-day", "The likely day of leaving must not be past"));
    }
    match typed.consulted {
        Some(true) => {}
        Some(false) => all.push(("consulted", "Consult the person before the notice is given")),
        None => all.push(("consulted", "Say whether the person was consulted")),
    }
    if typed.carer.is_none() {
        all.push((
            "carer",
            "Say whether the carer was consulted, or that none is known",
        ));
    }
    match typed.consent {
        None => all.push(("consent", "Say whether the person consents to the notice")),
        Some(Consent::LacksCapacity) if typed.consent_source.is_empty() => {
            all.push(("consent_source", "Choose who agrees for the person"));
        }
        Some(_) => {}
    }
    match typed.continuing {
        None => all.push((
            "continuing",
            "Say whether continuing healthcare was considered",
        )),
        Some(true) if typed.continuing_result.is_empty() => {
            all.push((
                "continuing_result",
                "Write the result on continuing healthcare",
            ));
        }
        Some(false) => all.push((
            "continuing",
            "Consider NHS continuing healthcare before the notice is given",
        )),
        Some(true) => {}
    }
    all
}

fn of_discharge(typed: &NewNotice, today: Date) -> Vec<Missing> {
    let mut all = Vec::new();
    match typed.day {
        None => all.push(("day-day", "Enter the proposed day of leaving")),
        Some(day) if day < today => {
            all.push(("day-day", "The proposed day of leaving must not be past"));
        }
        Some(_) => {}
    }
    match typed.consulted {
        Some(true) => {}
        Some(false) => all.push((
            "consulted",
            "Tell the person the day before the notice is given",
        )),
        None => all.push(("consulted", "Say whether the person was told the day")),
    }
    if typed.carer.is_none() {
        all.push((
            "carer",
            "Say whether the carer was told the day, or that none is known",
        ));
    }
    if typed.services.is_empty() {
        all.push((
            "services",
            "Write which NHS services go on after leaving, or that none do",
        ));
    }
    all
}

fn of_withdrawal(typed: &NewNotice) -> Vec<Missing> {
    let mut all = Vec::new();
    if typed.withdraws.is_none() {
        all.push(("withdraws", "Choose which notice is withdrawn"));
    }
    if typed.reason_code.is_empty() {
        all.push(("reason_code", "Choose why it is withdrawn"));
    } else if typed.reason_code == OTHER && typed.reason.is_empty() {
        all.push(("reason", "Write why it is withdrawn"));
    }
    all
}

/// What stands in the way of a message, by the notices of the stay so far.
pub fn out_of_turn(
    kind: NoticeKind,
    withdraws: Option<Withdraws>,
    notices: &[Notice],
) -> Option<Missing> {
    let (assessment, discharge) = in_force(notices);
    let barred = |is: bool, field, text| is.then_some((field, text));
    match kind {
        NoticeKind::Admission => barred(
            true,
            "notice",
            "An admission notice comes from the hospital's own system",
        ),
        NoticeKind::Assessment => barred(
            assessment.is_some(),
            "notice",
            "An assessment notice is in force. Withdraw it before another is given",
        ),
        NoticeKind::Discharge if assessment.is_none() => barred(
            true,
            "notice",
            "Give an assessment notice first: none is in force",
        ),
        NoticeKind::Discharge => barred(
            discharge.is_some(),
            "notice",
            "A discharge notice is in force. Withdraw it before another is given",
        ),
        NoticeKind::Withdrawal => match withdraws {
            Some(Withdraws::Discharge) => barred(
                discharge.is_none(),
                "withdraws",
                "No discharge notice is in force",
            ),
            Some(Withdraws::Assessment) => barred(
                assessment.is_none(),
                "withdraws",
                "No assessment notice is in force",
            ),
            Some(Withdraws::All) | None => barred(
                assessment.is_none() && discharge.is_none(),
                "notice",
                "No notice is in force that could be withdrawn",
            ),
        },
        answer => {
            let open = answers(answer).and_then(|of| to_answer(of, notices));
            barred(
                open.is_none(),
                "notice",
                "There is no such notice without an answer",
            )
        }
    }
}

/// The latest notice of a kind that has no answer yet.
pub fn to_answer(kind: NoticeKind, notices: &[Notice]) -> Option<&Notice> {
    let open = notices
        .iter()
        .filter(|one| one.kind == kind && one.status == NoticeStatus::Sent);
    open.max_by_key(|one| one.sent_at)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use jiff::civil::date;
    use kernel::NoticeId;

    fn whole(kind: NoticeKind) -> Written {
        Written {
            typed: typed(kind),
            name: "John Bold".to_owned(),
            has_nhs_number: true,
            hospital: "Barchester Royal Infirmary".to_owned(),
            has_council: true,
        }
    }

    fn typed(kind: NoticeKind) -> NewNotice {
        NewNotice {
            kind,
            day: Some(date(2018, 10, 19)),
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
            details: String::new(),
        }
    }

    #[test]
    fn what_a_notice_must_say_is_named_when_it_is_missing() {
        use NoticeKind::{Assessment, AssessmentAccept, AssessmentReject, Discharge, Withdrawal};
        type Change = fn(&mut Written);
        let rows: &[(NoticeKind, Change, &[&str])] = &[
            (Assessment, |_| {}, &[]),
            (Discharge, |_| {}, &[]),
            (Withdrawal, |_| {}, &[]),
            (AssessmentAccept, |_| {}, &[]),
            (Assessment, |w| w.has_nhs_number = false, &["notice"]),
            (Assessment, |w| w.has_council = false, &["notice"]),
            // The likely day is given if it is known.
            (Assessment, |w| w.typed.day = None, &[]),
            (
                Assessment,
                |w| w.typed.day = Some(date(2018, 10, 15)),
                &["day-day"],
            ),
            (Assessment, |w| w.typed.consulted = None, &["consulted"]),
            (
                Assessment,
                |w| w.typed.consulted = Some(false),
                &["consulted"],
            ),
            (Assessment, |w| w.typed.carer = None, &["carer"]),
            (Assessment, |w| w.typed.carer = Some(Carer::No), &[]),
            (Assessment, |w| w.typed.consent = None, &["consent"]),
            // Whoever objects is assessed all the same: the notice says so.
            (Assessment, |w| w.typed.consent = Some(Consent::No), &[]),
            (
                Assessment,
                |w| w.typed.consent = Some(Consent::LacksCapacity),
                &["consent_source"],
            ),
            (
                Assessment,
                |w| w.typed.continuing = Some(false),
                &["continuing"],
            ),
            (
                Assessment,
                |w| w.typed.continuing_result = String::new(),
                &["continuing_result"],
            ),
            (
                Assessment,
                |w| w.typed.liaison = "Jane".to_owned(),
                &["liaison"],
            ),
            (
                Assessment,
                |w| w.typed.telephone = String::new(),
                &["telephone"],
            ),
            (
                Assessment,
                |w| {
                    w.typed.telephone = String::new();
                    w.typed.email = "jane@hospital.example".to_owned();
                },
                &[],
            ),
            (Discharge, |w| w.typed.day = None, &["day-day"]),
            (
                Discharge,
                |w| w.typed.day = Some(date(2018, 10, 15)),
                &["day-day"],
            ),
            (Discharge, |w| w.typed.day = Some(date(2018, 10, 16)), &[]),
            (
                Discharge,
                |w| w.typed.services = String::new(),
                &["services"],
            ),
            (
                Discharge,
                |w| w.typed.consulted = Some(false),
                &["consulted"],
            ),
            (Withdrawal, |w| w.typed.withdraws = None, &["withdraws"]),
            (
                Withdrawal,
                |w| w.typed.reason_code = String::new(),
                &["reason_code"],
            ),
            (
                Withdrawal,
                |w| w.typed.reason_code = "13".to_owned(),
                &["reason"],
            ),
            (AssessmentReject, |_| {}, &["reason"]),
        ];
        for (kind, change, fields) in rows {
            let mut written = whole(*kind);
            change(&mut written);
            let found = missing(&written, date(2018, 10, 16));
            let found: Vec<_> = found.into_iter().map(|(field, _)| field).collect();
            assert_eq!(found, *fields, "{kind} {written:?}");
        }
    }

    fn notice(kind: NoticeKind, status: NoticeStatus) -> Notice {
        Notice {
            id: "01890a5d-ac96-774b-bcce-b302099a8057"
                .parse::<NoticeId>()
                .unwrap(),
            message_id: "m".to_owned(),
            kind,
            sent_at: jiff::Timestamp::UNIX_EPOCH,
            received_at: jiff::Timestamp::UNIX_EPOCH,
            sender: "ZRB01".to_owned(),
            receiver: "E10000099".to_owned(),
            proposed_on: None,
            responds_to: None,
            status,
            reason: None,
            free_text: String::new(),
        }
    }

    #[test]
    fn notices_are_given_and_answered_in_turn() {
        use NoticeKind::{Assessment, AssessmentReject, Discharge, DischargeAccept, Withdrawal};
        use NoticeStatus::{Accepted, Sent, Withdrawn};
        let a = |status| notice(Assessment, status);
        let d = |status| notice(Discharge, status);
        for (kind, withdraws, so_far, fits) in [
            (Assessment, None, vec![], true),
            (Assessment, None, vec![a(Sent)], false),
            (Assessment, None, vec![a(Withdrawn)], true),
            (Discharge, None, vec![], false),
            (Discharge, None, vec![a(Sent)], true),
            (Discharge, None, vec![a(Accepted), d(Sent)], false),
            (Discharge, None, vec![a(Accepted), d(Withdrawn)], true),
            (Withdrawal, Some(Withdraws::All), vec![], false),
            (Withdrawal, Some(Withdraws::All), vec![a(Sent)], true),
            (Withdrawal, Some(Withdraws::Discharge), vec![a(Sent)], false),
            (
                Withdrawal,
                Some(Withdraws::Discharge),
                vec![a(Sent), d(Sent)],
                true,
            ),
            (
                Withdrawal,
                Some(Withdraws::Assessment),
                vec![a(Withdrawn)],
                false,
            ),
            (AssessmentReject, None, vec![a(Sent)], true),
            (AssessmentReject, None, vec![a(Accepted)], false),
            (DischargeAccept, None, vec![a(Sent)], false),
            (NoticeKind::Admission, None, vec![], false),
        ] {
            let found = out_of_turn(kind, withdraws, &so_far);
            assert_eq!(found.is_none(), fits, "{kind} {so_far:?}");
        }
    }
}
