#![allow(clippy::unwrap_used, clippy::expect_used)]
use super::super::CaseKind;
use super::*;

pub(crate) fn at(hour: i64) -> Timestamp {
    Timestamp::from_second(1_767_225_600 + hour * 3_600).unwrap()
}

/// An id of any kind from a number.
pub(crate) fn id<T: std::str::FromStr<Err: std::fmt::Debug>>(number: u32) -> T {
    format!("01890a5d-ac96-774b-bcce-{number:012}")
        .parse()
        .unwrap()
}

pub(crate) fn organisation(number: u32) -> OrganisationId {
    id(number)
}

const SET: &str = r#"
case = "stay"
set = "normal"
title = "Way home"
[[step]]
key = "decide"
title = "Decide the pathway"
owner = "hospital"
hours = "four"
ends_with = "pathway"
[[step]]
key = "arrange"
title = "Arrange the service"
owner = "hub"
after = ["decide"]
hours = "four"
pathways = [1, 2, 3]
[[step]]
key = "medicines"
title = "Medicines to take home"
owner = "hospital"
after = ["decide"]
[[step]]
key = "leave"
title = "Leave hospital"
owner = "hospital"
after = ["arrange", "medicines"]
ends_with = "over"
"#;

fn parts() -> [(OwnerRole, Option<OrganisationId>); 2] {
    [
        (OwnerRole::Hospital, Some(organisation(1))),
        (OwnerRole::Hub, Some(organisation(2))),
    ]
}

fn four(key: &str) -> Option<i64> {
    (key == "four").then_some(4)
}

/// The steps of the set above, brought up to date with nothing known.
pub(crate) fn steps() -> Vec<Step> {
    let workflow = Workflow::parse(SET).unwrap();
    let mut number = 100;
    let mut ids = || {
        number += 1;
        id(number)
    };
    let mut steps = plan(&workflow, &parts(), &four, &mut ids);
    advance(&mut steps, &Facts::default(), &parts(), at(0));
    steps
}

fn states(steps: &[Step]) -> Vec<&'static str> {
    steps.iter().map(|step| step.state.as_str()).collect()
}

fn known(facts: &[(Fact, i64)], pathway: Option<u8>) -> Facts {
    Facts {
        known: facts
            .iter()
            .map(|(fact, hour)| (*fact, Since::Day(at(*hour))))
            .collect(),
        pathway,
    }
}

#[test]
fn steps_begin_when_those_before_them_end() {
    let mut steps = steps();
    assert_eq!(
        states(&steps),
        ["going on", "not started", "not started", "not started"]
    );
    assert_eq!(steps[0].due_at, Some(at(4)));
    advance(
        &mut steps,
        &known(&[(Fact::Pathway, 3)], Some(1)),
        &parts(),
        at(0),
    );
    assert_eq!(
        states(&steps),
        ["done", "going on", "going on", "not started"]
    );
    assert_eq!(
        (steps[1].started_at, steps[1].due_at),
        (Some(at(3)), Some(at(7)))
    );
    assert_eq!((steps[2].started_at, steps[2].due_at), (Some(at(3)), None));
    assert!(!steps[1].is_overdue(at(7)) && steps[1].is_overdue(at(8)));
}

#[test]
fn a_pathway_that_needs_no_service_closes_the_step_and_opens_it_again() {
    let mut steps = steps();
    advance(
        &mut steps,
        &known(&[(Fact::Pathway, 3)], Some(0)),
        &parts(),
        at(0),
    );
    assert_eq!(
        states(&steps),
        ["done", "not needed", "going on", "not started"]
    );
    assert_eq!(steps[1].ended_why, NOT_ON_PATHWAY);
    assert_eq!(open_again(&mut steps[1], "why"), Err(Problem::ByTheRecord));
    advance(
        &mut steps,
        &known(&[(Fact::Pathway, 3)], Some(1)),
        &parts(),
        at(0),
    );
    assert_eq!(
        states(&steps),
        ["done", "going on", "going on", "not started"]
    );
}

#[test]
fn leaving_closes_what_is_left_and_coming_back_opens_it() {
    let mut steps = steps();
    let over = known(&[(Fact::Over, 9)], None);
    advance(&mut steps, &over, &parts(), at(0));
    assert_eq!(
        states(&steps),
        ["not needed", "not needed", "not needed", "done"]
    );
    assert_eq!(steps[0].ended_why, CASE_OVER);
    advance(&mut steps, &Facts::default(), &parts(), at(0));
    assert_eq!(
        states(&steps),
        ["going on", "not started", "not started", "not started"]
    );
}

#[test]
fn somebody_may_end_a_step_with_a_reason() {
    let mut steps = steps();
    let table = [
        (0, StepState::Done, "", Err(Problem::ByTheRecord)),
        (1, StepState::Done, "", Err(Problem::NotBegun)),
        (1, StepState::NotNeeded, " ", Err(Problem::Why)),
        (1, StepState::NotNeeded, "Daughter takes her in", Ok(())),
        (1, StepState::NotNeeded, "again", Err(Problem::Ended)),
        (0, StepState::DoneElsewhere, "Decided by phone", Ok(())),
    ];
    for (index, state, why, wanted) in table {
        assert_eq!(end_by_hand(&mut steps[index], state, at(2), why), wanted);
    }
    advance(&mut steps, &Facts::default(), &parts(), at(0));
    assert_eq!(
        states(&steps),
        ["done elsewhere", "not needed", "going on", "not started"]
    );
    assert_eq!(open_again(&mut steps[0], ""), Err(Problem::Why));
    assert_eq!(open_again(&mut steps[0], "Not decided after all"), Ok(()));
    assert_eq!(open_again(&mut steps[2], "why"), Err(Problem::Open));
}

#[test]
fn waiting_has_a_reason_and_a_start() {
    let mut steps = steps();
    let reason = |code: &str| Some(("drd".to_owned(), code.to_owned()));
    assert_eq!(
        wait(&mut steps[1], reason("x"), at(1)),
        Err(Problem::NotBegun)
    );
    wait(&mut steps[0], reason("x"), at(1)).unwrap();
    wait(&mut steps[0], reason("y"), at(2)).unwrap();
    assert_eq!(steps[0].waits_since, Some(at(1)));
    assert_eq!(steps[0].waits_for, reason("y"));
    wait(&mut steps[0], None, at(3)).unwrap();
    assert_eq!(
        (steps[0].state, steps[0].waits_since),
        (StepState::GoingOn, None)
    );
}

#[test]
fn a_change_of_set_strands_nothing() {
    let surge = SET
        .replace("\"normal\"", "\"surge\"")
        .replace("key = \"arrange\"", "key = \"any-bed\"")
        .replace(
            "after = [\"arrange\", \"medicines\"]",
            "after = [\"any-bed\"]",
        );
    let surge = Workflow::parse(&surge).unwrap();
    let mut chain = Chain {
        case: CaseKind::Stay,
        set: "normal".to_owned(),
        steps: steps(),
        handovers: Vec::new(),
    };
    chain.steps[0].owner = Some(organisation(9));
    let mut number = 500;
    let mut ids = || {
        number += 1;
        id(number)
    };
    let before = chain.steps[0].id;
    let moved = move_to(&chain, &surge, &parts(), &four, at(2), &mut ids);
    let found: Vec<_> = moved
        .steps
        .iter()
        .map(|step| (step.key.as_str(), step.state.as_str()))
        .collect();
    let wanted = [
        ("decide", "going on"),
        ("any-bed", "not started"),
        ("medicines", "not started"),
        ("leave", "not started"),
        ("arrange", "not needed"),
    ];
    assert_eq!(found, wanted);
    assert_eq!(
        (moved.steps[0].id, moved.steps[0].owner),
        (before, Some(organisation(9)))
    );
    // One that has begun stays.
    chain.steps[1].state = StepState::GoingOn;
    chain.steps[1].started_at = Some(at(1));
    let moved = move_to(&chain, &surge, &parts(), &four, at(2), &mut ids);
    assert_eq!(moved.steps[4].state, StepState::GoingOn);
}

#[test]
fn a_fact_keeps_its_first_moment_unless_its_day_changes() {
    let mut steps = steps();
    let pathway = |since: Since| Facts {
        known: vec![(Fact::Pathway, since)],
        pathway: Some(1),
    };
    let table = [
        (Since::Day(at(10)), 10),
        (Since::Day(at(12)), 10),
        (Since::Learned(at(50)), 10),
        (Since::Day(at(36)), 36),
    ];
    for (since, wanted) in table {
        advance(&mut steps, &pathway(since), &parts(), at(0));
        assert_eq!(steps[0].ended_at, Some(at(wanted)), "{since:?}");
    }
}
