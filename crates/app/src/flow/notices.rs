//! Checks that where each notice stands is what the messages of its stay say.

use crate::{App, Error};
use ::flow::receive::{Told, standings};
use store::Tx;
use store::flow as rows;

impl App {
    /// Notices that stand elsewhere than the messages of their stay say.
    pub(crate) fn notice_findings(&self, tx: &mut dyn Tx) -> Result<Vec<String>, Error> {
        let all = rows::told_of_all(tx)?;
        let mut findings = Vec::new();
        for of_stay in all.chunk_by(|one, next| one.0 == next.0) {
            let told: Vec<Told> = of_stay.iter().map(|(_, told)| told.clone()).collect();
            for (standing, told) in standings(&told).iter().zip(&told) {
                if standing.status != told.notice.status {
                    findings.push(format!(
                        "notice {} stands as {}, its messages say {}",
                        standing.id, told.notice.status, standing.status
                    ));
                }
            }
        }
        Ok(findings)
    }
}
