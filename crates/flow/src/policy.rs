//! What flow needs from `policy/`: parameters, bank holidays and code lists, as
//! built into the binary or as a folder of the same files has them.

use crate::chain::workflow::{Workflow, WorkflowError, Workflows};
use crate::codes::{CodeError, CodeList, Reasons};
use crate::letter::{Letter, LetterError, Letters};
use jiff::civil::Date;
use kernel::calendar::{Calendar, CalendarError};
use kernel::needs::{NeedError, Needs};
use kernel::parameters::{Confidence, Parameter, ParameterError, Parameters};
use std::collections::BTreeSet;

/// Why a policy cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// A parameter file.
    #[error("{file}, {error}")]
    Parameter {
        /// The file.
        file: String,
        /// What is wrong.
        error: ParameterError,
    },
    /// The bank holidays.
    #[error("bank-holidays.csv, {0}")]
    Calendar(CalendarError),
    /// What people need help with.
    #[error("directory/needs.csv, {0}")]
    Need(NeedError),
    /// A set of steps.
    #[error("{file}, {error}")]
    Workflow {
        /// The file.
        file: String,
        /// What is wrong.
        error: WorkflowError,
    },
    /// The words of a letter.
    #[error("{file}, {error}")]
    Letter {
        /// The file.
        file: String,
        /// What is wrong.
        error: LetterError,
    },
    /// A set of steps whose time is the key of no parameter.
    #[error("flow/ set {set}, step {step}: hours names {key}, which is no parameter")]
    Hours {
        /// The set.
        set: String,
        /// The step.
        step: String,
        /// The key.
        key: String,
    },
    /// A code list.
    #[error(transparent)]
    Code(#[from] CodeError),
    /// A file that no rule reads.
    #[error("{0}: no such policy file is known; see docs/reference/policy-files.md")]
    UnknownFile(String),
}

/// Parameters, bank holidays and code lists.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// Effective-dated values.
    pub parameters: Parameters,
    /// Bank holidays of England and Wales.
    pub calendar: Calendar,
    /// What people need help with.
    pub needs: Needs,
    /// Sets of steps, by kind of case.
    pub workflows: Workflows,
    /// Letters about choice.
    pub letters: Letters,
    /// Reasons for delay.
    pub reasons: Reasons,
    /// Where people go when they leave.
    pub discharge_destinations: CodeList,
    /// How they came in.
    pub admission_methods: CodeList,
    /// How they left.
    pub discharge_methods: CodeList,
    /// Reasons to stay in a hospital bed.
    pub criteria_to_reside: CodeList,
    /// What must be ready before somebody leaves.
    pub leaving_checklist: CodeList,
    /// Pathways 0 to 3.
    pub pathways: CodeList,
    /// Skills that care can take.
    pub skills: CodeList,
    /// Why a service says no to a need.
    pub decline_reasons: CodeList,
    /// Who pays.
    pub funding_routes: CodeList,
}

/// The jurisdiction whose values are used.
pub const JURISDICTION: &str = "England";

/// The files as they are built in: path under `policy/` and text.
pub const BUILTIN: &[(&str, &str)] = &[
    (
        "parameters/flow.csv",
        include_str!("../../../policy/parameters/flow.csv"),
    ),
    (
        "parameters/person.csv",
        include_str!("../../../policy/parameters/person.csv"),
    ),
    (
        "parameters/directory.csv",
        include_str!("../../../policy/parameters/directory.csv"),
    ),
    (
        "parameters/rounds.csv",
        include_str!("../../../policy/parameters/rounds.csv"),
    ),
    (
        "parameters/offer.csv",
        include_str!("../../../policy/parameters/offer.csv"),
    ),
    (
        "parameters/plan.csv",
        include_str!("../../../policy/parameters/plan.csv"),
    ),
    (
        "codes/skills.csv",
        include_str!("../../../policy/codes/skills.csv"),
    ),
    (
        "codes/decline-reasons.csv",
        include_str!("../../../policy/codes/decline-reasons.csv"),
    ),
    (
        "codes/funding-routes.csv",
        include_str!("../../../policy/codes/funding-routes.csv"),
    ),
    (
        "directory/needs.csv",
        include_str!("../../../policy/directory/needs.csv"),
    ),
    (
        "flow/stay-normal.toml",
        include_str!("../../../policy/flow/stay-normal.toml"),
    ),
    (
        "flow/stay-surge.toml",
        include_str!("../../../policy/flow/stay-surge.toml"),
    ),
    (
        "flow/referral-normal.toml",
        include_str!("../../../policy/flow/referral-normal.toml"),
    ),
    (
        "flow/reablement-normal.toml",
        include_str!("../../../policy/flow/reablement-normal.toml"),
    ),
    (
        "flow/placement-normal.toml",
        include_str!("../../../policy/flow/placement-normal.toml"),
    ),
    (
        "letters/choice-first.toml",
        include_str!("../../../policy/letters/choice-first.toml"),
    ),
    (
        "letters/choice-second.toml",
        include_str!("../../../policy/letters/choice-second.toml"),
    ),
    (
        "letters/choice-third.toml",
        include_str!("../../../policy/letters/choice-third.toml"),
    ),
    (
        "bank-holidays.csv",
        include_str!("../../../policy/bank-holidays.csv"),
    ),
    (
        "codes/dtoc-reasons.csv",
        include_str!("../../../policy/codes/dtoc-reasons.csv"),
    ),
    (
        "codes/drd-reasons.csv",
        include_str!("../../../policy/codes/drd-reasons.csv"),
    ),
    (
        "codes/discharge-destinations.csv",
        include_str!("../../../policy/codes/discharge-destinations.csv"),
    ),
    (
        "codes/admission-methods.csv",
        include_str!("../../../policy/codes/admission-methods.csv"),
    ),
    (
        "codes/discharge-methods.csv",
        include_str!("../../../policy/codes/discharge-methods.csv"),
    ),
    (
        "codes/criteria-to-reside.csv",
        include_str!("../../../policy/codes/criteria-to-reside.csv"),
    ),
    (
        "codes/leaving-checklist.csv",
        include_str!("../../../policy/codes/leaving-checklist.csv"),
    ),
    (
        "codes/pathways.csv",
        include_str!("../../../policy/codes/pathways.csv"),
    ),
];

impl Policy {
    /// The policy that is built in. A test holds that it has no errors.
    pub fn builtin() -> Self {
        Self::read(BUILTIN.iter().copied()).0
    }

    /// The policy with some files replaced: each pair is a path under `policy/`
    /// (such as `codes/pathways.csv`) and its text. A file not given is as built
    /// in; a further file of `parameters/` adds its rows.
    ///
    /// # Errors
    /// Everything wrong with the files given. A policy with a fault is never used
    /// in part.
    pub fn from_texts(given: &[(&str, &str)]) -> Result<Self, Vec<PolicyError>> {
        let replaced = |path: &str| given.iter().any(|(name, _)| *name == path);
        let kept = BUILTIN.iter().copied().filter(|(path, _)| !replaced(path));
        let (policy, errors) = Self::read(kept.chain(given.iter().copied()));
        if errors.is_empty() {
            Ok(policy)
        } else {
            Err(errors)
        }
    }

    fn read<'a>(files: impl Iterator<Item = (&'a str, &'a str)>) -> (Self, Vec<PolicyError>) {
        let mut policy = Self::default();
        let mut errors = Vec::new();
        for (path, text) in files {
            match path {
                "bank-holidays.csv" => {
                    let (calendar, wrong) = Calendar::parse(text);
                    policy.calendar = calendar;
                    errors.extend(wrong.into_iter().map(PolicyError::Calendar));
                }
                "directory/needs.csv" => {
                    let (needs, wrong) = Needs::parse(text);
                    policy.needs = needs;
                    errors.extend(wrong.into_iter().map(PolicyError::Need));
                }
                _ if path.starts_with("codes/") && path.ends_with(".csv") => {
                    errors.extend(policy.read_codes(path, text));
                }
                _ if path.starts_with("flow/") && path.ends_with(".toml") => {
                    match Workflow::parse(text) {
                        Ok(workflow) => policy.workflows.add(workflow),
                        Err(error) => errors.push(PolicyError::Workflow {
                            file: path.to_owned(),
                            error,
                        }),
                    }
                }
                _ if path.starts_with("letters/") && path.ends_with(".toml") => {
                    match Letter::parse(text) {
                        Ok(letter) => policy.letters.add(letter),
                        Err(error) => errors.push(PolicyError::Letter {
                            file: path.to_owned(),
                            error,
                        }),
                    }
                }
                _ if path.starts_with("parameters/") && path.ends_with(".csv") => {
                    let wrong = policy.parameters.add_csv(text);
                    errors.extend(wrong.into_iter().map(|error| PolicyError::Parameter {
                        file: path.to_owned(),
                        error,
                    }));
                }
                _ => errors.push(PolicyError::UnknownFile(path.to_owned())),
            }
        }
        errors.extend(policy.hours_without_parameter());
        (policy, errors)
    }

    /// Reads a list of codes into its place, by the name of its file.
    fn read_codes(&mut self, path: &str, text: &str) -> Vec<PolicyError> {
        let name = path.strip_prefix("codes/").unwrap_or(path);
        let wanted = name.strip_suffix(".csv").unwrap_or(name);
        let mut faults = Vec::new();
        let mut lists = [
            ("discharge-destinations", &mut self.discharge_destinations),
            ("admission-methods", &mut self.admission_methods),
            ("discharge-methods", &mut self.discharge_methods),
            ("criteria-to-reside", &mut self.criteria_to_reside),
            ("leaving-checklist", &mut self.leaving_checklist),
            ("skills", &mut self.skills),
            ("decline-reasons", &mut self.decline_reasons),
            ("funding-routes", &mut self.funding_routes),
            ("pathways", &mut self.pathways),
        ];
        match wanted {
            "dtoc-reasons" => self.reasons.read("dtoc", text, &mut faults),
            "drd-reasons" => self.reasons.read("drd", text, &mut faults),
            _ => match lists.iter_mut().find(|(name, _)| *name == wanted) {
                Some((name, list)) => **list = CodeList::read(name, text, &mut faults),
                None => return vec![PolicyError::UnknownFile(path.to_owned())],
            },
        }
        faults.into_iter().map(PolicyError::Code).collect()
    }

    /// Steps whose time is the key of no parameter.
    fn hours_without_parameter(&self) -> Vec<PolicyError> {
        let has = |key: &str| self.parameters.iter().any(|one| one.key == key);
        let mut errors = Vec::new();
        for workflow in self.workflows.all() {
            for step in &workflow.steps {
                if let Some(key) = step.hours.as_deref().filter(|key| !has(key)) {
                    errors.push(PolicyError::Hours {
                        set: workflow.set.clone(),
                        step: step.key.clone(),
                        key: key.to_owned(),
                    });
                }
            }
        }
        errors
    }

    /// The value of a key on a day.
    ///
    /// # Errors
    /// If there is none.
    pub fn on(&self, key: &str, date: Date) -> Result<&Parameter, ParameterError> {
        self.parameters.get(key, JURISDICTION, date)
    }
}

/// Keys of values from memory that a result rests on: such a result carries
/// them, so that screen and output can say "check".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RestsOn {
    keys: BTreeSet<String>,
}

impl RestsOn {
    /// What rests on the values of these keys.
    pub fn of(keys: impl IntoIterator<Item = String>) -> Self {
        Self {
            keys: keys.into_iter().collect(),
        }
    }

    /// Notes a value if it is from memory, and hands it on.
    pub fn note<'a>(&mut self, parameter: &'a Parameter) -> &'a Parameter {
        if parameter.confidence == Confidence::Memory {
            self.keys.insert(parameter.key.clone());
        }
        parameter
    }

    /// Takes over what another result rests on.
    pub fn also(&mut self, other: &Self) {
        self.keys.extend(other.keys.iter().cloned());
    }

    /// True if nothing rests on memory.
    pub fn is_settled(&self) -> bool {
        self.keys.is_empty()
    }

    /// The keys, in order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_built_in_policy_has_no_errors() {
        let (policy, errors) = Policy::read(BUILTIN.iter().copied());
        assert_eq!(errors, []);
        assert!(policy.parameters.iter().count() > 15);
        let bed_day = policy
            .on("cost.hospital_bed_day", date(2026, 1, 15))
            .unwrap();
        assert_eq!(bed_day.pence().unwrap().to_string(), "£562");
    }

    #[test]
    fn a_file_can_be_replaced_and_rows_added() {
        let header = kernel::parameters::HEADER;
        let own =
            format!("{header}\nlocal.huddle_hours,England,2026-01-01,,8,hours,our choice,local\n");
        let pathways = "code,label,group,valid_from,valid_to,source,confidence\n0,Home,home,2020-08-01,,s,local\n";
        let policy = Policy::from_texts(&[
            ("parameters/own.csv", &own),
            ("codes/pathways.csv", pathways),
        ])
        .unwrap();
        let day = date(2026, 2, 1);
        assert_eq!(
            policy.on("local.huddle_hours", day).unwrap().integer(),
            Ok(8)
        );
        assert!(policy.on("cost.hospital_bed_day", day).is_ok());
        assert_eq!(policy.pathways.on(day).count(), 1);
    }

    #[test]
    fn a_policy_with_a_fault_is_refused_whole() {
        let header = kernel::parameters::HEADER;
        let clash =
            format!("{header}\ncost.hospital_bed_day,England,2026-01-01,,600,GBP/day,s,local\n");
        let errors =
            Policy::from_texts(&[("parameters/own.csv", &clash), ("codes/colours.csv", "")])
                .unwrap_err();
        let texts: Vec<String> = errors.iter().map(ToString::to_string).collect();
        assert_eq!(texts.len(), 2, "{texts:?}");
        assert!(
            texts[0].starts_with(
                "parameters/own.csv, line 2, column valid_from: cost.hospital_bed_day"
            )
        );
        assert!(texts[1].starts_with("codes/colours.csv: no such policy file"));
    }

    #[test]
    fn a_list_of_codes_is_known_by_its_whole_name() {
        for path in ["codes/codes/skills.csv", "codes/skills.csv.csv"] {
            let errors = Policy::from_texts(&[(path, "")]).unwrap_err();
            assert_eq!(errors, [PolicyError::UnknownFile(path.to_owned())]);
        }
    }
}
