//! Starting, handing on, extending and closing a case.

use super::{App, Error, journal_action, rows};
use crate::Subject;
use crate::flow::stay::name_of;
use ::flow::clocks::CaseKind;
use access::{Action, Actor};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use kernel::calendar::{local, time_in_words};
use kernel::{OrganisationId, PersonId, StatutoryCaseId};
use store::flow::Change;
use store::statutory_case::{Case, CaseFilter};
use store::{Tx, journal, organisation};

/// Longest text, in characters.
const WORDS: usize = 500;
/// How long ago a case may have been opened when it is written down.
const BACK: SignedDuration = SignedDuration::from_hours(24 * 366 * 3);

/// A case to start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCase<'a> {
    /// What kind.
    pub kind: CaseKind,
    /// The organisation whose it is.
    pub owner: OrganisationId,
    /// Name of the professional who has it; empty if nobody is named yet.
    pub professional: &'a str,
    /// When its clock started.
    pub opened_at: Timestamp,
    /// The last day of an urgent authorisation that runs meanwhile.
    pub urgent_until: Option<Date>,
}

/// A change of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaseChange<'a> {
    /// It ended.
    Close {
        /// How, of the words for its kind.
        outcome: &'a str,
        /// Why.
        why: &'a str,
    },
    /// An urgent authorisation is extended, once.
    Extend {
        /// Why.
        why: &'a str,
    },
    /// It goes to another organisation or professional.
    Hand {
        /// The organisation.
        owner: OrganisationId,
        /// The professional.
        professional: &'a str,
        /// Why.
        why: &'a str,
    },
}

impl CaseChange<'_> {
    const fn why(&self) -> &str {
        match self {
            Self::Close { why, .. } | Self::Extend { why } | Self::Hand { why, .. } => why,
        }
    }
}

impl App {
    /// Starts a case. Its owner need not be the asker's organisation: then a case that is for
    /// its owner alone is not shown to the asker again.
    ///
    /// # Errors
    /// Not allowed, no link with the person, `Invalid` naming the field, or the store's.
    pub fn start_case(
        &self,
        actor: &Actor,
        person: PersonId,
        new: &NewCase<'_>,
    ) -> Result<StatutoryCaseId, Error> {
        access::decide(actor, Action::ChangeClocks)?;
        let professional = words("professional", new.professional)?;
        let now = self.now();
        if new.opened_at > now {
            let text = "The clock cannot start in the future; enter when it started";
            return Err(Error::invalid("opened_on", text));
        }
        if now.duration_since(new.opened_at) > BACK {
            let text = "This is more than three years ago; check the year";
            return Err(Error::invalid("opened_on", text));
        }
        if new.urgent_until.is_some() && new.kind != CaseKind::Deprivation {
            let text = "Only a standard authorisation has an urgent one beside it; leave it empty";
            return Err(Error::invalid("urgent_until", text));
        }
        self.store().write(|tx| {
            let sight = self.sight(tx, actor, person)?;
            organisation::by_id(tx, new.owner)?
                .ok_or_else(|| Error::invalid("owner", "Choose whose it is"))?;
            let new = NewCase {
                professional: &professional,
                ..new.clone()
            };
            if self.open_case(tx, actor, sight.person, &new)?.is_some() {
                let text = "There is an open case of this kind already; use that one, or close it";
                return Err(Error::invalid("kind", text));
            }
            let case = self.put_case(tx, actor, sight.person, &new)?;
            self.journal_case(tx, actor, &case, sight.allowed, "started")?;
            Ok(case.id)
        })
    }

    /// Writes a case that was checked, with its history.
    pub(in crate::flow) fn put_case(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        person: PersonId,
        new: &NewCase<'_>,
    ) -> Result<Case, Error> {
        let case = Case {
            id: self.ids().statutory_case(),
            person,
            kind: new.kind,
            owner: new.owner,
            professional: new.professional.to_owned(),
            opened_at: new.opened_at,
            extended_on: None,
            urgent_until: new.urgent_until,
            closed: None,
            why: String::new(),
            updated_at: self.now(),
            updated_by: actor.display_name.clone(),
            version: 1,
        };
        rows::insert(tx, &case)?;
        self.case_history(tx, actor, None, &case, "")?;
        Ok(case)
    }

    /// The open case of a kind that a person has with an owner: one is enough. Only those that
    /// the asker may know of are asked about: another answer would tell of one that is secret.
    pub(in crate::flow) fn open_case(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        person: PersonId,
        new: &NewCase<'_>,
    ) -> Result<Option<Case>, Error> {
        let scope = self.case_scope(tx, actor)?;
        let filter = CaseFilter {
            person: Some(person),
            kind: Some(new.kind),
            owner: Some(new.owner),
        };
        let open = rows::list(tx, &scope, &filter, self.now())?;
        let mut cases = open.into_iter().map(|one| one.case);
        Ok(cases.find(|one| one.closed.is_none()))
    }

    /// Changes a case that the asker may know of.
    ///
    /// # Errors
    /// As [`App::start_case`]; `Stale` if somebody else changed it since `version`.
    pub fn change_case(
        &self,
        actor: &Actor,
        id: StatutoryCaseId,
        version: i64,
        change: &CaseChange<'_>,
    ) -> Result<(), Error> {
        access::decide(actor, Action::ChangeClocks)?;
        let why = words("why", change.why())?;
        self.store().write(|tx| {
            let scope = self.case_scope(tx, actor)?;
            let line = rows::by_id(tx, &scope, id)?.ok_or(Error::NotFound("case"))?;
            let sight = self.sight(tx, actor, line.head)?;
            let before = line.case;
            if before.version != version {
                return Err(stale(tx, &before, version)?);
            }
            self.change_case_in(tx, actor, &before, change, (&why, sight.allowed))
        })
    }

    /// As [`App::change_case`], of a case as it stands in a transaction that does more, for
    /// somebody who may.
    pub(in crate::flow) fn change_case_in(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        before: &Case,
        change: &CaseChange<'_>,
        (why, allowed): (&str, access::Allowed),
    ) -> Result<(), Error> {
        let mut after = before.clone();
        self.apply_to_case(tx, &mut after, change, why)?;
        after.version = before.version + 1;
        after.updated_at = self.now();
        after.updated_by.clone_from(&actor.display_name);
        if !rows::update(tx, &after)? {
            return Err(stale(tx, before, before.version)?);
        }
        self.case_history(tx, actor, Some(before), &after, why)?;
        self.follow_begun(tx, &after.id.to_string(), after.person)?;
        let what = match change {
            CaseChange::Close { .. } => "closed",
            CaseChange::Extend { .. } => "extended",
            CaseChange::Hand { .. } => "handed on",
        };
        self.journal_case(tx, actor, &after, allowed, what)
    }

    fn apply_to_case(
        &self,
        tx: &mut dyn Tx,
        case: &mut Case,
        change: &CaseChange<'_>,
        why: &str,
    ) -> Result<(), Error> {
        if case.closed.is_some() {
            let text = "This case is closed already; start another if there is need";
            return Err(Error::invalid("outcome", text));
        }
        if why.is_empty() {
            return Err(Error::invalid("why", "Say why, in a few words"));
        }
        match change {
            CaseChange::Close { outcome, .. } => {
                if !case.kind.may_end(outcome) {
                    return Err(Error::invalid("outcome", "Choose how it ended"));
                }
                case.closed = Some((self.now(), (*outcome).to_owned()));
                why.clone_into(&mut case.why);
            }
            CaseChange::Extend { .. } => {
                if case.kind != CaseKind::DeprivationUrgent {
                    let text = "Only an urgent authorisation can be extended";
                    return Err(Error::invalid("why", text));
                }
                if case.extended_on.is_some() {
                    let text = "It was extended already; the law allows it once";
                    return Err(Error::invalid("why", text));
                }
                case.extended_on = Some(self.today());
            }
            CaseChange::Hand {
                owner,
                professional,
                ..
            } => {
                organisation::by_id(tx, *owner)?
                    .ok_or_else(|| Error::invalid("owner", "Choose whose it is"))?;
                case.owner = *owner;
                case.professional = words("professional", professional)?;
            }
        }
        Ok(())
    }

    fn case_history(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        before: Option<&Case>,
        after: &Case,
        why: &str,
    ) -> Result<(), Error> {
        let organisations = organisation::all(tx)?;
        let lines = |case: &Case| {
            let day = |day: Option<Date>| day.map_or_else(String::new, |day| day.to_string());
            let outcome = case.closed.as_ref().map(|(_, outcome)| outcome.clone());
            [
                ("case", case.kind.to_string()),
                (
                    "whose",
                    name_of(&organisations, Some(case.owner)).unwrap_or_default(),
                ),
                ("professional", case.professional.clone()),
                ("started", in_words(case.opened_at)),
                ("extended", day(case.extended_on)),
                ("urgent until", day(case.urgent_until)),
                ("ended", outcome.unwrap_or_default()),
            ]
        };
        let was = before.map(lines);
        let history: Vec<Change> = lines(after)
            .into_iter()
            .enumerate()
            .map(|(at, (field, after))| {
                let before = was
                    .as_ref()
                    .map_or_else(String::new, |was| was[at].1.clone());
                (field, before, after)
            })
            .filter(|(_, before, after)| before != after)
            .map(|(field, before, after)| Change {
                field: field.to_owned(),
                before,
                after,
                why: why.to_owned(),
                at: self.now(),
                actor: actor.display_name.clone(),
                organisation: actor.organisation_name.clone(),
            })
            .collect();
        Ok(rows::add_changes(tx, after.id, &history)?)
    }

    pub(in crate::flow) fn journal_case(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        case: &Case,
        allowed: access::Allowed,
        what: &str,
    ) -> Result<(), Error> {
        let secret = case.kind.is_sensitive();
        let subject = Subject {
            person: Some(case.person),
            thing: match secret {
                true => format!("person {}", case.person),
                false => format!("case {}", case.id),
            },
            results: 1,
            detail: if secret {
                String::new()
            } else {
                what.to_owned()
            },
        };
        let kind = journal::Kind::Command;
        let action = journal_action(case.kind, Action::ChangeClocks).in_words();
        self.record(tx, actor, allowed, kind, action, subject)
    }
}

/// A moment as people write it.
fn in_words(at: Timestamp) -> String {
    let at = local(at);
    format!("{} at {}", at.strftime("%-d %B %Y"), time_in_words(at))
}

/// Who changed a case since a version, and what.
fn stale(tx: &mut dyn Tx, case: &Case, version: i64) -> Result<Error, Error> {
    let changes = rows::changes(tx, case.id)?;
    let since = case.version - version;
    Ok(crate::flow::history::stale(
        &case.updated_by,
        &changes,
        since,
    ))
}

/// A text without space around it, if it is not too long.
fn words(field: &'static str, text: &str) -> Result<String, Error> {
    let text = text.trim();
    if text.chars().count() > WORDS {
        let say = format!("Use {WORDS} characters or fewer");
        return Err(Error::invalid(field, say));
    }
    Ok(text.to_owned())
}
