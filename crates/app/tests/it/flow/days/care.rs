//! The slow model of the measures of adult social care: what is asked of each person, one by one.

use super::counts::{Known, Model, Someone, Support, one_decimal};
use flow::service::{Component, Outcome, ServiceType};
use jiff::civil::{Date, date};
use kernel::calendar::{add_days, days_between};
use std::collections::BTreeMap;

/// What is counted, by name: how many.
#[derive(Default)]
struct Tally(BTreeMap<String, usize>);

impl Tally {
    fn add(&mut self, name: impl Into<String>) {
        *self.0.entry(name.into()).or_default() += 1;
    }

    fn of(&self, name: &str) -> usize {
        self.0.get(name).copied().unwrap_or(0)
    }
}

/// An episode of reablement that has ended.
struct Episode<'a> {
    first: Date,
    last: Date,
    services: Vec<&'a Support>,
}

/// Age by days as the national algorithm has it.
fn years(born: Option<Date>, day: Date) -> Option<i64> {
    born.map(|born| days_between(born, day) * 100 / 36_525)
}

/// The days on which a service was there, both ends within; up to `end` while it goes on.
fn days_of(service: &Support, end: Date) -> impl Iterator<Item = Date> {
    let last = service.until.unwrap_or(end);
    let first = service.from;
    (0..=days_between(first, last).max(-1)).map(move |days| add_days(first, days))
}

impl Someone {
    /// Episodes: stretches of days with reablement, with less than eight days between two.
    /// Those that go on are not among them; they are given as true.
    fn episodes(&self, today: Date) -> Vec<(Episode<'_>, bool)> {
        let reablement = || {
            let services = self.services.iter();
            services.filter(|one| one.kind == ServiceType::StMax)
        };
        let mut days: Vec<Date> = reablement().flat_map(|one| days_of(one, today)).collect();
        days.extend(reablement().map(|one| one.from));
        days.sort();
        let mut runs: Vec<(Date, Date)> = Vec::new();
        for day in days {
            match runs.last_mut() {
                Some((_, last)) if days_between(*last, day) <= 7 => *last = day,
                _ => runs.push((day, day)),
            }
        }
        // What goes on takes in all that follows.
        let within = |(first, last): (Date, Date)| {
            let services: Vec<&Support> = reablement()
                .filter(|one| first <= one.from && one.from <= last)
                .collect();
            let goes_on = services.iter().any(|one| one.until.is_none());
            let episode = Episode {
                first,
                last,
                services,
            };
            (episode, goes_on)
        };
        runs.into_iter().map(within).collect()
    }

    fn homes(&self) -> impl Iterator<Item = &Support> {
        self.services.iter().filter(|one| one.is_home())
    }
}

const LONG_TERM: [ServiceType; 4] = [
    ServiceType::NursingCare,
    ServiceType::ResidentialCare,
    ServiceType::Community,
    ServiceType::Prison,
];

/// Whether somebody's reablement counts and had no ongoing support after it, or why it is left
/// out.
fn after_reablement(
    one: &Someone,
    episode: &Episode<'_>,
    died: Option<Date>,
) -> Result<bool, &'static str> {
    let age = years(one.born, episode.last).ok_or("age not known")?;
    if age < 18 {
        return Err("under 18");
    }
    let had_support = one.services.iter().any(|other| {
        LONG_TERM.contains(&other.kind)
            && other.from < episode.first
            && other
                .until
                .is_none_or(|until| until > add_days(episode.first, -91))
    });
    if had_support {
        return Err("had long-term support before");
    }
    let soon = add_days(episode.last, 7);
    if died.is_some_and(|died| died <= soon) {
        return Err("died");
    }
    let mut last = episode.services.clone();
    last.sort_by_key(|service| (service.until, service.from));
    let outcome = last.last().and_then(|service| service.outcome);
    if outcome == Some(Outcome::AdmittedToHospital) {
        return Err("admitted to hospital");
    }
    let after: Vec<&Support> = one
        .services
        .iter()
        .filter(|other| other.kind != ServiceType::StMax)
        .filter(|other| {
            let open =
                other.from <= episode.last && other.until.is_none_or(|until| until > episode.last);
            open || (other.from >= episode.last && other.from <= soon)
        })
        .collect();
    let short_home =
        |service: &&&Support| service.component == Some(Component::ShortTermResidential);
    if after
        .iter()
        .any(|service| LONG_TERM.contains(&service.kind) && !short_home(&service))
    {
        return Ok(false);
    }
    if after.iter().any(|service| !short_home(&service)) {
        return Ok(true);
    }
    if !after.is_empty() {
        return Ok(false);
    }
    let equipment = one.services.iter().any(|other| {
        other.component == Some(Component::Equipment)
            && other.from >= episode.first
            && other.from <= episode.last
    });
    match outcome {
        Some(Outcome::Died) => Err("died"),
        Some(Outcome::SelfFunded) => Err("funds themselves"),
        Some(Outcome::NhsFunded) => Err("funded by the NHS"),
        Some(Outcome::Declined) => Err("declined support"),
        Some(Outcome::EndedAsPlanned | Outcome::Advised) => Ok(true),
        _ if equipment => Ok(true),
        _ => Err("what followed is not known"),
    }
}

impl Model<'_> {
    fn stays_of(&self, person: usize) -> Vec<&Known> {
        let stays = self.known.iter();
        stays.filter(|stay| stay.person == person).collect()
    }

    fn died(&self, person: usize) -> Option<Date> {
        let stays = self.stays_of(person);
        stays.iter().find(|stay| stay.died())?.left
    }

    /// The cells of the year that begins in April of `year`: values alone.
    pub(super) fn social_care(&self, year: i16) -> BTreeMap<String, String> {
        let (first, last) = (date(year, 4, 1), date(year + 1, 3, 31));
        let mut tally = Tally::default();
        for (number, one) in self.people.iter().enumerate() {
            self.reablement(&mut tally, number, one, (first, last));
            self.admissions(&mut tally, number, one, (first, last));
            self.after_hospital(&mut tally, number, one, (first, last));
        }
        if tally.0.is_empty() {
            return BTreeMap::new();
        }
        written(&tally)
    }

    fn reablement(
        &self,
        tally: &mut Tally,
        number: usize,
        one: &Someone,
        (first, last): (Date, Date),
    ) {
        for (episode, goes_on) in one.episodes(self.today) {
            if goes_on || episode.last < first || episode.last > last {
                continue;
            }
            match after_reablement(one, &episode, self.died(number)) {
                Err(why) => tally.add(format!("2A: left out, {why}")),
                Ok(independent) => {
                    let band = match years(one.born, episode.last) {
                        Some(..65) => "18 to 64",
                        _ => "65 and over",
                    };
                    for of in [String::new(), format!(", {band}")] {
                        tally.add(format!("2A{of}: reablement that counts"));
                        if independent {
                            tally.add(format!("2A{of}: reablement without ongoing support"));
                        }
                    }
                }
            }
        }
    }

    fn admissions(
        &self,
        tally: &mut Tally,
        number: usize,
        one: &Someone,
        (first, last): (Date, Date),
    ) {
        let mut bands = Vec::new();
        for home in one
            .homes()
            .filter(|home| first <= home.from && home.from <= last)
        {
            let lived_in_one = one.homes().any(|other| {
                other.from < home.from
                    && other
                        .until
                        .is_none_or(|until| until > add_days(home.from, -365))
            });
            let age = years(one.born, home.from);
            let why = match age {
                None => "age not known",
                _ if self.died(number).is_some_and(|died| died < first) => "died before the period",
                _ if home.outcome == Some(Outcome::SelfFunded) => "funds themselves",
                _ if lived_in_one => "was in a home before",
                Some(..18) => "under 18",
                Some(18..65) => {
                    bands.push("2B: new long-term admissions, 18 to 64");
                    continue;
                }
                _ => {
                    bands.push("2C: new long-term admissions, 65 and over");
                    continue;
                }
            };
            tally.add(format!("2B and 2C: left out, {why}"));
        }
        if let Some(band) = bands.iter().min() {
            tally.add(*band);
        }
    }

    /// Whether a discharge is one that 2D asks about.
    fn went_home(&self, stay: &Known, left: Date) -> bool {
        let one = &self.people[stay.person];
        let lived_in_a_home = one.homes().any(|home| {
            home.from <= stay.admitted && home.until.is_none_or(|until| until >= stay.admitted)
        });
        years(one.born, left).is_some_and(|age| age >= 65)
            && stay.admitted < left
            && stay.how != "31"
            && !stay.died()
            && stay.left_to != "51"
            && !lived_in_a_home
    }

    fn after_hospital(
        &self,
        tally: &mut Tally,
        number: usize,
        one: &Someone,
        (first, last): (Date, Date),
    ) {
        let mut discharges: Vec<(Date, &Known)> = Vec::new();
        for stay in self.stays_of(number) {
            if let Some(left) = stay.left.filter(|left| first <= *left && *left <= last)
                && self.went_home(stay, left)
            {
                tally.add("2D part 2: discharged, 65 and over");
                discharges.push((left, stay));
            }
        }
        discharges.sort_by_key(|(left, stay)| (*left, stay.id));
        for (episode, _) in one.episodes(self.today) {
            let linked = discharges.iter().rfind(|(left, stay)| {
                let days = days_between(*left, episode.first);
                stay.admitted <= episode.first && (-3..=7).contains(&days)
            });
            let Some((left, stay)) = linked else {
                continue;
            };
            tally.add("2D part 2: discharged into reablement");
            if add_days(*left, 84) < self.today {
                let at_home = self.at_home_for(84, (stay, *left), episode.first, one);
                match at_home {
                    true => tally.add("2D part 1: at home 84 days after hospital"),
                    false => tally.add("not at home"),
                }
            } else {
                tally.add("2D part 1: outcome not known yet");
            }
            if add_days(*left, 91) < self.today {
                match self.at_home_on(add_days(*left, 91), number, one) {
                    true => tally.add("older measure: at home on day 91"),
                    false => tally.add("elsewhere on day 91"),
                }
            }
        }
    }

    /// Not admitted in an emergency for a night, nor dead, nor moved to a home in so many days.
    fn at_home_for(
        &self,
        days: i64,
        (stay, left): (&Known, Date),
        reablement: Date,
        one: &Someone,
    ) -> bool {
        let end = add_days(left, days);
        let back = self.stays_of(stay.person).into_iter().any(|other| {
            other.id != stay.id
                && matches!(other.how, "21" | "2A")
                && other.admitted > left
                && other.admitted > reablement
                && other.admitted <= end
                && other.left != Some(other.admitted)
        });
        let died = self.died(stay.person);
        let dead = died.is_some_and(|died| left <= died && died <= end);
        let moved = one
            .homes()
            .any(|home| left <= home.from && home.from <= end);
        !back && !dead && !moved
    }

    fn at_home_on(&self, day: Date, number: usize, one: &Someone) -> bool {
        let dead = self.died(number).is_some_and(|died| died <= day);
        let in_hospital = self
            .stays_of(number)
            .into_iter()
            .any(|stay| stay.admitted <= day && stay.left.is_none_or(|left| left > day));
        let in_a_home = one.services.iter().any(|service| {
            matches!(
                service.kind,
                ServiceType::NursingCare | ServiceType::ResidentialCare
            ) && service.from <= day
                && service.until.is_none_or(|until| until > day)
        });
        !dead && !in_hospital && !in_a_home
    }
}

/// The tally as the return writes it.
fn written(tally: &Tally) -> BTreeMap<String, String> {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    for name in [
        "2B: new long-term admissions, 18 to 64",
        "2C: new long-term admissions, 65 and over",
        "2D part 1: at home 84 days after hospital",
        "2D part 1: outcome not known yet",
        "2D part 2: discharged into reablement",
        "2D part 2: discharged, 65 and over",
        "older measure: at home on day 91",
    ] {
        found.insert(name.to_owned(), tally.of(name).to_string());
    }
    for band in ["", ", 18 to 64", ", 65 and over"] {
        let part = format!("2A{band}: reablement without ongoing support");
        let whole = format!("2A{band}: reablement that counts");
        let share = one_decimal(100 * tally.of(&part), tally.of(&whole));
        found.insert(format!("2A{band}: per cent"), share);
        found.insert(part.clone(), tally.of(&part).to_string());
        found.insert(whole.clone(), tally.of(&whole).to_string());
    }
    // The place of the tests has no population on file.
    for band in ["2B", "2C"] {
        found.insert(
            format!("{band}: for 100,000 people"),
            "not known".to_owned(),
        );
    }
    let home = tally.of("2D part 1: at home 84 days after hospital");
    let outcomes = home + tally.of("not at home");
    found.insert(
        "2D part 1: reablement after hospital, outcome known".to_owned(),
        outcomes.to_string(),
    );
    found.insert(
        "2D part 1: per cent".to_owned(),
        one_decimal(100 * home, outcomes),
    );
    let into = tally.of("2D part 2: discharged into reablement");
    let all = tally.of("2D part 2: discharged, 65 and over");
    found.insert(
        "2D part 2: per cent".to_owned(),
        one_decimal(100 * into, all),
    );
    let on = tally.of("older measure: at home on day 91");
    let asked = on + tally.of("elsewhere on day 91");
    found.insert(
        "older measure: per cent at home on day 91".to_owned(),
        one_decimal(100 * on, asked),
    );
    for (name, number) in &tally.0 {
        if name.contains("left out") {
            found.insert(name.clone(), number.to_string());
        }
    }
    found
}
