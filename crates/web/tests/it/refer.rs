//! The front door on its pages: without an account, the queue, and the person's own page.

use crate::flow::words;
use crate::forms::mary;
use crate::house::{House, Reply, request};
use access::Role;
use axum::body::Body;
use axum::http::{StatusCode, header};
use person::relationship::Relationship;

/// A browser that is not signed in and holds what the front door gave it.
struct Browser<'h> {
    house: &'h House,
    draft: String,
}

impl<'h> Browser<'h> {
    fn begin(house: &'h House) -> Self {
        let reply = house.post("/refer", None, "");
        assert_eq!(reply.header("location"), "/refer/form");
        let cookie = reply.header("set-cookie");
        assert!(
            cookie.contains("HttpOnly") && cookie.contains("Path=/refer"),
            "{cookie}"
        );
        let draft = cookie.split(';').next().unwrap().to_owned();
        Self { house, draft }
    }

    fn get(&self, path: &str) -> Reply {
        let sent = request("GET", path, None)
            .header(header::COOKIE, &self.draft)
            .body(Body::empty());
        self.house.send(sent.unwrap())
    }

    fn post(&self, path: &str, form: &str) -> Reply {
        let csrf = self.get("/refer/form/section/who").csrf();
        self.post_as(path, &format!("csrf={csrf}&{form}"))
    }

    fn post_as(&self, path: &str, form: &str) -> Reply {
        let sent = request("POST", path, None)
            .header(header::COOKIE, &self.draft)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form.to_owned()));
        self.house.send(sent.unwrap())
    }
}

const PAGES: [(&str, &str); 5] = [
    (
        "who",
        "q-from=public&q-from-name=Lily+Dale&q-from-phone=01632+960001&q-knows=yes",
    ),
    (
        "person",
        "q-given-name=Mary&q-family-name=Bold&q-born-day=3&q-born-month=4&q-born-year=1938&q-postcode=ZZ1+4AB",
    ),
    ("safety", "q-danger=no&q-harm=no&q-alone=no"),
    (
        "need",
        "q-what=Fell+twice%0D%0A%0D%0AIs+afraid&q-needs=moving&q-needs=meals",
    ),
    ("health", "q-services=None"),
];

#[test]
fn somebody_without_an_account_asks_for_help() {
    let house = House::new();
    let start = house.get("/refer", None).text();
    assert!(start.contains("You need no account") && start.contains("Call 999"));
    let browser = Browser::begin(&house);
    assert!(
        browser
            .get("/refer")
            .text()
            .contains("Go on with the request")
    );
    for (section, form) in PAGES {
        let path = format!("/refer/form/section/{section}");
        let reply = browser.post(&path, &format!("page=p&complete=yes&{form}"));
        assert_eq!(
            reply.status,
            StatusCode::SEE_OTHER,
            "{section} {}",
            words(&reply.text())
        );
    }
    let check = browser.get("/refer/form/check").text();
    assert!(check.contains("Fell twice\n\nIs afraid") && check.contains("Getting about, falls"));
    let reply = browser.post("/refer/form/check", "");
    assert_eq!(reply.header("location"), "/refer/form/sent");
    let sent = browser.get("/refer/form/sent").text();
    insta::assert_snapshot!("sent", words(&sent));
    // Sent again, it is the same request; it can be read and not changed.
    assert_eq!(browser.post_again().header("location"), "/refer/form/sent");
    let at = sent.find("almoner-reference\">").unwrap() + 19;
    let reference = sent[at..at + 14].to_owned();
    let stands = house
        .post("/refer/reference", None, &format!("reference={reference}"))
        .text();
    assert!(stands.contains("It is in the queue"), "{}", words(&stands));
    assert!(!stands.contains("Mary") && !stands.contains("Bold"));
    let wrong = house
        .post("/refer/reference", None, "reference=AAAA-BBBB-CCCC")
        .text();
    assert!(wrong.contains("There is no request with this number"));
    let worker = house.enter(Role::Practitioner);
    let queue = house.get("/flow/triage", Some(&worker)).text();
    insta::assert_snapshot!("queue", words(&queue));
}

impl Browser<'_> {
    /// The page that was still open in another window is sent once more.
    fn post_again(&self) -> Reply {
        let csrf = self.get("/refer/form/sent").csrf();
        self.post_as("/refer/form/check", &format!("csrf={csrf}"))
    }
}

#[test]
fn another_browser_or_another_site_opens_nothing() {
    let house = House::new();
    let browser = Browser::begin(&house);
    let csrf = browser.get("/refer/form/section/who").csrf();
    for path in [
        "/refer/form",
        "/refer/form/section/who",
        "/refer/form/check",
        "/refer/form/sent",
    ] {
        let reply = house.get(path, None);
        assert_eq!(reply.header("location"), "/refer?gone=yes", "{path}");
    }
    let other = Browser::begin(&house);
    let form = format!("csrf={csrf}&link=what&q-what=x&page=p&number=0");
    assert_eq!(
        other.post_as("/refer/form/answer", &form).status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        house.post("/refer/form/answer", None, &form).status,
        StatusCode::FORBIDDEN
    );
    let reply = browser.post_as("/refer/form/answer", &form);
    assert_eq!(reply.status, StatusCode::OK);
    // Taken out of the browser.
    let reply = browser.post("/refer/form/leave", "");
    assert!(
        reply
            .header("set-cookie")
            .starts_with("almoner-draft=; Path=/refer")
    );
    // A staff form is not opened by what a browser holds.
    let foreign = request("POST", "/refer", None)
        .header("sec-fetch-site", "cross-site")
        .body(Body::empty());
    assert_eq!(house.send(foreign.unwrap()).status, StatusCode::FORBIDDEN);
}

#[test]
fn a_request_is_decided_and_the_person_reads_it() {
    let house = House::new();
    let (worker, lead) = (house.enter(Role::Practitioner), house.enter(Role::HubLead));
    let person = mary(&house);
    // Somebody at work chooses the person first, and sees that nothing is asked yet.
    let before = house
        .get(&format!("/person/{person}/refer"), Some(&lead))
        .text();
    assert!(before.contains("Nothing is asked for this person"));
    let reply = house.submit(&format!("/person/{person}/refer"), &lead, "");
    let form = reply.header("location").to_owned();
    for (section, typed) in [
        (
            "who",
            "q-from=ward&q-from-name=Grace&q-from-where=Ward+7&q-from-phone=ext+4&q-knows=yes",
        ),
        ("safety", "q-danger=no&q-harm=no&q-alone=yes"),
        ("need", "q-what=Goes+home+today"),
        ("health", "q-consent=yes"),
    ] {
        let path = format!("{form}/section/{section}");
        // The page is read first, as a browser does: the numbers of the answers go along.
        let page = house.get(&path, Some(&lead)).text();
        let word = page.split("name=\"page\" value=\"").nth(1).unwrap();
        let word = word.split('"').next().unwrap();
        let numbers: String = page
            .split("name=\"number-")
            .skip(1)
            .map(|rest| {
                let (link, rest) = rest.split_once('"').unwrap();
                let number = rest.split('"').nth(1).unwrap();
                format!("&number-{link}={number}")
            })
            .collect();
        let reply = house.submit(
            &path,
            &lead,
            &format!("page={word}{numbers}&complete=yes&{typed}"),
        );
        assert_eq!(
            reply.status,
            StatusCode::SEE_OTHER,
            "{section} {}",
            words(&reply.text())
        );
    }
    let reply = house.submit(&format!("{form}/check"), &lead, "");
    assert_eq!(
        reply.header("location"),
        format!("{form}/check?done=sent"),
        "{}",
        words(&reply.text())
    );
    let sent = house
        .get(&format!("{form}/check?done=sent"), Some(&lead))
        .text();
    assert!(sent.contains("The reference number is "));
    let before = house
        .get(&format!("/person/{person}/refer"), Some(&lead))
        .text();
    assert!(before.contains("There is already a live request"));
    // The queue is the council's.
    let queue = house.get("/flow/triage", Some(&worker)).text();
    assert!(queue.contains("BOLD, Mary") && queue.contains(">Urgent<"));
    assert!(
        house
            .get("/flow/triage", Some(&lead))
            .text()
            .contains("There is none.")
    );
    let at = queue.find("/flow/triage/").unwrap();
    let case = queue[at..at + 49].to_owned();
    let page = house.get(&case, Some(&worker)).text();
    insta::assert_snapshot!("case", words(&page));
    let faults = house
        .submit(&case, &worker, "version=1&outcomes=nothing")
        .text();
    assert!(faults.contains("Say to the person why nothing further is done"));
    let reply = house.submit(&case, &worker, "version=1&do=take");
    assert_eq!(reply.header("location"), format!("{case}?done=taken"));
    let late = house.submit(&case, &worker, "version=1&outcomes=equipment&answer=A+rail");
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.text().contains("A rail"), "what was typed is not lost");
    let decide = "version=2&outcomes=equipment&outcomes=reablement&answer=Somebody+comes+tomorrow.%0ABring+your+keys.";
    let asked = house.submit(&case, &worker, decide).text();
    assert!(asked.contains("Say from which day"), "{}", words(&asked));
    assert!(asked.contains("Say what a service must know to decide"));
    let decide = format!(
        "{decide}&zone=ZZ1&visits-morning=1&minutes-morning=45&starts_on-day=1&starts_on-month=11\
         &starts_on-year=2018&need_words=Gets+back+on+her+feet"
    );
    let reply = house.submit(&case, &worker, &decide);
    assert_eq!(reply.header("location"), format!("{case}?done=decided"));
    // What it began is linked from the request, and the request from it.
    let page = house.get(&case, Some(&worker)).text();
    insta::assert_snapshot!("decided", words(&page));
    for thing in ["/flow/need/", "/flow/step/"] {
        let at = page.find(thing).unwrap();
        let there = page[at..].split('"').next().unwrap();
        let reply = house.get(there, Some(&worker));
        assert_eq!(reply.status, StatusCode::OK, "{there}");
        if thing == "/flow/need/" {
            assert!(reply.text().contains(&case), "{}", words(&reply.text()));
        }
    }
    // She reads it at home.
    let account = house.place.actor(Role::Person).account.unwrap();
    house
        .place
        .app
        .store()
        .write(|tx| store::own::give(tx, account, person))
        .unwrap();
    house
        .place
        .relate(Relationship::Oneself, &account.to_string(), person);
    let at_home = house.enter(Role::Person);
    let own = house.get("/me/referrals", Some(&at_home)).text();
    insta::assert_snapshot!("own", words(&own));
}
