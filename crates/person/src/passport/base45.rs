//! Base45: bytes as characters that a QR code packs best.
//!
//! Source: RFC 9285. In words: two bytes, as one number, are three digits to the base of 45, the
//! lowest first; a last single byte is two. The digits are the 45 characters of the alphanumeric
//! mode of QR codes, which holds two of them in 11 bits: 16.5 bits for 16.

const DIGITS: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/// Bytes as text.
pub(super) fn encode(bytes: &[u8]) -> String {
    let digit = |number: usize| char::from(DIGITS[number % 45]);
    let mut text = String::with_capacity(bytes.len().div_ceil(2) * 3);
    for pair in bytes.chunks(2) {
        let number = pair
            .iter()
            .fold(0, |number, byte| number * 256 + usize::from(*byte));
        text.push(digit(number));
        text.push(digit(number / 45));
        if pair.len() == 2 {
            text.push(digit(number / 2025));
        }
    }
    text
}

/// Text as bytes; `None` if it is not what [`encode`] makes of any.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 3 * 2 + 1);
    for group in text.as_bytes().chunks(3) {
        let mut number = 0;
        for letter in group.iter().rev() {
            number = number * 45 + DIGITS.iter().position(|digit| digit == letter)?;
        }
        match group.len() {
            3 => bytes.extend(u16::try_from(number).ok()?.to_be_bytes()),
            2 => bytes.push(u8::try_from(number).ok()?),
            _ => return None,
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_examples_of_the_standard() {
        for (bytes, text) in [
            ("AB", "BB8"),
            ("Hello!!", "%69 VD92EX0"),
            ("base-45", "UJCLQE7W581"),
            ("ietf!", "QED8WEX0"),
            ("", ""),
        ] {
            assert_eq!(encode(bytes.as_bytes()), text);
            assert_eq!(decode(text).as_deref(), Some(bytes.as_bytes()), "{text}");
        }
    }

    #[test]
    fn what_no_bytes_make_is_refused() {
        // Too large for two bytes, too large for one, one digit alone, no digit, not ASCII.
        for text in ["GGW", ":::", "::", "BB8B", "bb8", "BBé", "B=8"] {
            assert_eq!(decode(text), None, "{text}");
        }
        assert_eq!(decode("FGW"), Some(vec![255, 255]));
    }

    proptest! {
        #[test]
        fn bytes_come_back(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            prop_assert_eq!(decode(&encode(&bytes)), Some(bytes));
        }
    }
}
