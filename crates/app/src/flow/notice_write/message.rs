//! The message of a notice or an answer, made from the record and what is typed; and what a
//! message says, line by line.

use super::{Draft, NewNotice};
use crate::{App, Error};
use ::flow::NoticeKind;
use ::flow::notice_contents::{Carer, Consent};
use ::flow::notice_law::Applies;
use ::flow::receive::{Withdraws, answers};
use access::Actor;
use fhir::adw::{
    Address, AdwMessage, Answer, Coded, Encounter, Gp, Organisation, Patient, Practitioner, Reason,
    questions,
};
use jiff::Timestamp;
use kernel::{OdsCode, OrganisationId};

/// Why a notice is withdrawn.
pub(super) const WITHDRAWAL_REASONS: &str = "ADW-WithdrawalReason-1";
/// Who agrees for somebody who lacks capacity.
pub(super) const CONSENT_SOURCES: &str = "ADW-ThirdPartyConsentSource-1";
/// That nobody need agree for them.
pub(super) const NOT_APPLICABLE: &str = "N/A";
/// Why the council does not accept: in words only.
const REJECT_REASONS: &str = "ADW-NoticeRejectReason-1";
const IN_WORDS: &str = "OFT";

impl App {
    /// The message of what is typed. What it must say has been asked about.
    pub(super) fn make_message(
        &self,
        draft: &Draft,
        new: &NewNotice,
        (actor, applies): (&Actor, Applies),
    ) -> Result<AdwMessage, Error> {
        let stay = &draft.row.stay;
        let hospital = coded_organisation(draft, Some(stay.hospital), "hospital")?;
        let council = coded_organisation(draft, stay.council, "council")?;
        let answer = answers(new.kind).is_some();
        let code = |of: &Organisation| of.code.clone().ok_or(Error::NotFound("ODS code"));
        let (from, to) = match answer {
            true => (&council, &hospital),
            false => (&hospital, &council),
        };
        let needs = matches!(new.kind, NoticeKind::Assessment | NoticeKind::Discharge);
        // Whole seconds: that is what other systems keep.
        let sent_at = Timestamp::from_second(self.now().as_second()).unwrap_or(self.now());
        Ok(AdwMessage {
            id: self.ids().notice().to_string(),
            bundle_id: self.ids().notice().to_string(),
            kind: new.kind,
            withdraws: new.withdraws.filter(|_| new.kind == NoticeKind::Withdrawal),
            sent_at,
            sender: code(from)?,
            receiver: code(to)?,
            responds_to: self
                .answered_by(draft, new.kind)
                .map(|notice| notice.message_id.clone()),
            referral: stay.id.to_string(),
            reason: reason(new),
            patient: patient(draft),
            encounter: encounter(draft, new, &hospital),
            council,
            author: Some(author(new, actor)),
            clinician: None,
            liaison: None,
            referral_reason: match needs {
                true => "Support is needed to leave hospital safely".to_owned(),
                false => String::new(),
            },
            details: details(new, applies),
            answers: answered(draft, new),
            medicines: Vec::new(),
            documents: Vec::new(),
        })
    }
}

/// An organisation of the stay, with a code that messages can carry.
fn coded_organisation(
    draft: &Draft,
    id: Option<OrganisationId>,
    which: &str,
) -> Result<Organisation, Error> {
    let found = draft.organisations.iter().find(|one| Some(one.id) == id);
    let code = found.and_then(|one| OdsCode::new(one.code.as_deref()?));
    match (found, code) {
        (Some(found), Some(code)) => Ok(Organisation {
            code: Some(code),
            name: found.name.clone(),
        }),
        _ => Err(Error::invalid(
            "notice",
            format!("The {which} has no ODS code on file, so no message can be sent"),
        )),
    }
}

/// The message says of itself what it is, and under what it is given.
fn details(new: &NewNotice, applies: Applies) -> String {
    let what = match new.kind {
        NoticeKind::Assessment => "This is an assessment notice",
        NoticeKind::Discharge => "This is a discharge notice",
        NoticeKind::Withdrawal => "This is the withdrawal of a notice",
        _ => "This is the answer to a notice",
    };
    let mut parts = vec![format!("{what}, {}.", applies.under())];
    if new.kind == NoticeKind::Discharge {
        parts.push(format!(
            "NHS services after leaving: {}.",
            ended(&new.services)
        ));
    }
    if !new.details.trim().is_empty() {
        parts.push(one_line(&new.details));
    }
    parts.join(" ")
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// One line without a full stop at its end.
fn ended(text: &str) -> String {
    one_line(text).trim_end_matches('.').to_owned()
}

fn reason(new: &NewNotice) -> Option<Reason> {
    let text = one_line(&new.reason);
    let coded = match new.kind {
        NoticeKind::Withdrawal => Coded::of_list(WITHDRAWAL_REASONS, &new.reason_code),
        _ if text.is_empty() => return None,
        NoticeKind::AssessmentReject
        | NoticeKind::DischargeReject
        | NoticeKind::WithdrawalReject => Coded::of_list(REJECT_REASONS, IN_WORDS),
        _ => return None,
    };
    Some(Reason {
        coded: Some(coded),
        text,
    })
}

fn patient(draft: &Draft) -> Patient {
    let person = &draft.person;
    let (line, town) = person
        .address
        .rsplit_once(", ")
        .unwrap_or((&person.address, ""));
    let known = !person.address.is_empty() || !person.postcode.is_empty();
    let practice = person.practice_code.as_deref().and_then(OdsCode::new);
    Patient {
        nhs_number: person.nhs_number,
        nhs_number_status: None,
        identifiers: Vec::new(),
        family_name: person.family_name.clone(),
        given_name: person.given_name.clone(),
        birth_date: person.birth_date,
        gender: person.gender,
        died_on: person.died_on,
        address: known.then(|| Address {
            lines: Some(line.to_owned())
                .filter(|line| !line.is_empty())
                .into_iter()
                .collect(),
            town: town.to_owned(),
            county: String::new(),
            postcode: person.postcode.clone(),
        }),
        telephone: person.telephone.clone(),
        email: String::new(),
        language: None,
        interpreter: None,
        contacts: Vec::new(),
        gp: practice.map(|code| Gp {
            practitioner: None,
            practice: Some(Organisation {
                name: String::new(),
                code: Some(code),
            }),
        }),
    }
}

fn encounter(draft: &Draft, new: &NewNotice, hospital: &Organisation) -> Encounter {
    let stay = &draft.row.stay;
    // Only the hospital's own number of the stay: one of ours would be another stay to it.
    let number = draft
        .stay_key
        .as_deref()
        .and_then(|key| key.split_once('|'));
    Encounter {
        identifier: number.map(|(_, number)| {
            let system = "https://fhir.nhs.uk/encounter-id".to_owned();
            (system, number.to_owned())
        }),
        status: "in-progress".to_owned(),
        class: "inpatient".to_owned(),
        admission_type: None,
        admitted_on: Some(stay.admitted_on),
        ends_on: match new.kind {
            NoticeKind::Assessment | NoticeKind::Discharge => new.day,
            _ => None,
        },
        ward: stay.ward.clone(),
        hospital: hospital.clone(),
        diagnosis: String::new(),
    }
}

/// Whom the other side can talk to: who is named, or whoever writes.
fn author(new: &NewNotice, actor: &Actor) -> Practitioner {
    let name = match new.liaison.trim() {
        "" => one_line(&actor.display_name),
        named => one_line(named),
    };
    let (given, family) = name.rsplit_once(' ').unwrap_or(("", &name));
    Practitioner {
        family_name: family.to_owned(),
        given_name: given.to_owned(),
        telephone: one_line(&new.telephone),
        email: one_line(&new.email),
        role: None,
        role_text: String::new(),
    }
}

/// What is typed, as answers to what the profile of the notice asks.
fn answered(draft: &Draft, new: &NewNotice) -> Vec<Answer> {
    let yes_no = |yes: Option<bool>| yes.map(|yes| if yes { "Y" } else { "N" });
    let safeguarding = draft.person.flags.iter().any(|one| one == "safeguarding");
    questions(new.kind)
        .into_iter()
        .filter_map(|question| {
            let asked = question.text;
            let code = match question.list {
                Some("ADW-CarerConsultationStatus-1") => match new.carer {
                    Some(Carer::Yes) => Some("Y"),
                    Some(Carer::No) => Some("N"),
                    Some(Carer::NotKnown) => Some("NKC"),
                    None => None,
                },
                Some("ADW-PatientConsentStatus-1") => match new.consent {
                    Some(Consent::Yes) => Some("Y"),
                    Some(Consent::No) => Some("N"),
                    Some(Consent::LacksCapacity) => Some("L"),
                    None => None,
                },
                Some(CONSENT_SOURCES) => match new.consent {
                    Some(Consent::LacksCapacity) => Some(new.consent_source.as_str()),
                    _ => Some(NOT_APPLICABLE),
                },
                Some(_) if asked.contains("Safeguarding") => yes_no(Some(safeguarding)),
                Some(_) if asked.contains("Continuing") => yes_no(new.continuing),
                Some(_) => yes_no(new.consulted),
                None => None,
            };
            let text = match question.list {
                None if asked.contains("Continuing") => one_line(&new.continuing_result),
                _ => String::new(),
            };
            let coded = question
                .list
                .zip(code)
                .map(|(list, code)| Coded::of_list(list, code));
            (coded.is_some() || !text.is_empty()).then(|| Answer {
                question: asked.to_owned(),
                coded,
                text,
            })
        })
        .collect()
}

/// What a message says, a key and a value each.
pub(super) fn facts(message: &AdwMessage) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = Vec::new();
    let mut say = |key: &str, value: String| {
        if !value.trim().is_empty() {
            all.push((key.to_owned(), value));
        }
    };
    let in_words = |day: Option<jiff::civil::Date>| {
        day.map_or_else(String::new, |day| day.strftime("%-d %B %Y").to_string())
    };
    let organisation = |of: &Organisation, code: &OdsCode| match of.name.as_str() {
        "" => code.to_string(),
        name => format!("{name} ({code})"),
    };
    let (hospital, council) = (&message.encounter.hospital, &message.council);
    let (from, to) = match message.is_response() {
        true => (council, hospital),
        false => (hospital, council),
    };
    let patient = &message.patient;
    say("From", organisation(from, &message.sender));
    say("To", organisation(to, &message.receiver));
    say(
        "Name",
        format!("{} {}", patient.given_name, patient.family_name),
    );
    let number = patient.nhs_number.map(|number| number.spaced());
    say("NHS number", number.unwrap_or_default());
    say("Born", in_words(patient.birth_date));
    say("Hospital", hospital.name.clone());
    say("Ward", message.encounter.ward.clone());
    say("Admitted", in_words(message.encounter.admitted_on));
    let day = match message.kind {
        NoticeKind::Discharge => "Proposed day of leaving",
        _ => "Likely day of leaving",
    };
    say(day, in_words(message.encounter.ends_on));
    let withdraws = message.withdraws.map(|what| match what {
        Withdraws::All => "All notices",
        Withdraws::Assessment => "The assessment notice",
        Withdraws::Discharge => "The discharge notice",
    });
    say("Withdraws", withdraws.unwrap_or_default().to_owned());
    say(
        "Reason",
        message
            .reason
            .as_ref()
            .map_or_else(String::new, Reason::in_words),
    );
    for answer in &message.answers {
        let words = answer.coded.as_ref().map_or("", Coded::in_words);
        let both = [words, answer.text.as_str()];
        let both: Vec<&str> = both.into_iter().filter(|one| !one.is_empty()).collect();
        say(&answer.question, both.join(". "));
    }
    say("Reason for referral", message.referral_reason.clone());
    say("Further words", message.details.clone());
    if let Some(author) = &message.author {
        let name = format!("{} {}", author.given_name, author.family_name);
        let parts = [name.trim(), &author.telephone, &author.email];
        let parts: Vec<&str> = parts.into_iter().filter(|one| !one.is_empty()).collect();
        say("Whom to talk to", parts.join(", "));
    }
    all
}
