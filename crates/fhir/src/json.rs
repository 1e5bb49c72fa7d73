//! JSON to a tree and back.
//!
//! RFC 8259 (2017), read strictly, with three things general readers do not give: every
//! number keeps its digits, repeated names stay visible, and a document can be skimmed so
//! that a broken or cut record does not take the others with it.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::ops::Range;

use kernel::limits;

use crate::tree::{Node, Object};

/// Why a text is not JSON, and at which byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JsonError {
    /// Byte offset in the text.
    pub at: usize,
    /// The kind of fault.
    pub fault: Fault,
}

/// Kinds of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The text ends in the middle.
    Cut,
    /// Something is not as JSON has it.
    Malformed,
    /// Nested deeper than we read.
    TooDeep,
}

/// Each element of FHIR may be an object in a list: two levels of JSON.
const DEPTH: usize = 2 * limits::DEPTH;

/// Parses a whole text.
///
/// # Errors
/// The first fault.
pub fn parse(text: &str) -> Result<Node<'_>, JsonError> {
    let mut reader = Reader::new(text, 0);
    let node = reader.value(0)?;
    reader.space();
    if reader.at < text.len() {
        return Err(reader.fault(Fault::Malformed));
    }
    Ok(node)
}

/// The values of an object or list, unread, and whether it was cut short.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Skim<'a> {
    /// Name (empty in a list) and place of each whole value.
    pub values: Vec<(Cow<'a, str>, Range<usize>)>,
    /// Why not all of it could be gone over, if so.
    pub stop: Option<Stop<'a>>,
    /// Just after the closing bracket.
    pub end: usize,
}

/// Where skimming had to stop.
#[derive(Debug, PartialEq, Eq)]
pub struct Stop<'a> {
    /// Name of the value that could not be gone over, if it was known.
    pub name: Cow<'a, str>,
    /// Where that value's name (or in a list, the value) began.
    pub at: usize,
    /// Why.
    pub error: JsonError,
}

impl Skim<'_> {
    /// The place of a name's value: the first.
    pub fn get(&self, name: &str) -> Option<Range<usize>> {
        self.values
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, at)| at.clone())
    }
}

/// Goes over the object or list that starts at `from`, without reading what is in its values.
/// It gives what it could go over, and where it had to stop.
///
/// # Errors
/// There is no object or list.
pub fn skim(text: &str, from: usize) -> Result<Skim<'_>, JsonError> {
    let mut reader = Reader::new(text, from);
    reader.space();
    let close = match reader.peek() {
        Some(b'{') => b'}',
        Some(b'[') => b']',
        Some(_) => return Err(reader.fault(Fault::Malformed)),
        None => return Err(reader.fault(Fault::Cut)),
    };
    reader.at += 1;
    let mut skim = Skim::default();
    loop {
        reader.space();
        if reader.peek() == Some(close) && skim.values.is_empty() {
            reader.at += 1;
            break;
        }
        let began = reader.at;
        let (name, result) = reader.skim_one(close == b'}');
        let error = match result {
            Ok(range) => {
                skim.values.push((name, range));
                reader.space();
                match reader.peek() {
                    Some(b',') => {
                        reader.at += 1;
                        continue;
                    }
                    Some(byte) if byte == close => {
                        reader.at += 1;
                        break;
                    }
                    _ => {
                        let error = reader.fault(Fault::Malformed);
                        skim.stop = Some(Stop {
                            name: Cow::Borrowed(""),
                            at: reader.at,
                            error,
                        });
                        break;
                    }
                }
            }
            Err(error) => error,
        };
        skim.stop = Some(Stop {
            name,
            at: began,
            error,
        });
        break;
    }
    skim.end = reader.at;
    Ok(skim)
}

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str, at: usize) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            at,
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn fault(&self, fault: Fault) -> JsonError {
        let fault = if self.at >= self.bytes.len() && fault == Fault::Malformed {
            Fault::Cut
        } else {
            fault
        };
        JsonError { at: self.at, fault }
    }

    fn expect(&mut self, byte: u8) -> Result<(), JsonError> {
        if self.peek() != Some(byte) {
            return Err(self.fault(Fault::Malformed));
        }
        self.at += 1;
        Ok(())
    }

    fn value(&mut self, depth: usize) -> Result<Node<'a>, JsonError> {
        if depth > DEPTH {
            return Err(self.fault(Fault::TooDeep));
        }
        self.space();
        match self.peek() {
            Some(b'{') => self.object(depth).map(Node::Object),
            Some(b'[') => self.list(depth).map(Node::List),
            Some(b'"') => self.string().map(Node::Text),
            Some(b'-' | b'0'..=b'9') => self
                .number()
                .map(|digits| Node::Number(Cow::Borrowed(digits))),
            Some(b't') => self.word("true", Node::Bool(true)),
            Some(b'f') => self.word("false", Node::Bool(false)),
            Some(b'n') => self.word("null", Node::Null),
            _ => Err(self.fault(Fault::Malformed)),
        }
    }

    fn word(&mut self, word: &str, node: Node<'a>) -> Result<Node<'a>, JsonError> {
        for byte in word.bytes() {
            self.expect(byte)?;
        }
        Ok(node)
    }

    fn object(&mut self, depth: usize) -> Result<Object<'a>, JsonError> {
        self.at += 1;
        let mut pairs = Vec::with_capacity(8);
        self.space();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Object(pairs));
        }
        loop {
            let name = self.name()?;
            pairs.push((name, self.value(depth + 1)?));
            if self.next_or(b'}')? {
                return Ok(Object(pairs));
            }
        }
    }

    fn list(&mut self, depth: usize) -> Result<Vec<Node<'a>>, JsonError> {
        self.at += 1;
        let mut items = Vec::new();
        self.space();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(items);
        }
        loop {
            items.push(self.value(depth + 1)?);
            if self.next_or(b']')? {
                return Ok(items);
            }
        }
    }

    /// After a value: a comma (false) or the closing bracket (true).
    fn next_or(&mut self, close: u8) -> Result<bool, JsonError> {
        self.space();
        let closed = self.peek() == Some(close);
        if !closed && self.peek() != Some(b',') {
            return Err(self.fault(Fault::Malformed));
        }
        self.at += 1;
        Ok(closed)
    }

    fn name(&mut self) -> Result<Cow<'a, str>, JsonError> {
        self.space();
        if self.peek() != Some(b'"') {
            return Err(self.fault(Fault::Malformed));
        }
        let name = self.string()?;
        self.space();
        self.expect(b':')?;
        Ok(name)
    }

    fn number(&mut self) -> Result<&'a str, JsonError> {
        let from = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        let whole = self.at;
        self.digits()?;
        if self.bytes[whole] == b'0' && self.at > whole + 1 {
            self.at = whole;
            return Err(self.fault(Fault::Malformed));
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(&self.text[from..self.at])
    }

    fn digits(&mut self) -> Result<(), JsonError> {
        let from = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == from {
            Err(self.fault(Fault::Malformed))
        } else {
            Ok(())
        }
    }

    fn string(&mut self) -> Result<Cow<'a, str>, JsonError> {
        self.at += 1;
        let from = self.at;
        self.plain();
        match self.peek() {
            Some(b'"') => {
                self.at += 1;
                Ok(Cow::Borrowed(&self.text[from..self.at - 1]))
            }
            Some(b'\\') => self.escaped(from).map(Cow::Owned),
            _ => Err(self.fault(Fault::Malformed)),
        }
    }

    /// Goes past what needs no attention in a string.
    fn plain(&mut self) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let special = |byte: &u8| *byte == b'"' || *byte == b'\\' || *byte < 0x20;
        self.at += rest.iter().position(special).unwrap_or(rest.len());
    }

    /// The rest of a string that has escapes.
    fn escaped(&mut self, from: usize) -> Result<String, JsonError> {
        let mut out = self.text[from..self.at].to_owned();
        loop {
            let plain = self.at;
            self.plain();
            out.push_str(&self.text[plain..self.at]);
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(out);
                }
                Some(b'\\') => {
                    self.at += 1;
                    out.push(self.escape()?);
                }
                _ => return Err(self.fault(Fault::Malformed)),
            }
        }
    }

    fn escape(&mut self) -> Result<char, JsonError> {
        let plain = match self.peek() {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{C}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.at += 1;
                return self.unicode();
            }
            _ => return Err(self.fault(Fault::Malformed)),
        };
        self.at += 1;
        Ok(plain)
    }

    fn unicode(&mut self) -> Result<char, JsonError> {
        let first = self.hex()?;
        let code = if (0xD800..0xDC00).contains(&first) {
            self.expect(b'\\')?;
            self.expect(b'u')?;
            let second = self.hex()?;
            if !(0xDC00..0xE000).contains(&second) {
                return Err(self.fault(Fault::Malformed));
            }
            0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)
        } else {
            first
        };
        char::from_u32(code).ok_or_else(|| self.fault(Fault::Malformed))
    }

    fn hex(&mut self) -> Result<u32, JsonError> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16));
            code = code * 16 + digit.ok_or_else(|| self.fault(Fault::Malformed))?;
            self.at += 1;
        }
        Ok(code)
    }

    /// Name (in an object) and place of one value, which is skipped.
    fn skim_one(&mut self, named: bool) -> (Cow<'a, str>, Result<Range<usize>, JsonError>) {
        let name = match if named {
            self.name()
        } else {
            Ok(Cow::Borrowed(""))
        } {
            Ok(name) => name,
            Err(error) => return (Cow::Borrowed(""), Err(error)),
        };
        self.space();
        let from = self.at;
        let result = self.skip().map(|()| from..self.at);
        (name, result)
    }

    /// Goes past one value by its brackets and quotes alone.
    fn skip(&mut self) -> Result<(), JsonError> {
        let mut depth = 0_usize;
        loop {
            match self.peek() {
                None => return Err(self.fault(Fault::Cut)),
                Some(b'"') => self.skip_string()?,
                Some(b'{' | b'[') => {
                    depth += 1;
                    self.at += 1;
                    continue;
                }
                Some(b'}' | b']') => {
                    if depth == 0 {
                        return Err(self.fault(Fault::Malformed));
                    }
                    depth -= 1;
                    self.at += 1;
                }
                Some(_) if depth == 0 => {
                    let from = self.at;
                    while matches!(self.peek(), Some(byte) if !b",]} \t\r\n".contains(&byte)) {
                        self.at += 1;
                    }
                    if self.at == from {
                        return Err(self.fault(Fault::Malformed));
                    }
                    // A number or word that ends with the text may go on in what was cut off.
                    if self.at == self.bytes.len() {
                        return Err(self.fault(Fault::Cut));
                    }
                }
                Some(_) => {
                    let rest = &self.bytes[self.at..];
                    let bracket = |byte: &u8| matches!(byte, b'"' | b'{' | b'[' | b'}' | b']');
                    self.at += rest.iter().position(bracket).unwrap_or(rest.len());
                    continue;
                }
            }
            if depth == 0 {
                return Ok(());
            }
        }
    }

    fn skip_string(&mut self) -> Result<(), JsonError> {
        self.at += 1;
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            match rest.iter().position(|byte| *byte == b'"' || *byte == b'\\') {
                Some(found) if rest[found] == b'"' => {
                    self.at += found + 1;
                    return Ok(());
                }
                Some(found) => self.at += found + 2,
                None => {
                    self.at = self.bytes.len();
                    return Err(self.fault(Fault::Cut));
                }
            }
        }
    }
}

/// Writes a tree as JSON, without spaces.
pub fn write(node: &Node<'_>) -> String {
    let mut out = String::new();
    put(node, &mut out);
    out
}

fn put(node: &Node<'_>, out: &mut String) {
    match node {
        Node::Null => out.push_str("null"),
        Node::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Node::Number(digits) => out.push_str(digits),
        Node::Text(text) => put_text(text, out),
        Node::List(items) => {
            out.push('[');
            for (number, item) in items.iter().enumerate() {
                if number > 0 {
                    out.push(',');
                }
                put(item, out);
            }
            out.push(']');
        }
        Node::Object(object) => {
            out.push('{');
            for (number, (name, value)) in object.0.iter().enumerate() {
                if number > 0 {
                    out.push(',');
                }
                put_text(name, out);
                out.push(':');
                put(value, out);
            }
            out.push('}');
        }
    }
}

fn put_text(text: &str, out: &mut String) {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\0'..='\u{1F}' => {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(letter));
            }
            _ => out.push(letter),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn faults_have_their_place() {
        let deep = "[".repeat(10_000);
        let cases = [
            ("", 0, Fault::Cut),
            ("{\"a\":", 5, Fault::Cut),
            ("{\"a\":1,}", 7, Fault::Malformed),
            ("[1 2]", 3, Fault::Malformed),
            ("01", 0, Fault::Malformed),
            ("1.", 2, Fault::Cut),
            ("\"a\nb\"", 2, Fault::Malformed),
            ("\"\\ud800x\"", 7, Fault::Malformed),
            ("\"\\q\"", 2, Fault::Malformed),
            ("nul", 3, Fault::Cut),
            ("{} {}", 3, Fault::Malformed),
            ("\u{0}", 0, Fault::Malformed),
            (&deep, DEPTH + 1, Fault::TooDeep),
        ];
        for (text, at, fault) in cases {
            assert_eq!(
                parse(text),
                Err(JsonError { at, fault }),
                "{}",
                &text[..text.len().min(20)]
            );
        }
    }

    #[test]
    fn numbers_keep_their_digits_and_names_their_repeats() {
        let text = r#"{"a":1.10,"a":-0,"b":1e999999999,"c":"\u00e9\ud83d\ude00\n"}"#;
        let node = parse(text).unwrap();
        let object = node.as_object().unwrap();
        assert_eq!(object.get("a"), Some(&Node::Number("1.10".into())));
        assert_eq!(object.0.len(), 4);
        assert_eq!(object.text("c"), Some("é😀\n"));
        assert_eq!(
            write(&node),
            "{\"a\":1.10,\"a\":-0,\"b\":1e999999999,\"c\":\"é😀\\n\"}"
        );
    }

    #[test]
    fn skimming_keeps_what_is_whole() {
        let text = r#"{"a": [1, {"b": "]"}], "c": 2, "d": {"e""#;
        let outer = skim(text, 0).unwrap();
        assert_eq!(&text[outer.get("a").unwrap()], r#"[1, {"b": "]"}]"#);
        let stop = outer.stop.as_ref().unwrap();
        assert_eq!(
            (&*stop.name, stop.at, stop.error.fault),
            ("d", 31, Fault::Cut)
        );
        let list = skim(text, outer.get("a").unwrap().start).unwrap();
        assert_eq!(list.values.len(), 2);
        assert_eq!(list.stop, None);
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused_as_the_common_reader_does(text in "[\\[\\]{}\":,a0-9.eE+\\-\\\\u tfn]{0,40}") {
            let ours = parse(&text).is_ok();
            let theirs = serde_json::from_str::<serde_json::Value>(&text).is_ok();
            prop_assert_eq!(ours, theirs, "{}", text);
            let _ = skim(&text, 0);
        }

        #[test]
        fn any_text_value_comes_back(text in any::<String>()) {
            let written = write(&Node::Text(text.as_str().into()));
            let node = parse(&written).unwrap();
            prop_assert_eq!(node.as_text(), Some(text.as_str()));
        }
    }
}
