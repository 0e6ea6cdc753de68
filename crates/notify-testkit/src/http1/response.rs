//! A response, as it arrived.

use std::io::{self, BufRead};

use super::message::{self, Headers, UnknownLength};

/// A response as it arrived, except that a chunked body is decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawResponse {
    /// The status code.
    pub status: u16,
    /// The header lines.
    pub headers: Headers,
    /// The body.
    pub body: Vec<u8>,
}

impl RawResponse {
    /// A response without header lines.
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self { status, headers: Headers::default(), body: body.into() }
    }

    /// The same response with one more header line.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push(name, value);
        self
    }

    /// The bytes to answer with. `Content-Length` is added; the reason phrase is left empty, as RFC 9112 section 4
    /// allows.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = format!("HTTP/1.1 {} \r\n", self.status).into_bytes();
        let mut headers = self.headers.clone();
        headers.push("Content-Length", self.body.len().to_string());
        headers.write(&mut bytes);
        bytes.extend_from_slice(&self.body);
        bytes
    }

    /// Reads a response, skipping interim (1xx) ones. If `to_head` is set, it answers a `HEAD` and so has no body.
    ///
    /// # Errors
    ///
    /// If reading fails, or what arrives is not an HTTP/1.1 response.
    pub fn read(reader: &mut impl BufRead, to_head: bool) -> io::Result<Self> {
        loop {
            let (line, headers) = message::read_head(reader)?
                .ok_or_else(|| message::malformed("the connection was closed without an answer"))?;
            let status = line
                .strip_prefix("HTTP/1.1 ")
                .and_then(|rest| rest.get(..3))
                .and_then(|digits| digits.parse().ok())
                .ok_or_else(|| message::malformed(format!("not a status line: {line:?}")))?;
            if (100..200).contains(&status) {
                continue;
            }
            let body = if to_head || status == 204 || status == 304 {
                Vec::new()
            } else {
                message::read_body(reader, &headers, &UnknownLength::UntilClosed)?
            };
            return Ok(Self { status, headers, body });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &str, to_head: bool) -> io::Result<RawResponse> {
        RawResponse::read(&mut bytes.as_bytes(), to_head)
    }

    #[test]
    fn a_body_ends_where_its_length_says() {
        let response = read("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}rest", false).unwrap();
        assert_eq!((response.status, response.body.as_slice()), (200, b"{}".as_slice()));
    }

    #[test]
    fn chunks_are_joined() {
        let response = read(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA;x=1\r\n0123456789\r\n0\r\n\r\n",
            false,
        );
        assert_eq!(response.unwrap().body, b"abc0123456789");
    }

    #[test]
    fn a_body_without_a_length_ends_with_the_connection() {
        assert_eq!(read("HTTP/1.1 200 OK\r\n\r\nabc", false).unwrap().body, b"abc");
    }

    #[test]
    fn an_answer_to_head_has_a_length_and_no_body() {
        let mut bytes = b"HTTP/1.1 200 OK\r\nContent-Length: 121\r\n\r\n".as_slice();
        let response = RawResponse::read(&mut bytes, true).unwrap();
        assert_eq!((response.headers.get("content-length"), response.body.len()), (Some("121"), 0));
    }

    #[test]
    fn interim_responses_are_skipped() {
        let response =
            read("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n", false);
        assert_eq!(response.unwrap().status, 201);
    }

    #[test]
    fn what_is_cut_or_malformed_is_an_error_and_not_an_answer() {
        for bytes in [
            "",
            "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab",
            "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n",
            "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
            "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
            "SSH-2.0\r\n\r\n",
        ] {
            assert!(read(bytes, false).is_err(), "{bytes:?} was read as an answer");
        }
    }
}
