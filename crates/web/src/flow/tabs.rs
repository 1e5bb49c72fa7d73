//! The links between the pages of the flow quarter, for those who may see them.

use access::{Action, Actor};

/// One link.
#[derive(Clone, Debug)]
pub struct FlowTab {
    /// Where it goes.
    pub href: &'static str,
    /// What it says.
    pub text: &'static str,
    /// Whether this is the page.
    pub here: bool,
}

/// Every page of the quarter, with the action that it needs.
const TABS: &[(&str, &str, Action)] = &[
    ("/flow/board", "Board", Action::SeeBoard),
    ("/flow/work", "Your steps", Action::WorkSteps),
    ("/flow/huddle", "Huddles", Action::WorkSteps),
    ("/flow/triage", "Front door", Action::Triage),
    ("/flow/needs", "Needs and offers", Action::SeekService),
    ("/capacity", "What is free", Action::SeeCapacity),
    ("/meetings", "Meetings", Action::HoldMeeting),
    ("/flow/clocks", "Clocks", Action::SeeClocks),
    ("/flow/cost", "Cost of waiting", Action::SeeBoard),
    ("/flow/returns", "Returns", Action::MakeReturn),
    ("/flow/agreements", "Agreements", Action::SeeAgreements),
    ("/flow/steps", "Sets of steps", Action::WorkSteps),
];

/// The links that somebody may follow.
pub fn tabs(actor: &Actor, here: &str) -> Vec<FlowTab> {
    TABS.iter()
        .filter(|(.., action)| access::decide(actor, *action).is_ok())
        .map(|(href, text, _)| FlowTab {
            href,
            text,
            here: *href == here,
        })
        .collect()
}
