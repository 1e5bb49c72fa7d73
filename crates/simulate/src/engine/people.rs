//! People who are in the model now, in a slab; and the lines they wait in.

use crate::plan::OUT;

/// No one: the end of a line.
pub const NOBODY: u32 = u32::MAX;

/// Somebody in the model.
#[derive(Clone, Copy, Debug)]
pub struct Person {
    /// Key of all chance about them.
    pub key: u64,
    /// Since when they wait.
    pub since: u64,
    /// Who is behind them in a line, or for how many days visits are booked.
    next: u32,
    pub class: u16,
    /// The station whose place they have.
    pub at: u16,
    /// The station they wait for.
    pub to: u16,
    /// How many stations they have been to.
    pub visit: u16,
}

impl Person {
    pub fn new(key: u64, class: u16) -> Self {
        Self {
            key,
            since: 0,
            next: NOBODY,
            class,
            at: OUT,
            to: OUT,
            visit: 0,
        }
    }

    /// Days of visits that are booked; who has visits booked stands in no line.
    pub fn book(&mut self, days: u32) {
        self.next = days;
    }

    pub fn booked(&self) -> u32 {
        self.next
    }
}

/// The slab.
#[derive(Default)]
pub struct People {
    all: Vec<Person>,
    free: Vec<u32>,
}

impl People {
    #[inline]
    pub fn add(&mut self, person: Person) -> u32 {
        if let Some(at) = self.free.pop() {
            self.all[at as usize] = person;
            return at;
        }
        self.all.push(person);
        (self.all.len() - 1) as u32
    }

    #[inline]
    pub fn remove(&mut self, at: u32) {
        self.free.push(at);
    }

    #[inline]
    pub fn get(&mut self, at: u32) -> &mut Person {
        &mut self.all[at as usize]
    }

    /// How many are in the model.
    pub fn present(&self) -> u32 {
        (self.all.len() - self.free.len()) as u32
    }

    /// Most that were in it at once.
    pub fn most(&self) -> u32 {
        self.all.len() as u32
    }
}

/// A line of people, first come first served.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    first: u32,
    last: u32,
}

impl Line {
    pub const EMPTY: Self = Self {
        first: NOBODY,
        last: NOBODY,
    };

    #[inline]
    pub fn join(&mut self, who: u32, people: &mut People) {
        people.get(who).next = NOBODY;
        if self.first == NOBODY {
            self.first = who;
        } else {
            people.get(self.last).next = who;
        }
        self.last = who;
    }

    #[inline]
    pub fn call(&mut self, people: &mut People) -> Option<u32> {
        let who = self.first;
        if who == NOBODY {
            return None;
        }
        self.first = people.get(who).next;
        Some(who)
    }
}
