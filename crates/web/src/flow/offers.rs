//! What services are asked: the list and the page of those who sign in, and the link of those who
//! do not. Made for a telephone first.

use super::forms::check::{Part, answered};
use super::need::in_a_line;
use super::need_page::{facts, tag, without_council};
use crate::components::{Choice, Fault, Field, Select, Tag, TextArea};
use crate::door::Visit;
use crate::form::{Reading, as_boxes, boxes, date_input};
use crate::person::who::{self, Who};
use crate::routes::{Outcome, Route, open, open_post, staff, staff_post};
use crate::shell::{self, Section, Shell};
use crate::trouble::Trouble;
use crate::{Web, words};
use ::flow::offer::{Answer, OfferState, Outcome as Became};
use access::{Action, Actor};
use app::flow::{ProviderOffer, Said, Trusted};
use askama::Template;
use kernel::OfferId;
use store::offer::{NeedRow, OfferRow};

pub(super) fn routes() -> Vec<Route> {
    vec![
        staff("/offers", list),
        staff("/offers/{id}", page),
        staff_post("/offers/{id}", answer),
        open("/offer/{token}", linked),
        open_post("/offer/{token}", answer_linked),
    ]
}

/// An offer on the list.
pub(super) struct Line {
    pub(super) href: String,
    pub(super) what: String,
    pub(super) starts: String,
    pub(super) tag: Tag,
    pub(super) due: String,
    pub(super) service: String,
}

#[derive(Template)]
#[template(path = "flow/offers.html")]
struct ListPage {
    shell: Shell,
    waiting: Vec<Line>,
    settled: Vec<Line>,
}

/// Until when there is time, in words: `Answer by today at 3pm (25 minutes left)`.
fn due(web: &Web, offer: &OfferRow) -> String {
    let (Some(due), now) = (offer.due_at, web.app.now()) else {
        return String::new();
    };
    if !offer.state.is_live() {
        return String::new();
    }
    let minutes = (due.as_second() - now.as_second()).max(0) / 60;
    let left = match minutes {
        ..60 => words::counted(minutes, "minute"),
        _ => words::counted(minutes / 60, "hour"),
    };
    format!("Answer by {} ({left} left)", words::near_time(due, now))
}

fn list(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let found = web.app.offers(actor)?;
    let (waiting, settled): (Vec<_>, Vec<_>) =
        found.iter().partition(|one| one.offer.state.is_live());
    let line = |one: &&ProviderOffer| offered(web, one);
    shell::ok(&ListPage {
        shell: Shell::new(web, visit, "What you are asked for", Section::Offers),
        waiting: waiting.iter().map(line).collect(),
        settled: settled.iter().map(line).collect(),
    })
}

/// An offer as lists show it: without a name.
pub(super) fn offered(web: &Web, one: &ProviderOffer) -> Line {
    Line {
        href: format!("/offers/{}", one.offer.id),
        what: in_a_line(&one.need.need),
        starts: format!("From {}", words::date(one.need.need.starts_on)),
        tag: tag(one.offer.state),
        due: due(web, &one.offer),
        service: one.service.clone(),
    }
}

/// An offer, on either kind of page.
#[derive(Template)]
#[template(path = "flow/offer.html")]
struct Page {
    shell: Shell,
    faults: Vec<Fault>,
    /// What became of the answer just sent, and what to do.
    became: Option<(&'static str, &'static str)>,
    good: bool,
    signed_in: bool,
    caption: String,
    tag: Tag,
    headline: String,
    due: String,
    facts: Vec<(&'static str, String)>,
    /// Why the figures do not do, a sentence each.
    lacks: Vec<String>,
    capacity: String,
    who: Option<Who>,
    protected: bool,
    may_answer: bool,
    action: String,
    fields: Vec<Field>,
    name: Option<Field>,
    no: Vec<Field>,
    trusted: Option<TrustedPart>,
}

/// The trusted assessment that goes with an offer.
struct TrustedPart {
    form: String,
    about: String,
    tag: Tag,
    said: String,
    whole: bool,
    may_accept: bool,
    may_refuse: bool,
    parts_: Vec<Part>,
    why: TextArea,
}

fn trusted(web: &Web, visit: &Visit, found: &Trusted, why_error: Option<String>) -> TrustedPart {
    let day = |at| words::date(words::day_of(at));
    let (tag, said) = match &found.said {
        Said::Nothing => (Tag::new("Nothing said yet", "yellow"), String::new()),
        Said::Accepted(who, at) => (
            Tag::new("Accepted", "green"),
            format!("{who} accepted it on {}.", words::date_time(*at)),
        ),
        Said::Refused(who, at, why) => (
            Tag::new("Not accepted", "red"),
            format!(
                "{who} did not accept it on {}: {why}",
                words::date_time(*at)
            ),
        ),
    };
    let mut parts_ = answered(web, &found.page, None);
    for part in &mut parts_ {
        part.rows.retain(|row| !row.blank);
    }
    parts_.retain(|part| !part.rows.is_empty());
    TrustedPart {
        form: found.page.kept.id.to_string(),
        about: format!(
            "{} by {}, signed on {}. The agreement: {} accepts it for “{}”.",
            found.page.form.title,
            found.agreement.assessor.1,
            day(found.signed_at),
            found.agreement.acceptor.1,
            words::lower_first(found.agreement.purpose.in_words()),
        ),
        tag,
        said,
        whole: found.whole,
        may_accept: found.whole && !matches!(found.said, Said::Accepted(..)),
        may_refuse: found.whole && found.said == Said::Nothing,
        parts_,
        why: TextArea {
            name: "trusted_why".to_owned(),
            label: "Why do you not accept it?".to_owned(),
            hint: "No name: it is read with the agreement".to_owned(),
            value: visit.form.get("trusted_why").to_owned(),
            error: why_error,
            rows: 3,
        },
    }
}

struct Drawing<'a> {
    web: &'a Web,
    visit: &'a Visit,
    offer: &'a OfferRow,
    need: &'a NeedRow,
    service: &'a str,
    written_for: &'a str,
    reading: Reading,
    became: Option<Became>,
}

/// The day that a yes is for.
fn day_field(drawing: &Drawing<'_>) -> Field {
    let form = &drawing.visit.form;
    let usual = drawing.need.need.starts_on.max(drawing.web.app.today());
    let typed = match form.given("starts_on-day") {
        Some(_) => boxes(form, "starts_on"),
        None => as_boxes(Some(usual)),
    };
    let hint = format!(
        "A day after {} waits for the hub's word",
        words::date(drawing.need.need.latest_start)
    );
    Field::Day(date_input(
        "starts_on",
        "First day you can start",
        &hint,
        typed,
        drawing.reading.of("starts_on"),
    ))
}

/// The reason of a no.
fn no_fields(drawing: &Drawing<'_>) -> Vec<Field> {
    let form = &drawing.visit.form;
    let (app, current) = (&drawing.web.app, form.get("reason"));
    let mut reasons = vec![Choice::new("", "Choose a reason", current)];
    let list = app.policy().decline_reasons.on(app.today());
    reasons.extend(list.map(|one| Choice::new(one.code.as_str(), one.label.as_str(), current)));
    vec![
        Field::List(Select {
            name: "reason".to_owned(),
            label: "Why not?".to_owned(),
            error: drawing.reading.of("reason"),
            choices: reasons,
            ..Select::default()
        }),
        Field::Area(TextArea {
            name: "words".to_owned(),
            label: "More, if it helps".to_owned(),
            value: form.get("words").to_owned(),
            error: drawing.reading.of("words"),
            rows: 2,
            ..TextArea::default()
        }),
    ]
}

fn headline(offer: &OfferRow) -> String {
    match offer.state {
        OfferState::Sent | OfferState::Seen => "Can you take this on?".to_owned(),
        OfferState::Accepted => match offer.starts_on {
            Some(day) => format!("It is yours, from {}.", words::date(day)),
            None => "It is yours.".to_owned(),
        },
        OfferState::Later => match offer.starts_on {
            Some(day) => format!(
                "You offered to start on {}. The hub decides whether that will do.",
                words::date(day)
            ),
            None => "You offered a later day. The hub decides.".to_owned(),
        },
        OfferState::Declined => "You said no. Thank you for answering.".to_owned(),
        OfferState::Lapsed => {
            "The time to answer is over. Ring the hub if you can still help.".to_owned()
        }
        OfferState::Lost => "Another service answered first. You need do nothing.".to_owned(),
        OfferState::Withdrawn => "This is no longer needed. You need do nothing.".to_owned(),
        OfferState::Next => String::new(),
    }
}

impl Drawing<'_> {
    /// The page as both kinds have it; the caller puts in what is only for those signed in.
    fn page(self, action: String) -> Page {
        let (web, visit, offer) = (self.web, self.visit, self.offer);
        let fields = vec![day_field(&self)];
        let no = no_fields(&self);
        let caption = match self.written_for {
            "" => format!("For {}", self.service),
            asks => format!("For {}, asked by {asks}", self.service),
        };
        Page {
            shell: Shell::new(web, visit, in_a_line(&self.need.need), Section::Offers)
                .with_faults(!self.reading.faults.is_empty()),
            became: self.became.map(Became::in_words),
            good: matches!(
                self.became,
                Some(Became::Won | Became::Declined | Became::Later)
            ),
            faults: self.reading.faults,
            signed_in: false,
            caption,
            tag: tag(offer.state),
            headline: headline(offer),
            due: due(web, offer),
            facts: facts(web, self.need),
            lacks: Vec::new(),
            capacity: String::new(),
            who: None,
            protected: false,
            may_answer: offer.state.is_live(),
            action,
            fields,
            name: None,
            no,
            trusted: None,
        }
    }
}

fn shown(
    web: &Web,
    visit: &Visit,
    actor: &Actor,
    id: OfferId,
    (reading, became): (Reading, Option<Became>),
) -> Outcome {
    let found = web.app.offer(actor, id)?;
    let skill = |code: &str| web.app.policy().skills.label(code).to_owned();
    let why_error = reading.of("trusted_why");
    let drawing = Drawing {
        web,
        visit,
        offer: &found.offer,
        need: &found.need,
        service: &found.service.1,
        written_for: &found.written_for,
        reading,
        became,
    };
    let mut page = drawing.page(format!("/offers/{id}"));
    page.signed_in = true;
    page.lacks = found.lacks.iter().map(|why| why.in_words(skill)).collect();
    page.capacity = format!("/capacity/own/{}", found.service.0);
    page.protected = found.protected;
    let beside = found.trusted.as_ref();
    page.trusted = beside.map(|one| trusted(web, visit, one, why_error));
    page.who = found
        .person
        .as_ref()
        .map(|person| without_council(who::of(person, None, web.app.today())));
    shell::ok(&page)
}

fn page(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let id: OfferId = visit.id("id")?;
    let became = Became::parse(visit.query.get("became"));
    shown(web, visit, actor, id, (Reading::default(), became))
}

/// The answer as sent: a yes with its day, or a no with its reason.
fn read(visit: &Visit, reading: &mut Reading) -> Option<Answer> {
    let form = &visit.form;
    match form.get("answer") {
        "yes" => {
            let starts_on = reading.needed_date(form, "starts_on", "The first day")?;
            Some(Answer::Accept { starts_on })
        }
        "no" => Some(Answer::Decline {
            reason: form.get("reason").to_owned(),
            words: form.get("words").to_owned(),
        }),
        _ => {
            reading.fault("starts_on", "Say yes or no");
            None
        }
    }
}

/// Notes what was wrong with an answer; any other error goes on.
fn note(error: app::Error, reading: &mut Reading) -> Result<(), Trouble> {
    match error {
        app::Error::Invalid(errors) => {
            for error in errors {
                reading.fault(error.field, error.text);
            }
            Ok(())
        }
        other => Err(other.into()),
    }
}

fn answer(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    access::decide(actor, Action::AnswerOffer).map_err(Trouble::Denied)?;
    let id: OfferId = visit.id("id")?;
    let mut reading = Reading::default();
    if let Some(said) = visit.form.get("answer").strip_prefix("trusted-") {
        let form = visit.form.parsed("form").ok_or(Trouble::NotFound)?;
        let refused = (said == "no").then(|| visit.form.get("trusted_why"));
        return match web.app.say_of_trusted(actor, id, form, refused) {
            Ok(()) => Ok(shell::see_other(&format!("/offers/{id}#trusted"))),
            Err(error) => {
                note(error, &mut reading)?;
                shown(web, visit, actor, id, (reading, None))
            }
        };
    }
    if let Some(answer) = read(visit, &mut reading) {
        match web.app.answer_offer(actor, id, &answer) {
            Ok(became) => {
                let became = crate::form::escape(became.as_str());
                return Ok(shell::see_other(&format!("/offers/{id}?became={became}")));
            }
            Err(error) => note(error, &mut reading)?,
        }
    }
    shown(web, visit, actor, id, (reading, None))
}

fn by_link(web: &Web, visit: &Visit, reading: Reading, became: Option<Became>) -> Outcome {
    let token = visit.param("token");
    let found = web.app.offer_by_link(token)?;
    let error = reading.of("name");
    let drawing = Drawing {
        web,
        visit,
        offer: &found.offer,
        need: &found.need,
        service: &found.service,
        written_for: &found.written_for,
        reading,
        became,
    };
    let mut page = drawing.page(format!("/offer/{token}"));
    let beside = found.trusted.as_ref();
    page.trusted = beside.map(|one| trusted(web, visit, one, None));
    page.name = Some(Field::Text(crate::components::Input {
        name: "name".to_owned(),
        label: "Your name".to_owned(),
        hint: "So that the hub knows who answered".to_owned(),
        value: visit.form.get("name").to_owned(),
        error,
        autocomplete: "name".to_owned(),
        ..crate::components::Input::default()
    }));
    shell::ok(&page)
}

fn linked(web: &Web, visit: &Visit) -> Outcome {
    by_link(web, visit, Reading::default(), None)
}

fn answer_linked(web: &Web, visit: &Visit) -> Outcome {
    let mut reading = Reading::default();
    let Some(answer) = read(visit, &mut reading) else {
        return by_link(web, visit, reading, None);
    };
    let token = visit.param("token");
    let name = visit.form.get("name");
    match web.app.answer_by_link(token, name, &answer) {
        Ok(became) => by_link(web, visit, reading, Some(became)),
        Err(error) => {
            note(error, &mut reading)?;
            by_link(web, visit, reading, None)
        }
    }
}
