//! The small official slice that comes with the product (`data/official`).

use crate::inbox::Report;
use crate::{App, Error};
use access::Actor;
use store::inbox::InboxKind;

/// Delayed days of England and Greater Manchester's councils, April 2011 to March
/// 2019. Source and licence: `data/official/SOURCE.md`.
const DELAYS: &[u8] = include_bytes!("../../../../data/official/delays.csv");

/// Population of the same areas by single year of age, mid-2019.
const POPULATION: &[u8] = include_bytes!("../../../../data/official/population.csv");

impl App {
    /// Loads the official slice through the inbox, as any other arrival, and gives
    /// the two reports: delays, population. Loaded again it changes nothing.
    ///
    /// # Errors
    /// Not allowed, or the store's.
    pub fn load_official_slice(&self, actor: &Actor) -> Result<[Report; 2], Error> {
        Ok([
            self.take_in(actor, InboxKind::Dtoc, "delays.csv", DELAYS)?,
            self.take_in(actor, InboxKind::Population, "population.csv", POPULATION)?,
        ])
    }
}
