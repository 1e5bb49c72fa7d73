//! Files of transfers: kept as they came, read, and posted row by row or set by set.

use super::id_for;
use crate::{App, Error, Subject};
use ::fund::ledger::file::{Row, RowWhat, read};
use ::fund::ledger::{Asked, Name, Outcome, What};
use access::{Action, Actor};
use kernel::{InboxId, Issue, LedgerAccountId, Severity, TransferId, limits};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use store::ledger::File;
use store::{journal, ledger};

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineState {
    /// It is posted, and on disk.
    Posted,
    /// It was there already, just so.
    Repeated,
    /// It was refused; an issue says why.
    Refused,
}

impl LineState {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Posted => "posted",
            Self::Repeated => "repeated",
            Self::Refused => "refused",
        }
    }
}

/// One row of a file, with what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its line.
    pub line: u32,
    /// The transfer's id.
    pub id: TransferId,
    /// What became of it.
    pub state: LineState,
}

/// What became of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileReport {
    /// How many rows it has.
    pub rows: u64,
    /// How many are posted.
    pub posted: u64,
    /// How many were there already.
    pub repeated: u64,
    /// How many were refused or could not be read.
    pub refused: u64,
    /// What was wrong, by line.
    pub issues: Vec<Issue>,
}

/// Sets posted in one transaction.
const AT_ONCE: usize = 200;

impl App {
    /// Takes a file of transfers: keeps its bytes, posts what is good, and tells what is not by
    /// line. `each` is told of a row once what became of it is on disk.
    ///
    /// # Errors
    /// Not allowed, too large, or the store's. What is wrong with a row is no error.
    pub fn post_file(
        &self,
        actor: &Actor,
        (name, bytes): (&str, &[u8]),
        each: &mut dyn FnMut(&Line),
    ) -> Result<FileReport, Error> {
        access::decide(actor, Action::PostLedger)?;
        let id = self.keep_file(actor, name, bytes)?;
        let read = read(bytes);
        let mut report = FileReport {
            rows: u64::from(read.rows),
            issues: read.issues,
            ..FileReport::default()
        };
        let names = self.accounts_named(&read.sets)?;
        let mut good = Vec::new();
        for set in &read.sets {
            match self.command_of(set, &names) {
                Ok(asked) => good.push((set, asked)),
                Err((line, text)) => report.issues.extend(refused(set, line, "account", &text)),
            }
        }
        for some in good.chunks(AT_ONCE) {
            let commands = some.iter().map(|(_, asked)| asked.clone()).collect();
            let outcomes = self.post_many(actor, commands)?;
            for ((set, asked), outcome) in some.iter().zip(outcomes) {
                let state = match outcome {
                    Ok(Outcome::Made(_)) => LineState::Posted,
                    Ok(Outcome::Repeated) => LineState::Repeated,
                    Err(refusal) => {
                        let line = set.first().map_or(0, |row| row.line);
                        let text = refusal.to_string();
                        report
                            .issues
                            .extend(refused(set, line, refusal.code(), &text));
                        LineState::Refused
                    }
                };
                for (row, asked) in set.iter().zip(asked) {
                    match state {
                        LineState::Posted => report.posted += 1,
                        LineState::Repeated => report.repeated += 1,
                        LineState::Refused => {}
                    }
                    each(&Line {
                        line: row.line,
                        id: asked.id,
                        state,
                    });
                }
            }
        }
        report.refused = report.rows - report.posted - report.repeated;
        report.issues.sort_by_key(|issue| issue.record);
        self.settle_file(actor, id, &report)?;
        Ok(report)
    }

    fn keep_file(&self, actor: &Actor, name: &str, bytes: &[u8]) -> Result<InboxId, Error> {
        let allowed = access::decide(actor, Action::PostLedger)?;
        if bytes.len() > limits::ARRIVAL_BYTES {
            let most = limits::ARRIVAL_BYTES >> 20;
            return Err(Error::invalid(
                "file",
                format!("is larger than {most} MiB; split it"),
            ));
        }
        let id = self.ids().inbox();
        let sha256 = Sha256::digest(bytes);
        let name: String = name.chars().take(200).collect();
        self.store().write(|tx| {
            let file = File {
                id,
                name: &name,
                sha256: sha256.as_slice(),
                bytes,
            };
            ledger::put_file(tx, &file, (self.now(), &actor.display_name))?;
            let subject = Subject {
                thing: format!("file {id}"),
                results: 1,
                ..Subject::default()
            };
            self.record(
                tx,
                actor,
                allowed,
                journal::Kind::Load,
                "ledger: receive",
                subject,
            )
        })?;
        Ok(id)
    }

    fn settle_file(&self, actor: &Actor, id: InboxId, report: &FileReport) -> Result<(), Error> {
        let allowed = access::decide(actor, Action::PostLedger)?;
        let kept = report.issues.iter().take(limits::ISSUES_KEPT);
        let issues: Vec<String> = kept.map(ToString::to_string).collect();
        let counts = [report.posted, report.repeated, report.refused];
        let counts = counts.map(|count| i64::try_from(count).unwrap_or(i64::MAX));
        self.store().write(|tx| {
            ledger::settle_file(tx, id, counts, &issues.join("\n"))?;
            let subject = Subject {
                thing: format!("file {id}"),
                results: usize::try_from(report.posted).unwrap_or(usize::MAX),
                ..Subject::default()
            };
            self.record(
                tx,
                actor,
                allowed,
                journal::Kind::Load,
                "ledger: settle",
                subject,
            )
        })
    }

    /// Ids of the accounts that rows name, of those that are open.
    fn accounts_named(&self, sets: &[Vec<Row>]) -> Result<HashMap<Name, LedgerAccountId>, Error> {
        let mut names: Vec<&Name> = sets.iter().flatten().flat_map(named).collect();
        names.sort_unstable();
        names.dedup();
        self.store().read(|tx| {
            let mut found = HashMap::new();
            for name in &names {
                if let Some((account, _)) = ledger::by_name(tx, &name.to_string())? {
                    found.insert((*name).clone(), account.id);
                }
            }
            Ok(found)
        })
    }

    /// A set as a command; else the line of the first row that names no open account, and why.
    fn command_of(
        &self,
        set: &[Row],
        names: &HashMap<Name, LedgerAccountId>,
    ) -> Result<Vec<Asked>, (u32, String)> {
        let one = |row: &Row| {
            let account = |name: &Name| {
                let missing = || format!("the account {name} is not open: open it first");
                names
                    .get(name)
                    .copied()
                    .ok_or_else(|| (row.line, missing()))
            };
            let what = match &row.what {
                RowWhat::Post {
                    debit,
                    credit,
                    amount,
                } => What::Post {
                    debit: account(debit)?,
                    credit: account(credit)?,
                    amount: *amount,
                },
                RowWhat::Reserve {
                    debit,
                    credit,
                    amount,
                    lapses_on,
                } => What::Reserve {
                    debit: account(debit)?,
                    credit: account(credit)?,
                    amount: *amount,
                    lapses_on: *lapses_on,
                },
                RowWhat::PostReserved {
                    reservation,
                    amount,
                    keep_rest,
                } => What::PostReserved {
                    reservation: self.id_of(reservation).0,
                    amount: *amount,
                    keep_rest: *keep_rest,
                },
                RowWhat::Release { reservation } => What::Release {
                    reservation: self.id_of(reservation).0,
                },
                RowWhat::Reverse { of } => What::Reverse {
                    of: self.id_of(of).0,
                },
            };
            let (id, own) = self.id_of(&row.reference);
            // A reference is no reason for a reversal.
            let reasoned = !matches!(what, What::Reverse { .. });
            let note = match (own, row.note.is_empty()) {
                (false, _) => row.note.clone(),
                (true, true) if reasoned => row.reference.clone(),
                (true, true) => String::new(),
                (true, false) => format!("{}: {}", row.reference, row.note),
            };
            Ok(Asked {
                id,
                effective: row.effective,
                what,
                note,
            })
        };
        set.iter().map(one).collect()
    }

    /// The id that a reference stands for, and whether it is a reference of the sender's own
    /// rather than an id. One reference is one id in a place.
    fn id_of(&self, reference: &str) -> (TransferId, bool) {
        match reference.parse() {
            Ok(id) => (id, false),
            Err(_) => (id_for(&["reference", self.place(), reference]), true),
        }
    }
}

fn named(row: &Row) -> Vec<&Name> {
    match &row.what {
        RowWhat::Post { debit, credit, .. } | RowWhat::Reserve { debit, credit, .. } => {
            vec![debit, credit]
        }
        _ => Vec::new(),
    }
}

/// An issue for each row of a set that is refused: why at one line, and where that is at the others.
fn refused(set: &[Row], line: u32, code: &'static str, text: &str) -> Vec<Issue> {
    let issue = |row: &Row| {
        let text = match row.line == line {
            true => text.to_owned(),
            false => format!("not posted: its set was refused at line {line}"),
        };
        Issue::new(Severity::Reject, row.line, "", code, text)
    };
    set.iter().map(issue).collect()
}
