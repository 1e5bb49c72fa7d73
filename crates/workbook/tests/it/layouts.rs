//! Layouts that nobody has published yet: read by meaning, or refused in words.

use crate::build::{AREAS, Page, Put, REASONS, top, usual, xlsx};
use kernel::{Issue, Severity};
use place::DelayKey;
use workbook::dtoc::{self, DtocWorkbook};

fn read(pages: &[Page]) -> DtocWorkbook {
    dtoc::read(&xlsx(pages)).unwrap_or_else(|issues| panic!("{issues:#?}"))
}

fn refused(pages: &[Page]) -> Vec<Issue> {
    dtoc::read(&xlsx(pages)).unwrap_err()
}

/// Asserts that all four areas came through with their figures.
fn assert_all_there(book: &DtocWorkbook) {
    assert_eq!(
        (book.records, book.rejected()),
        (4, 0),
        "{:#?}",
        book.issues
    );
    assert_eq!(book.month.to_string(), "2021-04");
    for (area, (code, _, name, days)) in book.areas.iter().zip(AREAS) {
        let code = if code == "-" { place::ENGLAND } else { code };
        assert_eq!((area.code.as_str(), area.name.as_str()), (code, name));
        let keys = DelayKey::ALL[1..16]
            .iter()
            .map(|key| area.days.get(*key).unwrap());
        assert_eq!(keys.collect::<Vec<_>>(), days);
        assert_eq!(area.days.get(DelayKey::Total), Some(days[0] + days[1]));
        assert_eq!(area.days.get(DelayKey::O), None);
    }
}

/// Code, severity, record and place of each issue.
fn brief(issues: &[Issue]) -> Vec<(&str, Severity, u32, &str)> {
    issues
        .iter()
        .map(|i| (i.code, i.severity, i.record, i.path.as_str()))
        .collect()
}

#[test]
fn the_usual_layout() {
    let book = read(&usual());
    assert_all_there(&book);
    assert_eq!(book.issues, []);
    assert_eq!(book.published.unwrap().to_string(), "2021-05-27");
    assert_eq!((book.revised, book.revised_text.as_str()), (None, "-"));
    assert_eq!(book.areas[1].ons.as_ref().unwrap().as_str(), "E06000901");
    assert_eq!(book.areas[1].region.as_deref(), Some("West"));
}

#[test]
fn one_sheet_with_columns_in_another_order_and_other_words() {
    let mut page = Page::named("Everything");
    page.words(&["Period", "", "Apr-21"])
        .words(&["Published", "27/05/2021"])
        .words(&[])
        .words(&[]);
    let mut headings = vec![
        "Total delayed days",
        "Local authority",
        "Both NHS and social care",
    ];
    headings.extend([
        "Waiting for a nursing home place",
        "Disputes",
        "Waiting for a residential home place",
        "Housing",
        "Non acute care",
        "Family choice",
        "Equipment",
        "ONS code",
        "Own home care package",
        "Public funding",
        "Assessment not complete",
        "Waiting for further NHS non acute care",
        "Social care",
        "NHS",
        "Acute care",
        "LA code",
    ]);
    page.words(&headings);
    for (code, ons, name, d) in AREAS {
        page.line(vec![
            (d[0] + d[1]).into(),
            name.into(),
            d[4].into(),
            d[9].into(),
            d[13].into(),
            d[8].into(),
            d[14].into(),
            d[1].into(),
            d[12].into(),
            d[11].into(),
            ons.into(),
            d[10].into(),
            d[6].into(),
            d[5].into(),
            d[7].into(),
            d[3].into(),
            d[2].into(),
            d[0].into(),
            code.into(),
        ]);
        page.words(&[]);
    }
    page.words(&["Note: figures are as supplied by the organisations."]);
    let book = read(&[Page::named("Cover"), page]);
    assert_all_there(&book);
    assert_eq!(book.issues, []);
}

#[test]
fn letters_alone_and_extra_lines_and_a_dates_as_dates() {
    let mut pages = usual();
    for (at, heading) in [
        "A", "B", "C", "D(i)", "D (ii)", "E.", "f:", "Reason G", "H", "I",
    ]
    .into_iter()
    .enumerate()
    {
        pages[2].lines[7][5 + at] = heading.into();
    }
    for page in &mut pages {
        page.lines[3][2] = Put::Day(44287.0);
        page.lines[5][2] = Put::Day(44343.0);
        for _ in 0..5 {
            page.lines.insert(7, Vec::new());
        }
    }
    let book = read(&pages);
    assert_all_there(&book);
    assert_eq!(book.issues, []);
    assert_eq!(book.published.unwrap().to_string(), "2021-05-27");
}

#[test]
fn a_month_as_a_bare_number_is_read_and_said() {
    let mut pages = usual();
    pages[0].lines[3][2] = Put::Number(44287.0);
    let book = read(&pages);
    assert_all_there(&book);
    assert_eq!(
        brief(&book.issues),
        [(
            "date-as-number",
            Severity::Note,
            0,
            "LA - by Type of Care!C4"
        )]
    );
    pages[0].lines[3][2] = Put::Number(7.0);
    assert_eq!(
        brief(&refused(&pages)),
        [(
            "not-a-month",
            Severity::Reject,
            0,
            "LA - by Type of Care!C4"
        )]
    );
}

#[test]
fn a_block_of_beds_beside_the_days_is_passed_over() {
    let mut pages = usual();
    let care = &mut pages[0];
    care.lines[6] = ["", "", "", "", "", "Delayed Days", "", "", "", "DTOC Beds"]
        .map(Put::from)
        .into();
    care.lines[7].extend(["", "Acute", "Non-Acute", "Total"].map(Put::from));
    for line in care
        .lines
        .iter_mut()
        .skip(8)
        .filter(|line| !line.is_empty())
    {
        line.extend([
            Put::Nothing,
            Put::Number(1.5),
            Put::Number(2.25),
            Put::Number(3.75),
        ]);
    }
    care.merged = vec![(6, 9, 6, 11)];
    care.lines[6][9] = Put::Nothing;
    care.merged.clear();
    care.lines[6][9] = "DTOC Beds".into();
    let book = read(&pages);
    assert_all_there(&book);
    assert_eq!(book.issues, []);

    // The same block first.
    let mut first = usual();
    let care = &mut first[0];
    care.lines[6] = ["", "", "", "", "", "Average beds", "", "", "Delayed days"]
        .map(Put::from)
        .into();
    for (at, line) in care
        .lines
        .iter_mut()
        .enumerate()
        .skip(7)
        .filter(|(_, l)| !l.is_empty())
    {
        let block: Vec<Put> = if at == 7 {
            ["Acute", "Non-Acute", "Total"].map(Put::from).into()
        } else {
            vec![Put::Number(0.5); 3]
        };
        line.splice(5..5, block);
    }
    let book = read(&first);
    assert_all_there(&book);
    assert_eq!(book.issues, []);
}

#[test]
fn hidden_sheets_and_sheets_of_patients_are_not_read() {
    let mut pages = usual();
    let mut patients = pages[0].clone();
    patients.name = "Snapshot".to_owned();
    patients.lines[2][2] = "Number of patients delayed on the last Thursday".into();
    let mut hidden = pages[1].clone();
    hidden.name = "Old".to_owned();
    hidden.hidden = true;
    pages.insert(1, patients);
    pages.push(hidden);
    let book = read(&pages);
    assert_all_there(&book);
    assert_eq!(
        brief(&book.issues),
        [
            ("other-measure", Severity::Note, 0, "Snapshot"),
            ("hidden-sheet", Severity::Note, 0, "Old"),
        ]
    );
}

#[test]
fn hidden_rows_and_columns_are_read_and_told() {
    let mut pages = usual();
    pages[2].hidden_rows = vec![0, 10];
    pages[2].hidden_columns = vec![0, 5];
    let book = read(&pages);
    assert_all_there(&book);
    let told: Vec<_> = book
        .issues
        .iter()
        .map(|issue| (issue.code, issue.path.as_str(), issue.text.as_str()))
        .collect();
    let of = |text| ("hidden-cells", "LA - by reason", text);
    assert_eq!(
        told,
        [
            of("Rows 11 are hidden. They were read like the rest."),
            of("Columns under F8 are hidden. They were read like the rest."),
        ]
    );
}

#[test]
fn a_row_whose_sums_fail_is_left_out_and_the_rest_is_loaded() {
    let mut pages = usual();
    pages[2].lines[10][5] = Put::Number(11.0);
    let book = read(&pages);
    assert_eq!((book.records, book.rejected()), (4, 1));
    assert_eq!(
        brief(&book.issues),
        [
            ("sum-differs", Severity::Part, 2, "LA - by reason!F11"),
            (
                "england-not-checked",
                Severity::Note,
                0,
                "LA - by Type of Care!E9"
            ),
        ]
    );
    assert!(
        book.issues[0]
            .text
            .contains("add up to 51 and the total is 50")
    );
    assert!(book.areas.iter().all(|area| area.code.as_str() != "901"));
}

#[test]
fn england_must_be_the_sum_of_the_rest() {
    let mut pages = usual();
    for page in &mut pages {
        page.lines.remove(11);
    }
    let book = read(&pages);
    assert!(book.england().is_none());
    assert_eq!(book.areas.len(), 2);
    assert_eq!(
        brief(&book.issues)[0],
        (
            "england-differs",
            Severity::Part,
            1,
            "LA - by Type of Care!H9"
        )
    );
}

#[test]
fn dashes_are_nil_where_the_sums_bear_it_out_and_missing_where_nothing_does() {
    let mut pages = usual();
    for line in [12] {
        for cell in &mut pages[2].lines[line][5..15] {
            *cell = "-".into();
        }
    }
    pages[1].lines[10][7] = "NA".into();
    let book = read(&pages);
    assert_all_there(&book);
    assert_eq!(book.issues, []);

    for page in &mut pages {
        for cell in &mut page.lines[12][5..] {
            *cell = "-".into();
        }
    }
    let book = read(&pages);
    assert_eq!(
        brief(&book.issues)[0],
        ("no-figures", Severity::Part, 4, "LA - by Type of Care!E13")
    );
    assert_eq!(book.areas.len(), 3, "not supplied is not nil");
}

#[test]
fn cells_that_are_no_counts() {
    for (put, code) in [
        (Put::Nothing, "figure-missing"),
        (Put::Number(10.5), "not-a-count"),
        (Put::Number(-10.0), "not-a-count"),
        (Put::Number(1e300), "not-a-count"),
        (Put::Text("*".to_owned()), "not-a-count"),
        (Put::Day(44287.0), "date-for-count"),
    ] {
        let mut pages = usual();
        pages[0].lines[10][5] = put.clone();
        let book = read(&pages);
        assert_eq!(
            brief(&book.issues)[0],
            (code, Severity::Part, 2, "LA - by Type of Care!F11"),
            "{put:?}"
        );
        assert_eq!(book.rejected(), 1);
    }
    let mut pages = usual();
    pages[0].lines[8][7] = "1 00".into();
    assert_all_there(&read(&pages));
}

#[test]
fn merged_figures_are_not_guessed() {
    let mut pages = usual();
    pages[0].merged = vec![(10, 5, 10, 6)];
    let book = read(&pages);
    assert_eq!(book.rejected(), 1);
    assert_eq!(brief(&book.issues)[0].0, "merged-cell");
}

#[test]
fn a_repeated_area_and_one_that_is_on_one_sheet_only() {
    let mut pages = usual();
    let again = pages[1].lines[11].clone();
    pages[1].lines.push(again);
    pages[2].lines.pop();
    let book = read(&pages);
    assert_eq!(
        brief(&book.issues)[..2],
        [
            (
                "area-repeated",
                Severity::Part,
                3,
                "LA - by responsible org!E14"
            ),
            (
                "row-incomplete",
                Severity::Part,
                4,
                "LA - by Type of Care!E13"
            ),
        ]
    );
}

#[test]
fn headings_that_are_unclear_or_twice() {
    let mut pages = usual();
    pages[2].lines[7][6] = "B) Housing".into();
    pages[0].lines[7].push("Total".into());
    let book = read(&pages);
    let codes: Vec<&str> = book.issues.iter().map(|issue| issue.code).collect();
    assert!(
        codes.starts_with(&["heading-repeated", "heading-unclear"]),
        "{codes:?}"
    );
    assert_eq!(book.issues[1].path, "LA - by reason!G8");
    assert_eq!(
        book.rejected(),
        3,
        "every row with days under that reason: {codes:?}"
    );
}

#[test]
fn workbooks_that_are_something_else() {
    let mut trusts = usual();
    for page in &mut trusts {
        page.lines[4][2] = "Provider".into();
    }
    assert_eq!(brief(&refused(&trusts))[0].0, "wrong-basis");

    let mut two = usual();
    two[1].lines[3][2] = "May 2021".into();
    assert_eq!(
        brief(&refused(&two))[0],
        (
            "months-differ",
            Severity::Reject,
            0,
            "LA - by responsible org!C4"
        )
    );

    let mut none = usual();
    for page in &mut none {
        page.lines[3] = Vec::new();
    }
    assert_eq!(brief(&refused(&none))[0].0, "month-missing");

    let mut other = top("Beds");
    other
        .words(&["", "Hospital", "Beds open"])
        .line(vec!["".into(), "A".into(), 4.into()]);
    let issues = refused(&[other]);
    assert_eq!(issues[0].code, "wrong-sheet");
    assert!(issues[0].text.contains("Beds"), "{}", issues[0].text);
}

#[test]
fn a_workbook_without_reasons_gives_the_rest() {
    let mut pages = usual();
    pages.pop();
    let book = read(&pages);
    assert_eq!(book.areas.len(), 4);
    assert_eq!(
        brief(&book.issues),
        [("breakdown-missing", Severity::Part, 0, "")]
    );
    assert_eq!(book.areas[0].days.get(DelayKey::A), None);
}

#[test]
fn reasons_are_ten_in_the_tests_layout() {
    assert_eq!(REASONS.len(), 10);
    assert_eq!(AREAS[0].3[5..].iter().sum::<i64>(), 100);
}
