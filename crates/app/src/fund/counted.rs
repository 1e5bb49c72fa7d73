//! Figures of a plan's metrics that are counted from the stays of this place.

use crate::flow::figures::{CountedMetric, whom_metrics_count};
use crate::{App, Error};
use ::fund::effect::{CountedFrom, Figure};
use ::fund::ledger::Code;
use ::fund::plan::PlanPartnerKind;
use access::{Action, Actor};
use kernel::Month;
use kernel::parameters::Decimal;
use store::Tx;
use store::fund::FigureRow;

impl App {
    /// Counts what came of a metric in a month from the stays in the store, by the rules of the return that counts the
    /// same, and keeps it as counted. Counting again keeps the new figure beside the old one.
    ///
    /// # Errors
    /// Not allowed to post or to make returns; no such metric here, nothing to count or not over yet
    /// ([`Error::Invalid`]); whoever asks sees people, so that records that are kept apart are not
    /// counted for them; the same as the one that stands; or the store's.
    pub fn count_fund_figure(
        &self,
        actor: &Actor,
        fund: &Code,
        (metric, month): (&str, Month),
    ) -> Result<FigureRow, Error> {
        let allowed = access::decide(actor, Action::PostLedger)?;
        access::decide(actor, Action::MakeReturn)?;
        let counted = whom_metrics_count(actor)?;
        let known = CountedMetric::parse(metric).ok_or_else(|| {
            let all: Vec<&str> = CountedMetric::ALL.iter().map(|one| one.as_str()).collect();
            let text = format!("Is not counted here; counted are {}", all.join(", "));
            Error::invalid("metric", text)
        })?;
        if month.last() >= self.today() {
            return Err(Error::invalid("month", "The month must be over"));
        }
        // Counting comes first, so that nobody waits for it who posts.
        let found = self.store().read(|tx| {
            let councils = self.plan_councils(tx, fund, month)?;
            self.count_metric(tx, (known, &councils), month, counted)
        })?;
        let figure = Figure {
            metric: metric.to_owned(),
            month,
            number: 0,
            value: Decimal::parse(&found.value)
                .ok_or_else(|| Error::Policy(format!("{:?} is no figure", found.value)))?,
            of: Some(found.of),
            source: found.said,
            counted: Some(CountedFrom {
                of_return: known.of_return().as_str().to_owned(),
                period: known.period(month),
            }),
        };
        self.store()
            .write(|tx| self.put_figure(tx, (actor, allowed), fund, &figure))
    }

    /// Names of the councils of the plan of a month's year: the area whose people its rates are of.
    fn plan_councils(
        &self,
        tx: &mut dyn Tx,
        fund: &Code,
        month: Month,
    ) -> Result<Vec<String>, Error> {
        let year = ::fund::year::written(month.financial_year());
        let plan = self.plan_of_year(tx, fund, &year)?;
        let partners = plan.into_iter().flat_map(|kept| kept.plan.partners);
        let councils = partners.filter(|one| one.kind == PlanPartnerKind::Council);
        Ok(councils.map(|one| one.name).collect())
    }
}
