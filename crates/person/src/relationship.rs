//! Who has to do with a person, and for how long: legitimate relationships.
//!
//! Source: RULES H.6 (Caldicott principles 2020; the role-based access controls of the NHS care
//! record guarantee, from memory). Days are parameters of `policy/parameters/person.csv`.
//!
//! In words: a practice has to do with whoever is registered there, while they are. A hospital
//! has to do with whoever is in it, and for some days after they have left; so have the council
//! that they live in, the transfer hub and the team that has the next step, for some days after
//! the last event. Whoever has somebody on their caseload has to do with them until it ends.
//! Duty lasts some hours. Whoever sent a record has to do with it for some days.

use jiff::civil::Date;
use kernel::calendar::add_days;

/// What somebody has to do with a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Relationship {
    /// Their GP practice.
    Practice,
    /// The hospital they are in, or have just left.
    Ward,
    /// The council or service they were referred to.
    Referral,
    /// The care transfer hub that works on their way home.
    Hub,
    /// The team that has the next step.
    NextStep,
    /// On the caseload of somebody, by name.
    Caseload,
    /// On duty.
    Duty,
    /// The organisation that sent their record.
    Sender,
    /// Opened without any of these, with a reason.
    Emergency,
    /// The same, and somebody else approved it.
    SecondPerson,
    /// It is they themselves.
    Oneself,
    /// A carer whom they invited.
    Carer,
}

impl Relationship {
    /// Every kind, in order.
    pub const ALL: [Self; 12] = [
        Self::Practice,
        Self::Ward,
        Self::Referral,
        Self::Hub,
        Self::NextStep,
        Self::Caseload,
        Self::Duty,
        Self::Sender,
        Self::Emergency,
        Self::SecondPerson,
        Self::Oneself,
        Self::Carer,
    ];

    /// The text it is kept as.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Practice => "practice",
            Self::Ward => "ward",
            Self::Referral => "referral",
            Self::Hub => "hub",
            Self::NextStep => "next step",
            Self::Caseload => "caseload",
            Self::Duty => "duty",
            Self::Sender => "sender",
            Self::Emergency => "emergency",
            Self::SecondPerson => "second person",
            Self::Oneself => "self",
            Self::Carer => "carer",
        }
    }

    /// Reads the text back.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }

    /// The parameter that says how many days it lasts after the last event, where it ends so.
    pub const fn days_parameter(self) -> Option<&'static str> {
        match self {
            Self::Ward => Some("relationship.ward_days"),
            Self::Referral => Some("relationship.referral_days"),
            Self::Hub => Some("relationship.hub_days"),
            Self::NextStep => Some("relationship.next_step_days"),
            Self::Sender => Some("relationship.sender_days"),
            _ => None,
        }
    }
}

/// The last day on which a relationship that follows from events still holds: `None` while what
/// it follows from goes on.
///
/// `ended_on` is the day of the last event, such as the discharge; `days` how long it lasts then.
pub fn last_day(ended_on: Option<Date>, days: i64) -> Option<Date> {
    ended_on.map(|day| add_days(day, days.max(0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_relationship_lasts_so_many_days_after_the_last_event() {
        for (ended_on, days, last) in [
            (None, 14, None),
            (Some(date(2026, 5, 3)), 14, Some(date(2026, 5, 17))),
            // The same day.
            (Some(date(2026, 5, 3)), 0, Some(date(2026, 5, 3))),
            // Over the end of a month, of a year, and of a leap February.
            (Some(date(2026, 12, 25)), 14, Some(date(2027, 1, 8))),
            (Some(date(2028, 2, 20)), 14, Some(date(2028, 3, 5))),
            // A parameter that cannot be is taken as none.
            (Some(date(2026, 5, 3)), -3, Some(date(2026, 5, 3))),
        ] {
            assert_eq!(last_day(ended_on, days), last, "{ended_on:?} {days}");
        }
    }

    #[test]
    fn every_kind_reads_back() {
        for kind in Relationship::ALL {
            assert_eq!(Relationship::parse(kind.as_str()), Some(kind));
        }
        assert_eq!(Relationship::parse("friend"), None);
    }
}
