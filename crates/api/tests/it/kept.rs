//! What is kept between calls never outlives what it was decided from: whatever changes,
//! in this process, in another, or by the clock alone, counts at the very next call.

use crate::house::House;
use jiff::{SignedDuration, Timestamp};
use kernel::PersonId;
use person::relationship::Relationship;
use store::relationship::Kept;
use store::wish::{Restriction, Wish, WishKind};
use store::{Store, Tx};

const READ: &str = "/Observation/one";

fn arthur(house: &House) -> PersonId {
    let store = house.place.app.store();
    let found = store.read(|tx| store::api::person_of(tx, "fhir:Patient", "Patient/arthur"));
    found.unwrap().unwrap()
}

/// The store as another process has it open.
fn elsewhere(house: &House) -> Store {
    let place = house.place.app.store().place().clone();
    Store::open(house.place.location(), place).unwrap()
}

/// Reads twice, so that what can be kept is kept.
fn reads(house: &House, what: &str) {
    for _ in 0..2 {
        assert_eq!(house.get(READ).status, 200, "{what}");
    }
}

fn run(store: &Store, sql: &str) {
    store
        .write(|tx| {
            let place = tx.place().to_owned();
            tx.execute(sql, &[place.into()])
        })
        .unwrap();
}

fn restrict(store: &Store, house: &House, person: PersonId) {
    let restriction = Restriction {
        id: house.place.app.ids().restriction(),
        person,
        whole: true,
        why: "A court order".to_owned(),
        made_at: house.place.app.now(),
        made_by: "test".to_owned(),
        ended: None,
    };
    let put = |tx: &mut dyn Tx| store::wish::restrict(tx, &restriction);
    store.write(put).unwrap();
}

fn relate(house: &House, person: PersonId, starts_at: Timestamp, ends_at: Option<Timestamp>) {
    for holder in [house.place.trust, house.place.council] {
        let kept = Kept {
            id: house.place.app.ids().relationship(),
            person,
            kind: Relationship::Duty,
            holder: holder.to_string(),
            capacity: String::new(),
            starts_at,
            ends_at,
            follows: format!("test {starts_at}"),
            made_at: house.place.app.now(),
            made_by: "test".to_owned(),
        };
        let put = |tx: &mut dyn Tx| store::relationship::put(tx, &kept);
        house.place.app.store().write(put).unwrap();
    }
}

#[test]
fn a_second_read_asks_the_store_less() {
    let house = House::new();
    let store = house.place.app.store();
    if store.engine_name() == "postgres" {
        // It cannot tell whether anything has changed: everything is read each time.
        return;
    }
    let statements = || {
        let before = store.statements();
        assert_eq!(house.get(READ).status, 200);
        store.statements() - before
    };
    let (first, second) = (statements(), statements());
    assert!(second < first, "{second} statements after {first}");
}

#[test]
fn what_is_withdrawn_here_or_elsewhere_is_withdrawn_at_the_next_call() {
    for here in [true, false] {
        let house = House::new();
        let other = elsewhere(&house);
        let store = if here {
            house.place.app.store()
        } else {
            &other
        };
        let person = arthur(&house);
        reads(&house, "with a tie");
        run(store, "DELETE FROM relationship WHERE place = ?1");
        house.get(READ).refused(403, "forbidden", "");
        house.place.tie(person);
        reads(&house, "with a tie again");
        restrict(store, &house, person);
        house.get(READ).refused(404, "not-found", "");
        run(
            store,
            "UPDATE restriction SET ended_at = 0 WHERE place = ?1",
        );
        reads(&house, "without the restriction");
        run(store, "UPDATE api_client SET scopes = '' WHERE place = ?1");
        house.get(READ).refused(403, "forbidden", "");
        run(
            store,
            "UPDATE api_client SET scopes = 'resource.read' WHERE place = ?1",
        );
        reads(&house, "with the scope again");
        run(
            store,
            "UPDATE api_client SET revoked_at = 0 WHERE place = ?1",
        );
        house.get(READ).refused(401, "login", "");
    }
}

#[test]
fn an_objection_counts_at_the_next_call() {
    let house = House::new();
    let person = arthur(&house);
    // What another organisation sent.
    run(
        house.place.app.store(),
        "UPDATE timeline SET source = 'Somebody else' WHERE place = ?1",
    );
    reads(&house, "nothing against it");
    let wish = Wish {
        id: house.place.app.ids().wish(),
        person,
        kind: WishKind::Objection,
        category: String::new(),
        holder: String::new(),
        how: "said so".to_owned(),
        said_at: house.place.app.now(),
        said_by: "test".to_owned(),
        ended: None,
    };
    let say = |tx: &mut dyn Tx| store::wish::say(tx, &wish);
    house.place.app.store().write(say).unwrap();
    house.get(READ).refused(404, "not-found", "");
}

#[test]
fn ties_end_and_begin_by_the_clock_alone() {
    let house = House::new();
    let person = arthur(&house);
    run(
        house.place.app.store(),
        "DELETE FROM relationship WHERE place = ?1",
    );
    let hours = |hours: i64| house.place.app.now() + SignedDuration::from_hours(hours);
    relate(&house, person, hours(0), Some(hours(2)));
    relate(&house, person, hours(4), Some(hours(6)));
    for (shown, what) in [
        (true, "in the first hour"),
        (true, "in the second"),
        (false, "when it has ended"),
        (false, "after it"),
        (true, "when the next has begun"),
        (true, "in its second hour"),
        (false, "when that has ended"),
    ] {
        for _ in 0..2 {
            let status = house.get(READ).status.as_u16();
            assert_eq!(status, if shown { 200 } else { 403 }, "{what}");
        }
        house.place.clock.advance(SignedDuration::from_hours(1));
    }
}

#[test]
fn a_token_ends_by_the_clock_alone() {
    let house = House::new();
    reads(&house, "while it lasts");
    let days = SignedDuration::from_hours(24 * 30);
    house
        .place
        .clock
        .advance(days - SignedDuration::from_secs(1));
    reads(&house, "in its last second");
    house.place.clock.advance(SignedDuration::from_secs(1));
    house.get(READ).refused(401, "login", "");
}

/// Rows of the journal about a person, as another process finds them.
fn rows_about(house: &House, person: PersonId) -> Vec<i64> {
    let stretch = store::api::Stretch {
        before: i64::MAX,
        from: Timestamp::UNIX_EPOCH,
        to: house.place.app.now() + SignedDuration::from_hours(1),
        limit: i64::MAX,
    };
    let store = elsewhere(house);
    let rows = store.read(|tx| store::api::journal_of(tx, person, &stretch));
    rows.unwrap().iter().map(|row| row.sequence).collect()
}

#[test]
fn each_read_is_in_the_journal_of_the_person_at_once() {
    let house = House::new();
    let person = arthur(&house);
    let before = rows_about(&house, person).len();
    for number in 1..=20 {
        assert_eq!(house.get(READ).status, 200);
        let found = rows_about(&house, person).len();
        assert_eq!(found, before + number, "after read {number}");
    }
    let broken = house.place.app.store().read(store::journal::broken_links);
    assert_eq!(broken.unwrap(), Vec::<String>::new());
}

/// More looks than are filed at a time, at two people in turn: each is found once, the latest
/// first, whether it is filed or not; and `doctor` tells one that is filed wrongly.
#[test]
fn rows_are_found_by_person_before_and_after_they_are_filed() {
    let house = House::new();
    let store = house.place.app.store();
    let (person, nobody) = (arthur(&house), house.place.app.ids().person());
    let before = rows_about(&house, person);
    let entry = |person| store::journal::Entry {
        at: house.place.app.now(),
        kind: store::journal::Kind::Look,
        action: "see a person".to_owned(),
        actor: "client:test".to_owned(),
        actor_role: "practitioner".to_owned(),
        organisation: String::new(),
        purpose: "direct care".to_owned(),
        legal_basis: String::new(),
        person,
        subject: String::new(),
        results: 1,
        detail: String::new(),
    };
    let mut wanted = before.clone();
    for round in 0..9 {
        if round == 4 {
            // As if there had been more rows, so that these are of two stretches of the journal.
            run(
                store,
                "UPDATE journal_head SET sequence = 31000 WHERE place = ?1",
            );
        }
        let set: Vec<_> = (0..900)
            .map(|number| {
                entry(match number % 3 {
                    0 => Some(person),
                    1 => Some(nobody),
                    _ => None,
                })
            })
            .collect();
        let last = store
            .write(|tx| store::journal::append_all(tx, &set))
            .unwrap();
        let mut new: Vec<i64> = (0..300).map(|third| last - 899 + 3 * third).collect();
        new.reverse();
        wanted = [new, wanted].concat();
        assert_eq!(rows_about(&house, person), wanted);
    }
    let wrong = || {
        let problems = store.read(|tx| store::verify(tx)).unwrap();
        // Rows were skipped, which the chain tells.
        let told = problems
            .iter()
            .filter(|one| !one.check.contains("chain"))
            .map(|one| format!("{}: {}", one.check, one.what));
        told.collect::<Vec<_>>().join("; ")
    };
    assert_eq!(wrong(), "");
    let (first, second) = (wanted[wanted.len() - 1], wanted[wanted.len() - 2]);
    run(
        store,
        &format!("DELETE FROM journal_filed WHERE place = ?1 AND sequence = {first}"),
    );
    assert!(wrong().contains(&format!("filed under them: journal row {first}")));
    run(
        store,
        &format!(
            "UPDATE journal_filed SET person_id = '' WHERE place = ?1 AND sequence = {second}"
        ),
    );
    assert!(wrong().contains(&format!(
        "a row of the journal about them: journal row {second}"
    )));
}

/// Eight clients at once, who share transactions as they come: each has its own answer, and every
/// look and refusal its row.
#[test]
fn many_at_once_each_have_their_own_answer() {
    let house = House::new();
    let person = arthur(&house);
    let before = rows_about(&house, person).len();
    let (clients, each) = (8, 24);
    std::thread::scope(|scope| {
        for client in 0..clients {
            let house = &house;
            scope.spawn(move || {
                for number in 0..each {
                    match (client + number) % 4 {
                        0 => house.get("/Observation/none").refused(404, "not-found", ""),
                        one => {
                            let id = ["one", "two", "three"][one - 1];
                            let reply = house.get(&format!("/Observation/{id}"));
                            assert_eq!(reply.status, 200);
                            assert_eq!(reply.json()["id"], id);
                        }
                    }
                }
            });
        }
    });
    let looks = clients * each * 3 / 4;
    assert_eq!(rows_about(&house, person).len(), before + looks);
    let refused = house.journal(1_000);
    let refused = refused.iter().filter(|row| row.0 == "API request refused");
    assert_eq!(refused.count(), clients * each / 4);
    let broken = house.place.app.store().read(store::journal::broken_links);
    assert_eq!(broken.unwrap(), Vec::<String>::new());
}
