//! The numbers around the board, counted from the open stays of those whom somebody may see.

use jiff::Timestamp;
use kernel::OrganisationId;
use std::collections::BTreeMap;
use store::flow::{OpenStay, OpenStays};

/// One value that the board can be filtered by, with how many open stays have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The organisation's id, the ward, the pathway's number or the side; empty
    /// for "not known".
    pub key: String,
    /// Its name; the key where it has none.
    pub name: String,
    /// Open stays.
    pub stays: i64,
}

/// The numbers around the board, over all open stays of people in scope whatever the filter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BoardCounts {
    /// Open stays.
    pub open: i64,
    /// Of them, ready to leave.
    pub ready: i64,
    /// Of them, with a next action whose time is past.
    pub overdue: i64,
    /// Hospitals, by name.
    pub hospitals: Vec<Choice>,
    /// Wards, by name; "not known" last.
    pub wards: Vec<Choice>,
    /// Councils, by name; "not known" last.
    pub councils: Vec<Choice>,
    /// Pathways, by number; "not known" last.
    pub pathways: Vec<Choice>,
    /// Sides.
    pub sides: Vec<Choice>,
    /// Organisations that have the move, by name.
    pub organisations: Vec<Choice>,
}

impl BoardCounts {
    /// Counts those of the open stays that are in scope, as they stand at an instant.
    pub(super) fn of(
        all: &OpenStays,
        in_scope: impl Fn(&OpenStay) -> bool,
        now: Timestamp,
    ) -> Self {
        let mut counts = Self::default();
        let (mut hospitals, mut councils, mut organisations) =
            <(Tally<_>, Tally<_>, Tally<_>)>::default();
        let (mut wards, mut pathways, mut sides) = <(Tally<_>, Tally<_>, Tally<_>)>::default();
        for stay in all.stays.iter().filter(|stay| in_scope(stay)) {
            counts.open += 1;
            counts.ready += i64::from(stay.ready);
            counts.overdue += i64::from(stay.next_due_at.is_some_and(|due| due < now));
            hospitals.add(Some(stay.hospital));
            councils.add(stay.council);
            wards.add(Some(stay.ward.as_str()));
            pathways.add(stay.pathway.map(|pathway| pathway.number()));
            if let Some(side) = stay.side {
                sides.add(Some(side.as_str()));
            }
            if let Some(organisation) = stay.organisation {
                organisations.add(Some(organisation));
            }
        }
        let named = |id: &OrganisationId| {
            let key = id.to_string();
            let name = all.names.get(id).unwrap_or(&key).clone();
            (key, name)
        };
        let same = |text: String| (text.clone(), text);
        counts.hospitals = hospitals.choices(named);
        counts.councils = councils.choices(named);
        counts.organisations = organisations.choices(named);
        counts.wards = wards.choices(|ward| same((*ward).to_owned()));
        counts.pathways = pathways.choices(|number| same(number.to_string()));
        counts.sides = sides.choices(|side| same((*side).to_owned()));
        counts
    }
}

/// How many stays have each value of one kind; `None` is "not known".
struct Tally<T>(BTreeMap<Option<T>, i64>);

impl<T> Default for Tally<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T: Ord> Tally<T> {
    fn add(&mut self, value: Option<T>) {
        *self.0.entry(value).or_default() += 1;
    }

    /// As choices by name, "not known" last; `named` gives the key and the name of a value.
    fn choices(self, named: impl Fn(&T) -> (String, String)) -> Vec<Choice> {
        let choice = |(value, stays): (Option<T>, i64)| {
            let (key, name) = value.as_ref().map(&named).unwrap_or_default();
            Choice { key, name, stays }
        };
        let mut choices: Vec<Choice> = self.0.into_iter().map(choice).collect();
        let place = |one: &Choice| (one.key.is_empty(), one.name.clone(), one.key.clone());
        choices.sort_by_cached_key(place);
        choices
    }
}
