//! Where a service works: postcodes and names.

use std::fmt;

/// Part of a place that a service is for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Area {
    /// A postcode or the beginning of one, such as `ZZ1` or `ZZ1 4`.
    Postcode(Postcode),
    /// A district, town or village by its name.
    Named(String),
}

/// A postcode or the beginning of one: the outward half whole, the inward one as far as known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Postcode {
    outward: String,
    inward: String,
}

impl Postcode {
    /// Reads `ZZ1`, `zz1 4`, `ZZ14AB`; `None` if it is no beginning of a postcode.
    pub fn read(text: &str) -> Option<Self> {
        let upper = text.trim().to_ascii_uppercase();
        let mut parts = upper.split_whitespace();
        let (first, second) = (parts.next()?, parts.next().unwrap_or(""));
        if parts.next().is_some() {
            return None;
        }
        let (outward, inward) = match second {
            // Written together, a whole postcode ends in a digit and two letters.
            "" if first.len() >= 5 && first.is_ascii() => first.split_at(first.len() - 3),
            "" => (first, ""),
            _ => (first, second),
        };
        (outward_fits(outward) && inward_fits(inward)).then(|| Self {
            outward: outward.to_owned(),
            inward: inward.to_owned(),
        })
    }

    /// How postcodes near it begin: its outward half, whole.
    pub fn near(&self) -> String {
        format!("{} ", self.outward)
    }

    /// Whether it is a whole postcode.
    pub fn is_whole(&self) -> bool {
        self.inward.len() == 3
    }
}

impl fmt::Display for Postcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.outward)?;
        if self.inward.is_empty() {
            return Ok(());
        }
        write!(f, " {}", self.inward)
    }
}

/// One or two letters, a digit, and at most one letter or digit more.
fn outward_fits(text: &str) -> bool {
    let letters = text.bytes().take_while(u8::is_ascii_uppercase).count();
    let rest = text.as_bytes().get(letters..).unwrap_or_default();
    (1..=2).contains(&letters)
        && (1..=2).contains(&rest.len())
        && rest.first().is_some_and(u8::is_ascii_digit)
        && rest.iter().all(u8::is_ascii_alphanumeric)
}

fn inward_fits(text: &str) -> bool {
    text.len() <= 3
        && text.bytes().enumerate().all(|(at, byte)| match at {
            0 => byte.is_ascii_digit(),
            _ => byte.is_ascii_uppercase(),
        })
}

/// Whether a service is for where somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Serves {
    /// It is.
    Yes,
    /// It says where it works in another way than was asked: it may be.
    Perhaps,
    /// It is not.
    No,
}

/// Reads areas: postcodes where they are some, else names. `everywhere` is none.
pub fn areas(text: &str) -> Vec<Area> {
    let mut areas: Vec<Area> = super::parts(text)
        .filter(|part| !part.eq_ignore_ascii_case("everywhere"))
        .map(|part| {
            Postcode::read(part).map_or_else(|| Area::Named(part.to_owned()), Area::Postcode)
        })
        .collect();
    areas.sort();
    areas.dedup();
    areas
}

/// Whether a service that works in some areas is for where somebody is; none is everywhere.
pub(super) fn serves(areas: &[Area], place: &str) -> Serves {
    let place = place.trim();
    if place.is_empty() || areas.is_empty() {
        return Serves::Yes;
    }
    let asked = Postcode::read(place);
    let answers = areas.iter().filter_map(|area| match (area, &asked) {
        (Area::Postcode(area), Some(asked)) => Some(area.holds(asked)),
        (Area::Named(area), None) => Some(same_name(area, place)),
        _ => None,
    });
    answers.min().unwrap_or(Serves::Perhaps)
}

impl Postcode {
    fn holds(&self, asked: &Self) -> Serves {
        if self.outward != asked.outward {
            Serves::No
        } else if asked.inward.starts_with(&self.inward) {
            Serves::Yes
        } else if self.inward.starts_with(&asked.inward) {
            Serves::Perhaps
        } else {
            Serves::No
        }
    }
}

/// A town may lie in a district that is named: another name is no answer.
fn same_name(area: &str, asked: &str) -> Serves {
    let (area, asked) = (area.to_lowercase(), asked.to_lowercase());
    if area == asked || area.contains(&asked) || asked.contains(&area) {
        Serves::Yes
    } else {
        Serves::Perhaps
    }
}

impl fmt::Display for Area {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Postcode(postcode) => postcode.fmt(f),
            Self::Named(name) => f.write_str(name),
        }
    }
}
