//! The cells of a return, worked out from agreement, plan, ledger and figures.

use super::{
    Behind, Books, Cell, Column, NOT_SAID, Return, Selection, Sheet, Span, Value, Whence, gaps,
};
use crate::agreement::{Agreement, Contribution, Scheme};
use crate::effect::Figure;
use crate::ledger::{AccountKind, Code};
use crate::plan::check::Verdict;
use crate::plan::{Plan, PlannedMetric};
use crate::tie::code_of;
use crate::variance::spread;
use kernel::{Month, Pence};
use std::collections::{BTreeMap, BTreeSet};

/// A condition of the plan with its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// Its number.
    pub id: String,
    /// It, in words.
    pub title: String,
    /// The answer.
    pub verdict: Verdict,
    /// Why.
    pub why: String,
    /// Lines of the plan behind it.
    pub lines: Vec<String>,
}

/// The plan of the year.
#[derive(Clone, Debug, PartialEq)]
pub struct Planned<'a> {
    /// Number of its version.
    pub number: i64,
    /// What it says.
    pub plan: &'a Plan,
    /// Conditions with their answers.
    pub conditions: Vec<Condition>,
    /// Names of metrics by their short names.
    pub titles: BTreeMap<String, String>,
}

/// What a return is worked out from.
#[derive(Clone, Debug, PartialEq)]
pub struct Given<'a> {
    /// The fund.
    pub fund: Code,
    /// The period.
    pub span: Span,
    /// Number of the agreement's version, and the agreement.
    pub agreement: (i64, &'a Agreement),
    /// The plan of the year, if one is kept.
    pub plan: Option<Planned<'a>>,
    /// What moved in the months of the year up to the end of the period.
    pub books: Books,
    /// What came of metrics, by metric and month: of each month the figure that stands.
    pub figures: &'a [Figure],
    /// The last month that is closed.
    pub closed_to: Option<Month>,
}

/// Works out a return.
pub fn build(given: Given<'_>) -> Return {
    let mut maker = Maker {
        given: &given,
        cells: Vec::new(),
    };
    maker.cover();
    maker.conditions();
    maker.income();
    maker.expenditure();
    maker.metrics();
    let cells = maker.cells;
    let gaps = gaps::gaps(&given, &cells);
    let keys = cells.iter().enumerate().map(|(at, cell)| (cell.key(), at));
    Return {
        fund: given.fund.clone(),
        span: given.span,
        keys: keys.collect(),
        cells,
        gaps,
        books: given.books,
    }
}

struct Maker<'g, 'a> {
    given: &'g Given<'a>,
    cells: Vec<Cell>,
}

/// Where a cell stands: sheet, short name of the row, the row in words.
type Row<'a> = (Sheet, &'a str, &'a str);

impl Maker<'_, '_> {
    fn put(&mut self, row: Row<'_>, column: Column, value: Value, behind: Behind) {
        let (sheet, row, title) = row;
        self.cells.push(Cell {
            sheet,
            row: row.to_owned(),
            title: title.to_owned(),
            column,
            value,
            behind,
        });
    }

    /// An amount from the ledger.
    fn ledger(&mut self, row: Row<'_>, column: Column, wanted: Selection) {
        let sum = self.given.books.sum(&wanted);
        self.put(row, column, Value::Money(sum), Behind::Ledger(wanted));
    }

    /// What a column of several rows makes together.
    fn together(&mut self, row: Row<'_>, column: Column, of: &[String]) {
        let keys: BTreeSet<&String> = of.iter().collect();
        let parts = self.cells.iter().filter(|cell| {
            cell.sheet == row.0 && cell.column == column && keys.contains(&cell.row)
        });
        let (mut sum, mut behind) = (Pence(0), Vec::new());
        for cell in parts {
            if let Value::Money(amount) = cell.value {
                sum = sum + amount;
                behind.push(cell.key());
            }
        }
        self.put(row, column, Value::Money(sum), Behind::Cells(behind));
    }

    fn agreed(&mut self, row: Row<'_>, column: Column, amount: Pence, what: String) {
        let behind = Behind::Agreement(self.given.agreement.0, what);
        self.put(row, column, Value::Money(amount), behind);
    }

    fn year_to_date(&self, kind: AccountKind, of: Option<&Code>) -> Selection {
        Selection {
            kind,
            of: of.cloned(),
            from: Whence::Any,
            months: (self.given.span.begins(), self.given.span.ends().1),
        }
    }

    fn in_period(&self, kind: AccountKind, of: Option<&Code>) -> Selection {
        Selection {
            kind,
            of: of.cloned(),
            from: Whence::Any,
            months: self.given.span.ends(),
        }
    }

    fn cover(&mut self) {
        let given = self.given;
        let (number, agreement) = given.agreement;
        let mut say = |row: &str, title: &str, text: String, behind| {
            let row = (Sheet::Cover, row, title);
            self.put(row, Column::Answer, Value::Text(text), behind);
        };
        let of_agreement = |what: &str| Behind::Agreement(number, what.to_owned());
        let period = given.span.in_words();
        say("period", "Period", period, Behind::Nothing);
        let title = agreement.title.clone();
        say("agreement", "Agreement", title, of_agreement("title"));
        let host = agreement.name_of(&agreement.host).to_owned();
        say("host", "Host", host, of_agreement("host"));
        let manager = agreement.pool_manager.clone();
        say(
            "manager",
            "Pool manager",
            manager,
            of_agreement("pool_manager"),
        );
        let board = given
            .plan
            .as_ref()
            .map(|plan| (plan.plan.board.clone(), plan.number));
        if let Some((board, number)) = board {
            let behind = Behind::Plan(number, "board".to_owned());
            say("board", "Health and wellbeing board", board, behind);
        }
        let months = given.span.months();
        let closed = months
            .iter()
            .filter(|month| given.closed_to.is_some_and(|last| **month <= last));
        let text = format!("{} of {}", closed.count(), months.len());
        say(
            "closed",
            "Months of the period that are closed",
            text,
            Behind::Nothing,
        );
    }

    fn conditions(&mut self) {
        let Some(plan) = &self.given.plan else {
            return;
        };
        for one in &plan.conditions {
            let row = (Sheet::Conditions, one.id.as_str(), one.title.as_str());
            let behind = || Behind::Plan(plan.number, one.lines.join("; "));
            let verdict = one.verdict.as_str().to_owned();
            self.put(row, Column::Answer, Value::Text(verdict), behind());
            self.put(row, Column::Why, Value::Text(one.why.clone()), behind());
        }
    }

    /// A row for each partner, with all that it pays; gives their keys.
    fn partners(&mut self) -> Vec<String> {
        let agreement = self.given.agreement.1;
        let mut rows = Vec::new();
        for one in &agreement.partners {
            let Some(code) = code_of(one.key.as_str()) else {
                continue;
            };
            let key = format!("partner-{code}");
            let row = (Sheet::Income, key.as_str(), one.name.as_str());
            let mine: Vec<String> = agreement
                .contributions
                .iter()
                .filter(|it| it.partner == one.key && !it.in_kind)
                .map(row_of)
                .collect();
            self.together(row, Column::ForTheYear, &mine);
            self.together(row, Column::Due, &mine);
            self.taken_in(row, AccountKind::Contribution, Some(&code));
            self.owed(row, &code);
            rows.push(key);
        }
        rows
    }

    fn income(&mut self) {
        let agreement = self.given.agreement.1;
        for one in &agreement.contributions {
            self.contribution(one);
        }
        for one in &agreement.partners {
            if let Some(code) = code_of(one.key.as_str()) {
                self.other_sources(&code, &one.name);
            }
        }
        let mut rows = self.partners();
        for (kind, key, title) in [
            (AccountKind::Charges, "charges", "Charges to people"),
            (AccountKind::Recharge, "recharges", "Charged on to partners"),
            (
                AccountKind::RiskShare,
                "risk-shares",
                "Partners' parts of the variance",
            ),
        ] {
            let wanted = self.year_to_date(kind, None);
            if self.given.books.sources(&wanted).next().is_some() {
                self.taken_in((Sheet::Income, key, title), kind, None);
                rows.push(key.to_owned());
            }
        }
        let all = (Sheet::Income, "all", "All that came in");
        for column in [
            Column::ForTheYear,
            Column::Due,
            Column::ReceivedInPeriod,
            Column::Received,
        ] {
            self.together(all, column, &rows);
        }
        if self
            .cells
            .iter()
            .any(|cell| cell.column == Column::OwedBefore)
        {
            self.together(all, Column::OwedBefore, &rows);
        }
        self.together(all, Column::Owed, &rows);
    }

    /// What a partner owes: what stood when the year began, if anything moved before it, and what stands now.
    fn owed(&mut self, row: Row<'_>, partner: &Code) {
        let kind = AccountKind::DueFromPartner;
        let mut wanted = self.year_to_date(kind, Some(partner));
        let begins = wanted.months.0;
        let first = self.given.books.first(kind, partner);
        if let Some(first) = first.filter(|first| *first < begins) {
            wanted.months.0 = first;
            let before = Selection {
                months: (first, begins.previous()),
                ..wanted.clone()
            };
            self.ledger(row, Column::OwedBefore, before);
        }
        self.ledger(row, Column::Owed, wanted);
    }

    fn taken_in(&mut self, row: Row<'_>, kind: AccountKind, of: Option<&Code>) {
        let columns = (Column::ReceivedInPeriod, Column::Received);
        self.period_and_year(row, columns, (kind, of));
    }

    /// What of a kind was posted in the period, and in the year up to its end. Where both are the same
    /// months, the second rests on the first.
    fn period_and_year(
        &mut self,
        row: Row<'_>,
        (in_period, in_year): (Column, Column),
        (kind, of): (AccountKind, Option<&Code>),
    ) {
        let (period, year) = (self.in_period(kind, of), self.year_to_date(kind, of));
        let same = period == year;
        self.ledger(row, in_period, period);
        match self.cells.last().filter(|_| same) {
            None => self.ledger(row, in_year, year),
            Some(cell) => {
                let (value, key) = (cell.value.clone(), cell.key());
                self.put(row, in_year, value, Behind::Cells(vec![key]));
            }
        }
    }

    fn contribution(&mut self, one: &Contribution) {
        let (key, last) = (row_of(one), self.given.span.ends().1.last());
        let kind = if one.in_kind { ", in kind" } else { "" };
        let from = self.given.agreement.1.name_of(&one.partner);
        let title = format!("{} from {from}{kind}", one.source);
        let row = (Sheet::Income, key.as_str(), title.as_str());
        let what = format!("contribution {}, line {}", one.key, one.line);
        self.agreed(row, Column::ForTheYear, one.amount, what.clone());
        let come = one.due.iter().filter(|due| due.on <= last);
        self.agreed(row, Column::Due, come.map(|due| due.amount).sum(), what);
        let partner = code_of(one.partner.as_str());
        let (Some(partner), Some(source)) = (partner, code_of(one.key.as_str())) else {
            return;
        };
        if !one.in_kind {
            self.by_source(row, &partner, Whence::Said(source));
        }
    }

    /// What of a partner's contributions came from a source, in the period and in the year. Where nothing is posted
    /// to the source and something is to accounts that say none, nobody knows.
    fn by_source(&mut self, row: Row<'_>, partner: &Code, from: Whence) {
        let kind = AccountKind::Contribution;
        for (column, wanted) in [
            (
                Column::ReceivedInPeriod,
                self.in_period(kind, Some(partner)),
            ),
            (Column::Received, self.year_to_date(kind, Some(partner))),
        ] {
            let given = self.given;
            let books = &given.books;
            let of = |from: Whence| Selection {
                from,
                ..wanted.clone()
            };
            let any = |wanted: Selection| books.sources(&wanted).next().is_some();
            let known = any(of(from.clone())) || !any(of(Whence::NotSaid));
            match known {
                true => self.ledger(row, column, of(from.clone())),
                false => {
                    let text = Value::Text(NOT_SAID.to_owned());
                    self.put(row, column, text, Behind::Nothing);
                }
            }
        }
    }

    /// What a partner paid from sources that the agreement does not have, and from none that is said.
    fn other_sources(&mut self, partner: &Code, name: &str) {
        let agreed: BTreeSet<Code> = self
            .given
            .agreement
            .1
            .contributions
            .iter()
            .filter(|one| code_of(one.partner.as_str()).as_ref() == Some(partner))
            .filter_map(|one| code_of(one.key.as_str()))
            .collect();
        for source in self.given.books.said_sources(partner) {
            if !agreed.contains(&source) {
                let key = format!("{partner}-from-{source}");
                let title = format!("{source} from {name}, which is no contribution of its");
                let row = (Sheet::Income, key.as_str(), title.as_str());
                self.by_source(row, partner, Whence::Said(source));
            }
        }
        let not_said = Selection {
            from: Whence::NotSaid,
            ..self.year_to_date(AccountKind::Contribution, Some(partner))
        };
        if self.given.books.sources(&not_said).next().is_some() {
            let key = format!("{partner}-not-said");
            let title = format!("From {name}, {NOT_SAID}");
            let row = (Sheet::Income, key.as_str(), title.as_str());
            self.by_source(row, partner, Whence::NotSaid);
        }
    }

    fn expenditure(&mut self) {
        let agreement = self.given.agreement.1;
        let mut rows = Vec::new();
        for one in &agreement.schemes {
            if let Some(code) = code_of(one.key.as_str()) {
                self.scheme(one, &code);
                rows.push(code.to_string());
            }
        }
        let known: BTreeSet<String> = rows.iter().cloned().collect();
        let books = &self.given.books;
        let outside: Vec<Code> = books
            .codes(AccountKind::Expenditure)
            .filter(|code| !known.contains(code.as_str()))
            .cloned()
            .collect();
        for code in outside {
            let title = format!("{code}, which is no scheme of the agreement");
            let row = (Sheet::Expenditure, code.as_str(), title.as_str());
            self.spent(row, &code);
            rows.push(code.to_string());
        }
        let all = (Sheet::Expenditure, "all", "All schemes");
        for column in [
            Column::ForTheYear,
            Column::BudgetToDate,
            Column::SpentInPeriod,
            Column::Spent,
        ] {
            self.together(all, column, &rows);
        }
        self.over(all, &rows);
    }

    fn scheme(&mut self, one: &Scheme, code: &Code) {
        let row = (Sheet::Expenditure, code.as_str(), one.name.as_str());
        let what = format!("scheme {}, line {}", one.key, one.line);
        self.agreed(row, Column::ForTheYear, one.budget, what.clone());
        let months = match self.given.span.is_year() {
            true => 12,
            false => (self.given.span.number() + 1) * 3,
        };
        let so_far = spread(one.budget, [0; 12]).into_iter().take(months).sum();
        self.agreed(row, Column::BudgetToDate, so_far, what);
        self.spent(row, code);
        self.over(row, &[code.to_string()]);
    }

    fn spent(&mut self, row: Row<'_>, code: &Code) {
        let columns = (Column::SpentInPeriod, Column::Spent);
        self.period_and_year(row, columns, (AccountKind::Expenditure, Some(code)));
    }

    /// What was spent less the budget so far, of one row or several. Where there is no budget, all
    /// of it is over.
    fn over(&mut self, row: Row<'_>, of: &[String]) {
        let (mut sum, mut behind) = (Pence(0), Vec::new());
        let keys: BTreeSet<&String> = of.iter().collect();
        for cell in &self.cells {
            let mine = cell.sheet == row.0 && keys.contains(&cell.row);
            match (&cell.value, cell.column) {
                (Value::Money(amount), Column::Spent) if mine => sum = sum + *amount,
                (Value::Money(amount), Column::BudgetToDate) if mine => sum = sum - *amount,
                _ => continue,
            }
            behind.push(cell.key());
        }
        let behind = Behind::Cells(behind);
        self.put(row, Column::Variance, Value::Money(sum), behind);
    }

    fn metrics(&mut self) {
        let Some(plan) = &self.given.plan else {
            return;
        };
        for one in &plan.plan.metrics {
            let title = plan.titles.get(&one.key).cloned();
            let title = title.unwrap_or_else(|| one.key.replace('-', " "));
            let row = (Sheet::Metrics, one.key.as_str(), title.as_str());
            let (value, behind) = match planned(one, self.given.span) {
                Some(text) => (Value::Text(text), Behind::Plan(plan.number, one.at.clone())),
                None => (Value::Missing, Behind::Nothing),
            };
            self.put(row, Column::Planned, value, behind);
            self.figures(row, &one.key);
        }
    }

    fn figures(&mut self, row: Row<'_>, key: &str) {
        let given = self.given;
        let mine = || given.figures.iter().filter(|one| one.metric == key);
        let wanted: Vec<(Column, Option<&Figure>)> = match given.span.is_year() {
            true => {
                let (first, last) = given.span.ends();
                let within = mine().filter(|one| one.month >= first && one.month <= last);
                vec![(Column::Latest, within.max_by_key(|one| one.month))]
            }
            false => {
                let columns = [Column::Month1, Column::Month2, Column::Month3];
                let of = |month: Month| mine().find(|one| one.month == month);
                let months = given.span.months().into_iter().map(of);
                columns.into_iter().zip(months).collect()
            }
        };
        for (column, figure) in wanted {
            let (value, behind) = match figure {
                None => (Value::Missing, Behind::Nothing),
                Some(one) => (
                    Value::Figure(one.value),
                    Behind::Figure(
                        one.month,
                        one.number,
                        one.source.clone(),
                        one.counted.clone(),
                    ),
                ),
            };
            self.put(row, column, value, behind);
        }
    }
}

/// The row of a contribution.
fn row_of(one: &Contribution) -> String {
    code_of(one.key.as_str()).map_or_else(|| one.key.to_string(), |code| code.to_string())
}

/// What is planned for the period, as written: of twelve values those of its months, of four that of
/// its quarter, else the last.
fn planned(metric: &PlannedMetric, span: Span) -> Option<String> {
    let values = &metric.values;
    let number = span.number();
    match (values.len(), span.is_year()) {
        (12, false) => Some(values.get(number * 3..number * 3 + 3)?.join(", ")),
        (4, false) => values.get(number).cloned(),
        _ => values.last().cloned(),
    }
}
