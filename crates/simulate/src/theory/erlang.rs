//! One station, from theory.
//!
//! Source: RULES L.1. Offered load `a = arrivals × mean stay`. Erlang B by the recursion
//! `B(c) = a B(c-1) / (c + a B(c-1))`. Erlang C `C = c B / (c - a (1 - B))`. Mean wait of M/M/c
//! `C / (c/stay - arrivals)`; of M/G/c about `(1 + CV²) / 2` of that (Lee and Longton 1959), which
//! is exact for one place (Pollaczek and Khinchine).

/// Share turned away by `places` with no queue, at an offered load; for any distribution of
/// stays.
pub fn erlang_b(load: f64, places: u32) -> f64 {
    (1..=places).fold(1.0, |blocked, places| {
        load * blocked / (f64::from(places) + load * blocked)
    })
}

/// Share that waits with `places` and an endless queue; 1 where the load is more than the places.
pub fn erlang_c(load: f64, places: u32) -> f64 {
    let places_f = f64::from(places);
    if load >= places_f {
        return 1.0;
    }
    let blocked = erlang_b(load, places);
    places_f * blocked / (places_f - load * (1.0 - blocked))
}

/// Mean wait in days of M/M/c; infinite where the load is not less than the places.
pub fn wait_mmc(arrivals: f64, stay: f64, places: u32) -> f64 {
    let load = arrivals * stay;
    let spare = f64::from(places) - load;
    if spare <= 0.0 {
        return f64::INFINITY;
    }
    erlang_c(load, places) * stay / spare
}

/// Mean wait in days of M/G/c, about; exact for one place.
pub fn wait_mgc(arrivals: f64, stay: f64, sd: f64, places: u32) -> f64 {
    let variation = (sd / stay).powi(2);
    wait_mmc(arrivals, stay, places) * (1.0 + variation) / 2.0
}

/// M/M/c/K: mean number that has a place, that waits, and share turned away.
pub fn limited(arrivals: f64, stay: f64, places: u32, queue: u32) -> (f64, f64, f64) {
    let load = arrivals * stay;
    let (mut weight, mut sum, mut busy, mut waiting) = (1.0, 1.0, 0.0, 0.0);
    for people in 1..=places.saturating_add(queue) {
        weight *= load / f64::from(people.min(places));
        sum += weight;
        busy += weight * f64::from(people.min(places));
        waiting += weight * f64::from(people.saturating_sub(places));
        // Sums of large loads must not overflow: only their proportions matter.
        if sum > 1e200 {
            (weight, sum, busy, waiting) = (weight / sum, 1.0, busy / sum, waiting / sum);
        }
    }
    (busy / sum, waiting / sum, weight / sum)
}

/// The least places with which at most a share is turned away.
pub fn places_for(load: f64, most: f64) -> u32 {
    let mut blocked = 1.0;
    let mut places = 0;
    while blocked > most && places < 10_000_000 {
        places += 1;
        blocked = load * blocked / (f64::from(places) + load * blocked);
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Published tables and the wait of the benchmark queue.
    #[test]
    fn tables() {
        for (load, places, expected) in [
            (1.0, 1, 0.5),
            (2.0, 2, 0.4),
            (10.0, 15, 0.036_497),
            (0.0, 3, 0.0),
        ] {
            assert!(
                (erlang_b(load, places) - expected).abs() < 1e-6,
                "{load} {places}"
            );
        }
        for (load, places, expected) in [(0.5, 1, 0.5), (1.0, 2, 1.0 / 3.0), (3.0, 2, 1.0)] {
            assert!(
                (erlang_c(load, places) - expected).abs() < 1e-9,
                "{load} {places}"
            );
        }
        assert!((wait_mmc(18.0, 1.0, 20) - 0.275_38).abs() < 0.000_005);
        assert!((wait_mgc(0.5, 1.0, 0.0, 1) - 0.5).abs() < 1e-12);
        assert_eq!(places_for(10.0, 0.036_5), 15);
    }

    #[test]
    fn a_limited_queue_lies_between_none_and_an_endless_one() {
        let (busy, waiting, away) = limited(3.0, 1.0, 4, 0);
        assert!((away - erlang_b(3.0, 4)).abs() < 1e-12 && waiting.abs() < 1e-12);
        assert!((busy - 3.0 * (1.0 - away)).abs() < 1e-12);
        let (_, waiting, away) = limited(3.0, 1.0, 4, 5_000);
        assert!(away < 1e-100 && (waiting - 3.0 * wait_mmc(3.0, 1.0, 4)).abs() < 1e-9);
        // A load far above the places: nearly everybody is turned away, and nothing overflows.
        let (busy, _, away) = limited(2_000.0, 1.0, 20, 400);
        assert!((busy - 20.0).abs() < 1e-6 && (away - 0.99).abs() < 1e-6);
    }
}
