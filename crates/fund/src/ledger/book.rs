//! What the ledger's rules need to know of what is there.

use super::{Account, Balance, Reservation, Transfer};
use kernel::{LedgerAccountId, Month, TransferId};

/// The ledger as it stands, for the rules to ask. Whoever keeps it answers; the rules keep nothing.
pub trait Book {
    /// Why an answer cannot be given.
    type Error;

    /// An account, with everything posted and reserved on it, whatever its date.
    ///
    /// # Errors
    /// The keeper's. So for the other questions.
    fn account(&mut self, id: LedgerAccountId) -> Result<Option<(Account, Balance)>, Self::Error>;

    /// A transfer that is made.
    ///
    /// # Errors
    /// As [`Book::account`].
    fn transfer(&mut self, id: TransferId) -> Result<Option<Transfer>, Self::Error>;

    /// The transfers that were posted all or none with a first one, and that one.
    ///
    /// # Errors
    /// As [`Book::account`].
    fn set(&mut self, first: TransferId) -> Result<Vec<TransferId>, Self::Error>;

    /// A reservation as it stands.
    ///
    /// # Errors
    /// As [`Book::account`].
    fn reservation(&mut self, id: TransferId) -> Result<Option<Reservation>, Self::Error>;

    /// The transfer that reversed one.
    ///
    /// # Errors
    /// As [`Book::account`].
    fn reversal(&mut self, of: TransferId) -> Result<Option<TransferId>, Self::Error>;

    /// The last month that is closed.
    ///
    /// # Errors
    /// As [`Book::account`].
    fn closed_to(&mut self) -> Result<Option<Month>, Self::Error>;
}
