//! What the hub and the ward write down beside the stay: the list for leaving, whether the person
//! still needs a hospital bed, and the reviews of long stays.

use super::board::policy;
use super::edit::{StayChange, short};
use crate::{App, Error, Subject};
use ::flow::ready::ReadyTests;
use ::flow::reside::{Due, Said, due};
use access::{Action, Actor, Allowed};
use jiff::Timestamp;
use jiff::civil::Time;
use kernel::StayId;
use kernel::calendar::{days_between, local};
use store::flow::{self as rows, Check, LongStayReview, Reside, StayRow};
use store::{Tx, journal};

/// Reviews of whether somebody needs a hospital bed that a page shows.
const REVIEWS_SHOWN: usize = 20;
/// States of a thing on the list for leaving.
pub const CHECK_STATES: [&str; 3] = ["open", "done", "not needed"];

/// One thing on the list for leaving.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckLine {
    /// Its code.
    pub item: String,
    /// What it is.
    pub label: String,
    /// What was last said of it; `None` if nothing.
    pub said: Option<Check>,
}

/// A review of whether somebody needs a hospital bed, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResideLine {
    /// The review.
    pub review: Reside,
    /// The criteria that hold, in words.
    pub criteria: Vec<String>,
}

/// What the hub and the ward wrote down of a stay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HubNotes {
    /// The list for leaving.
    pub checklist: Vec<CheckLine>,
    /// Reviews of whether the person needs a hospital bed, newest first.
    pub resides: Vec<ResideLine>,
    /// Where today's reviews stand; `None` once the person has left.
    pub reside_due: Option<Due>,
    /// Reviews of the long stay, newest first.
    pub reviews: Vec<LongStayReview>,
    /// The mark whose review is due; `None` if none is.
    pub review_due: Option<i64>,
}

impl App {
    /// What the hub and the ward wrote down of a stay.
    pub(crate) fn hub_notes(&self, tx: &mut dyn Tx, row: &StayRow) -> Result<HubNotes, Error> {
        let (id, today) = (row.stay.id, self.today());
        let said = rows::checks(tx, id)?;
        let checklist = self
            .policy()
            .leaving_checklist
            .on(today)
            .map(|code| CheckLine {
                item: code.code.clone(),
                label: code.label.clone(),
                said: said.iter().find(|one| one.item == code.code).cloned(),
            })
            .collect();
        let resides: Vec<ResideLine> = rows::resides(tx, id, REVIEWS_SHOWN)?
            .into_iter()
            .map(|review| ResideLine {
                criteria: review
                    .reasons
                    .iter()
                    .map(|code| self.policy().criteria_to_reside.label(code).to_owned())
                    .collect(),
                review,
            })
            .collect();
        let open = row.stay.discharged_on.is_none();
        let last = resides.first().map(|line| line.review.at);
        let reviews = rows::long_stay_reviews(tx, id)?;
        let reviewed = reviews.iter().map(|review| review.mark).max().unwrap_or(0);
        Ok(HubNotes {
            checklist,
            reside_due: match open {
                true => self.reside_due(last)?,
                false => None,
            },
            resides,
            review_due: match open {
                true => self.review_due(row, reviewed)?,
                false => None,
            },
            reviews,
        })
    }

    /// Where today's reviews of whether somebody needs a hospital bed stand.
    fn reside_due(&self, last: Option<Timestamp>) -> Result<Option<Due>, Error> {
        Ok(due(
            &self.review_times()?,
            last.map(local),
            local(self.now()),
        ))
    }

    /// The times by which such a review is due, in order. Before 2020 nobody asked: none.
    pub(crate) fn review_times(&self) -> Result<Vec<Time>, Error> {
        let Ok(parameter) = self.policy().on("reside.review_times", self.today()) else {
            return Ok(Vec::new());
        };
        let text = parameter.text().map_err(policy)?;
        let mut times: Vec<Time> = text
            .split_whitespace()
            .filter_map(|time| time.parse().ok())
            .collect();
        times.sort();
        Ok(times)
    }

    /// The long-stay marks of today, in days.
    pub fn long_stay_marks_today(&self) -> Vec<i64> {
        self.long_stay_marks(self.today()).unwrap_or_default()
    }

    /// The highest mark passed whose review nobody has made.
    fn review_due(&self, row: &StayRow, reviewed: i64) -> Result<Option<i64>, Error> {
        let days = days_between(row.stay.admitted_on, self.today());
        let marks = self.long_stay_marks(self.today())?;
        let passed = marks.into_iter().filter(|mark| days >= *mark).max();
        Ok(passed.filter(|mark| *mark > reviewed))
    }

    /// Whether everything on the list for leaving is done or not needed.
    pub(crate) fn checklist_is_done(&self, tx: &mut dyn Tx, stay: StayId) -> Result<bool, Error> {
        let said = rows::checks(tx, stay)?;
        let mut items = self.policy().leaving_checklist.on(self.today()).peekable();
        Ok(items.peek().is_some()
            && items.all(|code| {
                said.iter()
                    .any(|one| one.item == code.code && one.state != "open")
            }))
    }

    /// The stay that somebody wants to write about; it must not be over.
    fn open_stay(&self, tx: &mut dyn Tx, actor: &Actor, id: StayId) -> Result<StayRow, Error> {
        let row = rows::stay(tx, id)?.ok_or(Error::NotFound("stay"))?;
        self.sight(tx, actor, row.stay.person)?;
        if row.stay.discharged_on.is_some() {
            let text = "The person has left hospital. Undo the discharge first if that is wrong";
            return Err(Error::invalid("stay", text));
        }
        Ok(row)
    }

    /// Says how things on the list for leaving stand: each as code, state and a note. What is as
    /// it was is not written again.
    ///
    /// # Errors
    /// Not allowed; not there; a code or state that is on no list; the store's.
    pub fn say_checks(
        &self,
        actor: &Actor,
        id: StayId,
        said: &[(String, String, String)],
    ) -> Result<usize, Error> {
        let allowed = access::decide(actor, Action::ChangeStay)?;
        let today = self.today();
        for (item, state, _) in said {
            let known = self.policy().leaving_checklist.get(item, today).is_ok();
            if !known || !CHECK_STATES.contains(&state.as_str()) {
                return Err(Error::invalid("item", "Choose how each thing stands"));
            }
        }
        self.store().write(|tx| {
            let row = self.open_stay(tx, actor, id)?;
            let before = rows::checks(tx, id)?;
            let mut written = 0;
            for (item, state, note) in said {
                let note = short("note", note)?;
                let was = before.iter().find(|one| one.item == *item);
                let same = match was {
                    Some(was) => was.state == *state && was.note == note,
                    None => state == "open" && note.is_empty(),
                };
                if same {
                    continue;
                }
                let check = Check {
                    item: item.clone(),
                    state: state.clone(),
                    note,
                    at: self.now(),
                    actor: actor.display_name.clone(),
                    organisation: actor.organisation_name.clone(),
                };
                rows::add_check(tx, id, &check)?;
                written += 1;
            }
            self.follow_chain_of(tx, &row)?;
            self.noted_of_stay(tx, actor, allowed, &row, "stay: list for leaving", written)?;
            Ok(written)
        })
    }

    /// Writes a review of whether a person needs a hospital bed. The first that says no sets the
    /// discharge-ready date to today; a later one that says yes takes it back. Where the three
    /// tests of readiness are in use, those set the date, and the review changes none.
    ///
    /// # Errors
    /// Not allowed; not there; criteria on no list; nothing said; the store's.
    pub fn review_reside(
        &self,
        actor: &Actor,
        id: StayId,
        needs_bed: Option<bool>,
        said: &Said,
    ) -> Result<(), Error> {
        let allowed = access::decide(actor, Action::ChangeStay)?;
        let exception = short("exception", &said.exception)?;
        let Some(needs_bed) = needs_bed else {
            let text = "Say whether the person needs a hospital bed";
            return Err(Error::invalid("needs_bed", text));
        };
        match (needs_bed, said.meets()) {
            (true, false) => {
                let text = "Choose what the person needs a hospital bed for, or write why";
                return Err(Error::invalid("criteria", text));
            }
            (false, true) => {
                let text = "A reason to stay is chosen. Take it away, or say that the person \
                            needs a hospital bed";
                return Err(Error::invalid("needs_bed", text));
            }
            _ => {}
        }
        let list = &self.policy().criteria_to_reside;
        if !said
            .criteria
            .iter()
            .all(|code| list.get(code, self.today()).is_ok())
        {
            return Err(Error::invalid("criteria", "Choose from the list"));
        }
        self.store().write(|tx| {
            let row = self.open_stay(tx, actor, id)?;
            let review = Reside {
                at: self.now(),
                meets: needs_bed,
                reasons: said.criteria.clone(),
                exception: exception.clone(),
                actor: actor.display_name.clone(),
                organisation: actor.organisation_name.clone(),
            };
            rows::add_reside(tx, id, &review)?;
            let tests_used = ReadyTests::of(&row.stay).missing().len() < 3;
            let change = match (needs_bed, row.stay.ready_on) {
                (false, None) if !tests_used => Some(Some(self.today())),
                (true, Some(_)) if !tests_used => Some(None),
                _ => None,
            };
            if let Some(day) = change {
                let why = "Review of whether a hospital bed is needed";
                let version = row.version;
                self.change_stay_in(
                    tx,
                    (actor, allowed),
                    id,
                    version,
                    &StayChange::ReadyOn(day),
                    why,
                )?;
            }
            self.noted_of_stay(tx, actor, allowed, &row, "stay: review need for a bed", 1)
        })
    }

    /// Writes a review of a long stay.
    ///
    /// # Errors
    /// Not allowed; not there; a mark that is not passed; nothing written; the store's.
    pub fn review_long_stay(
        &self,
        actor: &Actor,
        id: StayId,
        mark: i64,
        found: &str,
        next: &str,
    ) -> Result<(), Error> {
        let allowed = access::decide(actor, Action::ChangeStay)?;
        let (found, next) = (short("found", found)?, short("next", next)?);
        if found.is_empty() {
            return Err(Error::invalid("found", "Write what you found"));
        }
        if next.is_empty() {
            return Err(Error::invalid("next", "Write what happens next"));
        }
        self.store().write(|tx| {
            let row = self.open_stay(tx, actor, id)?;
            let days = days_between(row.stay.admitted_on, self.today());
            let marks = self.long_stay_marks(self.today())?;
            if !marks.contains(&mark) || days < mark {
                let text = format!("The stay is {days} days long: choose a mark that is passed");
                return Err(Error::invalid("mark", text));
            }
            let review = LongStayReview {
                mark,
                at: self.now(),
                found: found.clone(),
                next: next.clone(),
                actor: actor.display_name.clone(),
                organisation: actor.organisation_name.clone(),
            };
            rows::add_long_stay_review(tx, id, &review)?;
            self.noted_of_stay(tx, actor, allowed, &row, "stay: review of a long stay", 1)
        })
    }

    fn noted_of_stay(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        allowed: Allowed,
        row: &StayRow,
        action: &str,
        results: usize,
    ) -> Result<(), Error> {
        let subject = Subject {
            person: Some(row.stay.person),
            thing: format!("stay {}", row.stay.id),
            results,
            detail: String::new(),
        };
        self.record(tx, actor, allowed, journal::Kind::Command, action, subject)
    }
}
