//! Who is back in hospital soon after they left: worked out from the stays whenever somebody asks,
//! so that it holds for stays from every source, and when a stay or a link is put right.

use super::board::policy;
use super::stay::name_of;
use crate::person::Sight;
use crate::{App, Error};
use ::flow::offer::NeedState;
use ::flow::readmission::{Back, Between, Windows, back};
use access::{Action, Actor};
use kernel::StayId;
use std::collections::BTreeMap;
use store::flow::{self as rows, Before, StayRow};
use store::organisation::Organisation;
use store::scope::PeopleScope;
use store::{Tx, offer, service_period};

/// Somebody who is back, and from which stay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackIn {
    /// How many days after leaving, and whether the discharge has failed.
    pub back: Back,
    /// The last stay.
    pub last: StayId,
    /// When that ended.
    pub left_on: jiff::civil::Date,
}

/// Those in hospital who are back, by their stay.
pub(crate) type Returned = BTreeMap<StayId, BackIn>;

/// What is known of the last stay of somebody who is back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackPage {
    /// How they are back.
    pub back: BackIn,
    /// The last stay.
    pub last: StayRow,
    /// Name of the hospital they left.
    pub hospital: String,
    /// Care that had begun or was agreed when they came in, a line each.
    pub care: Vec<String>,
    /// Whether a service that had been found can be asked to come again in one step.
    pub restarts: bool,
}

/// How many of those in hospital are back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BackCounts {
    /// All who are back.
    pub back: i64,
    /// Of them, those whose discharge has failed.
    pub failed: i64,
}

impl BackCounts {
    pub(crate) fn of<'a>(returned: impl IntoIterator<Item = &'a BackIn>) -> Self {
        let mut counts = Self::default();
        for one in returned {
            counts.back += 1;
            counts.failed += i64::from(one.back.failed);
        }
        counts
    }
}

impl App {
    /// Those in hospital and in scope who are back. One statement.
    pub(crate) fn returned(&self, tx: &mut dyn Tx, scope: &PeopleScope) -> Result<Returned, Error> {
        let seen = self.seen_in_hospital(tx, scope, None)?;
        let back = seen
            .into_iter()
            .filter_map(|(stay, back)| Some((stay, back?)));
        Ok(back.collect())
    }

    /// Those in hospital and in scope, or of some open stays those: whether they are back. One
    /// statement.
    pub(super) fn seen_in_hospital(
        &self,
        tx: &mut dyn Tx,
        scope: &PeopleScope,
        only: Option<&[StayId]>,
    ) -> Result<BTreeMap<StayId, Option<BackIn>>, Error> {
        let windows = Windows::on(self.policy(), self.today()).map_err(policy)?;
        // The stay that ended last is the one that somebody is back from.
        let mut lasts: BTreeMap<StayId, Before> = BTreeMap::new();
        let ended = |one: &Before| one.earlier.as_ref().map(|last| (last.left_on, last.stay));
        for one in rows::stays_before(tx, scope, only)? {
            let later = lasts
                .get(&one.stay)
                .is_none_or(|kept| ended(kept) < ended(&one));
            if later {
                lasts.insert(one.stay, one);
            }
        }
        let found = lasts
            .into_iter()
            .map(|(stay, one)| (stay, self.back_in(&one, windows)));
        Ok(found.collect())
    }

    fn back_in(&self, one: &Before, windows: Windows) -> Option<BackIn> {
        let last = one.earlier.as_ref()?;
        let between = Between {
            left_on: last.left_on,
            left_how: last.discharge_method.as_deref(),
            left_to: last.discharge_destination.as_deref(),
            admitted_on: one.admitted_on,
            admitted_how: one.admission_method.as_deref(),
        };
        Some(BackIn {
            back: back(&between, self.policy(), windows)?,
            last: last.stay,
            left_on: last.left_on,
        })
    }

    /// How many of those in hospital, of people whom somebody may see, are back.
    ///
    /// # Errors
    /// Not allowed, or the store's.
    pub fn back_counts(&self, actor: &Actor) -> Result<BackCounts, Error> {
        access::decide(actor, Action::SeeBoard)?;
        self.store().read(|tx| {
            let asker = self.asker(tx, actor)?;
            let returned = self.returned(tx, &self.people_scope(&asker))?;
            Ok(BackCounts::of(returned.values()))
        })
    }

    /// Whether the person of a stay was back when it began, with the last stay.
    pub(super) fn back_page(
        &self,
        tx: &mut dyn Tx,
        row: &StayRow,
        sight: &Sight,
        organisations: &[Organisation],
    ) -> Result<Option<BackPage>, Error> {
        let stay = &row.stay;
        let windows = Windows::on(self.policy(), self.today()).map_err(policy)?;
        let before = rows::stay_rows_of_person(tx, sight.person)?
            .into_iter()
            .filter(|one| one.stay.id != stay.id && one.stay.admitted_on <= stay.admitted_on)
            .filter_map(|one| Some((one.stay.discharged_on?, one)))
            .filter(|(left, _)| *left <= stay.admitted_on);
        let Some((left_on, last)) = before.max_by_key(|(left, one)| (*left, one.stay.id)) else {
            return Ok(None);
        };
        let between = Between {
            left_on,
            left_how: last.stay.discharge_method.as_deref(),
            left_to: last.stay.discharge_destination.as_deref(),
            admitted_on: stay.admitted_on,
            admitted_how: stay.admission_method.as_deref(),
        };
        let Some(back) = back(&between, self.policy(), windows) else {
            return Ok(None);
        };
        let (care, restarts) = self.care_before(tx, row, sight, organisations)?;
        Ok(Some(BackPage {
            back: BackIn {
                back,
                last: last.stay.id,
                left_on,
            },
            hospital: name_of(organisations, Some(last.stay.hospital)).unwrap_or_default(),
            last,
            care,
            restarts,
        }))
    }

    /// Care that was agreed or had begun when somebody came in, and whether a service that was
    /// found can be asked again.
    fn care_before(
        &self,
        tx: &mut dyn Tx,
        row: &StayRow,
        sight: &Sight,
        organisations: &[Organisation],
    ) -> Result<(Vec<String>, bool), Error> {
        let admitted = row.stay.admitted_on;
        let (mut care, mut restarts) = (Vec::new(), false);
        let of_other_stays = offer::needs_of_person(tx, sight.person)?
            .into_iter()
            .filter(|need| need.stay != Some(row.stay.id));
        for need in of_other_stays {
            let Some((won, kept)) = super::offer::winner(tx, need.id)? else {
                continue;
            };
            restarts |= need.state == NeedState::Started;
            let since = won.starts_on.unwrap_or(need.need.starts_on);
            let how = match need.state {
                NeedState::Started => "begun",
                NeedState::Accepted => "agreed for",
                NeedState::Open | NeedState::Withdrawn => continue,
            };
            let day = since.strftime("%-d %B %Y");
            let kind = need.need.kind.label();
            care.push(format!("{kind}, {}, {how} {day}", kept.service.name));
        }
        for period in service_period::of_person(tx, sight.person)? {
            let service = &period.service;
            let ran =
                service.starts_on <= admitted && service.ends_on.is_none_or(|end| end >= admitted);
            if period.mistake_why.is_some() || !ran || !super::services::shows(sight, &period) {
                continue;
            }
            let whose = name_of(organisations, period.organisation);
            let whose = whose.map_or_else(String::new, |name| format!(", {name}"));
            let day = service.starts_on.strftime("%-d %B %Y");
            care.push(format!("{}{whose}, since {day}", service.kind.in_words()));
        }
        Ok((care, restarts))
    }
}
