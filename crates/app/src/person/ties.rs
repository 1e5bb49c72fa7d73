//! Relationships that begin, change and end by rule: with a stay, with registration at a
//! practice, with a record that was sent. The rule is in `person::relationship`.

use crate::flow::policy;
use crate::{App, Error};
use ::flow::triage::Outcome;
use ::person::Person;
use ::person::relationship::{Relationship, last_day};
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::calendar::{add_days, instant};
use kernel::{ChainId, OrganisationId, PersonId, StayId};
use store::relationship::{self, Kept};
use store::{Tx, organisation};

/// Who is named as having made what follows from a rule.
const BY_RULE: &str = "Almoner";

/// The part of a stay that relationships follow from.
#[derive(Clone, Copy, Debug)]
pub struct StayTies {
    /// The stay.
    pub stay: StayId,
    /// Whose it is: the record it hangs on.
    pub person: PersonId,
    /// The hospital.
    pub hospital: OrganisationId,
    /// The council of ordinary residence, if known.
    pub council: Option<OrganisationId>,
    /// Who has the next step, if somebody has.
    pub next_owner: Option<OrganisationId>,
    /// First day.
    pub admitted_on: Date,
    /// Day of discharge, once there is one.
    pub discharged_on: Option<Date>,
}

impl From<&store::flow::StayRow> for StayTies {
    fn from(row: &store::flow::StayRow) -> Self {
        Self {
            stay: row.stay.id,
            person: row.stay.person,
            hospital: row.stay.hospital,
            council: row.stay.council,
            next_owner: row.next_owner,
            admitted_on: row.stay.admitted_on,
            discharged_on: row.stay.discharged_on,
        }
    }
}

/// What a rule wants to be there.
struct Wanted {
    kind: Relationship,
    holder: String,
    starts_at: Timestamp,
    ends_at: Option<Timestamp>,
}

/// The first instant of a day.
pub(crate) fn midnight(day: Date) -> Timestamp {
    instant(day.at(0, 0, 0, 0)).unwrap_or(Timestamp::MIN)
}

impl App {
    /// The days of a parameter of this quarter, today.
    pub(crate) fn days(&self, key: &str) -> Result<i64, Error> {
        let parameter = self.policy().on(key, self.today()).map_err(policy)?;
        parameter.integer().map_err(policy)
    }

    /// Brings the relationships that follow from a stay up to date with it.
    ///
    /// # Errors
    /// A parameter is missing, or the store's.
    pub fn follow_stay(&self, tx: &mut dyn Tx, stay: StayTies) -> Result<(), Error> {
        let mut holders = vec![(Relationship::Ward, stay.hospital)];
        holders.extend(stay.council.map(|id| (Relationship::Referral, id)));
        holders.extend(stay.next_owner.map(|id| (Relationship::NextStep, id)));
        for hub in organisation::hubs_of(tx, stay.hospital)? {
            holders.push((Relationship::Hub, hub));
        }
        let mut wanted = Vec::new();
        for (kind, holder) in holders {
            wanted.push(Wanted {
                kind,
                holder: holder.to_string(),
                starts_at: midnight(stay.admitted_on),
                ends_at: self.end_after(kind, stay.discharged_on)?,
            });
        }
        let cause = format!("stay {}", stay.stay);
        self.follow(tx, stay.person, &cause, &wanted)
    }

    /// Brings the relationships of those who own or are offered a step of a case up to date.
    ///
    /// # Errors
    /// A parameter is missing, or the store's.
    pub(crate) fn follow_steps(
        &self,
        tx: &mut dyn Tx,
        person: PersonId,
        chain: ChainId,
        since: Timestamp,
        holders: &[OrganisationId],
    ) -> Result<(), Error> {
        let wanted: Vec<Wanted> = holders
            .iter()
            .map(|holder| Wanted {
                kind: Relationship::NextStep,
                holder: holder.to_string(),
                starts_at: since,
                ends_at: None,
            })
            .collect();
        self.follow(tx, person, &format!("steps {chain}"), &wanted)
    }

    /// The instant at which a relationship ends that follows from what ended on a day.
    fn end_after(
        &self,
        kind: Relationship,
        ended_on: Option<Date>,
    ) -> Result<Option<Timestamp>, Error> {
        let days = match kind.days_parameter() {
            Some(key) => self.days(key)?,
            None => 0,
        };
        Ok(last_day(ended_on, days).map(|day| midnight(add_days(day, 1))))
    }

    /// Brings the relationship with the practice that a record names up to date.
    ///
    /// # Errors
    /// The store's.
    pub fn follow_practice(&self, tx: &mut dyn Tx, person: &Person) -> Result<(), Error> {
        let Some(code) = person.practice_code.as_deref() else {
            return Ok(());
        };
        let practice = self.practice(tx, code)?;
        let wanted: Vec<Wanted> = practice
            .iter()
            .map(|practice| Wanted {
                kind: Relationship::Practice,
                holder: practice.id.to_string(),
                starts_at: self.now(),
                ends_at: None,
            })
            .collect();
        self.follow(
            tx,
            person.id,
            &format!("practice of {}", person.id),
            &wanted,
        )
    }

    /// Brings the relationship that follows from a request for help up to date: whoever has to
    /// decide on it has to do with the person until some days after the decision, and for as long
    /// as anything goes on that the decision began.
    ///
    /// # Errors
    /// A parameter is missing, or the store's.
    pub(crate) fn follow_referral(
        &self,
        tx: &mut dyn Tx,
        referral: &store::referral::Referral,
    ) -> Result<(), Error> {
        let wanted = self.tie_of_referral(tx, referral, None)?;
        let cause = format!("referral {}", referral.id);
        self.follow(tx, referral.person, &cause, &[wanted])
    }

    /// The same for the carer whom a decision on a request for help is about.
    pub(crate) fn follow_carer(
        &self,
        tx: &mut dyn Tx,
        referral: &store::referral::Referral,
        carer: PersonId,
    ) -> Result<(), Error> {
        let wanted = self.tie_of_referral(tx, referral, Some(Outcome::Carer))?;
        let cause = format!("carer of referral {}", referral.id);
        self.follow(tx, carer, &cause, &[wanted])
    }

    fn tie_of_referral(
        &self,
        tx: &mut dyn Tx,
        referral: &store::referral::Referral,
        only: Option<Outcome>,
    ) -> Result<Wanted, Error> {
        let begun = store::begun::goes_on(tx, referral.id, only)?;
        let ended_on = match (&referral.decided, begun) {
            (None, _) | (_, (true, _)) => None,
            (Some((decided, _)), (false, ended)) => {
                Some(self.day_of(ended.map_or(*decided, |ended| ended.max(*decided))))
            }
        };
        Ok(Wanted {
            kind: Relationship::Referral,
            holder: referral.owner.to_string(),
            starts_at: referral.sent_at,
            ends_at: self.end_after(Relationship::Referral, ended_on)?,
        })
    }

    /// Notes that an organisation sent a person's record.
    ///
    /// # Errors
    /// A parameter is missing, or the store's.
    pub(crate) fn follow_sender(
        &self,
        tx: &mut dyn Tx,
        person: PersonId,
        sender: OrganisationId,
    ) -> Result<(), Error> {
        let wanted = Wanted {
            kind: Relationship::Sender,
            holder: sender.to_string(),
            starts_at: self.now(),
            ends_at: self.end_after(Relationship::Sender, Some(self.today()))?,
        };
        let cause = format!("record {person} from {sender}");
        self.follow(tx, person, &cause, &[wanted])
    }

    /// Puts what is wanted; what the cause no longer wants ends as its kind ends, from today.
    fn follow(
        &self,
        tx: &mut dyn Tx,
        person: PersonId,
        cause: &str,
        wanted: &[Wanted],
    ) -> Result<(), Error> {
        let there = relationship::following(tx, cause)?;
        for one in wanted {
            let same = there
                .iter()
                .find(|kept| kept.kind == one.kind && kept.holder == one.holder);
            if same.is_some_and(|kept| kept.ends_at == one.ends_at) {
                continue;
            }
            let kept = Kept {
                id: self.ids().relationship(),
                person,
                kind: one.kind,
                holder: one.holder.clone(),
                capacity: String::new(),
                starts_at: same.map_or(one.starts_at, |kept| kept.starts_at.min(one.starts_at)),
                ends_at: one.ends_at,
                follows: cause.to_owned(),
                made_at: self.now(),
                made_by: BY_RULE.to_owned(),
            };
            relationship::put(tx, &kept)?;
        }
        for kept in there.into_iter().filter(|kept| kept.ends_at.is_none()) {
            let still = wanted
                .iter()
                .any(|one| one.kind == kept.kind && one.holder == kept.holder);
            if !still {
                let ends_at = self.end_after(kept.kind, Some(self.today()))?;
                relationship::put(tx, &Kept { ends_at, ..kept })?;
            }
        }
        Ok(())
    }

    /// What the doctor finds of open stays without the relationships that follow from them.
    pub(crate) fn tie_findings(&self, tx: &mut dyn Tx) -> Result<Vec<String>, Error> {
        let missing = relationship::stays_without(tx)?;
        Ok(missing
            .into_iter()
            .map(|stay| format!("stay {stay} is open and its hospital has no relationship"))
            .collect())
    }
}
