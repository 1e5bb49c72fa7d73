//! What a stay says about its chain: who plays which part, and which facts are there.

use crate::person::ties::midnight;
use crate::{App, Error};
use ::flow::chain::advance::{Facts, Since};
use ::flow::chain::{Answer, Chain, Fact, OwnerRole, Step};
use ::flow::{DestinationState, Stay};
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::OrganisationId;
use kernel::calendar::{instant, local};
use store::Tx;
use store::flow::{ChainRow, StayRow};

/// Who plays which part in a stay.
pub(super) fn parts(
    stay: &Stay,
    hubs: &[OrganisationId],
) -> [(OwnerRole, Option<OrganisationId>); 3] {
    [
        (OwnerRole::Hospital, Some(stay.hospital)),
        (OwnerRole::Council, stay.council),
        (OwnerRole::Hub, hubs.first().copied()),
    ]
}

/// Midday of a day, or now if that is today: the record knows the day alone.
pub(super) fn noon_or_now(day: Date, now: Timestamp) -> Timestamp {
    if local(now).date() == day {
        return now;
    }
    instant(day.at(12, 0, 0, 0)).unwrap_or_else(|| midnight(day))
}

/// The council of ordinary residence was corrected: steps of the council that nobody handed
/// over, and that are not ended, go with it.
pub(super) fn follow_council(steps: &mut [Step], chain: &Chain, council: Option<OrganisationId>) {
    let handed = |step: &Step| {
        chain.handovers.iter().any(|offer| {
            let said = offer.answer.as_ref();
            offer.step == step.id && said.is_some_and(|said| said.answer == Answer::Accepted)
        })
    };
    for step in steps {
        if step.role == OwnerRole::Council && !step.state.is_ended() && !handed(step) {
            step.owner = council;
        }
    }
}

impl App {
    /// The facts of a stay.
    pub(super) fn stay_facts(&self, tx: &mut dyn Tx, row: &StayRow) -> Result<Facts, Error> {
        let stay = &row.stay;
        let by = row.updated_at;
        let day = |day: Date| Since::Day(noon_or_now(day, by));
        let mut known = Vec::new();
        // What has no day of its own was known by the ready date, or when the stay was changed.
        let learned = stay.ready_on.map_or(by, |ready| noon_or_now(ready, by));
        let since = Since::Learned(learned.min(by));
        if stay.expected_on.is_some() {
            let first = noon_or_now(stay.admitted_on, by);
            known.push((Fact::ExpectedDate, Since::Learned(first.min(by))));
        }
        known.extend(row.assessed_on.map(|on| (Fact::Assessed, day(on))));
        known.extend(stay.ready_on.map(|on| (Fact::Ready, day(on))));
        if stay.pathway.is_some() {
            known.push((Fact::Pathway, since));
        }
        match row.destination_state {
            DestinationState::Accepted => known.push((Fact::ServiceFound, Since::Learned(by))),
            DestinationState::Started => {
                known.push((Fact::ServiceFound, Since::Learned(by)));
                known.push((Fact::ServiceStarted, Since::Learned(by)));
            }
            _ => {}
        }
        if self.checklist_is_done(tx, stay.id)? {
            known.push((Fact::Checklist, Since::Learned(by)));
        }
        known.extend(stay.discharged_on.map(|on| (Fact::Over, day(on))));
        Ok(Facts {
            known,
            pathway: stay.pathway.map(::flow::Pathway::number),
        })
    }

    /// Whoever accepted a step that is not ended, and whoever is offered one, may see the person.
    /// Those who play a part in the case from its start may by the rule of the case itself.
    pub(super) fn follow_owners(&self, tx: &mut dyn Tx, row: &ChainRow) -> Result<(), Error> {
        let chain = &row.chain;
        let mut holders: Vec<OrganisationId> = chain
            .handovers
            .iter()
            .filter(|offer| {
                let step = chain.step(offer.step);
                let theirs =
                    step.is_some_and(|step| !step.state.is_ended() && step.owner == Some(offer.to));
                match &offer.answer {
                    None => true,
                    Some(said) => theirs && said.answer == Answer::Accepted,
                }
            })
            .map(|offer| offer.to)
            .collect();
        holders.sort();
        holders.dedup();
        self.follow_steps(tx, row.person, row.id, row.began_at, &holders)
    }
}
