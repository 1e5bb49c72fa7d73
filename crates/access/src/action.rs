//! What can be done or seen at all.

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
    /// Check a passport that somebody shows.
    CheckPassport,
    /// See the directory of services.
    SeeDirectory,
    /// Change the directory of services.
    ChangeDirectory,
    /// See what services have free.
    SeeCapacity,
    /// Say what a service has free.
    TellCapacity,
    /// Write down a need and offer it to services.
    SeekService,
    /// Answer an offer for one's own service.
    AnswerOffer,
    /// Make a person's care and support plan.
    MakePlan,
    /// Hold a meeting about people, and write its minutes.
    HoldMeeting,
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
        Self::CheckPassport,
        Self::SeeDirectory,
        Self::ChangeDirectory,
        Self::SeeCapacity,
        Self::TellCapacity,
        Self::SeekService,
        Self::AnswerOffer,
        Self::MakePlan,
        Self::HoldMeeting,
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
            Self::CheckPassport => "check passports",
            Self::SeeDirectory => "see the directory of services",
            Self::ChangeDirectory => "change the directory of services",
            Self::SeeCapacity => "see what services have free",
            Self::TellCapacity => "say what a service has free",
            Self::SeekService => "offer people's needs to services",
            Self::AnswerOffer => "answer offers for a service",
            Self::MakePlan => "make care and support plans",
            Self::HoldMeeting => "hold meetings about people",
            Self::AnswerCorrection => "answer requests to put records right",
            Self::SeeOwnRecord => "see their own record",
            Self::CheckStore => "check the store",
            Self::Administer => "make accounts",
        }
    }

    /// The name that the policy knows it by.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SeeBoard => "SeeBoard",
            Self::SeeStay => "SeeStay",
            Self::ChangeStay => "ChangeStay",
            Self::FindPerson => "FindPerson",
            Self::SeePerson => "SeePerson",
            Self::SeeStatistics => "SeeStatistics",
            Self::MakeReturn => "MakeReturn",
            Self::SeeInbox => "SeeInbox",
            Self::LoadInbox => "LoadInbox",
            Self::ReviewIdentity => "ReviewIdentity",
            Self::OpenWithoutTie => "OpenWithoutTie",
            Self::ReviewLooks => "ReviewLooks",
            Self::RecordWish => "RecordWish",
            Self::Restrict => "Restrict",
            Self::TakeOn => "TakeOn",
            Self::MakePassport => "MakePassport",
            Self::CheckPassport => "CheckPassport",
            Self::SeeDirectory => "SeeDirectory",
            Self::ChangeDirectory => "ChangeDirectory",
            Self::SeeCapacity => "SeeCapacity",
            Self::TellCapacity => "TellCapacity",
            Self::SeekService => "SeekService",
            Self::AnswerOffer => "AnswerOffer",
            Self::MakePlan => "MakePlan",
            Self::HoldMeeting => "HoldMeeting",
            Self::AnswerCorrection => "AnswerCorrection",
            Self::SeeOwnRecord => "SeeOwnRecord",
            Self::CheckStore => "CheckStore",
            Self::Administer => "Administer",
        }
    }
}
