//! A Better Care Fund plan: income, schemes, signatures, answers and metrics of one area.
//!
//! Source: the planning workbook (RULES C.6, layout from memory) and C.3 to C.9 for what a plan
//! must meet. A plan comes as a TOML file or as the workbook; both give this one shape.

pub mod changed;
pub mod check;
mod minimums;
mod read;
mod requirements;
mod schemes;
mod sums;
#[cfg(test)]
mod tests;

use crate::amount::Percent;
use crate::double_count::Saving;
use crate::payment_for_performance::Promised;
use crate::sign_off::Signature;
use crate::words::words;
use jiff::civil::Date;
use kernel::Pence;
use std::collections::BTreeMap;

pub use read::read;

words!(
    /// A line of income (RULES C.6).
    Source {
        /// Disabled facilities grant.
        DisabledFacilities = "Disabled Facilities Grant",
        /// Improved Better Care Fund, to 2024/25.
        ImprovedBetterCareFund = "Improved Better Care Fund",
        /// Local Authority Better Care Grant, from 2025/26.
        LocalAuthorityGrant = "Local Authority Better Care Grant",
        /// Winter pressures grant, 2019/20.
        WinterPressures = "Winter Pressures Grant",
        /// Discharge funding of the council.
        DischargeLocalAuthority = "Local Authority Discharge Funding",
        /// Discharge funding of integrated care boards.
        DischargeNhs = "ICB Discharge Funding",
        /// NHS minimum contribution.
        NhsMinimum = "NHS Minimum Contribution",
        /// More than it must, from the council.
        AdditionalLocalAuthority = "Additional LA Contribution",
        /// More than it must, from the NHS.
        AdditionalNhs = "Additional NHS Contribution",
    }
);

impl Source {
    /// Reads the words of a file or workbook, with the names that years have used.
    pub fn read(text: &str) -> Option<Self> {
        let plain: String = text
            .to_lowercase()
            .chars()
            .map(|c| if c.is_alphanumeric() { c } else { ' ' })
            .collect();
        let plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
        Some(match plain.as_str() {
            "dfg" | "disabled facilities grant dfg" => Self::DisabledFacilities,
            "ibcf" | "ibcf contribution" | "improved better care fund ibcf" => {
                Self::ImprovedBetterCareFund
            }
            "labcg" | "la better care grant" | "local authority better care grant labcg" => {
                Self::LocalAuthorityGrant
            }
            "winter pressures" => Self::WinterPressures,
            "local authority discharge fund" | "la discharge funding" => {
                Self::DischargeLocalAuthority
            }
            "icb discharge fund" | "nhs discharge funding" => Self::DischargeNhs,
            "minimum nhs contribution"
            | "nhs minimum"
            | "minimum ccg contribution"
            | "ccg minimum contribution" => Self::NhsMinimum,
            "additional local authority contribution" | "local authority contribution" => {
                Self::AdditionalLocalAuthority
            }
            "additional icb contribution" | "additional ccg contribution" => Self::AdditionalNhs,
            _ => {
                return Self::ALL
                    .iter()
                    .copied()
                    .find(|source| source.as_str().to_lowercase() == plain);
            }
        })
    }
}

words!(
    /// Area of spend.
    Area {
        /// Acute hospitals.
        Acute = "Acute",
        /// Mental health.
        MentalHealth = "Mental Health",
        /// Community health.
        CommunityHealth = "Community Health",
        /// NHS continuing healthcare.
        ContinuingCare = "Continuing Care",
        /// Primary care.
        PrimaryCare = "Primary Care",
        /// Social care.
        SocialCare = "Social Care",
        /// Other.
        Other = "Other",
    }
);

words!(
    /// Who commissions a scheme.
    Commissioner {
        /// The council.
        LocalAuthority = "LA",
        /// The NHS.
        Nhs = "NHS",
        /// Both.
        Joint = "Joint",
    }
);

words!(
    /// What kind of body a partner of a plan is.
    PlanPartnerKind {
        /// The council whose health and wellbeing board it is.
        Council = "council",
        /// An integrated care board; a commissioning group before.
        IntegratedCareBoard = "integrated care board",
        /// A district council.
        District = "district",
    }
);

/// A partner of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanPartner {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: PlanPartnerKind,
}

/// A line of income. Amounts are one for each year of the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Income {
    /// The source.
    pub source: Source,
    /// Who pays it.
    pub from: String,
    /// How much, by year.
    pub amounts: Vec<Pence>,
    /// Name of the grant or budget that it is, where it has one: the same one must not be counted
    /// twice.
    pub grant: String,
    /// Where it stands: a line or a cell.
    pub at: String,
}

/// A line of expenditure. Amounts are one for each year of the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Number of the scheme; several lines may have one.
    pub scheme: String,
    /// Its name.
    pub name: String,
    /// Its type, as written.
    pub kind: String,
    /// Its sub-type, as written; empty where there is none.
    pub sub_type: String,
    /// What it is, where the type or sub-type is `Other`.
    pub other: String,
    /// Expected outputs by year, as written; empty where there are none.
    pub outputs: Vec<String>,
    /// Their unit, as written.
    pub unit: String,
    /// Area of spend.
    pub area: Area,
    /// Who commissions it.
    pub commissioner: Commissioner,
    /// The part that the NHS commissions, where it is joint.
    pub nhs_percent: Option<Percent>,
    /// The part that the council commissions, where it is joint.
    pub la_percent: Option<Percent>,
    /// Who provides it.
    pub provider: String,
    /// What pays for it.
    pub source: Source,
    /// How much, by year.
    pub amounts: Vec<Pence>,
    /// Names of packages, contracts or posts that it pays for: none must be paid for twice.
    pub packages: Vec<String>,
    /// Where it stands.
    pub at: String,
}

/// What a district gets of the disabled facilities grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct District {
    /// Its name.
    pub name: String,
    /// How much, by year.
    pub amounts: Vec<Pence>,
    /// Where it stands.
    pub at: String,
}

/// What of the grant districts left to the county, with their written consent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptBack {
    /// How much, by year.
    pub amounts: Vec<Pence>,
    /// Who agreed in writing, and when.
    pub consent: String,
    /// Where it stands.
    pub at: String,
}

/// Minimum amounts that were set for the area, by year.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Minimums {
    /// NHS minimum contribution.
    pub nhs: Option<Vec<Pence>>,
    /// Of it, for social care.
    pub social_care: Option<Vec<Pence>>,
    /// What social care had of it in the year before the plan: the minimum can be worked out.
    pub social_care_before: Option<Pence>,
    /// Of it, for NHS-commissioned care out of hospital.
    pub out_of_hospital: Option<Vec<Pence>>,
}

/// The plan's own answer to a requirement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Number of the condition.
    pub condition: String,
    /// Yes or no.
    pub yes: bool,
    /// Where it stands.
    pub at: String,
}

/// A metric that is planned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedMetric {
    /// Its short name in the period.
    pub key: String,
    /// Planned values, as written.
    pub values: Vec<String>,
    /// Where it stands.
    pub at: String,
}

/// A plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The health and wellbeing board.
    pub board: String,
    /// Its financial years: one, or the two of a period.
    pub years: Vec<String>,
    /// The county has districts, which are the housing authorities.
    pub two_tiers: Option<bool>,
    /// The day it was sent.
    pub sent_on: Option<Date>,
    /// Partners.
    pub partners: Vec<PlanPartner>,
    /// Income.
    pub income: Vec<Income>,
    /// Expenditure.
    pub lines: Vec<Line>,
    /// Disabled facilities grant by district.
    pub districts: Vec<District>,
    /// What of it was not passed on.
    pub kept_back: Option<KeptBack>,
    /// Minimum amounts.
    pub minimums: Minimums,
    /// Answers to requirements.
    pub answers: Vec<Answer>,
    /// Signatures.
    pub signatures: Vec<Signature>,
    /// Metrics.
    pub metrics: Vec<PlannedMetric>,
    /// Savings that it claims.
    pub savings: Vec<Saving>,
    /// Whole amounts of packages that several lines may share.
    pub wholes: BTreeMap<String, Pence>,
    /// Demand and capacity of intermediate care are there.
    pub capacity_and_demand: Option<bool>,
    /// Payment for performance, in its year.
    pub performance: Option<Promised>,
    /// Places of parts that could not be read: sums that miss them are not sums.
    pub unread: Vec<String>,
}

impl Plan {
    /// Income of a source in the year with a number from 0.
    pub fn income_of(&self, source: Source, year: usize) -> Pence {
        self.income
            .iter()
            .filter(|income| income.source == source)
            .filter_map(|income| income.amounts.get(year).copied())
            .sum()
    }

    /// Expenditure from a source in the year with a number from 0.
    pub fn spent_from(&self, source: Source, year: usize) -> Pence {
        self.lines
            .iter()
            .filter(|line| line.source == source)
            .filter_map(|line| line.amounts.get(year).copied())
            .sum()
    }
}
