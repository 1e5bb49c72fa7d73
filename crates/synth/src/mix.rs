//! Which reason and which side a stretch of delay goes to, so that the delayed
//! days as a whole have the mix of England in 2018/19.
//!
//! Source: NHS England, Monthly Delayed Transfers of Care, April 2018 to March
//! 2019, England rows (`data/dtoc/england-reason-mix-2018-19.csv`). The days by
//! reason and the days by responsible organisation are published, not the two
//! crossed. They are crossed here by iterative proportional fitting over the
//! combinations that the published data ever show (`policy/codes/dtoc-reasons.csv`).

use crate::dice::Dice;
use crate::lists::delayed_days;
use flow::{Policy, Responsible};

/// One combination of reason and responsible side, with its part of all days.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cell {
    /// DTOC reason, A to O.
    pub(crate) reason: &'static str,
    /// The side it is attributed to.
    pub(crate) responsible: Responsible,
    /// Its parts of a million delayed days.
    pub(crate) parts: u64,
    /// Days given to it so far.
    given: u64,
}

/// The mix, and how far the days given so far have come towards it.
pub(crate) struct Mix {
    cells: Vec<Cell>,
    given: u64,
}

impl Mix {
    /// The mix of England 2018/19.
    pub(crate) fn england(policy: &Policy) -> Self {
        Self {
            cells: cells(policy),
            given: 0,
        }
    }

    /// A combination for a stretch of so many days, out of those that suit. The
    /// further a combination is behind its part of all days, the likelier it is.
    pub(crate) fn take(
        &mut self,
        dice: &mut Dice,
        days: u64,
        suits: impl Fn(&Cell) -> bool,
    ) -> Option<Cell> {
        let after = self.given + days + 20;
        let weights: Vec<u64> = self
            .cells
            .iter()
            .map(|cell| {
                // Behind by so many millionths of a day.
                let due = cell.parts * after;
                let behind = due.saturating_sub(cell.given * 1_000_000);
                if suits(cell) {
                    behind + cell.parts / 50
                } else {
                    0
                }
            })
            .collect();
        if weights.iter().all(|weight| *weight == 0) {
            return None;
        }
        let cell = self.cells.get_mut(dice.weighted(&weights))?;
        cell.given += days;
        self.given += days;
        Some(*cell)
    }

    /// Takes back days that were given for a delay that is not kept after all.
    pub(crate) fn give_back(&mut self, cell: &Cell, days: u64) {
        let same =
            |one: &&mut Cell| (one.reason, one.responsible) == (cell.reason, cell.responsible);
        if let Some(one) = self.cells.iter_mut().find(same) {
            one.given = one.given.saturating_sub(days);
            self.given = self.given.saturating_sub(days);
        }
    }
}

/// Parts of 1,000 delayed days that are in non-acute beds.
pub(crate) fn non_acute_per_mille() -> u64 {
    let days = delayed_days("care-type");
    let all: u64 = days.iter().map(|(_, days)| days).sum();
    let non_acute = days
        .iter()
        .find(|(key, _)| *key == "non-acute")
        .map_or(0, |(_, days)| *days);
    (non_acute * 1_000).checked_div(all).unwrap_or(0)
}

const SIDES: [Responsible; 3] = [Responsible::Nhs, Responsible::SocialCare, Responsible::Both];

/// The permitted combinations, fitted so that both margins are the published
/// ones. Only the four basic operations are used: the same on every machine.
fn cells(policy: &Policy) -> Vec<Cell> {
    let reasons = delayed_days("reason");
    let columns: Vec<f64> = delayed_days("responsible")
        .iter()
        .map(|(_, d)| *d as f64)
        .collect();
    let mut table: Vec<[f64; 3]> = reasons
        .iter()
        .map(|(reason, days)| {
            let permitted = policy
                .reasons
                .find("dtoc", reason)
                .map(|reason| &reason.permitted);
            SIDES.map(|side| {
                let may = permitted.is_some_and(|sides| sides.contains(&side));
                if may { *days as f64 } else { 0.0 }
            })
        })
        .collect();
    for _ in 0..200 {
        for (row, (_, days)) in table.iter_mut().zip(&reasons) {
            let sum: f64 = row.iter().sum();
            row.iter_mut().for_each(|cell| *cell *= *days as f64 / sum);
        }
        for (side, days) in columns.iter().enumerate() {
            let sum: f64 = table.iter().map(|row| row[side]).sum();
            table.iter_mut().for_each(|row| row[side] *= days / sum);
        }
    }
    let all: f64 = columns.iter().sum();
    reasons
        .iter()
        .zip(&table)
        .flat_map(|((reason, _), row)| {
            SIDES.iter().zip(row).map(move |(side, days)| Cell {
                reason,
                responsible: *side,
                // Parts of a million: at most a million, so the cast loses nothing that matters.
                parts: (days / all * 1_000_000.0) as u64,
                given: 0,
            })
        })
        .filter(|cell| cell.parts > 0)
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn margins_are_the_published_ones() {
        let cells = cells(&Policy::builtin());
        let part = |fits: &dyn Fn(&Cell) -> bool| -> u64 {
            cells
                .iter()
                .filter(|cell| fits(cell))
                .map(|cell| cell.parts)
                .sum()
        };
        for (reason, days) in delayed_days("reason") {
            let published = days * 1_000_000 / 1_665_649;
            let found = part(&|cell| cell.reason == reason);
            assert!(
                found.abs_diff(published) < 200,
                "{reason}: {found} for {published}"
            );
        }
        for (side, days) in SIDES.iter().zip(delayed_days("responsible")) {
            let published = days.1 * 1_000_000 / 1_665_649;
            let found = part(&|cell| cell.responsible == *side);
            assert!(
                found.abs_diff(published) < 200,
                "{side}: {found} for {published}"
            );
        }
    }

    #[test]
    fn many_stretches_come_close_to_the_mix() {
        let (mut mix, mut dice) = (Mix::england(&Policy::builtin()), Dice::new(3, 0));
        for _ in 0..400 {
            let days = u64::try_from(dice.between(1, 20)).unwrap();
            mix.take(&mut dice, days, |_| true).unwrap();
        }
        for cell in &mix.cells {
            let found = cell.given * 1_000_000 / mix.given;
            assert!(found.abs_diff(cell.parts) < 20_000, "{cell:?}: {found}");
        }
        assert!(mix.take(&mut dice, 1, |_| false).is_none());
    }
}
