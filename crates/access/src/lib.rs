//! Who may do and see what. Every decision of the product goes through
//! [`decide`]; nothing else in the code asks about roles.
//!
//! Roles are enough for now: the table below is the whole policy, and a test
//! prints it to `policy/access/matrix.txt` for reading.

use kernel::{AccountId, OrganisationId};
use std::fmt;

/// What a person who signs in is there to do (the roles of the design).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// Leads the care transfer hub or co-ordinates discharges on a ward.
    HubLead,
    /// Social worker, nurse, therapist or GP.
    Practitioner,
    /// Manager of a home care service or a care home.
    Provider,
    /// Pool manager, council or board finance.
    Finance,
    /// Member of the health and wellbeing board.
    BoardMember,
    /// Analyst or public health.
    Analyst,
    /// Privacy or clinical safety officer.
    PrivacyOfficer,
    /// Looks after the system: what arrives, accounts, health of the store.
    Administrator,
    /// Somebody the records are about, or a carer whom they have invited.
    Person,
    /// The command line, run by someone with access to the machine.
    Operator,
}

impl Role {
    /// Every role, in order.
    pub const ALL: &'static [Self] = &[
        Self::HubLead,
        Self::Practitioner,
        Self::Provider,
        Self::Finance,
        Self::BoardMember,
        Self::Analyst,
        Self::PrivacyOfficer,
        Self::Administrator,
        Self::Person,
        Self::Operator,
    ];

    /// The text it is kept as.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::HubLead => "hub-lead",
            Self::Practitioner => "practitioner",
            Self::Provider => "provider",
            Self::Finance => "finance",
            Self::BoardMember => "board-member",
            Self::Analyst => "analyst",
            Self::PrivacyOfficer => "privacy-officer",
            Self::Administrator => "administrator",
            Self::Person => "person",
            Self::Operator => "operator",
        }
    }

    /// Reads the text back.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|role| role.as_str() == text)
    }

    /// The role as it is shown.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::HubLead => "Hub lead",
            Self::Practitioner => "Practitioner",
            Self::Provider => "Care provider",
            Self::Finance => "Finance",
            Self::BoardMember => "Board member",
            Self::Analyst => "Analyst",
            Self::PrivacyOfficer => "Privacy officer",
            Self::Administrator => "Administrator",
            Self::Person => "Person",
            Self::Operator => "Operator",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Something that can be done or seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Action {
    /// See the hub board.
    SeeBoard,
    /// See a stay.
    SeeStay,
    /// Change a stay: reason, dates, next action, discharge.
    ChangeStay,
    /// Find a person.
    FindPerson,
    /// See a person's record.
    SeePerson,
    /// See official statistics.
    SeeStatistics,
    /// Make the delay return.
    MakeReturn,
    /// See what arrived and what became of it.
    SeeInbox,
    /// Take in files and messages, and read them again.
    LoadInbox,
    /// Decide whose a record is: link, keep apart, undo.
    ReviewIdentity,
    /// Open a record without a relationship, with a reason.
    OpenWithoutTie,
    /// Review who looked: unusual looks, records opened without a relationship.
    ReviewLooks,
    /// Record what a person says about their data.
    RecordWish,
    /// Restrict a record or an address, and end it.
    Restrict,
    /// Take somebody on a caseload, and end it.
    TakeOn,
    /// Make a passport for a person.
    MakePassport,
    /// See the directory of services.
    SeeDirectory,
    /// Change the directory of services.
    ChangeDirectory,
    /// Answer what people ask to have put right.
    AnswerCorrection,
    /// See one's own record, or that of somebody who has invited one.
    SeeOwnRecord,
    /// Check the store.
    CheckStore,
    /// Make accounts and organisations.
    Administer,
}

impl Action {
    /// Every action, in order.
    pub const ALL: &'static [Self] = &[
        Self::SeeBoard,
        Self::SeeStay,
        Self::ChangeStay,
        Self::FindPerson,
        Self::SeePerson,
        Self::SeeStatistics,
        Self::MakeReturn,
        Self::SeeInbox,
        Self::LoadInbox,
        Self::ReviewIdentity,
        Self::OpenWithoutTie,
        Self::ReviewLooks,
        Self::RecordWish,
        Self::Restrict,
        Self::TakeOn,
        Self::MakePassport,
        Self::SeeDirectory,
        Self::ChangeDirectory,
        Self::AnswerCorrection,
        Self::SeeOwnRecord,
        Self::CheckStore,
        Self::Administer,
    ];

    /// The action in words that follow "may not".
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::SeeBoard => "see the hub board",
            Self::SeeStay => "see hospital stays",
            Self::ChangeStay => "change hospital stays",
            Self::FindPerson => "search for people",
            Self::SeePerson => "see people's records",
            Self::SeeStatistics => "see official statistics",
            Self::MakeReturn => "make the delay return",
            Self::SeeInbox => "see the inbox",
            Self::LoadInbox => "load files",
            Self::ReviewIdentity => "decide whose a record is",
            Self::OpenWithoutTie => "open a record without a link to the person",
            Self::ReviewLooks => "review who looked at records",
            Self::RecordWish => "record people's wishes about their data",
            Self::Restrict => "restrict records",
            Self::TakeOn => "take people on a caseload",
            Self::MakePassport => "make passports",
            Self::SeeDirectory => "see the directory of services",
            Self::ChangeDirectory => "change the directory of services",
            Self::AnswerCorrection => "answer requests to put records right",
            Self::SeeOwnRecord => "see their own record",
            Self::CheckStore => "check the store",
            Self::Administer => "make accounts",
        }
    }
}

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

/// What an allowed use rests on. It goes into the journal with the act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowed {
    /// Purpose of the use.
    pub purpose: &'static str,
    /// Legal basis of that purpose (RULES H.5).
    pub legal_basis: &'static str,
}

const DIRECT_CARE: Allowed = Allowed {
    purpose: "direct care",
    legal_basis: "implied consent; UK GDPR 6(1)(e), 9(2)(h)",
};
const RUNNING: Allowed = Allowed {
    purpose: "running the service",
    legal_basis: "UK GDPR 6(1)(e), 9(2)(h)",
};
const OPEN: Allowed = Allowed {
    purpose: "published figures",
    legal_basis: "no personal data",
};

/// The one decision about access: may this actor do this, and on what basis.
///
/// # Errors
/// [`Denied`] when the role does not permit the action.
pub fn decide(actor: &Actor, action: Action) -> Result<Allowed, Denied> {
    use Action as A;
    use Role as R;
    let permits = match action {
        A::SeeStatistics | A::SeeDirectory => true,
        A::OpenWithoutTie | A::RecordWish | A::TakeOn | A::MakePassport => {
            matches!(actor.role, R::HubLead | R::Practitioner)
        }
        A::ReviewLooks | A::Restrict => matches!(actor.role, R::PrivacyOfficer),
        A::AnswerCorrection => {
            matches!(actor.role, R::HubLead | R::Practitioner | R::PrivacyOfficer)
        }
        A::ChangeDirectory => matches!(actor.role, R::HubLead | R::Administrator | R::Operator),
        A::SeeOwnRecord => matches!(actor.role, R::Person),
        A::SeeBoard | A::SeeStay => {
            matches!(actor.role, R::HubLead | R::Practitioner | R::Operator)
        }
        A::ChangeStay => matches!(actor.role, R::HubLead | R::Practitioner),
        A::FindPerson | A::SeePerson => {
            matches!(actor.role, R::HubLead | R::Practitioner | R::Operator)
        }
        A::MakeReturn => {
            matches!(
                actor.role,
                R::HubLead | R::Analyst | R::Finance | R::Operator
            )
        }
        A::SeeInbox => {
            matches!(
                actor.role,
                R::HubLead | R::PrivacyOfficer | R::Administrator | R::Operator
            )
        }
        A::LoadInbox => matches!(actor.role, R::Administrator | R::Operator),
        A::ReviewIdentity => matches!(actor.role, R::HubLead | R::PrivacyOfficer),
        A::CheckStore => matches!(actor.role, R::Administrator | R::Operator),
        A::Administer => matches!(actor.role, R::Operator),
    };
    if !permits {
        return Err(Denied {
            role: actor.role,
            action,
        });
    }
    Ok(match action {
        A::SeeBoard
        | A::SeeStay
        | A::ChangeStay
        | A::FindPerson
        | A::SeePerson
        | A::OpenWithoutTie
        | A::TakeOn
        | A::MakePassport
        | A::ReviewIdentity => DIRECT_CARE,
        A::SeeStatistics | A::SeeDirectory => OPEN,
        _ => RUNNING,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use std::fmt::Write;

    fn actor(role: Role) -> Actor {
        Actor {
            role,
            ..Actor::operator()
        }
    }

    /// The whole policy, printed for reading.
    fn matrix() -> String {
        let mut text =
            String::from("Who may do what. Printed by a test from `access::decide`; y = may.\n\n");
        let _ = write!(text, "{:<24}", "");
        for role in Role::ALL {
            let _ = write!(text, "{:<17}", role.as_str());
        }
        text.push('\n');
        for action in Action::ALL {
            let _ = write!(text, "{:<24}", action.in_words());
            for role in Role::ALL {
                let may = decide(&actor(*role), *action).is_ok();
                let _ = write!(text, "{:<17}", if may { "y" } else { "-" });
            }
            text.push('\n');
        }
        text.lines()
            .map(|line| format!("{}\n", line.trim_end()))
            .collect()
    }

    #[test]
    #[allow(
        clippy::disallowed_methods,
        reason = "`cargo xtask bless` asks for the file by this variable"
    )]
    fn the_committed_matrix_is_the_policy() {
        let file = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../policy/access/matrix.txt"
        );
        if std::env::var_os("ALMONER_BLESS").is_some() {
            std::fs::create_dir_all(std::path::Path::new(file).parent().unwrap()).unwrap();
            std::fs::write(file, matrix()).unwrap();
        }
        let committed = std::fs::read_to_string(file).unwrap_or_default();
        assert_eq!(
            committed,
            matrix(),
            "run with ALMONER_BLESS=1 and read the difference"
        );
    }

    #[test]
    fn a_refusal_says_who_and_what() {
        let refused = decide(&actor(Role::BoardMember), Action::SeePerson).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "a board member may not see people's records"
        );
    }
}
