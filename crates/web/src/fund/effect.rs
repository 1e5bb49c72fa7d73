//! What came of a fund's plan: each metric against its plan with a control chart, what the difference is in days
//! and pounds, the savings, and a form for a month's figure.

use super::charts::{self, Series};
use super::{address, money, pool, upload};
use crate::components::Choice;
use crate::door::Visit;
use crate::form::Reading;
use crate::routes::Outcome;
use crate::sheet::{self, Cell, Filters, Sheet, SheetForm, SheetPart, Table};
use crate::shell::{self, Section, Shell};
use crate::{Web, words};
use ::fund::double_count::Saving;
use ::fund::effect::{Better, Compared, thousandths};
use ::fund::ledger::Code;
use access::{Action, Actor};
use app::fund::{Effect, MetricEffect, NewFigure};
use jiff::civil::Date;
use kernel::parameters::Decimal;
use kernel::{Month, Pence};

/// Decimals of the values of charts.
const PLACES: u32 = 3;

pub(super) fn page(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let fund = pool::code(visit, actor)?;
    drawn(web, visit, actor, &fund, Reading::default())
}

pub(super) fn keep(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    access::decide(actor, Action::PostLedger).map_err(app::Error::from)?;
    let fund = pool::code(visit, actor)?;
    let sent = &visit.form;
    let mut reading = Reading::default();
    match sent.parsed::<Month>("month") {
        None => reading.fault("month", "Choose a month"),
        Some(month) => {
            let new = NewFigure {
                fund: &fund,
                metric: sent.get("metric"),
                month,
                figure: sent.get("figure"),
                of: sent.get("of"),
                source: sent.get("source"),
            };
            match web.app.keep_fund_figure(actor, &new) {
                Ok(_) => return Ok(shell::see_other(&address(&fund, "/effect?saved=1"))),
                Err(app::Error::Invalid(errors)) => upload::faults(&mut reading, errors),
                Err(other) => return Err(other.into()),
            }
        }
    }
    drawn(web, visit, actor, &fund, reading)
}

fn drawn(web: &Web, visit: &Visit, actor: &Actor, fund: &Code, reading: Reading) -> Outcome {
    let this = Month::of(web.app.today()).financial_year();
    let year = visit.query.parsed("year").unwrap_or(this);
    let effect = web.app.fund_effect(actor, fund, Some(year))?;
    let shell = Shell::new(web, visit, "What came of the plan", Section::Fund);
    let mut sheet = Sheet::new(shell.with_faults(!reading.faults.is_empty()));
    sheet.back = address(fund, "");
    sheet.back_words = super::BACK;
    sheet.caption = format!("Year {}", effect.year);
    sheet.filters = Some(years(fund, this, year));
    if visit.query.get("saved") == "1" {
        sheet.saved = "The figure is kept";
    }
    if effect.plan.is_none() {
        let text = format!(
            "No plan of {} is kept, so that there is nothing to hold figures against.",
            effect.year
        );
        sheet.intro.push(text);
    }
    for metric in &effect.metrics {
        sheet
            .parts
            .extend(metric_parts(metric, Month::of(web.app.today())));
    }
    if !effect.metrics.is_empty() {
        sheet.parts.push(prices(&effect));
    }
    sheet.parts.push(savings(&effect, web.app.today()));
    if !effect.metrics.is_empty() && access::decide(actor, Action::PostLedger).is_ok() {
        sheet.parts.push(form(web, visit, &effect, &reading));
    }
    sheet.faults = reading.faults;
    shell::ok(&sheet)
}

fn years(fund: &Code, this: i16, chosen: i16) -> Filters {
    let chosen = chosen.to_string();
    let choices = (0..3)
        .map(|back| this - back)
        .map(|year| Choice::new(year.to_string(), ::fund::year::written(year), &chosen))
        .collect();
    Filters {
        action: address(fund, "/effect"),
        fields: vec![sheet::select(
            &Reading::default(),
            "year",
            ("Financial year", ""),
            choices,
        )],
    }
}

/// A difference in the metric's unit with its sign, and whether that is better.
fn difference(one: &Compared, better: Better) -> Cell {
    let Some(units) = one.difference else {
        return Cell::number("–").with_under("no figure yet");
    };
    let size = Decimal {
        units: units.saturating_abs(),
        scale: 3,
    };
    let sign = match units {
        0 => "",
        1.. => "+",
        _ => "−",
    };
    let said = match (units, better) {
        (0, _) => "as planned",
        (_, Better::NotKnown) if units > 0 => "more than planned",
        (_, Better::NotKnown) => "less than planned",
        (_, Better::Lower) if units < 0 => "better than planned",
        (_, Better::Higher) if units > 0 => "better than planned",
        _ => "worse than planned",
    };
    Cell::number(format!("{sign}{}", size.shortest())).with_under(said)
}

/// The difference as people or days.
fn turned(one: &Compared) -> Cell {
    let (count, what) = match (one.days, one.people) {
        (Some(days), _) => (days, "day"),
        (None, Some(people)) => (people, "admission"),
        (None, None) => return Cell::number("–"),
    };
    let side = match count {
        0 => "",
        1.. => "more than planned",
        _ => "fewer than planned",
    };
    Cell::number(words::counted(count.saturating_abs(), what)).with_under(side)
}

/// What a metric's row costs or spares.
const COST: money::Sides = money::Sides {
    more: "more than planned",
    less: "less than planned",
    nought: "as planned",
};

fn row(one: &Compared, better: Better) -> Vec<Cell> {
    let figure = |value: Option<Decimal>| match value {
        Some(value) => Cell::number(value.shortest().to_string()),
        None => Cell::number("–"),
    };
    let (first, last) = one.months;
    let when = match first == last {
        true => first.in_words(),
        false => format!("{} to {}", first.in_words(), last.in_words()),
    };
    vec![
        Cell::text(when),
        figure(one.planned),
        figure(one.actual),
        difference(one, better),
        turned(one),
        one.cost
            .map_or_else(|| Cell::number("–"), |cost| COST.cell(cost)),
    ]
}

/// What is planned for the latest month with a figure, where each month has a plan of its own.
fn target(metric: &MetricEffect) -> Option<i64> {
    let months = metric.compared.iter().rev();
    let mut told = months.filter(|one| one.months.0 == one.months.1 && one.actual.is_some());
    told.next()?.planned.and_then(thousandths)
}

fn metric_parts(metric: &MetricEffect, this: Month) -> Vec<SheetPart> {
    let points: Vec<(Month, i64)> = metric
        .figures
        .iter()
        .filter_map(|row| Some((row.figure.month, thousandths(row.figure.value)?)))
        .collect();
    let title = words::sentence(&metric.title);
    let drawn = charts::drawn(&Series {
        id: &metric.key,
        title: &title,
        unit: &words::sentence(&metric.scaling),
        points: &points,
        places: PLACES,
        better: metric.better,
        target: target(metric),
    });
    let mut lines = Vec::new();
    let mut chart = None;
    match drawn {
        None => lines.push("Fewer than three figures are kept: too few for a chart.".to_owned()),
        Some((part, said)) => {
            lines.push(said);
            chart = Some(part);
        }
    }
    let compared = SheetPart {
        table: Some(Table {
            caption: format!("{title}: planned and actual"),
            heads: vec![
                "When",
                "Planned",
                "Actual",
                "Difference",
                "In people or days",
                "In pounds",
            ],
            // Stretches that have not begun have nothing to say.
            rows: metric
                .compared
                .iter()
                .filter(|one| one.months.0 <= this)
                .map(|one| row(one, metric.better))
                .collect(),
        }),
        ..SheetPart::default()
    };
    vec![
        SheetPart {
            title: match metric.scaling.as_str() {
                "" => title,
                scaling => format!("{title}, {scaling}"),
            },
            lines,
            chart,
            ..SheetPart::default()
        },
        compared,
        sources(metric),
    ]
}

/// Every figure of a metric with its source, the latest first.
fn sources(metric: &MetricEffect) -> SheetPart {
    let rows: Vec<Vec<Cell>> = metric
        .figures
        .iter()
        .rev()
        .map(|row| {
            let figure = &row.figure;
            let number = match figure.number {
                1 => String::new(),
                number => format!("figure {number} of this month"),
            };
            vec![
                Cell::text(figure.month.in_words()).with_under(number),
                Cell::number(figure.value.to_string()),
                figure
                    .of
                    .map_or_else(|| Cell::number("–"), |of| Cell::number(words::count(of))),
                Cell::text(figure.source.clone()),
            ]
        })
        .collect();
    SheetPart {
        lines: match rows.is_empty() {
            true => vec!["No figure is kept.".to_owned()],
            false => Vec::new(),
        },
        table: (!rows.is_empty()).then(|| Table {
            caption: format!("{}: figures and their sources", metric.title),
            heads: vec!["Month", "Figure", "Of how many", "Source"],
            rows,
        }),
        ..SheetPart::default()
    }
}

fn prices(effect: &Effect) -> SheetPart {
    let points = effect.prices.iter().map(|one| match &one.price {
        Some((amount, source)) => format!("{}: {amount}. Source: {source}.", one.of),
        None => format!(
            "{}: no price is on file, so that no pounds are shown.",
            one.of
        ),
    });
    SheetPart {
        title: "Prices".to_owned(),
        lines: vec![
            "Fewer days or admissions are time and beds for other people. They are no money that can be \
             spent again: that is only where something closes, which is listed under savings."
                .to_owned(),
        ],
        points: points.collect(),
        ..SheetPart::default()
    }
}

fn saving(one: &Saving, today: Date) -> Vec<Cell> {
    let closes = match (&one.closes, one.closes_on) {
        (closes, Some(day)) if !closes.is_empty() => {
            let when = if day <= today {
                "was to close on"
            } else {
                "closes on"
            };
            Cell::text(closes.clone()).with_under(format!("{when} {}", words::date(day)))
        }
        (closes, _) if !closes.is_empty() => {
            Cell::text(closes.clone()).with_under("no day is named")
        }
        _ => Cell::text("Nothing that closes is named"),
    };
    let kind = match one.is_cashable() {
        true => "Can be spent elsewhere",
        false => "Time and beds, no money",
    };
    vec![
        Cell::text(one.reference.clone()).with_under(format!("scheme {}", one.scheme)),
        closes,
        Cell::text(kind),
        Cell::number(one.amount.to_string()),
    ]
}

fn savings(effect: &Effect, today: Date) -> SheetPart {
    let mut rows: Vec<Vec<Cell>> = effect
        .claimed
        .iter()
        .map(|one| saving(one, today))
        .collect();
    if !rows.is_empty() {
        for (what, amount) in [
            ("Can be spent elsewhere, in all", effect.savings.cashable),
            ("Time and beds, in all", effect.savings.not_cashable),
        ] {
            let together: Pence = amount;
            rows.push(vec![
                Cell::text(what),
                Cell::text(""),
                Cell::text(""),
                Cell::number(together.to_string()),
            ]);
        }
    }
    SheetPart {
        title: "Savings that the plan claims".to_owned(),
        lines: match rows.is_empty() {
            true => vec!["None.".to_owned()],
            false => vec![
                "Money can be spent elsewhere only where a ward, a contract or the like is named that closes, \
                 with its day. One that is claimed twice counts once in the sums."
                    .to_owned(),
            ],
        },
        table: (!rows.is_empty()).then(|| Table {
            caption: "Savings, and whether they are money".to_owned(),
            heads: vec!["Saving", "What closes", "What it is", "Amount"],
            rows,
        }),
        ..SheetPart::default()
    }
}

fn form(web: &Web, visit: &Visit, effect: &Effect, reading: &Reading) -> SheetPart {
    let typed = &visit.form;
    let last = Month::of(web.app.today()).previous();
    let months = std::iter::successors(Some(last), |month| Some(month.previous())).take(18);
    let months = months
        .map(|month| Choice::new(month.to_string(), month.in_words(), typed.get("month")))
        .collect();
    let metrics = effect
        .metrics
        .iter()
        .map(|one| {
            Choice::new(
                one.key.clone(),
                words::sentence(&one.title),
                typed.get("metric"),
            )
        })
        .collect();
    SheetPart {
        title: "Keep a figure".to_owned(),
        lines: vec![
            "A later figure of the same month stands in place of an earlier one, which is kept."
                .to_owned(),
        ],
        form: Some(SheetForm {
            action: address(&effect.fund, "/effect"),
            hidden: Vec::new(),
            fields: vec![
                sheet::select(reading, "metric", ("Metric", ""), metrics),
                sheet::select(reading, "month", ("Month", ""), months),
                sheet::line(
                    reading,
                    "figure",
                    ("Figure", "Such as 1.2 or 610"),
                    typed.get("figure"),
                ),
                sheet::line(
                    reading,
                    "of",
                    (
                        "Of how many",
                        "Discharges of an average delay, people of a rate. Leave it empty if you do not know",
                    ),
                    typed.get("of"),
                ),
                sheet::line(
                    reading,
                    "source",
                    ("Where it is from", "Such as the trust's monthly return"),
                    typed.get("source"),
                ),
            ],
            button: "Keep the figure",
            file: None,
        }),
        ..SheetPart::default()
    }
}
