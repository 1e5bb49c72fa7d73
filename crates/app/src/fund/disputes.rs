//! Disputes between partners: raised, shown evidence that is kept with its hash, moved through the
//! stages of the agreement, and ended by linked transfers.

use super::agreements::version;
use super::kept::{fund_code, needed, not_too_large};
use super::{agreements, id_for};
use crate::{App, Error, Subject};
use ::fund::agreement::{PartnerKey, Stage};
use ::fund::dispute::{Dispute, DisputeError, Evidence};
use ::fund::ledger::{AccountKind, Asked, Code, Name, Of, What};
use ::fund::tie::code_of;
use access::{Action, Actor, Allowed};
use jiff::civil::Date;
use kernel::{DisputeId, InboxId, Pence, TransferId, hex};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use store::fund::{self as rows, DisputeRow, Step, StepKind};
use store::{Tx, journal, ledger};

/// A dispute as it is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewDispute<'a> {
    /// The fund.
    pub fund: &'a str,
    /// Key of the partner that raises it.
    pub by: &'a str,
    /// Key of the partner it is with.
    pub with: &'a str,
    /// Over how much.
    pub amount: Pence,
    /// About what, without names of people.
    pub about: &'a str,
    /// On which day.
    pub on: Option<Date>,
}

/// A move in a dispute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DisputeMove<'a> {
    /// A side shows a file.
    Show {
        /// Key of the side.
        by: &'a str,
        /// What it is, in words.
        what: &'a str,
        /// Its name and bytes, which are kept.
        file: (&'a str, &'a [u8]),
    },
    /// It goes up to the next stage.
    GoUp,
    /// It ends: what each partner pays more (above nought) or has back, and why.
    End {
        /// By key of the partner; they make nothing together.
        amounts: BTreeMap<String, Pence>,
        /// Why.
        why: &'a str,
    },
}

/// Evidence that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// What it is, who gave it, when, and its hash.
    pub evidence: Evidence,
    /// The kept file.
    pub file: InboxId,
}

/// A dispute with how it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisputePage {
    /// As it was raised.
    pub row: DisputeRow,
    /// Its state: stages that have begun, evidence, outcome.
    pub dispute: Dispute,
    /// The stages of the agreement.
    pub stages: Vec<Stage>,
    /// Names of the two sides: who raised it, and with whom.
    pub sides: (String, String),
    /// Names of all partners by key, for an outcome.
    pub partners: Vec<(PartnerKey, String)>,
    /// Evidence with its file.
    pub shown: Vec<Shown>,
    /// The stage's time is over.
    pub late: bool,
    /// Transfers of the outcome.
    pub transfers: Vec<TransferId>,
}

impl App {
    /// Every dispute, the first raised first.
    ///
    /// # Errors
    /// Not allowed, or the store's.
    pub fn disputes(&self, actor: &Actor) -> Result<Vec<DisputePage>, Error> {
        access::decide(actor, Action::SeeLedger)?;
        self.store().read(|tx| {
            let all = rows::disputes(tx)?;
            all.into_iter()
                .map(|row| self.dispute_page(tx, row))
                .collect()
        })
    }

    /// One dispute.
    ///
    /// # Errors
    /// Not allowed, not there, or the store's.
    pub fn dispute(&self, actor: &Actor, id: DisputeId) -> Result<DisputePage, Error> {
        access::decide(actor, Action::SeeLedger)?;
        self.store().read(|tx| {
            let row = rows::dispute(tx, id)?.ok_or(Error::NotFound("dispute"))?;
            self.dispute_page(tx, row)
        })
    }

    /// A file that was shown in a dispute, as it came.
    ///
    /// # Errors
    /// Not allowed, not there, or the store's.
    pub fn evidence(&self, actor: &Actor, id: DisputeId, file: InboxId) -> Result<Vec<u8>, Error> {
        let allowed = access::decide(actor, Action::SeeLedger)?;
        self.store().write(|tx| {
            let mut steps = rows::steps(tx, id)?.into_iter();
            if !steps.any(|step| step.file.is_some_and(|(kept, _)| kept == file)) {
                return Err(Error::NotFound("evidence"));
            }
            let subject = Subject {
                thing: format!("dispute {id}, file {file}"),
                results: 1,
                ..Subject::default()
            };
            self.looked(tx, actor, allowed, Action::SeeLedger, subject)?;
            super::kept::bytes_of(tx, file)
        })
    }

    /// A partner raises a dispute under the agreement in force on its day.
    ///
    /// # Errors
    /// Not allowed, something that was typed, no agreement, or the store's.
    pub fn raise_dispute(&self, actor: &Actor, new: &NewDispute<'_>) -> Result<DisputeId, Error> {
        let allowed = access::decide(actor, Action::PostLedger)?;
        let fund = fund_code(new.fund)?;
        let about = needed("about", new.about, "Say what it is about")?;
        let on = self.day(new.on)?;
        let id = self.ids().dispute();
        self.store().write(|tx| {
            let kept = agreements::standing(tx, &fund, on)?
                .ok_or_else(|| Error::invalid("fund", format!("No agreement holds on {on}")))?;
            for (field, key) in [("by", new.by), ("with", new.with)] {
                if kept.agreement.partner(&PartnerKey::new(key)).is_none() {
                    return Err(Error::invalid(field, "Choose a partner of the agreement"));
                }
            }
            let row = DisputeRow {
                id,
                fund: fund.clone(),
                agreement: kept.row.number,
                by: PartnerKey::new(new.by),
                with: PartnerKey::new(new.with),
                amount: new.amount,
                about: about.clone(),
                on,
                kept: (self.now(), actor.display_name.clone()),
            };
            self.replayed(&row, &kept.agreement.stages, &[])
                .map_err(refused)?;
            rows::put_dispute(tx, &row)?;
            self.dispute_journal(tx, (actor, allowed), id, "fund: raise dispute")?;
            Ok(id)
        })
    }

    /// Moves a dispute on: evidence, up to the next stage, or its end, whose amounts are posted to
    /// the ledger all or none in the same transaction.
    ///
    /// # Errors
    /// Not allowed, not there, what the rules of disputes or of the ledger refuse, or the store's.
    pub fn move_dispute(
        &self,
        actor: &Actor,
        id: DisputeId,
        on: Option<Date>,
        it: &DisputeMove<'_>,
    ) -> Result<(), Error> {
        let allowed = access::decide(actor, Action::PostLedger)?;
        let on = self.day(on)?;
        let file = self.ids().inbox();
        let step = self.dispute_step(actor, on, it, file)?;
        self.store().write(|tx| {
            let row = rows::dispute(tx, id)?.ok_or(Error::NotFound("dispute"))?;
            let kept = version(tx, &row.fund, row.agreement)?;
            let partners = kept.agreement.partners.iter().map(|one| &one.key);
            for key in step.amounts.keys() {
                if !partners.clone().any(|partner| partner == key) {
                    let text = format!("{key} is no partner of the agreement");
                    return Err(Error::invalid("amounts", text));
                }
            }
            let mut steps = rows::steps(tx, id)?;
            let number = i64::try_from(steps.len()).unwrap_or(i64::MAX) + 1;
            steps.push(step.clone());
            self.replayed(&row, &kept.agreement.stages, &steps)
                .map_err(refused)?;
            if let DisputeMove::Show { file: given, .. } = it {
                self.put_fund_file(tx, actor, file, *given)?;
            }
            rows::add_step(tx, id, number, &step)?;
            self.post_outcome(tx, (actor, allowed), &row, &step)?;
            self.dispute_journal(tx, (actor, allowed), id, "fund: move dispute")
        })
    }

    /// The day of something that has happened: today if none is given.
    fn day(&self, on: Option<Date>) -> Result<Date, Error> {
        let on = on.unwrap_or_else(|| self.today());
        match on > self.today() {
            true => Err(Error::invalid("on", "The day must not be in the future")),
            false => Ok(on),
        }
    }

    fn dispute_step(
        &self,
        actor: &Actor,
        on: Date,
        it: &DisputeMove<'_>,
        file: InboxId,
    ) -> Result<Step, Error> {
        let mut step = Step {
            kind: StepKind::Up,
            on,
            by: PartnerKey::default(),
            words: String::new(),
            file: None,
            amounts: BTreeMap::new(),
            kept: (self.now(), actor.display_name.clone()),
        };
        match it {
            DisputeMove::GoUp => {}
            DisputeMove::Show {
                by,
                what,
                file: (_, bytes),
            } => {
                not_too_large(bytes)?;
                if bytes.is_empty() {
                    return Err(Error::invalid("file", "Choose a file with something in it"));
                }
                step.kind = StepKind::Evidence;
                step.by = PartnerKey::new(*by);
                step.words = needed("what", what, "Say what it is")?;
                step.file = Some((file, hex(&Sha256::digest(bytes))));
            }
            DisputeMove::End { amounts, why } => {
                step.kind = StepKind::End;
                step.words = needed("why", why, "Say why it ends so")?;
                let amounts = amounts.iter().filter(|(_, amount)| amount.0 != 0);
                step.amounts = amounts
                    .map(|(key, amount)| (PartnerKey::new(key.as_str()), *amount))
                    .collect();
            }
        }
        Ok(step)
    }

    /// The dispute as its steps have made it.
    fn replayed(
        &self,
        row: &DisputeRow,
        stages: &[Stage],
        steps: &[Step],
    ) -> Result<Dispute, DisputeError> {
        let calendar = &self.policy().calendar;
        let sides = (row.by.clone(), row.with.clone());
        let about = row.about.clone();
        let mut dispute = Dispute::raise(sides, row.amount, about, row.on, stages, calendar)?;
        for step in steps {
            match step.kind {
                StepKind::Up => dispute.go_up(step.on, calendar)?,
                StepKind::End => {
                    dispute.end(step.on, step.amounts.clone(), step.words.clone())?;
                }
                StepKind::Evidence => dispute.show(Evidence {
                    by: step.by.clone(),
                    on: step.on,
                    what: step.words.clone(),
                    sha256: step
                        .file
                        .as_ref()
                        .map_or(String::new(), |one| one.1.clone()),
                })?,
            }
        }
        Ok(dispute)
    }

    fn dispute_page(&self, tx: &mut dyn Tx, row: DisputeRow) -> Result<DisputePage, Error> {
        let kept = version(tx, &row.fund, row.agreement)?;
        let steps = rows::steps(tx, row.id)?;
        let dispute = self
            .replayed(&row, &kept.agreement.stages, &steps)
            .map_err(|why| Error::Policy(format!("dispute {}: {why}", row.id)))?;
        let files = steps.iter().filter_map(|step| step.file.as_ref());
        let shown = dispute.evidence.iter().cloned().zip(files);
        let ids: Vec<TransferId> = outcome_steps(&steps)
            .flat_map(|step| step.amounts.keys())
            .map(|partner| outcome_id(row.id, partner))
            .collect();
        let name = |key: &PartnerKey| kept.agreement.name_of(key).to_owned();
        let transfers = ledger::transfers(tx, &ids)?;
        Ok(DisputePage {
            sides: (name(&row.by), name(&row.with)),
            partners: kept
                .agreement
                .partners
                .iter()
                .map(|one| (one.key.clone(), one.name.clone()))
                .collect(),
            shown: shown
                .map(|(evidence, (file, _))| Shown {
                    evidence,
                    file: *file,
                })
                .collect(),
            late: dispute.is_late(self.today()),
            transfers: transfers.into_iter().map(|one| one.id).collect(),
            stages: kept.agreement.stages,
            dispute,
            row,
        })
    }

    /// Posts what each partner pays more or has back, all or none, on the day of the outcome.
    fn post_outcome(
        &self,
        tx: &mut dyn Tx,
        (actor, allowed): (&Actor, Allowed),
        row: &DisputeRow,
        step: &Step,
    ) -> Result<(), Error> {
        let mut asked = Vec::new();
        for (partner, amount) in &step.amounts {
            let code = code_of(partner.as_str()).ok_or(Error::NotFound("partner's code"))?;
            let mut account = |kind| {
                let name = of_partner(kind, &row.fund, &code)?;
                Ok::<_, Error>(self.open_account(tx, (actor, allowed), &name, None)?.id())
            };
            let due = account(AccountKind::DueFromPartner)?;
            let shared = account(AccountKind::RiskShare)?;
            let (debit, credit) = match amount.0 > 0 {
                true => (due, shared),
                false => (shared, due),
            };
            asked.push(Asked {
                id: outcome_id(row.id, partner),
                effective: step.on,
                what: What::Post {
                    debit,
                    credit,
                    amount: Pence(amount.0.saturating_abs()),
                },
                note: format!("outcome of dispute {}", row.id),
            });
        }
        if asked.is_empty() {
            return Ok(());
        }
        let command = self.ledger_command(actor, asked)?;
        match self.enter(tx, &[command])?.pop() {
            Some(Ok(_)) => Ok(()),
            Some(Err(refusal)) => Err(refusal.into()),
            None => Err(Error::NotFound("outcome that was just posted")),
        }
    }

    fn dispute_journal(
        &self,
        tx: &mut dyn Tx,
        (actor, allowed): (&Actor, Allowed),
        id: DisputeId,
        action: &str,
    ) -> Result<(), Error> {
        let subject = Subject {
            thing: format!("dispute {id}"),
            results: 1,
            ..Subject::default()
        };
        self.record(tx, actor, allowed, journal::Kind::Command, action, subject)
    }
}

fn outcome_steps(steps: &[Step]) -> impl Iterator<Item = &Step> {
    steps.iter().filter(|step| step.kind == StepKind::End)
}

fn outcome_id(dispute: DisputeId, partner: &PartnerKey) -> TransferId {
    id_for(&["dispute", &dispute.to_string(), partner.as_str()])
}

fn of_partner(kind: AccountKind, fund: &Code, partner: &Code) -> Result<Name, Error> {
    let of = Of {
        fund: fund.clone(),
        partner: Some(partner.clone()),
        scheme: None,
        provider: None,
        person: None,
        period: None,
        source: None,
    };
    Name::new(kind, of).map_err(|error| Error::invalid("partner", error.to_string()))
}

fn refused(why: DisputeError) -> Error {
    let field = match why {
        DisputeError::WithItself => "with",
        DisputeError::NoAmount => "amount",
        DisputeError::NoSide(_) => "by",
        DisputeError::NotAHash => "file",
        DisputeError::TooEarly(..) | DisputeError::Calendar(_) => "on",
        DisputeError::NotBalanced(_) => "amounts",
        DisputeError::NoStages | DisputeError::Ended(_) | DisputeError::LastStage(_) => "dispute",
    };
    Error::invalid(field, why.to_string())
}
