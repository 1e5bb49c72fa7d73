//! The person a message is about, their contacts and their GP.

use super::super::node::{Reader, children, down, name};
use super::super::{Address, Coded, Contact, Gp, Identifier, Patient};
use kernel::{NhsNumber, Severity};
use person::Gender;
use roxmltree::Node;

const NHS_NUMBER: &str = "https://fhir.nhs.uk/Id/nhs-number";

impl<'d> Reader<'d> {
    pub(super) fn patient(&mut self, node: Node<'d, 'd>) -> Patient {
        let (family_name, given_name) = self.names(node);
        let (nhs_number, nhs_number_status, identifiers) = self.identifiers(node);
        let (language, interpreter) = self.language(node);
        let gender = self.text(node, "gender");
        let contacts: Vec<_> = children(node, "contact").collect();
        Patient {
            nhs_number,
            nhs_number_status,
            identifiers,
            family_name,
            given_name,
            birth_date: self.date(node, "birthDate"),
            gender: Gender::parse(&gender),
            died_on: self.date(node, "deceasedDateTime"),
            address: children(node, "address")
                .next()
                .map(|one| self.address(one)),
            telephone: self.telecom(node, "phone"),
            email: self.telecom(node, "email"),
            language,
            interpreter,
            contacts: contacts.into_iter().map(|one| self.contact(one)).collect(),
            gp: self.gp(node),
        }
    }

    fn identifiers(
        &mut self,
        patient: Node<'d, 'd>,
    ) -> (Option<NhsNumber>, Option<Coded>, Vec<Identifier>) {
        let (mut number, mut status, mut others) = (None, None, Vec::new());
        for node in children(patient, "identifier") {
            let system = self.text(node, "system");
            let Some(value) = self.value(node, "value") else {
                continue;
            };
            if system != NHS_NUMBER {
                let assigner = self.follow(node, "assigner", "Organization");
                others.push(Identifier {
                    system,
                    value,
                    assigner: assigner.map(|node| self.organisation(node)),
                });
                continue;
            }
            status = down(node, &["extension", "valueCodeableConcept"])
                .and_then(|concept| self.coded(concept));
            let at = down(node, &["value"]).unwrap_or(node);
            match NhsNumber::parse(&value) {
                Ok(_) if number.is_some() => self.wrong(
                    Severity::Reject,
                    at,
                    "repeated-element",
                    "There are two NHS numbers. Ask the sender which is meant.",
                ),
                Ok(valid) => number = Some(valid),
                Err(why) => self.wrong(
                    Severity::Reject,
                    at,
                    "nhs-number-invalid",
                    format!("The NHS number cannot be right: {why}. Ask the sender for it."),
                ),
            }
        }
        (number, status, others)
    }

    fn language(&mut self, patient: Node<'d, 'd>) -> (Option<Coded>, Option<bool>) {
        let url = |node: &Node<'d, 'd>, end: &str| {
            node.attribute("url").is_some_and(|url| url.ends_with(end))
        };
        let whole = children(patient, "extension")
            .find(|one| url(one, "Extension-CareConnect-NHSCommunication-1"));
        let Some(whole) = whole else {
            return (None, None);
        };
        let part = |end: &str| children(whole, "extension").find(|one| url(one, end));
        let language = part("language").and_then(|node| down(node, &["valueCodeableConcept"]));
        let language = language.and_then(|node| self.coded(node));
        let interpreter = part("interpreterRequired");
        (
            language,
            interpreter.and_then(|node| self.flag(node, "valueBoolean")),
        )
    }

    fn address(&mut self, node: Node<'d, 'd>) -> Address {
        let lines: Vec<_> = children(node, "line").collect();
        Address {
            lines: lines
                .into_iter()
                .filter_map(|line| self.value_of(line))
                .collect(),
            town: self.text(node, "city"),
            county: self.text(node, "district"),
            postcode: self.text(node, "postalCode"),
        }
    }

    fn contact(&mut self, node: Node<'d, 'd>) -> Contact {
        let (family_name, given_name) = self.names(node);
        let relationships: Vec<_> = children(node, "relationship").collect();
        Contact {
            relationships: relationships
                .into_iter()
                .filter_map(|one| self.coded(one))
                .collect(),
            family_name,
            given_name,
            telephone: self.telecom(node, "phone"),
            email: self.telecom(node, "email"),
        }
    }

    fn gp(&mut self, patient: Node<'d, 'd>) -> Option<Gp> {
        let found = children(patient, "careProvider").next()?;
        let provider = self.target(found)?;
        if name(provider) == "Organization" {
            return Some(Gp {
                practitioner: None,
                practice: Some(self.organisation(provider)),
            });
        }
        let role = down(provider, &["practitionerRole"]);
        let practice =
            role.and_then(|role| self.follow(role, "managingOrganization", "Organization"));
        Some(Gp {
            practitioner: Some(self.practitioner(provider)),
            practice: practice.map(|node| self.organisation(node)),
        })
    }
}
