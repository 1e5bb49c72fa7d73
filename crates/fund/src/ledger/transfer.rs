//! Transfers: money from one account to another, and what may be asked of the ledger.
//!
//! Source: RULES D.3 (commitment, accrual, payment, income, recharge, journal); PEERS a4 54. A transfer
//! debits one account and credits another with one amount, so debits equal credits always. What is
//! committed is reserved first and posted later, in whole or in parts. A transfer that is made is never
//! changed: what was wrong is reversed, with a reason, and made anew.

use super::Side;
use super::{Balance, Refusal};
use jiff::civil::Date;
use kernel::{LedgerAccountId, Month, Pence, TransferId};

/// What is asked of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// Moves money.
    Post {
        /// The account debited.
        debit: LedgerAccountId,
        /// The account credited.
        credit: LedgerAccountId,
        /// How much, more than nought.
        amount: Pence,
    },
    /// Sets money apart for what will be paid.
    Reserve {
        /// The account that will be debited.
        debit: LedgerAccountId,
        /// The account that will be credited.
        credit: LedgerAccountId,
        /// How much, more than nought.
        amount: Pence,
        /// The last day on which it can be posted, if there is one.
        lapses_on: Option<Date>,
    },
    /// Moves money that was set apart.
    PostReserved {
        /// The reservation.
        reservation: TransferId,
        /// How much; all that remains, if not said.
        amount: Option<Pence>,
        /// Whether the rest stays reserved; else it is given back.
        keep_rest: bool,
    },
    /// Gives back what is still set apart.
    Release {
        /// The reservation.
        reservation: TransferId,
    },
    /// Takes a posted transfer back. The note says why.
    Reverse {
        /// The transfer that was wrong.
        of: TransferId,
    },
}

/// One transfer that is asked for. The id is made by whoever asks: the same id again is the
/// same transfer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Its id.
    pub id: TransferId,
    /// The day that it counts from.
    pub effective: Date,
    /// What is asked.
    pub what: What,
    /// What it is for; of a reversal, why. No names of people.
    pub note: String,
}

/// What a transfer that is made did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Moved money.
    Post,
    /// Set money apart.
    Reserve {
        /// The last day on which it can be posted.
        lapses_on: Option<Date>,
    },
    /// Moved money that was set apart.
    PostReserved {
        /// The reservation.
        reservation: TransferId,
        /// Whether the rest stays reserved.
        keep_rest: bool,
    },
    /// Gave back what was still set apart.
    Release {
        /// The reservation.
        reservation: TransferId,
    },
    /// Took a transfer back.
    Reverse {
        /// The transfer that was wrong.
        of: TransferId,
    },
}

impl Kind {
    /// The text it is kept as.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Post => "post",
            Self::Reserve { .. } => "reserve",
            Self::PostReserved { .. } => "post-reserved",
            Self::Release { .. } => "release",
            Self::Reverse { .. } => "reverse",
        }
    }

    /// The earlier transfer that it is about.
    pub const fn about(self) -> Option<TransferId> {
        match self {
            Self::Post | Self::Reserve { .. } => None,
            Self::PostReserved { reservation, .. } | Self::Release { reservation } => {
                Some(reservation)
            }
            Self::Reverse { of } => Some(of),
        }
    }
}

/// A transfer that is made. It is never changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// Its id.
    pub id: TransferId,
    /// What it did.
    pub kind: Kind,
    /// The account debited.
    pub debit: LedgerAccountId,
    /// The account credited.
    pub credit: LedgerAccountId,
    /// What was posted, or set apart by a reservation; nought for a release.
    pub amount: Pence,
    /// What it gave back of a reservation.
    pub released: Pence,
    /// The day that it counts from.
    pub effective: Date,
    /// The first of the transfers that were posted all or none with it, if there are others.
    pub set: Option<TransferId>,
    /// What it is for.
    pub note: String,
}

impl Transfer {
    /// The month that it counts in.
    pub fn period(&self) -> Month {
        Month::of(self.effective)
    }

    /// Whether it moved money, rather than set it apart or gave it back.
    pub const fn is_posted(&self) -> bool {
        matches!(
            self.kind,
            Kind::Post | Kind::PostReserved { .. } | Kind::Reverse { .. }
        )
    }

    /// By how much it moves each side: what is posted, and what is reserved.
    fn moves(&self) -> Option<(Pence, Pence)> {
        Some(match self.kind {
            Kind::Post | Kind::Reverse { .. } => (self.amount, Pence(0)),
            Kind::Reserve { .. } => (Pence(0), self.amount),
            Kind::PostReserved { .. } => (self.amount, -self.amount.plus(self.released)?),
            Kind::Release { .. } => (Pence(0), -self.released),
        })
    }

    /// What it does to its two accounts in its period. `None` if the amounts do not fit.
    pub fn entries(&self) -> Option<[(LedgerAccountId, Balance); 2]> {
        let (posted, pending) = self.moves()?;
        Some([
            (self.debit, Balance::of(Side::Debit, posted, pending)),
            (self.credit, Balance::of(Side::Credit, posted, pending)),
        ])
    }

    /// The line that a frozen period's hash is made of: every field, in order, so that any change
    /// is another line.
    pub fn frozen_line(&self) -> String {
        let text = |id: Option<TransferId>| id.map(|id| id.to_string()).unwrap_or_default();
        let (lapses_on, keep_rest) = match self.kind {
            Kind::Reserve { lapses_on } => (lapses_on, false),
            Kind::PostReserved { keep_rest, .. } => (None, keep_rest),
            _ => (None, false),
        };
        format!(
            "{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\n",
            self.id,
            self.kind.as_str(),
            self.debit,
            self.credit,
            self.amount.0,
            self.released.0,
            self.effective,
            text(self.kind.about()),
            lapses_on.map(|day| day.to_string()).unwrap_or_default(),
            u8::from(keep_rest),
            text(self.set),
            self.note,
        )
    }
}

/// Money that is set apart, as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reservation {
    /// The transfer that set it apart.
    pub id: TransferId,
    /// The account that will be debited.
    pub debit: LedgerAccountId,
    /// The account that will be credited.
    pub credit: LedgerAccountId,
    /// What is still set apart; nought when it is over.
    pub remaining: Pence,
    /// The day that it counts from.
    pub effective: Date,
    /// The last day on which it can be posted.
    pub lapses_on: Option<Date>,
}

impl Reservation {
    /// Whether something can still be posted of it on a day.
    ///
    /// # Errors
    /// It is over or has lapsed.
    pub fn is_open(&self, today: Date) -> Result<(), Refusal> {
        if self.remaining.0 == 0 {
            return Err(Refusal::ReservationOver {
                reservation: self.id,
            });
        }
        match self.lapses_on {
            Some(last) if last < today => Err(Refusal::Lapsed {
                reservation: self.id,
                last,
            }),
            _ => Ok(()),
        }
    }
}
