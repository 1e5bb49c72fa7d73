//! `almoner fund pack`.

use super::read;
use crate::failure::Failure;
use crate::open::At;
use access::Actor;
use clap::Args;
use fund::ledger::Code;

/// A page for the partnership board, from the ledger and the agreement.
///
/// Example: almoner fund pack --fund bcf
#[derive(Args)]
pub(super) struct Pack {
    /// Code of the fund; needed where there are several.
    #[arg(long, value_name = "CODE")]
    fund: Option<Code>,
}

impl Pack {
    pub(super) fn run(&self, at: &At) -> Result<(), Failure> {
        let app = at.open()?;
        let operator = Actor::operator();
        let fund = read::fund(&app, self.fund.as_ref())?;
        print!("{}", app.fund_pack(&operator, &fund)?);
        Ok(())
    }
}
