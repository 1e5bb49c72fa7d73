//! What waiting costs outside hospital: requests for help, reablement, placements and packages.
//!
//! Source: PEERS c D2; days by the rule of `flow::chain::late`; a day's price is the parameter
//! `cost.step_day.<case>.<step>`, or `cost.step_day.<case>` for every step of such a case. No
//! price of them is established: a place sets its own, and until then none is shown.

use super::{CostLine, Sum, lines};
use crate::flow::chain::counted;
use crate::flow::stay::name_of;
use crate::{App, Error};
use ::flow::chain::late::{LateDays, Why, late_days};
use ::flow::chain::{CaseKind, Chain, Step};
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::Pence;
use kernel::calendar::{add_days, local};
use std::collections::BTreeMap;
use store::Tx;
use store::flow::{self as rows, ChainRow};
use store::organisation::{self, Organisation};
use store::scope::PeopleScope;

/// Cases of one kind: how many wait, for how long, and at which price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseCost {
    /// The kind.
    pub case: CaseKind,
    /// Cases, days and money.
    pub line: CostLine,
    /// The parameter with the price of a day.
    pub key: String,
    /// That price today, with its source; `None` if none is on file.
    pub unit: Option<(Pence, String)>,
}

/// What waiting costs in cases that are no stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CasesCost {
    /// By kind of case: all of them, in their order.
    pub by_case: Vec<CaseCost>,
    /// By reason, most days first.
    pub by_reason: Vec<CostLine>,
    /// By organisation that has the move, most days first.
    pub by_payer: Vec<CostLine>,
}

/// The kinds of case that are no stays.
const CASES: [CaseKind; 3] = [
    CaseKind::Referral,
    CaseKind::Reablement,
    CaseKind::Placement,
];

fn key_of(case: CaseKind) -> String {
    format!("cost.step_day.{case}")
}

impl App {
    /// The open cases of people in scope, read for [`App::cases_cost`].
    pub(super) fn waiting_cases(
        &self,
        tx: &mut dyn Tx,
        scope: &PeopleScope,
    ) -> Result<(Vec<ChainRow>, Vec<Organisation>), Error> {
        let mut cases = Vec::new();
        for case in CASES {
            cases.extend(rows::open_cases(tx, case, scope)?);
        }
        Ok((cases, organisation::all(tx)?))
    }

    /// Days and money of cases, by kind, reason and organisation.
    pub(super) fn cases_cost(
        &self,
        cases: &[ChainRow],
        organisations: &[Organisation],
    ) -> CasesCost {
        let mut kinds: BTreeMap<CaseKind, Sum> = BTreeMap::new();
        let (mut reasons, mut payers) = (
            BTreeMap::<String, Sum>::new(),
            BTreeMap::<String, Sum>::new(),
        );
        for row in cases {
            for share in self.late_in(&row.chain, row.began_at) {
                let step = row.chain.step(share.step);
                let add = |sum: &mut Sum| sum.add(share.now, share.days, share.cost);
                add(kinds.entry(row.chain.case).or_default());
                add(reasons.entry(self.why_words(&share, step)).or_default());
                add(payers
                    .entry(owner_words(&share, step, organisations))
                    .or_default());
            }
        }
        let by_case = CASES.map(|case| {
            let sum = kinds.remove(&case).unwrap_or_default();
            let unit = self.policy().on(&key_of(case), self.today()).ok();
            CaseCost {
                case,
                line: sum.line(case.in_words().to_owned()),
                key: key_of(case),
                unit: unit.and_then(|found| Some((found.pence().ok()?, found.source.clone()))),
            }
        });
        CasesCost {
            by_case: by_case.to_vec(),
            by_reason: lines(reasons),
            by_payer: lines(payers),
        }
    }

    /// The days on which a case waited, from its beginning to yesterday.
    pub(in crate::flow) fn late_in(&self, chain: &Chain, began_at: Timestamp) -> Vec<LateDays> {
        let today = self.today();
        let mut days = Vec::new();
        let mut day = local(began_at).date();
        while day < today {
            days.push(day);
            day = add_days(day, 1);
        }
        let price = |step: &Step, day: Date| self.step_day(chain.case, &step.key, day);
        late_days(chain, counted(days), &price, self.now())
    }

    /// What a day of waiting in a step costs, where a price is on file.
    fn step_day(&self, case: CaseKind, step: &str, day: Date) -> Option<Pence> {
        let of_case = key_of(case);
        let of_step = format!("{of_case}.{step}");
        let found = self.policy().on(&of_step, day);
        let found = found.or_else(|_| self.policy().on(&of_case, day)).ok()?;
        found.pence().ok()
    }

    fn why_words(&self, share: &LateDays, step: Option<&Step>) -> String {
        match (&share.why, step) {
            (Why::Waits(set, code), _) => self.reason_words(set, code),
            (Why::PastItsTime, Some(step)) => format!("Past its time: {}", step.title),
            (Why::PastItsTime, None) => "Past its time".to_owned(),
        }
    }
}

fn owner_words(share: &LateDays, step: Option<&Step>, organisations: &[Organisation]) -> String {
    let role = || step.map_or("Nobody", |step| step.role.in_words());
    name_of(organisations, share.owner).unwrap_or_else(|| format!("{}, not known", role()))
}
