//! What the commands of the ledger print. Amounts in JSON and CSV are pounds with two decimals, as
//! text, so that no program rounds them.

use crate::Format;
use crate::load::quoted;
use app::fund::{Closed, FileReport, TrialLine};
use fund::ledger::{Fault, Name, Side};
use jiff::civil::Date;
use kernel::Pence;
use serde_json::json;
use store::ledger::Posting;

fn csv(heading: &str, rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut text = format!("{heading}\n");
    for row in rows {
        let cells: Vec<String> = row.iter().map(|cell| quoted(cell)).collect();
        text.push_str(&cells.join(","));
        text.push('\n');
    }
    text
}

/// A balance on the side on which the account grows; an account that is too full says so.
fn decimals(amount: Option<Pence>) -> String {
    amount.map_or_else(|| "too large".to_owned(), Pence::in_decimals)
}

pub(super) fn balances(on: Option<Date>, lines: &[TrialLine], format: Format) -> String {
    let cells = |line: &TrialLine| {
        let normal = line.account.name.kind.normal_side();
        let balance = &line.balance;
        [
            line.account.name.to_string(),
            decimals(balance.posted(normal)),
            decimals(balance.pending(normal)),
            balance.debits_posted.in_decimals(),
            balance.credits_posted.in_decimals(),
        ]
    };
    match format {
        Format::Csv => csv(
            "account,balance,reserved,debits,credits",
            lines.iter().map(|line| cells(line).to_vec()),
        ),
        Format::Json => {
            let accounts: Vec<_> = lines
                .iter()
                .map(|line| {
                    let [account, balance, reserved, debits, credits] = cells(line);
                    json!({"account": account, "balance": balance, "reserved": reserved,
                           "debits": debits, "credits": credits,
                           "limit": line.account.limit.as_str()})
                })
                .collect();
            let on = on.map(|day| day.to_string());
            format!("{}\n", json!({"on": on, "accounts": accounts}))
        }
        Format::Text => {
            let day = on.map_or("of everything posted".to_owned(), |day| format!("on {day}"));
            let mut text = format!("Balances {day}\n");
            for line in lines {
                let [account, balance, reserved, ..] = cells(line);
                text.push_str(&format!("{account:<60} {balance:>16}"));
                if reserved != "0.00" {
                    text.push_str(&format!("  and {reserved} reserved"));
                }
                text.push('\n');
            }
            text
        }
    }
}

const fn side(side: Side) -> &'static str {
    match side {
        Side::Debit => "debit",
        Side::Credit => "credit",
    }
}

pub(super) fn postings(account: &Name, all: &[Posting], format: Format) -> String {
    let cells = |one: &Posting| {
        let transfer = &one.posted.transfer;
        let released = transfer.released.in_decimals();
        [
            transfer.effective.to_string(),
            side(one.side).to_owned(),
            transfer.amount.in_decimals(),
            released,
            transfer.kind.as_str().to_owned(),
            transfer.id.to_string(),
            one.posted.at.entry.to_string(),
            transfer.note.clone(),
        ]
    };
    match format {
        Format::Csv => csv(
            "date,side,amount,released,kind,id,journal_row,note",
            all.iter().map(|one| cells(one).to_vec()),
        ),
        Format::Json => {
            let rows: Vec<_> = all
                .iter()
                .map(|one| {
                    let [date, side, amount, released, kind, id, _, note] = cells(one);
                    json!({"date": date, "side": side, "amount": amount, "released": released,
                           "kind": kind, "id": id, "journal_row": one.posted.at.entry, "note": note})
                })
                .collect();
            format!(
                "{}\n",
                json!({"account": account.to_string(), "postings": rows})
            )
        }
        Format::Text => {
            let mut text = format!("{account}\n");
            for one in all {
                let [date, side, amount, _, kind, _, _, note] = cells(one);
                text.push_str(&format!(
                    "{date} {side:<6} {amount:>16}  {kind:<13} {note}\n"
                ));
            }
            text
        }
    }
}

pub(super) fn report(report: &FileReport, format: Format) -> String {
    if format == Format::Json {
        let issues: Vec<_> = report
            .issues
            .iter()
            .map(|i| json!({"line": i.record, "field": i.path, "code": i.code, "text": i.text}))
            .collect();
        let value = json!({"rows": report.rows, "posted": report.posted,
            "repeated": report.repeated, "refused": report.refused, "issues": issues});
        return format!("{value}\n");
    }
    let mut text = String::new();
    for issue in &report.issues {
        text.push_str(&format!(
            "line {}: {} [{}]\n",
            issue.record,
            said(issue),
            issue.code
        ));
    }
    text.push_str(&format!(
        "{} rows: {} posted, {} there already, {} refused\n",
        report.rows, report.posted, report.repeated, report.refused
    ));
    text
}

fn said(issue: &kernel::Issue) -> String {
    match issue.path.is_empty() {
        true => issue.text.clone(),
        false => format!("{}: {}", issue.path, issue.text),
    }
}

pub(super) fn closed(closed: &Closed, format: Format) -> String {
    let frozen = &closed.frozen;
    let part = |part: &fund::ledger::close::Part| {
        [
            part.fund.to_string(),
            part.partner.to_string(),
            part.amount.in_decimals(),
        ]
    };
    match format {
        Format::Csv => csv(
            "fund,partner,amount",
            closed.parts.iter().map(|one| part(one).to_vec()),
        ),
        Format::Json => {
            let parts: Vec<_> = closed
                .parts
                .iter()
                .map(|one| {
                    let [fund, partner, amount] = part(one);
                    json!({"fund": fund, "partner": partner, "amount": amount})
                })
                .collect();
            let value = json!({"period": frozen.period.to_string(), "transfers": frozen.transfers,
                "previous": frozen.previous, "hash": frozen.hash, "parts": parts,
                "explained": explained(closed)});
            format!("{value}\n")
        }
        Format::Text => {
            let mut text = format!(
                "{} is closed: {} transfers, hash {}\n",
                frozen.period.in_words(),
                frozen.transfers,
                frozen.hash
            );
            for one in &closed.parts {
                text.push_str(&format!("{} {}: {}\n", one.fund, one.partner, one.amount));
            }
            for (fund, working) in &closed.explained {
                text.push_str(&format!("\nFund {fund}\n{working}"));
            }
            text
        }
    }
}

/// The working of each fund's shares.
fn explained(closed: &Closed) -> Vec<serde_json::Value> {
    let each = closed.explained.iter();
    each.map(|(fund, text)| json!({"fund": fund.as_str(), "text": text}))
        .collect()
}

pub(super) fn faults(faults: &[Fault], format: Format) -> String {
    match format {
        Format::Csv => csv(
            "check,what",
            faults
                .iter()
                .map(|one| vec![one.check.to_owned(), one.what.clone()]),
        ),
        Format::Json => {
            let list: Vec<_> = faults
                .iter()
                .map(|one| json!({"check": one.check, "what": one.what}))
                .collect();
            format!("{}\n", json!({"faults": list}))
        }
        Format::Text if faults.is_empty() => "The books are right.\n".to_owned(),
        Format::Text => faults
            .iter()
            .map(|one| format!("{}: {}\n", one.check, one.what))
            .collect(),
    }
}
