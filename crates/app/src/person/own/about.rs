//! "About me" as the person writes it themselves.

use super::Mine;
use crate::{App, Error};
use access::{Action, Actor};
use kernel::PersonId;
use store::about_me::{self, Said};

/// Most characters under one heading.
pub const WORDS: usize = 2_000;
/// Most characters of who helped.
const HELPED: usize = 100;

/// One heading, with what stands under it and what stood before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// Its key.
    pub key: String,
    /// Its words.
    pub words: String,
    /// What may be written there.
    pub hint: String,
    /// Everything that was written, the latest first; empty words were taken back.
    pub said: Vec<Said>,
}

/// About me, as the person or their carer reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnAbout {
    /// Whose it is.
    pub mine: Mine,
    /// The headings in their order.
    pub headings: Vec<Heading>,
}

impl App {
    /// "About me" of one's own, or of somebody who lets one see their plan. A carer is not given
    /// what stood before.
    ///
    /// # Errors
    /// Not allowed, no such record for them, or the store's.
    pub fn own_about(&self, actor: &Actor, of: Option<PersonId>) -> Result<OwnAbout, Error> {
        access::decide(actor, Action::SeeOwnRecord)?;
        self.store().write(|tx| {
            let mine = self.chosen(tx, actor, of)?;
            if !mine.has("plan") {
                return Err(Error::NotFound("page"));
            }
            // Who asked that nothing is shared asked it of these words too.
            let sight = self.sight(tx, actor, mine.person)?;
            if !mine.oneself && sight.items.only_own {
                return Err(Error::NotFound("page"));
            }
            let mut headings = Vec::new();
            for one in ::person::about_me::builtin() {
                let mut said = about_me::history(tx, mine.person, &one.key)?;
                if !mine.oneself {
                    said.truncate(1);
                }
                headings.push(Heading {
                    key: one.key.clone(),
                    words: one.words.clone(),
                    hint: one.hint.clone(),
                    said,
                });
            }
            let thing = format!("about person {}", mine.person);
            self.looked_at_home(tx, actor, &sight, (thing, headings.len()))?;
            Ok(OwnAbout { mine, headings })
        })
    }

    /// Writes one heading of one's own "About me"; empty words take it back. What stood before
    /// is kept.
    ///
    /// # Errors
    /// Not allowed, no record of their own, no such heading, too long, or the store's.
    pub fn write_own_about(
        &self,
        actor: &Actor,
        heading: &str,
        words: &str,
        helped_by: &str,
    ) -> Result<(), Error> {
        access::decide(actor, Action::SeeOwnRecord)?;
        let known = ::person::about_me::builtin();
        if known.iter().all(|one| one.key != heading) {
            return Err(Error::NotFound("heading"));
        }
        let (words, helped_by) = (words.trim(), helped_by.trim());
        if words.chars().count() > WORDS {
            return Err(Error::invalid("words", "Use 2,000 characters or fewer"));
        }
        if helped_by.chars().count() > HELPED {
            return Err(Error::invalid("helped", "Use 100 characters or fewer"));
        }
        self.store().write(|tx| {
            let own = self.oneself(tx, actor)?;
            let stood = about_me::history(tx, own.person, heading)?;
            let stands = stood.first().map_or("", |one| one.words.as_str());
            if stands == words {
                return Ok(());
            }
            let said = Said {
                person: own.person,
                heading: heading.to_owned(),
                words: words.to_owned(),
                written_at: self.now(),
                written_by: actor.display_name.clone(),
                helped_by: helped_by.to_owned(),
            };
            about_me::add(tx, &said)?;
            let thing = format!("about person {}, {heading}", own.person);
            self.did(tx, actor, own.person, "about me: write", thing)
        })
    }
}
