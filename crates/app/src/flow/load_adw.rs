//! The reader of arrivals of kind `adw`.

use crate::inbox::Outcome;
use crate::{App, Error};
use access::Actor;
use kernel::Issue;
use store::inbox::Arrival;

impl App {
    /// Reads an arrival of kind `adw` into the store.
    pub(crate) fn load_adw(&self, _: &Actor, _: &Arrival, _: &[u8]) -> Result<Outcome, Error> {
        Ok(Outcome::rejected(vec![Issue::file(
            "no-reader",
            "This version cannot read it yet.",
        )]))
    }
}
