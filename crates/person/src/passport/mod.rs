//! Passports: a short, current, portable document for one purpose, with a signed copy of itself
//! in a QR code that is read and checked without asking anybody.
//!
//! [`template`] says what a passport holds, [`answers`] checks what was filled in, [`code`]
//! writes, signs and reads the copy, [`check`] says what a scanned copy is worth.

pub mod answers;
mod base45;
pub mod check;
pub mod code;
pub mod template;

pub use check::{OnFile, Outcome};
pub use code::{Content, KeyId, NoCode, PublicKey, Reading, SecretKey, Stated};
pub use template::{Heading, Kind, Template, TemplateError, Templates};
