//! The distinct values of a field, each once, with what comparing needs worked out.

use crate::config::Kind;
use crate::nickname::{FAMILIES, families};
use crate::similarity::{Packed, letters, pack};
use crate::sound::sound;
use std::collections::HashMap;

/// What one distinct value is compared by. Half a line of the machine's memory, because two
/// are read for each field of each pair.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Value {
    /// Its first bytes: most values are compared by these alone.
    pub(crate) packed: Packed,
    /// Families of nicknames of a name; year, month and day of a date; lengths of the
    /// outward part and of the area of a postcode.
    pub(crate) extra: [u16; FAMILIES],
    /// The letters that occur.
    pub(crate) letters: u32,
    /// Its length in bytes, at most 255.
    length: u8,
    /// Whether it has several words.
    pub(crate) words: bool,
}

impl Value {
    pub(crate) fn len(&self) -> usize {
        usize::from(self.length)
    }
}

/// Where the text of a value is, and how it sounds.
#[derive(Clone, Copy, Debug, Default)]
struct Text {
    start: u32,
    length: u16,
    /// A hash; 0 for none.
    sound: u32,
}

/// Distinct values by number; 0 is "missing".
#[derive(Clone, Debug)]
pub(crate) struct Dictionary {
    bytes: Vec<u8>,
    values: Vec<Value>,
    texts: Vec<Text>,
    numbers: HashMap<Box<str>, u32>,
    name: bool,
    kind: Kind,
}

/// A hash that is the same on every machine (FNV-1a with a last mix).
pub(crate) fn hash(text: &[u8]) -> u32 {
    let all = text.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    mix(all)
}

/// Folds 64 bits into 32, none of which is nought as a whole.
pub(crate) const fn mix(bits: u64) -> u32 {
    let mut z = bits.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    let folded = ((z >> 32) ^ z) as u32;
    if folded == 0 { 1 } else { folded }
}

impl Dictionary {
    pub(crate) fn new(kind: Kind) -> Self {
        Self {
            bytes: Vec::new(),
            values: vec![Value::default()],
            texts: vec![Text::default()],
            numbers: HashMap::new(),
            name: matches!(kind, Kind::GivenName | Kind::FamilyName),
            kind,
        }
    }

    /// The number of a value, which is put in when it is new.
    pub(crate) fn intern(&mut self, text: &str) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = u32::try_from(self.values.len()).unwrap_or(u32::MAX);
        self.put(text);
        self.numbers.insert(text.into(), number);
        number
    }

    /// What was needed only while values came in goes.
    pub(crate) fn close(&mut self) {
        self.numbers = HashMap::new();
        self.bytes.shrink_to_fit();
        self.values.shrink_to_fit();
        self.texts.shrink_to_fit();
    }

    fn put(&mut self, text: &str) {
        let start = u32::try_from(self.bytes.len()).unwrap_or(u32::MAX);
        // Beyond ASCII each letter becomes one byte: enough for a measure of likeness, and
        // sameness is by number.
        let folded = text.chars().map(|letter| {
            u8::try_from(letter)
                .ok()
                .filter(u8::is_ascii)
                .unwrap_or(128 | (u32::from(letter) % 127) as u8)
        });
        self.bytes.extend(folded.take(usize::from(u16::MAX)));
        let folded = &self.bytes[start as usize..];
        let length = u16::try_from(folded.len()).unwrap_or(u16::MAX);
        let mut value = Value {
            packed: pack(folded),
            extra: [0; FAMILIES],
            letters: letters(folded),
            length: u8::try_from(length).unwrap_or(u8::MAX),
            words: folded.contains(&b' '),
        };
        let mut heard = 0;
        if self.name {
            value.extra = families(text);
            let code = sound(text.split(' ').next().unwrap_or_default());
            if !code.is_empty() {
                heard = hash(code.as_bytes());
            }
        }
        match self.kind {
            Kind::Date => value.extra = date_parts(text),
            Kind::Postcode => {
                let area = text.bytes().take_while(u8::is_ascii_alphabetic).count();
                value.extra[0] = length.saturating_sub(3);
                value.extra[1] = u16::try_from(area).unwrap_or(u16::MAX);
            }
            _ => {}
        }
        self.values.push(value);
        self.texts.push(Text {
            start,
            length,
            sound: heard,
        });
    }

    pub(crate) fn get(&self, number: u32) -> &Value {
        &self.values[number as usize]
    }

    pub(crate) fn text(&self, number: u32) -> &[u8] {
        let text = &self.texts[number as usize];
        let start = text.start as usize;
        &self.bytes[start..start + usize::from(text.length)]
    }

    /// How a value sounds: a hash; 0 for none.
    pub(crate) fn sound(&self, number: u32) -> u32 {
        self.texts[number as usize].sound
    }

    pub(crate) fn len(&self) -> usize {
        self.values.len()
    }
}

/// Year, month and day of `yyyymmdd`; noughts when it is not eight digits.
fn date_parts(text: &str) -> [u16; FAMILIES] {
    let part = |range: std::ops::Range<usize>| {
        text.get(range)
            .and_then(|part| part.parse().ok())
            .unwrap_or(0)
    };
    if text.len() == 8 {
        [part(0..4), part(4..6), part(6..8), 0]
    } else {
        [0; FAMILIES]
    }
}
