//! Decisions in words, for whoever looks at a record: "Shown because you are her allocated
//! social worker until 3 May", "Withheld: she asked that mental health records are not shared".

use crate::record::{Sight, Tie};
use jiff::Timestamp;
use kernel::calendar::local;
use person::Gender;
use person::category::Categories;
use person::relationship::Relationship;

/// How a person is spoken of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pronouns {
    /// "she", "he", "they".
    pub subject: &'static str,
    /// "her", "him", "them".
    pub object: &'static str,
    /// "her", "his", "their".
    pub possessive: &'static str,
    plural: bool,
}

/// How somebody is spoken of: as what is known of their gender allows.
pub const fn pronouns(gender: Gender) -> Pronouns {
    let (subject, object, possessive, plural) = match gender {
        Gender::Female => ("she", "her", "her", false),
        Gender::Male => ("he", "him", "his", false),
        Gender::Other | Gender::Unknown => ("they", "them", "their", true),
    };
    Pronouns {
        subject,
        object,
        possessive,
        plural,
    }
}

impl Pronouns {
    fn verb(self, singular: &'static str, plural: &'static str) -> String {
        let verb = if self.plural { plural } else { singular };
        format!("{} {verb}", self.subject)
    }
}

/// " until 3 May", " until 3 May 2027" in another year, " until 6:30pm" on the same day; empty
/// when no end is known. The end is the first instant at which it no longer holds.
fn until(ends_at: Option<Timestamp>, now: Timestamp) -> String {
    let Some(ends_at) = ends_at else {
        return String::new();
    };
    let (end, today) = (local(ends_at), local(now));
    let midnight = end.hour() == 0 && end.minute() == 0;
    if !midnight && end.date() == today.date() {
        let form = if end.minute() == 0 {
            "%-I%P"
        } else {
            "%-I:%M%P"
        };
        return format!(" until {}", end.strftime(form));
    }
    // An end at midnight is the end of the day before.
    let last = match midnight {
        true => end.date().yesterday().unwrap_or(end.date()),
        false => end.date(),
    };
    let form = match last.year() == today.year() {
        true => "%-d %B",
        false => "%-d %B %Y",
    };
    format!(" until {}", last.strftime(form))
}

/// Why a record is shown, as a sentence.
pub fn because(tie: Option<&Tie>, gender: Gender, now: Timestamp) -> String {
    let Some(tie) = tie else {
        return "Shown because you look after this system.".to_owned();
    };
    let p = pronouns(gender);
    let until = until(tie.ends_at, now);
    let capacity = tie.capacity.trim();
    let why = match tie.kind {
        Relationship::Practice => format!("you work at {} GP practice", p.possessive),
        Relationship::Ward if until.is_empty() => {
            format!("{} in your hospital", p.verb("is", "are"))
        }
        Relationship::Ward => format!("{} left your hospital; you can see it", p.subject),
        Relationship::Referral => {
            format!("{} referred to your organisation", p.verb("was", "were"))
        }
        Relationship::Hub => format!("your hub works on {} way home", p.possessive),
        Relationship::NextStep => format!("your team has the next step for {}", p.object),
        Relationship::Caseload if capacity.is_empty() => {
            format!("{} on your caseload", p.verb("is", "are"))
        }
        Relationship::Caseload => format!("you are {} allocated {capacity}", p.possessive),
        Relationship::Duty => "you are on duty".to_owned(),
        Relationship::Sender => format!("your organisation sent {} record", p.possessive),
        Relationship::Emergency => "you opened it without a link and said why".to_owned(),
        Relationship::SecondPerson => {
            "you opened it without a link and somebody else approved it".to_owned()
        }
        Relationship::Oneself => return "Shown because it is your own record.".to_owned(),
        Relationship::Carer => format!("{} invited you", p.subject),
    };
    format!("Shown because {why}{until}.")
}

/// What is withheld and why, a sentence each. Nothing is said of what is withheld by default:
/// that it is withheld would tell that it is there.
pub fn withheld(sight: &Sight, gender: Gender) -> Vec<String> {
    let p = pronouns(gender);
    let mut said = Vec::new();
    for category in &sight.objected {
        let of = Categories::builtin().find(category);
        let what = match (category.is_empty(), of) {
            (true, _) => format!("{} record is not shared", p.possessive),
            (false, Some(category)) => format!("{} records are not shared", category.words),
            (false, None) => continue,
        };
        said.push(format!("Withheld: {} asked that {what}.", p.subject));
    }
    if sight.ask_first {
        let asked = p.verb("has", "have");
        let other = match sight.items.sectors.as_slice() {
            [only] if only == "council" => "the council's part",
            [only] if only == "nhs" => "the NHS part",
            _ => "the NHS and council parts",
        };
        said.push(format!(
            "Withheld: {other}. {} not been asked yet whether you may see it.",
            sentence(&asked)
        ));
    }
    if !sight.address {
        said.push(format!(
            "Withheld: where {} and how to reach {}. It is protected.",
            p.verb("lives", "live"),
            p.object
        ));
    }
    said
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    const NOW: &str = "2026-04-20T09:30:00Z";

    fn said(kind: Relationship, capacity: &str, ends: Option<&str>, gender: Gender) -> String {
        let tie = Tie {
            kind,
            capacity: capacity.to_owned(),
            ends_at: ends.map(|text| text.parse().unwrap()),
        };
        because(Some(&tie), gender, NOW.parse().unwrap())
    }

    #[test]
    fn why_a_record_is_shown() {
        use Gender::{Female, Male, Unknown};
        use Relationship as R;
        for (kind, capacity, ends, gender, words) in [
            (
                R::Caseload,
                "social worker",
                // The end of 3 May in British summer time.
                Some("2026-05-03T23:00:00Z"),
                Female,
                "you are her allocated social worker until 3 May",
            ),
            (R::Caseload, "", None, Unknown, "they are on your caseload"),
            (R::Practice, "", None, Male, "you work at his GP practice"),
            (R::Ward, "", None, Female, "she is in your hospital"),
            (
                R::Ward,
                "",
                Some("2027-01-09T00:00:00Z"),
                Male,
                "he left your hospital; you can see it until 8 January 2027",
            ),
            (
                R::Emergency,
                "",
                Some("2026-04-20T17:30:00Z"),
                Female,
                "you opened it without a link and said why until 6:30pm",
            ),
            (
                R::Referral,
                "",
                Some("2026-06-01T23:00:00Z"),
                Unknown,
                "they were referred to your organisation until 1 June",
            ),
        ] {
            assert_eq!(
                said(kind, capacity, ends, gender),
                format!("Shown because {words}.")
            );
        }
    }

    #[test]
    fn what_is_withheld() {
        let mut sight = Sight {
            allowed: crate::allowed_for("direct care"),
            tie: None,
            items: store::scope::ItemScope::default(),
            address: false,
            objected: vec!["mental-health".to_owned(), String::new()],
            ask_first: true,
        };
        sight.items.sectors = vec!["council".to_owned()];
        assert_eq!(
            withheld(&sight, Gender::Female),
            [
                "Withheld: she asked that mental health records are not shared.",
                "Withheld: she asked that her record is not shared.",
                "Withheld: the council's part. She has not been asked yet whether you may see it.",
                "Withheld: where she lives and how to reach her. It is protected.",
            ]
        );
        sight.objected.clear();
        sight.address = true;
        sight.ask_first = false;
        assert_eq!(withheld(&sight, Gender::Female), Vec::<String>::new());
    }
}
