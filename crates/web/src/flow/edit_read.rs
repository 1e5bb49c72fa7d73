//! How the forms that change a stay are read. What is wrong is noted beside its
//! field; only a form without faults becomes a change.

use super::edit::What;
use super::edit_fields::{LINE, LINES};
use crate::Web;
use crate::form::{Fields, Reading};
use crate::words;
use ::flow::ready::{ReadyTest, ReadyTests};
use ::flow::{DestinationState, Pathway, Responsible};
use app::flow::{DelayReason, StayChange, StayPage};
use jiff::Timestamp;
use kernel::SegmentId;

/// The hour at which an action without a time of day is due.
const END_OF_DAY: (i8, i8) = (17, 0);

/// A form as it was sent.
pub(super) struct Sent<'a> {
    pub(super) web: &'a Web,
    pub(super) page: &'a StayPage,
    pub(super) fields: &'a Fields,
    pub(super) reading: &'a mut Reading,
}

impl Sent<'_> {
    /// The change it asks for; `None` when something is wrong, which is noted.
    pub(super) fn read(mut self, what: What) -> Option<StayChange> {
        let change = match what {
            What::Reason => self.delay(),
            What::Correct(segment) => self.correction(segment),
            What::Clinical => self.test(ReadyTest::Clinical, "clinical_ready_on"),
            What::Team => self.test(ReadyTest::Team, "mdt_ready_on"),
            What::Safe => self.test(ReadyTest::Safe, "safe_on"),
            What::Ready => self.ready(),
            What::Expected => {
                let day = self
                    .reading
                    .date(self.fields, "expected_on", "The expected date");
                Some(StayChange::ExpectedOn(day))
            }
            What::Assessed => {
                let what = "The day of the assessment";
                let day = self.reading.date(self.fields, "assessed_on", what);
                Some(StayChange::AssessedOn(day))
            }
            What::Next => self.next_action(),
            What::Pathway => self.pathway(),
            What::Bed => Some(StayChange::Bed {
                ward: self.reading.optional(self.fields, "ward", LINE),
                bed: self.reading.optional(self.fields, "bed", LINE),
            }),
            What::Council => Some(StayChange::Council(self.fields.parsed("council"))),
            What::Destination => self.destination(),
            What::Discharge => self.discharge(),
            What::UndoDischarge => {
                self.needs_why(true, "Say why it changes");
                Some(StayChange::UndoDischarge)
            }
        };
        self.reading.optional(self.fields, "why", LINES);
        change.filter(|_| self.reading.faults.is_empty())
    }

    /// What was recorded was wrong: say why.
    fn needs_why(&mut self, needed: bool, say: &str) {
        if needed && self.fields.given("why").is_none() {
            self.reading.fault("why", say);
        }
    }

    fn reason(&mut self) -> Option<DelayReason> {
        let reason = self.fields.get("reason").split_once(':');
        if reason.is_none() {
            self.reading.fault("reason", "Choose a reason");
        }
        let responsible = Responsible::parse(self.fields.get("responsible"));
        if responsible.is_none() {
            self.reading
                .fault("responsible", "Choose who is responsible for this step");
        }
        let (code_set, code) = reason?;
        Some(DelayReason {
            code_set: code_set.to_owned(),
            reason: code.to_owned(),
            responsible: responsible?,
            organisation: self.fields.parsed("organisation"),
        })
    }

    fn delay(&mut self) -> Option<StayChange> {
        let reason = self.reason();
        let from = self
            .reading
            .needed_date(self.fields, "from", "The day from which");
        Some(StayChange::Delay {
            reason: reason?,
            from: from?,
        })
    }

    fn correction(&mut self, segment: SegmentId) -> Option<StayChange> {
        let reason = self.reason();
        let starts_on = self
            .reading
            .needed_date(self.fields, "starts_on", "The first day");
        let ends_on = self.reading.date(self.fields, "ends_on", "The last day");
        self.needs_why(true, "Say why it is corrected");
        Some(StayChange::CorrectDelay {
            segment,
            reason: reason?,
            starts_on: starts_on?,
            ends_on,
        })
    }

    fn test(&mut self, test: ReadyTest, name: &str) -> Option<StayChange> {
        let on = self.reading.date(self.fields, name, "The day");
        let before = ReadyTests::of(&self.page.row.stay).get(test);
        self.needs_why(before.is_some() && before != on, "Say why it changes");
        Some(StayChange::ReadyTest { test, on })
    }

    fn ready(&mut self) -> Option<StayChange> {
        let on = self.reading.date(self.fields, "ready_on", "The ready date");
        let before = self.page.row.stay.ready_on;
        self.needs_why(before.is_some() && before != on, "Say why it changes");
        Some(StayChange::ReadyOn(on))
    }

    fn pathway(&mut self) -> Option<StayChange> {
        let value = self.fields.get("pathway");
        let pathway = value.parse().ok().and_then(Pathway::new);
        if pathway.is_none() && value != "none" {
            self.reading.fault("pathway", "Choose a pathway");
        }
        Some(StayChange::Pathway(pathway))
    }

    fn next_action(&mut self) -> Option<StayChange> {
        let fields = self.fields;
        let what = self.reading.optional(fields, "next_action", LINES);
        let owner_name = self.reading.optional(fields, "next_owner_name", LINE);
        let owner = fields.parsed("next_owner");
        if what.is_empty() && (owner.is_some() || !owner_name.is_empty()) {
            self.reading
                .fault("next_action", "Enter what is to be done next");
        }
        let due_at = self.due().filter(|_| !what.is_empty());
        Some(StayChange::NextAction {
            what,
            owner,
            owner_name,
            due_at,
        })
    }

    fn due(&mut self) -> Option<Timestamp> {
        let today = self.web.app.today();
        let day = match self.fields.get("due") {
            "today" => Some(today),
            "tomorrow" => today.tomorrow().ok(),
            "other" => self
                .reading
                .needed_date(self.fields, "due_on", "The day it is due"),
            "none" | "" => None,
            _ => {
                self.reading.fault("due", "Choose by when");
                None
            }
        };
        let (hour, minute) = self
            .reading
            .time(self.fields, "due_time")
            .unwrap_or(END_OF_DAY);
        words::local(day?, hour, minute)
    }

    fn destination(&mut self) -> Option<StayChange> {
        let what = self.reading.optional(self.fields, "destination", LINE);
        let starts_on = self
            .reading
            .date(self.fields, "destination_starts_on", "The first day");
        let state = DestinationState::parse(self.fields.get("destination_state"));
        if state.is_none() {
            self.reading
                .fault("destination_state", "Choose how far it has come");
        }
        if what.is_empty() && state.is_some_and(|state| state != DestinationState::NotSought) {
            self.reading.fault(
                "destination",
                "Enter where the person goes, or which service",
            );
        }
        Some(StayChange::Destination {
            what,
            state: state?,
            starts_on,
        })
    }

    fn discharge(&mut self) -> Option<StayChange> {
        let (fields, reading) = (self.fields, &mut *self.reading);
        let on = reading.needed_date(fields, "discharged_on", "The day of leaving");
        let method = reading.text(
            fields,
            "discharge_method",
            "Choose how the person left",
            LINE,
        );
        let destination = reading.text(
            fields,
            "discharge_destination",
            "Choose where the person went",
            LINE,
        );
        self.needs_why(
            self.page.row.stay.discharged_on.is_some(),
            "Say why it changes",
        );
        Some(StayChange::Discharge {
            on: on?,
            method,
            destination,
        })
    }
}
