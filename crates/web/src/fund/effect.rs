//! What came of a fund's plan: each metric against its plan with a control chart, what the difference is in days
//! and pounds, the savings, and a form for a month's figure.

use super::charts::{self, Series};
use super::{address, money, pool, upload};
use crate::components::Choice;
use crate::door::Visit;
use crate::form::{Reading, escape};
use crate::routes::Outcome;
use crate::sheet::{self, Cell, Filters, Fold, Sheet, SheetForm, SheetPart, Table};
use crate::shell::{self, Section, Shell};
use crate::{Web, words};
use ::fund::double_count::Saving;
use ::fund::effect::{Better, Compared, CountedFrom, thousandths};
use ::fund::ledger::Code;
use access::{Action, Actor};
use app::fund::{Effect, FigureRow, MetricEffect, NewFigure};
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
    if sent.get("how") == "counted" {
        return count(web, visit, actor, &fund);
    }
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

/// Counts a figure from the stays and keeps it.
fn count(web: &Web, visit: &Visit, actor: &Actor, fund: &Code) -> Outcome {
    let sent = &visit.form;
    let mut reading = Reading::default();
    match sent.parsed::<Month>("counted-month") {
        None => reading.fault("counted-month", "Choose a month"),
        Some(month) => {
            let what = (sent.get("counted-metric"), month);
            match web.app.count_fund_figure(actor, fund, what) {
                Ok(_) => return Ok(shell::see_other(&address(fund, "/effect?saved=counted"))),
                Err(app::Error::Invalid(errors)) => {
                    for one in errors {
                        let field = match one.field {
                            "metric" => "counted-metric",
                            _ => "counted-month",
                        };
                        reading.fault(field, words::sentence(&one.text));
                    }
                }
                Err(other) => return Err(other.into()),
            }
        }
    }
    drawn(web, visit, actor, fund, reading)
}

/// The address of the return that a figure was counted from.
pub(super) fn counted_from(from: &CountedFrom) -> String {
    let (of, period) = (escape(&from.of_return), escape(&from.period));
    format!("/flow/returns/{of}?period={period}")
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
    sheet.saved = match visit.query.get("saved") {
        "1" => "The figure is kept",
        "counted" => "The figure is counted and kept",
        _ => "",
    };
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
        if access::decide(actor, Action::MakeReturn).is_ok() {
            sheet
                .parts
                .extend(count_form(web, visit, &effect, &reading));
        }
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
        .standing
        .iter()
        .filter_map(|one| Some((one.month, thousandths(one.value)?)))
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

/// Months of figures that are shown at first sight.
const AT_FIRST: usize = 12;

/// A figure with how it came to be, and whether it is the one that is held against the plan.
fn source(metric: &MetricEffect, row: &FigureRow) -> Vec<Cell> {
    let figure = &row.figure;
    let number = match figure.number {
        1 => String::new(),
        number => format!("figure {number} of this month"),
    };
    let alone = metric
        .figures
        .iter()
        .filter(|other| other.figure.month == figure.month)
        .count()
        == 1;
    let stands = metric.standing.contains(figure);
    let under = match (alone, stands) {
        (true, _) => "",
        (false, true) => "held against the plan",
        (false, false) => "shown beside the counted one",
    };
    let how = match &figure.counted {
        None => Cell::text("Typed"),
        Some(from) => Cell::link(counted_from(from), "Counted from the stays").leading(
            counted_from(from),
            format!(", return of {}", figure.month.in_words()),
        ),
    };
    vec![
        Cell::text(figure.month.in_words()).with_under(number),
        Cell::number(figure.value.to_string()).with_under(under),
        figure
            .of
            .map_or_else(|| Cell::number("–"), |of| Cell::number(words::count(of))),
        how,
        Cell::text(words::sentence(&figure.source)),
    ]
}

/// Every figure of a metric with its source, the latest first: a year at first sight, and those before folded.
fn sources(metric: &MetricEffect) -> SheetPart {
    let latest = metric.figures.last().map(|row| row.figure.month);
    let from = latest.map(|month| (1..AT_FIRST).fold(month, |month, _| month.previous()));
    let table = |recent: bool, caption: String| {
        let rows: Vec<Vec<Cell>> = metric
            .figures
            .iter()
            .rev()
            .filter(|row| from.is_some_and(|from| row.figure.month >= from) == recent)
            .map(|row| source(metric, row))
            .collect();
        (!rows.is_empty()).then(|| Table {
            caption,
            heads: vec!["Month", "Figure", "Of how many", "How", "Source"],
            rows,
        })
    };
    let title = &metric.title;
    let earlier = table(false, format!("{title}: figures of earlier months"));
    SheetPart {
        lines: match metric.figures.is_empty() {
            true => vec!["No figure is kept.".to_owned()],
            false => Vec::new(),
        },
        table: table(true, format!("{title}: figures and their sources")),
        folded: earlier
            .map(|table| Fold {
                words: format!("Figures of earlier months: {}", words::lower_first(title)),
                table,
            })
            .into_iter()
            .collect(),
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
        Cell::amount(one.amount),
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
                Cell::amount(together),
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

/// Months that are over, the latest first.
fn months(web: &Web, chosen: &str) -> Vec<Choice> {
    let last = Month::of(web.app.today()).previous();
    let months = std::iter::successors(Some(last), |month| Some(month.previous())).take(18);
    months
        .map(|month| Choice::new(month.to_string(), month.in_words(), chosen))
        .collect()
}

fn metrics<'a>(all: impl Iterator<Item = &'a MetricEffect>, chosen: &str) -> Vec<Choice> {
    all.map(|one| Choice::new(one.key.clone(), words::sentence(&one.title), chosen))
        .collect()
}

/// A form to count a month's figure from the stays, where a metric of the plan is counted here.
fn count_form(web: &Web, visit: &Visit, effect: &Effect, reading: &Reading) -> Option<SheetPart> {
    let typed = &visit.form;
    let counted = effect.metrics.iter().filter(|one| one.counted.is_some());
    let metrics = metrics(counted, typed.get("counted-metric"));
    (!metrics.is_empty()).then(|| SheetPart {
        title: "Count a figure".to_owned(),
        lines: vec![
            "It is counted from the stays of every council here, as the return counts them, and kept with what it was \
             counted from. What is typed never covers it: both are shown."
                .to_owned(),
        ],
        form: Some(SheetForm {
            action: address(&effect.fund, "/effect"),
            hidden: vec![("how", "counted".to_owned())],
            fields: vec![
                sheet::select(reading, "counted-metric", ("Metric to count", ""), metrics),
                sheet::select(
                    reading,
                    "counted-month",
                    ("Month to count", ""),
                    months(web, typed.get("counted-month")),
                ),
            ],
            button: "Count and keep it",
            file: None,
        }),
        ..SheetPart::default()
    })
}

fn form(web: &Web, visit: &Visit, effect: &Effect, reading: &Reading) -> SheetPart {
    let typed = &visit.form;
    let months = months(web, typed.get("month"));
    let metrics = metrics(effect.metrics.iter(), typed.get("metric"));
    SheetPart {
        title: "Keep a figure".to_owned(),
        lines: vec![
            "A later figure of the same month stands in place of an earlier one, which is kept. It never covers one that was \
             counted."
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
