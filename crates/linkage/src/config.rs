//! What to compare and how: the configuration, as TOML.

use crate::Error;
use serde::{Deserialize, Serialize};

/// How the values of a field are read and compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A given name: with nicknames and initials.
    GivenName,
    /// A family name.
    FamilyName,
    /// A date in any usual form.
    Date,
    /// A United Kingdom postcode.
    Postcode,
    /// NHS number or another number that is one person's alone.
    Identifier,
    /// Sex, or another code with few values.
    Code,
    /// A short code of digits, such as a postcode of another country or a house number.
    Number,
    /// Free text such as an address line or a town.
    Text,
    /// A telephone number.
    Telephone,
    /// An e-mail address.
    Email,
}

/// One field that is compared.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Its name, as explanations and passes call it.
    pub name: String,
    /// How it is read and compared.
    pub kind: Kind,
    /// Names that its column may have; the first that is there is used. Two names joined
    /// by `+` are two columns read as one value.
    pub columns: Vec<String>,
    /// A field with which its values are sometimes exchanged, such as given and family name.
    #[serde(default)]
    pub swapped_with: Option<String>,
    /// Whether people of one household often share it.
    #[serde(default)]
    pub household: bool,
    /// A field that it mostly follows from, such as the town from the postcode: where that
    /// one agrees, this one adds no more than `adds` bits.
    #[serde(default)]
    pub within: Option<String>,
    /// Most bits that it adds where the field it follows from agrees.
    #[serde(default)]
    pub adds: f64,
    /// A code on whose value it depends how often the field changes: a family name changes
    /// oftener where the sex is female.
    #[serde(default)]
    pub by: Option<String>,
    /// A date whose decade it goes with: given names have their generations.
    #[serde(default)]
    pub fashion: Option<String>,
    /// Chance of each level among records of one person, from the best level to the worst,
    /// in place of what is estimated.
    #[serde(default)]
    pub m: Option<Vec<f64>>,
    /// The same among strangers.
    #[serde(default)]
    pub u: Option<Vec<f64>>,
}

/// Two chances between which a person must look.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Thresholds {
    /// From this probability on a pair is linked.
    pub link: f64,
    /// From this probability on a pair is worth a look.
    pub review: f64,
}

/// What to compare and how.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Names that the column of ids may have.
    pub id: Vec<String>,
    /// Seed of the random sample; the same seed gives the same result.
    #[serde(default = "seed")]
    pub seed: u64,
    /// Whether a record of one file has at most one partner in the other.
    #[serde(default)]
    pub one_to_one: bool,
    /// Most records of one block; a larger one is divided, and what that cuts is reported.
    #[serde(default = "cap")]
    pub block_cap: usize,
    /// The two thresholds.
    pub thresholds: Thresholds,
    /// The fields, those that tell most first.
    #[serde(rename = "field")]
    pub fields: Vec<Field>,
    /// The blocking passes: each a list of keys such as `birth date` or
    /// `family name: sound`. Pairs that agree on all keys of a pass are compared.
    pub passes: Vec<Vec<String>>,
}

const fn seed() -> u64 {
    1
}

const fn cap() -> usize {
    600
}

impl Config {
    /// Reads a configuration.
    ///
    /// # Errors
    /// What is wrong in it, with its line.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let config: Self =
            toml::from_str(text).map_err(|error| Error::Config(error.to_string()))?;
        config.check()?;
        Ok(config)
    }

    /// The ready configuration for people: `crates/linkage/examples/people.toml`.
    ///
    /// # Errors
    /// None in a release: a test reads it.
    pub fn people() -> Result<Self, Error> {
        Self::parse(PEOPLE)
    }

    fn check(&self) -> Result<(), Error> {
        let wrong = |text: String| Err(Error::Config(text));
        if self.fields.is_empty() || self.fields.len() > crate::MOST_FIELDS {
            return wrong(format!("name from 1 to {} fields", crate::MOST_FIELDS));
        }
        let chance = 0.0..=1.0;
        let Thresholds { link, review } = self.thresholds;
        if !chance.contains(&link) || !chance.contains(&review) || review > link {
            return wrong(
                "thresholds are chances from 0 to 1, and `review` is not above `link`".to_owned(),
            );
        }
        if self.block_cap < 2 {
            return wrong("block_cap is at least 2".to_owned());
        }
        for (at, field) in self.fields.iter().enumerate() {
            if self
                .fields
                .iter()
                .take(at)
                .any(|other| other.name == field.name)
            {
                return wrong(format!("field `{}` is there twice", field.name));
            }
            if field.columns.is_empty() {
                return wrong(format!("field `{}` names no column", field.name));
            }
            if let Some(other) = &field.swapped_with
                && !self.fields.iter().any(|one| one.name == *other)
            {
                return wrong(format!(
                    "field `{}` is swapped with `{other}`, which is no field",
                    field.name
                ));
            }
            if let Some(other) = &field.within
                && !self
                    .fields
                    .iter()
                    .any(|one| one.name == *other && one.within.is_none())
            {
                return wrong(format!(
                    "field `{}` is within `{other}`, which is no field of its own",
                    field.name
                ));
            }
            for (name, other, kind) in [
                ("by", &field.by, Kind::Code),
                ("fashion", &field.fashion, Kind::Date),
            ] {
                if let Some(other) = other
                    && !self
                        .fields
                        .iter()
                        .any(|one| one.name == *other && one.kind == kind)
                {
                    return wrong(format!(
                        "`{name}` of field `{}` is `{other}`, which is no {}",
                        field.name,
                        if kind == Kind::Code { "code" } else { "date" }
                    ));
                }
            }
            let levels = crate::levels::names(field.kind).len();
            let levels = levels + usize::from(field.swapped_with.is_some());
            for (name, given) in [("m", &field.m), ("u", &field.u)] {
                if given.as_ref().is_some_and(|all| {
                    all.len() != levels || all.iter().any(|one| !chance.contains(one))
                }) {
                    return wrong(format!(
                        "`{name}` of field `{}` needs {levels} chances from 0 to 1",
                        field.name
                    ));
                }
            }
        }
        for pass in &self.passes {
            for key in pass {
                crate::blocking::Key::parse(key, &self.fields)?;
            }
        }
        Ok(())
    }
}

/// The text of the ready configuration for people.
pub const PEOPLE: &str = include_str!("../examples/people.toml");
/// The text of the ready configuration for the FEBRL sets, all fields.
pub const FEBRL: &str = include_str!("../examples/febrl.toml");
/// The same without the number of social security.
pub const FEBRL_NO_SSID: &str = include_str!("../examples/febrl-no-ssid.toml");

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn the_ready_ones_are_right() {
        for text in [PEOPLE, FEBRL, FEBRL_NO_SSID] {
            let config = Config::parse(text).unwrap();
            assert!(!config.passes.is_empty());
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (change, said) in [
            (
                ("kind = \"date\"", "kind = \"day\""),
                "unknown variant `day`",
            ),
            (("review = ", "reviews = "), "unknown field `reviews`"),
            (
                ("\"birth date\", \"family name: sound\"", "\"birth day\""),
                "`birth day`",
            ),
            (("link = 0", "link = 1"), "thresholds are chances"),
            (("by = \"sex\"", "by = \"postcode\""), "which is no code"),
            (
                ("fashion = \"birth date\"", "fashion = \"sex\""),
                "which is no date",
            ),
        ] {
            let text = PEOPLE.replacen(change.0, change.1, 1);
            assert_ne!(text, PEOPLE, "{change:?}");
            let error = Config::parse(&text).unwrap_err().to_string();
            assert!(error.contains(said), "{change:?}: {error}");
        }
    }
}
