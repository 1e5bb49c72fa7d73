//! Names and where people live, with frequencies like those of England: a few names are
//! borne by very many people, and very many by a few.

use crate::dice::Dice;
use crate::lists::Names;

const HEADS: &[&str] = &[
    "Ack", "Ald", "Ash", "Bar", "Beck", "Ber", "Bick", "Black", "Bla", "Bram", "Brad", "Brin",
    "Broad", "Buck", "Bur", "Cal", "Carl", "Chad", "Chat", "Clay", "Cliff", "Cod", "Cran", "Crow",
    "Cul", "Dal", "Den", "Dod", "Dray", "Dun", "East", "Eld", "Ever", "Far", "Fen", "Fern", "Gar",
    "Glad", "God", "Green", "Had", "Hal", "Ham", "Har", "Hath", "Haw", "Hazel", "Heb", "Hert",
    "Hol", "Hor", "Kel", "Ken", "Kim", "Kings", "Lang", "Leather", "Led", "Lin", "Long", "Lud",
    "Mal", "Mark", "May", "Mel", "Mid", "Mor", "Nar", "Nor", "Oak", "Old", "Os", "Pad", "Pem",
    "Pen", "Pick", "Port", "Quar", "Rad", "Rams", "Raven", "Red", "Ridge", "Ros", "Row", "Sand",
    "Scar", "Sel", "Shel", "Ship", "Stan", "Stock", "Sun", "Tad", "Thorn", "Tilt", "Tor", "Twy",
    "Wad", "Wal", "War", "Wed", "Wen", "Wex", "Whit", "Wick", "Wil", "Win", "Wood", "Wor", "Wyn",
];
const TAILS: &[&str] = &[
    "ford", "ton", "ley", "field", "wood", "worth", "ham", "by", "well", "land", "man", "son",
    "bury", "den", "combe", "stone", "croft", "shaw", "wick", "more", "brook", "burn", "er", "ing",
    "ett", "low", "kin", "gate", "house", "ridge", "stead", "bourne", "hurst", "thorpe", "ard",
    "sey", "ell", "wright",
];
const JOINTS: &[&str] = &["er", "en", "ing", "el", "in", "or", "ar", "ens", "a", "o"];
const STARTS: &[&str] = &[
    "A", "Al", "An", "Ar", "Be", "Ca", "Ce", "Da", "De", "El", "Em", "Fa", "Fi", "Ga", "Ha", "Is",
    "Ja", "Jo", "Ka", "Ke", "La", "Le", "Li", "Ma", "Me", "Mi", "Na", "Ni", "Ol", "Pa", "Ra", "Re",
    "Ro", "Sa", "Se", "Sha", "Ta", "Te", "Va", "Ya", "Za",
];
const MIDDLES: &[&str] = &[
    "l", "r", "n", "m", "d", "v", "s", "t", "ll", "nn", "b", "k", "z",
];
const ENDS_FEMALE: &[&str] = &[
    "a", "ia", "ina", "elle", "ie", "y", "ette", "ah", "eth", "ana",
];
const ENDS_MALE: &[&str] = &["an", "en", "o", "in", "is", "ick", "ius", "el", "ar", "on"];

/// Everything names are drawn from.
pub(super) struct Bearers {
    names: Names,
    common: Vec<(&'static str, u64)>,
    common_parts: u64,
    short: Vec<Vec<&'static str>>,
}

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
}

impl Bearers {
    pub(super) fn read() -> Self {
        let common: Vec<(&'static str, u64)> = lines(include_str!("../../data/family-names.txt"))
            .filter_map(|line| line.split_once(' '))
            .filter_map(|(name, parts)| Some((name, parts.parse().ok()?)))
            .collect();
        Self {
            names: Names::read(),
            common_parts: common.iter().map(|(_, parts)| parts).sum(),
            common,
            short: lines(include_str!("../../data/short-names.txt"))
                .map(|line| line.split(' ').collect())
                .collect(),
        }
    }

    /// A group of names that a household draws from.
    pub(super) fn group(&self, dice: &mut Dice) -> &'static str {
        let weights: Vec<u64> = self.names.groups.iter().map(|(_, parts)| *parts).collect();
        self.names
            .groups
            .get(dice.weighted(&weights))
            .map_or("english", |(group, _)| group)
    }

    /// A family name.
    pub(super) fn family(&self, dice: &mut Dice, group: &'static str) -> String {
        if group != "english" {
            return skewed(dice, self.names.of("family", group, "any")).to_owned();
        }
        let mut at = dice.below(100_000);
        if at >= self.common_parts {
            return if dice.per_mille(200) {
                dice.word(self.names.of("family", group, "any")).to_owned()
            } else {
                {
                    let joint = if dice.per_mille(350) {
                        dice.word(JOINTS)
                    } else {
                        ""
                    };
                    format!("{}{joint}{}", skewed(dice, HEADS), skewed(dice, TAILS))
                }
            };
        }
        for (name, parts) in &self.common {
            if at < *parts {
                return (*name).to_owned();
            }
            at -= parts;
        }
        String::new()
    }

    /// A given name of someone born in a year.
    pub(super) fn given(
        &self,
        dice: &mut Dice,
        group: &'static str,
        female: bool,
        born: i64,
    ) -> String {
        if dice.per_mille(70) {
            let ends = if female { ENDS_FEMALE } else { ENDS_MALE };
            return format!(
                "{}{}{}",
                dice.word(STARTS),
                dice.word(MIDDLES),
                dice.word(ends)
            );
        }
        let era = match born {
            ..1955 => "old",
            1955..1985 => "mid",
            _ => "young",
        };
        let part = if female { "female" } else { "male" };
        skewed(dice, self.names.of(part, group, era)).to_owned()
    }

    /// What someone of this name is called by those who know them.
    pub(super) fn short_form(&self, dice: &mut Dice, given: &str) -> Option<&'static str> {
        let line = self
            .short
            .iter()
            .find(|line| line.first() == Some(&given))?;
        line.get(1..).and_then(|forms| dice.pick(forms)).copied()
    }

    /// The full form of a short name.
    pub(super) fn full_form(&self, given: &str) -> Option<&'static str> {
        let line = self
            .short
            .iter()
            .find(|line| line.get(1..).is_some_and(|forms| forms.contains(&given)))?;
        line.first().copied()
    }
}

/// One of the words; a few of them, spread over the list, are far more frequent.
fn skewed<'a>(dice: &mut Dice, words: &[&'a str]) -> &'a str {
    let end = dice.index(words.len()) + 1;
    let rank = dice.index(end);
    // Steps of 7 spread the frequent ones over an alphabetical list.
    let step = if words.len().is_multiple_of(7) { 11 } else { 7 };
    words
        .get(rank * step % words.len().max(1))
        .copied()
        .unwrap_or("")
}

/// A town: name and first half of its postcodes.
pub(super) struct Town {
    pub(super) name: String,
    districts: Vec<String>,
    weight: u64,
    /// Postcodes of each district.
    units: u64,
}

/// Where people live: as many towns and postcodes as suit their number.
pub(super) struct Land {
    towns: Vec<Town>,
    weights: Vec<u64>,
}

/// No area's postcodes start with these letters, so none of these can be real.
const AREA_FIRST: &[&str] = &["Q", "V", "X"];
const AREA_SECOND: &[&str] = &["A", "B", "D", "G", "H", "L", "N", "P", "R", "S", "T", "W"];
const UNIT: &[&str] = &[
    "A", "B", "D", "E", "F", "G", "H", "J", "L", "N", "P", "Q", "R", "S", "T", "U", "W", "X", "Y",
    "Z",
];

impl Land {
    pub(super) fn of(dice: &mut Dice, people: u64) -> Self {
        let mut towns = Vec::new();
        for number in 0..(people / 2_500).clamp(12, 72) {
            let first = AREA_FIRST
                .get(usize::try_from(number % 3).unwrap_or(0))
                .unwrap_or(&"Q");
            let second = AREA_SECOND
                .get(usize::try_from(number / 3 % 12).unwrap_or(0))
                .unwrap_or(&"A");
            let start = number / 36 * 9 + 1;
            let districts = (start..start + 1 + dice.below(8))
                .map(|district| format!("{first}{second}{district}"))
                .collect();
            let name = format!(
                "{}{}",
                dice.word(HEADS),
                dice.word(&[
                    "ford", "ton", "ley", "ham", "bury", "by", "wick", "minster", "port", "stead"
                ])
            );
            towns.push(Town {
                name,
                districts,
                weight: 1_000 / (number + 4) + 5,
                units: 0,
            });
        }
        let weights: Vec<u64> = towns.iter().map(|town| town.weight).collect();
        let all: u64 = weights.iter().sum();
        for town in &mut towns {
            // About forty people share a postcode; a quarter of them are in the file.
            town.units = people * town.weight / all / 9 / (town.districts.len() as u64).max(1) + 4;
        }
        Self { towns, weights }
    }

    pub(super) fn town(&self, dice: &mut Dice) -> usize {
        dice.weighted(&self.weights)
    }

    pub(super) fn name(&self, town: usize) -> &str {
        self.towns.get(town).map_or("", |town| &town.name)
    }

    /// A postcode of a town.
    pub(super) fn postcode(&self, dice: &mut Dice, town: usize) -> String {
        let Some(town) = self.towns.get(town) else {
            return String::new();
        };
        let unit = dice.below(town.units.min(4_000));
        let letter = |number: u64| {
            UNIT.get(usize::try_from(number % 20).unwrap_or(0))
                .unwrap_or(&"A")
        };
        let rest = unit / 10;
        format!(
            "{} {}{}{}",
            dice.pick(&town.districts).map_or("", String::as_str),
            unit % 10,
            letter(rest * 7),
            letter(rest / 20 + rest * 3)
        )
    }
}
