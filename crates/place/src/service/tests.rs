#![allow(clippy::unwrap_used, clippy::expect_used)]
use super::*;
use jiff::civil::date;
use kernel::Needs;

fn needs() -> Needs {
    Needs::parse(include_str!("../../../../policy/directory/needs.csv")).0
}

fn typed() -> Typed {
    Typed {
        name: "Barchester Falls Clinic".to_owned(),
        what: "Helps people who have fallen.".to_owned(),
        needs: "Falls and balance; equipment".to_owned(),
        areas: "ZZ1; West Barsetshire; zz2 4".to_owned(),
        referral: "self; professional".to_owned(),
        hours: "Mon-Fri 9am-5pm".to_owned(),
        telephone: "01632 960 001".to_owned(),
        postcode: "zz14ab".to_owned(),
        checked_on: "2026-11-01".to_owned(),
        ..Typed::default()
    }
}

#[test]
fn what_is_right_is_read_and_comes_back() {
    let today = date(2026, 11, 25);
    let service = read(&typed(), &needs(), today).unwrap();
    assert_eq!(service.needs, ["equipment", "falls"]);
    assert_eq!(service.postcode, "ZZ1 4AB");
    assert_eq!(service.areas_typed(), "ZZ1; ZZ2 4; West Barsetshire");
    assert_eq!(service.referral.in_words(), "You or a professional");
    let again = read(&service.typed(), &needs(), today).unwrap();
    assert_eq!(again, service);
    assert!(again.differences(&service).is_empty());
}

#[test]
fn everything_wrong_is_named_by_its_field() {
    let wrong = Typed {
        needs: "falls; flying".to_owned(),
        referral: "anybody".to_owned(),
        hours: "Mon 9-5".to_owned(),
        web: "javascript:alert(1)".to_owned(),
        postcode: "somewhere".to_owned(),
        checked_on: "2027-01-01".to_owned(),
        organisation_code: "R-1".to_owned(),
        ..Typed::default()
    };
    let faults = read(&wrong, &needs(), date(2026, 11, 25)).unwrap_err();
    let fields: Vec<&str> = faults.iter().map(|fault| fault.field).collect();
    assert_eq!(
        fields,
        [
            "name",
            "organisation_code",
            "what",
            "needs",
            "referral",
            "hours",
            "web",
            "postcode",
            "checked_on"
        ]
    );
    let unreachable = Typed {
        telephone: String::new(),
        ..typed()
    };
    let faults = read(&unreachable, &needs(), date(2026, 11, 25)).unwrap_err();
    assert_eq!(faults[0].field, "telephone");
}

#[test]
fn whom_a_service_is_for_by_where_they_live() {
    let of = |areas: &str| {
        let typed = Typed {
            areas: areas.to_owned(),
            ..typed()
        };
        read(&typed, &needs(), date(2026, 11, 25)).unwrap()
    };
    for (areas, asked, expected) in [
        ("", "ZZ1 4AB", Serves::Yes),
        ("everywhere", "Hogglestock", Serves::Yes),
        ("ZZ1", "ZZ1 4AB", Serves::Yes),
        ("ZZ1", "zz14ab", Serves::Yes),
        ("ZZ1", "ZZ11 4AB", Serves::No),
        ("ZZ1 4", "ZZ1", Serves::Perhaps),
        ("ZZ1 4", "ZZ1 5AB", Serves::No),
        ("ZZ11; ZZ1 4", "ZZ1 4AB", Serves::Yes),
        ("West Barsetshire", "ZZ1 4AB", Serves::Perhaps),
        ("West Barsetshire; ZZ1", "ZZ11 4AB", Serves::No),
        ("West Barsetshire", "west barsetshire", Serves::Yes),
        ("West Barsetshire", "Hogglestock", Serves::Perhaps),
        ("ZZ1", "Hogglestock", Serves::Perhaps),
        ("ZZ1", "", Serves::Yes),
    ] {
        assert_eq!(of(areas).serves(asked), expected, "{areas} asked {asked}");
    }
}

#[test]
fn what_a_postcode_is() {
    for (text, fits) in [
        ("ZZ1", true),
        ("z1", true),
        ("ZZ1A 2BB", true),
        ("ZZ14AB", true),
        ("ZZ1 4AB 5", false),
        ("West", false),
        ("ZZ", false),
        ("ZZ1 AB", false),
        ("1ZZ", false),
        ("ÅZ1 2AB", false),
    ] {
        assert_eq!(Postcode::read(text).is_some(), fits, "{text}");
    }
}
