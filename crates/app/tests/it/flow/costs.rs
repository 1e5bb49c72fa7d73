//! What waiting costs outside hospital: whose each day is, by reason, and at which price.

use super::{New, Place, add_stay, hub, new};
use crate::begun::request;
use access::{Actor, Role};
use app::flow::{CasesCost, CostLine, StepChange};
use flow::Responsible;
use flow::chain::CaseKind;
use flow::policy::Policy;
use jiff::SignedDuration;
use kernel::{Pence, StepId};

fn cost(place: &Place, actor: &Actor) -> CasesCost {
    place.app.cost_of_delay(actor).unwrap().cases
}

fn line(lines: &[CostLine], what: &str) -> (i64, i64, Option<Pence>) {
    let found = lines.iter().find(|line| line.what == what);
    let found = found.unwrap_or_else(|| panic!("{what} in {lines:?}"));
    (found.people, found.days, found.cost)
}

fn first_step(place: &Place, actor: &Actor, id: &str) -> (StepId, i64) {
    let page = place.app.case_steps(actor, CaseKind::Referral, id).unwrap();
    (page.view.step.id, page.chain.version)
}

#[test]
fn a_request_that_waits_costs_days_of_whoever_has_the_move() {
    let place = testkit::place();
    let worker = place.actor(Role::Practitioner);
    let one = request(&place);
    let id = one.id.to_string();
    let council = "Barsetshire County Council";
    let late = "Past its time: Read the request and decide what is next";
    // Two days old, of which none ended past its time yet, or all: as the step's own clock says.
    let page = place
        .app
        .case_steps(&worker, CaseKind::Referral, &id)
        .unwrap();
    let due = page.view.step.due_at.unwrap();
    place.clock.set(due);
    let before = cost(&place, &worker);
    assert_eq!(line(&before.by_reason, late), (1, 0, Some(Pence(0))));
    place.clock.advance(SignedDuration::from_hours(72));
    let found = cost(&place, &worker);
    // No price is on file: the days are there, the money is not known, and the key is named.
    assert_eq!(line(&found.by_reason, late), (1, 3, None));
    assert_eq!(line(&found.by_payer, council), (1, 3, None));
    let kind = &found.by_case[0];
    assert_eq!((kind.case, &kind.unit), (CaseKind::Referral, &None));
    assert_eq!(kind.key, "cost.step_day.referral");
    assert_eq!((kind.line.people, kind.line.days), (1, 3));
    // The step says what it waits for: the days from now on have that reason.
    let (step, version) = first_step(&place, &worker, &id);
    let wait = StepChange::Wait(Some(("dtoc".to_owned(), "F".to_owned())));
    place
        .app
        .change_step(&worker, step, version, &wait, "")
        .unwrap();
    place.clock.advance(SignedDuration::from_hours(24));
    let found = cost(&place, &worker);
    assert_eq!(line(&found.by_reason, late), (0, 3, None));
    assert_eq!(
        line(&found.by_reason, "Equipment and adaptations"),
        (1, 1, None)
    );
    assert_eq!(line(&found.by_payer, council), (1, 4, None));
    // The page of the case says the same.
    let page = place
        .app
        .case_steps(&worker, CaseKind::Referral, &id)
        .unwrap();
    let days: Vec<_> = page.chain.steps[0]
        .days
        .iter()
        .map(|(whose, share)| (whose.clone().unwrap(), share.days, share.cost))
        .collect();
    assert_eq!(days, [(council.to_owned(), 4, None)]);
    // Whoever has no link with the person sees nothing of it.
    let mut stranger = hub(&place);
    stranger.organisation = None;
    stranger.account = None;
    assert_eq!(cost(&place, &stranger).by_reason, []);
    // Nor does a hospital that has somebody else, whose delay alone it sees.
    stranger.organisation = Some(place.hospital);
    assert_eq!(cost(&place, &stranger).by_reason, []);
    let today = place.app.today();
    let other = New {
        ready: Some(today),
        segments: vec![(today, None, "A", Responsible::Nhs)],
        ..new(7, today)
    };
    add_stay(&place, &other);
    let seen = place.app.cost_of_delay(&stranger).unwrap();
    assert_eq!((seen.people, seen.cases.by_reason), (1, vec![]));
}

/// A place sets a price of its own: for a kind of case, and another for one of its steps.
#[test]
fn the_price_of_a_step_goes_before_that_of_its_case() {
    for (rows, each) in [
        (
            "cost.step_day.referral,England,2018-01-01,,12.50,GBP/day,Ours,local",
            1_250,
        ),
        (
            "cost.step_day.referral.triage,England,2018-01-01,,40,GBP/day,Ours,local",
            4_000,
        ),
    ] {
        let header = kernel::parameters::HEADER;
        let mut policy = Policy::builtin();
        let wrong = policy.parameters.add_csv(&format!("{header}\n{rows}\n"));
        assert_eq!(wrong, []);
        let place = testkit::place_with(policy);
        let worker = place.actor(Role::Practitioner);
        let one = request(&place);
        let page = place
            .app
            .case_steps(&worker, CaseKind::Referral, &one.id.to_string())
            .unwrap();
        place.clock.set(page.view.step.due_at.unwrap());
        place.clock.advance(SignedDuration::from_hours(48));
        let found = cost(&place, &worker);
        assert_eq!(found.by_case[0].line.cost, Some(Pence(2 * each)), "{rows}");
    }
}
