//! Returns as cells: what they count, what is behind them, what is sent.

use super::{New, add_stay, new};
use access::{Actor, Role};
use app::Error;
use app::flow::figures::{Figures, Frozen, ReturnKind};
use app::flow::services::Draft;
use flow::service::{Outcome, ServiceType};
use jiff::civil::{Date, date};
use kernel::{PersonId, StayId};
use store::wish::WishKind;
use testkit::Place;

fn place() -> Place {
    let place = testkit::place();
    place.clock.set("2026-05-20T09:30:00Z".parse().unwrap());
    place
}

fn made(place: &Place, kind: ReturnKind, period: &str) -> Figures {
    place
        .app
        .figures(&Actor::operator(), kind, period, "official return")
        .unwrap()
}

/// The value of a cell, and how many ids are behind it.
fn cell(figures: &Figures, measure: &str) -> (String, usize) {
    let found = figures.cells.iter().find(|cell| cell.measure == measure);
    let found = found.unwrap_or_else(|| panic!("{measure} in {:#?}", figures.cells));
    (found.value.clone(), found.ids.len())
}

fn value(text: &str, ids: usize) -> (String, usize) {
    (text.to_owned(), ids)
}

fn stay_of(place: &Place, new: &New) -> (StayId, PersonId) {
    let id = add_stay(place, new);
    let read = |tx: &mut dyn store::Tx| store::flow::stay(tx, id);
    let person = place.app.store().read(read).unwrap().unwrap().stay.person;
    (id, person)
}

fn may(day: i8) -> Date {
    date(2026, 5, day)
}

fn with(serial: u32, ready: Option<Date>, left: Option<Date>) -> New {
    New {
        ready,
        left,
        ..new(serial, may(1))
    }
}

#[test]
fn the_situation_report_of_a_day() {
    let place = place();
    let day = Some(may(12));
    for new in [
        with(1, None, None),
        with(2, Some(may(10)), None),
        with(3, Some(may(10)), day),
        with(4, None, day),
        with(5, Some(may(13)), None),
        with(6, Some(may(10)), Some(may(11))),
    ] {
        add_stay(&place, &new);
    }
    let found = made(&place, ReturnKind::Sitrep, "2026-05-12");
    assert_eq!(
        cell(&found, "in hospital at the end of the day"),
        value("3", 3)
    );
    assert_eq!(
        cell(&found, "no longer meet the criteria to reside"),
        value("2", 2)
    );
    assert_eq!(cell(&found, "of them, discharged"), value("1", 1));
    assert_eq!(cell(&found, "of them, remaining"), value("1", 1));
    assert_eq!(
        cell(&found, "remaining, 7 days or more in hospital"),
        value("1", 1)
    );
    assert_eq!(
        cell(&found, "remaining, 21 days or more in hospital"),
        value("0", 0)
    );
    assert_eq!(cell(&found, "remaining, reason not known"), value("1", 1));
    assert_eq!(cell(&found, "discharged, pathway not known"), value("2", 2));
    let missing: Vec<(&str, usize)> = found
        .quality
        .iter()
        .map(|one| (one.what.as_str(), one.ids.len()))
        .collect();
    assert_eq!(
        missing,
        [
            ("stays have no ready date", 1),
            ("stays have days of delay without a reason", 1),
            ("stays have no pathway", 2),
        ]
    );
    assert!(found.complete);
}

/// The new measure of a month has the same figures as the delay return, with the ids behind them.
#[test]
fn the_month_by_ready_date_has_its_lineage() {
    let place = place();
    let april = |day| date(2026, 4, day);
    let left = |serial, ready, out| New {
        ready,
        left: Some(out),
        ..new(serial, april(1))
    };
    let (late, _) = stay_of(&place, &left(1, Some(april(10)), april(13)));
    let (same_day, _) = stay_of(&place, &left(2, Some(april(13)), april(13)));
    let (unknown, _) = stay_of(&place, &left(3, None, april(14)));
    let found = made(&place, ReturnKind::Drd, "2026-04");
    let ids = |measure: &str| {
        let cell = found.cells.iter().find(|cell| cell.measure == measure);
        cell.unwrap().ids.clone()
    };
    assert_eq!(ids("acute, band, 2 to 3 days"), [format!("stay {late}")]);
    assert_eq!(ids("acute, band, 0 days"), [format!("stay {same_day}")]);
    assert_eq!(
        ids("acute, measure, mean days, those delayed"),
        [format!("stay {late}")]
    );
    assert_eq!(
        ids("acute, left out, ready date not known"),
        [format!("stay {unknown}")]
    );
    assert_eq!(
        cell(&found, "acute, measure, mean days, all"),
        value("1.5", 2)
    );
    assert_eq!(found.quality[0].what, "stays have no ready date");
    let month = "2026-04".parse().unwrap();
    let regime = app::flow::Regime::Drd;
    let same = place
        .app
        .return_delays(&Actor::operator(), month, regime, "official return")
        .unwrap();
    for row in same.rows {
        let measure = format!("{}, {}, {}", row.care_type, row.responsible, row.reason);
        assert_eq!(cell(&found, &measure).0, row.days, "{measure}");
    }
}

fn service(kind: ServiceType, starts_on: Date, ends_on: Option<Date>) -> Draft {
    Draft {
        kind,
        component: None,
        starts_on,
        ends_on,
        outcome: ends_on.map(|_| Outcome::EndedAsPlanned),
        council: None,
        organisation: None,
        stay: None,
        visits_a_week: None,
        minutes_a_visit: None,
        mistake_why: String::new(),
    }
}

/// Five people who left hospital in June 2025 into reablement, and what became of them.
#[test]
fn the_measures_of_a_year() {
    let place = place();
    let actor = place.actor(Role::Practitioner);
    let june = date(2025, 6, 1);
    let put = |serial: u32, services: &[Draft]| {
        let (_, person) = stay_of(
            &place,
            &New {
                left: Some(june),
                ..new(serial, date(2025, 5, 20))
            },
        );
        place.tie(person);
        for draft in services {
            let draft = Draft {
                council: Some(place.council),
                ..draft.clone()
            };
            place
                .app
                .add_service_period(&actor, person, &draft)
                .unwrap();
        }
        person
    };
    let reabled = |starts| service(ServiceType::StMax, starts, Some(date(2025, 7, 1)));
    let (near, far) = (date(2025, 6, 3), date(2025, 6, 9));
    put(1, &[reabled(near)]);
    put(
        2,
        &[
            reabled(near),
            service(ServiceType::Community, date(2025, 7, 2), None),
        ],
    );
    put(
        3,
        &[
            reabled(near),
            service(ServiceType::NursingCare, date(2025, 8, 1), None),
        ],
    );
    // Too late to be linked to the discharge.
    put(4, &[reabled(far)]);
    put(5, &[]);
    let found = made(&place, ReturnKind::Ascof, "2025-26");
    assert_eq!(cell(&found, "2A: reablement that counts"), value("4", 4));
    assert_eq!(
        cell(&found, "2A: reablement without ongoing support"),
        value("3", 3)
    );
    assert_eq!(cell(&found, "2A: per cent"), value("75.0", 4));
    assert_eq!(
        cell(&found, "2A, 18 to 64: per cent"),
        value("not known", 0)
    );
    assert_eq!(
        cell(&found, "2C: new long-term admissions, 65 and over"),
        value("1", 1)
    );
    assert_eq!(
        cell(&found, "2C: for 100,000 people"),
        value("not known", 1)
    );
    // At home, at home with support, and in a nursing home. Each has a stay and a service behind it.
    assert_eq!(
        cell(&found, "2D part 1: at home 84 days after hospital"),
        value("2", 4)
    );
    assert_eq!(cell(&found, "2D part 1: per cent"), value("66.7", 6));
    assert_eq!(
        cell(&found, "2D part 1: outcome not known yet"),
        value("0", 0)
    );
    assert_eq!(
        cell(&found, "older measure: at home on day 91"),
        value("2", 4)
    );
    let discharged: usize = found
        .cells
        .iter()
        .filter(|cell| cell.measure == "2D part 2: discharged, 65 and over")
        .map(|cell| cell.ids.len())
        .sum();
    assert_eq!(discharged, 5);
    assert_eq!(place.app.store().read(store::verify).unwrap(), []);
}

/// People with the national data opt-out are left out where it applies to what the return is for.
#[test]
fn the_opt_out_holds_for_every_return() {
    let place = place();
    let (_, person) = stay_of(&place, &with(1, Some(may(10)), None));
    place.tie(person);
    let actor = place.actor(Role::Practitioner);
    let draft = service(ServiceType::ResidentialCare, date(2025, 9, 1), None);
    place
        .app
        .add_service_period(&actor, person, &draft)
        .unwrap();
    place
        .app
        .say_wish(
            &actor,
            person,
            app::person::wishes::NewWish {
                kind: WishKind::OptOut,
                category: "",
                how: "By form",
            },
        )
        .unwrap();
    for (kind, period) in [
        (ReturnKind::Sitrep, "2026-05-12"),
        (ReturnKind::Ascof, "2025-26"),
    ] {
        let ids = |purpose: &str| -> usize {
            let found = place
                .app
                .figures(&Actor::operator(), kind, period, purpose)
                .unwrap();
            found.cells.iter().map(|cell| cell.ids.len()).sum()
        };
        assert!(ids("official return") > 0, "{kind}: the law asks for it");
        assert_eq!(ids("planning"), 0, "{kind}");
    }
    let other = place
        .app
        .figures(&Actor::operator(), ReturnKind::Sitrep, "2026-05-12", "fun");
    assert!(matches!(other, Err(Error::Invalid(_))), "{other:?}");
}

#[test]
fn what_is_sent_stays_and_a_later_change_says_what() {
    let place = place();
    let app = &place.app;
    let analyst = place.actor(Role::Analyst);
    add_stay(&place, &with(1, Some(may(10)), None));
    let (kind, period, purpose) = (ReturnKind::Sitrep, "2026-05-12", "official return");
    let page = || app.return_page(&analyst, kind, period, purpose).unwrap();
    let first = page();
    assert!(first.sent.is_empty());
    let send = |hash: &str| app.freeze_return(&analyst, kind, period, purpose, hash);
    assert_eq!(send(&first.hash).unwrap(), Frozen::Kept(1));
    assert_eq!(send(&first.hash).unwrap(), Frozen::Same(1));
    add_stay(&place, &with(2, Some(may(11)), None));
    let second = page();
    let said = "Barchester Royal Infirmary, of them, remaining: 1 is now 2";
    assert!(
        second.changes.contains(&said.to_owned()),
        "{:?}",
        second.changes
    );
    // Whoever looked before the change cannot send what they did not see.
    assert!(matches!(send(&first.hash), Err(Error::Stale { .. })));
    assert_eq!(send(&second.hash).unwrap(), Frozen::Kept(2));
    let kept = app.sent_return(&analyst, kind, period, purpose, 2).unwrap();
    assert!(kept.changes.contains(said));
    let before = app.sent_return(&analyst, kind, period, purpose, 1).unwrap();
    assert_eq!(before.hash, first.hash);
    assert_eq!(flow::figures::text(&first.figures.cells), before.content);
    assert!(page().changes.is_empty());
    assert_eq!(app.store().read(store::verify).unwrap(), []);
    // The doctor sees one that was changed afterwards.
    app.store()
        .write(|tx| {
            tx.execute(
                "UPDATE return_version SET content = 'x' WHERE place = ?1 AND number = 1",
                &[tx.place().to_owned().into()],
            )
        })
        .unwrap();
    let problems = app.store().read(store::verify).unwrap();
    assert_eq!(problems[0].what, "return sitrep 2026-05-12 1");
}

#[test]
fn a_cell_opens_the_people_whom_one_may_see() {
    let place = place();
    let app = &place.app;
    let (mine, person) = stay_of(&place, &with(1, Some(may(10)), None));
    let (_, secret) = stay_of(&place, &with(2, Some(may(10)), None));
    app.store()
        .write(|tx| {
            let restriction = store::wish::Restriction {
                id: app.ids().restriction(),
                person: secret,
                whole: true,
                why: "A court order".to_owned(),
                made_at: app.now(),
                made_by: "test".to_owned(),
                ended: None,
            };
            store::wish::restrict(tx, &restriction)
        })
        .unwrap();
    let hub = place.actor(Role::HubLead);
    let found = app
        .figures(&hub, ReturnKind::Sitrep, "2026-05-12", "official return")
        .unwrap();
    let measure = ("Barchester Royal Infirmary", "of them, remaining");
    let (people, all) = app.behind_cell(&hub, &found, Ok(measure)).unwrap();
    // Who sees people counts without those who are kept apart, and does not send.
    assert_eq!(all, 1);
    assert!(!found.to_send);
    let (kind, period, purpose) = (ReturnKind::Sitrep, "2026-05-12", "official return");
    let page = app.return_page(&hub, kind, period, purpose).unwrap();
    let sent = app.freeze_return(&hub, kind, period, purpose, &page.hash);
    assert!(matches!(sent, Err(Error::Invalid(_))), "{sent:?}");
    assert_eq!(people.len(), 1);
    assert_eq!(
        (people[0].person, people[0].thing.clone()),
        (person, format!("stay {mine}"))
    );
    let missing = app.behind_cell(&hub, &found, Err("stays have no pathway"));
    assert!(matches!(missing, Err(Error::NotFound(_))), "{missing:?}");
    let analyst = place.actor(Role::Analyst);
    let whole = app
        .figures(
            &analyst,
            ReturnKind::Sitrep,
            "2026-05-12",
            "official return",
        )
        .unwrap();
    assert_eq!(cell(&whole, "of them, remaining"), value("2", 2));
    assert!(whole.to_send);
    let refused = app.behind_cell(&analyst, &found, Ok(measure));
    assert!(matches!(refused, Err(Error::Denied(_))), "{refused:?}");
    let practitioner = place.actor(Role::Practitioner);
    let refused = app.figures(
        &practitioner,
        ReturnKind::Sitrep,
        "2026-05-12",
        "official return",
    );
    assert!(matches!(refused, Err(Error::Denied(_))), "{refused:?}");
}

#[test]
fn a_period_that_is_none_says_how_it_is_written() {
    let place = place();
    for (kind, period, said) in [
        (ReturnKind::Sitrep, "May", "Enter a day such as 2026-05-12"),
        (
            ReturnKind::Ascof,
            "2026",
            "Enter a financial year such as 2025-26",
        ),
        (ReturnKind::Drd, "2027-01", "This period has not begun"),
    ] {
        let found = place
            .app
            .figures(&Actor::operator(), kind, period, "official return");
        let Err(Error::Invalid(errors)) = found else {
            panic!("{period}");
        };
        assert_eq!(errors[0].text, said);
    }
}
