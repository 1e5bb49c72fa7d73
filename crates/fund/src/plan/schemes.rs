//! Whether lines use the scheme types, sub-types and units of their year.
//!
//! Source: RULES C.6 and C.6.1, from memory. The list of a year is `policy/fund/scheme-types-*`;
//! sub-types are examples of the real list, so one that is not there is no fault.

use super::check::{Finding, Verdict};
use super::{Commissioner, Line, Plan};
use crate::amount::Percent;
use crate::period::{Period, Periods, SchemeType};

/// Checks every line.
pub(super) fn lines_fit(plan: &Plan, period: &Period, periods: &Periods) -> Finding {
    let mut said: Vec<String> = Vec::new();
    let mut lines: Vec<String> = Vec::new();
    let mut wrong = |line: &Line, what: String| {
        said.push(format!("{} {what}", line.at));
        lines.push(line.at.clone());
    };
    for line in &plan.lines {
        shares(line, &mut wrong);
    }
    let Some(types) = periods.scheme_types(period) else {
        if said.is_empty() {
            return Finding::cannot_tell(
                format!("the scheme types of {} are not established", period.title),
                Vec::new(),
            );
        }
        return Finding::not_met(said.join("; "), lines);
    };
    for line in &plan.lines {
        let found = types
            .types
            .iter()
            .find(|kind| kind.name.eq_ignore_ascii_case(line.kind.trim()));
        match found {
            Some(kind) => of_type(line, kind, &mut wrong),
            None => wrong(
                line,
                format!(
                    "has the type {:?}, which is not on the list",
                    short(&line.kind)
                ),
            ),
        }
    }
    let rests_on = if types.origin.is_memory() {
        vec![format!("the scheme types of {}", types.list)]
    } else {
        Vec::new()
    };
    if said.is_empty() {
        Finding {
            rests_on,
            ..Finding::met(format!(
                "{} lines use types and units of the list",
                plan.lines.len()
            ))
        }
    } else {
        Finding {
            verdict: Verdict::NotMet,
            why: said.join("; "),
            lines,
            rests_on,
        }
    }
}

fn short(text: &str) -> String {
    text.chars().take(60).collect()
}

/// Shares of a joint line make 100 per cent.
fn shares(line: &Line, wrong: &mut impl FnMut(&Line, String)) {
    if line.commissioner != Commissioner::Joint {
        return;
    }
    if let (Some(nhs), Some(la)) = (line.nhs_percent, line.la_percent)
        && nhs.millionths + la.millionths != Percent::WHOLE.millionths
    {
        wrong(
            line,
            format!("is joint with {nhs} and {la}, which do not make 100%"),
        );
    }
}

fn of_type(line: &Line, kind: &SchemeType, wrong: &mut impl FnMut(&Line, String)) {
    let is_other = |text: &str| text.trim().eq_ignore_ascii_case("other");
    if (is_other(&line.kind) || is_other(&line.sub_type)) && line.other.is_empty() {
        wrong(
            line,
            "is of type other and does not say what it is".to_owned(),
        );
    }
    if !kind.sub_types.is_empty() && line.sub_type.is_empty() {
        wrong(line, format!("has no sub-type; {} has some", kind.name));
    }
    let has_outputs = line.outputs.iter().any(|output| !output.trim().is_empty());
    if !kind.unit.is_empty() && !has_outputs {
        wrong(line, format!("has no expected outputs in {}", kind.unit));
    }
    if !kind.unit.is_empty() && !line.unit.is_empty() && !fits(&line.unit, &kind.unit) {
        wrong(
            line,
            format!(
                "counts in {:?}; {} are counted in {}",
                short(&line.unit),
                kind.name,
                kind.unit
            ),
        );
    }
}

/// True for the unit of the list, or for one of its two where it has two (`beds or placements`).
fn fits(unit: &str, listed: &str) -> bool {
    let unit = unit.trim().to_lowercase();
    let listed = listed.to_lowercase();
    let plain = |text: &str| text.trim_start_matches("number of ").to_owned();
    unit == listed || listed.split(" or ").any(|one| plain(one) == plain(&unit))
}
