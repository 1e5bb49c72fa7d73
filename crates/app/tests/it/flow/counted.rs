//! Figures of a fund's plan that are counted from the stays: the same as the return that they come from.

use super::{New, add_person, add_stay, new};
use access::{Actor, Role};
use app::Error;
use app::flow::figures::ReturnKind;
use app::flow::services::Draft;
use app::fund::{FigureRow, NewFigure};
use flow::Responsible;
use flow::service::ServiceType;
use fund::ledger::Code;
use jiff::civil::{Date, date};
use kernel::Month;
use testkit::Place;

const AGREEMENT: &str = include_str!("../../../../fund/examples/two-tiers.toml");
const PLAN: &str = include_str!("../../../../fund/examples/plan-2025-26.toml");

/// A place in May 2026 with a plan of the year before.
fn begun() -> (Place, Actor, Code) {
    let place = testkit::place();
    place.clock.set("2026-05-20T09:30:00Z".parse().unwrap());
    let finance = place.actor(Role::Finance);
    let app = &place.app;
    app.keep_fund_agreement(&finance, "bcf", ("section75.toml", AGREEMENT.as_bytes()))
        .unwrap();
    let more = "\n[[metric]]\nkey = \"usual-residence\"\nplanned = [95]\n\
                \n[[metric]]\nkey = \"at-home-91-days\"\nplanned = [82]\n\
                \n[[metric]]\nkey = \"delayed-transfers\"\nplanned = [12]\n";
    let plan = format!("{PLAN}{more}");
    app.keep_fund_plan(&finance, "bcf", ("plan.toml", plan.as_bytes()))
        .unwrap();
    (place, finance, "bcf".parse().unwrap())
}

fn left(place: &Place, serial: u32, ready: Option<Date>, out: Date) -> New {
    New {
        ready,
        left: Some(out),
        council: Some(place.council),
        ..new(serial, date(2025, 5, 1))
    }
}

fn march() -> Month {
    "2026-03".parse().unwrap()
}

fn cell(place: &Place, (kind, period): (ReturnKind, &str), measure: &str) -> String {
    let made = place
        .app
        .figures(&Actor::operator(), kind, period, "official return")
        .unwrap();
    let found = made.cells.iter().find(|cell| cell.measure == measure);
    let found = found.unwrap_or_else(|| panic!("{measure} in {:#?}", made.cells));
    found.value.clone()
}

/// Three discharges of March: after nought days, after four, and without a ready date.
fn discharges(place: &Place) {
    let d = |day| date(2026, 3, day);
    add_stay(place, &left(place, 1, Some(d(4)), d(4)));
    add_stay(place, &left(place, 2, Some(d(5)), d(9)));
    add_stay(place, &left(place, 3, None, d(10)));
    add_stay(
        place,
        &left(place, 4, Some(date(2026, 4, 1)), date(2026, 4, 3)),
    );
}

fn shown(row: &FigureRow) -> (i64, String, Option<i64>, Option<String>) {
    let one = &row.figure;
    let counted = one.counted.as_ref().map(ToString::to_string);
    (one.number, one.value.to_string(), one.of, counted)
}

#[test]
fn a_counted_figure_is_the_one_of_the_return() {
    let (place, finance, fund) = begun();
    discharges(&place);
    let count = |metric| {
        place
            .app
            .count_fund_figure(&finance, &fund, (metric, march()))
    };
    let delay = count("average-discharge-delay").unwrap();
    let from = |text: &str| Some(text.to_owned());
    assert_eq!(
        shown(&delay),
        (1, "2.00".to_owned(), Some(2), from("drd 2026-03"))
    );
    assert_eq!(
        delay.figure.source,
        "4 days over 2 discharges of adults from acute hospitals with a ready date; 1 left out"
    );
    let drd = (ReturnKind::Drd, "2026-03");
    assert_eq!(cell(&place, drd, "acute, measure, mean days, all"), "2.0");
    let usual = count("usual-residence").unwrap();
    assert_eq!(
        shown(&usual),
        (1, "100.0".to_owned(), Some(3), from("drd 2026-03"))
    );
    for measure in [
        "acute, discharged to a destination that is known",
        "acute, discharged to the usual place of residence",
    ] {
        assert_eq!(cell(&place, drd, measure), "3", "{measure}");
    }
}

#[test]
fn reablement_is_counted_once_its_91_days_are_over() {
    let (place, finance, fund) = begun();
    let practitioner = place.actor(Role::Practitioner);
    let june = date(2025, 6, 1);
    for (serial, home) in [(1, None), (2, None), (3, Some(date(2025, 8, 1)))] {
        let id = add_stay(&place, &left(&place, serial, Some(june), june));
        let read = |tx: &mut dyn store::Tx| store::flow::stay(tx, id);
        let person = place.app.store().read(read).unwrap().unwrap().stay.person;
        place.tie(person);
        let reabled = (ServiceType::StMax, date(2025, 6, 3), Some(date(2025, 7, 1)));
        let home = home.map(|day| (ServiceType::NursingCare, day, None));
        for (kind, starts_on, ends_on) in [Some(reabled), home].into_iter().flatten() {
            let draft = Draft {
                kind,
                component: None,
                starts_on,
                ends_on,
                outcome: ends_on.map(|_| flow::service::Outcome::EndedAsPlanned),
                council: Some(place.council),
                organisation: None,
                stay: None,
                visits_a_week: None,
                minutes_a_visit: None,
                mistake_why: String::new(),
            };
            let added = place.app.add_service_period(&practitioner, person, &draft);
            added.unwrap();
        }
    }
    let count = |month: &str| {
        let what = ("at-home-91-days", month.parse().unwrap());
        place.app.count_fund_figure(&finance, &fund, what)
    };
    let row = count("2025-06").unwrap();
    let from = Some("ascof 2025-26".to_owned());
    assert_eq!(shown(&row), (1, "66.7".to_owned(), Some(3), from));
    let ascof = (ReturnKind::Ascof, "2025-26");
    let measure = "older measure: per cent at home on day 91";
    assert_eq!(cell(&place, ascof, measure), "66.7");
    for (month, why) in [
        ("2026-03", "91st day"),
        ("2025-07", "Nothing to count"),
        ("2026-05", "must be over"),
    ] {
        let refused = count(month).unwrap_err().to_string();
        assert!(refused.contains(why), "{month}: {refused}");
    }
}

/// 60,000 adults of the plan's council, of whom 13,000 are 65 and over, and 1,000 of its neighbour.
fn people(place: &Place) {
    let of = |from: usize, to: usize, each: i64| vec![each; to - from];
    let ages = [of(0, 18, 1_100), of(18, 65, 1_000), of(65, 91, 500)].concat();
    let few = [of(0, 18, 0), of(18, 28, 100)].concat();
    place
        .app
        .store()
        .write(|tx| {
            store::place::put_population(tx, "E10000099", 2025, &ages)?;
            store::place::put_population(tx, "E10000098", 2025, &few)
        })
        .unwrap();
}

/// A month by hand. A day counts whose midnight is spent in the bed after the ready day, and the day of leaving
/// never does.
#[test]
fn delayed_transfers_of_a_month_by_hand() {
    let (place, finance, fund) = begun();
    let d = |day| date(2026, 3, day);
    let old = Some(date(1938, 4, 3));
    let council = Some(place.council);
    for (serial, born, council, ready, out) in [
        // The midnights that end 3 and 4 March: 2 days.
        (1, old, council, d(2), Some(d(5))),
        // From the month's first day: 1 and 2 March, 2 days.
        (2, old, council, date(2026, 2, 20), Some(d(3))),
        // To the month's last day: 29, 30 and 31 March, 3 days.
        (3, old, council, d(28), None),
        // Left on the ready day, and left on the day after: none.
        (4, old, council, d(10), Some(d(10))),
        (5, old, council, d(10), Some(d(11))),
        // A child is in no count.
        (6, Some(date(2015, 1, 1)), council, d(2), Some(d(12))),
        // Of the neighbour 9 days, and of nobody known 1.
        (7, old, Some(place.neighbour), d(1), Some(d(11))),
        (8, old, None, d(20), Some(d(22))),
    ] {
        let stay = New {
            born,
            council,
            ready: Some(ready),
            left: out,
            segments: vec![(ready, out, "A", Responsible::Nhs)],
            ..new(serial, date(2026, 2, 1))
        };
        add_stay(&place, &stay);
    }
    let count = || {
        let what = ("delayed-transfers", march());
        place.app.count_fund_figure(&finance, &fund, what)
    };
    let refused = count().unwrap_err().to_string();
    assert!(refused.contains("No population"), "{refused}");
    people(&place);
    let row = count().unwrap();
    let from = Some("delays 2026-03".to_owned());
    // 7 days over 60,000 adults.
    assert_eq!(shown(&row), (1, "11.7".to_owned(), Some(60_000), from));
    assert_eq!(
        row.figure.source,
        "7 days of delay for 60000 adults; 10 days of other councils, or of none that is known, are left out"
    );
    let made = place
        .app
        .figures(
            &Actor::operator(),
            ReturnKind::Delays,
            "2026-03",
            "official return",
        )
        .unwrap();
    let of = |group: &str| -> i64 {
        let cells = made.cells.iter().filter(|cell| cell.group == group);
        cells.map(|cell| cell.value.parse::<i64>().unwrap()).sum()
    };
    assert_eq!(of("Barsetshire County Council"), 7);
    assert_eq!(of("East Barsetshire Council") + of("not known"), 10);
    // A month without a day of delay is nought, and no gap.
    let what = ("delayed-transfers", "2025-06".parse().unwrap());
    let none = place.app.count_fund_figure(&finance, &fund, what).unwrap();
    assert_eq!(none.figure.value.to_string(), "0.0");
}

#[test]
fn care_home_admissions_of_a_month_by_hand() {
    let (place, finance, fund) = begun();
    people(&place);
    let practitioner = place.actor(Role::Practitioner);
    let in_a_home = |serial, born, homes: &[(ServiceType, Date, Option<Date>)], council| {
        let person = add_person(&place, serial, born);
        place.tie(person);
        for (kind, starts_on, ends_on) in homes {
            let draft = Draft {
                kind: *kind,
                component: None,
                starts_on: *starts_on,
                ends_on: *ends_on,
                outcome: ends_on.map(|_| flow::service::Outcome::EndedAsPlanned),
                council: Some(council),
                organisation: None,
                stay: None,
                visits_a_week: None,
                minutes_a_visit: None,
                mistake_why: String::new(),
            };
            let added = place.app.add_service_period(&practitioner, person, &draft);
            added.unwrap();
        }
    };
    let (nursing, residential) = (ServiceType::NursingCare, ServiceType::ResidentialCare);
    let old = Some(date(1938, 4, 3));
    let march_2 = date(2026, 3, 2);
    // Three count: one of them moved on to another home, and one was in a home more than a year ago.
    in_a_home(1, old, &[(nursing, march_2, None)], place.council);
    let moved = date(2026, 3, 20);
    let two = [(residential, march_2, Some(moved)), (nursing, moved, None)];
    in_a_home(2, old, &two, place.council);
    let long_ago = (nursing, date(2024, 1, 1), Some(date(2024, 2, 1)));
    in_a_home(3, old, &[long_ago, (nursing, march_2, None)], place.council);
    // Not new; of another month; not 65 yet; of unknown age; of the neighbour.
    let lately = (nursing, date(2025, 6, 1), Some(date(2026, 1, 1)));
    in_a_home(4, old, &[lately, (nursing, march_2, None)], place.council);
    in_a_home(5, old, &[(nursing, date(2026, 4, 1), None)], place.council);
    let young = Some(date(1970, 1, 1));
    in_a_home(6, young, &[(nursing, march_2, None)], place.council);
    in_a_home(7, None, &[(nursing, march_2, None)], place.council);
    in_a_home(8, old, &[(nursing, march_2, None)], place.neighbour);
    let what = ("care-home-admissions", march());
    let row = place.app.count_fund_figure(&finance, &fund, what).unwrap();
    let from = Some("ascof 2025-26".to_owned());
    // 3 of 13,000.
    assert_eq!(shown(&row), (1, "23.1".to_owned(), Some(13_000), from));
    assert_eq!(
        row.figure.source,
        "3 people aged 65 and over new to a care home for long, of 13000; 1 of other councils, or of none that is \
         known, are left out"
    );
    // With the one of June the year of the return has four: its months add up to it.
    let what = ("care-home-admissions", "2025-06".parse().unwrap());
    let june = place.app.count_fund_figure(&finance, &fund, what).unwrap();
    assert_eq!(june.figure.value.to_string(), "7.7");
    let made = place
        .app
        .figures(
            &Actor::operator(),
            ReturnKind::Ascof,
            "2025-26",
            "official return",
        )
        .unwrap();
    let rate = made.cells.iter().find(|cell| {
        cell.group == "Barsetshire County Council" && cell.measure == "2C: for 100,000 people"
    });
    assert_eq!(rate.unwrap().value, "30.8");
}

#[test]
fn what_is_typed_and_what_is_counted_stand_side_by_side() {
    let (place, finance, fund) = begun();
    discharges(&place);
    let app = &place.app;
    let metric = "average-discharge-delay";
    let typed = |figure| {
        let new = NewFigure {
            fund: &fund,
            metric,
            month: march(),
            figure,
            of: "",
            source: "the trust",
        };
        app.keep_fund_figure(&finance, &new)
    };
    let count = || app.count_fund_figure(&finance, &fund, (metric, march()));
    typed("1.5").unwrap();
    assert_eq!(count().unwrap().figure.number, 2);
    assert!(matches!(count(), Err(Error::Invalid(_))), "nothing changed");
    assert_eq!(typed("1.6").unwrap().figure.number, 3);
    let all: Vec<_> = app
        .fund_figures(&finance, &fund)
        .unwrap()
        .iter()
        .map(|row| (row.figure.number, row.figure.value.to_string()))
        .collect();
    assert_eq!(all, [(2, "2.00".to_owned()), (3, "1.6".to_owned())]);
    let effect = app.fund_effect(&finance, &fund, Some(2025)).unwrap();
    let delay = effect.metrics.iter().find(|one| one.key == metric).unwrap();
    assert_eq!((delay.figures.len(), delay.standing.len()), (2, 1));
    // Planned for the last quarter is 1.0: a day more for each of two people.
    let row = &delay.compared[11];
    assert_eq!((row.difference, row.days), (Some(1_000), Some(2)));
    let made = app
        .fund_return(&finance, &fund, "2025-26-Q4".parse().unwrap())
        .unwrap();
    let figure = made.figures.cell(&format!("metrics/{metric}/third-month"));
    let fund::returns::Value::Figure(value) = &figure.unwrap().value else {
        panic!("{figure:?}");
    };
    assert_eq!(value.to_string(), "2.00");
    assert!(
        made.lineage
            .contains("number 2, counted from the return drd 2026-03"),
        "{}",
        made.lineage
    );
    // A later discharge that is told of March is counted beside the old figure.
    let d = |day| date(2026, 3, day);
    add_stay(&place, &left(&place, 5, Some(d(1)), d(12)));
    let again = count().unwrap();
    assert_eq!(
        (again.figure.number, again.figure.value.to_string()),
        (4, "5.00".to_owned())
    );
    assert_eq!(app.doctor(&Actor::operator()).unwrap(), vec![]);
}

#[test]
fn who_may_count_and_what() {
    let (place, finance, fund) = begun();
    discharges(&place);
    let count = |actor: &Actor, metric| {
        let what = (metric, march());
        place.app.count_fund_figure(actor, &fund, what)
    };
    for (metric, why) in [
        ("emergency-admissions-65", "Is not counted here"),
        // It is counted here, and there is nobody to count it for.
        (
            "delayed-transfers",
            "No population of Barsetshire County Council is on file",
        ),
    ] {
        let refused = count(&finance, metric).unwrap_err();
        assert!(matches!(refused, Error::Invalid(_)), "{metric}: {refused}");
        assert!(refused.to_string().contains(why), "{refused}");
    }
    for role in [Role::Analyst, Role::HubLead, Role::Practitioner] {
        let refused = count(&place.actor(role), "average-discharge-delay");
        assert!(matches!(refused, Err(Error::Denied(_))), "{role:?}");
    }
}
