//! The services of a person: the list, one of them with its episode of reablement and goals, and
//! the forms.

use super::services_form::{self, Typed};
use super::sheet::{self, Cell, Link, Sheet, SheetForm, SheetPart, Table};
use crate::components::{Choice, Tag};
use crate::door::Visit;
use crate::form::Reading;
use crate::person::who;
use crate::routes::Outcome;
use crate::shell::{self, Section, Shell};
use crate::trouble::Trouble;
use crate::{Web, words};
use access::{Action, Actor};
use app::flow::services::{Draft, Episode, GoalChange, PeriodPage, ServicesPage};
use flow::ascof::home_after_hospital::AfterWeeks;
use flow::ascof::reablement::Sequel;
use kernel::{OrganisationId, PersonId, ServicePeriodId};
use store::organisation::Organisation;
use store::service_period::{GoalResult, Period};

/// Name of an organisation, or "Not known".
pub(super) fn name_of(organisations: &[Organisation], id: Option<OrganisationId>) -> String {
    let found = organisations.iter().find(|one| Some(one.id) == id);
    found.map_or_else(|| "Not known".to_owned(), |one| one.name.clone())
}

/// "From 3 May 2026", "3 May to 9 June 2026".
fn dates(period: &Period) -> String {
    let start = words::date(period.service.starts_on);
    match period.service.ends_on {
        None => format!("From {start}"),
        Some(end) => format!("{start} to {}", words::date(end)),
    }
}

fn state(period: &Period, today: jiff::civil::Date) -> Tag {
    match (&period.mistake_why, period.service.ends_on) {
        (Some(_), _) => Tag::new("Written down by mistake", "grey"),
        (None, None) if period.service.starts_on > today => Tag::new("Planned", "white"),
        (None, None) => Tag::new("Goes on", "green"),
        (None, Some(_)) => Tag::new("Ended", "grey"),
    }
}

fn may_change(actor: &Actor) -> bool {
    access::decide(actor, Action::ChangeServices).is_ok()
}

pub(super) fn list(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let id: PersonId = visit.id("id")?;
    let page = web.app.services_of(actor, id)?;
    let today = web.app.today();
    let rows: Vec<Vec<Cell>> = page
        .periods
        .iter()
        .map(|period| {
            let service = &period.service;
            let component = service.component.map_or("", |one| one.as_str());
            vec![
                Cell::link(
                    format!("/person/service/{}", service.id),
                    service.kind.in_words(),
                )
                .with_under(component),
                Cell::text(dates(period)),
                Cell::text(name_of(&page.organisations, period.organisation)),
                Cell::tag(state(period, today)),
            ]
        })
        .collect();
    let mut sheet = Sheet::new(Shell::new(web, visit, "Services", Section::Person));
    sheet.back = who::address_of(id);
    sheet.back_words = "Back to the record";
    sheet.caption = page.person.list_name();
    sheet.intro.push(page.because);
    if may_change(actor) {
        sheet.links.push(Link::new(
            format!("/person/{id}/services/new"),
            "Write down a service",
        ));
    }
    sheet.parts.push(SheetPart {
        lines: match rows.is_empty() {
            true => vec!["No service is written down.".to_owned()],
            false => Vec::new(),
        },
        table: (!rows.is_empty()).then(|| Table {
            caption: "Services, latest first".to_owned(),
            heads: vec!["Service", "When", "Provided by", "Where it stands"],
            rows,
        }),
        ..SheetPart::default()
    });
    shell::ok(&sheet)
}

pub(super) fn page(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let id: ServicePeriodId = visit.id("id")?;
    let page = web.app.service_period(actor, id)?;
    shell::ok(&drawn(web, visit, actor, &page, Reading::default()))
}

fn drawn(web: &Web, visit: &Visit, actor: &Actor, page: &PeriodPage, reading: Reading) -> Sheet {
    let period = &page.period;
    let id = period.service.id;
    let title = period.service.kind.in_words();
    let shell =
        Shell::new(web, visit, title, Section::Person).with_faults(!reading.faults.is_empty());
    let mut sheet = Sheet::new(shell);
    sheet.back = format!("/person/{}/services", page.person.id);
    sheet.back_words = "Back to the services";
    sheet.caption = page.person.list_name();
    sheet.tags.push(state(period, web.app.today()));
    sheet.saved = match visit.query.get("saved") {
        "1" => "Saved",
        _ => "",
    };
    let changes = may_change(actor);
    if changes {
        sheet.links.push(Link::new(
            format!("/person/service/{id}/edit"),
            "Change this service, or end it",
        ));
    }
    sheet.parts.push(SheetPart {
        facts: facts(page),
        ..SheetPart::default()
    });
    if let Some(episode) = &page.episode {
        sheet.parts.push(episode_part(episode));
        sheet.parts.push(goals_part(page));
        if changes {
            sheet.parts.extend(goal_forms(page, &reading, visit));
        }
    }
    sheet.parts.push(sheet::history(&page.changes));
    sheet.faults = reading.faults;
    sheet
}

fn facts(page: &PeriodPage) -> Vec<(&'static str, String)> {
    let period = &page.period;
    let service = &period.service;
    let known = |text: Option<String>| text.unwrap_or_else(|| "Not known".to_owned());
    let mut facts = vec![
        ("In the national return", service.kind.to_string()),
        (
            "Component",
            known(service.component.map(|one| one.to_string())),
        ),
        ("When", dates(period)),
        (
            "Provided by",
            name_of(&page.organisations, period.organisation),
        ),
        (
            "Council responsible",
            name_of(&page.organisations, period.council),
        ),
        (
            "How it ended",
            match (service.ends_on, service.outcome) {
                (None, _) => "It goes on".to_owned(),
                (_, outcome) => known(outcome.map(|one| one.to_string())),
            },
        ),
        ("How much", how_much(period)),
        ("Written down by", period.source.clone()),
    ];
    if let Some(why) = &period.mistake_why {
        facts.push(("Why it was a mistake", why.clone()));
    }
    facts
}

fn how_much(period: &Period) -> String {
    match (period.visits_a_week, period.minutes_a_visit) {
        (None, None) => "Not known".to_owned(),
        (Some(visits), None) => format!("{} a week", words::counted(visits, "visit")),
        (None, Some(minutes)) => format!("{minutes} minutes a visit"),
        (Some(visits), Some(minutes)) => format!(
            "{} a week of {minutes} minutes each",
            words::counted(visits, "visit")
        ),
    }
}

fn episode_part(episode: &Episode) -> SheetPart {
    let free = &episode.free;
    let mut facts = vec![
        ("After hospital", after_hospital(episode)),
        (
            "Free weeks",
            format!(
                "{} free weeks, to {}. {} of {} used{}",
                free.weeks,
                words::date(free.last_day),
                words::counted(free.used, "day"),
                free.weeks * 7,
                match (free.left, free.beyond) {
                    (_, 1..) => format!(". {} after them", words::counted(free.beyond, "day")),
                    (0, _) => String::new(),
                    (left, _) => format!(". {} left", words::counted(left, "day")),
                }
            ),
        ),
        ("What followed", what_followed(episode)),
    ];
    let (at_84, at_91) = episode.asked_at;
    let part = |facts| SheetPart {
        title: "Episode of reablement".to_owned(),
        lines: check(&episode.rests_on),
        facts,
        ..SheetPart::default()
    };
    if let Some(after) = episode.after_84 {
        let say = match after {
            AfterWeeks::AtHome => "Yes".to_owned(),
            AfterWeeks::Not(flags) => format!("No: {}", flags.in_words().join(", ")),
            AfterWeeks::NotYet { known_after } => {
                format!("Not known before {}", words::date(known_after))
            }
        };
        facts.push((
            "At home after hospital",
            format!("At {at_84} days (ASCOF 2D): {say}"),
        ));
    }
    if let Some(on_91) = episode.on_91 {
        let say = match on_91 {
            Some(true) => "yes",
            Some(false) => "no",
            None => "not known yet",
        };
        facts.push(("Older measure", format!("At home on day {at_91}: {say}")));
    }
    part(facts)
}

/// What a result that rests on memory says of itself.
pub(super) fn check(rests_on: &[String]) -> Vec<String> {
    if rests_on.is_empty() {
        return Vec::new();
    }
    let rules: Vec<&str> = rests_on.iter().map(|key| words::rule(key)).collect();
    vec![format!(
        "Check: it is not confirmed {}.",
        rules.join(", or ")
    )]
}

fn after_hospital(episode: &Episode) -> String {
    let Some((days, (_, left))) = episode.days_after_hospital.zip(episode.follows) else {
        return "It follows no stay in hospital that is on file".to_owned();
    };
    let began = match days {
        0 => "Began on the day of leaving hospital".to_owned(),
        1.. => format!(
            "Began {} after leaving hospital",
            words::counted(days, "day")
        ),
        _ => format!(
            "Began {} before leaving hospital",
            words::counted(-days, "day")
        ),
    };
    let how = match episode.follows_recorded {
        true => "",
        false => ". Linked by the rule of the return, not written down",
    };
    format!("{began}. Left on {}{how}", words::date(left))
}

fn what_followed(episode: &Episode) -> String {
    match (&episode.sequel, episode.sequel_from) {
        (Some(Ok(sequel)), _) => match sequel {
            Sequel::Service(kind) => kind.in_words().to_owned(),
            Sequel::ShortTermHome => "A care home for a short time".to_owned(),
            Sequel::Concluded(outcome) => outcome.to_string(),
        },
        (Some(Err(why)), _) => format!("Not counted in ASCOF 2A: {why}"),
        (None, Some(from)) => format!("Known from {}", words::date(from)),
        (None, None) => "Reablement goes on".to_owned(),
    }
}

fn goals_part(page: &PeriodPage) -> SheetPart {
    let rows: Vec<Vec<Cell>> = page
        .goals
        .iter()
        .map(|goal| {
            let colour = match goal.result {
                GoalResult::Reached => "green",
                GoalResult::Partly => "yellow",
                GoalResult::Not => "red",
                GoalResult::NotYet => "grey",
            };
            vec![
                Cell::text(goal.goal.clone()),
                Cell::tag(Tag::new(words::sentence(goal.result.as_str()), colour)),
            ]
        })
        .collect();
    SheetPart {
        title: "Goals in their own words".to_owned(),
        lines: match rows.is_empty() {
            true => vec!["No goal is written down.".to_owned()],
            false => Vec::new(),
        },
        table: (!rows.is_empty()).then(|| Table {
            caption: "Goals".to_owned(),
            heads: vec!["Goal", "Reached?"],
            rows,
        }),
        ..SheetPart::default()
    }
}

fn goal_forms(page: &PeriodPage, reading: &Reading, visit: &Visit) -> Vec<SheetPart> {
    let id = page.period.service.id;
    let action = format!("/person/service/{id}/goal");
    let version = ("version", page.period.version.to_string());
    let form = |hidden, fields, button| SheetPart {
        form: Some(SheetForm {
            action: action.clone(),
            hidden,
            fields,
            button,
            file: None,
        }),
        ..SheetPart::default()
    };
    let label = (
        "Add a goal",
        "What they want to do again, in their own words",
    );
    let mut forms = vec![form(
        vec![version.clone()],
        vec![sheet::line(reading, "goal", label, visit.form.get("goal"))],
        "Add the goal",
    )];
    if !page.goals.is_empty() {
        let goals = page
            .goals
            .iter()
            .map(|goal| Choice::new(goal.number.to_string(), goal.goal.clone(), ""))
            .collect();
        let results = GoalResult::ALL
            .iter()
            .map(|one| Choice::new(one.as_str(), words::sentence(one.as_str()), ""))
            .collect();
        forms.push(form(
            vec![version],
            vec![
                sheet::select(reading, "number", ("Which goal?", ""), goals),
                sheet::select(reading, "result", ("How far was it reached?", ""), results),
            ],
            "Save how far",
        ));
    }
    forms
}

pub(super) fn goal(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    access::decide(actor, Action::ChangeServices).map_err(app::Error::from)?;
    let id: ServicePeriodId = visit.id("id")?;
    let version = visit.form.parsed("version").unwrap_or(0);
    let result = GoalResult::parse(visit.form.get("result"));
    let change = match visit.form.parsed("number").zip(result) {
        Some((number, result)) => GoalChange::Judge(number, result),
        None => GoalChange::Add(visit.form.get("goal")),
    };
    let back = format!("/person/service/{id}");
    match web.app.change_goal(actor, id, version, change) {
        Ok(()) => Ok(shell::see_other(&format!("{back}?saved=1"))),
        Err(app::Error::Invalid(errors)) => {
            let mut reading = Reading::default();
            for error in errors {
                reading.fault(error.field, error.text);
            }
            let page = web.app.service_period(actor, id)?;
            shell::ok(&drawn(web, visit, actor, &page, reading))
        }
        Err(app::Error::Stale { who, what }) => Err(Trouble::Stale {
            who,
            what,
            back,
            typed: vec![("Goal".to_owned(), visit.form.get("goal").to_owned())]
                .into_iter()
                .filter(|(_, typed)| !typed.is_empty())
                .collect(),
        }),
        Err(other) => Err(other.into()),
    }
}

pub(super) fn new(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    access::decide(actor, Action::ChangeServices).map_err(app::Error::from)?;
    let id: PersonId = visit.id("id")?;
    let page = web.app.services_of(actor, id)?;
    let typed = Typed::default();
    shell::ok(&form_sheet(
        web,
        visit,
        &page,
        None,
        &typed,
        Reading::default(),
    ))
}

pub(super) fn add(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    access::decide(actor, Action::ChangeServices).map_err(app::Error::from)?;
    let id: PersonId = visit.id("id")?;
    let mut reading = Reading::default();
    let typed = Typed::of(&visit.form);
    if let Some(draft) = typed.read(&visit.form, &mut reading) {
        match web.app.add_service_period(actor, id, &draft) {
            Ok(made) => {
                let to = format!("/person/service/{made}?saved=1");
                return Ok(shell::see_other(&to));
            }
            Err(app::Error::Invalid(errors)) => services_form::faults(&mut reading, errors),
            Err(other) => return Err(other.into()),
        }
    }
    let page = web.app.services_of(actor, id)?;
    shell::ok(&form_sheet(web, visit, &page, None, &typed, reading))
}

pub(super) fn edit(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    access::decide(actor, Action::ChangeServices).map_err(app::Error::from)?;
    let id: ServicePeriodId = visit.id("id")?;
    let page = web.app.service_period(actor, id)?;
    let typed = Typed::stands(&page.period);
    let of = Some((id, page.period.version));
    let page = as_list(page);
    shell::ok(&form_sheet(
        web,
        visit,
        &page,
        of,
        &typed,
        Reading::default(),
    ))
}

/// What the form needs of the page of one period.
fn as_list(page: PeriodPage) -> ServicesPage {
    ServicesPage {
        person: page.person,
        because: String::new(),
        periods: Vec::new(),
        organisations: page.organisations,
        stays: page.stays,
    }
}

pub(super) fn save(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    access::decide(actor, Action::ChangeServices).map_err(app::Error::from)?;
    let id: ServicePeriodId = visit.id("id")?;
    let version = visit.form.parsed("version").unwrap_or(0);
    let back = format!("/person/service/{id}");
    let mut reading = Reading::default();
    let typed = Typed::of(&visit.form);
    if let Some(draft) = typed.read(&visit.form, &mut reading) {
        match changed(web, actor, (id, version), &draft, visit.form.get("why")) {
            Ok(()) => return Ok(shell::see_other(&format!("{back}?saved=1"))),
            Err(app::Error::Invalid(errors)) => services_form::faults(&mut reading, errors),
            Err(app::Error::Stale { who, what }) => {
                return Err(Trouble::Stale {
                    who,
                    what,
                    back,
                    typed: typed.as_typed(),
                });
            }
            Err(other) => return Err(other.into()),
        }
    }
    let page = as_list(web.app.service_period(actor, id)?);
    let of = Some((id, version));
    shell::ok(&form_sheet(web, visit, &page, of, &typed, reading))
}

fn changed(
    web: &Web,
    actor: &Actor,
    (id, version): (ServicePeriodId, i64),
    draft: &Draft,
    why: &str,
) -> Result<(), app::Error> {
    web.app
        .change_service_period(actor, id, version, draft, why)
}

fn form_sheet(
    web: &Web,
    visit: &Visit,
    page: &ServicesPage,
    of: Option<(ServicePeriodId, i64)>,
    typed: &Typed,
    reading: Reading,
) -> Sheet {
    let person = page.person.id;
    let (title, action, back, hidden, button) = match of {
        None => (
            "Write down a service",
            format!("/person/{person}/services/new"),
            format!("/person/{person}/services"),
            Vec::new(),
            "Save the service",
        ),
        Some((id, version)) => (
            "Change a service",
            format!("/person/service/{id}/edit"),
            format!("/person/service/{id}"),
            vec![("version", version.to_string())],
            "Save the change",
        ),
    };
    let shell =
        Shell::new(web, visit, title, Section::Person).with_faults(!reading.faults.is_empty());
    let mut sheet = Sheet::new(shell);
    sheet.back = back;
    sheet.back_words = "Back";
    sheet.caption = page.person.list_name();
    sheet.parts.push(SheetPart {
        form: Some(SheetForm {
            action,
            hidden,
            fields: services_form::fields(typed, &reading, page, of.is_some()),
            button,
            file: None,
        }),
        ..SheetPart::default()
    });
    sheet.faults = reading.faults;
    sheet
}
