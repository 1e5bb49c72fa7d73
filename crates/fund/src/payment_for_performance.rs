//! The payment for performance of 2015/16: money that came only as emergency admissions fell.
//!
//! Source: House of Lords answer HL838 (July 2014) and the operationalisation guidance of 20 March
//! 2015; RULES C.5. The cumulative form, that nothing is taken back, the months of payment and
//! £1,490 an admission are from memory.
//!
//! In words: the fund is the planned fall in non-elective admissions over four quarters times the
//! value of one. After each quarter the fall so far, as a part of the planned fall, says how much
//! of the fund is due so far; what was paid before is taken off. A payment is never below nought,
//! and never goes over the fund. What is not released stays with the NHS, which spends it on
//! emergency care or other NHS services after asking the health and wellbeing board.
//!
//! Admissions may have up to three decimals, because those of a commissioning group are divided
//! among boards. The fund and each amount due are rounded to the nearest penny, half a penny up.

use crate::amount::Percent;
use crate::reading::{self, Fault, Table};
use kernel::Pence;
use kernel::parameters::Decimal;

/// Largest number of admissions of a quarter that is read.
const MOST: i64 = 10_000_000;

/// What a plan promised and what became of it. Admissions are in thousandths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promised {
    /// Admissions of the four quarters before: the last of 2013/14 and three of 2014/15.
    pub baseline: [i64; 4],
    /// Admissions planned for the four quarters after.
    pub plan: [i64; 4],
    /// Admissions there were, of the quarters that are over.
    pub actual: Vec<i64>,
    /// The value of one admission avoided.
    pub value: Pence,
    /// The board's share of what was set aside for performance and care out of hospital.
    pub set_aside: Option<Pence>,
}

/// What is paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payments {
    /// The fund.
    pub fund: Pence,
    /// What is paid for each quarter; `None` where it is not over.
    pub payments: [Option<Pence>; 4],
    /// What has not been released.
    pub unreleased: Pence,
    /// The planned fall as a part of the baseline, in millionths of one per cent, rounded down.
    pub reduction: Percent,
    /// What is left of the set-aside money for care out of hospital, where that was said.
    pub out_of_hospital: Option<Pence>,
}

/// Why nothing can be worked out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PaymentError {
    /// The plan has no fall.
    #[error(
        "plan: the plan has no fewer admissions than the baseline, so that nothing can be earned"
    )]
    NoFall,
    /// The fund is more than the money set aside.
    #[error(
        "set_aside: the fund would be {fund}, more than the {set_aside} set aside; plan a smaller fall"
    )]
    MoreThanSetAside {
        /// The fund.
        fund: Pence,
        /// The money set aside.
        set_aside: Pence,
    },
}

/// Works out what is paid after each quarter.
///
/// # Errors
/// If the plan has no fall, or its fund is more than was set aside.
pub fn payments(promised: &Promised) -> Result<Payments, PaymentError> {
    let sum = |quarters: &[i64]| quarters.iter().map(|one| i128::from(*one)).sum::<i128>();
    let baseline = sum(&promised.baseline);
    let target = baseline - sum(&promised.plan);
    if target <= 0 {
        return Err(PaymentError::NoFall);
    }
    let fund = nearest(target * i128::from(promised.value.0), 1_000);
    if let Some(set_aside) = promised.set_aside.filter(|set_aside| *set_aside < fund) {
        return Err(PaymentError::MoreThanSetAside { fund, set_aside });
    }
    let mut payments = [None; 4];
    let mut paid = Pence(0);
    let mut fallen = 0i128;
    let quarters = promised.actual.iter().zip(&promised.baseline);
    for ((actual, baseline), payment) in quarters.zip(&mut payments) {
        fallen += i128::from(*baseline) - i128::from(*actual);
        let due = nearest(fallen.clamp(0, target) * i128::from(fund.0), target);
        let now = Pence((due - paid).0.max(0));
        paid = paid + now;
        *payment = Some(now);
    }
    Ok(Payments {
        fund,
        payments,
        unreleased: fund - paid,
        reduction: Percent {
            millionths: i64::try_from(target * i128::from(Percent::WHOLE.millionths) / baseline)
                .unwrap_or(i64::MAX),
        },
        out_of_hospital: promised.set_aside.map(|set_aside| set_aside - fund),
    })
}

/// A quotient of numbers that are not below nought, to the nearest whole, half up.
fn nearest(dividend: i128, divisor: i128) -> Pence {
    let whole = (2 * dividend + divisor) / (2 * divisor);
    Pence(i64::try_from(whole).unwrap_or(i64::MAX))
}

/// Reads what was promised from a file: `baseline`, `plan` and `actual` as lists of admissions,
/// and if it differs `value` in pounds; the usual value is given.
///
/// # Errors
/// Everything wrong with it.
pub fn read(text: &str, usual: Pence) -> Result<Promised, Vec<Fault>> {
    reading::read(text, |top| {
        let promised = promised(top, usual);
        top.text("title");
        promised
    })
}

/// Reads what was promised from a table, which may be one of a plan.
pub fn promised(table: &Table<'_>, usual: Pence) -> Promised {
    let four = |field: &str| {
        let read = admissions(table, field);
        if read.len() != 4 {
            let text = format!("has {} quarters; write four", read.len());
            table.wrong(field, text);
        }
        let mut quarters = [0; 4];
        quarters
            .iter_mut()
            .zip(&read)
            .for_each(|(to, from)| *to = *from);
        quarters
    };
    let actual = admissions(table, "actual");
    if actual.len() > 4 {
        table.wrong("actual", "has more than four quarters");
    }
    let value = table.money("value").unwrap_or(usual);
    if value.0 <= 0 {
        table.wrong("value", "must be above nought");
    }
    Promised {
        baseline: four("baseline"),
        plan: four("plan"),
        actual,
        value,
        set_aside: table.money("set_aside"),
    }
}

fn admissions(table: &Table<'_>, field: &str) -> Vec<i64> {
    let mut all = Vec::new();
    for digits in table.numbers(field) {
        match thousandths(&digits) {
            Some(number) => all.push(number),
            None => table.wrong(
                field,
                format!("must be numbers of admissions with at most three decimals, up to {MOST}"),
            ),
        }
    }
    all
}

/// A number of admissions in thousandths.
fn thousandths(digits: &str) -> Option<i64> {
    let read = Decimal::parse(digits)?;
    let up = 10i64.checked_pow(3u32.checked_sub(u32::from(read.scale))?)?;
    let number = read.units.checked_mul(up)?;
    (0..=MOST * 1_000).contains(&number).then_some(number)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use proptest::prelude::*;

    fn promised(actual: &[i64]) -> Promised {
        Promised {
            baseline: [10_000_000; 4],
            plan: [9_650_000; 4],
            actual: actual.iter().map(|one| one * 1_000).collect(),
            value: Pence(149_000),
            set_aside: None,
        }
    }

    /// RULES P, vector V13, and the edges of C.5. Pounds.
    #[test]
    fn examples() {
        for (id, actual, expected, unreleased) in [
            ("V13", vec![9_825], vec![260_750], 1_825_250),
            ("as planned", vec![9_650; 4], vec![521_500; 4], 0),
            (
                "more than planned: never over the fund",
                vec![9_000; 4],
                vec![1_490_000, 596_000, 0, 0],
                0,
            ),
            (
                "a rise earns nothing and takes nothing back",
                vec![9_650, 10_200, 9_650, 10_000],
                vec![521_500, 0, 223_500, 0],
                1_341_000,
            ),
            ("a rise all year", vec![10_500; 4], vec![0; 4], 2_086_000),
            ("not over yet", vec![], vec![], 2_086_000),
        ] {
            let found = payments(&promised(&actual)).unwrap();
            assert_eq!(found.fund, Pence(208_600_000), "{id}");
            let paid: Vec<i64> = found.payments.iter().flatten().map(|p| p.0 / 100).collect();
            assert_eq!(paid, expected, "{id}");
            assert_eq!(found.unreleased.0 / 100, unreleased, "{id}");
        }
        let found = payments(&promised(&[9_825])).unwrap();
        assert_eq!(found.reduction.to_string(), "3.5%");
        assert_eq!(found.payments[1], None);
    }

    #[test]
    fn half_a_penny_goes_up() {
        let third = Promised {
            baseline: [1_000; 4],
            plan: [1_000, 1_000, 1_000, 997],
            actual: vec![999, 999, 999, 1_000],
            value: Pence(500),
            set_aside: Some(Pence(10)),
        };
        let found = payments(&third).unwrap();
        assert_eq!(found.fund, Pence(2), "0.003 admissions × £5 = 1.5 pence");
        let paid: Vec<i64> = found.payments.iter().flatten().map(|p| p.0).collect();
        assert_eq!(paid, [1, 0, 1, 0], "0.67, 1.33, 2, 2 pence due");
        assert_eq!(found.out_of_hospital, Some(Pence(8)));
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let mut none = promised(&[]);
        none.plan = none.baseline;
        assert_eq!(payments(&none), Err(PaymentError::NoFall));
        let mut little = promised(&[]);
        little.set_aside = Some(Pence(100));
        assert!(matches!(
            payments(&little),
            Err(PaymentError::MoreThanSetAside { .. })
        ));
    }

    #[test]
    fn a_file_is_read_exactly() {
        let text = "baseline = [10_000, 10_000.5, 10_000, 10_000]\nplan = [9_650, 9_650, 9_650, 9_650]\nactual = [9_825]\n";
        let read_one = read(text, Pence(149_000)).unwrap();
        assert_eq!(read_one.baseline[1], 10_000_500);
        let faults = read(
            "baseline = [1, 2]\nplan = [1, 2, 3, \"x\"]\nvalue = 0\n",
            Pence(1),
        );
        let said: Vec<String> = faults
            .unwrap_err()
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(said.len(), 4, "{said:#?}");
        assert_eq!(said[0], "line 1, baseline: has 2 quarters; write four");
    }

    proptest! {
        #[test]
        fn payments_never_go_over_the_fund_nor_back(
            baseline in prop::array::uniform4(0i64..30_000_000),
            plan in prop::array::uniform4(0i64..30_000_000),
            actual in prop::collection::vec(0i64..30_000_000, 0..5),
            value in 1i64..1_000_000,
        ) {
            let promised = Promised { baseline, plan, actual, value: Pence(value), set_aside: None };
            if let Ok(found) = payments(&promised) {
                let paid: Pence = found.payments.iter().flatten().copied().sum();
                prop_assert!(found.payments.iter().flatten().all(|one| one.0 >= 0));
                prop_assert!(paid <= found.fund);
                prop_assert_eq!(found.unreleased + paid, found.fund);
            }
        }
    }
}
