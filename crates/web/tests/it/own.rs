//! The person's own pages and their carer's, and the page of those who answer.

use crate::flow::words;
use crate::house::{House, request};
use access::Role;
use app::session::NewAccount;
use axum::body::Body;
use axum::http::{StatusCode, header};
use jiff::civil::date;
use kernel::{DocumentId, NhsNumber, PersonId};
use person::relationship::Relationship;
use person::{Gender, Person};
use store::document::{self, NewDocument};
use store::inbox::{self, Arrival, Counts, InboxKind, InboxState};
use store::timeline::{self, NewLine};
use testkit::PASSWORD;

const TRUST: &str = "Barsetshire Hospitals Trust";

/// A house in which the account `person` is Mary's own, with a record of a few lines.
struct Home {
    house: House,
    person: PersonId,
    token: String,
    letter: DocumentId,
}

fn home() -> Home {
    let house = House::new();
    let place = &house.place;
    let person = Person {
        nhs_number: NhsNumber::synthetic(1),
        family_name: "Bold".to_owned(),
        given_name: "Mary <b>".to_owned(),
        birth_date: Some(date(1938, 4, 3)),
        gender: Gender::Female,
        address: "1 Hiram Street, Barchester".to_owned(),
        postcode: "ZZ1 4AB".to_owned(),
        ..Person::unknown(place.app.ids().person())
    };
    let now = place.app.now();
    let account = place.actor(Role::Person).account.unwrap();
    let letter = place.app.ids().document();
    let arrival = Arrival {
        id: place.app.ids().inbox(),
        kind: InboxKind::Adw,
        name: "letter.xml".to_owned(),
        sha256: "0".repeat(64),
        size: 6,
        received_at: now,
        state: InboxState::Accepted,
        counts: Counts::default(),
        tries: 1,
        last_try_at: now,
    };
    let lines = [
        (
            "GP contact",
            "Memory concern",
            "2018-08-06",
            "nhs",
            "Barchester Surgery",
            "",
        ),
        (
            "MedicationRequest",
            "Apixaban 5 mg tablets",
            "2018-08-07",
            "nhs",
            "Barchester Surgery",
            "",
        ),
        (
            "Condition",
            "HIV test",
            "2018-08-08",
            "nhs",
            TRUST,
            "sexual-health",
        ),
        (
            "Hospital stay",
            "Admitted to the Infirmary",
            "2018-10-01",
            "nhs",
            TRUST,
            "",
        ),
        (
            "Care package",
            "Home care, twice a day",
            "2018-10-10",
            "council",
            "Barsetshire County Council",
            "",
        ),
    ];
    place
        .app
        .store()
        .write(|tx| {
            store::person::insert(tx, &person, now)?;
            store::own::give(tx, account, person.id)?;
            inbox::receive(tx, &arrival, b"letter")?;
            document::add(
                tx,
                &NewDocument {
                    id: letter,
                    person: person.id,
                    title: "Transfer of care letter",
                    media_type: "text/plain",
                    sha256: [0; 32],
                    bytes: b"Dear Mary <b>, you can go home.",
                    inbox: arrival.id,
                },
            )?;
            let new = |kind, title, day, sector, source, category| NewLine {
                person: Some(person.id),
                person_key: None,
                happened_at: Some(day),
                kind,
                title,
                sector,
                source,
                category,
                codes: None,
                received_at: now,
                shelf: None,
                stay: None,
                document: None,
            };
            for (kind, title, day, sector, source, category) in lines {
                let line = new(kind, title, day, sector, source, category);
                timeline::add(tx, place.app.ids().timeline(), &line)?;
            }
            let line = NewLine {
                document: Some(letter),
                ..new(
                    "Document",
                    "Transfer of care letter",
                    "2018-10-12",
                    "nhs",
                    TRUST,
                    "",
                )
            };
            timeline::add(tx, place.app.ids().timeline(), &line)
        })
        .unwrap();
    place.relate(Relationship::Oneself, &account.to_string(), person.id);
    place.tie(person.id);
    let token = house.enter(Role::Person);
    Home {
        house,
        person: person.id,
        token,
        letter,
    }
}

impl Home {
    fn page(&self, path: &str) -> String {
        let reply = self.house.get(path, Some(&self.token));
        assert_eq!(reply.status, StatusCode::OK, "{path}");
        reply.text()
    }

    /// Sends a form and follows to the page that it leads to.
    fn sends(&self, path: &str, form: &str) -> String {
        let reply = self.house.submit(path, &self.token, form);
        assert_eq!(
            reply.status,
            StatusCode::SEE_OTHER,
            "{path}: {}",
            reply.text()
        );
        self.page(reply.header("location"))
    }

    /// A second account at home, signed in.
    fn carer(&self) -> String {
        let new = NewAccount {
            username: "eleanor",
            password: PASSWORD,
            display_name: "Eleanor Harding",
            role: Role::Person,
            organisation: self.house.place.council,
        };
        let operator = access::Actor::operator();
        self.house.place.app.make_account(&operator, &new).unwrap();
        let session = self.house.place.app.sign_in("eleanor", PASSWORD);
        session.unwrap().unwrap().token
    }

    /// Invites a carer to some parts and gives back the code.
    fn invites(&self, parts: &str) -> String {
        let form = format!(
            "name=Eleanor+Harding&tie=sister&{parts}&until-day=30&until-month=11&until-year=2018"
        );
        let reply = self.house.submit("/me/carers/invite", &self.token, &form);
        assert_eq!(reply.status, StatusCode::OK);
        let text = reply.text();
        let at = text.find("<code>").unwrap() + 6;
        text[at..at + 14].to_owned()
    }
}

/// A page as it is read, without what differs each time.
fn read(home: &Home, page: &str) -> String {
    words(page)
        .replace(&home.person.to_string(), "PERSON")
        .replace(&home.letter.to_string(), "LETTER")
}

#[test]
fn the_own_pages_read_as_they_should() {
    let home = home();
    for (name, path) in [
        ("home", "/me"),
        ("record", "/me/record"),
        ("sharing", "/me/sharing"),
        ("sharing_everything", "/me/sharing/everything"),
        ("sharing_opt_out", "/me/sharing/opt-out"),
        ("correct", "/me/correct"),
        ("about", "/me/about"),
        ("about_edit", "/me/about/important"),
        ("carers", "/me/carers"),
        ("invite", "/me/carers/invite"),
        ("take_up", "/me/take-up"),
        ("letters", "/me/letters"),
    ] {
        insta::assert_snapshot!(name, read(&home, &home.page(path)));
    }
    let first = home.house.get("/", Some(&home.token));
    assert_eq!(first.header("location"), "/me");
}

#[test]
fn saying_no_and_yes_again_is_told_before_and_after() {
    let home = home();
    let page = home.page("/me/sharing/mental-health");
    assert!(page.contains("Stop sharing mental health records"));
    assert!(page.contains("It begins when you save it."));
    let page = home.sends("/me/sharing/mental-health", "stands=yes");
    assert!(page.contains("What is about mental health is not shared from now on."));
    // The same form a second time does not take it back.
    let page = home.sends("/me/sharing/mental-health", "stands=yes");
    assert!(page.contains("Not shared. You said this on 16 October 2018."));
    let page = home.sends("/me/sharing/mental-health", "stands=no");
    insta::assert_snapshot!("sharing_with_history", read(&home, &page));
    for path in [
        "/me/sharing/secrets",
        "/me/sharing/01890a5d-ac96-774b-bcce-b302099a8057",
    ] {
        let reply = home.house.get(path, Some(&home.token));
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[test]
fn a_request_is_answered_and_the_person_reads_the_answer() {
    let home = home();
    let reply = home.house.submit("/me/correct", &home.token, "words=x");
    assert!(reply.text().contains("Choose what it is about"));
    assert!(reply.text().contains("<title>Error: "));
    let reply = home
        .house
        .submit("/me/correct", &home.token, "about=details&words=");
    assert!(
        reply
            .text()
            .contains("Write what is wrong and what would be right")
    );

    // The link beside a line leads to a form about that line.
    let record = home.page("/me/record");
    let at = record.find("/me/correct?line=").unwrap();
    let path = &record[at..at + 53];
    let form = home.page(path);
    assert!(form.contains("You are asking about:"), "{path}");
    assert!(form.contains("Transfer of care letter"));
    let line = &path["/me/correct?line=".len()..];
    let asked = format!("line={line}&words=I+live+at+2+Hiram+Street");
    let page = home.sends("/me/correct", &asked);
    insta::assert_snapshot!("correct_asked", read(&home, &page));

    let lead = home.house.enter(Role::HubLead);
    let list = home.house.get("/corrections", Some(&lead)).text();
    insta::assert_snapshot!("corrections", words(&list));
    let at = list.find("/corrections/").unwrap();
    let one = list[at..at + 49].to_owned();
    let page = home.house.get(&one, Some(&lead)).text();
    insta::assert_snapshot!("correction", words(&page));
    let reply = home.house.submit(&one, &lead, "version=1&words=So");
    assert!(reply.text().contains("Choose what you did"));
    let refused = "version=1&verdict=refused&words=The+letter+went+to+your+old+address";
    let reply = home.house.submit(&one, &lead, refused);
    assert_eq!(reply.status, StatusCode::SEE_OTHER);
    let reply = home.house.submit(&one, &lead, refused);
    assert_eq!(reply.status, StatusCode::CONFLICT);
    assert!(reply.text().contains("Someone else changed this first"));

    assert!(
        home.page("/me")
            .contains("There is an answer to what you asked")
    );
    let page = home.page("/me/correct");
    insta::assert_snapshot!("correct_refused", read(&home, &page));
    assert!(page.contains("ico.org.uk"), "how to complain");
}

#[test]
fn a_carer_is_invited_takes_the_code_up_and_is_stopped() {
    let home = home();
    let reply = home.house.submit(
        "/me/carers/invite",
        &home.token,
        "until-day=31&until-month=2",
    );
    let text = reply.text();
    for said in [
        "Write the name of your carer",
        "Write who they are to you",
        "Choose at least one thing they may see",
        "The last day must include a year",
    ] {
        assert_eq!(text.matches(said).count(), 2, "{said}: summary and field");
    }
    let carer = home.carer();
    let see = |path: &str| home.house.get(path, Some(&carer));
    insta::assert_snapshot!("carer_home_before", words(&see("/me").text()));

    let code = home.invites("part-appointments=yes&part-letters=yes");
    let reply = home
        .house
        .submit("/me/take-up", &carer, &format!("code={code}"));
    assert_eq!(reply.status, StatusCode::SEE_OTHER);
    let start = see(reply.header("location")).text();
    insta::assert_snapshot!("carer_home", read(&home, &start));
    let record = format!("/me/record?of={}", home.person);
    insta::assert_snapshot!("carer_record", read(&home, &see(&record).text()));
    // Outside the parts, and what is the person's alone.
    assert_eq!(
        see(&format!("/me/about?of={}", home.person)).status,
        StatusCode::NOT_FOUND
    );
    for path in [
        "/me/sharing",
        "/me/correct",
        "/me/carers",
        "/me/looked",
        "/me/carers/invite",
    ] {
        assert_eq!(see(path).status, StatusCode::NOT_FOUND, "{path}");
    }
    let letter = format!("/me/letter/{}", home.letter);
    assert!(see(&letter).text().contains("Dear Mary &#60;b&#62;"));
    let file = see(&format!("{letter}/file"));
    assert_eq!(file.header("content-disposition"), "attachment");

    let looked = words(&home.page("/me/looked"));
    assert!(
        looked.contains("Eleanor Harding, whom you invited, opened a document in your record"),
        "{looked}"
    );
    insta::assert_snapshot!("carers_one", read(&home, &home.page("/me/carers")));

    let page = home.page("/me/carers");
    let at = page.find("/me/carers/0").unwrap();
    let end = page[at..at + 51].to_owned();
    assert!(
        home.page(&end)
            .contains("Stop letting Eleanor Harding see your record")
    );
    let page = home.sends(&end, "");
    assert!(page.contains("Stopped. They can no longer look."));
    for path in [record.as_str(), &letter] {
        assert_eq!(see(path).status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[test]
fn codes_cannot_be_guessed_by_the_thousand() {
    let home = home();
    let carer = home.carer();
    let code = home.invites("part-plan=yes");
    for _ in 0..8 {
        let reply = home
            .house
            .submit("/me/take-up", &carer, "code=ABCD-2345-EFGH");
        assert_eq!(reply.status, StatusCode::OK);
        assert!(reply.text().contains("This code does not work."));
    }
    let reply = home
        .house
        .submit("/me/take-up", &carer, &format!("code={code}"));
    assert_eq!(
        reply.status,
        StatusCode::TOO_MANY_REQUESTS,
        "even the right one waits"
    );
    home.house
        .place
        .clock
        .advance(jiff::SignedDuration::from_mins(6));
    let reply = home
        .house
        .submit("/me/take-up", &carer, &format!("code={code}"));
    assert_eq!(reply.status, StatusCode::SEE_OTHER);
}

#[test]
fn about_me_is_written_a_heading_at_a_time() {
    let home = home();
    let page = home.sends(
        "/me/about/important",
        "words=My+cat%0AMy+garden&helped=Eleanor",
    );
    assert!(page.contains("Saved. People who look after you see it first."));
    insta::assert_snapshot!("about_written", read(&home, &page));
    let page = home.sends("/me/about/important", "words=");
    assert!(!page.contains("My cat"));
    let page = home.page("/me/about/important");
    assert!(page.contains("What you wrote before") && page.contains("My cat"));
    let long = format!("words={}", "x".repeat(2_001));
    let reply = home.house.submit("/me/about/important", &home.token, &long);
    assert!(reply.text().contains("Use 2,000 characters or fewer"));
    let reply = home.house.get("/me/about/secrets", Some(&home.token));
    assert_eq!(reply.status, StatusCode::NOT_FOUND);
}

#[test]
fn large_print_is_chosen_without_signing_in_and_holds_on_every_page() {
    let home = home();
    let reply = home
        .house
        .post("/print-size", None, "size=large&back=/accessibility");
    assert_eq!(reply.status, StatusCode::SEE_OTHER);
    assert_eq!(reply.header("location"), "/accessibility");
    let cookie = reply.header("set-cookie").to_owned();
    for part in ["almoner-print=large;", "SameSite=Lax", "HttpOnly", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let page = |path: &str, size: &str| {
        let asked = request("GET", path, None)
            .header(
                header::COOKIE,
                format!("almoner={}; almoner-print={size}", home.token),
            )
            .body(Body::empty())
            .unwrap();
        home.house.send(asked).text()
    };
    for path in ["/me", "/me/record", "/accessibility", "/place/statistics"] {
        let large = page(path, "large");
        assert!(large.contains("class=\"almoner-large\""), "{path}");
        assert!(large.contains("Usual print"), "{path}");
        assert!(
            large.contains(&format!("name=\"back\" value=\"{path}\"")),
            "{path}"
        );
        let usual = page(path, "huge");
        assert!(!usual.contains("almoner-large\""), "{path}");
        assert!(usual.contains("Large print"), "{path}");
    }
    let reply = home
        .house
        .post("/print-size", None, "size=usual&back=//evil.example");
    assert_eq!(reply.header("location"), "/");
    assert!(reply.header("set-cookie").contains("Max-Age=0"));
    // A form that was refused is not sent again to change the size of print.
    let refused = home
        .house
        .submit("/me/correct", &home.token, "words=x")
        .text();
    assert!(refused.contains("name=\"back\" value=\"/\""));
}

#[test]
fn the_record_is_small_enough_for_an_old_phone() {
    let home = home();
    let place = &home.house.place;
    for number in 0..40 {
        let title = format!(
            "Blood pressure {number}: 1{:02} over {}",
            number * 7 % 60,
            60 + number
        );
        let line = NewLine {
            person: Some(home.person),
            person_key: None,
            happened_at: Some("2018-08-06T09:30:00+01:00"),
            kind: "Observation",
            title: &title,
            sector: "nhs",
            source: "Barchester Surgery",
            category: "",
            codes: None,
            received_at: place.app.now(),
            shelf: None,
            stay: None,
            document: None,
        };
        let id = place.app.ids().timeline();
        place
            .app
            .store()
            .write(|tx| timeline::add(tx, id, &line))
            .unwrap();
    }
    let asked = request("GET", "/me/record", Some(&home.token))
        .header(header::ACCEPT_ENCODING, "gzip")
        .body(Body::empty())
        .unwrap();
    let reply = home.house.send(asked);
    assert_eq!(reply.header("content-encoding"), "gzip");
    let bytes = reply.bytes.len();
    println!("/me/record: {bytes} bytes with gzip");
    assert!(bytes < 8_000, "{bytes} bytes");
}
