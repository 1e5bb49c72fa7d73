//! A code drawn as a picture of lines: sharp at every size, and without scripts or styles.

use qrcode::{Color, EcLevel, QrCode};

/// White modules around a code, without which it is not found.
const QUIET: usize = 4;

/// A QR code as an SVG path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Picture {
    /// Modules of a side, with the white around.
    pub(super) side: usize,
    /// The dark modules.
    pub(super) path: String,
}

/// Draws a text. `None` if it does not fit a QR code, which the making of passports rules out.
pub(super) fn draw(text: &str) -> Option<Picture> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let width = code.width();
    let mut path = String::new();
    for (y, row) in code.to_colors().chunks(width).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|one, other| one == other) {
            if run.first() == Some(&Color::Dark) {
                let (left, top, long) = (x + QUIET, y + QUIET, run.len());
                path.push_str(&format!("M{left} {top}h{long}v1h-{long}z"));
            }
            x += run.len();
        }
    }
    Some(Picture {
        side: width + 2 * QUIET,
        path,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use person::passport::code::MOST_CHARACTERS;

    #[test]
    fn the_longest_code_has_117_modules_and_white_around() {
        // Mixed so that no stretch of it is digits alone.
        let text = "AB:7".repeat(MOST_CHARACTERS / 4 + 1);
        let picture = draw(&text[..MOST_CHARACTERS]).unwrap();
        assert_eq!(picture.side, 117 + 8);
        let longer = draw(&text[..=MOST_CHARACTERS]).unwrap();
        assert_eq!(longer.side, 121 + 8, "the limit is the last that fits");
        // The corner mark: a dark line of seven, at the edge of the white.
        assert!(picture.path.starts_with("M4 4h7v1h-7z"));
    }
}
