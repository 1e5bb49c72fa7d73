//! The privacy officer's side: openings, unusual looks, restrictions, the journal.

use crate::looks::{add, holder};
use access::{Actor, Role};
use app::Error;
use app::person::TimelineFilter;
use app::person::caseload::TakeOn;
use app::privacy::LooksAsked;
use jiff::SignedDuration;
use jiff::civil::date;
use kernel::{AccountId, BreakGlassId, NhsNumber, PersonId};
use person::looks::LookRule;
use person::relationship::Relationship;
use store::glass::{self, BreakGlass, GlassVerdict};
use store::relationship::{self, Kept};
use testkit::Place;

/// An opening by an account, from now for eight hours.
fn opens(place: &Place, actor: &Actor, person: PersonId, restricted: bool) -> BreakGlassId {
    let now = place.app.now();
    let opening = BreakGlass {
        id: place.app.ids().break_glass(),
        person,
        account: actor.account.unwrap(),
        reason: "danger".to_owned(),
        words: "Brought in by ambulance".to_owned(),
        restricted,
        opened_at: now,
        ends_at: now + SignedDuration::from_hours(8),
        approved: None,
        review_by: date(2018, 10, 23),
        review: None,
        version: 1,
    };
    let store = place.app.store();
    store.write(|tx| glass::insert(tx, &opening)).unwrap();
    opening.id
}

fn sees(place: &Place, actor: &Actor, person: PersonId) -> Result<(), Error> {
    let everything = TimelineFilter::default();
    place.app.person(actor, person, &everything).map(|_| ())
}

fn asked() -> LooksAsked {
    LooksAsked {
        from: date(2018, 10, 16),
        to: date(2018, 10, 17),
        all: false,
        page: 1,
    }
}

#[test]
fn an_opening_is_reviewed_once_by_somebody_else_with_what_was_seen() {
    let place = testkit::place();
    let (hub, officer) = (
        place.actor(Role::HubLead),
        place.actor(Role::PrivacyOfficer),
    );
    let mary = add(&place, 1, "Bold", "Mary");
    let other = add(&place, 2, "Grantly", "Anne");
    let id = opens(&place, &hub, mary, false);
    place.relate(Relationship::Emergency, &holder(&hub), mary);
    place.tie(other);
    sees(&place, &hub, mary).unwrap();
    sees(&place, &hub, other).unwrap();

    let (queue, more) = place.app.openings(&officer, 1).unwrap();
    assert_eq!((queue.len(), more), (1, false));
    assert_eq!(
        queue[0].who,
        "Hub lead Harding, hub lead, Barsetshire Hospitals Trust"
    );
    assert_eq!(queue[0].whose.address, "", "no more than is needed");
    assert!(!queue[0].late);
    let page = place.app.opening(&officer, id).unwrap();
    assert_eq!(page.seen.len(), 1, "{:?}", page.seen);
    assert!(page.seen[0].words.contains("read this record"));
    assert!(page.another && !page.to_approve);

    let own = Actor {
        account: hub.account,
        ..officer.clone()
    };
    let refused = place
        .app
        .review_opening(&own, id, 1, GlassVerdict::Justified, "Mine");
    assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
    let silent = place
        .app
        .review_opening(&officer, id, 1, GlassVerdict::Justified, " ");
    assert!(matches!(silent, Err(Error::Invalid(_))), "{silent:?}");
    let review = |version| {
        let why = "The ambulance sheet says so";
        place
            .app
            .review_opening(&officer, id, version, GlassVerdict::Justified, why)
    };
    assert!(matches!(review(7), Err(Error::Stale { .. })));
    review(1).unwrap();
    let again = review(1);
    assert!(
        matches!(&again, Err(Error::Stale { who, .. }) if who == "Privacy officer Harding"),
        "{again:?}"
    );
    assert_eq!(place.app.openings(&officer, 1).unwrap().0, []);
    // The person reads of it, with the reason.
    let told = place.app.review_who_looked(&officer, mary, 1).unwrap().1;
    let all: Vec<&str> = told.rows.iter().map(|row| row.words.as_str()).collect();
    assert!(
        all.iter()
            .any(|words| words.contains("“Somebody is in danger now”")),
        "{all:?}"
    );
}

#[test]
fn a_restricted_record_is_opened_when_another_officer_agrees() {
    let place = testkit::place();
    let (hub, officer) = (
        place.actor(Role::HubLead),
        place.actor(Role::PrivacyOfficer),
    );
    let mary = add(&place, 1, "Bold", "Mary");
    place.tie(mary);
    place
        .app
        .restrict(&officer, mary, true, "Works at the trust")
        .unwrap();
    let id = opens(&place, &hub, mary, true);
    place.relate(Relationship::Emergency, &holder(&hub), mary);
    assert!(
        sees(&place, &hub, mary).is_err(),
        "an emergency is not enough"
    );
    let page = place.app.opening(&officer, id).unwrap();
    assert!(page.to_approve);

    assert!(matches!(
        place.app.approve_opening(&hub, id, 1),
        Err(Error::Denied(_))
    ));
    let own = Actor {
        account: hub.account,
        ..officer.clone()
    };
    let by_themselves = place.app.approve_opening(&own, id, 1);
    assert!(
        matches!(by_themselves, Err(Error::Invalid(_))),
        "{by_themselves:?}"
    );
    place.app.approve_opening(&officer, id, 1).unwrap();
    sees(&place, &hub, mary).unwrap();
    // What is open for some hours is not made to last by whoever it is open to.
    let taken = TakeOn {
        colleague: "",
        capacity: "",
        until: Some(date(2019, 1, 1)),
    };
    let lasting = place.app.take_on(&hub, mary, &taken);
    assert!(matches!(lasting, Err(Error::Invalid(_))), "{lasting:?}");
    let twice = place.app.approve_opening(&officer, id, 2);
    assert!(matches!(twice, Err(Error::Invalid(_))), "{twice:?}");
    let told = place.app.review_who_looked(&officer, mary, 1).unwrap().1;
    let emergency: Vec<bool> = told.rows.iter().map(|row| row.emergency).collect();
    assert!(
        emergency.contains(&true),
        "the look is told as an opening: {told:?}"
    );
    // Only whoever asked, and only for the hours of an emergency.
    assert!(sees(&place, &place.actor(Role::Practitioner), mary).is_err());
    place.clock.advance(SignedDuration::from_hours(8));
    assert!(sees(&place, &hub, mary).is_err());
    // One that has ended is not approved.
    let late = opens(&place, &hub, mary, true);
    place.clock.advance(SignedDuration::from_hours(9));
    let ended = place.app.approve_opening(&officer, late, 1);
    assert!(matches!(ended, Err(Error::Invalid(_))), "{ended:?}");
}

#[test]
fn unusual_looks_are_found_and_looked_into_and_nothing_is_erased() {
    let place = testkit::place();
    let (hub, officer) = (
        place.actor(Role::HubLead),
        place.actor(Role::PrivacyOfficer),
    );
    let ordinary = add(&place, 1, "Bold", "Mary");
    let namesake = add(&place, 2, "Harding", "Septimus");
    let stranger = add(&place, 3, "Grantly", "Anne");
    for person in [ordinary, namesake] {
        place.tie(person);
        sees(&place, &hub, person).unwrap();
        sees(&place, &hub, person).unwrap();
    }
    // A look that nothing explains, as an older version or a hole would leave it.
    place
        .app
        .store()
        .write(|tx| {
            let rows = tx.query(
                "SELECT purpose, legal_basis FROM journal WHERE person_id IS NOT NULL LIMIT 1",
                &[],
            )?;
            let entry = store::journal::Entry {
                at: place.app.now(),
                kind: store::journal::Kind::Look,
                action: "see people's records".to_owned(),
                actor: hub.username.clone(),
                actor_role: hub.role.as_str().to_owned(),
                organisation: hub.organisation_name.clone(),
                purpose: rows[0].text(0)?.to_owned(),
                legal_basis: rows[0].text(1)?.to_owned(),
                person: Some(stranger),
                subject: format!("person {stranger}"),
                results: 1,
                detail: String::new(),
            };
            store::journal::append(tx, &entry)
        })
        .unwrap();

    let (found, more) = place.app.unusual_looks(&officer, &asked()).unwrap();
    assert!(!more);
    let told: Vec<(PersonId, Vec<LookRule>)> = found
        .iter()
        .map(|one| {
            let rules = one.reasons.iter().map(|reason| reason.rule).collect();
            (one.person, rules)
        })
        .collect();
    assert_eq!(
        told,
        [
            (stranger, vec![LookRule::NoLink]),
            (namesake, vec![LookRule::Surname]),
        ]
    );
    assert_eq!(found[0].whose, "GRANTLY, Anne");
    let sequence = found[1].sequence;
    let page = place.app.unusual_look(&officer, sequence).unwrap();
    assert_eq!(page.seen.len(), 2);

    assert!(matches!(
        place.app.look_into(&hub, sequence, true, "All well"),
        Err(Error::Denied(_))
    ));
    assert!(matches!(
        place.app.look_into(&officer, sequence, true, ""),
        Err(Error::Invalid(_))
    ));
    assert!(matches!(
        place
            .app
            .look_into(&officer, sequence + 1_000, true, "All well"),
        Err(Error::NotFound(_))
    ));
    place
        .app
        .look_into(&officer, sequence, true, "No relation, says the ward")
        .unwrap();
    place
        .app
        .look_into(&officer, sequence, false, "They are cousins")
        .unwrap();
    let page = place.app.unusual_look(&officer, sequence).unwrap();
    let notes: Vec<(bool, &str)> = page
        .finding
        .reviews
        .iter()
        .map(|one| (one.in_order, one.note.as_str()))
        .collect();
    assert_eq!(
        notes,
        [
            (true, "No relation, says the ward"),
            (false, "They are cousins")
        ]
    );
    let (waiting, _) = place.app.unusual_looks(&officer, &asked()).unwrap();
    assert_eq!(waiting.len(), 1);
    let everything = LooksAsked {
        all: true,
        ..asked()
    };
    let (all, _) = place.app.unusual_looks(&officer, &everything).unwrap();
    assert_eq!(all.len(), 2);
    let overview = place.app.privacy_overview(&officer).unwrap();
    assert_eq!((overview.unusual, overview.openings), (1, 0));
}

#[test]
fn many_people_in_a_day_are_noted_once() {
    let place = testkit::place();
    let (hub, officer) = (
        place.actor(Role::HubLead),
        place.actor(Role::PrivacyOfficer),
    );
    // Not every serial number makes an NHS number.
    let serials = (1..).filter(|serial| NhsNumber::synthetic(*serial).is_some());
    let people: Vec<PersonId> = serials
        .take(83)
        .map(|serial| add(&place, serial, "Quiverful", "Arthur"))
        .collect();
    for person in &people {
        place.relate(Relationship::Duty, &holder(&hub), *person);
        sees(&place, &hub, *person).unwrap();
    }
    let (found, _) = place.app.unusual_looks(&officer, &asked()).unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(
        found[0].reasons[0].words,
        "They looked at 83 people that day, more than 80. They have no usual yet."
    );
    // The next day it is what they usually do.
    place.clock.advance(SignedDuration::from_hours(24));
    for person in &people {
        sees(&place, &hub, *person).unwrap();
    }
    let (found, _) = place.app.unusual_looks(&officer, &asked()).unwrap();
    assert_eq!(found.len(), 1, "still the first day only");
}

#[test]
fn a_stretch_of_days_must_be_one() {
    let place = testkit::place();
    let officer = place.actor(Role::PrivacyOfficer);
    for (from, to) in [
        (date(2018, 10, 17), date(2018, 10, 16)),
        (date(2018, 9, 1), date(2018, 10, 2)),
    ] {
        let asked = LooksAsked {
            from,
            to,
            all: true,
            page: 1,
        };
        let wrong = place.app.unusual_looks(&officer, &asked);
        assert!(matches!(wrong, Err(Error::Invalid(_))), "{from} {to}");
    }
}

#[test]
fn a_record_is_restricted_to_those_named_and_freed_again() {
    let place = testkit::place();
    let (hub, officer) = (
        place.actor(Role::HubLead),
        place.actor(Role::PrivacyOfficer),
    );
    let mary = add(&place, 1, "Bold", "Mary");
    place.tie(mary);
    let number = NhsNumber::synthetic(1).unwrap();
    let app = &place.app;
    let born = date(1938, 4, 3);
    assert_eq!(app.find_to_restrict(&officer, number, born).unwrap(), mary);
    for (number, born) in [
        (number, date(1938, 4, 4)),
        (NhsNumber::synthetic(2).unwrap(), born),
    ] {
        let wrong = app.find_to_restrict(&officer, number, born);
        assert!(matches!(wrong, Err(Error::NotFound(_))));
    }
    let account: AccountId = hub.account.unwrap();
    let early = app.name_for_restricted(&officer, mary, account, date(2018, 11, 1));
    assert!(matches!(early, Err(Error::Invalid(_))), "{early:?}");

    app.restrict(&officer, mary, true, "Works at the trust")
        .unwrap();
    let twice = app.restrict(&officer, mary, true, "Again");
    assert!(matches!(twice, Err(Error::Invalid(_))), "{twice:?}");
    assert!(matches!(sees(&place, &hub, mary), Err(Error::NotFound(_))));
    assert!(app.restrictions(&officer).unwrap()[0].nobody);

    for until in [date(2018, 10, 15), date(2019, 10, 18)] {
        let wrong = app.name_for_restricted(&officer, mary, account, until);
        assert!(matches!(wrong, Err(Error::Invalid(_))), "{until}");
    }
    let own = place.actor(Role::Analyst).account.unwrap();
    let wrong = app.name_for_restricted(&officer, mary, own, date(2018, 11, 1));
    assert!(matches!(wrong, Err(Error::Invalid(_))), "no care role");
    app.name_for_restricted(&officer, mary, account, date(2018, 11, 1))
        .unwrap();
    sees(&place, &hub, mary).unwrap();
    assert!(sees(&place, &place.actor(Role::Practitioner), mary).is_err());
    let page = app.restricted_person(&officer, mary).unwrap();
    assert_eq!(page.named[0].until, Some(date(2018, 11, 1)));
    assert!(!app.restrictions(&officer).unwrap()[0].nobody);
    app.unname(&officer, mary, page.named[0].relationship)
        .unwrap();
    assert!(sees(&place, &hub, mary).is_err());
    app.name_for_restricted(&officer, mary, account, date(2018, 11, 1))
        .unwrap();

    let restriction = page.restrictions[0].id;
    app.lift(&officer, mary, restriction, "Left the trust")
        .unwrap();
    let twice = app.lift(&officer, mary, restriction, "Left the trust");
    assert!(matches!(twice, Err(Error::Stale { .. })), "{twice:?}");
    let page = app.restricted_person(&officer, mary).unwrap();
    assert_eq!(page.named, []);
    assert_eq!(page.lifted, [(restriction, "Left the trust".to_owned())]);
    sees(&place, &place.actor(Role::Practitioner), mary).unwrap();
    assert_eq!(app.restrictions(&officer).unwrap(), []);
    assert_eq!(app.doctor(&Actor::operator()).unwrap(), []);
    // A name that was left behind is found.
    let left = Kept {
        id: app.ids().relationship(),
        person: mary,
        kind: Relationship::Caseload,
        holder: account.to_string(),
        capacity: String::new(),
        starts_at: app.now(),
        ends_at: None,
        follows: format!("restriction {restriction}"),
        made_at: app.now(),
        made_by: "test".to_owned(),
    };
    let store = app.store();
    store.write(|tx| relationship::put(tx, &left)).unwrap();
    let found = app.doctor(&Actor::operator()).unwrap();
    assert!(
        found[0].what.contains("outlives the restriction"),
        "{found:?}"
    );
}

#[test]
fn the_doctor_names_reviews_that_are_late() {
    let place = testkit::place();
    let hub = place.actor(Role::HubLead);
    let mary = add(&place, 1, "Bold", "Mary");
    opens(&place, &hub, mary, false);
    assert_eq!(place.app.doctor(&Actor::operator()).unwrap(), []);
    place.clock.advance(SignedDuration::from_hours(24 * 8));
    let found = place.app.doctor(&Actor::operator()).unwrap();
    assert_eq!(found.len(), 1);
    assert!(found[0].what.starts_with("1 of 1 records opened"));
    let officer = place.actor(Role::PrivacyOfficer);
    let (queue, _) = place.app.openings(&officer, 1).unwrap();
    assert!(queue[0].late);
}

#[test]
fn the_journal_is_checked_and_its_head_kept() {
    let place = testkit::place();
    let officer = place.actor(Role::PrivacyOfficer);
    let (wrong, head) = place.app.check_journal(&officer).unwrap();
    assert_eq!(wrong, Vec::<String>::new());
    assert!(head.rows > 0);
    let text = place.app.journal_head_text(&officer).unwrap();
    let (rows, hash) = place.app.store().read(store::journal::head).unwrap();
    assert!(
        text.contains(&format!("rows {rows}\nhead {hash}\n")),
        "{text}"
    );
}
