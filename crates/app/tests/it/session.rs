use app::session::NewAccount;
use jiff::SignedDuration;
use store::journal;
use testkit::PASSWORD;

#[test]
fn a_session_opens_is_known_and_ends() {
    let place = testkit::place();
    let session = place.app.sign_in("hub-lead", PASSWORD).unwrap().unwrap();
    let actor = place.app.actor_of(&session.token).unwrap().unwrap();
    assert_eq!(actor.username, "hub-lead");
    place.app.sign_out(&actor, &session.token).unwrap();
    assert_eq!(place.app.actor_of(&session.token).unwrap(), None);
}

#[test]
fn a_session_lasts_twenty_hours() {
    let place = testkit::place();
    let session = place.app.sign_in("hub-lead", PASSWORD).unwrap().unwrap();
    place.clock.advance(SignedDuration::from_hours(19));
    assert!(place.app.actor_of(&session.token).unwrap().is_some());
    place.clock.advance(SignedDuration::from_hours(2));
    assert_eq!(place.app.actor_of(&session.token).unwrap(), None);
}

#[test]
fn wrong_names_and_passwords_are_refused_alike_and_journalled_without_what_was_typed() {
    let place = testkit::place();
    for (name, password) in [("hub-lead", "wrong"), ("nobody", PASSWORD), ("", "")] {
        assert!(place.app.sign_in(name, password).unwrap().is_none());
    }
    let rows = place
        .app
        .store()
        .read(|tx| {
            tx.query(
                "SELECT actor, detail, subject FROM journal WHERE action = 'sign in refused'",
                &[],
            )
        })
        .unwrap();
    assert_eq!(rows.len(), 3);
    assert!(rows.iter().all(|row| row.text(0).unwrap() == "unknown"));
    let broken = place
        .app
        .store()
        .read(|tx| journal::broken_links(tx))
        .unwrap();
    assert_eq!(broken, Vec::<String>::new());
}

#[test]
fn a_token_is_not_in_the_store() {
    let place = testkit::place();
    let session = place.app.sign_in("hub-lead", PASSWORD).unwrap().unwrap();
    let rows = place
        .app
        .store()
        .read(|tx| tx.query("SELECT token_hash FROM session", &[]))
        .unwrap();
    assert_eq!(rows.len(), 1);
    assert_ne!(rows[0].text(0).unwrap(), session.token);
}

/// Looks of programs are not among those that are reviewed by account.
#[test]
fn nobody_signs_in_by_a_name_as_programs_have() {
    let place = testkit::place();
    let new = |username| NewAccount {
        username,
        password: "correct horse battery staple",
        display_name: "Ward System",
        role: access::Role::Practitioner,
        organisation: place.council,
    };
    let operator = access::Actor::operator();
    let refused = place.app.make_account(&operator, &new("client:ward"));
    let says = |error: &app::Error| error.to_string().contains("as the names of programs do");
    assert!(refused.as_ref().is_err_and(says), "{refused:?}");
    place.app.make_account(&operator, &new("ward")).unwrap();
}
