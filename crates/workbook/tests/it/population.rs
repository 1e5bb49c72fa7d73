//! Population tables as published, and ones that are wrong.

use crate::shared;
use kernel::Severity;
use workbook::population;

#[test]
fn mid_2019_as_published() {
    let Some(file) = shared("population/population19_utla19.csv", "population") else {
        return;
    };
    let read = population::read(&std::fs::read(file).unwrap()).unwrap();
    assert_eq!(
        (read.records, read.issues.len(), read.areas.len()),
        (173, 0, 174)
    );
    let england = read.areas.last().unwrap();
    assert_eq!(
        (england.code.as_str(), england.year),
        (place::ENGLAND, 2019)
    );
    assert_eq!(england.everyone(), 56_286_961);
    assert_eq!(england.people[65..].iter().sum::<i64>(), 10_353_716);
    assert_eq!(england.people[85..].iter().sum::<i64>(), 1_397_051);
    assert_eq!(england.people.len(), 91);
}

#[test]
fn mid_2020_lacks_a_council_so_england_is_not_worked_out() {
    let Some(file) = shared("population/population20_utla20.csv", "population") else {
        return;
    };
    let read = population::read(&std::fs::read(file).unwrap()).unwrap();
    assert_eq!((read.records, read.areas.len()), (172, 172));
    assert_eq!(read.issues.len(), 1);
    assert_eq!(
        (read.issues[0].code, read.issues[0].severity),
        ("england-not-worked-out", Severity::Note)
    );
    assert!(
        read.issues[0].text.contains("150 of the 151"),
        "{}",
        read.issues[0].text
    );
}

/// A table of two fictional areas, with a change made to its text.
fn table(change: &dyn Fn(String) -> String) -> Vec<u8> {
    let ages: Vec<String> = (0..=89).map(|age| age.to_string()).collect();
    let ones = vec!["1"; 91].join(",");
    change(format!(
        "utla19_code,utla19_name,total_population,{},90+\n\
         E06000901,Barsetshire,91,{ones}\nE06000902,Plumstead,91,{ones}\n",
        ages.join(",")
    ))
    .into_bytes()
}

#[test]
fn bad_lines_are_left_out_and_named() {
    for (from, to, code, path) in [
        (
            "Plumstead,91,1",
            "Plumstead,91,x",
            "not-a-count",
            "line 3, age 0",
        ),
        (
            "Plumstead,91,1",
            "Plumstead,91,",
            "not-a-count",
            "line 3, age 0",
        ),
        (
            "Plumstead,91",
            "Plumstead,92",
            "sum-differs",
            "line 3, total",
        ),
        ("E06000902", "E0600902", "not-a-code", "line 3, area code"),
        ("E06000902", "E06000901", "area-repeated", "line 3"),
        (
            "Plumstead,91,1",
            "Plumstead,91,1,1",
            "cells-differ",
            "line 3",
        ),
    ] {
        let read = population::read(&table(&|text| text.replace(from, to))).unwrap();
        assert_eq!((read.areas.len(), read.records), (1, 2), "{to}");
        assert_eq!(
            (read.issues[0].code, read.issues[0].path.as_str()),
            (code, path)
        );
        assert_eq!(read.issues[0].severity, Severity::Part);
    }
}

#[test]
fn tables_that_are_something_else() {
    for (bytes, code) in [
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec(), "not-a-table"),
        (Vec::new(), "not-a-table"),
        (b"a,b\n1,2\n".to_vec(), "heading-missing"),
        (
            table(&|text| text.replace("utla19_code", "code")),
            "heading-missing",
        ),
        (
            table(&|text| text.replace(",90+", ",90")),
            "heading-missing",
        ),
        (
            table(&|text| text.replace(",17,", ",x,")),
            "heading-missing",
        ),
        (
            table(&|text| text.lines().next().unwrap().to_owned()),
            "empty",
        ),
    ] {
        assert_eq!(population::read(&bytes).unwrap_err()[0].code, code);
    }
}

#[test]
fn our_own_slice_has_a_year_column() {
    let text = table(&|text| {
        text.replace(
            "utla19_code,utla19_name,total_population",
            "year,area_code,area",
        )
        .replace("E06000901,Barsetshire,91", "2020,E06000901,Barsetshire")
        .replace("E06000902,Plumstead,91", "2019,E06000902,Plumstead")
    });
    let read = population::read(&text).unwrap();
    let years: Vec<i16> = read.areas.iter().map(|area| area.year).collect();
    assert_eq!(years, [2020, 2019]);
    assert_eq!(read.areas[0].adults(), 73);
}
