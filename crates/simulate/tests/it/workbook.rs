//! Pathways as they are written in a workbook.

use super::far;
use simulate::Measure::{Cost, Occupancy, Queue};
use simulate::pathways::{Counting, Node, NodeStay, Pathways};
use simulate::{Limits, Outcome, Precision, Settings};

const DAYS: usize = 60;

fn node(name: &str, visits: Option<(f64, f64)>) -> Node {
    Node {
        name: name.to_owned(),
        arrivals: vec![("BArr".to_owned(), vec![3.0; DAYS])],
        capacities: vec![("BCap".to_owned(), 40)],
        stays: vec![(
            "Blos".to_owned(),
            NodeStay {
                median: None,
                mean: 8.0,
                sd: Some(3.0),
                visits,
            },
        )],
        occupied: 20,
        waiting: 4,
        community_pence: 10_000,
        acute_pence: 30_000,
    }
}

fn pathways(nodes: Vec<Node>) -> Pathways {
    Pathways {
        start: jiff::civil::date(2026, 1, 1),
        days: DAYS as u32,
        nodes,
    }
}

fn settings(replications: u32) -> Settings {
    Settings {
        scenario: "BCap_Blos_BArr".to_owned(),
        seed: 1,
        replications,
        precision: None,
    }
}

fn told(of: &Pathways, counting: Counting) -> Outcome {
    of.run(&settings(40), counting, &far()).unwrap()
}

#[test]
fn pathways_in_beds_and_in_visits_stand_in_order_of_name_by_either_counting() {
    let of = pathways(vec![
        node("P2_B", None),
        node("P1_B", Some((4.0, 1.0))),
        node("P3_B", None),
    ]);
    for counting in [Counting::Published, Counting::Plain] {
        let outcome = told(&of, counting);
        assert_eq!(outcome.stations, ["P1_B", "P2_B", "P3_B"]);
        assert_eq!(outcome.scenario, "BCap_Blos_BArr");
        // Three a day for eight days; visits are in whole days, half of the first day before arrival.
        for (station, least, most) in [(0, 19.0, 25.0), (1, 21.0, 30.0), (2, 21.0, 30.0)] {
            let there = outcome.day(50, station, Occupancy).unwrap().mean;
            assert!(
                (least..most).contains(&there),
                "{counting:?} {station}: {there}"
            );
        }
        // What each pays is what the days cost.
        let cost: f64 = (0..3).map(|at| outcome.whole(at, Cost).unwrap().mean).sum();
        let paid: f64 = (0..2)
            .map(|payer| outcome.paid(payer).unwrap().0.mean)
            .sum();
        assert!((cost - paid).abs() < 0.05, "{counting:?}: {cost} {paid}");
    }
}

#[test]
fn a_workbook_with_beds_only_can_be_run() {
    let of = pathways(vec![node("P2_B", None)]);
    let outcome = told(&of, Counting::Published);
    assert_eq!((outcome.days as usize, outcome.replications()), (DAYS, 40));
    assert!(outcome.whole(0, Queue).is_some());
}

#[test]
fn replications_and_limits_are_those_of_any_run() {
    let of = pathways(vec![node("P2_B", None), node("P1_B", Some((4.0, 1.0)))]);
    let mut narrow = settings(5);
    narrow.precision = Some(Precision {
        station: 1,
        measure: Occupancy,
        half_width: 0.3,
        most: 2_000,
    });
    let outcome = of.run(&narrow, Counting::Published, &far()).unwrap();
    assert!(outcome.replications() > 5 && outcome.stopped.is_none());
    assert!(outcome.whole(1, Occupancy).unwrap().half_width.unwrap() <= 0.3);
    let late = Limits {
        go_on: &|| false,
        ..far()
    };
    assert!(of.run(&settings(5), Counting::Published, &late).is_err());
    let two = Limits {
        bytes: (DAYS * 2 * 9 * 8 * 2) as u64,
        ..far()
    };
    let outcome = of.run(&settings(5), Counting::Published, &two).unwrap();
    assert_eq!(outcome.replications(), 2);
    assert!(outcome.stopped.unwrap().contains("memory"));
}
