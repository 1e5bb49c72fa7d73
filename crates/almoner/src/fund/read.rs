//! Files of pooled money, and how what is wrong in them is told.

use crate::failure::Failure;
use crate::open::At;
use access::Actor;
use app::App;
use fund::ledger::Code;
use fund::period::Periods;
use kernel::limits::RECORD_BYTES;
use std::fmt::Display;
use std::path::Path;

/// The bytes of a file.
pub(super) fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let shown = path.display();
    let cannot = |error: std::io::Error| Failure::Refused(format!("{shown}: {error}"));
    let length = std::fs::metadata(path).map_err(cannot)?.len();
    if length > RECORD_BYTES as u64 {
        return Err(Failure::Refused(format!(
            "{shown}: larger than {} MiB",
            RECORD_BYTES >> 20
        )));
    }
    std::fs::read(path).map_err(cannot)
}

/// The text of a file.
pub(super) fn text(path: &Path) -> Result<String, Failure> {
    String::from_utf8(bytes(path)?).map_err(|_| {
        Failure::Refused(format!(
            "{}: is not a text in UTF-8; save it so",
            path.display()
        ))
    })
}

/// Every fault of a file, a line each.
pub(super) fn refused<F: Display>(path: &Path, faults: impl IntoIterator<Item = F>) -> Failure {
    let lines: Vec<String> = faults
        .into_iter()
        .map(|fault| format!("{}: {fault}", path.display()))
        .collect();
    Failure::Refused(lines.join("\nalmoner: "))
}

/// The periods of the Better Care Fund, with the files of the policy folder over them.
pub(crate) fn periods(at: &At) -> Result<Periods, Failure> {
    let texts = at.fund_texts()?;
    let texts: Vec<(&str, &str)> = texts
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    Periods::from_texts(&texts).map_err(|errors| {
        let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
        Failure::Refused(format!(
            "the policy files cannot be used:\n  {}",
            lines.join("\n  ")
        ))
    })
}

/// The fund that is named, or the only one that has an agreement.
pub(super) fn fund(app: &App, named: Option<&Code>) -> Result<Code, Failure> {
    let funds = app.funds(&Actor::operator())?;
    match (named, funds.as_slice()) {
        (Some(fund), _) => Ok(fund.clone()),
        (None, [one]) => Ok(one.clone()),
        (None, []) => Err(Failure::Refused("no fund has an agreement here".to_owned())),
        (None, several) => {
            let codes: Vec<&str> = several.iter().map(Code::as_str).collect();
            let codes = codes.join(", ");
            Err(Failure::Usage(format!("name one with --fund: {codes}")))
        }
    }
}
