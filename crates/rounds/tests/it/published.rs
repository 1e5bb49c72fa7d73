//! Published problems and solutions, read from the shared folder; without it these tests say
//! so and check nothing.

use rounds::formats;
use std::path::PathBuf;

/// The shared benchmark files, where they are.
#[allow(
    clippy::disallowed_methods,
    reason = "the folder is named as `testkit` has it named, which would build the whole product here"
)]
pub fn shared(sub: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("ALMONER_SHARED").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    let path = folder.join("data/visits").join(sub);
    if path.exists() {
        return Some(path);
    }
    eprintln!("did not run: {} is not there", path.display());
    None
}

#[test]
fn each_published_solution_costs_what_it_states() {
    let Some(folder) = shared("solutions") else {
        return;
    };
    let mut checked = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let parts: Vec<&str> = name.split('-').collect();
        let ["solution", nodes, number, _] = parts.as_slice() else {
            continue;
        };
        let instance = format!("instances/InstanzCPLEX_HCSRP_{nodes}_{number}.txt");
        let text = std::fs::read_to_string(shared(&instance).unwrap()).unwrap();
        let problem = formats::problem(&name, &text).unwrap();
        let text = std::fs::read_to_string(path).unwrap();
        let (solution, stated) = formats::solution(&text, &problem).unwrap();
        let checked_plan = rounds::check(&problem, &solution);
        assert_eq!(checked_plan.breaches, [], "{name}");
        // The files round to six digits.
        let cost = problem.shown_cost(checked_plan.costing.cost);
        let stated: f64 = stated.unwrap();
        assert!(
            (cost - stated).abs() < 0.000_51 * stated.max(100.0) / 100.0,
            "{name}: {cost} {stated}"
        );
        checked += 1;
    }
    assert_eq!(checked, 30);
}

#[test]
fn the_published_routes_of_a_thousand_customers_cost_what_they_state() {
    let (Some(problem), Some(solution)) =
        (shared("vrptw/C1_10_2.vrp"), shared("vrptw/C1_10_2.sol"))
    else {
        return;
    };
    let problem = std::fs::read_to_string(problem).unwrap();
    let problem = formats::problem("C1_10_2", &problem).unwrap();
    let solution = std::fs::read_to_string(solution).unwrap();
    let (solution, stated) = formats::solution(&solution, &problem).unwrap();
    let checked = rounds::check(&problem, &solution);
    assert_eq!(checked.breaches, []);
    assert_eq!(
        format!("{:.1}", problem.shown_cost(checked.costing.cost)),
        format!("{:.1}", stated.unwrap())
    );
}

#[test]
fn a_plan_that_breaks_a_rule_is_told() {
    let Some(path) = shared("instances/InstanzCPLEX_HCSRP_10_1.txt") else {
        return;
    };
    let problem = formats::problem("A1", &std::fs::read_to_string(path).unwrap()).unwrap();
    let text = std::fs::read_to_string(shared("solutions/solution-10-1-1.txt").unwrap()).unwrap();
    let (good, _) = formats::solution(&text, &problem).unwrap();

    let mut left_out = good.clone();
    left_out.routes[0].stops.pop();
    let mut twice = good.clone();
    let stop = twice.routes[0].stops[0];
    twice.routes[0].stops.push(stop);
    let mut wrong_carer = good.clone();
    let stop = wrong_carer.routes[0].stops.pop().unwrap();
    wrong_carer.routes[1].stops.push(stop);
    let mut early = rounds::check(&problem, &good).solution;
    if let Some(times) = early.routes[0].stops[1].times.as_mut() {
        (times.arrive, times.start, times.end) = (0, 0, times.end - times.start);
    }
    for (plan, rules) in [
        (left_out, vec!["once"]),
        (twice, vec!["once"]),
        (wrong_carer, vec!["who"]),
        (early, vec!["window", "travel"]),
    ] {
        let found = rounds::check(&problem, &plan).breaches;
        for rule in rules {
            assert!(
                found.iter().any(|breach| breach.rule == rule),
                "{rule}: {found:?}"
            );
        }
    }
}

/// Ten people, a fixed number of steps: the best published cost, and the search and the
/// checker count the same to the last tick.
#[test]
fn published_problems_of_ten_people_are_planned_as_well_as_is_known() {
    for (number, best) in [(1, 226.978), (3, 305.86), (8, 232.0)] {
        let Some(path) = shared(&format!("instances/InstanzCPLEX_HCSRP_10_{number}.txt")) else {
            return;
        };
        let problem = formats::problem("A", &std::fs::read_to_string(path).unwrap()).unwrap();
        let found = rounds::plan::plan(&problem, None, 1, 1, &|done| done as f64 / 3_000.0);
        let checked = rounds::check(&problem, &found.plan);
        assert_eq!(checked.breaches, []);
        assert_eq!(checked.costing.cost, found.cost);
        let cost = problem.shown_cost(found.cost);
        assert!(cost < best + 0.05, "A{number}: {cost}");
    }
}

#[test]
fn the_fast_engine_makes_legal_plans_and_better_ones_with_more_steps() {
    let Some(path) = shared("vrptw/C1_10_2.vrp") else {
        return;
    };
    let problem = formats::problem("C1_10_2", &std::fs::read_to_string(path).unwrap()).unwrap();
    let mut costs = Vec::new();
    for steps in [1.0, 2_000.0] {
        let (plan, _) = rounds::windows::plan(&problem, 1, 2, &|done| done as f64 / steps);
        let checked = rounds::check(&problem, &plan);
        assert_eq!(checked.breaches, []);
        costs.push(checked.costing.cost);
    }
    assert!(costs[1] < costs[0], "{costs:?}");
}

/// A budget in steps: the same plan each time, on one core and on several.
#[test]
fn the_fast_engine_gives_the_same_plan_for_a_seed_and_steps() {
    let mut text = "T1\n\nVEHICLE\nNUMBER CAPACITY\n20 60\n\nCUSTOMER\nCUST NO.\n\n\
        0 50 50 0 0 400 0\n"
        .to_owned();
    let mut chance = rounds::chance::Chance::new(3);
    for number in 1..=60 {
        let [x, y, from] = [100, 100, 200].map(|most| chance.below(most));
        text.push_str(&format!("{number} {x} {y} 7 {from} {} 10\n", from + 120));
    }
    let problem = formats::problem("T1", &text).unwrap();
    let plan = |seed, islands| {
        let spent = |done| done as f64 / 3_000.0;
        let (plan, _) = rounds::windows::plan(&problem, seed, islands, &spent);
        let checked = rounds::check(&problem, &plan);
        assert_eq!(checked.breaches, [], "seed {seed}");
        (plan, checked.costing.cost)
    };
    for islands in [1, 3] {
        assert_eq!(plan(5, islands), plan(5, islands));
    }
    // Other seeds come to much the same.
    let (least, most) = (1..6).fold((i64::MAX, 0), |(least, most), seed| {
        let cost = plan(seed, 1).1;
        (cost.min(least), cost.max(most))
    });
    assert!(most * 100 <= least * 105, "{least} {most}");
}

/// Plans that are better than the best published ones are kept; each is legal, costs what
/// it states, and is better.
#[test]
fn what_was_found_is_better_than_what_is_published() {
    let Some(best) = shared("best_costs.csv") else {
        return;
    };
    let best = std::fs::read_to_string(best).unwrap();
    let mut found = 0;
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/found")).unwrap() {
        let path = entry.unwrap().path();
        let label = path.file_stem().unwrap().to_string_lossy().into_owned();
        let row = best
            .lines()
            .find(|row| row.split(',').nth(1) == Some(&label));
        let Some(row) = row else { continue };
        let cells: Vec<&str> = row.split(',').collect();
        let instance = shared(&format!("instances/{}.txt", cells[0])).unwrap();
        let problem =
            formats::problem(&label, &std::fs::read_to_string(instance).unwrap()).unwrap();
        let (plan, stated) =
            formats::solution(&std::fs::read_to_string(&path).unwrap(), &problem).unwrap();
        let checked = rounds::check(&problem, &plan);
        assert_eq!(checked.breaches, [], "{label}");
        let cost = problem.shown_cost(checked.costing.cost);
        assert!((cost - stated.unwrap()).abs() < 0.000_1, "{label}: {cost}");
        let published: f64 = cells[3].parse().unwrap();
        assert!(cost < published - 0.05, "{label}: {cost} {published}");
        found += 1;
    }
    assert!(found > 0);
}

/// A small problem in Solomon's layout, and what is said when it is spoilt.
#[test]
fn what_is_wrong_with_a_benchmark_file_is_told_with_its_line() {
    let good = "T1\n\nVEHICLE\nNUMBER CAPACITY\n2 10\n\nCUSTOMER\nCUST NO.\n\n\
        0 0 0 0 0 100 0\n1 3 4 5 0 50 10\n2 6 8 5 0 50 10\n";
    let problem = formats::problem("T1", good).unwrap();
    let (plan, _) = rounds::windows::plan(&problem, 1, 1, &|done| done as f64 / 64.0);
    let checked = rounds::check(&problem, &plan);
    assert_eq!(checked.breaches, []);
    assert!((problem.shown_cost(checked.costing.cost) - 20.0).abs() < 1e-9);
    for (from, to, said) in [
        (
            "1 3 4 5 0 50 10",
            "1 3 4 5 0 -50 10",
            "line 11: -50 is no time",
        ),
        (
            "1 3 4 5 0 50 10",
            "1 3 4 5 60 50 10",
            "customer 1: the window ends at 50 before it begins at 60",
        ),
        (
            "1 3 4 5 0 50 10",
            "1 3 4 5 0 4 10",
            "customer 1: nobody can be there before the window ends at 4",
        ),
        (
            "2 6 8 5 0 50 10",
            "2 6 8 5 81 85 10",
            "customer 2: nobody who begins at 81 or later is back at the depot in time",
        ),
        (
            "1 3 4 5 0 50 10",
            "1 3 4 11 0 50 10",
            "customer 1: 11 are wanted and a vehicle holds 10",
        ),
        (
            "1 3 4 5 0 50 10",
            "1 nan 4 5 0 50 10",
            "line 11: nan is no coordinate",
        ),
        (
            "1 3 4 5 0 50 10",
            "1 3 4 5 0 50",
            "line 11: a customer has seven numbers",
        ),
        (
            "1 3 4 5 0 50 10",
            "7 3 4 5 0 50 10",
            "line 11: customers are not numbered in order",
        ),
        (
            "2 10\n",
            "\n",
            "number and the capacity of the vehicles are missing",
        ),
        (
            "1 3 4 5 0 50 10",
            "1 3 4 99999999999999999999 0 50 10",
            "line 11",
        ),
    ] {
        let error = formats::problem("T1", &good.replacen(from, to, 1)).unwrap_err();
        assert!(error.to_string().contains(said), "{to}: {error}");
    }
}
