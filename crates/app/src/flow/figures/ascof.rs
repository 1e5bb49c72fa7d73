//! Cells of the measures of adult social care.

use super::{Asked, Made, group, names, quality, sorted};
use crate::flow::board::policy;
use crate::flow::returns::{Names, each_stay};
use crate::flow::services::as_asked;
use crate::{App, Error};
use ::flow::ascof::admissions::{self, Band};
use ::flow::ascof::cluster::{Cluster, clusters};
use ::flow::ascof::home_after_hospital::{self, AfterWeeks, Stay, discharge_of};
use ::flow::ascof::reablement::{LeftOut, sequel};
use ::flow::ascof::{Lengths, Period, Person, home_91};
use ::flow::beds::Ratio;
use ::flow::figures::Cell;
use ::flow::service::{Service, ServiceType};
use jiff::civil::Date;
use kernel::calendar::add_days;
use kernel::{OrganisationId, PersonId, ServicePeriodId, StayId};
use std::collections::BTreeMap;
use std::fmt;
use store::Tx;
use store::flow::Read;
use store::service_period::{self, CountedPeriod};

/// Everything of one person that the measures ask about.
#[derive(Default)]
struct Whole {
    person: Person,
    services: Vec<Service>,
    councils: BTreeMap<ServicePeriodId, OrganisationId>,
    stays: Vec<(Stay, Option<OrganisationId>)>,
}

type Council = Option<OrganisationId>;

/// What stands behind a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Behind {
    Service(ServicePeriodId),
    Stay(StayId),
}

impl fmt::Display for Behind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Service(id) => write!(f, "service {id}"),
            Self::Stay(id) => write!(f, "stay {id}"),
        }
    }
}

/// How many things each measure of each council counts, and what stands behind them: one person or
/// episode may have several services and a stay.
#[derive(Default)]
struct Counts(BTreeMap<(Council, Named), (i64, Vec<Behind>)>);

/// Who was at home on day 91.
pub(super) struct Home91 {
    /// At home.
    pub(super) home: i64,
    /// Not at home.
    pub(super) not: i64,
    /// The day from which all of it is known.
    pub(super) known_from: Date,
}

/// What is counted. The order is that of the return.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Named {
    Independent(Option<Band>),
    Reabled(Option<Band>),
    ReabledLeftOut(LeftOut),
    Admitted(Band),
    AdmittedLeftOut(admissions::LeftOut),
    AtHome,
    NotAtHome,
    NotYet,
    IntoReablement,
    Discharged,
    OnDay91,
    NotOnDay91,
}

impl Counts {
    fn add(&mut self, council: Council, named: Named, thing: impl IntoIterator<Item = Behind>) {
        let of = self.0.entry((council, named)).or_default();
        of.0 += 1;
        of.1.extend(thing);
    }

    fn number(&self, council: Council, named: Named) -> i64 {
        self.0.get(&(council, named)).map_or(0, |of| of.0)
    }

    /// How many things were counted of every council together.
    fn over_all(&self, named: Named) -> i64 {
        let of = self.0.iter().filter(|((_, one), _)| *one == named);
        of.map(|(_, of)| of.0).sum()
    }

    fn behind(&self, council: Council, named: Named) -> &[Behind] {
        self.0.get(&(council, named)).map_or(&[], |of| &of.1)
    }
}

fn service_ids(cluster: &Cluster<'_>) -> impl Iterator<Item = Behind> {
    let services = cluster.services.iter();
    services.map(|one| Behind::Service(one.id))
}

const BANDS: [Option<Band>; 3] = [None, Some(Band::Adult), Some(Band::Older)];

impl App {
    pub(super) fn ascof_cells(&self, tx: &mut dyn Tx, asked: &Asked) -> Result<Made, Error> {
        let lengths = Lengths::on(self.policy(), asked.first).map_err(policy)?;
        let year = Period {
            first: asked.first,
            last: asked.last,
        };
        let people = self.whole_people(tx, asked, &lengths)?;
        let mut counts = Counts::default();
        let mut missing = Missing::default();
        for one in people.values() {
            self.count_person(one, year, &lengths, &mut counts, &mut missing);
        }
        let names = names(tx)?;
        let mut councils: Vec<Council> = counts.0.keys().map(|(council, _)| *council).collect();
        councils.dedup();
        let mut cells = Vec::new();
        for council in councils {
            let people = self.people_of(tx, &names, council, asked.first)?;
            cells.extend(council_cells(&names, &counts, council, people, &lengths));
        }
        Ok(Made {
            cells: sorted(cells),
            quality: vec![
                quality(
                    "services of reablement that ended say not how",
                    missing.outcome,
                ),
                quality("services have no council", missing.council),
                quality("services are of people whose age is not known", missing.age),
            ],
            rests_on: lengths.rests_on,
        })
    }

    /// What is counted of every person for one measure, and the lengths of time it went by.
    fn counted(
        &self,
        tx: &mut dyn Tx,
        asked: &Asked,
        count: &dyn Fn(&Whole, Period, &Lengths, &mut Counts),
    ) -> Result<(Counts, Lengths), Error> {
        let lengths = Lengths::on(self.policy(), asked.first).map_err(policy)?;
        let stretch = Period {
            first: asked.first,
            last: asked.last,
        };
        let mut counts = Counts::default();
        for one in self.whole_people(tx, asked, &lengths)?.values() {
            count(one, stretch, &lengths, &mut counts);
        }
        Ok((counts, lengths))
    }

    /// Who of those discharged in a stretch of days into reablement was at home on day 91, over every council.
    pub(super) fn home_91(&self, tx: &mut dyn Tx, asked: &Asked) -> Result<Home91, Error> {
        let (counts, lengths) = self.counted(tx, asked, &|one, stretch, lengths, counts| {
            self.count_home(one, stretch, lengths, counts);
        })?;
        Ok(Home91 {
            home: counts.over_all(Named::OnDay91),
            not: counts.over_all(Named::NotOnDay91),
            known_from: add_days(asked.last, lengths.at_home_older + 1),
        })
    }

    /// People aged 65 and over who are new to a care home for long in a stretch of days, by council: measure 2C.
    pub(super) fn new_in_homes(
        &self,
        tx: &mut dyn Tx,
        asked: &Asked,
    ) -> Result<BTreeMap<Council, i64>, Error> {
        let (counts, _) = self.counted(tx, asked, &count_admissions)?;
        let admitted = Named::Admitted(Band::Older);
        let of = counts.0.iter().filter(|((_, one), _)| *one == admitted);
        Ok(of
            .map(|((council, _), (number, _))| (*council, *number))
            .collect())
    }

    fn count_person(
        &self,
        one: &Whole,
        year: Period,
        lengths: &Lengths,
        counts: &mut Counts,
        missing: &mut Missing,
    ) {
        missing.look(one, year);
        count_reablement(one, year, lengths, counts);
        count_admissions(one, year, lengths, counts);
        self.count_home(one, year, lengths, counts);
    }

    fn count_home(&self, one: &Whole, year: Period, lengths: &Lengths, counts: &mut Counts) {
        let today = self.today();
        let stays: Vec<Stay> = one.stays.iter().map(|(stay, _)| stay.clone()).collect();
        let discharges: Vec<(&Stay, Date)> = stays
            .iter()
            .filter_map(|stay| Some((stay, stay.discharged_on?)))
            .filter(|(stay, left)| {
                year.holds(*left)
                    && home_after_hospital::counts(
                        stay,
                        *left,
                        &one.person,
                        &one.services,
                        self.policy(),
                    )
                    .is_ok()
            })
            .collect();
        for (stay, _) in &discharges {
            let council = one.stays.iter().find(|(other, _)| other.id == stay.id);
            let council = council.and_then(|(_, council)| *council);
            counts.add(council, Named::Discharged, [Behind::Stay(stay.id)]);
        }
        for cluster in reablement_clusters(one, lengths) {
            let Some((stay, left)) = discharge_of(&cluster, &discharges, lengths) else {
                continue;
            };
            let ids = || std::iter::once(Behind::Stay(stay.id)).chain(service_ids(&cluster));
            let council = one.council_of(&cluster);
            counts.add(council, Named::IntoReablement, ids());
            let with = (self.policy(), lengths);
            let after = home_after_hospital::outcome(
                (stay, left),
                cluster.starts_on,
                &one.person,
                &stays,
                &one.services,
                with,
                today,
            );
            // A failure is known before a success: both count only once the days are over.
            let over = |days: i64| add_days(left, days) < today;
            let named = match after {
                _ if !over(lengths.at_home) => Named::NotYet,
                AfterWeeks::AtHome => Named::AtHome,
                AfterWeeks::Not(_) => Named::NotAtHome,
                AfterWeeks::NotYet { .. } => Named::NotYet,
            };
            counts.add(council, named, ids());
            let on_91 = home_91::at_home(left, &one.person, &stays, &one.services, lengths, today);
            match on_91 {
                _ if !over(lengths.at_home_older) => {}
                Some(true) => counts.add(council, Named::OnDay91, ids()),
                Some(false) => counts.add(council, Named::NotOnDay91, ids()),
                None => {}
            }
        }
    }

    /// Everything of everybody who has a service that counts, and of everybody discharged. Somebody
    /// who died in hospital has died, though no other message said so.
    fn whole_people(
        &self,
        tx: &mut dyn Tx,
        asked: &Asked,
        lengths: &Lengths,
    ) -> Result<BTreeMap<PersonId, Whole>, Error> {
        let mut people: BTreeMap<PersonId, Whole> = BTreeMap::new();
        let last = add_days(asked.last, lengths.at_home_older.max(lengths.at_home));
        for found in service_period::until(tx, last, asked.counted)? {
            let CountedPeriod {
                period,
                head,
                born,
                died,
            } = found;
            let one = people.entry(head).or_default();
            one.person = Person { born, died };
            if let Some(council) = period.council {
                one.councils.insert(period.service.id, council);
            }
            one.services.push(period.service);
        }
        let methods = &self.policy().discharge_methods;
        each_stay(
            tx,
            Read::Alone,
            (asked.first, last),
            asked.counted,
            |found| {
                let one = people.entry(found.head).or_default();
                if one.person.born.is_none() {
                    one.person.born = found.birth_date;
                }
                let died = |code: &String| methods.in_group(code, "died");
                if found.stay.discharge_method.as_ref().is_some_and(died) {
                    one.person.died = one.person.died.or(found.stay.discharged_on);
                }
                one.stays.push((as_asked(&found.stay), found.stay.council));
            },
        )?;
        Ok(people)
    }

    /// People of a council aged 18 to 64 and 65 and over, where a population is on file.
    pub(super) fn people_of(
        &self,
        tx: &mut dyn Tx,
        names: &Names,
        council: Council,
        day: Date,
    ) -> Result<Option<(i64, i64)>, Error> {
        let Some(code) = names.code(council) else {
            return Ok(None);
        };
        let years: Vec<i16> = store::place::adults(tx, &code)?
            .into_iter()
            .map(|(year, _)| year)
            .collect();
        let Some(year) = place::population::year_for(day.year(), years.iter().copied()) else {
            return Ok(None);
        };
        let people = store::place::population(tx, &code, year)?;
        let of = |from: usize, to: usize| people.iter().take(to).skip(from).sum();
        Ok(Some((of(18, 65), of(65, people.len()))))
    }
}

impl Whole {
    fn council_of(&self, cluster: &Cluster<'_>) -> Council {
        let last = cluster.services.iter().max_by_key(|one| one.starts_on)?;
        self.councils.get(&last.id).copied()
    }
}

/// What to work off.
#[derive(Default)]
struct Missing {
    outcome: Vec<String>,
    council: Vec<String>,
    age: Vec<String>,
}

impl Missing {
    fn look(&mut self, one: &Whole, year: Period) {
        for service in &one.services {
            let touches = service.starts_on <= year.last
                && service.ends_on.is_none_or(|end| end >= year.first);
            if !touches {
                continue;
            }
            let id = format!("service {}", service.id);
            let ended = service.ends_on.is_some_and(|end| year.holds(end));
            if ended && service.kind == ServiceType::StMax && service.outcome.is_none() {
                self.outcome.push(id.clone());
            }
            if !one.councils.contains_key(&service.id) {
                self.council.push(id.clone());
            }
            if one.person.born.is_none() {
                self.age.push(id);
            }
        }
    }
}

fn reablement_clusters<'a>(one: &'a Whole, lengths: &Lengths) -> Vec<Cluster<'a>> {
    clusters(&one.services, lengths.cluster_gap, |service| {
        service.kind == ServiceType::StMax
    })
}

fn count_reablement(one: &Whole, year: Period, lengths: &Lengths, counts: &mut Counts) {
    for cluster in reablement_clusters(one, lengths) {
        let council = one.council_of(&cluster);
        match sequel(&cluster, &one.person, &one.services, &[], year, lengths) {
            Err(LeftOut::OtherPeriod) => {}
            Err(why) => counts.add(council, Named::ReabledLeftOut(why), service_ids(&cluster)),
            Ok(sequel) => {
                let age = cluster.ends_on.and_then(|end| one.person.age_on(end));
                let band = match age {
                    Some(..65) => Band::Adult,
                    _ => Band::Older,
                };
                for band in [None, Some(band)] {
                    counts.add(council, Named::Reabled(band), service_ids(&cluster));
                    if sequel.is_independent() {
                        counts.add(council, Named::Independent(band), service_ids(&cluster));
                    }
                }
            }
        }
    }
}

fn count_admissions(one: &Whole, year: Period, lengths: &Lengths, counts: &mut Counts) {
    let found = admissions::admissions(&one.services, &one.person, year, lengths);
    let council = |service: &Service| one.councils.get(&service.id).copied();
    let id = |service: &Service| [Behind::Service(service.id)];
    for admission in &found {
        if let Err(why) = admission.counts {
            let named = Named::AdmittedLeftOut(why);
            counts.add(council(admission.service), named, id(admission.service));
        }
    }
    if let Some((band, service)) = admissions::counted(&found) {
        counts.add(council(service), Named::Admitted(band), id(service));
    }
}

/// The cells of one council, in the order of the measures.
fn council_cells(
    names: &Names,
    counts: &Counts,
    council: Council,
    people: Option<(i64, i64)>,
    lengths: &Lengths,
) -> Vec<Cell> {
    let mut cells = Cells {
        counts,
        council,
        group: group(names, council),
        cells: Vec::new(),
    };
    for band in BANDS {
        let of = band.map_or_else(String::new, |band| format!(", {band}"));
        let (part, whole) = (Named::Independent(band), Named::Reabled(band));
        cells.count(
            &format!("2A{of}: reablement without ongoing support"),
            &[part],
        );
        cells.count(&format!("2A{of}: reablement that counts"), &[whole]);
        cells.share(&format!("2A{of}: per cent"), &[part], &[whole]);
    }
    for why in LeftOut::ALL {
        cells.if_any(&format!("2A: left out, {why}"), Named::ReabledLeftOut(*why));
    }
    for (name, band, people) in [
        ("2B", Band::Adult, people.map(|(adults, _)| adults)),
        ("2C", Band::Older, people.map(|(_, older)| older)),
    ] {
        let named = Named::Admitted(band);
        cells.count(
            &format!("{name}: new long-term admissions, {band}"),
            &[named],
        );
        let rate =
            people.and_then(|people| admissions::rate(counts.number(council, named), people));
        cells.put(
            &format!("{name}: for 100,000 people"),
            written(rate),
            &[named],
        );
    }
    for why in admissions::LeftOut::ALL {
        let named = Named::AdmittedLeftOut(*why);
        cells.if_any(&format!("2B and 2C: left out, {why}"), named);
    }
    cells.home_after_hospital(lengths);
    cells.cells
}

impl Cells<'_> {
    /// 2D and the older measure.
    fn home_after_hospital(&mut self, lengths: &Lengths) {
        let cells = self;
        let days = lengths.at_home;
        let (home, not) = (Named::AtHome, Named::NotAtHome);
        cells.count(
            &format!("2D part 1: at home {days} days after hospital"),
            &[home],
        );
        cells.count(
            "2D part 1: reablement after hospital, outcome known",
            &[home, not],
        );
        cells.share("2D part 1: per cent", &[home], &[home, not]);
        cells.count("2D part 1: outcome not known yet", &[Named::NotYet]);
        let (into, all) = (Named::IntoReablement, Named::Discharged);
        cells.count("2D part 2: discharged into reablement", &[into]);
        cells.count("2D part 2: discharged, 65 and over", &[all]);
        cells.share("2D part 2: per cent", &[into], &[all]);
        let days = lengths.at_home_older;
        let (on, off) = (Named::OnDay91, Named::NotOnDay91);
        cells.count(&format!("older measure: at home on day {days}"), &[on]);
        cells.share(
            &format!("older measure: per cent at home on day {days}"),
            &[on],
            &[on, off],
        );
    }
}

fn written(ratio: Option<Ratio>) -> String {
    ratio.map_or_else(
        || crate::flow::returns::NOT_KNOWN.to_owned(),
        |ratio| ratio.rounded(1),
    )
}

/// Cells of one council as they are made.
struct Cells<'a> {
    counts: &'a Counts,
    council: Council,
    group: String,
    cells: Vec<Cell>,
}

impl Cells<'_> {
    fn number(&self, named: &[Named]) -> i64 {
        let numbers = named
            .iter()
            .map(|one| self.counts.number(self.council, *one));
        numbers.sum()
    }

    fn put(&mut self, measure: &str, value: String, behind: &[Named]) {
        let mut ids: Vec<Behind> = behind
            .iter()
            .flat_map(|one| self.counts.behind(self.council, *one))
            .copied()
            .collect();
        ids.sort_unstable();
        ids.dedup();
        self.cells.push(Cell {
            group: self.group.clone(),
            measure: measure.to_owned(),
            value,
            ids: ids.iter().map(Behind::to_string).collect(),
        });
    }

    fn count(&mut self, measure: &str, named: &[Named]) {
        self.put(measure, self.number(named).to_string(), named);
    }

    fn if_any(&mut self, measure: &str, named: Named) {
        if self.number(&[named]) > 0 {
            self.count(measure, &[named]);
        }
    }

    fn share(&mut self, measure: &str, part: &[Named], whole: &[Named]) {
        let ratio = Ratio::new(100 * self.number(part), self.number(whole));
        self.put(measure, written(ratio), whole);
    }
}
