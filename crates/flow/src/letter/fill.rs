//! A letter filled in from what is known, as blocks and as plain text that is kept.

use super::template::{LISTS, Letter, names_in};
use jiff::civil::Date;

/// What is known, to fill a letter with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Name of the person.
    pub name: String,
    /// Whom the letter addresses: the person, or who acts for them.
    pub reader: String,
    /// Whether that is who acts for them.
    pub acts_for: bool,
    /// The hospital.
    pub hospital: String,
    /// The ward; empty if not known.
    pub ward: String,
    /// The day of the letter.
    pub day: Option<Date>,
    /// Places and services that can help now.
    pub offered: Vec<String>,
    /// Those that said no.
    pub declined: Vec<String>,
    /// Whom to talk to.
    pub contact: String,
    /// How to reach them.
    pub telephone: String,
    /// The day to choose by.
    pub choose_by: Option<Date>,
    /// The place that is arranged.
    pub interim: String,
    /// The first day there.
    pub starts_on: Option<Date>,
}

/// What a letter needs and nobody has said: the field, and what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The field.
    pub field: &'static str,
    /// What to do.
    pub text: &'static str,
}

/// A block of a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A heading.
    Heading(String),
    /// A paragraph.
    Text(String),
    /// A list.
    List(Vec<String>),
}

/// A letter filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filled {
    /// Its title.
    pub title: String,
    /// Its blocks, in order.
    pub blocks: Vec<Block>,
}

const MISSING: [Missing; 9] = [
    Missing {
        field: "reader",
        text: "Write to whom the letter goes",
    },
    Missing {
        field: "name",
        text: "The person has no name on record: put that right first",
    },
    Missing {
        field: "hospital",
        text: "The hospital is not known",
    },
    Missing {
        field: "offered",
        text: "Write at least one place or service that can help now",
    },
    Missing {
        field: "contact",
        text: "Write whom the person can talk to",
    },
    Missing {
        field: "telephone",
        text: "Write the telephone number of whom to talk to",
    },
    Missing {
        field: "choose_by",
        text: "Enter the day to choose by",
    },
    Missing {
        field: "interim",
        text: "Write which place is arranged",
    },
    Missing {
        field: "starts_on",
        text: "Enter the first day there",
    },
];

fn in_words(day: Date) -> String {
    day.strftime("%-d %B %Y").to_string()
}

impl Facts {
    fn value(&self, name: &str) -> String {
        match name {
            "reader" => self.reader.clone(),
            "name" => self.name.clone(),
            "hospital" => self.hospital.clone(),
            // No ward is no reason to give no letter.
            "ward" if self.ward.is_empty() => "on the ward".to_owned(),
            "ward" => self.ward.clone(),
            "contact" => self.contact.clone(),
            "telephone" => self.telephone.clone(),
            "choose_by" => self.choose_by.map(in_words).unwrap_or_default(),
            "interim" => self.interim.clone(),
            "starts_on" => self.starts_on.map(in_words).unwrap_or_default(),
            _ => String::new(),
        }
    }

    fn list(&self, name: &str) -> &[String] {
        match name {
            "offered" => &self.offered,
            "declined" => &self.declined,
            _ => &[],
        }
    }

    fn has(&self, condition: &str) -> bool {
        match condition {
            "acts_for" => self.acts_for,
            list => !self.list(list).is_empty(),
        }
    }
}

impl Letter {
    /// The letter filled in.
    ///
    /// # Errors
    /// Everything that it needs and that is not known, in the order of the form.
    pub fn fill(&self, facts: &Facts) -> Result<Filled, Vec<Missing>> {
        let parts = || {
            let shown =
                |condition: &Option<String>| condition.as_ref().is_none_or(|one| facts.has(one));
            self.parts.iter().filter(move |part| shown(&part.only_with))
        };
        let needed: Vec<&str> = parts()
            .flat_map(|part| part.lines.iter().chain([&part.heading]))
            .flat_map(|line| names_in(line))
            .chain(["reader"])
            .collect();
        let lacks = |name: &str| match LISTS.contains(&name) {
            true => facts.list(name).is_empty(),
            false => facts.value(name).trim().is_empty(),
        };
        let missing: Vec<Missing> = MISSING
            .into_iter()
            .filter(|one| needed.contains(&one.field) && lacks(one.field))
            .collect();
        if !missing.is_empty() {
            return Err(missing);
        }
        let mut blocks = vec![Block::Text(format!("Dear {}", facts.reader))];
        if let Some(day) = facts.day {
            blocks.insert(0, Block::Text(in_words(day)));
        }
        for part in parts() {
            if !part.heading.is_empty() {
                blocks.push(Block::Heading(filled(&part.heading, facts)));
            }
            blocks.extend(part.lines.iter().map(|line| block(line, facts)));
        }
        Ok(Filled {
            title: self.title.clone(),
            blocks,
        })
    }
}

fn block(line: &str, facts: &Facts) -> Block {
    let list = LISTS.iter().find(|name| line == format!("{{{name}}}"));
    match list {
        Some(name) => Block::List(facts.list(name).iter().map(|one| tidy(one)).collect()),
        None => Block::Text(filled(line, facts)),
    }
}

/// A line with what is known in the place of its names. What is put in is not read again.
fn filled(line: &str, facts: &Facts) -> String {
    let mut text = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            text.push('{');
            rest = after;
            continue;
        };
        text.push_str(&tidy(&facts.value(name)));
        rest = after;
    }
    text.push_str(rest);
    text
}

/// One line, without signs that no page shows.
fn tidy(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

impl Filled {
    /// As plain text: blocks with an empty line between, a heading over a line of dashes, the
    /// things of a list each after a dash. [`blocks_of`] reads it again.
    pub fn as_text(&self) -> String {
        let blocks = self.blocks.iter().map(|block| match block {
            Block::Heading(text) => format!("{text}\n{}", "-".repeat(text.chars().count().max(1))),
            Block::Text(text) => text.clone(),
            Block::List(things) => {
                let lines: Vec<String> = things.iter().map(|one| format!("- {one}")).collect();
                lines.join("\n")
            }
        });
        let title = format!("{}\n{}", self.title, "=".repeat(self.title.chars().count()));
        let all: Vec<String> = [title].into_iter().chain(blocks).collect();
        all.join("\n\n") + "\n"
    }
}

/// The blocks of a letter that was kept as text; its title is not among them.
pub fn blocks_of(text: &str) -> Vec<Block> {
    let ruled = |block: &str, sign: char| match block.split_once('\n') {
        Some((head, rule)) if !rule.is_empty() && rule.chars().all(|c| c == sign) => {
            Some(head.to_owned())
        }
        _ => None,
    };
    text.trim_end()
        .split("\n\n")
        .filter(|block| ruled(block, '=').is_none())
        .map(|block| match (ruled(block, '-'), block.starts_with("- ")) {
            (Some(heading), _) => Block::Heading(heading),
            (None, true) => Block::List(
                block
                    .lines()
                    .map(|line| line.strip_prefix("- ").unwrap_or(line).to_owned())
                    .collect(),
            ),
            (None, false) => Block::Text(block.to_owned()),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::float_arithmetic)]
    use super::super::LetterKind;
    use super::*;
    use crate::Policy;
    use jiff::civil::date;

    fn facts() -> Facts {
        Facts {
            name: "John Bold".to_owned(),
            reader: "John Bold".to_owned(),
            acts_for: false,
            hospital: "Barchester Royal Infirmary".to_owned(),
            ward: "Allington ward".to_owned(),
            day: Some(date(2026, 8, 3)),
            offered: vec!["Ullathorne House".to_owned(), "Plumstead Care".to_owned()],
            declined: vec!["Framley Court".to_owned()],
            contact: "Jane Grantly".to_owned(),
            telephone: "01632 960 001".to_owned(),
            choose_by: Some(date(2026, 8, 6)),
            interim: "Ullathorne House".to_owned(),
            starts_on: Some(date(2026, 8, 7)),
        }
    }

    fn letter(kind: LetterKind, facts: &Facts) -> Result<Filled, Vec<Missing>> {
        let policy = Policy::builtin();
        policy.letters.get(kind).unwrap().fill(facts)
    }

    #[test]
    fn a_letter_says_what_is_known_and_names_what_is_not() {
        let text = letter(LetterKind::Second, &facts()).unwrap().as_text();
        for words in [
            "3 August 2026\n\nDear John Bold\n\n",
            "You are in Barchester Royal Infirmary, Allington ward.",
            "Please choose by 6 August 2026\n------",
            "- Ullathorne House\n- Plumstead Care\n\n",
            "- Framley Court",
            "Talk to Jane Grantly, telephone 01632 960 001.",
            "advocate",
            "complaint",
        ] {
            assert!(text.contains(words), "{words}: {text}");
        }
        assert!(!text.contains("You act for"));
        let bare = Facts {
            name: "John Bold".to_owned(),
            hospital: "Barchester Royal Infirmary".to_owned(),
            ..Facts::default()
        };
        for (kind, fields) in [
            (LetterKind::First, vec!["reader", "contact", "telephone"]),
            (
                LetterKind::Second,
                vec!["reader", "offered", "contact", "telephone", "choose_by"],
            ),
            (
                LetterKind::Third,
                vec!["reader", "contact", "telephone", "interim", "starts_on"],
            ),
        ] {
            let missing = letter(kind, &bare).unwrap_err();
            let found: Vec<&str> = missing.iter().map(|one| one.field).collect();
            assert_eq!(found, fields, "{kind:?}");
        }
    }

    #[test]
    fn a_part_without_its_matter_is_left_out() {
        let mut known = facts();
        known.declined.clear();
        known.offered.clear();
        known.reader = "Mary Bold".to_owned();
        known.acts_for = true;
        let text = letter(LetterKind::First, &known).unwrap().as_text();
        assert!(text.contains("Dear Mary Bold\n\nYou act for John Bold."));
        assert!(!text.contains("Who cannot help now") && !text.contains("A place is offered"));
    }

    #[test]
    fn what_is_kept_is_read_again_as_it_was() {
        let mut known = facts();
        known
            .offered
            .push("- {contact}\n\nA home\n------".to_owned());
        for kind in LetterKind::ALL {
            let filled = letter(kind, &known).unwrap();
            assert_eq!(blocks_of(&filled.as_text()), filled.blocks, "{kind:?}");
        }
    }

    /// Years of school that a text takes (Flesch and Kincaid's grade); reading age is five more.
    fn grade(text: &str) -> f64 {
        let sentences = text.matches(['.', '?', '!']).count().max(1) as f64;
        let words: Vec<String> = text
            .split_whitespace()
            .map(|word| {
                word.to_lowercase()
                    .replace(|c: char| !c.is_ascii_lowercase(), "")
            })
            .filter(|word| !word.is_empty())
            .collect();
        let vowel = |c: char| "aeiouy".contains(c);
        let syllables: usize = words
            .iter()
            .map(|word| {
                let groups = word
                    .chars()
                    .zip([' '].into_iter().chain(word.chars()))
                    .filter(|(c, before)| vowel(*c) && !vowel(*before))
                    .count();
                let silent = word.ends_with('e') && !word.ends_with("le");
                (groups - usize::from(silent && groups > 1)).max(1)
            })
            .sum();
        let count = words.len() as f64;
        0.39 * count / sentences + 11.8 * syllables as f64 / count - 15.59
    }

    #[test]
    fn the_words_are_for_a_reading_age_of_9_to_11_and_one_page() {
        assert!(grade("Notwithstanding the aforementioned considerations, accommodation.") > 15.0);
        for letter in Policy::builtin().letters.all() {
            let own: Vec<&str> = letter
                .parts
                .iter()
                .flat_map(|part| part.lines.iter().map(String::as_str))
                .filter(|line| !line.starts_with('{'))
                .collect();
            let found = grade(&own.join(" ").replace(':', "."));
            assert!(found < 6.0, "{:?}: grade {found}", letter.kind);
            let words = own.join(" ").split_whitespace().count();
            assert!(words < 280, "{:?}: {words} words", letter.kind);
        }
        assert_eq!(Policy::builtin().letters.all().len(), 3);
    }
}
