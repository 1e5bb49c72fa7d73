//! Whom and what a query may speak of: the conditions that `access` decides by, as SQL, so
//! that a list, a count, a search and a sort are of what the asker may see and of nothing else.
//!
//! Both scopes say in SQL what the policy says in words; `app` has a property test that the
//! two agree for everybody in a place.

use crate::Value;
use crate::value::listed;
use jiff::Timestamp;

/// Kinds of relationship that reach a record whose being here is kept secret.
pub const REACHES_RESTRICTED: [&str; 3] = ["caseload", "self", "second person"];

/// Kinds of relationship of somebody at home: of no use to whoever asks at work, and the only
/// ones of use to whoever asks at home.
const AT_HOME: &str = "('self', 'carer')";

/// Which people's records an asker may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeopleScope {
    /// Ids of the asker's account and of the organisations acted for.
    pub holders: Vec<String>,
    /// The instant it is now.
    pub now: Timestamp,
    /// Whoever asks is at home: a person, or their carer.
    pub at_home: bool,
    /// Everybody, whatever ties there are: the keeper of the store itself.
    pub everybody: bool,
}

impl PeopleScope {
    /// Everybody: for work that is about the store and not for somebody who asks.
    pub fn everybody(now: Timestamp) -> Self {
        Self {
            holders: Vec::new(),
            now,
            at_home: false,
            everybody: true,
        }
    }

    /// A condition that holds for rows of people in scope. `person` is the column with the id of
    /// the person's record, **with its table**: a bare name would be taken for a column of a table
    /// that the condition itself reads. Otherwise as [`PeopleScope::sql`].
    pub fn sql_of(&self, person: &str, values: &mut Vec<Value>) -> String {
        debug_assert!(person.contains('.'), "{person} does not name its table");
        let head = format!(
            "(SELECT whose.head_id FROM person whose WHERE whose.place = ?1 \
             AND whose.id = {person})"
        );
        self.sql(&head, values)
    }

    /// A condition that holds for the heads of records in scope. `head` is an expression for
    /// the id of a head; the place is `?1`. What it needs is put at the end of `values`.
    pub fn sql(&self, head: &str, values: &mut Vec<Value>) -> String {
        if self.everybody {
            return "1 = 1".to_owned();
        }
        let now = listed(values, [self.now]);
        let holders = listed(values, &self.holders);
        let live = format!(
            "sr.holder_id IN ({holders}) AND sr.starts_at <= {now} \
             AND (sr.ends_at IS NULL OR sr.ends_at > {now})"
        );
        let reaches = REACHES_RESTRICTED
            .map(|kind| format!("'{kind}'"))
            .join(", ");
        let tie = |also: &str| {
            format!(
                "EXISTS (SELECT 1 FROM person sp CROSS JOIN relationship sr \
                 WHERE sp.place = ?1 AND sp.head_id = {head} AND sr.place = ?1 \
                 AND sr.person_id = sp.id AND {live}{also})"
            )
        };
        format!(
            "({} AND ({head} NOT IN (SELECT xp.head_id FROM restriction x JOIN person xp \
             ON xp.place = x.place AND xp.id = x.person_id WHERE x.place = ?1 \
             AND x.kind = 'record' AND x.ended_at IS NULL) OR {}))",
            tie(&format!(
                " AND sr.kind {} {AT_HOME}",
                if self.at_home { "IN" } else { "NOT IN" }
            )),
            tie(&format!(" AND sr.kind IN ({reaches})"))
        )
    }
}

/// Which lines of one person's record an asker may see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ItemScope {
    /// Names of the asker's own organisations: what came from them is theirs to see.
    pub own: Vec<String>,
    /// Categories that are withheld.
    pub categories: Vec<String>,
    /// Sectors that are withheld: `nhs`, `council` or `other`.
    pub sectors: Vec<String>,
    /// True when all that is not the asker's own is withheld.
    pub only_own: bool,
    /// Only lines of these kinds, where not all are shown.
    pub kinds: Option<Vec<String>>,
}

impl ItemScope {
    /// Whether a line is shown. The same rule as [`ItemScope::sql`].
    pub fn shows(&self, source: &str, category: &str, sector: &str, kind: &str) -> bool {
        let named = |list: &[String], word: &str| list.iter().any(|one| one == word);
        let shared = || {
            !self.only_own && !named(&self.categories, category) && !named(&self.sectors, sector)
        };
        self.kinds.as_ref().is_none_or(|kinds| named(kinds, kind))
            && (named(&self.own, source) || shared())
    }

    /// Whether nothing is withheld.
    pub fn shows_all(&self) -> bool {
        !self.only_own
            && self.categories.is_empty()
            && self.sectors.is_empty()
            && self.kinds.is_none()
    }

    /// A condition that holds for the lines of the table `timeline` in scope. What it needs is
    /// put at the end of `values`.
    pub fn sql(&self, values: &mut Vec<Value>) -> String {
        let mut all = Vec::new();
        if let Some(kinds) = &self.kinds {
            all.push(among("timeline.kind", "IN", kinds, values));
        }
        let mut shared = Vec::new();
        if self.only_own {
            shared.push("1 = 0".to_owned());
        }
        if !self.categories.is_empty() {
            let not = among("timeline.category", "NOT IN", &self.categories, values);
            shared.push(not);
        }
        if !self.sectors.is_empty() {
            shared.push(among("timeline.sector", "NOT IN", &self.sectors, values));
        }
        if !shared.is_empty() {
            let shared = shared.join(" AND ");
            let own = among("timeline.source", "IN", &self.own, values);
            all.push(format!("({own} OR {shared})"));
        }
        match all.is_empty() {
            true => "1 = 1".to_owned(),
            false => all.join(" AND "),
        }
    }
}

/// `column IN (…)` or `column NOT IN (…)`; nothing is among no words.
fn among(column: &str, how: &str, words: &[String], values: &mut Vec<Value>) -> String {
    if words.is_empty() {
        return if how == "IN" { "1 = 0" } else { "1 = 1" }.to_owned();
    }
    format!("{column} {how} ({})", listed(values, words))
}
