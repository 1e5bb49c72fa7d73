//! Working on one step: it is done, waits, is not needed, goes to another organisation; and the
//! answer to an offer.

use crate::components::{Choice, Field, Input, Radios, Select, TextArea};
use crate::door::Visit;
use crate::form::Reading;
use crate::person::form_page::{FormPage, Part};
use crate::routes::Outcome;
use crate::shell::{self, Section, Shell};
use crate::trouble::Trouble;
use crate::{Web, words};
use ::flow::chain::{CaseKind, StepState};
use access::Actor;
use app::flow::{HandoverView, StepChange, StepPage};
use kernel::{HandoverId, StepId};

/// Longest name, in characters.
const LINE: usize = 120;

/// Where the case of a step is shown.
pub(super) fn case_address(case: CaseKind, id: &str) -> String {
    match case {
        CaseKind::Stay => format!("/flow/stay/{id}#steps"),
        CaseKind::Referral => format!("/flow/triage/{id}"),
        CaseKind::Reablement => format!("/person/service/{id}"),
        CaseKind::Placement => format!("/flow/need/{id}"),
    }
}

/// Where the steps of a case are shown.
pub(super) fn steps_address(case: CaseKind, id: &str) -> String {
    match case {
        CaseKind::Stay => case_address(case, id),
        _ => format!("/flow/steps/{}/{id}", case.as_str()),
    }
}

fn area(name: &str, label: &str, hint: &str, visit: &Visit, reading: &Reading) -> Field {
    Field::Area(TextArea {
        name: name.to_owned(),
        label: label.to_owned(),
        hint: hint.to_owned(),
        value: visit.form.get(name).to_owned(),
        error: reading.of(name),
        rows: 3,
    })
}

fn line(name: &str, label: &str, hint: &str, value: String, reading: &Reading) -> Field {
    Field::Text(Input {
        name: name.to_owned(),
        label: label.to_owned(),
        hint: hint.to_owned(),
        value,
        error: reading.of(name),
        autocomplete: "off".to_owned(),
        ..Input::default()
    })
}

struct Draw<'a> {
    web: &'a Web,
    visit: &'a Visit,
    page: &'a StepPage,
    reading: &'a Reading,
}

impl Draw<'_> {
    fn part(
        &self,
        what: &str,
        title: &'static str,
        fields: Vec<Field>,
        button: &'static str,
    ) -> Part {
        Part {
            title,
            intro: Vec::new(),
            hidden: vec![
                ("what", what.to_owned()),
                ("version", self.page.chain.version.to_string()),
            ],
            fields,
            button,
        }
    }

    /// The forms that make sense for the step as it stands.
    fn parts(&self) -> Vec<Part> {
        let step = &self.page.view.step;
        if !self.page.view.mine {
            return Vec::new();
        }
        if step.state.is_ended() {
            let by_record = step.state == StepState::Done && step.ends_with.is_some();
            return match by_record {
                true => Vec::new(),
                false => vec![self.why("again", "Open it again", "Why?", "Open it again")],
            };
        }
        let mut parts = Vec::new();
        if step.state.is_open() && step.ends_with.is_none() {
            parts.push(self.part("done", "It is done", Vec::new(), "Mark as done"));
        }
        if step.state.is_open() {
            parts.push(self.waits());
        }
        match self.page.view.offer {
            Some(_) => parts.push(self.why(
                "take-back",
                "Take the offer back",
                "Why? (you may leave this empty)",
                "Take it back",
            )),
            None => parts.push(self.offer()),
        }
        let name = match self.visit.form.get("what") {
            "name" => self.visit.form.get("name").to_owned(),
            _ => step.owner_name.clone(),
        };
        let field = line("name", "Name of the person or team", "", name, self.reading);
        parts.push(self.part("name", "Who does it", vec![field], "Save the name"));
        parts.push(self.elsewhere());
        parts
    }

    fn why(&self, what: &str, title: &'static str, label: &str, button: &'static str) -> Part {
        let field = area("why", label, "", self.visit, self.reading);
        self.part(what, title, vec![field], button)
    }

    fn waits(&self) -> Part {
        let current = self
            .page
            .view
            .step
            .waits_for
            .as_ref()
            .map_or_else(String::new, |(set, code)| format!("{set}:{code}"));
        let mut choices = vec![Choice::new("", "It goes on: it does not wait", &current)];
        let today = self.web.app.today();
        for reason in self.web.app.policy().reasons.on("drd", today) {
            let value = format!("drd:{}", reason.code);
            choices.push(Choice::new(value, reason.plain.clone(), &current));
        }
        let field = Field::List(Select {
            name: "reason".to_owned(),
            label: "What does it wait for?".to_owned(),
            error: self.reading.of("reason"),
            choices,
            ..Select::default()
        });
        self.part("wait", "It waits for something", vec![field], "Save")
    }

    fn offer(&self) -> Part {
        let chosen = self.visit.form.get("to");
        let mut choices = vec![Choice::new("", "Choose an organisation", chosen)];
        let step = &self.page.view.step;
        for one in &self.page.organisations {
            let other = Some(one.id) != step.owner;
            if other && !["ward", "practice", "region"].contains(&one.kind.as_str()) {
                choices.push(Choice::new(one.id.to_string(), one.name.clone(), chosen));
            }
        }
        let fields = vec![
            Field::List(Select {
                name: "to".to_owned(),
                label: "Organisation".to_owned(),
                error: self.reading.of("to"),
                choices,
                ..Select::default()
            }),
            line(
                "to_name",
                "Person or team there (you may leave this empty)",
                "",
                self.visit.form.get("to_name").to_owned(),
                self.reading,
            ),
            area(
                "note",
                "What they must know (you may leave this empty)",
                "",
                self.visit,
                self.reading,
            ),
        ];
        let mut part = self.part(
            "offer",
            "Ask another organisation to take it",
            fields,
            "Offer it",
        );
        part.intro = vec!["It stays yours until they accept.".to_owned()];
        part
    }

    fn elsewhere(&self) -> Part {
        let chosen = self.visit.form.get("how");
        let fields = vec![
            Field::Choice(Radios {
                name: "how".to_owned(),
                legend: "What happened?".to_owned(),
                error: self.reading.of("how"),
                choices: vec![
                    Choice::new("not needed", "It is not needed", chosen),
                    Choice::new("done elsewhere", "Somebody else did it", chosen),
                ],
                ..Radios::default()
            }),
            area("why", "Why, or who did it?", "", self.visit, self.reading),
        ];
        self.part(
            "elsewhere",
            "It does not have to be done here",
            fields,
            "End the step",
        )
    }

    fn intro(&self) -> Vec<String> {
        let view = &self.page.view;
        let now = self.web.app.now();
        let owner = view.owner.as_deref().unwrap_or("Nobody yet");
        let named = match view.step.owner_name.is_empty() {
            true => String::new(),
            false => format!(" ({})", view.step.owner_name),
        };
        let mut lines = vec![format!("Whose step: {owner}{named}.")];
        lines.push(match (&view.overdue, view.step.due_at) {
            (Some(overdue), _) => format!("{}.", words::sentence(overdue)),
            (None, Some(due)) if view.step.state.is_open() => {
                format!("Due {}.", words::near_time(due, now))
            }
            _ => format!("{}.", words::sentence(view.step.state.as_str())),
        });
        if let Some(offer) = &view.offer {
            lines.push(format!(
                "Offered to {} {}. No answer yet.",
                offer.to,
                words::near_time(offer.offer.offered_at, now)
            ));
        }
        if view.step.ends_with.is_some() && view.step.state.is_open() {
            lines.push("This step ends by itself when it is written down on the case.".to_owned());
        }
        if !view.mine {
            lines.push("Only its owner and the hub can change it.".to_owned());
        }
        lines
    }
}

fn drawn(web: &Web, visit: &Visit, page: &StepPage, reading: Reading) -> Outcome {
    let draw = Draw {
        web,
        visit,
        page,
        reading: &reading,
    };
    let (forms, intro) = (draw.parts(), draw.intro());
    shell::ok(&FormPage {
        shell: Shell::new(web, visit, page.view.step.title.clone(), Section::Board)
            .with_faults(!reading.faults.is_empty()),
        faults: reading.faults,
        saved: "",
        person: page.person.clone(),
        back: steps_address(page.case, &page.case_id),
        back_words: "Back to the case",
        intro,
        action: format!("/flow/step/{}", page.view.step.id),
        list: None,
        forms,
    })
}

pub(super) fn page(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let id: StepId = visit.id("id")?;
    let page = web.app.step(actor, id)?;
    drawn(web, visit, &page, Reading::default())
}

fn read(visit: &Visit, reading: &mut Reading) -> Option<(StepChange, String)> {
    let form = &visit.form;
    let why = |reading: &mut Reading, missing: &str| match missing.is_empty() {
        true => reading.optional(form, "why", kernel::limits::TEXT_CHARACTERS),
        false => reading.text(form, "why", missing, kernel::limits::TEXT_CHARACTERS),
    };
    let read = match form.get("what") {
        "done" => (StepChange::End(StepState::Done), String::new()),
        "again" => (
            StepChange::OpenAgain,
            why(reading, "Say why it is opened again"),
        ),
        "take-back" => (StepChange::TakeBack, why(reading, "")),
        "wait" => {
            let reason = form.get("reason").split_once(':');
            let reason = reason.map(|(set, code)| (set.to_owned(), code.to_owned()));
            (StepChange::Wait(reason), String::new())
        }
        "name" => {
            let name = reading.optional(form, "name", LINE);
            (StepChange::Name(name), String::new())
        }
        "offer" => {
            let to = form.parsed("to");
            if to.is_none() {
                reading.fault("to", "Choose an organisation");
            }
            let name = reading.optional(form, "to_name", LINE);
            let note = reading.optional(form, "note", kernel::limits::TEXT_CHARACTERS);
            (StepChange::Offer { to: to?, name }, note)
        }
        "elsewhere" => {
            let how = match form.get("how") {
                "not needed" => Some(StepState::NotNeeded),
                "done elsewhere" => Some(StepState::DoneElsewhere),
                _ => None,
            };
            if how.is_none() {
                reading.fault("how", "Choose what happened");
            }
            let why = why(reading, "Say why, or who did it");
            (StepChange::End(how?), why)
        }
        _ => {
            reading.fault("what", "Choose what to do");
            return None;
        }
    };
    reading.faults.is_empty().then_some(read)
}

pub(super) fn change(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let id: StepId = visit.id("id")?;
    let page = web.app.step(actor, id)?;
    let mut reading = Reading::default();
    let back = steps_address(page.case, &page.case_id);
    if let Some((change, why)) = read(visit, &mut reading) {
        let version = visit.form.parsed("version").unwrap_or(0);
        match web.app.change_step(actor, id, version, &change, &why) {
            Ok(()) => return Ok(shell::see_other(&saved(&back))),
            Err(app::Error::Invalid(errors)) => {
                for error in errors {
                    reading.fault(error.field, error.text);
                }
            }
            Err(app::Error::Stale { who, what }) => {
                return Err(Trouble::Stale {
                    who,
                    what,
                    back,
                    typed: typed(visit),
                });
            }
            Err(other) => return Err(other.into()),
        }
    }
    drawn(web, visit, &page, reading)
}

/// What was typed, to be shown again when it could not be saved.
fn typed(visit: &Visit) -> Vec<(String, String)> {
    [
        ("why", "Why"),
        ("note", "What they must know"),
        ("name", "Name"),
    ]
    .into_iter()
    .filter_map(|(name, label)| Some((label.to_owned(), visit.form.given(name)?.to_owned())))
    .collect()
}

/// The address with the word that something was saved, before its anchor.
pub(super) fn saved(address: &str) -> String {
    match address.split_once('#') {
        Some((page, anchor)) => format!("{page}?saved=yes#{anchor}"),
        None => format!("{address}?saved=yes"),
    }
}

fn answer_drawn(
    web: &Web,
    visit: &Visit,
    (page, view): (&StepPage, &HandoverView),
    reading: Reading,
) -> Outcome {
    let now = web.app.now();
    let from = view.from.as_deref().unwrap_or("Nobody");
    let mut intro = vec![format!(
        "{from} asks {} to take this step. Offered by {} {}.",
        view.to,
        words::known(&view.offer.offered_by),
        words::near_time(view.offer.offered_at, now)
    )];
    if !view.offer.note.is_empty() {
        intro.push(format!("What they say: {}", view.offer.note));
    }
    let forms = match &view.offer.answer {
        Some(said) => {
            intro.push(format!(
                "It was {} by {} {}.",
                said.answer,
                words::known(&said.by),
                words::near_time(said.at, now)
            ));
            Vec::new()
        }
        None if !view.mine => {
            intro.push(format!("Only {} can answer.", view.to));
            Vec::new()
        }
        None => vec![answer_form(visit, &reading)],
    };
    shell::ok(&FormPage {
        shell: Shell::new(web, visit, page.view.step.title.clone(), Section::Board)
            .with_faults(!reading.faults.is_empty()),
        faults: reading.faults,
        saved: "",
        person: page.person.clone(),
        back: steps_address(page.case, &page.case_id),
        back_words: "Back to the case",
        intro,
        action: format!("/flow/handover/{}", view.offer.id),
        list: None,
        forms,
    })
}

fn answer_form(visit: &Visit, reading: &Reading) -> Part {
    let chosen = visit.form.get("answer");
    let name = visit.form.get("name").to_owned();
    Part {
        title: "Your answer",
        intro: Vec::new(),
        hidden: Vec::new(),
        fields: vec![
            Field::Choice(Radios {
                name: "answer".to_owned(),
                legend: "Do you take this step?".to_owned(),
                error: reading.of("answer"),
                choices: vec![
                    Choice::new("accept", "Yes, it is ours now", chosen),
                    Choice::new("decline", "No, we cannot take it", chosen),
                ],
                ..Radios::default()
            }),
            line(
                "name",
                "Who does it",
                "If you answer for an organisation that does not use this system, the name of who told you",
                name,
                reading,
            ),
            area("why", "If not, why?", "", visit, reading),
        ],
        button: "Send the answer",
    }
}

pub(super) fn answer_page(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let id: HandoverId = visit.id("id")?;
    let (page, view) = web.app.offered_step(actor, id)?;
    answer_drawn(web, visit, (&page, &view), Reading::default())
}

pub(super) fn answer(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let id: HandoverId = visit.id("id")?;
    let (page, view) = web.app.offered_step(actor, id)?;
    let mut reading = Reading::default();
    let accept = match visit.form.get("answer") {
        "accept" => Some(true),
        "decline" => Some(false),
        _ => {
            reading.fault("answer", "Choose yes or no");
            None
        }
    };
    let name = reading.optional(&visit.form, "name", LINE);
    let why = reading.optional(&visit.form, "why", kernel::limits::TEXT_CHARACTERS);
    if let Some(accept) = accept.filter(|_| reading.faults.is_empty()) {
        match web.app.answer_handover(actor, id, accept, &name, &why) {
            Ok(()) => {
                let back = steps_address(page.case, &page.case_id);
                return Ok(shell::see_other(&saved(&back)));
            }
            Err(app::Error::Invalid(errors)) => {
                for error in errors {
                    reading.fault(error.field, error.text);
                }
            }
            Err(other) => return Err(other.into()),
        }
    }
    answer_drawn(web, visit, (&page, &view), reading)
}
