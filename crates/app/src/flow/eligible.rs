//! Eligibility from the answers of an assessment: what was judged is put to the rule, and what was
//! not judged stays not recorded. Nothing is inferred from one answer to another.

use super::forms::FormPage;
use crate::{App, Error};
use ::flow::eligibility::adult::{self, Adult};
use ::flow::eligibility::carer::{self, Carer};
use ::flow::eligibility::{Eligibility, Judged, Judgement, OutcomeJudgement, Way};
use ::flow::form::Answers;

/// What was judged, and why.
fn judgement(answers: &Answers, link: &str) -> Judgement {
    let judged = match answers.get(link) {
        "yes" => Judged::Yes,
        "no" => Judged::No,
        _ => Judged::NotRecorded,
    };
    Judgement::new(judged, answers.get(&format!("{link}-why")))
}

/// What was judged of an outcome; none where nothing was.
fn outcome(answers: &Answers, name: &str) -> Option<OutcomeJudgement> {
    let link = format!("outcome-{}", name.replace('_', "-"));
    let judged = match answers.get(&link) {
        "unable" => Judged::Yes,
        "able" => Judged::No,
        _ => return None,
    };
    let ways = answers.get(&format!("{link}-ways"));
    Some(OutcomeJudgement {
        unable: Judgement::new(judged, answers.get(&format!("{link}-why"))),
        ways: match judged {
            Judged::Yes => ways.lines().filter_map(way).collect(),
            _ => Vec::new(),
        },
    })
}

fn way(code: &str) -> Option<Way> {
    match code {
        "help" => Some(Way::NeedsHelp),
        "pain" => Some(Way::Pain),
        "danger" => Some(Way::Danger),
        "longer" => Some(Way::TakesLonger),
        _ => None,
    }
}

impl App {
    /// Whether the needs of an assessment are eligible, by what was judged in it; none for a form
    /// that does not judge.
    ///
    /// # Errors
    /// The rule has no value for the day.
    pub fn eligibility(&self, page: &FormPage) -> Result<Option<Eligibility>, Error> {
        let day = match &page.kept.finished {
            Some((at, ..)) => self.day_of(*at),
            None => self.today(),
        };
        let answers = &page.answers;
        let found = match page.kept.name.as_str() {
            "needs-assessment" => {
                let judged = Adult {
                    impairment: judgement(answers, "impairment"),
                    outcomes: adult::Outcome::ALL
                        .iter()
                        .filter_map(|one| Some((*one, outcome(answers, one.as_str())?)))
                        .collect(),
                    significant_impact: judgement(answers, "impact"),
                };
                adult::eligibility(&judged, self.policy(), day)
            }
            "carers-assessment" => {
                let judged = Carer {
                    necessary_care: judgement(answers, "necessary-care"),
                    health: judgement(answers, "health"),
                    outcomes: carer::Outcome::ALL
                        .iter()
                        .filter_map(|one| Some((*one, outcome(answers, one.as_str())?)))
                        .collect(),
                    significant_impact: judgement(answers, "impact"),
                };
                carer::eligibility(&judged, self.policy(), day)
            }
            _ => return Ok(None),
        };
        found.map(Some).map_err(super::policy)
    }
}
