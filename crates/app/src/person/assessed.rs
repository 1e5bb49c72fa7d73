//! What the latest signed assessment says of eligibility, for the plan: the verdict is worked out
//! from what was judged and its reasons, and a plan has it as it is.

use super::Sight;
use super::sight::sector_of;
use crate::{App, Error};
use ::flow::eligibility::{self, Eligibility};
use ::person::plan::{Assessed, Plan, Verdict};
use jiff::Timestamp;
use kernel::FormId;
use kernel::calendar::local;
use store::Tx;
use store::form::{self as rows, FormState, Kept};

/// Kind of an assessment among the lines of a record, for what may be seen of it.
const KIND: &str = "QuestionnaireResponse";
/// Forms that judge eligibility.
const JUDGES: [&str; 2] = ["needs-assessment", "carers-assessment"];

/// A signed assessment with what it comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LatestAssessment {
    /// The form.
    pub form: FormId,
    /// Its title.
    pub title: String,
    /// When it was signed.
    pub signed_at: Timestamp,
    /// By whom.
    pub signed_by: String,
    /// What it comes to. What is not recorded leaves it undetermined.
    pub verdict: Verdict,
    /// Outcomes that the person is unable to achieve, in words.
    pub outcomes: Vec<String>,
    /// What is not recorded, in words.
    pub missing: Vec<String>,
}

impl LatestAssessment {
    /// The assessment and its day: `Care Act needs assessment, signed on 16 October 2018`.
    pub fn in_words(&self) -> String {
        let day = local(self.signed_at).strftime("%-d %B %Y");
        format!("{}, signed on {day}", self.title)
    }
}

const fn as_planned(verdict: eligibility::Verdict) -> Verdict {
    match verdict {
        eligibility::Verdict::Eligible => Verdict::Eligible,
        eligibility::Verdict::NotEligible => Verdict::NotEligible,
        eligibility::Verdict::Undetermined => Verdict::Undetermined,
    }
}

impl App {
    /// The latest signed assessment of a person that judges eligibility, and whether there is one
    /// that may not be seen. An earlier one never stands in for one that is withheld.
    pub(crate) fn latest_assessment(
        &self,
        tx: &mut dyn Tx,
        sight: &Sight,
    ) -> Result<(Option<LatestAssessment>, bool), Error> {
        let signed = |kept: &Kept| {
            let judges = JUDGES.contains(&kept.name.as_str());
            (judges && kept.state == FormState::Signed)
                .then_some(())
                .and(kept.finished.clone())
        };
        let latest = rows::of_person(tx, sight.person)?
            .into_iter()
            .filter_map(|kept| signed(&kept).map(|(at, by, _)| (at, by, kept)))
            .max_by_key(|(at, _, kept)| (*at, kept.id));
        let Some((signed_at, signed_by, kept)) = latest else {
            return Ok((None, false));
        };
        let family = match kept.organisation {
            Some(id) => self.family(tx, id)?,
            None => Vec::new(),
        };
        if !sight
            .items
            .shows(&kept.source, "", sector_of(&family), KIND)
        {
            return Ok((None, true));
        }
        let (form, title) = (kept.id, self.title_of(&kept));
        let found = self.judged(tx, kept)?;
        let mut latest = LatestAssessment {
            form,
            title,
            signed_at,
            signed_by,
            verdict: Verdict::Undetermined,
            outcomes: Vec::new(),
            missing: vec!["the questions of this form: its file is gone".to_owned()],
        };
        if let Some(found) = found {
            latest.verdict = as_planned(found.verdict);
            let outcomes = found.outcomes.iter();
            latest.outcomes = outcomes.map(|name| found.in_words(name)).collect();
            let missing = found.missing.iter();
            latest.missing = missing.map(|name| found.in_words(name)).collect();
        }
        Ok((Some(latest), false))
    }

    /// What an assessment comes to; none where its form is no longer there to read it by.
    fn judged(&self, tx: &mut dyn Tx, kept: Kept) -> Result<Option<Eligibility>, Error> {
        match self.filled(tx, kept, None) {
            Ok(page) => self.eligibility(&page),
            Err(Error::Policy(_)) => Ok(None),
            Err(other) => Err(other),
        }
    }

    /// A plan with the verdict of the latest signed assessment, where there is one that may be
    /// seen: nobody types over it.
    pub(super) fn as_assessed(
        &self,
        tx: &mut dyn Tx,
        sight: &Sight,
        typed: &Plan,
    ) -> Result<Plan, Error> {
        let mut plan = typed.clone();
        plan.assessed = None;
        if let (Some(latest), _) = self.latest_assessment(tx, sight)? {
            plan.verdict = latest.verdict;
            plan.assessment = latest.in_words();
            plan.assessed = Some(Assessed {
                form: latest.form.to_string(),
                on: self.day_of(latest.signed_at),
            });
        }
        if plan.verdict == Verdict::Eligible {
            plan.without_why.clear();
        }
        Ok(plan)
    }
}
