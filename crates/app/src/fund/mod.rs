//! The quarter of pooled money: commands to its ledger and questions about it.
//!
//! The rules are in the crate `fund`; here they meet the store. Every command of the ledger is one row of
//! the journal, in the transaction that adds its transfers. Commands of many clients share a
//! transaction (`queue`).

mod accounts;
mod agreements;
mod book;
mod check;
mod close;
mod counted;
mod disputes;
mod effect;
mod enter;
mod files;
mod kept;
mod look;
mod month;
mod pack;
mod page;
mod plans;
mod post;
mod queue;
mod read;
mod returns;
mod share;

pub use accounts::Opened;
pub use agreements::{AgreementVersion, KeptAgreement};
pub use close::Closed;
pub use disputes::{DisputeMove, DisputePage, NewDispute, Shown};
pub use effect::{Effect, MetricEffect, NewFigure, Price};
pub use files::{FileReport, Line, LineState};
pub use look::{AccountLook, Closing, PostingLook, TransferLook};
pub use month::{Missing, MonthEnd};
pub use page::{FundPage, PackageHeld, ProviderAt, SchemeLine, SchemePage};
pub use plans::{KeptPlan, PlanChecked, PlanVersion, read_plan};
pub use read::{BalanceOn, Each, Exported, Heading, PostingsPage, TrialLine};
pub use returns::{FundReturn, MEANWHILE, ReadyReturn, SentReturn};
pub use store::fund::FigureRow;
pub use store::ledger::KeptFile;

pub(crate) use queue::Queue;

use ::fund::ledger::Refusal;
use kernel::TransferId;
use sha2::{Digest, Sha256};

/// The id that stands for a text: the same text, the same id.
pub(crate) fn id_for(parts: &[&str]) -> TransferId {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part.as_bytes());
    }
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hasher.finalize()[..16]);
    TransferId::new(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

impl From<Refusal> for crate::Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}
