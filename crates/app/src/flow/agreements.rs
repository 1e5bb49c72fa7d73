//! Agreements on trusted assessors: who accepts whose assessment for what, what was accepted under
//! them, and placements that failed.

use super::forms::{FormPage, Which};
use crate::{App, Error, Subject};
use ::flow::trusted::{Purpose, Standing, covers, standing};
use access::{Action, Actor};
use jiff::civil::Date;
use kernel::{AgreementId, FormId, OrganisationId};
use store::agreement::{self as rows, Acceptance, Agreement, Failed, Refusal};
use store::form::FormState;
use store::organisation::{self, Organisation};
use store::{Tx, journal};

/// Longest text of an agreement, in characters.
const WORDS: usize = 2_000;

/// An agreement as it is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewAgreement<'a> {
    /// The organisation whose assessors do it.
    pub assessor: Option<OrganisationId>,
    /// The organisation that accepts it.
    pub acceptor: Option<OrganisationId>,
    /// What for.
    pub purpose: Option<Purpose>,
    /// What assessors must be able to do and have learnt.
    pub competencies: &'a str,
    /// Who answers for a wrong assessment.
    pub indemnity: &'a str,
    /// First day.
    pub starts_on: Option<Date>,
    /// Last day, if there is one.
    pub ends_on: Option<Date>,
    /// By when it is to be reviewed.
    pub review_on: Option<Date>,
}

/// What is changed of an agreement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change<'a> {
    /// It ends on a day, and why.
    End(Option<Date>, &'a str),
    /// It was reviewed; by when next, and what was found.
    Review(Option<Date>, &'a str),
    /// A placement under it failed on a day: what went wrong and what was learnt.
    Failed(Option<Date>, &'a str, &'a str),
}

/// An agreement with how it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The agreement.
    pub agreement: Agreement,
    /// How it stands today.
    pub standing: Standing,
    /// How many assessments were accepted under it.
    pub uses: i64,
    /// Placements under it that failed, the latest first.
    pub failed: Vec<Failed>,
    /// Assessments that were not accepted under it, the first first.
    pub refused: Vec<Refusal>,
}

/// Who accepts a signed assessment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Acceptances {
    /// Those that have accepted it.
    pub accepted: Vec<Acceptance>,
    /// Those that have not, with why; one that has accepted it since is not among them.
    pub refused: Vec<Refusal>,
    /// Agreements that cover it, under which nobody has said so yet.
    pub open: Vec<Agreement>,
}

/// The tool of every agreement.
pub const TOOL: &str = "trusted-assessment";

impl App {
    fn shown(&self, tx: &mut dyn Tx, agreement: Agreement) -> Result<Shown, Error> {
        Ok(Shown {
            standing: standing(&agreement.terms(), self.today()),
            uses: rows::uses(tx, agreement.id)?,
            failed: rows::failed(tx, agreement.id)?,
            refused: rows::refusals(tx, agreement.id)?,
            agreement,
        })
    }

    /// Every agreement, by who accepts.
    ///
    /// # Errors
    /// Not allowed, or the store's.
    pub fn agreements(&self, actor: &Actor) -> Result<Vec<Shown>, Error> {
        access::decide(actor, Action::SeeAgreements)?;
        self.store().read(|tx| {
            let all = rows::all(tx)?;
            all.into_iter().map(|one| self.shown(tx, one)).collect()
        })
    }

    /// One agreement.
    ///
    /// # Errors
    /// Not allowed, not there, or the store's.
    pub fn agreement(&self, actor: &Actor, id: AgreementId) -> Result<Shown, Error> {
        access::decide(actor, Action::SeeAgreements)?;
        self.store().read(|tx| {
            let found = rows::by_id(tx, id)?.ok_or(Error::NotFound("agreement"))?;
            self.shown(tx, found)
        })
    }

    /// Organisations that may have assessors, and those that may accept, by name.
    ///
    /// # Errors
    /// Not allowed, or the store's.
    pub fn agreement_parties(
        &self,
        actor: &Actor,
    ) -> Result<(Vec<Organisation>, Vec<Organisation>), Error> {
        access::decide(actor, Action::KeepAgreements)?;
        let mut all = self.store().read(organisation::all)?;
        all.retain(|one| one.kind != "ward");
        all.sort_by(|one, other| one.name.cmp(&other.name));
        let (accept, assess) = all.into_iter().partition(|one| one.kind == "provider");
        Ok((assess, accept))
    }

    /// Makes an agreement.
    ///
    /// # Errors
    /// Not allowed, something that was typed, or the store's.
    pub fn make_agreement(
        &self,
        actor: &Actor,
        new: &NewAgreement<'_>,
    ) -> Result<AgreementId, Error> {
        let allowed = access::decide(actor, Action::KeepAgreements)?;
        let (competencies, indemnity) = (new.competencies.trim(), new.indemnity.trim());
        for (field, text, missing) in [
            (
                "competencies",
                competencies,
                "Say what assessors must be able to do",
            ),
            (
                "indemnity",
                indemnity,
                "Say who answers for a wrong assessment",
            ),
        ] {
            words(field, text, missing)?;
        }
        let missing = Error::invalid;
        let assessor = new
            .assessor
            .ok_or_else(|| missing("assessor", "Choose whose assessors do it"))?;
        let acceptor = new
            .acceptor
            .ok_or_else(|| missing("acceptor", "Choose who accepts it"))?;
        let purpose = new
            .purpose
            .ok_or_else(|| missing("purpose", "Choose what it is for"))?;
        let starts_on = new
            .starts_on
            .ok_or_else(|| missing("starts_on-day", "Enter the first day"))?;
        let review_on = new
            .review_on
            .ok_or_else(|| missing("review_on-day", "Enter the day of the review"))?;
        if new.ends_on.is_some_and(|last| last < starts_on) {
            return Err(missing(
                "ends_on-day",
                "The last day must not be before the first",
            ));
        }
        if review_on < starts_on {
            return Err(missing(
                "review_on-day",
                "The review must not be before the first day",
            ));
        }
        let agreement = Agreement {
            id: self.ids().agreement(),
            assessor: (assessor, String::new()),
            acceptor: (acceptor, String::new()),
            purpose,
            tool: TOOL.to_owned(),
            competencies: competencies.to_owned(),
            indemnity: indemnity.to_owned(),
            starts_on,
            ends_on: new.ends_on,
            review_on,
            changed: (self.now(), actor.display_name.clone()),
            changed_why: String::new(),
            version: 1,
        };
        self.store().write(|tx| {
            for (field, id) in [("assessor", assessor), ("acceptor", acceptor)] {
                if organisation::by_id(tx, id)?.is_none() {
                    return Err(Error::invalid(
                        field,
                        "Choose one of the organisations here",
                    ));
                }
            }
            rows::insert(tx, &agreement)?;
            let subject = about(agreement.id);
            let kind = journal::Kind::Command;
            self.record(tx, actor, allowed, kind, "agreement: make", subject)
        })?;
        Ok(agreement.id)
    }

    /// Changes an agreement that was shown at a version.
    ///
    /// # Errors
    /// Not allowed, not there, something that was typed, changed by somebody else meanwhile, or
    /// the store's.
    pub fn change_agreement(
        &self,
        actor: &Actor,
        (id, version): (AgreementId, i64),
        change: &Change<'_>,
    ) -> Result<(), Error> {
        let allowed = access::decide(actor, Action::KeepAgreements)?;
        self.store().write(|tx| {
            let mut one = rows::by_id(tx, id)?.ok_or(Error::NotFound("agreement"))?;
            let stale = |one: &Agreement| Error::Stale {
                who: one.changed.1.clone(),
                what: "the agreement".to_owned(),
            };
            if one.version != version {
                return Err(stale(&one));
            }
            let action = match change {
                Change::Failed(day, what, learnt) => {
                    self.note_failed(tx, actor, &one, (*day, what, learnt))?;
                    "agreement: note a placement that failed"
                }
                Change::End(day, why) => {
                    words("end_why", why, "Say why it ends")?;
                    let day =
                        day.ok_or_else(|| Error::invalid("ends_on-day", "Enter the last day"))?;
                    if day < one.starts_on {
                        let text = "The last day must not be before the first";
                        return Err(Error::invalid("ends_on-day", text));
                    }
                    one.ends_on = Some(day);
                    why.trim().clone_into(&mut one.changed_why);
                    "agreement: end"
                }
                Change::Review(day, why) => {
                    words("review_why", why, "Say what the review found")?;
                    let next = day.filter(|day| *day > self.today());
                    one.review_on = next.ok_or_else(|| {
                        Error::invalid("review_on-day", "Enter the day of the next review")
                    })?;
                    why.trim().clone_into(&mut one.changed_why);
                    "agreement: review"
                }
            };
            one.version += 1;
            one.changed = (self.now(), actor.display_name.clone());
            if !rows::update(tx, &one)? {
                return Err(stale(&one));
            }
            let kind = journal::Kind::Command;
            self.record(tx, actor, allowed, kind, action, about(id))
        })
    }

    fn note_failed(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        one: &Agreement,
        (day, what, learnt): (Option<Date>, &str, &str),
    ) -> Result<(), Error> {
        words("what", what, "Say what went wrong")?;
        words("learnt", learnt, "Say what was learnt")?;
        let failed_on = day
            .filter(|day| *day <= self.today() && *day >= one.starts_on)
            .ok_or_else(|| {
                let text = "Enter the day: not in the future, nor before the agreement began";
                Error::invalid("failed_on-day", text)
            })?;
        let failed = Failed {
            id: self.ids().failed_placement(),
            failed_on,
            what: what.trim().to_owned(),
            learnt: learnt.trim().to_owned(),
            noted: (self.now(), actor.display_name.clone()),
        };
        Ok(rows::fail(tx, one.id, &failed)?)
    }

    /// Who accepts a signed trusted assessment: those that have, and agreements that cover it.
    ///
    /// # Errors
    /// As [`App::form_page`].
    pub fn acceptances(&self, page: &FormPage) -> Result<Acceptances, Error> {
        self.store().read(|tx| self.acceptances_of(tx, page))
    }

    fn acceptances_of(&self, tx: &mut dyn Tx, page: &FormPage) -> Result<Acceptances, Error> {
        let kept = &page.kept;
        let purpose = Purpose::parse(page.answers.get("purpose"));
        let (Some(purpose), Some((signed_at, ..)), Some(organisation)) =
            (purpose, &kept.finished, kept.organisation)
        else {
            return Ok(Acceptances::default());
        };
        if kept.state != FormState::Signed {
            return Ok(Acceptances::default());
        }
        let assessors = self.family_ids(tx, organisation)?;
        let signed_on = self.day_of(*signed_at);
        let accepted = rows::accepted(tx, kept.id)?;
        let mut refused = rows::refused(tx, kept.id)?;
        refused.retain(|no| accepted.iter().all(|yes| yes.agreement != no.agreement));
        let open = rows::all(tx)?
            .into_iter()
            .filter(|one| {
                covers(&one.terms(), &assessors, (&kept.name, purpose), signed_on)
                    && accepted.iter().all(|said| said.agreement != one.id)
            })
            .collect();
        Ok(Acceptances {
            accepted,
            refused,
            open,
        })
    }

    /// Notes that a home or service accepted a signed assessment under an agreement that covers
    /// it. From then on every party uses it.
    ///
    /// # Errors
    /// Not allowed, not there, no such agreement for it, nobody named, or the store's.
    pub fn accept_assessment(
        &self,
        actor: &Actor,
        (form, agreement): (FormId, AgreementId),
        said_by: &str,
    ) -> Result<(), Error> {
        access::decide(actor, Action::Assess)?;
        let said_by = said_by.trim();
        if said_by.is_empty() || said_by.chars().count() > 100 {
            return Err(Error::invalid("said_by", "Say who of them accepted it"));
        }
        self.store().write(|tx| {
            let (kept, person, allowed) = self.reach(tx, Which::Staff(actor, form))?;
            let page = self.filled(tx, kept, person)?;
            let known = self.acceptances_of(tx, &page)?;
            if known.accepted.iter().any(|one| one.agreement == agreement) {
                return Ok(());
            }
            if known.open.iter().all(|one| one.id != agreement) {
                return Err(Error::NotFound("agreement that covers it"));
            }
            let noted = (self.now(), actor.display_name.as_str());
            rows::accept(tx, (form, agreement), said_by, noted)?;
            let subject = self.of_form(&page.kept, 1, &format!("agreement {agreement}"));
            let kind = journal::Kind::Command;
            self.record(tx, actor, allowed, kind, "form: accept", subject)
        })
    }
}

fn about(id: AgreementId) -> Subject {
    Subject {
        thing: format!("agreement {id}"),
        results: 1,
        ..Subject::default()
    }
}

/// A text that must be there and not be too long.
fn words(field: &'static str, text: &str, missing: &str) -> Result<(), Error> {
    match text.trim().chars().count() {
        0 => Err(Error::invalid(field, missing)),
        long if long > WORDS => Err(Error::invalid(field, super::forms::as_shown(WORDS))),
        _ => Ok(()),
    }
}
