//! The people: ages as in England, households, addresses, numbers.

use crate::dice::Dice;
use crate::lists::{Names, Places, Town, age_structure};
use crate::organisations::Organisations;
use jiff::ToSpan;
use jiff::civil::Date;
use kernel::{NhsNumber, OrganisationId, PersonId};
use person::{Gender, Person};

/// A person with what the rest of the place needs to know of them.
pub(crate) struct Resident {
    /// As the store keeps them.
    pub(crate) person: Person,
    /// Whole years of age today.
    pub(crate) age: i64,
    /// Number of the household they live in.
    pub(crate) household: u32,
    /// 0 for the west of the county, 1 for the east; neighbours count as west.
    pub(crate) district: usize,
}

/// Sizes of households, in parts of 1,000 people who live in one of that size.
/// Near to England's Census 2021: about 13 people in 100 live alone.
const HOUSEHOLD_SIZES: &[(usize, u64)] = &[(1, 130), (2, 300), (3, 200), (4, 230), (5, 140)];

/// How many people not yet housed are looked at for one place in a home.
const LOOK_AT: usize = 60;

/// Years by which a parent is older than a child.
const PARENT_OLDER_BY: std::ops::RangeInclusive<i64> = 18..=44;

/// Parts in 1,000 of people in the place's records who live outside the county.
const OUTSIDE: u64 = 60;

/// Makes the people. Never two with one NHS number; when there are more people than synthetic
/// numbers, the last have none, as some have in every place.
///
/// # Errors
/// Nobody could be housed: `None`.
pub(crate) fn make(
    dice: &mut Dice,
    count: u32,
    today: Date,
    organisations: &Organisations,
) -> Option<Vec<Resident>> {
    let mut maker = Maker {
        names: Names::read(),
        places: Places::read(),
        ages: ages(dice, count),
        serials: Serials::new(dice),
        today,
        organisations,
        dice,
    };
    let mut people = Vec::with_capacity(count as usize);
    let mut homes = Vec::new();
    while maker.ages.all.iter().any(|age| *age >= 18) {
        maker.household(&mut homes, &mut people)?;
    }
    while !maker.ages.all.is_empty() {
        maker.left_over(&homes, &mut people)?;
    }
    Some(people)
}

/// Ages not yet given to anybody, in shuffled order.
struct Ages {
    all: Vec<u8>,
}

/// One age a person: each age as often as England's structure says, the parts
/// left over going to the largest remainders.
fn ages(dice: &mut Dice, count: u32) -> Ages {
    let structure = age_structure();
    let england: u64 = structure.iter().sum();
    let count = u64::from(count);
    let mut shares: Vec<(u64, u64, usize)> = structure
        .iter()
        .enumerate()
        .map(|(age, people)| (people * count / england, people * count % england, age))
        .collect();
    let given: u64 = shares.iter().map(|(whole, _, _)| whole).sum();
    shares.sort_by_key(|(_, rest, age)| (std::cmp::Reverse(*rest), *age));
    let mut all = Vec::new();
    for (rank, (whole, _, age)) in (0u64..).zip(&shares) {
        let people = whole + u64::from(rank < count - given);
        let age = u8::try_from(*age).unwrap_or(90);
        all.extend((0..people).map(|_| age));
    }
    all.sort_unstable();
    shuffle(dice, &mut all);
    Ages { all }
}

fn shuffle<T>(dice: &mut Dice, items: &mut [T]) {
    for last in (1..items.len()).rev() {
        let other = dice.index(last + 1);
        items.swap(last, other);
    }
}

impl Ages {
    /// Takes an age that suits the wish; `None` if none of the next few does.
    fn take(&mut self, look_at: usize, suits: impl Fn(i64) -> bool) -> Option<i64> {
        let length = self.all.len();
        let mut next = (0..length.min(look_at)).map(|back| length - 1 - back);
        let at = next.find(|at| suits(i64::from(self.all[*at])))?;
        Some(i64::from(self.all.swap_remove(at)))
    }
}

/// Serials of the 999 range, each once: a walk through all million of them by
/// steps that share no factor with a million.
struct Serials {
    at: u32,
    step: u32,
    left: u32,
}

impl Serials {
    const ALL: u32 = 1_000_000;

    fn new(dice: &mut Dice) -> Self {
        let at = u32::try_from(dice.below(u64::from(Self::ALL))).unwrap_or(0);
        // Ends in 1, 3, 7 or 9: prime to 2 and 5.
        let tens = u32::try_from(dice.between(10_000, 90_000)).unwrap_or(10_000);
        let unit = dice.pick(&[1, 3, 7, 9]).copied().unwrap_or(1);
        Self {
            at,
            step: tens * 10 + unit,
            left: Self::ALL,
        }
    }

    fn next(&mut self) -> Option<NhsNumber> {
        while self.left > 0 {
            self.left -= 1;
            self.at = (self.at + self.step) % Self::ALL;
            if let Some(number) = NhsNumber::synthetic(self.at) {
                return Some(number);
            }
        }
        None
    }
}

struct Maker<'a> {
    names: Names,
    places: Places,
    ages: Ages,
    serials: Serials,
    today: Date,
    organisations: &'a Organisations,
    dice: &'a mut Dice,
}

/// What the members of a household share.
struct Home {
    number: u32,
    group: &'static str,
    family: String,
    address: String,
    postcode: String,
    town: Town,
    council: OrganisationId,
    practice: String,
}

impl Maker<'_> {
    fn household(
        &mut self,
        homes: &mut Vec<(i64, Home)>,
        people: &mut Vec<Resident>,
    ) -> Option<()> {
        let home = self.home(u32::try_from(homes.len()).unwrap_or(u32::MAX));
        let (sizes, weights): (Vec<usize>, Vec<u64>) = HOUSEHOLD_SIZES
            .iter()
            // So many households of a size as people in them, divided by the size.
            .map(|(size, parts)| (*size, parts * 60 / *size as u64))
            .unzip();
        let size = sizes
            .get(self.dice.weighted(&weights))
            .copied()
            .unwrap_or(1);
        let head = self.ages.take(usize::MAX, |age| age >= 18)?;
        self.member(&home, head, None, people)?;
        if size > 1 {
            let near = |age: i64| (age - head).abs() <= 8 && age >= 18;
            if let Some(age) = self.ages.take(LOOK_AT, near) {
                let gender = people.last().map(|one| one.person.gender);
                self.member(&home, age, gender, people)?;
            }
        }
        for _ in 2..size {
            let child = |age: i64| age < 20 && PARENT_OLDER_BY.contains(&(head - age));
            if let Some(age) = self.ages.take(LOOK_AT, child) {
                self.member(&home, age, None, people)?;
            }
        }
        homes.push((head, home));
        Some(())
    }

    /// Children for whom no place was free go to a home that suits their age.
    fn left_over(&mut self, homes: &[(i64, Home)], people: &mut Vec<Resident>) -> Option<()> {
        let age = i64::from(self.ages.all.pop()?);
        let mut at = self.dice.index(homes.len());
        for _ in 0..LOOK_AT {
            if homes
                .get(at)
                .is_some_and(|(head, _)| PARENT_OLDER_BY.contains(&(head - age)))
            {
                break;
            }
            at = self.dice.index(homes.len());
        }
        let (_, home) = homes.get(at)?;
        self.member(home, age, None, people)
    }

    fn home(&mut self, number: u32) -> Home {
        let outside = self.dice.per_mille(OUTSIDE);
        let weights: Vec<u64> = self
            .places
            .towns
            .iter()
            .map(|town| {
                if town.outside == outside {
                    town.parts
                } else {
                    0
                }
            })
            .collect();
        let town = self.places.towns[self.dice.weighted(&weights)];
        let group = self.group();
        let family = self
            .dice
            .word(self.names.of("family", group, "any"))
            .to_owned();
        let street = self.dice.word(&self.places.streets);
        let house = self.dice.between(1, 140);
        let letters: Vec<char> = "ABDEFGHJLNPQRSTUWXYZ".chars().collect();
        let mut letter = || self.dice.pick(&letters).copied().unwrap_or('A');
        let (one, two) = (letter(), letter());
        let postcode = format!("{} {}{one}{two}", town.postcode, self.dice.between(1, 9));
        let council = match town.council {
            "Loamshire County Council" => self.organisations.neighbours[0],
            "Stonyshire Council" => self.organisations.neighbours[1],
            _ => self.organisations.county,
        };
        Home {
            number,
            group,
            family,
            address: format!("{house} {street}, {}", town.name),
            postcode,
            town,
            council,
            practice: self.practice(town.name),
        }
    }

    fn group(&mut self) -> &'static str {
        let weights: Vec<u64> = self.names.groups.iter().map(|(_, parts)| *parts).collect();
        self.names.groups[self.dice.weighted(&weights)].0
    }

    /// A practice in the town if there is one, otherwise any.
    fn practice(&mut self, town: &str) -> String {
        let all = &self.organisations.practices;
        let near: Vec<_> = all.iter().filter(|(_, at)| *at == town).collect();
        let chosen = if near.is_empty() {
            self.dice.pick(all).map(|(code, _)| code)
        } else {
            self.dice.pick(&near).map(|(code, _)| code)
        };
        chosen.cloned().unwrap_or_default()
    }

    fn member(
        &mut self,
        home: &Home,
        age: i64,
        partner_of: Option<Gender>,
        people: &mut Vec<Resident>,
    ) -> Option<()> {
        let gender = self.gender(age, partner_of);
        let part = if gender == Gender::Female {
            "female"
        } else {
            "male"
        };
        let born = self.today.year() - i16::try_from(age).unwrap_or(0);
        let era = if born < 1955 {
            "old"
        } else if born < 1986 {
            "mid"
        } else {
            "young"
        };
        let given = self
            .dice
            .word(self.names.of(part, home.group, era))
            .to_owned();
        // One in eight partners keeps a name of their own.
        let own_name = partner_of.is_some() && self.dice.per_mille(125);
        let family_name = if own_name {
            self.dice
                .word(self.names.of("family", home.group, "any"))
                .to_owned()
        } else {
            home.family.clone()
        };
        // An age of 90 stands for 90 and over.
        let age = if age == 90 {
            age + self.dice.quantile(NINETY_AND_OVER)
        } else {
            age
        };
        let birth_date = self.birth_date(age);
        let telephone = self.telephone(age);
        let flags = self.flags(age);
        people.push(Resident {
            person: Person {
                id: PersonId::new(self.dice.id()),
                nhs_number: self.serials.next(),
                family_name,
                given_name: given,
                birth_date: Some(birth_date),
                gender,
                address: home.address.clone(),
                postcode: home.postcode.clone(),
                telephone,
                council: Some(home.council),
                practice_code: Some(home.practice.clone()),
                died_on: None,
                flags,
            },
            age,
            household: home.number,
            district: usize::from(home.town.council == "East Barsetshire"),
        });
        Some(())
    }

    /// Partners are mostly a woman and a man; from 75 on there are more women.
    fn gender(&mut self, age: i64, partner_of: Option<Gender>) -> Gender {
        let women = if age >= 85 {
            620
        } else if age >= 75 {
            550
        } else {
            505
        };
        match partner_of {
            Some(Gender::Female) if !self.dice.per_mille(30) => Gender::Male,
            Some(Gender::Male) if !self.dice.per_mille(30) => Gender::Female,
            _ if self.dice.per_mille(women) => Gender::Female,
            _ => Gender::Male,
        }
    }

    /// A day on which the person would be that old today.
    fn birth_date(&mut self, age: i64) -> Date {
        let days = self.dice.between(0, 364);
        self.today
            .saturating_sub(age.years())
            .saturating_sub(days.days())
    }

    /// Numbers that Ofcom keeps for drama: 01632 960000-960999 and 07700 900000-900999.
    fn telephone(&mut self, age: i64) -> String {
        let number = self.dice.between(0, 999);
        let mobile = self.dice.per_mille(if age >= 75 { 250 } else { 850 });
        match (age < 16, mobile) {
            (true, _) => String::new(),
            (false, true) => format!("07700 900{number:03}"),
            (false, false) => format!("01632 960{number:03}"),
        }
    }

    fn flags(&mut self, age: i64) -> Vec<String> {
        let carer = if (40..80).contains(&age) {
            70
        } else if age >= 18 {
            30
        } else {
            0
        };
        let capacity = if age >= 80 {
            60
        } else if age >= 65 {
            15
        } else if age >= 18 {
            4
        } else {
            0
        };
        let safeguarding = if age >= 80 {
            18
        } else if age >= 18 {
            6
        } else {
            4
        };
        [
            ("safeguarding", safeguarding),
            ("capacity decision", capacity),
            ("carer", carer),
        ]
        .iter()
        .filter(|(_, parts)| self.dice.per_mille(*parts))
        .map(|(flag, _)| (*flag).to_owned())
        .collect()
    }
}

/// Years beyond 90, in parts of 1,000: most are in their early nineties.
const NINETY_AND_OVER: &[(i64, i64)] = &[(0, 0), (500, 2), (900, 7), (1_000, 14)];
