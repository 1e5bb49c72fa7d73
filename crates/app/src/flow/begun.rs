//! What a decision on a request for help begins: cases with their clocks, drafts of forms, a need
//! for a service, steps. All of it in the transaction of the decision, and each thing once; what
//! was there already goes on and is not begun a second time.

use super::clocks::{Clock, NewCase};
use super::offer::NewNeed;
use super::triage::Decision;
use crate::{App, Error};
use ::flow::begins::{Begins, ClockFrom, begins};
use ::flow::clocks::CaseKind;
use ::flow::offer::{Kind, NeedState};
use ::flow::triage::Outcome;
use ::person::{Gender, Person};
use access::{Action, Actor};
use jiff::civil::Date;
use kernel::{FormId, NhsNumber, PersonId, ReferralId};
use store::begun::{self as rows, Begun, Thing};
use store::form::{self as form_rows, FormState, Kept};
use store::referral::{self, QueueScope, Referral};
use store::{Tx, journal, statutory_case};

/// Who the carer is whom a decision is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum CarerIs<'a> {
    /// Nobody said.
    #[default]
    NotSaid,
    /// The person whom the request is about cares for somebody.
    Oneself,
    /// Somebody who is here: a record that whoever decides may see.
    Here(PersonId),
    /// Somebody of whom a record is made.
    New(NewCarer<'a>),
}

/// A carer as typed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NewCarer<'a> {
    /// First name.
    pub given_name: &'a str,
    /// Last name.
    pub family_name: &'a str,
    /// Date of birth, if known.
    pub born: Option<Date>,
    /// NHS number; may be empty.
    pub nhs_number: &'a str,
    /// How they can be reached; may be empty.
    pub telephone: &'a str,
}

/// A thing that a decision began, as a page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BegunThing {
    /// A case with its clock.
    Case(Box<Clock>),
    /// A form, with its title.
    Form(Box<Kept>, String),
    /// A need that services are asked to meet.
    Need(Box<store::offer::NeedRow>),
    /// A step.
    Step(Box<::flow::chain::Step>),
}

/// A thing that a decision began.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BegunLine {
    /// The outcome that it is of.
    pub outcome: Outcome,
    /// It was there already and goes on.
    pub joined: bool,
    /// What it is.
    pub thing: BegunThing,
}

/// What the person is told of what was begun for them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ToldBegun {
    /// An assessment: of a carer or not, the last day by the place's rule, the day it ended.
    Assessment {
        /// Whether it is of a carer.
        carer: bool,
        /// The last day, if one is set.
        due_on: Option<Date>,
        /// The day on which it ended.
        ended_on: Option<Date>,
    },
    /// A service is looked for: how that stands, who comes, and from which day.
    Service {
        /// How it stands.
        state: NeedState,
        /// The service that has said yes.
        service: Option<String>,
        /// The first day.
        starts_on: Date,
    },
    /// Something is to be done: until when, and the day on which that ended.
    Step {
        /// When it is due, as a day.
        due_on: Option<Date>,
        /// The day on which it ended.
        ended_on: Option<Date>,
        /// Whether it was done, and not found to be not needed.
        done: bool,
    },
}

impl App {
    /// Begins what a decision says. Called once, in the transaction of the decision.
    pub(super) fn begin_decided(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        one: &Referral,
        decision: &Decision<'_>,
    ) -> Result<(), Error> {
        let starts = |outcome: &&Outcome| !matches!(begins(**outcome), Begins::Told);
        if !decision.outcomes.iter().any(|one| starts(&one)) {
            return Ok(());
        }
        self.whose_first(tx, one, decision)?;
        let head = self.sight(tx, actor, one.person)?.person;
        let person = store::person::by_id(tx, head)?.ok_or(Error::NotFound("person"))?;
        for outcome in &decision.outcomes {
            match begins(*outcome) {
                Begins::Told | Begins::Steps => {}
                Begins::Need => {
                    super::offer::alive(&person, "outcomes")?;
                    self.begin_need(tx, actor, (one, head), decision)?;
                }
                Begins::Case {
                    kind,
                    from,
                    form,
                    carer,
                } => {
                    let of = match carer {
                        true => self.carer_of(tx, actor, (one, head), decision)?,
                        false => head,
                    };
                    if kind == CaseKind::NeedsAssessment {
                        super::offer::alive(&person, "outcomes")?;
                    }
                    let at = match from {
                        ClockFrom::Request => one.sent_at,
                        ClockFrom::Decision => self.now(),
                    };
                    self.begin_case(tx, actor, one, (*outcome, kind, at), of)?;
                    if let Some(name) = form {
                        self.begin_draft(tx, actor, one, (*outcome, name), of)?;
                    }
                    if of != head {
                        self.follow_carer(tx, one, of)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// While somebody has to decide whose the record is, whoever decides says that it is begun on
    /// the record that the request made.
    fn whose_first(
        &self,
        tx: &mut dyn Tx,
        one: &Referral,
        decision: &Decision<'_>,
    ) -> Result<(), Error> {
        let waits = |outcome: &Outcome| !begins(*outcome).may_go_before_whose();
        if decision.on_this_record || !decision.outcomes.iter().any(waits) {
            return Ok(());
        }
        if store::identity::waits_for(tx, one.person)? {
            let text = "Decide first under “Whose record?” whether this is somebody who is here \
                        already, or say that it is begun on this record";
            return Err(Error::invalid("on_this_record", text));
        }
        Ok(())
    }

    fn begin_case(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        one: &Referral,
        (outcome, kind, opened_at): (Outcome, CaseKind, jiff::Timestamp),
        of: PersonId,
    ) -> Result<(), Error> {
        let allowed = access::decide(actor, Action::ChangeClocks)?;
        let new = NewCase {
            kind,
            owner: one.owner,
            professional: "",
            opened_at,
            urgent_until: None,
        };
        let there = self.open_case(tx, actor, of, &new)?;
        let joined = there.is_some();
        let case = match there {
            Some(case) => case,
            None => {
                let case = self.put_case(tx, actor, of, &new)?;
                if one.is_shown() {
                    self.journal_case(tx, actor, &case, allowed, "started")?;
                }
                case
            }
        };
        let begun = Begun {
            outcome,
            thing: Thing::Case,
            id: case.id.to_string(),
            joined,
        };
        Ok(rows::keep(tx, one.id, &begun)?)
    }

    fn begin_draft(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        one: &Referral,
        (outcome, name): (Outcome, &str),
        of: PersonId,
    ) -> Result<(), Error> {
        let allowed = access::decide(actor, super::forms::action_of(name))?;
        let drafts = form_rows::of_person(tx, of)?;
        let there = drafts
            .into_iter()
            .find(|kept| kept.name == name && kept.state == FormState::Open);
        let joined = there.is_some();
        let id = match there {
            Some(kept) => kept.id,
            None => {
                let version = self.version_of(name)?;
                let mut kept = self.new_form(actor, name, &version);
                kept.person = Some(of);
                form_rows::insert(tx, &kept, None)?;
                let mut subject = self.of_form(&kept, 1, name);
                subject.person = subject.person.filter(|_| one.is_shown());
                let kind = journal::Kind::Command;
                self.record(tx, actor, allowed, kind, "form: begin", subject)?;
                kept.id
            }
        };
        let begun = Begun {
            outcome,
            thing: Thing::Form,
            id: id.to_string(),
            joined,
        };
        Ok(rows::keep(tx, one.id, &begun)?)
    }

    fn begin_need(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        (one, head): (&Referral, PersonId),
        decision: &Decision<'_>,
    ) -> Result<(), Error> {
        let allowed = access::decide(actor, Action::SeekService)?;
        let there = store::offer::needs_of_person(tx, head)?
            .into_iter()
            .find(|row| row.stay.is_none() && row.goes_on());
        let joined = there.is_some();
        let id = match there {
            Some(row) => row.id,
            None => {
                let asked = decision.need.as_deref().cloned().unwrap_or_default();
                let new = NewNeed {
                    kind: Some(Kind::Reablement),
                    ..asked
                };
                let checked = self.read_need(&new)?;
                let row = self.put_need(tx, (actor, allowed), (head, None), checked)?;
                row.id
            }
        };
        let begun = Begun {
            outcome: Outcome::Reablement,
            thing: Thing::Need,
            id: id.to_string(),
            joined,
        };
        Ok(rows::keep(tx, one.id, &begun)?)
    }

    /// The carer's record: the person's own, one that is here, or one that is made.
    fn carer_of(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        (one, head): (&Referral, PersonId),
        decision: &Decision<'_>,
    ) -> Result<PersonId, Error> {
        match &decision.carer {
            CarerIs::NotSaid => Err(Error::invalid("carer", "Say who the carer is")),
            CarerIs::Oneself => Ok(head),
            CarerIs::Here(id) => Ok(self.sight(tx, actor, *id)?.person),
            CarerIs::New(new) => {
                let said = self.new_carer(new)?;
                let (id, _) = self.meet_referred(tx, one.inbox, &said)?;
                Ok(id)
            }
        }
    }

    fn new_carer(&self, new: &NewCarer<'_>) -> Result<Person, Error> {
        let number = new.nhs_number.trim();
        let nhs_number = match number.is_empty() {
            true => None,
            false => Some(number.parse::<NhsNumber>().map_err(|_| {
                let text = "This is no NHS number. Check it, or leave it empty";
                Error::invalid("carer_number", text)
            })?),
        };
        if new.given_name.trim().is_empty() || new.family_name.trim().is_empty() {
            let text = "Enter the carer’s first and last name";
            return Err(Error::invalid("carer_given", text));
        }
        for (field, text) in [
            ("carer_given", new.given_name),
            ("carer_family", new.family_name),
            ("carer_telephone", new.telephone),
        ] {
            if text.chars().count() > 100 {
                return Err(Error::invalid(field, "Use 100 characters or fewer"));
            }
        }
        if new.born.is_some_and(|born| born > self.today()) {
            let text = "The date of birth cannot be in the future";
            return Err(Error::invalid("carer_born", text));
        }
        Ok(Person {
            nhs_number,
            family_name: new.family_name.trim().to_owned(),
            given_name: new.given_name.trim().to_owned(),
            birth_date: new.born,
            gender: Gender::Unknown,
            telephone: new.telephone.trim().to_owned(),
            ..Person::unknown(self.ids().person())
        })
    }

    /// Keeps the steps that the decision has added to the request's chain.
    pub(super) fn keep_decided_steps(
        &self,
        tx: &mut dyn Tx,
        one: &Referral,
        outcomes: &[Outcome],
    ) -> Result<(), Error> {
        for outcome in outcomes {
            if begins(*outcome) != Begins::Steps {
                continue;
            }
            for step in self.decided_steps(tx, one, *outcome)? {
                let begun = Begun {
                    outcome: *outcome,
                    thing: Thing::Step,
                    id: step.id.to_string(),
                    joined: false,
                };
                rows::keep(tx, one.id, &begun)?;
            }
        }
        Ok(())
    }

    /// What a decision began, of that which whoever looks may know of.
    pub(super) fn begun_lines(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        id: ReferralId,
    ) -> Result<Vec<BegunLine>, Error> {
        let mut lines = Vec::new();
        for begun in rows::of_referral(tx, id)? {
            if let Some(thing) = self.begun_thing(tx, actor, &begun)? {
                lines.push(BegunLine {
                    outcome: begun.outcome,
                    joined: begun.joined,
                    thing,
                });
            }
        }
        Ok(lines)
    }

    fn begun_thing(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        begun: &Begun,
    ) -> Result<Option<BegunThing>, Error> {
        match begun.thing {
            Thing::Case => {
                let scope = self.case_scope(tx, actor)?;
                let Some(line) = statutory_case::by_id(tx, &scope, id_of(begun)?)? else {
                    return Ok(None);
                };
                let clock = self.clock_of(line, self.today())?;
                Ok(Some(BegunThing::Case(Box::new(clock))))
            }
            Thing::Form => {
                let found = form_rows::by_id(tx, id_of::<FormId>(begun)?)?;
                Ok(found.map(|kept| {
                    let title = self.title_of(&kept);
                    BegunThing::Form(Box::new(kept), title)
                }))
            }
            Thing::Need => {
                let found = store::offer::need(tx, id_of(begun)?)?;
                Ok(found.map(|row| BegunThing::Need(Box::new(row))))
            }
            Thing::Step => {
                let id = id_of(begun)?;
                let found = store::flow::chain_of_step(tx, id)?;
                let step = found.and_then(|row| row.chain.step(id).cloned());
                Ok(step.map(|step| BegunThing::Step(Box::new(step))))
            }
        }
    }

    /// What the person is told of what was begun. A safeguarding enquiry is told in person and
    /// not here.
    pub(super) fn told_begun(
        &self,
        tx: &mut dyn Tx,
        id: ReferralId,
    ) -> Result<Vec<ToldBegun>, Error> {
        let keeper = Actor::operator();
        let mut told = Vec::new();
        for line in self.begun_lines(tx, &keeper, id)? {
            match line.thing {
                _ if line.outcome == Outcome::Safeguarding => {}
                BegunThing::Case(clock) => told.push(ToldBegun::Assessment {
                    carer: line.outcome == Outcome::Carer,
                    due_on: clock.due.limit.map(::flow::clocks::Limit::day),
                    ended_on: clock.line.case.closed.map(|(at, _)| self.day_of(at)),
                }),
                BegunThing::Need(row) => {
                    let service = self.winner_of(tx, row.id)?;
                    told.push(ToldBegun::Service {
                        state: row.state,
                        service,
                        starts_on: row.need.starts_on,
                    });
                }
                BegunThing::Step(step) => told.push(ToldBegun::Step {
                    due_on: step.due_at.map(|at| self.day_of(at)),
                    ended_on: step.ended_at.map(|at| self.day_of(at)),
                    done: step.state != ::flow::chain::StepState::NotNeeded,
                }),
                // The draft goes with its case.
                BegunThing::Form(..) => {}
            }
        }
        Ok(told)
    }

    /// The request for help out of which something was begun, if whoever looks has to decide on
    /// it. To others it is not there.
    ///
    /// # Errors
    /// The store's.
    pub fn begun_out_of(
        &self,
        actor: &Actor,
        thing_id: &str,
    ) -> Result<Option<(ReferralId, String)>, Error> {
        if access::decide(actor, Action::Triage).is_err() {
            return Ok(None);
        }
        self.store().read(|tx| {
            let mut found = None;
            for id in rows::out_of(tx, thing_id)? {
                let people = self.queue_scope(tx, actor)?;
                let line = referral::in_queue(tx, QueueScope { people: &people }, id)?;
                found = found.or(line.map(|line| (id, line.referral.reference)));
            }
            Ok(found)
        })
    }

    /// Brings who may see a person up to date when something changes that a decision began.
    /// `person` is whose it is.
    pub(super) fn follow_begun(
        &self,
        tx: &mut dyn Tx,
        thing: &str,
        person: PersonId,
    ) -> Result<(), Error> {
        for id in rows::out_of(tx, thing)? {
            let Some(one) = referral::by_id(tx, id)? else {
                continue;
            };
            self.follow_referral(tx, &one)?;
            let of = store::person::head_of(tx, person)?;
            if of != store::person::head_of(tx, one.person)? {
                self.follow_carer(tx, &one, person)?;
            }
        }
        Ok(())
    }
}

fn id_of<T: std::str::FromStr>(begun: &Begun) -> Result<T, Error> {
    begun
        .id
        .parse()
        .map_err(|_| Error::NotFound("what was begun"))
}
