//! Better Care Fund plans: kept as they came, a version each, with what changed, signed and checked.

use super::kept::{bytes_of, fund_code, needed, not_too_large};
use crate::{App, Error, Subject};
use ::fund::ledger::Code;
use ::fund::period::Periods;
use ::fund::plan::changed::{Change, changes};
use ::fund::plan::check::{Report, check};
use ::fund::plan::{self, Plan};
use ::fund::sign_off::{Role, Signature};
use access::{Action, Actor};
use jiff::civil::Date;
use kernel::{Issue, Pence, Severity};
use store::fund::{self as rows, PlanRow, SignatureRow};
use store::{Tx, journal};

/// A version of a plan, without what it says.
pub type PlanVersion = PlanRow;

/// A version with what it says.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptPlan {
    /// Fund, number, board, years, who kept it and when, what changed.
    pub row: PlanRow,
    /// What it says, with the signatures that were added to it.
    pub plan: Plan,
    /// What of its file could not be read.
    pub issues: Vec<Issue>,
    /// Signatures that were added to it.
    pub signatures: Vec<SignatureRow>,
}

/// A version with what the conditions of its year say of it.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanChecked {
    /// The version.
    pub kept: KeptPlan,
    /// Each condition with its answer, sums, double counts.
    pub report: Report,
}

impl App {
    /// Every version of every fund's plan, by fund and number.
    ///
    /// # Errors
    /// Not allowed, or the store's.
    pub fn fund_plans(&self, actor: &Actor) -> Result<Vec<PlanVersion>, Error> {
        access::decide(actor, Action::SeeLedger)?;
        Ok(self.store().read(rows::plans)?)
    }

    /// Keeps a new version of a fund's plan, as TOML or as the planning workbook. What of it can be
    /// read goes through, and the rest is told as issues; a file of which nothing can be used is
    /// kept too, and refused.
    ///
    /// # Errors
    /// Not allowed, too large, nothing of it can be used ([`Error::Invalid`], one entry a fault), just
    /// as the last one, or the store's.
    pub fn keep_fund_plan(
        &self,
        actor: &Actor,
        fund: &str,
        (name, bytes): (&str, &[u8]),
    ) -> Result<KeptPlan, Error> {
        let allowed = access::decide(actor, Action::PostLedger)?;
        let fund = fund_code(fund)?;
        not_too_large(bytes)?;
        let (plan, issues) = read_plan(bytes, self.fund_periods());
        let Some(plan) = plan else {
            let wrong: Vec<String> = issues.iter().map(ToString::to_string).collect();
            return Err(self.refuse_fund_file((actor, allowed), (name, bytes), &wrong)?);
        };
        let file = self.ids().inbox();
        self.store().write(|tx| {
            let all = rows::plans(tx)?;
            let last = all.iter().rfind(|one| one.fund == fund);
            let mut changed = String::new();
            if let Some(last) = last {
                let before = bytes_of(tx, last.file)?;
                if before == bytes {
                    let text = format!("This is version {} as it is kept already", last.number);
                    return Err(Error::invalid("file", text));
                }
                if let (Some(before), _) = read_plan(&before, self.fund_periods()) {
                    changed = in_lines(&changes(&before, &plan));
                }
            }
            let row = PlanRow {
                fund: fund.clone(),
                number: last.map_or(1, |one| one.number + 1),
                file,
                board: plan.board.clone(),
                years: plan.years.join(", "),
                issues: i64::try_from(issues.len()).unwrap_or(i64::MAX),
                changes: changed,
                kept: (self.now(), actor.display_name.clone()),
            };
            self.put_fund_file(tx, actor, file, (name, bytes))?;
            rows::put_plan(tx, &row)?;
            let subject = Subject {
                thing: format!("plan {} {}", row.fund, row.number),
                results: 1,
                ..Subject::default()
            };
            let kind = journal::Kind::Command;
            self.record(tx, actor, allowed, kind, "fund: keep plan", subject)?;
            Ok(KeptPlan {
                row,
                plan: plan.clone(),
                issues: issues.clone(),
                signatures: Vec::new(),
            })
        })
    }

    /// Adds a signature to a version of a plan.
    ///
    /// # Errors
    /// Not allowed, no such version, no organisation, a day to come, signed already, or the store's.
    pub fn sign_fund_plan(
        &self,
        actor: &Actor,
        (fund, number): (&Code, i64),
        (role, organisation): (Role, &str),
        (on, delegated): (Date, bool),
    ) -> Result<(), Error> {
        let allowed = access::decide(actor, Action::PostLedger)?;
        let organisation = needed("organisation", organisation, "Say for which organisation")?;
        if on > self.today() {
            return Err(Error::invalid("on", "The day must not be in the future"));
        }
        let row = SignatureRow {
            role,
            organisation,
            on,
            delegated,
            kept: (self.now(), actor.display_name.clone()),
        };
        self.store().write(|tx| {
            plan_row(tx, fund, number)?;
            let same = |one: &SignatureRow| {
                one.role == role && one.organisation.eq_ignore_ascii_case(&row.organisation)
            };
            if rows::signatures(tx, fund, number)?.iter().any(same) {
                let text = format!("The {role} of {} has signed it already", row.organisation);
                return Err(Error::invalid("role", text));
            }
            rows::put_signature(tx, (fund, number), &row)?;
            let subject = Subject {
                thing: format!("plan {fund} {number}"),
                results: 1,
                detail: role.as_str().to_owned(),
                ..Subject::default()
            };
            let kind = journal::Kind::Command;
            self.record(tx, actor, allowed, kind, "fund: sign plan", subject)
        })
    }

    /// A version of a fund's plan, checked against the conditions of its year and beside the latest
    /// plans of the other funds, which may claim the same money.
    ///
    /// # Errors
    /// Not allowed, not there, its year is not on file, or the store's.
    pub fn fund_plan_checked(
        &self,
        actor: &Actor,
        fund: &Code,
        number: i64,
    ) -> Result<PlanChecked, Error> {
        access::decide(actor, Action::SeeLedger)?;
        let (kept, beside) = self.store().read(|tx| {
            let kept = self.kept_plan(tx, fund, number)?;
            let mut beside = Vec::new();
            let all = rows::plans(tx)?;
            let mut latest: std::collections::BTreeMap<&Code, &PlanRow> = Default::default();
            for one in all.iter().filter(|one| one.fund != *fund) {
                latest.insert(&one.fund, one);
            }
            for one in latest.into_values() {
                beside.extend(read_plan(&bytes_of(tx, one.file)?, self.fund_periods()).0);
            }
            Ok::<_, Error>((kept, beside))
        })?;
        let beside: Vec<&Plan> = beside.iter().collect();
        let report = check(&kept.plan, &beside, self.fund_periods())
            .map_err(|error| Error::invalid("plan", error.to_string()))?;
        Ok(PlanChecked { kept, report })
    }

    /// A version with what it says, in an open transaction.
    pub(super) fn kept_plan(
        &self,
        tx: &mut dyn Tx,
        fund: &Code,
        number: i64,
    ) -> Result<KeptPlan, Error> {
        let row = plan_row(tx, fund, number)?;
        let (plan, issues) = read_plan(&bytes_of(tx, row.file)?, self.fund_periods());
        let mut plan = plan.ok_or_else(|| {
            Error::Policy(format!(
                "version {number} of the plan of {fund} no longer reads"
            ))
        })?;
        let signatures = rows::signatures(tx, fund, number)?;
        plan.signatures
            .extend(signatures.iter().map(|one| Signature {
                role: one.role,
                organisation: one.organisation.clone(),
                on: Some(one.on),
                delegated: one.delegated,
                at: format!("signed here by {}", one.kept.1),
            }));
        Ok(KeptPlan {
            row,
            plan,
            issues,
            signatures,
        })
    }

    /// The latest version of a fund's plan for a year, in an open transaction.
    pub(super) fn plan_of_year(
        &self,
        tx: &mut dyn Tx,
        fund: &Code,
        year: &str,
    ) -> Result<Option<KeptPlan>, Error> {
        let all = rows::plans(tx)?;
        let last = all
            .iter()
            .rfind(|one| one.fund == *fund && one.years.split(", ").any(|one| one == year));
        match last {
            None => Ok(None),
            Some(row) => self.kept_plan(tx, fund, row.number).map(Some),
        }
    }
}

/// Reads a plan of either kind, TOML or workbook, told apart by its first bytes: what can be used of
/// it, and what cannot as issues with their places.
pub fn read_plan(bytes: &[u8], periods: &Periods) -> (Option<Plan>, Vec<Issue>) {
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        let read = workbook::plan::read(bytes);
        return (read.plan, read.issues);
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        let text = "is neither a workbook nor a text in UTF-8; save it as one of them";
        let issue = Issue::new(Severity::Reject, 0, "", "not-read", text);
        return (None, vec![issue]);
    };
    let value = periods
        .all()
        .iter()
        .find_map(|period| period.performance.as_ref())
        .map_or(Pence(0), |rule| rule.value);
    let (plan, faults) = plan::read(text, value);
    let severity = match plan.is_some() {
        true => Severity::Part,
        false => Severity::Reject,
    };
    let issues = faults.into_iter().map(|fault| {
        let at = match (fault.line, fault.field.as_str()) {
            (0, field) => field.to_owned(),
            (line, "") => format!("line {line}"),
            (line, field) => format!("line {line}, {field}"),
        };
        Issue::new(severity, 0, at, "not-read", fault.text)
    });
    (plan, issues.collect())
}

fn plan_row(tx: &mut dyn Tx, fund: &Code, number: i64) -> Result<PlanRow, Error> {
    let all = rows::plans(tx)?;
    all.into_iter()
        .find(|one| one.fund == *fund && one.number == number)
        .ok_or(Error::NotFound("plan"))
}

/// A line for each change.
fn in_lines(changes: &[Change]) -> String {
    let there = |text: &str| match text {
        "" => "not there".to_owned(),
        text => text.to_owned(),
    };
    let lines: Vec<String> = changes
        .iter()
        .map(|one| {
            let which = match one.which.as_str() {
                "" => one.part.to_owned(),
                which => format!("{} {which}", one.part),
            };
            let line = format!("{which}: {}, now {}", there(&one.before), there(&one.after));
            line.replace('\n', " ")
        })
        .collect();
    lines.join("\n")
}
