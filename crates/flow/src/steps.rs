//! The steps of a way home, each with its clock.
//!
//! Source: Care Act 2014, Schedule 3 (the notices); Hospital discharge and
//! community support guidance (DHSC); the times allowed are local parameters
//! (`clock.*`); RULES A.2, B.2, B.5.
//!
//! In words: a step belongs to one side. It starts when what comes before it is
//! there, is due after the time its clock allows, and ends when it is done. A
//! step that is not done is waiting, or overdue once its clock has run out. A
//! step that cannot happen in this stay is not needed. A time that nobody
//! recorded is not known, and is not guessed.

use crate::attribution::relevant_day_of;
use crate::policy::Policy;
use crate::ready::ReadyTests;
use crate::relevant_day::too_early;
use crate::text_enum;
use crate::{DestinationState, Notice, NoticeKind, NoticeStatus, Stay};
use jiff::civil::{Date, DateTime, Weekday};
use kernel::calendar::{add_days, days_between, local};
use kernel::parameters::ParameterError;

text_enum! {
    /// The steps, in their usual order.
    StepKind {
        /// The person came in.
        Admitted = "Admitted",
        /// The expected date of discharge is set.
        ExpectedDate = "Expected date set",
        /// The hospital asks the council to assess.
        AssessmentNotice = "Assessment notice sent",
        /// The council answers the assessment notice.
        AssessmentAnswer = "Council answered assessment notice",
        /// The council has assessed.
        Assessed = "Assessed",
        /// All three tests of readiness are met.
        Ready = "Ready to leave",
        /// The hospital tells the council the day.
        DischargeNotice = "Discharge notice sent",
        /// The council answers the discharge notice.
        DischargeAnswer = "Council answered discharge notice",
        /// A service or place will take the person.
        Service = "Service found",
        /// The person has left.
        Discharged = "Left hospital",
    }
}

text_enum! {
    /// Whose step it is.
    Owner {
        /// The hospital.
        Hospital = "Hospital",
        /// The council.
        Council = "Council",
        /// The care transfer hub.
        Hub = "Care transfer hub",
    }
}

text_enum! {
    /// Where a step stands.
    StepState {
        /// Done.
        Done = "done",
        /// Going on within its time.
        Waiting = "waiting",
        /// Its clock has run out.
        Overdue = "overdue",
        /// What comes before is not there yet.
        NotStarted = "not started",
        /// It cannot happen in this stay.
        NotNeeded = "not needed",
    }
}

/// A moment known to the day or to the minute, in local time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// Known to the day.
    Day(Date),
    /// Known to the minute.
    Time(DateTime),
}

impl Moment {
    /// The day.
    pub fn date(self) -> Date {
        match self {
            Self::Day(day) => day,
            Self::Time(time) => time.date(),
        }
    }

    /// The last minute that still belongs to it.
    fn end(self) -> DateTime {
        match self {
            Self::Day(day) => day.at(23, 59, 59, 0),
            Self::Time(time) => time,
        }
    }

    /// `6 August 2018`, or `6 August 2018, 2:30pm`.
    pub fn in_words(self) -> String {
        match self {
            Self::Day(day) => day.strftime("%-d %B %Y").to_string(),
            Self::Time(time) => {
                let half = if time.hour() < 12 { "am" } else { "pm" };
                let hour = (time.hour() + 11) % 12 + 1;
                format!(
                    "{}, {hour}:{:02}{half}",
                    time.strftime("%-d %B %Y"),
                    time.minute()
                )
            }
        }
    }
}

/// One step with its clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Which step.
    pub kind: StepKind,
    /// Whose it is.
    pub owner: Owner,
    /// When it began.
    pub started: Option<Moment>,
    /// When it is due; `None` if no clock is set.
    pub due: Option<Moment>,
    /// When it was done.
    pub ended: Option<Moment>,
    /// Whole days from start to end, or to today while it goes on.
    pub days: Option<i64>,
    /// Where it stands.
    pub state: StepState,
    /// The state in a few words for the page, such as `Overdue by 3 hours`.
    pub words: String,
    /// More to know: an answer, a reason, what is still missing. Empty if nothing.
    pub note: String,
}

/// What the steps are made from.
#[derive(Clone, Copy, Debug)]
pub struct StepsInput<'a> {
    /// The stay.
    pub stay: &'a Stay,
    /// Its notices and answers.
    pub notices: &'a [Notice],
    /// Day on which the expected date was set, if that is on file.
    pub expected_set_on: Option<Date>,
    /// Day on which the council said it had assessed, if it did.
    pub assessed_on: Option<Date>,
    /// How far the next place or service has come.
    pub destination_state: DestinationState,
    /// First day of the service, if known.
    pub starts_on: Option<Date>,
    /// Local date and time now.
    pub now: DateTime,
}

/// Every step of a stay, in order.
///
/// # Errors
/// If a clock has no value on the day of admission.
pub fn steps(input: StepsInput<'_>, policy: &Policy) -> Result<Vec<Step>, ParameterError> {
    let clocks = Clocks::of(policy, input.stay.admitted_on)?;
    let maker = Maker {
        input,
        clocks,
        policy,
    };
    Ok(vec![
        maker.admitted(),
        maker.expected(),
        maker.notice_sent(NoticeKind::Assessment),
        maker.answered(NoticeKind::Assessment),
        maker.assessed(),
        maker.ready(),
        maker.notice_sent(NoticeKind::Discharge),
        maker.answered(NoticeKind::Discharge),
        maker.service(),
        maker.discharged(),
    ])
}

struct Clocks {
    expected_hours: i64,
    answer_hours: i64,
    answer_weekend_hours: i64,
    provider_hours: i64,
    service_days: i64,
}

impl Clocks {
    fn of(policy: &Policy, day: Date) -> Result<Self, ParameterError> {
        let value = |key: &str| policy.on(key, day).and_then(|found| found.integer());
        Ok(Self {
            expected_hours: value("clock.expected_date_hours")?,
            answer_hours: value("clock.council_answer_hours")?,
            answer_weekend_hours: value("clock.council_answer_weekend_hours")?,
            provider_hours: value("clock.provider_answer_hours")?,
            service_days: value("clock.service_start_days")?,
        })
    }
}

struct Maker<'a> {
    input: StepsInput<'a>,
    clocks: Clocks,
    policy: &'a Policy,
}

impl Maker<'_> {
    fn admitted(&self) -> Step {
        let day = Some(Moment::Day(self.input.stay.admitted_on));
        self.step(
            StepKind::Admitted,
            Owner::Hospital,
            day,
            None,
            day,
            String::new(),
        )
    }

    fn expected(&self) -> Step {
        let stay = self.input.stay;
        let started = Some(Moment::Day(stay.admitted_on));
        let days = (self.clocks.expected_hours + 23) / 24;
        let due = Some(Moment::Day(add_days(stay.admitted_on, days)));
        let set_on = self.input.expected_set_on.map(Moment::Day);
        let note = stay
            .expected_on
            .map(|day| Moment::Day(day).in_words())
            .unwrap_or_default();
        let mut step = self.step(
            StepKind::ExpectedDate,
            Owner::Hospital,
            started,
            due,
            set_on,
            note,
        );
        match stay.expected_on {
            Some(_) if set_on.is_none() => self.done_unknown(&mut step),
            None if stay.ready_on.is_some() || stay.discharged_on.is_some() => {
                not_needed(&mut step)
            }
            _ => {}
        }
        step
    }

    fn notice_sent(&self, kind: NoticeKind) -> Step {
        let stay = self.input.stay;
        let (step_kind, started) = match kind {
            NoticeKind::Assessment => (StepKind::AssessmentNotice, Some(stay.admitted_on)),
            _ => (StepKind::DischargeNotice, stay.ready_on),
        };
        let notice = self.latest(kind);
        let sent = notice.map(|notice| Moment::Time(local(notice.sent_at)));
        let started = started
            .map(|day| sent.map_or(day, |sent| day.min(sent.date())))
            .map(Moment::Day);
        let note = match notice {
            Some(notice) => self.notice_note(notice),
            None => String::new(),
        };
        let started = started.or(sent);
        let mut step = self.step(step_kind, Owner::Hospital, started, None, sent, note);
        if notice.is_none() && self.notices_not_needed() {
            not_needed(&mut step);
        }
        step
    }

    fn notice_note(&self, notice: &Notice) -> String {
        let mut notes = Vec::new();
        if notice.status == NoticeStatus::Withdrawn {
            notes.push("Withdrawn".to_owned());
        }
        if let Some(day) = notice.proposed_on {
            notes.push(format!("proposes {}", Moment::Day(day).in_words()));
        }
        let sent = local(notice.sent_at);
        let early = too_early(sent, self.input.stay.admitted_on, self.policy).unwrap_or(false);
        if notice.kind == NoticeKind::Assessment && early {
            notes.push("more days before admission than the law allows".to_owned());
        }
        if notice.kind == NoticeKind::Discharge
            && let Some(relevant) = relevant_day_of(self.input.notices, self.policy)
        {
            let check = if relevant.rests_on.is_settled() {
                ""
            } else {
                " (check: rests on values from memory)"
            };
            notes.push(format!(
                "relevant day {}{check}",
                Moment::Day(relevant.day).in_words()
            ));
        }
        capital(&notes.join("; "))
    }

    fn answered(&self, kind: NoticeKind) -> Step {
        let (step_kind, accept, reject) = match kind {
            NoticeKind::Assessment => (
                StepKind::AssessmentAnswer,
                NoticeKind::AssessmentAccept,
                NoticeKind::AssessmentReject,
            ),
            _ => (
                StepKind::DischargeAnswer,
                NoticeKind::DischargeAccept,
                NoticeKind::DischargeReject,
            ),
        };
        let notice = self.latest(kind);
        let sent = notice.map(|notice| local(notice.sent_at));
        let due = sent.map(|sent| Moment::Time(self.answer_due(sent)));
        let answer = notice.and_then(|notice| {
            self.input
                .notices
                .iter()
                .filter(|answer| answer.kind == accept || answer.kind == reject)
                .filter(|answer| answer.responds_to.as_deref() == Some(notice.message_id.as_str()))
                .max_by_key(|answer| answer.sent_at)
        });
        let note = answer.map_or_else(String::new, |answer| {
            let word = if answer.kind == accept {
                "Accepted"
            } else {
                "Rejected"
            };
            match &answer.reason {
                Some(reason) if !reason.is_empty() => format!("{word}: {reason}"),
                _ => word.to_owned(),
            }
        });
        let ended = answer.map(|answer| Moment::Time(local(answer.sent_at)));
        let mut step = self.step(
            step_kind,
            Owner::Council,
            sent.map(Moment::Time),
            due,
            ended,
            note,
        );
        let withdrawn = notice.is_some_and(|notice| notice.status == NoticeStatus::Withdrawn);
        if answer.is_none() && (withdrawn || (notice.is_none() && self.notices_not_needed())) {
            not_needed(&mut step);
        }
        step
    }

    /// A notice sent on Friday to Sunday has a weekend in its time.
    fn answer_due(&self, sent: DateTime) -> DateTime {
        let weekend = matches!(
            sent.weekday(),
            Weekday::Friday | Weekday::Saturday | Weekday::Sunday
        );
        let hours = if weekend {
            self.clocks.answer_weekend_hours
        } else {
            self.clocks.answer_hours
        };
        later(sent, hours)
    }

    fn assessed(&self) -> Step {
        let notice = self.latest(NoticeKind::Assessment);
        let started = notice.map(|notice| Moment::Time(local(notice.sent_at)));
        let ended = self.input.assessed_on.map(Moment::Day);
        let due =
            relevant_day_of(self.input.notices, self.policy).map(|found| Moment::Day(found.day));
        let mut step = self.step(
            StepKind::Assessed,
            Owner::Council,
            started.or(ended),
            due,
            ended,
            String::new(),
        );
        let withdrawn = notice.is_some_and(|notice| notice.status == NoticeStatus::Withdrawn);
        let left = self.input.stay.discharged_on.is_some();
        if ended.is_none() && (withdrawn || left || (notice.is_none() && self.notices_not_needed()))
        {
            not_needed(&mut step);
        }
        step
    }

    fn ready(&self) -> Step {
        let stay = self.input.stay;
        let tests = ReadyTests::of(stay);
        let missing = tests.missing();
        let note = if stay.ready_on.is_none() && (1..3).contains(&missing.len()) {
            let names: Vec<&str> = missing.iter().map(|test| test.as_str()).collect();
            format!("Still needed: {}", names.join(", "))
        } else {
            String::new()
        };
        let started = Some(Moment::Day(stay.admitted_on));
        let due = stay.expected_on.map(Moment::Day);
        let ended = stay.ready_on.map(Moment::Day);
        let mut step = self.step(StepKind::Ready, Owner::Hospital, started, due, ended, note);
        if ended.is_none() && stay.discharged_on.is_some() {
            "Not known".clone_into(&mut step.words);
            step.state = StepState::NotNeeded;
        }
        step
    }

    fn service(&self) -> Step {
        use DestinationState::{Accepted, Declined, NotSought, Seen, Sent, Started};
        let stay = self.input.stay;
        let state = self.input.destination_state;
        let started = stay.ready_on.map(Moment::Day);
        let days = (self.clocks.provider_hours + 23) / 24;
        let due = stay.ready_on.map(|day| Moment::Day(add_days(day, days)));
        let starts = self.input.starts_on.map(|day| Moment::Day(day).in_words());
        let note = match (state, starts) {
            (NotSought, _) => String::new(),
            (Declined, _) => "Declined: ask another provider".to_owned(),
            (Started, Some(day)) => format!("Started {day}"),
            (Started, None) => "Started".to_owned(),
            (Accepted, Some(day)) => format!("Accepted, starts {day}"),
            (Accepted, None) => "Accepted".to_owned(),
            (Sent | Seen, _) => format!("Request {state}"),
        };
        let mut step = self.step(StepKind::Service, Owner::Hub, started, due, None, note);
        let no_service = stay.pathway.is_some_and(|pathway| pathway.number() == 0);
        if matches!(state, Accepted | Started) {
            self.done_unknown(&mut step);
        } else if no_service || stay.discharged_on.is_some() {
            not_needed(&mut step);
        }
        step
    }

    fn discharged(&self) -> Step {
        let stay = self.input.stay;
        let started = stay.ready_on.map(Moment::Day);
        let wait = match stay.pathway {
            Some(pathway) if pathway.number() == 0 => 0,
            _ => self.clocks.service_days,
        };
        let due = stay.ready_on.map(|day| Moment::Day(add_days(day, wait)));
        let ended = stay.discharged_on.map(Moment::Day);
        self.step(
            StepKind::Discharged,
            Owner::Hospital,
            started,
            due,
            ended,
            String::new(),
        )
    }

    fn step(
        &self,
        kind: StepKind,
        owner: Owner,
        started: Option<Moment>,
        due: Option<Moment>,
        ended: Option<Moment>,
        note: String,
    ) -> Step {
        let now = self.input.now;
        let days = started
            .map(|start| days_between(start.date(), ended.map_or(now.date(), Moment::date)).max(0));
        let (state, words) = match (started, ended, due) {
            (_, Some(_), _) => (StepState::Done, done_words(days)),
            (None, None, _) => (StepState::NotStarted, "Not started".to_owned()),
            (Some(_), None, Some(due)) if now > due.end() => {
                (StepState::Overdue, capital(&overdue_by(due, now)))
            }
            (Some(_), None, _) => (StepState::Waiting, waiting_words(days)),
        };
        let days = if kind == StepKind::Admitted {
            None
        } else {
            days
        };
        let words = if kind == StepKind::Admitted {
            "Done".to_owned()
        } else {
            words
        };
        Step {
            kind,
            owner,
            started,
            due,
            ended,
            days,
            state,
            words,
            note,
        }
    }

    /// Done, on a day that is not on file.
    fn done_unknown(&self, step: &mut Step) {
        step.state = StepState::Done;
        step.days = None;
        "Done".clone_into(&mut step.words);
    }

    fn latest(&self, kind: NoticeKind) -> Option<&Notice> {
        self.input
            .notices
            .iter()
            .filter(|notice| notice.kind == kind)
            .max_by_key(|notice| notice.sent_at)
    }

    /// No notice is due for somebody who needs no new support or has left.
    fn notices_not_needed(&self) -> bool {
        let stay = self.input.stay;
        let no_support = stay.pathway.is_some_and(|pathway| pathway.number() == 0);
        no_support || stay.discharged_on.is_some() || stay.care_type == crate::CareType::NonAcute
    }
}

fn not_needed(step: &mut Step) {
    step.state = StepState::NotNeeded;
    step.days = None;
    step.due = None;
    "Not needed".clone_into(&mut step.words);
}

fn later(from: DateTime, hours: i64) -> DateTime {
    jiff::Span::new()
        .try_hours(hours)
        .map_or(from, |span| from.saturating_add(span))
}

fn done_words(days: Option<i64>) -> String {
    match days {
        Some(0) => "Done the same day".to_owned(),
        Some(days) => format!("Done in {}", day_count(days)),
        None => "Done".to_owned(),
    }
}

fn waiting_words(days: Option<i64>) -> String {
    match days {
        Some(0) => "Waiting since today".to_owned(),
        Some(days) => format!("Waiting for {}", day_count(days)),
        None => "Waiting".to_owned(),
    }
}

/// `1 day`, `12 days`.
pub fn day_count(days: i64) -> String {
    if days == 1 {
        "1 day".to_owned()
    } else {
        format!("{days} days")
    }
}

/// `overdue by 3 hours`, `overdue by 2 days`; `due` must lie before `now`.
pub fn overdue_by(due: Moment, now: DateTime) -> String {
    let hours = match due {
        Moment::Day(day) => 24 * days_between(day, now.date()),
        Moment::Time(time) => time.duration_until(now).as_hours(),
    };
    match hours {
        ..1 => "overdue by less than 1 hour".to_owned(),
        1 => "overdue by 1 hour".to_owned(),
        2..48 if !matches!(due, Moment::Day(_)) => format!("overdue by {hours} hours"),
        _ => format!("overdue by {}", day_count(hours / 24)),
    }
}

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().collect::<String>() + characters.as_str(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests;
