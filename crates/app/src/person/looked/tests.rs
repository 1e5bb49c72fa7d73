#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use access::{Actor, Bases};

const NOW: &str = "2026-05-04T10:00:00Z";

fn row(kind: &str, action: &str) -> Look {
    Look {
        sequence: 1,
        at: "2026-05-03T08:15:00Z".parse().unwrap(),
        kind: kind.to_owned(),
        action: action.to_owned(),
        actor: "harding".to_owned(),
        account: None,
        name: Some("Septimus Harding".to_owned()),
        role: "hub-lead".to_owned(),
        organisation: "Barchester Royal Infirmary".to_owned(),
        purpose: "direct care".to_owned(),
        person: None,
        subject: "person 0190".to_owned(),
        results: 12,
        detail: String::new(),
    }
}

fn said(row: &Look, voice: Voice) -> String {
    sentences(row, None, voice, NOW.parse().unwrap())
}

/// What an action is done for by whoever may do it.
fn purpose_of(action: Action) -> String {
    let allowed = Role::ALL.iter().find_map(|role| {
        let actor = Actor {
            role: *role,
            ..Actor::operator()
        };
        access::decide(&actor, action).ok()
    });
    allowed.unwrap().purpose.to_owned()
}

#[test]
fn the_sentence_of_the_brief() {
    assert_eq!(
        said(&row("look", "see people's records"), Voice::Own),
        "On 3 May at 9:15am Septimus Harding, hub lead at Barchester Royal Infirmary, read your \
         record to care for you. They saw 12 lines."
    );
}

/// Every action as a look and as a change, every purpose, and what is said to others.
#[test]
fn every_row_is_told() {
    let mut told = Vec::new();
    for action in Action::ALL {
        for kind in ["look", "command"] {
            let mut one = row(kind, action.in_words());
            one.subject = String::new();
            one.purpose = purpose_of(*action);
            told.push(said(&one, Voice::Own));
        }
    }
    for (command, _) in COMMANDS {
        told.push(said(&row("command", command), Voice::Own));
    }
    for command in ["passport: send", "wish: object", "correction: ask", "mend"] {
        told.push(said(&row("command", command), Voice::Own));
    }
    for (kind, action) in [
        ("load", "load notice"),
        ("load", "load resources"),
        ("look", "API request refused"),
        ("look", WHO_LOOKED),
    ] {
        told.push(said(&row(kind, action), Voice::Own));
    }
    for basis in Bases::builtin().all() {
        let mut one = row("look", "see people's records");
        one.purpose.clone_from(&basis.purpose);
        told.push(said(&one, Voice::Own));
        told.push(said(&one, Voice::Other));
    }
    let mut one = row("look", "see people's records");
    for results in [0, 1, 2] {
        one.results = results;
        told.push(said(&one, Voice::Other));
    }
    one.subject = "document 0190".to_owned();
    told.push(said(&one, Voice::Own));
    one.subject = "journal of person 0190".to_owned();
    told.push(said(&one, Voice::Own));
    one.subject = "person 0190".to_owned();
    let opened = Some("care begins");
    told.push(sentences(&one, opened, Voice::Own, NOW.parse().unwrap()));
    one.actor = "client:ward-system".to_owned();
    one.name = None;
    told.push(said(&one, Voice::Own));
    one.actor = "operator".to_owned();
    one.role = "operator".to_owned();
    told.push(said(&one, Voice::Own));
    for told in &told {
        assert!(!told.contains('{') && !told.contains('}'), "{told}");
    }
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn every_purpose_but_those_that_need_no_words_is_told() {
    for basis in Bases::builtin().all() {
        let plain = matches!(
            basis.purpose.as_str(),
            "own record" | "signing in" | "published figures"
        );
        assert_eq!(purpose(&basis.purpose).is_empty(), plain, "{basis:?}");
    }
}

#[test]
fn times_are_those_of_the_clock_on_the_wall() {
    let now = NOW.parse().unwrap();
    for (at, words) in [
        ("2026-05-03T23:00:00Z", "On 4 May at midnight"),
        ("2026-01-03T12:00:00Z", "On 3 January at midday"),
        ("2025-12-31T23:59:00Z", "On 31 December 2025 at 11:59pm"),
        ("2026-05-03T16:00:00Z", "On 3 May at 5pm"),
    ] {
        assert_eq!(when(at.parse().unwrap(), now), words);
    }
}

#[test]
fn nothing_of_staff_is_told_but_name_role_and_organisation() {
    let mut one = row("look", "see people's records");
    one.actor = "sharding47".to_owned();
    one.detail = "kind=Condition".to_owned();
    let told = said(&one, Voice::Own);
    assert!(
        !told.contains("sharding47") && !told.contains("Condition"),
        "{told}"
    );
    // An account that is gone.
    one.name = None;
    assert!(!said(&one, Voice::Own).contains("sharding47"));
}

#[test]
fn a_restricted_record_that_stayed_shut_was_asked_for() {
    let mut one = row("command", Action::OpenWithoutTie.in_words());
    one.results = 0;
    assert!(said(&one, Voice::Own).contains("asked to see your record without a link to you"));
    one.results = 1;
    assert!(said(&one, Voice::Own).contains("opened your record without a link to you"));
}
