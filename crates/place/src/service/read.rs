//! Reading a service from what was typed or stands in a file.

use super::area::areas;
use super::{Fault, Postcode, Referral, Service, Typed, parts};
use crate::opening::{self, Opening};
use jiff::civil::Date;
use kernel::Needs;

/// Longest name, in characters.
const NAME: usize = 150;
/// Longest line, such as an address.
const LINE: usize = 300;
/// Longest text of several lines.
const TEXT: usize = 2_000;

/// Reads a service.
///
/// # Errors
/// Everything that is wrong with it, in the order of the fields.
pub fn read(typed: &Typed, needs: &Needs, today: Date) -> Result<Service, Vec<Fault>> {
    let mut reading = Reading::default();
    let name = reading.needed(
        "name",
        &typed.name,
        NAME,
        "Write what the service is called",
    );
    let organisation = reading.text("organisation", &typed.organisation, NAME);
    let code = typed.organisation_code.trim();
    let organisation_code = kernel::OdsCode::new(code).map(|code| code.as_str().to_owned());
    if organisation_code.is_none() && !code.is_empty() {
        reading.fault(
            "organisation_code",
            "Write an ODS code: 3 to 10 letters and digits",
        );
    }
    let what = reading.needed(
        "what",
        &typed.what,
        TEXT,
        "Write what the service does, in plain words",
    );
    let met = reading.needs(&typed.needs, needs);
    let areas = areas(&typed.areas);
    let who_for = reading.text("who_for", &typed.who_for, TEXT);
    let referral = reading.referral(&typed.referral);
    let hours = reading.hours(&typed.hours);
    let hours_note = reading.text("hours_note", &typed.hours_note, LINE);
    let how = reading.text("how", &typed.how, TEXT);
    let telephone = reading.telephone(&typed.telephone);
    let web = reading.web(&typed.web);
    let address = reading.text("address", &typed.address, LINE);
    let postcode = reading.postcode(&typed.postcode);
    if [&how, &telephone, &web, &address]
        .iter()
        .all(|one| one.is_empty())
    {
        reading.fault(
            "telephone",
            "Write how to reach the service: a telephone, a web address, an address or words",
        );
    }
    let cost = reading.text("cost", &typed.cost, LINE);
    let checked_on = reading.checked(&typed.checked_on, today);
    let checked_by = reading.text("checked_by", &typed.checked_by, NAME);
    let ended_on = reading.day("ended_on", &typed.ended_on);
    match checked_on {
        Some(checked_on) if reading.0.is_empty() => Ok(Service {
            name,
            organisation,
            organisation_code,
            what,
            needs: met,
            areas,
            how,
            who_for,
            referral,
            hours,
            hours_note,
            address,
            postcode,
            telephone,
            web,
            cost,
            checked_on,
            checked_by,
            ended_on,
        }),
        _ => Err(reading.0),
    }
}

/// Collects what is wrong.
#[derive(Default)]
struct Reading(Vec<Fault>);

impl Reading {
    fn fault(&mut self, field: &'static str, text: impl Into<String>) {
        self.0.push(Fault {
            field,
            text: text.into(),
        });
    }

    fn text(&mut self, field: &'static str, text: &str, most: usize) -> String {
        let text = text.trim();
        let length = text.chars().count();
        if length > most {
            self.fault(
                field,
                format!("Use {most} characters or fewer. There are {length}"),
            );
        }
        text.to_owned()
    }

    fn needed(&mut self, field: &'static str, text: &str, most: usize, missing: &str) -> String {
        let text = self.text(field, text, most);
        if text.is_empty() {
            self.fault(field, missing);
        }
        text
    }

    fn needs(&mut self, text: &str, needs: &Needs) -> Vec<String> {
        let mut met = Vec::new();
        for part in parts(text) {
            let known = needs
                .iter()
                .find(|need| need.code == part || need.label.eq_ignore_ascii_case(part));
            match known {
                Some(need) => met.push(need.code.clone()),
                None => self.fault(
                    "needs",
                    format!("\"{part}\" is not in the list of needs (policy/directory/needs.csv)"),
                ),
            }
        }
        if parts(text).next().is_none() {
            self.fault("needs", "Choose at least one need that the service meets");
        }
        // In the order of the list, each once.
        needs
            .iter()
            .filter(|need| met.contains(&need.code))
            .map(|need| need.code.clone())
            .collect()
    }

    fn referral(&mut self, text: &str) -> Referral {
        let (referral, wrong) = Referral::read(text);
        if let Some(word) = wrong.first() {
            self.fault(
                "referral",
                format!("\"{word}\" is not self, carer or professional"),
            );
        } else if referral == Referral::default() {
            self.fault("referral", "Choose who may refer to the service");
        }
        referral
    }

    fn hours(&mut self, text: &str) -> Opening {
        match opening::read(text) {
            Ok(hours) => hours,
            Err(faults) => {
                for fault in faults {
                    self.fault("hours", fault.text);
                }
                Opening::default()
            }
        }
    }

    fn telephone(&mut self, text: &str) -> String {
        let text = self.text("telephone", text, 60);
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        if !text.is_empty() && digits < 3 {
            self.fault(
                "telephone",
                "Write a telephone number, such as 01632 960 001",
            );
        }
        text
    }

    fn web(&mut self, text: &str) -> String {
        let text = self.text("web", text, LINE);
        let host = text
            .strip_prefix("https://")
            .or_else(|| text.strip_prefix("http://"));
        let fits = host.is_some_and(|host| {
            host.contains('.') && !host.starts_with('.') && !host.contains(char::is_whitespace)
        });
        if !text.is_empty() && !fits {
            self.fault("web", "Write a web address that starts with https://");
        }
        text
    }

    fn postcode(&mut self, text: &str) -> String {
        let text = text.trim();
        match Postcode::read(text) {
            Some(postcode) if postcode.is_whole() => postcode.to_string(),
            _ if text.is_empty() => String::new(),
            _ => {
                self.fault("postcode", "Write a whole postcode, such as ZZ1 4AB");
                String::new()
            }
        }
    }

    fn day(&mut self, field: &'static str, text: &str) -> Option<Date> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        let day = text.parse().ok();
        if day.is_none() {
            self.fault(field, "Write a day as 2026-12-24");
        }
        day
    }

    fn checked(&mut self, text: &str, today: Date) -> Option<Date> {
        if text.trim().is_empty() {
            self.fault("checked_on", "Write the day on which this was last checked");
        }
        let day = self.day("checked_on", text)?;
        if day > today {
            self.fault("checked_on", "The day must not be in the future");
        }
        Some(day)
    }
}
