//! Which error to use where.
//!
//! * `Denied`: the role does not permit it. Shown as "You may not …".
//! * `NoTie`: the role permits it and no relationship with the person does. The page says
//!   where to ask.
//! * `NotFound`: the thing asked for is not there.
//! * `Invalid`: what was typed or asked breaks a rule; one entry a field, each
//!   saying what to do.
//! * `Refused`: the ledger's rules do not allow it; nothing was posted.
//! * `Stale`: someone else changed the thing since it was shown.
//! * `Store`, `Policy`: ours to mend; the person sees a reference number only.

use access::Denied;

/// One thing wrong with what was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// Name of the field.
    pub field: &'static str,
    /// What is wrong and what to do.
    pub text: String,
}

/// A failure of a command or query.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The role does not permit it.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The record may be known of and not seen: there is no relationship with the person.
    #[error("you have no link with this person, so their record is not shown")]
    NoTie(kernel::PersonId),
    /// The thing is not there.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// What was typed breaks a rule.
    #[error("{}", in_words(.0))]
    Invalid(Vec<FieldError>),
    /// The rules of the ledger do not allow it.
    #[error(transparent)]
    Refused(Box<fund::ledger::Refusal>),
    /// Someone else changed it in the meantime: who, and what.
    #[error("{who} changed this in the meantime: {what}")]
    Stale {
        /// Name of whoever changed it last.
        who: String,
        /// Which fields were changed.
        what: String,
    },
    /// Too many tries at signing in.
    #[error("too many tries; wait {0} seconds and try again")]
    Wait(u64),
    /// A parameter or code list lacks what a rule needs.
    #[error("{0}")]
    Policy(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl Error {
    /// One field that breaks a rule.
    pub fn invalid(field: &'static str, text: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError {
            field,
            text: text.into(),
        }])
    }
}

fn in_words(errors: &[FieldError]) -> String {
    errors
        .iter()
        .map(|e| format!("{}: {}", e.field, e.text))
        .collect::<Vec<_>>()
        .join("; ")
}
