//! `almoner dtoc`: official delayed days.

use crate::Format;
use crate::failure::Failure;
use crate::open::At;
use access::Actor;
use clap::{Args, Subcommand, ValueEnum};
use kernel::Month;
use place::Dimension;
use place::series::Series;
use serde_json::json;

/// Official delayed days.
///
/// Example: almoner dtoc series --area England --by reason --from 2018-04 --format csv
#[derive(Args)]
pub(crate) struct Dtoc {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// A monthly series of an area, with rates per 100,000 adults.
    Series {
        /// England, or a council by name, NHS code or ONS code.
        #[arg(long)]
        area: String,
        /// What the days are broken down by.
        #[arg(long, value_enum, default_value = "total")]
        by: By,
        /// First month, as YYYY-MM.
        #[arg(long, value_name = "YYYY-MM")]
        from: Option<Month>,
        /// Last month, as YYYY-MM.
        #[arg(long, value_name = "YYYY-MM")]
        to: Option<Month>,
        /// How to print.
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
}

#[derive(Clone, Copy, ValueEnum)]
enum By {
    /// Not broken down.
    Total,
    /// NHS, social care or both.
    Responsible,
    /// Reason A to I, and O from April 2017.
    Reason,
    /// Acute or non-acute care.
    CareType,
}

impl From<By> for Dimension {
    fn from(by: By) -> Self {
        match by {
            By::Total => Self::Total,
            By::Responsible => Self::Responsible,
            By::Reason => Self::Reason,
            By::CareType => Self::CareType,
        }
    }
}

impl Dtoc {
    pub(crate) fn run(&self, at: &At) -> Result<(), Failure> {
        let What::Series {
            area,
            by,
            from,
            to,
            format,
        } = &self.what;
        if let (Some(from), Some(to)) = (from, to)
            && from > to
        {
            return Err(Failure::Usage("--from is after --to".to_owned()));
        }
        let app = at.open()?;
        let series = app.series(&Actor::operator(), area, (*by).into(), *from, *to)?;
        match format {
            Format::Csv => print!("{}", series.csv()),
            Format::Json => println!("{}", serde_json::to_string(&as_json(&series))?),
            Format::Text => print_text(&series),
        }
        Ok(())
    }
}

fn as_json(series: &Series) -> serde_json::Value {
    let points: Vec<_> = series
        .points
        .iter()
        .map(|point| {
            json!({
                "month": point.month.to_string(),
                "key": point.key.as_str(),
                "days": point.days,
                "rate_per_100k": point.rate.map(|rate| rate.scaled(2) as f64 / 100.0),
                "population_year": point.population_year,
                "published": point.edition.published.map(|date| date.to_string()),
                "revised": point.edition.revised.map(|date| date.to_string()),
            })
        })
        .collect();
    json!({
        "area": series.name,
        "area_code": series.area.as_str(),
        "by": series.by.as_str(),
        "series": points,
    })
}

fn print_text(series: &Series) {
    println!("{}, delayed days by {}", series.name, series.by);
    for point in &series.points {
        let rate = point
            .rate
            .map_or_else(|| "no rate".to_owned(), |rate| rate.text(1));
        println!(
            "{}  {:<38} {:>8}  {:>8}",
            point.month,
            point.key.label(),
            point.days,
            rate
        );
    }
    let years: Vec<String> = series
        .population_years()
        .iter()
        .map(i16::to_string)
        .collect();
    if years.is_empty() {
        println!("No population is known for this area, so there are no rates.");
    } else {
        println!(
            "Rates are per 100,000 adults, population of mid-{}.",
            years.join(" and mid-")
        );
    }
    let missing: Vec<String> = series.missing().iter().map(Month::to_string).collect();
    if !missing.is_empty() {
        println!("No figures for {}.", missing.join(", "));
    }
    println!("Contains public sector information licensed under the Open Government Licence v3.0.");
}
