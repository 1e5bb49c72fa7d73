//! Commands that add transfers: post, reserve, post what is reserved, release, reverse.

use super::enter::{Command, Outcomes};
use super::id_for;
use crate::{App, Error, Subject};
use ::fund::ledger::{Asked, Outcome, Refusal, What};
use access::{Action, Actor};
use jiff::civil::Date;
use kernel::calendar::add_days;
use kernel::{TransferId, limits};
use store::{Tx, journal, ledger};

/// How the journal names what adds transfers.
const POST: &str = "ledger: post";

impl App {
    /// Takes one command: transfers that are made all or none. It shares a transaction with
    /// commands of other clients that wait at the same time.
    ///
    /// # Errors
    /// Not allowed, refused by the rules, or the store's.
    pub fn post_transfers(&self, actor: &Actor, asked: &[Asked]) -> Result<Outcome, Error> {
        let command = self.ledger_command(actor, asked.to_vec())?;
        match self.ledger.post(command)? {
            // What has lapsed may hold the money: it is given back, and the command taken again.
            Err(Refusal::Limit { .. }) if self.lapse_reservations(actor)? > 0 => {
                let command = self.ledger_command(actor, asked.to_vec())?;
                Ok(self.ledger.post(command)??)
            }
            outcome => Ok(outcome?),
        }
    }

    /// Takes many commands, each for itself, in as few transactions as the limits allow. Refused
    /// ones change nothing and hold up none.
    ///
    /// # Errors
    /// Not allowed, or the store's; then earlier transactions stand, and the same commands can be
    /// sent again.
    pub fn post_many(&self, actor: &Actor, commands: Vec<Vec<Asked>>) -> Result<Outcomes, Error> {
        let mut outcomes = Vec::with_capacity(commands.len());
        let mut rest = commands.into_iter().peekable();
        while rest.peek().is_some() {
            let some = rest
                .by_ref()
                .take(limits::LEDGER_COMMANDS)
                .map(|asked| self.ledger_command(actor, asked))
                .collect::<Result<Vec<_>, Error>>()?;
            outcomes.extend(self.ledger.books().enter_all(&some)?);
        }
        Ok(outcomes)
    }

    /// Reverses a transfer, and with it all that were posted all or none with it. `id` is the new
    /// transfer's; those of the rest of a set follow from it, so the same call again is the same.
    ///
    /// # Errors
    /// As [`App::post_transfers`].
    pub fn reverse_transfer(
        &self,
        actor: &Actor,
        (id, of): (TransferId, TransferId),
        effective: Date,
        reason: &str,
    ) -> Result<Outcome, Error> {
        access::decide(actor, Action::PostLedger)?;
        let whole = self.store().read(|tx| {
            let wrong = ledger::transfers(tx, &[of])?.pop();
            let set = match wrong.and_then(|wrong| wrong.set) {
                None => vec![of],
                Some(first) => ledger::set(tx, first)?,
            };
            let members = ledger::transfers(tx, &set)?;
            let money = |one: &TransferId| {
                set.len() == 1 || members.iter().any(|it| it.id == *one && it.is_posted())
            };
            Ok::<_, Error>(
                set.iter()
                    .copied()
                    .filter(|one| money(one))
                    .collect::<Vec<_>>(),
            )
        })?;
        let asked: Vec<Asked> = whole
            .into_iter()
            .map(|member| Asked {
                id: match member == of {
                    true => id,
                    false => id_for(&["reverse", &id.to_string(), &member.to_string()]),
                },
                effective,
                what: What::Reverse { of: member },
                note: reason.trim().to_owned(),
            })
            .collect();
        self.post_transfers(actor, &asked)
    }

    /// Gives back what is reserved and whose last day is over; how many reservations. For a timer,
    /// and done by itself where such money stands in the way.
    ///
    /// # Errors
    /// Not allowed, or the store's.
    pub fn lapse_reservations(&self, actor: &Actor) -> Result<usize, Error> {
        access::decide(actor, Action::PostLedger)?;
        self.store().write(|tx| self.lapse(tx, actor))
    }

    /// As [`App::lapse_reservations`], in an open transaction.
    pub(super) fn lapse(&self, tx: &mut dyn Tx, actor: &Actor) -> Result<usize, Error> {
        let most = limits::LEDGER_COMMANDS;
        let mut all = 0;
        loop {
            let given_back = self.lapse_some(tx, actor, most)?;
            all += given_back;
            if given_back < most {
                return Ok(all);
            }
        }
    }

    /// Each is given back on the day after its last, or on the first day that is open.
    fn lapse_some(&self, tx: &mut dyn Tx, actor: &Actor, most: usize) -> Result<usize, Error> {
        let today = self.today();
        let open_from = ledger::closed_to(tx)?.map(|closed| closed.next().first());
        let some = u32::try_from(most).unwrap_or(u32::MAX);
        let commands = ledger::lapsed(tx, today, some)?
            .into_iter()
            .map(|held| {
                let after = held.lapses_on.map_or(today, |last| add_days(last, 1));
                let asked = Asked {
                    id: id_for(&["lapse", &held.id.to_string()]),
                    effective: after.max(held.effective).max(open_from.unwrap_or(after)),
                    what: What::Release {
                        reservation: held.id,
                    },
                    note: "its last day is over".to_owned(),
                };
                self.ledger_command(actor, vec![asked])
            })
            .collect::<Result<Vec<_>, Error>>()?;
        Ok(self.enter(tx, &commands)?.into_iter().flatten().count())
    }

    pub(super) fn ledger_command(
        &self,
        actor: &Actor,
        asked: Vec<Asked>,
    ) -> Result<Command, Error> {
        let allowed = access::decide(actor, Action::PostLedger)?;
        let first = asked.first().ok_or(Refusal::Nothing)?.id;
        let subject = Subject {
            thing: format!("transfer {first}"),
            results: asked.len(),
            ..Subject::default()
        };
        let entry = self.entry(actor, allowed, journal::Kind::Command, POST, subject);
        Ok(Command { asked, entry })
    }

    /// Takes commands in an open transaction; see [`Books::enter`](super::enter::Books::enter).
    pub(super) fn enter(&self, tx: &mut dyn Tx, commands: &[Command]) -> Result<Outcomes, Error> {
        self.ledger.books().enter(tx, commands)
    }
}
