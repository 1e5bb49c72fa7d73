//! Bundles in: kept byte for byte in the inbox like everything that arrives, then read, then
//! answered entry by entry.
//!
//! A transaction is read through before anything is taken in: if one entry cannot be used,
//! none is. Nothing here deletes, and a resource that arrives again under its key is a new
//! version beside the old one.

use super::{Outcome, Refusal, Scope, Why, Window};
use crate::{App, Error};
use access::{Actor, Role};
use fhir::Item;
use fhir::tree::{Node, Object};
use jiff::Timestamp;
use kernel::{InboxId, limits};
use std::collections::HashMap;
use store::api;
use store::inbox::{InboxKind, KeptIssue};

/// Most places told in one refusal.
const TOLD: usize = 100;

/// What became of one entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fate {
    /// HTTP status: 201 for new, 200 for a new version or a repeat, 4xx for not used.
    pub status: u16,
    /// Type and id of where it is, and its version.
    pub location: Option<(String, String)>,
    /// When that version arrived.
    pub updated: Option<Timestamp>,
    /// What was wrong with it.
    pub issues: Vec<KeptIssue>,
}

/// What became of a Bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// Whether it was a transaction.
    pub transaction: bool,
    /// The arrival in the inbox.
    pub arrival: InboxId,
    /// What became of each entry, in their order.
    pub fates: Vec<Fate>,
    /// What was wrong with the Bundle as a whole.
    pub issues: Vec<KeptIssue>,
}

/// Keys of entries by their number, and the plan.
type Gone = Result<(HashMap<u32, String>, Plan), Refusal>;
type Sent = (Actor, HashMap<u32, String>, Plan);

/// A Bundle, gone over.
#[derive(Clone, Default)]
struct Plan {
    transaction: bool,
    /// For each entry: what is asked that is not done here.
    refused: Vec<Option<&'static str>>,
}

impl App {
    /// Takes in a Bundle of a client.
    ///
    /// # Errors
    /// The store's. What is wrong with the Bundle is a refusal, or told of each entry.
    pub fn api_take_in(
        &self,
        token: Option<&str>,
        bytes: &[u8],
    ) -> Result<Result<Received, Refusal>, Error> {
        let read = || match std::str::from_utf8(bytes) {
            Ok(text) => plan(text).and_then(|plan| Ok((keys(text, plan.transaction)?, plan))),
            Err(_) => Err(Refusal::new(Why::Invalid, "Bundle", "This is not UTF-8.")),
        };
        let (sender, keys, plan) = match self.api_sender(token, read)? {
            Ok(sent) => sent,
            Err(refusal) => return Ok(Err(refusal)),
        };
        // What arrives is received in the role that looks after the inbox; the scope of the
        // token is what lets a client do it.
        let receiver = Actor {
            role: Role::Administrator,
            ..sender
        };
        let report = self.take_in(&receiver, InboxKind::Fhir, "bundle from the API", bytes)?;
        let fates = self.fates(report.arrival.id, &plan, &keys, &report.issues)?;
        let whole = |issue: &&KeptIssue| issue.record == 0;
        Ok(Ok(Received {
            transaction: plan.transaction,
            arrival: report.arrival.id,
            fates,
            issues: report.issues.iter().filter(whole).cloned().collect(),
        }))
    }

    /// Who sends a Bundle, if they may, with what was read of it. It is read between two
    /// transactions, so that others need not wait.
    fn api_sender(&self, token: Option<&str>, read: impl Fn() -> Gone) -> Outcome<Sent> {
        let may = |read: Option<Gone>| {
            self.store().write(|tx| {
                let window = Window::default();
                let outcome = match self.recognise(tx, &window, token)? {
                    Err(refusal) => Err(refusal),
                    Ok(known) => {
                        let outcome = known.may(Scope::BundleWrite).and(read.clone().transpose());
                        if let Err(refusal) = &outcome {
                            self.refused(&known, refusal);
                        }
                        outcome.map(|gone| (known.client.actor.clone(), gone))
                    }
                };
                window.close(tx)?;
                Ok::<_, Error>(outcome)
            })
        };
        if let Err(refusal) = may(None)? {
            return Ok(Err(refusal));
        }
        let gone = read();
        Ok(may(Some(gone))?.map(|(actor, gone)| {
            let (keys, plan) = gone.unwrap_or_default();
            (actor, keys, plan)
        }))
    }

    /// What became of each entry: told by what is under its key now, and by its issues.
    fn fates(
        &self,
        arrival: InboxId,
        plan: &Plan,
        keys: &HashMap<u32, String>,
        issues: &[KeptIssue],
    ) -> Result<Vec<Fate>, Error> {
        let mut asked: Vec<String> = keys.values().cloned().collect();
        asked.sort_unstable();
        asked.dedup();
        let versions = self
            .store()
            .read(|tx| api::versions_under(tx, &asked).map_err(Error::from))?;
        let mut under: HashMap<&str, Vec<_>> = HashMap::new();
        for (key, id, inbox, at) in &versions {
            under.entry(key).or_default().push((id, *inbox, *at));
        }
        let fate = |(index, refused): (usize, &Option<&'static str>)| {
            let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
            let mut issues: Vec<KeptIssue> = issues
                .iter()
                .filter(|issue| issue.record == i64::from(number))
                .cloned()
                .collect();
            if let Some(text) = refused {
                issues = vec![KeptIssue {
                    record: i64::from(number),
                    path: format!("Bundle.entry[{index}].request"),
                    code: "not-supported".to_owned(),
                    severity: "reject".to_owned(),
                    text: (*text).to_owned(),
                }];
            }
            let there = keys.get(&number).and_then(|key| {
                let under = under.get(key.as_str())?;
                let (id, inbox, at) = under.last()?;
                Some((
                    key,
                    id.to_string(),
                    *inbox == arrival && under.len() == 1,
                    *at,
                ))
            });
            match there {
                Some((key, version, new, at)) => Fate {
                    status: if new { 201 } else { 200 },
                    location: Some((key.clone(), version)),
                    updated: Some(at),
                    issues,
                },
                None => Fate {
                    status: if refused.is_some() { 405 } else { 422 },
                    location: None,
                    updated: None,
                    issues,
                },
            }
        };
        Ok(plan.refused.iter().enumerate().map(fate).collect())
    }
}

/// Goes over a Bundle before it is taken in.
fn plan(text: &str) -> Result<Plan, Refusal> {
    let invalid = |at: &str, text: String| Refusal::new(Why::Invalid, at, text);
    let tree = match fhir::json::parse(text) {
        Ok(Node::Object(tree)) => tree,
        Ok(_) => return Err(invalid("Bundle", "Send a Bundle in JSON.".to_owned())),
        Err(error) => {
            let (line, column) = fhir::xml::line_column(text, error.at);
            let what = match error.fault {
                fhir::json::Fault::Cut => "is cut short",
                fhir::json::Fault::Malformed => "is not as JSON has it",
                fhir::json::Fault::TooDeep => "is nested too deep",
            };
            let said = format!("The Bundle {what} at line {line}, column {column}.");
            return Err(invalid("Bundle", said));
        }
    };
    if tree.text("resourceType") != Some("Bundle") {
        return Err(invalid("Bundle", "Send a Bundle.".to_owned()));
    }
    let transaction = match tree.text("type") {
        Some("transaction") => true,
        Some("batch") => false,
        _ => {
            let said = "A Bundle of type transaction or batch is taken in here.";
            return Err(Refusal::new(Why::Unsupported, "Bundle.type", said));
        }
    };
    let refused: Vec<_> = tree.objects("entry").map(|entry| not_done(entry)).collect();
    if refused.len() != tree.each("entry").count() {
        return Err(invalid(
            "Bundle.entry",
            "Each entry is an object.".to_owned(),
        ));
    }
    if transaction && refused.len() > limits::RECORDS_A_TRANSACTION {
        let said = format!(
            "A transaction has at most {} entries. Send a batch, or several.",
            limits::RECORDS_A_TRANSACTION
        );
        return Err(Refusal::new(Why::TooMuch, "Bundle.entry", said));
    }
    let plan = Plan {
        transaction,
        refused,
    };
    // What would be taken in although it asks for something else cannot be passed over.
    let conditional =
        |entry: &Object<'_>| entry.get("resource").is_some() && not_done(entry).is_some();
    let wrong: Vec<(String, String)> = tree
        .objects("entry")
        .enumerate()
        .filter(|(_, entry)| conditional(entry) || (transaction && not_done(entry).is_some()))
        .map(|(index, entry)| {
            let said = not_done(entry).unwrap_or_default().to_owned();
            (format!("Bundle.entry[{index}].request"), said)
        })
        .collect();
    refuse(Why::Unsupported, wrong)?;
    Ok(plan)
}

/// What an entry asks that is not done here.
fn not_done(entry: &Object<'_>) -> Option<&'static str> {
    let Some(request) = entry.object("request") else {
        return Some("An entry needs a request with method POST or PUT.");
    };
    if !matches!(request.text("method"), Some("POST" | "PUT")) {
        return Some(
            "Entries with method POST or PUT are taken in. Read and search by themselves; nothing is deleted.",
        );
    }
    let conditions = ["ifMatch", "ifNoneExist", "ifNoneMatch", "ifModifiedSince"];
    if conditions.iter().any(|name| request.get(name).is_some()) {
        return Some("Conditions are not looked at here. Send the entry without them.");
    }
    if entry.get("resource").is_none() {
        return Some("An entry with POST or PUT needs a resource.");
    }
    None
}

fn refuse(why: Why, mut wrong: Vec<(String, String)>) -> Result<(), Refusal> {
    if wrong.is_empty() {
        return Ok(());
    }
    wrong.truncate(TOLD);
    let (at, text) = wrong.remove(0);
    Err(Refusal {
        why,
        at,
        text,
        more: wrong,
    })
}

/// Reads the Bundle as it will be read, for the keys of its entries. Of a transaction
/// every entry must be usable.
fn keys(text: &str, transaction: bool) -> Result<HashMap<u32, String>, Refusal> {
    let (mut keys, mut wrong) = (HashMap::new(), Vec::new());
    fhir::read(text, &mut |item| match item {
        Item::Record(record) => {
            keys.insert(record.number, record.key.clone());
        }
        Item::Rejected(issue) => wrong.push((issue.path, issue.text)),
        Item::Told(_) => {}
    });
    if transaction {
        refuse(Why::Unprocessable, wrong)?;
    }
    Ok(keys)
}
