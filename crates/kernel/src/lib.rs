//! What every other crate stands on: the NHS number, codes, money, dates and
//! working days, typed ids, effective-dated parameters, limits and issues.
//!
//! A know-layer crate: no input or output, no clock, no randomness.

pub mod calendar;
pub mod code;
mod hex;
pub mod id;
pub mod issue;
pub mod limits;
pub mod money;
pub mod month;
pub mod needs;
pub mod nhs_number;
pub mod parameters;

pub use calendar::Calendar;
pub use code::{OdsCode, OnsCode};
pub use hex::hex;
pub use id::{
    AccountId, ActingId, AgreementId, BreakGlassId, CapacityId, ChainId, CorrectionId,
    DelegationId, DisputeId, DocumentId, FailedPlacementId, FormId, HandoverId, HuddleId, InboxId,
    LedgerAccountId, LinkId, MeetingId, NeedId, NoticeId, OfferId, OrganisationId, PassportId,
    PersonId, PlaceId, PlanId, PublicationId, ReferralId, RelationshipId, RestrictionId, ReviewId,
    SegmentId, ServiceId, ServicePeriodId, ShelfId, StatutoryCaseId, StayId, StepId, TimelineId,
    TransferId, WishId,
};
pub use issue::{Issue, IssueCode, Severity};
pub use money::Pence;
pub use month::Month;
pub use needs::{Need, NeedError, Needs};
pub use nhs_number::{NhsNumber, NhsNumberError};
pub use parameters::{Confidence, Decimal, Parameter, ParameterError, Parameters};
