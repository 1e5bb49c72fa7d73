//! What waiting costs now, in hospital and outside, by reason and by whoever has the move.
//!
//! Source: PEERS c D2; days by the rule of `flow::count_dtoc`; unit cost `cost.hospital_bed_day`.

mod cases;

pub use cases::{CaseCost, CasesCost};

use super::board::policy;
use crate::{App, Error, Subject};
use ::flow::Responsible;
use ::flow::count_dtoc::{DtocRule, Period, Stretch, counted_days};
use access::{Action, Actor};
use jiff::civil::Date;
use kernel::Pence;
use std::collections::BTreeMap;
use store::flow::{self as rows, OpenDelay};

/// Days and money of one reason, side or organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CostLine {
    /// The reason in words, or who has the move.
    pub what: String,
    /// People who wait for it now.
    pub people: i64,
    /// Days so far, of those who are still in hospital.
    pub days: i64,
    /// What the days cost; `None` where no unit cost is on file.
    pub cost: Option<Pence>,
}

/// What waiting costs now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cost {
    /// People in hospital who wait.
    pub people: i64,
    /// Their days so far.
    pub days: i64,
    /// What those cost.
    pub cost: Option<Pence>,
    /// What each further day costs if nobody leaves.
    pub each_day: Option<Pence>,
    /// The unit cost of a day today, with its source.
    pub unit: Option<(Pence, String)>,
    /// By reason, dearest first.
    pub by_reason: Vec<CostLine>,
    /// By side and organisation that has the move, dearest first.
    pub by_payer: Vec<CostLine>,
    /// Values from memory that the days rest on.
    pub rests_on: Vec<String>,
    /// What waits outside hospital: never added to the above, for somebody may be in both.
    pub cases: CasesCost,
}

#[derive(Default)]
struct Sum {
    people: i64,
    days: i64,
    cost: Option<Pence>,
    missing: bool,
}

impl Sum {
    fn add(&mut self, now: bool, days: i64, cost: Option<Pence>) {
        self.people += i64::from(now);
        self.days += days;
        match cost {
            Some(cost) => self.cost = self.cost.unwrap_or_default().plus(cost),
            None => self.missing |= days > 0,
        }
    }

    fn line(self, what: String) -> CostLine {
        CostLine {
            what,
            people: self.people,
            days: self.days,
            cost: self.cost.filter(|_| !self.missing),
        }
    }
}

impl App {
    /// What waiting costs now, of those in hospital whom the asker may see. Journalled.
    ///
    /// # Errors
    /// Not allowed, a parameter missing, or the store's.
    pub fn cost_of_delay(&self, actor: &Actor) -> Result<Cost, Error> {
        let allowed = access::decide(actor, Action::SeeBoard)?;
        let today = self.today();
        let rule = DtocRule::on(self.policy(), today).map_err(policy)?;
        let (delays, (cases, organisations)) = self.store().write(|tx| {
            let asker = self.asker(tx, actor)?;
            let scope = self.people_scope(&asker);
            let delays = rows::open_delays(tx, &scope)?;
            let cases = self.waiting_cases(tx, &scope)?;
            let subject = Subject {
                thing: "cost of delay".to_owned(),
                results: delays.len() + cases.0.len(),
                ..Subject::default()
            };
            self.looked(tx, actor, allowed, Action::SeeBoard, subject)?;
            Ok::<_, Error>((delays, cases))
        })?;
        let unit = self.policy().on("cost.hospital_bed_day", today).ok();
        let unit = unit.and_then(|found| Some((found.pence().ok()?, found.source.clone())));
        let (mut all, mut reasons, mut payers) = (
            Sum::default(),
            BTreeMap::<String, Sum>::new(),
            BTreeMap::<String, Sum>::new(),
        );
        for stay in delays.chunk_by(|one, other| one.stay == other.stay) {
            for (delay, days, cost) in self.priced(&rule, stay, today) {
                let now = delay.ends_on.is_none();
                all.add(now, days, cost);
                let reason = self.reason_words(&delay.code_set, &delay.reason);
                reasons.entry(reason).or_default().add(now, days, cost);
                payers.entry(payer(delay)).or_default().add(now, days, cost);
            }
        }
        let waiting = all.people;
        let total = all.line(String::new());
        Ok(Cost {
            people: total.people,
            days: total.days,
            cost: total.cost,
            each_day: unit.as_ref().and_then(|(unit, _)| unit.times(waiting)),
            unit,
            by_reason: lines(reasons),
            by_payer: lines(payers),
            rests_on: rule.rests_on.keys().map(str::to_owned).collect(),
            cases: self.cases_cost(&cases, &organisations),
        })
    }

    /// The delays of one stay with their days and what those cost, each day at its own price.
    fn priced<'a>(
        &self,
        rule: &DtocRule,
        stay: &'a [OpenDelay],
        today: Date,
    ) -> Vec<(&'a OpenDelay, i64, Option<Pence>)> {
        let stretches: Vec<Stretch> = stay
            .iter()
            .map(|delay| Stretch {
                starts_on: delay.starts_on,
                ends_on: delay.ends_on,
            })
            .collect();
        let ever = Period {
            first: jiff::civil::date(1900, 1, 1),
            last: Date::MAX,
        };
        let period = ever.over_by(today);
        let days = counted_days(&stretches, period, rule.counts_ready_day());
        stay.iter()
            .zip(days)
            .map(|(delay, days)| {
                let last = delay.ends_on.unwrap_or(today);
                let price = self.bed_day(last).or_else(|| self.bed_day(delay.starts_on));
                (delay, days, price.and_then(|price| price.times(days)))
            })
            .collect()
    }
}

fn payer(delay: &OpenDelay) -> String {
    let side = match delay.responsible {
        Responsible::Nhs => "NHS",
        Responsible::SocialCare => "Social care",
        Responsible::Both => "NHS and social care",
    };
    match &delay.organisation {
        Some(name) => format!("{name} ({side})"),
        None => format!("{side}, organisation not named"),
    }
}

fn lines(sums: BTreeMap<String, Sum>) -> Vec<CostLine> {
    let mut lines: Vec<CostLine> = sums.into_iter().map(|(what, sum)| sum.line(what)).collect();
    lines.sort_by(|a, b| (b.days, &a.what).cmp(&(a.days, &b.what)));
    lines
}
