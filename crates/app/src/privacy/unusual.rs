//! Unusual looks: what the rules of `person::looks` find in the journal, and what became of it.

use super::reason;
use crate::person::ties::midnight;
use crate::person::{Told, Voice, tell};
use crate::{App, Error, Subject};
use ::person::looks::{LookFacts, LookLimits, Unusual, carries_name, unusual};
use ::person::search::name_words;
use access::{Action, Actor, Role};
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::calendar::add_days;
use kernel::{PersonId, limits};
use std::collections::{BTreeMap, HashMap, HashSet};
use store::account::{self, Account};
use store::looks::{self, LookReview, Seen};
use store::{Tx, glass, journal};

/// Most days of unusual looks in one list.
pub const LOOKS_MOST_DAYS: i64 = 31;

/// What review is done for.
const OVERSIGHT: &str = "oversight of access";

/// Which unusual looks are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LooksAsked {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// Those that were looked into too.
    pub all: bool,
    /// Page, from 1; 0 counts as 1.
    pub page: usize,
}

/// An unusual look: the first of one account at one person on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookFinding {
    /// Number of its row in the journal.
    pub sequence: i64,
    /// When.
    pub at: Timestamp,
    /// Name, role and organisation of whoever looked.
    pub who: String,
    /// Their sign-in name.
    username: String,
    /// Whose record: the head.
    pub person: PersonId,
    /// Name on the record.
    pub whose: String,
    /// What makes it unusual.
    pub reasons: Vec<Unusual>,
    /// What became of it, the earliest first; empty while nobody has looked into it.
    pub reviews: Vec<LookReview>,
}

/// One unusual look with what was seen that day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookPage {
    /// The look.
    pub finding: LookFinding,
    /// Whose record: name, date of birth and NHS number only.
    pub whose: ::person::Person,
    /// What they did with this person's record that day, the earliest first.
    pub seen: Vec<Told>,
}

/// Name, role and organisation of an account.
pub(super) fn who(account: &Account) -> String {
    let role = Role::parse(&account.role).map_or("Staff", Role::in_words);
    format!(
        "{}, {}, {}",
        account.display_name,
        role.to_lowercase(),
        account.organisation_name
    )
}

/// Whether a row is of a kind that needs no link with the person: deciding whose a record is.
fn needs_no_link(seen: &Seen) -> bool {
    seen.look.action == Action::ReviewIdentity.in_words()
        || seen.look.action.starts_with("identity:")
}

/// Looks of one account at one person on one day.
struct Group<'s> {
    first: &'s Seen,
    linked: bool,
    ordinal: i64,
}

impl App {
    /// Unusual looks of a stretch of days, the latest first, and whether there are more.
    ///
    /// # Errors
    /// Not allowed, days in the wrong order or too many, a parameter missing, or the store's.
    pub fn unusual_looks(
        &self,
        actor: &Actor,
        asked: &LooksAsked,
    ) -> Result<(Vec<LookFinding>, bool), Error> {
        let allowed = access::decide(actor, Action::ReviewLooks)?;
        if asked.to < asked.from {
            return Err(Error::invalid(
                "to",
                "The last day must not be before the first",
            ));
        }
        if add_days(asked.from, LOOKS_MOST_DAYS) <= asked.to {
            let text = format!("Ask for at most {LOOKS_MOST_DAYS} days");
            return Err(Error::invalid("to", text));
        }
        self.store().write(|tx| {
            let mut found = self.findings(tx, asked.from, asked.to)?;
            found.retain(|one| asked.all || one.reviews.is_empty());
            let size = limits::ROWS_A_PAGE;
            let offset = (asked.page.max(1) - 1).saturating_mul(size);
            let more = found.len() > offset.saturating_add(size);
            let page: Vec<LookFinding> = found.into_iter().skip(offset).take(size).collect();
            let subject = Subject {
                results: page.len(),
                thing: "unusual looks".to_owned(),
                detail: format!("{} to {}", asked.from, asked.to),
                ..Subject::default()
            };
            self.looked(tx, actor, allowed, Action::ReviewLooks, subject)?;
            Ok((page, more))
        })
    }

    /// Unusual looks of a stretch of days, the latest first.
    pub(super) fn findings(
        &self,
        tx: &mut dyn Tx,
        from: Date,
        to: Date,
    ) -> Result<Vec<LookFinding>, Error> {
        let mut found = Vec::new();
        for account in account::all(tx)? {
            found.extend(self.findings_of(tx, &account, from, to)?);
        }
        found.sort_by_key(|one| std::cmp::Reverse(one.sequence));
        if let (Some(last), Some(first)) = (found.first(), found.last()) {
            let mut reviews: HashMap<i64, Vec<LookReview>> = HashMap::new();
            for review in looks::reviews(tx, first.sequence, last.sequence)? {
                reviews.entry(review.sequence).or_default().push(review);
            }
            for one in &mut found {
                one.reviews = reviews.remove(&one.sequence).unwrap_or_default();
            }
        }
        Ok(found)
    }

    /// Unusual looks of one account.
    fn findings_of(
        &self,
        tx: &mut dyn Tx,
        account: &Account,
        from: Date,
        to: Date,
    ) -> Result<Vec<LookFinding>, Error> {
        // Somebody who reads their own record, or is invited to, is no staff.
        let Some(role) = Role::parse(&account.role).filter(|role| *role != Role::Person) else {
            return Ok(Vec::new());
        };
        let actor = Actor {
            account: Some(account.id),
            username: account.username.clone(),
            display_name: account.display_name.clone(),
            role,
            organisation: Some(account.organisation),
            organisation_name: account.organisation_name.clone(),
        };
        let holders = self.asker(tx, &actor)?.holders;
        let stretch = (midnight(from), midnight(add_days(to, 1)));
        let mut seen = looks::of_actor(tx, &account.username, stretch, &holders)?;
        // Review is not judged here: each look at an unusual look would be another.
        seen.retain(|one| one.look.purpose != OVERSIGHT);
        if seen.is_empty() {
            return Ok(Vec::new());
        }
        let limits = LookLimits {
            people_a_day: self.days("looks.people_a_day")?,
            times_usual: self.days("looks.times_usual")?,
        };
        let days = self.by_day(&seen);
        let busy = |groups: &Vec<Group<'_>>| count(groups.len()) > limits.people_a_day;
        let earlier = match days.values().any(busy) {
            true => self.people_by_day(tx, &account.username, from, to)?,
            false => BTreeMap::new(),
        };
        let homes: Vec<String> = looks::namesakes(tx, &name_words(&account.display_name))?
            .into_iter()
            .filter(|(family, given, _)| carries_name(&account.display_name, family, given))
            .map(|(.., postcode)| postcode)
            .collect();
        let mut found = Vec::new();
        for (day, groups) in &days {
            let usual = self.usual(&earlier, *day)?;
            for group in groups {
                let facts = LookFacts {
                    staff: account.display_name.clone(),
                    homes: homes.clone(),
                    family: group.first.family.clone(),
                    given: group.first.given.clone(),
                    postcode: group.first.postcode.clone(),
                    linked: group.linked,
                    ordinal: group.ordinal,
                    people: count(groups.len()),
                    usual,
                };
                let reasons = unusual(&facts, &limits);
                if reasons.is_empty() {
                    continue;
                }
                let named = ::person::Person {
                    family_name: facts.family,
                    given_name: facts.given,
                    ..::person::Person::unknown(group.first.head)
                };
                found.push(LookFinding {
                    sequence: group.first.look.sequence,
                    at: group.first.look.at,
                    who: who(account),
                    username: account.username.clone(),
                    person: group.first.head,
                    whose: named.list_name(),
                    reasons,
                    reviews: Vec::new(),
                });
            }
        }
        Ok(found)
    }

    /// The looks of one account by day, each person's together, in the order of the first.
    fn by_day<'s>(&self, seen: &'s [Seen]) -> BTreeMap<Date, Vec<Group<'s>>> {
        let mut days: BTreeMap<Date, Vec<Group<'s>>> = BTreeMap::new();
        let mut places: HashMap<(Date, PersonId), usize> = HashMap::new();
        for one in seen {
            let day = self.day_of(one.look.at);
            let groups = days.entry(day).or_default();
            let linked = one.linked || needs_no_link(one);
            match places
                .get(&(day, one.head))
                .and_then(|at| groups.get_mut(*at))
            {
                Some(group) => group.linked &= linked,
                None => {
                    places.insert((day, one.head), groups.len());
                    groups.push(Group {
                        first: one,
                        linked,
                        ordinal: count(groups.len()) + 1,
                    });
                }
            }
        }
        days
    }

    /// How many people an account looked at on each day before and in a stretch.
    fn people_by_day(
        &self,
        tx: &mut dyn Tx,
        username: &str,
        from: Date,
        to: Date,
    ) -> Result<BTreeMap<Date, i64>, Error> {
        let start = midnight(add_days(from, -self.days("looks.usual_days")?));
        let end = midnight(add_days(to, 1));
        let mut people: BTreeMap<Date, HashSet<PersonId>> = BTreeMap::new();
        for (at, head) in looks::times_of_actor(tx, username, (start, end))? {
            people.entry(self.day_of(at)).or_default().insert(head);
        }
        Ok(people
            .into_iter()
            .map(|(day, heads)| (day, count(heads.len())))
            .collect())
    }

    /// The mean of the days before a day on which they looked at anybody, rounded up.
    fn usual(&self, people: &BTreeMap<Date, i64>, day: Date) -> Result<Option<i64>, Error> {
        if people.is_empty() {
            return Ok(None);
        }
        let first = add_days(day, -self.days("looks.usual_days")?);
        let before: Vec<i64> = people
            .range(first..day)
            .map(|(_, people)| *people)
            .collect();
        let days = count(before.len());
        Ok((days > 0).then(|| (before.iter().sum::<i64>() + days - 1) / days))
    }

    /// The unusual look with a number in the journal.
    fn finding(&self, tx: &mut dyn Tx, sequence: i64) -> Result<LookFinding, Error> {
        let gone = || Error::NotFound("unusual look");
        let look = looks::by_sequence(tx, sequence)?.ok_or_else(gone)?;
        let day = self.day_of(look.at);
        let account = account::by_username(tx, &look.actor)?.ok_or_else(gone)?;
        let mut found = self
            .findings_of(tx, &account, day, day)?
            .into_iter()
            .find(|one| one.sequence == sequence)
            .ok_or_else(gone)?;
        found.reviews = looks::reviews(tx, sequence, sequence)?;
        Ok(found)
    }

    /// One unusual look with what was seen that day.
    ///
    /// # Errors
    /// Not allowed, there is no such look or it is not unusual, or the store's.
    pub fn unusual_look(&self, actor: &Actor, sequence: i64) -> Result<LookPage, Error> {
        let allowed = access::decide(actor, Action::ReviewLooks)?;
        self.store().write(|tx| {
            let finding = self.finding(tx, sequence)?;
            let whose = self.reviewed_person(tx, finding.person)?;
            let day = self.day_of(finding.at);
            let stretch = (midnight(day), midnight(add_days(day, 1)));
            let openings = glass::of_person(tx, finding.person)?;
            let seen: Vec<Told> = looks::of_actor(tx, &finding.username, stretch, &[])?
                .iter()
                .filter(|one| one.head == finding.person)
                .map(|one| tell(&one.look, &openings, Voice::Other, self.now()))
                .collect();
            let subject = Subject {
                person: Some(finding.person),
                thing: format!("look {sequence}"),
                results: seen.len(),
                ..Subject::default()
            };
            self.looked(tx, actor, allowed, Action::ReviewLooks, subject)?;
            Ok(LookPage {
                finding,
                whose,
                seen,
            })
        })
    }

    /// Notes what became of an unusual look. What was noted before stays.
    ///
    /// # Errors
    /// Not allowed, there is no such look or it is not unusual, one's own look, no note, or the
    /// store's.
    pub fn look_into(
        &self,
        actor: &Actor,
        sequence: i64,
        in_order: bool,
        note: &str,
    ) -> Result<(), Error> {
        let allowed = access::decide(actor, Action::ReviewLooks)?;
        let note = reason("note", note, "Say what you found, for whoever asks later")?;
        self.store().write(|tx| {
            let finding = self.finding(tx, sequence)?;
            if finding.username == actor.username {
                let text = "This look is your own. Somebody else must look into it";
                return Err(Error::invalid("verdict", text));
            }
            let why: Vec<&str> = finding
                .reasons
                .iter()
                .map(|one| one.words.as_str())
                .collect();
            let review = LookReview {
                sequence,
                in_order,
                note: note.to_owned(),
                why: why.join(" "),
                at: self.now(),
                by: actor.display_name.clone(),
            };
            looks::add_review(tx, &review)?;
            let subject = Subject {
                person: Some(finding.person),
                thing: format!("look {sequence}"),
                results: 1,
                detail: match in_order {
                    true => "in order",
                    false => "not in order",
                }
                .to_owned(),
            };
            let kind = journal::Kind::Command;
            self.record(tx, actor, allowed, kind, "looks: look into", subject)
        })
    }
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
