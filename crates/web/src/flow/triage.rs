//! The queue of requests for help, and the page on which one is decided.

use super::forms::check::{Part, answered};
use super::pieces::Piece;
use super::triage_begins::{self as begins, BegunRow};
use crate::components::{Choice, Fault, Field, Input, Radios, Select, Tag, TextArea};
use crate::door::Visit;
use crate::form::{Fields, Reading, escape};
use crate::routes::{Outcome as Reply, Route, staff, staff_post};
use crate::shell::{self, Section, Shell};
use crate::trouble::Trouble;
use crate::{Web, words};
use access::Actor;
use app::flow::begun::CarerIs;
use app::flow::triage::{Decision, Step, TriageCase};
use askama::Template;
use flow::triage::{Outcome, Priority};
use jiff::Timestamp;
use kernel::ReferralId;
use store::referral::{Line, ReferralState, Wanted};

pub(super) fn routes() -> Vec<Route> {
    vec![
        staff("/flow/triage", list),
        staff("/flow/triage/{id}", case),
        staff_post("/flow/triage/{id}", step),
    ]
}

/// Most services of the directory that are offered.
const SERVICES: usize = 10;

/// Who asked, in words.
pub(super) fn asker(code: &str) -> &'static str {
    match code {
        "self" => "the person themselves",
        "carer" => "a carer, a relative or a friend",
        "public" => "a neighbour or a member of the public",
        "gp" => "a GP practice",
        "ward" => "a hospital",
        "ambulance" => "the ambulance service",
        _ => "another service",
    }
}

fn priority_tag(priority: Priority) -> Tag {
    match priority {
        Priority::Urgent => Tag::new("Urgent", "red"),
        Priority::Soon => Tag::new("Soon", "orange"),
        Priority::Routine => Tag::new("Routine", "grey"),
    }
}

struct Row {
    href: String,
    name: String,
    priority: Tag,
    due: String,
    late: bool,
    line: String,
    others: String,
}

#[derive(Template)]
#[template(path = "flow/triage.html")]
struct QueuePage {
    shell: Shell,
    saved: &'static str,
    summary: String,
    show: Select,
    priority: Select,
    rows: Vec<Row>,
    page: usize,
    newer: Option<String>,
    older: Option<String>,
}

fn due(line: &Line, now: Timestamp) -> (String, bool) {
    let one = &line.referral;
    match (&one.decided, words::overdue(one.due_at, now)) {
        (Some((at, _)), _) => (format!("Decided {}", words::date_time(*at)), false),
        (None, Some(late)) => (late, true),
        (None, None) => (format!("Due {}", words::near_time(one.due_at, now)), false),
    }
}

fn name(line: &Line) -> String {
    match line.family_name.is_empty() {
        true => "Name not known".to_owned(),
        false => format!("{}, {}", line.family_name.to_uppercase(), line.given_name),
    }
}

fn row(line: &Line, now: Timestamp) -> Row {
    let one = &line.referral;
    let (due, late) = due(line, now);
    let state = match one.state {
        ReferralState::Waiting => "nobody has taken it".to_owned(),
        ReferralState::Taken => format!("{} is looking at it", one.taken_by),
        ReferralState::Decided => "decided".to_owned(),
        ReferralState::Merged => "put together with another".to_owned(),
    };
    Row {
        href: format!("/flow/triage/{}", one.id),
        name: name(line),
        priority: priority_tag(one.priority),
        due,
        late,
        line: format!(
            "Sent {} by {}; {state}",
            words::near_time(one.sent_at, now),
            asker(&one.asked_by)
        ),
        others: match line.others {
            0 => String::new(),
            1 => "There is another live request for this person".to_owned(),
            many => format!("There are {many} other live requests for this person"),
        },
    }
}

fn wanted(query: &Fields) -> Wanted {
    Wanted {
        closed: query.get("show") == "closed",
        late: query.get("show") == "late",
        untaken: query.get("show") == "untaken",
        priority: Priority::parse(query.get("priority")),
    }
}

fn list(web: &Web, visit: &Visit, actor: &Actor) -> Reply {
    let query = &visit.query;
    let number = query.page();
    let queue = web.app.triage(actor, wanted(query), number)?;
    let now = web.app.now();
    let show = query.get("show");
    let address = |page: usize| {
        let (show, priority) = (escape(show), escape(query.get("priority")));
        format!("/flow/triage?show={show}&priority={priority}&page={page}")
    };
    let select = |name: &str, label: &str, choices: Vec<Choice>| Select {
        name: name.to_owned(),
        label: label.to_owned(),
        choices,
        ..Select::default()
    };
    shell::ok(&QueuePage {
        shell: Shell::new(web, visit, "Requests for help", Section::Board),
        saved: match query.get("done") {
            "merged" => "The two requests are put together",
            _ => "",
        },
        summary: format!(
            "{} to decide, {} of them late, {} taken by nobody.",
            words::counted(queue.live, "request"),
            words::count(queue.late),
            words::count(queue.untaken)
        ),
        show: select(
            "show",
            "Show",
            vec![
                Choice::new("", "All that are to be decided", show),
                Choice::new("late", "Late", show),
                Choice::new("untaken", "Taken by nobody", show),
                Choice::new("closed", "Decided", show),
            ],
        ),
        priority: select(
            "priority",
            "Priority",
            [
                ("", "All"),
                ("urgent", "Urgent"),
                ("soon", "Soon"),
                ("routine", "Routine"),
            ]
            .map(|(code, text)| Choice::new(code, text, query.get("priority")))
            .into(),
        ),
        rows: queue.lines.iter().map(|line| row(line, now)).collect(),
        page: number,
        newer: (number > 1).then(|| address(number - 1)),
        older: queue.more.then(|| address(number + 1)),
    })
}

/// One box to tick.
pub(super) struct Tick {
    pub(super) id: String,
    pub(super) value: String,
    pub(super) text: String,
    pub(super) on: bool,
}

#[derive(Template)]
#[template(path = "flow/triage-case.html")]
struct CasePage {
    shell: Shell,
    faults: Vec<Fault>,
    saved: &'static str,
    action: String,
    version: i64,
    name: String,
    record: String,
    priority_tag: Tag,
    facts: Vec<(&'static str, String)>,
    whose: bool,
    live: bool,
    taken: bool,
    alike: Vec<Row>,
    alike_ids: Vec<String>,
    parts_: Vec<Part>,
    priority: Radios,
    why: Input,
    words: Input,
    services: Vec<Tick>,
    outcomes: Vec<Tick>,
    outcomes_error: Option<String>,
    answer: TextArea,
    note: TextArea,
    hidden: bool,
    decided: Vec<(&'static str, String)>,
    begun: Vec<BegunRow>,
    reablement: Vec<Piece>,
    carer: Vec<Piece>,
    on_this_record: bool,
    on_this_record_error: Option<String>,
}

fn facts(found: &TriageCase, now: Timestamp) -> Vec<(&'static str, String)> {
    let one = &found.line.referral;
    let mut asked = words::sentence(asker(&one.asked_by));
    for more in [&one.asker, &one.source] {
        if !more.is_empty() {
            asked = format!("{asked}; {more}");
        }
    }
    let (due, _) = due(&found.line, now);
    vec![
        ("Reference", one.reference.clone()),
        ("Asked by", asked),
        ("Sent", words::date_time(one.sent_at)),
        (
            "Priority",
            match one.priority_why.is_empty() {
                true => format!(
                    "{}, by what was answered",
                    words::sentence(one.priority.as_str())
                ),
                false => format!(
                    "{}: {}",
                    words::sentence(one.priority.as_str()),
                    one.priority_why
                ),
            },
        ),
        ("Clock", due),
        (
            "Does the person know?",
            match (one.told, one.asked_by.as_str()) {
                (_, "self") => "They asked themselves",
                (true, _) => "Yes",
                (false, _) => "No, or not known: think before you get in touch",
            }
            .to_owned(),
        ),
        (
            "Looked at by",
            match one.taken_by.is_empty() {
                true => "Nobody yet".to_owned(),
                false => one.taken_by.clone(),
            },
        ),
    ]
}

fn decided(found: &TriageCase) -> Vec<(&'static str, String)> {
    let one = &found.line.referral;
    let Some((at, who)) = &one.decided else {
        return Vec::new();
    };
    let join = |all: Vec<String>| match all.is_empty() {
        true => "None".to_owned(),
        false => all.join("\n"),
    };
    let said = |text: &str| words::known(text).to_owned();
    let outcomes = found.outcomes.iter().map(|one| one.in_words().to_owned());
    let services = found.services.iter().map(|(_, name)| name.clone());
    let mut all = vec![("Decided", format!("{} by {who}", words::date_time(*at)))];
    if one.merged_into.is_some() {
        all.push(("Outcome", "Put together with another request".to_owned()));
        return all;
    }
    all.push(("Outcome", join(outcomes.collect())));
    all.push(("Services", join(services.collect())));
    all.push(("What the person is told", said(&one.answer)));
    all.push(("For colleagues", said(&one.note)));
    let shown = if one.hidden { "No" } else { "Yes" };
    all.push(("On the person’s own pages", shown.to_owned()));
    all
}

/// Services of the directory by words, to be ticked.
fn services(web: &Web, actor: &Actor, sent: &Fields, words: &str) -> Result<Vec<Tick>, Trouble> {
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let query = ::place::search::Query {
        words: words.to_owned(),
        area: String::new(),
        need: String::new(),
        open_at: None,
        ended: false,
    };
    let found = web.app.find_services(Some(actor), &query, 1)?;
    Ok((1..)
        .zip(found.services.iter().take(SERVICES))
        .map(|(at, one)| {
            let value = one.kept.id.to_string();
            Tick {
                id: format!("services-{at}"),
                on: sent.has("services", &value),
                text: format!(
                    "{} ({})",
                    one.kept.service.name, one.kept.service.organisation
                ),
                value,
            }
        })
        .collect())
}

/// What was answered, without sections in which nothing was.
fn given(web: &Web, found: &TriageCase) -> Vec<Part> {
    let mut parts = answered(web, &found.page, None);
    parts.retain(|part| part.rows.iter().any(|row| !row.blank));
    parts
}

fn drawn(web: &Web, visit: &Visit, actor: &Actor, mut reading: Reading) -> Reply {
    let id: ReferralId = visit.id("id")?;
    let found = web.app.triage_case(actor, id)?;
    let (now, sent) = (web.app.now(), &visit.form);
    let one = &found.line.referral;
    let carer = match one.state.is_live() {
        true => begins::carer(web, (visit, actor), &found, &mut reading)?,
        false => Vec::new(),
    };
    let looked_for = match visit.is_form() {
        true => sent.get("words"),
        false => visit.query.get("words"),
    };
    let area = |name: &str, label: &str, hint: &str, rows: u8| TextArea {
        name: name.to_owned(),
        label: label.to_owned(),
        hint: hint.to_owned(),
        value: sent.get(name).to_owned(),
        error: reading.of(name),
        rows,
    };
    let input = |name: &str, label: &str, value: &str| Input {
        name: name.to_owned(),
        label: label.to_owned(),
        value: value.to_owned(),
        error: reading.of(name),
        ..Input::default()
    };
    let chosen = match visit.is_form() {
        true => sent.get("priority"),
        false => one.priority.as_str(),
    };
    shell::ok(&CasePage {
        shell: Shell::new(web, visit, "A request for help", Section::Board)
            .with_faults(!reading.faults.is_empty()),
        saved: match visit.query.get("done") {
            "taken" => "You are looking at it now",
            "decided" => "Decided",
            "priority" => "The priority is changed",
            _ => "",
        },
        action: format!("/flow/triage/{id}"),
        version: one.version,
        name: name(&found.line),
        record: format!("/person/{}", found.line.head),
        priority_tag: priority_tag(one.priority),
        facts: facts(&found, now),
        whose: found.whose,
        live: one.state.is_live(),
        taken: one.state == ReferralState::Taken,
        alike_ids: found
            .alike
            .iter()
            .map(|line| line.referral.id.to_string())
            .collect(),
        alike: found.alike.iter().map(|line| row(line, now)).collect(),
        parts_: given(web, &found),
        priority: Radios {
            name: "priority".to_owned(),
            legend: "Change the priority".to_owned(),
            choices: Priority::ALL
                .iter()
                .map(|one| Choice::new(one.as_str(), words::sentence(one.as_str()), chosen))
                .collect(),
            ..Radios::default()
        },
        why: input("why", "Why?", sent.get("why")),
        words: input("words", "Look for services of the directory", looked_for),
        services: services(web, actor, sent, looked_for)?,
        outcomes: begins::outcomes(sent),
        begun: begins::begun(&found, web),
        reablement: begins::reablement(web, visit, &found, &reading),
        carer,
        on_this_record: sent.get("on_this_record") == "yes",
        on_this_record_error: reading.of("on_this_record"),
        outcomes_error: reading.of("outcomes-1"),
        answer: area(
            "answer",
            "What is the person told?",
            "In plain words. They read it on their own pages. If nothing further is done, say why",
            4,
        ),
        note: area("note", "Why, for colleagues (optional)", "", 3),
        // Where the person does not know that somebody asked, it is shown to them only on purpose.
        hidden: match visit.is_form() {
            true => sent.get("hidden") == "yes",
            false => !one.told,
        },
        decided: decided(&found),
        faults: reading.faults,
    })
}

fn case(web: &Web, visit: &Visit, actor: &Actor) -> Reply {
    drawn(web, visit, actor, Reading::default())
}

fn step(web: &Web, visit: &Visit, actor: &Actor) -> Reply {
    let id: ReferralId = visit.id("id")?;
    let form = &visit.form;
    let version = form.parsed("version").unwrap_or(0);
    let to = |done: &str| shell::see_other(&format!("/flow/triage/{id}?done={done}"));
    let mut reading = Reading::default();
    let (step, done) = match form.get("do") {
        "take" => (Step::Take, to("taken")),
        "priority" => match Priority::parse(form.get("priority")) {
            Some(priority) => (Step::Priority(priority, form.get("why")), to("priority")),
            None => return Err(Trouble::NotFound),
        },
        "merge" => (
            Step::Merge(form.parsed("into").ok_or(Trouble::NotFound)?),
            shell::see_other("/flow/triage?done=merged"),
        ),
        "look" | "look-carer" => return drawn(web, visit, actor, Reading::default()),
        _ => (
            Step::Decide(Decision {
                on_this_record: form.get("on_this_record") == "yes",
                carer: match form.has("outcomes", Outcome::Carer.as_str()) {
                    true => begins::read_carer(form, &mut reading),
                    false => CarerIs::NotSaid,
                },
                need: form
                    .has("outcomes", Outcome::Reablement.as_str())
                    .then(|| Box::new(begins::read_need(form, &mut reading))),
                outcomes: form.all("outcomes").filter_map(Outcome::parse).collect(),
                services: form
                    .all("services")
                    .filter_map(|id| id.parse().ok())
                    .collect(),
                answer: form.get("answer"),
                note: form.get("note"),
                hidden: form.get("hidden") == "yes",
            }),
            to("decided"),
        ),
    };
    if !reading.faults.is_empty() {
        return drawn(web, visit, actor, reading);
    }
    match web.app.triage_step(actor, (id, version), &step) {
        Ok(()) => Ok(done),
        Err(app::Error::Invalid(errors)) => {
            for error in errors {
                reading.fault(begins::field(error.field), error.text);
            }
            drawn(web, visit, actor, reading)
        }
        Err(app::Error::Stale { who, what }) => Err(Trouble::Stale {
            who,
            what,
            back: format!("/flow/triage/{id}"),
            typed: vec![
                (
                    "What the person is told".to_owned(),
                    form.get("answer").to_owned(),
                ),
                ("For colleagues".to_owned(), form.get("note").to_owned()),
            ],
        }),
        Err(other) => Err(other.into()),
    }
}
