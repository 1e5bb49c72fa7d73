//! Which set of steps a place uses, and the switch between them.

use crate::{App, Error, Subject};
use ::flow::chain::{CaseKind, advance, workflow};
use access::{Action, Actor};
use jiff::Timestamp;
use kernel::ChainId;
use store::flow::{self as rows, Switch};
use store::{Tx, journal};

/// One set of steps that a place has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetInUse {
    /// Its name.
    pub set: String,
    /// What it is for.
    pub title: String,
    /// Titles and owners of its steps, in order.
    pub steps: Vec<(String, String)>,
    /// Whether new cases get it now.
    pub in_use: bool,
    /// Cases in it that are open.
    pub open: i64,
}

/// The sets for one kind of case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetsPage {
    /// The kind of case.
    pub case: CaseKind,
    /// Its sets.
    pub sets: Vec<SetInUse>,
    /// Open cases in a set that is no longer in `policy/flow`, by its name.
    pub gone: Vec<(String, i64)>,
    /// Every switch, newest first.
    pub switches: Vec<Switch>,
}

impl App {
    /// The sets of steps of each kind of case.
    ///
    /// # Errors
    /// Not allowed, or the store's.
    pub fn step_sets(&self, actor: &Actor) -> Result<Vec<SetsPage>, Error> {
        access::decide(actor, Action::WorkSteps)?;
        let now = self.now();
        self.store().read(|tx| {
            let mut pages = Vec::new();
            for case in CaseKind::ALL.iter().copied() {
                let used = rows::set_in_use(tx, case, now)?;
                let used = used.unwrap_or_else(|| workflow::NORMAL.to_owned());
                let open = rows::open_by_set(tx, case)?;
                let count = |set: &str| {
                    let found = open.iter().find(|(name, _)| name == set);
                    found.map_or(0, |(_, count)| *count)
                };
                let sets: Vec<SetInUse> = self
                    .policy()
                    .workflows
                    .of(case)
                    .map(|one| SetInUse {
                        set: one.set.clone(),
                        title: one.title.clone(),
                        steps: one
                            .steps
                            .iter()
                            .map(|step| (step.title.clone(), step.owner.in_words().to_owned()))
                            .collect(),
                        in_use: one.set == used,
                        open: count(&one.set),
                    })
                    .collect();
                let known = |name: &str| sets.iter().any(|one| one.set == name);
                let gone = open.iter().filter(|(name, _)| !known(name)).cloned();
                pages.push(SetsPage {
                    case,
                    gone: gone.collect(),
                    sets,
                    switches: rows::switches(tx, case)?,
                });
            }
            Ok(pages)
        })
    }

    /// Switches the set of steps that new cases of a kind get from a moment on; `move_open` also
    /// moves the cases that are open, which only a switch from now on can. Gives how many moved.
    ///
    /// # Errors
    /// Not allowed; no such set; no reason; a time that is past; the store's.
    pub fn switch_set(
        &self,
        actor: &Actor,
        case: CaseKind,
        set: &str,
        from: Option<Timestamp>,
        move_open: bool,
        why: &str,
    ) -> Result<i64, Error> {
        let allowed = access::decide(actor, Action::SwitchWorkflow)?;
        let why = crate::flow::edit::short("why", why)?;
        if why.is_empty() {
            return Err(Error::invalid("why", "Say why the steps are switched"));
        }
        let Some(workflow) = self.policy().workflows.find(case, set) else {
            return Err(Error::invalid("set", "Choose a set of steps"));
        };
        let now = self.now();
        if from.is_some_and(|from| from < now) {
            return Err(Error::invalid("from", "Give a time that is not past"));
        }
        if move_open && from.is_some() {
            let text = "Open cases can be moved only when the switch is from now on";
            return Err(Error::invalid("from", text));
        }
        self.store().write(|tx| {
            let mut moved = 0;
            if move_open {
                for id in rows::chains_outside(tx, case, set)? {
                    self.move_chain(tx, actor, id, workflow)?;
                    moved += 1;
                }
            }
            let switch = Switch {
                case,
                set: set.to_owned(),
                from: from.unwrap_or(now),
                moved,
                why: why.clone(),
                said_at: now,
                said_by: actor.display_name.clone(),
                organisation: actor.organisation_name.clone(),
            };
            rows::insert_switch(tx, &switch)?;
            let subject = Subject {
                thing: format!("steps of a {}", case.in_words()),
                results: usize::try_from(moved).unwrap_or(0),
                detail: set.to_owned(),
                ..Subject::default()
            };
            let kind = journal::Kind::Command;
            self.record(tx, actor, allowed, kind, "steps: switch set", subject)?;
            Ok(moved)
        })
    }

    /// Moves one open case to another set.
    fn move_chain(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        id: ChainId,
        workflow: &workflow::Workflow,
    ) -> Result<(), Error> {
        let before = rows::chain(tx, id)?.ok_or(Error::NotFound("chain"))?;
        let hours = |key: &str| self.hours(key);
        let mut ids = || self.ids().step();
        let (parts, known) = self.standing(tx, &before)?;
        let now = self.now();
        let mut after = before.clone();
        after.chain = advance::move_to(&before.chain, workflow, &parts, &hours, now, &mut ids);
        advance::advance(&mut after.chain.steps, &known, &parts, before.began_at);
        after.updated_at = now;
        after.updated_by.clone_from(&actor.display_name);
        self.keep_chain(tx, &before, &mut after)?;
        let what = format!("Moved to the set \"{}\"", workflow.title);
        let event = self.event(actor, String::new(), what, "");
        rows::add_chain_event(tx, id, &event)?;
        Ok(())
    }
}
