//! What cannot be simulated is refused, with where and why.

use simulate::{Error, Model, Plan};

/// A model that is right, with one line put in another's place.
fn model(old: &str, new: &str) -> String {
    let right = "title = \"right\"\nstart = \"2026-01-05\"\ndays = 30\n\
        [source.door]\narrivals_per_day = 3.0\nto = \"ward\"\n\
        [station.ward]\ncapacity_beds = 5\nstay = { distribution = \"exponential\", mean_days = 1.0 }\n\
        next = [{ to = \"rehab\", share = 0.4 }, { to = \"leaves\", share = 0.6 }]\n\
        [station.rehab]\ncapacity_beds = 3\nstay = { distribution = \"log-normal\", median_days = 2.0, mean_days = 3.0 }\n\
        [scenario.more.station.rehab]\ncapacity_beds = 6\n";
    assert!(right.contains(old), "{old}");
    right.replacen(old, new, 1)
}

fn said(text: &str) -> String {
    match Model::parse(text).and_then(|model| Plan::new(&model)) {
        Ok(_) => "nothing is wrong".to_owned(),
        Err(Error::Model(problems)) => problems[0].to_string(),
        Err(other) => other.to_string(),
    }
}

#[test]
fn each_names_its_place_and_what_to_do() {
    assert_eq!(said(&model("days", "days")), "nothing is wrong");
    for (old, new, says) in [
        (
            "share = 0.6",
            "share = 0.5",
            "station.ward.next: the shares add to 0.9, not to 1",
        ),
        (
            "share = 0.6",
            "share = -0.6",
            "station.ward.next[2]: a share lies between 0 and 1, not -0.6",
        ),
        (
            "capacity_beds = 5",
            "capacity_beds = 0",
            "station.ward: its capacity is nil",
        ),
        (
            "capacity_beds = 5",
            "capacity_beds = -5",
            "the model cannot be read",
        ),
        (
            "capacity_beds = 5",
            "capacity_beds = \"many\"",
            "station.ward: `capacity_beds` is a number or \"unlimited\", not \"many\"",
        ),
        (
            "capacity_beds = 5",
            "capacity_staff = 5",
            "station.ward: `capacity_staff` is for another kind of station",
        ),
        (
            "capacity_beds = 5\n",
            "",
            "station.ward: say how much it holds",
        ),
        (
            "mean_days = 1.0",
            "mean_days = -1.0",
            "station.ward.stay: the mean must be more than 0, not -1",
        ),
        (
            "mean_days = 1.0",
            "mean_hours = 1.0",
            "the model cannot be read",
        ),
        (
            "\"exponential\"",
            "\"normal\"",
            "station.ward.stay: `normal` is no distribution",
        ),
        (
            "median_days = 2.0",
            "median_days = 4.0",
            "station.rehab.stay: a log-normal stay has a mean of at least its median",
        ),
        (
            "to = \"rehab\"",
            "to = \"rehap\"",
            "station.ward.next[1]: there is no station `rehap`; there are `rehab`, `ward` and `leaves`",
        ),
        ("to = \"ward\"", "", "source.door: say where people go"),
        (
            "arrivals_per_day = 3.0",
            "arrivals_per_day = -3.0",
            "source.door: arrivals of a day lie between 0 and 10000000, not -3",
        ),
        (
            "arrivals_per_day = 3.0",
            "arrivals_per_day = { monday = 3.0 }",
            "source.door: arrivals_per_day names all seven days",
        ),
        (
            "arrivals_per_day = 3.0",
            "arrivals_by_day = [1.0]",
            "source.door: `arrivals_by_day` has 1 days of 30",
        ),
        (
            "capacity_beds = 5",
            "capacity_beds = 5\nextra_place_per_day_pence = -1",
            "station.ward: `extra_place_per_day_pence` lies between 0 and 100000000",
        ),
        (
            "capacity_beds = 5",
            "capacity_beds = 5\nchanges = [{ from_day = 3, capacity = 20000000 }]",
            "station.ward.changes[1]: `capacity` is at most 10000000, not 20000000",
        ),
        (
            "2026-01-05",
            "9999-12-20",
            "start: 30 days from 9999-12-20 go beyond the year 9999",
        ),
        (
            "days = 30",
            "days = 0",
            "days: simulate between 1 and 200000 days, not 0",
        ),
        (
            "days = 30",
            "days = 30\nwarm_up_days = 30",
            "warm_up_days: a warm-up of 30 days leaves none of 30",
        ),
        (
            "[scenario.more.station.rehab]\ncapacity_beds = 6",
            "[scenario.more.station.rehab]\ncapacity = 6",
            "scenario.more: unknown field `capacity`",
        ),
        (
            "[scenario.more.station.rehab]\ncapacity_beds = 6",
            "[scenario.more]\nseed = 6",
            "scenario.more: a scenario changes",
        ),
    ] {
        let found = said(&model(old, new));
        assert!(found.starts_with(says), "{new}: {found}");
    }
}

#[test]
fn a_loop_without_time_is_found_before_it_is_run() {
    let text = model(
        "distribution = \"exponential\", mean_days = 1.0",
        "distribution = \"fixed\", mean_days = 0.0",
    )
    .replacen(
        "distribution = \"log-normal\", median_days = 2.0, mean_days = 3.0",
        "distribution = \"fixed\", mean_days = 0.0",
        1,
    ) + "";
    assert_eq!(said(&text), "nothing is wrong");
    let text = text.replacen("[scenario", "next = [{ to = \"ward\" }]\n[scenario", 1);
    assert!(said(&text).contains("without end"), "{}", said(&text));
}

#[test]
fn a_scenario_that_is_not_there_names_those_that_are() {
    let text = model("days", "days");
    let error = Model::scenario_of(&text, "less").unwrap_err().to_string();
    assert!(
        error.contains("scenario.less") && error.contains("`more`"),
        "{error}"
    );
    let more = Model::scenario_of(&text, "more").unwrap();
    assert!(matches!(
        more.station["rehab"].capacity_beds,
        Some(simulate::model::Capacity::Number(6))
    ));
    assert!(matches!(
        more.station["ward"].capacity_beds,
        Some(simulate::model::Capacity::Number(5))
    ));
}

#[test]
fn broken_text_never_panics() {
    for text in [
        "",
        "title",
        "title = 1",
        "[station]",
        "title = \"x\"\ndays = 99999999999\n",
        "\u{0}\u{1b}[31m",
    ] {
        let error = Model::parse(text).unwrap_err().to_string();
        assert!(
            !error.chars().any(|one| one.is_control() && one != '\n'),
            "{error:?}"
        );
    }
}
