//! Forms that carry a file: `multipart/form-data`.
//!
//! Source: RFC 7578, with the parts and boundaries of RFC 2046 section 5.1. A browser sends each field of
//! such a form as a part: headers, an empty line, the bytes, then the boundary. What does not read as that is
//! no form of ours, and none of it is taken.

/// One part of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part<'b> {
    /// Name of the field.
    pub(crate) name: String,
    /// Name of the file as the sender has it; `None` for what is no file.
    pub(crate) file: Option<String>,
    /// What was sent.
    pub(crate) bytes: &'b [u8],
}

/// Most parts of one form.
const MOST: usize = 100;
/// Longest boundary that the standard permits.
const BOUNDARY: usize = 70;

/// The boundary that a content type names, if it is of such a form.
pub(crate) fn boundary(content_type: &str) -> Option<&str> {
    let (media, rest) = content_type.split_once(';')?;
    if !media.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let named = rest.split(';').find_map(|parameter| {
        let (key, value) = parameter.split_once('=')?;
        (key.trim().eq_ignore_ascii_case("boundary")).then(|| value.trim().trim_matches('"'))
    })?;
    (1..=BOUNDARY).contains(&named.len()).then_some(named)
}

/// The parts of a form; `None` if it does not read as one.
pub(crate) fn parts<'b>(bytes: &'b [u8], boundary: &str) -> Option<Vec<Part<'b>>> {
    let first = format!("--{boundary}");
    let next = format!("\r\n--{boundary}");
    let mut rest = bytes.get(find(bytes, first.as_bytes())? + first.len()..)?;
    let mut found = Vec::new();
    while !rest.starts_with(b"--") {
        rest = rest.strip_prefix(b"\r\n")?;
        let head = find(rest, b"\r\n\r\n")?;
        let body = rest.get(head + 4..)?;
        let end = find(body, next.as_bytes())?;
        let (name, file) = names(rest.get(..head)?)?;
        if found.len() == MOST {
            return None;
        }
        found.push(Part {
            name,
            file,
            bytes: body.get(..end)?,
        });
        rest = body.get(end + next.len()..)?;
    }
    Some(found)
}

/// Where one text begins in another.
fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    let first = *what.first()?;
    let mut from = 0;
    loop {
        let at = from + bytes.get(from..)?.iter().position(|byte| *byte == first)?;
        if bytes.get(at..)?.starts_with(what) {
            return Some(at);
        }
        from = at + 1;
    }
}

/// Names of a field and of its file, from the headers of a part.
fn names(headers: &[u8]) -> Option<(String, Option<String>)> {
    let text = String::from_utf8_lossy(headers);
    let line = text
        .split("\r\n")
        .find(|line| {
            line.to_ascii_lowercase()
                .starts_with("content-disposition:")
        })?
        .to_owned();
    Some((quoted(&line, "; name=\"")?, quoted(&line, "; filename=\"")))
}

/// What stands in quotation marks after a word. Browsers write those inside a name as `%22`.
fn quoted(line: &str, word: &str) -> Option<String> {
    let (_, after) = line.split_once(word)?;
    let (value, _) = after.split_once('"')?;
    Some(value.replace("%22", "\""))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    fn form(parts: &[(&str, &[u8])]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (head, body) in parts {
            bytes.extend_from_slice(
                format!("--b\r\nContent-Disposition: form-data; {head}\r\n\r\n").as_bytes(),
            );
            bytes.extend_from_slice(body);
            bytes.extend_from_slice(b"\r\n");
        }
        bytes.extend_from_slice(b"--b--\r\n");
        bytes
    }

    #[test]
    fn a_boundary_is_read_from_its_content_type() {
        for (given, found) in [
            ("multipart/form-data; boundary=x", Some("x")),
            (
                "Multipart/Form-Data; charset=utf-8; Boundary=\"a b\"",
                Some("a b"),
            ),
            ("multipart/form-data", None),
            ("multipart/form-data; boundary=", None),
            ("application/x-www-form-urlencoded; boundary=x", None),
        ] {
            assert_eq!(boundary(given), found, "{given}");
        }
    }

    #[test]
    fn fields_and_files_are_told_apart() {
        let bytes = form(&[
            ("name=\"csrf\"", b"word"),
            (
                "name=\"file\"; filename=\"our %22plan%22.toml\"",
                b"a = 1\r\n--c\r\n",
            ),
            ("name=\"none\"; filename=\"\"", b""),
        ]);
        let read = parts(&bytes, "b").unwrap();
        assert_eq!(read[0].name, "csrf");
        assert_eq!(
            (read[0].file.as_deref(), read[0].bytes),
            (None, &b"word"[..])
        );
        assert_eq!(read[1].file.as_deref(), Some("our \"plan\".toml"));
        assert_eq!(read[1].bytes, b"a = 1\r\n--c\r\n");
        assert_eq!(
            (read[2].file.as_deref(), read[2].bytes),
            (Some(""), &b""[..])
        );
    }

    #[test]
    fn what_is_no_form_is_refused_whole() {
        let whole = form(&[("name=\"a\"", b"1")]);
        let cut = &whole[..whole.len() - 8];
        let nameless = b"--b\r\nContent-Type: text/plain\r\n\r\n1\r\n--b--\r\n";
        let many = vec![("name=\"a\"", &b"1"[..]); MOST + 1];
        for (what, bytes) in [
            ("empty", &b""[..]),
            ("cut off", cut),
            ("without a name", &nameless[..]),
            ("another boundary", b"--c\r\n\r\n"),
            ("too many parts", &form(&many)),
        ] {
            assert_eq!(parts(bytes, "b"), None, "{what}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_come_back_as_they_went(body in prop::collection::vec(any::<u8>(), 0..200)) {
            prop_assume!(find(&body, b"\r\n--b").is_none());
            let bytes = form(&[("name=\"f\"; filename=\"f\"", &body)]);
            prop_assert_eq!(parts(&bytes, "b").unwrap()[0].bytes, &body[..]);
        }

        #[test]
        fn no_bytes_make_it_fall_over(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let _ = parts(&bytes, "b");
        }
    }
}
