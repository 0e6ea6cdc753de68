//! A request, byte for byte.

use std::io::{self, BufRead};

use super::message::{self, Headers, UnknownLength};

/// A request as it is sent; nothing is added and nothing removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawRequest {
    /// The method, as written.
    pub method: String,
    /// The path and query, as written.
    pub target: String,
    /// The header lines.
    pub headers: Headers,
    /// The bytes after the head.
    pub body: Vec<u8>,
}

impl RawRequest {
    /// The bytes to send.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = format!("{} {} HTTP/1.1\r\n", self.method, self.target).into_bytes();
        self.headers.write(&mut bytes);
        bytes.extend_from_slice(&self.body);
        bytes
    }

    /// Reads the next request; `None` if the peer closed the connection between two requests.
    ///
    /// # Errors
    ///
    /// If reading fails, or what arrives is not an HTTP/1.1 request.
    pub fn read(reader: &mut impl BufRead) -> io::Result<Option<Self>> {
        let Some((line, headers)) = message::read_head(reader)? else {
            return Ok(None);
        };
        let words: Vec<&str> = line.split(' ').collect();
        let [method, target, "HTTP/1.1"] = words[..] else {
            return Err(message::malformed(format!("not a request line: {line:?}")));
        };
        let body = message::read_body(reader, &headers, &UnknownLength::Empty)?;
        Ok(Some(Self { method: method.to_owned(), target: target.to_owned(), headers, body }))
    }
}
