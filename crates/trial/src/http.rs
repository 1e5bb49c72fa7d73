//! A small HTTP client over one kept-alive connection, for our own server only.

use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// Longest wait for an answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// A connection, with the cookie of its session.
pub struct Client {
    address: SocketAddr,
    stream: Option<BufReader<TcpStream>>,
    /// `name=value` of the session's cookie; empty without one.
    pub cookie: String,
    /// Token of a program; empty without one.
    pub bearer: String,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    /// Status, such as 200.
    pub status: u16,
    /// Where it sends us, if anywhere.
    pub location: Option<String>,
    /// What it holds.
    pub body: Vec<u8>,
}

impl Answer {
    /// What it holds, as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

impl Client {
    /// A client of the server at an address; connects when first used.
    pub fn new(address: SocketAddr) -> Self {
        Self {
            address,
            stream: None,
            cookie: String::new(),
            bearer: String::new(),
        }
    }

    /// Asks for a page.
    pub fn get(&mut self, path: &str) -> Result<Answer> {
        self.ask(&format!("GET {path} HTTP/1.1\r\n{}\r\n", self.headers()))
    }

    /// Asks for a part of a page, as its script does.
    pub fn part(&mut self, path: &str) -> Result<Answer> {
        let headers = self.headers();
        self.ask(&format!(
            "GET {path} HTTP/1.1\r\n{headers}HX-Request: true\r\n\r\n"
        ))
    }

    /// Sends a form.
    pub fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Result<Answer> {
        let body: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("{}={}", escape(name), escape(value)))
            .collect();
        let body = body.join("&");
        let kind = "Content-Type: application/x-www-form-urlencoded";
        self.ask(&format!(
            "POST {path} HTTP/1.1\r\n{}Origin: http://{}\r\n{kind}\r\nContent-Length: {}\r\n\r\n{body}",
            self.headers(),
            self.address,
            body.len()
        ))
    }

    fn headers(&self) -> String {
        let cookie = if self.cookie.is_empty() {
            String::new()
        } else {
            format!("Cookie: {}\r\n", self.cookie)
        };
        let bearer = if self.bearer.is_empty() {
            String::new()
        } else {
            format!("Authorization: Bearer {}\r\n", self.bearer)
        };
        format!("Host: {}\r\n{cookie}{bearer}", self.address)
    }

    fn ask(&mut self, request: &str) -> Result<Answer> {
        let answer = self.ask_once(request);
        if answer.is_err() {
            self.stream = None;
        }
        answer
    }

    fn ask_once(&mut self, request: &str) -> Result<Answer> {
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => {
                let stream = TcpStream::connect(self.address)?;
                stream.set_nodelay(true)?;
                stream.set_read_timeout(Some(PATIENCE))?;
                BufReader::new(stream)
            }
        };
        stream.get_mut().write_all(request.as_bytes())?;
        let (answer, cookie, stays) = read(&mut stream)?;
        if let Some(cookie) = cookie {
            self.cookie = cookie;
        }
        if stays {
            self.stream = Some(stream);
        }
        Ok(answer)
    }
}

/// Reads one answer; also the cookie it sets and whether the connection stays open.
fn read(stream: &mut impl BufRead) -> Result<(Answer, Option<String>, bool)> {
    let first = line(stream)?;
    let status = first.split(' ').nth(1).and_then(|code| code.parse().ok());
    let mut answer = Answer {
        status: status.with_context(|| format!("not an HTTP answer: {first:?}"))?,
        location: None,
        body: Vec::new(),
    };
    let (mut length, mut chunked, mut cookie, mut stays) = (None, false, None, true);
    loop {
        let header = line(stream)?;
        let Some((name, value)) = header.split_once(':') else {
            break;
        };
        let value = value.trim();
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.parse().ok(),
            "transfer-encoding" => chunked = value.eq_ignore_ascii_case("chunked"),
            "location" => answer.location = Some(value.to_owned()),
            "set-cookie" => cookie = value.split(';').next().map(str::to_owned),
            "connection" => stays = !value.eq_ignore_ascii_case("close"),
            _ => {}
        }
    }
    if chunked {
        loop {
            let size = usize::from_str_radix(line(stream)?.trim(), 16).context("a chunk's size")?;
            let from = answer.body.len();
            answer.body.resize(from + size, 0);
            stream.read_exact(&mut answer.body[from..])?;
            line(stream)?;
            if size == 0 {
                break;
            }
        }
    } else if let Some(length) = length {
        answer.body.resize(length, 0);
        stream.read_exact(&mut answer.body)?;
    }
    Ok((answer, cookie, stays))
}

fn line(stream: &mut impl BufRead) -> Result<String> {
    let mut line = String::new();
    if stream.take(64 << 10).read_line(&mut line)? == 0 {
        bail!("the server closed the connection");
    }
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

fn escape(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => {
                char::from(byte).to_string()
            }
            b' ' => "+".to_owned(),
            other => format!("%{other:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read() {
        let plain = "HTTP/1.1 303 See Other\r\nLocation: /a\r\nSet-Cookie: almoner=x; Path=/\r\nContent-Length: 2\r\n\r\nokrest";
        let (answer, cookie, stays) = read(&mut plain.as_bytes()).unwrap();
        assert_eq!(
            (
                answer.status,
                answer.location.as_deref(),
                answer.text().as_str()
            ),
            (303, Some("/a"), "ok")
        );
        assert_eq!((cookie.as_deref(), stays), (Some("almoner=x"), true));

        let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n";
        let (answer, _, stays) = read(&mut chunked.as_bytes()).unwrap();
        assert_eq!((answer.text().as_str(), stays), ("abcd", false));

        assert!(read(&mut "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ncut".as_bytes()).is_err());
    }

    #[test]
    fn forms_are_escaped() {
        assert_eq!(escape("a b&c=£"), "a+b%26c%3D%C2%A3");
    }
}
