//! The pooled fund of the demonstration: whole, sound, and with what it is to show.

use access::Actor;
use fund::plan::check::Verdict;
use fund::returns::GapKind;
use kernel::Pence;
use std::collections::BTreeMap;
use synth::Barsetshire;

#[test]
fn the_pool_is_sound_and_has_an_overspend_a_late_partner_a_dispute_and_a_failing_plan() {
    let made = Barsetshire::make(&super::config(200, 1)).unwrap();
    let place = testkit::place();
    place.clock.set(made.now);
    let app = &place.app;
    synth::pool::make(app, &made, 1).unwrap();
    let operator = Actor::operator();
    assert_eq!(app.check_ledger(&operator).unwrap(), vec![]);
    let fund = app.funds(&operator).unwrap().remove(0);
    let page = app.fund_page(&operator, &fund, None).unwrap();
    let position = &page.position;
    assert_eq!(position.budget(), Pence(9_000_000_000));
    assert_eq!(position.over.len(), 6, "April to September are closed");
    let over: Vec<&str> = position
        .schemes
        .iter()
        .filter(|one| one.variance.amount().0 > 0)
        .map(|one| one.key.as_str())
        .collect();
    assert_eq!(over, ["3"]);
    assert!(position.schemes.iter().all(|one| one.forecasts.len() == 3));
    let late: BTreeMap<&str, Pence> = position
        .partners
        .iter()
        .filter(|one| one.late().0 > 0)
        .map(|one| (one.key.as_str(), one.late()))
        .collect();
    assert_eq!(
        late,
        BTreeMap::from([("community-trust", Pence(75_000_000))])
    );
    assert_eq!(position.shares.as_ref().unwrap().verify(), Ok(()));
    assert_eq!(page.disputes, 1);
    let shares = position.shares.as_ref().unwrap();
    assert!(
        position.expected() > position.budget(),
        "the fund is overspent"
    );
    assert!(
        !shares.undecided.is_empty(),
        "the board has to decide on a part"
    );
    let failed = |number| {
        let plan = app.fund_plan_checked(&operator, &fund, number).unwrap();
        let conditions = plan.report.conditions.into_iter();
        conditions
            .filter(|one| one.finding.verdict == Verdict::NotMet)
            .map(|one| one.id)
            .collect::<Vec<_>>()
    };
    // Nobody of finance signed last year's plan; of this year's a part of the grant is not passed on.
    assert_eq!(failed(1), ["1", "sign-off"]);
    assert_eq!(failed(2), ["disabled-facilities-grant"]);
    assert_eq!(page.plan, Some(2));
    let shared = app.fund_shared(&operator).unwrap();
    assert_eq!(shared.len(), 1);
    assert_eq!(shared[0].period.to_string(), "2026-03");
    let effect = app.fund_effect(&operator, &fund, None).unwrap();
    assert_eq!(effect.metrics.len(), 3);
    assert!(effect.metrics.iter().all(|one| one.figures.len() == 18));
    assert!(effect.savings.cashable.0 > 0 && effect.savings.not_cashable.0 > 0);
    let span = "2026-27-Q2".parse().unwrap();
    let given = app.fund_return(&operator, &fund, span).unwrap();
    let kinds: Vec<GapKind> = given.figures.gaps.iter().map(|gap| gap.kind).collect();
    assert!(!kinds.contains(&GapKind::MonthOpen) && !kinds.contains(&GapKind::NoFigure));
    assert!(kinds.contains(&GapKind::Condition));
    assert_eq!(
        app.month_end(&operator, None)
            .unwrap()
            .unwrap()
            .month
            .to_string(),
        "2026-10"
    );
    let pack = app.fund_pack(&operator, &fund).unwrap();
    for line in [
        "£750,000 is due and not received.",
        "3, Home care: budget £12,000,000",
        "over £184,000",
    ] {
        assert!(pack.contains(line), "{line}\n---\n{pack}");
    }
}
