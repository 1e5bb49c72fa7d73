//! The list of work: open steps, whose each is, what is offered and what is late.

use crate::{App, Error, Subject};
use ::flow::chain::handover::{Escalation, escalation};
use ::flow::steps::{Moment, overdue_by};
use access::{Action, Actor};
use kernel::OrganisationId;
use kernel::calendar::local;
use kernel::limits;
use store::flow::{self as rows, WorkFilter, WorkLine};

/// Which steps somebody wants to see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WorkWhich {
    /// Those of one's own organisation, and those offered to it.
    #[default]
    Mine,
    /// Those offered, by anybody to anybody, that have no answer.
    Offered,
    /// Those whose time is past, whoever owns them.
    Late,
    /// All.
    All,
}

/// One open step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkRow {
    /// What the store has.
    pub line: WorkLine,
    /// `overdue by 3 hours`; `None` while it is in time.
    pub overdue: Option<String>,
    /// What it waits for, in words.
    pub waits_for: Option<String>,
    /// Whom the silence on its offer is told to.
    pub escalation: Escalation,
    /// Whether it is offered to whoever asks.
    pub offered_to_me: bool,
}

/// The list of work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Work {
    /// The steps, those due first at the top.
    pub rows: Vec<WorkRow>,
    /// True if there are more than are shown.
    pub more: bool,
}

impl App {
    /// Open steps of people whom the asker may see. The look is journalled.
    ///
    /// # Errors
    /// Not allowed, or the store's.
    pub fn work(&self, actor: &Actor, which: WorkWhich) -> Result<Work, Error> {
        let allowed = access::decide(actor, Action::WorkSteps)?;
        let now = self.now();
        self.store().write(|tx| {
            self.tell_silence(tx)?;
            let family = self.acts_for(tx, actor)?;
            if which == WorkWhich::Mine && family.is_empty() {
                return Ok(Work {
                    rows: Vec::new(),
                    more: false,
                });
            }
            let filter = WorkFilter {
                organisations: match which {
                    WorkWhich::Mine => family.clone(),
                    _ => Vec::new(),
                },
                offered: which == WorkWhich::Offered,
                late_at: (which == WorkWhich::Late).then_some(now),
                waits_for: None,
                limit: limits::ROWS_A_PAGE + 1,
            };
            let asker = self.asker(tx, actor)?;
            let scope = self.people_scope(&asker);
            let mut lines = rows::work(tx, &filter, &scope)?;
            let more = lines.len() > limits::ROWS_A_PAGE;
            lines.truncate(limits::ROWS_A_PAGE);
            let subject = Subject {
                thing: "list of steps".to_owned(),
                results: lines.len(),
                ..Subject::default()
            };
            self.looked(tx, actor, allowed, Action::WorkSteps, subject)?;
            let rows = lines
                .into_iter()
                .map(|line| self.work_row(line, &family))
                .collect();
            Ok(Work { rows, more })
        })
    }

    pub(super) fn work_row(&self, line: WorkLine, family: &[OrganisationId]) -> WorkRow {
        let now = self.now();
        let hours = self.hours("clock.handover_escalate_hours");
        let offer = line.offer.as_ref().map(|(offer, ..)| offer);
        WorkRow {
            overdue: line
                .due_at
                .filter(|due| *due < now)
                .map(|due| overdue_by(Moment::Time(local(due)), local(now))),
            waits_for: line
                .waits_for
                .as_ref()
                .map(|(set, code)| self.reason_words(set, code)),
            escalation: offer.map_or(Escalation::None, |offer| escalation(offer, now, hours)),
            offered_to_me: offer.is_some_and(|offer| family.contains(&offer.to)),
            line,
        }
    }
}
