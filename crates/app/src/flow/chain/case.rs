//! Chains of cases that are no stays: a request for help, an episode of reablement, a placement
//! or package of care.

use crate::{App, Error};
use ::flow::chain::advance::{self, Facts, Since};
use ::flow::chain::{CaseKind, Chain, Fact, OwnerRole, Step, workflow};
use ::flow::offer::answer::NeedState;
use ::flow::service::ServiceType;
use ::flow::triage::Outcome;
use jiff::Timestamp;
use kernel::PersonId;
use store::Tx;
use store::flow::{self as rows, ChainRow};
use store::offer::NeedRow;
use store::referral::Referral;
use store::service_period::Period;

/// What a chain is made and kept up to date from.
struct Case<'a> {
    kind: CaseKind,
    id: String,
    person: PersonId,
    began_at: Timestamp,
    parts: &'a advance::Parts,
    facts: Facts,
    /// What was decided, for the steps that are there only then.
    decided: &'a [Outcome],
    by: &'a str,
}

impl App {
    /// Brings the chain of a request for help up to date with it. `decided` is what is decided
    /// now.
    pub(crate) fn follow_referral_chain(
        &self,
        tx: &mut dyn Tx,
        one: &Referral,
        decided: &[Outcome],
    ) -> Result<(), Error> {
        let mut known = Vec::new();
        if let Some((at, _)) = &one.decided {
            known.push((Fact::Decided, Since::Day(*at)));
        }
        if one.merged_into.is_some() {
            known.push((Fact::Over, Since::Learned(self.now())));
        }
        let by = match &one.decided {
            Some((_, by)) => by.as_str(),
            None => one.source.as_str(),
        };
        self.follow_case(
            tx,
            Case {
                kind: CaseKind::Referral,
                id: one.id.to_string(),
                person: one.person,
                began_at: one.sent_at,
                parts: &[(OwnerRole::Council, Some(one.owner))],
                facts: Facts {
                    known,
                    pathway: None,
                },
                decided,
                by,
            },
        )
    }

    /// Brings the chain of an episode of reablement up to date with it. Other services have none.
    pub(crate) fn follow_reablement_chain(
        &self,
        tx: &mut dyn Tx,
        period: &Period,
    ) -> Result<(), Error> {
        let service = &period.service;
        if service.kind != ServiceType::StMax {
            return Ok(());
        }
        let today = self.today();
        let day = |day| Since::Day(super::facts::noon_or_now(day, period.updated_at));
        let mut known = Vec::new();
        if service.starts_on <= today {
            known.push((Fact::ServiceStarted, day(service.starts_on)));
        }
        if let Some(end) = service.ends_on.filter(|end| *end <= today) {
            known.push((Fact::Over, day(end)));
        }
        if period.mistake_why.is_some() {
            known.push((Fact::Over, Since::Learned(period.updated_at)));
        }
        self.follow_case(
            tx,
            Case {
                kind: CaseKind::Reablement,
                id: service.id.to_string(),
                person: period.person,
                began_at: period.made_at,
                parts: &[
                    (OwnerRole::Council, period.council),
                    (OwnerRole::Provider, period.organisation),
                ],
                facts: Facts {
                    known,
                    pathway: None,
                },
                decided: &[],
                by: &period.updated_by,
            },
        )
    }

    /// Brings the chain of a placement or package up to date with its need. A need out of a stay
    /// is a step of that stay, and has no chain of its own.
    pub(crate) fn follow_need_chain(&self, tx: &mut dyn Tx, row: &NeedRow) -> Result<(), Error> {
        if row.stay.is_some() {
            return Ok(());
        }
        let now = Since::Learned(self.now());
        let known = match row.state {
            NeedState::Open => Vec::new(),
            NeedState::Accepted => vec![(Fact::ServiceFound, now)],
            NeedState::Started => vec![(Fact::ServiceFound, now), (Fact::ServiceStarted, now)],
            NeedState::Withdrawn => vec![(Fact::Over, now)],
        };
        self.follow_case(
            tx,
            Case {
                kind: CaseKind::Placement,
                id: row.id.to_string(),
                person: row.person,
                began_at: row.written_at,
                parts: &[
                    (OwnerRole::Hub, row.organisation),
                    (OwnerRole::Council, row.organisation),
                ],
                facts: Facts {
                    known,
                    pathway: None,
                },
                decided: &[],
                by: &row.written_by,
            },
        )
    }

    fn follow_case(&self, tx: &mut dyn Tx, case: Case<'_>) -> Result<(), Error> {
        let over = case.facts.known.iter().any(|(fact, _)| *fact == Fact::Over);
        let Some(before) = rows::chain_of(tx, case.kind, &case.id)? else {
            if over {
                return Ok(());
            }
            let mut chain = self.new_chain(tx, case.kind, case.began_at, case.parts)?;
            self.add_decided(&mut chain, &case);
            advance::advance(&mut chain.steps, &case.facts, case.parts, case.began_at);
            let new = ChainRow {
                id: self.ids().chain(),
                case_id: case.id,
                person: case.person,
                began_at: case.began_at,
                over_at: None,
                updated_at: self.now(),
                updated_by: case.by.to_owned(),
                version: 1,
                chain,
            };
            return Ok(rows::insert_chain(tx, &new)?);
        };
        let mut after = before.clone();
        self.add_decided(&mut after.chain, &case);
        advance::advance(
            &mut after.chain.steps,
            &case.facts,
            case.parts,
            before.began_at,
        );
        after.over_at = over_at(&after, self.now());
        if after.chain == before.chain && after.over_at == before.over_at {
            return Ok(());
        }
        after.updated_at = self.now();
        case.by.clone_into(&mut after.updated_by);
        self.keep_chain(tx, &before, &mut after)
    }

    /// Adds the steps that the set has for what was decided, each once.
    fn add_decided(&self, chain: &mut Chain, case: &Case<'_>) {
        let sets = &self.policy().workflows;
        let found = sets.find(case.kind, &chain.set);
        let Some(set) = found.or_else(|| sets.find(case.kind, workflow::NORMAL)) else {
            return;
        };
        let hours = |key: &str| self.hours(key);
        let mut ids = || self.ids().step();
        for outcome in case.decided {
            for step in advance::plan_after(set, *outcome, case.parts, &hours, &mut ids) {
                if chain.steps.iter().all(|there| there.key != step.key) {
                    chain.steps.push(step);
                }
            }
        }
    }

    /// The steps of a request for help that are there because of what was decided.
    pub(in crate::flow) fn decided_steps(
        &self,
        tx: &mut dyn Tx,
        one: &Referral,
        outcome: Outcome,
    ) -> Result<Vec<Step>, Error> {
        let Some(row) = rows::chain_of(tx, CaseKind::Referral, &one.id.to_string())? else {
            return Ok(Vec::new());
        };
        let sets = &self.policy().workflows;
        let plans = |key: &str| {
            let set = sets.find(CaseKind::Referral, &row.chain.set);
            let set = set.or_else(|| sets.find(CaseKind::Referral, workflow::NORMAL));
            set.is_some_and(|set| {
                set.steps
                    .iter()
                    .any(|plan| plan.key == key && plan.outcome == Some(outcome))
            })
        };
        let steps = row.chain.steps.iter();
        Ok(steps.filter(|step| plans(&step.key)).cloned().collect())
    }
}

/// When a chain that is no stay's is over: when its last step ended.
pub(super) fn over_at(row: &ChainRow, now: Timestamp) -> Option<Timestamp> {
    let all = row.chain.steps.iter().all(|step| step.state.is_ended());
    all.then(|| row.over_at.unwrap_or(now))
}
