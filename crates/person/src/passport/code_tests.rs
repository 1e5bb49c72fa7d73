#![allow(clippy::unwrap_used, clippy::expect_used)]
use super::super::template::{Kind, Templates};
use super::*;
use jiff::civil::date;
use proptest::prelude::*;

fn key(number: u8) -> SecretKey {
    SecretKey::new(&[number; 32])
}

fn passport() -> Stated {
    let text = |text: &str| text.to_owned();
    Stated {
        place: text("barsetshire"),
        id: PassportId::new(Uuid::from_u128(0x0190_5d00_ac96_774b_bcce_b302_099a_8057)),
        version: 3,
        issued: "2026-05-03T09:30:00Z".parse().unwrap(),
        expires: "2026-07-24T23:00:00Z".parse().unwrap(),
        content: Content {
            purpose: text("catheter"),
            title: text("Catheter passport"),
            name: text("Mary Quiverful"),
            born: Some(date(1938, 4, 3)),
            answers: vec![
                (text("Kind of catheter"), text("Through the urethra")),
                (
                    text("Size, material, balloon"),
                    text("14 Ch, silicone, 10 ml"),
                ),
                (
                    text("Who to call"),
                    text("District nurses of Barchester, 01632 960001"),
                ),
            ],
        },
    }
}

#[test]
fn a_code_says_what_was_signed() {
    let stated = passport();
    let text = encode(&stated, &key(1)).unwrap();
    let keys = [key(2).public(), key(1).public()];
    assert_eq!(
        read(&text, &keys),
        Reading::Signed(Box::new(stated.clone()))
    );
    assert_eq!(
        read(&format!(" {text}\r\n"), &keys),
        Reading::Signed(Box::new(stated.clone())),
        "scanners add a new line"
    );
    // Nobody's day of birth, no answer, signs of any language.
    let mut other = stated;
    other.content.born = None;
    other.content.answers = vec![("Émile ‘ß’".to_owned(), "漢字 🙂".to_owned())];
    let text = encode(&other, &key(1)).unwrap();
    assert_eq!(read(&text, &keys), Reading::Signed(Box::new(other)));
}

#[test]
fn the_bytes_are_those_of_the_description() {
    let stated = passport();
    let text = encode(&stated, &key(1)).unwrap();
    let bytes = base45::decode(text.strip_prefix("ALMONER:").unwrap()).unwrap();
    assert_eq!(bytes[0], 1);
    assert_eq!(hex(&bytes[1..9]), key(1).public().id().to_string());
    assert_eq!(&bytes[9..25], stated.id.uuid().as_bytes());
    assert_eq!(hex(&bytes[25..29]), "00000003");
    assert_eq!(hex(&bytes[29..33]), format!("{:08x}", 1_777_800_600));
    assert_eq!(hex(&bytes[33..37]), format!("{:08x}", 1_784_934_000));
    assert_eq!(&bytes[37..49], b"\x0bbarsetshire");
    let content = inflate(&bytes[49..bytes.len() - 64]).unwrap();
    assert!(content.starts_with(
        "catheter\u{1f}Catheter passport\u{1f}Mary Quiverful\u{1f}1938-04-03\u{1f}Kind of catheter\u{1f}"
    ));
    // Ed25519 says the same each time: a code can be compared with the one that was kept.
    assert_eq!(encode(&stated, &key(1)).unwrap(), text);
}

#[test]
fn what_is_no_code_and_whose_key_is_not_known() {
    let text = encode(&passport(), &key(1)).unwrap();
    let keys = [key(1).public()];
    for unreadable in [
        "",
        "ALMONER:",
        "hello",
        "https://example.org/",
        &text[..text.len() / 2],
        &text[8..],
        &text.replace("ALMONER:", "ALMONER:0"),
        &format!("ALMONER:{}", "A".repeat(2_000)),
        &text.to_lowercase(),
    ] {
        let read = read(unreadable, &keys);
        assert!(
            matches!(read, Reading::Unreadable | Reading::Forged),
            "{unreadable}: {read:?}"
        );
    }
    assert_eq!(read(&text[..20], &keys), Reading::Unreadable);
    assert_eq!(read(&text, &[]), Reading::Elsewhere);
    assert_eq!(read(&text, &[key(2).public()]), Reading::Elsewhere);
    // Signed by another key that says it is ours.
    let mut bytes = base45::decode(&encode(&passport(), &key(2)).unwrap()[8..]).unwrap();
    bytes[1..9].copy_from_slice(&keys[0].id().0);
    let posing = format!("{PREFIX}{}", base45::encode(&bytes));
    assert_eq!(read(&posing, &keys), Reading::Forged);
}

#[test]
fn a_bomb_is_not_unpacked() {
    let mut large = passport();
    large.content.answers = vec![("x".to_owned(), "a".repeat(20_000))];
    let text = encode(&large, &key(1)).unwrap();
    assert!(text.len() < 600);
    assert_eq!(read(&text, &[key(1).public()]), Reading::Unreadable);
}

#[test]
fn keys_are_read_back_and_never_shown() {
    let secret = key(7);
    let public = secret.public();
    assert_eq!(PublicKey::parse(&public.to_string()), Some(public));
    assert_eq!(SecretKey::new(&secret.to_bytes()).public(), public);
    assert_eq!(PublicKey::parse("07"), None);
    assert_eq!(PublicKey::parse(&"g".repeat(64)), None);
    assert_eq!(bytes_of(&"é".repeat(32)), None);
    let shown = format!("{secret:?}");
    assert!(!shown.contains(&hex(&secret.to_bytes())), "{shown}");
}

/// Words as they are written about people, to measure with.
const PROSE: &str = "She likes to be told what happens next, one thing at a time, and needs a minute to \
answer. Loud rooms frighten her; the window seat and the radio help. Her daughter Griselda comes on most \
afternoons and knows what she means. Tea with two sugars, never milk. She walks with a frame and has \
fallen twice since Easter, both times at night on the way to the bathroom, so leave a light on. She was a \
teacher at the infants' school in Plumstead for thirty years and will talk about it with pleasure. Do not \
leave medicines on the table: watch her take them. If she holds her side and goes quiet she is in pain. \
The blocked catheter in March was cleared by the district nurses; more drink and a change of bag helped. \
The red folder in the hall holds the form and the letter of her solicitor. Dr Fillgrave has agreed to \
come at any hour. Call the night team before an ambulance unless she bleeds or cannot breathe. Her sister \
in Hogglestock must be told as well, and the vicar, whom she has known since they were children. ";

/// Every template, filled to the last character with prose, fits the QR code.
#[test]
fn a_full_passport_of_each_template_fits() {
    for template in Templates::builtin().all() {
        let mut words = PROSE.repeat(3);
        let mut take = |most: usize| words.drain(..most).collect::<String>();
        let mut stated = passport();
        stated.content.title.clone_from(&template.title);
        stated.content.name = "Wilhelmina Featherstonehaugh-Cholmondeley".to_owned();
        stated.content.answers = template
            .headings
            .iter()
            .map(|heading| {
                let answer = match &heading.kind {
                    Kind::Text(longest) => take(*longest),
                    Kind::Choice(choices) => choices.concat()[..heading.longest()].to_owned(),
                    Kind::Day(_) => "29 September 2026".to_owned(),
                };
                (heading.label.clone(), answer)
            })
            .collect();
        let length = encode(&stated, &key(1)).map(|text| text.len());
        let answered: usize = stated.content.answers.iter().map(|(_, a)| a.len()).sum();
        println!(
            "{}: {answered} characters, code {length:?}",
            template.purpose
        );
        assert!(length.is_ok(), "{}: {length:?}", template.purpose);
    }
}

#[test]
fn what_does_not_fit_is_refused_with_its_length() {
    let mut stated = passport();
    // Words that repeat nothing cannot be packed.
    let noise = |at: u32| hex(&Sha256::digest(at.to_be_bytes()));
    stated.content.answers = (0..20).map(|at| (noise(at), noise(at + 99))).collect();
    match encode(&stated, &key(1)) {
        Err(NoCode::TooLong(length)) => assert!(length > MOST_CHARACTERS),
        other => panic!("{other:?}"),
    }
    stated.issued = "2206-01-01T00:00:00Z".parse().unwrap();
    assert_eq!(encode(&stated, &key(1)), Err(NoCode::CannotBeWritten));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// No byte of a code, its signature included, can be another.
    #[test]
    fn any_byte_changed_is_not_genuine(at in 0_usize..10_000, bits in 1_u8..=255) {
        let text = encode(&passport(), &key(1)).unwrap();
        let mut bytes = base45::decode(&text[8..]).unwrap();
        let at = at % bytes.len();
        bytes[at] ^= bits;
        let changed = format!("{PREFIX}{}", base45::encode(&bytes));
        let read = read(&changed, &[key(1).public()]);
        prop_assert!(!matches!(read, Reading::Signed(_)), "byte {}", at);
    }

    /// No character of a code can be another.
    #[test]
    fn any_character_changed_is_not_genuine(at in 0_usize..10_000, to in "[0-9A-Z $%*+./:-]") {
        let text = encode(&passport(), &key(1)).unwrap();
        let at = at % text.len();
        let mut changed = text.clone();
        changed.replace_range(at..=at, &to);
        prop_assume!(changed != text);
        let read = read(&changed, &[key(1).public()]);
        prop_assert!(!matches!(read, Reading::Signed(_)));
    }

    /// Whatever is scanned, reading it does not fall over.
    #[test]
    fn anything_can_be_scanned(text in "\\PC{0,200}", bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let keys = [key(1).public()];
        prop_assert!(!matches!(read(&text, &keys), Reading::Signed(_)));
        let coded = format!("{PREFIX}{}", base45::encode(&bytes));
        prop_assert!(!matches!(read(&coded, &keys), Reading::Signed(_)));
    }

    /// What was said comes back, whatever it was.
    #[test]
    fn anything_said_comes_back(name in "\\PC{0,40}", answers in proptest::collection::vec(("\\PC{0,20}", "\\PC{0,30}"), 0..6), version in any::<u32>()) {
        let mut stated = passport();
        stated.version = version;
        stated.content.name = name;
        stated.content.answers = answers;
        let text = encode(&stated, &key(1)).unwrap();
        prop_assert_eq!(read(&text, &[key(1).public()]), Reading::Signed(Box::new(stated)));
    }
}
