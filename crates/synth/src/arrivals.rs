//! What has just arrived: messages and records that go in through the inbox's own
//! door, and what must become of each. Some are not well, as in any inbox.

use crate::messages::message;
use crate::stays::StayRecord;
use crate::{Barsetshire, council_records, records};
use access::Actor;
use app::App;
use app::inbox::Report;
use fhir::adw::{AdwMessage, Document};
use flow::{CareType, Notice, NoticeKind, NoticeStatus};
use jiff::ToSpan;
use kernel::{NoticeId, PersonId};
use person::Person;
use store::inbox::{InboxKind, InboxState};
use uuid::Builder;

/// Something that arrives.
#[derive(Clone, PartialEq, Eq)]
pub struct Arriving {
    /// File name.
    pub name: String,
    /// Which reader takes it.
    pub kind: InboxKind,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// What must become of it.
    pub expected: InboxState,
}

/// Takes what has just arrived in through the inbox, in order.
///
/// # Errors
/// The application's.
pub fn deliver(app: &App, place: &Barsetshire) -> Result<Vec<Report>, app::Error> {
    let operator = Actor::operator();
    arriving(place)
        .iter()
        .map(|one| app.take_in(&operator, one.kind, &one.name, &one.bytes))
        .collect()
}

/// What has just arrived in a place. A small place may have no stay that suits
/// one of them; it then has fewer.
pub fn arriving(place: &Barsetshire) -> Vec<Arriving> {
    let open: Vec<&StayRecord> = place
        .stays
        .iter()
        .filter(|one| one.stay.discharged_on.is_none() && one.stay.care_type == CareType::Acute)
        .collect();
    let desk = Desk { place, open };
    let mut all = desk.records();
    all.extend(desk.council_records());
    all.extend(desk.lookalikes());
    all.extend(desk.answer());
    all.extend(desk.admission());
    all.extend(desk.later_day());
    all.extend(desk.unreadable_letter());
    all.extend(desk.wrong_number());
    all.extend(desk.other_birth_date());
    all
}

/// People whose practice sends their record.
const RECORDS: usize = 5;

/// The place's desk for what arrives, with the open stays at the infirmary.
struct Desk<'a> {
    place: &'a Barsetshire,
    open: Vec<&'a StayRecord>,
}

impl Desk<'_> {
    fn person(&self, record: &StayRecord) -> &Person {
        &self.place.people[record.person_index]
    }

    /// The records that practices keep of people who are in hospital.
    fn records(&self) -> Vec<Arriving> {
        let people = self
            .open
            .iter()
            .take(RECORDS)
            .map(|record| self.person(record));
        people
            .map(|person| Arriving {
                name: format!("practice-record-{}.json", tail(person.id)),
                kind: InboxKind::Fhir,
                bytes: records::bundle(self.place, person),
                expected: InboxState::Accepted,
            })
            .collect()
    }

    /// The records that the council keeps of some people who are in hospital.
    fn council_records(&self) -> Vec<Arriving> {
        council_records::of(self.place)
            .enumerate()
            .map(|(turn, at)| {
                let person = &self.place.people[at];
                Arriving {
                    name: format!("council-record-{}.json", tail(person.id)),
                    kind: InboxKind::Fhir,
                    bytes: council_records::bundle(self.place, person, turn),
                    expected: InboxState::Accepted,
                }
            })
            .collect()
    }

    /// Records without NHS number that are like somebody's who is here: somebody must decide.
    fn lookalikes(&self) -> Vec<Arriving> {
        let people: Vec<&Person> = self
            .open
            .iter()
            .skip(RECORDS)
            .map(|record| self.person(record))
            .filter(|person| person.birth_date.is_some_and(|born| born.day() <= 12))
            .take(3)
            .collect();
        let mut all = Vec::new();
        for (number, person) in (0_u8..).zip(people) {
            let Some(born) = person.birth_date else {
                continue;
            };
            let (mut given, mut day) = (person.given_name.clone(), born.to_string());
            match number {
                // Written by somebody in a hurry, misheard, or of a twin.
                0 => given = given.chars().take(1).collect(),
                1 => day = format!("{:04}-{:02}-{:02}", born.year(), born.day(), born.month()),
                _ => given = "Rosalind".to_owned(),
            }
            let gender = person.gender.as_str();
            let resource = serde_json::json!({
                "resourceType": "Patient",
                "id": format!("walk-in-{}", tail(person.id)),
                "name": [{"family": person.family_name, "given": [given]}],
                "gender": gender,
                "birthDate": day,
                "address": [{"line": [person.address], "postalCode": person.postcode}],
            });
            all.push(Arriving {
                name: format!("walk-in-centre-{}.json", tail(person.id)),
                kind: InboxKind::Fhir,
                bytes: resource.to_string().into_bytes(),
                expected: InboxState::Accepted,
            });
        }
        all
    }

    /// A notice about a stay, sent some minutes ago.
    fn notice(&self, record: &StayRecord, kind: NoticeKind, minutes: i64) -> Notice {
        let now = self.place.now;
        let sent_at = now.saturating_sub(minutes.minutes()).unwrap_or(now);
        let names = &self.place.organisations;
        let council = record.stay.council.unwrap_or(names.county);
        let mut seed = [0; 10];
        seed.copy_from_slice(&record.stay.id.uuid().as_bytes()[6..]);
        seed[9] = seed[9].wrapping_add(u8::try_from(minutes % 200).unwrap_or(0));
        let millis = u64::try_from(sent_at.as_millisecond()).unwrap_or(0);
        let id = Builder::from_unix_timestamp_millis(millis, &seed).into_uuid();
        Notice {
            id: NoticeId::new(id),
            message_id: id.to_string(),
            kind,
            sent_at,
            received_at: sent_at,
            sender: names.code(record.stay.hospital).to_owned(),
            receiver: names.code(council).to_owned(),
            proposed_on: None,
            responds_to: None,
            status: NoticeStatus::Sent,
            reason: None,
            free_text: "Lives alone. Will need help with washing and dressing.".to_owned(),
        }
    }

    fn message(&self, record: &StayRecord, notice: &Notice) -> AdwMessage {
        message(self.place, notice, record, self.person(record))
    }

    /// The council answers a notice that was still open.
    fn answer(&self) -> Option<Arriving> {
        let unanswered = self.place.notices.iter().find(|one| {
            let open = self.place.stays[one.stay_index]
                .stay
                .discharged_on
                .is_none();
            let asked = matches!(
                one.notice.kind,
                NoticeKind::Assessment | NoticeKind::Discharge
            );
            open && asked && one.notice.status == NoticeStatus::Sent
        })?;
        let record = &self.place.stays[unanswered.stay_index];
        let kind = match unanswered.notice.kind {
            NoticeKind::Assessment => NoticeKind::AssessmentAccept,
            _ => NoticeKind::DischargeAccept,
        };
        let mut notice = self.notice(record, kind, 25);
        std::mem::swap(&mut notice.sender, &mut notice.receiver);
        notice.responds_to = Some(unanswered.notice.message_id.clone());
        notice.free_text = String::new();
        Some(arriving_as(
            &notice,
            &self.message(record, &notice),
            InboxState::Accepted,
        ))
    }

    /// Somebody comes into hospital this morning.
    fn admission(&self) -> Option<Arriving> {
        let mut stays = self
            .place
            .stays
            .iter()
            .map(|one| one.person_index)
            .peekable();
        let at_home = (0..self.place.people.len()).find(|person| {
            while stays.next_if(|one| one < person).is_some() {}
            let never_in = stays.peek() != Some(person);
            let age = self.place.people[*person].age_on(self.place.today);
            never_in && age.is_some_and(|age| age >= 75)
        })?;
        let mut record = (*self.open.first()?).clone();
        record.person_index = at_home;
        record.stay.admitted_on = self.place.today;
        record.stay.council = self.place.people[at_home].council;
        // Above every number that the place gives its own stays.
        record.source_key = "BARSETHO01-9000001".to_owned();
        let mut notice = self.notice(&record, NoticeKind::Admission, 45);
        notice.free_text = "Brought in by ambulance this morning after a fall.".to_owned();
        Some(arriving_as(
            &notice,
            &self.message(&record, &notice),
            InboxState::Accepted,
        ))
    }

    /// A new day of discharge for somebody who is not ready yet.
    fn later_day(&self) -> Option<Arriving> {
        let record = self.open.iter().find(|one| one.stay.ready_on.is_none())?;
        let mut notice = self.notice(record, NoticeKind::Discharge, 35);
        notice.proposed_on = Some(self.place.today.saturating_add(3.days()));
        Some(arriving_as(
            &notice,
            &self.message(record, &notice),
            InboxState::Accepted,
        ))
    }

    /// An assessment notice whose letter was damaged on the way.
    fn unreadable_letter(&self) -> Option<Arriving> {
        let record = self
            .open
            .iter()
            .filter(|one| one.stay.ready_on.is_none())
            .nth(1)?;
        let notice = self.notice(record, NoticeKind::Assessment, 30);
        let mut message = self.message(record, &notice);
        message.documents.push(Document {
            title: "Ward assessment".to_owned(),
            media_type: "application/pdf".to_owned(),
            bytes: crate::pdf::page("Ward assessment", &[]),
        });
        let mut arriving = arriving_as(&notice, &message, InboxState::Partly);
        // The beginning of every PDF in base64, with a letter that base64 has not.
        arriving.replace("JVBERi0xLjQ", "JVBERi0x?jQ");
        Some(arriving)
    }

    /// An assessment notice whose NHS number has a wrong last digit.
    fn wrong_number(&self) -> Option<Arriving> {
        let record = self
            .open
            .iter()
            .filter(|one| one.stay.ready_on.is_none())
            .nth(2)?;
        let notice = self.notice(record, NoticeKind::Assessment, 20);
        let mut arriving = arriving_as(
            &notice,
            &self.message(record, &notice),
            InboxState::Rejected,
        );
        let number = self.person(record).nhs_number?.to_string();
        let (first, last) = number.split_at(9);
        let last = (last.parse::<u8>().ok()? + 1) % 10;
        arriving.replace(&number, &format!("{first}{last}"));
        Some(arriving)
    }

    /// An assessment notice with another date of birth than ours.
    fn other_birth_date(&self) -> Option<Arriving> {
        let record = self
            .open
            .iter()
            .filter(|one| one.stay.ready_on.is_none())
            .nth(3)?;
        let notice = self.notice(record, NoticeKind::Assessment, 15);
        let mut message = self.message(record, &notice);
        message.patient.birth_date = message
            .patient
            .birth_date
            .map(|date| date.saturating_sub(1.years()));
        Some(arriving_as(&notice, &message, InboxState::Review))
    }
}

fn arriving_as(notice: &Notice, message: &AdwMessage, expected: InboxState) -> Arriving {
    Arriving {
        name: crate::messages::file_name(notice),
        kind: InboxKind::Adw,
        bytes: fhir::adw::write(message).into_bytes(),
        expected,
    }
}

impl Arriving {
    /// Puts one text in the stead of another, wherever it stands.
    fn replace(&mut self, from: &str, to: &str) {
        self.bytes = String::from_utf8_lossy(&self.bytes)
            .replace(from, to)
            .into_bytes();
    }
}

/// The last characters of an id, for a file name.
fn tail(id: PersonId) -> String {
    id.to_string().split_off(28)
}
