//! One transfer of a command, by what is asked.

use super::{Changes, Sitting, Stopped};
use crate::ledger::{Asked, Book, Kind, Refusal, Reservation, Transfer, What};
use jiff::civil::Date;
use kernel::limits::{NOTE_CHARACTERS, TRANSFER_PENCE};
use kernel::{LedgerAccountId, Pence, TransferId};

type Made<E> = Result<Transfer, Stopped<E>>;

impl<B: Book> Sitting<'_, B> {
    /// The transfer that is asked for, if the rules allow it.
    pub(super) fn make(
        &mut self,
        draft: &mut Changes,
        asked: &Asked,
        set: Option<TransferId>,
    ) -> Made<B::Error> {
        check_note(&asked.note)?;
        let made = match asked.what {
            What::Post {
                debit,
                credit,
                amount,
            } => between(asked, (debit, credit), amount)?,
            What::Reserve {
                debit,
                credit,
                amount,
                lapses_on,
            } => {
                let made = between(asked, (debit, credit), amount)?;
                self.reserve(draft, made, lapses_on)?
            }
            What::PostReserved {
                reservation,
                amount,
                keep_rest,
            } => self.post_reserved(draft, asked, reservation, (amount, keep_rest))?,
            What::Release { reservation } => self.release(draft, asked, reservation)?,
            What::Reverse { of } => self.reverse(draft, asked, of)?,
        };
        Ok(Transfer { set, ..made })
    }

    fn reserve(
        &self,
        draft: &mut Changes,
        made: Transfer,
        lapses_on: Option<Date>,
    ) -> Result<Transfer, Refusal> {
        if let Some(last) = lapses_on.filter(|last| *last < self.today) {
            return Err(Refusal::LapsesAtOnce { last });
        }
        let held = Reservation {
            id: made.id,
            debit: made.debit,
            credit: made.credit,
            remaining: made.amount,
            effective: made.effective,
            lapses_on,
        };
        draft.reservations.insert(made.id, held);
        Ok(Transfer {
            kind: Kind::Reserve { lapses_on },
            ..made
        })
    }

    fn post_reserved(
        &mut self,
        draft: &mut Changes,
        asked: &Asked,
        reservation: TransferId,
        (amount, keep_rest): (Option<Pence>, bool),
    ) -> Made<B::Error> {
        let held = self.reservation(draft, reservation)?;
        held.is_open(self.today)?;
        let amount = amount.unwrap_or(held.remaining);
        check_amount(amount)?;
        let rest = held.remaining - amount;
        if rest.0 < 0 {
            return Err(Stopped::Refused(Refusal::MoreThanRemains {
                reservation,
                remaining: held.remaining,
                asked: amount,
            }));
        }
        let (remaining, released) = match keep_rest {
            true => (rest, Pence(0)),
            false => (Pence(0), rest),
        };
        let made = drawn(draft, asked, Reservation { remaining, ..held })?;
        Ok(Transfer {
            kind: Kind::PostReserved {
                reservation,
                keep_rest,
            },
            amount,
            released,
            ..made
        })
    }

    fn release(
        &mut self,
        draft: &mut Changes,
        asked: &Asked,
        reservation: TransferId,
    ) -> Made<B::Error> {
        let held = self.reservation(draft, reservation)?;
        let released = held.remaining;
        if released.0 == 0 {
            return Err(Refusal::ReservationOver { reservation }.into());
        }
        let remaining = Pence(0);
        let made = drawn(draft, asked, Reservation { remaining, ..held })?;
        Ok(Transfer {
            kind: Kind::Release { reservation },
            released,
            ..made
        })
    }

    fn reverse(&mut self, draft: &mut Changes, asked: &Asked, of: TransferId) -> Made<B::Error> {
        let wrong = self.reversible(draft, of, asked)?;
        draft.reversals.insert(of, asked.id);
        let made = from_to(asked, (wrong.credit, wrong.debit), wrong.amount);
        Ok(Transfer {
            kind: Kind::Reverse { of },
            ..made
        })
    }

    /// The transfer that a reversal may take back.
    fn reversible(
        &mut self,
        draft: &Changes,
        of: TransferId,
        asked: &Asked,
    ) -> Result<Transfer, Stopped<B::Error>> {
        if asked.note.trim().is_empty() {
            return Err(Refusal::NoReason.into());
        }
        let wrong = self.transfer(of)?.ok_or(Refusal::NoTransfer(of))?;
        let instead = match wrong.kind {
            Kind::Post | Kind::PostReserved { .. } => None,
            Kind::Reserve { .. } => Some("release it"),
            Kind::Release { .. } => Some("reserve anew"),
            Kind::Reverse { .. } => Some("post anew what was right"),
        };
        if let Some(instead) = instead {
            let kind = wrong.kind.as_str();
            return Err(Refusal::NotReversible {
                id: of,
                kind,
                instead,
            }
            .into());
        }
        if let Some(by) = self.reversal(draft, of)? {
            return Err(Refusal::Reversed { id: of, by }.into());
        }
        not_before(asked.effective, wrong.effective)?;
        Ok(wrong)
    }
}

fn from_to(
    asked: &Asked,
    (debit, credit): (LedgerAccountId, LedgerAccountId),
    amount: Pence,
) -> Transfer {
    Transfer {
        id: asked.id,
        kind: Kind::Post,
        debit,
        credit,
        amount,
        released: Pence(0),
        effective: asked.effective,
        set: None,
        note: asked.note.clone(),
    }
}

fn between(
    asked: &Asked,
    sides: (LedgerAccountId, LedgerAccountId),
    amount: Pence,
) -> Result<Transfer, Refusal> {
    check_amount(amount)?;
    Ok(from_to(asked, sides, amount))
}

/// A transfer that draws on a reservation is between its accounts, and not before it.
fn drawn(draft: &mut Changes, asked: &Asked, held: Reservation) -> Result<Transfer, Refusal> {
    not_before(asked.effective, held.effective)?;
    let made = from_to(asked, (held.debit, held.credit), Pence(0));
    draft.reservations.insert(held.id, held);
    Ok(made)
}

fn not_before(effective: Date, earliest: Date) -> Result<(), Refusal> {
    match effective < earliest {
        true => Err(Refusal::Before {
            effective,
            earliest,
        }),
        false => Ok(()),
    }
}

fn check_amount(amount: Pence) -> Result<(), Refusal> {
    match (1..=TRANSFER_PENCE).contains(&amount.0) {
        true => Ok(()),
        false => Err(Refusal::Amount {
            amount,
            most: Pence(TRANSFER_PENCE),
        }),
    }
}

fn check_note(note: &str) -> Result<(), Refusal> {
    match note.chars().count() > NOTE_CHARACTERS || note.chars().any(char::is_control) {
        true => Err(Refusal::Note {
            most: NOTE_CHARACTERS,
        }),
        false => Ok(()),
    }
}
