//! What a month that closes owes to the partners: spending over what came in, shared.
//!
//! Source: RULES D.3 (contributions less expenditure is under- or overspend) and D.4 (risk share). The
//! variance is that of the financial year up to the month's end, so that a month that is over and
//! the next that is under do not both move money. How it is shared is passed in: the agreement says it.
//! [`by_contribution`] is the rule PROPORTIONAL. An underspend stays in the fund; only what was shared
//! before is given back by it.

use super::{AccountKind, Balance, Code, Name, Side};
use kernel::Pence;
use kernel::money::{SplitError, split};
use std::collections::BTreeMap;

/// How an amount is shared among partners, each with what it has paid in: one part each, in order.
pub type Share<'a> = &'a dyn Fn(&Code, Pence, &[(Code, Pence)]) -> Result<Vec<Pence>, ShareError>;

/// Why a variance cannot be shared.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ShareError {
    /// Nobody has a weight.
    #[error("{fund}: {source}")]
    Split {
        /// The fund.
        fund: Code,
        /// Why.
        source: SplitError,
    },
    /// The parts do not add up, or are not one for each partner.
    #[error("{fund}: the parts are not the whole: {parts} of {whole}")]
    NotTheWhole {
        /// The fund.
        fund: Code,
        /// What they add up to.
        parts: Pence,
        /// What was to be shared.
        whole: Pence,
    },
    /// A sum does not fit.
    #[error("{fund}: a sum is too large")]
    TooLarge {
        /// The fund.
        fund: Code,
    },
}

/// Where a fund stands at the end of a month.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// What was spent.
    pub expenditure: Pence,
    /// What came in, without what was shared.
    pub income: Pence,
    /// What partners have been asked for by sharing.
    pub shared: Pence,
    /// What each partner has paid in.
    pub partners: BTreeMap<Code, Pence>,
}

/// One partner's part of a fund's variance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The fund.
    pub fund: Code,
    /// The partner.
    pub partner: Code,
    /// What it owes; less than nought is given back.
    pub amount: Pence,
}

/// Where each fund stands, from what moved on its accounts in the year.
///
/// # Errors
/// A sum does not fit.
pub fn standings<'a>(
    moved: impl IntoIterator<Item = (&'a Name, &'a Balance)>,
) -> Result<BTreeMap<Code, Standing>, ShareError> {
    let mut funds: BTreeMap<Code, Standing> = BTreeMap::new();
    for (name, balance) in moved {
        let fund = &name.of.fund;
        let standing = funds.entry(fund.clone()).or_default();
        let too_large = || ShareError::TooLarge { fund: fund.clone() };
        let add = |to: &mut Pence, side| {
            let sum = balance.posted(side).and_then(|amount| to.plus(amount));
            *to = sum.ok_or_else(too_large)?;
            Ok(())
        };
        match name.kind {
            AccountKind::Expenditure => add(&mut standing.expenditure, Side::Debit)?,
            AccountKind::RiskShare => add(&mut standing.shared, Side::Credit)?,
            AccountKind::Contribution => {
                add(&mut standing.income, Side::Credit)?;
                if let Some(partner) = &name.of.partner {
                    add(
                        standing.partners.entry(partner.clone()).or_default(),
                        Side::Credit,
                    )?;
                }
            }
            AccountKind::Charges | AccountKind::Recharge => {
                add(&mut standing.income, Side::Credit)?;
            }
            _ => {}
        }
    }
    Ok(funds)
}

/// Each partner's part of what is spent over what came in and not shared yet. Parts of nought
/// are left out.
///
/// # Errors
/// The share's own; its parts are not the whole; or a sum does not fit.
pub fn parts(funds: &BTreeMap<Code, Standing>, share: Share<'_>) -> Result<Vec<Part>, ShareError> {
    let mut all = Vec::new();
    for (fund, standing) in funds {
        let too_large = || ShareError::TooLarge { fund: fund.clone() };
        let over = standing.expenditure.0.checked_sub(standing.income.0);
        let over = over.ok_or_else(too_large)?.max(0);
        let whole = Pence(over.checked_sub(standing.shared.0).ok_or_else(too_large)?);
        if whole.0 == 0 {
            continue;
        }
        let partners: Vec<(Code, Pence)> = standing
            .partners
            .iter()
            .map(|(code, paid)| (code.clone(), *paid))
            .collect();
        let amounts = share(fund, whole, &partners)?;
        let sum: i128 = amounts.iter().map(|part| i128::from(part.0)).sum();
        if amounts.len() != partners.len() || sum != i128::from(whole.0) {
            let parts = Pence(i64::try_from(sum).unwrap_or(i64::MAX));
            let fund = fund.clone();
            return Err(ShareError::NotTheWhole { fund, parts, whole });
        }
        let each = partners.into_iter().zip(amounts);
        all.extend(
            each.filter(|(_, amount)| amount.0 != 0)
                .map(|((partner, _), amount)| Part {
                    fund: fund.clone(),
                    partner,
                    amount,
                }),
        );
    }
    Ok(all)
}

/// PROPORTIONAL of D.4: by what each partner has paid in, by largest remainder.
///
/// # Errors
/// Nobody has paid in.
pub fn by_contribution(
    fund: &Code,
    whole: Pence,
    partners: &[(Code, Pence)],
) -> Result<Vec<Pence>, ShareError> {
    let weights: Vec<u64> = partners
        .iter()
        .map(|(_, paid)| u64::try_from(paid.0).unwrap_or(0))
        .collect();
    split(whole, &weights).map_err(|source| ShareError::Split {
        fund: fund.clone(),
        source,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moved(accounts: &[(&str, i64)]) -> BTreeMap<Code, Standing> {
        let rows: Vec<(Name, Balance)> = accounts
            .iter()
            .map(|(name, amount)| {
                let name: Name = name.parse().unwrap();
                let side = name.kind.normal_side();
                (name, Balance::of(side, Pence(*amount), Pence(0)))
            })
            .collect();
        standings(rows.iter().map(|(name, balance)| (name, balance))).unwrap()
    }

    fn shared(accounts: &[(&str, i64)]) -> Vec<(String, i64)> {
        parts(&moved(accounts), &by_contribution)
            .unwrap()
            .into_iter()
            .map(|part| (part.partner.to_string(), part.amount.0))
            .collect()
    }

    #[test]
    fn contributions_of_60_and_40_share_10_over_as_6_and_4() {
        let year = [
            ("income:contribution:bcf:icb", 6_000),
            ("income:contribution:bcf:county", 4_000),
            ("expenses:expenditure:bcf:reablement", 11_000),
        ];
        let expected = vec![("county".to_owned(), 400), ("icb".to_owned(), 600)];
        assert_eq!(shared(&year), expected);
    }

    #[test]
    fn what_was_shared_is_not_shared_again_and_comes_back_from_an_underspend() {
        let year = |spent, shared_icb, shared_county| {
            shared(&[
                ("income:contribution:bcf:icb", 6_000),
                ("income:contribution:bcf:county", 4_000),
                ("expenses:expenditure:bcf:reablement", spent),
                ("income:risk-share:bcf:icb", shared_icb),
                ("income:risk-share:bcf:county", shared_county),
            ])
        };
        assert_eq!(year(11_000, 600, 400), vec![]);
        let back = vec![("county".to_owned(), -400), ("icb".to_owned(), -600)];
        assert_eq!(year(9_000, 600, 400), back);
        assert_eq!(year(9_000, 0, 0), vec![], "an underspend stays in the fund");
    }

    #[test]
    fn a_share_that_is_not_the_whole_is_refused() {
        let funds = moved(&[
            ("income:contribution:bcf:icb", 100),
            ("expenses:expenditure:bcf:reablement", 150),
        ]);
        let half: Share<'_> = &|_, whole, _| Ok(vec![Pence(whole.0 / 2)]);
        assert!(matches!(
            parts(&funds, half),
            Err(ShareError::NotTheWhole { .. })
        ));
        let none = moved(&[("expenses:expenditure:bcf:reablement", 150)]);
        assert!(matches!(
            parts(&none, &by_contribution),
            Err(ShareError::Split { .. })
        ));
    }
}
