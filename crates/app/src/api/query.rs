//! What a search asks, read from its parameters. What is not known is refused by name: a
//! filter that is passed over in silence would show more than was asked for.

use super::dates::{Stretch, Test};
use super::table::{How, Kind, Parameter, Whose};
use super::{Refusal, Why};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;

/// Most entries of one page.
pub const MOST: usize = 1_000;
/// Entries of a page when nothing is said.
pub const USUAL: usize = 100;
/// Most parameters of one search, and most values of one parameter.
const PARAMETERS: usize = 40;
/// Longest value, in bytes.
const VALUE: usize = 2_000;

/// Parameters that every search takes beside those of its type.
pub const COMMON: [(&str, How); 2] = [("_id", How::Token), ("_lastUpdated", How::Date)];
/// Parameters that say how the answer is to be.
pub const RESULT: [&str; 5] = ["_count", "_sort", "_include", "_cursor", "_format"];

/// One parameter with what it may be: any of the values will do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Criterion {
    /// Which.
    pub parameter: &'static Parameter,
    /// Its values.
    pub values: Vec<String>,
    /// The same as dates, where it is one.
    pub dates: Vec<Test>,
}

/// In what order results come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Order {
    /// By when they arrived, not when they happened.
    pub arrived: bool,
    /// Oldest first.
    pub oldest: bool,
}

/// A search.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// The person it is within, as it was named.
    pub patient: Option<String>,
    /// Only these ids.
    pub ids: Vec<String>,
    /// Only what arrived so: every one must fit.
    pub updated: Vec<Test>,
    /// What else must hold: every one.
    pub criteria: Vec<Criterion>,
    /// Most entries of the page.
    pub count: usize,
    /// Where the page begins.
    pub cursor: Option<Cursor>,
    /// In what order.
    pub order: Order,
    /// Elements whose targets come with the results.
    pub includes: Vec<&'static str>,
    /// Names of the parameters, for the journal.
    pub names: Vec<String>,
    /// Only these types: of `$everything`.
    pub types: Vec<String>,
}

/// The last entry of the page before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// By what it is in its place; `None` without a date.
    pub at: Option<String>,
    /// Its id among those of one time.
    pub id: String,
}

impl Cursor {
    /// As it stands in a link.
    pub fn write(&self) -> String {
        let text = format!("1\n{}\n{}", self.at.as_deref().unwrap_or(""), self.id);
        URL_SAFE_NO_PAD.encode(text)
    }

    fn read(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let text = String::from_utf8(bytes).ok()?;
        let mut lines = text.split('\n');
        let (Some("1"), Some(at), Some(id), None) =
            (lines.next(), lines.next(), lines.next(), lines.next())
        else {
            return None;
        };
        Some(Self {
            at: (!at.is_empty()).then(|| at.to_owned()),
            id: id.to_owned(),
        })
    }
}

fn wrong(name: &str, text: impl Into<String>) -> Refusal {
    // A name that is none of ours may hold anything: it is not given back.
    let known = name.len() <= 40
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-_:.".contains(&b));
    let at = if known {
        format!("http.{name}")
    } else {
        "http".to_owned()
    };
    Refusal::new(Why::Invalid, at, text)
}

type Pairs = [(String, String)];

fn bounded(pairs: &Pairs) -> Result<(), Refusal> {
    if pairs.len() > PARAMETERS {
        return Err(wrong(
            "",
            format!("A search has at most {PARAMETERS} parameters."),
        ));
    }
    match pairs.iter().find(|(_, value)| value.len() > VALUE) {
        Some((name, _)) => Err(wrong(
            name,
            format!("A value has at most {VALUE} characters."),
        )),
        None => Ok(()),
    }
}

impl Query {
    /// Reads the parameters of a search of one type.
    ///
    /// # Errors
    /// A parameter that is not known, or a value that does not read.
    pub fn of(kind: &'static Kind, pairs: &Pairs) -> Result<Self, Refusal> {
        bounded(pairs)?;
        let mut query = Self {
            count: USUAL,
            ..Self::default()
        };
        for (name, value) in pairs {
            query.parameter(kind, name, value)?;
            query.names.push(name.clone());
        }
        Ok(query)
    }

    /// Reads the parameters of `$everything`.
    ///
    /// # Errors
    /// As [`Query::of`].
    pub fn everything(pairs: &Pairs) -> Result<Self, Refusal> {
        bounded(pairs)?;
        let mut query = Self {
            count: MOST,
            ..Self::default()
        };
        for (name, value) in pairs {
            match name.as_str() {
                "_since" => {
                    let from = Stretch::of(value).ok_or_else(|| wrong(name, NO_DATE))?.from;
                    let with = Stretch {
                        from,
                        to: Timestamp::MAX,
                    };
                    query.updated.push(Test {
                        prefix: super::dates::Prefix::Ge,
                        with,
                    });
                }
                "_type" => query.types.extend(value.split(',').map(str::to_owned)),
                "_count" => query.count = count(value)?,
                "_cursor" => query.cursor = Some(cursor(value)?),
                "_format" => {}
                _ => return Err(wrong(name, "$everything takes _since, _type and _count.")),
            }
            query.names.push(name.clone());
        }
        if let Some(unknown) = query
            .types
            .iter()
            .find(|name| super::table::find(name).is_none())
        {
            let _ = unknown;
            return Err(wrong(
                "_type",
                "Name types that the CapabilityStatement lists.",
            ));
        }
        Ok(query)
    }

    fn parameter(&mut self, kind: &'static Kind, name: &str, value: &str) -> Result<(), Refusal> {
        let person = match kind.whose {
            Whose::Person(names) => names,
            Whose::Journal => &["patient"],
            Whose::Patient | Whose::Nobody => &[],
        };
        if person.contains(&name) {
            if self.patient.as_deref().is_some_and(|other| other != value) {
                return Err(wrong(name, "A search is within one person."));
            }
            self.patient = Some(value.to_owned());
            return Ok(());
        }
        match name {
            "_id" if kind.whose != Whose::Journal => {
                self.ids.extend(value.split(',').map(str::to_owned));
            }
            "_lastUpdated" if !matches!(kind.whose, Whose::Journal | Whose::Nobody) => {
                self.updated
                    .push(Test::parse(value).ok_or_else(|| wrong(name, NO_DATE))?);
            }
            "_count" => self.count = count(value)?,
            "_cursor" => self.cursor = Some(cursor(value)?),
            "_sort" => self.order = order(kind, value)?,
            "_include" => self.includes.push(include(kind, value)?),
            "_format" => {}
            _ => {
                let parameter = kind.parameters.iter().find(|one| one.name == name);
                let parameter = parameter.ok_or_else(|| unknown(kind, name))?;
                self.criteria.push(criterion(parameter, value)?);
            }
        }
        Ok(())
    }
}

const NO_DATE: &str = "This is no date. Write it as 2024, 2024-01, 2024-01-31 or 2024-01-31T10:00:00Z, \
     after eq, ne, gt, lt, ge, le, sa or eb if need be.";

fn unknown(kind: &Kind, name: &str) -> Refusal {
    let mut known: Vec<&str> = match kind.whose {
        Whose::Person(names) => names.to_vec(),
        Whose::Journal => vec!["patient"],
        Whose::Patient | Whose::Nobody => Vec::new(),
    };
    known.extend(kind.parameters.iter().map(|one| one.name));
    known.extend(COMMON.iter().map(|(name, _)| *name));
    known.extend(RESULT);
    wrong(
        name,
        format!(
            "{} is not searched by this parameter, or not with this modifier. It is searched by {}.",
            kind.name,
            known.join(", ")
        ),
    )
}

fn criterion(parameter: &'static Parameter, value: &str) -> Result<Criterion, Refusal> {
    let values: Vec<String> = value.split(',').map(str::to_owned).collect();
    if values.len() > PARAMETERS || values.iter().any(String::is_empty) {
        return Err(wrong(
            parameter.name,
            format!("Give from 1 to {PARAMETERS} values, with commas between them."),
        ));
    }
    let mut dates = Vec::new();
    if parameter.how == How::Date {
        for value in &values {
            dates.push(Test::parse(value).ok_or_else(|| wrong(parameter.name, NO_DATE))?);
        }
    }
    Ok(Criterion {
        parameter,
        values,
        dates,
    })
}

fn count(value: &str) -> Result<usize, Refusal> {
    let plain = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    if !plain {
        return Err(wrong("_count", "This is no whole number from 0."));
    }
    // A page may always be shorter than was asked for.
    Ok(value.parse::<usize>().unwrap_or(usize::MAX).min(MOST))
}

fn cursor(value: &str) -> Result<Cursor, Refusal> {
    let text = "This is no place in a list that was given here. Begin again without _cursor, and follow the next link.";
    Cursor::read(value).ok_or_else(|| wrong("_cursor", text))
}

fn order(kind: &Kind, value: &str) -> Result<Order, Refusal> {
    let (name, oldest) = match value.strip_prefix('-') {
        Some(name) => (name, false),
        None => (value, true),
    };
    let date = kind.date().filter(|_| kind.whose != Whose::Patient);
    if name == "_lastUpdated" && matches!(kind.whose, Whose::Person(_)) {
        return Ok(Order {
            arrived: true,
            oldest,
        });
    }
    if date == Some(name) {
        return Ok(Order {
            arrived: false,
            oldest,
        });
    }
    let known = date.map_or_else(String::new, |date| format!("{date}, -{date}, "));
    Err(wrong(
        "_sort",
        format!(
            "{} is sorted by {known}_lastUpdated or -_lastUpdated.",
            kind.name
        ),
    ))
}

fn include(kind: &Kind, value: &str) -> Result<&'static str, Refusal> {
    let named = value
        .strip_prefix(kind.name)
        .and_then(|rest| rest.strip_prefix(':'));
    let named = named.map(|rest| rest.split(':').next().unwrap_or(rest));
    let found = kind.includes.iter().find(|(name, _)| Some(*name) == named);
    found.map(|(_, path)| *path).ok_or_else(|| {
        let known: Vec<String> = kind
            .includes
            .iter()
            .map(|(name, _)| format!("{}:{name}", kind.name))
            .collect();
        wrong(
            "_include",
            format!(
                "What can come with it: {}.",
                if known.is_empty() {
                    "nothing".to_owned()
                } else {
                    known.join(", ")
                }
            ),
        )
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::super::table::find;
    use super::*;

    fn read(kind: &str, pairs: &[(&str, &str)]) -> Result<Query, Refusal> {
        let pairs: Vec<_> = pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        Query::of(find(kind).unwrap(), &pairs)
    }

    #[test]
    fn what_is_asked_is_read() {
        let query = read(
            "Observation",
            &[
                ("patient", "Patient/1"),
                ("code", "http://loinc.org|8867-4,8480-6"),
                ("date", "ge2018"),
                ("date", "lt2020"),
                ("_sort", "date"),
                ("_count", "5"),
                ("_include", "Observation:encounter"),
            ],
        )
        .unwrap();
        assert_eq!(query.patient.as_deref(), Some("Patient/1"));
        assert_eq!(query.criteria.len(), 3);
        assert_eq!(query.criteria[0].values.len(), 2);
        assert_eq!(
            (query.count, query.includes.as_slice()),
            (5, &["encounter"][..])
        );
        assert_eq!(
            query.order,
            Order {
                arrived: false,
                oldest: true
            }
        );
    }

    #[test]
    fn what_does_not_read_is_refused_with_its_place() {
        for (name, value) in [
            ("date", "yesterday"),
            ("date", "ge2018-02-31"),
            ("_lastUpdated", "ap2018"),
            ("_count", "-1"),
            ("_count", "ten"),
            ("_cursor", "%%%"),
            ("_cursor", "bm9uc2Vuc2U"),
            ("_sort", "colour"),
            ("_include", "Observation:everything"),
            ("_include", "*"),
            ("colour", "red"),
            ("code:not", "1"),
            ("code", "1,,2"),
            ("code", &"x".repeat(VALUE + 1)),
        ] {
            let refusal = read("Observation", &[("patient", "1"), (name, value)]).unwrap_err();
            assert_eq!(refusal.at, format!("http.{name}"), "{value}");
            assert_eq!(refusal.why, Why::Invalid);
        }
        let many = vec![("status", "final"); PARAMETERS + 1];
        assert!(read("Observation", &many).is_err());
        assert!(read("Observation", &[("patient", "1"), ("subject", "2")]).is_err());
        let odd = read("Observation", &[("<script>", "1")]).unwrap_err();
        assert_eq!(odd.at, "http");
    }

    #[test]
    fn a_page_is_never_longer_than_the_longest() {
        assert_eq!(count("99999999999999999999999999").unwrap(), MOST);
        assert_eq!(count("0").unwrap(), 0);
    }

    #[test]
    fn a_cursor_comes_back() {
        let cursor = Cursor {
            at: Some("2018-03".to_owned()),
            id: "x".to_owned(),
        };
        assert_eq!(Cursor::read(&cursor.write()), Some(cursor));
    }
}
