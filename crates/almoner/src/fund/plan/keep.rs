//! `almoner fund plan keep` and `versions`: plans of a fund, a version each, in the store.

use super::super::read;
use crate::Format;
use crate::failure::Failure;
use crate::load::quoted;
use crate::open::At;
use access::Actor;
use app::fund::PlanVersion;
use app::{App, Error};
use fund::ledger::Code;
use fund::plan::check::{Report, Verdict};
use kernel::{Issue, Severity};
use serde_json::{Value, json};
use std::path::Path;

/// Keeps a file as the next version of a fund's plan, and tells what changed and how it stands.
pub(super) fn keep(
    file: &Path,
    fund: Option<&Code>,
    format: Format,
    at: &At,
) -> Result<(), Failure> {
    let bytes = read::bytes(file)?;
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let (app, operator) = (at.open()?, Actor::operator());
    let fund = read::fund(&app, fund)?;
    let kept = app
        .keep_fund_plan(&operator, fund.as_str(), (&name, &bytes))
        .map_err(|error| refused(file, error))?;
    for issue in &kept.issues {
        eprintln!("almoner: {}: {issue}", file.display());
    }
    let report = match app.fund_plan_checked(&operator, &fund, kept.row.number) {
        Ok(checked) => Some(checked.report),
        Err(Error::Invalid(errors)) => {
            for error in errors {
                let (file, why) = (file.display(), error.text);
                eprintln!("almoner: {file}: it is kept and not checked: {why}");
            }
            None
        }
        Err(other) => return Err(other.into()),
    };
    match format {
        Format::Json => println!("{}", kept_json(&kept.row, &kept.issues, report.as_ref())),
        Format::Csv => print!("{}", csv(&[&kept.row])),
        Format::Text => print!("{}", kept_words(&kept.row, report.as_ref())),
    }
    let whole = kept.issues.iter().all(|one| one.severity == Severity::Note);
    match whole && report.is_some() {
        true => Ok(()),
        false => Err(Failure::Rejected),
    }
}

/// A line for each thing that was wrong.
fn refused(file: &Path, error: Error) -> Failure {
    match error {
        Error::Invalid(errors) => read::refused(file, errors.iter().map(|one| &one.text)),
        other => other.into(),
    }
}

/// Prints every version of the plans of one fund, or of all.
pub(super) fn versions(fund: Option<&Code>, format: Format, at: &At) -> Result<(), Failure> {
    let app: App = at.open()?;
    let all = app.fund_plans(&Actor::operator())?;
    let wanted: Vec<&PlanVersion> = all
        .iter()
        .filter(|one| fund.is_none_or(|fund| one.fund == *fund))
        .collect();
    match format {
        Format::Json => {
            let all: Value = wanted.iter().map(|one| version_json(one)).collect();
            println!("{}", json!({ "versions": all }));
        }
        Format::Csv => print!("{}", csv(&wanted)),
        Format::Text => {
            for one in wanted {
                println!("{}", title(one));
                print!("{}", indented(&one.changes));
            }
        }
    }
    Ok(())
}

fn version_json(version: &PlanVersion) -> Value {
    let years: Vec<&str> = version.years.split(", ").collect();
    let changes: Vec<&str> = version.changes.lines().collect();
    json!({
        "fund": version.fund.as_str(), "number": version.number, "board": version.board,
        "years": years, "unread": version.issues, "changes": changes,
        "kept_at": version.kept.0.to_string(), "kept_by": version.kept.1,
        "file": version.file.to_string(),
    })
}

fn kept_json(version: &PlanVersion, issues: &[Issue], report: Option<&Report>) -> Value {
    let issues: Value = issues
        .iter()
        .map(|issue| json!({"at": issue.path, "code": issue.code, "text": issue.text}))
        .collect();
    let conditions: Value = report
        .iter()
        .flat_map(|report| &report.conditions)
        .map(|one| json!({"id": one.id, "verdict": one.finding.verdict.as_str()}))
        .collect();
    json!({
        "version": version_json(version), "conditions": conditions, "issues": issues,
    })
}

fn csv(versions: &[&PlanVersion]) -> String {
    let mut text = "fund,number,board,years,unread,kept_at,kept_by,file,changes\n".to_owned();
    for one in versions {
        let cells = [
            one.fund.to_string(),
            one.number.to_string(),
            one.board.clone(),
            one.years.clone(),
            one.issues.to_string(),
            one.kept.0.to_string(),
            one.kept.1.clone(),
            one.file.to_string(),
            one.changes.replace('\n', "; "),
        ];
        text.push_str(&cells.map(|cell| quoted(&cell)).join(","));
        text.push('\n');
    }
    text
}

fn title(version: &PlanVersion) -> String {
    let unread = match version.issues {
        0 => String::new(),
        1 => "; 1 thing to look at".to_owned(),
        many => format!("; {many} things to look at"),
    };
    format!(
        "Version {} of the plan of {} for {}: {}{unread}",
        version.number, version.fund, version.years, version.board
    )
}

fn indented(lines: &str) -> String {
    lines.lines().map(|line| format!("    {line}\n")).collect()
}

fn kept_words(version: &PlanVersion, report: Option<&Report>) -> String {
    let mut text = title(version) + "\n";
    if let Some(report) = report {
        let count = |verdict| {
            let all = report.conditions.iter();
            all.filter(|one| one.finding.verdict == verdict).count()
        };
        text += &format!(
            "Conditions: {} met, {} not met, {} cannot tell\n",
            count(Verdict::Met),
            count(Verdict::NotMet),
            count(Verdict::CannotTell)
        );
    }
    text += &match (version.number, version.changes.as_str()) {
        (1, _) => String::new(),
        (_, "") => "Nothing changed of what is compared.\n".to_owned(),
        (number, changes) => {
            let before = number - 1;
            format!(
                "What changed since version {before}:\n{}",
                indented(changes)
            )
        }
    };
    text
}
