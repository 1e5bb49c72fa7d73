#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use proptest::prelude::*;

/// The published oracle: 18 points, the fifth far out.
const ORACLE: [i64; 18] = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1];

fn chart(values: &[i64], wanted: Wanted) -> Chart {
    Chart::new(values, wanted, None, &[], Options::default()).unwrap()
}

fn close(a: f64, b: f64) {
    assert!((a - b).abs() < 0.000_05, "{a} is not {b}");
}

fn tests_at(chart: &Chart, point: usize) -> Vec<Test> {
    chart
        .signals(point)
        .iter()
        .map(|signal| signal.test)
        .collect()
}

#[test]
fn oracle_without_and_with_screening() {
    let plain = chart(&ORACLE, Wanted::Neither);
    let limits = &plain.stretches()[0];
    close(limits.mean(), 1.944_44);
    close(limits.average_range(), 1.882_35);
    close(limits.upper(), 6.951_5);
    close(limits.lower(), -3.062_6);
    assert_eq!(tests_at(&plain, 4), [Test::Outside]);

    let options = Options {
        screen_ranges: true,
        ..Options::default()
    };
    let screened = Chart::new(&ORACLE, Wanted::Neither, None, &[], options).unwrap();
    let limits = &screened.stretches()[0];
    close(limits.average_range(), 1.0);
    close(limits.upper(), 4.604_4);
    close(limits.lower(), -0.715_6);
    assert_eq!(tests_at(&screened, 4), [Test::Outside]);
    assert_eq!(
        (0..18)
            .filter(|at| !screened.signals(*at).is_empty())
            .count(),
        1
    );
}

#[test]
fn a_point_on_the_limit_is_inside() {
    // Mean 100, average moving range 200/2: the limit is 100 + 2.66 × 100 exactly.
    let stretch = Stretch {
        start: 0,
        len: 3,
        n: 3,
        sum: 300,
        m: 2,
        ranges: 200,
    };
    assert!(!stretch.is_outside(366));
    assert!(stretch.is_outside(367));
    assert!(!stretch.is_outside(-166));
    assert!(stretch.is_outside(-167));
}

#[test]
fn a_trend_needs_six_strict_steps() {
    let rising = [50, 10, 20, 30, 40, 50, 60, 70, 10, 50];
    let chart = chart(&rising, Wanted::Up);
    for at in 1..=7 {
        assert!(tests_at(&chart, at).contains(&Test::Trend), "point {at}");
    }
    for at in [0, 8, 9] {
        assert!(!tests_at(&chart, at).contains(&Test::Trend), "point {at}");
    }
    let level = [10, 20, 30, 30, 40, 50, 60, 10];
    assert!(
        (0..8).all(|at| !tests_at(&self::chart(&level, Wanted::Up), at).contains(&Test::Trend))
    );
}

#[test]
fn a_point_in_two_trends_takes_the_later_direction() {
    let peak = [1, 2, 3, 4, 5, 6, 7, 6, 5, 4, 3, 2, 1];
    let marks = trends(&peak, 7);
    assert_eq!(marks[5], Some(true));
    assert_eq!(marks[6], Some(false), "the top belongs to both runs");
}

#[test]
fn six_or_seven_points() {
    let six = [5, 50, 51, 52, 53, 54, 55, 5];
    let count = |run| {
        let options = Options {
            run,
            ..Options::default()
        };
        let chart = Chart::new(&six, Wanted::Up, None, &[], options).unwrap();
        (0..8)
            .filter(|at| tests_at(&chart, *at).contains(&Test::Trend))
            .count()
    };
    assert_eq!(
        (count(Run::Six), count(Run::Seven)),
        (7, 7),
        "5 to 55 is itself a step up"
    );
    let shorter = [60, 50, 51, 52, 53, 54, 55, 5];
    let count = |run| {
        let options = Options {
            run,
            ..Options::default()
        };
        let chart = Chart::new(&shorter, Wanted::Up, None, &[], options).unwrap();
        (0..8)
            .filter(|at| tests_at(&chart, *at).contains(&Test::Trend))
            .count()
    };
    assert_eq!((count(Run::Six), count(Run::Seven)), (6, 0));
}

#[test]
fn two_of_three_counts_points_beyond_the_outer_limit_unless_switched() {
    // Sides +, near limit at 177.3…, outer at 266 from the mean of nought.
    let stretch = Stretch {
        start: 0,
        len: 3,
        n: 1,
        sum: 0,
        m: 1,
        ranges: 100,
    };
    let values = [300, 200, 10];
    let sides: Vec<i128> = values.iter().map(|value| stretch.side(*value)).collect();
    let mdc = two_of_three(&values, &sides, &stretch, Options::default());
    assert_eq!(
        mdc,
        [Some(true), Some(true), None],
        "only points beyond the near limit"
    );
    let r = Options {
        two_of_three_inside_only: true,
        ..Options::default()
    };
    assert_eq!(
        two_of_three(&values, &sides, &stretch, r),
        [None, None, None]
    );
    let crossing = [300, 200, -10];
    let sides: Vec<i128> = crossing.iter().map(|value| stretch.side(*value)).collect();
    assert_eq!(
        two_of_three(&crossing, &sides, &stretch, Options::default()),
        [None, None, None]
    );
}

#[test]
fn a_point_on_the_mean_breaks_a_shift() {
    assert_eq!(shifts(&[1, 1, 1, 0, 1, 1, 1, 1], 7), [None; 8]);
    assert_eq!(shifts(&[-1; 7], 7), [Some(false); 7]);
}

#[test]
fn runs_never_cross_a_rebase() {
    let rising: Vec<i64> = (0..14).collect();
    let whole = chart(&rising, Wanted::Up);
    assert!(!whole.signals(6).is_empty());
    let options = Options::default();
    let split = Chart::new(&rising, Wanted::Up, None, &[4, 8], options).unwrap();
    assert!((0..8).all(|at| !tests_at(&split, at).contains(&Test::Trend)));
    assert_eq!(split.stretches().len(), 3);
    assert!(split.is_trial());
    for bad in [vec![0], vec![14], vec![8, 4], vec![4, 4]] {
        assert_eq!(
            Chart::new(&rising, Wanted::Up, None, &bad, options),
            Err(Error::Rebase)
        );
    }
}

#[test]
fn limits_can_be_fixed_on_the_first_points() {
    let mut values = vec![10, 12, 10, 12, 10, 12, 10, 12, 10, 12, 10, 12];
    values.extend([40; 4]);
    let fixed = Options {
        fix_after: Some(12),
        ..Options::default()
    };
    let chart = Chart::new(&values, Wanted::Down, None, &[], fixed).unwrap();
    close(chart.stretches()[0].mean(), 11.0);
    assert_eq!(tests_at(&chart, 15)[0], Test::Outside);
    let few = Options {
        fix_after: Some(11),
        ..Options::default()
    };
    assert_eq!(
        Chart::new(&values, Wanted::Down, None, &[], few),
        Err(Error::Fix)
    );
    assert_eq!(
        Chart::new(&[], Wanted::Down, None, &[], fixed),
        Err(Error::NoPoints)
    );
}

/// Eleven ordinary points and then so many that rise while still below the mean.
fn rising_below_the_mean() -> Vec<i64> {
    let mut values = vec![200, 202, 198, 201, 199, 203, 197, 200, 202, 198, 201];
    values.extend([100, 101, 102, 103, 104, 105, 106]);
    values
}

#[test]
fn the_letter_comes_from_the_wanted_direction() {
    // A run that rises while still below the mean: the limits are passed downward
    // first, so widen them with one great step.
    let mut values = rising_below_the_mean();
    values[0] = 900;
    let up = chart(&values, Wanted::Up);
    assert_eq!(
        up.signals(17)[0],
        Signal {
            test: Test::Trend,
            up: true
        }
    );
    assert_eq!(up.variation(), Variation::ImprovementHigh);
    assert_eq!(up.variation().sign(), "H");
    assert_eq!(
        chart(&values, Wanted::Down).variation(),
        Variation::ConcernHigh
    );
    assert_eq!(
        chart(&values, Wanted::Neither).variation(),
        Variation::NeutralHigh
    );
    let words = up.variation_words("days", "March 2019");
    assert!(
        words.starts_with("Special cause, improvement: days are rising"),
        "{words}"
    );
    assert!(
        words.contains(
            "also one of two points in three close to the lower limit, which points to concern"
        ),
        "{words}"
    );
}

#[test]
fn icons_for_low_points() {
    let mut values = ORACLE.to_vec();
    values[4] = 2;
    values.push(-30);
    assert_eq!(
        chart(&values, Wanted::Down).variation(),
        Variation::ImprovementLow
    );
    assert_eq!(
        chart(&values, Wanted::Up).variation(),
        Variation::ConcernLow
    );
    assert_eq!(
        chart(&values, Wanted::Neither).variation(),
        Variation::NeutralLow
    );
    assert_eq!(chart(&ORACLE, Wanted::Down).variation(), Variation::Common);
    assert_eq!(
        chart(&values[..12], Wanted::Down).variation(),
        Variation::TooFew
    );
}

#[test]
fn assurance_against_the_latest_limits() {
    let assure = |values: &[i64], wanted, target| {
        Chart::new(values, wanted, target, &[], Options::default())
            .unwrap()
            .assurance()
    };
    for (target, up, down) in [
        (Some(100), Assurance::Fail, Assurance::Pass),
        (Some(-100), Assurance::Pass, Assurance::Fail),
        (Some(2), Assurance::HitAndMiss, Assurance::HitAndMiss),
        (None, Assurance::None, Assurance::None),
    ] {
        assert_eq!(assure(&ORACLE, Wanted::Up, target), up, "{target:?}");
        assert_eq!(assure(&ORACLE, Wanted::Down, target), down, "{target:?}");
        assert_eq!(assure(&ORACLE, Wanted::Neither, target), Assurance::None);
    }
    assert_eq!(
        assure(&[5; 13], Wanted::Down, Some(5)),
        Assurance::HitAndMiss,
        "never moves, on target"
    );
    assert_eq!(
        assure(&[5; 12], Wanted::Down, Some(5)),
        Assurance::None,
        "too few points"
    );
}

#[test]
fn words_for_every_icon() {
    let mut high = ORACLE.to_vec();
    high.push(50);
    let chart = Chart::new(&high, Wanted::Down, Some(-100), &[], Options::default()).unwrap();
    insta::assert_snapshot!([
        chart.variation_words("delayed days", "June 2026"),
        chart.assurance_words().to_owned(),
        self::chart(&ORACLE, Wanted::Down).variation_words("delayed days", "June 2026"),
        self::chart(&ORACLE[..5], Wanted::Down).variation_words("delayed days", "June 2026"),
        self::chart(&ORACLE, Wanted::Down).assurance_words().to_owned(),
    ].join("\n"), @r"
    Special cause, concern: delayed days are high (above the upper limit in June 2026).
    The target will be missed without a change.
    Common cause: delayed days vary as usual in June 2026.
    Too few points: 5 of the 13 needed. The limits are trial limits.
    No target is set.
    ");
}

proptest! {
    /// Moving every value by the same amount changes no signal; turning the
    /// series upside down turns every signal over.
    #[test]
    fn signals_move_and_turn_with_the_series(
        values in prop::collection::vec(-500_i64..500, 1..40),
        by in -10_000_i64..10_000,
    ) {
        let plain = chart(&values, Wanted::Up);
        let moved: Vec<i64> = values.iter().map(|value| value + by).collect();
        prop_assert_eq!(&chart(&moved, Wanted::Up).signals, &plain.signals);
        let turned: Vec<i64> = values.iter().map(|value| -value).collect();
        let turned = chart(&turned, Wanted::Up);
        for (one, other) in plain.signals.iter().flatten().zip(turned.signals.iter().flatten()) {
            prop_assert_eq!(one.test, other.test);
            prop_assert_ne!(one.up, other.up);
        }
        prop_assert_eq!(plain.signals.iter().flatten().count(), turned.signals.iter().flatten().count());
    }

    /// The exact comparison agrees with floats wherever floats can tell.
    #[test]
    fn exact_limits_agree_with_floats(values in prop::collection::vec(0_i64..300_000, 2..120)) {
        let plain = chart(&values, Wanted::Down);
        let limits = &plain.stretches()[0];
        for (at, value) in values.iter().enumerate() {
            let value = *value as f64;
            let margin = (value - limits.upper()).abs().min((value - limits.lower()).abs());
            if margin > 0.001 {
                let outside = value > limits.upper() || value < limits.lower();
                prop_assert_eq!(tests_at(&plain, at).contains(&Test::Outside), outside);
            }
        }
    }
}
