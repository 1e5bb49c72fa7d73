//! Organisations as the NHS Organisation Data Service (ODS) lists them.
//!
//! Source: ODS CSV files as NHS England publishes them: 27 columns without headings; code, name,
//! address, postcode, day of opening and of closing stand in the same columns of every file.
//!
//! In words: what an organisation is follows from the file it stands in. Names are published in
//! capitals and are shown as they are spoken.

use jiff::civil::Date;

/// What an organisation is listed as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ListedAs {
    /// A GP practice.
    Practice,
    /// Another prescriber, such as a clinic or an out-of-hours service.
    Prescriber,
    /// An NHS trust or care trust.
    Trust,
    /// A site of a trust, such as a hospital.
    Site,
    /// A pharmacy or another dispenser.
    Pharmacy,
    /// A care home.
    CareHome,
    /// A hospice.
    Hospice,
    /// A dental practice.
    Dentist,
    /// An optician.
    Optician,
    /// An independent provider of health care, or a site of one.
    Independent,
}

/// What is listed in which file: its name as published, without ending.
const FILES: [(&str, ListedAs); 14] = [
    ("epraccur", ListedAs::Practice),
    ("etr", ListedAs::Trust),
    ("ets", ListedAs::Site),
    ("ect", ListedAs::Trust),
    ("ectsite", ListedAs::Site),
    ("edispensary", ListedAs::Pharmacy),
    ("ecarehomehq", ListedAs::CareHome),
    ("ecarehomesite", ListedAs::CareHome),
    ("ehospice", ListedAs::Hospice),
    ("egdpprac", ListedAs::Dentist),
    ("eopthq", ListedAs::Optician),
    ("eoptsite", ListedAs::Optician),
    ("ephp", ListedAs::Independent),
    ("ephpsite", ListedAs::Independent),
];

impl ListedAs {
    /// Every value.
    pub const ALL: [Self; 10] = [
        Self::Practice,
        Self::Prescriber,
        Self::Trust,
        Self::Site,
        Self::Pharmacy,
        Self::CareHome,
        Self::Hospice,
        Self::Dentist,
        Self::Optician,
        Self::Independent,
    ];

    /// The text it is kept as.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Practice => "practice",
            Self::Prescriber => "prescriber",
            Self::Trust => "trust",
            Self::Site => "site",
            Self::Pharmacy => "pharmacy",
            Self::CareHome => "care home",
            Self::Hospice => "hospice",
            Self::Dentist => "dentist",
            Self::Optician => "optician",
            Self::Independent => "independent provider",
        }
    }

    /// Reads the text back.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }

    /// What stands in a file of this name: the name as published, with or without something
    /// after it such as a date (`epraccur-2026-11.csv`).
    pub fn of_file(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let end = name
            .find(|c: char| !c.is_ascii_alphabetic())
            .unwrap_or(name.len());
        let stem = name.get(..end)?;
        FILES
            .iter()
            .find(|(file, _)| *file == stem)
            .map(|one| one.1)
    }

    /// Names of the files that are known, for a message.
    pub fn files() -> String {
        let names: Vec<String> = FILES
            .iter()
            .map(|(name, _)| format!("{name}.csv"))
            .collect();
        names.join(", ")
    }
}

/// An organisation as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its ODS code.
    pub code: String,
    /// What it is.
    pub listed_as: ListedAs,
    /// Its name as published.
    pub name: String,
    /// Its address, parted by commas.
    pub address: String,
    /// Its postcode.
    pub postcode: String,
    /// Its telephone.
    pub telephone: String,
    /// Day of opening.
    pub opened_on: Option<Date>,
    /// Day of closing, also one to come.
    pub closed_on: Option<Date>,
}

impl Listed {
    /// Whether it has closed by a day.
    pub fn has_closed(&self, today: Date) -> bool {
        self.closed_on.is_some_and(|day| day <= today)
    }
}

/// Words that stay in capitals.
const CAPITALS: [&str; 8] = ["NHS", "GP", "ICB", "UK", "PCN", "II", "III", "CIC"];
/// Words that are small inside a name.
const SMALL: [&str; 9] = ["of", "and", "the", "at", "in", "on", "for", "upon", "with"];

/// A name in capitals as it is spoken: "THE SURGERY AT ST JOHN'S" is "The Surgery at St John's".
/// A name that is not all capitals stays as it is.
pub fn spoken_name(published: &str) -> String {
    if published.chars().any(char::is_lowercase) {
        return published.to_owned();
    }
    let words = published.split_whitespace().enumerate();
    let spoken: Vec<String> = words.map(|(at, word)| spoken_word(word, at == 0)).collect();
    spoken.join(" ")
}

fn spoken_word(word: &str, first: bool) -> String {
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
    if CAPITALS.contains(&bare) {
        return word.to_owned();
    }
    let lower = word.to_lowercase();
    if !first && SMALL.contains(&lower.as_str()) {
        return lower;
    }
    let mut spoken = String::with_capacity(word.len());
    // Letters since the last mark, to tell O'NEILL from JOHN'S.
    let mut letters = 0;
    let mut raise = true;
    for letter in lower.chars() {
        if letter.is_alphanumeric() {
            if raise {
                spoken.extend(letter.to_uppercase());
            } else {
                spoken.push(letter);
            }
            letters += 1;
            raise = false;
        } else {
            raise = letter != '\'' || letters == 1;
            letters = 0;
            spoken.push(letter);
        }
    }
    spoken
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_shown_as_they_are_spoken() {
        for (published, spoken) in [
            ("THE SURGERY AT ST JOHN'S", "The Surgery at St John's"),
            ("BARSET NHS FOUNDATION TRUST", "Barset NHS Foundation Trust"),
            ("DR O'NEILL & PARTNERS", "Dr O'Neill & Partners"),
            ("STOKE-BY-WATER (BRANCH)", "Stoke-By-Water (Branch)"),
            ("Already Spoken NHS", "Already Spoken NHS"),
            ("", ""),
        ] {
            assert_eq!(spoken_name(published), spoken);
        }
    }

    #[test]
    fn a_file_is_known_by_its_name() {
        for (name, expected) in [
            ("epraccur.csv", Some(ListedAs::Practice)),
            ("EPRACCUR-2026-11.CSV", Some(ListedAs::Practice)),
            ("ets.csv", Some(ListedAs::Site)),
            ("etr.csv", Some(ListedAs::Trust)),
            ("edispensary.csv", Some(ListedAs::Pharmacy)),
            ("services.csv", None),
            ("", None),
        ] {
            assert_eq!(ListedAs::of_file(name), expected, "{name}");
        }
        for one in ListedAs::ALL {
            assert_eq!(ListedAs::parse(one.as_str()), Some(one));
        }
    }
}
