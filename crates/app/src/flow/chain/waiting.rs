//! What waits for somebody: offers without an answer, silence that they were told of, and their
//! late steps; and the pass that tells of silence, once for each level.

use super::work::WorkRow;
use crate::{App, Error, Subject, lock};
use ::flow::chain::handover::{Escalation, reached};
use ::flow::chain::{CaseKind, Handover};
use access::{Action, Actor, Role};
use jiff::{SignedDuration, Timestamp};
use kernel::{OrganisationId, StayId, limits};
use store::flow::told::{self, Told, WaitsFor};
use store::flow::{self as rows, ChainEvent, ChainRow, WorkFilter};
use store::{Tx, account, journal, organisation};

/// Most that are counted.
pub const MOST: i64 = 100;

/// How long a count is kept when nobody changes anything: steps become late, and another
/// process may have changed them.
const COUNTED: SignedDuration = SignedDuration::from_secs(10);
/// For how many accounts counts are kept.
const ACCOUNTS: usize = 2_000;

/// What was counted for somebody, and after how many changes of the store.
#[derive(Clone, Copy)]
pub(crate) struct Counted {
    changes: Option<u64>,
    at: Timestamp,
    steps: i64,
}

/// Why a step waits for somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaitsBecause {
    /// It is offered to them and has no answer.
    Offered,
    /// Somebody else does not answer, and they were told.
    Silence,
    /// It is theirs and late.
    Late,
}

/// A step that waits for somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingRow {
    /// Why.
    pub because: WaitsBecause,
    /// The step.
    pub row: WorkRow,
    /// Who was told of the silence on its offer, the first one first.
    pub told: Vec<Told>,
}

/// What waits for somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Those due first at the top.
    pub rows: Vec<WaitingRow>,
    /// True if there are more than are shown.
    pub more: bool,
}

impl App {
    /// How many steps wait for somebody, `MOST` at most: one statement, or none while nobody
    /// has changed anything for a few seconds, because every page shows it; one more where the
    /// store cannot tell that no organisation has changed. Nothing that they may not see is counted.
    ///
    /// # Errors
    /// Not allowed, or the store's.
    pub fn waiting_count(&self, actor: &Actor) -> Result<i64, Error> {
        access::decide(actor, Action::WorkSteps)?;
        if actor.organisation.is_none() {
            return Ok(0);
        }
        let (now, changes) = (self.now(), self.store().changes());
        let counts = || lock(&self.waiting_counts);
        let fresh = |counted: &Counted| {
            counted.changes == changes && now.duration_since(counted.at).abs() < COUNTED
        };
        // Without changes to tell by, nothing is kept.
        let account_kept = actor.account.filter(|_| changes.is_some());
        let kept = account_kept.and_then(|id| counts().get(&id).copied());
        if let Some(counted) = kept.filter(fresh) {
            return Ok(counted.steps);
        }
        let steps = self.store().read(|tx| {
            let asker = self.asker(tx, actor)?;
            if asker.family.is_empty() {
                return Ok::<_, Error>(0);
            }
            let organisations = asker.family.iter().map(|one| one.id).collect();
            let whom = self.waits_for(actor, organisations);
            let scope = self.people_scope(&asker);
            Ok(told::waiting(tx, &whom, &scope, MOST)?)
        })?;
        if let Some(id) = account_kept {
            let mut counts = counts();
            if counts.len() >= ACCOUNTS {
                counts.clear();
            }
            let at = now;
            counts.insert(id, Counted { changes, at, steps });
        }
        Ok(steps)
    }

    fn waits_for(&self, actor: &Actor, organisations: Vec<OrganisationId>) -> WaitsFor {
        WaitsFor {
            organisations,
            name: actor.display_name.clone(),
            now: self.now(),
        }
    }

    /// What waits for somebody. Whoever has to be told of silence is told first. The look is
    /// journalled.
    ///
    /// # Errors
    /// Not allowed, or the store's.
    pub fn waiting(&self, actor: &Actor) -> Result<Waiting, Error> {
        let allowed = access::decide(actor, Action::WorkSteps)?;
        self.store().write(|tx| {
            self.tell_silence(tx)?;
            let family = self.acts_for(tx, actor)?;
            let filter = WorkFilter {
                organisations: Vec::new(),
                offered: false,
                late_at: None,
                waits_for: Some(self.waits_for(actor, family.clone())),
                limit: limits::ROWS_A_PAGE + 1,
            };
            let asker = self.asker(tx, actor)?;
            let mut lines = rows::work(tx, &filter, &self.people_scope(&asker))?;
            let more = lines.len() > limits::ROWS_A_PAGE;
            lines.truncate(limits::ROWS_A_PAGE);
            let offers: Vec<_> = lines
                .iter()
                .filter_map(|line| line.offer.as_ref().map(|(offer, ..)| offer.id))
                .collect();
            let told = told::told_of(tx, &offers)?;
            let subject = Subject {
                thing: "what waits for them".to_owned(),
                results: lines.len(),
                ..Subject::default()
            };
            self.looked(tx, actor, allowed, Action::WorkSteps, subject)?;
            let rows = lines
                .into_iter()
                .map(|line| self.waiting_row(line, &family, &told))
                .collect();
            Ok(Waiting { rows, more })
        })
    }

    fn waiting_row(
        &self,
        line: rows::WorkLine,
        family: &[OrganisationId],
        told: &[Told],
    ) -> WaitingRow {
        let offer = line.offer.as_ref().map(|(offer, ..)| offer.id);
        let mine: Vec<Told> = told
            .iter()
            .filter(|one| Some(one.handover) == offer)
            .cloned()
            .collect();
        let here = |one: &Told| one.organisation.is_some_and(|id| family.contains(&id));
        let row = self.work_row(line, family);
        let because = if row.offered_to_me {
            WaitsBecause::Offered
        } else if mine.iter().any(here) {
            WaitsBecause::Silence
        } else {
            WaitsBecause::Late
        };
        WaitingRow {
            because,
            row,
            told: mine,
        }
    }

    /// Tells whoever has to be told that nobody answers an offer of a step; how many were told.
    /// Called again, it tells nobody twice.
    ///
    /// # Errors
    /// Not allowed, or the store's.
    pub fn escalate(&self, actor: &Actor) -> Result<usize, Error> {
        access::decide(actor, Action::Administer)?;
        self.store().write(|tx| self.tell_silence(tx))
    }

    /// As [`App::escalate`], in the transaction of whoever looks.
    pub(super) fn tell_silence(&self, tx: &mut dyn Tx) -> Result<usize, Error> {
        let now = self.now();
        let hours = self.hours("clock.handover_escalate_hours");
        let hub_before =
            hours.and_then(|hours| now.checked_sub(SignedDuration::from_hours(hours)).ok());
        let mut number = 0;
        for id in told::untold(tx, now, hub_before)? {
            let Some(chain) = rows::chain_of_handover(tx, id)? else {
                continue;
            };
            let offer = chain.chain.handovers.iter().find(|offer| offer.id == id);
            let Some(offer) = offer.cloned() else {
                continue;
            };
            for level in reached(&offer, now, hours) {
                number += usize::from(self.tell_one(tx, &chain, &offer, level)?);
            }
        }
        Ok(number)
    }

    fn tell_one(
        &self,
        tx: &mut dyn Tx,
        chain: &ChainRow,
        offer: &Handover,
        level: Escalation,
    ) -> Result<bool, Error> {
        let whose = match level {
            Escalation::Hub => self.hub_of(tx, chain)?.or(offer.from),
            _ => Some(offer.to),
        };
        let (name, whom) = self.who_leads(tx, whose)?;
        let told = Told {
            handover: offer.id,
            level,
            organisation: whose,
            whom,
            at: self.now(),
        };
        if !told::tell(tx, &told)? {
            return Ok(false);
        }
        let step = chain.chain.step(offer.step);
        let silent = organisation::by_id(tx, offer.to)?.map(|one| one.name);
        let what = format!(
            "No answer from {}. Told {}{}",
            silent.unwrap_or_default(),
            told.whom,
            if name.is_empty() {
                String::new()
            } else {
                format!(", {name}")
            }
        );
        let event = ChainEvent {
            step: step.map(|one| one.title.clone()).unwrap_or_default(),
            what,
            why: String::new(),
            at: told.at,
            actor: "Almoner".to_owned(),
            organisation: String::new(),
        };
        rows::add_chain_event(tx, chain.id, &event)?;
        let subject = Subject {
            person: Some(chain.person),
            thing: format!("offer {}", offer.id),
            results: 1,
            detail: level.as_str().to_owned(),
        };
        let (kind, allowed) = (journal::Kind::Command, access::allowed_for("direct care"));
        let itself = Actor::operator();
        self.record(tx, &itself, allowed, kind, "step: tell of silence", subject)?;
        Ok(true)
    }

    /// The hub that leads a case; none where the case knows none.
    fn hub_of(&self, tx: &mut dyn Tx, chain: &ChainRow) -> Result<Option<OrganisationId>, Error> {
        if chain.chain.case != CaseKind::Stay {
            return Ok(None);
        }
        let stay: StayId = chain.case_id.parse().map_err(|_| Error::NotFound("stay"))?;
        let Some(stay) = rows::stay(tx, stay)? else {
            return Ok(None);
        };
        let hubs = organisation::hubs_of(tx, stay.stay.hospital)?;
        Ok(hubs.first().copied().or(Some(stay.stay.hospital)))
    }

    /// Name of an organisation, and who leads it: by name where somebody is known to.
    fn who_leads(
        &self,
        tx: &mut dyn Tx,
        whose: Option<OrganisationId>,
    ) -> Result<(String, String), Error> {
        let Some(id) = whose else {
            return Ok((
                String::new(),
                "nobody: it is not known who leads".to_owned(),
            ));
        };
        let name = organisation::by_id(tx, id)?.map(|one| one.name);
        let accounts = account::of_organisation(tx, id)?;
        let leads: Vec<&str> = accounts
            .iter()
            .filter(|one| one.role == Role::HubLead.as_str())
            .map(|one| one.display_name.as_str())
            .collect();
        let whom = match (leads.is_empty(), accounts.is_empty()) {
            (false, _) => leads.join(", "),
            (true, false) => "everybody who signs in there".to_owned(),
            (true, true) => "nobody: no one signs in there. Ring them".to_owned(),
        };
        Ok((name.unwrap_or_default(), whom))
    }
}
