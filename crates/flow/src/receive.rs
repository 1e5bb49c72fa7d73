//! What an arriving notice or answer does to a stay, given what is known.
//!
//! Source: Care Act 2014, Schedule 3 (2015 to 2022): assessment notices, discharge
//! notices and their withdrawal; Assessment, Discharge and Withdrawal Notices,
//! Additional Messaging Guidance 1.0 (NHS Digital, 2017), 2.11: a response names the
//! notice by its MessageHeader id.
//!
//! In words: a message finds its stay by the hospital's identifier of the stay, else
//! by the notice it answers, else by person, hospital and day of admission; a message
//! that carries a day of admission opens a stay that is not there yet; one that does
//! not, waits for it. What stands is worked out from **all** messages of the stay in
//! the order in which they were sent, so that the order of arrival makes no
//! difference. A repeat changes nothing. What contradicts what is known changes
//! nothing either and goes to a person. `docs/reference/care-act-notices.md` has the
//! table of outcomes, in the order of the tests below.

use crate::{Notice, NoticeKind, NoticeStatus, Stay, text_enum};
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{NoticeId, OrganisationId, StayId};

text_enum! {
    /// What a withdrawal withdraws.
    Withdraws {
        /// Every assessment and discharge notice.
        All = "all",
        /// The assessment notice only.
        Assessment = "assessment",
        /// The discharge notice only.
        Discharge = "discharge",
    }
}

/// The kind of notice that a kind of response answers; `None` if it is no response.
pub const fn answers(kind: NoticeKind) -> Option<NoticeKind> {
    match kind {
        NoticeKind::AssessmentAccept | NoticeKind::AssessmentReject => Some(NoticeKind::Assessment),
        NoticeKind::DischargeAccept | NoticeKind::DischargeReject => Some(NoticeKind::Discharge),
        NoticeKind::WithdrawalAccept | NoticeKind::WithdrawalReject => Some(NoticeKind::Withdrawal),
        _ => None,
    }
}

/// True for the three kinds of response that accept.
const fn accepts(kind: NoticeKind) -> bool {
    matches!(
        kind,
        NoticeKind::AssessmentAccept | NoticeKind::DischargeAccept | NoticeKind::WithdrawalAccept
    )
}

/// A notice with what else its message said about the stay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The notice.
    pub notice: Notice,
    /// What it withdraws, if it is a withdrawal and says so.
    pub withdraws: Option<Withdraws>,
    /// The hospital's key of the stay.
    pub stay_key: Option<String>,
    /// Day of admission.
    pub admitted_on: Option<Date>,
    /// Name of the ward; empty if not said.
    pub ward: String,
}

/// Whether the message came before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Before {
    /// No.
    No,
    /// Yes, saying the same.
    Same,
    /// A message with its id and kind came that says something else.
    Different,
}

/// A stay of the person, with the key its source knows it by.
#[derive(Clone, Copy, Debug)]
pub struct KnownStay<'a> {
    /// The stay.
    pub stay: &'a Stay,
    /// The hospital's key of it, if one was sent.
    pub key: Option<&'a str>,
}

/// What is known when a message arrives.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// Whether the message itself came before.
    pub before: Before,
    /// The hospital, if it is on file.
    pub hospital: Option<OrganisationId>,
    /// The person's stays.
    pub stays: &'a [KnownStay<'a>],
    /// The stay of the notice it answers, if that has arrived and has one.
    pub answered: Option<StayId>,
    /// Whether the message's key of the stay is that of another person's stay.
    pub key_of_another: bool,
}

/// What is to be done with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Course {
    /// It came before: nothing changes.
    Repeated,
    /// It belongs to this stay.
    Joins(StayId),
    /// It opens a stay on this day of admission.
    Opens(Date),
    /// It is kept until a message that opens its stay arrives.
    Waits,
    /// It contradicts what is known: nothing changes, a person decides.
    Review(Contradiction),
}

text_enum! {
    /// Why a message cannot be taken as it is. The text is the code of the issue.
    Contradiction {
        /// Another message has its id and kind.
        MessageIdReused = "message-id-reused",
        /// The day of discharge it gives is before the day of admission.
        DischargeBeforeAdmission = "discharge-before-admission",
        /// The person has a current stay already that is not this one.
        TwoCurrentStays = "two-current-stays",
        /// The stay has ended, or readiness was set, before this day of admission.
        AdmissionAfterDischarge = "admission-after-discharge",
        /// It answers a notice of another stay than the one it names.
        AnswersOtherStay = "answers-other-stay",
        /// Its key of the stay is that of another person's stay.
        StayOfAnotherPerson = "stay-of-another-person",
    }
}

impl Contradiction {
    /// What is wrong and what to do.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::MessageIdReused => {
                "A message of this kind with this id came before and says something else. \
                 Nothing was changed: ask the sender for a new message with an id of its own."
            }
            Self::DischargeBeforeAdmission => {
                "The day of discharge is before the day of admission. Nothing was changed: \
                 ask the sender which is right."
            }
            Self::TwoCurrentStays => {
                "The person is in hospital already, in another stay. Nothing was changed: put \
                 in the day that stay ended, then read the message again."
            }
            Self::AdmissionAfterDischarge => {
                "The day of admission is after the day on which this stay ended or the person \
                 was ready. Nothing was changed: ask the sender which stay is meant."
            }
            Self::StayOfAnotherPerson => {
                "The hospital's number of the stay is that of another person's stay. Nothing \
                 was changed: ask the sender which person or stay is meant."
            }
            Self::AnswersOtherStay => {
                "The answer names a notice of another stay. Nothing was changed: ask the \
                 sender which notice is meant."
            }
        }
    }
}

/// What is to be done with a message. The first line that fits decides.
pub fn course(told: &Told, known: &Known<'_>) -> Course {
    match known.before {
        Before::Same => return Course::Repeated,
        Before::Different => return Course::Review(Contradiction::MessageIdReused),
        Before::No => {}
    }
    if let (Some(admitted), Some(leaves)) = (told.admitted_on, told.notice.proposed_on)
        && leaves < admitted
    {
        return Course::Review(Contradiction::DischargeBeforeAdmission);
    }
    if known.key_of_another {
        return Course::Review(Contradiction::StayOfAnotherPerson);
    }
    let named = named(told, known);
    if let (Some(named), Some(answered)) = (named, known.answered)
        && named.stay.id != answered
    {
        return Course::Review(Contradiction::AnswersOtherStay);
    }
    let found = named.or_else(|| {
        let answered = known.answered?;
        known.stays.iter().find(|one| one.stay.id == answered)
    });
    match (found, told.admitted_on) {
        (Some(found), admitted) => joins(found.stay, admitted),
        (None, _) if known.answered.is_some() => Course::Review(Contradiction::AnswersOtherStay),
        (None, None) => without_admission(told, known),
        (None, Some(admitted)) => {
            let current = known
                .stays
                .iter()
                .any(|one| one.stay.discharged_on.is_none());
            if current {
                Course::Review(Contradiction::TwoCurrentStays)
            } else {
                Course::Opens(admitted)
            }
        }
    }
}

/// The stay that the message's own words name: by key, or by hospital and day of
/// admission where one of the two has no key.
fn named<'a, 'k>(told: &Told, known: &'k Known<'a>) -> Option<&'k KnownStay<'a>> {
    let key = told.stay_key.as_deref();
    let by_key = known
        .stays
        .iter()
        .find(|one| key.is_some() && one.key == key);
    by_key.or_else(|| {
        known.stays.iter().find(|one| {
            (key.is_none() || one.key.is_none())
                && Some(one.stay.hospital) == known.hospital
                && Some(one.stay.admitted_on) == told.admitted_on
        })
    })
}

fn joins(stay: &Stay, admitted: Option<Date>) -> Course {
    let ends = [stay.discharged_on, stay.ready_on];
    let after = |admitted: Date| ends.into_iter().flatten().any(|end| end < admitted);
    if admitted.is_some_and(after) {
        Course::Review(Contradiction::AdmissionAfterDischarge)
    } else {
        Course::Joins(stay.id)
    }
}

/// A message that says neither which stay it is about nor when it began belongs to
/// the current stay in its hospital; otherwise it waits.
fn without_admission(told: &Told, known: &Known<'_>) -> Course {
    let current = known
        .stays
        .iter()
        .find(|one| one.stay.discharged_on.is_none() && Some(one.stay.hospital) == known.hospital);
    match current {
        Some(one)
            if (told.stay_key.is_none() || one.key.is_none())
                && answers(told.notice.kind).is_none() =>
        {
            Course::Joins(one.stay.id)
        }
        _ => Course::Waits,
    }
}

/// Whether a message that waits belongs to a stay that has just come to be, or has
/// just had a message: by key, by the notice it answers, or because it names nothing.
pub fn belongs(waiting: &Told, key: Option<&str>, stay: &[Told]) -> bool {
    let answered = |notice: &Notice| is_answer_to(&waiting.notice, notice);
    match waiting.stay_key.as_deref() {
        Some(own) if key.is_some() => Some(own) == key,
        _ => {
            stay.iter().any(|one| answered(&one.notice))
                || answers(waiting.notice.kind).is_none()
                    && stay
                        .iter()
                        .any(|one| one.notice.sender == waiting.notice.sender)
        }
    }
}

fn is_answer_to(answer: &Notice, notice: &Notice) -> bool {
    answers(answer.kind) == Some(notice.kind)
        && answer.responds_to.as_deref() == Some(notice.message_id.as_str())
}

/// Where a notice stands, and the notice it answers or withdraws.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The notice.
    pub id: NoticeId,
    /// Where it stands.
    pub status: NoticeStatus,
    /// Message id of the notice it answers or withdraws.
    pub responds_to: Option<String>,
}

/// The moment of a message among those of its stay.
fn order(told: &Told) -> (Timestamp, NoticeKind, &str) {
    (
        told.notice.sent_at,
        told.notice.kind,
        &told.notice.message_id,
    )
}

/// Whether a withdrawal covers a notice: its kind, sent no later than the withdrawal.
fn covers(withdrawal: &Told, notice: &Told) -> bool {
    let kind = notice.notice.kind;
    let scope = match withdrawal.withdraws {
        Some(Withdraws::Assessment) => kind == NoticeKind::Assessment,
        Some(Withdraws::Discharge) => kind == NoticeKind::Discharge,
        Some(Withdraws::All) => matches!(kind, NoticeKind::Assessment | NoticeKind::Discharge),
        None => withdrawal.notice.responds_to.as_ref() == Some(&notice.notice.message_id),
    };
    withdrawal.notice.kind == NoticeKind::Withdrawal
        && scope
        && notice.notice.sent_at <= withdrawal.notice.sent_at
}

/// Where every notice of a stay stands, in the order given. Of two answers the one
/// sent later stands; a withdrawal takes effect whether or not it is accepted.
pub fn standings(all: &[Told]) -> Vec<Standing> {
    all.iter().map(|told| standing(told, all)).collect()
}

fn standing(told: &Told, all: &[Told]) -> Standing {
    let notice = &told.notice;
    let answer = all
        .iter()
        .filter(|one| is_answer_to(&one.notice, notice))
        .max_by_key(|one| order(one));
    let withdrawn = all.iter().any(|one| covers(one, told));
    let covered = all
        .iter()
        .filter(|one| covers(told, one))
        .max_by_key(|one| order(one));
    let answers_one = all.iter().any(|one| is_answer_to(notice, &one.notice));
    let status = match (answers(notice.kind), answer) {
        (Some(_), _) if answers_one => NoticeStatus::Answer,
        (Some(_), _) => NoticeStatus::Unmatched,
        (None, _) if withdrawn => NoticeStatus::Withdrawn,
        (None, Some(answer)) if accepts(answer.notice.kind) => NoticeStatus::Accepted,
        (None, Some(_)) => NoticeStatus::Rejected,
        (None, None) if notice.kind == NoticeKind::Withdrawal && covered.is_none() => {
            NoticeStatus::Unmatched
        }
        (None, None) => NoticeStatus::Sent,
    };
    Standing {
        id: notice.id,
        status,
        responds_to: match notice.kind {
            NoticeKind::Withdrawal => covered
                .map(|one| one.notice.message_id.clone())
                .or_else(|| notice.responds_to.clone()),
            _ => notice.responds_to.clone(),
        },
    }
}

/// Which side has the next move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The hospital.
    Hospital,
    /// The council.
    Council,
}

/// What the messages of a stay say about it, taken together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picture {
    /// Day of admission.
    pub admitted_on: Option<Date>,
    /// Name of the ward; empty if none was said.
    pub ward: String,
    /// Likely or proposed day of discharge, of the notices that are not withdrawn.
    pub expected_on: Option<Date>,
    /// What is to be done next and by whom.
    pub next: Option<(&'static str, Side)>,
}

/// What the messages of a stay say: of each field, what was sent last.
pub fn picture(all: &[Told]) -> Picture {
    let mut sorted: Vec<&Told> = all.iter().collect();
    sorted.sort_by_key(|one| order(one));
    let mut picture = Picture::default();
    for told in &sorted {
        picture.admitted_on = told.admitted_on.or(picture.admitted_on);
        if !told.ward.is_empty() {
            picture.ward.clone_from(&told.ward);
        }
        let stands = !all.iter().any(|one| covers(one, told));
        if answers(told.notice.kind).is_none() && stands {
            picture.expected_on = told.notice.proposed_on.or(picture.expected_on);
        }
    }
    picture.next = next(&sorted, all);
    picture
}

/// The next move, from the latest notice of each kind.
fn next(sorted: &[&Told], all: &[Told]) -> Option<(&'static str, Side)> {
    let latest = |kind| {
        let told = sorted.iter().rfind(|one| one.notice.kind == kind)?;
        Some(standing(told, all).status)
    };
    let discharge = latest(NoticeKind::Discharge);
    let assessment = latest(NoticeKind::Assessment);
    Some(match (assessment, discharge) {
        (_, Some(NoticeStatus::Sent)) => ("Answer the discharge notice", Side::Council),
        (_, Some(NoticeStatus::Accepted)) => {
            ("Put care in place for the day of discharge", Side::Council)
        }
        (_, Some(NoticeStatus::Rejected)) => {
            ("Agree a day of discharge with the council", Side::Hospital)
        }
        (Some(NoticeStatus::Sent), _) => ("Answer the assessment notice", Side::Council),
        (Some(NoticeStatus::Accepted), _) => ("Assess what care the person needs", Side::Council),
        (Some(NoticeStatus::Rejected), _) => (
            "Put the assessment notice right and send it again",
            Side::Hospital,
        ),
        (Some(_), _) | (_, Some(_)) => ("Decide if new notices are needed", Side::Hospital),
        (None, None) => {
            latest(NoticeKind::Admission)?;
            ("Decide if the council must assess", Side::Hospital)
        }
    })
}

text_enum! {
    /// Something worth knowing about a message that was taken. The text is the code of the issue.
    Remark {
        /// It waits for a message that opens its stay.
        Waits = "waits-for-stay",
        /// It answers or withdraws a notice that has not arrived.
        Unmatched = "unmatched",
        /// There are two different answers to one notice.
        AnswersDiffer = "answers-differ",
        /// It gives another day of admission than a message before.
        AdmissionDiffers = "admission-date-differs",
        /// The stay had ended before it was sent.
        StayEnded = "stay-ended",
        /// The reason of the withdrawal says that the person has left or died.
        MayHaveLeft = "may-have-left",
    }
}

impl Remark {
    /// What there is to know.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Waits => {
                "It is about a stay that is not known here yet. It is kept and will \
                 be put to the stay when a message with the day of admission arrives."
            }
            Self::Unmatched => {
                "It answers or withdraws a notice that has not arrived. It is \
                 kept and will be put to the notice when that arrives."
            }
            Self::AnswersDiffer => {
                "The notice has been accepted and rejected. The answer that \
                 was sent later stands; both are kept."
            }
            Self::AdmissionDiffers => {
                "Messages give different days of admission. The one that \
                 was sent last stands."
            }
            Self::StayEnded => {
                "The stay had ended when this was sent. It is kept and does not \
                 open the stay again."
            }
            Self::MayHaveLeft => {
                "The reason says that the person has left or died. No day is \
                 given: put it in on the page of the stay."
            }
        }
    }
}

/// What is worth knowing about a message, given every message of its stay (itself
/// among them) and the day the stay ended.
pub fn remarks(told: &Told, all: &[Told], ended: Option<Date>, sent_on: Date) -> Vec<Remark> {
    let mut remarks = Vec::new();
    if standing(told, all).status == NoticeStatus::Unmatched {
        remarks.push(Remark::Unmatched);
    }
    let other_answer = |one: &Told| {
        answers(one.notice.kind).is_some()
            && answers(one.notice.kind) == answers(told.notice.kind)
            && one.notice.responds_to == told.notice.responds_to
            && one.notice.kind != told.notice.kind
    };
    if all.iter().any(other_answer) {
        remarks.push(Remark::AnswersDiffer);
    }
    let differs = |one: &Told| {
        one.admitted_on.is_some()
            && told.admitted_on.is_some()
            && one.admitted_on != told.admitted_on
    };
    if all.iter().any(differs) {
        remarks.push(Remark::AdmissionDiffers);
    }
    if ended.is_some_and(|day| day < sent_on) {
        remarks.push(Remark::StayEnded);
    }
    remarks
}

#[cfg(test)]
#[path = "receive/tests.rs"]
mod tests;
