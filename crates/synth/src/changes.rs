//! The history of the stays that are open: what was changed, by whom and why.

use crate::board::{at, author};
use crate::stays::{Scene, StayRecord};
use flow::Pathway;
use flow::steps::Moment;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use kernel::OrganisationId;

/// One change of one field of a stay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Number of the stay in the place's list.
    pub stay_index: usize,
    /// Which field, in words.
    pub field: &'static str,
    /// What it was, in words; empty if it was not set.
    pub before: String,
    /// What it became.
    pub after: String,
    /// Why, in words; may be empty.
    pub why: &'static str,
    /// When.
    pub at: Timestamp,
    /// Name of whoever did it.
    pub actor: String,
    /// For which organisation.
    pub organisation: OrganisationId,
}

/// Makes the changes of the open stays, those of one stay in order of time.
pub(crate) fn make(scene: &mut Scene, stays: &[StayRecord]) -> Vec<Change> {
    let mut all = Vec::new();
    for (stay_index, record) in stays.iter().enumerate() {
        if record.stay.discharged_on.is_some() {
            continue;
        }
        let mut changes = of_stay(scene, stay_index, record);
        changes.retain(|change| change.at <= scene.now);
        changes.sort_by_key(|change| change.at);
        all.extend(changes);
    }
    all
}

fn of_stay(scene: &mut Scene, stay_index: usize, record: &StayRecord) -> Vec<Change> {
    let stay = &record.stay;
    let (hub, hospital) = (scene.organisations.hub, stay.hospital);
    let mut changes = Vec::new();
    let mut add = |scene: &mut Scene,
                   day: Date,
                   field: &'static str,
                   before: String,
                   after: String,
                   why: &'static str,
                   organisation: OrganisationId| {
        let (hour, minute) = (scene.dice.between(8, 18), scene.dice.between(0, 59));
        let at = at(day, hour, minute);
        let actor = author(scene, organisation);
        changes.push(Change {
            stay_index,
            field,
            before,
            after,
            why,
            at,
            actor,
            organisation,
        });
    };
    if let Some(expected) = stay.expected_on {
        let first = expected.saturating_sub(scene.dice.between(1, 3).days());
        let first = first.max(stay.admitted_on);
        let day = stay.admitted_on;
        add(
            scene,
            day,
            "expected date",
            String::new(),
            words(first),
            "First review",
            hospital,
        );
        if first != expected {
            let why = scene.dice.word(&[
                "Needs longer to get back on their feet",
                "Antibiotics for three more days",
                "Waiting for the scan",
            ]);
            let day = stay.admitted_on.saturating_add(1.days());
            add(
                scene,
                day,
                "expected date",
                words(first),
                words(expected),
                why,
                hospital,
            );
        }
    }
    if let Some(ready) = stay.ready_on {
        let after = words(ready);
        let why = "Agreed on the board round";
        add(
            scene,
            ready,
            "ready date",
            String::new(),
            after,
            why,
            hospital,
        );
    }
    if let (Some(pathway), Some(ready)) = (stay.pathway, stay.ready_on) {
        let after = format!("{} {}", pathway.number(), pathway.in_words());
        if pathway.number() > 0 && scene.dice.per_mille(250) {
            let less = Pathway::new(pathway.number() - 1);
            let before = less.map(|one| format!("{} {}", one.number(), one.in_words()));
            let before = before.unwrap_or_default();
            let why = "More help is needed than was thought";
            add(
                scene,
                ready.saturating_add(1.days()),
                "pathway",
                before,
                after,
                why,
                hub,
            );
        } else {
            let why = "Agreed with the person and the family";
            add(scene, ready, "pathway", String::new(), after, why, hub);
        }
    }
    changes
}

/// A day as histories write it.
fn words(day: Date) -> String {
    Moment::Day(day).in_words()
}
