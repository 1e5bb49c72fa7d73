//! Checks every invariant of the store and names what does not hold.

use crate::{App, Error};
use access::{Action, Actor};

/// Something the doctor found wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which invariant, in a few words.
    pub check: String,
    /// What is wrong; ids only, no personal data.
    pub what: String,
}

impl App {
    /// Checks the journal's chain, references, delay segments, counts and the ledger.
    /// Empty when all is well.
    ///
    /// # Errors
    /// Not allowed, or the store's.
    pub fn doctor(&self, actor: &Actor) -> Result<Vec<Finding>, Error> {
        access::decide(actor, Action::CheckStore)?;
        self.store().read(|tx| {
            let mut findings: Vec<_> = store::verify(tx)?
                .into_iter()
                .map(|problem| Finding {
                    check: problem.check.to_owned(),
                    what: problem.what,
                })
                .collect();
            for what in self.segment_findings(tx)? {
                findings.push(Finding {
                    check: "the delays of a stay follow the rules".to_owned(),
                    what,
                });
            }
            for what in self.notice_findings(tx)? {
                findings.push(Finding {
                    check: "a notice stands where the messages of its stay say".to_owned(),
                    what,
                });
            }
            for what in self.tie_findings(tx)? {
                findings.push(Finding {
                    check: "whoever cares for somebody may see their record".to_owned(),
                    what,
                });
            }
            for what in self.oversight_findings(tx)? {
                findings.push(Finding {
                    check: "whoever sees what they otherwise may not is reviewed in time"
                        .to_owned(),
                    what,
                });
            }
            for what in self.passport_findings(tx)? {
                findings.push(Finding {
                    check: "the signed copy of a passport checks".to_owned(),
                    what,
                });
            }
            for fault in self.ledger_faults(tx)? {
                findings.push(Finding {
                    check: format!("ledger: {}", fault.check),
                    what: fault.what,
                });
            }
            Ok(findings)
        })
    }
}
