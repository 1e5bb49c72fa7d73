//! Notices between hospital and council about the stays where the council has a
//! part, and the answers to them (RULES B.2).
//!
//! Barsetshire keeps the messages of Schedule 3 of the Care Act 2014 although the
//! duty ended in 2022: a place may, and every kind of message is to be seen here.
//! A delay in an acute bed is attributed to social care only from a day on which
//! an assessment notice is two days old and a discharge notice is in force.

use crate::board::{at, by_day};
use crate::dice::Dice;
use crate::organisations::Organisations;
use crate::stays::{Scene, StayRecord};
use flow::{CareType, Notice, NoticeKind, NoticeStatus, Responsible, Segment, Stay};
use jiff::civil::{Date, Weekday};
use jiff::{Timestamp, ToSpan};
use kernel::{InboxId, NoticeId, ShelfId};

/// A notice with the stay it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeRecord {
    /// The notice.
    pub notice: Notice,
    /// Id of the message it came in.
    pub inbox: InboxId,
    /// Id of that message on the shelf.
    pub shelf: ShelfId,
    /// Number of the stay in the place's list.
    pub stay_index: usize,
    /// Number of the person in the place's list.
    pub person_index: usize,
}

/// Makes the notices of all stays.
pub(crate) fn make(scene: &mut Scene, stays: &[StayRecord]) -> Vec<NoticeRecord> {
    let mut all = Vec::new();
    for (stay_index, record) in stays.iter().enumerate() {
        let told = record.needs_care && record.stay.care_type == CareType::Acute;
        if !told {
            continue;
        }
        let mut course = Course {
            hospital: scene.organisations.code(record.stay.hospital).to_owned(),
            council: council_code(scene.organisations, record),
            now: scene.now,
            dice: scene.dice,
            notices: Vec::new(),
        };
        course.run(record, scene.today);
        let person_index = record.person_index;
        for notice in course.notices {
            let inbox = InboxId::new(scene.dice.id());
            let shelf = ShelfId::new(scene.dice.id());
            all.push(NoticeRecord {
                notice,
                inbox,
                shelf,
                stay_index,
                person_index,
            });
        }
    }
    all
}

fn council_code(organisations: &Organisations, record: &StayRecord) -> String {
    organisations
        .code(record.stay.council.unwrap_or(organisations.county))
        .to_owned()
}

/// The messages about one stay, in the order they were sent.
struct Course<'a> {
    hospital: String,
    council: String,
    now: Timestamp,
    dice: &'a mut Dice,
    notices: Vec<Notice>,
}

/// A day's working morning on or before a day: Sundays go to the Saturday.
fn working_morning(dice: &mut Dice, day: Date) -> Timestamp {
    let day = if day.weekday() == Weekday::Sunday {
        day.saturating_sub(1.days())
    } else {
        day
    };
    at(day, dice.between(9, 13), dice.between(0, 59))
}

impl Course<'_> {
    fn run(&mut self, record: &StayRecord, today: Date) {
        let stay = &record.stay;
        let nhs = |one: &Segment| one.responsible == Responsible::Nhs;
        let social = !stay.segments.iter().all(nhs);
        if self.dice.per_mille(600) {
            let (hour, minute) = (self.dice.between(10, 18), self.dice.between(0, 59));
            let sent = at(stay.admitted_on, hour, minute);
            self.notify(NoticeKind::Admission, sent, stay.expected_on, ADMISSION);
        }
        let ready = stay.ready_on.unwrap_or_else(|| {
            let least = stay.admitted_on.saturating_add(4.days());
            stay.expected_on.unwrap_or(today).max(least)
        });
        let Some(mut after) = self.assessment(stay, ready, social) else {
            return;
        };
        if stay.ready_on.is_some() {
            if !social && self.dice.per_mille(90) {
                after = self.withdrawn(ready, after);
            }
            self.discharge(stay, ready, after, social);
        }
    }

    /// The assessment notice, some days before the person is ready, and the
    /// council's answer. Gives when it was sent.
    fn assessment(&mut self, stay: &Stay, ready: Date, social: bool) -> Option<Timestamp> {
        let kind = NoticeKind::Assessment;
        let mut day = ready.saturating_sub(self.dice.between(4, 5).days());
        day = day.max(stay.admitted_on);
        if !social && self.dice.per_mille(60) {
            // Sent to the council, refused, and sent again the next day.
            let sent = working_morning(self.dice, day);
            if let Some(first) = self.notify(kind, sent, stay.expected_on, ASSESSMENT) {
                let why = Some("More is to be said about what the person needs");
                self.answer(first, NoticeKind::AssessmentReject, why);
            }
            day = day.saturating_add(1.days());
        }
        let sent = working_morning(self.dice, day).max(at(stay.admitted_on, 9, 0));
        let notice = self.notify(kind, sent, stay.expected_on, ASSESSMENT)?;
        // Some that were sent lately have no answer yet, and a few never get one.
        let lately = self.now.duration_since(sent).as_hours() < 40;
        if !self.dice.per_mille(if lately { 500 } else { 25 }) {
            self.answer(notice, NoticeKind::AssessmentAccept, None);
        }
        Some(sent)
    }

    /// The discharge notice, two days before the person is ready, and the answer.
    fn discharge(&mut self, stay: &Stay, ready: Date, after: Timestamp, social: bool) {
        let day = ready.saturating_sub(2.days()).max(stay.admitted_on);
        let sent = working_morning(self.dice, day).max(after);
        let Some(notice) = self.notify(NoticeKind::Discharge, sent, Some(ready), DISCHARGE) else {
            return;
        };
        let late = stay.discharged_on.is_none_or(|day| day > ready);
        if !social && late && self.dice.per_mille(200) {
            let why = Some("The care cannot start on the proposed day");
            self.answer(notice, NoticeKind::DischargeReject, why);
        } else if !(late && self.dice.per_mille(150)) {
            self.answer(notice, NoticeKind::DischargeAccept, None);
        }
    }

    /// Sends a notice of the hospital.
    fn notify(
        &mut self,
        kind: NoticeKind,
        sent_at: Timestamp,
        proposed_on: Option<Date>,
        texts: &[&str],
    ) -> Option<usize> {
        self.send(kind, sent_at, proposed_on, None, None, texts)
    }

    /// A discharge notice that was taken back because the person fell ill again.
    /// Gives the moment after which a new one can be sent: a withdrawal covers all
    /// that went before it.
    fn withdrawn(&mut self, ready: Date, after: Timestamp) -> Timestamp {
        let proposed = ready.saturating_sub(1.days());
        let sent = working_morning(self.dice, ready.saturating_sub(4.days())).max(after);
        let Some(first) = self.notify(NoticeKind::Discharge, sent, Some(proposed), DISCHARGE)
        else {
            return after;
        };
        let sent = sent.saturating_add(22.hours()).unwrap_or(sent);
        let back = self.notices[first].message_id.clone();
        let why = Some("The person became unwell again");
        if let Some(withdrawal) = self.send(
            NoticeKind::Withdrawal,
            sent,
            None,
            Some(back),
            why,
            WITHDRAWAL,
        ) {
            self.notices[first].status = NoticeStatus::Withdrawn;
            self.answer(withdrawal, NoticeKind::WithdrawalAccept, None);
            return sent.saturating_add(1.hours()).unwrap_or(sent);
        }
        after
    }

    /// Sends a notice unless its time has not come; gives its number.
    fn send(
        &mut self,
        kind: NoticeKind,
        sent_at: Timestamp,
        proposed_on: Option<Date>,
        responds_to: Option<String>,
        reason: Option<&str>,
        texts: &[&str],
    ) -> Option<usize> {
        let delay = self.dice.between(20, 240);
        let received_at = sent_at.saturating_add(delay.seconds()).unwrap_or(sent_at);
        if received_at > self.now {
            return None;
        }
        let answer = texts.is_empty();
        let (sender, receiver) = if answer {
            (self.council.clone(), self.hospital.clone())
        } else {
            (self.hospital.clone(), self.council.clone())
        };
        self.notices.push(Notice {
            id: NoticeId::new(self.dice.id()),
            message_id: self.dice.id().to_string(),
            kind,
            sent_at,
            received_at,
            sender,
            receiver,
            proposed_on,
            responds_to,
            status: if answer {
                NoticeStatus::Answer
            } else {
                NoticeStatus::Sent
            },
            reason: reason.map(str::to_owned),
            free_text: self.dice.word(texts).to_owned(),
        });
        Some(self.notices.len() - 1)
    }

    /// Answers a notice some hours later, and marks it.
    fn answer(&mut self, notice: usize, kind: NoticeKind, reason: Option<&str>) {
        let hours = self
            .dice
            .quantile(&[(0, 1), (400, 4), (800, 20), (1_000, 40)]);
        let asked = self.notices[notice].sent_at;
        let sent = by_day(asked.saturating_add(hours.hours()).unwrap_or(asked), true);
        let to = Some(self.notices[notice].message_id.clone());
        if self.send(kind, sent, None, to, reason, &[]).is_some() {
            let marked = match kind {
                NoticeKind::AssessmentAccept | NoticeKind::DischargeAccept => {
                    Some(NoticeStatus::Accepted)
                }
                NoticeKind::AssessmentReject | NoticeKind::DischargeReject => {
                    Some(NoticeStatus::Rejected)
                }
                NoticeKind::WithdrawalAccept => Some(NoticeStatus::Accepted),
                _ => None,
            };
            if let Some(status) = marked {
                self.notices[notice].status = status;
            }
        }
    }
}

const ADMISSION: &[&str] = &[
    "Brought in by ambulance after a fall at home. Lives alone.",
    "Short of breath for two days. Has a carer each morning.",
    "Came in from home. The partner does the shopping and cooking.",
    "Admitted from a care home, where there is a room for their return.",
    "Found confused by a neighbour. No care at home so far.",
];
const ASSESSMENT: &[&str] = &[
    "Will need help with washing and dressing twice a day. The daughter has been asked.",
    "Walks with a frame and one person. Stairs at home. The person agrees to the referral.",
    "Lives alone and cannot manage meals. Continuing healthcare was considered: not needed.",
    "The partner is worn out and asks for help at night.",
    "Memory has got worse. A best interests meeting is planned on the ward.",
    "Was independent before. Likely to need reablement at home.",
];
const DISCHARGE: &[&str] = &[
    "District nurse to call twice a week for the dressing.",
    "Therapy at home once a week after discharge.",
    "No health service is needed after discharge.",
    "The family has been told the day and agrees.",
    "Medicines in a weekly box. The surgery has been told.",
];
const WITHDRAWAL: &[&str] = &["A new notice follows when the day is known."];
