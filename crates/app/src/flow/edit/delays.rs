//! What a change does to the delay segments of a stay. Segments on file are
//! never rewritten: an open one may be ended, any may be superseded by another.

use super::DelayReason;
use crate::Error;
use ::flow::segments::{Problem, ProblemKind};
use ::flow::steps::Moment;
use ::flow::{Segment, Stay};
use jiff::civil::Date;
use kernel::SegmentId;

/// The segments as they will stand, and how they come to.
pub(super) struct Plan {
    segments: Vec<Segment>,
    new: Vec<SegmentId>,
    ended: Vec<(SegmentId, Date)>,
    superseded: Vec<(SegmentId, Option<SegmentId>, String)>,
}

fn make(id: SegmentId, reason: &DelayReason, starts_on: Date, ends_on: Option<Date>) -> Segment {
    Segment {
        id,
        starts_on,
        ends_on,
        code_set: reason.code_set.clone(),
        reason: reason.reason.clone(),
        responsible: reason.responsible,
        organisation: reason.organisation,
    }
}

fn day_words(day: Date) -> String {
    Moment::Day(day).in_words()
}

impl Plan {
    /// Nothing changed yet.
    pub(super) fn of(stay: &Stay) -> Self {
        let mut segments = stay.segments.clone();
        segments.sort_by_key(|segment| (segment.starts_on, segment.ends_on.is_none()));
        Self {
            segments,
            new: Vec::new(),
            ended: Vec::new(),
            superseded: Vec::new(),
        }
    }

    /// The segments as they will stand, by start.
    pub(super) fn segments(&self) -> Vec<Segment> {
        let mut segments = self.segments.clone();
        segments.sort_by_key(|segment| (segment.starts_on, segment.ends_on.is_none()));
        segments
    }

    /// Segments to be added.
    pub(super) fn added(&self) -> impl Iterator<Item = &Segment> {
        self.segments
            .iter()
            .filter(|segment| self.new.contains(&segment.id))
    }

    /// Open segments to be ended.
    pub(super) fn ended(&self) -> &[(SegmentId, Date)] {
        &self.ended
    }

    /// Segments to be superseded, by which, and why.
    pub(super) fn superseded(&self) -> &[(SegmentId, Option<SegmentId>, String)] {
        &self.superseded
    }

    /// Ends the open segment, if there is one.
    pub(super) fn end_open(&mut self, day: Date) {
        if let Some(open) = self
            .segments
            .iter_mut()
            .find(|segment| segment.ends_on.is_none())
        {
            open.ends_on = Some(day);
            self.ended.push((open.id, day));
        }
    }

    fn add(&mut self, segment: Segment) {
        self.new.push(segment.id);
        self.segments.push(segment);
    }

    fn replace(&mut self, index: usize, with: Segment, why: &str) {
        let Some(old) = self.segments.get_mut(index) else {
            return;
        };
        let old_id = std::mem::replace(old, with).id;
        let new_id = old.id;
        if let Some(made) = self.new.iter_mut().find(|id| **id == old_id) {
            *made = new_id;
        } else {
            self.superseded.push((old_id, Some(new_id), why.to_owned()));
            self.new.push(new_id);
        }
    }

    /// Takes segments out that no longer stand, with nothing in their stead.
    fn drop_where(&mut self, why: &str, wrong: impl Fn(&Segment) -> bool) {
        for segment in self.segments.iter().filter(|segment| wrong(segment)) {
            self.superseded.push((segment.id, None, why.to_owned()));
        }
        self.segments.retain(|segment| !wrong(segment));
    }

    /// From a day on, the person waits for another reason.
    pub(super) fn wait_from(
        &mut self,
        stay: &Stay,
        id: SegmentId,
        reason: &DelayReason,
        from: Date,
        why: &str,
    ) -> Result<(), Error> {
        let Some(ready_on) = stay.ready_on else {
            return Err(Error::invalid(
                "from",
                "The person is not ready to leave yet; set the ready date first",
            ));
        };
        if from < ready_on {
            let ready = day_words(ready_on);
            return Err(Error::invalid(
                "from",
                format!("The date must be on or after the ready date, {ready}"),
            ));
        }
        let this_run = |segment: &&Segment| segment.ends_on.is_none_or(|end| end > ready_on);
        let last = self.segments.iter().rposition(|segment| this_run(&segment));
        let made = make(id, reason, from, stay.discharged_on);
        let Some(index) = last else {
            if from != ready_on {
                let ready = day_words(ready_on);
                return Err(Error::invalid(
                    "from",
                    format!("The first reason starts on the ready date, {ready}"),
                ));
            }
            self.add(made);
            return Ok(());
        };
        let Some(present) = self.segments.get(index).cloned() else {
            return Ok(());
        };
        if present.ends_on.is_some() {
            return Err(Error::invalid(
                "from",
                "The delay is over; correct the reason that is there instead",
            ));
        }
        if from < present.starts_on {
            let began = day_words(present.starts_on);
            return Err(Error::invalid(
                "from",
                format!(
                    "The present reason began on {began}; correct that one, or choose a later day"
                ),
            ));
        }
        if same(&present, reason) {
            return Ok(());
        }
        if from == present.starts_on {
            if why.is_empty() {
                return Err(Error::invalid(
                    "why",
                    "Say why: this replaces the reason written down for that day",
                ));
            }
            self.replace(index, made, why);
            return Ok(());
        }
        self.end_open(from);
        self.add(made);
        Ok(())
    }

    /// Puts a segment right. Neighbours that touched it follow its new ends.
    pub(super) fn correct(
        &mut self,
        id: SegmentId,
        reason: &DelayReason,
        (starts_on, ends_on): (Date, Option<Date>),
        why: &str,
        new_id: &mut dyn FnMut() -> SegmentId,
    ) -> Result<(), Error> {
        let Some(index) = self.segments.iter().position(|segment| segment.id == id) else {
            return Err(Error::NotFound("delay on this stay"));
        };
        let Some(old) = self.segments.get(index).cloned() else {
            return Ok(());
        };
        if same(&old, reason) && old.starts_on == starts_on && old.ends_on == ends_on {
            return Ok(());
        }
        self.replace(index, make(new_id(), reason, starts_on, ends_on), why);
        for other in 0..self.segments.len() {
            let Some(neighbour) = self.segments.get(other).filter(|_| other != index).cloned()
            else {
                continue;
            };
            if starts_on != old.starts_on && neighbour.ends_on == Some(old.starts_on) {
                let moved = Segment {
                    id: new_id(),
                    ends_on: Some(starts_on),
                    ..neighbour
                };
                self.replace(other, moved, why);
            } else if let (Some(was), Some(is)) = (old.ends_on, ends_on)
                && was != is
                && neighbour.starts_on == was
            {
                let moved = Segment {
                    id: new_id(),
                    starts_on: is,
                    ..neighbour
                };
                self.replace(other, moved, why);
            }
        }
        Ok(())
    }

    /// The ready date moved: the delay that began on it begins on the new day.
    pub(super) fn move_start(
        &mut self,
        from: Date,
        to: Date,
        why: &str,
        new_id: &mut dyn FnMut() -> SegmentId,
    ) {
        self.drop_where(why, |s| {
            s.starts_on >= from && s.ends_on.is_some_and(|end| end <= to)
        });
        let first = self.segments.iter().position(|s| {
            if to < from {
                s.starts_on == from
            } else {
                s.starts_on >= from && s.starts_on < to
            }
        });
        if let Some((index, old)) = first.and_then(|i| Some((i, self.segments.get(i)?.clone()))) {
            self.replace(
                index,
                Segment {
                    id: new_id(),
                    starts_on: to,
                    ..old
                },
                why,
            );
        }
    }

    /// The discharge moved or was undone: the delay that ended with it follows.
    pub(super) fn move_end(
        &mut self,
        from: Date,
        to: Option<Date>,
        why: &str,
        new_id: &mut dyn FnMut() -> SegmentId,
    ) {
        if let Some(to) = to {
            self.drop_where(why, |segment| segment.starts_on > to);
        }
        let last = self.segments.iter().rposition(|segment| match to {
            Some(to) if to < from => segment.ends_on.is_none_or(|end| end > to),
            _ => segment.ends_on == Some(from),
        });
        if let Some((index, old)) = last.and_then(|i| Some((i, self.segments.get(i)?.clone()))) {
            self.replace(
                index,
                Segment {
                    id: new_id(),
                    ends_on: to,
                    ..old
                },
                why,
            );
        }
    }
}

fn same(segment: &Segment, reason: &DelayReason) -> bool {
    segment.code_set == reason.code_set
        && segment.reason == reason.reason
        && segment.responsible == reason.responsible
        && segment.organisation == reason.organisation
}

/// A problem with the segments, for the person who made the change.
pub(super) fn in_words(problem: &Problem, stay: &Stay) -> String {
    match &problem.kind {
        ProblemKind::EndsBeforeStart => {
            "A reason for delay would end before it starts; correct its dates first".to_owned()
        }
        ProblemKind::BeforeAdmission => {
            format!(
                "The date must be on or after admission on {}",
                day_words(stay.admitted_on)
            )
        }
        ProblemKind::AfterDischarge | ProblemKind::OpenAfterDischarge => {
            "A reason for delay would last past discharge; correct its dates first".to_owned()
        }
        ProblemKind::Overlaps | ProblemKind::SecondOpen => {
            "The dates overlap another reason for delay; correct that one first".to_owned()
        }
        ProblemKind::NotReady => {
            "The person is not ready to leave; set the ready date first".to_owned()
        }
        ProblemKind::NotFromReadyDate => match stay.ready_on {
            Some(ready) => format!(
                "The first reason starts on the ready date, {}",
                day_words(ready)
            ),
            None => "The first reason starts on the ready date".to_owned(),
        },
        ProblemKind::Attribution(why) => why.clone(),
    }
}
