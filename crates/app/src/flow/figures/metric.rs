//! Metrics of Better Care Fund plans that the stays and services of this place count: a month's figure, the same as the
//! return says that it comes from.
//!
//! Sources: RULES A.7 point 5 (days of delay for 100,000 adults), B.6 (mean delay), C.4.1 (which measure is which metric),
//! I.2 (ASCOF 2C, new admissions to homes for long). A rate is of the people of the councils that the plan names, in
//! every month and whether or not anything was counted of them. Metrics that cannot be counted here by a definition that
//! can be cited are typed: emergency admissions, falls, avoidable and non-elective admissions.

use super::ascof::Home91;
use super::{Asked, ReturnKind};
use crate::flow::board::policy;
use crate::flow::returns::{Names, each_discharge, for_purpose, sees_people};
use crate::{App, Error};
use ::flow::CareType;
use ::flow::beds::{Ratio, rate_per_100k};
use ::flow::count_drd::DrdRule;
use ::flow::text_enum;
use ::flow::usual_residence::to_usual_residence;
use access::Actor;
use jiff::civil::{Date, date};
use kernel::{Month, OrganisationId, StayId};
use std::collections::{BTreeMap, BTreeSet};
use store::Tx;
use store::flow::Counted;

text_enum! {
    /// A metric of a plan that can be counted here, by its short name in the plan.
    CountedMetric {
        /// Days from ready date to discharge, the mean over all.
        AverageDischargeDelay = "average-discharge-delay",
        /// Discharged to the usual place of residence, in per cent.
        UsualResidence = "usual-residence",
        /// At home on day 91 after hospital and reablement, in per cent.
        AtHome91 = "at-home-91-days",
        /// Days of delay by the rules of 2010 to 2020, for 100,000 adults.
        DelayedTransfers = "delayed-transfers",
        /// People of 65 and over who are new to a care home for long, for 100,000 of them (ASCOF 2C).
        CareHomeAdmissions = "care-home-admissions",
    }
}

impl CountedMetric {
    /// The return that counts the same.
    pub const fn of_return(self) -> ReturnKind {
        match self {
            Self::AverageDischargeDelay | Self::UsualResidence => ReturnKind::Drd,
            Self::AtHome91 | Self::CareHomeAdmissions => ReturnKind::Ascof,
            Self::DelayedTransfers => ReturnKind::Delays,
        }
    }

    /// The period of that return which holds a month.
    pub fn period(self, month: Month) -> String {
        self.of_return().period_of(month.first())
    }

    /// Decimals of its figures.
    const fn decimals(self) -> u8 {
        match self {
            Self::AverageDischargeDelay => 2,
            _ => 1,
        }
    }
}

/// A month's figure as it was counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MonthCount {
    /// The figure, written with its decimals.
    pub(crate) value: String,
    /// Of how many it is.
    pub(crate) of: i64,
    /// What was counted, in words.
    pub(crate) said: String,
}

/// For what the figures are counted: as the returns that they come from are.
const PURPOSE: &str = "official return";

/// Whose stays the figures of metrics count. Whoever sees people too would keep a figure without those
/// whose records are kept apart, and everybody after them would take it for the whole.
pub(crate) fn whom_metrics_count(actor: &Actor) -> Result<Counted, Error> {
    let (_, counted) = for_purpose(actor, PURPOSE)?;
    match sees_people(actor) {
        false => Ok(counted),
        true => {
            let text = "Ask somebody who sees figures only: records that are kept apart are not \
                        counted for you";
            Err(Error::invalid("metric", text))
        }
    }
}

/// What is counted and is not enough for a figure.
fn nothing(what: &str) -> Error {
    Error::invalid("month", format!("Nothing to count: {what}"))
}

impl App {
    /// Counts a metric of a month: a rate over the councils of these names, which are those of the plan, and anything else
    /// over every council.
    pub(crate) fn count_metric(
        &self,
        tx: &mut dyn Tx,
        (metric, councils): (CountedMetric, &[String]),
        month: Month,
        counted: Counted,
    ) -> Result<MonthCount, Error> {
        let (ratio, of, said) = match metric {
            CountedMetric::AverageDischargeDelay => self.mean_delay(tx, month, counted)?,
            CountedMetric::UsualResidence => self.usual_residence(tx, month, counted)?,
            CountedMetric::AtHome91 => self.at_home_91(tx, month, counted)?,
            CountedMetric::DelayedTransfers => self.delays_rate(tx, councils, month, counted)?,
            CountedMetric::CareHomeAdmissions => {
                self.care_home_rate(tx, councils, month, counted)?
            }
        };
        Ok(MonthCount {
            value: ratio.rounded(metric.decimals()),
            of,
            said,
        })
    }

    fn mean_delay(
        &self,
        tx: &mut dyn Tx,
        month: Month,
        counted: Counted,
    ) -> Result<(Ratio, i64, String), Error> {
        let rule = DrdRule::on(self.policy(), month.first()).map_err(policy)?;
        let (summaries, _) = self.drd_summaries(tx, &rule, month, counted)?;
        let acute = summaries
            .iter()
            .filter(|((_, care_type), _)| *care_type == CareType::Acute)
            .map(|(_, (summary, _))| summary);
        let (mut valid, mut days, mut left_out) = (0, 0, 0);
        for one in acute {
            valid += one.valid;
            days += one.bed_days;
            left_out += one.excluded.values().sum::<i64>();
        }
        let ratio = Ratio::new(days, valid)
            .ok_or_else(|| nothing("no adult left an acute hospital with a ready date"))?;
        let said = format!(
            "{days} days over {valid} discharges of adults from acute hospitals with a ready date; \
             {left_out} left out"
        );
        Ok((ratio, valid, said))
    }

    fn usual_residence(
        &self,
        tx: &mut dyn Tx,
        month: Month,
        counted: Counted,
    ) -> Result<(Ratio, i64, String), Error> {
        let (mut known, mut usual) = (0, 0);
        for (_, ways) in self.ways_out(tx, month, counted)? {
            known += i64::try_from(ways.known.len()).unwrap_or(i64::MAX);
            usual += i64::try_from(ways.usual.len()).unwrap_or(i64::MAX);
        }
        let ratio = Ratio::new(100 * usual, known)
            .ok_or_else(|| nothing("nobody left an acute hospital for a place that is known"))?;
        let said =
            format!("{usual} of {known} discharges from acute hospitals with a known destination");
        Ok((ratio, known, said))
    }

    /// The discharges of a month from acute hospitals, by council: those whose destination is known, and those to the
    /// usual place of residence.
    pub(super) fn ways_out(
        &self,
        tx: &mut dyn Tx,
        month: Month,
        counted: Counted,
    ) -> Result<BTreeMap<Option<OrganisationId>, WaysOut>, Error> {
        let mut all: BTreeMap<Option<OrganisationId>, WaysOut> = BTreeMap::new();
        each_discharge(tx, month, counted, |found, left| {
            let stay = &found.stay;
            if stay.care_type != CareType::Acute {
                return;
            }
            let (method, destination) = (
                stay.discharge_method.as_deref(),
                stay.discharge_destination.as_deref(),
            );
            if let Some(usual) = to_usual_residence(left, method, destination, self.policy()) {
                let of = all.entry(stay.council).or_default();
                of.known.push(stay.id);
                if usual {
                    of.usual.push(stay.id);
                }
            }
        })?;
        Ok(all)
    }

    fn at_home_91(
        &self,
        tx: &mut dyn Tx,
        month: Month,
        counted: Counted,
    ) -> Result<(Ratio, i64, String), Error> {
        let asked = Asked {
            first: month.first(),
            last: month.last(),
            counted,
        };
        let Home91 {
            home,
            not,
            known_from,
        } = self.home_91(tx, &asked)?;
        if known_from > self.today() {
            let text = format!(
                "The 91st day of the last who left hospital in the month is known from {known_from}"
            );
            return Err(Error::invalid("month", text));
        }
        let all = home + not;
        let ratio = Ratio::new(100 * home, all).ok_or_else(|| {
            nothing("nobody aged 65 and over left hospital into reablement in the month")
        })?;
        let said = format!(
            "{home} of {all} people aged 65 and over who left hospital into reablement in the month; \
             the return counts its whole year"
        );
        Ok((ratio, all, said))
    }

    fn delays_rate(
        &self,
        tx: &mut dyn Tx,
        councils: &[String],
        month: Month,
        counted: Counted,
    ) -> Result<(Ratio, i64, String), Error> {
        let day = month.first();
        let area = self.area(tx, councils, day, |(adults, older)| adults + older)?;
        let (days, others) = area.split(self.delayed_days(tx, month, counted)?);
        let said = format!(
            "{days} days of delay for {} adults; {others} days of other councils, or of none that is known, are left \
             out",
            area.people
        );
        Ok((area.rate(days)?, area.people, said))
    }

    fn care_home_rate(
        &self,
        tx: &mut dyn Tx,
        councils: &[String],
        month: Month,
        counted: Counted,
    ) -> Result<(Ratio, i64, String), Error> {
        // The return's year has one population, so that its months add up to it.
        let year = date(month.financial_year(), 4, 1);
        let area = self.area(tx, councils, year, |(_, older)| older)?;
        let asked = Asked {
            first: month.first(),
            last: month.last(),
            counted,
        };
        let (people, others) = area.split(self.new_in_homes(tx, &asked)?);
        let said = format!(
            "{people} people aged 65 and over new to a care home for long, of {}; {others} of other councils, or of none \
             that is known, are left out",
            area.people
        );
        Ok((area.rate(people)?, area.people, said))
    }

    /// The councils of these names, with the people of all of them.
    fn area(
        &self,
        tx: &mut dyn Tx,
        councils: &[String],
        day: Date,
        of: fn((i64, i64)) -> i64,
    ) -> Result<Area, Error> {
        let names = Names::read(tx)?;
        let mut area = Area {
            councils: BTreeSet::new(),
            people: 0,
        };
        for name in councils {
            let Some(council) = names.council_named(name) else {
                let text = format!("The plan's council {name} is no council of this place");
                return Err(Error::invalid("month", text));
            };
            let Some(people) = self.people_of(tx, &names, Some(council), day)? else {
                let text = format!("No population of {name} is on file: load one");
                return Err(Error::invalid("month", text));
            };
            if area.councils.insert(council) {
                area.people += of(people);
            }
        }
        Ok(area)
    }
}

/// Where the people live whom a rate is of.
struct Area {
    councils: BTreeSet<OrganisationId>,
    people: i64,
}

impl Area {
    /// What was counted of its councils, and of others.
    fn split(&self, by_council: BTreeMap<Option<OrganisationId>, i64>) -> (i64, i64) {
        let (mut of_it, mut others) = (0, 0);
        for (council, number) in by_council {
            match council.is_some_and(|council| self.councils.contains(&council)) {
                true => of_it += number,
                false => others += number,
            }
        }
        (of_it, others)
    }

    fn rate(&self, number: i64) -> Result<Ratio, Error> {
        rate_per_100k(number, self.people)
            .ok_or_else(|| nothing("the plan names no council whose people could be counted"))
    }
}

/// Discharges of a council whose destination is known.
#[derive(Default)]
pub(super) struct WaysOut {
    /// All of them.
    pub(super) known: Vec<StayId>,
    /// To the usual place of residence.
    pub(super) usual: Vec<StayId>,
}
