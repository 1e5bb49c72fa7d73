//! Why the ledger does not do what it was asked. A refusal changes nothing.

use jiff::civil::Date;
use kernel::{Month, Pence, TransferId};

/// What differs between a transfer that is there and one that was asked for with its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Which part.
    pub field: &'static str,
    /// How it is there.
    pub there: String,
    /// How it was asked for.
    pub asked: String,
}

/// Why not. The text says what to do and holds no personal data.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Nothing was asked for.
    #[error("nothing was asked for")]
    Nothing,
    /// More than are posted all or none.
    #[error("{asked} transfers cannot be posted all or none: at most {most} at once")]
    TooMany {
        /// How many were asked for.
        asked: usize,
        /// How many may be.
        most: usize,
    },
    /// An id is there twice among what was asked for.
    #[error("the id {id} is there twice: give each transfer its own")]
    Twice {
        /// The id.
        id: TransferId,
    },
    /// The id is that of another transfer.
    #[error("the id {id} is taken by a transfer that differs: {}; use a new id for a new transfer", in_words(.differences))]
    Differs {
        /// The id.
        id: TransferId,
        /// What differs.
        differences: Vec<Difference>,
    },
    /// Some of what is posted all or none is there and some is not.
    #[error(
        "the transfer {id} is there already and others of its set are not: ask for the set as it was posted"
    )]
    PartlyThere {
        /// One that is there.
        id: TransferId,
    },
    /// The account is not there.
    #[error("there is no account with the id {0}: open it first")]
    NoAccount(String),
    /// Both sides are one account.
    #[error("{account} would be debited and credited at once: name two accounts")]
    OneAccount {
        /// Its name.
        account: String,
    },
    /// The amount is nought, less, or too large.
    #[error(
        "the amount is {amount}: it must be more than nought and at most {most}; swap the accounts where it goes the other way"
    )]
    Amount {
        /// What was asked for.
        amount: Pence,
        /// The largest.
        most: Pence,
    },
    /// The note is too long, or no line.
    #[error("the note must be one line of at most {most} characters")]
    Note {
        /// The longest.
        most: usize,
    },
    /// The day lies in a period that is closed.
    #[error("{effective} lies in {period}, which is closed: use a day in {open} or later", period = .period.in_words(), open = .open.in_words())]
    Closed {
        /// The day.
        effective: Date,
        /// Its month.
        period: Month,
        /// The first month that is open.
        open: Month,
    },
    /// A limit would be broken.
    #[error("{account} would be {over} over its limit ({limit}): nothing was posted")]
    Limit {
        /// The account's name.
        account: String,
        /// By how much.
        over: Pence,
        /// Which limit, in words.
        limit: &'static str,
    },
    /// A balance would not fit.
    #[error("the balance of {account} would be too large to be kept")]
    TooLarge {
        /// The account's name.
        account: String,
    },
    /// The transfer asked about is not there.
    #[error("there is no transfer with the id {0}")]
    NoTransfer(TransferId),
    /// The transfer asked about is no reservation.
    #[error("the transfer {0} is no reservation")]
    NotAReservation(TransferId),
    /// Nothing of the reservation remains.
    #[error("nothing of the reservation {reservation} remains")]
    ReservationOver {
        /// The reservation.
        reservation: TransferId,
    },
    /// The last day of the reservation is over.
    #[error("the reservation {reservation} lapsed after {last}: reserve anew")]
    Lapsed {
        /// The reservation.
        reservation: TransferId,
        /// Its last day.
        last: Date,
    },
    /// It lapses before it begins.
    #[error("the last day {last} is over already: give a day that is to come, or none")]
    LapsesAtOnce {
        /// The last day.
        last: Date,
    },
    /// More than remains.
    #[error("of the reservation {reservation} only {remaining} remains, and {asked} was asked for")]
    MoreThanRemains {
        /// The reservation.
        reservation: TransferId,
        /// What remains.
        remaining: Pence,
        /// What was asked for.
        asked: Pence,
    },
    /// The day lies before that of the transfer it is about.
    #[error("{effective} lies before {earliest}, the day of the transfer that this is about")]
    Before {
        /// The day.
        effective: Date,
        /// The earliest day.
        earliest: Date,
    },
    /// A reversal says no reason.
    #[error("a reversal needs a reason: say in the note what was wrong")]
    NoReason,
    /// What is to be reversed moved no money, or is a reversal.
    #[error("the transfer {id} cannot be reversed: it is a {kind}; {instead}")]
    NotReversible {
        /// The transfer.
        id: TransferId,
        /// What it is.
        kind: &'static str,
        /// What to do.
        instead: &'static str,
    },
    /// It is reversed already.
    #[error("the transfer {id} is reversed already, by {by}")]
    Reversed {
        /// The transfer.
        id: TransferId,
        /// Its reversal.
        by: TransferId,
    },
    /// A reversal leaves others of a set standing.
    #[error("the transfer {id} was posted all or none with others: reverse the whole set at once")]
    HalfOfSet {
        /// The transfer.
        id: TransferId,
    },
    /// The period is closed already.
    #[error("{} is closed already", .0.in_words())]
    ClosedAlready(Month),
    /// An earlier period comes first.
    #[error("{first} comes before {asked}: close it first", first = .first.in_words(), asked = .asked.in_words())]
    OutOfOrder {
        /// What was asked for.
        asked: Month,
        /// What comes first.
        first: Month,
    },
    /// The period is not over.
    #[error("{} is not over: a month is closed when its last day has passed", .0.in_words())]
    NotOver(Month),
}

impl Refusal {
    /// A short stable name for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Nothing => "nothing-asked",
            Self::TooMany { .. } => "too-many",
            Self::Twice { .. } => "id-twice",
            Self::Differs { .. } => "id-taken",
            Self::PartlyThere { .. } => "set-differs",
            Self::NoAccount(_) => "no-account",
            Self::OneAccount { .. } => "one-account",
            Self::Amount { .. } => "amount",
            Self::Note { .. } => "note",
            Self::Closed { .. } => "period-closed",
            Self::Limit { .. } => "over-limit",
            Self::TooLarge { .. } => "balance-too-large",
            Self::NoTransfer(_) => "no-transfer",
            Self::NotAReservation(_) => "not-a-reservation",
            Self::ReservationOver { .. } => "reservation-over",
            Self::Lapsed { .. } => "reservation-lapsed",
            Self::LapsesAtOnce { .. } => "lapses-at-once",
            Self::MoreThanRemains { .. } => "more-than-remains",
            Self::Before { .. } => "too-early",
            Self::NoReason => "no-reason",
            Self::NotReversible { .. } => "not-reversible",
            Self::Reversed { .. } => "reversed-already",
            Self::HalfOfSet { .. } => "half-of-set",
            Self::ClosedAlready(_) => "closed-already",
            Self::OutOfOrder { .. } => "out-of-order",
            Self::NotOver(_) => "not-over",
        }
    }
}

fn in_words(differences: &[Difference]) -> String {
    let one = |d: &Difference| format!("{} is {} there and {} here", d.field, d.there, d.asked);
    differences.iter().map(one).collect::<Vec<_>>().join("; ")
}
