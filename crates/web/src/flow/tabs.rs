//! The links between the pages of the flow quarter, for those who may see them: what is needed
//! every morning first, the rest under plain headings, folded.

use access::{Action, Actor};

/// Most links that are seen at first.
const FIRST: usize = 6;

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

/// The links that somebody may follow.
#[derive(Clone, Debug, Default)]
pub struct Tabs {
    /// Those seen at first, [`FIRST`] at most.
    pub first: Vec<FlowTab>,
    /// The rest, under headings.
    pub groups: Vec<(&'static str, Vec<FlowTab>)>,
    /// Whether the page is one of the rest, which are then unfolded.
    pub open: bool,
}

impl Tabs {
    /// Whether there is anywhere else to go.
    pub fn lead_somewhere(&self) -> bool {
        self.first.len() > 1 || !self.groups.is_empty()
    }
}

/// Pages of every morning.
const EVERY_DAY: &str = "";
const TOGETHER: &str = "Together and in time";
const FIGURES: &str = "Money and figures";
const RULES: &str = "How we work";

/// Every page of the quarter, with its group and the action that it needs.
const TABS: &[(&str, &str, &str, Action)] = &[
    (EVERY_DAY, "/flow/board", "Board", Action::SeeBoard),
    (EVERY_DAY, "/flow/work", "Your steps", Action::WorkSteps),
    (EVERY_DAY, "/flow/huddle", "Huddles", Action::WorkSteps),
    (EVERY_DAY, "/flow/triage", "Front door", Action::Triage),
    (
        EVERY_DAY,
        "/flow/needs",
        "Needs and offers",
        Action::SeekService,
    ),
    (EVERY_DAY, "/capacity", "What is free", Action::SeeCapacity),
    (TOGETHER, "/coming", "Coming to you", Action::SeeBoard),
    (TOGETHER, "/meetings", "Meetings", Action::HoldMeeting),
    (TOGETHER, "/flow/clocks", "Clocks", Action::SeeClocks),
    (FIGURES, "/flow/cost", "Cost of waiting", Action::SeeBoard),
    (FIGURES, "/flow/returns", "Returns", Action::MakeReturn),
    (
        RULES,
        "/flow/agreements",
        "Agreements",
        Action::SeeAgreements,
    ),
    (RULES, "/flow/steps", "Sets of steps", Action::WorkSteps),
];

/// The links that somebody may follow. Those who have few see all of them at first.
pub fn tabs(actor: &Actor, here: &str) -> Tabs {
    let mut allowed: Vec<(&'static str, FlowTab)> = TABS
        .iter()
        .filter(|(.., action)| access::decide(actor, *action).is_ok())
        .map(|(group, href, text, _)| {
            let here = *href == here;
            (*group, FlowTab { href, text, here })
        })
        .collect();
    if allowed.len() <= FIRST {
        for (group, _) in &mut allowed {
            *group = EVERY_DAY;
        }
    }
    let mut tabs = Tabs::default();
    for (group, tab) in allowed {
        if group == EVERY_DAY {
            tabs.first.push(tab);
            continue;
        }
        tabs.open |= tab.here;
        match tabs.groups.iter_mut().find(|(name, _)| *name == group) {
            Some((_, links)) => links.push(tab),
            None => tabs.groups.push((group, vec![tab])),
        }
    }
    tabs
}

#[cfg(test)]
mod tests {
    use super::*;
    use access::Role;

    fn seen(role: Role, here: &str) -> Tabs {
        let actor = Actor {
            role,
            ..Actor::operator()
        };
        tabs(&actor, here)
    }

    #[test]
    fn at_most_six_are_seen_at_first_and_none_is_lost() {
        for role in Role::ALL {
            let tabs = seen(*role, "/flow/board");
            assert!(tabs.first.len() <= FIRST, "{role:?}");
            let rest = tabs.groups.iter().map(|(_, links)| links.len());
            let actor = Actor {
                role: *role,
                ..Actor::operator()
            };
            let may = TABS
                .iter()
                .filter(|(.., action)| access::decide(&actor, *action).is_ok());
            assert_eq!(
                tabs.first.len() + rest.sum::<usize>(),
                may.count(),
                "{role:?}"
            );
        }
    }

    #[test]
    fn a_page_of_the_rest_is_unfolded_and_marked() {
        assert!(!seen(Role::HubLead, "/flow/board").open);
        let tabs = seen(Role::HubLead, "/flow/returns");
        assert!(tabs.open);
        let here: Vec<_> = tabs
            .groups
            .iter()
            .flat_map(|(_, links)| links)
            .filter(|tab| tab.here)
            .collect();
        assert_eq!(here.len(), 1);
    }
}
