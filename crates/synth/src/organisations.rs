//! The organisations of Barsetshire and its neighbours. All are fictional.
//!
//! Codes: `BARSET` and four more characters. A code of the NHS Organisation
//! Data Service has at most nine characters and never starts with six letters,
//! so none of these can be, or become, a real organisation's code.

use crate::dice::Dice;
use kernel::OrganisationId;

/// A trust, hospital, ward, council, board, provider, practice or team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organisation {
    /// Its id.
    pub id: OrganisationId,
    /// `trust`, `hospital`, `ward`, `council`, `board`, `provider`, `practice` or `team`.
    pub kind: &'static str,
    /// Its fictional code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The organisation it belongs to.
    pub parent: Option<OrganisationId>,
}

/// The organisations, with those that the rest of the place refers to by role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organisations {
    /// All of them; a parent always comes before its children.
    pub all: Vec<Organisation>,
    /// Barsetshire County Council.
    pub county: OrganisationId,
    /// The two neighbouring councils.
    pub neighbours: [OrganisationId; 2],
    /// Barsetshire Integrated Care Board.
    pub board: OrganisationId,
    /// Barchester Hospitals Trust.
    pub acute_trust: OrganisationId,
    /// St Ewold's Community Trust.
    pub community_trust: OrganisationId,
    /// Barchester Royal Infirmary.
    pub infirmary: OrganisationId,
    /// Plumstead Community Hospital.
    pub community_hospital: OrganisationId,
    /// The care transfer hub.
    pub hub: OrganisationId,
    /// The county's social work team in the hospital.
    pub hospital_team: OrganisationId,
    /// The county's reablement service.
    pub reablement: OrganisationId,
    /// The therapy team of the community trust.
    pub therapy: OrganisationId,
    /// The equipment store.
    pub equipment: OrganisationId,
    /// The board's continuing healthcare team.
    pub continuing_care: OrganisationId,
    /// The housing teams of the two districts, west and east.
    pub housing: [OrganisationId; 2],
    /// Home care providers.
    pub home_care: Vec<OrganisationId>,
    /// Care homes without nursing.
    pub care_homes: Vec<OrganisationId>,
    /// Care homes with nursing.
    pub nursing_homes: Vec<OrganisationId>,
    /// Codes of the practices, with each one's town.
    pub practices: Vec<(String, &'static str)>,
    /// Wards of the infirmary.
    pub acute_wards: Vec<(String, OrganisationId)>,
    /// Wards of the community hospital.
    pub community_wards: Vec<(String, OrganisationId)>,
}

const HOME_CARE: &[&str] = &[
    "Allington Home Care Co-operative",
    "Chaldicotes Care at Home",
    "Framley Home Care",
    "Hogglestock Home Support",
    "Puddingdale Domiciliary Care",
    "Silverbridge Care at Home",
    "Ullathorne Home Care",
    "West Barset Home Support",
];
const CARE_HOMES: &[&str] = &[
    "Bishop's Palace Residential Home",
    "Crabtree Parva Residential Home",
    "Framley Court Residential Home",
    "Hiram's Hospital Residential Home",
    "Puddingdale Grange Residential Home",
    "Ullathorne Court Residential Home",
];
const NURSING_HOMES: &[&str] = &[
    "Boxall Hill Nursing Home",
    "Chaldicotes Nursing Home",
    "Courcy Castle Nursing Home",
    "Greshamsbury Nursing Home",
    "Guestwick Manor Nursing Home",
];
const PRACTICES: &[(&str, &str)] = &[
    ("Cathedral Close Surgery", "Barchester"),
    ("Minster Street Medical Practice", "Barchester"),
    ("Station Approach Surgery", "Barchester"),
    ("Plumstead Episcopi Surgery", "Plumstead Episcopi"),
    ("St Ewold's Surgery", "St Ewold's"),
    ("Ullathorne Surgery", "Ullathorne"),
    ("Hogglestock Health Centre", "Hogglestock"),
    ("Silverbridge Medical Practice", "Silverbridge"),
    ("Old Station Road Surgery", "Silverbridge"),
    ("Greshamsbury Surgery", "Greshamsbury"),
    ("Framley Surgery", "Framley"),
    ("Guestwick Health Centre", "Guestwick"),
];
const ACUTE_WARDS: &[&str] = &[
    "Arabin Ward",
    "Bold Ward",
    "Dale Ward",
    "Grantly Ward",
    "Harding Ward",
    "Lufton Ward",
    "Proudie Ward",
    "Thorne Ward",
];
const COMMUNITY_WARDS: &[&str] = &["Crawley Ward", "Quiverful Ward", "Robarts Ward"];

struct Register<'a> {
    dice: &'a mut Dice,
    all: Vec<Organisation>,
}

impl Register<'_> {
    fn add(
        &mut self,
        kind: &'static str,
        code: &str,
        name: &str,
        parent: Option<OrganisationId>,
    ) -> OrganisationId {
        let id = OrganisationId::new(self.dice.id());
        let code = format!("BARSET{code}");
        self.all.push(Organisation {
            id,
            kind,
            code,
            name: name.to_owned(),
            parent,
        });
        id
    }

    fn add_each(
        &mut self,
        kind: &'static str,
        code: &str,
        names: &[&str],
        parent: Option<OrganisationId>,
    ) -> Vec<OrganisationId> {
        names
            .iter()
            .enumerate()
            .map(|(at, name)| self.add(kind, &format!("{code}{:02}", at + 1), name, parent))
            .collect()
    }

    fn team(&mut self, number: u8, name: &str, parent: OrganisationId) -> OrganisationId {
        self.add("team", &format!("TM{number:02}"), name, Some(parent))
    }

    fn wards(
        &mut self,
        code: &str,
        names: &[&str],
        hospital: OrganisationId,
    ) -> Vec<(String, OrganisationId)> {
        let ids = self.add_each("ward", code, names, Some(hospital));
        names
            .iter()
            .map(|name| (*name).to_owned())
            .zip(ids)
            .collect()
    }
}

/// Makes the organisations.
pub(crate) fn make(dice: &mut Dice) -> Organisations {
    let mut register = Register {
        dice,
        all: Vec::new(),
    };
    let county = register.add("council", "CC01", "Barsetshire County Council", None);
    let west = register.add(
        "council",
        "DC01",
        "West Barsetshire District Council",
        Some(county),
    );
    let east = register.add(
        "council",
        "DC02",
        "East Barsetshire District Council",
        Some(county),
    );
    let neighbours = [
        register.add("council", "CC02", "Loamshire County Council", None),
        register.add("council", "CC03", "Stonyshire Council", None),
    ];
    let board = register.add("board", "IC01", "Barsetshire Integrated Care Board", None);
    let acute_trust = register.add("trust", "TR01", "Barchester Hospitals Trust", None);
    let community_trust = register.add("trust", "TR02", "St Ewold's Community Trust", None);
    let infirmary = register.add(
        "hospital",
        "HO01",
        "Barchester Royal Infirmary",
        Some(acute_trust),
    );
    let community_hospital = register.add(
        "hospital",
        "HO02",
        "Plumstead Community Hospital",
        Some(community_trust),
    );
    let acute_wards = register.wards("WA", ACUTE_WARDS, infirmary);
    let community_wards = register.wards("WC", COMMUNITY_WARDS, community_hospital);
    let practice_names: Vec<&str> = PRACTICES.iter().map(|(name, _)| *name).collect();
    register.add_each("practice", "GP", &practice_names, None);
    let practices = (1..)
        .zip(PRACTICES)
        .map(|(at, (_, town))| (format!("BARSETGP{at:02}"), *town))
        .collect();
    Organisations {
        hub: register.team(1, "Barsetshire Care Transfer Hub", board),
        hospital_team: register.team(2, "Barsetshire Hospital Social Work Team", county),
        reablement: register.team(3, "Barsetshire Reablement Service", county),
        therapy: register.team(4, "St Ewold's Therapy Team", community_trust),
        equipment: register.team(5, "Barsetshire Community Equipment Store", county),
        continuing_care: register.team(6, "Barsetshire Continuing Healthcare Team", board),
        housing: [
            register.team(7, "West Barsetshire Housing Team", west),
            register.team(8, "East Barsetshire Housing Team", east),
        ],
        home_care: register.add_each("provider", "HC", HOME_CARE, None),
        care_homes: register.add_each("provider", "CH", CARE_HOMES, None),
        nursing_homes: register.add_each("provider", "NH", NURSING_HOMES, None),
        county,
        neighbours,
        board,
        acute_trust,
        community_trust,
        infirmary,
        community_hospital,
        practices,
        acute_wards,
        community_wards,
        all: register.all,
    }
}

impl Organisations {
    /// The organisation with an id.
    pub fn get(&self, id: OrganisationId) -> Option<&Organisation> {
        self.all.iter().find(|organisation| organisation.id == id)
    }

    /// Its name; empty if it is not one of them.
    pub fn name(&self, id: OrganisationId) -> &str {
        self.get(id).map_or("", |organisation| &organisation.name)
    }

    /// Its code; empty if it is not one of them.
    pub fn code(&self, id: OrganisationId) -> &str {
        self.get(id).map_or("", |organisation| &organisation.code)
    }

    /// The practice with a code.
    pub fn practice(&self, code: &str) -> Option<OrganisationId> {
        let found = self
            .all
            .iter()
            .find(|one| one.kind == "practice" && one.code == code);
        found.map(|one| one.id)
    }
}
