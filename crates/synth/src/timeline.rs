//! What happened to each person in the year, as health and council know it, and
//! the documents that came with it.

use crate::board::at;
use crate::notices::NoticeRecord;
use crate::organisations::Organisations;
use crate::pdf;
use crate::people::Resident;
use crate::stays::{Scene, StayRecord};
use flow::{NoticeKind, Pathway};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use kernel::{DocumentId, OrganisationId, TimelineId};
use std::borrow::Cow;

/// One line of a person's timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its id.
    pub id: TimelineId,
    /// Number of the person in the place's list.
    pub person_index: usize,
    /// The day it happened.
    pub day: Date,
    /// The instant, where that is known.
    pub instant: Option<Timestamp>,
    /// What kind of thing: the type of resource where there is one, or a few words.
    pub kind: Cow<'static, str>,
    /// What it was, in words.
    pub title: Cow<'static, str>,
    /// `nhs` or `council`.
    pub sector: &'static str,
    /// Whose record it is from.
    pub source: OrganisationId,
    /// When it arrived in the place's record.
    pub received_at: Timestamp,
    /// Number of the notice it was read from, if any.
    pub notice_index: Option<usize>,
    /// Number of the stay it belongs to, if any.
    pub stay_index: Option<usize>,
    /// Number of the document it holds, if any.
    pub document_index: Option<usize>,
}

/// A document that came with a notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Its id.
    pub id: DocumentId,
    /// Number of the person in the place's list.
    pub person_index: usize,
    /// Number of the notice it came with.
    pub notice_index: usize,
    /// Title.
    pub title: String,
    /// A PDF.
    pub bytes: Vec<u8>,
}

/// Makes the timelines, ordered by person, and the documents.
pub(crate) fn make(
    scene: &mut Scene,
    people: &[Resident],
    stays: &[StayRecord],
    notices: &[NoticeRecord],
) -> (Vec<Item>, Vec<Document>) {
    let mut maker = Maker {
        scene,
        items: Vec::new(),
        documents: Vec::new(),
    };
    let (mut stay, mut notice) = (0, 0);
    for (person, resident) in people.iter().enumerate() {
        let first_stay = stay;
        maker.everyday(person, resident);
        while stays
            .get(stay)
            .is_some_and(|record| record.person_index == person)
        {
            maker.of_stay(person, resident, stay, &stays[stay]);
            stay += 1;
        }
        while notices
            .get(notice)
            .is_some_and(|record| record.person_index == person)
        {
            maker.of_notice(
                resident,
                notice,
                &notices[notice],
                &stays[notices[notice].stay_index],
            );
            notice += 1;
        }
        if stay > first_stay || resident.age >= 80 {
            maker.council(person, resident);
        }
    }
    (maker.items, maker.documents)
}

struct Maker<'a, 'b> {
    scene: &'a mut Scene<'b>,
    items: Vec<Item>,
    documents: Vec<Document>,
}

/// Contacts with the surgery: what for, and from which age.
const CONTACTS: &[(i64, &str)] = &[
    (0, "Cough and sore throat"),
    (0, "Skin rash"),
    (0, "Ear pain"),
    (16, "Low mood"),
    (16, "Back pain"),
    (16, "Blood test results"),
    (18, "Medicines review"),
    (40, "Blood pressure check"),
    (40, "Diabetes review"),
    (50, "Knee pain"),
    (60, "Chest infection"),
    (65, "Fall at home"),
    (65, "Memory concern"),
    (70, "Home visit: breathless"),
    (75, "Frailty review"),
];
/// Medicines started or changed, and from which age.
const MEDICINES: &[(i64, &str)] = &[
    (18, "Sertraline 50 mg tablets"),
    (18, "Salbutamol 100 microgram inhaler"),
    (40, "Metformin 500 mg tablets"),
    (40, "Atorvastatin 20 mg tablets"),
    (45, "Amlodipine 5 mg tablets"),
    (45, "Omeprazole 20 mg capsules"),
    (65, "Apixaban 5 mg tablets"),
    (65, "Bisoprolol 2.5 mg tablets"),
    (65, "Furosemide 40 mg tablets"),
    (75, "Donepezil 10 mg tablets"),
];
/// Care package lines by how it goes.
const CARE: &[&str] = &[
    "Home care: 2 visits a day",
    "Home care: 3 visits a day",
    "Home care: 4 visits a day by two carers",
    "Day centre: 2 days a week",
    "Meals at home: 5 days a week",
    "Telecare: pendant alarm",
];

impl Maker<'_, '_> {
    fn add(
        &mut self,
        person: usize,
        day: Date,
        kind: &'static str,
        title: impl Into<Cow<'static, str>>,
        sector: &'static str,
        source: OrganisationId,
    ) -> Option<&mut Item> {
        // It arrives in the evening of the day, or now if that is still to come.
        let received_at = at(day, 19, 30).min(self.scene.now);
        self.items.push(Item {
            id: TimelineId::new(self.scene.dice.id()),
            person_index: person,
            day,
            instant: None,
            kind: Cow::Borrowed(kind),
            title: title.into(),
            sector,
            source,
            received_at,
            notice_index: None,
            stay_index: None,
            document_index: None,
        });
        self.items.last_mut()
    }

    /// A day in the year before today, and not after the person's death.
    fn day(&mut self, resident: &Resident) -> Date {
        let day = self
            .scene
            .today
            .saturating_sub(self.scene.dice.between(1, 364).days());
        let born = resident.person.birth_date.unwrap_or(day);
        day.min(resident.person.died_on.unwrap_or(day)).max(born)
    }

    /// Somebody of an age sees one of the things that start by that age.
    fn fits(&mut self, age: i64, list: &[(i64, &'static str)]) -> &'static str {
        let fits: Vec<&str> = list
            .iter()
            .filter(|(from, _)| *from <= age)
            .map(|(_, what)| *what)
            .collect();
        // Later entries suit older people better.
        let chosen = self
            .scene
            .dice
            .index(fits.len())
            .max(self.scene.dice.index(fits.len()));
        fits.get(chosen).copied().unwrap_or("Check-up")
    }

    fn everyday(&mut self, person: usize, resident: &Resident) {
        let surgery = practice(self.scene.organisations, resident);
        let contacts = match resident.age {
            ..5 => self.scene.dice.between(1, 4),
            5..40 => self.scene.dice.between(0, 3),
            40..65 => self.scene.dice.between(1, 5),
            _ => self.scene.dice.between(2, 8),
        };
        for _ in 0..contacts {
            let (day, what) = (self.day(resident), self.fits(resident.age, CONTACTS));
            self.add(person, day, "GP contact", what, "nhs", surgery);
        }
        if resident.age >= 18 {
            let changes = self
                .scene
                .dice
                .below(if resident.age >= 65 { 4 } else { 2 });
            for _ in 0..changes {
                let (day, what) = (self.day(resident), self.fits(resident.age, MEDICINES));
                self.add(person, day, "MedicationRequest", what, "nhs", surgery);
            }
        }
        let vaccinated = if resident.age >= 65 {
            760
        } else if resident.age <= 4 {
            900
        } else {
            120
        };
        if self.scene.dice.per_mille(vaccinated) {
            let day = self.day(resident);
            let what = if resident.age <= 4 {
                "Childhood vaccinations"
            } else {
                "Flu vaccination"
            };
            self.add(person, day, "Immunization", what, "nhs", surgery);
        }
    }

    fn council(&mut self, person: usize, resident: &Resident) {
        let council = resident
            .person
            .council
            .unwrap_or(self.scene.organisations.county);
        let chance = match resident.age {
            ..18 => 0,
            18..65 => 180,
            65..80 => 350,
            _ => 550,
        };
        if !self.scene.dice.per_mille(chance) {
            return;
        }
        let day = self.day(resident);
        self.add(
            person,
            day,
            "Assessment",
            "Care Act assessment of needs",
            "council",
            council,
        );
        let starts = day.saturating_add(self.scene.dice.between(3, 25).days());
        if starts <= self.scene.today && resident.person.died_on.is_none_or(|died| starts < died) {
            let what = self.scene.dice.word(CARE);
            self.add(person, starts, "Care package", what, "council", council);
            if self.scene.dice.per_mille(400) {
                let day = starts.saturating_add(42.days());
                if day <= self.scene.today && resident.person.died_on.is_none_or(|died| day < died)
                {
                    self.add(
                        person,
                        day,
                        "Review",
                        "Six-week review of care",
                        "council",
                        council,
                    );
                }
            }
        }
        if resident.person.flags.iter().any(|flag| flag == "carer") {
            let day = self.day(resident);
            self.add(
                person,
                day,
                "Assessment",
                "Carer's assessment",
                "council",
                council,
            );
        }
    }

    fn of_stay(&mut self, person: usize, resident: &Resident, number: usize, record: &StayRecord) {
        let stay = &record.stay;
        let hospital = stay.hospital;
        let name = self.scene.organisations.name(hospital);
        let admitted = format!("Admitted to {name}, {}", stay.ward);
        if let Some(item) = self.add(
            person,
            stay.admitted_on,
            "Hospital stay",
            admitted,
            "nhs",
            hospital,
        ) {
            item.stay_index = Some(number);
        }
        if let Some(day) = stay.discharged_on {
            let died = stay.discharge_method.as_deref() == Some("4");
            let left = if died {
                format!("Died in {name}")
            } else {
                format!("Discharged from {name} to: {}", record.destination)
            };
            if let Some(item) = self.add(person, day, "Hospital stay", left, "nhs", hospital) {
                item.stay_index = Some(number);
            }
            let council = stay.council.unwrap_or(self.scene.organisations.county);
            if record.needs_care && !died && stay.pathway.map(Pathway::number) == Some(1) {
                let start = format!("{} starts", record.destination);
                self.add(person, day, "Care package", start, "council", council);
            }
            return;
        }
        let surgery = practice(self.scene.organisations, resident);
        if self.scene.dice.per_mille(300) {
            let day = stay.admitted_on;
            self.add(
                person,
                day,
                "Composition",
                "Summary of care sent to the ward",
                "nhs",
                surgery,
            );
        }
        if let (Some(ready), true) = (stay.ready_on, record.needs_care) {
            let council = stay.council.unwrap_or(self.scene.organisations.county);
            let day = ready.saturating_sub(1.days()).max(stay.admitted_on);
            let what = "Social worker met the person on the ward";
            if let Some(item) = self.add(person, day, "Contact", what, "council", council) {
                item.stay_index = Some(number);
            }
        }
    }

    fn of_notice(
        &mut self,
        resident: &Resident,
        notice_index: usize,
        record: &NoticeRecord,
        stay: &StayRecord,
    ) {
        let notice = &record.notice;
        let answer = notice.sender
            == self
                .scene
                .organisations
                .code(stay.stay.council.unwrap_or(self.scene.organisations.county));
        let council = stay.stay.council.unwrap_or(self.scene.organisations.county);
        let (sector, source) = if answer {
            ("council", council)
        } else {
            ("nhs", stay.stay.hospital)
        };
        let mut item = Item {
            id: TimelineId::new(self.scene.dice.id()),
            person_index: record.person_index,
            day: kernel::calendar::local(notice.sent_at).date(),
            instant: Some(notice.sent_at),
            kind: Cow::Borrowed(notice.kind.line()),
            title: Cow::Borrowed(notice.kind.told()),
            sector,
            source,
            received_at: notice.received_at,
            notice_index: Some(notice_index),
            stay_index: Some(record.stay_index),
            document_index: None,
        };
        self.items.push(item.clone());
        if let Some(document) = self.document(resident, notice_index, record, stay) {
            item.id = TimelineId::new(self.scene.dice.id());
            item.kind = Cow::Borrowed("Document");
            item.title = Cow::Owned(self.documents[document].title.clone());
            item.document_index = Some(document);
            self.items.push(item);
        }
    }

    /// Assessment and discharge notices of the last weeks carry a letter.
    fn document(
        &mut self,
        resident: &Resident,
        notice_index: usize,
        record: &NoticeRecord,
        stay: &StayRecord,
    ) -> Option<usize> {
        let title = match record.notice.kind {
            NoticeKind::Assessment => "Ward assessment",
            NoticeKind::Discharge => "Transfer of care letter",
            _ => return None,
        };
        let since = self
            .scene
            .now
            .duration_since(record.notice.sent_at)
            .as_hours()
            / 24;
        if since > 45 || !self.scene.dice.per_mille(600) {
            return None;
        }
        let person = &resident.person;
        let number = person
            .nhs_number
            .map_or("not known".to_owned(), |number| number.spaced());
        let lines = [
            format!(
                "{} {}, NHS number {number}",
                person.given_name, person.family_name
            ),
            format!(
                "{}, {}",
                stay.stay.ward,
                self.scene.organisations.name(stay.stay.hospital)
            ),
            String::new(),
            record.notice.free_text.clone(),
            String::new(),
            "This letter is part of a demonstration. Nobody in it exists.".to_owned(),
        ];
        self.documents.push(Document {
            id: DocumentId::new(self.scene.dice.id()),
            person_index: record.person_index,
            notice_index,
            title: title.to_owned(),
            bytes: pdf::page(title, &lines),
        });
        Some(self.documents.len() - 1)
    }
}

fn practice(organisations: &Organisations, resident: &Resident) -> OrganisationId {
    let code = resident.person.practice_code.as_deref();
    organisations
        .practice(code.unwrap_or_default())
        .unwrap_or(organisations.board)
}
