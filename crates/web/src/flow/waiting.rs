//! What waits for whoever is signed in: offers, silence that they were told of, late steps.

use super::tabs::{Tabs, tabs};
use super::work::{Line, line};
use crate::door::Visit;
use crate::routes::Outcome;
use crate::shell::{self, Section, Shell};
use crate::{Web, words};
use access::Actor;
use app::flow::{WaitingRow, WaitsBecause};
use askama::Template;
use jiff::Timestamp;

/// Steps that wait for one reason.
struct Part {
    id: &'static str,
    heading: &'static str,
    caption: &'static str,
    about: &'static str,
    lines: Vec<Line>,
}

#[derive(Template)]
#[template(path = "flow/waiting.html")]
struct Page {
    shell: Shell,
    tabs: Tabs,
    parts_: Vec<Part>,
    more: bool,
}

fn drawn(one: &WaitingRow, now: Timestamp) -> Line {
    let mut drawn = line(&one.row, now);
    drawn.note.extend(
        one.told
            .iter()
            .map(|told| format!("Told {}: {}", told.whom, words::near_time(told.at, now))),
    );
    drawn
}

pub(super) fn page(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let found = web.app.waiting(actor)?;
    let now = web.app.now();
    let of = |because: WaitsBecause| -> Vec<Line> {
        let mine = found.rows.iter().filter(|one| one.because == because);
        mine.map(|one| drawn(one, now)).collect()
    };
    let mut parts_ = vec![
        Part {
            id: "offered",
            heading: "Offered to you",
            caption: "Steps offered to your organisation",
            about: "Say yes or no. Until you do, the step stays with whoever offers it.",
            lines: of(WaitsBecause::Offered),
        },
        Part {
            id: "silence",
            heading: "Nobody answers",
            caption: "Steps whose offer nobody answers",
            about: "Ring them, or take the offer back and ask another.",
            lines: of(WaitsBecause::Silence),
        },
        Part {
            id: "late",
            heading: "Late",
            caption: "Late steps of yours",
            about: "Steps of your organisation whose time is past: those that bear your name, and those that bear nobody's.",
            lines: of(WaitsBecause::Late),
        },
    ];
    parts_.retain(|part| !part.lines.is_empty());
    shell::ok(&Page {
        shell: Shell::new(web, visit, "Waiting for you", Section::Board),
        tabs: tabs(actor, "/flow/waiting"),
        parts_,
        more: found.more,
    })
}
