//! The agreement: who pools what, for what, and who bears what goes otherwise.
//!
//! Source: NHS Act 2006 section 75 and SI 2000/617 regulation 7 (what an agreement must contain;
//! RULES D.1, from memory), D.2 (kinds of arrangement), D.4 (risk shares), M.3 (other nations).
//!
//! In words: an agreement is one file for one year, which a solicitor and an accountant can both
//! read. It names its partners, what each pays in and when, the schemes and who leads each, who
//! bears an overspend and who has an underspend, what may not go to whom, and how partners who
//! disagree settle it. Nothing of it is in code.

mod check;
pub mod in_words;
mod read;
mod read_rules;
#[cfg(test)]
mod tests;

use crate::amount::Percent;
use crate::words::{key, words};
use jiff::civil::Date;
use kernel::Pence;
use std::collections::{BTreeMap, BTreeSet};

pub use check::EXCLUDED_FUNCTIONS;
pub use read::read;

key!(
    /// Short name of a partner within its agreement.
    PartnerKey
);
key!(
    /// Short name of a contribution within its agreement.
    ContributionKey
);
key!(
    /// Short name or number of a scheme within its agreement.
    SchemeKey
);

words!(
    /// The nation under whose law an agreement stands (RULES M.3).
    Nation {
        /// NHS Act 2006 section 75.
        England = "England",
        /// Public Bodies (Joint Working) (Scotland) Act 2014.
        Scotland = "Scotland",
        /// Social Services and Well-being (Wales) Act 2014, Part 9.
        Wales = "Wales",
        /// Health and Social Care (Reform) Act (Northern Ireland) 2009.
        NorthernIreland = "Northern Ireland",
    }
);

impl Nation {
    /// The law that such agreements are made under.
    pub const fn law(self) -> &'static str {
        match self {
            Self::England => "National Health Service Act 2006, section 75",
            Self::Scotland => "Public Bodies (Joint Working) (Scotland) Act 2014",
            Self::Wales => "Social Services and Well-being (Wales) Act 2014, Part 9",
            Self::NorthernIreland => "Health and Social Care (Reform) Act (Northern Ireland) 2009",
        }
    }
}

words!(
    /// What kind of body a partner is.
    PartnerKind {
        /// A council with social services.
        Council = "council",
        /// A district council: housing, and the disabled facilities grant.
        District = "district",
        /// An integrated care board (a clinical commissioning group before July 2022).
        IntegratedCareBoard = "integrated care board",
        /// A health board of Scotland or Wales.
        HealthBoard = "health board",
        /// A joint integration authority of Scotland.
        IntegrationAuthority = "joint integration authority",
        /// A trust: hospital, community or, in Northern Ireland, health and social care.
        Trust = "trust",
        /// A government department that commissions, as in Northern Ireland.
        Department = "department",
    }
);

impl PartnerKind {
    /// True for bodies of the NHS (or of health and social care in Northern Ireland).
    pub const fn is_health(self) -> bool {
        !matches!(self, Self::Council | Self::District)
    }
}

words!(
    /// How a scheme is arranged (RULES D.2 and M.3).
    Arrangement {
        /// Money of several partners in one fund.
        Pooled = "pooled",
        /// One partner commissions for all.
        LeadCommissioning = "lead commissioning",
        /// One body provides for all.
        IntegratedProvision = "integrated provision",
        /// Each keeps its money and they plan together.
        Aligned = "aligned",
        /// A grant of the council to the NHS, section 76.
        Section76 = "grant transfer s76",
        /// A grant of the NHS to the council, section 256.
        Section256 = "grant transfer s256",
        /// Functions delegated to an integration authority, which directs both sides.
        Delegated = "delegated",
        /// The hospital budget that is set aside for an integration authority.
        SetAside = "set aside",
    }
);

impl Arrangement {
    /// True where the money is in the fund, so that it is part of what is pooled.
    pub const fn is_pooled(self) -> bool {
        !matches!(
            self,
            Self::Aligned | Self::Section76 | Self::Section256 | Self::SetAside
        )
    }
}

/// A partner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partner {
    /// Its short name.
    pub key: PartnerKey,
    /// Its whole name.
    pub name: String,
    /// What it is.
    pub kind: PartnerKind,
    /// Line of the file.
    pub line: u32,
}

/// A payment that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// The day.
    pub on: Date,
    /// How much.
    pub amount: Pence,
}

/// Money passed on in full, such as a disabled facilities grant to districts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassedOn {
    /// To whom.
    pub partner: PartnerKey,
    /// How much.
    pub amount: Pence,
}

/// What a partner pays in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contribution {
    /// Its short name.
    pub key: ContributionKey,
    /// Who pays it.
    pub partner: PartnerKey,
    /// Where the money comes from, such as `NHS minimum contribution`.
    pub source: String,
    /// How much in the year.
    pub amount: Pence,
    /// It is given as staff, premises or services and not as money.
    pub in_kind: bool,
    /// When it is paid; empty for contributions in kind.
    pub due: Vec<Due>,
    /// How it may be changed.
    pub variation: String,
    /// Partners that may never have any of it back.
    pub never_to: BTreeSet<PartnerKey>,
    /// Why, and what it is for; empty where it is not ring-fenced.
    pub ring_fence: String,
    /// To whom it goes in full.
    pub passed_on: Vec<PassedOn>,
    /// What part is kept back with the written consent of those it would go to, and the consent.
    pub kept_back: Option<(Pence, String)>,
    /// Line of the file.
    pub line: u32,
}

/// A part of a scheme's budget and the contribution that pays for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Funding {
    /// The contribution.
    pub from: ContributionKey,
    /// How much of it.
    pub amount: Pence,
}

/// A scheme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scheme {
    /// Its number or short name.
    pub key: SchemeKey,
    /// Its name.
    pub name: String,
    /// How it is arranged.
    pub arrangement: Arrangement,
    /// Who leads it.
    pub lead: PartnerKey,
    /// Its budget for the year.
    pub budget: Pence,
    /// Which contributions pay for it; empty where it is paid for from the whole fund.
    pub funded_by: Vec<Funding>,
    /// What of its budget is for the people of each partner, where that is agreed.
    pub budget_by_origin: BTreeMap<PartnerKey, Pence>,
    /// Who bears its overspend; `None` where the fund's rule holds.
    pub overspend: Option<NamedRule>,
    /// What becomes of its underspend; `None` where the fund's rule holds.
    pub underspend: Option<Underspend>,
    /// Line of the file.
    pub line: u32,
}

/// What limits a partner's part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cap {
    /// A part of what it pays in.
    OfContribution(Percent),
    /// An amount.
    Amount(Pence),
}

/// Where a tier ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TierEnd {
    /// At a part of the budget.
    OfBudget(Percent),
    /// At an amount.
    Amount(Pence),
    /// Never: the last tier.
    Open,
}

/// One tier of a tiered rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tier {
    /// Where it ends.
    pub to: TierEnd,
    /// Who bears what lies in it.
    pub rule: Rule,
}

/// Who bears a variance (RULES D.4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// The host bears all.
    HostBears,
    /// The lead of each scheme bears that scheme's.
    LeadCommissioner,
    /// In proportion to contributions.
    Proportional,
    /// By agreed shares, which make 100 per cent.
    FixedShare(BTreeMap<PartnerKey, Percent>),
    /// By one rule until each partner's cap; what is over goes by another.
    Capped {
        /// The rule up to the caps.
        within: Box<Rule>,
        /// The cap of every partner that has none of its own.
        all: Option<Cap>,
        /// Caps of single partners.
        each: BTreeMap<PartnerKey, Cap>,
        /// The rule for what is over.
        rest: Box<Rule>,
    },
    /// By tiers of the size of the variance.
    Tiered(Vec<Tier>),
    /// By whose people the money was spent on.
    Origin,
    /// The partnership board decides: undecided until it has.
    Board,
}

/// A rule with the name it has in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedRule {
    /// Its name, or the words of a simple rule.
    pub name: String,
    /// The rule.
    pub rule: Rule,
}

/// What becomes of an underspend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Underspend {
    /// Gains are shared by a rule, as losses are.
    Shared(NamedRule),
    /// Each partner has its part back, in proportion to what it paid in.
    ReturnProRata,
    /// It stays in the fund and is carried forward.
    Retain,
    /// The partnership board decides what it is spent on.
    Reinvest,
}

/// The rules of the fund as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FundRisk {
    /// Who bears an overspend.
    pub overspend: NamedRule,
    /// What becomes of an underspend.
    pub underspend: Underspend,
    /// Gains of one scheme make good the losses of another before anything is shared.
    pub net: bool,
    /// Contributions in kind count when shares go by contributions.
    pub in_kind_counts: bool,
}

/// Money paid only for performance (RULES C.5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Performance {
    /// The contribution that is paid only as far as it is earned.
    pub contribution: ContributionKey,
    /// Who bears what the fund lacks when it is not earned.
    pub shortfall: NamedRule,
}

/// Reports that the pool manager owes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reporting {
    /// Day after the end of each quarter by which its report is due, 1 to 92.
    pub quarterly_days: i64,
    /// Day of the annual return.
    pub annual_by: Date,
}

/// How the agreement ends before its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exit {
    /// Months of notice.
    pub notice_months: i64,
    /// What becomes of money, staff and property.
    pub terms: String,
}

/// A stage of settling a dispute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    /// What it is called.
    pub name: String,
    /// Who settles it there.
    pub who: String,
    /// Days it may take.
    pub days: i64,
    /// The days are working days.
    pub working: bool,
}

/// An agreement that was read and found whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement {
    /// What it is called.
    pub title: String,
    /// Under which nation's law.
    pub nation: Nation,
    /// The financial year of its amounts, such as `2025/26`.
    pub year: String,
    /// First day.
    pub begins: Date,
    /// Last day.
    pub ends: Date,
    /// Day by which it is reviewed.
    pub review: Date,
    /// The partner that keeps the fund's books.
    pub host: PartnerKey,
    /// Who manages the fund: an office, not a person's name.
    pub pool_manager: String,
    /// What it is for.
    pub aims: Vec<String>,
    /// Whom it serves.
    pub people: String,
    /// Functions of the NHS that it covers.
    pub nhs_functions: Vec<String>,
    /// Functions of councils that it covers.
    pub council_functions: Vec<String>,
    /// Kinds of services.
    pub services: Vec<String>,
    /// Staff, goods, services and accommodation that partners provide.
    pub provided: Vec<String>,
    /// How those affected were consulted.
    pub consultation: String,
    /// How contributions may be varied where one does not say its own way.
    pub variation: String,
    /// Its partners.
    pub partners: Vec<Partner>,
    /// What they pay in.
    pub contributions: Vec<Contribution>,
    /// What it pays for.
    pub schemes: Vec<Scheme>,
    /// Rules of the fund.
    pub risk: FundRisk,
    /// Money paid only for performance, if any.
    pub performance: Option<Performance>,
    /// Reports.
    pub reporting: Reporting,
    /// Exit.
    pub exit: Exit,
    /// Stages of settling a dispute, in order.
    pub stages: Vec<Stage>,
}

impl Agreement {
    /// A partner by its key.
    pub fn partner(&self, key: &PartnerKey) -> Option<&Partner> {
        self.partners.iter().find(|partner| partner.key == *key)
    }

    /// A partner's whole name, or its key if it is not a partner.
    pub fn name_of<'a>(&'a self, key: &'a PartnerKey) -> &'a str {
        self.partner(key)
            .map_or(key.as_str(), |partner| partner.name.as_str())
    }

    /// A contribution by its key.
    pub fn contribution(&self, key: &ContributionKey) -> Option<&Contribution> {
        self.contributions.iter().find(|one| one.key == *key)
    }

    /// A scheme by its key.
    pub fn scheme(&self, key: &SchemeKey) -> Option<&Scheme> {
        self.schemes.iter().find(|one| one.key == *key)
    }

    /// What a partner pays in, in money and in kind.
    pub fn paid_by(&self, partner: &PartnerKey) -> Pence {
        self.contributions
            .iter()
            .filter(|one| one.partner == *partner)
            .map(|one| one.amount)
            .sum()
    }
}
