//! The huddle: everyone at one board, a case at a time, with the minutes written as it goes.
//!
//! Source: PEERS a3 row 46 and f2 (next case, agreed action, owner, ten minutes).

use super::edit::{StayChange, short};
use super::returned::BackCounts;
use super::stay::StayPage;
use crate::{App, Error, Subject};
use access::{Action, Actor};
use jiff::Timestamp;
use kernel::{HuddleId, OrganisationId, limits};
use store::flow::{self as rows, BoardFilter, BoardOrder, Huddle, HuddleCase};
use store::{journal, organisation};

/// Huddles that the list shows.
const SHOWN: usize = 50;

/// What is said of a case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseSaid {
    /// Left for another time.
    pub skip: bool,
    /// What was said.
    pub said: String,
    /// What was agreed.
    pub action: String,
    /// Which organisation does it.
    pub owner: Option<OrganisationId>,
    /// Who there.
    pub owner_name: String,
    /// By when.
    pub due_at: Option<Timestamp>,
}

/// A huddle with its list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HuddlePage {
    /// The huddle.
    pub huddle: Huddle,
    /// Its cases, those that whoever looks may see, in order, with the name of each.
    pub cases: Vec<(HuddleCase, String, Option<String>)>,
    /// Cases that whoever looks may not see.
    pub hidden: usize,
}

/// The next case of a huddle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HuddleNext {
    /// The huddle.
    pub huddle: Huddle,
    /// The case.
    pub case: HuddleCase,
    /// How many cases there are, and how many are done.
    pub done: (usize, usize),
    /// How many of the cases are those of people back soon after they left.
    pub back: BackCounts,
    /// The stay.
    pub stay: StayPage,
}

impl App {
    /// The huddles, newest first.
    ///
    /// # Errors
    /// Not allowed, or the store's.
    pub fn huddles(&self, actor: &Actor) -> Result<Vec<Huddle>, Error> {
        access::decide(actor, Action::WorkSteps)?;
        self.store().read(|tx| Ok(rows::huddles(tx, SHOWN)?))
    }

    /// The hospitals that a huddle can be about, by name.
    ///
    /// # Errors
    /// Not allowed, or the store's.
    pub fn hospitals(&self, actor: &Actor) -> Result<Vec<(OrganisationId, String)>, Error> {
        access::decide(actor, Action::SeeBoard)?;
        self.store().read(|tx| {
            let all = organisation::all(tx)?;
            Ok(all
                .into_iter()
                .filter(|one| one.kind == "hospital")
                .map(|one| (one.id, one.name))
                .collect())
        })
    }

    /// Begins a huddle over the board of a hospital, or of the whole place: everybody ready to
    /// leave first, then those expected next. Its list stands from now on.
    ///
    /// # Errors
    /// Not allowed; nobody to speak about; the store's.
    pub fn begin_huddle(
        &self,
        actor: &Actor,
        hospital: Option<OrganisationId>,
        ready_only: bool,
    ) -> Result<HuddleId, Error> {
        let allowed = access::decide(actor, Action::WorkSteps)?;
        access::decide(actor, Action::ChangeStay)?;
        self.store().write(|tx| {
            let asker = self.asker(tx, actor)?;
            let scope = self.people_scope(&asker);
            let title = match hospital {
                Some(id) => {
                    let found = organisation::by_id(tx, id)?;
                    let text = "Choose a hospital";
                    found.ok_or_else(|| Error::invalid("hospital", text))?.name
                }
                None => "All hospitals".to_owned(),
            };
            let filter = BoardFilter {
                hospital,
                ready: ready_only.then_some(true),
                order: Some(BoardOrder::LongestReady),
                limit: limits::HUDDLE_CASES,
                ..BoardFilter::default()
            };
            let found = rows::board(tx, &filter, &scope)?;
            if found.lines.is_empty() {
                let text = "There is nobody to speak about";
                return Err(Error::invalid("hospital", text));
            }
            let huddle = Huddle {
                id: self.ids().huddle(),
                hospital,
                title,
                began_at: self.now(),
                began_by: actor.display_name.clone(),
                organisation: actor.organisation_name.clone(),
                ended_at: None,
                present: String::new(),
            };
            let stays: Vec<_> = found.lines.iter().map(|line| line.stay).collect();
            rows::insert_huddle(tx, &huddle, &stays)?;
            let subject = Subject {
                thing: format!("huddle {}", huddle.id),
                results: stays.len(),
                ..Subject::default()
            };
            let kind = journal::Kind::Command;
            self.record(tx, actor, allowed, kind, "huddle: begin", subject)?;
            Ok(huddle.id)
        })
    }

    /// The minutes of a huddle: those cases that whoever looks may see. The look is journalled.
    ///
    /// # Errors
    /// Not allowed; not there; the store's.
    pub fn huddle(&self, actor: &Actor, id: HuddleId) -> Result<HuddlePage, Error> {
        let allowed = access::decide(actor, Action::WorkSteps)?;
        self.store().write(|tx| {
            let huddle = rows::huddle(tx, id)?.ok_or(Error::NotFound("huddle"))?;
            let organisations = organisation::all(tx)?;
            let (mut cases, mut hidden) = (Vec::new(), 0);
            for case in rows::huddle_cases(tx, id)? {
                let stay = rows::stay(tx, case.stay)?.ok_or(Error::NotFound("stay"))?;
                match self.sight(tx, actor, stay.stay.person) {
                    Ok(_) => {
                        let person = store::person::by_id(tx, stay.stay.person)?;
                        let name = person.map(|p| p.list_name()).unwrap_or_default();
                        let owner = super::stay::name_of(&organisations, case.owner);
                        cases.push((case, name, owner));
                    }
                    Err(Error::NoTie(_) | Error::NotFound(_)) => hidden += 1,
                    Err(other) => return Err(other),
                }
            }
            let subject = Subject {
                thing: format!("huddle {id}"),
                results: cases.len(),
                ..Subject::default()
            };
            self.looked(tx, actor, allowed, Action::WorkSteps, subject)?;
            Ok(HuddlePage {
                huddle,
                cases,
                hidden,
            })
        })
    }

    /// The next case of a huddle that whoever asks may see; `None` if all are done.
    ///
    /// # Errors
    /// Not allowed; not there; the store's.
    pub fn next_case(&self, actor: &Actor, id: HuddleId) -> Result<Option<HuddleNext>, Error> {
        let page = self.huddle(actor, id)?;
        let all = page.cases.len();
        let done = page
            .cases
            .iter()
            .filter(|(case, ..)| case.said_at.is_some());
        let done = done.count();
        let stays: Vec<_> = page.cases.iter().map(|(case, ..)| case.stay).collect();
        let next = page
            .cases
            .into_iter()
            .find(|(case, ..)| case.said_at.is_none());
        let Some((case, ..)) = next else {
            return Ok(None);
        };
        let stay = self.stay(actor, case.stay)?;
        let back = self.store().read(|tx| {
            let asker = self.asker(tx, actor)?;
            let returned = self.returned(tx, &self.people_scope(&asker))?;
            let of_these = stays.iter().filter_map(|stay| returned.get(stay));
            Ok::<_, Error>(BackCounts::of(of_these))
        })?;
        Ok(Some(HuddleNext {
            back,
            huddle: page.huddle,
            case,
            done: (all, done),
            stay,
        }))
    }

    /// Writes what was said of a case. What was agreed is the stay's next action from then on.
    ///
    /// # Errors
    /// Not allowed; not there; the huddle is over; somebody wrote it already; the stay changed
    /// since `version`; nothing agreed; the store's.
    pub fn say_case(
        &self,
        actor: &Actor,
        id: HuddleId,
        number: i64,
        version: i64,
        said: &CaseSaid,
    ) -> Result<(), Error> {
        let allowed = access::decide(actor, Action::ChangeStay)?;
        let (words, action) = (short("said", &said.said)?, short("action", &said.action)?);
        let owner_name = short("owner_name", &said.owner_name)?;
        if !said.skip && action.is_empty() {
            let text = "Write what was agreed, or leave the case for another time";
            return Err(Error::invalid("action", text));
        }
        self.store().write(|tx| {
            let huddle = rows::huddle(tx, id)?.ok_or(Error::NotFound("huddle"))?;
            if huddle.ended_at.is_some() {
                let text = "The huddle is over. Change the next action on the stay itself";
                return Err(Error::invalid("action", text));
            }
            let cases = rows::huddle_cases(tx, id)?;
            let case = cases.into_iter().find(|case| case.number == number);
            let case = case.ok_or(Error::NotFound("case"))?;
            let stay = rows::stay(tx, case.stay)?.ok_or(Error::NotFound("stay"))?;
            self.sight(tx, actor, stay.stay.person)?;
            let case = HuddleCase {
                said_at: Some(self.now()),
                skipped: said.skip,
                said: words.clone(),
                action: action.clone(),
                owner: said.owner,
                owner_name: owner_name.clone(),
                due_at: said.due_at,
                actor: actor.display_name.clone(),
                ..case
            };
            if !rows::say_case(tx, id, &case)? {
                return Err(Error::Stale {
                    who: "Somebody".to_owned(),
                    what: "what was said of this case".to_owned(),
                });
            }
            let gone = stay.stay.discharged_on.is_some();
            if !said.skip && !gone {
                let change = StayChange::NextAction {
                    what: action.clone(),
                    owner: said.owner,
                    owner_name: owner_name.clone(),
                    due_at: said.due_at,
                };
                let why = format!("Huddle: {}", huddle.title);
                self.change_stay_in(tx, (actor, allowed), case.stay, version, &change, &why)?;
            }
            let subject = Subject {
                person: Some(stay.stay.person),
                thing: format!("huddle {id}"),
                results: 1,
                detail: String::new(),
            };
            let kind = journal::Kind::Command;
            self.record(
                tx,
                actor,
                allowed,
                kind,
                "huddle: write down a case",
                subject,
            )
        })
    }

    /// Ends a huddle and writes who was there. Cases not spoken about stay open in the minutes.
    ///
    /// # Errors
    /// Not allowed; not there; over already; the store's.
    pub fn end_huddle(&self, actor: &Actor, id: HuddleId, present: &str) -> Result<(), Error> {
        let allowed = access::decide(actor, Action::ChangeStay)?;
        let present = short("present", present)?;
        self.store().write(|tx| {
            let huddle = rows::huddle(tx, id)?.ok_or(Error::NotFound("huddle"))?;
            if huddle.ended_at.is_some() {
                return Err(Error::invalid("present", "The huddle is over already"));
            }
            let ended = Huddle {
                ended_at: Some(self.now()),
                present: present.clone(),
                ..huddle
            };
            rows::update_huddle(tx, &ended)?;
            let subject = Subject {
                thing: format!("huddle {id}"),
                results: 1,
                ..Subject::default()
            };
            let kind = journal::Kind::Command;
            self.record(tx, actor, allowed, kind, "huddle: end", subject)
        })
    }
}
