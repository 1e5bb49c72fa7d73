//! Writing down, changing and taking back a period of a service, and its goals.

use super::{App, Error};
use ::flow::service::{Component, Outcome, Service, ServiceType, problem};
use access::{Action, Actor};
use jiff::civil::Date;
use kernel::calendar::add_days;
use kernel::{OrganisationId, PersonId, ServicePeriodId, StayId};
use store::flow::{self as rows, Change};
use store::organisation::{self, Organisation};
use store::service_period::{self, Goal, GoalResult, Period};
use store::{Tx, person};

/// Longest text of a goal or a reason, in characters.
const WORDS: usize = 500;
/// Most goals of one period.
const GOALS: usize = 20;
/// How far ahead a service may be written down, in days.
const AHEAD: i64 = 366;

/// What is written down of a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Service type.
    pub kind: ServiceType,
    /// Component.
    pub component: Option<Component>,
    /// First day.
    pub starts_on: Date,
    /// Last day.
    pub ends_on: Option<Date>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// The council that is responsible.
    pub council: Option<OrganisationId>,
    /// Who provides it.
    pub organisation: Option<OrganisationId>,
    /// The stay it follows.
    pub stay: Option<StayId>,
    /// Visits a week.
    pub visits_a_week: Option<i64>,
    /// Minutes a visit.
    pub minutes_a_visit: Option<i64>,
    /// Why it was a mistake to write it down; empty if it was none.
    pub mistake_why: String,
}

/// What is done about goals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GoalChange<'a> {
    /// One more, in the person's words.
    Add(&'a str),
    /// How far one was reached.
    Judge(i64, GoalResult),
}

impl App {
    /// Writes down a service of a person.
    ///
    /// # Errors
    /// Not allowed, no link with the person, `Invalid` naming the field, or the store's.
    pub fn add_service_period(
        &self,
        actor: &Actor,
        person: PersonId,
        draft: &Draft,
    ) -> Result<ServicePeriodId, Error> {
        access::decide(actor, Action::ChangeServices)?;
        self.store().write(|tx| {
            let sight = self.sight(tx, actor, person)?;
            let asker = self.asker(tx, actor)?;
            let id = self.ids().service_period();
            let now = self.now();
            let period = Period {
                service: service_of(id, draft),
                person: sight.person,
                council: draft.council,
                organisation: draft.organisation,
                visits_a_week: draft.visits_a_week,
                minutes_a_visit: draft.minutes_a_visit,
                mistake_why: None,
                source: actor.organisation_name.clone(),
                sector: asker.sector.to_owned(),
                made_at: now,
                updated_at: now,
                updated_by: actor.display_name.clone(),
                version: 1,
            };
            self.check_period(tx, sight.person, &period)?;
            service_period::insert(tx, &period)?;
            self.follow_reablement_chain(tx, &period)?;
            let history = self.history(
                actor,
                differences(&Lines::of(tx, None)?, &Lines::of(tx, Some(&period))?),
                "",
            );
            service_period::add_changes(tx, id, &history)?;
            self.journal_service(tx, actor, &sight, id, "added".to_owned())?;
            Ok(id)
        })
    }

    /// Changes a service of a person. What changes nothing leaves everything as it is.
    ///
    /// # Errors
    /// As [`App::add_service_period`]; `Stale` if somebody else changed it since `version`.
    pub fn change_service_period(
        &self,
        actor: &Actor,
        id: ServicePeriodId,
        version: i64,
        draft: &Draft,
        why: &str,
    ) -> Result<(), Error> {
        access::decide(actor, Action::ChangeServices)?;
        let why = words("why", why)?;
        let mistake = words("mistake_why", &draft.mistake_why)?;
        self.store().write(|tx| {
            let (sight, before) = self.period_in_sight(tx, actor, id)?;
            if before.version != version {
                return Err(stale(tx, &before, version)?);
            }
            let after = Period {
                service: service_of(id, draft),
                council: draft.council,
                organisation: draft.organisation,
                visits_a_week: draft.visits_a_week,
                minutes_a_visit: draft.minutes_a_visit,
                mistake_why: Some(mistake.clone()).filter(|text| !text.is_empty()),
                updated_at: self.now(),
                updated_by: actor.display_name.clone(),
                version: version + 1,
                ..before.clone()
            };
            self.check_period(tx, sight.person, &after)?;
            let changed = differences(
                &Lines::of(tx, Some(&before))?,
                &Lines::of(tx, Some(&after))?,
            );
            if changed.is_empty() {
                return Ok(());
            }
            if !service_period::update(tx, &after)? {
                return Err(stale(tx, &before, version)?);
            }
            self.follow_reablement_chain(tx, &after)?;
            let fields: Vec<&str> = changed.iter().map(|(field, ..)| *field).collect();
            let detail = fields.join(", ");
            service_period::add_changes(tx, id, &self.history(actor, changed, &why))?;
            self.journal_service(tx, actor, &sight, id, detail)
        })
    }

    /// Adds a goal, or says how far one was reached.
    ///
    /// # Errors
    /// As [`App::change_service_period`].
    pub fn change_goal(
        &self,
        actor: &Actor,
        id: ServicePeriodId,
        version: i64,
        change: GoalChange<'_>,
    ) -> Result<(), Error> {
        access::decide(actor, Action::ChangeServices)?;
        self.store().write(|tx| {
            let (sight, mut period) = self.period_in_sight(tx, actor, id)?;
            if period.version != version {
                return Err(stale(tx, &period, version)?);
            }
            let goals = service_period::goals(tx, id)?;
            let (goal, field, before, after) = goal_after(&goals, change)?;
            period.version = version + 1;
            period.updated_at = self.now();
            period.updated_by.clone_from(&actor.display_name);
            if !service_period::update(tx, &period)? {
                return Err(stale(tx, &period, version)?);
            }
            service_period::put_goal(tx, id, &goal)?;
            let changed = vec![(field, before, after)];
            service_period::add_changes(tx, id, &self.history(actor, changed, ""))?;
            self.journal_service(tx, actor, &sight, id, field.to_owned())
        })
    }

    fn history(&self, actor: &Actor, changed: Vec<Difference>, why: &str) -> Vec<Change> {
        changed
            .into_iter()
            .map(|(field, before, after)| Change {
                field: field.to_owned(),
                before,
                after,
                why: why.to_owned(),
                at: self.now(),
                actor: actor.display_name.clone(),
                organisation: actor.organisation_name.clone(),
            })
            .collect()
    }

    fn check_period(&self, tx: &mut dyn Tx, head: PersonId, period: &Period) -> Result<(), Error> {
        let service = &period.service;
        let who = person::by_id(tx, head)?.ok_or(Error::NotFound("person"))?;
        if let Some(text) = problem(service.starts_on, service.ends_on, who.birth_date) {
            let field = match service.ends_on {
                Some(end) if end < service.starts_on => "ends_on",
                _ => "starts_on",
            };
            return Err(Error::invalid(field, text));
        }
        if service.starts_on > add_days(self.today(), AHEAD) {
            let text = "The first day is more than a year ahead; change it";
            return Err(Error::invalid("starts_on", text));
        }
        if service.ends_on.is_some_and(|end| end > self.today()) {
            let text = "The last day is in the future; leave it empty until it has come";
            return Err(Error::invalid("ends_on", text));
        }
        if who.died_on.is_some_and(|died| died < service.starts_on) {
            let text = "The person had died before this day; change it";
            return Err(Error::invalid("starts_on", text));
        }
        if service.outcome.is_some() && service.ends_on.is_none() {
            let text = "Enter the last day too: a service that goes on has not ended";
            return Err(Error::invalid("ends_on", text));
        }
        if let Some(stay) = service.stay {
            let stays = rows::stays_of_person(tx, head)?;
            if !stays.iter().any(|one| one.id == stay) {
                return Err(Error::invalid("stay", "Choose one of this person's stays"));
            }
        }
        let same = |one: &Period| {
            one.service.id != service.id
                && one.mistake_why.is_none()
                && one.service.kind == service.kind
                && one.service.component == service.component
                && one.service.starts_on == service.starts_on
                && one.organisation == period.organisation
        };
        let twice = service_period::of_person(tx, head)?.iter().any(same);
        if twice && period.mistake_why.is_none() {
            let text = "This service is written down already from this day; change that one";
            return Err(Error::invalid("starts_on", text));
        }
        Ok(())
    }
}

fn service_of(id: ServicePeriodId, draft: &Draft) -> Service {
    Service {
        id,
        kind: draft.kind,
        component: draft.component,
        starts_on: draft.starts_on,
        ends_on: draft.ends_on,
        outcome: draft.outcome,
        stay: draft.stay,
    }
}

/// The goal after a change, with what the history says of it.
fn goal_after(
    goals: &[Goal],
    change: GoalChange<'_>,
) -> Result<(Goal, &'static str, String, String), Error> {
    match change {
        GoalChange::Add(text) => {
            let text = words("goal", text)?;
            if text.is_empty() {
                let say = "Write what the person wants to do, in their own words";
                return Err(Error::invalid("goal", say));
            }
            if goals.len() >= GOALS {
                let say = format!("There are {GOALS} goals already; judge those first");
                return Err(Error::invalid("goal", say));
            }
            let goal = Goal {
                number: goals.last().map_or(0, |last| last.number) + 1,
                goal: text.clone(),
                result: GoalResult::NotYet,
            };
            Ok((goal, "goal", String::new(), text))
        }
        GoalChange::Judge(number, result) => {
            let found = goals.iter().find(|one| one.number == number);
            let found = found.ok_or(Error::NotFound("goal"))?;
            let said = |result: GoalResult| format!("{}: {result}", found.goal);
            let (before, after) = (said(found.result), said(result));
            let goal = Goal {
                result,
                ..found.clone()
            };
            Ok((goal, "goal reached", before, after))
        }
    }
}

/// Field, before, after.
type Difference = (&'static str, String, String);

/// A period as lines of words, for its history.
struct Lines(Vec<(&'static str, String)>);

impl Lines {
    fn of(tx: &mut dyn Tx, period: Option<&Period>) -> Result<Self, Error> {
        let Some(period) = period else {
            return Ok(Self(Vec::new()));
        };
        let organisations: Vec<Organisation> = organisation::all(tx)?;
        let name = |id: Option<OrganisationId>| {
            crate::flow::stay::name_of(&organisations, id).unwrap_or_default()
        };
        let day = |day: Option<Date>| day.map_or_else(String::new, |day| day.to_string());
        let number = |n: Option<i64>| n.map_or_else(String::new, |n| n.to_string());
        let service = &period.service;
        Ok(Self(vec![
            ("service", service.kind.to_string()),
            (
                "component",
                service
                    .component
                    .map_or_else(String::new, |one| one.to_string()),
            ),
            ("first day", day(Some(service.starts_on))),
            ("last day", day(service.ends_on)),
            (
                "outcome",
                service
                    .outcome
                    .map_or_else(String::new, |one| one.to_string()),
            ),
            ("council", name(period.council)),
            ("provided by", name(period.organisation)),
            (
                "follows stay",
                service.stay.map_or_else(String::new, |one| one.to_string()),
            ),
            ("visits a week", number(period.visits_a_week)),
            ("minutes a visit", number(period.minutes_a_visit)),
            (
                "written down by mistake",
                period.mistake_why.clone().unwrap_or_default(),
            ),
        ]))
    }

    fn get(&self, field: &str) -> &str {
        self.0
            .iter()
            .find(|(name, _)| *name == field)
            .map_or("", |(_, value)| value)
    }
}

fn differences(before: &Lines, after: &Lines) -> Vec<Difference> {
    after
        .0
        .iter()
        .filter(|(field, value)| before.get(field) != value)
        .map(|(field, value)| (*field, before.get(field).to_owned(), value.clone()))
        .collect()
}

/// Who changed a period since a version, and what.
fn stale(tx: &mut dyn Tx, period: &Period, version: i64) -> Result<Error, Error> {
    let changes = service_period::changes(tx, period.service.id)?;
    Ok(crate::flow::history::stale(
        &period.updated_by,
        &changes,
        period.version - version,
    ))
}

/// A text without space around it, if it is not too long.
fn words(field: &'static str, text: &str) -> Result<String, Error> {
    let text = text.trim();
    if text.chars().count() > WORDS {
        let say = format!("Use {WORDS} characters or fewer");
        return Err(Error::invalid(field, say));
    }
    Ok(text.to_owned())
}
