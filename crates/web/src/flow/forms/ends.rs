//! Which cases with a clock end with a signature: those that do are said, of the others whoever
//! signs is asked.

use crate::components::{Choice, Fault, Radios};
use crate::door::Visit;
use crate::words;
use app::flow::sign::{Ending, Said};
use kernel::calendar::local;

fn name(one: &Ending) -> String {
    format!("ends-{}", one.line.case.id)
}

/// "needs assessment of Barsetshire County Council, opened on 3 October 2018"
fn case(one: &Ending) -> String {
    format!(
        "{} of {}, opened on {}",
        words::lower_first(one.line.case.kind.in_words()),
        one.line.owner_name,
        words::date(local(one.line.case.opened_at).date())
    )
}

/// What the form that was sent says of each case.
pub(super) fn said(visit: &Visit, endings: &[Ending]) -> Vec<Said> {
    let word = |one: &Ending| match visit.form.get(&name(one)) {
        "yes" => Some((one.line.case.id, true)),
        "no" => Some((one.line.case.id, false)),
        _ => None,
    };
    endings.iter().filter_map(word).collect()
}

/// What ends with the signature, a sentence each.
pub(super) fn by_themselves(endings: &[Ending]) -> Vec<String> {
    let these = endings.iter().filter(|one| one.by_itself);
    let line = |one: &Ending| {
        format!(
            "With your signature this case ends as assessed: {}. It was begun together with this form.",
            case(one)
        )
    };
    these.map(line).collect()
}

/// The questions about the other cases. `sent` says that the form was sent without an answer.
pub(super) fn questions(visit: &Visit, endings: &[Ending], sent: bool) -> Vec<Radios> {
    let asked = endings.iter().filter(|one| !one.by_itself);
    asked
        .map(|one| {
            let name = name(one);
            let chosen = visit.form.get(&name);
            let error = (sent && !matches!(chosen, "yes" | "no"))
                .then(|| "Say whether this assessment ends the case".to_owned());
            Radios {
                legend: format!("Does this assessment end the case: {}?", case(one)),
                hint:
                    "Both are kept: an assessment that is not the one of this case leaves it open"
                        .to_owned(),
                error,
                choices: vec![
                    Choice::new("yes", "Yes, the case ends as assessed", chosen),
                    Choice::new("no", "No, it goes on", chosen),
                ],
                name,
            }
        })
        .collect()
}

/// The faults of questions that have no answer.
pub(super) fn faults(questions: &[Radios]) -> Vec<Fault> {
    let wrong = questions.iter().filter(|one| one.error.is_some());
    wrong
        .map(|one| Fault {
            field: one.name.clone(),
            text: one.error.clone().unwrap_or_default(),
        })
        .collect()
}
