//! One need: who can meet it and who cannot, asking them, their answers, and ending the search.

use super::need::in_a_line;
use crate::components::{Fault, Tag};
use crate::door::Visit;
use crate::person::who::{self, Who};
use crate::routes::{Outcome, Route, staff, staff_post};
use crate::shell::{self, Section, Shell};
use crate::trouble::Trouble;
use crate::{Web, words};
use ::flow::offer::need::visits_in_words;
use ::flow::offer::{NeedState, OfferState, Way};
use access::{Action, Actor};
use app::flow::{Asking, CanMeet, NeedPage, OfferLine};
use askama::Template;
use kernel::{NeedId, OfferId, ServiceId};
use store::offer::{NeedRow, OfferRow};

pub(super) fn routes() -> Vec<Route> {
    vec![
        staff("/flow/need/{id}", page),
        staff_post("/flow/need/{id}", change),
    ]
}

/// A service that can be asked.
struct Can {
    id: String,
    name: String,
    gives: String,
    age: String,
    stale: bool,
    first: bool,
}

/// A service that was asked.
struct Asked {
    id: String,
    name: String,
    telephone: String,
    tag: Tag,
    lines: Vec<String>,
    may_link: bool,
    may_take: bool,
}

#[derive(Template)]
#[template(path = "flow/need.html")]
struct Page {
    shell: Shell,
    faults: Vec<Fault>,
    done: &'static str,
    /// A link just made, and until when it holds.
    link: Option<(String, String)>,
    back: String,
    back_words: &'static str,
    who: Who,
    headline: String,
    /// The request for help that it began with.
    request: Option<(String, String)>,
    facts: Vec<(&'static str, String)>,
    open: bool,
    accepted: bool,
    may_end: bool,
    asked: Vec<Asked>,
    can: Vec<Can>,
    cannot: Vec<(String, Vec<String>)>,
    silent: String,
    answers: Vec<String>,
    action: String,
    version: i64,
    minutes: (String, String),
    why: String,
}

/// The head of a page without the council, which nobody needs to know here.
pub(super) fn without_council(mut who: Who) -> Who {
    who.facts.retain(|(key, _)| *key != "Council");
    who
}

/// What a need says, without a name: for the hub and for those who are asked.
pub(super) fn facts(web: &Web, row: &NeedRow) -> Vec<(&'static str, String)> {
    let policy = web.app.policy();
    let need = &row.need;
    let skills: Vec<&str> = need
        .skills
        .iter()
        .map(|code| policy.skills.label(code))
        .collect();
    let days = match need.latest_start > need.starts_on {
        true => format!(
            "{}, or at the latest {}",
            words::date(need.starts_on),
            words::date(need.latest_start)
        ),
        false => words::date(need.starts_on),
    };
    let mut facts = vec![
        ("Care", need.kind.label().to_owned()),
        ("Where", words::known(&need.zone).to_owned()),
    ];
    if !need.visits.is_empty() {
        let minutes = need.minutes_a_week();
        let each = words::sentence(&visits_in_words(&need.visits, need.double_handed));
        let hours = match (minutes / 60, minutes % 60) {
            (hours, 0) => format!("{hours} hours a week in all"),
            (hours, minutes) => format!("{hours} hours {minutes} minutes a week in all"),
        };
        facts.push(("Visits each day", format!("{each}. {hours}")));
    }
    facts.extend([
        (
            "Skills",
            match skills.is_empty() {
                true => "None in particular".to_owned(),
                false => skills.join(", "),
            },
        ),
        ("First day", days),
        ("Age", row.age_band.clone()),
        (
            "Who pays",
            policy.funding_routes.label(&row.funding).to_owned(),
        ),
        ("What to know", row.words.clone()),
    ]);
    facts
}

/// Where an offer stands, as a tag.
pub(super) fn tag(state: OfferState) -> Tag {
    let colour = match state {
        OfferState::Next | OfferState::Withdrawn | OfferState::Lost => "grey",
        OfferState::Sent => "yellow",
        OfferState::Seen => "blue",
        OfferState::Accepted => "green",
        OfferState::Declined | OfferState::Lapsed => "red",
        OfferState::Later => "purple",
    };
    Tag::new(words::sentence(state.as_str()), colour)
}

/// What is said of an offer, a line each.
fn lines(web: &Web, offer: &OfferRow) -> Vec<String> {
    let now = web.app.now();
    let mut lines = Vec::new();
    if let Some(at) = offer.asked_at {
        lines.push(format!("Asked {}", words::near_time(at, now)));
    }
    if let (true, Some(due)) = (offer.state.is_live(), offer.due_at) {
        lines.push(format!("Time until {}", words::near_time(due, now)));
    }
    if let (true, Some(at)) = (offer.state == OfferState::Seen, offer.seen_at) {
        lines.push(format!("Opened {}", words::near_time(at, now)));
    }
    if let (false, Some(at)) = (offer.answered_by.is_empty(), offer.answered_at) {
        lines.push(format!(
            "Answered {} by {}",
            words::near_time(at, now),
            offer.answered_by
        ));
    }
    if let Some(day) = offer.starts_on {
        lines.push(format!("First day {}", words::date(day)));
    }
    if !offer.reason.is_empty() {
        lines.push(
            web.app
                .policy()
                .decline_reasons
                .label(&offer.reason)
                .to_owned(),
        );
    }
    if !offer.words.is_empty() {
        lines.push(offer.words.clone());
    }
    lines
}

fn asked(web: &Web, line: &OfferLine, open: bool) -> Asked {
    let offer = &line.offer;
    Asked {
        id: offer.id.to_string(),
        name: line.service.clone(),
        telephone: line.telephone.clone(),
        tag: tag(offer.state),
        lines: lines(web, offer),
        may_link: open && offer.state.is_live(),
        may_take: open && offer.state == OfferState::Later,
    }
}

fn can(one: &CanMeet, first: bool) -> Can {
    let gives: Vec<String> = one
        .gives
        .iter()
        .map(|(figure, amount)| {
            format!(
                "{}: {} of {} free",
                super::capacity::what(&figure.slot),
                figure.slot.unit.counted(*amount),
                figure.slot.free
            )
        })
        .collect();
    Can {
        id: one.kept.id.to_string(),
        name: one.kept.service.name.clone(),
        gives: gives.join("; "),
        age: words::sentence(&one.age),
        stale: one.stale,
        first,
    }
}

fn headline(page: &NeedPage) -> String {
    let winner = page
        .offers
        .iter()
        .find(|line| line.offer.state == OfferState::Accepted);
    match (page.row.state, winner) {
        (NeedState::Accepted, Some(won)) => {
            let day = won.offer.starts_on.map(words::date).unwrap_or_default();
            format!("{} has accepted, from {day}.", won.service)
        }
        (NeedState::Started, Some(won)) => format!("Care by {} has begun.", won.service),
        (NeedState::Withdrawn, _) => match &page.row.ended {
            Some((at, by, why)) => format!(
                "Withdrawn by {by} on {}: {why}",
                words::date(words::day_of(*at))
            ),
            None => "Withdrawn.".to_owned(),
        },
        _ if page.offers.is_empty() => "Nobody has been asked yet.".to_owned(),
        _ => match page
            .offers
            .iter()
            .filter(|one| one.offer.state.is_live())
            .count()
        {
            0 => "Nobody who was asked will take it so far.".to_owned(),
            1 => "1 service has time left to answer.".to_owned(),
            many => format!("{many} services have time left to answer."),
        },
    }
}

fn draw(
    web: &Web,
    (visit, actor): (&Visit, &Actor),
    page: &NeedPage,
    faults: Vec<Fault>,
    link: Option<(String, String)>,
) -> Outcome {
    let row = &page.row;
    let request = super::triage_begins::out_of(web, actor, &row.id.to_string())?;
    let skill = |code: &str| web.app.policy().skills.label(code).to_owned();
    let open = row.state == NeedState::Open;
    let (back, back_words) = match row.stay {
        Some(stay) => (format!("/flow/stay/{stay}"), "Back to the stay"),
        None => (who::address_of(page.person.id), "Back to the record"),
    };
    let parameter = |key: &str| {
        let found = web.app.policy().on(key, web.app.today());
        let minutes = found.ok().and_then(|one| one.integer().ok());
        minutes.map_or_else(
            || "a time not set".to_owned(),
            |n| words::counted(n, "minute"),
        )
    };
    let title = in_a_line(&row.need);
    shell::ok(&Page {
        shell: Shell::new(web, visit, title, Section::Board).with_faults(!faults.is_empty()),
        faults,
        done: match visit.query.get("done") {
            "written" => "The need is written. Nobody has been asked yet",
            "asked" => "The services were asked",
            "withdrawn" => "The need was withdrawn",
            "started" => "It is noted that care has begun",
            "taken" => "The later day is taken",
            _ => "",
        },
        link,
        back,
        back_words,
        who: without_council(who::of(&page.person, None, web.app.today())),
        headline: headline(page),
        request,
        facts: facts(web, row),
        open,
        accepted: row.state == NeedState::Accepted,
        may_end: row.goes_on(),
        asked: page
            .offers
            .iter()
            .map(|line| asked(web, line, open))
            .collect(),
        can: page
            .can
            .iter()
            .enumerate()
            .map(|(at, one)| can(one, at == 0))
            .collect(),
        cannot: page
            .cannot
            .iter()
            .map(|one| {
                let why = one.why.iter().map(|why| why.in_words(skill)).collect();
                (one.kept.service.name.clone(), why)
            })
            .collect(),
        silent: match page.silent {
            0 => String::new(),
            1 => "1 more service of the directory has told nothing of what it has free.".to_owned(),
            many => format!(
                "{many} more services of the directory have told nothing of what they have free."
            ),
        },
        answers: answers(web, page),
        action: format!("/flow/need/{}", row.id),
        version: row.version,
        minutes: (
            parameter("offer.answer_minutes_at_once"),
            parameter("offer.answer_minutes_in_order"),
        ),
        why: visit.form.get("why").to_owned(),
    })
}

/// Every answer as it came, in a sentence each.
fn answers(web: &Web, page: &NeedPage) -> Vec<String> {
    let name = |id: OfferId| {
        let found = page.offers.iter().find(|line| line.offer.id == id);
        found.map_or("A service", |line| line.service.as_str())
    };
    let now = web.app.now();
    page.answers
        .iter()
        .map(|one| {
            let said = match one.starts_on {
                Some(day) => format!("yes from {}", words::date(day)),
                None => "no".to_owned(),
            };
            format!(
                "{}: {} ({}) said {said}. {}.",
                words::sentence(&words::near_time(one.at, now)),
                name(one.offer),
                one.by,
                words::sentence(one.outcome.as_str())
            )
        })
        .collect()
}

fn page(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let id: NeedId = visit.id("id")?;
    let page = web.app.need(actor, id)?;
    draw(web, (visit, actor), &page, Vec::new(), None)
}

fn change(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    access::decide(actor, Action::SeekService).map_err(Trouble::Denied)?;
    let id: NeedId = visit.id("id")?;
    let form = &visit.form;
    let at = (id, form.parsed("version").unwrap_or(0));
    let done = |what: &str| Ok(shell::see_other(&format!("/flow/need/{id}?done={what}")));
    let offer: Option<OfferId> = form.parsed("offer");
    let outcome = match (form.get("do"), offer) {
        ("at-once" | "in-order", _) => {
            let page = web.app.need(actor, id)?;
            let services = page.can.iter().map(|one| one.kept.id);
            let chosen = |service: &ServiceId| form.has("services", &service.to_string());
            let asking = Asking {
                way: match form.get("do") {
                    "at-once" => Way::Parallel,
                    _ => Way::InOrder,
                },
                services: services.filter(chosen).collect(),
            };
            web.app.offer_need(actor, at, &asking).map(|()| "asked")
        }
        ("withdraw", _) => web
            .app
            .withdraw_need(actor, at, form.get("why"))
            .map(|()| "withdrawn"),
        ("start", _) => web.app.start_care(actor, at).map(|()| "started"),
        ("take", Some(offer)) => web.app.take_later_start(actor, at, offer).map(|()| "taken"),
        ("link", Some(offer)) => match web.app.make_offer_link(actor, offer) {
            Ok((token, until)) => {
                let page = web.app.need(actor, id)?;
                let until = words::near_time(until, web.app.now());
                let link = Some((format!("/offer/{token}"), until));
                return draw(web, (visit, actor), &page, Vec::new(), link);
            }
            Err(error) => Err(error),
        },
        _ => return Err(Trouble::NotFound),
    };
    match outcome {
        Ok(what) => done(what),
        Err(app::Error::Invalid(errors)) => {
            let faults = errors.into_iter().map(|error| Fault {
                field: error.field.to_owned(),
                text: error.text,
            });
            let faults = faults.collect();
            let page = web.app.need(actor, id)?;
            draw(web, (visit, actor), &page, faults, None)
        }
        Err(error) => Err(match Trouble::from(error) {
            Trouble::Stale { who, what, .. } => Trouble::Stale {
                who,
                what,
                back: format!("/flow/need/{id}"),
                typed: Vec::new(),
            },
            other => other,
        }),
    }
}
