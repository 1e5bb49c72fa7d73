//! An episode of reablement: how soon after hospital it began, and its free weeks.
//!
//! Source: Care and Support (Preventing Needs for Care and Support) Regulations 2014 (SI
//! 2014/2673): intermediate care and reablement are free for up to six weeks; RULES B.5 (from
//! memory).
//!
//! In words: services of reablement that follow each other closely are one episode. It is free
//! of charge from its first day for six weeks; the last free day is the 42nd. What is given
//! after that may be charged for. Days before the first day and after the last do not count.

use crate::ascof::cluster::Cluster;
use crate::policy::{Policy, RestsOn};
use jiff::civil::Date;
use kernel::calendar::{add_days, days_between};
use kernel::parameters::ParameterError;

/// The free weeks of an episode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FreeWeeks {
    /// How many weeks.
    pub weeks: i64,
    /// The last day that is free.
    pub last_day: Date,
    /// Free days used so far.
    pub used: i64,
    /// Free days that are left; nought once they are over or the episode has ended.
    pub left: i64,
    /// Days given beyond the free ones.
    pub beyond: i64,
    /// Values from memory that this rests on.
    pub rests_on: RestsOn,
}

/// The free weeks of an episode, as they stand on a day.
///
/// # Errors
/// If `reablement.free_weeks` has no value for its first day.
pub fn free_weeks(
    episode: &Cluster<'_>,
    policy: &Policy,
    today: Date,
) -> Result<FreeWeeks, ParameterError> {
    let mut rests_on = RestsOn::default();
    let parameter = policy.on("reablement.free_weeks", episode.starts_on)?;
    let weeks = rests_on.note(parameter).integer()?;
    let free = weeks.saturating_mul(7);
    let last_day = add_days(episode.starts_on, free - 1);
    let until = episode.ends_on.map_or(today, |end| end.min(today));
    let given = (days_between(episode.starts_on, until) + 1).max(0);
    let used = given.min(free);
    let ended = episode.ends_on.is_some_and(|end| end < today);
    Ok(FreeWeeks {
        weeks,
        last_day,
        used,
        left: if ended { 0 } else { free - used },
        beyond: given - used,
        rests_on,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::ascof::cluster::clusters;
    use crate::ascof::examples::service;
    use crate::service::ServiceType::StMax;
    use jiff::civil::date;

    #[test]
    fn examples() {
        let first = date(2026, 3, 2);
        let last_free = date(2026, 4, 12);
        for (ends, today, used, left, beyond) in [
            (None, date(2026, 3, 1), 0, 42, 0),
            (None, first, 1, 41, 0),
            // Over the night in which the clocks go forward: a day is a day.
            (None, date(2026, 3, 30), 29, 13, 0),
            (None, last_free, 42, 0, 0),
            (None, date(2026, 4, 13), 42, 0, 1),
            (Some(date(2026, 3, 15)), date(2026, 3, 20), 14, 0, 0),
            (Some(date(2026, 4, 20)), date(2026, 5, 1), 42, 0, 8),
            (Some(date(2026, 4, 20)), date(2026, 3, 8), 7, 35, 0),
        ] {
            let services = [service(1, StMax, first, ends)];
            let episode = &clusters(&services, 7, |_| true)[0];
            let found = free_weeks(episode, &Policy::builtin(), today).unwrap();
            assert_eq!(found.last_day, last_free);
            assert_eq!(
                (found.used, found.left, found.beyond),
                (used, left, beyond),
                "{today}"
            );
        }
    }
}
