//! The fields of the forms that change a stay.

use super::board;
use super::edit::What;
use super::stay::standing;
use crate::components::{Choice, Field, Input, Radios, Select, TextArea};
use crate::form::{self, Fields, Reading};
use crate::{Web, words};
use ::flow::{DestinationState, Pathway, Responsible};
use app::flow::StayPage;
use jiff::civil::Date;
use kernel::OrganisationId;

/// Longest text of one line, in characters.
pub(super) const LINE: usize = 200;
/// Longest text of several lines, in characters.
pub(super) const LINES: usize = 2_000;
const DATE_HINT: &str = "For example, 6 8 2026";
/// Kinds of organisation that can have a move.
const OWNERS: [&str; 7] = [
    "trust", "hospital", "council", "board", "provider", "practice", "team",
];

/// A form as it is drawn: what was typed if anything was, else what stands.
pub(super) struct Draft<'a> {
    pub(super) web: &'a Web,
    pub(super) page: &'a StayPage,
    pub(super) typed: Option<&'a Fields>,
    pub(super) reading: &'a Reading,
}

impl Draft<'_> {
    pub(super) fn fields(&self, what: What) -> Vec<Field> {
        let stay = &self.page.row.stay;
        let day = |name: &str, legend: &str, current: Option<Date>| {
            let mut fields = vec![self.day(name, legend, DATE_HINT, current)];
            fields.extend(self.why(current.is_some()));
            fields
        };
        match what {
            What::Reason => self.reason(),
            What::Correct(segment) => self.correction(segment),
            What::Clinical => day(
                "clinical_ready_on",
                "Day of the clinical decision",
                stay.clinical_ready_on,
            ),
            What::Team => day(
                "mdt_ready_on",
                "Day of the team decision",
                stay.mdt_ready_on,
            ),
            What::Safe => day("safe_on", "First day on which it is safe", stay.safe_on),
            What::Ready => day("ready_on", "Ready date", stay.ready_on),
            What::Expected => day("expected_on", "Expected date", stay.expected_on),
            What::Assessed => day(
                "assessed_on",
                "Day of the assessment",
                self.page.row.assessed_on,
            ),
            What::Next => self.next_action(),
            What::Pathway => self.pathway(),
            What::Bed => vec![
                self.text("ward", "Ward", "", &stay.ward),
                self.text("bed", "Bed", "", &stay.bed),
            ],
            What::Council => {
                vec![self.organisation("council", "Council", &["council"], stay.council)]
            }
            What::Destination => self.destination(),
            What::Discharge => self.discharge(),
            What::UndoDischarge => vec![self.area("why", "Why?", "", "")],
        }
    }

    fn value(&self, name: &str, current: &str) -> String {
        self.typed
            .map_or_else(|| current.to_owned(), |typed| typed.get(name).to_owned())
    }

    fn text(&self, name: &str, label: &str, hint: &str, current: &str) -> Field {
        Field::Text(Input {
            name: name.to_owned(),
            label: label.to_owned(),
            hint: hint.to_owned(),
            value: self.value(name, current),
            error: self.reading.of(name),
            autocomplete: "off".to_owned(),
            classes: match name {
                "bed" | "due_time" => "nhsuk-input--width-10".to_owned(),
                _ => String::new(),
            },
            ..Input::default()
        })
    }

    fn area(&self, name: &str, label: &str, hint: &str, current: &str) -> Field {
        Field::Area(TextArea {
            name: name.to_owned(),
            label: label.to_owned(),
            hint: hint.to_owned(),
            value: self.value(name, current),
            error: self.reading.of(name),
            rows: 3,
        })
    }

    fn day(&self, name: &str, legend: &str, hint: &str, current: Option<Date>) -> Field {
        let typed = match self.typed {
            Some(typed) => form::boxes(typed, name),
            None => form::as_boxes(current),
        };
        Field::Day(form::date_input(
            name,
            legend,
            hint,
            typed,
            self.reading.of(name),
        ))
    }

    fn list(&self, name: &str, label: &str, current: &str, pairs: Vec<(String, String)>) -> Field {
        let current = self.value(name, current);
        Field::List(Select {
            name: name.to_owned(),
            label: label.to_owned(),
            hint: String::new(),
            error: self.reading.of(name),
            choices: pairs
                .into_iter()
                .map(|(value, text)| Choice::new(value, text, &current))
                .collect(),
        })
    }

    fn radios(
        &self,
        name: &str,
        legend: &str,
        current: &str,
        pairs: Vec<(String, String)>,
    ) -> Field {
        let current = self.value(name, current);
        Field::Choice(Radios {
            name: name.to_owned(),
            legend: legend.to_owned(),
            hint: String::new(),
            error: self.reading.of(name),
            choices: pairs
                .into_iter()
                .map(|(value, text)| Choice::new(value, text, &current))
                .collect(),
        })
    }

    fn organisation(
        &self,
        name: &str,
        label: &str,
        kinds: &[&str],
        current: Option<OrganisationId>,
    ) -> Field {
        let mut pairs: Vec<(String, String)> = self
            .page
            .organisations
            .iter()
            .filter(|organisation| kinds.contains(&organisation.kind.as_str()))
            .map(|organisation| (organisation.id.to_string(), organisation.name.clone()))
            .collect();
        pairs.sort_by(|one, other| one.1.cmp(&other.1));
        pairs.insert(0, (String::new(), "Not known".to_owned()));
        let current = current.map(|id| id.to_string()).unwrap_or_default();
        self.list(name, label, &current, pairs)
    }

    /// "Why?" where something stood before; needed only for what was wrong.
    fn why(&self, stood: bool) -> Option<Field> {
        stood.then(|| self.area("why", "Why does it change?", "Others will see this", ""))
    }

    /// Reasons that may be used: today's list, and the list of the reason that
    /// stands. Without a list for today, whatever there is.
    fn reasons(&self, name: &str, current: &str, day: Date) -> Field {
        let policy = self.web.app.policy();
        let (current_set, _) = current.split_once(':').unwrap_or_default();
        let today = policy.reasons.on("drd", day).next().is_some();
        let mut pairs = vec![(String::new(), "Choose a reason".to_owned())];
        for set in ["drd", "dtoc"] {
            let offered = set == current_set || (set == "drd") == today;
            if !offered {
                continue;
            }
            for reason in policy.reasons.on(set, day) {
                let text = format!("{}: {}", words::sentence(&reason.family), reason.plain);
                pairs.push((format!("{set}:{}", reason.code), text));
            }
        }
        self.list(name, "Reason", current, pairs)
    }

    fn sides(&self, current: &str) -> Field {
        let pairs = Responsible::ALL
            .iter()
            .map(|side| {
                (
                    side.as_str().to_owned(),
                    board::responsible(Some(*side), None),
                )
            })
            .collect();
        self.radios(
            "responsible",
            "Who is responsible for this step?",
            current,
            pairs,
        )
    }

    fn delay_fields(&self, segment: Option<&::flow::Segment>, day: Date) -> Vec<Field> {
        let key = segment
            .map(|s| format!("{}:{}", s.code_set, s.reason))
            .unwrap_or_default();
        let side = segment.map_or("", |s| s.responsible.as_str());
        vec![
            self.reasons("reason", &key, day),
            self.sides(side),
            self.organisation(
                "organisation",
                "Which organisation has the next move?",
                &OWNERS,
                segment.and_then(|s| s.organisation),
            ),
        ]
    }

    fn reason(&self) -> Vec<Field> {
        let today = self.web.app.today();
        let standing = standing(self.page).map(|line| &line.kept.segment);
        let from = match standing {
            Some(_) => Some(today),
            None => self.page.row.stay.ready_on,
        };
        let mut fields = self.delay_fields(standing, today);
        fields.push(self.day("from", "From when?", DATE_HINT, from));
        fields.push(self.area("why", "Anything others should know? (optional)", "", ""));
        fields
    }

    fn correction(&self, id: kernel::SegmentId) -> Vec<Field> {
        let found = self
            .page
            .delays
            .iter()
            .find(|line| line.kept.segment.id == id);
        let segment = found.map(|line| &line.kept.segment);
        let starts = segment.map(|s| s.starts_on);
        let mut fields = self.delay_fields(segment, starts.unwrap_or_else(|| self.web.app.today()));
        fields.push(self.day("starts_on", "First day", DATE_HINT, starts));
        fields.push(self.day(
            "ends_on",
            "Last day",
            "The day it ended or changed. Leave empty while it lasts",
            segment.and_then(|s| s.ends_on),
        ));
        fields.push(self.area("why", "Why is it corrected?", "Others will see this", ""));
        fields
    }

    fn next_action(&self) -> Vec<Field> {
        let row = &self.page.row;
        let due = row.next_due_at;
        let pairs = [
            ("today", "Today"),
            ("tomorrow", "Tomorrow"),
            ("other", "Another day"),
            ("none", "No time is set"),
        ];
        let current = match due {
            Some(_) => "other",
            None if row.next_action.is_empty() => "today",
            None => "none",
        };
        vec![
            self.area(
                "next_action",
                "What is to be done next?",
                "",
                &row.next_action,
            ),
            self.organisation(
                "next_owner",
                "Which organisation does it?",
                &OWNERS,
                row.next_owner,
            ),
            self.text(
                "next_owner_name",
                "Who does it?",
                "A name or a team",
                &row.next_owner_name,
            ),
            self.radios(
                "due",
                "By when?",
                current,
                pairs
                    .iter()
                    .map(|(value, text)| ((*value).to_owned(), (*text).to_owned()))
                    .collect(),
            ),
            self.day(
                "due_on",
                "If another day, which?",
                DATE_HINT,
                due.map(words::day_of),
            ),
            self.text(
                "due_time",
                "At what time?",
                "For example, 9am or 2:30pm. Leave empty for 5pm",
                &form::as_time(due),
            ),
        ]
    }

    fn pathway(&self) -> Vec<Field> {
        let current = self.page.row.stay.pathway;
        let mut pairs: Vec<(String, String)> = (0..=3)
            .filter_map(Pathway::new)
            .map(|pathway| (pathway.number().to_string(), board::pathway(Some(pathway))))
            .collect();
        pairs.push(("none".to_owned(), "Not decided yet".to_owned()));
        let key = current.map_or_else(|| "none".to_owned(), |pathway| pathway.number().to_string());
        let mut fields = vec![self.radios("pathway", "Pathway", &key, pairs)];
        fields.extend(self.why(current.is_some()));
        fields
    }

    fn destination(&self) -> Vec<Field> {
        let row = &self.page.row;
        let states = DestinationState::ALL
            .iter()
            .map(|state| {
                (
                    state.as_str().to_owned(),
                    board::destination_tag(*state).text,
                )
            })
            .collect();
        let mut fields = vec![
            self.text(
                "destination",
                "Where, or which service?",
                "For example, Ullathorne House, or home care twice a day",
                &row.destination,
            ),
            self.radios(
                "destination_state",
                "How far has it come?",
                row.destination_state.as_str(),
                states,
            ),
            self.day(
                "destination_starts_on",
                "First day, if known",
                DATE_HINT,
                row.starts_on,
            ),
        ];
        fields.extend(self.why(!row.destination.is_empty()));
        fields
    }

    fn discharge(&self) -> Vec<Field> {
        let stay = &self.page.row.stay;
        let policy = self.web.app.policy();
        let today = self.web.app.today();
        let codes = |list: &::flow::codes::CodeList| {
            let mut pairs = vec![(String::new(), "Choose one".to_owned())];
            pairs.extend(
                list.on(today)
                    .map(|code| (code.code.clone(), code.label.clone())),
            );
            pairs
        };
        let current = |code: &Option<String>| code.clone().unwrap_or_default();
        let mut fields = vec![
            self.day(
                "discharged_on",
                "Day of leaving",
                DATE_HINT,
                stay.discharged_on.or(Some(today)),
            ),
            self.list(
                "discharge_method",
                "How did the person leave?",
                &current(&stay.discharge_method),
                codes(&policy.discharge_methods),
            ),
            self.list(
                "discharge_destination",
                "Where did the person go?",
                &current(&stay.discharge_destination),
                codes(&policy.discharge_destinations),
            ),
        ];
        fields.extend(self.why(stay.discharged_on.is_some()));
        fields
    }
}
