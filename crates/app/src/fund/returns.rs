//! Returns of a fund: as they are worked out now, and as they were sent.

use super::agreements::standing;
use super::plans::KeptPlan;
use crate::{App, Error, Subject};
use ::fund::effect::{self, Figure};
use ::fund::ledger::{AccountKind, Code};
use ::fund::plan::Plan;
use ::fund::plan::check::check;
use ::fund::returns::{
    Books, Condition, Given, Line, Planned, Return, Span, build, differences, lineage,
    lineage_text, text,
};
use access::{Action, Actor};
use kernel::Month;
use store::fund::{self as rows, Mark, Sent, hash_of};
use store::{Tx, journal, ledger};

/// A return as it is worked out now, beside those that were sent.
#[derive(Clone, Debug, PartialEq)]
pub struct FundReturn {
    /// Its cells, what is missing, and the months behind it.
    pub figures: Return,
    /// The cells as CSV: what is sent.
    pub content: String,
    /// What is behind each cell as CSV, without people's ids.
    pub lineage: String,
    /// Hash over both.
    pub hash: String,
    /// Those that were sent, the latest first.
    pub sent: Vec<Sent>,
    /// What is different from the latest that was sent.
    pub changes: Vec<String>,
}

impl FundReturn {
    /// Whether it was sent, and whether anything has changed since, in words.
    pub fn state(&self) -> String {
        match self.sent.first() {
            Some(before) if before.hash == self.hash => {
                format!("As sent in version {}", before.number)
            }
            Some(before) => format!("Changed since version {} was sent", before.number),
            None => "Not sent".to_owned(),
        }
    }

    /// Bytes of its workbook; the first lines of each sheet say whether it was sent, and its hash.
    ///
    /// # Errors
    /// More rows than a workbook holds.
    pub fn workbook(&self) -> Result<Vec<u8>, Error> {
        let about = format!("{}. SHA-256 {}", self.state(), self.hash);
        workbook::fund_return::write(&self.figures, &about)
            .map_err(|error| Error::Policy(error.to_string()))
    }
}

/// What became of sending a return.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SentReturn {
    /// It is kept under this number.
    Kept(i64),
    /// Nothing is different from this number: none was made.
    Same(i64),
    /// What it rests on changed while it was worked out: nothing was kept. [`MEANWHILE`] says what to do.
    Meanwhile,
}

/// What happened, and what to do, where a return is not sent because what it rests on changed.
pub const MEANWHILE: &str = "something was posted, closed, agreed, planned or sent while this return was \
                             worked out. Nothing is frozen: open the return again, see what changed, and send \
                             it if it is right";

/// A return that was worked out to be sent, and what it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadyReturn {
    row: Sent,
    cells: usize,
    /// The number that is just the same, if one is.
    same: Option<i64>,
    last: Month,
    mark: Mark,
}

impl App {
    /// A return of a fund as it is worked out now.
    ///
    /// # Errors
    /// Not allowed, no agreement of the period, or the store's.
    pub fn fund_return(&self, actor: &Actor, fund: &Code, span: Span) -> Result<FundReturn, Error> {
        let allowed = access::decide(actor, Action::SeeLedger)?;
        // Reading comes first, so that nobody waits for a long return to be worked out.
        let found = self.store().read(|tx| self.return_of(tx, fund, span))?;
        self.store().write(|tx| {
            let subject = Subject {
                thing: format!("return of fund {fund}, {span}"),
                results: found.figures.cells.len(),
                ..Subject::default()
            };
            self.looked(tx, actor, allowed, Action::SeeLedger, subject)
        })?;
        Ok(found)
    }

    /// Freezes a return as sent: its cells and what is behind them are kept with their hash. `shown` is
    /// the hash of what whoever sends it saw. It is worked out on a snapshot, so that nobody waits for
    /// it who posts; then it is kept only if nothing that it rests on has changed.
    ///
    /// # Errors
    /// As [`App::fund_return`]; `Stale` if it is no longer what was shown.
    pub fn send_fund_return(
        &self,
        actor: &Actor,
        what: (&Code, Span),
        shown: &str,
    ) -> Result<SentReturn, Error> {
        let ready = self.ready_fund_return(actor, what, shown)?;
        self.keep_fund_return(actor, &ready)
    }

    /// Works a return out on a snapshot, to be sent: the first half of [`App::send_fund_return`].
    ///
    /// # Errors
    /// As [`App::send_fund_return`].
    pub fn ready_fund_return(
        &self,
        actor: &Actor,
        (fund, span): (&Code, Span),
        shown: &str,
    ) -> Result<ReadyReturn, Error> {
        access::decide(actor, Action::PostLedger)?;
        let (period, (_, last)) = (span.to_string(), span.ends());
        let (now, mark) = self.store().read(|tx| {
            let now = self.return_of(tx, fund, span)?;
            Ok::<_, Error>((now, rows::mark(tx, fund, (&period, last))?))
        })?;
        if now.hash != shown {
            return Err(Error::Stale {
                who: "Somebody".to_owned(),
                what: "something was posted, agreed or planned that is in this return".to_owned(),
            });
        }
        let before = now.sent.first();
        let same = before.filter(|before| before.hash == now.hash);
        Ok(ReadyReturn {
            same: same.map(|before| before.number),
            cells: now.figures.cells.len(),
            row: Sent {
                fund: fund.clone(),
                period,
                number: before.map_or(0, |before| before.number) + 1,
                gaps: i64::try_from(now.figures.gaps.len()).unwrap_or(i64::MAX),
                changes: now.changes.join("\n"),
                sent: (self.now(), actor.display_name.clone()),
                hash: now.hash,
                content: now.content,
                lineage: now.lineage,
            },
            last,
            mark,
        })
    }

    /// Keeps a return as sent if nothing that it rests on has changed since it was worked out: the
    /// second half of [`App::send_fund_return`].
    ///
    /// # Errors
    /// Not allowed, or the store's.
    pub fn keep_fund_return(
        &self,
        actor: &Actor,
        ready: &ReadyReturn,
    ) -> Result<SentReturn, Error> {
        let allowed = access::decide(actor, Action::PostLedger)?;
        if let Some(number) = ready.same {
            return Ok(SentReturn::Same(number));
        }
        let row = &ready.row;
        self.store().write(|tx| {
            if rows::mark(tx, &row.fund, (&row.period, ready.last))? != ready.mark {
                return Ok(SentReturn::Meanwhile);
            }
            rows::put_sent(tx, row)?;
            let subject = Subject {
                thing: format!(
                    "return of fund {}, {}, number {}",
                    row.fund, row.period, row.number
                ),
                results: ready.cells,
                detail: format!("hash {}", row.hash),
                ..Subject::default()
            };
            let kind = journal::Kind::Command;
            self.record(tx, actor, allowed, kind, "fund: send return", subject)?;
            Ok(SentReturn::Kept(row.number))
        })
    }

    /// A return as it was sent.
    ///
    /// # Errors
    /// Not allowed, not there, or the store's.
    pub fn sent_fund_return(
        &self,
        actor: &Actor,
        (fund, span): (&Code, Span),
        number: i64,
    ) -> Result<Sent, Error> {
        access::decide(actor, Action::SeeLedger)?;
        let all = self
            .store()
            .read(|tx| rows::sent(tx, fund, &span.to_string()))?;
        all.into_iter()
            .find(|one| one.number == number)
            .ok_or(Error::NotFound("return"))
    }

    /// Hands out what is behind every cell of a return; people's accounts each by its id. It is on record
    /// before anything is handed out.
    ///
    /// # Errors
    /// Not allowed, the store's, or the receiver's.
    pub fn fund_return_lineage<E: From<Error>>(
        &self,
        actor: &Actor,
        figures: &Return,
        each: &mut dyn FnMut(&Line<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let allowed = access::decide(actor, Action::SeeLedger).map_err(Error::from)?;
        self.store().write(|tx| {
            let subject = Subject {
                thing: format!(
                    "lineage of the return of fund {}, {}",
                    figures.fund, figures.span
                ),
                ..Subject::default()
            };
            let kind = journal::Kind::Look;
            let action = Action::SeeLedger.in_words();
            self.record(tx, actor, allowed, kind, action, subject)
        })?;
        lineage(figures, true, each)
    }

    fn return_of(&self, tx: &mut dyn Tx, fund: &Code, span: Span) -> Result<FundReturn, Error> {
        let (_, last) = span.ends();
        let kept = standing(tx, fund, last.last())?.ok_or(Error::NotFound("agreement in force"))?;
        if kept.agreement.year != span.year() {
            let text = format!(
                "The agreement that holds then is of {}: keep that of {}",
                kept.agreement.year,
                span.year()
            );
            return Err(Error::invalid("period", text));
        }
        let mut moved = rows::moved(tx, fund, (span.begins(), last))?;
        // What partners owe goes on from year to year.
        let owed = AccountKind::DueFromPartner;
        let earlier = rows::moved_before(tx, fund, owed, span.begins())?;
        if !earlier.is_empty() {
            moved.extend(earlier);
            moved.sort_by(|one, other| (&one.name, one.month).cmp(&(&other.name, other.month)));
        }
        let each = moved.into_iter();
        let books = each.map(|one| (one.name, one.month, one.balance)).collect();
        let plan = self.plan_of_year(tx, fund, &span.year())?;
        let figures: Vec<Figure> = rows::figures(tx, fund)?
            .into_iter()
            .map(|one| one.figure)
            .collect();
        let figures = effect::standing(&figures);
        let made = build(Given {
            fund: fund.clone(),
            span,
            agreement: (kept.row.number, &kept.agreement),
            plan: plan
                .as_ref()
                .map(|plan| self.planned(plan, &span.year()))
                .transpose()?,
            books: Books::new(books),
            figures: &figures,
            closed_to: ledger::closed_to(tx)?,
        });
        let content = text(&made);
        let behind = lineage_text(&made);
        let hash = hash_of(&content, &behind);
        let sent = rows::sent(tx, fund, &span.to_string())?;
        let changes = match sent.first() {
            Some(before) if before.hash != hash => changes(before, &content),
            _ => Vec::new(),
        };
        Ok(FundReturn {
            figures: made,
            content,
            lineage: behind,
            hash,
            sent,
            changes,
        })
    }

    /// A plan with its conditions answered and its metrics named.
    fn planned<'a>(&self, kept: &'a KeptPlan, year: &str) -> Result<Planned<'a>, Error> {
        let metrics = kept.plan.metrics.iter();
        let known = metrics.filter_map(|one| self.metric(&one.key, year));
        Ok(Planned {
            number: kept.row.number,
            plan: &kept.plan,
            conditions: self.conditions(&kept.plan)?,
            titles: known
                .map(|one| (one.key.clone(), one.title.clone()))
                .collect(),
        })
    }

    fn conditions(&self, plan: &Plan) -> Result<Vec<Condition>, Error> {
        let report = check(plan, &[], self.fund_periods())
            .map_err(|error| Error::invalid("plan", error.to_string()))?;
        let each = report.conditions.into_iter().map(|one| Condition {
            id: one.id,
            title: one.title,
            verdict: one.finding.verdict,
            why: one.finding.why,
            lines: one.finding.lines,
        });
        Ok(each.collect())
    }
}

/// What is different from the one before: its cells, or only what is behind them.
fn changes(before: &Sent, content: &str) -> Vec<String> {
    let all = differences(&before.content, content);
    match all.is_empty() {
        true => vec!["Every cell is as it was; the accounts behind them are not".to_owned()],
        false => all,
    }
}
