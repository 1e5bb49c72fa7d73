//! Returns as they were sent, and the people behind a cell.

use super::{Figures, ReturnKind};
use crate::flow::returns::{for_purpose, sees_people};
use crate::{App, Error, Subject};
use ::flow::figures::{differences, parse, text};
use access::{Action, Actor};
use store::journal;
use store::return_version::{self, Behind, Version, hash_of};

/// A return as it is counted now, beside those sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnPage {
    /// As it is counted now.
    pub figures: Figures,
    /// Hash of what would be sent.
    pub hash: String,
    /// Those sent, the latest first.
    pub sent: Vec<Version>,
    /// What is different from the latest sent.
    pub changes: Vec<String>,
}

/// What became of sending a return.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frozen {
    /// It is kept under this number.
    Kept(i64),
    /// Nothing is different from this number: none was made.
    Same(i64),
}

impl App {
    /// A return with those that were sent of the same period and purpose.
    ///
    /// # Errors
    /// As [`App::figures`].
    pub fn return_page(
        &self,
        actor: &Actor,
        kind: ReturnKind,
        period: &str,
        purpose: &str,
    ) -> Result<ReturnPage, Error> {
        let figures = self.figures(actor, kind, period, purpose)?;
        let sent = match figures.to_send {
            true => self.store().read(|tx| {
                return_version::of(tx, kind.as_str(), &figures.period, figures.purpose)
            })?,
            false => Vec::new(),
        };
        let latest = sent.first().map(|version| parse(&version.content));
        Ok(ReturnPage {
            hash: hash_of(&text(&figures.cells)),
            changes: latest.map_or_else(Vec::new, |before| differences(&before, &figures.cells)),
            figures,
            sent,
        })
    }

    /// Freezes a return as sent. `shown` is the hash of what whoever sends it saw.
    ///
    /// # Errors
    /// As [`App::figures`]; `Stale` if the figures are no longer those that were shown.
    pub fn freeze_return(
        &self,
        actor: &Actor,
        kind: ReturnKind,
        period: &str,
        purpose: &str,
        shown: &str,
    ) -> Result<Frozen, Error> {
        let (allowed, _) = for_purpose(actor, purpose)?;
        let figures = self.figures(actor, kind, period, purpose)?;
        if !figures.to_send {
            let text = "A return is sent by somebody who counts everybody and sees figures only";
            return Err(Error::invalid("hash", text));
        }
        let content = text(&figures.cells);
        let hash = hash_of(&content);
        if hash != shown {
            return Err(Error::Stale {
                who: "Somebody".to_owned(),
                what: "a record that is counted in this return was changed".to_owned(),
            });
        }
        let lineage: Vec<String> = figures
            .cells
            .iter()
            .map(|cell| cell.ids.join(" "))
            .collect();
        self.store().write(|tx| {
            let sent = return_version::of(tx, kind.as_str(), &figures.period, figures.purpose)?;
            let before = sent.first();
            if let Some(before) = before.filter(|before| before.hash == hash) {
                return Ok(Frozen::Same(before.number));
            }
            let number = before.map_or(0, |before| before.number) + 1;
            let changes = before.map_or_else(Vec::new, |before| {
                differences(&parse(&before.content), &figures.cells)
            });
            return_version::insert(
                tx,
                &Version {
                    kind: kind.as_str().to_owned(),
                    period: figures.period.clone(),
                    purpose: figures.purpose.to_owned(),
                    number,
                    hash: hash.clone(),
                    content: content.clone(),
                    lineage: lineage.join("\n"),
                    changes: changes.join("\n"),
                    made_at: self.now(),
                    made_by: actor.display_name.clone(),
                    organisation: actor.organisation_name.clone(),
                },
            )?;
            let subject = Subject {
                thing: format!("return {kind} {} number {number}", figures.period),
                results: figures.cells.len(),
                detail: "sent".to_owned(),
                ..Subject::default()
            };
            let action = Action::MakeReturn.in_words();
            self.record(tx, actor, allowed, journal::Kind::Command, action, subject)?;
            Ok(Frozen::Kept(number))
        })
    }

    /// A return as it was sent, for whoever sees figures only.
    ///
    /// # Errors
    /// Not allowed, not there, or the store's.
    pub fn sent_return(
        &self,
        actor: &Actor,
        kind: ReturnKind,
        period: &str,
        purpose: &str,
        number: i64,
    ) -> Result<Version, Error> {
        let allowed = access::decide(actor, Action::MakeReturn)?;
        if sees_people(actor) {
            return Err(Error::NotFound("return"));
        }
        self.store().write(|tx| {
            let all = return_version::of(tx, kind.as_str(), period, purpose)?;
            let found = all.into_iter().find(|one| one.number == number);
            let found = found.ok_or(Error::NotFound("return"))?;
            let subject = Subject {
                thing: format!("return {kind} {} number {number}", found.period),
                results: 1,
                ..Subject::default()
            };
            self.looked(tx, actor, allowed, Action::MakeReturn, subject)?;
            Ok(found)
        })
    }

    /// The people behind a cell, or behind a line of the quality list, whom the asker may see.
    ///
    /// # Errors
    /// Not allowed to make returns or to see stays, no such cell, or the store's.
    pub fn behind_cell(
        &self,
        actor: &Actor,
        figures: &Figures,
        cell: Result<(&str, &str), &str>,
    ) -> Result<(Vec<Behind>, usize), Error> {
        access::decide(actor, Action::MakeReturn)?;
        let allowed = access::decide(actor, Action::SeeStay)?;
        let ids = match cell {
            Ok((group, measure)) => figures
                .cells
                .iter()
                .find(|one| one.group == group && one.measure == measure)
                .map(|one| &one.ids),
            Err(what) => figures
                .quality
                .iter()
                .find(|one| one.what == what)
                .map(|one| &one.ids),
        };
        let ids = ids.ok_or(Error::NotFound("cell"))?;
        self.store().write(|tx| {
            let asker = self.asker(tx, actor)?;
            let scope = self.people_scope(&asker);
            let found = return_version::behind(tx, ids, &scope)?;
            let subject = Subject {
                thing: format!("return {} {}", figures.kind, figures.period),
                results: found.len(),
                detail: "people behind a cell".to_owned(),
                ..Subject::default()
            };
            self.looked(tx, actor, allowed, Action::SeeStay, subject)?;
            Ok((found, ids.len()))
        })
    }
}
