//! Message to text: a valid message of each of the ten kinds.

mod patient;

use super::{AdwMessage, Coded, Document, Organisation, Practitioner, Reason, codes};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flow::NoticeKind;
use flow::receive::answers;

/// Where the NHS profiles of FHIR are.
const NHS: &str = "https://fhir.nhs.uk/StructureDefinition";
/// Where the profiles of Care Connect are.
const CARE_CONNECT: &str = "https://fhir.hl7.org.uk/StructureDefinition";
const SNOMED: &str = "http://snomed.info/sct";

/// Writes a message as DSTU2 XML.
pub fn write(message: &AdwMessage) -> String {
    let mut writer = Writer {
        xml: String::with_capacity(8_192),
        open: Vec::new(),
        message,
        organisations: Vec::new(),
    };
    writer.bundle();
    writer.xml
}

struct Writer<'m> {
    xml: String,
    open: Vec<&'static str>,
    message: &'m AdwMessage,
    organisations: Vec<&'m Organisation>,
}

/// A UUID for a part of a message, always the same for the same part.
fn uuid(message: &AdwMessage, part: &str) -> String {
    // FNV-1a over the kind, the message's id and the part, 128 bits wide.
    let mut hash = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d_u128;
    for byte in [message.kind.as_str(), &message.id, part].join("|").bytes() {
        hash = (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
    }
    let hex = format!("{hash:032x}");
    // Version 8: a UUID made in a way of our own.
    format!(
        "{}-{}-8{}-a{}-{}",
        &hex[..8],
        &hex[8..12],
        &hex[13..16],
        &hex[17..20],
        &hex[20..]
    )
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' | '\r' => out.push_str(&format!("&#{};", u32::from(character))),
            _ => out.push(character),
        }
    }
    out
}

/// The name of the header's profile, such as `ADW-AssessmentNotice-MessageHeader-1`.
fn header_profile(kind: NoticeKind) -> String {
    let notice = |kind| match kind {
        NoticeKind::Admission => "Admission",
        NoticeKind::Assessment => "Assessment",
        NoticeKind::Discharge => "Discharge",
        _ => "Withdrawal",
    };
    let answer = match kind {
        NoticeKind::AssessmentAccept
        | NoticeKind::DischargeAccept
        | NoticeKind::WithdrawalAccept => "AcceptResponse",
        NoticeKind::AssessmentReject
        | NoticeKind::DischargeReject
        | NoticeKind::WithdrawalReject => "RejectResponse",
        _ => "",
    };
    let base = notice(answers(kind).unwrap_or(kind));
    format!("{NHS}/ADW-{base}Notice{answer}-MessageHeader-1")
}

impl<'m> Writer<'m> {
    fn start(&mut self, name: &'static str) {
        self.xml.push_str(&format!("<{name}>"));
        self.open.push(name);
    }

    fn end(&mut self) {
        if let Some(name) = self.open.pop() {
            self.xml.push_str(&format!("</{name}>"));
        }
    }

    fn inside(&mut self, name: &'static str, fill: impl FnOnce(&mut Self)) {
        self.start(name);
        fill(self);
        self.end();
    }

    /// An element with a value; nothing if the value is empty.
    fn value(&mut self, name: &str, value: &str) {
        if !value.is_empty() {
            self.xml
                .push_str(&format!("<{name} value=\"{}\"/>", escaped(value)));
        }
    }

    fn reference(&mut self, name: &'static str, id: &str) {
        self.inside(name, |w| w.value("reference", &format!("urn:uuid:{id}")));
    }

    fn refer_to(&mut self, name: &'static str, part: &str) {
        let id = self.id(part);
        self.reference(name, &id);
    }

    fn id(&self, part: &str) -> String {
        match part {
            "header" => self.message.id.clone(),
            _ => uuid(self.message, part),
        }
    }

    /// An entry with a resource of a type and profile.
    fn entry(
        &mut self,
        part: &str,
        kind: &'static str,
        profile: &str,
        fill: impl FnOnce(&mut Self),
    ) {
        let id = self.id(part);
        self.start("entry");
        self.value("fullUrl", &format!("urn:uuid:{id}"));
        self.start("resource");
        self.start(kind);
        self.value("id", &id);
        self.inside("meta", |w| w.value("profile", profile));
        fill(self);
        self.end();
        self.end();
        self.end();
    }

    fn coding(&mut self, name: &'static str, coded: &Coded) {
        self.inside(name, |w| {
            w.value("system", &coded.system);
            w.value("code", &coded.code);
            w.value("display", &coded.display);
        });
    }

    fn concept(&mut self, name: &'static str, coded: Option<&Coded>, text: &str) {
        if coded.is_none() && text.is_empty() {
            return;
        }
        self.inside(name, |w| {
            if let Some(coded) = coded {
                w.coding("coding", coded);
            }
            w.value("text", text);
        });
    }

    fn telecom(&mut self, system: &str, value: &str) {
        if !value.is_empty() {
            self.inside("telecom", |w| {
                w.value("system", system);
                w.value("value", value);
            });
        }
    }

    fn name(&mut self, usual: bool, family: &str, given: &str) {
        if family.is_empty() && given.is_empty() {
            return;
        }
        self.inside("name", |w| {
            if usual {
                w.value("use", "usual");
            }
            w.value("family", family);
            w.value("given", given);
        });
    }

    /// The part an organisation is written as, noting that it must be.
    fn organisation_part(&mut self, organisation: &'m Organisation) -> String {
        let known = self
            .organisations
            .iter()
            .position(|one| *one == organisation);
        let number = known.unwrap_or_else(|| {
            self.organisations.push(organisation);
            self.organisations.len() - 1
        });
        format!("organisation {number}")
    }

    fn refer_to_organisation(&mut self, name: &'static str, organisation: &'m Organisation) {
        if *organisation != Organisation::default() {
            let part = self.organisation_part(organisation);
            self.refer_to(name, &part);
        }
    }

    fn bundle(&mut self) {
        let message = self.message;
        self.xml.push_str(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Bundle xmlns=\"http://hl7.org/fhir\">",
        );
        self.value("id", &message.bundle_id);
        self.inside("meta", |w| {
            w.value("profile", &format!("{NHS}/ADW-Message-Bundle-1"));
        });
        self.value("type", "message");
        self.header();
        if message.kind != NoticeKind::Admission || self.has_referral() {
            self.referral();
        }
        self.encounter();
        self.patient();
        for (part, one) in [
            ("author", &message.author),
            ("clinician", &message.clinician),
            ("liaison", &message.liaison),
        ] {
            if let Some(one) = one {
                self.practitioner(part, one, Some(&message.encounter.hospital));
            }
        }
        if let Some(gp) = message.patient.gp.as_ref()
            && let Some(one) = &gp.practitioner
        {
            self.practitioner("gp", one, gp.practice.as_ref());
        }
        self.ward_and_diagnosis();
        self.answers();
        self.documents();
        let mut number = 0;
        while let Some(organisation) = self.organisations.get(number).copied() {
            self.organisation(number, organisation);
            number += 1;
        }
        self.xml.push_str("</Bundle>\n");
    }

    fn has_referral(&self) -> bool {
        let message = self.message;
        [
            &message.referral,
            &message.referral_reason,
            &message.details,
        ]
        .iter()
        .any(|text| !text.is_empty())
    }

    fn header(&mut self) {
        let message = self.message;
        self.entry(
            "header",
            "MessageHeader",
            &header_profile(message.kind),
            |w| {
                w.value("timestamp", &message.sent_at.to_string());
                w.inside("event", |w| {
                    w.value("system", SNOMED);
                    w.value("code", codes::event_code(message.kind, message.withdraws));
                });
                if let Some(id) = &message.responds_to {
                    w.inside("response", |w| {
                        w.value("identifier", id);
                        w.value("code", "ok");
                    });
                }
                for (side, code) in [
                    ("source", &message.sender),
                    ("destination", &message.receiver),
                ] {
                    w.inside(side, |w| {
                        w.value("endpoint", &format!("urn:nhs-uk:addressing:ods:{code}"));
                    });
                }
                w.parties();
                if let Some(Reason { coded, text }) = &message.reason {
                    w.concept("reason", coded.as_ref(), text);
                }
                let data = match message.kind {
                    NoticeKind::Admission if !w.has_referral() => "encounter",
                    _ => "referral",
                };
                w.refer_to("data", data);
            },
        );
    }

    /// Author, receiver and responsible: a response turns them round.
    fn parties(&mut self) {
        let message = self.message;
        if message.author.is_some() {
            self.refer_to("author", "author");
        }
        let response = message.is_response();
        if message.liaison.is_some() {
            self.refer_to("receiver", "liaison");
        } else if !response {
            self.refer_to_organisation("receiver", &message.council);
        }
        if message.clinician.is_some() {
            self.refer_to("responsible", "clinician");
        } else if response {
            self.refer_to_organisation("responsible", &message.council);
        }
    }

    fn referral(&mut self) {
        let message = self.message;
        let (status, profile) = match message.kind {
            NoticeKind::AssessmentAccept
            | NoticeKind::DischargeAccept
            | NoticeKind::WithdrawalAccept => ("accepted", "ADW-Accept-ReferralRequest-1"),
            NoticeKind::AssessmentReject
            | NoticeKind::DischargeReject
            | NoticeKind::WithdrawalReject => ("rejected", "ADW-Reject-ReferralRequest-1"),
            NoticeKind::Withdrawal => ("cancelled", "ADW-Cancel-ReferralRequest-1"),
            NoticeKind::Discharge => ("requested", "ADW-Discharge-ReferralRequest-1"),
            _ => ("requested", "ADW-ReferralRequest-1"),
        };
        let requester = if message.is_response() {
            "liaison"
        } else {
            "author"
        };
        let known = [("liaison", &message.liaison), ("author", &message.author)]
            .iter()
            .any(|(part, one)| *part == requester && one.is_some());
        self.entry(
            "referral",
            "ReferralRequest",
            &format!("{NHS}/{profile}"),
            |w| {
                w.value("status", status);
                if !message.referral.is_empty() {
                    w.inside("identifier", |w| w.value("value", &message.referral));
                }
                w.refer_to("patient", "patient");
                if known {
                    w.refer_to("requester", requester);
                }
                w.refer_to_organisation("recipient", &message.council);
                w.refer_to("encounter", "encounter");
                w.concept("reason", None, &message.referral_reason);
                w.value("description", &message.details);
                if !message.answers.is_empty() {
                    w.refer_to("supportingInformation", "answers");
                }
                if !message.documents.is_empty() || !message.medicines.is_empty() {
                    w.refer_to("supportingInformation", "documents");
                }
            },
        );
    }

    fn encounter(&mut self) {
        let encounter = &self.message.encounter;
        let profile = format!("{NHS}/CareConnect-ADW-Encounter-1");
        self.entry("encounter", "Encounter", &profile, |w| {
            if let Some((system, value)) = &encounter.identifier {
                w.inside("identifier", |w| {
                    w.value("system", system);
                    w.value("value", value);
                });
            }
            w.value("status", &encounter.status);
            w.value("class", &encounter.class);
            w.concept("priority", encounter.admission_type.as_ref(), "");
            w.refer_to("patient", "patient");
            if encounter.admitted_on.is_some() || encounter.ends_on.is_some() {
                w.inside("period", |w| {
                    for (name, day) in
                        [("start", encounter.admitted_on), ("end", encounter.ends_on)]
                    {
                        w.value(name, &day.map(|day| day.to_string()).unwrap_or_default());
                    }
                });
            }
            if !encounter.diagnosis.is_empty() {
                w.inside("hospitalization", |w| {
                    w.refer_to("admittingDiagnosis", "diagnosis")
                });
            }
            if !encounter.ward.is_empty() {
                w.inside("location", |w| w.refer_to("location", "ward"));
            }
            w.refer_to_organisation("serviceProvider", &encounter.hospital);
        });
    }

    fn practitioner(
        &mut self,
        part: &str,
        one: &'m Practitioner,
        organisation: Option<&'m Organisation>,
    ) {
        let profile = format!("{CARE_CONNECT}/CareConnect-Practitioner-1");
        let of_council = part == "author" && self.message.is_response();
        self.entry(part, "Practitioner", &profile, |w| {
            w.name(false, &one.family_name, &one.given_name);
            w.telecom("email", &one.email);
            w.telecom("phone", &one.telephone);
            w.inside("practitionerRole", |w| {
                if of_council {
                    let council = &w.message.council;
                    w.refer_to_organisation("managingOrganization", council);
                } else if let Some(organisation) = organisation {
                    w.refer_to_organisation("managingOrganization", organisation);
                }
                w.concept("role", one.role.as_ref(), &one.role_text);
            });
        });
    }

    fn ward_and_diagnosis(&mut self) {
        let encounter = &self.message.encounter;
        if !encounter.ward.is_empty() {
            let profile = format!("{CARE_CONNECT}/CareConnect-Location-1");
            self.entry("ward", "Location", &profile, |w| {
                w.value("name", &encounter.ward);
                w.refer_to_organisation("managingOrganization", &encounter.hospital);
            });
        }
        if !encounter.diagnosis.is_empty() {
            let profile = format!("{NHS}/ADW-Condition-1");
            self.entry("diagnosis", "Condition", &profile, |w| {
                w.refer_to("patient", "patient");
                w.concept("code", None, &encounter.diagnosis);
                w.value("verificationStatus", "confirmed");
            });
        }
    }

    fn answers(&mut self) {
        let message = self.message;
        if message.answers.is_empty() {
            return;
        }
        let profile = match message.kind {
            NoticeKind::Discharge => "ADW-Discharge-QuestionnaireResponse-1",
            _ => "ADW-QuestionnaireResponse-1",
        };
        let id = self.id("answers identifier");
        self.entry(
            "answers",
            "QuestionnaireResponse",
            &format!("{NHS}/{profile}"),
            |w| {
                w.inside("identifier", |w| w.value("value", &id));
                w.value("status", "completed");
                if message.author.is_some() {
                    w.refer_to("author", "author");
                }
                w.refer_to("encounter", "encounter");
                w.inside("group", |w| {
                    for answer in &message.answers {
                        w.inside("question", |w| {
                            w.value("text", &answer.question);
                            if let Some(coded) = &answer.coded {
                                w.inside("answer", |w| w.coding("valueCoding", coded));
                            } else if !answer.text.is_empty() {
                                w.inside("answer", |w| w.value("valueString", &answer.text));
                            }
                        });
                    }
                });
            },
        );
    }

    /// Documents and medicines, in a document bundle of their own.
    fn documents(&mut self) {
        let message = self.message;
        if message.documents.is_empty() && message.medicines.is_empty() {
            return;
        }
        let profile = format!("{NHS}/ITK-Document-Bundle-1");
        self.entry("documents", "Bundle", &profile, |w| {
            w.value("type", "document");
            for (number, document) in message.documents.iter().enumerate() {
                w.document(number, document);
            }
            for (number, medicine) in message.medicines.iter().enumerate() {
                let part = format!("medicine {number}");
                let profile = "http://hl7.org/fhir/StructureDefinition/MedicationStatement";
                w.entry(&part, "MedicationStatement", profile, |w| {
                    w.refer_to("patient", "patient");
                    w.value("status", "active");
                    w.concept("medicationCodeableConcept", None, medicine);
                });
            }
        });
    }

    fn document(&mut self, number: usize, document: &Document) {
        let binary = format!("binary {number}");
        let url = format!("urn:uuid:{}", self.id(&binary));
        let sent = self.message.sent_at.to_string();
        let profile = format!("{NHS}/ITK-DocumentReference-1");
        let part = format!("document {number}");
        self.entry(&part, "DocumentReference", &profile, |w| {
            w.refer_to("subject", "patient");
            w.value("indexed", &sent);
            w.value("status", "current");
            w.inside("content", |w| {
                w.inside("attachment", |w| {
                    w.value("url", &url);
                    w.value("title", &document.title);
                });
            });
        });
        let profile = format!("{NHS}/ITK-Binary-1");
        self.entry(&binary, "Binary", &profile, |w| {
            w.value("contentType", &document.media_type);
            w.value("content", &STANDARD.encode(&document.bytes));
        });
    }

    fn organisation(&mut self, number: usize, organisation: &Organisation) {
        let is_council = *organisation == self.message.council;
        let (list, kind) = if is_council {
            ("ods-organization-code", ("govt", "Government"))
        } else {
            ("ods-site-code", ("prov", "Healthcare Provider"))
        };
        let part = format!("organisation {number}");
        let profile = format!("{CARE_CONNECT}/CareConnect-Organization-1");
        self.entry(&part, "Organization", &profile, |w| {
            if let Some(code) = &organisation.code {
                w.inside("identifier", |w| {
                    w.value("system", &format!("https://fhir.nhs.uk/Id/{list}"));
                    w.value("value", code.as_str());
                });
            }
            let kind = Coded {
                system: "http://hl7.org/fhir/organization-type".to_owned(),
                code: kind.0.to_owned(),
                display: kind.1.to_owned(),
            };
            w.concept("type", Some(&kind), "");
            w.value("name", &organisation.name);
        });
    }
}
