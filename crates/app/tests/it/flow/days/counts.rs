//! The slow model of the hospital returns: plain lists of what happened, counted one by one and
//! day by day. Nothing here calls the product's counting.

use flow::service::{Component, Outcome, ServiceType};
use jiff::civil::Date;
use kernel::calendar::{add_days, days_between};
use kernel::{Month, PersonId, ServicePeriodId, StayId};
use std::collections::BTreeMap;

/// A time of being ready: since when, until when, and what was waited for on whose side from
/// which day.
#[derive(Clone, Debug)]
pub(super) struct Stretch {
    pub(super) ready: Date,
    pub(super) until: Option<Date>,
    pub(super) reasons: Vec<(Date, &'static str, &'static str)>,
}

/// What the model knows of a stay.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) id: StayId,
    /// Whose it is: the number of the person.
    pub(super) person: usize,
    pub(super) admitted: Date,
    /// Admission method code.
    pub(super) how: &'static str,
    pub(super) left: Option<Date>,
    /// Codes of discharge method and destination.
    pub(super) left_how: &'static str,
    pub(super) left_to: &'static str,
    pub(super) pathway: Option<u8>,
    pub(super) stretches: Vec<Stretch>,
    /// Who owns the council's step, and whether an offer of it has no answer.
    pub(super) owner: Option<kernel::OrganisationId>,
    pub(super) offered_to: Option<kernel::OrganisationId>,
}

/// A service that somebody has or had.
#[derive(Clone, Debug)]
pub(super) struct Support {
    pub(super) id: ServicePeriodId,
    pub(super) kind: ServiceType,
    pub(super) component: Option<Component>,
    pub(super) from: Date,
    pub(super) until: Option<Date>,
    pub(super) outcome: Option<Outcome>,
}

/// What the model knows of a person.
#[derive(Clone, Debug)]
pub(super) struct Someone {
    pub(super) id: PersonId,
    pub(super) born: Option<Date>,
    pub(super) services: Vec<Support>,
}

/// Value of each cell, and the ids behind it.
pub(super) type Cells = BTreeMap<String, (String, Vec<String>)>;

/// Whole years of age by birthdays.
pub(super) fn birthdays(born: Option<Date>, day: Date) -> Option<i16> {
    let born = born?;
    let mut years = 0;
    while born
        .checked_add(jiff::Span::new().years(years + 1))
        .is_ok_and(|birthday| birthday <= day)
    {
        years += 1;
    }
    Some(years)
}

/// A number with one decimal, halves away from nought; `not known` of nothing.
pub(super) fn one_decimal(number: usize, of: usize) -> String {
    if of == 0 {
        return "not known".to_owned();
    }
    let tenths = (number * 10 * 2 + of) / (of * 2);
    format!("{}.{}", tenths / 10, tenths % 10)
}

impl Known {
    pub(super) fn ready(&self) -> Option<Date> {
        let last = self.stretches.last()?;
        last.until.is_none().then_some(last.ready)
    }

    pub(super) fn died(&self) -> bool {
        self.left.is_some() && self.left_how == "4"
    }

    fn maternity(&self) -> bool {
        self.how == "31"
    }

    /// What was waited for at the midnight that ended a day, if that midnight counts: reason
    /// and side, or two times `not known`.
    fn waited_for(&self, day: Date) -> Option<(&'static str, &'static str)> {
        if self.left.is_some_and(|left| day >= left) {
            return None;
        }
        // Stretches that follow each other are one wait: only the day on which that began is a
        // ready day, which does not count.
        let (mut began, mut before): (Option<Date>, Option<Date>) = (None, None);
        for stretch in &self.stretches {
            if before.is_none_or(|end| stretch.ready > add_days(end, 1)) {
                began = Some(stretch.ready);
            }
            let within = day >= stretch.ready && stretch.until.is_none_or(|until| day < until);
            if within && began.is_some_and(|began| day > began) {
                return Some(stretch.reason(day));
            }
            before = stretch.until;
        }
        None
    }

    /// The stretch of being ready that a day lies in.
    fn stretch(&self, day: Date) -> Option<&Stretch> {
        let holds = |one: &&Stretch| one.ready <= day && one.until.is_none_or(|end| day < end);
        self.stretches.iter().find(holds)
    }
}

impl Stretch {
    fn reason(&self, day: Date) -> (&'static str, &'static str) {
        let mut found = ("not known", "not known");
        for (from, reason, side) in &self.reasons {
            if *from <= day {
                found = (reason, side);
            }
        }
        found
    }
}

/// Stays with their people.
pub(super) struct Model<'a> {
    pub(super) known: &'a [Known],
    pub(super) people: &'a [Someone],
    pub(super) today: Date,
}

/// Adds a stay to a cell.
fn count(lists: &mut BTreeMap<String, Vec<String>>, cell: &str, one: &Known) {
    let list = lists.entry(cell.to_owned()).or_default();
    list.push(format!("stay {}", one.id));
}

fn cells(lists: BTreeMap<String, Vec<String>>) -> Cells {
    let cell = |(name, mut ids): (String, Vec<String>)| {
        ids.sort();
        (name, (ids.len().to_string(), ids))
    };
    lists.into_iter().map(cell).collect()
}

impl Model<'_> {
    fn age(&self, one: &Known, day: Date) -> Option<i16> {
        birthdays(self.people[one.person].born, day)
    }

    /// Days of delay of a month, by side and reason.
    pub(super) fn delays(&self, month: Month) -> Cells {
        let mut days: BTreeMap<String, (i64, Vec<String>)> = BTreeMap::new();
        for one in self.known {
            let age = self.age(one, one.ready().unwrap_or(one.admitted));
            if age.is_some_and(|age| age < 18) || one.maternity() {
                continue;
            }
            let mut day = month.first();
            while day <= month.last() && day < self.today {
                if let Some((reason, side)) = one.waited_for(day) {
                    let cell = days.entry(format!("acute, {side}, {reason}")).or_default();
                    cell.0 += 1;
                    cell.1.push(format!("stay {}", one.id));
                }
                day = add_days(day, 1);
            }
        }
        let cell = |(name, (days, mut ids)): (String, (i64, Vec<String>))| {
            ids.sort();
            ids.dedup();
            (name, (days.to_string(), ids))
        };
        days.into_iter().map(cell).collect()
    }

    /// The situation report of a day.
    pub(super) fn sitrep(&self, day: Date) -> Cells {
        let mut lists = BTreeMap::new();
        for one in self.known {
            let adult = self.age(one, day).is_none_or(|age| age >= 18);
            let came = one.admitted <= day;
            let gone = one.left.is_some_and(|left| left < day);
            if !adult || one.maternity() || !came || gone {
                continue;
            }
            if lists.is_empty() {
                for name in [
                    "in hospital at the end of the day",
                    "no longer meet the criteria to reside",
                    "of them, discharged",
                    "of them, remaining",
                    "remaining, 7 days or more in hospital",
                    "remaining, 14 days or more in hospital",
                    "remaining, 21 days or more in hospital",
                ] {
                    lists.insert(name.to_owned(), Vec::new());
                }
            }
            let leaves = one.left == Some(day);
            if !leaves {
                count(&mut lists, "in hospital at the end of the day", one);
            }
            if let Some(stretch) = one.stretch(day) {
                count(&mut lists, "no longer meet the criteria to reside", one);
                match leaves {
                    true => count(&mut lists, "of them, discharged", one),
                    false => remaining(&mut lists, one, stretch, day),
                }
            }
            if leaves && !one.died() {
                let name = match one.pathway {
                    Some(number) => format!("discharged on pathway {number}"),
                    None => "discharged, pathway not known".to_owned(),
                };
                count(&mut lists, &name, one);
            }
        }
        cells(lists)
    }

    /// The bands and means of the month's discharges, and how pathways are split.
    pub(super) fn ready_dates(&self, month: Month) -> Cells {
        let mut lists: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut waits: Vec<(usize, &Known)> = Vec::new();
        let mut anybody = false;
        for one in self.known {
            let Some(left) = one.left.filter(|left| Month::of(*left) == month) else {
                continue;
            };
            anybody = true;
            let age = self.age(one, left);
            let why = match (age, one.ready()) {
                _ if one.died() => "died",
                _ if one.maternity() => "maternity",
                (None, _) => "age not known",
                (Some(..18), _) => "under 18",
                _ if one.admitted == left => "no night in hospital",
                (_, None) => "ready date not known",
                (_, Some(ready)) => {
                    waits.push((days_between(ready, left) as usize, one));
                    continue;
                }
            };
            count(&mut lists, &format!("acute, left out, {why}"), one);
        }
        let mut found = cells(lists);
        if anybody {
            found.extend(bands(&waits));
        }
        found.extend(self.pathways(month));
        found.extend(self.ways_out(month));
        found
    }

    /// Who left alive for a place that is known, and who went home.
    fn ways_out(&self, month: Month) -> Cells {
        let mut lists = BTreeMap::new();
        for one in self.known {
            let in_month = one.left.is_some_and(|left| Month::of(left) == month);
            let nowhere = matches!(one.left_to, "" | "79" | "98" | "99");
            if !in_month || one.died() || nowhere {
                continue;
            }
            let home = "acute, discharged to the usual place of residence";
            lists.entry(home.to_owned()).or_insert_with(Vec::new);
            count(
                &mut lists,
                "acute, discharged to a destination that is known",
                one,
            );
            if one.left_to == "19" {
                count(&mut lists, home, one);
            }
        }
        cells(lists)
    }

    /// How the pathways of older people who left are split.
    fn pathways(&self, month: Month) -> Cells {
        let mut on: [Vec<String>; 4] = Default::default();
        let mut home = Vec::new();
        let mut anybody = false;
        for one in self.known {
            let Some(left) = one.left.filter(|left| Month::of(*left) == month) else {
                continue;
            };
            if one.died() || self.age(one, left).is_none_or(|age| age < 65) {
                continue;
            }
            anybody = true;
            let Some(pathway) = one.pathway else {
                continue;
            };
            let id = format!("stay {}", one.id);
            let returns = pathway == 3 && self.back_in_their_home(one, left);
            if returns {
                home.push(id.clone());
            }
            on[if returns { 0 } else { usize::from(pathway) }].push(id);
        }
        if !anybody {
            return Cells::new();
        }
        let all: usize = on.iter().map(Vec::len).sum();
        let share = |number: usize| on[number].len() * 100;
        let flags = [
            (share(0) < 50 * all, " (below 50 per cent)"),
            (share(1) < 45 * all, " (below 45 per cent)"),
            (share(2) > 4 * all, " (above 4 per cent)"),
            (share(3) > all, " (above 1 per cent)"),
        ];
        let mut lists = BTreeMap::new();
        for (number, ids) in on.iter().enumerate() {
            let flag = if flags[number].0 { flags[number].1 } else { "" };
            let name = format!("aged 65 and over, pathway {number}{flag}");
            lists.insert(name, ids.clone());
        }
        lists.insert(
            "aged 65 and over, back in the care home they came from, counted in pathway 0"
                .to_owned(),
            home,
        );
        cells(lists)
    }

    /// Whether somebody who left lived in a care home when they came, and lives in it still.
    fn back_in_their_home(&self, one: &Known, left: Date) -> bool {
        let homes = || {
            let services = self.people[one.person].services.iter();
            services.filter(|service| service.is_home())
        };
        let before = homes()
            .any(|home| home.from <= one.admitted && home.until.is_none_or(|until| until > left));
        let another = homes().any(|home| home.from > one.admitted && home.from <= left);
        one.left_to == "85" && before && !another
    }
}

impl Support {
    /// A nursing or residential home to live in.
    pub(super) fn is_home(&self) -> bool {
        let kind = matches!(
            self.kind,
            ServiceType::NursingCare | ServiceType::ResidentialCare
        );
        kind && self.component != Some(Component::ShortTermResidential)
    }
}

fn remaining(lists: &mut BTreeMap<String, Vec<String>>, one: &Known, stretch: &Stretch, day: Date) {
    count(lists, "of them, remaining", one);
    for mark in [7, 14, 21] {
        if days_between(one.admitted, day) >= mark {
            let name = format!("remaining, {mark} days or more in hospital");
            count(lists, &name, one);
        }
    }
    let reason = match stretch.reason(day).0 {
        "A" => "Completion of assessment",
        "B" => "Public funding",
        "C" => "Waiting for further NHS non-acute care",
        "E" => "Awaiting care package in own home",
        "G" => "Patient or family choice",
        _ => "reason not known",
    };
    count(lists, &format!("remaining, {reason}"), one);
}

/// Bands and means of discharges that count, by how long each waited.
fn bands(waits: &[(usize, &Known)]) -> Cells {
    let nobody = waits.is_empty();
    let known = |value: usize| match nobody {
        true => "not known".to_owned(),
        false => value.to_string(),
    };
    let ids = |wanted: &dyn Fn(usize) -> bool| {
        let found = waits.iter().filter(|(days, _)| wanted(*days));
        let mut ids: Vec<String> = found.map(|(_, one)| format!("stay {}", one.id)).collect();
        ids.sort();
        ids
    };
    let mut found = Cells::new();
    for (name, first, last) in [
        ("0 days", 0, 0),
        ("1 day", 1, 1),
        ("2 to 3 days", 2, 3),
        ("4 to 6 days", 4, 6),
        ("7 to 13 days", 7, 13),
        ("14 to 20 days", 14, 20),
        ("21 days or more", 21, usize::MAX),
    ] {
        let ids = ids(&|days| (first..=last).contains(&days));
        found.insert(format!("acute, band, {name}"), (known(ids.len()), ids));
    }
    let all = waits.len();
    let days: usize = waits.iter().map(|(days, _)| days).sum();
    let at_once = waits.iter().filter(|(days, _)| *days == 0).count();
    for (name, value) in [
        ("discharges with a valid ready date", all.to_string()),
        (
            "per cent discharged on the ready date",
            one_decimal(100 * at_once, all),
        ),
        ("days from ready date to discharge", known(days)),
        ("mean days, all", one_decimal(days, all)),
    ] {
        found.insert(format!("acute, measure, {name}"), (value, ids(&|_| true)));
    }
    found.insert(
        "acute, measure, mean days, those delayed".to_owned(),
        (one_decimal(days, all - at_once), ids(&|days| days > 0)),
    );
    found
}
