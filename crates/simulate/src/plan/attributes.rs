//! Classes of people: each combination of attributes that somebody may have is one.

use super::{OUT, Problems, Share};
use crate::model::{LEAVES, Model, Route, Source};
use std::collections::{BTreeMap, BTreeSet};

/// Most combinations of attributes in a model.
const MOST: usize = 1_000;
/// How far shares may be from adding to one.
const NEAR: f64 = 1e-6;

/// Every class of a model: its attributes with their values.
pub(super) struct Classes {
    all: Vec<BTreeMap<String, String>>,
    known: BTreeMap<String, BTreeSet<String>>,
}

impl Classes {
    pub(super) fn of(model: &Model, problems: &mut Problems) -> Self {
        let mut classes = Self {
            all: Vec::new(),
            known: BTreeMap::new(),
        };
        for (name, source) in &model.source {
            let combinations: usize = source.attributes.values().map(BTreeMap::len).product();
            if combinations > MOST {
                problems.say(
                    &format!("source.{name}.attributes"),
                    format!("{combinations} combinations of attributes are more than {MOST}"),
                );
                continue;
            }
            for (attributes, _) in combined(source) {
                for (attribute, value) in &attributes {
                    let values = classes.known.entry(attribute.clone()).or_default();
                    values.insert(value.clone());
                }
                if !classes.all.contains(&attributes) {
                    classes.all.push(attributes);
                }
            }
        }
        if classes.all.is_empty() {
            classes.all.push(BTreeMap::new());
        }
        if classes.all.len() > MOST {
            problems.say(
                "source",
                format!(
                    "{} combinations of attributes are more than {MOST}",
                    classes.all.len()
                ),
            );
        }
        classes
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    /// The classes of a source, each as often as its attributes say.
    pub(super) fn shares(
        &self,
        place: &str,
        source: &Source,
        problems: &mut Problems,
    ) -> Vec<Share> {
        for (attribute, values) in &source.attributes {
            adds_to_one(
                &format!("{place}.attributes.{attribute}"),
                values.values().copied(),
                problems,
            );
        }
        let found = combined(source)
            .into_iter()
            .filter_map(|(attributes, share)| {
                let at = self.all.iter().position(|class| *class == attributes)?;
                Some((u16::try_from(at).ok()?, share))
            });
        cumulative(found)
    }

    /// Whether a class has all of these.
    pub(super) fn fits(&self, class: usize, when: &BTreeMap<String, String>) -> bool {
        when.iter()
            .all(|(attribute, value)| self.all[class].get(attribute) == Some(value))
    }

    /// Says so if nobody can have these.
    pub(super) fn check_when(
        &self,
        place: &str,
        when: &BTreeMap<String, String>,
        problems: &mut Problems,
    ) {
        for (attribute, value) in when {
            match self.known.get(attribute) {
                None => problems.say(
                    place,
                    format!("no source gives people the attribute `{attribute}`"),
                ),
                Some(values) if !values.contains(value) => problems.say(
                    place,
                    format!(
                        "`{attribute}` is never `{value}`; it is {}",
                        quoted(values.iter().map(String::as_str))
                    ),
                ),
                Some(_) => {}
            }
        }
    }

    /// For each class, where it goes and how often: routes with a `when` that fits, if there are
    /// any, else those without one.
    pub(super) fn routes(
        &self,
        place: &str,
        routes: &[Route],
        stations: &[&str],
        problems: &mut Problems,
    ) -> Vec<Vec<Share>> {
        for (number, route) in (1..).zip(routes) {
            let place = format!("{place}[{number}]");
            self.check_when(&place, &route.when, problems);
            if !(0.0..=1.0).contains(&route.share) {
                problems.say(
                    &place,
                    format!("a share lies between 0 and 1, not {}", route.share),
                );
            }
            if route.to != LEAVES && !stations.contains(&route.to.as_str()) {
                problems.say(
                    &place,
                    format!(
                        "there is no station `{}`; there are {} and `{LEAVES}`",
                        route.to,
                        quoted(stations.iter().copied())
                    ),
                );
            }
        }
        let mut said = false;
        (0..self.all.len())
            .map(|class| {
                let special: Vec<&Route> = routes
                    .iter()
                    .filter(|route| !route.when.is_empty() && self.fits(class, &route.when))
                    .collect();
                let mine: Vec<&Route> = if special.is_empty() {
                    routes
                        .iter()
                        .filter(|route| route.when.is_empty())
                        .collect()
                } else {
                    special
                };
                let sum: f64 = mine.iter().map(|route| route.share).sum();
                if !said && (sum - 1.0).abs() > NEAR && !(routes.is_empty()) {
                    said = true;
                    problems.say(
                        place,
                        format!("the shares{} add to {sum}, not to 1", self.named(class)),
                    );
                }
                cumulative(mine.iter().map(|route| {
                    let at = stations.iter().position(|name| *name == route.to);
                    (
                        at.and_then(|at| u16::try_from(at).ok()).unwrap_or(OUT),
                        route.share,
                    )
                }))
            })
            .collect()
    }

    fn named(&self, class: usize) -> String {
        if self.all[class].is_empty() {
            return String::new();
        }
        let words: Vec<String> = self.all[class]
            .iter()
            .map(|(attribute, value)| format!("{attribute} {value}"))
            .collect();
        format!(" for people with {}", words.join(", "))
    }
}

/// Every combination of the attributes of a source, with its share.
fn combined(source: &Source) -> Vec<(BTreeMap<String, String>, f64)> {
    let mut all = vec![(BTreeMap::new(), 1.0)];
    for (attribute, values) in &source.attributes {
        all = all
            .into_iter()
            .flat_map(|(before, share)| {
                values.iter().map(move |(value, own)| {
                    let mut with: BTreeMap<String, String> = before.clone();
                    with.insert(attribute.clone(), value.clone());
                    (with, share * own)
                })
            })
            .collect();
    }
    all
}

pub(super) fn quoted<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut names: Vec<String> = names.take(13).map(|name| format!("`{name}`")).collect();
    if names.len() > 12 {
        names[12] = "more".to_owned();
    }
    names.join(", ")
}

fn adds_to_one(place: &str, shares: impl Iterator<Item = f64>, problems: &mut Problems) {
    let shares: Vec<f64> = shares.collect();
    let sum: f64 = shares.iter().sum();
    if shares.iter().any(|share| !(0.0..=1.0).contains(share)) {
        problems.say(place, "a share lies between 0 and 1");
    } else if (sum - 1.0).abs() > NEAR {
        problems.say(place, format!("the shares add to {sum}, not to 1"));
    }
}

/// Shares as bounds of a 64-bit draw; the last takes what rounding leaves.
pub(super) fn cumulative(shares: impl Iterator<Item = (u16, f64)>) -> Vec<Share> {
    let mut sum = 0.0;
    let mut all: Vec<Share> = shares
        .filter(|(_, share)| *share > 0.0)
        .map(|(to, share)| {
            sum += share;
            let upto = (sum.min(1.0) * 18_446_744_073_709_551_615.0) as u64;
            Share { upto, to }
        })
        .collect();
    if let Some(last) = all.last_mut() {
        last.upto = u64::MAX;
    }
    all
}
