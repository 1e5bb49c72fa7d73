//! A service of the directory: what may be written of one, and what is wrong with what was.
//!
//! Source: Open Referral UK (service, organisation, eligibility, cost, schedule, area) and FHIR
//! R4 `HealthcareService`, as facts; the rules are ours.
//!
//! In words: a service has a name, says what it does in plain words, meets one need or more,
//! takes people who come in one way or more, can be reached somehow, and was checked by somebody
//! on a day. What is not known stays empty. A file and a form are held to the same rules.

use crate::opening::{self, Opening};
use jiff::civil::Date;
use kernel::Needs;
use std::fmt;

/// Part of a place that a service is for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Area {
    /// A postcode or the beginning of one, such as `ZZ1` or `ZZ1 4`.
    Postcode(Postcode),
    /// A district, town or village by its name.
    Named(String),
}

/// A postcode or the beginning of one: the outward half whole, the inward one as far as known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Postcode {
    outward: String,
    inward: String,
}

impl Postcode {
    /// Reads `ZZ1`, `zz1 4`, `ZZ14AB`; `None` if it is no beginning of a postcode.
    pub fn read(text: &str) -> Option<Self> {
        let upper = text.trim().to_ascii_uppercase();
        let mut parts = upper.split_whitespace();
        let (first, second) = (parts.next()?, parts.next().unwrap_or(""));
        if parts.next().is_some() {
            return None;
        }
        let (outward, inward) = match second {
            // Written together, a whole postcode ends in a digit and two letters.
            "" if first.len() >= 5 && first.is_ascii() => first.split_at(first.len() - 3),
            "" => (first, ""),
            _ => (first, second),
        };
        (outward_fits(outward) && inward_fits(inward)).then(|| Self {
            outward: outward.to_owned(),
            inward: inward.to_owned(),
        })
    }

    /// How postcodes near it begin: its outward half, whole.
    pub fn near(&self) -> String {
        format!("{} ", self.outward)
    }

    /// Whether it is a whole postcode.
    pub fn is_whole(&self) -> bool {
        self.inward.len() == 3
    }
}

impl fmt::Display for Postcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.outward)?;
        if self.inward.is_empty() {
            return Ok(());
        }
        write!(f, " {}", self.inward)
    }
}

/// One or two letters, a digit, and at most one letter or digit more.
fn outward_fits(text: &str) -> bool {
    let letters = text.bytes().take_while(u8::is_ascii_uppercase).count();
    let rest = text.as_bytes().get(letters..).unwrap_or_default();
    (1..=2).contains(&letters)
        && (1..=2).contains(&rest.len())
        && rest.first().is_some_and(u8::is_ascii_digit)
        && rest.iter().all(u8::is_ascii_alphanumeric)
}

fn inward_fits(text: &str) -> bool {
    text.len() <= 3
        && text.bytes().enumerate().all(|(at, byte)| match at {
            0 => byte.is_ascii_digit(),
            _ => byte.is_ascii_uppercase(),
        })
}

/// Whether a service is for where somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Serves {
    /// It is.
    Yes,
    /// It says where it works in another way than was asked: it may be.
    Perhaps,
    /// It is not.
    No,
}

/// Who may refer somebody to a service.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Referral {
    /// The person.
    pub person: bool,
    /// A carer, family or a friend.
    pub carer: bool,
    /// A professional.
    pub professional: bool,
}

impl Referral {
    /// Reads words such as `self; carer; professional`; the ones that are none of them.
    pub fn read(text: &str) -> (Self, Vec<&str>) {
        let mut referral = Self::default();
        let mut wrong = Vec::new();
        for word in parts(text) {
            match word.to_ascii_lowercase().as_str() {
                "self" | "person" => referral.person = true,
                "carer" => referral.carer = true,
                "professional" => referral.professional = true,
                _ => wrong.push(word),
            }
        }
        (referral, wrong)
    }

    /// In plain words, such as `You or a carer`.
    pub fn in_words(self) -> &'static str {
        match (self.person, self.carer, self.professional) {
            (true, true, true) => "You, a carer or a professional",
            (true, true, false) => "You or a carer",
            (true, false, true) => "You or a professional",
            (true, false, false) => "You",
            (false, true, true) => "A carer or a professional",
            (false, true, false) => "A carer",
            (false, false, true) => "A professional only, such as a doctor or social worker",
            (false, false, false) => "Not known",
        }
    }
}

impl fmt::Display for Referral {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = [
            (self.person, "self"),
            (self.carer, "carer"),
            (self.professional, "professional"),
        ];
        let said: Vec<&str> = words.iter().filter(|(on, _)| *on).map(|w| w.1).collect();
        f.write_str(&said.join("; "))
    }
}

/// A service as it was typed or stands in a file: every field a text, by the name of its column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed {
    /// What it is called.
    pub name: String,
    /// Who runs it.
    pub organisation: String,
    /// Their ODS code, if they have one.
    pub organisation_code: String,
    /// What it does.
    pub what: String,
    /// Codes or names of needs, parted by semicolons.
    pub needs: String,
    /// Postcodes and names, parted by semicolons; empty is everywhere.
    pub areas: String,
    /// How to reach it.
    pub how: String,
    /// Whom it is for.
    pub who_for: String,
    /// `self`, `carer`, `professional`, parted by semicolons.
    pub referral: String,
    /// Opening hours; see [`opening::read`].
    pub hours: String,
    /// More about its hours.
    pub hours_note: String,
    /// Where it is.
    pub address: String,
    /// Postcode of where it is.
    pub postcode: String,
    /// Telephone.
    pub telephone: String,
    /// Web address.
    pub web: String,
    /// What it costs.
    pub cost: String,
    /// Day on which it was last checked, `YYYY-MM-DD`.
    pub checked_on: String,
    /// Who checked it.
    pub checked_by: String,
    /// Last day, `YYYY-MM-DD`, once it has ended.
    pub ended_on: String,
}

/// A service of the directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// What it is called.
    pub name: String,
    /// Who runs it; empty if that is not known.
    pub organisation: String,
    /// Their ODS code.
    pub organisation_code: Option<String>,
    /// What it does, in plain words.
    pub what: String,
    /// Codes of the needs it meets.
    pub needs: Vec<String>,
    /// Where it works; none is everywhere in the place.
    pub areas: Vec<Area>,
    /// How to reach it, in words.
    pub how: String,
    /// Whom it is for, in words.
    pub who_for: String,
    /// Who may refer.
    pub referral: Referral,
    /// When it is open.
    pub hours: Opening,
    /// More about its hours.
    pub hours_note: String,
    /// Where it is.
    pub address: String,
    /// Postcode of where it is.
    pub postcode: String,
    /// Telephone.
    pub telephone: String,
    /// Web address; `http` or `https`.
    pub web: String,
    /// What it costs, in words.
    pub cost: String,
    /// Day on which it was last checked.
    pub checked_on: Date,
    /// Who checked it.
    pub checked_by: String,
    /// Last day, once it has ended.
    pub ended_on: Option<Date>,
}

/// One thing wrong with what was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Name of the field.
    pub field: &'static str,
    /// What is wrong and what to do.
    pub text: String,
}

/// Longest name, in characters.
const NAME: usize = 150;
/// Longest line, such as an address.
const LINE: usize = 300;
/// Longest text of several lines.
const TEXT: usize = 2_000;

/// Parts of a list, without empty ones.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split([';', '\n'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
}

/// Reads areas: postcodes where they are some, else names. `everywhere` is none.
pub fn areas(text: &str) -> Vec<Area> {
    let mut areas: Vec<Area> = parts(text)
        .filter(|part| !part.eq_ignore_ascii_case("everywhere"))
        .map(|part| {
            Postcode::read(part).map_or_else(|| Area::Named(part.to_owned()), Area::Postcode)
        })
        .collect();
    areas.sort();
    areas.dedup();
    areas
}

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

impl Service {
    /// The service as a form or a file holds it; reading it gives the same service back.
    pub fn typed(&self) -> Typed {
        Typed {
            name: self.name.clone(),
            organisation: self.organisation.clone(),
            organisation_code: self.organisation_code.clone().unwrap_or_default(),
            what: self.what.clone(),
            needs: self.needs.join("; "),
            areas: self.areas_typed(),
            how: self.how.clone(),
            who_for: self.who_for.clone(),
            referral: self.referral.to_string(),
            hours: self.hours.to_string(),
            hours_note: self.hours_note.clone(),
            address: self.address.clone(),
            postcode: self.postcode.clone(),
            telephone: self.telephone.clone(),
            web: self.web.clone(),
            cost: self.cost.clone(),
            checked_on: self.checked_on.to_string(),
            checked_by: self.checked_by.clone(),
            ended_on: self
                .ended_on
                .map_or_else(String::new, |day| day.to_string()),
        }
    }

    /// Its areas as they are written: parted by semicolons.
    pub fn areas_typed(&self) -> String {
        let areas: Vec<String> = self.areas.iter().map(ToString::to_string).collect();
        areas.join("; ")
    }

    /// Whether it has ended by a day: its last day is past.
    pub fn has_ended(&self, today: Date) -> bool {
        self.ended_on.is_some_and(|last| last < today)
    }

    /// Whether it is for where somebody is: a postcode or the name of a district, town or
    /// village. Postcodes are judged by the postcodes it names and names by the names; where it
    /// has only the other kind, it may be.
    pub fn serves(&self, place: &str) -> Serves {
        let place = place.trim();
        if place.is_empty() || self.areas.is_empty() {
            return Serves::Yes;
        }
        let asked = Postcode::read(place);
        let answers = self.areas.iter().filter_map(|area| match (area, &asked) {
            (Area::Postcode(area), Some(asked)) => Some(area.holds(asked)),
            (Area::Named(area), None) => Some(same_name(area, place)),
            _ => None,
        });
        answers.min().unwrap_or(Serves::Perhaps)
    }

    /// What differs from another version of it, by names of fields.
    pub fn differences(&self, other: &Self) -> Vec<&'static str> {
        let (one, two) = (self.typed(), other.typed());
        let pairs = [
            (one.name != two.name, "name"),
            (one.organisation != two.organisation, "organisation"),
            (
                one.organisation_code != two.organisation_code,
                "organisation code",
            ),
            (one.what != two.what, "what it does"),
            (one.needs != two.needs, "needs"),
            (one.areas != two.areas, "areas"),
            (one.how != two.how, "how to reach it"),
            (one.who_for != two.who_for, "who it is for"),
            (one.referral != two.referral, "who may refer"),
            (
                (one.hours, one.hours_note) != (two.hours, two.hours_note),
                "opening hours",
            ),
            (
                (one.address, one.postcode) != (two.address, two.postcode),
                "address",
            ),
            (one.telephone != two.telephone, "telephone"),
            (one.web != two.web, "web address"),
            (one.cost != two.cost, "cost"),
            (
                (one.checked_on, one.checked_by) != (two.checked_on, two.checked_by),
                "day of checking",
            ),
            (one.ended_on != two.ended_on, "last day"),
        ];
        pairs
            .iter()
            .filter(|(on, _)| *on)
            .map(|pair| pair.1)
            .collect()
    }
}

impl Postcode {
    fn holds(&self, asked: &Self) -> Serves {
        if self.outward != asked.outward {
            Serves::No
        } else if asked.inward.starts_with(&self.inward) {
            Serves::Yes
        } else if self.inward.starts_with(&asked.inward) {
            Serves::Perhaps
        } else {
            Serves::No
        }
    }
}

fn same_name(area: &str, asked: &str) -> Serves {
    let (area, asked) = (area.to_lowercase(), asked.to_lowercase());
    if area == asked || area.contains(&asked) || asked.contains(&area) {
        Serves::Yes
    } else {
        Serves::No
    }
}

impl fmt::Display for Area {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Postcode(postcode) => postcode.fmt(f),
            Self::Named(name) => f.write_str(name),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use jiff::civil::date;

    fn needs() -> Needs {
        Needs::parse(include_str!("../../../policy/directory/needs.csv")).0
    }

    fn typed() -> Typed {
        Typed {
            name: "Barchester Falls Clinic".to_owned(),
            what: "Helps people who have fallen.".to_owned(),
            needs: "Falls and balance; equipment".to_owned(),
            areas: "ZZ1; West Barsetshire; zz2 4".to_owned(),
            referral: "self; professional".to_owned(),
            hours: "Mon-Fri 9am-5pm".to_owned(),
            telephone: "01632 960 001".to_owned(),
            postcode: "zz14ab".to_owned(),
            checked_on: "2026-11-01".to_owned(),
            ..Typed::default()
        }
    }

    #[test]
    fn what_is_right_is_read_and_comes_back() {
        let today = date(2026, 11, 25);
        let service = read(&typed(), &needs(), today).unwrap();
        assert_eq!(service.needs, ["equipment", "falls"]);
        assert_eq!(service.postcode, "ZZ1 4AB");
        assert_eq!(service.areas_typed(), "ZZ1; ZZ2 4; West Barsetshire");
        assert_eq!(service.referral.in_words(), "You or a professional");
        let again = read(&service.typed(), &needs(), today).unwrap();
        assert_eq!(again, service);
        assert!(again.differences(&service).is_empty());
    }

    #[test]
    fn everything_wrong_is_named_by_its_field() {
        let wrong = Typed {
            needs: "falls; flying".to_owned(),
            referral: "anybody".to_owned(),
            hours: "Mon 9-5".to_owned(),
            web: "javascript:alert(1)".to_owned(),
            postcode: "somewhere".to_owned(),
            checked_on: "2027-01-01".to_owned(),
            organisation_code: "R-1".to_owned(),
            ..Typed::default()
        };
        let faults = read(&wrong, &needs(), date(2026, 11, 25)).unwrap_err();
        let fields: Vec<&str> = faults.iter().map(|fault| fault.field).collect();
        assert_eq!(
            fields,
            [
                "name",
                "organisation_code",
                "what",
                "needs",
                "referral",
                "hours",
                "web",
                "postcode",
                "checked_on"
            ]
        );
        let unreachable = Typed {
            telephone: String::new(),
            ..typed()
        };
        let faults = read(&unreachable, &needs(), date(2026, 11, 25)).unwrap_err();
        assert_eq!(faults[0].field, "telephone");
    }

    #[test]
    fn whom_a_service_is_for_by_where_they_live() {
        let of = |areas: &str| {
            let typed = Typed {
                areas: areas.to_owned(),
                ..typed()
            };
            read(&typed, &needs(), date(2026, 11, 25)).unwrap()
        };
        for (areas, asked, expected) in [
            ("", "ZZ1 4AB", Serves::Yes),
            ("everywhere", "Hogglestock", Serves::Yes),
            ("ZZ1", "ZZ1 4AB", Serves::Yes),
            ("ZZ1", "zz14ab", Serves::Yes),
            ("ZZ1", "ZZ11 4AB", Serves::No),
            ("ZZ1 4", "ZZ1", Serves::Perhaps),
            ("ZZ1 4", "ZZ1 5AB", Serves::No),
            ("ZZ11; ZZ1 4", "ZZ1 4AB", Serves::Yes),
            ("West Barsetshire", "ZZ1 4AB", Serves::Perhaps),
            ("West Barsetshire; ZZ1", "ZZ11 4AB", Serves::No),
            ("West Barsetshire", "west barsetshire", Serves::Yes),
            ("West Barsetshire", "East Barsetshire", Serves::No),
            ("ZZ1", "Hogglestock", Serves::Perhaps),
            ("ZZ1", "", Serves::Yes),
        ] {
            assert_eq!(of(areas).serves(asked), expected, "{areas} asked {asked}");
        }
    }

    #[test]
    fn what_a_postcode_is() {
        for (text, fits) in [
            ("ZZ1", true),
            ("z1", true),
            ("ZZ1A 2BB", true),
            ("ZZ14AB", true),
            ("ZZ1 4AB 5", false),
            ("West", false),
            ("ZZ", false),
            ("ZZ1 AB", false),
            ("1ZZ", false),
            ("ÅZ1 2AB", false),
        ] {
            assert_eq!(Postcode::read(text).is_some(), fits, "{text}");
        }
    }
}
