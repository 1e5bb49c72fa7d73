//! Services and lists of organisations as tables of text.

use jiff::civil::date;
use kernel::{Needs, Severity};
use place::register::ListedAs;
use workbook::{directory, organisations};

fn needs() -> Needs {
    Needs::parse(include_str!("../../../../policy/directory/needs.csv")).0
}

fn read(text: &str) -> Result<directory::Directory, Vec<kernel::Issue>> {
    directory::read(text.as_bytes(), &needs(), date(2026, 11, 25))
}

const HEADINGS: &str = "source,key,name,what,needs,referral,checked_on,telephone,hours,web";

#[test]
fn good_lines_go_through_and_bad_ones_say_line_and_column() {
    let text = format!(
        "{HEADINGS}\n\
         County list,1,Falls Clinic,Helps those who fall.,falls,self,2026-11-01,01632 960 001,Mon-Fri 9am-5pm,\n\
         County list,2,Night Line,Answers.,alarms,self; carer,2026-11-01,01632 960 002,Mon 9-5,ftp://x\n\
         County list,3,Day Club,Company.,company; dancing,self,2027-01-01,01632 960 003,,\n\
         County list,1,Falls Clinic again,Helps.,falls,self,2026-11-01,01632 960 004,,\n\
         County list,4,Too short\n\
         ,5,No source,Helps.,falls,self,2026-11-01,01632 960 005,,\n"
    );
    let read = read(&text).unwrap();
    assert_eq!(read.records, 6);
    assert_eq!(read.entries.len(), 1);
    assert_eq!(read.entries[0].service.name, "Falls Clinic");
    assert_eq!((read.entries[0].record, read.entries[0].line), (1, 2));
    let issues: Vec<String> = read.issues.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(issues.join("\n"), @r#"
    record 5, line 6: The line has 3 cells and the headings are 10. The line was left out. [cells-differ]
    record 2, line 3, column hours: "Mon 9-5": write times such as 9am, 5:30pm, midday or 17:30. [field-wrong]
    record 2, line 3, column web: Write a web address that starts with https://. [field-wrong]
    record 3, line 4, column needs: "dancing" is not in the list of needs (policy/directory/needs.csv). [field-wrong]
    record 3, line 4, column checked_on: The day must not be in the future. [field-wrong]
    record 4, line 5, column key: An earlier line has this source and key. This line was left out. [key-repeated]
    record 6, line 7, column source: Write a text of 100 characters at most, the same every time. [key-missing]
    "#);
}

#[test]
fn a_table_without_its_columns_is_refused_whole() {
    let issues = read("name,what\nClub,Company\n").unwrap_err();
    assert_eq!(
        issues[0].to_string(),
        "line 1: These columns are missing: source, key, needs, referral, checked_on. See \
         docs/reference/directory.md. [heading-missing]"
    );
    assert!(directory::read(b"\x00\xff", &needs(), date(2026, 11, 25)).is_err());
    let extra = format!("{HEADINGS},colour\n");
    let read = read(&extra).unwrap();
    assert_eq!(read.issues[0].severity, Severity::Note);
}

/// A line of a published list, with the cells that are read.
fn line(
    code: &str,
    name: &str,
    postcode: &str,
    opened: &str,
    closed: &str,
    setting: &str,
) -> String {
    let mut cells = vec![String::new(); 27];
    for (column, value) in [
        (1, code),
        (2, name),
        (3, "Y99"),
        (5, "1 HIGH STREET"),
        (7, "BARCHESTER"),
        (10, postcode),
        (11, opened),
        (12, closed),
        (18, "01632 960001"),
        (26, setting),
    ] {
        cells[column - 1] = value.to_owned();
    }
    let quoted: Vec<String> = cells.iter().map(|cell| format!("\"{cell}\"")).collect();
    quoted.join(",") + "\r\n"
}

#[test]
fn lists_are_read_as_they_are_published() {
    let text = [
        line(
            "BARSETGP01",
            "CATHEDRAL CLOSE SURGERY",
            "ZZ1 1AA",
            "19740401",
            "",
            "4",
        ),
        line(
            "BARSETGP02",
            "OLD MINSTER SURGERY",
            "ZZ1 1AB",
            "19740401",
            "20240331",
            "4",
        ),
        line("BARSETCL1", "WOUND CLINIC", "ZZ1 1AC", "20200101", "", "9"),
        line("B-1", "NO CODE", "ZZ1 1AD", "20200101", "", "4"),
        line(
            "BARSETGP03",
            "BAD DAY SURGERY",
            "ZZ1 1AE",
            "20201301",
            "",
            "4",
        ),
        line("BARSETGP01", "TWICE", "ZZ1 1AF", "20200101", "", "4"),
        "\"BARSETGP04\",\"SHORT\"\r\n".to_owned(),
    ]
    .concat();
    let read = organisations::read("epraccur.csv", text.as_bytes()).unwrap();
    assert_eq!(read.records, 7);
    let listed: Vec<_> = read
        .listed
        .iter()
        .map(|one| {
            (
                one.code.as_str(),
                one.listed_as,
                one.has_closed(date(2026, 1, 1)),
            )
        })
        .collect();
    assert_eq!(
        listed,
        [
            ("BARSETGP01", ListedAs::Practice, false),
            ("BARSETGP02", ListedAs::Practice, true),
            ("BARSETCL1", ListedAs::Prescriber, false),
        ]
    );
    assert_eq!(read.listed[0].address, "1 HIGH STREET, BARCHESTER");
    let places: Vec<&str> = read
        .issues
        .iter()
        .map(|issue| issue.path.as_str())
        .collect();
    assert_eq!(
        places,
        [
            "line 4, column 1",
            "line 5, column 11",
            "line 6, column 1",
            "line 7, column 27"
        ]
    );
}

#[test]
fn a_list_of_an_unknown_name_is_refused_with_the_names() {
    let issues = organisations::read("practices.csv", b"x").unwrap_err();
    assert_eq!(issues[0].code, "file-unknown");
    assert!(issues[0].text.contains("epraccur.csv"));
    assert!(organisations::read("ets.csv", b"PK\x03\x04\x00").is_err());
    // Older exports are not in UTF-8.
    let latin = line("BARSETPH1", "CAF\u{c9} PHARMACY", "ZZ1 1AA", "", "", "");
    let bytes: Vec<u8> = latin
        .chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect();
    let read = organisations::read("edispensary.csv", &bytes).unwrap();
    assert_eq!(read.listed[0].name, "CAF\u{c9} PHARMACY");
}

#[test]
fn lines_are_counted_the_same_however_they_end() {
    let text =
        format!("{HEADINGS}\nlist,1,Club,Company.,dancing,self,2026-11-01,01632 960 003,,\n");
    for text in [text.clone(), text.replace('\n', "\r\n")] {
        let read = read(&text).unwrap();
        assert_eq!(read.issues[0].path, "line 2, column needs");
        assert_eq!(read.issues[0].record, 1);
    }
}

/// Opening hours of real pharmacies, day by day, as one region publishes them.
#[test]
fn hours_of_real_pharmacies_are_read() {
    let Some(file) = crate::shared("codes/gm_pharmacies.csv", "hours of real pharmacies") else {
        return;
    };
    let mut reader = csv::Reader::from_path(file).unwrap();
    let days: Vec<usize> = reader
        .headers()
        .unwrap()
        .iter()
        .enumerate()
        .filter(|(_, heading)| heading.starts_with("opening_hours_"))
        .map(|(at, _)| at)
        .collect();
    assert_eq!(days.len(), 7);
    let (mut read, mut wrong) = (0, Vec::new());
    for record in reader.records() {
        let record = record.unwrap();
        for (day, at) in ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
            .iter()
            .zip(&days)
        {
            let hours = &record[*at];
            // A day that is closed alone is no opening at all: another stands beside it.
            let other = if *day == "Mon" { "Tue" } else { "Mon" };
            match place::opening::read(&format!("{other} 9am-5pm; {day} {hours}")) {
                Ok(_) => read += 1,
                Err(_) => wrong.push(hours.to_owned()),
            }
        }
    }
    assert_eq!(read + wrong.len(), 631 * 7);
    // One pharmacy has a colon in the place of a comma, Monday to Friday.
    assert_eq!(wrong, ["09:00-13:00:14:00-18:00"; 5]);
}
