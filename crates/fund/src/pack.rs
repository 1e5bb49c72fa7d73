//! The board pack: one page of plain text from the ledger and the agreement, to print and put before
//! the partnership board.
//!
//! Source: reports that the host owes the partners (SI 2000/617 regulation 7, RULES D.1, from
//! memory). What is in it and in which order is our choice.
//!
//! In words: what partners were to pay and have paid; each scheme with its budget, what was spent
//! in months that are closed, how far that is from its part of the budget, what is committed and the
//! forecasts with their ranges; who would bear what, and what only the board decides; disputes; the plan. What
//! is missing is said, never left out.

use crate::agreement::Agreement;
use crate::position::{PartnerAt, Position, SchemeAt};
use crate::share::Shares;
use kernel::Pence;

/// What the pack tells besides money.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Beside {
    /// Disputes that are open, a sentence each.
    pub disputes: Vec<String>,
    /// Conditions of the plan with their answers, a sentence each; `None` if no plan is kept.
    pub plan: Option<Vec<String>>,
}

/// The pack as text.
pub fn pack(agreement: &Agreement, position: &Position, beside: &Beside) -> String {
    let mut text = format!("{}\n", agreement.title);
    text.push_str(&format!(
        "As the ledger stood on {}. Months closed: {} of 12.\n",
        position.on,
        position.over.len()
    ));
    let budget = position.budget();
    text.push_str(&format!(
        "Budget {budget}. Spent {}. Committed and not spent {}.\n",
        position.spent(),
        position.committed()
    ));
    section(
        &mut text,
        "Contributions",
        position.partners.iter().map(contribution),
    );
    section(&mut text, "Schemes", position.schemes.iter().map(scheme));
    let outside = position.outside.iter().map(|(code, amount)| {
        format!("{amount} is spent on {code}, which is no scheme of the agreement.")
    });
    if !position.outside.is_empty() {
        section(&mut text, "Outside the agreement", outside);
    }
    section(&mut text, "Who would bear what", risk(position).into_iter());
    section(
        &mut text,
        "Disputes",
        or(&beside.disputes, "None is open.").into_iter(),
    );
    let plan = match &beside.plan {
        None => vec!["No plan of the year is kept.".to_owned()],
        Some(lines) => or(lines, "It has no conditions on file."),
    };
    section(&mut text, "Plan", plan.into_iter());
    text
}

fn section(text: &mut String, title: &str, lines: impl Iterator<Item = String>) {
    text.push_str(&format!("\n{title}\n"));
    for line in lines {
        text.push_str(&format!("- {line}\n"));
    }
}

fn or(lines: &[String], none: &str) -> Vec<String> {
    match lines {
        [] => vec![none.to_owned()],
        lines => lines.to_vec(),
    }
}

fn contribution(one: &PartnerAt) -> String {
    let late = match one.late() {
        Pence(0) => String::new(),
        late => format!(" {late} is due and not received."),
    };
    format!(
        "{}: {} in the year, {} due, {} received.{late}",
        one.name, one.agreed, one.due, one.received
    )
}

/// How far an amount is from what it is held against, in words.
fn apart(variance: Pence) -> String {
    match variance.0 {
        0 => "as budgeted".to_owned(),
        more if more > 0 => format!("{variance} over"),
        _ => format!("{} under", -variance),
    }
}

fn scheme(one: &SchemeAt) -> String {
    let mut text = format!(
        "{}, {}: budget {}, spent {} in closed months, {}; {} committed.",
        one.key,
        one.name,
        one.budget,
        one.variance.actual,
        apart(one.variance.amount()),
        one.committed
    );
    for forecast in &one.forecasts {
        text.push_str(&format!(
            " By {}: {} ({} to {}).",
            forecast.method.as_str(),
            forecast.outturn,
            forecast.low,
            forecast.high
        ));
    }
    for (method, why) in &one.no_forecast {
        text.push_str(&format!(" No forecast by {}: {why}.", method.as_str()));
    }
    text
}

fn risk(position: &Position) -> Vec<String> {
    match &position.shares {
        Err(why) => vec![format!("It cannot be worked out: {why}.")],
        Ok(shares) => of_shares(shares),
    }
}

fn of_shares(shares: &Shares) -> Vec<String> {
    let mut lines = vec![format!("In all {} at the year's end.", apart(shares.total))];
    lines.extend(shares.partners.iter().map(|one| match one.share.0 {
        0 => format!("{}: nothing.", one.name),
        more if more > 0 => format!("{}: pays {} more.", one.name, one.share),
        _ => format!("{}: has {} back.", one.name, -one.share),
    }));
    let held = |what: &str, all: &[crate::share::Held]| -> Vec<String> {
        all.iter()
            .map(|one| format!("{what}: {} of {}. {}", one.amount, one.of, one.why))
            .collect()
    };
    lines.extend(held("For the board to decide", &shares.undecided));
    lines.extend(held("Stays in the fund", &shares.retained));
    lines
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use crate::ledger::{Balance, Name};
    use crate::position::{Books, position};
    use jiff::civil::date;

    #[test]
    fn the_pack_tells_what_is_late_over_and_missing() {
        let agreement = crate::agreement::read(include_str!("../examples/two-tiers.toml")).unwrap();
        let mut books = Books {
            closed_to: "2025-04".parse().ok(),
            ..Books::default()
        };
        for (account, pence) in [
            ("income:contribution:bcf:icb", 900_000_000),
            ("expenses:expenditure:bcf:1:a", 232_083_334),
            ("expenses:expenditure:bcf:9", 500),
        ] {
            let name: Name = account.parse().unwrap();
            let balance = Balance::of(name.kind.normal_side(), Pence(pence), Pence(0));
            books
                .moved
                .insert((name, "2025-04".parse().unwrap()), balance);
        }
        let found = position(&agreement, &books, date(2025, 4, 20)).unwrap();
        let text = pack(&agreement, &found, &Beside::default());
        for line in [
            "As the ledger stood on 2025-04-20. Months closed: 1 of 12.",
            "- Barsetshire Integrated Care Board: £40,000,000 in the year, £10,000,000 due, £9,000,000 received. £1,000,000 is due and not received.",
            "spent £2,320,833.34 in closed months, £50,000 over;",
            "- £5 is spent on 9, which is no scheme of the agreement.",
            "No forecast by profile of the year before",
            "- None is open.",
            "- No plan of the year is kept.",
        ] {
            assert!(text.contains(line), "{line}\n---\n{text}");
        }
        let shares = found.shares.unwrap();
        assert_eq!(shares.verify(), Ok(()));
        assert!(text.contains(&format!("In all {}", apart(shares.total))));
    }
}
