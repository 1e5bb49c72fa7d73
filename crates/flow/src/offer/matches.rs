//! Which services can truly meet a need, and for each that cannot, why.
//!
//! Source: PEERS a3 40 (one referral offered to many providers, matched on vacancy), as a fact;
//! the rule is ours.
//!
//! In words: a service can meet a need if it goes on, has told a figure of that kind of care
//! for there, with every skill that the need takes, and enough is free at each time of day. All
//! visits of one time of day come out of one figure. A figure for any time of day can meet any.
//! Where it is not known whether a service works there, it is not offered and the reason says so.

use super::capacity::{Kind, Slot, TimeOfDay, Unit};
use super::need::{Need, Visits};
use kernel::CapacityId;

/// Whether a figure is for where the need is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// It is.
    Yes,
    /// It may be: the service says where it works in another way than the need does.
    Perhaps,
    /// It is not.
    No,
}

/// A service with what it has told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The service has ended.
    pub ended: bool,
    /// Its figures.
    pub slots: Vec<(Slot, Reach)>,
}

/// How much comes out of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Take {
    /// The figure.
    pub slot: CapacityId,
    /// How much.
    pub amount: u32,
}

/// Why a service cannot meet a need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// It has ended.
    Ended,
    /// It has told no capacity of this kind.
    Kind(Kind),
    /// It does not work there.
    Zone(String),
    /// It is not known whether it works there.
    ZoneNotKnown(String),
    /// These skills are missing: codes.
    Skills(Vec<String>),
    /// There is no figure for this time of day.
    Time(TimeOfDay),
    /// Too little is free.
    Room {
        /// At what time of day.
        time: TimeOfDay,
        /// How much is needed.
        wanted: u32,
        /// The most that one figure has free.
        free: u32,
        /// Of what.
        unit: Unit,
    },
}

impl Why {
    /// The reason as a sentence. `skill` gives the words of a code.
    pub fn in_words(&self, skill: impl Fn(&str) -> String) -> String {
        match self {
            Self::Ended => "The service has ended".to_owned(),
            Self::Kind(kind) => format!("It has told no {kind}s").replace("cares", "care"),
            Self::Zone(zone) => format!("It does not work in {zone}"),
            Self::ZoneNotKnown(zone) => format!("It is not known whether it works in {zone}"),
            Self::Skills(codes) => {
                let words: Vec<String> = codes.iter().map(|code| skill(code)).collect();
                format!("It has not told these skills: {}", words.join(", "))
            }
            Self::Time(time) => format!("It has told nothing for the {time}"),
            Self::Room {
                time: TimeOfDay::Any,
                wanted,
                free,
                unit,
            } => format!("{} needed, {free} free", unit.counted(*wanted)),
            Self::Room {
                time,
                wanted,
                free,
                unit,
            } => format!(
                "{} needed in the {time}, {free} free",
                unit.counted(*wanted)
            ),
        }
    }
}

/// Steps after which a search for a way to share out what is free gives up.
const STEPS: u32 = 20_000;

/// What the service gives for the need, or every reason why it cannot.
///
/// # Errors
/// The reasons.
pub fn matches(need: &Need, candidate: &Candidate) -> Result<Vec<Take>, Vec<Why>> {
    if candidate.ended {
        return Err(vec![Why::Ended]);
    }
    let of_kind: Vec<&(Slot, Reach)> = candidate
        .slots
        .iter()
        .filter(|(slot, _)| slot.kind == need.kind)
        .collect();
    if of_kind.is_empty() {
        return Err(vec![Why::Kind(need.kind)]);
    }
    let there: Vec<&Slot> = of_kind
        .iter()
        .filter(|(_, reach)| *reach == Reach::Yes)
        .map(|(slot, _)| slot)
        .collect();
    if there.is_empty() {
        let perhaps = of_kind.iter().any(|(_, reach)| *reach == Reach::Perhaps);
        let zone = need.zone.clone();
        return Err(vec![match perhaps {
            true => Why::ZoneNotKnown(zone),
            false => Why::Zone(zone),
        }]);
    }
    let mut skilled: Vec<&Slot> = there
        .iter()
        .copied()
        .filter(|slot| missing(need, slot).is_empty())
        .collect();
    if skilled.is_empty() {
        let least = there.iter().map(|slot| missing(need, slot));
        let least = least.min_by_key(Vec::len).unwrap_or_default();
        return Err(vec![Why::Skills(least)]);
    }
    // A figure for just this time before one for any; of these the tightest first.
    skilled.sort_by_key(|slot| (slot.time == TimeOfDay::Any, slot.free, slot.id));
    share_out(need, &skilled)
}

fn missing(need: &Need, slot: &Slot) -> Vec<String> {
    let wanted = need.skills.iter();
    wanted
        .filter(|skill| !slot.skills.contains(skill))
        .cloned()
        .collect()
}

fn share_out(need: &Need, slots: &[&Slot]) -> Result<Vec<Take>, Vec<Why>> {
    let bed = [Visits {
        time: TimeOfDay::Any,
        count: 1,
        minutes: 0,
    }];
    let wanted: &[Visits] = if need.kind.is_bed() {
        &bed
    } else {
        &need.visits
    };
    let mut why = Vec::new();
    for visits in wanted {
        let fitting = slots.iter().filter(|slot| fits(slot, visits.time));
        match fitting.max_by_key(|slot| slot.free) {
            None => why.push(Why::Time(visits.time)),
            Some(most) => {
                let enough = |slot: &&&Slot| slot.free >= need.takes(*visits, slot.unit);
                let mut fitting = slots.iter().filter(|slot| fits(slot, visits.time));
                if !fitting.any(|slot| enough(&slot)) {
                    why.push(room(need, *visits, most));
                }
            }
        }
    }
    if !why.is_empty() {
        return Err(why);
    }
    let mut left: Vec<u32> = slots.iter().map(|slot| slot.free).collect();
    let mut takes = Vec::new();
    let mut steps = 0;
    if give(need, slots, wanted, &mut left, &mut takes, &mut steps) {
        return Ok(together(takes));
    }
    // Each time of day alone could be met, all of them together cannot.
    let most = slots.iter().max_by_key(|slot| slot.free);
    let last = wanted.last().zip(most);
    Err(last
        .map(|(visits, most)| room(need, *visits, most))
        .into_iter()
        .collect())
}

fn fits(slot: &Slot, time: TimeOfDay) -> bool {
    slot.time == time || slot.time == TimeOfDay::Any
}

fn room(need: &Need, visits: Visits, most: &Slot) -> Why {
    Why::Room {
        time: visits.time,
        wanted: need.takes(visits, most.unit),
        free: most.free,
        unit: most.unit,
    }
}

/// Tries to give each time of day one figure.
fn give(
    need: &Need,
    slots: &[&Slot],
    wanted: &[Visits],
    left: &mut [u32],
    takes: &mut Vec<Take>,
    steps: &mut u32,
) -> bool {
    let Some((visits, rest)) = wanted.split_first() else {
        return true;
    };
    for (at, slot) in slots.iter().enumerate() {
        *steps += 1;
        if *steps > STEPS {
            return false;
        }
        let amount = need.takes(*visits, slot.unit);
        let Some(free) = left.get(at).copied() else {
            continue;
        };
        if !fits(slot, visits.time) || free < amount {
            continue;
        }
        left[at] = free - amount;
        takes.push(Take {
            slot: slot.id,
            amount,
        });
        if give(need, slots, rest, left, takes, steps) {
            return true;
        }
        takes.pop();
        left[at] = free;
    }
    false
}

/// One line for each figure.
fn together(takes: Vec<Take>) -> Vec<Take> {
    let mut all: Vec<Take> = Vec::new();
    for take in takes {
        match all.iter_mut().find(|one| one.slot == take.slot) {
            Some(one) => one.amount += take.amount,
            None => all.push(take),
        }
    }
    all
}

#[cfg(test)]
#[path = "matches_tests.rs"]
mod tests;
