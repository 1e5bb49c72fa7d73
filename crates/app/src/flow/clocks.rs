//! Cases whose time is limited: what is due, late, and whose; starting, changing and closing one.
//!
//! A safeguarding enquiry is for its owner alone: to everybody else it is not there, in lists,
//! counts and pages alike, and the journal speaks of it as of the record.

mod change;

pub use change::{CaseChange, NewCase};

use super::board::policy;
use crate::{App, Error, Subject};
use ::flow::clocks::{CaseKind, Due, Opened, State, due};
use ::person::Person;
use ::person::category::Categories;
use access::{Action, Actor};
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::calendar::{add_days, instant};
use kernel::{PersonId, StatutoryCaseId};
use store::Tx;
use store::flow::Change;
use store::organisation::{self, Organisation};
use store::statutory_case::{self as rows, Case, CaseFilter, CaseLine, CaseScope};

/// A case with its clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clock {
    /// The row.
    pub line: CaseLine,
    /// When it is due.
    pub due: Due,
    /// Where it stands on the day asked about.
    pub state: State,
}

/// The cases that are open on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clocks {
    /// The day.
    pub day: Date,
    /// Late ones first, then by when they are due; those without a limit last.
    pub clocks: Vec<Clock>,
    /// Organisations that own one of them, or may.
    pub organisations: Vec<Organisation>,
    /// Whether the asker acts for the owner, in the order of `clocks`.
    pub own: Vec<bool>,
}

/// The cases of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonCases {
    /// The person, as they may be shown.
    pub person: Person,
    /// The cases, by when they were opened.
    pub clocks: Vec<Clock>,
    /// Every organisation, for choosing one.
    pub organisations: Vec<Organisation>,
    /// The organisation of whoever asks.
    pub own: Option<kernel::OrganisationId>,
}

/// The page of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CasePage {
    /// The person, as they may be shown.
    pub person: Person,
    /// The case.
    pub clock: Clock,
    /// Every change, oldest first.
    pub changes: Vec<Change>,
    /// Every organisation, for choosing one.
    pub organisations: Vec<Organisation>,
}

/// Words that speak of a case in the journal: of one that is secret as of the record.
fn journal_action(kind: CaseKind, action: Action) -> Action {
    if kind.is_sensitive() {
        Action::SeePerson
    } else {
        action
    }
}

impl App {
    /// Whose cases somebody may know of.
    pub(crate) fn case_scope(&self, tx: &mut dyn Tx, actor: &Actor) -> Result<CaseScope, Error> {
        let asker = self.asker(tx, actor)?;
        let withheld = |category: &str| {
            Categories::builtin()
                .find(category)
                .is_some_and(|one| one.withheld)
        };
        Ok(CaseScope {
            people: self.people_scope(&asker),
            kept_to_owner: CaseKind::ALL
                .iter()
                .copied()
                .filter(|kind| kind.is_sensitive() || withheld(kind.category()))
                .collect(),
            own_only: self.agreement_needed()?,
        })
    }

    /// The cases that are open on a day, of those in the asker's scope. The look is journalled.
    ///
    /// # Errors
    /// Not allowed, a parameter missing, or the store's.
    pub fn clocks(
        &self,
        actor: &Actor,
        day: Option<Date>,
        filter: &CaseFilter,
    ) -> Result<Clocks, Error> {
        let allowed = access::decide(actor, Action::SeeClocks)?;
        let day = day.unwrap_or_else(|| self.today());
        let at = self.end_of(day)?;
        self.store().write(|tx| {
            let scope = self.case_scope(tx, actor)?;
            let lines = rows::list(tx, &scope, filter, at)?;
            let mut clocks = lines
                .into_iter()
                .map(|line| self.clock_of(line, day))
                .collect::<Result<Vec<_>, Error>>()?;
            clocks.sort_by_key(|one| {
                let limit = one.due.limit.and_then(|limit| limit.over_at());
                (limit.is_none(), limit, one.line.case.id)
            });
            let subject = Subject {
                results: clocks.len(),
                detail: "list of cases".to_owned(),
                ..Subject::default()
            };
            self.looked(tx, actor, allowed, Action::SeeClocks, subject)?;
            let holders = &scope.people.holders;
            Ok(Clocks {
                day,
                own: clocks
                    .iter()
                    .map(|one| holders.contains(&one.line.case.owner.to_string()))
                    .collect(),
                organisations: organisation::all(tx)?,
                clocks,
            })
        })
    }

    /// The instant up to which a day is looked at: now, or the last of another day.
    fn end_of(&self, day: Date) -> Result<Timestamp, Error> {
        if day == self.today() {
            return Ok(self.now());
        }
        instant(add_days(day, 1).to_datetime(jiff::civil::Time::MIN))
            .and_then(|next| next.checked_sub(jiff::SignedDuration::from_micros(1)).ok())
            .ok_or_else(|| Error::invalid("on", "This day cannot be looked at"))
    }

    pub(crate) fn clock_of(&self, line: CaseLine, day: Date) -> Result<Clock, Error> {
        let case = &line.case;
        let due = due(case.kind, &opened(case), self.policy()).map_err(policy)?;
        let now = (day == self.today()).then(|| self.now());
        Ok(Clock {
            state: due.state(day, now),
            due,
            line,
        })
    }

    /// The cases of a person that the asker may know of. The look is journalled.
    ///
    /// # Errors
    /// Not allowed, not there, no link with the person, or the store's.
    pub fn cases_of(&self, actor: &Actor, id: PersonId) -> Result<PersonCases, Error> {
        access::decide(actor, Action::SeeClocks)?;
        self.store().write(|tx| {
            let sight = self.sight(tx, actor, id)?;
            let person =
                store::person::by_id(tx, sight.person)?.ok_or(Error::NotFound("person"))?;
            let scope = self.case_scope(tx, actor)?;
            let filter = CaseFilter {
                person: Some(sight.person),
                ..CaseFilter::default()
            };
            let clocks = rows::list(tx, &scope, &filter, self.now())?
                .into_iter()
                .map(|line| self.clock_of(line, self.today()))
                .collect::<Result<Vec<_>, Error>>()?;
            let subject = Subject {
                person: Some(sight.person),
                thing: format!("cases of person {}", sight.person),
                // How many there are would tell of one that is secret.
                results: 1,
                ..Subject::default()
            };
            self.looked(tx, actor, sight.allowed, Action::SeeClocks, subject)?;
            Ok(PersonCases {
                person: sight.shown(person),
                clocks,
                organisations: organisation::all(tx)?,
                own: actor.organisation,
            })
        })
    }

    /// The page of a case. The look is journalled.
    ///
    /// # Errors
    /// Not allowed; not there or not theirs to know of; the store's.
    pub fn case(&self, actor: &Actor, id: StatutoryCaseId) -> Result<CasePage, Error> {
        access::decide(actor, Action::SeeClocks)?;
        self.store().write(|tx| {
            let scope = self.case_scope(tx, actor)?;
            let line = rows::by_id(tx, &scope, id)?.ok_or(Error::NotFound("case"))?;
            let sight = self.sight(tx, actor, line.head)?;
            let person =
                store::person::by_id(tx, sight.person)?.ok_or(Error::NotFound("person"))?;
            let kind = line.case.kind;
            let subject = Subject {
                person: Some(sight.person),
                thing: match kind.is_sensitive() {
                    true => format!("person {}", sight.person),
                    false => format!("case {id}"),
                },
                results: 1,
                ..Subject::default()
            };
            let action = journal_action(kind, Action::SeeClocks);
            self.looked(tx, actor, sight.allowed, action, subject)?;
            Ok(CasePage {
                person: sight.shown(person),
                clock: self.clock_of(line, self.today())?,
                changes: rows::changes(tx, id)?,
                organisations: organisation::all(tx)?,
            })
        })
    }
}

/// What the rules need of a case.
fn opened(case: &Case) -> Opened {
    Opened {
        at: case.opened_at,
        extended: case.extended_on.is_some(),
        urgent_until: case.urgent_until,
    }
}
