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
    let mut history = History {
        scene,
        record,
        stay_index,
        changes: Vec::new(),
    };
    history.expected();
    history.ready();
    history.changes
}

/// The history of one stay in the making.
struct History<'a, 'b> {
    scene: &'a mut Scene<'b>,
    record: &'a StayRecord,
    stay_index: usize,
    changes: Vec<Change>,
}

impl History<'_, '_> {
    /// Adds a change on a day, by somebody of an organisation.
    fn add(
        &mut self,
        day: Date,
        (field, before, after): (&'static str, String, String),
        why: &'static str,
        organisation: OrganisationId,
    ) {
        let (hour, minute) = (
            self.scene.dice.between(8, 18),
            self.scene.dice.between(0, 59),
        );
        self.changes.push(Change {
            stay_index: self.stay_index,
            field,
            before,
            after,
            why,
            at: at(day, hour, minute),
            actor: author(self.scene, organisation),
            organisation,
        });
    }

    /// The expected date is set on the first day, and mostly moved later.
    fn expected(&mut self) {
        let stay = &self.record.stay;
        let Some(expected) = stay.expected_on else {
            return;
        };
        let first = expected.saturating_sub(self.scene.dice.between(1, 3).days());
        let first = first.max(stay.admitted_on);
        let set = ("expected date", String::new(), words(first));
        self.add(stay.admitted_on, set, "First review", stay.hospital);
        if first == expected {
            return;
        }
        let why = self.scene.dice.word(&[
            "Needs longer to get back on their feet",
            "Antibiotics for three more days",
            "Waiting for the scan",
        ]);
        let moved = ("expected date", words(first), words(expected));
        let day = stay.admitted_on.saturating_add(1.days());
        self.add(day, moved, why, stay.hospital);
    }

    /// The ready date and the pathway, which one in four times is moved up.
    fn ready(&mut self) {
        let stay = &self.record.stay;
        let Some(ready) = stay.ready_on else { return };
        let set = ("ready date", String::new(), words(ready));
        self.add(ready, set, "Agreed on the board round", stay.hospital);
        let Some(pathway) = stay.pathway else { return };
        let hub = self.scene.organisations.hub;
        let in_words = |one: Pathway| format!("{} {}", one.number(), one.in_words());
        let less = pathway.number().checked_sub(1).and_then(Pathway::new);
        match less.filter(|_| self.scene.dice.per_mille(250)) {
            Some(less) => {
                let moved = ("pathway", in_words(less), in_words(pathway));
                let day = ready.saturating_add(1.days());
                self.add(day, moved, "More help is needed than was thought", hub);
            }
            None => {
                let set = ("pathway", String::new(), in_words(pathway));
                self.add(ready, set, "Agreed with the person and the family", hub);
            }
        }
    }
}

/// A day as histories write it.
fn words(day: Date) -> String {
    Moment::Day(day).in_words()
}
