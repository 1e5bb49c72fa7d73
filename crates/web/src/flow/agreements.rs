//! Pages of agreements on trusted assessors.

use crate::components::{Choice, Fault, Field, Input, Radios, Select, Tag, TextArea};
use crate::door::Visit;
use crate::form::{self, Reading};
use crate::routes::{Outcome, Route, staff, staff_post};
use crate::shell::{self, Section, Shell};
use crate::trouble::Trouble;
use crate::{Web, words};
use access::{Action, Actor};
use app::flow::agreements::{Change, NewAgreement, Shown};
use askama::Template;
use flow::trusted::{Purpose, Standing};
use kernel::AgreementId;

pub(super) fn routes() -> Vec<Route> {
    vec![
        staff("/flow/agreements", list),
        staff("/flow/agreements/new", new),
        staff_post("/flow/agreements/new", make),
        staff("/flow/agreements/{id}", page),
        staff_post("/flow/agreements/{id}", change),
    ]
}

struct Row {
    href: String,
    title: String,
    tag: Tag,
    line: String,
}

#[derive(Template)]
#[template(path = "flow/agreements.html")]
struct ListPage {
    shell: Shell,
    rows: Vec<Row>,
    may_change: bool,
}

#[derive(Template)]
#[template(path = "flow/agreement-new.html")]
struct NewPage {
    shell: Shell,
    faults: Vec<Fault>,
    fields: Vec<Field>,
}

#[derive(Template)]
#[template(path = "flow/agreement.html")]
struct OnePage {
    shell: Shell,
    faults: Vec<Fault>,
    saved: &'static str,
    tag: Tag,
    action: String,
    version: i64,
    facts: Vec<(&'static str, String)>,
    failed: Vec<(String, String, String)>,
    refused: Vec<(String, String, String)>,
    may_change: bool,
    fail: Vec<Field>,
    review: Vec<Field>,
    end: Vec<Field>,
}

fn tag(standing: Standing) -> Tag {
    match standing {
        Standing::NotYet => Tag::new("Not begun", "grey"),
        Standing::InForce => Tag::new("In force", "green"),
        Standing::ReviewLate => Tag::new("In force, review late", "orange"),
        Standing::Ended => Tag::new("Ended", "grey"),
    }
}

fn may_change(actor: &Actor) -> bool {
    access::decide(actor, Action::KeepAgreements).is_ok()
}

fn list(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let all = web.app.agreements(actor)?;
    let row = |one: &Shown| Row {
        href: format!("/flow/agreements/{}", one.agreement.id),
        title: format!(
            "{} accepts assessments by {}",
            one.agreement.acceptor.1, one.agreement.assessor.1
        ),
        tag: tag(one.standing),
        line: format!(
            "{}; accepted {} so far; {}",
            one.agreement.purpose.in_words(),
            words::counted(one.uses, "assessment"),
            match (one.refused.len(), one.failed.len()) {
                (0, 0) => "no placement failed".to_owned(),
                (0, failed) => format!("{} failed", placements(failed)),
                (refused, 0) => format!("not accepted {refused}; no placement failed"),
                (refused, failed) => {
                    format!("not accepted {refused}; {} failed", placements(failed))
                }
            }
        ),
    };
    shell::ok(&ListPage {
        shell: Shell::new(web, visit, "Trusted assessors", Section::Board),
        rows: all.iter().map(row).collect(),
        may_change: may_change(actor),
    })
}

fn placements(number: usize) -> String {
    words::counted(i64::try_from(number).unwrap_or(i64::MAX), "placement")
}

fn day(visit: &Visit, reading: &Reading, name: &str, legend: &str) -> Field {
    let typed = form::boxes(&visit.form, name);
    let hint = "For example, 31 3 2027";
    Field::Day(form::date_input(
        name,
        legend,
        hint,
        typed,
        reading.of(name),
    ))
}

fn area(visit: &Visit, reading: &Reading, name: &str, (label, hint): (&str, &str)) -> Field {
    Field::Area(TextArea {
        name: name.to_owned(),
        label: label.to_owned(),
        hint: hint.to_owned(),
        value: visit.form.get(name).to_owned(),
        error: reading.of(name),
        rows: 3,
    })
}

fn new_page(web: &Web, visit: &Visit, actor: &Actor, reading: Reading) -> Outcome {
    let (assess, accept) = web.app.agreement_parties(actor)?;
    let select = |name: &str, label: &str, all: &[store::organisation::Organisation]| {
        let current = visit.form.get(name);
        let mut choices = vec![Choice::new("", "Choose one", current)];
        choices.extend(
            all.iter()
                .map(|one| Choice::new(one.id.to_string(), one.name.clone(), current)),
        );
        Field::List(Select {
            name: name.to_owned(),
            label: label.to_owned(),
            error: reading.of(name),
            choices,
            ..Select::default()
        })
    };
    let purposes = Purpose::ALL
        .iter()
        .map(|one| Choice::new(one.as_str(), one.in_words(), visit.form.get("purpose")))
        .collect();
    let competencies = (
        "What must assessors be able to do and have learnt?",
        "Such as training, shadowing, who checks it",
    );
    let indemnity = (
        "Who answers for a wrong assessment?",
        "Such as the trust’s indemnity, and for whom it holds",
    );
    let fields = vec![
        select("assessor", "Whose assessors do it?", &assess),
        select("acceptor", "Who accepts it?", &accept),
        Field::Choice(Radios {
            name: "purpose".to_owned(),
            legend: "What for?".to_owned(),
            error: reading.of("purpose"),
            choices: purposes,
            ..Radios::default()
        }),
        area(visit, &reading, "competencies", competencies),
        area(visit, &reading, "indemnity", indemnity),
        day(visit, &reading, "starts_on", "First day"),
        day(visit, &reading, "ends_on", "Last day, if there is one"),
        day(visit, &reading, "review_on", "Day of the review"),
    ];
    shell::ok(&NewPage {
        shell: Shell::new(
            web,
            visit,
            "A new agreement on trusted assessors",
            Section::Board,
        )
        .with_faults(!reading.faults.is_empty()),
        faults: reading.faults,
        fields,
    })
}

fn new(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    new_page(web, visit, actor, Reading::default())
}

fn make(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    access::decide(actor, Action::KeepAgreements).map_err(app::Error::from)?;
    let form = &visit.form;
    let mut reading = Reading::default();
    let new = NewAgreement {
        assessor: form.parsed("assessor"),
        acceptor: form.parsed("acceptor"),
        purpose: Purpose::parse(form.get("purpose")),
        competencies: form.get("competencies"),
        indemnity: form.get("indemnity"),
        starts_on: reading.date(form, "starts_on", "The first day"),
        ends_on: reading.date(form, "ends_on", "The last day"),
        review_on: reading.date(form, "review_on", "The day of the review"),
    };
    if !reading.faults.is_empty() {
        return new_page(web, visit, actor, reading);
    }
    match web.app.make_agreement(actor, &new) {
        Ok(id) => Ok(shell::see_other(&format!(
            "/flow/agreements/{id}?done=made"
        ))),
        Err(app::Error::Invalid(errors)) => {
            for error in errors {
                reading.fault(error.field, error.text);
            }
            new_page(web, visit, actor, reading)
        }
        Err(other) => Err(other.into()),
    }
}

fn facts(one: &Shown) -> Vec<(&'static str, String)> {
    let agreement = &one.agreement;
    let mut all = vec![
        ("Assessors of", agreement.assessor.1.clone()),
        ("Accepted by", agreement.acceptor.1.clone()),
        ("What for", agreement.purpose.in_words().to_owned()),
        ("Tool", "Trusted assessment".to_owned()),
        ("Competencies", agreement.competencies.clone()),
        ("Indemnity", agreement.indemnity.clone()),
        ("First day", words::date(agreement.starts_on)),
        (
            "Last day",
            agreement
                .ends_on
                .map_or_else(|| "None set".to_owned(), words::date),
        ),
        ("Review", words::date(agreement.review_on)),
        ("Accepted so far", words::counted(one.uses, "assessment")),
        (
            "Changed",
            format!(
                "{} by {}",
                words::date_time(agreement.changed.0),
                agreement.changed.1
            ),
        ),
    ];
    if !agreement.changed_why.is_empty() {
        all.push(("Why", agreement.changed_why.clone()));
    }
    all
}

fn one_page(web: &Web, visit: &Visit, actor: &Actor, reading: Reading) -> Outcome {
    let id: AgreementId = visit.id("id")?;
    let one = web.app.agreement(actor, id)?;
    let line = |name: &str, label: &str| {
        Field::Text(Input {
            name: name.to_owned(),
            label: label.to_owned(),
            value: visit.form.get(name).to_owned(),
            error: reading.of(name),
            ..Input::default()
        })
    };
    let what = (
        "What went wrong?",
        "Nothing by which the person could be known",
    );
    shell::ok(&OnePage {
        shell: Shell::new(
            web,
            visit,
            "An agreement on trusted assessors",
            Section::Board,
        )
        .with_faults(!reading.faults.is_empty()),
        saved: match visit.query.get("done") {
            "made" => "The agreement is kept",
            "changed" => "Saved",
            _ => "",
        },
        tag: tag(one.standing),
        action: format!("/flow/agreements/{id}"),
        version: one.agreement.version,
        facts: facts(&one),
        failed: one
            .failed
            .iter()
            .map(|one| {
                (
                    words::date(one.failed_on),
                    one.what.clone(),
                    one.learnt.clone(),
                )
            })
            .collect(),
        refused: one
            .refused
            .iter()
            .map(|one| {
                let day = words::date(words::day_of(one.at));
                (day, one.why.clone(), one.said_by.clone())
            })
            .collect(),
        may_change: may_change(actor),
        fail: vec![
            day(visit, &reading, "failed_on", "When did the placement fail?"),
            area(visit, &reading, "what", what),
            area(visit, &reading, "learnt", ("What was learnt?", "")),
        ],
        review: vec![
            line("review_why", "What did the review find?"),
            day(visit, &reading, "review_on", "Day of the next review"),
        ],
        end: vec![
            line("end_why", "Why does it end?"),
            day(visit, &reading, "ends_on", "Last day"),
        ],
        faults: reading.faults,
    })
}

fn page(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    one_page(web, visit, actor, Reading::default())
}

fn change(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    access::decide(actor, Action::KeepAgreements).map_err(app::Error::from)?;
    let id: AgreementId = visit.id("id")?;
    let form = &visit.form;
    let version = form.parsed("version").unwrap_or(0);
    let mut reading = Reading::default();
    let change = match form.get("do") {
        "failed" => Change::Failed(
            reading.date(form, "failed_on", "The day"),
            form.get("what"),
            form.get("learnt"),
        ),
        "review" => Change::Review(
            reading.date(form, "review_on", "The day of the next review"),
            form.get("review_why"),
        ),
        "end" => Change::End(
            reading.date(form, "ends_on", "The last day"),
            form.get("end_why"),
        ),
        _ => return Err(Trouble::NotFound),
    };
    if !reading.faults.is_empty() {
        return one_page(web, visit, actor, reading);
    }
    match web.app.change_agreement(actor, (id, version), &change) {
        Ok(()) => Ok(shell::see_other(&format!(
            "/flow/agreements/{id}?done=changed"
        ))),
        Err(app::Error::Invalid(errors)) => {
            for error in errors {
                reading.fault(error.field, error.text);
            }
            one_page(web, visit, actor, reading)
        }
        Err(app::Error::Stale { who, what }) => Err(Trouble::Stale {
            who,
            what,
            back: format!("/flow/agreements/{id}"),
            typed: ["what", "learnt", "review_why", "end_why"]
                .into_iter()
                .filter_map(|name| Some(("Typed".to_owned(), form.given(name)?.to_owned())))
                .collect(),
        }),
        Err(other) => Err(other.into()),
    }
}
