//! What the working days choose from by chance.

use flow::Responsible;
use flow::service::{Component, Outcome, ServiceType};
use jiff::civil::{Date, date};

/// Reasons and sides that the list permits.
pub(super) const REASONS: [(&str, Responsible); 8] = [
    ("A", Responsible::Nhs),
    ("A", Responsible::SocialCare),
    ("B", Responsible::Both),
    ("C", Responsible::Nhs),
    ("E", Responsible::Nhs),
    ("E", Responsible::SocialCare),
    ("G", Responsible::Nhs),
    ("G", Responsible::SocialCare),
];
/// Births, on days that let somebody come of age while the trial runs; one is not known.
pub(super) const BORN: [Option<Date>; 6] = [
    Some(date(1938, 4, 3)),
    Some(date(1938, 4, 3)),
    Some(date(1961, 2, 20)),
    Some(date(1984, 2, 29)),
    Some(date(2008, 2, 20)),
    None,
];
/// Planned, emergencies and maternity.
pub(super) const CAME: [&str; 6] = ["21", "21", "21", "2A", "11", "31"];
/// How and where to people leave.
pub(super) const LEFT: [(&str, &str); 6] = [
    ("1", "19"),
    ("1", "19"),
    ("2", "19"),
    ("1", "85"),
    ("1", "51"),
    ("4", "79"),
];
/// Services, with the component that tells a stay in a home for a short time, and equipment.
pub(super) const SERVICES: [(ServiceType, Option<Component>); 8] = [
    (ServiceType::StMax, None),
    (ServiceType::StMax, None),
    (ServiceType::StMax, None),
    (ServiceType::ResidentialCare, None),
    (
        ServiceType::ResidentialCare,
        Some(Component::ShortTermResidential),
    ),
    (ServiceType::NursingCare, None),
    (ServiceType::Community, None),
    (ServiceType::OngoingLowLevel, Some(Component::Equipment)),
];
/// How services end.
pub(super) const OUTCOMES: [Option<Outcome>; 9] = [
    Some(Outcome::EndedAsPlanned),
    Some(Outcome::EndedAsPlanned),
    Some(Outcome::AdmittedToHospital),
    Some(Outcome::SelfFunded),
    Some(Outcome::NhsFunded),
    Some(Outcome::Declined),
    Some(Outcome::Advised),
    Some(Outcome::ToSupport),
    None,
];
