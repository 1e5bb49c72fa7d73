//! Why a record is opened by somebody who has no relationship with the person.
//!
//! Source: RULES H.6 (access without a legitimate relationship is asked for with a reason, told,
//! and reviewed; Caldicott principles 2020). The list of reasons is this product's.
//!
//! In words: one of a few reasons, and why in the opener's own words. It opens for a shift, it is
//! reviewed within some working days, and it never opens a restricted record by itself.

/// Why a record is opened without a relationship.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OpeningReason {
    /// Somebody is in danger.
    Danger,
    /// A concern about abuse or neglect.
    Safeguarding,
    /// The person is being cared for, and the system does not know of it yet.
    CareBegins,
    /// The person, or who speaks for them, asked for it.
    Asked,
}

impl OpeningReason {
    /// Every reason, in the order of a form.
    pub const ALL: [Self; 4] = [
        Self::Danger,
        Self::Safeguarding,
        Self::CareBegins,
        Self::Asked,
    ];

    /// The text it is kept as.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Danger => "danger",
            Self::Safeguarding => "safeguarding",
            Self::CareBegins => "care begins",
            Self::Asked => "asked",
        }
    }

    /// Reads the text back.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }

    /// As a form offers it.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Danger => "Somebody is in danger now",
            Self::Safeguarding => "I have a concern about abuse or neglect",
            Self::CareBegins => "I am starting to care for them and no link shows yet",
            Self::Asked => "They asked me to look, or the person who speaks for them did",
        }
    }

    /// Which purpose of `policy/access/legal-basis.csv` the look then has.
    pub const fn purpose(self) -> &'static str {
        match self {
            Self::Safeguarding => "safeguarding",
            _ => "direct care",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_is_kept_and_read_back() {
        for reason in OpeningReason::ALL {
            assert_eq!(OpeningReason::parse(reason.as_str()), Some(reason));
            assert!(!reason.in_words().is_empty());
        }
        assert_eq!(OpeningReason::parse("curious"), None);
    }
}
