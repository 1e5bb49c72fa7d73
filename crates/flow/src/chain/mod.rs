//! A way through care as a chain of steps, each with one owner.
//!
//! Source: Hospital discharge and community support guidance (DHSC), section on care transfer
//! hubs: each person has one named owner of the next step; RULES B.5; PEERS b 13 to 15 (a step
//! always has an honest way out; a handover has two sides; what no longer applies is closed).
//!
//! In words: a case (a stay, a referral, a reablement episode, a placement) is a chain of steps.
//! A step belongs to one organisation, and to a person there if one is named. It begins when the
//! steps before it are ended, has a time allowed, and ends done, done elsewhere, or not needed,
//! the last two with a reason. A step that waits says for what. Ownership moves only when the
//! other side accepts an offer. Which steps a case has is data: see [`workflow`].

pub mod advance;
pub mod cost;
pub mod handover;
pub mod late;
pub mod workflow;

use crate::text_enum;
use jiff::Timestamp;
use kernel::{HandoverId, OrganisationId, StepId};

text_enum! {
    /// What a chain is the way of.
    CaseKind {
        /// A hospital stay.
        Stay = "stay",
        /// A referral at the front door.
        Referral = "referral",
        /// A reablement episode.
        Reablement = "reablement",
        /// A placement or package of care.
        Placement = "placement",
    }
}

impl CaseKind {
    /// Its name for people.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Stay => "hospital stay",
            Self::Referral => "referral",
            Self::Reablement => "reablement",
            Self::Placement => "placement",
        }
    }
}

text_enum! {
    /// The part an organisation plays in a case. Which organisation that is, the case knows.
    OwnerRole {
        /// The hospital.
        Hospital = "hospital",
        /// The council of ordinary residence.
        Council = "council",
        /// The care transfer hub.
        Hub = "hub",
        /// The community health provider.
        Community = "community",
        /// The provider of the service.
        Provider = "provider",
    }
}

impl OwnerRole {
    /// Its name for people.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Hospital => "Hospital",
            Self::Council => "Council",
            Self::Hub => "Care transfer hub",
            Self::Community => "Community health",
            Self::Provider => "Provider",
        }
    }
}

text_enum! {
    /// Something that the record itself says happened, and that ends a step.
    Fact {
        /// An expected date of discharge is set.
        ExpectedDate = "expected-date",
        /// The council has assessed.
        Assessed = "assessed",
        /// The person is ready to leave.
        Ready = "ready",
        /// The pathway is decided.
        Pathway = "pathway",
        /// What is to be done about a request is decided.
        Decided = "decided",
        /// Everything on the list for leaving is done.
        Checklist = "checklist",
        /// A service or place will take the person.
        ServiceFound = "service-found",
        /// The service has started.
        ServiceStarted = "service-started",
        /// The case is over: left hospital, closed, ended.
        Over = "over",
    }
}

text_enum! {
    /// Where a step stands.
    StepState {
        /// What comes before it is not ended.
        NotStarted = "not started",
        /// Its owner works on it.
        GoingOn = "going on",
        /// Its owner waits for something, with a reason.
        Waiting = "waiting",
        /// Done.
        Done = "done",
        /// Somebody else did it, with a reason.
        DoneElsewhere = "done elsewhere",
        /// It does not apply, with a reason.
        NotNeeded = "not needed",
    }
}

impl StepState {
    /// True while somebody has the move.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::GoingOn | Self::Waiting)
    }

    /// True if nothing more is to be done.
    pub const fn is_ended(self) -> bool {
        matches!(self, Self::Done | Self::DoneElsewhere | Self::NotNeeded)
    }
}

/// One step of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its id.
    pub id: StepId,
    /// Its key in the workflow, such as `arrange-service`.
    pub key: String,
    /// What is to be done, in words.
    pub title: String,
    /// Keys of the steps that must be ended before it begins.
    pub after: Vec<String>,
    /// The part its owner plays.
    pub role: OwnerRole,
    /// The organisation that owns it; `None` if the case does not know which plays the part.
    pub owner: Option<OrganisationId>,
    /// The person or team there; empty if none is named.
    pub owner_name: String,
    /// Hours allowed from its start; `None` if no time is set.
    pub hours: Option<i64>,
    /// The fact of the record that ends it; `None` if only somebody can.
    pub ends_with: Option<Fact>,
    /// On which pathways it is needed; empty for all.
    pub pathways: Vec<u8>,
    /// Where it stands.
    pub state: StepState,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// When it is due.
    pub due_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Why it ended as it did; empty if done.
    pub ended_why: String,
    /// What it waits for: code set and code of a reason for delay.
    pub waits_for: Option<(String, String)>,
    /// Since when it waits.
    pub waits_since: Option<Timestamp>,
}

impl Step {
    /// True if it should have been ended before this moment.
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        self.state.is_open() && self.due_at.is_some_and(|due| due < now)
    }
}

/// An offer of a step to another organisation, and its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handover {
    /// Its id.
    pub id: HandoverId,
    /// The step.
    pub step: StepId,
    /// Who owned it when it was offered.
    pub from: Option<OrganisationId>,
    /// To whom it is offered.
    pub to: OrganisationId,
    /// The person or team there; empty if none is named.
    pub to_name: String,
    /// What the other side must know, in words.
    pub note: String,
    /// When it was offered.
    pub offered_at: Timestamp,
    /// Who offered it.
    pub offered_by: String,
    /// When an answer is due; `None` if no time is set.
    pub answer_due_at: Option<Timestamp>,
    /// Its answer; `None` while there is none.
    pub answer: Option<Answered>,
}

text_enum! {
    /// How an offer of a step was answered.
    Answer {
        /// The step is theirs now.
        Accepted = "accepted",
        /// They do not take it, with a reason.
        Declined = "declined",
        /// Whoever offered it took it back.
        Withdrawn = "withdrawn",
        /// The step ended before anybody answered.
        Lapsed = "lapsed",
    }
}

/// An answer to an offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// Which.
    pub answer: Answer,
    /// When.
    pub at: Timestamp,
    /// Who said so.
    pub by: String,
    /// Why; never empty for one that is declined.
    pub why: String,
}

/// A chain with its steps and handovers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// What it is the way of.
    pub case: CaseKind,
    /// The set of steps it began with, such as `normal`.
    pub set: String,
    /// Its steps, in order.
    pub steps: Vec<Step>,
    /// Its handovers, oldest first.
    pub handovers: Vec<Handover>,
}

impl Chain {
    /// The step that has the move: the first that is open. Exactly one step answers for each
    /// day, so that no day is counted twice.
    pub fn current(&self) -> Option<&Step> {
        self.steps.iter().find(|step| step.state.is_open())
    }

    /// A step by its id.
    pub fn step(&self, id: StepId) -> Option<&Step> {
        self.steps.iter().find(|step| step.id == id)
    }

    /// The offer of a step that nobody has answered yet.
    pub fn open_offer(&self, step: StepId) -> Option<&Handover> {
        self.handovers
            .iter()
            .find(|offer| offer.step == step && offer.answer.is_none())
    }
}

/// Why something cannot be done to a chain. The text says what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// The step is ended.
    #[error("This step has ended. Open it again first if it ended by mistake")]
    Ended,
    /// The step has not begun.
    #[error("This step has not begun. End the steps before it, or say that they are not needed")]
    NotBegun,
    /// The step is not ended.
    #[error("This step is still open")]
    Open,
    /// A reason is missing.
    #[error("Say why")]
    Why,
    /// The record itself says this; a person cannot undo it here.
    #[error("The record shows that this happened. Change the record instead")]
    ByTheRecord,
    /// There is an offer without an answer already.
    #[error("This step is offered already. Wait for the answer, or take the offer back")]
    OfferedAlready,
    /// It is theirs already.
    #[error("This step is theirs already")]
    TheirsAlready,
    /// The offer has its answer.
    #[error("This offer has been answered already. Look at the step to see how")]
    AnsweredAlready,
}
