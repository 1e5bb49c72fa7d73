//! How dates, times, lengths of time and counts are written for people:
//! "6 August 2018", "8:05am", "midday", "3 days", "overdue by 3 hours".

use jiff::Timestamp;
use jiff::civil::Date;
use kernel::calendar;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// `6 August 2018`.
pub fn date(day: Date) -> String {
    format!("{} {} {}", day.day(), month_name(day.month()), day.year())
}

/// `August` for 8; empty for a number that is no month.
pub fn month_name(month: i8) -> &'static str {
    usize::try_from(month - 1)
        .ok()
        .and_then(|index| MONTHS.get(index))
        .copied()
        .unwrap_or("")
}

/// A sentence with each day in it that is written `2026-08-06` as people write it.
pub fn days_in_words(text: &str) -> String {
    let word = |word: &str| {
        let (day, rest) = word.split_at_checked(10).unwrap_or((word, ""));
        // What goes on after ten signs, as a time does, is more than a day.
        let ends = rest.chars().all(|one| one.is_ascii_punctuation());
        match day.parse::<Date>() {
            Ok(found) if day.len() == 10 && ends => format!("{}{rest}", date(found)),
            _ => word.to_owned(),
        }
    };
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// `6 August 2018`, or "Not known".
pub fn date_or(day: Option<Date>) -> String {
    day.map_or_else(|| "Not known".to_owned(), date)
}

/// The day it is in the United Kingdom.
pub fn day_of(instant: Timestamp) -> Date {
    calendar::local(instant).date()
}

/// Time of day in the United Kingdom: `8:05am`, `5pm`, `midday`, `midnight`.
pub fn time(instant: Timestamp) -> String {
    calendar::time_in_words(calendar::local(instant))
}

/// `6 August 2018 at 8:05am`.
pub fn date_time(instant: Timestamp) -> String {
    format!("{} at {}", date(day_of(instant)), time(instant))
}

/// `today at 3pm`, `yesterday at 9am`, `tomorrow at midday`, else the full date.
pub fn near_time(instant: Timestamp, now: Timestamp) -> String {
    let day = day_of(instant);
    let today = day_of(now);
    if day == today {
        format!("today at {}", time(instant))
    } else if today.yesterday().is_ok_and(|y| y == day) {
        format!("yesterday at {}", time(instant))
    } else if today.tomorrow().is_ok_and(|t| t == day) {
        format!("tomorrow at {}", time(instant))
    } else {
        date_time(instant)
    }
}

/// `overdue by 3 hours`; `None` while it is not late.
pub fn overdue(due: Timestamp, now: Timestamp) -> Option<String> {
    let minutes = (now.as_second() - due.as_second()) / 60;
    if minutes < 1 {
        return None;
    }
    let (count, unit) = match minutes {
        0..60 => (minutes, "minute"),
        60..2880 => (minutes / 60, "hour"),
        _ => (minutes / 1440, "day"),
    };
    Some(format!("overdue by {}", counted(count, unit)))
}

/// The instant at a local time of day in the United Kingdom; `None` if there is no such time.
pub fn local(day: Date, hour: i8, minute: i8) -> Option<Timestamp> {
    let time = jiff::civil::Time::new(hour, minute, 0, 0).ok()?;
    calendar::instant(day.to_datetime(time))
}

/// Hour and minute of an instant in the United Kingdom.
pub fn clock(instant: Timestamp) -> (i8, i8) {
    let local = calendar::local(instant);
    (local.hour(), local.minute())
}

/// A date, or a date and time, as its source wrote it, in words: only as exact as it was
/// written.
pub fn when(text: Option<&str>) -> String {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else {
        return "Date not known".to_owned();
    };
    if let Ok(instant) = text.parse::<Timestamp>() {
        return date_time(instant);
    }
    if let Some(Ok(day)) = text.get(..10).map(str::parse) {
        return date(day);
    }
    month(text).unwrap_or_else(|| text.to_owned())
}

/// `August 2018` of `2018-08`; `None` for what is no month.
pub fn month(text: &str) -> Option<String> {
    let first = text.parse::<kernel::Month>().ok()?.first();
    Some(format!("{} {}", month_name(first.month()), first.year()))
}

/// How long ago something was that its source dated, only as exact as it was written: `today`,
/// `5 days ago`, `about 3 years ago`, `in 2 weeks`. `None` when there is no date in it.
pub fn ago(written: &str, today: Date) -> Option<String> {
    let written = written.trim();
    let day = match written.parse::<Timestamp>() {
        Ok(instant) => Some(day_of(instant)),
        Err(_) => written.get(..10).and_then(|day| day.parse().ok()),
    };
    if let Some(day) = day {
        return Some(days_ago(day, today));
    }
    if let Ok(month) = written.parse::<kernel::Month>() {
        let months = months_between(month.first(), today.first_of_month());
        return Some(match months {
            0 => "this month".to_owned(),
            1 => "last month".to_owned(),
            -1 => "next month".to_owned(),
            ..0 => format!("in about {}", counted(-months, "month")),
            2..24 => format!("about {} ago", counted(months, "month")),
            _ => format!("about {} ago", counted(months / 12, "year")),
        });
    }
    let year: i64 = match written.len() {
        4 => written.parse().ok()?,
        _ => return None,
    };
    Some(match i64::from(today.year()) - year {
        0 => "this year".to_owned(),
        1 => "last year".to_owned(),
        years @ 2.. => format!("about {} ago", counted(years, "year")),
        _ => return None,
    })
}

fn days_ago(day: Date, today: Date) -> String {
    let days = days_between(day, today);
    let long = |days: i64, months: i64| match (days, months) {
        (..14, _) => counted(days, "day"),
        (14..60, _) => counted(days / 7, "week"),
        (_, ..24) => counted(months, "month"),
        _ => counted(months / 12, "year"),
    };
    match days {
        0 => "today".to_owned(),
        1 => "yesterday".to_owned(),
        -1 => "tomorrow".to_owned(),
        ..0 => format!("in {}", long(-days, months_between(today, day))),
        _ => format!("{} ago", long(days, months_between(day, today))),
    }
}

/// Whole months from an earlier day to a later one; negative the other way round.
fn months_between(from: Date, to: Date) -> i64 {
    let months = |day: Date| i64::from(day.year()) * 12 + i64::from(day.month());
    let between = months(to) - months(from);
    match between > 0 && to.day() < from.day() {
        true => between - 1,
        false => between,
    }
}

/// Whole days from one day to another; negative when the second is earlier.
pub fn days_between(from: Date, to: Date) -> i64 {
    i64::from((to - from).get_days())
}

/// `1,200`, `minus 3`.
pub fn count(number: i64) -> String {
    let sign = if number < 0 { "minus " } else { "" };
    format!("{sign}{}", kernel::money::thousands(number.unsigned_abs()))
}

/// `1 day`, `3 days`, `1,200 people`; regular plurals and "person".
pub fn counted(count: i64, unit: &str) -> String {
    let number = self::count(count);
    match (count, unit) {
        (1, _) => format!("{number} {unit}"),
        (_, "person") => format!("{number} people"),
        _ => format!("{number} {unit}s"),
    }
}

/// First letter in capitals: "social care" becomes "Social care", "nhs" becomes "NHS".
pub fn sentence(text: &str) -> String {
    if text == "nhs" {
        return "NHS".to_owned();
    }
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// First letter small: "The ready day" becomes "the ready day".
pub fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(letters).collect()
    })
}

/// The text, or "Not known" when it is empty.
pub fn known(text: &str) -> &str {
    if text.trim().is_empty() {
        "Not known"
    } else {
        text
    }
}

/// What a parameter settles, in plain words; its key where none are written here.
pub fn rule(key: &str) -> &str {
    match key {
        "dtoc.count_ready_day" => "whether the day of being ready counts",
        "dtoc.minimum_age" => "from which age people are counted",
        "dtoc.notices_needed" => "when notices must have been given",
        "dtoc.notice_cutoff_time" => "until what hour a notice counts as given that day",
        "dtoc.notice_saturday_counts" => "whether a notice counts as given on a Saturday",
        "dtoc.liability_starts_after_days" => "from which day the council may be charged",
        "dtoc.reimbursement_day" => "what a day costs the council",
        "dtoc.reimbursement_day_higher" => {
            "what it costs in the area with the higher amount, and which that is"
        }
        "dtoc.discharge_day_is_charged" => "whether the day of leaving is charged",
        "drd.minimum_age" => "from which age discharges are counted",
        "sitrep.minimum_age" => "from which age the daily report counts",
        "drd.bands" => "which bands of days there are",
        "ascof.at_home_older_days" => "on which day the older measure asks",
        "reablement.free_weeks" => "how many weeks are free",
        "clock.chc_decision_days" => "in how many days the NHS decides",
        "clock.chc_fast_track_hours" => "in how many hours care is in place",
        "clock.annual_review_years" => "how often a plan is reviewed",
        "clock.deprivation_standard_days" => "in how many days a request is decided",
        "clock.deprivation_urgent_days" => "how long an urgent authorisation lasts",
        "clock.deprivation_urgent_extension_days" => "by how many days it is extended",
        "clock.deprivation_first_day_counts" => "whether the day it is given counts",
        key => key,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn days_in_a_sentence_are_written_out() {
        for (given, said) in [
            (
                "It runs from 2026-04-01 to 2027-03-31.",
                "It runs from 1 April 2026 to 31 March 2027.",
            ),
            (
                "Paid £5 on 2026-04-01; never late",
                "Paid £5 on 1 April 2026; never late",
            ),
            (
                "2026-13-01 is no day, nor is 2026-04-01T09:00",
                "2026-13-01 is no day, nor is 2026-04-01T09:00",
            ),
            ("", ""),
        ] {
            assert_eq!(days_in_words(given), said);
        }
    }

    #[test]
    fn dates_and_times_read_as_the_service_manual_has_them() {
        assert_eq!(date("2018-08-06".parse().unwrap()), "6 August 2018");
        for (instant, words) in [
            ("2026-01-05T08:05:00Z", "8:05am"),
            ("2026-07-05T08:05:00Z", "9:05am"),
            ("2026-01-05T00:00:00Z", "midnight"),
            ("2026-01-05T12:00:00Z", "midday"),
            ("2026-01-05T17:30:00Z", "5:30pm"),
            ("2026-01-05T15:00:00Z", "3pm"),
            ("2026-01-05T00:07:00Z", "12:07am"),
        ] {
            assert_eq!(time(at(instant)), words, "{instant}");
        }
        assert_eq!(
            date_time(at("2026-07-05T23:30:00Z")),
            "6 July 2026 at 12:30am"
        );
    }

    #[test]
    fn near_days_have_names() {
        let now = at("2026-01-05T08:05:00Z");
        assert_eq!(near_time(at("2026-01-05T15:00:00Z"), now), "today at 3pm");
        assert_eq!(
            near_time(at("2026-01-04T15:00:00Z"), now),
            "yesterday at 3pm"
        );
        assert_eq!(
            near_time(at("2026-01-06T12:00:00Z"), now),
            "tomorrow at midday"
        );
        assert_eq!(
            near_time(at("2026-01-09T12:00:00Z"), now),
            "9 January 2026 at midday"
        );
    }

    #[test]
    fn lateness_is_said_in_words() {
        let now = at("2026-01-05T12:00:00Z");
        for (due, words) in [
            ("2026-01-05T12:00:00Z", None),
            ("2026-01-05T13:00:00Z", None),
            ("2026-01-05T11:59:00Z", Some("overdue by 1 minute")),
            ("2026-01-05T09:00:00Z", Some("overdue by 3 hours")),
            ("2026-01-03T12:00:01Z", Some("overdue by 47 hours")),
            ("2026-01-01T12:00:00Z", Some("overdue by 4 days")),
        ] {
            assert_eq!(overdue(at(due), now).as_deref(), words, "{due}");
        }
    }

    #[test]
    fn dates_are_only_as_exact_as_they_were_written() {
        for (written, words) in [
            (None, "Date not known"),
            (Some("2018"), "2018"),
            (Some("2018-08"), "August 2018"),
            (Some("2018-08-06"), "6 August 2018"),
            (Some("2018-08-06T09:30:00+01:00"), "6 August 2018 at 9:30am"),
            (Some("2018-08-06T09:30:00"), "6 August 2018"),
        ] {
            assert_eq!(when(written), words);
        }
    }

    #[test]
    fn ages_are_only_as_exact_as_their_dates() {
        let today = "2018-10-16".parse().unwrap();
        for (written, words) in [
            ("2018-10-16", Some("today")),
            ("2018-10-16T09:30", Some("today")),
            // Summer time: it was the next day already.
            ("2018-10-14T23:30:00Z", Some("yesterday")),
            ("2018-10-03", Some("13 days ago")),
            ("2018-10-02", Some("2 weeks ago")),
            ("2018-08-18", Some("8 weeks ago")),
            ("2018-08-17", Some("1 month ago")),
            ("2018-08-16", Some("2 months ago")),
            ("2016-10-17", Some("23 months ago")),
            ("2016-10-16", Some("2 years ago")),
            ("1971-01-01", Some("47 years ago")),
            ("2018-10-17", Some("tomorrow")),
            ("2018-10-30", Some("in 2 weeks")),
            ("2019-10-16", Some("in 12 months")),
            ("2018-10", Some("this month")),
            ("2018-09", Some("last month")),
            ("2018-01", Some("about 9 months ago")),
            ("2009-05", Some("about 9 years ago")),
            ("2018-12", Some("in about 2 months")),
            ("2018", Some("this year")),
            ("2017", Some("last year")),
            ("1971", Some("about 47 years ago")),
            ("2030", None),
            ("", None),
            ("as a child", None),
        ] {
            assert_eq!(ago(written, today).as_deref(), words, "{written}");
        }
    }

    #[test]
    fn counts_and_local_times() {
        assert_eq!(counted(1, "day"), "1 day");
        assert_eq!(counted(0, "day"), "0 days");
        assert_eq!(counted(1200, "person"), "1,200 people");
        let summer = local("2026-07-05".parse().unwrap(), 9, 0).unwrap();
        assert_eq!(summer, at("2026-07-05T08:00:00Z"));
        assert_eq!(clock(summer), (9, 0));
        assert_eq!(
            days_between("2026-02-27".parse().unwrap(), "2026-03-02".parse().unwrap()),
            3
        );
        assert_eq!(sentence("nhs"), "NHS");
        assert_eq!(sentence("social care"), "Social care");
    }
}
