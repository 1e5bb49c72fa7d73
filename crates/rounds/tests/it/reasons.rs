//! Why a visit is left out, and the nearest change: a table of small cases.

use crate::plans::settings;
use rounds::case;

/// Two carers, one visit each to two people, and what makes the second impossible.
fn file(carers: &str, visit: &str) -> String {
    format!(
        r#"{{"start": "2026-11-30", "days": 1, "skills": ["PEG"],
        "places": [{{"id": "a", "latitude": 51.2, "longitude": -2.2}}, {{"id": "b", "latitude": 51.21, "longitude": -2.2}}],
        "carers": [{carers}],
        "people": [{{"id": "p1", "place": "a"}}, {{"id": "p2", "place": "b", "excluded": []}}],
        "visits": [{{"id": "v1", "person": "p1", "day": "2026-11-30", "earliest": "09:00", "latest": "09:00", "minutes": 60, "priority": 1}},
          {visit}]}}"#
    )
}

const ONE: &str =
    r#"{"id": "c1", "shifts": [{"day": "2026-11-30", "from": "08:00", "to": "12:00"}]}"#;

#[test]
fn each_reason_and_the_change_that_is_nearest() {
    let visit =
        |rest: &str| format!(r#"{{"id": "v2", "person": "p2", "day": "2026-11-30", {rest}}}"#);
    for (visit, reason, change) in [
        (
            visit(r#""earliest": "09:00", "latest": "09:10", "minutes": 30, "skills": ["PEG"]"#),
            "1 of 1 carers does not have the skill PEG",
            "",
        ),
        (
            visit(r#""earliest": "10:30", "latest": "11:00", "minutes": 30, "skills": ["PEG"]"#),
            "1 of 1 carers does not have the skill PEG",
            "give carer c1 the skill PEG",
        ),
        (
            visit(r#""earliest": "09:00", "latest": "10:00", "minutes": 30"#),
            "tried at every place of 1 round(s), none can take it without making it or another visit miss its window",
            "let it begin up to 5 minutes later: carer c1 can then make it",
        ),
        (
            visit(r#""earliest": "11:40", "latest": "11:40", "minutes": 30"#),
            "of 1 who may make it nobody has a shift that holds its window",
            "let it begin up to 15 minutes earlier: carer c1 can then make it",
        ),
        (
            visit(r#""earliest": "10:30", "latest": "11:00", "minutes": 30, "carers": 2"#),
            "with two carers free at the same time",
            "",
        ),
    ] {
        let file = case::parse(&file(ONE, &visit)).unwrap();
        let case = case::build(file, &settings()).unwrap();
        let found = rounds::plan::plan(&case.problem, None, 1, 1, &|done| done as f64 / 60.0);
        let reasons = rounds::plan::explain(&case.problem, &found.plan);
        assert_eq!(reasons.len(), 1, "{visit}");
        assert!(
            reasons[0].reason.contains(reason),
            "{visit}: {}",
            reasons[0].reason
        );
        assert_eq!(reasons[0].nearest_change, change, "{visit}");
    }
}
