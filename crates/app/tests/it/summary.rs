//! What stands on a summary, what is new since somebody looked, and one line with all it says.

use access::{Actor, Role};
use app::Error;
use app::person::says::{Part, Standing};
use app::person::{PersonPage, TimelineFilter};
use jiff::SignedDuration;
use kernel::{NhsNumber, PersonId, TimelineId};
use store::about_me::Said;
use store::inbox::{InboxKind, InboxState};
use store::timeline::NewLine;
use store::wish::{Restriction, Wish, WishKind};
use testkit::Place;

/// Eleanor, with the record of `testkit::RECORD`; the trust and the council have to do with her.
fn eleanor(place: &Place) -> PersonId {
    let report = place
        .app
        .take_in(
            &Actor::operator(),
            InboxKind::Fhir,
            "record.json",
            testkit::RECORD.as_bytes(),
        )
        .unwrap();
    assert_eq!(
        report.arrival.state,
        InboxState::Accepted,
        "{:?}",
        report.issues
    );
    let number = NhsNumber::parse("9990000018").unwrap();
    let found = place
        .app
        .store()
        .read(|tx| store::person::by_nhs_number(tx, number))
        .unwrap();
    place.tie(found[0].id);
    found[0].id
}

fn page(place: &Place, actor: &Actor, id: PersonId) -> PersonPage {
    place
        .app
        .person(actor, id, &TimelineFilter::default())
        .unwrap()
}

/// Words of what holds in a part.
fn current(page: &PersonPage, part: Part) -> Vec<&str> {
    page.summary
        .current(part)
        .map(|one| one.entry.words.as_str())
        .collect()
}

fn line(place: &Place, person: PersonId, kind: &str, title: &str, day: Option<&str>) -> TimelineId {
    let line = NewLine {
        person: Some(person),
        person_key: None,
        happened_at: day,
        kind,
        title,
        sector: "nhs",
        source: "Hogglestock Surgery",
        category: "",
        codes: None,
        received_at: place.app.now(),
        shelf: None,
        stay: None,
        document: None,
    };
    let id = place.app.ids().timeline();
    let add = |tx: &mut dyn store::Tx| store::timeline::add(tx, id, &line);
    place.app.store().write(add).unwrap();
    id
}

#[test]
fn a_summary_says_what_holds_and_leaves_out_what_was_ruled_out() {
    let place = testkit::place();
    let id = eleanor(&place);
    let page = page(&place, &place.actor(Role::HubLead), id);
    assert_eq!(
        current(&page, Part::Alert),
        ["Falls at night: keep the light on"]
    );
    assert_eq!(current(&page, Part::Allergy), ["Penicillin"]);
    assert_eq!(current(&page, Part::NoKnownAllergy), Vec::<&str>::new());
    assert_eq!(
        current(&page, Part::Medicine),
        ["Tiotropium 18 microgram inhaler"]
    );
    assert_eq!(
        current(&page, Part::Problem),
        ["Chronic obstructive lung disease"]
    );
    assert_eq!(current(&page, Part::Family), ["Mary Bold, daughter"]);
    assert_eq!(
        current(&page, Part::Professional),
        [
            "Grace Crawley, Care co-ordinator",
            "Susan Grantly, District nurse"
        ],
        "the co-ordinator first"
    );
    assert_eq!(current(&page, Part::Care), ["Home care package"]);
    assert_eq!(current(&page, Part::Visit), ["Breathing clinic"]);
    assert_eq!(current(&page, Part::Plan), ["Care and support plan"]);
    let past: Vec<&str> = [Part::Problem, Part::Medicine]
        .into_iter()
        .flat_map(|part| page.summary.past(part))
        .map(|one| one.entry.words.as_str())
        .collect();
    assert_eq!(past, ["Broken wrist", "Doxycycline 100 mg capsules"]);
    let alert = page.summary.current(Part::Alert).next().unwrap();
    assert_eq!(
        (alert.line.source.as_str(), alert.line.sector.as_str()),
        ("Barsetshire County Council", "council")
    );
}

/// A diagnosis that is withheld is not on the summary, not on the timeline, not in a count and
/// not in anything else that speaks of it; to whoever wrote it, it is all there.
#[test]
fn what_is_withheld_is_nowhere_and_whose_it_is_sees_it() {
    let place = testkit::place();
    let id = eleanor(&place);
    let hub = place.actor(Role::HubLead);
    let shown = page(&place, &hub, id);
    let all = format!("{:?} {:?} {:?}", shown.summary, shown.timeline, shown.seen);
    assert!(!all.contains("HIV"), "{all}");
    assert!(
        !all.contains("Secret Nurse"),
        "a member of a team that is named after it"
    );
    let hidden: TimelineId = place
        .app
        .store()
        .read(|tx| {
            let sql = "SELECT id FROM timeline WHERE title LIKE 'HIV%'";
            tx.query(sql, &[])?[0].id(0)
        })
        .unwrap();
    assert!(matches!(
        place.app.timeline_line(&hub, hidden),
        Err(Error::NotFound("line"))
    ));
    let everybody = store::scope::ItemScope::default();
    let all = place
        .app
        .store()
        .read(|tx| store::timeline::counts(tx, id, None, &everybody))
        .unwrap();
    let all: i64 = all.iter().map(|count| count.lines).sum();
    assert_eq!(all, shown.seen.all() + 1, "counts are of what is shown");
    let everything = place
        .app
        .timeline(&hub, id, &TimelineFilter::default())
        .unwrap();
    assert!(!format!("{everything:?}").contains("HIV"));
    let in_2004 = everything.months.iter().any(|(month, _)| month == "2004");
    assert!(
        !in_2004,
        "the year of the withheld line is not among the months"
    );

    // The trust's own is for the trust to see, and for nobody else.
    let own = line(&place, id, "Condition", "HIV infection", None);
    let rename = "UPDATE timeline SET source = 'Barsetshire Hospitals Trust', \
         category = 'sexual-health' WHERE title = 'HIV infection'";
    let rename = |tx: &mut dyn store::Tx| tx.execute(rename, &[]).map(|_| ());
    place.app.store().write(rename).unwrap();
    assert!(current(&page(&place, &hub, id), Part::Problem).contains(&"HIV infection"));
    assert!(place.app.timeline_line(&hub, own).is_ok());
    let social_worker = place.actor(Role::Practitioner);
    let theirs = page(&place, &social_worker, id);
    assert_eq!(
        current(&theirs, Part::Problem),
        ["Chronic obstructive lung disease"]
    );
    assert!(place.app.timeline_line(&social_worker, own).is_err());
}

#[test]
fn new_is_what_came_since_the_last_sitting() {
    let place = testkit::place();
    let id = eleanor(&place);
    let hub = place.actor(Role::HubLead);
    let nurse = place.actor(Role::Practitioner);
    let new = |actor: &Actor| {
        let page = page(&place, actor, id);
        (page.seen.last_look, page.seen.fresh())
    };
    assert_eq!(new(&hub), (None, 0), "nothing is marked at the first look");
    let first = place.app.now();
    place.clock.advance(SignedDuration::from_mins(10));
    line(
        &place,
        id,
        "Observation",
        "Blood pressure",
        Some("2018-10-16"),
    );
    assert_eq!(new(&hub), (None, 0), "still the first sitting");
    place.clock.advance(SignedDuration::from_mins(60 * 24));
    line(
        &place,
        id,
        "Condition",
        "Chest infection",
        Some("2018-10-17"),
    );
    let last = first + SignedDuration::from_mins(10);
    assert_eq!(new(&hub), (Some(last), 1));
    place.clock.advance(SignedDuration::from_mins(30));
    assert_eq!(new(&hub), (Some(last), 1), "new until the sitting ends");
    assert_eq!(new(&nurse), (None, 0), "each account has its own");

    let filter = TimelineFilter {
        new: true,
        ..TimelineFilter::default()
    };
    let found = place.app.timeline(&hub, id, &filter).unwrap();
    let titles: Vec<&str> = found
        .lines
        .lines
        .iter()
        .map(|line| line.title.as_str())
        .collect();
    assert_eq!(titles, ["Chest infection"]);
    assert!(
        found
            .lines
            .lines
            .iter()
            .all(|line| found.lines.seen.is_new(line))
    );
    place.clock.advance(SignedDuration::from_mins(61));
    assert_eq!(new(&hub).1, 0, "seen in the sitting before");
}

#[test]
fn a_line_without_a_resource_does_not_say_whether_it_holds() {
    let place = testkit::place();
    let id = eleanor(&place);
    line(
        &place,
        id,
        "MedicationRequest",
        "Amlodipine 5 mg tablets",
        Some("2018-02-01"),
    );
    line(&place, id, "Care package", "Meals at home", None);
    let page = page(&place, &place.actor(Role::HubLead), id);
    for (part, words) in [
        (Part::Medicine, "Amlodipine 5 mg tablets"),
        (Part::Care, "Meals at home"),
    ] {
        let found = page
            .summary
            .current(part)
            .find(|one| one.entry.words == words);
        assert_eq!(found.unwrap().entry.standing, Standing::NotSaid, "{words}");
    }
}

#[test]
fn the_timeline_is_asked_by_kind_source_sector_and_month() {
    let place = testkit::place();
    let id = eleanor(&place);
    line(&place, id, "Procedure", "Tonsils out", Some("1950"));
    let hub = place.actor(Role::HubLead);
    let some = |text: &str| Some(text.to_owned());
    let with = |change: &dyn Fn(&mut TimelineFilter)| {
        let mut filter = TimelineFilter::default();
        change(&mut filter);
        let found = place.app.timeline(&hub, id, &filter).unwrap();
        let titles: Vec<String> = found
            .lines
            .lines
            .into_iter()
            .map(|line| line.title)
            .collect();
        titles
    };
    assert_eq!(with(&|f| f.kind = some("Flag")).len(), 2);
    assert_eq!(
        with(&|f| f.source = some("Dr Arabin, Hogglestock Surgery")).len(),
        4,
        "two allergies and two problems"
    );
    let council = with(&|f| f.sector = some("council"));
    assert!(
        council.contains(&"Home care package".to_owned()),
        "{council:?}"
    );
    assert!(
        !council.iter().any(|title| title.contains("Tiotropium")),
        "{council:?}"
    );
    let month = with(&|f| {
        f.from = some("2015-11");
        f.to = some("2018-01");
    });
    assert_eq!(month, ["Doxycycline 100 mg capsules", "Broken wrist"]);
    // What is only known to a year is in the whole year.
    for (from, to) in [
        ("1950", "1950"),
        ("1950-03", "1950-12"),
        ("1949-12", "1950"),
    ] {
        let found = with(&|f| {
            f.from = some(from);
            f.to = some(to);
        });
        assert_eq!(found, ["Tonsils out"], "{from} to {to}");
    }
    let page = place
        .app
        .timeline(&hub, id, &TimelineFilter::default())
        .unwrap();
    let counted: i64 = page.months.iter().map(|(_, count)| count).sum();
    let dated = page
        .lines
        .lines
        .iter()
        .filter(|line| line.happened_at.is_some())
        .count();
    assert_eq!(counted, i64::try_from(dated).unwrap());
}

#[test]
fn one_line_is_shown_with_all_that_it_says_and_where_people_live_is_kept() {
    let place = testkit::place();
    let id = eleanor(&place);
    let hub = place.actor(Role::HubLead);
    let shown = page(&place, &hub, id);
    let daughter = shown.summary.current(Part::Family).next().unwrap().line.id;
    let read = place.app.timeline_line(&hub, daughter).unwrap();
    assert_eq!(
        (read.earlier, read.person.list_name().as_str()),
        (0, "BOLD, Eleanor")
    );
    assert!(format!("{:?}", read.readable).contains("01632 960001"));

    let restriction = Restriction {
        id: place.app.ids().restriction(),
        person: id,
        whole: false,
        why: "Lives at a refuge".to_owned(),
        made_at: place.app.now(),
        made_by: "test".to_owned(),
        ended: None,
    };
    let restrict = |tx: &mut dyn store::Tx| store::wish::restrict(tx, &restriction);
    place.app.store().write(restrict).unwrap();
    let after = place.app.timeline_line(&hub, daughter).unwrap();
    assert!(
        !format!("{:?}", after.readable).contains("960001"),
        "{after:?}"
    );
    let summary = page(&place, &hub, id).summary;
    assert!(!format!("{summary:?}").contains("960001"), "{summary:?}");
    let whole = place
        .app
        .timeline(&hub, id, &TimelineFilter::default())
        .unwrap();
    let patient = whole
        .lines
        .lines
        .iter()
        .find(|line| line.kind == "Patient")
        .unwrap();
    let patient = place.app.timeline_line(&hub, patient.id).unwrap();
    assert!(!format!("{patient:?}").contains("Hiram"), "{patient:?}");
}

#[test]
fn a_newer_version_takes_the_line_and_the_earlier_is_counted() {
    let place = testkit::place();
    let id = eleanor(&place);
    let newer = testkit::RECORD.replace("Tiotropium 18 microgram inhaler", "Umeclidinium inhaler");
    let operator = Actor::operator();
    place
        .app
        .take_in(&operator, InboxKind::Fhir, "later.json", newer.as_bytes())
        .unwrap();
    let hub = place.actor(Role::HubLead);
    let shown = page(&place, &hub, id);
    assert_eq!(current(&shown, Part::Medicine), ["Umeclidinium inhaler"]);
    let line = shown
        .summary
        .current(Part::Medicine)
        .next()
        .unwrap()
        .line
        .id;
    assert_eq!(place.app.timeline_line(&hub, line).unwrap().earlier, 1);
}

#[test]
fn their_own_words_stand_under_their_headings_the_latest_of_each() {
    let place = testkit::place();
    let id = eleanor(&place);
    let hub = place.actor(Role::HubLead);
    let say = |heading: &str, words: &str| {
        let said = Said {
            person: id,
            heading: heading.to_owned(),
            words: words.to_owned(),
            written_at: place.app.now(),
            written_by: "Eleanor Bold".to_owned(),
            helped_by: "my daughter Mary".to_owned(),
        };
        let add = |tx: &mut dyn store::Tx| store::about_me::add(tx, &said);
        place.app.store().write(add).unwrap();
        place.clock.advance(SignedDuration::from_mins(1));
    };
    say("support", "Mornings are slow");
    say("important", "The piano");
    say("important", "The piano and my cat");
    say("people", "My sister");
    say("people", "");
    let shown = page(&place, &hub, id).summary.about_me;
    let words: Vec<(&str, &str)> = shown
        .iter()
        .map(|(heading, said)| (heading.as_str(), said.words.as_str()))
        .collect();
    assert_eq!(
        words,
        [
            ("What is most important to me", "The piano and my cat"),
            ("How and when to support me", "Mornings are slow"),
        ]
    );
    let history = place
        .app
        .store()
        .read(|tx| store::about_me::history(tx, id, "important"))
        .unwrap();
    let history: Vec<&str> = history.iter().map(|said| said.words.as_str()).collect();
    assert_eq!(history, ["The piano and my cat", "The piano"]);

    // Who wants nothing shared wants this not shared either.
    let wish = Wish {
        id: place.app.ids().wish(),
        person: id,
        kind: WishKind::Objection,
        category: String::new(),
        holder: String::new(),
        how: "Said so".to_owned(),
        said_at: place.app.now(),
        said_by: "test".to_owned(),
        ended: None,
    };
    let object = |tx: &mut dyn store::Tx| store::wish::say(tx, &wish);
    place.app.store().write(object).unwrap();
    let shown = page(&place, &place.actor(Role::HubLead), id).summary;
    assert_eq!(shown.about_me, []);
}

/// However much is on a record, it is read in the same number of statements.
#[test]
fn a_record_takes_the_same_statements_however_long_it_is() {
    let place = testkit::place();
    let id = eleanor(&place);
    let hub = place.actor(Role::HubLead);
    let statements = |what: &dyn Fn()| {
        let before = place.app.store().statements();
        what();
        place.app.store().statements() - before
    };
    let record = || drop(page(&place, &hub, id));
    let timeline = || {
        let found = place.app.timeline(&hub, id, &TimelineFilter::default());
        drop(found.unwrap());
    };
    record();
    let short = (statements(&record), statements(&timeline));
    for number in 0..50 {
        line(&place, id, "Condition", &format!("Problem {number}"), None);
    }
    assert_eq!((statements(&record), statements(&timeline)), short);
    // For whom they act is read again only where the store cannot tell that no organisation has
    // changed.
    let acts_for = u64::from(place.app.store().engine_name() == "postgres");
    assert_eq!(
        short,
        (18 + acts_for, 11 + acts_for),
        "sight, rows, who acts, openings and three for the journal"
    );
}
