//! What a person says about sharing: agree, object, the national data opt-out, take it back.
//!
//! What an objection does is decided by `policy/access/records.cedar` and holds from the moment
//! that it is saved. Nothing is erased: what no longer stands has an end.

use crate::{App, Error};
use ::person::category::Categories;
use access::{Action, Actor};
use kernel::{OrganisationId, PersonId};
use store::wish::{self, Wish, WishKind};
use store::{Tx, organisation, relationship};

/// How a wish is written down that the person said themselves.
pub const HOW: &str = "Said on their own pages";

/// One thing that a person can say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Do not share one category; an empty code is everything.
    Object(String),
    /// The national data opt-out.
    OptOut,
    /// One organisation may see the other sector's part.
    Agree(OrganisationId),
}

impl Choice {
    const fn kind(&self) -> WishKind {
        match self {
            Self::Object(_) => WishKind::Objection,
            Self::OptOut => WishKind::OptOut,
            Self::Agree(_) => WishKind::Agreement,
        }
    }

    fn category(&self) -> &str {
        match self {
            Self::Object(category) => category,
            _ => "",
        }
    }

    fn holder(&self) -> String {
        match self {
            Self::Agree(id) => id.to_string(),
            _ => String::new(),
        }
    }

    /// Whether a wish is this one.
    pub fn is(&self, wish: &Wish) -> bool {
        wish.kind == self.kind() && wish.category == self.category() && wish.holder == self.holder()
    }

    /// Reads the word of an address: `everything`, `opt-out`, a category, or the id of an
    /// organisation.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "everything" => Some(Self::Object(String::new())),
            "opt-out" => Some(Self::OptOut),
            other => match Categories::builtin().find(other) {
                Some(category) => Some(Self::Object(category.code.clone())),
                None => other.parse().ok().map(Self::Agree),
            },
        }
    }
}

/// What a person has said about sharing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sharing {
    /// Every wish, those that stand first.
    pub wishes: Vec<Wish>,
    /// Organisations that have to do with them now, or that a wish is about: id and name.
    pub organisations: Vec<(OrganisationId, String)>,
    /// Whether this place asks the person before the other sector looks.
    pub asks_first: bool,
}

impl Sharing {
    /// Whether a choice stands.
    pub fn stands(&self, choice: &Choice) -> bool {
        self.wishes
            .iter()
            .any(|wish| wish.ended.is_none() && choice.is(wish))
    }

    /// Name of an organisation that is on the page.
    pub fn name_of(&self, id: &str) -> Option<&str> {
        self.organisations
            .iter()
            .find(|(known, _)| known.to_string() == id)
            .map(|(_, name)| name.as_str())
    }
}

impl App {
    /// What one has said about sharing one's own record.
    ///
    /// # Errors
    /// Not allowed, no record of their own, or the store's.
    pub fn own_sharing(&self, actor: &Actor) -> Result<Sharing, Error> {
        access::decide(actor, Action::SeeOwnRecord)?;
        self.store().write(|tx| {
            let own = self.oneself(tx, actor)?;
            let sharing = self.sharing(tx, own.person)?;
            let sight = self.sight(tx, actor, own.person)?;
            let thing = format!("wishes of person {}", own.person);
            self.looked_at_home(tx, actor, &sight, (thing, sharing.wishes.len()))?;
            Ok(sharing)
        })
    }

    fn sharing(&self, tx: &mut dyn Tx, person: PersonId) -> Result<Sharing, Error> {
        let wishes = wish::of_person(tx, person)?;
        let now = self.now();
        let ties = relationship::of_person(tx, person)?;
        let live = ties
            .iter()
            .filter(|one| one.starts_at <= now && one.ends_at.is_none_or(|end| end > now))
            .map(|one| one.holder.as_str());
        let told = wishes.iter().map(|one| one.holder.as_str());
        let mut organisations: Vec<(OrganisationId, String)> = Vec::new();
        for holder in live.chain(told) {
            let Ok(id) = holder.parse::<OrganisationId>() else {
                continue;
            };
            if organisations.iter().any(|(known, _)| *known == id) {
                continue;
            }
            if let Some(found) = organisation::by_id(tx, id)? {
                organisations.push((id, found.name));
            }
        }
        organisations.sort_by(|a, b| a.1.cmp(&b.1));
        Ok(Sharing {
            wishes,
            organisations,
            asks_first: self.agreement_needed()?,
        })
    }

    /// Says something about sharing one's own record, or takes it back. Saying what stands
    /// already changes nothing.
    ///
    /// # Errors
    /// Not allowed, no record of their own, an organisation that has nothing to do with them,
    /// or the store's.
    pub fn choose_sharing(
        &self,
        actor: &Actor,
        choice: &Choice,
        stands: bool,
    ) -> Result<(), Error> {
        access::decide(actor, Action::SeeOwnRecord)?;
        self.store().write(|tx| {
            let own = self.oneself(tx, actor)?;
            let sharing = self.sharing(tx, own.person)?;
            if let Choice::Agree(id) = choice
                && sharing.name_of(&id.to_string()).is_none()
            {
                return Err(Error::NotFound("organisation"));
            }
            if sharing.stands(choice) == stands {
                return Ok(());
            }
            let action = match (choice, stands) {
                (Choice::Object(_), true) => "wish: object",
                (Choice::Object(_), false) => "wish: take back objection",
                (Choice::OptOut, true) => "wish: opt out",
                (Choice::OptOut, false) => "wish: take back opt-out",
                (Choice::Agree(_), true) => "wish: agree",
                (Choice::Agree(_), false) => "wish: take back agreement",
            };
            if stands {
                let wish = Wish {
                    id: self.ids().wish(),
                    person: own.person,
                    kind: choice.kind(),
                    category: choice.category().to_owned(),
                    holder: choice.holder(),
                    how: HOW.to_owned(),
                    said_at: self.now(),
                    said_by: actor.display_name.clone(),
                    ended: None,
                };
                wish::say(tx, &wish)?;
                return self.did(tx, actor, own.person, action, format!("wish {}", wish.id));
            }
            for wish in sharing.wishes.iter().filter(|one| choice.is(one)) {
                if wish.ended.is_none() {
                    wish::end(tx, wish.id, self.now(), &actor.display_name)?;
                    self.did(tx, actor, own.person, action, format!("wish {}", wish.id))?;
                }
            }
            Ok(())
        })
    }
}
