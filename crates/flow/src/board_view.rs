//! The board as each role needs it.
//!
//! Source: PEERS a 1 (the same people, another question for each role); which columns and which
//! order is a choice of this product.
//!
//! In words: a ward works bed by bed, with the list for leaving and the reviews that are due; the
//! hub from the longest past ready; a council on its residents, by what is due first; a provider
//! on those whom it has accepted or is offered, by the day on which its care begins. Whoever
//! leads the hub starts with the hub's view, others with that of their organisation, and each may
//! look through any of them: a view never shows more people than somebody may see.

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

    /// The view that somebody starts with, by the kinds of organisation that they act for, their
    /// own first.
    pub fn usual(leads_hub: bool, kinds: &[&str]) -> Self {
        let own = kinds.first().copied().unwrap_or_default();
        let has = |kind: &str| kinds.contains(&kind);
        match own {
            _ if leads_hub => Self::Hub,
            "ward" | "hospital" | "trust" => Self::Ward,
            "provider" => Self::Provider,
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
        for (leads_hub, kinds, view) in [
            (true, &["trust", "hospital"][..], BoardView::Hub),
            (true, &["council"], BoardView::Hub),
            (false, &["ward", "hospital"], BoardView::Ward),
            (false, &["hospital", "ward"], BoardView::Ward),
            (false, &["trust", "hospital", "ward"], BoardView::Ward),
            (false, &["council"], BoardView::Council),
            // A team of a council or of a hospital is that organisation.
            (false, &["team", "council"], BoardView::Council),
            (false, &["team", "hospital"], BoardView::Ward),
            (false, &["provider"], BoardView::Provider),
            (false, &["hub"], BoardView::Hub),
            (false, &["practice"], BoardView::Hub),
            (false, &[], BoardView::Hub),
        ] {
            assert_eq!(BoardView::usual(leads_hub, kinds), view, "{kinds:?}");
        }
    }
}
