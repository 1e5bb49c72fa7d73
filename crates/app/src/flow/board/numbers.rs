//! The numbers around the board are kept, and after a change only what has changed is looked up
//! again.
//!
//! Whether somebody may see a person, and whether that person is back, is looked up of each of
//! those in hospital; in a large place that reads thousands of pages. So it is kept with the
//! version of the stay. When a stay has changed, come or gone, the open stays are read from their
//! index, once for everybody who asks; only those with another version are looked up, and the
//! numbers are counted anew.

use super::BoardCounts;
use crate::flow::returned::{BackIn, Returned};
use crate::{App, Error, lock};
use jiff::{SignedDuration, Timestamp};
use kernel::StayId;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};
use store::Tx;
use store::flow::{self as rows, BoardFilter, OpenStay, OpenStays};
use store::scope::PeopleScope;

/// How long what was looked up of a stay is kept: relationships begin and end, and stays that
/// are over are put right, without any change of these.
const KEPT: SignedDuration = SignedDuration::from_secs(20);
/// For how many scopes numbers are kept at a time.
const SCOPES: usize = 200;
/// For how many filters of a scope.
const FILTERS: usize = 100;
/// Most changed stays that are looked up by their ids; if there are more, all are.
const BY_ID: usize = 100;

/// What is kept, for all who ask.
#[derive(Default)]
pub(crate) struct BoardNumbers {
    /// The open stays, and the stamp of the page that they were read after.
    stays: Mutex<Option<(String, Arc<OpenStays>)>>,
    /// By the holders of a scope. Each is held while it is counted: others of the scope who come
    /// meanwhile need the same numbers.
    scopes: Mutex<HashMap<Vec<String>, Arc<Mutex<Numbers>>>>,
}

/// The numbers of one scope.
#[derive(Default)]
struct Numbers {
    /// That of the page that they were counted after; `None` before they are.
    stamp: Option<String>,
    /// When all that is in `looked_up` was last looked up.
    looked_up_at: Timestamp,
    /// Of each open stay: the version it had, and what was found.
    looked_up: HashMap<StayId, (i64, Seen)>,
    counts: BoardCounts,
    returned: Returned,
    /// How many open stays filters leave, by what they leave out.
    fitting: HashMap<String, i64>,
}

/// What somebody may see of an open stay: nothing, or whether its person is back.
type Seen = Option<Option<BackIn>>;

/// Numbers of one reading.
pub(super) struct Shown {
    pub counts: BoardCounts,
    pub returned: Returned,
    pub fitting: i64,
}

impl BoardNumbers {
    fn of(&self, scope: &PeopleScope) -> Arc<Mutex<Numbers>> {
        let mut scopes = lock(&self.scopes);
        if scopes.len() >= SCOPES && !scopes.contains_key(&scope.holders) {
            scopes.clear();
        }
        Arc::clone(scopes.entry(scope.holders.clone()).or_default())
    }
}

impl Numbers {
    fn is_of(&self, stamp: Option<&str>, now: Timestamp) -> bool {
        stamp.is_some() && self.stamp.as_deref() == stamp && self.is_recent(now)
    }

    fn is_recent(&self, now: Timestamp) -> bool {
        now.duration_since(self.looked_up_at).abs() < KEPT
    }

    fn sees(&self, stay: StayId) -> bool {
        matches!(self.looked_up.get(&stay), Some((_, Some(_))))
    }

    fn back(&self) -> Returned {
        let back = |(stay, (_, seen)): (&StayId, &(i64, Seen))| Some((*stay, seen.clone()??));
        self.looked_up.iter().filter_map(back).collect()
    }

    /// The stays that must be looked up; `None` for all.
    fn not_known(&self, all: &OpenStays, now: Timestamp) -> Option<Vec<StayId>> {
        if self.stamp.is_none() || !self.is_recent(now) {
            return None;
        }
        let known = |stay: &&OpenStay| {
            let kept = self.looked_up.get(&stay.id);
            kept.is_some_and(|(version, _)| *version == stay.version)
        };
        let changed = all.stays.iter().filter(|stay| !known(stay));
        let changed: Vec<StayId> = changed.map(|stay| stay.id).collect();
        (changed.len() <= BY_ID).then_some(changed)
    }
}

impl App {
    /// The numbers around the board, of those in the asker's scope, and who of them is back. They
    /// name nobody, so they are read beside the writer, and kept for that scope until an open stay
    /// changes or their time is up. `stamp` is that of the page they stand around.
    pub(super) fn board_numbers(
        &self,
        stamp: Option<&str>,
        scope: &PeopleScope,
        filter: &BoardFilter,
    ) -> Result<Shown, Error> {
        let numbers = self.board_numbers.of(scope);
        let mut numbers = lock(&numbers);
        if !numbers.is_of(stamp, scope.now) {
            self.count_anew(&mut numbers, stamp, scope)?;
        }
        let fitting = match filter.left_out() {
            None => numbers.counts.open,
            Some(left_out) => self.fitting(&mut numbers, left_out, filter)?,
        };
        Ok(Shown {
            counts: numbers.counts.clone(),
            returned: numbers.returned.clone(),
            fitting,
        })
    }

    /// Looks up what is not known, and counts.
    fn count_anew(
        &self,
        numbers: &mut Numbers,
        stamp: Option<&str>,
        scope: &PeopleScope,
    ) -> Result<(), Error> {
        let now = scope.now;
        let (all, not_known, mut seen) = self.store().read(|tx| {
            let all = self.open_stays(tx, stamp)?;
            let not_known = numbers.not_known(&all, now);
            let seen = match not_known.as_deref() {
                Some([]) => BTreeMap::new(),
                only => self.seen_in_hospital(tx, scope, only)?,
            };
            Ok::<_, Error>((all, not_known, seen))
        })?;
        let mut before = std::mem::take(&mut numbers.looked_up);
        if not_known.is_none() {
            before.clear();
            numbers.looked_up_at = now;
        }
        let known = all.stays.iter().map(|stay| {
            let kept = before.remove(&stay.id);
            let kept = kept.filter(|(version, _)| *version == stay.version);
            let found = kept.unwrap_or_else(|| (stay.version, seen.remove(&stay.id)));
            (stay.id, found)
        });
        numbers.looked_up = known.collect();
        numbers.counts = BoardCounts::of(&all, |stay| numbers.sees(stay.id), now);
        numbers.returned = numbers.back();
        numbers.fitting.clear();
        numbers.stamp = stamp.map(str::to_owned);
        Ok(())
    }

    /// Every open stay: those of others who asked after the same page, or else as they are.
    fn open_stays(&self, tx: &mut dyn Tx, stamp: Option<&str>) -> Result<Arc<OpenStays>, Error> {
        let mut kept = lock(&self.board_numbers.stays);
        if let Some((of, stays)) = &*kept
            && Some(of.as_str()) == stamp
        {
            return Ok(Arc::clone(stays));
        }
        let stays = Arc::new(rows::open_stays(tx)?);
        if let Some(stamp) = stamp {
            *kept = Some((stamp.to_owned(), Arc::clone(&stays)));
        }
        Ok(stays)
    }

    /// How many open stays in scope a filter leaves.
    fn fitting(
        &self,
        numbers: &mut Numbers,
        left_out: String,
        filter: &BoardFilter,
    ) -> Result<i64, Error> {
        if let Some(fitting) = numbers.fitting.get(&left_out) {
            return Ok(*fitting);
        }
        let left = self.store().read(|tx| rows::board_fitting(tx, filter))?;
        let fitting = left.into_iter().filter(|stay| numbers.sees(*stay)).count();
        let fitting = i64::try_from(fitting).unwrap_or(i64::MAX);
        if numbers.fitting.len() >= FILTERS {
            numbers.fitting.clear();
        }
        numbers.fitting.insert(left_out, fitting);
        Ok(fitting)
    }
}
