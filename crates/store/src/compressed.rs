//! Content that is kept compressed, and given back as it came.
//!
//! What is kept and begins with the four bytes of a zstd frame ([`MAGIC`]) is compressed; all
//! else is kept as it came. So content that itself begins with them is always compressed, even
//! when it grows, and other content only when it gets smaller. A frame carries the size of its
//! content, a checksum of it, and the number of the dictionary it was made with, if it was made
//! with one: docs/decisions/0015-compressed-content.md.

use crate::Error;
use sha2::{Digest, Sha256};
use std::cell::RefCell;
use std::sync::LazyLock;
use zstd::bulk::{Compressor, Decompressor};
use zstd::dict::{DecoderDictionary, EncoderDictionary};
use zstd::zstd_safe;

/// What every zstd frame begins with.
const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// Largest content that is compressed, and that a frame may unpack to, in bytes.
const LIMIT: usize = kernel::limits::ARRIVAL_BYTES;

/// Longest content that is compressed with a dictionary, in bytes: a record or a message. What
/// is longer repeats itself enough.
const WITH_DICTIONARY: usize = 64 << 10;

/// How hard the compressor tries: the fastest of its ordinary levels. The next ones cost more
/// of the time of a load than they save of the disk.
const LEVEL: i32 = 1;

/// Every dictionary that frames were ever made with, oldest first. New records are compressed
/// with the last. The list only grows: without its dictionary a frame cannot be read.
const DICTIONARIES: &[&[u8]] = &[include_bytes!("compressed/records-1.dictionary")];

/// A dictionary as it is looked up: its number in the frames, and itself made ready.
static READY: LazyLock<Vec<(u32, DecoderDictionary<'static>)>> = LazyLock::new(|| {
    DICTIONARIES
        .iter()
        .filter_map(|bytes| {
            let number = zstd_safe::get_dict_id_from_dict(bytes)?.get();
            Some((number, DecoderDictionary::try_copy(bytes).ok()?))
        })
        .collect()
});

/// The dictionary that records are compressed with.
static LATEST: LazyLock<Option<EncoderDictionary<'static>>> = LazyLock::new(|| {
    let bytes = DICTIONARIES.last()?;
    EncoderDictionary::try_copy(bytes, LEVEL).ok()
});

thread_local! {
    // To make one costs more than to compress a record.
    static FOR_FILES: RefCell<Option<Compressor<'static>>> = RefCell::new(for_files());
    static FOR_RECORDS: RefCell<Option<Compressor<'static>>> = RefCell::new(for_records());
    static UNPACKER: RefCell<Option<Decompressor<'static>>> =
        RefCell::new(Decompressor::new().ok());
}

fn for_files() -> Option<Compressor<'static>> {
    let mut made = Compressor::new(LEVEL).ok()?;
    made.include_checksum(true).ok()?;
    Some(made)
}

fn for_records() -> Option<Compressor<'static>> {
    let mut made = Compressor::with_prepared_dictionary(LATEST.as_ref()?).ok()?;
    made.include_checksum(true).ok()?;
    Some(made)
}

/// Content as it is kept.
///
/// # Errors
/// It begins as a frame does, and cannot be compressed.
pub(crate) fn keep(bytes: &[u8]) -> Result<Vec<u8>, Error> {
    let compressor = match bytes.len() <= WITH_DICTIONARY {
        true => &FOR_RECORDS,
        false => &FOR_FILES,
    };
    compressor.with_borrow_mut(|made| pack(made.as_mut(), bytes))
}

fn pack(made: Option<&mut Compressor<'static>>, bytes: &[u8]) -> Result<Vec<u8>, Error> {
    let packed = match made {
        Some(made) if bytes.len() <= LIMIT => made.compress(bytes).ok(),
        _ => None,
    };
    match packed {
        Some(packed) if packed.len() < bytes.len() || bytes.starts_with(&MAGIC) => Ok(packed),
        _ if bytes.starts_with(&MAGIC) => Err(Error::Compressed("it cannot be compressed")),
        _ => Ok(bytes.to_vec()),
    }
}

/// What was kept, as it came.
///
/// # Errors
/// [`Error::Compressed`]: the frame is damaged, larger than what is taken in, or made with a
/// dictionary that is not one of ours.
pub(crate) fn open(kept: Vec<u8>) -> Result<Vec<u8>, Error> {
    match kept.starts_with(&MAGIC) {
        true => unpack(&kept),
        false => Ok(kept),
    }
}

/// As [`open`], of content whose SHA-256 is known. What was kept before content was compressed
/// may itself be a zstd file: it is one when its own bytes have the hash.
///
/// # Errors
/// As [`open`].
pub(crate) fn open_known(kept: Vec<u8>, sha256: &[u8]) -> Result<Vec<u8>, Error> {
    if kept.starts_with(&MAGIC) && Sha256::digest(&kept).as_slice() == sha256 {
        return Ok(kept);
    }
    open(kept)
}

/// Whether what was kept is compressed, or was a zstd file before content was compressed.
pub(crate) fn looks_compressed(kept: &[u8]) -> bool {
    kept.starts_with(&MAGIC)
}

fn unpack(frame: &[u8]) -> Result<Vec<u8>, Error> {
    let size = match zstd_safe::get_frame_content_size(frame) {
        Ok(Some(size)) => usize::try_from(size).unwrap_or(usize::MAX),
        _ => return Err(Error::Compressed("it does not say how large it was")),
    };
    if size > LIMIT {
        return Err(Error::Compressed(
            "it says that it was larger than what is taken in",
        ));
    }
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(size).map_err(|_| NO_MEMORY)?;
    UNPACKER.with_borrow_mut(|made| {
        let unpacker = made.as_mut().ok_or(NO_MEMORY)?;
        let chosen = match zstd_safe::get_dict_id_from_frame(frame) {
            None => unpacker.set_dictionary(&[]),
            Some(number) => {
                let ready = READY.iter().find(|(known, _)| *known == number.get());
                let (_, ready) = ready.ok_or(Error::Compressed(
                    "it was made with a dictionary that is not one of ours",
                ))?;
                unpacker.set_prepared_dictionary(ready)
            }
        };
        chosen
            .and_then(|()| unpacker.decompress_to_buffer(frame, &mut bytes))
            .map_err(|_| DAMAGED)
    })?;
    match bytes.len() == size {
        true => Ok(bytes),
        false => Err(DAMAGED),
    }
}

const DAMAGED: Error = Error::Compressed("it is damaged");
const NO_MEMORY: Error = Error::Compressed("there is not enough memory for it");

#[cfg(test)]
mod tests;
