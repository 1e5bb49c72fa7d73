//! Files for one load: made-up people as NDJSON, or their admission notices.

use crate::people;
use anyhow::{Context, Result, ensure};
use std::collections::BTreeSet;
use std::path::PathBuf;

/// Patients in one NDJSON file; each has an observation beside it. More than one
/// transaction's worth of records.
const PATIENTS: usize = 260;
/// NDJSON files of one load.
const NDJSON_FILES: usize = 3;
/// Notices of one load, a file each.
const NOTICES: usize = 40;

/// What a batch is of, as `almoner load` names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Patients and observations.
    Fhir,
    /// Admission notices.
    Adw,
}

impl Kind {
    /// The word on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Fhir => "fhir",
            Self::Adw => "adw",
        }
    }
}

/// One file and what must be in the store once it was acknowledged.
pub struct File {
    /// Where it is.
    pub path: PathBuf,
    /// Records in it.
    pub records: u64,
    /// Numbers of the made-up people in it.
    pub people: Vec<usize>,
    /// Ids of the messages in it.
    pub messages: Vec<String>,
}

/// An admission notice of the demonstration place, to be made others'.
pub struct Template {
    /// The message.
    pub xml: String,
    /// Its id.
    pub message_id: String,
    /// NHS number of whom it is about.
    pub nhs_number: String,
    /// The hospital's key of the stay, without the hospital's code.
    pub stay_key: String,
}

/// Makes files of people that nobody has loaded yet.
pub struct Maker {
    /// Where they go.
    pub folder: tempfile::TempDir,
    /// NHS numbers of people of the place, whom loads leave alone.
    pub taken: BTreeSet<String>,
    /// What notices are made from.
    pub template: Template,
    next: usize,
}

impl Maker {
    /// A maker over a place's own numbers and one of its notices.
    pub fn new(taken: BTreeSet<String>, template: Template) -> Result<Self> {
        let known = [
            &template.message_id,
            &template.nhs_number,
            &template.stay_key,
        ];
        ensure!(
            known
                .iter()
                .all(|text| !text.is_empty() && template.xml.contains(text.as_str())),
            "the template holds its own id, number and key"
        );
        Ok(Self {
            folder: tempfile::tempdir()?,
            taken,
            template,
            next: 0,
        })
    }

    /// The files of one load.
    pub fn make(&mut self, kind: Kind) -> Result<Vec<File>> {
        let count = match kind {
            Kind::Fhir => NDJSON_FILES,
            Kind::Adw => NOTICES,
        };
        (0..count)
            .map(|_| match kind {
                Kind::Fhir => self.ndjson(),
                Kind::Adw => self.notice(),
            })
            .collect()
    }

    fn person(&mut self) -> Result<usize> {
        loop {
            let person = self.next;
            self.next += 1;
            if !self
                .taken
                .contains(&people::nhs_number(person)?.to_string())
            {
                return Ok(person);
            }
        }
    }

    fn ndjson(&mut self) -> Result<File> {
        let people = (0..PATIENTS)
            .map(|_| self.person())
            .collect::<Result<Vec<_>>>()?;
        let first = people.first().context("a file has people")?;
        let path = self.folder.path().join(format!("people-{first}.ndjson"));
        std::fs::write(&path, people::ndjson(&people)?)?;
        Ok(File {
            path,
            records: PATIENTS as u64 * 2,
            people,
            messages: Vec::new(),
        })
    }

    fn notice(&mut self) -> Result<File> {
        let person = self.person()?;
        let number = people::nhs_number(person)?.to_string();
        let id = format!("01a00000-0000-7000-8000-{person:012x}");
        let xml = self
            .template
            .xml
            .replace(&self.template.message_id, &id)
            .replace(&self.template.nhs_number, &number)
            .replace(
                &format!("\"{}\"", self.template.stay_key),
                &format!("\"trial-{person}\""),
            );
        let path = self.folder.path().join(format!("admission-{person}.xml"));
        std::fs::write(&path, xml)?;
        Ok(File {
            path,
            records: 1,
            people: Vec::new(),
            messages: vec![id],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn maker() -> Maker {
        let taken = [people::nhs_number(1).unwrap().to_string()].into();
        let template = Template {
            xml: "<id value=\"abc\"/><value value=\"9990000018\"/><value value=\"07\"/>".to_owned(),
            message_id: "abc".to_owned(),
            nhs_number: "9990000018".to_owned(),
            stay_key: "07".to_owned(),
        };
        Maker::new(taken, template).unwrap()
    }

    #[test]
    fn people_of_the_place_are_left_alone() {
        let mut maker = maker();
        let people: Vec<usize> = (0..3).map(|_| maker.person().unwrap()).collect();
        assert_eq!(people, [0, 2, 3]);
    }

    #[test]
    fn a_notice_is_somebody_elses() {
        let mut maker = maker();
        let files = maker.make(Kind::Adw).unwrap();
        let text = std::fs::read_to_string(&files[1].path).unwrap();
        assert!(text.contains(&files[1].messages[0]) && text.contains("\"trial-2\""));
        assert!(!text.contains("abc") && !text.contains("9990000018"));
        assert_eq!(files.len(), NOTICES);
    }
}
