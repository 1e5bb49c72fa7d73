//! An episode of reablement, worked out from the rows whenever it is shown.

use ::flow::ascof::cluster::{Cluster, clusters};
use ::flow::ascof::home_after_hospital::{self, AfterWeeks, discharge_of};
use ::flow::ascof::reablement::{LeftOut, Sequel, sequel};
use ::flow::ascof::{Lengths, Period, Person, home_91};
use ::flow::policy::Policy;
use ::flow::reablement::{FreeWeeks, free_weeks};
use ::flow::service::{Service, ServiceType};
use jiff::civil::Date;
use kernel::StayId;
use kernel::calendar::{add_days, days_between};
use kernel::parameters::ParameterError;

/// What is known of an episode of reablement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Episode {
    /// First day.
    pub starts_on: Date,
    /// Last day; `None` while it goes on.
    pub ends_on: Option<Date>,
    /// The stay it follows, with the day of discharge: as recorded, or the one that the rule of
    /// ASCOF 2D links.
    pub follows: Option<(StayId, Date)>,
    /// Whether somebody recorded which stay it follows.
    pub follows_recorded: bool,
    /// Days from discharge to the first day.
    pub days_after_hospital: Option<i64>,
    /// The free weeks.
    pub free: FreeWeeks,
    /// What followed it; `None` while it goes on and in the days in which more may follow.
    pub sequel: Option<Result<Sequel, LeftOut>>,
    /// From which day on the sequel is known; `None` while it goes on.
    pub sequel_from: Option<Date>,
    /// At home after 84 days (ASCOF 2D); `None` if it follows no stay that counts.
    pub after_84: Option<AfterWeeks>,
    /// At home on day 91, by the older measure; the inner `None` is "not known yet".
    pub on_91: Option<Option<bool>>,
    /// Days after discharge that the two ask about.
    pub asked_at: (i64, i64),
    /// Values from memory that this rests on.
    pub rests_on: Vec<String>,
}

/// A stay as the rule of 2D needs it.
pub(crate) fn as_asked(stay: &::flow::Stay) -> home_after_hospital::Stay {
    home_after_hospital::Stay {
        id: stay.id,
        admitted_on: stay.admitted_on,
        admission_method: stay.admission_method.clone(),
        discharged_on: stay.discharged_on,
        discharge_method: stay.discharge_method.clone(),
        destination: stay.discharge_destination.clone(),
    }
}

/// The episode that a service belongs to, as known today.
pub(super) fn of(
    service: &Service,
    services: &[Service],
    stays: &[::flow::Stay],
    person: &Person,
    (policy, today): (&Policy, Date),
) -> Result<Option<Episode>, ParameterError> {
    let lengths = Lengths::on(policy, today)?;
    let found = clusters(services, lengths.cluster_gap, |one| {
        one.kind == ServiceType::StMax
    });
    let holds = |cluster: &&Cluster<'_>| cluster.services.iter().any(|one| one.id == service.id);
    let Some(cluster) = found.iter().find(holds) else {
        return Ok(None);
    };
    let stays: Vec<_> = stays.iter().map(as_asked).collect();
    let discharges: Vec<_> = stays
        .iter()
        .filter_map(|stay| Some((stay, stay.discharged_on?)))
        .collect();
    let recorded = cluster.services.iter().find_map(|one| one.stay);
    let follows = match recorded {
        Some(id) => discharges.iter().find(|(stay, _)| stay.id == id).copied(),
        None => discharge_of(cluster, &discharges, &lengths),
    };
    let asked = follows.filter(|(stay, left)| {
        home_after_hospital::counts(stay, *left, person, services, policy).is_ok()
    });
    let free = free_weeks(cluster, policy, today)?;
    let sequel_from = cluster.ends_on.map(|end| add_days(end, lengths.sequel + 1));
    let mut rests_on = lengths.rests_on.clone();
    rests_on.also(&free.rests_on);
    Ok(Some(Episode {
        starts_on: cluster.starts_on,
        ends_on: cluster.ends_on,
        follows: follows.map(|(stay, left)| (stay.id, left)),
        follows_recorded: recorded.is_some(),
        days_after_hospital: follows.map(|(_, left)| days_between(left, cluster.starts_on)),
        sequel_from,
        sequel: cluster
            .ends_on
            .filter(|_| sequel_from.is_some_and(|from| from <= today))
            .map(|end| {
                let period = Period {
                    first: end,
                    last: end,
                };
                sequel(cluster, person, services, &[], period, &lengths)
            }),
        after_84: asked.map(|discharge| {
            let with = (policy, &lengths);
            let starts = cluster.starts_on;
            home_after_hospital::outcome(discharge, starts, person, &stays, services, with, today)
        }),
        on_91: asked
            .map(|(_, left)| home_91::at_home(left, person, &stays, services, &lengths, today)),
        asked_at: (lengths.at_home, lengths.at_home_older),
        free,
        rests_on: rests_on.keys().map(str::to_owned).collect(),
    }))
}
