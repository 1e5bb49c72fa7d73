//! A person's record: who they are, what they say of themselves, what holds, their stays, the
//! latest of the timeline, and who looked.

use super::acting;
use super::sight::SightView;
use super::summary::{self, Own, PartView};
use super::timeline::{self, TimelineEntry};
use super::who::{self, Who};
use crate::door::Visit;
use crate::routes::Outcome;
use crate::shell::{self, Section, Shell};
use crate::{Web, words};
use access::{Action, Actor};
use app::person::{PersonPage, StayLine, TimelineFilter};
use askama::Template;
use kernel::PersonId;

/// One stay.
struct StayEntry {
    href: String,
    title: String,
    line: String,
}

#[derive(Template)]
#[template(path = "person/person.html")]
struct Page {
    shell: Shell,
    who: Who,
    sight: SightView,
    tab: &'static str,
    news: String,
    news_href: Option<String>,
    about_me: Vec<Own>,
    parts: Vec<PartView>,
    /// Who acts for them: who, and what they may do.
    acting: Vec<(String, String)>,
    /// Whether whoever looks may write that down.
    acts: bool,
    cut: bool,
    stays: Vec<StayEntry>,
    records: Vec<RecordEntry>,
    lines: Vec<TimelineEntry>,
    all: String,
    looks: Vec<String>,
}

/// One of several records that are this person.
struct RecordEntry {
    name: String,
    facts: String,
    linked: Option<String>,
    undo: Option<String>,
}

/// The records of a person who has more than one.
fn records(actor: &Actor, found: &PersonPage) -> Vec<RecordEntry> {
    if found.records.len() < 2 {
        return Vec::new();
    }
    let may = access::decide(actor, Action::ReviewIdentity).is_ok();
    let entry = |one: &app::person::identity::LinkedRecord| {
        let record = &one.record;
        let facts = [
            format!("born {}", who::born(record.birth_date, None)),
            format!(
                "NHS number {}",
                who::nhs_number(record.nhs_number).to_lowercase()
            ),
            format!(
                "address {}",
                who::address(&record.address, &record.postcode)
            ),
        ];
        RecordEntry {
            name: record.list_name(),
            facts: words::sentence(&facts.join("; ")),
            linked: one.link.as_ref().map(|link| {
                let day = words::date(kernel::calendar::local(link.made_at).date());
                format!("Linked by {} on {day}. {}", link.made_by, link.why)
            }),
            undo: one
                .link
                .as_ref()
                .filter(|_| may)
                .map(|link| format!("/identity/link/{}/undo", link.id)),
        }
    };
    found.records.iter().map(entry).collect()
}

/// Latest lines of the timeline that are shown with the summary.
const LATEST: usize = 8;

pub(super) fn page(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let id: PersonId = visit.id("id")?;
    let found = web.app.person(actor, id, &TimelineFilter::default())?;
    let (now, today) = (web.app.now(), web.app.today());
    let sees_stays = access::decide(actor, Action::SeeStay).is_ok();
    let (news, news_href) = summary::news(&found, now);
    let latest = found.timeline.iter().take(LATEST);
    shell::ok(&Page {
        shell: Shell::new(web, visit, "Record", Section::Person),
        who: who::of(&found.person, found.council.as_deref(), today),
        sight: SightView::of(&found.sight),
        tab: "summary",
        news,
        news_href,
        about_me: summary::about_me(&found.summary, today),
        parts: summary::parts(&found, today),
        acting: found
            .acting
            .iter()
            .map(|one| (acting::title(one), acting::details(one, today)))
            .collect(),
        acts: access::decide(actor, Action::RecordActing).is_ok(),
        cut: found.summary.more,
        stays: found
            .stays
            .iter()
            .map(|stay| stay_entry(stay, sees_stays))
            .collect(),
        records: records(actor, &found),
        lines: latest
            .map(|line| timeline::entry(line, &found.seen, today, sees_stays))
            .collect(),
        all: words::counted(found.seen.all(), "line"),
        looks: found.looks.iter().map(|look| look.words.clone()).collect(),
    })
}

fn stay_entry(line: &StayLine, linked: bool) -> StayEntry {
    let stay = &line.stay;
    let until = match (stay.discharged_on, stay.ready_on) {
        (Some(day), _) => format!("left on {}", words::date(day)),
        (None, Some(day)) => format!(
            "still in hospital, ready to leave since {}",
            words::date(day)
        ),
        (None, None) => "still in hospital".to_owned(),
    };
    let notices = words::counted(i64::try_from(line.notices.len()).unwrap_or(0), "notice");
    StayEntry {
        href: if linked {
            format!("/flow/stay/{}", stay.id)
        } else {
            String::new()
        },
        title: format!(
            "{}, from {}",
            words::known(&line.hospital),
            words::date(stay.admitted_on)
        ),
        line: format!("{}, {notices}", words::sentence(&until)),
    }
}
