//! `almoner fund`: what others script against, and the journal as real hledger reads it.

use crate::command::{fund_on, said};
use crate::schema::assert_fits;
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};

const ACCOUNTS: [&str; 6] = [
    "assets:cash:bcf",
    "income:contribution:bcf:icb",
    "income:contribution:bcf:county",
    "expenses:expenditure:bcf:reablement",
    "liabilities:payable:bcf:ullathorne-house",
    "equity:budget-control:bcf",
];

const APRIL: &str = "id,date,kind,debit,credit,amount,of,rest,set,note\n\
    INV-1,2026-04-03,,assets:cash:bcf,income:contribution:bcf:icb,\"£6,000.5\",,,,first; quarter | *\n\
    INV-2,03/04/2026,,assets:cash:bcf,income:contribution:bcf:county,4000,,,,\n\
    INV-3,2026-04-10,,expenses:expenditure:bcf:reablement,liabilities:payable:bcf:ullathorne-house,\"£11,000.73\",,,,a package\n\
    INV-4,2026-04-11,,equity:budget-control:bcf,equity:budget:bcf:reablement,12000,,,,\n\
    RES-1,2026-04-12,reserve,equity:budget:bcf:reablement,equity:budget-control:bcf,500,,,,\n\
    INV-5,2026-04-20,post-reserved,,,123.45,RES-1,keep,,\n\
    INV-6,2026-04-21,,assets:cash:bcf,income:contribution:bcf:icb,1.234,,,,\n\
    INV-7,2026-04-22,,assets:cash:bcf,income:contribution:bcf:icb,17,,,one,\n\
    INV-8,2026-04-22,reverse,,,,INV-2,,,\n\
    INV-9,2026-04-22,reverse,,,,INV-2,,,paid by another\n\
    INV-10,2026-04-23,,liabilities:payable:bcf:ullathorne-house,assets:cash:bcf,99999,,,,\n";

struct Books(tempfile::TempDir);

impl Books {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn fund(&self, arguments: &[&str]) -> Output {
        fund_on(&self.0.path().join("store"), arguments)
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.0.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    }

    fn json(&self, arguments: &[&str]) -> Value {
        let output = self.fund(&[arguments, &["--format", "json"]].concat());
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", said(&output)))
    }

    /// The accounts, and April with its good rows and bad ones.
    fn april() -> Self {
        let books = Self::new();
        let opened = books.fund(&[&["open"][..], &ACCOUNTS].concat());
        assert!(opened.status.success(), "{}", said(&opened));
        let limited = ["open", "equity:budget:bcf:reablement", "--limit", "debits"];
        assert!(books.fund(&limited).status.success());
        books
    }

    fn posted() -> Self {
        let books = Self::april();
        let file = books.file("april.csv", APRIL);
        let output = books.fund(&["post", &file]);
        assert_eq!(output.status.code(), Some(3), "{}", said(&output));
        books
    }
}

/// Text with every id, hash and day of posting as a word of its own.
fn steady(text: &str) -> String {
    let is_id = |word: &str| word.len() == 36 && word.bytes().filter(|b| *b == b'-').count() == 4;
    let mut steady = String::new();
    for line in text.lines() {
        let words: Vec<String> = line
            .split_inclusive([' ', ',', '"'])
            .map(|part| {
                let word = part.trim_end_matches([' ', ',', '"']);
                match is_id(word) {
                    true => part.replace(word, "ID"),
                    false => part.to_owned(),
                }
            })
            .collect();
        let line = words.concat();
        let line = match line.split_once('=') {
            Some((first, rest)) if first.len() == 10 => format!("{first}=POSTED{}", &rest[10..]),
            _ => line,
        };
        steady.push_str(&line);
        steady.push('\n');
    }
    steady
}

#[test]
fn a_file_is_posted_and_bad_rows_are_told_by_line() {
    let books = Books::april();
    let file = books.file("april.csv", APRIL);
    let first = books.fund(&["post", &file]);
    assert_eq!(first.status.code(), Some(3));
    insta::assert_snapshot!(steady(&said(&first)));
    let again = books.json(&["post", &file]);
    assert_eq!(
        (&again["posted"], &again["repeated"], &again["refused"]),
        (&0.into(), &9.into(), &2.into())
    );
    let json = books.file(
        "may.json",
        r#"[{"id": "M-1", "date": "2026-05-01", "debit": "assets:cash:bcf",
            "credit": "income:contribution:bcf:icb", "amount": "(300)"}]"#,
    );
    let refused = books.json(&["post", &json]);
    assert_eq!(refused["issues"][0]["code"], "amount");
    let lines = books.fund(&["post", &file, "--format", "csv"]);
    insta::assert_snapshot!("lines", steady(&String::from_utf8_lossy(&lines.stdout)));
}

#[test]
fn what_the_commands_print() {
    let books = Books::posted();
    let mut all = String::new();
    for arguments in [
        &["balances"][..],
        &["balances", "--on", "2026-04-05", "--format", "csv"],
        &[
            "postings",
            "assets:cash:bcf",
            "--from",
            "2026-04",
            "--to",
            "2026-04",
        ],
        &[
            "postings",
            "equity:budget:bcf:reablement",
            "--from",
            "2026-04",
            "--to",
            "2026-04",
            "--format",
            "csv",
        ],
        &["check"],
    ] {
        let output = books.fund(arguments);
        assert!(output.status.success(), "{}", said(&output));
        all.push_str(&format!(
            "$ almoner fund {}\n{}\n",
            arguments.join(" "),
            said(&output)
        ));
    }
    insta::assert_snapshot!(steady(&all));
}

#[test]
fn a_month_closes_with_each_partners_part() {
    let books = Books::posted();
    let closed = books.json(&["close", "2026-04", "--share", "contributions"]);
    let amounts: Vec<_> = closed["parts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["amount"].clone())
        .collect();
    // The county's contribution was reversed: only the board has paid in.
    assert_eq!(amounts, ["4983.23"], "{closed}");
    assert_eq!(closed["hash"].as_str().unwrap().len(), 64);
    let twice = books.fund(&["close", "2026-04"]);
    assert_eq!(twice.status.code(), Some(3), "{}", said(&twice));
    assert!(said(&twice).contains("April 2026 is closed already"));
    let late = books.file("late.csv", "id,date,debit,credit,amount\nL-1,2026-04-30,assets:cash:bcf,income:contribution:bcf:icb,1\n");
    let late = books.fund(&["post", &late]);
    assert!(
        said(&late).contains("use a day in May 2026 or later"),
        "{}",
        said(&late)
    );
    assert!(books.fund(&["check"]).status.success());
}

#[test]
fn wrong_usage_is_2_and_what_is_not_there_3() {
    let books = Books::april();
    for (arguments, code) in [
        (&["post", "nowhere.csv"][..], 2),
        (&["open", "expenses:gold"], 2),
        (&["open", "assets:cash:bcf", "--limit", "debits"], 3),
        (
            &[
                "postings",
                "assets:cash:other",
                "--from",
                "2026-04",
                "--to",
                "2026-04",
            ],
            3,
        ),
    ] {
        let output = books.fund(arguments);
        assert_eq!(
            output.status.code(),
            Some(code),
            "{arguments:?}: {}",
            said(&output)
        );
    }
}

/// Balance of each account as hledger reads it, of those that are not nought.
fn by_hledger(journal: &Path, until: Option<&str>) -> Vec<(String, String)> {
    let mut command = Command::new("hledger");
    command.arg("-f").arg(journal);
    command.args(["balance", "--flat", "--no-total", "-O", "csv", "-N"]);
    if let Some(day) = until {
        command.args(["-e", day]);
    }
    let output = command.env("LANG", "C.UTF-8").output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    let text = String::from_utf8(output.stdout).unwrap();
    let rows = text
        .lines()
        .map(|line| line.trim_matches('"'))
        .filter(|line| !line.starts_with("account"));
    let mut all: Vec<_> = rows
        .filter_map(|line| line.split_once("\",\""))
        .map(|(account, amount)| (account.to_owned(), amount.replace(['£', ',', '"'], "")))
        .filter(|(_, amount)| amount != "0")
        .collect();
    // hledger has an order of its own.
    all.sort();
    all
}

/// The same as this program says it: debits less credits, in the order of names.
fn by_us(books: &Books, on: &[&str]) -> Vec<(String, String)> {
    let said = books.json(&[&["balances"][..], on].concat());
    let all = said["accounts"].as_array().unwrap().iter().map(|one| {
        let pence = |field: &str| {
            one[field]
                .as_str()
                .unwrap()
                .parse::<kernel::Pence>()
                .unwrap()
        };
        let net = pence("debits") - pence("credits");
        (
            one["account"].as_str().unwrap().to_owned(),
            net.in_decimals(),
        )
    });
    all.filter(|(_, amount)| amount != "0.00").collect()
}

#[test]
fn hledger_reads_the_journal_and_finds_every_balance() {
    if Command::new("hledger").arg("--version").output().is_err() {
        eprintln!(
            "not run: the journal read by hledger (hledger is not installed: .ci/install hledger)"
        );
        return;
    }
    let books = Books::posted();
    let export = books.fund(&["export", "--format", "hledger"]);
    assert!(export.status.success());
    let text = String::from_utf8(export.stdout).unwrap();
    insta::assert_snapshot!("journal", steady(&text));
    let journal = books.file("pool.journal", &text);
    for check in [&["check"][..], &["check", "accounts", "commodities"]] {
        let output = Command::new("hledger")
            .args(["-f", &journal])
            .args(check)
            .env("LANG", "C.UTF-8")
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", said(&output));
    }
    let journal = Path::new(&journal);
    let all = by_us(&books, &[]);
    assert_eq!(by_hledger(journal, None), all);
    assert_eq!(all.len(), 6, "{all:?}");
    // The first day that hledger leaves out is the day after.
    let middle = by_us(&books, &["--on", "2026-04-10"]);
    assert_eq!(by_hledger(journal, Some("2026-04-11")), middle);
    assert_ne!(middle, all);
}

/// Field names and types of what is printed are those of the schema beside the documentation.
#[test]
fn what_is_printed_as_json_fits_its_schema() {
    let books = Books::posted();
    let file = books.file("again.csv", APRIL);
    for (schema, arguments) in [
        ("fund-balances", &["balances"][..]),
        ("fund-post", &["post", &file]),
        (
            "fund-postings",
            &[
                "postings",
                "assets:cash:bcf",
                "--from",
                "2026-04",
                "--to",
                "2026-04",
            ],
        ),
        ("fund-check", &["check"]),
        (
            "fund-close",
            &["close", "2026-04", "--share", "contributions"],
        ),
    ] {
        assert_fits(&books.json(arguments), schema);
    }
}
