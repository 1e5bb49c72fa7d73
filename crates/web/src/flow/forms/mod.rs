//! Forms that are filled in: a list of sections, a page for each, the answers to check and to
//! print. Each answer is saved by a small POST of its own; without scripts the button of each
//! page saves.

pub(super) mod check;
mod draw;
mod ends;
mod person;
pub(super) mod section;
pub(super) mod tasks;

use crate::door::Visit;
use crate::routes::{Outcome, Route, staff, staff_post};
use crate::trouble::Trouble;
use crate::{Web, shell};
use access::Actor;
use app::flow::forms::{FormPage, REFERRAL, Which};
use axum::body::Body;
use axum::http::{Response, StatusCode};
use kernel::FormId;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        staff("/person/{id}/forms", person::page),
        staff_post("/person/{id}/forms", person::begin),
        staff("/flow/form/{id}", list),
        staff("/flow/form/{id}/section/{what}", part),
        staff_post("/flow/form/{id}/section/{what}", save_part),
        staff_post("/flow/form/{id}/answer", answer),
        staff("/flow/form/{id}/check", to_check),
        staff_post("/flow/form/{id}/check", finish),
        staff("/flow/form/{id}/print", print),
        staff_post("/flow/form/{id}/accept", accept),
        staff_post("/flow/form/{id}/give-up", give_up),
    ]
}

/// Where a form is filled in, and by whom.
pub(super) struct Desk<'a> {
    /// Which form.
    pub(super) which: Which<'a>,
    /// The address that its pages begin with.
    pub(super) base: String,
    /// What its forms must carry.
    pub(super) csrf: String,
    /// Where the list leads back to, and what that is called.
    pub(super) back: Option<(String, &'static str)>,
}

impl<'a> Desk<'a> {
    fn of(visit: &Visit, actor: &'a Actor) -> Result<Self, Trouble> {
        let id: FormId = visit.id("id")?;
        Ok(Self {
            which: Which::Staff(actor, id),
            base: format!("/flow/form/{id}"),
            csrf: visit.csrf(),
            back: None,
        })
    }

    /// Where the list leads back to.
    pub(super) fn back_of(&self, page: &FormPage) -> (String, &'static str) {
        match (&self.back, &page.kept.person) {
            (Some((href, words)), _) => (href.clone(), words),
            (None, Some(person)) if page.kept.name == REFERRAL && page.person.is_some() => (
                format!("/person/{person}/refer"),
                "Requests for help for this person",
            ),
            (None, _) if page.kept.name == REFERRAL => {
                ("/refer".to_owned(), "Ask for help for somebody")
            }
            (None, Some(person)) => (
                format!("/person/{person}/forms"),
                "Assessments of this person",
            ),
            (None, None) => ("/".to_owned(), "Back to the start"),
        }
    }
}

/// The person whom a form is about, as its pages name them.
pub(super) fn caption(page: &FormPage) -> String {
    let person = page.person.as_ref().map(::person::Person::list_name);
    person.unwrap_or_default()
}

/// What a small POST is answered with.
pub(super) fn json(status: StatusCode, value: &serde_json::Value) -> Response<Body> {
    let mut response = shell::raw("application/json", value.to_string().into_bytes());
    *response.status_mut() = status;
    response
}

fn list(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    tasks::page(web, visit, &Desk::of(visit, actor)?)
}

fn part(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    section::page(web, visit, &Desk::of(visit, actor)?)
}

fn save_part(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let desk = Desk::of(visit, actor)?;
    if let (Some(link), Which::Staff(actor, id)) = (visit.form.given("take"), desk.which) {
        // What is typed on the page goes along, so that taking over loses nothing.
        section::keep(web, visit, &desk)?;
        web.app.take_over(actor, id, link, visit.form.get("page"))?;
        let what = visit.param("what");
        return Ok(shell::see_other(&format!(
            "{}/section/{what}#q-{link}",
            desk.base
        )));
    }
    section::save(web, visit, &desk)
}

fn answer(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    section::answer(web, visit, &Desk::of(visit, actor)?)
}

fn to_check(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    check::page(web, visit, &Desk::of(visit, actor)?, Vec::new())
}

fn finish(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let desk = Desk::of(visit, actor)?;
    let Which::Staff(_, id) = desk.which else {
        return Err(Trouble::NotFound);
    };
    let form = web.app.form_of(desk.which)?;
    if form.name == REFERRAL {
        return match web.app.send_referral(desk.which) {
            Ok(_) => Ok(shell::see_other(&format!("{}/check?done=sent", desk.base))),
            Err(app::Error::Invalid(errors)) => check::page(web, visit, &desk, errors),
            Err(other) => Err(other.into()),
        };
    }
    let said = ends::said(visit, &web.app.endings(actor, id)?);
    match web.app.sign_form(actor, id, &said) {
        Ok(()) => Ok(shell::see_other(&format!(
            "{}/check?done=signed",
            desk.base
        ))),
        Err(app::Error::Invalid(errors)) => check::page(web, visit, &desk, errors),
        Err(other) => Err(other.into()),
    }
}

fn print(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    check::print(web, visit, &Desk::of(visit, actor)?)
}

/// A home or service has accepted a signed assessment.
fn accept(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    access::decide(actor, access::Action::Assess).map_err(app::Error::from)?;
    let desk = Desk::of(visit, actor)?;
    let id: FormId = visit.id("id")?;
    let agreement = visit.form.parsed("agreement").ok_or(Trouble::NotFound)?;
    let said_by = visit.form.get("said_by");
    match web.app.accept_assessment(actor, (id, agreement), said_by) {
        Ok(()) => Ok(shell::see_other(&format!(
            "{}/check?done=accepted",
            desk.base
        ))),
        Err(app::Error::Invalid(errors)) => check::page(web, visit, &desk, errors),
        Err(other) => Err(other.into()),
    }
}

/// A form that is not needed after all is given up, with a reason.
fn give_up(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    access::decide(actor, access::Action::Refer).map_err(app::Error::from)?;
    let desk = Desk::of(visit, actor)?;
    let id: FormId = visit.id("id")?;
    match web.app.withdraw_form(actor, id, visit.form.get("why")) {
        Ok(()) => Ok(shell::see_other(&format!("{}/check", desk.base))),
        Err(app::Error::Invalid(errors)) => tasks::drawn(web, visit, &desk, errors),
        Err(other) => Err(other.into()),
    }
}
