//! Letters about choice: given in turn, to who can decide, and on the record.

use super::{New, add_stay, hub, journal_rows, new, october, texts, well};
use access::Role;
use app::Error;
use app::flow::{NewLetter, StayChange};
use flow::letter::{Block, LetterKind, Reader};
use kernel::StayId;
use testkit::Place;

fn letter(kind: LetterKind) -> NewLetter {
    NewLetter {
        kind,
        reader: Reader::Person { why: String::new() },
        offered: vec!["Ullathorne House".to_owned()],
        declined: Vec::new(),
        contact: "Jane Grantly".to_owned(),
        telephone: "01632 960 001".to_owned(),
        choose_by: Some(october(19)),
        interim: "Ullathorne House".to_owned(),
        starts_on: Some(october(20)),
    }
}

fn with_flag(place: &Place, id: StayId) {
    place
        .app
        .store()
        .write(|tx| {
            let row = store::flow::stay(tx, id)?.unwrap();
            let mut person = store::person::by_id(tx, row.stay.person)?.unwrap();
            person.flags.push("capacity decision".to_owned());
            store::person::update(tx, &person)
        })
        .unwrap();
}

#[test]
fn a_letter_is_given_in_turn_and_is_on_the_record() {
    let place = testkit::place();
    let (app, lead) = (&place.app, hub(&place));
    let id = add_stay(&place, &new(2, october(1)));
    let second = letter(LetterKind::Second);
    let early = app.give_choice_letter(&lead, id, 1, &second).unwrap_err();
    assert_eq!(
        texts(&early),
        [("letter", "Give the first letter before this one".to_owned())]
    );
    let first = letter(LetterKind::First);
    let shown = app.choice_letter_preview(&lead, id, &first).unwrap();
    assert!(
        app.stay(&lead, id).unwrap().letters.is_empty(),
        "a look gives nothing"
    );
    let before = journal_rows(&place);
    assert_eq!(app.give_choice_letter(&lead, id, 1, &first).unwrap(), 1);
    assert_eq!(journal_rows(&place) - before, 1);
    // The same form sent twice gives one letter.
    let twice = app.give_choice_letter(&lead, id, 1, &first).unwrap_err();
    assert!(matches!(twice, Error::Stale { .. }), "{twice:?}");
    assert_eq!(app.give_choice_letter(&lead, id, 2, &second).unwrap(), 2);

    let page = app.stay(&lead, id).unwrap();
    let given: Vec<_> = page
        .letters
        .iter()
        .map(|one| (one.kind, one.to.as_str()))
        .collect();
    assert_eq!(
        given,
        [
            (LetterKind::First, "John Bold2"),
            (LetterKind::Second, "John Bold2")
        ]
    );
    assert_eq!(page.letters[1].choose_by, Some(october(19)));
    let choice = page
        .notes
        .checklist
        .iter()
        .find(|line| line.item == "choice")
        .unwrap();
    assert_eq!(choice.said.as_ref().unwrap().state, "done");
    let history: Vec<_> = page.changes.iter().map(|one| one.after.as_str()).collect();
    assert_eq!(
        history,
        [
            "First letter: what choice there is, given to John Bold2",
            "Second letter: a day to choose by, given to John Bold2",
        ]
    );
    assert_eq!((page.documents.len(), page.row.version), (2, 3));
    let kept = app.choice_letter(&lead, id, 1).unwrap();
    assert_eq!(kept.filled, shown, "it is kept as it was shown");
    let none = app.choice_letter(&lead, id, 3).unwrap_err();
    assert!(matches!(none, Error::NotFound("letter")));
    let analyst = place.actor(Role::Analyst);
    assert!(matches!(
        app.choice_letter(&analyst, id, 1),
        Err(Error::Denied(_))
    ));
    let provider = place.actor(Role::Provider);
    let denied = app.give_choice_letter(&provider, id, 3, &first);
    assert!(matches!(denied, Err(Error::Denied(_))));
    well(&place);
}

#[test]
fn what_is_missing_or_does_not_fit_is_said_at_its_field() {
    let place = testkit::place();
    let (app, lead) = (&place.app, hub(&place));
    let id = add_stay(&place, &new(2, october(1)));
    app.give_choice_letter(&lead, id, 1, &letter(LetterKind::First))
        .unwrap();
    let bare = NewLetter {
        offered: vec![],
        contact: String::new(),
        choose_by: Some(october(16)),
        ..letter(LetterKind::Second)
    };
    let wrong = app.choice_letter_preview(&lead, id, &bare).unwrap_err();
    let fields: Vec<_> = texts(&wrong).into_iter().map(|(field, _)| field).collect();
    assert_eq!(fields, ["choose_by-day", "offered", "contact"]);
    let long = NewLetter {
        offered: vec!["House".to_owned(); 7],
        starts_on: Some(october(15)),
        interim: String::new(),
        ..letter(LetterKind::Third)
    };
    let wrong = app.choice_letter_preview(&lead, id, &long).unwrap_err();
    let fields: Vec<_> = texts(&wrong).into_iter().map(|(field, _)| field).collect();
    assert_eq!(fields, ["starts_on-day", "offered", "interim"]);
}

#[test]
fn without_capacity_the_letter_goes_to_who_acts_for_them() {
    let place = testkit::place();
    let (app, lead) = (&place.app, hub(&place));
    let id = add_stay(&place, &new(2, october(1)));
    with_flag(&place, id);
    let page = app.choice_letters(&lead, id).unwrap();
    assert!(page.capacity && page.known.reader.is_empty());
    let first = letter(LetterKind::First);
    let refused = app.give_choice_letter(&lead, id, 1, &first).unwrap_err();
    assert_eq!(texts(&refused)[0].0, "why");
    let to_mary = NewLetter {
        reader: Reader::ActsFor {
            name: " Mary Bold ".to_owned(),
        },
        ..first.clone()
    };
    app.give_choice_letter(&lead, id, 1, &to_mary).unwrap();
    let kept = app.choice_letter(&lead, id, 1).unwrap();
    assert!(kept.given.acts_for && kept.given.to == "Mary Bold");
    let text = |words: &str| Block::Text(words.to_owned());
    assert!(kept.filled.blocks.contains(&text("Dear Mary Bold")));
    // The next letter starts from her.
    let page = app.choice_letters(&lead, id).unwrap();
    assert_eq!(page.known.reader, "Mary Bold");
    let own = NewLetter {
        reader: Reader::Person {
            why: "Understands this with pictures".to_owned(),
        },
        ..first
    };
    app.give_choice_letter(&lead, id, 2, &own).unwrap();
    let stay = app.stay(&lead, id).unwrap();
    assert_eq!(stay.letters[1].why, "Understands this with pictures");
    assert_eq!(
        stay.changes.last().unwrap().why,
        "Understands this with pictures"
    );
}

#[test]
fn nobody_who_has_left_is_given_a_letter() {
    let place = testkit::place();
    let lead = hub(&place);
    let gone = New {
        left: Some(october(8)),
        ..new(2, october(1))
    };
    let id = add_stay(&place, &gone);
    let first = letter(LetterKind::First);
    let late = place
        .app
        .give_choice_letter(&lead, id, 1, &first)
        .unwrap_err();
    assert_eq!(texts(&late)[0].0, "letter");
    // A change in the meantime is told.
    let id = add_stay(&place, &new(4, october(1)));
    let bed = StayChange::Bed {
        ward: "Framley ward".to_owned(),
        bed: "9".to_owned(),
    };
    place.app.change_stay(&lead, id, 1, &bed, "").unwrap();
    let stale = place
        .app
        .give_choice_letter(&lead, id, 1, &first)
        .unwrap_err();
    assert!(matches!(stale, Error::Stale { .. }));
}
