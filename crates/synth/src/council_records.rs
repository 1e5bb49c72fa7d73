//! What the council keeps of one person as a FHIR R4 bundle, and what some people say of
//! themselves.

use crate::Barsetshire;
use crate::records::identifier;
use app::{App, Error};
use jiff::civil::Date;
use jiff::{SignedDuration, ToSpan};
use person::{Gender, Person};
use serde_json::{Value, json};
use store::Tx;
use store::about_me::{self, Said};

/// Things to know at once, by turns.
const ALERTS: &[&str] = &[
    "Falls at night: leave the hall light on",
    "Deaf in the right ear: speak to the left",
    "Key safe by the back door: ring the daughter for the number",
];
/// Who is at home, by turns.
const FAMILY: &[(&str, &str)] = &[
    ("Daughter", "Rosamund"),
    ("Son", "Septimus"),
    ("Neighbour", "Lily"),
];
/// Packages of care, by turns.
const PACKAGES: &[&str] = &[
    "Two visits a day: washing, dressing, a hot meal",
    "Three visits a day and a pendant alarm",
    "Meals at home five days a week",
];
/// What they want of it, by turns.
const HOPES: &[&str] = &[
    "To sleep in my own bed and play the piano again",
    "To walk to the green and feed the ducks",
    "To look after my own roses",
];

/// The bundle of a person, who is the `turn`th of those who have one.
pub(crate) fn bundle(place: &Barsetshire, person: &Person, turn: usize) -> Vec<u8> {
    let names = &place.organisations;
    let tail = person.id.to_string().split_off(24);
    let id = |what: &str| format!("{what}-{tail}");
    let council = person.council.unwrap_or(names.county);
    let organisation = json!({"reference": format!("Organization/{}", id("council"))});
    let patient = json!({"reference": format!("Patient/{}", id("client"))});
    let day = |days: i64| place.today.saturating_sub(days.days()).to_string();
    let (tie, given) = FAMILY[turn % FAMILY.len()];
    let hub = names.name(names.hospital_team);
    let resources = [
        json!({"resourceType": "Organization", "id": id("council"), "name": names.name(council)}),
        json!({
            "resourceType": "Patient",
            "id": id("client"),
            "identifier": [identifier(person, &tail)],
            "name": [{
                "use": "official", "family": person.family_name, "given": [person.given_name]
            }],
            "gender": person.gender.as_str(),
            "birthDate": person.birth_date.map(|day| day.to_string()),
            "address": [{"text": person.address, "postalCode": person.postcode}],
            "managingOrganization": organisation
        }),
        json!({
            "resourceType": "Flag", "id": id("flag"), "status": "active",
            "category": [{"text": "Safety"}], "code": {"text": ALERTS[turn % ALERTS.len()]},
            "subject": patient, "period": {"start": day(200)}, "author": organisation
        }),
        json!({
            "resourceType": "RelatedPerson", "id": id("family"), "active": true,
            "patient": patient, "relationship": [{"text": tie}],
            "name": [{"text": format!("{given} {}", person.family_name)}],
            // A number of Ofcom's range for drama.
            "telecom": [{"system": "phone", "value": format!("01632 9601{turn:02}")}]
        }),
        json!({
            "resourceType": "CareTeam", "id": id("team"), "status": "active",
            "name": "Home from hospital", "subject": patient, "period": {"start": day(4)},
            "managingOrganization": [organisation],
            "participant": [
                {
                    "role": [{"text": "Care co-ordinator"}],
                    "member": {"display": "Priya Nair"}, "onBehalfOf": {"display": hub}
                },
                {
                    "role": [{"text": "Occupational therapist"}],
                    "member": {"display": "Adela Gauntlet"},
                    "onBehalfOf": {"display": names.name(council)}
                }
            ]
        }),
        json!({
            "resourceType": "CarePlan", "id": id("package"), "status": "active",
            "intent": "order", "title": "Home care package", "subject": patient,
            "period": {"start": day(150)}, "author": with_name(&organisation, names.name(council)),
            "activity": [{"detail": {
                "status": "on-hold", "description": PACKAGES[turn % PACKAGES.len()]
            }}]
        }),
        json!({
            "resourceType": "CarePlan", "id": id("plan"), "status": "active", "intent": "plan",
            "title": "Care and support plan", "description": HOPES[turn % HOPES.len()],
            "subject": patient, "period": {"start": day(150)},
            "author": with_name(&organisation, names.name(council))
        }),
        json!({
            "resourceType": "Appointment", "id": id("visit"), "status": "booked",
            "description": "Home visit: is the house ready?",
            "start": at_ten(place.today.saturating_add(2.days())),
            "end": at_ten(place.today.saturating_add(2.days())),
            "participant": [
                {"actor": patient, "status": "accepted"},
                {"actor": with_name(&organisation, names.name(council)), "status": "accepted"}
            ]
        }),
    ];
    let entries: Vec<Value> = resources
        .into_iter()
        .map(|resource| json!({"resource": resource}))
        .collect();
    json!({"resourceType": "Bundle", "type": "collection", "entry": entries})
        .to_string()
        .into_bytes()
}

fn at_ten(day: Date) -> String {
    format!("{day}T10:00:00Z")
}

fn with_name(reference: &Value, name: &str) -> Value {
    json!({"reference": reference["reference"], "display": name})
}

/// What people say of themselves: heading and words, by turns.
const OWN: &[&[(&str, &str)]] = &[
    &[
        (
            "important",
            "My piano and my cat, Meg. I like to know who is coming before they come.",
        ),
        (
            "communicate",
            "I hear better on the left. Please sit down and do not shout.",
        ),
        (
            "do-and-do-not",
            "Please open the curtains first thing.\nPlease don’t call me dear.",
        ),
        (
            "support",
            "Mornings are slow. I can wash my face; I need help with my back and feet.",
        ),
    ],
    &[
        (
            "important",
            "Being outside every day, whatever the weather.",
        ),
        (
            "people",
            "My neighbour Lily has the key and rings me at nine.",
        ),
        (
            "wellness",
            "On a good day I do the crossword. If I leave it, I am not well.",
        ),
    ],
    &[
        ("important", "My garden. Ask me about the roses."),
        ("also", "I was a bus driver in Barchester for thirty years."),
    ],
];

/// Writes down what some people say of themselves.
pub(crate) fn own_words(app: &App, tx: &mut dyn Tx, place: &Barsetshire) -> Result<(), Error> {
    for (turn, at) in of(place).enumerate() {
        let person = &place.people[at];
        for (heading, words) in OWN[turn % OWN.len()] {
            let written_at = app.now() - SignedDuration::from_hours(24 * 60);
            let said = Said {
                person: person.id,
                heading: (*heading).to_owned(),
                words: (*words).to_owned(),
                written_at,
                written_by: format!("{} {}", person.given_name, person.family_name),
                helped_by: match person.gender {
                    Gender::Male => "a volunteer of the Barchester Carers Centre".to_owned(),
                    _ => String::new(),
                },
            };
            about_me::add(tx, &said)?;
        }
    }
    Ok(())
}

/// Numbers of the people who have such a record: some of those in hospital. Who asked that
/// nothing is shared is not among them.
pub(crate) fn of(place: &Barsetshire) -> impl Iterator<Item = usize> {
    let open = place
        .stays
        .iter()
        .filter(|one| one.stay.discharged_on.is_none())
        .map(|one| one.person_index);
    open.enumerate()
        .filter(|(number, _)| *number != 1)
        .map(|(_, at)| at)
        .take(4)
}
