//! A one-page PDF with plain text, made by hand: the documents of the place.

/// A PDF of one A4 page: a heading and lines of text below it. Characters outside
/// plain ASCII are left out.
pub(crate) fn page(heading: &str, lines: &[String]) -> Vec<u8> {
    let mut text = format!("BT /F1 16 Tf 56 780 Td ({}) Tj ET\n", escaped(heading));
    for (line, down) in lines.iter().zip((0u32..40).map(|line| 745 - 18 * line)) {
        text.push_str(&format!(
            "BT /F1 11 Tf 56 {down} Td ({}) Tj ET\n",
            escaped(line)
        ));
    }
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] \
         /Resources << /Font << /F1 4 0 R >> >> /Contents 5 0 R >>"
            .to_owned(),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
        format!("<< /Length {} >>\nstream\n{text}endstream", text.len()),
    ];
    let mut file = String::from("%PDF-1.4\n");
    let mut starts = Vec::new();
    for (number, object) in (1..).zip(&objects) {
        starts.push(file.len());
        file.push_str(&format!("{number} 0 obj\n{object}\nendobj\n"));
    }
    let table = file.len();
    file.push_str(&format!(
        "xref\n0 {}\n0000000000 65535 f \n",
        objects.len() + 1
    ));
    for start in starts {
        file.push_str(&format!("{start:010} 00000 n \n"));
    }
    file.push_str(&format!(
        "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n",
        objects.len() + 1
    ));
    file.into_bytes()
}

fn escaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for character in text
        .chars()
        .filter(|c| c.is_ascii() && !c.is_ascii_control())
    {
        if matches!(character, '(' | ')' | '\\') {
            plain.push('\\');
        }
        plain.push(character);
    }
    plain
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn offsets_in_the_table_point_at_the_objects() {
        let file = page(
            "A letter (copy)",
            &["One line".to_owned(), "Another: \u{e9}".to_owned()],
        );
        let text = String::from_utf8(file).unwrap();
        assert!(text.starts_with("%PDF-1.4") && text.ends_with("%%EOF\n"));
        assert!(text.contains("(A letter \\(copy\\)) Tj"));
        let at: usize = text
            .split("startxref\n")
            .nth(1)
            .unwrap()
            .lines()
            .next()
            .unwrap()
            .parse()
            .unwrap();
        let table = &text[at..];
        assert!(table.starts_with("xref\n0 6\n"));
        for (number, line) in (1..=5).zip(table.lines().skip(3)) {
            let start: usize = line[..10].parse().unwrap();
            assert!(
                text[start..].starts_with(&format!("{number} 0 obj")),
                "object {number}"
            );
            assert_eq!(line.len() + 1, 20, "each entry of the table takes 20 bytes");
        }
    }
}
