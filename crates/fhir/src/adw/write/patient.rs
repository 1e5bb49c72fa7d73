//! The person a message is about, and their contacts.

use super::super::{Address, Contact, Patient};
use super::{CARE_CONNECT, Writer};
use person::Gender;

impl<'m> Writer<'m> {
    pub(super) fn patient(&mut self) {
        let patient = &self.message.patient;
        let profile = format!("{CARE_CONNECT}/CareConnect-Patient-1");
        self.entry("patient", "Patient", &profile, |w| {
            w.language(patient);
            w.identifiers(patient);
            w.name(true, &patient.family_name, &patient.given_name);
            w.telecom("email", &patient.email);
            w.telecom("phone", &patient.telephone);
            if patient.gender != Gender::Unknown {
                w.value("gender", patient.gender.as_str());
            }
            for (name, day) in [
                ("birthDate", patient.birth_date),
                ("deceasedDateTime", patient.died_on),
            ] {
                w.value(name, &day.map(|day| day.to_string()).unwrap_or_default());
            }
            if let Some(address) = &patient.address {
                w.address(address);
            }
            for contact in &patient.contacts {
                w.contact(contact);
            }
            match &patient.gp {
                Some(gp) if gp.practitioner.is_some() => w.refer_to("careProvider", "gp"),
                Some(gp) => {
                    if let Some(practice) = &gp.practice {
                        w.refer_to_organisation("careProvider", practice);
                    }
                }
                None => {}
            }
        });
    }

    fn language(&mut self, patient: &Patient) {
        if patient.language.is_none() && patient.interpreter.is_none() {
            return;
        }
        self.xml.push_str(&format!(
            "<extension url=\"{CARE_CONNECT}/Extension-CareConnect-NHSCommunication-1\">"
        ));
        if let Some(language) = &patient.language {
            self.xml.push_str("<extension url=\"language\">");
            self.concept("valueCodeableConcept", Some(language), "");
            self.xml.push_str("</extension>");
        }
        if let Some(interpreter) = patient.interpreter {
            self.xml.push_str("<extension url=\"interpreterRequired\">");
            self.value("valueBoolean", if interpreter { "true" } else { "false" });
            self.xml.push_str("</extension>");
        }
        self.xml.push_str("</extension>");
    }

    fn identifiers(&mut self, patient: &'m Patient) {
        if let Some(number) = patient.nhs_number {
            self.inside("identifier", |w| {
                if let Some(status) = &patient.nhs_number_status {
                    w.xml.push_str(&format!(
                        "<extension url=\"{CARE_CONNECT}/Extension-CareConnect-NHSNumberVerificationStatus-1\">"
                    ));
                    w.concept("valueCodeableConcept", Some(status), "");
                    w.xml.push_str("</extension>");
                }
                w.value("system", "https://fhir.nhs.uk/Id/nhs-number");
                w.value("value", &number.to_string());
            });
        }
        for identifier in &patient.identifiers {
            self.inside("identifier", |w| {
                w.value("system", &identifier.system);
                w.value("value", &identifier.value);
                if let Some(assigner) = &identifier.assigner {
                    w.refer_to_organisation("assigner", assigner);
                }
            });
        }
    }

    fn address(&mut self, address: &Address) {
        self.inside("address", |w| {
            for line in &address.lines {
                w.value("line", line);
            }
            w.value("city", &address.town);
            w.value("district", &address.county);
            w.value("postalCode", &address.postcode);
        });
    }

    fn contact(&mut self, contact: &Contact) {
        self.inside("contact", |w| {
            for relationship in &contact.relationships {
                w.concept("relationship", Some(relationship), "");
            }
            w.name(true, &contact.family_name, &contact.given_name);
            w.telecom("email", &contact.email);
            w.telecom("phone", &contact.telephone);
        });
    }
}
