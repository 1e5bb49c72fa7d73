//! What holds of a person, part by part: each entry with its details, its date and age, its
//! source, and a link to all that it says. Where nothing is recorded, that is said, and never
//! that there is nothing.

use super::timeline::{aged, sector};
use super::{around, who};
use crate::components::Tag;
use crate::words;
use app::person::says::{Detail, Part, Standing};
use app::person::{PersonPage, Seen, Summary, SummaryEntry};
use jiff::civil::Date;
use kernel::calendar::local;

/// What is said where nothing is recorded.
const NOTHING: &str = "Nothing recorded here. That does not mean there is none.";
/// Entries shown before the rest is folded.
const SHOWN: usize = 8;

/// One entry.
pub(super) struct Item {
    pub href: String,
    pub words: String,
    pub details: String,
    pub meta: String,
    pub sector: Option<Tag>,
    pub new: bool,
    /// Whether it is the person whom the others ask.
    pub coordinator: bool,
}

/// One part.
pub(super) struct PartView {
    pub id: &'static str,
    pub title: &'static str,
    pub alert: bool,
    pub warning: &'static str,
    pub items: Vec<Item>,
    pub rest: Vec<Item>,
    pub rest_words: String,
    pub past: Vec<Item>,
    pub past_words: String,
    pub none: &'static str,
}

/// What somebody says of themselves under a heading.
pub(super) struct Own {
    pub heading: String,
    pub words: String,
    pub written: String,
}

/// What they say of themselves.
pub(super) fn about_me(summary: &Summary, today: Date) -> Vec<Own> {
    let own = |(heading, said): &(String, store::about_me::Said)| {
        let day = words::day_of(said.written_at);
        let ago = words::ago(&day.to_string(), today).unwrap_or_default();
        let mut written = format!(
            "Written {}, {ago}, by {}",
            words::date(day),
            said.written_by
        );
        if !said.helped_by.is_empty() {
            written = format!("{written}. {} helped", words::sentence(&said.helped_by));
        }
        Own {
            heading: heading.clone(),
            words: said.words.clone(),
            written: format!("{written}."),
        }
    };
    summary.about_me.iter().map(own).collect()
}

/// Every part, in the order in which they are needed.
pub(super) fn parts(found: &PersonPage, today: Date) -> Vec<PartView> {
    let drawing = Drawing {
        summary: &found.summary,
        seen: &found.seen,
        today,
    };
    let mut alerts = drawing.part("alerts", "Alerts", &[Part::Alert], "alert");
    alerts.alert = !alerts.items.is_empty();
    let mut people = drawing.part(
        "people",
        "People around this person",
        &[Part::Professional, Part::Family],
        "contact",
    );
    people.items.extend(drawing.around());
    vec![
        alerts,
        drawing.allergies(),
        drawing.part("medicines", "Medicines", &[Part::Medicine], "medicine"),
        drawing.part(
            "problems",
            "Problems and diagnoses",
            &[Part::Problem],
            "problem",
        ),
        people,
        drawing.part(
            "care",
            "Care and visits",
            &[Part::Care, Part::Visit],
            "thing",
        ),
        drawing.part("plans", "Plans", &[Part::Plan], "plan"),
    ]
}

struct Drawing<'a> {
    summary: &'a Summary,
    seen: &'a Seen,
    today: Date,
}

impl Drawing<'_> {
    fn part(&self, id: &'static str, title: &'static str, of: &[Part], one: &str) -> PartView {
        let mut items: Vec<&SummaryEntry> = of
            .iter()
            .flat_map(|part| self.summary.current(*part))
            .collect();
        // What stands first in its part stands first in all of them.
        items.sort_by_key(|item| !item.entry.first);
        let mut items: Vec<Item> = items.into_iter().map(|item| self.item(item)).collect();
        let rest = items.split_off(items.len().min(SHOWN));
        let past: Vec<Item> = of
            .iter()
            .flat_map(|part| self.summary.past(*part))
            .map(|item| self.item(item))
            .collect();
        PartView {
            id,
            title,
            alert: false,
            warning: "",
            rest_words: format!("Show {} more", words::counted(count(&rest), one)),
            past_words: format!("Show {} in the past", words::counted(count(&past), one)),
            items,
            rest,
            past,
            none: NOTHING,
        }
    }

    /// That no allergy is known is a statement like another: with its date and source, and never
    /// instead of an allergy.
    fn allergies(&self) -> PartView {
        let mut part = self.part(
            "allergies",
            "Allergies",
            &[Part::Allergy, Part::NoKnownAllergy],
            "entry",
        );
        part.rest_words = format!("Show {} more", part.rest.len());
        part.past_words = format!("Show {} in the past", part.past.len());
        let holds = |part: Part| self.summary.current(part).next().is_some();
        if holds(Part::Allergy) && holds(Part::NoKnownAllergy) {
            part.warning = "The sources do not agree: one says that none is known.";
        }
        part
    }

    fn item(&self, one: &SummaryEntry) -> Item {
        let (entry, line) = (&one.entry, &one.line);
        let happened = line.happened_at.as_deref();
        // The date of the line is said once, with what it is the date of.
        let same = |date: &str| {
            happened.is_some_and(|happened| {
                let length = happened.len().min(date.len());
                happened.get(..length) == date.get(..length)
            })
        };
        let mut dated = ("Dated", happened);
        let mut details: Vec<String> = Vec::new();
        for detail in &entry.details {
            match detail {
                Detail::Words(words) => details.push(words.trim_end_matches('.').to_owned()),
                Detail::Telephone(number) => details.push(format!("Telephone {number}")),
                Detail::Date(what, date) if dated.0 == "Dated" && same(date) => {
                    dated = (*what, Some(date.as_str()));
                }
                Detail::Date(what, date) => {
                    details.push(format!("{what} {}", aged(Some(date), self.today)));
                }
            }
        }
        if entry.standing == Standing::NotSaid {
            details.push("Not said whether this still holds".to_owned());
        }
        let when = match dated {
            (what, Some(date)) => format!("{what} {}", aged(Some(date), self.today)),
            (_, None) => {
                let day = words::day_of(line.received_at).to_string();
                format!("Date not known. Received {}", aged(Some(&day), self.today))
            }
        };
        let known = !line.source.is_empty();
        let source = match known {
            true => format!("Source: {}", line.source),
            false => "Source not known".to_owned(),
        };
        Item {
            href: format!("/person/line/{}", line.id),
            words: entry.words.clone(),
            details: sentences(&details),
            meta: format!("{when}. {source}."),
            sector: known.then(|| sector(&line.sector)),
            new: self.seen.is_new(line),
            coordinator: entry.first && entry.part == Part::Professional,
        }
    }

    /// Organisations and colleagues who have to do with the person now.
    fn around(&self) -> Vec<Item> {
        let item = |one: &store::relationship::Around| {
            let kept = &one.kept;
            let what = match kept.capacity.is_empty() {
                true => around::kind_in_words(kept.kind).to_owned(),
                false => words::sentence(&kept.capacity),
            };
            let of = match one.organisation.is_empty() {
                true => String::new(),
                false => format!(" {}.", one.organisation),
            };
            let day = local(kept.starts_at).date().to_string();
            Item {
                href: String::new(),
                words: words::known(&one.name).to_owned(),
                details: format!("{what}.{of}"),
                meta: format!("Since {}.", aged(Some(&day), self.today)),
                sector: None,
                new: false,
                coordinator: false,
            }
        };
        self.summary.around.iter().map(item).collect()
    }
}

fn count(items: &[Item]) -> i64 {
    i64::try_from(items.len()).unwrap_or(i64::MAX)
}

fn sentences(details: &[String]) -> String {
    details
        .iter()
        .map(|detail| format!("{detail}."))
        .collect::<Vec<_>>()
        .join(" ")
}

/// What is new, in a sentence, and where it is to be seen.
pub(super) fn news(found: &PersonPage, now: jiff::Timestamp) -> (String, Option<String>) {
    let Some(last) = found.seen.last_look else {
        return (
            "You have not looked at this record before.".to_owned(),
            None,
        );
    };
    let when = words::near_time(last, now);
    match found.seen.fresh() {
        0 => (format!("Nothing new since you last looked, {when}."), None),
        new => (
            format!(
                "{} new since you last looked, {when}.",
                words::counted(new, "line")
            ),
            Some(format!(
                "{}/timeline?new=1",
                who::address_of(found.person.id)
            )),
        ),
    }
}
