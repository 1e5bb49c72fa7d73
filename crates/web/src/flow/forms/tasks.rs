//! The list of a form's sections, with how each stands.

use super::{Desk, caption};
use crate::Web;
use crate::door::Visit;
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
    back: String,
    back_words: &'static str,
    caption: String,
    notes: Vec<String>,
    about: String,
    saved: &'static str,
    tasks: Vec<Task>,
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
        shell: Shell::new(web, visit, page.form.title.clone(), Section::Person),
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
        tasks,
        base: desk.base.clone(),
        print: matches!(desk.which, Which::Staff(..)),
    })
}
