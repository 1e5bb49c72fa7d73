//! The file-in-a-file container that `.xls` workbooks sit in.
//!
//! Source: Microsoft, [MS-CFB] Compound File Binary Format. Every chain is followed
//! at most as far as the file is long, so that a loop or a false length ends.

use std::borrow::Cow;

/// First bytes of every such file.
pub(crate) const MAGIC: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// A sector number from here on is a mark, not a sector.
const LAST_SECTOR: u32 = 0xFFFF_FFFA;

/// Why a container cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The bytes end too early, or a chain leads nowhere.
    Broken,
}

/// A container, with its table of chains.
pub(crate) struct Container<'a> {
    bytes: &'a [u8],
    sector: usize,
    chains: Vec<u32>,
    entries: Vec<Entry>,
    small: Vec<u8>,
    small_chains: Vec<u32>,
    small_limit: u64,
}

struct Entry {
    name: String,
    start: u32,
    size: u64,
}

pub(crate) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

pub(crate) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

impl<'a> Container<'a> {
    /// Opens a container.
    pub(crate) fn open(bytes: &'a [u8]) -> Result<Self, Fault> {
        Self::try_open(bytes).ok_or(Fault::Broken)
    }

    fn try_open(bytes: &'a [u8]) -> Option<Self> {
        if !bytes.starts_with(&MAGIC) {
            return None;
        }
        let shift = u16_at(bytes, 0x1E)?;
        if shift != 9 && shift != 12 {
            return None;
        }
        let mut this = Self {
            bytes,
            sector: 1 << shift,
            chains: Vec::new(),
            entries: Vec::new(),
            small: Vec::new(),
            small_chains: Vec::new(),
            small_limit: u64::from(u32_at(bytes, 0x38)?),
        };
        this.read_chains()?;
        let directory = this.chain(u32_at(bytes, 0x30)?, None)?;
        let mut root = None;
        for raw in directory.chunks_exact(128) {
            let Some(entry) = Entry::read(raw, shift == 9) else {
                continue;
            };
            if raw[66] == 5 {
                root = Some(entry);
            } else if raw[66] == 2 {
                this.entries.push(entry);
            }
        }
        let small_chains = u32_at(bytes, 0x3C)?;
        if small_chains < LAST_SECTOR {
            this.small_chains = numbers(&this.chain(small_chains, None)?);
            let root = root?;
            if root.start < LAST_SECTOR {
                this.small = this.chain(root.start, Some(root.size))?;
            }
        }
        Some(this)
    }

    /// Reads the table of chains from the sectors that the header and its
    /// continuation list.
    fn read_chains(&mut self) -> Option<()> {
        let most = self.bytes.len() / self.sector + 1;
        let mut listed: Vec<u32> = numbers(self.bytes.get(0x4C..0x200)?);
        let mut more = u32_at(self.bytes, 0x44)?;
        let mut steps = 0;
        while more < LAST_SECTOR && steps <= most {
            let mut list = numbers(self.sector_bytes(more)?);
            more = list.pop()?;
            listed.append(&mut list);
            steps += 1;
        }
        for sector in listed
            .into_iter()
            .filter(|sector| *sector < LAST_SECTOR)
            .take(most)
        {
            let list = numbers(self.sector_bytes(sector)?);
            self.chains.extend(list);
        }
        Some(())
    }

    fn sector_bytes(&self, sector: u32) -> Option<&'a [u8]> {
        let start = (sector as usize + 1).checked_mul(self.sector)?;
        if start >= self.bytes.len() {
            return None;
        }
        // The last sector of a file may be cut short.
        Some(&self.bytes[start..(start + self.sector).min(self.bytes.len())])
    }

    /// The bytes of a chain of sectors, cut to `size` if given.
    fn chain(&self, start: u32, size: Option<u64>) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        let mut sector = start;
        let most = self.bytes.len() / self.sector + 1;
        for _ in 0..=most {
            if sector >= LAST_SECTOR {
                return cut(bytes, size);
            }
            bytes.extend_from_slice(self.sector_bytes(sector)?);
            if size.is_some_and(|size| bytes.len() as u64 >= size) {
                return cut(bytes, size);
            }
            sector = *self.chains.get(sector as usize)?;
        }
        None
    }

    fn small_chain(&self, start: u32, size: u64) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        let mut sector = start;
        for _ in 0..=self.small_chains.len() {
            if sector >= LAST_SECTOR || bytes.len() as u64 >= size {
                return cut(bytes, Some(size));
            }
            let at = (sector as usize).checked_mul(64)?;
            bytes.extend_from_slice(self.small.get(at..(at + 64).min(self.small.len()))?);
            sector = *self.small_chains.get(sector as usize)?;
        }
        None
    }

    /// Whether there is a stream of that name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.entries
            .iter()
            .any(|entry| entry.name.eq_ignore_ascii_case(name))
    }

    /// The bytes of a stream, if it is there.
    pub(crate) fn stream(&self, name: &str) -> Result<Option<Cow<'a, [u8]>>, Fault> {
        let Some(entry) = self
            .entries
            .iter()
            .find(|e| e.name.eq_ignore_ascii_case(name))
        else {
            return Ok(None);
        };
        if entry.size > self.bytes.len() as u64 {
            return Err(Fault::Broken);
        }
        let bytes = if entry.size < self.small_limit {
            self.small_chain(entry.start, entry.size)
        } else {
            self.chain(entry.start, Some(entry.size))
        };
        bytes
            .map(|bytes| Some(Cow::Owned(bytes)))
            .ok_or(Fault::Broken)
    }
}

impl Entry {
    fn read(raw: &[u8], short_size: bool) -> Option<Self> {
        let length = usize::from(u16_at(raw, 64)?).checked_sub(2)?.min(62);
        let units: Vec<u16> = raw[..length]
            .chunks_exact(2)
            .filter_map(|c| u16_at(c, 0))
            .collect();
        let low = u64::from(u32_at(raw, 120)?);
        let high = u64::from(u32_at(raw, 124)?);
        Some(Self {
            name: String::from_utf16_lossy(&units),
            start: u32_at(raw, 116)?,
            size: if short_size { low } else { high << 32 | low },
        })
    }
}

fn numbers(bytes: &[u8]) -> Vec<u32> {
    bytes
        .chunks_exact(4)
        .filter_map(|chunk| u32_at(chunk, 0))
        .collect()
}

/// Cuts to the size a stream says it has; shorter than that is a truncated file.
fn cut(mut bytes: Vec<u8>, size: Option<u64>) -> Option<Vec<u8>> {
    if let Some(size) = size {
        let size = usize::try_from(size).ok()?;
        if bytes.len() < size {
            return None;
        }
        bytes.truncate(size);
    }
    Some(bytes)
}
