//! Meetings of a team about people. The agenda is drawn from live cases: plans that are due for
//! review, stays past the long marks, needs that nobody is asked to meet. What is decided goes
//! back to each case: a line on the timeline, and the next action of the stay.
//!
//! Source: PEERS a2 29 (agenda from live cases, actions with owner and date), as a fact.

use crate::person::Asker;
use crate::{App, Error, FieldError, Subject};
use ::flow::offer::NeedState;
use ::person::Person;
use ::person::plan::review_in_words;
use access::{Action, Actor};
use jiff::civil::Date;
use kernel::calendar::{add_days, days_between, instant};
use kernel::{MeetingId, PersonId, StayId};
use store::flow::{self as stays, BoardFilter, Change};
use store::meeting::{self as rows, Item, Meeting};
use store::timeline::{self, NewLine};
use store::{Tx, journal};

/// Most people drawn for one reason.
const EACH: usize = 20;
/// Most people on one agenda.
const AGENDA: usize = 40;
/// Longest decision or action, in characters.
const WORDS: usize = 1_000;
/// Meetings on the list.
const LISTED: u32 = 20;

/// Somebody whom a meeting would speak of now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgendaLine {
    /// The person.
    pub person: Person,
    /// Their stay, if they are in hospital for one of the reasons.
    pub stay: Option<StayId>,
    /// Why, a sentence each.
    pub why: Vec<String>,
}

/// The meetings of one's organisation, and what the next would speak of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meetings {
    /// The latest ones.
    pub meetings: Vec<Meeting>,
    /// The agenda as it would be drawn now.
    pub agenda: Vec<AgendaLine>,
}

/// An item with whom it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeetingItem {
    /// The item.
    pub item: Item,
    /// The person; `None` if whoever asks may not see them any more.
    pub person: Option<Person>,
    /// What is to be done.
    pub actions: Vec<rows::Action>,
}

/// A meeting as its page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeetingPage {
    /// The meeting.
    pub meeting: Meeting,
    /// Its items in order.
    pub items: Vec<MeetingItem>,
}

/// Something to be done, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewAction {
    /// What.
    pub what: String,
    /// By whom.
    pub owner: String,
    /// By when.
    pub due_on: Option<Date>,
}

impl App {
    /// The meetings of one's organisation, and what the next would speak of.
    ///
    /// # Errors
    /// Not allowed, or the store's.
    pub fn meetings(&self, actor: &Actor) -> Result<Meetings, Error> {
        let allowed = access::decide(actor, Action::HoldMeeting)?;
        self.store().write(|tx| {
            let asker = self.asker(tx, actor)?;
            let agenda = self.agenda(tx, &asker)?;
            let subject = Subject {
                results: agenda.len(),
                detail: "agenda of a meeting".to_owned(),
                ..Subject::default()
            };
            self.looked(tx, actor, allowed, Action::HoldMeeting, subject)?;
            Ok(Meetings {
                meetings: rows::latest(tx, &asker.holders, LISTED)?,
                agenda,
            })
        })
    }

    /// Whom a meeting would speak of now, of those whom somebody may see.
    fn agenda(&self, tx: &mut dyn Tx, asker: &Asker) -> Result<Vec<AgendaLine>, Error> {
        let scope = self.people_scope(asker);
        let today = self.today();
        let mut drawn: Vec<(PersonId, Option<StayId>, String)> = Vec::new();
        let soon = add_days(today, self.days("plan.review_soon_days")?);
        let most = u32::try_from(EACH).unwrap_or(u32::MAX);
        for (plan, head) in store::plan::due_by(tx, soon, &scope, most)? {
            let sight = self.sight_as(tx, asker, head)?;
            if sight.items.shows("", "", &plan.sector, "CarePlan") {
                let why = format!("{}.", review_in_words(plan.review_on, today));
                drawn.push((head, None, why));
            }
        }
        let marks = self.long_stay_marks(today)?;
        let filter = BoardFilter {
            ready: Some(true),
            limit: EACH,
            ..BoardFilter::default()
        };
        for line in stays::board(tx, &filter, &scope)?.lines {
            let days = days_between(line.admitted_on, today);
            let Some(mark) = marks.iter().copied().filter(|mark| days >= *mark).max() else {
                continue;
            };
            let head = store::person::head_of(tx, line.person)?.unwrap_or(line.person);
            let why = format!(
                "In hospital for {days} days, past the mark of {mark}, and ready to leave."
            );
            drawn.push((head, Some(line.stay), why));
        }
        let open = [NeedState::Open];
        for (need, head) in store::offer::needs_in(tx, &open, &scope, (0, EACH * 2))? {
            let offers = store::offer::offers_of(tx, need.id)?;
            if !offers.iter().any(|one| one.state.is_live()) {
                let why = format!(
                    "Nobody is asked to meet the need for {} now.",
                    need.need.kind
                );
                drawn.push((head, need.stay, why));
            }
        }
        self.together(tx, asker, drawn)
    }

    /// One line for each person.
    fn together(
        &self,
        tx: &mut dyn Tx,
        asker: &Asker,
        drawn: Vec<(PersonId, Option<StayId>, String)>,
    ) -> Result<Vec<AgendaLine>, Error> {
        let mut lines: Vec<(PersonId, AgendaLine)> = Vec::new();
        for (head, stay, why) in drawn {
            if let Some((_, line)) = lines.iter_mut().find(|(id, _)| *id == head) {
                line.stay = line.stay.or(stay);
                line.why.push(why);
                continue;
            }
            if lines.len() >= AGENDA {
                continue;
            }
            let sight = self.sight_as(tx, asker, head)?;
            let Some(person) = store::person::by_id(tx, head)? else {
                continue;
            };
            let line = AgendaLine {
                person: sight.shown(person),
                stay,
                why: vec![why],
            };
            lines.push((head, line));
        }
        Ok(lines.into_iter().map(|(_, line)| line).collect())
    }

    /// Opens a meeting with the agenda as it is drawn now.
    ///
    /// # Errors
    /// Not allowed, no name, nobody to speak of, or the store's.
    pub fn open_meeting(
        &self,
        actor: &Actor,
        name: &str,
        present: &str,
    ) -> Result<MeetingId, Error> {
        let allowed = access::decide(actor, Action::HoldMeeting)?;
        let (name, present) = (name.trim(), present.trim());
        if name.is_empty() || name.chars().count() > 100 {
            let text = "Give the meeting a name, in 100 characters or fewer";
            return Err(Error::invalid("name", text));
        }
        if present.chars().count() > WORDS {
            let text = format!("Use {WORDS} characters or fewer");
            return Err(Error::invalid("present", text));
        }
        let id = self.ids().meeting();
        self.store().write(|tx| {
            let asker = self.asker(tx, actor)?;
            let agenda = self.agenda(tx, &asker)?;
            if agenda.is_empty() {
                let text = "There is nobody to speak of now: nothing is due, late or waiting";
                return Err(Error::invalid("name", text));
            }
            let meeting = Meeting {
                id,
                name: name.to_owned(),
                organisation: actor.organisation,
                present: present.to_owned(),
                opened_at: self.now(),
                opened_by: actor.display_name.clone(),
                closed: None,
            };
            rows::insert(tx, &meeting)?;
            for (number, line) in (1..).zip(&agenda) {
                let item = Item {
                    number,
                    person: line.person.id,
                    stay: line.stay,
                    why: line.why.clone(),
                    decision: String::new(),
                    decided: None,
                };
                rows::add_item(tx, id, &item)?;
            }
            let subject = Subject {
                thing: format!("meeting {id}"),
                results: agenda.len(),
                ..Subject::default()
            };
            let kind = journal::Kind::Command;
            self.record(tx, actor, allowed, kind, "meeting: open", subject)
        })?;
        Ok(id)
    }

    /// A meeting of one's own organisation.
    fn own_meeting(&self, tx: &mut dyn Tx, asker: &Asker, id: MeetingId) -> Result<Meeting, Error> {
        let meeting = rows::by_id(tx, id)?.ok_or(Error::NotFound("meeting"))?;
        let whose = meeting.organisation.map(|one| one.to_string());
        match whose.is_some_and(|whose| asker.holders.contains(&whose)) {
            true => Ok(meeting),
            false => Err(Error::NotFound("meeting")),
        }
    }

    /// A meeting with its items. Of people whom somebody may not see any more nothing is shown.
    ///
    /// # Errors
    /// Not allowed, not of one's organisation, or the store's.
    pub fn meeting(&self, actor: &Actor, id: MeetingId) -> Result<MeetingPage, Error> {
        let allowed = access::decide(actor, Action::HoldMeeting)?;
        self.store().write(|tx| {
            let asker = self.asker(tx, actor)?;
            let meeting = self.own_meeting(tx, &asker, id)?;
            let actions = rows::actions(tx, id)?;
            let mut items = Vec::new();
            for item in rows::items(tx, id)? {
                let head = store::person::head_of(tx, item.person)?.unwrap_or(item.person);
                let sight = match self.sight_as(tx, &asker, head) {
                    Ok(sight) => Some(sight),
                    Err(Error::NoTie(_)) => None,
                    // A record that is kept apart is as if nobody were there.
                    Err(Error::NotFound(_)) => continue,
                    Err(other) => return Err(other),
                };
                let person = match &sight {
                    Some(sight) => store::person::by_id(tx, head)?.map(|one| sight.shown(one)),
                    None => None,
                };
                let shown = person.is_some();
                items.push(MeetingItem {
                    actions: actions
                        .iter()
                        .filter(|one| shown && one.item == item.number)
                        .cloned()
                        .collect(),
                    item: match shown {
                        true => item,
                        false => Item {
                            why: Vec::new(),
                            decision: String::new(),
                            stay: None,
                            ..item
                        },
                    },
                    person,
                });
            }
            let subject = Subject {
                thing: format!("meeting {id}"),
                results: items.len(),
                ..Subject::default()
            };
            self.looked(tx, actor, allowed, Action::HoldMeeting, subject)?;
            Ok(MeetingPage { meeting, items })
        })
    }

    /// Writes down what was decided of somebody, and what is to be done; and back to the case.
    ///
    /// # Errors
    /// Not allowed, not there, closed, decided already, what was typed, or the store's.
    pub fn decide_in_meeting(
        &self,
        actor: &Actor,
        (id, number): (MeetingId, i64),
        decision: &str,
        actions: &[NewAction],
    ) -> Result<(), Error> {
        access::decide(actor, Action::HoldMeeting)?;
        let decision = decision.trim();
        let actions = self.read_actions(decision, actions)?;
        self.store().write(|tx| {
            let asker = self.asker(tx, actor)?;
            let meeting = self.own_meeting(tx, &asker, id)?;
            if meeting.closed.is_some() {
                let text = "The meeting is closed: open a new one";
                return Err(Error::invalid("decision", text));
            }
            let items = rows::items(tx, id)?;
            let item = items.iter().find(|one| one.number == number);
            let item = item.ok_or(Error::NotFound("item"))?;
            let sight = self.sight(tx, actor, item.person)?;
            let by = (self.now(), actor.display_name.as_str());
            if !rows::decide(tx, (id, number), decision, by)? {
                let (_, who) = item.decided.clone().unwrap_or((by.0, String::new()));
                return Err(Error::Stale {
                    who,
                    what: "a decision is written down already".to_owned(),
                });
            }
            for (at, one) in (1..).zip(&actions) {
                let action = rows::Action {
                    item: number,
                    number: at,
                    ..one.clone()
                };
                rows::add_action(tx, id, &action)?;
            }
            self.back_to_the_case(tx, (actor, &asker), (&meeting, item), (decision, &actions))?;
            let subject = Subject {
                person: Some(sight.person),
                thing: format!("meeting {id}"),
                results: actions.len(),
                detail: format!("item {number}"),
            };
            let kind = journal::Kind::Command;
            self.record(tx, actor, sight.allowed, kind, "meeting: decide", subject)
        })
    }

    fn read_actions(
        &self,
        decision: &str,
        actions: &[NewAction],
    ) -> Result<Vec<rows::Action>, Error> {
        let mut wrong: Vec<FieldError> = Vec::new();
        let mut fault = |field: &'static str, text: &str| {
            wrong.push(FieldError {
                field,
                text: text.to_owned(),
            });
        };
        if decision.is_empty() {
            fault("decision", "Say what was decided");
        }
        let mut read = Vec::new();
        for one in actions {
            let (what, owner) = (one.what.trim(), one.owner.trim());
            match (what.is_empty() || owner.is_empty(), one.due_on) {
                (false, Some(due_on)) if due_on >= self.today() => read.push(rows::Action {
                    item: 0,
                    number: 0,
                    what: what.to_owned(),
                    owner: owner.to_owned(),
                    due_on,
                    done: None,
                }),
                _ => fault(
                    "actions",
                    "Each action needs what, who, and a day that is today or later",
                ),
            }
        }
        let long = |text: &str| text.chars().count() > WORDS;
        if long(decision) || read.iter().any(|one| long(&one.what) || long(&one.owner)) {
            fault("decision", &format!("Use {WORDS} characters or fewer"));
        }
        match wrong.is_empty() {
            true => Ok(read),
            false => Err(Error::Invalid(wrong)),
        }
    }

    /// A line on the timeline; and the first action becomes the next action of the stay.
    fn back_to_the_case(
        &self,
        tx: &mut dyn Tx,
        (actor, asker): (&Actor, &Asker),
        (meeting, item): (&Meeting, &Item),
        (decision, actions): (&str, &[rows::Action]),
    ) -> Result<(), Error> {
        let day = self.today().to_string();
        let title = format!("{}: {decision}", meeting.name);
        let line = NewLine {
            person: Some(item.person),
            person_key: None,
            happened_at: Some(&day),
            kind: "Meeting",
            title: &title,
            sector: asker.sector,
            source: &actor.organisation_name,
            category: "",
            codes: None,
            received_at: self.now(),
            shelf: None,
            stay: item.stay,
            document: None,
        };
        timeline::add(tx, self.ids().timeline(), &line)?;
        let (Some(stay), Some(first)) = (item.stay, actions.first()) else {
            return Ok(());
        };
        let Some(before) = stays::stay(tx, stay)? else {
            return Ok(());
        };
        let due = instant(first.due_on.at(17, 0, 0, 0));
        let mut after = before.clone();
        after.next_action.clone_from(&first.what);
        after.next_owner = None;
        after.next_owner_name.clone_from(&first.owner);
        after.next_due_at = due;
        after.version += 1;
        after.updated_at = self.now();
        after.updated_by.clone_from(&actor.display_name);
        let history: Vec<Change> = [
            ("next action", &before.next_action, &after.next_action),
            (
                "next action by",
                &before.next_owner_name,
                &after.next_owner_name,
            ),
        ]
        .into_iter()
        .filter(|(_, was, is)| was != is)
        .map(|(field, was, is)| Change {
            field: field.to_owned(),
            before: was.clone(),
            after: is.clone(),
            why: format!("Decided in {}", meeting.name),
            at: self.now(),
            actor: actor.display_name.clone(),
            organisation: actor.organisation_name.clone(),
        })
        .collect();
        if !self.keep_stay(tx, &after, &history)? {
            return Err(Error::Store(store::Error::NotSaved));
        }
        Ok(())
    }

    /// Writes down that something a meeting wanted is done.
    ///
    /// # Errors
    /// Not allowed, not there, done already, or the store's.
    pub fn meeting_action_done(
        &self,
        actor: &Actor,
        (id, item, number): (MeetingId, i64, i64),
    ) -> Result<(), Error> {
        access::decide(actor, Action::HoldMeeting)?;
        self.store().write(|tx| {
            let asker = self.asker(tx, actor)?;
            self.own_meeting(tx, &asker, id)?;
            let items = rows::items(tx, id)?;
            let found = items.iter().find(|one| one.number == item);
            let sight = self.sight(tx, actor, found.ok_or(Error::NotFound("item"))?.person)?;
            let by = (self.now(), actor.display_name.as_str());
            if !rows::done(tx, (id, item, number), by)? {
                return Err(Error::NotFound("action that is not done"));
            }
            let subject = Subject {
                person: Some(sight.person),
                thing: format!("meeting {id}"),
                results: 1,
                detail: format!("item {item}, action {number}"),
            };
            let kind = journal::Kind::Command;
            self.record(tx, actor, sight.allowed, kind, "meeting: done", subject)
        })
    }

    /// Closes a meeting: nothing more is decided in it.
    ///
    /// # Errors
    /// Not allowed, not there, closed already, or the store's.
    pub fn close_meeting(&self, actor: &Actor, id: MeetingId) -> Result<(), Error> {
        let allowed = access::decide(actor, Action::HoldMeeting)?;
        self.store().write(|tx| {
            let asker = self.asker(tx, actor)?;
            self.own_meeting(tx, &asker, id)?;
            if !rows::close(tx, id, (self.now(), &actor.display_name))? {
                return Err(Error::NotFound("meeting that is open"));
            }
            let subject = Subject {
                thing: format!("meeting {id}"),
                results: 1,
                ..Subject::default()
            };
            let kind = journal::Kind::Command;
            self.record(tx, actor, allowed, kind, "meeting: close", subject)
        })
    }
}
