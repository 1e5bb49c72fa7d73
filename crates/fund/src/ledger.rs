//! The ledger of pooled money: double entry in whole pence.
//!
//! Source: RULES D.3 to D.5; PEERS a4 54 and 64, b 19 and 20. Every transfer debits one account and
//! credits another, so the sum over all accounts is nought at every moment. What is committed is
//! reserved first. A transfer is never changed: corrections are reversals with a reason. Months are
//! closed one after the other and frozen by a hash.
//!
//! The rules are a state machine without a store: [`Sitting`] takes commands, asks a [`Book`] what it
//! needs to know, and gives transfers or a typed [`Refusal`]. Balances are derived; [`Recount`] counts them
//! anew and says what does not fit.

mod account;
mod balance;
mod book;
pub mod close;
pub mod file;
pub mod journal;
mod period;
mod recount;
mod refusal;
mod sitting;
mod transfer;

#[cfg(test)]
mod tests;

pub use account::{Account, AccountKind, Class, Code, Dimension, Limit, Name, NameError, Of, Side};
pub use balance::Balance;
pub use book::Book;
pub use period::{Frozen, frozen_heading, may_close};
pub use recount::{Fault, Recount};
pub use refusal::{Difference, Refusal};
pub use sitting::{Outcome, Sitting, Stopped};
pub use transfer::{Asked, Kind, Reservation, Transfer, What};
