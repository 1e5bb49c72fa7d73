//! The NHS number.
//!
//! Source: NHS Data Dictionary, attribute NHS NUMBER (ten digits, the last a
//! check digit by modulus 11).
//!
//! In words: multiply the first nine digits by 10, 9, … 2; add; take the
//! remainder of the sum divided by 11 from 11. Eleven becomes nought; ten means
//! the number was never issued. The result must equal the tenth digit. A number
//! of ten equal digits is refused even when its check digit fits.

use std::fmt;
use std::str::FromStr;

/// A ten-digit NHS number whose check digit is right.
///
/// `Display` prints the ten digits without spaces; [`NhsNumber::spaced`] prints
/// them as people read them, `999 123 4567`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NhsNumber([u8; 10]);

/// Why a text is not an NHS number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NhsNumberError {
    /// Not ten digits once spaces and dashes are taken out.
    #[error("needs 10 digits, has {0}")]
    Length(usize),
    /// Something other than a digit, a space or a dash.
    #[error("has a character that is not a digit")]
    NotADigit,
    /// Ten equal digits.
    #[error("all digits are the same")]
    AllSame,
    /// The check digit does not fit.
    #[error("check digit is wrong")]
    CheckDigit,
}

impl NhsNumber {
    /// Reads a number, allowing spaces and dashes between digits.
    ///
    /// # Errors
    /// The first rule the text breaks: length, digits, all the same, check digit.
    pub fn parse(text: &str) -> Result<Self, NhsNumberError> {
        let mut digits = Vec::with_capacity(10);
        for character in text.trim().chars() {
            match character {
                ' ' | '-' | '\u{a0}' => {}
                '0'..='9' => digits.push(character as u8 - b'0'),
                _ => return Err(NhsNumberError::NotADigit),
            }
        }
        let digits: [u8; 10] = digits
            .try_into()
            .map_err(|d: Vec<u8>| NhsNumberError::Length(d.len()))?;
        if digits.iter().all(|d| *d == digits[0]) {
            return Err(NhsNumberError::AllSame);
        }
        let nine: [u8; 9] = std::array::from_fn(|i| digits[i]);
        if check_digit(nine) != Some(digits[9]) {
            return Err(NhsNumberError::CheckDigit);
        }
        Ok(Self(digits))
    }

    /// The synthetic number `999nnnnnn` plus its check digit, or `None` when
    /// `serial` is over 999,999 or has no check digit. The 999 range is never
    /// issued to a person.
    pub fn synthetic(serial: u32) -> Option<Self> {
        let text = (serial <= 999_999).then(|| format!("999{serial:06}"))?;
        let mut digits = [0u8; 10];
        for (slot, byte) in digits.iter_mut().zip(text.bytes()) {
            *slot = byte - b'0';
        }
        let nine: [u8; 9] = std::array::from_fn(|i| digits[i]);
        digits[9] = check_digit(nine)?;
        let number = Self(digits);
        (!number.0.iter().all(|d| *d == 9)).then_some(number)
    }

    /// True for numbers of the 999 range, which belong to no real person.
    pub fn is_synthetic(&self) -> bool {
        self.0[..3] == [9, 9, 9]
    }

    /// Three, three and four digits with spaces between: `999 123 4567`.
    pub fn spaced(&self) -> String {
        let text = self.to_string();
        format!("{} {} {}", &text[..3], &text[3..6], &text[6..])
    }
}

/// The check digit of the first nine digits; `None` where the rule gives ten.
fn check_digit(nine: [u8; 9]) -> Option<u8> {
    let sum: u32 = nine
        .iter()
        .zip((2..=10).rev())
        .map(|(d, w)| u32::from(*d) * w)
        .sum();
    match 11 - sum % 11 {
        11 => Some(0),
        10 => None,
        digit => u8::try_from(digit).ok(),
    }
}

impl fmt::Display for NhsNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|d| write!(f, "{d}"))
    }
}

/// Never the digits: a number must not reach a log through `{:?}`.
impl fmt::Debug for NhsNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NhsNumber(**********)")
    }
}

impl FromStr for NhsNumber {
    type Err = NhsNumberError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RULES P, vector V1, and the reasons for refusal.
    #[test]
    fn examples() {
        for (text, expected) in [
            ("9434765919", Ok("943 476 5919")),
            ("9000000009", Ok("900 000 0009")),
            ("4000000004", Ok("400 000 0004")),
            (" 943-476 5919 ", Ok("943 476 5919")),
            ("9434765918", Err(NhsNumberError::CheckDigit)),
            ("943476591", Err(NhsNumberError::Length(9))),
            ("", Err(NhsNumberError::Length(0))),
            ("94347659l9", Err(NhsNumberError::NotADigit)),
            ("4444444444", Err(NhsNumberError::AllSame)),
            ("0000000000", Err(NhsNumberError::AllSame)),
        ] {
            let found = NhsNumber::parse(text).map(|n| n.spaced());
            assert_eq!(found, expected.map(str::to_owned), "{text}");
        }
    }

    #[test]
    fn synthetic_numbers_are_valid_and_never_printed_by_debug() {
        let made: Vec<_> = (0..2_000).filter_map(NhsNumber::synthetic).collect();
        assert!(made.len() > 1_700);
        for number in made {
            assert!(number.is_synthetic());
            assert_eq!(NhsNumber::parse(&number.to_string()), Ok(number));
            assert!(!format!("{number:?}").contains("999"));
        }
        assert_eq!(NhsNumber::synthetic(1_000_000), None);
    }
}
