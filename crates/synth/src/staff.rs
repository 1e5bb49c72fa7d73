//! The people who work in Barsetshire: a few names for each team. All fictional.

use crate::dice::Dice;
use crate::organisations::Organisations;
use kernel::OrganisationId;

/// A person at work: name, what they do, and for whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Worker {
    /// Name.
    pub name: &'static str,
    /// What they do, in lower case.
    pub job: &'static str,
    /// Whom they work for.
    pub organisation: OrganisationId,
}

/// Everybody who is named as an owner, an author or an editor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staff {
    /// All of them.
    pub all: Vec<Worker>,
}

impl Staff {
    /// The staff of the place.
    pub(crate) fn of(places: &Organisations) -> Self {
        let rows: [(OrganisationId, &[(&'static str, &'static str)]); 11] = [
            (places.hub, HUB),
            (places.hospital_team, SOCIAL_WORKERS),
            (places.reablement, REABLEMENT),
            (places.therapy, THERAPISTS),
            (
                places.equipment,
                &[
                    ("Dev Mistry", "equipment officer"),
                    ("Joan Pratt", "driver"),
                ],
            ),
            (
                places.continuing_care,
                &[
                    ("Ruth Oduya", "continuing healthcare nurse"),
                    ("Alan Crosby", "funding officer"),
                ],
            ),
            (
                places.housing[0],
                &[("Stella Marsh", "housing options officer")],
            ),
            (
                places.housing[1],
                &[("Kevin Doyle", "housing options officer")],
            ),
            (places.infirmary, HOSPITAL),
            (
                places.community_hospital,
                &[
                    ("Bridget Nolan", "ward sister"),
                    ("Samir Aziz", "discharge co-ordinator"),
                    ("Dr Helen Frost", "consultant"),
                ],
            ),
            (
                places.county,
                &[
                    ("Paula Greaves", "duty manager"),
                    ("Omar Sheikh", "brokerage officer"),
                ],
            ),
        ];
        let mut all: Vec<Worker> = rows
            .iter()
            .flat_map(|(organisation, people)| {
                people
                    .iter()
                    .map(|(name, job)| worker(name, job, *organisation))
            })
            .collect();
        let neighbours = [
            ("Martin Hale", "duty social worker"),
            ("Chloe Bright", "duty social worker"),
        ];
        for (organisation, (name, job)) in places.neighbours.iter().zip(neighbours) {
            all.push(worker(name, job, *organisation));
        }
        let homes = places
            .home_care
            .iter()
            .chain(&places.care_homes)
            .chain(&places.nursing_homes);
        for (organisation, name) in homes.zip(MANAGERS.iter().cycle()) {
            all.push(worker(name, "manager", *organisation));
        }
        Self { all }
    }

    /// Somebody of an organisation, by chance; `None` if nobody works there.
    pub(crate) fn one_of(&self, dice: &mut Dice, organisation: OrganisationId) -> Option<&Worker> {
        let there: Vec<&Worker> = self
            .all
            .iter()
            .filter(|one| one.organisation == organisation)
            .collect();
        dice.pick(&there).copied()
    }
}

fn worker(name: &'static str, job: &'static str, organisation: OrganisationId) -> Worker {
    Worker {
        name,
        job,
        organisation,
    }
}

const HUB: &[(&str, &str)] = &[
    ("Grace Tolley", "hub lead"),
    ("Imran Siddiq", "hub co-ordinator"),
    ("Nina Kowal", "hub co-ordinator"),
    ("Peter Lamb", "hub nurse"),
];
const SOCIAL_WORKERS: &[(&str, &str)] = &[
    ("Priya Nair", "social worker"),
    ("Tom Eccles", "social worker"),
    ("Abena Asante", "social worker"),
    ("Judith Parry", "senior social worker"),
    ("Callum Reid", "social care assessor"),
];
const REABLEMENT: &[(&str, &str)] = &[
    ("Wendy Slater", "reablement organiser"),
    ("Kofi Danso", "reablement organiser"),
];
const THERAPISTS: &[(&str, &str)] = &[
    ("Mei Chan", "occupational therapist"),
    ("Hugh Barlow", "physiotherapist"),
    ("Zainab Malik", "occupational therapist"),
];
const HOSPITAL: &[(&str, &str)] = &[
    ("Fiona Kerr", "ward sister"),
    ("Raj Patel", "discharge co-ordinator"),
    ("Olive Byrne", "discharge co-ordinator"),
    ("Dr Simon Ashby", "consultant"),
    ("Dr Yemi Okafor", "registrar"),
    ("Lucy Tang", "pharmacist"),
];
const MANAGERS: &[&str] = &[
    "Carol Mason",
    "Dean Whitfield",
    "Esther Boateng",
    "Frances Hope",
    "Gita Desai",
    "Harold Quinn",
    "Irene Walton",
    "Jacek Mazur",
    "Kate Rowe",
    "Liam Norris",
    "Maria Popa",
    "Nigel Hart",
    "Oonagh Lynch",
    "Paul Stokes",
    "Rose Gardner",
    "Sheila Banks",
    "Tariq Rana",
    "Una Francis",
    "Vera Field",
];
