//! From a file to a problem, with everything that is wrong in it.

mod travel;
mod usual;

use super::file::{File, Visit as FileVisit};
use super::{Case, MOST_DAYS, MOST_FINDINGS, MOST_OTHERS, MOST_VISITS, TICKS};
use crate::problem::{Carer, Kind, Link, Names, Pay, Place, Problem, Shift, Ticks, Visit};
use crate::settings::Settings;
use crate::{Error, Finding};
use jiff::civil::Date;
use std::collections::HashMap;

struct Builder<'a> {
    file: &'a File,
    settings: &'a Settings,
    start: Date,
    findings: Vec<Finding>,
    names: Names,
    places: HashMap<&'a str, usize>,
    carers: HashMap<&'a str, usize>,
    people: HashMap<&'a str, usize>,
    visits: HashMap<&'a str, usize>,
    modes: Vec<String>,
}

pub fn build(file: File, settings: &Settings) -> Result<Case, Error> {
    let start = first_day(&file)?;
    let mut builder = Builder {
        file: &file,
        settings,
        start,
        findings: Vec::new(),
        names: Names::default(),
        places: HashMap::new(),
        carers: HashMap::new(),
        people: HashMap::new(),
        visits: HashMap::new(),
        modes: Vec::new(),
    };
    let problem = builder.problem();
    let findings = builder.findings;
    match problem {
        Some(problem) if findings.is_empty() => Ok(Case {
            problem,
            start,
            days: file.days,
            file,
        }),
        _ => Err(Error::Case(findings)),
    }
}

/// Sizes and calendar: without them nothing else can be looked at.
fn first_day(file: &File) -> Result<Date, Error> {
    let wrong = |place: &str, text: String| Error::Case(vec![Finding::new(place, text)]);
    for (name, count, most) in [
        ("visits", file.visits.len(), MOST_VISITS),
        ("carers", file.carers.len(), MOST_OTHERS),
        ("people", file.people.len(), MOST_OTHERS),
        ("places", file.places.len(), MOST_OTHERS),
    ] {
        if count == 0 || count > most {
            let text = format!(
                "{count} {name}; from 1 to {most} can be planned at once: divide the file by zone"
            );
            return Err(wrong(name, text));
        }
    }
    if !(1..=MOST_DAYS).contains(&file.days) {
        let text = format!("{} days; from 1 to {MOST_DAYS} can be planned", file.days);
        return Err(wrong("days", text));
    }
    file.start.parse().map_err(|_| {
        let text = format!("`{}` is no day such as 2026-11-30", file.start);
        wrong("start", text)
    })
}

/// A time of day in ticks from midnight; `24:00` is the end of the day.
fn time_of_day(text: &str) -> Option<Ticks> {
    let (hours, minutes) = text.split_once(':')?;
    let two = |part: &str| {
        let digits = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| part.parse::<Ticks>().ok()).flatten()
    };
    let (hours, minutes) = (two(hours)?, two(minutes)?);
    let fits = minutes < 60 && (hours < 24 || (hours == 24 && minutes == 0));
    fits.then_some((hours * 60 + minutes) * TICKS)
}

fn position(names: &mut Vec<String>, name: &str) -> usize {
    if let Some(at) = names.iter().position(|known| known == name) {
        return at;
    }
    names.push(name.to_owned());
    names.len() - 1
}

fn sorted(mut list: Vec<usize>) -> Vec<usize> {
    list.sort_unstable();
    list.dedup();
    list
}

impl<'a> Builder<'a> {
    fn wrong(&mut self, place: impl Into<String>, text: impl Into<String>) {
        if self.findings.len() < MOST_FINDINGS {
            self.findings.push(Finding::new(place, text));
        }
    }

    fn problem(&mut self) -> Option<Problem> {
        let file = self.file;
        let places = self.read_places();
        self.places = self.index("places", file.places.iter().map(|place| place.id.as_str()));
        self.carers = self.index("carers", file.carers.iter().map(|carer| carer.id.as_str()));
        self.people = self.index(
            "people",
            file.people.iter().map(|person| person.id.as_str()),
        );
        self.visits = self.index("visits", file.visits.iter().map(|visit| visit.id.as_str()));
        for skill in file
            .skills
            .iter()
            .chain(file.carers.iter().flat_map(|carer| &carer.skills))
        {
            position(&mut self.names.skills, skill);
        }
        let (carers, shifts) = self.read_carers();
        let visits = self.read_visits();
        let links = self.read_gaps(&visits);
        let travel = self.read_travel();
        self.islands(&travel, &carers, &visits);
        self.findings.is_empty().then(|| Problem {
            name: file.name.clone(),
            kind: Kind::Care,
            ticks: TICKS,
            places,
            travel,
            names: self.names.clone(),
            carers,
            shifts,
            people: file.people.iter().map(|person| person.id.clone()).collect(),
            visits,
            links,
            rules: self.rules(),
            weights: self.weights(),
        })
    }

    fn index(&mut self, what: &str, ids: impl Iterator<Item = &'a str>) -> HashMap<&'a str, usize> {
        let mut index = HashMap::new();
        for (at, id) in ids.enumerate() {
            if id.trim().is_empty() {
                self.wrong(format!("{what}[{at}]"), "has no id");
            } else if let Some(first) = index.insert(id, at) {
                self.wrong(
                    format!("{what}[{at}] ({id})"),
                    format!("has the id of {what}[{first}]"),
                );
            }
        }
        index
    }

    fn read_places(&mut self) -> Vec<Place> {
        let file = self.file;
        let mut places = Vec::new();
        for (at, place) in file.places.iter().enumerate() {
            let point = match (place.latitude, place.longitude) {
                (Some(north), Some(east)) => {
                    if !(-90.0..=90.0).contains(&north) || !(-180.0..=180.0).contains(&east) {
                        let text = "latitude must be from -90 to 90 and longitude from -180 to 180";
                        self.wrong(format!("places[{at}] ({})", place.id), text);
                    }
                    Some((north, east))
                }
                (None, None) => None,
                _ => {
                    self.wrong(
                        format!("places[{at}] ({})", place.id),
                        "has only one of latitude and longitude",
                    );
                    None
                }
            };
            places.push(Place {
                id: place.id.clone(),
                at: point,
            });
        }
        places
    }

    fn day(&mut self, place: &str, text: &str) -> Option<Ticks> {
        let Ok(day) = text.parse::<Date>() else {
            self.wrong(place, format!("`{text}` is no day such as 2026-11-30"));
            return None;
        };
        let number = i64::from((day - self.start).get_days());
        if !(0..self.file.days).contains(&number) {
            self.wrong(
                place,
                format!(
                    "{text} is not one of the {} days from {}",
                    self.file.days, self.file.start
                ),
            );
            return None;
        }
        Some(number * 1_440 * TICKS)
    }

    fn time(&mut self, place: &str, text: &str) -> Option<Ticks> {
        let time = time_of_day(text);
        if time.is_none() {
            self.wrong(place, format!("`{text}` is no time of day such as 07:30"));
        }
        time
    }

    fn carers_named(&mut self, place: &str, names: &[String]) -> Vec<usize> {
        let mut list = Vec::new();
        for name in names {
            match self.carers.get(name.as_str()) {
                Some(carer) => list.push(*carer),
                None => self.wrong(place, format!("there is no carer `{name}`")),
            }
        }
        sorted(list)
    }

    fn read_carers(&mut self) -> (Vec<Carer>, Vec<Shift>) {
        let file = self.file;
        let (mut carers, mut shifts) = (Vec::new(), Vec::new());
        for (at, carer) in file.carers.iter().enumerate() {
            let place = format!("carers[{at}] ({})", carer.id);
            let home = carer.home.as_ref().and_then(|home| {
                let found = self.places.get(home.as_str()).copied();
                if found.is_none() {
                    self.wrong(&place, format!("there is no place `{home}`"));
                }
                found
            });
            for hours in [carer.contracted_hours, carer.most_hours]
                .into_iter()
                .flatten()
            {
                if !(0..=168).contains(&hours) {
                    self.wrong(&place, format!("{hours} hours; from 0 to 168 fit a week"));
                }
            }
            let mode = carer.travels_by.as_deref().unwrap_or("car");
            carers.push(Carer {
                id: carer.id.clone(),
                skills: sorted(
                    carer
                        .skills
                        .iter()
                        .map(|skill| position(&mut self.names.skills, skill))
                        .collect(),
                ),
                zones: (!carer.zones.is_empty()).then(|| {
                    carer
                        .zones
                        .iter()
                        .map(|zone| position(&mut self.names.zones, zone))
                        .collect()
                }),
                mode: position(&mut self.modes, mode),
                provider: carer
                    .provider
                    .as_ref()
                    .map(|name| position(&mut self.names.providers, name)),
                most_a_week: Some(
                    carer
                        .most_hours
                        .map_or(self.settings.most_a_week, |hours| hours * 60)
                        * TICKS,
                ),
                contracted: carer.contracted_hours.map(|hours| hours * 60 * TICKS),
                pay: self.pay(&place, carer.pay.as_ref()),
            });
            self.read_shifts(at, home, &mut shifts);
        }
        (carers, shifts)
    }

    fn pay(&mut self, place: &str, pay: Option<&super::file::Pay>) -> Option<Pay> {
        let pay = pay?;
        if pay.contact_pence < 0 || pay.travel_pence < 0 || pay.waiting_pence < 0 {
            self.wrong(place, "pay is negative");
        }
        if pay.contact_pence < self.settings.minimum_wage {
            let text = format!(
                "{} pence an hour with people is below the minimum wage of {} pence",
                pay.contact_pence, self.settings.minimum_wage
            );
            self.wrong(place, text);
        }
        Some(Pay {
            contact: pay.contact_pence,
            travel: pay.travel_pence,
            waiting: pay.waiting_pence,
            least: self.settings.minimum_wage,
        })
    }

    fn read_shifts(&mut self, carer: usize, home: Option<usize>, shifts: &mut Vec<Shift>) {
        let file = self.file;
        let first = shifts.len();
        for (number, shift) in file.carers[carer].shifts.iter().enumerate() {
            let place = format!(
                "carers[{carer}].shifts[{number}] ({})",
                file.carers[carer].id
            );
            let day = self.day(&place, &shift.day);
            let (from, to) = (self.time(&place, &shift.from), self.time(&place, &shift.to));
            let (Some(day), Some(from), Some(to)) = (day, from, to) else {
                continue;
            };
            if to <= from {
                let text = format!(
                    "ends at {} and begins at {}: a night is two shifts",
                    shift.to, shift.from
                );
                self.wrong(&place, text);
                continue;
            }
            shifts.push(Shift {
                carer,
                open: day + from,
                close: day + to,
                start: home,
                end: home,
            });
        }
        shifts[first..].sort_by_key(|shift| shift.open);
        if shifts[first..]
            .windows(2)
            .any(|two| two[1].open < two[0].close)
        {
            let place = format!("carers[{carer}] ({})", file.carers[carer].id);
            self.wrong(place, "has two shifts at the same time");
        }
    }

    fn read_visits(&mut self) -> Vec<Visit> {
        let file = self.file;
        let mut visits = Vec::new();
        for (at, visit) in file.visits.iter().enumerate() {
            if let Some(visit) = self.read_visit(at, visit) {
                visits.push(visit);
            }
        }
        visits
    }

    fn read_visit(&mut self, at: usize, visit: &FileVisit) -> Option<Visit> {
        let file = self.file;
        let place = format!("visits[{at}] ({})", visit.id);
        let before = self.findings.len();
        let day = self.day(&place, &visit.day);
        let (earliest, latest) = (
            self.time(&place, &visit.earliest),
            self.time(&place, &visit.latest),
        );
        let due = match &visit.due {
            Some(due) => self.time(&place, due),
            None => latest,
        };
        let person = self.people.get(visit.person.as_str()).copied();
        if person.is_none() {
            self.wrong(&place, format!("there is no person `{}`", visit.person));
        }
        if !(1..=1_440).contains(&visit.minutes) {
            self.wrong(
                &place,
                format!(
                    "takes {} minutes; from 1 to 1,440 can be planned",
                    visit.minutes
                ),
            );
        }
        if !(1..=2).contains(&visit.carers) {
            self.wrong(
                &place,
                format!("{} carers; one or two can come together", visit.carers),
            );
        }
        if !(1..=3).contains(&visit.priority) {
            self.wrong(
                &place,
                format!("priority {}; it is 1, 2 or 3", visit.priority),
            );
        }
        if let (Some(earliest), Some(latest), Some(due)) = (earliest, latest, due)
            && (latest < earliest || due < earliest || due > latest)
        {
            self.wrong(
                &place,
                "its window cannot be: earliest, due and latest must come in this order",
            );
        }
        let mut skills = Vec::new();
        for skill in &visit.skills {
            match self.names.skills.iter().position(|known| known == skill) {
                Some(known) => skills.push(known),
                None => self.wrong(
                    &place,
                    format!(
                        "skill `{skill}` is unknown: no carer has it and `skills` does not list it"
                    ),
                ),
            }
        }
        let locked = self.carers_named(&place, &visit.locked);
        let had = self.carers_named(&place, &visit.had);
        let person = person?;
        let who = &file.people[person];
        let whom = format!("people[{person}] ({})", who.id);
        let home = self.places.get(who.place.as_str()).copied();
        if home.is_none() {
            self.wrong(&whom, format!("there is no place `{}`", who.place));
        }
        let (excluded, preferred) = (
            self.carers_named(&whom, &who.excluded),
            self.carers_named(&whom, &who.preferred),
        );
        let zones_bind = file.rules.as_ref().and_then(|rules| rules.zones_bind) != Some(false);
        let zone = who
            .zone
            .as_ref()
            .filter(|_| zones_bind)
            .map(|zone| position(&mut self.names.zones, zone));
        let provider = who
            .provider
            .as_ref()
            .map(|name| position(&mut self.names.providers, name));
        if self.findings.len() > before {
            return None;
        }
        let day = day?;
        Some(Visit {
            id: visit.id.clone(),
            person,
            place: home?,
            earliest: day + earliest?,
            latest: day + latest?,
            due: day + due?,
            length: visit.minutes * TICKS,
            hands: visit.carers,
            skills: sorted(skills),
            priority: visit.priority,
            excluded,
            preferred,
            zone,
            provider,
            locked,
            had,
            load: 0,
        })
    }

    fn read_gaps(&mut self, visits: &[Visit]) -> Vec<Link> {
        let file = self.file;
        let mut links = Vec::new();
        for (at, gap) in file.gaps.iter().enumerate() {
            let place = format!("gaps[{at}]");
            let (first, second) = (
                self.visits.get(gap.first.as_str()),
                self.visits.get(gap.second.as_str()),
            );
            let (Some(first), Some(second)) = (first.copied(), second.copied()) else {
                self.wrong(
                    &place,
                    format!(
                        "there is no visit `{}` or no visit `{}`",
                        gap.first, gap.second
                    ),
                );
                continue;
            };
            if first == second
                || gap.least_minutes < 0
                || gap
                    .most_minutes
                    .is_some_and(|most| most < gap.least_minutes)
            {
                self.wrong(
                    &place,
                    "needs two visits, and minutes from nil up with the most not below the least",
                );
                continue;
            }
            let link = Link {
                first,
                second,
                least: gap.least_minutes * TICKS,
                most: gap.most_minutes.map(|most| most * TICKS),
                pair: false,
            };
            if let (Some(one), Some(two)) = (visits.get(first), visits.get(second))
                && visits.len() == file.visits.len()
                && (one.earliest + link.least > two.latest
                    || link
                        .most
                        .is_some_and(|most| two.earliest - most > one.latest))
            {
                self.wrong(
                    &place,
                    "the windows of its visits leave no time for this gap",
                );
            }
            links.push(link);
        }
        links
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_day() {
        for (text, minutes) in [
            ("07:30", Some(450)),
            ("00:00", Some(0)),
            ("24:00", Some(1_440)),
            ("24:01", None),
            ("7:30", None),
            ("-1:00", None),
            ("07:60", None),
            ("", None),
        ] {
            assert_eq!(
                time_of_day(text),
                minutes.map(|m: Ticks| m * TICKS),
                "{text}"
            );
        }
    }
}
