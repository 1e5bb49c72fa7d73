//! The board as each role needs it.
//!
//! Source: PEERS a 1 (the same people, another question for each role); which columns and which
//! order is a choice of this product.
//!
//! In words: a ward works bed by bed, with the list for leaving and the reviews that are due; the
//! hub from the longest past ready; a council on its residents, by what is due first; a provider
//! on those whom it has accepted or is offered, by the day on which its care begins. Whoever
//! leads the hub starts with the hub's view, others with that of their organisation, and each may
//! look through any of them: a view never shows more people than somebody may see. A trust or a
//! team that runs a service of the directory itself is a community provider; its hospital's wards
//! are wards all the same.

use crate::text_enum;

text_enum! {
    /// A view of the board.
    BoardView {
        /// By bed, with the list for leaving and the reviews.
        Ward = "ward",
        /// Longest past ready first.
        Hub = "hub",
        /// A council's residents, by what is due.
        Council = "council",
        /// Those whom a provider has accepted or is offered, by start.
        Provider = "provider",
    }
}

impl BoardView {
    /// Its name.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Ward => "Ward",
            Self::Hub => "Hub",
            Self::Council => "Council",
            Self::Provider => "Community provider",
        }
    }

    /// What it shows, in which order.
    pub const fn told(self) -> &'static str {
        match self {
            Self::Ward => "People in hospital, by ward and bed",
            Self::Hub => "People in hospital, longest past their ready date first",
            Self::Council => "People in hospital, by what is due first",
            Self::Provider => "People whom your organisation has accepted or is offered, by start",
        }
    }

    /// Whether the view that somebody starts with depends on what services the directory has.
    pub fn depends_on_services(leads_hub: bool, kinds: &[&str]) -> bool {
        Self::usual(leads_hub, kinds, true) != Self::usual(leads_hub, kinds, false)
    }

    /// The view that somebody starts with, by the kinds of organisation that they act for, their
    /// own first. `runs_services` says that the directory has a service of their own one's.
    pub fn usual(leads_hub: bool, kinds: &[&str], runs_services: bool) -> Self {
        let own = kinds.first().copied().unwrap_or_default();
        let has = |kind: &str| kinds.contains(&kind);
        match own {
            _ if leads_hub => Self::Hub,
            "provider" => Self::Provider,
            "trust" | "team" if runs_services => Self::Provider,
            "ward" | "hospital" | "trust" => Self::Ward,
            _ if has("council") => Self::Council,
            _ if has("hospital") => Self::Ward,
            _ => Self::Hub,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_starts_with_the_view_of_their_work() {
        for (leads_hub, kinds, runs_services, view) in [
            (true, &["trust", "hospital"][..], false, BoardView::Hub),
            (true, &["council"], false, BoardView::Hub),
            (false, &["ward", "hospital"], false, BoardView::Ward),
            (false, &["hospital", "ward"], false, BoardView::Ward),
            (
                false,
                &["trust", "hospital", "ward"],
                false,
                BoardView::Ward,
            ),
            (false, &["council"], false, BoardView::Council),
            // A team of a council or of a hospital is that organisation.
            (false, &["team", "council"], false, BoardView::Council),
            (false, &["team", "hospital"], false, BoardView::Ward),
            (false, &["provider"], false, BoardView::Provider),
            // A trust or team that runs a service itself, and a ward of such a trust.
            (false, &["trust", "hospital"], true, BoardView::Provider),
            (false, &["team", "council"], true, BoardView::Provider),
            (false, &["team", "trust"], true, BoardView::Provider),
            (false, &["ward", "hospital", "trust"], true, BoardView::Ward),
            (false, &["council"], true, BoardView::Council),
            (true, &["trust"], true, BoardView::Hub),
            (false, &["hub"], false, BoardView::Hub),
            (false, &["practice"], false, BoardView::Hub),
            (false, &[], false, BoardView::Hub),
        ] {
            let found = BoardView::usual(leads_hub, kinds, runs_services);
            assert_eq!(found, view, "{kinds:?}");
        }
    }
}
