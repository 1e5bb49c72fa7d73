//! All answers of a form: to check before it is signed or sent, to read afterwards, to print.

use super::draw::note;
use super::tasks::version_note;
use super::{Desk, caption, ends};
use crate::components::{Fault, Radios};
use crate::door::Visit;
use crate::routes::Outcome;
use crate::shell::{self, Section, Shell};
use crate::{Web, words};
use app::flow::agreements::Acceptances;
use app::flow::forms::{FormPage, REFERRAL, Which};
use askama::Template;
use flow::eligibility::Verdict;
use flow::form::{missing, shown};
use store::form::FormState;

pub(in crate::flow) struct Row {
    pub(in crate::flow) text: String,
    pub(in crate::flow) answer: String,
    pub(in crate::flow) blank: bool,
    pub(in crate::flow) note: String,
    pub(in crate::flow) href: String,
}

pub(in crate::flow) struct Part {
    pub(in crate::flow) link: String,
    pub(in crate::flow) title: String,
    pub(in crate::flow) rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "forms/check.html")]
struct Page {
    shell: Shell,
    faults: Vec<Fault>,
    banner: &'static str,
    back: String,
    back_words: &'static str,
    caption: String,
    notes: Vec<String>,
    verdict: Vec<String>,
    accepted: Vec<String>,
    refused: Vec<String>,
    open: Vec<(String, String)>,
    parts_: Vec<Part>,
    before: Vec<(String, String)>,
    action: String,
    base: String,
    csrf: String,
    lead: &'static str,
    /// Cases that end with the signature, a sentence each.
    ends: Vec<String>,
    /// Cases of which whoever signs is asked.
    asks: Vec<Radios>,
    button: &'static str,
    print: bool,
}

#[derive(Template)]
#[template(path = "forms/print.html")]
struct PrintPage {
    shell: Shell,
    back: String,
    title: String,
    who: String,
    when: String,
    verdict: Vec<String>,
    parts_: Vec<Part>,
    sign: String,
}

/// Every question that is asked, with its answer. With `base` each leads to where it is changed.
pub(in crate::flow) fn answered(web: &Web, page: &FormPage, base: Option<&str>) -> Vec<Part> {
    let today = web.app.today();
    let mut parts: Vec<Part> = Vec::new();
    for (section, item) in page.answers.asked(&page.form) {
        let row = page.rows.get(&item.link);
        let answer = shown(item, page.answers.get(&item.link));
        let row = Row {
            text: item.text.clone(),
            blank: answer.is_empty(),
            answer: match (answer.is_empty(), row) {
                (false, _) => answer,
                (true, Some(_)) => "Not answered".to_owned(),
                (true, None) => "Not looked at yet".to_owned(),
            },
            note: row
                .filter(|one| one.taken.is_some())
                .map(|one| note(one, today))
                .unwrap_or_default(),
            href: base.map_or_else(String::new, |base| {
                format!("{base}/section/{}#q-{}", section.link, item.link)
            }),
        };
        match parts.last_mut().filter(|part| part.link == section.link) {
            Some(part) => part.rows.push(row),
            None => parts.push(Part {
                link: section.link.clone(),
                title: section.title.clone(),
                rows: vec![row],
            }),
        }
    }
    parts
}

/// Whether the needs are eligible, by what was judged; nothing for a form that does not judge.
fn verdict(web: &Web, page: &FormPage) -> Result<Vec<String>, crate::trouble::Trouble> {
    let Some(found) = web.app.eligibility(page)? else {
        return Ok(Vec::new());
    };
    let list = |names: Vec<String>| names.join("; ");
    let mut lines = vec![match found.verdict {
        Verdict::Eligible => "The needs are eligible.".to_owned(),
        Verdict::NotEligible => "The needs are not eligible.".to_owned(),
        Verdict::Undetermined => {
            "Undetermined: not enough is recorded to say. Nothing is assumed.".to_owned()
        }
    }];
    if !found.outcomes.is_empty() {
        let names = found
            .outcomes
            .iter()
            .map(|name| found.in_words(name))
            .collect();
        lines.push(format!("Unable to achieve: {}.", list(names)));
    }
    if !found.missing.is_empty() {
        let names = found
            .missing
            .iter()
            .map(|name| found.in_words(name))
            .collect();
        lines.push(format!("Not recorded: {}.", list(names)));
    }
    lines.push(format!("Rule: {}.", found.rule));
    if !found.rests_on.is_settled() {
        lines.push("Check: the rule rests on values from memory.".to_owned());
    }
    Ok(lines)
}

/// Who has accepted an assessment, in a line.
fn accepted(one: &store::agreement::Acceptance) -> String {
    format!(
        "{} has accepted it: {} said so; noted by {} on {}.",
        one.acceptor,
        one.said_by,
        one.noted.1,
        words::date_time(one.noted.0)
    )
}

/// Who has not accepted an assessment, in a line.
fn refused(one: &store::agreement::Refusal) -> String {
    format!(
        "{} does not accept it: {} ({}, {})",
        one.acceptor,
        one.why,
        one.said_by,
        words::date_time(one.at)
    )
}

/// An agreement that covers an assessment: its id and in words.
fn covering(one: &store::agreement::Agreement) -> (String, String) {
    let words = format!(
        "{}: {}",
        one.acceptor.1,
        one.purpose.in_words().to_lowercase()
    );
    (one.id.to_string(), words)
}

/// How a form stands, in a line.
pub(super) fn standing(page: &FormPage) -> String {
    let begun = words::date_time(page.kept.started_at);
    let done = match (page.kept.state, &page.kept.finished) {
        (FormState::Open, _) | (_, None) => String::new(),
        (FormState::Withdrawn, Some((at, by, why))) => {
            format!(" Given up on {} by {by}: {why}.", words::date_time(*at))
        }
        (state, Some((at, by, _))) => format!(
            " {} on {} by {by}.",
            words::sentence(state.as_str()),
            words::date_time(*at)
        ),
    };
    format!(
        "Begun on {begun} by {}, {}, with version {} of the form.{done}",
        page.kept.started_by, page.kept.source, page.form.version
    )
}

pub(in crate::flow) fn page(
    web: &Web,
    visit: &Visit,
    desk: &Desk<'_>,
    errors: Vec<app::FieldError>,
) -> Outcome {
    let page = web.app.form_page(desk.which, None)?;
    let open = page.is_open();
    let sent = match page.kept.state {
        FormState::Sent => web.app.sent_reference(desk.which)?,
        _ => None,
    };
    let referral = page.kept.name == REFERRAL;
    let lacking = missing(&page.form, &page.answers);
    let endings = match desk.which {
        Which::Staff(actor, id) if open && !referral => web.app.endings(actor, id)?,
        _ => Vec::new(),
    };
    // Only once everything else is answered is this the one thing that lacks.
    let asked_again = !errors.is_empty() && lacking.is_empty();
    let asks = ends::questions(visit, &endings, asked_again);
    let acceptances = match desk.which {
        Which::Staff(..) => web.app.acceptances(&page)?,
        Which::Key(_) => Acceptances::default(),
    };
    // The summary leads to each question that still needs an answer.
    let faults: Vec<Fault> = match errors.is_empty() {
        true => Vec::new(),
        false if !open => errors
            .into_iter()
            .map(|error| Fault {
                field: "acceptances".to_owned(),
                text: error.text,
            })
            .collect(),
        false => lacking
            .iter()
            .map(|(section, item)| Fault {
                field: section.link.clone(),
                text: format!("Answer “{}”", item.text),
            })
            .chain(ends::faults(&asks))
            .collect(),
    };
    let mut notes: Vec<String> = version_note(&page).into_iter().collect();
    if !open {
        notes.push(standing(&page));
    }
    if let Some(sent) = &sent {
        notes.push(format!("The reference number is {}.", sent.reference));
    }
    let (back, back_words) = match open {
        true => (desk.base.clone(), "Back to the list"),
        false => desk.back_of(&page),
    };
    let title = match (open, referral) {
        (true, _) => "Check the answers".to_owned(),
        (false, _) => page.form.title.clone(),
    };
    let before = match desk.which {
        Which::Staff(..) => web.app.written_over(desk.which)?,
        Which::Key(_) => Vec::new(),
    };
    shell::ok(&Page {
        shell: Shell::new(web, visit, title, Section::Person).with_faults(!faults.is_empty()),
        faults,
        banner: match visit.query.get("done") {
            "accepted" if !open => "Noted. Every party uses this assessment from now on",
            "sent" if !open => "Sent. Somebody reads it and decides what to do",
            "signed" if !open => "Signed. It is on the person’s record now",
            _ => "",
        },
        back,
        back_words,
        caption: match caption(&page) {
            person if person.is_empty() => page.form.title.clone(),
            person => person,
        },
        notes,
        verdict: verdict(web, &page)?,
        accepted: acceptances.accepted.iter().map(accepted).collect(),
        refused: acceptances.refused.iter().map(refused).collect(),
        open: acceptances.open.iter().map(covering).collect(),
        parts_: answered(web, &page, open.then_some(desk.base.as_str())),
        before: before
            .into_iter()
            .map(|one| {
                let found = page.form.question(&one.link);
                let answer = found.map_or(one.value.clone(), |(_, item)| shown(item, &one.value));
                let text = found.map_or(one.link.clone(), |(_, item)| item.text.clone());
                let when = words::date_time(one.at);
                (format!("{text} {}, {when}", one.by), answer)
            })
            .collect(),
        action: format!("{}/check", desk.base),
        base: desk.base.clone(),
        csrf: desk.csrf.clone(),
        lead: match (open, referral) {
            (true, false) => "When you sign, the answers are fixed and go on the person’s record.",
            (true, true) => "When you send it, somebody reads it and decides what to do.",
            _ => "",
        },
        ends: ends::by_themselves(&endings),
        asks,
        button: match (open, referral) {
            (true, false) => "Sign",
            (true, true) => "Send",
            _ => "",
        },
        print: matches!(desk.which, Which::Staff(..)),
    })
}

pub(in crate::flow) fn print(web: &Web, visit: &Visit, desk: &Desk<'_>) -> Outcome {
    let page = web.app.form_page(desk.which, None)?;
    let who = page.person.as_ref().map(|person| {
        let born = person
            .birth_date
            .map(|day| format!(", born {}", words::date(day)));
        let number = person
            .nhs_number
            .map(|number| format!(", NHS number {}", number.spaced()));
        format!(
            "{}{}{}",
            person.list_name(),
            born.unwrap_or_default(),
            number.unwrap_or_default()
        )
    });
    let signed = page.kept.state == FormState::Signed;
    shell::ok(&PrintPage {
        shell: Shell::new(web, visit, page.form.title.clone(), Section::Person),
        back: format!("{}/check", desk.base),
        title: page.form.title.clone(),
        who: who.unwrap_or_default(),
        when: standing(&page),
        verdict: verdict(web, &page)?,
        parts_: answered(web, &page, None),
        sign: match signed {
            true => {
                "Signed by the person (if they wish): ______________________   Date: ____________"
            }
            false => "Not signed yet: this is a draft.",
        }
        .to_owned(),
    })
}
