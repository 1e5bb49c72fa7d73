//! `almoner doctor`.

use crate::failure::Failure;
use crate::open::At;
use access::Actor;
use clap::Args;

/// Check every invariant of the store.
///
/// Example: almoner doctor --data /srv/almoner
#[derive(Args)]
pub(crate) struct Doctor {}

impl Doctor {
    pub(crate) fn run(&self, at: &At) -> Result<(), Failure> {
        let app = at.open()?;
        let findings = app.doctor(&Actor::operator())?;
        for finding in &findings {
            println!("{}: {}", finding.check, finding.what);
        }
        match findings.len() {
            0 => {
                println!("All is well.");
                Ok(())
            }
            1 => Err(Failure::Failed("1 thing is wrong".to_owned())),
            many => Err(Failure::Failed(format!("{many} things are wrong"))),
        }
    }
}
