//! The Better Care Fund by policy period: its money, conditions, metrics, scheme types and rules
//! of signing and reporting, as data in `policy/fund/`.
//!
//! Source: RULES C.2 to C.8; each entry of a file has its own source and how sure we are of it.
//! What is not established is left out, or is listed as unknown: nothing is guessed, and a rule
//! that needs it says *cannot tell*.

mod read;
#[cfg(test)]
mod tests;

use crate::amount::Percent;
use crate::reading::Fault;
use crate::words::words;
use jiff::civil::Date;
use kernel::Pence;
use kernel::parameters::{Confidence, Decimal};

/// Where a value comes from and how sure we are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// How sure; `None` where it is not established.
    pub confidence: Option<Confidence>,
    /// The source, in words.
    pub source: String,
}

impl Origin {
    /// True where the value is from memory and has to be checked.
    pub fn is_memory(&self) -> bool {
        self.confidence == Some(Confidence::Memory)
    }
}

words!(
    /// A line of money of a year.
    Item {
        /// Money of the NHS for councils to prepare, before the first year.
        Preparation = "preparation",
        /// What integrated care boards (commissioning groups) must pay in.
        NhsMinimum = "NHS minimum contribution",
        /// Improved Better Care Fund, since 2025/26 the Local Authority Better Care Grant.
        LocalAuthorityGrant = "local authority grant",
        /// Disabled facilities grant.
        DisabledFacilities = "disabled facilities grant",
        /// What was added to it within the year.
        DisabledFacilitiesAdded = "disabled facilities grant, added in the year",
        /// Capital for social care, in the first year.
        SocialCareCapital = "social care capital",
        /// Set aside within the NHS minimum in the first year.
        SetAside = "set aside for performance and care out of hospital",
        /// Winter pressures, pooled.
        WinterPressures = "winter pressures",
        /// Winter pressures, not pooled.
        WinterPressuresOutside = "winter pressures, outside the fund",
        /// Discharge funding of councils.
        DischargeLocalAuthority = "discharge funding, local authority",
        /// Discharge funding of the NHS.
        DischargeNhs = "discharge funding, NHS",
        /// What areas pooled of their own will.
        Voluntary = "voluntary",
        /// All that must be pooled.
        Total = "total",
        /// All that was pooled.
        Pooled = "pooled",
    }
);

/// An amount of money for England in a year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Money {
    /// Financial year.
    pub year: String,
    /// What it is.
    pub item: Item,
    /// How much; `None` where it is not established.
    pub amount: Option<Pence>,
    /// Where it comes from.
    pub origin: Origin,
}

words!(
    /// What a condition is checked by.
    Check {
        /// The plan has its parts: board, income, schemes.
        Plan = "plan",
        /// It is signed by the rule of the period.
        SignOff = "sign-off",
        /// Expenditure equals income, by source.
        Sums = "sums",
        /// The disabled facilities grant is passed on in full.
        DisabledFacilities = "disabled facilities",
        /// The NHS minimum contribution is there in full.
        NhsMinimum = "nhs minimum",
        /// Social care has at least its minimum of it.
        SocialCareMinimum = "social care minimum",
        /// NHS-commissioned care out of hospital has at least its minimum of it.
        OutOfHospitalMinimum = "out of hospital minimum",
        /// The plan's own answer to the requirement is yes.
        Requirement = "requirement",
        /// Every headline metric has a plan.
        Metrics = "metrics",
        /// Demand and capacity of intermediate care are there.
        CapacityAndDemand = "capacity and demand",
        /// Payment for performance is planned by its rules.
        Performance = "performance",
    }
);

/// A national condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// Its number.
    pub id: String,
    /// It, in words.
    pub title: String,
    /// What it is checked by.
    pub checks: Vec<Check>,
    /// Where it comes from.
    pub origin: Origin,
}

words!(
    /// What a metric is for.
    Role {
        /// Money depends on it.
        Payment = "payment",
        /// Planned and reported.
        Headline = "headline",
        /// Looked at beside the headline ones.
        Supplementary = "supplementary",
    }
);

/// A metric.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metric {
    /// Its short name.
    pub key: String,
    /// What it is for.
    pub role: Role,
    /// Its name.
    pub title: String,
    /// What is counted.
    pub numerator: String,
    /// Of what.
    pub denominator: String,
    /// As what it is shown, such as `per 100,000`.
    pub scaling: String,
    /// Where it comes from.
    pub origin: Origin,
}

/// By how much the minimum for social care grows on the year before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uplift {
    /// The year it grows into.
    pub year: String,
    /// By how much.
    pub percent: Percent,
    /// Where it comes from.
    pub origin: Origin,
}

/// Who signs a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignOff {
    /// The chief executive of each council.
    pub council_chief_executive: Option<bool>,
    /// The chief executive of each integrated care board (accountable officer of each group).
    pub nhs_chief_executive: Option<bool>,
    /// The council's finance officer (Local Government Act 1972 section 151).
    pub section_151: Option<bool>,
    /// The health and wellbeing board.
    pub board: Option<bool>,
    /// Chief executives may have somebody sign for them.
    pub delegable: Option<bool>,
    /// The board may approve after the plan was sent.
    pub board_may_follow: Option<bool>,
    /// Plans were assured nationally.
    pub assured: bool,
    /// Where it comes from.
    pub origin: Origin,
}

/// The days of a year's planning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Round {
    /// The year.
    pub year: String,
    /// Day of the guidance.
    pub guidance: Option<Date>,
    /// Last day for sending the plan.
    pub submission: Option<Date>,
    /// Day by which the section 75 agreement is signed.
    pub section_75_by: Option<Date>,
    /// Where it comes from.
    pub origin: Origin,
}

/// What is reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reports {
    /// Each quarter.
    pub quarterly: bool,
    /// At the end of the year.
    pub year_end: bool,
    /// Each fortnight.
    pub fortnightly: bool,
    /// In words.
    pub what: String,
    /// Where it comes from.
    pub origin: Origin,
}

/// The rule of payment for performance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PerformanceRule {
    /// The least planned fall.
    pub least_reduction: Percent,
    /// Where that comes from.
    pub least_origin: Origin,
    /// The usual value of an admission avoided.
    pub value: Pence,
    /// Where that comes from.
    pub value_origin: Origin,
}

/// What became of a year's plans for England.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// What was planned to change.
    pub what: String,
    /// Planned change, or planned level.
    pub planned: Option<Decimal>,
    /// What it was.
    pub actual: Option<Decimal>,
    /// What the change was to save.
    pub planned_saving: Option<Pence>,
    /// What it cost more than planned.
    pub cost_over_plan: Option<Pence>,
    /// Areas that met their plan, in per cent.
    pub areas_met: Option<i64>,
}

/// Something of a period that is not established.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// What.
    pub what: String,
    /// Where to look, or why.
    pub source: String,
}

/// A policy period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// Its short name, such as `2023-25`.
    pub key: String,
    /// Its name.
    pub title: String,
    /// Its financial years.
    pub years: Vec<String>,
    /// By how much sums may differ.
    pub tolerance: Pence,
    /// Name of its list of scheme types; `None` where it is not established.
    pub scheme_types: Option<String>,
    /// Money by year.
    pub money: Vec<Money>,
    /// National conditions; empty where they are not established.
    pub conditions: Vec<Condition>,
    /// Metrics.
    pub metrics: Vec<Metric>,
    /// Growth of the minimum for social care.
    pub uplifts: Vec<Uplift>,
    /// Who signs.
    pub sign_off: SignOff,
    /// The days of planning.
    pub rounds: Vec<Round>,
    /// Reports; `None` where they are not established.
    pub reports: Option<Reports>,
    /// Payment for performance, in its one year.
    pub performance: Option<PerformanceRule>,
    /// What became of the plans.
    pub outcomes: Vec<Outcome>,
    /// What is not established.
    pub unknown: Vec<Unknown>,
}

impl Period {
    /// The money of an item in a year; `None` where there is no such line.
    pub fn money(&self, year: &str, item: Item) -> Option<&Money> {
        self.money
            .iter()
            .find(|money| money.year == year && money.item == item)
    }

    /// Growth of the minimum for social care into a year.
    pub fn uplift(&self, year: &str) -> Option<&Uplift> {
        self.uplifts.iter().find(|uplift| uplift.year == year)
    }

    /// The metrics that a plan must have.
    pub fn headline_metrics(&self) -> impl Iterator<Item = &Metric> {
        self.metrics
            .iter()
            .filter(|metric| metric.role != Role::Supplementary)
    }
}

/// A type of scheme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemeType {
    /// Its name.
    pub name: String,
    /// Sub-types that are known; empty where it has none.
    pub sub_types: Vec<String>,
    /// The unit of its outputs; empty where it has none.
    pub unit: String,
}

/// A list of scheme types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemeTypes {
    /// Its name, by which periods speak of it.
    pub list: String,
    /// The types.
    pub types: Vec<SchemeType>,
    /// Where it comes from.
    pub origin: Origin,
}

/// Every period that is on file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Periods {
    periods: Vec<Period>,
    lists: Vec<SchemeTypes>,
}

macro_rules! built_in {
    ($($name:literal),+) => {
        /// The files as they are built in: path under `policy/` and text.
        pub const BUILTIN: &[(&str, &str)] =
            &[$(($name, include_str!(concat!("../../../../policy/", $name)))),+];
    };
}
built_in!(
    "fund/2015-16.toml",
    "fund/2016-17.toml",
    "fund/2017-19.toml",
    "fund/2019-20.toml",
    "fund/2020-21.toml",
    "fund/2021-22.toml",
    "fund/2022-23.toml",
    "fund/2023-25.toml",
    "fund/2025-26.toml",
    "fund/2026-27.toml",
    "fund/scheme-types-2022.toml"
);

/// A fault of a policy file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}, {fault}")]
pub struct PeriodError {
    /// The file, under `policy/`.
    pub file: String,
    /// The fault.
    pub fault: Fault,
}

impl Periods {
    /// The periods that are built in. A test holds that they have no faults.
    pub fn builtin() -> Self {
        Self::collect(BUILTIN.iter().copied()).0
    }

    /// The periods with some files replaced or added; each pair is a path under `policy/` and its
    /// text.
    ///
    /// # Errors
    /// Everything wrong with the files given.
    pub fn from_texts(given: &[(&str, &str)]) -> Result<Self, Vec<PeriodError>> {
        let replaced = |path: &str| given.iter().any(|(name, _)| *name == path);
        let kept = BUILTIN.iter().copied().filter(|(path, _)| !replaced(path));
        let (periods, errors) = Self::collect(kept.chain(given.iter().copied()));
        if errors.is_empty() {
            Ok(periods)
        } else {
            Err(errors)
        }
    }

    fn collect<'a>(files: impl Iterator<Item = (&'a str, &'a str)>) -> (Self, Vec<PeriodError>) {
        let mut periods = Self::default();
        let mut errors = Vec::new();
        for (file, text) in files {
            let fault = |fault| PeriodError {
                file: file.to_owned(),
                fault,
            };
            let read = if file.contains("scheme-types") {
                read::scheme_types(text).map(|list| periods.lists.push(list))
            } else {
                read::period(text).map(|period| periods.periods.push(period))
            };
            if let Err(faults) = read {
                errors.extend(faults.into_iter().map(fault));
            }
        }
        periods.periods.sort_by(|a, b| a.years.cmp(&b.years));
        (periods, errors)
    }

    /// Every period, the first first.
    pub fn all(&self) -> &[Period] {
        &self.periods
    }

    /// The period that a financial year lies in.
    pub fn of_year(&self, year: &str) -> Option<&Period> {
        self.periods
            .iter()
            .find(|period| period.years.iter().any(|one| one == year))
    }

    /// The scheme types of a period; `None` where they are not established.
    pub fn scheme_types(&self, period: &Period) -> Option<&SchemeTypes> {
        let name = period.scheme_types.as_ref()?;
        self.lists.iter().find(|list| list.list == *name)
    }
}
