//! The directory of services: finding, reading, adding, changing and checking entries.
//!
//! It is published information: anybody may read it, also without signing in, and nothing of
//! what is looked for is kept. Changes are asked of `access` and are in the journal.

use crate::{App, Error, FieldError, Subject};
use ::place::opening::State;
use ::place::register::{Listed, ListedAs};
use ::place::search::{Query, search};
use ::place::service::{self, Postcode, Serves, Service, Typed};
use access::{Action, Actor};
use jiff::civil::Date;
use kernel::ServiceId;
use kernel::calendar::days_between;
use store::directory::{self, Kept};
use store::{Tx, journal, register};

/// Services on one page of what was found.
pub const SERVICES_A_PAGE: usize = 20;
/// Listed organisations shown of one kind.
const LISTED: u32 = 10;

/// A service as it is shown in what was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceFound {
    /// The entry.
    pub kept: Kept,
    /// How it stands at the instant asked about, or now.
    pub state: State,
    /// Whether it is for where was asked.
    pub serves: Serves,
    /// True if it was checked longer ago than the place wants.
    pub old: bool,
}

/// A page of what was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServicesFound {
    /// Codes of the needs that the words were taken to say.
    pub understood: Vec<String>,
    /// The services of this page, the best first.
    pub services: Vec<ServiceFound>,
    /// How many were found in all.
    pub total: usize,
    /// Doctors or pharmacies near a postcode, as the NHS lists them, if those were asked for.
    pub listed: Vec<Listed>,
}

/// One service with what is shown beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServicePage {
    /// The entry.
    pub kept: Kept,
    /// How it stands now.
    pub state: State,
    /// Whole days since it was checked.
    pub checked_days: i64,
    /// True if that is longer ago than the place wants.
    pub old: bool,
    /// Day on which the NHS lists the organisation as closed, if it is past.
    pub organisation_closed: Option<Date>,
    /// Whether the one who asks may change it.
    pub may_change: bool,
}

/// Asked of the policy also where nobody is signed in: what is published is for everyone.
fn may_see(actor: Option<&Actor>) -> Result<(), Error> {
    if let Some(actor) = actor {
        access::decide(actor, Action::SeeDirectory)?;
    }
    Ok(())
}

fn invalid(faults: Vec<service::Fault>) -> Error {
    let fields = faults.into_iter().map(|fault| FieldError {
        field: fault.field,
        text: fault.text,
    });
    Error::Invalid(fields.collect())
}

impl App {
    /// Finds services. Pages count from 1; one past the end is empty.
    ///
    /// # Errors
    /// A parameter is missing, or the store's.
    pub fn find_services(
        &self,
        actor: Option<&Actor>,
        query: &Query,
        page: usize,
    ) -> Result<ServicesFound, Error> {
        may_see(actor)?;
        let (all, listed) = self.store().read(|tx| {
            let listed = self.listed_near(tx, query)?;
            Ok::<_, Error>((directory::all(tx)?, listed))
        })?;
        let (policy, today) = (self.policy(), self.today());
        let services: Vec<&Service> = all.iter().map(|kept| &kept.service).collect();
        let found = search(&services, query, &policy.needs, &policy.calendar, today);
        let check_days = self.days("directory.check_days")?;
        let at = query.open_at.unwrap_or_else(|| self.now());
        let first = page.saturating_sub(1).saturating_mul(SERVICES_A_PAGE);
        let services = found
            .hits
            .iter()
            .skip(first)
            .take(SERVICES_A_PAGE)
            .filter_map(|hit| Some((hit, all.get(hit.index)?)))
            .map(|(hit, kept)| ServiceFound {
                state: kept.service.hours.at(at, &policy.calendar),
                serves: hit.serves,
                old: days_between(kept.service.checked_on, today) > check_days,
                kept: kept.clone(),
            })
            .collect();
        Ok(ServicesFound {
            understood: found.understood,
            services,
            total: found.hits.len(),
            listed,
        })
    }

    /// Practices or pharmacies near a postcode, where such are looked for.
    fn listed_near(&self, tx: &mut dyn Tx, query: &Query) -> Result<Vec<Listed>, Error> {
        let Some(postcode) = Postcode::read(&query.area) else {
            return Ok(Vec::new());
        };
        let said = ::place::search::understood(&query.words, &self.policy().needs);
        let mut listed = Vec::new();
        for (need, listed_as) in [
            ("doctor", ListedAs::Practice),
            ("medicines", ListedAs::Pharmacy),
        ] {
            if query.need == need || said.iter().any(|one| one.code == need) {
                let near = register::near(tx, listed_as, &postcode.near(), LISTED)?;
                listed.extend(near.into_iter().filter(|one| !one.has_closed(self.today())));
            }
        }
        Ok(listed)
    }

    /// One service.
    ///
    /// # Errors
    /// Not there, a parameter is missing, or the store's.
    pub fn service(&self, actor: Option<&Actor>, id: ServiceId) -> Result<ServicePage, Error> {
        may_see(actor)?;
        let (kept, listed) = self.store().read(|tx| {
            let kept = directory::by_id(tx, id)?.ok_or(Error::NotFound("service"))?;
            let listed = match &kept.service.organisation_code {
                Some(code) => register::by_code(tx, code)?,
                None => None,
            };
            Ok::<_, Error>((kept, listed))
        })?;
        let today = self.today();
        let checked_days = days_between(kept.service.checked_on, today);
        Ok(ServicePage {
            state: kept.service.hours.at(self.now(), &self.policy().calendar),
            checked_days,
            old: checked_days > self.days("directory.check_days")?,
            organisation_closed: listed
                .filter(|listed| listed.has_closed(today))
                .and_then(|listed| listed.closed_on),
            may_change: actor
                .is_some_and(|actor| access::decide(actor, Action::ChangeDirectory).is_ok()),
            kept,
        })
    }

    /// A service to be changed; as [`App::service`] for those who may.
    ///
    /// # Errors
    /// Not allowed, not there, or the store's.
    pub fn service_to_change(&self, actor: &Actor, id: ServiceId) -> Result<Kept, Error> {
        access::decide(actor, Action::ChangeDirectory)?;
        self.store()
            .read(|tx| directory::by_id(tx, id)?.ok_or(Error::NotFound("service")))
    }

    /// Adds a service; its day of checking is today, by whoever adds it.
    ///
    /// # Errors
    /// Not allowed, what was typed, or the store's.
    pub fn add_service(&self, actor: &Actor, typed: &Typed) -> Result<ServiceId, Error> {
        let allowed = access::decide(actor, Action::ChangeDirectory)?;
        let service = self.read_service(actor, typed)?;
        let kept = Kept {
            id: self.ids().service(),
            service,
            source: actor.organisation_name.clone(),
            source_key: None,
            inbox: None,
            version: 1,
            changed_at: self.now(),
            changed_by: actor.display_name.clone(),
            changed_what: "all of it".to_owned(),
        };
        self.store().write(|tx| {
            directory::insert(tx, &kept)?;
            let subject = subject(&kept, "");
            let kind = journal::Kind::Command;
            self.record(tx, actor, allowed, kind, "add a service", subject)
        })?;
        Ok(kept.id)
    }

    /// Changes a service that was shown in a version; it counts as checked today.
    ///
    /// # Errors
    /// Not allowed, what was typed, not there, changed in the meantime, or the store's.
    pub fn change_service(
        &self,
        actor: &Actor,
        id: ServiceId,
        version: i64,
        typed: &Typed,
    ) -> Result<(), Error> {
        access::decide(actor, Action::ChangeDirectory)?;
        let service = self.read_service(actor, typed)?;
        self.put_service(actor, id, version, "change a service", |_| service.clone())
    }

    /// Says that an entry was looked at today and is right.
    ///
    /// # Errors
    /// Not allowed, not there, changed in the meantime, or the store's.
    pub fn check_service(&self, actor: &Actor, id: ServiceId, version: i64) -> Result<(), Error> {
        access::decide(actor, Action::ChangeDirectory)?;
        self.put_service(actor, id, version, "check a service", |before| Service {
            checked_on: self.today(),
            checked_by: actor.display_name.clone(),
            ..before.clone()
        })
    }

    fn read_service(&self, actor: &Actor, typed: &Typed) -> Result<Service, Error> {
        let today = self.today();
        let typed = Typed {
            checked_on: today.to_string(),
            checked_by: actor.display_name.clone(),
            ..typed.clone()
        };
        service::read(&typed, &self.policy().needs, today).map_err(invalid)
    }

    fn put_service(
        &self,
        actor: &Actor,
        id: ServiceId,
        version: i64,
        action: &str,
        change: impl Fn(&Service) -> Service,
    ) -> Result<(), Error> {
        let allowed = access::decide(actor, Action::ChangeDirectory)?;
        self.store().write(|tx| {
            let before = directory::by_id(tx, id)?.ok_or(Error::NotFound("service"))?;
            if before.version != version {
                return Err(Error::Stale {
                    who: before.changed_by,
                    what: before.changed_what,
                });
            }
            let service = change(&before.service);
            let what = before.service.differences(&service).join(", ");
            if what.is_empty() {
                return Ok(());
            }
            let kept = Kept {
                service,
                version: version + 1,
                changed_at: self.now(),
                changed_by: actor.display_name.clone(),
                changed_what: what,
                ..before
            };
            directory::update(tx, &kept)?;
            let subject = subject(&kept, &kept.changed_what);
            self.record(tx, actor, allowed, journal::Kind::Command, action, subject)
        })
    }
}

fn subject(kept: &Kept, what: &str) -> Subject {
    Subject {
        thing: format!("service {}", kept.id),
        results: 1,
        detail: what.to_owned(),
        ..Subject::default()
    }
}
