//! How alike two texts are, over bytes: Jaro-Winkler and Damerau-Levenshtein.
//!
//! Sources: M. A. Jaro (1989), W. E. Winkler (1990) for the first; F. J. Damerau (1964), in
//! the restricted form where a pair of letters is swapped at most once, for the second.
//! Written here over bytes and bit masks because millions of pairs are compared a second;
//! tests hold them to the `strsim` crate.

/// Longest text that is compared, in bytes; what is beyond is cut off.
pub const LONGEST: usize = 64;

fn cut(text: &[u8]) -> &[u8] {
    text.get(..LONGEST).unwrap_or(text)
}

/// Jaro-Winkler similarity, from 0 (nothing alike) to 1 (the same).
pub fn jaro_winkler(a: &[u8], b: &[u8]) -> f64 {
    let (a, b) = (cut(a), cut(b));
    let jaro = jaro(a, b);
    let prefix = a
        .iter()
        .zip(b)
        .take(4)
        .take_while(|(one, other)| one == other)
        .count();
    jaro + as_f64(prefix) * 0.1 * (1.0 - jaro)
}

fn as_f64(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

fn jaro(a: &[u8], b: &[u8]) -> f64 {
    if a.is_empty() && b.is_empty() {
        return 1.0;
    }
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    let reach = (a.len().max(b.len()) / 2).saturating_sub(1);
    let (mut taken_a, mut taken_b) = (0_u64, 0_u64);
    let mut matches = 0_u32;
    for (at, letter) in a.iter().enumerate() {
        let first = at.saturating_sub(reach);
        let last = (at + reach + 1).min(b.len());
        for (there, other) in b.iter().enumerate().take(last).skip(first) {
            if taken_b & (1 << there) == 0 && other == letter {
                taken_a |= 1 << at;
                taken_b |= 1 << there;
                matches += 1;
                break;
            }
        }
    }
    if matches == 0 {
        return 0.0;
    }
    let mut moved = 0_u32;
    while taken_a != 0 {
        if a[taken_a.trailing_zeros() as usize] != b[taken_b.trailing_zeros() as usize] {
            moved += 1;
        }
        taken_a &= taken_a - 1;
        taken_b &= taken_b - 1;
    }
    let found = f64::from(matches);
    let swaps = f64::from(moved / 2);
    (found / as_f64(a.len()) + found / as_f64(b.len()) + (found - swaps) / found) / 3.0
}

/// Whether one text becomes the other by at most one insertion, deletion, change, or swap
/// of neighbours.
pub fn one_edit(a: &[u8], b: &[u8]) -> bool {
    let (a, b) = (cut(a), cut(b));
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if long.len() - short.len() > 1 {
        return false;
    }
    let front = short.iter().zip(long).take_while(|(x, y)| x == y).count();
    let back = short[front..]
        .iter()
        .rev()
        .zip(long[front..].iter().rev())
        .take_while(|(x, y)| x == y)
        .count();
    let (short_left, long_left) = (short.len() - front - back, long.len() - front - back);
    match (short_left, long_left) {
        (0, 0 | 1) | (1, 1) => true,
        (2, 2) => short[front] == long[front + 1] && short[front + 1] == long[front],
        _ => false,
    }
}

/// The first bytes of a text in one number, the first of all lowest; noughts after its end.
pub type Packed = u128;

/// Most bytes that are packed.
pub const PACKED: usize = 16;

/// Packs the first bytes of a text.
pub fn pack(text: &[u8]) -> Packed {
    let mut bytes = [0; PACKED];
    for (slot, byte) in bytes.iter_mut().zip(text) {
        *slot = *byte;
    }
    Packed::from_le_bytes(bytes)
}

/// How many bytes two packed texts have in common from their beginning on, at most sixteen.
pub const fn common_start(a: Packed, b: Packed) -> usize {
    ((a ^ b).trailing_zeros() / 8) as usize
}

/// [`one_edit`] of texts that are packed as a whole, each with its length.
pub const fn one_edit_packed(
    (a, a_length): (Packed, usize),
    (b, b_length): (Packed, usize),
) -> bool {
    let differs = a ^ b;
    if differs == 0 {
        return a_length.abs_diff(b_length) < 2;
    }
    if a_length == b_length {
        let first = differs.trailing_zeros() / 8;
        let last = (Packed::BITS - 1 - differs.leading_zeros()) / 8;
        // Two neighbours that are exchanged differ in the same bits.
        let (a, b) = (a >> (8 * first), b >> (8 * first));
        return first == last
            || (first + 1 == last && a & 0xff == b >> 8 & 0xff && a >> 8 & 0xff == b & 0xff);
    }
    let (short, long) = if a_length < b_length { (a, b) } else { (b, a) };
    if a_length.abs_diff(b_length) > 1 {
        return false;
    }
    // What follows the byte too many is the rest of the shorter one. The longer one has that
    // byte, so that they differ somewhere.
    let at = 8 * (differs.trailing_zeros() / 8);
    (short >> at) == (long >> at) >> 8
}

/// The most that [`jaro_winkler`] can be of two texts of these lengths, at most [`LONGEST`]
/// each, with so many letters that only the one or only the other has, and so many bytes in
/// common at the beginning.
pub fn most_alike(
    (a_length, a_only): (usize, u32),
    (b_length, b_only): (usize, u32),
    start: usize,
) -> f64 {
    let left = |length: usize, only: u32| length.saturating_sub(only as usize);
    let found = left(a_length, a_only).min(left(b_length, b_only));
    if found == 0 {
        return 0.0;
    }
    let found = as_f64(found);
    let jaro = (found / as_f64(a_length) + found / as_f64(b_length) + 1.0) / 3.0;
    jaro + as_f64(start.min(4)) * 0.1 * (1.0 - jaro)
}

/// The letters and digits that occur, a bit each (some share one): a quick bound on how alike
/// two texts can be.
pub fn letters(text: &[u8]) -> u32 {
    text.iter().fold(0, |mask, byte| mask | (1 << (byte & 31)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn examples() {
        for (a, b, expected) in [
            ("martha", "marhta", 0.961),
            ("dwayne", "duane", 0.840),
            ("dixon", "dicksonx", 0.813),
            ("", "", 1.0),
            ("a", "", 0.0),
        ] {
            let found = jaro_winkler(a.as_bytes(), b.as_bytes());
            assert!((found - expected).abs() < 0.001, "{a} {b}: {found}");
        }
        for (a, b, one) in [
            ("smith", "smith", true),
            ("smith", "smyth", true),
            ("smith", "smit", true),
            ("smith", "msith", true),
            ("smith", "mstih", false),
            ("ann", "anne", true),
            ("ann", "annes", false),
            ("", "a", true),
            ("aa", "aaa", true),
        ] {
            assert_eq!(one_edit(a.as_bytes(), b.as_bytes()), one, "{a} {b}");
        }
    }

    proptest! {
        #[test]
        fn they_agree_with_the_library(a in "[a-e]{0,9}", b in "[a-e]{0,9}") {
            let ours = jaro_winkler(a.as_bytes(), b.as_bytes());
            let theirs = strsim::jaro_winkler(&a, &b);
            // The library adds the bonus of a common beginning only from 0.7.
            prop_assert!((ours - theirs).abs() < 1e-9 || strsim::jaro(&a, &b) <= 0.7);
            let edits = strsim::osa_distance(&a, &b);
            prop_assert_eq!(one_edit(a.as_bytes(), b.as_bytes()), edits <= 1);
            prop_assert!((ours - jaro_winkler(b.as_bytes(), a.as_bytes())).abs() < 1e-12);
        }

        #[test]
        fn packed_texts_say_the_same(a in "[a-c]{0,16}", b in "[a-c]{0,16}") {
            let whole = |text: &str| (pack(text.as_bytes()), text.len());
            let found = one_edit_packed(whole(&a), whole(&b));
            prop_assert_eq!(found, one_edit(a.as_bytes(), b.as_bytes()));
        }

        #[test]
        fn nothing_is_more_alike_than_the_most(a in "[a-h]{0,20}", b in "[a-h]{0,20}") {
            let (ours, theirs) = (letters(a.as_bytes()), letters(b.as_bytes()));
            let start = common_start(pack(a.as_bytes()), pack(b.as_bytes()));
            let most = most_alike(
                (a.len(), (ours & !theirs).count_ones()),
                (b.len(), (theirs & !ours).count_ones()),
                start,
            );
            let both_empty = a.is_empty() && b.is_empty();
            prop_assert!(both_empty || jaro_winkler(a.as_bytes(), b.as_bytes()) <= most + 1e-12);
        }
    }
}
