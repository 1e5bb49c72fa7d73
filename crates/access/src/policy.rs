//! The policy's text, read once, and its answers, each worked out once.
//!
//! What the policy is asked is closed: a role, an action, and a handful of yes and no. So an
//! answer is kept under exactly what it was worked out from, and is the policy's own for ever.

use crate::{Action, Role};
use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid, PolicyId,
    PolicySet, Request, RestrictedExpression, Schema,
};
use std::collections::{HashMap, HashSet};
use std::sync::{LazyLock, PoisonError, RwLock};

/// What a role may do at all.
const ROLES: &str = include_str!("../../../policy/access/roles.cedar");
/// What may be seen of a person.
const RECORDS: &str = include_str!("../../../policy/access/records.cedar");
/// What both speak of.
const SCHEMA: &str = include_str!("../../../policy/access/almoner.cedarschema");

/// Roles that work with people directly.
const CARE: [Role; 2] = [Role::HubLead, Role::Practitioner];
/// Roles that count.
const COUNTING: [Role; 4] = [Role::HubLead, Role::Finance, Role::Analyst, Role::Operator];

/// What is asked: of which resource, with which attributes and in which context. Names with a
/// dot lie inside another, as in `ties.named`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Question {
    pub(crate) role: Role,
    pub(crate) action: &'static str,
    pub(crate) resource: &'static str,
    pub(crate) attributes: Vec<(&'static str, bool)>,
    pub(crate) context: Vec<(&'static str, bool)>,
}

/// What the policy answers, and the names of the rules that decided it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) permitted: bool,
    pub(crate) rules: Vec<String>,
}

struct Policy {
    policies: PolicySet,
    schema: Schema,
    roles: Vec<Entity>,
    authorizer: Authorizer,
    answers: RwLock<HashMap<Question, Answer>>,
}

static POLICY: LazyLock<Result<Policy, String>> = LazyLock::new(Policy::read);

fn uid(kind: &str, id: &str) -> Result<EntityUid, String> {
    let kind: EntityTypeName = format!("Almoner::{kind}")
        .parse()
        .map_err(|error| format!("{error}"))?;
    Ok(EntityUid::from_type_name_and_id(kind, EntityId::new(id)))
}

fn values(pairs: &[(&'static str, bool)]) -> Vec<(String, RestrictedExpression)> {
    let mut flat = Vec::new();
    let mut inner: Vec<(&str, Vec<(String, RestrictedExpression)>)> = Vec::new();
    for (name, value) in pairs {
        let value = RestrictedExpression::new_bool(*value);
        match name.split_once('.') {
            None => flat.push(((*name).to_owned(), value)),
            Some((of, name)) => match inner.iter_mut().find(|(known, _)| *known == of) {
                Some((_, fields)) => fields.push((name.to_owned(), value)),
                None => inner.push((of, vec![(name.to_owned(), value)])),
            },
        }
    }
    for (of, fields) in inner {
        if let Ok(record) = RestrictedExpression::new_record(fields) {
            flat.push((of.to_owned(), record));
        }
    }
    flat
}

impl Policy {
    fn read() -> Result<Self, String> {
        let (schema, _) = Schema::from_cedarschema_str(SCHEMA).map_err(|e| format!("{e}"))?;
        let policies: PolicySet = format!("{ROLES}\n{RECORDS}")
            .parse()
            .map_err(|error| format!("{error}"))?;
        let mut roles = Vec::new();
        for role in Role::ALL {
            let mut groups = HashSet::new();
            for (name, members) in [("care", &CARE[..]), ("counting", &COUNTING[..])] {
                if members.contains(role) {
                    groups.insert(uid("Group", name)?);
                }
            }
            let entity = Entity::new(uid("Role", role.as_str())?, HashMap::new(), groups)
                .map_err(|error| format!("{error}"))?;
            roles.push(entity);
        }
        Ok(Self {
            policies,
            schema,
            roles,
            authorizer: Authorizer::new(),
            answers: RwLock::default(),
        })
    }

    fn work_out(&self, question: &Question) -> Result<Answer, String> {
        let text = |error: &dyn std::fmt::Display| error.to_string();
        let resource = uid(question.resource, "this")?;
        let entity = Entity::new(
            resource.clone(),
            values(&question.attributes).into_iter().collect(),
            HashSet::new(),
        )
        .map_err(|error| text(&error))?;
        let entities = self.roles.iter().cloned().chain([entity]);
        let entities =
            Entities::from_entities(entities, Some(&self.schema)).map_err(|e| text(&e))?;
        let context = Context::from_pairs(values(&question.context)).map_err(|e| text(&e))?;
        let request = Request::new(
            uid("Role", question.role.as_str())?,
            uid("Action", question.action)?,
            resource,
            context,
            Some(&self.schema),
        )
        .map_err(|error| text(&error))?;
        let response = self
            .authorizer
            .is_authorized(&request, &self.policies, &entities);
        if let Some(error) = response.diagnostics().errors().next() {
            return Err(text(error));
        }
        let mut rules: Vec<String> = response
            .diagnostics()
            .reason()
            .map(|id| self.name_of(id))
            .collect();
        rules.sort();
        Ok(Answer {
            permitted: response.decision() == Decision::Allow,
            rules,
        })
    }

    fn name_of(&self, id: &PolicyId) -> String {
        let named = self.policies.annotation(id, "id");
        named.map_or_else(|| id.to_string(), str::to_owned)
    }
}

/// The policy's answer. A policy or a question that cannot be read permits nothing, and its
/// answer says why in the stead of a rule.
pub(crate) fn ask(question: Question) -> Answer {
    let refused = |why: &str| Answer {
        permitted: false,
        rules: vec![why.to_owned()],
    };
    let policy = match &*POLICY {
        Ok(policy) => policy,
        Err(error) => return refused(error),
    };
    let kept = policy
        .answers
        .read()
        .unwrap_or_else(PoisonError::into_inner);
    if let Some(answer) = kept.get(&question) {
        return answer.clone();
    }
    drop(kept);
    let answer = match policy.work_out(&question) {
        Ok(answer) => answer,
        Err(error) => refused(&error),
    };
    let mut kept = policy
        .answers
        .write()
        .unwrap_or_else(PoisonError::into_inner);
    kept.insert(question, answer.clone());
    answer
}

/// Whether a role may do something at all.
pub(crate) fn permits(role: Role, action: Action) -> bool {
    ask(Question {
        role,
        action: action.name(),
        resource: "Place",
        attributes: Vec::new(),
        context: Vec::new(),
    })
    .permitted
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use cedar_policy::{ValidationMode, Validator};

    #[test]
    fn the_policy_fits_its_schema_and_every_rule_has_a_name() {
        let policy = match &*POLICY {
            Ok(policy) => policy,
            Err(error) => panic!("{error}"),
        };
        let validator = Validator::new(policy.schema.clone());
        let result = validator.validate(&policy.policies, ValidationMode::Strict);
        let wrong: Vec<String> = result
            .validation_errors()
            .map(ToString::to_string)
            .chain(result.validation_warnings().map(ToString::to_string))
            .collect();
        assert_eq!(wrong, Vec::<String>::new());
        let mut names: Vec<&str> = policy
            .policies
            .policies()
            .map(|one| one.annotation("id").expect("every rule has an @id"))
            .collect();
        names.sort_unstable();
        let all = names.len();
        names.dedup();
        assert_eq!(names.len(), all, "names of rules are their own");
    }

    #[test]
    fn a_question_that_does_not_fit_is_refused() {
        let answer = ask(Question {
            role: Role::HubLead,
            action: "NoSuchThing",
            resource: "Place",
            attributes: Vec::new(),
            context: Vec::new(),
        });
        assert!(!answer.permitted, "{answer:?}");
    }
}
