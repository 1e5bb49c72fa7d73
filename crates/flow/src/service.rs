//! A period of a service for a person, in the words of the national return.
//!
//! Source: adult social care Client Level Data specification (DHSC), code lists of the first
//! release as found in published specifications; RULES G.8.

use crate::text_enum;
use jiff::civil::Date;
use kernel::calendar::days_between;
use kernel::{ServicePeriodId, StayId};

text_enum! {
    /// Service type. The order of the first seven is that of the hierarchy of sequels.
    ServiceType {
        /// Nursing home, long term.
        NursingCare = "Long Term Support: Nursing Care",
        /// Residential home, long term.
        ResidentialCare = "Long Term Support: Residential Care",
        /// At home, long term.
        Community = "Long Term Support: Community",
        /// In prison, long term.
        Prison = "Long Term Support: Prison",
        /// Reablement: short-term support to maximise independence.
        StMax = "Short Term Support: ST-Max",
        /// Ongoing support of a low level: equipment, alarms.
        OngoingLowLevel = "Short Term Support: Ongoing Low Level",
        /// Other support for a short time.
        OtherShortTerm = "Short Term Support: Other Short Term",
        /// To a carer.
        CarerDirect = "Carer Support: Direct to Carer",
        /// To the person cared for, for the carer's sake.
        CarerInvolving = "Carer Support: Involving the person cared-for",
    }
}

impl ServiceType {
    /// Support for a long time, whatever the setting.
    pub const fn is_long_term(self) -> bool {
        matches!(
            self,
            Self::NursingCare | Self::ResidentialCare | Self::Community | Self::Prison
        )
    }

    /// A nursing or residential home for a long time.
    pub const fn is_long_term_home(self) -> bool {
        matches!(self, Self::NursingCare | Self::ResidentialCare)
    }

    /// Its name as people say it.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::NursingCare => "Nursing home",
            Self::ResidentialCare => "Residential home",
            Self::Community => "Support at home, long term",
            Self::Prison => "Support in prison",
            Self::StMax => "Reablement",
            Self::OngoingLowLevel => "Low-level support, such as equipment",
            Self::OtherShortTerm => "Other short-term support",
            Self::CarerDirect => "Support for a carer",
            Self::CarerInvolving => "A break for a carer",
        }
    }
}

text_enum! {
    /// Service component.
    Component {
        /// Reablement.
        Reablement = "Reablement",
        /// Nursing care for a short time.
        ShortTermNursing = "Short Term Nursing Care",
        /// Nursing care for a long time.
        LongTermNursing = "Long Term Nursing Care",
        /// Residential care for a short time.
        ShortTermResidential = "Short Term Residential Care",
        /// Residential care for a long time.
        LongTermResidential = "Long Term Residential Care",
        /// Home care.
        HomeSupport = "Home Support",
        /// Day care.
        DaySupport = "Day Support",
        /// Meals.
        Meals = "Meals",
        /// Transport.
        Transport = "Transport",
        /// Equipment.
        Equipment = "Equipment",
        /// Money instead of services.
        DirectPayment = "Direct Payment",
        /// Living with a family.
        SharedLives = "Shared Lives",
        /// Living in the community with support.
        SupportedLiving = "Community Supported Living",
        /// Support by professionals.
        ProfessionalSupport = "Professional Support",
        /// Learning, education and work.
        Learning = "Learning/Education/Employment",
        /// Care at the end of life.
        EndOfLife = "End of Life",
        /// In an emergency.
        Emergency = "Emergency Support",
        /// Other, for a short time.
        OtherShortTerm = "Other Short Term Support",
        /// Other, for a long time.
        OtherLongTerm = "Other Long Term Support",
        /// A carer's respite.
        CarerRespite = "Carer Respite",
        /// Sitting with the person.
        CarerSitting = "Carer Sitting",
        /// Support open to every carer.
        CarerUniversal = "Carer Universal Services",
        /// Other support of a carer.
        CarerOther = "Carer Other",
    }
}

impl Component {
    /// A home for a short time.
    pub const fn is_short_term_home(self) -> bool {
        matches!(self, Self::ShortTermNursing | Self::ShortTermResidential)
    }
}

text_enum! {
    /// How an event ended, as the national return names it.
    Outcome {
        /// Went on to reablement.
        ToReablement = "Progress to Reablement/ST-Max",
        /// Went on to an assessment.
        ToAssessment = "Progress to Assessment",
        /// Went on to a reassessment or unplanned review.
        ToReassessment = "Progress to Re-assessment/Unplanned review",
        /// Went on to support planning or services.
        ToSupport = "Progress to Support planning/services",
        /// Went on to care at the end of life.
        ToEndOfLife = "Progress to End of life care",
        /// Went on to a financial assessment.
        ToFinancial = "Progress to Financial assessment",
        /// Was admitted to hospital.
        AdmittedToHospital = "Admitted to hospital",
        /// Goes on as before.
        NoChange = "No change in package",
        /// Ended as was planned.
        EndedAsPlanned = "Service ended as planned",
        /// A service is provided.
        ServiceProvided = "Provision of service",
        /// Referred to another service of the council.
        ReferredWithin = "Referral to other service in LA",
        /// Moved to another council.
        MovedAway = "NFA: Moved to another LA",
        /// The NHS pays for all of it.
        NhsFunded = "NFA: 100% NHS funded",
        /// Pays for it themselves, or the first twelve weeks are disregarded.
        SelfFunded = "NFA: Self-funded client or under 12wk disregard",
        /// Did not want support.
        Declined = "NFA: Support declined",
        /// Was told and advised.
        Advised = "NFA: Information & advice",
        /// Died.
        Died = "NFA: Deceased",
        /// No services, for another reason.
        NoServices = "NFA: No services - other reason",
        /// Support ended, for another reason.
        SupportEnded = "NFA: Support ended - other reason",
        /// Other.
        Other = "NFA: Other",
    }
}

/// A period of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// Its id.
    pub id: ServicePeriodId,
    /// Service type.
    pub kind: ServiceType,
    /// Component, if recorded.
    pub component: Option<Component>,
    /// First day.
    pub starts_on: Date,
    /// Last day; `None` while it goes on.
    pub ends_on: Option<Date>,
    /// How it ended, if recorded.
    pub outcome: Option<Outcome>,
    /// The stay in hospital it follows, if recorded.
    pub stay: Option<StayId>,
}

impl Service {
    /// True if it goes on at the end of a day.
    pub fn open_on(&self, day: Date) -> bool {
        self.starts_on <= day && self.ends_on.is_none_or(|end| end > day)
    }

    /// True if a long-term home, and not for a short time by its component.
    pub fn is_long_term_home(&self) -> bool {
        self.kind.is_long_term_home()
            && self
                .component
                .is_none_or(|component| !component.is_short_term_home())
    }
}

/// Why the dates of a service cannot be; the text names what to do.
pub fn problem(starts_on: Date, ends_on: Option<Date>, born: Option<Date>) -> Option<&'static str> {
    if ends_on.is_some_and(|end| days_between(starts_on, end) < 0) {
        return Some("The last day is before the first day; change one of them");
    }
    if born.is_some_and(|born| starts_on < born) {
        return Some("The first day is before the date of birth; change it");
    }
    None
}
