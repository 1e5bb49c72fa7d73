//! The assessments of a person: those that are there, and beginning one.

use crate::Web;
use crate::components::Tag;
use crate::door::Visit;
use crate::person::who;
use crate::routes::Outcome;
use crate::shell::{self, Section, Shell};
use crate::trouble::Trouble;
use crate::words;
use access::Actor;
use askama::Template;
use kernel::PersonId;
use store::form::{FormState, Kept};

struct Line {
    href: String,
    title: String,
    tag: Tag,
    line: String,
}

struct Begin {
    name: String,
    title: String,
    about: String,
    /// What is said when one is being filled in already.
    open: String,
}

#[derive(Template)]
#[template(path = "forms/person.html")]
struct Page {
    shell: Shell,
    back: String,
    person: String,
    action: String,
    forms: Vec<Line>,
    begin: Vec<Begin>,
}

fn line(kept: &Kept, title: &str) -> Line {
    let (tag, line) = match (&kept.state, &kept.finished) {
        (FormState::Signed, Some((at, by, _))) => (
            Tag::new("Signed", "green"),
            format!(
                "Signed on {} by {by}, {}",
                words::date_time(*at),
                kept.source
            ),
        ),
        (FormState::Withdrawn, Some((at, by, why))) => (
            Tag::new("Given up", "grey"),
            format!("Given up on {} by {by}: {why}", words::date_time(*at)),
        ),
        _ => (
            Tag::new("Being filled in", "blue"),
            format!(
                "Begun on {} by {}, {}; last answer on {}",
                words::date_time(kept.started_at),
                kept.started_by,
                kept.source,
                words::date_time(kept.touched_at)
            ),
        ),
    };
    Line {
        href: format!("/flow/form/{}", kept.id),
        title: title.to_owned(),
        tag,
        line,
    }
}

pub(super) fn page(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let id: PersonId = visit.id("id")?;
    let found = web.app.person_forms(actor, id)?;
    let open = |name: &str| {
        let mut open = found.forms.iter().map(|(kept, _)| kept);
        open.find(|one| one.name == name && one.state == FormState::Open)
    };
    shell::ok(&Page {
        shell: Shell::new(web, visit, "Assessments", Section::Person),
        back: who::address_of(id),
        person: found.person.list_name(),
        action: format!("/person/{id}/forms"),
        begin: found
            .can_begin
            .iter()
            .map(|(name, title, about)| Begin {
                name: name.clone(),
                title: title.clone(),
                about: about.clone(),
                open: open(name).map_or_else(String::new, |one| {
                    let day = words::date(words::day_of(one.started_at));
                    format!(
                        "One is being filled in already: {} began it on {day}. It is in the list \
                         above.",
                        one.started_by
                    )
                }),
            })
            .collect(),
        forms: found
            .forms
            .iter()
            .map(|(kept, title)| line(kept, title))
            .collect(),
    })
}

pub(super) fn begin(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let id: PersonId = visit.id("id")?;
    let name = match visit.form.get("form") {
        app::flow::forms::REFERRAL => return Err(Trouble::NotFound),
        other => other,
    };
    access::decide(actor, access::Action::Assess).map_err(app::Error::from)?;
    let form = web.app.start_form(actor, name, Some(id))?;
    Ok(shell::see_other(&format!("/flow/form/{form}")))
}
