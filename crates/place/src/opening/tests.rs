#![allow(clippy::unwrap_used, clippy::expect_used)]
use super::*;
use jiff::civil::date;
use proptest::prelude::*;

fn calendar() -> Calendar {
    Calendar::parse(include_str!("../../../../policy/bank-holidays.csv")).0
}

/// An instant by the clock on the wall.
fn at(text: &str) -> Timestamp {
    instant(text.parse().unwrap()).unwrap()
}

fn said(state: &State, at: Timestamp, now: Timestamp) -> String {
    let (short, long) = words::said(state, at, now);
    format!("{short}. {long}")
}

const OFFICE: &str = "Mon-Fri 9am-5pm; Sat 10am-1pm; bank holidays closed";
const NIGHTS: &str = "Fri-Sat 10pm-4am; bank holidays as usual";
const ADVICE: &str = "Mon, Wed 09:30-12:30, 13:30-16:00";

#[test]
fn examples() {
    let calendar = calendar();
    // Hours, the clock on the wall, what is said. 2026-11-25 is a Wednesday.
    for (hours, when, expected) in [
        (OFFICE, "2026-11-25T10:00", "Open now. Closes at 5pm"),
        (OFFICE, "2026-11-25T09:00", "Open now. Closes at 5pm"),
        (
            OFFICE,
            "2026-11-25T17:00",
            "Closed now. Opens again tomorrow at 9am",
        ),
        (OFFICE, "2026-11-25T08:59", "Closed now. Opens again at 9am"),
        (
            OFFICE,
            "2026-11-28T13:00",
            "Closed now. Opens again on Monday at 9am",
        ),
        // Christmas Day is a Friday; the Monday after is the day in lieu of Boxing Day.
        (
            OFFICE,
            "2026-12-25T11:00",
            "Closed now. Opens again tomorrow at 10am",
        ),
        (
            OFFICE,
            "2026-12-26T14:00",
            "Closed now. Opens again on Tuesday at 9am",
        ),
        (
            NIGHTS,
            "2026-11-27T23:30",
            "Open now. Closes tomorrow at 4am",
        ),
        (NIGHTS, "2026-11-28T03:59", "Open now. Closes at 4am"),
        (
            NIGHTS,
            "2026-11-28T04:00",
            "Closed now. Opens again at 10pm",
        ),
        (NIGHTS, "2026-11-29T03:00", "Open now. Closes at 4am"),
        (
            NIGHTS,
            "2026-11-29T04:30",
            "Closed now. Opens again on Friday at 10pm",
        ),
        (
            ADVICE,
            "2026-11-25T12:45",
            "Closed now. Opens again at 1:30pm",
        ),
        (
            ADVICE,
            "2026-11-25T16:00",
            "Closed now. Opens again on Monday at 9:30am",
        ),
        (
            ADVICE,
            "2026-12-28T10:00",
            "Hours not known. Boxing Day (substitute day) is a bank holiday. Call before you go",
        ),
        (
            "every day 24 hours; bank holidays as usual",
            "2026-12-25T03:00",
            "Open now. Day and night",
        ),
        (
            "",
            "2026-11-25T10:00",
            "Hours not known. Call before you go",
        ),
        // A day's own hours stand before the bank holiday's and the week's.
        (
            "Mon-Fri 9am-5pm; bank holidays closed; 2026-12-24..2026-12-31 closed; 2026-12-30 10am-noon",
            "2026-12-24T10:00",
            "\"2026-12-30 10am-noon\": 2026-12-30 is given twice",
        ),
        (
            "Mon-Fri 9am-5pm; bank holidays closed; 2026-12-24 9am-noon; 2026-12-29..2026-12-31 closed",
            "2026-12-24T12:00",
            "Closed now. Opens again on Monday 4 January 2027 at 9am",
        ),
        (
            "Mon-Fri 9am-5pm; bank holidays closed; 2026-12-25 11am-1pm",
            "2026-12-25T11:30",
            "Open now. Closes at 1pm",
        ),
        // The night the clocks go forward is an hour short, the one they go back an hour long.
        (
            "Sat 10pm-6am; bank holidays as usual",
            "2026-03-29T00:30",
            "Open now. Closes at 6am",
        ),
        (
            "Sat 10pm-1:30am; bank holidays as usual",
            "2026-03-29T02:29",
            "Open now. Closes at 2:30am",
        ),
        (
            "Sat 10pm-1:30am; bank holidays as usual",
            "2026-10-25T01:30",
            "Closed now. Opens again on Saturday at 10pm",
        ),
        (
            "2026-06-01 9am-5pm",
            "2026-11-25T10:00",
            "Closed now. When it opens again is not known",
        ),
    ] {
        let now = at(when);
        let said = match read(hours) {
            Ok(opening) => said(&opening.at(now, &calendar), now, now),
            Err(faults) => faults[0].to_string(),
        };
        assert_eq!(said, expected, "{hours} at {when}");
    }
}

#[test]
fn the_autumn_night_has_an_hour_twice_and_the_first_is_meant() {
    let calendar = calendar();
    let opening = read("Sun 1am-1:30am").unwrap();
    // 25 October 2026: 01:15 comes at 00:15 UTC and again at 01:15 UTC.
    let open = |utc: &str| opening.at(utc.parse().unwrap(), &calendar).is_open();
    assert!(open("2026-10-25T00:15:00Z"));
    assert!(!open("2026-10-25T01:15:00Z"));
    // What is open through both is open through both.
    let night = read("Sat 10pm-6am").unwrap();
    for utc in [
        "2026-10-25T00:15:00Z",
        "2026-10-25T01:15:00Z",
        "2026-10-25T05:59:00Z",
    ] {
        assert!(night.at(utc.parse().unwrap(), &calendar).is_open(), "{utc}");
    }
    assert!(
        !night
            .at("2026-10-25T06:00:00Z".parse().unwrap(), &calendar)
            .is_open()
    );
}

#[test]
fn another_time_than_now_is_said_so() {
    let calendar = calendar();
    let opening = read(OFFICE).unwrap();
    let now = at("2026-11-25T10:00");
    for (then, expected) in [
        ("2026-11-28T10:30", "Open then. Closes at 1pm"),
        (
            "2026-11-26T18:00",
            "Closed then. Opens again the next day at 9am",
        ),
    ] {
        let then = at(then);
        assert_eq!(said(&opening.at(then, &calendar), then, now), expected);
    }
}

#[test]
fn hours_are_read_as_people_write_them_and_written_in_one_way() {
    for (typed, expected) in [
        ("Mon-Fri 9am-5pm", "Mon-Fri 09:00-17:00"),
        ("monday to friday: 9.00am to 5.30pm", "Mon-Fri 09:00-17:30"),
        (
            "Weekdays 09:00–17:00\nSaturday 9am - noon",
            "Mon-Fri 09:00-17:00; Sat 09:00-12:00",
        ),
        (
            "Mon, Wed and Fri 08:30-13:00,14:00-17:30",
            "Mon 08:30-13:00, 14:00-17:30; Wed 08:30-13:00, 14:00-17:30; Fri 08:30-13:00, 14:00-17:30",
        ),
        (
            "every day 24 hours; bank holidays as usual",
            "Mon-Sun 00:00-24:00; bank holidays as usual",
        ),
        ("Fri 10pm-midnight", "Fri 22:00-24:00"),
        ("Fri 22:00-00:00", "Fri 22:00-24:00"),
        ("Fri 10pm-2am", "Fri 22:00-02:00"),
        ("Sat-Mon 10am-4pm", "Mon 10:00-16:00; Sat-Sun 10:00-16:00"),
        ("Tuesdays 10am-12 noon", "Tue 10:00-12:00"),
        (
            "Mon 9am-5pm; 24 December 2026 9am-1pm",
            "Mon 09:00-17:00; 2026-12-24 09:00-13:00",
        ),
        (
            "Mon 9am-5pm; 2026-12-25 to 2026-12-28 closed",
            "Mon 09:00-17:00; 2026-12-25..2026-12-28 closed",
        ),
        ("", ""),
    ] {
        assert_eq!(
            read(typed).map(|hours| hours.to_string()).as_deref(),
            Ok(expected),
            "{typed}"
        );
    }
}

#[test]
fn what_cannot_be_read_is_said_with_what_to_do() {
    for (typed, expected) in [
        (
            "Mon 9-5",
            "\"Mon 9-5\": write times such as 9am, 5:30pm, midday or 17:30",
        ),
        (
            "Mon 25:00-26:00",
            "\"Mon 25:00-26:00\": write times such as 9am, 5:30pm, midday or 17:30",
        ),
        (
            "Mon",
            "\"Mon\": write hours after the days, such as 9am-5pm, or closed",
        ),
        (
            "Mon 9am",
            "\"Mon 9am\": write hours as 9am-5pm or 09:00-17:00",
        ),
        (
            "by appointment",
            "\"by appointment\": start with days, such as Mon-Fri, bank holidays or 2026-12-24",
        ),
        (
            "Mon-Fri 9am-5pm; Fri 9am-4pm",
            "\"Fri 9am-4pm\": Friday is given twice",
        ),
        (
            "Mon 9am-1pm, 12:30-17:00",
            "\"Mon 9am-1pm, 12:30-17:00\": two times of one day overlap",
        ),
        (
            "Mon 9am-9am",
            "\"Mon 9am-9am\": opening and closing are the same: write 24 hours",
        ),
        (
            "2026-02-30 closed",
            "\"2026-02-30 closed\": write a day as 2026-12-24 or 24 December 2026",
        ),
        (
            "2026-12-28..2026-12-25 closed",
            "\"2026-12-28..2026-12-25 closed\": the last day must come after the first, within a year",
        ),
        (
            "every day closed",
            "write hours for at least one day, or nothing if they are not known",
        ),
        (
            "Mon as usual",
            "\"Mon as usual\": \"as usual\" can be said of bank holidays only",
        ),
    ] {
        let faults = read(typed).unwrap_err();
        assert_eq!(faults[0].to_string(), expected, "{typed}");
    }
    let two = read("Mon 9-5; Tue 9am-5pm; nonsense").unwrap_err();
    assert_eq!(
        two.iter().map(|fault| fault.rule).collect::<Vec<_>>(),
        [1, 3]
    );
}

#[test]
fn the_week_is_a_table_in_words() {
    let opening = read(
        "Mon-Fri 9am-5pm; Sat 9am-midday, 1pm-4pm; bank holidays closed; 2026-01-02 closed; \
         2026-12-24 9am-midday; 2026-12-29..2027-01-01 closed",
    )
    .unwrap();
    let lines: Vec<String> = words::table(&opening, date(2026, 11, 25))
        .into_iter()
        .map(|(days, hours)| format!("{days}: {hours}"))
        .collect();
    assert_eq!(
        lines,
        [
            "Monday to Friday: 9am to 5pm",
            "Saturday: 9am to midday and 1pm to 4pm",
            "Sunday: Closed",
            "Bank holidays: Closed",
            "Thursday 24 December: 9am to midday",
            "Tuesday 29 December to Friday 1 January 2027: Closed",
        ]
    );
    let midnight = read("Mon midnight-8am, midday-1pm").unwrap();
    assert_eq!(
        words::hours(midnight.weekday(0)),
        "Midnight to 8am and midday to 1pm"
    );
    let night = read("every day 24 hours").unwrap();
    assert_eq!(
        words::table(&night, date(2026, 11, 25))[0],
        ("Every day".to_owned(), "Open all day and night".to_owned())
    );
    assert_eq!(words::table(&Opening::default(), date(2026, 11, 25)), []);
}

fn spans() -> impl Strategy<Value = Vec<Span>> {
    prop::collection::btree_set(0_u16..48, 0..5).prop_map(|halves| {
        let halves: Vec<u16> = halves.into_iter().collect();
        halves
            .chunks_exact(2)
            .filter_map(|two| Span::new(two[0] * 30, two[1] * 30))
            .collect()
    })
}

fn openings() -> impl Strategy<Value = Opening> {
    let night = prop::option::of((36_u16..48, 1_u16..12));
    let day = (spans(), night).prop_map(|(mut spans, night)| {
        let end = spans.last().map_or(0, |span| span.to());
        if let Some((from, to)) = night.filter(|(from, _)| from * 30 >= end) {
            spans.extend(Span::new(from * 30, to * 30));
        }
        spans
    });
    let holidays = prop_oneof![
        Just(Holidays::NotSaid),
        Just(Holidays::AsUsual),
        spans().prop_map(Holidays::Hours)
    ];
    let days = prop::collection::btree_map(0_i64..40, spans(), 0..4);
    (prop::array::uniform7(day), holidays, days).prop_map(|(week, holidays, days)| Opening {
        week,
        holidays,
        days: days
            .into_iter()
            .map(|(day, spans)| (add_days(date(2026, 3, 10), day), spans))
            .collect(),
    })
}

proptest! {
    /// What is written reads back the same.
    #[test]
    fn hours_come_back(opening in openings()) {
        prop_assume!(opening.is_known());
        prop_assert_eq!(read(&opening.to_string()), Ok(opening));
    }

    /// A service is open exactly when some day's hours hold the instant, counted the plain way;
    /// and what is said of the next change is true: through Easter and the clock change.
    #[test]
    fn it_is_open_when_some_hours_hold_the_instant(opening in openings(), minute in 0_i64..60_000) {
        prop_assume!(opening.is_known());
        let calendar = calendar();
        let now = at("2026-03-12T00:00") + jiff::SignedDuration::from_mins(minute);
        let today = local(now).date();
        let mut plain = false;
        for back in 0..2 {
            let day = add_days(today, -back);
            for span in opening.on(day, &calendar).unwrap_or_default() {
                plain |= span.on(day).is_some_and(|(from, to)| from <= now && now < to);
            }
        }
        let second = jiff::SignedDuration::from_secs(1);
        let state = opening.at(now, &calendar);
        prop_assert_eq!(state.is_open(), plain, "{}", opening);
        match state {
            State::Open { until: Some(until) } => {
                prop_assert!(!opening.at(until, &calendar).is_open());
                prop_assert!(opening.at(until - second, &calendar).is_open());
            }
            State::Closed { opens: Some(opens) } => {
                prop_assert!(opens > now);
                prop_assert!(opening.at(opens, &calendar).is_open());
                prop_assert!(!opening.at(opens - second, &calendar).is_open());
            }
            _ => {}
        }
    }
}
