//! A fault that is sown in any return is seen: the model is told of one stay or service less, or of
//! one day or outcome that was another, and then it and the product no longer agree.

use super::Trial;
use super::counts::{Cells, Known, Someone};
use app::flow::figures::ReturnKind;
use flow::service::Outcome;
use jiff::SignedDuration;
use kernel::Month;
use kernel::calendar::add_days;
use std::collections::BTreeSet;

/// Working days before faults are sown.
const DAYS: usize = 25;

/// What the model believes.
type Believed = (Vec<Known>, Vec<Someone>);

/// A fault sown in what is believed of a stay, or of a person by number. False where there is nothing to
/// get wrong.
type Sow = fn(&mut Known) -> bool;
type SowInPerson = fn(&mut Someone) -> bool;

const IN_A_STAY: [(&str, Sow); 4] = [
    ("ready a day later", |stay| {
        match stay.stretches.last_mut() {
            Some(last) => {
                last.ready = add_days(last.ready, 1);
                true
            }
            None => false,
        }
    }),
    ("another reason", |stay| {
        let reasons = stay.stretches.iter_mut().flat_map(|one| &mut one.reasons);
        reasons.map(|one| one.1 = "never heard of").count() > 0
    }),
    ("left a day later", |stay| match &mut stay.left {
        Some(left) => {
            *left = add_days(*left, 1);
            true
        }
        None => false,
    }),
    ("died in hospital", |stay| {
        stay.left_how = "4";
        stay.left.is_some()
    }),
];

const IN_A_PERSON: [(&str, SowInPerson); 2] = [
    ("died at the end of reablement", |one| {
        let ended = one.services.iter_mut();
        let ended = ended.filter(|service| service.outcome.is_some());
        ended
            .map(|service| service.outcome = Some(Outcome::Died))
            .count()
            > 0
    }),
    ("a service that is forgotten", |one| {
        let before = one.services.len();
        one.services.retain(|service| service.outcome.is_none());
        before > one.services.len()
    }),
];

impl Trial {
    /// What a return says by what is believed.
    fn by_belief(&self, kind: ReturnKind, period: &str, (known, people): &Believed) -> Cells {
        let model = self.model_of(known, people);
        let month = || period.parse::<Month>().unwrap();
        match kind {
            ReturnKind::Sitrep => model.sitrep(period.parse().unwrap()),
            ReturnKind::Delays => model.delays(month()),
            ReturnKind::Drd => model.ready_dates(month()),
            ReturnKind::Ascof => {
                let year = period.split('-').next().unwrap().parse().unwrap();
                let values = model.social_care(year).into_iter();
                values
                    .map(|(name, value)| (name, (value, vec![])))
                    .collect()
            }
        }
    }
}

#[test]
fn a_fault_that_is_sown_in_a_return_is_seen() {
    let mut trial = Trial::begun(7);
    for _ in 0..DAYS {
        trial.work();
        let night = SignedDuration::from_hours(12);
        trial.place.clock.advance(night);
    }
    let today = trial.place.app.today();
    let day = add_days(today, -1).to_string();
    let month = Month::of(today).to_string();
    // The outcomes of the year are known some months later.
    let whole = (trial.known.clone(), trial.people.clone());
    let mut faults: Vec<(&str, Believed)> = Vec::new();
    for at in 0..whole.0.len() {
        let mut without = whole.clone();
        without.0.remove(at);
        faults.push(("a stay that is forgotten", without));
        for (name, sow) in IN_A_STAY {
            let mut other = whole.clone();
            if sow(&mut other.0[at]) {
                faults.push((name, other));
            }
        }
    }
    for at in 0..whole.1.len() {
        for (name, sow) in IN_A_PERSON {
            let mut other = whole.clone();
            if sow(&mut other.1[at]) {
                faults.push((name, other));
            }
        }
    }
    let mut seen: BTreeSet<(&str, &str)> = BTreeSet::new();
    for (kind, period) in [
        (ReturnKind::Sitrep, day.as_str()),
        (ReturnKind::Delays, month.as_str()),
        (ReturnKind::Drd, month.as_str()),
        (ReturnKind::Ascof, "2025-26"),
    ] {
        if kind == ReturnKind::Ascof {
            let months = SignedDuration::from_hours(24 * 120);
            trial.place.clock.advance(months);
        }
        let mut found = trial.made(kind, period);
        if kind == ReturnKind::Ascof {
            // The model gives no ids behind these.
            found.values_mut().for_each(|cell| cell.1.clear());
        }
        let is_seen = |believed| found != trial.by_belief(kind, period, believed);
        assert!(!is_seen(&whole), "{kind:?} is right");
        let sown = faults.iter().filter(|fault| is_seen(&fault.1));
        seen.extend(sown.map(|fault| (kind.as_str(), fault.0)));
    }
    // A death is no matter of the situation report, nor of who waited for what.
    let in_hospital = [
        "a stay that is forgotten",
        "another reason",
        "left a day later",
        "ready a day later",
    ];
    let discharges = [
        "a stay that is forgotten",
        "died in hospital",
        "left a day later",
        "ready a day later",
    ];
    let social_care = [
        "a service that is forgotten",
        "a stay that is forgotten",
        "died at the end of reablement",
        "died in hospital",
    ];
    let wanted = [
        ("ascof", social_care),
        ("delays", in_hospital),
        ("drd", discharges),
        ("sitrep", in_hospital),
    ];
    let wanted = wanted
        .iter()
        .flat_map(|(kind, faults)| faults.map(|fault| (*kind, fault)));
    assert_eq!(Vec::from_iter(seen), Vec::from_iter(wanted));
}
