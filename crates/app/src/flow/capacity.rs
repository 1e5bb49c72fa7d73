//! What services have free: seen by those who look for care, told by those who give it.

use crate::{App, Error, FieldError, Subject};
use ::flow::offer::capacity::{self, faults};
use ::flow::offer::{Kind, Reach, Slot, TimeOfDay, Unit};
use ::place::service::{Serves, Service, areas};
use access::{Action, Actor, Role};
use jiff::Timestamp;
use kernel::{CapacityId, ServiceId};
use store::capacity::{self as rows, Figure};
use store::directory::{self, Kept};
use store::{Tx, journal};

/// Longest text of a zone, in characters.
const ZONE: usize = 200;
/// Most figures that one service tells.
const FIGURES: usize = 60;

/// A figure as a page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldFigure {
    /// The figure.
    pub figure: Figure,
    /// How old it is, in words.
    pub age: String,
    /// Whether it is too old to rely on.
    pub stale: bool,
}

/// A service with what it has free.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceCapacity {
    /// The service.
    pub kept: Kept,
    /// Its figures.
    pub figures: Vec<ToldFigure>,
}

/// What is asked for of all that is free. What is empty is not asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CapacityFilter {
    /// Kind of care.
    pub kind: Option<Kind>,
    /// A postcode district or the name of a town.
    pub zone: String,
    /// Only figures with something free.
    pub free: bool,
}

/// A figure told anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TellFigure {
    /// Which.
    pub id: CapacityId,
    /// The version that was shown.
    pub version: i64,
    /// How many are free; `None` if what was typed is no number.
    pub free: Option<u32>,
}

/// A figure that was not told before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFigure {
    /// Kind of care.
    pub kind: Option<Kind>,
    /// Postcodes and names of towns; empty is wherever the service works.
    pub zone: String,
    /// Time of day.
    pub time: TimeOfDay,
    /// What is counted.
    pub unit: Option<Unit>,
    /// How many are free.
    pub free: Option<u32>,
    /// Codes of skills.
    pub skills: Vec<String>,
}

impl App {
    /// What services have free, services with a figure only.
    ///
    /// # Errors
    /// Not allowed, a parameter is missing, or the store's.
    pub fn capacity(
        &self,
        actor: &Actor,
        filter: &CapacityFilter,
    ) -> Result<Vec<ServiceCapacity>, Error> {
        access::decide(actor, Action::SeeCapacity)?;
        let (services, figures) = self
            .store()
            .read(|tx| Ok::<_, Error>((directory::all(tx)?, rows::standing(tx, None)?)))?;
        let today = self.today();
        let mut all = Vec::new();
        for kept in services {
            if kept.service.has_ended(today) {
                continue;
            }
            let own: Vec<Figure> = figures
                .iter()
                .filter(|figure| figure.service == kept.id)
                .filter(|figure| filter.kind.is_none_or(|kind| figure.slot.kind == kind))
                .filter(|figure| !filter.free || figure.slot.free > 0)
                .filter(|figure| reach(&kept.service, &figure.slot.zone, &filter.zone) != Reach::No)
                .cloned()
                .collect();
            if !own.is_empty() {
                let figures = self.with_ages(own)?;
                all.push(ServiceCapacity { kept, figures });
            }
        }
        Ok(all)
    }

    pub(super) fn with_ages(&self, figures: Vec<Figure>) -> Result<Vec<ToldFigure>, Error> {
        let hours = self.days("capacity.stale_hours")?;
        let now = self.now();
        Ok(figures
            .into_iter()
            .map(|figure| ToldFigure {
                age: capacity::told(figure.told_at, now),
                stale: capacity::is_stale(figure.told_at, now, hours),
                figure,
            })
            .collect())
    }

    /// The services that somebody may tell figures for: those of their own organisation, all of
    /// them for a hub that hears it by telephone. With every figure.
    ///
    /// # Errors
    /// Not allowed, a parameter is missing, or the store's.
    pub fn own_capacity(&self, actor: &Actor) -> Result<Vec<ServiceCapacity>, Error> {
        access::decide(actor, Action::TellCapacity)?;
        let found = self.store().read(|tx| {
            let own = self.own_services(tx, actor)?;
            let figures = rows::standing(tx, None)?;
            Ok::<_, Error>((own, figures))
        })?;
        let (services, figures) = found;
        services
            .into_iter()
            .map(|kept| {
                let own = figures.iter().filter(|figure| figure.service == kept.id);
                let figures = self.with_ages(own.cloned().collect())?;
                Ok(ServiceCapacity { kept, figures })
            })
            .collect()
    }

    /// One service that somebody may tell figures for.
    ///
    /// # Errors
    /// Not allowed, not theirs or not there, or the store's.
    pub fn own_service(&self, actor: &Actor, id: ServiceId) -> Result<ServiceCapacity, Error> {
        let own = self.own_capacity(actor)?;
        let found = own.into_iter().find(|one| one.kept.id == id);
        found.ok_or(Error::NotFound("service of yours"))
    }

    /// The services that somebody acts for: those that the directory says are run by their
    /// organisation, by its code.
    pub(super) fn own_services(&self, tx: &mut dyn Tx, actor: &Actor) -> Result<Vec<Kept>, Error> {
        if actor.role == Role::HubLead {
            let today = self.today();
            let mut services = directory::all(tx)?;
            services.retain(|kept| !kept.service.has_ended(today));
            return Ok(services);
        }
        self.run_by(tx, actor)
    }

    /// The services that the directory says are run by somebody's organisation, by its code,
    /// whatever part they play themselves.
    pub(super) fn run_by(&self, tx: &mut dyn Tx, actor: &Actor) -> Result<Vec<Kept>, Error> {
        let today = self.today();
        let Some(organisation) = actor.organisation else {
            return Ok(Vec::new());
        };
        let codes: Vec<String> = self
            .family(tx, organisation)?
            .into_iter()
            .filter_map(|one| one.code)
            .collect();
        let mut services = directory::all(tx)?;
        services.retain(|kept| {
            let code = kept.service.organisation_code.as_ref();
            !kept.service.has_ended(today) && code.is_some_and(|code| codes.contains(code))
        });
        Ok(services)
    }

    fn own_one(&self, tx: &mut dyn Tx, actor: &Actor, id: ServiceId) -> Result<Kept, Error> {
        let own = self.own_services(tx, actor)?;
        let found = own.into_iter().find(|kept| kept.id == id);
        found.ok_or(Error::NotFound("service of yours"))
    }

    /// Who a figure is said to come from.
    fn teller(actor: &Actor) -> String {
        format!("{}, {}", actor.display_name, actor.organisation_name)
    }

    /// Tells figures of a service anew, all at once. What did not change counts as told now, too.
    ///
    /// # Errors
    /// Not allowed, not theirs, no number, changed in the meantime (also by an offer that was
    /// accepted), or the store's.
    pub fn tell_capacity(
        &self,
        actor: &Actor,
        service: ServiceId,
        told: &[TellFigure],
    ) -> Result<(), Error> {
        let allowed = access::decide(actor, Action::TellCapacity)?;
        for one in told {
            if one.free.is_none_or(|free| free > capacity::MOST) {
                let text = format!("Enter a number from 0 to {}", capacity::MOST);
                return Err(Error::invalid("free", text));
            }
        }
        self.store().write(|tx| {
            self.own_one(tx, actor, service)?;
            let at = (self.now(), Self::teller(actor));
            for one in told {
                let before = of_service(tx, service, one.id)?;
                let free = one.free.unwrap_or(0);
                if !rows::tell(tx, (one.id, one.version), free, (at.0, &at.1))? {
                    return Err(changed(tx, &before)?);
                }
            }
            let subject = Subject {
                thing: format!("service {service}"),
                results: told.len(),
                detail: "told".to_owned(),
                ..Subject::default()
            };
            let kind = journal::Kind::Command;
            self.record(tx, actor, allowed, kind, "capacity: tell", subject)
        })
    }

    /// Adds a figure that was not told before.
    ///
    /// # Errors
    /// Not allowed, not theirs, what was typed, or the store's.
    pub fn add_capacity(
        &self,
        actor: &Actor,
        service: ServiceId,
        new: &NewFigure,
    ) -> Result<CapacityId, Error> {
        let allowed = access::decide(actor, Action::TellCapacity)?;
        let slot = self.read_figure(new)?;
        self.store().write(|tx| {
            self.own_one(tx, actor, service)?;
            let there = rows::standing(tx, Some(service))?;
            if there.len() >= FIGURES {
                let text = format!("A service tells at most {FIGURES} figures: end one first");
                return Err(Error::invalid("kind", text));
            }
            let same = there.iter().any(|one| {
                (one.slot.kind, one.slot.time, one.slot.unit) == (slot.kind, slot.time, slot.unit)
                    && (&one.slot.zone, &one.slot.skills) == (&slot.zone, &slot.skills)
            });
            if same {
                let text = "There is such a figure already: change the number there";
                return Err(Error::invalid("kind", text));
            }
            let figure = Figure {
                service,
                slot: slot.clone(),
                told_at: self.now(),
                told_by: Self::teller(actor),
                ended_at: None,
                version: 1,
            };
            rows::insert(tx, &figure)?;
            self.capacity_changed(tx, actor, allowed, &figure, "capacity: add")
        })?;
        Ok(slot.id)
    }

    fn read_figure(&self, new: &NewFigure) -> Result<Slot, Error> {
        let mut wrong = Vec::new();
        let mut fault = |field: &'static str, text: &str| {
            wrong.push(FieldError {
                field,
                text: text.to_owned(),
            });
        };
        if new.kind.is_none() {
            fault("kind", "Choose a kind of care");
        }
        if new.unit.is_none() {
            fault("unit", "Choose what is counted");
        }
        if new.free.is_none() {
            fault("free", "Enter how many are free, as a number");
        }
        if new.zone.chars().count() > ZONE {
            fault("zone", &format!("Use {ZONE} characters or fewer"));
        }
        let today = self.today();
        let known = |code: &String| self.policy().skills.get(code, today).is_ok();
        if !new.skills.iter().all(known) {
            fault("skills", "Choose skills of the list");
        }
        let (Some(kind), Some(unit), Some(free)) = (new.kind, new.unit, new.free) else {
            return Err(Error::Invalid(wrong));
        };
        for (field, text) in faults(kind, new.time, unit, free) {
            wrong.push(FieldError { field, text });
        }
        if !wrong.is_empty() {
            return Err(Error::Invalid(wrong));
        }
        let zone: Vec<String> = areas(&new.zone).iter().map(ToString::to_string).collect();
        Ok(Slot {
            id: self.ids().capacity(),
            kind,
            zone: zone.join("; "),
            time: new.time,
            unit,
            free,
            skills: new.skills.clone(),
        })
    }

    /// Ends a figure: the service does not tell it any more.
    ///
    /// # Errors
    /// Not allowed, not theirs, changed in the meantime, or the store's.
    pub fn end_capacity(
        &self,
        actor: &Actor,
        service: ServiceId,
        (id, version): (CapacityId, i64),
    ) -> Result<(), Error> {
        let allowed = access::decide(actor, Action::TellCapacity)?;
        self.store().write(|tx| {
            self.own_one(tx, actor, service)?;
            let before = of_service(tx, service, id)?;
            if !rows::end(tx, (id, version), (self.now(), &Self::teller(actor)))? {
                return Err(changed(tx, &before)?);
            }
            self.capacity_changed(tx, actor, allowed, &before, "capacity: end")
        })
    }

    fn capacity_changed(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        allowed: access::Allowed,
        figure: &Figure,
        action: &str,
    ) -> Result<(), Error> {
        let subject = Subject {
            thing: format!("capacity {}", figure.slot.id),
            results: 1,
            detail: format!("service {}", figure.service),
            ..Subject::default()
        };
        let kind = journal::Kind::Command;
        self.record(tx, actor, allowed, kind, action, subject)
    }
}

fn of_service(tx: &mut dyn Tx, service: ServiceId, id: CapacityId) -> Result<Figure, Error> {
    let found = rows::by_id(tx, id)?.filter(|figure| figure.service == service);
    found
        .filter(|figure| figure.ended_at.is_none())
        .ok_or(Error::NotFound("figure that stands"))
}

/// Who changed a figure last, and what.
fn changed(tx: &mut dyn Tx, figure: &Figure) -> Result<Error, Error> {
    let last = rows::events(tx, figure.slot.id)?.pop();
    let (who, at) = last.as_ref().map_or_else(
        || (figure.told_by.clone(), figure.told_at),
        |event| (event.by.clone(), event.at),
    );
    let what = match last.as_ref().map(|event| event.what.as_str()) {
        Some("taken") => "an offer was accepted and took some of what is free",
        Some("given back") => "a need was withdrawn and gave back what it had taken",
        Some("ended") => "the figure was ended",
        _ => "the figure was told anew",
    };
    let free = last.map_or(figure.slot.free, |event| event.free);
    Ok(Error::Stale {
        who,
        what: format!("{what} {}; {free} free now", since(at)),
    })
}

fn since(at: Timestamp) -> String {
    let at = kernel::calendar::local(at);
    format!("at {}", kernel::calendar::time_in_words(at))
}

/// Whether a figure of a service is for where something is needed.
pub(super) fn reach(service: &Service, zone: &str, needed: &str) -> Reach {
    if needed.trim().is_empty() {
        return Reach::Yes;
    }
    let serves = match zone.is_empty() {
        true => service.serves(needed),
        false => Service {
            areas: areas(zone),
            ..service.clone()
        }
        .serves(needed),
    };
    match serves {
        Serves::Yes => Reach::Yes,
        Serves::Perhaps => Reach::Perhaps,
        Serves::No => Reach::No,
    }
}
