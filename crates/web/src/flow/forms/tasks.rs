//! The list of a form's sections, with how each stands.

use super::{Desk, caption};
use crate::Web;
use crate::components::{Fault, Input};
use crate::door::Visit;
use crate::flow::triage_begins::out_of;
use crate::routes::Outcome;
use crate::shell::{self, Section, Shell};
use app::flow::forms::{FormPage, Which};
use askama::Template;
use flow::form::{SectionState, progress};

struct Task {
    href: String,
    title: String,
    hint: String,
    state: &'static str,
    colour: &'static str,
    done: bool,
}

#[derive(Template)]
#[template(path = "forms/tasks.html")]
struct Page {
    shell: Shell,
    faults: Vec<Fault>,
    csrf: String,
    why: Input,
    back: String,
    back_words: &'static str,
    caption: String,
    notes: Vec<String>,
    about: String,
    saved: &'static str,
    tasks: Vec<Task>,
    request: Option<(String, String)>,
    base: String,
    print: bool,
}

/// What is said of a form in an older version.
pub(super) fn version_note(page: &FormPage) -> Option<String> {
    let newer = page.newer.as_ref().filter(|_| page.is_open())?;
    Some(format!(
        "This was begun with version {} of the form and goes on with it. New ones begin with \
         version {newer}.",
        page.form.version
    ))
}

pub(in crate::flow) fn page(web: &Web, visit: &Visit, desk: &Desk<'_>) -> Outcome {
    drawn(web, visit, desk, Vec::new())
}

pub(super) fn drawn(
    web: &Web,
    visit: &Visit,
    desk: &Desk<'_>,
    errors: Vec<app::FieldError>,
) -> Outcome {
    let page = web.app.form_page(desk.which, None)?;
    if !page.is_open() {
        return Ok(shell::see_other(&format!("{}/check", desk.base)));
    }
    let tasks = progress(&page.form, &page.answers, &page.marks)
        .into_iter()
        .map(|one| Task {
            href: format!("{}/section/{}", desk.base, one.section.link),
            title: one.section.title.clone(),
            hint: match (one.state, one.missing) {
                (SectionState::NotYetStarted, _) | (_, 0) => String::new(),
                (_, 1) => "1 question still needs an answer".to_owned(),
                (_, many) => format!("{many} questions still need an answer"),
            },
            state: one.state.in_words(),
            colour: match one.state {
                SectionState::NotYetStarted => "blue",
                _ => "aqua-green",
            },
            done: one.state == SectionState::Completed,
        })
        .collect();
    let (back, back_words) = desk.back_of(&page);
    shell::ok(&Page {
        shell: Shell::new(web, visit, page.form.title.clone(), Section::Person)
            .with_faults(!errors.is_empty()),
        csrf: desk.csrf.clone(),
        why: Input {
            name: "why".to_owned(),
            label: "Why is it not needed?".to_owned(),
            value: visit.form.get("why").to_owned(),
            error: errors.first().map(|error| error.text.clone()),
            ..Input::default()
        },
        faults: errors
            .into_iter()
            .map(|error| Fault {
                field: error.field.to_owned(),
                text: error.text,
            })
            .collect(),
        back,
        back_words,
        caption: caption(&page),
        notes: version_note(&page).into_iter().collect(),
        about: page.form.about.clone(),
        saved: match desk.which {
            Which::Staff(..) => {
                "Each answer is saved as you give it. You can stop and go on from anywhere."
            }
            Which::Key(_) => {
                "Each answer is saved as you give it. You can stop and go on later in this \
                 browser. Nobody reads it before you send it."
            }
        },
        request: match desk.which {
            Which::Staff(actor, id) => out_of(web, actor, &id.to_string())?,
            Which::Key(_) => None,
        },
        tasks,
        base: desk.base.clone(),
        print: matches!(desk.which, Which::Staff(..)),
    })
}
