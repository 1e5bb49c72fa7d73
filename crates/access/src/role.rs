//! The roles that people and programs have.

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
