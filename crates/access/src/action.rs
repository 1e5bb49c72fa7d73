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
    /// See and do the steps of a case, offer them and answer offers.
    WorkSteps,
    /// Say which set of steps is in use.
    SwitchWorkflow,
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
    /// Write down the services that people have, reablement and its goals.
    ChangeServices,
    /// See cases with a time limit: what is due, late, and whose.
    SeeClocks,
    /// Start and close such cases.
    ChangeClocks,
    /// Write down who acts for a person: attorneys, deputies, advocates, next of kin.
    RecordActing,
    /// See one's own record, or that of somebody who has invited one.
    SeeOwnRecord,
    /// Ask for help for a person: send a referral.
    Refer,
    /// See requests for help that were sent, and decide on them.
    Triage,
    /// Fill in, read and sign assessments.
    Assess,
    /// See agreements on whose assessments are accepted.
    SeeAgreements,
    /// Change agreements on whose assessments are accepted.
    KeepAgreements,
    /// See the ledger of pooled money: balances and the transfers behind them.
    SeeLedger,
    /// Open accounts of the ledger, post, reserve, release and reverse.
    PostLedger,
    /// Close a month of the ledger.
    CloseLedger,
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
        Self::WorkSteps,
        Self::SwitchWorkflow,
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
        Self::ChangeServices,
        Self::SeeClocks,
        Self::ChangeClocks,
        Self::RecordActing,
        Self::SeeOwnRecord,
        Self::Refer,
        Self::Triage,
        Self::Assess,
        Self::SeeAgreements,
        Self::KeepAgreements,
        Self::SeeLedger,
        Self::PostLedger,
        Self::CloseLedger,
        Self::CheckStore,
        Self::Administer,
    ];

    /// The action in words that follow "may not".
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::SeeBoard => "see the hub board",
            Self::SeeStay => "see hospital stays",
            Self::ChangeStay => "change hospital stays",
            Self::WorkSteps => "work on the steps of a case",
            Self::SwitchWorkflow => "say which set of steps is in use",
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
            Self::ChangeServices => "write down the services that people have",
            Self::SeeClocks => "see cases with a time limit",
            Self::ChangeClocks => "start and close cases with a time limit",
            Self::RecordActing => "write down who acts for people",
            Self::SeeOwnRecord => "see their own record",
            Self::Refer => "ask for help for people",
            Self::Triage => "decide on requests for help",
            Self::Assess => "assess people",
            Self::SeeAgreements => "see agreements on trusted assessors",
            Self::KeepAgreements => "change agreements on trusted assessors",
            Self::SeeLedger => "see the ledger of pooled money",
            Self::PostLedger => "post to the ledger of pooled money",
            Self::CloseLedger => "close months of the ledger",
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
            Self::WorkSteps => "WorkSteps",
            Self::SwitchWorkflow => "SwitchWorkflow",
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
            Self::ChangeServices => "ChangeServices",
            Self::SeeClocks => "SeeClocks",
            Self::ChangeClocks => "ChangeClocks",
            Self::RecordActing => "RecordActing",
            Self::SeeOwnRecord => "SeeOwnRecord",
            Self::Refer => "Refer",
            Self::Triage => "Triage",
            Self::Assess => "Assess",
            Self::SeeAgreements => "SeeAgreements",
            Self::KeepAgreements => "KeepAgreements",
            Self::SeeLedger => "SeeLedger",
            Self::PostLedger => "PostLedger",
            Self::CloseLedger => "CloseLedger",
            Self::CheckStore => "CheckStore",
            Self::Administer => "Administer",
        }
    }
}
