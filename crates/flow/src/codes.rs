//! Code lists as data: reasons for delay and the short lists of the NHS Data
//! Dictionary that a stay needs (RULES A.5, A.9, B.7). Each is a CSV file in
//! `policy/codes`, effective-dated, with source and confidence.

use crate::Responsible;
use jiff::civil::Date;
use kernel::Confidence;

/// What can go wrong with code lists.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// The code is not in the list, or not on that day.
    #[error("{code} is not a code of the list {list} on {date}")]
    Unknown {
        /// The list.
        list: String,
        /// The code asked for.
        code: String,
        /// The day asked for.
        date: Date,
    },
    /// A row of a file cannot be read.
    #[error("{file}, line {line}, column {column}: {text}")]
    Row {
        /// The file.
        file: String,
        /// Line from 1; the header is line 1.
        line: u64,
        /// Name of the column.
        column: &'static str,
        /// What is expected.
        text: String,
    },
}

/// Where a row holds and how sure we are of it: the end of every row of every list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// First day the code may be used.
    pub valid_from: Date,
    /// Last day it may be used; `None` while it still may.
    pub valid_to: Option<Date>,
    /// Where it comes from.
    pub source: String,
    /// How sure we are.
    pub confidence: Confidence,
}

impl Standing {
    fn holds_on(&self, date: Date) -> bool {
        self.valid_from <= date && self.valid_to.is_none_or(|last| date <= last)
    }
}

/// A code with its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// The code.
    pub code: String,
    /// What it means.
    pub label: String,
    /// A group the rules ask about, such as `maternity` or `died`.
    pub group: String,
    /// Dates, source and confidence.
    pub standing: Standing,
}

/// One code list.
#[derive(Clone, Debug, Default)]
pub struct CodeList {
    name: &'static str,
    codes: Vec<Code>,
}

impl CodeList {
    /// Its name, such as `discharge-destinations`.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The code as it stands on a day.
    ///
    /// # Errors
    /// [`CodeError::Unknown`].
    pub fn get(&self, code: &str, date: Date) -> Result<&Code, CodeError> {
        self.codes
            .iter()
            .find(|row| row.code == code && row.standing.holds_on(date))
            .ok_or_else(|| unknown(self.name, code, date))
    }

    /// Words for a code on any day; the code itself if the list does not have it.
    pub fn label<'a>(&'a self, code: &'a str) -> &'a str {
        self.codes
            .iter()
            .find(|row| row.code == code)
            .map_or(code, |row| &row.label)
    }

    /// True if the code is in a group.
    pub fn in_group(&self, code: &str, group: &str) -> bool {
        self.codes
            .iter()
            .any(|row| row.code == code && row.group == group)
    }

    /// Every code that may be used on a day, in the order of the file.
    pub fn on(&self, date: Date) -> impl Iterator<Item = &Code> {
        self.codes
            .iter()
            .filter(move |row| row.standing.holds_on(date))
    }

    /// Reads `code,label,group,valid_from,valid_to,source,confidence`.
    pub(crate) fn read(name: &'static str, text: &str, errors: &mut Vec<CodeError>) -> Self {
        let header = [
            "code",
            "label",
            "group",
            "valid_from",
            "valid_to",
            "source",
            "confidence",
        ];
        let mut codes = Vec::new();
        each_row(name, text, &header, errors, |row| {
            codes.push(Code {
                code: row.filled("code")?,
                label: row.filled("label")?,
                group: row.filled("group")?,
                standing: row.standing()?,
            });
            Ok(())
        });
        Self { name, codes }
    }
}

/// A reason for delay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// `dtoc` (A to O) or `drd` (today's list).
    pub code_set: &'static str,
    /// Its code in the list.
    pub code: String,
    /// The national wording.
    pub label: String,
    /// A few plain words for a board.
    pub plain: String,
    /// Family it belongs to.
    pub family: String,
    /// The sides a delay for this reason may be attributed to.
    pub permitted: Vec<Responsible>,
    /// Code of the nearest reason of the list A to O (our mapping for `drd`).
    pub nearest_dtoc: String,
    /// Dates, source and confidence.
    pub standing: Standing,
}

/// The two lists of reasons.
#[derive(Clone, Debug, Default)]
pub struct Reasons {
    reasons: Vec<Reason>,
}

/// Names of the lists of reasons.
pub const REASON_SETS: [&str; 2] = ["dtoc", "drd"];

impl Reasons {
    /// A reason as it stands on a day.
    ///
    /// # Errors
    /// [`CodeError::Unknown`].
    pub fn get(&self, code_set: &str, code: &str, date: Date) -> Result<&Reason, CodeError> {
        self.find(code_set, code)
            .filter(|reason| reason.standing.holds_on(date))
            .ok_or_else(|| unknown(&format!("{code_set} reasons"), code, date))
    }

    /// A reason whatever the day.
    pub fn find(&self, code_set: &str, code: &str) -> Option<&Reason> {
        self.reasons
            .iter()
            .find(|reason| reason.code_set == code_set && reason.code == code)
    }

    /// Every reason of a list that may be used on a day, in the order of the file.
    pub fn on(&self, code_set: &str, date: Date) -> impl Iterator<Item = &Reason> {
        self.reasons
            .iter()
            .filter(move |reason| reason.code_set == code_set && reason.standing.holds_on(date))
    }

    /// Reads one list.
    pub(crate) fn read(&mut self, code_set: &'static str, text: &str, errors: &mut Vec<CodeError>) {
        let header = [
            "code",
            "label",
            "plain",
            "family",
            "nhs",
            "social_care",
            "both",
            "nearest_dtoc",
            "valid_from",
            "valid_to",
            "source",
            "confidence",
        ];
        let name = if code_set == "dtoc" {
            "dtoc-reasons"
        } else {
            "drd-reasons"
        };
        each_row(name, text, &header, errors, |row| {
            let sides = [
                ("nhs", Responsible::Nhs),
                ("social_care", Responsible::SocialCare),
                ("both", Responsible::Both),
            ];
            let mut permitted = Vec::new();
            for (column, side) in sides {
                if row.yes_or_no(column)? {
                    permitted.push(side);
                }
            }
            self.reasons.push(Reason {
                code_set,
                code: row.filled("code")?,
                label: row.filled("label")?,
                plain: row.filled("plain")?,
                family: row.filled("family")?,
                permitted,
                nearest_dtoc: row.filled("nearest_dtoc")?,
                standing: row.standing()?,
            });
            Ok(())
        });
    }
}

fn unknown(list: &str, code: &str, date: Date) -> CodeError {
    CodeError::Unknown {
        list: list.to_owned(),
        code: code.to_owned(),
        date,
    }
}

/// A row under its header.
struct CsvRow<'a> {
    file: &'static str,
    header: &'a [&'static str],
    record: &'a csv::StringRecord,
}

impl CsvRow<'_> {
    fn wrong(&self, column: &'static str, text: &str) -> CodeError {
        CodeError::Row {
            file: format!("{}.csv", self.file),
            line: self.record.position().map_or(0, csv::Position::line),
            column,
            text: text.to_owned(),
        }
    }

    fn text(&self, column: &'static str) -> &str {
        let index = self.header.iter().position(|name| *name == column);
        index
            .and_then(|index| self.record.get(index))
            .unwrap_or_default()
            .trim()
    }

    fn filled(&self, column: &'static str) -> Result<String, CodeError> {
        match self.text(column) {
            "" => Err(self.wrong(column, "it is empty")),
            text => Ok(text.to_owned()),
        }
    }

    fn yes_or_no(&self, column: &'static str) -> Result<bool, CodeError> {
        match self.text(column) {
            "yes" => Ok(true),
            "no" => Ok(false),
            _ => Err(self.wrong(column, "yes or no is expected")),
        }
    }

    fn date(&self, column: &'static str) -> Result<Date, CodeError> {
        self.text(column)
            .parse()
            .map_err(|_| self.wrong(column, "a date such as 2017-04-01 is expected"))
    }

    fn standing(&self) -> Result<Standing, CodeError> {
        Ok(Standing {
            valid_from: self.date("valid_from")?,
            valid_to: match self.text("valid_to") {
                "" => None,
                _ => Some(self.date("valid_to")?),
            },
            source: self.filled("source")?,
            confidence: Confidence::parse(self.text("confidence")).ok_or_else(|| {
                self.wrong("confidence", "found, derived, memory or local is expected")
            })?,
        })
    }
}

fn each_row(
    file: &'static str,
    text: &str,
    header: &[&'static str],
    errors: &mut Vec<CodeError>,
    mut take: impl FnMut(&CsvRow<'_>) -> Result<(), CodeError>,
) {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(text.as_bytes());
    if !reader
        .headers()
        .is_ok_and(|found| found.iter().eq(header.iter().copied()))
    {
        errors.push(CodeError::Row {
            file: format!("{file}.csv"),
            line: 1,
            column: "header",
            text: format!("{} is expected", header.join(",")),
        });
        return;
    }
    for record in reader.records().flatten() {
        let row = CsvRow {
            file,
            header,
            record: &record,
        };
        let done = if record.len() == header.len() {
            take(&row)
        } else {
            Err(row.wrong("row", &format!("{} columns are expected", header.len())))
        };
        errors.extend(done.err());
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use crate::Policy;
    use jiff::civil::date;

    /// RULES A.5: the combinations that the published data have.
    #[test]
    fn permitted_attribution_of_the_list_a_to_o() {
        let policy = Policy::builtin();
        let day = date(2018, 6, 1);
        let table: Vec<String> = policy
            .reasons
            .on("dtoc", day)
            .map(|reason| {
                let sides: Vec<&str> = reason.permitted.iter().map(|side| side.as_str()).collect();
                format!("{} {}: {}", reason.code, reason.label, sides.join(", "))
            })
            .collect();
        insta::assert_snapshot!(table.join("\n"));
    }

    #[test]
    fn other_came_in_april_2017() {
        let reasons = &Policy::builtin().reasons;
        assert!(reasons.get("dtoc", "O", date(2017, 4, 1)).is_ok());
        assert_eq!(
            reasons
                .get("dtoc", "O", date(2017, 3, 31))
                .unwrap_err()
                .to_string(),
            "O is not a code of the list dtoc reasons on 2017-03-31"
        );
    }

    #[test]
    fn todays_list_has_37_reasons_in_five_families() {
        let reasons = &Policy::builtin().reasons;
        let list: Vec<&Reason> = reasons.on("drd", date(2025, 1, 1)).collect();
        assert_eq!(list.len(), 37);
        let mut families: Vec<&str> = list.iter().map(|reason| reason.family.as_str()).collect();
        families.dedup();
        assert_eq!(
            families,
            [
                "hospital process",
                "wellbeing concerns",
                "care transfer hub process",
                "interface process",
                "capacity"
            ]
        );
        for reason in list {
            assert!(
                reasons.find("dtoc", &reason.nearest_dtoc).is_some(),
                "{}",
                reason.code
            );
        }
    }

    #[test]
    fn data_dictionary_codes() {
        let policy = Policy::builtin();
        assert_eq!(
            policy.discharge_destinations.label("19"),
            "Usual place of residence"
        );
        assert!(policy.admission_methods.in_group("31", "maternity"));
        assert!(policy.discharge_methods.in_group("4", "died"));
        assert!(!policy.discharge_methods.in_group("1", "died"));
        assert!(policy.discharge_methods.get("9", date(2020, 1, 1)).is_err());
        assert_eq!(policy.pathways.on(date(2026, 1, 1)).count(), 4);
    }

    #[test]
    fn bad_rows_are_named() {
        let mut errors = Vec::new();
        let list = CodeList::read(
            "discharge-methods",
            "code,label,group,valid_from,valid_to,source,confidence\n\
             1,Alive,alive,1996-04-01,,s,found\n\
             2,,alive,1996-04-01,,s,found\n\
             3,Three,alive,1996-13-01,,s,found\n\
             4,Four\n",
            &mut errors,
        );
        assert_eq!(list.codes.len(), 1);
        let texts: Vec<String> = errors.iter().map(ToString::to_string).collect();
        assert_eq!(
            texts,
            [
                "discharge-methods.csv, line 3, column label: it is empty",
                "discharge-methods.csv, line 4, column valid_from: a date such as 2017-04-01 is expected",
                "discharge-methods.csv, line 5, column row: 7 columns are expected",
            ]
        );
    }
}
