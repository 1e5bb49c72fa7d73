//! Cells of the returns about hospital stays.

use super::{Asked, Made, group, names, quality, sorted};
use crate::flow::board::{age_on, policy};
use crate::flow::returns::{NOT_KNOWN, Return, each_discharge, each_stay};
use crate::{App, Error};
use ::flow::care_home_return;
use ::flow::figures::{Cell, Quality};
use ::flow::pathway_split::{self, Split, counts_in};
use ::flow::policy::RestsOn;
use ::flow::service::Service;
use ::flow::sitrep::{Measure, SitrepRule};
use ::flow::{Stay, text_enum};
use kernel::{Month, OrganisationId, PersonId, StayId};
use std::collections::{BTreeMap, BTreeSet};
use store::flow::Read;
use store::{Tx, service_period};

text_enum! {
    /// What a quality list of stays speaks of.
    Gap {
        /// No ready date.
        NoReadyDate = "stays have no ready date",
        /// Ready after discharge.
        ReadyAfter = "stays have a ready date after discharge",
        /// Ready before admission.
        ReadyBefore = "stays have a ready date before admission",
        /// No date of birth.
        NoAge = "stays are of people whose age is not known",
        /// No reason.
        NoReason = "stays have days of delay without a reason",
        /// No council.
        NoCouncil = "stays have no council",
        /// No pathway.
        NoPathway = "stays have no pathway",
    }
}

fn stays(ids: impl IntoIterator<Item = StayId>) -> Vec<String> {
    let ids: BTreeSet<StayId> = ids.into_iter().collect();
    ids.into_iter().map(|id| format!("stay {id}")).collect()
}

/// Gaps with the stays that have them.
#[derive(Default)]
struct Gaps(BTreeMap<Gap, Vec<StayId>>);

impl Gaps {
    fn add(&mut self, gap: Gap, id: StayId) {
        self.0.entry(gap).or_default().push(id);
    }

    fn list(self) -> Vec<Quality> {
        self.0
            .into_iter()
            .map(|(gap, ids)| quality(gap.as_str(), stays(ids)))
            .collect()
    }
}

/// Rows of the delay return as cells, with what is missing of the stays behind them.
fn of_return(made: &Return) -> (Vec<Cell>, Gaps) {
    let mut gaps = Gaps::default();
    let cells = made
        .rows
        .iter()
        .map(|row| {
            let gap = match (row.responsible.as_str(), row.reason.as_str()) {
                (NOT_KNOWN, NOT_KNOWN) => Some(Gap::NoReason),
                ("left out", "ready date not known") => Some(Gap::NoReadyDate),
                ("left out", "ready date after discharge") => Some(Gap::ReadyAfter),
                ("left out", "ready date before admission") => Some(Gap::ReadyBefore),
                ("left out", "age not known") => Some(Gap::NoAge),
                _ => None,
            };
            for id in &row.ids {
                if let Some(gap) = gap {
                    gaps.add(gap, *id);
                }
                if row.council == NOT_KNOWN && row.responsible != "left out" {
                    gaps.add(Gap::NoCouncil, *id);
                }
            }
            Cell {
                group: row.council.clone(),
                measure: format!("{}, {}, {}", row.care_type, row.responsible, row.reason),
                value: row.days.clone(),
                ids: stays(row.ids.iter().copied()),
            }
        })
        .collect();
    (cells, gaps)
}

/// The pathways home of older people, with the stays behind each number.
#[derive(Default)]
struct WaysHome {
    split: Split,
    ids: [Vec<StayId>; 4],
    back: Vec<StayId>,
}

impl WaysHome {
    fn add(&mut self, stay: &Stay, returns: bool) {
        self.split.add(stay.pathway, returns);
        let Some(number) = stay.pathway.map(|one| counts_in(one, returns)) else {
            return;
        };
        if let Some(ids) = self.ids.get_mut(number) {
            ids.push(stay.id);
        }
        if returns && stay.pathway.is_some_and(|one| one.number() == 3) {
            self.back.push(stay.id);
        }
    }
}

/// Those of pathway 3 who count in pathway 0.
const BACK_IN_THEIR_HOME: &str =
    "aged 65 and over, back in the care home they came from, counted in pathway 0";

/// Discharges that the share of those who go home is of.
const KNOWN_DESTINATION: &str = "acute, discharged to a destination that is known";
/// Those of them who go home.
const USUAL_RESIDENCE: &str = "acute, discharged to the usual place of residence";

impl App {
    pub(super) fn delays_cells(&self, tx: &mut dyn Tx, asked: &Asked) -> Result<Made, Error> {
        let month = Month::of(asked.first);
        let made = self.return_dtoc(tx, month, asked.counted)?;
        let (cells, gaps) = of_return(&made);
        Ok(Made {
            cells,
            quality: gaps.list(),
            rests_on: made.rests(),
        })
    }

    pub(super) fn drd_cells(&self, tx: &mut dyn Tx, asked: &Asked) -> Result<Made, Error> {
        let month = Month::of(asked.first);
        let made = self.return_drd(tx, month, asked.counted)?;
        let (mut cells, mut gaps) = of_return(&made);
        let mut rests_on = made.rests();
        let names = names(tx)?;
        for (council, ways) in self.ways_home(tx, asked, &mut gaps)? {
            let (flags, rests) =
                pathway_split::check(&ways.split, self.policy(), asked.first).map_err(policy)?;
            rests_on.also(&rests);
            let mut cell = |measure: String, ids: Vec<StayId>| {
                cells.push(Cell {
                    group: group(&names, council),
                    measure,
                    value: ids.len().to_string(),
                    ids: stays(ids),
                });
            };
            for (number, ids) in (0u8..).zip(ways.ids) {
                let flag = flags.iter().find(|flag| flag.pathway == number);
                let flag = flag.map_or_else(String::new, |flag| {
                    let way = if flag.high { "above" } else { "below" };
                    format!(" ({way} {} per cent)", flag.mark)
                });
                cell(format!("aged 65 and over, pathway {number}{flag}"), ids);
            }
            cell(BACK_IN_THEIR_HOME.to_owned(), ways.back);
        }
        for (council, ways) in self.ways_out(tx, month, asked.counted)? {
            for (measure, ids) in [
                (KNOWN_DESTINATION, ways.known),
                (USUAL_RESIDENCE, ways.usual),
            ] {
                cells.push(Cell {
                    group: group(&names, council),
                    measure: measure.to_owned(),
                    value: ids.len().to_string(),
                    ids: stays(ids),
                });
            }
        }
        Ok(Made {
            cells: sorted(cells),
            quality: gaps.list(),
            rests_on,
        })
    }

    /// The pathways home of a month's older people, by council.
    fn ways_home(
        &self,
        tx: &mut dyn Tx,
        asked: &Asked,
        gaps: &mut Gaps,
    ) -> Result<BTreeMap<Option<OrganisationId>, WaysHome>, Error> {
        let month = Month::of(asked.first);
        let mut homes: BTreeMap<PersonId, Vec<Service>> = BTreeMap::new();
        for found in service_period::homes_until(tx, asked.last, asked.counted)? {
            let of = homes.entry(found.head).or_default();
            of.push(found.period.service);
        }
        let mut ways: BTreeMap<Option<OrganisationId>, WaysHome> = BTreeMap::new();
        each_discharge(tx, month, asked.counted, |found, left| {
            let stay = &found.stay;
            let died = stay
                .discharge_method
                .as_deref()
                .is_some_and(|code| self.policy().discharge_methods.in_group(code, "died"));
            let age = found.birth_date.and_then(|born| age_on(born, left));
            if died || age.is_none_or(|age| age < 65) {
                return;
            }
            let services = homes.get(&found.head).map_or(&[][..], Vec::as_slice);
            let destination = stay.discharge_destination.as_deref();
            let days = (stay.admitted_on, left);
            let returns = care_home_return::is_return(days, destination, services, self.policy());
            if stay.pathway.is_none() {
                gaps.add(Gap::NoPathway, stay.id);
            }
            ways.entry(stay.council).or_default().add(stay, returns);
        })?;
        Ok(ways)
    }

    pub(super) fn sitrep_cells(&self, tx: &mut dyn Tx, asked: &Asked) -> Result<Made, Error> {
        let day = asked.first;
        let rule = SitrepRule::on(self.policy(), day).map_err(policy)?;
        let mut hospitals: BTreeMap<OrganisationId, BTreeMap<Measure, Vec<StayId>>> =
            BTreeMap::new();
        let mut gaps = Gaps::default();
        each_stay(tx, Read::WithDelays, (day, day), asked.counted, |found| {
            let stay = &found.stay;
            let age = found.birth_date.and_then(|born| age_on(born, day));
            let measures = rule.measures(stay, age, day);
            if measures.is_empty() {
                return;
            }
            if age.is_none() {
                gaps.add(Gap::NoAge, stay.id);
            }
            if stay.discharged_on == Some(day) && stay.ready_on.is_none() {
                gaps.add(Gap::NoReadyDate, stay.id);
            }
            let of = hospitals.entry(stay.hospital).or_default();
            for measure in measures {
                match &measure {
                    Measure::RemainingWhy(_, code) if code.is_empty() => {
                        gaps.add(Gap::NoReason, stay.id);
                    }
                    Measure::Pathway(None) => gaps.add(Gap::NoPathway, stay.id),
                    _ => {}
                }
                of.entry(measure).or_default().push(stay.id);
            }
        })?;
        let names = names(tx)?;
        let mut cells = Vec::new();
        for (hospital, mut counts) in hospitals {
            let hospital = group(&names, Some(hospital));
            for always in rule.always() {
                counts.entry(always).or_default();
            }
            cells.extend(counts.into_iter().map(|(measure, ids)| Cell {
                group: hospital.clone(),
                measure: self.measure_words(&measure),
                value: ids.len().to_string(),
                ids: stays(ids),
            }));
        }
        Ok(Made {
            cells: sorted(cells),
            quality: gaps.list(),
            rests_on: rule.rests_on.clone(),
        })
    }

    fn measure_words(&self, measure: &Measure) -> String {
        match measure {
            Measure::InHospital => "in hospital at the end of the day".to_owned(),
            Measure::NoLongerMeets => "no longer meet the criteria to reside".to_owned(),
            Measure::Discharged => "of them, discharged".to_owned(),
            Measure::Remaining => "of them, remaining".to_owned(),
            Measure::RemainingFor(days) => format!("remaining, {days} days or more in hospital"),
            Measure::RemainingWhy(_, code) if code.is_empty() => {
                "remaining, reason not known".to_owned()
            }
            Measure::RemainingWhy(set, code) => {
                let found = self.policy().reasons.find(set, code);
                let label = found.map_or(code.as_str(), |reason| reason.label.as_str());
                format!("remaining, {label}")
            }
            Measure::Pathway(None) => "discharged, pathway not known".to_owned(),
            Measure::Pathway(Some(number)) => format!("discharged on pathway {number}"),
        }
    }
}

impl Return {
    /// What it rests on, to be added to.
    fn rests(&self) -> RestsOn {
        RestsOn::of(self.rests_on.iter().cloned())
    }
}
