//! `almoner passport`: checking without a store, keys, and a place's own templates.

use crate::command::said;
use jiff::civil::date;
use kernel::PassportId;
use person::passport::{Content, SecretKey, Stated, code};
use std::io::Write;
use std::process::{Command, Output, Stdio};
use uuid::Uuid;

fn almoner(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_almoner"))
        .args(arguments)
        .env_remove("ALMONER_DATA")
        .env_remove("ALMONER_DATABASE_URL")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let sent = child.stdin.take().unwrap().write_all(input.as_bytes());
    // A command that does not read is not told anything.
    drop(sent);
    child.wait_with_output().unwrap()
}

#[test]
fn a_code_is_checked_without_a_store() {
    let secret = SecretKey::new(&[5; 32]);
    let stated = Stated {
        place: "barsetshire".to_owned(),
        id: PassportId::new(Uuid::from_u128(7)),
        version: 2,
        issued: "2026-05-03T09:30:00Z".parse().unwrap(),
        expires: "2026-08-06T23:00:00Z".parse().unwrap(),
        content: Content {
            purpose: "catheter".to_owned(),
            title: "Catheter passport".to_owned(),
            name: "Mary Quiverful".to_owned(),
            born: Some(date(1938, 4, 3)),
            answers: vec![("Allergies".to_owned(), "Latex".to_owned())],
        },
    };
    let text = code::encode(&stated, &secret).unwrap();
    let key = secret.public().to_string();
    let check = |at: &str, key: &str, text: &str| {
        almoner(&["passport", "check", "--key", key, "--at", at], text)
    };
    let good = check("2026-08-06T22:59:59Z", &key, &format!("{text}\n"));
    assert!(good.status.success(), "{}", said(&good));
    let shown = said(&good);
    for line in [
        "genuine: made in barsetshire, version 2",
        "Name: Mary Quiverful",
        "Born: 1938-04-03",
        "Allergies: Latex",
        "Valid until: 2026-08-06",
    ] {
        assert!(shown.contains(line), "{line}: {shown}");
    }
    let other = SecretKey::new(&[6; 32]).public().to_string();
    let middle = text.len() / 2;
    let digit = if &text[middle..=middle] == "7" {
        "8"
    } else {
        "7"
    };
    let changed = format!("{}{digit}{}", &text[..middle], &text[middle + 1..]);
    for (at, key, text, outcome) in [
        ("2026-08-06T23:00:00Z", &key, text.as_str(), "expired"),
        (
            "2026-08-01T00:00:00Z",
            &other,
            text.as_str(),
            "made elsewhere",
        ),
        ("2026-08-01T00:00:00Z", &key, changed.as_str(), "forged"),
        ("2026-08-01T00:00:00Z", &key, "hello", "unreadable"),
    ] {
        let refused = check(at, key, text);
        assert_eq!(refused.status.code(), Some(3), "{outcome}");
        assert_eq!(said(&refused), format!("almoner: {outcome}\n"));
    }
    let usage = check("2026-08-01T00:00:00Z", "12", &text);
    assert_eq!(usage.status.code(), Some(2));
}

#[test]
fn keys_are_renewed_and_a_faulty_template_is_refused_by_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let store = path("store");
    let keys = |more: &[&str]| {
        let given = [&["passport", "keys", "--data", &store], more].concat();
        let output = almoner(&given, "");
        assert!(output.status.success(), "{}", said(&output));
        said(&output)
    };
    assert_eq!(keys(&[]), "");
    let first = keys(&["--renew"]);
    assert!(first.ends_with(" signs\n"), "{first}");
    let both = keys(&["--renew"]);
    assert_eq!(both.lines().count(), 2);
    let old = first.split(' ').next().unwrap();
    assert!(both.lines().nth(1).unwrap().starts_with(old), "{both}");
    assert!(both.lines().nth(1).unwrap().contains(" until "), "{both}");
    assert_eq!(keys(&[]), both);

    std::fs::create_dir_all(folder.path().join("policy/passports")).unwrap();
    let own = folder.path().join("policy/passports/travel.toml");
    std::fs::write(&own, "purpose = \"travel\"\ntitel = \"Travel\"\n").unwrap();
    let policy = path("policy");
    let given = ["passport", "keys", "--data", &store, "--policy", &policy];
    let refused = almoner(&given, "");
    assert_eq!(refused.status.code(), Some(3));
    let said = said(&refused);
    assert!(
        said.contains("passports/travel.toml, line 2: unknown field `titel`"),
        "{said}"
    );
}
