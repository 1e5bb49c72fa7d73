//! The legal basis of each purpose that data is used for, as data
//! (`policy/access/legal-basis.csv`; RULES H.5, H.7).

use crate::Action;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What an allowed use rests on. It goes into the journal with the act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowed {
    /// Purpose of the use.
    pub purpose: &'static str,
    /// Legal basis of that purpose (RULES H.5).
    pub legal_basis: &'static str,
}

/// One purpose with what it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Basis {
    /// The purpose, such as `direct care`.
    pub purpose: String,
    /// What the duty of confidence is met by.
    pub confidentiality: String,
    /// The legal basis on one line, with the articles of the UK GDPR.
    pub in_words: String,
    /// Whether the national data opt-out applies to it.
    pub opt_out_applies: bool,
    /// Whether it is a use beyond individual care.
    pub beyond_care: bool,
    /// How sure the row is: `found`, `derived`, `memory` or `local`.
    pub confidence: String,
}

/// Why the list cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("legal-basis.csv, line {line}: {what}")]
pub struct BasisError {
    /// Which line, the heading being 1.
    pub line: usize,
    /// What is wrong and what to do.
    pub what: String,
}

const HEADING: &str =
    "purpose,confidentiality,article_6,article_9,opt_out_applies,beyond_care,source,confidence";

/// Every purpose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bases(BTreeMap<String, Basis>);

impl Bases {
    /// Reads the list.
    ///
    /// # Errors
    /// The heading or a row is not as it must be: which line, and what to do.
    pub fn parse(text: &str) -> Result<Self, BasisError> {
        let mut lines = text.lines().enumerate();
        let fail = |line: usize, what: &str| {
            Err(BasisError {
                line: line + 1,
                what: what.to_owned(),
            })
        };
        match lines.next() {
            Some((_, HEADING)) => {}
            _ => return fail(0, &format!("the heading must be {HEADING}")),
        }
        let mut all = BTreeMap::new();
        for (at, line) in lines.filter(|(_, line)| !line.trim().is_empty()) {
            let columns: Vec<&str> = line.split(',').map(str::trim).collect();
            let &[
                purpose,
                confidentiality,
                six,
                nine,
                opt_out,
                beyond,
                _,
                confidence,
            ] = columns.as_slice()
            else {
                return fail(at, "eight columns are needed, without commas in them");
            };
            let flag = |word: &str| match word {
                "yes" => Some(true),
                "no" => Some(false),
                _ => None,
            };
            let (Some(opt_out_applies), Some(beyond_care)) = (flag(opt_out), flag(beyond)) else {
                return fail(at, "opt_out_applies and beyond_care are yes or no");
            };
            let basis = Basis {
                purpose: purpose.to_owned(),
                confidentiality: confidentiality.to_owned(),
                in_words: in_words(confidentiality, six, nine),
                opt_out_applies,
                beyond_care,
                confidence: confidence.to_owned(),
            };
            if all.insert(purpose.to_owned(), basis).is_some() {
                return fail(at, "the purpose is there twice: keep one");
            }
        }
        Ok(Self(all))
    }

    /// What a purpose rests on.
    pub fn get(&self, purpose: &str) -> Option<&Basis> {
        self.0.get(purpose)
    }

    /// Every purpose, by name.
    pub fn all(&self) -> impl Iterator<Item = &Basis> {
        self.0.values()
    }

    /// The list that is built in.
    pub fn builtin() -> &'static Self {
        static BASES: LazyLock<Bases> = LazyLock::new(|| {
            Bases::parse(include_str!("../../../policy/access/legal-basis.csv")).unwrap_or_default()
        });
        &BASES
    }
}

fn in_words(confidentiality: &str, six: &str, nine: &str) -> String {
    let articles: Vec<&str> = [six, nine].into_iter().filter(|a| !a.is_empty()).collect();
    match articles.is_empty() {
        true => confidentiality.to_owned(),
        false => format!("{confidentiality}; UK GDPR {}", articles.join(", ")),
    }
}

/// What a use for a purpose rests on. A purpose that is not on the list rests on nothing that
/// is known, and says so in the journal.
pub fn allowed_for(purpose: &'static str) -> Allowed {
    Allowed {
        purpose,
        legal_basis: Bases::builtin()
            .get(purpose)
            .map_or("not on the list of legal bases", |basis| &basis.in_words),
    }
}

/// What an action is done for.
pub(crate) const fn purpose_of(action: Action) -> &'static str {
    match action {
        Action::SeeBoard
        | Action::SeeStay
        | Action::ChangeStay
        | Action::WorkSteps
        | Action::FindPerson
        | Action::SeePerson
        | Action::OpenWithoutTie
        | Action::TakeOn
        | Action::MakePassport
        | Action::CheckPassport
        | Action::RecordWish
        | Action::ChangeServices
        | Action::SeeClocks
        | Action::ChangeClocks
        | Action::RecordActing
        | Action::Refer
        | Action::Triage
        | Action::Assess
        | Action::SeekService
        | Action::MakePlan
        | Action::HoldMeeting
        | Action::AnswerOffer
        | Action::ReviewIdentity => "direct care",
        Action::SeeOwnRecord => "own record",
        Action::ReviewLooks | Action::Restrict | Action::AnswerCorrection => "oversight of access",
        Action::MakeReturn => "official return",
        Action::SeeStatistics | Action::SeeDirectory => "published figures",
        Action::SeeLedger | Action::PostLedger | Action::CloseLedger => "pooled money",
        Action::SeeInbox
        | Action::LoadInbox
        | Action::ChangeDirectory
        | Action::SwitchWorkflow
        | Action::SeeCapacity
        | Action::TellCapacity
        | Action::CheckStore
        | Action::SeeAgreements
        | Action::KeepAgreements
        | Action::Administer => "running the service",
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn every_action_has_a_purpose_on_the_list() {
        let bases = Bases::parse(include_str!("../../../policy/access/legal-basis.csv")).unwrap();
        for action in Action::ALL {
            assert!(bases.get(purpose_of(*action)).is_some(), "{action:?}");
        }
        assert_eq!(
            allowed_for("direct care").legal_basis,
            "implied consent; UK GDPR 6(1)(e), 9(2)(h)"
        );
        assert_eq!(
            allowed_for("published figures").legal_basis,
            "no personal data"
        );
        assert!(bases.get("research").unwrap().opt_out_applies);
        assert!(!bases.get("direct care").unwrap().opt_out_applies);
    }

    #[test]
    fn a_wrong_list_says_where() {
        for (text, said) in [
            ("", "line 1: the heading must be"),
            ("a,b\n", "line 1: the heading"),
            (&format!("{HEADING}\nx,y\n"), "line 2: eight columns"),
            (
                &format!("{HEADING}\nx,c,6,9,maybe,no,s,memory\n"),
                "line 2: opt_out_applies",
            ),
            (
                &format!("{HEADING}\nx,c,6,9,no,no,s,memory\nx,c,6,9,no,no,s,memory\n"),
                "line 3: the purpose is there twice",
            ),
        ] {
            let error = Bases::parse(text).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
    }
}
