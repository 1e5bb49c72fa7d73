//! One service.

use super::ago;
use super::find::standing;
use crate::Web;
use crate::components::Tag;
use crate::door::Visit;
use crate::routes::Outcome;
use crate::shell::{self, Section, Shell};
use crate::words;
use app::place::ServicePage;
use askama::Template;
use kernel::ServiceId;
use place::opening::words as opening_words;
use place::service::Service;

/// How the service is reached.
struct Contact {
    telephone: String,
    /// The telephone as a link; empty where it is no plain number.
    call: String,
    web: String,
}

#[derive(Template)]
#[template(path = "directory/service.html")]
struct Page {
    shell: Shell,
    done: &'static str,
    ended: String,
    organisation: String,
    what: String,
    state: String,
    tag: Tag,
    contact: Contact,
    facts: Vec<(&'static str, String)>,
    hours: Vec<(String, String)>,
    hours_note: String,
    checked: String,
    old: bool,
    closed: String,
    urgent: bool,
    edit: Option<String>,
    checked_action: String,
    version: i64,
}

pub(super) fn page(web: &Web, visit: &Visit) -> Outcome {
    let id: ServiceId = visit.id("id")?;
    let shown = web.app.service(visit.actor.as_ref(), id)?;
    let (service, today, now) = (&shown.kept.service, web.app.today(), web.app.now());
    let needs = &web.app.policy().needs;
    let urgent = service
        .needs
        .iter()
        .filter_map(|code| needs.get(code))
        .any(|need| need.group == "urgent");
    let met: Vec<&str> = service.needs.iter().map(|code| needs.label(code)).collect();
    let ended = match service.ended_on {
        Some(day) if day < today => format!("This service ended on {}.", words::date(day)),
        Some(day) => format!("This service ends on {}.", words::date(day)),
        None => String::new(),
    };
    let (tag, state) = standing(&shown.state, now, now);
    shell::ok(&Page {
        shell: Shell::new(web, visit, service.name.clone(), Section::Directory),
        done: match visit.query.get("done") {
            "saved" => "The service was saved",
            "checked" => "The entry is marked as checked today",
            _ => "",
        },
        ended,
        organisation: service.organisation.clone(),
        what: service.what.clone(),
        state,
        tag,
        contact: contact(service),
        facts: facts(service, met.join("; ")),
        hours: opening_words::table(&service.hours, today),
        hours_note: service.hours_note.clone(),
        checked: checked(&shown),
        old: shown.old,
        closed: shown
            .organisation_closed
            .map_or_else(String::new, words::date),
        urgent,
        edit: shown.may_change.then(|| format!("/directory/{id}/edit")),
        checked_action: format!("/directory/{id}/checked"),
        version: shown.kept.version,
    })
}

fn contact(service: &Service) -> Contact {
    let digits: String = service
        .telephone
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect();
    let plain = digits.len() >= 3 && digits.bytes().all(|b| b.is_ascii_digit());
    Contact {
        telephone: service.telephone.clone(),
        call: if plain {
            format!("tel:{digits}")
        } else {
            String::new()
        },
        web: service.web.clone(),
    }
}

fn facts(service: &Service, needs: String) -> Vec<(&'static str, String)> {
    let areas = if service.areas.is_empty() {
        "Everywhere in the area".to_owned()
    } else {
        service.areas_typed()
    };
    let address = [&service.address, &service.postcode]
        .into_iter()
        .filter(|part| !part.is_empty())
        .cloned()
        .collect::<Vec<_>>()
        .join(", ");
    let facts = [
        ("How to get in touch", service.how.clone()),
        ("Address", address),
        ("Who it is for", service.who_for.clone()),
        ("Who can ask for it", service.referral.in_words().to_owned()),
        ("What it costs", service.cost.clone()),
        ("Where it works", areas),
        ("Helps with", needs),
    ];
    facts.into_iter().filter(|one| !one.1.is_empty()).collect()
}

/// "Checked 3 weeks ago, on 4 November 2026, by Sam Doyle. From the county's list."
fn checked(shown: &ServicePage) -> String {
    let service = &shown.kept.service;
    let by = if service.checked_by.is_empty() {
        String::new()
    } else {
        format!(" by {}", service.checked_by)
    };
    format!(
        "Checked {}, on {},{by}. From: {}.",
        ago(shown.checked_days),
        words::date(service.checked_on),
        shown.kept.source
    )
    .replace(",.", ".")
}
