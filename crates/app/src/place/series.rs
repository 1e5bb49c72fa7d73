//! Series of official delayed days, with rates.

use crate::{App, Error, Subject};
use ::place::area::{folded_name, nearest, shown_name};
use ::place::population::year_for;
use ::place::series::{Point, Series};
use ::place::{AreaCode, Dimension, Rate};
use access::{Action, Actor};
use kernel::Month;
use store::Tx;
use store::place::MonthRow;

/// An area that has official statistics.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Area {
    /// Its code.
    pub code: AreaCode,
    /// Its name as shown.
    pub name: String,
    /// Its ONS code, if known.
    pub ons: Option<String>,
}

/// What the statistics page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statistics {
    /// Every area there is to choose.
    pub areas: Vec<Area>,
    /// The series of the area chosen; `None` when there are no statistics at all.
    pub series: Option<Series>,
}

impl App {
    /// Every area that has official statistics: England first, then by name.
    ///
    /// # Errors
    /// Not allowed, or the store's.
    pub fn areas(&self, actor: &Actor) -> Result<Vec<Area>, Error> {
        access::decide(actor, Action::SeeStatistics)?;
        self.store().read(areas)
    }

    /// The series of an area, named or by code, by one breakdown. The look is
    /// journalled.
    ///
    /// # Errors
    /// Not allowed; no such area, with the nearest names; or the store's.
    pub fn series(
        &self,
        actor: &Actor,
        area: &str,
        by: Dimension,
        from: Option<Month>,
        to: Option<Month>,
    ) -> Result<Series, Error> {
        let areas = self.areas(actor)?;
        let area = find(&areas, area)?;
        self.look_at(actor, area, by, from, to)
    }

    /// Everything the statistics page shows: the areas, and the series of the one
    /// asked for, or of England, or of the first there is. The look is journalled.
    ///
    /// # Errors
    /// Not allowed; no such area, with the nearest names; or the store's.
    pub fn statistics(
        &self,
        actor: &Actor,
        area: Option<&str>,
        by: Dimension,
        from: Option<Month>,
        to: Option<Month>,
    ) -> Result<Statistics, Error> {
        let areas = self.areas(actor)?;
        let chosen = match area {
            Some(asked) => Some(find(&areas, asked)?),
            None => areas.first(),
        };
        let series = chosen
            .map(|area| self.look_at(actor, area, by, from, to))
            .transpose()?;
        Ok(Statistics { series, areas })
    }

    fn look_at(
        &self,
        actor: &Actor,
        area: &Area,
        by: Dimension,
        from: Option<Month>,
        to: Option<Month>,
    ) -> Result<Series, Error> {
        let allowed = access::decide(actor, Action::SeeStatistics)?;
        self.store().write(|tx| {
            let series = read_series(tx, area, by, from, to)?;
            let subject = Subject {
                thing: format!("area {}", area.code),
                results: series.points.len(),
                detail: format!("by {by}"),
                ..Subject::default()
            };
            self.looked(tx, actor, allowed, Action::SeeStatistics, subject)?;
            Ok(series)
        })
    }
}

fn areas(tx: &mut dyn Tx) -> Result<Vec<Area>, Error> {
    Ok(store::place::areas(tx)?
        .into_iter()
        .map(|area| Area {
            name: shown_name(&area.name),
            code: area.code,
            ons: area.ons,
        })
        .collect())
}

/// The area that is meant by a code or a name.
fn find<'a>(areas: &'a [Area], asked: &str) -> Result<&'a Area, Error> {
    let code = asked.trim().to_ascii_uppercase();
    let folded = folded_name(asked);
    let found = areas
        .iter()
        .find(|area| area.code.as_str() == code || area.ons.as_deref() == Some(code.as_str()))
        .or_else(|| {
            areas
                .iter()
                .find(|area| !folded.is_empty() && folded_name(&area.name) == folded)
        });
    found.ok_or_else(|| {
        let near = nearest(asked, areas.iter().map(|area| area.name.as_str()), 3);
        Error::invalid(
            "area",
            match (areas.is_empty(), near.as_slice()) {
                (true, _) => "no official statistics have been loaded yet".to_owned(),
                (_, []) => {
                    "there is no such area; give a council's name, its code, or England".to_owned()
                }
                (_, near) => format!(
                    "there is no such area; the nearest are: {}",
                    near.join(", ")
                ),
            },
        )
    })
}

fn read_series(
    tx: &mut dyn Tx,
    area: &Area,
    by: Dimension,
    from: Option<Month>,
    to: Option<Month>,
) -> Result<Series, Error> {
    let months = store::place::months(tx, &area.code, from, to)?;
    let adults = match &area.ons {
        Some(ons) => store::place::adults(tx, ons)?,
        None => Vec::new(),
    };
    let points = months
        .iter()
        .flat_map(|month| points(month, by, &adults))
        .collect();
    Ok(Series {
        area: area.code.clone(),
        name: area.name.clone(),
        by,
        points,
    })
}

/// The points of a month. A figure that was not published gives none.
fn points<'a>(
    row: &'a MonthRow,
    by: Dimension,
    adults: &'a [(i16, i64)],
) -> impl Iterator<Item = Point> + 'a {
    let year = year_for(row.month.year(), adults.iter().map(|(year, _)| *year));
    let people = adults
        .iter()
        .find(|(of, _)| Some(*of) == year)
        .map(|(_, people)| *people);
    by.keys().filter_map(move |key| {
        let days = row.days.get(key)?;
        let rate = Rate::new(days, people);
        Some(Point {
            month: row.month,
            key,
            days,
            rate,
            population_year: rate.and(year),
            edition: row.edition,
        })
    })
}
