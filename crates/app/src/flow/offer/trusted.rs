//! The trusted assessment that goes with a need, for the service that is asked: shown where an
//! agreement covers it, accepted in place of the service's own or not, with why.
//!
//! Before the service has accepted the offer it is told what cannot name anybody: that there is
//! one, of what, signed when, and answers that were chosen or counted. What was written in words
//! is told with the name, and not where the record or the address is protected.

use crate::flow::agreements::TOOL;
use crate::flow::forms::FormPage;
use crate::{App, Error};
use ::flow::offer::OfferState;
use ::flow::trusted::{Purpose, covers, fits};
use access::{Action, Actor};
use jiff::Timestamp;
use kernel::{FormId, OfferId, OrganisationId, ServiceId};
use store::agreement::{self as rows, Agreement};
use store::form::{self as form_rows, FormState, Kept};
use store::offer::{NeedRow, OfferRow};
use store::{Tx, directory, journal, organisation};

/// Longest reason, in characters.
const WORDS: usize = 2_000;

/// What the service has said of a trusted assessment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// Nothing yet.
    Nothing,
    /// It is accepted: by whom, when.
    Accepted(String, Timestamp),
    /// It is not accepted: by whom, when, why.
    Refused(String, Timestamp, String),
}

/// A trusted assessment beside an offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trusted {
    /// What was answered: all of it, or what cannot name anybody.
    pub page: FormPage,
    /// Whether that is all of it.
    pub whole: bool,
    /// When it was signed.
    pub signed_at: Timestamp,
    /// The agreement that covers it.
    pub agreement: Agreement,
    /// What was said of it.
    pub said: Said,
}

impl App {
    /// The latest signed trusted assessment of the person that an agreement with this service
    /// covers, for the kind of care that the need is of. One from before the stay that the need
    /// is to end is not shown: much has changed since.
    fn trusted_for(
        &self,
        tx: &mut dyn Tx,
        need: &NeedRow,
        service: ServiceId,
        whole: bool,
    ) -> Result<Option<Trusted>, Error> {
        let Some((kept, agreement)) = self.covered(tx, need, service)? else {
            return Ok(None);
        };
        let (form, signed_at) = (kept.id, kept.finished.as_ref().map(|(at, ..)| *at));
        let mut page = self.filled(tx, kept, None)?;
        if !whole {
            let nameless = page.answers.chosen_or_counted(&page.form);
            page.rows.retain(|link, _| nameless.looked_at(link));
            page.answers = nameless;
            page.kept.started_by = String::new();
            page.kept.finished = None;
        }
        Ok(Some(Trusted {
            said: said(tx, form, &agreement)?,
            signed_at: signed_at.unwrap_or(page.kept.touched_at),
            page,
            whole,
            agreement,
        }))
    }

    /// The same beside an offer, while it is the service's to answer or its own.
    pub(super) fn trusted_beside(
        &self,
        tx: &mut dyn Tx,
        need: &NeedRow,
        offer: &OfferRow,
        whole: bool,
    ) -> Result<Option<Trusted>, Error> {
        let theirs = matches!(offer.state, OfferState::Later | OfferState::Accepted);
        match offer.state.is_live() || theirs {
            true => self.trusted_for(tx, need, offer.service, whole),
            false => Ok(None),
        }
    }

    /// The organisations that may accept for a service: its own, what is part of it, and what it is
    /// part of.
    fn acceptors(&self, tx: &mut dyn Tx, service: ServiceId) -> Result<Vec<OrganisationId>, Error> {
        let code = directory::by_id(tx, service)?.and_then(|kept| kept.service.organisation_code);
        let all = organisation::all(tx)?;
        let own = code.and_then(|code| all.iter().find(|one| one.code.as_deref() == Some(&code)));
        let Some(own) = own else {
            return Ok(Vec::new());
        };
        let mut found = self.family_ids(tx, own.id)?;
        let mut above = own.parent;
        // As deep as organisations go; a ring of them ends here too.
        for _ in 0..8 {
            let Some(one) = above.and_then(|id| all.iter().find(|one| one.id == id)) else {
                break;
            };
            found.push(one.id);
            above = one.parent;
        }
        Ok(found)
    }

    fn covered(
        &self,
        tx: &mut dyn Tx,
        need: &NeedRow,
        service: ServiceId,
    ) -> Result<Option<(Kept, Agreement)>, Error> {
        let acceptors = self.acceptors(tx, service)?;
        if acceptors.is_empty() {
            return Ok(None);
        }
        let since = match need.stay {
            Some(stay) => store::flow::stay(tx, stay)?.map(|row| row.stay.admitted_on),
            None => None,
        };
        let head = store::person::head_of(tx, need.person)?.unwrap_or(need.person);
        let mut signed: Vec<(Timestamp, Kept)> = form_rows::of_person(tx, head)?
            .into_iter()
            .filter(|kept| kept.name == TOOL && kept.state == FormState::Signed)
            .filter_map(|kept| Some((kept.finished.as_ref()?.0, kept)))
            .filter(|(at, _)| since.is_none_or(|day| self.day_of(*at) >= day))
            .collect();
        signed.sort_by_key(|(at, kept)| (*at, kept.id));
        let agreements = rows::all(tx)?;
        // Only the latest counts: an older one must not stand in for it.
        let Some((at, kept)) = signed.pop() else {
            return Ok(None);
        };
        let answer = form_rows::answer(tx, kept.id, "purpose")?;
        let purpose = answer.and_then(|one| Purpose::parse(&one.value));
        let (Some(purpose), Some(assessor)) = (purpose, kept.organisation) else {
            return Ok(None);
        };
        if !fits(purpose, need.need.kind) {
            return Ok(None);
        }
        let assessors = self.family_ids(tx, assessor)?;
        let day = self.day_of(at);
        let found = agreements.into_iter().find(|one| {
            acceptors.contains(&one.acceptor.0)
                && covers(&one.terms(), &assessors, (TOOL, purpose), day)
        });
        Ok(found.map(|agreement| (kept, agreement)))
    }

    /// The service that has accepted an offer says whether it accepts the trusted assessment in
    /// place of its own: with why, if not. Said twice, it is said once; after a no a yes is still
    /// possible, and a yes stands.
    ///
    /// # Errors
    /// Not allowed, not theirs, not accepted yet, no such assessment, no reason, or the store's.
    pub fn say_of_trusted(
        &self,
        actor: &Actor,
        offer: OfferId,
        form: FormId,
        refused: Option<&str>,
    ) -> Result<(), Error> {
        let allowed = access::decide(actor, Action::AnswerOffer)?;
        let why = refused.map(str::trim);
        if let Some(why) = why
            && (why.is_empty() || why.chars().count() > WORDS)
        {
            let text = "Say why you do not accept it, without a name";
            return Err(Error::invalid("trusted_why", text));
        }
        self.store().write(|tx| {
            let offer = self.own_offer(tx, actor, offer)?;
            let need = store::offer::need(tx, offer.need)?.ok_or(Error::NotFound("need"))?;
            if !super::provider::knows_all(tx, &offer, &need)? {
                return Err(Error::NotFound("assessment"));
            }
            let found = self.trusted_for(tx, &need, offer.service, true)?;
            let found = found.filter(|one| one.page.kept.id == form);
            let found = found.ok_or(Error::NotFound("assessment"))?;
            let key = (form, found.agreement.id);
            let by = actor.display_name.as_str();
            let changed = match (why, &found.said) {
                (None, Said::Accepted(..)) | (Some(_), Said::Refused(..)) => false,
                (None, _) => rows::accept(tx, key, by, (self.now(), by))?,
                (Some(why), Said::Nothing) => rows::refuse(tx, key, (why, by), self.now())?,
                (Some(_), Said::Accepted(who, _)) => {
                    return Err(Error::Stale {
                        who: who.clone(),
                        what: "the assessment is accepted".to_owned(),
                    });
                }
            };
            if changed {
                let detail = format!("agreement {}", found.agreement.id);
                let subject = self.of_form(&found.page.kept, 1, &detail);
                let action = if why.is_some() {
                    "form: refuse"
                } else {
                    "form: accept"
                };
                let kind = journal::Kind::Command;
                self.record(tx, actor, allowed, kind, action, subject)?;
            }
            Ok(())
        })
    }
}

fn said(tx: &mut dyn Tx, form: FormId, agreement: &Agreement) -> Result<Said, Error> {
    let accepted = rows::accepted(tx, form)?;
    if let Some(one) = accepted
        .into_iter()
        .find(|one| one.agreement == agreement.id)
    {
        return Ok(Said::Accepted(one.said_by, one.noted.0));
    }
    let refused = rows::refused(tx, form)?;
    Ok(refused
        .into_iter()
        .find(|one| one.agreement == agreement.id)
        .map_or(Said::Nothing, |one| {
            Said::Refused(one.said_by, one.at, one.why)
        }))
}
