//! Bytes to message.

mod patient;

use super::node::{FHIR, Reader, children, down, name};
use super::{
    AdwMessage, Answer, Coded, Document, Encounter, Organisation, Practitioner, Reason, codes,
};
use crate::xml::{decode, parse_xml};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flow::NoticeKind;
use flow::receive::{Withdraws, answers};
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{Issue, OdsCode, Severity, limits};
use roxmltree::Node;

const ODS_ENDPOINT: &str = "urn:nhs-uk:addressing:ods:";

/// A message that was read, with what is worth knowing about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// The message.
    pub message: AdwMessage,
    /// What was wrong but did not stop it: notes, and parts left out.
    pub issues: Vec<Issue>,
}

/// Reads a message.
///
/// # Errors
/// Every issue found, when at least one of them means that the message cannot be used.
pub fn read(bytes: &[u8]) -> Result<Read, Vec<Issue>> {
    if bytes.len() > limits::RECORD_BYTES {
        let text = format!(
            "The message is larger than {} MiB. Ask the sender to send its documents apart.",
            limits::RECORD_BYTES >> 20
        );
        return Err(vec![Issue::file("too-large", text)]);
    }
    let text = decode(bytes).map_err(|issue| vec![issue])?;
    let document = parse_xml(&text).map_err(|issue| vec![issue])?;
    let root = document.root_element();
    let bundle = root.has_tag_name((FHIR, "Bundle"))
        && down(root, &["type"]).and_then(|kind| kind.attribute("value")) == Some("message");
    if !bundle {
        return Err(vec![Issue::file(
            "not-a-notice",
            "This is not a Care Act notice: a FHIR Bundle of type message is expected.",
        )]);
    }
    let mut reader = Reader {
        by_reference: std::collections::HashMap::new(),
        issues: Vec::new(),
    };
    let resources = reader.file(root);
    let message = reader.message(root, &resources);
    let rejected = reader
        .issues
        .iter()
        .any(|issue| issue.severity == Severity::Reject);
    match message {
        Some(message) if !rejected => Ok(Read {
            message,
            issues: reader.issues,
        }),
        _ => Err(reader.issues),
    }
}

/// A FHIR id: letters, digits, dashes and full stops, at most 64.
fn is_id(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.';
    (1..=64).contains(&text.len()) && text.bytes().all(fits)
}

impl<'d> Reader<'d> {
    fn message(&mut self, bundle: Node<'d, 'd>, resources: &[Node<'d, 'd>]) -> Option<AdwMessage> {
        let header = self.header(bundle, resources)?;
        let id = self.id(header);
        let (kind, withdraws) = self.event(header, resources)?;
        let sent_at = self.instant(header);
        let [sender, receiver] = ["source", "destination"].map(|side| self.endpoint(header, side));
        let responds_to = self.responds_to(header, kind);
        let reason = self.one(header, "reason").map(|node| self.reason(node));
        let referral = self.first(header, resources, "ReferralRequest");
        let encounter = referral
            .and_then(|node| self.follow(node, "encounter", "Encounter"))
            .or_else(|| self.first(header, resources, "Encounter"));
        let patient = [referral, encounter]
            .into_iter()
            .flatten()
            .find_map(|node| self.follow(node, "patient", "Patient"))
            .or_else(|| self.first(header, resources, "Patient"));
        for (found, what) in [(patient, "Patient"), (encounter, "Encounter")] {
            if found.is_none() {
                self.missing(Severity::Reject, bundle, &format!("entry.resource.{what}"));
            }
        }
        let author = self.follow(header, "author", "Practitioner");
        let clinician = self.follow(header, "responsible", "Practitioner");
        let liaison = self.follow(header, "receiver", "Practitioner");
        let council = match referral {
            Some(node) => self.follow(node, "recipient", "Organization"),
            None => None,
        };
        let side = if answers(kind).is_some() {
            "responsible"
        } else {
            "receiver"
        };
        let council = council.or_else(|| self.follow(header, side, "Organization"));
        let (patient, encounter) = (self.patient(patient?), self.encounter(encounter?));
        let questions = self.answers(resources);
        self.check_questions(bundle, kind, &questions);
        let (documents, medicines) = self.attached(bundle);
        let message = AdwMessage {
            id: id?,
            bundle_id: self.text(bundle, "id"),
            kind,
            withdraws,
            sent_at: sent_at?,
            sender: sender?,
            receiver: receiver?,
            responds_to,
            referral: self.referral_id(referral),
            reason,
            patient,
            encounter,
            council: council
                .map(|node| self.organisation(node))
                .unwrap_or_default(),
            author: author.map(|node| self.practitioner(node)),
            clinician: clinician.map(|node| self.practitioner(node)),
            liaison: liaison.map(|node| self.practitioner(node)),
            referral_reason: self.referral_reason(referral),
            details: referral
                .map(|node| self.text(node, "description"))
                .unwrap_or_default(),
            answers: questions,
            medicines,
            documents,
        };
        Some(message)
    }

    fn header(&mut self, bundle: Node<'d, 'd>, resources: &[Node<'d, 'd>]) -> Option<Node<'d, 'd>> {
        let is_header = |node: &&Node<'d, 'd>| name(**node) == "MessageHeader";
        let mut headers = resources.iter().filter(is_header);
        let Some(header) = headers.next().copied() else {
            self.missing(Severity::Reject, bundle, "entry[0].resource.MessageHeader");
            return None;
        };
        if let Some(second) = headers.next() {
            self.wrong(
                Severity::Reject,
                *second,
                "repeated-element",
                "There are two message headers. Send each message in a file of its own.",
            );
        }
        Some(header)
    }

    /// What a response will name this message by.
    fn id(&mut self, header: Node<'d, 'd>) -> Option<String> {
        let Some(id) = self.value(header, "id") else {
            self.missing(Severity::Reject, header, "id");
            return None;
        };
        if is_id(&id) {
            return Some(id);
        }
        self.wrong(
            Severity::Reject,
            down(header, &["id"]).unwrap_or(header),
            "not-an-id",
            "An id has at most 64 letters, digits, dashes and full stops.",
        );
        None
    }

    /// The kind of message. One code is a discharge notice's rejection in the
    /// value set and the withdrawal of an assessment notice in the guidance
    /// (2.8); a withdrawal answers nothing and cancels its referral.
    fn event(
        &mut self,
        header: Node<'d, 'd>,
        resources: &[Node<'d, 'd>],
    ) -> Option<(NoticeKind, Option<Withdraws>)> {
        let code = self
            .one(header, "event")
            .and_then(|event| self.value(event, "code"));
        let Some(code) = code else {
            self.missing(Severity::Reject, header, "event.code");
            return None;
        };
        let Some((kind, withdraws)) = codes::event(&code) else {
            self.wrong(
                Severity::Reject,
                down(header, &["event", "code"]).unwrap_or(header),
                "unknown-event",
                "The event code is none of those of Care Act notices.",
            );
            return None;
        };
        let cancelled = resources.iter().any(|node| {
            name(*node) == "ReferralRequest"
                && down(*node, &["status"]).and_then(|status| status.attribute("value"))
                    == Some("cancelled")
        });
        if kind == NoticeKind::DischargeReject && cancelled && down(header, &["response"]).is_none()
        {
            return Some((NoticeKind::Withdrawal, Some(Withdraws::Assessment)));
        }
        Some((kind, withdraws))
    }

    fn instant(&mut self, header: Node<'d, 'd>) -> Option<Timestamp> {
        let Some(text) = self.value(header, "timestamp") else {
            self.missing(Severity::Reject, header, "timestamp");
            return None;
        };
        let instant = text.parse().ok();
        if instant.is_none() {
            self.wrong(
                Severity::Reject,
                down(header, &["timestamp"]).unwrap_or(header),
                "not-an-instant",
                "A date and time with its offset is needed, such as 2017-05-01T15:02:11+00:00.",
            );
        }
        instant
    }

    /// The ODS code of the sender or receiver.
    fn endpoint(&mut self, header: Node<'d, 'd>, side: &'static str) -> Option<OdsCode> {
        let node = self.one(header, side);
        let text = node.and_then(|node| self.value(node, "endpoint"));
        let (Some(node), Some(text)) = (node, text) else {
            self.missing(Severity::Reject, header, &format!("{side}.endpoint"));
            return None;
        };
        let code = OdsCode::new(text.strip_prefix(ODS_ENDPOINT).unwrap_or(&text));
        if code.is_none() {
            self.wrong(
                Severity::Reject,
                down(node, &["endpoint"]).unwrap_or(node),
                "not-an-ods-code",
                "The address must be urn:nhs-uk:addressing:ods: and an organisation's code.",
            );
        }
        code
    }

    /// The notice a response answers.
    fn responds_to(&mut self, header: Node<'d, 'd>, kind: NoticeKind) -> Option<String> {
        answers(kind)?;
        let node = self.one(header, "response");
        let id = node.and_then(|node| self.value(node, "identifier"));
        let id = id.map(|id| {
            id.strip_prefix("urn:uuid:")
                .map_or(id.clone(), str::to_owned)
        });
        if id.is_none() {
            self.missing(Severity::Reject, header, "response.identifier");
        }
        id
    }

    /// The resource of a type that the header names as its data, or the first.
    fn first(
        &mut self,
        header: Node<'d, 'd>,
        resources: &[Node<'d, 'd>],
        kind: &str,
    ) -> Option<Node<'d, 'd>> {
        let named = children(header, "data")
            .filter_map(|data| down(data, &["reference"])?.attribute("value"))
            .filter_map(|key| self.by_reference.get(key.trim()).copied())
            .find(|node| name(*node) == kind);
        named.or_else(|| resources.iter().copied().find(|node| name(*node) == kind))
    }

    fn referral_id(&mut self, referral: Option<Node<'d, 'd>>) -> String {
        let identifier = referral.and_then(|node| self.one(node, "identifier"));
        identifier
            .map(|node| self.text(node, "value"))
            .unwrap_or_default()
    }

    fn referral_reason(&mut self, referral: Option<Node<'d, 'd>>) -> String {
        let reason = referral.and_then(|node| self.one(node, "reason"));
        reason
            .map(|node| self.reason(node).in_words())
            .unwrap_or_default()
    }

    fn reason(&mut self, node: Node<'d, 'd>) -> Reason {
        Reason {
            coded: self.coded(node),
            text: self.text(node, "text"),
        }
    }

    /// The first code of a concept.
    fn coded(&mut self, concept: Node<'d, 'd>) -> Option<Coded> {
        children(concept, "coding")
            .next()
            .map(|coding| self.coding(coding))
    }

    fn coding(&mut self, coding: Node<'d, 'd>) -> Coded {
        let coded = Coded {
            system: self.text(coding, "system"),
            code: self.text(coding, "code"),
            display: self.text(coding, "display"),
        };
        if codes::is_list(&coded.system) && codes::label(&coded.system, &coded.code).is_none() {
            self.wrong(
                Severity::Part,
                down(coding, &["code"]).unwrap_or(coding),
                "unknown-code",
                "The code is not in the list it is said to be from. It was kept as it came.",
            );
        }
        coded
    }

    /// An organisation. A team without a code of its own is taken for the
    /// organisation it is part of.
    fn organisation(&mut self, node: Node<'d, 'd>) -> Organisation {
        let mut node = node;
        for _ in 0..3 {
            let own = down(node, &["identifier", "value"]).is_some();
            match self.follow(node, "partOf", "Organization") {
                Some(whole) if !own => node = whole,
                _ => break,
            }
        }
        let code = children(node, "identifier")
            .find_map(|one| down(one, &["value"])?.attribute("value"))
            .and_then(OdsCode::new);
        Organisation {
            code,
            name: self.text(node, "name"),
        }
    }

    fn telecom(&mut self, node: Node<'d, 'd>, system: &str) -> String {
        let found = children(node, "telecom").find(|one| {
            down(*one, &["system"]).and_then(|one| one.attribute("value")) == Some(system)
        });
        found.map(|one| self.text(one, "value")).unwrap_or_default()
    }

    /// Family and given names of the usual name, or of the first.
    fn names(&mut self, node: Node<'d, 'd>) -> (String, String) {
        let usual = |one: &Node<'d, 'd>| {
            let name_use = down(*one, &["use"]).and_then(|one| one.attribute("value"));
            matches!(name_use, Some("usual" | "official"))
        };
        let found = children(node, "name")
            .find(usual)
            .or_else(|| children(node, "name").next());
        let Some(found) = found else {
            return Default::default();
        };
        (self.joined(found, "family"), self.joined(found, "given"))
    }

    fn practitioner(&mut self, node: Node<'d, 'd>) -> Practitioner {
        let (family_name, given_name) = self.names(node);
        let role = down(node, &["practitionerRole", "role"]);
        Practitioner {
            family_name,
            given_name,
            telephone: self.telecom(node, "phone"),
            email: self.telecom(node, "email"),
            role: role.and_then(|role| self.coded(role)),
            role_text: role.map(|role| self.text(role, "text")).unwrap_or_default(),
        }
    }

    /// A whole date; what is after the day in a date and time is left out.
    fn date(&mut self, node: Node<'d, 'd>, child: &'static str) -> Option<Date> {
        let at = self.one(node, child)?;
        let text = self.value_of(at)?;
        let day = text.split('T').next().unwrap_or_default();
        if let Ok(date) = day.parse::<Date>()
            && day.len() == 10
        {
            return Some(date);
        }
        let shape = |lengths: &[usize]| {
            day.split('-').map(str::len).eq(lengths.iter().copied())
                && day
                    .bytes()
                    .all(|byte| byte.is_ascii_digit() || byte == b'-')
        };
        if shape(&[4]) || shape(&[4, 2]) {
            self.wrong(
                Severity::Part,
                at,
                "not-a-whole-date",
                "Only the year or month is given. Ask the sender for the day.",
            );
        } else {
            self.wrong(
                Severity::Reject,
                at,
                "not-a-date",
                "This is no date of the calendar. Ask the sender to correct it.",
            );
        }
        None
    }

    fn flag(&mut self, node: Node<'d, 'd>, child: &'static str) -> Option<bool> {
        self.value(node, child).map(|text| text == "true")
    }

    fn encounter(&mut self, node: Node<'d, 'd>) -> Encounter {
        let identifier = children(node, "identifier").find_map(|one| {
            let value = self.value(one, "value")?;
            Some((self.text(one, "system"), value))
        });
        let period = self.one(node, "period");
        let ward = down(node, &["location"])
            .and_then(|location| self.follow(location, "location", "Location"));
        let hospital = self.follow(node, "serviceProvider", "Organization");
        let diagnosis = down(node, &["hospitalization"])
            .and_then(|stay| self.follow(stay, "admittingDiagnosis", "Condition"))
            .and_then(|condition| self.one(condition, "code"));
        let priority = self.one(node, "priority");
        Encounter {
            identifier,
            status: self.text(node, "status"),
            class: self.text(node, "class"),
            admission_type: priority.and_then(|node| self.coded(node)),
            admitted_on: period.and_then(|period| self.date(period, "start")),
            ends_on: period.and_then(|period| self.date(period, "end")),
            ward: ward.map(|ward| self.text(ward, "name")).unwrap_or_default(),
            hospital: hospital
                .map(|node| self.organisation(node))
                .unwrap_or_default(),
            diagnosis: diagnosis
                .map(|code| self.reason(code).in_words())
                .unwrap_or_default(),
        }
    }

    /// Every question with its first answer.
    fn answers(&mut self, resources: &[Node<'d, 'd>]) -> Vec<Answer> {
        let mut all = Vec::new();
        for response in resources
            .iter()
            .filter(|node| name(**node) == "QuestionnaireResponse")
        {
            for group in children(*response, "group") {
                for question in children(group, "question") {
                    let answer = children(question, "answer").next();
                    let coding = answer.and_then(|node| self.one(node, "valueCoding"));
                    all.push(Answer {
                        question: self.text(question, "text"),
                        coded: coding.map(|node| self.coding(node)),
                        text: answer
                            .map(|node| self.text(node, "valueString"))
                            .unwrap_or_default(),
                    });
                }
            }
        }
        all
    }

    /// Says which questions of the profile are not answered.
    fn check_questions(&mut self, bundle: Node<'d, 'd>, kind: NoticeKind, given: &[Answer]) {
        for asked in codes::questions(kind).iter().filter(|asked| asked.needed) {
            let answered = |one: &&Answer| one.question == asked.text && one.coded.is_some();
            if !given.iter().any(|one| answered(&one)) {
                self.wrong(
                    Severity::Note,
                    bundle,
                    "not-answered",
                    format!("The notice does not say: {}", asked.text),
                );
            }
        }
    }

    /// Documents and medicines, wherever in the message they are.
    fn attached(&mut self, bundle: Node<'d, 'd>) -> (Vec<Document>, Vec<String>) {
        let (mut documents, mut medicines, mut used) = (Vec::new(), Vec::new(), Vec::new());
        let all: Vec<_> = bundle.descendants().filter(Node::is_element).collect();
        for node in all
            .iter()
            .copied()
            .filter(|node| is(node, "DocumentReference"))
        {
            let title = down(node, &["type", "coding", "display"])
                .and_then(|one| one.attribute("value"))
                .map_or("Document", without_tag);
            for content in children(node, "content") {
                let Some(attachment) = self.one(content, "attachment") else {
                    continue;
                };
                let title = self
                    .value(attachment, "title")
                    .unwrap_or_else(|| title.to_owned());
                let url = self.value(attachment, "url");
                let binary = url.and_then(|url| self.by_reference.get(&url).copied());
                let (holder, data) = match binary {
                    Some(binary) => (binary, "content"),
                    None => (attachment, "data"),
                };
                used.push(holder.id());
                documents.extend(self.document(holder, data, title));
            }
        }
        for node in all.iter().copied().filter(|node| is(node, "Binary")) {
            if !used.contains(&node.id()) {
                documents.extend(self.document(node, "content", "Document".to_owned()));
            }
        }
        for node in all
            .iter()
            .copied()
            .filter(|node| is(node, "MedicationStatement"))
        {
            let name = down(node, &["medicationCodeableConcept"])
                .map(|concept| self.reason(concept).in_words())
                .unwrap_or_default();
            let dosage = down(node, &["dosage"])
                .map(|dosage| self.text(dosage, "text"))
                .unwrap_or_default();
            let parts: Vec<_> = [name, dosage]
                .into_iter()
                .filter(|one| !one.is_empty())
                .collect();
            if !parts.is_empty() {
                medicines.push(parts.join(", "));
            }
        }
        (documents, medicines)
    }

    /// The document whose base64 is in a child of an element.
    fn document(
        &mut self,
        holder: Node<'d, 'd>,
        child: &'static str,
        title: String,
    ) -> Option<Document> {
        let at = self.one(holder, child);
        let text = at.and_then(|at| at.attribute("value")).unwrap_or_default();
        let plain: String = text
            .chars()
            .filter(|one| !one.is_ascii_whitespace())
            .collect();
        let bytes = STANDARD.decode(plain).unwrap_or_default();
        if bytes.is_empty() {
            self.wrong(
                Severity::Part,
                at.unwrap_or(holder),
                "document-unreadable",
                "A document is empty or not base64. The notice was taken without it; ask the \
                 sender for the document.",
            );
            return None;
        }
        let media_type = self.text(holder, "contentType");
        Some(Document {
            title: title.chars().take(200).collect(),
            media_type: match media_type.as_str() {
                "" => "application/octet-stream".to_owned(),
                _ => media_type,
            },
            bytes,
        })
    }
}

/// Words of SNOMED CT without what they are: `Letter` of `Letter (record artifact)`.
fn without_tag(words: &str) -> &str {
    match words.rsplit_once(" (") {
        Some((plain, tag)) if tag.ends_with(')') => plain,
        _ => words,
    }
}

/// Whether an element is a resource of a type.
fn is(node: &Node<'_, '_>, kind: &str) -> bool {
    node.has_tag_name((FHIR, kind))
        && node
            .parent_element()
            .is_some_and(|parent| parent.has_tag_name((FHIR, "resource")))
}
