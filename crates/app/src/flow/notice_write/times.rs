//! What follows from a notice: when it counts as given, the minimum period, the relevant day.

use super::{NoticeShown, message};
use crate::App;
use ::flow::attribution::in_force;
use ::flow::policy::RestsOn;
use ::flow::relevant_day::{Given, RelevantDay, deemed, relevant_day, too_early};
use ::flow::{Notice, NoticeKind};
use fhir::adw::AdwMessage;
use jiff::civil::Date;
use kernel::calendar::{add_days, local};

fn words(day: Date) -> String {
    day.strftime("%A %-d %B %Y").to_string()
}

impl App {
    /// A message with what follows from it, after the notices before it.
    pub(super) fn notice_shown(&self, message: &AdwMessage, before: &[Notice]) -> NoticeShown {
        let mut rests_on = RestsOn::default();
        let times = match message.kind {
            NoticeKind::Assessment => self.after_assessment(message, &mut rests_on),
            NoticeKind::Discharge => self.after_discharge(message, before, &mut rests_on),
            _ => Vec::new(),
        };
        NoticeShown {
            facts: message::facts(message),
            times,
            rests_on: rests_on.keys().map(str::to_owned).collect(),
        }
    }

    fn after_assessment(&self, message: &AdwMessage, rests_on: &mut RestsOn) -> Vec<String> {
        let given = local(message.sent_at);
        let policy = self.policy();
        let minimum = policy
            .on("dtoc.assessment_min_days", given.date())
            .and_then(|found| rests_on.note(found).integer());
        let (Ok(on), Ok(minimum)) = (deemed(given, policy, rests_on), minimum) else {
            return vec![NO_PERIODS.to_owned()];
        };
        let mut lines = vec![
            format!("It counts as given on {}.", words(on)),
            format!(
                "The council has at least until the end of {} to assess and arrange support.",
                words(add_days(on, minimum))
            ),
        ];
        let early = message
            .encounter
            .admitted_on
            .and_then(|day| too_early(given, day, policy).ok());
        if early == Some(true) {
            lines
                .push("It is given too early before the admission, so it has no force.".to_owned());
        }
        lines
    }

    fn after_discharge(
        &self,
        message: &AdwMessage,
        before: &[Notice],
        rests_on: &mut RestsOn,
    ) -> Vec<String> {
        let (Some(assessment), Some(proposed_on)) = (in_force(before).0, message.encounter.ends_on)
        else {
            return Vec::new();
        };
        let given = Given {
            assessment: local(assessment.sent_at),
            discharge: local(message.sent_at),
            proposed_on,
        };
        match relevant_day(given, self.policy()) {
            Ok(found) => {
                rests_on.also(&found.rests_on);
                lines_of(&found, proposed_on)
            }
            Err(_) => vec![NO_PERIODS.to_owned()],
        }
    }
}

/// What is said where a place has set no periods for the notices it has agreed on.
const NO_PERIODS: &str = "No minimum periods are on file for today, so none are worked out.";

fn lines_of(found: &RelevantDay, proposed_on: Date) -> Vec<String> {
    let mut lines = vec![format!(
        "It counts as given on {}.",
        words(found.discharge_on)
    )];
    if found.proposed_on != proposed_on {
        lines.push(format!(
            "That is too late for {}: the proposed day moves to {}.",
            words(proposed_on),
            words(found.proposed_on)
        ));
    }
    lines.push(format!(
        "The minimum period after the assessment notice ends on {}.",
        words(found.minimum_ends_on)
    ));
    lines.push(format!("The relevant day is {}.", words(found.day)));
    lines.push(format!(
        "From {} the council may be asked to pay, if the person waits for its reason alone.",
        words(found.liable_from)
    ));
    lines
}
