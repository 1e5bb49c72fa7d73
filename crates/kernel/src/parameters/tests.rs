#![allow(clippy::unwrap_used, clippy::expect_used)]
use super::*;
use jiff::civil::date;

fn read(rows: &str) -> (Parameters, Vec<String>) {
    let mut parameters = Parameters::default();
    let errors = parameters.add_csv(&format!("{HEADER}\n{rows}"));
    (parameters, errors.iter().map(ToString::to_string).collect())
}

#[test]
fn the_value_of_the_day_is_found_with_its_type() {
    let (parameters, errors) = read(
        "a.b,England,2015-04-01,2016-03-31,1,GBP,s,found\n\
         a.b,England,2016-04-01,,2.50,GBP/day,s,memory\n\
         a.t,England,2015-04-01,,14:00,time,s,memory\n\
         a.d,England,2015-04-01,,3.50,percent,s,found\n\
         a.f,England,2015-04-01,,no,flag,s,local\n",
    );
    assert!(errors.is_empty(), "{errors:?}");
    let on = |d| parameters.get("a.b", "England", d).unwrap();
    assert_eq!(on(date(2016, 3, 31)).pence(), Ok(Pence(100)));
    assert_eq!(on(date(2016, 4, 1)).pence(), Ok(Pence(250)));
    assert_eq!(on(date(2016, 4, 1)).confidence, Confidence::Memory);
    let day = date(2020, 1, 1);
    let get = |key| parameters.get(key, "England", day).unwrap();
    assert_eq!(get("a.t").time(), Ok(jiff::civil::time(14, 0, 0, 0)));
    assert_eq!(get("a.d").decimal().unwrap().to_string(), "3.50");
    assert_eq!(get("a.f").flag(), Ok(false));
    assert!(
        get("a.f")
            .integer()
            .unwrap_err()
            .to_string()
            .contains("has the unit flag")
    );
}

#[test]
fn a_missing_value_names_key_jurisdiction_and_date() {
    let (parameters, _) = read("a.b,England,2015-04-01,2016-03-31,1,GBP,s,found\n");
    for (key, place, day) in [
        ("a.b", "England", date(2016, 4, 1)),
        ("a.b", "England", date(2015, 3, 31)),
        ("a.b", "Wales", date(2015, 5, 1)),
        ("a.c", "England", date(2015, 5, 1)),
    ] {
        let text = parameters.get(key, place, day).unwrap_err().to_string();
        assert!(
            text.contains(&format!("no value of {key} for {place} on {day}")),
            "{text}"
        );
    }
}

#[test]
fn bad_rows_are_errors_with_line_and_column_and_good_rows_go_through() {
    let (parameters, errors) = read(
        "good.one,England,2015-04-01,,1,days,s,found\n\
         Bad Key,England,2015-04-01,,1,days,s,found\n\
         a.b,,2015-04-01,,1,days,s,found\n\
         a.b,England,2015-02-30,,1,days,s,found\n\
         a.b,England,2015-04-01,2015-03-01,1,days,s,found\n\
         a.b,England,2015-04-01,,,days,s,found\n\
         a.b,England,2015-04-01,,1,furlongs,s,found\n\
         a.b,England,2015-04-01,,1.5,days,s,found\n\
         a.b,England,2015-04-01,,1.555,GBP,s,found\n\
         a.b,England,2015-04-01,,1,days,,found\n\
         a.b,England,2015-04-01,,1,days,s,sure\n\
         a.b,England,2015-04-01\n\
         good.two,England,2015-04-01,,yes,flag,s,local\n\
         good.one,England,2016-04-01,,2,days,s,found\n",
    );
    insta::assert_snapshot!(errors.join("\n"));
    assert_eq!(parameters.iter().count(), 2);
}

#[test]
fn a_wrong_header_is_refused() {
    let errors = Parameters::default().add_csv("key,value\na,1\n");
    assert_eq!(errors, [ParameterError::Header { expected: HEADER }]);
}

#[test]
fn decimals_are_exact() {
    for text in ["0", "12", "3.5", "-0.25", "0.001", "100.10"] {
        assert_eq!(Decimal::parse(text).unwrap().to_string(), text);
    }
    for text in [
        "",
        "-",
        "1.",
        ".5",
        "1e3",
        "1,000",
        "0.1234567890",
        "99999999999999999999",
    ] {
        assert_eq!(Decimal::parse(text), None, "{text}");
    }
}
