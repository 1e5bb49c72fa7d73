//! Typed ids: passing a person's id where a stay's is due does not compile.
//!
//! Ids are UUIDs of version 7, made by the application from a clock and a
//! random source that are handed to it; this crate only carries them.

use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

/// A text that is not an id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an id: 36 characters such as 01890a5d-ac96-774b-bcce-b302099a8057 are expected")]
pub struct IdError;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps a UUID that the application made or read back.
            pub const fn new(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The UUID inside.
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::try_parse(text).map(Self).map_err(|_| IdError)
            }
        }
    )+};
}

ids! {
    /// A sign-in.
    AccountId,
    /// One figure of free capacity that a service tells.
    CapacityId,
    /// One meeting of a team about people.
    MeetingId,
    /// One need that services are asked to meet.
    NeedId,
    /// One offer of a need to one service.
    OfferId,
    /// One opening of a record without a relationship.
    BreakGlassId,
    /// One request of a person to have their record put right.
    CorrectionId,
    /// One invitation of a carer by a person.
    DelegationId,
    /// One form that is filled in.
    FormId,
    /// One passport made for a person.
    PassportId,
    /// One request for help that was sent.
    ReferralId,
    /// One agreement on whose assessment is accepted.
    AgreementId,
    /// One placement that failed, recorded against an agreement.
    FailedPlacementId,
    /// One relationship of somebody or some organisation to a person.
    RelationshipId,
    /// One restriction on a person's record.
    RestrictionId,
    /// One service of the directory.
    ServiceId,
    /// A period of a service for a person.
    ServicePeriodId,
    /// A case with a clock that the law or a place sets.
    StatutoryCaseId,
    /// Somebody who acts for a person.
    ActingId,
    /// One wish of a person about their data: an objection, an agreement, the opt-out.
    WishId,
    /// One dispute between partners of a pooled fund.
    DisputeId,
    /// A document kept whole: a PDF, a letter, a picture.
    DocumentId,
    /// One thing that arrived: a file or a message.
    InboxId,
    /// One chain of steps of a case.
    ChainId,
    /// One offer of a step to another organisation.
    HandoverId,
    /// One huddle: a meeting at the board with its minutes.
    HuddleId,
    /// One step of a chain.
    StepId,
    /// One notice or response between hospital and council.
    NoticeId,
    /// A trust, hospital, ward, council, board, provider, practice or team.
    OrganisationId,
    /// An account of the ledger of pooled money.
    LedgerAccountId,
    /// One link of records that are one person.
    LinkId,
    /// A care and support plan.
    PlanId,
    /// A person.
    PersonId,
    /// A record whose person must be decided by somebody.
    ReviewId,
    /// One published edition of official figures.
    PublicationId,
    /// One stretch of delay with one reason and one responsible organisation.
    SegmentId,
    /// One thing on the verbatim shelf.
    ShelfId,
    /// A hospital stay.
    StayId,
    /// One line of a person's timeline.
    TimelineId,
    /// One transfer of the ledger of pooled money; made by whoever asks for it.
    TransferId,
}

/// The place whose data this is: the first column of every key. A short name of
/// lower-case letters, digits and dashes, such as `barsetshire`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PlaceId(String);

impl PlaceId {
    /// Checks and wraps a place's short name.
    ///
    /// # Errors
    /// `None` when the name is empty, over 40 characters, or has other characters.
    pub fn new(name: &str) -> Option<Self> {
        let fits = !name.is_empty()
            && name.len() <= 40
            && name
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        fits.then(|| Self(name.to_owned()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PlaceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
