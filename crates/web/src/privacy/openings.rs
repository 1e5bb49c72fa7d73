//! Records opened without a link: the queue, one of them, the verdict, the second person.

use super::{Whose, wrong};
use crate::components::{Choice, Fault, Radios, Tag, TextArea};
use crate::door::Visit;
use crate::form::Reading;
use crate::routes::Outcome;
use crate::shell::{self, Section, Shell};
use crate::trouble::Trouble;
use crate::{Web, words};
use access::{Action, Actor};
use app::privacy::{OpeningLine, OpeningPage};
use askama::Template;
use jiff::civil::Date;
use kernel::BreakGlassId;
use person::opening::OpeningReason;
use store::glass::{BreakGlass, GlassVerdict};

/// One line of the queue.
struct Line {
    href: String,
    whose: Whose,
    who: String,
    when: String,
    reason: String,
    due: String,
    state: Tag,
}

#[derive(Template)]
#[template(path = "privacy/openings.html")]
struct ListPage {
    shell: Shell,
    saved: bool,
    lines: Vec<Line>,
    newer: Option<String>,
    older: Option<String>,
    page: usize,
}

#[derive(Template)]
#[template(path = "privacy/opening.html")]
struct OnePage {
    shell: Shell,
    faults: Vec<Fault>,
    saved: bool,
    whose: Whose,
    state: Tag,
    facts: Vec<(&'static str, String)>,
    seen: Vec<String>,
    to_approve: bool,
    another: bool,
    reviewed: bool,
    action: String,
    version: i64,
    verdict: Radios,
    why: TextArea,
}

/// A reason as the form offers it.
fn reason(code: &str) -> String {
    OpeningReason::parse(code).map_or_else(
        || words::sentence(code),
        |reason| reason.in_words().to_owned(),
    )
}

fn state(opening: &BreakGlass, late: bool) -> Tag {
    match &opening.review {
        Some(review) if review.verdict == GlassVerdict::Justified => Tag::new("Justified", "green"),
        Some(_) => Tag::new("Not justified", "red"),
        None if late => Tag::new("Late", "red"),
        None if opening.restricted && opening.approved.is_none() => {
            Tag::new("Needs a second person", "orange")
        }
        None => Tag::new("To review", "blue"),
    }
}

fn due(opening: &BreakGlass, today: Date) -> String {
    let day = words::date(opening.review_by);
    match words::days_between(opening.review_by, today) {
        late if late > 0 => format!("{day}, {} late", words::counted(late, "day")),
        0 => format!("{day}, today"),
        _ => day,
    }
}

pub(super) fn list(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let page = visit.query.page();
    let (found, more) = web.app.openings(actor, page)?;
    let (now, today) = (web.app.now(), web.app.today());
    let line = |one: &OpeningLine| Line {
        href: format!("/privacy/opening/{}", one.opening.id),
        whose: Whose::of(&one.whose),
        who: one.who.clone(),
        when: words::sentence(&words::near_time(one.opening.opened_at, now)),
        reason: reason(&one.opening.reason),
        due: due(&one.opening, today),
        state: state(&one.opening, one.late),
    };
    let address = |page: usize| format!("/privacy/openings?page={page}");
    shell::ok(&ListPage {
        shell: Shell::new(web, visit, "Opened without a link", Section::Privacy),
        saved: visit.query.given("saved").is_some(),
        lines: found.iter().map(line).collect(),
        newer: (page > 1).then(|| address(page - 1)),
        older: more.then(|| address(page + 1)),
        page,
    })
}

pub(super) fn page(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    access::decide(actor, Action::ReviewLooks).map_err(app::Error::from)?;
    let found = web.app.opening(actor, visit.id("id")?)?;
    shell::ok(&drawn(web, visit, &found, Reading::default()))
}

fn facts(web: &Web, found: &OpeningPage) -> Vec<(&'static str, String)> {
    let opening = &found.line.opening;
    let mut facts = vec![
        ("Opened by", found.line.who.clone()),
        ("Opened", words::date_time(opening.opened_at)),
        ("Open until", words::date_time(opening.ends_at)),
        ("Reason", reason(&opening.reason)),
        ("In their words", opening.words.clone()),
        ("Review by", due(opening, web.app.today())),
    ];
    if let Some((at, by)) = &opening.approved {
        facts.push(("Second person", format!("{by}, {}", words::date_time(*at))));
    }
    if let Some(review) = &opening.review {
        let when = words::date_time(review.at);
        facts.push((
            "Reviewed",
            format!("{} by {}. {}", when, review.by, review.why),
        ));
    }
    facts
}

fn drawn(web: &Web, visit: &Visit, found: &OpeningPage, reading: Reading) -> OnePage {
    let opening = &found.line.opening;
    let current = visit.form.get("verdict");
    OnePage {
        shell: Shell::new(web, visit, "Opened without a link", Section::Privacy)
            .with_faults(!reading.faults.is_empty()),
        saved: visit.query.given("saved").is_some(),
        whose: Whose::of(&found.line.whose),
        state: state(opening, found.line.late),
        facts: facts(web, found),
        seen: found.seen.iter().map(|row| row.words.clone()).collect(),
        to_approve: found.to_approve,
        another: found.another,
        reviewed: opening.review.is_some(),
        action: format!("/privacy/opening/{}", opening.id),
        version: opening.version,
        verdict: Radios {
            name: "verdict".to_owned(),
            legend: "Was there good cause to open this record?".to_owned(),
            hint: String::new(),
            error: reading.of("verdict"),
            choices: vec![
                Choice::new("justified", "Yes, it was justified", current),
                Choice::new("not justified", "No, it was not justified", current),
            ],
        },
        why: TextArea {
            name: "why".to_owned(),
            label: "Why".to_owned(),
            hint: "For whoever asks later. Say how you know.".to_owned(),
            value: visit.form.get("why").to_owned(),
            error: reading.of("why"),
            rows: 3,
        },
        faults: reading.faults,
    }
}

/// Draws the page again with what is wrong, or passes on what else it was.
fn again(web: &Web, visit: &Visit, actor: &Actor, id: BreakGlassId, error: app::Error) -> Outcome {
    if let app::Error::Stale { who, what } = error {
        return Err(Trouble::Stale {
            who,
            what,
            back: format!("/privacy/opening/{id}"),
            typed: vec![("Why".to_owned(), visit.form.get("why").to_owned())],
        });
    }
    let reading = wrong(error)?;
    let found = web.app.opening(actor, id)?;
    shell::ok(&drawn(web, visit, &found, reading))
}

pub(super) fn review(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    access::decide(actor, Action::ReviewLooks).map_err(app::Error::from)?;
    let id: BreakGlassId = visit.id("id")?;
    let version = visit.form.get("version").parse().unwrap_or(0);
    let Some(verdict) = GlassVerdict::parse(visit.form.get("verdict")) else {
        let missing = app::Error::invalid("verdict", "Choose whether there was good cause");
        return again(web, visit, actor, id, missing);
    };
    let why = visit.form.get("why");
    match web.app.review_opening(actor, id, version, verdict, why) {
        Ok(()) => Ok(shell::see_other("/privacy/openings?saved=1")),
        Err(error) => again(web, visit, actor, id, error),
    }
}

pub(super) fn approve(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    access::decide(actor, Action::ReviewLooks).map_err(app::Error::from)?;
    let id: BreakGlassId = visit.id("id")?;
    let version = visit.form.get("version").parse().unwrap_or(0);
    match web.app.approve_opening(actor, id, version) {
        Ok(()) => Ok(shell::see_other(&format!("/privacy/opening/{id}?saved=1"))),
        Err(error) => again(web, visit, actor, id, error),
    }
}
