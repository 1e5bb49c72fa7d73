//! Plans of made-up counties: every one passes the checker, whatever the seed.

use jiff::civil::date;
use kernel::Parameters;
use proptest::prelude::*;
use rounds::case::{self, Case};
use rounds::fictional::{Size, county};
use rounds::settings::Settings;

pub fn settings() -> Settings {
    let mut parameters = Parameters::default();
    let text = include_str!("../../../../policy/parameters/rounds.csv");
    assert_eq!(parameters.add_csv(text), []);
    Settings::on(&parameters, date(2026, 11, 30)).unwrap()
}

fn made(seed: u64, visits: usize, carers: usize, days: i64) -> Case {
    case::build(
        county(
            seed,
            Size {
                visits,
                carers,
                days,
            },
        ),
        &settings(),
    )
    .unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// The search and the checker agree on rules and cost, on tight rosters and wide ones.
    #[test]
    fn every_plan_passes_the_checker(
        seed in 0u64..1_000, visits in 10usize..120, carers in 2usize..14, days in 1i64..8, steps in 0u64..60,
    ) {
        let case = made(seed, visits, carers, days);
        let found = rounds::plan::plan(&case.problem, None, seed, 1, &|done| done as f64 / (steps + 1) as f64);
        let checked = rounds::check(&case.problem, &found.plan);
        prop_assert_eq!(&checked.breaches, &[]);
        // The search cuts the cost of each way's metres to a whole tick.
        let ways: usize = found.plan.routes.iter().map(|route| route.stops.len() + 1).sum();
        let most = found.cost + i64::try_from(ways).unwrap();
        prop_assert!(checked.costing.cost <= most, "{} {most}", checked.costing.cost);
        let simple = rounds::plan::nearest(&case.problem);
        prop_assert_eq!(&rounds::check(&case.problem, &simple).breaches, &[]);
    }

    /// Each reason names a visit that is left out, and nothing else is explained.
    #[test]
    fn every_visit_left_out_has_its_reason(seed in 0u64..200) {
        let case = made(seed, 80, 2, 2);
        let found = rounds::plan::plan(&case.problem, None, seed, 1, &|done| done as f64 / 20.0);
        let reasons = rounds::plan::explain(&case.problem, &found.plan);
        let made = found.plan.made(case.problem.visits.len());
        let out: Vec<usize> = (0..made.len()).filter(|visit| made[*visit] == 0).collect();
        prop_assert_eq!(reasons.iter().map(|reason| reason.visit).collect::<Vec<_>>(), out);
        prop_assert!(reasons.iter().all(|reason| !reason.reason.is_empty()));
    }
}

#[test]
fn the_same_seed_and_steps_give_the_same_plan_on_any_number_of_cores() {
    let case = made(5, 60, 8, 2);
    let plan = |islands| {
        let found =
            rounds::plan::plan(&case.problem, None, 9, islands, &|done| done as f64 / 900.0);
        found.plan
    };
    assert_eq!(plan(3), plan(3));
}

/// The published schema knows every field, and no other.
#[test]
fn the_schema_names_the_fields_that_are_read() {
    let text = include_str!("../../../../docs/reference/schemas/rounds-problem.json");
    let schema: serde_json::Value = serde_json::from_str(text).unwrap();
    let file = county(
        1,
        Size {
            visits: 20,
            carers: 3,
            days: 1,
        },
    );
    let written = serde_json::to_value(&file).unwrap();
    for field in written.as_object().unwrap().keys() {
        assert!(schema["properties"].get(field).is_some(), "{field}");
    }
    for list in ["places", "carers", "people", "visits", "gaps"] {
        let known = &schema["properties"][list]["items"]["properties"];
        for row in written[list].as_array().into_iter().flatten() {
            for field in row.as_object().unwrap().keys() {
                assert!(known.get(field).is_some(), "{list}.{field}");
            }
        }
        // A field that the schema has and the reader does not is refused by the reader.
        for field in known.as_object().unwrap().keys() {
            let mut whole = written.clone();
            let row = whole[list][0].as_object_mut();
            let Some(row) = row else { continue };
            row.entry(field.clone()).or_insert(serde_json::Value::Null);
            let said = case::parse(&whole.to_string())
                .err()
                .map(|error| error.to_string());
            let unknown = said.is_some_and(|said| said.contains("unknown field"));
            assert!(!unknown, "{list}.{field}");
        }
    }
}
