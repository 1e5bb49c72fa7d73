//! Metrics of Better Care Fund plans that the stays of this place count: a month's figure, the same as the return says
//! that it comes from.

use super::ascof::Home91;
use super::{Asked, ReturnKind};
use crate::flow::board::policy;
use crate::flow::returns::{Names, each_stay_alone, for_purpose, sees_people};
use crate::{App, Error};
use ::flow::CareType;
use ::flow::beds::Ratio;
use ::flow::count_drd::DrdRule;
use ::flow::text_enum;
use ::flow::usual_residence::to_usual_residence;
use access::Actor;
use jiff::civil::Date;
use kernel::{Month, OrganisationId, StayId};
use std::collections::BTreeMap;
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
    }
}

impl CountedMetric {
    /// The return that counts the same.
    pub const fn of_return(self) -> ReturnKind {
        match self {
            Self::AverageDischargeDelay | Self::UsualResidence => ReturnKind::Drd,
            Self::AtHome91 => ReturnKind::Ascof,
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
    /// Counts a metric of a month, over every council.
    pub(crate) fn count_metric(
        &self,
        tx: &mut dyn Tx,
        metric: CountedMetric,
        month: Month,
        counted: Counted,
    ) -> Result<MonthCount, Error> {
        let (ratio, of, said) = match metric {
            CountedMetric::AverageDischargeDelay => self.mean_delay(tx, month, counted)?,
            CountedMetric::UsualResidence => self.usual_residence(tx, month, counted)?,
            CountedMetric::AtHome91 => self.at_home_91(tx, month, counted)?,
            CountedMetric::DelayedTransfers => self.delays_rate(tx, month, counted)?,
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
        each_stay_alone(tx, (month.first(), month.last()), counted, |found| {
            let stay = &found.stay;
            let left = stay.discharged_on.filter(|left| Month::of(*left) == month);
            let Some(left) = left.filter(|_| stay.care_type == CareType::Acute) else {
                return;
            };
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
        month: Month,
        counted: Counted,
    ) -> Result<(Ratio, i64, String), Error> {
        let by_council = self.delayed_days(tx, month, counted)?;
        let names = Names::read(tx)?;
        let (mut days, mut adults, mut not_known) = (0, 0, 0);
        for (council, number) in by_council {
            if council.is_none() {
                not_known += number;
                continue;
            }
            let Some(people) = self.adults_of(tx, &names, council, month.first())? else {
                let name = names.council(council);
                let text = format!("No population of {name} is on file: load one");
                return Err(Error::invalid("month", text));
            };
            days += number;
            adults += people;
        }
        let ratio = Ratio::new(100_000 * days, adults)
            .ok_or_else(|| nothing("no stay of a known council has a day of delay"))?;
        let said = format!(
            "{days} days of delay for {adults} adults; {not_known} days of no known council are left out"
        );
        Ok((ratio, adults, said))
    }

    /// Adults of a council, where a population is on file.
    fn adults_of(
        &self,
        tx: &mut dyn Tx,
        names: &Names,
        council: Option<OrganisationId>,
        day: Date,
    ) -> Result<Option<i64>, Error> {
        let people = self.people_of(tx, names, council, day)?;
        Ok(people.map(|(adults, older)| adults + older))
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
