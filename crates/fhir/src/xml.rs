//! Bytes to text, and text to an XML tree, with every hostile trick refused first.
//!
//! Extensible Markup Language (XML) 1.0, fifth edition, appendix F (how the encoding
//! of a document is found). Document type declarations are refused whole, so that no
//! entity is ever expanded and nothing outside the document is ever asked for.

use std::borrow::Cow;

use kernel::{Issue, Severity, limits};

/// Most attributes on one element; more than any message has, few enough that the
/// parser's check for repeated ones stays cheap.
const ATTRIBUTES: usize = 256;

/// Turns the bytes of a text file (XML or JSON) into text.
///
/// UTF-8 with or without a byte order mark, UTF-16 with one (or recognised by its
/// first two characters), and ISO-8859-1 or windows-1252 when an XML declaration
/// says so.
///
/// # Errors
/// An [`Issue`] about the whole file when the bytes are in no encoding we read.
pub fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, Issue> {
    match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf8(rest, 3),
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => Err(encoding(
            "The file is in UTF-32, which is not read. Save it as UTF-8 and send it again.",
        )),
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [b'<' | b'{' | b'[', 0, second, 0, ..] if *second != 0 => utf16(bytes, u16::from_le_bytes),
        [0, b'<' | b'{' | b'[', 0, second, ..] if *second != 0 => utf16(bytes, u16::from_be_bytes),
        _ => match declared(bytes).as_deref() {
            None | Some("utf-8" | "utf8" | "us-ascii" | "ascii") => utf8(bytes, 0),
            // A declaration that can be read byte by byte is not UTF-16, whatever it says.
            Some("utf-16" | "utf-16le" | "utf-16be") => utf8(bytes, 0),
            Some("iso-8859-1" | "latin1" | "latin-1" | "windows-1252" | "cp1252") => Ok(
                Cow::Owned(bytes.iter().map(|byte| windows_1252(*byte)).collect()),
            ),
            Some(_) => Err(encoding(
                "The file declares an encoding that is not read. Save it as UTF-8 and send it again.",
            )),
        },
    }
}

/// Parses XML text into a tree.
///
/// # Errors
/// An [`Issue`] whose path is `line L, column C` when the text is too large or too
/// deeply nested, has a document type declaration, or is not well-formed.
pub fn parse_xml(text: &str) -> Result<roxmltree::Document<'_>, Issue> {
    scan(text)?;
    let options = roxmltree::ParsingOptions {
        allow_dtd: false,
        nodes_limit: limits::XML_NODES,
        ..roxmltree::ParsingOptions::default()
    };
    roxmltree::Document::parse_with_options(text, options).map_err(|error| {
        let pos = error.pos();
        let mut at = (pos.row, pos.col);
        let (code, text) = match error {
            roxmltree::Error::NodesLimitReached
            | roxmltree::Error::AttributesLimitReached
            | roxmltree::Error::NamespacesLimitReached => {
                ("too-large", "The document has more elements than are read. Send it in smaller parts.")
            }
            roxmltree::Error::UnexpectedEndOfStream | roxmltree::Error::UnclosedRootNode => {
                at = line_column(text, text.len());
                ("truncated", "The document is cut short: it ends in the middle. Send it again, whole.")
            }
            _ => ("not-xml", "The document is not well-formed XML here. Send it again from its source, whole and unaltered."),
        };
        Issue::new(Severity::Reject, 0, place(at.0, at.1), code, text)
    })
}

/// Walks the tags without building anything: refuses what must not reach the parser.
fn scan(text: &str) -> Result<(), Issue> {
    if text.len() > limits::ARRIVAL_BYTES {
        return Err(Issue::file(
            "too-large",
            format!(
                "The document is larger than {} MiB. Send it in smaller parts.",
                limits::ARRIVAL_BYTES >> 20
            ),
        ));
    }
    let bytes = text.as_bytes();
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(found) = find(bytes, at, b"<") {
        let rest = &bytes[found..];
        at = if rest.starts_with(b"<!--") {
            after(bytes, found + 4, b"-->")
        } else if rest.starts_with(b"<![CDATA[") {
            after(bytes, found + 9, b"]]>")
        } else if rest.starts_with(b"<?") {
            after(bytes, found + 2, b"?>")
        } else if rest.starts_with(b"<!") {
            return Err(refused(
                text,
                found,
                "dtd-refused",
                "The document has a document type declaration or entity, which is refused. Remove it and send the document again.",
            ));
        } else if rest.starts_with(b"</") {
            depth = depth.saturating_sub(1);
            after(bytes, found + 2, b">")
        } else {
            let tag = tag(bytes, found + 1);
            if tag.attributes > ATTRIBUTES {
                return Err(refused(
                    text,
                    found,
                    "too-large",
                    format!("An element has more than {ATTRIBUTES} attributes."),
                ));
            }
            if !tag.empty {
                depth += 1;
            }
            if depth > limits::DEPTH {
                return Err(refused(
                    text,
                    found,
                    "too-deep",
                    format!(
                        "Elements are nested more than {} deep here, which is refused.",
                        limits::DEPTH
                    ),
                ));
            }
            tag.end
        };
    }
    Ok(())
}

struct Tag {
    end: usize,
    empty: bool,
    attributes: usize,
}

/// Reads one start tag from just after its `<`.
fn tag(bytes: &[u8], from: usize) -> Tag {
    let (mut at, mut attributes) = (from, 0);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' | b'\'' => {
                attributes += 1;
                at = after(bytes, at + 1, std::slice::from_ref(byte));
            }
            b'>' => {
                return Tag {
                    end: at + 1,
                    empty: bytes[at - 1] == b'/',
                    attributes,
                };
            }
            _ => at += 1,
        }
    }
    Tag {
        end: bytes.len(),
        empty: false,
        attributes,
    }
}

fn find(bytes: &[u8], from: usize, wanted: &[u8]) -> Option<usize> {
    let rest = bytes.get(from..)?;
    if let [one] = wanted {
        return rest.iter().position(|byte| byte == one).map(|at| from + at);
    }
    rest.windows(wanted.len())
        .position(|window| window == wanted)
        .map(|at| from + at)
}

fn after(bytes: &[u8], from: usize, wanted: &[u8]) -> usize {
    find(bytes, from, wanted).map_or(bytes.len(), |at| at + wanted.len())
}

fn refused(text: &str, at: usize, code: &'static str, why: impl Into<String>) -> Issue {
    let (line, column) = line_column(text, at);
    Issue::new(Severity::Reject, 0, place(line, column), code, why)
}

fn place(line: u32, column: u32) -> String {
    format!("line {line}, column {column}")
}

/// Line and column, both from 1, of a byte offset in a text. Columns count characters.
#[must_use]
pub fn line_column(text: &str, at: usize) -> (u32, u32) {
    let bytes = text.as_bytes();
    let before = &bytes[..at.min(bytes.len())];
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let start = before
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |at| at + 1);
    // Continuation bytes of UTF-8 do not start a character.
    let column = before[start..]
        .iter()
        .filter(|byte| (**byte & 0xC0) != 0x80)
        .count()
        + 1;
    (
        u32::try_from(line).unwrap_or(u32::MAX),
        u32::try_from(column).unwrap_or(u32::MAX),
    )
}

/// The encoding an XML declaration names, in lower case.
fn declared(bytes: &[u8]) -> Option<String> {
    let head = &bytes[..bytes.len().min(200)];
    let head = head.strip_prefix(b"<?xml")?;
    let head = &head[..find(head, 0, b"?>")?];
    let value = &head[find(head, 0, b"encoding")? + 8..];
    let value = value
        .trim_ascii_start()
        .strip_prefix(b"=")?
        .trim_ascii_start();
    let (quote, value) = value.split_first()?;
    let end = value.iter().position(|byte| byte == quote)?;
    Some(String::from_utf8_lossy(&value[..end]).to_ascii_lowercase())
}

fn utf8(bytes: &[u8], skipped: usize) -> Result<Cow<'_, str>, Issue> {
    std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|error| {
        let whole = std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default();
        let (line, column) = line_column(whole, whole.len());
        let byte = skipped + error.valid_up_to() + 1;
        Issue::new(
            Severity::Reject,
            0,
            place(line, column),
            "wrong-encoding",
            format!("The file is not UTF-8 at byte {byte}, and declares no other encoding. Save it as UTF-8 and send it again."),
        )
    })
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<Cow<'_, str>, Issue> {
    let pairs = bytes.chunks_exact(2);
    if !pairs.remainder().is_empty() {
        return Err(encoding(
            "The file is UTF-16 but ends in the middle of a character. It may be cut short.",
        ));
    }
    char::decode_utf16(pairs.map(|pair| unit([pair[0], pair[1]])))
        .collect::<Result<String, _>>()
        .map(Cow::Owned)
        .map_err(|_| encoding("The file is UTF-16 but holds half of a character. Save it as UTF-8 and send it again."))
}

fn encoding(text: &str) -> Issue {
    Issue::file("wrong-encoding", text)
}

/// One byte of windows-1252, which holds ISO-8859-1 but for control characters nobody
/// means. The five bytes without a character become the replacement character.
fn windows_1252(byte: u8) -> char {
    const HIGH: [char; 32] = [
        '\u{20AC}', '\u{FFFD}', '\u{201A}', '\u{0192}', '\u{201E}', '\u{2026}', '\u{2020}',
        '\u{2021}', '\u{02C6}', '\u{2030}', '\u{0160}', '\u{2039}', '\u{0152}', '\u{FFFD}',
        '\u{017D}', '\u{FFFD}', '\u{FFFD}', '\u{2018}', '\u{2019}', '\u{201C}', '\u{201D}',
        '\u{2022}', '\u{2013}', '\u{2014}', '\u{02DC}', '\u{2122}', '\u{0161}', '\u{203A}',
        '\u{0153}', '\u{FFFD}', '\u{017E}', '\u{0178}',
    ];
    match byte {
        0x80..=0x9F => HIGH[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn every_encoding_we_read_gives_the_same_text() {
        let text = "<a b=\"Zoë\">£5</a>";
        let mut little = vec![0xFF, 0xFE];
        let mut big = vec![0xFE, 0xFF];
        for unit in text.encode_utf16() {
            little.extend(unit.to_le_bytes());
            big.extend(unit.to_be_bytes());
        }
        let marked = ["\u{FEFF}".as_bytes(), text.as_bytes()].concat();
        for bytes in [
            text.as_bytes(),
            &marked,
            &little,
            &big,
            &little[2..],
            &big[2..],
        ] {
            assert_eq!(decode(bytes).unwrap(), text);
        }
        let latin: Vec<u8> = [
            &b"<?xml version='1.0' encoding='ISO-8859-1'?><a b=\"Zo"[..],
            &[0xEB],
            b"\">",
            &[0xA3, 0x80],
            b"</a>",
        ]
        .concat();
        assert!(decode(&latin).unwrap().ends_with("<a b=\"Zoë\">£€</a>"));
    }

    #[test]
    fn bytes_in_no_encoding_are_refused() {
        let cases: [(&[u8], &str); 5] = [
            (b"<a>\xEB</a>", "line 1, column 4"),
            (b"\xFF\xFE\x3C", ""),
            (b"\xFF\xFE\x00\xD8", ""),
            (b"\xFF\xFE\x00\x00", ""),
            (b"<?xml version='1.0' encoding='EBCDIC-CP-GB'?><a/>", ""),
        ];
        for (bytes, path) in cases {
            let issue = decode(bytes).unwrap_err();
            assert_eq!(
                (issue.code, issue.path.as_str()),
                ("wrong-encoding", path),
                "{bytes:?}"
            );
        }
    }

    #[test]
    fn hostile_documents_are_refused_with_their_place() {
        let deep = "<a>".repeat(10_000);
        let just_deep = format!(
            "{}{}",
            "<a>".repeat(limits::DEPTH),
            "</a>".repeat(limits::DEPTH)
        );
        let wide = format!(
            "<a {}/>",
            (0..300)
                .map(|n| format!("b{n}=''"))
                .collect::<Vec<_>>()
                .join(" ")
        );
        let cases = [
            (
                "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>",
                "dtd-refused",
                "line 1, column 1",
            ),
            (&deep, "too-deep", "line 1, column 193"),
            (&wide, "too-large", "line 1, column 1"),
            ("<a>\n<b></a>", "not-xml", "line 2, column 4"),
            ("<a>\u{0}</a>", "not-xml", "line 1, column 4"),
            ("<a>&lol;</a>", "not-xml", "line 1, column 4"),
            ("", "not-xml", "line 1, column 1"),
            ("<a b='", "truncated", "line 1, column 7"),
            ("<a><b/>", "truncated", "line 1, column 8"),
        ];
        for (text, code, path) in cases {
            let issue = parse_xml(text).unwrap_err();
            assert_eq!(
                (issue.code, issue.path.as_str()),
                (code, path),
                "{}",
                &text[..text.len().min(40)]
            );
        }
        assert!(parse_xml(&just_deep).is_ok());
        assert!(parse_xml("<?xml version='1.0'?><!-- <b> --><a c='>'><![CDATA[<<<]]></a>").is_ok());
    }
}
