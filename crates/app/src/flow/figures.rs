//! Returns as cells with what is behind each: the daily situation report, the monthly bands, the
//! old delay return, and the measures of adult social care.
//!
//! All are counted from the rows of stays, segments and services whenever they are asked for.
//! What is sent is frozen with its hash; a later change makes a new version that says what is
//! different.

mod ascof;
mod hospital;
mod metric;
mod sent;

pub use metric::CountedMetric;
pub(crate) use metric::whom_metrics_count;
pub use sent::{Frozen, ReturnPage};

use super::returns::{NOT_KNOWN, Names, for_purpose, sees_people};
use crate::{App, Error, Subject};
use ::flow::figures::{Cell, Quality};
use ::flow::policy::RestsOn;
use ::flow::text_enum;
use access::{Action, Actor};
use jiff::civil::{Date, date};
use kernel::Month;
use store::flow::Counted;
use store::{Tx, journal};

text_enum! {
    /// Which return.
    ReturnKind {
        /// Days of delay of a month by reason and side, as counted from 2010 to 2020.
        Delays = "delays",
        /// The situation report of a day.
        Sitrep = "sitrep",
        /// Days from ready date to discharge of a month.
        Drd = "drd",
        /// Measures of adult social care of a financial year.
        Ascof = "ascof",
    }
}

impl ReturnKind {
    /// Its name.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Delays => "Days of delay (2010 to 2020 rules)",
            Self::Sitrep => "Daily situation report",
            Self::Drd => "Discharge ready date, by month",
            Self::Ascof => "Adult social care outcomes (ASCOF 2A to 2D)",
        }
    }

    /// How its period is written.
    pub const fn period_words(self) -> &'static str {
        match self {
            Self::Sitrep => "a day such as 2026-05-12",
            Self::Delays | Self::Drd => "a month such as 2026-05",
            Self::Ascof => "a financial year such as 2025-26",
        }
    }

    /// The last period that is over on a day, or the day itself for the report of a day.
    pub fn usual_period(self, today: Date) -> String {
        let month = Month::of(today);
        self.period_of(match self {
            Self::Sitrep => today,
            Self::Delays | Self::Drd => month.previous().last(),
            Self::Ascof => date(month.financial_year(), 3, 31),
        })
    }

    /// The period that holds a day, as it is written.
    fn period_of(self, day: Date) -> String {
        match self {
            Self::Sitrep => day.to_string(),
            Self::Delays | Self::Drd => Month::of(day).to_string(),
            Self::Ascof => {
                let year = Month::of(day).financial_year();
                format!("{year}-{:02}", (year + 1).rem_euclid(100))
            }
        }
    }

    /// First and last day of a period as it is written.
    fn days(self, period: &str) -> Option<(Date, Date)> {
        match self {
            Self::Sitrep => period.parse().ok().map(|day| (day, day)),
            Self::Delays | Self::Drd => {
                let month: Month = period.parse().ok()?;
                Some((month.first(), month.last()))
            }
            Self::Ascof => {
                let (year, next) = period.split_once(['-', '/'])?;
                let year: i16 = year
                    .parse()
                    .ok()
                    .filter(|year| (1990..2200).contains(year))?;
                (next.len() == 2 && next.parse::<i16>().ok()? == (year + 1) % 100)
                    .then(|| (date(year, 4, 1), date(year + 1, 3, 31)))
            }
        }
    }
}

/// A return as it is counted now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figures {
    /// Which.
    pub kind: ReturnKind,
    /// Its period, as asked for.
    pub period: String,
    /// What it is for: people with the national data opt-out are not in it where that applies.
    pub purpose: &'static str,
    /// The cells, in order.
    pub cells: Vec<Cell>,
    /// What to work off before it is sent.
    pub quality: Vec<Quality>,
    /// Values from memory that it rests on.
    pub rests_on: Vec<String>,
    /// False while the period is not over.
    pub complete: bool,
    /// False if records that are kept apart are not counted, because whoever asks sees people
    /// too. Such figures are to work with and are not sent.
    pub to_send: bool,
}

/// What a return is counted from.
struct Asked {
    first: Date,
    last: Date,
    counted: Counted,
}

/// Cells and what they rest on.
struct Made {
    cells: Vec<Cell>,
    quality: Vec<Quality>,
    rests_on: RestsOn,
}

impl App {
    /// A return as it is counted now. Only numbers and ids leave it; it is journalled.
    ///
    /// # Errors
    /// Not allowed, a period or purpose that is none, a parameter missing, or the store's.
    pub fn figures(
        &self,
        actor: &Actor,
        kind: ReturnKind,
        period: &str,
        purpose: &str,
    ) -> Result<Figures, Error> {
        access::decide(actor, Action::MakeReturn)?;
        let (allowed, counted) = for_purpose(actor, purpose)?;
        // A year is kept under one name however it was written.
        let period = period.trim().replace('/', "-");
        let period = period.as_str();
        let (first, last) = kind
            .days(period)
            .ok_or_else(|| Error::invalid("period", format!("Enter {}", kind.period_words())))?;
        if first > self.today() {
            return Err(Error::invalid("period", "This period has not begun"));
        }
        let asked = Asked {
            first,
            last,
            counted,
        };
        let made = self.store().read(|tx| match kind {
            ReturnKind::Delays => self.delays_cells(tx, &asked),
            ReturnKind::Drd => self.drd_cells(tx, &asked),
            ReturnKind::Sitrep => self.sitrep_cells(tx, &asked),
            ReturnKind::Ascof => self.ascof_cells(tx, &asked),
        })?;
        self.store().write(|tx| {
            let subject = Subject {
                thing: format!("return {kind} {period}"),
                results: made.cells.len(),
                ..Subject::default()
            };
            let action = Action::MakeReturn.in_words();
            self.record(tx, actor, allowed, journal::Kind::Command, action, subject)
        })?;
        Ok(Figures {
            kind,
            period: period.to_owned(),
            purpose: allowed.purpose,
            cells: made.cells,
            quality: made
                .quality
                .into_iter()
                .filter(|one| !one.ids.is_empty())
                .collect(),
            rests_on: made.rests_on.keys().map(str::to_owned).collect(),
            complete: last < self.today(),
            to_send: !sees_people(actor),
        })
    }
}

/// Names of organisations in this transaction.
fn names(tx: &mut dyn Tx) -> Result<Names, Error> {
    Names::read(tx)
}

/// The council or hospital whose a cell is.
fn group(names: &Names, id: Option<kernel::OrganisationId>) -> String {
    names.council(id)
}

/// Cells by whose they are, those of nobody known last; their order within stays.
fn sorted(mut cells: Vec<Cell>) -> Vec<Cell> {
    cells.sort_by(|a, b| (a.group == NOT_KNOWN, &a.group).cmp(&(b.group == NOT_KNOWN, &b.group)));
    cells
}

/// A quality line.
fn quality(what: &str, ids: Vec<String>) -> Quality {
    Quality {
        what: what.to_owned(),
        ids,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn periods() {
        use ReturnKind::{Ascof, Drd, Sitrep};
        let found = |kind: ReturnKind, text: &str| kind.days(text);
        assert_eq!(
            found(Sitrep, "2026-05-12"),
            Some((date(2026, 5, 12), date(2026, 5, 12)))
        );
        assert_eq!(
            found(Drd, "2026-02"),
            Some((date(2026, 2, 1), date(2026, 2, 28)))
        );
        let year = Some((date(2025, 4, 1), date(2026, 3, 31)));
        assert_eq!(found(Ascof, "2025-26"), year);
        assert_eq!(found(Ascof, "2025/26"), year);
        assert_eq!(
            found(Ascof, "1999-00"),
            Some((date(1999, 4, 1), date(2000, 3, 31)))
        );
        for (kind, text) in [
            (Sitrep, "2026-05"),
            (Drd, "2026-13"),
            (Ascof, "2025-27"),
            (Ascof, "2025"),
            (Ascof, "2025-2026"),
        ] {
            assert_eq!(found(kind, text), None, "{text}");
        }
        for kind in ReturnKind::ALL {
            let usual = kind.usual_period(date(2026, 5, 12));
            assert!(kind.days(&usual).is_some(), "{kind} {usual}");
        }
        assert_eq!(Ascof.usual_period(date(2026, 5, 12)), "2025-26");
    }
}
