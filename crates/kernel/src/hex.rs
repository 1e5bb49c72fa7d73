//! Bytes as text.

/// Bytes in lower-case hexadecimal, two characters each.
pub fn hex(bytes: &[u8]) -> String {
    let digit = |four: u8| match four {
        0..10 => char::from(b'0' + four),
        _ => char::from(b'a' + four - 10),
    };
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::hex;

    #[test]
    fn two_lower_case_characters_a_byte() {
        assert_eq!(hex(&[0, 10, 159, 255]), "000a9fff");
        assert_eq!(hex(&[]), "");
    }
}
