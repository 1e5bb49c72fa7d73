//! What stands on a person's summary: what their lines say holds, what they say of themselves,
//! who has to do with them, and what has come since somebody looked last.

use super::Sight;
use crate::resource::with_tree;
use crate::{App, Error};
use ::person::category::Categories;
use ::person::relationship::Relationship;
use ::person::sitting;
use access::{Action, Actor};
use fhir::summary::{self, Detail, Entry, Part, Standing};
use jiff::Timestamp;
use kernel::calendar::add_days;
use store::about_me::{self, Said};
use store::relationship::{self, Around};
use store::timeline::{self, Line, Resource};
use store::{Tx, journal};

/// Most lines that a summary is made of.
const LINES: usize = 2_000;
/// Most earlier looks that are gone through for the sitting before this one.
const LOOKS: i64 = 300;
/// A kind that is not a resource and stands on the summary all the same.
const PACKAGE: &str = "Care package";

/// An entry of a summary with the line it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SummaryEntry {
    /// What it says.
    pub entry: Entry,
    /// Where it comes from.
    pub line: Line,
}

/// A person's summary.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Its entries: what stands first first, then the latest.
    pub entries: Vec<SummaryEntry>,
    /// True when there are more lines than a summary is made of.
    pub more: bool,
    /// What they say of themselves, under the headings in the order of the standard.
    pub about_me: Vec<(String, Said)>,
    /// Who has to do with them now.
    pub around: Vec<Around>,
}

impl Summary {
    /// The entries of a part that hold, or of which nobody says that they have ended.
    pub fn current(&self, part: Part) -> impl Iterator<Item = &SummaryEntry> {
        self.of(part, false)
    }

    /// The entries of a part that have ended.
    pub fn past(&self, part: Part) -> impl Iterator<Item = &SummaryEntry> {
        self.of(part, true)
    }

    fn of(&self, part: Part, past: bool) -> impl Iterator<Item = &SummaryEntry> {
        self.entries
            .iter()
            .filter(move |one| one.entry.part == part)
            .filter(move |one| (one.entry.standing == Standing::Past) == past)
    }
}

impl App {
    /// A person's summary as somebody may see it. Three statements.
    pub(crate) fn summary(&self, tx: &mut dyn Tx, sight: &Sight) -> Result<Summary, Error> {
        let today = self.today();
        let since = add_days(today, -self.days("summary.recent_days")?);
        let mut kinds = summary::KINDS.to_vec();
        kinds.push(PACKAGE);
        let wanted = (kinds.as_slice(), summary::RECENT_KINDS.as_slice(), since);
        let mut lines =
            timeline::with_resources(tx, sight.person, wanted, &sight.items, LINES + 1)?;
        let more = lines.len() > LINES;
        lines.truncate(LINES);
        let mut entries = Vec::new();
        for (line, resource) in lines {
            for entry in self.entries_of(&line, resource.as_ref()) {
                if shown(sight, &line, &entry) {
                    let entry = without_whereabouts(sight, entry);
                    let line = line.clone();
                    entries.push(SummaryEntry { entry, line });
                }
            }
        }
        // Within that the lines are the latest first already.
        entries.sort_by_key(|one| !one.entry.first);
        Ok(Summary {
            entries,
            more,
            about_me: self.about_me_of(tx, sight)?,
            around: self.people_around(tx, sight)?,
        })
    }

    /// What a line puts on the summary. Of a line whose resource is not here or cannot be read
    /// the title is shown, and that it does not say whether it holds.
    fn entries_of(&self, line: &Line, resource: Option<&Resource>) -> Vec<Entry> {
        let today = self.today();
        let read = resource
            .filter(|resource| resource.resource_type == line.kind)
            .and_then(|resource| {
                with_tree(resource, |tree| summary::entries(&line.kind, tree, today))
            });
        match (read, summary::part_of_kind(&line.kind)) {
            (Some(entries), _) => entries,
            (None, None) => Vec::new(),
            (None, Some(part)) => vec![Entry {
                part,
                words: line.title.clone(),
                details: Vec::new(),
                standing: Standing::NotSaid,
                first: false,
            }],
        }
    }

    fn about_me_of(&self, tx: &mut dyn Tx, sight: &Sight) -> Result<Vec<(String, Said)>, Error> {
        // Who wants nothing shared wants this not shared either.
        if sight.items.only_own {
            return Ok(Vec::new());
        }
        let mut said = about_me::latest(tx, sight.person)?;
        let mut shown = Vec::new();
        for heading in ::person::about_me::builtin() {
            if let Some(at) = said.iter().position(|one| one.heading == heading.key) {
                shown.push((heading.words.clone(), said.remove(at)));
            }
        }
        // A heading that is no longer in the list is shown by its key: nothing is lost.
        shown.extend(said.into_iter().map(|one| (one.heading.clone(), one)));
        Ok(shown)
    }

    fn people_around(&self, tx: &mut dyn Tx, sight: &Sight) -> Result<Vec<Around>, Error> {
        use Relationship::{Carer, Caseload, Hub, NextStep, Practice, Referral, Ward};
        // Where somebody is registered or was referred tells where they live.
        let kinds: &[Relationship] = match sight.address {
            true => &[Caseload, NextStep, Hub, Ward, Practice, Referral, Carer],
            false => &[Caseload, Ward],
        };
        let mut around = relationship::around(tx, sight.person, kinds, self.now())?;
        around.retain(|one| {
            let sector = match one.organisation_kind.as_str() {
                "council" => "council",
                "trust" | "hospital" | "ward" | "practice" | "board" => "nhs",
                _ => "other",
            };
            let of = match one.organisation.is_empty() {
                true => &one.name,
                false => &one.organisation,
            };
            let category = Categories::builtin().of(&one.name, &[]);
            sight.items.kinds.is_none() && sight.items.shows(of, category, sector, "")
        });
        let mut seen = std::collections::HashSet::new();
        around.retain(|one| seen.insert((one.kept.kind, one.kept.holder.clone())));
        around.sort_by_key(|one| kinds.iter().position(|kind| *kind == one.kept.kind));
        Ok(around)
    }

    /// When somebody looked at a record last, before this sitting. One statement.
    pub(crate) fn last_look(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        sight: &Sight,
    ) -> Result<Option<Timestamp>, Error> {
        let look = (actor.username.as_str(), Action::SeePerson.in_words());
        let looks = journal::looks_by(tx, sight.person, look, LOOKS)?;
        let minutes = self.days("summary.sitting_minutes")?;
        Ok(sitting::last_before(self.now(), &looks, minutes))
    }
}

/// Whether an entry is shown whose line is: not if it speaks of what is withheld, though the
/// title of its line does not.
fn shown(sight: &Sight, line: &Line, entry: &Entry) -> bool {
    let lists = Categories::builtin();
    let details = entry.details.iter().filter_map(|detail| match detail {
        Detail::Words(words) => Some(words.as_str()),
        _ => None,
    });
    std::iter::once(entry.words.as_str())
        .chain(details)
        .map(|text| lists.of(text, &[]))
        .filter(|category| !category.is_empty())
        .all(|category| {
            sight
                .items
                .shows(&line.source, category, &line.sector, &line.kind)
        })
}

/// How to reach a daughter is how to reach her mother.
fn without_whereabouts(sight: &Sight, mut entry: Entry) -> Entry {
    if !sight.address {
        entry
            .details
            .retain(|detail| !matches!(detail, Detail::Telephone(_)));
    }
    entry
}
