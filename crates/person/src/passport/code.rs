//! The signed copy of a passport that its QR code holds, byte by byte.
//!
//! Source: choices of this product, on published parts: Ed25519 (RFC 8032), DEFLATE (RFC 1951),
//! Base45 (RFC 9285). Described for others in `docs/reference/passports.md`.
//!
//! In words: the text `ALMONER:`, then Base45 of: format (1 byte), which key signed (8), the
//! passport's id (16), version (4), when it was made (4), when it expires (4), length and letters
//! of the place's name, the content deflated, and the signature (64) of all that. Numbers have
//! their highest byte first; times are seconds since 1970. The signature is looked at before
//! the content is unpacked.

use super::base45;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use flate2::Compression;
use flate2::read::{DeflateDecoder, DeflateEncoder};
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{PassportId, hex};
use sha2::{Digest, Sha256};
use std::fmt;
use std::io::Read;
use uuid::Uuid;

/// What a code begins with.
pub const PREFIX: &str = "ALMONER:";
/// The format that is written.
const FORMAT: u8 = 1;
/// Most characters of a code: what a QR code of version 25 holds at level M, in 117 modules
/// square, which prints at 76 mm and is read by a telephone.
pub const MOST_CHARACTERS: usize = 1_451;
/// Most bytes of content once unpacked.
const UNPACKED: u64 = 8_192;
/// Between the parts of the content.
const BETWEEN: char = '\u{1f}';
/// What is signed begins with this, so that a signature can stand for nothing else.
const SIGNED_AS: &[u8] = b"almoner passport\n";

const KEY: usize = 1;
const ID: usize = KEY + 8;
const VERSION: usize = ID + 16;
const ISSUED: usize = VERSION + 4;
const EXPIRES: usize = ISSUED + 4;
const PLACE: usize = EXPIRES + 4;
const SIGNATURE: usize = 64;

/// Which key: the first eight bytes of the SHA-256 of the public key.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyId([u8; 8]);

impl KeyId {
    fn of(public: &[u8; 32]) -> Self {
        let mut id = [0; 8];
        id.copy_from_slice(&Sha256::digest(public)[..8]);
        Self(id)
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({self})")
    }
}

/// What signs: a private key. It is wiped from memory when it goes, and no text is made of it
/// but by [`SecretKey::to_bytes`].
pub struct SecretKey(SigningKey);

impl SecretKey {
    /// A key from 32 random bytes.
    pub fn new(bytes: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(bytes))
    }

    /// The bytes it was made from, to be kept.
    pub fn to_bytes(&self) -> [u8; 32] {
        self.0.to_bytes()
    }

    /// What others check its signatures with.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretKey({})", self.public().id())
    }
}

/// What signatures are checked with. Anybody may know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// Reads 64 hexadecimal digits; `None` if they are no key.
    pub fn parse(text: &str) -> Option<Self> {
        bytes_of(text).and_then(|bytes| VerifyingKey::from_bytes(&bytes).ok().map(Self))
    }

    /// Which key it is.
    pub fn id(&self) -> KeyId {
        KeyId::of(self.0.as_bytes())
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(self.0.as_bytes()))
    }
}

/// 32 bytes from 64 hexadecimal digits.
pub fn bytes_of(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(at * 2..at * 2 + 2)?, 16).ok()?;
    }
    Some(bytes)
}

/// What a passport says, as it is read by whoever has only the code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// The purpose of its template.
    pub purpose: String,
    /// Its title.
    pub title: String,
    /// Whose it is.
    pub name: String,
    /// Their date of birth, if known.
    pub born: Option<Date>,
    /// Label and answer, in order.
    pub answers: Vec<(String, String)>,
}

/// A passport as it is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stated {
    /// Short name of the place that made it.
    pub place: String,
    /// The passport, the same through all its versions.
    pub id: PassportId,
    /// Version, from 1.
    pub version: u32,
    /// When it was made.
    pub issued: Timestamp,
    /// The instant from which it is valid no more.
    pub expires: Timestamp,
    /// What it says.
    pub content: Content,
}

/// Why there is no code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoCode {
    /// There is too much for one QR code.
    #[error("the code would have {0} characters, and {MOST_CHARACTERS} fit")]
    TooLong(usize),
    /// A time, the place or a text cannot be written in the format.
    #[error("a time lies outside 1970 to 2106, or the place has no short name")]
    CannotBeWritten,
}

/// What was read from a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// It is no code of a passport, or only a part of one.
    Unreadable,
    /// Somebody else's key signed it, or is said to have.
    Elsewhere,
    /// The signature does not fit what is said.
    Forged,
    /// One of the given keys signed exactly this.
    Signed(Box<Stated>),
}

/// Writes and signs a passport.
///
/// # Errors
/// It is too long, or cannot be written.
pub fn encode(stated: &Stated, key: &SecretKey) -> Result<String, NoCode> {
    let seconds =
        |at: Timestamp| u32::try_from(at.as_second()).map_err(|_| NoCode::CannotBeWritten);
    let place = u8::try_from(stated.place.len()).map_err(|_| NoCode::CannotBeWritten)?;
    let mut bytes = vec![FORMAT];
    bytes.extend(key.public().id().0);
    bytes.extend(stated.id.uuid().as_bytes());
    bytes.extend(stated.version.to_be_bytes());
    bytes.extend(seconds(stated.issued)?.to_be_bytes());
    bytes.extend(seconds(stated.expires)?.to_be_bytes());
    bytes.push(place);
    bytes.extend(stated.place.as_bytes());
    bytes.extend(deflate(&pack(&stated.content)).ok_or(NoCode::CannotBeWritten)?);
    let signature = key.0.sign(&to_sign(&bytes));
    bytes.extend(signature.to_bytes());
    let text = format!("{PREFIX}{}", base45::encode(&bytes));
    match text.len() {
        length if length > MOST_CHARACTERS => Err(NoCode::TooLong(length)),
        _ => Ok(text),
    }
}

/// Reads a code that somebody scanned, and checks its signature with the keys that are known.
pub fn read(text: &str, keys: &[PublicKey]) -> Reading {
    let Some(bytes) = unwrapped(text) else {
        return Reading::Unreadable;
    };
    let (signed, signature) = bytes.split_at(bytes.len() - SIGNATURE);
    let Some(key) = keys.iter().find(|key| key.id().0 == signed[KEY..ID]) else {
        return Reading::Elsewhere;
    };
    let fits = Signature::from_slice(signature)
        .is_ok_and(|signature| key.0.verify_strict(&to_sign(signed), &signature).is_ok());
    if !fits {
        return Reading::Forged;
    }
    stated(signed).map_or(Reading::Unreadable, |stated| {
        Reading::Signed(Box::new(stated))
    })
}

/// The bytes of a code that can be one: long enough, and of the format that is known.
fn unwrapped(text: &str) -> Option<Vec<u8>> {
    let text = text.trim();
    if text.len() > MOST_CHARACTERS {
        return None;
    }
    let bytes = base45::decode(text.strip_prefix(PREFIX)?)?;
    let least = PLACE + 1 + SIGNATURE;
    (bytes.len() > least && bytes.first() == Some(&FORMAT)).then_some(bytes)
}

fn to_sign(bytes: &[u8]) -> Vec<u8> {
    [SIGNED_AS, bytes].concat()
}

fn stated(bytes: &[u8]) -> Option<Stated> {
    let number = |at: usize| Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    let instant = |at: usize| Timestamp::from_second(i64::from(number(at)?)).ok();
    let place_end = PLACE + 1 + usize::from(*bytes.get(PLACE)?);
    Some(Stated {
        place: String::from_utf8(bytes.get(PLACE + 1..place_end)?.to_vec()).ok()?,
        id: PassportId::new(Uuid::from_slice(bytes.get(ID..VERSION)?).ok()?),
        version: number(VERSION)?,
        issued: instant(ISSUED)?,
        expires: instant(EXPIRES)?,
        content: unpack(&inflate(bytes.get(place_end..)?)?)?,
    })
}

/// The content as one text: purpose, title, name, date of birth, then labels and answers.
fn pack(content: &Content) -> String {
    let born = content.born.map(|day| day.to_string()).unwrap_or_default();
    let mut parts = vec![&content.purpose, &content.title, &content.name, &born];
    for (label, answer) in &content.answers {
        parts.extend([label, answer]);
    }
    let parts: Vec<String> = parts
        .iter()
        .map(|part| part.replace(BETWEEN, " "))
        .collect();
    parts.join(&BETWEEN.to_string())
}

fn unpack(text: &str) -> Option<Content> {
    let mut parts = text.split(BETWEEN).map(str::to_owned);
    let (purpose, title, name, born) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let born = match born.as_str() {
        "" => None,
        day => Some(day.parse().ok()?),
    };
    let mut answers = Vec::new();
    while let Some(label) = parts.next() {
        answers.push((label, parts.next()?));
    }
    Some(Content {
        purpose,
        title,
        name,
        born,
        answers,
    })
}

fn deflate(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut packer = DeflateEncoder::new(text.as_bytes(), Compression::best());
    packer.read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

fn inflate(bytes: &[u8]) -> Option<String> {
    let mut text = String::new();
    let mut unpacker = DeflateDecoder::new(bytes).take(UNPACKED + 1);
    unpacker.read_to_string(&mut text).ok()?;
    (text.len() as u64 <= UNPACKED).then_some(text)
}

#[cfg(test)]
#[path = "code_tests.rs"]
mod tests;
