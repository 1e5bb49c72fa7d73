//! A letter about choice, from the stay to the paper.

use crate::flow::in_hospital;
use crate::house::House;
use access::Role;
use axum::http::StatusCode;

const FORM: &str = "letter=first&version=1&reader=person&acts_for=&offered=Ullathorne+House%0APlumstead+%3Cb%3E\
&declined=&contact=Jane+Grantly&telephone=01632+960001";

#[test]
fn a_letter_is_written_looked_at_given_and_printed() {
    let house = House::new();
    let stay = in_hospital(&house, 1, "Jones");
    let token = house.enter(Role::HubLead);
    let base = format!("/flow/stay/{stay}/choice-letter");
    let page = house.get(&base, Some(&token)).text();
    assert!(page.contains("None yet."));
    assert!(page.contains("Give the first letter before this one."));
    assert!(!page.contains(&format!("{base}?letter=second")));
    let form = house
        .get(&format!("{base}?letter=first"), Some(&token))
        .text();
    assert!(form.contains("Places and services that can help now"));
    assert!(
        !form.contains("Day to choose by"),
        "the first letter has no such day"
    );

    let preview = house
        .submit(&base, &token, &format!("{FORM}&do=preview"))
        .text();
    for words in [
        "It is not given yet",
        "Dear Arthur Jones",
        "Barchester Royal Infirmary, Allington ward",
        "<li>Plumstead &#60;b&#62;</li>",
        "name=\"offered\" value=\"Ullathorne House",
    ] {
        assert!(preview.contains(words), "{words}: {preview}");
    }
    let back = house
        .submit(&base, &token, &format!("{FORM}&do=change"))
        .text();
    assert!(back.contains("Plumstead &#60;b&#62;</textarea>"));
    let given = house.submit(&base, &token, &format!("{FORM}&do=give"));
    assert_eq!(given.status, StatusCode::SEE_OTHER, "{}", given.text());
    let after = house.get(given.header("location"), Some(&token)).text();
    assert!(after.contains("It is recorded that the letter was given"));
    assert!(after.contains(&format!("{base}?letter=second")));
    let page = house
        .get(&format!("/flow/stay/{stay}"), Some(&token))
        .text();
    assert!(page.contains(&format!(
        "href=\"{base}/1\">First letter: what choice there is"
    )));
    let letter = house.get(&format!("{base}/1"), Some(&token)).text();
    assert!(letter.contains("Dear Arthur Jones") && letter.contains("Back to the stay"));
    // Sent a second time, the form says what happened and gives no second letter.
    let twice = house
        .submit(&base, &token, &format!("{FORM}&do=give"))
        .text();
    assert!(
        twice.contains("changed this stay in the meantime"),
        "{twice}"
    );
    assert_eq!(
        house.get(&format!("{base}/2"), Some(&token)).status,
        StatusCode::NOT_FOUND
    );
}

#[test]
fn what_is_missing_is_named() {
    let house = House::new();
    let stay = in_hospital(&house, 1, "Jones");
    let token = house.enter(Role::HubLead);
    let base = format!("/flow/stay/{stay}/choice-letter");
    let page = house
        .submit(&base, &token, "letter=first&version=1&do=preview")
        .text();
    assert!(page.contains("Choose who the letter is for"));
    let page = house
        .submit(
            &base,
            &token,
            "letter=first&version=1&reader=acts-for&do=preview",
        )
        .text();
    for words in [
        "Error: ",
        "Write the name of who acts for the person",
        "Write whom the person can talk to",
    ] {
        assert!(page.contains(words), "{words}");
    }
}
