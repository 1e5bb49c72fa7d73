//! The organisations that somebody acts for, kept while no organisation changes: every look and
//! every change asks for them.

use crate::{App, Error, lock};
use access::Actor;
use kernel::OrganisationId;
use std::collections::HashMap;
use store::organisation::{self, Organisation};
use store::{Content, Of, Tx};

/// Of how many organisations they are kept.
const KEPT: usize = 500;

/// The family of each organisation, and what the store had when it was read.
pub(crate) type KeptFamilies = HashMap<OrganisationId, (Content, Vec<Organisation>)>;

impl App {
    /// As [`organisation::family`]: one statement, or none while no organisation has changed.
    ///
    /// # Errors
    /// The store's.
    pub(crate) fn family(
        &self,
        tx: &mut dyn Tx,
        id: OrganisationId,
    ) -> Result<Vec<Organisation>, Error> {
        let Some(content) = tx.content(Of::Organisations)? else {
            return Ok(organisation::family(tx, id)?);
        };
        let kept = || lock(&self.acting_for);
        if let Some((read_of, family)) = kept().get(&id)
            && *read_of == content
        {
            return Ok(family.clone());
        }
        let family = organisation::family(tx, id)?;
        let mut kept = kept();
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(id, (content, family.clone()));
        Ok(family)
    }

    /// The ids of [`App::family`].
    ///
    /// # Errors
    /// The store's.
    pub(crate) fn family_ids(
        &self,
        tx: &mut dyn Tx,
        id: OrganisationId,
    ) -> Result<Vec<OrganisationId>, Error> {
        Ok(self.family(tx, id)?.iter().map(|one| one.id).collect())
    }

    /// The organisations that somebody acts for.
    ///
    /// # Errors
    /// The store's.
    pub(crate) fn acts_for(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
    ) -> Result<Vec<OrganisationId>, Error> {
        match actor.organisation {
            Some(own) => self.family_ids(tx, own),
            None => Ok(Vec::new()),
        }
    }
}
