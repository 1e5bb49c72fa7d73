//! Who acts for a person, on its page, on the record, and in a letter.

use crate::flow::{in_hospital, words};
use crate::house::House;
use access::Role;
use axum::http::StatusCode;

const ATTORNEY: &str = "do=add&part=attorney&name=Eleanor+Bold&relation=daughter&telephone=\
     &scope=welfare&starts_on-day=1&starts_on-month=5&starts_on-year=2018&source=seen\
     &source_words=Paper+seen+on+the+ward";

#[test]
fn it_is_written_down_shown_used_and_ended() {
    let house = House::new();
    let stay = in_hospital(&house, 1, "Jones");
    let token = house.enter(Role::HubLead);
    let read = |tx: &mut dyn store::Tx| store::flow::stay(tx, stay);
    let row = house.place.app.store().read(read).unwrap().unwrap();
    let record = format!("/person/{}", row.stay.person);
    let base = format!("{record}/acting");
    let nothing = words(&house.get(&record, Some(&token)).text());
    assert!(nothing.contains("Nobody is written down. That does not mean that nobody acts"));
    // Without its choices and words, each fault stands beside its field.
    let faults = house.submit(&base, &token, "do=add&name=Eleanor").text();
    for text in ["Choose what part they play", "Choose how it is known"] {
        assert!(faults.contains(text), "{text}");
    }
    assert!(
        faults.contains("value=\"Eleanor\""),
        "nothing typed is lost"
    );
    let kin = ATTORNEY.replace("attorney", "next-of-kin");
    let faults = house.submit(&base, &token, &kin).text();
    assert!(faults.contains("Only an attorney or a deputy has a power"));
    let saved = house.submit(&base, &token, ATTORNEY);
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text());
    let shown = words(&house.get(&record, Some(&token)).text());
    for text in [
        "Eleanor Bold, daughter: attorney (lasting power of attorney) over health and welfare",
        "On health and welfare only what the person cannot decide. From 1 May 2018.",
        "How it is known: the document was seen: Paper seen on the ward.",
    ] {
        assert!(shown.contains(text), "{text}\n{shown}");
    }
    let letter = format!("/flow/stay/{stay}/choice-letter");
    let form = house.get(&format!("{letter}?letter=first"), Some(&token));
    let form = form.text();
    assert!(form.contains("value=\"on record: Eleanor Bold\""), "{form}");
    let given = "letter=first&version=1&reader=on+record%3A+Eleanor+Bold&acts_for=&offered=A+home\
                 &declined=&contact=Jane+Grantly&telephone=01632+960001&do=preview";
    let preview = house.submit(&letter, &token, given).text();
    assert!(preview.contains("Dear Eleanor Bold"), "{preview}");
    // Ended with why: it stays on its page, and acts no more.
    let page = house.get(&base, Some(&token)).text();
    let at = page.find("<option value=\"0").unwrap() + 15;
    let id = &page[at..at + 36];
    let early = house.submit(&base, &token, &format!("do=end&which={id}&why="));
    assert!(early.text().contains("Say why this no longer holds"));
    let ended = house.submit(&base, &token, &format!("do=end&which={id}&why=Revoked"));
    assert_eq!(ended.status, StatusCode::SEE_OTHER);
    let page = words(&house.get(&base, Some(&token)).text());
    assert!(page.contains("Ended by Hub lead Harding on 16 October 2018: Revoked."));
    let form = house.get(&format!("{letter}?letter=first"), Some(&token));
    assert!(!form.text().contains("Eleanor Bold"));
}
