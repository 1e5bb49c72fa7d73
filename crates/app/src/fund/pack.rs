//! The board pack of a fund.

use crate::{App, Error};
use ::fund::ledger::Code;
use ::fund::pack::{Beside, pack};
use access::Actor;

impl App {
    /// One page of text for the partnership board, as the ledger stands today.
    ///
    /// # Errors
    /// Not allowed, no agreement in force, a plan whose year is not on file, or the store's.
    pub fn fund_pack(&self, actor: &Actor, fund: &Code) -> Result<String, Error> {
        let page = self.fund_page(actor, fund, None)?;
        let open = self.disputes(actor)?.into_iter();
        let open = open.filter(|one| one.row.fund == *fund && one.dispute.outcome.is_none());
        let disputes = open.map(|one| {
            let stage = one.stages.get(one.dispute.stage());
            let stage = stage.map_or("", |stage| stage.name.as_str());
            let late = if one.late {
                ", and its time is over"
            } else {
                ""
            };
            format!(
                "{} with {} over {}: {}. Stage: {stage}{late}.",
                one.sides.0, one.sides.1, one.row.amount, one.row.about
            )
        });
        let plan = match page.plan {
            None => None,
            Some(number) => {
                let checked = self.fund_plan_checked(actor, fund, number)?;
                let conditions = checked.report.conditions.into_iter();
                let lines = conditions.map(|one| {
                    let finding = one.finding;
                    format!("{}: {}. {}", one.title, finding.verdict, finding.why)
                });
                Some(lines.collect())
            }
        };
        let beside = Beside {
            disputes: disputes.collect(),
            plan,
        };
        Ok(pack(&page.agreement, &page.position, &beside))
    }
}
