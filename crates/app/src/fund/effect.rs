//! What came of a fund's plan: metrics against their plan with what the difference is in days and pounds, and the
//! savings it claims.

use super::kept::needed;
use crate::flow::figures::CountedMetric;
use crate::{App, Error, Subject};
use ::fund::double_count::{Saving, Savings, savings};
use ::fund::effect::{Better, Compared, Counted, Figure, better, compare, standing};
use ::fund::ledger::Code;
use ::fund::period::Metric;
use ::fund::plan::PlannedMetric;
use access::{Action, Actor, Allowed};
use kernel::parameters::Decimal;
use kernel::{Month, Pence};
use store::fund::{self as rows, FigureRow};
use store::{Tx, journal};

/// A metric of a plan with what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetricEffect {
    /// Its short name.
    pub key: String,
    /// Its name.
    pub title: String,
    /// As what it is shown, such as `per 100,000`; empty where no period on file has it.
    pub scaling: String,
    /// Which way is better.
    pub better: Better,
    /// Stretches of the year against the plan.
    pub compared: Vec<Compared>,
    /// Every figure of all years, by month: of a month the latest that was typed and the latest that was counted.
    pub figures: Vec<FigureRow>,
    /// Of each month the one that is held against the plan.
    pub standing: Vec<Figure>,
    /// How it is counted here; `None` where it is not.
    pub counted: Option<CountedMetric>,
}

/// A price that differences are turned into pounds by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Price {
    /// What it is the price of.
    pub of: &'static str,
    /// How much, and where that is from; `None` where none is on file.
    pub price: Option<(Pence, String)>,
}

/// What came of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    /// The fund.
    pub fund: Code,
    /// The financial year, such as `2026/27`.
    pub year: String,
    /// Number of the plan's version; `None` if no plan of the year is kept.
    pub plan: Option<i64>,
    /// Metrics, in the order of the plan.
    pub metrics: Vec<MetricEffect>,
    /// Prices that were used.
    pub prices: Vec<Price>,
    /// Savings that the plan claims.
    pub claimed: Vec<Saving>,
    /// What of them can be spent elsewhere, and what not.
    pub savings: Savings,
}

/// A figure as it is handed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewFigure<'a> {
    /// The fund.
    pub fund: &'a Code,
    /// Short name of the metric in the plan.
    pub metric: &'a str,
    /// The month.
    pub month: Month,
    /// The figure.
    pub figure: &'a str,
    /// Of how many it is; empty where nobody says.
    pub of: &'a str,
    /// Where it is from.
    pub source: &'a str,
}

/// Whether a metric counts emergency admissions to hospital, which one price is of.
fn into_hospital(key: &str) -> bool {
    matches!(
        key,
        "emergency-admissions-65" | "avoidable-admissions" | "falls" | "non-elective-admissions"
    )
}

impl App {
    /// What came of a fund's plan of this year, or of another.
    ///
    /// # Errors
    /// Not allowed, or the store's.
    pub fn fund_effect(
        &self,
        actor: &Actor,
        fund: &Code,
        year: Option<i16>,
    ) -> Result<Effect, Error> {
        let allowed = access::decide(actor, Action::SeeLedger)?;
        let today = self.today();
        let year = year.unwrap_or_else(|| Month::of(today).financial_year());
        let written = ::fund::year::written(year);
        let first = ::fund::year::begins(&written).ok_or(Error::NotFound("year"))?;
        let price = |of: &'static str, key: &str| Price {
            of,
            price: self.policy().on(key, today).ok().and_then(|found| {
                let amount = found.pence().ok()?;
                Some((amount, found.source.clone()))
            }),
        };
        let day = price("A day in hospital", "cost.hospital_bed_day");
        let admission = price("An emergency admission", "cost.emergency_admission");
        self.store().write(|tx| {
            // A fund without an agreement has no plan to be held against.
            if rows::agreements(tx)?.iter().all(|one| one.fund != *fund) {
                return Err(Error::NotFound("fund"));
            }
            let plan = self.plan_of_year(tx, fund, &written)?;
            let figures = rows::figures(tx, fund)?;
            let prices = (&day, &admission);
            let metrics: Vec<MetricEffect> = plan
                .iter()
                .flat_map(|plan| &plan.plan.metrics)
                .map(|one| self.metric_effect(one, (&written, Month::of(first)), &figures, prices))
                .collect();
            let claimed = plan.as_ref().map(|plan| plan.plan.savings.clone());
            let claimed = claimed.unwrap_or_default();
            let subject = Subject {
                thing: format!("effect of fund {fund}"),
                results: metrics.len(),
                ..Subject::default()
            };
            self.looked(tx, actor, allowed, Action::SeeLedger, subject)?;
            Ok(Effect {
                fund: fund.clone(),
                year: written.clone(),
                plan: plan.map(|plan| plan.row.number),
                metrics,
                prices: vec![day.clone(), admission.clone()],
                savings: savings(&claimed),
                claimed,
            })
        })
    }

    /// One metric of a plan of a year, held against every figure of its fund.
    fn metric_effect(
        &self,
        one: &PlannedMetric,
        (year, first): (&str, Month),
        figures: &[FigureRow],
        (day, admission): (&Price, &Price),
    ) -> MetricEffect {
        let known = self.metric(&one.key, year);
        let mine: Vec<FigureRow> = figures
            .iter()
            .filter(|row| row.figure.metric == one.key)
            .cloned()
            .collect();
        let values: Vec<Figure> = mine.iter().map(|row| row.figure.clone()).collect();
        let values = standing(&values);
        let scaling = known.map_or("", |known| known.scaling.as_str());
        let amount = |price: &Price| price.price.as_ref().map(|(amount, _)| *amount);
        let counted = Counted {
            scaling,
            day: amount(day),
            admission: amount(admission).filter(|_| into_hospital(&one.key)),
        };
        MetricEffect {
            key: one.key.clone(),
            title: known.map_or_else(|| one.key.replace('-', " "), |it| it.title.clone()),
            scaling: scaling.to_owned(),
            better: better(&one.key),
            compared: compare(one, counted, first, &values),
            figures: mine,
            standing: values,
            counted: CountedMetric::parse(&one.key),
        }
    }

    /// What is on file of a metric: in the period of a year, or else in the latest that has it.
    pub(super) fn metric(&self, key: &str, year: &str) -> Option<&Metric> {
        let periods = self.fund_periods();
        let of = |period: &'_ ::fund::period::Period| {
            period.metrics.iter().position(|one| one.key == key)
        };
        let this = periods.of_year(year).into_iter();
        let all = this.chain(periods.all().iter().rev());
        all.filter_map(|period| period.metrics.get(of(period)?))
            .next()
    }

    /// Every figure of a fund's metrics, by metric and month: the latest typed and the latest counted.
    ///
    /// # Errors
    /// Not allowed, or the store's.
    pub fn fund_figures(&self, actor: &Actor, fund: &Code) -> Result<Vec<FigureRow>, Error> {
        access::decide(actor, Action::SeeLedger)?;
        Ok(self.store().read(|tx| rows::figures(tx, fund))?)
    }

    /// Keeps what came of a metric in a month, as it was typed. A later one of the same month stands in place
    /// of an earlier one, which is kept; never in place of one that was counted.
    ///
    /// # Errors
    /// Not allowed; what was typed cannot be used, with every fault; just as the one that stands; or the
    /// store's.
    pub fn keep_fund_figure(&self, actor: &Actor, new: &NewFigure<'_>) -> Result<FigureRow, Error> {
        let allowed = access::decide(actor, Action::PostLedger)?;
        let (value, of) = self.figure_typed(new)?;
        let source = needed("source", new.source, "Say where the figure is from")?;
        let (fund, month) = (new.fund, new.month);
        let figure = Figure {
            metric: new.metric.to_owned(),
            month,
            number: 0,
            value,
            of,
            source,
            counted: None,
        };
        self.store()
            .write(|tx| self.put_figure(tx, (actor, allowed), fund, &figure))
    }

    /// Keeps a figure of a metric that the plan of its year has. It gets the next number of its month.
    pub(super) fn put_figure(
        &self,
        tx: &mut dyn Tx,
        (actor, allowed): (&Actor, Allowed),
        fund: &Code,
        figure: &Figure,
    ) -> Result<FigureRow, Error> {
        let year = ::fund::year::written(figure.month.financial_year());
        let plan = self.plan_of_year(tx, fund, &year)?;
        let metrics = plan.iter().flat_map(|plan| &plan.plan.metrics);
        if !metrics.into_iter().any(|one| one.key == figure.metric) {
            let text = format!("The plan of {year} has no metric {:?}", figure.metric);
            return Err(Error::invalid("metric", text));
        }
        let of_month: Vec<Figure> = rows::figures(tx, fund)?
            .into_iter()
            .map(|row| row.figure)
            .filter(|one| one.metric == figure.metric && one.month == figure.month)
            .collect();
        let same = |one: &Figure| {
            let number = figure.number;
            Figure {
                number,
                ..one.clone()
            } == *figure
        };
        if of_month.iter().any(same) {
            return Err(Error::invalid("figure", "This figure is kept already"));
        }
        let last = of_month.iter().map(|one| one.number).max();
        let row = FigureRow {
            figure: Figure {
                number: last.map_or(1, |last| last + 1),
                ..figure.clone()
            },
            kept: (self.now(), actor.display_name.clone()),
        };
        rows::put_figure(tx, fund, &row)?;
        let (metric, month) = (&figure.metric, figure.month);
        let subject = Subject {
            thing: format!("figure of fund {fund}, {metric}, {month}"),
            results: 1,
            ..Subject::default()
        };
        let what = match figure.counted {
            Some(_) => "fund: count figure",
            None => "fund: keep figure",
        };
        let kind = journal::Kind::Command;
        self.record(tx, actor, allowed, kind, what, subject)?;
        Ok(row)
    }

    fn figure_typed(&self, new: &NewFigure<'_>) -> Result<(Decimal, Option<i64>), Error> {
        let plain = |text: &str| text.trim().replace(',', "");
        let value = Decimal::parse(&plain(new.figure))
            .ok_or_else(|| Error::invalid("figure", "Write a figure such as 1.2 or 610"))?;
        let of = match plain(new.of).as_str() {
            "" => None,
            text => match text.parse::<i64>() {
                Ok(of) if of > 0 => Some(of),
                _ => return Err(Error::invalid("of", "Write a whole number above nought")),
            },
        };
        match new.month.last() >= self.today() {
            true => Err(Error::invalid("month", "The month must be over")),
            false => Ok((value, of)),
        }
    }
}
