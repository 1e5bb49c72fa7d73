//! `almoner fund return`, `forecast`, `pack` and `figure` on the demonstration's pool: files that agree with each
//! other, with their lineage, and with what a spreadsheet program makes of them.

use crate::command::{fund_on, said};
use crate::schema::assert_fits;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const ALMONER: &str = env!("CARGO_BIN_EXE_almoner");

/// A small demonstration place, which has a pool.
struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        let made = Command::new(ALMONER)
            .args(["demo", "--people", "50", "--no-serve", "--data"])
            .arg(place.store())
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", said(&made));
        place
    }

    fn store(&self) -> PathBuf {
        self.0.path().join("store")
    }

    fn fund(&self, arguments: &[&str]) -> Output {
        fund_on(&self.store(), arguments)
    }

    fn json(&self, arguments: &[&str], schema: &str) -> Value {
        let output = self.fund(&[arguments, &["--format", "json"]].concat());
        assert!(output.status.success(), "{}", said(&output));
        let value = serde_json::from_slice(&output.stdout).unwrap();
        assert_fits(&value, schema);
        value
    }
}

fn rows(text: &str) -> Vec<Vec<String>> {
    let mut csv = csv::Reader::from_reader(text.as_bytes());
    csv.records()
        .map(|row| row.unwrap().iter().map(str::to_owned).collect())
        .collect()
}

/// Pounds with two decimals as pence.
fn pence(text: &str) -> i64 {
    text.parse::<kernel::Pence>().unwrap().0
}

/// The amounts of a return's CSV by sheet, row and column, without what is said in words where nobody knows.
fn amounts(text: &str) -> BTreeMap<(String, String, String), i64> {
    rows(text)
        .into_iter()
        .filter(|row| row[0] == "Income" || row[0] == "Expenditure")
        .filter(|row| row[4] != "source not said")
        .map(|row| {
            (
                (row[0].clone(), row[1].clone(), row[3].clone()),
                pence(&row[4]),
            )
        })
        .collect()
}

/// The columns of a table that was written as a sheet, by its heads in the fourth row, and its rows.
type Sheet = BTreeMap<(String, String), i64>;

fn of_workbook(bytes: &[u8], name: &str) -> Sheet {
    let sheets = workbook::open(bytes).unwrap();
    let sheet = sheets.iter().find(|one| one.name == name).unwrap();
    let text = |row, column| {
        let cell = sheet.get(row, column).and_then(workbook::Cell::text);
        cell.map(str::to_owned)
    };
    let mut all = Sheet::new();
    for (row, cells) in sheet.rows.range(4..) {
        for (column, cell) in cells {
            if let workbook::Cell::Number(pounds) = cell {
                let pence = (pounds * 100.0).round() as i64;
                all.insert((text(*row, 0).unwrap(), text(3, *column).unwrap()), pence);
            }
        }
    }
    all
}

/// What LibreOffice makes of a sheet of the workbook, as CSV files of every sheet; `None` if it is not
/// installed.
fn of_libreoffice(book: &Path, name: &str) -> Option<Sheet> {
    let folder = book.parent().unwrap().join("by-libreoffice");
    let filter = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1";
    let made = ["soffice", "libreoffice"].into_iter().find_map(|program| {
        Command::new(program)
            .args(["--headless", "--convert-to", filter, "--outdir"])
            .arg(&folder)
            .arg(book)
            .env("HOME", book.parent().unwrap())
            .output()
            .ok()
    })?;
    assert!(made.status.success(), "{}", said(&made));
    let stem = book.file_stem().unwrap().to_string_lossy();
    let text = std::fs::read_to_string(folder.join(format!("{stem}-{name}.csv"))).unwrap();
    let mut csv = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let all: Vec<csv::StringRecord> = csv.records().map(Result::unwrap).collect();
    let heads = all.iter().find(|row| row.get(0) == Some("Row")).unwrap();
    let mut found = Sheet::new();
    let after = all
        .iter()
        .skip_while(|row| row.get(0) != Some("Row"))
        .skip(1);
    for row in after {
        for (at, cell) in row.iter().enumerate().skip(2) {
            if let Ok(pounds) = cell.parse::<f64>() {
                let key = (row[0].to_owned(), heads[at].to_owned());
                found.insert(key, (pounds * 100.0).round() as i64);
            }
        }
    }
    Some(found)
}

#[test]
fn the_workbook_the_table_and_the_lineage_agree() {
    let place = Place::new();
    let to = place.0.path().join("returns");
    let to = to.display().to_string();
    let quarter = quarter(last_year(&place), 3);
    let arguments = ["return", "--quarter", &quarter, "--to", &to, "--lineage"];
    let value = place.json(&arguments, "fund-return");
    let stem = Path::new(&to).join(format!("bcf-{quarter}"));
    let file = |end: &str| PathBuf::from(format!("{}{end}", stem.display()));
    let text = std::fs::read_to_string(file(".csv")).unwrap();
    // The demonstration's books of the year before say no source.
    assert!(text.contains("source not said"), "{text}");
    let amounts = amounts(&text);
    assert!(amounts.len() > 40, "{}", amounts.len());
    let total = |row: &str, column: &str| {
        amounts[&("Expenditure".to_owned(), row.to_owned(), column.to_owned())]
    };
    assert_eq!(total("all", "For the year"), 9_000_000_000);
    let schemes: i64 = ["1", "2", "3", "4", "5", "6"]
        .iter()
        .map(|row| total(row, "Spent in the period"))
        .sum();
    assert_eq!(schemes, total("all", "Spent in the period"));
    assert!(schemes > 0);

    let book = std::fs::read(file(".xlsx")).unwrap();
    for sheet in ["Income", "Expenditure"] {
        let of_csv: Sheet = amounts
            .iter()
            .filter(|((of, ..), _)| of == sheet)
            .map(|((_, row, column), amount)| ((row.clone(), column.clone()), *amount))
            .collect();
        assert_eq!(of_workbook(&book, sheet), of_csv, "{sheet}");
        match of_libreoffice(&file(".xlsx"), sheet) {
            Some(found) => assert_eq!(found, of_csv, "LibreOffice: {sheet}"),
            None => eprintln!("LibreOffice is not installed: the workbook was not opened in it"),
        }
    }

    // What is behind each cell of the ledger makes it.
    let lineage = std::fs::read_to_string(file("-lineage.csv")).unwrap();
    let mut behind: BTreeMap<String, i64> = BTreeMap::new();
    for row in rows(&lineage).iter().filter(|row| row[1] == "ledger") {
        *behind.entry(row[0].clone()).or_default() += pence(&row[4]);
    }
    let cells = value["cells"].as_array().unwrap();
    let ledger = cells.iter().filter(|cell| cell["behind"] == "ledger");
    let mut compared = 0;
    for cell in ledger {
        let key = cell["key"].as_str().unwrap();
        let made = behind.get(key).copied().unwrap_or_default();
        assert_eq!(made, pence(cell["value"].as_str().unwrap()), "{key}");
        compared += 1;
    }
    assert!(compared > 20, "{compared}");
    let json = std::fs::read(file("-lineage.json")).unwrap();
    let json: Vec<Value> = serde_json::from_slice(&json).unwrap();
    assert_eq!(json.len(), rows(&lineage).len());

    // Each line opens its postings.
    let line = rows(&lineage);
    let line = line
        .iter()
        .find(|row| row[0] == "expenditure/3/spent-in-the-period");
    let line = line.unwrap();
    let postings = [
        "postings", &line[2], "--from", &line[3], "--to", &line[3], "--format", "csv",
    ];
    let postings = place.fund(&postings);
    assert!(rows(&String::from_utf8(postings.stdout).unwrap()).len() == 1);
}

/// The April in which the financial year before this one began: whatever today is, all of it but perhaps
/// its last days is in the demonstration's books.
fn last_year(place: &Place) -> i32 {
    let forecast = place.json(&["forecast"], "fund-forecast");
    forecast["year"].as_str().unwrap()[..4]
        .parse::<i32>()
        .unwrap()
        - 1
}

/// A quarter of that year.
fn quarter(year: i32, number: u8) -> String {
    format!("{year}-{:02}-Q{number}", (year + 1) % 100)
}

#[test]
fn a_return_that_was_sent_is_not_sent_again_until_it_has_changed() {
    let place = Place::new();
    let to = place.0.path().display().to_string();
    let year = last_year(&place);
    let first_quarter = quarter(year, 1);
    let quarter = quarter(year, 3);
    let send = ["return", "--quarter", &quarter, "--to", &to, "--send"];
    let sent = |value: &Value| value["sent"].as_i64();
    let first = place.json(&send, "fund-return");
    assert_eq!(sent(&first), Some(1));
    assert_eq!(sent(&place.json(&send, "fund-return")), Some(1));
    let month = format!("{year}-04");
    let figure = [
        "figure",
        "average-discharge-delay",
        &month,
        "9.9",
        "--of",
        "1000",
        "--source",
        "put right",
    ];
    let kept = place.fund(&figure);
    assert!(kept.status.success(), "{}", said(&kept));
    let year_end = format!("{year}-{:02}", (year + 1) % 100);
    let whole = ["return", "--year-end", &year_end, "--to", &to];
    let output = place.fund(&whole);
    assert!(output.status.success(), "{}", said(&output));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("Not sent"), "{text}");
    let arguments = ["return", "--quarter", &first_quarter, "--to", &to];
    let value = place.json(&arguments, "fund-return");
    let cells = value["cells"].as_array().unwrap();
    let april = cells
        .iter()
        .find(|cell| cell["key"] == "metrics/average-discharge-delay/first-month");
    assert_eq!(april.unwrap()["value"], "9.9");
}

#[test]
fn what_cannot_be_is_refused_with_what_to_write() {
    let place = Place::new();
    for (arguments, code, text) in [
        (
            &["return", "--quarter", "2025-27-Q1"][..],
            2,
            "is no period",
        ),
        (
            &["return", "--quarter", "2025-26"],
            2,
            "--quarter wants a quarter",
        ),
        (
            &["return", "--year-end", "2025-26-Q1"],
            2,
            "--year-end wants a year",
        ),
        (&["return"], 2, "--quarter"),
        (
            &["return", "--quarter", "2001-02-Q1"],
            3,
            "agreement in force",
        ),
        (&["pack", "--fund", "other"], 3, "agreement in force"),
    ] {
        let output = place.fund(arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}");
        assert!(
            said(&output).contains(text),
            "{arguments:?}: {}",
            said(&output)
        );
    }
}

#[test]
fn the_pack_and_the_forecast_are_of_the_ledger() {
    let place = Place::new();
    let pack = place.fund(&["pack"]);
    assert!(pack.status.success(), "{}", said(&pack));
    let pack = String::from_utf8(pack.stdout).unwrap();
    for line in [
        "Contributions",
        "Schemes",
        "Who would bear what",
        "Disputes",
        "Plan",
    ] {
        assert!(pack.lines().any(|one| one == line), "{line}\n{pack}");
    }
    let forecast = place.json(&["forecast", "--method", "straight-line"], "fund-forecast");
    let lines = forecast["forecasts"].as_array().unwrap();
    assert_eq!(lines.len(), 6);
    if forecast["months_closed"] == 0 {
        // In spring no month of the year is closed: then there is no forecast, and why is said.
        assert!(
            lines
                .iter()
                .all(|line| line["forecast"].is_null() && line["why_not"].is_string())
        );
        return;
    }
    let care = lines.iter().find(|one| one["scheme"] == "3").unwrap();
    let amount = |field: &str| pence(care[field].as_str().unwrap());
    assert!(amount("forecast") > amount("budget"));
    assert!(amount("low") <= amount("forecast") && amount("forecast") <= amount("high"));
    let said = format!("By straight line: {}", kernel::Pence(amount("forecast")));
    assert!(pack.contains(&said), "{said}\n{pack}");
}

/// The next month that is open is closed by the agreement, and the working is printed.
#[test]
fn a_month_is_closed_by_the_agreement_with_its_working() {
    let place = Place::new();
    let year = last_year(&place);
    let months = (0..24).map(|at| {
        let month = 4 + at;
        format!("{}-{:02}", year + (month - 1) / 12, (month - 1) % 12 + 1)
    });
    // The months before are closed already, each of them is refused.
    let mut closed = months.filter_map(|month| {
        let arguments = ["close", &month, "--share", "agreement", "--format", "json"];
        let output = place.fund(&arguments);
        output.status.success().then_some(output)
    });
    let value: Value = serde_json::from_slice(&closed.next().unwrap().stdout).unwrap();
    assert_fits(&value, "fund-close");
    let working = value["explained"][0]["text"].as_str().unwrap();
    assert!(working.contains("Posted with this month"), "{working}");
    assert!(
        working.contains("Barsetshire Better Care Fund agreement"),
        "{working}"
    );
}
