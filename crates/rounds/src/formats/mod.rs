//! Benchmark files, read directly: what they mean is in each file's head.

pub mod mankowska;
pub mod windows;

use crate::Error;

/// The largest number of ticks that is read, so that sums of many fit.
const MOST: i64 = 1_000_000_000_000;

/// Reads decimals as whole ticks, without floating point: `38.470768` with ten million
/// ticks is 384707680. Digits beyond the seventh decimal are refused.
fn ticks(text: &str, per_unit: i64) -> Option<i64> {
    let value = kernel::Decimal::parse(text)?;
    let scale = 10_i64.checked_pow(u32::from(value.scale))?;
    let scaled = value.units.checked_mul(per_unit)?;
    (scaled % scale == 0).then_some(scaled / scale)
}

fn wrong(line: usize, text: impl Into<String>) -> Error {
    Error::Line {
        line: line + 1,
        text: text.into(),
    }
}

/// A benchmark problem, whichever of the formats it is in.
///
/// # Errors
/// If it is in none of them, or breaks its own.
pub fn problem(name: &str, text: &str) -> Result<crate::Problem, Error> {
    if text.trim_start().starts_with("nbNodes") {
        mankowska::read(name, text)
    } else if windows::recognised(text) {
        windows::read(name, text)
    } else {
        Err(Error::File(
            "this is neither JSON nor one of the benchmark formats (Mankowska, Solomon, VRPLIB)"
                .to_owned(),
        ))
    }
}

/// A published solution to a benchmark problem, and the cost it states.
///
/// # Errors
/// If it does not fit the problem.
pub fn solution(
    text: &str,
    problem: &crate::Problem,
) -> Result<(crate::Solution, Option<f64>), Error> {
    match problem.kind {
        crate::problem::Kind::Mankowska => mankowska::read_solution(text, problem),
        _ => windows::read_solution(text, problem),
    }
}

/// A plan as solutions of its benchmark are published.
pub fn written(problem: &crate::Problem, checked: &crate::check::Checked) -> String {
    let cost = problem.shown_cost(checked.costing.cost);
    if problem.kind == crate::problem::Kind::Mankowska {
        let costing = &checked.costing;
        let [travel, late, worst] =
            [costing.travel, costing.lateness, costing.worst_lateness].map(|t| problem.units(t));
        let head = format!(
            "# Solution for {}\n# Cost = {cost:.4} Dist = {travel:.4} Tard = {late:.4} TMax = {worst:.4}",
            problem.name
        );
        mankowska::write_solution(problem, &checked.solution, &head)
    } else {
        windows::write_solution(&checked.solution, cost)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_become_whole_ticks() {
        for (text, wanted) in [
            ("38.470768", Some(384_707_680)),
            ("0", Some(0)),
            ("0.0", Some(0)),
            ("5.3851648", Some(53_851_648)),
            ("1.23456789", None),
            ("-2", Some(-20_000_000)),
            ("1e3", None),
            ("", None),
        ] {
            assert_eq!(ticks(text, 10_000_000), wanted, "{text}");
        }
    }
}
