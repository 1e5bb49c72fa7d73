//! Care and support plans: read, written in versions, agreed.

use super::assessed::LatestAssessment;
use crate::{App, Error, FieldError, Subject};
use ::person::Person;
use ::person::plan::{Plan, faults};
use access::{Action, Actor, Role};
use kernel::{AccountId, OrganisationId, PersonId, limits};
use store::Tx;
use store::plan::{self as rows, PlanRow, PlanVersion};
use store::{account, journal, organisation};

/// Kind of a plan among the lines of a record, for what may be seen of it.
const KIND: &str = "CarePlan";

/// The plan of a person, as a page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanPage {
    /// The person.
    pub person: Person,
    /// The plan, if there is one that may be seen.
    pub row: Option<PlanRow>,
    /// Its versions, the one that stands first.
    pub versions: Vec<PlanVersion>,
    /// There is one that may not be seen: the person asked not to share it, or its sector.
    pub withheld: bool,
    /// Names of those on whose caseload the person is.
    pub around: Vec<String>,
    /// Accounts that may be named in a plan, with name and organisation: of the caseload, of the
    /// asker's own organisation, and those named already. None for who may not write one.
    pub colleagues: Vec<(AccountId, String)>,
    /// The latest signed assessment that judges eligibility, if it may be seen.
    pub assessment: Option<LatestAssessment>,
    /// There is one that may not be seen.
    pub assessment_withheld: bool,
    /// What meetings decided, the latest first, with what is to be done.
    pub decided: Vec<Decided>,
}

/// What a meeting decided of somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// Name of the meeting.
    pub meeting: String,
    /// What was decided, when and who wrote it down.
    pub item: store::meeting::Item,
    /// What is to be done.
    pub actions: Vec<store::meeting::Action>,
}

impl PlanPage {
    /// The version that stands.
    pub fn current(&self) -> Option<&PlanVersion> {
        self.versions.first()
    }

    /// Whether somebody was assessed again since the plan that stands was written.
    pub fn assessed_since(&self) -> bool {
        let (Some(latest), Some(current)) = (&self.assessment, self.current()) else {
            return false;
        };
        let of = current.plan.assessed.as_ref().map(|one| one.form.as_str());
        of != Some(latest.form.to_string().as_str()) && latest.signed_at > current.made_at
    }
}

impl App {
    /// The plan of a person with its versions.
    ///
    /// # Errors
    /// Not allowed, or the store's.
    pub fn care_plan(&self, actor: &Actor, id: PersonId) -> Result<PlanPage, Error> {
        access::decide(actor, Action::SeePerson)?;
        self.store().write(|tx| {
            let sight = self.sight(tx, actor, id)?;
            let person = store::person::by_id(tx, sight.person)?;
            let person = sight.shown(person.ok_or(Error::NotFound("person"))?);
            let (assessment, assessment_withheld) = self.latest_assessment(tx, &sight)?;
            let (around, holders) = self.on_whose_caseload(tx, sight.person)?;
            let mut page = PlanPage {
                colleagues: Vec::new(),
                assessment,
                assessment_withheld,
                around,
                decided: decided(tx, &sight)?,
                person,
                row: None,
                versions: Vec::new(),
                withheld: false,
            };
            if let Some(row) = rows::of_person(tx, sight.person)? {
                let versions = rows::versions(tx, row.id)?;
                let source = versions.first().map(|one| one.organisation.as_str());
                let shown = sight
                    .items
                    .shows(source.unwrap_or_default(), "", &row.sector, KIND);
                page.withheld = !shown;
                if shown {
                    page.row = Some(row);
                    page.versions = versions;
                }
            }
            if access::decide(actor, Action::MakePlan).is_ok() {
                let own = self.acts_for(tx, actor)?;
                page.colleagues = colleagues(tx, &own, &page, &holders)?;
            }
            let subject = Subject {
                person: Some(sight.person),
                thing: format!("plan of person {}", sight.person),
                results: page.versions.len(),
                ..Subject::default()
            };
            self.looked(tx, actor, sight.allowed, Action::SeePerson, subject)?;
            Ok(page)
        })
    }

    /// Names and accounts of those on whose caseload a person is now.
    fn on_whose_caseload(
        &self,
        tx: &mut dyn Tx,
        head: PersonId,
    ) -> Result<(Vec<String>, Vec<AccountId>), Error> {
        let now = self.now();
        let (mut names, mut holders) = (Vec::new(), Vec::new());
        for kept in store::relationship::of_person(tx, head)? {
            let live = kept.starts_at <= now && kept.ends_at.is_none_or(|end| end > now);
            let caseload = kept.kind == ::person::relationship::Relationship::Caseload;
            if !live || !caseload {
                continue;
            }
            if let Ok(holder) = kept.holder.parse()
                && let Some(account) = account::by_id(tx, holder)?
                && !holders.contains(&account.id)
            {
                holders.push(account.id);
                names.push(account.display_name);
            }
        }
        Ok((names, holders))
    }

    /// Writes a plan: the first version, or one over the version that was shown. A plan that says
    /// the same makes no version.
    ///
    /// # Errors
    /// Not allowed, what is missing, withheld, changed in the meantime, or the store's.
    pub fn save_care_plan(
        &self,
        actor: &Actor,
        id: PersonId,
        version: i64,
        plan: &Plan,
    ) -> Result<i64, Error> {
        access::decide(actor, Action::MakePlan)?;
        self.store().write(|tx| {
            let sight = self.sight(tx, actor, id)?;
            let assessed = self.as_assessed(tx, &sight, plan)?;
            let plan = &with_accounts(tx, assessed)?;
            self.check_plan(plan)?;
            let asker = self.asker(tx, actor)?;
            let before = rows::of_person(tx, sight.person)?;
            let versions = match &before {
                Some(row) => rows::versions(tx, row.id)?,
                None => Vec::new(),
            };
            if let (Some(row), Some(last)) = (&before, versions.first()) {
                let source = last.organisation.as_str();
                if !sight.items.shows(source, "", &row.sector, KIND) {
                    let text = "There is a plan that is withheld from you: ask who wrote it";
                    return Err(Error::invalid("goals", text));
                }
                if row.version != version {
                    return Err(Error::Stale {
                        who: row.changed_by.clone(),
                        what: format!("version {} of the plan stands now", row.version),
                    });
                }
                if last.plan == *plan {
                    return Ok(version);
                }
            }
            let row = PlanRow {
                id: before
                    .as_ref()
                    .map_or_else(|| self.ids().plan(), |row| row.id),
                person: before.as_ref().map_or(sight.person, |row| row.person),
                version: before.as_ref().map_or(1, |row| row.version + 1),
                review_on: plan.review_on,
                coordinator: plan.coordinator.name.clone(),
                coordinator_account: plan.coordinator.account.parse().ok(),
                sector: asker.sector.to_owned(),
                changed_at: self.now(),
                changed_by: actor.display_name.clone(),
            };
            match before {
                None => rows::insert(tx, &row)?,
                Some(_) if rows::update(tx, &row)? => {}
                Some(_) => return Err(Error::Store(store::Error::NotSaved)),
            }
            let made = PlanVersion {
                number: row.version,
                plan: plan.clone(),
                made_at: row.changed_at,
                made_by: actor.display_name.clone(),
                organisation: actor.organisation_name.clone(),
                agreed: None,
            };
            rows::add_version(tx, row.id, &made)?;
            let subject = Subject {
                person: Some(sight.person),
                thing: format!("plan {}", row.id),
                results: 1,
                detail: format!("version {}", row.version),
            };
            let kind = journal::Kind::Command;
            let action = Action::MakePlan.in_words();
            self.record(tx, actor, sight.allowed, kind, action, subject)?;
            Ok(row.version)
        })
    }

    /// What is missing in a plan, or too long.
    fn check_plan(&self, plan: &Plan) -> Result<(), Error> {
        let most = self.days("plan.review_most_days")?;
        let mut wrong: Vec<FieldError> = faults(plan, self.today(), most)
            .into_iter()
            .map(|(field, text)| FieldError { field, text })
            .collect();
        if too_long(plan) {
            let text = format!(
                "Use at most {} rows of a kind, and {} characters in a field",
                ::person::plan::ROWS,
                limits::TEXT_CHARACTERS
            );
            wrong.push(FieldError {
                field: "goals",
                text,
            });
        }
        match wrong.is_empty() {
            true => Ok(()),
            false => Err(Error::Invalid(wrong)),
        }
    }

    /// Writes down that the version that stands is agreed: by whom and how, such as signed on
    /// paper. It is agreed once; a later version is agreed anew.
    ///
    /// # Errors
    /// Not allowed, not said by whom or how, no such version, agreed already, or the store's.
    pub fn agree_care_plan(
        &self,
        actor: &Actor,
        id: PersonId,
        version: i64,
        (by, how): (&str, &str),
    ) -> Result<(), Error> {
        access::decide(actor, Action::MakePlan)?;
        let (by, how) = (by.trim(), how.trim());
        for (field, text, say) in [
            ("agreed_by", by, "Say who agreed"),
            ("agreed_how", how, "Say how they agreed"),
        ] {
            if text.is_empty() || text.chars().count() > 200 {
                return Err(Error::invalid(
                    field,
                    format!("{say}, in 200 characters or fewer"),
                ));
            }
        }
        self.store().write(|tx| {
            let sight = self.sight(tx, actor, id)?;
            let row = rows::of_person(tx, sight.person)?.ok_or(Error::NotFound("plan"))?;
            if row.version != version {
                return Err(Error::Stale {
                    who: row.changed_by,
                    what: format!("version {} of the plan stands now", row.version),
                });
            }
            if !rows::agree(tx, (row.id, version), self.now(), (by, how))? {
                let text = "This version is agreed already";
                return Err(Error::invalid("agreed_by", text));
            }
            let subject = Subject {
                person: Some(sight.person),
                thing: format!("plan {}", row.id),
                results: 1,
                detail: format!("version {version}"),
            };
            let kind = journal::Kind::Command;
            self.record(tx, actor, sight.allowed, kind, "plan: agree", subject)
        })
    }
}

/// Whether a role may write plans, and so be named in one.
fn may_be_named(role: &str) -> bool {
    Role::parse(role).is_some_and(|role| {
        let somebody = Actor {
            role,
            ..Actor::operator()
        };
        access::decide(&somebody, Action::MakePlan).is_ok()
    })
}

/// Accounts that may be named in a plan by somebody of these organisations, by name.
fn colleagues(
    tx: &mut dyn Tx,
    own: &[OrganisationId],
    page: &PlanPage,
    holders: &[AccountId],
) -> Result<Vec<(AccountId, String)>, Error> {
    let named = page.current().map(|one| &one.plan);
    let named: Vec<&str> = named
        .iter()
        .flat_map(|plan| {
            [
                plan.coordinator.account.as_str(),
                &plan.professional.account,
            ]
        })
        .collect();
    let mut found = account::all(tx)?;
    found.retain(|one| {
        let colleague = own.contains(&one.organisation);
        holders.contains(&one.id)
            || named.contains(&one.id.to_string().as_str())
            || (colleague && may_be_named(&one.role))
    });
    found.sort_by(|one, other| one.display_name.cmp(&other.display_name));
    Ok(found
        .into_iter()
        .map(|one| {
            (
                one.id,
                format!("{}, {}", one.display_name, one.organisation_name),
            )
        })
        .collect())
}

/// A plan in which whoever has an account bears the name of the account.
fn with_accounts(tx: &mut dyn Tx, mut plan: Plan) -> Result<Plan, Error> {
    for (field, named) in [
        ("coordinator_account", &mut plan.coordinator),
        ("professional_account", &mut plan.professional),
    ] {
        if named.account.is_empty() {
            continue;
        }
        let found = match named.account.parse() {
            Ok(id) => account::by_id(tx, id)?,
            Err(_) => None,
        };
        match found.filter(|one| may_be_named(&one.role)) {
            Some(one) => named.name = one.display_name,
            None => {
                let text = "Choose somebody who signs in here, or write the name below";
                return Err(Error::invalid(field, text));
            }
        }
    }
    Ok(plan)
}

/// What meetings decided: those of one's own organisation, and others where nothing is withheld.
fn decided(tx: &mut dyn Tx, sight: &super::Sight) -> Result<Vec<Decided>, Error> {
    use store::meeting;
    let mut all = Vec::new();
    for (id, number) in meeting::of_person(tx, sight.person, 5)? {
        let found = meeting::by_id(tx, id)?;
        let whose = match found.as_ref().and_then(|one| one.organisation) {
            Some(whose) => organisation::by_id(tx, whose)?.map(|one| one.name),
            None => None,
        };
        let own = whose.is_some_and(|name| sight.items.own.contains(&name));
        if !own && !sight.items.shows_all() {
            continue;
        }
        let item = meeting::items(tx, id)?
            .into_iter()
            .find(|one| one.number == number);
        let (Some(found), Some(item)) = (found, item) else {
            continue;
        };
        let mut actions = meeting::actions(tx, id)?;
        actions.retain(|one| one.item == number);
        all.push(Decided {
            meeting: found.name,
            item,
            actions,
        });
    }
    Ok(all)
}

/// Whether anything in a plan is longer than may be.
fn too_long(plan: &Plan) -> bool {
    let rows = [
        plan.goals.len(),
        plan.needs.len(),
        plan.actions.len(),
        plan.week.len(),
    ];
    let mut texts = vec![
        &plan.assessment,
        &plan.without_why,
        &plan.contingency,
        &plan.telecare.words,
        &plan.equipment.words,
        &plan.advice,
        &plan.direct_payment,
        &plan.coordinator.name,
        &plan.professional.name,
    ];
    texts.extend(
        plan.goals
            .iter()
            .flat_map(|one| [&one.words, &one.measure, &one.now]),
    );
    texts.extend(
        plan.needs
            .iter()
            .flat_map(|one| [&one.what, &one.met_by, &one.from]),
    );
    texts.extend(plan.actions.iter().flat_map(|one| [&one.what, &one.who]));
    texts.extend(plan.week.iter().map(|one| &one.what));
    rows.iter().any(|count| *count > ::person::plan::ROWS)
        || texts
            .iter()
            .any(|text| text.chars().count() > limits::TEXT_CHARACTERS)
}
