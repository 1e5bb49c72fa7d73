//! Who may do and see what. Every decision of the product goes through this crate; nothing
//! else in the code asks about roles.
//!
//! The policy is text, in `policy/access/*.cedar`: what a role may do at all ([`decide`]), and
//! what may be seen of a person ([`record`]). A test prints all of it to
//! `policy/access/matrix.txt`. What the policy asks about (role, action, ties, what the person
//! wants) is few and closed, so each answer is worked out once and kept.

mod action;
mod basis;
mod policy;
pub mod record;
mod role;
pub mod words;

pub use action::Action;
pub use basis::{Allowed, Bases, Basis, BasisError, allowed_for};
pub use record::{Facts, Part, Refused, Sight, Tie};
pub use role::Role;

use kernel::{AccountId, OrganisationId};

/// Whoever acts: an account, in a role, for an organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The account; `None` for the command line.
    pub account: Option<AccountId>,
    /// Sign-in name.
    pub username: String,
    /// Name shown on screen and in histories.
    pub display_name: String,
    /// Role.
    pub role: Role,
    /// Organisation acted for.
    pub organisation: Option<OrganisationId>,
    /// Its name.
    pub organisation_name: String,
}

impl Actor {
    /// The command line of the machine the store is on.
    pub fn operator() -> Self {
        Self {
            account: None,
            username: "operator".to_owned(),
            display_name: "Command line".to_owned(),
            role: Role::Operator,
            organisation: None,
            organisation_name: "This machine".to_owned(),
        }
    }
}

/// Why something is not allowed, for the person who asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a {} may not {}", role.in_words().to_lowercase(), action.in_words())]
pub struct Denied {
    /// The role that asked.
    pub role: Role,
    /// What was asked.
    pub action: Action,
}

/// The one decision about what a role may do at all: may this actor do this, and on what basis.
///
/// # Errors
/// [`Denied`] when the policy does not permit the action.
pub fn decide(actor: &Actor, action: Action) -> Result<Allowed, Denied> {
    if !policy::permits(actor.role, action) {
        return Err(Denied {
            role: actor.role,
            action,
        });
    }
    Ok(allowed_for(basis::purpose_of(action)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn a_refusal_says_who_and_what() {
        let actor = Actor {
            role: Role::BoardMember,
            ..Actor::operator()
        };
        let refused = decide(&actor, Action::SeePerson).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "a board member may not see people's records"
        );
    }
}
