//! What must hold in every model, whatever it is.

use super::{far, plan, run};
use proptest::prelude::*;
use simulate::Measure::{Arrivals, Blocked, Cost, Departures, Occupancy, Queue, WaitDays};
use simulate::{Limits, Outcome, Settings};
use std::fmt::Write;

/// A network of some stations, each with a way on to later ones.
fn network(stations: &[(u32, u8, bool, u32)], arrivals: f64) -> String {
    let mut text = format!(
        "title = \"any\"\ndays = 40\n[source.door]\narrivals_per_day = {arrivals:?}\nto = \"s0\"\n"
    );
    let stays = [
        "distribution = \"exponential\", mean_days = 1.5",
        "distribution = \"log-normal\", median_days = 2.0, mean_days = 3.0",
        "distribution = \"weibull\", shape = 1.5, scale_days = 2.0",
        "distribution = \"empirical\", values_days = [0.5, 1.0, 4.0]",
        "distribution = \"fixed\", mean_days = 1.0",
    ];
    for (at, (capacity, stay, keeps, initial)) in stations.iter().enumerate() {
        let stay = stays[usize::from(*stay) % stays.len()];
        let _ = write!(
            text,
            "[station.s{at}]\ncapacity_beds = {capacity}\nkeeps_place_until_next = {keeps}\nstay = {{ {stay} }}\n\
             initial_people = {initial}\ninitial_queue_people = {initial}\ncost = [{{ payer = \"NHS\", occupied_day_pence = 30000 }}]\n"
        );
        if at + 1 < stations.len() {
            let last = stations.len() - 1;
            let _ = writeln!(
                text,
                "next = [{{ to = \"s{}\", share = 0.5 }}, {{ to = \"s{last}\", share = 0.25 }}, {{ to = \"leaves\", share = 0.25 }}]",
                at + 1
            );
        }
    }
    text
}

fn sum(outcome: &Outcome, station: usize, measure: simulate::Measure) -> f64 {
    outcome.over(0..outcome.days, station, measure)[0] * f64::from(outcome.days)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn people_are_neither_made_nor_lost(
        stations in proptest::collection::vec((1_u32..12, 0_u8..5, any::<bool>(), 0_u32..6), 1..5),
        arrivals in 0.5_f64..12.0,
        seed in 0_u64..1_000,
    ) {
        let outcome = run(&network(&stations, arrivals), 1, seed);
        for (at, (capacity, _, _, initial)) in stations.iter().enumerate() {
            let (came, left) = (sum(&outcome, at, Arrivals), sum(&outcome, at, Departures));
            // Whoever came or was there has left, is there, or waits; who waits keeping a place
            // elsewhere is there too.
            let remain = came + 2.0 * f64::from(*initial) - left;
            prop_assert!(remain >= 0.0, "{at}: {came} came, {left} left");
            for day in 0..outcome.days {
                let figure = |measure| outcome.figures(day, at, measure)[0];
                let most = f64::from(*capacity.max(initial));
                prop_assert!(figure(Occupancy) <= most + 1e-9);
                prop_assert!(figure(Blocked) <= figure(Occupancy) + 1e-9);
                // A bed costs £300 a day, in whole pence.
                prop_assert!((figure(Cost) - 300.0 * figure(Occupancy)).abs() <= 0.0051);
            }
        }
    }

    #[test]
    fn more_room_in_the_last_station_never_makes_its_queue_longer(
        capacity in 2_u32..10, arrivals in 1.0_f64..6.0, seed in 0_u64..1_000,
    ) {
        let text = |capacity| network(&[(capacity, 1, false, 0)], arrivals);
        let (few, many) = (run(&text(capacity), 1, seed), run(&text(capacity + 1), 1, seed));
        for day in 0..few.days {
            let queue = |outcome: &Outcome| outcome.figures(day, 0, Queue)[0];
            prop_assert!(queue(&many) <= queue(&few) + 1e-9, "day {day}");
            // The same people come, whatever the room.
            let came = |outcome: &Outcome| outcome.figures(day, 0, Arrivals)[0] as u32;
            prop_assert_eq!(came(&few), came(&many));
        }
    }
}

#[test]
fn waits_add_up_to_the_queue() {
    // Little over one replication: from an empty start to an empty end the sums are equal.
    let text = "title = \"ends empty\"\ndays = 60\n[source.door]\npeople_by_day = [30, 40, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]\nto = \"ward\"\n\
        [station.ward]\ncapacity_beds = 6\nstay = { distribution = \"log-normal\", mean_days = 1.0, sd_days = 0.5 }\n";
    let outcome = run(text, 1, 3);
    assert!((sum(&outcome, 0, Arrivals) - 90.0).abs() < 1e-9);
    assert!((sum(&outcome, 0, Departures) - 90.0).abs() < 1e-9);
    let waited = outcome.over(0..60, 0, WaitDays)[0] * 90.0;
    assert!((waited - sum(&outcome, 0, Queue)).abs() < 1e-6, "{waited}");
    assert!(waited > 50.0);
}

#[test]
fn the_result_is_the_same_on_any_number_of_threads() {
    let text = network(&[(4, 1, true, 2), (3, 2, false, 1), (5, 0, false, 0)], 4.0);
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| run(&text, 12, 5).table())
    };
    let one = on(1);
    assert_eq!(format!("{one:?}"), format!("{:?}", on(3)));
    let other = run(&text, 12, 6).table();
    assert_ne!(format!("{one:?}"), format!("{other:?}"));
}

#[test]
fn people_of_one_kind_go_first_and_their_own_way() {
    let text = "title = \"attributes\"\ndays = 300\nwarm_up_days = 20\n\
        [source.door]\narrivals_per_day = 9.0\nto = \"ward\"\nattributes.frailty = { severe = 0.3, mild = 0.7 }\n\
        [station.ward]\ncapacity_beds = 10\nstay = { distribution = \"exponential\", mean_days = 1.0 }\n\
        priority = [{ when = { frailty = \"severe\" }, level = 0 }]\n\
        next = [{ to = \"home care\", when = { frailty = \"severe\" } }, { to = \"leaves\" }]\n\
        [station.\"home care\"]\ncapacity_beds = \"unlimited\"\nstay = { distribution = \"fixed\", mean_days = 5.0 }\n";
    let outcome = run(text, 20, 2);
    let came = |at| outcome.whole(at, Arrivals).unwrap().mean;
    let (home, ward) = (
        outcome.station("home care").unwrap(),
        outcome.station("ward").unwrap(),
    );
    let share = came(home) / came(ward);
    assert!((share - 0.3).abs() < 0.01, "{share}");
}

/// What the payers of a day pay is what it costs, however many they are.
#[test]
fn payers_pay_what_a_day_costs() {
    let text = "title = \"payers\"\ndays = 20\n\
        [source.door]\narrivals_per_day = 6.0\nto = \"ward\"\n\
        [station.ward]\ncapacity_beds = 4\nchanges = [{ from_day = 8, capacity = 5 }]\n\
        stay = { distribution = \"exponential\", mean_days = 0.9 }\n\
        cost = [{ payer = \"NHS\", occupied_day_pence = 34600, waiting_day_pence = 1200 }, { payer = \"council\", place_day_pence = 2500 }, { payer = \"NHS\", place_day_pence = 100 }]\n";
    let (plan, outcome) = (plan(text), run(text, 8, 3));
    for day in 0..20 {
        let of = |payer| outcome.paid_on(&plan, payer, 0, day).unwrap().mean;
        let cost = outcome.day(day, 0, Cost).unwrap().mean;
        assert!((of(0) + of(1) - cost).abs() < 0.0051, "day {day}");
        let council = if day < 7 { 100.0 } else { 125.0 };
        assert!((of(1) - council).abs() < 1e-9, "day {day}");
    }
    let all: f64 = (0..20)
        .map(|day| outcome.paid_on(&plan, 0, 0, day).unwrap().mean)
        .sum();
    assert!((all / 20.0 - outcome.paid(0).unwrap().0.mean).abs() < 0.01);
}

#[test]
fn shifts_and_changes_hold_when_they_say() {
    let text = "title = \"hours\"\nstart = \"2026-01-05\"\ndays = 14\n\
        [source.door]\narrivals_per_day = 40.0\nto = \"team\"\n\
        [station.team]\nkind = \"team\"\nstay = { distribution = \"fixed\", mean_days = 0.01 }\n\
        shifts = [{ days = [\"monday\", \"tuesday\", \"wednesday\", \"thursday\", \"friday\"], from = \"09:00\", to = \"17:00\", capacity = 3 }]\n\
        next = [{ to = \"beds\" }]\n\
        [station.beds]\ncapacity_beds = 2\nchanges = [{ from = \"2026-01-12\", capacity = 400 }]\n\
        stay = { distribution = \"fixed\", mean_days = 20.0 }\n";
    let outcome = run(text, 3, 2);
    let (beds, team) = (
        outcome.station("beds").unwrap(),
        outcome.station("team").unwrap(),
    );
    let mean = |day, station, measure| outcome.day(day, station, measure).unwrap().mean;
    // Saturday and Sunday: nobody is seen; on Monday more than on any other day.
    assert!(mean(5, team, Departures).abs() < 1e-9 && mean(6, team, Departures).abs() < 1e-9);
    assert!(mean(7, team, Departures) > 90.0);
    assert!(mean(6, beds, Occupancy) <= 2.0 && mean(8, beds, Occupancy) > 100.0);
    let capacity = |station, day| plan(text).capacity_on(station, day).unwrap();
    assert!((capacity(team, 0) - 1.0).abs() < 1e-9 && capacity(team, 5).abs() < 1e-9);
}

#[test]
fn visits_are_booked_within_what_there_is() {
    let text = "title = \"home care\"\ndays = 120\nwarm_up_days = 60\n\
        [source.hospital]\narrivals_per_day = 3.0\nto = \"reablement\"\n\
        [station.reablement]\nkind = \"visits\"\ncapacity_visits_per_day = 78\n\
        stay = { distribution = \"log-normal\", mean_days = 10.0, sd_days = 4.0 }\n\
        visits = { first_per_day = 4, first_sd = 0.5, last_per_day = 1, last_sd = 0.5 }\n\
        initial_people = 20\ninitial_queue_people = 4\ninitial_stay = \"uniform\"\n";
    let outcome = run(text, 30, 4);
    // 3 a day for about 10.5 days (a stay begins with the day of arrival): nearly all of 78 visits.
    let occupancy = outcome.whole(0, Occupancy).unwrap().mean;
    assert!((28.0..33.0).contains(&occupancy), "{occupancy}");
    assert!(outcome.whole(0, Queue).unwrap().mean > 0.1);
    assert!(plan(text).warnings[0].text.contains("visits a day"));
}

/// Who would have to wait longer than they bear goes elsewhere, for visits as for beds.
#[test]
fn a_limited_queue_for_visits_turns_people_away() {
    let text = |more: &str| {
        format!(
            "title = \"home care\"\ndays = 120\nwarm_up_days = 60\n\
            [source.hospital]\narrivals_per_day = 4.0\nto = \"reablement\"\n\
            [station.reablement]\nkind = \"visits\"\ncapacity_visits_per_day = 60\n\
            stay = {{ distribution = \"fixed\", mean_days = 10.0 }}\n\
            visits = {{ first_per_day = 3, last_per_day = 1 }}\n{more}"
        )
    };
    for (more, most) in [
        ("queue_limit_people = 0", 0.0),
        ("queue_limit_people = 5", 5.0),
        ("balking_from_people = 5\nbalking_share = 1.0", 5.0),
    ] {
        let outcome = run(&text(more), 10, 1);
        let queue = outcome.whole(0, Queue).unwrap();
        assert!(queue.quantiles[4] <= most, "{more}: {queue:?}");
        // Room for three of four.
        let away = outcome.turned_away(0).unwrap().mean;
        assert!((0.2..0.4).contains(&away), "{more}: {away}");
        assert!(outcome.whole(0, Occupancy).unwrap().mean > 24.0, "{more}");
    }
}

#[test]
fn limits_stop_a_run_with_what_there_is() {
    let text = network(&[(1, 0, false, 0)], 10.0);
    let settings = Settings {
        scenario: "baseline".to_owned(),
        seed: 1,
        replications: 4,
        precision: None,
    };
    let limited = |limits: &Limits<'_>| simulate::run(&plan(&text), &settings, limits);
    let few = limited(&Limits {
        people: 100,
        ..far()
    })
    .unwrap();
    assert!(few.days < 40);
    assert!(few.stopped.as_ref().unwrap().contains("limit of people"));
    // With a limit of people none is left out: those with short queues would be told alone.
    assert_eq!(few.replications(), 4);
    assert!(few.payers.is_empty());
    let asked = std::sync::atomic::AtomicU32::new(0);
    let go_on = || asked.fetch_add(1, std::sync::atomic::Ordering::Relaxed) < 60;
    let late = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build()
        .unwrap();
    let late = late
        .install(|| {
            limited(&Limits {
                go_on: &go_on,
                ..far()
            })
        })
        .unwrap();
    assert_eq!((late.replications(), late.days), (1, 40));
    assert!(late.stopped.unwrap().contains("time limit"));
    assert!(limited(&Limits { bytes: 10, ..far() }).is_err());
    let small = limited(&Limits {
        bytes: 40 * 9 * 8 * 2,
        ..far()
    })
    .unwrap();
    assert_eq!(small.replications(), 2);
}
