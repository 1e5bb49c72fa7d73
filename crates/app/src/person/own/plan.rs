//! A person's own copy of their care and support plan.

use super::Mine;
use crate::{App, Error};
use access::{Action, Actor};
use kernel::PersonId;
use store::plan::{self as rows, PlanVersion};

/// The plan as the person or their carer sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnPlan {
    /// Whose it is.
    pub mine: Mine,
    /// The version that stands; `None` if there is no plan.
    pub version: Option<PlanVersion>,
}

impl App {
    /// A person's own plan, or that of somebody who lets them see theirs.
    ///
    /// # Errors
    /// Not allowed, no such record for them, a part that they may not see, or the store's.
    pub fn own_plan(&self, actor: &Actor, of: Option<PersonId>) -> Result<OwnPlan, Error> {
        access::decide(actor, Action::SeeOwnRecord)?;
        self.store().write(|tx| {
            let mine = self.chosen(tx, actor, of)?;
            if !mine.has("plan") {
                return Err(Error::NotFound("plan"));
            }
            let sight = self.sight(tx, actor, mine.person)?;
            let row = rows::of_person(tx, mine.person)?;
            let version = match row {
                Some(row) => rows::versions(tx, row.id)?.into_iter().next(),
                None => None,
            };
            let thing = format!("plan of person {}", mine.person);
            self.looked_at_home(tx, actor, &sight, (thing, usize::from(version.is_some())))?;
            Ok(OwnPlan { mine, version })
        })
    }
}
