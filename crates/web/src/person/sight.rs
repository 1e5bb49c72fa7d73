//! Why a record is shown and what of it is withheld, as a page says it under the name.

use app::person::Sight;

/// What a page says of the sight it shows.
pub(super) struct SightView {
    /// "Shown because …".
    pub because: String,
    /// A sentence for each thing that is withheld.
    pub withheld: Vec<String>,
    /// Where to write down whether the person agrees, when they are to be asked first.
    pub ask: Option<String>,
}

impl SightView {
    pub(super) fn of(sight: &Sight) -> Self {
        Self {
            because: sight.because.clone(),
            withheld: sight.withheld.clone(),
            ask: sight
                .ask_first
                .then(|| format!("{}/wishes", super::who::address_of(sight.person))),
        }
    }
}
