//! `almoner fund forecast`: what each scheme will have spent at the end of the year.

use super::read;
use crate::Format;
use crate::failure::Failure;
use crate::load::quoted;
use crate::open::At;
use access::Actor;
use clap::{Args, ValueEnum};
use fund::forecast::Method;
use fund::ledger::Code;
use fund::position::{Position, SchemeAt};
use kernel::Pence;
use serde_json::{Value, json};

/// What each scheme will have spent at the year's end, by three methods, each with its range.
///
/// A range is what the months that are closed have shown. It is no probability.
///
/// Example: almoner fund forecast --method straight-line --format csv
#[derive(Args)]
pub(super) struct ForecastOf {
    /// Code of the fund; needed where there are several.
    #[arg(long, value_name = "CODE")]
    fund: Option<Code>,
    /// One method alone. Default: all three.
    #[arg(long, value_enum)]
    method: Option<MethodWord>,
    /// How to print.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// How a forecast is made.
#[derive(Clone, Copy, ValueEnum)]
pub(super) enum MethodWord {
    /// As the months that are over, for the whole year.
    StraightLine,
    /// As the year before went on from the same month.
    YearBefore,
    /// What is committed, and what came outside commitments until now.
    CommitmentsAndTrend,
}

impl From<MethodWord> for Method {
    fn from(word: MethodWord) -> Self {
        match word {
            MethodWord::StraightLine => Self::StraightLine,
            MethodWord::YearBefore => Self::YearBefore,
            MethodWord::CommitmentsAndTrend => Self::CommitmentsAndTrend,
        }
    }
}

/// One forecast, or why there is none.
struct Line<'a> {
    scheme: &'a SchemeAt,
    method: Method,
    /// Forecast, lowest and highest.
    amounts: Result<[Pence; 3], String>,
}

impl ForecastOf {
    pub(super) fn run(&self, at: &At) -> Result<(), Failure> {
        let app = at.open()?;
        let fund = read::fund(&app, self.fund.as_ref())?;
        let page = app.fund_page(&Actor::operator(), &fund, None)?;
        let wanted = self.method.map(Method::from);
        let mut lines = lines(&page.position);
        lines.retain(|line| wanted.is_none_or(|method| method == line.method));
        match self.format {
            Format::Json => println!("{}", as_json(&fund, &page.position, &lines)),
            Format::Csv => print!("{}", csv(&lines)),
            Format::Text => print!("{}", in_words(&page.position, &lines)),
        }
        Ok(())
    }
}

fn lines(position: &Position) -> Vec<Line<'_>> {
    position.schemes.iter().flat_map(of_scheme).collect()
}

fn of_scheme(scheme: &SchemeAt) -> impl Iterator<Item = Line<'_>> {
    let made = scheme.forecasts.iter().map(move |one| Line {
        scheme,
        method: one.method,
        amounts: Ok([one.outturn, one.low, one.high]),
    });
    made.chain(scheme.no_forecast.iter().map(move |(method, why)| Line {
        scheme,
        method: *method,
        amounts: Err(why.to_string()),
    }))
}

/// Amounts in pounds with two decimals as text; null where there is no forecast.
fn as_json(fund: &Code, position: &Position, lines: &[Line<'_>]) -> Value {
    let each = lines.iter().map(|line| {
        let amount = |at: usize| line.amounts.as_ref().ok().map(|all| all[at].in_decimals());
        json!({
            "scheme": line.scheme.key.as_str(),
            "name": line.scheme.name,
            "method": line.method.as_str(),
            "budget": line.scheme.budget.in_decimals(),
            "forecast": amount(0),
            "low": amount(1),
            "high": amount(2),
            "why_not": line.amounts.as_ref().err(),
        })
    });
    json!({
        "fund": fund.as_str(),
        "year": position.year,
        "on": position.on.to_string(),
        "months_closed": position.over.len(),
        "forecasts": each.collect::<Vec<_>>(),
    })
}

fn csv(lines: &[Line<'_>]) -> String {
    let mut text = "scheme,name,method,budget,forecast,low,high,why_not\n".to_owned();
    for line in lines {
        let scheme = line.scheme;
        let (amounts, why) = match &line.amounts {
            Ok(all) => (all.map(Pence::in_decimals), ""),
            Err(why) => (Default::default(), why.as_str()),
        };
        let [forecast, low, high] = amounts;
        let budget = scheme.budget.in_decimals();
        let cells = [
            scheme.key.as_str(),
            &scheme.name,
            line.method.as_str(),
            &budget,
            &forecast,
            &low,
            &high,
            why,
        ];
        text.push_str(&cells.map(quoted).join(","));
        text.push('\n');
    }
    text
}

fn in_words(position: &Position, lines: &[Line<'_>]) -> String {
    let mut text = format!(
        "{}, on {}; months closed: {} of 12\n",
        position.year,
        position.on,
        position.over.len()
    );
    for one in lines.chunk_by(|one, other| one.scheme.key == other.scheme.key) {
        let Some(first) = one.first() else { continue };
        let scheme = first.scheme;
        text.push_str(&format!(
            "\n{}, {}: budget {}\n",
            scheme.key, scheme.name, scheme.budget
        ));
        for line in one {
            let method = line.method.as_str();
            match &line.amounts {
                Ok([forecast, low, high]) => {
                    let apart = apart(*forecast - scheme.budget);
                    text.push_str(&format!(
                        "  {method}: {forecast} ({low} to {high}), {apart}\n"
                    ));
                }
                Err(why) => text.push_str(&format!("  {method}: none, {why}\n")),
            }
        }
    }
    text
}

/// How far a forecast is from the budget.
fn apart(amount: Pence) -> String {
    match amount.0 {
        0 => "as budgeted".to_owned(),
        1.. => format!("{amount} over"),
        _ => format!("{} under", -amount),
    }
}
