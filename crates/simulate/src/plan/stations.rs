//! Stations: what each holds, how long people stay, and where they go.

use super::attributes::Classes;
use super::{CostPlan, Need, OUT, Problems, StationPlan, capacity};
use crate::model::{Kind, Model, Station, StayShape, VisitNeed};
use crate::stay::Stay;

/// Most people there at the start, and most that anything costs a day in pence.
const MOST_PEOPLE: u32 = 5_000_000;
const MOST_PENCE: i64 = 100_000_000;

pub(super) fn station(
    model: &Model,
    name: &str,
    station: &Station,
    classes: &Classes,
    names: &[&str],
    payers: &mut Vec<String>,
    problems: &mut Problems,
) -> StationPlan {
    let place = format!("station.{name}");
    let levels = capacity::levels(model, &place, station, problems);
    let (stays, stay_of) = stays(&place, station, classes, problems);
    let routes = if station.next.is_empty() {
        vec![Vec::new(); classes.len()]
    } else {
        classes.routes(&format!("{place}.next"), &station.next, names, problems)
    };
    let (priority_of, priorities) = priorities(&place, station, classes, problems);
    let balking_share = station.balking_share.unwrap_or(0.0);
    if station.balking_from_people.is_some() != station.balking_share.is_some()
        || !(0.0..=1.0).contains(&balking_share)
    {
        problems.say(
            &place,
            "balking needs both `balking_from_people` and a `balking_share` between 0 and 1",
        );
    }
    initial(&place, station, problems);
    if station
        .extra_place_per_day_pence
        .is_some_and(|pence| !(0..=MOST_PENCE).contains(&pence))
    {
        problems.say(
            &place,
            format!("`extra_place_per_day_pence` lies between 0 and {MOST_PENCE}"),
        );
    }
    let unlimited = levels.iter().any(|level| level.capacity == u32::MAX);
    StationPlan {
        name: name.to_owned(),
        kind: station.kind,
        need: need(&place, station, &levels, problems),
        levels,
        stays,
        stay_of,
        routes,
        priority_of,
        priorities,
        keeps: station.keeps_place_until_next,
        queue_limit: station.queue_limit_people.unwrap_or(u32::MAX),
        balking_from: station.balking_from_people.unwrap_or(u32::MAX),
        balking_below: (balking_share * u64::MAX as f64) as u64,
        initial_people: station
            .initial_people
            .max(station.initial_days_so_far.len() as u32),
        initial_queue: station.initial_queue_people,
        initial_queue_in: queue_in(model, &place, station, names, problems),
        initial_stay: station.initial_stay.into(),
        initial_so_far: station.initial_days_so_far.clone(),
        costs: costs(&place, station, unlimited, payers, problems),
        extra_place_pence: station.extra_place_per_day_pence,
    }
}

/// The station whose place those who wait at the start keep.
fn queue_in(
    model: &Model,
    place: &str,
    station: &Station,
    names: &[&str],
    problems: &mut Problems,
) -> u16 {
    let Some(name) = &station.initial_queue_in else {
        return OUT;
    };
    match model.station.get(name) {
        Some(holds) if holds.keeps_place_until_next && holds.kind != Kind::Visits => {
            let at = names.iter().position(|known| known == name);
            at.and_then(|at| u16::try_from(at).ok()).unwrap_or(OUT)
        }
        Some(_) => {
            problems.say(place, format!("`initial_queue_in`: `{name}` keeps no places; say `keeps_place_until_next` there"));
            OUT
        }
        None => {
            problems.say(
                place,
                format!("`initial_queue_in`: there is no station `{name}`"),
            );
            OUT
        }
    }
}

fn initial(place: &str, station: &Station, problems: &mut Problems) {
    if station.initial_people.max(station.initial_queue_people) > MOST_PEOPLE {
        problems.say(
            place,
            format!("at most {MOST_PEOPLE} people are there at the start"),
        );
    }
    if !station.initial_days_so_far.is_empty()
        && station.initial_people as usize > station.initial_days_so_far.len()
    {
        problems.say(
            place,
            format!(
                "`initial_people` is {}, but `initial_days_so_far` lists {}",
                station.initial_people,
                station.initial_days_so_far.len()
            ),
        );
    }
    if let Some(wrong) = station
        .initial_days_so_far
        .iter()
        .find(|days| !days.is_finite() || **days < 0.0)
    {
        problems.say(place, format!("nobody has been there for {wrong} days"));
    }
}

fn stays(
    place: &str,
    station: &Station,
    classes: &Classes,
    problems: &mut Problems,
) -> (Vec<Stay>, Vec<u16>) {
    let mut stays = Vec::new();
    let mut add = |place: &str, shape: &StayShape, problems: &mut Problems| match stay(shape) {
        Ok(stay) => {
            stays.push(stay);
            u16::try_from(stays.len() - 1).ok()
        }
        Err(text) => {
            problems.say(place, text);
            None
        }
    };
    let own = match &station.stay {
        Some(shape) => add(&format!("{place}.stay"), shape, problems),
        None => {
            if station.stay_when.is_empty() {
                problems.say(place, "say how long people stay: `stay`");
            }
            None
        }
    };
    let mut special = Vec::new();
    for (number, when) in (1..).zip(&station.stay_when) {
        let place = format!("{place}.stay_when[{number}]");
        classes.check_when(&place, &when.when, problems);
        special.push((&when.when, add(&place, &when.stay, problems)));
    }
    let of = (0..classes.len()).map(|class| {
        let fits = special.iter().find(|(when, _)| classes.fits(class, when));
        let found = fits.map_or(own, |(_, at)| *at);
        if found.is_none()
            && station.stay.is_none()
            && fits.is_none()
            && !station.stay_when.is_empty()
        {
            problems.say(
                place,
                "some people have no length of stay: give a `stay` for all others",
            );
        }
        found.unwrap_or(0)
    });
    let of = of.collect();
    (stays, of)
}

/// A length of stay from its words.
fn stay(shape: &StayShape) -> Result<Stay, String> {
    let needs = |value: Option<f64>, name: &str| {
        value.ok_or_else(|| format!("a stay that is {} needs `{name}`", shape.distribution))
    };
    let stay = match shape.distribution.as_str() {
        "fixed" => Stay::fixed(needs(shape.mean_days, "mean_days")?),
        "exponential" => Stay::exponential(needs(shape.mean_days, "mean_days")?),
        "log-normal" => {
            let mean = needs(shape.mean_days, "mean_days")?;
            match (shape.median_days, shape.sd_days, shape.sigma) {
                (Some(median), None, None) => Stay::log_normal_median_mean(median, mean),
                (None, Some(sd), None) => Stay::log_normal_mean_sd(mean, sd),
                (None, None, Some(sigma)) => Stay::log_normal_mean_sigma(mean, sigma),
                _ => Err("a log-normal stay needs, beside `mean_days`, one of `median_days`, `sd_days` and `sigma`".to_owned()),
            }
        }
        "weibull" => Stay::weibull(
            needs(shape.shape, "shape")?,
            needs(shape.scale_days, "scale_days")?,
        ),
        "empirical" => match &shape.values_days {
            Some(values) => Stay::empirical(values.clone(), shape.weights.as_deref()),
            None => Err("an empirical stay needs `values_days`".to_owned()),
        },
        "coxian" => match &shape.phases {
            Some(phases) => Stay::coxian(
                phases
                    .iter()
                    .map(|phase| (phase.mean_days, phase.goes_on))
                    .collect(),
            ),
            None => Err("a Coxian stay needs `phases`".to_owned()),
        },
        other => Err(format!(
            "`{other}` is no distribution; write `log-normal`, `exponential`, `weibull`, `fixed`, `empirical` or `coxian`"
        )),
    }?;
    match (shape.least_days, shape.most_days) {
        (None, None) => Ok(stay),
        (least, most) => stay.within(least.unwrap_or(0.0), most.unwrap_or(f64::INFINITY)),
    }
}

fn priorities(
    place: &str,
    station: &Station,
    classes: &Classes,
    problems: &mut Problems,
) -> (Vec<u8>, u8) {
    for (number, rule) in (1..).zip(&station.priority) {
        let place = format!("{place}.priority[{number}]");
        classes.check_when(&place, &rule.when, problems);
        if rule.level > 8 {
            problems.say(&place, format!("levels go from 0 to 8, not {}", rule.level));
        }
    }
    if station.kind == Kind::Visits && !station.priority.is_empty() {
        problems.say(
            place,
            "visits are booked in the order of arrival; priority is for beds and teams",
        );
    }
    let last = station
        .priority
        .iter()
        .map(|rule| rule.level.saturating_add(1))
        .max()
        .unwrap_or(0);
    let of = (0..classes.len()).map(|class| {
        let fits = station
            .priority
            .iter()
            .find(|rule| classes.fits(class, &rule.when));
        fits.map_or(last, |rule| rule.level)
    });
    (of.collect(), last + 1)
}

fn need(
    place: &str,
    station: &Station,
    levels: &[super::Level],
    problems: &mut Problems,
) -> Option<Need> {
    let need = match (station.kind, &station.visits) {
        (Kind::Visits, Some(need)) => need,
        (Kind::Visits, None) => {
            problems.say(place, "say how many visits a day people need: `visits`");
            return None;
        }
        (_, Some(_)) => {
            problems.say(place, "`visits` is for stations of kind `visits`");
            return None;
        }
        (_, None) => return None,
    };
    let VisitNeed {
        first_per_day,
        first_sd,
        last_per_day,
        last_sd,
    } = *need;
    let all = [first_per_day, last_per_day];
    if all.iter().any(|visits| !(1.0..=100.0).contains(visits))
        || !(0.0..=50.0).contains(&first_sd)
        || !(0.0..=50.0).contains(&last_sd)
    {
        problems.say(
            &format!("{place}.visits"),
            "people need between 1 and 100 visits a day, with a standard deviation of 0 to 50",
        );
    }
    let most = (first_per_day + 3.0 * first_sd)
        .max(last_per_day + 3.0 * last_sd)
        .floor();
    if levels
        .last()
        .is_some_and(|level| f64::from(level.capacity) < most)
    {
        problems.say(place, format!("somebody may need {most} visits in a day, more than there are in the end: they would wait for ever"));
    }
    Some(Need {
        first: (first_per_day, first_sd),
        last: (last_per_day, last_sd),
    })
}

fn costs(
    place: &str,
    station: &Station,
    unlimited: bool,
    payers: &mut Vec<String>,
    problems: &mut Problems,
) -> Vec<CostPlan> {
    let of = |payer: &str, payers: &mut Vec<String>| match payers
        .iter()
        .position(|known| known == payer)
    {
        Some(at) => at,
        None => {
            payers.push(payer.to_owned());
            payers.len() - 1
        }
    };
    station
        .cost
        .iter()
        .map(|cost| {
            let all = [
                cost.occupied_day_pence,
                cost.waiting_day_pence,
                cost.place_day_pence,
            ];
            if all.iter().any(|pence| !(0..=MOST_PENCE).contains(pence)) {
                problems.say(
                    &format!("{place}.cost"),
                    format!("a cost lies between 0 and {MOST_PENCE} pence a day"),
                );
            }
            if unlimited && cost.place_day_pence > 0 {
                problems.say(
                    &format!("{place}.cost"),
                    "unlimited places cannot be paid for one by one; give it a capacity",
                );
            }
            CostPlan {
                payer: of(&cost.payer, payers),
                occupied_day_pence: cost.occupied_day_pence,
                waiting_day_pence: cost.waiting_day_pence,
                place_day_pence: cost.place_day_pence,
            }
        })
        .collect()
}

/// Somebody who may go round stations whose stay may be nought would never come to an end.
pub(super) fn no_loop_without_time(stations: &[StationPlan], problems: &mut Problems) {
    let ways = |at: usize| -> Vec<usize> {
        let station = &stations[at];
        let mut ways: Vec<usize> = (0..station.routes.len())
            .filter(|class| {
                let stay = station.stays.get(usize::from(station.stay_of[*class]));
                stay.is_some_and(Stay::may_be_nought)
            })
            .flat_map(|class| station.routes[class].iter())
            .filter(|share| share.to != OUT)
            .map(|share| usize::from(share.to))
            .collect();
        ways.sort_unstable();
        ways.dedup();
        ways
    };
    for start in 0..stations.len() {
        let mut seen = vec![false; stations.len()];
        let mut open = ways(start);
        while let Some(at) = open.pop() {
            if at == start {
                let place = format!("station.{}", stations[start].name);
                problems.say(&place, "people come back to it through stations where they may stay no time at all, without end; give one of them a stay");
                return;
            }
            if !std::mem::replace(&mut seen[at], true) {
                open.extend(ways(at));
            }
        }
    }
}
