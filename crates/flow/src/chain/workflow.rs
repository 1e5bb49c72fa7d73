//! Which steps a case has: data in `policy/flow/*.toml`.
//!
//! Source: PEERS b 15 (a short set for ordinary days and one for a surge, switched by the place);
//! the steps and times are defaults of this product, for the place to change.
//!
//! In words: a file is one set of steps for one kind of case. A step names the part that owns it,
//! what comes before it, the hours allowed as the key of a parameter, and the fact of the record
//! that ends it. A file with a fault is refused with its place; a set in use is kept with each
//! case, so that a change of the file never strands a case that is open.

use super::{CaseKind, Fact, OwnerRole};
use crate::triage::Outcome;
use serde::Deserialize;

/// A step as a set plans it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepPlan {
    /// Its key, such as `arrange-service`.
    pub key: String,
    /// What is to be done, in words.
    pub title: String,
    /// The part its owner plays.
    pub owner: OwnerRole,
    /// Keys of the steps before it.
    pub after: Vec<String>,
    /// Key of the parameter with the hours allowed; `None` if no time is set.
    pub hours: Option<String>,
    /// The fact that ends it.
    pub ends_with: Option<Fact>,
    /// On which pathways it is needed; empty for all.
    pub pathways: Vec<u8>,
    /// It is there only when this was decided of a request for help; `None` for always.
    pub outcome: Option<Outcome>,
}

/// A set of steps for one kind of case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workflow {
    /// For which kind of case.
    pub case: CaseKind,
    /// Name of the set: `normal`, `surge`, or the place's own.
    pub set: String,
    /// What it is for, in words.
    pub title: String,
    /// Its steps, in order.
    pub steps: Vec<StepPlan>,
}

/// Why a file of steps cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WorkflowError {
    /// It is not TOML of this form.
    #[error("{0}")]
    Form(String),
    /// A word that is none of its list.
    #[error("step {step}: {column} is {value:?}; use one of: {allowed}")]
    Word {
        /// The step, or the file's head.
        step: String,
        /// Which column.
        column: &'static str,
        /// What it says.
        value: String,
        /// What it may say.
        allowed: String,
    },
    /// A step that names one that does not come before it.
    #[error("step {step}: after names {after:?}, which is not a step above it")]
    After {
        /// The step.
        step: String,
        /// The name.
        after: String,
    },
    /// Two steps with one key.
    #[error("step {0}: there are two steps with this key")]
    Twice(String),
    /// No steps.
    #[error("the set has no steps")]
    Empty,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileText {
    case: String,
    set: String,
    title: String,
    step: Vec<StepText>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StepText {
    key: String,
    title: String,
    owner: String,
    #[serde(default)]
    after: Vec<String>,
    hours: Option<String>,
    ends_with: Option<String>,
    #[serde(default)]
    pathways: Vec<u8>,
    outcome: Option<String>,
}

impl StepText {
    /// The step, with the words of its columns understood.
    fn plan(self) -> Result<StepPlan, WorkflowError> {
        let key = &self.key;
        let owner = word(key, "owner", &self.owner, OwnerRole::ALL, OwnerRole::as_str)?;
        let ends_with = self.ends_with.as_deref();
        let ends_with = ends_with
            .map(|fact| word(key, "ends_with", fact, Fact::ALL, Fact::as_str))
            .transpose()?;
        let outcome = self.outcome.as_deref();
        let outcome = outcome
            .map(|outcome| word(key, "outcome", outcome, Outcome::ALL, Outcome::as_str))
            .transpose()?;
        Ok(StepPlan {
            key: self.key,
            title: self.title,
            owner,
            after: self.after,
            hours: self.hours,
            ends_with,
            pathways: self.pathways,
            outcome,
        })
    }
}

impl Workflow {
    /// Reads a set of steps.
    ///
    /// # Errors
    /// The first fault, with its place.
    pub fn parse(text: &str) -> Result<Self, WorkflowError> {
        let file: FileText = toml::from_str(text)
            .map_err(|error| WorkflowError::Form(error.message().to_owned()))?;
        let case = word("head", "case", &file.case, CaseKind::ALL, CaseKind::as_str)?;
        let mut steps: Vec<StepPlan> = Vec::new();
        for step in file.step {
            if steps.iter().any(|above| above.key == step.key) {
                return Err(WorkflowError::Twice(step.key));
            }
            let missing = step
                .after
                .iter()
                .find(|after| !steps.iter().any(|above| above.key == **after));
            if let Some(after) = missing {
                return Err(WorkflowError::After {
                    step: step.key,
                    after: after.clone(),
                });
            }
            steps.push(step.plan()?);
        }
        if steps.is_empty() {
            return Err(WorkflowError::Empty);
        }
        Ok(Self {
            case,
            set: file.set,
            title: file.title,
            steps,
        })
    }
}

fn word<T: Copy>(
    step: &str,
    column: &'static str,
    value: &str,
    all: &[T],
    text: fn(T) -> &'static str,
) -> Result<T, WorkflowError> {
    let found = all.iter().copied().find(|one| text(*one) == value);
    found.ok_or_else(|| WorkflowError::Word {
        step: step.to_owned(),
        column,
        value: value.to_owned(),
        allowed: all
            .iter()
            .map(|one| text(*one))
            .collect::<Vec<_>>()
            .join(", "),
    })
}

/// The sets that a place has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Workflows {
    sets: Vec<Workflow>,
}

impl Workflows {
    /// Adds a set; one for the same case with the same name is replaced.
    pub fn add(&mut self, workflow: Workflow) {
        self.sets
            .retain(|set| (set.case, &set.set) != (workflow.case, &workflow.set));
        self.sets.push(workflow);
    }

    /// The set of a case by its name.
    pub fn find(&self, case: CaseKind, set: &str) -> Option<&Workflow> {
        self.sets
            .iter()
            .find(|workflow| workflow.case == case && workflow.set == set)
    }

    /// Every set.
    pub fn all(&self) -> impl Iterator<Item = &Workflow> {
        self.sets.iter()
    }

    /// The sets for a kind of case.
    pub fn of(&self, case: CaseKind) -> impl Iterator<Item = &Workflow> {
        self.sets
            .iter()
            .filter(move |workflow| workflow.case == case)
    }
}

/// The set that is in use where nobody has switched.
pub const NORMAL: &str = "normal";

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    const HEAD: &str = "case = \"stay\"\nset = \"normal\"\ntitle = \"Way home\"\n";

    #[test]
    fn faults_say_where() {
        let step = |text: &str| format!("{HEAD}[[step]]\nkey = \"a\"\ntitle = \"A\"\n{text}\n");
        let table = [
            (
                step("owner = \"mayor\""),
                "step a: owner is \"mayor\"; use one of: hospital, council, hub, community, provider",
            ),
            (
                step("owner = \"hub\"\nafter = [\"b\"]"),
                "step a: after names \"b\", which is not a step above it",
            ),
            (
                step("owner = \"hub\"\nends_with = \"magic\""),
                "step a: ends_with is \"magic\"; use one of: expected-date, assessed, ready, pathway, decided, checklist, service-found, service-started, over",
            ),
            (
                format!(
                    "{}[[step]]\nkey = \"a\"\ntitle = \"A\"\nowner = \"hub\"\n",
                    step("owner = \"hub\"")
                ),
                "step a: there are two steps with this key",
            ),
            (
                step("owner = \"hub\"\ncolour = 1"),
                "unknown field `colour`, expected one of `key`, `title`, `owner`, `after`, `hours`, `ends_with`, `pathways`, `outcome`",
            ),
        ];
        for (text, wanted) in table {
            assert_eq!(Workflow::parse(&text).unwrap_err().to_string(), wanted);
        }
    }

    #[test]
    fn a_later_file_replaces_a_set() {
        let mut sets = Workflows::default();
        for title in ["one", "two"] {
            let text = format!(
                "case = \"stay\"\nset = \"surge\"\ntitle = \"{title}\"\n[[step]]\nkey = \"a\"\ntitle = \"A\"\nowner = \"hub\"\n"
            );
            sets.add(Workflow::parse(&text).unwrap());
        }
        assert_eq!(sets.of(CaseKind::Stay).count(), 1);
        assert_eq!(sets.find(CaseKind::Stay, "surge").unwrap().title, "two");
    }
}
