//! The trusted assessment that goes with a need: shown where an agreement covers it, without what
//! could name anybody until the service has accepted; accepted once, or refused with why.

use super::{Case, case, no, offer_to, yes};
use crate::agreements::TRUSTED;
use access::Role;
use app::Error;
use app::flow::agreements::NewAgreement;
use app::flow::forms::{Typed, Which};
use app::flow::{Said, Trusted};
use flow::offer::Way;
use flow::trusted::Purpose;
use jiff::civil::date;
use kernel::{AgreementId, FormId, OfferId};

/// An agreement with the first of the services, for home care that starts again.
fn agree(case: &Case) -> AgreementId {
    let new = NewAgreement {
        assessor: Some(case.place.trust),
        acceptor: case.services[0].1.organisation,
        purpose: Some(Purpose::Restart),
        competencies: "Two days of shadowing",
        indemnity: "The trust, for its own staff",
        starts_on: Some(date(2018, 10, 1)),
        ends_on: None,
        review_on: Some(date(2019, 4, 1)),
    };
    let lead = case.place.actor(Role::HubLead);
    case.place.app.make_agreement(&lead, &new).unwrap()
}

fn assess(case: &Case, purpose: &str) -> FormId {
    let (app, lead) = (&case.place.app, case.place.actor(Role::HubLead));
    let form = app
        .start_form(&lead, "trusted-assessment", Some(case.person))
        .unwrap();
    for (link, value) in TRUSTED {
        let typed = Typed {
            link,
            value: if link == "purpose" { purpose } else { value },
            number: 0,
            page: "p",
        };
        app.save_answer(Which::Staff(&lead, form), &typed).unwrap();
    }
    app.sign_form(&lead, form, &[]).unwrap();
    form
}

fn offer(case: &Case, at: usize) -> OfferId {
    offer_to(&case.place, case.need, case.services[at].0).0
}

fn beside(case: &Case, at: usize) -> Option<Trusted> {
    let found = case.place.app.offer(&case.services[at].1, offer(case, at));
    found.unwrap().trusted
}

fn say(case: &Case, at: usize, form: FormId, refused: Option<&str>) -> Result<(), Error> {
    let actor = &case.services[at].1;
    case.place
        .app
        .say_of_trusted(actor, offer(case, at), form, refused)
}

#[test]
fn a_trusted_assessment_is_shown_where_an_agreement_covers_it_and_names_nobody_before_a_yes() {
    let case = case(2);
    super::ask(&case.place, case.need, Way::Parallel, &case.ids());
    assert_eq!(beside(&case, 0), None, "there is none");
    let form = assess(&case, "restart-home-care");
    assert_eq!(beside(&case, 0), None, "no agreement");
    let agreement = agree(&case);
    let shown = beside(&case, 0).unwrap();
    assert_eq!((shown.page.kept.id, shown.agreement.id), (form, agreement));
    assert!(!shown.whole);
    // What was chosen or counted, and not a word that somebody wrote.
    let answers = &shown.page.answers;
    assert_eq!(
        (answers.get("purpose"), answers.get("falls")),
        ("restart-home-care", "2")
    );
    for link in ["home", "changed", "contact", "moving"] {
        assert_eq!(answers.get(link), "", "{link}");
        assert!(!shown.page.rows.contains_key(link), "{link}");
    }
    assert_eq!(shown.page.kept.started_by, "");
    assert_eq!(
        beside(&case, 1),
        None,
        "the other service is no party to it"
    );
    // Nobody says anything of it before the yes.
    assert!(matches!(
        say(&case, 0, form, None),
        Err(Error::NotFound("assessment"))
    ));
    case.answer(0, &yes(0));
    let shown = beside(&case, 0).unwrap();
    assert!(shown.whole && shown.said == Said::Nothing);
    assert_eq!(shown.page.answers.get("contact"), "Ward 7");
    // Those who lost see nothing of it any more, nor does somebody who said no.
    case.answer(1, &no());
    assert_eq!(beside(&case, 1), None);
    say(&case, 0, form, None).unwrap();
    say(&case, 0, form, None).unwrap();
    let later_no = say(&case, 0, form, Some("Changed our mind"));
    assert!(matches!(later_no, Err(Error::Stale { .. })));
    let who = case.services[0].1.display_name.clone();
    assert!(matches!(beside(&case, 0).unwrap().said, Said::Accepted(by, _) if by == who));
    let lead = case.place.actor(Role::HubLead);
    assert_eq!(case.place.app.agreement(&lead, agreement).unwrap().uses, 1);
    case.sound();
}

#[test]
fn a_refusal_has_its_reason_and_counts_with_the_agreement() {
    let case = case(1);
    let agreement = agree(&case);
    super::ask(&case.place, case.need, Way::Parallel, &case.ids());
    // One that is not for this kind of care is not shown.
    assess(&case, "entry-care-home");
    assert_eq!(beside(&case, 0), None);
    case.place.clock.advance(jiff::SignedDuration::from_mins(1));
    let form = assess(&case, "restart-home-care");
    case.answer(0, &yes(0));
    assert!(matches!(
        say(&case, 0, form, Some(" ")),
        Err(Error::Invalid(_))
    ));
    say(&case, 0, form, Some("The skin was not looked at")).unwrap();
    say(&case, 0, form, Some("The skin was not looked at")).unwrap();
    let lead = case.place.actor(Role::HubLead);
    let read = case.place.app.agreement(&lead, agreement).unwrap();
    assert_eq!((read.uses, read.refused.len()), (0, 1));
    assert_eq!(read.refused[0].why, "The skin was not looked at");
    let page = case
        .place
        .app
        .form_page(Which::Staff(&lead, form), None)
        .unwrap();
    assert_eq!(case.place.app.acceptances(&page).unwrap().refused.len(), 1);
    // A yes is still possible, and then stands.
    say(&case, 0, form, None).unwrap();
    assert!(matches!(beside(&case, 0).unwrap().said, Said::Accepted(..)));
    assert_eq!(case.place.app.acceptances(&page).unwrap().refused, []);
    case.sound();
}

#[test]
fn where_the_address_is_protected_the_words_stay_with_the_hub() {
    let case = case(1);
    agree(&case);
    super::ask(&case.place, case.need, Way::Parallel, &case.ids());
    let form = assess(&case, "restart-home-care");
    let restriction = store::wish::Restriction {
        id: case.place.app.ids().restriction(),
        person: case.person,
        whole: false,
        why: "In danger".to_owned(),
        made_at: case.place.app.now(),
        made_by: "The privacy officer".to_owned(),
        ended: None,
    };
    let put = |tx: &mut dyn store::Tx| store::wish::restrict(tx, &restriction);
    case.place.app.store().write(put).unwrap();
    case.answer(0, &yes(0));
    assert!(!beside(&case, 0).unwrap().whole);
    assert!(matches!(
        say(&case, 0, form, None),
        Err(Error::NotFound("assessment"))
    ));
}
