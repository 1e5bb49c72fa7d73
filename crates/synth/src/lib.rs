//! A fictional place, seeded and repeatable.
//!
//! [`Barsetshire::make`] makes the whole place in memory from a [`Config`]: the
//! same configuration makes the same place, byte for byte, on every machine.
//! Nothing in it is real: organisations, people, addresses and numbers cannot be
//! anybody's. What is taken from real figures is the age structure of England and
//! the mix of reasons for delay in 2018/19; see `docs/concepts/demo-place.md`.

pub mod arrivals;
mod back;
mod board;
pub mod changes;
mod codes;
mod council_records;
mod dice;
pub mod directory;
pub mod duplicates;
pub mod fill;
mod lists;
mod messages;
mod minded;
mod mix;
pub mod notices;
pub mod offers;
pub mod organisations;
pub mod passports;
mod pdf;
mod people;
pub mod plans;
pub mod pool;
mod records;
pub mod services;
pub mod staff;
pub mod stays;
mod steps;
pub mod timeline;

pub use changes::Change;
pub use notices::NoticeRecord;
pub use organisations::{Organisation, Organisations};
pub use staff::{Staff, Worker};
pub use stays::StayRecord;

use dice::Dice;
use jiff::Timestamp;
use jiff::civil::Date;
use person::Person;

/// What to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// How many people.
    pub people: u32,
    /// The same seed makes the same place.
    pub seed: u64,
    /// The present: stays run up to it.
    pub now: Timestamp,
    /// How many stays are open; `None` for as many as suit the number of people.
    pub open_stays: Option<u32>,
}

/// Why a place cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Too few people, or too many.
    #[error("a place of {0} people cannot be made: from 50 to 1,000,000 can")]
    People(u32),
}

/// The whole place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Barsetshire {
    /// Councils, trusts, hospitals, wards, providers, practices and teams.
    pub organisations: Organisations,
    /// Who works in them.
    pub staff: Staff,
    /// The people.
    pub people: Vec<Person>,
    /// Stays of a year, those of one person in order.
    pub stays: Vec<StayRecord>,
    /// Number of each person's household; those who share one live together.
    pub households: Vec<u32>,
    /// Notices about the stays, ordered by stay.
    pub notices: Vec<NoticeRecord>,
    /// Timelines, ordered by person.
    pub timeline: Vec<timeline::Item>,
    /// Documents that came with notices.
    pub documents: Vec<timeline::Document>,
    /// The history of the open stays, ordered by stay and time.
    pub changes: Vec<Change>,
    /// The day it is.
    pub today: Date,
    /// The present.
    pub now: Timestamp,
}

/// Fewest and most people of a place.
const PEOPLE: std::ops::RangeInclusive<u32> = 50..=1_000_000;

impl Barsetshire {
    /// Makes the place.
    ///
    /// # Errors
    /// Too few or too many people.
    pub fn make(config: &Config) -> Result<Self, Error> {
        if !PEOPLE.contains(&config.people) {
            return Err(Error::People(config.people));
        }
        let now = config.now;
        let today = kernel::calendar::local(now).date();
        let millis = u64::try_from(now.as_millisecond()).unwrap_or(0);
        // Ids count up from a day ago, so that those made later by a clock come after them.
        let mut dice = Dice::new(config.seed, millis.saturating_sub(86_400_000));
        let organisations = organisations::make(&mut dice);
        let staff = Staff::of(&organisations);
        let mut residents = people::make(&mut dice, config.people, today, &organisations)
            .ok_or(Error::People(config.people))?;
        let policy = flow::Policy::builtin();
        let mut scene = stays::Scene {
            policy: &policy,
            dice: &mut dice,
            organisations: &organisations,
            staff: &staff,
            today,
            now,
            taken: std::collections::BTreeSet::new(),
            serial: 0,
        };
        let open = config
            .open_stays
            .unwrap_or_else(|| stays::usual_open_stays(config.people));
        let stays = stays::make(&mut scene, &mut residents, open);
        let notices = notices::make(&mut scene, &stays);
        let (timeline, documents) = timeline::make(&mut scene, &residents, &stays, &notices);
        let changes = changes::make(&mut scene, &stays);
        let households = residents
            .iter()
            .map(|resident| resident.household)
            .collect();
        let people = residents
            .into_iter()
            .map(|resident| resident.person)
            .collect();
        Ok(Self {
            organisations,
            staff,
            people,
            households,
            stays,
            notices,
            timeline,
            documents,
            changes,
            today,
            now,
        })
    }
}
