//! Care Act notices between hospital and council (FHIR DSTU2 XML messages).
//!
//! Source: Assessment, Discharge and Withdrawal Notices between Hospitals and
//! Social Services, Additional Messaging Guidance 1.0 (NHS Digital, 2017), and
//! the profiles and value sets it belongs to; information standard SCCI2075.
//!
//! In words: a message is a Bundle whose first entry, the MessageHeader, says by
//! its event code which of ten kinds it is. A response names the notice it
//! answers by the notice's MessageHeader id. Published examples use one
//! MessageHeader id for messages of several kinds, so a message is identified by
//! that id **and** its kind.

mod codes;
mod node;
mod read;
mod write;

pub use codes::{Question, codes as codes_of, label, questions};
pub use read::{Read, read};
pub use write::write;

use flow::NoticeKind;
use flow::receive::Withdraws;
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{NhsNumber, OdsCode};
use person::Gender;

/// A message between hospital and council.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdwMessage {
    /// Id of the MessageHeader: what a response names.
    pub id: String,
    /// Id of the Bundle; empty if it has none.
    pub bundle_id: String,
    /// Which of the ten kinds it is.
    pub kind: NoticeKind,
    /// What a withdrawal withdraws; `None` for every other kind.
    pub withdraws: Option<Withdraws>,
    /// When it was sent.
    pub sent_at: Timestamp,
    /// ODS code of the sender.
    pub sender: OdsCode,
    /// ODS code of the receiver.
    pub receiver: OdsCode,
    /// MessageHeader id of the notice it answers; `None` unless it is a response.
    pub responds_to: Option<String>,
    /// What the notices of one referral share; empty if not given.
    pub referral: String,
    /// Why it was accepted, rejected or withdrawn.
    pub reason: Option<Reason>,
    /// Whom it is about.
    pub patient: Patient,
    /// The stay it is about.
    pub encounter: Encounter,
    /// The council.
    pub council: Organisation,
    /// Who wrote it.
    pub author: Option<Practitioner>,
    /// The lead clinician, if named.
    pub clinician: Option<Practitioner>,
    /// Whom a response is for at the hospital.
    pub liaison: Option<Practitioner>,
    /// Reason for the referral in words; empty if not given.
    pub referral_reason: String,
    /// Further details in words; empty if none.
    pub details: String,
    /// Questions and their answers, such as whether the person was consulted.
    pub answers: Vec<Answer>,
    /// Medicines and how they are taken, in words.
    pub medicines: Vec<String>,
    /// Documents that came with it, whole.
    pub documents: Vec<Document>,
}

/// A code with its words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coded {
    /// Address of the code list.
    pub system: String,
    /// Code.
    pub code: String,
    /// Its words; empty if not given.
    pub display: String,
}

impl Coded {
    /// A code of one of the notices' own lists, with its words.
    pub fn of_list(list: &str, code: &str) -> Self {
        let system = format!("https://fhir.nhs.uk/{list}");
        let display = label(&system, code).unwrap_or_default().to_owned();
        Self {
            system,
            code: code.to_owned(),
            display,
        }
    }

    /// The words as sent, or those of our list, or the code.
    pub fn in_words(&self) -> &str {
        if self.display.is_empty() {
            label(&self.system, &self.code).unwrap_or(&self.code)
        } else {
            &self.display
        }
    }
}

/// A reason by code, in words, or both.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reason {
    /// The code, if one was given.
    pub coded: Option<Coded>,
    /// Words; empty if none.
    pub text: String,
}

impl Reason {
    /// The reason as people read it. A code that only says "other" is left out
    /// when there are words.
    pub fn in_words(&self) -> String {
        match &self.coded {
            None => self.text.clone(),
            Some(coded) if self.text.is_empty() => coded.in_words().to_owned(),
            Some(coded) if matches!(coded.code.as_str(), "OFT" | "13") => self.text.clone(),
            Some(coded) => format!("{}: {}", coded.in_words(), self.text),
        }
    }
}

/// An organisation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Organisation {
    /// ODS code, if given.
    pub code: Option<OdsCode>,
    /// Name; empty if not given.
    pub name: String,
}

/// An identifier of a person other than the NHS number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identifier {
    /// Address of the kind of identifier.
    pub system: String,
    /// The identifier.
    pub value: String,
    /// Who gave it.
    pub assigner: Option<Organisation>,
}

/// An address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    /// Lines before the town.
    pub lines: Vec<String>,
    /// Post town; empty if not given.
    pub town: String,
    /// County; empty if not given.
    pub county: String,
    /// Postcode; empty if not given.
    pub postcode: String,
}

impl Address {
    /// On one line without the postcode; empty if there is none.
    pub fn one_line(&self) -> String {
        let parts = self.lines.iter().chain([&self.town, &self.county]);
        let filled: Vec<&str> = parts
            .map(String::as_str)
            .filter(|part| !part.is_empty())
            .collect();
        filled.join(", ")
    }
}

/// A carer, relative or friend.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contact {
    /// What they are to the person.
    pub relationships: Vec<Coded>,
    /// Family name.
    pub family_name: String,
    /// Given names.
    pub given_name: String,
    /// Telephone; empty if not given.
    pub telephone: String,
    /// Email; empty if not given.
    pub email: String,
}

/// The GP and the practice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gp {
    /// The GP, if named.
    pub practitioner: Option<Practitioner>,
    /// The practice, if named.
    pub practice: Option<Organisation>,
}

/// Somebody who works for hospital, council or practice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Practitioner {
    /// Family name.
    pub family_name: String,
    /// Given names.
    pub given_name: String,
    /// Telephone; empty if not given.
    pub telephone: String,
    /// Email; empty if not given.
    pub email: String,
    /// Role by code, if given.
    pub role: Option<Coded>,
    /// Role in words; empty if not given.
    pub role_text: String,
}

/// The person a message is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patient {
    /// NHS number, if given.
    pub nhs_number: Option<NhsNumber>,
    /// How far the NHS number was verified (`01` present and verified).
    pub nhs_number_status: Option<Coded>,
    /// Other identifiers.
    pub identifiers: Vec<Identifier>,
    /// Family name; empty if not given.
    pub family_name: String,
    /// Given names; empty if not given.
    pub given_name: String,
    /// Date of birth, if given whole.
    pub birth_date: Option<Date>,
    /// Gender.
    pub gender: Gender,
    /// Day of death, if given.
    pub died_on: Option<Date>,
    /// Address, if given.
    pub address: Option<Address>,
    /// Telephone; empty if not given.
    pub telephone: String,
    /// Email; empty if not given.
    pub email: String,
    /// Language, if given.
    pub language: Option<Coded>,
    /// Whether an interpreter is needed, if said.
    pub interpreter: Option<bool>,
    /// Carers and relatives.
    pub contacts: Vec<Contact>,
    /// GP and practice, if given.
    pub gp: Option<Gp>,
}

/// The hospital stay a message is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Encounter {
    /// The hospital's identifier of the stay: system and value.
    pub identifier: Option<(String, String)>,
    /// FHIR status, such as `in-progress` or `planned`.
    pub status: String,
    /// FHIR class, such as `inpatient`.
    pub class: String,
    /// Kind of admission, if given.
    pub admission_type: Option<Coded>,
    /// Day of admission, or the day it is expected.
    pub admitted_on: Option<Date>,
    /// Likely day of discharge; in a discharge notice the proposed day.
    pub ends_on: Option<Date>,
    /// Name of the ward; empty if not given.
    pub ward: String,
    /// The hospital.
    pub hospital: Organisation,
    /// What the person was admitted with, in words; empty if not given.
    pub diagnosis: String,
}

/// A question and its answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// The question in its words.
    pub question: String,
    /// The answer by code, if it has one.
    pub coded: Option<Coded>,
    /// The answer in words; empty if it has none.
    pub text: String,
}

/// A document that came with a message.
#[derive(Clone, PartialEq, Eq)]
pub struct Document {
    /// Its title or file name.
    pub title: String,
    /// Media type, such as `application/pdf`.
    pub media_type: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Never the bytes: a document must not reach a log.
impl std::fmt::Debug for Document {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Document({}, {} bytes)",
            self.media_type,
            self.bytes.len()
        )
    }
}

impl AdwMessage {
    /// True for the six kinds that answer a notice.
    pub fn is_response(&self) -> bool {
        flow::receive::answers(self.kind).is_some()
    }

    /// ODS code of the hospital: the stay's, or that of the side that is not the council.
    pub fn hospital_code(&self) -> OdsCode {
        let side = if self.is_response() {
            &self.receiver
        } else {
            &self.sender
        };
        self.encounter
            .hospital
            .code
            .as_ref()
            .unwrap_or(side)
            .clone()
    }

    /// ODS code of the council.
    pub fn council_code(&self) -> OdsCode {
        let side = if self.is_response() {
            &self.sender
        } else {
            &self.receiver
        };
        self.council.code.as_ref().unwrap_or(side).clone()
    }

    /// The stay's key: the hospital's code and its identifier of the stay.
    pub fn stay_key(&self) -> Option<String> {
        let (_, value) = self.encounter.identifier.as_ref()?;
        Some(format!("{}|{value}", self.hospital_code()))
    }

    /// True when a carer is named among the contacts (relationship code 20).
    pub fn names_a_carer(&self) -> bool {
        let mut all = self
            .patient
            .contacts
            .iter()
            .flat_map(|one| &one.relationships);
        all.any(|one| one.code == "20")
    }

    /// True when the notice says that there are safeguarding concerns.
    pub fn has_safeguarding_concerns(&self) -> bool {
        self.answers.iter().any(|answer| {
            answer.question.starts_with("Are there any Safeguarding")
                && answer.coded.as_ref().is_some_and(|coded| coded.code == "Y")
        })
    }

    /// True when the notice says that the person lacks mental capacity to consent.
    pub fn lacks_capacity(&self) -> bool {
        let mut coded = self
            .answers
            .iter()
            .filter_map(|answer| answer.coded.as_ref());
        coded.any(|one| one.system.ends_with("ADW-PatientConsentStatus-1") && one.code == "L")
    }

    /// Everything said in words, a line each: for people to read.
    pub fn free_text(&self) -> String {
        let mut lines = Vec::new();
        let mut say = |what: &str, words: &str| {
            if !words.is_empty() {
                lines.push(format!("{what}: {words}"));
            }
        };
        say("Reason for referral", &self.referral_reason);
        say("Further details", &self.details);
        say("Admitted with", &self.encounter.diagnosis);
        for answer in &self.answers {
            let coded = answer.coded.as_ref().map_or("", Coded::in_words);
            let both = match (coded.is_empty(), answer.text.is_empty()) {
                (false, false) => format!("{coded}. {}", answer.text),
                (_, true) => coded.to_owned(),
                (true, false) => answer.text.clone(),
            };
            say(&answer.question, &both);
        }
        if let Some(language) = &self.patient.language {
            say("Language", language.in_words());
        }
        if let Some(interpreter) = self.patient.interpreter {
            say("Interpreter needed", if interpreter { "Yes" } else { "No" });
        }
        for medicine in &self.medicines {
            say("Medicine", medicine);
        }
        lines.join("\n")
    }
}
