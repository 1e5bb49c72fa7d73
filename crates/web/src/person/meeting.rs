//! Meetings of a team: the agenda drawn from live cases, decisions and actions, minutes to print.

use super::plan_form::day_in_one;
use super::who;
use crate::components::{Fault, Field, Input, Tag, TextArea};
use crate::door::Visit;
use crate::form::Reading;
use crate::routes::{Outcome, Route, staff, staff_post};
use crate::shell::{self, Section, Shell};
use crate::trouble::Trouble;
use crate::{Web, words};
use access::{Action, Actor};
use app::person::{MeetingItem, MeetingPage, NewAction};
use askama::Template;
use kernel::MeetingId;
use store::meeting::Meeting;

pub(super) fn routes() -> Vec<Route> {
    vec![
        staff("/meetings", list),
        staff_post("/meetings", open),
        staff("/meeting/{id}", page),
        staff_post("/meeting/{id}", change),
        staff("/meeting/{id}/print", print),
    ]
}

/// Rows for actions under each decision.
const ACTIONS: usize = 3;

/// Somebody of the agenda.
struct Line {
    name: String,
    href: String,
    plan: String,
    why: Vec<String>,
}

#[derive(Template)]
#[template(path = "person/meetings.html")]
struct ListPage {
    shell: Shell,
    faults: Vec<Fault>,
    fields: Vec<Field>,
    agenda: Vec<Line>,
    counted: String,
    meetings: Vec<(String, String, String)>,
}

fn draw_list(web: &Web, visit: &Visit, actor: &Actor, reading: Reading) -> Outcome {
    let found = web.app.meetings(actor)?;
    let form = &visit.form;
    let usual = format!("Team meeting of {}", words::date(web.app.today()));
    let name = if visit.is_form() {
        form.get("name")
    } else {
        &usual
    };
    let fields = vec![
        Field::Text(Input {
            name: "name".to_owned(),
            label: "Name of the meeting".to_owned(),
            value: name.to_owned(),
            error: reading.of("name"),
            ..Input::default()
        }),
        Field::Area(TextArea {
            name: "present".to_owned(),
            label: "Who is there?".to_owned(),
            value: form.get("present").to_owned(),
            error: reading.of("present"),
            rows: 2,
            ..TextArea::default()
        }),
    ];
    let people = i64::try_from(found.agenda.len()).unwrap_or(i64::MAX);
    let meetings = found.meetings.iter().map(|one| {
        let state = if one.closed.is_some() {
            "Closed"
        } else {
            "Open"
        };
        (
            format!("/meeting/{}", one.id),
            one.name.clone(),
            state.to_owned(),
        )
    });
    shell::ok(&ListPage {
        shell: Shell::new(web, visit, "Team meetings", Section::Person)
            .with_faults(!reading.faults.is_empty()),
        faults: reading.faults,
        fields,
        counted: words::counted(people, "person"),
        agenda: found
            .agenda
            .into_iter()
            .map(|line| Line {
                name: line.person.list_name(),
                href: match line.stay {
                    Some(stay) => format!("/flow/stay/{stay}"),
                    None => who::address_of(line.person.id),
                },
                plan: format!("{}/plan", who::address_of(line.person.id)),
                why: line.why,
            })
            .collect(),
        meetings: meetings.collect(),
    })
}

fn list(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    draw_list(web, visit, actor, Reading::default())
}

fn open(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    access::decide(actor, Action::HoldMeeting).map_err(Trouble::Denied)?;
    let form = &visit.form;
    match web
        .app
        .open_meeting(actor, form.get("name"), form.get("present"))
    {
        Ok(id) => Ok(shell::see_other(&format!("/meeting/{id}"))),
        Err(app::Error::Invalid(errors)) => {
            let mut reading = Reading::default();
            for error in errors {
                reading.fault(error.field, error.text);
            }
            draw_list(web, visit, actor, reading)
        }
        Err(other) => Err(other.into()),
    }
}

/// Something to be done.
struct Doing {
    number: i64,
    text: String,
    tag: Tag,
    open: bool,
}

/// Somebody of the meeting.
struct Item {
    number: i64,
    name: String,
    href: String,
    /// Address of their plan; empty if they may not be seen.
    plan: String,
    why: Vec<String>,
    decision: String,
    decided: String,
    actions: Vec<Doing>,
    /// May be decided here and now.
    open: bool,
    typed: String,
    error: Option<String>,
    actions_error: Option<String>,
    rows: Vec<[String; 3]>,
}

#[derive(Template)]
#[template(path = "person/meeting.html")]
struct Page {
    shell: Shell,
    faults: Vec<Fault>,
    done: &'static str,
    when: String,
    present: String,
    progress: String,
    items: Vec<Item>,
    open: bool,
    base: String,
}

#[derive(Template)]
#[template(path = "person/meeting-print.html")]
struct PrintPage {
    shell: Shell,
    back: String,
    when: String,
    present: String,
    items: Vec<Item>,
}

fn when(meeting: &Meeting) -> String {
    let began = format!(
        "Opened on {} by {}.",
        words::date_time(meeting.opened_at),
        meeting.opened_by
    );
    match &meeting.closed {
        Some((at, by)) => format!("{began} Closed on {} by {by}.", words::date_time(*at)),
        None => began,
    }
}

fn item(web: &Web, one: MeetingItem, open: bool) -> Item {
    let today = web.app.today();
    let actions = one.actions.into_iter().map(|action| {
        let late = action.done.is_none() && action.due_on < today;
        Doing {
            number: action.number,
            text: format!(
                "{}: {}, by {}",
                action.owner,
                action.what,
                words::date(action.due_on)
            ),
            tag: match (&action.done, late) {
                (Some(_), _) => Tag::new("Done", "green"),
                (None, true) => Tag::new("Late", "red"),
                (None, false) => Tag::new("To be done", "yellow"),
            },
            open: action.done.is_none(),
        }
    });
    let (name, href) = match (&one.person, one.item.stay) {
        (None, _) => (
            "Somebody whom you may not see now".to_owned(),
            String::new(),
        ),
        (Some(person), Some(stay)) => (person.list_name(), format!("/flow/stay/{stay}")),
        (Some(person), None) => (person.list_name(), who::address_of(person.id)),
    };
    let plan = one.person.as_ref();
    let plan = plan.map(|person| format!("{}/plan", who::address_of(person.id)));
    Item {
        plan: plan.unwrap_or_default(),
        number: one.item.number,
        open: open && one.person.is_some() && one.item.decided.is_none(),
        name,
        href,
        why: one.item.why,
        decision: one.item.decision,
        decided: one.item.decided.map_or_else(String::new, |(at, by)| {
            format!("Written down by {by}, {}.", words::date_time(at))
        }),
        actions: actions.collect(),
        typed: String::new(),
        error: None,
        actions_error: None,
        rows: (0..ACTIONS).map(|_| <[String; 3]>::default()).collect(),
    }
}

fn draw(
    web: &Web,
    visit: &Visit,
    found: MeetingPage,
    (number, reading): (i64, Reading),
) -> Outcome {
    let MeetingPage { meeting, items } = found;
    let open = meeting.closed.is_none();
    let mut items: Vec<Item> = items.into_iter().map(|one| item(web, one, open)).collect();
    let decided = items.iter().filter(|one| !one.decided.is_empty()).count();
    let progress = format!("{decided} of {} spoken of.", items.len());
    // What was typed comes back to where it was typed.
    if let Some(item) = items.iter_mut().find(|one| one.number == number) {
        item.typed = visit.form.get("decision").to_owned();
        item.error = reading.of("decision");
        item.actions_error = reading.of("actions");
        item.rows = (0..ACTIONS)
            .map(|at| {
                ["what", "owner", "due"]
                    .map(|part| visit.form.get(&format!("{part}-{at}")).to_owned())
            })
            .collect();
    }
    let faults = reading.faults.into_iter().map(|fault| Fault {
        field: format!("{}-{number}", fault.field),
        ..fault
    });
    let faults: Vec<Fault> = faults.collect();
    shell::ok(&Page {
        shell: Shell::new(web, visit, meeting.name.clone(), Section::Person)
            .with_faults(!faults.is_empty()),
        faults,
        done: match visit.query.get("done") {
            "decided" => "The decision is written down, and went back to the case",
            "done" => "It is noted as done",
            "closed" => "The meeting is closed",
            _ => "",
        },
        when: when(&meeting),
        present: words::known(&meeting.present).to_owned(),
        progress,
        items,
        open,
        base: format!("/meeting/{}", meeting.id),
    })
}

fn page(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let id: MeetingId = visit.id("id")?;
    let found = web.app.meeting(actor, id)?;
    draw(web, visit, found, (0, Reading::default()))
}

fn print(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let id: MeetingId = visit.id("id")?;
    let found = web.app.meeting(actor, id)?;
    let items = found.items.into_iter().map(|one| item(web, one, false));
    shell::ok(&PrintPage {
        shell: Shell::new(web, visit, found.meeting.name.clone(), Section::Person),
        back: format!("/meeting/{id}"),
        when: when(&found.meeting),
        present: words::known(&found.meeting.present).to_owned(),
        items: items.collect(),
    })
}

/// The actions as typed; empty rows are passed over.
fn actions(visit: &Visit) -> Vec<NewAction> {
    let form = &visit.form;
    (0..ACTIONS)
        .map(|at| {
            let get = |part: &str| form.get(&format!("{part}-{at}")).to_owned();
            (get("what"), get("owner"), get("due"))
        })
        .filter(|(what, owner, due)| !(what.is_empty() && owner.is_empty() && due.is_empty()))
        .map(|(what, owner, due)| NewAction {
            what,
            owner,
            due_on: day_in_one(&due),
        })
        .collect()
}

fn change(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    access::decide(actor, Action::HoldMeeting).map_err(Trouble::Denied)?;
    let id: MeetingId = visit.id("id")?;
    let form = &visit.form;
    let number: i64 = form.parsed("item").unwrap_or(0);
    let back = |what: &str| {
        Ok(shell::see_other(&format!(
            "/meeting/{id}?done={what}#item-{number}"
        )))
    };
    match form.get("do") {
        "close" => {
            web.app.close_meeting(actor, id)?;
            return Ok(shell::see_other(&format!("/meeting/{id}?done=closed")));
        }
        "done" => {
            let action = form.parsed("action").unwrap_or(0);
            web.app.meeting_action_done(actor, (id, number, action))?;
            return back("done");
        }
        _ => {}
    }
    let decision = form.get("decision");
    match web
        .app
        .decide_in_meeting(actor, (id, number), decision, &actions(visit))
    {
        Ok(()) => back("decided"),
        Err(app::Error::Invalid(errors)) => {
            let mut reading = Reading::default();
            for error in errors {
                reading.fault(error.field, error.text);
            }
            let found = web.app.meeting(actor, id)?;
            draw(web, visit, found, (number, reading))
        }
        Err(error) => Err(match Trouble::from(error) {
            Trouble::Stale { who, what, .. } => Trouble::Stale {
                who,
                what,
                back: format!("/meeting/{id}"),
                typed: vec![("Decision".to_owned(), decision.to_owned())],
            },
            other => other,
        }),
    }
}
