//! One page for every small form that changes a stay: what stands now is filled
//! in, what is wrong is said beside its field, and the version shown goes along
//! so that nobody's change is lost in silence. The fields are in `edit_fields`.

use super::edit_fields::Draft;
use super::edit_read::Sent;
use crate::Web;
use crate::components::{Choice, Fault, Field};
use crate::door::Visit;
use crate::form::{Fields, Reading};
use crate::routes::Outcome;
use crate::shell::{self, Section, Shell};
use crate::trouble::Trouble;
use access::{Action, Actor};
use app::flow::StayPage;
use askama::Template;
use kernel::{SegmentId, StayId};

impl Field {
    /// Id of the first box of the field called `name`, if this is it.
    fn anchor(&self, name: &str) -> Option<String> {
        let own = match self {
            Self::Text(f) => &f.name,
            Self::Area(f) => &f.name,
            Self::List(f) => &f.name,
            Self::Choice(f) | Self::Boxes(f) => &f.name,
            Self::Day(f) => {
                return (f.name == name || name.is_empty()).then(|| format!("{}-day", f.name));
            }
        };
        (own == name || name.is_empty()).then(|| own.clone())
    }
}

impl Field {
    /// The question and the answer that was typed, so that it can be shown
    /// again when it could not be saved; `None` for an empty answer.
    fn as_typed(&self) -> Option<(String, String)> {
        let chosen = |choices: &[Choice]| {
            let found = choices
                .iter()
                .find(|choice| choice.chosen && !choice.value.is_empty());
            found.map(|choice| choice.text.clone()).unwrap_or_default()
        };
        let (question, answer) = match self {
            Self::Text(f) => (&f.label, f.value.clone()),
            Self::Area(f) => (&f.label, f.value.clone()),
            Self::List(f) => (&f.label, chosen(&f.choices)),
            Self::Choice(f) | Self::Boxes(f) => (&f.legend, chosen(&f.choices)),
            Self::Day(f) => (
                &f.legend,
                format!("{} {} {}", f.day, f.month, f.year)
                    .trim()
                    .to_owned(),
            ),
        };
        (!answer.is_empty()).then(|| (question.clone(), answer))
    }
}

/// A form page.
#[derive(Template)]
#[template(path = "flow/edit.html")]
pub struct EditPage {
    /// Around it.
    pub shell: Shell,
    /// What is wrong, for the summary.
    pub faults: Vec<Fault>,
    /// Whose stay it is.
    pub person: String,
    /// What to know before filling it in.
    pub intro: Vec<String>,
    /// Address of the stay.
    pub back: String,
    /// Where the form goes.
    pub action: String,
    /// Version of the stay that is shown.
    pub version: i64,
    /// The fields in order.
    pub fields: Vec<Field>,
    /// What the button says.
    pub button: &'static str,
}

/// What a form changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// From a day on, the person waits for something else.
    Reason,
    /// A reason on file was wrong.
    Correct(SegmentId),
    /// The first test of readiness.
    Clinical,
    /// The second.
    Team,
    /// The third.
    Safe,
    /// The ready date, where the tests are not in use.
    Ready,
    /// The expected date.
    Expected,
    /// The day the council had assessed.
    Assessed,
    /// The next action.
    Next,
    /// The pathway.
    Pathway,
    /// Ward and bed.
    Bed,
    /// The council of residence.
    Council,
    /// The next place or service.
    Destination,
    /// The person has left.
    Discharge,
    /// The person has not left after all.
    UndoDischarge,
}

impl What {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "reason" => Self::Reason,
            "clinical" => Self::Clinical,
            "team" => Self::Team,
            "safe" => Self::Safe,
            "ready" => Self::Ready,
            "expected" => Self::Expected,
            "assessed" => Self::Assessed,
            "next" => Self::Next,
            "pathway" => Self::Pathway,
            "bed" => Self::Bed,
            "council" => Self::Council,
            "destination" => Self::Destination,
            "discharge" => Self::Discharge,
            "undo-discharge" => Self::UndoDischarge,
            _ => return None,
        })
    }

    const fn title(self) -> &'static str {
        match self {
            Self::Reason => "What does the person wait for now?",
            Self::Correct(_) => "Correct a reason for waiting",
            Self::Clinical => "When did a clinician decide that the person is ready?",
            Self::Team => "When did the team decide that the person is ready?",
            Self::Safe => "From when is it safe to go?",
            Self::Ready => "Since when is the person ready to leave?",
            Self::Expected => "When is the person expected to leave?",
            Self::Assessed => "When had the council assessed?",
            Self::Next => "What is the next action?",
            Self::Pathway => "Which pathway?",
            Self::Bed => "Where is the person?",
            Self::Council => "Which council does the person live in?",
            Self::Destination => "Where does the person go next?",
            Self::Discharge => "When and how did the person leave?",
            Self::UndoDischarge => "Has the person not left after all?",
        }
    }

    fn intro(self, page: &StayPage) -> Vec<String> {
        let text = match self {
            Self::Reason => {
                "The reason before it ends on the day this one starts, and stays in the history. \
                 If what is recorded was wrong, go back and choose Correct beside it."
            }
            Self::Correct(_) => "What was recorded stays in the history, marked as corrected.",
            Self::Clinical | Self::Team | Self::Safe => {
                "The person is ready to leave from the latest of the three days: the clinical \
                 decision, the team decision, and the day from which it is safe to go."
            }
            Self::Discharge if page.row.stay.discharged_on.is_some() => {
                "What was recorded stays in the history."
            }
            Self::UndoDischarge => "The person is back on the board once you save.",
            _ => return Vec::new(),
        };
        vec![text.to_owned()]
    }

    const fn button(self) -> &'static str {
        match self {
            Self::Correct(_) => "Save the correction",
            Self::Discharge => "Save the discharge",
            Self::UndoDischarge => "Undo the discharge",
            _ => "Save",
        }
    }

    fn address(self, stay: StayId, name: &str) -> String {
        match self {
            Self::Correct(segment) => format!("/flow/stay/{stay}/delay/{segment}"),
            _ => format!("/flow/stay/{stay}/edit/{name}"),
        }
    }
}

fn asked(visit: &Visit) -> Result<(StayId, What), Trouble> {
    let what = What::named(visit.param("what")).ok_or(Trouble::NotFound)?;
    Ok((visit.id("id")?, what))
}

fn asked_segment(visit: &Visit) -> Result<(StayId, What), Trouble> {
    Ok((visit.id("id")?, What::Correct(visit.id("segment")?)))
}

pub(super) fn form(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    show(web, visit, actor, asked(visit)?)
}

pub(super) fn correct_form(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    show(web, visit, actor, asked_segment(visit)?)
}

pub(super) fn save(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    take(web, visit, actor, asked(visit)?)
}

pub(super) fn correct_save(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    take(web, visit, actor, asked_segment(visit)?)
}

fn show(web: &Web, visit: &Visit, actor: &Actor, (id, what): (StayId, What)) -> Outcome {
    access::decide(actor, Action::ChangeStay).map_err(app::Error::from)?;
    let page = web.app.stay(actor, id)?;
    there(&page, what)?;
    let version = page.row.version;
    shell::ok(&drawn(
        web,
        visit,
        &page,
        what,
        Reading::default(),
        None,
        version,
    ))
}

/// A segment that no longer stands cannot be corrected.
fn there(page: &StayPage, what: What) -> Result<(), Trouble> {
    match what {
        What::Correct(segment) => page
            .delays
            .iter()
            .any(|line| line.kept.segment.id == segment && line.kept.superseded.is_none())
            .then_some(())
            .ok_or(Trouble::NotFound),
        _ => Ok(()),
    }
}

fn drawn(
    web: &Web,
    visit: &Visit,
    page: &StayPage,
    what: What,
    reading: Reading,
    typed: Option<&Fields>,
    version: i64,
) -> EditPage {
    let id = page.row.stay.id;
    let fields = Draft {
        web,
        page,
        typed,
        reading: &reading,
    }
    .fields(what);
    EditPage {
        shell: Shell::new(web, visit, what.title(), Section::Board)
            .with_faults(!reading.faults.is_empty()),
        faults: reading.faults,
        person: page.person.list_name(),
        intro: what.intro(page),
        back: format!("/flow/stay/{id}"),
        action: what.address(id, visit.param("what")),
        version,
        fields,
        button: what.button(),
    }
}

fn take(web: &Web, visit: &Visit, actor: &Actor, (id, what): (StayId, What)) -> Outcome {
    access::decide(actor, Action::ChangeStay).map_err(app::Error::from)?;
    let page = web.app.stay(actor, id)?;
    let version = visit.form.parsed("version").unwrap_or(0);
    let back = format!("/flow/stay/{id}");
    let mut reading = Reading::default();
    let sent = Sent {
        web,
        page: &page,
        fields: &visit.form,
        reading: &mut reading,
    };
    if let Some(change) = sent.read(what) {
        let why = visit.form.get("why");
        match web.app.change_stay(actor, id, version, &change, why) {
            Ok(_) => return Ok(shell::see_other(&format!("{back}?saved=yes"))),
            Err(app::Error::Invalid(errors)) => {
                let fields = Draft {
                    web,
                    page: &page,
                    typed: None,
                    reading: &reading,
                }
                .fields(what);
                for error in errors {
                    reading.fault(&anchor(&fields, error.field), error.text);
                }
            }
            Err(app::Error::Stale { who, what: changed }) => {
                let draft = Draft {
                    web,
                    page: &page,
                    typed: Some(&visit.form),
                    reading: &reading,
                };
                let typed = draft
                    .fields(what)
                    .iter()
                    .filter_map(Field::as_typed)
                    .collect();
                return Err(Trouble::Stale {
                    who,
                    what: changed,
                    back,
                    typed,
                });
            }
            Err(other) => return Err(other.into()),
        }
    }
    shell::ok(&drawn(
        web,
        visit,
        &page,
        what,
        reading,
        Some(&visit.form),
        version,
    ))
}

/// Where a fault of a field is shown: at the field, or at the first one when
/// the form does not have it.
fn anchor(fields: &[Field], name: &str) -> String {
    let at = |name: &str| fields.iter().find_map(|field| field.anchor(name));
    at(name)
        .or_else(|| at(""))
        .unwrap_or_else(|| name.to_owned())
}
