//! Services that people have or had, and episodes of reablement.
//!
//! What the returns count is counted from these rows. Every change names the version it was made
//! on and goes into the history field by field.

mod change;
mod episode;

pub use change::{Draft, GoalChange};
pub use episode::Episode;
pub(crate) use episode::as_asked;

use super::board::policy;
use crate::person::Sight;
use crate::{App, Error, Subject};
use ::flow::Stay;
use ::flow::service::{Service, ServiceType};
use ::person::Person;
use access::{Action, Actor};
use kernel::{PersonId, ServicePeriodId};
use store::flow::{self as rows, Change};
use store::organisation::{self, Organisation};
use store::service_period::{self, Goal, Period};
use store::{Tx, journal};

/// The services of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServicesPage {
    /// The person, as they may be shown.
    pub person: Person,
    /// Why the record is shown.
    pub because: String,
    /// Those that stand and those written down by mistake, latest first.
    pub periods: Vec<Period>,
    /// Every organisation, for names and for choosing one.
    pub organisations: Vec<Organisation>,
    /// Stays in hospital, for choosing one.
    pub stays: Vec<Stay>,
}

/// One period with all that hangs on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeriodPage {
    /// The person, as they may be shown.
    pub person: Person,
    /// The period.
    pub period: Period,
    /// Its goals.
    pub goals: Vec<Goal>,
    /// The episode of reablement it belongs to, if it is reablement.
    pub episode: Option<Episode>,
    /// Every change, oldest first.
    pub changes: Vec<Change>,
    /// Every organisation, for names and for choosing one.
    pub organisations: Vec<Organisation>,
    /// Stays in hospital, for choosing one.
    pub stays: Vec<Stay>,
}

/// The kind of line that a service is, for what carers were let see.
const KIND: &str = "service";

/// Whether a period may be shown.
pub(super) fn shows(sight: &Sight, period: &Period) -> bool {
    sight.items.shows(&period.source, "", &period.sector, KIND)
}

impl App {
    /// The services of a person. The look is journalled.
    ///
    /// # Errors
    /// Not allowed, not there, no link with the person, or the store's.
    pub fn services_of(&self, actor: &Actor, id: PersonId) -> Result<ServicesPage, Error> {
        access::decide(actor, Action::SeePerson)?;
        self.store().write(|tx| {
            let sight = self.sight(tx, actor, id)?;
            let person =
                store::person::by_id(tx, sight.person)?.ok_or(Error::NotFound("person"))?;
            let mut periods = service_period::of_person(tx, sight.person)?;
            periods.retain(|one| shows(&sight, one));
            let subject = Subject {
                person: Some(sight.person),
                thing: format!("services of person {}", sight.person),
                results: periods.len(),
                ..Subject::default()
            };
            self.looked(tx, actor, sight.allowed, Action::ChangeServices, subject)?;
            Ok(ServicesPage {
                stays: rows::stays_of_person(tx, sight.person)?,
                person: sight.shown(person),
                because: sight.because,
                periods,
                organisations: organisation::all(tx)?,
            })
        })
    }

    /// One period of a service. The look is journalled.
    ///
    /// # Errors
    /// As [`App::services_of`].
    pub fn service_period(&self, actor: &Actor, id: ServicePeriodId) -> Result<PeriodPage, Error> {
        access::decide(actor, Action::SeePerson)?;
        self.store().write(|tx| {
            let (sight, period) = self.period_in_sight(tx, actor, id)?;
            let person =
                store::person::by_id(tx, sight.person)?.ok_or(Error::NotFound("person"))?;
            let episode = self.episode_of(tx, &sight, &person, &period)?;
            let subject = Subject {
                person: Some(sight.person),
                thing: format!("service {id}"),
                results: 1,
                ..Subject::default()
            };
            self.looked(tx, actor, sight.allowed, Action::ChangeServices, subject)?;
            Ok(PeriodPage {
                stays: rows::stays_of_person(tx, sight.person)?,
                person: sight.shown(person),
                goals: service_period::goals(tx, id)?,
                changes: service_period::changes(tx, id)?,
                organisations: organisation::all(tx)?,
                episode,
                period,
            })
        })
    }

    /// A period that the asker may see. One that is withheld is as if it were not there.
    fn period_in_sight(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        id: ServicePeriodId,
    ) -> Result<(Sight, Period), Error> {
        let period = service_period::by_id(tx, id)?.ok_or(Error::NotFound("service"))?;
        let sight = self.sight(tx, actor, period.person)?;
        if !shows(&sight, &period) {
            return Err(Error::NotFound("service"));
        }
        Ok((sight, period))
    }

    /// The episode that a period of reablement belongs to.
    fn episode_of(
        &self,
        tx: &mut dyn Tx,
        sight: &Sight,
        person: &Person,
        period: &Period,
    ) -> Result<Option<Episode>, Error> {
        if period.service.kind != ServiceType::StMax || period.mistake_why.is_some() {
            return Ok(None);
        }
        let services: Vec<Service> = service_period::of_person(tx, sight.person)?
            .into_iter()
            .filter(|one| one.mistake_why.is_none() && shows(sight, one))
            .map(|one| one.service)
            .collect();
        let stays = rows::stays_of_person(tx, sight.person)?;
        let about = ::flow::ascof::Person {
            born: person.birth_date,
            died: person.died_on,
        };
        let asked = (self.policy(), self.today());
        episode::of(&period.service, &services, &stays, &about, asked).map_err(policy)
    }

    fn journal_service(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        sight: &Sight,
        id: ServicePeriodId,
        detail: String,
    ) -> Result<(), Error> {
        let subject = Subject {
            person: Some(sight.person),
            thing: format!("service {id}"),
            results: 1,
            detail,
        };
        let kind = journal::Kind::Command;
        let action = Action::ChangeServices.in_words();
        self.record(tx, actor, sight.allowed, kind, action, subject)
    }
}
