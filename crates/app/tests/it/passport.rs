//! Passports over a real store: who may make and see them, versions, and what each kind of
//! code is worth when somebody shows it.

use access::{Actor, Role};
use app::Error;
use app::person::passport::{Making, State};
use jiff::civil::date;
use kernel::{NhsNumber, PassportId, PersonId};
use person::passport::answers::Answers;
use person::passport::{Content, Outcome, PublicKey, Reading, SecretKey, Stated, code};
use person::relationship::Relationship;
use person::{Gender, Person};
use store::Value;
use testkit::{Place, place};

/// Somebody with ties of trust and council.
fn mary(place: &Place) -> PersonId {
    let person = Person {
        nhs_number: NhsNumber::synthetic(7),
        family_name: "Quiverful".to_owned(),
        given_name: "Mary".to_owned(),
        birth_date: Some(date(1938, 4, 3)),
        gender: Gender::Female,
        ..Person::unknown(place.app.ids().person())
    };
    let now = place.app.now();
    let store = place.app.store();
    store
        .write(|tx| store::person::insert(tx, &person, now))
        .unwrap();
    place.tie(person.id);
    person.id
}

fn answers(changes: &[(&str, &str)]) -> Answers {
    let mut answers: Answers = [
        ("kind", "Through the urethra"),
        ("why", "Cannot empty the bladder"),
        ("size", "14 Ch, silicone, 10 ml"),
        ("put-in", "2018-10-01"),
        ("change-by", "2018-12-01"),
        ("allergies", "Latex"),
        ("call", "District nurses"),
    ]
    .map(|(key, value)| (key.to_owned(), value.to_owned()))
    .into();
    for (key, value) in changes {
        answers.insert((*key).to_owned(), (*value).to_owned());
    }
    answers
}

fn make(place: &Place, person: PersonId, shown: i64, changes: &[(&str, &str)]) -> PassportId {
    let actor = place.actor(Role::Practitioner);
    let made = place
        .app
        .make_passport(&actor, person, "catheter", shown, &answers(changes));
    match made.unwrap() {
        Making::Made(id) => id,
        Making::Wrong(faults) => panic!("{faults:?}"),
    }
}

fn code_of(place: &Place, id: PassportId) -> String {
    let actor = place.actor(Role::HubLead);
    place.app.passport(&actor, id).unwrap().code
}

/// Who did what in the journal, with detail: the latest row.
fn latest(place: &Place) -> (String, String, String, Option<String>) {
    let rows = place.app.store().read(|tx| {
        tx.query(
            "SELECT actor, action, detail, person_id FROM journal ORDER BY sequence DESC LIMIT 1",
            &[],
        )
    });
    let rows = rows.unwrap();
    let text = |at| rows[0].text(at).unwrap().to_owned();
    let person = rows[0].opt_text(3).unwrap().map(str::to_owned);
    (text(0), text(1), text(2), person)
}

fn worth(place: &Place, code: &str) -> Outcome {
    let actor = place.actor(Role::Provider);
    place.app.check_passport(&actor, code).unwrap().outcome
}

#[test]
fn a_passport_is_made_seen_and_found_genuine() {
    let place = place();
    let person = mary(&place);
    let id = make(&place, person, 0, &[]);
    let (actor, action, detail, about) = latest(&place);
    assert_eq!(
        (actor.as_str(), action.as_str(), detail.as_str()),
        ("practitioner", "make a passport", "catheter, version 1")
    );
    assert_eq!(about, Some(person.to_string()));

    let hub = place.actor(Role::HubLead);
    let page = place.app.passport(&hub, id).unwrap();
    assert_eq!(page.line.state, State::Valid);
    assert_eq!(
        page.line.valid_until,
        date(2018, 12, 1),
        "the catheter's day"
    );
    assert_eq!(page.stated.content.name, "Mary Quiverful");
    assert_eq!(page.line.made_by.0, "Practitioner Harding");
    assert_eq!(latest(&place).1, "see a passport");
    place.app.passport_to_print(&hub, id).unwrap();
    assert_eq!(latest(&place).1, "print a passport");
    let list = place.app.passports(&hub, person).unwrap();
    assert_eq!(list.lines, [page.line]);
    assert_eq!(list.templates.len(), 4);

    // Somebody of the care home, who has no tie, is shown the page of paper.
    let provider = place.actor(Role::Provider);
    let worth = place.app.check_passport(&provider, &page.code).unwrap();
    assert_eq!(worth.outcome, Outcome::Genuine);
    assert_eq!(worth.stated, Some(page.stated));
    let (actor, action, detail, about) = latest(&place);
    assert_eq!(
        (actor.as_str(), action.as_str(), detail.as_str()),
        ("provider", "check a passport", "genuine")
    );
    assert_eq!(about, Some(person.to_string()));
    // What is kept agrees with what verify asks.
    assert_eq!(place.app.store().read(store::verify).unwrap(), []);
}

#[test]
fn replaced_ended_and_expired_ones_are_refused_and_journalled() {
    let place = place();
    let person = mary(&place);
    let id = make(&place, person, 0, &[]);
    let first = code_of(&place, id);
    assert_eq!(make(&place, person, 1, &[("allergies", "None known")]), id);
    let second = code_of(&place, id);
    assert_ne!(first, second);

    // The first again: it was genuine once.
    for _ in 0..2 {
        assert_eq!(worth(&place, &first), Outcome::Replaced);
        let (_, action, detail, about) = latest(&place);
        assert_eq!(
            (action.as_str(), detail.as_str()),
            ("refuse a passport", "replaced")
        );
        assert_eq!(about, Some(person.to_string()));
    }
    assert_eq!(worth(&place, &second), Outcome::Genuine);
    let hub = place.actor(Role::HubLead);
    assert_eq!(place.app.passport(&hub, id).unwrap().versions.len(), 2);

    // Its last day is a whole day.
    place.clock.set("2018-12-01T23:59:59Z".parse().unwrap());
    assert_eq!(worth(&place, &second), Outcome::Genuine);
    place.clock.set("2018-12-02T00:00:00Z".parse().unwrap());
    assert_eq!(worth(&place, &second), Outcome::Expired);
    assert_eq!(latest(&place).2, "expired");
    let page = place.app.passport(&hub, id).unwrap();
    assert_eq!(page.line.state, State::Expired);

    place
        .app
        .end_passport(&hub, id, 2, "The catheter was taken out")
        .unwrap();
    assert_eq!(latest(&place).1, "end a passport");
    assert_eq!(worth(&place, &second), Outcome::Ended);
    assert_eq!(worth(&place, &first), Outcome::Ended);
    let page = place.app.passport(&hub, id).unwrap();
    assert_eq!(page.line.state, State::Ended);
    assert_eq!(page.ended.unwrap().why, "The catheter was taken out");
    // After its end, a new one is another passport.
    let next = make(&place, person, 0, &[("change-by", "2019-01-20")]);
    assert_ne!(next, id);
    assert_eq!(worth(&place, &code_of(&place, next)), Outcome::Genuine);
}

/// Runs a statement that nothing in the product would.
fn tamper(place: &Place, sql: &str, values: &[Value]) {
    place
        .app
        .store()
        .write(|tx| tx.execute(sql, values).map(|_| ()))
        .unwrap();
}

#[test]
fn forged_ones_are_refused_and_journalled_without_what_they_say() {
    let place = place();
    let person = mary(&place);
    let id = make(&place, person, 0, &[]);
    let genuine = code_of(&place, id);
    let actor = place.actor(Role::HubLead);
    let stated = place.app.passport(&actor, id).unwrap().stated;

    // One character is another.
    let mut changed = genuine.clone();
    let at = changed.len() / 2;
    let other = if &changed[at..=at] == "7" { "8" } else { "7" };
    changed.replace_range(at..=at, other);
    assert_eq!(worth(&place, &changed), Outcome::Forged);
    assert_eq!(
        latest(&place),
        (
            "provider".to_owned(),
            "refuse a passport".to_owned(),
            "forged".to_owned(),
            None
        )
    );
    // Signed by somebody else.
    let stranger = code::encode(&stated, &SecretKey::new(&[9; 32])).unwrap();
    assert_eq!(worth(&place, &stranger), Outcome::Elsewhere);
    assert_eq!(latest(&place).2, "made elsewhere");
    for text in ["", "https://example.org", &genuine[..genuine.len() - 1]] {
        let outcome = worth(&place, text);
        assert!(
            matches!(outcome, Outcome::Unreadable | Outcome::Forged),
            "{text}: {outcome:?}"
        );
    }

    // Whoever has stolen the key makes what was never made here.
    let rows = place
        .app
        .store()
        .read(|tx| tx.query("SELECT secret_key FROM passport_key", &[]));
    let secret = code::bytes_of(rows.unwrap()[0].text(0).unwrap()).unwrap();
    let thief = SecretKey::new(&secret);
    let sign = |stated: &Stated| code::encode(stated, &thief).unwrap();
    assert_eq!(sign(&stated), genuine, "it is the key");
    let mut other = stated.clone();
    other.content.answers.clear();
    assert_eq!(worth(&place, &sign(&other)), Outcome::Forged);
    other.version = 9;
    assert_eq!(worth(&place, &sign(&other)), Outcome::NotOnFile);
    other.id = place.app.ids().passport();
    assert_eq!(worth(&place, &sign(&other)), Outcome::NotOnFile);
    assert_eq!(latest(&place).2, "not on file");

    // The row itself was changed: the page is not shown, and the doctor names it.
    assert_eq!(place.app.doctor(&Actor::operator()).unwrap(), []);
    let swap = "UPDATE passport_version SET code = ?1";
    tamper(&place, swap, &[changed.into()]);
    assert!(matches!(
        place.app.passport(&actor, id),
        Err(Error::Policy(_))
    ));
    let findings = place.app.doctor(&Actor::operator()).unwrap();
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].what, format!("passport {id} version 1"));
}

#[test]
fn keys_are_renewed_and_old_passports_still_check() {
    let place = place();
    let person = mary(&place);
    assert_eq!(
        place.app.passport_keys().unwrap(),
        [],
        "none before the first"
    );
    let id = make(&place, person, 0, &[]);
    let before = code_of(&place, id);
    let operator = Actor::operator();
    let denied = place.app.renew_passport_key(&place.actor(Role::HubLead));
    assert!(matches!(denied, Err(Error::Denied(_))));
    place.clock.set("2018-11-01T09:00:00Z".parse().unwrap());
    let renewed = place.app.renew_passport_key(&operator).unwrap();
    let keys = place.app.passport_keys().unwrap();
    assert_eq!(keys.len(), 2);
    assert_eq!(keys[0].public, renewed.to_string());
    assert!(keys[0].retired_at.is_none() && keys[1].retired_at.is_some());
    assert_eq!(worth(&place, &before), Outcome::Genuine);
    make(&place, person, 1, &[]);
    let after = code_of(&place, id);
    assert!(matches!(code::read(&after, &[renewed]), Reading::Signed(_)));
    assert_eq!(code::read(&before, &[renewed]), Reading::Elsewhere);
    // Nothing that is shown has the secret part.
    let secrets = place
        .app
        .store()
        .read(|tx| tx.query("SELECT secret_key FROM passport_key", &[]));
    let shown = format!("{keys:?}");
    for row in secrets.unwrap() {
        assert!(!shown.contains(row.text(0).unwrap()));
    }
}

#[test]
fn answers_that_do_not_fit_make_nothing() {
    let place = place();
    let person = mary(&place);
    let actor = place.actor(Role::HubLead);
    let made = |shown, answers: &Answers| {
        place
            .app
            .make_passport(&actor, person, "catheter", shown, answers)
    };
    match made(0, &answers(&[("call", ""), ("change-by", "2018-10-15")])).unwrap() {
        Making::Wrong(faults) => {
            let keys: Vec<_> = faults.iter().map(|fault| fault.key.as_str()).collect();
            assert_eq!(keys, ["change-by", "call"]);
        }
        made => panic!("{made:?}"),
    }
    // Each answer is short enough, and together they do not fit the code.
    let noise = |most: usize| {
        let letter =
            |at: usize| char::from_u32(0x4e00 + ((at * at * 7_919 + at * 104_729) % 20_000) as u32);
        (most..most * 2).filter_map(letter).collect::<String>()
    };
    let long = [
        ("why", 120),
        ("bags", 120),
        ("problems", 240),
        ("allergies", 120),
        ("call", 140),
    ];
    let texts: Vec<_> = long
        .iter()
        .map(|(key, most)| (*key, noise(*most)))
        .collect();
    let changes: Vec<_> = texts
        .iter()
        .map(|(key, text)| (*key, text.as_str()))
        .collect();
    match made(0, &answers(&changes)).unwrap() {
        Making::Wrong(faults) => {
            assert_eq!(faults.len(), 1);
            assert_eq!(faults[0].key, "problems", "the longest");
            assert!(
                faults[0].text.contains("shorten them by about"),
                "{}",
                faults[0].text
            );
        }
        made => panic!("{made:?}"),
    }
    assert_eq!(place.app.passports(&actor, person).unwrap().lines, []);

    // Somebody else was first; somebody else has ended it.
    let id = make(&place, person, 0, &[]);
    match made(0, &answers(&[])) {
        Err(Error::Stale { who, what }) => {
            assert_eq!(who, "Practitioner Harding");
            assert_eq!(what, "version 1 of the passport was made");
        }
        other => panic!("{other:?}"),
    }
    assert!(matches!(
        place.app.end_passport(&actor, id, 1, " "),
        Err(Error::Invalid(_))
    ));
    assert!(matches!(
        place.app.end_passport(&actor, id, 7, "why"),
        Err(Error::Stale { .. })
    ));
    place.app.end_passport(&actor, id, 1, "why").unwrap();
    assert!(matches!(
        place.app.end_passport(&actor, id, 1, "why"),
        Err(Error::Stale { .. })
    ));
    assert!(matches!(made(1, &answers(&[])), Err(Error::Stale { .. })));
    assert!(matches!(
        place
            .app
            .make_passport(&actor, person, "travel", 0, &answers(&[])),
        Err(Error::NotFound(_))
    ));
}

#[test]
fn only_those_who_may_see_the_person_see_the_passport() {
    let place = place();
    let person = mary(&place);
    let id = make(&place, person, 0, &[]);
    let somebody = place.actor(Role::Person);
    let own = |actor: &Actor| place.app.own_passports(actor).unwrap().len();
    // Not theirs.
    assert_eq!(own(&somebody), 0);
    assert!(matches!(
        place.app.passport(&somebody, id),
        Err(Error::NoTie(_))
    ));
    // Theirs, to see and to print, not to change.
    let account = somebody.account.unwrap().to_string();
    place.relate(Relationship::Oneself, &account, person);
    assert_eq!(own(&somebody), 1);
    let page = place.app.passport_to_print(&somebody, id).unwrap();
    assert!(!page.may_change);
    assert_eq!(
        place.app.passports(&somebody, person).unwrap().templates,
        []
    );
    assert!(matches!(
        place.app.end_passport(&somebody, id, 1, "mine"),
        Err(Error::Denied(_))
    ));
    assert!(matches!(
        place.app.check_passport(&somebody, &page.code),
        Err(Error::Denied(_))
    ));
    assert!(matches!(own_denied(&place), Err(Error::Denied(_))));

    // Staff without a tie, and roles that see no records.
    let stranger = Person {
        family_name: "Crawley".to_owned(),
        ..Person::unknown(place.app.ids().person())
    };
    let now = place.app.now();
    place
        .app
        .store()
        .write(|tx| store::person::insert(tx, &stranger, now))
        .unwrap();
    let hub = place.actor(Role::HubLead);
    for result in [
        place.app.passports(&hub, stranger.id).map(|_| ()),
        place
            .app
            .make_passport(&hub, stranger.id, "catheter", 0, &answers(&[]))
            .map(|_| ()),
        // What is wrong with the answers is not said either.
        place
            .app
            .make_passport(&hub, stranger.id, "catheter", 0, &Answers::new())
            .map(|_| ()),
    ] {
        assert!(matches!(result, Err(Error::NoTie(_))), "{result:?}");
    }
    for role in [Role::Provider, Role::Analyst, Role::PrivacyOfficer] {
        let refused = place.app.passport(&place.actor(role), id);
        assert!(matches!(refused, Err(Error::Denied(_))), "{role}");
    }
}

fn own_denied(place: &Place) -> Result<usize, Error> {
    let actor = place.actor(Role::HubLead);
    place.app.own_passports(&actor).map(|lines| lines.len())
}

#[test]
fn nobody_who_has_died_gets_one() {
    let place = place();
    let person = mary(&place);
    let died = |tx: &mut dyn store::Tx| {
        let mut record = store::person::by_id(tx, person)?.unwrap();
        record.died_on = Some(date(2018, 10, 1));
        store::person::update(tx, &record)
    };
    place.app.store().write(died).unwrap();
    let actor = place.actor(Role::HubLead);
    let made = place
        .app
        .make_passport(&actor, person, "catheter", 0, &answers(&[]));
    match made.unwrap() {
        Making::Wrong(faults) => assert!(faults[0].text.contains("has died")),
        made => panic!("{made:?}"),
    }
}

/// A place elsewhere that knows the key checks without asking anybody.
#[test]
fn another_system_checks_with_the_public_key_alone() {
    let place = place();
    let person = mary(&place);
    let id = make(&place, person, 0, &[]);
    let code = code_of(&place, id);
    let key = place.app.passport_keys().unwrap()[0].public.clone();
    let key = PublicKey::parse(&key).unwrap();
    match code::read(&code, &[key]) {
        Reading::Signed(stated) => {
            assert_eq!(stated.place, "barsetshire");
            let Content { name, answers, .. } = stated.content;
            assert_eq!(name, "Mary Quiverful");
            assert_eq!(answers.len(), 7);
        }
        other => panic!("{other:?}"),
    }
}
