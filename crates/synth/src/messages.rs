//! The notices as the messages they came in.

use crate::Barsetshire;
use crate::stays::StayRecord;
use fhir::adw::{
    Address, AdwMessage, Answer, Coded, Contact, Document, Encounter, Gp, Organisation, Patient,
    Practitioner, Reason, questions,
};
use flow::receive::{Told, Withdraws};
use flow::{Notice, NoticeKind};
use kernel::OdsCode;
use person::Person;

/// File name of a notice's message.
pub(crate) fn file_name(notice: &Notice) -> String {
    let kind = notice.kind.as_str().replace(' ', "-");
    let day = kernel::calendar::local(notice.sent_at).date();
    format!(
        "{kind}-{day}-{}.xml",
        notice.message_id.get(28..).unwrap_or_default()
    )
}

/// The key of a notice's message on the shelf.
pub(crate) fn shelf_key(notice: &Notice) -> String {
    let kind = notice.kind.as_str().replace(' ', "-");
    format!("adw/{kind}/{}", notice.message_id)
}

/// The message of a notice, with its letter if it has one.
pub(crate) fn of_notice(place: &Barsetshire, number: usize) -> AdwMessage {
    let record = &place.notices[number];
    let mut message = message(
        place,
        &record.notice,
        &place.stays[record.stay_index],
        &place.people[record.person_index],
    );
    // Documents are ordered by person, not by notice: few, so each is looked at.
    let first = place
        .documents
        .partition_point(|one| one.person_index < record.person_index);
    message.documents = place.documents[first..]
        .iter()
        .take_while(|one| one.person_index == record.person_index)
        .filter(|one| one.notice_index == number)
        .map(|one| Document {
            title: one.title.clone(),
            media_type: "application/pdf".to_owned(),
            bytes: one.bytes.clone(),
        })
        .collect();
    message
}

/// What the store keeps of a notice: what a reader of its message would say.
pub(crate) fn told(notice: &Notice, message: &AdwMessage) -> Told {
    Told {
        notice: Notice {
            reason: message.reason.as_ref().map(Reason::in_words),
            free_text: message.free_text(),
            ..notice.clone()
        },
        withdraws: message.withdraws,
        stay_key: message.stay_key(),
        admitted_on: message.encounter.admitted_on,
        ward: message.encounter.ward.clone(),
    }
}

/// A notice about a person's stay as a message.
pub(crate) fn message(
    place: &Barsetshire,
    notice: &Notice,
    record: &StayRecord,
    person: &Person,
) -> AdwMessage {
    let organisations = &place.organisations;
    let council = record.stay.council.unwrap_or(organisations.county);
    let response = notice.responds_to.is_some() && notice.kind != NoticeKind::Withdrawal;
    let needs = matches!(notice.kind, NoticeKind::Assessment | NoticeKind::Discharge);
    let (referral_reason, details) = if needs {
        (
            "Support is needed to leave hospital safely",
            notice.free_text.as_str(),
        )
    } else {
        ("", notice.free_text.as_str())
    };
    AdwMessage {
        id: notice.message_id.clone(),
        bundle_id: notice.id.to_string(),
        kind: notice.kind,
        withdraws: (notice.kind == NoticeKind::Withdrawal).then_some(Withdraws::Discharge),
        sent_at: notice.sent_at,
        sender: code(&notice.sender),
        receiver: code(&notice.receiver),
        responds_to: notice.responds_to.clone().filter(|_| response),
        referral: record.stay.id.to_string(),
        reason: reason(notice),
        patient: patient(place, person),
        encounter: encounter(place, notice, record),
        council: Organisation {
            code: Some(code(organisations.code(council))),
            name: organisations.name(council).to_owned(),
        },
        author: Some(author(place, notice, record)),
        clinician: None,
        liaison: None,
        referral_reason: referral_reason.to_owned(),
        details: details.to_owned(),
        answers: answers(notice.kind, person),
        medicines: Vec::new(),
        documents: Vec::new(),
    }
}

/// A code of ours always fits the shape of an ODS code.
fn code(text: &str) -> OdsCode {
    OdsCode::new(text).unwrap_or_else(|| code("BARSET0000"))
}

fn reason(notice: &Notice) -> Option<Reason> {
    let text = notice.reason.clone()?;
    let coded = match notice.kind {
        NoticeKind::Withdrawal => Coded::of_list("ADW-WithdrawalReason-1", "07"),
        _ => Coded::of_list("ADW-NoticeRejectReason-1", "OFT"),
    };
    Some(Reason {
        coded: Some(coded),
        text,
    })
}

fn patient(place: &Barsetshire, person: &Person) -> Patient {
    let (line, town) = person
        .address
        .rsplit_once(", ")
        .unwrap_or((&person.address, ""));
    let practice = person.practice_code.as_deref().and_then(OdsCode::new);
    let carer = person.flags.iter().any(|flag| flag == "carer");
    Patient {
        nhs_number: person.nhs_number,
        nhs_number_status: Some(Coded {
            system: "https://fhir.hl7.org.uk/CareConnect-NHSNumberVerificationStatus-1".to_owned(),
            code: "01".to_owned(),
            display: "Number present and verified".to_owned(),
        }),
        identifiers: Vec::new(),
        family_name: person.family_name.clone(),
        given_name: person.given_name.clone(),
        birth_date: person.birth_date,
        gender: person.gender,
        died_on: None,
        address: Some(Address {
            lines: vec![line.to_owned()],
            town: town.to_owned(),
            county: String::new(),
            postcode: person.postcode.clone(),
        }),
        telephone: person.telephone.clone(),
        email: String::new(),
        language: None,
        interpreter: None,
        contacts: if carer {
            vec![relative(person)]
        } else {
            Vec::new()
        },
        gp: practice.map(|practice| Gp {
            practitioner: None,
            practice: Some(Organisation {
                name: place
                    .organisations
                    .practice(practice.as_str())
                    .map(|id| place.organisations.name(id).to_owned())
                    .unwrap_or_default(),
                code: Some(practice),
            }),
        }),
    }
}

/// The carer of somebody: code 20 of the list of relationships.
fn relative(person: &Person) -> Contact {
    Contact {
        relationships: vec![Coded {
            system: "https://fhir.hl7.org.uk/CareConnect-PersonRelationshipType-1".to_owned(),
            code: "20".to_owned(),
            display: "Carer".to_owned(),
        }],
        family_name: person.family_name.clone(),
        given_name: "Alex".to_owned(),
        telephone: "01632 960999".to_owned(),
        email: String::new(),
    }
}

fn encounter(place: &Barsetshire, notice: &Notice, record: &StayRecord) -> Encounter {
    let stay = &record.stay;
    let hospital = code(place.organisations.code(stay.hospital));
    let number = record.source_key.rsplit('-').next().unwrap_or_default();
    let planned = stay.admission_method.as_deref() == Some("11");
    Encounter {
        identifier: Some((
            "https://fhir.nhs.uk/encounter-id".to_owned(),
            number.to_owned(),
        )),
        status: "in-progress".to_owned(),
        class: "inpatient".to_owned(),
        admission_type: Some(Coded::of_list(
            "ADW-AdmissionType-1",
            if planned { "P" } else { "E" },
        )),
        admitted_on: Some(stay.admitted_on),
        ends_on: notice.proposed_on,
        ward: stay.ward.clone(),
        hospital: Organisation {
            code: Some(hospital),
            name: place.organisations.name(stay.hospital).to_owned(),
        },
        diagnosis: String::new(),
    }
}

/// Who wrote it: somebody of the hospital or of the council, always the same for a stay.
fn author(place: &Barsetshire, notice: &Notice, record: &StayRecord) -> Practitioner {
    let organisations = &place.organisations;
    let council = record.stay.council.unwrap_or(organisations.county);
    let from_council = notice.sender == organisations.code(council);
    let team = match (from_council, council == organisations.county) {
        (true, true) => organisations.hospital_team,
        (true, false) => council,
        (false, _) => record.stay.hospital,
    };
    let there: Vec<_> = place
        .staff
        .all
        .iter()
        .filter(|one| one.organisation == team)
        .collect();
    let worker = there.get(record.person_index % there.len().max(1));
    let (name, job) = worker.map_or(("Duty Officer", "officer"), |one| (one.name, one.job));
    let (given, family) = name.rsplit_once(' ').unwrap_or(("", name));
    Practitioner {
        family_name: family.to_owned(),
        given_name: given.to_owned(),
        telephone: "01632 960001".to_owned(),
        email: String::new(),
        role: None,
        role_text: job.to_owned(),
    }
}

/// Answers to what the profile of the notice asks.
fn answers(kind: NoticeKind, person: &Person) -> Vec<Answer> {
    let flag = |name: &str| person.flags.iter().any(|flag| flag == name);
    let yes_no = |yes: bool| if yes { "Y" } else { "N" };
    questions(kind)
        .iter()
        .filter_map(|question| {
            let list = question.list?;
            let lacks = flag("capacity decision");
            let answer = match list {
                "ADW-CarerConsultationStatus-1" if !flag("carer") => "NKC",
                "ADW-PatientConsentStatus-1" if lacks => "L",
                "ADW-ThirdPartyConsentSource-1" if lacks => "B",
                "ADW-ThirdPartyConsentSource-1" => "N/A",
                _ if question.text.starts_with("Are there any Safeguarding") => {
                    yes_no(flag("safeguarding"))
                }
                _ => "Y",
            };
            Some(Answer {
                question: question.text.to_owned(),
                coded: Some(Coded::of_list(list, answer)),
                text: String::new(),
            })
        })
        .collect()
}
