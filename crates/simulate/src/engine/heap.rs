//! What is to come, earliest first: a heap of compact records with four children each.

/// Something that will happen at a time: `what` is a person, or a station whose capacity changes.
/// Order is by time and then by number, so that equal times keep the order they were planned in.
#[derive(Clone, Copy, Debug, Default)]
pub struct Event {
    pub time: u64,
    number: u32,
    pub what: u32,
}

impl Event {
    #[inline(always)]
    fn key(&self) -> u128 {
        (u128::from(self.time) << 32) | u128::from(self.number)
    }
}

/// The events to come.
#[derive(Default)]
pub struct Heap {
    events: Vec<Event>,
    number: u32,
}

impl Heap {
    /// Time of the next event; the end of time if there is none.
    #[inline(always)]
    pub fn next(&self) -> u64 {
        self.events.first().map_or(u64::MAX, |event| event.time)
    }

    /// Plans an event.
    #[inline]
    pub fn push(&mut self, time: u64, what: u32) {
        self.number = self.number.wrapping_add(1);
        let event = Event {
            time,
            number: self.number,
            what,
        };
        self.events.push(event);
        let mut at = self.events.len() - 1;
        while at > 0 {
            let parent = (at - 1) >> 2;
            if self.events[parent].key() <= event.key() {
                break;
            }
            self.events[at] = self.events[parent];
            at = parent;
        }
        self.events[at] = event;
    }

    /// Takes the next event.
    #[inline]
    pub fn pop(&mut self) -> Option<Event> {
        let last = self.events.pop()?;
        let Some(first) = self.events.first().copied() else {
            return Some(last);
        };
        self.sink(last);
        Some(first)
    }

    /// Puts an event where the first was, and lets it sink to its place.
    #[inline]
    fn sink(&mut self, event: Event) {
        let events = self.events.as_mut_slice();
        let length = events.len();
        let key = event.key();
        let mut at = 0;
        loop {
            let child = at * 4 + 1;
            if child + 4 <= length {
                let four = &events[child..child + 4];
                let (a, b, c, d) = (four[0].key(), four[1].key(), four[2].key(), four[3].key());
                let (left, left_key) = if b < a { (1, b) } else { (0, a) };
                let (right, right_key) = if d < c { (3, d) } else { (2, c) };
                let (least, least_key) = if right_key < left_key {
                    (right, right_key)
                } else {
                    (left, left_key)
                };
                if key <= least_key {
                    break;
                }
                events[at] = events[child + least];
                at = child + least;
            } else {
                let Some(least) = (child..length).min_by_key(|child| events[*child].key()) else {
                    break;
                };
                if key <= events[least].key() {
                    break;
                }
                events[at] = events[least];
                at = least;
            }
        }
        events[at] = event;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn comes_out_in_order_and_equal_times_in_the_order_they_came(
            times in proptest::collection::vec(0_u64..20, 0..300)
        ) {
            let mut heap = Heap::default();
            let mut sorted: Vec<(u64, u32)> = Vec::new();
            for (what, time) in (0_u32..).zip(&times) {
                heap.push(*time, what);
                sorted.push((*time, what));
            }
            sorted.sort_unstable();
            let mut out = Vec::new();
            while let Some(event) = heap.pop() {
                out.push((event.time, event.what));
            }
            prop_assert_eq!(out, sorted);
        }
    }
}
