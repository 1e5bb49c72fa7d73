//! The reader of arrivals of kind `dtoc`: official delayed days, by edition.
//!
//! A month's later edition replaces the earlier, which is kept. Later is the later
//! of the day published and the day revised; on the same day (or with no days) what
//! arrived last, unless it has fewer areas. An earlier edition that arrives late is
//! kept and replaces nothing. The same bytes again change nothing.

use crate::inbox::Outcome;
use crate::{App, Error, Subject};
use ::place::series::Edition;
use access::{Action, Actor};
use jiff::Timestamp;
use store::inbox::{Arrival, Counts};
use store::place::{Area, Publication};
use store::{Tx, journal};
use workbook::dtoc::{DtocWorkbook, read_any};

impl App {
    /// Reads an arrival of kind `dtoc` into the store: every month in one transaction.
    pub(crate) fn load_dtoc(
        &self,
        actor: &Actor,
        arrival: &Arrival,
        bytes: &[u8],
    ) -> Result<Outcome, Error> {
        let allowed = access::decide(actor, Action::LoadInbox)?;
        let months = match read_any(bytes) {
            Ok(months) => months,
            Err(issues) => return Ok(Outcome::rejected(issues)),
        };
        let several = months.len() > 1;
        let now = self.now();
        self.store().write(|tx| {
            let mut outcome = Outcome::default();
            for month in &months {
                let content = if several {
                    format!("{} {}", arrival.sha256, month.month)
                } else {
                    arrival.sha256.clone()
                };
                let repeated = self.load_month(tx, arrival, month, content, now)?;
                add(&mut outcome, month, repeated);
            }
            let subject = Subject {
                thing: format!("inbox {}", arrival.id),
                results: months.iter().map(|month| month.areas.len()).sum(),
                detail: match months.as_slice() {
                    [month] => format!("month {}", month.month),
                    months => format!("{} months", months.len()),
                },
                ..Subject::default()
            };
            self.record(
                tx,
                actor,
                allowed,
                journal::Kind::Load,
                "official delays",
                subject,
            )?;
            Ok(outcome)
        })
    }

    /// Loads one month; true if these bytes had been loaded before.
    fn load_month(
        &self,
        tx: &mut dyn Tx,
        arrival: &Arrival,
        month: &DtocWorkbook,
        sha256: String,
        now: Timestamp,
    ) -> Result<bool, Error> {
        if month.areas.is_empty() {
            return Ok(false);
        }
        let known = store::place::by_content(tx, &sha256)?;
        let id = match known {
            Some(known) if known.inbox != Some(arrival.id) => return Ok(true),
            // The same arrival, read again: its figures are put in anew.
            Some(known) => {
                store::place::clear(tx, known.id)?;
                known.id
            }
            None => self.add_edition(tx, arrival, month, sha256, now)?,
        };
        let areas: Vec<Area> = month
            .areas
            .iter()
            .map(|area| Area {
                code: area.code.clone(),
                name: area.name.clone(),
                ons: if area.code.is_england() {
                    Some(::place::ENGLAND.to_owned())
                } else {
                    area.ons.as_ref().map(|ons| ons.as_str().to_owned())
                },
            })
            .collect();
        store::place::put_areas(tx, &areas)?;
        let delays: Vec<_> = month
            .areas
            .iter()
            .map(|area| (&area.code, &area.days))
            .collect();
        store::place::insert_delays(tx, id, month.month, &delays)?;
        Ok(false)
    }

    /// Adds an edition of a month, in its order among the others.
    fn add_edition(
        &self,
        tx: &mut dyn Tx,
        arrival: &Arrival,
        month: &DtocWorkbook,
        sha256: String,
        now: Timestamp,
    ) -> Result<kernel::PublicationId, Error> {
        let edition = Edition {
            published: month.published,
            revised: month.revised,
        };
        let id = self.ids().publication();
        let standing = store::place::standing(tx, month.month)?;
        let superseded_by = standing.and_then(|(other, areas)| {
            let fewer = (month.areas.len() as i64) < areas;
            let same_day = edition.day() == other.edition.day();
            let replaces = edition.replaces(other.edition) && !(same_day && fewer);
            (!replaces).then_some(other.id)
        });
        let publication = Publication {
            id,
            month: month.month,
            edition,
            sha256,
            inbox: Some(arrival.id),
            loaded_at: now,
            superseded_by,
        };
        store::place::insert_publication(tx, &publication)?;
        if superseded_by.is_none() {
            store::place::supersede(tx, month.month, id)?;
        }
        Ok(id)
    }
}

/// Counts a month's areas and takes its issues over.
fn add(outcome: &mut Outcome, month: &DtocWorkbook, repeated: bool) {
    let used = month.areas.len() as u64;
    let Counts {
        records,
        accepted,
        rejected,
        repeated: again,
        ..
    } = &mut outcome.counts;
    *records += u64::from(month.records);
    *rejected += u64::from(month.records) - used;
    *(if repeated { again } else { accepted }) += used;
    outcome.issues.extend(month.issues.iter().cloned());
}
