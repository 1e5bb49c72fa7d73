//! A hospital stay and the delays in it.

use jiff::civil::Date;
use kernel::{OrganisationId, PersonId, SegmentId, StayId};

/// Declares an enum that is kept and shown as a fixed lower-case text.
#[macro_export]
macro_rules! text_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$variant_doc])* $variant),+ }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The text it is kept and shown as.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// Reads the text back; `None` if it is none of them.
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.as_str() == text)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

text_enum! {
    /// Kind of bed (RULES A.3).
    CareType {
        /// Under acute consultant care in an acute provider.
        Acute = "acute",
        /// Community hospital, rehabilitation, mental health, intermediate care.
        NonAcute = "non-acute",
    }
}

text_enum! {
    /// Which side a delay is attributed to (RULES A.5).
    Responsible {
        /// The NHS.
        Nhs = "nhs",
        /// Adult social care.
        SocialCare = "social care",
        /// Both at once; counted in its own column.
        Both = "both",
    }
}

impl Responsible {
    /// As people write it.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Nhs => "NHS",
            Self::SocialCare => "social care",
            Self::Both => "NHS and social care",
        }
    }
}

text_enum! {
    /// How far the next place or service has come.
    DestinationState {
        /// Nobody has been asked yet.
        NotSought = "not sought",
        /// A request has been sent.
        Sent = "sent",
        /// The provider has opened it.
        Seen = "seen",
        /// The provider will take the person.
        Accepted = "accepted",
        /// The provider cannot take the person.
        Declined = "declined",
        /// The service or placement has begun.
        Started = "started",
    }
}

/// Discharge pathway 0 to 3 (RULES B.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pathway(u8);

impl Pathway {
    /// Pathway 0, 1, 2 or 3; `None` for any other number.
    pub const fn new(number: u8) -> Option<Self> {
        if number <= 3 {
            Some(Self(number))
        } else {
            None
        }
    }

    /// The number.
    pub const fn number(self) -> u8 {
        self.0
    }

    /// What it means, in a few plain words.
    pub const fn in_words(self) -> &'static str {
        match self.0 {
            0 => "Home, no new support",
            1 => "Home with support",
            2 => "Short-term bed",
            _ => "Care home",
        }
    }
}

/// One stretch of delay: one reason, one attribution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Its id.
    pub id: SegmentId,
    /// First day of this reason: the ready date, or the day the reason changed.
    pub starts_on: Date,
    /// Day of discharge, death, end of readiness or change of reason; `None` while it lasts.
    pub ends_on: Option<Date>,
    /// Which list the reason is from: `dtoc` (A to O) or `drd` (today's list).
    pub code_set: String,
    /// Code of the reason in that list.
    pub reason: String,
    /// Which side it is attributed to.
    pub responsible: Responsible,
    /// The organisation that has the next move, where known.
    pub organisation: Option<OrganisationId>,
}

/// A hospital stay as it stands now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stay {
    /// Its id.
    pub id: StayId,
    /// Whose stay it is.
    pub person: PersonId,
    /// The hospital (an organisation of kind hospital).
    pub hospital: OrganisationId,
    /// Name of the ward; empty if not known.
    pub ward: String,
    /// Bed; empty if not known.
    pub bed: String,
    /// Council of ordinary residence; `None` if not known or outside England.
    pub council: Option<OrganisationId>,
    /// Acute or not.
    pub care_type: CareType,
    /// Day of admission.
    pub admitted_on: Date,
    /// Admission method code (RULES B.7), if known.
    pub admission_method: Option<String>,
    /// Expected date of discharge, if set.
    pub expected_on: Option<Date>,
    /// Day of the clinical decision that the person is ready (RULES A.2 test 1).
    pub clinical_ready_on: Option<Date>,
    /// Day of the multi-disciplinary team's decision (test 2).
    pub mdt_ready_on: Option<Date>,
    /// Day from which it is safe to go (test 3).
    pub safe_on: Option<Date>,
    /// Discharge-ready date: the latest of the three tests, or as sent.
    pub ready_on: Option<Date>,
    /// Day of discharge or death; `None` while in the bed.
    pub discharged_on: Option<Date>,
    /// Discharge method code (RULES B.7): 4 is died.
    pub discharge_method: Option<String>,
    /// Discharge destination code (RULES B.7).
    pub discharge_destination: Option<String>,
    /// Pathway, if decided.
    pub pathway: Option<Pathway>,
    /// Delay segments that stand, by start.
    pub segments: Vec<Segment>,
}
