//! Notices between hospital and council written here: what the law says today, the form, what
//! would be sent and what follows from it; and one that was sent or received, to print.

use super::pieces::Which;
use super::stay_lines::{kind as kind_in_words, status};
use crate::components::{Choice, Fault, Field, Input, Radios, Tag, TextArea};
use crate::door::Visit;
use crate::form::{self, Reading};
use crate::person::acting;
use crate::person::who;
use crate::routes::{Outcome, Route, staff, staff_post};
use crate::shell::{self, Section, Shell};
use crate::{Web, words};
use ::flow::NoticeKind;
use ::flow::notice_contents::{Carer, Consent};
use ::flow::receive::Withdraws;
use access::Actor;
use app::flow::{NewNotice, NoticeShown, NoticesPage};
use askama::Template;
use jiff::civil::Date;
use kernel::{NoticeId, StayId, limits};

pub(super) fn routes() -> Vec<Route> {
    vec![
        staff("/flow/stay/{id}/notices", page),
        staff_post("/flow/stay/{id}/notices", send),
        staff("/flow/stay/{id}/notice/{notice}", one),
    ]
}

/// A message as it would be sent.
struct Preview {
    shown: NoticeShown,
    rests: String,
    hidden: Vec<(String, String)>,
}

/// A notice so far.
struct SoFar {
    title: String,
    href: String,
    sent: String,
    status: Tag,
}

#[derive(Template)]
#[template(path = "flow/notices.html")]
struct Page {
    shell: Shell,
    faults: Vec<Fault>,
    saved: &'static str,
    person: String,
    back: String,
    action: String,
    /// What applies today.
    law: Vec<&'static str>,
    so_far: Vec<SoFar>,
    which: Vec<Which>,
    /// The message that is written: its name for the address, and in words.
    kind: &'static str,
    chosen: String,
    version: i64,
    fields: Vec<Field>,
    preview: Option<Preview>,
}

const fn verb(kind: NoticeKind) -> &'static str {
    match kind {
        NoticeKind::Admission => "Admission notice",
        NoticeKind::Assessment => "Write an assessment notice",
        NoticeKind::Discharge => "Write a discharge notice",
        NoticeKind::Withdrawal => "Withdraw a notice",
        NoticeKind::AssessmentAccept => "Accept the assessment notice",
        NoticeKind::AssessmentReject => "Reject the assessment notice",
        NoticeKind::DischargeAccept => "Accept the discharge notice",
        NoticeKind::DischargeReject => "Reject the discharge notice",
        NoticeKind::WithdrawalAccept => "Accept the withdrawal",
        NoticeKind::WithdrawalReject => "Reject the withdrawal",
    }
}

fn rests_in_words(keys: &[String]) -> String {
    let rules: Vec<&str> = keys.iter().map(|key| words::rule(key)).collect();
    match rules.is_empty() {
        true => String::new(),
        false => format!("Check: it is not confirmed {}.", rules.join(", or ")),
    }
}

fn draw(
    web: &Web,
    visit: &Visit,
    (page, kind): (&NoticesPage, Option<NoticeKind>),
    reading: Reading,
    preview: Option<Preview>,
) -> Outcome {
    let id = page.row.stay.id;
    let base = format!("/flow/stay/{id}/notices");
    let may = page.applies.may_write();
    let mut law = vec![page.applies.law.in_words()];
    if page.applies.agreed && !page.applies.under().contains("Schedule 3") {
        law.push(
            "Hospitals and councils here go on with notices by their own agreement. They have no \
             force in law.",
        );
    } else if !may {
        law.push("So no notice is written here.");
    }
    let which = page.may.iter().filter(|_| may).map(|(kind, barred)| Which {
        words: verb(*kind),
        href: format!("{base}?write={}", form::escape(kind.as_str())),
        barred: barred.unwrap_or_default(),
    });
    shell::ok(&Page {
        shell: Shell::new(web, visit, "Notices", Section::Board)
            .with_faults(!reading.faults.is_empty()),
        saved: match visit.query.given("saved") {
            Some(_) => "It is sent: it waits to be handed over",
            None => "",
        },
        person: page.person.list_name(),
        back: format!("/flow/stay/{id}#notices"),
        action: base.clone(),
        law,
        so_far: page
            .notices
            .iter()
            .rev()
            .map(|notice| SoFar {
                title: kind_in_words(notice.kind),
                href: format!("/flow/stay/{id}/notice/{}", notice.id),
                sent: words::date_time(notice.sent_at),
                status: status(notice.status),
            })
            .collect(),
        which: which.collect(),
        kind: kind.map_or("", NoticeKind::as_str),
        chosen: kind.map_or_else(String::new, |kind| verb(kind).to_owned()),
        version: page.row.version,
        fields: kind.map_or_else(Vec::new, |kind| {
            fields(visit, (page, web.app.today()), kind, &reading)
        }),
        faults: reading.faults,
        preview,
    })
}

fn radios(
    visit: &Visit,
    reading: &Reading,
    name: &str,
    legend: &str,
    all: &[(&str, &str)],
) -> Field {
    let chosen = visit.form.get(name);
    Field::Choice(Radios {
        name: name.to_owned(),
        legend: legend.to_owned(),
        error: reading.of(name),
        choices: all
            .iter()
            .map(|(value, text)| Choice::new(*value, *text, chosen))
            .collect(),
        ..Radios::default()
    })
}

fn text(visit: &Visit, reading: &Reading, name: &str, label: &str, usual: &str) -> Field {
    let value = match visit.is_form() {
        true => visit.form.get(name),
        false => usual,
    };
    Field::Text(Input {
        name: name.to_owned(),
        label: label.to_owned(),
        value: value.to_owned(),
        error: reading.of(name),
        autocomplete: "off".to_owned(),
        ..Input::default()
    })
}

fn area(visit: &Visit, reading: &Reading, name: &str, label: &str) -> Field {
    Field::Area(TextArea {
        name: name.to_owned(),
        label: label.to_owned(),
        hint: String::new(),
        value: visit.form.get(name).to_owned(),
        error: reading.of(name),
        rows: 2,
    })
}

fn day(
    visit: &Visit,
    reading: &Reading,
    (page, today): (&NoticesPage, Date),
    legend: &str,
) -> Field {
    let stay = &page.row.stay;
    let known = stay.expected_on.or(stay.ready_on);
    let boxes = match visit.is_form() {
        true => form::boxes(&visit.form, "day"),
        false => form::as_boxes(known.filter(|day| *day >= today)),
    };
    Field::Day(form::date_input(
        "day",
        legend,
        "",
        boxes,
        reading.of("day"),
    ))
}

const YES_NO: [(&str, &str); 2] = [("yes", "Yes"), ("no", "No")];
const CARER: [(&str, &str); 3] = [
    ("yes", "Yes"),
    ("no", "No"),
    ("not-known", "No carer is known"),
];

/// What the record says of who acts for the person.
fn who_acts(page: &NoticesPage) -> String {
    match page.acting.is_empty() {
        true => "The record does not say who acts for them".to_owned(),
        false => {
            let line =
                |one: &::person::acting::Acting| format!("{}. {}", acting::title(one), one.may());
            let all: Vec<String> = page.acting.iter().map(line).collect();
            format!("On record: {}", all.join(". "))
        }
    }
}

/// What an assessment notice asks.
fn of_assessment(visit: &Visit, reading: &Reading, asked: (&NoticesPage, Date)) -> Vec<Field> {
    let choose =
        |name: &str, legend: &str, all: &[(&str, &str)]| radios(visit, reading, name, legend, all);
    let consent = [
        ("yes", "Yes"),
        ("no", "No, they object"),
        ("lacks", "They lack capacity for this decision"),
    ];
    let mut source = choose(
        "consent_source",
        "If they lack capacity, who agrees for them?",
        &asked.0.consent_sources,
    );
    if let Field::Choice(radios) = &mut source {
        radios.hint = who_acts(asked.0);
    }
    let label = "Likely day of leaving, if it is known";
    vec![
        day(visit, reading, asked, label),
        choose(
            "consulted",
            "Was the person consulted about this notice?",
            &YES_NO,
        ),
        choose("carer", "Was their carer consulted about it?", &CARER),
        choose("consent", "Does the person consent to it?", &consent),
        source,
        choose(
            "continuing",
            "Was NHS continuing healthcare considered?",
            &YES_NO,
        ),
        text(visit, reading, "continuing_result", "With what result?", ""),
    ]
}

/// What a withdrawal asks.
fn of_withdrawal(visit: &Visit, reading: &Reading, page: &NoticesPage) -> Vec<Field> {
    let which = [
        ("all", "All notices"),
        ("assessment", "The assessment notice only"),
        ("discharge", "The discharge notice only"),
    ];
    let reasons = &page.withdrawal_reasons;
    let label = "More about why (needed for another reason)";
    vec![
        radios(visit, reading, "withdraws", "What is withdrawn?", &which),
        radios(visit, reading, "reason_code", "Why?", reasons),
        text(visit, reading, "reason", label, ""),
    ]
}

fn fields(
    visit: &Visit,
    asked: (&NoticesPage, Date),
    kind: NoticeKind,
    reading: &Reading,
) -> Vec<Field> {
    let mut all = match kind {
        NoticeKind::Assessment => of_assessment(visit, reading, asked),
        NoticeKind::Discharge => {
            let told = "Was the person told this day?";
            let services = "Which NHS services go on after leaving? Write None if none do";
            vec![
                day(visit, reading, asked, "Proposed day of leaving"),
                radios(visit, reading, "consulted", told, &YES_NO),
                radios(visit, reading, "carer", "Was their carer told it?", &CARER),
                area(visit, reading, "services", services),
            ]
        }
        NoticeKind::Withdrawal => of_withdrawal(visit, reading, asked.0),
        NoticeKind::AssessmentReject
        | NoticeKind::DischargeReject
        | NoticeKind::WithdrawalReject => {
            let why = "Why does the council not accept it?";
            vec![area(visit, reading, "reason", why)]
        }
        _ => Vec::new(),
    };
    let who = match kind {
        NoticeKind::Assessment | NoticeKind::Discharge => {
            "Full name of whom the council can talk to"
        }
        _ => "Full name of whom the other side can talk to",
    };
    let further = "Further words (you may leave this empty)";
    all.extend([
        text(visit, reading, "liaison", who, ""),
        text(visit, reading, "telephone", "Telephone", ""),
        text(visit, reading, "email", "Email", ""),
        area(visit, reading, "details", further),
    ]);
    all
}

pub(super) fn page(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let page = web.app.notices_to_write(actor, visit.id("id")?)?;
    let kind = NoticeKind::parse(visit.query.get("write")).filter(|kind| {
        let open = |(may, barred): &(NoticeKind, Option<&str>)| may == kind && barred.is_none();
        page.applies.may_write() && page.may.iter().any(open)
    });
    draw(web, visit, (&page, kind), Reading::default(), None)
}

/// The notice as typed.
fn read(visit: &Visit, kind: NoticeKind, reading: &mut Reading) -> NewNotice {
    let form = &visit.form;
    let yes_no = |name: &str| match form.get(name) {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    let mut text = |name: &str| reading.optional(form, name, limits::TEXT_CHARACTERS);
    NewNotice {
        kind,
        continuing_result: text("continuing_result"),
        services: text("services"),
        liaison: text("liaison"),
        telephone: text("telephone"),
        email: text("email"),
        reason: text("reason"),
        details: text("details"),
        consent_source: form.get("consent_source").to_owned(),
        reason_code: form.get("reason_code").to_owned(),
        withdraws: Withdraws::parse(form.get("withdraws")),
        consulted: yes_no("consulted"),
        continuing: yes_no("continuing"),
        carer: match form.get("carer") {
            "yes" => Some(Carer::Yes),
            "no" => Some(Carer::No),
            "not-known" => Some(Carer::NotKnown),
            _ => None,
        },
        consent: match form.get("consent") {
            "yes" => Some(Consent::Yes),
            "no" => Some(Consent::No),
            "lacks" => Some(Consent::LacksCapacity),
            _ => None,
        },
        day: reading.date(form, "day", "The day of leaving"),
    }
}

/// What the form holds, to be sent again from the preview.
fn again(visit: &Visit) -> Vec<(String, String)> {
    let names = [
        "kind",
        "version",
        "day-day",
        "day-month",
        "day-year",
        "consulted",
        "carer",
        "consent",
        "consent_source",
        "continuing",
        "continuing_result",
        "services",
        "liaison",
        "telephone",
        "email",
        "withdraws",
        "reason_code",
        "reason",
        "details",
    ];
    names
        .into_iter()
        .filter_map(|name| Some((name.to_owned(), visit.form.given(name)?.to_owned())))
        .collect()
}

pub(super) fn send(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let id: StayId = visit.id("id")?;
    let page = web.app.notices_to_write(actor, id)?;
    let Some(kind) = NoticeKind::parse(visit.form.get("kind")) else {
        return draw(web, visit, (&page, None), Reading::default(), None);
    };
    let which = (&page, Some(kind));
    let mut reading = Reading::default();
    let new = read(visit, kind, &mut reading);
    if visit.form.get("do") == "change" {
        return draw(web, visit, which, Reading::default(), None);
    }
    if !reading.faults.is_empty() {
        return draw(web, visit, which, reading, None);
    }
    let version = visit.form.parsed("version").unwrap_or(0);
    let outcome = match visit.form.get("do") {
        "send" => web.app.send_notice(actor, id, version, &new).map(|_| None),
        _ => web.app.notice_preview(actor, id, &new).map(Some),
    };
    match outcome {
        Ok(None) => Ok(shell::see_other(&format!(
            "/flow/stay/{id}/notices?saved=yes"
        ))),
        Ok(Some(shown)) => {
            let preview = Some(Preview {
                rests: rests_in_words(&shown.rests_on),
                hidden: again(visit),
                shown,
            });
            draw(web, visit, which, reading, preview)
        }
        Err(app::Error::Invalid(errors)) => {
            for error in errors {
                reading.fault(at_field(error.field), error.text);
            }
            draw(web, visit, which, reading, None)
        }
        Err(app::Error::Stale { who, what }) => {
            let text = format!(
                "{who} changed this stay in the meantime: {what}. Look at the notice, then go on"
            );
            reading.fault("liaison", text);
            draw(web, visit, which, reading, None)
        }
        Err(other) => Err(other.into()),
    }
}

/// What is wrong with the notice as a whole is said at the field that every form has.
fn at_field(field: &'static str) -> &'static str {
    match field {
        "notice" => "liaison",
        other => other,
    }
}

#[derive(Template)]
#[template(path = "flow/notice-print.html")]
struct OnePage {
    shell: Shell,
    back: String,
    title: String,
    name: String,
    number: String,
    sent: Vec<String>,
    shown: NoticeShown,
    rests: String,
}

pub(super) fn one(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let id: StayId = visit.id("id")?;
    let notice: NoticeId = visit.id("notice")?;
    let found = web.app.notice(actor, id, notice)?;
    let title = kind_in_words(found.notice.kind);
    let mut sent = vec![format!("Sent {}.", words::date_time(found.notice.sent_at))];
    match &found.sent {
        Some(from_here) => {
            sent.push(format!(
                "Written here by {}, {}.",
                words::known(&from_here.written_by),
                words::known(&from_here.organisation)
            ));
            sent.push(from_here.taken_at.map_or_else(
                || "It waits to be handed over.".to_owned(),
                |at| format!("Handed over {}.", words::date_time(at)),
            ));
        }
        None => sent.push(format!(
            "Received {}.",
            words::date_time(found.notice.received_at)
        )),
    }
    shell::ok(&OnePage {
        shell: Shell::new(web, visit, title.clone(), Section::Board),
        back: format!("/flow/stay/{id}#notices"),
        title,
        name: found.person.list_name(),
        number: who::nhs_number(found.person.nhs_number),
        sent,
        rests: rests_in_words(&found.shown.rests_on),
        shown: found.shown,
    })
}
