//! Services of one kind that follow each other closely are one episode.
//!
//! Source: ASCOF 2A algorithm of DHSC (2024/25 onward), step 2; RULES I.2.
//!
//! In words: order the services by their first day. A service belongs to the cluster before it
//! if it starts at most seven days after the latest end in that cluster. A service that goes on
//! takes in all that follow.

use crate::service::{Outcome, Service};
use jiff::civil::Date;
use kernel::calendar::days_between;

/// Services that are one episode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster<'a> {
    /// First day.
    pub starts_on: Date,
    /// Last day; `None` while one of them goes on.
    pub ends_on: Option<Date>,
    /// The services, by first day.
    pub services: Vec<&'a Service>,
}

impl<'a> Cluster<'a> {
    fn of(service: &'a Service) -> Self {
        Self {
            starts_on: service.starts_on,
            ends_on: service.ends_on,
            services: vec![service],
        }
    }

    /// True if a service starts soon enough to belong.
    fn takes(&self, service: &Service, gap: i64) -> bool {
        self.ends_on
            .is_none_or(|end| days_between(end, service.starts_on) <= gap)
    }

    fn add(&mut self, service: &'a Service) {
        self.ends_on = match (self.ends_on, service.ends_on) {
            (Some(a), Some(b)) => Some(a.max(b)),
            _ => None,
        };
        self.services.push(service);
    }

    /// How it ended: the outcome of the service that ended last.
    pub fn outcome(&self) -> Option<Outcome> {
        let last = self.services.iter().max_by_key(|one| one.ends_on)?;
        last.outcome
    }
}

/// The clusters of the services that are wanted, by first day.
pub fn clusters<'a>(
    services: &'a [Service],
    gap: i64,
    wanted: impl Fn(&Service) -> bool,
) -> Vec<Cluster<'a>> {
    let mut chosen: Vec<&Service> = services.iter().filter(|one| wanted(one)).collect();
    chosen.sort_by_key(|one| (one.starts_on, one.ends_on, one.id));
    let mut clusters: Vec<Cluster<'a>> = Vec::new();
    for service in chosen {
        match clusters.last_mut() {
            Some(cluster) if cluster.takes(service, gap) => cluster.add(service),
            _ => clusters.push(Cluster::of(service)),
        }
    }
    clusters
}

#[cfg(test)]
mod tests {
    use super::super::examples::{day, service};
    use super::*;
    use crate::service::ServiceType::StMax;

    /// RULES P, vector V23.
    #[test]
    fn examples() {
        for (second_starts, clusters_found) in [
            (day(3, 10), 1),
            (day(3, 11), 1),
            (day(3, 17), 1), // V23: a gap of seven days.
            (day(3, 18), 2), // V23: of eight.
        ] {
            let services = [
                service(2, StMax, second_starts, Some(day(4, 1))),
                service(1, StMax, day(3, 1), Some(day(3, 10))),
            ];
            let found = clusters(&services, 7, |_| true);
            assert_eq!(found.len(), clusters_found, "{second_starts}");
            assert_eq!(found[0].starts_on, day(3, 1));
        }
    }

    #[test]
    fn the_latest_end_counts_and_not_the_last_start() {
        let services = [
            service(1, StMax, day(1, 1), Some(day(3, 10))),
            service(2, StMax, day(1, 5), Some(day(1, 6))),
            service(3, StMax, day(3, 17), None),
            service(4, StMax, day(6, 17), Some(day(6, 18))),
        ];
        let found = clusters(&services, 7, |_| true);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].ends_on, None);
        assert_eq!(found[0].services.len(), 4);
    }
}
