//! The cases with a clock that end, or may end, when an assessment is signed.

use super::{App, Error};
use crate::flow::clocks::CaseChange;
use ::flow::clocks::signed::ended_by;
use access::{Action, Actor};
use kernel::calendar::local;
use kernel::{FormId, StatutoryCaseId};
use store::Tx;
use store::begun::{self, Thing};
use store::form::Kept;
use store::statutory_case::{self as cases, Case, CaseFilter, CaseLine};

/// An open case that signing an assessment is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    /// The case.
    pub line: CaseLine,
    /// It was begun together with this form and ends with it; otherwise whoever signs is asked.
    pub by_itself: bool,
}

/// What whoever signs said of a case that they were asked about.
pub type Said = (StatutoryCaseId, bool);

impl App {
    /// The open cases that signing a form ends or asks about, of those the asker may know of.
    ///
    /// # Errors
    /// Not allowed, no link with the person, not there, or the store's.
    pub fn endings(&self, actor: &Actor, id: FormId) -> Result<Vec<Ending>, Error> {
        access::decide(actor, Action::Assess)?;
        self.store().read(|tx| {
            let kept = store::form::by_id(tx, id)?.ok_or(Error::NotFound("form"))?;
            self.endings_in(tx, actor, &kept)
        })
    }

    fn endings_in(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        kept: &Kept,
    ) -> Result<Vec<Ending>, Error> {
        let may_close = access::decide(actor, Action::ChangeClocks).is_ok();
        let (Some((kind, _)), Some(person), true) = (ended_by(&kept.name), kept.person, may_close)
        else {
            return Ok(Vec::new());
        };
        let scope = self.case_scope(tx, actor)?;
        let filter = CaseFilter {
            person: store::person::head_of(tx, person)?,
            kind: Some(kind),
            owner: None,
        };
        let together = begun_with(tx, kept.id)?;
        let lines = cases::list(tx, &scope, &filter, self.now())?;
        let open = lines.into_iter().filter(|line| line.case.closed.is_none());
        Ok(open
            .map(|line| Ending {
                by_itself: together.contains(&line.case.id.to_string()),
                line,
            })
            .collect())
    }

    /// Closes what a form that is being signed ends. Each case that it does not end by itself
    /// needs a word.
    pub(super) fn end_with(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        kept: &Kept,
        said: &[Said],
    ) -> Result<(), Error> {
        let Some((_, outcome)) = ended_by(&kept.name) else {
            return Ok(());
        };
        for ending in self.endings_in(tx, actor, kept)? {
            let case = &ending.line.case;
            let word = said.iter().find(|(id, _)| *id == case.id);
            let ends = match word {
                _ if ending.by_itself => true,
                Some((_, ends)) => *ends,
                None => return Err(Error::invalid("ends", not_said(case))),
            };
            if ends {
                let day = self.today().strftime("%-d %B %Y");
                let why = format!("{} signed on {day}", self.title_of(kept));
                let change = CaseChange::Close { outcome, why: &why };
                let sight = self.sight(tx, actor, ending.line.head)?;
                self.change_case_in(tx, actor, case, &change, (&why, sight.allowed))?;
            }
        }
        Ok(())
    }
}

fn not_said(case: &Case) -> String {
    let opened = local(case.opened_at).date().strftime("%-d %B %Y");
    format!("Say whether this assessment ends the case that was opened on {opened}")
}

/// Ids of the cases that decisions began together with a form.
fn begun_with(tx: &mut dyn Tx, form: FormId) -> Result<Vec<String>, Error> {
    let id = form.to_string();
    let mut found = Vec::new();
    for referral in begun::out_of(tx, &id)? {
        let all = begun::of_referral(tx, referral)?;
        let mine = all
            .iter()
            .find(|one| one.thing == Thing::Form && one.id == id);
        let outcome = mine.map(|one| one.outcome);
        let together = all
            .iter()
            .filter(|one| one.thing == Thing::Case && Some(one.outcome) == outcome);
        found.extend(together.map(|one| one.id.clone()));
    }
    Ok(found)
}
